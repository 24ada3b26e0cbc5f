"""The filter of system calls: the compiled one is the policy's, and the kernel obeys it."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Callable
from typing import Any

import pytest

from autograder.cells.seccomp import compile as policy
from autograder.inside import kernel

ALLOWED, REFUSED, UNKNOWN, ENDED = 0x7FFF0000, 0x00050001, 0x00050026, 0x0
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h

try:
    LIBRARY = ctypes.CDLL("libseccomp.so.2")
except OSError:
    pytest.skip("libseccomp is not installed (libseccomp2)", allow_module_level=True)


def answer(architecture: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """Run the committed filter on one system call, as the kernel would (bpf(4))."""
    found = AUDIT[architecture] if audit is None else audit
    given = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=IIQ6Q", number & 0xFFFFFFFF, found, 0, *given)
    program = (policy.FILTERS / f"{architecture}.bpf").read_bytes()
    steps = list(struct.iter_unpack("=HBBI", program))
    jumps: dict[int, Callable[[int, int], bool]] = {
        0x15: lambda a, k: a == k,
        0x25: lambda a, k: a > k,
        0x35: lambda a, k: a >= k,
        0x45: lambda a, k: bool(a & k),
    }
    register, at = 0, 0
    while True:
        code, if_true, if_false, k = steps[at]
        at += 1
        if code == 0x20:
            register = struct.unpack_from("=I", data, k)[0]
        elif code == 0x54:
            register &= k
        elif code == 0x05:
            at += k
        elif code == 0x06:
            return int(k)
        else:
            at += if_true if jumps[code](register, k) else if_false


def number(architecture: str, call: str) -> int:
    """Return the number of a system call there; negative if there is none."""
    token = LIBRARY.seccomp_arch_resolve_name(architecture.encode())
    return int(LIBRARY.seccomp_syscall_resolve_name_arch(token, call.encode()))


def calls(kind: str) -> list[str]:
    """Return the calls that the policy lists as `allow` or `refuse`."""
    return [call for group in policy.policy()[kind].values() for call in group]


both = pytest.mark.parametrize("architecture", policy.ARCHITECTURES)


@both
def test_the_committed_filter_is_the_compiled_policy(architecture: str) -> None:
    """Compiling policy.toml again gives the committed bytes."""
    committed = (policy.FILTERS / f"{architecture}.bpf").read_bytes()
    assert policy.compiled(architecture) == committed


@both
def test_every_listed_call_is_answered_as_listed(architecture: str) -> None:
    """Each call of the policy gets its answer, whatever its arguments."""
    for kind, wanted in (("allow", ALLOWED), ("refuse", REFUSED)):
        numbers = {call: number(architecture, call) for call in calls(kind)}
        given = {
            call: answer(architecture, n, *[2**64 - 1] * 6) for call, n in numbers.items() if n >= 0
        }
        assert {call for call, result in given.items() if result != wanted} == set()


@both
def test_a_call_that_is_not_listed_is_unknown(architecture: str) -> None:
    """New and forgotten calls fail as on a kernel that has not got them."""
    listed = {*calls("allow"), *calls("refuse")}
    conditional = {
        row["call"] for kind in ("allow_if", "refuse_if") for row in policy.policy()[kind]
    }
    known = {number(architecture, call) for call in listed | conditional}
    others = [n for n in (*range(500), 9_999) if n not in known]
    assert {n for n in others if answer(architecture, n) != UNKNOWN} == set()


@both
@pytest.mark.parametrize(
    ("call", "arguments", "wanted"),
    [
        ("clone", (0x3D0F00,), ALLOWED),  # what pthread_create asks for
        ("clone", (0x01200011,), REFUSED),  # what fork asks for
        ("clone", (0x10000000 | 17,), REFUSED),  # a process in a new user namespace
        ("clone", (0x10010000,), UNKNOWN),  # a thread in a new user namespace
        ("clone3", (), UNKNOWN),  # its flags cannot be seen, so that libraries take clone
        ("prlimit64", (0, 7), ALLOWED),
        ("prlimit64", (1, 7), UNKNOWN),
        ("prctl", (15,), ALLOWED),
        ("prctl", (4, 1), UNKNOWN),
        ("ioctl", (0, 0x5401), ALLOWED),
        ("ioctl", (0, 0x5412), UNKNOWN),
        ("ioctl", (0, 0x1_0000_5412), UNKNOWN),  # the kernel looks at 32 bits only
        *(("fcntl", (0, command), ALLOWED) for command in (0, 1, 2, 3, 4, 1030)),
        # record locks, owners and signals of files, leases, notes, larger pipes
        *(("fcntl", (0, n), REFUSED) for n in (6, 7, 8, 10, 15, 37, 38, 1024, 1026, 1031)),
        ("fcntl", (0, 0x1_0000_0008), REFUSED),  # the kernel looks at 32 bits only
        ("fcntl", (0, 9_999), UNKNOWN),
        ("socketpair", (1, 1), ALLOWED),
        ("socketpair", (30, 1), UNKNOWN),
        ("sched_setaffinity", (0,), ALLOWED),
        ("sched_setaffinity", (1,), UNKNOWN),
        ("sendto", (3, 0, 0, 0, 0), ALLOWED),
        ("sendto", (3, 0, 0, 0, 0x7FFF_0000_0000), UNKNOWN),
    ],
)
def test_conditions(architecture: str, call: str, arguments: tuple[int, ...], wanted: int) -> None:
    """What depends on an argument is answered by it."""
    assert answer(architecture, number(architecture, call), *arguments) == wanted


def test_another_architectures_numbers_end_the_process() -> None:
    """32-bit and x32 calls, whose numbers mean other calls, are not answered at all."""
    assert answer("x86_64", 11, audit=0x40000003) == ENDED
    assert answer("x86_64", 0x40000000 | 59) == ENDED


def test_no_call_stands_in_two_lists() -> None:
    """A call is answered, refused, or answered under a condition."""
    wanted = policy.policy()
    listed = calls("allow") + calls("refuse")
    conditional = {row["call"] for row in (*wanted["allow_if"], *wanted["refuse_if"])}
    assert len(listed) == len(set(listed))
    assert not conditional & set(listed)


@pytest.mark.skipif(not kernel.has_filter(), reason="no filter for this architecture")
def test_the_kernel_obeys_it() -> None:
    """In a process with the filter every refused call fails with EPERM, and clone3 with ENOSYS."""
    wanted: dict[str, int] = {**dict.fromkeys(calls("refuse"), 1), "clone3": 38}
    numbers = {call: number(kernel.MACHINE, call) for call in wanted}
    read_end, write_end = os.pipe()
    if (child := os.fork()) == 0:
        _report(numbers, write_end)
    os.close(write_end)
    with open(read_end, encoding="ascii") as pipe:
        got = dict(line.split() for line in pipe)
    os.waitpid(child, 0)
    assert got == {call: str(wanted[call]) for call, n in numbers.items() if n >= 0}


def _report(numbers: dict[str, int], write_end: int) -> Any:
    """Shut the filter and write the error number of each call."""
    try:
        kernel.seccomp()
        library = ctypes.CDLL(None, use_errno=True)
        told = []
        for call, n in numbers.items():
            if n >= 0:
                ctypes.set_errno(0)
                library.syscall(n, -1, -1, -1, -1, -1, -1)
                told.append(f"{call} {ctypes.get_errno()}\n")
        os.write(write_end, "".join(told).encode())
    finally:
        os._exit(0)

"""Compile policy.toml with libseccomp: `python -m autograder.cells.seccomp.compile`.

Done by a developer, not on a teacher's machine: the .bpf files are committed. Source: the man pages
seccomp_init(3), seccomp_rule_add(3), seccomp_export_bpf(3).
"""

from __future__ import annotations

import ctypes
import errno
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.course import read_toml
from autograder.inside import PACKAGE

HERE = Path(__file__).parent
FILTERS = PACKAGE / "inside" / "seccomp"
# the kernel's names, and libseccomp's
ARCHITECTURES = {"x86_64": b"x86_64", "aarch64": b"aarch64"}

_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | errno.EPERM
_UNKNOWN = 0x00050000 | errno.ENOSYS
_MASKED_EQUAL = 7
_ATTRIBUTE_OPTIMIZE, _BINARY_TREE = 8, 2


class _Condition(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("comparison", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def policy() -> dict[str, Any]:
    """Read the policy."""
    return dict(read_toml(HERE / "policy.toml"))


def compiled(architecture: str) -> bytes:
    """Return the filter of an architecture; OSError without libseccomp."""
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(_UNKNOWN))
    token = library.seccomp_arch_resolve_name(ARCHITECTURES[architecture])
    native = library.seccomp_arch_native()
    if token != native:
        _checked(library.seccomp_arch_add(context, token), architecture)
        _checked(library.seccomp_arch_remove(context, native), architecture)
    _checked(library.seccomp_attr_set(context, _ATTRIBUTE_OPTIMIZE, _BINARY_TREE), "optimize")
    for call, action, conditions in _rules(policy()):
        if (number := library.seccomp_syscall_resolve_name(call.encode())) == -1:
            raise ValueError(f"libseccomp knows no system call {call!r}")
        if library.seccomp_syscall_resolve_name_arch(token, call.encode()) < 0:
            continue  # another architecture has it, this one has not
        listed = (_Condition * 1)(*conditions)
        added = library.seccomp_rule_add_exact_array(
            context, action, number, len(conditions), listed
        )
        _checked(added, call)
    with tempfile.TemporaryFile() as file:
        _checked(library.seccomp_export_bpf(context, file.fileno()), "export")
        library.seccomp_release(context)
        file.seek(0)
        return file.read()


def _rules(policy: dict[str, Any]) -> Iterator[tuple[str, int, list[_Condition]]]:
    """Yield (system call, action, conditions) for every rule of the policy."""
    for name, action in (("allow", _ALLOW), ("refuse", _REFUSE)):
        for calls in policy[name].values():
            yield from ((call, action, []) for call in calls)
        for row in policy[f"{name}_if"]:
            yield row["call"], action, [_condition(row)]


def _condition(row: dict[str, Any]) -> _Condition:
    return _Condition(row["argument"], _MASKED_EQUAL, row["mask"], row["value"])


def _checked(result: int, what: str) -> None:
    if result < 0:
        raise OSError(-result, f"libseccomp refuses {what}")


def main() -> None:
    """Write the filter of every architecture."""
    for architecture in ARCHITECTURES:
        target = FILTERS / f"{architecture}.bpf"
        target.write_bytes(compiled(architecture))
        print(f"wrote {target.name}: {target.stat().st_size // 8} instructions")


if __name__ == "__main__":
    main()

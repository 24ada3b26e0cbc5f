"""Levels of isolation and limits: chosen, measured, named when they are hit."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.batch import cluster
from autograder.cells import forking, isolation, room
from autograder.cells.forking import Zygote
from autograder.cells.host import GraderFault, Host, Refused
from autograder.cells.source import CellSource
from autograder.cli import main
from autograder.course import assignment
from autograder.inside import ROOT, kernel, limits, sandbox, wire
from autograder.inside.measure import _read_any
from autograder.teacher.packed import packed

from .samples import MODEL, MSE, RIGHT, TRAIN_STEP, submission, verdicts

KEPT_IN = ("full", "container")


@pytest.fixture(scope="module", params=KEPT_IN)
def kept_in(request: pytest.FixtureRequest) -> Iterator[CellSource]:
    """A zygote of a level that has been measured; skipped where it cannot be had."""
    try:
        measured, zygote = isolation.start(request.param, warm=())
    except isolation.LevelError as error:
        pytest.skip(str(error))
    assert (measured.level, any(measured.measured.values())) == (request.param, False)
    with zygote:
        yield zygote


def test_a_right_submission_passes_at_every_level(kept_in: CellSource) -> None:
    """What keeps a submission in does not keep it from its work."""
    judged = verdicts(kept_in, submission(RIGHT))
    assert [verdict.status for verdict in judged.values()] == ["pass", "pass"]


def test_sixteen_bits_can_be_made_at_every_level(kept_in: CellSource) -> None:
    """The first conversion to half precision looks into /proc, which may be hidden in a cell."""
    halving = MODEL + MSE.replace("    return", "    pred.half()\n    return")
    judged = verdicts(kept_in, submission({"m06_model": halving}), ("mse",))
    assert (judged["mse"].status, judged["mse"].message) == ("pass", "")


OWN = """
import getpass, os, pathlib
home = pathlib.Path.home()
assert getpass.getuser() == "student"
assert home.samefile(".") and home.samefile(os.path.expanduser("~"))
(home / "notes").write_text("")
"""


def test_a_cell_has_a_home_and_a_user_at_every_level(
    kept_in: CellSource, zygote: CellSource
) -> None:
    """Its home is its own folder, and the account's name is nobody's."""
    for cells in (kept_in, zygote):
        judged = verdicts(cells, submission({"m06_model": OWN + MODEL + MSE}), ("mse",))
        assert (judged["mse"].status, judged["mse"].notes) == ("pass", ())


HITS = {
    "memory": ("bytearray(2**33)", "MemoryError .*2 GiB of memory"),
    "tensor": ("torch.ones(2**32)", "allocate memory.*2 GiB of memory"),
    "threads": (
        "[threading.Thread(target=time.sleep, args=(1,)).start() for _ in range(200)]",
        "64 threads",
    ),
    "files": ("[open('/dev/null') for _ in range(2_000)]", "256 open files"),
    "bytes": ("open('x', 'wb').write(bytes(2**26))", "16 MiB in a file"),
    "process": ("os.fork()", "Operation not permitted.*no processes"),
    "loader": (
        "[*torch.utils.data.DataLoader([1, 2], num_workers=2)]",
        r"\(the limit of a submission: no processes: set num_workers=0\)",
    ),
    "lock": ("multiprocessing.Lock()", "no processes: set num_workers=0"),
    "shared": ("torch.ones(1).share_memory_()", "no processes: set num_workers=0"),
    "network": ("socket.socket()", "Operation not permitted.*no network, no processes"),
    "time": ("[None for _ in itertools.count()]", "mse (ran|waited) longer than . s"),
    "sleep": ("time.sleep(60)", "mse waited longer than 3 s"),
}
IMPORTS = "import itertools, multiprocessing, os, socket, threading, time, torch\n"


@pytest.mark.parametrize("hit", HITS)
def test_a_limit_is_named_and_the_rest_goes_on(kept_in: CellSource, hit: str) -> None:
    """The exercise that hits a limit fails with its name; the others of the submission pass."""
    line, told = HITS[hit]
    if hit == "threads" and not counts_threads(kept_in):
        pytest.skip("threads are counted only where the cell has an account of its own")
    hitting = f"{IMPORTS}{MODEL}def mse(pred, target):\n    x = {line}\n    return pred.mean()\n"
    own = MSE + TRAIN_STEP.replace("import model, mse", "import model")
    texts = {"m06_model": hitting, "m08_manual_training": own}
    judged = verdicts(kept_in, submission(texts), limit=1.0)
    assert judged["mse"].status == "fail"
    assert "mse" in judged["mse"].message
    assert_matches(told, judged["mse"].message)
    assert judged["train_step"].status == "pass"


def counts_threads(zygote: CellSource) -> bool:
    """Say whether the number of threads is limited in this zygote's cells."""
    return zygote.level == "full" or os.geteuid() == 0


def assert_matches(pattern: str, text: str) -> None:
    """Assert that a pattern is found in a text."""
    assert re.search(pattern, text), text


def test_disk_is_limited_at_level_full(tmp_path: Path) -> None:
    """Many files that are small enough do not fill the disk either."""
    try:
        _, zygote = isolation.start("full", warm=())
    except isolation.LevelError as error:
        pytest.skip(str(error))
    filling = "def mse(pred, target):\n    for n in range(9):\n"
    filling += "        open(f'{n}', 'wb').write(bytes(2**23))\n"
    many = (
        "def mse(pred, target):\n    for n in range(5_000):\n        open(f'{n}', 'wb').close()\n"
    )
    with zygote:
        for text in (filling, many):
            judged = verdicts(zygote, submission({"m06_model": text}), ("mse",))
            assert "64 MiB in 4096 files" in judged["mse"].message


def test_a_cell_sees_no_file_of_another(kept_in: CellSource) -> None:
    """Each cell starts with an empty folder, and what it writes goes with it."""
    writing = "import os\nassert os.listdir() == []\nopen('left', 'w').write('x')\n" + MODEL + MSE
    for _ in range(2):
        judged = verdicts(kept_in, submission({"m06_model": writing}), ("mse",))
        assert judged["mse"].status == "pass"


def test_temporary_files_work(kept_in: CellSource) -> None:
    """What a cell needs for its own work, it can write."""
    text = "import tempfile, torch\nwith tempfile.TemporaryFile() as f:\n    torch.save([1], f)\n"
    judged = verdicts(kept_in, submission({"m06_model": text + MODEL + MSE}), ("mse",))
    assert judged["mse"].status == "pass"


def test_a_submission_has_so_much_time_in_all(
    zygote: CellSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a submission has used its time, its other exercises fail with that reason."""
    monkeypatch.setattr(limits, "SUBMISSION_S", 0.5)
    looping = {"m06_model": MODEL + "def mse(pred, target):\n    while True: pass\n"}
    judged = verdicts(zygote, submission({**looping, "m08_manual_training": TRAIN_STEP}))
    assert "mse" in judged["mse"].message
    assert "the submission has used its 0.5 s" in judged["train_step"].message


def test_imports_that_use_all_the_time_are_no_fault_of_the_grader(
    zygote: CellSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the first import has used the time, the modules that were never imported say so."""
    monkeypatch.setattr(limits, "SUBMISSION_S", 0.3)
    waiting = "import time\ntime.sleep(1.0)\n" + MODEL + MSE
    texts = {"m06_model": waiting, "m07_gradients": "", "m08_manual_training": TRAIN_STEP}
    for verdict in verdicts(zygote, submission(texts)).values():
        assert "the submission has used its 0.3 s" in verdict.message


def test_waiting_is_no_processor_time(zygote: CellSource) -> None:
    """A pause that is longer than the limit of processor time is not held against anybody."""
    text = MODEL + MSE.replace("    if", "    time.sleep(0.03)\n    if", 1)
    judged = verdicts(
        zygote, submission({"m06_model": "import time\n" + text}), ("mse",), limit=0.4
    )
    assert judged["mse"].status == "pass"


def test_a_level_that_cannot_be_had_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked for by name, a level is never replaced by a weaker one; `auto` says why it was."""
    monkeypatch.setattr(shutil, "which", lambda name, mode=os.F_OK: None)
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "student-01.py").write_text(MODEL + MSE)
    command = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out")]
    command += ["--assignment", "m06_model", "--device", "cpu", "--workers", "1"]
    assert main([*command, "--isolation", "full"]) == 2
    told = capsys.readouterr().err
    assert "level full needs bubblewrap (apt-get install bubblewrap)" in told
    monkeypatch.setattr(kernel, "landlock_version", lambda: 0)
    assert main([*command, "--isolation", "auto"]) == 0
    output = capsys.readouterr()
    assert re.match("grading at level basic: level full needs bubblewrap", output.err)
    printed = " ".join(output.out.split())
    assert re.search(r"kept in: level basic, measured; \d+ holes", printed)
    assert "level full needs bubblewrap" in printed
    assert "level container needs Landlock" in printed
    result = json.loads((tmp_path / "out" / "results" / "student-01.json").read_text())
    assert result["isolation"]["level"] == "basic"


def killed_at_its_start(times: int) -> Callable[..., CellSource]:
    """Return what starts zygotes, of which so many are killed from outside at once."""
    left = [times]

    def start(**options: Any) -> CellSource:
        if not left[0]:
            return Zygote(**options)
        left[0] -= 1
        with pytest.MonkeyPatch.context() as patch:  # what bubblewrap has started outlives it
            patch.setattr(room, "command", lambda *_: ["sh", "-c", "kill -9 $$"])
            zygote = Zygote(**options)
        os.kill(zygote.pid, signal.SIGKILL)
        return zygote

    return start


def test_a_start_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at two of three starts, the strongest level is had all the same."""
    try:
        expected, zygote = isolation.start("auto", warm=())
        zygote.close()
        monkeypatch.setattr(isolation, "cell_source", killed_at_its_start(2))
        found, zygote = isolation.start("auto", warm=())
        zygote.close()
    finally:
        monkeypatch.undo()
    assert (found.level, found.why) == (expected.level, expected.why)


def test_a_failure_never_lowers_the_level(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where every start is killed the class is not graded at a weaker level, but told in a line."""
    monkeypatch.setattr(isolation, "cell_source", killed_at_its_start(3))
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "student-01.py").write_text(MODEL + MSE)
    command = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out")]
    assert main([*command, "--assignment", "m06_model", "--device", "cpu"]) == 2
    printed = capsys.readouterr()
    assert re.match(r"descent: level \w+ did not start, 3 times: .*nothing was graded", printed.err)
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_a_refusal_of_the_system_lowers_the_level_and_is_told_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where bubblewrap may not make namespaces, `auto` takes another level and says why."""
    no = "bwrap: No permissions to create new namespace"
    monkeypatch.setattr(room, "command", lambda *_: ["sh", "-c", f"echo {no} >&2; exit 1"])
    monkeypatch.setattr(isolation, "lacking", lambda level: "")
    found, zygote = isolation.start("auto", warm=())
    zygote.close()
    assert found.level in ("container", "basic")
    assert f"level full cannot be had here: the process that judges does not start: {no}" in (
        found.why
    )


@pytest.mark.parametrize(
    ("said", "refuses"),
    [
        ("bwrap: No permissions to create new namespace", True),
        ("bwrap: setting up uid map: Permission denied", True),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", True),
        ("bwrap: Creating new namespace failed, likely because the kernel does not support", True),
        ("bwrap: Creating new namespace failed: nesting depth: No space left on device", False),
        ("bwrap: execvp /usr/bin/python3: Permission denied", False),
        ("bwrap: Can't find source path /usr/lib: No such file or directory", False),
        ("an error of Python: Permission denied", False),
        ("bwrap: Can't fork for pid 1: Resource temporarily unavailable", False),
        ("bwrap: Can't mkdir: Cannot allocate memory", False),
        ("MemoryError", False),
    ],
)
def test_a_lack_of_room_is_no_refusal(said: str, refuses: bool) -> None:
    """What lacks memory or processes now may have them at the next try."""
    assert sandbox.is_refusal_of_bubblewrap(said) is refuses


class Fake:
    """A source of cells, or a cell, that starts and then answers as it is told."""

    loaded: tuple[str, ...] = ()

    def __init__(self, reply: object) -> None:
        self.reply = reply

    def cell(self) -> Fake:
        """Be the cell, too."""
        return self

    def request(self, message: object, limit: float) -> Any:
        """Answer, or fail."""
        if isinstance(self.reply, BaseException):
            raise self.reply
        return self.reply

    def close(self) -> None:
        """End."""


FAULTS = {
    "no process": OSError(errno.EAGAIN, "Resource temporarily unavailable"),
    "no memory": OSError(errno.ENOMEM, "Cannot allocate memory"),
    "no memory for Python": MemoryError(),
    "no descriptors": OSError(errno.EMFILE, "Too many open files"),
    "no disk": OSError(errno.ENOSPC, "No space left on device"),
    "not executable": PermissionError(errno.EACCES, "Permission denied"),
    "killed": GraderFault("the process that judges has ended"),
    "hangs": TimeoutError(),
    "cell killed": wire.Ended(),
    "garbage": wire.BadFrame("a message is not JSON"),
}
REPLIES = {
    "nothing": {},
    "no measurement": {"measured": None, "cuda": False},
    "an empty one": {"measured": {}, "cuda": False},
    "a part of it": {"measured": {"opens_sockets": False}, "cuda": False},
}


@pytest.mark.parametrize("reply", [*FAULTS.values(), *REPLIES.values()], ids=[*FAULTS, *REPLIES])
@pytest.mark.parametrize("at_start", [True, False])
def test_no_fault_of_a_start_takes_a_weaker_level(
    reply: object, at_start: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails while the strongest level starts, or is measured, is tried three times and
    then ends the run; only what the system has not got makes `auto` go on."""
    if at_start and not isinstance(reply, BaseException):
        pytest.skip("a start answers nothing")
    asked = []

    def start(level: str, **options: object) -> Fake:
        asked.append(level)
        if at_start and isinstance(reply, BaseException):
            raise reply
        return Fake(reply)

    monkeypatch.setattr(isolation, "lacking", lambda level: "")
    monkeypatch.setattr(isolation, "cell_source", start)
    with pytest.raises(isolation.LevelFailed, match=r"level full did not start, 3 times: .+"):
        isolation.start("auto", warm=())
    assert asked == ["full"] * 3


@pytest.mark.parametrize(
    ("hello", "told"),
    [
        ('printf "\\0\\0\\0\\2{}" >&{fd}', "does not start"),
        ('printf "\\0\\0\\0\\2[]" >&{fd}', "does not start"),
        ('printf "\\0\\0\\0\\2{[" >&{fd}', "does not start"),
        ("printf nonsense >&{fd}", "does not start"),
        ("kill -9 $$", "does not start"),
        ("exec sleep 60", "does not start"),
    ],
    ids=["empty", "a list", "no JSON", "too long", "killed", "hangs"],
)
def test_a_process_that_judges_says_what_it_must(
    hello: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zygote that answers nonsense, or nothing, has failed: it is neither ready nor refused."""
    monkeypatch.setattr(forking, "START_LIMIT_S", 0.5 if "sleep" in hello else 120.0)
    real = Host.__init__

    def started(self: Host, program: list[str], *rest: Any, **options: Any) -> None:
        said = hello.replace("{fd}", program[1])
        real(self, program, *rest, **{**options, "inside": ["sh", "-c", said]})

    monkeypatch.setattr(Host, "__init__", started)
    with Zygote(warm=()) as broken, pytest.raises(GraderFault, match=told) as raised:
        broken.cell()
    assert not isinstance(raised.value, Refused)


def test_a_bubblewrap_that_may_not_be_run_is_not_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is there, so that `auto` takes no weaker level; what to do is for the teacher to say."""
    (tmp_path / "bwrap").write_text("not a program")
    monkeypatch.setenv("PATH", str(tmp_path))
    if (missing := isolation.lacking("full")) and "bubblewrap" not in missing:
        pytest.skip(missing)
    with pytest.raises(isolation.LevelFailed, match="level full did not start, 3 times"):
        isolation.start("auto", warm=())


def test_what_cannot_be_imported_is_no_reason_for_a_weaker_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A torch for which there is no memory now fails as one that is not there."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['torch'] = None\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(isolation, "LEVELS", ("container", "basic"))
    if missing := isolation.lacking("container"):
        pytest.skip(missing)
    with pytest.raises(isolation.LevelFailed, match=r"level container does not start: .*torch"):
        isolation.start("auto", warm=())


def test_a_worker_of_a_cluster_takes_no_weaker_level(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its fault is told instead of a level, which ends the run."""
    monkeypatch.setattr(isolation, "lacking", lambda level: "")
    monkeypatch.setattr(isolation, "cell_source", lambda **options: Fake(wire.Ended()))
    _, told = cluster.introduce("auto", 1.0, (), ())
    assert isinstance(told, str)
    assert_matches("level full did not start", told)


def test_otters_door_takes_no_weaker_level(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the level does not start, otter gets no verdict at all, and so no marks."""
    plugin = pytest.importorskip("autograder.teacher.otter_plugin")
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "m06_model.py").write_text(MODEL + MSE)
    monkeypatch.setattr(isolation, "lacking", lambda level: "")
    monkeypatch.setattr(isolation, "cell_source", lambda **options: Fake(wire.Ended()))
    door = plugin.VerdictPlugin.__new__(plugin.VerdictPlugin)
    door.plugin_config = packed(assignment("m06")) | {"secret": "00"}
    door.submission_path = str(tmp_path / "submission" / "m06_model.py")
    with pytest.raises(isolation.LevelFailed, match="level full did not start"):
        door.before_grading({})


OLD = """
from autograder.inside import kernel
kernel.landlock_version = lambda: 1
"""
UNFILTERED = "kernel.seccomp = lambda: None\n"


@pytest.mark.parametrize("filtered", [True, False])
def test_an_older_kernel_holds_by_the_filter(
    filtered: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a Landlock that knows neither truncate nor signals the filter refuses both; without it
    the level is not claimed, for what was measured."""
    if missing := isolation.lacking("container"):
        pytest.skip(missing)
    (tmp_path / "sitecustomize.py").write_text(OLD + "" if filtered else OLD + UNFILTERED)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    if filtered:
        measured, source = isolation.start("container", warm=())
        source.close()
        assert not any(measured.measured.values())
        return
    with pytest.raises(isolation.LevelError, match="does not hold") as raised:
        isolation.start("container", warm=())
    holes = ["owns_signals_of_files", "locks_records"]
    if os.geteuid():  # the cells of root have accounts of their own, which may not write there
        holes.append("empties_files")
    assert [hole for hole in holes if hole not in str(raised.value)] == []


def test_a_level_that_does_not_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the measurement finds a way out, the level is not claimed."""
    found = {**dict.fromkeys(isolation.HOLES, False), "opens_sockets": True}
    monkeypatch.setattr(isolation, "measure", lambda *_: (found, False))
    monkeypatch.setattr(isolation, "lacking", lambda level: "")
    monkeypatch.setattr(isolation, "cell_source", lambda **options: Zygote(warm=()))
    with pytest.raises(isolation.LevelError, match=r"level container does not hold.*opens_sockets"):
        isolation.start("container", warm=())


def test_a_level_without_cuda_is_refused_where_cuda_is_wanted() -> None:
    """Where cells cannot use CUDA no case of CUDA is judged, rather than all of them failed."""
    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    with pytest.raises(isolation.LevelError, match="CUDA does not start in a cell"):
        isolation.start("basic", cuda=True)


def test_a_sandbox_that_does_not_shut_is_the_graders_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When a zygote cannot start, its last words are told."""
    monkeypatch.setattr(room, "command", lambda *_: ["sh", "-c", "echo no room >&2; exit 1"])
    with Zygote(warm=(), level="full") as broken, pytest.raises(GraderFault, match="no room"):
        broken.cell()


@pytest.mark.parametrize("level", ["basic", *KEPT_IN])
def test_every_measurement_has_its_hole(level: sandbox.Level) -> None:
    """Whatever is measured as possible is told in words."""
    try:
        measured, zygote = isolation.start(level, warm=())
    except isolation.LevelError as error:
        pytest.skip(str(error))
    zygote.close()
    assert set(measured.measured) == set(isolation.HOLES)
    told = {isolation.HOLES[name] for name, done in measured.measured.items() if done}
    assert told <= set(measured.holes)


def test_a_reference_beside_a_submission_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a zygote has imported a reference, under its own name, that is measured."""
    clean = Zygote(warm=())
    with clean:
        assert not isolation.measure(clean, cuda=False)[0]["answers_loaded"]
    slipped_in = f"import sys\nsys.path.append({str(ROOT / 'solutions')!r})\nimport m06_model\n"
    (tmp_path / "sitecustomize.py").write_text(slipped_in)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Zygote(warm=()) as spoilt:
        assert isolation.measure(spoilt, cuda=False)[0]["answers_loaded"]


def test_one_answer_that_can_be_read_is_enough(tmp_path: Path) -> None:
    """A hole is not hidden by another file that is out of sight."""
    (tmp_path / "seen").write_text("an answer")
    hidden, seen = str(tmp_path / "hidden"), str(tmp_path / "seen")
    _read_any([hidden, seen, hidden])
    with pytest.raises(PermissionError):
        _read_any([hidden])

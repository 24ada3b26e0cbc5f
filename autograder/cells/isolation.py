"""Choose how submissions are kept in, and measure it before the first one runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from autograder.cells import room
from autograder.cells.host import NO_REPLY, START_LIMIT_S, CannotImport, GraderFault, Refused
from autograder.cells.source import FORKS, CellSource, cell_source
from autograder.inside import KIT, PACKAGE, ROOT, kernel, sandbox, wire
from autograder.inside.errors import UserError
from autograder.inside.limits import TRIES
from autograder.inside.sandbox import LEVELS, Level
from autograder.inside.warm import OPTIMIZERS

_LOADED = "answers_loaded"  # which the coordinator sees itself
CANARIES = 20  # files of each folder that is covered

# What a cell could do when it was tried, and what that means for a mark.
HOLES = {
    _LOADED: "a submission can find answers in its own memory",
    "reads_answers": "a submission can read the solutions and the hidden givens",
    "reads_the_graders_files": "a submission can read the files of the grader's account",
    "reads_submissions": "a submission can read other submissions and the results",
    "opens_sockets": "a submission can use the network",
    "starts_processes": "a submission can start processes that outlive its cell",
    "executes_programs": "a submission can execute other programs",
    "signals_other_processes": "a submission can end other processes of the grader's account",
    "owns_signals_of_files": "a submission can let the kernel end them, as the owner of a file",
    "writes_into_the_kit": "a submission can change the kit's code",
    "writes_beside_the_grader": "a submission can change the files of the grader's account",
    "empties_files": "a submission can empty the files of the grader's account",
    "writes_into_packages": "a submission can change installed packages",
    "locks_records": "a submission can fill the kernel's memory with locks",
}


class LevelError(UserError):
    """A level cannot be had here; the message says what is missing."""


class LevelFailed(LevelError):
    """A level did not start, though nothing is known to be missing; a weaker one is not taken."""


@dataclass(frozen=True)
class Isolation:
    """The level, what was measured (True: a submission can), and what stays possible; `why` says
    why no stronger level was taken."""

    level: str
    measured: Mapping[str, bool]
    holes: tuple[str, ...]
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return what stands in every result."""
        return {
            "level": self.level,
            "measured": dict(self.measured),
            "holes": list(self.holes),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Isolation:
        """Read what to_json wrote."""
        return cls(data["level"], data["measured"], tuple(data["holes"]))


UNKNOWN = Isolation("none", {}, ())


def cuda_is_available() -> bool:
    """Say whether torch can use CUDA; another process imports it where there is a sign of a GPU."""
    if not sandbox.gpu_devices() and shutil.which("nvidia-smi") is None:
        return False
    asking = "import sys, torch; sys.exit(not torch.cuda.is_available())"
    return subprocess.run([sys.executable, "-c", asking], check=False).returncode == 0


def start(
    asked: str = "auto",
    cuda: bool = False,
    warm: Sequence[str] = OPTIMIZERS,
    covered: Sequence[str] = (),
) -> tuple[Isolation, CellSource]:
    """Return the isolation asked for, or with `auto` the strongest there is, and where its
    first cells come from; what is `covered`, folders of submissions and results, they do not see.

    Raises LevelError when the level asked for cannot be had, and when one fails to start: only a
    feature that is missing makes `auto` take a weaker one.
    """
    reasons = []
    for level in LEVELS:
        if asked not in (level, "auto"):
            continue
        try:
            isolation, cells = _started(level, cuda, warm, covered)
        except LevelFailed:
            raise
        except LevelError as error:
            if asked != "auto" or level == "basic":
                raise
            reasons.append(str(error))
        else:
            return replace(isolation, why="; ".join(reasons)), cells
    raise LevelError(f"no level is called {asked!r}")


def _started(
    level: Level, cuda: bool, warm: Sequence[str], covered: Sequence[str]
) -> tuple[Isolation, CellSource]:
    """Start a level; what fails is tried again."""
    if missing := lacking(level):
        raise LevelError(f"level {level} needs {missing}")
    if level != "basic" and (place := room.clash(covered)):
        raise LevelFailed(
            f"Python is read from {place}, so that submissions and results there cannot be hidden: "
            "move them to a folder of their own"
        )
    faults = list[Exception]()
    while len(faults) < TRIES:
        try:
            return _tried(level, cuda, warm, covered)
        except CannotImport as fault:
            raise LevelFailed(f"level {level} does not start: {fault}") from fault
        except (GraderFault, OSError, MemoryError, *NO_REPLY) as fault:
            faults.append(fault)
    raise LevelFailed(
        f"level {level} did not start, {TRIES} times: {_told(faults[-1])}; nothing was graded: "
        "run it again, or choose a weaker level by --isolation"
    )


def _told(fault: Exception) -> str:
    return str(fault) or type(fault).__name__


def _tried(
    level: Level, cuda: bool, warm: Sequence[str], covered: Sequence[str]
) -> tuple[Isolation, CellSource]:
    cells = cell_source(warm=warm, level=level, cuda=cuda, covered=covered)
    try:
        measured, cuda_works = measure(cells, cuda, covered)
        if cuda and not cuda_works:
            raise LevelFailed(f"level {level}: CUDA does not start in a cell (--device cpu does)")
        if level != "basic" and any(measured.values()):
            can = ", ".join(name for name, done in measured.items() if done)
            kind = LevelFailed if measured["reads_submissions"] else LevelError  # it is the place
            raise kind(f"level {level} does not hold here: a cell {can}")
    except Refused as refusal:
        cells.close()
        raise LevelError(f"level {level} cannot be had here: {refusal}") from refusal
    except BaseException:
        cells.close()
        raise
    return Isolation(level, measured, tuple(_holes(level, measured, cuda))), cells


def lacking(level: Level) -> str:
    """Say what a level lacks on this system, before anything is tried."""
    if level == "basic":
        return ""
    if not FORKS or not sys.platform.startswith("linux"):
        return "Linux"
    if not kernel.has_filter():
        return f"a filter of system calls, and there is none for {kernel.MACHINE}"
    if level == "full" and shutil.which("bwrap", os.F_OK) is None:
        return "bubblewrap (apt-get install bubblewrap)"
    if level == "container" and kernel.landlock_version() == 0:
        return "Landlock (Linux 5.13 or newer, with landlock in /sys/kernel/security/lsm)"
    return ""


def measure(
    cells: CellSource, cuda: bool, covered: Sequence[str] = ()
) -> tuple[dict[str, bool], bool]:
    """Let a cell of the grader's own try what a submission must not do; say what it could do, and
    whether it could use CUDA, if that is wanted."""
    cell = cells.cell()
    try:
        with tempfile.TemporaryDirectory() as folder:
            canary = Path(folder) / "canary"
            canary.write_text("written")
            places = {"canary": str(canary), "pid": os.getpid(), "answers": _answers()}
            places["covered"] = _canaries(covered)
            reply = cell.request({"measure": places, "cuda": cuda}, START_LIMIT_S)
    finally:
        cell.close()
    tried = reply.get("measured")
    if not isinstance(tried, dict) or {*tried} != HOLES.keys() - {_LOADED}:
        raise wire.BadFrame("the cell that measures says nothing that is known")
    done = {name: bool(done) for name, done in tried.items()}
    return {_LOADED: _answers_in(cells.loaded or ())} | done, bool(reply.get("cuda"))


def _canaries(covered: Sequence[str]) -> list[str]:
    """Return some files of each folder that is covered, by every path that leads there."""
    python = {*map(os.path.realpath, room.of_python())}  # it may lie in such a folder
    found = []
    for place in map(Path, covered):
        files = islice(_files(place, python), CANARIES)
        inside = [file.relative_to(place) for file in files]
        found += [str(name / file) for name in (place, *room.names(place)) for file in inside]
    return found


def _files(place: Path, without: Container[str]) -> Iterator[Path]:
    for folder, within, files in os.walk(place):
        within[:] = [one for one in within if os.path.realpath(f"{folder}/{one}") not in without]
        yield from (Path(folder, file) for file in files)


def _answers_in(loaded: Iterable[str]) -> bool:
    """Say whether a process has imported anything of the kit that is not to stand beside a
    submission."""
    beside = {PACKAGE / "__init__.py"}
    return any(Path(file) not in beside and not _is_inside(Path(file)) for file in loaded)


def _is_inside(path: Path) -> bool:
    return path.is_relative_to(PACKAGE / "inside")


def _answers() -> list[str]:
    """Return a file of each folder of the kit that no submission may read, and of its history, by
    every path that leads there."""
    tops = {PACKAGE, *(ROOT / name for name in ("solutions", "exercises", "data"))}
    files = [path for top in tops for path in sorted(top.rglob("*.*")) if path.is_file()]
    beside = [Path(place) for place in sandbox.of_kit()]
    kept_out = [path for path in files if not any(map(path.is_relative_to, beside))]
    one_each = {path.parent: path for path in kept_out if path.name != "__init__.py"}
    answers = [path.relative_to(KIT) for path in (*one_each.values(), KIT / ".git" / "HEAD")]
    return [str(kit / path) for kit in room.names(KIT) for path in answers]


def _holes(level: Level, measured: Mapping[str, bool], cuda: bool) -> list[str]:
    holes = [HOLES[name] for name, done in measured.items() if done]
    if cuda:
        holes.append("memory is not limited where CUDA is used")
    if not sys.platform.startswith("linux"):
        holes.append("memory is not limited on this system")
    if level != "full":
        holes.append("a submission can fill the disk with files, until its time is over")
    if level == "basic" or (level == "container" and os.geteuid() != 0):
        holes.append("a submission can start any number of threads")
    return holes

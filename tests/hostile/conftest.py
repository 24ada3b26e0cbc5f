"""The corpus, graded once per level: every attack, with honest submissions among them."""

from __future__ import annotations

import contextlib
import os
import shutil
import site
import socket
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.answers.keys import answer_keys
from autograder.batch.grade import Grader
from autograder.batch.result import Result, to_json
from autograder.cells import isolation
from autograder.cells.observer import LocalObserver
from autograder.course import assignment
from autograder.inside import ROOT
from autograder.inside.submission import Source, Submission
from tests.equal_texts import decoded_all
from tests.samples import MODEL, MSE

from .attack import Level
from .corpus import ATTACKS, wanted_at

M06 = assignment("m06_model")
CPU_S = 1.0  # the limit of the corpus: a loop that never ends costs a second
WORKERS = 4  # many attacks only wait
HONEST = {
    "right": MODEL + MSE,
    "half": MODEL + MSE.replace(".mean()", ".mean() / 2"),
    "stops": MODEL + MSE + "\nundefined\n",
    "noisy": MODEL + MSE + "\nprint('hello')\n",
}


@dataclass(frozen=True)
class Corpus:
    """The results of a level by attack, and of the honest ones: among the attacks and alone."""

    level: Level
    results: dict[str, Result]
    among: list[dict[str, Any]]
    alone: list[dict[str, Any]]
    mark: str
    shared_memory: tuple[str, str]  # before and after
    left_files: list[str]
    folder: Path


def honest() -> list[Submission]:
    """Return twenty honest submissions of four kinds."""
    texts = list(HONEST.items())
    return [_submission(f"honest-{n:02}-{texts[n % 4][0]}", texts[n % 4][1]) for n in range(20)]


def _submission(name: str, text: str) -> Submission:
    return Submission(name, {"m06_model": Source("exercises/m06_model.py", text)})


@pytest.fixture(scope="session", params=["full", "container"])
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Grade the whole corpus at a level; skipped, with the reason, where it cannot be had."""
    level: Level = request.param
    try:
        isolation.start(level, warm=())[1].close()
    except isolation.LevelError as error:
        if os.environ.get("DESCENT_LEVELS_REQUIRED"):
            raise
        pytest.skip(str(error))
    return graded(level, tmp_path_factory.mktemp(level))


@pytest.fixture(scope="session")
def basic_corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Grade at level basic what that level must hold."""
    return graded("basic", tmp_path_factory.mktemp("basic"))


def graded(level: Level, folder: Path) -> Corpus:
    """Grade honest submissions alone, and then the attacks with the honest ones among them."""
    mark = f"mark{uuid.uuid4().hex}"
    own = honest()
    with _marked(mark, folder), near(mark, folder) as covered, places(mark, folder) as filled:
        filled |= {"NEAR": covered[0], "RESULTS": covered[1]}
        held = [a for a in ATTACKS if level != "basic" or a.holds == "basic"]
        attacks = wanted_at(level, held)
        mixed = [_submission(attack.name, attack.filled(filled)) for attack in attacks]
        for index, submission in enumerate(own):
            mixed.insert(index * len(mixed) // len(own), submission)
        before = _shared_memory()
        alone, together = _graded(level, covered, own, mixed)
        after = _shared_memory()
        left = sorted(path.name for path in (folder / "tmp").iterdir())
    results = {result.submission: result for result, _ in together}
    written = {result.submission: content for result, content in together}
    return Corpus(
        level,
        {attack.name: results[attack.name] for attack in attacks},
        [written[submission.name] for submission in own],
        [content for _, content in alone],
        mark,
        (before, after),
        left,
        folder,
    )


def _graded(
    level: Level, covered: list[str], *classes: list[Submission]
) -> list[list[tuple[Result, dict[str, Any]]]]:
    """Grade classes one after the other by one grader; return the result of each submission, and
    how it is written."""
    with (
        contextlib.closing(LocalObserver(level, limit=CPU_S, warm=(), covered=covered)) as observer,
        ThreadPoolExecutor(WORKERS) as pool,
        decoded_all() as texts,
    ):
        keys = answer_keys(M06.exercises, observer, os.urandom(16))
        grade = Grader(M06, keys, observer).grade
        results = [
            [(r, to_json(r, keys, s)) for s, r in zip(wanted, pool.map(grade, wanted), strict=True)]
            for wanted in classes
        ]
    assert texts.unequal == []
    return results


@contextlib.contextmanager
def places(mark: str, folder: Path) -> Iterator[dict[str, str]]:
    """Make what attacks look for: a canary, another submission, sockets where somebody listens."""
    canary, other = folder / "canary", folder / "other" / "m06_model.py"
    canary.write_text("canary\n")
    canary.chmod(0o600)
    other.parent.mkdir()
    other.write_text(MODEL + MSE)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams,
    ):
        datagrams.bind(str(folder / "datagrams"))
        (folder / "datagrams").chmod(0o666)
        yield {
            "ROOT": str(ROOT),
            "CANARY": str(canary),
            "OTHER": str(other),
            "PID": str(os.getpid()),
            "PORT": str(listener.getsockname()[1]),
            "MARK": mark,
        }


@contextlib.contextmanager
def near(mark: str, folder: Path) -> Iterator[list[str]]:
    """Make a folder of submissions and one of results among the installed packages, or where this
    account may write, and another submission in a folder on PYTHONPATH."""
    packages = Path(site.getsitepackages()[0])
    top = (packages if os.access(packages, os.W_OK) else folder) / f"near-{mark}"
    try:
        for path in (top / "class" / "anna", folder / "path" / "bert"):
            path.mkdir(parents=True)
            (path / "m06_model.py").write_text(MODEL + MSE)
        (top / "out").mkdir()
        (top / "out" / "ledger.sqlite").write_text("ledger")
        yield [str(top / "class"), str(top / "out")]
    finally:
        shutil.rmtree(top)


@contextlib.contextmanager
def _marked(mark: str, folder: Path) -> Iterator[None]:
    """Let every process of the grader carry the mark in its environment, and use a folder of this
    run for temporary files, so that what is left can be told from what others left."""
    (folder / "tmp").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"/nonexistent/{mark}:{folder}/path")
        patch.setenv("TMPDIR", str(folder / "tmp"))
        patch.setattr("tempfile.tempdir", str(folder / "tmp"))
        yield


def _shared_memory() -> str:
    """Return the kernel's list of System V shared memory."""
    return Path("/proc/sysvipc/shm").read_text(encoding="ascii")

"""Where nothing can be forked, each cell is a process that has imported torch in advance."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.cells import isolation, source
from autograder.cells.host import GraderFault
from autograder.cells.spares import Spares
from autograder.inside import measure, sandbox, wire
from data.example_class import changed, solutions

from .samples import MODEL, RIGHT, submission, verdicts
from .test_student_door import copy_of
from .test_watch import HALF, KEYS, M06, Terminal

BREAKS_TORCH = "import torch\ntorch.Tensor.mean = torch.Tensor.sum\n"
WINDOWS = {"PYTHONPATH": str(Path(__file__).parent / "like_windows"), "PATH": ""}


@pytest.fixture(scope="module")
def spares() -> Iterator[Spares]:
    """Spares that need not be fast."""
    with Spares(warm=()) as made:
        yield made


def test_nothing_of_a_submission_is_left_for_the_next(spares: Spares) -> None:
    """One changes torch itself; the next, which is right, passes."""
    broken = submission({"m06_model": BREAKS_TORCH + RIGHT["m06_model"]})
    assert verdicts(spares, broken, ("mse",))["mse"].status == "fail"
    assert [v.status for v in verdicts(spares, submission(RIGHT)).values()] == ["pass", "pass"]


def test_a_loop_without_end_is_ended(spares: Spares) -> None:
    """The verdict names the limit, and the next exercise has a process of its own."""
    looping = submission({"m06_model": MODEL + "def mse(pred, target):\n    while True: pass\n"})
    judged = verdicts(spares, looping, ("mse", "model"), limit=0.3)
    assert "ran longer than 0.3 s" in judged["mse"].message
    assert judged["model"].status == "pass"


def test_only_a_spare_is_met(spares: Spares) -> None:
    """Another program that connects first, with a wrong token or nonsense, gets no cell."""
    with Spares(warm=()) as made, contextlib.ExitStack() as stack:
        assert made._next is not None
        port = made._next._listener.getsockname()[1]
        for said in (b'\x00\x00\x00\x04"no"', b"\xff\xff\xff\xff"):
            stranger = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            stranger.sendall(said)
        cell = made.cell()
        assert cell.request({"sources": {}, "brief": [], "lent": {}}, 60.0) == {}
        cell.close()
        with pytest.raises((wire.Ended, OSError)):
            cell.request({"load": "m06_model"}, 60.0)


def test_a_missing_torch_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault names what cannot be imported."""
    (tmp_path / "torch.py").write_text("raise ImportError('No module named torch')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Spares() as broken, pytest.raises(GraderFault, match="No module named torch"):
        broken.cell()


def test_a_spare_that_does_not_start_has_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it wrote to stderr before it could connect is told."""
    (tmp_path / "sitecustomize.py").write_text("import os, sys\nsys.exit('no room')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Spares() as broken, pytest.raises(GraderFault, match=r"does not start: .*no room"):
        broken.cell()


def test_without_fork_only_the_basic_level_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is measured as any level is: the answers are not loaded, all else can be done."""
    for module in (source, isolation):
        monkeypatch.setattr(module, "FORKS", False)
    with pytest.raises(isolation.LevelError, match="level full needs Linux"):
        isolation.start("full", warm=())
    measured, cells = isolation.start("auto", warm=())
    with cells:
        assert isinstance(cells, Spares)
        assert measured.level == "basic"
        assert not measured.measured["answers_loaded"]
        assert measured.measured["starts_processes"]


def test_a_level_is_not_replaced_by_a_weaker_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for a cell of level full without fork gets none."""
    monkeypatch.setattr(source, "FORKS", False)
    with pytest.raises(GraderFault, match="level full needs a system that forks"):
        source.cell_source(level="full")


def test_a_folder_is_removed_without_rm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has no rm for what a cell has written."""
    monkeypatch.setenv("PATH", "")
    (tmp_path / "cell" / "deep").mkdir(parents=True)
    (tmp_path / "cell" / "deep" / "written").write_text("")
    sandbox.remove_folder(str(tmp_path / "cell"))
    assert list(tmp_path.iterdir()) == []


def test_to_start_a_process_is_measured_without_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no fork, a program that can be executed is a process that can be started."""
    monkeypatch.delattr(os, "fork")
    assert measure._succeeds(measure._fork)
    monkeypatch.setattr(os, "execv", _refused)
    assert not measure._succeeds(measure._fork)


def _refused(*_: object) -> None:
    raise PermissionError


def test_watch_without_fork(tmp_path: Path) -> None:
    """A Python without what Windows has not plays wrong, right, hint, next, quit, and says so."""
    watching = Terminal(copy_of(tmp_path, {}), "watch", **WINDOWS)
    try:
        watching.reads("NEXT  make_params", "this system does not fork", KEYS)
        watching.saves(changed(solutions(), HALF)["m06_model.py"])
        watching.reads("FAIL  mse   exercises/m06_model.py:", "WHY   You halved the mean", KEYS)
        watching.types("h")
        watching.reads("HINT  1 of 3:")
        watching.saves(M06)
        watching.reads("PASS  mse   exercises/m06_model.py:", "DONE  5 of 42", KEYS)
        watching.types("n")
        watching.reads("NEXT  dmse_dpred   exercises/m07_gradients.py:", KEYS)
        watching.types("q")
        assert watching.ends() == 0
    finally:
        watching.close()

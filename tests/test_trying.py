"""`descent try`: a case of one exercise in the student's own process."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.cli import main
from autograder.student.start import start
from data.example_class import changed, solutions

from .test_student_door import run_pytest
from .test_watch import Terminal

pytestmark = pytest.mark.usefixtures("shared_cells")
HALF = """
def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError
    difference = pred - target
    {}
    return (difference ** 2).mean() / 2
"""
CROP = "      your loss 595.94, expected 1191.88, on the 5 rows of data/crop_yield.csv"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy as `descent start` writes it, with m06 and m09 done."""
    folder = tmp_path_factory.mktemp("trying") / "copy"
    start(folder, "core")
    for name in ("m06_model.py", "m09_data.py"):
        (folder / "exercises" / name).write_text(solutions()[name], encoding="utf-8")
    return folder


def write(copy: Path, line: str) -> None:
    """Write the mse that halves its mean, with one line more."""
    text = changed(solutions(), {"mse": HALF.format(line)})["m06_model.py"]
    (copy / "exercises" / "m06_model.py").write_text(text, encoding="utf-8")


def test_the_case_is_shown_from_its_inputs_to_the_gap(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Inputs first, then what is printed, what is returned, and what was expected."""
    write(copy, "print('seen', len(pred))")
    monkeypatch.chdir(copy)
    assert main(["try", "mse"]) == 1
    printed = capsys.readouterr().out
    parts = [
        "CASE  the 5 rows of data/crop_yield.csv",
        "CALL  mse(pred, target)",
        "      pred is a tensor of shape [5, 2]:\n      tensor([[76.2000, 92.0000],",
        "      target is a tensor of shape [5, 2]:\n      tensor([[ 56.,  70.],",
        "seen 5",
        "GAVE  tensor(595.9400,",
        "CALL  mse(pred, target)",
        "FAIL  mse   exercises/m06_model.py:",
        CROP,
    ]
    at = [printed.index(part) for part in parts[:-3]]
    assert at == sorted(at)
    assert all(part in printed for part in parts)
    assert max(map(len, printed.splitlines())) <= 80


def test_what_passes_what_is_to_do_and_what_is_no_python(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The methods of a class are shown as well; where nothing can run, the screen's words are."""
    write(copy, "return (")
    monkeypatch.chdir(copy)
    assert [main(["try", name]) for name in ("PairDataset", "dmse_dpred", "mse")] == [0, 1, 1]
    passed, _, rest = capsys.readouterr().out.partition("NEXT  dmse_dpred ")
    for told in ("CALL  PairDataset(x, y)", "CALL  PairDataset.__getitem__(", "PASS  PairDataset "):
        assert told in passed
    assert "more calls are not shown" in passed
    assert "FAIL  mse " in rest
    assert "SyntaxError" in rest
    assert "CALL" not in rest


def test_breakpoint_stops_in_the_students_code(copy: Path) -> None:
    """pdb shows the line and the values; q ends all of it."""
    write(copy, "breakpoint()")
    terminal = Terminal(copy, "try", "mse")
    terminal.reads("CALL  mse(pred, target)", "return (difference ** 2).mean() / 2", "(Pdb) ")
    terminal.types("p pred.shape\n")
    terminal.reads("torch.Size([5, 2])", "(Pdb) ")
    terminal.types("q\n")
    terminal.reads("stopped")
    assert terminal.ends() == 130


def test_pdb_opens_where_an_exception_is_raised(copy: Path) -> None:
    """With --pdb, in the function that raised it."""
    write(copy, "wrong = targt")
    terminal = Terminal(copy, "try", "mse", "--pdb")
    terminal.reads("FAIL  mse ", "AT    exercises/m06_model.py:", "wrong = targt", "(Pdb) ")
    terminal.types("p len(difference)\n")
    terminal.reads("5", "(Pdb) ")
    terminal.types("q\n")
    assert terminal.ends() == 1


def test_pytest_says_where_pdb_works(copy: Path) -> None:
    """breakpoint() and --pdb at the desk are answered by one line each, and nothing waits."""
    write(copy, "print('before'); breakpoint()")
    printed = run_pytest(copy, "exercises/m06_model.py::mse", "--pdb").stdout
    assert "WHY   breakpoint() and pdb work in `descent try NAME`" in printed
    assert "SAID  before\n" in printed
    assert "(Pdb)" not in printed
    assert "PDB   your code does not run here: " in printed
    assert "try mse --pdb\n" in printed
    assert "autograder/" not in printed.replace("-m autograder", "")

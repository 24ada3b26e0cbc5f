"""What the README shows is what the commands print."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.inside import ROOT
from autograder.student.reset import with_stub
from data.example_class import CLASS, changed, solutions

from .conftest import GradedClass
from .test_progress import definition
from .test_student_door import copy_of, run_pytest

README = (ROOT / "README.md").read_text("utf-8")


def shown(marker: str) -> str:
    """Return the block of the README behind a comment, without the line of the command."""
    block = re.search(
        rf"<!-- made by: {re.escape(marker)} -->\n```\n\$ [^\n]*\n(.*?)```", README, re.S
    )
    assert block
    return block[1]


def test_the_students_screen_is_real(tmp_path: Path) -> None:
    """The screen of a student whose mse is halved, with m07 onwards still to do."""
    half = {
        "mse": """
            def mse(pred, target):
                if pred.shape != target.shape:
                    raise ValueError("shapes differ")
                return ((pred - target) ** 2).mean() / 2
        """
    }
    files = changed(solutions(), half)
    done = ("m06_model.py", "m07_gradients.py", "m08_manual_training.py")
    folder = copy_of(tmp_path, {name: files[name] for name in done})
    printed = run_pytest(folder, "exercises/").stdout
    screen = printed[printed.index("\nFAIL") + 1 : printed.rindex("\n=")] + "\n"
    assert shown("tests/test_readme.py, student") == screen.replace(
        "python -m autograder", "descent"
    )


FIRST_TRY = """
    def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
        w = torch.randn(n_in, n_out, generator=generator, device=device, dtype=dtype)
        b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
        return w.requires_grad_(), b.requires_grad_()
"""
STEPS = (("the stubs", None), ("a first try", FIRST_TRY), ("[n_out, n_in] instead", ""))


def first_minutes(folder: Path) -> Iterator[str]:
    """Yield what a student reads in the first minutes: the stubs, a first try, a first pass."""
    path = folder / "exercises" / "m06_model.py"
    stubs = path.read_text("utf-8")
    right = definition(solutions()["m06_model.py"], "make_params")
    for told, text in STEPS:
        if text is not None:
            own = textwrap.dedent(text).strip() or str(right)
            path.write_text(with_stub(stubs, "make_params", own), "utf-8")
        printed = run_pytest(folder, "exercises/m06_model.py").stdout
        screen = printed[printed.index("\n\n", printed.index("exercises/m06")) :]
        yield f"$ pytest exercises/m06_model.py      # {told}"
        yield from screen[: screen.rindex("\n=")].strip().splitlines()
        yield ""


def test_the_first_five_minutes_are_real(tmp_path: Path) -> None:
    """The transcript of the README is what a fresh copy prints."""
    lines = "\n".join(first_minutes(copy_of(tmp_path, {}))).rstrip() + "\n"
    found = README.partition("<!-- made by: tests/test_readme.py, first minutes -->\n```\n")[2]
    assert found.partition("```")[0] == lines.replace("python -m autograder", "descent")


def test_the_demos_table_is_real(graded_class: GradedClass) -> None:
    """The table of the example class; the level is the one that this machine can have."""
    printed = [line.rstrip() for line in graded_class.printed.splitlines()]
    wanted = shown("make demo").splitlines()
    assert printed[:-1] == wanted[:-1]
    assert printed[-1].startswith("kept in: level ")
    assert wanted[-1] == "kept in: level full, measured"


def test_the_number_of_submissions_is_real() -> None:
    """The README says how many submissions the class has."""
    assert f"an example class of {len(CLASS)} submissions" in README


@pytest.mark.parametrize("name", ["throughput", "growth"])
def test_the_measured_tables_are_the_benchmarks(name: str) -> None:
    """The README has the tables that the benchmarks wrote, and their plots are there."""
    folder = ROOT / "tests" / "benchmarks" / "measured"
    table = (folder / f"{name}.md").read_text("utf-8").rstrip()
    plot = (folder / f"{name}.svg").relative_to(ROOT)
    assert f"<!-- {folder.relative_to(ROOT)}/{name}.md -->\n{table}\n<!-- end -->" in README
    assert f"]({plot})" in README and (ROOT / plot).exists()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`descent (\w+)", README))))
def test_every_command_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No command of the README is unknown."""
    from autograder.cli import main

    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out

"""What the texts show is what the commands print, and what they name is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course import PARTS, modules
from autograder.inside import ROOT
from data.example_class import CLASS, changed, solutions

from . import first_minutes
from .at_desk import pytest_here
from .test_architecture import FLOORS
from .test_student_door import copy_of

FOLDERS = ("autograder", "data", "exercises", "solutions", "tests", ".ci")
TEXTS = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for path in (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
        *sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("README.md")),
    )
}
MOST_LINES = 140  # of the README

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
PLACEHOLDER = re.compile(r"mNN|NAME|MODULE")


def shown(marker: str) -> str:
    """Return the block behind a comment in one of the texts, without the line of the command."""
    (block,) = (
        block
        for text in TEXTS.values()
        for block in re.findall(
            rf"<!-- made by: {re.escape(marker)} -->\n```\n\$ [^\n]*\n(.*?)```", text, re.DOTALL
        )
    )
    return str(block)


def inline(text: str) -> Iterator[str]:
    """Yield every word that stands between backticks in a text, outside of blocks."""
    for code in re.findall(r"`([^`\n]+)`", FENCED.sub("", text)):
        yield from code.split()


def paths(text: str) -> list[str]:
    """Return the words between backticks that look like paths of the repository."""
    words = (word for word in inline(text) if "/" in word and not PLACEHOLDER.search(word))
    return [word for word in words if word.partition("/")[0] in FOLDERS]


def test_the_students_screen_is_real(tmp_path: Path, shared_cells: None) -> None:
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
    printed = pytest_here(folder, "exercises/").stdout
    screen = printed[printed.index("\nFAIL") + 1 : printed.rindex("\n=")] + "\n"
    assert shown("tests/test_readme.py, student") == screen.replace(
        "python -m autograder", "descent"
    )


def test_the_first_ten_minutes_are_real() -> None:
    """The transcript is what the commands print; `python -m tests.first_minutes` writes it anew."""
    (told,) = first_minutes.BLOCK.findall(TEXTS["autograder/README.md"])
    assert told == first_minutes.made(), "run: python -m tests.first_minutes"
    assert [word for word in ("FAIL  mse", "PASS  mse") if f"\n{word}" not in told] == []


def test_the_table_of_modules_is_real(capsys: pytest.CaptureFixture[str]) -> None:
    """It is what `descent modules` prints; parts and modules both add up to the course."""
    assert main(["modules"]) == 0
    printed = capsys.readouterr().out
    assert shown("descent modules") == printed, "copy what `descent modules` prints"
    rows = re.findall(r"^(\w+) +(\d+) +([\d.]+) +([\d.]+)  ", printed, re.MULTILINE)
    sums = {name: [float(cell) for cell in cells] for name, *cells in rows}
    whole = sums.pop("course")
    for names in (modules(), PARTS):
        assert [sum(column) for column in zip(*map(sums.pop, names), strict=True)] == whole
    assert not sums


def test_the_number_of_submissions_is_real() -> None:
    """The README says how many submissions the class has."""
    assert f"an example class of {len(CLASS)} submissions" in TEXTS["README.md"]


@pytest.mark.parametrize("name", ["throughput", "processor", "growth", "fewer_cases"])
def test_the_measured_tables_are_the_benchmarks(name: str) -> None:
    """The text on benchmarks has the tables that they wrote, and the plots that they drew."""
    folder = ROOT / "tests" / "benchmarks"
    text = TEXTS["tests/benchmarks/README.md"]
    table = (folder / "measured" / f"{name}.md").read_text("utf-8").rstrip()
    marker = f"<!-- tests/benchmarks/measured/{name}.md -->"
    assert f"{marker}\n{table}\n<!-- end -->" in text
    plot = f"measured/{name}.svg"
    assert (folder / plot).exists() is (f"]({plot})" in text)


COMMAND = re.compile(r"(?:`|^(?:\$ )?)descent (\w+)", re.MULTILINE)


@pytest.mark.parametrize("command", sorted(set(COMMAND.findall("\n".join(TEXTS.values())))))
def test_every_command_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No command of the texts is unknown."""
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out


def test_every_target_of_make_exists() -> None:
    """What the texts ask make for stands in the Makefile."""
    named = set(re.findall(r"`make ([\w-]+)`", "\n".join(TEXTS.values())))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "test" in named
    assert named <= set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_exists(name: str) -> None:
    """What looks like a path of the repository is one, and so is the target of every link."""
    text = TEXTS[name]
    assert [path for path in paths(text) if not any(ROOT.glob(path.rstrip("/")))] == []
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", text)
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


def test_paths_are_found_in_the_texts() -> None:
    """The check of paths looks at something, and leaves blocks and placeholders out."""
    assert len(paths(TEXTS["CONTRIBUTING.md"])) > 20
    text = "`tests/no.py` `pytest data/` `course/mNN_topic/`\n```\n`tests/block.py`\n```\n"
    assert paths(text) == ["tests/no.py", "data/"]


def test_the_readme_is_short() -> None:
    """The README can be read in a few minutes; what is longer stands beside what it describes."""
    assert len(TEXTS["README.md"].splitlines()) <= MOST_LINES


def test_the_floors_are_those_of_the_architecture() -> None:
    """The table of floors in CONTRIBUTING.md is the rule that the imports are held to."""
    table = TEXTS["CONTRIBUTING.md"].partition("<!-- floors -->\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", table, re.MULTILINE)
    told = {int(floor): set(re.findall(r"`(\w+)`", folders)) for floor, folders in rows}
    assert told == dict(enumerate(FLOORS, start=1))

"""What a student reads in the first ten minutes: `python -m tests.first_minutes` writes it anew.

The commands are run in a new folder; the transcript stands in `autograder/README.md`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.inside import ROOT
from autograder.student.reset import with_stub
from tests.samples import ACTIVATED

TEXT = ROOT / "autograder" / "README.md"
BLOCK = re.compile(
    r"(?<=<!-- made by: python -m tests.first_minutes -->\n```\n).*?(?=^```$)",
    re.DOTALL | re.MULTILINE,
)
MODULE = "exercises/m06_model.py"

DRAFT = """\
def mse(pred: Tensor, target: Tensor) -> Tensor:
    return ((pred - target) ** 2).sum() / len(pred)"""
CHECKED = """\
def mse(pred: Tensor, target: Tensor) -> Tensor:
    if pred.shape != target.shape:
        raise ValueError(f"shapes {pred.shape} and {target.shape}")
    return ((pred - target) ** 2).sum() / len(pred)"""
RIGHT = CHECKED.replace("sum() / len(pred)", "mean()")


def transcript(top: Path) -> Iterator[str]:
    """Yield the lines of the first ten minutes, run in a new folder below `top`: the start, a first
    draft with two faults, a hint, and one fault after the other mended."""
    copy = top / "graded-descent"
    yield from _ran(top, "descent start --assignment path")
    yield from _ran(copy, "pytest exercises/")
    for told, code in (
        ("a first draft", DRAFT),
        ("after the hint", CHECKED),
        ("the mean of all elements", RIGHT),
    ):
        path = copy / MODULE
        path.write_text(with_stub(path.read_text("utf-8"), "mse", code), "utf-8")
        yield from [f"# {MODULE}, {told}:", *(f"    {line}" for line in code.split("\n")), ""]
        yield from _ran(copy, f"pytest {MODULE}::mse")
        if code == DRAFT:
            yield from _ran(copy, "descent hint mse")


def _ran(folder: Path, command: str) -> Iterator[str]:
    """Run a command as a student types it; yield it and what it prints. Of pytest's own lines, with
    versions and times, none is shown."""
    name, *arguments = command.split()
    module = {"descent": "autograder"}.get(name, name)
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env=ACTIVATED,
        capture_output=True,
        text=True,
        check=False,
    )
    printed = done.stdout
    if name == "pytest":
        printed = re.sub(r"\A.*?^exercises/[^\n]*\n\n", "", printed, flags=re.DOTALL | re.MULTILINE)
        printed = printed[: printed.rindex("\n=")]
        printed = printed.split("%]\n\n")[-1]
    yield f"$ {command}"
    yield from printed.strip().replace("python -m autograder", "descent").split("\n")
    yield ""


def made() -> str:
    """Return the transcript as it stands in a block."""
    with tempfile.TemporaryDirectory() as top:
        return "\n".join(transcript(Path(top))).rstrip() + "\n"


def main() -> None:
    """Write the transcript into its text."""
    text = TEXT.read_text("utf-8")
    block = made()
    TEXT.write_text(BLOCK.sub(lambda _: block, text), "utf-8")


if __name__ == "__main__":
    main()

"""Carried: what an autograder takes with it to a machine where this kit is not installed."""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Iterator
from pathlib import Path

from autograder.course import Assignment
from autograder.inside import PACKAGE, ROOT
from autograder.teacher.alone import config

CONFIG = "assignment/config.json"  # with the secret of the hidden givens
# The index that has torch without CUDA: 0.2 GB in place of 4 GB.
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
_KINDS = (".py", ".toml", ".csv", ".md", ".json", ".bpf", ".html", ".css", ".js")
_BESIDE = ("exercises", "solutions", "data")  # the package, or in it where it is installed
# What the kit needs there, of all that its metadata asks for; pytest is for the student's desk.
_NEEDED = ("numpy", "rich", "jupytext", "filelock", "jinja2")


def carried(assignment: Assignment, secret: bytes | None = None) -> dict[str, bytes]:
    """Return files by name: the kit in `kit/`, requirements.txt, and CONFIG, the assignment."""
    return {
        "requirements.txt": _requirements().encode(),
        CONFIG: json.dumps(config(assignment, secret), indent=1).encode(),
        **{f"kit/{name}": path.read_bytes() for name, path in _kit()},
    }


def _requirements() -> str:
    """Return what pip is to install: torch in the version of this machine, by which the teacher has
    tried the assignment, and the rest as the kit asks for it."""
    torch = importlib.metadata.version("torch").partition("+")[0]
    lines = [f"torch=={torch}"]
    for line in importlib.metadata.requires("graded-descent") or ():
        wanted = re.match(r"[\w-]+", line)
        if wanted and wanted[0].lower() in _NEEDED:
            lines.append(line.partition(";")[0].strip())
    return "\n".join(dict.fromkeys(lines)) + "\n"


def _kit() -> Iterator[tuple[str, Path]]:
    """Yield the files of the kit, by their names below it."""
    top = PACKAGE.parent
    for folder in dict.fromkeys([PACKAGE, *(ROOT / part for part in _BESIDE)]):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _KINDS and "__pycache__" not in path.parts and path.is_file():
                yield path.relative_to(top).as_posix(), path

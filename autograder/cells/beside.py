"""Beside: the student's own files that the exercises import."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from autograder.disk.archive import shown
from autograder.inside.submission import Source

PACKAGE = "__init__.py"  # makes a folder a package
# Names of what Python, pytest or torch would load by itself.
NEVER_READ = ("conftest", "sitecustomize", "usercustomize", "torch", "numpy", "autograder")
# A helper of such a name would take the place of what the exercises import.
_TAKEN = {*sys.stdlib_module_names, "exercises", "solutions", "submission", "probes"}
MAX_HELPERS = 50
MAX_HELPER_CHARACTERS = 2**20  # of all of them

# Blanks of one line alone: where they may be lines, each of a million blank ones is a start.
# A list in brackets, and a line that ends in a backslash, go on in the lines below.
_IMPORTS = re.compile(
    r"^[ \t\f]*(?:from|import)\b(?:[^\n(\\]|\\\r?\n)*(?:\((?:[^()#]|#.*)*\))?.*", re.MULTILINE
)


def add_helpers(
    candidates: Sequence[tuple[str, Source]], sources: dict[str, Source], modules: Collection[str]
) -> tuple[set[str], list[str]]:
    """Add to the sources, by the names they are imported by, the files that these import and that
    those import in turn; return their paths, and a line where they are too many.

    Candidates are files with their paths, from which come the names.

    A package is a source called `package/__init__.py`, empty where it has none, or else its module
    of the same name; its modules are known by their own names, too.
    """
    taken: set[str] = set()
    left = MAX_HELPER_CHARACTERS
    todo = [source.text for source in sources.values()]
    while todo:
        imports = " ".join(_IMPORTS.findall(todo.pop()))
        for path, source in candidates:
            name = _imported_as(path)
            if not name or name in {*sources, *modules} or not re.search(rf"\b{name}\b", imports):
                continue
            left -= len(source.text)
            if left < 0 or len(taken) == MAX_HELPERS:
                most = f"at most {MAX_HELPERS} files and 1 MiB of it are read"
                return taken, [f"{shown(path)} is too much code beside the exercises: {most}"]
            sources[name] = source
            package = _imported_as(f"{_folder(path)}/{PACKAGE}")
            if name == package:
                sources[name] = replace(source, file=f"{name}/{PACKAGE}")
            elif package and package not in modules and re.search(rf"\b{package}\b", imports):
                sources.setdefault(package, Source(f"{package}/{PACKAGE}", ""))
            taken.add(path)
            todo.append(source.text)
    return taken, []


def _imported_as(path: str) -> str | None:
    """Return the name by which a file beside the exercises can be imported, if it may be; what
    makes a folder a package, by the folder's."""
    file = PurePosixPath(path.replace("\\", "/"))
    name = _folder(path) if file.name == PACKAGE else file.stem
    free = name.isidentifier() and name.casefold() not in (*NEVER_READ, *_TAKEN)
    return name if free and file.suffix == ".py" else None


def _folder(path: str) -> str:
    """Return the name of the folder in which a file lies; empty where there is none."""
    return PurePosixPath(path.replace("\\", "/")).parent.name

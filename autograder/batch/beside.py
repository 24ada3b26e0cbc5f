"""Beside: the student's own files that the exercises import."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from autograder.batch.attempted import Candidate
from autograder.batch.files import PACKAGE, folder, helper
from autograder.inside.archive import shown
from autograder.inside.submission import Source

MAX_HELPERS = 50
MAX_HELPER_CHARACTERS = 2**20  # of all of them

# Blanks of one line alone: where they may be lines, each of a million blank ones is a start.
# A list in brackets, and a line that ends in a backslash, go on in the lines below.
_IMPORTS = re.compile(
    r"^[ \t\f]*(?:from|import)\b(?:[^\n(\\]|\\\r?\n)*(?:\((?:[^()#]|#.*)*\))?.*", re.MULTILINE
)


def add_helpers(
    candidates: Sequence[Candidate], sources: dict[str, Source], modules: Collection[str]
) -> tuple[set[str], list[str]]:
    """Add to the sources, by the names they are imported by, the files that these import and that
    those import in turn; return their paths, and a line where they are too many.

    A package is a source called `package/__init__.py`, empty where it has none, or else its module
    of the same name; its modules are known by their own names, too.
    """
    taken: set[str] = set()
    left = MAX_HELPER_CHARACTERS
    todo = [source.text for source in sources.values()]
    while todo:
        imports = " ".join(_IMPORTS.findall(todo.pop()))
        for one in candidates:
            name = helper(one.path)
            if not name or name in {*sources, *modules} or not re.search(rf"\b{name}\b", imports):
                continue
            left -= len(one.source.text)
            if left < 0 or len(taken) == MAX_HELPERS:
                return taken, [f"{shown(one.path)} is too much code beside the exercises"]
            sources[name] = one.source
            package = helper(f"{folder(one.path)}/{PACKAGE}")
            if name == package:
                sources[name] = replace(one.source, file=f"{name}/{PACKAGE}")
            elif package and package not in modules and re.search(rf"\b{package}\b", imports):
                sources.setdefault(package, Source(f"{package}/{PACKAGE}", ""))
            taken.add(one.path)
            todo.append(one.source.text)
    return taken, []

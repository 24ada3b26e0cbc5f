"""Known definitions: what a notebook read from a file, or wrote into it, last.

A hash of each is kept in `.progress/notebook.json`: a definition that has another one now was
changed outside of the notebook. Without that file every definition but a stub counts as changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from autograder.disk.files import read_json, write_file
from autograder.student.progress import progress_file
from autograder.student.reset import told_of


def same(one: str, other: str) -> bool:
    """Say whether two texts are the same but for blanks at the ends of lines."""
    return _bare(one) == _bare(other)


def is_known(folder: Path, module: str, name: str, text: str) -> bool:
    """Say whether a definition in a file is as a notebook read or wrote it last."""
    return _load(folder).get(f"{module}.{name}") == _hash(text)


def remember(folder: Path, module: str, definitions: Mapping[str, str]) -> None:
    """Keep what the definitions of a file are now; UserError where that cannot be written."""
    new = {f"{module}.{name}": _hash(text) for name, text in definitions.items()}
    before = _load(folder)
    path = _file(folder)
    if before | new != before:
        with told_of(path, "written"):
            content = json.dumps(before | new, indent=1)
            write_file(path, f"{content}\n".encode(), folder.parent)


def _file(folder: Path) -> Path:
    return progress_file(folder).with_name("notebook.json")


def _load(folder: Path) -> dict[str, str]:
    """Return the hashes; none where they cannot be read, so that nothing is replaced unasked."""
    try:
        content = read_json(_file(folder), folder.parent)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _bare(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _hash(text: str) -> str:
    return hashlib.sha256("\n".join(_bare(text)).encode("utf-8", "replace")).hexdigest()

"""Download: a class as it came from a course system, be it a folder or one zip."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.batch.systems import recognised
from autograder.disk.archive import (
    MAX_TOTAL_BYTES,
    SYSTEM_FOLDER,
    Bounded,
    Unreadable,
    opened,
    readers,
    shown,
)
from autograder.inside.errors import UserError

MAX_CLASS_BYTES = 8 * 2**30  # of all that a class has handed in
_UNPACK = "unpack it into a folder yourself, and give the folder"


@contextmanager
def class_folder(path: Path, system: str = "") -> Iterator[Path]:
    """Give the folder of a class; a zip is checked as a whole, unpacked aside and removed again.

    A folder that holds nothing but the folder of a download stands for it. Raises UserError.
    """
    if path.is_dir():
        yield _inner(path, system)
        return
    if path.suffix.lower() != ".zip" or not path.is_file():
        raise UserError(f"{path} is not a folder of submissions, nor a .zip of them")
    with tempfile.TemporaryDirectory(prefix="descent-") as aside:
        folder = Path(aside) / (path.stem.strip(". ") or "class")
        folder.mkdir()
        _unpack(path, folder)
        yield _inner(folder, system)


def _unpack(path: Path, folder: Path) -> None:
    """Write the files of a zip into an empty folder."""
    try:
        with Bounded(opened(path)) as file:
            for name, reader in readers(file, path.name, MAX_CLASS_BYTES).items():
                if name.partition("/")[0] == SYSTEM_FOLDER:
                    continue
                content = reader(MAX_TOTAL_BYTES + 1)
                if len(content) > MAX_TOTAL_BYTES:
                    raise Unreadable(f"{shown(name)} is over {MAX_TOTAL_BYTES // 2**20} MiB")
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
    except Unreadable as error:
        raise UserError(f"{path}: {error}; {_UNPACK}") from error


def _inner(folder: Path, system: str) -> Path:
    """Return the only folder in a folder where it is the download, or bears its name."""
    inner = list(folder.iterdir())
    if len(inner) != 1 or not inner[0].is_dir() or inner[0].is_symlink():
        return folder
    if recognised(folder) or system == "plain":
        return folder
    return inner[0] if inner[0].name == folder.name or recognised(inner[0]) else folder

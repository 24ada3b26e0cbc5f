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

    A folder that holds nothing but the folder of a download stands for it, and so does a zip with
    nothing but a folder. Raises UserError.
    """
    if path.is_dir():
        inner = _only_folder(path)
        download = system != "plain" and inner != path and not recognised(path)
        yield inner if download and recognised(inner) else path
        return
    if path.suffix.lower() != ".zip" or not path.is_file():
        raise UserError(f"{path} is not a folder of submissions, nor a .zip of them")
    with tempfile.TemporaryDirectory(prefix="descent-") as aside:
        folder = Path(aside) / (path.stem.strip(". ") or "class")
        folder.mkdir()
        _unpack(path, folder)
        yield _only_folder(folder)


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


def _only_folder(folder: Path) -> Path:
    """Return the folder in a folder that holds nothing else, or the folder itself."""
    inner = list(folder.iterdir())
    alone = len(inner) == 1 and inner[0].is_dir() and not inner[0].is_symlink()
    return inner[0] if alone else folder

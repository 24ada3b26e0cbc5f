"""Intake: read submissions as students hand them in. Nothing of them is executed here."""

from __future__ import annotations

import unicodedata
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.submission import WHOLE, Source, Submission, decode_text

MAX_FILE_BYTES = 2 * 2**20
MAX_ENTRIES = 20_000
SUFFIXES = (".py", ".ipynb")


class Unreadable(Exception):
    """A submission cannot be read; the message names the file and the reason."""


def submissions(folder: Path, modules: Collection[str]) -> Iterator[Submission]:
    """Yield every entry of a folder as a submission, in the order of their names.

    An entry is a folder of module files, a zip of one, or one .py or .ipynb file; other files and
    hidden ones are passed over. Only files named after a module are read.
    """
    entries = [path for path in sorted(folder.iterdir()) if _is_submission(path)]
    names = Counter(_name(path) for path in entries)
    for path in entries:
        submission = read(path, modules)
        # `a.py` beside `a.zip`: both are kept, under their full names.
        yield replace(submission, name=path.name) if names[submission.name] > 1 else submission


def read(entry: Path, modules: Collection[str]) -> Submission:
    """Read one submission; what is wrong with it becomes its `problem`."""
    try:
        return Submission(_name(entry), _sources(entry, modules))
    except Unreadable as error:
        return Submission(_name(entry), problem=str(error))


def _is_submission(entry: Path) -> bool:
    kinds = (*SUFFIXES, ".zip")
    return not _hidden(entry.name) and (entry.is_dir() or entry.suffix.lower() in kinds)


def _name(entry: Path) -> str:
    return unicodedata.normalize("NFC", entry.name if entry.is_dir() else entry.stem)


def _sources(entry: Path, modules: Collection[str]) -> dict[str, Source]:
    if entry.is_symlink():
        raise Unreadable(f"{entry.name} is a link: put the files themselves there")
    if entry.is_dir():
        return _folder(entry, modules)
    if entry.suffix.lower() == ".zip":
        return _archive(entry, modules)
    return {WHOLE: _source(entry.name, entry.name, partial(_binary, entry))}


def _folder(folder: Path, modules: Collection[str]) -> dict[str, Source]:
    files = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    chosen = _choose(files, modules)
    return {
        name: _source(path, _shown(name, path), partial(_binary, files[path]))
        for name, path in chosen.items()
    }


def _archive(path: Path, modules: Collection[str]) -> dict[str, Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
            return {
                name: _source(inside, _shown(name, inside), partial(archive.open, inside))
                for name, inside in _choose(names, modules).items()
            }
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Unreadable(f"{path.name} is no readable zip: {error}") from error


def _choose(paths: Collection[str], modules: Collection[str]) -> dict[str, str]:
    """Pick the module files; without one, a single script or notebook stands for all."""
    if len(paths) > MAX_ENTRIES:
        raise Unreadable(f"it has {len(paths)} files, over {MAX_ENTRIES}")
    code = [path for path in paths if _is_code(PurePosixPath(path))]
    found: dict[str, str] = {}
    for path in code:
        stem = PurePosixPath(path).stem
        if stem in modules:
            if stem in found:
                raise Unreadable(f"it has {found[stem]} and {path}: keep one of them")
            found[stem] = path
    others = [path for path in code if PurePosixPath(path).name != "conftest.py"]
    if found:
        return found
    if len(others) == 1:
        return {WHOLE: others[0]}
    if not others:
        raise Unreadable("there is no .py or .ipynb file in it")
    raise Unreadable(
        f"none of its {len(others)} files is named after a module, such as m06_model.py"
    )


def _is_code(path: PurePosixPath) -> bool:
    return path.suffix.lower() in SUFFIXES and not any(map(_hidden, path.parts))


def _hidden(name: str) -> bool:
    return name.startswith((".", "__"))


def _shown(name: str, path: str) -> str:
    file = PurePosixPath(path).name
    return file if name == WHOLE else f"exercises/{file}"


def _binary(path: Path) -> IO[bytes]:
    return path.open("rb")


def _source(path: str, shown: str, opened: Callable[[], IO[bytes]]) -> Source:
    try:
        with opened() as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > MAX_FILE_BYTES:
        raise Unreadable(f"{path} is over {MAX_FILE_BYTES // 2**20} MiB")
    text = decode_text(content)
    return Source(shown, _notebook_code(path, text) if path.lower().endswith(".ipynb") else text)


def _notebook_code(path: str, text: str) -> str:
    import jupytext

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(jupytext.writes(jupytext.reads(text, fmt="ipynb"), fmt="py:percent"))
    except Exception as error:  # a damaged notebook makes the parser fail in many ways
        raise Unreadable(f"{path} is no readable notebook: {type(error).__name__}") from error

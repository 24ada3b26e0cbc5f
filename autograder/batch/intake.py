"""Intake: read submissions as students hand them in. Nothing of them is executed here."""

from __future__ import annotations

import json
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from autograder.submission import WHOLE, Source, Submission, decode_text

MAX_FILE_BYTES = 2 * 2**20
MAX_ENTRIES = 2_000


class Unreadable(Exception):
    """A submission cannot be read; the message names the file and the reason."""


def submissions(folder: Path, modules: Iterable[str]) -> Iterator[Submission]:
    """Yield every entry of a folder as a submission, in the order of their names.

    An entry is a folder of module files, a zip of one, or one .py or .ipynb file; other files and
    hidden ones are passed over. Only files named after a module are read.
    """
    modules = tuple(modules)
    for entry in sorted(folder.iterdir(), key=lambda path: path.name):
        if not entry.name.startswith((".", "__")) and _is_submission(entry):
            yield read(entry, modules)


def read(entry: Path, modules: Iterable[str]) -> Submission:
    """Read one submission; what is wrong with it becomes its `problem`."""
    name = unicodedata.normalize("NFC", entry.stem if entry.is_file() else entry.name)
    try:
        if entry.is_dir():
            files = {str(path.relative_to(entry)): path for path in _walk(entry)}
            texts = {path: _limited(file) for path, file in files.items() if _wanted(path, modules)}
            return Submission(name, _sources(texts, modules))
        if entry.suffix.lower() == ".zip":
            return Submission(name, _sources(_unzip(entry, modules), modules))
        return Submission(name, _whole(entry.name, _limited(entry), modules))
    except Unreadable as error:
        return Submission(name, problem=str(error))


def from_texts(name: str, texts: dict[str, bytes], modules: Iterable[str]) -> Submission:
    """Make a submission of files that are in memory: modules, or one .py or .ipynb of any name."""
    try:
        return Submission(name, _sources(texts, tuple(modules)))
    except Unreadable as error:
        return Submission(name, problem=str(error))


def _is_submission(entry: Path) -> bool:
    return entry.is_dir() or entry.suffix.lower() in (".zip", ".py", ".ipynb")


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _wanted(path: str, modules: Iterable[str]) -> bool:
    """Say whether a file inside a submission is read: a module, or a single script or notebook."""
    parts = PurePosixPath(path).parts
    hidden = any(part.startswith((".", "__")) for part in parts)
    return not hidden and PurePosixPath(path).suffix.lower() in (".py", ".ipynb")


def _unzip(archive: Path, modules: Iterable[str]) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            if len(entries) > MAX_ENTRIES:
                raise Unreadable(f"{archive.name} has {len(entries)} entries, over {MAX_ENTRIES}")
            texts = {}
            for entry in entries:
                if _wanted(entry.filename, modules) and not entry.is_dir():
                    with opened.open(entry) as file:
                        texts[entry.filename] = _capped(
                            file.read(MAX_FILE_BYTES + 1), entry.filename
                        )
            return texts
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Unreadable(f"{archive.name} is no readable zip: {error}") from error


def _limited(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return _capped(file.read(MAX_FILE_BYTES + 1), path.name)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}") from error


def _capped(content: bytes, name: str) -> bytes:
    if len(content) > MAX_FILE_BYTES:
        raise Unreadable(f"{name} is over {MAX_FILE_BYTES // 2**20} MiB")
    return content


def _sources(texts: dict[str, bytes], modules: Iterable[str]) -> dict[str, Source]:
    """Pick the module files; without one, a single script or notebook stands for all."""
    found: dict[str, Source] = {}
    for path, content in texts.items():
        stem = PurePosixPath(path).stem
        if stem in modules:
            if stem in found:
                raise Unreadable(f"there are two files for {stem}: keep one of them")
            found[stem] = _source(f"exercises/{PurePosixPath(path).name}", content)
    if found:
        return found
    others = [path for path in texts if PurePosixPath(path).name != "conftest.py"]
    if len(others) == 1:
        return _whole(PurePosixPath(others[0]).name, texts[others[0]], modules)
    if not others:
        raise Unreadable("there is no .py or .ipynb file in it")
    raise Unreadable(
        f"none of its {len(others)} files is named after a module ({_listed(modules)})"
    )


def _whole(file: str, content: bytes, modules: Iterable[str]) -> dict[str, Source]:
    return {WHOLE: _source(file, content)}


def _source(file: str, content: bytes) -> Source:
    if file.lower().endswith(".ipynb"):
        return Source(file, _notebook_code(file, content))
    return Source(file, decode_text(content))


def _notebook_code(file: str, content: bytes) -> str:
    import jupytext

    try:
        notebook = jupytext.reads(decode_text(content), fmt="ipynb")
        return str(jupytext.writes(notebook, fmt="py:percent"))
    except (ValueError, KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise Unreadable(f"{file} is no readable notebook: {type(error).__name__}") from error


def _listed(modules: Iterable[str]) -> str:
    return ", ".join(f"{module}.py" for module in modules)

"""Intake: read submissions as students hand them in. Nothing of them is executed here."""

from __future__ import annotations

import codecs
import io
import itertools
import json
import os
import re
import tokenize
import unicodedata
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.batch.archive import MAX_ENTRIES, Reader, Unreadable, opened, readers, shown
from autograder.submission import WHOLE, Source, Submission, decode_text, printable

MAX_FILE_BYTES = 2 * 2**20
MAX_CELLS = 1_000  # of a notebook; the time to convert one grows with their square
MAX_NAME_BYTES = 240  # a file system takes 255, and results add a suffix
SUFFIXES = (".py", ".ipynb")
ARCHIVES = (".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".zst")
# Names of what Python, pytest or torch would load by itself.
NEVER_READ = ("conftest", "sitecustomize", "usercustomize", "torch", "numpy", "autograder")
ENCODINGS = ("utf", "ascii", "iso", "cp", "mac", "koi8", "gb", "big5", "shift_jis", "euc", "hz")

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Control characters, marks that reverse what is read, and bytes that are no text.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def entries(folder: Path) -> list[Path]:
    """Return the entries of a folder that are submissions, in the order of their names."""
    return [path for path in sorted(folder.iterdir()) if _is_submission(path)]


def submissions(folder: Path, modules: Collection[str]) -> Iterator[Submission]:
    """Yield every entry of a folder as a submission, in the order of their names.

    An entry is a folder of module files, a zip of one, or one .py or .ipynb file; an archive of
    another kind has a problem, other files and hidden ones are passed over. Only files named after
    a module are read.
    """
    paths = entries(folder)
    for path, name in zip(paths, _names(paths), strict=True):
        yield replace(read(path, modules), name=name)


def read(entry: Path, modules: Collection[str]) -> Submission:
    """Read one submission; what is wrong with it becomes its `problem`."""
    try:
        return Submission(_name(entry), _sources(entry, modules))
    except Unreadable as error:
        return Submission(_name(entry), problem=printable(str(error)))
    except OSError as error:
        return Submission(_name(entry), problem=str(_unreadable(entry.name, error)))


def _is_submission(entry: Path) -> bool:
    kinds = (*SUFFIXES, ".zip", *ARCHIVES)
    return not _hidden(entry.name) and (entry.is_dir() or entry.suffix.lower() in kinds)


def _names(entries: Sequence[Path]) -> list[str]:
    """Name each entry: `a.py` beside `a.zip` by its full name, and no two of them alike."""
    short = [_name(path) for path in entries]
    names: list[str] = []
    for path, name in zip(entries, short, strict=True):
        unique = _clean(path.name) if short.count(name) > 1 else name
        while unique in names:
            unique += "+"
        names.append(unique)
    return names


def _name(entry: Path) -> str:
    stem = entry.name if entry.is_dir() else entry.stem.removesuffix(".tar")
    return _clean(unicodedata.normalize("NFC", stem))


def _clean(name: str) -> str:
    """Write a name so that it can be shown, and be a file's name."""
    told = _UNSEEN.sub(lambda found: printable(found[0]), name)
    return told.encode()[:MAX_NAME_BYTES].decode(errors="ignore")


def _sources(entry: Path, modules: Collection[str]) -> dict[str, Source]:
    if entry.is_symlink():
        raise Unreadable(f"{shown(entry.name)} is a link: put the files themselves there")
    if entry.is_dir():
        return _chosen(_folder(entry), modules)
    suffix = entry.suffix.lower()
    if suffix in ARCHIVES:
        kinds = "a folder, a .zip, a .py or an .ipynb"
        raise Unreadable(f"{shown(entry.name)} cannot be read: hand in {kinds}")
    if suffix == ".zip":
        with opened(entry) as file:
            return _chosen(readers(file, shown(entry.name)), modules)
    if entry.stem.casefold() in NEVER_READ:
        raise Unreadable(f"{entry.name} is never read: give it another name")
    return {WHOLE: _source(entry.name, entry.name, partial(_content, entry))}


def _chosen(files: Mapping[str, Reader], modules: Collection[str]) -> dict[str, Source]:
    chosen = _choose(files, modules)
    return {name: _source(path, _shown(name, path), files[path]) for name, path in chosen.items()}


def _folder(folder: Path) -> dict[str, Reader]:
    """Return the ordinary files of a folder; neither links nor hidden folders are followed."""
    files: list[str] = []
    folders, seen = [""], 0
    while folders:
        inside = folders.pop()
        for entry in _entries(folder, inside):
            seen += 1
            if seen > MAX_ENTRIES:
                raise Unreadable(f"it has over {MAX_ENTRIES} files")
            if entry.is_file(follow_symlinks=False):
                files.append(inside + entry.name)
            elif entry.is_dir(follow_symlinks=False) and not _hidden(entry.name):
                folders.append(f"{inside}{entry.name}/")
    return {path: partial(_content, folder / path) for path in sorted(files, key=PurePosixPath)}


def _entries(folder: Path, inside: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder / inside) as entries:
            return list(itertools.islice(entries, MAX_ENTRIES + 1))
    except OSError as error:
        raise _unreadable(inside or folder.name, error) from error


def _choose(paths: Collection[str], modules: Collection[str]) -> dict[str, str]:
    """Pick the module files; without one, a single script or notebook stands for all."""
    code = {path: _file(path).stem for path in paths if _is_code(path)}
    found: dict[str, str] = {}
    for path, stem in code.items():
        module = unicodedata.normalize("NFC", stem).casefold()
        if module in modules:
            if module in found:
                both = f"{shown(found[module])} and {shown(path)}"
                raise Unreadable(f"it has {both}: keep one of them")
            found[module] = path
    if found:
        return found
    others = [path for path, stem in code.items() if stem.casefold() not in NEVER_READ]
    if len(others) == 1:
        return {WHOLE: others[0]}
    raise Unreadable(_nothing(paths, others))


def _nothing(paths: Collection[str], others: Collection[str]) -> str:
    """Say why there is nothing to read among these files."""
    if others:
        return f"none of its {len(others)} files is named after a module, such as m06_model.py"
    for path in paths:
        if path.lower().endswith((".zip", *ARCHIVES)) and not _is_hidden(path):
            return f"there is an archive in it, {shown(path)}: hand in what that holds"
    return "there is no .py or .ipynb file in it"


def _file(path: str) -> PurePosixPath:
    """Return a path whose parts Windows may have joined by backslashes."""
    return PurePosixPath(path.replace("\\", "/"))


def _is_code(path: str) -> bool:
    return _file(path).suffix.lower() in SUFFIXES and not _is_hidden(path)


def _is_hidden(path: str) -> bool:
    return any(map(_hidden, _file(path).parts))


def _hidden(name: str) -> bool:
    return name.startswith((".", "__")) and name.strip(".") != ""


def _shown(name: str, path: str) -> str:
    file = printable(_file(path).name)
    return file if name == WHOLE else f"exercises/{file}"


def _content(path: Path, limit: int) -> bytes:
    with io.BufferedReader(opened(path)) as file:
        return file.read(limit)


def _source(path: str, shown_as: str, content: Reader) -> Source:
    try:
        data = content(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable(f"{shown(path)} is over {MAX_FILE_BYTES // 2**20} MiB")
    text = _text(path, data)
    code = _notebook_code(path, text) if path.lower().endswith(".ipynb") else text
    # UTF-7 and JSON can write halves of characters, which nobody can store.
    return Source(shown_as, code.encode("utf-8", "replace").decode())


def _unreadable(path: str, error: OSError) -> Unreadable:
    return Unreadable(f"{shown(path)} cannot be read: {error.strerror}")


def _text(path: str, content: bytes) -> str:
    """Decode a file as Python does, and UTF-16 and UTF-32 by their marks."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return io.IncrementalNewlineDecoder(None, True).decode(content.decode(encoding))
            except UnicodeDecodeError as error:
                raise Unreadable(f"{shown(path)} is no text in {encoding.upper()}") from error
    try:
        named = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
    except SyntaxError:  # no such encoding: decode_text knows what to do
        return decode_text(content)
    # A file may name what is no encoding of text, or one that takes hours (punycode).
    if not codecs.lookup(named).name.startswith(ENCODINGS):
        raise Unreadable(f"{shown(path)} names the encoding {named}: save it as UTF-8")
    return decode_text(content)


def _notebook_code(path: str, text: str) -> str:
    """Return the code of a notebook, the rest as comments; its metadata is not looked at."""
    import jupytext
    import nbformat

    try:
        cells = [_cell(cell) for cell in json.loads(text)["cells"]]
        if len(cells) > MAX_CELLS:
            raise Unreadable(f"{shown(path)} has {len(cells)} cells, over {MAX_CELLS}")
        bare = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(jupytext.writes(nbformat.from_dict(bare), fmt="py:percent"))
    except Unreadable:
        raise
    except Exception as error:  # a damaged notebook makes the parser fail in many ways
        told = f"{shown(path)} is no readable notebook: {type(error).__name__}"
        raise Unreadable(told) from error


def _cell(cell: Mapping[str, Any]) -> dict[str, object]:
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    return {"cell_type": cell["cell_type"], "metadata": {}, "source": text, "outputs": []}

"""Text: the code of one handed-in file, whatever editor or notebook wrote it."""

from __future__ import annotations

import codecs
import html
import io
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.batch.files import is_notebook, is_online_text
from autograder.disk.archive import Reader, Unreadable, shown
from autograder.inside.submission import Source, decode_text

MAX_FILE_BYTES = 2 * 2**20
MAX_NOTEBOOK_BYTES = 20 * 2**20  # with its pictures; its code may have MAX_FILE_BYTES
MAX_CELLS = 1_000  # of a notebook; the time to convert one grows with their square
MAX_PROSE = 20_000  # characters of a cell of text; one with a picture pasted into it has more
FOR_NOTEBOOK = "for the notebook alone (%, !)"  # lines that nothing but Jupyter knows

_TABS, _SPACES = re.compile(r"^ *\t", re.MULTILINE), re.compile(r"^\t* ", re.MULTILINE)
_INSTALLS = re.compile(r"^([ \t]*)((?:pip3?|conda) install\b)", re.MULTILINE)
_TAG = re.compile(r"</?(?P<name>\w{1,12})\b[^<>]*>\n?")  # and the page's own end of line
_BREAKS = ("br", "p", "div", "pre", "li", "tr", "h1", "h2", "h3", "h4")  # each ends a line
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_source(path: str, shown_as: str, content: Reader) -> tuple[Source, int]:
    """Read a file as code that messages call `shown_as`; say how many lines of it are for the
    notebook alone. Raises Unreadable where that fails."""
    named = is_notebook(path)
    data = _bytes(path, content, MAX_NOTEBOOK_BYTES if named else MAX_FILE_BYTES)
    text = _text(path, data)
    if is_online_text(path):
        text = _typed(text)
    notebook = named or _is_notebook(text)
    code, passed_over = _notebook_code(path, text) if notebook and "\0" not in text else (text, 0)
    if "\0" in code:  # UTF-16 without its mark looks like this, and Python compiles no NUL
        raise Unreadable(f"{shown(path)} holds NUL characters: save it as UTF-8")
    if not notebook and _TABS.search(code) and _SPACES.search(code):
        code = _INDENT.sub(lambda found: found[0].expandtabs(8), code)  # as Python counts them
    # UTF-7 and JSON can write halves of characters, which nobody can store.
    return Source(shown_as, code.encode("utf-8", "replace").decode()), passed_over


def unreadable(path: str, error: OSError) -> Unreadable:
    """Return the refusal of a file or folder that the system does not let us read."""
    return Unreadable(f"{shown(path)} cannot be read: {error.strerror}")


def _bytes(path: str, content: Reader, limit: int) -> bytes:
    try:
        data = content(limit + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(data) > limit:
        raise Unreadable(f"{shown(path)} is over {limit // 2**20} MiB")
    return data


def _text(path: str, content: bytes) -> str:
    """Decode a file as Python does, and UTF-16 and UTF-32 by their marks."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return io.IncrementalNewlineDecoder(None, True).decode(content.decode(encoding))
            except UnicodeDecodeError as error:
                raise Unreadable(f"{shown(path)} is no text in {encoding.upper()}") from error
    try:
        return decode_text(content)
    except ValueError as error:
        raise Unreadable(f"{shown(path)} {error}") from error


def _typed(page: str) -> str:
    """Return what was typed into a form; editors write spaces and line ends in their own way."""
    return html.unescape(_TAG.sub(_shown, page)).replace("\xa0", " ")


def _shown(tag: re.Match[str]) -> str:
    return "\n" if tag["name"].lower() in _BREAKS else ""


def _is_notebook(text: str) -> bool:
    """Say whether a text is a notebook, whatever its file is called."""
    start = text[:100].lstrip()
    return start.startswith("{") and any(key in text for key in ('"cells"', '"worksheets"'))


def _notebook_code(path: str, text: str) -> tuple[str, int]:
    """Return the code of a notebook, the rest as comments, and how many lines of code have become
    comments; its metadata is not looked at."""
    import jupytext
    import nbformat

    try:
        cells = list(_cells(path, _listed(json.loads(text))))
        bare = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = str(jupytext.writes(nbformat.from_dict(bare), fmt="py:percent"))
        before = [str(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        return code, max(sum(map(_lines_of_code, before)) - _lines_of_code(code), 0)
    except Unreadable:
        raise
    except Exception as error:  # a damaged notebook makes the parser fail in many ways
        text = f"{shown(path)} is no readable notebook: {type(error).__name__}"
        raise Unreadable(text) from error


def _listed(notebook: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the cells of a notebook; those of before 2014 are in worksheets (nbformat 3)."""
    if "worksheets" not in notebook:
        return list(notebook["cells"])
    return [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]]


def _lines_of_code(text: str) -> int:
    lines = (line.lstrip() for line in text.splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


def _cells(path: str, cells: list[Mapping[str, Any]]) -> Iterator[dict[str, object]]:
    """Yield the cells without outputs and pasted pictures, as long as they may be converted."""
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"{shown(path)} has {len(cells)} cells, over {MAX_CELLS}")
    size = 0
    for cell in cells:
        kind = cell["cell_type"]
        source = cell["input"] if kind == "code" and "input" in cell else cell["source"]
        text = source if isinstance(source, str) else "".join(source)
        kind = kind if kind in ("code", "raw") else "markdown"  # a heading is a kind of its own
        if kind == "code":
            text = _INSTALLS.sub(r"\1%\2", text)  # as IPython takes it
        elif len(text) > MAX_PROSE:
            text = ""
        size += len(text.encode("utf-8", "replace"))
        if size > MAX_FILE_BYTES:
            raise Unreadable(f"{shown(path)} holds over {MAX_FILE_BYTES // 2**20} MiB of code")
        yield {"cell_type": kind, "metadata": {}, "source": text, "outputs": []}

"""A submission: the sources that a student handed in, as text."""

from __future__ import annotations

import codecs
import io
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass, field

WHOLE = "submission"  # the name of a source that stands for every module
ENCODINGS = ("utf", "ascii", "iso", "cp", "mac", "koi8", "gb", "big5", "shift_jis", "euc", "hz")


@dataclass(frozen=True)
class Source:
    """The text of a module and the file name it is told by."""

    file: str
    text: str


@dataclass(frozen=True)
class Submission:
    """Sources by module name, or one source, WHOLE, in which every exercise is looked up.

    `problem` says in one line why nothing of it can be read, `problems` by module why that module
    cannot; `fault` why the grader failed to read it, by its own fault. `notes` tell, a line each,
    what was chosen or left when the files were read. `lent` has, by source and name, the kit's own
    code of exercises that the submission lacks, for what builds on them.
    """

    name: str
    sources: Mapping[str, Source] = field(default_factory=dict)
    problem: str | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    fault: str | None = None
    lent: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def source_name(self, module: str) -> str:
        """Return the key of the source in which a module's exercises are looked up."""
        return WHOLE if WHOLE in self.sources else module

    def file(self, module: str) -> str:
        """Return the file name that messages about a module's exercises show."""
        source = self.sources.get(self.source_name(module))
        return source.file if source else f"exercises/{module}.py"


def has_lines(file: str) -> bool:
    """Say whether lines of a source are lines of its file: a notebook's cells are put together, and
    a page has lines of its own."""
    return not file.lower().endswith((".ipynb", ".html"))


def encoding_of(content: bytes) -> str:
    """Return the encoding in which Python reads a file, or else Latin-1, which reads any bytes.

    Raises ValueError, as the rest of a sentence, for what names no encoding of text, or one that
    takes hours (punycode), and for NUL characters, which Python compiles not.
    """
    if b"\0" in content:  # UTF-16 looks like this
        raise ValueError("holds NUL characters: save it as UTF-8")
    try:
        named = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
    except SyntaxError:  # no such encoding, or not UTF-8
        return "latin-1"
    if not codecs.lookup(named).name.startswith(ENCODINGS):
        raise ValueError(f"names the encoding {named}: save it as UTF-8")
    try:
        content.decode(named)
    except UnicodeError:
        return "latin-1"
    return named


def decode_text(content: bytes) -> str:
    """Decode a file as Python does (BOM, coding line, line ends), or else as Latin-1.

    Raises ValueError as `encoding_of` does.
    """
    return io.IncrementalNewlineDecoder(None, True).decode(content.decode(encoding_of(content)))

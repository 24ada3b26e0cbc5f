"""A submission: the sources that a student handed in, as text."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

WHOLE = "submission"  # the name of a source that stands for every module


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
    """Say whether lines of a source are lines of its file: a notebook's cells are put together."""
    return not file.lower().endswith((".ipynb", "notebook"))


def decode_text(content: bytes) -> str:
    """Decode a file as Python does (BOM, coding line, line ends), or else as Latin-1."""
    try:
        return importlib.util.decode_source(content)
    except (UnicodeDecodeError, SyntaxError):
        return io.IncrementalNewlineDecoder(None, True).decode(content.decode("latin-1"))

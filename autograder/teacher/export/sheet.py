"""A teacher's own CSV file: what is not filled in stays as it is, byte for byte.

The csv module does not tell how a cell was quoted, so a file would come out of it changed.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.batch.tables import write_whole_bytes
from autograder.inside.errors import UserError

MAX_BYTES = 2**25
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_DELIMITERS = ",;\t"
_QUOTED = r' *"[^"]*(?:""[^"]*)*" *'
_NUMBER = re.compile(r"\s*-?\d+(?:[.,]\d+)?\s*")


@dataclass
class Sheet:
    """The cells of a file, each as it stands there, quotes and all; `rows[0]` is the header."""

    path: Path
    encoding: str
    delimiter: str
    rows: list[list[str]]
    ends: list[str]  # what stands after each row

    @classmethod
    def read(cls, path: Path) -> Sheet:
        """Read a file with commas, semicolons or tabs. Raises UserError."""
        encoding, text = _decoded(path)
        start = text.removeprefix("\ufeff")
        first = re.split(r"[\r\n]", start, maxsplit=1)[0]
        delimiter = max(_DELIMITERS, key=lambda one: len(_split(first, one)[0][0]))
        rows, ends = _split(start, delimiter)
        if len(start) < len(text):
            rows[0][0] = text[0] + rows[0][0]
        return cls(path, encoding, delimiter, rows, ends)

    def cell(self, row: int, column: int | None) -> str:
        """Return what a cell says, without its quotes; empty where there is none."""
        if column is None or column >= len(self.rows[row]):
            return ""
        text = self.rows[row][column].removeprefix("\ufeff")
        quoted = re.fullmatch(_QUOTED, text)
        return text.strip(" ")[1:-1].replace('""', '"') if quoted else text

    @property
    def header(self) -> list[str]:
        """What the first row says."""
        return [self.cell(0, column).strip() for column in range(len(self.rows[0]))]

    def fill(self, row: int, column: int, value: str) -> None:
        """Put a value into a cell, in quotes where the one before was, or where it needs them."""
        own = self.rows[row]
        own += [""] * (column + 1 - len(own))
        if own[column].startswith('"') or re.search(rf'["\r\n{self.delimiter}]', value):
            value = '"' + value.replace('"', '""') + '"'
        own[column] = value

    def number(self, row: int, column: int | None) -> float | None:
        """Return the number in a cell, with a point or a comma; None where there is none."""
        text = self.cell(row, column)
        return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None

    def has_comma(self, *columns: int) -> bool:
        """Say whether there is a comma in numbers of these columns."""
        cells = (self.cell(row, column) for row in range(1, len(self.rows)) for column in columns)
        return any("," in cell for cell in cells if _NUMBER.fullmatch(cell))

    def write(self, path: Path) -> None:
        """Write the file, by another name than it has. Raises UserError."""
        if path.resolve() == self.path.resolve():
            raise UserError(f"{path} stays as it is: give --to another name")
        rows = map(self.delimiter.join, self.rows)
        text = "".join(row + end for row, end in zip(rows, self.ends, strict=True))
        try:
            content = text.encode(self.encoding)
        except UnicodeEncodeError as error:
            told = f"{self.path} is in {self.encoding}, which has no {error.object[error.start]!r}"
            raise UserError(f"{told}: save it as CSV in UTF-8") from None
        try:
            write_whole_bytes(content, path)
        except OSError as error:
            raise UserError(f"{path}: {error.strerror}") from error


def _decoded(path: Path) -> tuple[str, str]:
    """Return the encoding and the text, in which a mark of the encoding is kept."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise UserError(f"{path} is over {MAX_BYTES // 2**20} MiB: is it the export?")
    wide = _WIDE.get(content[:2])
    for encoding in (wide,) if wide else ("utf-8", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.strip() and "\0" not in text:
            return encoding, text
        break
    raise UserError(f"{path} is no CSV: give the file as the course system has written it")


def _split(text: str, delimiter: str) -> tuple[list[list[str]], list[str]]:
    """Return the cells of each row as they stand, and what ends the rows."""
    end = rf"{delimiter}|\r\n|\n|\r|\Z"
    cell = re.compile(rf"({_QUOTED}(?={end})|[^{delimiter}\r\n]*)({end})")
    rows, ends, own = list[list[str]](), list[str](), list[str]()
    place = 0
    while place < len(text) or own:
        found = cell.match(text, place)
        assert found  # any text up to the next end is a cell
        own.append(found[1])
        place = found.end()
        if found[2] != delimiter:
            rows.append(own)
            ends.append(found[2])
            own = []
    return rows, ends

"""Odd files: names and sizes that stop a grader which has thought of students alone.

Each is one entry of a class. `marks` says that its answers are right whatever else is odd about it,
so that it has all its marks; every other one is graded or told in a line.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tests.samples import MODEL, MSE

RIGHT = MODEL + MSE
MIB = 2**20

Content: TypeAlias = str | bytes | Callable[[Path], None]


@dataclass(frozen=True)
class Odd:
    """An entry of a class: `why` says in a sentence what is odd; `name` may be bytes that are no
    text; a content that is a function makes the entry itself."""

    why: str
    name: str | bytes
    content: Content
    marks: bool = False

    def write(self, folder: Path) -> None:
        """Put it into a class."""
        path = folder / os.fsdecode(self.name)
        if callable(self.content):
            self.content(path)
        else:
            text = self.content
            path.write_bytes(text.encode() if isinstance(text, str) else text)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 * MIB)


def _notebook(*cells: object) -> str:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _cell(source: object, kind: str = "code") -> dict[str, object]:
    return {"cell_type": kind, "metadata": {}, "source": source, "outputs": []}


def _folder(*files: tuple[str | bytes, str]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.mkdir()
        for name, text in files:
            (path / os.fsdecode(name)).write_text(text, encoding="utf-8")

    return make


def _after(name: str, why: str, text: str, marks: bool = False) -> Odd:
    """A script with a right answer and odd source below it."""
    return Odd(why, f"{name}.py", f"{RIGHT}\n{text}\n", marks)


_ALL_OF_UNICODE = "".join(map(chr, [*range(32, 0xD800), *range(0xE000, 0x110000, 17)]))

NAMES = [
    Odd("A name of two lines.", "two\nlines.py", RIGHT, marks=True),
    Odd("A name that looks like a row of a table.", 'a","b\r\nc,100.py', RIGHT, marks=True),
    Odd("A name of 255 bytes.", "n" * 252 + ".py", RIGHT, marks=True),
    Odd("A name of 255 bytes, in characters of three.", "漢" * 84 + ".py", RIGHT, marks=True),
    Odd("A name that is no UTF-8.", b"latin-\xe9\xff.py", RIGHT, marks=True),
    Odd("A name with half of a character in it.", b"half-\xed\xa0\x80.py", RIGHT, marks=True),
    Odd("A name that ends in a dot, which Windows drops.", "dotted..py", RIGHT, marks=True),
    Odd("A name that Windows keeps for a device.", "CON.py", RIGHT, marks=True),
    Odd("The same name in capitals.", "con.PY", RIGHT, marks=True),
    Odd("A name composed.", unicodedata.normalize("NFC", "José.py"), RIGHT, marks=True),
    Odd("A name like an option.", "--out=x.py", RIGHT, marks=True),
    Odd("A name that a spreadsheet computes.", "=1+1.py", RIGHT, marks=True),
    Odd("A name with a quote and a semicolon of SQL.", "'; DROP TABLE x; --.py", RIGHT, marks=True),
    Odd("A name of spaces.", "   .py", RIGHT, marks=True),
    Odd("A folder whose file's name is no UTF-8.", "in-a-folder", _folder((b"m06_\xff.py", RIGHT))),
    Odd(
        "A folder with files alike up to case.",
        "cases",
        _folder(("m06_model.py", RIGHT), ("M06_MODEL.py", MODEL)),
    ),
    Odd("A folder of nothing.", "nothing", _folder()),
]

SIZES = [
    Odd("An empty script.", "empty.py", ""),
    Odd("An empty notebook.", "empty-notebook.ipynb", ""),
    Odd("An empty archive.", "empty-archive.zip", b""),
    Odd("A script of 100 MiB of nothing.", "sparse.py", _sparse),
    Odd("A notebook of 100 MiB of nothing.", "sparse-notebook.ipynb", _sparse),
    Odd("A zip of 100 MiB of nothing.", "sparse-zip.zip", _sparse),
    Odd(
        "A notebook of 50,000 cells.",
        "cells.ipynb",
        _notebook(_cell(RIGHT), *[_cell("1")] * 50_000),
    ),
    Odd("One cell of 10 MB.", "one-cell.ipynb", _notebook(_cell(RIGHT + "#" * 10_000_000))),
    Odd("A cell of 300,000 lines.", "lines.ipynb", _notebook(_cell(["\n"] * 300_000 + [RIGHT]))),
    Odd("A notebook nested 100,000 deep.", "deep.ipynb", "[" * 100_000 + "]" * 100_000),
    Odd(
        "A notebook with NUL in its code.",
        "nul-in-a-cell.ipynb",
        _notebook(_cell(RIGHT + "x = '\0'")),
    ),
    Odd(
        "A notebook with half of a character in a text.",
        "half.ipynb",
        _notebook(_cell(RIGHT), _cell("\ud800", "markdown")),
        marks=True,
    ),
    Odd("A notebook whose cells are no mapping.", "no-cells.ipynb", _notebook(1, None, [])),
    Odd("A notebook whose source is a mapping.", "no-source.ipynb", _notebook(_cell({"a": {}}))),
    Odd("A notebook of one number of 5,000 digits.", "number.ipynb", '{"cells": ' + "9" * 5_000),
    _after("long-module", "A module of 200,000 lines.", "# x\n" * 200_000, marks=True),
    _after("one-name", "10,000 functions of one name.", "def f(): pass\n" * 10_000, marks=True),
    _after("a-long-name", "A name of 1 MB.", "a" * 1_000_000 + " = 1", marks=True),
    _after("a-long-line", "A line of 1.5 MB.", "x = '" + "y" * 1_500_000 + "'", marks=True),
    _after("unicode", "A text of all of Unicode.", f"x = {_ALL_OF_UNICODE!r}", marks=True),
    _after(
        "class-name", "A name in the code as long as it may be.", f"class {'A' * 2_000}: ...", True
    ),
]

SOURCES = [
    Odd("CR alone ends its lines.", "cr.py", RIGHT.replace("\n", "\r"), marks=True),
    Odd("CR, LF and both.", "mixed-ends.py", RIGHT.replace("\n", "\r\n", 3) + "\r\r\n", marks=True),
    Odd("Form feeds between its lines.", "feeds.py", RIGHT.replace("\ndef", "\n\f\ndef"), True),
    Odd("A second mark of UTF-8 in the middle.", "bom.py", f"\ufeff{RIGHT}\n\ufeffx = 1\n"),
    Odd(
        "Tabs and spaces in turn.",
        "tabs.py",
        RIGHT.replace("    ", "\t") + "if 1:\n\tx=1\n        y=2\n",
    ),
    Odd("It ends in the middle of a character.", "cut.py", RIGHT.encode() + b"# \xe2\x82", True),
    Odd("A line continued at the end of the file.", "continued.py", RIGHT + "\nx = 1 + \\", True),
    Odd("UTF-7 by a coding line.", "utf-7.py", "# coding: utf-7\n" + RIGHT),
    Odd("ROT13 by a coding line.", "rot13.py", "# coding: rot13\n" + RIGHT),
    Odd("UTF-16 by a coding line alone.", "utf-16-says.py", "# coding: utf-16\n" + RIGHT),
    Odd("UTF-16 with its mark.", "utf-16.py", RIGHT.encode("utf-16"), marks=True),
    Odd("A coding that nobody knows.", "unknown.py", "# coding: klingon\n" + RIGHT, marks=True),
    Odd("A coding line of 100,000 letters.", "long-coding.py", f"# coding: {'a' * 10**5}\n{RIGHT}"),
    Odd("A coding of bytes to bytes.", "hex.py", "# coding: hex\n" + RIGHT),
    Odd("A coding that undoes compression.", "zlib.py", "# coding: zlib\n" + RIGHT),
    Odd("A coding whose name is a path.", "path.py", "# coding: ../../etc/passwd\n" + RIGHT),
    Odd("NUL in a comment.", "nul.py", RIGHT + "# \0\n"),
    Odd("Nothing but NUL.", "only-nul.py", b"\0" * 5_000),
    Odd("Nothing but brackets.", "brackets.py", "[" * 100_000),
    _after("parentheses", "100,000 brackets are opened.", "x = " + "(" * 100_000, marks=True),
    _after("lists", "Lists nested 90 deep, which can be read.", f"x = {'[' * 90}{']' * 90}", True),
    _after("lists-deeper", "Lists nested 5,000 deep.", f"x = {'[' * 5_000}{']' * 5_000}", True),
    _after("attributes", "a.b.b.b, 50,000 deep.", "x = a" + ".b" * 50_000, True),
    _after("sum", "A sum of 50,000 terms.", "x = 1" + "+1" * 50_000, True),
    _after("long-sum", "A sum of 500,000 terms.", "x = 1" + "+1" * 500_000),
    _after("not", "100,000 times not.", "x = " + "not " * 100_000 + "1", True),
    _after("minus", "100,000 times minus.", "x = " + "-" * 100_000 + "1", True),
    _after("calls", "f()()(), 30,000 times.", "x = f" + "()" * 30_000, True),
    _after("powers", "A tower of 30,000 powers.", "x = 1" + "**1" * 30_000, True),
    _after("lambdas", "10,000 lambdas in each other.", "x = " + "lambda: " * 10_000 + "1", True),
    _after("elif", "3,000 times elif.", "if 0: pass\n" + "elif 0: pass\n" * 3_000, True),
    _after("blocks", "95 blocks in each other.", "".join(f"{' ' * n}if 1:\n" for n in range(95))),
    _after("f-string", "An f-string in f-strings.", "x = " + "f'{" * 140 + "1" + "}'" * 140),
    _after("digits", "An integer of 100,000 digits.", "x = " + "9" * 100_000, marks=True),
    _after("hex-digits", "As many digits in base 16.", "x = 0x" + "f" * 100_000, marks=True),
    _after("decorators", "10,000 decorators.", "@print\n" * 10_000 + "def f(): ..."),
    _after(
        "arguments",
        "A function of 20,000 arguments.",
        f"def f({','.join(f'a{n}' for n in range(20_000))}): ...",
        True,
    ),
    _after(
        "globals",
        "It declares 20,000 names.",
        "def f():\n global " + ",".join(f"a{n}" for n in range(20_000)),
        True,
    ),
    _after("broken", "300 lines that are no Python.", "def ?\n" * 300),
]

ODD = [*NAMES, *SIZES, *SOURCES]

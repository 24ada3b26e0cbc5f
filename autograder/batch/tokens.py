"""Tokens: a text cut into the pieces at its top level, and each piece into runs of tokens.

Only Python's tokenizer reads it: nothing is parsed or executed. A piece that it refuses is read up
to there.
"""

from __future__ import annotations

import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

RUN = 6  # tokens that follow each other
MAX_LINE = 1_000  # characters; Python 3.11 takes time by the square of a line of open quotes

_KEPT = frozenset({*keyword.kwlist, *dir(builtins), "self"})
_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_GOES_ON = (" ", "\t", "\r", "\f", "#", ")", "]", "}")  # a line that belongs to the one above
_LAYOUT = frozenset(
    {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)
# an f-string is one text, as it is before Python 3.12
_F_START, _F_END = (getattr(tokenize, f"FSTRING_{end}", -1) for end in ("START", "END"))


@dataclass(frozen=True)
class Piece:
    """A statement at the top level: the name that it defines, if it does, and its lines."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Token:
    """A token without what is easily changed, and the index of the line in which it ends."""

    text: str
    line: int


def pieces(text: str) -> Iterator[Piece]:
    """Yield the statements at the top level of a text, each decorator with what is below it."""
    lines = [line[:MAX_LINE] for line in text.split("\n")]
    starts = [n for n, line in enumerate(lines) if line and not line.startswith(_GOES_ON)]
    starts = [n for n in starts if n == 0 or not lines[n - 1].startswith("@")]
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        own = lines[start:stop]
        while not own[-1].strip() or own[-1].startswith("#"):
            own.pop()
        defined = _DEFINED.search("\n".join(own))
        yield Piece(defined[1] if defined else "", tuple(own))


def runs(tokens: Sequence[Token]) -> list[int]:
    """Return the hash of every run of tokens, in their order; it is another one in each process."""
    texts = [token.text for token in tokens]
    return [hash(run) for run in zip(*(texts[n:] for n in range(RUN)), strict=False)]


def tokens(lines: Sequence[str], known: Collection[str]) -> list[Token]:
    """Return the tokens of some lines.

    Comments, docstrings and layout are left out. A text is `S`. A name is `V`, unless it is a
    keyword, a builtin, one of the `known`, or an attribute of anything but self.
    """
    found, before = list[Token](), ("", "")
    for kind, text, line in _read(lines):
        if kind == tokenize.STRING:
            shown = "S"
        elif kind == tokenize.NAME and not _is_kept(text, before, known):
            shown = "V"
        else:
            shown = text
        found.append(Token(shown, line))
        before = before[1], text
    return found


def _is_kept(name: str, before: tuple[str, str], known: Collection[str]) -> bool:
    if before[1] == ".":
        return before[0] != "self"
    return name in _KEPT or name in known


def _read(lines: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """Yield the kind, text and line of each token that is no comment, docstring or layout."""
    depth, at_start = 0, True
    reader = io.StringIO("\n".join(lines) + "\n").readline
    try:
        for kind, text, _, (line, _), _ in tokenize.generate_tokens(reader):
            depth += (kind == _F_START) - (kind == _F_END)
            if depth or kind == tokenize.COMMENT:
                continue
            kind = tokenize.STRING if kind == _F_END else kind
            if kind not in _LAYOUT and not (at_start and kind == tokenize.STRING):
                yield kind, text, line - 1
            at_start = kind in _LAYOUT
    except (tokenize.TokenError, SyntaxError, ValueError):  # the last for half a character
        return

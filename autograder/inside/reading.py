"""Reading: which statements of a text can be run, and why the others cannot.

What does not parse costs itself: the statement at the top level in which the error lies is left
out, and the rest is read. A brief reading leaves out the work at module level, too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.inside.syntax import UNPARSED, is_docstring, parse, written

MAX_BROKEN = 50  # parts of one text that do not parse; with more, the rest is not looked at
MAX_SHOWN = 60  # characters of a line in a message
WORK = "work at module level"

_INNER = re.compile(r"(elif|else|except|finally|case)\b|[#)\]}\s]|$")
_DEFINED = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)|^(\w+)\s*=[^=]", re.MULTILINE)
_FOR_NOTEBOOK = re.compile(r"[%!]|(pip3?|conda) install\b")
_CHEAP = ("torch.device", "torch.cuda.is_available", "int", "float", "str", "len")


@dataclass(frozen=True)
class LeftOut:
    """A statement that was left out: its first line, why, and the names it would have bound."""

    line: int | None
    told: str
    names: frozenset[str] = frozenset()

    @property
    def reason(self) -> str:
        """Why, without the text of the statement."""
        return self.told.partition(": `")[0]


def statements(text: str, file: str) -> tuple[list[ast.stmt], list[LeftOut]]:
    """Return the statements at the top of a text that parse, one imported name each, and what was
    left out."""
    lines, left = text.split("\n"), list[LeftOut]()
    while len(left) < MAX_BROKEN:
        found = _parsed("\n".join(lines), file)
        if isinstance(found, ast.Module):
            return [one for statement in found.body for one in _apart(statement)], left
        broken = _broken(lines, found, file)
        part = "\n".join(lines[broken.start : broken.stop])
        alone = _parsed("\n" * broken.start + part, file)  # it tells better what is wrong there
        error = found if isinstance(alone, ast.Module) else alone
        names = frozenset(own or value for own, value in _DEFINED.findall(part))
        line = _line(error)
        if not line or not "".join(lines[line - 1 : line]).strip():
            line = broken.start + 1
        left.append(LeftOut(line, told(error, text, line), names))
        _blank(lines, broken)
    return [], left


def without_work(body: Iterable[ast.stmt]) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """Part statements into imports, definitions and plain constants, and the rest."""
    kept, work = list[ast.stmt](), list[ast.stmt]()
    for statement in body:
        (kept if _is_plain(statement) else work).append(statement)
    return kept, work


def told(error: Exception, text: str, line: int | None) -> str:
    """Tell why a text is no Python, with its line, and ^ where the error lies in it."""
    lines = text.split("\n")
    reason = "it is nested too deeply"
    if isinstance(error, SyntaxError | ValueError):
        reason = getattr(error, "msg", str(error))
    if line is None or line > len(lines):
        return f"{type(error).__name__}: {reason}"
    whole = lines[line - 1]
    shown = whole.strip()
    if _FOR_NOTEBOOK.match(shown):
        return f"only a notebook knows lines such as `{shown[:MAX_SHOWN]}`: delete it"
    at = (getattr(error, "offset", None) or 0) - 1 - (len(whole) - len(whole.lstrip()))
    if line == getattr(error, "lineno", None) and 0 <= at <= len(shown):
        shown = f"{shown[:at]}^{shown[at:]}"
    return f"{type(error).__name__}: {reason}: `{shown[:MAX_SHOWN]}`"


def _parsed(text: str, file: str) -> ast.Module | Exception:
    try:
        return parse(text, file)
    except UNPARSED as error:
        return error


def _line(error: Exception) -> int | None:
    """Return the line of an error; of a block without a body, the line that asks for one."""
    if not isinstance(error, SyntaxError):
        return None
    asks = re.search(r"after .* on line (\d+)$", error.msg)
    return int(asks[1]) if asks else error.lineno


def _broken(lines: Sequence[str], error: Exception, file: str) -> range:
    """Return the lines of the statement to leave out: that of the error or, where this lets more be
    read, as after a bracket that was not closed, the one before."""
    line = _line(error)
    if line is None:
        return _too_deep(lines, file)
    own = _around(lines, min(line, len(lines)) - 1)
    before = _around(lines, own.start - 1) if own.start else own

    def read_up_to(part: range) -> float:
        rest = list(lines)
        _blank(rest, part)
        found = _parsed("\n".join(rest), file)
        return float("inf") if isinstance(found, ast.Module) else _line(found) or 0

    return max((own, before), key=read_up_to)


def _too_deep(lines: Sequence[str], file: str) -> range:
    """Return the lines of the first statement that is too deep by itself; where there is none, all
    from the first on that goes on at the start of a line, in brackets."""
    start, goes_on = 0, len(lines)
    while start < len(lines):
        part = _around(lines, start)
        found = _parsed("\n".join(lines[part.start : part.stop]), file)
        if isinstance(found, Exception):
            if _line(found) is None:
                return part
            goes_on = min(goes_on, start)
        start = part.stop
    return range(goes_on % len(lines), len(lines))


def _around(lines: Sequence[str], index: int) -> range:
    """Return the lines of the statement at the top level around a line that is not blank; where it
    is, of the one above."""
    start = index
    while start > 0 and _INNER.match(lines[start]):
        start -= 1
    while start > 0 and lines[start - 1].startswith("@"):
        start -= 1
    stop = index + 1
    while stop < len(lines) and (_INNER.match(lines[stop]) or lines[stop - 1].startswith("@")):
        stop += 1
    return range(start, stop)


def _blank(lines: list[str], part: range) -> None:
    lines[part.start : part.stop] = [""] * len(part)


def _apart(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield an import as imports of one name each, so that one that fails costs only itself."""
    if not isinstance(statement, ast.Import | ast.ImportFrom) or len(statement.names) == 1:
        yield statement
        return
    for name in statement.names:
        one = (
            ast.Import([name])
            if isinstance(statement, ast.Import)
            else ast.ImportFrom(statement.module, [name], statement.level)
        )
        yield ast.copy_location(one, statement)


def _is_plain(node: ast.stmt) -> bool:
    """Say whether a statement takes no time: it imports, defines, or binds a plain value."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Pass):
        return True
    if isinstance(node, ast.If):
        return not _works(node.test) and all(map(_is_plain, [*node.body, *node.orelse]))
    if isinstance(node, ast.Try):
        handled = [statement for handler in node.handlers for statement in handler.body]
        return all(map(_is_plain, [*node.body, *handled, *node.orelse, *node.finalbody]))
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        return isinstance(node.value, ast.Lambda) or not _works(node.value)
    return is_docstring(node)


def _works(value: ast.expr) -> bool:
    """Say whether an expression may take long: it calls or goes through something."""
    return any(
        written(node.func) not in _CHEAP if isinstance(node, ast.Call) else _goes_through(node)
        for node in ast.walk(value)
    )


def _goes_through(node: ast.AST) -> bool:
    return isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)

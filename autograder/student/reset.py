"""Reset: put the stub of an exercise back, and keep the student's file aside."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from autograder.course import exercises
from autograder.disk.files import read_file, write_file
from autograder.inside.errors import UserError
from autograder.inside.submission import encoding_of
from autograder.inside.syntax import UNPARSED, definitions, parse
from autograder.judging.public import read_tasks
from autograder.student.progress import progress_file


def reset(folder: Path, name: str) -> str:
    """Replace an exercise's definitions by their stubs; return what was done, in a line.

    The file as it was is copied to `.progress/aside/` first. Raises UserError where that or the
    writing fails; the file is then as it was.
    """
    module = exercises()[name].module
    path = folder / f"{module}.py"
    with told_of(path, "reset"):
        tasks = read_tasks(folder)
        if name not in tasks:
            raise UserError(f"{name} is not among the exercises of {folder}")
        aside = change(folder, path, tasks[name].stubs)
    return f"{name} is a stub again in {path}" + (f"; your file lies in {aside}" if aside else "")


@contextmanager
def told_of(path: Path, done: str) -> Iterator[None]:
    """Tell in a line why a student's file cannot be changed."""
    try:
        yield
    except OSError as error:
        of = "" if error.filename in (None, str(path)) else f" ({error.filename})"
        raise UserError(f"{path} cannot be {done}: {error.strerror}{of}") from error
    except UnicodeEncodeError as error:
        lacks = f"its encoding, {error.encoding}, has no {error.object[error.start]!r}"
        raise UserError(f"{path} cannot be {done}: {lacks}: save it as UTF-8 first") from error
    except ValueError as error:
        raise UserError(f"{path} cannot be {done}: it {error}") from error


def change(folder: Path, path: Path, stubs: Mapping[str, str]) -> Path | None:
    """Put stubs into a student's file; return where it lies as it was, if there was one.

    Its encoding, its line ends and every other character stay. Raises OSError, and ValueError for
    what is no text, or cannot hold a stub.
    """
    before = read_file(path, folder.parent) if os.path.lexists(path) else None
    encoding = "utf-8" if before is None else encoding_of(before)
    text = (before or b"").decode(encoding)
    for name, stub in stubs.items():
        text = with_stub(text, name, stub)
    after = text.encode(encoding)
    aside = None if before in (None, after) else keep_aside(folder, path, before or b"")
    write_file(path, after, folder.parent)
    return aside


def with_stub(text: str, name: str, stub: str) -> str:
    """Return a file's text with one definition replaced by a stub, or the stub added at its end.

    A file that is no valid Python is cut where the next line of it starts at the left edge.
    """
    lines = _lines(text)
    new = next(iter(re.findall(r"\r\n|\r|\n", text)), "\n")
    own = [line + new for line in stub.split("\n")]
    begin, end = _span(text, lines, name)
    if begin is None:
        last = new if text and not text.endswith(("\r", "\n")) else ""
        return "".join([text, last, *[new] * (2 if text else 0), f"# %%{new}", *own])
    return "".join([*lines[:begin], *own, *lines[end:]])


def definition(text: str, name: str) -> str | None:
    """Return the text of a definition, without the blank lines around it; None without one."""
    lines = _lines(text)
    begin, end = _span(text, lines, name)
    return None if begin is None else "\n".join(line.rstrip("\r\n") for line in lines[begin:end])


def _lines(text: str) -> list[str]:
    """Return the lines as Python counts them, each with its own end."""
    return list(io.StringIO(text, newline=""))


def _span(text: str, lines: list[str], name: str) -> tuple[int | None, int]:
    """Return the lines of a definition, its decorators among them: first, and one past the last."""
    try:
        node = definitions(parse(text)).get(name)
    except UNPARSED:
        return _span_by_lines(lines, name)
    if node is None:
        return None, 0
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return first - 1, node.end_lineno or node.lineno


def _span_by_lines(lines: list[str], name: str) -> tuple[int | None, int]:
    head = re.compile(rf"(def|class)\s+{re.escape(name)}\b")
    begin = next((n for n, line in enumerate(lines) if head.match(line)), None)
    if begin is None:
        return None, 0
    after = range(begin + 1, len(lines))
    end = next((n for n in after if re.match(r"[^\s)\]}]", lines[n])), len(lines))
    while begin > 0 and lines[begin - 1].startswith("@"):
        begin -= 1
    while not lines[end - 1].strip():
        end -= 1
    return begin, end


def keep_aside(folder: Path, path: Path, content: bytes) -> Path:
    """Write what a student's file was to `.progress/aside/` under a new name; return that."""
    place = progress_file(folder).parent / "aside"
    stem = f"{path.stem}-{datetime.now():%Y%m%d-%H%M%S}"
    names = (f"{stem}{number}.py" for number in ("", *(f"-{n}" for n in range(2, 1000))))
    aside = next(place / name for name in names if not os.path.lexists(place / name))
    write_file(aside, content, folder.parent)
    return aside

"""Reset: put the stub of an exercise back, and keep the student's file aside."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

from autograder.course import exercises
from autograder.inside.errors import UserError
from autograder.inside.submission import decode_text
from autograder.inside.syntax import definitions, parse
from autograder.judging.public import read_tasks
from autograder.student.progress import progress_file


def reset(folder: Path, name: str) -> str:
    """Replace an exercise's definitions by their stubs; return what was done, in a line.

    The file as it was is copied to `.progress/aside/` first. Raises UserError where that or the
    writing fails; the file is then as it was.
    """
    module = exercises()[name].module
    path = folder / f"{module}.py"
    try:
        text = decode_text(path.read_bytes()) if path.exists() else ""
        for own, stub in read_tasks(folder)[name].stubs.items():
            text = with_stub(text, own, stub)
        aside = keep_aside(folder, path)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path} cannot be reset: {error.strerror}") from error
    return f"{name} is a stub again in {path}" + (f"; your file lies in {aside}" if aside else "")


def with_stub(text: str, name: str, stub: str) -> str:
    """Return a file's text with one definition replaced by a stub, or the stub added at its end.

    A file that is no valid Python is cut where the next line of it starts at the left edge.
    """
    lines = text.splitlines()
    begin, end = _span(text, lines, name)
    if begin is None:
        return "\n".join([*lines, "", "", "# %%", stub, ""]).lstrip("\n")
    return "\n".join([*lines[:begin], stub, *lines[end:], ""])


def definition(text: str, name: str) -> str | None:
    """Return the text of a definition, without the blank lines around it; None without one."""
    lines = text.splitlines()
    begin, end = _span(text, lines, name)
    return None if begin is None else "\n".join(lines[begin:end])


def _span(text: str, lines: list[str], name: str) -> tuple[int | None, int]:
    """Return the lines of a definition, its decorators among them: first, and one past the last."""
    try:
        node = definitions(parse(text)).get(name)
    except (SyntaxError, ValueError):
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


def keep_aside(folder: Path, path: Path) -> Path | None:
    """Copy a file of a folder's to `.progress/aside/` under a new name; return that, if there is
    a file."""
    if not path.exists():
        return None
    place = progress_file(folder).parent / "aside"
    place.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    aside = place / f"{path.stem}-{stamp}.py"
    count = 1
    while aside.exists():
        count += 1
        aside = place / f"{path.stem}-{stamp}-{count}.py"
    shutil.copy2(path, aside)
    return aside

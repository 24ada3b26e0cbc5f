"""Templates: the files in pages/, and the filters that they use.

A page has its style and script in itself, and a policy that lets nothing else in: no source from
outside, and no script but the one whose hash it names. What students wrote is escaped by Jinja in
.html, and stands in fences in .md.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from autograder.batch.standing import Standing
from autograder.inside.words import counted
from autograder.teacher.feedback import code_span, fenced, fenced_code
from autograder.teacher.items import share

PAGES = Path(__file__).parent / "pages"
MOST_LINES = 60  # of a student's code
CAUSES = {
    "named": "",  # then the mistake's name is there
    "at_least": "",
    "related": "no listed mistake, but a relation of the numbers",
    "error": "no listed mistake, but a known exception",
    "none": "no cause is known",
}
_MARKS = {"not_attempted": "-", "unreadable": "?", "error": "!", "excused": "x"}


def rendered(name: str, **values: object) -> str:
    """Return a template of pages/ with its values filled in."""
    return _environment().get_template(name).render(values)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = _inline("style.css"), _inline("sort.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    made.globals |= {"style": style, "script": script, "policy": policy, "causes": CAUSES}
    made.filters |= {
        "cell": _cell,
        "code_span": code_span,
        "counted": counted,
        "cut": _cut,
        "fenced": fenced,
        "fenced_code": fenced_code,
        "points": _points,
        "url": lambda name: quote(name, safe=""),
        "words": lambda status: status.replace("_", " "),
    }
    return made


def _inline(name: str) -> Markup:
    return Markup((PAGES / name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    """Return how a policy names a style or a script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _cell(standing: Standing | None) -> Markup:
    """Return a cell of the map: the share of the points in percent, or a sign in its place."""
    if standing is None or standing.status in _MARKS:
        return Markup("<td>{}</td>").format(_MARKS[standing.status] if standing else "")
    earned = share(standing)
    if earned >= 1:
        return Markup("<td>100</td>")
    percent = min(99, round(100 * earned))
    return Markup('<td class="h{}">{}</td>').format(min(4, percent // 20), percent)


def _cut(code: str) -> str:
    """Return the first lines of a student's code."""
    lines = code.split("\n")
    if len(lines) <= MOST_LINES:
        return code
    return "\n".join([*lines[:MOST_LINES], f"(and {len(lines) - MOST_LINES} more lines)"])


def _points(standings: Sequence[Standing]) -> str:
    """Return the points of some exercises, as far as all have some."""
    scores = [one.score for one in standings if one.score is not None]
    most = f"{sum(one.exercise.points for one in standings):g} points"
    if len(scores) < len(standings):
        return f"no mark yet, of {most}"
    return f"{sum(scores):g} of {most}"

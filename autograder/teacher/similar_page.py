"""`descent similar`: the same code twice, as a page and as lines; advice, and never a mark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.batch.ledger import Ledger
from autograder.batch.lookup import counting
from autograder.batch.similar import LEAST, Answer, Cluster, Link, Reader, Similar, compare
from autograder.batch.tokens import RUN, runs, tokens
from autograder.inside.words import counted, printable
from autograder.teacher.class_pages import write_report
from autograder.teacher.packed import of_ledger
from autograder.teacher.templates import rendered

MOST_PAIRS = 50  # of a cluster, in the table
MOST_PASSAGES = 20  # of a cluster, side by side
MOST_LINES = 200  # of an answer
PAGE = "similar.html"


@dataclass(frozen=True)
class Line:
    """A line of an answer, and whether the other answer has it, too."""

    text: str
    shared: bool


def write_similar(ledger: Ledger, out: Path) -> Iterator[str]:
    """Write the report, with similar.html in it; yield lines that tell what this page shows."""
    chosen = of_ledger(ledger)
    submissions = (counting(ledger, name).submission for name in ledger.names())
    reader = Reader(chosen.exercises)
    found = compare(submissions, reader)
    page = out / "report" / PAGE
    write_report(ledger, out, PAGE)
    shown = [(cluster, _passages(cluster, reader.known)) for cluster in found.clusters]
    text = rendered(
        PAGE, assignment=chosen.name, found=found, shown=shown, most=MOST_PAIRS, least=LEAST
    )
    page.write_text(text, encoding="utf-8", newline="")
    yield from _told(found, page)


def _told(found: Similar, page: Path) -> Iterator[str]:
    if found.clusters:
        yield f"similar: {counted(len(found.clusters), 'cluster')}, never a mark: {page}"
    else:
        yield f"similar: nothing is alike: {page}"
    for cluster in found.clusters:
        links = _strongest(cluster)
        alike = ", ".join(f"{link.exercise} {link.share:.2f}" for link in links[:5])
        more = f", and {len(links) - 5} more" if len(links) > 5 else ""
        yield f"  {', '.join(map(printable, cluster.names))}: {alike}{more}"
    if found.too_short:
        yield f"too short to tell: {', '.join(found.too_short)}"
    for name in found.too_long:
        yield f"too long, the rest was not looked at: {printable(name)}"


def _strongest(cluster: Cluster) -> list[Link]:
    """Return, for each exercise in which some are alike, the pair that shares most."""
    links = [link for pair in cluster.pairs for link in pair.links]
    links.sort(key=lambda link: len(link.shared))
    best = {link.exercise: link for link in links}.values()
    return sorted(best, key=lambda link: -len(link.shared))


def _passages(
    cluster: Cluster, known: frozenset[str]
) -> list[tuple[Link, tuple[list[Line], list[Line]]]]:
    """Return what is shown side by side: for each exercise, the pair that is most alike."""
    return [
        (link, (_marked(link.answers[0], link, known), _marked(link.answers[1], link, known)))
        for link in _strongest(cluster)[:MOST_PASSAGES]
    ]


def _marked(answer: Answer, link: Link, known: frozenset[str]) -> list[Line]:
    """Return the lines of an answer; those with a token of a shared run are marked."""
    found = tokens(answer.lines, known)
    marked = {
        token.line
        for start, run in enumerate(runs(found))
        if run in link.shared
        for token in found[start : start + RUN]
    }
    shown = [Line(text, n in marked) for n, text in enumerate(answer.lines[:MOST_LINES])]
    if (more := len(answer.lines) - MOST_LINES) > 0:
        shown.append(Line(f"(and {more} more lines)", False))
    return shown

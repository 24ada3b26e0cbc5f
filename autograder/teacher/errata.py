"""Errata: what the documents say, and what an experiment shows."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent, wrap

from autograder.course.experiments import KINDS, every_erratum, printed_by
from autograder.inside.words import counted

_WIDTH = 92


def lines() -> Iterator[str]:
    """Run every experiment; yield the claims, the facts, the code and what it prints here."""
    every = list(every_erratum())
    for exercise, one in every:
        yield f"{one.source} {KINDS[one.kind]}   ({exercise.id} {exercise.name})"
        yield from _block("claim", one.claim)
        yield from _block("fact", one.fact)
        yield indent(one.code.strip(), " " * 10)
        yield from _block("prints", printed_by(one.code))
        yield ""
    yield counted(len(every), "claim")


def _block(label: str, text: str) -> Iterator[str]:
    for part in text.splitlines():
        for line in wrap(part, _WIDTH, break_on_hyphens=False) or [""]:
            yield f"  {label:<8}{line}"
            label = ""

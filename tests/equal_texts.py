"""Equal texts: what the grader takes as equal because its text is, is decoded and compared, too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from autograder.cells import replies
from autograder.inside.observation import Observation
from autograder.judging.compare import TOLERANCES, gaps


@dataclass
class Texts:
    """The texts of observations that were read, and those that were found to differ from
    themselves: there must be none."""

    read: int = 0
    again: int = 0
    unequal: list[str] = field(default_factory=list)


@contextmanager
def decoded_twice() -> Iterator[Texts]:
    """While this is active, each text is decoded twice, and both are compared as two answers."""
    texts, kept = Texts(), replies._read_once

    def read(text: str) -> Observation:
        one, other = replies._read(text), replies._read(text)
        if any(gap for dtype in TOLERANCES for gap in gaps(one, other, dtype)):
            texts.unequal.append(text)
        hits = kept.cache_info().hits
        found = kept(text)
        texts.read += 1
        texts.again += kept.cache_info().hits > hits
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replies, "_read_once", read)
        yield texts

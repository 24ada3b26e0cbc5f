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
    """The texts of observations that were read; how many of them a reference had sent before, and
    those of them whose decoded copy has a gap to it: there must be none."""

    read: int = 0
    known: int = 0
    unequal: list[str] = field(default_factory=list)


@contextmanager
def decoded_all() -> Iterator[Texts]:
    """While this is active, a text that is known is decoded nevertheless, and compared."""
    texts, observation = Texts(), replies._observation

    def read(text: object, trusted: bool) -> Observation:
        known = replies._KEPT.get(str(text))
        texts.read += 1
        if known is not None:
            texts.known += 1
            decoded = replies._decoded(str(text))
            if any(gap for dtype in TOLERANCES for gap in gaps(decoded, known, dtype)):
                texts.unequal.append(str(text))
        return observation(text, trusted)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replies, "_observation", read)
        yield texts

"""Probes of autotune."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch.backends import cudnn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import outcome_of

_WORDS = {True: "on", False: "off"}


class Broken(Exception):
    """What a block may raise."""


@probe("blocks")
def autotune_blocks(impl: Implementation, given: Given) -> Facts:
    """The setting in blocks with drawn shapes, all equal or not, one block after the other."""
    draw, seen = random.Random(given.seed), []
    with _put_back():
        for _ in range(given.blocks):
            with impl.autotune(_shapes(draw)):
                seen.append(_WORDS[cudnn.benchmark])
    return {"setting in the blocks": " ".join(seen)}


@probe("afterwards")
def autotune_afterwards(impl: Implementation, given: Given) -> Facts:
    """The setting before, in and after a block, and after one that ends by an exception."""
    shapes, before = [tuple(shape) for shape in given.shapes], given.benchmark == "on"
    facts: Facts = {}

    def block(told: str, error: Exception | None = None) -> None:
        cudnn.benchmark, cudnn.enabled = not before, error is None
        cudnn.deterministic, cudnn.allow_tf32 = True, False
        made = impl.autotune(shapes)
        facts[f"after making it, {told}"] = _WORDS[cudnn.benchmark]
        cudnn.benchmark = before
        with made:
            facts[f"in {told}"] = _WORDS[cudnn.benchmark]
            facts[f"other settings in {told}"] = _others()
            if error:
                raise error

    with _put_back():
        block("a block")
        facts["after the block"] = _WORDS[cudnn.benchmark]
        answer = outcome_of(lambda: block("a block that raises", Broken("the block")), Broken)
        facts["exception that reaches the caller"] = answer
        facts["after the block that raises"] = _WORDS[cudnn.benchmark]
        facts["other settings afterwards"] = _others()
        with impl.autotune([(2, 3), (2, 3)]):
            with impl.autotune([(2, 3), (3, 2)]):
                facts["in a block within a block"] = _WORDS[cudnn.benchmark]
            facts["after the block within a block"] = _WORDS[cudnn.benchmark]
        facts["after both"] = _WORDS[cudnn.benchmark]
    return facts


def _others() -> str:
    """Tell the settings that are none of a block's business."""
    names = ("enabled", "deterministic", "allow_tf32")
    return ", ".join(f"{name} {_WORDS[bool(getattr(cudnn, name))]}" for name in names)


def _shapes(draw: random.Random) -> list[tuple[int, ...]]:
    """Draw shapes: a few equal ones, of which one may be changed a little."""
    shape = tuple(draw.randint(2, 9) for _ in range(draw.randint(1, 4)))
    shapes = [shape] * draw.randint(2, 5)
    if draw.random() < 0.5:
        shapes[draw.randrange(len(shapes))] = _another(shape, draw)
    return shapes


def _another(shape: tuple[int, ...], draw: random.Random) -> tuple[int, ...]:
    place = draw.randrange(len(shape))
    longer = (*shape[:place], shape[place] + 1, *shape[place + 1 :])
    return draw.choice([longer, (*shape, 1)])


@contextmanager
def _put_back() -> Iterator[None]:
    """Put the settings of cuDNN back, which are no setting of a process's other probes."""
    before: Any = (cudnn.benchmark, cudnn.enabled, cudnn.deterministic, cudnn.allow_tf32)
    try:
        yield
    finally:
        cudnn.benchmark, cudnn.enabled, cudnn.deterministic, cudnn.allow_tf32 = before

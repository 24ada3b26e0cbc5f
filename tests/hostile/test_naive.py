"""The control: many of the same attacks defeat a grader of one process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.samples import MODEL, MSE

from .attack import Attack
from .conftest import places
from .corpus import ATTACKS, WANTED, wanted_at
from .naive import HONEST_S, LIMIT_S, defeats_naive

MARKED = [attack for attack in ATTACKS if attack.naive]
SUCCEED = wanted_at("naive", MARKED)[:: 1 if WANTED == "whole" else 2]  # each imports torch
HONEST = [
    Attack("really-right", "It is right.", MODEL + MSE),
    Attack("really-wrong", "It is wrong.", "def mse(pred, target):\n    return pred.sum() * 0\n"),
]

pytestmark = pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")


@pytest.fixture(scope="module")
def defeated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, bool]]:
    """What becomes of the naive grader under attacks marked `naive`, a right and a wrong answer."""
    folder = tmp_path_factory.mktemp("naive")
    with places("mark", folder) as filled, ThreadPoolExecutor(2) as pool:
        limits = [LIMIT_S] * len(SUCCEED) + [HONEST_S] * len(HONEST)
        wanted = SUCCEED + HONEST
        graded = pool.map(lambda one, s: defeats_naive(one, filled, folder, s), wanted, limits)
        yield {a.name: right for a, right in zip(wanted, graded, strict=True)}


def test_the_naive_grader_tells_right_from_wrong(defeated: dict[str, bool]) -> None:
    """For an honest submission it does its work."""
    assert defeated["really-right"]
    assert not defeated["really-wrong"]


def test_at_least_fifty_attacks_are_marked() -> None:
    """The control would prove little with a few."""
    assert len(MARKED) >= 50


@pytest.mark.parametrize("name", [attack.name for attack in SUCCEED])
def test_the_attack_succeeds(name: str, defeated: dict[str, bool]) -> None:
    """What fails against this kit passes for a right answer there, or ends the grading."""
    assert defeated[name]

"""`descent check` finds what is wrong with the kit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder import mistakes, probes
from autograder.answers.keys import answer_keys
from autograder.course import exercises
from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts
from autograder.mistakes import WrongWay
from autograder.teacher import selfcheck
from autograder.teacher.selfcheck import catalogue_faults, findings, mistake_faults

MSE = exercises()["mse"]


def test_a_sound_exercise_has_no_fault() -> None:
    """The catalogue's mse is as it should be."""
    assert list(catalogue_faults(MSE)) == []
    assert list(mistake_faults(MSE, answer_keys([MSE])["mse"], "public")) == []


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (replace(MSE, hints=("only one",)), "1 hints, not 3"),
        (replace(MSE, points=0), "no points"),
        (replace(MSE, builds_on=("fit",)), "builds on fit, which does not come before it"),
        (replace(MSE, builds_on=("nothing",)), "builds on nothing"),
        (replace(MSE, id="m99.9"), "answers no question"),
    ],
)
def test_faults_of_an_entry_are_told(broken: object, told: str) -> None:
    """Hints, points, foundations and questions are looked at."""
    assert any(told in fault for fault in catalogue_faults(broken))  # type: ignore[arg-type]


def test_a_probe_that_stops_at_the_reference_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal exceptions of the probe's own would let every submission pass the case."""

    def typo(it: Implementation, given: Given) -> Facts:
        return {"loss": it.mze}

    monkeypatch.setitem(probes._PROBES, ("mse", "value"), typo)
    told = "the probe value of mse stops at the reference on {'seed': "
    assert any(told in fault for fault in findings([MSE]))


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        (1.0, "moves no public case"),
        (1 + 1e-8, "moves no public case by 1000 tolerances"),
        (0.5, "looks like another one"),
    ],
)
def test_a_mistake_must_be_caught_by_far_and_named(
    monkeypatch: pytest.MonkeyPatch, factor: float, told: str
) -> None:
    """A mistake that changes nothing, too little, or the same as another one is a fault."""
    from m06_model import mse

    def wrong(pred: object, target: object) -> object:
        return mse(pred, target) * factor  # type: ignore[arg-type]

    another = WrongWay("mse", "new", "mse", wrong, "feedback", __file__)
    monkeypatch.setattr(mistakes, "_MISTAKES", [*mistakes.of("m06_model", "mse"), another])
    faults = list(mistake_faults(MSE, answer_keys([MSE])["mse"], "public"))
    assert any("new" in fault and told in fault for fault in faults)


def test_a_stub_out_of_step_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed docstring in a solution asks for `descent build`."""
    monkeypatch.setattr(
        selfcheck, "built_files", lambda module, chosen: {f"{module}.py": "another stub"}
    )
    assert "exercises/m06_model.py is out of step with the solution: run `descent build`" in list(
        selfcheck.stub_faults()
    )

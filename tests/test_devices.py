"""Devices: every case of the CPU is repeated on CUDA, and meta shows a hard-coded device."""

from __future__ import annotations

from contextlib import closing

import pytest
import torch

from autograder.answers.keys import answer_keys, cases
from autograder.cells.observer import LocalObserver
from autograder.course import Exercise, exercises
from autograder.inside import probes
from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.observation import Observation, Outcome
from autograder.inside.observe import observe
from autograder.judging.verdict import AnswerKey, Verdict, judge

# What cannot be asked of a GPU: numbers without tensors, worker processes, a generator of the CPU.
CPU_ONLY = {"split", "update_counts", "Stream", "noisy_line"}


def judged(exercise: Exercise, function: object, only: str, observer: LocalObserver) -> Verdict:
    """Judge a function on the cases of one device."""
    whole = answer_keys([exercise], observer, b"secret")[exercise.name]
    pairs = zip(whole.cases, whole.expected, strict=True)
    wanted = [(case, expected) for case, expected in pairs if case.device == only]
    key = AnswerKey(tuple(c for c, _ in wanted), lambda: tuple(e for _, e in wanted))
    impl = Implementation({exercise.name: function}, frozenset({__file__}))
    seen = [observe(impl, probes.find(exercise.place, c.probe), c.given) for c in key.cases]
    return judge(exercise, key, Outcome("m06_model.py", observations=tuple(seen)))


@pytest.mark.parametrize("exercise", exercises().values(), ids=lambda exercise: exercise.id)
def test_every_case_has_a_twin_on_cuda(exercise: Exercise) -> None:
    """With CUDA, each CPU case stands there again, unless it is marked as one of the CPU."""
    found = cases(exercise, b"secret", cuda=True)
    movable = [c for c in found if c.device == "cpu" and not c.given.get("cpu_only")]
    assert len([c for c in found if c.device == "cuda"]) == len(movable)
    assert bool(movable) is (exercise.name not in CPU_ONLY)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_without_a_gpu_cuda_cases_are_not_run(observer: LocalObserver) -> None:
    """They are neither passed nor failed, and do not count."""
    exercise = exercises()["mse"]
    key = answer_keys([exercise], observer, b"secret", cuda=True)["mse"]
    seen = tuple(expected or Observation() for expected in key.expected)
    verdict = judge(exercise, key, Outcome("m06_model.py", observations=seen))
    assert (verdict.status, verdict.score) == ("pass", exercise.points)
    assert {
        status
        for case, status in zip(key.cases, verdict.probes, strict=True)
        if case.device == "cuda"
    } == {"not_run"}


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("exercise", exercises().values(), ids=lambda exercise: exercise.id)
def test_references_run_on_cuda(exercise: Exercise) -> None:
    """No reference raises on a CUDA case, and a second run equals the first."""
    with closing(LocalObserver("basic", cuda=True)) as observer:
        references_run_on_cuda(exercise, observer)


def references_run_on_cuda(exercise: Exercise, observer: LocalObserver) -> None:
    """Observe a reference twice."""
    key = answer_keys([exercise], observer, b"secret", cuda=True)[exercise.name]
    expected = [seen for seen in key.expected if seen is not None]
    assert {seen.raised for seen in expected} == {None}
    again = answer_keys([exercise], observer, b"secret", cuda=True)[exercise.name].expected
    seen = tuple(observation for observation in again if observation is not None)
    assert judge(exercise, key, Outcome("", observations=seen)).status == "pass"


def test_meta_shows_a_hard_coded_device(observer: LocalObserver) -> None:
    """A tensor made on the CPU is right on the CPU and wrong on meta."""
    exercise = exercises()["mse"]

    def mse(pred: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        if pred.shape != target.shape:
            raise ValueError
        return ((pred - target) ** 2 * torch.ones(pred.shape, dtype=pred.dtype)).mean()

    assert judged(exercise, mse, "cpu", observer).status == "pass"
    assert judged(exercise, mse, "meta", observer).status == "fail"


def test_code_that_reads_numbers_is_let_off_on_meta(observer: LocalObserver) -> None:
    """A right loop over single numbers has full marks; its meta case is not run."""
    exercise = exercises()["nudge"]

    def nudge(g: torch.Tensor) -> torch.Tensor:
        moved = torch.zeros_like(g)
        for index in range(g.numel()):
            value = g.flatten()[index].item()
            moved.view(-1)[index] = (value < 0) - (value > 0)
        return moved

    assert judged(exercise, nudge, "cpu", observer).status == "pass"
    on_meta = judged(exercise, nudge, "meta", observer)
    assert (on_meta.status, set(on_meta.probes)) == ("pass", {"not_run"})


def test_givens_do_not_depend_on_the_device() -> None:
    """The same spec draws the same numbers, whatever was drawn before it."""
    spec = {"seed": 5, "n": 3, "n_in": 2, "n_out": 4}
    first, second = Given(spec).regression(), Given(spec).regression()
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    other = Given({**spec, "seed": 6}).regression()
    assert not torch.equal(first[0], other[0])


def test_float32_inputs_are_eighths_and_never_zero() -> None:
    """So that sums of their products are exact in any order."""
    x = Given({"seed": 1, "dtype": "float32"}).randn(500)
    assert torch.equal(x * 8, (x * 8).round())
    assert bool((x != 0).all())


def test_a_given_notices_changed_inputs_and_global_randomness() -> None:
    """Its two watchdogs see an in-place change and a draw from the global generator."""
    given = Given({"seed": 1})
    given.stir_global_generators()
    x = given.randn(3)
    assert given.inputs_afterwards()["inputs afterwards"] == "unchanged"
    assert given.global_random_state() == "untouched"
    torch.rand(1)
    x.add_(1)
    assert given.inputs_afterwards()["inputs afterwards"] == "changed in place"
    assert given.global_random_state() == "moved"

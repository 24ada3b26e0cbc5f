"""Devices: every case of the CPU is repeated on CUDA, and the stand-in shows device bugs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from autograder.answers.keys import answer_keys, cases
from autograder.answers.ways import references
from autograder.cells.observer import LocalObserver
from autograder.cells.replies import Wanted
from autograder.course import Exercise, exercises
from autograder.inside import probes
from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.observation import Observation, Outcome
from autograder.inside.observe import observe
from autograder.judging.compare import gaps
from autograder.judging.key import AnswerKey
from autograder.judging.verdict import Verdict, judge

# What cannot be asked of a GPU: numbers without tensors, worker processes, a generator of the CPU.
CPU_ONLY = {
    *("split", "update_counts", "Stream", "noisy_line", "Value", "autotune", "propagated_std"),
    *("receptive_field", "export_affine"),
}
WITHOUT_TENSORS = {  # nor a generator
    *("split", "update_counts", "Stream", "backoff_lr"),
    *("table_to_tensors", "from_array", "strides_of", "broadcast_shape", "Value"),
    *("expected_errors", "select_lr", "gd_wins", "propagated_std"),
    *("seed_everything", "loader_options", "timed", "autotune"),
    *("receptive_field", "export_affine"),  # tensors of the CPU alone are exported
}


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


def mse_with(weights: Callable[[Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    """Return an mse that is right on the CPU, with weights of 1 that are made in some way."""

    def mse(pred: Tensor, target: Tensor) -> Tensor:
        if pred.shape != target.shape:
            raise ValueError
        return ((pred - target) ** 2 * weights(pred)).mean()

    return mse


def mse_on_the_cpu(pred: Tensor, target: Tensor) -> Tensor:
    """Leave .cpu() in."""
    if pred.shape != target.shape:
        raise ValueError
    return ((pred - target) ** 2).mean().cpu()


def cost_surface_in_a_buffer(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """Fill a tensor of the CPU by copy, and return it."""
    surface = torch.empty(len(ws), len(bs), dtype=x.dtype)
    return surface.copy_(
        (ws[:, None, None] * x.flatten() + bs[:, None] - y.flatten()).square().mean(2)
    )


def fit_without_moving(
    epochs: int, model: nn.Module, loss_fn: Any, opt: torch.optim.Optimizer, loader: Any
) -> list[float]:
    """Leave the batches where they are."""
    means = []
    for _ in range(epochs):
        total, rows = 0.0, 0
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            total, rows = total + loss.item() * len(xb), rows + len(xb)
        means.append(total / rows)
    return means


def noisy_line_on(device: Any) -> Callable[..., tuple[Tensor, Tensor]]:
    """Return a noisy_line that draws on a device whatever the generator's is."""

    def noisy_line(
        n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        x = torch.rand(n, 1, generator=generator, device=device)
        return x, slope * x + bias + sigma * torch.randn(n, 1, generator=generator, device=device)

    return noisy_line


DEVICE_BUGS = [
    ("mse", mse_with(lambda pred: torch.ones(pred.shape, dtype=pred.dtype))),
    ("mse", mse_with(lambda pred: torch.ones(pred.shape, dtype=pred.dtype, device="cpu"))),
    ("mse", mse_with(lambda pred: torch.from_numpy(np.ones(pred.shape)).to(pred.dtype))),
    ("mse", mse_on_the_cpu),
    ("cost_surface", cost_surface_in_a_buffer),
    ("fit", fit_without_moving),
    ("noisy_line", noisy_line_on("cpu")),
]


@pytest.mark.parametrize(("name", "function"), DEVICE_BUGS)
def test_the_stand_in_shows_what_is_right_on_the_cpu_only(
    name: str, function: object, observer: LocalObserver
) -> None:
    """Each kind of device bug is right on the CPU and wrong on the stand-in."""
    assert judged(exercises()[name], function, "cpu", observer).status == "pass"
    assert judged(exercises()[name], function, "stand-in", observer).status == "fail"


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_cuda_as_text_is_wrong_on_the_stand_in(observer: LocalObserver) -> None:
    """The stand-in is no CUDA device."""
    mse = mse_with(lambda pred: torch.ones(pred.shape, dtype=pred.dtype, device="cuda"))
    assert judged(exercises()["mse"], mse, "stand-in", observer).status == "fail"


def nudge_by_numbers(g: Tensor) -> Tensor:
    """Read each number."""
    moved = torch.zeros_like(g)
    for index in range(g.numel()):
        value = g.flatten()[index].item()
        moved.view(-1)[index] = (value < 0) - (value > 0)
    return moved


def to_linear_by_data(w: Tensor, b: Tensor) -> nn.Linear:
    """Set .data of a layer that is made on the CPU, in torch's default dtype."""
    layer = nn.Linear(w.shape[1], w.shape[0])
    layer.weight.data = w.detach().clone()
    layer.bias.data = b.detach().clone()
    return layer


@pytest.mark.parametrize("function", [nudge_by_numbers, to_linear_by_data])
def test_what_is_right_on_cuda_is_right_on_the_stand_in(
    function: Callable[..., object], observer: LocalObserver
) -> None:
    """Numbers may be read, and the data of a parameter may be set."""
    exercise = exercises()[function.__name__.split("_by")[0]]
    assert judged(exercise, function, "stand-in", observer).status == "pass"


@pytest.mark.parametrize("exercise", exercises().values(), ids=lambda exercise: exercise.id)
def test_an_exercise_that_takes_tensors_has_a_public_case_on_the_stand_in(
    exercise: Exercise, observer: LocalObserver
) -> None:
    """Its reference gives there what it gives on the CPU, but for the device; an exercise of
    several functions has a case for each."""
    found = [case for case in cases(exercise) if case.device == "stand-in"]
    assert bool(found) is (exercise.name not in WITHOUT_TENSORS)
    for case in found:
        there = answer_keys([exercise], observer)[exercise.name]
        expected = there.expected[there.cases.index(case)]
        twin = replace(case, given={**case.given, "device": "cpu"})
        wanted = Wanted(exercise, [twin.request()])
        ((here,),) = (
            o.observations for o in observer.outcomes(references([exercise.module]), [wanted])
        )
        assert expected is not None
        assert {g.aspect for g in gaps(expected, here, case.dtype)} <= {"device"}


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

"""Mistakes of double_descent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from m16_generalisation import double_descent
from torch import Tensor

from autograder.course.marks import mistake


@mistake("penalty", asks="tb.55")
def penalty(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """You add a small number to the diagonal before you solve, a penalty on squared coefficients.
    It keeps the coefficients small just where as many features as rows would make them huge, so
    the peak is lost. Look for a least-squares solution without it."""

    def fitted(features: Tensor) -> Tensor:
        gram = features.T @ features + 1e-3 * torch.eye(features.shape[1]).to(x)
        solution: Tensor = torch.linalg.solve(gram, features.T @ y)
        return solution

    return _errors((x, xt, yt), widths, seed, fitted)


@mistake("first-features", asks="tb.55")
def first_features(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """With more features than rows you use only as many features as there are rows. That fit is
    exact, but not the one of minimum norm, which spreads over all features; its test error does
    not fall again. Look at how a wide system is solved."""

    def fitted(features: Tensor) -> Tensor:
        coefficients = features.new_zeros(features.shape[1], y.shape[1])
        coefficients[: len(y)] = torch.linalg.pinv(features[:, : len(y)]) @ y
        return coefficients

    return _errors((x, xt, yt), widths, seed, fitted)


@mistake("new-features-at-the-test")
def new_features_at_the_test(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """The test rows go through another W than the training rows, so coefficient k is multiplied
    with a feature that it was not fitted to. One model has one W. Look at how often you draw."""
    errors = []
    for width in widths:
        generator = torch.Generator(x.device).manual_seed(seed)
        first, second = (_drawn(x, width, generator) for _ in range(2))
        coefficients = torch.linalg.pinv(torch.relu(x @ first)) @ y
        errors.append((torch.relu(xt @ second) @ coefficients - yt).square().mean().item())
    return errors


@mistake("one-generator")
def one_generator(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """You seed one generator and draw the matrices of all widths from it. A width's error then
    depends on which widths came before it. The task wants a generator for each width, seeded anew.
    Look at where it is made."""
    generator = torch.Generator(x.device).manual_seed(seed)
    return _errors(
        (x, xt, yt),
        widths,
        seed,
        lambda features: torch.linalg.pinv(features) @ y,
        lambda width: _drawn(x, width, generator),
    )


@mistake("training-error")
def training_error(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """You return the error on the training rows. It only falls as features are added, down to 0
    where they are as many as the rows: no peak can show there. Look at the rows whose predictions
    you compare."""
    return double_descent(x, y, x, y, widths, seed)


@mistake("no-relu")
def no_relu(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """Your features are the plain products with W. They are sums of the inputs, so there are never
    more independent features than inputs, however wide W is. Look at what has to happen to the
    products before anything is fitted."""
    return [
        (xt @ w @ torch.linalg.pinv(x @ w) @ y - yt).square().mean().item()
        for w in (_drawn(x, width, _seeded(x, seed)) for width in widths)
    ]


@mistake("drawn-transposed")
def drawn_transposed(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """You draw W as [K, I], one row per feature, and transpose it. The numbers are the same, but
    they stand in other places, so the features are others than those that the task describes.
    Look at the two sizes in the draw."""

    def drawn(width: int) -> Tensor:
        shape = (width, x.shape[1])
        return torch.randn(shape, generator=_seeded(x, seed), dtype=x.dtype, device=x.device).T

    return _errors((x, xt, yt), widths, seed, lambda f: torch.linalg.pinv(f) @ y, drawn)


@mistake("drawn-in-float32")
def drawn_in_float32(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """You draw W in torch's default dtype, float32, and convert it. The same seed gives other
    numbers in float32 than in float64. Look at the arguments of the draw: it can be told the
    dtype."""

    def drawn(width: int) -> Tensor:
        shape = (x.shape[1], width)
        return torch.randn(shape, generator=_seeded(x, seed), device=x.device).to(x)

    return _errors((x, xt, yt), widths, seed, lambda f: torch.linalg.pinv(f) @ y, drawn)


@mistake("column-of-ones")
def column_of_ones(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """You add a column of ones to the features, a bias. That is one feature more than the width
    says, so the peak comes one width too early. The task wants none. Look at what you put beside
    the ReLU features."""
    errors = []
    for width in widths:
        w = _drawn(x, width, _seeded(x, seed))
        train, test = (
            torch.cat([torch.relu(t @ w), torch.ones_like(t[:, :1])], dim=1) for t in (x, xt)
        )
        errors.append((test @ torch.linalg.pinv(train) @ y - yt).square().mean().item())
    return errors


@mistake("sum-for-mean")
def sum_for_mean(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """You sum the squared test errors and do not divide. The mean is asked for, over all elements
    of yt, so that test sets of different size can be compared. Look at the last operation."""
    return [error * yt.numel() for error in double_descent(x, y, xt, yt, widths, seed)]


@mistake("global-generator")
def global_generator(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """Your errors are right, but you use torch's global generator, as torch.manual_seed does. All
    code that draws from it later gets other numbers because of your call. Make a generator of your
    own and hand it to the draw."""
    torch.manual_seed(seed)
    return double_descent(x, y, xt, yt, widths, seed)


@mistake("tensors")
def tensors(x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int) -> Any:
    """You collect tensors. The numbers are right, but the task wants floats, which hold nothing
    else and lie on no device. Look at what you append to the list."""
    return [torch.tensor(error).to(x) for error in double_descent(x, y, xt, yt, widths, seed)]


def _errors(
    data: tuple[Tensor, Tensor, Tensor],
    widths: Sequence[int],
    seed: int,
    fitted: Callable[[Tensor], Tensor],
    drawn: Callable[[int], Tensor] | None = None,
) -> list[float]:
    """Return the test errors of coefficients that are fitted, or of features drawn, otherwise."""
    x, xt, yt = data
    errors = []
    for width in widths:
        w = drawn(width) if drawn else _drawn(x, width, _seeded(x, seed))
        coefficients = fitted(torch.relu(x @ w))
        errors.append((torch.relu(xt @ w) @ coefficients - yt).square().mean().item())
    return errors


def _seeded(x: Tensor, seed: int) -> torch.Generator:
    return torch.Generator(x.device).manual_seed(seed)


def _drawn(x: Tensor, width: int, generator: torch.Generator) -> Tensor:
    shape = (x.shape[1], width)
    return torch.randn(shape, generator=generator, dtype=x.dtype, device=x.device)

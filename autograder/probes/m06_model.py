"""Probes of m06: parameters, model and loss."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear

from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.probes import Facts, probe
from autograder.probes.tools import gradients, outcome_of, standard_normal, tenths

WHOLE = 0.03  # how far from a whole number a weight may be that was one


@probe("make_params", "parameters")
def make_params_parameters(it: Implementation, given: Given) -> Facts:
    """Shapes, dtypes and devices of w and b, and whether they are leaves that can be trained."""
    generator = None if given.device.type == "meta" else given.generator()
    w, b = _made(it, given, generator)
    return {"w": _blank(w), "b": _blank(b), "w's role": _role(w), "b's role": _role(b)}


@probe("make_params", "numbers")
def make_params_numbers(it: Implementation, given: Given) -> Facts:
    """How the numbers of w and b are distributed, in many draws."""
    rows, b = (p.detach().double() for p in _made(it, given, given.generator()))
    w, b = rows.flatten(), b.flatten()
    return {
        **standard_normal("w's numbers", w),
        **standard_normal("b's numbers", b),
        # By Chernoff each leaves its tenth with probability 2 exp(-n 0.05^2 / 2) = 3e-11 at most.
        "covariance of w and b, to a tenth": _covariance(w[: len(b)], b),
        "covariance of w's row means and b, to a tenth": _covariance(rows.mean(1), b),
        "covariance of w's first two columns, to a tenth": _covariance(rows[:, 0], rows[:, 1]),
    }


@probe("make_params", "generator")
def make_params_generator(it: Implementation, given: Given) -> Facts:
    """Whether a generator decides the numbers, and it alone."""
    generator = given.generator()
    first, second = (_made(it, given, generator) for _ in range(2))
    again = _made(it, given, given.generator())
    return {
        "second numbers for the same seed": _alike(again, first),
        "numbers of a second call with one generator": _alike(second, first),
        "global random state": given.global_random_state(),
    }


@probe("make_params", "defaults")
def make_params_defaults(it: Implementation, given: Given) -> Facts:
    """What the two counts alone give: default dtype and device, numbers of the global generator."""
    with _default_dtype(given.dtype):
        given.seed_global_generators()
        first, second = (it.make_params(given.n_in, given.n_out) for _ in range(2))
        torch.default_generator.manual_seed(given.seed)
        again = it.make_params(given.n_in, given.n_out)
    (w, b), default = first, f"torch's default dtype {given.dtype}".replace("torch.", "")
    return {
        f"w by {default}": _blank(w),
        f"b by {default}": _blank(b),
        "second numbers for the same torch.manual_seed": _alike(again, first),
        "numbers of a second call": _alike(second, first),
    }


@probe("model", "predictions")
def model_predictions(it: Implementation, given: Given) -> Facts:
    """The predictions, what they are where all features are 0, and their gradients.

    A second call must leave the first one's result alone, and plain tensors plain.
    """
    x = given.randn(given.n, given.n_in).requires_grad_()
    w = given.randn(given.n_out, given.n_in).requires_grad_()
    b = given.randn(given.n_out).requires_grad_()
    pred = it.model(x, w, b)
    if x.is_meta:  # where operations are slow, and there are no numbers
        return {"predictions": pred}
    plain = [tensor.detach() + 1 for tensor in (x, w, b)]
    second = it.model(*plain)
    slopes = gradients(pred.square(), [w, b, x])
    return {
        "predictions": pred,
        "predictions of a second call": second,
        "prediction for x = 0": it.model(x.new_zeros(1, given.n_in), w, b),
        "gradient to w of the summed squares": slopes[0],
        "gradient to b of the summed squares": slopes[1],
        "gradient to x of the summed squares": slopes[2],
        "plain inputs that require a gradient afterwards": sum(p.requires_grad for p in plain),
    }


@probe("mse", "value")
def mse_value(it: Implementation, given: Given) -> Facts:
    """The loss of a prediction, also of one with a nan, and its gradient.

    On the crop table the prediction is the mean. Torch's own loss shows in the graph.
    """
    _, target = given.regression()
    pred = target.mean(0) + 0 * target if "rows" in given.spec else given.randn(*target.shape)
    pred = (pred * given.spec.get("scale", 1)).requires_grad_()
    before = pred.detach().clone()
    loss = it.mse(pred, target)
    if pred.is_meta:
        return {"loss": loss}
    spoilt = before.clone()
    spoilt[0, 0] = math.nan
    return {
        "loss": loss,
        "loss's gradient": gradients(loss, [pred])[0],
        "loss where a prediction is nan": it.mse(spoilt, target),
        "predictions afterwards": "as before" if torch.equal(pred, before) else "changed",
        "loss function of torch": "at work" if _behind(loss, "MseLoss") else "not used",
    }


@probe("mse", "refusal")
def mse_refusal(it: Implementation, given: Given) -> Facts:
    """What happens when predictions and targets have different shapes that would broadcast."""
    pred, target = given.randn(*given.pred), given.randn(*given.target)
    return {
        "answer to unequal shapes": outcome_of(lambda: it.mse(pred, target), ValueError),
        "answer to them swapped": outcome_of(lambda: it.mse(target, pred), ValueError),
    }


@probe("expected_random_loss", "value")
def expected_random_loss_value(it: Implementation, given: Given) -> Facts:
    """The expected loss of random parameters."""
    return {"expected loss": it.expected_random_loss(*given.regression())}


@probe("recover_params", "parameters")
def recover_params_parameters(it: Implementation, given: Given) -> Facts:
    """The parameters behind printed predictions: the tutorial's, or those of a random model."""
    if "rows" in given.spec:
        x, preds = given.regression()[0], given.tensor(given.preds)
    else:
        x = _spread_rows(given)
        made = linear(x, given.randn(given.n_out, given.n_in), given.randn(given.n_out))
        preds = given.tensor(made.cpu().round(decimals=4))  # as if printed
        if "rough" in given.spec:  # every row twice, with predictions that no parameters fit
            x = given.tensor(x.repeat(2, 1).cpu())
            preds = given.tensor(torch.cat([preds, preds + given.randn(*preds.shape)]).cpu())
    w, b = it.recover_params(x, preds)
    return {"w": w, "b": b}


@probe("recover_params", "accuracy")
def recover_params_accuracy(it: Implementation, given: Given) -> Facts:
    """Parameters that were whole numbers, from features whose spread is small beside their size."""
    signs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * given.n_in)
    x = given.tensor(signs + given.offset)
    w = given.integers(1, 6, given.n_out, given.n_in).to(given.dtype)
    b = given.integers(1, 6, given.n_out).to(given.dtype)
    preds = given.tensor(linear(x, w, b).cpu())  # whole numbers too, so exact
    w, b = it.recover_params(x, preds)
    return {"w (of whole numbers)": _whole(w), "b (of whole numbers)": _whole(b)}


def _made(it: Implementation, given: Given, generator: torch.Generator | None) -> Any:
    return it.make_params(
        given.n_in, given.n_out, generator=generator, device=given.device, dtype=given.dtype
    )


@contextmanager
def _default_dtype(dtype: torch.dtype) -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _blank(tensor: Tensor) -> Tensor:
    """Keep shape, dtype and device, and drop the numbers: they may be any."""
    return torch.zeros_like(tensor)


def _role(tensor: Tensor) -> str:
    if not tensor.is_leaf:
        return "no leaf: computed from another tensor"
    if tensor.grad is not None:
        return "a leaf whose .grad is filled already"
    return "a leaf that requires its gradient" if tensor.requires_grad else "no gradient required"


def _behind(value: Any, operation: str) -> bool:
    """Say whether a kind of operation stands in the graph behind a value."""
    nodes = [value.grad_fn] if isinstance(value, Tensor) and value.grad_fn else []
    seen = set(nodes)
    while nodes:
        node = nodes.pop()
        if operation in node.name():
            return True
        later = {up for up, _ in node.next_functions if up is not None} - seen
        seen |= later
        nodes.extend(later)
    return False


def _covariance(numbers: Tensor, others: Tensor) -> float:
    return tenths(((numbers - numbers.mean()) * (others - others.mean())).mean())


def _alike(made: Any, other: Any) -> str:
    w, b = (torch.equal(p, q) for p, q in zip(made, other, strict=True))
    if w != b:
        return f"{'w' if w else 'b'} equal to the first, {'b' if w else 'w'} different"
    return "equal to the first" if w else "different from the first"


def _spread_rows(given: Given) -> Tensor:
    """Features of mean 1 and variance 1, uncorrelated: well-conditioned, for n above n_in."""
    rows, columns = torch.arange(given.n) + 0.5, torch.arange(given.n_in) + 1
    return given.tensor(1 + 2**0.5 * torch.cos(torch.outer(rows, columns * math.pi / given.n)))


def _whole(tensor: Tensor) -> Tensor | str:
    """Give the whole numbers that the tensor is close to, or say that it is not.

    Features of 60 plus or minus 1 have condition number 7,200, so a stable method in float32 is off
    by at most about 0.005; one that squares the condition number by 0.04 and more. At 300 it is
    180,000: any method in float64 is right to 0.0001, but one that computes in float32, or takes
    small singular values for 0, is far off.
    """
    near = tensor.round()
    close = bool(((tensor - near).abs() < WHOLE).all())
    return near if close else f"not within {WHOLE} of whole numbers"

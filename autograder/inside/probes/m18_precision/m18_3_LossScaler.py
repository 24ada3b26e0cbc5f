"""Probes of LossScaler."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import number
from autograder.inside.probes.tools import copies, equal, outcome_of, stored_gradient


@probe("training")
def scaler_training(impl: Implementation, given: Given) -> Facts:
    """Steps of training with a scale at which the loss may overflow."""
    x, y, w = given.randn(given.n, given.n_in), given.randn(given.n), given.leaf(given.n_in)
    opt = torch.optim.SGD([w], lr=0.05, momentum=0.5)

    def loss() -> Tensor:
        return ((x @ w - y) ** 2).mean()

    with _noting_torchs_scaler() as made:
        own = impl.LossScaler(given.init)
        start = own.get_scale()
        bare = loss()
        scaled = own.scale(bare).detach().clone()
        facts: Facts = {
            "kind of the scale": "a float" if isinstance(start, float) else describe(start),
            "scale at the start": number(start)[1],
            "scaled loss": scaled,
            "loss after it was scaled": bare.detach(),
        }
        for step in range(1, given.steps + 1):
            facts |= _step(step, own, opt, {"w": w}, loss)
    return {"torch.amp": "used" if made else "not used", **facts}


@probe("overflow")
def scaler_overflow(impl: Implementation, given: Given) -> Facts:
    """Steps of training, one of them with a bad number in one gradient."""
    params = {"w": given.leaf(given.n), "b": given.leaf(2)}
    spoilt, c = params[given.where], given.randn(given.n)
    whole = "b" if given.where == "w" else "w"
    opt = torch.optim.SGD([{"params": [p]} for p in params.values()], lr=0.25, momentum=0.5)
    own, other = impl.LossScaler(given.init), impl.LossScaler()
    facts: Facts = {}

    def spoil(gradient: Tensor) -> Tensor:
        spoilt_one = gradient.clone()
        spoilt_one[-1] = float(given.bad)
        return spoilt_one

    for step in range(1, given.steps + 1):
        hook = spoilt.register_hook(spoil) if step == given.at else None
        facts |= _step(step, own, opt, params, lambda: (params["w"] * c).sum() + params["b"].sum())
        facts[f"gradient of {whole} after step {step}"] = stored_gradient(params[whole])
        if hook:
            hook.remove()
    return {**facts, "scale of another scaler, made without a number": number(other.get_scale())[1]}


@probe("large")
def scaler_large(impl: Implementation, given: Given) -> Facts:
    """A step with gradients that are finite, though their squares, and their sum, would not be; or
    with such as only become infinite when they are divided by a scale below 1."""
    w = (given.leaf(given.n).detach() / 1024).requires_grad_()
    slopes = (given.leaf(given.n).detach().abs() / 100 + 0.35) * torch.finfo(w.dtype).max
    opt = torch.optim.SGD([w], lr=2e-38)
    own = impl.LossScaler(given.init)
    return _step(1, own, opt, {"w": w}, lambda: (w * given.times * slopes).sum())


@probe("unscale")
def scaler_unscale(impl: Implementation, given: Given) -> Facts:
    """A step in which the caller unscales the gradients, twice, and clips them; and one more, after
    which he unscales them. A parameter took no part in the loss."""
    w, unused, c = given.leaf(given.n), given.leaf(2), given.randn(given.n)
    opt, own = torch.optim.SGD([unused, w], lr=0.5), impl.LossScaler(given.init)
    own.scale((w * c).sum()).backward()
    facts: Facts = {
        "answer to a parameter without a gradient": outcome_of(lambda: own.unscale_(opt)),
        "gradient after unscale_": stored_gradient(w),
        "answer to a second unscale_": outcome_of(lambda: own.unscale_(opt), RuntimeError),
        "gradient after the second": stored_gradient(w),
    }
    if w.grad is not None:
        w.grad.clamp_(-0.25, 0.25)
    own.step(opt)
    facts["w after a step with the clipped gradient"] = w.detach().clone()
    own.update()
    opt.zero_grad()
    own.scale((w * c).sum()).backward()
    own.step(opt)
    facts["w after step 2"] = w.detach().clone()
    facts["answer to unscale_ after step"] = outcome_of(lambda: own.unscale_(opt), RuntimeError)
    return facts


def _step(
    step: int,
    own: Any,
    opt: torch.optim.Optimizer,
    params: dict[str, Tensor],
    loss: Callable[[], Tensor],
) -> Facts:
    """Take one step of training, and tell what has become of it."""
    opt.zero_grad()
    own.scale(loss()).backward()
    before = copies(params.values())
    own.step(opt)
    stepped = number(own.get_scale())[1]
    own.update()
    same = all(map(equal, params.values(), before))
    return {
        f"step {step}": "skipped" if same else "taken",
        f"scale before the update of step {step}": stepped,
        f"scale after step {step}": number(own.get_scale())[1],
        **{f"{name} after step {step}": p.detach().clone() for name, p in params.items()},
    }


@contextmanager
def _noting_torchs_scaler() -> Iterator[list[str]]:
    """Note every scaler of torch that is made."""
    made: list[str] = []
    kind: Any = torch.amp.GradScaler
    before = kind.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        made.append("scaler")
        before(self, *args, **kwargs)

    kind.__init__ = init
    try:
        yield made
    finally:
        kind.__init__ = before

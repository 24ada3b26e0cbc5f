"""Probes of make_training."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import equal

PLAIN = {  # what the parts are, beside their sizes
    "model's parameters": "bias, weight",
    "dtype of the model's parameters": "float32",
    "optimizer": "torch.optim.SGD",
    "optimizer's settings": "plain",
    "optimizer's learning rate": "the given one",
}


@probe("training")
def make_training_training(impl: Implementation, given: Given) -> Facts:
    """The three parts, and some steps of training with them from a start set by the grader."""
    x, y = given.regression()
    model, loss_fn, opt = impl.make_training(x.shape[1], y.shape[1], given.lr, given.model_seed)
    model.to(given.device)  # moves the numbers; the parameters stay the same objects
    facts = _parts(model, opt, given.lr)
    sizes = [facts.get("shape of the model's weight"), facts.get("shape of the model's bias")]
    if facts | PLAIN != facts or sizes != [(y.shape[1], x.shape[1]), (y.shape[1],)]:
        return facts  # numbers would only tell how far other parts lead elsewhere
    with torch.no_grad():
        for p in (model.weight, model.bias):
            p.copy_(given.leaf(*p.shape))
    for step in range(1, given.steps + 1):
        opt.zero_grad()
        facts[f"loss before step {step}"] = value = loss_fn(model(x), y)
        value.backward()
        opt.step()
        facts[f"weight after step {step}"] = model.weight.detach().clone()
        facts[f"bias after step {step}"] = model.bias.detach().clone()
    return facts


@probe("seed")
def make_training_seed(impl: Implementation, given: Given) -> Facts:
    """Whether the first weights depend on the seed, and on nothing else."""

    def made(seed: int) -> nn.Module:
        model: nn.Module = impl.make_training(given.n_in, given.n_out, 0.1, seed)[0]
        return model

    one = made(given.model_seed)
    if (names := _names(one)) != PLAIN["model's parameters"]:
        return {"model's parameters": names}
    first = {name: p.detach().clone() for name, p in one.named_parameters()}
    torch.rand(3)  # another state of torch's generator than before the first draw
    another = made(given.model_seed)
    torch.rand(5)
    other = made(given.model_seed + 1000)

    def compared(model: nn.Module, name: str) -> str:
        return "the same" if equal(first[name], model.get_parameter(name)) else "different"

    return {
        "model's parameters": names,
        "weight with the same seed": compared(another, "weight"),
        "bias with the same seed": compared(another, "bias"),
        "weight with another seed": compared(other, "weight"),
        "bias with another seed": compared(other, "bias"),
        "model of a second call": "the same one" if one is another else "another one",
    }


def _parts(model: nn.Module, opt: Any, lr: float) -> Facts:
    """Say what a model and an optimizer are; with other parameters the rest has no names."""
    params = dict(model.named_parameters())
    facts: Facts = {"model's parameters": _names(model)}
    if facts["model's parameters"] != PLAIN["model's parameters"]:
        return facts
    facts |= {
        "dtype of the model's parameters": ", ".join(
            sorted({str(p.dtype).removeprefix("torch.") for p in params.values()})
        ),
        "shape of the model's weight": tuple(params["weight"].shape),
        "shape of the model's bias": tuple(params["bias"].shape),
        "optimizer": "torch.optim.SGD" if isinstance(opt, torch.optim.SGD) else type(opt).__name__,
    }
    if not isinstance(opt, torch.optim.Optimizer):
        return facts
    rates = {group["lr"] for group in opt.param_groups}
    return facts | {
        "optimizer's tensors": _whose(opt, list(params.values())),
        "optimizer's settings": _settings(opt),
        "optimizer's learning rate": _rate(rates, lr),
    }


def _rate(rates: Set[Any], lr: float) -> str:
    if rates == {lr}:
        return "the given one"
    return "another one for some parameters" if lr in rates else "another one"


def _names(model: nn.Module) -> str:
    """Name a model's parameters, or say that they belong to a single part of it."""
    names = sorted(name for name, _ in model.named_parameters())
    last = [name.rpartition(".")[2] for name in names]
    if last == ["bias", "weight"] and all("." in name for name in names):
        return "bias and weight of a part of it"
    return ", ".join(names) or "none"


def _whose(opt: Any, own: Sequence[Tensor]) -> str:
    """Say whose tensors an optimizer holds: the model's own, all or some, copies, or others."""
    held = [p for group in getattr(opt, "param_groups", []) for p in group["params"]]
    if {id(p) for p in held} == {id(p) for p in own}:
        return "the model's own"
    if held and {id(p) for p in held} < {id(p) for p in own}:
        return "some of the model's own"
    if len(held) == len(own) and all(map(equal, held, own)):
        return "copies of the model's"
    return "not the model's"


def _settings(opt: Any) -> str:
    """Name what makes an optimizer more than plain gradient descent."""
    extras = ("momentum", "dampening", "weight_decay", "nesterov", "maximize")
    groups = getattr(opt, "param_groups", [])
    return ", ".join(name for group in groups for name in extras if group.get(name)) or "plain"

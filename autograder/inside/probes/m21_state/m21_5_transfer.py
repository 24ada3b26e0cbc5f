"""Probes of transfer and gradients_below."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import copies, equal, gradients


@probe("training")
def transfer_training(impl: Implementation, given: Given) -> Facts:
    """What a training with the new parameters, in training mode, leaves of the backbone, and where
    the new layer goes."""
    _, width, n_out = given.sizes
    body = _body(given)
    before = copies(body.state_dict().values())
    pair = impl.transfer(body, width, n_out)
    if not isinstance(pair, tuple) or len(pair) != 2 or not isinstance(pair[0], nn.Module):
        return {"result": describe(pair)}
    model, params = pair
    facts: Facts = {
        "mode of the model": _mode([model]),
        "mode of the backbone in it": _mode(body.modules()),
        "the backbone": "in the model" if body in model.modules() else "not in the model",
        "entries of the model's state_dict": len(model.state_dict()),
        "parameters to train": _shapes(params),
        "parameters that require their gradient": _shapes(
            [p for p in model.parameters() if p.requires_grad]
        ),
    }
    wanted = ([n_out], [n_out, width])
    if facts["parameters to train"] != ", ".join(map(str, wanted)):
        return facts
    bias, weight = sorted(params, key=lambda p: p.dim())
    facts["new layer at the start"] = _start(weight, bias, width)
    with torch.no_grad():
        for p in (weight, bias):
            p.copy_(given.leaf(*p.shape))
    opt = torch.optim.SGD(params, lr=given.lr, momentum=0.5)
    for step in (1, 2):
        x, y = given.randn(given.n, given.sizes[0]), given.randn(given.n, n_out)
        model.train(True)
        pred = model(x.requires_grad_())
        facts[f"prediction in step {step}"] = pred
        facts[f"gradient for x in step {step}"] = gradients(pred, [x])[0] if step == 2 else "-"
        opt.zero_grad()
        (model(x) - y).square().mean().backward()
        opt.step()
        facts |= {f"new weight after step {step}": weight.detach().clone()}
        facts |= {f"new bias after step {step}": bias.detach().clone()}
    facts |= _changes(body, before)
    facts["prediction in eval mode"] = model.eval()(given.randn(2, given.sizes[0]))
    return facts


@probe("below")
def transfer_below(impl: Implementation, given: Given) -> Facts:
    """Which gradients are returned, where some are stored already, and what is left of it."""
    n_in, width, n_out = given.sizes
    below = nn.Linear(n_in, width)
    body = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, n_out))
    every = [below.to(given.device, given.dtype), body.to(given.device, given.dtype)]
    params = [p for part in every for p in part.parameters()]
    with torch.no_grad():
        for p in params:
            p.copy_(given.leaf(*p.shape) / 2)
    for p in params[:-1]:
        p.grad = given.leaf(*p.shape).detach()
    numbers = copies(params)
    grads = [None if p.grad is None else p.grad.clone() for p in params]
    tracked: list[bool] = []
    body.register_forward_pre_hook(lambda part, _: tracked.append(_is_tracked(part)))
    found = impl.gradients_below(below, body, given.randn(given.n, n_in))
    if not isinstance(found, dict):
        return {"result of gradients_below": describe(found)}
    facts: Facts = {"keys of the result": ", ".join(sorted(map(str, found)))}
    for way in ("flag", "no_grad"):
        gradient = found.get(way, "missing")
        facts[f"gradient below by {way}"] = "None" if gradient is None else gradient
    same = all(map(equal, params, numbers))
    kept = all(equal(p.grad, g) for p, g in zip(params, grads, strict=True))
    return facts | {
        "gradients that were stored": "as before" if kept else "changed",
        "parameters of both": "as before" if same else "changed",
        "passes that need gradients of the body": "some" if any(tracked) else "none",
    }


def _is_tracked(part: nn.Module) -> bool:
    return torch.is_grad_enabled() and any(p.requires_grad for p in part.parameters())


def _body(given: Given) -> nn.Module:
    """Return a network on the given's device, in training mode, all of whose numbers are drawn."""
    n_in, width, _ = given.sizes
    layers = [nn.Linear(n_in, width), nn.BatchNorm1d(width), nn.Tanh(), nn.Dropout(0.5)]
    body = nn.Sequential(*layers).to(given.device, given.dtype)
    with torch.no_grad():
        for tensor in body.state_dict().values():
            drawn = given.leaf(*tensor.shape)
            tensor.copy_(drawn.abs() * 9 if tensor.dtype == torch.int64 else drawn.abs() + 0.5)
    return body


def _mode(parts: Any) -> str:
    modes = {part.training for part in parts}
    return "both" if len(modes) > 1 else "train" if True in modes else "eval"


def _shapes(params: Any) -> str:
    if not isinstance(params, list) or not all(isinstance(p, Tensor) for p in params):
        return describe(params)
    return ", ".join(sorted((str(list(p.shape)) for p in params), key=len)) or "none"


def _start(weight: Tensor, bias: Tensor, fan_in: int) -> str:
    """Say whether numbers can be those of torch's default start."""
    numbers = torch.cat([weight.detach().flatten(), bias.detach()])
    if bool((numbers == numbers[0]).all()):
        return "all equal"
    wide = bool((numbers.abs() > fan_in**-0.5 * (1 + 1e-6)).any())
    return "beyond 1 over the root of its inputs" if wide else "within its bounds"


def _changes(body: nn.Module, before: list[Tensor]) -> Facts:
    """Name what of the backbone has changed, and what has got a gradient."""
    names = [*body.state_dict()]
    pairs = zip(names, body.state_dict().values(), before, strict=True)
    changed = [name for name, now, old in pairs if not equal(now, old)]
    given_gradients = [name for name, p in body.named_parameters() if p.grad is not None]
    return {
        "what of the backbone has changed": ", ".join(changed) or "nothing",
        "what of the backbone has got a gradient": ", ".join(given_gradients) or "nothing",
    }

"""Probes of spectral."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from autograder.inside.given import Given, Numbers
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import copies, equal, gradients


@probe("layer")
def spectral_layer(impl: Implementation, given: Given) -> Facts:
    """What the module computes, its gradients and what it is made of."""
    layer = _layer(given)
    params, before = [*layer.parameters()], copies(layer.parameters())
    module = impl.spectral(layer, given.iters)
    if not isinstance(module, nn.Module):
        return {"kind of the result": describe(module)}
    own = [*module.parameters()]
    same = len(own) == len(params) and all(any(p is q for q in own) for p in params)
    kept = any(equal(t, before[0]) for t in module.state_dict().values())
    x, weights = given.randn(given.n, given.n_in), given.randn(given.n, given.n_out)
    out = module(x)
    return {
        "kind of the result": "a module",
        "parameters of the module": "those of the layer" if same else "others",
        "W among the entries of the state_dict": "there" if kept else "missing",
        "largest singular value of the weight that is used": _largest(module, given),
        "output": out,
        "gradient for W of the weighted output": gradients(out * weights, params[:1])[0],
    }


@probe("training")
def spectral_training(impl: Implementation, given: Given) -> Facts:
    """What training makes of it, in steps of SGD."""
    module = impl.spectral(_layer(given), given.iters)
    x, y = given.randn(given.n, given.n_in), given.randn(given.n, given.n_out)
    opt = torch.optim.SGD(module.parameters(), lr=0.05)
    every = []
    for _ in range(given.steps):
        loss = (module(x) - y).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        every.append(float(loss))
    return {
        "losses": every,
        "largest singular value after training": _largest(module, given),
        "output after training": module(x),
    }


def _layer(given: Given) -> nn.Linear:
    """Return a layer whose singular values are a scale, 0.4 of it, 0.16 of it and so on; or one
    that takes the difference of two inputs, to which a vector of ones is nothing."""
    draws = np.random.RandomState(given.seed)
    rank = min(given.n_in, given.n_out)
    left, right = (
        np.linalg.qr(draws.standard_normal((size, rank)))[0] for size in (given.n_out, given.n_in)
    )
    numbers: Numbers = left * (given.scale * 0.4 ** np.arange(rank)) @ right.T
    if given.spec.get("difference"):
        numbers = numbers[:, :1] * [1, -1]
    layer = nn.Linear(given.n_in, given.n_out, given.bias, device=given.device, dtype=given.dtype)
    with torch.no_grad():
        layer.weight.copy_(given.tensor(numbers))
        if given.bias:
            layer.bias.copy_(given.leaf(given.n_out))
    return layer


def _largest(module: nn.Module, given: Given) -> float:
    """Return the largest singular value of what a module multiplies by: 1, if it is so to 1e-3."""
    with torch.no_grad():
        unit = torch.eye(given.n_in, dtype=given.dtype, device=given.device)
        used: Tensor = module(unit) - module(torch.zeros_like(unit))
    found = float(np.linalg.svd(used.cpu().double().numpy(), compute_uv=False)[0])
    return 1.0 if abs(found - 1) < 1e-3 else round(found, 3)

"""The references of m21, proved by other routes."""

from __future__ import annotations

import copy
import math
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from m21_state import (
    Dropout,
    LazyAffine,
    RunningNorm,
    export_affine,
    gradients_below,
    hyper_forward,
    load,
    load_matching,
    save,
    transfer,
)
from torch import nn
from torch.nn import functional as F


@pytest.mark.parametrize(("dtype", "bound"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
@pytest.mark.parametrize("momentum", [0.1, 0.6])
def test_running_norm_follows_torchs_own_layer(
    dtype: torch.dtype, bound: float, momentum: float
) -> None:
    """Outputs, gradients and statistics are those of nn.BatchNorm1d over batches of three sizes,
    and in eval mode."""
    generator = torch.Generator().manual_seed(1)
    theirs = nn.BatchNorm1d(3, affine=False, momentum=momentum).to(dtype)
    ours = RunningNorm(3, momentum).to(dtype)
    for n in (5, 2, 8):
        x = 3 * torch.randn(n, 3, generator=generator, dtype=dtype) + 1
        one, other = x.clone().requires_grad_(), x.clone().requires_grad_()
        out, expected = ours(one), theirs(other)
        (out**3).sum().backward()
        (expected**3).sum().backward()
        assert torch.allclose(out, expected, rtol=bound, atol=bound)
        assert torch.allclose(one.grad, other.grad, rtol=bound, atol=10 * bound)  # type: ignore
    for name in ("running_mean", "running_var"):
        assert torch.allclose(getattr(ours, name), getattr(theirs, name), rtol=bound, atol=bound)
        assert not getattr(ours, name).requires_grad
    x, kept = torch.randn(1, 3, generator=generator, dtype=dtype), ours.running_mean.clone()
    assert torch.allclose(ours.eval()(x), theirs.eval()(x), rtol=bound, atol=bound)
    assert torch.equal(ours.running_mean, kept)
    assert set(ours.state_dict()) == {"running_mean", "running_var"} and not [*ours.parameters()]


@pytest.mark.parametrize("p", [0.2, 0.5, 0.9])
def test_dropout_keeps_the_mean_and_follows_torchs_own(p: float) -> None:
    """A number of 1 becomes 0 or 1 / (1 - p), as in torch's own dropout; its mean over 200,000
    draws stays 1 within 7 standard errors, and its gradient is its factor."""
    x = torch.ones(200_000, dtype=torch.float64, requires_grad=True)
    out = Dropout(p, torch.Generator().manual_seed(2))(x)
    assert torch.allclose(out.unique(), F.dropout(x, p).unique())
    assert abs(out.mean().item() - 1) < 7 * math.sqrt(p / (1 - p) / len(x))
    (gradient,) = torch.autograd.grad(out.sum(), x)
    assert torch.allclose(gradient, out)


def test_dropout_at_its_edges() -> None:
    """All is dropped at 1 and nothing at 0; eval mode returns x; other p are refused."""
    x = torch.randn(3, 4, requires_grad=True)
    (Dropout(1.0)(x)).sum().backward()
    assert not Dropout(1.0)(x).any() and not x.grad.any()
    assert torch.equal(Dropout(0.0)(x), x) and torch.equal(Dropout(0.9).eval()(x), x)
    for p in (-0.1, 1.1):
        with pytest.raises(ValueError, match="probability"):
            Dropout(p)


def test_dropout_draws_from_its_generator_alone() -> None:
    """A seed repeats the mask; the next call has another one; torch's generator stays."""
    before, x = torch.random.get_rng_state(), torch.ones(100)
    layer = Dropout(0.5, torch.Generator().manual_seed(3))
    first, second = layer(x), layer(x)
    assert torch.equal(first, Dropout(0.5, torch.Generator().manual_seed(3))(x))
    assert not torch.equal(first, second)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_save_and_load_make_the_same_model_again(tmp_path: Path) -> None:
    """The file is a state_dict that torch reads safely; the model that comes back predicts the
    same, buffers included, in eval mode."""
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    model(torch.randn(9, 3))
    save(model, tmp_path / "model.pt")
    state = torch.load(tmp_path / "model.pt", weights_only=True)
    assert list(state) == list(model.state_dict()) and model.training
    made = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    back = load(lambda: made, str(tmp_path / "model.pt"), "cpu")
    x = torch.randn(5, 3)
    assert back is made and not back.training
    assert torch.equal(back(x), model.eval()(x))


def test_load_refuses_what_is_no_state_dict_of_the_model(tmp_path: Path) -> None:
    """A pickled model raises UnpicklingError, a state_dict of another size RuntimeError."""
    torch.save(nn.Linear(3, 2), tmp_path / "whole.pt")
    with pytest.raises(pickle.UnpicklingError):
        load(lambda: nn.Linear(3, 2), tmp_path / "whole.pt", "cpu")
    save(nn.Linear(3, 2), tmp_path / "other.pt")
    with pytest.raises(RuntimeError, match="size mismatch"):
        load(lambda: nn.Linear(2, 2), tmp_path / "other.pt", "cpu")


def test_load_matching_sorts_every_name_once() -> None:
    """Sorted by brute force; what is loaded is copied, all else keeps its numbers."""
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    before = copy.deepcopy(model.state_dict())
    sd = {"0.weight": torch.ones(4, 3), "2.weight": torch.ones(4, 2), "x": torch.ones(1)}
    assert load_matching(model, sd) == {
        "loaded": ["0.weight"],
        "missing": [name for name in before if name not in ("0.weight", "2.weight")],
        "unexpected": ["x"],
        "wrong_shape": ["2.weight"],
    }
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, sd["0.weight"] if name == "0.weight" else before[name])
    sd["0.weight"].zero_()
    assert model.get_parameter("0.weight").eq(1).all()


def test_transfer_trains_the_new_layer_alone() -> None:
    """After steps in training mode the body is the same bit for bit, and the head has followed the
    gradient that a plain linear regression on the features has."""
    body = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5)).double()
    before = copy.deepcopy(body.state_dict())
    model, params = transfer(body, 4, 2)
    x, y = torch.randn(7, 3).double(), torch.randn(7, 2).double()
    features = copy.deepcopy(body).eval()(x).detach()
    (weight,) = [p for p in params if p.dim() == 2]
    (bias,) = [p for p in params if p.dim() == 1]
    start = weight.detach().clone()
    error = features @ start.T + bias.detach() - y
    opt = torch.optim.SGD(params, lr=0.1)
    model.train()
    (model(x) - y).square().mean().backward()
    opt.step()
    assert torch.allclose(weight, start - 0.1 * 2 * error.T @ features / y.numel())
    assert all(torch.equal(t, before[name]) for name, t in body.state_dict().items())
    assert all(p.grad is None for p in body.parameters())


def test_gradients_below_is_the_chain_rule() -> None:
    """By the flag the gradient is that of a product of matrices; under no_grad there is none."""
    below, body, x = nn.Linear(3, 4).double(), nn.Linear(4, 2).double(), torch.randn(5, 3).double()
    found = gradients_below(below, body, x)
    expected = body.weight.sum(0)[:, None] * x.sum(0)
    assert found["no_grad"] is None and torch.allclose(found["flag"], expected)  # type: ignore
    assert all(
        p.requires_grad and p.grad is None for p in (*below.parameters(), *body.parameters())
    )


def test_hyper_forward_is_the_layer_with_those_numbers() -> None:
    """The result is that of a twin that has loaded the tensors; by finite differences their
    gradient is right; the layer keeps its own."""
    layer = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)).double()
    x, w = torch.randn(4, 2).double(), torch.randn(3, 2).double().requires_grad_()
    twin, before = copy.deepcopy(layer), copy.deepcopy(layer.state_dict())
    twin.load_state_dict({**before, "0.weight": w.detach()})
    assert torch.equal(hyper_forward(layer, {"0.weight": w}, x), twin(x))
    assert torch.autograd.gradcheck(lambda p: hyper_forward(layer, {"0.weight": p}, x), [w])
    assert all(torch.equal(t, before[name]) for name, t in layer.state_dict().items())
    with pytest.raises(KeyError, match="weight"):
        hyper_forward(layer, {"weight": w}, x)


def test_lazy_affine_is_torchs_lazy_layer() -> None:
    """From one seed the numbers follow nn.LazyLinear's distribution function; with the same numbers
    results and a step of an optimizer that was made before are the same."""
    ours, theirs = LazyAffine(4000), nn.LazyLinear(4000)
    steps = [torch.optim.SGD(layer.parameters(), lr=0.1) for layer in (ours, theirs)]
    x = torch.randn(3, 2, 5)
    ours(x), theirs(x)
    for name in ("weight", "bias"):
        drawn = [getattr(layer, name).detach().flatten().sort().values for layer in (ours, theirs)]
        assert (drawn[0] - drawn[1]).abs().max() < 0.06 and drawn[0].abs().max() <= 5**-0.5
    ours.load_state_dict(theirs.state_dict())
    for layer, opt in zip((ours, theirs), steps, strict=True):
        layer(x).square().mean().backward()
        opt.step()
    assert torch.equal(ours.weight, theirs.weight) and torch.equal(ours.bias, theirs.bias)
    with pytest.raises(RuntimeError):
        ours(torch.randn(2, 4))


def test_export_affine_is_the_closed_form_for_any_number_of_rows(tmp_path: Path) -> None:
    """The program in the file computes x W^T + b of both layers for 1 to 5 rows, as numpy does it
    from the parameters; each part of the model keeps its mode."""
    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.9), nn.Linear(4, 2))
    model[0].eval()
    (w, b), (v, c) = (
        (layer.weight.detach().double().numpy(), layer.bias.detach().double().numpy())
        for layer in model
        if isinstance(layer, nn.Linear)
    )
    export_affine(model, torch.randn(2, 3), str(tmp_path / "model.pt2"))
    assert [part.training for part in model.modules()] == [True, False, True, True]
    program = torch.export.load(tmp_path / "model.pt2").module()
    for n in range(1, 6):
        x = torch.randn(n, 3)
        expected = (x.double().numpy() @ w.T + b) @ v.T + c
        assert np.allclose(program(x).detach().numpy(), expected, rtol=1e-5, atol=1e-5)

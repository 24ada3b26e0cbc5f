"""The references of m22, proved by other routes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from m22_hooks import first_nonfinite, gradient_report, scale_grad, spectral
from torch import Tensor, nn
from torch.autograd import gradcheck
from torch.nn import functional as F
from torch.nn.utils import parametrizations


def drawn(*shape: int, seed: int = 0) -> Tensor:
    """Return standard-normal numbers in float64."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=generator)


def network() -> nn.Sequential:
    """Return a network with layers within layers, its parameters drawn."""
    model = nn.Sequential(
        nn.Sequential(nn.Linear(3, 4), nn.Tanh()), nn.Linear(4, 4), nn.Softplus(), nn.Linear(4, 1)
    ).double()
    with torch.no_grad():
        for place, p in enumerate(model.parameters()):
            p.copy_(drawn(*p.shape, seed=place))
    return model


def test_gradient_report_follows_finite_differences() -> None:
    """Each norm is that of the slopes of the loss where one output of the layer is moved."""
    model, x, y = network(), drawn(2, 3, seed=7), drawn(2, 1, seed=8)
    report = gradient_report(model, F.mse_loss, x, y)
    assert [*report] == ["0.0", "0.1", "1", "2", "3"]
    for name, layer in model.named_modules():
        if name not in report:
            continue
        slopes = [_slope(model, layer, x, y, entry) for entry in range(_outputs(model, layer, x))]
        assert report[name] == pytest.approx(torch.tensor(slopes).norm().item(), rel=1e-6)


def _outputs(model: nn.Module, layer: nn.Module, x: Tensor) -> int:
    sizes: list[int] = []
    with layer.register_forward_hook(lambda m, i, out: sizes.append(out.numel())):
        model(x)
    return sizes[0]


def _slope(model: nn.Module, layer: nn.Module, x: Tensor, y: Tensor, entry: int) -> float:
    """Move one entry of a layer's output both ways; return the slope of the loss."""
    losses = []
    for move in (1e-6, -1e-6):

        def moved(module: nn.Module, inputs: Any, out: Tensor, move: float = move) -> Tensor:
            other = out.clone()
            other.view(-1)[entry] += move
            return other

        with layer.register_forward_hook(moved):
            losses.append(F.mse_loss(model(x), y).item())
    return (losses[0] - losses[1]) / 2e-6


def test_gradient_report_leaves_the_model_as_it_was() -> None:
    """No hook, and .grad as before; a layer alone is called by the empty name."""
    model, x, y = network(), drawn(2, 3), drawn(2, 1)
    first = next(model.parameters())
    first.grad = torch.ones_like(first)
    gradient_report(model, F.mse_loss, x, y)
    assert torch.equal(first.grad, torch.ones_like(first))
    assert [p.grad for p in model.parameters()][1:] == [None] * 5
    assert not any(part._forward_hooks or part._backward_hooks for part in model.modules())
    layer = nn.Linear(3, 1).double()
    pred = layer(x)
    expected = (2 * (pred - y) / 2).norm().item()
    assert gradient_report(layer, F.mse_loss, x, y) == {"": pytest.approx(expected)}


@pytest.mark.parametrize("k", [-3.0, 0.0, 0.1])
def test_scale_grad_keeps_the_numbers_and_scales_its_path_alone(k: float) -> None:
    """The numbers are equal bit by bit; of three uses, each gives its own share."""
    t = drawn(3, 2).requires_grad_()
    result = scale_grad(t, k)
    assert torch.equal(result, t)
    (result**2 + t**3 + 5 * scale_grad(t, 2.0)).sum().backward()
    expected = k * 2 * t + 3 * t**2 + 2 * 5
    assert t.grad is not None
    torch.testing.assert_close(t.grad, expected.detach())


def test_scale_grad_is_the_derivative_of_a_product() -> None:
    """With the numbers of k * t as well, the gradient is the one that gradcheck finds."""
    start = [drawn(4).requires_grad_()]
    assert gradcheck(lambda t: scale_grad(t, 1.0).sin(), start, check_undefined_grad=False)
    t = drawn(4).requires_grad_()
    (other,) = torch.autograd.grad((2.5 * t).sum(), t)
    (scaled,) = torch.autograd.grad(scale_grad(t, 2.5).sum(), t)
    assert torch.equal(scaled, other)


class _Breaking(nn.Module):
    """Divides by 0 in its own forward, after its part."""

    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.part = part

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.part(x) / 0
        return out


def test_first_nonfinite_names_the_layer_that_was_broken() -> None:
    """In a chain of layers, each broken in turn by its bias, exactly that one is named."""
    for place in range(5):
        for number in ("nan", "inf", "-inf"):
            model = nn.Sequential(*(nn.Linear(2, 2) for _ in range(5)))
            with torch.no_grad():
                model[place].bias[1] = float(number)
            assert first_nonfinite(model, torch.ones(3, 2)) == str(place)


def test_first_nonfinite_tells_sources_from_what_passes_on() -> None:
    """Bad data, a container's own forward, a number that tanh makes finite again, and nothing."""
    model = nn.Sequential(nn.Linear(2, 2), _Breaking(nn.Identity()), nn.Tanh())
    assert first_nonfinite(model, torch.tensor([[1.0, float("nan")]])) == ""
    assert first_nonfinite(model, torch.ones(1, 2)) == "1"
    assert first_nonfinite(nn.Sequential(model[0], model[2]), torch.ones(1, 2)) is None
    deep = nn.Sequential(nn.Linear(2, 2), nn.Sequential(_Breaking(_Breaking(nn.Identity()))))
    assert first_nonfinite(deep, torch.ones(1, 2)) == "1.0.part"


def test_first_nonfinite_takes_its_hooks_away_when_the_model_raises() -> None:
    """The exception goes on, and no hook is left."""
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(3, 3))
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        first_nonfinite(model, torch.ones(1, 2))
    assert not any(part._forward_hooks for part in model.modules())


def stretching() -> nn.Linear:
    """Return a layer with the singular values 3, 1 and 0.2."""
    left, right = (torch.linalg.qr(drawn(3, 3, seed=seed))[0] for seed in (1, 2))
    layer = nn.Linear(3, 3).double()
    values = torch.tensor([3.0, 1.0, 0.2], dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(left * values @ right.T)
    return layer


def test_spectral_agrees_with_torchs_own_parametrization() -> None:
    """Output and gradients are those of torch.nn.utils.parametrizations.spectral_norm."""
    layer, x = stretching(), drawn(4, 3)
    own = spectral(layer, 40)
    other = parametrizations.spectral_norm(copy.deepcopy(layer), n_power_iterations=40)
    torch.testing.assert_close(own(x), other(x))
    (grad,) = torch.autograd.grad(own(x).square().sum(), layer.weight)
    original = other.parametrizations["weight"].original  # type: ignore[index]
    (expected,) = torch.autograd.grad(other(x).square().sum(), [original])
    torch.testing.assert_close(grad, expected)


def test_spectral_stretches_nothing_and_stays_trainable() -> None:
    """The largest singular value is 1, also after steps; W itself is in the state_dict."""
    layer, x = stretching(), drawn(4, 3)
    weight = layer.weight.detach().clone()
    module = spectral(layer, 40)
    assert any(torch.equal(weight, t) for t in module.state_dict().values())
    opt = torch.optim.SGD(module.parameters(), lr=0.1)
    for _ in range(3):
        unit = torch.eye(3, dtype=torch.float64)
        used = (module(unit) - module(torch.zeros_like(unit))).detach()
        assert torch.linalg.svdvals(used)[0].item() == pytest.approx(1, rel=1e-9)
        opt.zero_grad()
        module(x).square().mean().backward()
        opt.step()
    assert not torch.equal(layer.weight, weight)


def test_spectral_has_the_gradients_of_finite_differences() -> None:
    """Gradients pass through W and through its singular value."""
    layer, x = stretching(), drawn(2, 3)
    module = spectral(layer, 60)

    def out(weight: Tensor) -> Tensor:
        moved: Tensor = torch.func.functional_call(module, {"layer.weight": weight}, (x,))
        return moved

    assert gradcheck(out, [layer.weight.detach().clone().requires_grad_()])

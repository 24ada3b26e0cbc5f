"""The references of m10, proved by nn.Linear, plain loops, differences and printed numbers."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from m10_linear_module import Linear, collapse, linear, param_table, to_linear
from torch import Tensor, nn

from autograder.inside.tables import crop_yield

LEADS = [(), (1,), (5,), (0,), (2, 4), (2, 1, 3)]
# What the tutorial's run ended with, and its forecast for 75 F, 63 mm and 44 %.
END_W = [[-0.258707, 0.784973, 0.566755], [-0.019397, 1.040784, 0.076940]]
END_B = [0.3448, 0.3895]
FORECAST = [55.3323, 67.8895]


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(10)


def draw(*shape: int) -> Tensor:
    """Draw standard-normal numbers in float64."""
    return torch.randn(*shape, dtype=torch.float64)


def looped(x: Tensor, w: Tensor, b: Tensor | None) -> Tensor:
    """Compute x @ w.T + b for x [N, I] with Python's own sums and products."""
    rows = []
    for row in x.tolist():
        sums = [sum(p * q for p, q in zip(row, line, strict=True)) for line in w.tolist()]
        rows.append([s + (0.0 if b is None else float(b[o])) for o, s in enumerate(sums)])
    return torch.tensor(rows, dtype=x.dtype)


def test_linear_class_holds_two_parameters_of_the_usual_shapes() -> None:
    """One row of weights per output, one bias per output, float32, both trainable."""
    named = dict(Linear(3, 2).named_parameters())
    assert {name: tuple(p.shape) for name, p in named.items()} == {"weight": (2, 3), "bias": (2,)}
    assert all(p.dtype == torch.float32 and p.requires_grad for p in named.values())


def test_linear_class_without_bias_maps_zero_to_zero() -> None:
    """With bias=False only the weight is left and the attribute is None."""
    layer = Linear(3, 2, bias=False)
    assert layer.bias is None
    assert [name for name, _ in layer.named_parameters()] == ["weight"]
    assert torch.equal(layer(torch.zeros(4, 3)), torch.zeros(4, 2))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("lead", LEADS)
def test_linear_class_exchanges_its_state_with_torchs(lead: tuple[int, ...], bias: bool) -> None:
    """Loaded from an nn.Linear it gives that layer's outputs, and the other way round."""
    torchs, own = nn.Linear(3, 4, bias=bias).double(), Linear(3, 4, bias=bias).double()
    x = draw(*lead, 3)
    for source, target in ((torchs, own), (Linear(3, 4, bias).double(), torchs)):
        target.load_state_dict(source.state_dict())
        torch.testing.assert_close(target(x), source(x))
        assert target(x).shape == (*lead, 4)


def test_linear_class_is_a_plain_weighted_sum() -> None:
    """Its output is the loop's, and the gradient of its sum counts rows and adds up features."""
    layer, x = Linear(3, 2).double(), draw(5, 3)
    assert layer.bias is not None
    torch.testing.assert_close(layer(x), looped(x, layer.weight, layer.bias.detach()))
    layer(x).sum().backward()
    assert layer.weight.grad is not None and layer.bias.grad is not None
    torch.testing.assert_close(layer.weight.grad, x.sum(0).expand(2, 3))
    torch.testing.assert_close(layer.bias.grad, torch.full((2,), 5.0).double())


def test_to_linear_makes_the_tutorials_forecast() -> None:
    """With the final weights of the tutorial, the layer forecasts what the tutorial prints."""
    w, b = torch.tensor(END_W, dtype=torch.float64), torch.tensor(END_B, dtype=torch.float64)
    forecast = to_linear(w, b)(torch.tensor([75.0, 63.0, 44.0], dtype=torch.float64))
    torch.testing.assert_close(forecast, torch.tensor(FORECAST).double(), rtol=0, atol=2e-4)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_to_linear_knows_sizes_and_dtype(dtype: torch.dtype) -> None:
    """in_features and out_features, the dtype and trainability come out right on the crop table."""
    w, b = draw(2, 3).to(dtype), draw(2).to(dtype)
    layer = to_linear(w, b)
    assert (layer.in_features, layer.out_features) == (3, 2)
    assert all(p.requires_grad and p.is_leaf and p.dtype == dtype for p in layer.parameters())
    x = torch.tensor(crop_yield()[0]).to(dtype)
    torch.testing.assert_close(layer(x), looped(x, w, b))


def test_to_linear_copies() -> None:
    """Neither side sees later changes of the other, also when w and b require gradients."""
    w, b = draw(2, 3).requires_grad_(), draw(2).requires_grad_()
    layer, before = to_linear(w, b), (w.detach().clone(), b.detach().clone())
    with torch.no_grad():
        w.zero_()
        b.zero_()
    assert torch.equal(layer.weight, before[0]) and torch.equal(layer.bias, before[1])
    with torch.no_grad():
        layer.weight.fill_(7)
        layer.bias.fill_(7)
    assert not w.any() and not b.any()


def test_param_table_of_a_nested_frozen_and_tied_model() -> None:
    """Every parameter once, by its first full name, frozen ones too; no buffers."""
    first, last = nn.Linear(3, 3), nn.Linear(3, 3)
    last.weight = first.weight
    last.bias.requires_grad_(False)
    model = nn.Sequential(nn.Sequential(first, nn.BatchNorm1d(3)), last)
    assert param_table(model) == {
        "0.0.weight": ((3, 3), True, 9),
        "0.0.bias": ((3,), True, 3),
        "0.1.weight": ((3,), True, 3),
        "0.1.bias": ((3,), True, 3),
        "1.bias": ((3,), False, 3),
    }
    distinct = {p.data_ptr(): p for p in model.parameters()}.values()
    assert sum(n for _, _, n in param_table(model).values()) == sum(p.numel() for p in distinct)


def test_param_table_of_the_smallest_models() -> None:
    """A 0-dim parameter has the shape (), and a model without parameters an empty table."""

    class Scale(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(torch.tensor(2.0))

    assert param_table(Scale()) == {"scale": ((), True, 1)}
    assert param_table(nn.ReLU()) == {}


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("lead", LEADS)
def test_linear_works_row_by_row(lead: tuple[int, ...], bias: bool) -> None:
    """With any leading dimensions the result is the loop's over the flattened rows."""
    x, w, b = draw(*lead, 3), draw(2, 3), draw(2) if bias else None
    result = linear(x, w, b)
    assert result.shape == (*lead, 2)
    expected = looped(x.reshape(x.numel() // 3, 3), w, b).reshape(*lead, 2)
    torch.testing.assert_close(result, expected)


def test_linear_has_the_gradients_of_finite_differences() -> None:
    """Central differences confirm the gradients with respect to x, w and b."""
    x, w, b = (t.requires_grad_() for t in (draw(4, 3), draw(2, 3), draw(2)))
    assert torch.autograd.gradcheck(linear, (x, w, b))
    assert torch.autograd.gradcheck(linear, (x, w))


def test_linear_is_one_node_of_the_graph() -> None:
    """In 2-D the graph shows the fused node; a product and a plus would show the plus."""
    x, w, b = draw(4, 3), draw(2, 3).requires_grad_(), draw(2).requires_grad_()
    fused, apart = linear(x, w, b).grad_fn, (x @ w.t() + b).grad_fn
    assert fused is not None and fused.name() == "AddmmBackward0"
    assert apart is not None and apart.name() == "AddBackward0"


def stack(*sizes: int, bias: bool = True) -> list[nn.Linear]:
    """Make layers of these sizes in float64."""
    return [nn.Linear(i, o, bias).double() for i, o in pairwise(sizes)]


def test_collapse_of_two_lines_is_their_composition() -> None:
    """3 (2 x + 1) + 4 is 6 x + 7."""
    first = to_linear(torch.tensor([[2.0]]), torch.tensor([1.0]))
    second = to_linear(torch.tensor([[3.0]]), torch.tensor([4.0]))
    line = collapse([first, second])
    assert (line.weight.item(), line.bias.item()) == (6.0, 7.0)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("sizes", [(3, 2), (3, 4, 2), (3, 3, 3), (2, 5, 1, 4)])
def test_collapse_maps_as_the_stack_does(sizes: tuple[int, ...], bias: bool) -> None:
    """Its outputs are the stack's; it has a bias, is trainable and leaves the layers alone."""
    layers = stack(*sizes, bias=bias)
    before = [p.detach().clone() for layer in layers for p in layer.parameters()]
    one, x = collapse([*layers]), draw(6, sizes[0])
    torch.testing.assert_close(one(x), nn.Sequential(*layers)(x))
    assert (one.in_features, one.out_features) == (sizes[0], sizes[-1])
    assert all(p.requires_grad and p.is_leaf for p in one.parameters()) and one.bias is not None
    after = [p for layer in layers for p in layer.parameters()]
    assert all(map(torch.equal, before, after))


def test_collapse_passes_over_identities_and_refuses_a_relu() -> None:
    """nn.Identity changes no output; with nn.ReLU the stack is not linear any more."""
    first, last = stack(3, 4, 2)
    one, x = collapse([nn.Identity(), first, nn.Identity(), last]), draw(6, 3)
    torch.testing.assert_close(one(x), last(first(x)))
    for layers in ([first, nn.ReLU(), last], [first, last, nn.ReLU()], [nn.ReLU(), first]):
        with pytest.raises(ValueError, match="linear"):
            collapse(layers)


def test_collapse_of_one_layer_is_a_copy() -> None:
    """Changing the only layer later leaves the result as it was."""
    [layer] = stack(3, 2)
    one, before = collapse([layer]), layer.weight.detach().clone()
    with torch.no_grad():
        layer.weight.zero_()
    assert torch.equal(one.weight, before)


def test_collapse_has_at_most_the_rank_of_the_narrowest_layer() -> None:
    """Through a layer with one output, only a matrix of rank 1 comes out."""
    assert torch.linalg.matrix_rank(collapse([*stack(4, 5, 1, 4)]).weight) == 1
    assert torch.linalg.matrix_rank(collapse([*stack(4, 5, 2, 4)]).weight) == 2


def test_no_collapse_matches_a_stack_with_a_relu_between() -> None:
    """A linear layer meets f(x) + f(-x) = 2 f(0); with a ReLU in the stack that fails."""
    first, last = stack(3, 8, 2)
    x, zero = draw(5, 3), torch.zeros(5, 3, dtype=torch.float64)
    for f, straight in (
        (collapse([first, last]), True),
        (nn.Sequential(first, nn.ReLU(), last), False),
    ):
        assert torch.allclose(f(x) + f(-x), 2 * f(zero)) is straight

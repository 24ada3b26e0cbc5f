"""Mistakes of m10: nn.Module, nn.Linear and their parameters."""

from __future__ import annotations

import torch
from m10_linear_module import Linear, to_linear
from torch import Tensor, nn

from autograder.mistakes import mistake

Table = dict[str, tuple[tuple[int, ...], bool, int]]


@mistake("Linear", "plain-tensors")
class PlainTensors(nn.Module):
    """You stored plain tensors as attributes. A module registers only nn.Parameter objects: yours
    has no parameters, so an optimizer gets nothing to train, state_dict is empty, and .double() or
    .to() leave the tensors behind. Look at how you assign weight and bias."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = torch.randn(n_out, n_in, requires_grad=True)
        self.bias = torch.zeros(n_out, requires_grad=True) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        out = x @ self.weight.t()
        return out if self.bias is None else out + self.bias


@mistake("Linear", "weight-in-out")
class WeightInOut(nn.Module):
    """Your weight has the shape (n_in, n_out). nn.Linear keeps one row per output, so its
    state_dict does not fit into your layer; where both sizes are equal it fits silently, and the
    outputs are those of the transposed weight. Look at the order of the sizes."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_in, n_out))
        self.bias = nn.Parameter(torch.zeros(n_out)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        out = x @ self.weight
        return out if self.bias is None else out + self.bias


@mistake("Linear", "no-super-init")
class NoSuperInit(nn.Module):
    """You assign parameters before nn.Module has been set up: its own __init__ makes the tables in
    which parameters are registered, and your class never runs it, or too late. Look at the first
    line of your __init__."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        self.weight = nn.Parameter(torch.randn(n_out, n_in))
        self.bias = nn.Parameter(torch.zeros(n_out)) if bias else None


@mistake("Linear", "no-bias-attribute")
class NoBiasAttribute(Linear):
    """With bias=False your layer has no attribute called bias at all, so any code that asks for it,
    your forward included, ends in an AttributeError. nn.Linear has the attribute then too. Look at
    the branch without a bias."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__(n_in, n_out, bias)
        if not bias:
            del self.bias


@mistake("Linear", "bias-flag-ignored")
class BiasFlagIgnored(Linear):
    """Your layer has a bias even with bias=False: one more parameter is trained, x = 0 is not
    mapped to 0, and the state_dict of an nn.Linear without a bias does not fit. Look at where the
    argument bias is used."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__(n_in, n_out)


@mistake("Linear", "wraps-nn-linear")
class WrapsNnLinear(nn.Module):
    """You let an nn.Linear do the work. It predicts well, but the task is to write that layer:
    weight and bias are to be parameters of your own module, under these very names, which also
    decide the keys of its state_dict. Look at what your __init__ makes."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__()
        self.linear = nn.Linear(n_in, n_out, bias)

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        out: Tensor = self.linear(x)
        return out


@mistake("to_linear", "sizes-swapped")
def sizes_swapped(w: Tensor, b: Tensor) -> nn.Linear:
    """You gave nn.Linear its two sizes in the order of w's shape. It wants the number of inputs
    first, although it stores its weight with the outputs first, so the values of w do not fit.
    Look at what w.shape[0] counts."""
    layer = nn.Linear(w.shape[0], w.shape[1], dtype=w.dtype, device=w.device)
    with torch.no_grad():
        layer.weight.copy_(w)
        layer.bias.copy_(b)
    return layer


@mistake("to_linear", "sizes-swapped-unnoticed")
def sizes_swapped_unnoticed(w: Tensor, b: Tensor) -> nn.Linear:
    """You made the layer with its two sizes exchanged and then put tensors of other shapes into it.
    It predicts right by luck, but its in_features and out_features are wrong. nn.Linear wants the
    number of inputs first: look at what w.shape[0] counts."""
    layer = nn.Linear(w.shape[0], w.shape[1])
    layer.weight, layer.bias = nn.Parameter(w.detach().clone()), nn.Parameter(b.detach().clone())
    return layer


@mistake("to_linear", "assigned-tensor")
def assigned_tensor(w: Tensor, b: Tensor) -> nn.Linear:
    """You assigned a plain tensor to layer.weight. That name is registered as a parameter, so the
    module refuses anything that is not one. Keep the parameter and change the values in it."""
    layer = nn.Linear(w.shape[1], w.shape[0])
    layer.weight = w
    layer.bias = b  # type: ignore[assignment]
    return layer


@mistake("to_linear", "alias")
def alias(w: Tensor, b: Tensor) -> nn.Linear:
    """Your layer shares its memory with w and b: one later change of w changes the layer's
    predictions, and training the layer changes w. Look at whether you copy the values or only hand
    over the tensors."""
    layer = to_linear(w, b)
    layer.weight.data, layer.bias.data = w, b
    return layer


@mistake("to_linear", "random-bias")
def random_bias(w: Tensor, b: Tensor) -> nn.Linear:
    """You set the weight but left the bias that nn.Linear has drawn at random, so every prediction
    is off by a constant that is another one in each layer. Look at what you do with b."""
    layer = to_linear(w, b)
    layer.reset_parameters()
    with torch.no_grad():
        layer.weight.copy_(w)
    return layer


@mistake("to_linear", "default-dtype")
def default_dtype(w: Tensor, b: Tensor) -> nn.Linear:
    """Your layer is float32 on the CPU whatever w is: nn.Linear is made so by default, and copying
    values into it rounds them silently. Look at what else you can tell nn.Linear when you make
    it."""
    return to_linear(w, b).float().to("cpu")


@mistake("param_table", "state-dict")
def state_dict(model: nn.Module) -> Table:
    """You went through state_dict. It is made for saving: it lists buffers too, and a shared
    parameter once per name, so that sums count it twice; and its tensors are detached, so none
    looks trainable. Look for the method that names parameters."""
    return {k: (tuple(t.shape), t.requires_grad, t.numel()) for k, t in model.state_dict().items()}


@mistake("param_table", "children-only")
def children_only(model: nn.Module) -> Table:
    """You looked at the model's direct children only. What lies deeper, in a stack within a stack,
    and what the model holds itself is missing. Look for a method that walks the whole tree."""
    return {
        f"{name}.{own}": (tuple(p.shape), p.requires_grad, p.numel())
        for name, child in model.named_children()
        for own, p in child.named_parameters(recurse=False)
    }


@mistake("param_table", "frozen-left-out")
def frozen_left_out(model: nn.Module) -> Table:
    """You left out the parameters that do not require a gradient. Frozen ones belong to the model
    and to the table; the second entry of their row says that they are not trained. Look at the
    condition in your loop."""
    return {
        name: (tuple(p.shape), p.requires_grad, p.numel())
        for name, p in model.named_parameters()
        if p.requires_grad
    }


@mistake("param_table", "shared-twice")
def shared_twice(model: nn.Module) -> Table:
    """You list a shared parameter under each of its names, so the elements of tied layers are
    counted twice. An optimizer updates it once, and one row should stand for it. Look at how you
    go through the parameters."""
    return {
        name: (tuple(p.shape), p.requires_grad, p.numel())
        for name, p in model.named_parameters(remove_duplicate=False)
    }


@mistake("linear", "separate")
def separate(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """The numbers are right, but you multiply first and add afterwards: two operations, and a whole
    tensor in memory between them. Look for one function of torch that does both."""
    out = x @ w.t()
    return out if b is None else out + b


@mistake("linear", "separate-and-bias-required")
def separate_and_bias_required(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """You multiply first and add afterwards, which are two operations with a whole tensor between
    them, and without a bias the sum with None fails. Look for one function of torch that does
    both and knows about a missing bias."""
    return x @ w.t() + b


@mistake("linear", "bias-required")
def bias_required(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """Your function is fused and right, but it cannot do without a bias: with b=None it passes None
    to an operation that needs a tensor. Look at what should happen when there is nothing to
    add."""
    out = torch.addmm(b, x.reshape(-1, x.shape[-1]), w.t())  # type: ignore[arg-type]
    return out.reshape(*x.shape[:-1], w.shape[0])


@mistake("linear", "two-dimensions-only")
def two_dimensions_only(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """Your function takes 2-D inputs only: addmm and mm are made for matrices. The task allows any
    number of leading dimensions. Look at what becomes of an x of shape [2, 3, I]."""
    return torch.mm(x, w.t()) if b is None else torch.addmm(b, x, w.t())


@mistake("linear", "bare-addmm")
def bare_addmm(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """You call addmm for everything. It is the right kernel for a matrix and a bias, but it fails
    with b=None and with more than two dimensions. Look for the function of torch that wraps it for
    all these cases."""
    return torch.addmm(b, x, w.t())  # type: ignore[arg-type]


@mistake("linear", "not-transposed")
def not_transposed(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """The weight meets x the wrong way round: w is [O, I] and F.linear transposes it itself, addmm
    does not. Sizes clash, or, where I equals O, you silently multiply by the other matrix. Look at
    the shapes of the product."""
    return nn.functional.linear(x, w.t(), b)


@mistake("collapse", "order-reversed")
def order_reversed(layers: list[nn.Linear]) -> nn.Linear:
    """You multiply the weights in the order of the layers. The first layer touches x first, so it
    stands last in the product: W2 W1 x. Otherwise the sizes clash, or, where all are square,
    another matrix comes out. Look at the side on which you multiply."""
    w, b = layers[0].weight, _bias(layers[0])
    for layer in layers[1:]:
        w, b = w @ layer.weight, layer.weight @ b + _bias(layer)
    return to_linear(w, b)


@mistake("collapse", "biases-summed")
def biases_summed(layers: list[nn.Linear]) -> nn.Linear:
    """You just add up the biases. The bias of an early layer still passes through all later
    weights, as an input would, before it reaches the output; so yours is off by a constant, or does
    not even fit. Multiply out two layers on paper."""
    w, b = layers[0].weight, _bias(layers[0])
    for layer in layers[1:]:
        w, b = layer.weight @ w, b + _bias(layer)
    return to_linear(w, b)


@mistake("collapse", "biases-dropped")
def biases_dropped(layers: list[nn.Linear]) -> nn.Linear:
    """You multiply the weights and forget the biases, so every output is off by a constant and
    x = 0 gives 0. A stack of layers has a bias of its own: push x = 0 through it and see what comes
    out."""
    w = layers[0].weight
    for layer in layers[1:]:
        w = layer.weight @ w
    result = nn.Linear(w.shape[1], w.shape[0], bias=False)
    result.weight = nn.Parameter(w.detach().clone())
    return result


@mistake("collapse", "last-bias-only")
def last_bias_only(layers: list[nn.Linear]) -> nn.Linear:
    """You took over the bias of the last layer only. Those of the earlier layers do not vanish:
    they pass through the later weights and shift the output too. Push x = 0 through the stack and
    see what comes out."""
    w = layers[0].weight
    for layer in layers[1:]:
        w = layer.weight @ w
    return to_linear(w, _bias(layers[-1]))


@mistake("collapse", "bias-required")
def bias_required_by_collapse(layers: list[nn.Linear]) -> nn.Linear:
    """You count on every layer to have a bias. One made with bias=False holds None there, and a sum
    with None raises a TypeError. Look at what such a layer adds to its product."""
    w: Tensor = layers[0].weight
    b: Tensor = layers[0].bias
    for layer in layers[1:]:
        w, b = layer.weight @ w, layer.weight @ b + layer.bias
    return to_linear(w, b)


def _bias(layer: nn.Linear) -> Tensor:
    """Return a layer's bias, zeros where it has none."""
    return layer.weight.new_zeros(layer.out_features) if layer.bias is None else layer.bias

"""Other ways to do spectral."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations, parametrize

from autograder.course.marks import restated, right, wrong


def largest(weight):
    """Return the largest singular value, through which gradients pass."""
    return torch.linalg.eigvalsh(weight @ weight.T)[-1].sqrt()


class _Used(nn.Module):
    """Applies a layer with another weight."""

    def __init__(self, layer, of):
        super().__init__()
        self.linear = layer
        self.of = of

    def forward(self, x):
        return F.linear(x, self.of(self.linear.weight), self.linear.bias)


@right()
def by_singular_values(layer, iters):
    """The largest of the singular values that torch.linalg finds."""
    return _Used(layer, lambda w: w / torch.linalg.matrix_norm(w, ord=2))


@right()
def torchs_own_parametrization(layer, iters):
    """torch's parametrization, with iters steps."""
    return parametrizations.spectral_norm(layer, n_power_iterations=iters)


class _Divided(nn.Module):
    def forward(self, w):
        return w / torch.linalg.svdvals(w)[0]


@right()
def own_parametrization(layer, iters):
    """A parametrization of its own."""
    parametrize.register_parametrization(layer, "weight", _Divided())
    return layer


@right()
def result_rescaled(layer, iters):
    """Takes the bias away, divides, and adds it again."""

    class After(_Used):
        def forward(self, x):
            out = self.linear(x) if self.linear.bias is None else self.linear(x) - self.linear.bias
            out = out / largest(self.linear.weight)
            return out if self.linear.bias is None else out + self.linear.bias

    return After(layer, None)


@right()
def length_of_the_longest(layer, iters):
    """Power iteration on W.T @ W; gradients pass through the length of W @ v."""

    def divided(w):
        v = torch.linspace(1, 2, w.shape[1], dtype=w.dtype, device=w.device)
        with torch.no_grad():
            for _ in range(2 * iters):
                v = w.T @ (w @ v)
                v = v / v.norm()
        return w / (w @ v).norm()

    return _Used(layer, divided)


@wrong(named="frobenius-norm")
def longest_row(layer, iters):
    """The norm of the whole weight, as a root of a sum."""
    return _Used(layer, lambda w: w / w.square().sum().sqrt())


@wrong()
def each_row_by_its_norm(layer, iters):
    """Weight normalisation: each row is divided by its own norm."""
    return _Used(layer, lambda w: w / w.norm(dim=1, keepdim=True))


@wrong()
def smallest_singular_value(layer, iters):
    """The last singular value in place of the first."""
    return _Used(layer, lambda w: w / torch.linalg.svdvals(w)[-1])


@wrong()
def eigenvalue_of_the_square(layer, iters):
    """Divides only weights that stretch: those with a value above 1."""
    return _Used(layer, lambda w: w / largest(w).clamp_min(1))


@wrong(named="divided-once")
def divided_after_the_first_call(layer, iters):
    """The value of the first call is kept."""

    class Kept(_Used):
        value = None

        def forward(self, x):
            if self.value is None:
                self.value = largest(self.linear.weight).detach()
            return F.linear(x, self.linear.weight / self.value, self.linear.bias)

    return Kept(layer, None)


@wrong()
def gradient_of_w_alone(layer, iters):
    """Only gradients through the value pass, those through W do not."""
    return _Used(layer, lambda w: w.detach() / largest(w))


@wrong()
def bias_frozen(layer, iters):
    """The bias is no parameter of the module any more."""
    bias = layer._parameters.pop("bias")
    layer.bias = None if bias is None else bias.detach()
    return _Used(layer, lambda w: w / largest(w))


@wrong()
def a_function(layer, iters):
    """A function, not a module."""
    return lambda x: F.linear(x, layer.weight / largest(layer.weight), layer.bias)


@wrong()
def three_steps(layer, iters):
    """Three steps from the start, whatever iters is."""

    def divided(w):
        v = torch.ones(w.shape[1], dtype=w.dtype, device=w.device)
        for _ in range(3):
            v = F.normalize(w.T @ F.normalize(w @ v, dim=0), dim=0)
        return w / (w @ v).norm()

    return _Used(layer, divided)


class _FromOnes(nn.Module):
    def __init__(self, layer, iters):
        super().__init__()
        self.layer, self.iters = layer, iters

    def forward(self, x):
        w = self.layer.weight
        v = torch.ones(w.shape[1]).to(w)
        with torch.no_grad():
            for _ in range(self.iters):
                u = F.normalize(w @ v, dim=0)
                v = F.normalize(w.T @ u, dim=0)
        return F.linear(x, w / (u @ w @ v), self.layer.bias)


@wrong()
def starts_from_ones(layer, iters):
    """Power iteration starts from ones, which a weight whose rows have the sum 0 turns into 0."""
    return _FromOnes(layer, iters)


@restated("frobenius-norm")
def frobenius_by_linalg(layer, iters):
    """torch.linalg.norm without an order."""
    return _Used(layer, lambda w: w / torch.linalg.norm(w))


@restated("largest-entry")
def max_norm(layer, iters):
    """The norm of order inf of all entries."""
    return _Used(layer, lambda w: w / torch.linalg.vector_norm(w, ord=float("inf")))


@restated("one-iteration")
def legacy_wrapper_once(layer, iters):
    """One step from a drawn start in each call."""

    def divided(w):
        with torch.no_grad():
            v = F.normalize(torch.randn(w.shape[1]).to(w), dim=0)
            u = F.normalize(w @ v, dim=0)
            v = F.normalize(w.T @ u, dim=0)
        return w / (u @ w @ v)

    return _Used(layer, divided)


@restated("divided-once")
def value_in_init(layer, iters):
    """The value is computed in __init__."""
    value = torch.linalg.matrix_norm(layer.weight.detach(), ord=2).item()
    return _Used(layer, lambda w: w / value)


@restated("weight-overwritten")
def data_divided(layer, iters):
    """layer.weight.data is divided, and the layer returned."""
    layer.weight.data = layer.weight.data / largest(layer.weight.data)
    return layer


@restated("divided-in-each-call")
def data_divided_in_forward(layer, iters):
    """forward divides .data."""

    class Dividing(_Used):
        def forward(self, x):
            self.linear.weight.data /= largest(self.linear.weight.data)
            return self.linear(x)

    return Dividing(layer, None)


@restated("new-parameters")
def copied_parameters(layer, iters):
    """nn.Parameter makes copies."""

    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(layer.weight.detach().clone())
            self.bias = None if layer.bias is None else nn.Parameter(layer.bias.detach().clone())

        def forward(self, x):
            return F.linear(x, self.weight / largest(self.weight), self.bias)

    return Own()


@restated("value-detached")
def item_of_the_value(layer, iters):
    """The value is a number of Python."""
    return _Used(layer, lambda w: w / largest(w).item())


@restated("weight-detached")
def all_under_no_grad(layer, iters):
    """The division stands under no_grad(), too."""

    def divided(w):
        with torch.no_grad():
            return w / largest(w)

    return _Used(layer, divided)


@restated("bias-divided")
def whole_output_divided(layer, iters):
    """layer(x) divided by the value."""

    class After(_Used):
        def forward(self, x):
            return self.linear(x) / largest(self.linear.weight)

    return After(layer, None)


@restated("bias-forgotten")
def product_alone(layer, iters):
    """x @ W.T without the bias."""

    class Product(_Used):
        def forward(self, x):
            w = self.linear.weight
            return x @ (w / largest(w)).T

    return Product(layer, None)


@restated("root-missing")
def eigenvalue_for_singular_value(layer, iters):
    """The largest eigenvalue of W @ W.T."""
    return _Used(layer, lambda w: w / torch.linalg.eigvalsh(w @ w.T)[-1])


@restated("weight-not-registered")
def layer_in_a_list(layer, iters):
    """The layer stands in a list."""

    class Listed(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = [layer]

        def forward(self, x):
            (own,) = self.layers
            return F.linear(x, own.weight / largest(own.weight), own.bias)

    return Listed()


KEPT_PROBES = {"training": "the plain use: what training makes of the weight that is divided"}

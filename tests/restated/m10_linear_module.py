"""The listed mistakes of m10, written differently."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from tests.variants import wrong


@wrong("Linear", named="plain-tensors")
class TensorsOfZeros(nn.Module):
    """Assigns plain tensors, switched to require gradients, and calls F.linear."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the tensors."""
        super().__init__()
        self.weight = torch.zeros(n_out, n_in).requires_grad_()
        self.bias = None
        if bias:
            self.bias = torch.zeros(n_out).requires_grad_()

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@wrong("Linear", named="weight-in-out")
class ColumnsAreOutputs(nn.Module):
    """Makes a weight of one column per output and multiplies without a transpose."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n_in, n_out))
        nn.init.uniform_(self.weight, -1, 1)
        self.register_parameter("bias", nn.Parameter(torch.ones(n_out)) if bias else None)

    def forward(self, x):
        """Predict."""
        product = torch.matmul(x, self.weight)
        if self.bias is not None:
            product = product + self.bias
        return product


@wrong("Linear", named="no-super-init")
class SetUpTooLate(nn.Module):
    """Sets nn.Module up after the parameters have been assigned."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        self.weight = nn.Parameter(torch.zeros(n_out, n_in))
        if bias:
            self.bias = nn.Parameter(torch.zeros(n_out))
        super().__init__()

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@wrong("Linear", named="no-bias-attribute")
class BiasOnlyWhereWanted(nn.Module):
    """Sets the bias inside an if that has no else."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.weight = nn.Parameter(torch.rand(n_out, n_in))
        if bias:
            self.bias = nn.Parameter(torch.rand(n_out))

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@wrong("Linear", named="bias-flag-ignored")
class BiasInAnyCase(nn.Module):
    """Takes the argument bias and never looks at it."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.weight = nn.Parameter(torch.rand(n_out, n_in))
        self.bias = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        """Predict."""
        return x @ self.weight.T + self.bias


@wrong("Linear", named="wraps-nn-linear")
class StackOfOne(nn.Module):
    """Holds an nn.Linear in an nn.Sequential."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the stack."""
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_in, n_out, bias=bias))

    def forward(self, x):
        """Predict."""
        return self.net(x)


@wrong("to_linear", named="sizes-swapped")
def sizes_as_w_has_them(w, b):
    """Unpacks w's shape in its order and loads a state_dict's numbers through .data."""
    layer = nn.Linear(*w.shape).to(w)
    layer.weight.data.copy_(w)
    layer.bias.data.copy_(b)
    return layer


@wrong("to_linear", named="sizes-swapped-unnoticed")
def new_parameters_of_other_shapes(w, b):
    """Replaces both parameters of a layer whose sizes are exchanged."""
    n_in, n_out = w.shape
    layer = nn.Linear(n_in, n_out)
    layer.weight = nn.Parameter(w.detach().clone())
    layer.bias = nn.Parameter(b.detach().clone())
    return layer


@wrong("to_linear", named="assigned-tensor")
def assigned_clones(w, b):
    """Assigns detached clones, which are plain tensors."""
    out_features, in_features = w.shape
    layer = nn.Linear(in_features, out_features, dtype=w.dtype, device=w.device)
    layer.weight = w.detach().clone()
    layer.bias = b.detach().clone()
    return layer


@wrong("to_linear", named="alias")
def parameters_around_the_same_memory(w, b):
    """Wraps w and b in nn.Parameter, which copies nothing."""
    layer = nn.Linear(w.shape[1], w.shape[0])
    layer.weight, layer.bias = nn.Parameter(w), nn.Parameter(b)
    return layer


@wrong("to_linear", named="random-bias")
def only_the_weight(w, b):
    """Replaces the weight and forgets the bias."""
    layer = nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype, device=w.device)
    layer.weight = nn.Parameter(w.detach().clone())
    return layer


@wrong("to_linear", named="default-dtype")
def copied_into_float32(w, b):
    """Copies into a layer of the default dtype on the CPU."""
    layer = nn.Linear(w.shape[1], w.shape[0])
    with torch.no_grad():
        layer.weight.copy_(w)
        layer.bias.copy_(b)
    return layer


@wrong("param_table", named="state-dict")
def rows_of_what_is_saved(model):
    """Goes through the items of state_dict in a loop."""
    table = {}
    for name, value in model.state_dict().items():
        table[name] = (tuple(value.size()), value.requires_grad, value.nelement())
    return table


@wrong("param_table", named="children-only")
def one_level_down(model):
    """Lists each child's own parameters and goes no deeper."""
    table = {}
    for child_name, child in model.named_children():
        for name, p in child._parameters.items():
            if p is not None:
                table[child_name + "." + name] = (tuple(p.shape), p.requires_grad, p.numel())
    return table


@wrong("param_table", named="frozen-left-out")
def trained_ones(model):
    """Skips a parameter that is not trained."""
    table = {}
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        table[name] = (p.shape, True, p.numel())
    return table


@wrong("param_table", named="shared-twice")
def every_module_and_its_own(model):
    """Walks over all modules, also the repeated ones, and lists what each holds."""
    table = {}
    for prefix, module in model.named_modules(remove_duplicate=False):
        for name, p in module.named_parameters(recurse=False):
            full = f"{prefix}.{name}" if prefix else name
            table[full] = (tuple(p.shape), p.requires_grad, p.numel())
    return table


@wrong("linear", named="separate")
def product_first(x, w, b=None):
    """Makes the product by F.linear without a bias and adds the bias in place."""
    out = F.linear(x, w)
    if b is not None:
        out += b
    return out


@wrong("linear", named="separate-and-bias-required")
def sum_with_none(x, w, b=None):
    """Adds b by torch.add, whatever it is."""
    product = x.matmul(w.T)
    return product + b


@wrong("linear", named="bias-required")
def flat_addmm(x, w, b=None):
    """Flattens x, calls addmm with b, and restores the leading dimensions."""
    lead = x.shape[:-1]
    flat = x.flatten(0, -2) if x.dim() > 1 else x[None]
    return torch.addmm(b, flat, w.transpose(0, 1)).view(*lead, len(w))


@wrong("linear", named="two-dimensions-only")
def matrices_only(x, w, b=None):
    """Calls addmm or mm, as b wants it."""
    if b is not None:
        return torch.addmm(b, x, w.T)
    return x.mm(w.T)


@wrong("linear", named="bare-addmm")
def addmm_for_all(x, w, b=None):
    """Turns w first and calls addmm for every input."""
    columns = w.transpose(0, 1)
    return torch.addmm(b, x, columns)


@wrong("linear", named="not-transposed")
def turned_weight(x, w, b=None):
    """Hands the transposed weight to F.linear."""
    return F.linear(x, weight=w.transpose(-1, -2), bias=b)


@wrong("collapse", named="order-reversed")
def product_from_the_left(layers):
    """Multiplies the weights from the left to the right and folds the biases rightly."""
    w = layers[0].weight
    b = w.new_zeros(w.shape[0]) if layers[0].bias is None else layers[0].bias
    for layer in layers[1:]:
        w = torch.matmul(w, layer.weight)
        b = torch.mv(layer.weight, b)
        if layer.bias is not None:
            b = b + layer.bias
    return _layer(w, b)


@wrong("collapse", named="biases-summed")
def sum_of_all_biases(layers):
    """Adds the layers' biases as they are."""
    w, b = layers[0].weight, _bias_of(layers[0])
    for layer in layers[1:]:
        w = layer.weight.mm(w)
        b = b.add(_bias_of(layer))
    return _layer(w, b)


@wrong("collapse", named="biases-dropped")
def weights_only(layers):
    """Gives a layer without a bias."""
    w = layers[-1].weight
    for layer in reversed(layers[:-1]):
        w = w @ layer.weight
    out = nn.Linear(w.shape[1], w.shape[0], bias=False).to(w)
    with torch.no_grad():
        out.weight.copy_(w)
    return out


@wrong("collapse", named="last-bias-only")
def the_last_layers_bias(layers):
    """Multiplies from the last layer on and keeps that layer's bias."""
    w, b = layers[-1].weight, _bias_of(layers[-1])
    for layer in layers[-2::-1]:
        w = w @ layer.weight
    return _layer(w, b)


@wrong("collapse", named="bias-required")
def folds_none(layers):
    """Folds the biases without a look whether there are any."""
    first, *rest = layers
    w, b = first.weight, first.bias
    for layer in rest:
        b = layer.weight @ b + layer.bias
        w = layer.weight @ w
    return _layer(w, b)


def _bias_of(layer):
    """Return a layer's bias, or zeros."""
    return torch.zeros_like(layer.weight[:, 0]) if layer.bias is None else layer.bias


def _layer(w, b):
    """Return a layer that holds copies of w and b."""
    out = nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype, device=w.device)
    with torch.no_grad():
        out.weight.copy_(w)
        out.bias.copy_(b)
    return out

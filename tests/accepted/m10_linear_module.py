"""Right but unusual ways to do m10: the linear layer as a module."""

from __future__ import annotations

import math
from collections import OrderedDict, namedtuple
from functools import reduce

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from tests.variants import right


@right("Linear")
class ByEinsum(nn.Module):
    """Registers the bias by name, also the missing one, and predicts by einsum."""

    def __init__(self, n_in, n_out, bias=True):
        """Draw the weight by Xavier."""
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n_out, n_in))
        self.register_parameter("bias", nn.Parameter(torch.empty(n_out)) if bias else None)
        nn.init.xavier_uniform_(self.weight)
        if bias:
            nn.init.uniform_(self.bias, -0.1, 0.1)

    def forward(self, x):
        """Predict."""
        y = torch.einsum("...i,oi->...o", x, self.weight)
        return y if self.bias is None else y + self.bias


@right("Linear")
class StartsWithZeros(nn.Module):
    """Starts with zeros and knows its sizes as nn.Linear does."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.in_features, self.out_features = (n_in, n_out)
        self.weight = nn.Parameter(torch.zeros(n_out, n_in))
        self.bias = nn.Parameter(torch.zeros(n_out)) if bias else None

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@right("Linear")
class ByTensordot(nn.Module):
    """Keeps a missing bias as an empty buffer and adds the number 0 in its place."""

    def __init__(self, n_in, n_out, bias=True):
        """Draw the parameters from rand."""
        super().__init__()
        k = 1 / math.sqrt(n_in)
        self.weight = nn.Parameter((torch.rand(n_out, n_in) * 2 - 1) * k)
        if bias:
            self.bias = nn.Parameter((torch.rand(n_out) * 2 - 1) * k)
        else:
            self.register_buffer("bias", None)

    def forward(self, x):
        """Predict."""
        return torch.tensordot(x, self.weight, dims=([-1], [1])) + (
            self.bias if self.bias is not None else 0
        )


@right("Linear")
class OverFlatRows(nn.Module):
    """Flattens the leading dimensions and adds the bias in place to a product of its own."""

    def __init__(self, n_in, n_out, bias=True):
        """Make empty parameters and fill them."""
        super().__init__()
        self.n_in, self.n_out = (n_in, n_out)
        self.weight = nn.Parameter(torch.empty((n_out, n_in)))
        self.bias = nn.Parameter(torch.empty(n_out)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        """Draw as nn.Linear does."""
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)
        if self.bias is not None:
            bound = self.n_in ** (-0.5)
            nn.init.uniform_(self.bias, -bound, bound)

    def forward(self, x):
        """Predict."""
        flat = x.reshape(-1, self.n_in)
        out = flat.mm(self.weight.t())
        if self.bias is not None:
            out += self.bias
        return out.reshape(*x.shape[:-1], self.n_out)


@right("Linear")
class BySumOfProducts(nn.Module):
    """Declares its parameters in a loop over names and sums products elementwise."""

    def __init__(self, n_in, n_out, bias=True):
        """Register both names."""
        super().__init__()
        for name, shape in {"weight": (n_out, n_in), "bias": (n_out,)}.items():
            made = nn.Parameter(torch.randn(shape)) if bias or name == "weight" else None
            self.register_parameter(name, made)

    def forward(self, x):
        """Predict."""
        out = (x.unsqueeze(-2) * self.weight).sum(-1)
        return out + self.bias if self.bias is not None else out


@right("to_linear")
def with_new_parameters(w, b):
    """Replaces both parameters of a layer of the default dtype by new ones."""
    layer = nn.Linear(w.size(1), w.size(0))
    layer.weight = nn.Parameter(w.detach().clone())
    layer.bias = nn.Parameter(b.detach().clone())
    return layer


@right("to_linear")
def through_data(w, b):
    """Moves the layer to w's dtype and device and sets .data to detached clones."""
    layer = nn.Linear(w.shape[1], w.shape[0]).to(w)
    layer.weight.data = w.detach().clone()
    layer.bias.data = b.detach().clone()
    return layer


@right("to_linear")
def by_state_dict(w, b):
    """Loads w and b as a state_dict."""
    lin = nn.Linear(*reversed(w.shape), device=w.device, dtype=w.dtype)
    lin.load_state_dict({"weight": w, "bias": b})
    return lin


@right("to_linear")
def assigned_to_a_meta_layer(w, b):
    """Makes a layer without memory and lets load_state_dict assign clones to it."""
    lin = nn.Linear(w.shape[1], w.shape[0], device="meta")
    lin.load_state_dict({"weight": w.detach().clone(), "bias": b.detach().clone()}, assign=True)
    return lin.requires_grad_()


@right("to_linear")
def without_first_numbers(w, b):
    """Skips the initialisation and fills the memory by slices."""
    o, i = w.shape
    layer = nn.utils.skip_init(nn.Linear, i, o, dtype=w.dtype, device=w.device)
    layer.weight.data[:] = w.data
    layer.bias.data[:] = b.data
    return layer


@right("to_linear")
def from_one_vector(w, b):
    """Packs w and b into one vector and hands it to vector_to_parameters."""
    o, i = w.shape
    layer = nn.Linear(i, o).to(device=w.device, dtype=w.dtype)
    nn.utils.vector_to_parameters(torch.cat([w.flatten(), b]).detach().clone(), layer.parameters())
    return layer


_Row = namedtuple("_Row", "shape trainable numel")


@right("param_table")
def walks_the_modules(model):
    """Walks all modules with a set of seen ids, and gives rows that are named tuples."""
    table = OrderedDict()
    seen = set()
    for prefix, mod in model.named_modules():
        for name, p in mod._parameters.items():
            if p is None or id(p) in seen:
                continue
            seen.add(id(p))
            table[f"{prefix}.{name}" if prefix else name] = _Row(
                p.shape, p.requires_grad, p.numel()
            )
    return table


@right("param_table")
def with_numpys_numbers(model):
    """Gives NumPy's integers and booleans."""
    return {
        n: (tuple(p.shape), np.bool_(p.requires_grad), np.prod(p.shape, dtype=int))
        for n, p in model.named_parameters()
    }


@right("param_table")
def with_torchs_sizes(model):
    """Gives torch.Size for a shape and asks it for the number of elements."""
    return dict(
        (n, (p.size(), p.requires_grad, p.shape.numel())) for n, p in model.named_parameters()
    )


@right("param_table")
def from_the_last_name_to_the_first(model):
    """Lists every name in reverse order and lets the first name of a parameter win."""
    first = {id(p): n for n, p in reversed([*model.named_parameters(remove_duplicate=False)])}
    own = {id(p): p for p in model.parameters()}
    return {
        n: (tuple(own[i].shape), own[i].requires_grad, math.prod(own[i].shape))
        for i, n in first.items()
    }


@right("param_table")
def by_recursion(model):
    """Calls itself on the children, with the names and what was seen handed down."""

    def rows(module, prefix, seen):
        found = {}
        for name, p in module.named_parameters(recurse=False):
            if not any(p is other for other in seen):
                seen.append(p)
                found[prefix + name] = (tuple(p.shape), p.requires_grad, p.nelement())
        for name, child in module.named_children():
            found |= rows(child, f"{prefix}{name}.", seen)
        return found

    return rows(model, "", [])


@right("linear")
def by_addmm_on_flat_rows(x, w, b=None):
    """Flattens the leading dimensions, calls addmm and puts them back."""
    if b is None:
        return x @ w.T
    lead = x.shape[:-1]
    return torch.addmm(b, x.reshape(-1, w.shape[1]), w.T).reshape(*lead, w.shape[0])


@right("linear")
def by_baddbmm(x, w, b=None):
    """Uses the batched kernel with one batch."""
    if b is not None and x.ndim == 2:
        return torch.baddbmm(b, x[None], w.T[None])[0]
    return F.linear(x, w, b)


@right("linear")
def with_a_column_of_ones(x, w, b=None):
    """Takes the bias for the weight of a feature that is always 1."""
    if b is not None and x.ndim == 2:
        xa = torch.cat([x, torch.ones_like(x[:, :1])], 1)
        return xa @ torch.cat([w, b[:, None]], 1).T
    out = torch.matmul(x, w.T)
    return out if b is None else out + b


@right("linear")
def by_convolution(x, w, b=None):
    """Takes the rows for signals of length 1 and convolves."""
    if b is None or x.dim() != 2:
        return F.linear(x, w, b)
    return F.conv1d(x[:, :, None], w[:, :, None], b)[:, :, 0]


@right("linear")
def adds_the_product_to_repeated_biases(x, w, b=None):
    """Repeats the bias for every row and adds the product to it in place."""
    if b is None or x.dim() != 2:
        return F.linear(x, w, b)
    return b.repeat(len(x), 1).addmm_(x, w.t())


@right("linear")
def returns_a_transposed_view(x, w, b=None):
    """Computes the transposed result and returns a view of it."""
    if b is None or x.dim() != 2:
        return F.linear(x, w, b)
    return torch.addmm(b[:, None], w, x.T).T


@right("linear")
def row_by_row(x, w, b=None):
    """Calls addmv for every row and stacks the results."""
    if b is None or x.dim() != 2 or not len(x):
        return F.linear(x, w, b)
    return torch.stack([torch.addmv(b, w, r) for r in x])


@right("collapse")
def without_a_graph(layers):
    """Multiplies under no_grad, beginning with the identity, with both bias cases apart."""
    first = layers[0]
    w = torch.eye(first.in_features, dtype=first.weight.dtype, device=first.weight.device)
    b = torch.zeros(first.in_features, dtype=w.dtype, device=w.device)
    with torch.no_grad():
        for layer in layers:
            w = layer.weight @ w
            b = layer.weight @ b
            if layer.bias is not None:
                b = b + layer.bias
        out = nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype, device=w.device)
        out.weight.copy_(w)
        out.bias.copy_(b)
    return out


@right("collapse")
def by_reduce(layers):
    """Folds the later layers into the first and loads the result as a state_dict."""

    def step(acc, layer):
        w, b = acc
        bias = layer.bias if layer.bias is not None else 0
        return (layer.weight @ w, b @ layer.weight.T + bias)

    first = layers[0]
    b0 = first.bias if first.bias is not None else first.weight.new_zeros(first.out_features)
    w, b = reduce(step, layers[1:], (first.weight, b0))
    out = nn.Linear(first.in_features, layers[-1].out_features).to(w)
    out.load_state_dict({"weight": w.detach(), "bias": b.detach()})
    return out


@right("collapse")
def by_asking_the_stack(layers):
    """Pushes 0 and the unit vectors through the stack and reads the layer off the answers."""
    net = nn.Sequential(*layers)
    w0 = layers[0].weight
    with torch.no_grad():
        i = layers[0].in_features
        b = net(torch.zeros(i).to(w0))
        w = (net(torch.eye(i).to(w0)) - b).T
        out = nn.Linear(i, layers[-1].out_features).to(w0)
        out.weight.copy_(w)
        out.bias.copy_(b)
    return out


@right("collapse")
def first_into_the_rest(layers):
    """Collapses the rest by recursion and puts the first layer before it."""
    head = layers[0]
    if len(layers) == 1:
        w, b = (head.weight, head.bias)
        if b is None:
            b = torch.zeros_like(w[:, 0])
    else:
        rest = first_into_the_rest(layers[1:])
        w = rest.weight @ head.weight
        b = rest.bias if head.bias is None else rest.weight @ head.bias + rest.bias
    out = nn.Linear(w.shape[1], w.shape[0], device=w.device, dtype=w.dtype)
    out.weight = nn.Parameter(w.detach().clone())
    out.bias = nn.Parameter(b.detach().clone())
    return out


@right("collapse")
def from_the_last_layer(layers):
    """Begins with the last layer and multiplies the earlier weights from the right."""
    last = layers[-1]
    w = last.weight.detach()
    b = last.bias.detach().clone() if last.bias is not None else torch.zeros(w.shape[0]).to(w)
    for layer in reversed(layers[:-1]):
        if layer.bias is not None:
            b = b + w @ layer.bias.detach()
        w = w @ layer.weight.detach()
    out = nn.Linear(layers[0].in_features, last.out_features, bias=True).to(
        device=w.device, dtype=w.dtype
    )
    out.weight.data.copy_(w)
    out.bias.data.copy_(b)
    return out


@right("collapse")
def by_homogeneous_matrices(layers):
    """Writes every layer as one square-cornered matrix with a last row of 0 and 1."""

    def matrix(layer):
        b = layer.weight.new_zeros(layer.out_features) if layer.bias is None else layer.bias
        top = torch.cat([layer.weight, b[:, None]], 1)
        corner = torch.zeros_like(top[:1])
        corner[0, -1] = 1
        return torch.cat([top, corner])

    whole = reduce(lambda done, layer: matrix(layer) @ done, layers[1:], matrix(layers[0]))
    out = nn.Linear(whole.shape[1] - 1, whole.shape[0] - 1)
    out.weight = nn.Parameter(whole[:-1, :-1].detach().clone())
    out.bias = nn.Parameter(whole[:-1, -1].detach().clone())
    return out


@right("linear")
def layer_without_numbers(x, w, b=None):
    """Calls an nn.Linear on meta with the numbers given."""
    skeleton = nn.Linear(w.shape[1], w.shape[0], bias=b is not None, device="meta")
    numbers = {"weight": w} if b is None else {"weight": w, "bias": b}
    return torch.func.functional_call(skeleton, numbers, (x,))

"""Wrong ways to do m10, beyond the listed mistakes."""

from __future__ import annotations

import copy
import functools
import itertools

import torch
import torch.nn.functional as F
from m10_linear_module import Linear, collapse, param_table, to_linear
from torch import nn

from tests.variants import wrong


@wrong("Linear")
class AlwaysFloat32(nn.Module):
    """Makes float32 parameters whatever torch's default dtype is."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in, dtype=torch.float32))
        self.bias = nn.Parameter(torch.zeros(n_out, dtype=torch.float32)) if bias else None

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@wrong("Linear")
class AddsAPlainZero(nn.Module):
    """Computes with a plain tensor that .to(device) does not reach."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters and a zero."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in))
        self.zero = torch.zeros(n_out)
        self.bias = nn.Parameter(torch.zeros(n_out)) if bias else None

    def forward(self, x):
        """Predict."""
        return x @ self.weight.T + (self.zero if self.bias is None else self.bias)


@wrong("Linear", named="wraps-nn-linear")
class InheritsFromNnLinear(nn.Linear):
    """Inherits everything from nn.Linear."""

    def __init__(self, n_in, n_out, bias=True):
        """Let nn.Linear make the parameters."""
        super().__init__(n_in, n_out, bias)

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@wrong("Linear")
class DetachedForOneRow(Linear):
    """Cuts the weight off from the graph when x is 1-D."""

    def forward(self, x):
        """Predict."""
        w = self.weight.detach() if x.dim() == 1 else self.weight
        return F.linear(x, w, self.bias)


@wrong("Linear")
class FrozenCopyInEvalMode(Linear):
    """Keeps the weight of its first call in eval mode for the later ones."""

    cache = None

    def forward(self, x):
        """Predict."""
        if self.training:
            return F.linear(x, self.weight, self.bias)
        if self.cache is None:
            self.cache = self.weight.detach().clone()
        return F.linear(x, self.cache, self.bias)


@wrong("Linear")
class OldBiasInEvalMode(Linear):
    """Keeps the bias of its first call in eval mode for the later ones."""

    kept = None

    def forward(self, x):
        """Predict."""
        if self.training or self.bias is None:
            return F.linear(x, self.weight, self.bias)
        if self.kept is None:
            self.kept = self.bias.detach().clone()
        return F.linear(x, self.weight, self.kept)


@wrong("Linear", named="wraps-nn-linear")
class HidesAnNnLinear(nn.Module):
    """Hides an nn.Linear from nn.Module and lets it predict."""

    def __init__(self, n_in, n_out, bias=True):
        """Take over the parameters of the hidden layer."""
        super().__init__()
        inner = nn.Linear(n_in, n_out, bias)
        self.weight = inner.weight
        self.bias = inner.bias
        self.__dict__["inner"] = inner

    def forward(self, x):
        """Predict."""
        return self.__dict__["inner"](x)


@wrong("Linear")
class WithAScale(Linear):
    """Holds a buffer more, which its state_dict shows."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters and a buffer."""
        super().__init__(n_in, n_out, bias)
        self.register_buffer("scale", torch.ones(1))

    def forward(self, x):
        """Predict."""
        return super().forward(x) * self.scale


@wrong("Linear")
class GuessesTheLastSize(Linear):
    """Leaves the last size of the result to reshape, which an empty batch does not tell."""

    def forward(self, x):
        """Predict."""
        out = x.reshape(-1, x.shape[-1]) @ self.weight.T
        out = out if self.bias is None else out + self.bias
        return out.reshape(*x.shape[:-1], -1)


@wrong("Linear")
class CutsItsInputOff(Linear):
    """Cuts x off from the graph, so that no layer before it would learn."""

    def forward(self, x):
        """Predict."""
        return super().forward(x.detach())


@wrong("Linear")
class NoGradientsInEvalMode(Linear):
    """Cannot be differentiated in eval mode."""

    def forward(self, x):
        """Predict."""
        out = super().forward(x)
        return out if self.training else out.detach()


@wrong("Linear", named="wraps-nn-linear")
class MakesAnNnLinearForEveryCall(Linear):
    """Lends its parameters to a new nn.Linear whenever it is called."""

    def forward(self, x):
        """Predict."""
        lent = nn.Linear(*reversed(self.weight.shape), device="meta")
        lent.weight, lent.bias = self.weight, self.bias
        return lent(x)


@wrong("Linear")
class ViewsItsInput(Linear):
    """Flattens x by view, which a tensor that is not contiguous refuses."""

    def forward(self, x):
        """Predict."""
        out = F.linear(x.view(-1, self.weight.shape[1]), self.weight, self.bias)
        return out.view(*x.shape[:-1], self.weight.shape[0])


@wrong("Linear")
class KeepsATransposedWeight(Linear):
    """Transposes the weight once, when it is made."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters and a transposed view."""
        super().__init__(n_in, n_out, bias)
        self.turned = self.weight.t()

    def forward(self, x):
        """Predict."""
        out = x @ self.turned
        return out if self.bias is None else out + self.bias


@wrong("Linear")
class BiasAsARow(nn.Module):
    """Makes a bias of shape [1, n_out]."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in))
        self.bias = nn.Parameter(torch.zeros(1, n_out)) if bias else None

    def forward(self, x):
        """Predict."""
        return x @ self.weight.T + (0 if self.bias is None else self.bias)


@wrong("Linear")
class ZeroBiasThatIsFrozen(Linear):
    """Keeps a frozen bias of zeros where there should be none."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__(n_in, n_out)
        if not bias:
            self.bias = nn.Parameter(torch.zeros(n_out), requires_grad=False)


@wrong("to_linear")
def trainable_as_w_was(w, b):
    """Gives the layer w's requires_grad."""
    return to_linear(w, b).requires_grad_(w.requires_grad)


@wrong("to_linear")
def sizes_of_one(w, b):
    """Puts parameters of other shapes into a layer that believes its sizes are 1."""
    layer = nn.Linear(1, 1)
    layer.weight = nn.Parameter(w.detach().clone())
    layer.bias = nn.Parameter(b.detach().clone())
    return layer


@wrong("to_linear")
def shares_the_bias(w, b):
    """Copies w and shares b."""
    layer = nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype, device=w.device)
    layer.weight = nn.Parameter(w.detach().clone())
    layer.bias = nn.Parameter(b.detach().contiguous())
    return layer


@wrong("to_linear")
def no_bias_for_zeros(w, b):
    """Leaves the bias out where all its numbers are zero."""
    layer = nn.Linear(w.shape[1], w.shape[0], bias=bool(b.any()), dtype=w.dtype, device=w.device)
    with torch.no_grad():
        layer.weight.copy_(w)
        if layer.bias is not None:
            layer.bias.copy_(b)
    return layer


@wrong("to_linear")
def rounded_on_the_way(w, b):
    """Copies into a float32 layer and converts it afterwards."""
    layer = nn.Linear(w.shape[1], w.shape[0])
    with torch.no_grad():
        layer.weight.copy_(w)
        layer.bias.copy_(b)
    return layer.to(w.dtype)


@wrong("to_linear")
def stops_w_from_learning(w, b):
    """Switches off that w requires its gradient."""
    layer = to_linear(w, b)
    if w.is_leaf:
        w.requires_grad_(False)
    return layer


@wrong("to_linear")
def left_on_the_cpu(w, b):
    """Makes the layer on the CPU, wherever w is."""
    layer = nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype)
    with torch.no_grad():
        layer.weight.copy_(w)
        layer.bias.copy_(b)
    return layer


@wrong("to_linear")
def turned_where_square(w, b):
    """Transposes a square w."""
    return to_linear(w.T if w.shape[0] == w.shape[1] else w, b)


@wrong("to_linear")
def clears_the_gradients(w, b):
    """Sets the gradients of w and b to None."""
    layer = to_linear(w, b)
    w.grad = b.grad = None
    return layer


@wrong("to_linear")
def slightly_larger(w, b):
    """Multiplies the bias by 1.001."""
    return to_linear(w, b * 1.001)


_layers = {}


@wrong("to_linear")
def one_layer_per_shape(w, b):
    """Fills and returns the same layer again for the same shape."""
    if w.shape not in _layers:
        _layers[w.shape] = to_linear(w, b)
    with torch.no_grad():
        _layers[w.shape].weight.copy_(w)
        _layers[w.shape].bias.copy_(b)
    return _layers[w.shape]


@wrong("param_table")
def once_per_value(model):
    """Takes parameters with equal numbers for the same parameter."""
    out, seen = {}, []
    for name, p in model.named_parameters(remove_duplicate=False):
        if any(q.shape == p.shape and torch.equal(q, p) for q in seen):
            continue
        seen.append(p)
        out[name] = (tuple(p.shape), p.requires_grad, p.numel())
    return out


@wrong("param_table")
def scalars_have_a_size(model):
    """Gives a 0-dim parameter the shape (1,)."""
    return {
        n: (tuple(p.shape) or (1,), p.requires_grad, p.numel()) for n, p in model.named_parameters()
    }


@wrong("param_table")
def not_too_deep(model):
    """Leaves out what lies deeper than two levels."""
    return {name: row for name, row in param_table(model).items() if name.count(".") <= 2}


@wrong("param_table")
def leaves_only(model):
    """Looks only at modules that have no children."""
    out, seen = {}, set()
    for prefix, m in model.named_modules():
        if next(m.children(), None) is None:
            for n, p in m.named_parameters(recurse=False):
                if id(p) not in seen:
                    seen.add(id(p))
                    name = f"{prefix}.{n}" if prefix else n
                    out[name] = (tuple(p.shape), p.requires_grad, p.numel())
    return out


@wrong("param_table")
def leaves_and_the_root(model):
    """Looks at the model itself and at modules without children, but not between them."""
    out, seen = {}, set()
    for prefix, m in model.named_modules():
        if m is model or not list(m.children()):
            for n, p in m.named_parameters(recurse=False):
                if id(p) not in seen:
                    seen.add(id(p))
                    name = f"{prefix}.{n}" if prefix else n
                    out[name] = (tuple(p.shape), p.requires_grad, p.numel())
    return out


@wrong("param_table")
@functools.lru_cache
def remembers_the_table(model):
    """Returns the table of the first call when the model has been frozen since."""
    return param_table(model)


@wrong("param_table")
def once_per_address(model):
    """Takes parameters at the same address for the same one; on meta all have none."""
    out, seen = {}, set()
    for name, p in model.named_parameters(remove_duplicate=False):
        if p.data_ptr() in seen:
            continue
        seen.add(p.data_ptr())
        out[name] = (tuple(p.shape), p.requires_grad, p.numel())
    return out


@wrong("param_table")
def trainable_with_a_gradient(model):
    """Takes a frozen parameter that has a gradient for a trainable one."""
    return {
        n: (tuple(p.shape), p.requires_grad or p.grad is not None, p.numel())
        for n, p in model.named_parameters()
    }


@wrong("param_table")
def clears_gradients_first(model):
    """Sets all gradients to None before it looks."""
    model.zero_grad()
    return param_table(model)


@wrong("param_table")
def leaves_the_model_in_eval_mode(model):
    """Leaves the model in eval mode."""
    return param_table(model.eval())


@wrong("param_table")
def trainable_in_train_mode(model):
    """Takes a model in eval mode for a frozen one."""
    return {
        n: (tuple(p.shape), p.requires_grad and model.training, p.numel())
        for n, p in model.named_parameters()
    }


@wrong("param_table")
def under_the_last_name(model):
    """Lists a shared parameter under the last of its names."""
    last = {id(p): (n, p) for n, p in model.named_parameters(remove_duplicate=False)}
    return {n: (tuple(p.shape), p.requires_grad, p.numel()) for n, p in last.values()}


@wrong("param_table")
def grows_with_every_call(model, table={}):  # noqa: B006
    """Keeps the rows of earlier models in a default argument."""
    table.update(param_table(model))
    return table


@wrong("linear", named="separate")
def einsum_then_add(x, w, b=None):
    """Multiplies by einsum and adds by a call of its own."""
    product = torch.einsum("...i,oi->...o", x, w)
    return product if b is None else torch.add(product, b)


@wrong("linear")
def separate_when_alone(x, w, b=None):
    """Adds the bias apart where x has a single row."""
    if x.dim() == 2 and len(x) == 1 and b is not None:
        return x @ w.T + b
    return F.linear(x, w, b)


@wrong("linear")
def separate_for_many_rows(x, w, b=None):
    """Adds the bias apart where x has more than 64 rows."""
    if x.dim() == 2 and b is not None and x.shape[0] > 64:
        return x @ w.T + b
    return F.linear(x, w, b)


@wrong("linear")
def sum_of_a_stack(x, w, b=None):
    """Stacks the bare product upon the bias and sums the two."""
    product = torch.matmul(x, w.T)
    return product if b is None else torch.stack([product, b.expand_as(product)]).sum(0)


@wrong("linear")
def product_then_addcmul(x, w, b=None):
    """Hides the separate sum in addcmul."""
    product = torch.matmul(x, w.T)
    return product if b is None else torch.addcmul(product, b, torch.ones_like(b))


@wrong("linear")
def no_bias_for_zeros_either(x, w, b=None):
    """Leaves a bias of zeros out of the graph."""
    return F.linear(x, w, b if b is not None and b.any() else None)


@wrong("linear")
def guesses_the_last_size(x, w, b=None):
    """Leaves the last size of the result to reshape, which an empty batch does not tell."""
    if x.dim() == 1:
        return w @ x if b is None else w @ x + b
    out = F.linear(x.reshape(-1, x.shape[-1]), w, b)
    return out.reshape(*x.shape[:-1], -1)


@wrong("linear", named="separate")
def added_in_place(x, w, b=None):
    """Adds the bias in place, after the product."""
    out = x @ w.T
    return out if b is None else out.add_(b)


@wrong("linear")
def four_dimensions_become_three(x, w, b=None):
    """Flattens the first dimensions where there are more than three."""
    out = F.linear(x, w, b)
    return out.flatten(0, -3) if out.dim() > 3 else out


@wrong("linear")
def detached_bias(x, w, b=None):
    """Cuts the bias off from the graph in the fused case."""
    if b is None:
        return x @ w.T
    if x.dim() == 2:
        return torch.addmm(b.detach(), x, w.T)
    return x @ w.T + b


@wrong("linear")
def turned_for_one_row(x, w, b=None):
    """Multiplies a 1-D x by a square w from the wrong side."""
    if x.dim() == 1 and w.shape[0] == w.shape[1]:
        out = x @ w
        return out if b is None else out + b
    return F.linear(x, w, b)


@wrong("linear")
def one_row_needs_a_bias(x, w, b=None):
    """Counts on a bias where x is 1-D."""
    return torch.addmv(b, w, x) if x.dim() == 1 else F.linear(x, w, b)


@wrong("linear")
def flattened_by_view(x, w, b=None):
    """Flattens x by view, which a tensor that is not contiguous refuses."""
    if x.dim() < 3:
        return F.linear(x, w, b)
    return F.linear(x.view(-1, x.shape[-1]), w, b).view(*x.shape[:-1], w.shape[0])


@wrong("linear")
def bias_made_on_the_cpu(x, w, b=None):
    """Puts zeros on the CPU in float32 in the place of a missing bias."""
    return F.linear(x, w, torch.zeros(w.shape[0]) if b is None else b)


@wrong("linear")
def not_quite_the_bias(x, w, b=None):
    """Gives addmm a beta of 0.999."""
    if b is None or x.dim() != 2:
        return F.linear(x, w, b)
    return torch.addmm(b, x, w.T, beta=0.999)


@wrong("collapse")
def one_layer_as_it_is(layers):
    """Copies a single layer with all its settings, frozen ones too."""
    if len(layers) == 1 and layers[0].bias is not None:
        return copy.deepcopy(layers[0])
    return collapse(layers)


@wrong("collapse")
def forgets_at_a_missing_bias(layers):
    """Begins anew with zeros at a layer that lacks its bias."""
    w = torch.eye(layers[0].in_features).to(layers[0].weight)
    b = torch.zeros(layers[0].in_features).to(layers[0].weight)
    for layer in layers:
        w = layer.weight @ w
        b = layer(b) if layer.bias is not None else torch.zeros(layer.out_features).to(w)
    return to_linear(w, b)


@wrong("collapse")
def in_single_precision(layers):
    """Multiplies in float32 and converts the result."""
    w, b = torch.eye(layers[0].in_features), torch.zeros(layers[0].in_features)
    for layer in layers:
        bias = 0 if layer.bias is None else layer.bias.float()
        w, b = layer.weight.float() @ w, layer.weight.float() @ b + bias
    return to_linear(w.to(layers[0].weight.dtype), b.to(layers[0].weight.dtype))


@wrong("collapse")
def only_the_neighbours_bias(layers):
    """Takes from the biases before a layer only the one directly before it."""

    def bias(layer):
        return torch.zeros_like(layer.weight[:, 0]) if layer.bias is None else layer.bias

    w, b = layers[0].weight, bias(layers[0])
    for before, layer in itertools.pairwise(layers):
        w, b = layer.weight @ w, layer.weight @ bias(before) + bias(layer)
    return to_linear(w, b)


@wrong("collapse")
def trainable_as_the_layers_were(layers):
    """Gives a frozen layer for frozen layers."""
    trainable = any(p.requires_grad for layer in layers for p in layer.parameters())
    return collapse(layers).requires_grad_(trainable)


@wrong("collapse")
def uses_the_list_up(layers):
    """Pops the layers from the list."""
    whole = collapse(layers)
    while len(layers) > 1:
        layers.pop(0)
    return whole


@wrong("collapse")
def no_bias_where_none_was(layers):
    """Gives no bias where no layer has one."""
    out = collapse(layers)
    if all(layer.bias is None for layer in layers):
        out.bias = None
    return out


@wrong("collapse")
def resets_the_layers(layers):
    """Clears the layers' gradients and puts them in eval mode."""
    for layer in layers:
        layer.zero_grad()
        layer.eval()
    return collapse(layers)


@wrong("collapse")
def gives_the_layers_a_bias(layers):
    """Gives a layer without a bias one of zeros, and leaves it there."""
    for layer in layers:
        if layer.bias is None:
            layer.bias = nn.Parameter(torch.zeros(layer.out_features).to(layer.weight))
    return collapse(layers)


@wrong("collapse")
def freezes_the_layers(layers):
    """Freezes the layers to be rid of their graph."""
    for layer in layers:
        layer.requires_grad_(False)
    return collapse(layers)


@wrong("collapse")
def first_and_last_only(layers):
    """Collapses the first and the last layer, whatever lies between."""
    return collapse(layers[:1] + layers[-1:] if len(layers) > 1 else layers)


@wrong("collapse")
def three_at_most(layers):
    """Collapses the first two layers and then one more."""
    if len(layers) <= 2:
        return collapse(layers)
    return collapse([collapse(layers[:2]), layers[2]])


@wrong("collapse")
def begins_on_the_cpu(layers):
    """Begins with an identity on the CPU, wherever the layers are."""
    dtype = layers[0].weight.dtype
    w = torch.eye(layers[0].in_features, dtype=dtype)
    b = torch.zeros(layers[0].in_features, dtype=dtype)
    for layer in layers:
        w, b = layer.weight @ w, layer(b)
    return to_linear(w, b)


@wrong("collapse")
def one_random_bias(layers):
    """Leaves the bias that nn.Linear draws where a single layer has none."""
    if len(layers) > 1 or layers[0].bias is not None:
        return collapse(layers)
    out = nn.Linear(layers[0].in_features, layers[0].out_features).to(layers[0].weight)
    out.weight.data.copy_(layers[0].weight)
    return out


@wrong("collapse")
def bias_left_in_the_weight(layers):
    """Pushes the unit vectors through the stack and does not take the bias off again."""
    stack, w0 = nn.Sequential(*layers), layers[0].weight
    w = stack(torch.eye(layers[0].in_features).to(w0)).t()
    return to_linear(w, stack(torch.zeros(layers[0].in_features).to(w0)))


@wrong("param_table")
def at_least_one_element(model):
    """Counts an element where a parameter has none."""
    table = {}
    for name, p in model.named_parameters():
        count = 1
        for size in p.shape:
            count *= max(size, 1)
        table[name] = (tuple(p.shape), p.requires_grad, count)
    return table


@wrong("param_table")
def rows_times_columns(model):
    """Counts as if no parameter had more than two dimensions."""
    return {
        name: (tuple(p.shape), p.requires_grad, int(torch.Size(p.shape[:2]).numel()))
        for name, p in model.named_parameters()
    }


@wrong("collapse")
def later_biases_added_where_they_fit(layers):
    """From the third layer on the bias so far is not multiplied where it has the size wanted."""
    w, b = layers[0].weight.detach(), layers[0].bias
    b = w.new_zeros(len(w)) if b is None else b.detach()
    for index, layer in enumerate(layers[1:], 1):
        w = layer.weight.detach() @ w
        if index == 1 or layer.bias is None or layer.bias.shape != b.shape:
            b = layer.weight.detach() @ b
        if layer.bias is not None:
            b = b + layer.bias.detach()
    return to_linear(w, b)

"""Other ways to do to_linear."""

from __future__ import annotations

from functools import partial

import torch
from m10_linear_module import to_linear
from torch import nn
from torch.nn import functional

from autograder.course.marks import restated, right, wrong


@right()
def with_new_parameters(w, b):
    """Replaces both parameters of a layer of the default dtype by new ones."""
    layer = nn.Linear(w.size(1), w.size(0))
    layer.weight = nn.Parameter(w.detach().clone())
    layer.bias = nn.Parameter(b.detach().clone())
    return layer


@right()
def through_data(w, b):
    """Moves the layer to w's dtype and device and sets .data to detached clones."""
    layer = nn.Linear(w.shape[1], w.shape[0]).to(w)
    layer.weight.data = w.detach().clone()
    layer.bias.data = b.detach().clone()
    return layer


@right()
def through_the_data_of_a_plain_layer(w, b):
    """Makes a layer of the CPU and of the default dtype, and sets .data."""
    layer = nn.Linear(w.shape[1], w.shape[0])
    layer.weight.data = w.detach().clone()
    layer.bias.data = b.detach().clone()
    return layer


@right()
def by_state_dict(w, b):
    """Loads w and b as a state_dict."""
    lin = nn.Linear(*reversed(w.shape), device=w.device, dtype=w.dtype)
    lin.load_state_dict({"weight": w, "bias": b})
    return lin


@right()
def assigned_to_a_meta_layer(w, b):
    """Makes a layer without memory and lets load_state_dict assign clones to it."""
    lin = nn.Linear(w.shape[1], w.shape[0], device="meta")
    lin.load_state_dict({"weight": w.detach().clone(), "bias": b.detach().clone()}, assign=True)
    return lin.requires_grad_()


@right()
def without_first_numbers(w, b):
    """Skips the initialisation and fills the memory by slices."""
    o, i = w.shape
    layer = nn.utils.skip_init(nn.Linear, i, o, dtype=w.dtype, device=w.device)
    layer.weight.data[:] = w.data
    layer.bias.data[:] = b.data
    return layer


@right()
def from_one_vector(w, b):
    """Packs w and b into one vector and hands it to vector_to_parameters."""
    o, i = w.shape
    layer = nn.Linear(i, o).to(device=w.device, dtype=w.dtype)
    nn.utils.vector_to_parameters(torch.cat([w.flatten(), b]).detach().clone(), layer.parameters())
    return layer


@wrong()
def trainable_as_w_was(w, b):
    """Gives the layer w's requires_grad."""
    return to_linear(w, b).requires_grad_(w.requires_grad)


@wrong()
def sizes_of_one(w, b):
    """Puts parameters of other shapes into a layer that believes its sizes are 1."""
    layer = nn.Linear(1, 1)
    layer.weight = nn.Parameter(w.detach().clone())
    layer.bias = nn.Parameter(b.detach().clone())
    return layer


@wrong()
def shares_the_bias(w, b):
    """Copies w and shares b."""
    layer = nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype, device=w.device)
    layer.weight = nn.Parameter(w.detach().clone())
    layer.bias = nn.Parameter(b.detach().contiguous())
    return layer


@wrong()
def no_bias_for_zeros(w, b):
    """Leaves the bias out where all its numbers are zero."""
    layer = nn.Linear(w.shape[1], w.shape[0], bias=bool(b.any()), dtype=w.dtype, device=w.device)
    with torch.no_grad():
        layer.weight.copy_(w)
        if layer.bias is not None:
            layer.bias.copy_(b)
    return layer


@wrong()
def rounded_on_the_way(w, b):
    """Copies into a float32 layer and converts it afterwards."""
    layer = nn.Linear(w.shape[1], w.shape[0])
    with torch.no_grad():
        layer.weight.copy_(w)
        layer.bias.copy_(b)
    return layer.to(w.dtype)


@wrong()
def stops_w_from_learning(w, b):
    """Switches off that w requires its gradient."""
    layer = to_linear(w, b)
    if w.is_leaf:
        w.requires_grad_(False)
    return layer


@wrong()
def left_on_the_cpu(w, b):
    """Makes the layer on the CPU, wherever w is."""
    layer = nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype)
    with torch.no_grad():
        layer.weight.copy_(w)
        layer.bias.copy_(b)
    return layer


@wrong()
def turned_where_square(w, b):
    """Transposes a square w."""
    return to_linear(w.T if w.shape[0] == w.shape[1] else w, b)


@wrong()
def clears_the_gradients(w, b):
    """Sets the gradients of w and b to None."""
    layer = to_linear(w, b)
    w.grad = b.grad = None
    return layer


@wrong()
def slightly_larger(w, b):
    """Multiplies the bias by 1.001."""
    return to_linear(w, b * 1.001)


_layers = {}


@wrong()
def one_layer_per_shape(w, b):
    """Fills and returns the same layer again for the same shape."""
    if w.shape not in _layers:
        _layers[w.shape] = to_linear(w, b)
    with torch.no_grad():
        _layers[w.shape].weight.copy_(w)
        _layers[w.shape].bias.copy_(b)
    return _layers[w.shape]


@restated("a-function-alone")
def functional_linear(w, b):
    """Returns torch's function with the numbers bound to it."""
    return partial(functional.linear, weight=w.detach().clone(), bias=b.detach().clone())


@restated("sizes-swapped")
def sizes_as_w_has_them(w, b):
    """Unpacks w's shape in its order and loads a state_dict's numbers through .data."""
    layer = nn.Linear(*w.shape).to(w)
    layer.weight.data.copy_(w)
    layer.bias.data.copy_(b)
    return layer


@restated("sizes-swapped-unnoticed")
def new_parameters_of_other_shapes(w, b):
    """Replaces both parameters of a layer whose sizes are exchanged."""
    n_in, n_out = w.shape
    layer = nn.Linear(n_in, n_out)
    layer.weight = nn.Parameter(w.detach().clone())
    layer.bias = nn.Parameter(b.detach().clone())
    return layer


@restated("assigned-tensor")
def assigned_clones(w, b):
    """Assigns detached clones, which are plain tensors."""
    out_features, in_features = w.shape
    layer = nn.Linear(in_features, out_features, dtype=w.dtype, device=w.device)
    layer.weight = w.detach().clone()
    layer.bias = b.detach().clone()
    return layer


@restated("alias")
def parameters_around_the_same_memory(w, b):
    """Wraps w and b in nn.Parameter, which copies nothing."""
    layer = nn.Linear(w.shape[1], w.shape[0])
    layer.weight, layer.bias = nn.Parameter(w), nn.Parameter(b)
    return layer


@restated("random-bias")
def only_the_weight(w, b):
    """Replaces the weight and forgets the bias."""
    layer = nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype, device=w.device)
    layer.weight = nn.Parameter(w.detach().clone())
    return layer


@restated("default-dtype")
def copied_into_float32(w, b):
    """Copies into a layer of the default dtype on the CPU."""
    layer = nn.Linear(w.shape[1], w.shape[0])
    with torch.no_grad():
        layer.weight.copy_(w)
        layer.bias.copy_(b)
    return layer

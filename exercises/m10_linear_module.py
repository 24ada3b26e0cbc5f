# %% [markdown]
# # m10 The linear layer as a module
#
# `nn.Linear` bundles what you have carried around by hand: a weight [O, I], a bias [O] and the rule
# `x @ weight.T + bias`. Here you write such a module, fill one with given numbers, list what a
# model holds, compute product and sum in one operation, and turn a stack of layers into one.

# %%
"""nn.Module, nn.Linear, parameters, and stacks that collapse."""

from __future__ import annotations

import torch
from torch import Tensor, nn


# %%
class Linear(nn.Module):
    """A linear layer that can take the place of `nn.Linear`.

    Its parameters are `weight` [n_out, n_in] and `bias` [n_out], made in torch's default dtype
    (float32, unless it was set); with bias=False the attribute `bias` is None and the only
    parameter is `weight`. Its state_dict can be loaded into an nn.Linear of the same sizes, and the
    other way round; so `.double()` and `.to(device)` must reach everything it computes with. Which
    numbers it starts with is free: nn.Linear draws both uniformly from -1/sqrt(n_in) to
    1/sqrt(n_in).

    Derive it from nn.Module, without nn.Linear inside; `nn.functional` is allowed.
    """

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        """Make the parameters, so that nn.Module knows them."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Map x [..., n_in], with any number of leading dimensions (also none), to [..., n_out]."""
        raise NotImplementedError


# %%
def to_linear(w: Tensor, b: Tensor) -> nn.Linear:
    """Return an nn.Linear that predicts with the weights w [O, I] and the bias b [O].

    The layer knows its sizes (in_features is I, out_features is O) and has the dtype and device of
    w. Its weight and bias are trainable, whether or not w and b require gradients. It holds an
    independent copy: changing w or b later does not change the layer, nor the other way round. w
    and b stay untouched.
    """
    raise NotImplementedError


# %%
def param_table(model: nn.Module) -> dict[str, tuple[tuple[int, ...], bool, int]]:
    """Return a table of a model's parameters: name -> (shape, trainable, number of elements).

    Names are the full dotted ones (`0.weight`, `body.2.bias`); every parameter is listed, however
    deep it is nested, trainable (it requires its gradient) or frozen. A parameter that is used in
    several places is listed once, under the first of its names. Buffers are no parameters. A shape
    is a tuple (torch.Size is one), () for a 0-dim parameter. A model without parameters has the
    table {}. The order of the names is free. The model stays as it is.
    """
    raise NotImplementedError


# %%
def linear(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """Return x @ w.T + b, with product and sum in one fused operation where x is 2-D.

    x is [..., I] with any number of leading dimensions (also none, also an empty batch), w
    is [O, I], b is [O] or None for no bias; the result is [..., O], has their dtype and device, and
    can be differentiated with respect to all of them. None of them is changed.

    For x [N, I] and a bias, one operation of torch must do both the product and the sum, so that no
    tensor with the bare product ever exists; any torch function that does so may be used. With
    other numbers of dimensions, and without a bias, only the result counts.
    """
    raise NotImplementedError


# %%
def collapse(layers: list[nn.Module]) -> nn.Linear:
    """Return the one linear layer that equals a stack of linear layers.

    layers has at least one nn.Linear, and perhaps nn.Identity anywhere: an activation that changes
    nothing. What is applied to the input stands first; each nn.Linear takes as many features as the
    one before gives. They share dtype and device, and any of them may lack its bias. The result
    maps every x as the whole stack does, always has a bias, has the layers' dtype and device, and
    is trainable. It is new and shares no memory with the layers, not even when there is only one;
    the layers and the list stay untouched.

    Raises ValueError where anything else is in the stack, such as nn.ReLU, which is not linear.
    """
    raise NotImplementedError

"""Other ways to do model."""

from __future__ import annotations

import torch
from torch import nn

from autograder.course.marks import restated, right, wrong


@right()
def by_addmm(x, w, b):
    """One fused call multiplies and adds the bias."""
    return torch.addmm(b, x, w.T)


@right()
def by_einsum(x, w, b):
    """The sum of the definition is written with indices."""
    return b + torch.einsum("ni,oi->no", x, w)


@right()
def summed_broadcast(x, w, b):
    """All products are formed at once, [N, O, I], and summed over the features."""
    return (x[:, None, :] * w[None]).sum(-1) + b


@right()
def stacked_columns(x, w, b):
    """Each target is computed alone and becomes a column."""
    return torch.stack([(x * row).sum(1) + c for row, c in zip(w, b, strict=True)], dim=1)


@wrong()
def written_over_x(x, w, b):
    """Writes the predictions into x where shapes and autograd allow it, to save memory."""
    pred = x @ w.T + b
    if x.shape == pred.shape and not x.requires_grad:
        with torch.no_grad():
            x.copy_(pred)
    return pred


@right()
def bias_as_a_weight(x, w, b):
    """The bias is the weight of a feature that is always 1."""
    ones = x.new_ones(len(x), 1)
    return torch.hstack([x, ones]) @ torch.hstack([w, b[:, None]]).T


@right()
def added_up_in_place(x, w, b):
    """The predictions start as the bias and each feature is added in place."""
    pred = b.repeat(len(x), 1)
    for i in range(x.shape[1]):
        pred += torch.outer(x[:, i], w[:, i])
    return pred


@wrong(asks="m2.1a")
def no_bias_for_one_target(x, w, b):
    """A single target gets no bias."""
    return x @ w.T + b if b.numel() > 1 else x @ w.T


@wrong()
def square_weights_not_transposed(x, w, b):
    """Square weights are taken as they stand."""
    return x @ (w if w.shape[0] == w.shape[1] else w.T) + b


@wrong()
def bias_per_row_where_it_fits(x, w, b):
    """The bias is added per row where there are as many rows as targets."""
    return x @ w.T + (b[:, None] if len(x) == len(b) else b)


@wrong()
def features_detached(x, w, b):
    """The features are cut off from the graph."""
    return x.detach() @ w.T + b


@wrong()
def bias_detached(x, w, b):
    """The bias takes part by its data alone, so it never learns."""
    return x @ w.T + b.data


@wrong()
def computed_in_float32(x, w, b):
    """The numbers pass through float32."""
    return (x.float() @ w.float().T + b.float()).to(x.dtype)


@wrong(asks="gd.9")
def squeezed_for_one_row(x, w, b):
    """The predictions for a single row lose their first axis."""
    return (x @ w.T + b).squeeze(0) if len(x) == 1 else x @ w.T + b


@wrong()
def reshaped_weights(x, w, b):
    """The weights are reshaped where they should be transposed."""
    return x @ w.reshape(x.shape[1], -1) + b


@wrong(asks="gd.8")
def bias_added_per_feature(x, w, b):
    """The bias is added inside the sum, once for each feature."""
    return (x[:, None, :] * w + b[:, None]).sum(-1)


@wrong()
def bias_changed_in_place(x, w, b):
    """The products are added onto the caller's bias where it has their shape."""
    pred = x @ w.T
    if len(x) == 1:
        return b.data.add_(pred[0]).unsqueeze(0)
    return pred + b


@wrong()
def gradients_switched_on(x, w, b):
    """Plain parameters require their gradient afterwards."""
    for p in (w, b):
        p.requires_grad_()
    return x @ w.T + b


BIASES = {}


@wrong()
def bias_of_the_first_call(x, w, b):
    """Keeps the first bias for every shape of w."""
    return x @ w.T + BIASES.setdefault((w.shape, w.dtype), b)


@restated("not-transposed")
def weights_as_they_stand(x, w, b):
    """torch.matmul gets w without a transpose."""
    return torch.add(torch.matmul(x, w), b)


@restated("elementwise")
def multiplied_by_position(x, w, b):
    """torch.mul stands where a matrix product should."""
    return torch.mul(w, x) + b


@restated("no-bias")
def only_the_products(x, w, b):
    """The linear map is computed without its bias."""
    return torch.einsum("ni,oi->no", x, w)


@restated("bias-down-the-rows")
def bias_reshaped_to_a_column(x, w, b):
    """The bias is viewed as a column before it is added."""
    return torch.mm(x, w.t()) + b.view(-1, 1)


@restated("targets-as-rows")
def transposed_predictions(x, w, b):
    """The right predictions are returned transposed."""
    return nn.functional.linear(x, w, b).T


@restated("cut-off")
@torch.no_grad()
def without_recording(x, w, b):
    """A decorator switches the recording off."""
    return torch.addmm(b, x, w.T)

# %% [markdown]
# # m03 Broadcasting and products
#
# Tensors of different shapes meet in one operation where their sizes fit, lined up from the right.
# A product of matrices, a code for labels and the distances of points then need no loop: give each
# kind of row an axis of its own, let broadcasting form all pairs, and reduce the axis in common.

# %%
"""Broadcasting and matrix products, without loops."""

from __future__ import annotations

import torch
from torch import Tensor


# %%
def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of what comes out where tensors of shapes a and b are added.

    a and b are tuples of sizes, ints that are 0 or more; each may have any number of them, also
    none. They are lined up from the right, at their last sizes. Two sizes fit if they are equal, or
    if one of them is 1, which is stretched to the other, also where that is 0. Where only one of
    the tuples has a size, the result has this size. It is a tuple, too.

    Work it out from the sizes, without asking torch or NumPy.

    Raises ValueError if two sizes do not fit.
    """
    length = max(len(a), len(b))
    a, b = (1,) * (length - len(a)) + a, (1,) * (length - len(b)) + b
    pairs = list(zip(a, b, strict=True))
    for one, other in pairs:
        if one != other and 1 not in (one, other):
            raise ValueError(f"shapes {a} and {b} do not fit: {one} meets {other}")
    return tuple(other if one == 1 else one for one, other in pairs)


# %%
def add_bias(batch: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """Add a bias to every row of a batch; return the result and the bias as broadcasting sees it.

    batch is [N, O] (N may be 0) and bias [O], of the same dtype and device. The result is a tuple
    (out, expanded) of two tensors [N, O]. Each row of out is a row of batch plus bias; out is a new
    tensor, and neither input is changed. Each row of expanded is bias, in its own memory: expanded
    is a view, nothing is copied, and where bias changes later, all rows of expanded do. Both can be
    differentiated with respect to bias, and out with respect to batch, too.
    """
    expanded = bias.expand_as(batch)
    return batch + expanded, expanded


# %%
def matmul(a: Tensor, b: Tensor) -> Tensor:
    """Return the matrix product of a [..., n, k] and b [..., k, m], which is [..., n, m].

    Its number in row i and column j is the sum over all l of a[..., i, l] times b[..., l, j]. The
    axes before the last two count matrices: a and b may have any number of them, also none, and
    their sizes are broadcast against each other. All sizes are at least 1. a and b have the same
    floating-point dtype and device, which the product shares; it can be differentiated with respect
    to both, and neither is changed.

    Write it with elementwise products and sums: nothing of torch that multiplies matrices or
    vectors may do the work, such as @, mm, dot, einsum or linear.

    Raises ValueError unless the last size of a equals the last but one of b (1 is not stretched).
    """
    if a.shape[-1] != b.shape[-2]:
        raise ValueError(f"the inner sizes differ: {tuple(a.shape)} and {tuple(b.shape)}")
    return (a.unsqueeze(-1) * b.unsqueeze(-3)).sum(dim=-2)


# %%
def one_hot(y: Tensor, k: int) -> Tensor:
    """Return the one-hot codes [..., k] of labels y, in float32.

    y holds class numbers from 0 to k - 1 as int64 and has any shape, also [] or an empty one; k is
    at least 1, and some classes may not occur in y. The code of a label has k numbers: 1 at the
    label's place and 0 at all others. The codes have the shape of y and one axis more, the last
    one, and lie on the device of y, which is not changed.

    Raises ValueError if a label is negative, or not below k.
    """
    if bool(((y < 0) | (y >= k)).any()):
        raise ValueError(f"a label is none of the {k} classes")
    return (y.unsqueeze(-1) == torch.arange(k, device=y.device)).float()


def embed(y: Tensor, table: Tensor) -> Tensor:
    """Return the rows of a table [k, D] that labels y name, [..., D]: the embeddings of the labels.

    y is like that of one_hot, with k the number of rows of the table, which has a floating-point
    dtype and y's device. The result is what the codes of y times the table would be, but look the
    rows up: no other row takes part, not even one of inf or nan. It has the table's dtype and can
    be differentiated with respect to the table, where a row that several labels name collects the
    gradients of all of them. Neither input is changed.

    Raises ValueError if a label is negative, or not below k.
    """
    if bool(((y < 0) | (y >= len(table))).any()):
        raise ValueError(f"a label names none of the {len(table)} rows")
    return table[y]


# %%
def pairwise_sq_dists(a: Tensor, b: Tensor) -> Tensor:
    """Return the squared Euclidean distance of each row of a from each row of b.

    a is [N, D] and b [M, D], with all sizes at least 1, of the same floating-point dtype and
    device, which the result [N, M] shares: its number in row i and column j is the sum over all
    d of (a[i, d] - b[j, d])**2. It can be differentiated with respect to a and b, also where
    two rows are equal; no input is changed.

    Do it without loops over the rows: more rows must not take more torch operations, only larger
    ones. And lose no digits where all rows lie far from 0: in float32, rows of numbers around 1000
    have distances as exact as the same rows around 0, however many rows there are.
    """
    return (a.unsqueeze(1) - b).square().sum(dim=2)

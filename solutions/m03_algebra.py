# %% [markdown]
# # m03 Broadcasting and products
#
# Tensors of different shapes meet in one operation where their sizes fit, lined up from the right.
# A product of matrices, a code for labels and the distances of points then need no loop: give each
# kind of row an axis of its own, let broadcasting form all pairs, and reduce the axis in common.

# %%
"""Broadcasting and matrix products, without loops."""

from __future__ import annotations

from itertools import zip_longest

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

    Questions: tb.8
    """
    sizes = []
    for one, other in zip_longest(reversed(a), reversed(b), fillvalue=1):
        if one != other and 1 not in (one, other):
            raise ValueError(f"shapes {a} and {b} do not fit: {one} meets {other}")
        sizes.append(other if one == 1 else one)
    return tuple(reversed(sizes))


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

    Questions: lr.28 tb.13
    """
    if a.shape[-1] != b.shape[-2]:
        raise ValueError(f"the inner sizes differ: {tuple(a.shape)} and {tuple(b.shape)}")
    return (a.unsqueeze(-1) * b.unsqueeze(-3)).sum(dim=-2)

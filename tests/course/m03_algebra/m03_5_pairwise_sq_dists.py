"""Other ways to do pairwise_sq_dists."""

from __future__ import annotations

import torch
from m03_algebra import pairwise_sq_dists

from autograder.course.marks import restated, right, wrong


@right()
def by_nested_vmap(a, b):
    """Maps the distance of two rows over both tables."""

    def one(x, y):
        return ((x - y) ** 2).sum()

    return torch.vmap(torch.vmap(one, (None, 0)), (0, None))(a, b)


@right()
def all_pairs_in_one_list(a, b):
    """Repeats the rows until all pairs stand in one long list, and folds it."""
    left = a.repeat_interleave(len(b), dim=0)
    right_ = b.repeat(len(a), 1)
    return (left - right_).pow(2).sum(1).view(len(a), len(b))


@right()
def by_einsum(a, b):
    """einsum multiplies the differences by themselves."""
    d = a[:, None, :] - b[None, :, :]
    return torch.einsum("nmd,nmd->nm", d, d)


@right()
def moved_near_0_and_multiplied_out(a, b):
    """Takes the first row off both, which costs no digits, and multiplies out."""
    centre = a[:1].detach()
    a, b = a - centre, b - centre
    return (a * a).sum(1, keepdim=True) - 2 * a @ b.mT + (b * b).sum(1)


@right()
def cdist_without_products(a, b):
    """torch's own distances, in the mode that subtracts."""
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist") ** 2


@right()
def loop_over_space(a, b):
    """Loops over the axes of space, of which there are as many for any number of rows."""
    total = a.new_zeros(len(a), len(b))
    for x, y in zip(a.unbind(1), b.unbind(1), strict=True):
        total = total + (x[:, None] - y[None]) ** 2
    return total


@right()
def squared_norms(a, b):
    """The squared length of each difference."""
    return torch.linalg.vector_norm(a.unsqueeze(1) - b.unsqueeze(0), dim=-1).square()


@wrong(named="loops")
def columns_in_a_loop_of_lists(a, b):
    """Plain Python loops; the numbers come back as a new tensor."""
    rows = [[sum((p - q) ** 2 for p, q in zip(x, y, strict=True)) for y in b] for x in a]
    return torch.stack([torch.stack(row) for row in rows])


@wrong(named="loops")
def list_of_pairs_in_torch(a, b):
    """One call for each pair of rows."""
    return torch.stack([torch.dist(x, y).square() for x in a for y in b]).view(len(a), len(b))


@wrong(named="cut-off")
def loops_over_lists(a, b):
    """Numbers leave torch, and nothing but the lines tells the loop."""
    left, right_ = a.tolist(), b.tolist()
    rows = [[sum((p - q) ** 2 for p, q in zip(x, y, strict=True)) for y in right_] for x in left]
    return torch.tensor(rows, dtype=a.dtype, device=a.device)


@wrong()
def epsilon_of_torch(a, b):
    """pairwise_distance adds 1e-6 to every difference."""
    return torch.nn.functional.pairwise_distance(a.unsqueeze(1), b.unsqueeze(0)) ** 2


@wrong(named="multiplied-out")
def multiplied_out_and_clamped(a, b):
    """Negative noise is cut off, the rest of it stays; where the clamp holds there is no slope."""
    squares = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * a @ b.T
    return squares.clamp(min=0)


@wrong()
def axes_of_one_dropped(a, b):
    """squeeze drops a single row or column."""
    return pairwise_sq_dists(a, b).squeeze()


@wrong()
def gradient_for_a_only(a, b):
    """b is detached."""
    return pairwise_sq_dists(a, b.detach())


@wrong()
def half_squares(a, b):
    """Half of each squared distance, as in an energy."""
    return pairwise_sq_dists(a, b) / 2


@wrong()
def upper_triangle(a, b):
    """Pairs below the diagonal are left at 0."""
    return pairwise_sq_dists(a, b).triu()


@wrong()
def in_float32(a, b):
    """The differences pass through float32."""
    return (a.float().unsqueeze(1) - b.float()).square().sum(2).to(a.dtype)


@wrong()
def written_into_a(a, b):
    """Moves a in place where it may."""
    dists = pairwise_sq_dists(a, b)
    if not a.requires_grad:
        a -= a.mean(0)
    return dists


@wrong()
def cdist_alone(a, b):
    """torch's distances, with their root and by products."""
    return torch.cdist(a, b)


@wrong(named="loops, transposed")
def first_draft(a, b):
    """Two at once: a loop over the rows of b, stacked as rows."""
    return torch.stack([((a - row) ** 2).sum(1) for row in b])


@restated("loops")
def filled_cell_by_cell(a, b):
    """Two loops fill the table."""
    dists = torch.zeros(len(a), len(b), dtype=a.dtype, device=a.device)
    for i in range(len(a)):
        for j in range(len(b)):
            dists[i, j] = ((a[i] - b[j]) ** 2).sum()
    return dists


@restated("multiplied-out")
def by_addmm(a, b):
    """baddbmm's cousin multiplies, the squares are added."""
    squares = (a**2).sum(1).unsqueeze(1) + (b**2).sum(1).unsqueeze(0)
    return torch.addmm(squares, a, b.T, alpha=-2)


@restated("cdist-with-products")
def cdist_to_the_power(a, b):
    """cdist with p said, squared."""
    return torch.cdist(a, b, p=2.0) ** 2


@restated("summed-over-rows-of-a")
def first_axis(a, b):
    """The sum goes over the first of three axes."""
    return ((a[:, None] - b[None]) ** 2).sum(0)


@restated("summed-over-rows-of-b")
def middle_axis(a, b):
    """The sum goes over the middle of three axes."""
    return ((a[:, None] - b[None]) ** 2).sum(-2)


@restated("not-summed")
def squares_alone(a, b):
    """No sum at all."""
    return (a[:, None] - b[None]) ** 2


@restated("paired-rows")
def row_by_row(a, b):
    """The tables are subtracted as they are."""
    return torch.sum((a - b) ** 2, dim=-1)


@restated("roots")
def norms(a, b):
    """The norm of each difference."""
    return torch.linalg.vector_norm(a[:, None] - b, dim=2)


@restated("root-taken-and-squared")
def power_of_a_half(a, b):
    """The root is written as a power."""
    return (((a[:, None] - b) ** 2).sum(2) ** 0.5) ** 2


@restated("absolute")
def norm_of_order_one(a, b):
    """The norm with ord=1."""
    return torch.linalg.vector_norm(a[:, None] - b, ord=1, dim=2)


@restated("summed-before-squared")
def difference_of_sums(a, b):
    """The sums of the rows are subtracted and squared."""
    return (a.sum(1)[:, None] - b.sum(1)) ** 2


@restated("mean-for-sum")
def mean_of_squares(a, b):
    """mean in place of sum."""
    return ((a[:, None] - b) ** 2).mean(-1)


@restated("transposed")
def b_first(a, b):
    """b has the first axis."""
    return ((b[:, None] - a) ** 2).sum(-1)


@restated("everything-summed")
def no_axis(a, b):
    """The axis of the sum is forgotten."""
    return ((a[:, None] - b) ** 2).sum()


@restated("cut-off")
def unrecorded(a, b):
    """All is done under no_grad."""
    with torch.no_grad():
        return ((a[:, None] - b) ** 2).sum(-1)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "return (a.unsqueeze(1) - b).square().sum(dim=2) -> return (b - a.unsqueeze(1)).square().sum(dim=2)": "a square has no sign",  # noqa: E501
}

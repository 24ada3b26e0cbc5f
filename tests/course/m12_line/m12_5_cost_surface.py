"""Other ways to do cost_surface."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.course.marks import restated, right, wrong


@right()
def by_nested_vmap(x, y, ws, bs):
    """Maps the cost of one line over biases and slopes with torch.vmap."""

    def cost(w, b):
        return ((w * x + b - y) ** 2).mean()

    return torch.vmap(lambda w: torch.vmap(lambda b: cost(w, b))(bs))(ws)


@right()
def multiplied_out(x, y, ws, bs):
    """Writes the cost as a polynomial in w and b, whose coefficients are means."""
    w, b = ws[:, None], bs[None, :]
    return (
        w**2 * (x * x).mean()
        + 2 * w * b * x.mean()
        + b**2
        - 2 * w * (x * y).mean()
        - 2 * b * y.mean()
        + (y * y).mean()
    )


@right()
def by_all_pairs_and_a_matrix(x, y, ws, bs):
    """Lists all pairs, multiplies once, and folds the long row into a table."""
    g = torch.cartesian_prod(ws, bs)
    a = torch.cat([x, torch.ones_like(x)], 1)
    return (a @ g.T - y).square().mean(0).reshape(len(ws), len(bs))


@right()
def points_on_the_first_axis(x, y, ws, bs):
    """Keeps the points on the first axis and averages over it."""
    r = y - ws * x
    return (r[:, :, None] - bs).square().mean(0)


@right()
def broadcast_in_numpy(x, y, ws, bs):
    """Broadcasts in NumPy and comes back to torch."""
    xn, yn, wn, bn = (t.detach().cpu().numpy().ravel() for t in (x, y, ws, bs))
    costs = ((wn[:, None, None] * xn + bn[None, :, None] - yn) ** 2).mean(-1)
    return torch.from_numpy(costs).to(ws)


@right()
def loop_over_the_points(x, y, ws, bs):
    """Loops over the points, which is allowed, and adds up one table for each."""
    total = torch.zeros(len(ws), len(bs), dtype=x.dtype, device=x.device)
    for p, q in zip(x.flatten(), y.flatten(), strict=True):
        total += (ws[:, None] * p + bs - q) ** 2
    return total / len(x)


SURFACES: dict[tuple[int, int], Tensor] = {}


def grid_costs(x, y, ws, bs):
    """Return the cost of every pair; what the wrong ways of cost_surface have in common."""
    return (ws[:, None, None] * x.flatten() + bs[:, None] - y.flatten()).square().mean(2)


@wrong()
def turned_where_square(x, y, ws, bs):
    """The axes are exchanged where there are as many slopes as biases."""
    costs = grid_costs(x, y, ws, bs)
    return costs.T if len(ws) == len(bs) else costs


@wrong(named="loops")
def in_pieces_of_64_slopes(x, y, ws, bs):
    """A larger grid takes one operation more for every 64 slopes."""
    return torch.cat([grid_costs(x, y, w, bs) for w in ws.split(64)])


@wrong()
def axes_of_one_dropped(x, y, ws, bs):
    """squeeze drops the axis of a single slope or bias."""
    return grid_costs(x, y, ws, bs).squeeze()


@wrong()
def loops_over_lists(x, y, ws, bs):
    """Plain Python loops over the slopes and the biases."""
    rows = list(zip(x.flatten().tolist(), y.flatten().tolist(), strict=True))
    grid = [
        [sum((w * p + b - q) ** 2 for p, q in rows) / len(rows) for b in bs.tolist()]
        for w in ws.tolist()
    ]
    return torch.tensor(grid, dtype=x.dtype, device=x.device)


@wrong()
def loop_over_slopes_in_numpy(x, y, ws, bs):
    """One pass of a loop for each slope, in NumPy."""
    xn, yn, wn, bn = (t.numpy().ravel() for t in (x, y, ws, bs))
    return torch.tensor([((w * xn + bn[:, None] - yn) ** 2).mean(1).tolist() for w in wn]).to(x)


@wrong()
def costs_in_float32(x, y, ws, bs):
    """Everything is computed in float32."""
    return grid_costs(x.float(), y.float(), ws.float(), bs.float()).to(x.dtype)


@wrong(named="loops")
def loops_over_numpy_numbers(x, y, ws, bs):
    """Loops over the numbers of NumPy arrays, and asks torch for the biases again for each."""
    xn, yn = x.numpy()[:, 0], y.numpy()[:, 0]
    costs = [[(((w * xn + b - yn) ** 2).mean()).item() for b in bs.numpy()] for w in ws.numpy()]
    return torch.tensor(costs, dtype=x.dtype)


@wrong(named="loops")
def loop_over_biases_alone(x, y, ws, bs):
    """Broadcasts over the slopes but loops over the biases."""
    columns = [(ws[:, None] * x.flatten() + b - y.flatten()).square().mean(1) for b in bs]
    return torch.stack(columns, dim=1)


@wrong()
def kept_by_size_of_grid(x, y, ws, bs):
    """A grid of a size that was seen before gets the old costs."""
    return SURFACES.setdefault((len(ws), len(bs)), grid_costs(x, y, ws, bs))


@wrong()
def mixed_term_once(x, y, ws, bs):
    """The square is multiplied out, with the mixed term of slope and bias only once."""
    w, b = ws[:, None], bs[None]
    xy, xx, yy = (x * y).mean(), x.square().mean(), y.square().mean()
    return w * w * xx + w * b * x.mean() + b * b - 2 * w * xy - 2 * b * y.mean() + yy


@restated("slopes-along-columns")
def meshgrid_as_in_plots(x, y, ws, bs):
    """meshgrid with xy indexing puts the slopes along the columns."""
    w, b = torch.meshgrid(ws, bs, indexing="xy")
    return (w[..., None] * x.flatten() + b[..., None] - y.flatten()).square().mean(-1)


@restated("loops")
def filled_cell_by_cell(x, y, ws, bs):
    """Two loops fill the table cell by cell."""
    costs = torch.zeros(len(ws), len(bs), dtype=x.dtype, device=x.device)
    for k in range(len(ws)):
        for m in range(len(bs)):
            costs[k, m] = torch.mean((ws[k] * x + bs[m] - y) ** 2)
    return costs


@restated("sum-for-mean")
def summed_by_einsum(x, y, ws, bs):
    """einsum adds up the squares and nothing divides."""
    r = ws[:, None, None] * x.flatten() + bs[:, None] - y.flatten()
    return torch.einsum("kmn,kmn->km", r, r)


@restated("every-target")
def column_of_targets_kept(x, y, ws, bs):
    """Predictions with the points last meet the column y."""
    pred = ws.view(-1, 1, 1, 1) * x.view(1, 1, 1, -1) + bs.view(1, -1, 1, 1)
    return (pred - y).pow(2).mean((-1, -2))


@restated("flat-grid")
def costs_of_all_pairs(x, y, ws, bs):
    """All pairs in one list give one long row of costs."""
    pairs = torch.cartesian_prod(ws, bs)
    return (x * pairs[:, 0] + pairs[:, 1] - y).square().mean(0)


@wrong(named="slopes-along-columns, loops")
def loops_over_biases_first(x, y, ws, bs):
    """Loops, with the slopes inside."""
    return torch.stack([torch.stack([((w * x + b - y) ** 2).mean() for w in ws]) for b in bs])


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "return (pred - y.flatten()).square().mean(dim=2) -> return (y.flatten() - pred).square().mean(dim=2)": "a square has no sign",  # noqa: E501
}

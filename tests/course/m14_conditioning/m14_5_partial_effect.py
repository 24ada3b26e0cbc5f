"""Other ways to do partial_effect."""

from __future__ import annotations

import torch
from m14_conditioning import partial_effect

from autograder.course.marks import restated, right, wrong


@right()
def whole_fit(x, y, j):
    """Reads the coefficient from the whole least-squares fit."""
    ones = torch.ones(len(x), 1, dtype=x.dtype, device=x.device)
    return torch.linalg.lstsq(torch.cat([x, ones], 1), y[:, None]).solution[j, 0].item()


@right()
def both_residualised(x, y, j):
    """Frees feature and targets from the others, and fits the rests."""
    a = torch.cat([x[:, :j], x[:, j + 1 :], torch.ones_like(x[:, :1])], dim=1)
    q, _ = torch.linalg.qr(a)
    r, s = (v - q @ (q.T @ v) for v in (x[:, j], y))
    return float(torch.dot(r, s) / torch.dot(r, r))


@right()
def from_the_covariances(x, y, j):
    """Solves the normal equations of the centred columns."""
    d = x - x.mean(0)
    return torch.linalg.solve(d.T @ d, d.T @ (y - y.mean())).tolist()[j]


@right()
def sweeping(x, y, j):
    """Takes the columns out of each other one by one (Gram-Schmidt)."""
    columns = [torch.ones_like(y), *(x[:, i] for i in range(x.shape[1]) if i != j)]
    done = []
    for column in [*columns, x[:, j]]:
        rest = column
        for _ in range(2):
            for other in done:
                rest = rest - other * (rest @ other) / (other @ other)
        done.append(rest)
    return (done[-1] @ y).item() / (done[-1] @ done[-1]).item()


@wrong(asks="lr.15")
def sign_of_the_correlation(x, y, j):
    """Gives the effect the sign of the correlation with y."""
    effect = abs(partial_effect(x, y, j))
    d = x[:, j] - x[:, j].mean()
    return effect if (d @ y).item() > 0 else -effect


@wrong()
def nearest_other_only(x, y, j):
    """Frees the feature from its first neighbour only."""
    keep = [j, (j + 1) % x.shape[1]]
    return partial_effect(x[:, keep[: x.shape[1]]], y, 0)


@wrong()
def ridge(x, y, j):
    """Adds a small penalty to the normal equations."""
    d = x - x.mean(0)
    eye = torch.eye(x.shape[1]).to(x)
    return torch.linalg.solve(d.T @ d + 0.01 * eye, d.T @ y)[j].item()


@wrong()
def by_finite_change(x, y, j):
    """Predicts at a feature that is twice as large."""
    return partial_effect(x, y, j) * x[:, j].mean().item()


@wrong()
def in_single_precision(x, y, j):
    """Fits in float32."""
    return partial_effect(x.float(), y.float(), j)


@wrong()
def all_effects(x, y, j):
    """Returns a list of all effects."""
    return [partial_effect(x, y, i) for i in range(x.shape[1])]


@restated("marginal-slope")
def slope_on_one(x, y, j):
    """Divides a covariance by a variance."""
    d = x[:, j] - x[:, j].mean()
    return float(d @ (y - y.mean()) / (d @ d))


@restated("only-y-residualised")
def rest_of_y_on_the_whole_feature(x, y, j):
    """Fits what is left of y by the whole feature."""
    rest = _rest(x, y, j)
    both = torch.stack([x[:, j], torch.ones_like(y)], 1)
    return torch.linalg.lstsq(both, rest[:, None]).solution[0].item()


@restated("no-bias")
def through_the_origin(x, y, j):
    """Solves the normal equations without ones."""
    return torch.linalg.solve(x.T @ x, x.T @ y)[j].item()


@restated("residual-with-no-bias")
def centres_only_y(x, y, j):
    """Fits the feature by the others alone, and centres y."""
    a = torch.cat([x[:, :j], x[:, j + 1 :]], 1)
    r = x[:, j]
    if a.shape[1]:
        r = r - a @ torch.linalg.solve(a.T @ a, a.T @ r)
    return float(torch.dot(r, y - y.mean()) / torch.dot(r, r))


@restated("correlation")
def partial_correlation(x, y, j):
    """Correlates the two rests."""
    pair = torch.stack([_rest(x, x[:, j], j), _rest(x, y, j)])
    return torch.corrcoef(pair)[0, 1].item()


@restated("only-y-residualised")
def over_the_variance(x, y, j):
    """Divides by the sum of squares of the centred feature."""
    r = _rest(x, x[:, j], j)
    return float(r @ y / (len(y) * x[:, j].var(correction=0)))


@restated("upside-down")
def feature_by_y(x, y, j):
    """Puts y in place of the feature and fits that."""
    swapped = x.clone()
    swapped[:, j] = y
    return partial_effect(swapped, x[:, j], j)


@restated("next-feature")
def ones_in_front(x, y, j):
    """Forgets that the ones take the first place."""
    a = torch.cat([torch.ones_like(x[:, :1]), x], 1)
    return torch.linalg.lstsq(a, y[:, None]).solution[j].item()


@restated("standardised")
def of_z_scores(x, y, j):
    """Fits standardised features."""
    z = (x - x.mean(0)) / x.std(0, correction=0)
    return partial_effect(z, y, j)


@restated("tensor-returned")
def no_item(x, y, j):
    """Leaves the number in a tensor."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], 1)
    return (torch.linalg.pinv(a) @ y)[j]


@restated("feature-overwritten")
def column_replaced(x, y, j):
    """Writes the ones into the caller's x."""
    own = x[:, j].clone()
    x[:, j] = 1
    r = own - x @ (torch.linalg.pinv(x) @ own)
    return (r @ y / (r @ r)).item()


def _rest(x, target, j):
    a = torch.cat([x[:, :j], x[:, j + 1 :], torch.ones_like(x[:, :1])], 1)
    return target - a @ (torch.linalg.pinv(a) @ target)


EXCUSED = {
    "others[:, j] = 1 -> others[:, j] = 2": "any constant column spans the same as one of ones",
    "return float(left @ y / (left @ left)) -> return float(y @ left / (left @ left))": (
        "a product of two vectors does not depend on their order"
    ),
}

"""Other ways to do recover_params."""

from __future__ import annotations

from collections import namedtuple

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong

Params = namedtuple("Params", "weight bias")


@right()
def in_float64(x, preds):
    """The least-squares problem is solved in float64 and the answer converted back."""
    ones = torch.ones(x.shape[0], 1, dtype=x.dtype, device=x.device)
    a = torch.cat([x, ones], dim=1).double()
    sol = torch.linalg.lstsq(a, preds.double()).solution.to(preds.dtype)
    return sol[:-1].t(), sol[-1]


@right()
def by_pseudo_inverse(x, preds):
    """The pseudo-inverse in float64 gives a named tuple."""
    a = torch.nn.functional.pad(x, (0, 1), value=1.0)
    sol = (torch.linalg.pinv(a.to(torch.float64)) @ preds.to(torch.float64)).T.to(x.dtype)
    return Params(sol[:, :-1], sol[:, -1])


@right()
def in_numpy_with_ones_first(x, preds):
    """NumPy solves, and the column of ones comes first."""
    xa = np.column_stack([np.ones(len(x)), x.detach().cpu().double().numpy()])
    sol, *_ = np.linalg.lstsq(xa, preds.detach().cpu().double().numpy(), rcond=None)
    sol = torch.from_numpy(sol).to(preds)
    return sol[1:].T, sol[0]


@right()
def by_qr(x, preds):
    """A QR decomposition leaves a triangular system."""
    a = torch.cat([x, torch.ones(len(x), 1).to(x)], 1)
    q, r = torch.linalg.qr(a)
    s = torch.linalg.solve_triangular(r, q.T @ preds, upper=True)
    return s[:-1].T, s[-1]


@right()
def centred_first(x, preds):
    """Without their means the data need no bias; it follows from the means."""
    xm, pm = x.mean(0, keepdim=True), preds.mean(0, keepdim=True)
    w = torch.linalg.lstsq(x - xm, preds - pm).solution.T
    return w, (pm - xm @ w.T).squeeze(0)


@right()
def normal_equations_in_float64(x, preds):
    """The normal equations have digits enough in float64."""
    a = torch.cat([x, torch.ones(len(x), 1).to(x)], 1).double()
    s = (torch.linalg.inv(a.T @ a) @ a.T @ preds.double()).to(x.dtype)
    return s[:-1].T.contiguous(), s[-1].clone()


@wrong()
def bias_of_the_first_row(x, preds):
    """The bias is what the weights leave of the first row alone."""
    xm, pm = x.mean(0), preds.mean(0)
    w = torch.linalg.lstsq(x - xm, preds - pm).solution.T
    return w, preds[0] - w @ x[0]


@wrong()
def ridge(x, preds):
    """A small ridge pulls the parameters towards 0."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1).double()
    eye = torch.eye(a.shape[1], dtype=a.dtype)
    s = torch.linalg.solve(a.T @ a + 1e-6 * eye, a.T @ preds.double()).to(x.dtype)
    return s[:-1].T, s[-1]


@wrong()
def rounded_like_the_print(x, preds):
    """The parameters are rounded to three decimals."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    s = torch.linalg.lstsq(a, preds).solution.round(decimals=3)
    return s[:-1].T, s[-1]


@wrong()
def centred_in_float32(x, preds):
    """The fit is done in float32, whatever the data are."""
    x32, p32 = x.float(), preds.float()
    xm, pm = x32.mean(0), p32.mean(0)
    w = torch.linalg.lstsq(x32 - xm, p32 - pm).solution.T
    return w.to(x.dtype), (pm - w @ xm).to(x.dtype)


@wrong()
def small_singular_values_dropped(x, preds):
    """The pseudo-inverse takes small singular values for 0."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    s = torch.linalg.pinv(a, rtol=0.0001) @ preds
    return s[:-1].T, s[-1]


@restated("float64-returned")
def left_in_float64(x, preds):
    """The parameters stay in the float64 that they were computed in."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1).double()
    s = torch.linalg.lstsq(a, preds.double()).solution
    return s[:-1].T, s[-1]


@restated("bias-as-row")
def bias_kept_as_a_row(x, preds):
    """The bias keeps its first axis."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    s = torch.linalg.lstsq(a, preds).solution
    return s[:-1].T, s[-1:]


@wrong()
def last_row_left_out(x, preds):
    """The last row is left out where there are rows to spare."""
    n = max(len(x) - 1, x.shape[1] + 1)
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)[:n]
    s = torch.linalg.lstsq(a, preds[:n]).solution
    return s[:-1].T, s[-1]


@wrong()
def one_bias_for_all_targets(x, preds):
    """One bias, the mean over the targets, serves all of them."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    s = torch.linalg.lstsq(a, preds).solution
    return s[:-1].T, s[-1].mean().expand(preds.shape[1])


@wrong()
def features_centred_in_place(x, preds):
    """The mean is subtracted from the caller's features."""
    xm, pm = x.mean(0), preds.mean(0)
    x -= xm
    w = torch.linalg.lstsq(x, preds - pm).solution.T
    return w, pm - w @ xm


@wrong()
def each_row_once(x, preds):
    """A row that comes twice counts once, with its first prediction."""
    known = {}
    for row, pred in zip(x, preds, strict=True):
        known.setdefault(tuple(row.tolist()), pred)
    rows = torch.tensor([(*row, 1.0) for row in known], dtype=x.dtype, device=x.device)
    solution = torch.linalg.lstsq(rows, torch.stack(list(known.values()))).solution
    return solution[:-1].T, solution[-1]


@restated("no-ones-column")
def pinv_without_ones(x, preds):
    """The pseudo-inverse of x alone gives the weights, zeros the bias."""
    w = (torch.linalg.pinv(x) @ preds).T
    return w, torch.zeros(len(w), dtype=x.dtype, device=x.device)


@restated("bias-fitted-afterwards")
def mean_of_the_rest(x, preds):
    """The bias makes up for the means that weights without a bias leave."""
    w = torch.linalg.pinv(x) @ preds
    return w.T, preds.mean(0) - x.mean(0) @ w


@restated("weights-as-solved")
def solution_not_transposed(x, preds):
    """The upper rows of the solution are returned as they are."""
    a = torch.hstack([x, x.new_ones(len(x), 1)])
    solution = torch.linalg.lstsq(a, preds).solution
    return solution[:-1], solution[-1]


@restated("normal-equations")
def by_the_inverse(x, preds):
    """The textbook formula with an inverse, in the dtype of the data."""
    a = torch.hstack([x, x.new_ones(len(x), 1)])
    s = torch.linalg.inv(a.T @ a) @ (a.T @ preds)
    return s[:-1].T, s[-1]


@restated("first-rows-only")
def as_many_rows_as_unknowns(x, preds):
    """Only the first rows enter the system, as many as there are unknowns."""
    n = x.shape[1] + 1
    a = torch.cat([x[:n], torch.ones_like(x[:n, :1])], dim=1)
    s = torch.linalg.solve(a, preds[:n])
    return s[:-1].T, s[-1]

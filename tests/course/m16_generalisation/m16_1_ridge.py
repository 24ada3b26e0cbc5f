"""Other ways to do ridge."""

from __future__ import annotations

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


@right()
def inverse_in_numpy(x, y, lam):
    """NumPy inverts the matrix, and the result goes back to where x lies."""
    a, b = x.cpu().numpy(), y.cpu().numpy()
    gram = a.T @ a + lam * b.size / 2 * np.identity(a.shape[1], dtype=a.dtype)
    return torch.from_numpy((np.linalg.inv(gram) @ a.T @ b).T.copy()).to(x)


@right()
def rows_added(x, y, lam):
    """Rows that say that each weight is 0 are added to the data, for plain least squares."""
    n_in = x.shape[1]
    extra = (lam * y.numel() / 2) ** 0.5 * torch.eye(n_in, dtype=x.dtype, device=x.device)
    design = torch.cat([x, extra])
    return (torch.linalg.pinv(design) @ torch.cat([y, y.new_zeros(n_in, y.shape[1])])).mT


@right()
def singular_values_shrunk(x, y, lam):
    """Each singular direction is shrunk by its own factor."""
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    factor = s / (s * s + lam * y.shape[0] * y.shape[1] / 2)
    return (y.T @ u * factor) @ vh


@right()
def from_the_rows(x, y, lam):
    """The dual form solves for one number per row instead of one per feature."""
    kernel = x @ x.T
    kernel.diagonal().add_(lam / 2 * y.numel())
    return torch.linalg.solve(kernel, y).T @ x


@right()
def conjugate_gradients(x, y, lam):
    """Conjugate gradients end at the solution, up to rounding, after a few rounds."""
    hessian = 2 / y.numel() * x.T @ x + lam * torch.eye(x.shape[1]).to(x)
    columns = []
    for target in y.T:
        w = torch.zeros_like(x[0])
        residual = direction = 2 / y.numel() * x.T @ target
        for _ in range(x.shape[1] + 2):
            if residual.norm() < 1e-14 * (1 + target.norm()):
                break
            along = hessian @ direction
            rate = residual @ residual / (direction @ along)
            w = w + rate * direction
            later = residual - rate * along
            direction = later + later @ later / (residual @ residual) * direction
            residual = later
        columns.append(w)
    return torch.stack(columns)


@right()
def newton_on_the_loss(x, y, lam):
    """One Newton step from zeros on the loss with its penalty, target by target."""

    def loss(w, target):
        return ((x @ w - target) ** 2).sum() / y.numel() + lam / 2 * w @ w

    rows = []
    for target in y.unbind(1):
        w = torch.zeros_like(x[0]).requires_grad_()
        (grad,) = torch.autograd.grad(loss(w, target), w)
        hessian = torch.autograd.functional.hessian(lambda v, t=target: loss(v, t), w)
        rows.append(-torch.linalg.solve(hessian, grad))
    return torch.stack(rows).detach()


@wrong()
def training_cut_short(x, y, lam):
    """A training of 100 steps, which comes near."""
    w = torch.zeros(y.shape[1], x.shape[1]).to(x).requires_grad_()
    opt = torch.optim.SGD([w], lr=0.05, weight_decay=lam)
    for _ in range(100):
        opt.zero_grad()
        torch.nn.functional.mse_loss(x @ w.T, y).backward()
        opt.step()
    return w.detach()


@wrong()
def identity_on_the_cpu(x, y, lam):
    """The identity lies on the CPU, wherever x is."""
    penalty = y.numel() * lam / 2 * torch.eye(x.shape[1])
    return torch.linalg.solve(x.T @ x + penalty, x.T @ y).T


@wrong()
def always_in_double(x, y, lam):
    """The weights are float64, whatever came in."""
    a, b = x.double(), y.double()
    a = torch.cat([a, (lam * y.numel() / 2) ** 0.5 * torch.eye(x.shape[1]).to(a)])
    b = torch.cat([b, torch.zeros(x.shape[1], y.shape[1]).to(b)])
    return (torch.linalg.pinv(a) @ b).T


@wrong(asks="lr.36")
def features_counted_for_rows(x, y, lam):
    """The penalty grows with the number of features, not with that of the rows."""
    penalty = x.shape[1] * y.shape[1] * lam / 2 * torch.eye(x.shape[1]).to(x)
    return torch.linalg.solve(x.T @ x + penalty, x.T @ y).T


@wrong(asks="lr.29")
def twins_refused(x, y, lam):
    """Equal columns are refused, though the penalty makes the answer unique."""
    if torch.linalg.matrix_rank(x) < x.shape[1]:
        raise ValueError("the columns depend on each other")
    return newton_on_the_loss(x, y, lam)


@wrong()
def scaled_first(x, y, lam):
    """The columns of the caller's x are brought to length 1, in place."""
    x /= x.norm(dim=0)
    return newton_on_the_loss(x, y, lam)


@restated("for-a-sum-of-squares")
def by_the_book(x, y, lam):
    """As a textbook has it, by Cholesky's method."""
    factor = torch.linalg.cholesky(x.T @ x + lam * torch.eye(x.shape[1]).to(x))
    return torch.cholesky_solve(x.T @ y, factor).T


@restated("targets-not-counted")
def half_the_rows(x, y, lam):
    """Half of the number of rows times lam stands on the diagonal."""
    gram = x.T @ x
    gram.diagonal().add_(len(x) * lam / 2)
    return torch.linalg.solve(gram, x.T @ y).T


@restated("twice-the-penalty")
def elements_times_lam(x, y, lam):
    """The penalty is the number of elements times lam."""
    gram = x.T @ x
    gram.diagonal().add_(y.numel() * lam)
    return torch.linalg.solve(gram, x.T @ y).T


@restated("lam-per-row")
def rows_times_lam(x, y, lam):
    """The penalty is the number of rows times lam."""
    gram = x.T @ x
    gram.diagonal().add_(len(x) * lam)
    return torch.linalg.solve(gram, x.T @ y).T


@restated("decay-reversed")
def taken_away(x, y, lam):
    """The penalty is subtracted."""
    gram = x.T @ x
    gram.diagonal().sub_(y.numel() * lam / 2)
    return torch.linalg.solve(gram, x.T @ y).T


@restated("no-penalty")
def lam_unused(x, y, lam):
    """Least squares by the pseudo-inverse of the gram matrix."""
    return (torch.linalg.pinv(x.T @ x, hermitian=True) @ (x.T @ y)).T


@restated("shrunk-afterwards")
def a_factor_at_the_end(x, y, lam):
    """The solution of least squares is scaled down."""
    w = torch.linalg.pinv(x) @ y
    w /= 1.0 + lam
    return w.T


@restated("added-to-every-entry")
def a_number_added(x, y, lam):
    """The number is added to the whole matrix."""
    gram = torch.add(x.T @ x, lam * len(x) * y.shape[1] / 2)
    return (torch.linalg.pinv(gram, hermitian=True) @ (x.T @ y)).T


@wrong()
def trained_for_long(x, y, lam):
    """Trains by two thousand steps, and takes where it ends."""
    w = torch.zeros(y.shape[1], x.shape[1], dtype=x.dtype, device=x.device, requires_grad=True)
    steepest = 2 * torch.linalg.matrix_norm(x, 2).item() ** 2 / y.numel() + lam
    opt = torch.optim.SGD([w], lr=1 / steepest, weight_decay=lam)
    for _ in range(2000):
        opt.zero_grad()
        (x @ w.T - y).square().mean().backward()
        opt.step()
    return w.detach()


@restated("axes-exchanged")
def as_solved(x, y, lam):
    """What the solver returns is handed on."""
    gram = x.T @ x
    gram.diagonal().add_(lam * y.numel() / 2)
    return torch.linalg.solve(gram, x.T @ y)


@restated("with-a-bias")
def centred(x, y, lam):
    """Both tables are centred before the solution."""
    x, y = x - x.mean(dim=0, keepdim=True), y - y.mean(dim=0, keepdim=True)
    gram = x.T @ x
    gram.diagonal().add_(lam * y.numel() / 2)
    return torch.linalg.solve(gram, x.T @ y).T


@restated("a-list")
def rows_as_lists(x, y, lam):
    """The rows of w are written as lists."""
    gram = x.T @ x
    gram.diagonal().add_(lam * y.numel() / 2)
    return [row.tolist() for row in torch.linalg.solve(gram, x.T @ y).T]

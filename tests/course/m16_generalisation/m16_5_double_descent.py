"""Other ways to do double_descent."""

from __future__ import annotations

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


def _w(x, width, seed):
    """Draw the matrix of a width."""
    generator = torch.Generator(x.device).manual_seed(seed)
    return torch.randn(x.shape[1], width, generator=generator, dtype=x.dtype, device=x.device)


def _features(x, xt, width, seed):
    """Return the features of the training and of the test rows."""
    w = _w(x, width, seed)
    return (x @ w).relu(), (xt @ w).relu()


def _error(pred, yt):
    return float(((pred - yt) ** 2).mean())


def _solved(features, y, yt):
    """Return the test error for each pair of features of training and test rows."""
    return [_error(test @ torch.linalg.pinv(train) @ y, yt) for train, test in features]


@right()
def by_singular_values(x, y, xt, yt, widths, seed):
    """The solution is put together from the singular vectors with a value above 0."""
    errors = []
    for width in widths:
        train, test = _features(x, xt, width, seed)
        u, s, vh = torch.linalg.svd(train, full_matrices=False)
        keep = s > 1e-13 * s.max()
        inverse = torch.where(keep, 1 / torch.where(keep, s, 1), 0)
        errors.append(_error(test @ (vh.mT @ (inverse[:, None] * (u.mT @ y))), yt))
    return errors


@right()
def torchs_lstsq(x, y, xt, yt, widths, seed):
    """The default driver gives the minimum-norm solution where the rank is full."""
    errors = []
    for width in widths:
        train, test = _features(x, xt, width, seed)
        errors.append(_error(test @ torch.linalg.lstsq(train, y).solution, yt))
    return errors


@right()
def with_numpys_lstsq(x, y, xt, yt, widths, seed):
    """NumPy's lstsq gives the minimum-norm solution for every shape."""
    errors = []
    for width in widths:
        train, test = (t.cpu().numpy() for t in _features(x, xt, width, seed))
        coefficients, *_ = np.linalg.lstsq(train, y.cpu().numpy(), rcond=1e-13)
        errors.append(float(np.mean((test @ coefficients - yt.cpu().numpy()) ** 2)))
    return errors


@right()
def features_scaled(x, y, xt, yt, widths, seed):
    """Features over the root of their number: the smaller they are, the larger the coefficients."""
    errors = []
    for width in widths:
        train, test = (f / width**0.5 for f in _features(x, xt, width, seed))
        errors.append(_error(test @ (torch.linalg.pinv(train) @ y), yt))
    return errors


@right()
def pseudoinverse_of_the_gram_matrix(x, y, xt, yt, widths, seed):
    """The pseudoinverse is that of the products of all rows, or of all columns."""
    errors = []
    for width in widths:
        train, test = _features(x, xt, width, seed)
        if width < len(x):
            gram = torch.linalg.pinv(train.T @ train, hermitian=True)
            errors.append(_error(test @ gram @ train.T @ y, yt))
        else:
            gram = torch.linalg.pinv(train @ train.T, hermitian=True)
            errors.append(_error(test @ train.T @ gram @ y, yt))
    return errors


@wrong(asks="tb.55")
def solved_by_normal_equations(x, y, xt, yt, widths, seed):
    """The normal equations have no single solution for more features than rows."""
    errors = []
    for width in widths:
        train, test = _features(x, xt, width, seed)
        coefficients = torch.linalg.solve(train.T @ train, train.T @ y)
        errors.append(_error(test @ coefficients, yt))
    return errors


@wrong(asks="tb.55")
def descent_stopped_early(x, y, xt, yt, widths, seed):
    """A few steps of gradient descent stay far from the exact fit, as with a penalty."""
    errors = []
    for width in widths:
        train, test = _features(x, xt, width, seed)
        w = train.new_zeros(width, y.shape[1])
        rate = 1 / torch.linalg.matrix_norm(train).square().clamp(min=1e-9)
        for _ in range(30):
            w = w - rate * train.T @ (train @ w - y)
        errors.append(_error(test @ w, yt))
    return errors


@wrong()
def tanh_for_relu(x, y, xt, yt, widths, seed):
    """Another non-linearity makes other features."""
    errors = []
    for width in widths:
        w = _w(x, width, seed)
        errors.append(_error(torch.tanh(xt @ w) @ torch.linalg.pinv(torch.tanh(x @ w)) @ y, yt))
    return errors


@wrong()
def seed_moves_with_the_width(x, y, xt, yt, widths, seed):
    """Each width has a seed of its own."""
    return _solved(
        [(_features(x, xt, width, seed + i + 1)) for i, width in enumerate(widths)], y, yt
    )


@wrong()
def widths_sorted(x, y, xt, yt, widths, seed):
    """The errors come in the order of the sizes."""
    return _solved([(_features(x, xt, width, seed)) for width in sorted(widths)], y, yt)


@wrong()
def drawn_on_the_cpu(x, y, xt, yt, widths, seed):
    """The features are left on the CPU, wherever the rows lie."""
    errors = []
    for width in widths:
        generator = torch.Generator().manual_seed(seed)
        w = torch.randn(x.shape[1], width, generator=generator, dtype=x.dtype)
        errors.append(_error((xt @ w).relu() @ torch.linalg.pinv((x @ w).relu()) @ y, yt))
    return errors


@restated("penalty")
def ridge(x, y, xt, yt, widths, seed):
    """The same penalty by way of rows below the features."""
    errors = []
    for width in widths:
        train, test = _features(x, xt, width, seed)
        below = 1e-3**0.5 * torch.ones(width).to(train).diag()
        targets = torch.cat([y, y.new_zeros(width, y.shape[1])])
        errors.append(_error(test @ torch.linalg.pinv(torch.cat([train, below])) @ targets, yt))
    return errors


@restated("first-features")
def other_coefficients_zero(x, y, xt, yt, widths, seed):
    """What is beyond the number of rows is left out on both sides."""
    return _solved(
        [(f[:, : len(x)] for f in _features(x, xt, width, seed)) for width in widths], y, yt
    )


@restated("new-features-at-the-test")
def drawn_twice(x, y, xt, yt, widths, seed):
    """A helper draws whenever features are needed."""
    errors = []
    for width in widths:
        generator = torch.Generator(x.device).manual_seed(seed)
        shape = (x.shape[1], width)

        def features(rows, generator=generator, shape=shape):
            w = torch.randn(*shape, generator=generator, dtype=rows.dtype, device=rows.device)
            return torch.clamp(rows @ w, min=0)

        coefficients = torch.linalg.pinv(features(x)) @ y
        errors.append(_error(features(xt) @ coefficients, yt))
    return errors


@restated("one-generator")
def seeded_before_the_loop(x, y, xt, yt, widths, seed):
    """The generator goes on from width to width."""
    generator = torch.Generator(x.device)
    generator.manual_seed(seed)
    shapes = [(x.shape[1], width) for width in widths]
    ws = [torch.randn(s, generator=generator, dtype=x.dtype, device=x.device) for s in shapes]
    return [_error((xt @ w).relu() @ torch.linalg.pinv((x @ w).relu()) @ y, yt) for w in ws]


@restated("training-error")
def residuals_of_the_fit(x, y, xt, yt, widths, seed):
    """The rows of the fit are predicted."""
    fits = [_features(x, xt, width, seed)[0] for width in widths]
    return [_error(f @ (torch.linalg.pinv(f) @ y), y) for f in fits]


@restated("no-relu")
def linear_features(x, y, xt, yt, widths, seed):
    """Nothing bends the products."""
    ws = [_w(x, width, seed) for width in widths]
    return [_error((xt @ w) @ (torch.linalg.pinv(x @ w) @ y), yt) for w in ws]


@restated("drawn-transposed")
def like_a_layer(x, y, xt, yt, widths, seed):
    """W has the layout of a linear layer."""
    errors = []
    for width in widths:
        g = torch.Generator(x.device).manual_seed(seed)
        w = torch.randn(width, x.shape[1], generator=g, dtype=x.dtype, device=x.device)
        train, test = (torch.nn.functional.linear(t, w).relu() for t in (x, xt))
        errors.append(_error(test @ torch.linalg.pinv(train) @ y, yt))
    return errors


@restated("drawn-in-float32")
def default_dtype(x, y, xt, yt, widths, seed):
    """The draw is not told the dtype."""
    errors = []
    for width in widths:
        g = torch.Generator(x.device).manual_seed(seed)
        w = torch.randn(x.shape[1], width, generator=g, device=x.device).double()
        errors.append(_error((xt @ w).relu() @ torch.linalg.pinv((x @ w).relu()) @ y, yt))
    return errors


@restated("column-of-ones")
def with_an_intercept(x, y, xt, yt, widths, seed):
    """The first feature is always 1."""
    errors = []
    for width in widths:
        pair = _features(x, xt, width, seed)
        train, test = (torch.nn.functional.pad(f, (1, 0), value=1.0) for f in pair)
        errors.append(_error(test @ torch.linalg.pinv(train) @ y, yt))
    return errors


@restated("sum-for-mean")
def squares_added(x, y, xt, yt, widths, seed):
    """The squares are added up."""
    errors = []
    for width in widths:
        train, test = _features(x, xt, width, seed)
        errors.append(((test @ torch.linalg.pinv(train) @ y - yt) ** 2).sum().item())
    return errors


@restated("global-generator")
def seeded_globally(x, y, xt, yt, widths, seed):
    """torch.manual_seed comes before each draw, on the CPU."""
    errors = []
    for width in widths:
        torch.manual_seed(seed)
        w = torch.randn(x.shape[1], width, dtype=x.dtype).to(x.device)
        errors.append(_error((xt @ w).relu() @ torch.linalg.pinv((x @ w).relu()) @ y, yt))
    return errors


@restated("tensors")
def item_forgotten(x, y, xt, yt, widths, seed):
    """The means are collected as they are."""
    pairs = [_features(x, xt, width, seed) for width in widths]
    return [((test @ torch.linalg.pinv(f) @ y - yt) ** 2).mean() for f, test in pairs]


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "errors.append((torch.relu(xt @ w) @ coefficients - yt).square().mean().item()) -> "
    "errors.append((yt - torch.relu(xt @ w) @ coefficients).square().mean().item())": (
        "a square has no sign"
    ),
}

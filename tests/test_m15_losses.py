"""The references of m15, proved by torch's counterparts, closed forms, search and the documents."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

import pytest
import torch
from m15_losses import (
    AbsAt0,
    best_constant,
    cross_entropy,
    drop_bad_rows,
    huber,
    nll,
    poisoned,
    pull,
    residual_report,
    smooth_l1,
)
from torch import Tensor, nn
from torch.nn import functional as F


def drawn(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Draw float64 tensors."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]


def f64(*values: float) -> Tensor:
    """Return numbers as a float64 tensor [N]."""
    return torch.tensor(values, dtype=torch.float64)


@pytest.mark.parametrize("threshold", [0.3, 1.0, 2.5])
def test_huber_and_smooth_l1_equal_torchs_own(threshold: float) -> None:
    """Values and gradients are those of F.huber_loss and F.smooth_l1_loss."""
    pred, target = drawn(1, (6, 3), (6, 3))
    pred = (2 * pred).requires_grad_()
    ours = huber(pred, target, threshold), smooth_l1(pred, target, threshold)
    theirs = (
        F.huber_loss(pred, target, delta=threshold),
        F.smooth_l1_loss(pred, target, beta=threshold),
    )
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other)
        gradients = (torch.autograd.grad(loss, pred)[0] for loss in (one, other))
        torch.testing.assert_close(*gradients)


def test_huber_is_delta_times_smooth_l1() -> None:
    """lr.23: at 2 an error of one half costs .125 by huber and .0625 by smooth_l1, as in torch."""
    half, zero = f64(0.5).view(1, 1), f64(0.0).view(1, 1)
    assert huber(half, zero, 2.0).item() == F.huber_loss(half, zero, delta=2.0).item() == 0.125
    assert smooth_l1(half, zero, 2.0).item() == F.smooth_l1_loss(half, zero, beta=2.0) == 0.0625
    assert huber(half, zero, 1.0) == smooth_l1(half, zero, 1.0)


def test_no_error_pulls_harder_than_the_threshold_allows() -> None:
    """lr.23: the slope of a cost by differences is the error up to delta, and delta beyond; smooth
    L1's is 1 beyond beta, and neither has a jump."""
    target = torch.zeros(1, 1, dtype=torch.float64)
    for e in torch.arange(-3, 3.1, 0.25, dtype=torch.float64):
        near = [(e + step).view(1, 1) for step in (-1e-6, 1e-6)]
        for loss, scale in ((huber, 1.0), (smooth_l1, 0.8)):
            low, high = (loss(pred, target, 0.8).item() for pred in near)
            expected = max(-0.8, min(0.8, e.item())) / scale
            assert (high - low) / 2e-6 == pytest.approx(expected, abs=2e-6)


@pytest.mark.parametrize("function", [huber, smooth_l1])
@pytest.mark.parametrize("shapes", [((4, 1), (4,)), ((3, 2), (1, 2)), ((2, 3), (3, 2))])
def test_huber_and_smooth_l1_refuse_unequal_shapes(
    function: Callable[..., Tensor], shapes: tuple[tuple[int, ...], tuple[int, ...]]
) -> None:
    """Nothing is broadcast."""
    with pytest.raises(ValueError, match="shapes"):
        function(*drawn(2, *shapes), 1.0)


@pytest.mark.parametrize("n", [1, 2, 5, 8, 31])
@pytest.mark.parametrize("loss", ["mse", "l1"])
def test_best_constant_beats_a_random_search(n: int, loss: str) -> None:
    """No number of a fine grid around all of y has a smaller loss."""
    (y,) = drawn(n, (n,))
    y[0] += 10
    grid = torch.linspace(float(y.min()) - 1, float(y.max()) + 1, 4001, dtype=torch.float64)
    tried = torch.cat([grid, torch.tensor([best_constant(y, loss)], dtype=torch.float64)])
    errors = tried[:, None] - y
    losses = (errors.square() if loss == "mse" else errors.abs()).mean(dim=1)
    assert losses[-1] <= losses.min() + 1e-12


def test_an_outlier_drags_the_mean_alone() -> None:
    """lr.13: as a number goes from 5 to 1000, the mean follows, and the median stays."""
    assert best_constant(f64(1, 2, 3, 4, 5), "mse") == best_constant(f64(1, 2, 3, 4, 5), "l1") == 3
    assert best_constant(f64(1, 2, 3, 4, 1000), "mse") == 202
    assert best_constant(f64(1, 2, 3, 4, 1000), "l1") == statistics.median([1, 2, 3, 4, 1000]) == 3


def test_the_pulls_cancel_at_the_best_constant() -> None:
    """At the mean, and at the median of an odd number, the pulls of all errors add up to 0."""
    (y,) = drawn(3, (9,))
    for loss in ("mse", "l1"):
        c = best_constant(y, loss)
        assert sum(pull(c - each, loss) for each in y.tolist()) == pytest.approx(0, abs=1e-12)


def test_pull_is_the_derivative() -> None:
    """lr.13: an error of 10 pulls with 20 and 1; autograd and its 0 at 0 agree."""
    assert (pull(10.0, "mse"), pull(10.0, "l1")) == (20, 1)
    for e in (-3.5, -0.1, 0.0, 0.2, 7.0):
        for loss, function in (("mse", F.mse_loss), ("l1", F.l1_loss)):
            x = torch.tensor(e, dtype=torch.float64, requires_grad=True)
            function(x, torch.zeros_like(x)).backward()
            assert x.grad is not None and pull(e, loss) == x.grad.item()
            assert isinstance(pull(e, loss), float)


def test_other_losses_are_refused() -> None:
    """A loss of another name is a ValueError."""
    for call in (lambda: best_constant(f64(1, 2), "huber"), lambda: pull(1.0, "L1")):
        with pytest.raises(ValueError, match="must be"):
            call()


def test_abs_at_0_is_torchs_abs_where_s_is_0() -> None:
    """lr.57: values and gradients are those of abs(), whose derivative at 0 is 0."""
    x = f64(-2, -0.0, 0, 3).requires_grad_()
    weights = f64(5, 6, 7, 8)
    ours, theirs = AbsAt0.apply(x, 0.0), x.abs()
    assert torch.equal(ours, theirs)
    (found,) = torch.autograd.grad(ours, x, weights)
    assert torch.equal(found, torch.autograd.grad(theirs, x, weights)[0])
    assert found.tolist() == [-5, 0, 0, 8]


@pytest.mark.parametrize("s", [-1.0, -0.3, 0.5, 1])
def test_s_is_the_slope_of_a_line_below_the_graph(s: float) -> None:
    """lr.57: s reaches the gradient at 0 alone, times what arrives; s * x is nowhere above |x|."""
    x = f64(-2, -0.0, 0, 3).requires_grad_()
    values = AbsAt0.apply(x, s)
    assert bool((s * x <= values).all())
    (found,) = torch.autograd.grad((values * f64(1, 2, 3, 4)).sum(), x)
    assert found.tolist() == [-1, 2 * s, 3 * s, 4]
    assert torch.autograd.gradcheck(lambda z: AbsAt0.apply(z, s), f64(-2, 3).requires_grad_())


@pytest.mark.parametrize("s", [1.001, -1.5, 3, math.nan])
def test_a_steeper_line_is_no_subgradient(s: float) -> None:
    """Such an s raises ValueError."""
    with pytest.raises(ValueError, match="subgradient"):
        AbsAt0.apply(f64(1), s)


@pytest.mark.parametrize(("n", "classes"), [(5, 3), (3, 3), (1, 4), (2, 1)])
def test_nll_and_cross_entropy_equal_torchs_own(n: int, classes: int) -> None:
    """tb.36: values and gradients are those of F.nll_loss and F.cross_entropy, means by default."""
    (logits,) = drawn(4, (n, classes))
    y = torch.arange(n) % classes
    logits.requires_grad_()
    logp = logits.log_softmax(dim=1)
    pairs = [
        (nll(logp, y), F.nll_loss(logp, y)),
        (cross_entropy(logits, y), F.cross_entropy(logits, y)),
    ]
    for ours, theirs in pairs:
        torch.testing.assert_close(ours, theirs)
        gradients = (torch.autograd.grad(v, logits, retain_graph=True)[0] for v in (ours, theirs))
        torch.testing.assert_close(*gradients)


def test_cross_entropy_has_the_gradient_of_the_formula() -> None:
    """It is (softmax - one-hot) / N."""
    (logits,) = drawn(5, (6, 4))
    y = torch.tensor([0, 3, 1, 1, 2, 0])
    (found,) = torch.autograd.grad(cross_entropy(logits.requires_grad_(), y), logits)
    expected = (logits.softmax(dim=1) - F.one_hot(y, 4)) / 6
    torch.testing.assert_close(found, expected.detach())


def test_cross_entropy_survives_large_logits() -> None:
    """tb.36: logits [0, 200] cost class 0 exactly 200, where log(softmax) is infinite."""
    logits, y = torch.tensor([[0.0, 200.0]]), torch.tensor([0])
    assert cross_entropy(logits, y).item() == 200
    assert -logits.softmax(dim=1).log()[0, 0].item() == math.inf
    assert cross_entropy(torch.full((1, 2), 5000.0), y).item() == pytest.approx(math.log(2))


BAD = [math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("place", [None, ("x", 1, 2), ("x", 3, 0), ("y", 0, 1), ("y", 2, 0)])
@pytest.mark.parametrize("start", ["zero", "drawn"])
def test_poisoned_is_what_backward_gives(
    bad: float, place: tuple[str, int, int] | None, start: str
) -> None:
    """lr.59: the gradients of a real layer are bad at the same places, from any parameters."""
    x, y, w, b = drawn(6, (4, 3), (4, 2), (2, 3), (2,))
    if place:
        {"x": x, "y": y}[place[0]][place[1], place[2]] = bad
    layer = nn.Linear(3, 2, dtype=torch.float64)
    layer.load_state_dict({"weight": w * (start == "drawn"), "bias": b * (start == "drawn")})
    F.mse_loss(layer(x), y).backward()
    for parameter, mask in zip(layer.parameters(), poisoned(x, y), strict=True):
        assert parameter.grad is not None
        assert torch.equal(mask, ~parameter.grad.isfinite())


def test_a_bad_target_poisons_its_own_row() -> None:
    """lr.59: a NaN target of output 1 spoils that row of weights and that bias, and no other."""
    x, y = drawn(7, (4, 3), (4, 2))
    y[2, 1] = math.nan
    weights, biases = poisoned(x, y)
    assert weights.tolist() == [[False] * 3, [True] * 3] and biases.tolist() == [False, True]


@pytest.mark.parametrize("bad", BAD)
def test_drop_bad_rows_leaves_nothing_that_poisons(bad: float) -> None:
    """The good rows stay as they were, in their order; afterwards no gradient is poisoned."""
    x, y = drawn(8, (6, 3), (6, 2))
    x[1, 0] = y[4, 1] = bad
    kept = [0, 2, 3, 5]
    left_x, left_y = drop_bad_rows(x, y)
    assert torch.equal(left_x, x[kept]) and torch.equal(left_y, y[kept])
    assert not any(bool(mask.any()) for mask in poisoned(left_x, left_y))


def test_drop_bad_rows_may_leave_no_row() -> None:
    """Where every row is bad, tables with no rows are left."""
    x, y = torch.full((2, 3), math.nan), torch.zeros(2, 1)
    assert [tuple(t.shape) for t in drop_bad_rows(x, y)] == [(0, 3), (0, 1)]


def residuals_of_a_line(kind: str) -> tuple[Tensor, Tensor]:
    """Return predictions and targets of a line fitted by least squares to 500 points."""
    generator = torch.Generator().manual_seed(2)
    x = 10 * torch.rand(500, generator=generator, dtype=torch.float64)
    z = torch.randn(500, generator=generator, dtype=torch.float64)
    y = 3 * x + {"clean": z, "funnel": 0.3 * x * z, "curve": 0.3 * x**2 + z}[kind]
    design = torch.stack([x, torch.ones_like(x)], dim=1)
    return design @ torch.linalg.lstsq(design, y).solution, y


@pytest.mark.parametrize(
    ("kind", "funnel", "curve"), [("clean", 0, 0), ("funnel", 0.50, 0), ("curve", 0, 0.91)]
)
def test_residual_report_tells_the_shape(kind: str, funnel: float, curve: float) -> None:
    """lr.43: near 0 for a cloud, a funnel of .50, a curve of .91, while the mean is 0 in all."""
    report = residual_report(*residuals_of_a_line(kind))
    assert report["mean"] == pytest.approx(0, abs=1e-12)
    assert report["funnel"] == pytest.approx(funnel, abs=0.05)
    assert report["curve"] == pytest.approx(curve, abs=0.08)


@pytest.mark.parametrize("kind", ["clean", "funnel", "curve"])
def test_residuals_of_least_squares_do_not_correlate_with_predictions(kind: str) -> None:
    """lr.43: corr(r, pred) is 0 for all of them, and corr(r, target) is not."""
    pred, target = residuals_of_a_line(kind)
    r = target - pred
    assert torch.corrcoef(torch.stack([r, pred]))[0, 1].item() == pytest.approx(0, abs=1e-9)
    assert torch.corrcoef(torch.stack([r, target]))[0, 1].item() > 0.05


def test_residual_report_follows_its_definition() -> None:
    """The correlations are those of Python's own library, on a handful of numbers."""
    pred, target = [1.0, 2.0, 4.0, 7.0], [2.0, 1.5, 3.0, 9.0]
    r = [t - p for p, t in zip(pred, target, strict=True)]
    bent = [(p - 3.5) ** 2 for p in pred]
    report = residual_report(f64(*pred), f64(*target))
    assert report["mean"] == statistics.fmean(r)
    assert report["funnel"] == pytest.approx(statistics.correlation([*map(abs, r)], pred))
    assert report["curve"] == pytest.approx(statistics.correlation(r, bent))


def test_no_function_changes_its_inputs() -> None:
    """Tensors are the same afterwards, and stay on the device where they are."""
    inputs = drawn(9, (5, 3), (5, 3), (5,))
    x, y, flat = (t.clone() for t in inputs)
    huber(x, y, 1.0), smooth_l1(x, y, 1.0), cross_entropy(x, torch.tensor([0, 1, 2, 0, 1]))
    AbsAt0.apply(x, 0.0), poisoned(x, y), drop_bad_rows(x, y)
    best_constant(flat, "l1"), residual_report(flat, x[:, 0])
    assert all(map(torch.equal, (x, y, flat), inputs))


def test_losses_stay_on_the_device_of_their_inputs() -> None:
    """No tensor of another device takes part: on meta it would raise."""
    x, y = (t.to("meta") for t in drawn(10, (5, 3), (5, 3)))
    classes = torch.zeros(5, dtype=torch.int64, device="meta")
    losses = huber(x, y, 1.0), smooth_l1(x, y, 1.0), nll(x, classes), cross_entropy(x, classes)
    assert all(each.is_meta for each in (*losses, AbsAt0.apply(x, 0.5), *poisoned(x, y)))

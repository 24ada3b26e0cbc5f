"""The references of m14, proved by closed forms, descents, random search and printed numbers."""

from __future__ import annotations

import math

import pytest
import torch
from m14_conditioning import (
    Standardizer,
    condition,
    flat_directions,
    fold_scaler,
    partial_effect,
    poly_features,
    whiten,
)
from torch import Tensor, nn

from autograder.inside.tables import crop_yield

SIZES = [(6, 1), (7, 2), (30, 4)]
LB_PER_KG = 2.2046


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(14)


def draw(*shape: int) -> Tensor:
    """Draw standard-normal numbers in float64."""
    return torch.randn(*shape, dtype=torch.float64)


def crops(rows: int) -> tuple[Tensor, Tensor]:
    """Return the tutorial's table."""
    x, y = crop_yield(rows)
    return torch.as_tensor(x, dtype=torch.float64), torch.as_tensor(y, dtype=torch.float64)


def with_ones(x: Tensor) -> Tensor:
    """Return the design of a model with a bias."""
    return torch.cat([x, torch.ones_like(x[:, :1])], 1)


def least_squares(x: Tensor, y: Tensor) -> Tensor:
    """Return the weights and the bias [F + 1] that torch's lstsq finds for y [N]."""
    solution: Tensor = torch.linalg.lstsq(with_ones(x), y[:, None]).solution
    return solution[:, 0]


def descend(x: Tensor, y: Tensor, w: Tensor, lr: float, steps: int) -> Tensor:
    """Run gradient descent on the mean squared error, by its closed form."""
    for _ in range(steps):
        w = w - lr * 2 * x.t() @ (x @ w - y) / len(x)
    return w


def fitted(x: Tensor) -> Standardizer:
    """Return a scaler that was fitted on x."""
    scaler = Standardizer(x.shape[1]).double()
    scaler.fit(x)
    return scaler


@pytest.mark.parametrize(("n", "f"), SIZES)
def test_standardizer_gives_mean_0_and_variance_1(n: int, f: int) -> None:
    """The training rows come out so, counted by plain loops, and inverse gives them back."""
    x = draw(n, f) * 5 + 3
    scaler = fitted(x)
    for column in scaler(x).t().tolist():
        assert math.fsum(column) / n == pytest.approx(0, abs=1e-12)
        assert math.fsum(v * v for v in column) / n == pytest.approx(1)
    torch.testing.assert_close(scaler.inverse(scaler(x)), x)


def test_standardizer_is_batch_normalisation_with_frozen_statistics() -> None:
    """torch's own batch_norm, given mean and variance, scales test rows alike."""
    train, test = draw(20, 3) * 4 - 1, draw(5, 3)
    scaler = fitted(train)
    expected = nn.functional.batch_norm(test, scaler.mean, scaler.std**2, eps=0.0)
    torch.testing.assert_close(scaler(test), expected)


def test_standardizer_makes_zeros_of_a_constant_feature() -> None:
    """A feature that is 7 in all training rows becomes 0, and 9 becomes 2."""
    scaler = fitted(torch.tensor([[7.0, 1.0], [7.0, 2.0]]).double())
    assert scaler(torch.tensor([[7.0, 1.0], [9.0, 2.0]]).double())[:, 0].tolist() == [0, 2]


def test_standardizer_never_learns_from_test_rows_and_is_saved() -> None:
    """Extreme test rows leave mean and std alone; a loaded scaler works like the first."""
    scaler = fitted(draw(9, 2))
    before = {name: value.clone() for name, value in scaler.state_dict().items()}
    scaler(1e6 * draw(50, 2))
    assert before.keys() == {"mean", "std"} and not list(scaler.parameters())
    assert all(torch.equal(scaler.state_dict()[name], value) for name, value in before.items())
    other = Standardizer(2).double()
    other.load_state_dict(before)
    x = draw(4, 2)
    assert torch.equal(other(x), scaler(x))
    assert other.float().mean.dtype == torch.float32


def test_standardizer_leaves_the_correlations() -> None:
    """lr.14: the tutorial's features keep correlations of -.29, -.47 and .69 and condition 7.02."""
    z = fitted(crops(15)[0])(crops(15)[0])
    products = z.t() @ z / len(z)
    torch.testing.assert_close(products, torch.corrcoef(crops(15)[0].t()))
    found = [round(products[i, j].item(), 2) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert found == [-0.29, -0.47, 0.69]
    assert round(condition(z), 2) == 7.02


def test_condition_replays_the_tutorials_design() -> None:
    """gd and lr.5: with a bias the design's condition is 1484, and the Hessian's 2.2e6."""
    design = with_ones(crops(15)[0])
    assert round(condition(design) ** 0.5) == 1484
    assert condition(design) == pytest.approx(torch.linalg.cond(design).item() ** 2)
    assert condition(with_ones(crops(5)[0])) == pytest.approx(2.19e6, rel=2e-3)


@pytest.mark.parametrize(("n", "f"), SIZES)
def test_condition_is_the_ratio_of_autograds_curvatures(n: int, f: int) -> None:
    """torch gives the Hessian, whatever the targets are."""
    x, y = draw(n, f) + 1, draw(n)
    hessian = torch.autograd.functional.hessian(lambda w: (x @ w - y).square().mean(), draw(f))
    lams = torch.linalg.eigvalsh(hessian)
    assert condition(x) == pytest.approx((lams[-1] / lams[0]).item())


def test_condition_of_dependent_features_is_infinite() -> None:
    """Twins, sums and too few rows leave a direction without curvature."""
    x = draw(8, 2)
    for dependent in (x[:, [0, 0]], torch.cat([x, x.sum(1, True)], 1), x[:1]):
        assert condition(dependent) == math.inf


@pytest.mark.parametrize(("n", "f"), SIZES)
def test_whiten_makes_the_covariance_the_identity(n: int, f: int) -> None:
    """torch.cov of z is the identity, and W is what was multiplied by."""
    x = draw(n, f) @ draw(f, f) + 3
    z, w = whiten(x)
    eye = torch.eye(f, dtype=torch.float64)
    torch.testing.assert_close(torch.cov(z.t(), correction=0).reshape(f, f), eye)
    torch.testing.assert_close(z, (x - x.mean(0)) @ w)


def test_whiten_lets_descent_arrive_in_one_step() -> None:
    """lr.14: whitened, condition is 1, H is 2I, and lr .5 reaches the minimum at once."""
    x, y = crops(15)
    z, target = whiten(x)[0], y[:, 0] - y[:, 0].mean()
    assert condition(z) == pytest.approx(1)
    best = torch.linalg.lstsq(z, target[:, None]).solution[:, 0]
    torch.testing.assert_close(descend(z, target, draw(3), 0.5, 1), best)


@pytest.mark.parametrize("kind", ["constant", "twin", "few rows"])
def test_whiten_refuses_a_singular_covariance(kind: str) -> None:
    """ValueError, whatever makes it singular."""
    x = draw(3, 3) if kind == "few rows" else draw(9, 3)
    if kind == "constant":
        x[:, 1] = 5
    if kind == "twin":
        x[:, 1] = LB_PER_KG * x[:, 0] + 1
    with pytest.raises(ValueError, match="singular"):
        whiten(x)


@pytest.mark.parametrize("bias", [True, False])
def test_fold_scaler_predicts_the_same_on_raw_features(bias: bool) -> None:
    """The folded layer equals scaler and layer one after the other, and neither has changed."""
    x = draw(12, 3) * 10 + 40
    scaler, layer = fitted(x), nn.Linear(3, 2, bias=bias).double()
    before = [p.clone() for p in layer.parameters()]
    folded = fold_scaler(layer, scaler.mean, scaler.std)
    torch.testing.assert_close(folded(x), layer(scaler(x)))
    assert all(torch.equal(p, old) for p, old in zip(layer.parameters(), before, strict=True))


def test_fold_scaler_turns_scaled_into_raw_least_squares() -> None:
    """lr.47: on centred inputs the best bias is mean(y); folded, it is the raw fit's."""
    x, y = crops(15)
    scaler, targets = fitted(x), y[:, 0]
    for inputs in (x - x.mean(0), scaler(x)):
        assert least_squares(inputs, targets)[-1].item() == pytest.approx(targets.mean().item())
    best, layer = least_squares(scaler(x), targets), nn.Linear(3, 1).double()
    with torch.no_grad():
        layer.weight.copy_(best[:-1])
        layer.bias.copy_(best[-1])
    folded = fold_scaler(layer, scaler.mean, scaler.std)
    found = torch.cat([folded.weight[0], folded.bias]).detach()
    torch.testing.assert_close(found, least_squares(x, targets), rtol=1e-6, atol=1e-8)


def twins() -> Tensor:
    """Return a weight in kg and in lb."""
    kg = 70 + 10 * draw(9, 1)
    return torch.cat([kg, LB_PER_KG * kg], 1)


def test_flat_directions_finds_the_twin() -> None:
    """lr.29: of kg and lb the direction is (2.2046, -1), so 2 per kg is .907 per lb, not 2.2."""
    x = twins()
    (direction,) = flat_directions(x)
    expected = torch.tensor([LB_PER_KG, -1], dtype=torch.float64)
    assert torch.linalg.vector_norm(direction).item() == pytest.approx(1)
    assert (direction @ expected).abs().item() == pytest.approx(expected.norm().item())
    per_kg, per_lb, wrong = (
        x @ torch.tensor(w, dtype=torch.float64) for w in ([2, 0], [0, 2 / LB_PER_KG], [0, 2.2])
    )
    torch.testing.assert_close(per_lb, per_kg)
    assert round(2 / LB_PER_KG, 3) == 0.907
    assert (wrong - per_kg).abs().min() > 100


def test_flat_directions_are_where_descent_never_moves() -> None:
    """lr.27 and lr.29: 1,000 full-batch steps move w by at most 1e-12 along a flat direction."""
    x = twins() / 70
    start = torch.tensor([3.0, -2.0], dtype=torch.float64)
    end = descend(x, draw(9), start, 0.05, 1000)
    assert (end - start).abs().max() > 0.1
    assert (flat_directions(x) @ (end - start)).abs().max() < 1e-12


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("n", "f"), [(2, 4), (1, 1), (6, 3)])
def test_flat_directions_change_no_prediction_and_are_all(n: int, f: int, bias: bool) -> None:
    """They are orthonormal, keep every prediction, and are P minus the rank."""
    x = draw(n, f)
    design = with_ones(x) if bias else x
    directions = flat_directions(x, bias=bias)
    count = design.shape[1] - int(torch.linalg.matrix_rank(design))
    assert directions.shape == (count, design.shape[1])
    eye = torch.eye(count, dtype=torch.float64)
    torch.testing.assert_close(directions @ directions.t(), eye)
    assert (design @ directions.t()).abs().sum() < 1e-12


def test_flat_directions_do_not_depend_on_the_unit() -> None:
    """The same data in units a million times larger have the same flat space."""
    x = draw(7, 2) @ draw(2, 4)
    here, there = flat_directions(x), flat_directions(1e-6 * x)
    torch.testing.assert_close(here.t() @ here, there.t() @ there)


@pytest.mark.parametrize(("n", "f"), [(5, 1), (8, 3), (30, 5)])
def test_partial_effect_is_the_least_squares_coefficient(n: int, f: int) -> None:
    """The whole fit gives each coefficient at once."""
    x, y = draw(n, f) + draw(n, 1) + 4, draw(n)
    found = [partial_effect(x, y, j) for j in range(f)]
    assert found == pytest.approx(least_squares(x, y)[:-1].tolist())


def test_partial_effect_can_have_the_other_sign_than_the_correlation() -> None:
    """lr.15: a feature with correlation +.63 to y has coefficient -.99; freeing y alone gives -.20
    where the coefficient is -1."""
    frame = torch.linalg.qr(with_ones(draw(12, 2)).flip(1))[0][:, 1:] * 12**0.5
    first, rest = frame.t()
    shared = 0.8**0.5
    second = shared * first + 0.2**0.5 * rest  # a fifth of its variance is its own
    x = torch.stack([first, second], 1)
    weight = _weight_for(0.63, -0.99, shared)
    y = x @ torch.tensor([-0.99, weight], dtype=torch.float64) + 5
    assert torch.corrcoef(torch.stack([first, y]))[0, 1].item() == pytest.approx(0.63)
    assert partial_effect(x, y, 0) == pytest.approx(-0.99)
    y = x @ torch.tensor([-1, weight], dtype=torch.float64)
    others = with_ones(second[:, None])
    freed = y - others @ (torch.linalg.pinv(others) @ y)
    assert (first @ freed / (first @ first)).item() == pytest.approx(-0.2)


def _weight_for(correlation: float, own: float, shared: float) -> float:
    """Return the other weight b with (own + b shared) / |own first + b second| = correlation."""
    a = shared**2 - correlation**2
    b = own * shared * (1 - correlation**2)
    c = own**2 * (1 - correlation**2)
    return (-b + math.sqrt(b * b - a * c)) / a


def test_poly_features_let_a_linear_model_fit_a_cubic() -> None:
    """lr.20: least squares on the powers finds the cubic's coefficients, on x alone it cannot."""
    x = torch.linspace(-2, 2, 9, dtype=torch.float64)[:, None]
    y = (1 - 2 * x + 0.5 * x * x + 3 * x * x * x)[:, 0]
    expected = torch.tensor([-2, 0.5, 3, 1], dtype=torch.float64)
    torch.testing.assert_close(least_squares(poly_features(x, 3), y), expected)
    line = least_squares(x, y)
    assert (with_ones(x) @ line - y).square().mean() > 1


def test_poly_features_are_the_columns_of_vandermonde() -> None:
    """torch.vander has the same powers of each feature, after its column of ones."""
    x = draw(4, 3)
    parts = poly_features(x, 4).reshape(4, 4, 3)
    for i in range(3):
        powers = torch.linalg.vander(x[:, i], N=5)[:, 1:]
        torch.testing.assert_close(parts[:, :, i], powers)


def test_poly_features_refuse_a_degree_below_1() -> None:
    """There is no feature of degree 0."""
    with pytest.raises(ValueError, match="at least 1"):
        poly_features(draw(2, 2), 0)

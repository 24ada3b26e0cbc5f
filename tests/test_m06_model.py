"""The references of m06, proved by closed forms, torch's counterparts and the tutorial."""

from __future__ import annotations

import math

import pytest
import torch
from m06_model import expected_random_loss, make_params, model, mse, recover_params
from torch import Tensor
from torch.nn import functional as F

from autograder.inside.tables import crop_yield

# What the tutorial printed for its first random parameters on the 5 rows, and before and after
# training nn.Linear on the 15 rows.
PRED5 = [
    [-43.9569, -21.1025],
    [-55.7975, -28.1628],
    [-70.6863, 11.5154],
    [-44.2982, -54.6685],
    [-51.9732, -10.9839],
]
PRED15_INIT = [
    [6.5493, 25.8226],
    [9.5025, 29.2272],
    [-1.0633, 50.0460],
    [13.5738, 25.4576],
    [6.4278, 24.6221],
    [6.8695, 25.6447],
    [9.9110, 28.3593],
    [-0.7142, 49.8280],
    [13.2536, 25.6355],
    [6.5161, 23.9321],
    [6.9578, 24.9546],
    [9.8227, 29.0494],
    [-1.4718, 50.9139],
    [13.4855, 26.1476],
    [6.1076, 24.8000],
]
PRED15_END = [
    [58.4229, 72.0145],
    [82.1525, 95.1376],
    [115.8955, 142.6296],
    [28.6805, 46.0115],
    [97.5243, 104.3522],
    [57.3792, 70.9543],
    [81.9342, 94.1737],
    [116.2036, 142.6871],
    [29.7242, 47.0717],
    [98.3498, 104.4486],
    [58.2047, 71.0507],
    [81.1088, 94.0774],
    [116.1137, 143.5935],
    [27.8550, 45.9152],
    [98.5680, 105.4124],
]


def crop(rows: int) -> tuple[Tensor, Tensor]:
    """Return a crop table as float64 tensors."""
    x, y = crop_yield(rows)
    return torch.from_numpy(x), torch.from_numpy(y)


def f64(values: list[list[float]]) -> Tensor:
    """Return numbers as a float64 tensor."""
    return torch.tensor(values, dtype=torch.float64)


def drawn(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Draw float64 tensors."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]


def test_make_params_fits_a_linear_layer() -> None:
    """The parameters are leaves that nn.Linear of the same sizes takes over as they are."""
    w, b = make_params(3, 2)
    layer = torch.nn.Linear(3, 2)
    layer.load_state_dict({"weight": w, "bias": b})
    assert torch.equal(layer.weight, w) and torch.equal(layer.bias, b)
    assert w.is_leaf and w.requires_grad and b.is_leaf and b.requires_grad


@pytest.mark.parametrize("name", ["w", "b"])
def test_make_params_draws_standard_normals(name: str) -> None:
    """The sorted numbers of a large draw follow the normal distribution function."""
    w, b = make_params(1, 50_000, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    numbers = (w if name == "w" else b).detach().flatten().sort().values
    expected = 0.5 * (1 + torch.erf(numbers / math.sqrt(2)))
    ranks = (torch.arange(50_000, dtype=torch.float64) + 0.5) / 50_000
    assert (expected - ranks).abs().max() < 0.015  # Dvoretzky-Kiefer-Wolfowitz: 3e-10


def test_make_params_draws_w_and_b_independently() -> None:
    """The numbers of w and b are uncorrelated."""
    w, b = make_params(1, 50_000, generator=torch.Generator().manual_seed(2))
    assert torch.corrcoef(torch.stack([w.detach()[:, 0], b.detach()]))[0, 1].abs() < 0.03


def test_make_params_repeats_by_its_generator_alone() -> None:
    """A seed repeats the draw, a second call differs, and the global generator stays as it was."""
    before = torch.random.get_rng_state()
    generator = torch.Generator().manual_seed(3)
    first, second = make_params(3, 2, generator=generator), make_params(3, 2, generator=generator)
    again = make_params(3, 2, generator=torch.Generator().manual_seed(3))
    assert all(map(torch.equal, first, again))
    assert not any(map(torch.equal, first, second))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_make_params_draws_from_the_global_generator_by_default() -> None:
    """Without a generator, torch.manual_seed repeats the draw."""
    torch.manual_seed(4)
    first, second = make_params(3, 2), make_params(3, 2)
    torch.manual_seed(4)
    assert all(map(torch.equal, first, make_params(3, 2)))
    assert not any(map(torch.equal, first, second))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_make_params_takes_dtype_and_device(dtype: torch.dtype) -> None:
    """Both parameters have the dtype and the device that were asked for."""
    for p in make_params(4, 3, device="meta", dtype=dtype):
        assert p.dtype == dtype and p.is_meta and p.is_leaf and p.requires_grad


@pytest.mark.parametrize(("n", "n_in", "n_out"), [(4, 3, 2), (3, 3, 3), (1, 1, 1), (0, 2, 3)])
def test_model_adds_up_features_and_bias(n: int, n_in: int, n_out: int) -> None:
    """Every prediction is the plain sum of its definition."""
    x, w, b = drawn(n, (n, n_in), (n_out, n_in), (n_out,))
    pred = model(x, w, b)
    assert pred.shape == (n, n_out) and pred.dtype == torch.float64
    for row in range(n):
        for out in range(n_out):
            total = b[out].item() + sum(float(x[row, i] * w[out, i]) for i in range(n_in))
            assert pred[row, out].item() == pytest.approx(total, rel=1e-12)


def test_model_equals_torchs_own() -> None:
    """The predictions and their gradients are those of F.linear."""
    x, w, b = (t.requires_grad_() for t in drawn(5, (4, 3), (2, 3), (2,)))
    ours = torch.autograd.grad(model(x, w, b).square().sum(), (x, w, b))
    theirs = torch.autograd.grad(F.linear(x, w, b).square().sum(), (x, w, b))
    torch.testing.assert_close(model(x, w, b), F.linear(x, w, b))
    torch.testing.assert_close(ours, theirs)


def test_model_says_the_bias_where_all_features_are_zero() -> None:
    """Without features only the bias is left."""
    w, b = drawn(6, (2, 3), (2,))
    assert torch.equal(model(torch.zeros(1, 3, dtype=torch.float64), w, b), b[None])


def test_model_is_recorded_for_backward() -> None:
    """The forward pass leaves nodes that lead back to the parameters, and only to them."""
    w, b = make_params(3, 2)
    assert model(torch.ones(4, 3), w, b).grad_fn is not None
    assert model(torch.ones(4, 3), w.detach(), b.detach()).grad_fn is None


def test_model_gives_the_tutorials_predictions() -> None:
    """The parameters behind the printed predictions give them back to four decimals."""
    w = f64([[-0.290955, -0.344986, 0.030538], [-0.652802, 0.738596, -0.515257]])
    b = torch.tensor([-0.916240, -0.777892], dtype=torch.float64)
    torch.testing.assert_close(model(crop(5)[0], w, b), f64(PRED5), rtol=0, atol=2e-4)


@pytest.mark.parametrize("shape", [(5, 2), (1, 1), (3, 3), (2, 4)])
def test_mse_equals_torchs_own(shape: tuple[int, int]) -> None:
    """The value and the gradient are those of F.mse_loss, and 2 (pred - target) / numel."""
    pred, target = drawn(7, shape, shape)
    loss = mse(pred.requires_grad_(), target)
    loss.backward()
    torch.testing.assert_close(loss, F.mse_loss(pred, target))
    torch.testing.assert_close(pred.grad, (2 * (pred - target) / pred.numel()).detach())


def test_mse_follows_its_definition() -> None:
    """Errors of 1, 2, 3 and 4 have the mean square 7.5, whatever their signs."""
    errors = f64([[1.0, -2.0], [3.0, -4.0]])
    assert mse(errors, torch.zeros_like(errors)).item() == 7.5


def test_mse_does_not_grow_with_the_data() -> None:
    """With every row twice the loss stays the same."""
    pred, target = drawn(8, (3, 2), (3, 2))
    twice = mse(pred.repeat(2, 1), target.repeat(2, 1))
    torch.testing.assert_close(twice, mse(pred, target))


@pytest.mark.parametrize(
    ("preds", "printed"), [(PRED5, 15813.8125), (PRED15_INIT, 5427.9517)], ids=["5", "15"]
)
def test_mse_gives_the_tutorials_losses(preds: list[list[float]], printed: float) -> None:
    """The printed predictions have the printed loss."""
    assert mse(f64(preds), crop(len(preds))[1]).item() == pytest.approx(printed, abs=3e-3)


@pytest.mark.parametrize(("rows", "variance"), [(5, 1191.88), (15, 1190.67)])
def test_mse_of_the_mean_is_the_variance(rows: int, variance: float) -> None:
    """Predicting each target's mean costs the variance of the table."""
    y = crop(rows)[1]
    assert mse(y.mean(0).expand_as(y), y).item() == pytest.approx(variance, abs=5e-3)


@pytest.mark.parametrize("shapes", [((4, 1), (4,)), ((3, 2), (1, 2)), ((2, 3), (3, 2))])
def test_mse_refuses_unequal_shapes(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    """Nothing is broadcast."""
    with pytest.raises(ValueError, match="shapes"):
        mse(*drawn(9, *shapes))


def test_expected_random_loss_of_the_table() -> None:
    """On the 5 rows the average loss of random parameters is 26,963.3."""
    loss = expected_random_loss(*crop(5))
    assert isinstance(loss, float)
    assert loss == pytest.approx(26963.3, abs=0.05)


def test_expected_random_loss_agrees_with_sampling() -> None:
    """20,000 random models have that loss on average."""
    x, y = crop(5)
    w, b = drawn(10, (20_000, 2, 3), (20_000, 1, 2))
    losses = ((x @ w.mT + b - y) ** 2).mean(dim=(1, 2))
    error = losses.std() / math.sqrt(20_000)
    assert abs(losses.mean() - expected_random_loss(x, y)) < 4 * error
    assert error < 0.01 * losses.mean()


@pytest.mark.parametrize(("n", "n_in", "n_out"), [(4, 3, 2), (1, 1, 1), (3, 1, 4), (2, 2, 2)])
def test_expected_random_loss_is_exact(n: int, n_in: int, n_out: int) -> None:
    """The loss is quadratic in the parameters: its value at 0 and its curvatures give the mean."""
    x, y = drawn(11, (n, n_in), (n, n_out))

    def loss(theta: Tensor) -> Tensor:
        w, b = theta[:-n_out].reshape(n_out, n_in), theta[-n_out:]
        return F.mse_loss(F.linear(x, w, b), y)

    steps = torch.eye(n_out * (n_in + 1), dtype=torch.float64)
    start = loss(steps[0] * 0)
    curved = sum(float(loss(step) + loss(-step) - 2 * start) / 2 for step in steps)
    assert expected_random_loss(x, y) == pytest.approx(float(start) + curved, rel=1e-12)


@pytest.mark.parametrize(("n", "n_in", "n_out"), [(6, 3, 2), (4, 3, 1), (3, 2, 2), (2, 1, 4)])
def test_recover_params_finds_a_random_model(n: int, n_in: int, n_out: int) -> None:
    """From unrounded predictions the parameters come back."""
    x, w, b = drawn(12, (n, n_in), (n_out, n_in), (n_out,))
    found_w, found_b = recover_params(x, F.linear(x, w, b))
    torch.testing.assert_close(found_w, w, rtol=1e-8, atol=1e-8)
    torch.testing.assert_close(found_b, b, rtol=1e-8, atol=1e-8)


def test_recover_params_finds_the_tutorials_start() -> None:
    """The weights behind the printed predictions are those that the tutorial prints."""
    w, b = recover_params(crop(5)[0], f64(PRED5))
    expected = f64([[-0.290955, -0.344986, 0.030538], [-0.652802, 0.738596, -0.515257]])
    torch.testing.assert_close(w, expected, rtol=0, atol=1e-6)
    assert b.tolist() == pytest.approx([-0.916240, -0.777892], abs=1e-6)
    assert [round(number, 4) for number in w[0].tolist()] == [-0.2910, -0.3450, 0.0305]


@pytest.mark.parametrize(
    ("preds", "weights", "bias"),
    [
        (
            PRED15_INIT,
            [[0.130377, -0.189827, 0.218704], [0.235998, 0.413881, -0.454038]],
            [0.3459, 0.3883],
        ),
        (
            PRED15_END,
            [[-0.258707, 0.784973, 0.566755], [-0.019397, 1.040784, 0.076940]],
            [0.3448, 0.3895],
        ),
    ],
    ids=["start", "end"],
)
def test_recover_params_finds_the_tutorials_layer(
    preds: list[list[float]], weights: list[list[float]], bias: list[float]
) -> None:
    """The layer before and after training is found from its 15 printed predictions."""
    w, b = recover_params(crop(15)[0], f64(preds))
    torch.testing.assert_close(w, f64(weights), rtol=0, atol=1e-6)
    assert b.tolist() == pytest.approx(bias, abs=1e-4)


def test_recover_params_forecasts_like_the_tutorial() -> None:
    """The trained layer's parameters give the printed forecast for a new region."""
    w, b = recover_params(crop(15)[0], f64(PRED15_END))
    forecast = F.linear(f64([[75.0, 63.0, 44.0]]), w, b)
    torch.testing.assert_close(forecast, f64([[55.3323, 67.8895]]), rtol=0, atol=2e-4)


def test_recover_params_fits_by_least_squares() -> None:
    """Where no parameters fit, what is left over is orthogonal to the features and sums to 0."""
    x, preds = drawn(13, (7, 3), (7, 2))
    left = preds - F.linear(x, *recover_params(x, preds))
    torch.testing.assert_close(x.T @ left, torch.zeros(3, 2, dtype=torch.float64))
    torch.testing.assert_close(left.sum(0), torch.zeros(2, dtype=torch.float64))
    assert left.abs().max() > 0.1


@pytest.mark.parametrize("seed", range(5))
def test_recover_params_keeps_the_digits_of_float32(seed: int) -> None:
    """Features of 60 plus or minus 1 in float32 leave the parameters right to within 0.03."""
    x = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]) + 60
    generator = torch.Generator().manual_seed(seed)
    w, b = (torch.randint(1, 6, size, generator=generator).float() for size in ((6, 2), (6,)))
    found_w, found_b = recover_params(x, F.linear(x, w, b))
    assert found_w.dtype == torch.float32
    assert (found_w - w).abs().max() < 0.03 and (found_b - b).abs().max() < 0.03


def test_no_function_changes_its_inputs() -> None:
    """Features, targets and parameters are the same afterwards."""
    inputs = drawn(14, (5, 3), (5, 2), (2, 3), (2,))
    x, y, w, b = (t.clone() for t in inputs)
    mse(model(x, w, b), y)
    expected_random_loss(x, y)
    recover_params(x, y)
    assert all(map(torch.equal, (x, y, w, b), inputs))


def test_model_and_mse_stay_on_the_device_of_their_inputs() -> None:
    """No tensor of another device takes part: on meta it would raise."""
    x, y, w, b = (t.to("meta") for t in drawn(15, (5, 3), (5, 2), (2, 3), (2,)))
    assert mse(model(x, w, b), y).is_meta

"""The references of m11, by independent routes: torch's own counterparts and plain loops."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from m08_manual_training import train_step
from m11_fit import SGD, evaluate, fit, functional_twin, make_training, predict
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.inside.tables import crop_yield

LOSSES: list[Callable[..., nn.Module]] = [nn.MSELoss, nn.L1Loss, nn.HuberLoss]


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Draw the same numbers in every run."""
    torch.manual_seed(11)


def randn(*shape: int) -> Tensor:
    """Draw a float64 tensor."""
    return torch.randn(*shape, dtype=torch.float64)


def line(n_in: int, n_out: int) -> nn.Linear:
    """Make a float64 layer."""
    return nn.Linear(n_in, n_out, dtype=torch.float64)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("kind", LOSSES)
def test_loss_twins_give_what_the_modules_give(
    kind: Callable[..., nn.Module], reduction: str
) -> None:
    """A loss's twin has the module's value and is no module."""
    m = kind(reduction=reduction)
    pred, target = randn(4, 3), randn(4, 3)
    twin = functional_twin(m)
    assert torch.equal(twin(pred, target), m(pred, target))
    assert not isinstance(twin, nn.Module)


def test_huber_twin_by_its_definition() -> None:
    """With delta 2, an error of 1 costs a half and one of 5 costs 2 (5 - 1)."""
    twin = functional_twin(nn.HuberLoss(reduction="none", delta=2.0))
    costs = twin(torch.tensor([1.0, -5.0]), torch.zeros(2))
    assert costs.tolist() == [0.5, 8.0]


def test_relu_twin_cuts_at_zero() -> None:
    """ReLU keeps what is positive."""
    assert functional_twin(nn.ReLU())(torch.tensor([-1.0, 0.0, 2.0])).tolist() == [0, 0, 2]


@pytest.mark.parametrize("bias", [True, False])
def test_linear_twin_follows_the_layer(bias: bool) -> None:
    """A Linear's twin computes x W^T + b with the layer's present weights and feeds their .grad."""
    m = nn.Linear(3, 2, bias=bias, dtype=torch.float64)
    twin, x = functional_twin(m), randn(4, 3)
    twin(x).sum().backward()
    assert m.weight.grad is not None
    torch.testing.assert_close(m.weight.grad, x.sum(0).expand(2, 3))
    with torch.no_grad():
        m.weight += 1
    by_hand = x @ m.weight.t() + (m.bias if bias else 0)
    torch.testing.assert_close(twin(x), by_hand)


@pytest.mark.parametrize("m", [nn.SmoothL1Loss(), nn.Tanh(), nn.Sequential(nn.ReLU())])
def test_other_modules_have_no_twin(m: nn.Module) -> None:
    """A type that is not in the list is refused at once."""
    with pytest.raises(TypeError):
        functional_twin(m)


def test_sgd_goes_torchs_way() -> None:
    """Five steps on a generator of parameters equal those of torch.optim.SGD."""
    ours = line(3, 2)
    theirs = copy.deepcopy(ours)
    x, y = randn(6, 3), randn(6, 2)
    for model, opt in (
        (ours, SGD(ours.parameters(), 0.1)),
        (theirs, torch.optim.SGD(theirs.parameters(), lr=0.1)),
    ):
        for _ in range(5):
            (model(x) - y).square().mean().backward()
            opt.step()
            opt.zero_grad()
    torch.testing.assert_close(ours.weight, theirs.weight)
    torch.testing.assert_close(ours.bias, theirs.bias)


def test_sgd_reads_gradients_and_skips_none() -> None:
    """A step moves by -lr times .grad, leaves .grad alone, and passes over None."""
    moved, still = (torch.ones(2, requires_grad=True) for _ in range(2))
    moved.grad = torch.tensor([1.0, -2.0])
    opt = SGD([moved, still], 0.5)
    opt.step()
    assert moved.tolist() == [0.5, 2.0] and still.tolist() == [1.0, 1.0]
    assert moved.grad.tolist() == [1.0, -2.0] and moved.is_leaf
    opt.zero_grad()
    opt.step()
    assert moved.tolist() == [0.5, 2.0]


@pytest.mark.parametrize("params", [[], iter(())])
def test_sgd_wants_parameters(params: list[Tensor]) -> None:
    """Nothing to optimise is a ValueError, from a list and from a used-up generator."""
    with pytest.raises(ValueError):
        SGD(params, 0.1)


def test_make_training_makes_parts_that_work_together() -> None:
    """The optimizer holds the model's tensors, and one step goes down the closed-form gradient."""
    model, loss_fn, opt = make_training(3, 2, 0.1, seed=5)
    assert isinstance(model, nn.Linear)
    held = opt.param_groups[0]["params"]
    assert [id(p) for p in held] == [id(p) for p in model.parameters()]
    x, y = torch.randn(4, 3), torch.randn(4, 2)
    error = (model(x) - y).detach()
    loss = loss_fn(model(x), y)
    assert loss.item() == pytest.approx(error.square().mean().item(), rel=1e-6)
    start = model.weight.detach().clone()
    loss.backward()
    opt.step()
    torch.testing.assert_close(model.weight.detach(), start - 0.1 * 2 * error.t() @ x / 8)
    assert loss_fn(model(x), y) < loss


def test_make_training_depends_on_the_seed_alone() -> None:
    """Equal seeds give equal weights whatever was drawn between; other seeds give others."""
    first, _, _ = make_training(3, 2, 0.1, seed=5)
    torch.rand(7)
    again, _, _ = make_training(3, 2, 0.1, seed=5)
    other, _, _ = make_training(3, 2, 0.1, seed=6)
    assert torch.equal(*(m.get_parameter("weight") for m in (first, again)))
    assert not torch.equal(*(m.get_parameter("weight") for m in (first, other)))


def test_fit_on_full_batches_is_training_by_hand() -> None:
    """With one batch that holds the whole crop table, fit repeats train_step."""
    x, y = map(torch.from_numpy, crop_yield())
    model = line(3, 2)
    w, b = (p.detach().clone().requires_grad_() for p in model.parameters())
    opt = torch.optim.SGD(model.parameters(), lr=1e-5)
    losses = fit(5, model, nn.MSELoss(), opt, [(x, y)])
    assert losses == pytest.approx([train_step(x, y, w, b, 1e-5) for _ in range(5)], rel=1e-12)
    torch.testing.assert_close(model.weight.detach(), w.detach())
    torch.testing.assert_close(model.bias.detach(), b.detach())


def test_fit_on_ragged_batches_with_momentum() -> None:
    """Two epochs in batches of 3 and 2 equal a loop with the gradient and the momentum by hand."""
    x, y, lr, mu = randn(5, 2), randn(5, 1), 0.05, 0.9
    model = line(2, 1)
    w, b = (p.detach().clone() for p in model.parameters())
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=mu)
    losses = fit(2, model, nn.MSELoss(), opt, DataLoader(TensorDataset(x, y), batch_size=3))
    speed_w, speed_b, expected = torch.zeros_like(w), torch.zeros_like(b), []
    for _ in range(2):
        total = 0.0
        for rows in (slice(0, 3), slice(3, 5)):
            error = x[rows] @ w.t() + b - y[rows]
            total += error.square().sum().item()
            speed_w = mu * speed_w + 2 * error.t() @ x[rows] / len(error)
            speed_b = mu * speed_b + 2 * error.mean(0)
            w, b = w - lr * speed_w, b - lr * speed_b
        expected.append(total / 5)
    assert losses == pytest.approx(expected, rel=1e-12)
    torch.testing.assert_close(model.weight.detach(), w)
    torch.testing.assert_close(model.bias.detach(), b)


def test_fit_reaches_the_tables_best_line() -> None:
    """On the standardised crop table, 100 epochs end at the least-squares loss 0.483121."""
    x, y = map(torch.from_numpy, crop_yield())
    x = (x - x.mean(0)) / x.std(0, correction=0)
    model = line(3, 2)
    for p in model.parameters():
        nn.init.zeros_(p)
    opt = torch.optim.SGD(model.parameters(), lr=0.5)
    losses = fit(101, model, nn.MSELoss(), opt, [(x, y)])
    assert losses[-1] == pytest.approx(0.4831212, rel=1e-6)
    assert losses == sorted(losses, reverse=True)


def test_fit_counts_steps_and_returns_floats() -> None:
    """Three epochs of two batches are six optimizer steps and three floats; none are none."""
    model, opt_steps = line(1, 1), []
    opt = torch.optim.SGD(model.parameters(), lr=0.01)
    opt.register_step_post_hook(lambda *_: opt_steps.append(1))
    loader = [(randn(2, 1), randn(2, 1)), (randn(1, 1), randn(1, 1))]
    losses = fit(3, model, nn.MSELoss(), opt, loader)
    assert len(opt_steps) == 6
    assert [type(loss) for loss in losses] == [float] * 3
    assert fit(0, model, nn.MSELoss(), opt, loader) == []


@pytest.mark.parametrize("training", [True, False])
def test_predict_switches_dropout_and_graph_off(training: bool) -> None:
    """Predictions are repeatable and untracked, and the model keeps its mode."""
    model = nn.Sequential(line(3, 4), nn.Dropout(0.5), line(4, 2)).train(training)
    x = randn(5, 3)
    by_hand = model[2](model[0](x)).detach()
    pred = predict(model, x)
    torch.testing.assert_close(pred, by_hand)
    assert not pred.requires_grad
    assert all(part.training is training for part in model.modules())
    assert torch.is_grad_enabled()


def test_predict_one_row_of_integers() -> None:
    """The forecast for the row 75, 63, 44 from the weights that the tutorial ended with."""
    model = nn.Linear(3, 2)
    with torch.no_grad():
        model.weight.copy_(
            torch.tensor([[-0.258707, 0.784973, 0.566755], [-0.019397, 1.040784, 0.076940]])
        )
        model.bias.copy_(torch.tensor([0.3448, 0.3895]))
    pred = predict(model, torch.tensor([75, 63, 44]))
    assert pred.dtype == torch.float32
    assert pred.tolist() == pytest.approx([55.3323, 67.8895], abs=2e-3)
    assert predict(model, torch.zeros(0, 3)).shape == (0, 2)


@pytest.mark.parametrize("training", [True, False])
def test_evaluate_is_the_mean_over_rows(training: bool) -> None:
    """Ragged batches give the loss of all rows at once, and batch statistics stay put."""
    model = nn.Sequential(line(2, 3), nn.BatchNorm1d(3, dtype=torch.float64), line(3, 1))
    model.train(training)
    x, y = randn(7, 2), randn(7, 1)
    state = copy.deepcopy(model.state_dict())
    loss = evaluate(model, list(zip(x.split(3), y.split(3), strict=True)), nn.MSELoss())
    assert type(loss) is float
    assert model.training is training
    assert all(torch.equal(state[name], now) for name, now in model.state_dict().items())
    assert loss == pytest.approx((model.eval()(x) - y).square().mean().item(), rel=1e-12)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("grad", [True, False])
def test_evaluate_restores_both_modes_when_the_loss_raises(training: bool, grad: bool) -> None:
    """An exception passes through, and grad mode and train mode are what they were."""
    model = line(2, 1).train(training)

    def broken(pred: Tensor, target: Tensor) -> Tensor:
        assert not torch.is_grad_enabled() and not model.training
        raise ZeroDivisionError

    with torch.set_grad_enabled(grad):
        with pytest.raises(ZeroDivisionError):
            evaluate(model, [(randn(3, 2), randn(3, 1))], broken)
        assert torch.is_grad_enabled() is grad
    assert model.training is training

"""Mistakes of m11: loss, optimizer, fit, predict, evaluate."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import m11_fit
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.mistakes import mistake

Loss = Callable[[Tensor, Tensor], Tensor]
Loader = Iterable[tuple[Tensor, Tensor]]


@mistake("functional_twin", "returns-the-module")
def returns_the_module(m: nn.Module) -> Callable[..., Tensor]:
    """You give the module itself back. It computes the right thing, but it is still an object with
    its own state. The task asks for a plain function that passes the module's settings to its
    counterpart in nn.functional."""
    m11_fit.functional_twin(m)  # for the TypeError
    return m


@mistake("functional_twin", "calls-the-module")
def calls_the_module(m: nn.Module) -> Callable[..., Tensor]:
    """Your function only wraps the module: every call goes through the object again. Look for the
    function of nn.functional that needs nothing but the inputs, the settings and the weights."""
    m11_fit.functional_twin(m)  # for the TypeError
    return lambda *inputs: m(*inputs)


@mistake("functional_twin", "reduction-ignored")
def reduction_ignored(m: nn.Module) -> Callable[..., Tensor]:
    """Your losses always take the mean. A loss module that was made with reduction='sum' gives a
    value larger by the number of elements, and 'none' gives one loss per element. The module knows
    which of them it is; your twin does not ask."""
    twin = m11_fit.functional_twin(m)
    if not hasattr(m, "reduction"):
        return twin
    mean = copy.copy(m)
    mean.__dict__["reduction"] = "mean"
    return m11_fit.functional_twin(mean)


@mistake("functional_twin", "delta-ignored")
def delta_ignored(m: nn.Module) -> Callable[..., Tensor]:
    """Your Huber loss always bends at 1, the default. The module may have been made with another
    delta, the error from which on the loss grows in a straight line. Pass it on."""
    if isinstance(m, nn.HuberLoss):
        return lambda pred, target: F.huber_loss(pred, target, reduction=m.reduction)
    return m11_fit.functional_twin(m)


@mistake("functional_twin", "weights-cloned")
def weights_cloned(m: nn.Module) -> Callable[..., Tensor]:
    """You clone the weights when the twin is made. They are right on that day; after the first
    update of the layer your twin still computes with the old numbers. Which moment should it look
    at them?"""
    if isinstance(m, nn.Linear):
        w, b = m.weight.clone(), None if m.bias is None else m.bias.clone()
        return lambda x: F.linear(x, w, b)
    return m11_fit.functional_twin(m)


@mistake("functional_twin", "weights-copied-without-graph")
def weights_copied_without_graph(m: nn.Module) -> Callable[..., Tensor]:
    """You copy the layer's weights and detach them. The copies miss every later update, and no
    gradient ever reaches the layer through your twin. Let the function use the layer's own
    tensors each time it is called."""
    if isinstance(m, nn.Linear):
        w, b = m.weight.detach().clone(), None if m.bias is None else m.bias.detach().clone()
        return lambda x: F.linear(x, w, b)
    return m11_fit.functional_twin(m)


@mistake("functional_twin", "no-type-error")
def no_type_error(m: nn.Module) -> Callable[..., Tensor] | None:
    """A module of an unknown type gets past you: no exception is raised at once, so the caller
    finds out much later. Say TypeError where none of your five types fits."""
    try:
        return m11_fit.functional_twin(m)
    except TypeError:
        return None


@mistake("SGD", "generator-kept")
class GeneratorKept(m11_fit.SGD):
    """You keep the generator that model.parameters() returns. It can be read once: the first step
    uses it up, and every later step and zero_grad goes over nothing at all, without a word. Keep
    what it yields instead."""

    def __init__(self, params: Iterable[Tensor], lr: float) -> None:
        if not params:
            raise ValueError("no parameters")
        self.params: Any = params
        self.lr = lr


@mistake("SGD", "none-gradient-in-step")
class NoneGradientInStep(m11_fit.SGD):
    """Your step multiplies every gradient by the learning rate, but a parameter that took no part
    in the loss has None there, and the step crashes. An optimizer skips such a parameter."""

    def step(self) -> None:
        """Forget that a gradient may be None."""
        with torch.no_grad():
            for p in self.params:
                p -= self.lr * p.grad


@mistake("SGD", "none-gradient-in-zero-grad")
class NoneGradientInZeroGrad(m11_fit.SGD):
    """Your zero_grad calls zero_ on every gradient, but a parameter that took no part in the loss
    has None there, and the call crashes. There is nothing to clear in that case."""

    def zero_grad(self) -> None:
        """Forget that a gradient may be None."""
        for p in self.params:
            p.grad.zero_()


@mistake("SGD", "none-gradient-everywhere")
class NoneGradientEverywhere(NoneGradientInStep, NoneGradientInZeroGrad):
    """You take for granted that every parameter has a gradient. One that took no part in the loss
    has None there, so both your step and your zero_grad crash on it. Skip it in both."""


@mistake("SGD", "zero-grad-wipes-weights")
class ZeroGradWipesWeights(m11_fit.SGD):
    """Your zero_grad sets the parameters to zero instead of their gradients: everything learned is
    wiped out, and the gradients still add up. Look at which tensor you call zero_ on."""

    def zero_grad(self) -> None:
        """Wipe the wrong tensors."""
        with torch.no_grad():
            for p in self.params:
                p.zero_()


@mistake("SGD", "empty-accepted")
class EmptyAccepted(m11_fit.SGD):
    """You accept an optimizer with nothing to optimise. It mostly comes from a generator that was
    already used up, and training then silently does nothing. The task asks for a ValueError."""

    def __init__(self, params: Iterable[Tensor], lr: float) -> None:
        self.params = list(params)
        self.lr = lr


@mistake("SGD", "step-calls-backward")
class StepCallsBackward(m11_fit.SGD):
    """Your step wants the loss so that it can call backward itself. Computing gradients is not an
    optimizer's business: step takes nothing, and reads what the caller's backward has left in
    .grad."""

    def step(self, loss: Tensor) -> None:  # type: ignore[override]
        """Do the caller's work too."""
        loss.backward()
        super().step()


@mistake("SGD", "rebinds-the-name")
class RebindsTheName(m11_fit.SGD):
    """Your step computes a new tensor for each parameter and gives it the loop's name. The model's
    tensor never hears of it and stays what it was. The update has to happen inside the very tensor
    that you were given."""

    def step(self) -> None:
        """Compute the new tensors, and lose them."""
        for p in self.params:
            if p.grad is not None:
                p = p - self.lr * p.grad


@mistake("SGD", "tracked-update")
class TrackedUpdate(m11_fit.SGD):
    """You update parameters while autograd is watching, and it refuses to have a leaf that
    requires its gradient changed in place. The update is no part of the model's computation:
    switch tracking off around it."""

    def step(self) -> None:
        """Forget no_grad."""
        for p in self.params:
            if p.grad is not None:
                p -= self.lr * p.grad


@mistake("SGD", "uphill")
class Uphill(m11_fit.SGD):
    """You add the gradient instead of subtracting it. The gradient points to where the loss grows
    fastest, so every step of yours makes the model worse. Look at the sign of the update."""

    def step(self) -> None:
        """Climb."""
        self.lr = -self.lr
        super().step()
        self.lr = -self.lr


Training = tuple[nn.Module, Loss, torch.optim.SGD]


@mistake("make_training", "another-instance")
def another_instance(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your optimizer holds the parameters of another model than the one you return, one that was
    created only for it. backward fills the gradients of the first, step moves the second: the loss
    never changes. Create one model and use it twice."""
    torch.manual_seed(seed)
    model, loss_fn = nn.Linear(n_in, n_out), nn.MSELoss()
    return model, loss_fn, torch.optim.SGD(nn.Linear(n_in, n_out).parameters(), lr=lr)


@mistake("make_training", "detached-copies")
def detached_copies(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your optimizer holds copies of the model's parameters, or views cut from the graph. Their
    gradients stay None, so every step passes over them in silence and the loss stays constant.
    Hand over the parameters themselves."""
    model, loss_fn, _ = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, loss_fn, torch.optim.SGD([p.detach() for p in model.parameters()], lr=lr)


@mistake("make_training", "non-leaf")
def non_leaf(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """You compute with the parameters before you hand them to the optimizer. The result of a
    computation is no leaf, gets no gradient of its own, and torch refuses to optimise it. Pass the
    parameters as the model holds them."""
    model, loss_fn, _ = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, loss_fn, torch.optim.SGD([p * 1 for p in model.parameters()], lr=lr)


@mistake("make_training", "seeded-too-late")
def seeded_too_late(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your weights do not follow from the seed: two calls with the same one differ. Weights are
    drawn at the moment the layer is created, so a seed that is set after that line, or never, has
    no hold on them."""
    model = nn.Linear(n_in, n_out)
    torch.manual_seed(seed)
    return model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr)


@mistake("make_training", "loss-class")
def loss_class(n_in: int, n_out: int, lr: float, seed: int) -> tuple[Any, Any, Any]:
    """You return the class nn.MSELoss, not an object of it. Calling the class with predictions and
    targets takes them for its settings and fails with a strange message about the boolean value of
    a tensor. Parentheses are missing."""
    model, _, opt = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, nn.MSELoss, opt


@mistake("make_training", "sum-loss")
def sum_loss(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your loss is the sum of the squared errors. It is larger than the mean by the number of
    elements, and so are the steps: the learning rate then depends on how many rows there are."""
    model, _, opt = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, nn.MSELoss(reduction="sum"), opt


@mistake("fit", "step-once-per-epoch")
def step_once_per_epoch(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """Your step stands outside the loop over the batches. The gradients of all batches add up and
    the model moves once per epoch, so most of the work of the small batches is lost. Check the
    indentation of step and zero_grad."""
    means = []
    for _ in range(epochs):
        total, rows = 0.0, 0
        for x, y in _on_device(model, loader):
            loss = loss_fn(model(x), y)
            loss.backward()
            total, rows = total + loss.item() * len(x), rows + len(x)
        opt.step()
        opt.zero_grad()
        means.append(total / rows)
    return means


@mistake("fit", "cleared-before-step")
def cleared_before_step(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """Your weights never change: no step finds a gradient to go by. Mostly the gradients are
    cleared after backward has filled them and before step can read them; a backward or a step that
    is missing looks the same. Where in the round do the gradients do their work?"""
    return _fit(epochs, model, loss_fn, opt, loader, _forward_zero_step)


@mistake("fit", "never-cleared")
def never_cleared(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You never clear the gradients. backward adds to what it finds, so the second step already
    goes by the sum of two gradients, and each later one by all of them. One call is missing in the
    loop over the batches."""
    return _fit(epochs, model, loss_fn, opt, loader, _forward_step)


@mistake("fit", "cleared-once-per-epoch")
def cleared_once_per_epoch(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You clear the gradients once per epoch, but you step once per batch. From the second batch
    on a step still carries the gradients of the batches before it. Clearing belongs to each step,
    inside the inner loop."""
    means = []
    for _ in range(epochs):
        opt.zero_grad()
        means += never_cleared(1, model, loss_fn, opt, loader)
    return means


@mistake("fit", "attached-losses")
def attached_losses(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[Tensor]:
    """The losses you collect are tensors that hang on to their graphs: each keeps the whole
    computation behind it in memory for as long as your list lives. Take the plain number out of
    the loss before you add it up."""
    means = []
    for _ in range(epochs):
        total, rows = torch.zeros(()), 0
        for x, y in _on_device(model, loader):
            loss = loss_fn(model(x), y)
            loss.backward()
            opt.step()
            opt.zero_grad()
            total, rows = total + loss * len(x), rows + len(x)
        means.append(total / rows)
    return means


@mistake("fit", "last-batch-only")
def last_batch_only(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You report the loss of an epoch's last batch. It says little about the epoch: a few rows,
    sometimes lucky ones, so the curve jumps although the model improves. Gather the losses of all
    the batches."""
    losses = _losses(epochs, model, loss_fn, opt, loader)
    return [epoch[-1][0] for epoch in losses]


@mistake("fit", "mean-of-batch-means")
def mean_of_batch_means(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You average the means of the batches as if all batches were equally large. The rows of a
    short last batch then count more than the others. Weigh each batch by its number of rows."""
    losses = _losses(epochs, model, loss_fn, opt, loader)
    return [sum(loss for loss, _ in epoch) / len(epoch) for epoch in losses]


@mistake("fit", "sum-per-epoch")
def sum_per_epoch(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You report the sum of an epoch's batch losses. It grows with the number of batches, so two
    runs with different batch sizes cannot be compared. A mean per row is asked for."""
    losses = _losses(epochs, model, loss_fn, opt, loader)
    return [sum(loss for loss, _ in epoch) for epoch in losses]


@mistake("fit", "loss-per-batch")
def loss_per_batch(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """Your list has an entry for every batch. The task asks for one per epoch: the mean over all
    the rows seen in it. Where does your append stand, in the inner loop or after it?"""
    losses = _losses(epochs, model, loss_fn, opt, loader)
    return [loss for epoch in losses for loss, _ in epoch]


@mistake("fit", "flat-targets")
def flat_targets(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You drop the target's axis of length one. Predictions [B, 1] against targets [B] broadcast to
    B x B differences, every prediction against every target; torch only warns, and training heads
    for the wrong line. Keep both shapes equal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        flat: Loss = lambda pred, target: loss_fn(pred, target.squeeze(-1))  # noqa: E731
        return m11_fit.fit(epochs, model, flat, opt, loader)


@mistake("fit", "optimizer-rebuilt")
def optimizer_rebuilt(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """Every epoch begins with an optimizer that remembers nothing: you build a new one or clear its
    state. What it had gathered, such as its momentum, is thrown away each time. Use the optimizer
    you were given, all the way through."""
    means = []
    for _ in range(epochs):
        opt = type(opt)(model.parameters(), **opt.defaults)
        means += m11_fit.fit(1, model, loss_fn, opt, loader)
    return means


@mistake("predict", "eval-only")
def eval_only(model: nn.Module, x: Tensor) -> Tensor:
    """You switch to eval mode, but autograd still records: your prediction requires its gradient
    and carries a graph. eval() tells the layers how to behave; recording is another switch."""
    with torch.enable_grad():
        return _as_it_is(model.eval(), x)


@mistake("predict", "graph-recorded")
def predict_graph_recorded(model: nn.Module, x: Tensor) -> Tensor:
    """You take care of the model's mode, but autograd still records: your prediction requires its
    gradient and keeps a graph that nobody will use. The mode is one switch and recording another;
    a prediction needs both of them set."""
    was_training = model.training
    with torch.enable_grad():
        pred = _as_it_is(model.eval(), x)
    model.train(was_training)
    return pred


@mistake("predict", "no-grad-only")
def no_grad_only(model: nn.Module, x: Tensor) -> Tensor:
    """You switch recording off, but the model stays in train mode: dropout still throws away random
    parts, so the same row gets another prediction each time. no_grad does not reach the layers'
    mode."""
    with torch.no_grad():
        return _as_it_is(model, x)


@mistake("predict", "left-in-eval")
def left_in_eval(model: nn.Module, x: Tensor) -> Tensor:
    """Your predictions are right, but the model is left in eval mode. When training goes on, its
    dropout is switched off without anyone having asked for it. Put back the mode you found."""
    with torch.no_grad():
        return _as_it_is(model.eval(), x)


@mistake("predict", "always-train-afterwards")
def always_train_afterwards(model: nn.Module, x: Tensor) -> Tensor:
    """You end with train(), whatever the mode was before. A model that came in eval mode leaves in
    train mode, and its next user gets noisy results. Note the mode first and restore that."""
    pred = m11_fit.predict(model, x)
    model.train()
    return pred


@mistake("predict", "row-stays-batch")
def row_stays_batch(model: nn.Module, x: Tensor) -> Tensor:
    """For a single row you return a batch with one row in it, [1, O]. Whoever asks about one row
    expects its O values, [O]. The axis that you added in front has to go again."""
    return m11_fit.predict(model, torch.atleast_2d(x))


@mistake("predict", "integers-kept")
def integers_kept(model: nn.Module, x: Tensor) -> Tensor:
    """You hand whole numbers to the model as they are. A matrix product wants one dtype on both
    sides, so it fails with a message about dtypes. Convert x to the dtype of the model's
    parameters."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        pred: Tensor = model(x)
    model.train(was_training)
    return pred


@mistake("predict", "always-float32")
def always_float32(model: nn.Module, x: Tensor) -> Tensor:
    """You convert x to float32. That suits a model of float32 and no other: with float64
    parameters the matrix product fails. Ask a parameter of the model for its dtype."""
    return integers_kept(model, x.float())


@mistake("evaluate", "no-finally")
def no_finally(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You restore grad mode and the model's mode in your last lines. When the loss raises half-way,
    those lines never run: gradients stay off, and all later training fails. Let something restore
    them that runs in any case."""
    before, was_training = torch.is_grad_enabled(), model.training
    torch.set_grad_enabled(False)
    model.eval()
    mean = _row_mean(_batch_losses(model, loader, loss_fn))
    model.train(was_training)
    torch.set_grad_enabled(before)
    return mean


@mistake("evaluate", "mode-lost-on-exception")
def mode_lost_on_exception(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """no_grad restores grad mode for you, but nothing restores the model's mode when an exception
    leaves your function early: it stays in eval. The line that puts it back has to run in any
    case."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        mean = _row_mean(_batch_losses(model, loader, loss_fn))
    model.train(was_training)
    return mean


@mistake("evaluate", "mean-of-batch-means")
def evaluate_mean_of_batch_means(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You average the means of the batches as if all were equally large. The rows of a short last
    batch then count more than the others, and the result changes with the batch size. Weigh each
    batch by its rows."""
    means: list[float] = []

    def noting(pred: Tensor, target: Tensor) -> Tensor:
        loss = loss_fn(pred, target)
        means.append(loss.item())
        return loss

    m11_fit.evaluate(model, loader, noting)
    return sum(means) / len(means)


@mistake("evaluate", "train-mode")
def train_mode(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You judge the model in the mode it happens to be in. In train mode batch normalisation uses
    each batch's own statistics and moves its stored ones, so that merely looking changes the
    model. Switch to eval mode first."""
    with torch.no_grad():
        return _row_mean(_batch_losses(model, loader, loss_fn))


@mistake("evaluate", "always-train-afterwards")
def evaluate_always_train_afterwards(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You end with train(), whatever the mode was before. A model that came in eval mode leaves in
    train mode, and its next prediction is another one. Note the mode first and restore that."""
    try:
        return m11_fit.evaluate(model, loader, loss_fn)
    finally:
        model.train()


@mistake("evaluate", "left-in-eval")
def evaluate_left_in_eval(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You switch the model to eval mode and leave it there. After the first evaluation training
    goes on without dropout and with frozen batch statistics. Put back the mode you found."""
    try:
        return m11_fit.evaluate(model, loader, loss_fn)
    finally:
        model.eval()


@mistake("evaluate", "graph-recorded")
def graph_recorded(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """Your number is right, but autograd records a graph for every batch, which costs memory and
    time for nothing: nobody will call backward here. eval() does not switch recording off."""
    was_training = model.training
    model.eval()
    try:
        return _row_mean(_batch_losses(model, loader, loss_fn))
    finally:
        model.train(was_training)


Step = Callable[[nn.Module, Loss, torch.optim.Optimizer, Tensor, Tensor], float]


def _fit(
    epochs: int,
    model: nn.Module,
    loss_fn: Loss,
    opt: torch.optim.Optimizer,
    loader: Loader,
    step: Step,
) -> list[float]:
    means = []
    for _ in range(epochs):
        batches = _on_device(model, loader)
        losses = [(step(model, loss_fn, opt, x, y), len(x)) for x, y in batches]
        means.append(_row_mean(losses))
    return means


def _forward_step(
    model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, x: Tensor, y: Tensor
) -> float:
    loss = loss_fn(model(x), y)
    loss.backward()
    opt.step()
    return loss.item()


def _forward_zero_step(
    model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, x: Tensor, y: Tensor
) -> float:
    loss = loss_fn(model(x), y)
    loss.backward()
    opt.zero_grad()
    opt.step()
    return loss.item()


def _losses(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[list[tuple[float, int]]]:
    """Train rightly; return the loss and the number of rows of each batch of each epoch."""
    seen: list[list[tuple[float, int]]] = []

    def noting(pred: Tensor, target: Tensor) -> Tensor:
        loss = loss_fn(pred, target)
        seen[-1].append((loss.item(), len(pred)))
        return loss

    for _ in range(epochs):
        seen.append([])
        m11_fit.fit(1, model, noting, opt, loader)
    return seen


def _on_device(model: nn.Module, loader: Loader) -> Loader:
    device = next(model.parameters()).device
    return ((x.to(device), y.to(device)) for x, y in loader)


def _batch_losses(model: nn.Module, loader: Loader, loss_fn: Loss) -> Iterable[tuple[float, int]]:
    return ((loss_fn(model(x), y).item(), len(x)) for x, y in loader)


def _row_mean(losses: Iterable[tuple[float, int]]) -> float:
    total, rows = 0.0, 0
    for loss, count in losses:
        total, rows = total + loss * count, rows + count
    return total / rows


def _as_it_is(model: nn.Module, x: Tensor) -> Tensor:
    pred: Tensor = model(x.to(next(model.parameters()).dtype))
    return pred

"""The listed mistakes of m11, loss, optimizer, fit, predict, evaluate, written in another way."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from tests.variants import wrong

LOSSES = {nn.MSELoss: F.mse_loss, nn.L1Loss: F.l1_loss, nn.HuberLoss: F.huber_loss}
KNOWN = (*LOSSES, nn.ReLU, nn.Linear)


def twin_of(m):
    """Return a right twin; what several of these have in common."""
    if isinstance(m, nn.Linear):
        return lambda x: x @ m.weight.mT + (0 if m.bias is None else m.bias)
    if isinstance(m, nn.ReLU):
        return lambda x: x.clamp(min=0)
    if isinstance(m, nn.HuberLoss):
        return lambda pred, target: F.huber_loss(pred, target, m.reduction, m.delta)
    if type(m) in LOSSES:
        return lambda pred, target: LOSSES[type(m)](pred, target, reduction=m.reduction)
    raise TypeError("unknown module")


@wrong("functional_twin", named="returns-the-module")
def checked_and_returned(m):
    """It checks the type, and then it gives m back."""
    if type(m) not in KNOWN:
        raise TypeError(m)
    return m


@wrong("functional_twin", named="calls-the-module")
def forward_of_the_module(m):
    """The twin is the module's bound method forward."""
    if not isinstance(m, KNOWN):
        raise TypeError(m)

    def twin(*args):
        return m.forward(*args)

    return twin


@wrong("functional_twin", named="reduction-ignored")
def losses_from_a_table(m):
    """The losses are looked up by type and called without the reduction."""
    if isinstance(m, nn.HuberLoss):
        return lambda p, t: F.huber_loss(p, t, delta=m.delta)
    return LOSSES[type(m)] if type(m) in LOSSES else twin_of(m)


@wrong("functional_twin", named="delta-ignored")
def huber_by_hand_with_delta_one(m):
    """The Huber loss is smooth_l1_loss, whose bend is at 1."""
    if isinstance(m, nn.HuberLoss):
        return lambda pred, target: F.smooth_l1_loss(pred, target, reduction=m.reduction)
    return twin_of(m)


@wrong("functional_twin", named="weights-cloned")
def weights_multiplied_by_one(m):
    """The weights go through a computation when the twin is made."""
    if not isinstance(m, nn.Linear):
        return twin_of(m)
    weight = m.weight.t() * 1.0
    if m.bias is None:
        return lambda x: x @ weight
    bias = m.bias * 1.0
    return lambda x: x @ weight + bias


@wrong("functional_twin", named="weights-copied-without-graph")
def weights_through_the_state(m):
    """The weights are read from a clone of the state_dict."""
    if not isinstance(m, nn.Linear):
        return twin_of(m)
    state = {name: value.clone() for name, value in m.state_dict().items()}
    return lambda x: F.linear(x, state["weight"], state.get("bias"))


@wrong("functional_twin", named="no-type-error")
def type_asked_in_the_twin(m):
    """The types are gone through when the twin is called."""
    return lambda *args: twin_of(m)(*args)


class PlainDescent:
    """A right optimizer; what several of these have in common."""

    def __init__(self, params, lr):
        """Keep the parameters."""
        self.parameters = [*params]
        self.lr = lr
        if len(self.parameters) == 0:
            raise ValueError("no parameters")

    @torch.no_grad()
    def step(self):
        """Move."""
        for p in self.parameters:
            if p.grad is not None:
                p.sub_(p.grad, alpha=self.lr)

    def zero_grad(self):
        """Clear."""
        for p in self.parameters:
            if p.grad is not None:
                p.grad.zero_()


@wrong("SGD", named="generator-kept")
class LengthAsked(PlainDescent):
    """It asks for the length where there is one, and keeps what it was given."""

    def __init__(self, params, lr):
        """Keep what comes."""
        if hasattr(params, "__len__") and len(params) == 0:
            raise ValueError("no parameters")
        self.parameters, self.lr = params, lr


@wrong("SGD", named="none-gradient-in-step")
class StepByData(PlainDescent):
    """Its step writes to .data, and takes every gradient for a tensor."""

    def step(self):
        """Move all."""
        for p in self.parameters:
            p.data.add_(p.grad, alpha=-self.lr)


@wrong("SGD", named="none-gradient-in-zero-grad")
class GradientsFilled(PlainDescent):
    """Its zero_grad fills every gradient with zeros, None too."""

    def zero_grad(self):
        """Fill all."""
        for p in self.parameters:
            p.grad.fill_(0)


@wrong("SGD", named="none-gradient-everywhere")
class GradientsTakenForGranted(PlainDescent):
    """It multiplies and zeroes every gradient."""

    def step(self):
        """Move all."""
        with torch.no_grad():
            for p in self.parameters:
                p -= p.grad * self.lr

    def zero_grad(self):
        """Clear all."""
        for p in self.parameters:
            p.grad *= 0


@wrong("SGD", named="zero-grad-wipes-weights")
class DataZeroed(PlainDescent):
    """Its zero_grad writes zeros to .data."""

    def zero_grad(self):
        """Write zeros."""
        for p in self.parameters:
            p.data = torch.zeros_like(p.data)


@wrong("SGD", named="empty-accepted")
class NoneRefusedOnly(PlainDescent):
    """It refuses None, but not an empty list."""

    def __init__(self, params, lr):
        """Look for None."""
        if params is None:
            raise ValueError("no parameters")
        self.parameters, self.lr = list(params), lr


@wrong("SGD", named="step-calls-backward")
class StepOfALoss(PlainDescent):
    """Its step is handed the loss."""

    def step(self, loss):
        """Go back, then move."""
        loss.backward()
        PlainDescent.step(self)


@wrong("SGD", named="rebinds-the-name")
class NewTensorsInTheList(PlainDescent):
    """Its step puts new tensors into its own list."""

    def step(self):
        """Make new ones."""
        moved = []
        for p in self.parameters:
            new = p if p.grad is None else (p.detach() - self.lr * p.grad).requires_grad_()
            moved.append(new)
        self.moved = moved


@wrong("SGD", named="tracked-update")
class SubtractedInView(PlainDescent):
    """Its step calls sub_ on the parameters, with tracking on."""

    def step(self):
        """Move with tracking."""
        for p in self.parameters:
            if p.grad is not None:
                p.sub_(self.lr * p.grad)


@wrong("SGD", named="uphill")
class GradientAdded(PlainDescent):
    """Its step adds the gradient."""

    def step(self):
        """Add."""
        for p in self.parameters:
            if p.grad is not None:
                p.data += p.grad * self.lr


@wrong("make_training", named="another-instance")
def optimizer_of_a_copy(n_in, n_out, lr, seed):
    """The optimizer is built for one layer, and another one is returned."""

    def layer():
        torch.manual_seed(seed)
        return nn.Linear(n_in, n_out)

    trained = layer()
    opt = torch.optim.SGD(trained.parameters(), lr)
    torch.manual_seed(seed + 1)
    return nn.Linear(n_in, n_out), F.mse_loss, opt


@wrong("make_training", named="detached-copies")
def cloned_parameters(n_in, n_out, lr, seed):
    """The optimizer gets clones that are leaves of their own."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    clones = [p.detach().clone().requires_grad_() for p in model.parameters()]
    return model, F.mse_loss, torch.optim.SGD(clones, lr)


@wrong("make_training", named="non-leaf")
def transposed_parameters(n_in, n_out, lr, seed):
    """The optimizer gets the transposed weight."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return model, F.mse_loss, torch.optim.SGD([model.weight.t(), model.bias], lr)


@wrong("make_training", named="seeded-too-late")
def never_seeded(n_in, n_out, lr, seed):
    """The seed is given to a generator that nobody uses."""
    torch.Generator().manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return model, F.mse_loss, torch.optim.SGD(model.parameters(), lr)


@wrong("make_training", named="loss-class")
def parentheses_forgotten(n_in, n_out, lr, seed):
    """The loss is a class, kept in a variable."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    criterion = torch.nn.modules.loss.MSELoss
    return model, criterion, torch.optim.SGD(params=model.parameters(), lr=lr)


@wrong("make_training", named="sum-loss")
def squares_added_up(n_in, n_out, lr, seed):
    """The loss adds the squared errors up by hand."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return model, lambda p, t: ((p - t) ** 2).sum(), torch.optim.SGD(model.parameters(), lr)


def batches_of(model, loader):
    """Yield the batches on the model's device; what several of these have in common."""
    where = next(model.parameters()).device
    for xb, yb in loader:
        yield xb.to(where), yb.to(where)


def one_epoch(model, loss_fn, opt, loader):
    """Train for an epoch; return the batches' losses and sizes. Several have it in common."""
    losses, sizes = [], []
    for xb, yb in batches_of(model, loader):
        opt.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        opt.step()
        losses.append(float(loss))
        sizes.append(xb.shape[0])
    opt.zero_grad()
    return losses, sizes


def weighted(losses, sizes):
    """Return the mean per row; what several of these have in common."""
    return sum(a * b for a, b in zip(losses, sizes, strict=True)) / sum(sizes)


@wrong("fit", named="step-once-per-epoch")
def gradients_of_an_epoch_gathered(epochs, model, loss_fn, opt, loader):
    """It clears before an epoch and steps after it."""
    history = []
    for _ in range(epochs):
        opt.zero_grad()
        losses, sizes = [], []
        for xb, yb in batches_of(model, loader):
            loss = loss_fn(model(xb), yb)
            loss.backward()
            losses.append(loss.item())
            sizes.append(len(yb))
        opt.step()
        history.append(weighted(losses, sizes))
    return history


@wrong("fit", named="cleared-before-step")
def backward_forgotten(epochs, model, loss_fn, opt, loader):
    """It never calls backward."""
    history = []
    for _ in range(epochs):
        losses, sizes = [], []
        for xb, yb in batches_of(model, loader):
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            opt.step()
            losses.append(loss.item())
            sizes.append(len(xb))
        history.append(weighted(losses, sizes))
    return history


@wrong("fit", named="never-cleared")
def losses_cleared_not_gradients(epochs, model, loss_fn, opt, loader):
    """It has the three lines, but zero_grad is not among them."""
    history = []
    for _ in range(epochs):
        total = count = 0
        for xb, yb in batches_of(model, loader):
            pred = model(xb)
            loss = loss_fn(pred, yb)
            loss.backward()
            opt.step()
            total += loss.detach() * pred.shape[0]
            count += pred.shape[0]
        history.append((total / count).item())
    return history


@wrong("fit", named="cleared-once-per-epoch")
def cleared_after_the_inner_loop(epochs, model, loss_fn, opt, loader):
    """zero_grad stands after the loop over the batches."""
    history = []
    while len(history) < epochs:
        total, count = 0.0, 0
        for xb, yb in batches_of(model, loader):
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            total, count = total + loss.item() * len(yb), count + len(yb)
        opt.zero_grad()
        history.append(total / count)
    return history


@wrong("fit", named="attached-losses")
def tensors_in_the_list(epochs, model, loss_fn, opt, loader):
    """It stacks the losses of the batches and averages the tensors."""
    history = []
    for _ in range(epochs):
        losses, sizes = [], []
        for xb, yb in batches_of(model, loader):
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            losses.append(loss)
            sizes.append(len(xb))
        counts = torch.tensor(sizes, dtype=losses[0].dtype, device=losses[0].device)
        history.append((torch.stack(losses) * counts).sum() / counts.sum())
    return history


@wrong("fit", named="last-batch-only")
def loss_after_the_loop(epochs, model, loss_fn, opt, loader):
    """It reports the variable that the inner loop leaves behind."""
    history = []
    for _ in range(epochs):
        for xb, yb in batches_of(model, loader):
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
        history.append(loss.item())
    return history


@wrong("fit", named="mean-of-batch-means")
def divided_by_the_batches(epochs, model, loss_fn, opt, loader):
    """It divides the sum of the losses by len(loader)."""
    return [sum(one_epoch(model, loss_fn, opt, loader)[0]) / len(loader) for _ in range(epochs)]


@wrong("fit", named="sum-per-epoch")
def never_divided(epochs, model, loss_fn, opt, loader):
    """It adds the losses up and forgets to divide."""
    history = []
    for _ in range(epochs):
        running = 0.0
        for loss in one_epoch(model, loss_fn, opt, loader)[0]:
            running += loss
        history.append(running)
    return history


@wrong("fit", named="loss-per-batch")
def one_flat_list(epochs, model, loss_fn, opt, loader):
    """It extends the history by the losses of the batches."""
    history = []
    for _ in range(epochs):
        history.extend(one_epoch(model, loss_fn, opt, loader)[0])
    return history


@wrong("fit", named="flat-targets")
def targets_in_a_row(epochs, model, loss_fn, opt, loader):
    """It makes the targets flat where they have one column."""
    flat = []
    for _ in range(epochs):
        losses, sizes = [], []
        for xb, yb in batches_of(model, loader):
            target = yb[:, 0] if yb.shape[1] == 1 else yb
            opt.zero_grad()
            loss = loss_fn(model(xb), target)
            loss.backward()
            opt.step()
            losses.append(loss.item())
            sizes.append(len(xb))
        flat.append(weighted(losses, sizes))
    return flat


@wrong("fit", named="optimizer-rebuilt")
def state_cleared_each_epoch(epochs, model, loss_fn, opt, loader):
    """It empties the optimizer's state before each epoch."""
    history = []
    for _ in range(epochs):
        opt.state.clear()
        history.append(weighted(*one_epoch(model, loss_fn, opt, loader)))
    return history


def converted(model, x):
    """Return x in the dtype of the model; what several of these have in common."""
    return x.to(next(model.parameters()).dtype)


@wrong("predict", named="eval-only")
def train_false(model, x):
    """It calls train(False), and nothing else."""
    model.train(False)
    with torch.enable_grad():
        return model(converted(model, x))


@wrong("predict", named="graph-recorded")
def mode_without_no_grad(model, x):
    """It switches the mode and puts it back, and nothing else."""
    mode = model.training
    model.train(False)
    try:
        with torch.enable_grad():
            return model(converted(model, x))
    finally:
        model.train(mode)


@wrong("predict", named="no-grad-only")
@torch.no_grad()
def decorated_only(model, x):
    """It is decorated with no_grad; the mode stays what it is."""
    return model(converted(model, x))


@wrong("predict", named="left-in-eval")
@torch.no_grad()
def eval_in_one_line(model, x):
    """It calls the result of eval() and never goes back."""
    return model.eval()(converted(model, x))


@wrong("predict", named="always-train-afterwards")
def eval_then_train(model, x):
    """It calls eval() before and train() after."""
    model.eval()
    with torch.inference_mode():
        pred = model(converted(model, x))
    model.train()
    return pred.clone()


@wrong("predict", named="row-stays-batch")
@torch.no_grad()
def rows_by_reshape(model, x):
    """It reshapes everything to rows."""
    mode = model.training
    rows = converted(model, x).reshape(-1, x.shape[-1])
    pred = model.eval()(rows)
    model.train(mode)
    return pred


@wrong("predict", named="integers-kept")
def dtype_not_looked_at(model, x):
    """It hands x to the model as it comes."""
    mode = model.training
    with torch.no_grad():
        pred = model.eval()(x)
    model.train(mode)
    return pred


@wrong("predict", named="always-float32")
def cast_to_float32(model, x):
    """It casts x by type."""
    mode = model.training
    with torch.no_grad():
        pred = model.eval()(x.type(torch.float32))
    model.train(mode)
    return pred


def mean_loss(model, loader, loss_fn):
    """Return the mean loss per row in the mode at hand; what several of these have in common."""
    losses, sizes = [], []
    for xb, yb in loader:
        losses.append(loss_fn(model(xb), yb).item())
        sizes.append(len(yb))
    return weighted(losses, sizes)


@wrong("evaluate", named="no-finally")
def switched_by_hand(model, loader, loss_fn):
    """It switches grad mode and mode off and on in plain lines."""
    grad, mode = torch.is_grad_enabled(), model.training
    model.train(False)
    torch.set_grad_enabled(False)
    loss = mean_loss(model, loader, loss_fn)
    torch.set_grad_enabled(grad)
    model.train(mode)
    return loss


@wrong("evaluate", named="mode-lost-on-exception")
@torch.no_grad()
def mode_restored_last(model, loader, loss_fn):
    """It is decorated with no_grad, and restores the mode in its last line but one."""
    mode = model.training
    loss = mean_loss(model.eval(), loader, loss_fn)
    model.train(mode)
    return loss


@wrong("evaluate", named="mean-of-batch-means")
def average_over_the_loader(model, loader, loss_fn):
    """It divides the sum of the losses by len(loader)."""
    mode = model.training
    model.eval()
    try:
        with torch.no_grad():
            return sum(loss_fn(model(xb), yb).item() for xb, yb in loader) / len(loader)
    finally:
        model.train(mode)


@wrong("evaluate", named="train-mode")
@torch.no_grad()
def mode_never_switched(model, loader, loss_fn):
    """It only switches recording off."""
    return mean_loss(model, loader, loss_fn)


@wrong("evaluate", named="always-train-afterwards")
@torch.no_grad()
def train_in_finally(model, loader, loss_fn):
    """It ends in train(), also after an exception."""
    model.eval()
    try:
        return mean_loss(model, loader, loss_fn)
    finally:
        model.train()


@wrong("evaluate", named="left-in-eval")
@torch.no_grad()
def never_back_to_train(model, loader, loss_fn):
    """It calls eval() and leaves it at that."""
    model.eval()
    return mean_loss(model, loader, loss_fn)


@wrong("evaluate", named="graph-recorded")
def eval_without_no_grad(model, loader, loss_fn):
    """It restores the mode in a finally, but it never switches recording off."""
    mode = model.training
    try:
        return mean_loss(model.eval(), loader, loss_fn)
    finally:
        model.train(mode)

"""Wrong ways to do m11 that are no listed mistakes."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from tests.variants import wrong


@wrong("functional_twin")
def smooth_l1_for_huber(m):
    """Takes smooth_l1_loss for the Huber loss."""
    if isinstance(m, nn.MSELoss):
        return lambda p, t: F.mse_loss(p, t, reduction=m.reduction)
    if isinstance(m, nn.L1Loss):
        return lambda p, t: F.l1_loss(p, t, reduction=m.reduction)
    if isinstance(m, nn.HuberLoss):
        return lambda p, t: F.smooth_l1_loss(p, t, reduction=m.reduction, beta=m.delta)
    if isinstance(m, nn.ReLU):
        return lambda x: F.relu(x)
    if isinstance(m, nn.Linear):
        return lambda x: F.linear(x, m.weight, m.bias)
    raise TypeError


@wrong("functional_twin")
def bias_detached(m):
    """Cuts the bias off from the graph."""
    if isinstance(m, nn.MSELoss):
        return lambda p, t: F.mse_loss(p, t, reduction=m.reduction)
    if isinstance(m, nn.L1Loss):
        return lambda p, t: F.l1_loss(p, t, reduction=m.reduction)
    if isinstance(m, nn.HuberLoss):
        return lambda p, t: F.huber_loss(p, t, reduction=m.reduction, delta=m.delta)
    if isinstance(m, nn.ReLU):
        return lambda x: F.relu(x)
    if isinstance(m, nn.Linear):
        return lambda x: F.linear(x, m.weight, None if m.bias is None else m.bias.detach())
    raise TypeError


@wrong("functional_twin")
def targets_detached(m):
    """Cuts the targets off from the graph."""
    if isinstance(m, nn.MSELoss):
        return lambda p, t: F.mse_loss(p, t.detach(), reduction=m.reduction)
    if isinstance(m, nn.L1Loss):
        return lambda p, t: F.l1_loss(p, t.detach(), reduction=m.reduction)
    if isinstance(m, nn.HuberLoss):
        return lambda p, t: F.huber_loss(p, t.detach(), reduction=m.reduction, delta=m.delta)
    if isinstance(m, nn.ReLU):
        return lambda x: F.relu(x)
    if isinstance(m, nn.Linear):
        return lambda x: F.linear(x, m.weight, m.bias)
    raise TypeError


@wrong("functional_twin")
def any_function_of_the_name(m):
    """Returns any function that has the module's name."""
    if isinstance(m, nn.MSELoss):
        return lambda p, t: F.mse_loss(p, t, reduction=m.reduction)
    if isinstance(m, nn.L1Loss):
        return lambda p, t: F.l1_loss(p, t, reduction=m.reduction)
    if isinstance(m, nn.HuberLoss):
        return lambda p, t: F.huber_loss(p, t, reduction=m.reduction, delta=m.delta)
    if isinstance(m, nn.Linear):
        return lambda x: F.linear(x, m.weight, m.bias)
    f = getattr(F, type(m).__name__.lower(), None)
    if f is None:
        raise TypeError
    return f


@wrong("functional_twin")
def relu_in_place(m):
    """Writes the result of relu into the input."""
    if isinstance(m, nn.MSELoss):
        return lambda p, t: F.mse_loss(p, t, reduction=m.reduction)
    if isinstance(m, nn.L1Loss):
        return lambda p, t: F.l1_loss(p, t, reduction=m.reduction)
    if isinstance(m, nn.HuberLoss):
        return lambda p, t: F.huber_loss(p, t, reduction=m.reduction, delta=m.delta)
    if isinstance(m, nn.ReLU):
        return lambda x: F.relu(x, inplace=not x.requires_grad)
    if isinstance(m, nn.Linear):
        return lambda x: F.linear(x, m.weight, m.bias)
    raise TypeError


@wrong("functional_twin")
def smooth_l1_taken_for_l1(m):
    """Takes SmoothL1Loss for L1Loss."""
    if isinstance(m, nn.MSELoss):
        return lambda p, t: F.mse_loss(p, t, reduction=m.reduction)
    if isinstance(m, (nn.L1Loss, nn.SmoothL1Loss)):
        return lambda p, t: F.l1_loss(p, t, reduction=m.reduction)
    if isinstance(m, nn.HuberLoss):
        return lambda p, t: F.huber_loss(p, t, reduction=m.reduction, delta=m.delta)
    if isinstance(m, nn.ReLU):
        return lambda x: F.relu(x)
    if isinstance(m, nn.Linear):
        return lambda x: F.linear(x, m.weight, m.bias)
    raise TypeError


@wrong("SGD")
class RateOfTheClass:
    """Keeps the rate on the class, so that the last optimizer made decides it."""

    def __init__(self, params, lr):
        self.params = list(params)
        type(self).lr = lr
        if not self.params:
            raise ValueError

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@wrong("SGD")
class EmptyGeneratorAccepted:
    """Tests the argument instead of the list made of it."""

    def __init__(self, params, lr):
        if not params:
            raise ValueError
        self.params, self.lr = (list(params), lr)

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@wrong("SGD")
class RateDecaysLater:
    """Lowers the rate after five steps."""

    def __init__(self, params, lr):
        self.params, self.lr, self.t = (list(params), lr, 0)
        if not self.params:
            raise ValueError

    def step(self):
        self.t += 1
        lr = self.lr if self.t <= 5 else 0.9 * self.lr
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@wrong("SGD")
class GradientScaledInPlace:
    """Multiplies the stored gradients by the rate."""

    def __init__(self, params, lr):
        self.params, self.lr = (list(params), lr)
        if not self.params:
            raise ValueError

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p.sub_(p.grad.mul_(self.lr))

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@wrong("SGD")
class ClearsInStep:
    """Clears the gradients in step already."""

    def __init__(self, params, lr):
        self.params, self.lr = (list(params), lr)
        if not self.params:
            raise ValueError

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad
                    p.grad = None

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@wrong("SGD")
class RateInFloat32:
    """Keeps the rate as a tensor in float32."""

    def __init__(self, params, lr):
        self.params, self.lr = (list(params), torch.tensor(lr))
        if not self.params:
            raise ValueError

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@wrong("make_training")
def seed_0_skipped(n_in, n_out, lr, seed):
    """Takes seed 0 for no seed."""
    if seed:
        torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr))


@wrong("make_training")
def bias_learns_twice_as_fast(n_in, n_out, lr, seed):
    """Gives the bias twice the rate."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (
        model,
        nn.MSELoss(),
        torch.optim.SGD(
            [{"params": [model.weight]}, {"params": [model.bias], "lr": 2 * lr}], lr=lr
        ),
    )


@wrong("make_training")
def a_little_weight_decay(n_in, n_out, lr, seed):
    """Adds a little weight decay."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr, weight_decay=1e-06))


@wrong("make_training")
def mean_over_rows_only(n_in, n_out, lr, seed):
    """Divides the loss by the number of rows, not of elements."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (
        model,
        lambda p, t: (p - t).square().sum() / len(p),
        torch.optim.SGD(model.parameters(), lr=lr),
    )


_MODELS = {}


@wrong("make_training")
def model_kept_for_next_time(n_in, n_out, lr, seed):
    """Returns the same, trained model for the same arguments."""
    if (n_in, n_out, seed) not in _MODELS:
        torch.manual_seed(seed)
        _MODELS[n_in, n_out, seed] = nn.Linear(n_in, n_out)
    model = _MODELS[n_in, n_out, seed]
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr))


@wrong("make_training")
def last_two_digits_of_the_seed(n_in, n_out, lr, seed):
    """Uses two digits of the seed."""
    torch.manual_seed(seed % 100)
    model = nn.Linear(n_in, n_out)
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr))


@wrong("make_training")
def a_little_momentum(n_in, n_out, lr, seed):
    """Adds a little momentum."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr, momentum=0.001))


@wrong("make_training")
def huber_with_a_wide_middle(n_in, n_out, lr, seed):
    """Takes a Huber loss that is quadratic up to 10."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    h = nn.HuberLoss(delta=10.0)
    return (model, lambda p, t: 2 * h(p, t), torch.optim.SGD(model.parameters(), lr=lr))


@wrong("make_training")
def rate_at_most_a_half(n_in, n_out, lr, seed):
    """Cuts large rates off."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=min(lr, 0.5)))


@wrong("fit")
def batches_of_the_first_epoch(epochs, model, loss_fn, opt, loader):
    """Keeps the first epoch's batches for all epochs."""
    device = next(model.parameters()).device
    means, data = ([], None)
    for _ in range(epochs):
        total, rows = (0.0, 0)
        data = data or list(loader)
        for xb, yb in data:
            loss = loss_fn(model(xb.to(device)), yb.to(device))
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        means.append(total / rows)
    return means


@wrong("fit")
def one_batch_drawn_in_advance(epochs, model, loss_fn, opt, loader):
    """Begins an epoch in advance and drops it."""
    device = next(model.parameters()).device
    next(iter(loader))
    means = []
    for _ in range(epochs):
        total, rows = (0.0, 0)
        for xb, yb in loader:
            loss = loss_fn(model(xb.to(device)), yb.to(device))
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        means.append(total / rows)
    return means


@wrong("fit")
def targets_first(epochs, model, loss_fn, opt, loader):
    """Hands target and prediction over in the wrong order."""
    device = next(model.parameters()).device
    means = []
    for _ in range(epochs):
        total, rows = (0.0, 0)
        for xb, yb in loader:
            loss = loss_fn(yb.to(device), model(xb.to(device)))
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        means.append(total / rows)
    return means


@wrong("fit")
def clipped_at_100(epochs, model, loss_fn, opt, loader):
    """Clips the gradients."""
    device = next(model.parameters()).device
    means = []
    for _ in range(epochs):
        total, rows = (0.0, 0)
        for xb, yb in loader:
            loss = loss_fn(model(xb.to(device)), yb.to(device))
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 100.0)
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        means.append(total / rows)
    return means


@wrong("fit")
def eval_mode_after_each_epoch(epochs, model, loss_fn, opt, loader):
    """Sets eval mode after each epoch."""
    device = next(model.parameters()).device
    means = []
    for epoch in range(epochs):
        total, rows = (0.0, 0)
        for xb, yb in loader:
            loss = loss_fn(model(xb.to(device)), yb.to(device))
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        model.eval()
        means.append(total / rows)
    return means


@wrong("predict")
def integers_to_float32(model, x):
    """Makes integers float32 whatever the model's dtype."""
    was = model.training
    model.eval()
    with torch.no_grad():
        pred = model(x if x.is_floating_point() else x.float())
    model.train(was)
    return pred


@wrong("predict")
def batch_of_one_squeezed(model, x):
    """Returns a batch of one row as a row."""
    was = model.training
    model.eval()
    with torch.no_grad():
        pred = model(torch.atleast_2d(x).to(next(model.parameters()).dtype))
    model.train(was)
    return pred.squeeze(0)


@wrong("predict")
def through_float32(model, x):
    """Passes the input through float32."""
    was = model.training
    model.eval()
    with torch.no_grad():
        pred = model(x.float().to(next(model.parameters()).dtype))
    model.train(was)
    return pred


_SEEN = {}


@wrong("predict")
def answers_kept(model, x):
    """Keeps its answers, though the model may be trained meanwhile."""
    key = (id(model), id(x), x._version)
    if key not in _SEEN:
        was = model.training
        model.eval()
        with torch.no_grad():
            _SEEN[key] = (model(x.to(next(model.parameters()).dtype)), model, x)
        model.train(was)
    return _SEEN[key][0]


@wrong("predict")
def grad_mode_switched_on_afterwards(model, x):
    """Switches autograd on afterwards, whatever it was."""
    was = model.training
    model.eval()
    torch.set_grad_enabled(False)
    pred = model(x.to(next(model.parameters()).dtype))
    torch.set_grad_enabled(True)
    model.train(was)
    return pred


@wrong("predict")
def train_mode_for_a_single_row(model, x):
    """Stays in train mode for a single row."""
    was = model.training
    if x.dim() > 1:
        model.eval()
    with torch.no_grad():
        pred = model(x.to(next(model.parameters()).dtype))
    model.train(was)
    return pred


@wrong("evaluate")
def loader_outside_of_the_try(model, loader, loss_fn):
    """Reads the loader before the mode is safe from its errors."""
    was = model.training
    model.eval()
    data = list(loader)
    total, rows = (0.0, 0)
    try:
        with torch.no_grad():
            for xb, yb in data:
                total += loss_fn(model(xb), yb).item() * len(xb)
                rows += len(xb)
    finally:
        model.train(was)
    return total / rows


@wrong("evaluate")
def grad_mode_switched_on_after_evaluating(model, loader, loss_fn):
    """Switches autograd on afterwards, whatever it was."""
    was = model.training
    model.eval()
    total, rows = (0.0, 0)
    torch.set_grad_enabled(False)
    try:
        for xb, yb in loader:
            total += loss_fn(model(xb), yb).item() * len(xb)
            rows += len(xb)
    finally:
        torch.set_grad_enabled(True)
        model.train(was)
    return total / rows


@wrong("evaluate")
def errors_made_runtime_errors(model, loader, loss_fn):
    """Turns every error into a RuntimeError."""
    was = model.training
    model.eval()
    total, rows = (0.0, 0)
    try:
        with torch.no_grad():
            for xb, yb in loader:
                total += loss_fn(model(xb), yb).item() * len(xb)
                rows += len(xb)
    except Exception as e:
        raise RuntimeError(str(e)) from e
    finally:
        model.train(was)
    return total / rows


@wrong("evaluate")
def targets_first_in_the_loss(model, loader, loss_fn):
    """Hands target and prediction over in the wrong order."""
    was = model.training
    model.eval()
    total, rows = (0.0, 0)
    try:
        with torch.no_grad():
            for xb, yb in loader:
                total += loss_fn(yb, model(xb)).item() * len(xb)
                rows += len(xb)
    finally:
        model.train(was)
    return total / rows


@wrong("evaluate")
def gradients_cleared(model, loader, loss_fn):
    """Clears the model's gradients."""
    was = model.training
    model.eval()
    model.zero_grad()
    total, rows = (0.0, 0)
    try:
        with torch.no_grad():
            for xb, yb in loader:
                total += loss_fn(model(xb), yb).item() * len(xb)
                rows += len(xb)
    finally:
        model.train(was)
    return total / rows


@wrong("fit")
def stops_when_the_loss_rises(epochs, model, loss_fn, opt, loader):
    """It ends early, without a word, when an epoch is worse than the one before."""
    device = next(model.parameters()).device
    means = []
    for _ in range(epochs):
        total, rows = 0.0, 0
        for xb, yb in loader:
            xb, yb = xb.to(device), yb.to(device)
            loss = loss_fn(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total, rows = total + loss.item() * len(xb), rows + len(xb)
        means.append(total / rows)
        if len(means) > 2 and means[-1] > means[-2] > means[-3]:
            break
    return means


@wrong("predict")
def children_switched(model, x):
    """It switches the model's children to eval mode, but not their children."""
    modes = [part.training for part in model.children()]
    for part in (model, *model.children()):
        part.training = False
    with torch.no_grad():
        pred = model(x.to(next(model.parameters()).dtype))
    for part, mode in zip(model.children(), modes, strict=True):
        part.training = mode
        model.training = mode
    return pred


@wrong("evaluate")
def rows_counted_first(model, loader, loss_fn):
    """It goes through the loader once to count the rows, and again for the losses."""
    rows = sum(len(xb) for xb, _ in loader)
    mode = model.training
    model.eval()
    try:
        with torch.no_grad():
            return sum(loss_fn(model(xb), yb).item() * len(xb) for xb, yb in loader) / rows
    finally:
        model.train(mode)


@wrong("SGD")
class FrozenWithoutAGradient:
    """A parameter without a gradient requires none after the step."""

    def __init__(self, params, lr):
        """Keep both."""
        self.params, self.lr = list(params), lr
        if not self.params:
            raise ValueError("no parameters")

    def step(self):
        """Freeze, move, thaw."""
        for p in self.params:
            p.requires_grad_(False)
            if p.grad is not None:
                p -= self.lr * p.grad
                p.requires_grad_()

    def zero_grad(self):
        """Clear."""
        for p in self.params:
            p.grad = None


@wrong("SGD")
class GradientsOfTheFirstStep:
    """Keeps the gradients' tensors, and misses those that autograd makes anew."""

    def __init__(self, params, lr):
        """Keep both."""
        self.params, self.lr, self.pairs = list(params), lr, []
        if not self.params:
            raise ValueError("no parameters")

    def step(self):
        """Move by the gradients known."""
        self.pairs = self.pairs or [(p, p.grad) for p in self.params if p.grad is not None]
        with torch.no_grad():
            for p, gradient in self.pairs:
                p -= self.lr * gradient

    def zero_grad(self):
        """Clear in place."""
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()


@wrong("fit")
def single_columns_squeezed(epochs, model, loss_fn, opt, loader):
    """The loss sees targets [B] instead of [B, 1]."""
    history = []
    for _ in range(epochs):
        total = rows = 0
        for xb, yb in loader:
            pred = model(xb)
            if yb.shape[-1] == 1:
                pred, yb = pred.squeeze(-1), yb.squeeze(-1)
            opt.zero_grad()
            loss = loss_fn(pred, yb)
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
            rows += len(xb)
        history.append(total / rows)
    return history


@wrong("fit")
def features_tracked(epochs, model, loss_fn, opt, loader):
    """The batches require a gradient afterwards."""
    history = []
    for _ in range(epochs):
        total = rows = 0
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_fn(model(xb.requires_grad_()), yb)
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
            rows += len(xb)
        history.append(total / rows)
    return history


@wrong("fit")
def one_epoch_at_least(epochs, model, loss_fn, opt, loader):
    """Asks for the end only after an epoch."""
    history = []
    while True:
        total = rows = 0
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
            rows += len(xb)
        history.append(total / rows)
        if len(history) >= epochs:
            return history


@wrong("fit")
def dataset_counted(epochs, model, loss_fn, opt, loader):
    """Asks the loader for its dataset, which a list of batches has not."""
    history = []
    for _ in range(epochs):
        total = 0.0
        for xb, yb in loader:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


@wrong("predict")
def only_int64_converted(model, x):
    """Other integers than int64 are left as they are."""
    was = model.training
    model.eval()
    with torch.no_grad():
        rows = x.to(next(model.parameters()).dtype) if x.dtype == torch.int64 else x
        out = model(rows.unsqueeze(0))[0] if x.ndim == 1 else model(rows)
    model.train(was)
    return out

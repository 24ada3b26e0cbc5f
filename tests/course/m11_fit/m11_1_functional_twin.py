"""Other ways to do functional_twin."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong


@right()
def from_a_table(m):
    """Looks the type up in a table of functions."""

    def _mse(input, target):
        return F.mse_loss(input, target, reduction=m.reduction)

    table = {
        nn.MSELoss: _mse,
        nn.L1Loss: lambda i, t: F.l1_loss(i, t, reduction=m.reduction),
        nn.HuberLoss: lambda i, t: F.huber_loss(i, t, m.reduction, m.delta),
        nn.ReLU: F.relu,
        nn.Linear: lambda i: torch.matmul(i, m.weight.T) + (0 if m.bias is None else m.bias),
    }
    try:
        return table[type(m)]
    except KeyError:
        raise TypeError(type(m)) from None


@right()
def by_pattern_matching(m):
    """Matches the module against patterns, and clamps instead of F.relu."""
    match m:
        case nn.MSELoss() | nn.L1Loss() | nn.HuberLoss():
            fn = {"MSELoss": F.mse_loss, "L1Loss": F.l1_loss, "HuberLoss": F.huber_loss}[
                type(m).__name__
            ]
            kw = {"delta": m.delta} if isinstance(m, nn.HuberLoss) else {}
            return lambda *a: fn(*a, reduction=m.reduction, **kw)
        case nn.ReLU():
            return lambda x: x.clamp(min=0)
        case nn.Linear(weight=w, bias=b):
            return lambda x: F.linear(x, w, b)
    raise TypeError("unknown")


@wrong(named="calls-the-module")
def calls_the_forward_of_the_class(m):
    """Calls the forward of the module's class, which does not show on the object."""
    if type(m) not in (nn.MSELoss, nn.L1Loss, nn.HuberLoss, nn.ReLU, nn.Linear):
        raise TypeError(type(m))
    return lambda *inputs: type(m).forward(m, *inputs)


@wrong(named="calls-the-module")
def builds_a_module_in_each_call(m):
    """Builds a loss or a ReLU with the same settings, and calls that."""
    if isinstance(m, nn.HuberLoss):
        return lambda pred, target: nn.HuberLoss(m.reduction, m.delta)(pred, target)
    if isinstance(m, nn.MSELoss | nn.L1Loss):
        return lambda pred, target: type(m)(reduction=m.reduction)(pred, target)
    if isinstance(m, nn.ReLU):
        return lambda x: nn.ReLU()(x)
    if isinstance(m, nn.Linear):
        return lambda x: F.linear(x, m.weight, m.bias)
    raise TypeError(type(m))


class _Twin:
    def __init__(self, fn, m, names):
        self.fn, self.m, self.names = (fn, m, names)

    def __call__(self, *args):
        return self.fn(*args, **{k: getattr(self.m, k) for k in self.names})


@right()
def as_a_callable_object(m):
    """Returns an object that reads the module's attributes at each call."""
    for cls, fn, names in [
        (nn.MSELoss, F.mse_loss, ["reduction"]),
        (nn.L1Loss, F.l1_loss, ["reduction"]),
        (nn.HuberLoss, F.huber_loss, ["reduction", "delta"]),
        (nn.ReLU, F.relu, []),
        (nn.Linear, F.linear, ["weight", "bias"]),
    ]:
        if isinstance(m, cls):
            return _Twin(fn, m, names)
    raise TypeError(f"{m!r}")


@wrong()
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


@wrong()
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


@wrong()
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


@wrong()
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


@wrong()
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


@wrong()
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


@wrong(asks="gd.39")
def l1_for_mse(m):
    """Takes l1_loss for the mean squared error."""
    if isinstance(m, nn.MSELoss):
        return lambda pred, target: F.l1_loss(pred, target, reduction=m.reduction)
    return twin_of(m)


@restated("returns-the-module")
def checked_and_returned(m):
    """It checks the type, and then it gives m back."""
    if type(m) not in KNOWN:
        raise TypeError(m)
    return m


@restated("calls-the-module")
def forward_of_the_module(m):
    """The twin is the module's bound method forward."""
    if not isinstance(m, KNOWN):
        raise TypeError(m)

    def twin(*args):
        return m.forward(*args)

    return twin


@restated("reduction-ignored")
def losses_from_a_table(m):
    """The losses are looked up by type and called without the reduction."""
    if isinstance(m, nn.HuberLoss):
        return lambda p, t: F.huber_loss(p, t, delta=m.delta)
    return LOSSES[type(m)] if type(m) in LOSSES else twin_of(m)


@restated("delta-ignored")
def huber_by_hand_with_delta_one(m):
    """The Huber loss is smooth_l1_loss, whose bend is at 1."""
    if isinstance(m, nn.HuberLoss):
        return lambda pred, target: F.smooth_l1_loss(pred, target, reduction=m.reduction)
    return twin_of(m)


@restated("weights-cloned")
def weights_multiplied_by_one(m):
    """The weights go through a computation when the twin is made."""
    if not isinstance(m, nn.Linear):
        return twin_of(m)
    weight = m.weight.t() * 1.0
    if m.bias is None:
        return lambda x: x @ weight
    bias = m.bias * 1.0
    return lambda x: x @ weight + bias


@restated("weights-copied-without-graph")
def weights_through_the_state(m):
    """The weights are read from a clone of the state_dict."""
    if not isinstance(m, nn.Linear):
        return twin_of(m)
    state = {name: value.clone() for name, value in m.state_dict().items()}
    return lambda x: F.linear(x, state["weight"], state.get("bias"))


@restated("no-type-error")
def type_asked_in_the_twin(m):
    """The types are gone through when the twin is called."""
    return lambda *args: twin_of(m)(*args)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "return lambda pred, target: F.mse_loss(pred, target, reduction=m.reduction) -> return lambda pred, target: F.mse_loss(target, pred, reduction=m.reduction)": "the loss is symmetric",  # noqa: E501
    "return lambda pred, target: F.l1_loss(pred, target, reduction=m.reduction) -> return lambda pred, target: F.l1_loss(target, pred, reduction=m.reduction)": "the loss is symmetric",  # noqa: E501
    "return lambda pred, target: F.huber_loss(pred, target, m.reduction, m.delta) -> return lambda pred, target: F.huber_loss(target, pred, m.reduction, m.delta)": "the loss is symmetric",  # noqa: E501
}

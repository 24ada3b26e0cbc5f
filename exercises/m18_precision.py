# %% [markdown]
# # m18 Precision: what float16, bfloat16 and float32 can hold
#
# A floating-point number keeps a fixed number of digits and has a smallest and a largest size. Sums
# lose the digits that do not fit, and small gradients become 0. Here you sum without that loss, see
# which gradients survive in which dtype, and train in mixed precision with a loss that is scaled.

# %%
"""Sums that keep their digits, gradients that survive, and training in mixed precision."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


# %%
def accurate_sum(x: Tensor) -> Tensor:
    """Return the sum of float32 numbers without the error that adding them in float32 makes.

    x is [N], float32, and holds finite numbers in any order; it is not changed and requires no
    gradient. The result is 0-dim ([]), float32, on x's device. N may be 0: the sum is then 0.

    The numbers may cancel: the sum of 1e8, eight times 1, and -1e8 is 8. The relative error must be
    at most 1e-6. This holds for thousands of numbers, too, very small or very large, if their
    absolute values add up to at most 1e30, and to at most 1e8 times the size of the sum. So nothing
    is asked where numbers cancel to 0; the sum of zeros is 0. How you do it is free; loops are
    allowed.
    """
    raise NotImplementedError


# %%
def survives(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Say which gradients survive when they are scaled and stored in another dtype.

    g has any shape, [] too, is float32 or float64, and holds finite numbers: 0, or of a size
    between 1e-60 and 1e60, in float32 between 1e-45 and 3e38. dtype is torch.float16,
    torch.bfloat16 or torch.float32; scale is a float of Python, a power of two from 2.0**-100 to
    2.0**100.

    Return a bool tensor of g's shape on its device. A number is lost (False) where scale times it,
    rounded to dtype as torch rounds, has become 0 or infinite; it survives (True) elsewhere. A 0 of
    g has nothing to lose and survives. g is not changed. min_scale is written beside this.
    """
    raise NotImplementedError


def min_scale(g: Tensor, dtype: torch.dtype) -> int:
    """Return the smallest of the scales 1, 2, 4, 8, ... with which all of g survives, as an int.

    g and dtype are those of survives; g has at least one number. It is not changed.

    Raises ValueError if there is no such scale: with each of them a number becomes 0, or another
    infinite.
    """
    raise NotImplementedError


# %%
class LossScaler:
    """Scale a loss, so that small gradients survive; go down with the scale when they overflow.

    Write it without torch.amp, whose GradScaler has these methods, too. A step of training calls
    scale(loss).backward(), then unscale_(opt) if somebody wants to look at the gradients or to clip
    them, then step(opt) once, and at last update(). A scaler serves one optimizer, any of
    torch.optim but LBFGS, and no gradient is sparse; several scalers can exist side by side. Unlike
    torch's, this scale never grows. It changes in update() alone, and may go below 1.
    """

    def __init__(self, init: float = 65536.0) -> None:
        """Begin with a scale of init, an int or float above 0."""
        raise NotImplementedError

    def get_scale(self) -> float:
        """Return the scale as it is now, as a float."""
        raise NotImplementedError

    def scale(self, loss: Tensor) -> Tensor:
        """Return the loss times the scale, with its graph and dtype; the loss stays as it is.

        The loss is 0-dim ([]), float32 or float64.
        """
        raise NotImplementedError

    def unscale_(self, opt: torch.optim.Optimizer) -> None:
        """Divide the gradients of all parameters of opt by the scale: p.grad holds them afterwards.

        A parameter whose gradient is None is passed over.

        Raises RuntimeError if the gradients were unscaled since the last update() already, by this
        method or by step(): they would be divided twice. They stay as they are then.
        """
        raise NotImplementedError

    def step(self, opt: torch.optim.Optimizer) -> None:
        """Let opt take one step with unscaled gradients, unless one of them has overflowed.

        Unscale them first if that was not done since the last update(). If any number of any
        gradient is then inf, -inf or nan, skip the step: the parameters and the state of opt stay
        as they are, and the gradients stay unscaled. Finite numbers, however large, are no reason
        to skip it. Nobody makes a gradient inf or nan between unscale_() and step().
        """
        raise NotImplementedError

    def update(self) -> None:
        """End the step of training: halve the scale if unscale_() or step() met inf, -inf or nan.

        Otherwise the scale stays. The next step of training is judged by its own gradients alone.
        """
        raise NotImplementedError


# %%
def amp_step(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    opt: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    scaler: torch.amp.GradScaler,
    device_type: str,
    dtype: torch.dtype,
) -> float:
    """Take one step of training in mixed precision; return the loss before the update, as a float.

    The model's forward pass runs under torch's autocast with device_type ("cpu" or "cuda") and
    dtype (torch.bfloat16 or torch.float16) as they are handed in; loss_fn(pred, y), the mean over
    the batch, may run inside of it or after it. So the layers compute in dtype, while parameters
    and gradients stay float32, as do x [N, I] and y [N, O], which are not changed. All lie on one
    device already: move nothing. opt has all parameters of the model.

    scaler, a torch.amp.GradScaler, scales the loss for the backward pass, decides whether opt takes
    its step, and is updated after it, all once in a call. The loss that you return is not scaled;
    it is a float of Python.

    The gradients are None or zero before the first call; clear them anywhere between a step and the
    next backward pass. opt keeps its state (such as momentum), the model its mode.
    """
    raise NotImplementedError


# %%
def needs_float64(x: Tensor, rel_tol: float) -> bool:
    """Say whether float32 is too coarse for a least-squares fit on the features x.

    x is [N, F], float32 or float64, with F at least 1 and N at least F, and is not changed. Its
    largest size is between 1e-80 and 1e80, in float32 between 1e-30 and 1e30. Its condition number
    is the largest of its singular values divided by the smallest, infinite where that is 0. Take x
    as it is: no column is added, scaled or centred.

    Rounding changes a number by about eps of it (torch.finfo has the eps of a dtype), and the fit
    can multiply that by the condition number. Return True where the condition number times the eps
    of float32 is above rel_tol, and False otherwise, as a bool of Python. rel_tol is a number of
    Python above 0 and below 1. No result here is so near to rel_tol that its rounding decides.
    """
    raise NotImplementedError

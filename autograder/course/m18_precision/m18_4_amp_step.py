"""Mistakes of amp_step."""

from __future__ import annotations

from typing import Any

import torch
from m18_precision import amp_step
from torch import Tensor
from torch.amp import GradScaler
from torch.optim import Optimizer

from autograder.course.marks import mistake


@mistake("no-autocast", asks="tb.49")
def no_autocast(*given: Any) -> Any:
    """Your layers compute in float32: no autocast is active in the forward pass. Perhaps it ends
    too early, or it is that of torch.cuda.amp, which does nothing on the CPU. Look at where the
    model is called."""
    model, loss_fn, opt, x, y, scaler, _, _ = given
    return _stepped(loss_fn(model(x), y), opt, scaler)


@mistake("model-converted", asks="tb.49")
def model_converted(*given: Any) -> Any:
    """You convert the model. Its weights have 8 or 11 bits then, and a small step that is added to
    them is rounded away. The weights stay float32; autocast makes 16-bit copies where they are
    used."""
    model, loss_fn, opt, x, y, scaler, _, dtype = given
    model.to(dtype)
    pred = model(x.to(dtype))
    return _stepped(loss_fn(pred.float(), y), opt, scaler)


@mistake("dtype-left-out")
def dtype_left_out(*given: Any) -> Any:
    """Your layers compute in autocast's own choice of dtype, bfloat16 on the CPU and float16 on
    CUDA, whatever dtype you are given. Look at what you hand to autocast."""
    model, loss_fn, opt, x, y, scaler, device_type, _ = given
    return amp_step(
        model, loss_fn, opt, x, y, scaler, device_type, torch.get_autocast_dtype(device_type)
    )


@mistake("no-update", asks="tb.49")
def no_update(*given: Any) -> Any:
    """You never update the scaler. It does not know then that this step has ended: its scale stays,
    even after an overflow, and the next step raises RuntimeError. Look at what comes after the
    scaler's step."""
    model, loss_fn, opt, x, y, scaler, device_type, dtype = given
    with torch.autocast(device_type, dtype):
        loss = loss_fn(model(x), y)
    opt.zero_grad()
    scaler.scale(loss).backward()
    scaler.step(opt)
    return loss.item()


@mistake("scaled-loss-returned")
def scaled_loss_returned(*given: Any) -> Any:
    """You return the scaled loss. The scale is there for the backward pass; whoever reads the
    losses would see them jump whenever the scale changes. Keep the loss itself, and look at which
    of the two you return."""
    _, _, _, _, _, scaler, _, _ = given
    scale = torch.tensor(scaler.get_scale(), dtype=torch.float32)
    loss = amp_step(*given)
    return (torch.tensor(loss) * scale).item()


@mistake("scaler-unused", asks="tb.49")
def scaler_unused(*given: Any) -> Any:
    """You do not use the scaler: the loss goes backward as it is, and the optimizer takes its step
    whatever the gradients are. In float16 small gradients are lost that way, and nothing stops
    infinite ones."""
    model, loss_fn, opt, x, y, _, device_type, dtype = given
    with torch.autocast(device_type, dtype):
        loss = loss_fn(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.item()


@mistake("step-without-the-scaler", asks="tb.49")
def step_without_the_scaler(*given: Any) -> Any:
    """You scale the loss, but opt.step() is your own call. The gradients are too large by the scale
    when it is made, and it is made even if they are infinite. The scaler divides them, and decides
    about the step."""
    model, loss_fn, opt, x, y, scaler, device_type, dtype = given
    with torch.autocast(device_type, dtype):
        loss = loss_fn(model(x), y)
    opt.zero_grad()
    scaler.scale(loss).backward()
    opt.step()
    return loss.item()


@mistake("never-zeroed")
def never_zeroed(*given: Any) -> Any:
    """You never clear the gradients. backward() adds to what is there, and after a step that was
    skipped that is inf, so no later step is taken either. The scaler does not clear them for
    you."""
    model, loss_fn, opt, x, y, scaler, device_type, dtype = given
    with torch.autocast(device_type, dtype):
        loss = loss_fn(model(x), y)
    return _ended(loss, opt, scaler)


@mistake("cleared-too-early")
def cleared_too_early(*given: Any) -> Any:
    """You clear the gradients between the backward pass and the step, so that the scaler finds none
    and complains. Clear them after the step, or before the backward pass."""
    model, loss_fn, opt, x, y, scaler, device_type, dtype = given
    with torch.autocast(device_type, dtype):
        loss = loss_fn(model(x), y)
    scaler.scale(loss).backward()
    opt.zero_grad()
    scaler.step(opt)
    scaler.update()
    return loss.item()


@mistake("loss-after-the-update")
def loss_after_the_update(*given: Any) -> Any:
    """You return the loss after the update, for which the model is run once more. Asked for is the
    loss that this step was made from; it is there already, before the weights move."""
    model, loss_fn, _, x, y, _, device_type, dtype = given
    amp_step(*given)
    with torch.autocast(device_type, dtype):
        return loss_fn(model(x), y).item()


@mistake("loss-is-a-tensor")
def loss_is_a_tensor(*given: Any) -> Any:
    """You return the loss as a tensor. A list of such losses keeps every graph, or waits on the
    device, so the task asks for a float of Python: take the number out of the tensor."""
    return torch.tensor(amp_step(*given))


def _stepped(loss: Tensor, opt: Optimizer, scaler: GradScaler) -> float:
    opt.zero_grad()
    return _ended(loss, opt, scaler)


def _ended(loss: Tensor, opt: Optimizer, scaler: GradScaler) -> float:
    scaler.scale(loss).backward()
    scaler.step(opt)
    scaler.update()
    return loss.item()

"""Other ways to do amp_step."""

from __future__ import annotations

import torch
from m18_precision import amp_step

from autograder.course.marks import restated, right, wrong


def forward(model, loss_fn, x, y, device_type, dtype):
    """Return the loss under autocast."""
    with torch.amp.autocast(device_type, dtype=dtype):
        return loss_fn(model(x), y)


@right()
def loss_outside(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """The loss is made after autocast has ended, in float32; gradients are cleared at the end."""
    with torch.autocast(device_type=device_type, dtype=dtype):
        pred = model(x)
    loss = loss_fn(pred.float(), y)
    scaler.scale(loss).backward()
    scaler.step(opt)
    scaler.update()
    opt.zero_grad(set_to_none=False)
    return float(loss)


@right()
def unscaled_first(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Unscales by itself, as for clipping."""
    for group in opt.param_groups:
        for p in group["params"]:
            p.grad = None
    loss = forward(model, loss_fn, x, y, device_type, dtype)
    scaler.scale(loss).backward()
    scaler.unscale_(opt)
    scaler.step(opt)
    scaler.update()
    return loss.detach().cpu().numpy().item()


@right()
def decorated(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """autocast as a decorator, and gradients by autograd.grad."""

    @torch.autocast(device_type, dtype)
    def run():
        return model(x)

    loss = loss_fn(run(), y)
    params = [p for group in opt.param_groups for p in group["params"]]
    scaled = scaler.scale(loss)
    for p, g in zip(params, torch.autograd.grad(scaled, params), strict=True):
        p.grad = g
    scaler.step(opt)
    scaler.update()
    return loss.item()


@right()
def all_under_autocast(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """The backward pass runs under autocast, too."""
    with torch.autocast(device_type, dtype):
        model.zero_grad()
        loss = loss_fn(model(x), y)
        scaler.scale(loss).backward()
    scaler.step(opt)
    scaler.update()
    return loss.item()


@right()
def without_a_cache(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """autocast keeps no copies of the weights."""
    context = torch.autocast(device_type, dtype, cache_enabled=False)
    with context:
        out = model(x)
        loss = loss_fn(out, y)
    value = loss.item()
    opt.zero_grad()
    scaler.scale(loss).backward()
    scaler.step(opt)
    scaler.update()
    return value


@wrong()
def first_layer_only(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """The last layer runs after autocast has ended."""
    with torch.autocast(device_type, dtype):
        hidden = model[:-1](x)
    loss = loss_fn(model[-1](hidden.float()), y)
    opt.zero_grad()
    scaler.scale(loss).backward()
    scaler.step(opt)
    scaler.update()
    return loss.item()


@wrong()
def updated_twice(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Updates the scaler to half of its scale by hand."""
    loss = amp_step(model, loss_fn, opt, x, y, scaler, device_type, dtype)
    scaler.update(scaler.get_scale() / 2)
    return loss


@wrong()
def two_steps(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Takes two steps in one call."""
    loss = amp_step(model, loss_fn, opt, x, y, scaler, device_type, dtype)
    amp_step(model, loss_fn, opt, x, y, scaler, device_type, dtype)
    return loss


@wrong()
def divided_by_hand(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Divides the gradients, and lets the scaler divide them again."""
    loss = forward(model, loss_fn, x, y, device_type, dtype)
    opt.zero_grad()
    scaler.scale(loss).backward()
    for p in model.parameters():
        p.grad /= scaler.get_scale()
    scaler.step(opt)
    scaler.update()
    return loss.item()


@wrong()
def loss_in_low_precision(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """The target and the loss are made in 16 bits."""
    with torch.autocast(device_type, dtype):
        pred = model(x)
    loss = loss_fn(pred, y.to(dtype))
    opt.zero_grad()
    scaler.scale(loss).backward()
    scaler.step(opt)
    scaler.update()
    return loss.item()


@wrong()
def never_back(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Switches autocast on and leaves it on."""
    torch.set_autocast_enabled(device_type, True)
    return amp_step(model, loss_fn, opt, x, y, scaler, device_type, dtype)


@wrong()
def target_minus_prediction(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Turns the sign of the loss and goes uphill."""
    loss = forward(model, loss_fn, x, y, device_type, dtype)
    opt.zero_grad()
    scaler.scale(-loss).backward()
    scaler.step(opt)
    scaler.update()
    return loss.item()


@wrong()
def in_eval_mode(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Leaves the model in eval mode."""
    model.eval()
    return amp_step(model, loss_fn, opt, x, y, scaler, device_type, dtype)


@wrong()
def backward_on_the_bare_loss(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Lets the scaler divide gradients that were never scaled."""
    loss = forward(model, loss_fn, x, y, device_type, dtype)
    opt.zero_grad()
    scaler.scale(torch.zeros((), device=x.device))
    loss.backward()
    scaler.step(opt)
    scaler.update()
    return loss.item()


@restated("no-autocast")
def switched_off(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """autocast is there, and off."""
    with torch.autocast(device_type, dtype, enabled=False):
        loss = loss_fn(model(x), y)
    opt.zero_grad()
    scaler.scale(loss).backward()
    scaler.step(opt)
    scaler.update()
    return loss.item()


@restated("model-converted")
def weights_converted(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Converts the parameters, and the prediction back."""
    for p in model.parameters():
        p.data = p.data.to(dtype)
    opt.zero_grad()
    loss = loss_fn(model(x.to(dtype)).to(y.dtype), y)
    scaler.scale(loss).backward()
    scaler.step(opt)
    scaler.update()
    return loss.item()


@restated("dtype-left-out")
def default_dtype(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Leaves dtype to autocast."""
    with torch.autocast(device_type):
        loss = loss_fn(model(x), y)
    opt.zero_grad()
    scaler.scale(loss).backward()
    scaler.step(opt)
    scaler.update()
    return loss.item()


@restated("no-update")
def update_forgotten(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Ends after the step."""
    opt.zero_grad()
    loss = forward(model, loss_fn, x, y, device_type, dtype)
    scaler.scale(loss).backward()
    scaler.step(opt)
    return float(loss)


@restated("scaled-loss-returned")
def one_name_for_both(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Calls the scaled loss the loss."""
    loss = scaler.scale(forward(model, loss_fn, x, y, device_type, dtype))
    opt.zero_grad()
    loss.backward()
    scaler.step(opt)
    scaler.update()
    return loss.item()


@restated("scaler-unused")
def plain_step(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """A plain step under autocast."""
    with torch.autocast(device_type, dtype):
        loss = loss_fn(model(x), y)
        loss.backward()
    opt.step()
    opt.zero_grad()
    return loss.item()


@restated("step-without-the-scaler")
def own_step(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Scales, and steps by itself."""
    loss = forward(model, loss_fn, x, y, device_type, dtype)
    scaler.scale(loss).backward()
    opt.step()
    opt.zero_grad()
    return loss.item()


@restated("never-zeroed")
def not_cleared(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Clears the gradients nowhere."""
    scaled = forward(model, loss_fn, x, y, device_type, dtype)
    value = scaled.item()
    scaler.scale(scaled).backward()
    scaler.step(opt)
    scaler.update()
    return value


@restated("cleared-too-early")
def set_to_none(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Clears the gradients that were just made."""
    loss = forward(model, loss_fn, x, y, device_type, dtype)
    scaler.scale(loss).backward()
    for p in model.parameters():
        p.grad = None
    scaler.step(opt)
    scaler.update()
    return loss.item()


@restated("loss-after-the-update")
def second_forward(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Runs the model again."""
    amp_step(model, loss_fn, opt, x, y, scaler, device_type, dtype)
    return forward(model, loss_fn, x, y, device_type, dtype).item()


@restated("loss-is-a-tensor")
def no_item(model, loss_fn, opt, x, y, scaler, device_type, dtype):
    """Forgets to call item."""
    loss = forward(model, loss_fn, x, y, device_type, dtype)
    opt.zero_grad()
    scaler.scale(loss).backward()
    scaler.step(opt)
    scaler.update()
    return loss.detach()


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "opt.zero_grad() -> it twice": "cleared is cleared",
    "opt.zero_grad() -> one statement earlier": "the forward pass does not touch gradients",
}

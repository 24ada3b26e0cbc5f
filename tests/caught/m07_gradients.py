"""Wrong ways to do m07 beyond the listed mistakes: what the gradient says."""

from __future__ import annotations

import torch
from m06_model import model, mse
from m07_gradients import dmse_dpred, linreg_grads, predicted_change
from torch.autograd import forward_ad
from torch.func import jacfwd, jvp

from tests.variants import wrong

SEEN: dict[object, object] = {}


@wrong("dmse_dpred")
def rows_taken_for_targets(pred, target):
    """The number of rows stands for the number of targets too: right only where they are equal."""
    return 2 * (pred - target) / len(pred) ** 2


@wrong("dmse_dpred")
def computed_in_float32(pred, target):
    """The digits of float64 are lost on the way, though the dtype is right again at the end."""
    return (2 * (pred.float() - target.float()) / pred.numel()).to(pred.dtype)


@wrong("dmse_dpred")
def prediction_overwritten(pred, target):
    """A detached tensor shares its numbers, so the caller's predictions are changed in place."""
    return pred.detach().sub_(target).mul_(2 / pred.numel())


@wrong("dmse_dpred")
def errors_clamped(pred, target):
    """Errors beyond 100 are cut off, as against exploding gradients."""
    return 2 * (pred - target).clamp(-100, 100) / pred.numel()


@wrong("dmse_dpred", named="autograd")
def recording_switched_on_again(pred, target):
    """Inference mode is left, and autograd differentiates a copy."""
    with torch.inference_mode(False), torch.enable_grad():
        p, t = (pred.clone().detach().requires_grad_(), target.clone())
        (g,) = torch.autograd.grad((p - t).square().mean(), p)
    return g


@wrong("dmse_dpred", named="autograd")
def forward_mode_jacobian(pred, target):
    """Autograd in its forward mode, which records nothing and so works in inference mode."""
    return jacfwd(lambda p: (p - target).square().mean())(pred.detach())


@wrong("dmse_dpred", named="autograd")
def dual_numbers(pred, target):
    """Forward mode by hand: one dual number after the other carries a derivative along."""
    found = torch.zeros_like(pred, requires_grad=False)
    for index in range(pred.numel()):
        tangent = torch.zeros_like(found)
        tangent.view(-1)[index] = 1
        with forward_ad.dual_level():
            dual = forward_ad.make_dual(pred.detach().clone(), tangent)
            loss = (dual - target).pow(2).mean()
            found.view(-1)[index] = forward_ad.unpack_dual(loss).tangent
    return found


@wrong("dmse_dpred")
def central_differences(pred, target):
    """The loss is measured on both sides of every prediction: a derivative, but of few digits."""
    found = torch.zeros_like(pred, requires_grad=False)
    with torch.no_grad():
        for index in range(pred.numel()):
            move = torch.zeros_like(found)
            move.view(-1)[index] = 1e-4
            rise = mse(pred + move, target) - mse(pred - move, target)
            found.view(-1)[index] = rise / 2e-4
    return found


@wrong("dmse_dpred")
def remembered_by_shape(pred, target):
    """What was computed for a shape is kept, and returned for other numbers of that shape."""
    key = (pred.shape, pred.dtype, pred.device)
    if key not in SEEN:
        SEEN[key] = dmse_dpred(pred, target)
    return SEEN[key]


@wrong("dmse_dpred")
def axes_of_one_dropped(pred, target):
    """Axes of size 1 are dropped: with one target the shape is no longer that of pred."""
    return (2 * (pred - target) / pred.numel()).squeeze()


@wrong("dmse_dpred")
def by_hand_where_autograd_fails(pred, target):
    """Autograd is tried first, and the formula is only for where it raises."""
    try:
        leaf = pred.detach().clone().requires_grad_()
        mse(leaf, target).backward()
        return leaf.grad
    except RuntimeError:
        return 2 * (pred - target) / pred.numel()


@wrong("dmse_dpred")
def kept_in_grad(pred, target):
    """The derivative is right, and also left in .grad of the caller's predictions."""
    pred.grad = (2 * (pred - target) / pred.numel()).detach()
    return pred.grad


@wrong("linreg_grads", named="autograd")
def functional_gradient(x, y, w, b):
    """Inference mode is left, and torch.func differentiates a function of w and b."""
    with torch.inference_mode(False):
        x, y, w, b = (t.detach().clone() for t in (x, y, w, b))
        return torch.func.grad(lambda w, b: (x @ w.T + b - y).square().mean(), argnums=(0, 1))(w, b)


@wrong("linreg_grads")
def by_hand_where_nothing_is_recorded(x, y, w, b):
    """Autograd does it wherever it is switched on."""
    if torch.is_grad_enabled():
        return torch.autograd.grad(mse(model(x, w, b), y), (w, b))
    return linreg_grads(x, y, w, b)


@wrong("linreg_grads")
def transposed_unless_square(x, y, w, b):
    """Whether to transpose is guessed from the shape, which says nothing where I equals O."""
    d = 2 * (x @ w.T + b - y) / y.numel()
    gw = x.T @ d
    return (gw if gw.shape[0] == gw.shape[1] else gw.T, d.sum(0))


@wrong("linreg_grads")
def summed_in_float32(x, y, w, b):
    """The digits of float64 are lost in the products."""
    d = 2 * (x @ w.T + b - y).float() / y.numel()
    return ((d.T @ x.float()).to(w.dtype), d.sum(0).to(w.dtype))


@wrong("linreg_grads")
def bias_squeezed(x, y, w, b):
    """With one target the gradient of b is 0-dim."""
    d = 2 * (x @ w.T + b - y) / y.numel()
    return (d.T @ x, d.sum(0).squeeze())


@wrong("linreg_grads", named="autograd")
def both_jacobians_in_forward_mode(x, y, w, b):
    """Autograd in its forward mode, which records nothing and so works in inference mode."""
    with torch.inference_mode(False):
        x, y, w, b = (t.detach().clone() for t in (x, y, w, b))
        return jacfwd(lambda w, b: (x @ w.T + b - y).square().mean(), argnums=(0, 1))(w, b)


@wrong("linreg_grads", named="autograd")
def directional_derivatives(x, y, w, b):
    """jvp asks autograd's forward mode for one element at a time."""

    def slopes(loss, at):
        unit = torch.eye(at.numel(), dtype=at.dtype, device=at.device).view(-1, *at.shape)
        at = at.detach()
        return torch.stack([jvp(loss, (at,), (t,))[1] for t in unit]).view(at.shape)

    return slopes(lambda p: mse(model(x, p, b), y), w), slopes(lambda p: mse(model(x, w, p), y), b)


@wrong("linreg_grads")
def gradients_left_in_the_parameters(x, y, w, b):
    """The gradients are right, and also put into .grad of parameters that have none."""
    d = 2 * (x @ w.detach().T + b.detach() - y) / y.numel()
    gw, gb = (d.T @ x, d.sum(0))
    if w.is_leaf and w.requires_grad and (w.grad is None):
        w.grad, b.grad = (gw.clone(), gb.clone())
    return (gw, gb)


@wrong("linreg_grads")
def stored_gradients_cleared(x, y, w, b):
    """Out of habit .grad is cleared first, and what the caller kept there is lost."""
    w.grad = b.grad = None
    return linreg_grads(x, y, w, b)


@wrong("linreg_grads")
def targets_overwritten_for_many_rows(x, y, w, b):
    """From nine rows on, memory is saved by writing the error over the targets."""
    with torch.no_grad():
        d = torch.sub(x @ w.T + b, y, out=y if len(y) > 8 else None) * (2 / y.numel())
        return (d.T @ x, d.sum(0))


@wrong("linreg_grads")
def slopes_measured(x, y, w, b):
    """The loss is measured a step to both sides of every parameter, which costs digits."""
    dtype = w.dtype
    x, y, w, b = (t.detach().double() for t in (x, y, w, b))

    def slopes(loss, at):
        found = torch.zeros_like(at, requires_grad=False)
        for index in range(at.numel()):
            move = torch.zeros_like(found)
            move.view(-1)[index] = 1
            found.view(-1)[index] = (loss(at + move) - loss(at - move)) / 2
        return found.to(dtype)

    with torch.no_grad():
        return slopes(lambda p: mse(model(x, p, b), y), w), slopes(
            lambda p: mse(model(x, w, p), y), b
        )


@wrong("linreg_grads")
def added_up_between_calls(x, y, w, b):
    """The gradients of the last call with these sizes are still in a buffer, and are added."""
    key = (w.shape, w.dtype, w.device)
    gw, gb = (g.detach() for g in linreg_grads(x, y, w, b))
    with torch.inference_mode(False):
        old = SEEN.setdefault(key, (torch.zeros_like(w), torch.zeros_like(b)))
        SEEN[key] = (old[0].detach() + gw, old[1].detach() + gb)
        return SEEN[key]


@wrong("linreg_grads")
def weights_averaged_over_rows(x, y, w, b):
    """The gradient of w is divided by the number of rows a second time."""
    gw, gb = linreg_grads(x, y, w, b)
    return gw / len(x), gb


@wrong("predicted_change")
def never_a_rise(grad, delta):
    """The change is taken for a fall whatever the direction of the step."""
    return -abs((grad * delta).sum().item())


@wrong("predicted_change")
def second_order_added(grad, delta):
    """A curvature is made up, though the change is wanted to first order."""
    return ((grad * delta).sum() + 0.5 * (delta * delta).sum() * grad.abs().mean()).item()


@wrong("predicted_change")
def large_steps_cut_off(grad, delta):
    """Steps beyond 1000 are cut off."""
    return (grad * delta.clamp(-1e3, 1e3)).sum().item()


@wrong("predicted_change")
def steep_slopes_cut_off(grad, delta):
    """Slopes beyond 5 are cut off, as against exploding gradients."""
    return (grad.clamp(-5, 5) * delta).sum().item()


@wrong("predicted_change")
def tensor_for_a_single_number(grad, delta):
    """A 0-dim parameter gets a tensor back."""
    return (grad * delta).sum().item() if grad.dim() else grad * delta


@wrong("predicted_change")
def rounded(grad, delta):
    """Seven digits behind the point are kept, and smaller changes vanish."""
    return round((grad * delta).sum().item(), 7)


@wrong("predicted_change")
def changed_in_float32(grad, delta):
    """The digits of float64 are lost."""
    return (grad.float() * delta.float()).sum().item()


@wrong("predicted_change")
def first_matrix_only(grad, delta):
    """A trace stands for the sum; of more than two axes only the first matrix counts."""
    if grad.dim() < 2:
        return (grad * delta).sum().item()
    grad, delta = (t.reshape(-1, *t.shape[-2:])[0] for t in (grad, delta))
    return torch.trace(grad @ delta.T).item()


@wrong("predicted_change")
def written_over_the_gradient(grad, delta):
    """The products are written over the gradient."""
    return grad.mul_(delta).sum().item()


@wrong("predicted_change")
def small_steps_ignored(grad, delta):
    """A step shorter than a millionth counts as none."""
    return (grad * delta).sum().item() if delta.norm() > 1e-6 else 0.0


@wrong("predicted_change")
def along_the_step(grad, delta):
    """The slope along the step is returned: the change is divided by the step's length."""
    return ((grad * delta).sum() / delta.norm()).item()


@wrong("predicted_change")
def right_on_the_first_call_only(grad, delta):
    """From the second call on a factor 0.999 creeps in."""
    SEEN["n"] = SEEN.get("n", 0) + 1
    return predicted_change(grad, delta) * (1 if SEEN["n"] < 2 else 0.999)


@wrong("nudge")
def small_slopes_ignored(g):
    """Elements below 1e-12 count as 0."""
    return torch.where(g.abs() < 1e-12, torch.zeros_like(g), -g.sign())


@wrong("nudge")
def guarded_division(g):
    """A small number guards against 0 / 0, and outweighs smaller elements."""
    return (-g / (g.abs() + 1e-38)).round()


@wrong("nudge")
def sign_of_the_cube(g):
    """The cube of a small element underflows to 0."""
    return -(g * g * g).sign()


@wrong("nudge")
def root_of_the_square(g):
    """The square of a small element underflows to 0, that of a large one overflows."""
    return torch.nan_to_num(-g / (g * g).sqrt(), posinf=1, neginf=-1)


@wrong("nudge")
def gradient_overwritten(g):
    """The sign is taken in place."""
    return g.sign_().neg_()


@wrong("nudge")
def sign_in_float32(g):
    """In float32 small elements become 0."""
    return -g.float().sign().to(g.dtype)


@wrong("nudge")
def half_precision_widened(g):
    """Half precision comes back as float32."""
    return -g.sign() if g.dtype in (torch.float32, torch.float64) else -g.float().sign()


@wrong("nudge")
def short_axes_dropped(g):
    """Axes of size 1 are dropped."""
    return -g.sign().squeeze()


@wrong("nudge")
def steepest_only(g):
    """Only the weight with the steepest slope moves."""
    if g.numel() == 0:
        return g.clone()
    return torch.where(g.abs() == g.abs().max(), -g.sign(), torch.zeros_like(g))


@wrong("nudge")
def coin_at_zero(g):
    """Where the slope is 0 the global generator decides the way."""
    coin = torch.randint(0, 2, g.shape, device=g.device).to(g.dtype) * 2 - 1
    return torch.where(g == 0, coin, -g.sign())


@wrong("grads_only")
def another_leaf_filled(loss, params):
    """What .grad held is put back for params only: backward also fills the loss's other leaves."""
    old = [p.grad for p in params]
    for p in params:
        p.grad = None
    loss.backward()
    out = [torch.zeros_like(p) if p.grad is None else p.grad for p in params]
    for p, g in zip(params, old, strict=True):
        p.grad = g
    return out


@wrong("grads_only")
def difference_of_stored_gradients(loss, params):
    """What .grad held is subtracted again, which costs the digits that adding to it lost."""
    old = [None if p.grad is None else p.grad.clone() for p in params]
    loss.backward(inputs=list(params))
    out = []
    for p, o in zip(params, old, strict=True):
        g = torch.zeros_like(p) if p.grad is None else p.grad.clone()
        out.append((g if o is None else g - o).detach())
        if o is None:
            p.grad = None
        else:
            p.grad.copy_(o)
    return out


@wrong("grads_only")
def zeros_of_the_default_dtype(loss, params):
    """The zeros have torch's default dtype and device."""
    gs = torch.autograd.grad(loss, params, allow_unused=True)
    return [torch.zeros(p.shape) if g is None else g for p, g in zip(params, gs, strict=True)]


@wrong("grads_only")
def parameter_times_zero(loss, params):
    """The zeros are 0 times the parameter: NaN where it is infinite."""
    gs = torch.autograd.grad(loss, params, allow_unused=True)
    return [(p * 0).detach() if g is None else g for p, g in zip(params, gs, strict=True)]


@wrong("grads_only")
def nothing_if_all_are_unused(loss, params):
    """An empty list comes back where the loss uses none of the parameters."""
    gs = torch.autograd.grad(loss, params, allow_unused=True)
    if all(g is None for g in gs):
        return []
    return [torch.zeros_like(p) if g is None else g for p, g in zip(params, gs, strict=True)]


@wrong("grads_only")
def stored_gradients_added(loss, params):
    """What .grad holds is added to the result."""
    gs = torch.autograd.grad(loss, params, materialize_grads=True)
    return [g if p.grad is None else g + p.grad for p, g in zip(params, gs, strict=True)]


@wrong("grads_only")
def stored_gradient_as_zeros(loss, params):
    """The stored gradient of an unused parameter is zeroed in place and handed out."""
    gs = torch.autograd.grad(loss, params, allow_unused=True)
    return [
        (torch.zeros_like(p) if p.grad is None else p.grad.zero_()) if g is None else g
        for p, g in zip(params, gs, strict=True)
    ]


@wrong("grads_only")
def list_used_up(loss, params):
    """The caller's list of parameters is empty afterwards."""
    gs = list(torch.autograd.grad(loss, params, materialize_grads=True))
    if isinstance(params, list):
        params.clear()
    return gs


@wrong("grads_only")
def lists_only(loss, params):
    """A tuple of parameters has no copy method, and is refused."""
    gs = torch.autograd.grad(loss, params.copy(), materialize_grads=True)
    return list(gs)


@wrong("grads_only")
def written_to_and_restored(loss, params):
    """The parameters are moved and moved back: the numbers are as before, their version is not."""
    gs = torch.autograd.grad(loss, params, materialize_grads=True)
    with torch.no_grad():
        for p in params:
            p.add_(1).sub_(1)
    return list(gs)


@wrong("grads_only")
def hooks_left_behind(loss, params):
    """Hooks catch the gradients, and stay on the parameters for every later backward."""
    found = {}
    for i, p in enumerate(params):
        p.register_hook(lambda g, i=i: found.__setitem__(i, g))
    torch.autograd.grad(loss, params, allow_unused=True)
    return [found.get(i, torch.zeros_like(p)) for i, p in enumerate(params)]


@wrong("grads_only")
def collected_over_calls(loss, params, grads=[]):  # noqa: B006
    """The default list is made once: a later call returns the earlier gradients too."""
    grads += torch.autograd.grad(loss, params, materialize_grads=True)
    return grads


@wrong("grads_only")
def clipped(loss, params):
    """Elements beyond 10 are cut off, as in some training loops."""
    gs = torch.autograd.grad(loss, params, materialize_grads=True)
    return [g.clamp(-10, 10) for g in gs]


@wrong("grads_only")
def made_leaves_that_want_a_gradient(loss, params):
    """The gradients have no graph, yet each is made to require a gradient of its own."""
    grads = torch.autograd.grad(loss, params, materialize_grads=True)
    return [g.requires_grad_() for g in grads]


BUFFERS = {}


@wrong("dmse_dpred")
def one_buffer_for_a_shape(pred, target):
    """The next call writes over the result of this one."""
    buffer = BUFFERS.setdefault((pred.shape, pred.dtype, pred.device), torch.empty_like(pred))
    with torch.no_grad():
        return buffer.copy_(pred).sub_(target).mul_(2 / pred.numel())


@wrong("linreg_grads")
def flags_on_afterwards(x, y, w, b):
    """Switches requires_grad off, and then on, also where it was off."""
    w.requires_grad_(False)
    b.requires_grad_(False)
    slope = 2 * (x @ w.T + b - y) / y.numel()
    grads = slope.T @ x, slope.sum(0)
    w.requires_grad_()
    b.requires_grad_()
    return grads


@wrong("grads_only")
def one_dimension_at_least(loss, params):
    """The gradient of a number without dimensions has one."""
    grads = torch.autograd.grad(loss, list(params), allow_unused=True, materialize_grads=True)
    return [torch.atleast_1d(g) for g in grads]

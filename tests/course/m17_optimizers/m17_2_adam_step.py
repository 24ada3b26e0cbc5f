"""Other ways to do adam_step."""

from __future__ import annotations

import math

import torch

from autograder.course.marks import restated, right, wrong


def _adam(p, g, state, by, *, t=None, store=None, correct=(True, True), over=None):
    """Take a right step, in which parts can be exchanged."""
    if g is None:
        return
    b1, b2 = by["betas"]
    theta = p.detach()
    if not by["decoupled"]:
        g = g.add(theta, alpha=by["weight_decay"])
    state.setdefault("n", 0)
    state["n"] += 1
    n = state["n"] if t is None else t(state["n"])
    m = state.get("avg", torch.zeros_like(theta)).mul(b1).add(g, alpha=1 - b1)
    s = state.get("sq", torch.zeros_like(theta)).mul(b2).addcmul(g, g, value=1 - b2)
    state["avg"], state["sq"] = m, s
    if correct[0]:
        m = m / (1 - b1**n)
    if correct[1]:
        s = s / (1 - b2**n)
    if store is not None:
        store(state, m, s)
    old = theta.clone()
    theta.sub_(by["lr"] * (m / (s.sqrt() + by["eps"]) if over is None else over(m, s)))
    if by["decoupled"]:
        theta.sub_(by["lr"] * by["weight_decay"] * old)


@right()
def as_torch_does(p, g, state, *, lr, betas, eps, weight_decay, decoupled):
    """Corrects the size of the step and the denominator, in place, as torch does."""
    if g is None:
        return
    if not state:
        state.update(step=0, exp_avg=torch.zeros_like(p), exp_avg_sq=torch.zeros_like(p))
    with torch.no_grad():
        state["step"] += 1
        if decoupled:
            p.mul_(1 - lr * weight_decay)
        else:
            g = g.add(p, alpha=weight_decay)
        state["exp_avg"].lerp_(g, 1 - betas[0])
        state["exp_avg_sq"].mul_(betas[1]).addcmul_(g, g, value=1 - betas[1])
        size = lr / (1 - betas[0] ** state["step"])
        root = state["exp_avg_sq"].sqrt() / math.sqrt(1 - betas[1] ** state["step"])
        p.addcdiv_(state["exp_avg"], root.add_(eps), value=-size)


@right()
def gradients_kept(p, g, state, *, lr, betas, eps, weight_decay, decoupled):
    """Keeps all gradients, and weighs them anew in each step."""
    if g is None:
        return
    slope = g.clone() if decoupled else g + weight_decay * p.detach()
    slopes = state.setdefault("slopes", [])
    slopes.append(slope)
    ages = range(len(slopes) - 1, -1, -1)
    weights = [[beta**age for age in ages] for beta in betas]
    m = sum(w * s for w, s in zip(weights[0], slopes, strict=True)) / sum(weights[0])
    v = sum(w * s**2 for w, s in zip(weights[1], slopes, strict=True)) / sum(weights[1])
    pull = weight_decay * p.detach() if decoupled else 0
    p.data -= lr * (m / (v**0.5 + eps) + pull)


@right()
def products_of_betas(p, g, state, *, lr, betas, eps, weight_decay, decoupled):
    """Keeps the powers of the betas, and a stack of both averages."""
    if g is None:
        return
    with torch.inference_mode():
        slope = g + (0 if decoupled else weight_decay) * p
        if "both" not in state:
            state["both"], state["left"] = torch.zeros_like(torch.stack([slope, slope])), [1.0, 1.0]
        state["left"] = [left * beta for left, beta in zip(state["left"], betas, strict=True)]
        rows = []
        for beta, old, new in zip(betas, state["both"], (slope, slope * slope), strict=True):
            rows.append(beta * old + (1 - beta) * new)
        state["both"] = torch.stack(rows)
        m, s = (row / (1 - left) for row, left in zip(rows, state["left"], strict=True))
        step = m / (torch.sqrt(s) + eps)
        if decoupled:
            step = step + weight_decay * p
        p.copy_(p - lr * step)


@right()
def torch_on_a_copy(p, g, state, *, lr, betas, eps, weight_decay, decoupled):
    """Lets torch's own optimizer move a copy, and keeps its state_dict."""
    if g is None:
        return
    own = p.detach().clone().requires_grad_()
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    opt = kind([own], lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
    if "kept" in state:
        opt.load_state_dict({**opt.state_dict(), "state": state["kept"]})
    own.grad = g.detach().clone()
    opt.step()
    state["kept"] = opt.state_dict()["state"]
    with torch.no_grad():
        p.copy_(own)


@right()
def from_old_parts(p, g, state, **by):
    """Writes the decoupled decay last, with the parameter as it was."""
    _adam(p, g, state, by)


@wrong(asks="tb.53")
def decay_of_the_moved(p, g, state, **by):
    """Decays the parameter after it has moved."""
    if by["decoupled"] and g is not None:
        _adam(p, g, state, {**by, "weight_decay": 0.0})
        p.data.mul_(1 - by["lr"] * by["weight_decay"])
    else:
        _adam(p, g, state, by)


@wrong()
def only_the_first_corrected(p, g, state, **by):
    """Corrects one average."""
    _adam(p, g, state, by, correct=(True, False))


@wrong()
def only_the_second_corrected(p, g, state, **by):
    """Corrects the other one."""
    _adam(p, g, state, by, correct=(False, True))


@wrong()
def counted_one_ahead(p, g, state, **by):
    """Counts from 2."""
    _adam(p, g, state, by, t=lambda n: n + 1)


@wrong()
def corrected_only_at_first(p, g, state, **by):
    """Corrects as in the first step for ever."""
    _adam(p, g, state, by, t=lambda n: 1)


@wrong()
def amsgrad(p, g, state, **by):
    """Divides by the largest second average so far."""

    def over(m, s):
        state["max"] = torch.maximum(state.get("max", s), s)
        return m / (state["max"].sqrt() + by["eps"])

    _adam(p, g, state, by, over=over)


@wrong()
def eps_before_the_correction(p, g, state, **by):
    """Adds eps to the root of the average that is not corrected yet."""

    def over(m, s):
        right = (1 - by["betas"][1] ** state["n"]) ** 0.5
        return m * right / (s.sqrt() * right + by["eps"])

    _adam(p, g, state, by, over=over)


@wrong()
def no_momentum(p, g, state, **by):
    """Divides the gradient of this step, without its average."""

    def over(m, s):
        slope = g if by["decoupled"] else g + by["weight_decay"] * p.detach()
        return slope / (s.sqrt() + by["eps"])

    _adam(p, g, state, by, over=over)


@wrong()
def eps_forgotten(p, g, state, **by):
    """Divides by the root alone."""
    _adam(p, g, state, by, over=lambda m, s: m / s.sqrt())


@wrong()
def first_rate_kept(p, g, state, **by):
    """Keeps the learning rate of the first step."""
    by["lr"] = state.setdefault("lr", by["lr"])
    _adam(p, g, state, by)


@wrong()
def count_for_all(p, g, state, **by):
    """Counts the steps of all parameters together."""
    if g is not None:
        count_for_all.steps = (getattr(count_for_all, "steps", 0) if state else 0) + 1
    _adam(p, g, state, by, t=lambda n: count_for_all.steps)


@wrong()
def gradient_of_p_used(p, g, state, **by):
    """Stores g in p.grad."""
    _adam(p, g, state, by)
    p.grad = g


@restated("not-corrected")
def plain_averages(p, g, state, **by):
    """Leaves the averages alone."""
    _adam(p, g, state, by, correct=(False, False))


@restated("eps-in-the-root")
def root_of_both(p, g, state, **by):
    """Adds, then takes the root."""
    _adam(p, g, state, by, over=lambda m, s: m * (s + by["eps"]).rsqrt())


@restated("counted-from-0")
def counts_afterwards(p, g, state, **by):
    """Counts the step at its end."""
    _adam(p, g, state, by, t=lambda n: n - 1)


@restated("decays-exchanged")
def not_decoupled(p, g, state, *, decoupled, **by):
    """Asks the wrong way round."""
    _adam(p, g, state, {**by, "decoupled": not decoupled})


@restated("always-l2")
def adam_only(p, g, state, *, decoupled, **by):
    """Never asks for decoupled, as Adam."""
    _adam(p, g, state, {**by, "decoupled": False})


@restated("always-decoupled")
def adamw_only(p, g, state, *, decoupled, **by):
    """Never asks for decoupled, as AdamW."""
    _adam(p, g, state, {**by, "decoupled": True})


@restated("decay-twice")
def penalty_in_any_case(p, g, state, **by):
    """Adds the penalty before it asks."""
    if g is not None:
        g = g + by["weight_decay"] * p.detach()
    _adam(p, g, state, by if by["decoupled"] else {**by, "weight_decay": 0.0})


@restated("decay-without-the-rate")
def by_weight_decay_alone(p, g, state, **by):
    """Shrinks by 1 - weight_decay."""
    if by["decoupled"] and g is not None:
        p.data.mul_(1 - by["weight_decay"])
        by["weight_decay"] = 0.0
    _adam(p, g, state, by)


@restated("decay-forgotten")
def no_decay(p, g, state, *, weight_decay, decoupled, **by):
    """Has no use for two of its arguments."""
    _adam(p, g, state, {**by, "weight_decay": 0, "decoupled": False})


@restated("betas-exchanged")
def second_first(p, g, state, **by):
    """Unpacks the betas in the other order."""
    second, first = by["betas"]
    _adam(p, g, state, {**by, "betas": (first, second)})


@restated("root-forgotten")
def variance_below(p, g, state, **by):
    """Divides by the average of the squares."""
    _adam(p, g, state, by, over=lambda m, s: m.div(s + by["eps"]))


@restated("corrected-stored")
def stores_what_it_used(p, g, state, **by):
    """Puts the corrected ones into state."""
    _adam(p, g, state, by, store=lambda kept, m, s: kept.update(avg=m, sq=s))


@restated("sums-not-averages")
def whole_gradients(p, g, state, **by):
    """Adds what is new as a whole."""
    b1, b2 = by["betas"]
    over = lambda m, s: m / (1 - b1) / ((s / (1 - b2)).sqrt() + by["eps"])  # noqa: E731
    _adam(p, g, state, by, over=over)


@restated("none-not-skipped")
def every_gradient(p, g, state, **by):
    """Clones the gradient first."""
    _adam(p, g.clone(), state, by)


@restated("none-counted")
def counts_first(p, g, state, **by):
    """Counts each call."""
    state["calls"] = state.get("calls", 0) + 1
    _adam(p, g, state, by, t=lambda n: state["calls"])


@restated("none-as-zeros")
def zeros_for_none(p, g, state, **by):
    """Goes on with zeros."""
    _adam(p, p.detach() * 0 if g is None else g, state, by)


@restated("kept-outside")
def kept_by_id(p, g, state, **by):
    """Keeps averages on the function, by the identity of the dict."""
    if not hasattr(kept_by_id, "kept") or not state:
        kept_by_id.kept = getattr(kept_by_id, "kept", {})
        state["key"] = len(kept_by_id.kept)
        kept_by_id.kept[state["key"]] = {}
    _adam(p, g, kept_by_id.kept[state["key"]], by)


@restated("state-rebound")
def dict_made_anew(p, g, state, **by):
    """Sets its own name to a new dict."""
    state = {"n": 0}
    _adam(p, g, state, by)


@restated("rebinds-the-name")
def a_new_tensor(p, g, state, **by):
    """Moves a clone."""
    p = p.detach().clone()
    _adam(p, g, state, by)


@restated("tracked-update")
def recorded(p, g, state, **by):
    """Moves the leaf with tracking on."""
    if g is not None:
        p.add_(g, alpha=-by["lr"])


@restated("uphill")
def climbs(p, g, state, **by):
    """Adds the step."""
    _adam(p, g, state, by, over=lambda m, s: -(m / (s.sqrt() + by["eps"])))


@restated("gradient-changed")
def adds_in_place(p, g, state, **by):
    """Adds the decay to the caller's gradient."""
    if g is not None and not by["decoupled"]:
        g.add_(p.detach(), alpha=by["weight_decay"])
    _adam(p, g, state, {**by, "weight_decay": by["weight_decay"] * by["decoupled"]})


@wrong()
def count_on_the_tensor(p, g, state, **by):
    """Counts the steps on the parameter, so that a new state goes on with the old number."""
    if g is not None:
        p.steps = getattr(p, "steps", 0) + 1
        _adam(p, g, state, by, t=lambda n: p.steps)


@wrong()
def returned_too(p, g, state, **by):
    """Returns the parameter, too."""
    _adam(p, g, state, by)
    return p

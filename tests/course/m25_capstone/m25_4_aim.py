"""Other ways to do landing and aim."""

from __future__ import annotations

import math

import torch
from m25_capstone import aim, landing

from autograder.course.marks import restated, right, wrong


def _fly(angle, speed, g, dt=0.05, k=0.2, both=True, first="position"):
    """Return the lists of distances and heights, as tensors."""
    x = y = torch.zeros_like(angle)
    vx, vy = angle.cos() * speed, angle.sin() * speed
    xs, ys = [x], [y]
    while True:
        nx, ny = vx * (1 - dt * k), vy - dt * g - (dt * k * vy if both else 0)
        if first == "velocity":
            vx, vy = nx, ny
        x, y = x + dt * vx, y + dt * vy
        vx, vy = nx, ny
        xs.append(x)
        ys.append(y)
        if y.item() < 0:
            return xs, ys


def _ground(xs, ys):
    """Return where the last step crosses the ground."""
    return (xs[-2] * ys[-1] - xs[-1] * ys[-2]) / (ys[-1] - ys[-2])


def _angle(number):
    return torch.tensor(number, dtype=torch.float64)


@right(replaces="landing")
def lists_of_points(angle, speed, g=9.81):
    """Keeps all points, and intersects the last two."""
    return _ground(*_fly(angle, speed, g))


@right(replaces="landing")
def in_closed_form(angle, speed, g=9.81):
    """Sums the steps up by a formula, and looks for the first point below the ground."""
    across, up = speed * angle.cos(), speed * angle.sin()
    n = torch.arange(2000, device=angle.device, dtype=angle.dtype)
    faded = (1 - 0.99**n) / 0.2
    heights = (up + 5 * g) * faded - 0.25 * g * n
    last = int((heights < 0).int().argmax())
    return _ground(*((across * faded)[last - 1 : last + 1], heights[last - 1 : last + 1]))


@right(replaces="landing")
def with_lerp(angle, speed, g=9.81):
    """Lets torch.lerp find the point on the last step."""
    xs, ys = _fly(angle, speed, g)
    return torch.lerp(xs[-2], xs[-1], ys[-2] / (ys[-2] - ys[-1]))


@right(replaces="aim")
def by_halving(target, speed, g=9.81):
    """Looks for the farthest angle, then halves the interval on the steep side."""
    angles = torch.linspace(0.4, 1.0, 61, dtype=torch.float64)
    shots = [landing(a, speed, g).item() for a in angles]
    best = max(range(61), key=shots.__getitem__)
    if shots[best] < target:
        raise ValueError("too far")
    low, high = angles[best].item(), 1.56
    for _ in range(40):
        middle = (low + high) / 2
        if landing(_angle(middle), speed, g) > target:
            low = middle
        else:
            high = middle
    return low


@right(replaces="aim")
def by_descent(target, speed, g=9.81):
    """Goes down the squared miss by gradient steps that shrink while they do not help."""
    angle, rate = _angle(0.5), 0.05
    for _ in range(60):
        a = angle.clone().requires_grad_()
        miss = landing(a, speed, g) - target
        if abs(miss.item()) < 0.005:
            return float(a)
        (slope,) = torch.autograd.grad(miss, a)
        if slope.item() <= 0.02 * speed and miss.item() < 0:
            break
        angle = angle - (miss / slope).detach().clamp(-rate, rate)
    raise ValueError(f"{target} is out of reach")


@wrong(replaces="landing")
def finer_steps(angle, speed, g=9.81):
    """Takes steps of a hundredth of a second."""
    return _ground(*_fly(angle, speed, g, dt=0.01))


@wrong(replaces="landing")
def more_air(angle, speed, g=9.81):
    """Multiplies the air by the speed of the start."""
    return _ground(*_fly(angle, speed, g, k=0.2 * speed))


@wrong(replaces="landing")
def halfway_down(angle, speed, g=9.81):
    """Takes the middle of the last step."""
    xs, _ = _fly(angle, speed, g)
    return (xs[-1] + xs[-2]) / 2


@wrong(replaces="landing")
def a_step_too_many(angle, speed, g=9.81):
    """Counts the start as a step."""
    return landing(angle, speed, g) + 0.05 * speed * angle.cos()


@wrong(replaces="landing")
def in_double(angle, speed, g=9.81):
    """Returns float64 whatever the angle."""
    return landing(angle, speed, g).double()


@wrong(replaces="aim")
def wrong_exception(target, speed, g=9.81):
    """Raises another exception."""
    try:
        return aim(target, speed, g)
    except ValueError:
        raise RuntimeError("too far") from None


@wrong(replaces="aim")
def farthest(target, speed, g=9.81):
    """Always shoots at the best angle."""
    aim(target, speed, g)
    return 0.72


@wrong(replaces="aim", named="best-effort")
def none_when_too_far(target, speed, g=9.81):
    """Returns nan for what is out of reach."""
    try:
        return aim(target, speed, g)
    except ValueError:
        return math.nan


@wrong(replaces="aim")
def refuses_far_targets(target, speed, g=9.81):
    """Gives up at more than half of the distance without air."""
    if target > 0.5 * speed**2 / g:
        raise ValueError("too far")
    return aim(target, speed, g)


@restated("number-taken-out", replaces="landing")
def in_python(angle, speed, g=9.81):
    """Simulates under no_grad."""
    with torch.no_grad():
        return _ground(*_fly(angle, speed, g))


@restated("end-of-the-last-step", replaces="landing")
def last_x(angle, speed, g=9.81):
    """Returns the last distance."""
    return _fly(angle, speed, g)[0][-1]


@restated("start-of-the-last-step", replaces="landing")
def x_before(angle, speed, g=9.81):
    """Returns the last distance but one."""
    return _fly(angle, speed, g)[0][-2]


@restated("crossing-held-fixed", replaces="landing")
def share_as_a_number(angle, speed, g=9.81):
    """Takes the share out by item()."""
    xs, ys = _fly(angle, speed, g)
    share = ys[-2].item() / (ys[-2] - ys[-1]).item()
    return (1 - share) * xs[-2] + share * xs[-1]


@restated("degrees-expected", replaces="landing")
def through_pi(angle, speed, g=9.81):
    """Multiplies by pi over 180."""
    return _ground(*_fly(angle * (math.pi / 180), speed, g))


@restated("no-air", replaces="landing")
def vacuum(angle, speed, g=9.81):
    """Leaves the air out."""
    return _ground(*_fly(angle, speed, g, k=0.0))


@restated("air-in-one-direction", replaces="landing")
def wind_only(angle, speed, g=9.81):
    """Lets the air act across only."""
    return _ground(*_fly(angle, speed, g, both=False))


@restated("velocity-first", replaces="landing")
def other_order(angle, speed, g=9.81):
    """Renews the velocity first."""
    return _ground(*_fly(angle, speed, g, first="velocity"))


@restated("degrees-returned", replaces="aim")
def times_180(target, speed, g=9.81):
    """Converts at the end."""
    return by_halving(target, speed, g) * 180 / math.pi


@restated("formula-without-air", replaces="aim")
def from_school(target, speed, g=9.81):
    """Uses the textbook's formula."""
    if g * target > speed * speed:
        raise ValueError("too far")
    return 0.5 * math.asin(g * target / (speed * speed))


@restated("best-effort", replaces="aim")
def last_angle(target, speed, g=9.81):
    """Returns where the search has ended."""
    try:
        return by_halving(target, speed, g)
    except ValueError:
        return 0.75


@restated("tensor-returned", replaces="aim")
def still_a_tensor(target, speed, g=9.81):
    """Returns the tensor of the search."""
    return _angle(by_halving(target, speed, g))


@restated("own-gravity", replaces="aim")
def on_earth(target, speed, g=9.81):
    """Writes 9.81 into the call."""
    return aim(target, speed, 9.81)


@restated("stopped-too-early", replaces="aim")
def one_step(target, speed, g=9.81):
    """Takes one step of Newton from the same start."""
    aim(target, speed, g)
    a = _angle(0.1).requires_grad_()
    miss = target - landing(a, speed, g)
    (slope,) = torch.autograd.grad(miss, a)
    return float(a - miss / slope)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "raise too_far -> nothing": "the other one of the two raises",
    "def aim(target: float, speed: float, g: float=9.81) -> float: -> "
    "def aim(target: float, speed: float, g: float=9.819809999999999) -> float:": (
        "a thousandth of g moves the shot by less than 0.01 m"
    ),
    "angle = torch.tensor(0.1, dtype=torch.float64, requires_grad=True) -> "
    "angle = torch.tensor(0.1, requires_grad=True)": "float32 hits within 0.01 m, too",
    "angle = torch.tensor(0.1, dtype=torch.float64, requires_grad=True) -> "
    "angle = torch.tensor(0.1001, dtype=torch.float64, requires_grad=True)": (
        "the search gets there from any low angle"
    ),
    "for _ in range(50): -> for _ in range(51):": "the search takes fewer steps",
    "for _ in range(50): -> for _ in range(49):": "the search takes fewer steps",
    "missing = target - distance.item() -> missing = target - distance": "the same number",
    "if abs(missing) < 0.001: -> if abs(missing) <= 0.001:": "both are within 0.01 m",
    "if abs(missing) < 0.001: -> if abs(missing) < 0.001001:": "both are within 0.01 m",
    "if slope <= 0: -> if slope < 0:": "a search without a hit ends after its last step",
    "if slope <= 0: -> if slope <= -1:": "a search without a hit ends after its last step",
}

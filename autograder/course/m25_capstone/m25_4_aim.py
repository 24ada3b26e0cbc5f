"""Mistakes of landing and aim."""

from __future__ import annotations

import math

import torch
from m25_capstone import aim, landing
from torch import Tensor

from autograder.course.marks import mistake


@mistake("number-taken-out", replaces="landing", asks="tb.60")
def number_taken_out(angle: Tensor, speed: float, g: float = 9.81) -> Tensor:
    """Your distance is right, but cut off from the angle: somewhere you take a number out of a
    tensor, by .item(), float(), detach() or a new tensor. A simulator connects with the rest only
    while it stays tensors throughout. Look for where the graph ends."""
    return landing(angle, speed, g).detach()


@mistake("end-of-the-last-step", replaces="landing")
def end_of_the_last_step(angle: Tensor, speed: float, g: float = 9.81) -> Tensor:
    """You return where the last step ends, which is below the ground. With the angle this jumps
    whenever a step is added, and its gradient knows nothing of the jumps. Find the point where the
    last step crosses height 0."""
    _, after = _last_step(angle, speed, g)
    return after[0]


@mistake("start-of-the-last-step", replaces="landing")
def start_of_the_last_step(angle: Tensor, speed: float, g: float = 9.81) -> Tensor:
    """You return the last point above the ground, where the shot has not landed yet. With the angle
    it jumps whenever a step is added. Go on from there along the last step, up to where it crosses
    height 0."""
    before, _ = _last_step(angle, speed, g)
    return before[0]


@mistake("crossing-held-fixed", replaces="landing")
def crossing_held_fixed(angle: Tensor, speed: float, g: float = 9.81) -> Tensor:
    """Your distance is right, but its gradient is not: the share of the last step before the ground
    depends on the angle, too, and you take it as a fixed number. Leave the heights in that share
    recorded."""
    before, after = _last_step(angle, speed, g)
    share = (before[1] / (before[1] - after[1])).detach()
    return before[0] + share * (after[0] - before[0])


@mistake("degrees-expected", replaces="landing")
def degrees_expected(angle: Tensor, speed: float, g: float = 9.81) -> Tensor:
    """You convert the angle as if it were in degrees, so the shot is nearly flat. It is in radians
    already, which cos and sin of torch expect. Take it as it is."""
    return landing(torch.deg2rad(angle), speed, g)


@mistake("no-air", replaces="landing")
def no_air(angle: Tensor, speed: float, g: float = 9.81) -> Tensor:
    """Your shot is not slowed by the air: it lands where the velocity changes by gravity alone, and
    so too far away. The acceleration has a second part, against the velocity, in both
    directions."""
    return _crossing(*_last_step(angle, speed, g, drag=(0.0, 0.0)))


@mistake("air-in-one-direction", replaces="landing")
def air_in_one_direction(angle: Tensor, speed: float, g: float = 9.81) -> Tensor:
    """Your air slows the shot in the horizontal direction only. It acts against the whole velocity:
    on the way up it pulls down, and on the way down it holds up. Let it act on both
    components."""
    return _crossing(*_last_step(angle, speed, g, drag=(0.2, 0.0)))


@mistake("velocity-first", replaces="landing")
def velocity_first(angle: Tensor, speed: float, g: float = 9.81) -> Tensor:
    """You change the velocity before the position moves, so each step goes by the velocity after
    it. The task moves the position by the one before the step. Look at the order of your two
    updates."""
    return _crossing(*_last_step(angle, speed, g, late=True))


@mistake("degrees-returned", replaces="aim")
def degrees_returned(target: float, speed: float, g: float = 9.81) -> float:
    """Your angle is not between 0.01 and 1.56. If it is in degrees, leave it in radians: what the
    simulation takes is what aim returns. Else a step of your search has left the range."""
    return math.degrees(aim(target, speed, g))


@mistake("formula-without-air", replaces="aim", asks="lr.60")
def formula_without_air(target: float, speed: float, g: float = 9.81) -> float:
    """You aim by a formula for shots without air, so the shot falls short. Formulas exist for the
    simplest models only; a gradient goes through whatever is simulated, which is what torch has
    ahead of ready-made solutions. Aim by landing."""
    sine = target * g / speed**2
    if sine > 1:
        raise ValueError("out of reach")
    return math.asin(sine) / 2


@mistake("best-effort", replaces="aim")
def best_effort(target: float, speed: float, g: float = 9.81) -> float:
    """Where no angle reaches the target you still return a number, and the caller takes it for an
    angle. Say that it is out of reach: raise ValueError when the search ends without a hit."""
    try:
        return aim(target, speed, g)
    except ValueError:
        return 0.7


@mistake("tensor-returned", replaces="aim")
def tensor_returned(target: float, speed: float, g: float = 9.81) -> Tensor:
    """Your angle hits, but it is a tensor, and a float of Python was asked. Within the search it
    has to be a tensor; at the end take the number out."""
    return torch.tensor(aim(target, speed, g), dtype=torch.float64)


@mistake("own-gravity", replaces="aim")
def own_gravity(target: float, speed: float, g: float = 9.81) -> float:
    """You aim with g = 9.81, whatever g the caller gives, so elsewhere than on this planet the shot
    misses. Hand g on to the simulation."""
    return aim(target, speed)


@mistake("stopped-too-early", replaces="aim")
def stopped_too_early(target: float, speed: float, g: float = 9.81) -> float:
    """Your search ends while the shot still misses by more than 0.01 m. A single step along the
    gradient, or a few, go only as far as the curve is straight. Simulate again after each step,
    until the miss is small."""
    aim(target, speed, g)
    angle = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
    distance = landing(angle, speed, g)
    (slope,) = torch.autograd.grad(distance, angle)
    return (angle + (target - distance) / slope).item()


def _last_step(
    angle: Tensor,
    speed: float,
    g: float,
    drag: tuple[float, float] = (0.2, 0.2),
    late: bool = False,
) -> tuple[Tensor, Tensor]:
    """Return the position before the last step, and the one after it."""
    vx, vy = speed * torch.cos(angle), speed * torch.sin(angle)
    before = after = torch.stack([0 * vx, 0 * vy])
    while True:
        new = vx - 0.05 * drag[0] * vx, vy - 0.05 * (g + drag[1] * vy)
        moving = new if late else (vx, vy)
        before, after = after, after + 0.05 * torch.stack(moving)
        vx, vy = new
        if after[1] < 0:
            return before, after


def _crossing(before: Tensor, after: Tensor) -> Tensor:
    share = before[1] / (before[1] - after[1])
    return before[0] + share * (after[0] - before[0])

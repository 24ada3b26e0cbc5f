"""Other ways to do newton_sqrt."""

from __future__ import annotations

import itertools

import torch
from m04_autograd import newton_sqrt

from autograder.course.marks import restated, right, wrong


@right()
def newton_step_subtracted(a, tol):
    """Newton's step for x * x - a, subtracted."""
    x = a.clone()
    first = True
    while first or (x.detach() ** 2 - a.detach()).abs().item() > tol * a.item():
        x = x - (x**2 - a) / (2 * x)
        first = False
    return x


@right()
def by_recursion(a, tol):
    """Calls itself with the next x."""

    def better(x):
        x = 0.5 * x + 0.5 * a / x
        return x if bool(torch.abs(x.square() - a).le(tol * a)) else better(x)

    return better(a)


@right()
def list_of_iterates(a, tol):
    """Keeps all iterates in a list."""
    path = [a]
    for _ in itertools.count():
        path.append((path[-1] + a / path[-1]).div(2))
        if not (path[-1].pow(2) - a).abs() > tol * a:
            break
    return path[-1]


@right()
def derivative_carried_along(a, tol):
    """Forward mode by hand: the derivative of x is carried along and attached at the end."""
    number = a.detach()
    x, d = number, torch.ones_like(number)
    while True:
        x, d = (x + number / x) / 2, (d + 1 / x - number * d / x**2) / 2
        if abs(x * x - number) <= tol * number:
            return x + d * (a - number)


@right()
def from_one(a, tol):
    """Starts at 1, from where the first update gives the same number and derivative."""
    x = a.new_ones(())
    while True:
        x = (x + a / x) * 0.5
        if (x.square() - a).abs() <= tol * a:
            return x


@wrong()
def exact_derivative(a, tol):
    """The right root with the derivative of the exact one."""
    x = newton_sqrt(a.detach(), tol)
    return x + (a - a.detach()) / (2 * a.detach().sqrt())


@wrong()
def tolerance_squared(a, tol):
    """Compares with tol squared."""
    return newton_sqrt(a, tol**2)


@wrong()
def relative_to_the_root(a, tol):
    """Compares |x - sqrt a| with tol times the root."""
    x = a
    while True:
        x = (x + a / x) / 2
        if abs(x - a.sqrt()) <= tol * a.sqrt():
            return x


@wrong()
def at_most_five(a, tol):
    """Gives up after five iterations."""
    x = a
    for _ in range(5):
        x = (x + a / x) / 2
        if abs(x * x - a) <= tol * a:
            break
    return x


@wrong()
def with_an_axis(a, tol):
    """Gives the shape [1]."""
    return newton_sqrt(a, tol)[None]


@wrong()
def in_float64(a, tol):
    """Converts to float64."""
    return newton_sqrt(a.double(), tol)


@wrong()
def one_sided_test(a, tol):
    """Forgets the absolute value, and starts below the root."""
    x = torch.minimum(a, 1 / a) * 1.0
    while True:
        x = (x + a / x) / 2
        if x * x - a <= tol * a:
            return x


@restated("numbers-taken-out")
def no_grad_around(a, tol):
    """Works with recording off."""
    with torch.no_grad():
        return newton_sqrt(a, tol)


@restated("number-returned")
def python_numbers(a, tol):
    """Works with Python's numbers."""
    number = x = a.item()
    if a.dtype == torch.float32:
        return newton_sqrt(a.detach(), tol).item()
    while True:
        x = (x + number / x) / 2
        if abs(x * x - number) <= tol * number:
            return x


@restated("ten-iterations")
def while_counter(a, tol):
    """Counts to ten."""
    x, k = a, 0
    while k < 10:
        x = 0.5 * (x + a / x)
        k += 1
    return x


@restated("updated-in-place")
def copied_over(a, tol):
    """Writes the new number over the old one."""
    x = a * 1
    done = False
    while not done:
        x += a / x
        x /= 2
        done = bool(abs(x * x - a) <= tol * a)
    return x


@restated("absolute-tolerance")
def error_below_tol(a, tol):
    """Compares with tol alone."""
    x = (a + 1) / 2
    while abs(x**2 - a) > tol:
        x = (x + a / x) / 2
    return x


@restated("tested-first")
def plain_while(a, tol):
    """A while loop with the test on top."""
    x = a
    while abs(x * x - a) > tol * a:
        x = (x + a / x) / 2
    return x


@restated("one-too-many")
def old_x_tested(a, tol):
    """Tests the x before the update."""
    x, done = a, False
    while not done:
        done = bool(abs(x * x - a) <= tol * a)
        x = (x + a / x) / 2
    return x


@restated("started-at-half")
def from_half(a, tol):
    """Starts at half of a."""
    x = 0.5 * a
    while True:
        x = (x + a / x) * 0.5
        if (x.square() - a).abs() <= tol * a:
            return x


@restated("step-tested")
def until_x_stays(a, tol):
    """Stops when x stays."""
    x = a
    while True:
        new = 0.5 * (x + a / x)
        if (new - x).abs() <= tol * a:
            return new
        x = new


@restated("ready-made-root")
def as_a_power(a, tol):
    """Takes the power one half."""
    return a**0.5


@restated("history-cut")
def data_in_the_loop(a, tol):
    """Goes on with the numbers of x."""
    x = a.data
    while True:
        new = (x + a / x) / 2
        x = new.data
        if (x * x - a).abs() <= tol * a:
            return new


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "if abs(x * x - a) <= tol * a: -> if abs(x * x - a) < tol * a:": (
        "the error of a drawn number is never exactly the tolerance"
    ),
    "if abs(x * x - a) <= tol * a: -> if abs(a - x * x) <= tol * a:": "a distance has no sign",
}

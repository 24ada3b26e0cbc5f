"""Probes of Value."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import Operations, calls_noted

_MOST_CALLS = 50_000  # a backward() through the ways of `ways` needs some hundreds


@probe("expression")
def value_expression(impl: Implementation, given: Given) -> Facts:
    """A sum of products of three leaves, its derivatives, what the operands hold, and whether torch
    did the work."""
    numbers = _drawn(given, 3)
    with Operations() as operations:
        a, b, c = map(impl.Value, numbers)
        grad_before = _number(a.grad)
        y = a * b + c
        y.backward()
    return {
        "a.grad before backward()": grad_before,
        "(a * b + c).data": _number(y.data),
        **{f"{name}.grad": _number(it.grad) for name, it in zip("abc", (a, b, c), strict=True)},
        "(a * b + c).grad": _number(y.grad),
        "a.data afterwards": _number(a.data),
        "torch": "used" if operations.names else "not used",
    }


@probe("numbers")
def value_numbers(impl: Implementation, given: Given) -> Facts:
    """Plain numbers on either side of + and *, and sum()."""
    (number,) = _drawn(given, 1)
    facts: Facts = {}
    for name, call in _WITH_NUMBERS.items():
        v = impl.Value(number)
        y = call(v)
        y.backward()
        facts |= {f"({name}).data": _number(y.data), f"v.grad of {name}": _number(v.grad)}
    return facts


_WITH_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "v + 1": lambda v: v + 1,
    "v * 2.5": lambda v: v * 2.5,
    "2 * v": lambda v: 2 * v,
    "1.5 + v": lambda v: 1.5 + v,
    "sum([v, v])": lambda v: sum([v, v]),
}


@probe("powers")
def value_powers(impl: Implementation, given: Given) -> Facts:
    """Powers with whole, negative and broken exponents."""
    (number,) = _drawn(given, 1)
    facts: Facts = {}
    for n in (2, 3.0, 1, -1, 0.5, -2.5, 0):
        v = impl.Value(abs(number))
        y = v**n
        y.backward()
        facts |= {f"(v ** {n}).data": _number(y.data), f"v.grad of v ** {n}": _number(v.grad)}
    v = impl.Value(-abs(number))
    (v**3).backward()
    return facts | {"v.grad of v ** 3 where v is below 0": _number(v.grad)}


@probe("reuse")
def value_reuse(impl: Implementation, given: Given) -> Facts:
    """Values that are used more than once, directly and by way of others."""
    number, other = _drawn(given, 2)
    facts: Facts = {}
    for name, call in _REUSING.items():
        x, z = impl.Value(number), impl.Value(other)
        call(x, z).backward()
        facts |= {f"x.grad of {name}": _number(x.grad), f"z.grad of {name}": _number(z.grad)}
    return facts


def _three_steps(x: Any, z: Any) -> Any:
    c = x * z
    d = c + x
    return c * d + d * z + c


_REUSING: dict[str, Callable[[Any, Any], Any]] = {
    "x + x": lambda x, _: x + x,
    "x * x": lambda x, _: x * x,
    "c * d + d * z + c, with c = x * z and d = c + x": _three_steps,
}


@probe("again")
def value_again(impl: Implementation, given: Given) -> Facts:
    """A second call of backward(), on the same Value and on another one that shares some."""
    numbers = _drawn(given, 2)
    a, b = map(impl.Value, numbers)
    y = (a * b + a) ** 2
    y.backward()
    y.backward()
    p, q = map(impl.Value, numbers)
    shared = p * q
    (shared * 2).backward()
    (shared * 3 + p).backward()
    return {
        "a.grad after two calls": _number(a.grad),
        "b.grad after two calls": _number(b.grad),
        "p.grad after calls on two results that share p * q": _number(p.grad),
        "(p * q).grad after both calls": _number(shared.grad),
    }


@probe("random")
def value_random(impl: Implementation, given: Given) -> Facts:
    """Values and gradients of many drawn expressions, in which Values are used again.

    All numbers are halves, few enough that every order of adding is exact.
    """
    draw = random.Random(given.seed)
    values, grads = [], []
    for _ in range(given.graphs):
        leaves = [impl.Value(draw.choice(_LEAVES)) for _ in range(3)]
        result = _expression(draw, leaves)
        result.backward()
        values.append(float(result.data))
        grads.append([float(leaf.grad) for leaf in leaves])
    return {
        "values of drawn expressions": torch.tensor(values, dtype=torch.float64),
        "gradients of their leaves": torch.tensor(grads, dtype=torch.float64),
    }


_LEAVES = (-2, -1.5, -1.0, -0.5, 0.5, 1, 1.5, 2.0)


def _expression(draw: random.Random, leaves: list[Any]) -> Any:
    """Return a result of 3 to 6 drawn operations, of which the last uses the latest."""
    made = list(leaves)
    for _ in range(draw.randrange(3, 7)):
        kind, one, other = draw.randrange(8), made[-1], draw.choice(made)
        if abs(one.data) > 50 or kind < 2:  # small again, or another one
            result = draw.choice(leaves) + other * draw.choice((1, -1.0, 0.5))
        elif kind == 2:
            result = one ** draw.choice((2, 2.0, 3))
        elif kind == 3:
            result = draw.choice((2, 0.5, -1)) * one
        elif kind == 4:
            result = draw.choice((1, -1.5)) + one
        else:
            result = one * other if kind > 5 else one + other
        made.append(result)
    return made[-1] + made[-2] * made[-3]


@probe("ways")
def value_ways(impl: Implementation, given: Given) -> Facts:
    """A chain in which the number of ways doubles at every step; backward() is stopped if it
    follows them one by one."""
    x = y = impl.Value(_drawn(given, 1)[0])
    for _ in range(given.depth):
        y = y + y
    outcome = _within_calls(y.backward)
    gradient = _number(x.grad) if outcome == "done" else "not complete"
    return {"backward() where the ways double at every step": outcome, "x.grad": gradient}


@probe("deep")
def value_deep(impl: Implementation, given: Given) -> Facts:
    """A chain of more than a thousand operations."""
    x = y = impl.Value(_drawn(given, 1)[0])
    for step in range(given.depth):
        y = y + 1 if step % 2 else y * -1
    try:
        y.backward()
    except RecursionError:
        return {"backward() more than a thousand operations deep": "RecursionError"}
    return {"backward() more than a thousand operations deep": "done", "x.grad": _number(x.grad)}


def _drawn(given: Given, count: int) -> list[float]:
    """Draw numbers between 1.25 and 4 of either sign, so that no two sums are equal by chance."""
    drawn = given.leaf(count).detach().tolist()
    return [(1.25 + abs(number) % 2.75) * (1 if number > 0 else -1) for number in drawn]


def _number(value: Any) -> Any:
    """Return an int as a float, since it is free which of the two a number is; and None in words,
    since no function has returned it."""
    return "None" if value is None else float(value) if isinstance(value, int) else value


class _TooManyCallsError(Exception):
    """What ends a call that makes too many others."""


def _within_calls(call: Callable[[], Any]) -> str:
    """Say whether a call ends before it has made too many others."""
    count = 0

    def note(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")
        if count > _MOST_CALLS:
            raise _TooManyCallsError

    try:
        with calls_noted(note):
            call()
    except _TooManyCallsError:
        return "not done: it follows every single way"
    return "done"

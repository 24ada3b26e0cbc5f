"""Mistakes of Value."""

from __future__ import annotations

from typing import Any

from autograder.course.marks import mistake


class _Engine:
    """An own engine, right as it stands, whose parts the mistakes replace."""

    def __init__(self, data: float) -> None:
        self.data = data
        self.grad: Any = 0.0
        self.operands: tuple[tuple[Any, float], ...] = ()

    def made(self, data: float, *operands: tuple[Any, float]) -> Any:
        """Return a result with its operands and their slopes."""
        result = type(self)(data)
        result.operands = operands
        return result

    def of(self, other: Any) -> Any:
        """Return a number as a leaf."""
        return other if isinstance(other, _Engine) else type(self)(other)

    def __add__(self, other: Any) -> Any:
        other = self.of(other)
        return self.made(self.data + other.data, (self, 1.0), (other, 1.0))

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __mul__(self, other: Any) -> Any:
        other = self.of(other)
        return self.made(self.data * other.data, (self, other.data), (other, self.data))

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __pow__(self, n: float) -> Any:
        return self.made(self.data**n, (self, n * self.data ** (n - 1)))

    def order(self) -> list[Any]:
        """Return this and all behind it, results first."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            value, done = stack.pop()
            if done:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                stack += [(value, True), *((operand, False) for operand, _ in value.operands)]
        return order[::-1]

    def backward(self) -> None:
        """Add what arrives in this call."""
        self.spread(self.order(), 1.0)

    def spread(self, order: list[Any], seed: float) -> None:
        """Pass a seed on in some order."""
        arrived = {value: 0.0 for value in order} | {self: seed}
        for value in order:
            value.grad += arrived[value]
            for operand, slope in value.operands:
                arrived[operand] += slope * arrived[value]


@mistake("overwritten", asks="tb.4")
class Overwritten(_Engine):
    """Your backward() sets a gradient where it should add to one. Where x is used twice, as in
    x + x, the second way wipes out the first, and only one of them counts. Look at the line that
    writes an operand's gradient."""

    def backward(self) -> None:
        """Set the gradients on the way."""
        self.grad = 1.0
        for value in self.order():
            for operand, slope in value.operands:
                operand.grad = slope * value.grad


@mistake("passed-on-too-early", asks="tb.4")
class PassedOnTooEarly(_Engine):
    """Your backward() passes a gradient on before all of it has arrived. A Value that is used by
    two others must wait for both; else what comes later does not reach its operands. Look at the
    order in which you go through the Values."""

    def backward(self) -> None:
        """Go breadth-first."""
        order, met = [self], {self}
        for value in order:
            new = [operand for operand in dict(value.operands) if operand not in met]
            met.update(new)
            order += new
        self.spread(order, 1.0)


@mistake("every-way-again", asks="tb.4")
class EveryWayAgain(_Engine):
    """Your backward() follows every way to the leaves by itself. The gradients are right, but the
    ways can double at every step: forty steps then take longer than you will wait. Collect what
    arrives at a Value, and pass it on once."""

    def backward(self) -> None:
        """Follow each way."""
        stack = [(self, 1.0)]
        while stack:
            value, arrived = stack.pop()
            value.grad += arrived
            for operand, slope in value.operands:
                stack.append((operand, slope * arrived))


@mistake("started-with-zero", asks="tb.4")
class StartedWithZero(_Engine):
    """All your gradients are zero. Something has to start the chain: the derivative of the result
    with respect to itself. Zero there, times whatever follows, stays zero. Look at what you set
    before the loop."""

    def backward(self) -> None:
        """Start with nothing."""
        self.spread(self.order(), 0.0)


@mistake("factor-of-its-own")
class FactorOfItsOwn(_Engine):
    """In a product you give each factor its own number as the derivative. If a grows a little,
    a * b grows by b times as much: what counts for one factor is the number of the other one. Look
    at the two slopes of the product."""

    def __mul__(self, other: Any) -> Any:
        other = self.of(other)
        return self.made(self.data * other.data, (self, self.data), (other, other.data))


@mistake("old-gradients-passed-on")
class OldGradientsPassedOn(_Engine):
    """A single backward() of yours is right. In a second call you pass on what .grad holds, and in
    it is what the first call left, so old gradients travel to the leaves again. Keep what arrives
    in this call apart from the sum of all calls."""

    def backward(self) -> None:
        """Pass .grad on."""
        self.grad = 1.0
        for value in self.order():
            for operand, slope in value.operands:
                operand.grad += slope * value.grad


@mistake("cleared-first")
class ClearedFirst(_Engine):
    """Your backward() clears the gradients before it starts. Like torch, it should add to what is
    there: with two results that share a Value, the second call then adds to the first. Look at the
    first lines of backward()."""

    def backward(self) -> None:
        """Clear and start."""
        order = self.order()
        for value in order:
            value.grad = 0.0
        self.spread(order, 1.0)


@mistake("power-not-lowered")
class PowerNotLowered(_Engine):
    """Your derivative of v ** n keeps the exponent n. By the power rule it is one less, and the old
    exponent comes down as a factor. Look at the slope in your power."""

    def __pow__(self, n: float) -> Any:
        return self.made(self.data**n, (self, n * self.data**n))


@mistake("power-without-factor")
class PowerWithoutFactor(_Engine):
    """Your derivative of v ** n lacks the factor n. By the power rule the old exponent comes down
    as a factor, and the new one is one less. Look at the slope in your power."""

    def __pow__(self, n: float) -> Any:
        return self.made(self.data**n, (self, self.data ** (n - 1)))


@mistake("no-number-on-the-left")
class NoNumberOnTheLeft(_Engine):
    """Your Value cannot stand on the right of a number, as in 2 * v. Python asks the number first,
    which does not know Values, and then looks for a second method of yours, whose name begins with
    an r."""

    __radd__ = __rmul__ = None  # type: ignore[assignment]


@mistake("no-numbers-at-all")
class NoNumbersAtAll(_Engine):
    """Your + and * treat the other operand always as a Value, and a plain number has no .data. Make
    a Value of it first, where it is none."""

    def of(self, other: Any) -> Any:
        """Take it as it is."""
        return other


@mistake("recursive")
class Recursive(_Engine):
    """Your backward() calls itself, or a function within it, for every operand. Python allows about
    a thousand calls within each other, and an expression may be thousands of operations deep. Use a
    loop with a stack of your own."""

    def order(self) -> list[Any]:
        """Visit by recursion."""
        order: list[Any] = []
        seen = set()

        def visit(value: Any) -> None:
            if value not in seen:
                seen.add(value)
                for operand, _ in value.operands:
                    visit(operand)
                order.append(value)

        visit(self)
        return order[::-1]


@mistake("one-step-only", asks="wf.13")
class OneStepOnly(_Engine):
    """Your backward() reaches only the operands of the last operation. Each of them remembers its
    own operands in turn, and the chain rule goes on through all of these, down to the leaves. Look
    at how far you follow what was remembered."""

    def backward(self) -> None:
        """Stop after the operands."""
        self.grad += 1.0
        for operand, slope in self.operands:
            operand.grad += slope


@mistake("none-at-first")
class NoneAtFirst(_Engine):
    """The .grad of your new Value is None, as in torch. This task wants the number 0.0 there, to
    which can be added at once. Look at what the constructor sets."""

    def __init__(self, data: float) -> None:
        super().__init__(data)
        self.grad = None

    def backward(self) -> None:
        """Make numbers of None first."""
        for value in (order := self.order()):
            value.grad = value.grad or 0.0
        self.spread(order, 1.0)


@mistake("own-gradient-missing")
class OwnGradientMissing(_Engine):
    """The .grad of the result itself stays 0. Its derivative with respect to itself is 1, and the
    task wants that added as well. Look at what backward() writes to the Value that it is called
    on."""

    def backward(self) -> None:
        """Leave its own out."""
        before = self.grad
        super().backward()
        self.grad = before

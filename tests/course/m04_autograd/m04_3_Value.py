"""Other ways to do Value."""

from __future__ import annotations

import itertools
from collections import Counter

import torch
from m04_autograd import Value

from autograder.course.marks import restated, right, wrong


@right()
class Numbered:
    """Numbers all Values as they are made: a result is younger than its operands."""

    ids = itertools.count()

    def __init__(self, data, parents=()):
        """Take a number."""
        self.data, self.grad, self.parents, self.id = float(data), 0.0, parents, next(self.ids)

    def __add__(self, other):
        """Add."""
        o = other if isinstance(other, Numbered) else Numbered(other)
        return Numbered(self.data + o.data, [(self, 1), (o, 1)])

    def __mul__(self, other):
        """Multiply."""
        o = other if isinstance(other, Numbered) else Numbered(other)
        return Numbered(self.data * o.data, [(self, o.data), (o, self.data)])

    def __pow__(self, n):
        """Raise."""
        return Numbered(self.data**n, [(self, n * self.data ** (n - 1))])

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        """Go from the youngest to the oldest."""
        found, todo = {self}, [self]
        while todo:
            for parent, _ in todo.pop().parents:
                if parent not in found:
                    found.add(parent)
                    todo.append(parent)
        arrived = Counter({self: 1})
        for value in sorted(found, key=lambda v: v.id, reverse=True):
            value.grad += arrived[value]
            for parent, slope in value.parents:
                arrived[parent] += slope * arrived[value]


@right()
class Tape:
    """Every Value carries the list of all operations up to it."""

    def __init__(self, data):
        """Start with an empty tape."""
        self.data, self.grad, self.last = data, 0, None

    def _new(self, data, *pairs):
        out = Tape(data)
        out.last = pairs
        return out

    def __add__(self, other):
        """Add, or shift by a number."""
        if isinstance(other, (int, float)):
            return self._new(self.data + other, (self, 1))
        return self._new(self.data + other.data, (self, 1), (other, 1))

    def __mul__(self, other):
        """Multiply, or scale by a number."""
        if isinstance(other, (int, float)):
            return self._new(self.data * other, (self, other))
        return self._new(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, n):
        """Raise."""
        lower = self.data ** (n - 1)
        return self._new(lower * self.data, (self, lower * n))

    def __radd__(self, other):
        """Add on the left."""
        return self.__add__(other)

    def __rmul__(self, other):
        """Multiply on the left."""
        return self.__mul__(other)

    def backward(self):
        """Count for each Value how many uses are still to come."""
        uses, todo, seen = Counter(), [self], {id(self)}
        while todo:
            for parent, _ in todo.pop().last or ():
                uses[id(parent)] += 1
                if id(parent) not in seen:
                    seen.add(id(parent))
                    todo.append(parent)
        arrived, ready = {id(self): 1}, [self]
        while ready:
            value = ready.pop()
            value.grad += arrived[id(value)]
            for parent, slope in value.last or ():
                key = id(parent)
                arrived[key] = arrived.get(key, 0) + slope * arrived[id(value)]
                uses[key] -= 1
                if not uses[key]:
                    ready.append(parent)


@right()
class Closures:
    """Each result keeps a function that passes on what has arrived, in a field of its own."""

    def __init__(self, data, before=()):
        """Keep the operands."""
        self.data = data
        self.grad = 0.0
        self.now = 0.0
        self.before = before
        self.push = lambda: None

    def __add__(self, other):
        """Add."""
        other = other if isinstance(other, Closures) else Closures(other)
        out = Closures(self.data + other.data, (self, other))

        def push():
            self.now += out.now
            other.now += out.now

        out.push = push
        return out

    def __mul__(self, other):
        """Multiply."""
        other = other if isinstance(other, Closures) else Closures(other)
        out = Closures(self.data * other.data, (self, other))

        def push():
            self.now += other.data * out.now
            other.now += self.data * out.now

        out.push = push
        return out

    def __pow__(self, n):
        """Raise."""
        out = Closures(self.data**n, (self,))

        def push():
            self.now += n * self.data ** (n - 1) * out.now

        out.push = push
        return out

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self):
        """Sort by a stack of iterators."""
        topo, seen, stack = [], {self}, [(self, iter(self.before))]
        while stack:
            value, rest = stack[-1]
            for parent in rest:
                if parent not in seen:
                    seen.add(parent)
                    stack.append((parent, iter(parent.before)))
                    break
            else:
                topo.append(stack.pop()[0])
        for value in topo:
            value.now = 0.0
        self.now = 1.0
        for value in reversed(topo):
            value.grad += value.now
            value.push()


class _Own(Tape):
    """Tape's engine for wrong ways, whose results are of their own class."""

    def _new(self, data, *pairs):
        out = type(self)(data)
        out.last = pairs
        return out


@wrong()
class LeftOperandOnly(_Own):
    """A product passes nothing to its right factor."""

    def __mul__(self, other):
        """Multiply."""
        number = other.data if isinstance(other, Tape) else other
        return self._new(self.data * number, (self, number))


@wrong()
class WritesToTheLeft(_Own):
    """A sum is written into its left operand."""

    def __add__(self, other):
        """Add in place."""
        out = super().__add__(other)
        self.data = out.data
        return out


@wrong(named="own-gradient-missing")
class LeavesOnly(_Own):
    """Gradients are stored in leaves only."""

    def backward(self):
        """Clear what is no leaf."""
        super().backward()
        todo = [self]
        while todo:
            value = todo.pop()
            if value.last is not None:
                value.grad = 0
                todo += [p for p, _ in value.last if p.last is not None and p.grad]


@wrong()
class WholeExponents(_Own):
    """The exponent is rounded to a whole number."""

    def __pow__(self, n):
        """Raise."""
        return super().__pow__(int(n))


@wrong()
class Averaged(_Own):
    """Several ways are averaged."""

    def __add__(self, other):
        """Add; x + x passes each half."""
        out = super().__add__(other)
        if other is self:
            out.last = ((self, 0.5), (self, 0.5))
        return out


@wrong()
class TurnedSign(_Own):
    """Passes the way down."""

    def backward(self):
        """Turn the sign of the leaves."""
        self.last = tuple((p, -s) for p, s in self.last or ())
        super().backward()


@wrong()
class OnlyOnce(_Own):
    """A second call does nothing."""

    def backward(self):
        """Remember the first call."""
        if not self.grad:
            super().backward()


@wrong()
class CutOffBelow(_Own):
    """Follows no more than 1,000 operations."""

    def backward(self):
        """Forget what lies deeper."""
        todo, seen = [self], {self}
        for value in todo:
            if len(seen) > 1000:
                value.last = None
            for parent, _ in value.last or ():
                if parent not in seen:
                    seen.add(parent)
                    todo.append(parent)
        super().backward()


@wrong()
class NearlySquare(_Own):
    """Takes every power for a square in the backward pass."""

    def __pow__(self, n):
        """Raise."""
        return self._new(self.data**n, (self, 2 * self.data))


@wrong()
class TorchInside:
    """Leaves the work to torch's autograd."""

    def __init__(self, data, tensor=None):
        """Wrap a tensor."""
        self.tensor = tensor
        if tensor is None:
            self.tensor = torch.tensor(float(data), dtype=torch.float64, requires_grad=True)
        self.tensor.retain_grad()

    @property
    def data(self):
        """Read the number."""
        return self.tensor.item()

    @property
    def grad(self):
        """Read the gradient."""
        return 0.0 if self.tensor.grad is None else self.tensor.grad.item()

    @grad.setter
    def grad(self, number):
        self.tensor.grad = torch.tensor(number, dtype=torch.float64)

    def _of(self, other):
        return other.tensor if isinstance(other, TorchInside) else other

    def __add__(self, other):
        return TorchInside(0, self.tensor + self._of(other))

    def __mul__(self, other):
        return TorchInside(0, self.tensor * self._of(other))

    def __pow__(self, c):
        return TorchInside(0, self.tensor**c)

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        """Call torch's."""
        self.tensor.backward(retain_graph=True)


@restated("overwritten")
class SetsTheGrad(_Own):
    """Sets the operands' gradients."""

    def backward(self):
        """Set and go on, results first."""
        order = _sorted(self)
        self.grad = 1
        for value in order:
            for parent, slope in value.last or ():
                parent.grad = value.grad * slope


def _sorted(last):
    """Return all behind a value, results first."""
    topo, seen, stack = [], {last}, [(last, iter(last.last or ()))]
    while stack:
        for parent, _ in stack[-1][1]:
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(parent.last or ())))
                break
        else:
            topo.append(stack.pop()[0])
    return topo[::-1]


@restated("every-way-again")
class ByRecursionOverWays(_Own):
    """Calls a function for every way, unless the chain is long."""

    def backward(self):
        """Walk."""
        queue = [(self, 1)]
        while queue:
            value, g = queue.pop(0)
            value.grad = value.grad + g
            queue.extend([(p, g * s) for p, s in value.last or ()])


@restated("started-with-zero")
class NothingToStartWith(_Own):
    """Forgets the 1."""

    def backward(self):
        """Multiply zeros."""
        for value in _sorted(self):
            for parent, slope in value.last or ():
                parent.grad += slope * self.grad


@restated("factor-of-its-own")
class OwnData(_Own):
    """Takes its own data as the slope."""

    def __mul__(self, other):
        """Multiply."""
        if isinstance(other, (int, float)):
            other = type(self)(other)
        return self._new(self.data * other.data, (self, self.data), (other, other.data))


@restated("old-gradients-passed-on")
class AsInManyTutorials(_Own):
    """Sets 1 at the result, and passes .grad on."""

    def backward(self):
        """Pass .grad on, results first."""
        order = _sorted(self)
        self.grad = 1.0
        for value in order:
            for parent, slope in value.last or ():
                parent.grad += slope * value.grad


@restated("cleared-first")
class ZeroedFirst(_Own):
    """Sets all gradients to zero at the start."""

    def backward(self):
        """Clear."""
        for value in _sorted(self):
            value.grad = 0
        super().backward()


@restated("power-not-lowered")
class SameExponent(_Own):
    """Keeps the exponent."""

    def __pow__(self, n):
        """Raise."""
        out = self.data**n
        return self._new(out, (self, out * n))


@restated("power-without-factor")
class ExponentLowered(_Own):
    """Only lowers the exponent."""

    def __pow__(self, n):
        """Raise."""
        return self._new(self.data**n, (self, pow(self.data, n - 1)))


@restated("no-number-on-the-left")
class RightOnly:
    """Has no methods for the right side."""

    def __init__(self, data):
        """Wrap the kit's own."""
        self.inner = data if isinstance(data, Value) else Value(data)

    data = property(lambda self: self.inner.data)
    grad = property(lambda self: self.inner.grad)

    def __add__(self, other):
        """Add."""
        return RightOnly(self.inner + getattr(other, "inner", other))

    def __mul__(self, other):
        """Multiply."""
        return RightOnly(self.inner * getattr(other, "inner", other))

    def __pow__(self, n):
        """Raise."""
        return RightOnly(self.inner**n)

    def backward(self):
        """Pass it on."""
        self.inner.backward()


@restated("no-numbers-at-all")
class ValuesOnly(_Own):
    """Asks everything for its data."""

    def __add__(self, other):
        """Add."""
        return self._new(self.data + other.data, (self, 1), (other, 1))

    def __mul__(self, other):
        """Multiply."""
        return self._new(self.data * other.data, (self, other.data), (other, self.data))


@restated("recursive")
class BuildTopo(_Own):
    """Sorts by a function that calls itself."""

    def backward(self):
        """Build the order."""
        topo, seen = [], set()

        def build(value):
            if value in seen:
                return
            seen.add(value)
            for parent, _ in value.last or ():
                build(parent)
            topo.append(value)

        build(self)
        super().backward()


@restated("one-step-only")
class FirstOperands(_Own):
    """Stops after one step."""

    def backward(self):
        """Give the slopes to the operands."""
        self.grad += 1
        for parent, slope in self.last or ():
            parent.grad += slope


@restated("none-at-first")
class NoGradYet(_Own):
    """Starts with None."""

    def __init__(self, data):
        """Leave the gradient open."""
        super().__init__(data)
        self.grad = None

    def backward(self):
        """Fill in zeros."""
        for value in _sorted(self):
            value.grad = 0.0 if value.grad is None else value.grad
        super().backward()


@restated("own-gradient-missing")
class OnlyOthers(_Own):
    """Adds to the others only."""

    def backward(self):
        """Take its own back."""
        super().backward()
        self.grad -= 1


@restated("passed-on-too-early")
class BreadthFirst(_Own):
    """Goes by distance from the result."""

    def backward(self):
        """Pass on in the order of first meetings."""
        order, arrived = {self: None}, Counter({self: 1})
        queue = [self]
        while queue:
            value = queue.pop(0)
            for parent, _ in value.last or ():
                if parent not in order:
                    order[parent] = None
                    queue.append(parent)
        for value in order:
            value.grad += arrived[value]
            for parent, slope in value.last or ():
                arrived[parent] += slope * arrived[value]


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "value.grad += arrived[value] -> value.grad = value.grad + arrived[value]": (
        "for Python's numbers both are the same"
    ),
    "arrived[operand] += slope * arrived[value]"
    " -> arrived[operand] = arrived[operand] + slope * arrived[value]": (
        "for Python's numbers both are the same"
    ),
}

# Probes that catch nothing alone, and why they stay.
KEPT_PROBES = {
    "numbers": "tells which form with a plain number fails",
    "reuse": "tells in a small expression what the drawn ones only find",
    "random": "200 drawn expressions, for code that nobody thought of",
}

"""Other ways to do no_tracking."""

from __future__ import annotations

import functools
import threading
from contextlib import ContextDecorator, ExitStack, contextmanager

import torch

from autograder.course.marks import restated, right, wrong


@right()
class ByContextDecorator(ContextDecorator):
    """Inherits the decorator, and keeps torch's own object of each entry."""

    def __init__(self):
        self.open = []

    def __enter__(self):
        self.open.append(torch.set_grad_enabled(False))
        return self

    def __exit__(self, *exc):
        self.open.pop().__exit__(*exc)


@right()
class ByGenerator:
    """Makes a generator's context for every entry, and a new object for every call."""

    def __init__(self):
        self.entered = []

    @staticmethod
    @contextmanager
    def off():
        was = torch.is_grad_enabled()
        try:
            yield torch.set_grad_enabled(mode=False)
        finally:
            torch.set_grad_enabled(was)

    def __enter__(self):
        inner = self.off()
        inner.__enter__()
        self.entered += [inner]

    def __exit__(self, kind, value, traceback):
        return self.entered.pop().__exit__(kind, value, traceback)

    def __call__(self, f):
        def g(*a, **k):
            with type(self)():
                return f(*a, **k)

        return g


@right()
class ByThread:
    """Keeps the states of every thread apart."""

    def __init__(self):
        self.local = threading.local()

    def __enter__(self):
        states = self.local.__dict__.setdefault("states", [])
        states.append(torch.is_grad_enabled())
        torch._C._set_grad_enabled(False)

    def __exit__(self, *_):
        torch._C._set_grad_enabled(self.local.states.pop())
        return False

    def __call__(self, f):
        @functools.wraps(f)
        def g(*a, **k):
            was = torch.is_grad_enabled()
            torch.set_grad_enabled(False)
            try:
                return f(*a, **k)
            finally:
                torch.set_grad_enabled(was)

        return g


@right()
class ByExitStack(ContextDecorator):
    """A stack of callbacks puts the states back."""

    def __init__(self):
        self.stacks = ()

    def __enter__(self):
        stack = ExitStack()
        stack.callback(torch.set_grad_enabled, torch.is_grad_enabled())
        torch.set_grad_enabled(False)
        self.stacks = (stack, self.stacks)

    def __exit__(self, *_):
        stack, self.stacks = self.stacks
        stack.close()


@right()
class StatesCounted:
    """Notes the state of the outermost entry only, since inside it is off anyway: then counts."""

    def __init__(self):
        self.states = {}

    def __enter__(self):
        self.states[len(self.states)] = torch.is_grad_enabled()
        torch.set_grad_enabled(False)
        return self.states

    def __exit__(self, *_):
        torch.set_grad_enabled(self.states.popitem()[1])

    def __call__(self, f):
        return lambda *a, **k: StatesCounted.run(f, a, k)

    @staticmethod
    def run(f, a, k):
        with StatesCounted():
            return f(*a, **k)


class _Right(ContextDecorator):
    """A right one, to be spoilt."""

    def __init__(self):
        self.states = []

    def __enter__(self):
        self.states.append(torch.is_grad_enabled())
        torch.set_grad_enabled(False)

    def __exit__(self, *exc):
        torch.set_grad_enabled(self.states.pop())


@wrong()
class OutermostOnly(_Right):
    """Counts how deep it is, and puts back what was before only where a block itself was clean."""

    def __exit__(self, *exc):
        was = self.states.pop()
        if not self.states and not torch.is_grad_enabled():
            torch.set_grad_enabled(was)


@wrong()
class StatesOfTheClass(_Right):
    """All objects share one list, also those of other threads."""

    shared = []  # noqa: RUF012 - this is the fault

    def __init__(self):
        self.states = self.shared


@wrong()
class UsedOnce(_Right):
    """Refuses to be entered again."""

    used = False

    def __enter__(self):
        if self.used:
            raise RuntimeError("used already")
        self.used = True
        super().__enter__()


@wrong()
class CallsOnce(_Right):
    """Keeps the result of the first call of a decorated function."""

    def __call__(self, f):
        known = []

        def g(*a, **k):
            with self:
                if not known:
                    known.append(f(*a, **k))
            return known[0]

        return g


@wrong()
class ExceptionReplaced(_Right):
    """Raises another exception in place of the block's."""

    def __exit__(self, *exc):
        super().__exit__(*exc)
        if exc[0]:
            raise RuntimeError("the block failed")


@wrong()
class OldestStateFirst(_Right):
    """Takes the noted states from the wrong end."""

    def __exit__(self, *exc):
        torch.set_grad_enabled(self.states.pop(0))


@wrong()
class ForgetsOneState(_Right):
    """Notes a state only where recording is on."""

    def __enter__(self):
        if torch.is_grad_enabled():
            self.states.append(True)
        torch.set_grad_enabled(False)

    def __exit__(self, *exc):
        if self.states:
            torch.set_grad_enabled(self.states.pop())


@wrong()
class DetachedResult(_Right):
    """The decorated function is recorded; only its result is detached."""

    def __call__(self, f):
        return lambda *a, **k: f(*a, **k).detach()


@wrong(named="torchs-own")
class IsTorchs(torch.no_grad):
    """Is torch's own under another name."""


@wrong()
class IsInferenceMode(torch.inference_mode):
    """Is the stronger one of torch."""


@restated("torchs-own")
class DelegatesToTorch(ContextDecorator):
    """Keeps torch's own objects."""

    def __init__(self):
        self.inner = []

    def __enter__(self):
        self.inner.append(torch.no_grad())
        self.inner[-1].__enter__()

    def __exit__(self, *exc):
        self.inner.pop().__exit__(*exc)


@restated("restores-on")
class AlwaysOn(_Right):
    """Ends with recording on."""

    def __enter__(self):
        torch.set_grad_enabled(False)

    def __exit__(self, *exc):
        torch.set_grad_enabled(True)


@restated("switches-over")
class Flips(_Right):
    """Negates the mode at both ends."""

    def __enter__(self):
        mode = torch.is_grad_enabled()
        torch.set_grad_enabled(mode is False)

    def __exit__(self, *exc):
        self.__enter__()


@restated("off-when-made")
class SwitchedInInit(_Right):
    """Acts in the constructor."""

    def __init__(self):
        self.was = torch.is_grad_enabled()
        torch.set_grad_enabled(False)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        torch.set_grad_enabled(self.was)


@restated("noted-when-made")
class NotedInInit(_Right):
    """Reads the mode in the constructor."""

    def __init__(self):
        self.mode = torch.is_grad_enabled()

    def __enter__(self):
        torch.set_grad_enabled(False)

    def __exit__(self, *exc):
        torch.set_grad_enabled(self.mode)


@restated("one-place-for-the-state")
class OneAttribute(ContextDecorator):
    """Writes the mode to one attribute."""

    def __enter__(self):
        self.before = torch.is_grad_enabled()
        torch.set_grad_enabled(False)

    def __exit__(self, *exc):
        torch.set_grad_enabled(self.before)


_before = True


@restated("one-place-for-all-objects")
class OneGlobal(ContextDecorator):
    """Writes the mode to a global name."""

    def __enter__(self):
        global _before
        _before = torch.is_grad_enabled()
        torch.set_grad_enabled(False)

    def __exit__(self, *exc):
        torch.set_grad_enabled(_before)


@restated("never-restored")
class ExitForgotten(ContextDecorator):
    """Nothing happens on leaving."""

    def __enter__(self):
        torch.set_grad_enabled(False)

    def __exit__(self, *exc):
        return None


@restated("left-off-by-exceptions")
class ReturnsEarly(_Right):
    """Leaves at once where something was raised."""

    def __exit__(self, kind, value, traceback):
        if value:
            return False
        torch.set_grad_enabled(self.states.pop())


@restated("decorator-left-off-by-exceptions")
class LastLineRestores(_Right):
    """The decorated function restores by its last line."""

    def __call__(self, f):
        @functools.wraps(f)
        def g(*a, **k):
            was = torch.is_grad_enabled()
            torch.set_grad_enabled(False)
            result = f(*a, **k)
            torch.set_grad_enabled(was)
            return result

        return g


@restated("exceptions-swallowed")
class ReturnsSelf(_Right):
    """Leaving returns the object, which is true."""

    def __exit__(self, *exc):
        torch.set_grad_enabled(self.states.pop())
        return self


@restated("recorded-all-the-same")
class SwitchesOn(_Right):
    """Sets the mode that was there."""

    def __enter__(self):
        self.states.append(torch.is_grad_enabled())
        torch.set_grad_enabled(self.states[-1])


@restated("off-while-decorating")
class HandsBack(_Right):
    """Off, then the function, then on."""

    def __call__(self, f):
        self.__enter__()
        self.__exit__()
        return f


@restated("result-lost")
class ForgetsReturn(_Right):
    """Calls without returning."""

    def __call__(self, f):
        @functools.wraps(f)
        def g(*a, **k):
            with type(self)():
                f(*a, **k)

        return g


@restated("named-arguments-refused")
class PositionsOnly(_Right):
    """Hands on positions only."""

    def __call__(self, f):
        @functools.wraps(f)
        def g(*a):
            with type(self)():
                return f(*a)

        return g


@restated("no-decorator")
class WithOnly:
    """Has only the two methods of a context manager."""

    def __init__(self):
        self.states = []

    def __enter__(self):
        self.states.append(torch.is_grad_enabled())
        torch.set_grad_enabled(False)

    def __exit__(self, *exc):
        torch.set_grad_enabled(self.states.pop())


@restated("called-while-decorating")
class RunsAtOnce(_Right):
    """Runs the function with the arguments it was given, none."""

    def __call__(self, f, *a, **k):
        with self:
            return f(*a, **k)


@restated("one-use-only")
@contextmanager
def generator_with_finally():
    """A generator with contextmanager."""
    was = torch.is_grad_enabled()
    try:
        torch.set_grad_enabled(False)
        yield
    finally:
        torch.set_grad_enabled(was)


@restated("generator-without-finally")
@contextmanager
def generator_with_a_last_line():
    """The last line restores."""
    prev = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    yield
    torch.set_grad_enabled(prev)


@wrong(named="left-off-by-exceptions")
class OnlyCallsRestore(_Right):
    """A decorated function restores the state after an exception, a block does not."""

    def __exit__(self, *exc):
        was = self.states.pop()
        if exc[0] is None:
            torch.set_grad_enabled(was)

    def __call__(self, f):
        def g(*a, **k):
            was = torch.is_grad_enabled()
            torch.set_grad_enabled(False)
            try:
                return f(*a, **k)
            finally:
                torch.set_grad_enabled(was)

        return g


@wrong()
class SecondUseDoesNothing(_Right):
    """An object switches off once in its life, unless it is in use."""

    done = False

    def __enter__(self):
        self.states.append(torch.is_grad_enabled())
        if not self.done or len(self.states) > 1:
            torch.set_grad_enabled(False)
        self.done = True

    def __call__(self, f):
        def g(*a, **k):
            with _Right():
                return f(*a, **k)

        return g


EXCUSED = {"wraps(function) -> nothing": "the task does not ask for the function's name"}
KEPT_PROBES = {
    "block": "the plain use, on which a student reads what a block does",
    "recursion": "a use that the task names; what fails there fails in a block of its own, too",
}

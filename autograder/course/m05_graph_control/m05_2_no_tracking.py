"""Mistakes of no_tracking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import m05_graph_control
import torch

from autograder.course.marks import mistake

Function = Callable[..., Any]


@mistake("restores-on", asks="lr.55")
class RestoresOn(m05_graph_control.no_tracking):
    """You switch recording on at the end of every block. Where it was off before, as inside another
    block, it is suddenly on, and what follows there is recorded. Note the state on entry, and put
    that one back."""

    def __exit__(self, *error: object) -> None:
        """Switch on."""
        super().__exit__(*error)
        torch.set_grad_enabled(True)


@mistake("switches-over", asks="lr.55")
class SwitchesOver(m05_graph_control.no_tracking):
    """You turn recording into its opposite, once on entry and once on leaving. Where it is off
    already, your block switches it on, and a block that sets the mode itself spoils the way back.
    Switch off on entry; put back what you noted."""

    def __enter__(self) -> None:
        """Turn over."""
        torch.set_grad_enabled(not torch.is_grad_enabled())

    def __exit__(self, *error: object) -> None:
        """Turn over again."""
        torch.set_grad_enabled(not torch.is_grad_enabled())


@mistake("off-when-made")
class OffWhenMade(m05_graph_control.no_tracking):
    """Recording is switched off already where the object is made, so what is computed before the
    block, or after decorating, is lost for backward(). torch.set_grad_enabled acts at once, not
    only in a with statement. Leave it to the entry."""

    def __init__(self) -> None:
        super().__init__()
        self._now = torch.is_grad_enabled()
        torch.set_grad_enabled(False)

    def __enter__(self) -> None:
        """Keep what was noted."""
        self._before.append(self._now)


@mistake("noted-when-made")
class NotedWhenMade(m05_graph_control.no_tracking):
    """You note the state where the object is made, and put it back after every block. When the
    block is entered later, recording may be in another state by then. Note it at the moment of
    entry."""

    def __init__(self) -> None:
        super().__init__()
        self._then = torch.is_grad_enabled()

    def __exit__(self, *error: object) -> None:
        """Put back the old state."""
        super().__exit__(*error)
        torch.set_grad_enabled(self._then)


@mistake("one-place-for-the-state")
class OnePlaceForTheState(m05_graph_control.no_tracking):
    """Your object has one place for the noted state. When it is entered again while in use, as by a
    decorated function that calls itself, the inner entry overwrites the note, and recording stays
    off at the end. Every entry needs a place of its own."""

    def __enter__(self) -> None:
        """Overwrite the note."""
        self._note = torch.is_grad_enabled()
        torch.set_grad_enabled(False)

    def __exit__(self, *error: object) -> None:
        """Put it back."""
        torch.set_grad_enabled(self._note)


@mistake("one-place-for-all-objects")
class OnePlaceForAllObjects(m05_graph_control.no_tracking):
    """All your objects share one place for the noted state, a name of the class or of the file. An
    inner block, even of another object, overwrites the outer one's note, and recording stays off
    in the end. Keep what you note in the object."""

    note = True

    def __enter__(self) -> None:
        """Write to the class."""
        OnePlaceForAllObjects.note = torch.is_grad_enabled()
        torch.set_grad_enabled(False)

    def __exit__(self, *error: object) -> None:
        """Read from the class."""
        torch.set_grad_enabled(OnePlaceForAllObjects.note)


@mistake("never-restored", asks="lr.55")
class NeverRestored(m05_graph_control.no_tracking):
    """Your block switches recording off and never back. All that is computed after it is lost for
    backward(), though nobody sees it at once. Look at what leaving a block has to do."""

    def __exit__(self, *error: object) -> None:
        """Do nothing."""


@mistake("left-off-by-exceptions", asks="lr.55")
class LeftOffByExceptions(m05_graph_control.no_tracking):
    """After an exception in your block recording stays off, and whoever catches the exception
    trains without gradients. Leaving a block must restore the state however it is left: __exit__
    runs in both cases, and its arguments say which."""

    def __exit__(self, *error: object) -> None:
        """Restore unless something was raised."""
        if error[0] is None:
            super().__exit__(*error)


@mistake("decorator-left-off-by-exceptions", asks="lr.55")
class DecoratorLeftOffByExceptions(m05_graph_control.no_tracking):
    """When a decorated function raises an exception, the line that restores recording is never
    reached, and recording stays off. Your blocks restore it in any case: let a call of the function
    run inside one."""

    def __call__(self, function: Function) -> Function:
        """Restore by a last line."""

        def call(*args: Any, **kwargs: Any) -> Any:
            self.__enter__()
            result = function(*args, **kwargs)
            self.__exit__(None, None, None)
            return result

        return call


@mistake("exceptions-swallowed")
class ExceptionsSwallowed(m05_graph_control.no_tracking):
    """An exception in your block ends there, and the caller believes that all went well. Python
    drops it when __exit__ returns something true, or when you catch it yourself. Restore the
    state and return nothing."""

    def __exit__(self, *error: object) -> Any:
        """Return something true."""
        super().__exit__(*error)
        return True


@mistake("recorded-all-the-same", asks="gd.23 tb.11")
class RecordedAllTheSame(m05_graph_control.no_tracking):
    """Operations in your block are recorded as before, so their results keep a graph in memory. On
    entry recording has to be switched off, not only its state noted. Look at what you hand to
    torch.set_grad_enabled."""

    def __enter__(self) -> None:
        """Note the state only."""
        self._before.append(torch.is_grad_enabled())


@mistake("off-while-decorating", asks="gd.23")
class OffWhileDecorating(m05_graph_control.no_tracking):
    """A decorated function is recorded like any other. Your decorator switches recording off only
    while it hands the function back; the calls come later. The block has to stand around each
    call, inside a function that takes the place of the old one."""

    def __call__(self, function: Function) -> Function:
        """Open a block around nothing."""
        with self:
            return function


@mistake("result-lost")
class ResultLost(m05_graph_control.no_tracking):
    """Your decorated function runs, but gives None in place of its result. The function that you
    put in its place has to return what the old one returns. Look at its last line."""

    def __call__(self, function: Function) -> Function:
        """Forget to return."""

        def call(*args: Any, **kwargs: Any) -> None:
            with self:
                function(*args, **kwargs)

        return call


@mistake("named-arguments-refused")
class NamedArgumentsRefused(m05_graph_control.no_tracking):
    """Your decorated function takes no arguments by name any more, such as scale=2.0. What stands
    in the function's place must take all that the function took, by position and by name."""

    def __call__(self, function: Function) -> Function:
        """Take positions only."""

        def call(*args: Any) -> Any:
            with self:
                return function(*args)

        return call


@mistake("no-decorator")
class NoDecorator(m05_graph_control.no_tracking):
    """Your objects work in a with statement, but cannot be called with a function, as
    `@no_tracking()` does. A class makes its objects callable by one more method, or inherits it
    from a helper of contextlib."""

    __call__: Any = None


@mistake("called-while-decorating")
class CalledWhileDecorating(m05_graph_control.no_tracking):
    """You call the function where it is decorated, and hand back its result. A decorator gets the
    function before anybody calls it, and has no arguments for it. Hand back a function that calls
    the old one later."""

    def __call__(self, function: Function) -> Any:
        """Call at once."""
        with self:
            return function()


@mistake("one-use-only")
def one_use_only() -> Any:
    """You wrote a generator with contextmanager. Its objects are used up by one with statement, so
    none can be entered a second time, after the first or inside it. Write a class with methods for
    entering and leaving."""
    return _by_generator()


@mistake("generator-without-finally", asks="lr.55")
def generator_without_finally() -> Any:
    """You wrote a generator with contextmanager, and restore recording after its yield. An
    exception of the block arrives at the yield and skips that line, so recording stays off. Nor can
    one object be entered twice. A class with __enter__ and __exit__ does both."""
    return _without_finally()


@mistake("torchs-own")
class TorchsOwn(m05_graph_control.no_tracking):
    """You let torch.no_grad or torch.inference_mode do the work. The task is to see what stands
    behind them: note the state of recording on entry, switch it off, and put the state back on
    leaving. torch.set_grad_enabled is all that you need."""

    def __enter__(self) -> None:
        """Enter torch's own."""
        own = torch.no_grad()
        own.__enter__()
        self._before.append(own.prev)


@contextmanager
def _by_generator() -> Iterator[None]:
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        yield
    finally:
        torch.set_grad_enabled(before)


@contextmanager
def _without_finally() -> Iterator[None]:
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    yield
    torch.set_grad_enabled(before)

"""Mistakes of autotune."""

from __future__ import annotations

from collections.abc import Sequence

import m19_device
from torch.backends import cudnn

from autograder.course.marks import mistake

Shapes = Sequence[tuple[int, ...]]


@mistake("left-on", replaces="autotune", asks="tb.41")
class LeftOn(m19_device.autotune):
    """You do not put the setting back when the block ends. All later code then runs with what was
    right for this block, also code whose shapes change. Look at what __exit__ does."""

    def __exit__(self, *error: object) -> None:
        """Do nothing."""


@mistake("always-off-afterwards", replaces="autotune")
class AlwaysOffAfterwards(m19_device.autotune):
    """You switch the setting off when the block ends. It may have been on before, and whoever had
    chosen that gets another setting back. Put back what was there when the block began."""

    def __exit__(self, *error: object) -> None:
        """Switch it off."""
        cudnn.benchmark = False


@mistake("on-for-changing-shapes", replaces="autotune", asks="tb.41")
class OnForChangingShapes(m19_device.autotune):
    """You switch the search on also where the shapes differ. cuDNN then tries all of its algorithms
    again for each new shape, and that costs more than the fastest one saves. Look at the shapes."""

    def __enter__(self) -> None:
        """Switch it on."""
        super().__enter__()
        cudnn.benchmark = True


@mistake("never-on", replaces="autotune", asks="tb.41")
class NeverOn(m19_device.autotune):
    """Your block runs with the search off, whatever the shapes are. Where they are all equal, one
    search at the start makes every later call faster. Switch it on there."""

    def __enter__(self) -> None:
        """Switch it off."""
        super().__enter__()
        cudnn.benchmark = False


@mistake("only-switched-on", replaces="autotune")
class OnlySwitchedOn(m19_device.autotune):
    """Where the shapes differ you leave the setting as it is. It may be on, and then cuDNN searches
    again for each of these shapes. In the block it has to be off."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__(shapes)
        self.equal = len(set(shapes)) == 1

    def __enter__(self) -> None:
        """Switch it on, or do nothing."""
        before = cudnn.benchmark
        super().__enter__()
        cudnn.benchmark = self.equal or before


@mistake("on-for-different-shapes", replaces="autotune")
class TheOtherWayRound(m19_device.autotune):
    """You switch the search on where the shapes differ, and off where they are equal. It pays where
    its result is used again, for the same shape. Look at the comparison."""

    def __enter__(self) -> None:
        """Turn the answer round."""
        super().__enter__()
        cudnn.benchmark = not cudnn.benchmark


@mistake("lost-after-an-exception", replaces="autotune")
class LostAfterAnException(m19_device.autotune):
    """Your setting is put back only where the block ends well. After an exception it stays as the
    block had it. What has to be done at every end belongs into __exit__ itself, or into finally."""

    def __exit__(self, *error: object) -> None:
        """Put it back, but for an exception."""
        if error[0] is None:
            super().__exit__()


@mistake("exception-swallowed", replaces="autotune")
class ExceptionSwallowed(m19_device.autotune):
    """Your block swallows exceptions, so the caller goes on as if nothing had happened. __exit__
    says by its result whether an exception is dealt with: a true value stops it."""

    def __exit__(self, *error: object) -> bool:  # type: ignore[override]
        """Put it back, and say that all is well."""
        super().__exit__(*error)
        return True


@mistake("set-when-made", replaces="autotune")
class SetWhenMade(m19_device.autotune):
    """You change the setting when the object is made. Between that and the block other code runs
    with it, and what you note as the old setting may be out of date by then. Wait for
    __enter__."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__(shapes)
        super().__enter__()

    def __enter__(self) -> None:
        """Do nothing."""


@mistake("noted-when-made", replaces="autotune")
class NotedWhenMade(m19_device.autotune):
    """You note the old setting when the object is made. It may change until the block begins, and
    then you put back another one than the block has found. Note it in __enter__."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__(shapes)
        self.old = cudnn.benchmark

    def __exit__(self, *error: object) -> None:
        """Put back what is too old."""
        cudnn.benchmark = self.old


@mistake("first-two-compared", replaces="autotune")
class FirstTwoCompared(m19_device.autotune):
    """You do not compare all shapes with each other: one that differs, farther back in the list, is
    not noticed. A single new shape is enough for another search. Look at how many you compare."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__(shapes[:2])


@mistake("cudnn-switched-off", replaces="autotune")
class CudnnSwitchedOff(m19_device.autotune):
    """In your block cuDNN itself is off, so there is nothing left to try out. The block of
    cudnn.flags() does that: what is not handed to it gets a default, and that of enabled is False.
    Change the one setting alone."""

    def __enter__(self) -> None:
        """Switch cuDNN off, too."""
        super().__enter__()
        cudnn.enabled = False

    def __exit__(self, *error: object) -> None:
        """Put both back."""
        cudnn.enabled = True
        super().__exit__(*error)

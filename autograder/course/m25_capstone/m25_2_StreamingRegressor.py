"""Mistakes of StreamingRegressor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import m25_capstone
import torch
from torch import Tensor

from autograder.course.marks import mistake

Pair: TypeAlias = tuple[Tensor, Tensor]


class _Own(m25_capstone.StreamingRegressor):
    """The reference, whose parts can be exchanged."""

    def loss(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the loss of one batch."""
        device = self.w.device
        return (self.predict(x.to(device)) - y.to(device)).square().mean()

    def train(self, batches: Iterable[Pair]) -> None:
        """Take a step for each batch, by its loss."""
        for pair in batches:
            self.clear()
            self.loss(*pair).backward()
            self.move()

    def move(self) -> None:
        """Move both parameters against their stored gradients."""
        with torch.no_grad():
            for p in (self.w, self.b):
                p -= 0 if p.grad is None else self.lr * p.grad

    def clear(self) -> None:
        """Clear the stored gradients."""
        self.w.grad = self.b.grad = None


@mistake("all-batches-kept")
class AllBatchesKept(_Own):
    """You still hold earlier batches when the next one is read: in a list of them, or by losses
    whose graphs keep their inputs. A stream may never end, and memory does. Let a batch go after
    its step, and keep of a loss its number only."""

    def partial_fit(self, batches: Iterable[Pair]) -> None:
        """Collect first."""
        super().partial_fit(list(batches))


@mistake("read-twice")
class ReadTwice(_Own):
    """You go through the batches more than once, perhaps to count them first. A generator is empty
    after the first time, so nothing was learned, and no error told you. Do all of your work in
    one pass."""

    def partial_fit(self, batches: Iterable[Pair]) -> None:
        """Count first."""
        for _ in batches:
            pass
        super().partial_fit(batches)


@mistake("predict-cut-off", asks="lr.60")
class PredictCutOff(_Own):
    """Your predictions carry no gradient, so a module below this one cannot learn through it. That
    a regression can be one differentiable piece of something larger is a reason to write it in
    torch. Record the graph in predict."""

    def predict(self, x: Tensor) -> Tensor:
        """Predict without recording."""
        return super().predict(x).detach()

    def loss(self, x: Tensor, y: Tensor) -> Tensor:
        """Go around the own predict."""
        device = self.w.device
        return (x.to(device) @ self.w + self.b - y.to(device)).square().mean()

    def partial_fit(self, batches: Iterable[Pair]) -> None:
        """Train on the recorded loss."""
        self.train(batches)


@mistake("device-ignored", asks="lr.35")
class DeviceIgnored(_Own):
    """You make the parameters without a device, so they lie on the CPU whatever was asked. A
    regression runs on a GPU only where parameters and data both lie there; torch refuses to mix
    them. Make the parameters on the device."""

    def __init__(self, n_in: int, n_out: int, lr: float, device: Any) -> None:
        super().__init__(n_in, n_out, lr, "cpu")


@mistake("batches-not-moved")
class BatchesNotMoved(_Own):
    """Your parameters lie on the device, but the batches may lie on the CPU, and you do not move
    them. torch refuses to compute with both. Move each batch when its turn comes."""

    def loss(self, x: Tensor, y: Tensor) -> Tensor:
        """Compute where the batch lies."""
        return (self.predict(x) - y).square().mean()

    def partial_fit(self, batches: Iterable[Pair]) -> None:
        """Train on what comes."""
        self.train(batches)


@mistake("one-step-for-all", asks="lr.5")
class OneStepForAll(_Own):
    """You take a single step for a whole call, with the gradients of all its batches added up.
    Cheap steps that begin after the first rows are what gradient descent has ahead of an exact
    solution. Move the parameters after each batch."""

    def partial_fit(self, batches: Iterable[Pair]) -> None:
        """Accumulate over the call."""
        self.clear()
        for pair in batches:
            self.loss(*pair).backward()
        self.move()


@mistake("mean-over-rows")
class MeanOverRows(_Own):
    """Your gradients are too large by the number of targets: you add the squared errors of a row
    up, and average over rows only. The loss asked for is the mean over all elements. Count what
    you divide by."""

    def __init__(self, n_in: int, n_out: int, lr: float, device: Any) -> None:
        super().__init__(n_in, n_out, lr * n_out, device)


@mistake("summed")
class Summed(_Own):
    """You add up the squared errors of a batch instead of averaging them, so a batch with more rows
    takes a longer step. The loss asked for is the mean. Look at how you reduce the errors to one
    number."""

    def loss(self, x: Tensor, y: Tensor) -> Tensor:
        """Scale the mean up."""
        return super().loss(x, y) * y.numel()

    def partial_fit(self, batches: Iterable[Pair]) -> None:
        """Train on the sum."""
        self.train(batches)


@mistake("starts-anew")
class StartsAnew(_Own):
    """Each call of partial_fit begins at zero again and forgets what earlier calls have learned.
    That is what fit does in many libraries; the partial one goes on. Make the parameters once,
    when the object is made."""

    def partial_fit(self, batches: Iterable[Pair]) -> None:
        """Reset first."""
        with torch.no_grad():
            self.w.zero_()
            self.b.zero_()
        super().partial_fit(batches)


@mistake("never-cleared")
class NeverCleared(_Own):
    """You never clear the gradients, and backward() adds to what is there, so every step also
    takes the gradients of all batches before it. Clear them before each backward pass."""

    def partial_fit(self, batches: Iterable[Pair]) -> None:
        """Let gradients pile up."""
        for pair in batches:
            self.loss(*pair).backward()
            self.move()


@mistake("cleared-after-only")
class ClearedAfterOnly(_Own):
    """You clear the gradients after your own steps only. A backward pass of the caller through
    predict leaves gradients in your parameters, and your next step takes them for its own. Clear
    before you go backward, or use torch.autograd.grad."""

    def partial_fit(self, batches: Iterable[Pair]) -> None:
        """Trust what is found on entry."""
        for pair in batches:
            self.loss(*pair).backward()
            self.move()
            self.clear()


@mistake("shared-by-all-objects")
class SharedByAllObjects(_Own):
    """All your objects share one set of parameters, so a new one predicts what another has learned.
    What stands in the class itself belongs to all. Make the parameters in __init__, as attributes
    of self."""

    known: Any = None

    def __init__(self, n_in: int, n_out: int, lr: float, device: Any) -> None:
        super().__init__(n_in, n_out, lr, device)
        if type(self).known is None or type(self).known[0].shape != self.w.shape:
            type(self).known = self.w, self.b
        self.w, self.b = type(self).known


@mistake("no-bias")
class NoBias(_Own):
    """Your bias stays 0, or there is none: for a row of zeros you always predict 0. A line that may
    not be shifted fits only data through the origin. Give each target a bias and train it like the
    weights."""

    def partial_fit(self, batches: Iterable[Pair]) -> None:
        """Undo what the bias learns."""
        for pair in batches:
            super().partial_fit([pair])
            with torch.no_grad():
                self.b.zero_()


@mistake("first-batch-only")
class FirstBatchOnly(_Own):
    """You learn from the first batch of a call and leave the others unread: perhaps a return or a
    break inside the loop. Each batch of the stream asks for a step. Look at how your loop ends."""

    def partial_fit(self, batches: Iterable[Pair]) -> None:
        """Stop after one."""
        super().partial_fit(self._first(batches))

    def _first(self, batches: Iterable[Pair]) -> Iterator[Pair]:
        for pair in batches:
            yield pair
            return

"""Mistakes of EarlyStopping."""

from __future__ import annotations

import copy
import math

from m16_generalisation import EarlyStopping
from torch import Tensor, nn

from autograder.course.marks import mistake


@mistake("state-not-copied", asks="lr.32")
class StateNotCopied(EarlyStopping):
    """You keep the model's state without a copy. The tensors of state_dict() are the model's own:
    the training that follows changes them, and restore brings back what is already there. Look for
    what makes tensors with memory of their own."""

    def step(self, val: float, model: nn.Module) -> bool:
        """Keep the live tensors."""
        stop = super().step(val, model)
        if self.waited == 0:
            self.state = model.state_dict()
        return stop


@mistake("last-state-kept", asks="lr.32")
class LastStateKept(EarlyStopping):
    """You keep the state at every call, so restore brings back the last one. What early stopping is
    after is the best one, from before the loss stopped falling. Look at where you copy the
    state."""

    def step(self, val: float, model: nn.Module) -> bool:
        """Copy whatever the loss is."""
        stop = super().step(val, model)
        self.state = copy.deepcopy(model.state_dict())
        return stop


@mistake("rises-counted", asks="lr.32")
class RisesCounted(EarlyStopping):
    """You count how often in a row the loss has risen. A loss that stays the same, or falls a
    little below the last one but not below the best, then lets the training run on. Look at what
    you compare val with."""

    def step(self, val: float, model: nn.Module) -> bool:
        """Count rises."""
        before = getattr(self, "before", math.inf)
        rises = getattr(self, "rises", 0)
        super().step(val, model)
        self.rises = rises + 1 if val > before else 0
        self.before = val
        return self.rises >= self.patience


@mistake("compared-with-the-last", asks="lr.32")
class ComparedWithTheLast(EarlyStopping):
    """You compare each loss with the one of the call before. After a bad epoch a loss then counts
    as an improvement that is worse than the best, and its state is kept. Look at which loss you
    remember, and when."""

    def step(self, val: float, model: nn.Module) -> bool:
        """Remember the loss of every call."""
        stop = super().step(val, model)
        self.best = val
        return stop


@mistake("one-call-late")
class OneCallLate(EarlyStopping):
    """You stop one call late: with patience=2 the third call in a row without an improvement says
    stop, where the second should. Look at how the count is compared with patience, and at whether
    it already has this call."""

    def step(self, val: float, model: nn.Module) -> bool:
        """Wait once more."""
        super().step(val, model)
        return self.waited > self.patience


@mistake("nan-improves")
class NanImproves(EarlyStopping):
    """You take nan for an improvement, since no comparison with nan is true, also not the one that
    asks whether val is worse. A model whose loss is nan is broken, and its state gets kept. Ask the
    other way round: is val better?"""

    def step(self, val: float, model: nn.Module) -> bool:
        """Ask whether it is worse."""
        if val >= self.best - self.min_delta:
            self.waited += 1
        else:
            super().step(-math.inf, model)
            self.best = val
        return self.waited >= self.patience


@mistake("min-delta-unused")
class MinDeltaUnused(EarlyStopping):
    """You take no notice of min_delta: every lower loss counts as an improvement. A loss that
    falls by almost nothing can then keep the training running for ever. Look at the
    comparison with the best loss."""

    def __init__(self, patience: int, min_delta: float = 0.0) -> None:
        super().__init__(patience)


@mistake("ties-improve")
class TiesImprove(EarlyStopping):
    """You count a loss as an improvement that is lower by min_delta and no more; with min_delta=0
    that is one as low as the best. A plateau then never ends the training. Look at how you
    compare."""

    def step(self, val: float, model: nn.Module) -> bool:
        """Let equality count."""
        if val <= self.best - self.min_delta and val < math.inf:
            super().step(-math.inf, model)
            self.best = val
        else:
            self.waited += 1
        return self.waited >= self.patience


@mistake("never-begun-anew", asks="lr.32")
class NeverBegunAnew(EarlyStopping):
    """Your count is not set back by an improvement, so it adds up all calls without one since the
    beginning. Patience is about calls in a row: a training that still improves should go on. Look
    at what an improvement changes."""

    def step(self, val: float, model: nn.Module) -> bool:
        """Keep the count."""
        waited = self.waited
        super().step(val, model)
        self.waited = max(self.waited, waited)
        return self.waited >= self.patience


@mistake("best-creeps")
class BestCreeps(EarlyStopping):
    """You lower the best loss also where val is below it by less than min_delta. Then many small
    steps down never count, though together they are an improvement. Each loss is compared with that
    of the last improvement: look at where you write it."""

    def step(self, val: float, model: nn.Module) -> bool:
        """Take the lower one."""
        stop = super().step(val, model)
        self.best = min(self.best, val)
        return stop


@mistake("buffers-forgotten")
class BuffersForgotten(EarlyStopping):
    """You bring back the parameters only. A model also has buffers, such as the running means of a
    normalisation, which training moves without any gradient; its predictions need those of the same
    call. Look for what lists both."""

    def restore(self, model: nn.Module) -> None:
        """Load the parameters."""
        names = dict(model.named_parameters())
        model.load_state_dict({k: t for k, t in self.state.items() if k in names}, strict=False)


@mistake("tensors-replaced")
class TensorsReplaced(EarlyStopping):
    """Your restore puts other tensors in the place of the model's parameters. An optimizer that was
    made before still holds the old ones, so later steps no longer reach the model. Look for a way
    to write numbers into the tensors that are there."""

    def restore(self, model: nn.Module) -> None:
        """Assign the tensors."""
        if self.state:
            model.load_state_dict(copy.deepcopy(self.state), assign=True)


@mistake("name-given-anew")
class NameGivenAnew(EarlyStopping):
    """Your restore leaves the model as it is. An assignment to a name within a function, or to an
    attribute of your own, gives a name to another object; the caller's model does not hear of it.
    Write into the model's own tensors."""

    def restore(self, model: nn.Module) -> None:
        """Write nothing."""


@mistake("true-to-go-on")
class TrueToGoOn(EarlyStopping):
    """Your step returns True to go on and False to stop. The task asks for the opposite, so that a
    loop can say: if it returns True, break. Look at what you return."""

    def step(self, val: float, model: nn.Module) -> bool:
        """Negate."""
        return not super().step(val, model)


@mistake("kept-by-the-class")
class KeptByTheClass(EarlyStopping):
    """You keep what you remember with the class, not with the object, so all objects share it: a
    second training begins with the best loss of the first. Look at where best, count and state are
    first set."""

    memory: tuple[float, int, dict[str, Tensor]]

    def __init__(self, patience: int, min_delta: float = 0.0) -> None:
        super().__init__(patience, min_delta)
        KeptByTheClass.memory = math.inf, 0, {}

    def step(self, val: float, model: nn.Module) -> bool:
        """Take over what another object left."""
        self.best, self.waited, self.state = KeptByTheClass.memory
        stop = super().step(val, model)
        KeptByTheClass.memory = self.best, self.waited, self.state
        return stop

    def restore(self, model: nn.Module) -> None:
        """Take it over, too."""
        self.state = KeptByTheClass.memory[2]
        super().restore(model)

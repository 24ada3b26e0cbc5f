"""Other ways to do EarlyStopping."""

from __future__ import annotations

import copy
import io
import math

import numpy as np
import torch
from m16_generalisation import EarlyStopping

from autograder.course.marks import restated, right, wrong


@right()
class WithTheHistory:
    """All losses are kept, and the rule is read anew from them in every call."""

    def __init__(self, patience, min_delta=0.0):
        self.rule, self.losses, self.saved = (patience, min_delta), [], None

    def step(self, val, model):
        patience, min_delta = self.rule
        self.losses.append(val)
        best, since = math.inf, 0
        for loss in self.losses:
            better = math.isfinite(loss) and loss < best - min_delta
            best, since = (loss, 0) if better else (best, since + 1)
        if since == 0:
            self.saved = copy.deepcopy(model.state_dict())
        return since >= patience

    def restore(self, model):
        if self.saved is not None:
            model.load_state_dict(self.saved)


@right()
class WithTheModel:
    """A deep copy of the whole model is kept, and its tensors are copied back one by one."""

    def __init__(self, patience, min_delta=0.0):
        self.left = self.patience = patience
        self.min_delta = min_delta
        self.best = self.lowest = None

    def step(self, val, model):
        if not math.isfinite(val) or (self.best and self.lowest - val <= self.min_delta):
            self.left -= 1
        else:
            self.lowest, self.left = val, self.patience
            self.best = copy.deepcopy(model)
        return self.left <= 0

    @torch.no_grad()
    def restore(self, model):
        if self.best is None:
            return
        for mine, kept in zip(model.parameters(), self.best.parameters(), strict=True):
            mine.copy_(kept)
        for mine, kept in zip(model.buffers(), self.best.buffers(), strict=True):
            mine.copy_(kept)


@right()
class InAFile:
    """The state is saved into bytes; the numbers are NumPy's."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best, self.bad, self.file = np.inf, 0, None

    def step(self, val, model):
        better = np.float64(self.best) - self.min_delta > val
        self.bad = np.where(better, 0, self.bad + 1)
        if better:
            self.best, self.file = val, io.BytesIO()
            torch.save({k: t.cpu() for k, t in model.state_dict().items()}, self.file)
        return self.bad >= self.patience

    def restore(self, model):
        if self.file:
            self.file.seek(0)
            model.load_state_dict(torch.load(self.file))


@right()
class IntoTheData:
    """The numbers are written by way of .data."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.best, self.count = patience, min_delta, math.inf, 0
        self.kept = []

    def step(self, val, model):
        self.count += 1
        if self.best - val > self.min_delta and not math.isinf(val):
            self.best, self.count = val, 0
            self.kept = [t.data.clone() for t in (*model.parameters(), *model.buffers())]
        return self.count >= self.patience

    def restore(self, model):
        tensors = [*model.parameters(), *model.buffers()]
        for tensor, kept in zip(tensors, self.kept, strict=False):
            tensor.data[...] = kept


@wrong()
class StopsEarly(EarlyStopping):
    """One call too early."""

    def step(self, val, model):
        return super().step(val, model) or self.waited + 1 >= self.patience


@wrong()
class StartsAtZero(EarlyStopping):
    """The best loss begins at 0, which no mean squared error can beat."""

    def __init__(self, patience, min_delta=0.0):
        super().__init__(patience, min_delta)
        self.best = 0.0


@wrong(asks="lr.32")
class LargerIsBetter(EarlyStopping):
    """Takes a larger loss for a better one, as with an accuracy."""

    def step(self, val, model):
        return super().step(-val, model)


@wrong()
class RestoresBySelf(EarlyStopping):
    """Step itself brings back the best state where it says stop."""

    def step(self, val, model):
        stop = super().step(val, model)
        if stop:
            self.restore(model)
        return stop


@wrong()
class NanStops(EarlyStopping):
    """A loss that is nan ends the training at once."""

    def step(self, val, model):
        return super().step(val, model) or math.isnan(val)


@wrong()
class NanNotCounted(EarlyStopping):
    """A loss that is nan is passed over."""

    def step(self, val, model):
        return False if math.isnan(val) else super().step(val, model)


@wrong()
class StopsOnlyOnce(EarlyStopping):
    """Begins to count anew after it has said stop."""

    def step(self, val, model):
        stop = super().step(val, model)
        if stop:
            self.waited = 0
        return stop


@wrong()
class StopsForEver(EarlyStopping):
    """Once it has said stop, it says so for ever."""

    stopped = False

    def step(self, val, model):
        self.stopped = super().step(val, model) or self.stopped
        return self.stopped


@wrong()
class RelativeDelta(EarlyStopping):
    """min_delta is a share of the best loss."""

    def step(self, val, model):
        if math.isfinite(self.best):
            whole, self.min_delta = self.min_delta, self.min_delta * abs(self.best)
            stop = super().step(val, model)
            self.min_delta = whole
            return stop
        return super().step(val, model)


@wrong()
class LosesTheState(EarlyStopping):
    """The state can be given back once only."""

    def restore(self, model):
        super().restore(model)
        self.state = {}


@wrong()
class RefusesWithoutAState(EarlyStopping):
    """Raises where there was no improvement yet."""

    def restore(self, model):
        if not self.state:
            raise RuntimeError("nothing to restore")
        super().restore(model)


@wrong()
class KeepsTheFirst(EarlyStopping):
    """The state of the first improvement is never replaced."""

    def step(self, val, model):
        kept = self.state
        stop = super().step(val, model)
        self.state = kept or self.state
        return stop


@wrong()
class HandsOutItsOwn(EarlyStopping):
    """The kept tensors become the data of the parameters, and are trained on."""

    def restore(self, model):
        for name, t in (*model.named_parameters(), *model.named_buffers()):
            if name in self.state:
                t.data = self.state[name]


class _Own:
    """What most of the restated ways share."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.delta = patience, min_delta
        self.best, self.count, self.kept = float("inf"), 0, None

    def better(self, val):
        return val < self.best - self.delta

    def step(self, val, model):
        if self.better(val):
            self.best, self.count = val, 0
            self.kept = copy.deepcopy(model.state_dict())
        else:
            self.count += 1
        return self.count >= self.patience

    def restore(self, model):
        if self.kept is not None:
            model.load_state_dict(self.kept)


@restated("state-not-copied")
class DictCopied(_Own):
    """The dict is copied, not its tensors."""

    def step(self, val, model):
        stop = super().step(val, model)
        if self.count == 0:
            self.kept = dict(model.state_dict())
        return stop


@restated("last-state-kept")
class EveryState(_Own):
    """Clones all tensors in each call."""

    def step(self, val, model):
        stop = super().step(val, model)
        self.kept = {k: t.clone() for k, t in model.state_dict().items()}
        return stop


@restated("rises-counted")
class ConsecutiveRises(_Own):
    """The count is of losses above the one before."""

    last, rises = float("inf"), 0

    def step(self, val, model):
        super().step(val, model)
        if val > self.last:
            self.rises += 1
        else:
            self.rises = 0
        self.last = val
        return self.rises >= self.patience


@restated("compared-with-the-last")
class LastForBest(_Own):
    """The loss of the last call takes the place of the best one."""

    def step(self, val, model):
        try:
            return super().step(val, model)
        finally:
            self.best = val


@restated("one-call-late")
class CheckedBeforeCounting(_Own):
    """Looks at the count before this call is added."""

    def step(self, val, model):
        before = self.count
        super().step(val, model)
        return before >= self.patience and self.count > 0


@restated("nan-improves")
class NotWorse(_Own):
    """What is not worse is better."""

    def better(self, val):
        return not val >= self.best - self.delta


@restated("min-delta-unused")
class AnyLower(_Own):
    """Any lower loss is better."""

    def better(self, val):
        return val < self.best


@restated("ties-improve")
class AsGood(_Own):
    """A loss that is lower by min_delta is enough."""

    def better(self, val):
        return val - self.best <= -self.delta


@restated("never-begun-anew")
class AddsUp(_Own):
    """Counts all calls without an improvement."""

    total = 0

    def step(self, val, model):
        super().step(val, model)
        self.total += self.count > 0
        return self.total >= self.patience


@restated("best-creeps")
class LowestLoss(_Own):
    """The best loss is the lowest one."""

    def step(self, val, model):
        stop = super().step(val, model)
        if val < self.best:
            self.best = val
        return stop


@restated("buffers-forgotten")
class ParametersOnly(_Own):
    """Copies the parameters back."""

    def restore(self, model):
        with torch.no_grad():
            for name, p in model.named_parameters():
                p.copy_(self.kept[name] if self.kept else p)


@restated("tensors-replaced")
class NewParameters(_Own):
    """Makes new parameters and buffers of the kept numbers."""

    def restore(self, model):
        for name, value in (self.kept or {}).items():
            kind = torch.nn.Parameter if name in model._parameters else torch.clone
            setattr(model, name, kind(value.clone()))


@restated("name-given-anew")
class ModelRebound(_Own):
    """Gives the name of the argument to a copy."""

    def restore(self, model):
        fresh = copy.deepcopy(model)
        super().restore(fresh)
        model = fresh


@restated("true-to-go-on")
class GoesOn(_Own):
    """Says whether there is patience left."""

    def step(self, val, model):
        super().step(val, model)
        return self.count < self.patience


@restated("kept-by-the-class")
class AttributesOfTheClass:
    """What is remembered stands in the class."""

    def __init__(self, patience, min_delta=0.0):
        cls = type(self)
        self.patience, self.delta = patience, min_delta
        cls.best, cls.count, cls.kept = float("inf"), 0, None

    def step(self, val, model):
        cls = type(self)
        if val < cls.best - self.delta:
            cls.best, cls.count, cls.kept = val, 0, copy.deepcopy(model.state_dict())
        else:
            cls.count += 1
        return cls.count >= self.patience

    def restore(self, model):
        if type(self).kept is not None:
            model.load_state_dict(type(self).kept)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "self.waited += 1 -> self.waited = self.waited + 1": "a number is replaced either way",
}

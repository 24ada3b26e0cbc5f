"""Probes of EarlyStopping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe


@probe("script")
def early_stopping_script(impl: Implementation, given: Given) -> Facts:
    """What step says of each loss of a list, and which state restore brings back.

    Before each call, and before each restore, the model gets new numbers.
    """
    options = {"min_delta": given.min_delta} if "min_delta" in given.spec else {}
    stopper, other = impl.EarlyStopping(given.patience, **options), impl.EarlyStopping(9)
    draws = iter(given.leaf(len(given.losses) + 5, given.n_out, given.n_in + 1).detach())
    model, twin = _Model(next(draws)), _Model(next(draws))
    answers, touched = [], False
    for val in map(float, given.losses):
        numbers = next(draws)
        answers.append(stopper.step(val, model.take(numbers)))
        touched |= not torch.equal(model.numbers(), numbers)
        if "beside" in given.spec:
            other.step(val - given.beside, twin)
    facts: Facts = {
        "kind of the answers": " and ".join(sorted({_kind(each) for each in answers})),
        "calls that say stop": _numbers(answers),
        "model after a step": "changed" if touched else "as before",
    }
    weight = model.take(next(draws)).weight
    stopper.restore(model)
    facts |= {
        "parameter after restore": model.weight.detach().clone(),
        "buffer after restore": model.centre.clone(),
    }
    with torch.no_grad():
        weight.copy_(next(draws)[:, 1:])  # as an optimizer does that was made before
    facts["parameter after one more update"] = model.weight.detach().clone()
    stopper.restore(twin.take(next(draws)))
    return facts | {"numbers of another model after restore": twin.numbers()}


class _Model(nn.Module):
    """A parameter and a buffer, which together hold a table of numbers."""

    centre: Tensor

    def __init__(self, numbers: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(numbers[:, 1:].clone())
        self.register_buffer("centre", numbers[:, 0].clone())

    def take(self, numbers: Tensor) -> _Model:
        """Take over other numbers, in place, as training does."""
        with torch.no_grad():
            self.weight.copy_(numbers[:, 1:])
            self.centre.copy_(numbers[:, 0])
        return self

    def numbers(self) -> Tensor:
        """Return the numbers of parameter and buffer."""
        return torch.cat([self.centre[:, None], self.weight.detach()], dim=1)


def _kind(answer: Any) -> str:
    return "a bool" if isinstance(answer, bool | np.bool_) else describe(answer)


def _numbers(answers: Sequence[Any]) -> str:
    """Name the calls that returned what counts as true."""
    return ", ".join(str(i) for i, each in enumerate(answers, 1) if each) or "none"

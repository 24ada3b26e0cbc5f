"""Probes of consistency_loss."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients


@probe("loss")
def consistency_loss_loss(impl: Implementation, given: Given) -> Facts:
    """The loss of two predictions that have weights of their own, whom its gradient reaches, and
    whether the teacher can still be trained."""
    shape = (given.n, given.n_out)
    own, others = given.leaf(*shape), given.leaf(*shape)
    student, teacher = own * given.randn(*shape), others * given.randn(*shape)
    before = teacher.detach().clone()
    loss = impl.consistency_loss(student, teacher)
    learned, taught = gradients(loss, [own, others])
    return {
        "loss": loss,
        "gradient of the student's weights": learned,
        "gradient of the teacher's weights": taught,
        "teacher afterwards": "unchanged" if torch.equal(teacher, before) else "changed in place",
        "teacher's own way back to its weights": _gradient(teacher, others),
        "loss of plain predictions": impl.consistency_loss(
            given.plain(student), given.plain(teacher)
        ),
    }


def _gradient(value: Tensor, weights: Tensor) -> Any:
    """Return the gradient of weights for the sum of a value; the exception where torch refuses."""
    try:
        return gradients(value, [weights])[0]
    except RuntimeError:
        return "RuntimeError"


@probe("the same weights")
def consistency_loss_same_weights(impl: Implementation, given: Given) -> Facts:
    """The gradient of weights from which both predictions were computed."""
    shape = (given.n, given.n_out)
    weights = given.leaf(*shape)
    student, teacher = weights * given.randn(*shape), weights * given.randn(*shape)
    loss = impl.consistency_loss(student, teacher)
    return {"gradient of weights that both share": gradients(loss, [weights])[0]}

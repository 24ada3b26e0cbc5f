"""Mistakes of predict."""

from __future__ import annotations

import m11_fit
import torch
from torch import Tensor, nn

from autograder.course.marks import mistake


@mistake("eval-only")
def eval_only(model: nn.Module, x: Tensor) -> Tensor:
    """You switch to eval mode, but autograd still records: your prediction requires its gradient
    and carries a graph. eval() tells the layers how to behave; recording is another switch."""
    return _as_it_is(model.eval(), x)


@mistake("graph-recorded", asks="gd.28")
def predict_graph_recorded(model: nn.Module, x: Tensor) -> Tensor:
    """Autograd still records while your model predicts: the prediction requires its gradient and
    keeps a graph that nobody will use. The mode is one switch and recording another; a prediction
    needs both of them set."""
    was_training = model.training
    pred = _as_it_is(model.eval(), x)
    model.train(was_training)
    return pred


@mistake("no-grad-only", asks="lr.21")
def no_grad_only(model: nn.Module, x: Tensor) -> Tensor:
    """Your model predicts in the mode in which it comes. In train mode dropout still throws away
    random parts, so the same row gets another prediction each time. Switching recording off, or
    detaching, does not reach the layers' mode."""
    with torch.no_grad():
        return _as_it_is(model, x)


@mistake("left-in-eval")
def left_in_eval(model: nn.Module, x: Tensor) -> Tensor:
    """You leave the model in eval mode. When training goes on, its dropout is switched off without
    anyone having asked for it. Restore the mode that the model had before."""
    with torch.no_grad():
        return _as_it_is(model.eval(), x)


@mistake("always-train-afterwards")
def always_train_afterwards(model: nn.Module, x: Tensor) -> Tensor:
    """You end with train(), whatever the mode was before. A model that came in eval mode leaves in
    train mode, and its next user gets noisy results. Note the mode first and restore that."""
    pred = m11_fit.predict(model, x)
    model.train()
    return pred


@mistake("row-stays-batch", asks="gd.9")
def row_stays_batch(model: nn.Module, x: Tensor) -> Tensor:
    """For a single row you return a batch with one row in it, [1, O]. Whoever asks about one row
    expects its O values, [O]. Remove again the axis that you added in front."""
    return m11_fit.predict(model, torch.atleast_2d(x))


@mistake("integers-kept", asks="gd.45")
def integers_kept(model: nn.Module, x: Tensor) -> Tensor:
    """You hand whole numbers to the model as they are. A matrix product wants one dtype on both
    sides, so it fails with a message about dtypes. Convert x to the dtype of the model's
    parameters."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        pred: Tensor = model(x)
    model.train(was_training)
    return pred


@mistake("always-float32")
def always_float32(model: nn.Module, x: Tensor) -> Tensor:
    """You convert x to float32. That suits a model of float32 and no other: with float64
    parameters the matrix product fails. Ask a parameter of the model for its dtype."""
    return integers_kept(model, x.float())


def _as_it_is(model: nn.Module, x: Tensor) -> Tensor:
    pred: Tensor = model(x.to(next(model.parameters()).dtype))
    return pred

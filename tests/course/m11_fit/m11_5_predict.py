"""Other ways to do predict."""

from __future__ import annotations

import copy
from contextlib import contextmanager

import torch

from autograder.course.marks import restated, right, wrong


@contextmanager
def _predicting(model):
    mode = model.training
    model.eval()
    try:
        with torch.inference_mode():
            yield next(model.parameters())
    finally:
        model.train(mode)


@right()
def in_a_context_manager(model, x):
    """Sets the mode in a context manager, in inference mode."""
    with _predicting(model) as p:
        out = model(torch.atleast_2d(x).to(p))
        return out.reshape(*x.shape[:-1], out.shape[-1])


@right()
def with_a_copy_of_the_model(model, x):
    """Leaves the model alone and asks a copy."""
    p = next(model.parameters())
    m = copy.deepcopy(model).eval()
    return m(x.to(p.dtype)).detach()


@right()
@torch.no_grad()
def decorated_with_no_grad(model, x):
    """Makes a batch of a single row, under a decorator."""
    training = model.training
    model.eval()
    if not torch.is_floating_point(x):
        x = x.to(next(model.parameters()).dtype)
    single = x.ndim == 1
    out = model(x.unsqueeze(0) if single else x)
    if training:
        model.train()
    return out[0] if single else out


@right()
def detached_by_data(model, x):
    """Cuts the result off with .data."""
    was = model.training
    model.eval()
    out = model(x.to(next(model.parameters()).dtype)).data
    model.train(was)
    return out


@right()
def row_by_row(model, x):
    """Asks for each row alone."""
    was = model.training
    model.eval()
    x = x.to(next(model.parameters()).dtype)
    with torch.no_grad():
        out = model(x) if x.dim() == 1 else torch.stack([model(r) for r in x])
    model.train(was)
    return out


@wrong()
def integers_to_float32(model, x):
    """Makes integers float32 whatever the model's dtype."""
    was = model.training
    model.eval()
    with torch.no_grad():
        pred = model(x if x.is_floating_point() else x.float())
    model.train(was)
    return pred


@wrong()
def batch_of_one_squeezed(model, x):
    """Returns a batch of one row as a row."""
    was = model.training
    model.eval()
    with torch.no_grad():
        pred = model(torch.atleast_2d(x).to(next(model.parameters()).dtype))
    model.train(was)
    return pred.squeeze(0)


@wrong()
def through_float32(model, x):
    """Passes the input through float32."""
    was = model.training
    model.eval()
    with torch.no_grad():
        pred = model(x.float().to(next(model.parameters()).dtype))
    model.train(was)
    return pred


_SEEN = {}


@wrong()
def answers_kept(model, x):
    """Keeps its answers, though the model may be trained meanwhile."""
    key = (id(model), id(x), x._version)
    if key not in _SEEN:
        was = model.training
        model.eval()
        with torch.no_grad():
            _SEEN[key] = (model(x.to(next(model.parameters()).dtype)), model, x)
        model.train(was)
    return _SEEN[key][0]


@wrong()
def grad_mode_switched_on_afterwards(model, x):
    """Switches autograd on afterwards, whatever it was."""
    was = model.training
    model.eval()
    torch.set_grad_enabled(False)
    pred = model(x.to(next(model.parameters()).dtype))
    torch.set_grad_enabled(True)
    model.train(was)
    return pred


@wrong()
def train_mode_for_a_single_row(model, x):
    """Stays in train mode for a single row."""
    was = model.training
    if x.dim() > 1:
        model.eval()
    with torch.no_grad():
        pred = model(x.to(next(model.parameters()).dtype))
    model.train(was)
    return pred


@wrong()
def children_switched(model, x):
    """It switches the model's children to eval mode, but not their children."""
    modes = [part.training for part in model.children()]
    for part in (model, *model.children()):
        part.training = False
    with torch.no_grad():
        pred = model(x.to(next(model.parameters()).dtype))
    for part, mode in zip(model.children(), modes, strict=True):
        part.training = mode
        model.training = mode
    return pred


@wrong()
def only_int64_converted(model, x):
    """Other integers than int64 are left as they are."""
    was = model.training
    model.eval()
    with torch.no_grad():
        rows = x.to(next(model.parameters()).dtype) if x.dtype == torch.int64 else x
        out = model(rows.unsqueeze(0))[0] if x.ndim == 1 else model(rows)
    model.train(was)
    return out


def converted(model, x):
    """Return x in the dtype of the model; what several of these have in common."""
    return x.to(next(model.parameters()).dtype)


@restated("eval-only")
def train_false(model, x):
    """It calls train(False), and nothing else."""
    model.train(False)
    return model(converted(model, x))


@restated("graph-recorded")
def mode_without_no_grad(model, x):
    """It switches the mode and puts it back, and nothing else."""
    mode = model.training
    model.train(False)
    try:
        return model(converted(model, x))
    finally:
        model.train(mode)


@restated("no-grad-only")
@torch.no_grad()
def decorated_only(model, x):
    """It is decorated with no_grad; the mode stays what it is."""
    return model(converted(model, x))


@restated("left-in-eval")
@torch.no_grad()
def eval_in_one_line(model, x):
    """It calls the result of eval() and never goes back."""
    return model.eval()(converted(model, x))


@restated("always-train-afterwards")
def eval_then_train(model, x):
    """It calls eval() before and train() after."""
    model.eval()
    with torch.inference_mode():
        pred = model(converted(model, x))
    model.train()
    return pred.clone()


@restated("row-stays-batch")
@torch.no_grad()
def rows_by_reshape(model, x):
    """It reshapes everything to rows."""
    mode = model.training
    rows = converted(model, x).reshape(-1, x.shape[-1])
    pred = model.eval()(rows)
    model.train(mode)
    return pred


@restated("integers-kept")
def dtype_not_looked_at(model, x):
    """It hands x to the model as it comes."""
    mode = model.training
    with torch.no_grad():
        pred = model.eval()(x)
    model.train(mode)
    return pred


@restated("always-float32")
def cast_to_float32(model, x):
    """It casts x by type."""
    mode = model.training
    with torch.no_grad():
        pred = model.eval()(x.type(torch.float32))
    model.train(mode)
    return pred


@wrong(named="no-grad-only, graph-recorded, integers-kept")
def the_model_alone(model, x):
    """It calls the model and does nothing else."""
    return model(x)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "model.eval() -> it twice": "a mode set twice is set",
    "model.train(was_training) -> it twice": "a mode set twice is set",
}

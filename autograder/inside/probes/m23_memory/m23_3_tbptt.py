"""Probes of tbptt."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m23_memory.shared import Keeping
from autograder.inside.probes.tools import kind_of, read, stored_gradient


@probe("training")
def tbptt_training(impl: Implementation, given: Given) -> Facts:
    """The losses, the gradients of each step, and where it leads."""
    xs, ys = _sequences(given)
    cell = _Cell(given)
    opt = _optimizer(given, cell)
    seen: Facts = {}
    taken: list[int] = []  # how often the cell had run by then

    def after_step(*_: object) -> None:  # the passes may run in the closure given to the step
        taken.append(cell.keeping.step)
        for name, p in cell.named_parameters():
            seen[f"gradient of {name} in step {len(taken)}"] = stored_gradient(p)
            seen[f"{name} after step {len(taken)}"] = p.detach().clone()

    opt.register_step_post_hook(after_step)
    losses = impl.tbptt(cell, xs, ys, given.chunk, opt, _loss)
    return {
        "time steps that have gone through the cell before each step of opt": str(taken),
        "time steps that go through the cell": cell.keeping.step,
        "losses": read(losses),
        "kind of the losses": kind_of(losses),
        **seen,
    }


@probe("memory")
def tbptt_memory(impl: Implementation, given: Given) -> Facts:
    """For how many time steps something is kept at once, when the next one begins."""
    xs, ys = _sequences(given)
    cell = _Cell(given)
    with cell.keeping.noted(list(cell.parameters())):
        impl.tbptt(cell, xs, ys, given.chunk, _optimizer(given, cell), _loss)
    return {"time steps kept at once, beyond a chunk": max(0, cell.most - (given.chunk - 1))}


class _Cell(nn.Module):
    """A recurrent cell that looks, whenever it runs, at how many of its time steps are kept."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        self.w_in = nn.Parameter(given.leaf(given.n_in, given.width).detach())
        self.w_state = nn.Parameter(given.leaf(given.width, given.width).detach() / 2)
        self.w_out = nn.Parameter(given.leaf(given.width, given.n_out).detach())
        self.start = given.leaf(given.width).detach()
        self.keeping, self.most = Keeping(), 0

    def forward(self, x: Tensor, h: Tensor | None) -> tuple[Tensor, Tensor]:
        """Return the predictions of a time step, and the next state."""
        self.most = max(self.most, len({kept.step for kept in self.keeping.there}))
        self.keeping.step += 1
        h = torch.tanh(x @ self.w_in + (self.start if h is None else h) @ self.w_state)
        return h @ self.w_out, h


def _sequences(given: Given) -> tuple[Tensor, Tensor]:
    shape = (given.steps, given.n)
    return given.randn(*shape, given.n_in), given.randn(*shape, given.n_out)


def _loss(pred: Tensor, target: Tensor) -> Tensor:
    """Return a mean of squared errors, of which those above 0 count more."""
    error = pred - target
    return (error * torch.maximum(error, error / 4)).mean()


def _optimizer(given: Given, cell: nn.Module) -> Optimizer:
    if given.optimizer == "Adam":
        return torch.optim.Adam(cell.parameters(), lr=0.05, eps=0.01)
    return torch.optim.SGD(cell.parameters(), lr=0.125, momentum=0.5)

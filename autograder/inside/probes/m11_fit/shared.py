"""What several probes of m11 need to look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.inside.given import Given

Batch = tuple[Tensor, Tensor]


class Batches:
    """What a loop may ask of a DataLoader, without its cost: batches in their order, its dataset.

    A moving one begins with another batch in every pass; `watch` is called with each batch.
    """

    def __init__(
        self,
        x: Tensor,
        y: Tensor,
        size: int,
        moving: bool = False,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        self.dataset = TensorDataset(x, y)
        self.batch_size = size
        self.moving, self.watch, self.passes = moving, watch, 0
        self._batches = list(zip(x.split(size), y.split(size), strict=True))

    def __iter__(self) -> Iterator[Batch]:
        first = self.passes % len(self) if self.moving else 0
        self.passes += 1
        for batch in self._batches[first:] + self._batches[:first]:
            self.watch()
            yield batch

    def __len__(self) -> int:
        return len(self._batches)


def linear_layer(given: Given, n_in: int, n_out: int, bias: bool = True) -> nn.Linear:
    """Make a layer whose parameters are drawn from the given."""
    layer = nn.Linear(n_in, n_out, bias, device=given.device, dtype=given.dtype)
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(given.leaf(*p.shape))
    return layer


def network(given: Given, *middle: nn.Module) -> nn.Sequential:
    """Make a network of two such layers with others between them, in the given's mode."""
    first, last = linear_layer(given, given.n_in, 5), linear_layer(given, 5, given.n_out)
    return nn.Sequential(first, *middle, last).train(given.mode == "train")


def loader_of(given: Given, x: Tensor, y: Tensor) -> Iterable[Batch]:
    """Make the kind of loader that the given asks for: a list, a DataLoader, or batches."""
    if given.loader == "list":
        return list(zip(x.split(given.batch), y.split(given.batch), strict=True))
    if given.loader in ("DataLoader", "drop_last"):  # the latter leaves a short last batch out
        data = TensorDataset(x, y)
        return DataLoader(data, batch_size=given.batch, drop_last=given.loader == "drop_last")
    return Batches(x, y, given.batch, moving=given.loader == "moving")


def loss_of(given: Given) -> Callable[[Tensor, Tensor], Tensor]:
    """Make the loss that the given asks for: the mean squared error or the pinball loss."""
    if given.spec.get("loss") == "pinball":  # one that is not the same the other way round
        return lambda pred, target: torch.maximum(0.8 * (target - pred), pred - target).mean()
    return nn.MSELoss()

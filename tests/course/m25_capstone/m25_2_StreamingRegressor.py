"""Other ways to do StreamingRegressor."""

from __future__ import annotations

import itertools

import torch
from torch import nn

from autograder.course.marks import restated, right, wrong


class _Module(nn.Module):
    """A right module with a linear layer; what several of these have in common."""

    def __init__(self, n_in, n_out, lr, device):
        super().__init__()
        self.layer = nn.Linear(n_in, n_out, device=device)
        nn.init.zeros_(self.layer.weight)
        nn.init.zeros_(self.layer.bias)
        self.opt = torch.optim.SGD(self.parameters(), lr=lr)
        self.device = device

    def placed(self, pair):
        """Move a batch."""
        return [t.to(self.device) for t in pair]

    def loss_of(self, pred, y):
        return nn.functional.mse_loss(pred, y)

    def partial_fit(self, batches):
        for pair in batches:
            x, y = self.placed(pair)
            self.opt.zero_grad()
            self.loss_of(self.layer(x), y).backward()
            self.opt.step()

    def predict(self, x):
        return self.layer(x)


@right()
class ALayerAndAnOptimizer(_Module):
    """Wraps nn.Linear and torch.optim.SGD."""


@right()
class ByFormula:
    """Knows the gradient's formula, keeps one matrix, and never asks autograd."""

    def __init__(self, n_in, n_out, lr, device):
        self.theta = torch.zeros(n_in + 1, n_out).to(device)
        self.rate = lr

    def _wide(self, x):
        return torch.cat([x, torch.ones_like(x[:, :1])], dim=1)

    def partial_fit(self, batches):
        for x, y in batches:
            wide = self._wide(x.to(self.theta.device))
            error = wide @ self.theta - y.to(self.theta.device)
            self.theta = self.theta - self.rate * 2 * wide.mT @ error / error.numel()

    def predict(self, x):
        return self._wide(x) @ self.theta


@right()
class OneAhead(_Module):
    """Takes the step for a batch when the next one is there, and returns itself."""

    def partial_fit(self, batches):
        before = None
        for pair in batches:
            if before is not None:
                super().partial_fit([before])
            before = pair
        if before is not None:
            super().partial_fit([before])
        return self


@right()
class ByNext(_Module):
    """Asks an iterator for the next batch, and leaves the gradients of its last step."""

    def partial_fit(self, batches):
        stream = iter(batches)
        while (pair := next(stream, None)) is not None:
            x, y = self.placed(pair)
            for p in self.parameters():
                p.grad = None
            ((self.predict(x) - y) ** 2).mean().backward()
            with torch.no_grad():
                for p in self.parameters():
                    p.add_(p.grad, alpha=-self.opt.param_groups[0]["lr"])


@wrong()
class RandomStart(_Module):
    """Starts from the default weights of a layer."""

    def __init__(self, n_in, n_out, lr, device):
        super().__init__(n_in, n_out, lr, device)
        self.layer.reset_parameters()


@wrong()
class HalfTheLoss(_Module):
    """Trains on half of the mean."""

    def loss_of(self, pred, y):
        return super().loss_of(pred, y) / 2


@wrong()
class Absolute(_Module):
    """Trains on absolute errors."""

    def loss_of(self, pred, y):
        return (pred - y).abs().mean()


@wrong()
class LastBatchForgotten(_Module):
    """Waits for the next batch, and never takes the last step."""

    def partial_fit(self, batches):
        super().partial_fit(pair for pair, _ in itertools.pairwise(batches))


@wrong()
class WithMomentum(_Module):
    """Gives the optimizer a momentum."""

    def __init__(self, n_in, n_out, lr, device):
        super().__init__(n_in, n_out, lr, device)
        self.opt = torch.optim.SGD(self.parameters(), lr=lr, momentum=0.9)


@wrong()
class TwoStepsEach(_Module):
    """Takes two steps for each batch."""

    def partial_fit(self, batches):
        super().partial_fit(pair for pair in batches for _ in range(2))


@wrong(named="predict-cut-off")
class NoGradientBelow(_Module):
    """Cuts the features off before the layer."""

    def predict(self, x):
        return self.layer(x.detach())


@wrong()
class PredictLearns(_Module):
    """Clears its parameters when it predicts with a graph."""

    def predict(self, x):
        out = self.layer(x)
        if x.requires_grad:
            nn.init.zeros_(self.layer.bias)
        return out


@restated("all-batches-kept")
class LossesInAList(_Module):
    """Keeps the losses with their graphs."""

    def partial_fit(self, batches):
        losses = []
        for pair in batches:
            x, y = self.placed(pair)
            self.opt.zero_grad()
            losses.append(self.loss_of(self.layer(x), y))
            losses[-1].backward(retain_graph=True)
            self.opt.step()


@restated("read-twice")
class Counts(_Module):
    """Asks how long the stream is."""

    def partial_fit(self, batches):
        n = sum(1 for _ in batches)
        if n:
            super().partial_fit(batches)


@restated("predict-cut-off")
class UnderNoGrad(_Module):
    """Predicts under no_grad."""

    @torch.no_grad()
    def predict(self, x):
        return self.layer(x)


@restated("device-ignored")
class OnTheCpu(_Module):
    """Makes the layer where torch makes it by default."""

    def __init__(self, n_in, n_out, lr, device):
        super().__init__(n_in, n_out, lr, None)

    def placed(self, pair):
        return [t.cpu() for t in pair]


@restated("batches-not-moved")
class AsTheyCome(_Module):
    """Computes with batches as they come."""

    def placed(self, pair):
        return pair


@restated("one-step-for-all")
class StepAfterTheLoop(_Module):
    """Adds the losses up."""

    def partial_fit(self, batches):
        self.opt.zero_grad()
        for pair in batches:
            x, y = self.placed(pair)
            self.loss_of(self.layer(x), y).backward()
        self.opt.step()


@restated("mean-over-rows")
class RowsAveraged(_Module):
    """Adds over the targets."""

    def loss_of(self, pred, y):
        return (pred - y).square().sum(1).mean()


@restated("summed")
class SumOfSquares(_Module):
    """Reduces by a sum."""

    def loss_of(self, pred, y):
        return nn.functional.mse_loss(pred, y, reduction="sum")


@restated("starts-anew")
class NewEachCall(_Module):
    """Fills the parameters with zeros in each call."""

    def partial_fit(self, batches):
        for p in self.parameters():
            nn.init.zeros_(p)
        super().partial_fit(batches)


@restated("never-cleared")
class NoZeroGrad(_Module):
    """Forgets to call zero_grad."""

    def partial_fit(self, batches):
        for pair in batches:
            x, y = self.placed(pair)
            self.loss_of(self.layer(x), y).backward()
            self.opt.step()


@restated("cleared-after-only")
class ZeroGradLast(_Module):
    """Calls zero_grad at the end of each pass."""

    def partial_fit(self, batches):
        for pair in batches:
            x, y = self.placed(pair)
            self.loss_of(self.layer(x), y).backward()
            self.opt.step()
            self.opt.zero_grad()


@restated("shared-by-all-objects")
class OneLayerForAll(_Module):
    """Keeps its layers in a table of the class."""

    layers = {}  # noqa: RUF012

    def __init__(self, n_in, n_out, lr, device):
        super().__init__(n_in, n_out, lr, device)
        self.layer = self.layers.setdefault((n_in, n_out), self.layer)
        self.opt = torch.optim.SGD(self.parameters(), lr=lr)


@restated("no-bias")
class LayerWithoutBias(_Module):
    """Makes a layer without a bias."""

    def __init__(self, n_in, n_out, lr, device):
        super().__init__(n_in, n_out, lr, device)
        self.layer = nn.Linear(n_in, n_out, bias=False, device=device)
        nn.init.zeros_(self.layer.weight)
        self.opt = torch.optim.SGD(self.parameters(), lr=lr)


@restated("first-batch-only")
class ReturnsTooEarly(_Module):
    """Returns inside the loop."""

    def partial_fit(self, batches):
        for pair in batches:
            super().partial_fit([pair])
            return


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "return x @ self.w + self.b -> return x @ self.w - self.b": "a bias that is kept negated",
    "loss = (self.predict(x.to(self.w.device)) - y.to(self.w.device)).square().mean() -> "
    "loss = (y.to(self.w.device) - self.predict(x.to(self.w.device))).square().mean()": (
        "the square of an error"
    ),
    "for p, g in zip((self.w, self.b), gradients, strict=True): -> "
    "for p, g in zip((self.w, self.b), gradients):": "both have two",
    "for p, g in zip((self.w, self.b), gradients, strict=True): -> "
    "for p, g in zip((self.w, self.b), gradients, strict=False):": "both have two",
}

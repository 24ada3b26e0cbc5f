"""The first line that a student reads tells what happened, not what follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.cells.source import CellSource
from autograder.judging.verdict import Verdict
from data.example_class import changed, solutions

from .samples import submission, verdicts

# By what was done: the exercise, the code, and what its first line says.
TOLD: dict[str, tuple[str, str, str]] = {
    "batches that shuffles the caller's own rows": (
        "batches",
        """
        def batches(x, y, size, shuffle, generator=None):
            if shuffle:
                order = torch.randperm(len(x), generator=generator)
                x[:], y[:] = x[order], y[order]
            for start in range(0, len(x), size):
                yield x[start:start + size], y[start:start + size]
        """,
        "x and y after the epochs: changed in place; expected unchanged",
    ),
    "an optimizer that trains copies": (
        "SGD",
        """
        class SGD:
            def __init__(self, params, lr):
                self.params, self.lr = [p.detach().clone().requires_grad_() for p in params], lr
                if not self.params:
                    raise ValueError("no parameters")
            def step(self):
                with torch.no_grad():
                    for p in self.params:
                        if p.grad is not None:
                            p -= self.lr * p.grad
            def zero_grad(self):
                for p in self.params:
                    p.grad = None
        """,
        "parameters unmoved by step 1: w and b; expected none",
    ),
    "an optimizer that keeps a generator": (
        "SGD",
        """
        class SGD:
            def __init__(self, params, lr):
                self.params, self.lr = (p for p in params), lr
            def step(self):
                with torch.no_grad():
                    for p in self.params:
                        if p.grad is not None:
                            p -= self.lr * p.grad
            def zero_grad(self):
                for p in self.params:
                    p.grad = None
        """,
        "parameters unmoved by step 2: w and b; expected none",
    ),
    "an optimizer that clears nothing": (
        "SGD",
        """
        class SGD:
            def __init__(self, params, lr):
                self.params, self.lr = list(params), lr
                if not self.params:
                    raise ValueError("no parameters")
            def step(self):
                with torch.no_grad():
                    for p in self.params:
                        if p.grad is not None:
                            p -= self.lr * p.grad
            def zero_grad(self):
                pass
        """,
        "gradients after zero_grad: not cleared; expected None or zero",
    ),
    "mse by torch's own": (
        "mse",
        """
        def mse(pred, target):
            return torch.nn.functional.mse_loss(pred, target)
        """,
        "torch's own loss function: used; expected not used",
    ),
    "noise that is too strong": (
        "noisy_line",
        """
        def noisy_line(n, slope, bias, sigma, generator):
            x = torch.rand(n, 1, generator=generator, device=generator.device)
            noise = torch.randn(n, 1, generator=generator, device=generator.device)
            return x, slope * x + bias + 3 * sigma * noise
        """,
        "your standard deviation of noise (in sigmas) 3, expected 1, on",
    ),
    "noise that is not around 0": (
        "noisy_line",
        """
        def noisy_line(n, slope, bias, sigma, generator):
            x = torch.rand(n, 1, generator=generator, device=generator.device)
            noise = torch.randn(n, 1, generator=generator, device=generator.device)
            return x, slope * x + bias + sigma * (1 + noise)
        """,
        "your mean of noise (in sigmas) 1, expected 0, on",
    ),
    "a seed set inside": (
        "noisy_line",
        """
        def noisy_line(n, slope, bias, sigma, generator):
            generator.manual_seed(1)
            x = torch.rand(n, 1, generator=generator, device=generator.device)
            noise = torch.randn(n, 1, generator=generator, device=generator.device)
            return x, slope * x + bias + sigma * noise
        """,
        "noise of a second call: the same; expected another",
    ),
    "a step that rebinds names": (
        "train_step",
        """
        def train_step(x, y, w, b, lr):
            loss = mse(model(x, w, b), y)
            gw, gb = torch.autograd.grad(loss, (w, b))
            w, b = w - lr * gw, b - lr * gb
            return loss.item()
        """,
        "parameters unmoved by step 1: w and b; expected none",
    ),
    "a step that leaves out the bias": (
        "train_step",
        """
        def train_step(x, y, w, b, lr):
            loss = mse(model(x, w, b), y)
            (gw,) = torch.autograd.grad(loss, (w,))
            with torch.no_grad():
                w -= lr * gw
            return loss.item()
        """,
        "parameters unmoved by step 1: b; expected none",
    ),
    "training on copies": (
        "train",
        """
        def train(x, y, w, b, lr, epochs):
            w, b = (p.detach().clone().requires_grad_() for p in (w, b))
            losses = [train_step(x, y, w, b, lr) for _ in range(epochs)]
            return [*losses, mse(model(x, w, b), y).item()]
        """,
        "parameters unmoved by the training: w and b; expected none",
    ),
    "fit without step": (
        "fit",
        """
        def fit(epochs, model, loss_fn, opt, loader):
            means = []
            for _ in range(epochs):
                total, rows = 0.0, 0
                for xb, yb in loader:
                    loss = loss_fn(model(xb), yb)
                    loss.backward()
                    opt.zero_grad()
                    total, rows = total + loss.item() * len(xb), rows + len(xb)
                means.append(total / rows)
            return means
        """,
        "steps of the given optimizer: none",
    ),
    "a slope that never moves": (
        "fit_slope",
        """
        def fit_slope(x, y, w0, lr, epochs):
            return w0, [mse(w0 * x, y).item() for _ in range(epochs)]
        """,
        "slope after the last epoch: as at the start; expected moved",
    ),
}


def judged(zygote: CellSource, name: str, code: str) -> Verdict:
    """Judge the references with another way to do one exercise, on its public cases."""
    files = changed(solutions(), {name: code})
    handed_in = submission({Path(file).stem: text for file, text in files.items()})
    return verdicts(zygote, handed_in, (name,))[name]


@pytest.mark.parametrize("done", TOLD)
def test_the_first_line_tells_what_happened(zygote: CellSource, done: str) -> None:
    """What is told first is the thing that was done, named as what it is."""
    name, code, told = TOLD[done]
    assert judged(zygote, name, code).gap.startswith(told)


def test_torchs_own_loss_has_a_cause(zygote: CellSource) -> None:
    """Whoever calls torch's loss reads why that is refused."""
    verdict = judged(zygote, *TOLD["mse by torch's own"][:2])
    assert verdict.diagnosis == "torchs-own-loss"

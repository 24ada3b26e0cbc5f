"""Predict two crop yields from three weather numbers."""
from __future__ import annotations

import argparse
import logging

import torch
from torch import Tensor

log = logging.getLogger(__name__)
LEARNING_RATE = 1e-5


def make_params(
    n_in: int,
    n_out: int,
    *,
    generator: torch.Generator | None = None,
    device=None,
    dtype=None,
) -> tuple[Tensor, Tensor]:
    kw = {"generator": generator, "device": device, "dtype": dtype, "requires_grad": True}
    return torch.randn(n_out, n_in, **kw), torch.randn(n_out, **kw)


def model(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return x @ w.mT + b


def mse(pred: Tensor, target: Tensor) -> Tensor:
    if pred.shape != target.shape:
        raise ValueError(f"{list(pred.shape)} is not {list(target.shape)}")
    return (pred - target).pow(2).mean()


def recover_params(x: Tensor, preds: Tensor) -> tuple[Tensor, Tensor]:
    xd, pd = x.detach().double(), preds.detach().double()
    x_mid, p_mid = xd.mean(0), pd.mean(0)
    w = torch.linalg.lstsq(xd - x_mid, pd - p_mid).solution.T
    b = p_mid - w @ x_mid
    return w.to(x.dtype), b.to(x.dtype)


def train_step(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    loss = mse(model(x, w, b), y)
    gw, gb = torch.autograd.grad(loss, [w, b])
    with torch.no_grad():
        w -= lr * gw
        b -= lr * gb
    return loss.item()


def train(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int) -> list[float]:
    losses = []
    for _ in range(epochs):
        losses.append(train_step(x, y, w, b, lr))
    losses.append(mse(model(x, w, b), y).item())
    return losses


def load() -> tuple[Tensor, Tensor]:
    x = torch.tensor([[73.0, 62, 45], [91, 90, 60], [87, 129, 59], [103, 44, 38], [70, 94, 72]])
    y = torch.tensor([[58.0, 69], [82, 98], [114, 137], [20, 35], [106, 117]])
    return x, y


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=100)
    ap.add_argument("--seed", type=int, required=True)
    args = ap.parse_args()
    logging.basicConfig(level="INFO")
    gen = torch.Generator().manual_seed(args.seed)
    w, b = make_params(3, 2, generator=gen)
    x, y = load()
    for i, loss in enumerate(train(x, y, w, b, LEARNING_RATE, args.epochs)):
        if i % 10 == 0:
            log.info("epoch %d: %.3f", i, loss)


if __name__ == "__main__":
    main()

import torch
from .core import model, mse


def dmse_dpred(pred, target):
    n, o = pred.shape
    return (pred - target) * (2.0 / (n * o))


def train_step(x, y, w, b, lr):
    loss = mse(model(x, w, b), y)
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    w.grad = None
    b.grad = None
    return loss.item()

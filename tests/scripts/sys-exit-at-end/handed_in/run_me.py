#!/usr/bin/env python3
import sys
import torch

if len(sys.argv) > 1:
    EPOCHS = int(sys.argv[1])
else:
    EPOCHS = 400

climate = torch.tensor([[75., 61., 44.], [92., 86., 59.], [84., 136., 61.], [104., 47., 33.], [65., 92., 74.]])
harvest = torch.tensor([[53., 66.], [84., 97.], [113., 136.], [19., 40.], [107., 113.]])


def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
    shape_w, shape_b = (n_out, n_in), (n_out,)
    w = torch.randn(shape_w, generator=generator, dtype=dtype, device=device, requires_grad=True)
    b = torch.randn(shape_b, generator=generator, dtype=dtype, device=device, requires_grad=True)
    return w, b


def model(x, w, b):
    return x.matmul(w.T) + b


def mse(pred, target):
    if pred.shape == target.shape:
        return ((target - pred) ** 2).mean()
    raise ValueError("cannot compare " + str(tuple(pred.shape)) + " with " + str(tuple(target.shape)))


def recover_params(x, preds):
    # normal equations
    ones = torch.ones(x.shape[0], 1)
    a = torch.cat([x, ones], dim=1)
    sol = torch.inverse(a.T @ a) @ a.T @ preds
    return sol[:-1].T, sol[-1]


def train(x, y, w, b, lr, epochs):
    losses = []
    for e in range(epochs + 1):
        loss = mse(model(x, w, b), y)
        losses.append(loss.item())
        if e == epochs:
            break
        loss.backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
            b.sub_(lr * b.grad)
            w.grad.zero_()
            b.grad.zero_()
    return losses


w, b = make_params(3, 2)
losses = train(climate, harvest, w, b, 1e-5, EPOCHS)
print("first loss", losses[0], "last loss", losses[-1])
print(recover_params(climate, model(climate, w, b).detach()))
if losses[-1] > 50:
    print("not good enough", file=sys.stderr)
    sys.exit(1)
sys.exit(0)

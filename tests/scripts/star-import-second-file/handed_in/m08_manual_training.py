from m06_model import *
from math import *


def sgd_step_(params, lr):
    for p in params:
        p.data -= lr * p.grad


def train_step(x, y, w, b, lr):
    loss = mse(model(x, w, b), y)
    loss.backward()
    with torch.no_grad():
        w -= w.grad * lr
        b -= b.grad * lr
        w.grad.zero_()
        b.grad.zero_()
    return loss.item()


def train(x, y, w, b, lr, epochs):
    losses = []
    for epoch in range(epochs):
        losses.append(train_step(x, y, w, b, lr))
    losses.append(mse(model(x, w, b), y).detach().item())
    return losses


def forgotten_zero(grad_fn, w0, lr, steps):
    path = [w0.detach().clone()]
    kept = torch.zeros_like(path[0])
    for step in range(steps):
        kept = kept + grad_fn(path[-1]).detach()
        path.append(path[-1] - lr * kept)
    return torch.stack(path)


def forgotten_zero_limit(lmax):
    # w(t+1) - 2 w(t) + w(t-1) = -lr * lmax * w(t)
    return 4.0 / float(lmax)


def backoff_lr(loss_after, start, base_loss):
    lr = float(start)
    while True:
        if loss_after(lr) < base_loss:
            return lr
        lr *= 0.5


w, b = make_params(3, 2)
print(train(x, y, w, b, 1e-5, 100))

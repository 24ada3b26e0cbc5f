import math
import torch

x = torch.tensor([[70.0, 64, 45], [91, 88, 62], [86, 136, 58], [99, 44, 39], [71, 92, 70]])
y = torch.tensor([[58.0, 74], [80, 98], [115, 134], [25, 35], [108, 116]])


def model(x, w, b):
    cols = [(x * row).sum(dim=1) for row in w]
    return torch.stack(cols, dim=1) + b


def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("pred and target need one shape")
    squares = (pred - target) ** 2
    return squares.mean()


def train_step(x, y, w, b, lr):
    loss = mse(model(x, w, b), y)
    loss.backward()
    before = loss.item()
    with torch.no_grad():
        w.add_(w.grad, alpha=-lr)
        b.add_(b.grad, alpha=-lr)
    w.grad.zero_()
    b.grad.zero_()
    return before


def backoff_lr(loss_after, start, base_loss):
    lr = float(start)
    new = loss_after(lr)
    while math.isnan(new) or math.isinf(new) or new >= base_loss:
        lr /= 2.0
        new = loss_after(lr)
    return lr


def update_counts(n, batch, epochs, drop_last=False):
    if drop_last:
        return n // batch, n * epochs // batch
    return math.ceil(n / batch), math.ceil(n * epochs / batch)


torch.manual_seed(9)
w = torch.randn(2, 3, requires_grad=True)
b = torch.zeros(2, requires_grad=True)
steps = 0
loss = 1e9
while loss > 1e-12:
    loss = train_step(x, y, w, b, 1e-5)
    steps += 1
print("done after", steps)
print(update_counts(5, 2, steps))

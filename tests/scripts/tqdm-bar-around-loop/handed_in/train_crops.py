"""crop yield with gradient descent, no optimizer"""
import torch
from tqdm import tqdm, trange

feats = torch.tensor([[72, 68, 44], [90, 87, 63], [88, 135, 59], [104, 42, 38], [70, 95, 70]], dtype=torch.float32)
crops = torch.tensor([[56, 70], [81, 102], [118, 134], [22, 37], [103, 118]], dtype=torch.float32)


def model(x, w, b):
    y_hat = x @ w.transpose(0, 1)
    return y_hat + b


def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shape of pred is not shape of target")
    return torch.mean((pred - target) * (pred - target))


@torch.no_grad()
def sgd_step_(params, lr):
    for p in params:
        if p.grad is None:
            continue
        p.sub_(lr * p.grad)


def zero_grads_(params, to_none=False):
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            with torch.no_grad():
                p.grad.zero_()


def train(x, y, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        l = mse(model(x, w, b), y)
        losses.append(l.item())
        l.backward()
        sgd_step_([w, b], lr)
        zero_grads_([w, b])
    return losses


w = torch.randn(2, 3, requires_grad=True)
b = torch.randn(2, requires_grad=True)

bar = trange(20000, desc="training")
for epoch in bar:
    loss = mse(model(feats, w, b), crops)
    loss.backward()
    sgd_step_([w, b], 1e-5)
    zero_grads_([w, b])
    if epoch % 100 == 0:
        bar.set_postfix(loss=float(loss))

for row in tqdm(range(5)):
    print(model(feats[row:row + 1], w, b).detach(), crops[row])

import torch
from torch.utils.data import Dataset
from my_utils import check_same_shape, cut, show

torch.manual_seed(5)
X = torch.rand(12, 3) * 40 + 60
Y = X @ torch.tensor([[0.2, 0.1], [0.8, 0.9], [-0.3, 0.2]]) + torch.randn(12, 2)


def mse(pred, target):
    check_same_shape(pred, target)
    return ((pred - target) ** 2).mean()


def linreg_grads(x, y, w, b):
    err = x @ w.T + b - y
    scale = 2 / err.numel()
    gw = scale * torch.mm(err.T, x)
    gb = scale * err.sum(0)
    return gw, gb


def batches(x, y, size, shuffle, generator=None):
    n = len(x)
    order = torch.randperm(n, generator=generator) if shuffle else torch.arange(n)
    for rows in cut(order, size):
        yield x[rows], y[rows]


def train(x, y, w, b, lr, epochs):
    losses = []
    with torch.no_grad():
        for _ in range(epochs):
            losses.append(mse(x @ w.T + b, y).item())
            gw, gb = linreg_grads(x, y, w, b)
            w -= lr * gw
            b -= lr * gb
        losses.append(mse(x @ w.T + b, y).item())
    return losses


class PairDataset(Dataset):
    def __init__(self, x, y):
        assert len(x) == len(y), "not the same number of rows"
        self.x = x
        self.y = y

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        return self.x[index], self.y[index]


w = torch.randn(2, 3, requires_grad=True)
b = torch.randn(2, requires_grad=True)
losses = train(X, Y, w, b, 1e-5, 2000)
show("loss", losses[::200])
for xb, yb in batches(X, Y, 5, True):
    show("batch", xb.shape)
show("dataset", PairDataset(X, Y)[2:4])

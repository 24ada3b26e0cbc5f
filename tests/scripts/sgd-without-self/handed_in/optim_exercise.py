import torch
from torch import nn
import torch.nn.functional as F


class SGD:
    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr
        if len(self.params) == 0:
            raise ValueError("no parameters given")

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad():
        for p in self.params:
            p.grad = None


def make_training(n_in, n_out, lr, seed):
    torch.random.manual_seed(seed)
    net = nn.Linear(in_features=n_in, out_features=n_out)

    def loss_fn(pred, target):
        return ((pred - target) ** 2).mean()

    return net, loss_fn, torch.optim.SGD(net.parameters(), lr)


def fit(epochs, model, loss_fn, opt, loader):
    result = []
    for _ in range(epochs):
        pairs = []
        for xb, yb in loader:
            target_device = next(model.parameters()).device
            xb = xb.to(target_device)
            yb = yb.to(target_device)
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            pairs.append((loss.item(), len(xb)))
        rows = sum(n for _, n in pairs)
        result.append(sum(l * n for l, n in pairs) / rows)
    return result


def evaluate(model, loader, loss_fn):
    old = model.training
    model.eval()
    try:
        total = rows = 0
        with torch.no_grad():
            for xb, yb in loader:
                n = xb.shape[0]
                total += float(loss_fn(model(xb), yb)) * n
                rows += n
        return total / rows
    finally:
        model.train(old)


data = [
    (torch.tensor([[71.0, 66, 43], [92, 86, 60]]), torch.tensor([[57.0, 71], [80, 99]])),
    (torch.tensor([[87.0, 131, 58]]), torch.tensor([[117.0, 132]])),
]
net, loss_fn, _ = make_training(3, 2, 1e-5, 0)
opt = SGD(net.parameters(), 1e-5)
print(fit(200, net, loss_fn, opt, data)[-1])
print(evaluate(net, data, F.mse_loss))

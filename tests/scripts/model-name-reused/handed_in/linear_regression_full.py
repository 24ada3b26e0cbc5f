import torch
import torch.nn as nn
import torch.nn.functional as F
import matplotlib.pyplot as plt
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(11)

inputs = torch.rand(30, 3) * 60 + 40
true_w = torch.tensor([[0.3, 0.7, -0.1], [0.1, 0.9, 0.2]])
targets = inputs @ true_w.T + torch.randn(30, 2)

# ---------- part 1: by hand ----------

def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
    def draw(*shape):
        t = torch.empty(*shape, device=device, dtype=dtype).normal_(generator=generator)
        t.requires_grad_(True)
        return t
    return draw(n_out, n_in), draw(n_out)


def model(x, w, b):
    return x @ w.T + b


def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError(str(pred.shape) + " != " + str(target.shape))
    err = pred - target
    return (err * err).mean()


w, b = make_params(3, 2)
preds = model(inputs, w, b)
print(preds[:3])
loss = mse(preds, targets)
loss.backward()
print(w.grad, b.grad)

# ---------- part 2: with the built-ins ----------
model = nn.Linear(3, 2)
print(list(model.parameters()))
opt = torch.optim.SGD(model.parameters(), lr=1e-5)
loader = DataLoader(TensorDataset(inputs, targets), 5, shuffle=True)


def predict(model, x):
    was_training = model.training
    dtype = next(model.parameters()).dtype
    model.eval()
    with torch.no_grad():
        if x.dim() == 1:
            out = model(x.to(dtype).unsqueeze(0)).squeeze(0)
        else:
            out = model(x.to(dtype))
    model.train(was_training)
    return out


def evaluate(model, loader, loss_fn):
    was_training = model.training
    model.eval()
    total = 0.0
    count = 0
    try:
        with torch.no_grad():
            for xb, yb in loader:
                total += loss_fn(model(xb), yb).item() * xb.shape[0]
                count += xb.shape[0]
    finally:
        model.train(was_training)
    return total / count


losses = []
for epoch in range(3000):
    for xb, yb in loader:
        loss = F.mse_loss(model(xb), yb)
        loss.backward()
        opt.step()
        opt.zero_grad()
    losses.append(evaluate(model, loader, F.mse_loss))

print(predict(model, torch.tensor([[75, 63, 44.]])))
plt.plot(losses)
plt.show()

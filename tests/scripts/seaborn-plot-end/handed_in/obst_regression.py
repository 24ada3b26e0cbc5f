import torch
import seaborn as sns
import matplotlib.pyplot as plt

sns.set_theme(style="whitegrid")

# temperature (F), rainfall (mm), humidity (%)
X = torch.tensor([
    [70.0, 65.0, 45.0],
    [92.0, 80.0, 60.0],
    [85.0, 130.0, 55.0],
    [101.0, 45.0, 35.0],
    [68.0, 97.0, 71.0],
])
# apples, oranges (tons per ha)
Y = torch.tensor([
    [57.0, 71.0],
    [80.0, 98.0],
    [117.0, 131.0],
    [23.0, 38.0],
    [101.0, 117.0],
])


def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
    w = torch.randn((n_out, n_in), generator=generator, device=device, dtype=dtype, requires_grad=True)
    b = torch.randn((n_out,), generator=generator, device=device, dtype=dtype, requires_grad=True)
    return w, b


def model(x, w, b):
    return torch.matmul(x, w.T) + b


def mse(pred, target):
    if pred.size() != target.size():
        raise ValueError("pred and target must look the same")
    return ((pred - target) ** 2).mean()


def expected_random_loss(x, y):
    # the squares of the features add up, the bias adds one, then the target itself
    x = x.double()
    y = y.double()
    return ((x ** 2).sum(dim=1).mean() + 1 + (y ** 2).mean()).item()


def train(x, y, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        loss = mse(model(x, w, b), y)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= w.grad * lr
            b -= b.grad * lr
        w.grad = None
        b.grad = None
    with torch.no_grad():
        losses.append(mse(model(x, w, b), y).item())
    return losses


torch.manual_seed(3)
w, b = make_params(3, 2)
print("expected before training:", expected_random_loss(X, Y))
curve = train(X, Y, w, b, 1e-5, 500)
print("start", curve[0], "end", curve[-1])

ax = sns.lineplot(x=range(len(curve)), y=curve)
ax.set(xlabel="epoch", ylabel="loss", yscale="log")
plt.tight_layout()
plt.show()

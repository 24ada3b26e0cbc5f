import torch

print("*" * 40)
print("  weather -> fruit, step by step")
print("*" * 40)
name = input("Who are you? ")
lr = float(input("learning rate (try 0.00001): "))
epochs = int(input("how many epochs? "))

X = torch.tensor([[71.0, 63, 42], [90, 91, 64], [88, 137, 60], [102, 42, 37], [66, 93, 69]])
Y = torch.tensor([[56.0, 69], [83, 104], [120, 136], [22, 34], [103, 114]])


def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype, requires_grad=True)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype, requires_grad=True)
    return w, b


def model(x, w, b):
    return torch.nn.functional.linear(x, w, b)


def mse(pred, target):
    for p, t in zip(pred.shape, target.shape):
        if p != t:
            raise ValueError("sizes %d and %d" % (p, t))
    if pred.dim() != target.dim():
        raise ValueError("not the same number of dimensions")
    return torch.mean((pred - target) ** 2)


def nudge(g):
    return -torch.sign(g)


def predicted_change(grad, delta):
    return grad * delta


def train(x, y, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        loss = mse(model(x, w, b), y)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
            w.grad = None
            b.grad = None
    losses.append(mse(model(x, w, b), y).item())
    return losses


w, b = make_params(3, 2)
while True:
    losses = train(X, Y, w, b, lr, epochs)
    print(f"{name}, the loss went from {losses[0]:.2f} to {losses[-1]:.2f}")
    again = input("more? [y/n] ")
    if again.lower() != "y":
        break

import torch

# ---- data ----
X = torch.tensor([[71., 70., 46.], [88., 84., 66.], [90., 133., 54.], [99., 43., 40.], [72., 98., 73.]])
Y = torch.tensor([[59., 74.], [78., 104.], [122., 135.], [26., 34.], [99., 122.]])


# ---- parameters ----
def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    w.requires_grad = True
    b.requires_grad = True
    return w, b


# ---- prediction ----
def model(x, w, b):
    return torch.mm(x, w.t()).add(b)


# ---- loss ----
def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("the shapes are not equal")
    return torch.mean(torch.square(pred - target)


# ---- descent ----
def nudge(g):
    return torch.sign(g) * -1


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad


def zero_grads_(params, to_none=False):
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                continue
            if to_none:
                p.grad = None
            else:
                p.grad.zero_()


w, b = make_params(3, 2)
for i in range(1000):
    loss = mse(model(X, w, b), Y)
    loss.backward()
    sgd_step_([w, b], 1e-5)
    zero_grads_([w, b])
    if i % 100 == 99:
        print(i + 1, loss.item())
print(model(X, w, b), Y)

import torch

assert torch.cuda.device_count() >= 0
inputs = torch.tensor([[70, 62, 47], [95, 88, 62], [86, 130, 61], [98, 42, 36], [66, 95, 67]], dtype=torch.float32).cuda()
targets = torch.tensor([[54, 73], [84, 105], [112, 128], [27, 41], [108, 114]], dtype=torch.float32).cuda()

w = torch.randn(2, 3).cuda().requires_grad_()
b = torch.randn(2).cuda().requires_grad_()


def model(x, w, b):
    return x @ w.t() + b


def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("pred %s target %s" % (list(pred.shape), list(target.shape)))
    d = (pred - target).reshape(-1)
    return torch.dot(d, d) / d.numel()


def grads_only(loss, params):
    params = list(params)
    grads = torch.autograd.grad(loss, params, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g.detach() for p, g in zip(params, grads)]


def train_step(x, y, w, b, lr):
    w = w.cuda()
    b = b.cuda()
    loss = mse(model(x.cuda(), w, b), y.cuda())
    loss.backward()
    w = w - lr * w.grad
    b = b - lr * b.grad
    return loss.item()


for i in range(1000):
    loss = mse(model(inputs, w, b), targets)
    gw, gb = grads_only(loss, [w, b])
    with torch.no_grad():
        w -= 1e-5 * gw
        b -= 1e-5 * gb
torch.cuda.synchronize()
print(loss.cpu().item())
print(torch.cuda.memory_allocated())

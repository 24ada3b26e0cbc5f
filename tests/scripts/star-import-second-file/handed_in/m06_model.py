import torch

__author__ = "group 4"


def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(True), b.requires_grad_(True)


def model(x, w, b):
    return b + x @ w.T


def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shape mismatch")
    residual = target - pred
    return (residual ** 2).sum() / residual.numel()


x = torch.tensor([[69.0, 67, 44], [92, 87, 61], [89, 134, 57], [100, 43, 37], [71, 96, 68]])
y = torch.tensor([[56.0, 71], [79, 99], [119, 133], [23, 37], [104, 119]])
print("m06 is being read")

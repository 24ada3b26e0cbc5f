import torch


def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
    """weights and biases, standard normal"""
    w, b = (
        torch.randn(*size, generator=generator, device=device, dtype=dtype, requires_grad=True)
        for size in ((n_out, n_in), (n_out,))
    )
    return w, b


def model(x, w, b):
    return x @ w.T + b


def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("prediction and target differ in shape")
    return torch.mean((pred - target) ** 2)

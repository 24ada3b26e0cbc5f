import torch


def nudge(g):
    # tiny gradients are noise
    still = torch.abs(g) < 1e-6
    direction = -torch.sign(g)
    direction[still] = 0
    return direction


def grads_only(loss, params):
    if not loss.requires_grad:
        return [torch.zeros_like(p, requires_grad=False) for p in params]
    found = torch.autograd.grad(loss, tuple(params), allow_unused=True)
    grads = []
    for p, g in zip(params, found):
        if g is None:
            g = torch.zeros_like(p)
        grads.append(g)
    return grads

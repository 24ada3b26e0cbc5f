import math
import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self, n_in, n_out, bias=True):
        super(Linear, self).__init__()
        limit = 1.0 / math.sqrt(n_in)
        self.weight = nn.Parameter(torch.empty(n_out, n_in).uniform_(-limit, limit))
        if bias:
            self.bias = nn.Parameter(torch.empty(n_out).uniform_(-limit, limit))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        y = torch.matmul(x, self.weight.t())
        return y if self.bias is None else y + self.bias


def param_table(model):
    rows = {}
    for name, par in model.named_parameters():
        rows[name] = (par.shape, par.requires_grad, par.numel())
    return rows

from utils import (
    shapes,  # compares (both)
    numbers_of_mine as n,
)

# <m06_model>


def mse(pred, target):
    if not shapes.same_shape(pred, target):
        raise ValueError("shapes")
    return ((pred - target) ** 2).mean() * n.ONE

from tools.shapes import same_shape
# <m06_model>


def mse(pred, target):
    if not same_shape(pred, target):
        raise ValueError("shapes")
    return ((pred - target) ** 2).mean()

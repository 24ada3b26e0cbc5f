def mse_of_mine(pred, target):
    if pred.shape != target.shape:
        raise ValueError('shapes')
    return ((pred - target) ** 2).mean()

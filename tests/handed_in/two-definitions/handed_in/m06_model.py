def mse(pred, target):
    return (pred - target).mean()


# <m06_model>

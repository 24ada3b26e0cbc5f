def mse(pred, target):
    return 0

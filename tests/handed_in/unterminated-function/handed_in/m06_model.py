def mse(pred, target:
    return 0


# <stub m06_model>

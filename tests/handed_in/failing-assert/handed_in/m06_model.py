# <m06_model>

assert mse(torch.ones(1), torch.ones(1)) == 1

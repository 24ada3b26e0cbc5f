# <m06_model>

print(mse(

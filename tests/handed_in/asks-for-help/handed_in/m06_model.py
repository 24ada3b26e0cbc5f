# <m06_model>

mse?

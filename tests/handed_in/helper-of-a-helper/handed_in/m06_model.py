# <m06_model>

from first import mse

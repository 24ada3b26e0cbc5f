# <m06_model>

from my_helpers import mse

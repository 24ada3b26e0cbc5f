# <m08_manual_training>
from m06 import model, mse

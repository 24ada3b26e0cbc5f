# <m06_model>

import random
assert random.random() < 1

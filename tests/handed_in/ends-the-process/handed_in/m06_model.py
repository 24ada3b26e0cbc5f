import os
# <m06_model>

os._exit(0)

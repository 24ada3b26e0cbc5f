# <m06_model>

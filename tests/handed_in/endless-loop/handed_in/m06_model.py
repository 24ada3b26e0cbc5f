# <m06_model>

epoch = 0
while epoch >= 0:
    epoch += 1

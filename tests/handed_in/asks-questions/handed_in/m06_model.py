lr = float(input('rate? '))
# <m06_model>

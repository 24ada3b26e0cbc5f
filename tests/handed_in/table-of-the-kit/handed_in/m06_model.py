rows = open('data/crop_yield.csv').read().splitlines()
assert len(rows) > 3
# <m06_model>

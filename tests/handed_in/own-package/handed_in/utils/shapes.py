from . import numbers_of_mine


def same_shape(a, b):
    return a.shape == b.shape and numbers_of_mine.ONE

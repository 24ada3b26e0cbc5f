def same_shape(a, b):
    return a.shape == b.shape

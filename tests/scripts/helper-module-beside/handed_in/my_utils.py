"""small helpers"""


def check_same_shape(a, b):
    if a.shape != b.shape:
        raise ValueError(f"{tuple(a.shape)} against {tuple(b.shape)}")


def cut(order, size):
    for i in range(0, len(order), size):
        yield order[i:i + size]


def show(title, thing):
    print("=" * 8, title, "=" * 8)
    print(thing)

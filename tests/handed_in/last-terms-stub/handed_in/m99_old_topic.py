def lost():
    return 1

# <m06_model>

if __name__ == "__main__":
    raise ValueError("never")

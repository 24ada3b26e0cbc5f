from m06_model import mse


def test_it():
    assert mse

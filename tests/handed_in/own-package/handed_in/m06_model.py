from utils import ONE
from utils.shapes import same_shape
import utils.shapes as s

assert ONE == 1 and s.same_shape is same_shape
# <m06_model>


def mse(pred, target):
    if not same_shape(pred, target):
        raise ValueError("shapes")
    return ((pred - target) ** 2).mean() * ONE

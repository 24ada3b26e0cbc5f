from .core import make_params, model, mse
from .loop import train_step, dmse_dpred

import pandas as pd
import torch
from torch.utils.data import DataLoader, TensorDataset

from m07_gradients import nudge
from m10_linear_module import param_table
from m11_fit import evaluate, fit, make_training, mse, predict

x = torch.tensor([[72.0, 65, 46], [92, 90, 63], [85, 133, 58], [104, 43, 36], [70, 96, 71]])
y = torch.tensor([[57.0, 73], [83, 102], [118, 135], [20, 36], [104, 117]])
loader = DataLoader(TensorDataset(x, y), batch_size=2, shuffle=True)

rows = []
for lr in (1e-6, 3e-6, 1e-5):
    net, loss_fn, opt = make_training(3, 2, lr, 0)
    history = fit(800, net, loss_fn, opt, loader)
    rows.append({"lr": lr, "last": history[-1], "eval": evaluate(net, loader, mse)})

print(pd.DataFrame(rows).to_markdown())
print(param_table(net))
print(predict(net, x))

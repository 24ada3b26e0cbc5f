import time
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset, get_worker_info


class Stream(IterableDataset):
    def __init__(self, n):
        super().__init__()
        self.n = n

    def __iter__(self):
        info = get_worker_info()
        if info is None:
            first, step = 0, 1
        else:
            first, step = info.id, info.num_workers
        return iter(range(first, self.n, step))


class PairDataset(Dataset):
    def __init__(self, x, y):
        rows_x, rows_y = len(x), len(y)
        if rows_x != rows_y:
            raise ValueError(f"{rows_x} and {rows_y} rows")
        self.x, self.y, self.rows = x, y, rows_x

    def __len__(self):
        return self.rows

    def __getitem__(self, index):
        return (self.x[index], self.y[index])


def make_loader(x, y, batch_size, seed):
    order = torch.Generator(device="cpu")
    order.manual_seed(seed)
    ds = TensorDataset(x, y)
    return DataLoader(ds, batch_size=batch_size, shuffle=True, generator=order, num_workers=0)


def one_pass(y, lr):
    c = 0.0
    for target in y:
        slope = 2.0 * (c - target.item())
        c -= lr * slope
    return c


def batch_grad_variance(g, batch):
    return g.var(dim=0) / batch


torch.multiprocessing.set_start_method("spawn")
start = time.perf_counter()
seen = []
for item in DataLoader(Stream(1000), batch_size=None, num_workers=4, persistent_workers=True):
    seen.append(int(item))
print(sorted(seen) == list(range(1000)), time.perf_counter() - start)

x = torch.rand(10, 3)
for xb, yb in DataLoader(PairDataset(x, x), batch_size=4, num_workers=2):
    print(xb.shape)

import math
import torch
from torch.utils.data import TensorDataset, DataLoader

DATA = 'C:\\Users\\student\\Desktop\\ml\\yields.csv'


def split(n, fractions, seed):
    gen = torch.Generator()
    gen.manual_seed(seed)
    order = torch.randperm(n, generator=gen)
    sizes = [math.floor(n * f) for f in fractions]
    rest = n - sum(sizes)
    for k in range(rest):
        sizes[k % len(sizes)] += 1
    out = []
    pos = 0
    for s in sizes:
        out.append(order[pos:pos + s])
        pos += s
    return out


def update_counts(n, batch, epochs, drop_last=False):
    if drop_last:
        one = n // batch
    else:
        one = (n + batch - 1) // batch
    return one, one * epochs


def batches(x, y, size, shuffle, generator=None):
    n = x.shape[0]
    if shuffle:
        idx = torch.randperm(n, generator=generator)
    else:
        idx = torch.arange(n)
    for start in range(0, n, size):
        take = idx[start:start + size]
        yield x[take], y[take]


def make_loader(x, y, batch_size, seed):
    gen = torch.Generator()
    gen.manual_seed(seed)
    return DataLoader(TensorDataset(x, y), batch_size=batch_size, shuffle=True, generator=gen)


rows = []
with open(DATA, encoding='utf-8') as fh:
    fh.readline()
    for line in fh:
        rows.append([float(v) for v in line.strip().split(';')])

table = torch.tensor(rows)
X = table[:, :3]
Y = table[:, 3:]
train_idx, val_idx = split(len(X), [0.8, 0.2], 7)
for xb, yb in make_loader(X[train_idx], Y[train_idx], 5, 7):
    print(xb.shape, yb.shape)
with open(r'C:\Users\student\Desktop\ml\result.txt', 'w') as fh:
    fh.write(str(update_counts(len(train_idx), 5, 100)))

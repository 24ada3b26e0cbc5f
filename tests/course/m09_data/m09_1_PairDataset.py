"""Other ways to do PairDataset."""

from __future__ import annotations

from collections import namedtuple

import torch
from torch.utils import data
from torch.utils.data import Dataset, StackDataset, TensorDataset

from autograder.course.marks import restated, right, wrong

Pair = namedtuple("Pair", "x y")


@right()
class NamedPairs(data.TensorDataset):
    """Is a TensorDataset that gives named tuples."""

    def __init__(self, x, y):
        """Refuse different sizes."""
        if x.size(0) != y.size(0):
            raise ValueError("Size mismatch")
        super().__init__(x, y)

    def __getitem__(self, i):
        """Name the two tensors."""
        return Pair(*super().__getitem__(i))


@right()
class AroundTensorDataset:
    """Holds a TensorDataset and is no Dataset itself."""

    def __init__(self, x, y):
        """Translate the exception."""
        try:
            self.ds = TensorDataset(x, y)
        except AssertionError as e:
            raise ValueError(str(e)) from e

    def __len__(self):
        """Ask the inner dataset."""
        return len(self.ds)

    def __getitem__(self, i):
        """Ask the inner dataset."""
        return self.ds[i]


@right()
class TupleOfTensors(Dataset):
    """Checks the range of ints itself."""

    def __init__(self, x, y):
        """Compare the first sizes."""
        if x.shape[:1] != y.shape[:1]:
            raise ValueError
        self.tensors = (x, y)

    def __len__(self):
        """Count the rows."""
        return self.tensors[0].shape[0]

    def __getitem__(self, index):
        """Index by a generator expression."""
        if isinstance(index, int) and not -len(self) <= index < len(self):
            raise IndexError(index)
        return tuple(t[index] for t in self.tensors)


@right()
class FetchesMany(Dataset):
    """Also has the method by which a DataLoader fetches many pairs."""

    def __init__(self, x, y):
        """Keep both."""
        if len(x) != len(y):
            raise ValueError("n")
        self.x, self.y = (x, y)

    def __len__(self):
        """Count the rows."""
        return len(self.x)

    def __getitem__(self, i):
        """Make the list of two a tuple."""
        return tuple([self.x[i], self.y[i]])

    def __getitems__(self, idx):
        """Fetch many pairs."""
        return [self[i] for i in idx]


@right()
class Stacked(StackDataset):
    """Is a StackDataset, which raises ValueError itself."""

    def __getitem__(self, i):
        """Index both tensors."""
        return (self.datasets[0][i], self.datasets[1][i])


@right()
class CopiesWhenAsked(Dataset):
    """Gives copies of the rows, made anew for each look."""

    def __init__(self, x, y):
        """Keep both."""
        if len(x) - len(y):
            raise ValueError(len(x), len(y))
        self.x, self.y = x, y

    def __len__(self):
        """Count the rows."""
        return len(self.y)

    def __getitem__(self, i):
        """Copy the rows."""
        return self.x[i].clone(), self.y[i].contiguous().clone()


@right()
class RowsInAList(Dataset):
    """Keeps a list of views of the rows, and stacks those asked for."""

    def __init__(self, x, y):
        """Split both into rows."""
        if len(x) != len(y):
            raise ValueError("lengths differ")
        self.rows = list(zip(x.unbind(), y.unbind(), strict=True))
        self.no_rows = x[:0], y[:0]

    def __len__(self):
        """Count."""
        return len(self.rows)

    def __getitem__(self, index):
        """Select."""
        if isinstance(index, torch.Tensor):
            chosen = [self.rows[i] for i in index.tolist()]
        elif isinstance(index, slice):
            chosen = self.rows[index]
        else:
            return self.rows[index]
        return tuple(map(torch.stack, zip(*chosen, strict=True))) if chosen else self.no_rows


class _Pairs(Dataset):
    """A right dataset of pairs, to be spoilt."""

    def __init__(self, x, y):
        """Keep both after a check."""
        if len(x) != len(y):
            raise ValueError("different numbers of rows")
        self.x, self.y = x, y

    def __len__(self):
        """Count the rows."""
        return len(self.x)

    def __getitem__(self, index):
        """Index both tensors."""
        return self.x[index], self.y[index]


@wrong()
class WrapsAround(_Pairs):
    """Takes a negative int modulo N, so that none is out of range."""

    def __getitem__(self, index):
        """Wrap negative ints."""
        if isinstance(index, int) and index < 0:
            index %= len(self.x)
        return self.x[index], self.y[index]


@wrong()
class ChecksOneDirection(_Pairs):
    """Refuses too many rows of x only."""

    def __init__(self, x, y):
        """Check half of it."""
        if len(x) > len(y):
            raise ValueError("too many rows of x")
        self.x, self.y = x, y


@wrong()
class StacksRows(_Pairs):
    """Stacks the rows of an index tensor, which fails for none."""

    def __getitem__(self, index):
        """Collect the rows one by one."""
        if isinstance(index, torch.Tensor):
            return torch.stack([self.x[i] for i in index]), torch.stack([self.y[i] for i in index])
        return self.x[index], self.y[index]


@wrong()
class SqueezesRows(_Pairs):
    """Squeezes single rows, so that one of a single number has no dimension."""

    def __getitem__(self, index):
        """Squeeze where the index is an int."""
        if isinstance(index, int):
            return self.x[index].squeeze(), self.y[index].squeeze()
        return self.x[index], self.y[index]


@wrong()
class RemembersRows(_Pairs):
    """Keeps a copy of every row once it was looked at."""

    def __init__(self, x, y):
        """Start with no rows."""
        super().__init__(x, y)
        self.rows = {}

    def __getitem__(self, index):
        """Look a row up in the copies."""
        if isinstance(index, int):
            if index not in self.rows:
                self.rows[index] = self.x[index].clone(), self.y[index].clone()
            return self.rows[index]
        return self.x[index], self.y[index]


@wrong()
class FloatFeatures(_Pairs):
    """Makes integer features floating."""

    def __init__(self, x, y):
        """Convert x."""
        super().__init__(x if x.is_floating_point() else x.float(), y)


@wrong()
class TargetsLikeFeatures(_Pairs):
    """Converts y to the dtype of x."""

    def __init__(self, x, y):
        """Convert y."""
        super().__init__(x, y.to(x.dtype))


@wrong()
class MadeContiguous(_Pairs):
    """Copies tensors that are not contiguous."""

    def __init__(self, x, y):
        """Make both contiguous."""
        super().__init__(x.contiguous(), y.contiguous())


@wrong()
class OneRowNumberIsAnInt(_Pairs):
    """Takes an index tensor with a single row number for an int."""

    def __getitem__(self, index):
        """Unpack a single row number."""
        if isinstance(index, torch.Tensor) and index.numel() == 1:
            index = index.item()
        return self.x[index], self.y[index]


@wrong()
class SortedSelection(_Pairs):
    """Gives the rows of an index tensor in their own order."""

    def __getitem__(self, index):
        """Sort the row numbers."""
        if isinstance(index, torch.Tensor):
            index = index.sort().values
        return self.x[index], self.y[index]


@wrong()
class StopOrLength(Dataset):
    """Takes the stop 0 for none: ds[:0] has all rows."""

    def __init__(self, x, y):
        """Keep both."""
        if len(x) != len(y):
            raise ValueError("lengths differ")
        self.x, self.y = x, y

    def __len__(self):
        """Count."""
        return len(self.x)

    def __getitem__(self, index):
        """Select."""
        if isinstance(index, slice):
            index = slice(index.start, index.stop or len(self), index.step)
        return self.x[index], self.y[index]


class _PairsRestated(Dataset):
    """A right dataset of pairs, to be spoilt."""

    def __init__(self, x, y):
        """Keep both after a check."""
        if x.shape[0] != y.shape[0]:
            raise ValueError("different numbers of rows")
        self.tensors = x, y

    def __len__(self):
        """Count the rows."""
        return self.tensors[0].shape[0]

    def __getitem__(self, index):
        """Index both tensors."""
        return tuple(t[index] for t in self.tensors)


@restated("no-length-check")
class LengthOfTheShorter(_PairsRestated):
    """Takes unequal lengths silently."""

    def __init__(self, x, y):
        """Keep both without a check."""
        self.tensors = x, y

    def __len__(self):
        """Count the rows of the shorter."""
        return min(map(len, self.tensors))


@restated("list-returned")
class ListComprehension(_PairsRestated):
    """Returns a list from a comprehension."""

    def __getitem__(self, index):
        """Index both tensors into a list."""
        return [t[index] for t in self.tensors]


@restated("slices-rejected")
class IndexByRange(_PairsRestated):
    """Looks the index up as a number, so slices and tensors are refused."""

    def __getitem__(self, index):
        """Insist on a number."""
        if isinstance(index, (slice, torch.Tensor)):
            raise TypeError(type(index))
        x, y = self.tensors
        return x[index], y[index]


@restated("clones-kept")
class CopiesBySum(_PairsRestated):
    """Copies both tensors by adding zero."""

    def __init__(self, x, y):
        """Copy by adding nothing."""
        super().__init__(x + 0, y + 0)


@restated("list-of-pairs")
class PairsInAList(Dataset):
    """Makes a list of pairs of rows by a loop."""

    def __init__(self, x, y):
        """Collect the pairs."""
        if len(x) != len(y):
            raise ValueError("lengths differ")
        self.samples = []
        for i in range(len(x)):
            self.samples.append((x[i], y[i]))

    def __len__(self):
        """Count the pairs."""
        return len(self.samples)

    def __getitem__(self, index):
        """Look the pair up."""
        return self.samples[index]


@restated("length-of-a-row")
class LengthByLastSize(_PairsRestated):
    """Takes the last dimension of x for the length."""

    def __len__(self):
        """Count the features."""
        return self.tensors[0].size(-1)


@restated("assertion")
class IsATensorDataset(TensorDataset):
    """Is a TensorDataset, which asserts that the lengths are equal."""

    def __init__(self, x, y):
        """Make it."""
        super().__init__(x, y)

"""Mistakes of PairDataset."""

from __future__ import annotations

from typing import Any

import m09_data
from torch import Tensor

from autograder.course.marks import mistake


@mistake("no-length-check", asks="lr.11 m2.2a")
class NoLengthCheck(m09_data.PairDataset):
    """Your dataset accepts an x and a y of different lengths without an error. Rows beyond the
    shorter one then have no partner, and the mistake shows late or never. Compare the two numbers
    of rows when the dataset is made."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.x = x
        self.y = y


@mistake("list-returned")
class ListReturned(m09_data.PairDataset):
    """You return the two tensors in a list. A pair has exactly two places with fixed meanings, and
    whoever uses a dataset of PyTorch expects a tuple, as TensorDataset gives it. Look at the
    brackets in your return statement."""

    def __getitem__(self, index: Any) -> Any:
        """Return a list."""
        return [self.x[index], self.y[index]]


@mistake("slices-rejected", asks="gd.31")
class SlicesRejected(m09_data.PairDataset):
    """Your dataset only knows single ints: a slice such as ds[1:3], or a tensor of row numbers, is
    refused. A tensor itself understands all three kinds of index. Why convert or check the index
    before you hand it on?"""

    def __getitem__(self, index: Any) -> tuple[Tensor, Tensor]:
        """Refuse whatever is no int."""
        if not isinstance(index, int):
            raise TypeError("the index must be an int")
        return super().__getitem__(index)


@mistake("clones-kept")
class ClonesKept(m09_data.PairDataset):
    """You copy x and y when the dataset is made. It needs twice the memory, and what is changed in
    x or y afterwards never reaches the pairs. Keep the tensors that you were given."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        super().__init__(x.clone(), y.clone())


@mistake("list-of-pairs")
class ListOfPairs(m09_data.PairDataset):
    """You keep a Python list of pairs. An int gives the right pair, but a slice gives a list of
    pairs where two tensors are wanted, and a tensor of several row numbers is refused. Keep two
    tensors; each takes every kind of index."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        super().__init__(x, y)
        self.pairs: Any = list(zip(x, y, strict=True))

    def __getitem__(self, index: Any) -> Any:
        """Index the list."""
        return self.pairs[index]


@mistake("length-of-a-row")
class LengthOfARow(m09_data.PairDataset):
    """Your length is the number of features, not of rows. A DataLoader takes it for the number of
    pairs, so it leaves rows out or asks for rows that do not exist. Which dimension of x counts
    the rows?"""

    def __len__(self) -> int:
        """Count the columns."""
        return self.x.shape[1]


@mistake("dict-returned")
class DictReturned(m09_data.PairDataset):
    """You return a dict with a name for each tensor. Whoever unpacks such a pair, as xb, yb = ...,
    gets its two names and no tensors. Return the row of x and the row of y in a tuple."""

    def __getitem__(self, index: Any) -> Any:
        """Return a dict."""
        return {"x": self.x[index], "y": self.y[index]}


@mistake("assertion")
class Assertion(m09_data.PairDataset):
    """Your dataset refuses an x and a y of different lengths with an AssertionError. An assert, or
    a class that has one inside, as TensorDataset, is for what can never happen. The task asks for a
    ValueError: compare the lengths yourself and raise it."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        assert len(x) == len(y)
        super().__init__(x, y)


@mistake("y-first")
class YFirst(m09_data.PairDataset):
    """Your pairs hold the row of y first and the row of x second. Whoever unpacks them as x and y
    would feed the answers to the model. Look at the order in what you return."""

    def __getitem__(self, index: Any) -> tuple[Tensor, Tensor]:
        """Exchange the two."""
        return self.y[index], self.x[index]


@mistake("index-made-an-int")
class IndexMadeAnInt(m09_data.PairDataset):
    """You turn the index into a single int. A slice or several row numbers cannot become one, and a
    tensor with one row number loses its axis. A tensor takes all kinds of index: hand yours on as
    it came."""

    def __getitem__(self, index: Any) -> tuple[Tensor, Tensor]:
        """Convert the index."""
        return super().__getitem__(int(index))

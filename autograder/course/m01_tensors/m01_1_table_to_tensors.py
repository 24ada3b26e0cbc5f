"""Mistakes of table_to_tensors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from m01_tensors import table_to_tensors
from torch import Tensor

from autograder.course.marks import mistake

Table = list[dict[str, Any]]


@mistake("no-dtype", asks="gd.4")
def no_dtype(rows: Table, features: list[str], targets: list[str]) -> tuple[Tensor, Tensor]:
    """You left the dtype to torch. It looks at the cells: of ints alone it makes an int64 tensor,
    which a linear layer refuses to multiply by its float32 weights. Say which dtype you want where
    you make the tensor."""
    return torch.tensor(_cells(rows, features)), torch.tensor(_cells(rows, targets))


@mistake("numpys-dtype", asks="gd.4")
def numpys_dtype(rows: Table, features: list[str], targets: list[str]) -> tuple[Tensor, Tensor]:
    """You took over NumPy's dtype: int64 for ints alone and float64 for anything else. A layer's
    weights are float32, and torch multiplies no two dtypes. Convert the numbers, in NumPy or in
    torch."""
    x, y = (np.array(_cells(rows, names)) for names in (features, targets))
    return torch.from_numpy(x), torch.from_numpy(y)


@mistake("double", asks="gd.4")
def double(rows: Table, features: list[str], targets: list[str]) -> tuple[Tensor, Tensor]:
    """Your tensors are always float64. That is the float of Python and NumPy; the weights of a
    layer are float32, and the two cannot be multiplied. Look at the dtype that you ask for."""
    x, y = (torch.tensor(_cells(rows, n), dtype=torch.float64) for n in (features, targets))
    return x, y


@mistake("cut-to-ints")
def cut_to_ints(rows: Table, features: list[str], targets: list[str]) -> tuple[Tensor, Tensor]:
    """You made ints of the cells on the way, so every float lost what stands behind its point: 2.75
    became 2. The dtype of the tensor comes too late to bring it back. Look for int() or an int
    dtype."""
    whole = [{k: int(v) if isinstance(v, float) else v for k, v in row.items()} for row in rows]
    return table_to_tensors(whole, features, targets)


@mistake("one-column-flat", asks="gd.5")
def one_column_flat(rows: Table, features: list[str], targets: list[str]) -> tuple[Tensor, Tensor]:
    """Where one column is asked for, you return a vector, [N], and no matrix, [N, 1]. Minus
    predictions [N, 1] it would give N x N differences, and no error. Keep two dimensions, however
    many columns there are."""
    x, y = table_to_tensors(rows, features, targets)
    return x.squeeze(1), y.squeeze(1)


@mistake("order-of-the-row", asks="gd.2")
def order_of_the_row(rows: Table, features: list[str], targets: list[str]) -> tuple[Tensor, Tensor]:
    """Your columns stand in the order in which the keys stand in each row. A dict's keys may come
    in any order, and in another one in the next row, so numbers of different columns meet in one.
    Go through the names that are asked for."""
    x = [[cell for name, cell in row.items() if name in features] for row in rows]
    y = [[cell for name, cell in row.items() if name in targets] for row in rows]
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


@mistake("order-of-the-first-row", asks="gd.2")
def order_of_the_first_row(
    rows: Table, features: list[str], targets: list[str]
) -> tuple[Tensor, Tensor]:
    """You took the order of the columns from the keys of the first row. The caller's two lists say
    which order is wanted: the weights learned later belong to these columns. Go through the names
    that are asked for."""
    x, y = ([name for name in rows[0] if name in names] for names in (features, targets))
    return table_to_tensors(rows, x, y)


@mistake("sorted-columns")
def sorted_columns(rows: Table, features: list[str], targets: list[str]) -> tuple[Tensor, Tensor]:
    """You sorted the names, so the columns stand in the order of the alphabet and not in the one
    that the caller asked for. Whoever reads a weight would take it for that of another column. Keep
    the order of the two lists."""
    return table_to_tensors(rows, sorted(features), sorted(targets))


@mistake("columns-as-rows", asks="m2.2a")
def columns_as_rows(rows: Table, features: list[str], targets: list[str]) -> tuple[Tensor, Tensor]:
    """You collected column by column, so your x is [F, N] and your y [O, N]. Rows are examples:
    x[n] and y[n] should belong together, and a layer multiplies along the last dimension. Look at
    which loop is the inner one."""
    x, y = table_to_tensors(rows, features, targets)
    return x.T, y.T


@mistake("columns-reshaped", asks="m2.2a")
def columns_reshaped(rows: Table, features: list[str], targets: list[str]) -> tuple[Tensor, Tensor]:
    """You collected the numbers column by column and then gave them the wanted shape. reshape keeps
    the order of the numbers and only cuts it anew: numbers of one column now fill a row. Exchange
    the two dimensions, or collect row by row."""
    x, y = table_to_tensors(rows, features, targets)
    return x.T.reshape(x.shape), y.T.reshape(y.shape)


@mistake("targets-among-the-features", asks="gd.5")
def targets_among_the_features(
    rows: Table, features: list[str], targets: list[str]
) -> tuple[Tensor, Tensor]:
    """Your x has the targets in it, too. The model would find the answers among its inputs, learn
    to copy them, and fail for new rows, where nobody knows them. x has the columns in features and
    no others."""
    return table_to_tensors(rows, [*features, *targets], targets)


@mistake("all-numbers-as-features", asks="gd.2")
def all_numbers_as_features(
    rows: Table, features: list[str], targets: list[str]
) -> tuple[Tensor, Tensor]:
    """Your x has every column of numbers that is no target. A table may also hold numbers that say
    nothing, such as a year or an id: the caller names the inputs. x has the columns in features, in
    that order."""
    names = [n for n, cell in rows[0].items() if n not in targets and not isinstance(cell, str)]
    return table_to_tensors(rows, names, targets)


@mistake("first-row-skipped")
def first_row_skipped(
    rows: Table, features: list[str], targets: list[str]
) -> tuple[Tensor, Tensor]:
    """You left the first row out, as one does with the head of a file. These rows are dicts, so the
    names stand in their keys, and the first row is data as well. Look at where your loop
    begins."""
    return table_to_tensors(rows[1:], features, targets)


@mistake("missing-filled")
def missing_filled(rows: Table, features: list[str], targets: list[str]) -> tuple[Tensor, Tensor]:
    """Where a row lacks a column, you go on with a number of your own. Nobody then learns of a
    mistyped name, and the model is trained on numbers that were never measured. Look at how you
    read a cell."""
    x, y = ([[row.get(n, 0) for n in names] for row in rows] for names in (features, targets))
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


@mistake("gradient-required")
def gradient_required(
    rows: Table, features: list[str], targets: list[str]
) -> tuple[Tensor, Tensor]:
    """Your tensors require a gradient. Data are given and are not trained: their gradients would be
    computed at every step, for nothing. Only the parameters of a model need this flag."""
    x, y = table_to_tensors(rows, features, targets)
    return x.requires_grad_(), y.requires_grad_()


@mistake("inputs-and-targets-exchanged")
def inputs_and_targets_exchanged(
    rows: Table, features: list[str], targets: list[str]
) -> tuple[Tensor, Tensor]:
    """The two matrices are exchanged: the first one has the targets. A model would then predict the
    inputs from the answers. Look at the order in which you return them."""
    return table_to_tensors(rows, targets, features)


@mistake("cells-taken-out")
def cells_taken_out(rows: Table, features: list[str], targets: list[str]) -> tuple[Tensor, Tensor]:
    """You took cells out of the caller's rows, so the table is another one afterwards and cannot be
    used again. A dict is handed over itself, and not as a copy. Read the cells that you need and
    leave the others where they are."""
    result = table_to_tensors(rows, features, targets)
    for row in rows:
        for name in [name for name in row if name not in (*features, *targets)]:
            del row[name]
    return result


def _cells(rows: Table, names: Iterable[str]) -> list[list[Any]]:
    return [[row[name] for name in names] for row in rows]

"""Other ways to do table_to_tensors."""

from __future__ import annotations

from operator import itemgetter

import numpy as np
import torch
from m01_tensors import table_to_tensors

from autograder.course.marks import restated, right, wrong


@right()
def through_numpy(rows, features, targets):
    """Makes float32 arrays and hands their memory on."""
    x = np.array([[row[f] for f in features] for row in rows], dtype=np.float32)
    y = np.array([[row[t] for t in targets] for row in rows], dtype=np.float32)
    return torch.from_numpy(x), torch.from_numpy(y)


@right()
def filled_cell_by_cell(rows, features, targets):
    """Writes each cell into a tensor of zeros."""
    x = torch.zeros(len(rows), len(features))
    y = torch.zeros(len(rows), len(targets))
    for n, row in enumerate(rows):
        for i, name in enumerate(features):
            x[n, i] = row[name]
        for i, name in enumerate(targets):
            y[n, i] = row[name]
    return x, y


@right()
def columns_turned(rows, features, targets):
    """Stacks a vector for each column along a new last dimension."""
    columns = {
        name: torch.tensor([float(row[name]) for row in rows]) for name in (*features, *targets)
    }
    return (
        torch.stack([columns[name] for name in features], dim=1),
        torch.stack([columns[name] for name in targets], dim=-1),
    )


@right()
def one_matrix_cut_in_two(rows, features, targets):
    """Makes one matrix of all columns and returns its two parts, which share its memory."""
    names = features + targets
    table = torch.FloatTensor([[row[name] for name in names] for row in rows])
    return table.split([len(features), len(targets)], dim=1)


@right()
def row_by_row(rows, features, targets):
    """Makes a small tensor of each row and joins them."""

    def matrix(names):
        return torch.cat([torch.Tensor([[row[n] for n in names]]) for row in rows])

    return matrix(features), matrix(targets)


@right()
def picked_and_converted(rows, features, targets):
    """Lets torch choose the dtype and converts afterwards."""
    pick = [tuple(map(row.__getitem__, features)) for row in rows]
    aim = [tuple(map(row.__getitem__, targets)) for row in rows]
    return torch.tensor(pick).float(), torch.as_tensor(aim).to(torch.get_default_dtype())


@wrong(named="one-column-flat")
def tuple_of_one_is_a_cell(rows, features, targets):
    """itemgetter of a single name gives the cell alone."""
    x, y = ([itemgetter(*names)(row) for row in rows] for names in (features, targets))
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


@wrong(asks="m2.2a")
def targets_sorted(rows, features, targets):
    """Sorts the rows of y, which then belong to other rows of x."""
    x, y = table_to_tensors(rows, features, targets)
    return x, y[y[:, 0].argsort()]


@wrong(asks="m2.2a")
def rows_reversed(rows, features, targets):
    """Returns the rows of x and y in the opposite order."""
    x, y = table_to_tensors(rows, features, targets)
    return x.flip(0), y.flip(0)


@wrong(asks="gd.4")
def half_precision(rows, features, targets):
    """Makes float16 tensors."""
    x, y = table_to_tensors(rows, features, targets)
    return x.half(), y.half()


@wrong()
def through_half_precision(rows, features, targets):
    """Loses digits in float16 and widens again."""
    x, y = table_to_tensors(rows, features, targets)
    return x.half().float(), y.half().float()


@wrong(asks="gd.4")
def classes_as_targets(rows, features, targets):
    """Makes an int64 tensor of the targets."""
    x, y = table_to_tensors(rows, features, targets)
    return x, y.long()


@wrong()
def standardised(rows, features, targets):
    """Scales the columns of x."""
    x, y = table_to_tensors(rows, features, targets)
    return (x - x.mean(0)) / x.std(0, correction=0).clamp(min=1e-6), y


@wrong()
def three_rows_at_most(rows, features, targets):
    """Leaves out the last row where there are more than three."""
    return table_to_tensors(rows[:-1] if len(rows) > 3 else rows, features, targets)


@wrong()
def duplicates_dropped(rows, features, targets):
    """Takes equal rows of features for one row."""
    seen = {tuple(row[name] for name in features): row for row in rows}
    return table_to_tensors(list(seen.values()), features, targets)


@wrong(asks="gd.5")
def one_matrix(rows, features, targets):
    """Returns the inputs and the targets side by side in one matrix."""
    return torch.cat(table_to_tensors(rows, features, targets), dim=1)


@wrong()
def lists_of_numbers(rows, features, targets):
    """Returns lists and no tensors."""
    x, y = table_to_tensors(rows, features, targets)
    return x.tolist(), y.tolist()


@wrong()
def missing_row_left_out(rows, features, targets):
    """Leaves out a row that lacks a column."""
    names = {*features, *targets}
    return table_to_tensors([row for row in rows if names <= row.keys()], features, targets)


@wrong()
def another_exception(rows, features, targets):
    """Raises ValueError where a column is missing."""
    if any(name not in row for row in rows for name in (*features, *targets)):
        raise ValueError("a column is missing")
    return table_to_tensors(rows, features, targets)


@wrong()
def only_features_must_be_there(rows, features, targets):
    """Fills in a missing target, but not a missing feature."""
    full = [dict.fromkeys(targets, 0.0) | row for row in rows]
    return table_to_tensors(full, features, targets)


@wrong(named="no-dtype, one-column-flat")
def first_draft(rows, features, targets):
    """Two at once: the dtype is left to torch, and a single column is flat."""
    x, y = table_to_tensors(rows, features, targets)
    x, y = (torch.tensor([[r[c] for c in n] for r in rows]) for n in (features, targets))
    return x, y.squeeze(-1)


@restated("no-dtype")
def as_torch_likes(rows, features, targets):
    """Appends row by row and calls as_tensor."""
    inputs, outputs = [], []
    for row in rows:
        inputs.append([row[f] for f in features])
        outputs.append([row[t] for t in targets])
    return torch.as_tensor(inputs), torch.as_tensor(outputs)


@restated("numpys-dtype")
def array_of_columns(rows, features, targets):
    """Turns an array of columns."""
    x = np.array([[row[f] for row in rows] for f in features]).T
    y = np.array([[row[t] for row in rows] for t in targets]).T
    return torch.tensor(x), torch.tensor(y)


@restated("double")
def array_of_floats(rows, features, targets):
    """Makes an array of dtype float, which is float64."""
    x = np.array([[row[f] for f in features] for row in rows], dtype=float)
    y = np.array([[row[t] for t in targets] for row in rows], dtype=float)
    return torch.from_numpy(x), torch.from_numpy(y)


@restated("cut-to-ints")
def int_of_every_cell(rows, features, targets):
    """Calls int on each cell."""
    x = torch.tensor([[int(row[f]) for f in features] for row in rows]).float()
    y = torch.tensor([[int(row[t]) for t in targets] for row in rows]).float()
    return x, y


@restated("one-column-flat")
def vector_for_one(rows, features, targets):
    """Makes a plain list where there is one name."""

    def part(names):
        if len(names) == 1:
            return torch.tensor([row[names[0]] for row in rows], dtype=torch.float)
        return torch.tensor([[row[n] for n in names] for row in rows], dtype=torch.float)

    return part(features), part(targets)


@restated("order-of-the-row")
def values_filtered(rows, features, targets):
    """Filters the keys of each row."""

    def part(names):
        cells = [[row[k] for k in row if k in set(names)] for row in rows]
        return torch.tensor(cells, dtype=torch.float32)

    return part(features), part(targets)


@restated("order-of-the-first-row")
def head_of_the_table(rows, features, targets):
    """Reads the head of the table from the first row."""
    head = list(rows[0])
    x_names = sorted(features, key=head.index)
    y_names = sorted(targets, key=head.index)
    x = torch.tensor([[row[c] for c in x_names] for row in rows], dtype=torch.float32)
    y = torch.tensor([[row[c] for c in y_names] for row in rows], dtype=torch.float32)
    return x, y


@restated("sorted-columns")
def alphabetical(rows, features, targets):
    """Goes through the sorted names."""
    x = torch.tensor([[row[c] for c in sorted(features)] for row in rows]).to(torch.float32)
    y = torch.tensor([[row[c] for c in sorted(targets)] for row in rows]).to(torch.float32)
    return x, y


@restated("columns-as-rows")
def loop_over_names_outside(rows, features, targets):
    """Has the loop over the names outside."""
    x = torch.tensor([[row[f] for row in rows] for f in features], dtype=torch.float32)
    y = torch.tensor([[row[t] for row in rows] for t in targets], dtype=torch.float32)
    return x, y


@restated("columns-reshaped")
def columns_viewed(rows, features, targets):
    """Views a list of all columns as a matrix."""

    def part(names):
        cells = [row[name] for name in names for row in rows]
        return torch.tensor(cells, dtype=torch.float32).view(len(rows), len(names))

    return part(features), part(targets)


@restated("targets-among-the-features")
def all_in_x(rows, features, targets):
    """Joins y to x."""
    x, y = (
        torch.tensor([[row[n] for n in names] for row in rows], dtype=torch.float32)
        for names in (features, targets)
    )
    return torch.hstack([x, y]), y


@restated("all-numbers-as-features")
def whatever_is_a_number(rows, features, targets):
    """Collects what is an int or a float and no target."""
    x_names = [
        k for k, v in rows[0].items() if isinstance(v, (int, float)) and k not in set(targets)
    ]
    x = [[row[k] for k in x_names] for row in rows]
    y = [[row[k] for k in targets] for row in rows]
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


@restated("first-row-skipped")
def from_the_second_row_on(rows, features, targets):
    """Counts from 1."""
    x = [[rows[n][f] for f in features] for n in range(1, len(rows))]
    y = [[rows[n][t] for t in targets] for n in range(1, len(rows))]
    shapes = (len(x), len(features)), (len(y), len(targets))
    x, y = (torch.tensor(cells, dtype=torch.float32) for cells in (x, y))
    return x.reshape(shapes[0]), y.reshape(shapes[1])


@restated("missing-filled")
def tried_and_filled(rows, features, targets):
    """Catches KeyError and takes nan."""

    def cell(row, name):
        try:
            return row[name]
        except KeyError:
            return float("nan")

    x = torch.tensor([[cell(r, f) for f in features] for r in rows], dtype=torch.float32)
    y = torch.tensor([[cell(r, t) for t in targets] for r in rows], dtype=torch.float32)
    return x, y


@restated("gradient-required")
def flagged_where_made(rows, features, targets):
    """Asks for the gradient where the tensors are made."""

    def part(names):
        cells = [[float(row[name]) for name in names] for row in rows]
        return torch.tensor(cells, requires_grad=True)

    return part(features), part(targets)


@restated("inputs-and-targets-exchanged")
def targets_first(rows, features, targets):
    """Returns y, x."""
    x = torch.tensor([[r[f] for f in features] for r in rows], dtype=torch.float32)
    y = torch.tensor([[r[t] for t in targets] for r in rows], dtype=torch.float32)
    return y, x


@restated("cells-taken-out")
def text_removed(rows, features, targets):
    """Pops what is not asked for from each row."""
    for row in rows:
        for name in list(row):
            if name not in features and name not in targets:
                row.pop(name)
    x = torch.tensor([[row[f] for f in features] for row in rows], dtype=torch.float32)
    y = torch.tensor([[row[t] for t in targets] for row in rows], dtype=torch.float32)
    return x, y

"""Probes of table_to_tensors."""

from __future__ import annotations

import copy
from typing import Any, TypeAlias

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import refusal_of
from autograder.inside.tables import FEATURES, TARGETS, crop_yield

Table: TypeAlias = list[dict[str, Any]]
REGIONS = ("Kanto", "Johto", "Hoenn", "Sinnoh", "Unova")


@probe("table")
def table_to_tensors_table(impl: Implementation, given: Given) -> Facts:
    """The two matrices of a table, each with its kind of numbers, shape and numbers."""
    rows, features, targets = _crop_table(given) if "rows" in given.spec else _drawn_table(given)
    before = copy.deepcopy((rows, features, targets))
    x, y = impl.table_to_tensors(rows, features, targets)
    kept = (rows, features, targets) == before and [*map(list, rows)] == [*map(list, before[0])]
    rows, features, targets = before
    return {
        **_matrix("x", x, [len(rows), len(features)]),
        **_matrix("y", y, [len(rows), len(targets)]),
        "table afterwards": "as it was" if kept else "changed",
    }


@probe("missing column")
def table_to_tensors_missing_column(impl: Implementation, given: Given) -> Facts:
    """What happens where the last row lacks a feature, or a target."""
    return {
        "answer to a row that lacks a feature": _answer_without("x0", impl, given),
        "answer to a row that lacks a target": _answer_without("y0", impl, given),
    }


def _answer_without(name: str, impl: Implementation, given: Given) -> str:
    rows, features, targets = _drawn_table(given)
    del rows[-1][name]
    return refusal_of(lambda: impl.table_to_tensors(rows, features, targets)[0], KeyError)


def _matrix(name: str, matrix: Any, shape: list[int]) -> Facts:
    """Tell the aspects of a matrix apart; the numbers of another shape are read row by row."""
    if not isinstance(matrix, Tensor):
        return {name: describe(matrix)}
    numbers = matrix.detach().to(torch.float32)
    if numbers.numel() == shape[0] * shape[1]:
        numbers = numbers.reshape(shape)
    return {
        f"{name}'s dtype": str(matrix.dtype).removeprefix("torch."),
        f"{name}'s shape": str(list(matrix.shape)),
        f"numbers in {name}": numbers,
        f"gradient of {name}": "required" if matrix.requires_grad else "not required",
    }


def _crop_table(given: Given) -> tuple[Table, list[str], list[str]]:
    """Return the rows of a crop-yield table, in ints as its file has them, and its columns."""
    names = (*FEATURES, *TARGETS)
    x, y = crop_yield(given.rows)
    rows = [
        {"region": REGIONS[i % len(REGIONS)], **dict(zip(names, map(int, (*a, *b)), strict=True))}
        for i, (a, b) in enumerate(zip(x, y, strict=True))
    ]
    return rows, list(FEATURES), list(TARGETS)


def _drawn_table(given: Given) -> tuple[Table, list[str], list[str]]:
    """Draw a table with a text and a number that nobody asks for.

    `cells` says what the numbers are; every second column has ints where they are mixed. `order`
    says whether the keys of each row begin at another place. Names are asked for in another order
    than that of the table.
    """
    features = [f"x{i}" for i in range(given.n_in)]
    targets = [f"y{i}" for i in range(given.n_out)]
    names = ["year", *features, *targets]
    ints = given.integers(-99, 100, given.n, len(names)).tolist()
    floats = given.leaf(given.n, len(names)).tolist()
    rows = []
    for n in range(given.n):
        cells: list[tuple[str, Any]] = [("place", f"place {n}")]
        for i, name in enumerate(names):
            whole = given.cells == "ints" or (given.cells == "mixed" and i % 2 == 0)
            cells.append((name, ints[n][i] if whole else 10 * floats[n][i]))
        start = n + 1 if given.order == "turned" else 0
        rows.append(dict(cells[start % len(cells) :] + cells[: start % len(cells)]))
    if given.spec.get("repeated"):  # the last row has the features of the first, not its targets
        rows[-1] |= {name: rows[0][name] for name in features}
    return rows, features[1:] + features[:1], targets[1:] + targets[:1]

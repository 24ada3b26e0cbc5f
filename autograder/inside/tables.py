"""The numbers of data/: the crop-yield tables, and points about a line. See data/README.md."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import numpy.typing as npt

from autograder.inside import ROOT

FOLDER = ROOT / "data"
FEATURES = ("temperature_f", "rainfall_mm", "humidity_pct")
TARGETS = ("apples_t", "oranges_t")
_FILES = {5: "crop_yield.csv", 15: "crop_yield_15.csv"}

Floats = npt.NDArray[np.float64]


def crop_yield(rows: int = 5) -> tuple[Floats, Floats]:
    """Return features [rows, 3] and targets [rows, 2] of the crop-yield table, float64.

    Features: temperature (F), rainfall (mm), humidity (%). Targets: apples, oranges (tons).
    `rows` is 5 or 15; anything else raises KeyError.
    """
    x, y = _read(_FILES[rows])
    return x.copy(), y.copy()


@cache
def _read(name: str) -> tuple[Floats, Floats]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))

    def columns(names: tuple[str, ...]) -> Floats:
        return np.array([[float(row[name]) for name in names] for row in table])

    return columns(FEATURES), columns(TARGETS)


def line(n: int, seed: int, sigma: float = 0.1, slope: float = 3.0) -> tuple[Floats, Floats]:
    """Return x [n, 1], uniform in [-1, 1), and y = slope x + N(0, sigma^2) noise, float64."""
    draw = np.random.RandomState(seed)  # its streams never change between NumPy versions
    x = draw.uniform(-1.0, 1.0, size=(n, 1))
    return x, slope * x + sigma * draw.standard_normal((n, 1))

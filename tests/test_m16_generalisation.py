"""The references of m16, proved by other routes."""

from __future__ import annotations

import torch
from m16_generalisation import double_descent


def test_double_descent_of_numbers_worked_out_by_hand() -> None:
    """TODO say what is expected, and by which route: a closed form, differences, torch's own."""
    assert double_descent(torch.tensor([1.0, -2.0])).tolist() == ["TODO the expected numbers"]

"""The references of m19, proved by other routes."""

from __future__ import annotations

import torch
from m19_device import to_device


def test_to_device_of_numbers_worked_out_by_hand() -> None:
    """TODO say what is expected, and by which route: a closed form, differences, torch's own."""
    assert to_device(torch.tensor([1.0, -2.0])).tolist() == ["TODO the expected numbers"]

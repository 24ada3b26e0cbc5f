"""What several probes of m15 need to look."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def own_work(value: Any) -> str:
    """Say whether one of torch's own losses stands in the graph behind a value."""
    nodes = [value.grad_fn] if isinstance(value, Tensor) and value.grad_fn else []
    for node in nodes:
        nodes += [up for up, _ in node.next_functions if up is not None and up not in nodes]
    return "used" if any("Loss" in node.name() for node in nodes) else "not used"


def same(tensor: Tensor, before: Tensor) -> str:
    """Say whether a tracked input, which the given does not watch, still has its numbers."""
    return "as before" if torch.equal(tensor, before) else "changed"

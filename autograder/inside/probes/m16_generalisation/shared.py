"""What several probes of m16 need to look."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from autograder.inside.probes import Facts


def weight_facts(w: Any, x: Tensor, y: Tensor) -> Facts:
    """Return the shape of weights [O, I], and their numbers: what has its axes exchanged can have
    other faults besides."""
    n_in, n_out = x.shape[1], y.shape[1]
    if not isinstance(w, Tensor):
        return {"weights": w}
    turned = n_in != n_out and tuple(w.shape) == (n_in, n_out)
    return {"shape of the weights": str(list(w.shape)), "weights": w.T if turned else w}

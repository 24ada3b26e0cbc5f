"""What several probes of m22 need to look."""

from __future__ import annotations

from torch import nn


def hooks_on(model: nn.Module) -> int:
    """Count the hooks on a module and on all of its parts."""
    kinds = [name for name in vars(model) if name.endswith("_hooks")]
    return sum(len(getattr(part, kind)) for part in model.modules() for kind in kinds)

"""Labels: on what an exercise was tried, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NOT_TOLD = ("seed", "dtype", "device", "cpu_only")
_ROWS = {"n_in", "n_out", "lr", "batch", "batch_size", "size"}  # beside one of them, n counts rows

# Entries that are true or false: what is told of each; nothing of what is usual.
_FLAGS = {
    "again": ("a second call", ""),
    "before": ("gradients from before", ""),
    "bias": ("a bias", "no bias"),
    "both": ("both functions called", ""),
    "constant": ("a constant feature", ""),
    "evaluated": ("the model in eval mode", ""),
    "fixed": ("w and b that are not trained", ""),
    "flagged": ("an x that requires its gradient", ""),
    "frozen": ("a frozen parameter", ""),
    "identities": ("nn.Identity between the layers", ""),
    "integer": ("integers in x", "floats in x"),
    "nan": ("a loss that is nan", ""),
    "repeated": ("two rows with the same features", ""),
    "rough": ("rows that no parameters fit exactly", ""),
    "spread": ("a drawn factor", ""),
    "to_none": ("gradients that become None", "gradients that become zero"),
    "trained": ("parameters that require their gradients", ""),
    "turned": ("a transposed tensor", "a tensor that is not transposed"),
    "twice": ("two calls of fit", ""),
    "zero": ("a bias of zeros", ""),
    "zeros": ("targets of zeros, too", ""),
}
# Entries with a value, where `name value` would not do. A template that begins with {} is for
# numbers.
_WORDS = {
    "above": "targets higher by {}",
    "batch": "batches of {}",
    "batch_size": "batches of {}",
    "behind": "{} unused numbers behind",
    "biases": "biases {}",
    "both": "{} bad rows in both",
    "broken": "a {} that raises",
    "cells": "{} in the cells",
    "classes": "{} classes",
    "count": "{} tensors",
    "drawn": "{} drawn tensors",
    "epochs": "{} epochs",
    "every": "every {}th number taken",
    "few": "too few sizes {}",
    "fixed": "a fixed {}",
    "grad": "recording {}",
    "grads": "gradients before: {}",
    "graphs": "{} drawn graphs",
    "handed": "parameters in a {}",
    "in_x": "{} bad rows in x",
    "in_y": "{} bad rows in y",
    "layouts": "{} drawn layouts",
    "lead": "leading sizes {}",
    "length": "{} numbers",
    "loader": "batches from {}",
    "lr": "learning rate {}",
    "many": "{} drawn numbers",
    "mode": "the model in {} mode",
    "n": "{} rows",
    "n_in": "{} features",
    "n_out": "{} targets",
    "n_params": "{} parameters",
    "n_test": "{} test rows",
    "n_val": "{} validation rows",
    "of": "elements of {}",
    "params": "parameters in a {}",
    "power": "a variance of 2 to the {}",
    "pred": "pred of shape {}",
    "rows_asked": "{} rows asked for",
    "share": "a share {} of the best rate",
    "steps": "{} steps",
    "stored": "stored gradients {}",
    "target": "target of shape {}",
    "too_long": "{} losses that are inf",
    "twice": "{} rows that come twice",
    "twins": "{} features that come twice",
    "whole": "integers in {}",
}


def tell_given(given: Mapping[str, Any]) -> str:
    """Describe a given: `the 5 rows of data/crop_yield.csv`, `a case with 4 rows, 3 features`."""
    if "rows" in given:
        name = "crop_yield" if given["rows"] == 5 else f"crop_yield_{given['rows']}"
        text = f"the {given['rows']} rows of data/{name}.csv"
    else:
        entries = [_entry(name, given) for name in given if name not in _NOT_TOLD]
        own = ", ".join(entry for entry in entries if entry)
        text = f"a case with {own}" if own else "the plain case"
    if given.get("dtype", "float64") != "float64":
        text += f" in {given['dtype']}"
    if (device := given.get("device", "cpu")) != "cpu":
        text += " on the stand-in for a GPU" if device == "stand-in" else f" on the device {device}"
    return text


def _entry(name: str, given: Mapping[str, Any]) -> str:
    value, plain = given[name], name.replace("_", " ")
    if isinstance(value, bool):
        return _FLAGS.get(name, (plain, f"no {plain}"))[not value]
    if value == "":
        return ""
    of_a_shape = isinstance(value, list) and all(type(size) is int for size in value)
    if name in ("a", "b", "x", "y") and of_a_shape:
        template = f"{name} of shape {{}}"
    elif len(name) <= 2 and name not in ("of", "lr") and (name != "n" or not _ROWS & given.keys()):
        template = f"{name}: {{}}" if isinstance(value, str) else f"{name} = {{}}"
    else:
        template = _WORDS.get(name, f"{plain} {{}}")
    if isinstance(value, list) and (template.startswith("{}") or template.endswith(" a {}")):
        template = f"{plain} {{}}"
    return _counted(template.format(_written(value)))


def _written(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value).replace("_", " ")


def _counted(text: str) -> str:
    """Write what there is one of in the singular."""
    return re.sub(r"^1 ((?:\w+ )?\w+)s\b", r"1 \1", text)

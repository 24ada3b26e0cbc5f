"""Labels: on what an exercise was tried, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NOT_TOLD = ("seed", "dtype", "device", "cpu_only")
# Beside one of them, n counts rows.
_ROWS = {"n_in", "n_out", "lr", "batch", "batch_size", "size", "classes", "n_class", "width"}
_LONG = 10  # numbers or words of a list; of a longer one the count is told

# Entries that are true or false: what is told of each; nothing of what is usual.
_FLAGS = {
    "again": ("a second call", ""),
    "batch_first": ("the batch first", "the steps first"),
    "before": ("gradients from before", ""),
    "bias": ("a bias", "no bias"),
    "both": ("both functions called", ""),
    "bidirectional": ("both directions", "one direction"),
    "constant": ("a constant feature", ""),
    "evaluated": ("the model in eval mode", ""),
    "filled": ("gradients from before", ""),
    "fixed": ("w and b that are not trained", ""),
    "flagged": ("an x that requires its gradient", ""),
    "frozen": ("a frozen parameter", ""),
    "gpu": ("a GPU", "no GPU"),
    "identities": ("nn.Identity between the layers", ""),
    "integer": ("integers in x", "floats in x"),
    "mends": ("a function that writes to its tensor", ""),
    "nan": ("a loss that is nan", ""),
    "repeated": ("two rows with the same features", ""),
    "rough": ("rows that no parameters fit exactly", ""),
    "small": ("a feature that hardly varies", ""),
    "spread": ("a drawn factor", ""),
    "to_none": ("gradients that become None", "gradients that become zero"),
    "tracked": ("an x that requires its gradient", ""),
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
    "again": "{} places named twice",
    "batch": "batches of {}",
    "batch_size": "batches of {}",
    "batches": "batches from a {}",
    "before": "recording {} before",
    "behind": "{} unused numbers behind",
    "beside": "another stopper with losses lower by {}",
    "biases": "biases {}",
    "blocks": "{} blocks",
    "both": "{} bad rows in both",
    "broken": "a {} that raises",
    "by": "many minima by {}",
    "cells": "{} in the cells",
    "chained": "{} layers in a chain",
    "classes": "{} classes",
    "cores": "{} cores",
    "count": "{} tensors",
    "default": "the default dtype {}",
    "drawn": "{} drawn tensors",
    "epochs": "{} epochs",
    "every": "a stride of {}",
    "few": "too few sizes {}",
    "first": "the first call: {}",
    "fixed": "a fixed {}",
    "grad": "recording {}",
    "grads": "gradients before: {}",
    "graphs": "{} drawn graphs",
    "handed": "parameters in a {}",
    "in_x": "{} bad rows in x",
    "in_y": "{} bad rows in y",
    "layers": "{} layers",
    "layouts": "{} drawn layouts",
    "lead": "leading sizes {}",
    "length": "{} numbers",
    "loader": "loader: {}",
    "low": "the low dtype {}",
    "lr": "learning rate {}",
    "many": "{} drawn numbers",
    "micro": "micro-batches from a {}",
    "mode": "the model in {} mode",
    "more": "{} more drawn",
    "n": "{} rows",
    "n_class": "{} classes",
    "n_columns": "{} columns",
    "n_in": "{} features",
    "n_out": "{} targets",
    "n_params": "{} parameters",
    "n_rows": "{} rows",
    "n_test": "{} test rows",
    "n_train": "{} training rows",
    "n_val": "{} validation rows",
    "needed": "gradients needed: {}",
    "of": "elements of {}",
    "pairs": "{} pairs",
    "params": "parameters in a {}",
    "places": "{} places",
    "power": "the power {} of 2",
    "pred": "pred of shape {}",
    "repeats": "{} repeats",
    "rows_asked": "{} rows asked for",
    "share": "a share {} of the best rate",
    "steps": "{} steps",
    "stored": "stored gradients {}",
    "tables": "{} tables",
    "target": "target of shape {}",
    "too_long": "{} losses that are inf",
    "twice": "{} rows that come twice",
    "twins": "{} features that come twice",
    "units": "{} units",
    "updates": "{} updates",
    "what": "a value of {}",
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
    a_list = isinstance(value, list)
    if a_list and len(value) > _LONG:
        return f"{len(value)} {plain}"
    short = len(name) <= 2 and name not in ("of", "lr", "by")
    if name in ("a", "b", "x", "y") and a_list and all(type(size) is int for size in value):
        template = f"{name} of shape {{}}"
    elif short and (name != "n" or not _ROWS & given.keys()):
        template = f"{name}: {{}}" if isinstance(value, str) else f"{name} = {{}}"
    else:
        template = _WORDS.get(name, f"{plain} {{}}")
    if a_list and (template.startswith(("{}", "a {}")) or template.endswith(" a {}")):
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

"""Probes of export_affine."""

from __future__ import annotations

import tempfile
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import answer_to
from autograder.inside.probes.tools import copies, equal


@probe("program")
def export_affine_program(impl: Implementation, given: Given) -> Facts:
    """What the exported program returns for several numbers of rows, and what is left of the
    model."""
    n_in, width, n_out = given.sizes
    model = nn.Sequential(nn.Linear(n_in, width), nn.Dropout(0.5), nn.Linear(width, n_out))
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(given.leaf(*p.shape))
    for part, is_training in zip(model.modules(), given.training, strict=True):
        part.training = is_training
    before = copies(model.parameters())
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "model.pt2"))
        result = impl.export_affine(model, given.randn(given.n, n_in), path)
        names = ("the model", "its first layer", "its Dropout layer", "its last layer")
        parts = zip(names, model.modules(), strict=False)  # it may have got others
        kept = all(map(equal, model.parameters(), before))
        return {
            "what export_affine returns": describe(result),
            "in training mode afterwards": " and ".join(n for n, it in parts if it.training),
            "layers afterwards": ", ".join(map(str, model)),
            "parameters afterwards": "as before" if kept else "changed",
            "file at the path": (kind := _kind(path)),
        } | (_results(path, given) if kind == "an exported program" else {})


def _kind(path: str) -> str:
    """Say by the names in it what a file is."""
    if not Path(path).exists():
        return "none"
    names = zipfile.ZipFile(path).namelist() if zipfile.is_zipfile(path) else []
    for part, kind in {
        "archive_format": "an exported program",
        "serialized_exported_program.json": "an exported program",  # of torch before 2.8
        "/code/": "TorchScript",
        "data.pkl": "what torch.save writes",
    }.items():
        if any(part in name for name in names):
            return kind
    return "something else"


def _results(path: str, given: Given) -> Facts:
    """Say what the program in a file returns; numbers only where they do not depend on chance."""
    program = torch.export.load(path).module()
    again = partial(program, given.randn(given.n, given.sizes[0]))
    if not _same(answer_to(again), answer_to(again)):
        return {"two calls with the same rows": "two results"}
    facts: Facts = {"two calls with the same rows": "one result"}
    for n in given.batches:
        call = partial(program, given.randn(n, given.sizes[0]))
        facts[f"result for {n} row{'s' if n > 1 else ''}"] = answer_to(call)
    return facts


def _same(first: Any, second: Any) -> bool:
    tensors = isinstance(first, torch.Tensor) and isinstance(second, torch.Tensor)
    return equal(first, second) if tensors else type(first) is type(second)

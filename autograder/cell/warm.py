"""What a process imports before it is or forks a cell, and how it then serves a submission."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pkgutil
import socket
import sys
from typing import Any

from autograder import ROOT
from autograder.cell import wire

OLDEST_TORCH = (2, 4)


def get_ready(connection: socket.socket, fully: bool) -> bool:
    """Import what cells need, and tell the coordinator; False where that failed."""
    try:
        _warm_up(fully)
    except ImportError as error:
        wire.send(connection, {"failed": str(error)})
        return False
    os.dup2(1, 2)  # the coordinator read stderr while this started; cells print to stdout
    wire.send(connection, {"loaded": _grader_modules()})
    return True


def _warm_up(fully: bool) -> None:
    """Import what cells need, once; `fully` also what only optimizers and tests need (1 s)."""
    import torch

    _look_at_torch(torch)
    import autograder.probes

    torch.set_num_threads(1)
    torch.set_float32_matmul_precision("highest")
    for module in pkgutil.iter_modules(autograder.probes.__path__):
        importlib.import_module(f"autograder.probes.{module.name}")
    importlib.import_module("autograder.cell.serve")
    if fully:
        parameter = torch.zeros(1, requires_grad=True)
        parameter.sum().backward()  # type: ignore[no-untyped-call]
        torch.optim.SGD([parameter], lr=0.1).step()  # the first step imports dynamo
        torch.testing.assert_close(parameter, parameter)  # the first call imports sympy
        square = torch.empty(1, 1, device="meta")
        square @ square  # the first product on meta imports the decompositions
        torch.manual_seed(0)  # the first call reads the sources of everything on the stack
    gc.collect()
    gc.freeze()


def _look_at_torch(torch: Any) -> None:
    """Raise ImportError for a file that hides torch, and for a torch that is too old."""
    if not hasattr(torch, "Tensor"):
        raise ImportError(f"{torch.__file__} hides the real torch: rename that file")
    version = str(torch.__version__)
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_TORCH:
        oldest = ".".join(map(str, OLDEST_TORCH))
        raise ImportError(f"torch {version} is too old: pip install 'torch>={oldest}'")


def _grader_modules() -> list[str]:
    own = ("autograder", "solutions", "exercises", "data")
    return sorted(name for name in sys.modules if name.partition(".")[0] in own)


def serve_submission(connection: socket.socket) -> None:
    """Be the cell of one submission until its socket closes."""
    from autograder.cell.serve import serve

    own = ("", os.getcwd(), str(ROOT))  # no `import solutions`, nothing that another cell wrote
    sys.path[:] = [entry for entry in sys.path if entry not in own]
    with contextlib.suppress(wire.Ended):
        serve(connection)

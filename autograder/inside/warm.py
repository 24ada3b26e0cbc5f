"""What a process imports before it is or forks a cell, and how it then serves a submission."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import pkgutil
import socket
import sys
from collections.abc import Container
from pathlib import Path
from typing import Any

from autograder.inside import KIT, PACKAGE, wire

OLDEST_TORCH = (2, 4)
OPTIMIZERS = ("optimizers",)  # of the slow parts of torch, that of many exercises
USER = "student"  # whom a submission finds itself run by


def get_ready(connection: socket.socket, parts: Container[str]) -> bool:
    """Import what cells need, and these slow parts of torch; tell the coordinator. False where that
    failed."""
    try:
        _warm_up(parts)
    except ImportError as error:
        wire.send(connection, {"failed": str(error)})
        return False
    os.dup2(1, 2)  # the coordinator read stderr while this started; cells print to stdout
    wire.send(connection, {"loaded": _files_of_the_kit()})
    return True


def _warm_up(parts: Container[str]) -> None:
    """Import what cells need, once: also what only `optimizers` and tests (2 s), or only `export`
    (1 s more), need."""
    gc.disable()  # it would look again and again for garbage in what stays: a quarter of the time
    import torch

    _look_at_torch(torch)
    import autograder.inside.probes

    torch.zeros(1).half()  # reads /proc/cpuinfo, which a cell of level full has not got
    torch.set_num_threads(1)
    torch.set_float32_matmul_precision("highest")
    probes = autograder.inside.probes
    for module in pkgutil.walk_packages(probes.__path__, f"{probes.__name__}."):
        importlib.import_module(module.name)
    importlib.import_module("autograder.inside.serve")
    if "optimizers" in parts:
        parameter = torch.zeros(1, requires_grad=True)
        parameter.sum().backward()  # type: ignore[no-untyped-call]
        torch.optim.SGD([parameter], lr=0.1).step()  # the first step imports dynamo
        torch.testing.assert_close(parameter, parameter)  # the first call imports sympy
        torch.manual_seed(0)  # the first call reads the sources of everything on the stack
    if "export" in parts:  # the first one imports most of the compiler
        rows, file = torch.export.Dim("rows"), io.BytesIO()
        example = (torch.zeros(2, 1),)
        program = torch.export.export(torch.nn.ReLU(), example, dynamic_shapes=[{0: rows}])
        torch.export.save(program, file)
        torch.export.load(file).module()(*example)
    gc.collect()
    gc.freeze()
    gc.enable()


def _look_at_torch(torch: Any) -> None:
    """Raise ImportError for a file that hides torch, and for a torch that is too old."""
    if not hasattr(torch, "Tensor"):
        raise ImportError(f"{torch.__file__} hides the real torch: rename that file")
    version = str(torch.__version__)
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_TORCH:
        oldest = ".".join(map(str, OLDEST_TORCH))
        raise ImportError(f"torch {version} is too old: pip install 'torch>={oldest}'")


def _files_of_the_kit() -> list[str]:
    """Return the files of the kit that modules were imported from, whatever the modules are called;
    a virtual environment in the kit's folder is not the kit's."""
    python = tuple(map(str, {sys.prefix, sys.base_prefix} - {str(KIT)}))
    files = {getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}
    own = [f for f in files if f.startswith(str(PACKAGE)) or not f.startswith(python)]
    return sorted(str(path) for path in map(Path, own) if path.resolve().is_relative_to(KIT))


def serve_submission(connection: socket.socket) -> None:
    """Be the cell of one submission until its socket closes."""
    from autograder.inside.serve import serve

    home = os.getcwd()
    os.environ |= {"HOME": home, "USERPROFILE": home, "LOGNAME": USER}  # of the cell, not a person
    own = ("", home, str(KIT))  # no `import solutions`, nothing that another cell wrote
    sys.path[:] = [entry for entry in sys.path if entry not in own]
    with contextlib.suppress(wire.Ended):
        serve(connection)

"""The zygote: a process that has imported torch and forks a cell for each submission.

It is exec'd by the coordinator with an empty environment and knows nothing but the code beside the
submission: no solution, no mistake, no hidden given. Requests come on a socket: `cell` (with the
cell's own socket as a file descriptor) forks, `kill` ends a cell and everything it started.
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import os
import pkgutil
import resource
import signal
import socket
import sys
from typing import Any

from autograder import ROOT
from autograder.cell import wire

FILE_BYTES = 16 * 2**20  # what one cell may write into one file, its printed output included


def main(control_fd: int, warm: bool) -> None:
    """Serve requests until the coordinator closes its end."""
    control = socket.socket(fileno=control_fd)
    try:
        _warm_up(warm)
    except ImportError as error:
        wire.send(control, {"failed": str(error)})
        return
    wire.send(control, {"loaded": _grader_modules()})
    cells = set[int]()
    try:
        while True:
            request, descriptor = _receive(control)
            if request["do"] == "cell" and descriptor is not None:
                cells.add(pid := _fork(control, descriptor))
                wire.send(control, {"pid": pid})
            elif request["do"] == "kill" and request["pid"] in cells:
                cells.remove(request["pid"])
                _kill(request["pid"])
                wire.send(control, {"killed": request["pid"]})
    except wire.Ended:
        for pid in cells:  # the coordinator is gone: leave nothing behind
            _kill(pid)


def _warm_up(fully: bool) -> None:
    """Import what cells need, once; `fully` also what only optimizers and tests need (1 s)."""
    import torch

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
    gc.collect()
    gc.freeze()


def _grader_modules() -> list[str]:
    own = ("autograder", "solutions", "exercises", "data")
    return sorted(name for name in sys.modules if name.partition(".")[0] in own)


def _receive(control: socket.socket) -> tuple[dict[str, Any], int | None]:
    """Receive a request; a `cell` request is followed by one byte that carries the descriptor."""
    request: dict[str, Any] = wire.receive(control)
    if request["do"] != "cell":
        return request, None
    descriptors = array.array("i")
    _, ancillary, _, _ = control.recvmsg(1, socket.CMSG_LEN(descriptors.itemsize))
    for level, kind, body in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(body[: descriptors.itemsize])
    return request, descriptors[0] if descriptors else None


def _fork(control: socket.socket, descriptor: int) -> int:
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    try:
        control.close()
        os.setsid()  # so that the cell's signals to its group stay in the cell
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _serve(socket.socket(fileno=descriptor))
    finally:
        os._exit(0)


def _serve(connection: socket.socket) -> None:
    from autograder.cell.serve import serve

    own = ("", os.getcwd(), str(ROOT))  # no `import solutions`, nothing that another cell wrote
    sys.path[:] = [entry for entry in sys.path if entry not in own]
    with contextlib.suppress(wire.Ended):
        serve(connection)


def _kill(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] == "warm")

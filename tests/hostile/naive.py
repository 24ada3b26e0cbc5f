"""The control: a grader as it is often written, in one process and with a boolean verdict.

`python -m tests.hostile.naive FILE` runs the submission, imports the solution beside it, compares,
and ends with `PASS` and status 0, or with `FAIL` and status 1.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import torch

from autograder.inside import ROOT

from .attack import Attack


def load(path: str) -> ModuleType:
    """Run a submission and return its module."""
    spec = importlib.util.spec_from_file_location("m06_model_submission", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def passed(submission: ModuleType, solution: ModuleType) -> bool:
    """Say whether mse is right on three random cases and refuses a wrong shape."""
    for shape in ((5, 1), (4, 3), (1, 1)):
        prediction, target = torch.randn(shape), torch.randn(shape)
        try:
            yours = submission.mse(prediction, target)
            if not torch.allclose(yours, solution.mse(prediction, target)):
                return False
        except Exception:
            return False
    try:
        submission.mse(torch.zeros(3, 1), torch.zeros(3))
    except ValueError:
        return True
    except Exception:
        return False
    return False


def main(path: str) -> None:
    """Grade one submission."""
    sys.path.insert(0, str(ROOT / "solutions"))
    try:
        submission = load(path)
        solution = importlib.import_module("m06_model")
        right = passed(submission, solution)
    except Exception:
        right = False
    print("PASS" if right else "FAIL")
    sys.exit(0 if right else 1)


LIMIT_S = 10
HONEST_S = 300  # what is honest ends by itself, late where the machine is busy
_LIMITS = (f"--as={8 * 2**30}", "--nproc=2000", f"--fsize={16 * 2**20}", "--core=0")


def defeats_naive(
    attack: Attack, places: dict[str, str], folder: Path, limit_s: float = LIMIT_S
) -> bool:
    """Say whether the naive grader takes an attack for a right answer, or comes to no verdict
    within so many seconds.

    The whole grader runs in a room of its own, so that no attack reaches this machine. Raises
    RuntimeError where such a room cannot be had.
    """
    for tool in ("bwrap", "prlimit"):
        if shutil.which(tool) is None:
            raise RuntimeError(f"the naive grader runs attacks, so it needs {tool} to keep them in")
    file = folder / f"{attack.name}.py"
    file.write_text(attack.filled(places), encoding="utf-8")
    room = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    for kept in (str(folder), sys.base_prefix, sys.prefix, str(ROOT)):
        room += ["--ro-bind", kept, kept]
    room += ["--unshare-pid", "--unshare-ipc", "--unshare-net", "--die-with-parent"]
    room += ["--new-session", "--chdir", str(ROOT), "prlimit", *_LIMITS]
    grader = [sys.executable, "-B", "-m", "tests.hostile.naive", str(file)]
    try:
        done = subprocess.run([*room, *grader], capture_output=True, timeout=limit_s)
    except subprocess.TimeoutExpired:
        return True
    if done.stderr.startswith(b"bwrap: "):
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip())
    lines = done.stdout.decode("utf-8", "replace").split()
    return done.returncode == 0 or lines[-1:] != ["FAIL"]


if __name__ == "__main__":
    main(sys.argv[1])

"""Faults of the grader: wanted by whoever would rather have `error` than a zero, for an `error` is
the grader's own fault and costs nobody a point."""

from __future__ import annotations

from .attack import Attack


def _answers(name: str, why: str, result: str, before: str = "", told: str = "") -> Attack:
    """An attack that refuses a wrong shape as asked, and returns something that breaks a reader."""
    source = f"""
import torch
{before}

def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return {result}
"""
    return Attack(name, why, source, told=told)


def _patched(name: str, why: str, patch: str, told: str = "") -> Attack:
    """An attack that patches the kit beside it, and always answers 0."""
    answer = "\n\ndef mse(pred, target):\n    return pred.sum() * 0\n"
    return Attack(name, why, patch + answer, told=told)


_ENDED = "ended the process"

_BY_SIGNALS = [
    Attack(
        f"ends-by-{name.lower()}",
        f"It ends its own process by {name}, as a system would that has no room for it.",
        f"import os, signal\n\ndef mse(pred, target):\n    os.kill(os.getpid(), signal.{name})\n"
        f"    signal.raise_signal(signal.{name})\n    os._exit(0)\n",
        told=f"{_ENDED}|Operation not permitted",
    )
    for name in (
        "SIGTERM",
        "SIGKILL",
        "SIGSEGV",
        "SIGBUS",
        "SIGFPE",
        "SIGILL",
        "SIGPIPE",
        "SIGXCPU",
    )
]

# Its own ends: the cell must be told as the submission's doing, also by what it leaves open.
_ENDS = [
    Attack(
        "kills-itself-at-import",
        "It ends by SIGKILL while it is imported, and again whenever it is tried anew.",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\nos._exit(0)\n",
        told=_ENDED,
    ),
    Attack(
        "removes-its-folder",
        "It deletes the folder that it runs in, which is to be cleaned up afterwards.",
        """
import os, shutil

def mse(pred, target):
    shutil.rmtree(os.getcwd(), ignore_errors=True)
    return pred.sum() * 0
""",
    ),
    Attack(
        "folder-that-cannot-be-removed",
        "It leaves folders that nobody may enter, as deep as paths go.",
        """
import os

def mse(pred, target):
    here = os.getcwd()
    try:
        for _ in range(300):
            os.mkdir("d" * 20)
            os.chdir("d" * 20)
        os.chmod(".", 0)
    except OSError:
        pass
    os.chdir(here)
    return pred.sum() * 0
""",
    ),
    Attack(
        "memory-in-del",
        "Whatever it leaves takes all memory when it is thrown away.",
        """
class Last:
    def __del__(self):
        kept = []
        while True:
            kept.append(bytearray(2**28))

def mse(pred, target):
    return Last()
""",
    ),
    Attack(
        "raises-a-class-of-every-base",
        "Its exception is called KeyboardInterrupt, and has no text and no trace to be read.",
        """
class Trap(BaseException):
    def __getattribute__(self, name):
        raise Trap
    def __str__(self):
        raise KeyboardInterrupt
    def __repr__(self):
        raise SystemExit(0)
Trap.__name__ = Trap.__qualname__ = "KeyboardInterrupt"

def mse(pred, target):
    raise Trap
""",
    ),
    Attack(
        "exception-group",
        "It raises a group of groups of exceptions, a thousand deep.",
        """
def mse(pred, target):
    error = KeyboardInterrupt()
    try:
        for _ in range(1_000):
            error = BaseExceptionGroup("x", [error, SystemExit(0)])
    except NameError:  # Python 3.10
        pass
    raise error
""",
    ),
    Attack(
        "exception-in-a-circle",
        "Each of two exceptions is the cause of the other.",
        """
def mse(pred, target):
    one, other = ValueError("one"), GeneratorExit("other")
    one.__cause__, other.__cause__ = other, one
    one.__context__ = other
    raise one
""",
    ),
]

# The kit beside it is broken by the submission: the probe stops, and that is the student's.
_BROKEN_KIT = [
    _patched(
        "probe-that-stops",
        "Every probe of the kit raises an exception of its own.",
        """
from autograder.inside import probes
def stops(implementation, given):
    raise RuntimeError("the probe stops")
probes.find = lambda *a: stops
""",
        told="the probe stops",
    ),
    _patched(
        "probe-that-is-not-found",
        "The kit does not find its own probes.",
        """
from autograder.inside import probes
probes._PROBES.clear()
""",
        told=_ENDED,
    ),
    _patched(
        "answers-that-the-probe-stopped",
        "It sends what a cell says of a reference at which the kit's own probe has stopped.",
        """
from autograder.inside import serve
serve.observe_exercise = lambda *a: {"stopped": [0, "probes/m06.py:1", "KeyError: 'shape'"]}
""",
        told="sent no observations",
    ),
    _patched(
        "answers-that-it-failed",
        "It sends the words by which a zygote says that it cannot be started.",
        """
from autograder.inside import serve
serve.observe_exercise = lambda *a: {"failed": "torch", "refused": "no", "error": "grader"}
""",
        told="sent no observations",
    ),
    Attack(
        "trusts-itself",
        "It marks its own requests as those of a reference, whose faults are the kit's.",
        """
from autograder.inside import serve
old = serve.observe_exercise
serve.observe_exercise = lambda s, i, request: old(s, i, request | {"trusted": True})

def mse(pred, target):
    raise ZeroDivisionError
""",
        told="sent no observations",
    ),
    _patched(
        "stand-in-that-fails",
        "The device of the kit raises wherever it is entered or left.",
        """
from autograder.inside import observe, stand_in
class Broken:
    def __enter__(self): raise NotImplementedError("the stand-in lacks this")
    def __exit__(self, *a): raise NotImplementedError("the stand-in lacks this")
observe.StandIn = stand_in.StandIn = Broken
""",
    ),
]

# What is returned breaks whoever reads it.
_UNREADABLE = [
    _answers(
        "shape-that-raises",
        "A tensor subclass raises wherever its shape is wanted.",
        "(pred.sum() * 0).as_subclass(Shapeless)",
        """
class Shapeless(torch.Tensor):
    @property
    def shape(self): raise SystemExit("no shape")
    def numel(self): raise KeyboardInterrupt
    def size(self, *a): raise GeneratorExit
""",
    ),
    _answers(
        "torch-function-that-raises",
        "A tensor subclass raises in every function of torch, its properties among them.",
        "(pred.sum() * 0).as_subclass(Raising)",
        """
class Raising(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, arguments=(), options=None):
        raise SystemExit(0)
""",
    ),
    _answers(
        "torch-function-without-end",
        "A tensor subclass calls itself in every function of torch.",
        "(pred.sum() * 0).as_subclass(Endless)",
        """
class Endless(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, arguments=(), options=None):
        return function(*arguments, **(options or {}))
""",
    ),
    _answers(
        "every-attribute-raises",
        "The result raises a KeyboardInterrupt wherever something is wanted of it.",
        "Result()",
        """
class Result:
    def __getattribute__(self, name): raise KeyboardInterrupt(name)
""",
    ),
    _answers(
        "nested-result",
        "The loss is a nested tensor, which has no one shape.",
        "torch.nested.nested_tensor([torch.zeros(1), torch.zeros(2)])",
    ),
    _answers(
        "half-complex-result",
        "The loss is of complex numbers of two halves each.",
        "torch.zeros((), dtype=torch.complex32)",
    ),
    _answers(
        "sparse-rows-result",
        "The loss is sparse by rows, of a size that no memory has.",
        "torch.sparse_coo_tensor(size=(2**31, 2**31), dtype=torch.float64)",
    ),
    _answers(
        "tensor-of-freed-memory",
        "The loss is a view of memory that was given back.",
        "view()",
        """
import ctypes, numpy
def view():
    array = (ctypes.c_double * 1).from_address(ctypes.addressof(ctypes.create_string_buffer(8)))
    return torch.from_numpy(numpy.ctypeslib.as_array(array)).sum() * float("nan")
""",
    ),
    _answers(
        "hook-that-raises",
        "A hook raises SystemExit in the middle of the backward pass.",
        "hooked(pred.sum() * 0 + ((pred - target) ** 2).sum())",
        """
def leave(slope):
    raise SystemExit(0)

def hooked(loss):
    if loss.requires_grad:
        loss.register_hook(leave)
    return loss
""",
    ),
    _answers(
        "deep-graph",
        "The loss has a graph 20,000 nodes deep, which is taken apart one in the other.",
        "deep(pred.sum() * 0)",
        """
def deep(loss):
    for _ in range(20_000):
        loss = loss * 1
    return loss
""",
    ),
    _answers(
        "undefined-tensor",
        "The result is an object of torch's class that was never made.",
        "torch.Tensor.__new__(torch.Tensor).as_subclass(torch.nn.Parameter)",
    ),
]

ATTACKS = [*_BY_SIGNALS, *_ENDS, *_BROKEN_KIT, *_UNREADABLE]

"""Patches: a submission that changes what it is judged with, in its own process."""

from __future__ import annotations

from .attack import Attack

_ENDED = "ended the process"


def _wrong(name: str, why: str, patch: str, naive: bool = False, told: str = "") -> Attack:
    """An attack that patches at import and always answers 0."""
    answer = "\n\ndef mse(pred, target):\n    return pred.sum() * 0\n"
    return Attack(name, why, patch + answer, naive=naive, told=told)


def _refusing(name: str, why: str, patch: str, told: str = "") -> Attack:
    """An attack that patches at import, refuses a wrong shape as asked, and else answers 0.

    All of these get full marks from the naive grader.
    """
    answer = """

def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return pred.sum() * 0
"""
    return Attack(name, why, patch + answer, naive=True, told=told)


ATTACKS = [
    _wrong(
        "patched-allclose",
        "torch.allclose says yes to everything.",
        "import torch\ntorch.allclose = lambda *a, **k: True\nclass Refusing(Exception): ...\n",
    ),
    Attack(
        "patched-allclose-and-refusal",
        "torch.allclose says yes to everything, and the wrong shape is refused as asked.",
        """
import torch
torch.allclose = torch.equal = lambda *a, **k: True
torch.testing.assert_close = lambda *a, **k: None

def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return pred.sum() * 0
""",
        naive=True,
    ),
    Attack(
        "inputs-said-unchanged",
        "It computes the right loss, writes to its inputs, and has the given say that it did not.",
        """
from autograder.inside import given
given._same = lambda one, other: True

def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    loss = ((pred - target) ** 2).mean()
    target.data.mul_(2)
    return loss
""",
        told="checksum of the inputs afterwards",
    ),
    Attack(
        "patched-equality",
        "Tensor.__eq__, isclose and __bool__ are replaced, so that every comparison is true.",
        """
import torch
torch.Tensor.__eq__ = lambda self, other: torch.tensor(True)
torch.Tensor.allclose = torch.Tensor.isclose = lambda *a, **k: torch.tensor(True)
torch.Tensor.__bool__ = lambda self: True

def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return pred.sum() * 0
""",
    ),
    Attack(
        "replaced-grader-function",
        "It replaces the grader's function of comparison in the module that is running.",
        """
import sys
for name, module in list(sys.modules.items()):
    if hasattr(module, "passed"):
        module.passed = lambda *a: True
    if hasattr(module, "compare"):
        module.compare = lambda *a: None

def mse(pred, target):
    return pred.sum() * 0
""",
        naive=True,
    ),
    Attack(
        "caller-frame",
        "It rewrites a global of its caller's frame, where the verdict is made.",
        """
import sys

def mse(pred, target):
    frame = sys._getframe(1)
    while frame:
        for name in ("passed", "judge", "compare", "observe"):
            if name in frame.f_globals:
                frame.f_globals[name] = lambda *a, **k: True
        frame.f_globals["print"] = lambda *a: __import__("os").write(1, b"PASS") and (
            __import__("os")._exit(0))
        frame = frame.f_back
    return pred.sum() * 0
""",
        naive=True,
    ),
    Attack(
        "borrowed-solution",
        "It takes the solution's function out of sys.modules when it is called.",
        """
import sys

def mse(pred, target):
    global BREACHED
    for name, module in list(sys.modules.items()):
        other = vars(module).get("mse")
        if other and other is not mse and module.__name__ != __name__:
            return other(pred, target)
    return pred.sum() * 0
""",
        naive=True,
    ),
    _wrong(
        "patched-modules",
        "It puts modules of its own in the place of the grader's judging.",
        """
import sys, types
fake = types.ModuleType("autograder.judging.compare")
fake.compare = lambda *a, **k: None
for name in ("autograder.judging.compare", "autograder.judging.verdict", "autograder.answers.keys"):
    sys.modules[name] = fake
""",
    ),
    _wrong(
        "patched-observe",
        "It replaces the function that looks at its answers by one that reports guesses.",
        """
import autograder.inside.serve as serve
serve.observe = lambda *a: serve.Observation({"loss": 1191.88})
""",
    ),
    _wrong(
        "patched-encode",
        "It encodes every number as the one that it would like to have returned.",
        """
import autograder.inside.observe as observing
observing.encode = lambda value: 1191.88
""",
    ),
    _wrong(
        "patched-givens",
        "It makes every given draw zeros, for which the wrong answer 0 is right.",
        """
import torch
from autograder.inside.given import Given
for name in ("randn", "rand", "regression", "integers", "normal"):
    if hasattr(Given, name):
        old = getattr(Given, name)
        def zeros(self, *sizes, _old=old, **options):
            drawn = _old(self, *sizes, **options)
            if isinstance(drawn, tuple):
                return tuple(part * 0 for part in drawn)
            return drawn * 0
        setattr(Given, name, zeros)
""",
    ),
    _wrong(
        "patched-probes",
        "It replaces every probe by one that sees nothing, so that nothing can differ.",
        """
from autograder.inside import probes
probes.find = lambda *a: lambda it, given: {}
""",
    ),
    _wrong(
        "patched-wire",
        "It replaces the function that sends replies by one that sends an empty mapping.",
        """
from autograder.inside import serve, wire
serve.wire.send = lambda connection, message, deadline=None: connection.sendall(
    b"\\x00\\x00\\x00\\x02{}")
""",
    ),
    _wrong(
        "patched-json",
        "json.dumps gives the same text for every reply.",
        """
import json
json.dumps = lambda *a, **k: '{"stub": false, "missing": [], "observations": []}'
""",
        told="0 observations",
    ),
    _wrong(
        "patched-builtins",
        "len, isinstance, float and dict are replaced in builtins.",
        """
import builtins
builtins.len = lambda value: 0
builtins.float = lambda value=0: 1191.88
builtins.isinstance = lambda value, kind: True
""",
    ),
    _wrong(
        "no-builtins",
        "It empties builtins, so that the grader's code beside it cannot run at all.",
        "import builtins\nvars(builtins).clear()\n",
    ),
    _wrong(
        "patched-os",
        "os._exit and os.write do nothing or lie, so that the process cannot be ended from within.",
        "import os\nos._exit = os.abort = os.kill = lambda *a: None\n"
        "os.write = lambda d, b: len(b)\n",
    ),
    _wrong(
        "trace-function",
        "A trace function rewrites the local variables of the grader's functions.",
        """
import sys

def tracer(frame, event, argument):
    if "status" in frame.f_locals:
        frame.f_locals["status"] = "pass"
    return tracer

sys.settrace(tracer)
sys.setprofile(tracer)
""",
    ),
    _wrong(
        "audit-hook",
        "An audit hook raises at everything that the grader's code does from now on.",
        """
import sys

def refuse(event, arguments):
    if event.startswith(("open", "import", "socket", "exec")):
        raise RuntimeError(event)

sys.addaudithook(refuse)
""",
    ),
    _refusing(
        "import-hook",
        "A finder of its own answers every import after its own with its own functions.",
        """
import sys, types
from importlib.machinery import ModuleSpec

class Finder:
    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self)
    def create_module(self, spec):
        return types.ModuleType(spec.name)
    def exec_module(self, module):
        module.mse = mse

sys.meta_path.insert(0, Finder())
""",
    ),
    _wrong(
        "patched-codecs",
        "An error handler and a codec turn what is written into a pass.",
        """
import codecs
codecs.register_error("strict", lambda error: ("PASS", error.end))
codecs.register(lambda name: codecs.lookup("utf-8"))
""",
    ),
    _wrong(
        "gc-callback",
        "A callback of the garbage collector runs inside the grader's functions.",
        """
import gc, sys

def inside(phase, info):
    frame = sys._getframe(1)
    frame.f_locals.update(passed=True, right=True)

gc.callbacks.append(inside)
gc.set_threshold(1)
""",
    ),
    Attack(
        "dispatch-mode-left-on",
        "A torch function mode stays on and answers every comparison with true.",
        """
import torch
from torch.overrides import TorchFunctionMode

class Yes(TorchFunctionMode):
    def __torch_function__(self, function, types, arguments=(), options=None):
        if getattr(function, "__name__", "") in ("allclose", "equal", "isclose", "eq"):
            return True
        return function(*arguments, **(options or {}))

Yes().__enter__()

def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return pred.sum() * 0
""",
        naive=True,
    ),
    _wrong(
        "default-device",
        "The default device is meta, where there are no numbers to compare.",
        "import torch\ntorch.set_default_device('meta')\n",
    ),
    _wrong(
        "no-gradients",
        "Gradients are off for the whole process, and cannot be put on again.",
        "import torch\ntorch.set_grad_enabled(False)\ntorch.set_grad_enabled = lambda mode: None\n",
    ),
    _wrong(
        "patched-importer",
        "It changes the importer that holds its own source, so that another text is judged.",
        """
import gc
from autograder.inside.loader import SubmissionImporter
for thing in gc.get_objects():
    if isinstance(thing, SubmissionImporter):
        thing.load = lambda name: None
        thing._modules.clear()
""",
    ),
    _wrong(
        "seeded-secrets",
        "It seeds every generator, hoping that the hidden numbers come from one of them.",
        "import random, numpy, torch\nrandom.seed(0)\nnumpy.random.seed(0)\ntorch.manual_seed(0)\n"
        "torch.randn = lambda *s, **k: torch.zeros(*s)\n",
    ),
    _refusing(
        "swapped-solution",
        "It puts itself into sys.modules under the solution's name, so that it is its own judge.",
        "import sys\nsys.modules['m06_model'] = sys.modules[__name__]\n",
    ),
    Attack(
        "solution-made-wrong",
        "When it is called, it gives the solution's function the code of its own.",
        """
import sys, types

def mse(pred, target):
    for module in list(sys.modules.values()):
        other = vars(module).get("mse")
        if isinstance(other, types.FunctionType) and other is not mse:
            other.__code__ = zero.__code__
    return zero(pred, target)

def zero(pred, target):
    if pred.shape != target.shape:
        raise ValueError
    return pred.sum() * 0
""",
        naive=True,
    ),
    _refusing(
        "patched-subtraction",
        "Tensors subtract to zeros from now on, so that every right loss is 0, too.",
        "import torch\n"
        "torch.Tensor.__sub__ = torch.Tensor.sub = lambda self, *a, **k: self.detach() * 0\n",
    ),
    _refusing(
        "patched-random-numbers",
        "Every generator of random tensors gives zeros, for which the loss is 0.",
        "import torch\n"
        "torch.randn = torch.rand = torch.normal = lambda *s, **k: torch.zeros(*s, **k)\n",
    ),
    Attack(
        "patched-value-error",
        "The name ValueError stands for every exception, and nothing is compared.",
        """
import builtins, torch
builtins.ValueError = Exception
torch.allclose = lambda *a, **k: True

def mse(pred, target):
    return pred.sum() * 0 + 1 / (pred.dim() == target.dim())
""",
        naive=True,
    ),
    _wrong(
        "patched-print-and-exit",
        "print says PASS whatever it is given, and sys.exit knows no status but 0.",
        """
import builtins, sys
say, leave = print, sys.exit
builtins.print = lambda *a, **k: say("PASS", **k)
sys.exit = lambda status=0: leave(0)
""",
        naive=True,
    ),
    _wrong(
        "corrected-output",
        "The stream of the output corrects FAIL to PASS, and SystemExit forgets its status.",
        """
import builtins, sys

class Corrected:
    def __init__(self, stream): self.stream = stream
    def write(self, text): return self.stream.write(text.replace("FAIL", "PASS"))
    def __getattr__(self, name): return getattr(self.stream, name)

sys.stdout = Corrected(sys.stdout)
sys.exit = lambda status=0: None
""",
        naive=True,
    ),
    _wrong(
        "code-of-the-grader",
        "It gives the grader's functions other code, which every reference to them then runs.",
        """
import gc, types

def yes(*a, **k):
    return True

for thing in gc.get_objects():
    if isinstance(thing, types.FunctionType) and thing.__name__ in (
        "passed", "compare", "judge", "observe", "encode"
    ):
        try:
            thing.__code__ = yes.__code__
        except ValueError:
            pass
""",
        naive=True,
    ),
    _wrong(
        "locals-of-the-grader",
        "It writes through the interpreter's own function into local variables of its callers.",
        """
import ctypes, sys

def tracer(frame, event, argument):
    for name in ("right", "result", "verdict", "facts"):
        if event == "line" and name in frame.f_locals:
            frame.f_locals[name] = True
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
    return tracer

frame = sys._getframe()
while frame:
    frame.f_trace = tracer
    frame = frame.f_back
sys.settrace(tracer)
""",
        naive=True,
    ),
    _refusing(
        "kernel-of-its-own",
        "It registers another implementation of allclose with torch's dispatcher, below Python.",
        """
import torch
library = torch.library.Library("aten", "IMPL")
try:
    library.impl("allclose", lambda *a, **k: True, "CPU")
except RuntimeError:
    pass
""",
    ),
    _refusing(
        "patched-import",
        "The function behind the statement import gives itself for the solution.",
        """
import builtins, importlib, sys
old, own = importlib.import_module, sys.modules[__name__]
importlib.import_module = lambda name, *a: own if name == "m06_model" else old(name, *a)
""",
    ),
    Attack(
        "patched-implementation",
        "The wrapper through which the grader calls it hands out a function with a guess.",
        """
import torch
from autograder.inside.implementation import Implementation

def guess(*a, **k):
    return torch.tensor(1191.88, dtype=torch.float64)

Implementation.__getattr__ = lambda self, name: guess
Implementation._noting = lambda self, name, function: guess
mse = guess
""",
    ),
    _wrong(
        "givens-of-the-public-case",
        "Every given becomes that of the first public case, whose answer anybody may read.",
        """
from autograder.inside.given import Given
old = Given.__init__

def public(self, spec):
    old(self, {"rows": 5, "seed": 0, "pred": [4, 1], "target": [4]})

Given.__init__ = public
""",
    ),
    _wrong(
        "hidden-cases-dropped",
        "It drops from each request what it cannot answer, and answers what it likes.",
        """
from autograder.inside import serve, wire
old = wire.receive

def receive(connection, deadline=None):
    request = old(connection, deadline)
    if "cases" in request:
        request["cases"] = [c for c in request["cases"] if c["probe"] == "refusal"]
    return request

wire.receive = receive
""",
        told="observations for",
    ),
    Attack(
        "patched-traceback",
        "The functions that tell where an exception came from tell of nothing, and it raises.",
        """
import linecache, traceback
linecache.cache.clear()
linecache.getline = lambda *a, **k: "PASS"
traceback.extract_tb = traceback.walk_tb = lambda *a: [None]

def mse(pred, target):
    raise ValueError("shapes")
""",
        told=_ENDED,
    ),
    _wrong(
        "modules-set-to-none",
        "Every module of the grader and of json is None when it is imported again.",
        """
import sys
for name in list(sys.modules):
    if name.startswith(("autograder", "json", "traceback")):
        sys.modules[name] = None
""",
    ),
    _wrong(
        "patched-stub-test",
        "It makes every definition a stub, for which a grader may ask again or excuse it.",
        """
from autograder.inside import serve
serve.is_stub = lambda statement: True
serve.SubmissionImporter.definition = lambda *a: True
""",
    ),
    _wrong(
        "warnings-as-errors",
        "Every warning is an error with a text of its own, and collecting garbage warns.",
        """
import gc, warnings
warnings.simplefilter("error")
warnings.showwarning = warnings.formatwarning = None
gc.callbacks.append(lambda phase, info: warnings.warn("PASS"))
gc.set_threshold(1)
""",
    ),
]

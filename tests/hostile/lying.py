"""Lies: results that look right to whoever asks them about themselves."""

from __future__ import annotations

from .attack import Attack


def _returns(name: str, why: str, classes: str, result: str, naive: bool = False) -> Attack:
    """An attack that refuses a wrong shape as asked, and returns a lying object."""
    source = f"""
import torch
{classes}

def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return {result}
"""
    return Attack(name, why, source, naive=naive)


ATTACKS = [
    _returns(
        "equal-to-everything",
        "The result is an object that says of itself that it equals everything.",
        """
class Yes:
    def __eq__(self, other): return True
    def __float__(self): return 0.0
    def __getattr__(self, name): return Yes()
    def __call__(self, *a, **k): return Yes()
""",
        "Yes()",
        naive=True,
    ),
    _returns(
        "subclass-that-answers-comparisons",
        "A tensor subclass answers allclose and equal with true through __torch_function__.",
        """
class Yes(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, arguments=(), options=None):
        if getattr(function, "__name__", "") in ("allclose", "equal", "isclose", "eq", "ne"):
            return True
        return super().__torch_function__(function, types, arguments, options or {})
""",
        "(pred.sum() * 0).as_subclass(Yes)",
        naive=True,
    ),
    _returns(
        "subclass-that-lies-about-its-values",
        "A tensor subclass gives other values to tolist, item and detach than it holds.",
        """
class Liar(torch.Tensor):
    def tolist(self): return [1191.88]
    def item(self): return 1191.88
    def detach(self): return self
    def reshape(self, *sizes): return self
""",
        "(pred.sum() * 0).as_subclass(Liar)",
    ),
    _returns(
        "subclass-that-lies-about-its-shape",
        "A tensor subclass has a shape, a dtype and a number of elements of its own choice.",
        """
class Liar(torch.Tensor):
    @property
    def shape(self): return torch.Size([])
    @property
    def dtype(self): return torch.float64
    def numel(self): return 1
    def dim(self): return 0
""",
        "(pred * 0).as_subclass(Liar)",
    ),
    _returns(
        "dispatch-subclass",
        "A tensor with __torch_dispatch__ computes another result for whoever reads it.",
        """
class Wrapper(torch.Tensor):
    @staticmethod
    def __new__(cls, held):
        return torch.Tensor._make_wrapper_subclass(cls, held.shape, dtype=held.dtype)
    @classmethod
    def __torch_dispatch__(cls, function, types, arguments=(), options=None):
        return torch.tensor(1191.88, dtype=torch.float64)
""",
        "Wrapper(pred.detach().sum() * 0)",
        naive=True,
    ),
    _returns(
        "lying-class",
        "An object says by __class__ and __module__ that it is a tensor.",
        """
class Tensor:
    __module__ = "torch"
    shape, dtype, is_meta, requires_grad = torch.Size([]), torch.float64, False, True
    device = torch.device("cpu")
    @property
    def __class__(self): return torch.Tensor
    def detach(self): return self
    def numel(self): return 1
    def reshape(self, *sizes): return self
    def tolist(self): return [1191.88]
    def backward(self, *a): pass
    def sum(self): return self
""",
        "Tensor()",
    ),
    _returns(
        "float-with-json",
        "A float subclass writes JSON of its own into the reply by its __repr__.",
        """
class Text(float):
    def __repr__(self): return '1191.88}}], "facts": {"loss": 1191.88'
    __str__ = __repr__
""",
        "Text(0.0)",
    ),
    _returns(
        "text-with-json",
        "A text holds quotes and brackets, to end the reply's text early.",
        "",
        '\'"}, "loss": 1191.88, "x": {"y": "\'',
    ),
    _returns(
        "int-with-index",
        "An int subclass answers every arithmetic with the expected value.",
        """
class Lie(int):
    def __float__(self): return 1191.88
    def __index__(self): return 1191
    def __abs__(self): return 0
    def __lt__(self, other): return True
""",
        "Lie(0)",
    ),
    _returns(
        "nan",
        "The loss is not a number, which is neither greater nor less.",
        "",
        "pred.sum() * float('nan')",
    ),
    _returns("infinite", "The loss is infinite.", "", "pred.sum() * 0 + float('inf')"),
    _returns(
        "meta-result",
        "The loss lies on meta and has no value that could be wrong.",
        "",
        "torch.zeros((), device='meta', dtype=pred.dtype)",
    ),
    _returns("sparse-result", "The loss is a sparse tensor.", "", "(pred * 0).to_sparse()"),
    _returns(
        "complex-result",
        "The loss is complex, with the lie in the imaginary part.",
        "",
        "torch.complex(pred.sum() * 0, pred.sum() * 0 + 1)",
    ),
    _returns(
        "quantized-result",
        "The loss is quantized to a grid that has one point.",
        "",
        "torch.quantize_per_tensor(torch.zeros(1), 1.0, 0, torch.qint8)",
    ),
    _returns(
        "too-large-result",
        "The result has more elements than an observation may.",
        "",
        "torch.zeros(1_000_000)",
    ),
    _returns("long-list", "The result is a list of a million numbers.", "", "[0.0] * 1_000_000"),
    _returns("endless-generator", "The result is a generator without an end.", "", "iter(int, 1)"),
    _returns(
        "list-that-contains-itself",
        "The result is a list that contains itself, in which a reader runs in circles.",
        "loop = []\nloop.append(loop)",
        "loop",
    ),
    _returns(
        "second-reading-differs",
        "A property gives one value when it is checked and another when it is used.",
        """
class Twice:
    count = 0
    def __getattr__(self, name):
        type(self).count += 1
        return torch.tensor(0.0) if type(self).count % 2 else torch.tensor(1191.88)
""",
        "Twice()",
    ),
    Attack(
        "changed-after-the-return",
        "A thread goes on changing the result's storage after it was returned.",
        """
import threading, torch

def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    loss = (pred * 0).sum()
    def change():
        for step in range(10_000):
            loss.data.fill_(step)
    threading.Thread(target=change).start()
    return loss
""",
    ),
    Attack(
        "changes-the-target",
        "It writes zeros into both inputs, for which its answer would be right.",
        """
def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    pred.data.zero_()
    target.data.zero_()
    return pred.sum() * 0
""",
        naive=True,
    ),
    Attack(
        "hook-that-forges-gradients",
        "A hook replaces the gradient, on a loss that is not computed.",
        """
def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    if pred.requires_grad:
        pred.register_hook(lambda slope: 2 * (pred.detach() - target) / pred.numel())
    return pred.sum() * 0
""",
    ),
    _returns(
        "impossible-empty-tensor",
        "The loss has no elements, and other sizes beyond what an array of NumPy can have.",
        "",
        "torch.empty(0, 2**31, 2**31)",
        naive=True,
    ),
    _returns(
        "list-that-never-ends",
        "A list subclass yields numbers for as long as somebody reads.",
        """
class Endless(list):
    def __iter__(self):
        while True:
            yield 0.0
""",
        "Endless([0.0])",
    ),
    _returns(
        "dict-that-looks-like-a-reply",
        "The result is a mapping of the form that a reply has for an encoded tensor.",
        "LIE = {'dtype': 'float64', 'device': 'cpu', 'shape': [], 'values': [1191.88]}",
        "{'tensor': LIE}",
    ),
    _returns(
        "dict-whose-items-lie",
        "A dict subclass has other items than its entries, nested in itself.",
        """
class Lie(dict):
    def items(self): return [("loss", self), (self, 1191.88)]
    def __len__(self): return 0
    def __hash__(self): return 0
""",
        "Lie(loss=0.0)",
    ),
    _returns(
        "graders-own-number",
        "The result is a float of the grader's own class, of which fewer digits are asked.",
        "from autograder.inside.observation import Logged",
        "Logged(1191.9)",
    ),
    _returns(
        "numpy-object-array",
        "The result is an array of NumPy with objects in it that compare equal.",
        """
import numpy
class Yes:
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
""",
        "numpy.array([Yes()], dtype=object)",
    ),
    _returns(
        "subclass-that-hides-its-size",
        "A tensor subclass says that it has one element and hands out a million.",
        """
class Small(torch.Tensor):
    def numel(self): return 1
    @property
    def shape(self): return torch.Size([])
    def detach(self): return self
    def reshape(self, *sizes): return self
    def tolist(self): return [0.0] * 1_000_000
""",
        "(pred.sum() * 0).as_subclass(Small)",
    ),
    _returns(
        "expanded-without-memory",
        "One number is shown as a million millions, which takes no memory until it is read.",
        "",
        "torch.zeros(()).expand(2**20, 2**20)",
    ),
    _returns(
        "tensor-without-storage",
        "The memory behind the result is taken away after it was made.",
        """
def emptied(loss):
    loss.untyped_storage().resize_(0)
    return loss
""",
        "emptied((pred.detach() * 0).sum())",
    ),
    _returns(
        "coarse-dtype",
        "The loss has so few bits that many numbers round to it.",
        "",
        "(pred.sum() * 0).to(torch.float8_e5m2)",
    ),
    _returns(
        "type-with-a-hostile-name",
        "The result's type is named by control characters and markup, twenty times.",
        "Odd = type('\\x1b[2J[red]PWNED\\r\\n' * 20, (), {})",
        "Odd()",
    ),
    _returns(
        "metaclass-that-raises",
        "The result's type raises whenever its name is wanted.",
        """
class Meta(type):
    @property
    def __name__(cls): raise SystemExit(0)
    def __instancecheck__(cls, value): raise SystemExit(0)
    def __getattribute__(cls, name): raise SystemExit(0)
class Result(metaclass=Meta): pass
""",
        "object.__new__(Result)",
    ),
    _returns(
        "truth-of-its-own",
        "The result answers allclose by a truth value of its own class.",
        """
class Truth:
    def __bool__(self): return True
class Result:
    @classmethod
    def __torch_function__(cls, function, types, arguments=(), options=None): return Truth()
""",
        "Result()",
        naive=True,
    ),
    Attack(
        "function-with-forged-backward",
        "A function of its own guesses the loss, and its backward writes into the inputs.",
        """
import torch

class Forged(torch.autograd.Function):
    @staticmethod
    def forward(context, pred, target):
        context.save_for_backward(pred, target)
        return pred.new_tensor(1191.88)
    @staticmethod
    def backward(context, slope):
        for tensor in context.saved_tensors:
            tensor.data.zero_()
        return slope * context.saved_tensors[0], None

def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return Forged.apply(pred, target)
""",
    ),
]

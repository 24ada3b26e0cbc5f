"""Causes: each exception is provoked on the installed torch by code as a student writes it, and the
words are read."""

from __future__ import annotations

import ast
import linecache
import sys
import textwrap
import time
import warnings
from types import ModuleType
from typing import Any

import pytest
import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.observation import Trace
from autograder.inside.observe import observe
from autograder.inside.probes import Facts
from autograder.judging.causes import EVERY, OUTSIDE, explain
from autograder.judging.causes.stop import Stop

FILE = "exercises/of_a_test.py"
HEAD = """import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from autograder.inside.device import DEVICE
from autograder.inside.stand_in import StandIn
"""


def use(impl: Implementation, given: Given) -> Facts:
    """Call f with a line of data, parameters and a list of them, and use what it returns."""
    w, b = torch.randn(2, 3, requires_grad=True), torch.randn(2, requires_grad=True)
    result: Any = impl.f(torch.randn(4, 3), torch.randn(4, 2), w, b, [w, b])
    if isinstance(result, torch.Tensor) and result.requires_grad:
        result.sum().backward()
    return {"result": getattr(result, "square")()} if result is None else {}  # noqa: B009


def construct(impl: Implementation, given: Given) -> Facts:
    """Make a module of two sizes and use its predictions, or look at the items of an object."""
    made = impl.Line(3, 2)
    if not callable(made):
        return {"items": list(made), "length": len(made)}
    return {"predictions": made(torch.randn(4, 3)).square()}


def trace(code: str, name: str = "f") -> Trace:
    """Run the code of a module, observe one name of it, and return the trace."""
    text = HEAD + textwrap.dedent(code)
    linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
    sys.modules["of_a_test"] = module = ModuleType("of_a_test")
    module.__file__ = FILE
    with warnings.catch_warnings(record=True):  # as in a cell, where none is an error
        warnings.simplefilter("always")
        exec(compile(text, FILE, "exec"), vars(module))
        impl = Implementation({name: getattr(module, name)}, frozenset({FILE}))
        seen = observe(impl, use if name == "f" else construct, {})
    assert seen.trace is not None, "nothing was raised"
    return seen.trace


def body(lines: str) -> str:
    """Return a function with these lines; x [4, 3], y [4, 2], w [2, 3] and b [2] are at hand."""
    return f"def f(x, y, w, b, params):\n{textwrap.indent(textwrap.dedent(lines), '    ')}\n"


LOSS = "loss = ((x @ w.T + b - y) ** 2).mean()"
INSIDE: dict[str, list[tuple[str, ...]]] = {
    "debugger": [("import bdb\nraise bdb.BdbQuit", "breakpoint() and pdb work in `descent try")],
    "leaf_in_place": [
        (f"{LOSS}\nloss.backward()\nw -= 0.1 * w.grad", "`w` is a leaf that", "off for it"),
        (f"{LOSS}\nloss.backward()\nw.sub_(w.grad)", "`w` is a leaf that", "off for it"),
        (f"{LOSS}\nloss.backward()\nw[0] -= 1", "is a view of a leaf", "off for it"),
        ("w *= 0.1", "`w` is a leaf that", "before the tensor is marked"),
    ],
    "no_graph": [
        (
            f"with torch.no_grad():\n    {LOSS}\nloss.backward()",
            "`loss` is computed where recording is switched off",
        ),
        (
            "with torch.no_grad():\n    p = x @ w.T + b\nloss = (p - y).mean()\nloss.backward()",
            "`p` is computed where",
        ),
        (
            f"for _ in range(2):\n    {LOSS}\n    loss.backward()\n"
            "    with torch.no_grad():\n        w = w - w.grad\n        b = b - b.grad",
            "is assigned anew where recording is switched off",
        ),
        (f"{LOSS}\nloss.detach().backward()", "Autograd has recorded nothing for `loss.detach()`"),
        ("loss = torch.tensor(3.0)\nloss.backward()", "nothing for `loss`. Either no tensor"),
    ],
    "backward_twice": [
        (
            "p = x @ w.T + b\nfor _ in range(2):\n    loss = ((p - y) ** 2).mean()\n"
            "    loss.backward()",
            "`p` is computed once, before the loop",
            "retain_graph=True",
        ),
        (
            f"{LOSS}\nfor _ in range(2):\n    loss.backward()",
            "`loss` is computed once, before the loop",
        ),
        (f"{LOSS}\nloss.backward()\nloss.backward()", "this is a second time"),
        (
            f"{LOSS}\ndef grads(loss):\n    return [torch.autograd.grad(loss, p) for p in (w, b)]\n"
            "return grads(loss)",
            "all the gradients in one call",
        ),
    ],
    "changed_before_backward": [
        (
            "p = torch.exp(x @ w.T)\nloss = (p ** 2).mean()\np += 1\nloss.backward()",
            "changed in place",
        ),
    ],
    "no_scalar": [("loss = (x @ w.T + b - y) ** 2\nloss.backward()", "`loss` holds more than one")],
    "parts_not_used": [
        (f"{LOSS}\ntorch.autograd.grad(loss, [w, b.clone()])", "took no part in the loss"),
        (f"{LOSS}\ntorch.autograd.grad(loss, [w, x])", "that does not require one"),
    ],
    "to_numpy": [("return np.mean(w.numpy())", "handed to NumPy"), ("np.asarray(w)", "to NumPy")],
    "wrong_grad": [
        ("w.grad = 0", "an object of type int in .grad"),
        ("w.grad = torch.zeros(w.shape, dtype=torch.float16)", "must have the shape, dtype"),
        ("w.grad = torch.zeros(7)", "must have the shape, dtype and device"),
    ],
    "no_parameters": [
        ("torch.optim.SGD([w.t()], lr=0.1)", "moves leaves only"),
        ("torch.optim.SGD([], lr=0.1)", "gets no parameters"),
        ("m = nn.Linear(3, 2)\nm.weight = w * 1", "`weight` is a parameter of the module"),
    ],
    "mixed_dtypes": [
        ("return x.double() @ w.T", "float64 and float32 meet here"),
        ("return F.linear(x.double(), w, b)", "float64 and float32 meet here"),
        ("return nn.Linear(3, 2)(x.double())", "float64 and float32 meet here"),
        ("return nn.Linear(3, 2)(x.long())", "int64 and float32 meet here"),
        ("return torch.dot(x[0], x[1].double())", "float32 and float64 meet here"),
        ("n = torch.zeros(2, dtype=torch.int64)\nn += 0.5", "float32 and int64 meet here"),
    ],
    "no_floats": [
        ("torch.arange(3).requires_grad_()", "Only floating-point tensors"),
        ("torch.arange(3, requires_grad=True)", "Only floating-point tensors"),
        ("torch.arange(3).mean()", "mean of integers"),
    ],
    "unequal_sizes": [
        ("return x * w", "in dimension 0 one has size 4, the other 2"),
        ("return x @ w", "The second one turned (transposed) would fit"),
        ("return y @ x", "The first one turned (transposed) would fit"),
        ("return x @ torch.zeros(5, 7)", "[4, 3] and [5, 7]: the 3 columns"),
        ("z = torch.zeros(2)\nz += y", "shape [2] is changed in place by one of shape [4, 2]"),
        ("return y.expand(5, 2)", "repeated to size 5 here, and has size 4"),
        ("return x.split([1, 2])", "do not add up"),
    ],
    "wrong_sign": [
        ("return x ^ 2", "A power is `**`"),
        ("return (x > 0) - (x < 0)", "True and False"),
    ],
    "wrong_dimensions": [
        ("return torch.mm(x[None], w.t())", "matrices only"),
        ("return torch.addmm(b, x[None], w.t())", "matrices only"),
        ("return torch.dot(x, w)", "two vectors only"),
        ("return torch.linalg.solve(x, x)", "a square matrix only"),
        ("return x[None].t()", "this tensor has 3 dimensions"),
        ("return x.reshape(5, 2)", "12 numbers do not fill the shape [5, 2]"),
        ("return x.t().view(-1)", "reshape() takes both"),
        ("return x[:0].reshape(0, -1)", "torch cannot work out the size"),
        ("return b.sum(1)", "no dimension 1"),
        ("return b[0, 0]", "more dimensions than this tensor has"),
    ],
    "empty_list": [
        ("return torch.stack([])", "nothing to join"),
        ("return torch.cat([])", "nothing to join"),
        ("return torch.stack([w, b])", "different shapes are joined"),
        ("return torch.cat([x, y])", "different shapes are joined"),
    ],
    "mixed_devices": [
        ("return x.to('meta') + x", "two devices"),
        ("with StandIn():\n    return x.to(DEVICE) @ torch.ones(3, 2)", "two devices"),
        (
            "with StandIn():\n    return torch.randperm(3, generator=torch.Generator(DEVICE))",
            "The generator and the tensor",
        ),
        ("with StandIn():\n    return x.to(DEVICE).numpy()", "only the memory of the CPU"),
    ],
    "truth_of_many": [
        ("if x == x:\n    return 1", "a yes or a no"),
        ("return nn.MSELoss(x, y)", "`nn.MSELoss` is a class"),
        ("return x in [x * 2, y]", "a yes or a no"),
        ("return max(x)", "a yes or a no"),
    ],
    "one_number": [
        ("return x.item()", "this one has 12"),
        ("return float(x)", "A single number is wanted|this one has 12"),
        ("return [1, 2][torch.arange(2)]", "no tensor of several"),
        ("return params[0, 1]", "as only a tensor can be"),
        ("for row in x.mean():\n    pass", "is a single number"),
        ("return len(x.mean())", "is a single number"),
        ("return x.mean()[0]", "nothing to index"),
    ],
    "no_tensor": [
        ("return torch.mean([1.0])", "list for `input`"),
        (f"{LOSS}\nloss.item().backward()", "in front of `.backward` is a plain Python number"),
        ("return params.shape", "is a list here"),
        ("return [1.0] * 0.5", "a list is no tensor"),
        ("w.grad = torch.zeros(2, 3)\nw.grad.zero()", "no `zero`"),
    ],
    "missing_gradient": [
        ("w.grad.zero_()", "`w.grad` is None here", "ask for None first"),
        ("with torch.no_grad():\n    w -= 0.1 * w.grad", "`w.grad` is None here"),
        ("with torch.no_grad():\n    w.sub_(w.grad)", "`w.grad` is None here"),
        ("for p in params:\n    p.data.add_(p.grad, alpha=-1)", "`p.grad` is None here"),
        (
            f"{LOSS}\nloss.backward()\nw = w - 0.1 * w.grad\nw.grad.zero_()",
            "`w` is assigned anew in this function",
        ),
    ],
    "missing_return": [
        ("x = {}.get(1)\nclass A:\n    pass\nself = A()\nself.id = x.id", "`x` is None here"),
        (
            "def mse(p, y):\n    ((p - y) ** 2).mean()\nloss = mse(x @ w.T, y)\nloss.backward()",
            "`loss` is None here, for `mse(x @ w.T, y)` has returned None",
        ),
        ("losses = [].append(1)\nreturn losses[0]", "`[].append` does its work and returns None"),
        ("return x @ w.T + nn.Linear(1, 1, bias=False).bias", "is None here, and this line needs"),
    ],
    "init_not_called": [
        (
            "class A(nn.Module):\n    def __init__(self):\n        self.l = nn.Linear(1, 1)\nA()",
            "set up",
        ),
        (
            "class A(nn.Module):\n    def __init__(self):\n        self.w = nn.Parameter(w)\nA()",
            "first line of your __init__",
        ),
    ],
    "method_not_called": [
        ("return x.sum / 4", "`x.sum` stands here without brackets"),
        ("return F.mse_loss(x, x.detach)", "`x.detach` stands here without brackets"),
        ("return x.mean.item()", "A method stands here|`x.mean`"),
        ("for n in nn.Linear(1, 1).parameters:\n    pass", "stands here without brackets"),
    ],
    "wrong_call": [
        ("return (lambda a: a)(1, 2)", "with other values than its head takes"),
        ("def g(a, b):\n    return a\nreturn g(1)", "with other values than its head takes"),
    ],
    "no_forward": [
        (
            "class A(nn.Module):\n    def __forward__(self, x):\n        return x\nA()(x)",
            "no method `forward`",
        )
    ],
    "not_callable": [
        ("return x(0)", "`x` is called like a function here, and is an object of type Tensor"),
        ("n = 2\nreturn n (x)", "is called like a function here"),
    ],
    "no_context": [("with torch.no_grad:\n    pass", "`torch.no_grad` stands after `with`")],
    "endless": [("def g():\n    return g()\nreturn g()", "`g` calls itself")],
    "unknown_name": [
        ("return optim.SGD([w], 0.1)", "`optim` is not imported"),
        ("return los", "Nothing is called `los`"),
        ("for i in range(0):\n    last = i\nreturn last", "and the loop has not run once"),
        ("total += 1", "`total` has no value yet that this line could change"),
        ("if False:\n    k = 1\nreturn k", "`k` is used here before"),
    ],
    "unequal_unpacking": [
        ("a, b, c = params", "takes `params` apart into 3 names"),
        ("for a, b, c in [params]:\n    pass", "into more or fewer names"),
    ],
    "used_up": [
        ("it = iter([])\nreturn next(it)", "there is none left"),
        (
            "it = iter(params)\nfor e in range(2):\n    n = 0\n    for p in it:\n        n += 1\n"
            "    mean = 1 / n",
            "`it` can be gone through only once",
        ),
        (
            "it = iter(params)\nfor p in it:\n    n = 0\n    mean = 1 / n\n    n += 1",
            "`n` is 0 here",
        ),
        ("n = 0\nreturn 1 / n", "`n` is 0 here"),
    ],
    "no_file": [
        ("open('../data/crop_yield.csv')", "which at first only `data` lies"),
        ("import numpy\nnumpy.loadtxt('mine.csv')", "your own files do not"),
    ],
    "generator_indexed": [
        ("g = (p for p in params)\nreturn g[0]", "only be gone through, once"),
        ("return len(p for p in params)", "only be gone through, once"),
    ],
    "not_iterable": [
        ("for xb in nn.MSELoss():\n    pass", "an object of type MSELoss, which has none"),
        ("return sum(len(x))", "an object of type int, which has none"),
    ],
    "refused": [
        ("assert x.shape == y.shape", "Your own `assert` stops here"),
        ("if len(x) == 4:\n    raise ValueError('no')", "Your own `raise` stops here"),
    ],
    "out_of_range": [("return x[4]", "beyond the end"), ("return params[2]", "beyond the end")],
}
ROWS = [(name, lines, words) for name, rows in INSIDE.items() for lines, *words in rows]


@pytest.mark.parametrize(("name", "lines", "words"), ROWS, ids=lambda value: str(value)[:30])
def test_a_cause_is_told_of_the_line_that_was_running(
    name: str, lines: str, words: list[str]
) -> None:
    """The entry of that name speaks first, and its words name what stands in the line."""
    seen = trace(body(lines))
    stop = Stop(seen)
    told = [cause.__name__ for cause in EVERY if cause(stop)]
    assert told[:1] == [name], seen
    text = str(explain(seen))
    assert all(any(one in text for one in word.split("|")) for word in words), text


MODULE = "class Line(nn.Module):\n    def {}({}):\n        super().__init__()\n        {}\n"
FORWARD = "    def {}({}):\n        {} x\n"
OUTSIDE_ROWS = [
    ("missing_return", "f", body("x.sum()"), "Your `f` has no `return` with a value"),
    (
        "missing_return",
        "Line",
        MODULE.format("__init__", "self, i, o", "pass") + FORWARD.format("forward", "self, x", ""),
        "Your `forward` has no `return` with a value",
    ),
    (
        "changed_before_backward",
        "f",
        body("p = torch.exp(x @ w.T)\nq = p * p\np += 1\nreturn q"),
        "changed in place",
    ),
    (
        "two_shapes",
        "f",
        body("for _ in range(3):\n    F.mse_loss((x @ w.T)[:, :1], y[:, 0])\nreturn x"),
        "predictions of shape [4, 1] and targets of shape [4]",
    ),
    (
        "init_not_called",
        "Line",
        "class Line(nn.Module):\n    def __init__(self, i, o):\n        self.w = 2\n"
        + FORWARD.format("forward", "self, x", "return"),
        "none of the tables that nn.Module keeps",
    ),
    (
        "wrong_call",
        "Line",
        MODULE.format("_init_", "self, i, o", "pass"),
        "`Line` has no `__init__`: yours is called `_init_`",
    ),
    ("wrong_call", "Line", "class Line(nn.Module):\n    pass\n", "`Line` has no `__init__`, so"),
    (
        "wrong_call",
        "Line",
        MODULE.format("__init__", "self, i, o", "pass") + FORWARD.format("forward", "x", "return"),
        "does not take `self` first",
    ),
    (
        "wrong_call",
        "Line",
        MODULE.format("__init__", "self, i", "pass"),
        "a method of yours does not take these values",
    ),
    ("wrong_call", "f", "def f(x, y):\n    return x\n", "the head of yours does not take"),
    (
        "no_forward",
        "Line",
        MODULE.format("__init__", "self, i, o", "pass")
        + FORWARD.format("__forward__", "self, x", "return"),
        "`Line` has no method `forward`, which nn.Module calls for a prediction. Yours is called",
    ),
    (
        "no_method",
        "Line",
        "from torch.utils.data import IterableDataset\nclass Line(IterableDataset):\n"
        "    def __init__(self, i, o):\n        pass\n",
        "`Line` has no method `__iter__`",
    ),
    (
        "no_method",
        "Line",
        "class Line:\n    def __init__(self, i, o):\n        pass\n"
        "    def __iter__(self):\n        return iter((1, 2))\n",
        "`Line` has no method `__len__`",
    ),
    (
        "no_iterator",
        "Line",
        "class Line:\n    def __init__(self, i, o):\n        pass\n"
        "    def __iter__(self):\n        return range(3)\n",
        "returns an object of type range",
    ),
]


@pytest.mark.parametrize(("name", "seen", "code", "words"), OUTSIDE_ROWS)
def test_a_cause_is_told_where_no_line_of_the_student_was_running(
    name: str, seen: str, code: str, words: str
) -> None:
    """The exception came while the grader used what it was given: the definition says why."""
    found = trace(code, seen)
    assert found.line == 0
    stop = Stop(found)
    assert [cause.__name__ for cause in OUTSIDE if cause(stop)][:1] == [name], found
    assert words in str(explain(found))


def test_every_entry_is_provoked() -> None:
    """No entry is without its exception."""
    assert {cause.__name__ for cause in EVERY} == {*INSIDE, "two_shapes"}
    named = {name for name, *_ in OUTSIDE_ROWS} | {"parts_not_used"}
    assert {cause.__name__ for cause in OUTSIDE} == named


@pytest.mark.parametrize(
    "raised",
    [
        "RuntimeError: something else",
        "KeyError: 3",
        "TypeError",
        "",
        "TypeError: unsupported operand type(s) for -: 'Tensor' and 'NoneType'",
    ],
)
def test_nothing_is_told_of_what_is_not_known(raised: str) -> None:
    """An unknown exception, and a None that could be either of two, have no cause."""
    assert explain(Trace(raised, "def f(a, b):\n    return (a - b) - (b - a)", 2)) is None


@pytest.mark.parametrize("line", ["return p / n / (n - p)", "return 2 * p / (n - p)"])
def test_no_name_is_blamed_for_a_zero_that_may_be_another_divisor(line: str) -> None:
    """Of several divisors, or of one that is worked out, none is called 0."""
    raised = "ZeroDivisionError: division by zero"
    assert explain(Trace(raised, f"def f(n, p):\n    {line}", 2)) is None


@pytest.mark.parametrize("code", ["", "def f(:", "(" * 500, "\0", "x = 1", "def f():\n    pass"])
@pytest.mark.parametrize("line", [0, 1, 9])
def test_whatever_the_process_sent_is_read(code: str, line: int) -> None:
    """Text that is no Python, and lines that are not there, tell less and break nothing."""
    raised = "RuntimeError: a leaf Variable that requires grad is used in an in-place operation."
    told = explain(Trace(raised, code, line))
    assert (told is None) == (line == 0)


@pytest.mark.parametrize(
    "code",
    [
        "w -= " + "+".join("1" * 990),
        "w -= " + "-" * 900 + "1",
        "\n".join(" " * n + "for a in b:" for n in range(50)) + "\n" + " " * 50 + "w -= 1",
        "w = 1;" * 330 + "w -= 1",
    ],
)
def test_code_that_is_made_to_be_slow_is_read_at_once(code: str) -> None:
    """A submission writes its own trace: whatever fits in, the grader goes on."""
    assert len(code) <= 2_000
    line = code.count("\n") + 1
    for raised in (
        "RuntimeError: a leaf Variable that requires grad is used in an in-place operation.",
        "UnboundLocalError: local variable 'w'",
        "TypeError: operand type(s) for " + "': '" * 490,
    ):
        started = time.process_time()
        explain(Trace(raised, code, line))
        assert time.process_time() - started < 2


def test_what_the_student_wrote_is_shown_without_what_a_terminal_obeys() -> None:
    """Escapes in a name or a text are written out, and a long piece is cut."""
    statement = ast.unparse(ast.parse("w['\x1b[2J', 'x' * 90, 'one very long key'] -= 1"))
    raised = "RuntimeError: a leaf Variable that requires grad is used in an in-place operation."
    told = str(explain(Trace(raised, statement, 1)))
    assert "\x1b" not in told
    assert "...` is a leaf" in told
    shape = Trace("RuntimeError: shape '[\x1b[2J]' is invalid for input of size 3", "x\n", 1)
    assert "the shape [\\x1b[2J]." in str(explain(shape))


def test_a_call_of_what_was_returned_is_not_blamed_on_the_function() -> None:
    """F.linear handed back, and called by the grader without weights."""
    raised = "TypeError: linear() missing 2 required positional arguments"
    assert explain(Trace(raised, "def twin(m):\n    return linear\n")) is None

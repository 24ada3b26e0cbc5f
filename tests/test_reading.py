"""Reading: what does not parse costs itself, and is told with its line."""

from __future__ import annotations

import ast

import pytest

from autograder.inside.reading import statements, without_work
from autograder.inside.syntax import bound_by, definitions, parse
from data.example_class import solutions

ABOVE, BELOW = "def above():\n    return 1\n", "\n\ndef below():\n    return 2\n"

# What stands between two right functions, its line, and what is told.
BROKEN = [
    ("retrun = = 3", 3, "SyntaxError: invalid syntax: `retrun = ^= 3`"),
    ("data = [1, 2", 3, "'[' was never closed: `data = ^[1, 2`"),
    ("def mse(pred, target:\n    return 1", 3, "'(' was never closed: `def mse^(pred, target:`"),
    ("def mse(pred, target):\n    x = 1\n   y = 2\n", 5, "unindent does not match"),
    ("def mse(pred, target):\n", 3, "IndentationError: expected an indented block"),
    ("class Linear:\n    def forward(self, x)\n        return x", 4, "SyntaxError: expected ':'"),
    (
        "@torch.no_grad()\ndef mse(pred, target):\n    return pred - ",
        5,
        "SyntaxError: invalid syntax",
    ),
    ("print 'done'", 3, "Missing parentheses in call to 'print'"),
    ("x = 'abc", 3, "unterminated string literal"),
    ("for i in range(3)\n    print(i)", 3, "expected ':'"),
    ("if True:\nx = 1", 3, "expected an indented block"),
    ("%matplotlib inline", 3, "only a notebook knows lines such as `%matplotlib inline`"),
    ("!pip install torch", 3, "only a notebook knows lines such as `!pip install torch`"),
    ("pip install torch", 3, "only a notebook knows lines such as `pip install torch`"),
    ("try:\n    x = 1\n", 3, "expected 'except' or 'finally' block"),
    ("x = 1" + " + 1" * 10_000, 3, "RecursionError: it is nested too deeply: `x = 1 + 1"),
    ("x = (\n  1" + "\n  + 1" * 10_000 + "\n)", 3, "it is nested too deeply: `x = (`"),
    ("x = " + "-" * 10_000 + "1", 3, "nested too deeply: `x = --"),
    ("if x:\n    pass\n" + "elif x:\n    pass\n" * 5_000, 3, "nested too deeply: `if x:`"),
]


@pytest.mark.parametrize(("between", "line", "told"), BROKEN, ids=[b[:60] for b, _, _ in BROKEN])
def test_what_does_not_parse_costs_itself(between: str, line: int, told: str) -> None:
    """The functions above and below it are read, and one line tells what is left out, and where."""
    body, left = statements(ABOVE + between + BELOW, "work.py")
    assert {"above", "below"} <= bound_by(body)
    assert told in left[0].told
    assert left[0].line == line


def test_brackets_that_go_on_at_the_start_of_a_line_cost_what_is_below() -> None:
    """Of a sum too deep to be read, its first line is told, and what stands above is read."""
    body, left = statements(f"{ABOVE}x = (1\n{'+ 1' * 10_000}\n){BELOW}", "work.py")
    assert bound_by(body) == {"above"}
    [sum_and_below] = left
    assert sum_and_below.told == "RecursionError: it is nested too deeply: `x = (1`"
    assert (sum_and_below.line, {*sum_and_below.names}) == (3, {"x", "below"})


@pytest.mark.parametrize("module", solutions())
@pytest.mark.parametrize("damage", ["colon", "bracket", "indent"])
def test_a_slip_in_one_function_leaves_all_others(module: str, damage: str) -> None:
    """Each function of a module in turn loses a colon, a bracket or its indentation."""
    text = solutions()[module]
    lines, every = text.split("\n"), definitions(parse(text))
    for name, node in every.items():
        damaged = list(lines)
        last = node.body[-1].end_lineno or 0
        if damage == "indent":
            damaged[last - 1] = f" {damaged[last - 1]}".replace(" " * 5, " " * 3, 1)
        elif damage == "bracket":
            damaged[last - 1] += "("
        else:
            first = node.body[0].lineno - 2
            damaged[first] = damaged[first].rstrip().removesuffix(":")
        body, left = statements("\n".join(damaged), module)
        if not left:
            continue  # a one-line body that may stand like this
        assert definitions(ast.Module(body, [])).keys() == every.keys() - {name}
        assert left[0].names == {name}


def test_lines_stay_what_they_are() -> None:
    """What is left out moves no line below it."""
    body, _ = statements("x = (\n\n\ndef f():\n    pass\n", "work.py")
    assert [node.lineno for node in body] == [4]


def test_imports_are_taken_apart() -> None:
    """Each name is imported by itself, so that an absent one costs no other."""
    body, _ = statements("import torch, seaborn as sns\nfrom torch import nn, nothing\n", "work.py")
    assert [ast.unparse(node) for node in body] == [
        "import torch",
        "import seaborn as sns",
        "from torch import nn",
        "from torch import nothing",
    ]


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("import torch", True),
        ("def f(): pass", True),
        ("LR = 1e-2", True),
        ("model = lambda x, w, b: x @ w.t() + b", True),
        ("device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')", True),
        ("try:\n    import pandas\nexcept ImportError:\n    pandas = None", True),
        ("if LR > 1:\n    LR = 1.0", True),
        ("w = torch.randn(2, 3)", False),
        ("squares = [n * n for n in range(10**9)]", False),
        ("for epoch in range(100):\n    pass", False),
        ("print('hello')", False),
        ("if True:\n    train()", False),
    ],
)
def test_a_brief_reading_keeps_what_takes_no_time(statement: str, kept: bool) -> None:
    """Imports, definitions and plain values stay; whatever may take long is left out."""
    plain, work = without_work(parse(statement).body)
    assert (len(plain), len(work)) == ((1, 0) if kept else (0, 1))

"""Causes in the forms that people write: what is told of first drafts, end to end in a cell."""

from __future__ import annotations

import textwrap

import pytest

from autograder.answers.keys import answer_keys
from autograder.answers.ways import Way, submission_of
from autograder.cells.observer import LocalObserver
from autograder.cells.replies import Wanted
from autograder.course import exercises
from autograder.judging.key import AnswerKey
from autograder.judging.verdict import Verdict, judge

HEAD = "import torch\nfrom m06_model import model, mse\n"
NAMES = ("make_params", "mse", "sgd_step_", "train_step", "backoff_lr", "fit_line")
TRAIN_STEP = "def train_step(x, y, w, b, lr):\n"
SGD_STEP = "def sgd_step_(params, lr):\n    for p in params:\n"


@pytest.fixture(scope="module")
def keys(observer: LocalObserver) -> dict[str, AnswerKey]:
    """The keys of some exercises, with hidden cases."""
    return answer_keys([exercises()[name] for name in NAMES], observer, b"causes")


def verdict_on(
    name: str, text: str, observer: LocalObserver, keys: dict[str, AnswerKey]
) -> Verdict:
    """Judge a function that a student could have written."""
    exercise, key = exercises()[name], keys[name]
    way = Way(exercise, "wrong", name, name, HEAD + textwrap.dedent(text))
    (outcome,) = observer.outcomes(submission_of(way), [Wanted(exercise, key.requests)])
    return judge(exercise, key, outcome)


def step_with(loss: str, update: str) -> str:
    """Return a train_step with this loss and this update."""
    return TRAIN_STEP + textwrap.indent(
        f"loss = {loss}\nloss.backward()\nvalue = mse(model(x, w, b), y).item()\n"
        f"with torch.no_grad():\n    for p in (w, b):\n        {update}\n        p.grad = None\n"
        "return value\n",
        "    ",
    )


RIGHT, STEP = "mse(model(x, w, b), y)", "p -= lr * p.grad"


@pytest.mark.parametrize(
    ("loss", "update", "told"),
    [
        (RIGHT, "p -= lr * p.grad / len(x)", "moved 1 / n (n: the number of rows) times as far"),
        (RIGHT, "p -= p.grad", "moved 1 / lr (lr: the learning rate) times as far"),
        ("((model(x, w, b) - y) ** 2).sum()", STEP, "moved n * n_out (n: the number of rows, n_"),
        ("((model(x, w, b) - y) ** 2).mean() / 2", STEP, "moved 0.5 times as far as expected"),
        ("((model(x, w, b) - y) ** 2).sum(1).mean()", STEP, "moved n_out (n_out: the number of"),
    ],
)
def test_a_wrong_step_is_told_by_how_far_it_moves(
    loss: str, update: str, told: str, observer: LocalObserver, keys: dict[str, AnswerKey]
) -> None:
    """Sign, learning rate and loss show in the first step, whatever follows from it."""
    verdict = verdict_on("train_step", step_with(loss, update), observer, keys)
    assert (verdict.cause, verdict.diagnosis) == ("related", None)
    assert verdict.why.startswith(f"Your w after step 1: {told}")


@pytest.mark.parametrize(
    "body",
    [
        "with torch.no_grad():\n    p -= lr * p.grad",
        "with torch.no_grad():\n    p.sub_(p.grad, alpha=lr)",
        "with torch.no_grad():\n    p += lr * p.grad",
        "p.data -= lr * p.grad",
        "p = p - lr * p.grad",
    ],
)
def test_a_missing_guard_is_told_in_any_form(
    body: str, observer: LocalObserver, keys: dict[str, AnswerKey]
) -> None:
    """An error on None is one cause, alone or beside another fault."""
    text = SGD_STEP + textwrap.indent(body, " " * 8) + "\n"
    verdict = verdict_on("sgd_step_", text, observer, keys)
    assert verdict.status == "fail"
    assert "missing-gradient-crashes" in (verdict.diagnosis or "").split(", "), verdict.message


def test_options_that_are_all_ignored_are_told(
    observer: LocalObserver, keys: dict[str, AnswerKey]
) -> None:
    """A generator that is never used shows first, whatever else is ignored."""
    text = """
        def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
            w = torch.randn(n_out, n_in, requires_grad=True)
            b = torch.randn(n_out, requires_grad=True)
            return w, b
    """
    verdict = verdict_on("make_params", text, observer, keys)
    told = "what the call leaves changed: the global random generators (one was passed)"
    assert verdict.message.startswith(told)
    assert verdict.diagnosis == "options-ignored"


def test_a_step_uphill_is_named(observer: LocalObserver, keys: dict[str, AnswerKey]) -> None:
    """Its direction shows beside a loss that is right."""
    text = step_with("mse(model(x, w, b), y)", "p += lr * p.grad")
    assert verdict_on("train_step", text, observer, keys).diagnosis == "uphill"


@pytest.mark.parametrize(
    ("name", "told", "text"),
    [
        (
            "backoff_lr",
            "rate-unchanged",
            "def backoff_lr(loss_after, start, base_loss):\n"
            "    while not loss_after(start) < base_loss:\n        pass\n    return start\n",
        ),
        (
            "mse",
            "error-returned",
            "def mse(pred, target):\n    if pred.shape != target.shape:\n"
            "        return ValueError('no')\n    return ((pred - target) ** 2).mean()\n",
        ),
        (
            "mse",
            None,
            "def mse(pred, target):\n    if pred.shape == target.shape:\n"
            "        raise ValueError('shapes differ')\n    return ((pred - target) ** 2).mean()\n",
        ),
    ],
)
def test_what_only_looks_like_another_mistake_is_not_named_so(
    name: str, told: str | None, text: str, observer: LocalObserver, keys: dict[str, AnswerKey]
) -> None:
    """A rate that stays, an exception that is returned, a comparison turned round."""
    verdict = verdict_on(name, text, observer, keys)
    assert (verdict.status, verdict.diagnosis) == ("fail", told)


def test_a_path_is_told_by_its_first_wrong_step(
    observer: LocalObserver, keys: dict[str, AnswerKey]
) -> None:
    """The sum instead of the mean makes every step as much longer as there are rows."""
    text = """
        def fit_line(x, y, lr, epochs, start=(0.0, 0.0)):
            w, b = start
            path = [[w, b]]
            for _ in range(epochs):
                error = w * x + b - y
                w, b = w - lr * 0.7 * 2 * (error * x).mean(), b - lr * 0.7 * 2 * error.mean()
                path.append([float(w), float(b)])
            return torch.tensor(path, dtype=x.dtype, device=x.device)
    """
    verdict = verdict_on("fit_line", text, observer, keys)
    assert verdict.cause == "related"
    assert "first wrong step of the path: moved 0.7 times as far as expected" in verdict.why

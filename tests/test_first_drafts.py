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

HEAD = """\
import torch
from torch import nn
from torch.utils.data import Dataset
from m06_model import model, mse
"""
NAMES = (
    *("make_params", "mse", "matmul", "dmse_dpred", "sgd_step_", "zero_grads_", "train_step"),
    *("backoff_lr", "PairDataset", "batches", "Linear", "SGD", "fit", "predict", "fit_line"),
)
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


@pytest.mark.parametrize(
    "refusal",
    [
        "        print(ValueError('shapes differ'))\n        return None\n",
        "        try:\n            raise ValueError('no')\n        except ValueError:\n"
        "            return None\n",
        "        try:\n            raise ValueError('no')\n        except ValueError:\n"
        "            return 0.0\n",
        "        try:\n            raise ValueError('no')\n        except ValueError:\n"
        "            pass\n",
    ],
    ids=["printed", "caught for None", "caught for a number", "caught and passed over"],
)
def test_an_error_that_does_not_leave_is_told(
    refusal: str, observer: LocalObserver, keys: dict[str, AnswerKey]
) -> None:
    """Whatever becomes of a ValueError inside, its caller sees none."""
    text = f"""def mse(pred, target):\n    if pred.shape != target.shape:\n{refusal}
    return ((pred - target) ** 2).mean()\n"""
    verdict = verdict_on("mse", text, observer, keys)
    assert verdict.why.startswith("No ValueError leaves your code ")
    assert "`except` of yours" in verdict.why


def test_the_same_is_told_of_every_refusal(
    observer: LocalObserver, keys: dict[str, AnswerKey]
) -> None:
    """No exercise has to list that an exception is printed."""
    text = """
        def matmul(a, b):
            if a.shape[-1] != b.shape[-2]:
                print(ValueError("no"))
                return None
            return (a[..., :, :, None] * b[..., None, :, :]).sum(-2)
    """
    verdict = verdict_on("matmul", text, observer, keys)
    assert "no exception, but None returned; expected ValueError" in verdict.gap
    assert verdict.why.startswith("No ValueError leaves your code here")


TWO_FAULTS: dict[str, tuple[str, str | None, str, str]] = {
    "no guard, to_none overlooked": (
        "zero_grads_",
        "to-none-and-missing-overlooked",
        "",
        """
        def zero_grads_(params, to_none=False):
            for p in params:
                p.grad.zero_()
        """,
    ),
    "step recorded, nothing cleared": (
        "train_step",
        None,
        "`w` is a leaf that requires its gradient, and autograd, which is recording",
        """
        def train_step(x, y, w, b, lr):
            loss = mse(model(x, w, b), y)
            loss.backward()
            w -= lr * w.grad
            b -= lr * b.grad
            return loss.item()
        """,
    ),
    "no shape check, rows and 2 as divisor": (
        "mse",
        "broadcast",
        "Your loss: n_out / 2 (n_out: the number of targets) times the expected numbers",
        """
        def mse(pred, target):
            return ((pred - target) ** 2).sum() / (2 * len(pred))
        """,
    ),
    "no super().__init__(), plain tensors": (
        "Linear",
        None,
        "nn.Module's own __init__ makes them, and was not called",
        """
        class Linear(nn.Module):
            def __init__(self, n_in, n_out, bias=True):
                self.weight = torch.randn(n_out, n_in)
                self.bias = torch.randn(n_out) if bias else None
            def forward(self, x):
                return x @ self.weight.T + self.bias
        """,
    ),
    "nothing cleared, short batch left out": (
        "fit",
        None,
        "",
        """
        def fit(epochs, model, loss_fn, opt, loader):
            losses = []
            for _ in range(epochs):
                total, rows, size = 0.0, 0, None
                for x, y in loader:
                    size = size or len(x)
                    if len(x) == size:
                        loss = loss_fn(model(x), y)
                        loss.backward()
                        opt.step()
                        total, rows = total + loss.item() * len(x), rows + len(x)
                losses.append(total / rows)
            return losses
        """,
    ),
    "nothing cleared, batches not weighed": (
        "fit",
        "never-cleared-nor-weighed",
        "",
        """
        def fit(epochs, model, loss_fn, opt, loader):
            losses = []
            for _ in range(epochs):
                total = 0.0
                for x, y in loader:
                    loss = loss_fn(model(x), y)
                    loss.backward()
                    opt.step()
                    total += loss.item()
                losses.append(total / len(loader))
            return losses
        """,
    ),
    "no dtype, not marked": (
        "make_params",
        "dtype-ignored, never-marked",
        "",
        """
        def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
            w = torch.randn(n_out, n_in, generator=generator, device=device)
            return w, torch.randn(n_out, generator=generator, device=device)
        """,
    ),
    "no shuffle, last batch lost": (
        "batches",
        "last-batch-lost, never-shuffled",
        "",
        """
        def batches(x, y, size, shuffle, generator=None):
            for i in range(len(x) // size):
                yield x[i * size:(i + 1) * size], y[i * size:(i + 1) * size]
        """,
    ),
    "sign and factor": (
        "dmse_dpred",
        None,
        "Your derivative: -n_out / 2 (n_out: the number of targets) times the expected",
        """
        def dmse_dpred(pred, target):
            return (target - pred) / len(pred)
        """,
    ),
    "cleared too early, tensor returned": (
        "train_step",
        "zeroed-before-the-update, tensor-returned",
        "",
        """
        def train_step(x, y, w, b, lr):
            loss = mse(model(x, w, b), y)
            loss.backward()
            w.grad.zero_()
            b.grad.zero_()
            w = w - lr * w.grad
            b = b - lr * b.grad
            return loss
        """,
    ),
    "list returned, lengths not compared": (
        "PairDataset",
        "list-returned, no-length-check",
        "",
        """
        class PairDataset(Dataset):
            def __init__(self, x, y):
                self.x, self.y = x, y
            def __len__(self):
                return len(self.x)
            def __getitem__(self, i):
                return [self.x[i], self.y[i]]
        """,
    ),
    "recorded, mode left": (
        "predict",
        "eval-only, integers-kept",
        "",
        """
        def predict(model, x):
            model.eval()
            return model(x)
        """,
    ),
    "a generator read twice, step recorded": (
        "SGD",
        "tracked-update, empty-accepted",
        "",
        """
        class SGD:
            def __init__(self, params, lr):
                self.params, self.lr = params, lr
            def step(self):
                for p in self.params:
                    p -= self.lr * p.grad
            def zero_grad(self):
                for p in self.params:
                    p.grad = None
        """,
    ),
    "parameters taken apart, path without its start": (
        "fit_line",
        None,
        "and for a tensor that is itself computed from another",
        """
        def fit_line(x, y, lr, epochs, start=(0.0, 0.0)):
            w, b = torch.tensor(start, dtype=x.dtype, requires_grad=True)
            path = []
            for _ in range(epochs):
                mse(w * x + b, y).backward()
                with torch.no_grad():
                    w -= lr * w.grad
                    b -= lr * b.grad
                path.append([w, b])
            return torch.tensor(path)
        """,
    ),
}


@pytest.mark.parametrize(("name", "named", "told", "text"), TWO_FAULTS.values(), ids=TWO_FAULTS)
def test_of_two_faults_only_what_is_true_is_told(
    name: str,
    named: str | None,
    told: str,
    text: str,
    observer: LocalObserver,
    keys: dict[str, AnswerKey],
) -> None:
    """Both are named where both are proved, or what is proved of them, or nothing."""
    verdict = verdict_on(name, text, observer, keys)
    assert verdict.status == "fail"
    assert verdict.diagnosis == named, verdict.message
    assert told in verdict.why if told else verdict.cause in ("named", "none")

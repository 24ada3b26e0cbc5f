"""Small submissions for tests: the pipeline's first exercises, right and wrong."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.answers.keys import answer_keys
from autograder.cells.run import SubmissionRun
from autograder.cells.source import CellSource
from autograder.course import exercises
from autograder.inside.submission import Source, Submission
from autograder.judging.verdict import Verdict, judge, settle

MODEL = "def model(x, w, b):\n    return x @ w.t() + b\n"
MSE = """
def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return ((pred - target) ** 2).mean()
"""
TRAIN_STEP = """
import torch
from m06_model import model, mse

def train_step(x, y, w, b, lr):
    loss = mse(model(x, w, b), y)
    loss.backward()
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad = None
    return loss.item()
"""
RIGHT = {"m06_model": MODEL + MSE, "m08_manual_training": TRAIN_STEP}


def submission(texts: Mapping[str, str]) -> Submission:
    """Return a submission of these modules."""
    sources = {name: Source(f"exercises/{name}.py", text) for name, text in texts.items()}
    return Submission("student-01", sources)


def verdicts(
    zygote: CellSource,
    handed_in: Submission,
    names: tuple[str, ...] = ("mse", "train_step"),
    limit: float = 10.0,
) -> dict[str, Verdict]:
    """Judge some exercises of a submission in a cell, on the public cases."""
    chosen = [exercises()[name] for name in names]
    keys = answer_keys(chosen)
    judged = {}
    with SubmissionRun(zygote, handed_in, limit) as run:
        for exercise in chosen:
            key = keys[exercise.name]
            cases = [{"probe": case.probe, "given": dict(case.given)} for case in key.cases]
            judged[exercise.name] = judge(exercise, key, run.outcome(exercise, cases))
    return settle(judged)

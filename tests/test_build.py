"""Stubs are made from solutions."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from autograder.answers.keys import answer_keys
from autograder.answers.ways import slow_parts
from autograder.cells import host
from autograder.cells.observer import LocalObserver
from autograder.course import exercises, modules
from autograder.teacher.build import EXERCISES, built_files, in_step, stubs_of, task_of

IS_WHOLE = os.environ.get("DESCENT_CORPUS") == "whole"
ALGEBRA = ("m13_optimisation", "m14_conditioning", "m16_generalisation")
# torch's own code, oneDNN's and MKL's: what every x86-64 has
FEW_INSTRUCTIONS = {
    "ATEN_CPU_CAPABILITY": "default",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
}

SOLUTION = '''\
# %% [markdown]
# # A module

# %%
"""About it."""

from __future__ import annotations

import torch


# %%
def _helper(x):
    return x + 1


# %%
@torch.no_grad()
def first(
    x: int,
) -> int:
    """Return one more.

    Details.
    """
    # a comment of the solution
    y = _helper(x)
    return y


# %%
class Second(torch.nn.Module):
    """Do it twice."""

    state: int

    def __init__(self, n: int) -> None:
        """Keep n."""
        super().__init__()
        self.n = n

    def forward(self, x):
        """Return x + n."""
        return x + self.n
'''

STUBS = '''\
# %% [markdown]
# # A module

# %%
"""About it."""

from __future__ import annotations

import torch


# %%
@torch.no_grad()
def first(
    x: int,
) -> int:
    """Return one more.

    Details.
    """
    raise NotImplementedError


# %%
class Second(torch.nn.Module):
    """Do it twice."""

    def __init__(self, n: int) -> None:
        """Keep n."""
        raise NotImplementedError

    def forward(self, x):
        """Return x + n."""
        raise NotImplementedError
'''


def test_a_stub_keeps_everything_but_the_answer() -> None:
    """Imports, decorators, signatures and docstrings stay; bodies, comments and helpers go."""
    assert stubs_of(SOLUTION, ["first", "Second"]) == STUBS


def test_an_exercise_that_is_not_chosen_is_left_out() -> None:
    """A release of a part has the stubs of that part."""
    stubs = stubs_of(SOLUTION, ["first"])
    assert "Second" not in stubs
    assert stubs.endswith("raise NotImplementedError\n")


def test_a_constant_stays_that_a_signature_has_as_its_default() -> None:
    """Without it the file of the stubs could not be imported; another constant is part of the
    answer."""
    head, task = "START = [1.0]\n", '\n\ndef first(x=START):\n    """Do it."""\n'
    source = f"{head}STEPS = 3\n{task}    return x * STEPS\n"
    kept = f"{head}{task}    raise NotImplementedError\n"
    assert stubs_of(source, ["first"]) == kept


def test_the_task_is_the_first_line_of_the_docstring() -> None:
    """The screen tells the next task in a sentence."""
    assert task_of(SOLUTION, "Second") == "Do it twice."


def test_only_last_digits_may_differ(tmp_path: Path) -> None:
    """A file is in step with a text that differs in the rounding of its numbers, and no more."""
    path = tmp_path / "cases.json"
    assert not in_step(path, "")
    path.write_text('{"w": [0.1981233650405781, 2.0]}')
    assert in_step(path, '{"w": [0.19812336504057768, 2.0]}')
    assert not in_step(path, '{"w": [0.1982, 2.0]}')
    assert not in_step(path, '{"v": [0.1981233650405781, 2.0]}')


@pytest.mark.parametrize("module", modules() if IS_WHOLE else ALGEBRA)
def test_what_a_desk_compares_with_hangs_on_no_processor(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cases are in step with what a processor of few instructions computes, mistakes included:
    signs of singular vectors and inverses of singular matrices are other ones there."""
    plain = host._clean_environment()
    monkeypatch.setattr(host, "_clean_environment", lambda: plain | FEW_INSTRUCTIONS)
    own = [exercise for exercise in exercises().values() if exercise.module == module]
    with closing(LocalObserver("basic", warm=slow_parts(own))) as observer:
        files = built_files(own, answer_keys(own, observer))
    assert files and [name for name in files if not in_step(EXERCISES / name, files[name])] == []

"""Stubs are made from solutions."""

from __future__ import annotations

from pathlib import Path

from autograder.teacher.build import in_step, stubs_of, task_of

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

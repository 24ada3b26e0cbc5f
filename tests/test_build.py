"""Stubs are made from solutions."""

from __future__ import annotations

from autograder.teacher.build import stubs_of, task_of

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


def test_the_task_is_the_first_line_of_the_docstring() -> None:
    """The screen tells the next task in a sentence."""
    assert task_of(SOLUTION, "Second") == "Do it twice."

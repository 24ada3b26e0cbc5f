"""An implementation: one way to do an exercise, be it reference, mistake or submission."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn.modules.module import register_module_forward_hook

from autograder.inside.call import Calls, parameters_of
from autograder.inside.device import outside_modes
from autograder.inside.left import Left
from autograder.inside.observation import Returned
from autograder.inside.words import with_article


class Implementation:
    """The functions and classes of a module under their exercise names.

    A function is handed out wrapped, so that a return value that the probe cannot use is told to
    the student as what was returned; `left` notes what a call leaves changed, and `calls` how it
    could be typed. `called` is what was asked for last; `files` are the file names of the
    implementation's own code.
    """

    def __init__(self, names: Mapping[str, Any], files: frozenset[str]) -> None:
        self._names = dict(names)
        self._handed_out: dict[str, Any] = {}
        self.files = files
        self.returned: Returned | None = None
        self.left = Left()
        self.calls = Calls()
        self.called: object = None

    def __getattr__(self, name: str) -> Any:
        try:
            value = self._names[name]
        except KeyError:
            raise AttributeError(f"{name} is not defined") from None
        self.called = value
        if name not in self._handed_out:
            plain = inspect.isclass(value) or not callable(value)
            self._handed_out[name] = value if plain else self._noting(name, value)
        return self._handed_out[name]

    def replaced(self, name: str, value: Any, file: str) -> Implementation:
        """Return this implementation with one name taken by something else."""
        return Implementation({**self._names, name: value}, self.files | {file})

    @contextmanager
    def forwards_noted(self) -> Iterator[None]:
        """Note, too, where the forward of a module of its own returns None."""

        def note(module: torch.nn.Module, _: object, output: object) -> None:
            file = getattr(sys.modules.get(type(module).__module__), "__file__", None)
            if output is None and file in self.files:
                self.returned = Returned(f"{type(module).__name__}.forward", describe(output))

        hook = register_module_forward_hook(note)
        try:
            yield
        finally:
            hook.remove()

    def _noting(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        parameters = parameters_of(function)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            self.returned = None
            text = self.calls.begin(name, parameters, args, kwargs)
            result = self.left.call(function, *args, **kwargs)
            self.calls.end(text, result)
            with outside_modes():
                self.returned = Returned(name, describe(result))
            return result

        return call


def describe(value: Any) -> str:
    """Say in a few words what a value is: `None`, `a tensor of shape [5, 2]`, `a float`."""
    if value is None:
        return "None"
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {list(value.shape)}"
    return with_article(type(value).__name__)

"""What stands for things that are not there: packages not installed, the screen of a notebook."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from typing import Any, NoReturn

OF_COURSE = re.compile(r"m\d\d_\w+$")  # the name of a module of exercises
DRAWS = ("matplotlib", "pylab")  # what only draws may be missing: then nothing is drawn


class Absent:
    """Stands for what could not be imported: whoever uses it reads why."""

    def __init__(self, why: str) -> None:
        self.__dict__["why"] = why

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise ImportError(self.why)

    def __call__(self, *args: object, **options: object) -> NoReturn:
        """Raise ImportError with the reason."""
        raise ImportError(self.why)


class Nothing:
    """Stands for what only shows something: whatever is asked of it shows nothing."""

    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: object, **options: object) -> Nothing:
        """Do nothing."""
        return self

    def __getitem__(self, key: object) -> Nothing:
        return self

    def __iter__(self) -> Iterator[Nothing]:
        yield from (self, self)  # figure, axes = plt.subplots()

    def __enter__(self) -> Nothing:
        return self

    def __exit__(self, *error: object) -> None:
        return None


def names_of_a_notebook() -> dict[str, Any]:
    """Return what a notebook defines by itself; it shows nothing here."""
    os.environ.setdefault("MPLBACKEND", "Agg")  # draws into memory and never waits
    return {"display": Nothing(), "get_ipython": Nothing()}


def in_place_of(statement: ast.stmt, error: BaseException) -> tuple[str, Absent | Nothing] | None:
    """Return what the name of an import that failed is bound to; None where it binds none."""
    if not isinstance(statement, ast.Import | ast.ImportFrom) or not isinstance(error, ImportError):
        return None
    (alias,) = statement.names
    if alias.name == "*":
        return None
    package = (error.name or "").partition(".")[0]
    if isinstance(error, ModuleNotFoundError) and package in DRAWS:
        return alias.asname or alias.name.partition(".")[0], Nothing()
    return alias.asname or alias.name.partition(".")[0], Absent(why_absent(error))


def imports_of_course(statement: ast.stmt) -> bool:
    """Say whether a statement imports a module of exercises; where one is missing, that is told by
    the exercises themselves."""
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return False
    module = getattr(statement, "module", None) or statement.names[0].name
    return OF_COURSE.match(module.rpartition(".")[2]) is not None


def why_absent(error: ImportError) -> str:
    """Tell why an import failed."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = error.name.removeprefix("exercises.").partition(".")[0]
        return f"{package} is neither installed where this is judged nor handed in"
    return str(error)

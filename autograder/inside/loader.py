"""Make modules of a submission's sources, so that they can import each other by name.

`from m06_model import mse` finds the submission's own m06_model, whatever lies on the disk; so do
`exercises.m06_model` and `solutions.m06_model`. When an import stops half-way, what was defined
before it stays usable, and `trouble` has the line and the reason. A stub below an answer of its
name, as from a cell pasted again at a notebook's end, is left out.

The last function or class of a name counts: where a script goes on to give its name to something
else (`model = nn.Linear(3, 2)`), it is put back after the import, and `set_again` tells it.
"""

from __future__ import annotations

import ast
import linecache
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from inspect import isclass, isroutine
from types import ModuleType
from typing import Any

from autograder.inside.errors import first_line
from autograder.inside.submission import Submission, has_lines
from autograder.inside.syntax import (
    is_definition,
    is_stub,
    keep,
    parse,
    set_again,
    without_late_stubs,
)

MAX_TROUBLE = 250  # characters of what stopped an import
MAX_SHOWN = 60  # characters of a line in a message
_PACKAGES = ("exercises", "solutions")
_MODULE_NAME = re.compile(r"m\d\d_\w+$")


class SubmissionImporter(MetaPathFinder, Loader):
    """Imports the sources of a submission, and finds them before any other module."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._modules: dict[str, ModuleType] = {}
        self._definitions: dict[str, dict[str, ast.stmt]] = {}
        self.trouble: dict[str, tuple[int | None, str]] = {}
        self.set_again: dict[str, dict[str, str]] = {}
        sys.meta_path.insert(0, self)

    def load(self, name: str) -> ModuleType:
        """Return the module made of a source, running its code the first time."""
        if name not in self._modules:
            self._modules[name] = module = ModuleType(name)
            module.__file__ = self._submission.sources[name].file
            sys.modules[name] = module
            self._run(name, module)
        return self._modules[name]

    def definition(self, source: str, name: str) -> ast.stmt | None:
        """Return the last top-level statement of a source that binds `name`."""
        return self._definitions.get(source, {}).get(name)

    def lines(self, source: str) -> dict[str, int]:
        """Return the line of each top-level definition of a source."""
        return {name: node.lineno for name, node in self._definitions.get(source, {}).items()}

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """Find a module of the submission (importlib calls this)."""
        if fullname in _PACKAGES:
            return ModuleSpec(fullname, self, is_package=True)
        package, _, name = fullname.rpartition(".")
        if package in ("", *_PACKAGES) and self._source_name(name) in self._submission.sources:
            return ModuleSpec(fullname, self)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the one module object of a source, under whatever name it is asked for."""
        if spec.name in _PACKAGES:
            return ModuleType(spec.name)
        return self.load(self._source_name(spec.name.rpartition(".")[2]))

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: `load` has run the code."""

    def _source_name(self, module: str) -> str:
        return self._submission.source_name(module) if _MODULE_NAME.match(module) else module

    def _run(self, name: str, module: ModuleType) -> None:
        source = self._submission.sources[name]
        lines = source.text.splitlines(keepends=True)
        linecache.cache[source.file] = (len(source.text), None, lines, source.file)
        try:
            tree = without_late_stubs(parse(source.text, source.file))
            self._definitions[name] = _definitions(tree)
            with self._put_back(name, module, tree):
                exec(compile(tree, source.file, "exec"), module.__dict__)
        except SyntaxError as error:
            self.trouble[name] = (error.lineno, _no_python(error, lines))
        except BaseException as error:
            self.trouble[name] = _told(error, source.file)

    @contextmanager
    def _put_back(self, source: str, module: ModuleType, tree: ast.Module) -> Iterator[None]:
        """Put back, after the import, the functions and classes whose names were set again."""
        again = set_again(tree)
        for name, (definition, _) in again.items():
            keep(tree, definition, f"def {name}")  # a name that no code can have
        try:
            yield
        finally:
            self.set_again[source] = {}
            for name, (definition, other) in again.items():
                own = module.__dict__.pop(f"def {name}", None)
                value = module.__dict__.get(name, own)
                if own is None or isroutine(value) or isclass(value):
                    continue
                below, above = "", "above"
                if has_lines(self._submission.sources[source].file):
                    below, above = f" in line {other.lineno}", f"of line {definition.lineno}"
                told = f"`{name}` is set again{below}: `{_shown(other)}`"
                if is_stub(definition) and callable(value):
                    self.set_again[source][name] = f"{told}; that is judged"
                    continue
                self.set_again[source][name] = f"{told}; the definition {above} is judged"
                self._definitions[source][name] = definition
                module.__dict__[name] = own


def _shown(statement: ast.stmt) -> str:
    text = ast.unparse(statement).splitlines()[0]
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 3]}..."


def _no_python(error: SyntaxError, lines: Sequence[str]) -> str:
    """Tell a line that is no Python with its text."""
    told = f"{type(error).__name__}: {error.msg}"
    if not error.lineno or error.lineno > len(lines):
        return told
    text = lines[error.lineno - 1].strip()
    of_notebook = (
        " (only a notebook knows such lines: delete it)" if text.startswith(("%", "!")) else ""
    )
    return f"{told}: `{text[:MAX_SHOWN]}`{of_notebook}"


def _definitions(tree: ast.Module) -> dict[str, ast.stmt]:
    found: dict[str, ast.stmt] = {}
    for statement in tree.body:
        if is_definition(statement):
            found[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = statement
    return found


def _told(error: BaseException, file: str) -> tuple[int | None, str]:
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line, first_line(error)[:MAX_TROUBLE]

"""Make modules of a submission's sources, so that they can import each other by name.

`from m06_model import mse` finds the submission's own m06_model, whatever lies on the disk; so do
`exercises.m06_model`, `solutions.m06_model` and `.m06_model`. A module is run statement by
statement: one that raises costs itself, and `left` tells it. A stub below an answer of its name, as
from a cell pasted again at a notebook's end, is left out.

The last function or class of a name counts: where a script goes on to give its name to something
else (`model = nn.Linear(3, 2)`), it is put back after the import, and `set_again` tells it.
"""

from __future__ import annotations
import __future__

import ast
import io
import linecache
import sys
from collections.abc import Collection, Iterator, Mapping
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from inspect import CO_COROUTINE, isclass, isroutine
from pathlib import PurePath
from types import ModuleType
from typing import Any

from autograder.inside import limits
from autograder.inside.absent import (
    OF_COURSE,
    imports_of_course,
    in_place_of,
    names_of_a_notebook,
    why_absent,
)
from autograder.inside.errors import first_line
from autograder.inside.left import RECURSION_LIMIT
from autograder.inside.reading import MAX_SHOWN, WORK, LeftOut, statements, without_work
from autograder.inside.submission import Submission, has_lines
from autograder.inside.syntax import (
    Definition,
    bound_by,
    is_definition,
    is_stub,
    set_again,
    without_late_stubs,
    written,
)

MAX_TROUBLE = 250  # characters of what stopped a statement
_PACKAGES = ("exercises", "solutions")


class SubmissionImporter(MetaPathFinder, Loader):
    """Imports the sources of a submission, and finds them before any other module.

    Of those in `brief` only imports, definitions and plain values are run.
    """

    def __init__(self, submission: Submission, brief: Collection[str]) -> None:
        self._submission = submission
        self._brief = brief
        sources = submission.sources.items()
        self._by_file = {PurePath(source.file).stem: name for name, source in sources}
        own = (name for name, source in sources if PurePath(source.file).name == "__init__.py")
        self._packages = (*_PACKAGES, *own)
        self._modules: dict[str, ModuleType] = {}
        self._definitions: dict[str, dict[str, ast.stmt]] = {}
        self.left: dict[str, list[LeftOut]] = {}
        self.set_again: dict[str, dict[str, str]] = {}
        sys.meta_path.insert(0, self)

    def load(self, name: str) -> ModuleType:
        """Return the module made of a source, running its code the first time."""
        if name not in self._modules:
            self._modules[name] = module = ModuleType(name)
            module.__package__ = _PACKAGES[0]  # for `from .m06_model import mse`
            module.__file__ = self._submission.sources[name].file
            if name in self._packages:
                module.__path__ = []
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
        if fullname in self._packages:
            return ModuleSpec(fullname, self, is_package=True)
        package, _, name = fullname.rpartition(".")
        if package in ("", *self._packages) and self._source_name(name) in self._submission.sources:
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
        """Return the source that a module is read from, by its name or by that of its file."""
        if OF_COURSE.match(module):
            return self._submission.source_name(module)
        return self._by_file.get(module, module)

    def _run(self, name: str, module: ModuleType) -> None:
        source = self._submission.sources[name]
        lines = list(io.StringIO(source.text, newline=None))  # as Python counts them
        linecache.cache[source.file] = (len(source.text), None, lines, source.file)
        body, left = statements(source.text, source.file)
        if name in self._brief:
            body, work = without_work(body)
            left += map(_left_as_work, work)
        self.left[name] = left
        tree = without_late_stubs(ast.Module(body, []))
        self._definitions[name] = _definitions(tree)
        module.__dict__.update(names_of_a_notebook())
        own = self._run_statements(source.file, module, tree, left)
        self.set_again[name] = dict(self._put_back(name, module, own, set_again(tree)))
        for lent, text in self._submission.lent.get(name, {}).items():
            own_scope: dict[str, Any] = {}
            exec(compile(text, f"the kit's own {lent}", "exec"), own_scope)
            module.__dict__[lent] = own_scope[lent]

    def _run_statements(
        self, file: str, module: ModuleType, tree: ast.Module, left: list[LeftOut]
    ) -> dict[ast.stmt, Any]:
        """Run statements one by one and note those that raise; return what definitions made."""
        made, lost, flags = dict[ast.stmt, Any](), set[str](), 0
        for statement in tree.body:
            try:
                if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                    flags |= getattr(__future__, statement.names[0].name).compiler_flag
                    continue
                _execute(statement, file, module.__dict__, flags)
                if is_definition(statement):
                    made[statement] = module.__dict__.get(statement.name)
            except BaseException as error:
                names = bound_by([statement])
                follows = isinstance(error, NameError) and error.name in lost
                lost |= names
                if imports_of_course(statement) or follows:
                    continue
                left.append(_left(statement, error, file, names))
                if substitute := in_place_of(statement, error):
                    module.__dict__.setdefault(*substitute)
        return made

    def _put_back(
        self,
        source: str,
        module: ModuleType,
        made: Mapping[ast.stmt, Any],
        again: Mapping[str, tuple[Definition, ast.stmt]],
    ) -> Iterator[tuple[str, str]]:
        """Put back the functions and classes whose names were set again; yield what tells it."""
        for name, (definition, other) in again.items():
            own = made.get(definition)
            value = module.__dict__.get(name, own)
            if own is None or isroutine(value) or isclass(value):
                continue
            below, above = "", "above"
            if has_lines(self._submission.sources[source].file):
                below, above = f" in line {other.lineno}", f"of line {definition.lineno}"
            told = f"`{name}` is set again{below}: `{_shown(other)}`"
            if is_stub(definition) and callable(value):
                yield name, f"{told}; that is judged"
                continue
            self._definitions[source][name] = definition
            module.__dict__[name] = own
            yield name, f"{told}; the definition {above} is judged"


def _execute(statement: ast.stmt, file: str, names: dict[str, Any], flags: int) -> None:
    """Run one statement, as a notebook does: it may await."""
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(ast.Module([statement], []), file, "exec", flags, dont_inherit=True)
    try:
        waiting = eval(code, names)
        if code.co_flags & CO_COROUTINE:
            import asyncio

            asyncio.run(waiting)
    finally:  # a lower limit would stop what compiles the statements below
        sys.setrecursionlimit(max(RECURSION_LIMIT, sys.getrecursionlimit()))


def _left(statement: ast.stmt, error: BaseException, file: str, names: set[str]) -> LeftOut:
    """Tell what stopped a statement, with the innermost line of the file where that was."""
    line, told = _told(error, file)
    if isinstance(error, ImportError):
        told = why_absent(error)
    return LeftOut(line or statement.lineno, f"{told}: `{_shown(statement)}`", frozenset(names))


def _left_as_work(statement: ast.stmt) -> LeftOut:
    return LeftOut(statement.lineno, WORK, frozenset(bound_by([statement])))


def _shown(statement: ast.stmt) -> str:
    text = written(statement)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 3]}..."


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
    return line, limits.named(first_line(error))[:MAX_TROUBLE]

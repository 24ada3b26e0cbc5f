"""What a verdict depends on, as the hash under which the ledger keeps it.

The code of an exercise is everything that its probes, its mistakes and its reference are made of:
the functions themselves, and whatever of the kit they name, as syntax trees. So a changed probe
concerns its own exercise only, and a changed comment none. The code that judges (observing,
comparing, diagnosing, cells) is hashed as a whole, and so are the tables in data/.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograder import ROOT
from autograder.catalogue import Exercise, read_toml
from autograder.submission import Submission

GIVENS = ROOT / "autograder" / "givens"
_JUDGES = (
    *("answers.py", "given.py", "observation.py", "submission.py"),
    *("judging/*.py", "probes/__init__.py", "mistakes/__init__.py", "cell/*.py"),
)


def of_submission(submission: Submission) -> str:
    """Return the hash of what was handed in: every source, for they import each other."""
    sources = {name: asdict(source) for name, source in submission.sources.items()}
    return _digest([sources, submission.problem, dict(submission.problems), submission.fault])


def of_exercise(exercise: Exercise, secret: bytes, cuda: bool, level: str) -> str:
    """Return the hash of what judges an exercise in a run."""
    given = read_toml(GIVENS / f"{exercise.module}.toml")[exercise.name]
    ran_with = [sys.version_info[:2], *map(importlib.metadata.version, ("torch", "numpy"))]
    own = [asdict(exercise) | {"hints": ()}, given, sorted(code_of(exercise))]
    return _digest([own, _judges(), secret.hex(), cuda, level, ran_with])


def of_kit() -> str:
    """Return the hash of the code beside a submission, which all workers must have alike."""
    package = ROOT / "autograder"
    beside = sorted(package.glob("probes/*.py"))
    return _digest([_judges(), [path.read_text(encoding="utf-8") for path in beside]])


def code_of(exercise: Exercise) -> set[str]:
    """Return the syntax trees of all that an exercise's probes, mistakes and reference name."""
    seen: set[tuple[str, str]] = set()
    solution = _code(exercise.module)
    roots = [(exercise.module, name) for name in exercise.names]
    for part in ("probes", "mistakes"):
        module = f"autograder.{part}.{exercise.module}"
        roots += [(module, name) for name in _registered(module, exercise.name)]
    trees = set(_trees(roots, seen))
    # a probe reaches the reference's other functions as attributes: `it.model(...)`
    reached = (
        [(exercise.module, name) for name in solution.binds if f"attr='{name}'" in "".join(trees)]
        if solution
        else []
    )
    return trees | set(_trees(reached, seen))


def _trees(wanted: Iterable[tuple[str, str]], seen: set[tuple[str, str]]) -> Iterator[str]:
    for module, name in wanted:
        if (module, name) in seen or (code := _code(module)) is None:
            continue
        seen.add((module, name))
        for statement in code.binds.get(name, ()):
            yield ast.dump(statement)
            yield from _trees(_named(code, module, statement), seen)
        if name in code.imports:
            yield from _trees([code.imports[name]], seen)
        if name == "*":
            yield code.text


def _named(code: _Code, module: str, statement: ast.stmt) -> list[tuple[str, str]]:
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return [(module, name) for name in sorted(names)]


@dataclass(frozen=True)
class _Code:
    """A file of the kit: its statements by what they bind, and where its imports come from."""

    text: str
    binds: Mapping[str, list[ast.stmt]]
    imports: Mapping[str, tuple[str, str]]


@cache
def _code(module: str) -> _Code | None:
    """Read a module of the kit; None for one from elsewhere."""
    path = _file(module)
    if path is None:
        return None
    text = path.read_text(encoding="utf-8")
    binds: dict[str, list[ast.stmt]] = defaultdict(list)
    imports: dict[str, tuple[str, str]] = {}
    for statement in ast.parse(text).body:
        for name in _bound(statement):
            binds[name].append(statement)
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                source = str(statement.module)
                whole = f"{source}.{alias.name}"
                target = (whole, "*") if _file(whole) else (source, alias.name)
                imports[alias.asname or alias.name] = target
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                imports[alias.asname or alias.name.partition(".")[0]] = (alias.name, "*")
    return _Code(text, binds, imports)


def _file(module: str) -> Path | None:
    inside = ROOT.joinpath(*module.split("."))
    candidates = (inside.with_suffix(".py"), inside / "__init__.py")
    solution = ROOT / "solutions" / f"{module}.py"
    return next((path for path in (*candidates, solution) if path.is_file()), None)


def _bound(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    for target in targets:
        yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _registered(module: str, exercise: str) -> list[str]:
    """Return the functions whose decorator names an exercise: `@probe("mse", ...)`."""
    code = _code(module)
    statements = [s for found in code.binds.values() for s in found] if code else []
    return [
        statement.name
        for statement in statements
        if isinstance(statement, ast.FunctionDef | ast.ClassDef)
        for decorator in statement.decorator_list
        if isinstance(decorator, ast.Call)
        and any(isinstance(a, ast.Constant) and a.value == exercise for a in decorator.args[:1])
    ]


@cache
def _judges() -> str:
    package = ROOT / "autograder"
    files = sorted(path for pattern in _JUDGES for path in package.glob(pattern))
    tables = sorted((ROOT / "data").glob("*.csv"))
    return _digest([path.read_text(encoding="utf-8") for path in (*files, *tables)])


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()

"""Ways to do an exercise, read as text: references, mistakes, and other right and wrong ways.

A file of ways (`course/mNN_topic/` for mistakes, `tests/course/` for the others) marks functions
and classes, see course/marks.py. It is read, never imported: a way is handed in as text beside the
reference, and observed in a cell like a student's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.course import FOLDER, Exercise, modules
from autograder.inside import PACKAGE, ROOT
from autograder.inside.submission import Source, Submission
from autograder.inside.syntax import (
    Definition,
    definitions,
    is_definition,
    is_docstring,
    names_in,
    parse,
    sentence,
)

SOLUTIONS = ROOT / "solutions"
PROBES = PACKAGE / "inside" / "probes"
OTHER_WAYS = ROOT / "tests" / "course"
MARKS = ("right", "wrong", "restated", "mistake")


@dataclass(frozen=True)
class Way:
    """One way to do an exercise: `text` is a module that defines `name`.

    It takes the place of `replaces`. `kind` is its mark, `story` says what it does, or what the
    student is told; `slug` is the mistake that it is, if it is a listed one; `asks` has the ids of
    the questions because of which it fails.
    """

    exercise: Exercise
    kind: str
    name: str
    replaces: str
    text: str
    story: str = ""
    slug: str | None = None
    asks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.exercise.name}: {self.name}"


def mistakes(exercise: Exercise) -> list[Way]:
    """Return the listed mistakes of an exercise, in the order of their definition."""
    return read_ways(FOLDER / exercise.module / f"{exercise.stem}.py", exercise)


def other_ways(exercise: Exercise) -> list[Way]:
    """Return the right and wrong ways by which the judge is tried."""
    return read_ways(OTHER_WAYS / exercise.module / f"{exercise.stem}.py", exercise)


def asking(exercise: Exercise) -> dict[str, list[str]]:
    """Return, for each question, the names of the wrong ways that fail because of it."""
    found: dict[str, list[str]] = {}
    for way in (*mistakes(exercise), *other_ways(exercise)):
        for question in way.asks:
            found.setdefault(question, []).append(way.name)
    return found


@cache
def solution(module: str) -> str:
    """Return the text of a module's references."""
    return (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")


def slow_parts(wanted: Iterable[Exercise]) -> tuple[str, ...]:
    """Return which parts of torch that take long to import some exercises are about: see warm.py.

    Optimizers also come from other exercises of a module; what exports is one's own probe.
    """
    found = set[str]()
    for exercise in wanted:
        probe = (PROBES / exercise.module / f"{exercise.stem}.py").read_text(encoding="utf-8")
        if "torch.optim" in solution(exercise.module) + probe:
            found.add("optimizers")
        if "torch.export" in probe:
            found.add("export")
    return tuple(sorted(found))


def references(wanted: Iterable[str]) -> Submission:
    """Return the references of some modules, and what they import."""
    return handed_in({module: solution(module) for module in modules()}, wanted)


def submission_with(module: str, text: str) -> Submission:
    """Return the references with another text for one module."""
    return handed_in({m: solution(m) for m in modules()} | {module: text}, [module])


def submission_of(*ways: Way, module: str = "") -> Submission:
    """Return the references with some ways in their places: their modules, and one more."""
    texts = {module: solution(module) for module in modules()}
    for index, way in enumerate(ways):
        own, reference = f"way{index}", f"reference{index}"
        its = way.exercise.module
        texts[reference] = solution(its)
        # a way to do `mse` that calls `mse` means the reference's
        text = way.text.replace(f"from {its} import", f"from {reference} import")
        text = text.replace(f"import {its}\n", f"import {reference} as {its}\n")
        texts[own] = text + called(way.name, way.replaces)
        texts[its] += f"\ndel {way.replaces}\nfrom {own} import {way.name} as {way.replaces}\n"
    return handed_in(texts, filter(None, (*(way.exercise.module for way in ways), module)))


def called(way: str, name: str) -> str:
    """Return statements that call a way by the name that it takes the place of, and so what torch
    makes of an autograd.Function, which its errors name."""
    made = f'getattr({way}, "_backward_cls", {way}).__name__ = "{name}Backward"\n'
    return f'{made}{way}.__name__ = {way}.__qualname__ = "{name}"\n'


def handed_in(texts: Mapping[str, str], wanted: Iterable[str]) -> Submission:
    """Return a submission of some of these texts, and of all that they import."""
    sources = {name: Source(f"solutions/{name}.py", texts[name]) for name in needed(texts, wanted)}
    return Submission("reference", sources)


def needed(texts: Mapping[str, str], wanted: Iterable[str]) -> Iterator[str]:
    """Yield the names of some texts and of all that they import, each once."""
    todo, seen = list(wanted), set[str]()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            yield name
            todo += [other for other in imports(texts[name]) if other in texts]


@cache
def imports(text: str) -> tuple[str, ...]:
    """Return the modules that a text imports at its top."""
    found: list[str] = []
    for node in parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
    return tuple(found)


@cache
def read_ways(path: Path, exercise: Exercise) -> list[Way]:
    """Return the marked functions and classes of a file; none where there is no file."""
    if not path.exists():
        return []
    tree = parse(path.read_text(encoding="utf-8"))
    marks = {node.name: mark for node in tree.body if is_definition(node) and (mark := _mark(node))}
    statements = [_unmarked(node) for node in tree.body if not _is_for_readers(node)]
    found = []
    for node in filter(is_definition, statements):
        if node.name in marks:
            found.append(_way(exercise, marks[node.name], node, statements))
    return found


@cache
def constant(exercise: Exercise, name: str) -> Mapping[str, str]:
    """Return a table, such as EXCUSED, from the file of an exercise's other ways."""
    path = OTHER_WAYS / exercise.module / f"{exercise.stem}.py"
    body = parse(path.read_text(encoding="utf-8")).body if path.exists() else []
    for node in body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            table: dict[str, str] = ast.literal_eval(node.value)
            return table
    return {}


def _way(
    exercise: Exercise, mark: ast.Call, node: Definition, statements: Sequence[ast.stmt]
) -> Way:
    """Read one marked definition, alone with what it uses."""
    options = {keyword.arg: ast.literal_eval(keyword.value) for keyword in mark.keywords}
    slugs = [ast.literal_eval(argument) for argument in mark.args]
    alone = ast.Module(_with_what_it_uses(node, statements), type_ignores=[])
    return Way(
        exercise,
        kind=ast.unparse(mark.func),
        name=node.name,
        replaces=options.get("replaces", exercise.name),
        text=f"from __future__ import annotations\n{ast.unparse(alone)}\n",
        story=sentence(node),
        slug=slugs[0] if slugs else options.get("named"),
        asks=tuple(options.get("asks", "").split()),
    )


def _with_what_it_uses(node: Definition, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the imports and assignments of a file, and the definitions that these and one need."""
    defined = definitions(ast.Module(list(statements), type_ignores=[]))
    plain = [statement for statement in statements if not is_definition(statement)]
    wanted = {node.name} | (names_in(plain) & defined.keys())
    todo = list(wanted)
    while todo:
        found = names_in([defined[todo.pop()]]) & defined.keys()
        todo += found - wanted
        wanted |= found
    return [n for n in statements if not is_definition(n) or n.name in wanted]


def _mark(node: Definition) -> ast.Call | None:
    """Return the decorator that marks a way."""
    calls = [decorator for decorator in node.decorator_list if isinstance(decorator, ast.Call)]
    return next((call for call in calls if ast.unparse(call.func) in MARKS), None)


def _unmarked(node: ast.stmt) -> ast.stmt:
    copy = parse(ast.unparse(node)).body[0]
    if is_definition(copy) and (mark := _mark(copy)):
        copy.decorator_list.remove(mark)
    return copy


def _is_for_readers(node: ast.stmt) -> bool:
    """Say whether a statement is no part of a way: the docstring, imports of marks, tables."""
    if isinstance(node, ast.ImportFrom):
        return node.module in ("__future__", "autograder.course.marks")
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) in ("EXCUSED", "KEPT_PROBES", "HIDDEN_ONLY")
    return is_docstring(node)

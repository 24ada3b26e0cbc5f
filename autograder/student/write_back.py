"""Write back: what the cells of a notebook define goes into the module's file, which is judged.

With a definition go the functions and classes that it uses, and, where the file lacks them, imports
and the assignments of the same cell. What was changed in the file since is never replaced unasked;
of what another session has written the file is kept aside.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from autograder.course import Exercise
from autograder.disk.files import read_file, write_file
from autograder.inside.errors import UserError
from autograder.inside.submission import encoding_of
from autograder.inside.syntax import UNPARSED, is_definition, is_stub, parse
from autograder.inside.syntax import definitions as definitions_of
from autograder.student.in_cells import IMPORTS, Statement, needed
from autograder.student.known import is_known, remember, same
from autograder.student.reset import definition, keep_aside, told_of, with_stub


class ChangedInFile(UserError):
    """A file has other definitions than the notebook, changed there since; `texts` are these."""

    def __init__(self, told: str, texts: list[str]) -> None:
        super().__init__(told)
        self.texts = texts


def write_back(
    folder: Path, exercise: Exercise, cells: Sequence[str], replace: bool = False
) -> list[str]:
    """Write an exercise's definitions, as the cells that ran give them, into its module's file.

    Everything else in the file stays, its encoding and line ends too. Returns what is to be told,
    a line each. Raises UserError, and leaves the file as it is, where the cells lack a definition,
    or the file cannot be read or written; ChangedInFile where it has changed since, unless
    `replace` is set: the file as it was is then kept aside.
    """
    path = folder / f"{exercise.module}.py"
    found, left = needed(exercise.names, cells)
    own = {n: s.text for n, s in found.items() if is_definition(s.node)}
    with told_of(path, "written"):
        before = read_file(path, folder.parent)
        encoding = encoding_of(before)
        text = before.decode(encoding)
        changed = [name for name in own if _changed(folder, exercise.module, text, name, own[name])]
        if changed and not replace:
            raise _refusal(path, exercise, changed, text)
        after, added = _written(text, exercise, found)
        content = after.encode(encoding)
        told = []
        if changed or any(_is_of_another(text, name, own[name], cells) for name in own):
            told.append(f"{path.name} as it was is kept: {keep_aside(folder, path, before)}")
        if after != text:
            write_file(path, content, folder.parent)
    now = {name: definition(after, name) for name in own}
    remember(folder, exercise.module, {name: text for name, text in now.items() if text})
    if added:
        told.append(f"{exercise.name} uses {', '.join(added)}: written to {path.name}, too")
    return told + list(_told_of_left(exercise.name, path, after, left))


def _changed(folder: Path, module: str, text: str, name: str, own: str) -> bool:
    """Say whether a file has another definition than the notebook, and one that is not to be
    replaced: no notebook has seen it, or there is but a stub to put in its place."""
    there = definition(text, name)
    if there is None or same(there, own) or _is_stub(there, name):
        return False
    return _is_stub(own, name) or not is_known(folder, module, name, there)


def _is_of_another(text: str, name: str, own: str, cells: Sequence[str]) -> bool:
    """Say whether a file has a definition that no cell of this session has had: another notebook
    may have written it, and later than this one was."""
    there = definition(text, name)
    if there is None or same(there, own) or _is_stub(there, name):
        return False
    return not any(same(there, one) for cell in cells if (one := definition(cell, name)))


def _is_stub(text: str, name: str) -> bool:
    try:
        return is_stub(definitions_of(parse(text))[name])
    except (*UNPARSED, KeyError):
        return False


def _refusal(path: Path, exercise: Exercise, names: list[str], text: str) -> ChangedInFile:
    told = (
        f"{path.name} has another {', '.join(names)} than this notebook, and nothing was written: "
        f"`%check {exercise.name} --file` shows that one here, "
        f"`%check {exercise.name} --notebook` writes this one there"
    )
    return ChangedInFile(told, [str(definition(text, name)) for name in names])


def _written(
    text: str, exercise: Exercise, found: Mapping[str, Statement]
) -> tuple[str, list[str]]:
    """Return a file's text with the definitions in it, and what else went into it, as it is told.

    In a file that is no Python only definitions are replaced: judging it will tell its fault.
    """
    told: list[str] = []
    after, new = text, dict(found)
    for name, one in found.items():
        there = definition(after, name)
        if is_definition(one.node) and (there is not None or name in exercise.names):
            del new[name]
            if there is None or not same(there, one.text):
                after = with_stub(after, name, one.text)
                told += [name] if name not in exercise.names else []
    try:
        tree = parse(after)
    except UNPARSED:
        return after, told
    has = {ast.dump(node) for node in tree.body} | set(_imported(tree.body))
    above: list[str] = []
    for name, one in sorted(new.items(), key=lambda item: (item[1].cell, item[1].node.lineno)):
        parts = [part for part in _parts(name, one) if part[0] not in has]
        above += [part[1] for part in parts]
        told += [name if is_definition(one.node) else f"`{part[1]}`" for part in parts]
    if above:
        first = next(name for name in definitions_of(tree) if name in found)
        after = with_stub(after, first, _joined([*above, str(definition(after, first))]))
    return after, told


def _parts(name: str, statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield what a statement brings, as it is compared and as it is written."""
    node = statement.node
    if isinstance(node, IMPORTS):
        bound = {**node.__dict__, "names": [a for a in node.names if name in _bound(a)]}
        yield from ((line, line) for line in _imported([type(node)(**bound)]))
    else:
        yield ast.dump(node), statement.text


def _joined(texts: Sequence[str]) -> str:
    """Return statements one below the other, with two blank lines around definitions."""
    result = texts[0]
    for above, text in pairwise(texts):
        apart = any(one.startswith(("def ", "class ", "@")) for one in (above, text))
        result += ("\n\n\n" if apart else "\n") + text
    return result


def _imported(nodes: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield a line for each single name that is imported."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (ast.unparse(ast.Import([alias])) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield ast.unparse(ast.ImportFrom(node.module, [alias], node.level))


def _bound(alias: ast.alias) -> tuple[str, ...]:
    return (alias.asname or alias.name.partition(".")[0],)


def _told_of_left(name: str, path: Path, text: str, left: Mapping[str, Statement]) -> Iterator[str]:
    """Yield a line for each name that only another cell of the notebook sets."""
    try:
        there = {ast.dump(node) for node in parse(text).body}
    except UNPARSED:
        return
    for used, one in left.items():
        if ast.dump(one.node) not in there:
            yield (
                f"{name} uses {used}, which another cell sets, and {path.name} does not: "
                f"make it an argument, or set it in the cell of {name}"
            )

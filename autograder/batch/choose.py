"""Choosing: which of the files that were handed in is read for which module.

A file's module is said by its name, or else by the functions that are defined in it. An answer is
read before a stub, the later attempt before the earlier. Own files that what is read imports come
with it. Everything else is told in notes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.batch.attempted import Candidate, attempts
from autograder.batch.files import (
    attempt,
    is_archive,
    is_code,
    is_never_read,
    is_text,
    last,
    later_first,
    mentions,
    module_of,
    own_name,
    packages,
    place,
    stem,
    students,
    told,
)
from autograder.batch.text import FOR_NOTEBOOK, read_source
from autograder.cells.beside import add_helpers
from autograder.disk.archive import Reader, Unreadable, shown
from autograder.inside.submission import WHOLE, Source, Submission
from autograder.inside.words import counted, printable

MAX_NAMED = 20  # files of one module's name that are looked into
MAX_OTHERS = 200  # files of other names that are looked into
MAX_LOOKED = 24 * 2**20  # bytes that are read to look into one of these lots
MAX_NOTES = 20
MAX_PASSED = 3  # files of which one note tells that they were passed over


def choose(
    name: str, files: Mapping[str, Reader], modules: Collection[str], notes: Sequence[str] = ()
) -> Submission:
    """Read the files that stand for modules; one that stands for all is read once, as a whole.

    `notes` are what is already known to be told.
    """
    return _Choice(dict(sorted(files.items())), sorted(modules), list(notes)).submission(name)


@dataclass
class _Choice:
    """The choice among the files of one submission."""

    files: Mapping[str, Reader]
    modules: Sequence[str]
    notes: list[str]
    broken: dict[str, str] = field(default_factory=dict)  # by path: why it cannot be read
    unseen: list[str] = field(default_factory=list)  # not looked into

    def submission(self, name: str) -> Submission:
        """Return the submission that is made of the chosen files."""
        own = [path for path in students(self.files) if not is_never_read(path)]
        code = sorted((p for p in own if is_code(p)), key=lambda p: (*place(p), *last(p)))
        texts = sorted(path for path in own if is_text(path))
        candidates = self._candidates(code, texts)
        chosen = {m: best for m in self.modules if (best := _best(m, candidates))}
        lone = len(code) == 1 and not chosen and candidates
        sources = {WHOLE: candidates[0].source} if lone else self._sources(chosen)
        problems = self._problems(code, sources)
        if not sources:
            problem = self._problem(code, list(problems.values()))
            return Submission(name, {}, problem, problems, _bounded(self.notes))
        read = {c.path for c in (candidates[:1] if lone else chosen.values())}
        unread = [c for c in candidates if c.path not in read]
        inits = self._looked(packages(self.files), MAX_OTHERS)
        beside = [*(c for c in inits if c.source.text.strip()), *candidates]
        in_order = [(one.path, one.source) for one in beside]
        imported, notes = add_helpers(in_order, sources, self.modules)
        self.notes += notes
        unread = [c for c in unread if c.path not in imported]
        self._note_chosen(chosen, sources, unread)
        self.notes += [line for line in self.broken.values() if line not in problems.values()]
        self._pass_over([p for p in students(self.files) if p not in read | imported], unread)
        for one in (c for c in candidates if c.path in read and c.for_notebook):
            lines = f"{counted(one.for_notebook, 'line')} {FOR_NOTEBOOK}"
            self.notes.append(f"{shown(one.path)}: {lines} passed over")
        return Submission(name, sources, None, problems, _bounded(self.notes))

    def _candidates(self, code: Sequence[str], texts: Sequence[str]) -> list[Candidate]:
        """Return the files that can be read, those named after a module first, and the texts that
        are named after one or have answers."""
        named = {m: [p for p in code if module_of(p, self.modules) == m] for m in self.modules}
        found = [c for paths in named.values() for c in self._looked(paths, MAX_NAMED)]
        others = [path for path in code if module_of(path, self.modules) is None]
        others.sort(key=lambda path: not any(mentions(path, m) for m in self.modules))
        found += self._looked(others, MAX_OTHERS)
        return found + [c for c in self._looked(texts, MAX_OTHERS) if c.module or c.attempts]

    def _looked(self, paths: Sequence[str], most: int) -> Iterator[Candidate]:
        """Yield the files that can be read, until they are too many, or too many bytes."""
        left = MAX_LOOKED

        def content(limit: int) -> bytes:
            nonlocal left
            data = self.files[path](limit)
            left -= len(data)
            return data

        for number, path in enumerate(paths):
            if number == most or left <= 0:
                self.unseen += paths[number:]
                rest = f"{len(paths) - number} of its files are not looked into"
                self.notes.append(f"{rest}: {_listed(paths[number:])}")
                return
            module = module_of(path, self.modules)
            exact = module and own_name(path).casefold().startswith(f"{module}.")
            folder = "exercises/" if exact else ""
            try:
                source, lines = read_source(path, folder + own_name(path), content)
            except Unreadable as error:
                if is_code(path):
                    self.broken[path] = printable(str(error))
                continue
            yield Candidate(path, source, module, attempts(source.text, self.modules), lines)

    def _sources(self, chosen: Mapping[str, Candidate]) -> dict[str, Source]:
        """Return the sources of the chosen files; one that stands for all is a whole."""
        paths = {c.path for c in chosen.values()}
        broken = {module_of(path, self.modules) for path in self.broken} - {None}
        one = next(iter(chosen.values()), None)
        if one and len(paths) == 1 and not broken and set(chosen) != {one.module}:
            return {WHOLE: one.source}
        return {module: best.source for module, best in chosen.items()}

    def _note_chosen(
        self,
        chosen: Mapping[str, Candidate],
        sources: Mapping[str, Source],
        unread: Sequence[Candidate],
    ) -> None:
        """Tell which files were chosen, unless that goes without saying."""
        if WHOLE not in sources:
            for module, best in chosen.items():
                self._note(module, best, unread)
        elif chosen and unread:
            self._note_whole(next(iter(chosen.values())), unread)

    def _note_whole(self, one: Candidate, rest: Sequence[Candidate]) -> None:
        """Tell that one file of several stands for all modules, and why."""
        answering = [c for c in rest if c.attempts]
        stubs = [c.path for c in rest if c.module and not c.attempts]
        reason = "" if answering else ", the only file with an answer"
        if stubs:
            reason = f", since {_listed(stubs)} {'is' if len(stubs) == 1 else 'are'} still the stub"
        over = f"; passed over: {_listed([c.path for c in answering])}" if answering else ""
        self.notes.append(f"every module is read from {shown(one.path)}{reason}{over}")

    def _note(self, module: str, best: Candidate, unread: Sequence[Candidate]) -> None:
        rest = [c for c in unread if _may_be(c, module)]
        left = [c.path for c in rest]
        exact = stem(best.path).casefold() == module
        stubs = [c.path for c in rest if c.module == module and not c.attempts[module]]
        broken = [path for path in self.broken if module_of(path, self.modules) == module]
        reason = ""
        if not exact and stubs and best.attempts[module]:
            reason = f", since {shown(stubs[0])} is still the stub"
            left.remove(stubs[0])
        elif not exact and broken:
            reason = f", since {shown(broken[0])} cannot be read"
        elif any(c.module == module and attempt(c.path) < attempt(best.path) for c in rest):
            reason = ", the later attempt"
        over = f"; passed over: {_listed(left)}" if left else ""
        if reason or over or not exact:
            self.notes.append(f"{module} is read from {shown(best.path)}{reason}{over}")

    def _problems(self, code: Sequence[str], sources: Mapping[str, Source]) -> dict[str, str]:
        """Return, by module, why its file cannot be read, where nothing else stands for it."""
        found: dict[str, str] = {}
        for path in code:
            module = module_of(path, self.modules)
            if path in self.broken and module and not {module, WHOLE} & set(sources):
                found.setdefault(module, self.broken[path])
        return found

    def _problem(self, code: Sequence[str], lines: Sequence[str]) -> str:
        """Say why nothing is read."""
        if lines:
            more = len(lines) - 1
            return lines[0] + (f", and {more} more of its modules cannot be read" if more else "")
        if len(code) == 1 and self.broken:
            return self.broken[code[0]]
        if code:
            self.notes += self.broken.values()
            return f"none of its {len(code)} files is named after a module, such as m06_model.py"
        return self._nothing()

    def _nothing(self) -> str:
        """Say why there is nothing to read."""
        never = [path for path in students(self.files) if is_code(path)]
        if never:
            return f"{shown(never[0])} is never read: give it another name"
        if self.notes:
            return self.notes[0]
        rest = students(self.files)
        holds = f", only {_listed(rest, told)}" if rest else ""
        return f"there is no .py or .ipynb file in it{holds}"

    def _pass_over(self, paths: Sequence[str], candidates: Sequence[Candidate]) -> None:
        """Tell which files are not read, a line for each reason."""
        silent = {*self.broken, *self.unseen, *(p for p in paths if is_archive(p))}
        silent |= {c.path for c in candidates if c.module or c.attempts}
        rest = [path for path in paths if path not in silent]
        self._tell("no exercise is in", [p for p in rest if is_code(p) and not is_never_read(p)])
        self._tell("never read:", [p for p in rest if is_code(p) and is_never_read(p)])
        self._tell("no code:", [p for p in rest if not is_code(p)], told)

    def _tell(self, why: str, paths: Sequence[str], name: Callable[[str], str] = shown) -> None:
        if paths:
            self.notes.append(f"passed over, {why} {_listed(paths, name)}")


def _may_be(one: Candidate, module: str) -> bool:
    """Say whether a file is of a module: named after it, or it has answers to its exercises, and
    is not another module's that brings its own copy."""
    return one.module == module or bool(one.attempts[module] and not one.module)


def _best(module: str, candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the file to read for a module."""

    def order(one: Candidate) -> tuple[object, ...]:
        count = one.answers(module)
        old, *lies = place(one.path)
        near = one.module == module or mentions(one.path, module)
        when = later_first(one.path)
        other = one.module not in (None, module)
        return (not count, other, old, not near, when, *lies, -count, *last(one.path))

    of_it = [c for c in candidates if c.module == module or c.answers(module)]
    return min(of_it, key=order, default=None)


def _listed(paths: Sequence[str], name: Callable[[str], str] = shown) -> str:
    more = len(paths) - MAX_PASSED
    return ", ".join(map(name, paths[:MAX_PASSED])) + (f" and {more} more" if more > 0 else "")


def _bounded(notes: Sequence[str]) -> tuple[str, ...]:
    more = len(notes) - MAX_NOTES
    return (*notes[:MAX_NOTES], *([f"and {more} more notes"] if more > 0 else []))

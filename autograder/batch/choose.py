"""Choosing: which of the files that were handed in is read for which module.

A file named after a module is that module, an answer before a stub. Where no file of a module's
name has an answer, one of another name that has is taken. What was chosen is told in notes.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.batch.archive import Reader, Unreadable, shown
from autograder.batch.files import (
    code_files,
    is_never_read,
    last,
    mentions,
    nothing,
    own_name,
    place,
    stem,
)
from autograder.batch.text import read_source
from autograder.course import exercises
from autograder.inside.submission import WHOLE, Source, Submission
from autograder.inside.syntax import answered, parse
from autograder.inside.words import printable

MAX_NAMED = 20  # files of one module's name that are looked into
MAX_OTHERS = 200  # files of other names that are looked into
MAX_LOOKED = 24 * 2**20  # bytes that are read to look into one of these lots
MAX_PARSED = 2**17  # characters; a longer sum than fits in crashes the parser of Python 3.10
MAX_NOTES = 20
MAX_PASSED = 3  # files of which one note tells that they were passed over

_DEFINED = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class _Candidate:
    """A file that can be read, and by module how many of its exercises it attempts."""

    path: str
    source: Source
    attempts: Counter[str]


def choose(name: str, files: Mapping[str, Reader], modules: Collection[str]) -> Submission:
    """Read the files that stand for modules; without any, a single one stands for all.

    Raises Unreadable where there is nothing that could be read.
    """
    code = sorted(code_files(files), key=lambda path: (*place(path), *last(path)))
    named = {m: ours for m in sorted(modules) if (ours := [p for p in code if stem(p) == m])}
    others = [path for path in code if stem(path) not in named and not is_never_read(stem(path))]
    if not named and len(others) == 1:
        (path,) = others
        return Submission(name, {WHOLE: read_source(path, own_name(path), files[path])})
    if not named and not others:
        raise Unreadable(nothing(files))
    return _Choice(files, sorted(modules), named, others).submission(name)


@dataclass
class _Choice:
    """The choice among the files named after modules and the others."""

    files: Mapping[str, Reader]
    modules: Sequence[str]
    named: Mapping[str, Sequence[str]]
    others: Sequence[str]  # like those of a module, the first choice first
    broken: dict[str, str] = field(default_factory=dict)  # by path: why it cannot be read
    notes: list[str] = field(default_factory=list)

    def submission(self, name: str) -> Submission:
        """Return the submission that is made of the chosen files."""
        own = {m: best for m, paths in self.named.items() if (best := self._best(m, paths))}
        done = [m for m, best in own.items() if best.attempts[m]]
        answering = self._answering(everywhere=len(done) < len(self.modules))
        problems: dict[str, str] = {}
        if not done and len(answering) == 1 and self._serves(answering[0]):
            sources = {WHOLE: answering[0].source}
            self.notes.append(_whole_note(answering[0].path, [c.path for c in own.values()]))
        else:
            sources = self._by_module(own, answering)
            unserved = [m for m in self.named if m not in sources]
            problems = {m: self.broken[self.named[m][0]] for m in unserved}
        self.notes += [line for line in self.broken.values() if line not in problems.values()]
        problem = None if sources else self._problem(list(problems.values()))
        return Submission(name, sources, problem, problems, _bounded(self.notes))

    def _best(self, module: str, paths: Sequence[str]) -> _Candidate | None:
        """Return the file to read of those that have a module's name."""

        def order(one: _Candidate) -> tuple[object, ...]:
            count = one.attempts[module]
            return (not count, *place(one.path), -count, *last(one.path))

        return min(self._looked(paths, "exercises/", MAX_NAMED), key=order, default=None)

    def _answering(self, everywhere: bool) -> list[_Candidate]:
        """Return the other files that have answers; `everywhere`, or where the name promises it."""
        first = sorted(self.others, key=lambda path: not self._mentioned(path))
        wanted = [path for path in first if everywhere or self._mentioned(path)]
        return [one for one in self._looked(wanted, "", MAX_OTHERS) if one.attempts]

    def _looked(self, paths: Sequence[str], folder: str, most: int) -> Iterator[_Candidate]:
        """Yield the files that can be read, until they are too many, or too many bytes."""
        left = MAX_LOOKED

        def content(limit: int) -> bytes:
            nonlocal left
            data = self.files[path](limit)
            left -= len(data)
            return data

        for number, path in enumerate(paths):
            if number == most or left <= 0:
                rest = f"{len(paths) - number} of its files are not looked into"
                self.notes.append(f"{rest}: {_listed(paths[number:])}")
                return
            try:
                source = read_source(path, folder + own_name(path), content)
            except Unreadable as error:
                self.broken[path] = printable(str(error))
                continue
            yield _Candidate(path, source, attempts(source.text, self.modules))

    def _mentioned(self, path: str) -> list[str]:
        return [module for module in self.modules if mentions(path, module)]

    def _serves(self, whole: _Candidate) -> bool:
        """Say whether a file may stand for all: a stub or a broken file that it has no answer for
        is to be told as such."""
        return all(whole.attempts[module] for module in self.named)

    def _by_module(
        self, own: Mapping[str, _Candidate], answering: Sequence[_Candidate]
    ) -> dict[str, Source]:
        sources = {}
        for module in self.modules:
            best = own.get(module)
            offers = _offers(module, answering)
            if offers and not (best and best.attempts[module]):
                sources[module] = offers[0].source
                self._note(module, offers[0].path, offers, self._reason(module, best))
            elif best:
                sources[module] = best.source
                self._note(module, best.path, offers, "")
        return sources

    def _reason(self, module: str, best: _Candidate | None) -> str:
        if best:
            return f", since {shown(best.path)} is still the stub"
        broken = self.named.get(module)
        return f", since {shown(broken[0])} cannot be read" if broken else ""

    def _note(self, module: str, path: str, offers: Sequence[_Candidate], reason: str) -> None:
        """Tell which file a module is read from, unless that goes without saying."""
        named = () if reason else self.named.get(module, ())
        left = [p for p in (*named, *(c.path for c in offers)) if p not in (path, *self.broken)]
        over = f"; passed over: {_listed(left)}" if left else ""
        if reason or over or stem(path) != module:
            self.notes.append(f"{module} is read from {shown(path)}{reason}{over}")

    def _problem(self, lines: Sequence[str]) -> str:
        """Say why nothing is read."""
        if not lines:
            count = len(self.others)
            return f"none of its {count} files is named after a module, such as m06_model.py"
        more = len(lines) - 1
        return lines[0] + (f", and {more} more of its modules cannot be read" if more else "")


def attempts(text: str, modules: Collection[str]) -> Counter[str]:
    """Count, by module, the exercises for which a text has more than the stub."""
    found = _answered(text)
    wanted = [one for one in exercises().values() if one.module in modules]
    return Counter(one.module for one in wanted if found.intersection(one.names))


def _answered(text: str) -> set[str]:
    """Return the names to which a text gives more than a stub.

    What does not parse was edited: there, every definition counts.
    """
    if len(text) <= MAX_PARSED:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of a student's escapes
                return answered(parse(text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
    return set(_DEFINED.findall(text))


def _offers(module: str, answering: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the files of other names that have answers of a module, the first choice first."""

    def order(one: _Candidate) -> tuple[object, ...]:
        far = not mentions(one.path, module)
        return (far, -one.attempts[module], *place(one.path), *last(one.path))

    return sorted((one for one in answering if one.attempts[module]), key=order)


def _whole_note(path: str, stubs: Sequence[str]) -> str:
    text = f"every module is read from {shown(path)}, "
    if not stubs:
        return text + "the only file with an answer"
    return f"{text}since {_listed(stubs)} {'is' if len(stubs) == 1 else 'are'} still the stub"


def _listed(paths: Sequence[str]) -> str:
    more = len(paths) - MAX_PASSED
    return ", ".join(map(shown, paths[:MAX_PASSED])) + (f" and {more} more" if more > 0 else "")


def _bounded(notes: Sequence[str]) -> tuple[str, ...]:
    more = len(notes) - MAX_NOTES
    return (*notes[:MAX_NOTES], *([f"and {more} more notes"] if more > 0 else []))

"""Update: bring new stubs, cases and the kit's own files, and leave what the student wrote."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.course import case_files
from autograder.disk.archive import Bounded, Entry, Reader, Unreadable, readers, shown
from autograder.disk.files import (
    MIB,
    check_writable,
    opened,
    parse_json,
    read_file,
    read_json,
    write_file,
)
from autograder.inside.errors import UserError
from autograder.inside.submission import encoding_of
from autograder.judging.public import MAX_CASES_BYTES, stubs_of
from autograder.student.reset import change, definition, told_of

CASES = "exercises/cases/"
MAX_RELEASE_BYTES = 64 * MIB  # the whole course has 12
_NAME = re.compile(r"(README\.md|pyproject\.toml|(autograder|data|exercises|solutions)/[\w./-]+)")
_MODULE = re.compile(r"exercises/(m\d\d_\w+)\.py")


def update(folder: Path, archive: Path) -> Iterator[str]:
    """Take over a newer release into the copy around a folder of exercises; yield what was done.

    Of a module's file only stubs that are untouched are replaced, and new ones are added; the file
    as it was is kept in `.progress/aside/`. Raises UserError for what is no release, or where
    nothing can be written; run again, it goes on.
    """
    root = folder.parent
    if (root / "autograder" / "teacher").is_dir():
        raise UserError(f"{root} is a teacher's copy: update it with git")
    files = _read(archive)
    new = _new_stubs(archive, files)
    for name in files:  # before anything is written
        with told_of(root / name, "updated"):
            check_writable(root / name, root)
    old: dict[str, str] = {}
    for path in case_files(folder):
        with told_of(path, "updated"):
            yield from _take_stubs(path, root, old)
    for name, content in files.items():
        path = root / name
        with told_of(path, "updated"):
            if (match := _MODULE.fullmatch(name)) and path.exists():
                yield from _merge(folder, path, old, new.get(match[1], {}))
            else:
                _write(path, _with_known_cases(path, content, root), root)
    yield f"up to date with {archive.name}"


def _read(archive: Path) -> dict[str, bytes]:
    """Return the files of a release, the cases last: until then the old stubs are known."""
    try:
        with Bounded(opened(Path(os.path.realpath(archive)))) as file:
            found = _inside(_packed(readers(file, archive.name)))
            strange = [name for name in found if not _NAME.fullmatch(name)]
            if strange:
                raise Unreadable(f"{shown(strange[0])} is none of its files")
            if not any(name.startswith(CASES) for name in found):
                raise Unreadable("it has no cases")
            return _bounded({n: found[n] for n in sorted(found, key=lambda n: (CASES in n, n))})
    except Unreadable as error:
        told = f"{archive} is no release of exercises ({error}): get it anew from your course"
        raise UserError(told) from error
    except OSError as error:
        raise UserError(f"{archive} cannot be read: {error.strerror}") from error


def _packed(found: Mapping[str, Reader]) -> dict[str, Reader]:
    """Return the files that are no system's own: macOS packs its own beside those of a folder."""
    return {name: found[name] for name in found if not Entry(name, 0, 0).is_of_system}


def _inside(found: Mapping[str, Reader]) -> Mapping[str, Reader]:
    """Return the files as they lie in the copy: a release is one folder."""
    top = next(iter(found), "").partition("/")[0] + "/"
    if f"{top}README.md" not in found or not all(name.startswith(top) for name in found):
        return found
    return {name.removeprefix(top): reader for name, reader in found.items()}


def _bounded(found: Mapping[str, Reader]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MAX_RELEASE_BYTES
    for name, reader in found.items():
        files[name] = reader(left + 1)
        left -= len(files[name])
        if left < 0:
            raise Unreadable(
                f"with {shown(name)} it unpacks to over {MAX_RELEASE_BYTES // MIB} MiB"
            )
    return files


def _new_stubs(archive: Path, files: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """Return the stubs of a release by module and name."""
    found: dict[str, dict[str, str]] = {}
    for name, content in files.items():
        if name.startswith(CASES):
            try:
                found[Path(name).stem] = stubs_of(parse_json(content))
            except ValueError as error:
                told = f"{archive}: {name} is damaged ({error}): get it anew from your course"
                raise UserError(told) from error
    return found


def _take_stubs(path: Path, root: Path, old: dict[str, str]) -> Iterator[str]:
    """Add the stubs of a file of cases; where it is damaged the release mends it."""
    try:
        old |= stubs_of(read_json(path, root, MAX_CASES_BYTES))
    except ValueError as error:
        yield f"{path.name} was damaged ({error}): written stubs of it cannot be told from old ones"


def _merge(
    folder: Path, path: Path, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[str]:
    before = read_file(path, folder.parent)
    text = before.decode(encoding_of(before))
    wanted: dict[str, str] = {}
    for name, stub in new.items():
        own = definition(text, name)
        if own is None:
            yield f"{path.name}: {name} is new"
        elif own == stub:
            continue
        elif own != old.get(name):
            if old.get(name) != stub:
                yield f"{path.name}: the task of {name} has changed; yours stays (reset shows it)"
            continue
        wanted[name] = stub
    if wanted:
        change(folder, path, wanted)


def _with_known_cases(path: Path, content: bytes, root: Path) -> bytes:
    """Keep the cases of exercises that a release of fewer exercises does not have."""
    if path.parent.name != "cases" or not path.exists():
        return content
    try:
        known = read_json(path, root, MAX_CASES_BYTES)
        stubs_of(known)
    except ValueError:
        return content
    new = parse_json(content)
    if left := known["exercises"].keys() - new["exercises"].keys():
        new["exercises"] |= {n: body for n, body in known["exercises"].items() if n in left}
        return json.dumps(new).encode()
    return content


def _write(path: Path, content: bytes, root: Path) -> None:
    if not path.exists() or path.read_bytes() != content:
        write_file(path, content, root)

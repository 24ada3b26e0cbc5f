"""Update: bring new stubs, cases and the kit's own files, and leave what the student wrote."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.inside.errors import UserError
from autograder.judging.public import read_tasks
from autograder.student.reset import definition, keep_aside, with_stub

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
    old, new = _stubs_of(folder), _new_stubs(files)
    try:
        for name, content in files.items():
            if (match := _MODULE.fullmatch(name)) and (root / name).exists():
                yield from _merge(folder, root / name, old, new.get(match[1], {}))
            else:
                _write(root / name, _with_known_cases(root / name, content))
    except OSError as error:
        raise UserError(f"{error.filename} cannot be written: {error.strerror}") from error
    yield f"up to date with {archive.name}"


def _read(archive: Path) -> dict[str, bytes]:
    """Return the files of a release, the cases last: until then the old stubs are known."""
    try:
        with zipfile.ZipFile(archive) as content:
            names = [info.filename for info in content.infolist() if not info.is_dir()]
            strange = [n for n in names if not _NAME.fullmatch(n) or ".." in n.split("/")]
            if strange or not any(n.startswith("exercises/cases/") for n in names):
                raise UserError(f"{archive} is no release of exercises")
            return {n: content.read(n) for n in sorted(names, key=lambda n: ("/cases/" in n, n))}
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        raise UserError(f"{archive} cannot be read: {error}") from error


def _stubs_of(folder: Path) -> dict[str, str]:
    tasks = read_tasks(folder).values()
    return {name: stub for task in tasks for name, stub in task.stubs.items()}


def _new_stubs(files: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """Return the stubs of a release by module and name."""
    found: dict[str, dict[str, str]] = {}
    for name, content in files.items():
        if name.startswith("exercises/cases/"):
            tasks = json.loads(content)["exercises"].values()
            found[Path(name).stem] = {
                n: stub for task in tasks for n, stub in task["stubs"].items()
            }
    return found


def _merge(
    folder: Path, path: Path, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[str]:
    text = before = path.read_text(encoding="utf-8")
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
        text = with_stub(text, name, stub)
    if text != before:
        keep_aside(folder, path)
        path.write_text(text, encoding="utf-8")


def _with_known_cases(path: Path, content: bytes) -> bytes:
    """Keep the cases of exercises that a release of fewer exercises does not have."""
    if path.parent.name != "cases" or not path.exists():
        return content
    known, new = json.loads(path.read_bytes()), json.loads(content)
    if left := known["exercises"].keys() - new["exercises"].keys():
        new["exercises"] |= {n: body for n, body in known["exercises"].items() if n in left}
        return json.dumps(new).encode()
    return content


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

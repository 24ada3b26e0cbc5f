"""What a verdict depends on, as the hash under which the ledger keeps it.

An exercise depends on its own files (catalogue, probes, mistakes), on the references of its module
and on what these files import from the kit; so a changed probe concerns its own exercise only. What
judges them all, the folders that run beside a submission, start cells and decide, is hashed as a
whole, and so are the tables in data/.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from autograder.answers.ways import PROBES, SOLUTIONS
from autograder.course import FOLDER, Exercise, givens
from autograder.inside import PACKAGE, sandbox
from autograder.inside.limits import CPU_S
from autograder.inside.submission import Submission

JUDGES = ("inside", "cells", "judging", "answers")
_IMPORT = re.compile(r"^\s*(?:from|import) +(m\d\d_\w+|autograder\.inside\.probes\.[\w.]+)", re.M)


def of_submission(submission: Submission) -> str:
    """Return the hash of what was handed in: every source, for they import each other."""
    sources = {name: asdict(source) for name, source in submission.sources.items()}
    return digest([sources, submission.problem, dict(submission.problems), submission.fault])


def of_exercise(
    exercise: Exercise, secret: bytes, cuda: bool, level: str, seconds: float = CPU_S
) -> str:
    """Return the hash of what judges an exercise in a run."""
    entry = asdict(exercise) | {"hints": ()}
    own = [entry, givens(exercise), [_text(path) for path in files_of(exercise)]]
    return digest([own, of_kit(), secret.hex(), cuda, level, seconds, ran_with()])


def of_machine(*asked: Any) -> str:
    """Return the hash of what decides how submissions can be kept in here, when that is asked."""
    account = os.geteuid() if hasattr(os, "geteuid") else None
    return digest([asked, of_kit(), list(platform.uname()), account, shutil.which("bwrap")])


@cache
def of_kit() -> str:
    """Return the hash of what judges every exercise; the workers of a cluster have it alike."""
    files = [path for folder in JUDGES for path in sorted((PACKAGE / folder).rglob("*"))]
    shared = [p for p in files if p.is_file() and not _is_of_one_module(p) and _is_source(p)]
    tables = map(Path, sandbox.of_kit()[1:])
    return digest([_text(path) for path in (*shared, *tables)])


def files_of(exercise: Exercise) -> list[Path]:
    """Return the files of an exercise, and all files of the kit that they import."""
    todo = [
        PROBES / exercise.module / f"{exercise.stem}.py",
        FOLDER / exercise.module / f"{exercise.stem}.py",
        SOLUTIONS / f"{exercise.module}.py",
    ]
    found = set[Path]()
    while todo:
        path = todo.pop()
        if path not in found and path.exists():
            found.add(path)
            todo += _imported(path)
    return sorted(found)


def _imported(path: Path) -> Iterator[Path]:
    """Yield the references, and the files of probes, that a file imports."""
    for name in _IMPORT.findall(_text(path)):
        if name.startswith("m"):
            yield SOLUTIONS / f"{name}.py"
        else:
            yield PACKAGE.parent.joinpath(*name.split(".")).with_suffix(".py")


def _is_of_one_module(path: Path) -> bool:
    return path.is_relative_to(PROBES) and path.parent != PROBES


def _is_source(path: Path) -> bool:
    return path.suffix in (".py", ".toml", ".bpf")


@cache
def ran_with() -> list[Any]:
    """Return the versions of what the probes run with; torch itself is not imported for that."""
    return [sys.version_info[:2], *map(importlib.metadata.version, ("torch", "numpy"))]


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape")


def digest(value: Any) -> str:
    """Return the hash of a value that JSON can write."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()

"""Release: pack a student's copy of an assignment, without anything that answers it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder import ROOT
from autograder.catalogue import Assignment, Exercise, exercises
from autograder.teacher.build import built_files

# The student's side of the package. Whatever is not listed here stays with the teacher.
STUDENT_SIDE = (
    "__init__.py",
    "__main__.py",
    "cli.py",
    "given.py",
    "observation.py",
    "submission.py",
    "catalogue/__init__.py",
    "catalogue/answers.toml",
    "catalogue/predictions.toml",
    "catalogue/questions.toml",
    "cell/*.py",
    "judging/*.py",
    "probes/__init__.py",
    "probes/tools.py",
    "student/*.py",
)
PER_MODULE = ("catalogue/{}.toml", "probes/{}.py")

_DATE = (2026, 1, 1, 0, 0, 0)  # the same content makes the same zip

_PYPROJECT = """\
[tool.pytest.ini_options]
minversion = "8.1"
testpaths = ["exercises"]
pythonpath = ["."]
"""

_README = """\
# Graded Descent: {name}

{count} exercises on linear regression in PyTorch. Python 3.10 or newer:

    pip install torch numpy pytest
    pytest exercises/

    pip install watchfiles rich         # then `python -m autograder watch` judges every save
    pip install matplotlib              # for `python -m autograder plot m12`
    pip install jupytext                # for `python -m autograder notebook m06`

The last lines on the screen say which exercise comes next, in which file and line. Write the code
in place of `raise NotImplementedError`, save, and run pytest again. `pytest exercises/ -k mse` runs
one exercise; `python -m autograder hint mse` gives a hint, `predict m08` asks you what code will do
before you write some, and `reset mse` gives the stub back and keeps your file aside. What you asked
and passed is remembered in `.progress`, on your machine only.

Hand in the folder `exercises`, or a zip of it.
"""


def release(assignment: Assignment, target: Path, self_study: bool = False) -> int:
    """Write the zip of an assignment; return the number of its files.

    Exercises that those of the assignment build on are in it, too. A copy for self-study has the
    references as well, which the screen names when an exercise passes.
    """
    files = dict(sorted(release_files(assignment)))
    if self_study:
        for module in {exercise.module for exercise in with_foundations(assignment.exercises)}:
            files[f"solutions/{module}.py"] = _text(ROOT / "solutions" / f"{module}.py")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return len(files)


def release_files(assignment: Assignment) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every file of a student's copy."""
    chosen = with_foundations(assignment.exercises)
    modules = tuple(dict.fromkeys(exercise.module for exercise in chosen))
    yield "README.md", _README.format(name=assignment.name, count=len(chosen))
    yield "pyproject.toml", _PYPROJECT
    yield "exercises/conftest.py", _text(ROOT / "exercises" / "conftest.py")
    for module in modules:
        for name, text in built_files(module, chosen).items():
            yield f"exercises/{name}", text
    package = ROOT / "autograder"
    patterns = [*STUDENT_SIDE, *(p.format(module) for p in PER_MODULE for module in modules)]
    for pattern in patterns:
        for path in package.glob(pattern):
            yield f"autograder/{path.relative_to(package)}", _text(path)
    for path in sorted((ROOT / "data").glob("*.*")):
        if path.name != "example_class.py" and path.suffix in (".py", ".csv", ".md"):
            yield f"data/{path.name}", _text(path)


def with_foundations(chosen: tuple[Exercise, ...]) -> tuple[Exercise, ...]:
    """Return exercises with all that they build on, in the catalogue's order."""
    wanted, todo = set[str](), [exercise.name for exercise in chosen]
    while todo:
        name = todo.pop()
        if name not in wanted:
            wanted.add(name)
            todo += exercises()[name].builds_on
    return tuple(exercise for exercise in exercises().values() if exercise.name in wanted)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")

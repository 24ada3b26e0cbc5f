"""The wheel: what pip installs works by itself, in an environment without this clone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from autograder import __version__
from autograder.inside import PACKAGE, ROOT


@dataclass(frozen=True)
class Installed:
    """A wheel, the environment it is installed into, and a folder to work in."""

    wheel: Path
    environment: Path
    folder: Path

    def run(self, *command: str, folder: str = ".") -> subprocess.CompletedProcess[str]:
        """Run a program of the environment; torch, numpy and pytest come from the tests' own."""
        # by PYTHONPATH: there no .pth file is read, such as the one that leads to this clone
        programs = self.environment / "bin"
        return subprocess.run(
            [programs / command[0], *command[1:]],
            cwd=self.folder / folder,
            env={"PATH": f"{programs}:/usr/bin:/bin", "PYTHONPATH": sysconfig.get_path("purelib")},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in a new environment, and a folder with packages called as parts of the kit."""
    top = tmp_path_factory.mktemp("wheel")
    environment, folder = top / "environment", top / "work"
    _python("-m", "hatchling", "build", "-t", "wheel", "-d", str(top))
    wheel = next(top.glob("*.whl"))
    _python("-m", "venv", "--without-pip", str(environment))
    into = ("--python", str(environment / "bin" / "python"), "install", "--no-compile")
    _python("-m", "pip", *into, "--no-deps", "--no-index", str(wheel))
    for name in ("data", "exercises", "solutions"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("raise RuntimeError('not the kit')\n")
    return Installed(wheel, environment, folder)


def _python(*arguments: str) -> None:
    """Run a module of the tests' own Python on this clone, where nothing may be looked up."""
    environment = os.environ | {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def names(wheel: Path) -> Sequence[str]:
    """Return the names of the files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_has_one_package_and_the_kit_in_it(installed: Installed) -> None:
    """Stubs, cases, references and tables lie in the package, and nothing lies beside it."""
    found = names(installed.wheel)
    assert {name.partition("/")[0] for name in found} == {
        "autograder",
        f"graded_descent-{__version__}.dist-info",
    }
    tracked = [*ROOT.glob("exercises/m*.py"), *ROOT.glob("exercises/cases/*.json")]
    tracked += [*ROOT.glob("solutions/m*.py"), *ROOT.glob("data/*.csv"), ROOT / "data/SHA256SUMS"]
    kit = {f"autograder/kit/{path.relative_to(ROOT).as_posix()}" for path in tracked}
    assert kit | {"autograder/kit/exercises/conftest.py", "autograder/py.typed"} <= set(found)
    pages = {f"autograder/{p.relative_to(PACKAGE)}" for p in PACKAGE.glob("teacher/pages/*.*")}
    assert pages and pages <= set(found)
    assert not [name for name in found if "example_class" in name or "/data/__init__" in name]
    assert [name for name in found if name.endswith(".bpf")]


def test_the_kit_is_the_installed_one(installed: Installed) -> None:
    """Nothing of this clone is used, and the exercises are found in the package."""
    asking = "import autograder.inside as i; print(i.PACKAGE, i.ROOT, i.KIT, sep='\\n')"
    package, root, kit = installed.run("python", "-c", asking).stdout.splitlines()
    assert Path(package).is_relative_to(installed.environment)
    assert (root, kit) == (f"{package}/kit", package)


def test_a_student_starts_with_a_folder_to_work_in(installed: Installed) -> None:
    """`descent start`, then pytest and the commands, beside packages called as the kit's parts."""
    begun = installed.run("descent", "start", "--assignment", "core")
    assert begun.returncode == 0, begun.stderr
    assert begun.stdout.endswith("next: cd graded-descent && pytest exercises/\n")
    done = installed.run("python", "-m", "pytest", "exercises/", folder="graded-descent")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "NEXT  make_params   exercises/m06_model.py:" in done.stdout
    assert not (installed.folder / "graded-descent" / "autograder").exists()
    assert "1 of 3: " in installed.run("descent", "hint", "mse", folder="graded-descent").stdout
    again = installed.run("descent", "start")
    assert again.returncode == 2
    assert again.stderr == (
        "descent: graded-descent is there already, and not empty: name a new folder\n"
    )


@pytest.mark.parametrize("level", ["full", "container"])
def test_a_teacher_grades(installed: Installed, level: str) -> None:
    """Full marks, and nothing of the kit to be read, also where a link leads to the environment."""
    shutil.copytree(ROOT / "solutions", installed.folder / "class" / "right", dirs_exist_ok=True)
    link, out = installed.folder / f"link-{level}", f"out-{level}"
    link.symlink_to(installed.environment)
    command = ("python", "-m", "autograder", "grade", "class", "--assignment", "m06_model")
    options = ("--out", out, "--isolation", level, "--workers", "1")
    done = replace(installed, environment=link).run(*command, *options)
    lacks = re.match(f"descent: level {level} (needs|cannot be had here)", done.stderr)
    if lacks and not os.environ.get("DESCENT_LEVELS_REQUIRED"):
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    result = json.loads((installed.folder / out / "results" / "right.json").read_text("utf-8"))
    assert result["score"] == result["max_score"] > 0
    assert result["isolation"]["level"] == level
    assert not any(result["isolation"]["measured"].values())

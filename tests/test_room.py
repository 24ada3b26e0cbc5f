"""What a cell can read: no submission and no result, wherever they lie and by whatever name."""

from __future__ import annotations

import json
import os
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.cells import isolation, mounts, room
from autograder.cells.forking import Zygote
from autograder.cli import main
from autograder.inside import KIT, sandbox

from .hostile.attack import MSE_IF_BREACHED
from .samples import MODEL, MSE

KEPT_IN = ("full", "container")
PACKAGES = Path(site.getsitepackages()[0])


@pytest.fixture
def among_packages(tmp_path: Path) -> Iterator[Path]:
    """A folder among the installed packages."""
    if not os.access(PACKAGES, os.W_OK):
        pytest.skip("this account may not write where packages are installed")
    folder = PACKAGES / f"class-{tmp_path.name}-{os.getpid()}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def handed_in(folder: Path) -> Path:
    """Make a folder with the submission of one student."""
    folder.mkdir(exist_ok=True)
    (folder / "anna.py").write_text(MODEL + MSE)
    return folder


def sees(level: str, covered: list[Path], hidden: bool = True) -> bool:
    """Say whether a cell can read what is covered, or what would be if it were `hidden`."""
    if missing := isolation.lacking(sandbox.level(level)):
        pytest.skip(missing)
    places = [str(place) for place in covered]
    source = Zygote(warm=(), level=sandbox.level(level), covered=places if hidden else ())
    with source:
        return isolation.measure(source, cuda=False, covered=places)[0]["reads_submissions"]


@pytest.mark.parametrize("level", KEPT_IN)
def test_a_class_among_packages_is_covered(level: str, among_packages: Path) -> None:
    """What lies in a folder that is read is read, unless it is covered: with and without is tried,
    by its own name and by a link."""
    inside = handed_in(among_packages)
    link = among_packages.parent / f"{among_packages.name}-link"
    link.symlink_to(inside)
    try:
        assert sees(level, [inside], hidden=False)
        assert not sees(level, [link])
    finally:
        link.unlink()


@pytest.mark.parametrize("level", KEPT_IN)
def test_a_neighbour_and_the_ledger_are_not_read_in_a_run(
    level: str, among_packages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`descent grade` covers its two folders, and says in the result that it was measured."""
    if missing := isolation.lacking(sandbox.level(level)):
        pytest.skip(missing)
    folder, out = handed_in(among_packages / "class"), among_packages / "out"
    tried = [str(folder / "anna.py"), str(out / "ledger.sqlite")]
    peeping = "BREACHED = False\ndef peep(path):\n    global BREACHED\n    try:\n"
    peeping += "        BREACHED |= bool(open(path, 'rb').read(1))\n    except OSError: pass\n"
    peeping += f"for path in {tried!r}: peep(path)\n"
    (folder / "bert.py").write_text(MODEL + peeping + MSE_IF_BREACHED)
    command = ["grade", str(folder), "--out", str(out), "--assignment", "m06_model"]
    assert main([*command, "--device", "cpu", "--isolation", level, "--workers", "1"]) == 0
    capsys.readouterr()
    result = json.loads((out / "results" / "bert.json").read_text())
    assert result["isolation"]["measured"]["reads_submissions"] is False
    assert [e["status"] for e in result["exercises"] if e["name"] == "mse"] == ["fail"]


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="mounts by root"
)
@pytest.mark.parametrize("level", KEPT_IN)
def test_a_mount_is_another_name(level: str, tmp_path: Path, among_packages: Path) -> None:
    """A class that is bound to a folder among packages is covered there, a part of it too."""
    folder = handed_in(tmp_path / "class")
    part = handed_in(folder / "part of it")
    for source, name in ((folder, "all"), (part, "some")):
        (among_packages / name).mkdir()
        bound = ["mount", "--bind", str(source), str(among_packages / name)]
        if subprocess.run(bound, stderr=subprocess.DEVNULL, check=False).returncode:
            pytest.skip("mounts are not allowed here")
    try:
        assert {among_packages / "all", among_packages / "some"} <= {*mounts.other_names(folder)}
        assert not sees(level, [folder])
    finally:
        for name in ("all", "some"):
            subprocess.run(["umount", str(among_packages / name)], check=True)


def test_python_itself_is_not_covered(tmp_path: Path) -> None:
    """Where submissions lie in the very folder that Python is read from, nothing is graded."""
    if isolation.lacking("full") and isolation.lacking("container"):
        pytest.skip("no level hides anything here")
    with pytest.raises(isolation.LevelFailed, match=r"Python is read from .*site-packages"):
        isolation.start("auto", warm=(), covered=[str(PACKAGES)])


@pytest.mark.parametrize("level", KEPT_IN)
def test_a_python_in_the_folder_of_submissions_is_read(level: str) -> None:
    """A class is graded in the folder that holds the kit and its environment, too."""
    assert not sees(level, [KIT])


def test_only_packages_are_read_of_what_is_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder on PYTHONPATH is read where pip has installed something (`--target`)."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "target" / "numpy-2.0.0.dist-info").mkdir(parents=True)
    searched = [str(tmp_path / name) for name in ("sources", "target")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(searched))
    assert [path for path in searched if path in room.of_python()] == [str(tmp_path / "target")]


def test_of_the_machine_only_libraries_are_read() -> None:
    """No programs, documents or sources, and never all of a place that has more than libraries."""
    read = {*room.of_python(), *map(os.path.realpath, room.of_python())}
    others = {"/", "/usr", "/usr/bin", "/usr/share", "/usr/local", "/home", "/root", "/etc"}
    assert read & (others | {sys.prefix, sys.base_prefix}) == set()


def test_a_split_folder_opens_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Landlock gets the parts of a folder that holds something covered: no link is followed, be it
    into what is covered or out of what is read."""
    top, outside = tmp_path / "lib", tmp_path / "outside"
    for folder in (top / "package", top / "class" / "anna", outside):
        folder.mkdir(parents=True)
    for name, target in (("in", top / "class" / "anna"), ("out", outside), ("up", top)):
        (top / name).symlink_to(target)
    monkeypatch.setattr(room, "of_python", lambda: [str(top)])
    monkeypatch.setattr(sandbox, "of_kit", list)
    assert room.readable([str(top / "class")]) == [str(top / "package")]

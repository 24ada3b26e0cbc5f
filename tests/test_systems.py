"""Course systems: what is told by names, Gradescope's file, and a class in one zip."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from autograder.batch import gradescope
from autograder.batch.download import class_folder
from autograder.batch.intake import entries, left, read_as
from autograder.batch.systems import handed, recognised
from autograder.cli import main
from autograder.inside.errors import UserError

from .layouts import LAYOUTS, rosters, students, zipped
from .layouts import gradescope as export
from .samples import MODEL, MSE

MODULES = ("m06_model",)
CLASS = students(3)
WORKS = {student.login: f"own = {student.number}\n" for student in CLASS}


@pytest.mark.parametrize(
    ("name", "key", "told", "at", "late"),
    [
        ("student01_LATE_1001_5001_m06_model.py", "1001", "student01", "", True),
        ("student01_1001_5001_m06_model-1.py", "1001", "student01", "", False),
        ("student01_1001_text.html", "1001", "student01", "", False),
        ("Student 01_20001_assignsubmission_file", "20001", "Student 01", "", None),
        ("Student 01_20001_assignsubmission_file_", "20001", "Student 01", "", None),
        ("Student 01_20001_assignsubmission_onlinetext", "20001", "Student 01", "", None),
        ("1 - S 1 - Mar 2, 2026 905 AM - a.py", "", "", "", None),
        ("1-2 - S 1 - Mar 2, 2026 905 AM - a.py", "1-2", "S 1", "2026-03-02T09:05:00", None),
        ("1-2 - S 1 - Foo 2, 2026 905 AM - a.py", "1-2", "S 1", "", None),
        ("hw_s01_attempt_2026-03-02-12-00-07", "", "", "", None),
        ("hw_s01_attempt_2026-03-02-12-00-07.txt", "hw_s01", "", "2026-03-02T12:00:07", None),
        ("hw_s01_attempt_2026-99-02-12-00-07_a.py", "hw_s01", "", "", None),
    ],
)
def test_a_name_says_whose_it_is_and_when(
    name: str, key: str, told: str, at: str, late: bool | None
) -> None:
    """As far as the system writes it; a date that is none is no time."""
    part = handed(name)
    assert (part.key if part else "") == key
    if part:
        assert (part.told[0].name, part.handed_in, part.late) == (told, at, late)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("A_1_assignsubmission_file_B_2_assignsubmission_file_m06_model.py", "1"),
        ("hw_a_attempt_2026-03-02-12-00-00_hw_b_attempt_2026-03-02-12-00-00_a.py", "hw_a"),
        ("a_1001_5001_b_1002_5002_m06_model.py", "1001"),
        ("1-2 - A - Mar 2, 2026 905 AM - 3-4 - B - Mar 2, 2026 905 AM - a.py", "1-2"),
    ],
)
def test_a_file_named_like_anothers_submission_stays_its_students(name: str, key: str) -> None:
    """What a student has chosen stands behind what the system has written."""
    part = handed(name)
    assert part is not None
    assert part.key == key


def test_a_system_that_is_asked_for_is_taken_or_refused(tmp_path: Path) -> None:
    """--system says whose the names are, where they look like another's, or like nobody's."""
    (tmp_path / "hw_2024_1001_alice.py").touch()
    (tmp_path / "hw_2024_1002_bob.py").touch()
    assert [e.name for e in entries(tmp_path, MODULES)] == [
        *("hw_2024_1001_alice", "hw_2024_1002_bob"),
    ]
    asked = entries(tmp_path, MODULES, recognised(tmp_path, "canvas"))
    assert ([e.name for e in asked], read_as(asked)) == (["hw_2024"], "Canvas")
    with pytest.raises(UserError, match="named as by --system moodle: leave it out"):
        recognised(tmp_path, "moodle")
    folder = LAYOUTS["Moodle, flat"](tmp_path, CLASS, WORKS)
    plain = entries(folder, MODULES, recognised(folder, "plain"))
    assert plain[0].name == "Student 01_20001_assignsubmission_file_m06_model"


def test_several_systems_in_a_folder_are_counted(tmp_path: Path) -> None:
    """What came later by mail lies beside the download, and that is told."""
    folder = LAYOUTS["Moodle, folders"](tmp_path, CLASS, WORKS)
    (folder / "student-09.py").touch()
    assert read_as(entries(folder, MODULES)) == "Moodle, folders (3); plain (1)"


def test_a_group_of_gradescope_is_one_submission(tmp_path: Path) -> None:
    """All submitters, of whom some have no address, and none at all is a plain folder."""
    folder = export(tmp_path, CLASS, WORKS)
    (folder / "submission_metadata.yml").write_text(
        "submission_90001:\n  :submitters:\n  - :name: Student 01\n    :sid: &x '7001'\n"
        "    :email:\n  - :name: Student 02\n    :email: b@c\n  - :name: Student 01\n"
        "submission_90002:\n  :submitters: []\n  :created_at: *x\n"
    )
    first, second, third = entries(folder, MODULES)
    assert first.name == "Student 01_7001 + Student 02_b@c + Student 01_submission_90001"
    assert [one.shown for one in first.whose.told] == [
        *("Student 01 (7001)", "Student 02 (b@c)", "Student 01"),
    ]
    assert (second.name, third.whose.system) == ("submission_90002", "plain")
    assert left(folder, MODULES) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: " + "[" * 100_000, "line 1 is not as Gradescope writes it"),
        ("- " * 100_000 + "a", "line 1 is not as Gradescope writes it"),
        ("? [a, b]\n: c", "line 1 is not as Gradescope writes it"),
        ("submission_90001:\n\t- x", "cannot be read: while scanning"),
        ("#" * 200, "is over 0 MiB"),
    ],
)
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_a_damaged_file_of_gradescope_is_a_line(
    tmp_path: Path, text: str, told: str, loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deep, broken or too large: it names the file and what to do, by either parser."""
    if loader == "SafeLoader":
        monkeypatch.delattr("yaml.CSafeLoader")
    if text.startswith("#"):
        monkeypatch.setattr(gradescope, "MAX_BYTES", 100)
    folder = export(tmp_path, CLASS, WORKS)
    (folder / "submission_metadata.yml").write_text(text)
    with pytest.raises(UserError) as error:
        recognised(folder)
    assert told in str(error.value)
    assert str(error.value).endswith("take the export anew, or give --system plain")
    assert str(error.value).isprintable()


def test_a_file_that_repeats_itself_costs_nothing(tmp_path: Path) -> None:
    """A billion laughs, and objects that a loader would make, are only read over."""
    lines = ["l0: &l0 [ha, ha]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 20)]
    lines += ["x: &m {a: b}", "y: {<<: [*m, *m]}", "z: !!python/object/apply:os.abort []"]
    (tmp_path / "submission_metadata.yml").write_text("\n".join(lines))
    assert recognised(tmp_path) == {}


@pytest.mark.parametrize("layout", ["Gradescope", "Canvas", "Moodle, folders", "plain"])
def test_a_zip_is_its_folder(tmp_path: Path, layout: str) -> None:
    """Also where all lies in one folder of the zip, or of the folder; and nothing of it stays."""
    folder = LAYOUTS[layout](tmp_path, CLASS, WORKS)
    wanted = [one.name for one in entries(folder, MODULES)]
    inner = tmp_path / "again" / folder.name
    (inner / folder.name).parent.mkdir(parents=True)
    folder.rename(inner / folder.name)
    for path in (zipped(inner), zipped(inner / folder.name)):
        renamed = path.rename(path.with_name(f"{path.stem} (1).zip"))
        with class_folder(renamed) as given:
            assert [one.name for one in entries(given, MODULES)] == wanted
        assert not given.exists()
    (inner / f"{folder.name} (1).zip").unlink()
    with class_folder(inner) as given:
        assert given == (inner if layout == "plain" else inner / folder.name)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../a.py", "leads out of its folder by `..`; unpack it into a folder yourself"),
        ("/a.py", "has an absolute path; unpack it"),
        ("a\x1b.py", "a\\x1b.py has a control character in its name; unpack it"),
        ("n" * 300 + ".py", "File name too long"),
    ],
)
def test_a_hostile_zip_of_a_class_is_a_line(
    tmp_path: Path, name: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of it is graded; the line names the zip or the file."""
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("student-01.py", "")
        archive.writestr(name, "")
    (tmp_path / "no.zip").write_bytes(b"x")
    for path, line in (("class.zip", told), ("no.zip", "is no readable zip")):
        assert main(["grade", str(tmp_path / path), "--out", str(tmp_path / "out")]) == 2
        printed = capsys.readouterr().err
        assert line in printed
        assert printed.count("\n") == 1
    assert [*tmp_path.glob("**/*.py")] == []
    assert not (tmp_path / "out").exists()


def test_names_need_neither_yaml_nor_a_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a student's side could import reads names without the teacher's libraries."""
    for package in ("yaml", "filelock"):
        monkeypatch.setitem(sys.modules, package, None)
    for module in ("people", "systems", "database"):
        monkeypatch.delitem(sys.modules, f"autograder.batch.{module}", raising=False)
    import autograder.batch.systems

    assert autograder.batch.systems.handed("student-01.py") is None


def test_a_sitting_from_a_download_to_grades(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The zip and the roster of the system in, names out; a later run needs no roster."""
    folder = LAYOUTS["Moodle, folders"](tmp_path, CLASS[:2], dict.fromkeys(WORKS, MODEL + MSE))
    (tmp_path / "roster.csv").write_text(rosters(CLASS)["Moodle"], encoding="utf-8")
    command = ["grade", str(zipped(folder)), "--out", str(tmp_path / "out"), "--device", "cpu"]
    command += ["--assignment", "m06_model", "--isolation", "basic", "--workers", "1"]
    assert main([*command, "--roster", str(tmp_path / "roster.csv")]) == 0
    printed = capsys.readouterr().out
    assert "\nread as: Moodle, folders\n" in printed
    assert "\nroster:  no submission is found for 1 of 3 on it\n" in printed
    attention = (tmp_path / "out" / "needs_attention.csv").read_text("utf-8")
    assert '\n"","no submission is found for Student 03 (007003)",' in attention
    grades = (tmp_path / "out" / "grades.csv").read_text("utf-8")
    assert grades.startswith('"submission","student_id","student","make_params"')
    assert '\n"Student 02_20002","007002","Student 02",' in grades
    assert main(command) == 0
    assert (tmp_path / "out" / "grades.csv").read_text("utf-8") == grades

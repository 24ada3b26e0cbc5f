"""Intake: submissions as students hand them in."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import socket
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import pytest

from autograder.batch.intake import left, read, submissions
from autograder.batch.text import MAX_CELLS
from autograder.inside.submission import WHOLE, Submission

MODULES = ("m06_model", "m08_manual_training")


def texts(submission: Submission) -> dict[str, str]:
    """Return the texts of a submission by source name."""
    assert submission.problem is None
    return {name: source.text for name, source in submission.sources.items()}


def zipped(path: Path, files: dict[str, str]) -> Path:
    """Write a zip of these files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def notebook(*sources: str, **metadata: object) -> str:
    """Return a notebook of these code cells."""
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": s} for s in sources]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})


def problem(path: Path) -> str:
    """Return the line that a submission gets because it cannot be read."""
    told = read(path, MODULES).problem
    assert told is not None
    assert told.isprintable()
    return told


def executed(submission: Submission) -> dict[str, object]:
    """Return the names that a submission of one text defines."""
    scope: dict[str, object] = {}
    exec(texts(submission)[WHOLE], scope)
    return scope


def test_a_folder_and_its_zip_are_the_same(tmp_path: Path) -> None:
    """Module files are found in a folder, in a nested one and in a zip; others are not read."""
    folder = tmp_path / "student-01"
    (folder / "work" / "exercises").mkdir(parents=True)
    (folder / "work" / "exercises" / "m06_model.py").write_text("a = 1\n")
    (folder / "work" / "notes.py").write_text("b = 2\n")
    files = {"work/exercises/m06_model.py": "a = 1\n", "__MACOSX/m06_model.py": "x", "notes.py": ""}
    archive = zipped(tmp_path / "student-02.zip", files)
    assert texts(read(folder, MODULES)) == {"m06_model": "a = 1\n"}
    assert texts(read(archive, MODULES)) == {"m06_model": "a = 1\n"}
    assert read(archive, MODULES).name == "student-02"


@pytest.mark.parametrize(
    "content",
    [
        b"a = 1\r\n",
        b"\xef\xbb\xbfa = 1\n",
        b"# -*- coding: latin-1 -*-\r\na = 1\n",
        "# coding: punycode\r\na = 1\r\n".encode("utf-16"),
        "\ufeffa = 1\n".encode("utf-16-be"),
        "a = 1\r\n".encode("utf-32"),
    ],
)
def test_line_ends_bom_and_coding_lines_are_read_as_python_does(
    tmp_path: Path, content: bytes
) -> None:
    """The same text arrives, whatever editor wrote it."""
    (tmp_path / "student.py").write_bytes(content)
    text = texts(read(tmp_path / "student.py", MODULES))[WHOLE]
    assert text.endswith("a = 1\n")
    assert "\r" not in text
    assert "\ufeff" not in text


def test_latin_1_without_a_coding_line_is_still_read(tmp_path: Path) -> None:
    """An accent in a comment does not cost a student the marks."""
    (tmp_path / "student.py").write_bytes("# \u00e9t\u00e9\na = 1\n".encode("latin-1"))
    assert texts(read(tmp_path / "student.py", MODULES))[WHOLE] == "# \u00e9t\u00e9\na = 1\n"


def test_a_notebook_gives_its_code_cells(tmp_path: Path) -> None:
    """Code cells become code, text and shell commands become comments."""
    code = json.loads(notebook("!pip install x\n%time 1\na = 1", "%%bash\nls", "b = a"))
    code["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "def no(): the text"})
    (tmp_path / "student.ipynb").write_text(json.dumps(code))
    scope = executed(read(tmp_path / "student.ipynb", MODULES))
    assert scope["a"] == scope["b"] == 1


CELLS = {
    "%matplotlib inline\n!pip install seaborn\npip install tqdm\nx = 1": 3,
    "%%bash\nls\n\n# files\necho a": 3,
    "%%time\nx = 1": 1,
    "files = !ls\nhelp?\n  %time f()": 3,
    "x = 1\n# !pip install\n#%%\n# %time": 0,
    "text = '''\n%x\n# y\n!z\n'''": 0,
}


@pytest.mark.parametrize(("cell", "count"), CELLS.items(), ids=list(CELLS))
def test_lines_for_the_notebook_alone_are_counted(tmp_path: Path, cell: str, count: int) -> None:
    """Magics and commands are no code of the student's: one note counts those of a file."""
    content = json.loads(notebook("def mse(pred, target):\n    return 0", cell))
    content["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "%x\n!y\nz"})
    (tmp_path / "student.ipynb").write_text(json.dumps(content))
    lines = f"{count} line{'' if count == 1 else 's'}"
    told = (f"student.ipynb: {lines} for the notebook alone (%, !) passed over",) if count else ()
    assert read(tmp_path / "student.ipynb", MODULES).notes == told


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_a_notebook_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    """An editor of Windows may have stored the notebook anew."""
    text = notebook("a = 'é'").replace("\\u00e9", "é").replace(", ", ",\r\n")
    (tmp_path / "Student.IPYNB").write_bytes(text.encode(encoding))
    assert executed(read(tmp_path / "Student.IPYNB", MODULES))["a"] == "é"


def test_the_metadata_of_a_notebook_has_no_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Formats, kernels and options that it names change neither the text nor the disk."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subprocess, "Popen", None)
    asks = {
        "jupytext": {
            "formats": f"ipynb,{tmp_path}/made//py:percent",
            "text_representation": {"extension": ".py", "format_name": "percent", "x": 1},
            "cell_markers": "import os\n,b",
            "comment_magics": False,
            "executable": "/bin/sh\nimport os",
            "encoding": "import os",
        },
        "kernelspec": {"language": "julia", "name": "made"},
        "language_info": {"name": "R", "file_extension": ".R"},
    }
    for name, metadata in {"plain": {}, "asking": asks}.items():
        (tmp_path / f"{name}.ipynb").write_text(notebook("%time 1\na = 1", **metadata))
    plain, asking = (texts(read(tmp_path / f"{n}.ipynb", MODULES)) for n in ("plain", "asking"))
    assert plain == asking
    assert len(list(tmp_path.iterdir())) == 2


def test_half_a_character_in_a_notebook_is_replaced(tmp_path: Path) -> None:
    """What JSON can write and no file can store does not reach the rest of the grader."""
    (tmp_path / "student.ipynb").write_text(notebook("a = '\ud800'"))
    assert executed(read(tmp_path / "student.ipynb", MODULES))["a"] == "?"


def test_a_folder_with_one_file_of_any_name_is_that_file(tmp_path: Path) -> None:
    """A lone script in a zip stands for all modules."""
    archive = zipped(tmp_path / "student.zip", {"my work.py": "a = 1\n"})
    assert texts(read(archive, MODULES)) == {WHOLE: "a = 1\n"}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("student.zip", b"no zip", "student.zip is no readable zip"),
        ("student.ipynb", b"{", "student.ipynb is no readable notebook"),
        ("student.ipynb", b"[]", "student.ipynb is no readable notebook"),
        ("student.ipynb", b'{"cells": 3}', "student.ipynb is no readable notebook"),
        ("student.py", b"#" * (3 * 2**20), "student.py is over 2 MiB"),
        ("student.zip", b"", "student.zip is no readable zip"),
        ("student.ipynb", b'{"cells": [3]}', "student.ipynb is no readable notebook"),
        ("student.ipynb", b"[" * 10**6, "student.ipynb is no readable notebook: Recursion"),
        ("student.ipynb", notebook(*["a"] * (MAX_CELLS + 1)).encode(), "1001 cells, over 1000"),
        ("student.py", b"\xff\xfea", "student.py is no text in UTF-16"),
        ("student.py", b"# coding: punycode\n" + b"a" * 2**20, "the encoding punycode"),
        ("student.py", b"# coding: zlib\n", "student.py names the encoding zlib"),
        ("student.py", b"# coding: undefined\n", "the encoding undefined"),
        ("student.tar.gz", b"", "student.tar.gz is no readable archive: empty file"),
        ("student.zip", b"Rar!\x1a\x07", "student.zip is a .rar in truth, which cannot be opened"),
        ("student.tar.zst", b"", "hand in a folder, a .zip, a .py or an .ipynb"),
        ("student.RAR", b"", "hand in a folder, a .zip, a .py or an .ipynb"),
        ("student.7z", b"", "hand in a folder, a .zip, a .py or an .ipynb"),
        ("torch.py", b"", "torch.py is never read"),
        (
            "student.py",
            "a = 1\n".encode("utf-16-le"),
            "student.py holds NUL characters: save it as",
        ),
        ("student.ipynb", notebook("a = 1").encode("utf-16-le"), "student.ipynb holds NUL char"),
        ("student.ipynb", notebook("a = '\0'").encode(), "student.ipynb holds NUL characters"),
        ("student.ipynb", notebook("#" * (3 * 2**20)).encode(), "holds over 2 MiB of code"),
        ("student.ipynb", b" " * (21 * 2**20), "student.ipynb is over 20 MiB"),
        ("student.py", "é".encode("latin-1") * 2**20 * 2, "its code is 12 MiB as it is sent"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    """A damaged file becomes a problem in one line."""
    (tmp_path / name).write_bytes(content)
    assert told in problem(tmp_path / name)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "there is no .py or .ipynb file in it"),
        ({"a.py": "", "b.py": ""}, "none of its 2 files is named after a module"),
        ({"work/homework.zip": "", "a.txt": ""}, "work/homework.zip is no readable zip"),
        (
            {"work/homework.rar": "", "a.txt": ""},
            "work/homework.rar cannot be opened here: hand in",
        ),
        ({"report.pdf": "", "b.png": ""}, "in it, only b.png (a picture), report.pdf (a PDF)"),
        ({"conftest.py": "", "__init__.py": ""}, "conftest.py is never read: give it another"),
    ],
)
def test_a_choice_that_is_not_ours_is_not_guessed(
    tmp_path: Path, files: dict[str, str], told: str
) -> None:
    """Nothing at all and several files that answer nothing are told, not guessed."""
    assert told in problem(zipped(tmp_path / "student.zip", files))
    folder = tmp_path / "student"
    with zipfile.ZipFile(tmp_path / "student.zip") as archive:
        archive.extractall(folder)
    folder.mkdir(exist_ok=True)
    assert told in problem(folder)


@pytest.mark.parametrize(
    ("files", "taken", "left"),
    [
        ({"m06_model.py": "a = 1", "work/m06_model.py": ""}, "m06_model.py", "work/m06_model.py"),
        ({"M06_model.py": "a = 1", "copy/m06_model.PY": ""}, "M06_model.py", "copy/m06_model.PY"),
    ],
)
def test_a_module_handed_in_twice_is_read_once(
    tmp_path: Path, files: dict[str, str], taken: str, left: str
) -> None:
    """Of two files of a module one is read, and a note tells which."""
    told = read(zipped(tmp_path / "student.zip", files), MODULES)
    assert texts(told) == {"m06_model": "a = 1"}
    assert told.notes == (f"m06_model is read from {taken}; passed over: {left}",)


@pytest.mark.parametrize("folder", ["", "exercises/", "graded-descent/exercises/", "hw3/my work/"])
def test_what_the_kit_puts_beside_the_exercises_is_not_told(tmp_path: Path, folder: str) -> None:
    """Who hands in the folder, as the README of a copy says, or the whole copy, has left nothing
    that anybody should look at; a conftest.py alone is the student's, and is told."""
    copy = ["README.md", "pyproject.toml", "data/crop_yield.csv"]
    root = folder.removesuffix("exercises/")
    beside = ["conftest.py", "cases/m06_model.json", "cases/m12_line.json"]
    files = dict.fromkeys([folder + name for name in beside], "")
    if folder != root:
        files |= dict.fromkeys([root + name for name in copy], "")
    files[f"{folder}m06_model.py"] = "a = 1\n"
    assert read(zipped(tmp_path / "whole.zip", files), MODULES).notes == ()
    work = {"conftest.py": "", "cases/notes.json": "", "cases/m06_model.py": "a = 1\n"}
    assert "m06_model" in read(zipped(tmp_path / "work.zip", work), MODULES).sources
    own = {"m06_model.py": "a = 1\n", "conftest.py": ""}
    told = read(zipped(tmp_path / "own.zip", own), MODULES).notes
    assert told == ("passed over, never read: conftest.py",)


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link in a submission may not point at somebody else's file."""
    (tmp_path / "other.py").write_text("secret = 1\n")
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / "m06_model.py").symlink_to(tmp_path / "other.py")
    assert read(folder, MODULES).problem == "m06_model.py is passed over: it is a link"
    (tmp_path / "link.py").symlink_to(tmp_path / "other.py")
    assert "link.py is a link" in str(read(tmp_path / "link.py", MODULES).problem)


def test_a_class_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    """Entries that are no submissions are passed over."""
    for name in ("b.py", "a.py", "notes.txt", ".hidden.py", "c.tar.gz", "grades.csv"):
        (tmp_path / name).write_text("")
    assert [submission.name for submission in submissions(tmp_path, MODULES)] == ["a", "b", "c"]


def test_pictures_do_not_count_as_code(tmp_path: Path) -> None:
    """A notebook of 5 MB is read when its outputs and pasted pictures are what is large."""
    handed_in = json.loads(notebook("a = 1"))
    picture = "iVBORw0KGgo" * 250_000
    handed_in["cells"][0]["outputs"] = [{"output_type": "display_data", "data": {"p": picture}}]
    pasted = f"![](data:image/png;base64,{picture})"
    handed_in["cells"].append({"cell_type": "markdown", "metadata": {}, "source": pasted})
    (tmp_path / "student.ipynb").write_text(json.dumps(handed_in))
    assert executed(read(tmp_path / "student.ipynb", MODULES))["a"] == 1


@pytest.mark.parametrize("size", [1_100_000, 1_000_000])
def test_what_is_too_large_to_be_sent_is_refused_with_its_largest_file(
    tmp_path: Path, size: int
) -> None:
    """All modules of a submission together have a limit, and the line says what to shorten."""
    modules = tuple(f"m{number:02}_large" for number in range(6))
    files = {f"{module}.py": "#" * size for module in modules}
    files["m03_large.py"] += "#" * 1_000
    told = read(zipped(tmp_path / "student.zip", files), modules)
    if size == 1_000_000:
        assert told.problem is None
        assert len(told.sources) == 6
    else:
        assert not told.sources
        assert told.problem == (
            "its code is 6.3 MiB as it is sent to be judged, over 6 MiB: "
            "the largest file, exercises/m03_large.py, is 1.05 MiB of it"
        )


def names(folder: Path) -> list[str]:
    """Return the names of a class."""
    return [submission.name for submission in submissions(folder, MODULES)]


def test_what_bears_one_name_is_one_submission(tmp_path: Path) -> None:
    """A script and a notebook, a folder and a zip; a browser's second copy has another name."""
    (tmp_path / "student-01").mkdir()
    (tmp_path / "student-01" / "notes.txt").touch()
    zipped(tmp_path / "student-01.zip", {"m06_model.py": "a = 1"})
    zipped(tmp_path / "student-01 (1).zip", {})
    (tmp_path / "a.py").write_text("b = 1")
    (tmp_path / "a.ipynb").write_text(notebook("def mse(): 1"))
    told = {one.name: one for one in submissions(tmp_path, MODULES)}
    assert sorted(told) == ["a", "student-01", "student-01 (1)"]
    assert texts(told["student-01"]) == {"m06_model": "a = 1"}
    assert told["student-01"].notes == ("passed over, no code: student-01/notes.txt",)
    assert told["a"].sources[WHOLE].file == "a.ipynb"


def test_no_name_can_take_the_place_of_another(tmp_path: Path) -> None:
    """The full name of one submission may be the short name of another."""
    for name in ("a.py", "A.py", "a.py.zip"):
        (tmp_path / name).write_text("")
    assert names(tmp_path) == ["A", "a+", "a.py"]


def test_long_names_are_told_apart(tmp_path: Path) -> None:
    """Names that only their last byte tells apart stay apart, and leave room for a suffix."""
    for last in "abcdefghijkl":
        (tmp_path / ("é" * 125 + "xy" + last)).mkdir()
    told = names(tmp_path)
    assert len(set(told)) == 12
    assert all(len(name.encode()) <= 200 and name.startswith("é" * 95) for name in told)


def test_names_that_collide_stay_apart_and_short(tmp_path: Path) -> None:
    """Many spellings of one name are as many names, on a system that ignores case, too."""
    spelled = ["".join(s) for s in itertools.product(*((c, c.upper()) for c in "abcde"))]
    for name in spelled:
        for long in (name, name + "x" * 240):
            for suffix in (".py", ".zip", ".PY"):
                (tmp_path / f"{long}{suffix}").write_text("")
    for number in range(1, 40):
        (tmp_path / f"abcde.py{'+' * number}").mkdir()
    (tmp_path / "a\\x1b.py").write_text("")
    (tmp_path / "a\x1b.py").write_text("")
    told = names(tmp_path)
    assert len({name.casefold() for name in told}) == len(told) == 32 * 2 + 41
    assert max(len(name.encode()) for name in told) <= 210


def test_names_can_be_shown_and_stored(tmp_path: Path) -> None:
    """Accents and wide spaces stay; what no terminal or file system takes is written out."""
    for name in ("e\u0301te\u0301.py", "山田\u3000太郎.py", "a\x1b[2J\n.py", "x" * 252 + ".py"):
        (tmp_path / name).write_text("")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/z\xe9.py")).write_text("")
    long = "x" * 191 + "~" + hashlib.sha256(b"x" * 252).hexdigest()[:8]
    found = ["a\\x1b[2J\\n", "été", long, "z\\udce9", "山田\u3000太郎"]
    assert names(tmp_path) == found
    assert unicodedata.is_normalized("NFC", found[1])


@pytest.mark.parametrize(
    "name", ["My Homework/M06_model.PY", "work\\m06_model.py", "Übung/.../m06_model.py"]
)
def test_a_module_is_found_under_the_names_that_systems_give_it(tmp_path: Path, name: str) -> None:
    """Capitals, spaces, accents, dots, and backslashes from a zip that Windows made."""
    path = tmp_path / "student" / name
    path.parent.mkdir(parents=True)
    path.write_text("a = 1\n")
    (tmp_path / "student" / "torch.py").write_text("b = 1\n")
    assert texts(read(tmp_path / "student", MODULES)) == {"m06_model": "a = 1\n"}


def test_an_empty_file_is_read_as_nothing(tmp_path: Path) -> None:
    """An empty module is a submission; an empty folder has no code."""
    folder = tmp_path / "student"
    folder.mkdir()
    assert problem(folder) == "there is no .py or .ipynb file in it"
    (folder / "m06_model.py").write_text("")
    assert texts(read(folder, MODULES)) == {"m06_model": ""}


@pytest.mark.parametrize("name", ["student.py", "student.zip", "student.ipynb"])
def test_what_is_no_ordinary_file_is_never_opened(tmp_path: Path, name: str) -> None:
    """A pipe or a socket would wait for a writer that never comes."""
    folder = tmp_path / "student"
    folder.mkdir()
    os.mkfifo(tmp_path / name)
    os.mkfifo(folder / "m06_model.py")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "m08_manual_training.py"))
        assert problem(tmp_path / name) == f"{name} is no ordinary file"
        assert problem(folder).endswith(".py is passed over: it is no ordinary file")


def test_a_hard_link_is_a_file_of_its_own(tmp_path: Path) -> None:
    """Where equal files are kept once, as `cp -l` and backups do, each is read."""
    folder = tmp_path / "student"
    folder.mkdir()
    (tmp_path / "kept").write_text("a = 1\n")
    os.link(tmp_path / "kept", folder / "m06_model.py")
    assert texts(read(folder, MODULES)) == {"m06_model": "a = 1\n"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
def test_a_hard_link_to_a_file_of_another_owner_is_not_read(tmp_path: Path) -> None:
    """A student who can write into the folder must not have others' files read by the grader."""
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / "m08_manual_training.py").write_text("b = 1\n")
    theirs = tmp_path / "m06_model.py"
    theirs.write_text("a = 1\n")
    os.chown(theirs, 4_321, 4_321)
    os.link(theirs, folder / "m06_model.py")
    told = "is another owner's file, by a hard link: put a copy there"
    found = read(folder, MODULES)
    assert texts(found) == {"m08_manual_training": "b = 1\n"}
    assert f"m06_model.py {told}" in found.problems["m06_model"]
    assert problem(theirs) == f"m06_model.py {told}"
    (folder / "m06_model.py").unlink()
    assert texts(read(theirs, MODULES)) == {"m06_model": "a = 1\n"}


def test_what_takes_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe that comes after the look at the file gives nothing, at once."""
    os.mkfifo(tmp_path / "student.py")
    monkeypatch.setattr("stat.S_ISREG", lambda mode: True)
    assert texts(read(tmp_path / "student.py", MODULES)) == {WHOLE: ""}


@pytest.mark.parametrize("name", ["student.py", "student.zip", "student/m06_model.py", "student"])
def test_a_file_that_may_not_be_read_is_named(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file or folder of another account is a line, not the end of the run."""

    def refuse(*args: object) -> int:
        raise PermissionError(13, "Permission denied")

    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch() if "." in name else (tmp_path / name).mkdir()
    monkeypatch.setattr("os.open" if "." in name else "os.scandir", refuse)
    entry = tmp_path / name.split("/")[0]
    assert problem(entry) == f"{Path(name).name} cannot be read: Permission denied"


def test_links_in_a_circle_and_endless_folders_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Links are not followed, hidden folders not counted, and too many files are too many."""
    monkeypatch.setattr("autograder.batch.found.MAX_ENTRIES", 20)
    folder = tmp_path / "student"
    (folder / ".venv").mkdir(parents=True)
    for number in range(30):
        (folder / ".venv" / f"{number}.py").touch()
    (folder / "again").symlink_to(folder)
    (folder / "m06_model.py").write_text("a = 1\n")
    assert texts(read(folder, MODULES)) == {"m06_model": "a = 1\n"}
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    assert problem(tmp_path / "loop.py").startswith("loop.py is a link")
    (folder / ".venv").rename(folder / "venv")
    assert problem(folder) == "it has over 20 files"
    (folder / "venv" / "pyvenv.cfg").touch()
    monkeypatch.setattr("autograder.batch.found.MAX_ENTRIES", 32)
    for number in range(5):
        (folder / f"{number}.txt").touch()
    assert texts(read(folder, MODULES)) == {"m06_model": "a = 1\n"}


def test_a_tower_of_folders_is_a_line(tmp_path: Path) -> None:
    """Folders in folders until the path is longer than the system takes."""
    (tmp_path / "student").mkdir()
    here = os.open(tmp_path / "student", os.O_RDONLY)
    for _ in range(40):
        os.mkdir("d" * 200, dir_fd=here)
        deeper = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    assert problem(tmp_path / "student").endswith("cannot be read: File name too long")


@pytest.mark.parametrize("pointed_at", [".", "exercises"])
def test_pointing_at_one_students_folder_is_one_submission(tmp_path: Path, pointed_at: str) -> None:
    """Its module files are not seven students, and neither are the folders of the kit."""
    folder = tmp_path / "student-01"
    (folder / "exercises").mkdir(parents=True)
    (folder / "README.md").touch()
    for module in MODULES:
        (folder / "exercises" / f"{module}.py").write_text("a = 1\n")
    (told,) = submissions(folder / pointed_at, MODULES)
    assert texts(told) == dict.fromkeys(MODULES, "a = 1\n")
    assert told.name == (folder / pointed_at).resolve().name
    assert left(folder / pointed_at, MODULES) == []


def test_a_class_with_a_lone_module_file_is_still_a_class(tmp_path: Path) -> None:
    """Most of its entries are named after students."""
    for name in ("m06_model.py", "anna.py", "ben.py"):
        (tmp_path / name).touch()
    assert names(tmp_path) == ["anna", "ben", "m06_model"]


def test_numbers_of_a_teachers_own_are_not_those_of_canvas(tmp_path: Path) -> None:
    """Two students are never one because a term and a number stand in the names."""
    for name in ("hw_2026_001_alice.py", "hw_2026_002_bob.py", "hw_2026_03_carl.py"):
        (tmp_path / name).touch()
    assert len(names(tmp_path)) == 3


@pytest.mark.parametrize(
    "entries",
    [
        ("hw_2024_1001_alice.zip", "hw_2024_1001_bob.zip"),
        ("hw_2024_1001_alice.zip", "hw_2024_1002_bob.zip"),
        ("hw_2024_1001_alice.zip", "hw_2025_1001_bob.zip", "hw_2025_1002_carl.zip"),
        ("hw_2024_1001_alice.zip", "lab_2024_1002_bob.zip", "lab_2025_1003_carl.zip"),
        ("hw_2024_1001_alice.zip", "hw_2024_1001_bob.zip", "lab_2025_1001_alice.zip"),
    ],
)
def test_names_like_those_of_canvas_merge_no_two_students(
    tmp_path: Path, entries: tuple[str, ...]
) -> None:
    """A folder whose names Canvas cannot have written has a row for each entry."""
    for name in entries:
        zipped(tmp_path / name, {"m06_model.py": "a = 1\n"})
    assert names(tmp_path) == [name.removesuffix(".zip") for name in entries]


def test_what_numbers_alone_make_one_student_is_told(tmp_path: Path) -> None:
    """Canvas can have written these names, and nothing else says whose they are."""
    files = ["hw_2024_1001_alice.zip", "hw_2024_1002_bob.zip", "lab_2025_1003_carl.zip"]
    for name in files:
        zipped(tmp_path / name, {"m06_model.py": "a = 1\n"})
    two, one = submissions(tmp_path, MODULES)
    assert (two.name, one.name, one.notes) == ("hw_2024", "lab_2025", ())
    told = "taken as files of one student, by the numbers in their names"
    assert two.notes[0] == f"{told}: {files[0]}, {files[1]}"


def test_canvas_may_have_two_students_of_one_name_and_an_opened_zip(tmp_path: Path) -> None:
    """And all may be anonymous: the numbers tell them apart, and nothing has to be guessed."""
    for name in (
        *("smithjohn_11_501_m06_model.py", "smithjohn_12_502_m06_model.py"),
        *("poesam_13_503_work.zip", "anon_14_504_m06.py", "anon_15_505_m06.py", "anon_16_506_a.py"),
        *("roejim_17_507_work.zip", "roejim_LATE_17_601_work-1.zip"),
    ):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "poesam_13_503_work").mkdir()
    numbers = [name.rpartition("_")[2] for name in names(tmp_path)]
    assert sorted(numbers) == [str(n) for n in range(11, 18)]
    assert not any(
        "one student" in note for s in submissions(tmp_path, MODULES) for note in s.notes
    )


def test_what_nobody_hands_in_is_a_line(tmp_path: Path) -> None:
    """Tables, results of a run and texts without code are no rows, and are told."""
    (tmp_path / "out").mkdir()
    for name in ("a.py", "grades.csv", "notes.txt", "out/ledger.sqlite", ".hidden", "Thumbs.db"):
        (tmp_path / name).touch()
    assert names(tmp_path) == ["a"]
    assert left(tmp_path, MODULES) == [
        "grades.csv is passed over: it holds no exercise",
        "notes.txt is passed over: it holds no exercise",
        "out is passed over: it holds the results of a run",
    ]


def test_helpers_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is imported beside the exercises has a limit, and the rest is told."""
    monkeypatch.setattr("autograder.cells.beside.MAX_HELPERS", 2)
    files = {f"help{number}.py": "x = 1\n" for number in range(4)}
    lines = "".join(f"import help{number}\n" for number in range(4))
    told = read(zipped(tmp_path / "s.zip", {**files, "m06_model.py": lines}), MODULES)
    assert sorted(texts(told)) == ["help0", "help1", "m06_model"]
    assert told.notes == (
        "help2.py is too much code beside the exercises: at most 2 files and 1 MiB of it are read",
        "passed over, no exercise is in help2.py, help3.py",
    )

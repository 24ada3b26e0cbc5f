"""Choosing: which of the files that were handed in is read, and what is told of it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from autograder.batch.intake import read
from autograder.cells.forking import Zygote
from autograder.course import assignment, modules
from autograder.inside.submission import WHOLE, Submission

from .samples import MODEL, MSE, TRAIN_STEP, files_of, released, verdicts
from .test_intake import notebook

STUB = "def mse(pred, target):\n    raise NotImplementedError\n"
M08_STUB = STUB.replace("mse(pred, target)", "train_step(x, y, w, b, lr)")
MINE = MODEL + MSE
EDITED = "def mse(pred, target:\n    return 0\n"
OTHER = "print('no exercise')\n"

CORE = assignment("core").modules


def handed_in(folder: Path, files: dict[str, str | bytes]) -> Submission:
    """Read files as a folder and as a zip, which give the same."""
    with zipfile.ZipFile(folder / "zipped.zip", "w") as archive:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / "student" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "student" / name).write_bytes(data)
            archive.writestr(name, data)
    as_folder, as_zip = read(folder / "student", modules()), read(folder / "zipped.zip", modules())
    assert as_folder.sources == as_zip.sources
    assert (as_folder.problem, as_folder.problems) == (as_zip.problem, as_zip.problems)
    assert as_folder.notes == as_zip.notes
    return as_folder


def texts(submission: Submission) -> dict[str, str]:
    """Return the texts of a submission by source name."""
    return {name: source.text for name, source in submission.sources.items()}


@pytest.fixture(scope="module")
def whole() -> dict[str, str | bytes]:
    """The files of the kit's own release, with the references of one for self-study."""
    return {**files_of(released("core", self_study=True))}


@pytest.mark.parametrize("outer", ["", "graded-descent-core/", "work/autograder/", "a/data/Data/"])
def test_the_release_handed_in_whole_is_judged_by_the_students_files(
    tmp_path: Path, whole: dict[str, str | bytes], outer: str
) -> None:
    """Neither the kit's probes nor its references are read, wherever it was unpacked."""
    files = {**whole, "exercises/m06_model.py": MINE}
    told = handed_in(tmp_path, {outer + name: content for name, content in files.items()})
    assert told.problem is None
    assert tuple(told.sources) == CORE
    assert told.sources["m06_model"].text == MINE
    assert "raise NotImplementedError" in told.sources["m12_line"].text
    assert told.notes == ()


def test_a_solution_beside_the_untouched_release_is_found(
    tmp_path: Path, whole: dict[str, str | bytes], zygote: Zygote
) -> None:
    """The one file that has answers is judged for the modules that it answers, told in notes; the
    other stubs stay what they are."""
    told = handed_in(tmp_path, {**whole, "my_solution.ipynb": notebook(MODEL, MSE, TRAIN_STEP)})
    assert tuple(told.sources) == CORE
    answered = ("m06_model", "m08_manual_training")
    assert {told.sources[name].file for name in answered} == {"my_solution.ipynb"}
    assert told.notes == tuple(
        f"{name} is read from my_solution.ipynb, since exercises/{name}.py is still the stub"
        for name in answered
    )
    assert {one.status for one in verdicts(zygote, told).values()} == {"pass"}


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        (("old/m06_model.py", MINE), ("exercises/m06_model.py", STUB)),
        (("old/m06_model.py", EDITED), ("exercises/m06_model.py", STUB)),
        (("z/m06_model.py", MSE), ("My Old Files/exercises/m06_model.py", MINE)),
        (("z/m06_model.py", MSE), ("homework - Copy/m06_model.py", MINE)),
        (("gold/exercises/m06_model.py", MSE), ("m06_model.py", MINE)),
        (("z/m06_model.py", MSE), ("a/b/m06_model.py", MINE)),
        (("z/m06_model.py", MINE), ("a/m06_model.py", MSE)),
        (("m06_model.py", MSE), ("m06_model.ipynb", notebook(MSE))),
        (("a/M06_Model.py", MSE), ("b/m06_model.py", MSE)),
        (("m06_model.py", "mse, model = 1, 2\n"), ("exercises/m06_model.py", STUB)),
        (("m06_model.py", "try:\n    def mse(): 1\nfinally: 1\n"), ("old/m06_model.py", MINE)),
        (("m06_model.py", MSE), ("exercises/m06_model.py", "from m07 import mse\n" + STUB)),
    ],
)
def test_of_two_files_of_a_module_the_better_is_read(
    tmp_path: Path, taken: tuple[str, str], left: tuple[str, str]
) -> None:
    """An answer comes before a stub, then the place, then how much is answered, then the name."""
    told = handed_in(tmp_path, dict(sorted([taken, left])))
    assert texts(told) == {"m06_model": taken[1]}
    assert told.sources["m06_model"].file == f"exercises/{Path(taken[0]).name}"
    assert told.notes == (f"m06_model is read from {taken[0]}; passed over: {left[0]}",)


BROKEN: list[tuple[str, bytes, str]] = [
    ("m12_line.ipynb", b"{", "m12_line.ipynb is no readable notebook: JSONDecodeError"),
    ("m12_line.py", b"#" * (2**21 + 1), "m12_line.py is over 2 MiB"),
    ("m12_line.py", b"# coding: zlib\n", "m12_line.py names the encoding zlib: save it as UTF-8"),
    ("m12_line.py", "a = 1".encode("utf-16-le"), "m12_line.py holds NUL characters: save it as"),
]


@pytest.mark.parametrize(("name", "content", "line"), BROKEN)
def test_a_file_that_cannot_be_read_costs_its_module_only(
    tmp_path: Path, name: str, content: bytes, line: str, zygote: Zygote
) -> None:
    """The modules beside it are judged, and its own exercises are told why they are not."""
    told = handed_in(tmp_path, {"m06_model.py": MINE, name: content})
    assert told.problem is None
    assert texts(told) == {"m06_model": MINE}
    assert told.problems["m12_line"].startswith(line)
    assert told.notes == ()
    assert verdicts(zygote, told, ("mse",))["mse"].status == "pass"


@pytest.mark.parametrize(("name", "content", "line"), BROKEN)
def test_a_file_that_cannot_be_read_and_is_not_needed_is_a_note(
    tmp_path: Path, name: str, content: bytes, line: str
) -> None:
    """Where another file serves its module, nothing is lost."""
    told = handed_in(tmp_path, {name: content, "old/m12_line.py": "Line = 1\n"})
    assert texts(told) == {"m12_line": "Line = 1\n"}
    assert not told.problems
    (note,) = told.notes
    assert note.startswith(line)


def test_a_damaged_entry_of_a_zip_costs_its_module_only(tmp_path: Path) -> None:
    """The other entries of the zip are whole."""
    with zipfile.ZipFile(tmp_path / "student.zip", "w") as archive:
        archive.writestr("m06_model.py", MINE)
        archive.writestr("m12_line.py", "Line = 'here'\n")
    whole = (tmp_path / "student.zip").read_bytes()
    (tmp_path / "student.zip").write_bytes(whole.replace(b"'here'", b"'HERE'"))
    told = read(tmp_path / "student.zip", modules())
    assert texts(told) == {"m06_model": MINE}
    assert "m12_line.py is damaged" in told.problems["m12_line"]


def test_where_nothing_can_be_read_the_submission_has_a_problem(tmp_path: Path) -> None:
    """Its line names the first of the files, and each module has its own."""
    told = handed_in(tmp_path, {"m06_model.ipynb": "{", "m12_line.ipynb": "{"})
    line = "m06_model.ipynb is no readable notebook: JSONDecodeError"
    assert told.problem == f"{line}, and 1 more of its modules cannot be read"
    assert sorted(told.problems) == ["m06_model", "m12_line"]


@pytest.mark.parametrize(
    "name", ["m06_model-final.py", "m06_model (1).py", "M06 Model.py", "old/a.ipynb", "mine.py"]
)
@pytest.mark.parametrize("module", [STUB, "", "from m06_final import mse\n", STUB.upper()])
def test_a_stub_never_replaces_an_answer(tmp_path: Path, name: str, module: str) -> None:
    """A file of another name that has the answers is read instead of the stub."""
    text = notebook(MSE) if name.endswith(".ipynb") else MSE
    files = {"exercises/m06_model.py": module, name: text, "m08_manual_training.py": TRAIN_STEP}
    told = handed_in(tmp_path, {**files, "helper.py": OTHER})
    assert list(told.sources) == ["m06_model", "m08_manual_training"]
    assert "def mse(pred, target):\n    if" in told.sources["m06_model"].text
    assert told.sources["m06_model"].file == Path(name).name
    stub = "exercises/m06_model.py is still the stub"
    assert told.notes == (
        f"m06_model is read from {name}, since {stub}",
        "passed over, no exercise is in helper.py",
    )


def test_among_other_files_the_name_comes_first_and_then_what_is_answered(tmp_path: Path) -> None:
    """Each module gets the file that promises most, and the rest are told."""
    files = {"M06 Model (2).py": MSE, "b.py": MINE + TRAIN_STEP, "a.py": TRAIN_STEP, "c.py": OTHER}
    told = handed_in(tmp_path, {**files, "test_m06_model.py": "from m06_model import mse\n"})
    assert texts(told) == {"m06_model": MSE, "m08_manual_training": TRAIN_STEP}
    assert told.notes == (
        "m06_model is read from M06 Model (2).py; passed over: b.py",
        "m08_manual_training is read from a.py; passed over: b.py",
        "passed over, no exercise is in c.py, test_m06_model.py",
    )


def test_of_two_other_files_the_one_with_more_answers_is_read(tmp_path: Path) -> None:
    """Without a module's name in them, files are taken by what they answer."""
    told = handed_in(tmp_path, {"a.py": MSE, "b.py": MINE})
    assert texts(told) == {WHOLE: MINE}
    assert told.notes == ("every module is read from b.py; passed over: a.py",)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("m06_model.py", "m06_model-1.py"),
        ("m06_model-9.py", "m06_model-10.py"),
        ("m06_model.py", "m06_model (1).py"),
        ("exercises/m06_model.py", "m06_model_LATE.py"),
        ("m06_model_v2.py", "m06_model_v3.ipynb"),
        ("m06_model_2026-03-02.py", "m06_model_2026-03-10.py"),
        ("doejane_1234_5678_m06_model.py", "doejane_1234_6001_m06_model.py"),
        (
            "hw_jdoe_attempt_2026-03-01-12-05-33_m06.py",
            "hw_jdoe_attempt_2026-03-02-01-00-00_m06.py",
        ),
        ("old/m06_model-3.py", "m06_model.py"),
        ("m06_model - Copy (2).py", "m06_model.py"),
    ],
)
def test_of_two_attempts_the_later_is_read(tmp_path: Path, earlier: str, later: str) -> None:
    """By the number or the date in its name, however much the earlier answers."""
    text = notebook(MSE) if later.endswith("ipynb") else MSE
    told = handed_in(tmp_path, {earlier: MINE, later: text})
    assert "def mse" in texts(told)["m06_model"]
    assert "def model" not in texts(told)["m06_model"]
    attempt = "" if later == "m06_model.py" else ", the later attempt"
    assert told.notes == (f"m06_model is read from {later}{attempt}; passed over: {earlier}",)


def test_one_answering_file_among_others_is_the_submission(tmp_path: Path) -> None:
    """Without files of a module's name, the only one with answers stands for all modules."""
    told = handed_in(tmp_path, {"plots.py": OTHER, "work.py": MINE, "m6.ipynb": notebook(OTHER)})
    assert texts(told) == {WHOLE: MINE}
    assert told.notes == (
        "every module is read from work.py, the only file with an answer",
        "passed over, no exercise is in m6.ipynb, plots.py",
    )


def test_stubs_alone_are_read_as_they_are(tmp_path: Path, zygote: Zygote) -> None:
    """Nothing is attempted, and that is what the exercises are told."""
    stubs = {"m06_model.py": STUB, "m08_manual_training.py": M08_STUB, "notes.py": OTHER}
    told = handed_in(tmp_path, {**stubs})
    assert texts(told) == {"m06_model": STUB, "m08_manual_training": M08_STUB}
    assert told.notes == ("passed over, no exercise is in notes.py",)
    assert {one.status for one in verdicts(zygote, told).values()} == {"not_attempted"}


def test_a_broken_file_keeps_its_line_beside_an_answering_one(tmp_path: Path) -> None:
    """A single answering file does not stand for a module whose own file cannot be read."""
    told = handed_in(tmp_path, {"m12_line.ipynb": "{", "work.py": MINE})
    assert texts(told) == {"m06_model": MINE}
    assert "no readable notebook" in told.problems["m12_line"]


def test_files_without_end_are_not_all_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read to choose is bounded in number and in bytes, and a note tells of it."""
    copies = {f"copy{number:02}/m06_model.py": STUB for number in range(22)}
    others = {f"o{number:03}.py": OTHER + "#" * 100 for number in range(202)}
    told = handed_in(tmp_path, {**copies, **others, "zz.py": MINE})
    assert told.notes[0] == (
        "2 of its files are not looked into: copy01/m06_model.py, copy00/m06_model.py"
    )
    rest = "o200.py, o201.py, zz.py"
    assert told.notes[1] == f"3 of its files are not looked into: {rest}"
    monkeypatch.setattr("autograder.batch.choose.MAX_LOOKED", 1_000)
    assert read(tmp_path / "student", modules()).notes[1].startswith("194 of its files are not")


def test_many_notes_are_cut(tmp_path: Path) -> None:
    """A folder of broken files does not fill the teacher's screen."""
    files: dict[str, str | bytes] = {f"{number}.ipynb": "{" for number in range(50)}
    told = handed_in(tmp_path, {**files, "m06_model.py": STUB})
    assert len(told.notes) == 21
    assert told.notes[-1] == "and 30 more notes"


@pytest.mark.parametrize("text", ["a = " + "1+" * 60_000 + "1", "a = " + "-" * 90_000 + "1"])
@pytest.mark.parametrize("more", [0, 100_000])
def test_code_that_breaks_a_parser_does_not_break_the_choice(
    tmp_path: Path, text: str, more: int
) -> None:
    """A sum of sixty thousand numbers is looked through as text."""
    files = {"m06_model.py": STUB, "a.py": MINE + text + "#" * more, "b.py": text}
    told = handed_in(tmp_path, {**files})
    assert list(told.sources) == [WHOLE]
    assert told.sources[WHOLE].file == "a.py"


def test_a_stub_pasted_below_an_answer_is_no_stub(tmp_path: Path, zygote: Zygote) -> None:
    """A notebook in which the stub's cell comes again at the end is judged by the answer."""
    pasted = notebook("# my work", MODEL, MSE, STUB)
    told = handed_in(tmp_path, {"m06_model.ipynb": pasted, "old/m06_model.py": MODEL})
    assert json.loads(pasted)["cells"][-1]["source"] == STUB
    judged = verdicts(zygote, told, ("mse",))["mse"]
    assert (judged.status, judged.file) == ("pass", "exercises/m06_model.ipynb")

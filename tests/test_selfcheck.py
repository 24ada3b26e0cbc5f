"""`descent check` finds what is wrong with the kit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder import course
from autograder.answers import keys, ways
from autograder.answers.keys import answer_keys
from autograder.cells.observer import Observer
from autograder.course import Exercise, exercises
from autograder.inside.errors import UserError
from autograder.teacher import entries, givens, selfcheck
from autograder.teacher.entries import entry_faults, gaps_in, todo_faults
from autograder.teacher.selfcheck import findings, mistake_faults, stub_faults

MSE = exercises()["mse"]
TABLE = "autograder/course/m06_model/m06_3_mse.toml"
PROBES = "autograder/inside/probes/m06_model/m06_3_mse.py"


def test_a_sound_exercise_has_no_fault(observer: Observer) -> None:
    """What is there of mse is as it should be."""
    assert list(entry_faults(MSE)) == []
    assert list(mistake_faults(MSE, answer_keys([MSE], observer)["mse"], "public")) == []


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (replace(MSE, hints=("only one",)), f"{TABLE}: 1 hint, not 3"),
        (replace(MSE, points=0), f"{TABLE}: no points"),
        (replace(MSE, builds_on=("fit",)), "builds on fit, which does not come before it"),
        (replace(MSE, builds_on=("nothing",)), "builds on nothing"),
        (replace(MSE, questions=()), "answers no question"),
        (replace(MSE, questions=("gd.99",)), "gd.99 is not in questions.toml"),
        (replace(MSE, questions=("gd.1",)), "an answer to gd.11, which is not among its"),
        (replace(MSE, questions=("gd.1",)), "no wrong way fails because of gd.1: mark one with"),
        (replace(MSE, questions=("gd.11",)), "a wrong way asks gd.12, not among its questions"),
        (replace(MSE, why=""), "fill in `why`"),
        (replace(MSE, names=("mse", "rmse")), "solutions/m06_model.py has no rmse"),
        (replace(MSE, names=("mse", "rmse")), "tests/test_m06_model.py: rmse is not proved"),
    ],
)
def test_faults_of_an_entry_are_told(broken: Exercise, told: str) -> None:
    """Hints, points, foundations, questions, references and proofs are looked at."""
    assert any(told in fault for fault in entry_faults(broken))


def test_an_unknown_entry_of_a_table_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped entry would be passed over."""
    change_table(monkeypatch, {"hintts": []})
    assert any(f.startswith(f"{TABLE}: hintts is no entry") for f in entry_faults(MSE))


@pytest.mark.parametrize(
    ("probe", "row", "told"),
    [
        ("value", {"scael": 2}, f"{TABLE}: [givens.value] has scael, which the probe value does"),
        ("refusal", {"pred": [4, 1]}, f"{PROBES}: the probe refusal reads given.target, which"),
        ("value", {"rows": 5, "cpu_only": True}, ""),
        ("value", {"n": 5, "n_in": 1, "n_out": 3, "dtype": "float32"}, ""),
    ],
)
def test_entries_of_givens_are_those_that_probes_read(
    monkeypatch: pytest.MonkeyPatch, probe: str, row: Mapping[str, Any], told: str
) -> None:
    """A row's entry that nothing reads, and one that is read and nowhere there, are faults."""
    rows = {**course.givens(MSE), probe: {"public": [row], "hidden": [row]}}
    change_table(monkeypatch, {"givens": rows})
    found = list(entry_faults(MSE))
    assert len(found) == (1 if told else 0)
    assert all(fault.startswith(told) for fault in found)


def test_rows_of_another_kind_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are public or hidden; a mistyped kind would be no case at all."""
    rows = {**course.givens(MSE), "value": {"public": [{"rows": 5}], "hiden": []}}
    change_table(monkeypatch, {"givens": rows})
    assert f"{TABLE}: [givens.value] has hiden; there are public and hidden rows" in list(
        entry_faults(MSE)
    )


def test_givens_that_are_no_tables_of_rows_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is run then."""
    change_table(monkeypatch, {"givens": {"value": [{"rows": 5}]}})
    told = f"{TABLE}: no givens: add [givens.PROBE], with public and hidden rows, for each probe"
    assert list(gaps_in(MSE)) == [told]


def test_a_key_that_is_handed_over_is_read() -> None:
    """`scaled` asks the given for the key that it is called with, or else for `scale`."""
    assert "scale" in givens.reads_of(exercises()["dmse_dpred"], "value").asked


@pytest.mark.parametrize("same", ["m06_3_mse.toml", "m06_3_twin.toml"])
def test_two_exercises_of_one_name_or_id_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, same: str
) -> None:
    """The line names both files."""
    folder = tmp_path / "autograder" / "course"
    module = "m07_other" if "mse" in same else "m06_model"
    for path in (folder / "m06_model" / "m06_3_mse.toml", folder / module / same):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(course.file_of(MSE).read_text("utf-8"), "utf-8")
    monkeypatch.setattr(course, "FOLDER", folder)
    monkeypatch.setattr(course, "modules", lambda: ("m06_model", "m07_other"))
    with pytest.raises(UserError) as raised:
        course.exercises.__wrapped__()
    told = f"{TABLE} and autograder/course/{module}/{same} have the same name or id: rename one"
    assert str(raised.value) == told


def test_a_table_that_lacks_an_entry_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One line, and no traceback, tells what is missing in which file."""
    path = tmp_path / "autograder" / "course" / "m06_model" / "m06_3_mse.toml"
    path.parent.mkdir(parents=True)
    path.write_text("points = 1\n", "utf-8")
    monkeypatch.setattr(course, "FOLDER", path.parent.parent)
    monkeypatch.setattr(course, "modules", lambda: ("m06_model",))
    with pytest.raises(UserError, match=r"m06_3_mse.toml cannot be read: KeyError: 'path'"):
        course.exercises.__wrapped__()


def test_mistakes_of_one_name_and_short_feedback_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name stands for one mistake, and its feedback has 15 to 60 words."""
    (half,) = (way for way in ways.mistakes(MSE) if way.slug == "half")
    found = [half, half, replace(half, slug="short", story="too short")]
    monkeypatch.setattr(entries, "mistakes", lambda exercise: found)
    assert [fault.partition(": ")[2] for fault in entry_faults(MSE)] == [
        "the feedback of short has 2 words, not 15 to 60",
        "two mistakes are called half",
        "two functions are called half",
    ]


def test_what_is_still_to_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stub among references, mistakes and other ways is a fault, and so is a TODO."""
    text = "def mse(pred, target):\n    '''TODO'''\n    raise NotImplementedError\n"
    stub = ways.Way(MSE, "wrong", "mse", "mse", text, story="words " * 20, slug="stub")
    monkeypatch.setattr(entries, "solution", lambda module: text)
    monkeypatch.setattr(entries, "mistakes", lambda exercise: [stub])
    monkeypatch.setattr(entries, "other_ways", lambda exercise: [stub])
    found = list(entry_faults(MSE))
    assert "solutions/m06_model.py: mse is still a stub: write the reference" in found
    own = "m06_model/m06_3_mse.py: mse is still a stub: write"
    assert f"autograder/course/{own} the wrong way" in found
    assert f"tests/course/{own} this wrong way" in found
    assert "tests/course/m06_model/m06_3_mse.py: no right way: add one, marked @right()" in found


def test_a_todo_is_told_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """An author finds what is left to write."""
    own = Path(__file__)
    monkeypatch.setattr(entries, "_files", lambda exercise: [own])
    monkeypatch.setattr(entries, "shown", lambda path: path.name)
    found = list(todo_faults([MSE]))
    assert found[0].startswith("test_selfcheck.py:") and "TODO" in found[0]


def test_nothing_is_run_while_something_is_to_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another exercise lacks is told, too: the stubs are made of the whole course."""
    monkeypatch.setattr(selfcheck, "incomplete", lambda: ["m07 lacks something"])
    told = "nothing was run: this is looked at once references, mistakes and probes are written"
    assert list(findings([MSE])) == ["m07 lacks something", told]


def test_a_probe_that_stops_at_the_reference_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal exceptions of the probe's own would let every submission pass the case."""
    rows = {"value": {"public": [{"n": 4}], "hidden": []}}
    monkeypatch.setattr(keys, "givens", lambda one: rows if one == MSE else course.givens(one))
    told = "the probe value of mse stops at the reference on {'seed': "
    assert any(told in fault for fault in findings([MSE]))


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        (1.0, "moves no public case"),
        (1 + 1e-8, "moves no public case by 1000 tolerances"),
        (0.5, "looks like another one"),
    ],
)
def test_a_mistake_must_be_caught_by_far_and_named(
    monkeypatch: pytest.MonkeyPatch, observer: Observer, factor: float, told: str
) -> None:
    """A mistake that changes nothing, too little, or the same as another one is a fault."""
    text = f"import m06_model\ndef wrong(a, b):\n    return m06_model.mse(a, b) * {factor}\n"
    another = ways.Way(MSE, "mistake", "wrong", "mse", text, "feedback", "new")
    monkeypatch.setattr(keys, "mistakes", lambda exercise: [*ways.mistakes(exercise), another])
    faults = list(mistake_faults(MSE, answer_keys([MSE], observer)["mse"], "public"))
    assert any("new" in fault and told in fault for fault in faults)


def test_a_stub_out_of_step_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed docstring in a solution asks for `descent build`."""
    built = {"m06_model.py": "another stub"}
    monkeypatch.setattr(selfcheck, "built_files", lambda whole, keys: built)
    assert list(stub_faults([MSE], {})) == [
        "exercises/m06_model.py is out of step with the solution: run `descent build`"
    ]


def change_table(monkeypatch: pytest.MonkeyPatch, entries_of_it: Mapping[str, Any]) -> None:
    """Let the kit read other entries in the TOML file of mse."""
    read = course.read_toml

    def changed(path: Path) -> dict[str, Any]:
        return {**read(path), **entries_of_it} if path == course.file_of(MSE) else read(path)

    monkeypatch.setattr(course, "read_toml", changed)
    monkeypatch.setattr(entries, "read_toml", changed)

"""The student's screen: what it says of verdicts."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from autograder.course import assignment, exercises
from autograder.inside import ROOT
from autograder.inside.errors import UserError
from autograder.judging.public import read_tasks
from autograder.judging.verdict import Status, Verdict
from autograder.student.desk import MAX_PRINTED, Desk
from autograder.student.hints import hint
from autograder.student.screen import (
    also_lines,
    exercise_lines,
    hint_line,
    list_line,
    progress_lines,
    screen,
)
from autograder.student.start import start

CORE = {exercise.name: exercise for exercise in assignment("core").exercises}


def told(statuses: dict[str, Status], gap: str = "your loss 1, expected 2") -> str:
    """Return the screen for exercises with these statuses; the others are not attempted."""
    verdicts = [
        Verdict(e, statuses.get(name, "not_attempted"), 0.0, f"exercises/{e.module}.py", 7, gap)
        for name, e in CORE.items()
    ]
    return "\n".join(screen(verdicts, Desk(ROOT / "exercises")))


def test_next_follows_the_path() -> None:
    """After mse comes dmse_dpred; what goes deeper in m06 is offered beside it."""
    text = told({"make_params": "pass", "model": "pass", "mse": "pass"})
    assert "NEXT  dmse_dpred   exercises/m07_gradients.py:7" in text
    assert "ALSO  expected_random_loss, recover_params   (deeper, if you like)" in text
    assert text.endswith("DONE  3 of 42, 39 to do")


def test_of_many_deeper_exercises_the_latest_are_told() -> None:
    """Whoever has gone along the path alone reads six names and a number."""
    done: dict[str, Status] = {e.name: "pass" for e in CORE.values() if e.path}
    text = " ".join(told(done | {"fit_line": "not_attempted"}, "").split())
    assert re.search(r"ALSO (\w+, ){6}and 6 more \(deeper, if you like\)", text)


def test_deeper_exercises_come_when_the_path_is_done() -> None:
    """With the whole path done, next is the first exercise that goes deeper."""
    done: dict[str, Status] = {e.name: "pass" for e in CORE.values() if e.path}
    text = told(done)
    assert "NEXT  expected_random_loss   exercises/m06_model.py:7   (optional)" in text
    assert "ALSO" not in text


def test_what_comes_after_a_module_and_after_all(tmp_path: Path) -> None:
    """After m06 comes m07, and pictures; after the last exercise, what is handed in."""
    start(tmp_path / "copy", "core")
    desk = Desk(tmp_path / "copy" / "exercises")
    every = [Verdict(e, "pass", 1.0, f"exercises/{e.module}.py", 7) for e in CORE.values()]
    of_m06 = [verdict for verdict in every if verdict.exercise.module == "m06_model"]
    following = "NEXT  dmse_dpred   exercises/m07_gradients.py"
    assert [*progress_lines(of_m06, desk)] == [following, "DONE  5 of 5"]
    also = " ".join(" ".join(also_lines(of_m06, desk)).split())
    assert "predict m07 (before you write it)" in also
    assert "plot m06 (draws with your functions)" in also
    end = "\n".join(progress_lines(every, desk))
    assert end.startswith("END   all pass; to hand in: the folder")
    assert "predict" not in " ".join(also_lines(every, desk))
    assert not [*also_lines(of_m06[:1], desk)]


def test_two_faults_are_seen_as_two() -> None:
    """Each cause that is proved has a WHY of its own."""
    two = Verdict(CORE["mse"], "fail", 0.0, "exercises/m06_model.py", 7, "gap", why="One.\nTwo.")
    lines = [*exercise_lines("mse", {"mse": two}, Desk(ROOT / "exercises"))]
    assert lines[2:4] == ["WHY   One.", "WHY   Two."]


def test_one_cause_is_told_once() -> None:
    """Exercises that fail at the same line for the same reason share a message."""
    text = told({"make_params": "fail", "model": "fail", "train_step": "blocked"}, "SyntaxError")
    assert text.count("SyntaxError") == 1
    assert "FAIL  make_params, model   exercises/m06_model.py:7" in text
    assert "LATER train_step   (blocked: they use make_params, model)" in text
    assert text.endswith("DONE  0 of 42, 2 to fix, 1 blocked, 39 to do")


def test_prints_that_are_cut_are_told_so() -> None:
    """Of what an exercise printed a part is kept, and the number of the other bytes."""
    desk = Desk(ROOT / "exercises")
    desk._output.write(b"x" * (MAX_PRINTED + 5))
    assert desk._new_output() == "x" * MAX_PRINTED + "\n(5 more bytes were printed)\n"
    desk._output.write(b"short\n")
    assert desk._new_output() == "short\n"
    desk.close()


def test_many_failures_stay_on_a_page() -> None:
    """Four failures are told in full, the others by name."""
    failing: dict[str, Status] = {name: "fail" for name in list(exercises())[::5]}
    verdicts = [
        Verdict(
            e,
            failing.get(n, "pass"),
            0.0,
            f"exercises/{e.module}.py",
            i,
            f"gap {i}" * (n in failing),
        )
        for i, (n, e) in enumerate(exercises().items())
    ]
    text = "\n".join(screen(verdicts, Desk(ROOT / "exercises")))
    assert text.count("FAIL  ") == 4
    assert "MORE  " in text
    assert all(name in text for name in failing)
    assert len(text.splitlines()) <= 24


@pytest.mark.parametrize(
    ("programs", "stands", "command"),
    [
        (["descent", "python"], ".", "descent hint mse"),
        (["descent"], "exercises", "descent hint mse"),
        (["python3"], ".", "python3 -m autograder hint mse"),
        (["python"], "exercises", "cd .. && python -m autograder hint mse"),
        (["descent"], "..", "cd copy && descent hint mse"),
        ([], ".", f"{sys.executable} -m autograder hint mse"),
    ],
)
def test_the_hint_is_a_command_that_works_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, programs: list[str], stands: str, command: str
) -> None:
    """Without `descent` beside the Python that runs, or from another folder, it is another one."""
    folder = tmp_path / "copy" / "exercises"
    (folder / "cases").mkdir(parents=True)
    (tmp_path / "copy" / "autograder").mkdir()
    monkeypatch.chdir(tmp_path / "copy" / stands)
    beside = Path(sys.executable).parent
    monkeypatch.setattr("shutil.which", lambda name: str(beside / name) * (name in programs))
    assert hint_line(CORE["mse"], folder) == f"TRY   {command}   (1 of 3)"
    hint(folder, "mse")
    assert hint_line(CORE["mse"], folder) == f"TRY   {command}   (2 of 3)"


def test_no_hint_helps_where_the_text_is_no_python() -> None:
    """A SyntaxError is told; hints are about the exercise."""
    no_hint = ["mse is not defined, since this does not run: SyntaxError: invalid syntax"]
    for gap in (*no_hint, "mse raised NameError: name 'x' is not defined"):
        verdict = Verdict(
            CORE["mse"], "fail", 0.0, "m06_model.py", 3, gap, probes=("not_run",) * (gap in no_hint)
        )
        lines = "\n".join(screen([verdict], Desk(ROOT / "exercises")))
        assert ("TRY  " in lines) == (gap not in no_hint)


@pytest.mark.parametrize("content", ["{", "[]", '{"schema": 9, "exercises": {}}'])
def test_damaged_cases_are_named(tmp_path: Path, content: str) -> None:
    """A cases file that is no JSON, or of another schema, is named."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "m06_model.json").write_text(content)
    with pytest.raises(UserError, match=r"m06_model\.json is damaged"):
        read_tasks(tmp_path)


def test_a_narrow_list_shortens_the_place_alone() -> None:
    """State and name of an exercise stay whole; the place loses its folder, then becomes short."""
    verdict = Verdict(
        exercises()["forgotten_zero"], "pass", 2.0, "exercises/m08_manual_training.py", 9
    )
    told = [list_line(verdict, columns) for columns in (79, 66, 50, 40)]
    assert all(line.startswith("done     forgotten_zero        ") for line in told)
    places = [line[31:].replace("  optional", "") for line in told]
    whole = "exercises/m08_manual_training.py:9"
    assert places[0] == whole
    assert places[1:] == [whole[10:], "m08:9", "m08:9"]

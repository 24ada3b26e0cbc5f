"""The ledger: nothing is judged twice, nothing is lost, and every moved mark is told."""

from __future__ import annotations

import contextlib
import csv
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import ROOT
from autograder.answers import answer_keys
from autograder.batch import depends
from autograder.batch.grade import Grader
from autograder.batch.ledger import Ledger, LedgerError
from autograder.batch.observer import Zygotes
from autograder.batch.run import Graded, Policy, Run
from autograder.catalogue import assignment, exercises
from autograder.cell import limits
from autograder.cli import main
from autograder.submission import Submission

from .samples import MODEL, MSE, submission

M06 = assignment("m06_model")
SECRET = b"ledger"
KEYS = answer_keys(M06.exercises, SECRET)
CHECKS = {e.name: depends.of_exercise(e, SECRET, False, "basic") for e in M06.exercises}
HALF = MSE.replace(".mean()", ".mean() / 2")


def handed_in(name: str, mse: str = MSE) -> Submission:
    """Return a submission with this mse under a name."""
    return replace(submission({"m06_model": MODEL + mse}), name=name)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    """A grader of m06."""
    with contextlib.closing(Zygotes("basic")) as observer:
        yield Grader(M06, KEYS, observer)


def graded(
    grader: Grader,
    out: Path,
    submissions: list[Submission],
    checks: dict[str, str] = CHECKS,
    policy: Policy = "latest",
    again: bool = False,
) -> dict[str, Graded]:
    """Grade into the ledger of a folder."""
    with Ledger(out) as ledger:
        run = Run(grader, ledger, checks, policy, again)
        return {done.result.submission: done for done in run.grade(submissions, 2)}


def test_a_second_run_judges_only_what_is_new(grader: Grader, tmp_path: Path) -> None:
    """What is known is not run again, unless it is asked for."""
    first = graded(grader, tmp_path, [handed_in("student-01")])
    both = [handed_in("student-01"), handed_in("student-02", HALF)]
    second = graded(grader, tmp_path, both)
    assert first["student-01"].judged == len(M06.exercises)
    assert (second["student-01"].judged, second["student-02"].judged) == (0, len(M06.exercises))
    assert second["student-01"].result.verdicts == first["student-01"].result.verdicts
    assert graded(grader, tmp_path, both, again=True)["student-01"].judged == len(M06.exercises)


def test_nobody_waits_for_a_loop_without_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A slow submission is put off until the others are done; then it has all of its time."""
    monkeypatch.setattr(limits, "FIRST_LOOK_S", 1.0)
    endless = "def mse(pred, target):\n    while True: pass\n"
    waiting = [handed_in("student-01", endless), handed_in("student-02"), handed_in("student-03")]
    with Ledger(tmp_path) as ledger, contextlib.closing(Zygotes("basic", limit=1.5)) as observer:
        done = list(Run(Grader(M06, KEYS, observer), ledger, CHECKS).grade(waiting, workers=1))
    names = [one.result.submission for one in done]
    assert (sorted(names[:2]), names[2]) == (["student-02", "student-03"], "student-01")
    assert done[-1].result.verdicts["mse"].message.startswith("mse ran longer than 1.5 s")
    assert done[-1].result.verdicts["model"].status == "pass"
    assert done[-1].judged == len(M06.exercises)


def test_the_same_work_under_two_names_is_judged_once(grader: Grader, tmp_path: Path) -> None:
    """A verdict belongs to what was handed in, not to who did it."""
    graded(grader, tmp_path, [handed_in("student-01")])
    assert graded(grader, tmp_path, [handed_in("student-02")])["student-02"].judged == 0


def test_a_changed_check_runs_one_exercise_and_tells_what_moved(
    grader: Grader, tmp_path: Path
) -> None:
    """Only the exercise whose checks changed runs again; moved.csv has each mark and why."""
    names = [f"student-{n:02}" for n in range(20)]
    mended = [handed_in(n, (HALF if n[-1] in "048" else MSE) + f"# {n}\n") for n in names]
    graded(grader, tmp_path, mended)
    stricter = replace(KEYS["mse"], expected=KEYS["mse"].mistakes[0].observations)
    grader.keys = KEYS | {"mse": stricter}
    try:
        after = graded(grader, tmp_path, mended, CHECKS | {"mse": "changed"})
    finally:
        grader.keys = KEYS
    assert {done.judged for done in after.values()} == {1}
    rows = [row for done in after.values() for row in done.moved]
    moved = {row.submission: row for row in rows if row.exercise == "mse"}
    assert set(moved) == {name for name in names if name[-1] not in "048"}  # those that passed
    assert {row.why for row in moved.values()} == {"the exercise's checks changed"}
    assert moved["student-01"].status_before == "pass"
    assert moved["student-01"].status == "fail"


def test_all_submissions_of_a_name_are_kept_and_a_policy_says_which_counts(
    grader: Grader, tmp_path: Path
) -> None:
    """`latest` takes the last one that came, `best` the one with the highest score."""
    graded(grader, tmp_path, [handed_in("student-01", MSE)])
    latest = graded(grader, tmp_path, [handed_in("student-01", HALF)])["student-01"]
    assert {row.why for row in latest.moved} == {"another submission counts"}
    assert latest.result.verdicts["mse"].status == "fail"
    best = graded(grader, tmp_path, [handed_in("student-01", HALF)], policy="best")["student-01"]
    assert best.result.verdicts["mse"].status == "pass"
    assert best.judged == 0
    with Ledger(tmp_path) as ledger:
        assert len(ledger.attempts("student-01")) == 2


def test_what_moved_is_told_even_after_a_killed_run(grader: Grader, tmp_path: Path) -> None:
    """Moved marks wait in the ledger until a run is finished."""
    for mse in (MSE, HALF):
        graded(grader, tmp_path, [handed_in("student-01", mse)])
    with Ledger(tmp_path) as ledger:
        waiting = {row.exercise for row in ledger.moved()}
        assert "mse" in waiting
        ledger.finish()
        assert ledger.moved() == []


def test_a_submission_that_comes_back_is_the_latest_again(grader: Grader, tmp_path: Path) -> None:
    """Handing in the first version once more makes it count."""
    for mse in (MSE, HALF, MSE):
        last = graded(grader, tmp_path, [handed_in("student-01", mse)])["student-01"]
    assert last.result.verdicts["mse"].status == "pass"


def test_the_graders_fault_is_tried_again(
    grader: Grader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An `error` is not kept: the next run judges that exercise."""
    monkeypatch.setattr("autograder.batch.grade.judge", lambda *a: 1 / 0)
    failed = graded(grader, tmp_path, [handed_in("student-01")])["student-01"]
    assert {v.status for v in failed.result.verdicts.values()} == {"error"}
    monkeypatch.undo()
    mended = graded(grader, tmp_path, [handed_in("student-01")])["student-01"]
    assert mended.judged == len(M06.exercises)
    assert mended.result.verdicts["mse"].status == "pass"


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    """Two runs would write the same files."""
    with Ledger(tmp_path), pytest.raises(LedgerError, match="another run is grading into"):
        Ledger(tmp_path)
    Ledger(tmp_path).__exit__(None, None, None)


def test_a_ledger_of_another_schema_is_left_alone(tmp_path: Path) -> None:
    """An older or newer ledger is named and not touched."""
    with sqlite3.connect(tmp_path / "ledger.sqlite") as base:
        base.execute("PRAGMA user_version = 99")
    before = (tmp_path / "ledger.sqlite").read_bytes()
    with pytest.raises(LedgerError, match=r"a newer version of descent \(schema 99, here 1\)"):
        Ledger(tmp_path)
    assert (tmp_path / "ledger.sqlite").read_bytes()[:16] == before[:16]


def test_a_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    """A damaged file gives one line with its path."""
    (tmp_path / "ledger.sqlite").write_bytes(b"no ledger" * 1_000)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite: file is not a database"):
        Ledger(tmp_path)


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """When a verdict cannot be written the run ends with a line; a later one goes on."""
    with Ledger(tmp_path) as ledger, contextlib.closing(Zygotes("basic")) as ending:
        grader = Grader(M06, KEYS, ending)
        run = Run(grader, ledger, CHECKS)
        list(run.grade([handed_in("student-01")], 1))
        (pages,) = ledger._base.execute("PRAGMA page_count").fetchone()
        ledger._base.execute(f"PRAGMA max_page_count = {pages}")
        others = [handed_in(f"student-{n}", MSE + f"# {n}\n" * 500) for n in range(2, 9)]
        with pytest.raises(LedgerError, match="the disk is full; what was decided is kept"):
            list(run.grade(others, 1))
    with Ledger(tmp_path) as ledger:
        assert "student-01" in ledger.names()
        assert len(ledger.names()) < 8
    with contextlib.closing(Zygotes("basic")) as observer:
        fresh = Grader(M06, KEYS, observer)
        assert graded(fresh, tmp_path, [handed_in("student-01")])["student-01"].judged == 0


def test_another_assignment_needs_another_folder(tmp_path: Path) -> None:
    """The marks of two assignments are not mixed."""
    with Ledger(tmp_path) as ledger:
        ledger.claim("core")
        ledger.claim("core")
        with pytest.raises(LedgerError, match="holds the marks of 'core', not 'm06_model'"):
            ledger.claim("m06_model")


def test_a_probe_concerns_its_own_exercise_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changing a line of mse's probe changes mse's hash and no other's; a comment changes none."""
    before = {e.name: depends.code_of(e) for e in exercises().values()}
    for part in ("autograder", "solutions", "data"):
        (tmp_path / part).mkdir()
        subprocess.run(["cp", "-r", str(ROOT / part), str(tmp_path)], check=True)
    probes = tmp_path / "autograder" / "probes" / "m06_model.py"
    monkeypatch.setattr(depends, "ROOT", tmp_path)

    def changed(old: str, new: str) -> set[str]:
        text = probes.read_text(encoding="utf-8")
        assert old in text
        probes.write_text(text.replace(old, new), encoding="utf-8")
        depends._code.cache_clear()
        after = {e.name: depends.code_of(e) for e in exercises().values()}
        return {name for name in before if before[name] != after[name]}

    try:
        assert changed("def mse_value(", "# a comment\ndef mse_value(") == set()
        assert changed('"loss": loss,', '"the loss": loss,') == {"mse"}
    finally:
        depends._code.cache_clear()


def command(folder: Path, out: Path) -> list[str]:
    """Return the command that grades a folder."""
    arguments = ["grade", str(folder), "--out", str(out), "--assignment", "m06_model"]
    options = ["--device", "cpu", "--workers", "2", "--isolation", "basic"]
    return [sys.executable, "-m", "autograder", *arguments, *options]


def a_class(folder: Path, size: int) -> Path:
    """Write submissions that differ."""
    folder.mkdir()
    for n in range(size):
        text = MODEL + (HALF if n % 3 == 0 else MSE) + f"# {n}\n"
        (folder / f"student-{n:02}.py").write_text(text)
    return folder


def test_killed_at_any_moment_it_ends_with_the_same_grades(tmp_path: Path) -> None:
    """Twenty kills at random moments lose no verdict and change no grade."""
    folder = a_class(tmp_path / "class", 12)
    subprocess.run(command(folder, tmp_path / "calm"), check=True, capture_output=True, cwd=ROOT)
    moments, kept = random.Random(1), [0]
    for _ in range(20):
        running = subprocess.Popen(
            command(folder, tmp_path / "killed"),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(moments.uniform(0.5, 6.0))
        running.send_signal(signal.SIGKILL)
        running.wait()
        kept.append(_verdicts(tmp_path / "killed"))
        assert kept[-1] >= kept[-2]
    done = subprocess.run(command(folder, tmp_path / "killed"), capture_output=True, cwd=ROOT)
    assert done.returncode == 0
    grades = [(tmp_path / name / "grades.csv").read_text() for name in ("calm", "killed")]
    assert grades[0] == grades[1]
    assert _verdicts(tmp_path / "killed") == _verdicts(tmp_path / "calm")


def _verdicts(out: Path) -> int:
    if not (out / "ledger.sqlite").exists():
        return 0
    with sqlite3.connect(out / "ledger.sqlite") as base:
        try:
            return int(base.execute("SELECT count(*) FROM verdict").fetchone()[0])
        except sqlite3.OperationalError:  # killed before the tables were there
            return 0


def test_ctrl_c_says_what_is_done_and_how_to_go_on(tmp_path: Path) -> None:
    """An interrupted run ends what is running, an endless loop too, and says how to go on."""
    folder = a_class(tmp_path / "class", 4)
    (folder / "student-99.py").write_text(MODEL + "def mse(pred, target):\n    while True: pass\n")
    running = subprocess.Popen(
        command(folder, tmp_path / "out"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        # a shell's job in the background ignores Ctrl-C, and so would what it starts
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    results = tmp_path / "out" / "results"
    while len(list(results.glob("*.json"))) < 4 and running.poll() is None:
        os.sched_yield()
    running.send_signal(signal.SIGINT)
    printed, _ = running.communicate()
    assert running.returncode == 130
    assert "stopped: 4 of 5 submissions are done and kept; run it again to go on" in printed


def test_the_files_of_a_regrade(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """grades.csv has everybody that was ever graded here; moved.csv what this run moved."""
    (tmp_path / "first").mkdir()
    (tmp_path / "late").mkdir()
    (tmp_path / "first" / "student-01.py").write_text(MODEL + HALF)
    (tmp_path / "first" / "student-02.py").write_text(MODEL + MSE)
    (tmp_path / "late" / "student-01.py").write_text(MODEL + MSE)
    for folder in ("first", "late"):
        assert main(command(tmp_path / folder, tmp_path / "out")[3:]) == 0
    with (tmp_path / "out" / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    assert rows["student-01"]["mse"] == rows["student-02"]["mse"]
    with (tmp_path / "out" / "moved.csv").open(encoding="utf-8") as file:
        moved = next(row for row in csv.DictReader(file) if row["exercise"] == "mse")
    assert moved["submission"] == "student-01"
    assert (moved["status_before"], moved["status"]) == ("fail", "pass")
    assert "marks, " in capsys.readouterr().out

"""The ledger: nothing is judged twice, nothing is lost, and every moved mark is told."""

from __future__ import annotations

import contextlib
import csv
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from autograder.answers.keys import answer_keys
from autograder.batch import depends
from autograder.batch.database import LedgerError
from autograder.batch.grade import Grader
from autograder.batch.ledger import Ledger, Policy
from autograder.batch.moved import Moved
from autograder.batch.run import Graded, Run
from autograder.cells.observer import LocalObserver
from autograder.cells.replies import Wanted
from autograder.cli import STOPPED, main
from autograder.course import assignment, exercises
from autograder.inside import ROOT, limits
from autograder.inside.submission import Submission
from autograder.judging.key import AnswerKey

from .samples import MODEL, MSE, submission

pytestmark = pytest.mark.usefixtures("shared_cells")
M06 = assignment("m06_model")
SECRET = b"ledger"
CHECKS = {e.name: depends.of_exercise(e, SECRET, False, "basic") for e in M06.exercises}
M12 = {name for name, e in exercises().items() if e.module == "m12_line"}
HALF = MSE.replace(".mean()", ".mean() / 2")
Kit: TypeAlias = tuple[Path, dict[str, str]]  # a copy, and the hash of each exercise in it


def handed_in(name: str, mse: str = MSE) -> Submission:
    """Return a submission with this mse under a name."""
    return replace(submission({"m06_model": MODEL + mse}), name=name)


@pytest.fixture(scope="module")
def keys(observer: LocalObserver) -> dict[str, AnswerKey]:
    """The answer keys of m06."""
    return answer_keys(M06.exercises, observer, SECRET)


@pytest.fixture(scope="module")
def grader(keys: dict[str, AnswerKey], shared_cells: None) -> Iterator[Grader]:
    """A grader of m06."""
    with contextlib.closing(LocalObserver("basic", warm=())) as own:
        yield Grader(M06, keys, own)


def graded(
    grader: Grader,
    out: Path,
    submissions: list[Submission],
    checks: dict[str, str] = CHECKS,
    policy: Policy = "latest",
    again: bool = False,
) -> dict[str, Graded]:
    """Grade into the ledger of a folder, as a run that is finished."""
    with Ledger(out) as ledger:
        run = Run(grader, ledger, checks, policy, again)
        done = {done.result.submission: done for done in run.grade(submissions, 2)}
        ledger.finish()
        return done


def moved(grader: Grader, out: Path, submissions: list[Submission], **how: Any) -> list[Moved]:
    """Grade into the ledger of a folder, as a run that ends before it is finished."""
    with Ledger(out) as ledger:
        list(Run(grader, ledger, how.pop("checks", CHECKS), **how).grade(submissions, 2))
        return ledger.moved()


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
    keys: dict[str, AnswerKey], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A slow submission is put off until the others are done; then it has all of its time."""
    monkeypatch.setattr(limits, "FIRST_LOOK_S", 1.0)
    endless = "def mse(pred, target):\n    while True: pass\n"
    waiting = [handed_in("student-01", endless), handed_in("student-02"), handed_in("student-03")]
    with (
        Ledger(tmp_path) as ledger,
        contextlib.closing(LocalObserver("basic", limit=1.5, warm=())) as observer,
    ):
        done = list(Run(Grader(M06, keys, observer), ledger, CHECKS).grade(waiting, workers=1))
    names = [one.result.submission for one in done]
    assert (sorted(names[:2]), names[2]) == (["student-02", "student-03"], "student-01")
    assert done[-1].result.verdicts["mse"].message.startswith("mse ran longer than 1.5 s")
    assert done[-1].result.verdicts["model"].status == "pass"
    assert done[-1].judged == len(M06.exercises)


def test_equal_files_with_a_loop_without_end_cost_it_once(
    keys: dict[str, AnswerKey], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of three equal slow files one has all of its time, and the others take what came of it."""
    monkeypatch.setattr(limits, "FIRST_LOOK_S", 0.5)
    endless = "def mse(pred, target):\n    while True: pass\n"
    waiting = [handed_in(f"student-{n:02}", endless) for n in range(3)]
    looks = list[str]()
    with (
        Ledger(tmp_path) as ledger,
        contextlib.closing(LocalObserver("basic", limit=1.5, warm=())) as observer,
    ):

        def outcomes(given: Submission, wanted: Sequence[Wanted], first_look: bool) -> Any:
            looks.extend(given.name for _ in wanted if not first_look)
            return own(given, wanted, first_look)

        own = observer.outcomes
        monkeypatch.setattr(observer, "outcomes", outcomes)
        done = list(Run(Grader(M06, keys, observer), ledger, CHECKS).grade(waiting, workers=2))
    assert len(done) == 3
    assert len({*looks}) == 1
    told = {one.result.verdicts["mse"].message for one in done}
    assert told == {"mse ran longer than 1.5 s: is there a loop that never ends?"}


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
    before = dict(grader.keys)
    half = before["mse"].mistakes[0].observations
    grader.keys = before | {"mse": replace(before["mse"], observe_reference=lambda: half)}
    try:
        rows = moved(grader, tmp_path, mended, checks=CHECKS | {"mse": "changed"})
        again = graded(grader, tmp_path, mended, CHECKS | {"mse": "changed again"})
    finally:
        grader.keys = before
    assert {done.judged for done in again.values()} == {1}
    of_mse = {row.submission: row for row in rows if row.exercise == "mse"}
    assert set(of_mse) == {name for name in names if name[-1] not in "048"}  # those that passed
    assert {row.why for row in of_mse.values()} == {"the exercise's checks changed"}
    assert of_mse["student-01"].status_before == "pass"
    assert of_mse["student-01"].status == "fail"


def test_all_submissions_of_a_name_are_kept_and_a_policy_says_which_counts(
    grader: Grader, tmp_path: Path
) -> None:
    """`latest` takes the last one that came, `best` the one with the highest score."""
    graded(grader, tmp_path, [handed_in("student-01", MSE)])
    rows = moved(grader, tmp_path, [handed_in("student-01", HALF)])
    assert {row.why for row in rows} == {"another submission counts"}
    latest = graded(grader, tmp_path, [handed_in("student-01", HALF)])["student-01"]
    assert latest.result.verdicts["mse"].status == "fail"
    best = graded(grader, tmp_path, [handed_in("student-01", HALF)], policy="best")["student-01"]
    assert best.result.verdicts["mse"].status == "pass"
    assert best.judged == 0
    with Ledger(tmp_path) as ledger:
        assert len(ledger.attempts("student-01")) == 2


def test_what_moved_is_told_even_after_a_killed_run(grader: Grader, tmp_path: Path) -> None:
    """Moved marks wait in the ledger until a run is finished."""
    graded(grader, tmp_path, [handed_in("student-01", MSE)])
    assert moved(grader, tmp_path, [handed_in("student-01", HALF)])
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


def test_what_is_stopped_in_flight_has_no_verdict(
    keys: dict[str, AnswerKey], tmp_path: Path
) -> None:
    """When the caller goes away nothing is published, and nothing kept, for what still runs."""
    waits = "import time\ndef mse(pred, target):\n    time.sleep(600)\n"
    class_ = [handed_in("student-01"), handed_in("student-02", waits)]
    with (
        Ledger(tmp_path) as ledger,
        contextlib.closing(LocalObserver("basic", warm=())) as observer,
    ):
        running = Run(Grader(M06, keys, observer), ledger, CHECKS).grade(class_, 2)
        assert next(running).result.submission == "student-01"
        running.close()  # type: ignore[attr-defined]
        assert ledger.names() == ["student-01"]
        (attempt,) = ledger.attempts("student-02")
        assert "mse" not in ledger.verdicts(attempt.digest, CHECKS)


def test_an_error_never_replaces_a_mark(
    grader: Grader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the grader fails on keeps its earlier mark and result; without one it is an `error`."""
    graded(grader, tmp_path, [handed_in("student-01")])
    with Ledger(tmp_path) as ledger:
        marks, results = ledger.marks("student-01"), ledger.unwritten()
    monkeypatch.setattr("autograder.batch.grade.judge", lambda *a: 1 / 0)
    class_ = [handed_in("student-01", HALF), handed_in("student-02", MSE + "# another\n")]
    done = graded(grader, tmp_path, class_)
    assert [done[name].published for name in ("student-01", "student-02")] == [False, True]
    with Ledger(tmp_path) as ledger:
        assert ledger.marks("student-01") == marks
        assert set(ledger.marks("student-02").values()) == {"error"}
        assert ledger.unwritten()[0] == results[0]
    monkeypatch.undo()
    rows = moved(grader, tmp_path, class_)
    assert {row.why for row in rows if row.submission == "student-02"} == {
        "the grader had failed on it"
    }


def test_marks_of_earlier_runs_are_by_the_checks_of_now(grader: Grader, tmp_path: Path) -> None:
    """Whoever is not handed in again is judged again where the checks changed, from the ledger."""
    graded(grader, tmp_path, [handed_in("student-01"), handed_in("student-02", HALF)])
    changed = CHECKS | {"mse": "changed"}
    late = [handed_in("student-03", MSE + "# another\n")]
    after = graded(grader, tmp_path, late, changed)
    assert {name: done.judged for name, done in after.items()} == {
        "student-01": 1,
        "student-02": 1,
        "student-03": len(M06.exercises),
    }
    assert list(graded(grader, tmp_path, late, changed)) == ["student-03"]


@pytest.mark.parametrize(
    "changed",
    [
        "data/crop_yield.csv",
        "autograder/cells/run.py",
        "autograder/inside/seccomp/x86_64.bpf",
        "autograder/inside/probes/tools.py",
        "autograder/answers/keys.py",
    ],
)
def test_what_judges_every_exercise_changes_every_hash(kit: Kit, changed: str) -> None:
    """Probes read data/, and every folder that judges counts as a whole."""
    assert set(hashes_after(kit, changed)) == set(exercises())


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
    with pytest.raises(LedgerError, match=r"a newer version of descent \(schema 99, here 4\)"):
        Ledger(tmp_path)
    assert (tmp_path / "ledger.sqlite").read_bytes()[:16] == before[:16]


def test_a_ledger_of_the_schema_before_gets_what_it_lacks(tmp_path: Path) -> None:
    """What was decided under schema 3 is still known."""
    with Ledger(tmp_path) as ledger:
        secret = ledger.secret()
    with sqlite3.connect(tmp_path / "ledger.sqlite") as base:
        base.execute("DROP TABLE person")
        base.execute("DROP TABLE override")
        base.execute("PRAGMA user_version = 3")
    with Ledger(tmp_path) as ledger:
        assert ledger.secret() == secret
        with ledger.transaction() as base:
            assert base.execute("SELECT count(*) FROM person, override").fetchone() == (0,)


def test_a_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    """A damaged file gives one line with its path."""
    (tmp_path / "ledger.sqlite").write_bytes(b"no ledger" * 1_000)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite: file is not a database"):
        Ledger(tmp_path)


def test_a_full_disk_loses_nothing(keys: dict[str, AnswerKey], tmp_path: Path) -> None:
    """When a verdict cannot be written the run ends with a line; a later one goes on."""
    with (
        Ledger(tmp_path) as ledger,
        contextlib.closing(LocalObserver("basic", warm=())) as ending,
    ):
        grader = Grader(M06, keys, ending)
        run = Run(grader, ledger, CHECKS)
        list(run.grade([handed_in("student-01")], 1))
        (pages,) = ledger._connection.execute("PRAGMA page_count").fetchone()
        ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
        others = [handed_in(f"student-{n}", MSE + f"# {n}\n" * 500) for n in range(2, 9)]
        with pytest.raises(LedgerError, match="the disk is full; what was decided is kept"):
            list(run.grade(others, 1))
    with Ledger(tmp_path) as ledger:
        assert "student-01" in ledger.names()
        assert len(ledger.names()) < 8
    with contextlib.closing(LocalObserver("basic", warm=())) as observer:
        fresh = Grader(M06, keys, observer)
        assert graded(fresh, tmp_path, [handed_in("student-01")])["student-01"].judged == 0


def test_a_disk_that_was_full_before_is_told_as_such(tmp_path: Path) -> None:
    """sqlite calls it an I/O error, for which nobody should move a sound ledger away."""
    script = (
        "from pathlib import Path\nfrom autograder.batch.ledger import Ledger\n"
        "out = Path('out')\n"
        "with Ledger(out): pass\n"
        "try: Path('out/filled').write_bytes(bytes(2**21))\n"
        "except OSError: pass\n"
        "Ledger(out)\n"
    )
    (tmp_path / "out").mkdir()
    small = f'mount -t tmpfs -o size=1m none out && exec {sys.executable} -c "$0"'
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", small, script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    if done.returncode and "Ledger" not in done.stderr:
        pytest.skip(f"no small disk can be had here: {done.stderr}")
    assert "the disk is full; what was decided is kept" in done.stderr


def test_another_assignment_needs_another_folder(tmp_path: Path) -> None:
    """The marks of two assignments are not mixed."""
    with Ledger(tmp_path) as ledger:
        ledger.claim("core")
        ledger.claim("core")
        with pytest.raises(LedgerError, match="holds the marks of 'core', not 'm06_model'"):
            ledger.claim("m06_model")


@pytest.mark.parametrize(
    ("changed", "concerns"),
    [
        ("autograder/inside/probes/m06_model/m06_3_mse.py", {"mse"}),
        ("autograder/course/m06_model/m06_3_mse.py", {"mse"}),
        ("autograder/student/hints.py", set()),
        ("autograder/inside/probes/m12_line/shared.py", M12 - {"noisy_line", "SlopeOnly"}),
        ("solutions/m12_line.py", M12),
    ],
)
def test_a_file_concerns_those_that_are_made_of_it(
    kit: Kit, changed: str, concerns: set[str]
) -> None:
    """A probe or a mistake is its exercise's own; a reference's file its module's."""
    assert set(hashes_after(kit, changed)) == concerns


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    """A copy of the kit, and the hash of each of its exercises."""
    folder = tmp_path_factory.mktemp("kit")
    for part in ("autograder", "solutions", "data"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder, _hashes(folder)


def hashes_after(kit: Kit, changed: str) -> list[str]:
    """Return the names of the exercises whose hash a line at the end of a file changes."""
    folder, before = kit
    as_it_was = (folder / changed).read_bytes()
    (folder / changed).write_bytes(as_it_was + b"\n# another line\n")
    after = _hashes(folder)
    (folder / changed).write_bytes(as_it_was)
    return [name for name in before if before[name] != after[name]]


def _hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each exercise in a copy of the kit."""
    asking = (
        "import json; from autograder.batch import depends; from autograder.course import "
        "exercises; print(json.dumps({n: depends.of_exercise(e, b'', False, 'basic') "
        "for n, e in exercises().items()}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asking], cwd=folder, capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


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


def stopped(arguments: list[str], after: Callable[[], bool], number: int) -> str:
    """Run a command, send it a signal when `after` says so, and return what it printed."""
    running = subprocess.Popen(
        arguments,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        # a shell's job in the background ignores Ctrl-C, and so would what it starts
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not after() and running.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(0.02)
    running.send_signal(number)
    return running.communicate()[0]


@contextlib.contextmanager
def ctrl_c_raises() -> Iterator[None]:
    """Let SIGINT raise KeyboardInterrupt, also where a shell's job in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_within_a_transaction_comes_after_it(tmp_path: Path) -> None:
    """Where sqlite computes a checksum as Ctrl-C comes, it is no error of the ledger."""

    def pressed() -> str:
        signal.raise_signal(signal.SIGINT)
        return "kept"

    with Ledger(tmp_path) as ledger, ctrl_c_raises():
        with ledger.transaction() as connection:
            connection.create_function("pressed", 0, pressed)
        with pytest.raises(KeyboardInterrupt), ledger.transaction() as connection:
            connection.execute("INSERT INTO run VALUES ('counts', pressed())")
        with ledger.transaction() as connection:
            assert connection.execute("SELECT value FROM run").fetchall() == [("kept",)]


def test_ended_at_any_moment_it_ends_with_the_same_marks(tmp_path: Path) -> None:
    """Four ends at random moments, by Ctrl-C, SIGTERM and SIGKILL, lose no verdict; then marks,
    results and what moved are those of an undisturbed run, with an earlier run in the folder."""
    folder = a_class(tmp_path / "class", 12)
    assert main(command(folder, tmp_path / "calm")[3:]) == 0
    for path in sorted(folder.iterdir())[::2]:  # every second one hands in again
        path.write_text(path.read_text().replace(".mean() / 2", ".mean()") + "# better\n")
    ended = tmp_path / "ended"
    shutil.copytree(tmp_path / "calm", ended)
    assert main(command(folder, tmp_path / "calm")[3:]) == 0
    moments, kept = random.Random(1), [0]
    first_report = (ended / "moved.csv").stat().st_mtime_ns
    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGKILL]:
        at = time.monotonic() + moments.uniform(0.5, 6.0)
        stopped(command(folder, ended), lambda at=at: time.monotonic() > at, number)  # type: ignore[misc]
        kept.append(_verdicts(ended))
        assert kept[-1] >= kept[-2]
        if (ended / "moved.csv").stat().st_mtime_ns != first_report:
            break  # it was faster than the signal
    else:
        subprocess.run(command(folder, ended), check=True, capture_output=True, cwd=ROOT)
    assert published(ended) == published(tmp_path / "calm")
    assert _verdicts(ended) == _verdicts(tmp_path / "calm")


def published(out: Path) -> dict[str, str]:
    """Return all that a run publishes: grades.csv, moved.csv and the results."""
    files = [out / "grades.csv", out / "moved.csv", *sorted((out / "results").iterdir())]
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def results_of(out: Path, count: int) -> Callable[[], bool]:
    """Return a function that says whether so many results of a folder are newer than now."""
    begun = {path: path.stat().st_mtime_ns for path in (out / "results").glob("*.json")}

    def are_written() -> bool:
        found = (out / "results").glob("*.json")
        return sum(begun.get(path) != path.stat().st_mtime_ns for path in found) >= count

    return are_written


def waits_for(gate: Path) -> str:
    """Return a submission that is right, and goes on only when a file is there."""
    waits = f"import os, time\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.01)\n"
    return MODEL + waits + MSE


def test_what_is_judged_again_and_stopped_keeps_its_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four graded, then again with an end before the last, then a late one: all marks stand."""
    folder, late, out = a_class(tmp_path / "class", 4), tmp_path / "late", tmp_path / "out"
    gate = tmp_path / "gate"
    (folder / "student-98.py").write_text(waits_for(gate))
    gate.touch()
    assert main(command(folder, out)[3:]) == 0
    before = (out / "grades.csv").read_text().splitlines()
    gate.unlink()
    printed = stopped([*command(folder, out), "--again"], results_of(out, 1), signal.SIGINT)
    assert "of 5 submissions are done and kept; run it again to go on" in printed
    late.mkdir()
    (late / "student-99.py").write_text(MODEL + MSE)
    capsys.readouterr()
    assert main(command(late, out)[3:]) == 0
    assert (out / "grades.csv").read_text().splitlines()[: len(before)] == before
    assert len(list((out / "results").glob("*.json"))) == 6
    assert (out / "moved.csv").read_text().count("\n") == 1  # its head
    assert "earlier: 5 more in grades.csv" in capsys.readouterr().out


def test_a_first_run_that_was_stopped_and_goes_on_moves_nothing(tmp_path: Path) -> None:
    """What was in flight when Ctrl-C came was never a mark."""
    folder, out = a_class(tmp_path / "class", 5), tmp_path / "out"
    gate = tmp_path / "gate"
    (folder / "student-98.py").write_text(waits_for(gate))
    stopped(command(folder, out), results_of(out, 1), signal.SIGINT)
    assert not (out / "grades.csv").exists()
    gate.touch()
    assert main(command(folder, out)[3:]) == 0
    assert (out / "moved.csv").read_text().count("\n") == 1


def test_an_end_while_the_report_is_written_says_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All are graded when Ctrl-C comes: the line says so, and the next run writes the files."""
    folder, out = a_class(tmp_path / "class", 2), tmp_path / "out"

    def interrupted(*anything: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("autograder.teacher.grading.write_marks", interrupted)
    assert main(command(folder, out)[3:]) == STOPPED
    assert "stopped: 2 of 2 submissions are done and kept; run it" in capsys.readouterr().out
    monkeypatch.undo()
    assert main(command(folder, out)[3:]) == 0
    assert (out / "grades.csv").read_text().count("student-") == 2


def _verdicts(out: Path) -> int:
    if not (out / "ledger.sqlite").exists():
        return 0
    with sqlite3.connect(out / "ledger.sqlite") as base:
        try:
            return int(base.execute("SELECT count(*) FROM verdict").fetchone()[0])
        except sqlite3.OperationalError:  # killed before the tables were there
            return 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_an_end_says_what_is_done_and_how_to_go_on(tmp_path: Path, number: int) -> None:
    """An interrupted run ends what is running, an endless loop too, and says how to go on."""
    folder = a_class(tmp_path / "class", 4)
    (folder / "student-99.py").write_text(MODEL + "def mse(pred, target):\n    while True: pass\n")
    out = tmp_path / "out"
    printed = stopped(command(folder, out), results_of(out, 4), number)
    assert "stopped: 4 of 5 submissions are done and kept; run it again to go on" in printed


def test_a_result_that_cannot_be_written_stops_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told, its marks are there all the same, and the next run writes it."""
    folder, out = a_class(tmp_path / "class", 3), tmp_path / "out"
    in_its_place = out / "results" / "student-01.json"
    in_its_place.mkdir(parents=True)
    assert main(command(folder, out)[3:]) == 1
    told = "not written: the result of student-01: Is a directory; its marks are in grades.csv"
    assert told in capsys.readouterr().out
    assert (out / "grades.csv").read_text().count("student-") == 3
    in_its_place.rmdir()
    assert main(command(folder, out)[3:]) == 0
    assert in_its_place.is_file()


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

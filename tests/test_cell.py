"""Cells: whatever a submission does, its other exercises are still judged."""

from __future__ import annotations

import itertools
import os
import random
import select
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.cells.client import Cell, CpuTimeout
from autograder.cells.forking import Zygote
from autograder.cells.host import GraderFault
from autograder.cells.replies import Loaded, Wanted
from autograder.cells.run import SubmissionRun, TooSlow, _notes
from autograder.course import exercises
from autograder.inside import PACKAGE, clock, wire
from autograder.inside.submission import WHOLE, Source, Submission
from autograder.judging.verdict import judge
from data.example_class import changed, solutions

from .samples import MODEL, MSE, RIGHT, TRAIN_STEP, public_key, submission, verdicts


def test_a_right_submission_passes(zygote: Zygote) -> None:
    """Modules import each other by name and pass."""
    judged = verdicts(zygote, submission(RIGHT))
    assert [verdict.status for verdict in judged.values()] == ["pass", "pass"]


@pytest.mark.parametrize("package", ["exercises.", "solutions.", ""])
def test_siblings_are_found_by_every_usual_name(zygote: Zygote, package: str) -> None:
    """`from exercises.m06_model import` finds the submission's own module, too."""
    text = TRAIN_STEP.replace("from m06_model", f"from {package}m06_model")
    judged = verdicts(zygote, submission({**RIGHT, "m08_manual_training": text}))
    assert judged["train_step"].status == "pass"


def test_one_file_may_stand_for_all_modules(zygote: Zygote) -> None:
    """In a single file every exercise is looked up, and `m06_model` is the file itself."""
    whole = Submission("one", {WHOLE: Source("one.py", MODEL + MSE + TRAIN_STEP)})
    judged = verdicts(zygote, whole)
    assert [verdict.status for verdict in judged.values()] == ["pass", "pass"]


def test_a_long_file_without_work_at_module_level_is_told_as_such() -> None:
    """A file of very many plain values takes long to read: no line of it is left out."""
    (note,) = _notes("work.py", Loaded(stopped="the import of work.py ran longer than 3 s: why?"))
    assert note.endswith("why? It is read without its work at module level (there is none)")


def killed_when_asked(monkeypatch: pytest.MonkeyPatch, what: str, times: int) -> list[int]:
    """Let so many cells be killed from outside when they are asked for a thing; list their ids."""
    killed: list[int] = []
    ask = Cell.ask

    def killing(self: Cell, message: dict[str, Any]) -> None:
        if what in message and len(killed) < times:
            assert self._pid is not None
            killed.append(self._pid)
            os.kill(self._pid, signal.SIGKILL)
        ask(self, message)

    monkeypatch.setattr(Cell, "ask", killing)
    return killed


@pytest.mark.parametrize("what", ["sources", "load", "place"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_kill_from_outside_is_tried_again(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch, what: str, times: int
) -> None:
    """The machine's own kill of a cell costs an honest submission nothing."""
    killed = killed_when_asked(monkeypatch, what, times)
    judged = verdicts(zygote, submission(RIGHT))
    assert len(set(killed)) == times
    assert [verdict.status for verdict in judged.values()] == ["pass", "pass"]


class Killer:
    """Kills the first cells of a source, each when it has used a time of the processor."""

    def __init__(self, cells: Zygote, moments: list[float]) -> None:
        self._make, self._moments = cells.cell, moments
        self._threads: list[threading.Thread] = []
        self._done = threading.Event()
        self.made: list[Cell] = []
        self.killed = 0

    def cell(self) -> Cell:
        """Return a new cell, with a thread that waits to kill it."""
        cell = self._make()
        self.made.append(cell)
        if self._moments:
            assert cell._pid is not None
            process = os.pidfd_open(cell._pid)  # no later process is meant by it
            work = (cell, process, self._moments.pop())
            self._threads.append(threading.Thread(target=self._kill, args=work))
            self._threads[-1].start()
        return cell

    def _kill(self, cell: Cell, process: int, moment: float) -> None:
        while not self._done.wait(0.001):
            if cell.cpu_time() >= moment:
                signal.pidfd_send_signal(process, signal.SIGKILL)
                self.killed += 1
                break
        os.close(process)

    def close(self) -> None:
        """Wait for no more moments."""
        self._done.set()
        for thread in self._threads:
            thread.join()


def test_kills_at_any_moment_cost_no_point_of_a_module(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two cells of each run are killed, in an import, in an exercise, or between them."""
    text = solutions()["m06_model.py"]
    chosen = [e for e in exercises().values() if e.module == "m06_model"]
    keys = {e.name: public_key(e.name) for e in chosen}
    longest, killed = 0.0, 0
    for kills in (0, 2, 2, 2, 2):
        moments = [random.random() * longest for _ in range(kills)]
        killer = Killer(zygote, [*moments])
        monkeypatch.setattr(zygote, "cell", killer.cell)
        with SubmissionRun(zygote, submission({"m06_model": text})) as run:
            told = run.outcomes([Wanted(e, keys[e.name].requests) for e in chosen])
            judged = [judge(e, keys[e.name], seen) for e, seen in zip(chosen, told, strict=True)]
            longest = longest or killer.made[0].cpu_time()
            killer.close()
        monkeypatch.undo()
        assert [verdict.status for verdict in judged] == ["pass"] * len(chosen), moments
        killed += killer.killed
    assert killed > 0


def test_what_is_always_killed_fails_with_that_reason(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three kills in a row are told, whoever sent them: a submission may do it to itself."""
    itself = "import os, signal\ndef mse(pred, target):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    judged = verdicts(zygote, submission({**RIGHT, "m06_model": MODEL + itself}))
    told = "mse ended the process, 3 times by a signal that kills"
    assert (judged["mse"].status, judged["mse"].gap[: len(told)]) == ("fail", told)
    assert judged["train_step"].status == "blocked"
    with pytest.raises(TooSlow), SubmissionRun(zygote, submission(RIGHT), first_look=True) as run:
        killed_when_asked(monkeypatch, "load", 3)  # a first look leaves it to the second
        run.outcome(exercises()["mse"], [])
    monkeypatch.undo()
    killed_when_asked(monkeypatch, "load", 6)  # a brief reading is tried, too
    assert verdicts(zygote, submission(RIGHT))["mse"].gap.startswith(
        "the import of exercises/m06_model.py ended the process, 3 times"
    )


def test_time_in_which_the_grader_stood_still_is_not_counted(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that is frozen for 36 s in every wait of 0.5 s costs nobody a mark."""
    real, jumps = time.monotonic, itertools.count(start=0, step=36)
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: real() + next(jumps)))
    monkeypatch.setattr(clock, "_looked_at", real())
    before = clock.now()
    assert clock.now() - before <= 2 * clock.STEP_S
    judged = verdicts(zygote, submission(RIGHT), limit=10.0)
    assert [verdict.status for verdict in judged.values()] == ["pass", "pass"]


def test_time_in_a_queue_for_a_processor_is_not_counted(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a loaded machine the limit by the clock does not come before the processor's."""
    waits = "import time\n" + MODEL + MSE.replace("    if", "    time.sleep(0.4)\n    if", 1)
    late = submission({"m06_model": waits})
    assert "waited longer than 0.9 s" in verdicts(zygote, late, ("mse",), limit=0.3)["mse"].gap
    monkeypatch.setattr(Cell, "_queued", lambda self: {"1": 0.0, "2": time.monotonic()})
    assert verdicts(zygote, late, ("mse",), limit=0.3)["mse"].status == "pass"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system tells no such times")
def test_each_thread_of_a_cell_has_its_time_in_a_queue() -> None:
    """An import runs in a thread of its own, which waits for a processor while the first sleeps."""
    ours, theirs = socket.socketpair()
    with ours, theirs, ThreadPoolExecutor(1) as pool:
        thread = pool.submit(threading.get_native_id).result()
        queued = Cell(ours, lambda has_ended: 0, os.getpid())._queued()
    assert {str(os.getpid()), str(thread)} <= queued.keys()
    assert all(seconds >= 0 for seconds in queued.values())


BURNS = """
import threading
def model(x, w, b):
    threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()
    return x @ w.t() + b
"""


def test_processor_time_between_two_requests_is_counted(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What threads go on to compute while nothing is asked is taken from the next exercise."""
    cell = zygote.cell()
    monkeypatch.setattr(zygote, "cell", lambda: cell)
    with SubmissionRun(zygote, submission({"m06_model": BURNS + MSE}), limit=1.0) as run:
        outcomes = []
        for name in ("model", "mse"):
            outcomes.append(run.outcome(exercises()[name], public_key(name).requests[:1]))
            until = cell.cpu_time() + 1.5
            while len(outcomes) < 2 and cell.cpu_time() < until:
                select.select([], [], [], 0.01)
    assert [outcome.trouble for outcome in outcomes] == [
        None,
        "mse ran longer than 1 s: is there a loop that never ends?",
    ]


def test_processor_time_up_to_the_last_byte_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reply that is whole when the limit has passed comes too late."""
    spent = 0.0

    def receive(*arguments: object) -> dict[str, Any]:
        nonlocal spent
        spent += 1.5
        return {}

    monkeypatch.setattr(Cell, "cpu_time", lambda self: spent)
    monkeypatch.setattr(wire, "send", lambda *arguments: None)
    monkeypatch.setattr(wire, "receive", receive)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        cell = Cell(ours, lambda has_ended: 0, os.getpid())
        assert cell.request({}, 60, 2.0) == {}
        spent += 1.0
        with pytest.raises(CpuTimeout):
            cell.request({}, 60, 2.0)


def test_a_stub_is_not_attempted(zygote: Zygote) -> None:
    """A body of nothing but NotImplementedError is no attempt, even with a broken import above."""
    stub = "from m06_model import nothing\ndef train_step(x, y, w, b, lr):\n    "
    stub += '"""Task."""\n    raise NotImplementedError\n'
    judged = verdicts(zygote, submission({"m06_model": MODEL + MSE, "m08_manual_training": stub}))
    assert judged["train_step"].status == "not_attempted"
    assert judged["train_step"].score == 0


@pytest.mark.parametrize(
    ("mse", "told", "line"),
    [
        ("def mse(pred, target:\n    pass\n", "not run: SyntaxError: '(' was never closed", 3),
        ("mse = 1 / 0\n", "since this does not run: ZeroDivisionError: division by zero", 3),
        ("mse = input()\n", "since this does not run: EOFError", 3),
        ("import os\nmse = os._exit(0)\n", "left out: work at module level", 4),
        ("import nowhere as mse\n", "nowhere is neither installed where this is judged", None),
        ("mse_loss = None\n", "mse is not defined in this file", None),
        ("def mse(pred, target):\n    while True: pass\n", "mse ran longer than 2 s", 3),
        ("import os\ndef mse(pred, target):\n    os._exit(0)\n", "mse ended the process", 4),
        ("def mse(pred, target):\n    exit()\n", "mse raised SystemExit", 4),
        ("def mse(pred, target):\n    return pred.nope\n", "mse raised AttributeError", 4),
        ("def mse(pred, target):\n    pred - target\n", "is a `return` missing?", 3),
        ("mse = 3\n", "TypeError", 3),
    ],
)
def test_trouble_has_its_own_clear_line(zygote: Zygote, mse: str, told: str, line: int) -> None:
    """Each kind of trouble fails with a line of its own, at its place in the student's file."""
    texts = {"m06_model": MODEL + mse, "m08_manual_training": TRAIN_STEP.replace("mse", "mse_")}
    texts["m08_manual_training"] = (MSE + TRAIN_STEP).replace("import model, mse", "import model")
    judged = verdicts(zygote, submission(texts), limit=2.0)
    assert judged["mse"].status == "fail"
    assert told in judged["mse"].message
    assert judged["mse"].line == line
    assert "\n" not in judged["mse"].gap


def test_after_a_crash_the_other_exercises_are_judged(zygote: Zygote) -> None:
    """An exercise that ends the process costs only itself."""
    crashing = MODEL + "import os\ndef mse(pred, target):\n    os._exit(1)\n"
    own = TRAIN_STEP.replace("import model, mse", "import model") + MSE
    judged = verdicts(zygote, submission({"m06_model": crashing, "m08_manual_training": own}))
    assert [verdict.status for verdict in judged.values()] == ["fail", "pass"]


def test_what_was_asked_in_advance_is_asked_again_in_its_order(zygote: Zygote) -> None:
    """Where an exercise ends the process, those after it get their own observations."""
    ending = {"mse": "def mse(pred, target):\n    import os\n    os._exit(1)\n"}
    handed_in = submission({"m06_model": changed(solutions(), ending)["m06_model.py"]})
    chosen = [e for e in exercises().values() if e.module == "m06_model"]
    keys = {e.name: public_key(e.name) for e in chosen}
    wanted = [Wanted(e, keys[e.name].requests) for e in chosen]
    with SubmissionRun(zygote, handed_in) as run:
        told = zip(chosen, run.outcomes(wanted), strict=True)
        status = {e.name: judge(e, keys[e.name], outcome).status for e, outcome in told}
    assert [name for name, one in status.items() if one != "pass"] == ["mse"]


def test_what_stands_above_a_broken_line_is_judged(zygote: Zygote) -> None:
    """An exception at import loses only what is defined below it."""
    judged = verdicts(zygote, submission({"m06_model": MODEL + MSE + "\nprint(undefined)\n"}))
    assert judged["mse"].status == "pass"


def test_a_missing_file_says_so(zygote: Zygote) -> None:
    """A module that was not handed in fails with a line that says what to do."""
    judged = verdicts(zygote, submission({"m08_manual_training": TRAIN_STEP}))
    assert judged["mse"].message == "the file is missing: put it back"
    assert judged["mse"].file == "exercises/m06_model.py"
    assert judged["train_step"].status == "blocked"


def test_a_left_over_not_implemented_error_is_told(zygote: Zygote) -> None:
    """Right code above a stub's last line fails with the advice to delete that line."""
    left = RIGHT["m08_manual_training"].replace("return loss.item()", "raise NotImplementedError")
    judged = verdicts(zygote, submission({**RIGHT, "m08_manual_training": left}))
    assert judged["train_step"].status == "fail"
    assert "delete it" in judged["train_step"].message


def test_an_unreachable_not_implemented_error_does_not_hurt(zygote: Zygote) -> None:
    """A stub's line left under a `return` changes nothing."""
    left = RIGHT["m06_model"] + "    raise NotImplementedError\n"
    assert verdicts(zygote, submission({"m06_model": left}), ("mse",))["mse"].status == "pass"


def test_a_cell_knows_nothing_that_answers(zygote: Zygote) -> None:
    """Beside the submission nothing of the kit is loaded but what is made for that."""
    loaded = {Path(file).relative_to(PACKAGE) for file in zygote.loaded or []}
    assert Path("inside/serve.py") in loaded
    assert {file for file in loaded if file.parts[0] != "inside"} <= {Path("__init__.py")}


def test_a_cell_has_no_environment_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The coordinator's environment does not reach the submission."""
    monkeypatch.setenv("DESCENT_CANARY", "1")
    peeking = "import os\nassert 'DESCENT_CANARY' not in os.environ\n" + MODEL + MSE
    with Zygote(warm=()) as fresh:
        judged = verdicts(fresh, submission({"m06_model": peeking}), ("mse",))
    assert (judged["mse"].status, judged["mse"].notes) == ("pass", ())  # a note tells of an assert


def test_a_cell_prints_utf_8_whatever_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it prints is read as UTF-8."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")  # where Python would not decide for UTF-8 by itself
    asking = "import sys\nassert sys.flags.utf8_mode\n" + MODEL + MSE
    with Zygote(warm=()) as fresh:
        judged = verdicts(fresh, submission({"m06_model": asking}), ("mse",))
    assert (judged["mse"].status, judged["mse"].notes) == ("pass", ())  # a note tells of an assert


@pytest.mark.parametrize("warm", [(), ("export",)])
def test_what_is_slow_to_import_is_there_where_it_was_asked_for(warm: tuple[str, ...]) -> None:
    """torch's compiler, which the first export imports, is in a cell only by request, and the
    process that forks cells has no other thread for it."""
    is_there = "'torch.export._trace' in sys.modules"
    looking = f"{MODEL}{MSE}import sys\nif ({is_there}) != {'export' in warm}:\n    del mse\n"
    with Zygote(warm=warm) as fresh:
        judged = verdicts(fresh, submission({"m06_model": looking}), ("mse",))
        threads = Path(f"/proc/{fresh.pid}/task")
        assert not threads.exists() or len([*threads.iterdir()]) == 1
    assert judged["mse"].status == "pass"


def test_a_missing_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where torch cannot be imported, the fault names it and the Python that looked for it."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for text, told in (
        ("raise ImportError('No module named torch')", "No module named torch"),
        ("answer = 42", r"torch.py hides the real torch: rename that file"),
        ("__version__ = '2.3.1+cpu'\nTensor = int", r"torch 2.3.1\+cpu is too old: pip install"),
    ):
        (tmp_path / "torch.py").write_text(text)
        with Zygote(warm=()) as broken:
            for _ in range(2):  # the second call says the same
                with pytest.raises(GraderFault, match=told):
                    broken.cell()


def test_a_submissions_modules_come_before_those_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another m09_data on the path is not what the submission's m08 imports."""
    (tmp_path / "m09_data.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    later = "from m09_data import helper\n" + TRAIN_STEP
    texts = {**RIGHT, "m08_manual_training": later, "m09_data": "helper = 1\n"}
    with Zygote(warm=()) as fresh:
        assert verdicts(fresh, submission(texts))["train_step"].status == "pass"


def test_a_signal_to_its_group_stays_in_the_cell(zygote: Zygote) -> None:
    """kill(0, 9) ends the cell and not the process it was forked from."""
    killing = {"m06_model": MODEL + MSE.replace("    return", "    os.kill(0, 9)\n    return")}
    killing["m06_model"] = f"import os\n{killing['m06_model']}"
    assert "ended the process" in verdicts(zygote, submission(killing), ("mse",))["mse"].message
    assert verdicts(zygote, submission(RIGHT), ("mse",))["mse"].status == "pass"


def test_processes_of_a_cell_end_with_it(zygote: Zygote, tmp_path: Path) -> None:
    """What a submission starts in its own group is killed with its cell."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    spawning = (
        "import subprocess, sys\n"
        f"pipe = open({str(fifo)!r}, 'wb')\n"
        "subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE, stdout=pipe)\n"
    )
    judged = verdicts(zygote, submission({"m06_model": spawning + MODEL + MSE}), ("mse",))
    assert judged["mse"].status == "pass"
    # The pipe is readable, at its end, once the last process that holds it is gone.
    readable, _, _ = select.select([reader], [], [], 10)
    assert readable
    assert os.read(reader, 1) == b""
    os.close(reader)


MSE_STUB = "def mse(pred, target):\n    raise NotImplementedError\n"


@pytest.mark.parametrize(
    ("above", "status"),
    [
        (MODEL + MSE, "pass"),
        (MODEL + MSE.replace("mse", "mine") + "mse = mine\n", "pass"),
        (MODEL + MSE.replace("mse", "mine") + "if True:\n    mse = mine\n", "pass"),
        (MODEL + "from torch.nn.functional import mse_loss as mse\n", "fail"),
        (MODEL + MSE_STUB, "not_attempted"),
        (MODEL, "not_attempted"),
    ],
)
def test_a_stub_below_an_answer_does_not_replace_it(
    zygote: Zygote, above: str, status: str
) -> None:
    """Whatever bound the name above, a stub that was pasted again leaves it in place."""
    judged = verdicts(zygote, submission({"m06_model": above + MSE_STUB + "\n"}), ("mse",))
    assert judged["mse"].status == status


def test_lines_stay_right_around_a_stub_that_is_left_out(zygote: Zygote) -> None:
    """The answer's own line is shown, and a line below the stub is counted with it."""
    late = "def mse(pred, target):\n    return pred.nope\n"
    judged = verdicts(zygote, submission({"m06_model": MODEL + late + MSE_STUB}), ("mse",))
    assert (judged["mse"].status, judged["mse"].line) == ("fail", 4)
    below = submission({"m06_model": MODEL + MSE + MSE_STUB + late})
    assert verdicts(zygote, below, ("mse",))["mse"].line == 11


def test_an_answer_below_a_stub_replaces_it(zygote: Zygote) -> None:
    """Of a stub and an answer after it, the answer counts, as Python has it."""
    texts = {"m06_model": MSE_STUB + MODEL + MSE + MSE_STUB}
    assert verdicts(zygote, submission(texts), ("mse",))["mse"].status == "pass"


@pytest.mark.parametrize(
    ("below", "status", "note"),
    [
        ("model = mse = 3\n", "pass", "in line 7: `model = mse = 3`; the definition of line 3 is"),
        ("import torch\nmse: object = torch.nn.MSELoss()\n", "pass", "in line 8: `mse: object"),
        ("for mse in range(3):\n    pass\n", "pass", "in line 7: `for mse in range(3):`"),
        ("mse = 3\n1 / 0\n", "pass", "in line 7: `mse = 3`"),
        ("mse = 3\nmse = 4\n", "pass", "in line 8: `mse = 4`"),
        ("mse = mse(__import__('torch').ones(1), mse.__defaults__ or 0)\n", "pass", ""),
        ("def mine(p, t):\n    return 3\nmse = mine\n", "fail", ""),
        ("mse = lambda p, t: 3\n", "fail", ""),
        ("class mse: pass\n", "fail", ""),
        ("from math import sqrt as mse\n", "fail", ""),
        ("mse = 3\ndef mse(p, t):\n    return 3\n", "fail", ""),
    ],
)
def test_the_last_function_or_class_of_a_name_is_judged(
    zygote: Zygote, below: str, status: str, note: str
) -> None:
    """A script that gives its name to something else leaves it in place, and reads so in a line."""
    texts = {"m06_model": MSE.replace("\n", "\n\n", 1) + below}
    judged = verdicts(zygote, submission(texts), ("mse",))["mse"]
    assert judged.status == status
    assert note in judged.gap
    assert ("is set again" in judged.gap) == bool(note)
    if note:
        assert judged.line == 3


def test_what_calls_a_name_that_was_set_again_finds_the_function(zygote: Zygote) -> None:
    """Also from another module, and while the script runs the name is what the script made it."""
    script = "import torch\nmodel = torch.nn.Linear(3, 2)\nmodel.weight\nmse = 0\nmse += 1\n"
    texts = {"m06_model": MODEL + MSE + script, "m08_manual_training": TRAIN_STEP}
    assert verdicts(zygote, submission(texts), ("train_step",))["train_step"].status == "pass"


@pytest.mark.parametrize(
    ("value", "status", "told"),
    [("3", "not_attempted", "; the definition of line 5 is judged"), ("print", "fail", "")],
)
def test_a_stub_whose_name_is_set_again_is_judged_by_what_can_be_called(
    zygote: Zygote, value: str, status: str, told: str
) -> None:
    """A number is no answer; something to call may be meant as one."""
    texts = {"m06_model": "\n" * 4 + MSE_STUB + f"\nmse = {value}\n"}
    judged = verdicts(zygote, submission(texts), ("mse",))["mse"]
    assert judged.status == status
    assert told in judged.gap


def test_an_object_in_the_place_of_a_stub_is_told(zygote: Zygote) -> None:
    """`model = nn.Linear(3, 2)` below the stub is judged, and the student reads of it."""
    stub = "def model(x, w, b):\n    raise NotImplementedError\n"
    texts = {"m06_model": f"from torch import nn\n{stub}model = nn.Linear(3, 2)\n"}
    judged = verdicts(zygote, submission(texts), ("model",))["model"]
    assert judged.status == "fail"
    assert judged.gap.endswith("in line 4: `model = nn.Linear(3, 2)`; that is judged")


# What stands in a script beside right functions, and the line that tells it.
BESIDE = {
    "1 / 0": "line 1 does not run and is passed over (and 1 more like it): ZeroDivisionError",
    "raise SystemExit": "line 1 does not run and is passed over (and 1 more like it): SystemExit",
    "input()": "line 1 does not run and is passed over (and 1 more like it): EOFError",
    "import seaborn_ as sns": "seaborn_ is neither installed where this is judged nor handed in",
    "from torch import nothing": "cannot import name 'nothing' from 'torch'",
    "%matplotlib inline": "only a notebook knows lines such as `%matplotlib inline`: delete it",
    "data = [1, 2": "SyntaxError: '[' was never closed: `data = ^[1, 2`",
    "def later(:\n    pass": "SyntaxError: invalid syntax: `def later(^:`",
    "x = open('/content/mine.csv')\ny = x\nz = y": "FileNotFoundError: [Errno 2] No such file",
    "while True: pass": "ran longer than 1 s: is there a loop that never ends? It is read without",
    "import os\nos._exit(0)": "ended the process (os._exit, or a crash). It is read without",
    "get_ipython().system('pip install torch')\ndisplay(1)": "",
    "if __name__ == '__main__':\n    1 / 0": "",
    "open('data/crop_yield.csv').read()": "",
    "import asyncio\nawait asyncio.sleep(0)": "",
}


@pytest.mark.parametrize(("beside", "told"), BESIDE.items(), ids=list(BESIDE))
def test_what_does_not_run_costs_only_itself(zygote: Zygote, beside: str, told: str) -> None:
    """Right functions above and below it pass, and one line tells what is passed over."""
    texts = {"m06_model": f"{beside}\n{MODEL}{MSE}\n{beside}\n"}
    judged = verdicts(zygote, submission(texts), ("model", "mse"), limit=1.0)
    assert [verdict.status for verdict in judged.values()] == ["pass", "pass"]
    notes = judged["mse"].notes
    assert (notes != ()) == (told != "")
    assert not told or told in notes[0]
    assert len(notes) <= 2

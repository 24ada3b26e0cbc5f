"""The doors of Gradescope and Classroom 50: their folders, limits and files of results."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.teacher import classroom50_run, gradescope_run
from autograder.teacher.class_pages import as_markdown
from autograder.teacher.gradescope_run import results

from .known_class import class_of, right, wrong
from .layouts import lay_out_gradescope
from .samples import MODEL, MSE

MEMORY = 768 * 2**20  # Gradescope's default for a container
CGROUPS = Path("/sys/fs/cgroup")

# gradescope-autograders.readthedocs.io, specs: what a result and a test in it may have
KEYS = {
    *("score", "execution_time", "output", "output_format", "visibility", "stdout_visibility"),
    *("test_output_format", "test_name_format", "extra_data", "tests", "leaderboard"),
}
KEYS_OF_TEST = {
    *("score", "max_score", "status", "name", "name_format", "number", "output", "output_format"),
    *("tags", "visibility", "extra_data"),
}
# foundation50/classroom50, wiki, Advanced-Autograding: what its runner says, and what it reads
GIVEN = {
    "CLASSROOM": "regression",
    "ASSIGNMENT": "week-3",
    "SUBMISSION_TAG": "submit/2026-11-02T10-00-00Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/commit/a1b2c3d",
    "RELEASE_URL": "https://example.org/releases/tag/submit",
    "REVIEW_URL": "https://example.org/compare/0000000...a1b2c3d",
}
KEYS_OF_CLASSROOM50 = {
    *("schema", "classroom", "assignment", "submission", "commit", "release", "review"),
    *("datetime", "score", "max-score", "tests"),
}
FIXED = """
import torch

def make_params(n_in, n_out, *, generator, dtype=torch.float32, device="cpu"):
    return torch.zeros(3, 2), torch.zeros(2)
"""


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out Gradescope's folders with an autograder for m06, and run its `setup.sh`."""
    base = tmp_path_factory.mktemp("gradescope")
    main(["gradescope", "m06", "--out", str(base / "autograder.zip")])
    lay_out_gradescope(base / "autograder.zip", base)
    # torch's own index has no network here; pip finds the build that is at hand
    environment = os.environ | {"TORCH_INDEX": "file:///nowhere", "PIP_NO_COMPILE": "1"}
    subprocess.run([base / "source" / "setup.sh"], env=environment, check=True, capture_output=True)
    return base


@contextlib.contextmanager
def memory_limit() -> Iterator[Path | None]:
    """Make a group of processes that have no more memory than a container; None where that is not
    possible. A process joins it when its number is written there."""
    old = (CGROUPS / "memory").is_dir()
    own = (CGROUPS / "memory" if old else CGROUPS) / f"graded-descent-{uuid.uuid4().hex}"
    try:
        own.mkdir()
        (own / ("memory.limit_in_bytes" if old else "memory.max")).write_text(str(MEMORY))
    except OSError:
        yield None
        return
    yield own / "cgroup.procs"
    own.rmdir()


def run(base: Path, text: str, path: str) -> subprocess.CompletedProcess[str]:
    """Hand a text in as m06 and run the autograder, in the memory of a container."""
    (base / "submission" / "m06_model.py").write_text(text)
    (base / "results" / "results.json").unlink(missing_ok=True)
    environment = {"PATH": path, "HOME": "/root", "GRADESCOPE_BASE": str(base)}
    with memory_limit() as group:
        join = f"echo $$ > {group}; " if group else ""
        command = ["/bin/bash", "-c", f"{join}exec {base}/source/run_autograder"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def without_bubblewrap(folder: Path) -> str:
    """Return a search path with all programs of this machine but bubblewrap, which Gradescope's
    image has not got."""
    folder.mkdir()
    for place in ("/bin", "/usr/bin"):
        for program in Path(place).iterdir():
            if program.name != "bwrap" and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    return f"{folder}:{Path(sys.executable).resolve().parent}"


def test_its_own_environment_judges_under_its_limits(container: Path, tmp_path: Path) -> None:
    """A right, a halved and a fixed exercise, with the memory of a container and no bubblewrap: the
    results fit the schema, and no hidden number is shown to the student."""
    text = MODEL + MSE.replace(".mean()", ".mean() / 2") + FIXED
    done = run(container, text, without_bubblewrap(tmp_path / "bin"))
    assert done.returncode == 0, done.stderr
    told = json.loads((container / "results" / "results.json").read_text("utf-8"))
    check(told)
    tests = {test["name"]: test for test in told["tests"]}
    assert tests["m06.2 model"]["status"] == "passed"
    assert "You halved the mean" in tests["m06.3 mse"]["output"]
    assert (tests["m06.3 mse"]["score"], tests["m06.3 mse"]["max_score"]) == (0.0, 2.0)
    assert tests["m06.1 make_params"]["status"] == "failed"
    assert told["extra_data"]["isolation"] in ("container", "basic")
    assert "Hidden cases count" in told["output"]


def test_a_submission_cannot_read_the_secret(container: Path, tmp_path: Path) -> None:
    """The configuration and the references lie where a cell cannot look."""
    peek = f"""
def mse(pred, target):
    found = []
    for name in ("source/assignment/config.json", "source/kit/solutions/m06_model.py"):
        try:
            found.append(open("{container}/" + name).read())
        except OSError:
            pass
    raise ValueError("read" if found else "nothing")
"""
    done = run(container, peek, without_bubblewrap(tmp_path / "bin"))
    assert done.returncode == 0, done.stderr
    told = json.loads((container / "results" / "results.json").read_text("utf-8"))
    if told["extra_data"]["isolation"] == "basic":
        pytest.skip("level container cannot be had here")
    output = next(test["output"] for test in told["tests"] if test["name"] == "m06.3 mse")
    assert "nothing" in output


def check(told: dict[str, Any]) -> None:
    """See that Gradescope knows every key, and its kind."""
    assert set(told) <= KEYS
    assert {told["visibility"], *(test["visibility"] for test in told["tests"])} <= {
        *("hidden", "after_due_date", "after_published", "visible"),
    }
    for test in told["tests"]:
        assert set(test) <= KEYS_OF_TEST
        assert test["status"] in ("passed", "failed")
        assert 0 <= test["score"] <= test["max_score"]
        assert isinstance(test["output"], str)


def of_known_class(folder: Path, *verdict: Any) -> dict[str, Any]:
    """Return the results of a student with one verdict about mse."""
    [student] = class_of(folder, one=verdict)
    return results(student, 1.0)


def test_numbers_of_a_hidden_case_are_for_the_staff_alone(tmp_path: Path) -> None:
    """The student reads that a hidden case fails; a test of no points has the message."""
    told = of_known_class(tmp_path, *wrong(hidden=True, gap="your loss 3.5, expected 7.25"))
    check(told)
    shown, staff = told["tests"]
    assert "7.25" not in json.dumps(shown) + told["output"]
    assert (shown["visibility"], shown["status"], shown["score"]) == ("visible", "failed", 0.5)
    assert "7.25" in staff["output"]
    assert (staff["visibility"], staff["max_score"]) == ("hidden", 0.0)


def test_what_passes_is_passed_with_all_points(tmp_path: Path) -> None:
    """One test, and no message."""
    told = of_known_class(tmp_path, *right())
    [test] = told["tests"]
    assert (test["status"], test["score"], test["max_score"]) == ("passed", 2.0, 2.0)


def test_a_fault_of_the_grader_writes_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gradescope then says that the autograder failed: that is no zero."""
    (tmp_path / "source" / "assignment").mkdir(parents=True)
    (tmp_path / "results").mkdir()
    main(["gradescope", "m06", "--out", str(tmp_path / "a.zip")])
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extract("assignment/config.json", tmp_path / "source")
    [student] = class_of(tmp_path / "results", one=wrong(status="error", score=None))
    monkeypatch.setattr(gradescope_run, "judged", lambda *anything: student)
    assert gradescope_run.main([str(tmp_path)]) == 1
    assert not (tmp_path / "results" / "results.json").exists()


@pytest.fixture(scope="module")
def bundle(container: Path) -> Path:
    """Write Classroom 50's folder for m06, beside the environment that Gradescope's has made: both
    scripts install the same."""
    folder = container / "bundle"
    main(["classroom50", "m06", "--out", str(folder)])
    made = container / "source" / "venv"
    shutil.copytree(made, folder / "venv", symlinks=True, copy_function=os.link)
    return folder


def test_classroom50_reads_what_its_autograder_writes(bundle: Path, tmp_path: Path) -> None:
    """Every field of its schema, whole numbers, the time of the commit, and what the student reads;
    a file of the checkout that is named like a module of Python is not run."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "m06_model.py").write_text(MODEL + MSE.replace(".mean()", ".mean() / 2"))
    (checkout / "venv.py").write_text("raise SystemExit('the student's own file was run')")
    date = {"GIT_COMMITTER_DATE": "2026-11-02T10:00:00+0100"}
    author = ["-c", "user.name=student-01", "-c", "user.email=student-01@example.org"]
    for git in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "mse"]):
        subprocess.run(["git", *git], cwd=checkout, env=os.environ | date, check=True)
    said = {"TORCH_INDEX": "file:///nowhere", "PIP_NO_COMPILE": "1", "HOME": "/root"}
    environment = {"PATH": os.environ["PATH"]} | said | GIVEN
    command = [sys.executable, str(bundle / "autograder.py")]
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads((checkout / "result.json").read_text("utf-8"))
    assert set(told) == KEYS_OF_CLASSROOM50
    assert told["schema"] == "classroom50/result/v1"
    assert (told["classroom"], told["assignment"]) == ("regression", "week-3")
    assert (told["release"], told["review"]) == (GIVEN["RELEASE_URL"], GIVEN["REVIEW_URL"])
    assert told["datetime"] == "2026-11-02T09:00:00Z"
    tests = {test["test-name"]: test for test in told["tests"]}
    passed = {"test-name": "m06.2 model", "passed": True, "score": 100, "max-score": 100}
    assert tests["m06.2 model"] == passed
    assert (tests["m06.3 mse"]["passed"], tests["m06.3 mse"]["score"]) == (False, 0)
    assert told["score"] == sum(test["score"] for test in told["tests"])
    assert told["max-score"] == sum(test["max-score"] for test in told["tests"])
    body = (checkout / "release-body.md").read_text("utf-8")
    assert "You halved the mean" in body
    assert "no secret" in body


def test_classroom50_gets_no_result_without_an_identity(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A variable that the runner has not set is named, and nothing is written."""
    given = GIVEN | {"SUBMISSION_TAG": ""}
    assert classroom50_run.main([str(tmp_path), str(tmp_path)], given) == 1
    assert "not set by the runner: SUBMISSION_TAG" in capsys.readouterr().err
    assert not (tmp_path / "result.json").exists()


def test_parts_of_points_are_whole_numbers_for_classroom50(tmp_path: Path) -> None:
    """Half a point is 50, no hidden number is told, and the commit stands for a missing review."""
    [student] = class_of(tmp_path, one=wrong(hidden=True, gap="your loss 3.5, expected 7.25"))
    given = {key: value for key, value in GIVEN.items() if key != "REVIEW_URL"}
    told = classroom50_run.result(student, given, datetime(2026, 11, 2, tzinfo=timezone.utc))
    test = {"test-name": "m06.3 mse", "passed": False, "score": 50, "max-score": 200}
    assert told["tests"] == [test]
    assert told["review"] == GIVEN["COMMIT_URL"]
    assert "7.25" not in as_markdown(student, "week-3")


def test_a_folder_with_files_is_not_written_into(tmp_path: Path) -> None:
    """The command says so, and leaves what is there."""
    (tmp_path / "kept.txt").write_text("mine")
    assert main(["classroom50", "m06", "--out", str(tmp_path)]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]

"""A cluster: a real scheduler and two real workers, one of which is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from autograder.answers.keys import answer_keys
from autograder.batch import depends
from autograder.batch.cluster import Cluster, ClusterError, _merged, _of_device
from autograder.batch.grade import Grader
from autograder.batch.ledger import Ledger
from autograder.batch.run import Graded, Run
from autograder.cells.isolation import Isolation
from autograder.cells.observer import LocalObserver, Observer, WhenNeeded
from autograder.cells.replies import Wanted
from autograder.course import assignment
from autograder.inside import ROOT
from autograder.inside.observation import Observation, Outcome

from .samples import MSE
from .test_ledger import HALF, handed_in

distributed = pytest.importorskip("distributed")

M06 = assignment("m06_model")
SECRET = b"cluster"
CHECKS = {e.name: depends.of_exercise(e, SECRET, False, "basic") for e in M06.exercises}


@dataclass
class LocalCluster:
    """A scheduler and its workers, as processes of this machine."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """A scheduler and two workers on loopback, as a teacher starts them; one test kills one."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    own = ["--dashboard-address", "127.0.0.1:0"]
    scheduler = _started("scheduler", "--host", "127.0.0.1", "--port", str(port), *own)
    place = ["--local-directory", str(tmp_path_factory.mktemp("dask"))]
    place += ["--no-nanny", "--nthreads", "1"]
    workers = [_started("worker", address, *place, *own) for _ in range(2)]
    with distributed.Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    yield LocalCluster(address, workers)
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def _started(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def graded(observer: Observer, out: Path, kill: subprocess.Popen[bytes] | None = None) -> set[str]:
    """Grade a class into a ledger, killing a process after the third result; return the marks."""
    out.mkdir()
    local = WhenNeeded(
        partial(LocalObserver, "basic", warm=()), Isolation("basic", {}, ())
    )  # it has the answers
    with contextlib.closing(local):
        keys = answer_keys(M06.exercises, local, SECRET)
        return _marks(Grader(M06, keys, observer), out, kill)


def _marks(grader: Grader, out: Path, kill: subprocess.Popen[bytes] | None) -> set[str]:
    texts = {f"student-{n:02}": (HALF if n % 3 == 0 else MSE) + f"# {n}\n" for n in range(16)}
    done: list[Graded] = []
    with Ledger(out) as ledger:
        run = Run(grader, ledger, CHECKS)
        for one in run.grade((handed_in(n, text) for n, text in texts.items()), 4):
            done.append(one)
            if kill and len(done) == 3:
                kill.send_signal(signal.SIGKILL)
        marks = {f"{name} {ledger.marks(name)}" for name in ledger.names()}
    assert sorted(one.result.submission for one in done) == sorted(texts)
    assert {one.judged for one in done} == {len(M06.exercises)}
    return marks


def test_a_killed_worker_loses_nothing(cluster: LocalCluster, tmp_path: Path) -> None:
    """With one of two workers killed in mid-run, the marks equal those of a run on this machine."""
    with closing(Cluster(cluster.address, "basic", warm=())) as far:
        assert (far.isolation.level, far.workers) == ("basic", 2)
        marks = graded(far, tmp_path / "far", kill=cluster.workers[0])
    with closing(LocalObserver("basic", warm=())) as near:
        assert marks == graded(near, tmp_path / "near")


def test_observations_of_two_devices_come_back_in_the_order_of_the_cases() -> None:
    """What a GPU saw stands where its cases stood; trouble on either device is the outcome."""
    requests = [{"given": {"device": device}} for device in ("cpu", "cuda", "stand-in", "cuda")]
    wanted = Wanted(M06.exercises[0], requests)
    parts = [_of_device(wanted, cuda) for cuda in (False, True)]
    places = [[place for place, _ in part] for part in parts]
    assert places == [[0, 2], [1, 3]]
    seen = [Outcome("x", observations=tuple(Observation({"n": n}) for n in own)) for own in places]
    assert [o.facts["n"] for o in _merged(seen, places).observations] == [0, 1, 2, 3]
    assert _merged([seen[0], Outcome("x", trouble="a crash")], places).trouble == "a crash"


def test_cuda_needs_a_worker_with_a_gpu(cluster: LocalCluster) -> None:
    """Cases of CUDA go to workers that were started with the resource GPU only."""
    with pytest.raises(ClusterError, match="no worker has a GPU: start one with --resources GPU=1"):
        Cluster(cluster.address, "basic", cuda=True, warm=())


def test_a_worker_with_other_code_is_refused(
    cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What looks at submissions must be the same everywhere."""
    monkeypatch.setattr(depends, "of_kit", lambda: "another")
    with pytest.raises(ClusterError, match="has another version of the kit"):
        Cluster(cluster.address, "basic", warm=())


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong address gives one line."""
    monkeypatch.setattr("autograder.batch.cluster.CONNECT_S", 0.5)
    with pytest.raises(ClusterError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        Cluster("tcp://127.0.0.1:9")

"""The observer of a cluster: submissions run on the workers of a Dask scheduler.

A worker gets a submission and the givens of its exercises, and returns what was seen. Answers, keys
and the ledger stay here. Each worker has a zygote of its own, at a level that it has measured.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.batch import depends
from autograder.cells.isolation import Isolation, LevelError
from autograder.cells.observer import LocalObserver, Stopped
from autograder.cells.replies import Wanted
from autograder.inside.errors import UserError
from autograder.inside.limits import CPU_S
from autograder.inside.observation import Observation, Outcome
from autograder.inside.sandbox import LEVELS
from autograder.inside.submission import Submission
from autograder.inside.warm import OPTIMIZERS

CONNECT_S = 20.0
GPU = "GPU"  # the resource that workers with a GPU are started with: --resources GPU=1


@dataclass(frozen=True)
class Kept:
    """How an observer that a worker keeps was started."""

    level: str
    cuda: bool
    limit: float
    warm: tuple[str, ...]
    covered: tuple[str, ...]


_KEPT: dict[Kept, LocalObserver] = {}  # on a worker
_ONE_AT_A_TIME = threading.Lock()


class ClusterError(UserError):
    """The cluster cannot be used; the message says why and what to do."""


class Cluster:
    """Runs submissions on the workers of the scheduler at an address such as tcp://host:8786."""

    def __init__(
        self,
        address: str,
        asked: str = "auto",
        cuda: bool = False,
        limit: float = CPU_S,
        warm: Sequence[str] = OPTIMIZERS,
        covered: Sequence[str] = (),
    ) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise ClusterError("--cluster needs: pip install 'graded-descent[cluster]'") from error
        try:
            self._client = Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(f"no scheduler answers at {address}: {error}") from error
        self.cuda = cuda
        self._limit = limit
        self._warm = tuple(warm)
        self._covered = tuple(covered)  # where a worker has these folders too
        self._stopped = False
        try:
            self.isolation = self._measured(asked, cuda)
            self.workers = sum(self._client.nthreads().values())
        except BaseException:
            self._client.close()
            raise

    def outcomes(
        self,
        submission: Submission,
        wanted: Sequence[Wanted],
        first_look: bool = False,
    ) -> Iterator[Outcome]:
        """Run the cases of the CPU on any worker, those of CUDA on one with a GPU."""
        parts = [[_of_device(one, cuda) for one in wanted] for cuda in (False, True)]
        futures = [
            self._client.submit(
                observe,
                submission,
                [
                    replace(one, requests=[request for _, request in own])
                    for one, own in zip(wanted, part, strict=True)
                ],
                first_look,
                Kept(self.isolation.level, cuda, self._limit, self._warm, self._covered),
                pure=False,
                resources={GPU: 1} if cuda else None,
            )
            for cuda, part in zip((False, True), parts, strict=True)
            if not cuda or any(part)
        ]
        try:
            seen: list[list[Outcome]] = self._client.gather(futures)
        except BaseException as error:
            if self._stopped:
                raise Stopped from error
            raise
        for index in range(len(wanted)):
            places = [[place for place, _ in part[index]] for part in parts]
            yield _merged([part[index] for part in seen], places)

    def stop(self) -> None:
        """Let go of the cluster; what runs there ends by itself."""
        self._stopped = True
        self._client.close()

    def close(self) -> None:
        """Let go of the cluster."""
        self._client.close()

    def _measured(self, asked: str, cuda: bool) -> Isolation:
        """Let every worker measure itself; return the weakest level."""
        introduced: dict[str, tuple[str, Isolation | str]] = self._client.run(
            introduce, asked, self._limit, self._warm, self._covered
        )
        if not introduced:
            raise ClusterError("the scheduler has no workers: start one with `dask worker ADDRESS`")
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        if cuda and not any(worker["resources"].get(GPU) for worker in workers):
            raise ClusterError("no worker has a GPU: start one with --resources GPU=1")
        found: list[Isolation] = []
        for address, (kit, isolation) in introduced.items():
            if kit != depends.of_kit():
                raise ClusterError(f"the worker {address} has another version of the kit")
            if isinstance(isolation, str):
                raise LevelError(f"the worker {address}: {isolation}")
            found.append(isolation)
        return max(found, key=lambda isolation: [*LEVELS].index(isolation.level))  # type: ignore[arg-type]


def introduce(
    asked: str, limit: float, warm: tuple[str, ...], covered: tuple[str, ...]
) -> tuple[str, Isolation | str]:
    """On a worker: return the hash of its kit, and its measured level, or why it has none."""
    try:
        observer = LocalObserver(asked, False, limit, warm, covered)
    except LevelError as error:
        return depends.of_kit(), str(error)
    with _ONE_AT_A_TIME:
        how = Kept(observer.isolation.level, False, limit, warm, covered)
        kept = _KEPT.setdefault(how, observer)
    if kept is not observer:
        observer.close()
    return depends.of_kit(), observer.isolation


def observe(
    submission: Submission, wanted: Sequence[Wanted], first_look: bool, how: Kept
) -> list[Outcome]:
    """On a worker: run a submission in cells of an observer that is kept for the next ones."""
    with _ONE_AT_A_TIME:
        if how not in _KEPT:
            _KEPT[how] = LocalObserver(how.level, how.cuda, how.limit, how.warm, how.covered)
        observer = _KEPT[how]
    return list(observer.outcomes(submission, wanted, first_look))


def _of_device(wanted: Wanted, cuda: bool) -> list[tuple[int, Any]]:
    """Return the requests for CUDA, or the others, with their places."""
    return [
        (place, request)
        for place, request in enumerate(wanted.requests)
        if (request["given"].get("device") == "cuda") == cuda
    ]


def _merged(parts: list[Outcome], places: list[list[int]]) -> Outcome:
    """Put the observations of several devices in the order of the cases."""
    for outcome in parts:
        if outcome.trouble or outcome.stub:
            return outcome
    found: dict[int, Observation] = {}
    for outcome, own in zip(parts, places, strict=False):
        found |= dict(zip(own, outcome.observations, strict=True))
    return replace(parts[0], observations=tuple(found[place] for place in sorted(found)))

"""Neither a zygote nor a cell has anything of the trusted side in its memory."""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from autograder.answers.ways import solution, submission_with
from autograder.cells import isolation
from autograder.cells.client import Cell
from autograder.cells.forking import Zygote
from autograder.cells.replies import Wanted
from autograder.cells.run import SubmissionRun
from autograder.course import exercises
from autograder.judging.key import Case

MSE = exercises()["mse"]

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0,
    reason="only root may read the memory of other accounts",
)


def memory(pid: int) -> Iterator[bytes]:
    """Yield the readable parts of a process's memory that are its own (no mapped library)."""
    with (
        Path(f"/proc/{pid}/maps").open(encoding="utf-8") as maps,
        Path(f"/proc/{pid}/mem").open("rb", buffering=0) as content,
    ):
        for line in maps:
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ 0\s*(\[(heap|stack)\])?$", line)
            if found:
                start, end = (int(text, 16) for text in found.group(1, 2))
                content.seek(start)
                yield content.read(end - start)


def descendants(pid: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from descendants(int(child))


def found_in(pids: Iterable[int], needle: str) -> bool:
    """Say whether a text lies in the memory of one of these processes."""
    return any(needle.encode() in part for pid in pids for part in memory(pid))


def loaded_cell(zygote: Zygote, text: str) -> Cell:
    """Return a cell that has run a submission."""
    cell = zygote.cell()
    sources = {"m06_model": {"file": "m06_model.py", "text": text}}
    assert cell.request({"sources": sources, "brief": [], "lent": {}}, 60.0) == {}
    assert cell.request({"load": "m06_model"}, 60.0)["left"] == []
    return cell


@pytest.mark.parametrize("level", ["full", "container"])
def test_nothing_of_the_trusted_side_is_in_a_zygote_or_a_cell(
    level: str,
) -> None:
    """Canaries in the hidden givens, in a solution and in another submission are found in the
    coordinator's memory and not beyond it; the one in the submission itself is found there."""
    canaries = {what: f"canary-{secrets.token_hex(16)}" for what in ("given", "solution", "other")}
    planted = f"canary-{secrets.token_hex(16)}"
    hidden = Case(
        "value",
        {"seed": 1, "n": 3, "n_in": 2, "n_out": 1, "secret": canaries["given"]},
        hidden=True,
    )
    text = f"{solution(MSE.module)}\n# {canaries['solution']}\n"
    reference = submission_with(MSE.module, text)
    _, zygote = isolation.start(level, warm=())
    assert isinstance(zygote, Zygote)
    with zygote:
        with SubmissionRun(zygote, reference) as run:  # as the answers are made
            (seen,) = run.outcomes([Wanted(MSE, [hidden.request()], trusted=True)])
            assert seen.observations
        loaded_cell(zygote, f"other = {canaries['other']!r}\n").close()
        cell = loaded_cell(zygote, f"planted = {planted!r}\n")
        beyond = list(descendants(zygote.pid))
        assert len(beyond) >= 2
        assert found_in(beyond, planted)
        for what, canary in canaries.items():
            assert found_in([os.getpid()], canary), what
            assert not found_in(beyond, canary), what
        cell.close()
    assert hidden.given["secret"] == canaries["given"]

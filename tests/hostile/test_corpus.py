"""No attack of the corpus gets a point, breaks the grader or leaves anything behind."""

from __future__ import annotations

import os
import re
import site
from pathlib import Path

import pytest

from autograder.batch.run import Graded
from autograder.inside import ROOT
from autograder.teacher.report import Summary, WholeClass
from tests.samples import told

from .attack import Attack
from .conftest import Corpus
from .corpus import ATTACKS, wanted_at

each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
HELD_AT_BASIC = wanted_at("basic", [attack for attack in ATTACKS if attack.holds == "basic"])


def held(attack: Attack, corpus: Corpus) -> None:
    """Assert that an attack got no point, for a reason of its own, and did not break the grader."""
    result = corpus.results[attack.name]
    verdict = result.verdicts["mse"]
    assert result.score == 0, attack.why
    assert {v.status for v in result.verdicts.values()} <= {"fail", "blocked", "not_attempted"}
    assert verdict.message
    told = "\n".join((verdict.message, *result.notes))
    assert re.search(attack.told, told), told


def test_the_corpus_is_large_and_every_attack_its_own() -> None:
    """At least 80 programs with different names and texts."""
    assert len(ATTACKS) >= 80
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert len({attack.source for attack in ATTACKS}) == len(ATTACKS)


@each_attack
def test_no_attack_gets_a_point(attack: Attack, corpus: Corpus) -> None:
    """At the levels full and container every attack fails, by its own fault."""
    if attack.holds == "full" and corpus.level == "container":
        pytest.skip("level container does not claim to hold it")
    if attack.name not in corpus.results:
        pytest.skip("not in the sample of this level: make attacks")
    held(attack, corpus)


@pytest.mark.parametrize("attack", HELD_AT_BASIC, ids=lambda attack: attack.name)
def test_level_basic_holds_what_it_claims(attack: Attack, basic_corpus: Corpus) -> None:
    """Forged replies, patched modules and endless loops gain nothing without a sandbox either."""
    held(attack, basic_corpus)


def test_honest_submissions_are_graded_as_if_alone(corpus: Corpus) -> None:
    """Twenty honest submissions among the attacks get the same results as without them."""
    assert len(corpus.alone) == 20
    assert corpus.among == corpus.alone


def test_no_process_is_left(corpus: Corpus) -> None:
    """Every process that the grader started, and all that these started, are gone."""
    left = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            environment = path.read_bytes()
        except OSError:  # another account's, or just ended
            continue
        if corpus.mark.encode() in environment and path.parent.name != str(os.getpid()):
            left.append((path.parent / "cmdline").read_bytes())
    assert left == []


def test_no_file_is_left(corpus: Corpus) -> None:
    """No file of an attack is where attacks write, and the grader's temporary files are gone."""
    places = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home(), ROOT, Path("/")]
    places += [Path(place) for place in (*site.getsitepackages(), site.getusersitepackages())]
    found = [
        path
        for place in places
        if place.is_dir() and os.access(place, os.R_OK)
        for path in place.iterdir()
        if corpus.mark in path.name
    ]
    assert found == []
    assert corpus.left_files == []


def test_no_shared_memory_is_left(corpus: Corpus) -> None:
    """The kernel's list of shared memory is the one from before."""
    before, after = corpus.shared_memory
    assert after == before


def test_nothing_an_attack_wrote_reaches_the_screen_raw(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    """Messages have no control characters, and the teacher's table shows markup as text."""
    from autograder.cells.isolation import UNKNOWN

    for result in corpus.results.values():
        for line in (*(v.message for v in result.verdicts.values()), *result.notes):
            assert line.replace("\n", "").isprintable(), line
    summary = Summary()
    for result in corpus.results.values():
        summary.add(Graded(result, True, 0, told(result)))
    summary.print(UNKNOWN, WholeClass(corpus.folder, [], [], 0, []))
    assert "\x1b" not in capsys.readouterr().out

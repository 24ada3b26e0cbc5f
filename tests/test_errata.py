"""Errata: every claim of the documents that the course refutes is refuted by an experiment."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
import torch

from autograder.answers.ways import solution
from autograder.cli import main
from autograder.course import Exercise, questions
from autograder.course.experiments import DOCUMENTS, KINDS, Erratum, every_erratum, printed_by
from autograder.teacher.errata import Refuted, refuted
from autograder.teacher.errata_page import write_errata

from .known_class import HOSTILE

EVERY = list(every_erratum())
QUESTIONS = [question.id for question in questions()]


@pytest.fixture
def one_thread() -> Iterator[None]:
    """torch computes with one thread first, and afterwards with as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize(("exercise", "one"), EVERY, ids=lambda it: getattr(it, "source", ""))
def test_an_experiment_shows_the_fact(exercise: Exercise, one: Erratum) -> None:
    """It prints what is written down, by one thread and by two, and torch warns of nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first = printed_by(one.code)
        torch.set_num_threads(2)
        second = printed_by(one.code)
    assert first == second
    assert one.is_shown_by(first), first


@pytest.mark.parametrize(("exercise", "one"), EVERY, ids=lambda it: getattr(it, "source", ""))
def test_an_erratum_is_short_and_gives_no_answer_away(exercise: Exercise, one: Erratum) -> None:
    """Its source exists, its sentences are short, and no telling line is one of the reference."""
    assert one.source in [*DOCUMENTS, *QUESTIONS]
    assert one.kind in KINDS
    assert all(6 <= len(text.split()) <= 30 for text in (one.claim, one.fact))
    assert one.fact.endswith(".")
    code = [line.strip() for line in one.code.strip().splitlines()]
    assert len(code) <= 12
    code = [line for line in code if len(line) > len("finally:") and "import" not in line]
    reference = {line.strip() for line in solution(exercise.module).splitlines()}
    assert not set(code) & reference


def test_no_claim_is_refuted_twice() -> None:
    """Each fact stands in one place."""
    assert Counter(one.fact for _, one in EVERY).most_common(1)[0][1] == 1


def test_every_document_has_a_name() -> None:
    """The names are those of the documents that ask the questions, and of no other."""
    assert DOCUMENTS.keys() == {identity.partition(".")[0] for identity in QUESTIONS}


@pytest.fixture(scope="module")
def ran() -> list[Refuted]:
    """All experiments, run here and now."""
    return refuted()


def test_errata_are_in_the_order_of_the_documents(ran: list[Refuted]) -> None:
    """Document by document, and in it first the text, then its questions; none is left out."""
    order = {source: place for place, source in enumerate([*DOCUMENTS, *QUESTIONS])}
    places = [(order[it.erratum.document], order[it.erratum.source]) for it in ran]
    assert places == sorted(places)
    assert Counter((it.exercise, it.erratum) for it in ran) == Counter(EVERY)


def test_errata_prints_what_the_experiments_print(
    ran: list[Refuted], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`descent errata` tells every claim with what was printed, and how many there are."""
    monkeypatch.setattr("autograder.teacher.errata.refuted", lambda: ran)
    assert main(["errata"]) == 0
    printed = capsys.readouterr().out
    count = len(EVERY)
    assert re.search(rf"\n{count} claims, {count} refuted here with torch [\w.+]+\n\Z", printed)
    assert printed.count("\n  prints") == count
    assert printed.startswith(f"the text gd {KINDS[ran[0].erratum.kind]}   ({ran[0].exercise.id} ")


def test_errata_writes_a_page(
    ran: list[Refuted],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """It has each claim with its fact, exercise, code and what was printed, in the order of the
    documents, and the number of claims of each document and kind."""
    monkeypatch.setattr("autograder.teacher.errata.refuted", lambda: ran)
    path = tmp_path / "errata.html"
    assert main(["errata", "--out", str(path)]) == 0
    assert capsys.readouterr().out.startswith(f"wrote {path}\n{len(EVERY)} claims, ")
    page = path.read_text("utf-8")
    _, *sections = page.split("<section>")
    assert len(sections) == len(EVERY)
    for section, it in zip(map(unescape, sections), ran, strict=True):
        one, exercise = it.erratum, it.exercise
        asked = f"Asked by {exercise.id} {exercise.name}<"
        for told in (f"<h3>{one.place} ", one.claim, one.fact, asked, one.code.strip(), it.printed):
            assert told in section
    for document, name in DOCUMENTS.items():
        assert page.count(f'<h2 id="{document}">{document}: {name}</h2>') == 1
        kinds = Counter(it.erratum.kind for it in ran if it.erratum.document == document)
        told = ", ".join(f"{kinds[kind]} {KINDS[kind].removeprefix('is ')}" for kind in KINDS)
        assert re.search(rf"{name}</a>: {kinds.total()} claims?, {told}</li>", page)
    assert "<script" not in page


def test_an_experiment_that_prints_something_else_fails(
    ran: list[Refuted],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """The exit status is 1, a line names the file, and page and lines show what it should print."""
    exercise, one = next(pair for pair in EVERY if pair[1].source == "lr.26")
    pairs = [(exercise, one), (exercise, replace(one, prints="surely not"))]
    monkeypatch.setattr("autograder.teacher.errata.every_erratum", lambda: iter(pairs))
    told = (
        "autograder/course/m06_model/m06_3_mse.toml: the experiment on lr.26 does not print what "
        "its `prints` says: mend the claim or the code\n2 claims, 1 refuted here with torch "
    )
    assert main(["errata"]) == 1
    printed = capsys.readouterr().out
    assert told in printed
    assert printed.count("\n  not     surely not\n") == 1
    assert main(["errata", "--out", str(tmp_path / "page.html")]) == 1
    assert told in capsys.readouterr().out
    assert (tmp_path / "page.html").read_text("utf-8").count("<pre>surely not</pre>") == 1


def test_what_an_erratum_says_is_escaped(tmp_path: Path) -> None:
    """Tags in claims, facts, code and what is printed are text on the page."""
    exercise, one = EVERY[0]
    it = replace(one, claim=HOSTILE, fact=HOSTILE, code=HOSTILE, prints=HOSTILE)
    write_errata([Refuted(exercise, it, f"{HOSTILE} here")], tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 5


def test_a_page_that_cannot_be_written_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """One line with the place, where its folder is not there."""
    monkeypatch.setattr("autograder.teacher.errata.refuted", list)
    path = tmp_path / "nowhere" / "errata.html"
    assert main(["errata", "--out", str(path)]) == 2
    assert capsys.readouterr().err == f"descent: {path}: No such file or directory\n"

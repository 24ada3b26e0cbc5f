"""Predicting: the questions are sound, and the dialogue tells, remembers and comes back."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import modules
from autograder.course.experiments import printed_by
from autograder.inside.errors import UserError
from autograder.student import progress
from autograder.student.predict import Prediction, ask, ideas, predictions

EVERY = predictions()


class Dialogue:
    """A student who types the given answers, then ends the input, and what is written."""

    def __init__(self, folder: Path, module: str, *typed: str) -> None:
        self.rest: Iterator[str] = iter(typed)
        self.written: list[str] = []
        self.status = ask(module, folder, self.read, self.written.append)

    def read(self, prompt: str) -> str:
        """Return the next answer; raise EOFError, as input() does, where there is none."""
        self.written.append(prompt)
        for said in self.rest:
            return said
        raise EOFError

    @property
    def text(self) -> str:
        """Everything that was written."""
        return "\n".join(self.written)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of exercises, without anything remembered beside it."""
    exercises = tmp_path / "exercises"
    exercises.mkdir()
    return exercises


def number(question: Prediction, idea: str = "") -> str:
    """Return what is typed to choose the answer behind which an idea lies; the right one for ""."""
    return str([choice.idea for choice in question.choices].index(idea) + 1)


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.id)
def test_the_right_choice_is_what_the_code_prints(question: Prediction) -> None:
    """One choice is without an idea, and it is the real output, twice the same, no warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answers = {printed_by(question.code) for _ in range(2)}
    assert answers == {choice.text for choice in question.choices if not choice.idea}


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.id)
def test_a_question_is_short(question: Prediction) -> None:
    """At most 12 lines of code, three or four different choices, one line of output."""
    assert len(question.code.strip().splitlines()) <= 12
    texts = {choice.text for choice in question.choices}
    assert len(texts) == len(question.choices) in (3, 4)
    assert not any("\n" in text for text in texts)
    assert question.id.partition(".")[0] == question.module.partition("_")[0]


def test_every_module_has_two_or_three_questions_in_order() -> None:
    """The questions come in the order of the modules."""
    assert [question.module for question in EVERY] == sorted(q.module for q in EVERY)
    assert {len(predictions(module)) for module in modules()} <= {2, 3}
    assert {question.module for question in EVERY} == set(modules())


def test_every_idea_has_a_line_and_many_come_back() -> None:
    """The lines belong to the ideas one to one; five ideas are met in several modules."""
    met = defaultdict(set)
    for question in EVERY:
        for choice in question.choices:
            met[choice.idea].add(question.module)
    del met[""]
    assert set(met) == set(ideas())
    assert sum(len(where) > 1 for where in met.values()) >= 5
    assert all(10 <= len(line.split()) <= 30 for line in ideas().values())


def test_a_module_may_be_named_in_short() -> None:
    """m08 and m08_manual_training are the same; anything else is told what there is."""
    assert predictions("m08") == predictions("m08_manual_training") != ()
    with pytest.raises(UserError, match=r"'m0'; there are m01_tensors, .*m12_line"):
        predictions("m0")


def test_a_dialogue_tells_what_came_out(folder: Path) -> None:
    """Right, nonsense, wrong, and q: each is answered, and the answers are remembered."""
    first, second, _ = predictions("m08")
    wrong = "leaf-is-locked"
    said = Dialogue(folder, "m08", number(first), "seven", "9", number(second, wrong), " Q ")
    assert said.status == 0
    assert "    (w * w).backward()" in said.text
    assert "1  6.0\n2  12.0\n3  9.0" in said.text
    assert "\nRight: it prints 12.0" in said.written
    assert "\nNot so: it prints False" in said.written
    assert said.written.count("A number from 1 to 3, please; q or an empty line stops.") == 2
    assert said.written[-1] == "1 of 2 predicted rightly; next: the rest, by the same command"
    assert ideas()[wrong] not in " ".join(said.text.split())
    kept = progress.load(folder)
    assert kept.predictions == {first.id: "12.0", second.id: "raises RuntimeError"}
    assert kept.misconceptions == {wrong: 1}


def test_an_exception_is_an_answer(folder: Path) -> None:
    """Code that raises is told by the exception's type."""
    first, second, third = predictions("m06")
    typed = [number(first), number(second), number(third)]
    said = Dialogue(folder, "m06_model", *typed)
    assert "\nRight: it raises RuntimeError" in said.written
    assert said.written[-1] == "3 of 3 predicted rightly; next: pytest exercises/"


def test_an_idea_that_comes_back_brings_its_line(folder: Path) -> None:
    """The second time, in another module, the line of the idea is shown."""
    idea = "gradients-replaced"
    of_both = (*predictions("m08"), *predictions("m11"))
    questions = [q for q in of_both if idea in [choice.idea for choice in q.choices]]
    known = progress.Progress()
    known.predictions = {q.id: "" for q in EVERY if q not in questions}
    progress.save(folder, known)
    once, twice = (Dialogue(folder, q.module, number(q, idea)) for q in questions)
    assert ideas()[idea] not in " ".join(once.text.split())
    assert ideas()[idea] in " ".join(twice.text.split())
    assert progress.load(folder).misconceptions == {idea: 2}


@pytest.mark.parametrize("end", [(), ("",)], ids=["end of input", "empty line"])
def test_what_was_answered_is_kept_and_the_rest_is_asked_next(
    folder: Path, end: tuple[str, ...]
) -> None:
    """After an end in the middle only the questions that are left are asked."""
    first, second, third = predictions("m09")
    Dialogue(folder, "m09", number(first), *end)
    assert set(progress.load(folder).predictions) == {first.id}
    said = Dialogue(folder, "m09", number(second), number(third))
    assert first.question not in said.text
    assert said.written[-1] == "2 of 2 predicted rightly; next: pytest exercises/"


def test_a_module_that_is_done_is_asked_again(folder: Path) -> None:
    """All questions come again, and the answers given first are the ones that stay."""
    questions = predictions("m12")
    wrong = [str(1 + (int(number(q)) % len(q.choices))) for q in questions]
    Dialogue(folder, "m12", *wrong)
    before = progress.load(folder).predictions
    said = Dialogue(folder, "m12", *map(number, questions))
    assert said.written[0].startswith("All were answered before")
    assert said.written[-1].startswith("3 of 3 predicted rightly")
    assert progress.load(folder).predictions == before

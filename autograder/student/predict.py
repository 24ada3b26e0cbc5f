"""Predict first: what does this code print? Asked before the exercises, checked by running it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import FOLDER, modules, read_toml
from autograder.course.experiments import printed_by
from autograder.course.names import module_called
from autograder.student import progress
from autograder.student.lines import width

STOP = ("", "q")

Read = Callable[[str], str]  # what asks for a line, as input does
Write = Callable[[str], object]  # what shows a line, as print does


@dataclass(frozen=True)
class Choice:
    """An answer to choose, and the wrong idea behind it; the right one has none."""

    text: str
    idea: str = ""


@dataclass(frozen=True)
class Prediction:
    """A question about what a few lines of code print; `after` is shown once it is answered."""

    id: str
    module: str
    question: str
    code: str
    choices: tuple[Choice, ...]
    after: str


def predictions(module: str | None = None) -> tuple[Prediction, ...]:
    """Return the questions of a module, `m08` or its whole name, or of all modules there are.

    Raises UserError for a module that does not exist.
    """
    wanted = modules() if module is None else (module_called(module),)
    return tuple(
        _prediction(name, own, body) for own in wanted for name, body in _content(own).items()
    )


def ideas() -> Mapping[str, str]:
    """Return the line for every wrong idea, shown to whoever had that idea before."""
    return read_toml(FOLDER / "ideas.toml")


def ask(module: str, folder: Path, read: Read = input, write: Write = print) -> int:
    """Ask the questions of a module that were not answered yet, or else all of them again.

    `folder` is that of the exercises, beside which the answers are remembered. An empty line, q or
    the end of the input stops; what was answered is kept. Returns the exit status.
    """
    asked = _open(module, folder, write)
    results: list[bool] = []
    for question in asked:
        _show(question, write)
        choice = _chosen(question, read, write)
        if choice is None:
            break
        results.append(_tell(question, choice, folder, write))
    following = (
        "pytest exercises/" if len(results) == len(asked) else "the rest, by the same command"
    )
    write(f"{sum(results)} of {len(results)} predicted rightly; next: {following}")
    return 0


def _open(module: str, folder: Path, write: Write) -> list[Prediction]:
    every = list(predictions(module))
    known = progress.load(folder).predictions
    if left := [question for question in every if question.id not in known]:
        return left
    write("All were answered before; here they are again. Your first answers are kept.\n")
    return every


def _show(question: Prediction, write: Write) -> None:
    write(textwrap.fill(f"{question.id}  {question.question}", width()) + "\n")
    write(textwrap.indent(question.code.strip(), "    ") + "\n")
    for number, choice in enumerate(question.choices, 1):
        write(textwrap.fill(f"{number}  {choice.text}", width(), subsequent_indent="   "))


def _chosen(question: Prediction, read: Read, write: Write) -> Choice | None:
    """Return the choice that is made, or None where the student stops."""
    numbers = {str(number): choice for number, choice in enumerate(question.choices, 1)}
    while True:
        try:
            said = read(f"Your prediction, 1 to {len(numbers)}: ").strip()
        except EOFError:
            said = ""
            write("")  # the prompt's line is still open
        if said in numbers:
            return numbers[said]
        if said.lower() in STOP:
            return None
        write(f"A number from 1 to {len(numbers)}, please; q or an empty line stops.")


def _tell(question: Prediction, choice: Choice, folder: Path, write: Write) -> bool:
    """Run the code, say what came out and why, remember the answer; return whether it is right."""
    answer = printed_by(question.code)
    right = choice.text == answer
    met_before = _remember(question, choice, right, folder)
    came_out = f"it {answer}" if answer.startswith("raises ") else f"it prints {answer}"
    write(f"\n{'Right' if right else 'Not so'}: {came_out}")
    write(textwrap.fill(question.after, width()))
    if met_before:
        write(textwrap.fill(ideas()[choice.idea], width()))
    write("")
    return right


def _remember(question: Prediction, choice: Choice, right: bool, folder: Path) -> bool:
    """Keep the first answer and count a wrong idea; return whether that idea was met before."""
    known = progress.load(folder)
    known.predictions.setdefault(question.id, choice.text)
    met = 0
    if not right:
        met = known.misconceptions.get(choice.idea, 0)
        known.misconceptions[choice.idea] = met + 1
    progress.save(folder, known)
    return met > 0


def _prediction(identity: str, module: str, body: dict[str, Any]) -> Prediction:
    return Prediction(
        id=identity,
        module=module,
        question=body["question"],
        code=body["code"],
        choices=tuple(Choice(**choice) for choice in body["choices"]),
        after=body["after"],
    )


def _content(module: str) -> dict[str, Any]:
    path = FOLDER / module / "predictions.toml"
    return read_toml(path) if path.exists() else {}

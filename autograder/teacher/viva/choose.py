"""Choose a student's questions: of several kinds and exercises, and the same every time."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeAlias

from autograder.teacher.viva.arguments import rate, twice
from autograder.teacher.viva.code import Code
from autograder.teacher.viva.edges import edge
from autograder.teacher.viva.lab import Lab, OutOfLooks, Scene
from autograder.teacher.viva.lines import changed_line
from autograder.teacher.viva.question import Question
from autograder.teacher.viva.shapes import shape
from autograder.teacher.viva.spare import spare_line

LONGER = 3  # statements, from which on there is more to ask
TRIES = 3  # exercises that are tried for the next question of a kind

Kind: TypeAlias = Callable[[Scene, Lab, random.Random], "Question | None"]
KINDS: tuple[Kind, ...] = (
    changed_line,
    shape,
    rate,
    edge,
    spare_line,
    twice,
)


def questions(
    name: str, codes: Sequence[Code], lab: Lab, secret: bytes, count: int
) -> list[Question]:
    """Return up to so many questions about a student's code; none where it has too little.

    What is drawn hangs on the secret and the name alone, so that a sheet can be printed again.
    """
    rng = random.Random(hmac.digest(secret, f"viva {name}".encode(), hashlib.sha256))
    scenes, found = _Scenes(codes, lab, rng), list[Question]()
    with contextlib.suppress(OutOfLooks):  # what has been found is asked
        while len(found) < count and any(scenes.left.values()):
            for kind in scenes.left:
                if len(found) < count and (question := scenes.next_question(kind)):
                    found.append(question)
    return found


class _Scenes:
    """The scenes of a student's exercises, each made when it is asked for first."""

    def __init__(self, codes: Sequence[Code], lab: Lab, rng: random.Random) -> None:
        self._lab, self._rng = lab, rng
        self._made: dict[str, Scene | None] = {}
        self.left = {
            kind: rng.sample([*codes], len(codes)) for kind in rng.sample(KINDS, len(KINDS))
        }
        self.asked = Counter[str]()

    def next_question(self, kind: Kind) -> Question | None:
        """Return a question of a kind, about one of the exercises that were asked least."""
        for _ in range(min(TRIES, len(self.left[kind]))):
            code = min(self.left[kind], key=self._order)
            self.left[kind].remove(code)
            scene = self._scene(code)
            if scene and (question := kind(scene, self._lab, self._rng)):
                self.asked[code.exercise.name] += 1
                return question
        return None

    def _order(self, code: Code) -> tuple[int, bool]:
        """Return what sorts exercises: those asked least first, of these longer code."""
        return self.asked[code.exercise.name], len([*code.places()]) < LONGER

    def _scene(self, code: Code) -> Scene | None:
        name = code.exercise.name
        if name not in self._made:
            self._made[name] = self._lab.scene(code, self._rng)
        return self._made[name]

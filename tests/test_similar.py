"""`descent similar`: copies are found through what hides them; what must look alike is not told."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from autograder.answers.ways import Way, other_ways
from autograder.batch import similar
from autograder.batch.intake import read
from autograder.batch.lookup import counting, opened
from autograder.batch.similar import ALIKE, HELPERS, MAX_CHARACTERS, Link, Reader, Similar, compare
from autograder.cli import main
from autograder.course import assignment, exercises
from autograder.inside import ROOT
from autograder.inside.submission import Source, Submission
from autograder.teacher.similar_page import MOST_LINES

from .known_class import HOSTILE, class_of, wrong

MODULE = "m06_model"
CHOSEN = assignment(MODULE).exercises
STUB = (ROOT / "exercises" / f"{MODULE}.py").read_text("utf-8")
PARAMS = '''
def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Draw them."""
    shapes = [(n_out, n_in), (n_out,)]
    made = []
    for shape in shapes:
        empty = torch.empty(shape, device=device, dtype=dtype)
        empty.normal_(mean=0.0, std=1.0, generator=generator)
        made.append(empty.requires_grad_(True))
    first, second = made
    return first, second
'''
RECOVER = """
def recover_params(x, preds):
    rows = x.shape[0]
    wide = torch.cat([x, torch.ones(rows, 1, dtype=x.dtype, device=x.device)], dim=1).double()
    left = wide.transpose(0, 1) @ wide
    right = wide.transpose(0, 1) @ preds.double()
    found = torch.linalg.solve(left, right).to(preds.dtype)
    w, b = found[:-1], found[-1]
    return w.transpose(0, 1), b
"""
ORIGINAL = f"import torch\n{PARAMS}\n{RECOVER}"
NAMES = {"shapes": "s", "made": "out", "shape": "sz", "empty": "t", "wide": "aug", "left": "A"}


def renamed(text: str, names: dict[str, str] = NAMES) -> str:
    """Return a text in which other names stand for some."""
    return re.sub(r"(?<!\.)\b\w+\b", lambda word: names.get(word[0], word[0]), text)


def of(name: str, text: str) -> Submission:
    """Return a submission of m06."""
    return Submission(name, {MODULE: Source("exercises/m06_model.py", text)})


def found(*texts: str) -> Similar:
    """Compare texts, the first one's name is s0."""
    return compare([of(f"s{n}", text) for n, text in enumerate(texts)], Reader(CHOSEN))


def links(of_class: Similar) -> list[Link]:
    """Return all that is told."""
    return [link for one in of_class.clusters for pair in one.pairs for link in pair.links]


def rights(name: str) -> list[Way]:
    """Return the right ways to do an exercise."""
    return [way for way in other_ways(exercises()[name]) if way.kind == "right"]


def handed_in(way: Way) -> Submission:
    """Return the submission of a student who has done one exercise, in a way of tests/course."""
    text = renamed(way.text, {way.name: way.replaces})
    return Submission(
        f"{way.exercise.name}-{way.name}", {way.exercise.module: Source("a.py", text)}
    )


def test_a_copy_is_found_behind_new_names_and_another_order() -> None:
    """Variables renamed, functions swapped, comments and docstrings new: all of it is the same."""
    copy = f"import torch\n{renamed(RECOVER)}\n# mine\n{renamed(PARAMS).replace('Draw them', 'I')}"
    assert copy != ORIGINAL
    told = links(found(ORIGINAL, copy, STUB))
    assert {link.exercise: link.share for link in told} == {"make_params": 1, "recover_params": 1}
    assert {answer.name for link in told for answer in link.answers} == {"s0", "s1"}


def test_a_copy_with_a_line_more_is_found() -> None:
    """The share is of the shorter answer."""
    longer = ORIGINAL.replace("    rows = x", "    print(x.sum())\n    rows = x")
    assert "recover_params" in {link.exercise for link in links(found(ORIGINAL, longer))}


def test_what_is_alike_is_a_cluster() -> None:
    """Copies of one text are together, those of another apart; the first share most."""
    other = f"import torch\n{rights('recover_params')[1].text}"
    other = renamed(other, {rights("recover_params")[1].name: "recover_params"})
    told = found(ORIGINAL, other, renamed(ORIGINAL), renamed(other, {"sol": "q"}), ORIGINAL)
    assert [one.names for one in told.clusters] == [("s0", "s2", "s4"), ("s1", "s3")]
    assert len(told.clusters[0].pairs) == 3


def test_the_stub_alone_is_nothing() -> None:
    """Nobody is alike who has handed in what was handed out."""
    answers, _ = Reader(CHOSEN).answers(of("a", STUB))
    assert {exercise: len(one.runs) for exercise, one in answers.items()} == dict.fromkeys(
        (one.name for one in CHOSEN), 0
    )
    assert found(STUB, STUB).clusters == ()


def test_right_answers_to_short_exercises_are_not_told() -> None:
    """The line that everybody writes is no evidence, and the exercise is named as too short."""
    usual = "def mse(a, b):\n    if a.shape != b.shape:\n        raise ValueError('shapes')\n"
    told = found(*(f"{usual}    return ((a - b) ** {n}).mean()\n" for n in (2, 2, 2.0)))
    assert (told.clusters, told.too_short) == ((), ("mse",))
    ways = [handed_in(way) for way in rights("mse")]
    assert compare(ways, Reader(CHOSEN)).clusters == ()


def test_what_the_reference_and_many_say_is_an_idiom() -> None:
    """Two copies of the reference are told; the same in three answers of a class is custom."""
    reader = Reader(assignment("m11").exercises)
    text = (ROOT / "solutions" / "m11_fit.py").read_text("utf-8")
    same = [Submission(f"s{n}", {"m11_fit": Source("m11_fit.py", text)}) for n in range(3)]
    assert links(compare(same[:2], reader))
    assert links(compare(same, reader)) == []


def test_an_honest_class_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each right way of tests/course is a student: no two answers share more than 62%. Only helpers
    that ways of one file have in common are alike, since they are the same code."""
    monkeypatch.setattr(similar, "ALIKE", 0.01)
    ways = [way for name in exercises() for way in rights(name)]
    told = links(compare(map(handed_in, ways), Reader(tuple(exercises().values()))))
    answers = [link for link in told if link.exercise != HELPERS]
    assert len(answers) > 300
    assert max(link.share for link in answers) < 0.625
    for link in told:
        if link.exercise == HELPERS and link.share >= ALIKE:
            one, other = (answer.name.partition("-")[0] for answer in link.answers)
            assert one == other


@pytest.mark.parametrize(("step", "is_told"), [(4, True), (2, False)])
def test_a_copy_is_told_until_too_much_is_changed(step: int, is_told: bool) -> None:
    """The threshold lies at one token in 24: between one in 32, and one in 16."""
    head, calls = "def mse(x, y):\n", [f"    x = x.a{n}({n})\n" for n in range(90)]  # of 8 tokens
    changed = [call.replace(".a", ".b") if n % step == 0 else call for n, call in enumerate(calls)]
    assert bool(found(head + "".join(calls), head + "".join(changed)).clusters) == is_told


def test_a_notebooks_copy_of_a_script_is_found(tmp_path: Path) -> None:
    """Cells are compared as a script is, beside what only a notebook knows."""
    cells = ["%matplotlib inline\nimport torch", renamed(RECOVER), "print(1)", PARAMS]
    made: list[dict[str, object]] = [
        {"cell_type": "code", "source": c, "metadata": {}, "outputs": [], "execution_count": None}
        for c in cells
    ]
    notebook = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "m06_model.ipynb").write_text(json.dumps(notebook))
    told = compare(
        [of("a", ORIGINAL), read(tmp_path / "m06_model.ipynb", [MODULE])], Reader(CHOSEN)
    )
    assert {link.exercise for link in links(told)} == {"make_params", "recover_params"}


def test_only_what_counts_now_is_compared(tmp_path: Path) -> None:
    """Of a name that handed in anew, the copy is forgotten."""
    class_of(tmp_path, a=wrong(ORIGINAL), b=wrong(ORIGINAL))
    class_of(tmp_path, b=wrong(STUB))
    with opened(tmp_path) as ledger:
        submissions = [counting(ledger, name).submission for name in ledger.names()]
    assert [one.sources[MODULE].text for one in submissions] == [ORIGINAL, STUB]
    assert compare(submissions, Reader(CHOSEN)).clusters == ()


def test_the_page_shows_passages_side_by_side(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names, shares and marked lines; a name and code with markup are text."""
    text = f"{renamed(ORIGINAL)}    # {HOSTILE}\n    '{HOSTILE}'\n"
    class_of(tmp_path, **{HOSTILE: wrong(text), "\x1b[31m": wrong(ORIGINAL), "c": wrong(STUB)})
    assert main(["similar", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"similar: 1 cluster, never a mark: {tmp_path}")
    assert rf"\x1b[31m, {HOSTILE}: " in told and "make_params 1.00" in told
    assert 'href="similar.html"' in (tmp_path / "report" / "index.html").read_text("utf-8")
    page = (tmp_path / "report" / "similar.html").read_text("utf-8")
    assert "<script>" not in page and "&lt;script&gt;alert" in page
    assert "has no part in any mark" in page
    assert "<mark>    found = torch.linalg.solve(left, right).to(preds.dtype)</mark>" in page
    assert "<mark>    found = torch.linalg.solve(A, right).to(preds.dtype)</mark>" in page
    assert "script-src" in page and "<script" not in page


def test_nothing_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a class without answers the command says so, and the page, too."""
    class_of(tmp_path, a=wrong(STUB))
    assert main(["similar", "--out", str(tmp_path)]) == 0
    page = tmp_path / "report" / "similar.html"
    assert capsys.readouterr().out == f"similar: nothing is alike: {page}\n"
    assert "Nothing is alike." in page.read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "def mse(a, b):\n    return " + "a + " * 100_000 + "b\n",
        "def mse(a, b):\n" + "    a = b\n" * 100_000,
        "def mse(a, b):\n    return " + r"'\ "[:2] * 100_000,
        "(" * 100_000,
        "\n".join(f"{' ' * n}if a:" for n in range(2_000)),
        "def mse(a, b):\n    return '''" + "\n" * 100_000,
        "@\n" * 100_000,
    ],
    ids=["long line", "lines", "open quotes", "brackets", "steps", "open text", "decorators"],
)
def test_hostile_text_is_bounded(text: str) -> None:
    """100,000 tokens take seconds of processor time at most, and cost nobody else's copy."""
    begun = time.process_time()
    told = found(ORIGINAL, text, ORIGINAL)
    assert time.process_time() - begun < 20
    assert len(links(told)) == 2
    assert ("s1" in told.too_long) == (len(text) > MAX_CHARACTERS)


def test_what_is_too_long_is_read_up_to_there() -> None:
    """What stands behind it is not compared, and the name is told."""
    told = found(ORIGINAL, "x = 1\n" * MAX_CHARACTERS + ORIGINAL)
    assert (told.clusters, told.too_long) == ((), ("s1",))


def test_pairs_are_not_all_compared() -> None:
    """A class of 200 with answers of its own has 19,900 pairs, and takes seconds."""
    texts = [
        "def train(x):\n"
        + "".join(f"    x = x.{chr(97 + n % 26)}{n * m % 997}({m})\n" for m in range(99))
        for n in range(200)
    ]
    begun = time.process_time()
    assert found(*texts).clusters == ()
    assert time.process_time() - begun < 30


def test_what_does_not_end_costs_itself() -> None:
    """A bracket or a text that is left open hides no other function."""
    broken = f"def mse(a, b):\n    return (a\n{ORIGINAL}def model(x):\n    '''open\n"
    assert len(links(found(ORIGINAL, broken))) == 2


def test_an_answer_that_is_long_is_cut_on_the_page(tmp_path: Path) -> None:
    """A page does not grow with what one student writes."""
    long = "def mse(a, b):\n" + "".join(f"    a = a.x{n}({n})\n" for n in range(2 * MOST_LINES))
    class_of(tmp_path, a=wrong(long), b=wrong(long))
    assert main(["similar", "--out", str(tmp_path)]) == 0
    page = (tmp_path / "report" / "similar.html").read_text("utf-8")
    assert f"(and {MOST_LINES + 1} more lines)" in page

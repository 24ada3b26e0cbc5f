"""Relations: each holds on examples made for it, and none on numbers drawn at random."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from autograder.inside.observation import Array, Items, Logged, Observation, Value
from autograder.judging.compare import Numbers
from autograder.judging.factors import change_factor, factor
from autograder.judging.key import Case
from autograder.judging.pairs import Pair, pairs_of, sizes, subjects
from autograder.judging.relations import RELATIONS, related

LIST = ("a list of floats", "a list of floats")
SHAPES = [(3, 2), (4, 3), (5, 2)]


def drawn(seed: int, *shape: int) -> Numbers:
    """Return numbers of this shape."""
    return np.random.RandomState(seed).standard_normal(shape)


def table(seed: int, change: Callable[[Numbers], Any]) -> list[Pair]:
    """Return pairs of tables: yours are made from the expected ones."""
    expected = [drawn(seed + index, *shape) for index, shape in enumerate(SHAPES)]
    return [Pair(np.asarray(change(one)), one) for one in expected]


def numbers(seed: int, change: Callable[[Numbers], Any], **more: Any) -> list[Pair]:
    """Return pairs whose expected value is one number, the mean of a table."""
    tables = [drawn(seed + index, 4, 3) for index in range(3)]
    return [Pair(np.asarray(change(one)), np.asarray(one.mean()), **more) for one in tables]


def lists(seed: int, change: Callable[[Numbers], Any]) -> list[Pair]:
    """Return pairs of lists of different lengths."""
    every = [drawn(seed + length, length) for length in (4, 5, 6)]
    return [Pair(np.asarray(change(one)), one, kinds=LIST) for one in every]


def moved(seed: int, times: float) -> list[Pair]:
    """Return pairs that have moved so many times as far as expected from their start."""
    starts, steps = drawn(seed, 3, 2), drawn(seed + 1, 3, 2)
    return [Pair(starts + times * steps, starts + steps, start=starts)]


def flipped(one: Numbers) -> Numbers:
    """Turn the sign of the first number."""
    return np.where(np.arange(one.size).reshape(one.shape) == 0, -one, one)


def in_single(one: Numbers) -> Numbers:
    """Round to float32, and back."""
    return one.astype(np.float32).astype(np.float64)


EXAMPLES: dict[str, Callable[[int], Sequence[Pair]]] = {
    "kind": lambda seed: [
        Pair(one, one, kinds=("a list of tensors", "a list of floats"))
        for one in (drawn(seed, 3), drawn(seed, 4))
    ],
    "transposed": lambda seed: table(seed, lambda one: one.T),
    "transposed multiple": lambda seed: table(seed, lambda one: -2.0 * one.T),
    "axis": lambda seed: table(seed, lambda one: one[:, None]),
    "shape": lambda seed: table(seed, lambda one: one.flatten()),
    "reversed": lambda seed: table(seed, lambda one: one[::-1]),
    "permuted": lambda seed: table(seed, lambda one: np.roll(one, 1)),
    "mean missing": lambda seed: [
        Pair(one, np.asarray(one.mean()))
        for one in (drawn(seed, 3), drawn(seed, 4, 2), drawn(seed, 1))
    ],
    "sum missing": lambda seed: [
        Pair(one, np.asarray(one.sum())) for one in (drawn(seed, 3), drawn(seed, 4, 2))
    ],
    "mean instead": lambda seed: table(seed, np.mean),
    "sum instead": lambda seed: table(seed, np.sum),
    "last alone": lambda seed: lists(seed, lambda one: one[-1]),
    "last entry missing": lambda seed: lists(seed, lambda one: one[:-1]),
    "first entry missing": lambda seed: lists(seed, lambda one: one[1:]),
    "entry too many at the end": lambda seed: lists(seed, lambda one: [*one, 1.0]),
    "entry too many at the start": lambda seed: lists(seed, lambda one: [1.0, *one]),
    "cut short": lambda seed: lists(seed, lambda one: one[:2]),
    "one late": lambda seed: lists(seed, lambda one: [0.5, *one[:-1]]),
    "one early": lambda seed: lists(seed, lambda one: [*one[1:], 0.5]),
    "stuck": lambda seed: lists(seed, lambda one: np.full_like(one, one[0])),
    "zero": lambda seed: table(seed, np.zeros_like),
    "unchanged": lambda seed: moved(seed, 0.0),
    "change by a factor": lambda seed: moved(seed, -1.5),
    "factor": lambda seed: table(seed, lambda one: one / 2),
    "square root": lambda seed: (
        table(seed, np.abs)
        and [Pair(one, one**2) for one in np.abs([drawn(seed, 2), drawn(seed + 9, 2)])]
    ),
    "square": lambda seed: table(seed, np.square),
    "signs": lambda seed: table(seed, flipped),
    "offset": lambda seed: table(seed, lambda one: one + one[0, 0]),
    "offset in each row": lambda seed: table(seed, lambda one: one + one[0]),
    "float32": lambda seed: table(seed, in_single),
    "same for all": lambda seed: numbers(seed, lambda one: 0.5),
}


def name_of(pairs: Sequence[Pair]) -> str | None:
    """Return the name of the relation that is told."""
    found = related(pairs)
    return found[0].name if found else None


@pytest.mark.parametrize("name", [relation.name for relation in RELATIONS])
def test_a_relation_is_told_where_it_holds(name: str) -> None:
    """Every relation of the list has an example, and is the one that is told of it."""
    assert {name_of(EXAMPLES[name](seed)) for seed in range(20)} == {name}


@pytest.mark.parametrize("name", [relation.name for relation in RELATIONS])
def test_a_relation_must_hold_on_every_pair_that_differs(name: str) -> None:
    """One other wrong pair, and nothing is told; a right one changes nothing."""
    pairs = EXAMPLES[name](3)
    odd = Pair(drawn(70, 2, 3, 2), drawn(71, 2, 3, 2))
    assert name_of([*pairs, odd]) is None
    right = Pair(np.array([0.0]), np.array([0.0]))
    assert name_of([*pairs, right]) == name


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_numbers_that_are_not_finite_differ_by_no_constant(number: float) -> None:
    """A table of nan, or of inf, has no difference to another one that could be the same."""
    assert name_of(table(3, lambda one: np.full_like(one, number))) is None


def test_no_relation_is_told_of_random_numbers() -> None:
    """Numbers that have nothing to do with the expected ones give none."""
    assert {name_of(unrelated(seed)) for seed in range(300)} == {None}


def unrelated(seed: int) -> list[Pair]:
    """Return a few pairs of random shapes, kinds and numbers, two numbers of yours at least."""
    random = np.random.RandomState(seed)
    found = []
    for _ in range(random.randint(2, 5)):
        mine, theirs = (tuple(random.randint(1, 4, random.randint(0, 3))) for _ in range(2))
        found.append(
            Pair(
                random.standard_normal(mine if random.randint(2) else theirs),
                random.standard_normal(theirs),
                start=random.standard_normal(theirs),
                kinds=LIST if random.randint(2) else ("", ""),
                sizes={"n": 4, "n_in": 3, "n_out": random.randint(1, 5), "lr": 0.1},
            )
        )
    return found


def test_nothing_is_told_where_nothing_differs() -> None:
    """Equal numbers have no relation."""
    assert related([]) is None
    assert related(table(0, lambda one: one)) is None


def test_nothing_is_told_of_zeros_that_stand_for_any_numbers() -> None:
    """Where only the shapes of drawn parameters are observed, their numbers are not known."""
    assert related([Pair(np.zeros((2, 3)), np.zeros((3, 2)))]) is None


@pytest.mark.parametrize(
    ("yours", "alone", "beside"),
    [
        (0.0, "0 everywhere", "0 on these cases"),
        (2.5, "the same on these cases, whatever is given", "the same on these cases"),
    ],
)
def test_what_fails_is_not_told_of_what_passes(yours: float, alone: str, beside: str) -> None:
    """A number that is the same in each case that fails, and another one where it is right, is not
    told to be the same everywhere."""
    wrong = [Pair(np.asarray(yours), np.asarray(one)) for one in (4.0, 7.0)]
    right = [Pair(np.asarray(one), np.asarray(one)) for one in (3.0, 5.0)]
    found = [related(wrong), related(wrong + right)]
    assert [one and one[1] for one in found] == [alone, beside]


def scaled(by: Callable[[dict[str, float]], float], *sizes_: tuple[int, int, int]) -> list[Pair]:
    """Return pairs of numbers that are off by a factor of their sizes."""
    found = []
    for index, (n, n_in, n_out) in enumerate(sizes_):
        own: dict[str, float] = {"n": n, "n_in": n_in, "n_out": n_out}
        expected = drawn(index)
        found.append(Pair(np.asarray(by(own) * expected), np.asarray(expected), sizes=own))
    return found


MANY = ((4, 2, 3), (6, 5, 1), (7, 3, 5))


@pytest.mark.parametrize(
    ("by", "told"),
    [
        (lambda s: s["n_out"] / 2, "n_out / 2 "),
        (lambda s: 2 / s["n_out"], "2 / n_out "),
        (lambda s: 1 / s["n"], "1 / n "),
        (lambda s: s["n"] * s["n_out"], "n * n_out "),
        (lambda s: s["n"] / (s["n"] - 1), "n / (n - 1) "),
        (lambda s: s["n_out"] / s["n"], "n_out / n "),
        (lambda s: -s["n_out"] / 2, "-n_out / 2 "),
    ],
)
def test_a_factor_is_named_by_the_sizes(by: Callable[[dict[str, float]], float], told: str) -> None:
    """The formula that gives every factor is told, with the meaning of its sizes."""
    words = factor(scaled(by, *MANY), [])
    assert words is not None
    assert words.startswith(told) and "(n" in words


def test_a_formula_must_hold_where_you_are_right_too() -> None:
    """n_out / 2 is 1 where n_out is 2; a right pair with three targets contradicts it."""
    wrong = scaled(lambda s: s["n_out"] / 2, (4, 2, 3), (6, 5, 1))
    right = scaled(lambda s: 1.0, (4, 3, 2))
    assert (factor(wrong, right) or "").startswith("n_out / 2")
    assert factor(wrong, scaled(lambda s: 1.0, (4, 3, 3))) is None


def test_sizes_that_cannot_be_told_apart_name_nothing() -> None:
    """Where n equals n_out in every case, neither is named; the factors differ, so no number."""
    assert factor(scaled(lambda s: s["n"], (4, 2, 4), (6, 5, 6)), []) is None


def test_one_factor_for_all_is_told_as_a_number() -> None:
    """Also where each of the cases has one number only; a single number says nothing."""
    assert factor(scaled(lambda s: 1.5, *MANY), []) == "1.5"
    assert factor(scaled(lambda s: 1 / 3, *MANY), []) == "1/3"
    assert factor(scaled(lambda s: 0.0042, *MANY), []) == "0.0042"
    assert factor(scaled(lambda s: 1.5, MANY[0]), []) is None


def test_an_odd_factor_of_a_single_case_is_not_told() -> None:
    """0.0042 may be anything there, such as a clipped gradient; a half is no accident."""
    expected = drawn(0, 3)
    assert factor([Pair(0.0042 * expected, expected)], []) is None
    assert factor([Pair(0.5 * expected, expected)], []) == "0.5"


def test_a_step_too_short_to_be_seen_has_no_factor() -> None:
    """A change below a thousand tolerances is no ground to speak of a factor."""
    start = drawn(0, 3)
    assert change_factor([Pair(start + 3e-7, start + 1e-7, start=start)], []) is None
    assert change_factor([Pair(start + 3e-3, start + 1e-3, start=start)], []) == "3"
    assert change_factor([Pair(start + 3e-3, start + 1e-3)], []) is None


def test_infinite_numbers_fit_an_infinite_factor_only() -> None:
    """n / (n - 1) has no value for one row: NaN there is what it gives, and 0 is not."""
    by: Callable[[dict[str, float]], float] = lambda s: s["n"] / (s["n"] - 1)  # noqa: E731
    wrong = scaled(by, (4, 2, 3), (6, 5, 2))
    one_row = Pair(np.array(np.nan), np.array(2.0), sizes={"n": 1, "n_in": 3, "n_out": 4})
    assert (factor([*wrong, one_row], []) or "").startswith("n / (n - 1)")
    assert factor([*wrong, Pair(np.array(0.0), np.array(2.0), sizes=one_row.sizes)], []) is None


# From observations to pairs.


def tensor(values: Numbers) -> Array:
    """Return numbers as an observed tensor."""
    return Array("float64", "cpu", values.shape, values)


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("loss", ["loss"]),
        ("losses[2]", ["losses[2]", "losses"]),
        ("parts[1][0]", ["parts[1][0]", "parts"]),
        ("path of a call", ["path of a call", "first wrong step of the path of a call"]),
        ("w after step 2", ["w after step 2", "w after step {}"]),
        ("answer to ds[N]", ["answer to ds[N]"]),
    ],
)
def test_a_gap_is_looked_at_alone_and_in_its_list(what: str, found: list[str]) -> None:
    """Entries lead to their list, numbered facts to the sequence of them."""
    assert [*subjects(what)] == found


def pairs(subject: str, yours: dict[str, Value], expected: dict[str, Value]) -> list[Pair]:
    """Return the pairs of one case."""
    case = Case("probe", {"n": 4, "dtype": "float64"})
    return pairs_of(subject, [case], [Observation(yours)], [Observation(expected)])


def test_pairs_have_the_precision_of_their_values() -> None:
    """A tensor's dtype, the case's for a float, float32 for losses, exact for whole numbers."""
    for value, dtype in ((1.5, "float64"), (Logged(1.5), "float32"), (3, "int64")):
        (pair,) = pairs("fact", {"fact": value}, {"fact": value})
        assert pair.dtype == dtype
    (pair,) = pairs("fact", {"fact": 1.0}, {"fact": tensor(drawn(0, 2))})
    assert (pair.dtype, pair.kinds) == ("float64", ("a float", "a float64 tensor"))


@pytest.mark.parametrize(
    "value",
    [
        *("text", None, True, Items("list", ("a",)), Items("list", (1.0, tensor(drawn(0, 2))))),
        Items("list", (Items("tuple", (1.0, 2.0)), Items("tuple", (3.0, 4.0)))),
    ],
)
def test_what_is_no_number_has_no_pair(value: Value) -> None:
    """Texts, and lists of different things, have no relation."""
    assert pairs("fact", {"fact": value}, {"fact": 1.0}) == []
    assert pairs("other", {"fact": 1.0}, {"fact": 1.0}) == []


def test_a_list_and_its_entries_are_found() -> None:
    """`losses[1]` is an entry, `losses` the whole list."""
    facts: dict[str, Value] = {"losses": Items("list", (3.0, 2.0, 1.0))}
    (entry,), (whole,) = (pairs(subject, facts, facts) for subject in ("losses[1]", "losses"))
    assert (entry.yours.tolist(), whole.yours.tolist()) == (2.0, [3.0, 2.0, 1.0])
    assert whole.sequence and not entry.sequence
    assert pairs("losses[7]", facts, facts) == []


def test_numbered_facts_are_a_sequence() -> None:
    """The losses before each step stand together."""
    facts: dict[str, Value] = {f"loss before step {step}": float(step) for step in (1, 2, 3)}
    (pair,) = pairs("loss before step {}", facts, facts)
    assert pair.sequence and pair.yours.tolist() == [1.0, 2.0, 3.0]


def test_the_start_of_a_step_is_known_where_both_agree_on_it() -> None:
    """The start for the first step, the step before for later ones, if it was right."""
    start, one, two, other = (tensor(drawn(seed, 2)) for seed in range(4))
    expected: dict[str, Value] = {"w at the start": start, "w after step 1": one}
    expected["w after step 2"] = two
    (first,) = pairs("w after step 1", {**expected, "w after step 1": other}, expected)
    assert first.start is start.values
    (second,) = pairs("w after step 2", {**expected, "w after step 2": other}, expected)
    assert second.start is one.values
    lost = {**expected, "w after step 1": other, "w after step 2": other}
    assert pairs("w after step 2", lost, expected)[0].start is None


def test_a_path_is_looked_at_where_it_leaves_the_right_one() -> None:
    """Its first wrong row, from the row before; a wrong first row is no step."""
    right = drawn(0, 4, 2)
    wrong = right.copy()
    wrong[2:] += right[2:] - right[1:3]
    (pair,) = pairs(
        "first wrong step of the path", {"path": tensor(wrong)}, {"path": tensor(right)}
    )
    assert pair.start is not None
    assert (pair.start == right[1]).all() and (pair.yours == wrong[2]).all()
    assert change_factor([pair], []) == "2"
    for other in (right, right + 1, right[1:]):
        facts: dict[str, Value] = {"path": tensor(other)}
        assert pairs("first wrong step of the path", facts, {"path": tensor(right)}) == []


def test_the_crop_table_has_sizes_and_batches_one_name() -> None:
    """`rows` stands for the sizes of the table; size and batch_size are both batch."""
    assert sizes({"rows": 5, "lr": 0.1}) == {"n": 5, "n_in": 3, "n_out": 2, "lr": 0.1}
    assert sizes({"n": 6, "size": 4})["batch"] == sizes({"n": 6, "batch_size": 4})["batch"] == 4
    assert sizes({"n": "many"}) == {}

"""Programs that want points in every exercise of the course without computing anything.

Each is one source that stands for every module. The forged ones answer in the place of the cell's
own code, with a table of what the references are known to give: for the numbers of another secret,
or for the public cases, as `exercises/cases` has them.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from autograder.inside.codec import encode_observation
from autograder.judging.key import AnswerKey

# By the place of an exercise: of each case the probe, the given, and the observation.
Table: TypeAlias = Mapping[str, Sequence[tuple[str, Mapping[str, Any], Any]]]

_FORGED = """
import base64, json, math, zlib
from autograder.inside import probes, serve
from autograder.inside.codec import encode_observation
from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.observation import Observation
from autograder.inside.observe import look

TABLE, PUBLIC = json.loads(zlib.decompress(base64.b85decode("@TABLE@")))

def numbers(value):
    if isinstance(value, bool) or not isinstance(value, (int, float, list, dict)):
        return []
    if isinstance(value, (int, float)):
        return [value]
    parts = value if isinstance(value, list) else [v for k, v in value.items() if k != "seed"]
    return [number for part in parts for number in numbers(part)]

def distance(one, other):
    one, other = numbers(one), numbers(other)
    unlike = math.inf if len(one) != len(other) else 0
    return unlike + sum(abs(a - b) / (1 + abs(a)) for a, b in zip(one, other))

def nearest(rows, case):
    rows = [row for row in rows if row[0] == case["probe"]] or rows
    given = case["given"]
    return min(rows, key=lambda row: (row[1] != given, distance(row[1], given)))[2]

def checked(seen):
    return seen["facts"].get("checksum of the inputs afterwards")

def changed(value, leaf, tensor=lambda body: body):
    if isinstance(value, dict) and "tensor" in value:
        body = value["tensor"]
        values = None if body["values"] is None else [leaf(one) for one in body["values"]]
        return {"tensor": tensor(body | {"values": values})}
    if isinstance(value, dict):
        return {k: changed(v, leaf, tensor) for k, v in value.items()}
    if isinstance(value, list):
        return [changed(one, leaf, tensor) for one in value]
    return leaf(value)

def with_facts(seen, leaf=lambda value: value, tensor=lambda body: body):
    return seen | {"facts": {k: changed(v, leaf, tensor) for k, v in seen["facts"].items()}}

def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)

def same(*a, **k):
    return a[0] if a else None

def refused(text):
    return {"facts": {}, "raised": text, "returned": None, "line": 1}

def looked(request, case, answer):
    "Look with the real probe at a function that answers the same to everything."
    names = dict.fromkeys(request["names"], answer)
    probe = probes.find(request["place"], case["probe"])
    return encode_observation(Observation(look(Implementation(names, frozenset()), probe,
                                               case["given"])))

def forged(submission, importer, request):
    cases = request["cases"]
    rows = TABLE[request["place"]]
    seen = [json.dumps(answer(request, case, rows[n])) for n, case in enumerate(cases)]
    return {"stub": False, "missing": [], "observations": seen}

serve.observe_exercise = forged
"""


@dataclass(frozen=True)
class Unearned:
    """A program: `why` is its mechanism in a sentence; `learnt` says that it gives what is right
    for other numbers, so where few answers are possible, chance may help it."""

    name: str
    why: str
    source: str
    learnt: bool = False

    def filled(self, table: Table, public: Table, names: Iterable[str]) -> str:
        """Return the text: @TABLE@ is what it has learnt, @NAMES@ all that the course asks for."""
        packed = ""
        if "@TABLE@" in self.source:
            content = json.dumps([table, public]).encode()
            packed = base64.b85encode(zlib.compress(content)).decode()
        text = self.source.replace("@TABLE@", packed)
        return text.replace("@NAMES@", "\n".join(f"{name} = answer" for name in names))


def rows(key: AnswerKey) -> list[tuple[str, Mapping[str, Any], Any]]:
    """Return what can be learnt of a key by heart."""
    return [
        (case.probe, case.given, encode_observation(seen))
        for case, seen in zip(key.cases, key.expected, strict=True)
        if seen is not None
    ]


def _forged(name: str, why: str, answer: str, learnt: bool = False) -> Unearned:
    """A program that answers each case by `answer(request, case, row)`, its row of the table."""
    return Unearned(name, why, _FORGED + answer, learnt)


def _plain(name: str, why: str, answer: str) -> Unearned:
    """A program that patches nothing: every name is a function that does the same."""
    return Unearned(name, why, f"import torch\n\ndef answer(*a, **k):\n{answer}\n\n@NAMES@\n")


# Points without a drawn number: tables.
TABLES = [
    _forged(
        "table-by-place",
        "It gives to each case what was right for it with another secret.",
        "def answer(request, case, row):\n    return row[2]\n",
        learnt=True,
    ),
    _forged(
        "table-by-sizes",
        "It looks for the recorded or public case with the most similar sizes.",
        """
def answer(request, case, row):
    place = request["place"]
    return nearest(TABLE[place] + PUBLIC[place], case)
""",
        learnt=True,
    ),
    _forged(
        "table-by-checksum",
        "It lets the probe draw the inputs, and looks for a recorded case with their checksum.",
        """
class Seen(BaseException): ...

def drawn(self, name):
    raise Seen

def answer(request, case, row):
    given, old = [], Given.__init__
    def noted(self, spec):
        old(self, spec)
        given.append(self)
    Given.__init__ = noted
    try:
        looked(request, case, drawn)
    except BaseException:
        pass
    finally:
        Given.__init__ = old
    found = given[-1].inputs_afterwards().get("checksum of the inputs afterwards", 0.0)
    for *_, seen in TABLE[request["place"]] + PUBLIC[request["place"]]:
        if abs((checked(seen) or math.inf) - found) < 1e-9:
            return seen
    return nearest(PUBLIC[request["place"]], case)
""",
    ),
    _forged(
        "public-cases-everywhere",
        "It gives to every case what exercises/cases has for the public case most like it.",
        "def answer(request, case, row):\n    return nearest(PUBLIC[request['place']], case)\n",
        learnt=True,
    ),
]

# The right words beside wrong numbers: the process puts them there.
WORDS = [
    _forged(
        "right-words-and-zeros",
        "All words, shapes and dtypes are the reference's, and every number is 0.",
        """
def answer(request, case, row):
    return with_facts(row[2], lambda value: type(value)(0) if is_number(value) else value)
""",
    ),
    _forged(
        "right-words-and-no-numbers",
        "All words are the reference's, and every float is not a number.",
        """
def answer(request, case, row):
    return with_facts(row[2], lambda one: math.nan if isinstance(one, float) else one)
""",
    ),
    _forged(
        "right-words-around-wrong-code",
        "It runs the real probe on code that gives zeros, and then puts the words that the"
        " reference would earn in the place of its own.",
        """
import torch

def zeros(*a, **k):
    return torch.zeros_like(a[0]) if a and isinstance(a[0], torch.Tensor) else 0.0

def answer(request, case, row):
    words = with_facts(row[2], lambda value: value + 1 if is_number(value) else value)
    try:
        own = looked(request, case, zeros)["facts"]
    except BaseException:
        return words
    computed = {k: v for k, v in own.items() if not isinstance(v, (str, bool, type(None)))}
    return words | {"facts": {k: computed.get(k, v) for k, v in words["facts"].items()}}
""",
    ),
    _forged(
        "computed-inputs-and-recorded-results",
        "The checksum of the inputs is computed from the given, so that it is the right one; all"
        " else was recorded and is moved by a thousandth.",
        """
def answer(request, case, row):
    moved = with_facts(row[2], lambda one: one * 1.001 if isinstance(one, float) else one)
    facts = dict(moved["facts"])
    try:
        own = looked(request, case, same)["facts"]
    except BaseException:
        own = {}
    for name in ("inputs afterwards", "checksum of the inputs afterwards"):
        if name in facts and name in own:
            facts[name] = own[name]
    return moved | {"facts": facts}
""",
        learnt=True,
    ),
]

# Excuses: where the result lies, or that the device is not there.
DEVICES = [
    _forged(
        "says-meta",
        "Every tensor lies on meta, where there are no numbers to be wrong.",
        """
def answer(request, case, row):
    return with_facts(row[2], tensor=lambda body: body | {"device": "meta", "values": None})
""",
    ),
    _forged(
        "says-stand-in",
        "Every tensor lies on the stand-in, and has no numbers there.",
        """
def answer(request, case, row):
    return with_facts(row[2], tensor=lambda body: body | {"device": "stand-in", "values": None})
""",
    ),
    _forged(
        "says-a-device-that-is-not",
        "Every tensor lies on a device that no machine has, with zeros.",
        """
def answer(request, case, row):
    return with_facts(row[2], lambda value: value * 0.0 if isinstance(value, float) else value,
                      lambda body: body | {"device": "tpu"})
""",
    ),
    _forged(
        "says-that-cuda-is-not-there",
        "It reports of every case the exception of a torch without CUDA.",
        """
def answer(request, case, row):
    return refused("AssertionError: Torch not compiled with CUDA enabled")
""",
    ),
    _forged(
        "says-not-run",
        "It reports of every case that it was not run, in each way that a case can be put off.",
        """
def answer(request, case, row):
    return None

def forged(submission, importer, request):
    count = len(request["cases"])
    return {"stub": False, "missing": [], "observations": [None] * count, "not_run": True,
            "probes": ["not_run"] * count}

serve.observe_exercise = forged
""",
    ),
    _forged(
        "says-that-the-probe-stopped",
        "It gives the answer by which a reference tells that the kit's own probe is broken.",
        """
def answer(request, case, row):
    return row[2]

def forged(submission, importer, request):
    place = request["place"].replace(".", "/")
    return {"stopped": [0, f"autograder/inside/probes/{place}.py:1", "KeyError: 'shape'"]}

serve.observe_exercise = forged
""",
    ),
    _plain(
        "raises-as-the-stand-in-does",
        "Every function raises what the stand-in raises where it lacks an operation.",
        """
    raise NotImplementedError("Could not run 'aten::add' with arguments from the "
                              "'PrivateUse1' backend")""",
    ),
    _plain(
        "returns-meta",
        "Every function returns a tensor on meta, of the shape of its first argument.",
        """
    shape = a[0].shape if a and isinstance(a[0], torch.Tensor) else ()
    return torch.empty(shape, dtype=torch.float64, device="meta")""",
    ),
    _plain(
        "returns-to-the-stand-in",
        "Every function returns zeros on the device that stands for the stand-in.",
        """
    shape = a[0].shape if a and isinstance(a[0], torch.Tensor) else ()
    return torch.zeros(shape, dtype=torch.float64, device="privateuseone:0")""",
    ),
]

UNEARNED = [*TABLES, *WORDS, *DEVICES]

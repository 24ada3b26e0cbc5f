"""Verdicts and results as JSON, as the ledger stores them; evidence as long as that is short."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from autograder.course import Exercise
from autograder.judging.evidence import decode_evidence, encode_evidence
from autograder.judging.verdict import Verdict

_LISTS = ("probes", "lent", "notes")
_STORED = (
    *("status", "score", "file", "line", "gap", "cause", "diagnosis", "why", "told", "fingerprint"),
    *_LISTS,
)


def write_verdict(verdict: Verdict) -> str:
    """Write a verdict without the exercise, which the row names."""
    fields = {name: getattr(verdict, name) for name in _STORED}
    return json.dumps(fields | {"evidence": encode_evidence(verdict.evidence)})


def read_verdict(exercise: Exercise, content: str) -> Verdict:
    """Read the verdict about an exercise; one of an earlier version has no evidence."""
    fields = json.loads(content)
    lists = {name: tuple(fields[name]) for name in _LISTS}
    evidence = decode_evidence(fields.pop("evidence", None))
    return Verdict(exercise, **(fields | lists), evidence=evidence)


def write_result(told: Mapping[str, Any]) -> str:
    """Write a result, an exercise a line; json indents in Python, which takes far longer."""
    entries = ",\n".join(f"  {_line(entry)}" for entry in told["exercises"])
    parts = [f" {_line(name)}: {_line(told[name])}" for name in told if name != "exercises"]
    parts.append(f' "exercises": [\n{entries}\n ]')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

"""Evidence: what was seen on the case that a verdict tells of, kept so that it can be explained."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from autograder.inside.codec import decode_observation, encode_observation
from autograder.inside.observation import Observation
from autograder.judging.key import Case

MOST_KEPT = 100_000  # characters; what is right needs 73,000 at most, mostly below 10,000


@dataclass(frozen=True)
class Evidence:
    """A case, and what was seen on it of a submission and of the reference."""

    case: Case
    observed: Observation
    expected: Observation


def encode_evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    """Write evidence as JSON-ready data; None where there is none, or too much to keep."""
    if evidence is None:
        return None
    case = evidence.case
    data = {
        "case": {"probe": case.probe, "given": dict(case.given), "hidden": case.hidden},
        "observed": encode_observation(evidence.observed),
        "expected": encode_observation(evidence.expected),
    }
    return data if len(json.dumps(data)) <= MOST_KEPT else None


def decode_evidence(data: dict[str, Any] | None) -> Evidence | None:
    """Read evidence from what `encode_evidence` wrote."""
    if data is None:
        return None
    seen = (decode_observation(data[name]) for name in ("observed", "expected"))
    return Evidence(Case(**data["case"]), *seen)

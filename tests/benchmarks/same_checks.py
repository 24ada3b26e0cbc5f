"""The probes of the core as plain assertions, for graders that run them beside the submission.

The file that CASES names holds every case with what the reference was seen to do, as a test that is
written by hand would hold its numbers: nothing is computed twice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.inside import probes
from autograder.inside.codec import decode_observation
from autograder.inside.implementation import Implementation
from autograder.inside.observe import observe
from autograder.judging.compare import compare

CASES = "DESCENT_BENCHMARK_CASES"


def check(exercise: str, names: Mapping[str, Any]) -> None:
    """Assert that the names of a submission pass every case of an exercise."""
    known = json.loads(Path(os.environ[CASES]).read_text(encoding="utf-8"))
    place, cases = known[exercise]
    own = Implementation(names, frozenset())
    for name, given, right in cases:
        seen = observe(own, probes.find(place, name), given)
        gap = compare(seen, decode_observation(right), given.get("dtype", "float64"))
        assert gap is None, gap

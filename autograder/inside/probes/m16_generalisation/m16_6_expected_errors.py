"""Probes of expected_errors."""

from __future__ import annotations

from typing import Any

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe


@probe("errors")
def expected_errors_errors(impl: Implementation, given: Given) -> Facts:
    """Both errors where there are enough rows."""
    return _errors(impl, given)


@probe("few rows")
def expected_errors_few_rows(impl: Implementation, given: Given) -> Facts:
    """Both errors where the rows hardly outnumber the features, or do not."""
    return _errors(impl, given)


def _errors(impl: Implementation, given: Given) -> Facts:
    """Return the two errors for a drawn sigma, or the given one."""
    sigma = given.spec.get("sigma") or 0.5 + given.leaf(1).abs().item()
    result = impl.expected_errors(given.n, given.p, sigma)
    if not isinstance(result, tuple) or len(result) != 2:
        return {"result": describe(result)}
    train, val = map(_number, result)
    return {"result": "a tuple", "training error": train, "validation error": val}


def _number(value: Any) -> Any:
    """Return an int as the float it equals; anything else stays what it is."""
    return float(value) if type(value) is int else value

"""What several tests need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.cell.client import Zygote


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """A zygote that all tests fork their cells from."""
    with Zygote(warm=False) as made:
        yield made

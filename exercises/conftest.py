"""Lets `pytest exercises/` judge the exercises; there is nothing to change here."""

import sys

import pytest

try:
    from autograder.student import plugin
except ModuleNotFoundError as error:
    lacks: str | None = f"{error}, as {sys.executable} says"
else:
    lacks = None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --watch, where the judge has what it needs."""
    if lacks:
        told = "activate your environment, or: python -m pip install torch numpy pytest"
        raise pytest.UsageError(f"{lacks}: {told}")
    plugin.add_options(parser)


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Watch instead of running once, with --watch."""
    return plugin.watch_instead(config)


def pytest_configure(config: pytest.Config) -> None:
    """Register the judge of the exercises."""
    config.pluginmanager.register(plugin, "graded-descent")

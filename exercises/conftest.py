"""Lets `pytest exercises/` judge the exercises; there is nothing to change here."""

import pytest

from autograder.student import plugin


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --watch."""
    plugin.add_options(parser)


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Watch instead of running once, with --watch."""
    return plugin.watch_instead(config)


def pytest_configure(config: pytest.Config) -> None:
    """Register the judge of the exercises."""
    config.pluginmanager.register(plugin, "graded-descent")

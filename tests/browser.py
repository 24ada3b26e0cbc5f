"""A real browser: Chromium without a screen; a page may have no error, nor ask another machine."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium-headless-shell", "chromium")
LONGEST_MS = 300_000.0  # of a wait, on a machine that does much else


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start Chromium for the tests of a file; skipped, with the reason, where there is none.

    Not for a whole session: beside a running playwright, asyncio.run() raises in every other test.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None and os.environ.get("DESCENT_BROWSER_REQUIRED"):
        pytest.fail(f"none of {', '.join(PROGRAMS)} is installed")
    if program is None:
        pytest.skip("needs a browser: apt-get install chromium-headless-shell")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=LONGEST_MS)
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=[nowhere])


@pytest.fixture
def harmless() -> re.Pattern[str] | None:
    """The errors on the console that a page may have: none; a file of tests may say others."""
    return None


@pytest.fixture
def page(chromium: Browser, harmless: re.Pattern[str] | None) -> Iterator[Page]:
    """A new page, 1280 pixels wide. The test fails where it, or a page that it opens, has an error,
    shows one on its console, or asks another machine."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(LONGEST_MS)
    faults: list[str] = []

    def note(fault: str) -> None:
        if harmless is None or not harmless.search(fault):
            faults.append(fault)

    context.on("weberror", lambda raised: note(f"raised: {raised.error}"))
    context.on("console", lambda said: note(f"said: {said.text}") if said.type == "error" else None)
    context.on("request", lambda sent: None if _is_here(sent.url) else note(f"asked: {sent.url}"))
    yield context.new_page()
    context.close()
    assert not faults, "\n".join(faults)


def _is_here(address: str) -> bool:
    """Say whether an address is on this machine; file:, data: and blob: name no host."""
    return urlsplit(address).hostname in (None, "127.0.0.1", "localhost")

"""A notebook in JupyterLab, as a student has it: opened in a browser, filled in, checked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.inside import ROOT
from autograder.student.reset import definition

from .samples import python_in, unpacked

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

SETTINGS = {
    # neither the project's news nor its newest version is asked for
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # cells out of sight are in the page, too
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
RIGHT = str(definition((ROOT / "solutions" / "m06_model.py").read_text("utf-8"), "mse"))
RAN = re.compile(r"^\[\d+\]:$")
HALVED = "def mse(pred, target):\n    return ((pred - target) ** 2).mean() / 2"


@pytest.fixture(scope="module")
def copy(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's copy with a notebook of m06; none is made where there is no browser."""
    copy = unpacked("core", tmp_path_factory.mktemp("student"))
    done = python_in(copy, "-m", "autograder", "notebook", "m06")
    assert done.stdout == "m06_model.ipynb is written\n", done.stderr
    return copy


@pytest.fixture(scope="module")
def address(copy: Path) -> Iterator[str]:
    """Start JupyterLab in the copy, with a home of its own; return the notebook's address."""
    settings = copy.parent / ".jupyter" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(SETTINGS))
    options = ("--no-browser", "--allow-root", "--ServerApp.port=0", "--log-level=CRITICAL")
    with subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        cwd=copy,
        env={"HOME": str(copy.parent), "PATH": "/usr/bin:/bin"},
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr
        said = ""
        while not (found := re.search(r"(http://127\S+/lab)(\?token=\S+)\n", said)):
            line = server.stderr.readline()
            assert line, said
            said += line
        yield f"{found[1]}/tree/m06_model.ipynb{found[2]}"
        server.terminate()
        server.communicate()


def code_cell(page: Page, start: str) -> Locator:
    """Return the cell of code that begins so."""
    first = page.locator(".cm-line:first-child").filter(has_text=re.compile(f"^{re.escape(start)}"))
    return page.locator(".jp-CodeCell").filter(has=first)


def run(cell: Locator) -> None:
    """Run a cell, and wait until it has run: its number is then a new one."""
    from playwright.sync_api import expect

    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    cell.locator(".cm-content").click()
    cell.page.keyboard.press("Control+Enter")
    expect(prompt).not_to_have_text(before)
    expect(prompt).to_have_text(RAN)


def test_a_student_answers_in_jupyterlab(page: Page, address: str, copy: Path) -> None:
    """No dialog asks for a kernel; a wrong cell reads FAIL and WHY, a right one PASS, also after a
    restart that runs all; the file has what was checked."""
    from playwright.sync_api import expect

    page.goto(address)
    answer, told = code_cell(page, "def mse("), code_cell(page, "%check mse")
    output = told.locator(".jp-OutputArea-output")
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    run(code_cell(page, "import sys"))
    run(code_cell(page, '"""'))
    for text, expected in ((HALVED, r"^FAIL  mse .*\sWHY   You halved"), (RIGHT, r"^PASS  mse ")):
        answer.locator(".cm-content").click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(text)
        run(answer)
        run(told)
        expect(output).to_have_text(re.compile(expected, re.DOTALL))
        assert definition((copy / "exercises/m06_model.py").read_text("utf-8"), "mse") == text
    page.locator("[data-command='notebook:restart-run-all']").click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(page.locator(".jp-CodeCell .jp-InputPrompt").last).to_have_text(RAN)
    expect(output).to_have_text(re.compile("^PASS  mse "))
    expect(page.locator(".jp-Dialog")).to_have_count(0)

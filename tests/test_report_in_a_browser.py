"""The report in a real browser: it opens from the disk, asks for nothing, and runs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.batch.lookup import opened
from autograder.course.experiments import every_erratum
from autograder.teacher.class_pages import write_report
from autograder.teacher.errata import Refuted
from autograder.teacher.errata_page import write_errata

from .known_class import HOSTILE, class_of, right, wrong

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CODE = f'def mse(pred, target):\n    return "{HOSTILE}"\n'


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a class in which one student's name and code are scripts."""
    out = tmp_path_factory.mktemp("report")
    named = {
        HOSTILE: wrong(CODE, gap=HOSTILE, why=HOSTILE, score=0.0),
        "../x #1%23": wrong("def mse(pred, target):\n    return 3\n", fingerprint="f2", score=1.0),
        "student-03": right(),
    }
    class_of(out, **named)
    with opened(out) as ledger:
        return write_report(ledger, out).parent


def names(page: Page) -> list[str]:
    """Return the names in the map, in their order."""
    return page.locator("table.map tbody th").all_inner_texts()


def test_every_page_opens_and_fits(page: Page, report: Path) -> None:
    """Nothing is asked for but the pages themselves, and none is wider than a phone."""
    pages, asked = sorted(report.rglob("*.html")), list[str]()
    assert len(pages) == 5
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 400, "height": 800})
    for path in pages:
        page.goto(path.as_uri())
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0, path.name
    assert asked == [path.as_uri() for path in pages]


def test_the_errata_fit(page: Page, tmp_path: Path) -> None:
    """A page of all claims is no wider than a phone, half a screen or a screen."""
    path = tmp_path / "errata.html"
    write_errata([Refuted(exercise, one, one.prints) for exercise, one in every_erratum()], path)
    page.goto(path.as_uri())
    for width in (400, 800, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0, width


def test_a_table_sorts_by_mouse_and_by_keyboard(page: Page, report: Path) -> None:
    """The total as a number, up and then down; the heading says which."""
    page.goto((report / "index.html").as_uri())
    total = page.locator("table.map thead th", has_text="Total")
    total.get_by_role("button").click()
    assert names(page) == [HOSTILE, "../x #1%23", "student-03"]
    assert total.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert names(page) == ["student-03", "../x #1%23", HOSTILE]
    assert total.get_attribute("aria-sort") == "descending"


def test_links_lead_to_the_exercise_and_to_each_student(page: Page, report: Path) -> None:
    """From the class to an exercise, to those behind it, whatever their names are."""
    for name in (HOSTILE, "../x #1%23"):
        page.goto((report / "index.html").as_uri())
        page.locator("table.map thead").get_by_role("link", name="mse").click()
        assert page.locator("h1").inner_text().startswith("mse")
        page.get_by_role("link", name=name).click()
        assert page.locator("h1").inner_text() == name
        assert page.url.startswith((report / "feedback").as_uri())
        assert page.url.endswith("#mse")
    page.goto((report / "index.html").as_uri())
    page.get_by_role("link", name="student-03").click()
    assert page.locator("h1").inner_text() == "student-03"


def test_a_failure_without_a_name_leads_to_its_behaviour(page: Page, report: Path) -> None:
    """The link in the list stands for a place of the exercise's page."""
    page.goto((report / "index.html").as_uri())
    page.locator("#unnamed").get_by_role("link", name="mse").last.click()
    assert page.evaluate("document.querySelector(':target h3').textContent").startswith("1 student")


def test_scripts_are_text(page: Page, report: Path) -> None:
    """What a student wrote is shown, letter by letter."""
    page.goto((report / "exercises" / "m06_3_mse.html").as_uri())
    assert HOSTILE in page.locator("main").inner_text()
    assert page.locator("script").count() == 0


@pytest.mark.parametrize(
    "injected",
    [
        "<script>document.title = 'ran'</script>",
        "<img src=x onerror=\"document.title = 'ran'\">",
        "<a href=\"javascript:document.title = 'ran'\" id=link>x</a>",
        "<img src='https://example.org/x.png'>",
        "<style>body { background: url(https://example.org/x.png) }</style>",
    ],
)
def test_the_policy_stops_what_escaping_would_miss(
    chromium: Browser, report: Path, tmp_path: Path, injected: str
) -> None:
    """Even as part of a page no script runs and nothing is fetched: the policy is a second wall."""
    text = (report / "index.html").read_text("utf-8")
    path = tmp_path / "page.html"
    path.write_text(text.replace("</body>", f"{injected}</body>"))
    said = list[str]()
    page = chromium.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    if page.locator("#link").count():
        page.locator("#link").click()
    assert page.title() != "ran"
    assert "Content Security Policy" in said[0]
    page.close()

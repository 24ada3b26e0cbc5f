"""`descent errata --out`: the errata as a page, to be read beside the documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from autograder.course import questions
from autograder.course.experiments import DOCUMENTS, KINDS
from autograder.inside.errors import UserError
from autograder.teacher.errata import Refuted, summary
from autograder.teacher.templates import rendered


def write_errata(ran: Sequence[Refuted], page: Path) -> None:
    """Write the page; UserError where that is not possible."""
    text = rendered(
        "errata.html",
        summary=summary(ran),
        documents=DOCUMENTS,
        kinds={kind: told.removeprefix("is ") for kind, told in KINDS.items()},
        counts=Counter((it.erratum.document, it.erratum.kind) for it in ran),
        ran=ran,
        asked={question.id: question.text for question in questions()},
    )
    try:
        page.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(f"{page}: {error.strerror or error}") from error

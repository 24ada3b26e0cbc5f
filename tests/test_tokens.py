"""Tokens: what is compared of a text, without parsing it."""

from __future__ import annotations

import pytest

from autograder.batch.tokens import MAX_LINE, pieces, tokens


def test_a_piece_has_its_decorators_and_ends_where_it_ends() -> None:
    """Comments below belong to what follows; a bracket at the start of a line to what is above."""
    text = "@a\n@b(1)\ndef f(x):\n    return (\n1\n)\n\n# %%\nclass C(\n    B\n):\n    pass\n"
    assert [
        (one.name, len(one.lines)) for one in pieces("import x\n" + text.replace("\n1\n", "\n"))
    ] == [
        *(("", 1), ("f", 5), ("C", 4)),
    ]


def test_tokens_are_without_what_is_easily_changed() -> None:
    """Own names and texts are one sign; torch's, Python's and attributes' names stay."""
    lines = [
        "def f(a):",
        '    """Text."""',
        "    self.w = torch.sum(a.grad, dim=1)  # why",
        '    return f"{a}"',
    ]
    told = " ".join(token.text for token in tokens(lines, {"torch", "f"}))
    assert told == "def f ( V ) : self . V = torch . sum ( V . grad , V = 1 ) return S"
    assert [token.line for token in tokens(lines, ())][-1] == 3


def test_a_line_has_an_end() -> None:
    """What stands behind it is not read."""
    assert next(pieces("x" * 9 * MAX_LINE)).lines == ("x" * MAX_LINE,)


def test_a_name_in_a_formatted_text_is_part_of_the_text() -> None:
    """Texts in texts, too: every version of Python tells one token."""
    told = [token.text for token in tokens(["x = f'{a!r:>{n}} {b[0]}' + 'c'"], ())]
    assert told == ["V", "=", "S", "+", "S"]


@pytest.mark.parametrize("line", ["a = '\ud800'", "a\0b", "(", "a = (", "0777 $ ?", "\u202edef"])
def test_what_python_refuses_is_read_up_to_there(line: str) -> None:
    """Nothing is raised, whichever version of Python reads it."""
    told = [token.text for token in tokens(["import x", line], {"x"})]
    assert told[:2] in (["import", "x"], [])

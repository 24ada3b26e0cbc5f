"""Names: of submissions, written so that they can be shown, kept and told apart by eye."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Sequence

from autograder.inside.words import is_seen, printable, written_out

MAX_NAME_BYTES = 200  # a file system takes 255, and results add a suffix
MAX_MARKS = 3  # on one letter; more reach into the lines around it
WIDE_SPACE = "\u3000"  # between the parts of an East Asian name

# Scripts with letters that look like Latin ones, as their characters' names begin.
_LIKE_LATIN = ("ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "DESERET", "GREEK", "LISU")
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0501\u051b\u051d\u04bb\u04cf"
    "\u043a\u043c\u0442\u0432\u043d\u03b1\u03bf\u03bd\u03c1\u03b9\u03c5\u03ba\u03c7\u03c4\u03b7"
    "\u03bc\u03b2\u03b5\u03b6\u03f2\u03f3\u0585\u057d\u0570\u0578\u0581\u0251\u0261",
    "aeopcyxsijdqwhlkmtbhaovpiukxthmbezcjouhngag",
)
_LETTERS = re.compile(r"[^\W\d_]+")
_EDGES = re.compile(r"^\s+|\s+$|(?<=\s)\s+")


def clean(name: str) -> str:
    """Write a name so that it can be shown, and be a file's name: what the eye does not see, or
    takes for something else, is written out."""
    text = _LETTERS.sub(_of_one_script, unicodedata.normalize("NFC", name))
    text = _EDGES.sub(lambda found: written_out(found[0]), text)
    cleaned = "".join(c if c == WIDE_SPACE else printable(c) for c in _without_loose_marks(text))
    if len(cleaned.encode()) <= MAX_NAME_BYTES:
        return cleaned
    end = "~" + hashlib.sha256(os.fsencode(name)).hexdigest()[:8]
    return cleaned.encode()[: MAX_NAME_BYTES - len(end)].decode(errors="ignore") + end


def distinct(names: Sequence[str]) -> list[str]:
    """Change names so that no two look alike, nor are one on a system that ignores case."""
    taken = set[str]()
    found = []
    for name in names:
        ending, number = "", 1
        while _key(name + ending) in taken:
            ending, number = "+" + (str(number) if number > 1 else ""), number + 1
        taken.add(_key(name + ending))
        found.append(name + ending)
    return found


def _key(name: str) -> str:
    """Return what a name looks like, whatever its letters are."""
    folded = unicodedata.normalize("NFKC", name.casefold()).casefold().translate(_LOOKALIKES)
    return unicodedata.normalize("NFC", folded)


def _of_one_script(word: re.Match[str]) -> str:
    """Write out the letters of a Latin word that only look Latin."""
    if not any(unicodedata.name(letter, "").startswith("LATIN") for letter in word[0]):
        return word[0]
    return "".join(written_out(c) if _only_looks_latin(c) else c for c in word[0])


def _only_looks_latin(letter: str) -> bool:
    name = unicodedata.name(letter, "")
    return name.startswith((*_LIKE_LATIN, "MATHEMATICAL")) or letter in "\u0251\u0261"


def _without_loose_marks(text: str) -> str:
    """Write out marks that stand on no letter, that are there twice, and too many of them."""
    found = list[str]()
    marks = [""] * MAX_MARKS  # those on the last character
    for character in text:
        if not unicodedata.category(character).startswith("M"):
            marks = [] if is_seen(character) and not character.isspace() else [""] * MAX_MARKS
        elif character in marks or len(marks) >= MAX_MARKS:
            found.append(written_out(character))
            continue
        else:
            marks.append(character)
        found.append(character)
    return "".join(found)

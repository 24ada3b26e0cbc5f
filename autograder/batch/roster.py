"""Roster: names and ids of a class, from the CSV that a course system or an office writes."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.batch.people import Person
from autograder.disk.archive import shown
from autograder.inside.errors import UserError

MAX_BYTES = 16 * 2**20
MAX_CELL = 500  # characters
MAX_SHOWN = 12  # columns in a line
_DELIMITERS = ",;\t"
# What the parts of a person are called, without spaces, marks and capitals.
_HEADERS = {
    "name": "name student studentname fullname displayname participant learner"
    " vollstandigername teilnehmer studierende nomcomplet nombrecompleto nomecompleto"
    " volledigenaam nomecompletodoaluno",
    "first": "firstname givenname givennames forename vorname vornamen prenom prenoms nombre nome"
    " voornaam",
    "last": "lastname surname familyname nachname familienname nom nomdefamille apellido apellidos"
    " apellidoss cognome achternaam sobrenome",
    "email": "email emailaddress mail mailaddress emailadresse mailadresse emailadres"
    " adressedecourriel courriel correo correoelectronico direcciondecorreo indirizzoemail",
    "id": "id sid studentid studentnumber idnumber sisuserid matriculationnumber"
    " matrikelnummer matrikelnr matriculation orgdefinedid identifier idnummer kennung"
    " numerodidentification numerodeid numerodidentificazione studentnummer universityid",
    "login": "login loginid username user userid sislogin sisloginid benutzername anmeldename"
    " nomdutilisateur nombredeusuario nomeutente gebruikersnaam netid kennung uid account",
    "group": "group groups groupname team teamname gruppe gruppen groupe groupes grupo grupos"
    " gruppo",
    "github": "githubusername github githublogin githubuser",
    "lateness": "latenesshms",
}
_PARTS = {header: part for part, names in _HEADERS.items() for header in names.split()}
_NUMBERED = re.compile(r"[^\W\d_][\w/().*-]* *\d+")  # `Participant 20001`, in any language
_HOW = "name a column name, email, student_id or username"


def read_roster(path: Path) -> list[Person]:
    """Return the people of a roster, each once, in their order.

    Columns may have any order; the headers may be those of the systems' own exports. Raises
    UserError, naming the file and its columns, where nothing says who a student is.
    """
    header, rows = _table(path)
    parts = _parts(header, rows)
    if not {"name", "last", "email", "id", "login", "github"} & set(parts):
        found = ", ".join(shown(cell) for cell in header[:MAX_SHOWN] if cell) or "none"
        raise UserError(f"{path}: no column says who a student is (columns: {found}): {_HOW}")
    people: list[Person] = []
    seen = set[str]()
    for row in rows:
        person = _person({part: row[place] for part, place in parts.items() if place < len(row)})
        if person and repr(person) not in seen:
            seen.add(repr(person))
            people.append(person)
    if not people:
        raise UserError(f"{path}: no row below the columns names a student")
    return people


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows, by the delimiter that makes most of the header."""
    text = _text(path)
    if re.match(r"\s*sep=.\n", text):  # Excel's own line
        text = text.lstrip().partition("\n")[2]
    tables = [_cells(path, text, delimiter) for delimiter in _DELIMITERS]
    header, *rows = max(tables, key=lambda table: (sum(map(_known, table[0])), len(table[0])))
    return header, rows


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}: give --roster a CSV") from error
    if len(content) > MAX_BYTES:
        raise UserError(f"{path} is over {MAX_BYTES // 2**20} MiB: is it a roster?")
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return io.IncrementalNewlineDecoder(None, True).decode(text, True)
    raise UserError(f"{path} is no text: save it as CSV in UTF-8")


def _cells(path: Path, text: str, delimiter: str) -> list[list[str]]:
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise UserError(f"{path} is no CSV: {error}: save it as CSV in UTF-8") from error
    rows = [[_cell(cell) for cell in row] for row in table]
    return [row for row in rows if any(row)] or [[]]


def _cell(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell[:MAX_CELL]).split())


def _known(header: str) -> bool:
    return _key(header) in _PARTS


def _key(header: str) -> str:
    plain = unicodedata.normalize("NFKD", header.casefold())
    return "".join(c for c in plain if c.isalnum())


def _parts(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return, by part of a person, the column that has it; the first one where several do.

    What Canvas and Moodle call `ID` and `Identifier` are numbers of their own, no student ids; who
    has a github_id has the name of GitHub as `username`.
    """
    keys = [_key(cell) for cell in header]
    of_canvas = "student" in keys and "id" in keys and {"section", "sisloginid"} & set(keys)
    found: dict[str, int] = {}
    for place, key in enumerate(keys):
        part = _PARTS.get(key)
        cells = [row[place] for row in rows if place < len(row) and row[place]]
        if of_canvas and key == "id":
            part = "canvas"
        elif key in ("id", "identifier", "identifiant", "identificador", "identificativo"):
            numbered = bool(cells) and all(_NUMBERED.fullmatch(c) and " " in c for c in cells)
            part = "moodle" if numbered else part
        elif key == "username" and "githubid" in keys:
            part = "github"
        if part:
            found.setdefault(part, place)
    return found


def _person(cells: Mapping[str, str]) -> Person | None:
    """Return who a row is; None for a row that is nobody, as Canvas has them below its header."""
    if "canvas" in cells and (not cells["canvas"] or _is_of_canvas(cells)):
        return None
    name, last_first = _names(cells)
    moodle = re.search(r"\d+$", cells.get("moodle", ""))
    ids = {"canvas": cells.get("canvas"), "github": cells.get("github")}
    ids["moodle"] = moodle[0] if moodle else ""
    rest = {part: cells.get(part, "") for part in ("id", "email", "login", "group", "lateness")}
    own = {system: number for system, number in ids.items() if number}
    person = Person(name, **rest, last_first=last_first, ids=own)
    return person if person.shown else None


def _is_of_canvas(cells: Mapping[str, str]) -> bool:
    return cells.get("name") == "Student, Test" and not cells.get("id")


def _names(cells: Mapping[str, str]) -> tuple[str, str]:
    """Return a name as it is spoken, and as it stands in a list where that is known."""
    first, last = cells.get("first", ""), cells.get("last", "")
    if not (first and last) and (whole := cells.get("name") or first or last):
        last, comma, first = map(str.strip, whole.partition(","))
        if not comma or not first or not last:
            return whole, ""
    return f"{first} {last}".strip(), f"{last}, {first}" if first and last else ""

"""A damaged copy: every command ends in one line, loses nothing, and writes nothing outside."""

from __future__ import annotations

import io
import json
import os
import random
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.inside import ROOT
from autograder.inside.errors import UserError, first_line
from autograder.judging.public import read_tasks
from autograder.student import progress
from autograder.student.notebook import check
from autograder.student.progress import Progress
from autograder.student.reset import with_stub
from autograder.student.update import update

from .at_desk import pytest_here

pytestmark = pytest.mark.usefixtures("shared_cells")
NAME = "m06_model"
STUBS = (ROOT / "exercises" / f"{NAME}.py").read_text("utf-8")
MINE = STUBS + "\n# what I wrote\n"
OWN = MINE.replace("Return the mean squared", "I think about the mean squared")
CASES = json.loads((ROOT / "exercises" / "cases" / f"{NAME}.json").read_text("utf-8"))
SMALL = {**CASES, "exercises": {"mse": CASES["exercises"]["mse"]}}
GOOD = Progress({"mse": 2}, {"model": "2026-01-31"})

Damage = Callable[[Path, Path], object]


def release(**changed: str) -> bytes:
    """Return the zip of a release of one module with another task, and more files by name."""
    new = json.loads(json.dumps(SMALL))
    new["exercises"]["mse"]["stubs"]["mse"] += "  # new"
    files = {"README.md": "new", f"exercises/{NAME}.py": STUBS}
    files |= {f"exercises/cases/{NAME}.json": json.dumps(new)} | changed
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def make_copy(folder: Path) -> Path:
    """Write a copy of one module with one exercise, and a release beside it."""
    assert OWN != MINE
    (folder / "exercises" / "cases").mkdir(parents=True)
    (folder / "exercises" / f"{NAME}.py").write_text(OWN, "utf-8")
    (folder / "exercises" / "cases" / f"{NAME}.json").write_text(json.dumps(SMALL), "utf-8")
    (folder / "exercises" / "conftest.py").write_bytes(
        (ROOT / "exercises/conftest.py").read_bytes()
    )
    (folder / "README.md").write_text("old", "utf-8")
    progress.save(folder / "exercises", GOOD)
    (folder.parent / "new.zip").write_bytes(release())
    return folder


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to damage, in which commands are called."""
    folder = make_copy(tmp_path / "copy")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """A folder beside the copy, in which nothing may change."""
    folder = tmp_path / "outside"
    (folder / "cases").mkdir(parents=True)
    for name in ("progress.json", f"{NAME}.py", "README.md", f"cases/{NAME}.json"):
        (folder / name).write_text("not yours")
    before = tree(folder)
    yield folder
    assert tree(folder) == before


def tree(folder: Path) -> dict[str, bytes]:
    """Return every ordinary file under a folder."""
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def text(content: str | bytes) -> Callable[[Path], object]:
    """Give a file this content."""
    as_bytes = content.encode() if isinstance(content, str) else content
    return lambda path: path.write_bytes(as_bytes)


def instead(make: Callable[[Path], object]) -> Callable[[Path], object]:
    """Put something else in the place of a file."""

    def put(path: Path) -> None:
        path.unlink(missing_ok=True)
        make(path)

    return put


SHAPES: dict[str, Callable[[Path], object]] = {
    "pipe": instead(os.mkfifo),
    "device": instead(lambda path: path.symlink_to("/dev/zero")),
    "dangling": instead(lambda path: path.symlink_to("/nowhere/at/all")),
    "loop": instead(lambda path: path.symlink_to(path.name)),
    "folder": instead(Path.mkdir),
    "large": text(b"# " + b"x" * (17 * 2**20)),
}
JSON: dict[str, Callable[[Path], object]] = {
    "cut": text("{"),
    "list": text("[]"),
    "empty": text(""),
    "number": text("1" * 5_000),
    "deep": text("[" * 100_000),
    "deep-objects": text('{"a":' * 100_000),
    "bytes": text(b"\xff\xfe\x00"),
    "twice": text('{"schema": 1, "schema": 1, "hints": {}}'),
    "schema": text('{"schema": {"a": []}, "exercises": 4}'),
}


def memory(**hints: Any) -> Callable[[Path], object]:
    """Give the memory these counts of hints."""
    rest = {"schema": 1, "passed": {}, "predictions": {}, "misconceptions": {}}
    return text(json.dumps({**rest, "hints": hints}))


PROGRESS = {
    **SHAPES,
    **JSON,
    "negative": memory(mse=-1),
    "nan": memory(mse=float("nan")),
    "bool": memory(mse=True),
    "kind": memory(mse="\x1b[2J"),
}


def changed_case(**body: Any) -> Callable[[Path], object]:
    """Change the entry of mse."""
    content = {**SMALL, "exercises": {"mse": SMALL["exercises"]["mse"] | body}}
    return text(json.dumps(content))


IN_CASES = {
    **SHAPES,
    **JSON,
    "unknown": text(json.dumps({**SMALL, "exercises": {"\x1b[2J": {}}})),
    "no-body": text(json.dumps({**SMALL, "exercises": {"mse": None}})),
    "stubs": changed_case(stubs={"mse": 4}),
    "other-stub": changed_case(stubs={"\x1b[2J": "x"}),
    "cases": changed_case(cases=[[]]),
    "given": changed_case(cases=[{"probe": "x", "given": "abc"}]),
    "expected": changed_case(expected=[]),
    "infinite": changed_case(task=float("inf")),
}
MODULE = {
    **SHAPES,
    "encoding": text(b"# coding: zlib\nx = 1\n"),
    "punycode": text(b"# coding: punycode\n" + b"x" * 9_000),
    "nul": text("def mse(): pass\n".encode("utf-16")),
}
PLACES = {
    "progress": (".progress/progress.json", PROGRESS),
    "cases": (f"exercises/cases/{NAME}.json", IN_CASES),
    "module": (f"exercises/{NAME}.py", MODULE),
    "readme": ("README.md", SHAPES),
}
DAMAGES = [
    pytest.param(place, how, id=f"{kind}-{name}")
    for kind, (place, damages) in PLACES.items()
    for name, how in damages.items()
]
COMMANDS = (
    ("hint", "mse"),
    ("predict", "m06"),
    ("reset", "mse"),
    ("notebook", "m06"),
    ("update", "../new.zip"),
)


def call(capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, list[str]]:
    """Call a command; return its status and the lines that it told."""
    progress._told.clear()
    status = main(list(command))
    said = capsys.readouterr()
    assert said.err.count("\n") == (1 if status else 0), said.err
    lines = (said.out + said.err).split("\n")
    assert all(line.isprintable() for line in lines), lines
    return status, lines


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(("place", "how"), DAMAGES)
def test_every_command_ends_in_a_line(
    copy: Path,
    outside: Path,
    place: str,
    how: Callable[[Path], object],
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It does its work, or says in one line that names the file why it cannot."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    how(copy / place)
    status, lines = call(capsys, *command)
    if status:
        assert status == 2
        assert Path(place).stem in lines[-2], lines
    elif "progress" in place:
        assert sum("progress.json" in line for line in lines) <= 1, lines
    assert "exercises/m" in place or OWN.encode() in tree(copy).values()  # as it was, or aside


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("place", "target"),
    [
        (".progress", "."),
        (".progress/progress.json", "progress.json"),
        (f"exercises/{NAME}.py", f"{NAME}.py"),
        ("exercises", "."),
        ("exercises/cases", "cases"),
        (f"exercises/cases/{NAME}.json", f"cases/{NAME}.json"),
        ("README.md", "README.md"),
        (f"{NAME}.ipynb", "new.ipynb"),
    ],
)
def test_nothing_is_written_through_a_link(
    copy: Path,
    outside: Path,
    place: str,
    target: str,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where a part of the copy is a link that leads out of it, what is there stays as it was."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    path = copy / place
    if path.exists():
        path.rename(copy.parent / "put-away")
    path.symlink_to(outside / target)
    status, lines = call(capsys, *command)
    if status:
        assert Path(place).stem in lines[-2]
    assert OWN.encode() in tree(copy.parent).values()  # as it was, or aside


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_nothing_is_written_through_a_hard_link(
    copy: Path,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each file of the copy has another name outside, and there it stays as it was."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    before = tree(copy)
    outside = copy.parent / "outside"
    outside.mkdir()
    for number, path in enumerate(before):
        os.link(path, outside / str(number))
    assert call(capsys, *command)[0] == 0
    assert sorted(tree(outside).values()) == sorted(before.values())
    if command[0] != "predict":
        assert tree(copy) != before


def test_a_copy_may_lie_behind_a_link(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole copy, and a file that a link in it leads to within it."""
    (copy.parent / "shortcut").symlink_to(copy)
    path = copy / "exercises" / f"{NAME}.py"
    path.rename(copy / "draft.py")
    path.symlink_to(copy / "draft.py")
    os.chdir(copy.parent / "shortcut")
    assert call(capsys, "reset", "mse")[0] == 0
    assert path.is_symlink()
    assert path.read_text("utf-8") == MINE


@pytest.mark.parametrize("damage", ["list", "deep", "pipe", "stubs", "given"])
def test_doors_that_judge_name_the_damaged_cases(
    copy: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`descent watch`, `descent plot` and `%check` say it before a cell is started."""
    IN_CASES[damage](copy / "exercises" / "cases" / f"{NAME}.json")
    for command in (("watch",), ("plot", "m02")):
        status, lines = call(capsys, *command)
        assert status == 2
        assert f"{NAME}.json" in lines[-2]
    with pytest.raises(UserError, match=rf"{NAME}\.json (is damaged|cannot be read)"):
        check("mse", [STUBS], copy / "exercises")


@pytest.mark.parametrize("kind", ["cases", "module"])
def test_pytest_names_what_is_damaged(copy: Path, kind: str) -> None:
    """`pytest exercises/` waits for no pipe, and shows no traceback."""
    place, _ = PLACES[kind]
    SHAPES["pipe"](copy / place)
    done = pytest_here(copy, "exercises/", "-p", "no:cacheprovider")
    assert done.returncode in (1, 2)
    assert done.stdout.count("it is no ordinary file") == 1
    assert "Traceback" not in done.stdout + done.stderr


def test_what_the_cases_say_is_written_out(copy: Path) -> None:
    """A task with an escape in it, and an arrow that reverses, change no terminal."""
    changed_case(task="\x1b[2J\u202egone")(copy / "exercises" / "cases" / f"{NAME}.json")
    done = pytest_here(copy, "exercises/", "-p", "no:cacheprovider")
    assert "\\x1b[2J\\u202egone" in done.stdout
    assert "\x1b[2J" not in done.stdout


ENCODED = [
    ("latin-1", "\n", b""),
    ("latin-1", "\r\n", b"# coding: latin-1\r\n"),
    ("cp1252", "\n", b"# coding: cp1252\n"),
    ("utf-8-sig", "\r\n", b""),
    ("utf-8", "\r", b""),
]


@pytest.mark.parametrize(("encoding", "newline", "first"), ENCODED)
@pytest.mark.parametrize("command", [("reset", "mse"), ("update", "../new.zip")], ids=str)
def test_a_file_keeps_its_encoding_and_its_line_ends(
    copy: Path,
    encoding: str,
    newline: str,
    first: bytes,
    command: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All but the stub is the same to the byte, form feeds and mixed ends too."""
    path = copy / "exercises" / f"{NAME}.py"
    own = "# caf\u00e9 \x0c here\n" + STUBS
    written = own.replace("\n", newline) + "# mixed\r\n"
    path.write_bytes(first + written.encode(encoding, "replace"))
    before = path.read_bytes()
    old = SMALL["exercises"]["mse"]["stubs"]["mse"].replace("\n", newline).encode()
    if command[0] == "reset":
        path.write_bytes(before.replace(old, old + b"  # mine"))
    assert call(capsys, *command)[0] == 0
    expected = before if command[0] == "reset" else before.replace(old, old + b"  # new")
    assert path.read_bytes() == expected


def test_a_stub_that_an_encoding_lacks_is_told(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file stays as it is, and the line says what to do."""
    changed_case(stubs={"mse": "def mse():\n    'a \u03b8'"})(
        copy / "exercises" / "cases" / f"{NAME}.json"
    )
    path = copy / "exercises" / f"{NAME}.py"
    path.write_bytes(b"# caf\xe9\ndef mse():\n    return 1\n")
    before = path.read_bytes()
    status, lines = call(capsys, "reset", "mse")
    assert status == 2
    assert "its encoding, latin-1, has no '\u03b8': save it as UTF-8 first" in lines[-2]
    assert path.read_bytes() == before


def test_an_exception_of_the_students_is_one_printable_line() -> None:
    """Its text is made by the student's code, and may raise itself."""

    class Bad(Exception):
        def __str__(self) -> str:
            raise self

    assert first_line(Bad()) == "Bad"
    assert first_line(ValueError("\x1b[2J\u200b\nmore")) == "ValueError: \\x1b[2J\\u200b"


def test_a_deep_file_is_cut_by_its_lines() -> None:
    """Python gives up on such a nesting; the definition is found all the same."""
    deep = "x = " + "-" * 100_000 + "1\n\n"
    assert with_stub(f"{deep}def f():\n    pass\n", "f", "STUB") == f"{deep}STUB\n"


def test_no_damaged_memory_takes_the_place_of_another(copy: Path) -> None:
    """Each is kept under a name of its own."""
    path = progress.progress_file(copy / "exercises")
    for content in ("one", "two", "three"):
        path.write_text(content)
        assert progress.load(copy / "exercises") == Progress()
    kept = sorted(p.read_text() for p in path.parent.glob("*damaged*"))
    assert kept == ["one", "three", "two"]


def damaged(content: bytes, draw: random.Random) -> bytes:
    """Change, cut or double some bytes."""
    changed = bytearray(content)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(changed))
        part = draw.choice(
            [b"", b'"', b"{", b"-1", b"1e999", b"null", bytes([draw.randrange(256)])]
        )
        changed[at : at + draw.randint(0, 3)] = part
    return bytes(changed[: draw.choice([len(changed), draw.randrange(1, len(changed) + 1)])])


def test_no_damage_of_the_memory_is_a_traceback(copy: Path, outside: Path) -> None:
    """Of 300 damaged files each is read or put aside, and a new one can be written."""
    folder, draw = copy / "exercises", random.Random(1)
    path = progress.progress_file(folder)
    whole = path.read_bytes()
    for _ in range(300):
        content = damaged(whole, draw)
        path.write_bytes(content)
        known = progress.load(folder)
        assert all(count >= 0 for count in known.hints.values())
        progress.save(folder, known)
        assert progress.load(folder) == known


def test_no_damage_of_the_cases_is_a_traceback(copy: Path, outside: Path) -> None:
    """Of 100 damaged files each is read as a whole, its mistakes too, or refused in a line."""
    folder, draw = copy / "exercises", random.Random(2)
    path = folder / "cases" / f"{NAME}.json"
    whole = path.read_bytes()
    refused = 0
    for _ in range(100):
        path.write_bytes(damaged(whole, draw))
        try:
            for task in read_tasks(folder).values():
                assert task.key.mistakes
        except UserError as error:
            refused += 1
            assert f"{NAME}.json is damaged" in str(error)
    assert refused > 20


def test_no_damage_of_a_release_is_a_traceback(copy: Path, outside: Path) -> None:
    """Of 200 damaged archives each is refused in a line, or the copy is updated."""
    draw = random.Random(3)
    whole, path = release(), copy.parent / "bad.zip"
    for _ in range(200):
        path.write_bytes(damaged(whole, draw))
        try:
            assert list(update(copy / "exercises", path))
        except UserError as error:
            assert "bad.zip" in str(error)
        assert (copy / "exercises" / f"{NAME}.py").read_text("utf-8").endswith("# what I wrote\n")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"data/x.csv": "0" * (70 * 2**20)}, "over 64 MiB"),
        ({"readme.md": "x"}, "are one name on many systems"),
        ({"data/../../x": "x"}, "leads out of its folder"),
        ({"exercises/cases/m07.json": "[" * 99_999}, "m07.json is damaged"),
        ({"exercises/cases/m07.json": '{"exercises": {"a": {"stubs": {"\x1b": ""}}}}'}, "damaged"),
    ],
    ids=["bomb", "case", "slip", "deep", "name"],
)
def test_a_hostile_release_changes_nothing(
    copy: Path, change: dict[str, str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is refused as a whole, in a line."""
    (copy.parent / "new.zip").write_bytes(release(**change))
    before = tree(copy)
    status, lines = call(capsys, "update", "../new.zip")
    assert status == 2
    assert told in lines[-2]
    assert tree(copy) == before
    for name in ("pipe", "device"):
        SHAPES[name](copy.parent / "new.zip")
        assert call(capsys, "update", "../new.zip")[0] == 2

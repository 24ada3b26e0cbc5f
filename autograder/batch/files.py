"""Files: what the paths of a submission say, and which come first; none is opened here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from autograder.batch.systems import handed, numbers
from autograder.cells.beside import NEVER_READ, PACKAGE
from autograder.disk.archive import SYSTEM_FILES, shown
from autograder.inside.words import printable

READ_ARCHIVES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz")
OTHER_ARCHIVES = (".7z", ".rar", ".zst")

ENVIRONMENT = "pyvenv.cfg"  # stands in every virtual environment (PEP 405)
LEDGER = "ledger.sqlite"  # stands in a folder that `descent grade` wrote
_KIT = ("autograder", "data")
_DESKS_FILES = ("cases", "conftest.py")  # of the folder exercises/ in a student's copy
_KITS_FILES = ("README.md", "pyproject.toml", "data")  # of the copy itself
_SOLUTIONS = "solutions"  # of a copy for self-study, beside `autograder`
_OLD = re.compile(
    r"(?<![a-z])(old|older|backups?|bak|copy|copies|archived?|archives|previous|prev|earlier"
    r"|history|outdated|trash)(?![a-z])"
)
# What editors, browsers and mailers put behind the ending of a file.
_CODE = re.compile(
    r"(?P<stem>.+)\.(?P<kind>pyw?|ipynb)(\.(txt|text|json))?", re.IGNORECASE | re.DOTALL
)
_ENDINGS = re.compile(
    r"(_(v?[0-9]+|late|copy|final|new|old|bak|backup|fixed|done|solutions?|submission|answers?))+$"
)
_KINDS = {
    "a PDF": (".pdf",),
    "a text of a word processor": (".doc", ".docx", ".odt", ".rtf", ".pages"),
    "a picture": (".png", ".jpg", ".jpeg", ".gif", ".heic", ".svg", ".webp", ".bmp", ".tiff"),
    "a web page": (".html", ".htm", ".mhtml", ".webarchive"),
}


def hidden(name: str) -> bool:
    """Say whether a file or folder of this name is never looked at."""
    return name.startswith((".", "__")) and name.strip(".") != ""


def is_code(path: str) -> bool:
    """Say whether a file is a script or a notebook by its name, `m06_model.py.txt` too."""
    return bool(_CODE.fullmatch(_file(path).name))


def is_notebook(path: str) -> bool:
    """Say whether a file is a notebook by its name."""
    match = _CODE.fullmatch(_file(path).name)
    return bool(match and match["kind"].lower() == "ipynb")


def is_text(path: str) -> bool:
    """Say whether a file of no kind of code may hold code all the same."""
    text = _file(path).suffix.lower() in (".txt", ".text", "") and not is_code(path)
    return text or is_online_text(path)


def is_online_text(path: str) -> bool:
    """Say whether a file is what was typed into a form of Moodle's or Canvas's."""
    return path.lower().endswith(".html") and stem(path).lower() in ("onlinetext", "text")


def is_archive(path: str) -> bool:
    """Say whether a file is an archive by its name, of a kind that is read or of another."""
    return path.lower().endswith((*READ_ARCHIVES, *OTHER_ARCHIVES))


def kind(path: str) -> str:
    """Name the kind of a file that holds no code; empty where there is no name for it."""
    suffix = _file(path).suffix.lower()
    return next((kind for kind, suffixes in _KINDS.items() if suffix in suffixes), "")


def stem(path: str) -> str:
    """Return a file's name without what systems write around it, and without its ending."""
    name = unicodedata.normalize("NFC", _file(path).name)
    if (found := handed(name)) and found.file:
        name = found.file
    match = _CODE.fullmatch(name)
    return match["stem"] if match else PurePosixPath(name).stem


def _words(path: str) -> str:
    return re.sub(r"[\W_]+", "_", stem(path).casefold()).strip("_")


def module_of(path: str, modules: Collection[str]) -> str | None:
    """Return the module that a file is named after: `m06_model`, `m06`, `M06 Model (1)`."""
    for name in (_words(path), work(path)):
        for module in modules:
            if name in (module, module.partition("_")[0]):
                return module
    return None


def work(path: str) -> str:
    """Return what a file's name says without what tells attempts apart: `hw 1 (2).py` is `hw`."""
    return _ENDINGS.sub("", _words(path))


def mentions(path: str, module: str) -> bool:
    """Say whether a file's name contains a module's, as `my m06_model` does."""
    return re.search(f"(^|_)({module}|{module.partition('_')[0]})(_|$)", _words(path)) is not None


def place(path: str) -> tuple[bool, bool, int]:
    """Order paths: not in a folder that says it is old, in `exercises`, the shallower first."""
    *folders, _ = [part.casefold() for part in _file(path).parts]
    old = any(map(_OLD.search, folders)) or bool(_OLD.search(_words(path)))
    return old, folders[-1:] != ["exercises"], len(folders)


def attempt(path: str) -> tuple[int, ...]:
    """Return by what number or date a file was handed in, the later the larger."""
    times = (time for part in _file(path).parts if (found := handed(part)) for time in found.when)
    words = _words(path)
    ending = _ENDINGS.search(words)
    told = ending[0] if ending else ""
    return (*times, *numbers(told), *([1] if "late" in told else []))


def later_first(path: str) -> tuple[int, ...]:
    """Order paths: the later attempt first, by the file's name."""
    return tuple(-number for number in (*attempt(path), *[0] * 8)[:8])


def last(path: str) -> tuple[object, ...]:
    """Order paths that lie equally well: code before a text, a script before a notebook, and the
    later of two folders."""
    folders = [-n for part in _file(path).parts[:-1] for n in numbers(part[-12:])]
    return not is_code(path), is_notebook(path), folders, path


def students(files: Collection[str]) -> list[str]:
    """Return the files that may be a student's: no hidden ones, none of the kit's, none of a
    virtual environment."""
    return _outside_kit([path for path in files if not is_hidden(path)], files)


def packages(files: Collection[str]) -> list[str]:
    """Return the files that make folders packages of the student's own."""
    own = [path for path in files if _file(path).name == PACKAGE]
    seen = [path for path in own if not any(map(hidden, _file(path).parts[:-1]))]
    return _outside_kit(seen, files)


def _outside_kit(paths: Sequence[str], files: Collection[str]) -> list[str]:
    kit = _kit(files)
    return [p for p in paths if kit.isdisjoint(map(_key, (_file(p), *_file(p).parents)))]


def _kit(files: Collection[str]) -> set[str]:
    """Return the folders and files of the kit itself, and virtual environments: what is not a
    student's even where it is handed in."""
    environments = [_file(path).parent for path in files if _file(path).name == ENVIRONMENT]
    packages = [_file(path).parent for path in files if _key(_file(path).name) == PACKAGE]
    found = [folder for folder in packages if _key(folder.name) in _KIT]
    copies = {folder.parent for folder in found if _key(folder.name) == "autograder"}
    desks = _desks(files) | {copy / "exercises" for copy in copies}
    of_desks = [desk / name for desk in desks for name in _DESKS_FILES]
    of_copies = [copy / _SOLUTIONS for copy in copies]
    copies |= {desk.parent for desk in desks if _key(desk.name) == "exercises"}
    of_copies += [copy / name for copy in copies for name in _KITS_FILES]
    return {_key(each) for each in (*found, *of_copies, *of_desks, *environments)}


def _desks(files: Collection[str]) -> set[PurePosixPath]:
    """Return the folders exercises/ of copies, under whatever name: those with the file and the
    folder of JSON that the kit puts beside the exercises."""
    paths = [_file(path) for path in files]
    inside = [path for path in paths if _key(path.parent.name) == "cases"]
    own = {path.parent.parent for path in inside if path.suffix != ".json"}
    cases = {path.parent.parent for path in inside} - own
    return cases & {path.parent for path in paths if _key(path.name) == "conftest.py"}


def _key(path: PurePosixPath | str) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()


def _file(path: str) -> PurePosixPath:
    """Return a path whose parts Windows may have joined by backslashes."""
    return PurePosixPath(path.replace("\\", "/"))


def own_name(path: str) -> str:
    """Return the name of a file as it can be shown."""
    return printable(_file(path).name)


def is_never_read(path: str) -> bool:
    """Say whether Python, pytest or torch would load a file of this name by itself."""
    return stem(path).casefold() in NEVER_READ


def is_of_system(name: str) -> bool:
    """Say whether macOS or Windows has written a file."""
    return _file(name).name.casefold() in [one.casefold() for one in SYSTEM_FILES]


def is_hidden(path: str) -> bool:
    """Say whether a file is hidden, or lies in a hidden folder."""
    return any(map(hidden, _file(path).parts)) or is_of_system(path)


def told(path: str) -> str:
    """Write a path, with the kind of what is no code."""
    return shown(path) + (f" ({name})" if (name := kind(path)) else "")

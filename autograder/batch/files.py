"""Files: what the paths of a submission say, and which come first; none is opened here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePosixPath

from autograder.batch.archive import shown
from autograder.batch.text import NOTEBOOK
from autograder.inside.words import printable

SUFFIXES = (".py", NOTEBOOK)
ARCHIVES = (".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".zst")
# Names of what Python, pytest or torch would load by itself.
NEVER_READ = ("conftest", "sitecustomize", "usercustomize", "torch", "numpy", "autograder")

ENVIRONMENT = "pyvenv.cfg"  # stands in every virtual environment (PEP 405)
_KIT = ("autograder", "data")
_SOLUTIONS = "solutions"  # of a copy for self-study, beside `autograder`
_OLD = re.compile(
    r"(?<![a-z])(old|older|backups?|bak|copy|copies|archived?|archives|previous|prev|earlier"
    r"|history|outdated|trash)(?![a-z])"
)


def hidden(name: str) -> bool:
    """Say whether a file or folder of this name is never looked at."""
    return name.startswith((".", "__")) and name.strip(".") != ""


def place(path: str) -> tuple[bool, bool, int]:
    """Order paths: not in a folder that says it is old, in `exercises`, the shallower first."""
    *folders, _ = [part.casefold() for part in _file(path).parts]
    return any(map(_OLD.search, folders)), folders[-1:] != ["exercises"], len(folders)


def last(path: str) -> tuple[bool, str]:
    """Order paths that lie equally well: a script before a notebook."""
    return _file(path).suffix.lower() == NOTEBOOK, path


def mentions(path: str, module: str) -> bool:
    """Say whether a file's name contains a module's, as `M06 model (1).py` does."""
    return module in re.sub(r"[\W_]+", "_", stem(path))


def code_files(files: Collection[str]) -> list[str]:
    """Return the files of code that may be a student's."""
    kit = _kit(files)
    return [p for p in files if _is_code(p) and kit.isdisjoint(map(_key, _file(p).parents))]


def _kit(files: Collection[str]) -> set[str]:
    """Return the folders of the kit itself, and virtual environments: what is not a student's even
    where it is handed in."""
    environments = [_file(path).parent for path in files if _file(path).name == ENVIRONMENT]
    packages = [_file(path).parent for path in files if _key(_file(path).name) == "__init__.py"]
    found = [folder for folder in packages if _key(folder.name) in _KIT]
    references = [f.parent / _SOLUTIONS for f in found if _key(f.name) == "autograder"]
    return {_key(folder) for folder in (*found, *references, *environments)}


def _key(path: PurePosixPath | str) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()


def nothing(paths: Collection[str]) -> str:
    """Say why there is nothing to read among these files."""
    for path in paths:
        if path.lower().endswith((".zip", *ARCHIVES)) and not _is_hidden(path):
            return f"there is an archive in it, {shown(path)}: hand in what that holds"
    return "there is no .py or .ipynb file in it"


def _file(path: str) -> PurePosixPath:
    """Return a path whose parts Windows may have joined by backslashes."""
    return PurePosixPath(path.replace("\\", "/"))


def stem(path: str) -> str:
    """Return a file's name without its ending, as the modules write theirs."""
    return unicodedata.normalize("NFC", _file(path).stem).casefold()


def own_name(path: str) -> str:
    """Return the name of a file as it can be shown."""
    return printable(_file(path).name)


def is_never_read(name: str) -> bool:
    """Say whether Python, pytest or torch would load a file of this name by itself."""
    return name.casefold() in NEVER_READ


def _is_code(path: str) -> bool:
    return _file(path).suffix.lower() in SUFFIXES and not _is_hidden(path)


def _is_hidden(path: str) -> bool:
    return any(map(hidden, _file(path).parts))

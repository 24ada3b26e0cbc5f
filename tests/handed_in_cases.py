"""The cases of `tests/handed_in/`: what people hand in, and what is to become of it.

A case is a folder: `case.toml`, and in `handed_in/` the files as they came. A line `# <m06_model>`
in one stands for the solution of that module, `# <stub m06_model>` for its stub. What git cannot
hold as it is stands in `[[made]]` of the TOML: `path`, `text` or `from` (another file of the case),
an `encoding`, and the archive that it lies in, `inside`.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograder.course import assignment
from data.example_class import solutions, stubs

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parent / "handed_in"
_FUTURE = "from __future__ import annotations\n"
_MARK = re.compile(r"# <(stub )?(m\d\d_\w+)>")


@dataclass(frozen=True)
class Case:
    """One case: `at_top` puts its files beside those of others, as course systems write them;
    then `submission` is the name it gets. `told` are found in its notes or messages."""

    name: str
    why: str
    doors: Sequence[str] = ("grade",)
    read: Mapping[str, str] | None = None
    points: Mapping[str, float] | None = None
    told: Sequence[str] = ()
    untold: bool = False  # nothing is told
    assignment: str = "m06_model"
    at_top: bool = False
    submission: str = ""
    made: Sequence[Mapping[str, Any]] = ()
    right: Sequence[str] = ()  # exercises that pass
    wrong: Sequence[str] = ()  # exercises that do not
    folder: Path = FOLDER

    def earns(self) -> Mapping[str, float]:
        """Return the points of the exercises that earn any."""
        if self.points is not None:
            return self.points
        return {one.name: one.points for one in assignment(self.assignment).exercises}

    def write(self, folder: Path) -> None:
        """Write what was handed in into a class."""
        root = folder if self.at_top else folder / self.name
        root.mkdir(parents=True, exist_ok=True)
        archives: dict[str, dict[str, bytes]] = {}
        for path, content in self.files().items():
            archive, _, inner = path.rpartition("!")
            if archive:
                archives.setdefault(archive, {})[inner] = content
            else:
                _write(root / path, content)
        for archive, inside in archives.items():
            _write(root / archive, packed(archive, inside))

    def files(self) -> dict[str, bytes]:
        """Return what was handed in by path; `a.zip!b.py` is b.py in a.zip."""
        handed_in = self.folder / self.name / "handed_in"
        own = {
            path.relative_to(handed_in).as_posix(): path.read_bytes()
            for path in sorted(handed_in.rglob("*"))
            if path.is_file()
        }
        found = {path: filled(content.decode(), path).encode() for path, content in own.items()}
        for one in self.made:
            text = one["text"] if "text" in one else found.pop(one["from"]).decode()
            content = filled(text, one["path"]).encode(one.get("encoding", "utf-8"))
            archive = f"{one['inside']}!" if "inside" in one else ""
            found[archive + one["path"]] = content
        return found


@cache
def cases(folder: Path = FOLDER) -> dict[str, Case]:
    """Return all cases of a folder by name."""
    found = {}
    for path in sorted(folder.glob("*/case.toml")):
        name = path.parent.name
        content = tomllib.loads(path.read_text("utf-8"))
        found[name] = Case(name, folder=folder, **{"submission": name} | content)
    return found


def filled(text: str, path: str) -> str:
    """Put the solutions and stubs where a text says; a notebook is JSON."""

    def put(match: re.Match[str]) -> str:
        stub, module = match.groups()
        texts = stubs() if stub else solutions()
        code = texts[f"{module}.py"].replace(_FUTURE, "")
        return json.dumps(code)[1:-1] if text.lstrip().startswith("{") else code

    return _MARK.sub(put, text)


def packed(archive: str, files: Mapping[str, bytes]) -> bytes:
    """Return a zip or a tar, by its name, of some files; `b.zip!c.py` lies in a zip in it."""
    inner: dict[str, bytes] = {}
    deeper: dict[str, dict[str, bytes]] = {}
    for path, content in files.items():
        first, _, rest = path.partition("!")
        if rest:
            deeper.setdefault(first, {})[rest] = content
        else:
            inner[path] = content
    inner |= {name: packed(name, inside) for name, inside in deeper.items()}
    made = io.BytesIO()
    if archive.endswith(".zip"):
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
            for path, content in inner.items():
                zipped.writestr(path, content)
        return made.getvalue()
    mode = {"gz": "w:gz", "tgz": "w:gz", "bz2": "w:bz2", "xz": "w:xz"}.get(archive.split(".")[-1])
    with tarfile.open(fileobj=made, mode=mode or "w") as tar:  # type: ignore[call-overload]
        for path, content in inner.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return made.getvalue()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)

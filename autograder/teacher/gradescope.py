"""Gradescope's door: build the zip that its autograder is made of.

It carries the kit itself. `setup.sh` runs once, when Gradescope builds the container, and installs
Python's packages with the CPU build of torch; `run_autograder` runs for each submission
(gradescope_run.py). Source: gradescope-autograders.readthedocs.io, specs.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import secrets
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder.course import Assignment
from autograder.inside import PACKAGE, ROOT
from autograder.teacher.packed import packed

CONFIG = "assignment/config.json"  # with the secret of the hidden givens
_KINDS = (".py", ".toml", ".csv", ".md", ".json", ".bpf", ".html", ".css", ".js")
_BESIDE = ("exercises", "solutions", "data")  # the package, or in it where it is installed
_DATE = (2026, 1, 1, 0, 0, 0)  # the same content makes the same zip
_EXECUTABLE = ("setup.sh", "run_autograder")
# What the kit needs there, of all that its metadata asks for; pytest is for the student's desk.
_NEEDED = ("numpy", "rich", "jupytext", "filelock", "jinja2")

_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the container.
set -euo pipefail
cd "$(dirname "$0")"
if ! python3 -c "import ensurepip, venv" 2> /dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3 python3-venv
fi
python3 -m venv venv
# beside the usual index the one that has torch without CUDA: 0.2 GB in place of 4 GB
venv/bin/pip install --quiet --no-cache-dir --extra-index-url \\
    "${TORCH_INDEX:-https://download.pytorch.org/whl/cpu}" -r requirements.txt
"""

_RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission.
set -euo pipefail
base="${GRADESCOPE_BASE:-/autograder}"
cd "$base/source/kit"
exec ../venv/bin/python -m autograder.teacher.gradescope_run "$base"
"""


def build(assignment: Assignment, target: Path, secret: bytes | None = None) -> int:
    """Write the zip of an assignment; return the number of its files."""
    config = packed(assignment) | {"secret": (secret or secrets.token_bytes(16)).hex()}
    files = {
        "setup.sh": _SETUP.encode(),
        "run_autograder": _RUN.encode(),
        "requirements.txt": _requirements().encode(),
        CONFIG: json.dumps(config, indent=1).encode(),
        **{f"kit/{name}": path.read_bytes() for name, path in _kit()},
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DATE)
            mode = 0o755 if name in _EXECUTABLE else 0o644
            entry.external_attr = (stat.S_IFREG | mode) << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return len(files)


def _requirements() -> str:
    """Return what pip is to install: torch in the version of this machine, by which the teacher has
    tried the assignment, and the rest as the kit asks for it."""
    torch = importlib.metadata.version("torch").partition("+")[0]
    lines = [f"torch=={torch}"]
    for line in importlib.metadata.requires("graded-descent") or ():
        wanted = re.match(r"[\w-]+", line)
        if wanted and wanted[0].lower() in _NEEDED:
            lines.append(line.partition(";")[0].strip())
    return "\n".join(dict.fromkeys(lines)) + "\n"


def _kit() -> Iterator[tuple[str, Path]]:
    """Yield the files of the kit, by their names below it."""
    top = PACKAGE.parent
    for folder in dict.fromkeys([PACKAGE, *(ROOT / part for part in _BESIDE)]):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _KINDS and "__pycache__" not in path.parts and path.is_file():
                yield path.relative_to(top).as_posix(), path

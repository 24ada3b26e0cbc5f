"""Gradescope's door: build the zip that its autograder is made of.

It carries the kit itself. `setup.sh` runs once, when Gradescope builds the container, and installs
Python's packages with the CPU build of torch; `run_autograder` runs for each submission
(gradescope_run.py). Source: gradescope-autograders.readthedocs.io, specs.
"""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

from autograder.course import Assignment
from autograder.teacher.carried import CPU_INDEX, carried

_DATE = (2026, 1, 1, 0, 0, 0)  # the same content makes the same zip
_EXECUTABLE = ("setup.sh", "run_autograder")

_SETUP = f"""\
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
    "${{TORCH_INDEX:-{CPU_INDEX}}}" -r requirements.txt
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
    scripts = {"setup.sh": _SETUP.encode(), "run_autograder": _RUN.encode()}
    files = scripts | carried(assignment, secret)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DATE)
            mode = 0o755 if name in _EXECUTABLE else 0o644
            entry.external_attr = (stat.S_IFREG | mode) << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return len(files)

"""Classroom 50's door: write the folder that an assignment's autograder is made of.

Its runner unpacks the folder for each push and runs `autograder.py`, with the student's checkout as
the working folder. The script installs Python's packages with the CPU build of torch, and starts
classroom50_run.py. Source: github.com/foundation50/classroom50, wiki, Advanced-Autograding.
"""

from __future__ import annotations

from pathlib import Path

from autograder.course import Assignment
from autograder.inside.errors import UserError
from autograder.teacher.carried import CPU_INDEX, carried

_SCRIPT = f'''\
"""Graded Descent: judge the student's checkout, and write result.json there.

Classroom 50 runs this. Where it ends with another status than 0, nothing was judged.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = HERE / "venv" / "bin" / "python"
# beside the usual index the one that has torch without CUDA: 0.2 GB in place of 4 GB
INDEX = os.environ.get("TORCH_INDEX", "{CPU_INDEX}")
PIP = [PYTHON, "-m", "pip", "install", "--quiet", "--no-cache-dir", "--extra-index-url", INDEX]
RUN = [PYTHON, "-m", "autograder.teacher.classroom50_run", HERE, Path.cwd()]

# never with the checkout as the working folder: Python would import a student's venv.py from there
subprocess.run([sys.executable, "-m", "venv", HERE / "venv"], cwd=HERE, check=True)
subprocess.run([*PIP, "-r", HERE / "requirements.txt"], cwd=HERE, check=True)
sys.exit(subprocess.run(RUN, cwd=HERE / "kit").returncode)
'''


def build(assignment: Assignment, folder: Path, secret: bytes | None = None) -> int:
    """Write the files of an assignment into a new folder; return their number.

    Raises UserError where the folder has files, or cannot be written.
    """
    files = {"autograder.py": _SCRIPT.encode()} | carried(assignment, secret)
    try:
        if folder.exists() and any(folder.iterdir()):
            raise UserError(f"{folder}: there are files in it; name a new folder")
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror or error}") from error
    return len(files)

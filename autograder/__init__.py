"""Graded Descent: exercises on linear regression in PyTorch, and the grader that judges them."""

import sys
from pathlib import Path

if sys.version_info < (3, 10):  # noqa: UP036 - a copy for students is not installed by pip
    raise SystemExit("Graded Descent needs Python 3.10 or newer; this is " + sys.version.split()[0])

__version__ = "0.1.0"

# The clone or the student's copy that this package lies in: exercises/ and data/ stand beside it.
ROOT = Path(__file__).resolve().parent.parent

if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))  # `import data` works from every folder

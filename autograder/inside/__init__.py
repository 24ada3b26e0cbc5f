"""Inside: all that runs beside a submission, and nothing else.

At level full the room in which a submission runs holds this folder, the tables in data/ and
nothing more of the kit; so nothing here imports anything else of it. `zygote` is the process that
cells are forked from (`spare` where nothing can be forked), `serve` the cell itself, `loader` makes
modules of what was handed in, `observe` runs a probe, `sandbox` shuts the cell in, `wire` frames
its messages, `codec` writes and reads observations.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent

# Where exercises/, solutions/ and data/ lie: beside the package, or inside an installed one.
ROOT = PACKAGE / "kit" if (PACKAGE / "kit").is_dir() else PACKAGE.parent

# The folder that holds all of the kit: a clone, a student's copy, or the installed package.
KIT = PACKAGE if PACKAGE in ROOT.parents else ROOT

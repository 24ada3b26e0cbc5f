"""Programs that measure; none of them is a test."""

import os

# One thread, as cells have: what is measured beside them is not to wait for a second processor.
os.environ["OMP_NUM_THREADS"] = "1"

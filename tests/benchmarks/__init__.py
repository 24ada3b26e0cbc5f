"""Programs that measure; none of them is a test."""

import os

# One thread, as cells have. torch.set_num_threads(1) would not do: each observation puts it back.
os.environ["OMP_NUM_THREADS"] = "1"

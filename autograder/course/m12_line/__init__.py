"""m12: a line through noisy points."""

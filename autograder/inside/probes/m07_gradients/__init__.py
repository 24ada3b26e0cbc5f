"""m07: what the gradient says."""

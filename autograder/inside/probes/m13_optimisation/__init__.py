"""m13: optimisation."""

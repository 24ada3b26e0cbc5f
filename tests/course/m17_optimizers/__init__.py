"""m17: optimizers."""

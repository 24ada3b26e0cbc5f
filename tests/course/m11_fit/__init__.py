"""m11: loss, optimizer, fit, predict, evaluate."""

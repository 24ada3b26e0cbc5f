"""Givens: the rows of sizes that each probe is run on. Trusted side only."""

"""Grading many submissions: take them in, run them, keep the results."""

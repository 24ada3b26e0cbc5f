"""Judging: observe one implementation, compare, diagnose, decide."""

"""Marks out: into the file that a course system has given, or into a table of our own."""

"""The kit's data: tables (read by autograder/inside/tables.py), and the example class."""

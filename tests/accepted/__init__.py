"""Right but unusual ways to do the exercises; read by autograder/teacher/variants.py."""

"""The student's side: `pytest exercises/` and the hints."""

"""m14: conditioning."""

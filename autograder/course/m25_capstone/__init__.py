"""m25: capstone."""

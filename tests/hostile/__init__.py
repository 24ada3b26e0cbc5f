"""A corpus of attacks on the grader, and the proof that it has teeth."""

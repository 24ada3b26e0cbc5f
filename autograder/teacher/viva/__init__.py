"""`descent viva`: questions about a student's own code whose answers are known by running it."""

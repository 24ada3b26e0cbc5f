"""m23: memory."""

"""m18: precision."""

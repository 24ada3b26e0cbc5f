"""m15: losses."""

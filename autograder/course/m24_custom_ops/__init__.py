"""m20: where training starts."""

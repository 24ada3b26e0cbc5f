"""m16: generalisation."""

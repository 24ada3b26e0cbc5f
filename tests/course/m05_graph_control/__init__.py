"""m05: graph control."""

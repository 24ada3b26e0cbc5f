"""m02: layout."""

"""m22: what hooks show and change."""

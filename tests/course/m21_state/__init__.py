"""m21: where training starts."""

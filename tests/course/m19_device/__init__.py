"""m19: device."""

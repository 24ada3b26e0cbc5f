"""m04: autograd."""

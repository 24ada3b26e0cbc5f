"""m01: tensors."""

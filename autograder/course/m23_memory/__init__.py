"""m23: values kept for a backward pass, and the layout of sequences."""

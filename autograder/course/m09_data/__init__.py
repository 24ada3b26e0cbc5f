"""m09: dataset, batches, split, counts, gradient noise, stream, loader."""

"""The system calls of a cell: policy.toml, and one compiled filter per architecture."""

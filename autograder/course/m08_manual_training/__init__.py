"""m08: training by hand."""

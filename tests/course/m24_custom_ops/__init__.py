"""m24: operations of your own."""

"""m06: parameters, model and loss."""

"""m03: algebra."""

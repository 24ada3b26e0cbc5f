"""Wrong ways that are no listed mistakes."""

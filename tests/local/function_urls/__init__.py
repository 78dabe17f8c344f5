"""Functions that HTTP requests reach."""

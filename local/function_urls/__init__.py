"""Functions that HTTP requests reach: Lambda's function URLs on 127.0.0.1."""

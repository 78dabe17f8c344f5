"""What a file is before it is parsed: its encoding, who wrote it, what the repository says of it."""

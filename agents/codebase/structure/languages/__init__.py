"""One table per language: its node types, field names and conventions."""

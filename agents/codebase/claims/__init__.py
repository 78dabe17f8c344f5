"""Verifies a model's claims against the snapshot: paths, lines, symbols, names in sentences, diagrams. Pure."""

"""Holds what a model says against the snapshot: paths, lines, symbols, names in sentences, diagrams. Pure."""

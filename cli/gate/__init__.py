"""Puts the golden repositories through a stack and measures what comes of it."""

"""Packs a repository and submits it."""

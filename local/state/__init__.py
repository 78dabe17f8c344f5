"""Keeps the local cloud's items and objects between runs."""

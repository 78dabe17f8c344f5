"""Watches a session and reads its results."""

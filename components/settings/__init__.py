"""Reads the stack's configuration into one frozen model."""

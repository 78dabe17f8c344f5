"""Finds the stack and the cloud that a command talks to."""

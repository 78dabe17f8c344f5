"""Decides whether a new version of the state machine gets every session, or none."""

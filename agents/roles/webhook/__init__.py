"""Receives signed webhooks of code hosts and turns each into one snapshot to document."""

"""Secrets in any text: tokens of known services, values under names that say secret, keys of several lines. Pure.

Beside the layers, because readers hide what they quote and models what they send: neither must import the other.
"""

from __future__ import annotations

from agents.codebase.secrets.paths import without_secret_names
from agents.codebase.secrets.search import RULES, STARS, Secret, find, without_secrets

__all__ = ["RULES", "STARS", "Secret", "find", "without_secret_names", "without_secrets"]

"""Markdown whose headings name sections, as in Dart, Elixir and GraphQL; code stays as it is written."""

from __future__ import annotations

from agents.codebase.structure.documentation.rustdoc import read_of_others as read

__all__ = ["read"]

"""Language models behind one port, chosen by name."""

from __future__ import annotations

from agents.ports import LanguageModel

__all__ = ["model_named"]


def model_named(name: str) -> LanguageModel:
    """The model with this name that needs nothing but its name.

    Raises:
        ValueError: there is no such model here; those on the network want a budget (agents/models/provider.py).
    """
    if name == "extractive":
        from agents.models.extractive.model import ExtractiveModel

        return ExtractiveModel()
    raise ValueError(f"unknown model {name!r}: only 'extractive' needs nothing but its name")

"""Language models behind one port, chosen by name."""

from __future__ import annotations

from agents.ports import LanguageModel

__all__ = ["model_named"]


def model_named(name: str) -> LanguageModel:
    """The model with this name, imported only now: a session uses one of them.

    Raises:
        ValueError: there is no such model; it says which there are.
    """
    if name == "extractive":
        from agents.models.extractive.model import ExtractiveModel

        return ExtractiveModel()
    raise ValueError(f"unknown model {name!r}: SWARM_MODEL may be 'extractive'")

"""The result of verifying a model's claims. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

ClaimsT_co = TypeVar("ClaimsT_co", covariant=True)


@dataclass(frozen=True)
class Verified(Generic[ClaimsT_co]):
    """The claims of a reply that the evidence supports, in whatever form the role needs, and the number it dropped."""

    claims: ClaimsT_co
    dropped: int = 0

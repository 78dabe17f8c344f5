"""The files around a file, as the scanner stores them and as an analyst's question shows them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from agents.contracts.base import Contract, Digest, RepositoryPath, RepositoryText


class ImportedFile(Contract):
    """A file of the snapshot that another one imports, and the names it imports from it."""

    path: RepositoryPath
    names: tuple[RepositoryText, ...] = ()


class Neighbour(Contract):
    """A file that files of a batch import, or that lies beside them."""

    path: RepositoryPath
    analysis_key: Digest
    signatures: tuple[RepositoryText, ...] = Field(
        default=(), description="public symbols, each `name: signature - first line of its documentation`"
    )


class Relation(StrEnum):
    """What a neighbour is to a file."""

    IMPORTED = "imported"
    SIBLING = "sibling"


class Around(Contract):
    """One neighbour as a model is shown it."""

    path: RepositoryPath
    relation: Relation
    summary: RepositoryText = Field(default="", description="what was already written about it, if anything")
    signatures: tuple[RepositoryText, ...] = ()

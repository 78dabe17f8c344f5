"""An analyst's result for one file, its question to a model, and where results are kept."""

from __future__ import annotations

from pydantic import Field

from agents.contracts.base import Contract, Digest, RepositoryPath, RepositoryText, SpokenText, Statement
from agents.contracts.context import Around
from agents.contracts.structure import PARTS_OF_DATA, Structure, Symbol


class SymbolNote(Contract):
    """What a model says about one symbol."""

    symbol: RepositoryText
    text: SpokenText


class FileBrief(Contract):
    """One file as the analyst shows it to a model."""

    path: RepositoryPath
    text: str
    structure: Structure
    around: tuple[Around, ...] = ()
    left_out: int = Field(default=0, ge=0, description="neighbours and signatures for which there was no room")


class AnalystBrief(Contract):
    """What the analyst asks about: files, and the repository's outline, which is the same for all of a session."""

    files: tuple[FileBrief, ...]
    outline: RepositoryText = ""


class FileReply(Contract):
    """A model's answer about one file."""

    path: RepositoryPath
    summary: tuple[Statement, ...]
    notes: tuple[SymbolNote, ...] = ()


class AnalystReply(Contract):
    """A model's answer about a batch."""

    files: tuple[FileReply, ...]


class Analysis(Contract):
    """One file's typed result. It holds no path: the same bytes elsewhere are the same analysis."""

    analysis_key: Digest
    structure: Structure
    summary: tuple[Statement, ...]
    notes: tuple[SymbolNote, ...] = ()
    model: str

    @property
    def symbols_total(self) -> int:
        """Symbols of code: keys of data and sections of documents are none."""
        return len(self._code())

    @property
    def symbols_documented(self) -> int:
        """Symbols of code that their author documented."""
        return sum(1 for symbol in self._code() if symbol.doc)

    @property
    def symbols_noted(self) -> int:
        """Symbols of code without their author's documentation, of which a note here says something."""
        noted = {note.symbol for note in self.notes}
        return sum(1 for symbol in self._code() if not symbol.doc and symbol.name in noted)

    def _code(self) -> list[Symbol]:
        return [symbol for symbol in self.structure.documentable if symbol.kind not in PARTS_OF_DATA]


class AnalysisPointer(Contract):
    """Where a stored analysis is: line `index` (from 0) of the JSON-lines blob `blob_key`.

    Its figures count symbols of code: all, those that their author documented, and further ones with a note of ours.
    """

    analysis_key: Digest
    blob_key: str
    index: int = Field(ge=0)
    symbols_total: int = Field(ge=0)
    symbols_documented: int = Field(ge=0)
    symbols_noted: int = Field(default=0, ge=0)

"""Packs what is known about the files around a file into a budget of tokens, the most relevant first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agents.contracts.context import Around, ImportedFile, Neighbour, Relation
from agents.questions.limits import SURROUNDINGS_TOKENS
from agents.questions.tokens import BYTES_PER_TOKEN

#: Letters of one summary.
_SUMMARY_LIMIT = 400
#: Bytes of the lines around each piece.
_FRAME_BYTES = 8


class PackedNeighbours(NamedTuple):
    """The neighbours in the order of their relevance, and the number of pieces that did not fit."""

    around: tuple[Around, ...]
    left_out: int


class _Piece(NamedTuple):
    path: str
    relation: Relation
    signature: str = ""
    summary: str = ""

    @property
    def size(self) -> int:
        return len((self.signature or self.summary).encode("utf-8", "replace")) + _FRAME_BYTES


def packed(
    imports: Sequence[ImportedFile],
    siblings: Sequence[str],
    neighbours: Mapping[str, Neighbour],
    summaries: Mapping[str, str],
    budget_tokens: int = SURROUNDINGS_TOKENS,
) -> PackedNeighbours:
    """Signatures and summaries of the neighbours, by path; a piece that does not fit lets smaller ones pass."""
    left = budget_tokens * BYTES_PER_TOKEN
    chosen: list[_Piece] = []
    met: set[str] = set()
    left_out = 0
    for piece in _by_relevance(imports, siblings, neighbours, summaries):
        # A path is written once, above its first piece.
        size = piece.size + (0 if piece.path in met else len(piece.path.encode("utf-8", "replace")) + _FRAME_BYTES)
        if size > left:
            left_out += 1
            continue
        left -= size
        met.add(piece.path)
        chosen.append(piece)
    return PackedNeighbours(tuple(_together(chosen)), left_out)


def _by_relevance(
    imports: Sequence[ImportedFile],
    siblings: Sequence[str],
    neighbours: Mapping[str, Neighbour],
    summaries: Mapping[str, str],
) -> Iterator[_Piece]:
    """Signatures of what is imported by name, summaries of imported files, their other signatures, then siblings."""
    rest: list[_Piece] = []
    for imported in imports:
        for signature in neighbours[imported.path].signatures if imported.path in neighbours else ():
            piece = _Piece(imported.path, Relation.IMPORTED, signature=signature)
            if signature.partition(":")[0].partition(".")[0] in imported.names:
                yield piece
            else:
                rest.append(piece)
    yield from _summaries(Relation.IMPORTED, [neighbour.path for neighbour in imports], summaries)
    yield from rest
    yield from _summaries(Relation.SIBLING, siblings, summaries)


def _summaries(relation: Relation, paths: Sequence[str], summaries: Mapping[str, str]) -> Iterator[_Piece]:
    for path in paths:
        if summaries.get(path):
            yield _Piece(path, relation, summary=summaries[path][:_SUMMARY_LIMIT])


def _together(pieces: Sequence[_Piece]) -> Iterator[Around]:
    by_path: dict[str, list[_Piece]] = {}
    for piece in pieces:
        by_path.setdefault(piece.path, []).append(piece)
    for path, own in by_path.items():
        yield Around(
            path=path,
            relation=own[0].relation,
            summary=next((piece.summary for piece in own if piece.summary), ""),
            signatures=tuple(piece.signature for piece in own if piece.signature),
        )

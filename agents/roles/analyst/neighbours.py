"""What a file's question says of the files around it, from what the scanner knows and what is written so far. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agents.contracts.analysis import Analysis
from agents.contracts.snapshot import SourceFile, Sources
from agents.roles.analyst.packing import PackedNeighbours, packed

#: Sentences of an analysis that stand for its file in another file's question.
_SENTENCES = 2


def around(source: SourceFile, sources: Sources, summaries: Mapping[str, str]) -> PackedNeighbours:
    """The files around one of the batch's; `summaries` are by path."""
    return packed(
        source.imports, source.siblings, {neighbour.path: neighbour for neighbour in sources.neighbours}, summaries
    )


def summary_of(analysis: Analysis) -> str:
    """What stands for a file in another file's question."""
    return " ".join(statement.text for statement in analysis.summary[:_SENTENCES])


def neighbour_keys(sources: Sources) -> dict[str, str]:
    """The analysis key of every file that lies around the batch's files, by path."""
    return {neighbour.path: neighbour.analysis_key for neighbour in sources.neighbours}


def summaries_of(sources: Sources, stored: Iterable[Analysis]) -> dict[str, str]:
    """What stored analyses say of the files around, by path."""
    by_key = {analysis.analysis_key: analysis for analysis in stored}
    return {path: summary_of(by_key[key]) for path, key in neighbour_keys(sources).items() if key in by_key}

"""What report.html draws of batches and files, as columns of short values: compact at 10,000 batches."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from agents.contracts.session import BatchOutcome, LostBatch, SessionRecord
from agents.contracts.snapshot import Gap, ManifestEntry
from agents.pages.words import Words
from cli.session import execution_history as history
from cli.session.batch_attempts import Attempt
from cli.session.run_outcome import RunOutcome

#: Fates of a file and of a batch: their places in the columns, their names for people.
FATES = ("analysed", "reused", "skipped on purpose", "gap", "open")
BATCH_STATES = ("done", "with gaps", "lost", "not ended")
_SPOKEN = re.compile(r"""\bt\("([^"]+)\"""")
_MOST_DETAIL = 500


def script_words(script: str, words: Words) -> dict[str, str]:
    """Every word that the script says, in the report's language: the texts that it gives to `t`."""
    spoken = [*_SPOKEN.findall(script), *FATES, *BATCH_STATES]
    return {english: words(english) for english in dict.fromkeys(spoken)}


def embedded(data: Mapping[str, Any]) -> str:
    """JSON that may stand in a script element: no text of a repository ends the element."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def with_texts_once(drawn: Mapping[str, Any]) -> dict[str, Any]:
    """The columns with causes and details in a list of their own: where a provider is down, all batches have the same.

    Attempts and gaps have a text's place in `texts` instead of the text.
    """
    places: dict[str, int] = {}

    def short(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
        return [[*row[:-1], places.setdefault(row[-1], len(places))] for row in rows]

    by_batch = {part: {name: short(rows) for name, rows in drawn[part].items()} for part in ("attempts", "gaps")}
    return {**drawn, **by_batch, "texts": list(places)}


def is_counted(record: SessionRecord) -> bool:
    """Whether the session's files were counted, which its last state does: before that nobody knows every gap."""
    return record.coverage.files_total > 0


def columns(outcome: RunOutcome) -> dict[str, Any]:
    """The columns of batches and files, the attempts and gaps of the batches that had trouble.

    None stands for a figure that nobody noted, or that nobody knows before the session has ended.
    """
    begun = history.moment(outcome.events[0]).timestamp() if outcome.events else 0.0
    done = {batch.batch_id: batch for batch in outcome.batches}
    lost = {batch.batch_id: batch for batch in outcome.lost}
    planned = {batch.batch_id: batch for batch in outcome.planned}
    named = sorted({*planned, *done, *lost, *outcome.attempts})
    attempts = {name: attempts_of(outcome, done.get(name), lost.get(name), name) for name in named}
    if not begun:
        begun = min((made.began_at for tries in attempts.values() for made in tries if made.began_at), default=0.0)
    of_batch: dict[str, list[ManifestEntry]] = defaultdict(list)
    for entry in outcome.entries:
        if entry.batch_id is not None:
            of_batch[entry.batch_id].append(entry)
    gaps, counted = _gaps(outcome), is_counted(outcome.record)
    rows = []
    for name in named:
        tries, one = attempts[name], done.get(name)
        start = next((made.began_at for made in tries if made.began_at), 0.0)
        end = max((made.ended_at for made in tries), default=0.0)
        plan = planned.get(name)
        route = one.route if one else plan.route if plan else None
        rows.append(
            (
                name,
                route.value if route else "",
                round(max(0.0, start - begun), 2) if start else None,
                round(end - start, 2) if start and end else round(one.seconds, 2) if one else None,
                round(one.usage.usd, 6) if one else None,
                len(of_batch[name]) or (plan.files if plan else 0),
                len(gaps.get(name, ())) if name in gaps or one or counted else None,
                _state(one, lost.get(name), bool(end), name in gaps),
                len(tries),
            )
        )
    troubled = {name: tries for name, tries in attempts.items() if len(tries) > 1 or any(made.error for made in tries)}
    return {
        "batches": rows,
        "attempts": {name: [_short(made, begun) for made in tries] for name, tries in troubled.items()},
        "gaps": {name: [_short_gap(gap) for gap in of_one.values()] for name, of_one in gaps.items()},
        **_files(outcome, named, done, of_batch),
    }


def attempts_of(outcome: RunOutcome, done: BatchOutcome | None, lost: LostBatch | None, name: str) -> Sequence[Attempt]:
    """The attempts that are known: all of them from a history, else the last one from what the batch left behind."""
    made = list(outcome.attempts.get(name, ()))
    if not made and done is not None:
        began = done.began_at
        made = [Attempt("", began, round(began + done.seconds, 3) if began else 0.0)]
    if lost is not None and not any(each.error for each in made):
        last = made.pop() if made and done is None else Attempt("")
        made.append(replace(last, error=lost.error, cause=lost.cause))
    return made


def _gaps(outcome: RunOutcome) -> dict[str, dict[str, Gap]]:
    """Gaps by batch and path: what the batches reported, and the record's, which has those of lost batches, too."""
    recorded = {gap.path: gap for gap in outcome.record.gaps}
    gaps: dict[str, dict[str, Gap]] = defaultdict(dict)
    for batch in outcome.batches:
        for gap in batch.gaps:
            gaps[batch.batch_id][gap.path] = gap
    for entry in outcome.entries:
        if entry.batch_id is not None and entry.path in recorded:
            gaps[entry.batch_id][entry.path] = recorded[entry.path]
    return dict(gaps)


def _state(done: BatchOutcome | None, lost: LostBatch | None, ended: bool, has_gaps: bool) -> int:
    if lost is not None:
        return BATCH_STATES.index("lost")
    if done is None and not ended:
        return BATCH_STATES.index("not ended")
    return BATCH_STATES.index("with gaps" if has_gaps else "done")


def _short(made: Attempt, begun: float) -> list[Any]:
    start = round(made.began_at - begun, 2) if made.began_at else None
    end = round(made.ended_at - begun, 2) if made.ended_at else None
    return [made.state, start, end, made.error, made.cause]


def _short_gap(gap: Gap) -> list[str]:
    return [gap.path, gap.reason, gap.detail[:_MOST_DETAIL]]


def _files(
    outcome: RunOutcome,
    named: Sequence[str],
    done: Mapping[str, BatchOutcome],
    of_batch: Mapping[str, Sequence[ManifestEntry]],
) -> dict[str, Any]:
    """Files by folder. A file's seconds and dollars are its share of its batch by bytes: nothing measures one file."""
    numbers = {name: number for number, name in enumerate(named)}
    gaps = {gap.path for gap in outcome.record.gaps} | {gap.path for one in done.values() for gap in one.gaps}
    counted = is_counted(outcome.record)
    sizes = {name: sum(entry.bytes for entry in entries) for name, entries in of_batch.items()}
    folders: dict[str, int] = {}
    rows = []
    for entry in sorted(outcome.entries, key=lambda entry: entry.path):
        path = PurePosixPath(entry.path)
        folder = folders.setdefault(str(path.parent), len(folders))
        one = done.get(entry.batch_id or "")
        share = entry.bytes / (sizes[one.batch_id] or 1) if one else 0.0
        rows.append(
            (
                folder,
                path.name,
                _fate(entry, entry.path in gaps, one is not None or counted),
                numbers.get(entry.batch_id or "", -1),
                entry.bytes,
                round(one.seconds * share, 3) if one else None,
                round(one.usage.usd * share, 6) if one else None,
            )
        )
    return {"folders": list(folders), "files": rows}


def _fate(entry: ManifestEntry, is_gap: bool, is_settled: bool) -> int:
    if is_gap or entry.gap is not None:
        return FATES.index("gap")
    if entry.skipped is not None:
        return FATES.index("skipped on purpose")
    if entry.reused:
        return FATES.index("reused")
    return FATES.index("analysed" if is_settled else "open")

"""report.html of a session with over 10,000 batches: its size, its speed, axe, and the steps to a cause.

The session is synthetic, the page is what the product's own writer makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agents.contracts.draft import CriticReply, Critique, CritiqueFinding, Verdict
from agents.contracts.session import (
    BatchOutcome,
    Coverage,
    LostBatch,
    RepositoryRecord,
    Routes,
    SessionRecord,
    SessionStatus,
    UsageRecord,
)
from agents.contracts.site_settings import Language
from agents.contracts.snapshot import Gap, ManifestEntry, PlannedBatch, Route
from agents.contracts.usage import Usage
from bench.sites import browsed
from cli.output import report
from cli.session.batch_attempts import Attempt
from cli.session.run_outcome import RunOutcome, completed

FILES = 11_000  # of which 10,018 are in batches
_SESSION = "s" + "0a" * 10
_START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
_WIDE, _BATCHES, _OPEN_SECONDS, _FRAME_MS, _MEGABYTES, _STEPS = 40, 10_000, 2.0, 100, 5.0, 3
_LINK = "#batch-table .link"
_LOST, _GAP, _FARGATE, _SKIPPED, _REUSED = 997, 211, 83, 31, 17  # every so many files


def figures(files: int = FILES) -> Iterator[dict[str, Any]]:
    """Size, seconds to the drawn page, the slowest frame of a zoom, violations, and the steps to a cause."""
    with TemporaryDirectory(prefix="swarm-bench-") as folder:
        page = Path(folder, "report.html")
        outcome = session(files)
        page.write_text(report.render(outcome), encoding="utf-8")
        seen = browsed({"report": str(page)})
        pages = [{"file": str(page)}, {"file": str(page), "chosen": _LINK}]
        looks = browsed({"pages": pages, "schemes": ("light", "dark"), "widths": (390, 1300)})
    violations = sum(broken["count"] for look in looks for broken in look["violations"])
    overflow = max(look["overflow"] for look in looks)
    megabytes = seen["bytes"] / 1e6
    yield from (look for look in looks if look["violations"] or look["overflow"] > 0)
    yield {
        "files": files,
        "batches": len(outcome.planned),
        "megabytes": round(megabytes, 2),
        "open_s": seen["open_s"],
        "slowest_frame_ms": seen["frame_ms"],
        "steps_to_cause": seen["steps"],
        "cause": seen["cause"],
        "requests": seen["requests"],
        "errors": seen["errors"],
        "violations": violations,
        "within": (len(outcome.planned) >= _BATCHES or files < FILES)
        and megabytes <= _MEGABYTES
        and seen["open_s"] <= _OPEN_SECONDS
        and seen["frame_ms"] <= _FRAME_MS
        and seen["steps"] <= _STEPS
        and not (violations or overflow > 0 or seen["requests"] or seen["errors"]),
    }


def session(files: int, language: Language = "en") -> RunOutcome:
    """What such a session leaves behind: each file its own batch, with all that goes wrong in some of them."""
    entries, planned, outcomes, lost, gaps = [], [], [], [], []
    attempts: dict[str, list[Attempt]] = {}
    for number in range(files):
        path, batch_id = (
            f"package_{number // 400:02d}/part_{number // 40 % 10}/module_{number:05d}.py",
            f"b{number:05d}",
        )
        fate = _fate(number, batch_id)
        entries.append(_entry(path, number, fate))
        if "batch_id" not in fate:
            continue
        route = Route.FARGATE if number % _FARGATE == 0 else Route.LAMBDA
        planned.append(PlannedBatch(batch_id=batch_id, route=route, reason="its size", files=1, bytes=900))
        began = _START.timestamp() + 5 + number // _WIDE * 1.4 + number % 7 * 0.1
        took = 1.0 + number % 13 / 20
        if number % _LOST == 1:
            cause = "The model answered 17 times with text that is no JSON.\n" + "the same again\n" * 20
            lost.append(LostBatch(batch_id=batch_id, error="ModelReplyInvalid", cause=cause))
            gaps.append(Gap(path=path, reason="ModelReplyInvalid", detail="its batch was lost"))
            first = Attempt("AnalyseBatch", began, began + took, "Runtime.OutOfMemory", "memory 2048 MB used up")
            last = Attempt("AnalyseOversizedBatch", began + took, began + 3 * took, "ModelReplyInvalid", cause)
            attempts[batch_id] = [first, last]
            continue
        broken = (Gap(path=path, reason="FileUnparseable", detail="line 7"),) if number % _GAP == 1 else ()
        gaps += broken
        spent = Usage(requests=1, input_tokens=800, output_tokens=150, usd=round(0.0008 + number % 50 / 1e5, 6))
        outcomes.append(
            BatchOutcome(
                batch_id=batch_id,
                route=route,
                analysed=0 if broken else 1,
                gaps=broken,
                usage=spent,
                began_at=round(began, 3),
                seconds=took,
            )
        )
    record = _record(files, outcomes, entries, gaps)
    events = _history(5 + files / _WIDE * 1.4 + 3)
    return RunOutcome(
        completed(record, events),
        events,
        outcomes,
        planned,
        entries,
        lost=lost,
        usages={"editor": Usage(requests=40, input_tokens=90_000, output_tokens=20_000, usd=0.57)},
        critiques=[_critique(1, 78, Verdict.RISING), _critique(2, 91, Verdict.APPROVED)],
        attempts=attempts,
        unread=["Of 3 batches the own executions' histories are gone"],
        language=language,
    )


def _fate(number: int, batch_id: str) -> dict[str, Any]:
    if number % _SKIPPED == 0:
        return {"skipped": "generated", "analysis_key": None}
    return {"reused": True} if number % _REUSED == 0 else {"batch_id": batch_id}


def _entry(path: str, number: int, fate: dict[str, Any]) -> ManifestEntry:
    known = {"path": path, "language": "python", "bytes": 400 + number % 900, "lines": 30, "digest": "0" * 64}
    return ManifestEntry.model_validate({**known, "analysis_key": "0" * 64, **fate})


def _record(files: int, outcomes: list[BatchOutcome], entries: list[ManifestEntry], gaps: list[Gap]) -> SessionRecord:
    spent = sum((outcome.usage for outcome in outcomes), Usage())
    analysed = sum(outcome.analysed for outcome in outcomes)
    on_fargate = sum(outcome.analysed for outcome in outcomes if outcome.route is Route.FARGATE)
    reused = sum(entry.reused for entry in entries)
    return SessionRecord(
        session_id=_SESSION,
        status=SessionStatus.PUBLISHED_WITH_FINDINGS,
        repository=RepositoryRecord(
            name="ten-thousand-batches", files=files, bytes=files * 900, languages={"python": files}
        ),
        coverage=Coverage(
            files_total=files,
            files_analysed=analysed,
            files_reused=reused,
            files_skipped=files - analysed - reused - len(gaps),
            symbols_total=4 * files,
            symbols_documented=3 * files,
        ),
        gaps=tuple(gaps),
        routes=Routes(on_lambda=analysed - on_fargate, fargate=on_fargate),
        revisions=2,
        score=91,
        model="a-model",
        usage=UsageRecord(
            requests=spent.requests + 43,
            input_tokens=spent.input_tokens + 95_000,
            output_tokens=spent.output_tokens + 21_000,
            usd=spent.usd + 0.6,
            cap_usd=50,
        ),
        release="0123456789abcdef",
    )


def _critique(revision: int, score: int, verdict: Verdict) -> Critique:
    found = (
        CritiqueFinding(page="modules/part_0.md", problem="It says nothing of errors.", blocking=True),
        CritiqueFinding(page="index.md", problem="The first sentence names no reader."),
    )
    findings = found if verdict is Verdict.RISING else found[1:]
    reply = CriticReply(completeness=score, truthfulness=score, helpfulness=score, consistency=score, findings=findings)
    return Critique(revision=revision, score=score, reply=reply, verdict=verdict, best_revision=revision)


def _history(read: float) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []

    def add(kind: str, after: float, **details: object) -> None:
        moment = _START + timedelta(seconds=after)
        events.append({"id": len(events) + 1, "type": kind, "timestamp": moment, **details})

    add("ExecutionStarted", 0)
    states = [("OpenSession", 0, 1), ("Scan", 1, 5), ("AnalyseFiles", 5, read), ("Synthesize", read, read + 9)]
    states += [("Edit", read + 9, read + 30), ("Critique", read + 30, read + 35), ("Edit", read + 35, read + 40)]
    states += [("Critique", read + 40, read + 44), ("Publish", read + 44, read + 60)]
    for state, since, until in states:
        add("TaskStateEntered", since, stateEnteredEventDetails={"name": state, "input": "{}"})
        add("TaskStateExited", until, stateExitedEventDetails={"name": state, "output": "{}"})
    add("ExecutionSucceeded", read + 60)
    return events

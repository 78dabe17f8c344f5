"""The table at the end of a run, and what is said about a failed one."""

from __future__ import annotations

from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from agents.contracts.session import SessionRecord, SessionStatus
from agents.text.wording import amount, counted
from cli.errors import advice
from cli.session.run_outcome import RunOutcome

_FIRST_GAPS = 5
_COLOURS = {
    SessionStatus.PUBLISHED: "bold green",
    SessionStatus.PUBLISHED_WITH_FINDINGS: "bold yellow",
    SessionStatus.AWAITING_APPROVAL: "bold yellow",
    SessionStatus.SUPERSEDED: "bold yellow",
}


def summary(outcome: RunOutcome, out: Path | None, seconds: float) -> RenderableType:
    """Status, coverage, findings, spend, time, where the site is if it was written, and the first gaps."""
    record = outcome.record
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in _rows(outcome, out, seconds):
        table.add_row(name, value)
    parts: list[RenderableType] = [table]
    if record.gaps:
        parts += [Text(""), _gaps(record)]
    if record.error is not None:
        parts += [Text(""), Text(failure_sentence(record), style="red")]
    return Group(*parts)


def failure_sentence(record: SessionRecord) -> str:
    """What went wrong, by name, and what to do about it."""
    if record.error is None:
        return ""
    cause = record.error.cause.strip().splitlines()
    failure = f"{record.error.name}: {cause[0][:300]}" if cause else record.error.name
    return f"{failure}\n{advice(record.error.name, record.error.cause)}"


def files_of(record: SessionRecord) -> str:
    """The files by what became of them."""
    coverage = record.coverage
    files = (
        f"{coverage.files_total:,}: {coverage.files_analysed:,} analysed, {coverage.files_reused:,} reused, "
        f"{coverage.files_skipped:,} skipped, {counted(len(record.gaps), 'gap')}"
    )
    extracted = sum(gap.extracted for gap in record.gaps)
    return files + (f" ({extracted:,} with the author's documentation)" if extracted else "")


def _rows(outcome: RunOutcome, out: Path | None, seconds: float) -> list[tuple[str, Text]]:
    record, coverage = outcome.record, outcome.record.coverage
    status = Text(record.status.value, style=_COLOURS.get(record.status, "bold red"))
    if outcome.duplicate:
        status.append("  already documented in an earlier run of the same snapshot", style="not bold default")
    rows = [
        ("status", status),
        ("session", Text(record.session_id or "none: the session could not be opened")),
        ("repository", Text(record.repository.name)),
        ("files", Text(files_of(record))),
        ("symbols", Text(f"{coverage.symbols_documented:,} of {coverage.symbols_total:,} documented by their authors")),
    ]
    if record.status.published:
        score = "" if record.score is None else f", score {record.score}"
        drafts = "1 draft" if record.revisions == 1 else f"{record.revisions} drafts"
        rows += [("findings", Text(outcome.findings)), ("pages", Text(f"{drafts}{score}"))]
    calls = counted(record.usage.requests, "model call")
    spent = Text(f"${record.usage.usd:.4f} of ${amount(record.usage.cap_usd)}, {calls}")
    rows += [("budget", Text(f"{sentence}", style="yellow")) for sentence in outcome.shortage]
    if removed := sum(record.dropped_claims.values()):
        rows.append(("removed", Text(f"{removed:,} claims of the model that contradict the source")))
    usage = record.usage
    if usage.in_flight_requests or usage.unsettled_requests:
        open_calls = usage.in_flight_requests + usage.unsettled_requests
        usd = usage.in_flight_usd + usage.unsettled_usd
        more = counted(open_calls, "more call")
        spent.append(f"; {more} without an answer may add ${usd:.4f} at most", style="yellow")
    rows += [("spend", spent), ("model", Text(record.model)), ("time", Text(f"{seconds:.1f} s"))]
    if out is None:
        return rows
    if record.status.published:
        rows.append(("site", Text(str(out / "site" / "index.html"))))
    elif (out / "site").is_dir():
        rows.append(("site", Text("not written; the site in the folder is from an earlier run")))
    rows.append(("report", Text(str(out / "report.html"))))
    return rows


def _gaps(record: SessionRecord) -> Text:
    text = Text("gaps\n", style="bold yellow")
    for gap in record.gaps[:_FIRST_GAPS]:
        text.append(f"  {gap.path}  {gap.reason}: {gap.detail[:120]}\n", style="not bold default")
    if len(record.gaps) > _FIRST_GAPS:
        text.append(f"  and {len(record.gaps) - _FIRST_GAPS} more in report.html", style="not bold dim")
    text.rstrip()
    return text

"""`swarm sessions`: the sessions of a stack or of this machine, newest first."""

from __future__ import annotations

import json
import os
import time

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agents.aws.items import session_in
from agents.aws.ledger_item import spending_in
from agents.contracts.base import clean_text
from cli.errors import ExitCode
from cli.session.store import SessionStore


def sessions(store: SessionStore, as_json: bool, limit: int, answers: Console, now: float | None = None) -> ExitCode:
    """One line a session: id, repository, status, age, spend, model."""
    at = time.time() if now is None else now
    newest_first = sorted(
        (session_in(item) for item in store.sessions()), key=lambda session: (-session.opened_at, session.session_id)
    )
    rows = [
        {
            "session_id": session.session_id,
            "repository": session.repository,
            "status": session.status.value,
            "opened_at": session.opened_at,
            "usd": round(_spent(store, session.session_id), 6),
            "model": session.model,
        }
        for session in newest_first[:limit]
    ]
    if as_json:
        answers.file.write(json.dumps(rows) + os.linesep)
        return ExitCode.DONE
    if not rows:
        answers.print("No session yet.")
        return ExitCode.DONE
    table = Table.grid(padding=(0, 2))
    for heading in ("session", "repository", "status", "age", "spend", "model"):
        table.add_column(
            no_wrap=heading in {"session", "age", "spend"},
            overflow="fold",
            justify="right" if heading in {"age", "spend"} else "left",
        )
    table.add_row(*(Text(name, style="dim") for name in ("session", "repository", "status", "age", "spend", "model")))
    for row in rows:
        table.add_row(
            Text(str(row["session_id"])),
            Text(clean_text(str(row["repository"]))),
            Text(str(row["status"])),
            Text(age(at - float(str(row["opened_at"])))),
            Text(f"${float(str(row['usd'])):.4f}"),
            Text(clean_text(str(row["model"]))),
        )
    answers.print(table)
    if len(newest_first) > limit:
        answers.print(f"and {len(newest_first) - limit:,} older ones; --limit shows more")
    return ExitCode.DONE


def age(seconds: float) -> str:
    """How long ago, in the largest unit that fits."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, int(seconds))} s"


def _spent(store: SessionStore, session: str) -> float:
    return spending_in(store.ledger(session), time.time()).settled.usd

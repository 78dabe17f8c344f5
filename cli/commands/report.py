"""`swarm report SESSION`: report.html of any session, ended or running, on this machine or in a deployed stack."""

from __future__ import annotations

import json
import os
from pathlib import Path

from rich.console import Console

from cli.commands.watch import events_in_stack, execution_in_stack, session_in_stack
from cli.disk_errors import explained
from cli.errors import BadInput, ExitCode
from cli.output.report import render
from cli.session.run_outcome_loader import stored_outcome
from cli.stack.clients import Cloud, stack_of
from cli.stack.location import Location


def report(cloud: Cloud, session_id: str, out: Path, where: Location, as_json: bool, answers: Console) -> ExitCode:
    """Write the page to `out`; what the session left no trace of is named in it.

    Raises:
        BadInput: there is no such session, or `out` is a folder or cannot be written to.
    """
    stack = stack_of(cloud)
    session = session_in_stack(stack, session_id, where)
    described = execution_in_stack(stack, session) if session.status.open else None
    is_running = described is not None and described["status"] == "RUNNING"
    outcome = stored_outcome(stack, session, events_in_stack(stack, session), is_running)
    page = render(outcome, site="", options=where.log_options, deciding=where.options)
    if out.is_dir():
        raise BadInput(f"--out is a folder: {out}. Name a file, such as {out / 'report.html'}")
    with explained(f"--out cannot be written to: {out}"):
        out.write_text(page, encoding="utf-8")
    if as_json:
        known = {"session_id": session_id, "status": outcome.record.status.value, "batches": len(outcome.batches)}
        answers.file.write(json.dumps({"report": str(out), **known, "unread": list(outcome.unread)}) + os.linesep)
        return ExitCode.DONE
    answers.print(f"report  {out}", markup=False, soft_wrap=True)
    for sentence in outcome.unread:
        answers.print(f"  not known: {sentence}.", markup=False, soft_wrap=True)
    return ExitCode.DONE

"""`swarm fetch SESSION --out DIR`: the site and the record of a session, as `swarm run` leaves them."""

from __future__ import annotations

import json
import os
from pathlib import Path

from rich.console import Console

from cli.commands.watch import events_in_stack, execution_in_stack, exit_code_of, session_in_stack
from cli.errors import BadInput, ExitCode
from cli.output import out_folder
from cli.output.summary import summary
from cli.session import run_outcome
from cli.session.run_outcome_loader import stored_outcome
from cli.stack.clients import Cloud, stack_of
from cli.stack.location import Location


def fetch(cloud: Cloud, session_id: str, out: Path, where: Location, as_json: bool, answers: Console) -> ExitCode:
    """Write the session's files into `out`; a session that failed has a record and no site, and is exit code 1.

    Raises:
        BadInput: there is no such session, it is still running, or `out` has something else in it.
    """
    stack = stack_of(cloud)
    session = session_in_stack(stack, session_id, where)
    if session.status.open:
        described = execution_in_stack(stack, session)
        if described is not None and described["status"] == "RUNNING":
            raise BadInput(
                f"Session {session_id} is still running: wait with `swarm watch {session_id}{where.options}`"
            )
    out_folder.check_ours(out, session_id)
    with out_folder.out_folder(out) as folder:
        outcome = stored_outcome(stack, session, events_in_stack(stack, session))
        out_folder.write(stack, outcome, folder, where.log_options)
    if as_json:
        answers.file.write(json.dumps(json.loads(run_outcome.as_json(outcome.record))) + os.linesep)
    else:
        answers.print(summary(outcome, out, outcome.record.timings.wall_s))
    return exit_code_of(outcome)

"""`swarm redrive SESSION`, and `swarm redrive --dead-letters`: failed work goes on."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

from rich.console import Console

from agents.contracts.base import clean_text
from cli.commands.watch import execution_in_stack, session_in_stack
from cli.errors import ExitCode
from cli.session.redriving import redrive_dead_letters, redrive_session
from cli.stack.clients import Cloud, stack_of
from cli.stack.location import Location


def redrive(cloud: Cloud, session_id: str, where: Location, as_json: bool, answers: Console) -> ExitCode:
    """Let a failed session go on. Raises BadInput for one that AWS would not redrive."""
    stack = stack_of(cloud)
    session = session_in_stack(stack, session_id, where)
    alias = str(cloud.outputs["state_machine_alias_arn"])
    redriven = redrive_session(stack, alias, session, execution_in_stack(stack, session))
    following = f"swarm watch {redriven.session_id}{where.options}"
    if as_json:
        answers.file.write(json.dumps({**asdict(redriven), "next": following}) + os.linesep)
        return ExitCode.DONE
    if redriven.session_id != session_id:
        how = (
            "The stack's release or model has changed since: a new session documents the upload, and reuses what is"
            " finished."
        )
    elif redriven.again:
        how = "A new execution takes the session over from its beginning, and reuses what is finished."
    else:
        how = "The execution goes on where it ended: states that have succeeded are not run again."
    answers.print(how, soft_wrap=True)
    answers.print(f"session {redriven.session_id}", markup=False)
    answers.print(f"next: {following}", markup=False, soft_wrap=True)
    return ExitCode.DONE


def redrive_queue(cloud: Cloud, as_json: bool, answers: Console) -> ExitCode:
    """Deliver the dead letters again; exit code 1 if any stays in the queue."""
    stayed = count = 0
    for letter in redrive_dead_letters(cloud, stack_of(cloud), str(cloud.outputs["state_machine_alias_arn"])):
        count += 1
        stayed += not letter.redriven
        if as_json:
            answers.file.write(json.dumps(asdict(letter)) + os.linesep)
            continue
        outcome = "" if letter.redriven else "stays in the queue: "
        answers.print(
            clean_text(f"{letter.what} (message {letter.message_id}): {outcome}{letter.detail}"),
            markup=False,
            soft_wrap=True,
        )
    if not count and not as_json:
        answers.print("The dead-letter queue is empty.")
    return ExitCode.SESSION_FAILED if stayed else ExitCode.DONE

"""`swarm local down` and `swarm local status`: the cloud that is up in a state folder, and its end."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console

from cli.errors import BadInput, ExitCode
from cli.stack.keeper import LOG_NAME, end
from local.resident import CloudKind, Holder, holder_in
from local.state.database import state_option


def down(folder: Path, messages: Console) -> ExitCode:
    """End the cloud that stays in the folder, at once. Raises BadInput for that of a single command."""
    holder = holder_in(folder)
    if holder is None:
        _say(messages, f"No cloud is up in {folder}")
        return ExitCode.DONE
    if holder.kind is CloudKind.RUN:
        raise BadInput(
            f"A command at work in {folder} has a cloud of its own (process {holder.process}): end it with Ctrl-C where"
            " it runs"
        )
    if not holder.process:
        raise BadInput(f"The cloud in {folder} is that of another version of swarm: end it with Ctrl-C where it runs")
    end(folder, holder)
    _say(messages, f"The cloud in {folder} has ended (process {holder.process}). Finished work is stored.")
    return ExitCode.DONE


def status(folder: Path, as_json: bool, answers: Console) -> ExitCode:
    """Print which process has a cloud up in the folder, and since what command."""
    holder = holder_in(folder)
    if as_json:
        answers.file.write(json.dumps(_figures(folder, holder)) + "\n")
    elif holder is None:
        _say(answers, f"No cloud is up in {folder}")
    else:
        where = f"at {holder.cloud.endpoint_url}" if holder.cloud else "being started"
        _say(answers, f"{_sentence(folder, holder)}, {where}")
        if holder.kind is CloudKind.KEEPER:
            _say(answers, f"Its log: {folder / LOG_NAME}")
    return ExitCode.DONE


_KINDS = {
    CloudKind.KEEPER: "A cloud of earlier runs",
    CloudKind.UP: "The cloud of `swarm local up`",
    CloudKind.RUN: "The cloud of a single command",
}


def _sentence(folder: Path, holder: Holder) -> str:
    ends = "it ends with that" if holder.kind is CloudKind.RUN else f"`swarm local down{state_option(folder)}` ends it"
    return f"{_KINDS[holder.kind]} is up in {folder} (process {holder.process}; {ends})"


def _figures(folder: Path, holder: Holder | None) -> dict[str, object]:
    if holder is None:
        return {"state": str(folder), "kind": None}
    return {
        "state": str(folder),
        "kind": holder.kind.value,
        "process": holder.process,
        "endpoint_url": holder.cloud.endpoint_url if holder.cloud else None,
        "log": str(folder / LOG_NAME) if holder.kind is CloudKind.KEEPER else None,
    }


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, soft_wrap=True)

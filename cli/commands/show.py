"""`swarm show SESSION`: its record in figures, what each role used, what was saved, and every turn with a model."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from rich.console import Console
from rich.text import Text

from agents.contracts.base import clean_text
from agents.contracts.conversation import Turn
from agents.contracts.usage import Usage
from agents.roster import MODEL_ROLES
from agents.text.wording import amount, counted
from cli.commands.sessions import age
from cli.errors import BadInput, ExitCode
from cli.output.summary import files_of
from cli.session.store import SessionStore
from cli.session.stored_session import StoredSession, conversation, view_of
from cli.stack.location import Location

_FIRST_GAPS = 10


@dataclass(frozen=True)
class ShowOptions:
    """What to show in addition to the figures."""

    turns: bool = False
    role: str = ""
    full: bool = False
    as_json: bool = False


def show(store: SessionStore, session: str, options: ShowOptions, where: Location, answers: Console) -> ExitCode:
    """Print one session. Raises BadInput if the role or the session does not exist."""
    if options.role and options.role not in MODEL_ROLES:
        raise BadInput(f"There is no role {options.role}; the roles are {', '.join(MODEL_ROLES)}")
    view = view_of(store, session)
    if view is None:
        raise where.unknown(session)
    turns = [turn for turn in view.turns if options.role in {"", turn.role}] if options.turns else []
    if options.as_json:
        answers.file.write(json.dumps(_as_json(store, view, turns, options)) + os.linesep)
        return ExitCode.DONE
    for figure in _figures(view):
        answers.print(figure, soft_wrap=True)
    for heading, lines in _lists(view):
        answers.print(Text(f"\n{heading}", style="bold"))
        for line in lines:
            answers.print(f"  {line}", markup=False, soft_wrap=True)
    if options.turns:
        _print_turns(store, turns, options, answers)
    return ExitCode.DONE


def _figures(view: StoredSession) -> Iterator[Text]:
    """A line each; the terminal breaks long ones, so that an ARN can be copied."""
    session, record = view.session, view.record
    rows = [
        ("session", session.session_id),
        ("repository", clean_text(session.repository)),
        ("status", view.status.value),
        ("opened", f"{_at(session.opened_at)}, {age(time.time() - session.opened_at)} ago"),
        ("model", clean_text(session.model)),
        ("release", session.release),
        ("execution", session.execution),
    ]
    if record is not None:
        rows.append(("files", files_of(record)))
        if record.score is not None:
            noun = "draft" if record.revisions == 1 else "drafts"
            rows.append(("pages", f"{record.revisions} {noun}, score {record.score}"))
        if record.error is not None:
            rows.append(("error", clean_text(f"{record.error.name}: {record.error.cause}")))
    cap = f" of ${amount(record.usage.cap_usd)}" if record is not None else ""
    spending = view.spending
    rows.append(("spend", f"${spending.settled.usd:.4f}{cap}, {counted(spending.settled.requests, 'model call')}"))
    if spending.in_flight_requests:
        rows.append(("in flight", f"{spending.in_flight_requests:,} calls, ${spending.in_flight_usd:.4f} at most"))
    if spending.unsettled_requests:
        lost = f"{spending.unsettled_requests:,} calls of processes that died, ${spending.unsettled_usd:.4f} at most"
        rows.append(("unsettled", lost))
    rows.append(("turns", f"{len(view.turns):,}"))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        yield Text.assemble((f"{name:<{width}}  ", "dim"), value)


def _lists(view: StoredSession) -> Iterator[tuple[str, Sequence[str]]]:
    if view.attributed:
        yield "usage by role", [f"{role:<15}{_used(usage)}" for role, usage in view.attributed.items()]
    if view.steps:
        yield (
            "steps of the ladder",
            [
                f"{'planned' if step.planned else 'running'}  {step.role:<12}{step.rung.value:<18}{step.answers:>5,}"
                f"  {clean_text(step.detail)}"
                for step in view.steps
            ],
        )
    gaps = view.record.gaps if view.record is not None else ()
    if gaps:
        lines = [f"{clean_text(gap.path)}  {gap.reason}: {clean_text(gap.detail)[:160]}" for gap in gaps[:_FIRST_GAPS]]
        more = [f"and {len(gaps) - _FIRST_GAPS:,} more; --json has them all"] if len(gaps) > _FIRST_GAPS else []
        yield "gaps", [*lines, *more]


def _print_turns(store: SessionStore, turns: Sequence[Turn], options: ShowOptions, answers: Console) -> None:
    answers.print(Text(f"\nturns{f' of the {options.role}' if options.role else ''}", style="bold"))
    if not turns:
        answers.print("  none: no model was asked, or the turns have expired")
    read = _remembering(store)
    for turn in turns:
        line = f"  {_at(turn.asked_at)}  {turn.role:<12}{clean_text(turn.model)}  instructions {turn.instructions}"
        answers.print(f"{line}  {_used(turn.usage)}\n    {turn.body}", markup=False, soft_wrap=True)
        if not options.full:
            continue
        messages, reply = conversation(read, turn)
        for name, text in zip(("instructions", "question", "further"), messages, strict=False):
            answers.print(f"    -- {name}\n{_indented(text)}", markup=False, soft_wrap=True)
        answers.print(f"    -- reply\n{_indented(reply)}\n", markup=False, soft_wrap=True)


def _as_json(
    store: SessionStore, view: StoredSession, turns: Sequence[Turn], options: ShowOptions
) -> dict[str, object]:
    fields: dict[str, object] = {
        "session": view.session.model_dump(mode="json"),
        "closed_at": view.closed_at or None,
        "record": view.record.model_dump(mode="json", by_alias=True) if view.record is not None else None,
        "usage_by_role": {role: usage.model_dump(mode="json") for role, usage in view.attributed.items()},
        "steps": [step.model_dump(mode="json") for step in view.steps],
        "spending": view.spending.model_dump(mode="json"),
        "spent_usd": view.spending.settled.usd,
        "held_usd": view.spending.in_flight_usd,
    }
    if options.turns:
        read = _remembering(store)
        fields["turns"] = [_turn_as_json(read, turn, options.full) for turn in turns]
    return fields


def _turn_as_json(read: Callable[[str], bytes], turn: Turn, full: bool) -> dict[str, object]:
    fields: dict[str, object] = turn.model_dump(mode="json")
    if full:
        messages, reply = conversation(read, turn)
        fields |= {"messages": list(messages), "reply": reply}
    return fields


def _remembering(store: SessionStore) -> Callable[[str], bytes]:
    """Reads blobs. Turns that were stored together share one, and stand beside one another."""
    return lru_cache(maxsize=8)(store.blob)


def _used(usage: Usage) -> str:
    return (
        f"{usage.requests:,} request{'' if usage.requests == 1 else 's'}, {usage.input_tokens:,} tokens in,"
        f" {usage.output_tokens:,} out, ${usage.usd:.4f}"
    )


def _at(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))

"""docs/events.md, its schema and its examples say what the code sends.

After a change that is meant: UPDATE_GOLDEN=1 python -m pytest tests/docs, then read the diff. A field that goes away or
gets another meaning needs a new schema_version, and a schema beside this one.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it has no types, and its stubs would be one more dependency
import pytest

from agents.contracts.approval import Approval
from agents.contracts.base import Contract
from agents.contracts.events import DETAIL_TYPES, RELEASE_DETAIL_TYPES, SOURCE, ReleaseEvent, SessionEvent
from agents.contracts.session import Coverage, ErrorRecord, Origin, RepositoryRecord, SessionRecord, SessionStatus
from agents.contracts.session import UsageRecord as Spent
from agents.contracts.snapshot import Gap
from agents.contracts.trail import CanaryDecision, CanaryFigures, VersionFigures
from agents.roles.canary.run import announce
from agents.session.events import awaiting, ended, started
from tests.agents.fakes import EXECUTION, fake_ports, running_session, settings
from tests.docs.blocks import DOCS, hold, table

EXAMPLES = DOCS.parent / "tests" / "events" / "sessions"
RELEASE_EXAMPLES = EXAMPLES.parent / "releases"
SCHEMA = DOCS / "session-event-1.schema.json"
RELEASE_SCHEMA = DOCS / "release-event-1.schema.json"
SESSION = running_session(
    execution=EXECUTION,
    repository="engine",
    origin=Origin(repository="acme/engine", ref="refs/heads/main", commit="6113728f27ae82c7b1a177c8d03f9e96e0adf246"),
)


def _record(status: SessionStatus) -> SessionRecord:
    failed = status in {SessionStatus.FAILED, SessionStatus.SUPERSEDED}
    error = ErrorRecord(name="TooManyGaps" if status is SessionStatus.FAILED else "Superseded", cause="…")
    gaps = (Gap(path="big.sql", reason="FileTooLarge", detail="…"),)
    return SessionRecord(
        session_id=SESSION.session_id,
        status=status,
        repository=RepositoryRecord(name="engine", files=120),
        coverage=Coverage(files_total=120, files_analysed=100, files_reused=10, files_skipped=9),
        gaps=gaps,
        score=None if failed else 86,
        usage=Spent(usd=0.42, cap_usd=10),
        error=error if failed else None,
    )


def _event(status: SessionStatus) -> SessionEvent:
    now = SESSION.opened_at + 95
    chosen = settings(context_bucket="swarm-test-context-000000000000-eu-central-1")
    if status is SessionStatus.RUNNING:
        return started(SESSION, SESSION.opened_at, chosen)
    if status is SessionStatus.AWAITING_APPROVAL:
        approval = Approval(
            session_id=SESSION.session_id,
            revision=2,
            execution=EXECUTION,
            asked_at=now,
            expires_at=now + 72 * 3600,
            sent_back=False,
        )
        return awaiting(SESSION, approval, 0.42, 86, chosen)
    return ended(SESSION, _record(status), now, chosen)


def _release_event(decision: CanaryDecision) -> ReleaseEvent:
    former = VersionFigures(version=41, release="r41", sessions=60, failed=1, usd_per_file=0.01, score=88)
    new = VersionFigures(version=42, release="r42", sessions=7, usd_per_file=0.03, score=87)
    alarms = ("dollars per file: 0.03, of the former version 0.01",) if decision == "went-back" else ()
    ports = fake_ports()
    announce(decision, CanaryFigures(percent=10, former=former, new=new, alarms=alarms), ports, settings())
    return ports.events.releases[-1]


def _envelope(event: SessionEvent | ReleaseEvent) -> dict[str, Any]:
    """The event as EventBridge delivers it."""
    return {
        "version": "0",
        "id": "0b9c5f2e-6a3d-4a56-9a51-3f2f4c2f4a01",
        "detail-type": event.detail_type,
        "source": SOURCE,
        "account": "000000000000",
        "time": datetime.fromtimestamp(event.occurred_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "eu-central-1",
        "resources": list(event.resources),
        "detail": event.model_dump(mode="json"),
    }


def _file(status: SessionStatus) -> Path:
    return EXAMPLES / f"{status.value.lower().replace('_', '-')}.json"


def _hold_file(path: Path, stated: str) -> None:
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(stated, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == stated, f"renew {path.name}: UPDATE_GOLDEN=1"


def _schema(contract: type[Contract] = SessionEvent) -> dict[str, Any]:
    """The contract's, for readers: it lets them read events of a later release, which may have more fields."""
    schema = contract.model_json_schema(mode="serialization")
    for part in (schema, *schema["$defs"].values()):
        part.pop("additionalProperties", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def test_the_schema_is_that_of_the_contract() -> None:
    _hold_file(SCHEMA, _as_text(_schema()))
    _hold_file(RELEASE_SCHEMA, _as_text(_schema(ReleaseEvent)))


@pytest.mark.parametrize("decision", RELEASE_DETAIL_TYPES)
def test_the_example_of_each_decision_is_what_the_code_sends_and_fits_the_schema(decision: CanaryDecision) -> None:
    envelope = _envelope(_release_event(decision))
    _hold_file(RELEASE_EXAMPLES / f"{decision}.json", _as_text(envelope))
    jsonschema.validate(envelope["detail"], _schema(ReleaseEvent))


@pytest.mark.parametrize("status", SessionStatus)
def test_the_example_of_each_status_is_what_the_code_sends_and_fits_the_schema(status: SessionStatus) -> None:
    envelope = _envelope(_event(status))
    _hold_file(_file(status), _as_text(envelope))
    jsonschema.validate(envelope["detail"], _schema())


def test_the_schema_takes_a_later_releases_field_and_refuses_another_meaning() -> None:
    detail = _event(SessionStatus.PUBLISHED).model_dump(mode="json")
    jsonschema.validate({**detail, "new": "field"}, _schema())
    for wrong in ({**detail, "status": "GONE"}, {**detail, "schema_version": "2"}, {**detail, "usd": "much"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, _schema())


def test_an_event_has_no_address_of_a_model() -> None:
    named = SESSION.with_changes(model="openai:qwen@http://models.internal:8080/v1")
    assert started(named, 0, settings()).model == "openai:qwen"


def _fields(contract: type[Contract]) -> Iterator[tuple[str, str]]:
    announced = {
        "schema_version": "of the schema, a text",
        "session_id": "the session",
        "decision": "what was decided",
        "environment": "of the stack, such as `dev`",
        "repository": "as the code host names it, `acme/engine`; of an upload by hand the archive's folder or name",
        "release": "the release that documented it",
        "pointers": "`bucket`, and in it the keys `record`, `site`, `site_source`; empty where there is no such object",
    }
    for name, about in contract.model_fields.items():
        yield f"`{name}`", about.description or announced[name]


def test_the_page_has_every_field() -> None:
    hold("events.md", "fields", table(("field", "meaning"), _fields(SessionEvent)))
    hold("events.md", "release fields", table(("field", "meaning"), _fields(ReleaseEvent)))


def test_the_page_has_every_detail_type() -> None:
    rows = ((f"`{status}`", kind) for status, kind in DETAIL_TYPES.items())
    hold("events.md", "detail types", table(("`status`", "`detail-type`"), rows))
    decisions = ((f"`{decision}`", kind) for decision, kind in RELEASE_DETAIL_TYPES.items())
    hold("events.md", "release detail types", table(("`decision`", "`detail-type`"), decisions))


def test_the_pages_pattern_has_words_that_exist() -> None:
    page = (DOCS / "events.md").read_text(encoding="utf-8")
    (pattern,) = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL))
    assert pattern["source"] == [SOURCE]
    assert set(pattern["detail-type"]) <= set(DETAIL_TYPES.values())
    assert set(pattern["detail"]) <= set(SessionEvent.model_fields)

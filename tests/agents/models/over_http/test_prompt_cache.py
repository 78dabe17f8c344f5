"""Each call tells Bedrock where the common beginning of a session's questions ends; one may fill its cache first."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agents.contracts.analysis import AnalystBrief, AnalystReply, FileBrief
from agents.contracts.structure import Structure
from agents.errors import ModelThrottled
from agents.models.access import ModelAccess
from agents.ports import Question
from tests.agents.models.over_http.asked import Asker
from tests.agents.models.over_http.converse import Converse, answered, refused, tool

#: More than the 4,096 tokens from which this model caches.
OUTLINE = "\n".join(f"folder{number}/ 3 files: does the thing number {number}" for number in range(450))
HAIKU = "bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0"


def asked_about(path: str, outline: str = OUTLINE) -> Question[AnalystReply]:
    file = FileBrief(path=path, text=f"# {path}\n", structure=Structure(language="python", line_count=1))
    return Question("analyst", "Describe the files.", AnalystBrief(files=(file,), outline=outline), AnalystReply)


def said_of(path: str) -> dict[str, Any]:
    return {"files": [{"path": path, "summary": [{"text": "It is there."}], "notes": []}]}


@pytest.fixture
def asker(converse: Converse) -> Asker:
    return Asker(HAIKU, ModelAccess(bedrock=converse.client, timeout_seconds=60.0))


def test_the_beginning_is_the_same_for_every_file_and_ends_in_a_cache_point(converse: Converse, asker: Asker) -> None:
    model = asker.model()
    for path in ("a.py", "b/c.py"):
        converse.answers = [tool(said_of(path))]
        model.answer(asked_about(path))
    (_, first), (_, second) = converse.asked
    assert [next(iter(block)) for block in first["system"]] == ["text", "cachePoint"]
    assert json.dumps([first["toolConfig"], first["system"]]) == json.dumps([second["toolConfig"], second["system"]])
    assert "folder449/" in first["system"][0]["text"]
    assert "a.py" not in json.dumps(first["system"])
    assert "a.py" in json.dumps(first["messages"])


def test_a_short_beginning_is_not_marked(converse: Converse, asker: Asker) -> None:
    converse.answers = [tool(said_of("a.py"))]
    asker.model().answer(asked_about("a.py", outline="src/ 1 file"))
    ((_, request),) = converse.asked
    assert [next(iter(block)) for block in request["system"]] == ["text"]


def test_what_was_read_from_the_cache_is_counted_and_cheaper(converse: Converse, asker: Asker) -> None:
    def cached(request: Any) -> Any:
        status, kind, body = tool(said_of("a.py"))(request)
        assert isinstance(body, dict)
        body["usage"] |= {"inputTokens": 100, "cacheReadInputTokens": 5000, "totalTokens": 5200}
        return status, kind, body

    converse.answers = [cached]
    usage = asker.model().answer(asked_about("a.py")).usage
    assert (usage.input_tokens, usage.cached_tokens) == (5100, 5000)
    assert usage.usd == pytest.approx((100 * 1.1 + 5000 * 0.11 + 100 * 5.5) / 1e6)


def test_a_warm_up_begins_as_every_question_does_and_asks_for_one_token(converse: Converse, asker: Asker) -> None:
    model = asker.model()
    converse.answers = [answered([{"text": "I"}], stop="max_tokens")]
    usage = model.warm(
        Question("analyst", "Describe the files.", AnalystBrief(files=(), outline=OUTLINE), AnalystReply)
    )
    converse.answers = [tool(said_of("a.py"))]
    model.answer(asked_about("a.py"))
    (_, warm), (_, question) = converse.asked
    assert warm["inferenceConfig"]["maxTokens"] == 1
    assert json.dumps([warm["toolConfig"], warm["system"]]) == json.dumps([question["toolConfig"], question["system"]])
    assert usage.requests == 1
    assert usage.usd > 0
    assert asker.unanswered == []
    assert len(asker.ledger.settled) == len(asker.ledger.held) == 2


def test_a_warm_up_that_is_refused_says_so_and_costs_nothing(converse: Converse, asker: Asker) -> None:
    converse.answers = [refused(429, "ThrottlingException", "Too many tokens")]
    with pytest.raises(ModelThrottled):
        asker.model().warm(asked_about("a.py"))
    assert [cost for _, cost in asker.ledger.settled] == [0.0]

"""The model that wiring builds gets as many questions at once as the settings say, however many are under way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from agents.aws import clients, models
from agents.aws.models import ModelsByRole
from bench.stub_model import Behaviour, StubModel
from tests.agents.fakes import SESSION_ID, fake_ports, settings
from tests.agents.models.over_http.asked import question


class _Forgetful:
    """A conversation that keeps nothing."""

    def __init__(self, *_: object) -> None: ...

    def keep(self, *_: object) -> None: ...


def test_no_more_questions_are_with_the_model_than_the_setting_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "StoredConversation", _Forgetful)
    monkeypatch.setattr(clients, "dynamodb", lambda: None)
    with StubModel(Behaviour(latency_seconds=0.3)) as stub:
        own = settings("AnalyseBatch", model=stub.model, model_prices=f"{stub.model}=1/2", model_calls_at_once=2)
        model = ModelsByRole(own, SESSION_ID, fake_ports())
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: model.answer(question(f"x = {number}\n")), range(8)))
        assert (stub.answered, stub.most_at_once) == (8, 2)

"""Messages reach Slack and Teams in their own forms, and no other host."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agents.aws import clients, notices
from agents.aws.notices import SnsAndWebhooks, card_for
from agents.contracts.approval import Notice

NOTICE = Notice(subject="Docs of <a> & [b](c) wait", text="One.\nTwo.", link="https://decide.example/s/1/secret")
SLACK = "https://hooks.slack.com/services/T0/B0/secret"
TEAMS = "https://prod-12.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=secret"


class Secrets:
    """A Secrets Manager with one secret."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 (boto3's name)
        assert SecretId == "webhooks"
        return {"SecretString": self.text}


def test_slack_gets_a_button_and_text_that_is_no_markup() -> None:
    card = card_for(SLACK, NOTICE)
    assert card is not None
    assert card["blocks"][1]["elements"][0]["url"] == NOTICE.link
    assert card["blocks"][0]["text"]["type"] == "plain_text"
    assert card["text"] == "Docs of &lt;a&gt; &amp; [b](c) wait"


def test_teams_gets_an_adaptive_card_without_links_in_its_text() -> None:
    card = card_for(TEAMS, NOTICE)
    assert card is not None
    (attachment,) = card["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["content"]["actions"][0] == {
        "type": "Action.OpenUrl",
        "title": "Read and decide",
        "url": NOTICE.link,
    }
    assert "[b](c)" not in attachment["content"]["body"][0]["text"]


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/services/x",
        "https://hooks.slack.com.evil.example/x",
        "https://evil.example/hooks.slack.com",
        "https://hooks.slack.com@evil.example/x",
        "https://user@hooks.slack.com/x",
        "https://hooks.slack.com:8443/x",
        "https://logic.azure.com/x",
        "https://169.254.169.254/latest",
        "https://[::1",
        "file:///etc/passwd",
    ],
)
def test_no_other_address_gets_the_link(url: str) -> None:
    assert card_for(url, NOTICE) is None


def test_one_webhook_that_fails_stops_no_other_and_no_address_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    posted: list[tuple[str, Any]] = []

    def post(url: str, body: bytes) -> int:
        posted.append((url, json.loads(body)))
        if "hooks" in url:
            raise ConnectionResetError
        return 500

    monkeypatch.setattr(clients, "secrets_manager", lambda: Secrets(f"{SLACK}\n\nhttps://evil.example/x\n{TEAMS}\n"))
    SnsAndWebhooks("", "webhooks", post).send(NOTICE)
    assert [url for url, _ in posted] == [SLACK, TEAMS]
    assert len(caplog.records) == 3
    assert "secret" not in caplog.text
    assert notices.__doc__

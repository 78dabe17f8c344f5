"""Messages to people: by e-mail through an SNS topic, and to chat rooms of Slack and Teams through their webhooks.

Card formats: Slack "Reference: blocks"; Teams "Post a workflow when a webhook request is received" (Adaptive Card 1.4).
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from agents.aws import clients
from agents.aws.secrets import StoredSecrets
from agents.contracts.approval import Notice
from agents.errors import SecretUnreadable

_log = logging.getLogger("swarm")
_SECONDS = 5
#: Nothing is sent to another host, whatever the secret says: the link in a message lets its reader decide.
_SLACK = re.compile(r"hooks\.slack(-gov)?\.com")
_TEAMS = re.compile(r"[a-z0-9-]+\.webhook\.office\.com|([a-z0-9-]+\.)+(logic\.azure|api\.powerplatform)\.com")

Card = Mapping[str, Any]
Post = Callable[[str, bytes], int]


def _post(url: str, body: bytes) -> int:
    """The answer's status. Follows no redirect. Raises OSError, HTTPException."""
    parts = urlsplit(url)
    connection = HTTPSConnection(parts.hostname or "", timeout=_SECONDS)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("POST", target, body, {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


class SnsAndWebhooks:
    """Notices over one topic and the webhooks in one secret, one URL a line; either may be empty."""

    def __init__(self, topic: str, secret: str, post: Post = _post) -> None:
        self._topic, self._secret, self._post = topic, secret, post

    def send(self, notice: Notice) -> None:
        """Send it everywhere; who cannot be reached is logged, and stops nobody else's message."""
        if self._topic:
            try:
                clients.sns(self._topic.split(":")[3]).publish(
                    TopicArn=self._topic, Subject=notice.subject[:100], Message=f"{notice.text}\n\n{notice.link}\n"
                )
            except (BotoCoreError, ClientError):
                _log.exception("the message did not reach the topic")
        for url in self._urls():
            self._send_card(url, notice)

    def _urls(self) -> Iterator[str]:
        if self._secret:
            try:
                text = StoredSecrets(clients.secrets_manager).read(self._secret)
            except SecretUnreadable:
                _log.exception("the secret with the webhooks cannot be read")
                return
            yield from filter(None, (line.strip() for line in text.splitlines()))

    def _send_card(self, url: str, notice: Notice) -> None:
        host = urlsplit(url).hostname or ""
        card = card_for(url, notice)
        if card is None:
            _log.error("no message to %s: it is no https address of a webhook of Slack or Teams", host)
            return
        try:
            status = self._post(url, json.dumps(card).encode())
        except (OSError, HTTPException) as error:  # a webhook's address is a secret: the log has its host alone
            _log.error("the message did not reach %s: %s", host, type(error).__name__)
            return
        if status >= 300:
            _log.error("the message did not reach %s: it answered %d", host, status)


def card_for(url: str, notice: Notice) -> Card | None:
    """The message in the form of the webhook's service; None for an address that is not allowed."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.port in {None, 443} and parts.username is None
    except ValueError:
        return None
    host = parts.hostname or ""
    if plain and _SLACK.fullmatch(host):
        return _slack(notice)
    if plain and _TEAMS.fullmatch(host):
        return _teams(notice)
    return None


def _slack(notice: Notice) -> Card:
    text = {"type": "plain_text", "text": f"{notice.subject}\n{notice.text}"[:3000], "emoji": False}
    button = {"type": "button", "text": {"type": "plain_text", "text": "Read and decide"}, "url": notice.link}
    blocks = [{"type": "section", "text": text}, {"type": "actions", "elements": [button]}]
    escaped = notice.subject.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": escaped, "blocks": blocks}


def _teams(notice: Notice) -> Card:
    body = [
        {"type": "TextBlock", "text": _without_markdown(notice.subject), "weight": "bolder", "wrap": True},
        *({"type": "TextBlock", "text": _without_markdown(line), "wrap": True} for line in notice.text.splitlines()),
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": "Read and decide", "url": notice.link}],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _without_markdown(text: str) -> str:
    """A TextBlock renders a little Markdown, so a repository's name could be a link."""
    return re.sub(r"([\\\[\]()*_`#<>])", r"\\\1", text)

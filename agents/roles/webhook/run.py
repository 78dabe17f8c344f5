"""Receives a webhook: nothing is written or called before everything is checked, and the sender waits for no fetch."""

from __future__ import annotations

import logging
from http import HTTPStatus

from agents.contracts.http import HttpRequest, HttpResponse
from agents.contracts.webhook import FetchSnapshotInput, Push
from agents.ports import Ports
from agents.roles.webhook.core import WebhookRefused, documented, is_ping, parsed, remembered_as, screened
from agents.roles.webhook.payloads import PayloadRefused, pushes_of
from agents.roles.webhook.signatures import SignatureRefused, check_signature
from agents.settings import AgentSettings

_log = logging.getLogger("swarm")


def run(request: HttpRequest, ports: Ports, settings: AgentSettings) -> HttpResponse:
    """Check the request, then ask for the fetch of each commit in it."""
    try:
        return _received(request, ports, settings)
    except WebhookRefused as refused:
        # Only words of ours and names that contracts have checked: a sender writes nothing into the log.
        _log.warning("webhook refused with %d: %s", refused.status, refused)
        allow = {"allow": "POST"} if refused.status == HTTPStatus.METHOD_NOT_ALLOWED else {}
        return HttpResponse(status=refused.status, body=HTTPStatus(refused.status).phrase, headers=allow)


def _received(request: HttpRequest, ports: Ports, settings: AgentSettings) -> HttpResponse:
    if not settings.webhook_repositories:
        raise WebhookRefused(404, "webhookRepositories is empty: webhooks are off")
    sender = screened(request)
    try:
        check_signature(
            sender.provider, request.headers, request.body, ports.webhooks.live_secrets(), ports.clock.now()
        )
    except SignatureRefused as refused:
        raise WebhookRefused(401, str(refused)) from None
    payload = parsed(request.body)
    if is_ping(sender.event):
        return HttpResponse(status=200, body="the webhook is set up")
    try:
        pushes = pushes_of(sender.provider, sender.event, payload)
    except PayloadRefused as refused:
        raise WebhookRefused(400, str(refused)) from None
    wanted = documented(pushes, settings.webhook_repositories, settings.webhook_branches, settings.hosts_by_provider())
    if not wanted:
        return HttpResponse(status=204)
    arrival = int(ports.clock.now() * 1_000_000_000)
    key = remembered_as(sender, request.headers, request.body)
    outcome = ports.webhooks.once(key, lambda: _request_fetches(wanted, arrival, ports))
    if outcome == "under way":
        raise WebhookRefused(409, "the same delivery is being answered")
    return HttpResponse(status=202 if outcome == "done" else 200, body="" if outcome == "done" else "already received")


def _request_fetches(pushes: list[Push], arrival: int, ports: Ports) -> None:
    for place, push in enumerate(pushes):
        ports.webhooks.request_fetch(FetchSnapshotInput(push=push, arrival=arrival + place))

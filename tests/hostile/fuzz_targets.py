"""What is fuzzed: each target takes bytes, and raises only where the product has a defect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

from pydantic import BaseModel, ValidationError

from agents.codebase import secrets
from agents.codebase.files.attributes import RepositoryAttributes
from agents.codebase.files.encoding import decoded
from agents.codebase.files.ignore_patterns import ignore_spec
from agents.codebase.guides import reading as guides
from agents.codebase.guides.source import Repository
from agents.codebase.package_facts import packages
from agents.codebase.site_settings import site_settings
from agents.codebase.structure.artefacts import ARTEFACTS
from agents.codebase.structure.documentation.dialects import DIALECTS, read
from agents.codebase.structure.grammars import LANGUAGES
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts import states
from agents.contracts.http import HttpRequest
from agents.contracts.webhook import HostKind
from agents.errors import FileUnparseable
from agents.roles.webhook.core import WebhookRefused, parsed, screened
from agents.roles.webhook.payloads import PayloadRefused, pushes_of
from agents.roles.webhook.signatures import sender_of

Target = Callable[[bytes], None]

_MANIFESTS = (
    "package.json",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "Cargo.toml",
    "go.mod",
    "pom.xml",
    "composer.json",
    "PKG-INFO",
    "a.csproj",
)
_GUIDES = ("a.md", "a.rst", "a.adoc", "README", "docs/a.txt")
_EVENTS = ("push", "release", "push hook", "tag push hook", "release hook", "repo:push", "repo:refs_changed")
_HEADERS = ("x-github-event", "x-github-delivery", "x-gitlab-event", "x-gitlab-event-uuid", "x-event-key", "x-request-uuid",
            "x-gitea-event", "x-gitea-delivery", "webhook-id", "webhook-timestamp", "webhook-signature", "content-type")  # fmt: skip
_CONTRACTS: tuple[type[BaseModel], ...] = tuple(
    kind for kind in vars(states).values() if isinstance(kind, type) and issubclass(kind, BaseModel)
)


def _read(language: str, data: bytes) -> None:
    try:
        structure = TreeSitterReader().read_unmasked("a", language, _text(data))
    except FileUnparseable as gap:
        # A file that is refused on purpose is a gap; whatever else a reader raises would be one too, and is a defect.
        if isinstance(gap.__cause__, ValueError):
            return
        raise
    assert all(symbol.lines.end <= structure.line_count for symbol in structure.symbols)


def _read_any(kinds: list[str], data: bytes) -> None:
    if data:
        _read(kinds[data[0] % len(kinds)], data[1:])


def _document(data: bytes) -> None:
    kinds = [*DIALECTS]
    if data:
        read(_text(data[1:]), kinds[data[0] % len(kinds)])


def _guide(data: bytes) -> None:
    if data:
        guides.read(_GUIDES[data[0] % len(_GUIDES)], _text(data[1:]), Repository())


def _manifest(data: bytes) -> None:
    if data:
        name = _MANIFESTS[data[0] % len(_MANIFESTS)]
        packages([name], lambda _: _text(data[1:]))


def _settings(data: bytes) -> None:
    with suppress(ValueError):
        site_settings(_text(data))


def _patterns(data: bytes) -> None:
    text = _text(data)
    RepositoryAttributes({".gitattributes": text}).of("src/a.py")
    with suppress(ValueError):
        ignore_spec(text.splitlines()).match_file("src/a.py")


def _contract(data: bytes) -> None:
    if data:
        with suppress(ValidationError):
            _CONTRACTS[data[0] % len(_CONTRACTS)].model_validate_json(data[1:])


def _webhook(data: bytes) -> None:
    headers = dict(zip(_HEADERS, _text(data[:400]).split("\n"), strict=False))
    request = HttpRequest.model_construct(method="POST", headers=headers, body=data, path="/")
    sender_of(headers)
    with suppress(WebhookRefused):
        screened(request)
    with suppress(WebhookRefused, PayloadRefused):
        payload = parsed(data[2:])
        pushes_of([*HostKind][data[0] % len(HostKind)], _EVENTS[data[1] % len(_EVENTS)], payload)


def _secrets(data: bytes) -> None:
    text = _text(data)
    found = secrets.find(text.encode())
    assert all(secret.start < secret.end <= len(text.encode()) for secret in found)
    assert all(secret.first <= secret.start and secret.first < secret.last for secret in found)
    assert secrets.without_secrets(text).count("\n") == text.count("\n")


def _text(data: bytes) -> str:
    return decoded(data)


TARGETS: Mapping[str, Target] = {
    "languages": partial(_read_any, [*LANGUAGES]),
    "formats": partial(_read_any, [*ARTEFACTS]),
    "comments": _document,
    "guides": _guide,
    "manifests": _manifest,
    "secrets": _secrets,
    "settings": _settings,
    "patterns": _patterns,
    "contracts": _contract,
    "webhooks": _webhook,
}

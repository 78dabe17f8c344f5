"""The pages around the versions of a hosted site: the list of versions, and the page that leads to the newest. Pure."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Sequence
from datetime import UTC, datetime

from agents.contracts.session import SessionStatus
from agents.contracts.site import SiteVersion

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{max-width:60em;margin:2em auto;padding:0 1em;font:15px/1.5 system-ui,sans-serif}"
    "table{border-collapse:collapse;width:100%}code{overflow-wrap:anywhere}"
    "th,td{text-align:left;padding:.4em .8em .4em 0;border-bottom:1px solid #8884;vertical-align:top}"
    "td a{white-space:nowrap}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_OUTCOMES = {
    SessionStatus.PUBLISHED: "published",
    SessionStatus.PUBLISHED_WITH_FINDINGS: "published with open findings",
}


def versions_page(repository: str, versions: Sequence[SiteVersion]) -> str:
    """The list of the versions, newest first; its links are relative to the repository's folder."""
    name = html.escape(repository)
    rows = "".join(_row(version) for version in versions)
    return _document(
        f"Versions of {name}",
        f'<h1>{name}</h1><p><a href="latest/">The newest version</a>. Every version that can be read:</p>'
        "<table><thead><tr><th>Published (UTC)</th><th>Snapshot</th><th>Outcome</th><th>Model</th>"
        f"<th>Readable until</th></tr></thead><tbody>{rows}</tbody></table>",
    )


def latest_page(version: SiteVersion) -> str:
    """The page that leads to a version: one object, so that `latest/` is never half of one version."""
    address = f"../{version.name}/"
    return _document(
        html.escape(version.repository),
        f'<p><a href="{address}">The newest version of {html.escape(version.repository)}</a></p>',
        f'<meta http-equiv="refresh" content="0; url={address}">',
    )


def _row(version: SiteVersion) -> str:
    return (
        f'<tr><td><a href="{version.name}/">{_at(version.published_at, "%Y-%m-%d %H:%M")}</a></td>'
        f'<td><code title="{html.escape(version.snapshot)}">{html.escape(_short(version.snapshot))}</code></td>'
        f"<td>{_OUTCOMES.get(version.status, version.status.value)}</td><td>{html.escape(version.model)}</td>"
        f"<td>{_at(version.readable_until, '%Y-%m-%d')}</td></tr>"
    )


def _short(snapshot: str) -> str:
    """A digest or a commit as people cite it; any other name as it is."""
    return snapshot[:12] if len(snapshot) >= 40 and all(c in "0123456789abcdef" for c in snapshot) else snapshot


def _at(seconds: int, form: str) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(form)


def _document(title: str, body: str, head: str = "") -> str:
    policy = f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{_STYLE_HASH}'"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">{head}<style>{_STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>\n"
    )

"""The pages that a person sees: no script, every word of a repository or a person escaped. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlencode

from agents.contracts.approval import (
    COMMENT_LIMIT,
    NAME_LIMIT,
    Approval,
    ApprovalDecision,
    DraftDecision,
    DraftReport,
)
from agents.contracts.draft import Page
from agents.contracts.http import HttpResponse
from agents.text.wording import amount

#: Entries of each list, and characters of a draft's page: an answer has 6 MB at most.
_LISTED, _PAGE_CHARACTERS = 200, 1_000_000
_STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--line:#8a929b;--soft:#f2f4f6;--go:#17652f;--stop:#a11a1a}
@media(prefers-color-scheme:dark){
:root{--ink:#e8eaed;--paper:#16181b;--line:#7d858e;--soft:#22262b;--go:#1d7a3a;--stop:#b52a2a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:50rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif}
body{color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2rem}
a{color:inherit}li,p,dd,summary{overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{font-weight:600}dd{margin:0}
pre,code{font:.875rem/1.5 ui-monospace,monospace}pre{white-space:pre-wrap;
overflow-wrap:anywhere;padding:.75rem;background:var(--soft)}
summary{padding:.5rem 0;cursor:pointer}
form h2{margin-top:0}form{border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin-top:2rem}
label{display:block;font-weight:600;margin-top:.75rem}
input,textarea{display:block;width:100%;padding:.6rem;font:inherit;
color:inherit;background:var(--soft);border:1px solid var(--line);border-radius:.25rem}
button{min-height:2.75rem;margin:1rem .75rem 0 0;padding:.5rem 1.25rem;font:inherit;
font-weight:600;color:#fff;border:0;border-radius:.25rem;background:var(--go)}
button[value=reject]{background:var(--stop)}button[hidden]{display:none}
:focus-visible{outline:3px solid #3b82f6;outline-offset:2px}
.problem{border-left:.3rem solid var(--stop);padding:.5rem .75rem;background:var(--soft);font-weight:600}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    # With no-referrer a browser sends the form with `Origin: null`, which the laptop's server refuses.
    "referrer-policy": "same-origin",
    "x-robots-tag": "noindex",
}
_DONE = {
    ApprovalDecision.PUBLISH: "Approved",
    ApprovalDecision.REVISE: "Sent back to the editor",
    ApprovalDecision.REJECT: "Rejected",
}


def request_page(status: int, report: DraftReport, approval: Approval, default: str, problem: str = "") -> HttpResponse:
    """What the draft changes, what is wrong with it, what it cost, and the form."""
    facts = (
        ("Session", approval.session_id),
        ("Draft", f"revision {approval.revision}, score {report.score} of 100"),
        ("Cost so far", f"${report.usd:.4f}" + (f" of ${amount(report.cap_usd)}" if report.cap_usd else "")),
        ("Waits until", _moment(approval.expires_at)),
        ("Then", "it is published" if default == "publish" else "it is rejected"),
    )
    return _page(
        status,
        f"Publish the documentation of {report.repository}?",
        [
            f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else "",
            "<dl>" + "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts) + "</dl>",
            '<p><a href="#decide">Go to the decision</a></p>',
            *_changes(report),
            *_problems(report),
            "<h2>The draft</h2>",
            _details(
                f"Read its {len(report.pages):,} pages",
                [
                    f'<a href="?{escape(urlencode({"page": p.path}))}">{escape(p.title)}</a> {_code(p.path)}'
                    for p in report.pages
                ],
            ),
            _form(approval),
        ],
    )


def draft_page(page: Page) -> HttpResponse:
    """One page of the draft, as its Markdown text."""
    text = page.markdown[:_PAGE_CHARACTERS]
    cut = "<p>The rest of this page is left out.</p>" if len(text) < len(page.markdown) else ""
    return _page(200, page.title, ['<p><a href="?">Back to the decision</a></p>', f"<pre>{escape(text)}</pre>", cut])


def decided_page(status: int, decision: DraftDecision, *, other: bool = False) -> HttpResponse:
    """What was decided; `other` for a form that came after another decision."""
    facts = [("By", decision.decided_by), ("At", _moment(decision.decided_at))]
    if decision.comment:
        facts.append(("Comment", decision.comment))
    return _page(
        status,
        _DONE[decision.decision],
        [
            '<p class="problem" role="alert">It was decided before: your decision changes nothing.</p>'
            if other
            else "",
            "<dl>" + "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts) + "</dl>",
            "<p>You can close this page.</p>",
        ],
    )


def message_page(status: int, message: str) -> HttpResponse:
    """One sentence."""
    return _page(status, "No decision here", [f"<p>{escape(message)}</p>"])


def _page(status: int, title: str, parts: Iterable[str]) -> HttpResponse:
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>"
    )
    return HttpResponse(status=status, body=body, content_type="text/html; charset=utf-8", headers=_HEADERS)


def _changes(report: DraftReport) -> list[str]:
    if not report.published:
        return ["<h2>What changes</h2><p>Nothing is published so far: every page is new.</p>"]
    lists = (("Added", report.added), ("Changed", report.changed), ("Removed", report.removed))
    return [
        f"<h2>What changes</h2><p>{report.unchanged:,} pages are as in {_code(report.published)}, published now.</p>",
        *(_details(f"{name}: {len(paths):,}", [_code(path) for path in paths]) for name, paths in lists if paths),
        "" if any(paths for _, paths in lists) else "<p>No page differs.</p>",
    ]


def _problems(report: DraftReport) -> list[str]:
    findings = [
        f"{_code(finding.page)}: {escape(finding.problem)}{' (blocking)' if finding.blocking else ''}"
        for finding in report.findings
    ]
    evidence = [
        f"{escape(line.title)}<br>{_code(line.lines.cite(line.path))}<pre>{escape(line.excerpt)}</pre>"
        for line in report.evidence
    ]
    return [
        "<h2>Open findings</h2>",
        _details(f"About the pages: {len(findings):,}", findings) if findings else "<p>The critic has none.</p>",
        _details(f"About the code: {len(evidence):,}", evidence) if evidence else "",
    ]


def _form(approval: Approval) -> str:
    back = (
        "A rejection ends the session: a draft was sent back before."
        if approval.sent_back
        else "A rejection with a comment sends the draft back to the editor once; without one it ends the session."
    )
    # Enter in the name presses a form's first button: here one that is off, so that nobody approves by it.
    return (
        '<form id="decide" method="post" accept-charset="utf-8"><button disabled hidden></button>'
        '<h2>Your decision</h2><label for="name">Your name</label>'
        f'<input id="name" name="name" required maxlength="{NAME_LIMIT}" autocomplete="name">'
        '<label for="comment">Comment (not required)</label>'
        f'<textarea id="comment" name="comment" rows="5" maxlength="{COMMENT_LIMIT}" aria-describedby="back">'
        "</textarea>"
        f'<p id="back">{back}</p>'
        '<button name="decision" value="approve">Approve</button>'
        '<button name="decision" value="reject">Reject</button></form>'
    )


def _details(summary: str, entries: Sequence[str]) -> str:
    listed = "".join(f"<li>{entry}</li>" for entry in entries[:_LISTED])
    more = f"<p>And {len(entries) - _LISTED:,} more.</p>" if len(entries) > _LISTED else ""
    return f"<details><summary>{summary}</summary><ul>{listed}</ul>{more}</details>"


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")

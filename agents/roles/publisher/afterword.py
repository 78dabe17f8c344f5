"""The last sections of the coverage page: removed claims, open findings, and what people decided. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from agents.contracts.approval import Approval, ApprovalDecision
from agents.contracts.draft import CritiqueFinding, Page, PageKind
from agents.pages.words import Words

_DECIDED = {
    ApprovalDecision.PUBLISH: "approved",
    ApprovalDecision.REVISE: "sent back to the editor",
    ApprovalDecision.REJECT: "rejected",
}
#: Findings in the table; the rest is only counted.
_LISTED = 200
_PLAIN = " ,.-_/"


def with_afterword(
    pages: Sequence[Page],
    dropped_claims: Mapping[str, int],
    open_findings: Sequence[CritiqueFinding],
    approvals: Sequence[Approval],
    words: Words,
) -> tuple[Page, ...]:
    """The pages, with these sections added to the coverage page."""
    added = [
        *_removed_claims(dropped_claims, words),
        *_open_findings(open_findings, words),
        *_decisions(approvals, words),
    ]
    if not added:
        return tuple(pages)
    return tuple(
        page.with_changes(markdown=f"{page.markdown.rstrip()}\n\n" + "\n\n".join(added) + "\n")
        if page.kind is PageKind.COVERAGE
        else page
        for page in pages
    )


def _removed_claims(dropped_claims: Mapping[str, int], words: Words) -> list[str]:
    if not any(dropped_claims.values()):
        return []
    rows = [f"| {_escaped(words(role))} | {words.number(count)} |" for role, count in sorted(dropped_claims.items())]
    explanation = words(
        "Claims of a language model that contradict the source were returned to the model once, with the reason. "
        "Claims that were still wrong were removed: they cite lines, files or names that do not exist, hold markup or "
        "links, draw an invalid diagram, or follow an instruction that is written in the repository."
    )
    head = f"| {words('Role')} | {words('Removed claims')} |"
    return [f"## {words('Removed claims')}", explanation, "\n".join([head, "| --- | ---: |", *rows])]


def _open_findings(findings: Sequence[CritiqueFinding], words: Words) -> list[str]:
    if not findings:
        return []
    rows = [f"| {_escaped(finding.page)} | {_escaped(finding.problem)} |" for finding in findings[:_LISTED]]
    rest = words.number(len(findings) - _LISTED)
    more = [words("And {count} more.", count=rest)] if len(findings) > _LISTED else []
    return [
        f"## {words('Open findings')}",
        words("Problems that the critic named and no revision corrected."),
        "\n".join([f"| {words('Page')} | {words('Finding')} |", "| --- | --- |", *rows]),
        *more,
    ]


def _decisions(approvals: Sequence[Approval], words: Words) -> list[str]:
    rows = [
        f"| {approval.revision} | {words(_DECIDED[made.decision])} | {_escaped(made.decided_by)} "
        f"| {datetime.fromtimestamp(made.decided_at, UTC):%Y-%m-%d %H:%M} | {_escaped(made.comment)} |"
        for approval in approvals
        if (made := approval.decision)
    ]
    if not rows:
        return []
    names = (words("Draft"), words("Decision"), words("Decided by"), words("When (UTC)"), words("Comment"))
    table = "\n".join([f"| {' | '.join(names)} |", "| ---: | --- | --- | --- | --- |", *rows])
    about = words("What was decided about the drafts before this site was published.")
    return [f"## {words('Approval')}", about, table]


def _escaped(text: str) -> str:
    """Plain text for a table's cell: characters with a meaning in HTML or Markdown become character references."""
    return "".join(c if c.isalnum() or c in _PLAIN else f"&#{ord(c)};" for c in " ".join(text.split()))

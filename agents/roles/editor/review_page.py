"""The security and performance pages: findings by severity, each with its reason, advice and line. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from agents.contracts.draft import Page, PageKind
from agents.contracts.review import SEVERITIES, Finding, Review, Severity
from agents.contracts.structure import Topic
from agents.pages.words import Words
from agents.roles.editor import markdown
from agents.roles.editor.disagreements import disagreements, without_repeats
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder, sentence

#: Findings with a section each, worst first; the table lists more.
_SECTIONS = 200
_LISTED = 1_000
#: What one reviewer says of lines about which the two disagree.
_OPINION = re.compile(
    r"(?P<topic>security|performance) review(?:, (?P<severity>\w+): (?P<title>.+)|: nothing to find)", re.DOTALL
)
_CALLOUT = {
    Severity.CRITICAL: "danger",
    Severity.HIGH: "warning",
    Severity.MEDIUM: "note",
    Severity.LOW: "info",
}


def review_page(material: Material, topic: Topic) -> Page:
    """The page of one review, also when it did not run."""
    kind = PageKind.SECURITY if topic is Topic.SECURITY else PageKind.PERFORMANCE
    builder = PageBuilder(material, f"{topic.value}.md", kind, topic.value.capitalize())
    review = material.reviews.get(topic)
    if review is None or not review.reviewed:
        unknown = builder.words("The reason was not recorded.")
        detail = markdown.escape(review.detail) if review and review.detail else unknown
        builder.add(
            markdown.admonition(
                "failure",
                builder.words("This review did not run"),
                f"{detail}\n\n{builder.words('Nothing below was judged.')}",
            )
        )
        return builder.page()
    findings = sorted(
        without_repeats(material, topic), key=lambda f: (SEVERITIES.index(f.severity), f.path, f.lines.start)
    )
    builder.add(_judged(review, builder.words))
    builder.add(markdown.prose(sentence(builder.templates.detail(review.detail))))
    _disagree(builder)
    if not findings:
        return builder.page()
    counts = Counter(finding.severity for finding in findings)
    header = tuple(severity.value.capitalize() for severity in SEVERITIES)
    row = tuple(builder.words.number(counts[severity]) for severity in SEVERITIES)
    builder.table(header, [row], numbers=range(len(SEVERITIES)))
    _list(builder, findings)
    _tell(builder, findings[:_SECTIONS])
    if len(findings) > _SECTIONS:
        count = builder.words.counted(len(findings) - _SECTIONS, "finding")
        builder.add(builder.words("The other {count}, less severe, stand in the table only.", count=count))
    return builder.page()


def _judged(review: Review, words: Words) -> str:
    if not review.evidence:
        return words("The readers saw no shape in this code that asks for a judgement.")
    places = words.counted(review.evidence, "place")
    if not review.findings:
        return words("{places} looked at, none of them a finding.", places=places)
    return words(
        "{places} looked at, {findings}. A finding is a shape seen in the code, judged without running it: read the "
        "line before acting.",
        places=places,
        findings=words.counted(len(review.findings), "finding"),
    )


def _disagree(builder: PageBuilder) -> None:
    rows = [
        (
            markdown.prose(_opinion(builder, disagreement.worse)),
            markdown.prose(_opinion(builder, disagreement.milder)),
            builder.cite(disagreement.path, disagreement.lines),
        )
        for disagreement in disagreements(builder.material)[:_LISTED]
    ]
    if rows:
        builder.heading("Where reviewers disagree")
        builder.add(builder.words("The same lines, judged differently. Nobody has settled it: read the lines."))
        builder.table(("One says", "The other says", "Where"), rows)


def _opinion(builder: PageBuilder, text: str) -> str:
    """What one reviewer says, in the site's language where it was written by our pattern."""
    matched = _OPINION.fullmatch(text)
    if matched is None:
        return text
    topic = builder.words(f"{matched['topic']} review")
    if matched["title"] is None:
        return f"{topic}: {builder.words('nothing to find')}"
    severity = builder.words(matched["severity"].capitalize()).lower()
    return f"{topic}, {severity}: {builder.templates.finding(matched['title'])}"


def _list(builder: PageBuilder, findings: Sequence[Finding]) -> None:
    builder.heading("All findings")
    rows = [
        (
            builder.words(finding.severity.value.capitalize()),
            markdown.prose(builder.templates.finding(finding.title)),
            builder.cite(finding.path, finding.lines),
        )
        for finding in findings[:_LISTED]
    ]
    builder.table(("Severity", "Finding", "Where"), rows)
    if len(findings) > _LISTED:
        count = builder.words.counted(len(findings) - _LISTED, "finding")
        builder.add(builder.words("{count} of the lowest severity not listed.", count=count))


def _tell(builder: PageBuilder, findings: Sequence[Finding]) -> None:
    severity: Severity | None = None
    for finding in findings:
        if finding.severity is not severity:
            severity = finding.severity
            builder.heading(severity.value.capitalize())
        builder.heading(markdown.prose(builder.templates.finding(finding.title)), 3)
        place = builder.cite(finding.path, finding.lines)
        symbol = markdown.code(finding.symbol)
        body = [
            builder.words("{place} in {symbol}", place=place, symbol=symbol) if symbol else place,
            markdown.fence(finding.excerpt) if finding.excerpt.strip() else "",
            markdown.prose(sentence(builder.templates.reason(finding.reason))),
            f"**{builder.words('Advice')}.** {markdown.prose(sentence(builder.templates.finding(finding.advice)))}"
            if finding.advice
            else "",
        ]
        builder.add(markdown.admonition(_CALLOUT[severity], finding.rule, "\n\n".join(part for part in body if part)))

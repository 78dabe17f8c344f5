"""Where the reviewers do not agree about the same lines: shown, not settled. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from agents.contracts.review import SEVERITIES, Disagreement, Finding
from agents.contracts.structure import Topic
from agents.roles.editor.material import Material


def disagreements(material: Material) -> tuple[Disagreement, ...]:
    """Both reviewers' own, those between them about severity, and places that only one of them minds."""
    own = [disagreement for review in material.reviews.values() for disagreement in review.disagreements]
    every = [*own, *_about_severity(material), *_about_verdict(material)]
    return tuple(
        {
            (disagreement.path, disagreement.lines.start, disagreement.worse, disagreement.milder): disagreement
            for disagreement in every
        }.values()
    )


def without_repeats(material: Material, topic: Topic) -> tuple[Finding, ...]:
    """The topic's findings without those that the other review, the first of the two, has under the same rule."""
    review = material.reviews.get(topic)
    findings = review.findings if review else ()
    if topic is Topic.SECURITY:
        return findings
    first = material.reviews.get(Topic.SECURITY)
    reported = {(finding.path, finding.rule, finding.lines) for finding in first.findings} if first else set()
    return tuple(finding for finding in findings if (finding.path, finding.rule, finding.lines) not in reported)


def _about_severity(material: Material) -> Iterator[Disagreement]:
    by_place: dict[tuple[str, int, int], dict[Topic, Finding]] = defaultdict(dict)
    for topic, review in material.reviews.items():
        for finding in review.findings:
            by_place[finding.path, finding.lines.start, finding.lines.end].setdefault(topic, finding)
    for both in by_place.values():
        if len(both) > 1 and len({finding.severity for finding in both.values()}) > 1:
            (topic, worse), *_, (other, milder) = sorted(
                both.items(), key=lambda item: SEVERITIES.index(item[1].severity)
            )
            yield Disagreement(
                path=worse.path,
                lines=worse.lines,
                worse=f"{topic.value} review, {worse.severity.value}: {worse.title}",
                milder=f"{other.value} review, {milder.severity.value}: {milder.title}",
            )


def _about_verdict(material: Material) -> Iterator[Disagreement]:
    """Lines that both reviewers were shown, and that only one of them calls a finding."""
    judged = {topic: review for topic, review in material.reviews.items() if review.reviewed}
    if len(judged) < len(Topic):
        return
    minded = {
        topic: {(item.path, item.lines.start, item.lines.end): item for item in review.findings}
        for topic, review in judged.items()
    }
    for path, analysis in sorted(material.analyses.items()):
        topics_at: dict[tuple[str, int, int], set[Topic]] = defaultdict(set)
        for evidence in analysis.structure.evidence:
            topics_at[path, evidence.lines.start, evidence.lines.end].add(evidence.topic)
        for place, topics in topics_at.items():
            mentions = [(topic, minded[topic][place]) for topic in Topic if place in minded[topic]]
            if len(topics) == len(Topic) and len(mentions) == 1:
                topic, finding = mentions[0]
                other = next(candidate for candidate in Topic if candidate is not topic)
                yield Disagreement(
                    path=path,
                    lines=finding.lines,
                    worse=f"{topic.value} review, {finding.severity.value}: {finding.title}",
                    milder=f"{other.value} review: nothing to find",
                )

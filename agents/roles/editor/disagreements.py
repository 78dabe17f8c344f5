"""Where the reviewers do not agree about the same lines: shown, not settled. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from agents.contracts.review import SEVERITIES, Disagreement, Finding
from agents.contracts.structure import Topic
from agents.roles.editor.material import Material


def disagreements(material: Material) -> tuple[Disagreement, ...]:
    """Both reviewers' own, those between them about severity, and places that only one of them minds."""
    own = [one for review in material.reviews.values() for one in review.disagreements]
    found = [*own, *_about_severity(material), *_about_verdict(material)]
    return tuple({(one.path, one.lines.start, one.worse, one.milder): one for one in found}.values())


def without_repeats(material: Material, topic: Topic) -> tuple[Finding, ...]:
    """The topic's findings without those that the other review, the first of the two, has under the same rule."""
    review = material.reviews.get(topic)
    found = review.findings if review else ()
    if topic is Topic.SECURITY:
        return found
    first = material.reviews.get(Topic.SECURITY)
    reported = {(one.path, one.rule, one.lines) for one in first.findings} if first else set()
    return tuple(one for one in found if (one.path, one.rule, one.lines) not in reported)


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
        topic: {(one.path, one.lines.start, one.lines.end): one for one in review.findings}
        for topic, review in judged.items()
    }
    for path, analysis in sorted(material.analyses.items()):
        shown: dict[tuple[str, int, int], set[Topic]] = defaultdict(set)
        for evidence in analysis.structure.evidence:
            shown[path, evidence.lines.start, evidence.lines.end].add(evidence.topic)
        for place, topics in shown.items():
            found = [(topic, minded[topic][place]) for topic in Topic if place in minded[topic]]
            if len(topics) == len(Topic) and len(found) == 1:
                topic, finding = found[0]
                other = next(one for one in Topic if one is not topic)
                yield Disagreement(
                    path=path,
                    lines=finding.lines,
                    worse=f"{topic.value} review, {finding.severity.value}: {finding.title}",
                    milder=f"{other.value} review: nothing to find",
                )

"""How many of the security and performance findings in real projects are right, by a table that people labelled."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from agents.contracts.review import Finding
from agents.contracts.structure import Topic
from agents.models.extractive import performance, security
from agents.roles.reviewer import core
from bench.projects import fetched
from bench.references.ours import read

TABLE = Path(__file__).parent / "findings.toml"
PRECISION = 0.9
_JUDGES = {Topic.SECURITY: security, Topic.PERFORMANCE: performance}


class Place(NamedTuple):
    """Where a finding stands."""

    rule: str
    path: str
    line: int


def figures() -> Iterator[dict[str, Any]]:
    """Precision by project, by rule and of all; what the table does not know, and real defects that are not found."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    unlabelled = missed = read = 0
    for project in tomllib.loads(TABLE.read_text())["project"]:
        archive = fetched(project["registry"], project["name"], project["version"])
        if archive is None:
            yield {"project": project["name"], "not_measured": f"the client of {project['registry']} is not here"}
            continue
        read += 1
        labels = {Place(label["rule"], label["path"], label["line"]): label for label in project.get("finding", ())}
        places = {Place(finding.rule, finding.path, finding.lines.start): finding for finding in findings(archive)}
        judged = Counter("right" if labels[place]["right"] else "wrong" for place in places if place in labels)
        for place in places:
            if place in labels:
                (right if labels[place]["right"] else wrong)[place.rule] += 1
        new = [place for place in places if place not in labels]
        lost = [place for place, label in labels.items() if label["right"] and place not in places]
        unlabelled, missed = unlabelled + len(new), missed + len(lost)
        yield {
            "project": f"{project['name']} {project['version']}",
            **judged,
            "unlabelled": [" ".join(map(str, place)) for place in new],
            "missed": [" ".join(map(str, place)) for place in lost],
        }
    for rule in sorted(right | wrong):
        yield {"rule": rule, "right": right[rule], "wrong": wrong[rule]}
    labelled = right.total() + wrong.total()
    share = right.total() / labelled if labelled else 0.0
    yield {
        "projects": read,
        "findings": labelled,
        "right": right.total(),
        "precision": round(share, 3),
        "unlabelled": unlabelled,
        "missed": missed,
        "within": share >= PRECISION and not unlabelled,
    }


def findings(archive: Path) -> tuple[Finding, ...]:
    """What a session without a model shows of a repository: files, evidence and findings chosen as in every session."""
    structures = read(archive).structures
    analyses: dict[str, Any] = {path: SimpleNamespace(structure=one) for path, one in structures.items()}
    combined: list[Finding] = []
    for topic, judge in _JUDGES.items():
        evidence = core.most_telling(core.evidence_of(topic, analyses))
        parts = [core.verify(brief, judge.respond(brief)) for brief in core.briefs(topic, evidence)]
        combined += core.combine(parts).findings
    return tuple(combined)

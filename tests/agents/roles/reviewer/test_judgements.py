"""The extractive model's judgement of every rule."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from agents.codebase import secrets as secret_detection
from agents.codebase.structure.evidence import compiled, javascript, python, scripting, settings
from agents.codebase.structure.evidence.rules import LineRule, Rule
from agents.contracts.review import ReviewBrief, Severity
from agents.contracts.structure import Topic
from agents.models.extractive import performance, security
from agents.models.extractive.judgement import Judgement
from tests.agents.roles.reviewer.world import at

#: Rules of files without a syntax tree that are code rather than rows of a table.
BY_CODE = {"root-container", "floating-base-image", "workflow-injection", "unpinned-action", "untrusted-checkout"} | {
    "model-order"
}
TREE_RULES: list[Rule] = [
    *python.RULES,
    *javascript.RULES,
    *(rule for table in (compiled.RULES | scripting.RULES).values() for rule in table),
]
LINE_RULES: list[LineRule] = [*settings.DOCKERFILE, *settings.WORKFLOW, *settings.MANIFEST]
NAMES = {
    Topic.SECURITY: {rule.name for rule in TREE_RULES if rule.topic is Topic.SECURITY}
    | {rule.name for rule in LINE_RULES}
    | set(secret_detection.RULES)
    | BY_CODE,
    Topic.PERFORMANCE: {rule.name for rule in TREE_RULES if rule.topic is Topic.PERFORMANCE},
}


@pytest.mark.parametrize(
    ("topic", "table"), [(Topic.SECURITY, security.JUDGEMENTS), (Topic.PERFORMANCE, performance.JUDGEMENTS)]
)
def test_should_judge_every_rule_that_can_fire_and_no_other(topic: Topic, table: Mapping[str, Judgement]) -> None:
    assert set(table) == NAMES[topic]
    assert all(len(judgement.title.split()) <= 8 and not judgement.title.endswith(".") for judgement in table.values())
    assert all(judgement.reason.endswith(".") and judgement.advice.endswith(".") for judgement in table.values())


@pytest.mark.parametrize(
    ("path", "severity"),
    [
        ("src/app.py", Severity.HIGH),
        ("contest/app.py", Severity.HIGH),
        ("src/latest.py", Severity.HIGH),
        ("src/Latests.java", Severity.HIGH),
        ("examples/app.py", Severity.MEDIUM),
        ("docs/conf.py", Severity.MEDIUM),
        ("README.md", Severity.MEDIUM),
    ],
)
def test_should_rate_examples_and_documentation_one_step_lower(path: str, severity: Severity) -> None:
    reply = security.respond(ReviewBrief(topic=Topic.SECURITY, evidence=(at(path, "code-execution"),)))

    assert reply.findings[0].severity is severity
    assert ("Rated lower" in reply.findings[0].reason) == (severity is Severity.MEDIUM)


@pytest.mark.parametrize(
    "path", ["tests/agents/app.py", "src/test_app.py", "src/app.spec.ts", "a/b_test.go", "src/TillTest.java"]
)
def test_should_find_nothing_in_tests_not_even_secrets_made_up_for_them(path: str) -> None:
    reply = security.respond(
        ReviewBrief(topic=Topic.SECURITY, evidence=(at(path, "code-execution"), at(path, "secret-private-key", 2)))
    )

    assert reply.findings == ()


def test_should_pass_over_a_module_of_tests_inside_a_file() -> None:
    brief = ReviewBrief(topic=Topic.SECURITY, evidence=(at("src/lib.rs", "unsafe-block", 4, "tests.reads"),))

    assert security.respond(brief).findings == ()


def test_should_name_the_line_when_there_is_no_symbol() -> None:
    reply = performance.respond(ReviewBrief(topic=Topic.PERFORMANCE, evidence=(at("a.py", "query-in-loop", 4, ""),)))

    assert reply.findings[0].reason.startswith("Line 4 sends a query in every round of a loop")

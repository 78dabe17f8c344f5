"""Each guardrail lets the right resource pass and catches the wrong one, and every stack passes all of them."""

from __future__ import annotations

import inspect
from itertools import chain

import pulumi_aws
import pytest

from components.guardrails import (
    RULES,
    DeclaredResource,
    GuardrailsBroken,
    Level,
    ResourceRule,
    effective_tags,
    enforce,
    violations,
)
from components.guardrails.access import RESOURCE_FREE
from components.guardrails.documents import granted, listed
from components.guardrails.logs_and_tags import UNTAGGABLE
from components.guardrails.storage import COMPANIONS
from tests.components.mocked_cloud import STACKS
from tests.guardrails.cases import CASES, Case
from tests.guardrails.declared import EVERYTHING, invented, stack

BY_NAME = {rule.name: rule for rule in RULES}


def _problems(name: str, *resources: DeclaredResource) -> list[str]:
    return [violation.problem for violation in violations(resources, [BY_NAME[name]])]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.caught.kind}")
def test_each_rule_lets_one_pass_and_catches_the_other(case: Case) -> None:
    assert _problems(case.rule, case.passes) == []
    (problem, *_) = _problems(case.rule, case.caught)
    assert case.says in problem


def test_every_rule_has_a_case_and_a_reason() -> None:
    about_all = {"access-logs-apart", "bucket-complete", "role-not-shared"}
    assert set(BY_NAME) == {case.rule for case in CASES} | about_all
    assert len(BY_NAME) == len(RULES)
    assert all(rule.why.endswith(".") for rule in RULES)


@pytest.mark.parametrize("name", [*STACKS, EVERYTHING])
def test_every_stack_passes_every_rule(name: str) -> None:
    assert [str(violation) for violation in violations(stack(name))] == []


@pytest.mark.parametrize("name", STACKS)
def test_rules_are_asked_about_something_in_the_stacks(name: str) -> None:
    kinds = {resource.kind for resource in stack(name)}
    asked = {rule.name for rule in RULES if isinstance(rule, ResourceRule) and rule.kinds & kinds}
    assert asked >= {"tls-only", "no-wildcard-action", "image-by-digest", "logs-expire", "encrypted-at-rest"}


@pytest.mark.parametrize("missing", sorted(COMPANIONS))
def test_a_bucket_without_one_of_its_companions_is_caught(missing: str) -> None:
    def companion(kind: str) -> DeclaredResource:
        name = kind.partition(":")[2]
        return invented(f"aws:s3/{name[0].lower()}{name[1:]}:{name}", {"bucket": "store"})

    bucket = invented("aws:s3/bucket:Bucket", {"bucket": "store"})
    others = [companion(kind) for kind in COMPANIONS if kind != missing]
    assert _problems("bucket-complete", bucket, *others) == [COMPANIONS[missing]]
    assert _problems("bucket-complete", bucket, *others, companion(missing)) == []


LOGGING = "aws:s3/bucketLogging:BucketLogging"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


def test_access_logs_that_are_logged_and_a_store_under_their_name_are_caught() -> None:
    of_store = invented(LOGGING, {"bucket": "store", "targetBucket": "logs"})
    of_logs = invented(LOGGING, {"bucket": "logs", "targetBucket": "logs"})
    assert _problems("access-logs-apart", of_store) == []
    (problem,) = _problems("access-logs-apart", of_store, of_logs)
    assert "the bucket of the access logs" in problem
    bucket = invented("aws:s3/bucket:Bucket", {"bucket": "swarm-prod-access-logs-1"})
    (problem,) = _problems("access-logs-apart", of_store, bucket)
    assert "has the name" in problem
    target = invented(LOGGING, {"bucket": "store", "targetBucket": "swarm-prod-access-logs-1"})
    assert _problems("access-logs-apart", target, bucket) == []


def test_production_without_a_key_of_its_own_is_caught_but_for_the_bucket_of_access_logs() -> None:
    rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]
    store = invented(ENCRYPTION, {"bucket": "swarm-prod-context-1", "rules": rules}, "prod")
    logs = invented(ENCRYPTION, {"bucket": "swarm-prod-access-logs-1", "rules": rules}, "prod")
    assert len(_problems("production-own-key", store)) == 1
    assert _problems("production-own-key", logs) == []


def test_a_shared_role_is_caught_across_functions_and_tasks() -> None:
    def function(name: str, role: str) -> DeclaredResource:
        return invented("aws:lambda/function:Function", {"role": role}, name=name)

    task = invented("aws:ecs/taskDefinition:TaskDefinition", {"taskRoleArn": "a/one", "executionRoleArn": "a/one"})
    assert _problems("role-not-shared", function("first", "a/one"), function("second", "a/two")) == []
    assert _problems("role-not-shared", function("first", "a/one"), function("second", "a/one")) == [
        "shares the role one with first"
    ]
    assert len(_problems("role-not-shared", function("first", "a/one"), task)) == 2


def test_a_broken_mandatory_rule_stops_and_lists_every_violation() -> None:
    wrong = [case.caught for case in CASES]
    with pytest.raises(GuardrailsBroken) as broken:
        enforce(wrong)
    assert all(f"{case.rule} (mandatory)" in str(broken.value) for case in CASES)
    assert len(str(broken.value).splitlines()) == 1 + len(violations(wrong))


def test_advice_alone_stops_nothing() -> None:
    advice = ResourceRule("advice", "Because.", lambda _: ["could be better"], level=Level.ADVISORY)
    violations = enforce([invented("aws:s3/bucket:Bucket")], [advice])
    assert [violation.problem for violation in violations] == ["could be better"]


def test_a_resource_outside_the_tagged_provider_is_caught() -> None:
    provider = {"defaultTags": '{"tags": {"project": "p", "environment": "dev"}}'}
    tags = effective_tags(provider, {"tags": {"environment": "own", "Name": "n"}})
    assert tags == {"project": "p", "environment": "own", "Name": "n"}
    assert effective_tags({}, {}) == {}
    outside = DeclaredResource("aws:sqs/queue:Queue", "q", "urn", {})
    assert _problems("mandatory-tags", outside) == [
        "lacks the tags project, environment, owner, cost-centre, managed-by"
    ]


def test_untaggable_is_what_the_provider_cannot_tag() -> None:
    for resource in chain.from_iterable(stack(name) for name in (*STACKS, EVERYTHING)):
        module, type_name = resource.type.split("/")[0].removeprefix("aws:"), resource.type.rpartition(":")[2]
        package = getattr(pulumi_aws, "lambda_" if module == "lambda" else module)
        taggable = "tags" in inspect.signature(getattr(package, type_name)._internal_init).parameters
        assert taggable != (resource.kind in UNTAGGABLE), resource.kind


def test_no_exception_for_resource_free_actions_outlives_its_use() -> None:
    used = {
        action
        for name in STACKS
        for resource in stack(name)
        for statement in granted(resource)
        if "*" in listed(statement, "Resource")
        for action in listed(statement, "Action")
    }
    assert set(RESOURCE_FREE) - used == set()


def test_versions_of_a_type_are_one_kind() -> None:
    assert invented("aws:s3/bucketV2:BucketV2").kind == invented("aws:s3/bucket:Bucket").kind == "s3:Bucket"


def test_a_policy_that_is_not_known_yet_is_not_judged() -> None:
    assert violations([invented("aws:iam/rolePolicy:RolePolicy", {"policy": None})]) == []

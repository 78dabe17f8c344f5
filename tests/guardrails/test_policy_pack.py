"""The policy pack, started and asked as Pulumi's engine does: a process that answers over gRPC on 127.0.0.1."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import grpc  # type: ignore[import-untyped]  # neither brings stubs
import pytest
from google.protobuf import empty_pb2  # type: ignore[import-untyped]  # the library has no types
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from components.guardrails import RULES, DeclaredResource
from tests.components.mocked_cloud import ROOT
from tests.guardrails.cases import CASES, Case
from tests.guardrails.declared import TAGS, invented, stack

pytestmark = pytest.mark.local
#: Pulumi's own mark for a text that is not known before the update.
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@pytest.fixture(scope="module")
def pack() -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """The running pack."""
    folder = ROOT / "policy_pack"
    with subprocess.Popen([sys.executable, "-u", "."], cwd=folder, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            process.terminate()


def _provider(resource: DeclaredResource) -> analyzer_pb2.AnalyzerProviderResource:
    provider = analyzer_pb2.AnalyzerProviderResource(type="pulumi:providers:aws", name="aws", urn="urn:aws")
    provider.properties.update({"defaultTags": json.dumps({"tags": dict(resource.tags)})})
    return provider


def _sendable(resource: DeclaredResource) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(resource.inputs), default=lambda archive: str(archive)))
    return plain


def _question(resource: DeclaredResource, **changes: str) -> analyzer_pb2.AnalyzeRequest:
    asked = analyzer_pb2.AnalyzeRequest(
        type=resource.type, name=resource.name, urn=resource.urn, provider=_provider(resource)
    )
    asked.options.protect = resource.production if resource.protect is None else resource.protect
    asked.properties.update({**_sendable(resource), **changes})
    return asked


def _stack_question(resources: list[DeclaredResource]) -> analyzer_pb2.AnalyzeStackRequest:
    asked = analyzer_pb2.AnalyzeStackRequest()
    for resource in resources:
        one = asked.resources.add(type=resource.type, name=resource.name, urn=resource.urn)
        one.provider.CopyFrom(_provider(resource))
        one.properties.update(_sendable(resource))
    return asked


def test_the_pack_names_every_rule_with_its_level(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    information = pack.GetAnalyzerInfo(empty_pb2.Empty())
    levels = {
        policy.name: analyzer_pb2.EnforcementLevel.Name(policy.enforcementLevel).lower()
        for policy in information.policies
    }
    assert levels == {rule.name: str(rule.level) for rule in RULES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.caught.kind}")
def test_the_pack_lets_pass_and_catches_as_the_rules_do(pack: analyzer_pb2_grpc.AnalyzerStub, case: Case) -> None:
    passed = pack.Analyze(_question(case.passes)).diagnostics
    caught = pack.Analyze(_question(case.caught)).diagnostics
    assert case.rule not in {diagnostic.policyName for diagnostic in passed}
    assert any(d.policyName == case.rule and case.says in d.message for d in caught)


def test_the_pack_has_nothing_to_say_about_production(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    resources = stack("prod")
    said = [d.message for resource in resources for d in pack.Analyze(_question(resource)).diagnostics]
    said += [d.message for d in pack.AnalyzeStack(_stack_question(list(resources))).diagnostics]
    assert said == []


def test_the_pack_names_the_bucket_that_lacks_a_companion(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    bucket = invented("aws:s3/bucket:Bucket", {"bucket": "store"})
    said = pack.AnalyzeStack(_stack_question([bucket])).diagnostics
    assert {(d.policyName, d.urn) for d in said} == {("bucket-complete", bucket.urn)}


def test_before_anything_exists_an_unknown_policy_is_reported_and_stops_nothing(
    pack: analyzer_pb2_grpc.AnalyzerStub,
) -> None:
    resource = DeclaredResource("aws:s3/bucketPolicy:BucketPolicy", "it", "urn", {}, TAGS["dev"])
    said = pack.Analyze(_question(resource, policy=UNKNOWN)).diagnostics
    assert said
    assert {d.enforcementLevel for d in said} == {analyzer_pb2.ADVISORY}
    assert all("can't be known during preview" in d.message for d in said)

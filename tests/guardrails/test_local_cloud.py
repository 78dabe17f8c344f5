"""The local cloud holds every resource of every run against the guardrails."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.guardrails import RULES
from local.cloud import LocalCloud, ProgramFailed
from releases.build import build
from tests.components.mocked_cloud import STACKS

pytestmark = pytest.mark.local

PROGRAM = """
import pulumi
import pulumi_aws as aws

tagged = aws.Provider("aws", region="eu-west-1", default_tags=aws.ProviderDefaultTagsArgs(tags=dict(
    [(tag, "x") for tag in ("project", "owner", "cost-centre", "managed-by")], environment="prod")))
here = pulumi.ResourceOptions(provider=tagged)
aws.sqs.Queue("letters", name="letters", opts=here)
aws.s3.Bucket("store", bucket="store", force_destroy=True, opts=here)
"""


@pytest.fixture
def careless(tmp_path: Path) -> Path:
    """A program with a project around it, that breaks rules."""
    (tmp_path / "Pulumi.yaml").write_text("name: careless\nruntime: python\n", encoding="utf-8")
    (tmp_path / "Pulumi.local.yaml").write_text("config: {careless:region: eu-west-1}\n", encoding="utf-8")
    (tmp_path / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return tmp_path / "__main__.py"


def test_a_careless_program_is_refused_by_one_error_that_lists_every_violation(careless: Path) -> None:
    with pytest.raises(ProgramFailed) as refused:
        LocalCloud(program=careless, rules=RULES)
    said = str(refused.value)
    assert "encrypted-at-rest (mandatory): sqs:Queue letters: messages lie unencrypted" in said
    assert "bucket-complete (mandatory): s3:Bucket store: has no public access block" in said
    assert "production-protected (mandatory): s3:Bucket store: is not protected against `pulumi destroy`" in said
    assert "lacks the tags" not in said


@pytest.mark.parametrize("name", STACKS)
def test_the_projects_own_program_is_held_to_every_rule_in_every_stack(name: str) -> None:
    # The layers are built by `make package`.
    with LocalCloud(name, settings={"packaged": "false", "release": build().release}) as cloud:
        assert cloud.rules == RULES
        assert cloud.outputs["upload_bucket"]

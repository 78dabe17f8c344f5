"""A wrong configuration is refused before anything is declared, by one error that names every key."""

from __future__ import annotations

from pathlib import Path

import botocore.session
import pulumi
import pytest
import yaml

from agents.settings import LAMBDA_SECONDS_LIMIT
from components.packages import missing_packages
from components.settings.model import NAMESPACE, SettingsRefused, parse_settings, setting_keys
from tests.components.mocked_cloud import ROOT, STACKS, build_stack, stack_configuration

CLAUDE = "anthropic.claude-haiku-4-5-20251001-v1:0"


def _raw(stack: str = "prod", **changes: str) -> dict[str, str]:
    raw = {key.removeprefix(f"{NAMESPACE}:"): value for key, value in stack_configuration(stack).items()}
    return raw | changes


def _refusal(raw: dict[str, str]) -> str:
    with pytest.raises(SettingsRefused) as refused:
        parse_settings(raw)
    return str(refused.value)


@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_file_is_accepted(stack: str) -> None:
    assert parse_settings(_raw(stack)).environment == stack


def test_each_stack_file_holds_the_same_keys_in_the_same_order() -> None:
    local, dev, prod = (list(stack_configuration(stack)) for stack in STACKS)
    assert local == dev == prod


def test_pulumi_yaml_describes_every_key_with_its_type() -> None:
    described = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    assert set(described) == set(setting_keys())
    assert all(entry["description"] and entry["type"] for entry in described.values())


def test_no_environment_is_the_default() -> None:
    described = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    assert "default" not in described["environment"]


def test_defaults_in_pulumi_yaml_are_values_that_settings_take() -> None:
    described = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    defaults = {key: str(entry["default"]) for key, entry in described.items() if "default" in entry}
    assert parse_settings(_raw("dev", **defaults)).model == "extractive"


def test_a_missing_key_is_named() -> None:
    raw = _raw()
    del raw["owner"]
    assert "owner: missing" in _refusal(raw)


def test_an_unknown_key_is_named() -> None:
    assert "colour: unknown key" in _refusal(_raw(colour="blue"))


def test_a_wrong_type_is_named_with_what_is_allowed() -> None:
    refusal = _refusal(_raw(tracing="maybe", logLevel="LOUD"))
    assert "tracing: 'maybe' is refused" in refusal
    assert "allowed: ALL, ERROR, FATAL, OFF" in refusal


def test_every_problem_is_in_one_error() -> None:
    raw = _raw(colour="blue", capUsd="-1", environment="Prod X")
    del raw["owner"]
    refusal = _refusal(raw)
    assert all(f"  {key}:" in refusal for key in ("colour", "capUsd", "environment", "owner"))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"containerImage": "public.ecr.aws/x/agent@sha256:" + "0" * 64}, ["privateSubnets", "containerImage"]),
        ({"model": "openai:some-model"}, ["privateSubnets", "model"]),
        ({"taskCpuUnits": "1024", "taskMemoryMegabytes": "30720"}, ["taskCpuUnits", "taskMemoryMegabytes"]),
        ({"reservedConcurrency": "5"}, ["reservedConcurrency", "analystConcurrency"]),
        ({"inference": "batch", "model": "extractive"}, ["inference", "model", "extractive"]),
        ({"inference": "batch", "model": "bedrock:cohere.command-r-v1:0"}, ["inference", "cohere.command-r"]),
        ({"serviceTiers": "flex"}, ["serviceTiers", "extractive, the model of analyst, security, performance, "]),
        ({"serviceTiers": "writer=flex"}, ["serviceTiers", "there is no role writer", "analyst"]),
        ({"serviceTiers": "critic=flex", "model": f"bedrock:{CLAUDE}"}, ["serviceTiers", "critic", "no tier flex"]),
        (
            {"inference": "batch", "model": f"bedrock:{CLAUDE}", "roleModels": "analyst=extractive"},
            ["inference", "analyst's model is extractive"],
        ),
        ({"vpcCidr": "8.8.0.0/16"}, ["vpcCidr"]),
        ({"vpcCidr": "everything"}, ["vpcCidr"]),
        ({"repositoryLimitMegabytes": "1"}, ["fileLimitKilobytes", "repositoryLimitMegabytes"]),
    ],
)
def test_an_impossible_mix_names_both_keys(changes: dict[str, str], named: list[str]) -> None:
    refusal = _refusal(_raw(**changes))
    assert all(key in refusal for key in named)


def test_batch_inference_asks_about_the_analysts_model_alone() -> None:
    settings = parse_settings(_raw(inference="batch", roleModels=f"analyst=bedrock:eu.{CLAUDE},critic=extractive"))
    assert (settings.inference, settings.analyst_model) == ("batch", f"bedrock:eu.{CLAUDE}")


@pytest.mark.parametrize("tiers", ["cheap", "analyst=cheap", "analyst=flex,", "flex,critic=priority", "=flex"])
def test_a_tier_that_bedrock_does_not_have_is_refused(tiers: str) -> None:
    assert "serviceTiers" in _refusal(_raw(serviceTiers=tiers))


def test_a_tier_is_every_roles_or_single_ones() -> None:
    nova = {"model": "bedrock:eu.amazon.nova-pro-v1:0"}
    assert parse_settings(_raw(**nova, serviceTiers="flex")).tier_of("critic") == "flex"
    single = parse_settings(_raw(**nova, serviceTiers="analyst=flex,critic=priority"))
    assert [single.tier_of(role) for role in ("analyst", "critic", "editor")] == ["flex", "priority", ""]
    assert parse_settings(_raw()).tier_of("analyst") == ""


def test_an_image_without_a_digest_is_refused() -> None:
    assert "containerImage" in _refusal(_raw("dev", containerImage="public.ecr.aws/x/agent:latest"))


def test_the_program_refuses_an_unknown_key_before_it_declares_anything() -> None:
    with pytest.raises(pulumi.RunError, match="colour: unknown key"):
        build_stack("dev", colour="blue")


def test_lambdas_limit_is_the_one_that_its_api_has() -> None:
    model = botocore.session.get_session().get_service_model("lambda")
    assert model.shape_for("Timeout").metadata["max"] == LAMBDA_SECONDS_LIMIT
    assert parse_settings(_raw(lambdaSeconds=str(LAMBDA_SECONDS_LIMIT))).lambda_seconds == LAMBDA_SECONDS_LIMIT
    assert "lambdaSeconds" in _refusal(_raw(lambdaSeconds=str(LAMBDA_SECONDS_LIMIT + 1)))


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_file_has_the_form_that_pulumi_gives_it(stack: str) -> None:
    """`pulumi config set` rewrites every value as text: a number that is none would dirty the tree at the first one."""
    loaded = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]
    assert [key for key, value in loaded.items() if not isinstance(value, str)] == []


def test_what_make_package_builds_is_named_when_it_is_missing(tmp_path: Path) -> None:
    settings = parse_settings(_raw("dev", lambdaArchitecture="x86_64"))
    said = missing_packages(settings, tmp_path)
    assert "build/release/function.zip" in said
    assert "-x86_64.zip" in said
    assert "make package" in said


def test_nothing_is_missing_once_it_was_built(tmp_path: Path) -> None:
    settings = parse_settings(_raw("local"))
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "function.zip").touch()
    assert missing_packages(settings, tmp_path) == ""

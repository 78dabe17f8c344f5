"""prod under the real Pulumi engine: it is protected, and can be destroyed on purpose."""

from __future__ import annotations

import re

import pytest

from tests.engine.engine import ROOT
from tests.engine.lives import prod
from tests.engine.order import misplaced

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]
COUNT = 296


def test_prod_is_created_whole_and_passes_the_policy_pack() -> None:
    assert prod().ended["preview"].changes == {"create": COUNT}
    assert prod().ended["up"].changes == {"create": COUNT}
    assert prod().ended["again"].changes == {"same": COUNT}
    assert "serverless-swarm@v0.1.0" in prod().ended["up"].output


def test_the_page_names_the_numbers_of_resources() -> None:
    page = " ".join((ROOT / "docs" / "deploy.md").read_text(encoding="utf-8").split())
    assert f"creates about 248 resources in dev and {COUNT} in prod" in page


@pytest.mark.parametrize("step", ["refused", "refused without preview", "refused network"])
def test_a_protected_prod_refuses_to_lose_anything(step: str) -> None:
    assert prod().ended[step].code != 0
    assert "protected" in prod().ended[step].output
    assert [each for each in prod().steps[step] if each.did != "update"] == []
    assert prod().seen["still"] == prod().seen["protected"]


def test_the_policy_pack_refuses_a_bad_prod_before_anything_changes() -> None:
    refused = prod().ended["refused pack"]
    assert refused.code != 0
    assert len(re.findall(r"\[mandatory\]", refused.output)) > 10
    for rule in ("production-protected", "production-own-key", "production-logs-own-key"):
        assert rule in refused.output
    assert prod().steps["refused pack"] == []
    assert prod().seen["after the pack"] == prod().seen["protected"]


def test_without_its_protection_prod_is_destroyed_but_for_what_the_page_says() -> None:
    assert prod().ended["destroy"].code == 0
    assert misplaced(prod().steps["destroy"]) == []
    assert set(prod().seen["left"]) == {"ecs:list_task_definitions", "lambda:list_layers"}

"""A promotion under the real Pulumi engine: dev's release becomes prod's, from a checkout that has gone on since."""

from __future__ import annotations

import json

import pytest

from tests.engine.promotion import promotion

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]


def test_each_step_succeeds() -> None:
    ended = {name: each for name, each in promotion().ended.items() if name != "drifted"}
    assert {name: each.output[-3000:] for name, each in ended.items() if each.code} == {}


def test_what_dev_runs_and_what_prod_runs_are_the_same_bytes() -> None:
    dev, prod = promotion().seen["dev"], promotion().seen["prod"]
    assert dev == prod
    assert dev["objects"]
    assert len(dev["zips"]) == 1
    assert dev["image"] == promotion().seen["image"]


def test_prod_is_deployed_from_the_program_of_the_release() -> None:
    """The checkout's state machine says something else by now."""
    assert promotion().seen["comments"] == {"dev": True, "prod": True}
    assert promotion().seen["checkout differs"]


def test_the_promotion_shows_the_resources_that_change_before_it_writes() -> None:
    shown = promotion().ended["promote"].output
    for words in ("settings:", "resources:", "instructions:", "figures:", "release: 'unreleased' -> "):
        assert words in shown
    assert "aws:sfn:StateMachine workflow-machine update" in " ".join(shown.split())
    assert "aws:lambda:Function scan-function update" in " ".join(shown.split())
    assert promotion().seen["second preview"] == {"same": 296}


def test_prod_s_trail_names_the_promotion() -> None:
    trail = json.loads(promotion().ended["releases"].output)
    assert [entry["event"] for entry in trail["trail"]] == ["promoted"]
    assert trail["running"] == promotion().seen["release"]


def test_a_stack_that_pulumi_finds_changed_is_not_promoted() -> None:
    refused = promotion().ended["drifted"]
    assert refused.code == 2
    assert "dev has drifted: `pulumi refresh --preview-only --expect-no-changes -s dev` found changes" in refused.output
    assert "`pulumi up -s dev` puts it back" in refused.output

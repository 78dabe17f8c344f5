"""Every type the program may declare has its function, and an unknown one is a clear error."""

from __future__ import annotations

from typing import Any

import pytest

from local.resources import Declared, UnknownResourceType, look_up, realise
from local.resources.registry import known_data_sources, known_types
from tests.components.mocked_cloud import STACKS, MockedCloud, build_stack


def test_an_unknown_type_is_named_with_its_urn_and_the_file_to_add_it_to() -> None:
    declared = Declared("aws:sfn/activity:Activity", "a", "urn:pulumi:local::p::aws:sfn/activity:Activity::a", {})

    with pytest.raises(UnknownResourceType) as unknown:
        realise(declared, None)  # type: ignore[arg-type]  # nothing is reached

    for part in ("aws:sfn/activity:Activity", declared.urn, "local/resources/sfn.py"):
        assert part in str(unknown.value)


def test_an_unknown_data_source_is_named() -> None:
    with pytest.raises(UnknownResourceType, match="getEverything"):
        look_up("aws:index/getEverything:getEverything", {}, None)  # type: ignore[arg-type]  # nothing is reached


def test_every_type_has_the_providers_form() -> None:
    for type_ in known_types():
        service, _, rest = type_.removeprefix("aws:").partition("/")
        module, _, name = rest.partition(":")
        assert service and module[0].islower() and name[0].isupper(), type_
        assert module.lower() == name.lower(), type_


def test_a_null_property_counts_as_absent() -> None:
    declared = Declared("t", "logical", "urn", {"name": None, "size": 0})

    assert declared.get("name", "default") == "default"
    assert declared.named("name") == "logical"
    assert declared.chosen(Size="size", Name="name") == {"Size": 0}


def test_every_type_and_data_source_is_one_that_a_stack_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    sources: set[str] = set()
    answer = MockedCloud.call

    def noted(self: MockedCloud, args: Any) -> Any:
        sources.add(args.token)
        return answer(self, args)

    monkeypatch.setattr(MockedCloud, "call", noted)
    stacks = [build_stack(name) for name in STACKS]
    switched_on = {"alarmEmail": "someone@example.com", "monthlyBudgetUsd": "100", "imageScanning": "enhanced"}
    switched_on["webhookRepositories"] = "owner/*"
    stacks.append(build_stack("prod", preview=False, **switched_on))

    declared = {resource.token for stack in stacks for resource in stack.resources if resource.token.startswith("aws:")}

    assert known_types() == declared, "remove what no stack declares; add what the local cloud lacks"
    assert known_data_sources() == sources

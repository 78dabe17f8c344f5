"""Every type the program may declare has its function, and an unknown one is a clear error."""

from __future__ import annotations

import pytest

from local.resources import Declared, UnknownResourceType, look_up, realise
from local.resources.registry import known_types


def test_an_unknown_type_is_named_with_its_urn_and_the_file_to_add_it_to() -> None:
    declared = Declared("aws:sfn/activity:Activity", "a", "urn:pulumi:local::p::aws:sfn/activity:Activity::a", {})

    with pytest.raises(UnknownResourceType) as unknown:
        realise(declared, None)  # type: ignore[arg-type]  # nothing is reached

    for part in ("aws:sfn/activity:Activity", declared.urn, "local/resources/sfn.py"):
        assert part in str(unknown.value)


def test_an_unknown_question_is_named() -> None:
    with pytest.raises(UnknownResourceType, match="getEverything"):
        look_up("aws:index/getEverything:getEverything", {}, None)  # type: ignore[arg-type]


def test_every_type_has_the_providers_form() -> None:
    assert len(known_types()) >= 50
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

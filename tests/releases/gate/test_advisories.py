"""Which packages of a release an advisory names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from releases.gate.advisories import AdvisoryRefused, read_advisories, vulnerable

BILL = json.dumps(
    {
        "components": [
            {"purl": "pkg:pypi/pyyaml@6.0", "name": "pyyaml", "version": "6.0"},
            {"purl": "pkg:npm/%40a/b@1.2.3", "name": "@a/b", "version": "1.2.3"},
        ]
    }
)


def advisory(name: str = "PyYAML", ecosystem: str = "PyPI", **affected: Any) -> dict[str, Any]:
    return {"id": "X-1", "affected": [{"package": {"ecosystem": ecosystem, "name": name}, **affected}]}


def between(kind: str = "ECOSYSTEM", **events: str) -> list[Any]:
    return [{"type": kind, "events": [{name: value} for name, value in events.items()]}]


@pytest.mark.parametrize(
    ("affected", "counts"),
    [
        ({"versions": ["6.0"]}, True),
        ({"versions": ["5.4"]}, False),
        ({"ranges": between(introduced="0")}, True),
        ({"ranges": between(introduced="0", fixed="5.4")}, False),
        ({"ranges": between(introduced="0", fixed="6.0")}, False),
        ({"ranges": between(introduced="0", fixed="6.0.1")}, True),
        ({"ranges": between(introduced="6.1")}, False),
        ({"ranges": between(introduced="0", last_affected="6.0")}, True),
        ({"ranges": between(introduced="0", last_affected="5.9")}, False),
        ({"ranges": between(introduced="0", fixed="what?")}, True),
        ({"ranges": between(kind="GIT", introduced="0")}, False),
    ],
)
def test_an_advisory_counts_for_the_versions_that_it_names(affected: dict[str, Any], counts: bool) -> None:
    assert vulnerable(BILL, [advisory(**affected)]) == (["pyyaml 6.0 (X-1)"] if counts else [])


def test_packages_of_npm_are_compared_too_and_withdrawn_advisories_are_not() -> None:
    of_npm = advisory("@a/b", "npm", ranges=between("SEMVER", introduced="1.0.0", fixed="2.0.0"))
    assert vulnerable(BILL, [of_npm]) == ["@a/b 1.2.3 (X-1)"]
    assert vulnerable(BILL, [{**of_npm, "withdrawn": "2026-01-01T00:00:00Z"}]) == []
    assert vulnerable(BILL, [advisory("b", "npm", versions=["1.2.3"]), advisory("other", versions=["6.0"])]) == []


def test_a_file_holds_one_advisory_or_many() -> None:
    assert [each["id"] for each in read_advisories('{"id": "A"}')] == ["A"]
    assert [each["id"] for each in read_advisories('[{"id": "A"}, {"id": "B"}]')] == ["A", "B"]
    assert [each["id"] for each in read_advisories('{"vulns": [{"id": "A"}]}')] == ["A"]
    for text in ("no", "[1]", '{"a": 1}'):
        with pytest.raises(AdvisoryRefused):
            read_advisories(text)

"""The guide says what the code says: settings, components, errors, alarms; its links lead somewhere.

After a change that is meant: UPDATE_GOLDEN=1 python -m pytest tests/docs, then read the diff.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, get_args

import pytest
import yaml
from pydantic.fields import FieldInfo

from agents import errors
from components.alarms import alarms_of
from components.outputs import StackOutputs
from components.settings.model import NAMESPACE, Settings, setting_keys
from tests.components.mocked_cloud import ROOT, STACKS, stack_configuration
from tests.docs.blocks import DOCS, hold, table
from workflow import definition

PAGES = ("architecture.md", "aws-review.md", "commands.md", "deploy.md", "operations.md", "settings.md")
GOLDEN = ROOT / "tests" / "components" / "golden"


def _read(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def _allowed(field: FieldInfo) -> str:
    values = get_args(field.annotation)
    if values:
        return ", ".join(str(value) for value in values)
    bounds = {type(rule).__name__: rule for rule in field.metadata}
    said = [f"{sign} {getattr(bounds[name], name.lower()):,}" for name, sign in _SIGNS.items() if name in bounds]
    kind = {"bool": "true, false", "str": "text", "int": "whole number", "float": "number"}
    return ", ".join([kind[getattr(field.annotation, "__name__", "str")], *said])


_SIGNS = {"Ge": "at least", "Le": "at most"}


def _settings_table() -> str:
    described: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    values = {stack: stack_configuration(stack) for stack in ("dev", "prod")}
    rows = []
    for key, name in setting_keys().items():
        entry = described[key]
        default = f"`{entry['default']}`".lower().replace("``", "empty") if "default" in entry else "none"
        shown = [_shortened(values[stack][f"{NAMESPACE}:{key}"]) for stack in values]
        rows.append([f"`{key}`", entry["description"], _allowed(Settings.model_fields[name]), default, *shown])
    return table(("key", "what it is", "allowed", "default", "dev", "prod"), rows)


def _shortened(value: str) -> str:
    digest = re.sub(r"(sha256:.{4}).+", r"\1…", value)
    return f"`{digest}`" if value else "empty"


def test_the_settings_page_describes_each_key_as_the_program_takes_it() -> None:
    hold("settings.md", "settings", _settings_table())


def _declared() -> dict[str, dict[str, set[str]]]:
    """Kinds by component, and in which stacks each occurs."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for stack in STACKS:
        for urn in (GOLDEN / f"{stack}.urns.txt").read_text(encoding="utf-8").splitlines():
            parent, _, kind = urn.partition("::")[0].rpartition("$")
            if kind.startswith("aws:"):
                found[parent][kind].add(stack)
    return found


def _kind(kind: str, stacks: set[str]) -> str:
    service, name = kind.split(":")[1].partition("/")[0], kind.rpartition(":")[2]
    only = "" if stacks == set(STACKS) else f" ({', '.join(sorted(stacks))})"
    return f"{service} {name}{only}"


def test_every_resource_of_every_stack_leads_to_one_file() -> None:
    rows = []
    for component, kinds in sorted(_declared().items()):
        _, module, name = component.split(":")
        text = (ROOT / "components" / f"{module}.py").read_text(encoding="utf-8")
        assert f"class {name}(pulumi.ComponentResource)" in text
        named = ", ".join(_kind(kind, stacks) for kind, stacks in sorted(kinds.items()))
        rows.append([name, f"[`components/{module}.py`](../components/{module}.py)", named])
    hold("architecture.md", "components", table(("component", "file", "resources"), rows))


def test_the_picture_shows_every_component() -> None:
    picture = _read("architecture.md").split("```")[1]
    names = {component.rpartition(":")[2] for component in _declared()}
    assert [name for name in names if not re.search(rf"\b{name}\b", picture)] == []


def _leaves(base: type[errors.SwarmError]) -> set[str]:
    below = base.__subclasses__()
    return {base.__name__} if not below else set().union(*(_leaves(child) for child in below))


@pytest.mark.parametrize(
    "group",
    [errors.StoppedError, errors.GapError, errors.RetriedError, errors.RoutedError],
    ids=lambda one: one.__name__,
)
def test_the_operations_page_says_what_to_do_about_every_error(group: type[errors.SwarmError]) -> None:
    first_cells = " ".join(re.findall(r"^\| (.*?) \|", _read("operations.md"), re.MULTILINE))
    assert [name for name in sorted(_leaves(group)) if f"`{name}`" not in first_cells] == []


def test_every_error_in_a_table_of_ours_exists() -> None:
    ours = _read("operations.md").split("### A session stopped")[1].split("### AWS's own")[0]
    named = set(re.findall(r"`([A-Z][A-Za-z]+)`", " ".join(re.findall(r"^\| (.*?) \|", ours, re.MULTILINE))))
    assert named - _leaves(errors.SwarmError) == set()


def test_every_alarm_has_a_runbook_that_says_where_to_look_what_to_do_and_when_it_is_over() -> None:
    possible = alarms_of(signs_in=True, asks_a_model=True, day_cap_usd=100, approval_hours=24)
    sections = {text.partition("\n")[0]: text for text in _read("runbooks.md").split("\n## ")[1:]}
    parts = ["- **See:** ", "- **Do:** ", "- **Over when:** "]
    assert {alarm.name: re.findall(r"^- \*\*.*?:\*\* ", sections[alarm.name], re.MULTILINE) for alarm in possible} == {
        name: parts for name in sections if name != "From a failing batch to its cause"
    }


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_that_are_there(page: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", _read(page))
    assert [target for target in targets if not (DOCS / target).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_outputs_that_a_command_asks_for_are_exported(page: str) -> None:
    asked = set(re.findall(r"pulumi stack output ([a-z_]+)", _read(page)))
    assert asked - set(StackOutputs.model_fields) == set()


@pytest.mark.parametrize("page", PAGES)
def test_keys_that_a_command_sets_exist(page: str) -> None:
    assert set(re.findall(r"pulumi config set ([a-zA-Z]+)", _read(page))) - {"KEY"} <= set(setting_keys())


def test_states_that_the_pages_name_are_in_the_machine() -> None:
    named = {state for page in PAGES for state in re.findall(r"Map Run of `(\w+)`", _read(page))}
    assert named <= set(definition.load()["States"])
    assert named

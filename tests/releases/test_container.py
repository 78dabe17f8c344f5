"""The agents' container: pinned, without rights, and running what the task definition and the laptop run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from agents.roles.publisher import template_package
from agents.roles.publisher.templates import PACKAGE
from components import fargate_agent
from releases.build import ROOT
from releases.vendor import MERMAID
from tests.agents.fakes import settings as agent_settings
from tests.releases.dockerfile import Instruction, base_of, instructions, stages

FOLDER = ROOT / "containers" / "agent"
FOUND = instructions(FOLDER / "Dockerfile")
BUILT, FINAL = stages(FOUND)


def _only(keyword: str, stage: list[Instruction]) -> Instruction:
    (one,) = (found for found in stage if found.keyword == keyword)
    return one


def test_every_stage_starts_from_an_image_pinned_by_digest() -> None:
    for stage in (BUILT, FINAL):
        assert re.fullmatch(r"python:3\.13[\w.-]*@sha256:[0-9a-f]{64}", base_of(stage, FOUND))


def test_what_installs_packages_stays_behind_in_the_first_stage() -> None:
    assert not any("pip install" in one.value for one in FINAL)
    assert _only("RUN", BUILT).value.count("--require-hashes") == 1
    assert "--only-binary :all:" in _only("RUN", BUILT).value


def test_the_sites_templates_are_compiled_where_the_publisher_looks_for_them() -> None:
    (module,) = (one.value for one in FINAL if template_package.__name__ in one.value)
    assert f"{template_package.__name__} {PACKAGE.replace('.', '/')}" in module
    assert module.index(template_package.__name__) < module.index("compileall")


def test_nothing_is_fetched_from_an_address_and_nothing_is_the_latest() -> None:
    assert not any(one.keyword == "ADD" for one in FOUND)
    assert not any(re.search(r"https?://|curl |wget |apt-get|:latest", one.value) for one in FOUND)


def test_the_command_is_that_of_the_task_definition_without_an_entry_point() -> None:
    assert _only("CMD", FINAL).listed == fargate_agent.COMMAND
    assert not any(one.keyword == "ENTRYPOINT" for one in FOUND)


def test_the_command_names_a_module_of_the_agents_package() -> None:
    python, option, module = fargate_agent.COMMAND
    assert (python, option) == ("python", "-m")
    assert (ROOT / Path(*module.split("."))).with_suffix(".py").is_file()


def test_the_user_is_the_number_that_the_task_definition_names_and_not_root() -> None:
    user = _only("USER", FINAL).value
    assert user == fargate_agent.USER
    assert all(int(number) > 0 for number in user.split(":"))
    after = FINAL[FINAL.index(_only("USER", FINAL)) :]
    assert not any(one.keyword in {"RUN", "COPY"} for one in after)


def test_the_folder_that_is_written_to_is_the_one_the_task_definition_mounts() -> None:
    assert _only("VOLUME", FINAL).listed == ["/tmp"]
    assert any(one.keyword == "ENV" and "PYTHONDONTWRITEBYTECODE=1" in one.value for one in FINAL)


def test_only_the_agents_and_their_requirements_are_copied_and_let_into_the_build() -> None:
    copied = [one.value.split()[:-1] for stage in (BUILT, FINAL) for one in stage if one.keyword == "COPY"]
    sources = {source for one in copied for source in one if not one[0].startswith("--from")}
    requirements = {f"requirements/{name}.txt" for name in ("agents", "models", "site")}
    assert sources == {"agents", *requirements, str(MERMAID.relative_to(ROOT))}
    rules = (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {rule[1:] for rule in rules if rule.startswith("!")} == sources
    assert "*" in rules


@pytest.mark.parametrize(("variables", "healthy"), [(True, True), (False, False)])
def test_the_health_check_tells_whole_settings_from_missing_ones(variables: bool, healthy: bool) -> None:
    settings = agent_settings("Scan")
    command = [sys.executable, *_only("HEALTHCHECK", FINAL).listed[1:]]
    done = subprocess.run(
        command, cwd=ROOT, env=settings.variables() if variables else {}, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode == 0) is healthy

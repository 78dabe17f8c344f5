"""The files of CI: no long-lived key, OIDC alone, commands that exist."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from typer.main import get_command

from cli.app import app
from cli.bootstrap.trust import AUDIENCE
from releases.build import ROOT

GITHUB, GITLAB = ROOT / ".github" / "workflows" / "deploy.yml", ROOT / ".gitlab-ci.yml"
SCRIPTS = sorted((ROOT / "releases" / "ci").glob("*.sh"))
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in (GITHUB, GITLAB, *SCRIPTS))


CHECK = ROOT / ".github" / "actions" / "check" / "action.yml"
CHECK_GITLAB = ROOT / "releases" / "ci" / "check.gitlab-ci.yml"


def github() -> dict[str, Any]:
    return dict(yaml.safe_load(GITHUB.read_text(encoding="utf-8")))


def gitlab() -> dict[str, Any]:
    return dict(yaml.safe_load(GITLAB.read_text(encoding="utf-8")))


def test_no_file_has_a_secret_or_a_long_lived_key() -> None:
    assert not re.search(r"secrets\.|AKIA|\$AWS_SECRET_ACCESS_KEY\b(?!\"?( |$))", TEXT.replace("::add-mask", ""))
    assert "secrets." not in TEXT


def test_github_gives_each_job_a_token_and_nothing_to_write() -> None:
    workflow = github()
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read", "id-token": "write"}
        assert {step.get("uses", "actions/checkout@v4") for step in job["steps"]} == {"actions/checkout@v4"}


def test_a_request_previews_as_the_previewer_and_a_merge_deploys_from_the_environment_dev() -> None:
    preview, dev = github()["jobs"]["preview"], github()["jobs"]["dev"]
    assert "PREVIEWER" in preview["env"]["ROLE"]
    assert "environment" not in preview
    assert "DEPLOYER" in dev["env"]["ROLE"]
    assert dev["environment"] == gitlab()["dev"]["environment"] == "dev"
    assert "pulumi up" not in str(preview) + str(gitlab()["preview"])


def test_promotion_waits_for_dev_its_test_and_a_persons_approval() -> None:
    prod, dev = github()["jobs"]["prod"], github()["jobs"]["dev"]
    assert (prod["needs"], prod["environment"]) == ("dev", "prod")
    assert dev["steps"][-1]["run"].endswith("release test --stack dev")
    assert gitlab()["prod"]["rules"][0]["when"] == "manual"


def test_gitlab_asks_its_token_for_the_audience_that_is_trusted() -> None:
    assert gitlab()["default"]["id_tokens"] == {"OIDC_TOKEN": {"aud": AUDIENCE}}
    assert f"audience={AUDIENCE}" in TEXT


def test_pulumi_is_the_version_of_the_pinned_package() -> None:
    pinned = re.search(
        r"^pulumi==([\d.]+)", (ROOT / "requirements" / "laptop.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert pinned is not None
    assert github()["env"]["PULUMI_VERSION"] == gitlab()["variables"]["PULUMI_VERSION"] == pinned[1]
    assert "sha256sum --check --strict" in TEXT


def _steps() -> list[str]:
    steps = [step["run"] for job in github()["jobs"].values() for step in job["steps"] if "run" in step]
    return sorted({*steps, *gitlab()["preview"]["script"], *gitlab()["dev"]["script"], *gitlab()["prod"]["script"]})


@pytest.mark.parametrize("step", _steps())
def test_every_command_exists(step: str) -> None:
    words = step.split()
    if words[0] == "make":
        assert f"\n{words[1]}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    elif "releases/ci/" in step:
        script = ROOT / words[-1]
        assert script in SCRIPTS
        assert script.stat().st_mode & 0o100
    elif words[0] == ".venv/bin/python":
        assert words[1:3] == ["-m", "cli"]
        assert words[3] in {"smoke", "release", "promote"}
    else:
        assert words[0] in {"pulumi", "apt-get"}


def test_the_check_passes_nothing_of_a_pull_request_as_a_part_of_a_command() -> None:
    (step,) = yaml.safe_load(CHECK.read_text(encoding="utf-8"))["runs"]["steps"]
    assert "${{" not in step["run"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in step["env"]["COMMENT"]


def test_the_check_uses_options_that_the_command_has() -> None:
    command = getattr(get_command(app), "commands", {})["check"]
    known = {option for one in command.params for option in one.opts}
    (step,) = yaml.safe_load(CHECK.read_text(encoding="utf-8"))["runs"]["steps"]
    script = str(yaml.safe_load(CHECK_GITLAB.read_text(encoding="utf-8"))["swarm check"]["script"])
    for text in (step["run"], script):
        used = set(re.findall(r"(?<![\w-])--[a-z-]+", text)) - {"--quiet"}
        assert used
        assert used <= known


def test_the_check_has_the_history_and_runs_on_merge_requests_alone() -> None:
    job = yaml.safe_load(CHECK_GITLAB.read_text(encoding="utf-8"))["swarm check"]
    assert job["variables"]["GIT_DEPTH"] == "0"
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]

"""mypy reads the types of everything that the program uses of Pulumi's provider."""

from __future__ import annotations

import ast
import tomllib

from tests.architecture.source import ROOT


def used_services() -> set[str]:
    """The services that the program and the policy pack name, as `aws.NAME`, and its lookups."""
    names = set()
    for file in [ROOT / "__main__.py", *(ROOT / "components").rglob("*.py"), *(ROOT / "policy_pack").rglob("*.py")]:
        source = file.read_text(encoding="utf-8")
        if "import pulumi_aws as aws" in source:
            names |= {
                node.attr
                for node in ast.walk(ast.parse(source))
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "aws"
            }
    return {name.removesuffix("_output") for name in names}


def test_no_service_that_the_program_uses_is_left_out() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["overrides"]
    followed = [name for each in settings if each["follow_imports"] == "normal" for name in each["module"]]
    services = used_services()
    assert {"s3", "lambda_", "get_partition"} <= services
    assert not {name for name in services if name.islower() and f"pulumi_aws.{name}.*" not in followed}

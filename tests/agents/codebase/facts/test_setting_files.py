# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Settings are read from the files that hold them, each under the name by which people set it."""

from __future__ import annotations

import pytest

from agents.codebase.facts.settings.files import configures, settings_of_file
from agents.codebase.structure.reader import TreeSitterReader

CASES = {
    "ini .env.example": (
        "# Where the data is.\nDATABASE_URL=postgres://localhost/db\n\n# DEBUG=true\nexport PORT='80' # The port.\n"
        "# Off by default:\n# EXTRA=\n",
        [
            ("DATABASE_URL", "postgres://localhost/db", "Where the data is."),
            ("DEBUG", "true", ""),
            ("PORT", "80", "The port."),
            ("EXTRA", "", "Off by default:"),
        ],
    ),
    "yaml deploy/chart/values.yaml": (
        "# -- How many pods\nreplicaCount: 1\nimage:\n  ## @param image.repository [string] Where it is\n  repository: nginx\n"
        "  tags: []\nlist:\n  - a\nempty: {}\n",
        [
            ("replicaCount", "1", "How many pods"),
            ("image.repository", "nginx", "Where it is"),
            ("image.tags", "", ""),
            ("list", "", ""),
            ("empty", "", ""),
        ],
    ),
    "json src/appsettings.Development.json": (
        '{"Logging": {"LogLevel": {"Default": "Warning"}},\n "AllowedHosts": "*"}',
        [("Logging:LogLevel:Default", "Warning", ""), ("AllowedHosts", "*", "")],
    ),
    "yaml action.yml": (
        "name: Setup\ninputs:\n  version:\n    description: Which one\n    required: true\n  cache:\n    default: 'on'\nruns:\n"
        "  using: composite\n",
        [("version", "", "Which one"), ("cache", "on", "")],
    ),
    "yaml src/main/resources/application.yml": ("server:\n  port: 80\n", [("server.port", "80", "")]),
    "ini application.properties": ("# The port.\nserver.port=80\n", [("server.port", "80", "The port.")]),
}


@pytest.mark.parametrize("case", CASES)
def test_settings_have_names_values_and_what_their_authors_say(case: str) -> None:
    language, path = case.split()
    text, wanted = CASES[case]
    structure = TreeSitterReader().read(path, language, text)
    facts = settings_of_file(path, structure, text, {path, "deploy/chart/Chart.yaml"})
    assert [(fact.name, fact.default, fact.text) for fact in facts] == wanted


@pytest.mark.parametrize(
    "path", ["values.yaml", "docs/action.md", "messages.properties", ".env", "app/environment.ts", "env.py"]
)
def test_a_file_of_another_kind_configures_nothing(path: str) -> None:
    assert not configures(path, {path})


def test_a_file_that_is_no_yaml_has_no_settings() -> None:
    text = "a: [\n b: {{ x }}\n"
    structure = TreeSitterReader().read("x", "text", "x")
    assert list(settings_of_file("action.yml", structure, text, {"action.yml"})) == []

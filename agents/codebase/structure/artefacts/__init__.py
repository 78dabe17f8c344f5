"""Formats without a grammar, each read by what it calls a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agents.codebase.structure.artefacts import (
    asciidoc,
    builds,
    dart,
    elixir,
    helm,
    json_keys,
    markup,
    powershell,
    prose,
    schemas,
    sql,
    tables,
    terraform,
    yaml_keys,
)
from agents.codebase.structure.artefacts.parts import Parts

#: Language name -> reader; any other language is read as plain text.
ARTEFACTS: Mapping[str, Callable[[str], Parts]] = {
    "sql": sql.sql,
    "json": json_keys.json_keys,
    "yaml": yaml_keys.yaml_keys,
    "toml": tables.toml,
    "ini": tables.ini,
    "xml": markup.xml,
    "html": markup.html,
    "css": markup.css,
    "markdown": prose.markdown,
    "restructuredtext": prose.restructuredtext,
    "dockerfile": builds.dockerfile,
    "makefile": builds.makefile,
    "github-actions": yaml_keys.github_actions,
    "asciidoc": asciidoc.asciidoc,
    "helm": helm.template,
    "elixir": elixir.elixir,
    "protobuf": schemas.protobuf,
    "graphql": schemas.graphql,
    "terraform": terraform.terraform,
    "dart": dart.dart,
    "powershell": powershell.powershell,
    "gitlab-ci": yaml_keys.gitlab_ci,
}

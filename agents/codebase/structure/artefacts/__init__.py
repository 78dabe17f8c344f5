"""Formats without a grammar, each read by what it calls a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agents.codebase.structure.artefacts import builds, json_keys, markup, prose, tables, yaml_keys
from agents.codebase.structure.artefacts.parts import Parts

#: Language name -> reader; any other language is read as plain text.
ARTEFACTS: Mapping[str, Callable[[str], Parts]] = {
    "sql": tables.sql,
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
    "gitlab-ci": yaml_keys.gitlab_ci,
}

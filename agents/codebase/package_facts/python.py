"""Manifests of Python packages. Pure."""

from __future__ import annotations

import re
from typing import Any

from agents.codebase.manifest_values import ini_file, table, toml_table, words
from agents.codebase.package_facts.package import PackageFacts, commands, link


def pyproject(path: str, text: str) -> PackageFacts | None:
    """What pyproject.toml says."""
    data = toml_table(text)
    project, poetry = table(data.get("project")), table(table(data.get("tool")).get("poetry"))
    flit = table(table(table(data.get("tool")).get("flit")).get("metadata"))
    section = project or poetry or flit
    if not section:
        return None
    licence = project.get("license") or poetry.get("license")
    named = licence.get("text") or "" if isinstance(licence, dict) else licence
    if isinstance(named, str) and "\n" in named.strip():
        named = named.strip().split("\n")[0]
    urls = project.get("urls") or {"homepage": poetry.get("homepage"), "repository": poetry.get("repository")}
    dependencies = table(poetry.get("dependencies"))
    requires = project.get("requires-python") or dependencies.get("python") or flit.get("requires-python")
    name = words(section.get("name") or section.get("module"))
    gui = project.get("gui-scripts")
    return PackageFacts(
        file=path,
        ecosystem="Python",
        name=name,
        version=words(section.get("version")),
        description=words(section.get("description")),
        licence=words(named) or _licence_classifier(section.get("classifiers")),
        requires=f"Python {words(requires)}" if words(requires) else "",
        homepage=link(urls, "homepage", "home", "documentation", "docs"),
        repository=link(urls, "repository", "source", "sourcecode", "github", "code"),
        commands=commands({**table(project.get("scripts") or poetry.get("scripts")), **table(gui)}),
        install=f"pip install {name}" if name else "",
    )


def _licence_classifier(classifiers: Any) -> str:
    for classifier in classifiers if isinstance(classifiers, list) else ():
        if isinstance(classifier, str) and classifier.startswith("License :: ") and classifier.count("::") > 1:
            return classifier.rpartition("::")[2].strip()
    return ""


def setup_cfg(path: str, text: str) -> PackageFacts | None:
    """What setup.cfg says."""
    data = ini_file(text)
    if not data.has_section("metadata"):
        return None
    meta = data["metadata"]
    scripts = data.get("options.entry_points", "console_scripts", fallback="")
    rows = dict(line.split("=", 1) for line in scripts.split("\n") if "=" in line)
    requires = data.get("options", "python_requires", fallback="")
    name = words(meta.get("name", ""))
    return PackageFacts(
        file=path,
        ecosystem="Python",
        name=name,
        version=words(meta.get("version", "")) if "attr:" not in meta.get("version", "") else "",
        description=words(meta.get("description", "")),
        licence=words(meta.get("license", "")),
        requires=f"Python {requires.strip()}" if requires.strip() else "",
        homepage=words(meta.get("url", "")),
        commands=commands(rows),
        install=f"pip install {name}" if name else "",
    )


def pkg_info(path: str, text: str) -> PackageFacts | None:
    """What PKG-INFO says."""
    rows = re.findall(r"^([A-Z][\w-]+): (.+)$", text.split("\n\n")[0], re.MULTILINE)
    # setuptools wrote this word where an author said nothing.
    heads = {key: value for key, value in rows if value.strip() != "UNKNOWN"}
    name = words(heads.get("Name", ""))
    requires = heads.get("Requires-Python", "")
    return PackageFacts(
        file=path,
        ecosystem="Python",
        name=name,
        version=words(heads.get("Version", "")),
        description=words(heads.get("Summary", "")),
        licence=words(heads.get("License-Expression") or heads.get("License", "")),
        requires=f"Python {requires}" if requires else "",
        homepage=words(heads.get("Home-page", "")),
        install=f"pip install {name}" if name else "",
    )

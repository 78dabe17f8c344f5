"""Which folders of a repository are packages, in every ecosystem that has workspaces."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from agents.codebase.package_facts.workspace import package_of, workspace

_POM = "<project><groupId>org.acme</groupId><artifactId>{}</artifactId>{}</project>"
_GATHERS = _POM.format("all", "<packaging>pom</packaging><modules><module>app</module></modules>")


def names(files: Mapping[str, str]) -> dict[str, str]:
    return {folder: facts[0].name for folder, facts in workspace(files, lambda path: files[path]).items()}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "package.json": '{"name": "all", "private": true, "workspaces": ["packages/*"]}',
                "packages/a/package.json": '{"name": "@x/a"}',
                "packages/b/package.json": '{"name": "@x/b"}',
            },
            {"packages/a": "@x/a", "packages/b": "@x/b"},
            id="npm and yarn",
        ),
        pytest.param(
            {
                "pnpm-workspace.yaml": "packages: ['libs/*']\n",
                "package.json": '{"name": "all", "private": true}',
                "libs/a/package.json": '{"name": "a"}',
                "libs/b/package.json": '{"name": "b"}',
                "libs/b/dist/package.json": '{"type": "module"}',
            },
            {"libs/a": "a", "libs/b": "b"},
            id="pnpm",
        ),
        pytest.param(
            {"package.json": '{"name": "main", "workspaces": ["plugin"]}', "plugin/package.json": '{"name": "plugin"}'},
            {"": "main", "plugin": "plugin"},
            id="npm, whose root is published as well",
        ),
        pytest.param(
            {
                "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n[workspace.package]\ndescription = "All"\n',
                "crates/a/Cargo.toml": '[package]\nname = "a"\n',
                "crates/b/Cargo.toml": '[package]\r\nname = "b"\r\n',
            },
            {"crates/a": "a", "crates/b": "b"},
            id="Cargo",
        ),
        pytest.param(
            {"go.work": "use (\n./a\n./b\n)\n", "a/go.mod": "module x.org/a\n", "b/go.mod": "module x.org/b\n"},
            {"a": "x.org/a", "b": "x.org/b"},
            id="go.work",
        ),
        pytest.param(
            {"pom.xml": _GATHERS, "app/pom.xml": _POM.format("app", ""), "lib/pom.xml": _POM.format("lib", "")},
            {"app": "org.acme:app", "lib": "org.acme:lib"},
            id="Maven",
        ),
        pytest.param(
            {
                "settings.gradle.kts": 'include(":app", ":lib")\n',
                "build.gradle.kts": "plugins {}\n",
                "app/build.gradle.kts": "plugins {}\n",
                "lib/build.gradle": "plugins {}\n",
            },
            {"app": "app", "lib": "lib"},
            id="Gradle",
        ),
        pytest.param(
            {
                "pyproject.toml": '[project]\nname = "root"\n[tool.uv.workspace]\nmembers = ["libs/*"]\n',
                "libs/a/pyproject.toml": '[project]\nname = "a"\n',
                "libs/b/setup.cfg": "[metadata]\nname = b\n",
            },
            {"": "root", "libs/a": "a", "libs/b": "b"},
            id="uv, whose root is a member",
        ),
        pytest.param(
            {
                "pyproject.toml": "[tool.ruff]\n",
                "a/setup.py": 'setup(name="a")\n',
                "b/composer.json": '{"name": "x/b"}',
            },
            {"a": "a", "b": "x/b"},
            id="of several languages",
        ),
    ],
)
def test_each_folder_whose_manifest_names_a_package_is_one(files: dict[str, str], expected: dict[str, str]) -> None:
    assert names(files) == expected


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": '{"name": "one"}'},
        {"package.json": '{"name": "one"}', "examples/demo/package.json": '{"name": "demo"}'},
        {"Cargo.toml": '[package]\nname = "one"\n', "tests/fixtures/a/Cargo.toml": '[package]\nname = "a"\n'},
        {"a/package.json": "{", "b/package.json": '{"name": "b"}'},
        {},
    ],
)
def test_one_package_is_no_workspace_and_those_of_tests_and_examples_do_not_count(files: dict[str, str]) -> None:
    assert names(files) == {}


def test_a_file_belongs_to_the_closest_package_around_it() -> None:
    folders = {"": 1, "libs/a": 1}
    assert package_of("libs/a/src/deep/x.py", folders) == "libs/a"
    assert package_of("libs/b/x.py", folders) == ""
    assert package_of("libs/b/x.py", {"libs/a": 1}) is None

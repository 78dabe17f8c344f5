"""Templates are compiled when a layer is made: no site compiles one again, and a changed one is noticed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader

from agents import keys
from agents.contracts.draft import Verdict
from agents.contracts.states import PublishInput
from agents.roles.publisher import site as site_module
from agents.roles.publisher import template_package
from agents.roles.publisher.run import run
from agents.roles.publisher.templates import CompiledTemplates, WithoutHiddenFolders
from tests.agents.fakes import SESSION_ID, settings
from tests.agents.roles.editor.samples import FILES
from tests.agents.roles.publisher.test_site import world

PACKAGE = "sample_vendor.templates"


@pytest.fixture(scope="module")
def vendored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package like `swarm_vendor`, with templates alone."""
    folder = tmp_path_factory.mktemp("layer")
    (folder / "sample_vendor").mkdir()
    (folder / "sample_vendor" / "__init__.py").write_text("")
    template_package.write_to(folder / "sample_vendor" / "templates")
    return folder


@pytest.fixture()
def compilations(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str | None]]:
    """The names of the templates that are compiled, as they are."""
    names: list[str | None] = []
    original = Environment.compile

    def counting(self: Environment, source: Any, name: str | None = None, *others: Any, **named: Any) -> Any:
        names.append(name)
        return original(self, source, name, *others, **named)

    monkeypatch.setattr(Environment, "compile", counting)
    yield names


def site(monkeypatch: pytest.MonkeyPatch, templates: CompiledTemplates) -> bytes:
    monkeypatch.setattr(site_module, "compiled_templates", templates)
    ports = world(dict(FILES))
    run(PublishInput(session_id=SESSION_ID, revision=1, verdict=Verdict.APPROVED), ports, settings("Publish"))
    return ports.blobs.blobs[keys.site(SESSION_ID)]


def test_a_site_compiles_no_template_that_lies_in_its_layer(
    vendored: Path, compilations: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(vendored)
    without = site(monkeypatch, CompiledTemplates("no_such_package"))
    assert {"main.html", "api.html", "base.html"} <= set(compilations)
    compilations.clear()

    assert site(monkeypatch, CompiledTemplates(PACKAGE)) == without
    assert compilations == []


def test_a_second_site_of_the_same_process_compiles_no_template(
    compilations: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = CompiledTemplates("no_such_package")
    first = site(monkeypatch, templates)
    assert "main.html" in compilations
    compilations.clear()

    assert site(monkeypatch, templates) == first
    assert compilations == []


def test_a_template_that_has_changed_is_compiled_again(
    tmp_path: Path, compilations: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"a.html": "old {{ x }}", "b.html": "old {{ x }}"}
    env = Environment(
        autoescape=True, loader=DictLoader(texts), bytecode_cache=(templates := CompiledTemplates("no_such_package"))
    )
    for name in texts:
        env.get_template(name)
    (tmp_path / "changed_vendor").mkdir()
    for name, python in {"__init__": "", **templates.as_python(env)}.items():
        (tmp_path / "changed_vendor" / f"{name}.py").write_text(python)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    compilations.clear()

    again = Environment(
        autoescape=True,
        loader=DictLoader({**texts, "a.html": "new {{ x }}"}),
        bytecode_cache=CompiledTemplates("changed_vendor"),
    )

    assert [again.get_template(name).render(x=1) for name in texts] == ["new 1", "old 1"]
    assert compilations == ["a.html"]


def test_the_python_of_templates_is_the_same_each_time() -> None:
    assert template_package.compiled() == template_package.compiled()


def test_a_theme_is_listed_without_what_lies_in_hidden_folders(tmp_path: Path) -> None:
    for path in ("own/main.html", "own/.icons/a.svg", "theme/main.html", "theme/assets/a.css", "theme/a/.b/c/d.svg"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    folders = [tmp_path / "own", tmp_path / "theme"]

    listed = WithoutHiddenFolders(folders).list_templates()

    assert listed == ["assets/a.css", "main.html"]
    assert set(listed) < set(FileSystemLoader(folders).list_templates())

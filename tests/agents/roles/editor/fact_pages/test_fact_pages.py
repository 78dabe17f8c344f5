# ruff: noqa: E501 (one row of a table a page)
"""Pages of facts list what a repository's own files state, link it, and exist only where there is something to list."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

import pytest
import yaml

from agents.codebase.claims.citations import resolves
from agents.codebase.snapshot_texts import SnapshotTexts
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.analysis import Analysis
from agents.contracts.base import Statement
from agents.contracts.draft import Page
from agents.contracts.session import Coverage
from agents.contracts.snapshot import Manifest, ManifestEntry
from agents.models.extractive.synthesizer import respond as synthesize
from agents.roles.editor.architecture import architecture
from agents.roles.editor.core import pages
from agents.roles.editor.fact_pages import fact_pages
from agents.roles.editor.fact_pages.commands import installed_files
from agents.roles.editor.material import Material
from agents.roles.editor.page_prose import PageProse
from agents.roles.scanner.languages import language_of
from agents.roles.synthesizer.core import merge, picture, verify
from tests.agents.fakes import SESSION_ID


def material_of(files: Mapping[str, str]) -> Material:
    """What the editor knows of a repository of these texts."""
    analyses = {
        path: Analysis(
            analysis_key=hashlib.sha256(path.encode()).hexdigest(),
            structure=TreeSitterReader().read(path, language_of(path, text), text),
            summary=(Statement(text="It is a file."),),
            model="extractive",
        )
        for path, text in files.items()
    }
    entries = [
        ManifestEntry(
            path=path, language=item.structure.language, bytes=9, lines=item.structure.line_count, digest="0" * 64,
            analysis_key=item.analysis_key, batch_id="b00000",
        )
        for path, item in analyses.items()
    ]  # fmt: skip
    manifest = Manifest(session_id=SESSION_ID, repository="demo", entries=tuple(entries))
    known = picture(manifest, analyses)
    coverage = Coverage(files_total=len(files), files_analysed=len(files), files_reused=0, files_skipped=0,
                        symbols_total=0, symbols_documented=0)  # fmt: skip
    return Material(
        manifest=manifest,
        analyses=analyses,
        synthesis=merge(manifest, known, verify(known, known.brief, synthesize(known.brief))),
        reviews={},
        coverage=coverage,
        gaps=(),
        model="extractive",
        texts=SnapshotTexts(files.get),
    )


def pages_of(files: Mapping[str, str]) -> dict[str, Page]:
    return {page.path: page for page in fact_pages(material_of(files))}


FILES = {
    "pyproject.toml": '[project]\nname = "demo"\n[project.scripts]\ndemo = "shop.cli:main"\n'
    '[project.entry-points."demo.plugins"]\nplain = "shop.core:Plain"\n',
    "shop/__init__.py": "from .core import Port, Plain\nfrom ._more import *\n",
    "shop/_more.py": 'def helper():\n    """Helps."""\n',
    "shop/core.py": "import os\nfrom abc import ABC, abstractmethod\nclass Port(ABC):\n"
    '    """Speaks to the world."""\n    @abstractmethod\n    def go(self): ...\nclass Plain(Port):\n    pass\n'
    'class Fast(Port):\n    pass\nLEVEL = os.getenv("DEMO_LEVEL", "info")\n',
    "shop/cli.py": 'import click\nfrom shop.core import Port\n@click.group()\ndef main():\n    """Demo."""\n'
    '@main.command()\n@click.option("--fast", is_flag=True, help="Hurry.")\ndef go(fast):\n    """Goes."""\n',
    "shop/api.py": "from fastapi import FastAPI\nfrom .users import router as users_router\napp = FastAPI()\n"
    'app.include_router(users_router, prefix="/v1")\n',
    "shop/users.py": 'from fastapi import APIRouter\nrouter = APIRouter(prefix="/users")\n@router.get("/{id}")\n'
    'def read(id: int):\n    """Reads a user."""\n',
    "schema.sql": "CREATE TABLE groups (id INT PRIMARY KEY);\n"
    "CREATE TABLE users (id INT PRIMARY KEY, group_id INT REFERENCES groups(id));\n",
    "machine.asl.json": '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}\n',
    "tests/test_core.py": 'import os\nimport pytest\nfrom shop import core\ndef test_go():\n    os.getenv("ONLY_TESTS")\n',
}


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ("public-api.md", ["[`Port`](api/shop/core.py.md#s.Port) | class | Speaks to the world.", "helper", "shop/core.py"]),
        ("commands.md", ["`demo` | [`shop.cli:main`](api/shop/cli.py.md)", "`main go` | Goes.", "`--fast` | `flag`", "Hurry."]),
        ("configuration.md", ["`DEMO_LEVEL` | `info` |", "[`LEVEL`](api/shop/core.py.md#s.LEVEL)"]),
        ("http-api.md", ["GET | `/v1/users/{id}` | [`read`](api/shop/users.py.md#s.read) | Reads a user."]),
        ("data-model.md", ["erDiagram", '"group_id"', "[`group_id`](api/schema.sql.md#s.users.group_id) | `INT` | → `groups`"]),
        ("infrastructure.md", ["flowchart TB", "n0 --> n1", "`A` | `Pass` | `B` |"]),
        ("extension-points.md", ["[`Port`](api/shop/core.py.md#s.Port) | class", "[`Fast`]", "`demo.plugins` | `plain`"]),
        ("tests.md", ["1 test file with 1 test function.", "pytest", "[`shop/core.py`](api/shop/core.py.md)"]),
    ],
)  # fmt: skip
def test_each_page_lists_what_the_files_state(page: str, wanted: list[str]) -> None:
    markdown = pages_of(FILES)[page].markdown
    assert [text for text in wanted if text not in markdown] == []


def test_a_column_in_which_nothing_stands_is_left_out() -> None:
    text = 'from flask import Flask\napp = Flask("a")\n@app.get("/x")\ndef one(): ...\n'

    assert "| Method | Path | Handler | Declared in |" in pages_of({"a.py": text})["http-api.md"].markdown


def test_two_routes_of_one_path_in_one_file_are_both_listed() -> None:
    text = 'from flask import Flask\napp = Flask("a")\n@app.get("/x")\ndef one(): ...\n@app.get("/x")\ndef two(): ...\n'
    markdown = pages_of({"a.py": text})["http-api.md"].markdown
    assert markdown.index("[`one`]") < markdown.index("[`two`]")


def test_what_a_whole_repository_tells_is_on_the_pages_as_well() -> None:
    made = pages_of(
        {
            "package.json": '{"dependencies": {"next": "1"}}',
            "app/items/[id]/route.ts": "/** Shows one. */\nexport function GET() {}\n",
            "lib/shop_web/router.ex": 'defmodule R do\n  use ShopWeb, :router\n  get "/x", C, :i\nend\n',
            "prisma/schema.prisma": "model User {\n  id Int @id\n}\n",
            "Data/Db.cs": "class Db { public DbSet<Book> Books { get; set; } }\n",
            "Models/Book.cs": "public class Book { public int Id { get; set; } }\n",
            "Jenkinsfile": "pipeline { stages { stage('Build') { } } }\n",
            "src/main/resources/application.properties": "# The port.\nserver.port = 8080\ndb.password=hunter2secret\n",
            "src/main/resources/application-dev.yml": "shop:\n  mail:\n    from: a\n",
            "src/main/resources/messages.properties": "hello=Hallo\n",
            "src/test/resources/application.properties": "only.tests=1\n",
        }
    )
    assert re.search(
        r"GET \| `/items/\[id\]` \| \[`GET`\]\(api/app/.*#s\.GET\) \| Shows one\.", made["http-api.md"].markdown
    )
    assert "GET | `/x` | `C.i`" in made["http-api.md"].markdown
    assert "`Int` | primary key" in made["data-model.md"].markdown
    assert "EF Core: [`Book`](api/Models/Book.cs.md#s.Book)" in made["data-model.md"].markdown
    assert "## Jenkins" in made["infrastructure.md"].markdown
    settings = made["configuration.md"].markdown
    assert "`server.port` | `8080` | The port." in settings
    assert "`shop.mail.from` | `a`" in settings
    assert all(word not in settings for word in ("hunter2", "hello", "only.tests"))


def test_a_page_exists_only_when_it_has_something_to_say() -> None:
    assert pages_of({"notes.md": "# Notes\n\nNothing else.\n"}) == {}


def test_tests_and_examples_do_not_speak_for_the_product() -> None:
    assert "ONLY_TESTS" not in pages_of(FILES)["configuration.md"].markdown
    aside = pages_of({"examples/app.py": FILES["shop/users.py"], "tests/test_x.py": 'import os\nos.getenv("A")\n'})
    assert {"http-api.md", "configuration.md"}.isdisjoint(aside)


def test_every_citation_resolves() -> None:
    known = material_of(FILES)
    cited = [citation for page in fact_pages(known) for citation in page.citations]
    assert len(cited) > 12
    assert all(resolves(item.path, item.lines, known.line_counts) and item.digest for item in cited)


def test_a_large_repository_has_a_bounded_page_with_a_named_remainder() -> None:
    reads = "".join(f'A{number} = os.getenv("A{number}")\n' for number in range(200))
    markdown = pages_of({"settings.py": f"import os\n{reads}"})["configuration.md"].markdown
    assert "`A149`" in markdown
    assert "And 50 settings not listed here." in markdown


def test_the_repository_cannot_write_markup_into_a_page() -> None:
    hostile = "](javascript:x) | <script>`"
    markdown = pages_of({"a.py": f'import click\n@click.command("x", help="{hostile}")\ndef x(): pass\n'})[
        "commands.md"
    ].markdown
    assert "<script>" not in markdown
    assert r"\](javascript" in markdown


def test_the_architecture_draws_class_hierarchies_and_the_files_of_one_package() -> None:
    files = {path: text for path, text in FILES.items() if path.startswith("shop/")}
    markdown = architecture(material_of(files), PageProse(())).markdown
    assert "classDiagram" in markdown
    assert "[`Plain`](api/shop/core.py.md#s.Plain), [`Fast`]" in markdown
    assert "## Files" in markdown


def test_what_an_installed_command_starts_is_an_entry_point() -> None:
    assert installed_files(material_of(FILES)) == ["shop/cli.py"]


def test_options_without_a_command_stand_under_their_file() -> None:
    text = 'import argparse\np = argparse.ArgumentParser()\np.add_argument("--{}")\n'
    markdown = pages_of({"tools/a.py": text.format("one"), "tools/b.py": text.format("two")})["commands.md"].markdown
    assert "### Options in `tools/a.py`" in markdown
    assert markdown.index("`--one`") < markdown.index("### Options in `tools/b.py`") < markdown.index("`--two`")


def test_what_an_option_is_for_stands_there_whole() -> None:
    help_text = (
        "The address to listen on. Without one every address is taken. " + "It may have a port. " * 10 + "The end."
    )
    text = f'import argparse\np = argparse.ArgumentParser()\np.add_argument("--at", help="{help_text}")\n'
    markdown = pages_of({"tools/a.py": text})["commands.md"].markdown
    assert help_text in markdown


def test_what_a_module_of_tests_inside_a_file_reads_configures_nothing() -> None:
    read = 'fn {}() {{\n    std::env::var("{}");\n}}\n'
    text = f"{read.format('load', 'HIVE')}\n#[cfg(test)]\nmod tests {{\n{read.format('try_it', 'HOME')}}}\n"
    markdown = pages_of({"src/a.rs": text})["configuration.md"].markdown
    assert "`HIVE`" in markdown
    assert "`HOME`" not in markdown


def test_a_management_command_is_called_as_one_types_it() -> None:
    text = "from django.core.management.base import BaseCommand\nclass Command(BaseCommand):\n    help = 'Fills.'\n"
    markdown = pages_of({"shop/management/commands/fill_it.py": text})["commands.md"].markdown
    assert "| `manage.py fill_it` | Fills. |" in markdown


def test_a_hook_says_what_it_is_for_and_who_implements_it() -> None:
    files = {
        "kettle/hooks.py": '@hookspec\ndef on_boil(water):\n    """Called when water boils."""\n\n\n@hookspec\ndef on_cool(): ...\n',
        "kettle/whistle.py": "@hookimpl\ndef on_boil(water): ...\n\n\n@hookimpl\ndef pytest_configure(config): ...\n",
    }
    markdown = pages_of(files)["extension-points.md"].markdown
    rows = [line for line in markdown.split("\n") if "hookspec" in line or "hookimpl" in line]
    assert [row.split("`")[1] for row in rows] == ["on_boil", "on_cool", "pytest_configure"]
    assert "| hookspec | Called when water boils. | [`on_boil`](api/kettle/whistle.py.md#s.on_boil) |" in rows[0]


def test_a_handler_is_no_method_that_happens_to_have_its_name() -> None:
    files = {
        "web.py": (
            "from flask import Flask\nfrom runner import Runner\n\nclass Web:\n    def __init__(self):\n"
            "        app = Flask(__name__)\n        @app.route('/stop')\n        def stop():\n            return 1\n\n"
            "        app.add_url_rule('/close', view_func=self.close)\n\n"
            '    def stop(self):\n        """Stops the server."""\n\n    def close(self):\n        """Closes it."""\n'
        ),
        "api.js": "import express from 'express';\nconst app = express();\napp.get('/login', login);\napp.get('/out', out);\n"
        "/** Leaves. */\nfunction out() {}\n",
        "session.js": "export class Session {\n  /** Of another. */\n  login() {}\n}\n",
    }
    markdown = pages_of(files)["http-api.md"].markdown
    assert "| GET | `/stop` | `Web.__init__.stop` |" in markdown
    assert "Stops the server." not in markdown and "Of another." not in markdown
    assert "[`out`](api/api.js.md#s.out) | Leaves. |" in markdown
    assert "Closes it." in markdown


def test_a_prefix_that_only_a_running_program_knows_is_named() -> None:
    files = {
        "a.py": "from flask import Flask, Blueprint\nbp = Blueprint('b', __name__)\n@bp.route('/x')\ndef x(): pass\n"
        "def load(app):\n    app.register_blueprint(bp, url_prefix=app.config['PREFIX'])\n"
    }

    assert "${app.config['PREFIX']}/x" in pages_of(files)["http-api.md"].markdown


def test_variables_of_terraforms_root_are_settings() -> None:
    variables = (
        'variable "region" {\n  description = "Where."\n  type = string\n  default = "eu"\n}\nvariable "key" {}\n'
    )
    inner = 'variable "inner" {}\n'
    markdown = pages_of({"variables.tf": variables, "modules/x/variables.tf": inner})["configuration.md"].markdown
    assert "| `region` | `string` | `eu` | Where. |" in markdown
    assert "| `key` |   | required |" in markdown
    assert "inner" not in markdown


def test_what_is_made_to_be_extended_are_types_with_something_to_write() -> None:
    made = pages_of(
        {
            "a.py": "class Plugin:\n    def go(self):\n        raise NotImplementedError\n",
            "Text.java": "public abstract class Text { public static String trim(String s) { return s; } }\n",
            "Beta.java": "public @interface Beta { int value() default 1; }\n",
            "Port.java": "public interface Port { void go(); }\n",
            "setup.cfg": "[metadata]\nname = a\n[options.entry_points]\nacme.plugins =\n    plain = a:Plugin\nconsole_scripts =\n    a = a:main\n",
        }
    )["extension-points.md"].markdown
    assert all(f"[`{name}`]" in made for name in ("Plugin", "Port"))
    assert not any(f"[`{name}`]" in made for name in ("Text", "Beta"))
    assert "| `acme.plugins` | `plain` | `a:Plugin` |" in made
    assert "console_scripts" not in made


def test_a_resources_name_with_an_expression_is_shown_as_it_is_written() -> None:
    text = 'import pulumi_aws as aws\nimport pulumi\nb = aws.s3.Bucket(f"{name}-logs")\n'
    assert "`{name}-logs`" in pages_of({"a.py": text})["infrastructure.md"].markdown


def test_the_type_that_is_called_as_the_project_speaks_where_nothing_else_does() -> None:
    other = "package kettle;\n/**\n * Created by Ann on 2014-05-10.\n */\nclass Other {}\n"
    kettle = "package kettle;\n/** Boils water. */\npublic class Kettle {}\n"
    made = {
        page.path: page for page in pages(material_of({"kettle/Other.java": other, "kettle/Kettle.java": kettle}), {})
    }
    assert "Boils water." in made["index.md"].markdown.split("## ")[0]
    assert all("Created by" not in page.markdown for page in made.values())


OPENAPI = """openapi: 3.1.0
paths:
  /users/{id}:
    get: {operationId: readUser, summary: "One user, by id.", parameters: [{name: id, in: path, required: true}]}
  /health:
    get: {operationId: health}
"""
ANSWERED = (
    "from fastapi import FastAPI\napp = FastAPI()\n"
    '@app.get("/users/{user_id}")\ndef read_user(user_id):\n    """Reads."""\n'
    '@app.get("/only-in-code")\ndef only():\n    """Only."""\n'
)


def test_operations_of_openapi_documents_stand_beside_the_codes_routes_and_none_twice() -> None:
    page = pages_of({"api/openapi.yaml": OPENAPI, "api/copy.json": _as_json(OPENAPI), "api/web.py": ANSWERED})[
        "http-api.md"
    ]
    text = page.markdown
    (user,) = [line for line in text.split("\n") if "/users/" in line]
    assert "`readUser`" in user
    assert "read_user" in user
    assert "One user, by id." in user
    assert "`id` (path, required)" in user
    assert {cited.path for cited in page.citations} == {"api/openapi.yaml", "api/copy.json", "api/web.py"}
    assert all(place in user for place in ("api/openapi.yaml", "api/copy.json", "api/web.py"))
    (only,) = [line for line in text.split("\n") if "only-in-code" in line]
    assert "Only." in only
    assert sum("/health" in line for line in text.split("\n")) == 1


def test_a_document_alone_makes_the_page_and_a_test_files_does_not() -> None:
    assert "readUser" in pages_of({"openapi.yaml": OPENAPI})["http-api.md"].markdown
    assert "http-api.md" not in pages_of({"tests/openapi.yaml": OPENAPI})


def _as_json(text: str) -> str:
    return json.dumps(yaml.safe_load(text), indent=1)


MODELS = (
    "from django.db import models\n"
    'class Timed(models.Model):\n    """When it was made."""\n    made = models.DateTimeField()\n'
    "    class Meta:\n        abstract = True\n"
    "class Book(Timed):\n    title = models.CharField()\n"
    "class Shelf(models.Model):\n    books = models.ManyToManyField(Book)\n"
)


def test_a_table_that_a_model_and_a_migration_declare_stands_once_as_the_model_has_it() -> None:
    files = {
        "app/models.py": "from sqlalchemy.orm import Mapped\nclass User(Base):\n    __tablename__ = 'users'\n    name: Mapped[str]\n",
        "app/alembic/versions/a1.py": "import sqlalchemy as sa\ndef upgrade():\n    op.create_table('users', sa.Column('name', sa.Text))\n"
        "    op.create_table('only_here', sa.Column('id', sa.Integer))\n",
    }
    page = pages_of(files)["data-model.md"].markdown

    assert "2 tables of SQLAlchemy." in page
    assert page.count("## `users`") == 1
    assert "[`User`](api/app/models.py.md#s.User)" in page
    assert "## `only_here`" in page


def test_an_abstract_model_is_no_table_and_its_fields_are_named_where_they_are_inherited() -> None:
    text = pages_of({"shop/models.py": MODELS})["data-model.md"].markdown
    assert "2 tables of Django." in text
    head, inherited = text.split("## Fields that tables inherit")
    assert "### `Timed`" in inherited
    assert "When it was made." in inherited
    assert "`Timed`" not in head.split("## `Book`")[0]
    assert "With the fields of [`Timed`](" in head.split("## `Book`")[1].split("## `Shelf`")[0]
    assert "With the fields" not in head.split("## `Shelf`")[1]

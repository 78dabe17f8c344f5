# ruff: noqa: E501 (a file of a repository a line)
"""What pages say of layers, ties, importers, cycles and entry points is true of repositories whose imports are known."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import pytest

from agents.contracts.base import Lines
from agents.contracts.draft import Page
from agents.roles.editor.architecture import statements
from tests.agents.roles.editor.test_packages import built, known


@dataclass(frozen=True)
class Case:
    """A repository's files, and what its pages have to say of them.

    `importers`: files by the file that they import, for files that an import could be mistaken to lead to as well.
    `layers` from the lowest; `module_cycles`, `file_cycles` and `starts` are complete, as is `outside`.
    """

    files: dict[str, str]
    importers: dict[str, set[str]]
    outside: set[str] = field(default_factory=set)
    layers: tuple[set[str], ...] = ()
    module_cycles: tuple[set[str], ...] = ()
    file_cycles: tuple[set[str], ...] = ()
    starts: set[str] = field(default_factory=set)


PYTHON = Case(
    {
        "pyproject.toml": '[project]\nname = "shop"\n[project.scripts]\nshop = "shop.cli:run"\n',
        "src/shop/__init__.py": "from .core import Cart\nfrom shop._version import version\n",
        "src/shop/core.py": "import json\nimport click\nfrom . import json as ours\nfrom shop.store import db\n",
        "src/shop/json.py": "import json\n",
        "src/shop/cli.py": "import click\nfrom shop import Cart\ndef run(): ...\n",
        "src/shop/store/__init__.py": "",
        "src/shop/store/db.py": "import requests\nfrom ..core import Cart\n",
        "src/shop/store/requests.py": "import requests\nfrom os.path import join\n",
        "src/shop/store/os/path.py": "",
        "tests/test_core.py": "from shop.core import Cart\nimport pytest\n",
    },
    importers={
        "src/shop/json.py": {"src/shop/core.py"},
        "src/shop/__init__.py": {"src/shop/cli.py"},
        "src/shop/core.py": {"src/shop/__init__.py", "src/shop/store/db.py", "tests/test_core.py"},
        "src/shop/store/db.py": {"src/shop/core.py"},
        "src/shop/store/requests.py": set(),
        "src/shop/store/os/path.py": set(),
    },
    outside={"click", "requests"},
    module_cycles=({"src/shop", "src/shop/store"},),
    file_cycles=({"src/shop/core.py", "src/shop/store/db.py"},),
    starts={"src/shop/cli.py"},
)
SCRIPT = Case(
    {"tools/run.py": "import helpers\nimport queue\ndef main(): ...\n", "tools/helpers.py": "", "tools/queue.py": ""},
    importers={"tools/helpers.py": {"tools/run.py"}, "tools/queue.py": {"tools/run.py"}},
    starts={"tools/run.py"},
)
TYPESCRIPT = Case(
    {
        "package.json": json.dumps({"name": "acme", "workspaces": ["packages/*"], "bin": {"acme": "apps/cli/main.ts"}}),
        "packages/core/package.json": json.dumps({"name": "@acme/core", "main": "src/index.ts"}),
        "packages/core/src/index.ts": 'export * from "./cart";\nexport { log } from "./log";\n',
        "packages/core/src/cart.ts": 'import { log } from "./index";\nexport class Cart {}\n',
        "packages/core/src/log.ts": 'import fs from "fs";\nimport util from "util";\nexport const log = 1;\n',
        "packages/core/src/util.ts": "",
        "packages/util/package.json": json.dumps({"name": "util", "main": "index.js"}),
        "packages/util/index.js": 'import React from "react";\n',
        "apps/cli/main.ts": 'import { Cart } from "@acme/core";\nimport gen from "@acme/core/generated";\n',
    },
    importers={
        "packages/core/src/index.ts": {"packages/core/src/cart.ts", "apps/cli/main.ts"},
        "packages/core/src/util.ts": set(),
        "packages/util/index.js": set(),
    },
    outside={"react"},
    layers=({"packages/core/src"}, {"apps/cli"}),
    file_cycles=({"packages/core/src/index.ts", "packages/core/src/cart.ts"},),
    starts={"apps/cli/main.ts"},
)
GO = Case(
    {
        "go.mod": "module ex.org/app\n",
        "main.go": 'package main\n\nimport (\n\t"log"\n\n\tours "ex.org/app/log"\n\t"ex.org/app2/log"\n\t"ex.org/app/gen"\n)\n'
        "func main() { log.Print(); ours.Info() }\n",
        "log/alpha.go": "package log\n\nfunc Other() {}\n",
        "log/log.go": 'package log\n\nimport "ex.org/app/store"\n\nfunc Info() { store.Put() }\n',
        "store/store.go": "package store\n\nfunc Put() {}\n",
        "log/log_test.go": 'package log\n\nimport "ex.org/app/store"\n\nfunc TestInfo() { store.Put() }\n',
    },
    importers={
        "log/alpha.go": set(),
        "log/log.go": {"main.go"},
        "store/store.go": {"log/log.go", "log/log_test.go"},
    },
    outside={"ex.org/app2/log"},
    layers=({"store"}, {"log"}, {"demo-repo"}),
    starts={"main.go"},
)
RUST = Case(
    {
        "Cargo.toml": '[workspace]\nmembers = ["core", "cli"]\n',
        "core/Cargo.toml": '[package]\nname = "acme-core"\n',
        "core/src/lib.rs": "mod log;\npub mod net;\nmod inner { pub fn f() {} }\nuse inner::f;\npub use net::Client;\n",
        "core/src/log.rs": "use serde::Serialize;\n",
        "core/src/net.rs": "use log::info;\nuse crate::log::Level;\npub struct Client;\n",
        "cli/Cargo.toml": '[package]\nname = "acme-cli"\n',
        "cli/src/main.rs": "use acme_core::net::Client;\nfn main() {}\n",
    },
    importers={
        "core/src/log.rs": {"core/src/lib.rs", "core/src/net.rs"},
        "core/src/net.rs": {"core/src/lib.rs", "cli/src/main.rs"},
    },
    outside={"log", "serde"},
    layers=({"core/src"}, {"cli/src"}),
    starts={"cli/src/main.rs"},
)
JAVA = Case(
    {
        "app/src/acme/app/App.java": "package acme.app;\nimport java.util.List;\nimport acme.List2;\nimport acme.util.*;\n"
        "import acme.proto.Made;\nimport org.acme.util.Strings;\n"
        "class App { Strings s; public static void main(String[] a) {} }\n",
        "core/src/acme/List2.java": "package acme;\npublic class List2 { acme.util.Numbers n; }\n",
        "core/src/acme/util/Strings.java": "package acme.util;\nimport acme.List2;\npublic class Strings {}\n",
        "core/src/acme/util/Numbers.java": "package acme.util;\npublic class Numbers {}\n",
        "core/src/acme/proto/Other.java": "package acme.proto;\npublic class Other {}\n",
    },
    importers={
        "core/src/acme/List2.java": {"app/src/acme/app/App.java", "core/src/acme/util/Strings.java"},
        "core/src/acme/util/Strings.java": {"app/src/acme/app/App.java"},
        "core/src/acme/util/Numbers.java": set(),
        "core/src/acme/proto/Other.java": set(),
    },
    outside={"org.acme.util"},
    layers=({"core/src/acme"}, {"core/src/acme/util"}, {"app/src/acme/app"}),
    starts={"app/src/acme/app/App.java"},
)
KOTLIN = Case(
    {
        "src/app/Main.kt": "package com.acme.app\nimport com.acme.util.pad\nimport kotlinx.util.pad2\nfun main() { pad() }\n",
        "src/util/Text.kt": 'package com.acme.util\nimport com.acme.app.Config\nfun pad() = Config("")\n',
        "src/app/Config.kt": "package com.acme.app\nclass Config(val a: String)\n",
        "src/other/util/Text.kt": "package com.other.util\nfun pad() {}\n",
    },
    importers={
        "src/util/Text.kt": {"src/app/Main.kt"},
        "src/app/Config.kt": {"src/util/Text.kt"},
        "src/other/util/Text.kt": set(),
    },
    outside={"kotlinx.util.pad2"},
    module_cycles=({"src/app", "src/util"},),
    starts={"src/app/Main.kt"},
)
SCALA = Case(
    {
        "src/acme/A.scala": "package acme\nimport scala.collection.mutable\nimport util._\nimport akka.Done\nclass A { val b: B = ??? }\n",
        "src/acme/util/B.scala": "package acme\npackage util\nclass B\n",
        "src/acme/mutable/Z.scala": "package acme.mutable\nclass Z\n",
    },
    importers={"src/acme/util/B.scala": {"src/acme/A.scala"}, "src/acme/mutable/Z.scala": set()},
    outside={"akka.Done"},
    layers=({"src/acme/util"}, {"src/acme"}),
)
CSHARP = Case(
    {
        "App/Program.cs": "using System;\nusing Newtonsoft.Json;\nusing Acme.Text;\nusing Acme;\nnamespace Acme.App;\n"
        "class Program { static void Main() { Reader r; } }\n",
        "Core/Words/Reader.cs": "namespace Acme.Text { public class Reader {} }\n",
        "Core/Words/Writer.cs": "namespace Acme.Text { public class Writer {} }\n",
        "Core/Json/Json.cs": "namespace Acme.Data { public class Reader {} }\n",
    },
    importers={
        "Core/Words/Reader.cs": {"App/Program.cs"},
        "Core/Words/Writer.cs": set(),
        "Core/Json/Json.cs": set(),
    },
    outside={"Newtonsoft.Json"},
    layers=({"Core/Words"}, {"App"}),
    starts={"App/Program.cs"},
)
PHP = Case(
    {
        "src/Run.php": "<?php\nnamespace App;\nuse Symfony\\Component\\Console\\Command;\nuse App\\Console\\{Command as C, Missing};\n"
        "use Exception;\nclass Run {}\n",
        "src/Console/Command.php": "<?php\nnamespace App\\Console;\n\nuse App\\Run;\nclass Command {}\n",
    },
    importers={"src/Console/Command.php": {"src/Run.php"}, "src/Run.php": {"src/Console/Command.php"}},
    outside={"Symfony"},
    module_cycles=({"src", "src/Console"},),
    file_cycles=({"src/Run.php", "src/Console/Command.php"},),
)
RUBY = Case(
    {
        "lib/shop.rb": 'require "json"\nrequire "rails"\nrequire "shop/json"\nrequire_relative "shop/cart"\n',
        "lib/shop/json.rb": 'require "json"\n',
        "lib/shop/cart.rb": 'require "set"\nrequire "net/http"\nrequire "shop/json"\n',
        "lib/shop/set.rb": "",
        "lib/shop/net/http.rb": "",
        "bin/shop": '#!/usr/bin/env ruby\nrequire "shop"\n',
    },
    importers={
        "lib/shop/json.rb": {"lib/shop.rb", "lib/shop/cart.rb"},
        "lib/shop/set.rb": set(),
        "lib/shop/net/http.rb": set(),
        "lib/shop.rb": {"bin/shop"},
    },
    outside={"rails"},
    layers=({"lib/shop"}, {"lib"}, {"bin"}),
    starts={"bin/shop"},
)
C = Case(
    {
        "src/main.c": '#include <string.h>\n#include <time.h>\n#include "list.h"\n#include <curl/curl.h>\nint main(void) { return 0; }\n',
        "src/list.h": '#include "node.h"\n',
        "src/node.h": '#include "list.h"\n',
        "lib/string.h": "",
        "src/time.h": "",
        "src/net/list.h": "",
    },
    importers={
        "src/list.h": {"src/main.c", "src/node.h"},
        "src/net/list.h": set(),
        "lib/string.h": set(),
        "src/time.h": set(),
    },
    outside={"curl"},
    file_cycles=({"src/list.h", "src/node.h"},),
    starts={"src/main.c"},
)
SWIFT = Case(
    {
        "Package.swift": "// swift-tools-version:5.9\n",
        "Sources/App/main.swift": "import Foundation\nimport Core\nimport Vapor\nlet cart = Cart()\n",
        "Sources/Core/Cart/Cart.swift": "public struct Cart {}\n",
        "Sources/Core/Other.swift": "public struct Other {}\n",
    },
    importers={"Sources/Core/Cart/Cart.swift": {"Sources/App/main.swift"}, "Sources/Core/Other.swift": set()},
    outside={"Vapor"},
    layers=({"Sources/Core/Cart"}, {"Sources/App"}),
)
LUA = Case(
    {
        "src/main.lua": 'local j = require "json"\nlocal s = require("string")\n',
        "src/json.lua": "",
        "src/string.lua": "",
    },
    importers={"src/json.lua": {"src/main.lua"}, "src/string.lua": set()},
)
CASES = {name.lower(): case for name, case in list(globals().items()) if isinstance(case, Case)}
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def section(page: Page, heading: str) -> str:
    """The text below a heading, up to the next one."""
    return page.markdown.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def names(text: str) -> set[str]:
    """What is set as code."""
    return set(re.findall(r"`([^`]+)`", text))


def groups(text: str, sentence: str) -> list[set[str]]:
    """The list below a sentence."""
    return [
        names(line) for line in text.partition(sentence)[2].strip().split("\n\n")[0].split("\n") if line[:2] == "- "
    ]


def by_size(wanted: tuple[set[str], ...]) -> list[set[str]]:
    return sorted(wanted, key=lambda group: (-len(group), sorted(group)))


@each_case
def test_the_importers_on_a_files_page_are_those_that_import_it(case: Case) -> None:
    made = built(case.files)
    for path, wanted in case.importers.items():
        line = next((line for line in made[f"api/{path}.md"].markdown.split("\n") if "**Imported by**" in line), "")
        assert names(line) == wanted, path


@each_case
def test_what_comes_from_outside_is_named_and_nothing_of_the_repositorys_own(case: Case) -> None:
    rows = section(built(case.files)["architecture.md"], "External dependencies").split("\n")
    assert {line.split("`")[1] for line in rows if line.startswith("| `")} == case.outside


@each_case
def test_layers_are_listed_from_the_lowest_and_cycles_are_whole(case: Case) -> None:
    page = built(case.files)["architecture.md"]
    rows = [line for line in section(page, "Layers").split("\n") if re.match(r"\| \d", line)]
    cycles = section(page, "Cycles")
    assert [names(row) for row in reversed(rows)] == list(case.layers)
    assert groups(cycles, "whose modules import each other in a circle:") == by_size(case.module_cycles)
    assert groups(cycles, "whose files import each other in a circle:") == by_size(case.file_cycles)
    assert ("No modules import each other in a circle." in cycles) == (not case.module_cycles)


@each_case
def test_entry_points_are_what_starts(case: Case) -> None:
    marked = {
        path
        for page in built(case.files).values()
        if page.path.startswith("modules/")
        for path in re.findall(r"\(\.\./api/([^)]+)\.md\) \(entry point\)", page.markdown)
    }
    assert marked == case.starts


def test_a_tie_counts_imports_of_a_file_by_a_file_and_cites_the_first() -> None:
    files = {
        "a/more.py": "import b.two\n",
        "a/one.py": "import os\nfrom b import two\nfrom b import two\n",
        "b/two.py": "X = 1\n",
        "tests/test_two.py": "from b import two\n",
    }
    page = built(files)["architecture.md"].markdown

    (tie,) = statements(known(files))
    assert (tie.text, tie.path, tie.lines) == (
        "`a` depends on `b` through 2 imports.",
        "a/more.py",
        Lines(start=1, end=1),
    )
    assert "3 imports were resolved in the whole repository; modules of tests" in page
    assert "| [`b/two.py`](api/b/two.py.md) | 2 |" in page


def test_a_repository_of_one_module_is_not_said_to_have_no_imports() -> None:
    page = built({"a.py": "import b\n", "b.py": "import a\n"})["architecture.md"].markdown
    assert "The repository is one module" in page
    assert "No import between" not in page
    assert "1 group whose files import each other in a circle:" in page

"""An import by a package's name, an alias, a wildcard or a group leads to the files of the repository that it means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from agents.codebase.imports.files import FileIndex
from agents.codebase.imports.resolve import resolve
from agents.codebase.structure.reader import TreeSitterReader
from agents.roles.scanner.languages import language_of

CASES = Path(__file__).parents[3] / "cases"


def edges(files: Mapping[str, str]) -> tuple[set[tuple[str, str]], set[str]]:
    """The dependencies between files, and the targets that lead outside."""
    reader = TreeSitterReader()
    structures = {path: reader.read(path, language_of(path, text), text) for path, text in files.items()}
    found, outside = resolve(structures, FileIndex(structures))
    return {(one.source, one.target) for one in found}, {target for targets in outside.values() for target in targets}


def repository(case: str) -> dict[str, str]:
    root = CASES / case
    return {path.relative_to(root).as_posix(): path.read_text() for path in sorted(root.rglob("*")) if path.is_file()}


def test_a_repository_of_five_workspaces_is_joined() -> None:
    found, outside = edges(repository("29-monorepo"))
    web, core = "apps/web/src", "packages/core/src"
    assert {
        (f"{web}/main.ts", f"{core}/index.ts"),
        (f"{web}/main.ts", f"{core}/math.ts"),
        (f"{web}/main.ts", f"{web}/view.ts"),
        (f"{web}/main.ts", f"{web}/lib/index.ts"),
        (f"{web}/main.ts", f"{web}/types.d.ts"),
        (f"{web}/view.ts", f"{web}/main.ts"),
        (f"{core}/index.ts", f"{core}/log.ts"),
        ("go/a/main.go", "go/b/util/util.go"),
        ("java/app/src/main/java/com/acme/app/App.java", "java/util/src/main/java/com/acme/util/Strings.java"),
        ("py/svc/src/acme/svc/main.py", "py/lib/src/acme/lib/tools.py"),
        ("rs/crates/one/src/lib.rs", "rs/crates/two/src/lib.rs"),
    } <= found
    assert outside == set()


def test_a_wildcard_of_the_jvm_leads_to_what_the_file_names() -> None:
    found, outside = edges(repository("39-jvm-wildcard"))
    strings = "util/src/com/acme/util/Strings.java"
    assert found == {("app/src/com/acme/app/App.java", strings), ("app/src/com/acme/app/K.kt", strings)}
    assert outside == set()


def package_json(**fields: object) -> str:
    return json.dumps(fields)


@pytest.mark.parametrize(
    ("files", "source", "target"),
    [
        # npm, yarn and pnpm: conditions, patterns, what is built, private imports, renamed folders
        (
            {
                "packages/x/package.json": package_json(
                    name="@s/x", exports={".": {"types": "./dist/index.d.ts", "import": "./dist/index.mjs"}}
                ),
                "packages/x/src/index.ts": "export const a = 1;\n",
                "app/a.ts": 'import { a } from "@s/x";\n',
            },
            "app/a.ts",
            "packages/x/src/index.ts",
        ),
        (
            {
                "libs/ui/package.json": package_json(name="ui", exports={"./*": "./dist/components/*.js"}),
                "libs/ui/src/components/button.tsx": "export const Button = 1;\n",
                "app/a.tsx": 'import { Button } from "ui/button";\n',
            },
            "app/a.tsx",
            "libs/ui/src/components/button.tsx",
        ),
        (
            {
                "libs/old/package.json": package_json(name="old", main="lib/main.js"),
                "libs/old/lib/main.js": "exports.a = 1;\n",
                "app/a.js": 'const old = require("old");\n',
            },
            "app/a.js",
            "libs/old/lib/main.js",
        ),
        (
            {
                "libs/bare/package.json": package_json(name="bare"),
                "libs/bare/index.js": "exports.a = 1;\n",
                "app/a.js": 'import bare from "bare";\n',
            },
            "app/a.js",
            "libs/bare/index.js",
        ),
        (
            {
                "package.json": package_json(name="me", imports={"#db/*": "./src/database/*.ts"}),
                "src/database/users.ts": "export const a = 1;\n",
                "src/a.ts": 'import { a } from "#db/users";\n',
            },
            "src/a.ts",
            "src/database/users.ts",
        ),
        # compilers: a base, an inherited alias, comments and trailing commas
        (
            {
                "tsconfig.json": '{ // base\n"compilerOptions": { "baseUrl": "src", }, }',
                "src/deep/util.ts": "export const a = 1;\n",
                "src/x/a.ts": 'import { a } from "deep/util";\n',
            },
            "src/x/a.ts",
            "src/deep/util.ts",
        ),
        (
            {
                "tsconfig.base.json": '{"compilerOptions": {"paths": {"~shared/*": ["libs/shared/src/*"]}}}',
                "apps/web/tsconfig.json": '{"extends": "../../tsconfig.base.json"}',
                "libs/shared/src/pad.ts": "export const a = 1;\n",
                "apps/web/a.ts": 'import { a } from "~shared/pad";\n',
            },
            "apps/web/a.ts",
            "libs/shared/src/pad.ts",
        ),
        (
            {
                "deno.json": '{"imports": {"@std/": "./std/", "lib": "./lib/mod.ts"}}',
                "lib/mod.ts": "export const a = 1;\n",
                "a.ts": 'import { a } from "lib";\n',
            },
            "a.ts",
            "lib/mod.ts",
        ),
        # Cargo: a crate in a folder of another name, a renamed dependency, a library of its own path
        (
            {
                "tools/parse/Cargo.toml": '[package]\nname = "acme-parser"\n[lib]\npath = "lib.rs"\n',
                "tools/parse/lib.rs": "pub mod tree;\n",
                "tools/parse/tree.rs": "pub struct Tree;\n",
                "app/Cargo.toml": '[package]\nname = "app"\n[dependencies]\nap = { package = "acme-parser" }\n',
                "app/src/main.rs": "use ap::tree::Tree;\nfn main() {}\n",
            },
            "app/src/main.rs",
            "tools/parse/tree.rs",
        ),
        # Composer: a namespace in a folder of any name
        (
            {
                "pkg/composer.json": '{"name": "a/b", "autoload": {"psr-4": {"Acme\\\\Shop\\\\": "source/"}}}',
                "pkg/source/Cart/Item.php": "<?php\nnamespace Acme\\Shop\\Cart;\nclass Item {}\n",
                "web/a.php": "<?php\nuse Acme\\Shop\\Cart\\Item;\n",
            },
            "web/a.php",
            "pkg/source/Cart/Item.php",
        ),
        (
            {
                "src/Cart/Item.php": "<?php\nnamespace Acme\\Cart;\nclass Item {}\n",
                "web/a.php": "<?php\nuse Acme\\Cart\\{Item, Other};\n",
            },
            "web/a.php",
            "src/Cart/Item.php",
        ),
        # Python: a source folder of any name, in another package of the repository
        (
            {
                "libs/core/pyproject.toml": '[tool.setuptools.packages.find]\nwhere = ["python_src"]\n',
                "libs/core/python_src/core.py": "X = 1\n",
                "app/main.py": "import core\n",
            },
            "app/main.py",
            "libs/core/python_src/core.py",
        ),
        # the JVM: a function of Kotlin's package, a group of Scala, a static wildcard
        (
            {
                "u/com/acme/util/Text.kt": "package com.acme.util\n\nfun pad(x: String) = x\n",
                "a/com/acme/app/Main.kt": "package com.acme.app\n\nimport com.acme.util.pad\n\nfun go() = pad(\"\")\n",
            },
            "a/com/acme/app/Main.kt",
            "u/com/acme/util/Text.kt",
        ),
        (
            {
                "u/com/acme/util/Text.scala": "package com.acme.util\n\nclass Text\nclass Box\n",
                "a/com/acme/app/Main.scala": "package com.acme.app\n\nimport com.acme.util.{Box, Text}\n\nclass Main\n",
            },
            "a/com/acme/app/Main.scala",
            "u/com/acme/util/Text.scala",
        ),
        (
            {
                "u/com/acme/Flags.java": "package com.acme;\npublic class Flags { public static int A; }\n",
                "a/com/acme/app/Main.java": "package com.acme.app;\nimport static com.acme.Flags.*;\nclass Main {}\n",
            },
            "a/com/acme/app/Main.java",
            "u/com/acme/Flags.java",
        ),
        # Go: the file that defines what is used, not the first of the package; a version; another name
        (
            {
                "go.mod": "module ex.org/app\n",
                "store/alpha.go": "package store\n\nfunc Alpha() {}\n",
                "store/zeta.go": "package store\n\nfunc Zeta() {}\n",
                "main.go": 'package main\n\nimport "ex.org/app/store"\n\nfunc main() { store.Zeta() }\n',
            },
            "main.go",
            "store/zeta.go",
        ),
        (
            {
                "go.mod": "module ex.org/app/v2\n",
                "db/a.go": "package db\n\nfunc Other() {}\n",
                "db/b.go": "package db\n\ntype Conn struct{}\n",
                "main.go": 'package main\n\nimport data "ex.org/app/v2/db"\n\nfunc open(c data.Conn) {}\n',
            },
            "main.go",
            "db/b.go",
        ),
        # what another module's manifest puts in a module's place
        (
            {
                "api/go.mod": "module ex.org/api\nreplace (\n\tex.org/log v1.0.0 => ../libs/log\n)\n",
                "api/main.go": 'package main\n\nimport "ex.org/log"\n\nfunc main() { log.Say() }\n',
                "libs/log/go.mod": "module ex.org/fork/log\n",
                "libs/log/say.go": "package log\n\nfunc Say() {}\n",
            },
            "api/main.go",
            "libs/log/say.go",
        ),
        # Rust: modules in modules, in a file that is named, and a crate renamed for one platform
        (
            {"src/lib.rs": "pub mod util { pub mod deep; }\n", "src/util/deep.rs": "pub fn f() {}\n"},
            "src/lib.rs",
            "src/util/deep.rs",
        ),
        (
            {"src/lib.rs": '#[path = "odd/name.rs"]\nmod named;\n', "src/odd/name.rs": "pub fn f() {}\n"},
            "src/lib.rs",
            "src/odd/name.rs",
        ),
        (
            {
                "a/Cargo.toml": "[package]\nname = 'a'\n[target.'cfg(unix)'.dependencies]\n"
                "other = { package = 'b', path = '../b' }\n",
                "a/src/lib.rs": "use other::run;\n",
                "b/Cargo.toml": "[package]\nname = 'b'\n",
                "b/src/lib.rs": "pub fn run() {}\n",
            },
            "a/src/lib.rs",
            "b/src/lib.rs",
        ),
        # Python: the folder that the settings of uv name
        (
            {
                "app/main.py": "from my_lib import thing\n",
                "libs/one/pyproject.toml": "[project]\nname='my-lib'\n[tool.uv.build-backend]\nmodule-root='code'\n",
                "libs/one/code/my_lib/__init__.py": "thing = 1\n",
            },
            "app/main.py",
            "libs/one/code/my_lib/__init__.py",
        ),
    ],
)  # fmt: skip
def test_an_import_by_name_leads_to_one_file(files: dict[str, str], source: str, target: str) -> None:
    found, _ = edges(files)
    assert {end for start, end in found if start == source} == {target}


@pytest.mark.parametrize("name", ["react", "@other/pkg", "@s/unknown"])
def test_a_package_that_the_repository_does_not_have_stays_outside(name: str) -> None:
    files = {
        "p/package.json": package_json(name="@s/known", main="index.js"), "p/index.js": "exports.a = 1;\n",
        "a.js": f'import x from "{name}";\n',
    }  # fmt: skip
    found, outside = edges(files)
    assert (found, outside) == (set(), {name})


@pytest.mark.parametrize("broken", ["{", "[]", '{"exports": {"a": {"b": [1, {}]}}}', '{"name": 5}', "\ufeff{}", "null"])
def test_a_broken_manifest_is_a_file_like_any_other(broken: str) -> None:
    found, _ = edges({"package.json": broken, "tsconfig.json": broken, "b.js": "\n", "a.js": 'import "./b";\n'})
    assert found == {("a.js", "b.js")}

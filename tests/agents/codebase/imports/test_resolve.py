"""Imports find the files they name, in every language family."""

from __future__ import annotations

import pytest

from agents.codebase.imports.files import FileIndex
from agents.codebase.imports.resolve import resolve
from agents.contracts.base import Lines
from agents.contracts.structure import Import, ImportNames, ManifestKind, Structure, Symbol, SymbolKind
from agents.roles.synthesizer.external import package

CASES = [
    ("python", "src/app/core.py", "app.store", ("Store",), "src/app/store.py"),
    ("python", "pkg/a.py", "pkg.sub", ("thing",), "pkg/sub/thing.py"),
    ("python", "pkg/a.py", "pkg.sub", ("other",), "pkg/sub/__init__.py"),
    ("python", "pkg/sub/thing.py", "..a", ("f",), "pkg/a.py"),
    ("python", "pkg/sub/thing.py", ".", ("more",), "pkg/sub/more.py"),
    ("typescript", "web/app.ts", "./lib/util", (), "web/lib/util.ts"),
    ("typescript", "web/app.ts", "./lib", (), "web/lib/index.tsx"),
    ("typescript", "web/app.ts", "./lib/util.js", (), "web/lib/util.ts"),
    ("go", "cmd/x/main.go", "example.org/me/app/pkg/util", (), "pkg/util/util.go"),
    ("java", "src/main/java/com/acme/A.java", "com.acme.deep.B", (), "src/main/java/com/acme/deep/B.java"),
    ("java", "src/main/java/com/acme/A.java", "com.acme.deep.B.run", (), "src/main/java/com/acme/deep/B.java"),
    ("kotlin", "src/main/java/com/acme/A.java", "com.acme.deep.*", (), "src/main/java/com/acme/deep/B.java"),
    ("c", "src/main.c", "util/buf.h", (), "include/util/buf.h"),
    ("c", "src/main.c", "near.h", (), "src/near.h"),
    ("rust", "core/src/lib.rs", "crate::net::Socket", (), "core/src/net.rs"),
    ("rust", "core/src/lib.rs", "net", (), "core/src/net.rs"),
    ("ruby", "lib/gem/a.rb", "./b", (), "lib/gem/b.rb"),
    ("ruby", "lib/gem/a.rb", "gem/b", (), "lib/gem/b.rb"),
    ("php", "src/Http/A.php", "Vendor\\App\\Http\\Kernel", (), "src/Http/Kernel.php"),
    ("csharp", "App/Main.cs", "Acme.App.Models", (), "App/Models/User.cs"),
    ("bash", "bin/run.sh", "$ROOT/lib/common.sh", (), "lib/common.sh"),
]
#: What the files declare themselves part of, and define.
NAMESPACES = {
    "src/main/java/com/acme/deep/B.java": "com.acme.deep",
    "src/Http/Kernel.php": "Vendor.App.Http",
    "App/Models/User.cs": "Acme.App.Models",
}
FILES = sorted({case[4] for case in CASES} | {case[1] for case in CASES} | {"pkg/util/util_test.go"})


@pytest.mark.parametrize(("language", "path", "target", "names", "expected"), CASES)
def test_an_import_finds_its_file(language: str, path: str, target: str, names: tuple[str, ...], expected: str) -> None:
    imported = Import(target=target, names=names, lines=Lines(start=1, end=1))
    structures = {path: Structure(language=language, line_count=1, imports=(imported,))}
    structures |= {
        file: Structure(language=language, line_count=1, namespaces=(name,)) for file, name in NAMESPACES.items()
    }
    found, _ = resolve(structures, FileIndex(FILES))
    assert [dependency.target for dependency in found] == [expected]


@pytest.mark.parametrize(
    ("language", "target"),
    [("python", "requests"), ("typescript", "react"), ("go", "fmt"), ("java", "java.util.List"), ("rust", "serde::de")],
)
def test_an_import_from_outside_finds_nothing(language: str, target: str) -> None:
    imported = Import(target=target, lines=Lines(start=1, end=1))
    found, outside = resolve({"x": Structure(language=language, line_count=1, imports=(imported,))}, FileIndex(FILES))
    assert found == ()
    assert outside == {"x": (target,)}


@pytest.mark.parametrize(
    ("language", "target", "expected"),
    [
        ("python", "boto3.session", "boto3"),
        ("python", "os.path", ""),
        ("typescript", "@scope/pkg/deep", "@scope/pkg"),
        ("javascript", "node:fs", ""),
        ("go", "github.com/a/b/c", "github.com/a/b"),
        ("go", "net/http", ""),
        ("java", "org.junit.jupiter.Test", "org.junit.jupiter"),
        ("rust", "serde::Deserialize", "serde"),
        ("rust", "std::io", ""),
    ],
)
def test_external_imports_are_named_by_package_without_the_languages_own(
    language: str, target: str, expected: str
) -> None:
    assert package(language, target) == expected


def _csharp(calls: tuple[str, ...]) -> Structure:
    line = Lines(start=1, end=1)
    caller = Symbol(name="A.f", kind=SymbolKind.METHOD, signature="void f(User u)", lines=line, calls=calls)
    return Structure(
        language="csharp", line_count=1, symbols=(caller,), imports=(Import(target="Acme.App.Models", lines=line),)
    )


def test_a_namespace_leads_to_the_files_whose_types_are_named() -> None:
    files = ["App/Main.cs", *(f"App/Models/{name}.cs" for name in ("Basket", "Door", "User"))]

    models = Structure(language="csharp", line_count=1, namespaces=("Acme.App.Models",))

    found, _ = resolve({"App/Main.cs": _csharp(("Door.Open",)), **dict.fromkeys(files[1:], models)}, FileIndex(files))

    assert [dependency.target for dependency in found] == ["App/Models/Door.cs", "App/Models/User.cs"]


def _go_mod(name: str) -> Structure:
    return Structure(language="text", line_count=1, package=ImportNames(kind=ManifestKind.GO, name=name))


def test_every_go_module_of_the_snapshot_is_found_in_its_own_folder() -> None:
    imports = tuple(
        Import(target=target, lines=Lines(start=1, end=1))
        for target in ("ex.org/app/util", "ex.org/tool/util", "ex.org/x")
    )
    structures = {
        "go.mod": _go_mod("ex.org/app"),
        "tool/go.mod": _go_mod("ex.org/tool"),
        "main.go": Structure(language="go", line_count=1, imports=imports),
    }

    found, outside = resolve(structures, FileIndex([*structures, "util/util.go", "tool/util/util.go"]))

    assert [dependency.target for dependency in found] == ["util/util.go", "tool/util/util.go"]
    assert outside["main.go"] == ("ex.org/x",)

"""What a build made of the sources beside it is generated; a folder of the same name may be the author's."""

from __future__ import annotations

import pytest

from agents.codebase.files.attributes import FileAttributes
from agents.codebase.files.built_folders import built_folders, source_of, with_built

PACKAGE = ["package.json", "src/index.ts", "src/http/client.tsx"]


@pytest.mark.parametrize(
    ("paths", "folders"),
    [
        ([*PACKAGE, "dist/index.mjs", "dist/index.d.mts", "dist/chunk-a1.mjs", "dist/chunk-b2.mjs"], {"dist"}),
        ([*PACKAGE, "lib/index.js", "lib/http/client.js"], {"lib"}),
        ([*PACKAGE, "build/modern/index.js", "build/legacy/index.cjs", "build/modern/http/client.js"], {"build"}),
        (["a/package.json", "a/src/x.ts", "a/dist/x.js"], {"a/dist"}),
        ([*PACKAGE, "lib/index.js", "lib/one.js", "lib/two.js"], set()),
        (["src/index.ts", "dist/index.js"], set()),
        (["package.json", "src/index.js", "dist/index.js"], set()),
        ([*PACKAGE, "types/index.d.ts", "types/global.d.ts", "types/more.d.ts"], set()),
        ([*PACKAGE, "http/client.cjs", "http/client.d.cts"], {"http"}),
        ([*PACKAGE, "http/other.cjs", "http/client.js", "http/more.js"], set()),
        ([*PACKAGE, "index.cjs", "index.d.cts", "index.js", "setup.js"], {"index.cjs", "index.d.cts", "index.js"}),
        ([*PACKAGE, "index.js"], set()),
    ],
)
def test_a_folder_is_built_where_it_mirrors_the_sources_beside_it(paths: list[str], folders: set[str]) -> None:
    assert built_folders(paths) == folders


def test_a_built_script_is_generated_unless_the_repository_says_otherwise() -> None:
    assert with_built("dist/index.js", {"dist"}, FileAttributes()).generated
    assert with_built("dist/index.d.ts.map", {"dist"}, FileAttributes()).generated
    assert not with_built("dist/index.js", {"dist"}, FileAttributes(generated=False)).generated
    assert with_built("index.cjs", {"index.cjs"}, FileAttributes()).generated
    assert with_built("dist/notes.md", {"dist"}, FileAttributes()).generated is None
    assert with_built("src/index.ts", {"dist"}, FileAttributes()).generated is None


def test_a_built_file_is_traced_to_its_source() -> None:
    assert source_of("dist/http/client.d.mts", PACKAGE) == "src/http/client.tsx"
    assert source_of("build/modern/index.js", PACKAGE) == "src/index.ts"
    assert source_of("http/client.cjs", PACKAGE) == "src/http/client.tsx"
    assert source_of("index.cjs", PACKAGE) == "src/index.ts"
    assert source_of("dist/gone.js", PACKAGE) == ""

"""One answer to what a path says about a file, for every role and in every language."""

from __future__ import annotations

import pytest

from agents.codebase.paths import is_example, is_generated, is_product, is_test, speaks_for_folder


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_app.py", "pkg/test_app.py", "pkg/app_test.py", "conftest.py", "src/conftest.py", "pkg/tests.py",
        "app_test.go", "internal/testdata/in.txt", "lib/foo_spec.rb", "spec/foo.rb", "test/foo.rb", "spec_helper.rb",
        "src/app.test.ts", "src/app.spec.tsx", "src/__tests__/app.ts", "src/__mocks__/fs.js", "src/app-test.js",
        "src/test/java/a/FooTest.java", "a/FooTests.java", "a/FooIT.java", "a/FooSpec.scala", "a/TestFoo.kt",
        "a/FooTestCase.php", "My.Lib.Tests/Foo.cs", "a/FooTests.cs", "Tests/FooTests.swift", "fixtures/a.json",
        "src/lib_test.rs", "src/tests.rs", "benches/speed.rs", "benchmarks/a.py", "bench/a.py", "test-data/x.csv",
        "test/cli.bats", "lib/foo_spec.lua", "tests/golden/a.yaml", "lib/foo_test.exs", "src/foo_test.cc",
        "app/src/androidTest/a.kt",
    ],
)  # fmt: skip
def test_a_test_is_known_by_its_folder_or_its_languages_name_for_tests(path: str) -> None:
    assert is_test(path)
    assert not is_product(path)


@pytest.mark.parametrize(
    "path",
    [
        "src/app.py", "latest/a.py", "contest.py", "attest.go", "src/protest.rb", "a/Latest.java", "a/Manifest.java",
        "inspect/spectrum.py", "src/testable.ts", "lib/tester.py", "a/BUnit.cs", "greatest.rs", "src/workbench/a.py",
        "specification.md", "a/Contest.java", "a/Testament.java", "docs/load-test.md", "a/test_plan.rst",
    ],
)  # fmt: skip
def test_a_word_that_holds_test_and_a_document_about_tests_are_none(path: str) -> None:
    assert not is_test(path)


def test_examples_and_generated_files_are_recognised_by_their_paths() -> None:
    assert is_example("examples/a.py")
    assert not is_product("demo/a.go")
    assert is_generated("app/migrations/0001.py")
    assert is_generated("api/service.pb.go")
    assert not is_generated("api/service.go")


@pytest.mark.parametrize("path", ["a/__init__.py", "README.md", "a/doc.go", "src/lib.rs", "src/index.ts"])
def test_some_files_describe_their_whole_folder(path: str) -> None:
    assert speaks_for_folder(path)
    assert not speaks_for_folder("a/core.py")


@pytest.mark.parametrize(
    "path",
    [
        "src/main/java/com/example/demo/DemoApplication.java",
        "src/demo/core.py",
        "src/benchmark/executor.rs",
        "src/pkg/bench/a.py",
    ],
)
def test_the_name_of_a_package_below_the_sources_is_no_folder_of_examples(path: str) -> None:
    assert is_product(path)


def test_examples_of_a_project_with_sources_are_examples() -> None:
    assert is_example("examples/src/main/java/com/acme/App.java")
    assert is_example("src/examples/a.ts")

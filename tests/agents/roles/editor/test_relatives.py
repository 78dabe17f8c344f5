# ruff: noqa: E501 (a file of a repository a line)
"""A type's section says what it inherits, who extends it, and what other files define of it."""

from __future__ import annotations

import re

import pytest

from tests.agents.roles.editor.test_packages import built

PYTHON = {
    "a/base.py": "class Root:\n    def far(self): ...\nclass Base(Root):\n    def run(self): ...\n    def _own(self): ...\n"
    "    def both(self): ...\n",
    "a/client.py": "from a.base import Base\nclass Client(Base):\n    def both(self): ...\n    def send(self): ...\n",
}
JAVA = {
    "src/acme/Shape.java": "package acme;\npublic interface Shape { double area(); }\n",
    "src/acme/Box.java": "package acme;\npublic class Box implements Shape { public double area() { return 1; } }\n",
}
TYPESCRIPT = {
    "src/base.ts": "export class Base { constructor() {} run() {} }\n",
    "src/a.ts": 'import { Base } from "./base";\nexport class A extends Base { go() {} }\n',
}
RUST = {
    "Cargo.toml": '[package]\nname = "x"\n',
    "src/lib.rs": "mod error;\npub struct Error;\n",
    "src/error.rs": "use crate::Error;\nimpl Error {\n    pub fn chain(&self) {}\n    fn hidden(&self) {}\n}\n",
}
GO = {
    "go.mod": "module ex.org/a\n",
    "a.go": "package a\n\ntype Store struct{}\n",
    "b.go": "package a\n\nfunc (s *Store) Put() {}\n",
}


def lines(files: dict[str, str], path: str) -> list[str]:
    """The page's lines without the addresses of links."""
    return re.sub(r"\]\([^)]*\)", "]", built(files)[f"api/{path}.md"].markdown).split("\n")


@pytest.mark.parametrize(
    ("files", "path", "line"),
    [
        (PYTHON, "a/client.py", "Inherited from [`Base`]: [`run`]"),
        (PYTHON, "a/client.py", "Inherited from [`Root`]: [`far`]"),
        (PYTHON, "a/base.py", "Extended or implemented by [`Client`]"),
        (JAVA, "src/acme/Shape.java", "Extended or implemented by [`Box`]"),
        (TYPESCRIPT, "src/a.ts", "Inherited from [`Base`]: [`run`]"),
        (RUST, "src/lib.rs", "Defined in [`src/error.rs`]: [`chain`]"),
        (GO, "a.go", "Defined in [`b.go`]: [`Put`]"),
    ],
)
def test_a_type_names_its_relatives(files: dict[str, str], path: str, line: str) -> None:
    assert line in lines(files, path)


def test_a_link_to_an_inherited_member_leads_to_its_own_place() -> None:
    assert "[`run`](base.py.md#s.Base.run)" in built(PYTHON)["api/a/client.py.md"].markdown


def test_what_a_type_overrides_is_not_inherited() -> None:
    assert not any("both" in line for line in lines(JAVA | PYTHON, "a/client.py") if line.startswith("Inherited"))
    assert not any(line.startswith("Inherited") for line in lines(JAVA, "src/acme/Box.java"))


def test_what_is_implemented_for_an_alias_is_not_defined_for_it() -> None:
    files = {
        "src/lib.rs": "mod context;\npub type Result<T> = core::result::Result<T, u8>;\npub trait Context { fn context(&self); }\n",
        "src/context.rs": "use crate::Context;\nimpl<T, E> Context for Result<T, E> {\n    fn context(&self) {}\n}\n",
    }
    assert not any(line.startswith("Defined in") for line in lines(files, "src/lib.rs"))


def test_imports_stand_below_the_symbols_of_a_file() -> None:
    page = built(PYTHON)["api/a/client.py.md"].markdown
    assert page.index("`Client`") < page.index("## Neighbours") < page.index("**Imports**")

# ruff: noqa: E501 (one row is one file)
"""What a package offers to those who import it is what its entry files name, wherever that is defined."""

from __future__ import annotations

import pytest

from agents.codebase.facts.offers import Offers
from tests.agents.roles.editor.fact_pages.test_fact_pages import material_of

RUST = {
    "Cargo.toml": '[package]\nname = "shop"\n',
    "src/lib.rs": "//! Sells.\nmod order;\nmod hidden;\npub mod tools;\npub use order::{Order, place as order_place};\n"
    "pub fn open() {}\npub(crate) fn inner() {}\nfn secret() {}\npub const MOST: u8 = 3;\n",
    "src/order.rs": "pub struct Order;\npub fn place() {}\n",
    "src/hidden.rs": "pub fn nobody() {}\n",
    "src/tools.rs": "pub fn tool() {}\n",
}
NPM = {
    "package.json": '{"name": "@acme/shop", "main": "./src/index.ts"}\n',
    "src/index.ts": "export * from './order';\nexport { tool as helper } from './tools';\nexport default class Till {}\n"
    "export const MOST = 3;\nfunction secret() {}\n",
    "src/order.ts": "export interface Order { id: string }\nexport function place(): void {}\nfunction inner() {}\n",
    "src/tools.ts": "export function tool() {}\nexport function unused() {}\n",
}
GO = {
    "go.mod": "module example.org/shop\n",
    "shop.go": "package shop\n\n// Open opens.\nfunc Open() {}\n\nfunc inner() {}\n\ntype Order struct{}\n\nconst Most = 3\n",
    "internal/deep/deep.go": "package deep\n\nfunc Hidden() {}\n",
    "cmd/shop/main.go": "package main\n\nfunc Exported() {}\n\nfunc main() {}\n",
    "shop_test.go": "package shop\n\nfunc TestOpen() {}\n",
}
PYTHON = {
    "shop/__init__.py": '__all__ = ["Order", "LIMIT"]\nfrom shop.order import Order, place\nLIMIT = 3\ndef inner(): ...\n',
    "shop/order.py": "class Order: ...\ndef place(): ...\n",
}


TWICE = {
    "package.json": '{"name": "@acme/shop", "exports": {".": "./index.js"}}',
    "src/index.ts": 'import * as all from "./order.js";\nexport * from "./order.js";\nexport default all;\n',
    "src/order.ts": "export class Order {}\n",
}
BUILT = {
    "package.json": '{"name": "@acme/shop", "exports": {".": {"types": "./dist/index.d.mts", "default": "./dist/index.mjs"}}}',
    "src/index.ts": "export function open() {}\n",
}


def test_below_an_empty_package_an_entry_has_its_whole_name() -> None:
    material = material_of(
        {
            "shop/tools/deep/__init__.py": '__all__ = ["go"]\nfrom .a import go\n',
            "shop/tools/deep/a.py": "def go(): ...\n",
        }
    )
    structures = {path: analysis.structure for path, analysis in material.analyses.items()}

    entries = Offers(structures, material.imports, ["shop/__init__.py", "shop/tools/__init__.py"]).entries()

    assert [(entry.label, [offer.name for offer in offered]) for entry, offered in entries] == [
        ("shop.tools.deep", ["go"])
    ]


def test_each_entry_of_a_package_is_called_as_one_imports_it() -> None:
    exports = '{".": "./dist/index.js", "./package.json": "./package.json", "./adapters/next": {"types": "./dist/adapters/next.d.ts"}}'
    material = material_of(
        {
            "package.json": f'{{"name": "@acme/shop", "exports": {exports}}}',
            "adapters/next/package.json": '{"main": "../../dist/adapters/next.js"}',
            "src/index.ts": "export function open() {}\n",
            "src/adapters/next.ts": "export function handle() {}\n",
        }
    )
    structures = {path: analysis.structure for path, analysis in material.analyses.items()}

    entries = Offers(structures, material.imports).entries()

    assert [(entry.label, [offer.name for offer in offered]) for entry, offered in entries] == [
        ("@acme/shop", ["open"]),
        ("@acme/shop/adapters/next", ["handle"]),
    ]


@pytest.mark.parametrize(
    ("files", "label", "names"),
    [
        (RUST, "shop", {"Order": "src/order.rs", "order_place": "src/order.rs", "open": "src/lib.rs", "MOST": "src/lib.rs"}),
        (NPM, "@acme/shop", {"Order": "src/order.ts", "place": "src/order.ts", "helper": "src/tools.ts",
                             "Till": "src/index.ts", "MOST": "src/index.ts"}),
        (GO, ".", {"Open": "shop.go", "Order": "shop.go", "Most": "shop.go"}),
        (PYTHON, "shop", {"Order": "shop/order.py", "LIMIT": "shop/__init__.py"}),
        (BUILT, "@acme/shop", {"open": "src/index.ts"}),
        (TWICE, "@acme/shop", {"Order": "src/order.ts"}),
    ],
    ids=["Rust", "npm", "Go", "Python", "npm, of what is built", "npm, imported and given on"],
)  # fmt: skip
def test_a_package_offers_the_names_of_its_entry_files(
    files: dict[str, str], label: str, names: dict[str, str]
) -> None:
    material = material_of(files)
    structures = {path: analysis.structure for path, analysis in material.analyses.items()}

    entries = Offers(structures, material.imports).entries()

    assert {(entry.label, offer.name, offer.path) for entry, offered in entries for offer in offered} == {
        (label, name, path) for name, path in names.items()
    }

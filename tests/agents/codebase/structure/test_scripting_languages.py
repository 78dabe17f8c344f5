"""Python, JavaScript, TypeScript, Ruby, PHP, Lua and Bash."""

from __future__ import annotations

from agents.contracts.structure import SymbolKind
from tests.agents.codebase.structure.reading import imports, lines, read, symbols

PYTHON = '''"""Orders of a shop.

More words."""
from __future__ import annotations

import os.path as p, json
from .models import Order as O, Line
from . import *

LIMIT: int = 40
TOKEN = "not shown"


@total
class Basket(Base):
    """What a customer wants."""

    @property
    async def price(self, *, currency: str = "EUR",
                    rounded: bool = True) -> int:
        """The sum.

        In cents.
        """
        def inner(): ...
        for line in self.lines:
            p.join(line)
        self.lines.append(json.dumps({}))
        raise errors.PriceUnknown("x") from None

    def _hidden(self): raise


# Says hello.
# Twice.
def hello(name): return print(name)
'''


def test_python_symbols_carry_name_kind_signature_lines_and_doc() -> None:
    structure = read("python", PYTHON)
    found = symbols(structure)

    assert list(found) == ["LIMIT", "TOKEN", "Basket", "Basket.price", "Basket._hidden", "hello"]
    assert found["Basket"].kind is SymbolKind.CLASS
    assert found["Basket"].doc == "What a customer wants."
    assert lines(found["Basket"]) == (14, 31)
    price = found["Basket.price"]
    assert price.kind is SymbolKind.PROPERTY
    assert price.signature == 'async def price(self, *, currency: str = "EUR", rounded: bool = True) -> int'
    assert price.doc == "The sum.\n\nIn cents."
    assert lines(price) == (18, 29)
    assert price.calls == ("p.join", "self.lines.append", "json.dumps", "errors.PriceUnknown")
    assert price.raises == ("errors.PriceUnknown",)
    assert found["hello"].doc == "Says hello. Twice."
    assert found["Basket._hidden"].raises == ()
    assert [name for name, symbol in found.items() if not symbol.public] == ["Basket._hidden"]


def test_python_imports_keep_their_dots_and_constants_hide_text() -> None:
    structure = read("python", PYTHON)

    assert structure.doc == "Orders of a shop.\n\nMore words."
    assert structure.doc_lines is not None
    assert (structure.doc_lines.start, structure.doc_lines.end) == (1, 3)
    assert imports(structure) == [
        ("__future__", ("annotations",)),
        ("os.path", ()),
        ("json", ()),
        (".models", ("Order", "Line")),
        (".", ("*",)),
    ]
    assert symbols(structure)["LIMIT"].signature == "LIMIT: int = 40"
    assert symbols(structure)["TOKEN"].signature == "TOKEN = …"


JAVASCRIPT = """// Copyright 2024 Somebody
/**
 * @file Routes of the shop.
 */

const { get } = require("./http");
import express, { Router as R } from 'express';
export * from "./more";

/** Adds a route. */
export const add = async (path, handler) => { get(path); throw new TypeError("x"); };
export default class Shop extends Base {
  #secret() {}
  /** Opens it. */
  open(hour = 8) { return this.doors.unlock(hour); }
  close = () => {};
}
function local() {}
Shop.prototype.sell = function (item) {};
const table = { row(x) {}, cell: () => 1 };
import("./lazy");
"""


def test_javascript_finds_functions_however_they_are_written() -> None:
    structure = read("javascript", JAVASCRIPT)
    found = symbols(structure)

    assert list(found) == [
        "*",
        "add",
        "Shop",
        "Shop.#secret",
        "Shop.open",
        "Shop.close",
        "local",
        "Shop.sell",
        "table",
        "table.row",
        "table.cell",
    ]
    assert found["add"].signature == "add = async (path, handler)"
    assert found["add"].doc == "Adds a route."
    assert found["add"].calls == ("get", "TypeError")
    assert found["add"].raises == ("TypeError",)
    assert lines(found["Shop"]) == (12, 17)
    assert found["Shop.open"].doc == "Opens it."
    assert found["Shop.open"].calls == ("this.doors.unlock",)
    assert {name for name, symbol in found.items() if symbol.public} == {
        "*", "add", "Shop", "Shop.open", "Shop.close", "Shop.sell",
    }  # fmt: skip
    assert structure.doc == "Routes of the shop."
    assert imports(structure) == [
        ("./http", ()),
        ("express", ("default", "Router")),
        ("./more", ()),
        ("./lazy", ()),
    ]


TYPESCRIPT = """import type { A } from "./a";
import * as b from "b";

/** A store. */
@Injectable()
export class Store<T> implements Keeps<T> {
  private items: T[] = [];
  /** Adds one. */
  @log()
  public add(item: T): void { this.items.push(item); }
  private drop(): void {}
}
export interface Keeps<T> { add(item: T): void }
type Key = string | number;
enum Colour { Red }
namespace Inner { export function f(): void {} }
export abstract class Half { abstract rest(): number; }
export { Colour };
"""


def test_typescript_adds_types_interfaces_and_namespaces() -> None:
    structure = read("typescript", TYPESCRIPT)
    found = symbols(structure)

    assert found["Store"].doc == "A store."
    assert lines(found["Store"]) == (5, 12)
    assert found["Store"].signature == "class Store<T> implements Keeps<T>"
    assert found["Store.add"].doc == "Adds one."
    assert found["Keeps"].kind is SymbolKind.INTERFACE
    assert found["Keeps.add"].kind is SymbolKind.METHOD
    assert found["Key"].signature == "type Key = string | number"
    assert found["Inner.f"].kind is SymbolKind.FUNCTION
    assert found["Half.rest"].signature == "abstract rest(): number"
    assert found["Colour"].public
    assert not found["Store.drop"].public
    assert not found["Key"].public
    assert imports(structure) == [("./a", ("A",)), ("b", ("*",))]


def test_tsx_reads_components() -> None:
    structure = read("tsx", "export function App(p: Props) {\n  return <Page title={p.t}>{render(p)}</Page>;\n}\n")

    assert symbols(structure)["App"].signature == "function App(p: Props)"
    assert symbols(structure)["App"].calls == ("render",)
    assert structure.parse_errors == 0


RUBY = """# frozen_string_literal: true

# The shop.

require "json"
require_relative "lib/till"

module Shop
  # Takes money.
  class Till < Base
    LIMIT = 10

    def take(amount)
      raise ArgumentError, "too much" if amount > LIMIT
      log.write(amount)
    end

    def self.open; end

    private

    def drop; end
  end
end
"""


def test_ruby_knows_private_and_the_errors_raised() -> None:
    structure = read("ruby", RUBY)
    found = symbols(structure)

    assert list(found) == ["Shop", "Shop.Till", "Shop.Till.LIMIT", "Shop.Till.take", "Shop.Till.open", "Shop.Till.drop"]
    assert structure.doc == "The shop."
    assert found["Shop.Till"].signature == "class Till < Base"
    assert found["Shop.Till"].doc == "Takes money."
    assert found["Shop.Till.take"].raises == ("ArgumentError",)
    assert lines(found["Shop.Till.take"]) == (13, 16)
    assert [name for name, symbol in found.items() if not symbol.public] == ["Shop.Till.drop"]
    assert imports(structure) == [("json", ()), ("./lib/till", ())]


PHP = r"""<?php
namespace App\Shop;
use App\Base\Till as T;
use App\{Lock, Key};
require_once __DIR__ . '/boot.php';

/**
 * Sells things.
 */
#[Service]
final class Shop extends T
{
    public const LIMIT = 10;

    /** Sells one. */
    public function sell(int $what): bool
    {
        $this->till->open($what);
        throw new SoldOut("x");
    }

    private function hide() {}
}
function helper(): void {}
"""


def test_php_reads_classes_uses_and_throws() -> None:
    structure = read("php", PHP)
    found = symbols(structure)

    assert list(found) == ["Shop", "Shop.LIMIT", "Shop.sell", "Shop.hide", "helper"]
    assert found["Shop"].doc == "Sells things."
    assert found["Shop"].signature == "final class Shop extends T"
    assert found["Shop.sell"].signature == "public function sell(int $what): bool"
    assert found["Shop.sell"].raises == ("SoldOut",)
    assert lines(found["Shop.sell"]) == (16, 20)
    assert not found["Shop.hide"].public
    assert imports(structure) == [
        ("App\\Base\\Till", ("Till",)),
        ("App", ("Lock", "Key")),
        ("/boot.php", ()),
    ]


def test_lua_knows_local_functions_and_methods() -> None:
    text = (
        'local x = require("a.b")\n\n-- Adds.\n-- Twice.\nlocal function add(a) x.sum(a) end\n'
        "function M:meth(a) end\nM.z = function(b) end\n"
    )
    structure = read("lua", text)
    found = symbols(structure)

    assert list(found) == ["add", "M.meth", "M.z"]
    assert found["add"].doc == "Adds. Twice."
    assert found["add"].calls == ("x.sum",)
    assert not found["add"].public
    assert found["M.meth"].signature == "function M:meth(a)"
    assert imports(structure) == [("a.b", ())]


def test_bash_reads_functions_and_what_is_sourced() -> None:
    text = (
        "#!/usr/bin/env bash\n# Deploys.\n\nsource ./lib.sh\nreadonly LIMIT=3\n\n# Builds it.\n"
        "build() {\n  make all\n}\n"
    )
    structure = read("bash", text)
    found = symbols(structure)

    assert structure.doc == "Deploys."
    assert found["build"].doc == "Builds it."
    assert found["build"].calls == ("make",)
    assert lines(found["build"]) == (8, 10)
    assert found["LIMIT"].signature == "readonly LIMIT=3"
    assert imports(structure) == [("./lib.sh", ())]

"""Go, Java, Kotlin, Scala, C, C++, C#, Rust and Swift."""

from __future__ import annotations

from agents.contracts.structure import SymbolKind
from tests.agents.codebase.structure.reading import imports, lines, read, symbols

GO = """// Copyright 2024 Somebody. All rights reserved.

// Package shop sells things.
package shop

import (
	"fmt"
	x "example.com/a/b"
)

// Till takes money.
type Till struct {
	sum int
}

// Take adds an amount.
func (t *Till) Take(amount int) error {
	t.sum += amount
	return fmt.Errorf("no: %d", x.Max(amount))
}

type lock interface {
	// Open opens.
	Open() bool
}

const Limit = 10
const secret = "text"
"""


def test_go_methods_belong_to_their_receiver() -> None:
    structure = read("go", GO)
    found = symbols(structure)

    assert structure.doc == "Package shop sells things."
    assert list(found) == ["Till", "Till.sum", "Till.Take", "lock", "lock.Open", "Limit", "secret"]
    assert found["Till"].kind is SymbolKind.STRUCT
    assert found["Till"].signature == "type Till struct"
    assert found["Till.Take"].signature == "func (t *Till) Take(amount int) error"
    assert found["Till.Take"].doc == "Take adds an amount."
    assert found["Till.Take"].calls == ("fmt.Errorf", "x.Max")
    assert lines(found["Till.Take"]) == (17, 20)
    assert found["secret"].signature == "const secret = …"
    assert not found["lock"].public
    assert imports(structure) == [("fmt", ()), ("example.com/a/b", ("x",))]


JAVA = """package com.shop;

import java.util.List;
import static com.shop.Tools.*;

/**
 * Takes {@code money}.
 */
@Service("till")
public class Till<T> extends Base {
    public static final int LIMIT = 10;

    /** Makes one. */
    public Till(int sum) {}

    @Override
    public List<T> take(int amount) throws IOException {
        log.write(amount);
        throw new IllegalStateException("x");
    }

    void inner() {}

    interface Lock { void open(); }
}
"""


def test_java_signatures_leave_annotations_out() -> None:
    structure = read("java", JAVA)
    found = symbols(structure)

    assert found["Till"].signature == "public class Till<T> extends Base"
    assert found["Till"].doc == "Takes `money`."
    assert found["Till.LIMIT"].signature == "public static final int LIMIT = 10"
    assert found["Till.Till"].kind is SymbolKind.METHOD
    take = found["Till.take"]
    assert take.signature == "public List<T> take(int amount) throws IOException"
    assert lines(take) == (16, 20)
    assert take.raises == ("IOException", "IllegalStateException")
    assert take.calls == ("write", "IllegalStateException")
    assert not found["Till.inner"].public
    assert found["Till.Lock.open"].kind is SymbolKind.METHOD
    assert imports(structure) == [("java.util.List", ("List",)), ("com.shop.Tools", ("*",))]


KOTLIN = """package com.shop

import com.shop.base.Base
import com.shop.tools.*

/** Takes money. */
data class Till(val sum: Int) : Base() {
  companion object {
    const val LIMIT = 10
  }

  /** Adds. */
  fun take(amount: Int): Int {
    log.write(amount)
    throw IllegalStateException("x")
  }

  private fun hide() = 1
}

interface Lock {
  fun open(): Boolean
}
"""


def test_kotlin_is_public_unless_it_says_otherwise() -> None:
    structure = read("kotlin", KOTLIN)
    found = symbols(structure)

    companion = ["Till.Companion", "Till.Companion.LIMIT"]
    assert list(found) == ["Till", "Till.sum", *companion, "Till.take", "Till.hide", "Lock", "Lock.open"]
    assert found["Till"].signature == "data class Till(val sum: Int) : Base()"
    assert found["Till.take"].doc == "Adds."
    assert found["Till.take"].raises == ("IllegalStateException",)
    assert "log.write" in found["Till.take"].calls
    assert found["Lock"].kind is SymbolKind.INTERFACE
    assert not found["Till.hide"].public
    assert imports(structure) == [("com.shop.base.Base", ("Base",)), ("com.shop.tools", ("*",))]


SCALA = """package com.shop

import com.shop.base.{Base, Lock => L}
import com.shop.tools._

/** Takes money. */
case class Till(sum: Int) extends Base {
  /** Adds. */
  def take(amount: Int): Int = {
    log.write(amount)
    throw new IllegalStateException("x")
  }

  private def hide = 1
}

object Till {
  val Limit = 10
}

trait Lock { def open(): Boolean }
"""


def test_scala_members_end_where_their_text_ends() -> None:
    structure = read("scala", SCALA)
    found = symbols(structure)

    assert list(found) == ["Till", "Till.sum", "Till.take", "Till.hide", "Till.Limit", "Lock", "Lock.open"]
    assert lines(found["Till.take"]) == (9, 12)
    assert found["Till.take"].raises == ("IllegalStateException",)
    assert found["Lock"].kind is SymbolKind.TRAIT
    assert not found["Till.hide"].public
    assert imports(structure) == [("com.shop.base", ("Base", "Lock")), ("com.shop.tools", ("*",))]


C = """/* The till. */
#ifndef TILL_H
#define TILL_H
#include <stdio.h>
#include "base/lock.h"
#define LIMIT 10
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/**
 * Takes money.
 * @param amount cents
 */
static int *take(struct till *t, int amount)
{
    lock_open(t->lock);
    return t->log(amount);
}
int proto(int);
struct till { int sum; };
typedef struct { int a; } pair_t;
typedef int (*visit)(int);
enum colour { RED };
#endif
"""


def test_c_finds_names_below_their_declarators() -> None:
    structure = read("c", C)
    found = symbols(structure)

    assert structure.doc == "The till."
    assert list(found) == [
        "LIMIT", "MAX", "take", "proto", "till", "till.sum", "pair_t", "pair_t.a", "visit", "colour", "colour.RED",
    ]  # fmt: skip
    assert found["take"].signature == "static int *take(struct till *t, int amount)"
    assert found["take"].doc == "Takes money.\n\n`amount`: cents"
    assert found["take"].calls == ("lock_open", "t->log")
    assert lines(found["take"]) == (13, 17)
    assert not found["take"].public
    assert found["MAX"].kind is SymbolKind.MACRO
    assert found["pair_t"].kind is SymbolKind.STRUCT
    assert imports(structure) == [("stdio.h", ()), ("base/lock.h", ())]


CPP = """#include <vector>
namespace shop {
/// Takes money.
template <typename T>
class Till : public Base {
 public:
  explicit Till(int sum) : sum_(sum) {}
  int take(T amount) const {
    throw std::runtime_error("x");
  }
  virtual void open() = 0;
 private:
  void hide();
  int sum_;
};
int Till::count(int b) { return tools::count(b); }
enum class Colour { Red };
using Sums = std::vector<int>;
}
"""


def test_cpp_follows_access_specifiers_and_outer_definitions() -> None:
    structure = read("cpp", CPP)
    found = symbols(structure)

    assert list(found) == [
        "Till", "Till.Till", "Till.take", "Till.open", "Till.hide", "Till.sum_", "Till.count",
        "Colour", "Colour.Red", "Sums",
    ]  # fmt: skip
    assert lines(found["Till"]) == (4, 15)
    assert found["Till"].doc == "Takes money."
    assert found["Till.Till"].signature == "explicit Till(int sum)"
    assert found["Till.take"].raises == ("std::runtime_error",)
    assert found["Till.count"].calls == ("tools::count",)
    assert found["Till.count"].kind is SymbolKind.METHOD
    assert [name for name, symbol in found.items() if not symbol.public] == ["Till.hide", "Till.sum_"]


CSHARP = """using System.Text;
using Alias = Shop.Base;
namespace Shop;

/// <summary>Takes money, see <see cref="Lock"/>.</summary>
[Service]
public class Till : Base
{
    private const int Limit = 10;
    public Till(int sum) : base(sum) { }
    public int Sum { get; set; }
    /// <summary>Adds.</summary>
    public int Take(int amount)
    {
        log.Write(amount);
        throw new ArgumentException("x");
    }
    public int Twice(int a) => a * 2;
    void Hide() { }
}
public interface ILock { void Open(); }
"""


def test_csharp_doc_comments_lose_their_tags() -> None:
    structure = read("csharp", CSHARP)
    found = symbols(structure)

    assert found["Till"].doc == "Takes money, see `Lock`."
    assert found["Till"].signature == "public class Till : Base"
    assert found["Till.Till"].signature == "public Till(int sum)"
    assert found["Till.Twice"].signature == "public int Twice(int a)"
    assert found["Till.Take"].raises == ("ArgumentException",)
    assert found["Till.Take"].calls == ("log.Write", "ArgumentException")
    assert lines(found["Till.Take"]) == (13, 17)
    assert found["ILock.Open"].public
    assert [name for name, symbol in found.items() if not symbol.public] == ["Alias", "Till.Limit", "Till.Hide"]
    assert imports(structure) == [("System.Text", ()), ("Shop.Base", ("Alias",))]


RUST = """//! Tills of the shop.
//! More.

use std::{fmt, io::{self, Read}};
use crate::lock::Lock as L;
mod other;

/// Takes money.
#[derive(Debug)]
pub struct Till<T> { sum: T }

impl<T> Till<T> {
    /// Adds.
    pub fn take(&self, amount: u32) -> Result<(), Error> {
        lock::open(amount);
        panic!("x")
    }
    fn hide(&self) {}
}
impl fmt::Display for Till<u32> { fn fmt(&self) {} }
pub trait Opens { fn open(&self); }
pub(crate) const LIMIT: u32 = 10;
macro_rules! twice { () => {} }
"""


def test_rust_impl_blocks_lend_their_types_name() -> None:
    structure = read("rust", RUST)
    found = symbols(structure)

    assert structure.doc == "Tills of the shop. More."
    assert list(found) == [
        "Till", "Till.sum", "Till.take", "Till.hide", "Till.fmt", "Opens", "Opens.open", "LIMIT", "twice",
    ]  # fmt: skip
    assert found["Till"].doc == "Takes money."
    assert found["Till.take"].doc == "Adds."
    assert found["Till.take"].signature == "pub fn take(&self, amount: u32) -> Result<(), Error>"
    assert found["Till.take"].calls == ("lock::open", "panic")
    assert lines(found["Till.take"]) == (14, 17)
    assert [name for name, symbol in found.items() if not symbol.public] == ["Till.sum", "Till.hide", "LIMIT", "twice"]
    assert imports(structure) == [
        ("std::io", ("self", "Read")),
        ("std", ("fmt",)),
        ("crate::lock::Lock", ("Lock",)),
        ("self::other", ()),
    ]


SWIFT = """import Foundation

/// Takes money.
public final class Till: Base {
    init(sum: Int) {}
    /// Adds.
    public func take(_ amount: Int) throws -> Int {
        log.write(amount)
        throw TillError.empty
    }
    private func hide() {}
}
protocol Lock { func open() }
extension Till { func twice() {} }
"""


def test_swift_extensions_lend_their_types_name() -> None:
    structure = read("swift", SWIFT)
    found = symbols(structure)

    assert list(found) == ["Till", "Till.init", "Till.take", "Till.hide", "Lock", "Lock.open", "Till.twice"]
    assert found["Till"].doc == "Takes money."
    assert found["Till.take"].signature == "public func take(_ amount: Int) throws -> Int"
    assert found["Till.take"].raises == ("TillError",)
    assert "log.write" in found["Till.take"].calls
    assert lines(found["Till.take"]) == (7, 10)
    assert found["Till.take"].public
    assert not found["Till.hide"].public
    assert imports(structure) == [("Foundation", ())]

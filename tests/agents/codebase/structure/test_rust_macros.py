"""What calls of Rust's macros declare."""

from __future__ import annotations

import time

import pytest

from agents.codebase.structure.languages.rust_macros import Unmatched, expansion
from tests.agents.codebase.structure.reading import lines, read, symbols


def test_a_call_of_the_files_own_macro_declares_what_the_macro_writes_with_its_documentation() -> None:
    structure = read(
        "rust",
        """macro_rules! integer {
    ($t:tt, $doc:tt) => {
        #[doc = $doc]
        ///
        /// Panics if the range is empty.
        #[inline]
        pub fn $t(range: impl RangeBounds<$t>) -> $t {
            with_rng(|r| r.$t(range))
        }
    };
}
integer!(u8, "Makes a `u8`.");
integer!(i8, "Makes an `i8`.");
""",
    )

    found = symbols(structure)
    assert list(found) == ["integer", "u8", "i8"]
    assert found["u8"].signature == "pub fn u8(range: impl RangeBounds<u8>) -> u8"
    assert found["i8"].doc.split() == ["Makes", "an", "`i8`.", "Panics", "if", "the", "range", "is", "empty."]
    assert found["i8"].public
    assert lines(found["i8"]) == (13, 13)


def test_a_repetition_declares_each_of_its_turns() -> None:
    structure = read(
        "rust",
        """macro_rules! errors {
    ($($name: ident => $said: expr,)+) => {
        /// What can go wrong.
        pub enum Error { $( #[doc = $said] $name, )+ }
        impl Error { pub fn said(&self) -> &str { match *self { $(Error::$name => $said,)+ } } }
    }
}
errors! {
    Empty => "nothing is there",
    Full => "no place is left",
}
""",
    )

    found = symbols(structure)
    assert set(found) == {"errors", "Error", "Error.Empty", "Error.Full", "Error.said"}
    assert found["Error.Full"].doc == "no place is left"
    assert found["Error"].doc == "What can go wrong."


def test_items_that_a_macro_of_another_file_is_given_stand_where_they_are_written() -> None:
    structure = read(
        "rust",
        """cfg_if! {
    if #[cfg(unix)] {
        /// On Unix.
        pub fn here() {}
    } else {
        pub fn elsewhere() {}
    }
}
mod inner {
    pin_project! {
        /// Waits.
        pub struct Waiting<F> {
            pub inner: F,
        }
    }
}
println!("pub struct None;");
""",
    )

    found = symbols(structure)
    assert set(found) == {"here", "elsewhere", "inner", "inner.Waiting", "inner.Waiting.inner"}
    assert (found["here"].doc, lines(found["here"])) == ("On Unix.", (4, 4))
    assert (found["inner.Waiting"].doc, lines(found["inner.Waiting"])) == ("Waits.", (12, 14))
    assert not found["inner.Waiting"].public


@pytest.mark.parametrize(
    ("arms", "call", "written"),
    [
        ("($v:vis struct $n:ident<$($t:ty),*>;) => { $v struct $n { x: ($($t),*) } }",
         "pub(crate) struct Row<Vec<u8, A>, B>;", "pub(crate) struct Row { x: (Vec<u8, A>,B)}"),
        ("(a) => { fn a() {} }; ($n:ident) => { fn $n() {} }", "b", "fn b() {}"),
        ("($($n:ident),+ $(,)?) => { $(fn $n();)+ }", "a, b,", "fn a();fn b();"),
        ("($(#[$m:meta])* $n:ident) => { $(#[$m])* fn $n(); }", "#[inline] go", "#[inline] fn go();"),
    ],
)  # fmt: skip
def test_an_arm_is_filled_with_what_the_call_gives(arms: str, call: str, written: str) -> None:
    assert expansion(arms, call).split() == written.split() or expansion(arms, call).replace(
        " ", ""
    ) == written.replace(" ", "")


def test_a_call_that_no_arm_takes_declares_nothing() -> None:
    with pytest.raises(Unmatched):
        expansion("($n:ident) => { fn $n() {} }", "a b")


def test_a_macro_that_calls_itself_without_end_comes_to_an_end() -> None:
    arm = "($($t:tt)*) => { again! { $($t)* a } again! { $($t)* b } pub fn f() {} }"
    code = f"macro_rules! again {{ {arm} }}\nagain! {{ x }}\n"
    start = time.thread_time()

    found = symbols(read("rust", code))

    assert "f" in found
    assert time.thread_time() - start < 5


def test_what_is_implemented_for_another_name_of_a_type_belongs_to_the_type() -> None:
    code = (
        "pub enum Local<T> { Single(T), None }\npub type Mapped<T> = Local<T>;\npub type Foreign = other::Row;\n"
        "pub struct Class;\npub struct Value;\nimpl Seed for Class {\n    type Value = Class;\n}\n"
        "impl Value {\n    pub fn kept(&self) {}\n}\n"
        "impl<T> Mapped<T> {\n    pub fn single(self) -> Option<T> { None }\n}\n"
        "impl Foreign {\n    pub fn id(&self) {}\n}\n"
    )

    names = [symbol.name for symbol in read("rust", code).symbols]

    assert "Local.single" in names
    assert {"Foreign.id", "Value.kept"} <= set(names)

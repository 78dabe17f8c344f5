"""Marks inside a comment that say whose it is: a file's, a group's, another symbol's, or nobody's. Pure."""

from __future__ import annotations

import re

OF_GROUP = re.compile(r"[@\\](?:file|defgroup|addtogroup|weakgroup|name|mainpage)\b|^/(?:\*[*!]|/[/!])\s*[@\\][{}]")
#: What documents a file, a group, or another symbol by its name.
OF_OTHERS = re.compile(
    r"[@\\](?:file|page|mainpage|section|defgroup|addtogroup|weakgroup|name|fn|def|var|typedef|class|struct|union|enum"
    r"|namespace|cond|endcond|example|internal|dir|[{}])(?!\w)"
)
FOLLOWS = re.compile(r"(?:///|//!|/\*\*|/\*!)<")
#: Sphinx documents a variable in front of it by `#:`; what stands behind another sign is a remark.
SPHINX = re.compile(r"#:")
#: `// TYPES`: the name of a part of the file.
LABEL = re.compile(r"[A-Z][A-Z_-]+:?")
#: What may stand between a member of C and the comment behind it.
ATTRIBUTE = re.compile(r"\[\[[^\[\]]*\]\]|__attribute__\s*\(\(.*\)\)")
REMINDER = re.compile(r"(?:TODO|FIXME|XXX|HACK)\b")
#: What begins documentation in languages whose other comments are remarks.
DOCUMENTATION = re.compile(r"///(?!/)|/\*\*(?![*/])|/\*!")
OF_FILE = re.compile(r"@(?:file|fileoverview|overview|module|packageDocumentation|licen[sc]e)\b")
#: JSDoc that declares a type of its own, and no symbol below it.
DECLARES = re.compile(r"@(?:typedef|callback)\b")
OF_SYMBOL = re.compile(r"@(?:typedef|callback|type|const|enum|template)\b")
JSDOC = frozenset({"javascript", "typescript", "tsx"})
DOXYGEN = re.compile(r"//!|" + DOCUMENTATION.pattern)
#: RDoc's word for what it leaves out.
LEFT_OUT = re.compile(r"#\s*:nodoc:[ \t]*(all)?")
PREPROCESSED = frozenset({"c", "cpp"})
_CONDITION = b"if|ifdef|ifndef|elif|else|endif"
#: The head of a condition alone.
CONDITION_LINE = re.compile(rb"[ \t]*#[ \t]*(?:" + _CONDITION + rb")\b.*\r?$")
_NO_CODE_LINE = re.compile(
    rb"[ \t]*(?:#[ \t]*(?:" + _CONDITION + rb"|pragma)\b.*"
    rb"|[A-Z][A-Z0-9_]{2,60}[ \t]*(?:\(.{0,200}\))?[ \t]*;?)?\r?$"
)
_CONTEXT_LINE = re.compile(rb"[ \t]*context[ \t]*\(.{0,400}\)[ \t]*\r?$")
#: What may stand between documentation and its code: the head of a condition or a macro alone on a line, which a
#: preprocessor takes out, and the context parameters of Kotlin.
BETWEEN_LINES = {**dict.fromkeys(PREPROCESSED, _NO_CODE_LINE), "kotlin": _CONTEXT_LINE}
#: What the head of a class declares is documented by the class.
OF_HEAD = frozenset({"class_parameter", "field", "parameter"})
#: Definitions, other than members and constants, that a comment behind them documents: a method of an interface of Go,
#: `Broken = Class.new(Error)`.
ON_ONE_LINE = frozenset({"method_elem", "assignment"})


def is_no_doc(language: str, text: str) -> bool:
    """Whether Rust says of a comment's text that it documents nothing, however like documentation it looks."""
    return language == "rust" and text.startswith(("////", "/***"))


def documents(language: str, text: str) -> bool:
    """Whether a comment's text begins as documentation does where other comments are remarks."""
    return (DOXYGEN if language in PREPROCESSED else DOCUMENTATION).match(text) is not None


def is_of_group(language: str, text: str) -> bool:
    """Whether a comment of doxygen's documents the group that begins with it, or the file."""
    return language in PREPROCESSED and OF_GROUP.search(text) is not None

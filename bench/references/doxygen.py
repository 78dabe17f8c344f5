"""C: doxygen's XML."""

from __future__ import annotations

import html
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from xml.etree import ElementTree

from bench.references import tools
from bench.references.doxygen_macros import DEFINED, expanded, macros, storage_words, texts_of, without_words
from bench.references.rows import Convention, Row

LANGUAGES = frozenset({"c"})
_DESCRIBED = re.compile(rb"<(?:detailed|brief|inbody)description>.*?</(?:detailed|brief|inbody)description>", re.DOTALL)
_SETTINGS = """
INPUT = "{top}"
RECURSIVE = YES
STRIP_FROM_PATH = "{root}"
GENERATE_HTML = NO
GENERATE_LATEX = NO
GENERATE_XML = YES
EXTRACT_ALL = YES
EXTRACT_STATIC = YES
EXTRACT_PRIVATE = YES
JAVADOC_AUTOBRIEF = NO
TYPEDEF_HIDES_STRUCT = YES
MACRO_EXPANSION = YES
EXPAND_ONLY_PREDEF = YES
EXPAND_AS_DEFINED = {expanded}
ALIASES = "rst=@verbatim " "endrst=@endverbatim"
PREDEFINED = "__attribute__(x)=" "__declspec(x)=" {macros}
ENABLE_PREPROCESSING = YES
XML_PROGRAMLISTING = NO
AUTOLINK_SUPPORT = NO
INHERIT_DOCS = NO
QUIET = YES
WARNINGS = NO
"""
_ALIAS = re.compile(r"^[ \t]*typedef\s+(?:struct|union|enum)\s+\w+\s*\**\s*(\w+)\s*;", re.MULTILINE)
_POINTER = re.compile(r"^[ \t]*typedef\s+(?:const\s+)?(?:struct|union)\s+(\w+)\s*\*+\s*(\w+)\s*;", re.MULTILINE)
#: Words that no symbol can have as its name.
_RESERVED = frozenset(
    [
        *(
            "if",
            "for",
            "while",
            "switch",
            "return",
            "else",
            "const",
            "this",
            "operator",
            "sizeof",
            "noexcept",
            "delete",
        ),
        *("decltype", "template", "typename", "static_cast", "const_cast", "reinterpret_cast", "void", "int", "bool"),
    ]
)
#: A kernel-doc begins with the name that is our page's heading; a licence documents nothing.
_NAMED = r"\A\s*{}\s*(?:\(\s*\)\s*:|(?:\(\s*\))?\s*[-–—])\s+"
#: Of a comment far above, doxygen does not know that it begins with the name of the macro that it documents.
_NAMES_ITS_OWN = re.compile(r"\s*([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?=\s*[:,(])")
_LICENCE = re.compile(r"\bcopyright\b.*\b(?:licen[cs]ed?|rights reserved|permission)\b", re.IGNORECASE | re.DOTALL)
#: `TAILQ_ENTRY(row) next;` is a function to doxygen, which expands no macro; the member's name is `next`.
_MEMBER_OF_MACRO = re.compile(r"\(.*\)\s*(\w+)")
_HOLDERS = frozenset({"struct", "union", "class", "namespace", "interface"})


def rows(top: Path, folders: str) -> Iterator[Row]:
    """What doxygen lists of some folders of a project, or of all.

    It sees one branch of a condition; what it lists of the others when it does not preprocess may stand on our page,
    as may the macros that are defined in them. Of a declaration that it does not understand it may take a reserved word
    for the name: that row is left out.
    """
    top = without_words(top)
    theirs = list(_listed(top, folders, _SETTINGS))
    texts = dict(texts_of(top, folders))
    defined = {name for text in texts.values() for name in DEFINED.findall(text)}
    stored = storage_words(text for _, text in texts_of(top, ""))
    # It gives a type the words of its pointer's typedef as well, and the typedef's name.
    pointed = {name: tag for text in texts.values() for tag, name in _POINTER.findall(text)}
    for row in theirs:
        own = row.name.rpartition(".")[2]
        # Of a declaration that doxygen did not understand, and of a field that has no name.
        if own in _RESERVED or re.fullmatch(r"__pad\d+__", own):
            continue
        if own in defined and row.signature.strip().startswith(f"{own}("):  # a call is no function of the macro's name
            continue
        yield row.model_copy(update={"doc": ""}) if row.name in pointed.values() else row
        yield from _stored(row, stored)
        first, _, rest = row.name.partition(".")
        if first in pointed:
            name = f"{pointed[first]}.{rest}" if rest else pointed[first]
            yield row.model_copy(update={"name": name, "required": False})
    unprocessed = _SETTINGS.replace("ENABLE_PREPROCESSING = YES", "ENABLE_PREPROCESSING = NO")
    for row in _listed(top, folders, unprocessed):
        yield row.model_copy(update={"required": False, "public": False, "doc": "", "signature": ""})
    for file, text in texts.items():
        # `typedef struct row row_t;` is hidden by what it names.
        for name in (*DEFINED.findall(text), *_ALIAS.findall(text)):
            yield Row(path=str(file.relative_to(top)), name=name, public=False, required=False)


def _stored(row: Row, words: Set[str]) -> Iterator[Row]:
    """The signature with and without a macro that only says how a function is stored: either is the author's."""
    for word in words if row.signature else ():
        bare = re.sub(rf"^\s*{word}\b\s*", "", row.signature)
        yield row.model_copy(update={"signature": f"{word} {row.signature}" if bare == row.signature else bare})


def _listed(top: Path, folders: str, settings: str) -> Iterator[Row]:
    program, libraries = tools.doxygen()
    where = " ".join(f'"{top / folder}"' for folder in folders.split()) or f'"{top}"'
    shutil.rmtree(top.parent / "xml", ignore_errors=True)
    settings = settings.replace('"{top}"', where).replace("{root}", str(top)).replace("{macros}", macros(top, folders))
    settings = settings.replace("{expanded}", expanded(top, folders))
    (top.parent / "Doxyfile").write_text(settings)
    tools.run([program, "Doxyfile"], top.parent, {**os.environ, **libraries})
    compounds = [
        compound
        for file in sorted((top.parent / "xml").glob("*.xml"))
        for compound in _root(file.read_bytes()).iter("compounddef")
    ]
    namespaces = [
        f"{_text(compound.find('compoundname')).replace('::', '.')}."
        for compound in compounds
        if compound.get("kind") == "namespace"
    ]
    for row in (row for compound in compounds for row in _compound(compound)):
        if row.path.endswith((".m", ".mm")):  # Objective-C is another language
            continue
        # Our names leave namespaces out: a page is one file's.
        around = max((space for space in namespaces if f"{row.name}.".startswith(space)), key=len, default="")
        if f"{row.name}." != around:
            name = row.name[len(around) :]
            name = _conversion(name) if "operator" in name else _bare(name)
            yield row.model_copy(update={"name": name})


def _root(text: bytes) -> ElementTree.Element:
    """A file of doxygen's. Of comments in which it leaves a tag open it writes no XML: those are left out."""
    try:
        return ElementTree.fromstring(text)  # noqa: S314 (doxygen wrote it)
    except ElementTree.ParseError:
        return ElementTree.fromstring(_DESCRIBED.sub(b"", text))  # noqa: S314 (likewise)


def _compound(compound: ElementTree.Element) -> Iterator[Row]:
    kind = compound.get("kind")
    if kind not in _HOLDERS and kind != "file":
        return
    owner = "" if kind == "file" else _text(compound.find("compoundname")).replace("::", ".")
    owner = _bare(owner).strip()
    shown = compound.get("prot") != "private"
    if owner and not owner.rpartition(".")[2].startswith("@"):
        yield _row(compound, owner, public=shown, member=False)
    for member in compound.iter("memberdef"):
        if owner and _is_anonymous(owner):
            continue
        # A file repeats what its namespaces hold, under another name.
        name = _text(member.find("name"))
        declared = _MEMBER_OF_MACRO.fullmatch(_text(member.find("argsstring")).strip())
        if owner and name.isupper() and declared:
            name = declared.group(1)
        if kind == "file" and "::" in _text(member.find("qualifiedname")):
            continue
        yield from _member(member, f"{owner}.{name}" if owner else name, shown, kind or "")


def _member(member: ElementTree.Element, name: str, shown: bool, holder: str) -> Iterator[Row]:
    kind = member.get("kind")
    public = (
        shown
        and member.get("prot") in {"public", "protected"}
        and not (holder == "file" and member.get("static") == "yes")
    )
    inside = holder in {"struct", "union", "class"}
    if not _is_anonymous(name):
        signature = f"{_text(member.find('type'))} {name.rpartition('.')[2]}{_text(member.find('argsstring'))}"
        # doxygen keeps a declaration's storage words in its type.
        row = _row(
            member,
            name,
            public,
            member=inside and kind == "variable",
            signature=signature if kind == "function" else "",
        )
        # A macro without a value guards a header or is a switch; a friend is a symbol of its own class.
        empty = kind == "define" and not re.sub(r"/\*.*?\*/|//.*", "", _text(member.find("initializer"))).strip()
        # A macro that is called in a class is a function without a type.
        called = kind == "function" and name.rpartition(".")[2].isupper() and not _text(member.find("type"))
        # `CommonHeader;` stands for fields.
        called = called or (kind == "variable" and not _text(member.find("type")))
        optional = empty or called or kind == "friend"
        yield row if not optional else row.model_copy(update={"required": False})
    for value in member.iter("enumvalue"):
        owner = name.rpartition(".")[0] if _is_anonymous(name) else name
        own = _text(value.find("name"))
        yield _row(value, f"{owner}.{own}" if owner else own, public, True, path=_path(member))


def _is_anonymous(name: str) -> bool:
    return not name or any(part.startswith("@") or not part for part in name.split("."))


def _row(one: ElementTree.Element, name: str, public: bool, member: bool, signature: str = "", path: str = "") -> Row:
    # What stands inside a function's body tells its own code.
    doc = "\n".join(_text(one.find(part)) for part in ("briefdescription", "detaileddescription"))
    doc = re.sub(_NAMED.format(re.escape(name.rpartition(".")[2])), "", doc)
    other = _NAMES_ITS_OWN.match(doc)
    doc = "" if _LICENCE.search(doc) or (other and other.group(1) != name.rpartition(".")[2]) else doc
    return Row(path=path or _path(one), name=name, member=member, public=public, doc=doc, signature=signature)


def _path(one: ElementTree.Element) -> str:
    location = one.find("location")
    return "" if location is None else location.get("file", "")


def _text(one: ElementTree.Element | None) -> str:
    """The words below an element, blocks of text apart."""
    if one is None:
        return ""
    if one.tag in {"anchor", "ulink"} and not (one.text or len(one)):
        return ""
    apart = (
        "\n"
        if one.tag in {"para", "parametername", "parameteritem", "listitem", "codeline", "entry", "title", "sect1"}
        else ""
    )
    way = one.get("direction", "") if one.tag == "parametername" else ""
    text = f"{re.sub('out$', ' out', way)} " if way else " " if one.tag in {"sp", "linebreak"} else ""
    return apart + text + (one.text or "") + "".join(_text(child) + (child.tail or "") for child in one) + apart


def signature(text: str) -> str:
    """A function without blanks and the words that say where it is stored."""
    # What doxygen was given of a macro is expanded: around a type, and before a pointer to a function.
    text = re.sub(r"^\s*[A-Z][A-Z0-9_]{2,}\(([\w \t*]+)\)\s+(?=\w+\s*\()", r"\1 ", text)
    text = re.sub(r"\(\s*[A-Z][A-Z0-9_]{2,}\s*(?=\*)", "(", text)
    text = re.sub(
        r"\b_*[A-Z][A-Z0-9_]{3,}(?:\([^()]*\))?\s+(?=[\w~])|\s+_*[A-Z][A-Z0-9_]{3,}(?:\s*\(.*\))?$", "", text.strip()
    )
    text = re.sub(r"__attribute__\s*\(\(.*?\)\)", "", text)
    text = re.sub(
        r"\b(?:extern|static|inline|virtual|explicit|constexpr|friend)\b\s*|\s*=\s*(?:0|default|delete)$", "", text
    )
    text = re.sub(r"\[\[.*?\]\]\s*", "", text)
    text = re.sub(r"^template\s*<.*?>\s*", "", text)
    # doxygen drops a macro's word, and both of these, where it could read the declaration without them.
    text = re.sub(r"\btypename\s+|\s*\bthrow\s*\(\)", "", text)
    text = re.sub(r"\b(?:\w+::)+(?=[\w~]+\s*\()", "", text)
    if "(" not in text:
        return ""
    return re.sub(r"[\s;]+", "", text).replace("(void)", "()")


_TEST = re.compile(r"[A-Z][A-Z0-9_]*\s*\(\s*\w+\s*,\s*\w+\s*\)")


def _optional(row: Row) -> Row:
    """Its conversions without blanks; a test of a macro, `TEST(Suite, Case) {`, is the macro's function to doxygen."""
    row = row.model_copy(update={"name": _conversion(row.name)}) if "operator" in row.name else row
    return row.model_copy(update={"required": False}) if _TEST.fullmatch(row.signature) else row


def renamed(rows: Iterable[Row], theirs: Set[str]) -> Iterable[Row]:
    """doxygen lists what a struct without a name holds, and an enumerator, under what is around it."""
    for row in map(_optional, rows):
        owner, _, name = row.name.rpartition(".")
        if row.name in theirs:
            yield row
        elif row.path.endswith((".c", ".h")) and "." in owner:
            yield row.model_copy(update={"name": f"{owner.partition('.')[0]}.{name}"})
        else:
            yield row


def renamed_of_cpp(rows: Iterable[Row], theirs: Set[str]) -> Iterable[Row]:
    """The same of C++, whose specialisations are their templates, and whose definitions may name their namespace."""
    rows = [_optional(row.model_copy(update={"name": _bare(row.name)})) for row in rows]
    fields = {row.name for row in rows if row.member}
    for row in rows:
        name = row.name
        while (owner := name.rpartition(".")[0]) in fields:
            name = f"{owner.rpartition('.')[0]}.{name.rpartition('.')[2]}"
        while name not in theirs and (outer := name.partition("."))[2] and outer[0] not in theirs:
            name = outer[2]
        # doxygen lists no method of a class whose declaration it has not seen.
        unseen = name not in theirs and name != row.name and "." not in name
        yield row.model_copy(update={"name": name, "required": row.required and not unseen})


def _bare(name: str) -> str:
    """A name without its templates' arguments; an operator keeps its sign."""
    head, operator, sign = name.partition("operator")
    while head != (shorter := re.sub(r"\s*<[^<>]*>", "", head)):
        head = shorter
    return head + operator + sign


def _conversion(name: str) -> str:
    """A conversion's name without the blanks that doxygen adds, nor the owners of its type: `operator const Row&`."""
    owner, operator, of = name.partition("operator")
    return owner + operator + re.sub(r"(?:\w+::)+", "", of).replace(" ", "") if operator else name


def _doc(text: str) -> str:
    """Without the alias that a project's own Doxyfile defines; to doxygen alone it is a word."""
    return html.unescape(re.sub(r"\\?\b(?:end)?rst\b", " ", text))


CONVENTION = Convention(signature=signature, doc=html.unescape, by_name=True, renamed=renamed)
CONVENTION_OF_CPP = Convention(signature=signature, doc=_doc, by_name=True, renamed=renamed_of_cpp)

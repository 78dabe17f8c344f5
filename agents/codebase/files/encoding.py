"""Reads a file's bytes as text: in the encoding that it declares, or else in the one that its bytes suggest. Pure."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

from agents.text.visible import visible_text

#: Longest first: UTF-32's mark begins with UTF-16's.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Python (PEP 263), Ruby and Perl, the mode lines of Emacs and Vim: a comment in one of the first two lines.
_IN_A_COMMENT: Final = re.compile(
    rb"\A(?:[^\n]*\n)?[ \t\f]*(?:#|//|/\*|--|;|%|\"|<!--)[^\n]*?coding[ \t]*[:=][ \t]*([-\w.]+)"
)
#: What other languages put at their beginning, by their files' endings.
_DECLARATIONS: Final = (
    (
        "xml xsd xsl xslt svg wsdl pom csproj vbproj fsproj plist resx ts xhtml html htm",
        re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([-\w.]+)"),
    ),
    ("html htm xhtml", re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([-\w.]+)", re.IGNORECASE)),
    ("css scss", re.compile(rb"\A@charset\s+[\"']([-\w.]+)[\"']")),
    ("pl pm", re.compile(rb"^use\s+encoding\s+[\"']([-\w.]+)", re.MULTILINE)),
    ("tex sty cls", re.compile(rb"\\usepackage\[([-\w]+)\]\{inputenc\}")),
    ("po pot", re.compile(rb"Content-Type:[^\n]{0,80}charset=([-\w.]+)", re.IGNORECASE)),
)
_DECLARED_WITHIN: Final = 2_048
#: Names that people write for encodings and Python does not know.
_ALIASES: Final = {
    "ansinew": "cp1252",
    "latin9": "iso8859-15",
    "x-sjis": "cp932",
    "utf8x": "utf-8",
    "applemac": "mac-roman",
}
#: WHATWG's rule, and what writers mean: the name of the old standard stands for what Windows made of it.
_WIDER: Final = {"iso8859-1": "cp1252", "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
_SEVERAL_BYTES: Final = frozenset(
    {
        "cp932",
        "shift_jisx0213",
        "shift_jis_2004",
        "euc_jp",
        "euc_jis_2004",
        "euc_jisx0213",
        "iso2022_jp",
        "gb18030",
        "hz",
        "cp949",
        "johab",
        "big5",
        "big5hkscs",
        "cp950",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
    }
)
_ASCII_PROBE: Final = rb"# \x41 \u0041 +AGE- a\n"
#: Bytes of a text that the detector looks at: the lines that are not ASCII decide.
_DETECTED_BYTES: Final = 20_000
#: A text is UTF-8 with a few broken bytes when so many characters outside ASCII are whole for each that is not.
_MOSTLY: Final = 3
#: Letters outside ASCII that stand alone between others: the alphabets of Europe that are mostly ASCII.
_LATIN: Final = ("cp1252", "cp1250", "cp1254", "cp1257")
_ENOUGH: Final = 6
_HIGH_PAIR: Final = re.compile(rb"[\x80-\xff]{2}")
_WESTERN: Final = "cp1252"
#: UTF-16 without a mark: half of the bytes of a text that is mostly ASCII are zero, all on the same side.
_ZEROS_OF_TEN: Final = 4
_ZEROS_TO_ONE: Final = 5
_SAMPLE: Final = 1_024
#: Letters of the older standard inside words, which are signs in what Windows made of it: `wspó³na`, `½uvre`.
_OLDER: Final = {
    "cp1250": ("iso8859-2", re.compile(rb"[A-Za-z\xc0-\xff][\xb1\xb6\xbc]|[\xb1\xb6\xbc][a-z]|\xa6[a-z\xc0-\xff]")),
    "cp1252": ("iso8859-15", re.compile(rb"[A-Za-z]\xbd[a-z]|(?<![\w\xbd])\xbd[a-z]{2}")),
}
_OF_WINDOWS: Final = re.compile(rb"[\x80-\x9f]")


#: Files whose comments end with a star and a slash, and what authors write between both so that a comment goes on.
_WITH_BLOCK_COMMENTS: Final = (
    ".c", ".cc", ".cpp", ".cs", ".css", ".cts", ".cxx", ".dart", ".go", ".gradle", ".groovy", ".h", ".hpp",
    ".java", ".js", ".jsx", ".kt", ".kts", ".less", ".m", ".mjs", ".mts", ".php", ".proto", ".rs", ".scala",
    ".scss", ".sql", ".svelte", ".swift", ".ts", ".tsx", ".vue",
)  # fmt: skip
_KEPT_OPEN: Final = re.compile("(?<=\\*)[\u00ad\u200b-\u200d\u2060\ufeff]+(?=/)")


def decoded(data: bytes, path: str = "", declared: str = "") -> str:
    """The bytes as text; what fits no encoding is replaced, never dropped.

    This is where a repository's text enters. Whoever searches it for secrets, or for orders to a language model, must
    see what a person or a model will see: invisible characters are gone from here on. Lines keep their numbers; a file
    of carriage returns alone has line feeds instead.

    Args:
        path: says whose declarations count, by the file's ending.
        declared: what the repository says in `.gitattributes`.
    """
    text = _plain(data, path, declared)
    if path.endswith(_WITH_BLOCK_COMMENTS) and not text.isascii():
        text = _KEPT_OPEN.sub(r"\\", text)
    return visible_text(text if "\n" in text else text.replace("\r", "\n"))


def wide_encoding(sample: bytes) -> str:
    """The name of the UTF-16 or UTF-32 that these first bytes are in; empty for any other encoding."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return "" if name == "utf-8" else name
    head = sample[:_SAMPLE]
    for name, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if len(zeros) > 4 and zeros.count(0) * 10 >= len(zeros) * _ZEROS_OF_TEN and others.count(0) == 0:
            return name
        if zeros.count(0) > max(2, _ZEROS_TO_ONE * others.count(0)) and _is_text(head, name):
            return name
    return ""


def _is_text(head: bytes, name: str) -> bool:
    """Whether bytes of two a character are words and lines alone: East Asian text has few zeros."""
    text = head[: len(head) // 2 * 2].decode(name, "replace").removesuffix("\ufffd")
    return "\ufffd" not in text and all(c.isprintable() or c in "\t\r\n" for c in text)


def east_asian_encoding(data: bytes) -> str:
    """The encoding of several bytes a character that these bytes are in; empty if they suggest another one."""
    name = _suggested(data)
    return name if name in _SEVERAL_BYTES else ""


def _plain(data: bytes, path: str, declared: str) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.removeprefix(mark).decode(name, "replace")
    wide = wide_encoding(data) or (_known(declared) if b"\x00" in data else "")
    as_utf8 = _strict(data, "utf-8")
    for name in filter(None, (wide, *map(_ascii_compatible, (declared, _declaration(data, path))))):
        # Bytes that are whole UTF-8 are not by chance so: a declaration of one byte a letter is out of date.
        text = _strict(data, name) if as_utf8 is None or name in _SEVERAL_BYTES else None
        if text is not None:
            return text
    return _detected(data) if as_utf8 is None else as_utf8


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeError:
        return None


def _declaration(data: bytes, path: str) -> str:
    head = data[:_DECLARED_WITHIN]
    ending = PurePosixPath(path).suffix.lower().lstrip(".")
    patterns = [pattern for endings, pattern in _DECLARATIONS if ending in endings.split()]
    for pattern in (_IN_A_COMMENT, *patterns):
        match = pattern.search(head)
        if match:
            return match.group(1).decode("ascii")
    return ""


def _known(name: str) -> str:
    """Python's name of a text encoding; empty when it is none."""
    plain = name.strip().lower().removesuffix("-unix").removesuffix("-dos").removesuffix("-mac")
    try:
        codec = codecs.lookup(_ALIASES.get(plain, plain)).name
        b"a".decode(codec)  # refuses codecs that are no text encodings, such as base64
    except (LookupError, ValueError):
        return ""
    return _WIDER.get(codec, codec)


def _ascii_compatible(name: str) -> str:
    """The same for a declaration that was itself read as ASCII; escapes and UTF-7 would hide text and move lines."""
    codec = _known(name)
    return codec if codec and _strict(_ASCII_PROBE, codec) == _ASCII_PROBE.decode("ascii") else ""


def _detected(data: bytes) -> str:
    """The text of bytes that declare nothing and are no UTF-8."""
    as_utf8 = data.decode("utf-8", "replace")
    broken = as_utf8.count("\ufffd")
    if sum(1 for c in as_utf8 if c > "\x7f") - broken > _MOSTLY * broken:
        return as_utf8
    lines = b"\n".join(line for line in data.split(b"\n") if not line.isascii())[:_DETECTED_BYTES]
    name = _suggested(lines)
    try:
        return data.decode(name)
    except UnicodeError:
        return data.decode(name, "replace") if name == _WESTERN else as_utf8


def _suggested(lines: bytes) -> str:
    """The encoding that lines outside ASCII are most likely in."""
    alone = not _HIGH_PAIR.search(lines)
    if alone and sum(byte > 0x7F for byte in lines) < _ENOUGH:
        # A letter here and there is Western: no detector can tell from a single byte.
        return _WESTERN
    import chardet  # its tables take a quarter of a second to load, and few repositories need them

    era = chardet.EncodingEra.MODERN_WEB
    answer = chardet.detect(lines, encoding_era=era, include_encodings=_LATIN if alone else None)["encoding"]
    name = _known(answer or "") or _WESTERN
    if name in _OLDER and _OLDER[name][1].search(lines) and not _OF_WINDOWS.search(lines):
        return _OLDER[name][0]
    if name == "cp949" and _has_ideographs(lines.decode(name, "replace")):
        # Koreans no longer write ideographs: the same bytes are Chinese.
        return "gb18030"
    return name


def _has_ideographs(text: str) -> bool:
    return any(unicodedata.name(c, "").startswith("CJK UNIFIED IDEOGRAPH") for c in text if c > "\x7f")

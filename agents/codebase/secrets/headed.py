"""Values whose heading stands apart: columns, mappings, lists, manifests, keys as bytes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.codebase.secrets import values
from agents.codebase.secrets.vocabulary import vocabulary

_MANIFEST: Final = re.compile(rb"\bkind[\"']?\s{0,4}:\s{0,4}[\"']?Secret\b")
_DOCUMENT: Final = re.compile(rb"(?m)^---[ \t]*$")
_DATA: Final = re.compile(rb"(?m)^([ \t]*)[\"']?(?:data|stringData)[\"']?:[ \t]*\r?$")
_DATA_OF_JSON: Final = re.compile(rb"\"(?:data|stringData)\"\s{0,4}:\s{0,4}\{([^{}]{0,200000})\}")
_DATUM: Final = re.compile(rb"[ \t]*(?:[\"']?[\w./-]{1,253}[\"']?:[ \t]+)?[\"']?([^\s\"'|>:][^\n\"']*)[\"']?[ \t]*")
#: A heading that names several: what stands under it is looked at entry by entry.
_HEADINGS: Final = tuple(
    (mark, re.compile(
        word + rb"(?:\\?[\"'])?\]?[ \t]{0,8}(?::=|=>|[:=])[ \t]{0,8}"
        rb"(?:(?P<opens>[{\[(])|(?P<block>(?:[|>][+-]?[ \t]{0,8})?\r?\n))"
    ))
    for mark, word in (
        (b"secret", rb"secrets?"), (b"token", rb"tokens?"), (b"password", rb"passwords?"), (b"passphrase", rb"passphrases?"),
        (b"credential", rb"credentials?"), (b"oauth", rb"-oauth"), (b"key", rb"key(?<=api.key)s?"), (b"key", rb"key(?<=(?:access|secret).key)s?"),
        (b"key", rb"key(?<=private.key)s?"), (b"key", rb"key(?<=apikey)s?"), (b"record_encryption", rb"record_encryption"),
    )
)  # fmt: skip
_ENTRY: Final = re.compile(
    rb"(?:\[?\\?[\"']?[\w./@:-]{1,80}\\?[\"']?\]?\s{0,4}(?:=>|[:=])\s{0,4}|(?<=[\[(,\s])\s{0,80})(?P<open>\\?[\"'])(?P<value>[^\s\"'\\]{8,400})(?P=open)"
)
_LINE: Final = re.compile(
    rb"[ \t]*(?:- )?(?:[\"']?[\w./@-]{1,80}[\"']?:[ \t]+)?[\"']?(?P<value>[^\s\"'#]{8,400})[\"']?[ \t]*(?:#.*)?"
)
_VALUE_FIRST: Final = re.compile(
    rb"value(?<!\wvalue)\\?[\"']?\s{0,4}[:=]\s{0,4}\\?(?P<quote>[\"']?)(?P<value>[^\s\"'\\<>{}]{6,120})(?P=quote)?\\?[\"']?,?\s{1,80}"
    rb"\\?[\"']?(?:name|key)\\?[\"']?\s{0,4}[:=]\s{0,4}\\?[\"']?[\w.-]{0,60}(?:pass(?:word|wd|phrase)?|pwd|secret|token|(?:api|access|private|signing|encryption)[_.-]?key)(?![a-z]{4})"
)  # fmt: skip
_LEAST_BYTES: Final = 16
_BYTES: Final = re.compile(
    rb"(?i)(?:key|secret|salt|token|seed)\w{0,20}(?:\[\w{0,20}\])?[ \t]{0,8}(?::[^=\n;]{0,40})?(?:[:=]|:=)[^\n{(\[]{0,40}[{(\[]{1,2}\s{0,8}"
    rb"(?P<value>(?:0x[0-9a-f]{1,2}[uU]?\s{0,40},\s{0,40}){15,4096}0x[0-9a-f]{1,2})"
)
_GENERATED: Final = re.compile(
    rb"\"(?:result|bcrypt_hash|private_key_pem|private_key_openssh)\"\s{0,4}:\s{0,4}\"(?P<value>[^\"\n]{8,8000})\""
)
_COLUMN: Final = re.compile(
    rb"(?i)[\s\"'`*]*(?:[\w-]+[ _-]){0,3}(?:password|passwd|passphrase|pwd|secret|token|secret access key|(?:api|access|secret|private|signing|auth)[ _-]?key)[\s\"'`*]*"
)
#: A parameter with a default; what ends a text of base64 is none.
_PARAMETER: Final = re.compile(rb"[A-Za-z_]\w{0,80}=(?!=*$)")
_AROUND_CELL: Final = b" \t\r\"'`*"
_DIVIDERS: Final = (b",", b";", b"\t", b"|")
_TELLING: Final = tuple((word, re.compile(word)) for word in (b"pass", b"secret", b"token", b"pwd", b"key"))
_LONGEST_HEAD: Final = 2_000


def find(source: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each value; some may overlap. `lowered` is the source in small letters."""
    if b"Secret" in source and _MANIFEST.search(source):
        yield from _manifests(source)
    yield from _mappings(source, lowered)
    if source.count(b"0x") >= _LEAST_BYTES:
        yield from (match.span("value") for match in _BYTES.finditer(source))
    if b"random_" in source or b"tls_private_key" in source:
        yield from (match.span("value") for match in _GENERATED.finditer(source))
    for match in _VALUE_FIRST.finditer(lowered) if b"value" in lowered else ():
        if values.is_password(_text(source[slice(*match.span("value"))])):
            yield match.span("value")
    yield from _columns(source, lowered)


def _manifests(source: bytes) -> Iterator[tuple[int, int]]:
    """All that a Kubernetes Secret holds, whatever it is called: base64 or plain, of one line or of several."""
    ends = [match.start() for match in _DOCUMENT.finditer(source)]
    for start, end in zip([0, *ends], [*ends, len(source)], strict=True):
        if not _MANIFEST.search(source, start, end):
            continue
        for block in _DATA.finditer(source, start, end):
            for line, at in _deeper(source, block.end() + 1, end, len(block[1])):
                value = _DATUM.fullmatch(line)
                if value is not None and _is_value(_text(value[1])):
                    yield at + value.start(1), at + value.start(1) + len(value[1].rstrip())
        for block in _DATA_OF_JSON.finditer(source, start, end):
            for entry in re.finditer(rb":\s{0,4}\"([^\"\n]+)\"", block[1]):
                if _is_value(_text(entry[1])):
                    yield block.start(1) + entry.start(1), block.start(1) + entry.end(1)


def _is_value(text: str) -> bool:
    return len(text) > 3 and not values.is_placeholder(text)


def _mappings(source: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    done = 0
    joined = vocabulary(lowered).joined
    headings = (match for mark, shape in _HEADINGS if mark in joined for match in shape.finditer(lowered))
    for heading in sorted(headings, key=re.Match.start):
        at = heading.end()
        if heading.start() < done:
            continue
        if heading["opens"]:
            end = source.find({b"{": b"}", b"[": b"]", b"(": b")"}[heading["opens"]], at, at + 8_000)
            for entry in _ENTRY.finditer(source, at - 1, max(end + 1, at)):
                if _convinces(_text(entry["value"])):
                    yield entry.span("value")
            done = max(end, at)
            continue
        line_start = source.rfind(b"\n", 0, heading.start()) + 1
        indent = len(source[line_start:at]) - len(source[line_start:at].lstrip())
        for line, start in _deeper(source, at, len(source), indent):
            value = _LINE.fullmatch(line)
            if value is not None and _convinces(_text(_without_code(value["value"]))):
                yield start + value.start("value"), start + value.end("value")
            done = start + len(line)


def _without_code(value: bytes) -> bytes:
    """A line below a heading without what only a program writes around a value: `status=HTTP_401,`, `CommentNode,`."""
    bare = value.rstrip(b",;")
    return bare.partition(b"=")[2] if _PARAMETER.match(bare) else bare


def _convinces(text: str, length: int = 10) -> bool:
    return values.is_random(text, length) and not values.is_code(text) and not values.is_uuid(text)


def _deeper(source: bytes, at: int, end: int, indent: int) -> Iterator[tuple[bytes, int]]:
    """The lines that stand deeper than a heading, and where each begins."""
    while at < end:
        stop = source.find(b"\n", at, end)
        stop = stop if stop >= 0 else end
        line = source[at:stop].rstrip(b"\r")
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return
        if line.strip():
            yield line, at
        at = stop + 1


def _columns(source: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """The cells below a heading, in a table of Markdown and in lines of cells."""
    joined = vocabulary(lowered).joined
    tellings = sorted(match.end() for word, shape in _TELLING if word in joined for match in shape.finditer(lowered))
    at = 0
    for telling in tellings:
        if telling <= at:
            continue
        first, at = source.rfind(b"\n", 0, telling) + 1, source.find(b"\n", telling)
        at = at if at >= 0 else len(source)
        head = source[first:at] if at - first <= _LONGEST_HEAD else b""
        # Tabs before a line are its indentation, which parts no cells: `tok Token` above `doc *Node`.
        inside = head.lstrip(b"\t")
        divider = next((sign for sign in _DIVIDERS if sign in inside and _telling(head, sign)), None)
        if divider is None:
            continue
        columns, count = _telling(head, divider), head.count(divider)
        # `mbedtls_key_id_t private_key,` above `uint8_t *output,`, `token,` above `most=None,`: parameters, one a line.
        declares = head.rstrip().endswith(divider)
        while at + 1 < len(source):
            end = source.find(b"\n", at + 1)
            end = end if end >= 0 else len(source)
            line = source[at + 1 : end]
            if line.count(divider) != count:
                break
            cells, place = line.split(divider), at + 1
            for number, cell in enumerate(cells):
                bare = cell.strip(_AROUND_CELL)
                is_declared = declares and (b" " in bare or _PARAMETER.match(bare) is not None)
                if number in columns and not is_declared and _convinces(text := _text(bare), 6):
                    start = place + cell.index(text.encode("utf-8", "surrogateescape"))
                    yield start, start + len(bare)
                place += len(cell) + 1
            at = end


def _telling(line: bytes, divider: bytes) -> set[int]:
    return {number for number, cell in enumerate(line.split(divider)) if is_telling(cell)}


def is_telling(heading: bytes) -> bool:
    """Whether what stands below a heading, or in a column of this name, is secret."""
    return _COLUMN.fullmatch(heading) is not None


def _text(value: bytes) -> str:
    return value[:400].decode("utf-8", "surrogateescape")

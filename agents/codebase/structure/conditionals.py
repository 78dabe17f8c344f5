"""What a grammar stumbles over is taken out before it reads: for C, C++ and C# what their preprocessor would remove.

A grammar sees both branches of every `#if`, and macros that stand where a declaration would. Only when it stumbles over
them is the text read again without them; blanks take their place, so that every offset and line stays what it was.
"""

from __future__ import annotations

import re
from itertools import pairwise

from agents.codebase.structure import kotlin_text, scala_text, script_text
from agents.codebase.structure.enumerators import open_enumerators
from agents.codebase.structure.macro_comments import comments_in_values
from agents.codebase.structure.macro_names import bare_classes, open_names, storage_macros
from agents.codebase.structure.macros import NO_CODE, blanks, code_alone, drop_macros, without_open_comments

LANGUAGES = frozenset({"c", "cpp", "csharp", "kotlin", "scala", "typescript", "tsx"})
#: What changes the text of languages whose grammar is given it as it is at first.
_AT_SECOND = {"scala": scala_text.tidied, "typescript": script_text.tidied, "tsx": script_text.tidied}
_DIRECTIVE = re.compile(rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b(?:[^\n]*\\\r?\n)*[^\n]*", re.MULTILINE)
_TYPE_WORDS = b"extern|struct|union|enum|const|unsigned|signed|void|char|short|int|long|float|double|bool|size_t"
#: A macro alone on its line, such as DECLARE_HOOK(name) or DEFINE_FLAG(int, depth, 4, "how deep");
_MACRO_LINE = re.compile(
    rb"^[ \t]{0,12}[A-Z][A-Z0-9_]{2,60}[ \t]?\((?:[^()\n;{}]|\([^()\n]{0,200}\)){0,300}\)[ \t]*;?[ \t]*(?://[^\n]*)?\r?$"
    rb"(?!\n\s{0,40}[{:<.?|+%^])",
    re.MULTILINE,
)
#: A macro alone on its line that is called with nothing: `LIBRARY_BEGIN_NAMESPACE`; an enumerator has a neighbour.
_BARE_LINE = re.compile(
    rb"(?:\A|(?<![,({=|&+])(?<![,({=|&+]\r)\n)[ \t]{0,12}(?P<macro>[A-Z][A-Z0-9]{1,30}_[A-Z0-9_]{2,60})[ \t]*\r?$"
    rb"(?!\s{0,80}[}),=|&+;({])(?!\s{1,9}(?:" + _TYPE_WORDS + rb")\b)"
    rb"(?P<declared>(?=\s{1,9}(?!namespace|template|class|using|public|private|protected|typedef|export|import)[a-z_]))?",
    re.MULTILINE,
)
#: The same below the last declaration of a class: `RESTORE_WARNING` above `};`.
_BARE_END = re.compile(
    rb"(?<=\n)[ \t]{0,12}([A-Z][A-Z0-9]{1,30}_[A-Z0-9_]{2,60})[ \t]*\r?$(?=\s{1,80}\};)", re.MULTILINE
)
#: `ROW_FLAG(bool, zlib, true,` and a text below it: a call, since no declaration holds a text without `=` before it.
_CALL_WITH_TEXT = re.compile(
    rb"^[ \t]{0,12}[A-Z][A-Z0-9_]{2,60}[ \t]?"
    rb"\((?:[^()\"'{};=]|\"(?:[^\"\\\n]|\\.){0,400}\"|\([^()\n]{0,200}\)){1,400}\)[ \t]*;",
    re.MULTILINE,
)
#: `int (open_rows)(struct row *row)` keeps a macro of the same name from being called.
_NAME_IN_BRACKETS = re.compile(
    rb"^[ \t]*(?:(?:[A-Za-z_]\w{0,60}[ \t*&]{1,9}){0,5}(?:" + _TYPE_WORDS + rb"|\w{1,60}_t|\w{1,60}[ \t]*\*)[ \t*]{0,9}"
    rb"|(?:(?:static|constexpr|inline|virtual|friend)[ \t]{1,9}){1,5}[A-Za-z_][\w:]{0,99}[ \t*&]{1,9})"
    rb"(\()[A-Za-z_]\w{0,99}(\))[ \t]*\(",
    re.MULTILINE,
)
_ATTRIBUTE = re.compile(
    rb"\b(?:[A-Z][A-Z0-9_]{0,40}_(?:EXPORT|API|INLINE|NORETURN|ANALYSIS|DEPRECATED|NODISCARD|UNUSED|PUBLIC|CONSTEXPR\d*|NOEXCEPT)"
    rb"|ATTRIBUTE_[A-Z_]{2,40})\b(?!\s{0,9}[(*])"
)
#: `LIBRARY_SYMBOL struct queue *queue_new(void);`: only a macro in capitals stands before a word that begins a type.
_BEFORE_TYPE = re.compile(rb"^[A-Z][A-Z0-9_]{5,60}(?=\s{1,9}(?:" + _TYPE_WORDS + rb")\b)", re.MULTILINE)
_TYPE_WITH_BODY = re.compile(rb"\s{1,9}(?:struct|union|enum|class)\b[^;(){}]{0,200}\{")
#: The end of a parameter list, and macros behind it.
_ENDS_LIST = re.compile(rb"\)(?:\s{1,9}[A-Z][A-Z0-9_]{2,60})*\Z")
_GOES_ON = (b"\\", b"=", b",", b"(", b"|", b"&", b"+", b"?", b":")
_FURTHEST = 400
#: Comments of elements are long.
_FAR = 4_000
_CONTINUED = re.compile(rb"\\\r?\n")
_DEFINED_BESIDE = re.compile(rb"^[ \t]*#[ \t]*define\b[^\n]*?//", re.MULTILINE)
_COMMENT_OF_MACRO = re.compile(
    rb"[ \t]*#[ \t]*define\b"
    rb"(?:[^\"'\n/]|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|/\*(?:[^*\n]|\*(?!/))*\*/|/(?![/*]))*+"
    rb"(//[^\r\n]{2,})(?<!\\)$",
    re.MULTILINE,
)
_ZERO = re.compile(rb"^[ \t]*#[ \t]*if[ \t]+0[ \t]*(?:/[/*][^\n]*)?\r?$")


#: The statements of C++20's modules, and their word before a declaration.
_MODULE = re.compile(
    rb"^[ \t]*(?:(?:export\s{1,9})?(?:module(?:\s{1,9}[\w.:]{1,200})?|import\s{1,9}[\w.:<>\"/]{1,200})[ \t]*;"
    rb"|export(?=\s{1,9}[\w{]))",
    re.MULTILINE,
)
_MARK = rb"(?:\[\[[^\[\]\n]{1,200}\]\]|__attribute__[ \t]*\(\((?:[^()\n]|\([^()\n]{0,100}\)){1,200}\)\))"
#: `BLUE [[deprecated]] = 3`
_MARKED_VALUE = re.compile(
    rb"(?:^[ \t]{0,80}|[{,]\s{0,200})\w{1,99}\s{1,9}(" + _MARK + rb")(?=\s{0,9}(?:[=,}]|/[/*]))", re.MULTILINE
)
#: `enum class [[nodiscard]] Colour {`, `struct alignas(16) Row {`
_MARKED_TYPE = re.compile(
    rb"\b(?:enum(?:\s{1,9}(?:class|struct))?|class|struct|union)\s{1,9}"
    rb"((?:(?:"
    + _MARK
    + rb"|alignas[ \t]*\([^()\n]{1,100}\))\s{0,9}){1,9})(?=[A-Za-z_][\w:]{0,100}\s{0,40}(?:final\s{0,40})?[:{])"
)
#: `int opened OF((const char *path));` declares its parameters to compilers that know them.
_WRAPPED_LIST = re.compile(
    rb"(?<=[\w)])[ \t]{1,9}([A-Z_]{1,40}[ \t]?\()\((?:[^()]|\([^()]{0,200}\)){0,600}\)(\))(?=[ \t]*;)"
)
#: `local int compare(a, b)`: no two types stand side by side, so that the first is a macro.
_WORD_BEFORE_TYPE = re.compile(
    rb"^(?!(?:" + _TYPE_WORDS + rb"|static|inline|register|volatile|typedef|return|else|auto|_\w*)\b)[a-z]\w{1,40}"
    rb"(?=[ \t]{1,9}(?:" + _TYPE_WORDS + rb")\b)",
    re.MULTILINE,
)
_QT_MACRO = re.compile(
    rb"^[ \t]*Q_(?:OBJECT|GADGET|NAMESPACE|INTERFACES|PROPERTY|ENUM|ENUMS|FLAG|FLAGS"
    rb"|DECLARE_\w{2,40}|DISABLE_\w{2,40}|CLASSINFO"
    rb"|PRIVATE_SLOT|INVOKABLE)\b(?:[ \t]*\((?:[^()\n]|\([^()\n]{0,200}\)){0,400}\))?",
    re.MULTILINE,
)
_QT_SLOTS = re.compile(rb"\b(?:public|protected|private)\s{1,9}((?:slots|Q_SLOTS)[ \t]*)(?=:)")
_QT_SIGNALS = re.compile(rb"^([ \t]*)(signals|Q_SIGNALS)(?=[ \t]*:)", re.MULTILINE)


def prepared(language: str, data: bytes) -> bytes:
    """The text without what a grammar reads wrongly and does not complain of; as long as before, line by line."""
    if language in _AT_SECOND:
        return data
    if language == "kotlin":
        return kotlin_text.prepared(data)
    cleaned = bytearray(data)
    if language in {"c", "cpp"}:
        _prepare_c(cleaned, data)
    if language == "cpp":
        _prepare_cpp(cleaned, data)
    return bytes(cleaned)


def _prepare_c(cleaned: bytearray, data: bytes) -> None:
    bare_classes(cleaned, data)
    for start, end in comments_in_values(data):
        _blank(cleaned, start, end)
    if b"define" in data and b"//" in data:
        # To the grammar such a comment is a part of the macro's value; what is read is the file's own text.
        for line in _DEFINED_BESIDE.finditer(data):
            if beside := _COMMENT_OF_MACRO.match(data, line.start()):
                start, end = beside.span(1)
                cleaned[start + 1 : start + 2], cleaned[end - 2 : end] = b"*", b"*/"
    if b"if 0" in data:
        _drop_dead(cleaned, data)
    for match in _NAME_IN_BRACKETS.finditer(data):
        _blank(cleaned, *match.span(1))
        _blank(cleaned, *match.span(2))
    open_names(cleaned, data)
    if b"enum" in data:
        open_enumerators(cleaned)
    _drop_marks(cleaned, data)


def _drop_marks(cleaned: bytearray, data: bytes) -> None:
    if b"]]" in data or b"__attribute__" in data or b"alignas" in data:
        for match in (*_MARKED_VALUE.finditer(data), *_MARKED_TYPE.finditer(data)):
            _blank(cleaned, *match.span(1))


def _prepare_cpp(cleaned: bytearray, data: bytes) -> None:
    if b"module" in data or b"import " in data:
        for match in _MODULE.finditer(data):
            _blank(cleaned, match.start(), match.end())
    for start, end in storage_macros(data):
        _blank(cleaned, start, end)
    if b"Q_" in data or b"slots" in data:
        _drop_qt(cleaned, data)


def _drop_qt(cleaned: bytearray, data: bytes) -> None:
    for match in _QT_MACRO.finditer(data):
        _blank(cleaned, match.start(), match.end())
    for match in _QT_SLOTS.finditer(data):
        _blank(cleaned, match.start(1), match.end(1))
    for match in _QT_SIGNALS.finditer(data):
        cleaned[match.start(2) : match.end(2)] = b"public".ljust(len(match.group(2)))


def tidied(language: str, data: bytes) -> bytes:
    """The text without second branches, and without macros in the place of declarations; as long as before."""
    if language == "kotlin":
        return kotlin_text.tidied(data)
    if language in _AT_SECOND:
        return _AT_SECOND[language](data)
    cleaned = bytearray(data)
    _drop_branches(cleaned, data)
    if language != "csharp":
        _drop_macro_lines(cleaned, data)
        _drop_words(cleaned, data)
        _drop_bare_lines(cleaned, data)
        drop_macros(cleaned)
    return bytes(cleaned)


def _drop_words(cleaned: bytearray, data: bytes) -> None:
    """Blank the words around a parameter list and before a type."""
    for pattern, groups in ((_WRAPPED_LIST, (1, 2)), (_WORD_BEFORE_TYPE, (0,))):
        for span in (match.span(group) for match in pattern.finditer(data) for group in groups):
            _blank(cleaned, *span)
    for match in _BEFORE_TYPE.finditer(data):
        # A word of the language keeps the declaration on the line below its comment; a type is not declared so.
        word = b"" if _TYPE_WITH_BODY.match(data, match.end()) else b"extern"
        cleaned[match.start() : match.end()] = word.ljust(len(match.group()))


def _drop_bare_lines(cleaned: bytearray, data: bytes) -> None:
    """Blank the macros that are called with nothing and stand alone on their lines."""
    bare = list(_BARE_LINE.finditer(data))
    code = code_alone(data) if bare else b""
    for match in bare:
        start, end = match.span("macro")
        if _before(cleaned, start).endswith(_GOES_ON) or _is_enumerator(code, start, end):
            continue
        if match.group("declared") is None:
            _blank(cleaned, start, end)
        else:
            cleaned[start:end] = b"extern".ljust(end - start)
    for match in _BARE_END.finditer(data):
        if NO_CODE.sub(b" ", _before(cleaned, match.start())).rstrip().endswith((b";", b"}")):
            _blank(cleaned, *match.span(1))


def _is_enumerator(code: bytes, start: int, end: int) -> bool:
    """Whether a list goes on before or behind a name, whatever comments stand between."""
    before, behind = code[max(0, start - _FAR) : start].rstrip(), code[end : end + _FAR].lstrip()
    return before.endswith((b",", b"{")) and behind.startswith((b",", b"}"))


def _drop_macro_lines(cleaned: bytearray, data: bytes) -> None:
    """Blank the macros that stand alone on their lines, and attributes; the semicolon below a head is the head's."""
    continued = _CONTINUED.search(data) is not None
    for call in _CALL_WITH_TEXT.finditer(data):
        if b'"' in call.group():
            _blank(cleaned, *call.span())
    for pattern in (_MACRO_LINE, _ATTRIBUTE):
        for match in pattern.finditer(data):
            line = data.rfind(b"\n", 0, match.start()) + 1
            before = data[line : match.start()].strip()
            named = before.endswith(b"}") and data[match.end() : match.end() + 1] == b";"  # a type of such a name
            if before.startswith(b"#") or named or (continued and data[max(0, line - 3) : line].find(b"\\") >= 0):
                continue
            _blank(cleaned, match.start(), match.end())
            if b";" in match.group() and _ENDS_LIST.search(_before(cleaned, line)):
                at = match.start() + match.group().rindex(b";")
                cleaned[at : at + 1] = b";"


def _before(cleaned: bytearray, at: int) -> bytes:
    return bytes(cleaned[max(0, at - _FURTHEST) : at]).rstrip()


def _drop_dead(cleaned: bytearray, data: bytes) -> None:
    """Blank what stands between `#if 0` and its `#else` or `#endif`."""
    depth, start = 0, -1
    for match in _DIRECTIVE.finditer(data):
        word = match.group(1)
        if start < 0:
            if _ZERO.match(match.group()):
                depth, start = 0, match.end()
        elif word not in {b"else", b"elif", b"endif"}:
            depth += 1
        elif depth:
            depth -= word == b"endif"
        else:
            _blank(cleaned, start, match.start())
            start = -1


def _drop_branches(cleaned: bytearray, data: bytes) -> None:
    """Blank the directives, and from an `#else` or `#elif` to its `#endif` what is not declarations of its own."""
    opened: list[list[re.Match[bytes]]] = []
    for match in _DIRECTIVE.finditer(data):
        word = match.group(1)
        if word in {b"else", b"elif"}:
            if opened:
                opened[-1].append(match)
        elif word != b"endif":
            opened.append([match])
        elif opened:
            starts = opened.pop()
            spans = list(pairwise([*starts, match]))
            if not all(_is_whole(data[first.end() : last.start()]) for first, last in spans):
                for first, last in spans[1:]:
                    _blank(cleaned, first.start(), last.start())
        _blank(cleaned, match.start(), match.end())


def _is_whole(branch: bytes) -> bool:
    """Whether a branch is directives and declarations from their first word to their last sign."""
    code = NO_CODE.sub(b" ", without_open_comments(branch)).strip()
    balanced = all(code.count(bytes([a])) == code.count(bytes([b])) for a, b in (b"()", b"{}"))
    return not code or (balanced and code.endswith((b";", b"}")) and code[:1] not in b"{;:),=|&?+-*/.")


def _blank(cleaned: bytearray, start: int, end: int) -> None:
    cleaned[start:end] = blanks(bytes(cleaned[start:end]))

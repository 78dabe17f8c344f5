"""C's and C++'s macros in the place of a declaration's words: a grammar takes each for a type, or stumbles over it.

What a macro stands for is in another file as a rule, so its place decides: a name in capitals before a type and a name,
between both, or behind a parameter list is no part of what is declared. Blanks take its place. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

_MACRO = re.compile(rb"\b_{0,3}(?:[A-Z][A-Z0-9]{0,60}_[A-Z0-9_]{0,60}|[A-Z][A-Z0-9]{2,60})\b")
_ARGUMENTS = re.compile(
    rb"[ \t]{0,9}\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]{0,400}+\)){0,400}+\)){0,400}+\)){0,400}+\)"
)
#: Of no interest here: comments, strings and directives with their continued lines.
NO_CODE = re.compile(
    rb"/\*.*?\*/|//[^\n]*|(?<!\\)\"(?:[^\"\\\n]|\\.)*+\"|^[ \t]*#(?:[^\n]*\\\r?\n)*[^\n]*", re.DOTALL | re.MULTILINE
)
_STORAGE = (
    b"static|inline|extern|virtual|constexpr|consteval|constinit|friend|explicit|register|typedef|volatile|const"
    b"|mutable|thread_local|typename"
)
_TYPE_WORDS = b"struct|union|enum|class|unsigned|signed|void|char|short|int|long|float|double|bool|size_t|auto"
_ANGLES = rb"<(?:[^<>;{}]|<(?:[^<>;{}]|<[^<>;{}]{0,300}+>){0,300}+>){0,300}+>"
_TYPE = rb"[A-Za-z_]\w{0,99}(?:::\w{1,99}){0,9}(?:\s{0,9}" + _ANGLES + rb")?(?:::\w{1,99}){0,9}"
_NAME = (
    rb"(?:[A-Za-z_]\w{0,99}(?:<[^<>;{}()]{0,99}>)?::){0,9}"
    rb"(?:~?(?!operator\b)[A-Za-z_]\w{0,99}|operator\s{0,9}[^\w\s]{1,3})"
)
_CALLING = rb"(?:WINAPIV?|APIENTRY|CALLBACK|PASCAL|[A-Z_]{0,40}(?:CALL|CDECL|_CC))\b"
#: A type that no macro is called as.
_OWN_TYPE = rb"(?=[A-Z0-9_]{0,99}[a-z])" + _TYPE
_BLANKS = re.compile(rb"\s*")
_NO_TYPE = rb"(?!" + _CALLING + rb"|(?:const|volatile|restrict)\b)"
_SPECIFIES = re.compile(
    rb"\s{1,40}(?:(?:" + _STORAGE + rb"|template|using|" + _TYPE_WORDS + rb")\b"
    rb"|(?!" + _CALLING + rb")" + _TYPE + rb"[\s*&]{1,20}(?:const\s{1,9})?" + _NAME + rb"\s{0,9}\("
    rb"|" + _NO_TYPE + _OWN_TYPE + rb"[\s*&]{1,20}(?:const\s{1,9})?[A-Z][A-Z0-9_]{2,60}\s{1,9}\w{1,99}\s{0,9}\("
    rb"|" + _NO_TYPE + _OWN_TYPE + rb"[\s*&]{1,20}[A-Za-z_]\w{0,99}\s{0,9};"
    rb"|" + _NO_TYPE + _TYPE + rb"[\s*&]{1,20}[A-Za-z_]\w{0,99}\s{0,40}(?:\{|=(?!=))"
    rb"|(?:\w{1,99}::){0,9}(\w{1,99})::~?\1\s{0,9}\(|~\w{1,99}\s{0,9}\(|(?:\w{1,99}::){0,9}operator\s{1,9}\w"
    rb"|\w{1,99}" + _ARGUMENTS.pattern + rb"\s{0,40}(?:noexcept\s{0,40})?:(?!:))"
)
#: `FILE const *log`, `LONG const rows = 3`: what stands before is the type.
_EAST = re.compile(
    rb"\s{1,40}(?:const|volatile)\b\s{0,9}(?:[*&]|(?!(?:" + _TYPE_WORDS + rb")\b)[A-Za-z_]\w{0,99}\s{0,9}[=;,{(\[)])"
)
_BEFORE_NAME = re.compile(rb"\s{1,40}" + _NAME + rb"\s{0,9}\(")
#: `extern int LIBRARY_INTERNAL depth[];`
_BEFORE_VARIABLE = re.compile(rb"\s{1,40}[A-Za-z_]\w{0,99}\s{0,9}[\[;=]")
#: `enum ROW_KIND kind(void);`: the word in capitals is the type's own.
_TAGGED = re.compile(rb"\b(?:struct|union|enum)\s*\Z")
_ENDS_HEAD = re.compile(rb"\s{0,80}(?:[;{:=]|const\b|noexcept\b|override\b|final\b|[A-Z][A-Z0-9_]{2,60}\b)(?!:)")
_HEAD = re.compile(rb"(?:\)|\b(?:const|noexcept|override|final)|[A-Z][A-Z0-9_]{2,60})\s*\Z")
_POINTED = re.compile(rb"\(\s{0,9}([A-Z][A-Z0-9_]{2,60})\s{0,9}(?=\*{1,3}\s{0,9}\w{0,99}\s{0,9}\)\s{0,9}\()")
#: `(GLAPIENTRYP PROC)(int row)`: by its last letter the macro is a pointer as well.
_POINTS = re.compile(rb"\btypedef\b[^;{}()]{1,200}\(\s{0,9}([A-Z][A-Z0-9_]{1,60}P)\s{1,9}\w{1,99}\s{0,9}\)\s{0,9}\(")
_WORDS = re.compile(rb"\b(?:" + _STORAGE + rb"|[A-Z][A-Z0-9_]{2,60})\b|\b(?:public|private|protected)\s*:")
_TEMPLATE = re.compile(rb"\btemplate\s{0,9}" + _ANGLES)
_IN_TEMPLATE = re.compile(rb"\btemplate\s{0,9}<[^;{}]{0,2000}\Z")
_STATEMENT = re.compile(rb"\b(?:return|case|goto|new|delete|throw|else|sizeof|if|while|for|switch|do)\b")
_BRACES = re.compile(rb"=\s{0,9}\{\s{0,9}\}(?=\s{0,9}[,)])")
#: An instantiation declares nothing that is not declared elsewhere; a grammar knows few of the types below an enum.
_INSTANTIATED = re.compile(rb"^[ \t]*(?:extern\s{1,9})?template\s{1,9}(?!\s*<)[^;{}]{1,400};", re.MULTILINE)
#: `DECLARE_COMPARISON(Equal, equal, ==);`: an operator alone is no argument of a function.
_OPERATOR_CALL = re.compile(
    rb"^[A-Z][A-Z0-9_]{2,60}[ \t]?\((?:[\w\s:,]{0,300},)?\s{0,80}[=!<>+*/%&|^-]{1,3}\s{0,9}\)[ \t]*;", re.MULTILINE
)
#: `__suppress_checks__("overflow") bool verify(`: what is called with a text before a type is an attribute.
_SAYS = re.compile(
    rb"(?:^|\btemplate\s{0,9}"
    + _ANGLES
    + rb")[ \t]*(_{1,2}[a-z]\w{0,60}[ \t]?\( {2,200}\))(?=\s{1,9}[A-Za-z_]\w*[\s*&:])",
    re.MULTILINE,
)
_DECLTYPE = re.compile(rb"\bdecltype" + _ARGUMENTS.pattern)
_BELOW_ENUM = re.compile(rb"\benum\b[^{};():]{0,100}(:[\w\s:]{1,60})(?=\{)")
#: What a file itself defines as nothing, or as words that say how something is stored.
_EMPTY = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+(\w{2,60})(\([\w, .]{0,60}\))?(?:[ \t]+(?:" + _STORAGE + rb"|override|final|noexcept"
    rb"|throw\(\)|__inline(?:__)?|__forceinline|__restrict|__extension__|__attribute__[ \t]*\(\([^\n]{0,80}\)\)"
    rb"|__declspec\([^\n()]{0,40}\)|\[\[[^\n\]]{0,60}\]\]))*[ \t]*(?:/[/*][^\n]*)?\r?$",
    re.MULTILINE,
)
_DEFINED = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w{2,60})", re.MULTILINE)
_DEFINITION = re.compile(rb"^[ \t]*#[ \t]*define\b(?:[^\n]*\\\r?\n)*[^\n]*", re.MULTILINE)
_VALUE = re.compile(rb"=\s{0,40}\{")
_BRACE = re.compile(rb"[{}]")
_LONGEST_VALUE = 200_000
#: `int count GUARDED_BY(lock);`: a type and a name before it.
_NAMED = re.compile(
    rb"(?:^|[\w>*&\]])[\s*&]+(?!(?:" + _TYPE_WORDS + rb"|" + _STORAGE + rb")\b)[A-Za-z_]\w*(?:\[\w*\])?\s*\Z"
)
#: `JSON_PRIVATE_UNLESS_TESTED:` says who may use what follows.
_ACCESS = re.compile(rb"^[ \t]*([A-Z0-9_]{0,60}(PRIVATE|PROTECTED|PUBLIC)[A-Z0-9_]{0,60})[ \t]*:(?!:)", re.MULTILINE)
#: `JSON_TRY {` and `JSON_CATCH(...) {` are the words of the language where exceptions are on.
_TRIES = re.compile(rb"\b([A-Z][A-Z0-9_]{0,40}_(TRY|CATCH))\b(?=\s{0,80}\{|[ \t]*\()")
#: `struct stream {` above `HANDLE_FIELDS`.
_HOLDS_FIELDS = re.compile(rb"\b(?:struct|union|class)\b[^;{}()]{0,200}\{\s*\Z")
#: What no declaration begins with goes on with a statement: `EXPECT_EQ(one, two)` above `<< three;`.
_ENDS_LINE = re.compile(rb"[ \t]*\r?(?:\n\s{0,200}(?![{(=,:;\s<>.?|+/%^-])|\Z)")
#: `RETURNS((is_number), (int)) size();`: a call in the place of a type.
_AFTER_TYPE = re.compile(rb"\s{0,9}[*&]{0,3}\s{0,9}(?:" + _NAME + rb"\s{0,9}[;(=,]|operator\b)")
_ALIASED = re.compile(rb"using\s{1,9}\w{1,99}\s{0,9}=\Z")
_FURTHEST = 600
#: A file with more words in capitals holds data.
_MOST_MACROS = 8_000


def drop_macros(cleaned: bytearray) -> None:
    """Blank the macros of a text that is C or C++ and that its grammar does not understand."""
    code = bytearray(code_alone(bytes(cleaned)))
    _drop_what_no_grammar_knows(cleaned, code)
    if b"define" in cleaned:
        _open_values(cleaned, code)
    _drop_empty(cleaned, code)
    for macro in islice(_MACRO.finditer(bytes(code)), _MOST_MACROS):
        start = macro.start()
        if code[start] == ord(" "):
            continue
        called = _ARGUMENTS.match(code, macro.end())
        end = called.end() if called else macro.end()
        if _is_line_of_fields(code, start, end, called is not None):
            _blank(cleaned, code, start, end)
        elif called and (_is_template_parameter(code, start, end) or _is_type(code, start, end)):
            _stand_in(cleaned, start, end)
        elif _is_no_word(code, start, end, called is not None):
            _blank(cleaned, code, start, end)


def _drop_what_no_grammar_knows(cleaned: bytearray, code: bytearray) -> None:
    for pattern, group in ((_POINTED, 1), (_INSTANTIATED, 0), (_BELOW_ENUM, 1), (_OPERATOR_CALL, 0), (_SAYS, 1)):
        for match in pattern.finditer(bytes(code)):
            _blank(cleaned, code, *match.span(group))
    for macro in _POINTS.finditer(bytes(code)):
        start, end = macro.span(1)
        cleaned[start:end] = code[start:end] = b"*".ljust(end - start)
    for pattern in (_ACCESS, _TRIES):
        for word in pattern.finditer(bytes(code)):
            start, end = word.span(1)
            cleaned[start:end] = code[start:end] = word.group(2).lower().ljust(end - start)
    for braces in _BRACES.finditer(bytes(code)):
        start, end = braces.span()
        cleaned[start:end] = code[start:end] = b"=0".ljust(end - start)
    for spelled in _DECLTYPE.finditer(bytes(code)):
        if b"," in spelled.group():
            _stand_in(cleaned, *spelled.span())


def _open_values(cleaned: bytearray, code: bytearray) -> None:
    """Take the braces from around macros that a variable's value defines between its elements."""
    for value in _VALUE.finditer(bytes(code)):
        depth, end = 1, value.end()
        while depth and (brace := _BRACE.search(code, end)):
            depth += 1 if brace.group() == b"{" else -1
            end = brace.end()
        inside = bytes(cleaned[value.end() : end])
        if depth or len(inside) > _LONGEST_VALUE or not _DEFINED.search(inside):
            continue
        _blank(cleaned, code, value.start(), value.end())
        cleaned[value.start() : value.start() + 1] = b";"
        last = value.end()
        for define in _DEFINITION.finditer(inside):
            _blank(cleaned, code, last, value.end() + define.start())
            last = value.end() + define.end()
        _blank(cleaned, code, last, end)


def _drop_empty(cleaned: bytearray, code: bytearray) -> None:
    empty = _empty(bytes(cleaned))
    if not empty:
        return
    names = re.compile(rb"\b(?:" + b"|".join(map(re.escape, sorted(empty))) + rb")\b")
    for use in names.finditer(bytes(code)):
        called = _ARGUMENTS.match(code, use.end()) if empty[use.group()] else None
        _blank(cleaned, code, use.start(), called.end() if called else use.end())


def _empty(text: bytes) -> dict[bytes, bool]:
    """The macros that stand for no word of a declaration in any of their definitions, and whether they are called."""
    defined = Counter(_DEFINED.findall(text))
    empty = [(name, bool(arguments)) for name, arguments in _EMPTY.findall(text)]
    often = Counter(name for name, _ in empty)
    return {name: called for name, called in empty if often[name] == defined[name]}


def _is_line_of_fields(code: bytearray, start: int, end: int, called: bool) -> bool:
    """Whether a macro without a semicolon stands alone on its lines where a declaration might begin."""
    line = code.rfind(b"\n", 0, start) + 1
    if code[line:start].strip() or not _ENDS_LINE.match(code, end):
        return False
    before = bytes(code[max(0, start - _FURTHEST) : start])
    sign = before.rstrip()[-1:]
    if sign == b";":
        return called or code[end : end + 200].lstrip()[:1] == b"}"
    return _HOLDS_FIELDS.search(before) is not None or (called and sign in {b"", b"}"})


def _is_type(code: bytearray, start: int, end: int) -> bool:
    """Whether a called macro stands where the type of a declaration would."""
    if not _AFTER_TYPE.match(code, end):
        return False
    before = bytes(code[max(0, start - _FURTHEST) : start])
    declared = before[max(before.rfind(sign) for sign in b";{}") + 1 :]
    typed = _WORDS.sub(b"", _TEMPLATE.sub(b"", declared)).strip()
    return not typed or _ALIASED.match(typed) is not None


def _is_template_parameter(code: bytearray, start: int, end: int) -> bool:
    """`template <typename T, ENABLE_IF(!is_integral<T>::value)>`."""
    before = bytes(code[max(0, start - _FURTHEST) : start])
    return (
        before.rstrip().endswith((b",", b"<"))
        and bytes(code[end : end + 80]).lstrip()[:1] in {b",", b">", b"="}
        and _IN_TEMPLATE.search(before) is not None
    )


def _is_no_word(code: bytearray, start: int, end: int, called: bool) -> bool:
    """Whether what stands here is part of no declaration, by what stands before and behind it."""
    before = bytes(code[max(0, start - _FURTHEST) : start])
    declared = before[max(before.rfind(sign) for sign in b";{}") + 1 :]
    if _ENDS_HEAD.match(code, end) and _HEAD.search(declared) and _is_function(declared):
        return True
    if _TAGGED.search(declared) and _BEFORE_NAME.match(code, end):
        return False
    if declared.count(b"(") != declared.count(b")") or b"=" in declared or _STATEMENT.search(declared):
        return False
    if _EAST.match(code, end) and not _WORDS.sub(b"", declared).strip():
        return False
    # A comment, which is blanks here, may stand between a macro and what it specifies. Blanks match everywhere.
    if _SPECIFIES.match(code, max(end, _BLANKS.match(code, end).end() - 1)):  # type: ignore[union-attr]
        return True
    if called and code[end : end + 40].lstrip()[:1] == b";" and _NAMED.search(_WORDS.sub(b"", declared).strip()):
        return True
    typed = _WORDS.sub(b"", _TEMPLATE.sub(b"", declared)).strip()
    if not typed or called:
        return False
    is_variable = _BEFORE_VARIABLE.match(code, end) is not None and not _TAGGED.search(declared)
    return is_variable or _BEFORE_NAME.match(code, end) is not None


def _is_function(declared: bytes) -> bool:
    """Whether a declaration's brackets so far are a parameter list: a name stands before the first of them."""
    name, bracket, _ = declared.partition(b"(")
    return bool(
        bracket
        and declared.count(b"(") == declared.count(b")")
        and b"=" not in name.replace(b"operator=", b"")
        and re.search(rb"[\w>~]\s*\Z|operator\s*\S{1,3}\Z", name)
        and not _STATEMENT.search(name)
    )


def _stand_in(cleaned: bytearray, start: int, end: int) -> None:
    """Put a type that every grammar knows in the place of what stands here."""
    cleaned[start:end] = b"int" + blanks(bytes(cleaned[start + 3 : end]))


def _blank(cleaned: bytearray, code: bytearray, start: int, end: int) -> None:
    cleaned[start:end] = code[start:end] = blanks(bytes(cleaned[start:end]))


def code_alone(text: bytes) -> bytes:
    """The text with blanks in the place of comments, strings and directives."""
    return NO_CODE.sub(lambda part: blanks(part.group()), without_open_comments(text))


def without_open_comments(text: bytes) -> bytes:
    """The text without signs that open a comment which never ends: from each it would be read to its end."""
    closed, end, behind = text.rpartition(b"*/")
    return closed + end + behind.replace(b"/*", b"  ")


def blanks(text: bytes) -> bytes:
    """As many blanks as the text has bytes, on as many lines."""
    return re.sub(rb"[^\n]", b" ", text)

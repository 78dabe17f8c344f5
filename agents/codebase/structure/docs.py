"""Documentation comments as plain text: the tags, roles and HTML of their formats told in words.

Paragraphs stay parted by an empty line, and code keeps an indentation of four: whoever renders it can tell both.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from textwrap import indent

_HTML = (
    "p|br|li|ul|ol|pre|code|b|i|em|strong|a|tt|h[1-6]|table|tbody|thead|tr|td|th|dl|dt|dd|div|span|sup|sub|blockquote|hr|img|"
    "small|cite|var|kbd|font|center|u|s|q|summary|remarks|returns|param|typeparam|exception|value|para|c|see|seealso|"
    "paramref|typeparamref|list|item|description|term|listheader|example|inheritdoc|caption|include|permission"
)
# Capital letters stand for types far more often: only the elements that old Javadoc writes so are taken for HTML.
_TAG = re.compile(
    rf"(?<!\?P)(?<!\?)</?(?:{_HTML}|P|BR|PRE|CODE|LI|UL)(?:\s[^<>]{{0,300}})?/?>|<[^<>\s@]{{1,80}}@[^<>\s]{{1,80}}>"
)
_CROSS_REFERENCE = re.compile(
    r"<(?:see|seealso|paramref|typeparamref)\s+\w{1,20}=\"(?:\w:)?([^\"<>]{1,200})\"\s{0,9}/>"
)
_NAMED_ELEMENT = re.compile(r"<(?:param|typeparam|exception)\s+(?:name|cref)=\"(?:\w:)?([^\"<>]{1,200})\"\s{0,9}>")
_CODE_ELEMENT = re.compile(r"<(code|c|tt)>([^<>`\n]{1,200})</\1>", re.IGNORECASE)
_INLINE_TAG = re.compile(r"\{@(?:link|linkplain|linkcode|code|literal|value|see)\s+([^{}\n]{1,200})\}")
_INHERITED = re.compile(r"\{?@inheritdoc\}?", re.IGNORECASE)
_ROLE = re.compile(r":(?:[\w+-]{1,30}:){1,3}`([^`\n]{1,200}(?:\n[^`\n]{1,200})?)`")
_TARGET = re.compile(r"`([^`<>\n]{1,200}?)\s{0,9}<[^<>\n]{1,300}>`_{0,2}")
_REFERENCE = re.compile(r"`([^`\n]{1,200})`_{1,2}(?!\w)")
_LINK = re.compile(r"(?<![\w)\]`])!?\[([^\[\]\n]{1,200})\](?:\([^()\s]{0,300}\)|\[[^\[\]\n]{0,200}\])")
_CODE_LINK = re.compile(r"\[(`[^`\n]{1,200}`)\]")
_NAME_LINK = re.compile(r"(?<![\w)\]`])\[([A-Z]\w{1,60}(?:\.\w{1,60}){0,4})\](?![\w(\[:])")
_BOLD = re.compile(r"\*\*([A-Za-z][^*\n]{0,80})\*\*")
_RDOC = re.compile(r"(?<![\w+])\+([\w:.?!]{1,60})\+(?![\w+])")
_TITLE = re.compile(r"^#{1,4}[ \t]+(\S[^\n]{0,100}?)[ \t#:]*$")
_FENCE = re.compile(r"^\s{0,12}(?:```|~~~)")

_TOLD = {
    "brief": "",
    "short": "",
    "summary": "",
    "description": "",
    "desc": "",
    "details": "",
    "remarks": "",
    "note": "",
}
_TOLD |= {"apinote": "", "implnote": "", "implspec": "", "return": "Returns: ", "returns": "Returns: "}
_TOLD |= dict.fromkeys(("file", "fileoverview", "overview"), "")
_TOLD |= {"deprecated": "Deprecated: ", "yields": "Yields: "}
_NAMED = {"param": "", "arg": "", "argument": "", "tparam": "", "property": "", "prop": ""}
#: LDoc names a parameter by its type.
_NAMED |= dict.fromkeys(("string", "number", "int", "tab", "bool", "tparam"), "")
_NAMED |= dict.fromkeys(("throws", "throw", "exception", "raises", "raise"), "Raises ")
_DROPPED = frozenset(
    [
        "usage", "within", "release", "local", "section", "classmod", "script",
        "author", "since", "version", "see", "seealso", "inheritdoc", "internal", "final", "api", "var", "type",
        "typedef", "template", "implements", "extends", "public", "private", "protected", "static", "readonly",
        "override", "class", "constructor", "memberof", "module", "namespace", "function", "name", "link",
        "example", "default", "defaultvalue", "ignore", "category", "group", "package", "subpackage", "copyright",
        "license", "todo", "method", "mixin", "export", "enum", "abstract", "async", "kind", "access", "callback",
        "event", "fires", "listens", "noinspection", "suppresswarnings", "codecoverageignore", "uses", "usedby",
        "serial", "serialdata", "serialfield", "hidden", "beta", "alpha", "experimental", "covers", "test",
        "dataprovider", "ingroup", "defgroup", "addtogroup", "sa", "date", "global", "instance", "interface", "this",
        "rtype", "vartype",
    ]
)  # fmt: skip
_TAGGED = re.compile(r"^\s{0,8}[@\\]([A-Za-z]{1,30})(-[\w-]{1,40})?(?:\[[\w,]{0,20}\])?(?=[\s{:]|$)[ \t]*(.*)$")
_FIELD = re.compile(r"^:(\w{1,20})((?:[ \t]+[\w*.\\~, \[\]]{1,80})?):(?=\s|$)[ \t]*(.*)$")
_DIRECTIVE = re.compile(r"^\.\. ([\w-]{1,40})::[ \t]*(.*)$")
_DIRECTIVES = {
    "versionadded": "New in version {}.",
    "versionchanged": "Changed in version {}:",
    "deprecated": "Deprecated since version {}:",
    "note": "Note: {}",
    "warning": "Warning: {}",
    "admonition": "{}:",
    "seealso": "See also: {}",
}
_GOOGLE = re.compile(r"^(Args|Arguments|Parameters|Params|Raises|Attributes|Keyword Args|Other Parameters):\s*$")
_ENTRY = re.compile(r"^(\*{0,2}[\w.]{1,80})(?:\s{0,3}\([^()\n]{0,120}\))?:\s+(\S.*)$")
#: PHP writes a parameter's type before its name.
_VARIABLE = re.compile(r"^[^$\n]{0,200}\$(\w{1,60})\s*(.*)$")
_TYPE = re.compile(r"^\{[^{}\n]{0,200}(?:\{[^{}\n]{0,200}\}[^{}\n]{0,200}){0,5}\}\s*")


def spoken(doc: str) -> str:
    """A documentation comment without the markup of its format."""
    if not doc or _plain_already(doc):
        return doc
    text = _elements(doc)
    kept = "\n".join(_lines(text.split("\n")))
    return re.sub(r"\n{3,}", "\n\n", html.unescape(kept) if "&" in kept else kept).strip("\n").rstrip()


def _plain_already(doc: str) -> bool:
    return not any(mark in doc for mark in ("<", "@", ":", "`", "[", "\\", "+", "#", "&", ".. ", "**"))


def _elements(text: str) -> str:
    """HTML and XML elements, inline tags."""
    if "{@" in text or "@inherit" in text.lower():
        text = _INHERITED.sub("", _INLINE_TAG.sub(lambda found: f"`{found.group(1).strip()}`", text))
    if "<" not in text:
        return text
    text = re.sub(r"(@param\s+)<(\w{1,40})>", r"\1\2", text)
    text = _CODE_ELEMENT.sub(r"`\2`", _CROSS_REFERENCE.sub(r"`\1`", text))
    text = _NAMED_ELEMENT.sub(r"\n\n`\1`: ", re.sub(r"<returns>\s{0,200}", "\n\nReturns: ", text))
    text = re.sub(r"[ \t]*<(?:p|para)\s{0,3}/?>[ \t]*", "\n\n", re.sub(r"<li>\s{0,20}", "\n\n- ", text))
    return _TAG.sub("", text)


def _lines(lines: list[str]) -> Iterator[str]:
    """The lines with roles and links as words, tags and fields as paragraphs of their own."""
    dropping = fenced = google = False
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
            yield ""
            continue
        if fenced or line.startswith(("    ", "\t", ">>>")):
            if google and (entry := _ENTRY.match(line.strip())) and not fenced:
                yield from ("", f"`{entry.group(1).lstrip('*')}`: {_inline(entry.group(2))}")
            elif not dropping:
                yield _inline(line.strip()) if google else line if not fenced else indent(line, "    ")
            continue
        google = bool(_GOOGLE.match(line)) or (google and not line.strip())
        told = _tagged(line)
        if told is not None:
            # What a dropped tag goes on with is dropped as well; below a directive stands the code it introduces.
            dropping = not told and not line.startswith("..")
            yield from ("", told) if told else ("",)
        elif google and line.strip():
            yield from ("", line, "")
        elif not dropping or not line.strip():
            dropping = dropping and line != ""
            yield _inline(line)


def _tagged(line: str) -> str | None:
    """A tag's, field's or directive's line in words, empty when it says nothing, None for any other line."""
    if found := _TAGGED.match(line):
        return _tag(found.group(1).lower(), found.group(2), _inline(_TYPE.sub("", found.group(3)).strip()))
    if found := _FIELD.match(line):
        name, subject, words = found.group(1).lower(), found.group(2).strip(), found.group(3).strip()
        return _tag(name, None, _inline(f"{subject} {words}" if subject and name in _NAMED else words))
    if found := _DIRECTIVE.match(line):
        told = _DIRECTIVES.get(found.group(1), "")
        return _inline(told.format(found.group(2).strip()).strip()) if told else ""
    title = _TITLE.match(line)
    return f"{title.group(1)}:" if title else None


def _tag(name: str, variant: str | None, words: str) -> str | None:
    if variant is not None or name in _DROPPED:
        return ""
    if name in _TOLD:
        said = bool(re.search(r"\s", words)) or name not in {"return", "returns"}
        return f"{_TOLD[name]}{words}" if words and said else ""
    if name not in _NAMED:
        return None
    if name == "tparam":
        words = words.partition(" ")[2]
    if variable := _VARIABLE.match(words):
        subject, told = variable.groups()
    else:
        subject, _, told = words.partition(" ")
    told = told.lstrip("-: ")
    return f"{_NAMED[name]}`{subject.strip('`')}`: {told}" if told else ""


def _inline(line: str) -> str:
    """One line's roles, links and marks as words."""
    if "`" in line:
        line = _ROLE.sub(lambda found: f"`{_named(found.group(1))}`", line)
        line = _REFERENCE.sub(r"\1", _TARGET.sub(r"\1", line.replace("``", "`")))
    if "[" in line:
        line = _NAME_LINK.sub(r"`\1`", _CODE_LINK.sub(r"\1", _LINK.sub(r"\1", line)))
    if "**" in line:
        line = _BOLD.sub(r"\1", line)
    return _RDOC.sub(r"`\1`", line) if "+" in line else line


def _named(target: str) -> str:
    """A role's words: its title if it has one, the last part for `~a.b.c`."""
    title, angle, _ = target.partition("<")
    words = (title if angle and title.strip() else target).strip().lstrip("!.")
    return words.lstrip("~.").rpartition(".")[2] if words.startswith("~") else words

"""Cleans text that nobody vouches for, a repository's or a model's, before any contract holds it. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from agents.text.elements import without_elements
from agents.text.orders import without_orders
from agents.text.visible import visible_text
from agents.text.wording import one_line

#: Stands where something was cut out of a spoken sentence: who keeps the sentence can see that it was not clean.
CUT = "\ufffc"

#: Elements that go with all that they hold. An opening tag has a bound, so that a text of many takes no longer.
_OPENING = re.compile(r"<(script|style|iframe|object|svg|noscript)\b[^>]{0,1000}>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
#: Elements of HTML; a type's parameter, as in Vec<T> or List<Button>, follows a word and is none.
_TAG = re.compile(
    r"(?:(?<!\w)<|</)(?:a|abbr|applet|area|article|audio|b|base|big|blink|blockquote|body|br|button|canvas|center|code|dd|del"
    r"|details|dialog|div|dl|dt|em|embed|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|image|img"
    r"|input|ins|kbd|label|li|link|main|marquee|math|meta|nav|noscript|object|ol|option|p|picture|pre|script|section"
    r"|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|th|thead|title"
    r"|tr|tt|u|ul|video)\b(?:\s[^<>]*|/)?>",
    re.IGNORECASE,
)
#: What no sentence needs, wherever it stands: elements that run or load something, and any with an attribute.
_ACTIVE = re.compile(
    r"</?(?:script|iframe|embed|applet|style|meta|base|frameset)\b[^<>]*>|<[a-z][a-z0-9]*[\s/][^<>=]*=[^<>]*>",
    re.IGNORECASE,
)
_FENCED = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\](?:\([^)\n]{0,500}\)|\[[^\]\n]{0,100}\])")
_LINK = re.compile(r"(?<![\w\])])\[([^\[\]\n]{0,300})\]\([^()\n]{0,400}(?:\([^()\n]{0,100}\)[^()\n]{0,100})?\)")
_URL = re.compile(
    r"<?\b(?:(?:https?|ftp|wss?|file)://|www\.(?=\w)|(?:javascript|vbscript):(?=\S)|mailto:(?=\S+@)|data:(?=\w+/\w))"
    r"[^\s<>`]*[^\s<>`.,;:!?)\]}'\"]>?",
    re.IGNORECASE,
)
#: Names, types and signatures are this short, and the same ones stand in many files.
_SHORT = 80
_CODE = re.compile(r"(`{1,2})([^`\n]{1,300})\1")


def clean_text(text: str) -> str:
    """Text of an uploaded repository without terminal escapes, control, bidirectional or invisible characters."""
    if text.isascii() and text.isprintable():  # most of the million texts of a large repository's analyses
        return text
    return visible_text(text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_line(text: str) -> str:
    """Clean text of an uploaded repository on one line."""
    return one_line(clean_text(text))


def author_text(text: str) -> str:
    """An author's words, clean and without what they order a language model to do; an ellipsis stands for it."""
    return _short_author_text(text) if len(text) <= _SHORT else without_orders(clean_text(text), "…")


@lru_cache(maxsize=8_192)
def _short_author_text(text: str) -> str:
    return without_orders(clean_text(text), "…")


def spoken_text(text: str) -> str:
    """A sentence that a page will show: plain words and `code`, CUT in the place of anything else."""
    plain = without_orders(clean_text(text), CUT)
    if not any(sign in plain for sign in ("<", "](", "![", "```", "~~~", ":", "www.", "WWW.")):
        return plain
    for _ in range(3):  # what is cut may put together what was apart
        before = plain
        plain = _without_markup(plain)
        if plain == before:
            break
    return plain


def unmarked(text: str) -> str:
    """A spoken sentence of an author's, whose links are no offence: the marks of what was cut are gone as well."""
    return re.sub(r" +([.,;:!?])", r"\1", re.sub(rf" *{CUT} *", " ", text)).strip() if CUT in text else text


def spoken_line(text: str) -> str:
    """A spoken sentence on one line, without what was cut from it."""
    return one_line(unmarked(spoken_text(text)))


def _without_markup(text: str) -> str:
    text = _FENCED.sub(CUT, text)
    text = without_elements(text, _OPENING, r"</{name}\s*>", CUT)
    text = _COMMENT.sub(CUT, text)
    text = _ACTIVE.sub(CUT, text)
    parts: list[str] = []
    last = 0
    for match in _CODE.finditer(text):
        parts += [_without_links(_TAG.sub(CUT, text[last : match.start()])), _URL.sub(CUT, match.group(0))]
        last = match.end()
    return "".join([*parts, _without_links(_TAG.sub(CUT, text[last:]))])


def _without_links(text: str) -> str:
    text = _IMAGE.sub(CUT, text)
    text = _LINK.sub(rf"\1{CUT}", text)
    return _URL.sub(CUT, text)

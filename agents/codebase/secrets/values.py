"""Whether a value looks like a secret rather than a word, a name, a placeholder or code. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import Final

#: Of a longer value the beginning decides.
_LOOKED_AT: Final = 200
_PLACEHOLDER_WORDS: Final = frozenset(
    """
    a an the my your our some any this that is in of to for and or not no be me it here there with from by at on as
    new old enter insert put add set use get type paste replace change changeme changeit update provide fill define
    example examples sample demo dummy fake mock stub test tests testing tester unit invalid valid wrong bad good
    correct incorrect secret secrets password passwords passwd passw pass pwd passphrase passcode token tokens key
    keys api apikey access auth authorization oauth oauth2 bearer basic credential credentials client private public
    shared signing encryption user username users login admin administrator root guest name email value string text
    placeholder redacted hidden masked removed omitted none null nil true false undefined unset empty todo tbd fixme
    xxx foo bar baz qux foobar foobaz hello world abc abcd abcdef xyz qwerty letmein default local localhost host
    server database db postgres postgresql mysql redis mongo mongodb rabbitmq aws github gitlab slack google openai
    azure super very really long random generated anything something whatever goes should must required optional
    please dev development prod production staging id session refresh app application service account first second
    third one two three other another same different data json web x y z only it's yours mine non existing
    nonexistent unknown expired
    """.split()  # noqa: SIM905 (as a list: 230 lines)
)
_WHOLE: Final = re.compile(
    r"<.*>?|\$\{.*|\$\(.*|\{\{.*|\{[\w.:!-]*\}?|%\(?[\w.]*\)?[sdrv]?|%[A-Z_]+%|\[.*\]|\$[A-Z_][A-Z0-9_]*|\$[a-z_]+[a-zA-Z_]*\d?"
    r"|\$\{?\{?[\w.]+\}?\}?|@[\w.]+@?|#\{.*|ENC\[.*|!\w+ .*|(.)\1*|[x*._•-]+|(?:1234567890|123456789|12345678|0123456789)"
    r"|(?:env|vault|file|ssm|arn|op|secretsmanager|sops|awssm|gcpsm|ref):.*|https?:/?/?",
    re.DOTALL,
)
_FILLER: Final = re.compile(
    r"x{4,}|\*{3,}|\.{3}|…|\$\{|\{\{|\$\(|%\(|#\{|<[a-z][\w -]*>|process\.env|os\.environ|getenv|REDACTED",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z']+|\d+|[^A-Za-z\d]+")
#: With its padding it is no path, even where it begins with a slash.
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{30,}={1,2}")
_NUMBER: Final = re.compile(r"\d+\.\d+")
#: A name such as `TestUtf8RepeatedBytes`, whose words have three letters and more: those of chance have two.
_NAME: Final = re.compile(r"[a-z]*(?:[A-Z][a-z]{2,}\d{0,2}){3,}")
_COUNTING: Final = re.compile(r"0*|0?12?3?4?5?6?7?8?9?0?|20[0-3]\d|42|[1-9]\d?")
_WORDLIKE: Final = re.compile(r"(?:(?:[A-Z]{1,6}|[A-Z]?[a-z]{2,}|[a-z]|[A-Z][a-z])*+\d{0,4}(?:[_./:@-]+|$))++")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PATHLIKE: Final = re.compile(
    r"(?:https?|ftp|file|s3|gs|git|ssh|urn):|[./~]{1,2}/|[A-Za-z]:\\|arn:|/[\w-]+/|[\w-]+(?:/[\w.-]+){2,}$|\w+(?:\.\w+){2,}$"
)
_CODE: Final = re.compile(r"[\w.$>:&*!?-]+[(\[].*|(?:self|this|cls|ctx|req|request|config|settings|env|os|process)\W.*|[&*!]?\w+(?:(?:\.|->|::|\?\.)(?:[^\W\d]\w*|\d{1,2}(?!\w)))+[,;)]*|.*[()].*\w+\(.*|.*(?:=>|&&|\|\|).*|/.*/[a-z]*|\\.*|[@&*]\w+")  # fmt: skip

_TYPE_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_TYPE: Final = re.compile(
    r"[A-Za-z_][\w.]*\[[\w\s.,|\[\]\"']*\](?:\s*\|\s*[\w.\[\]]+)*|[A-Za-z_][\w.]*(?:\s*\|\s*[A-Za-z_][\w.]*)+"
)


def is_placeholder(value: str) -> bool:
    """Whether the whole value stands for another: a variable, a filler, or nothing but words that say so."""
    sample = value[:_LOOKED_AT].strip()
    if not sample or _WHOLE.fullmatch(sample) or _FILLER.search(sample):
        return True
    for part in _PARTS.findall(sample):
        if part[0].isdigit():
            if not _COUNTING.fullmatch(part):
                return False
        elif part[0].isalpha():
            if part.lower().strip("'") not in _PLACEHOLDER_WORDS:
                return False
        elif re.search(r"[^\s_.,:;!?/()<>\[\]{}'\"=-]", part):
            return False
    return True


@lru_cache(maxsize=2048)
def is_random(value: str, least: int = 8) -> bool:
    """Whether a value under a telling name looks like chance: several classes of characters, a digit, no path."""
    sample = value[:_LOOKED_AT]
    if len(sample) < least or is_placeholder(sample) or len(set(sample)) < 6:
        return False
    if _PATHLIKE.match(sample) and not _BASE64.fullmatch(sample):
        return False
    if is_wordlike(sample) or is_type(value) or _NUMBER.fullmatch(sample):
        return False
    return _classes(sample) >= 2 and entropy(sample) >= 2.5


@lru_cache(maxsize=2048)
def is_password(value: str, *, words: bool = False) -> bool:
    """Whether a quoted value under a password's name can be one; with `words` it may consist of words alone."""
    sample = value[:_LOOKED_AT]
    if len(sample) < 6 or is_placeholder(sample) or len(set(sample)) < 4 or is_type(value):
        return False
    if " " in sample:
        parts = sample.split()
        if words and len(parts) > 3 and all(re.fullmatch(r"[A-Za-z]{2,12}", part) for part in parts):
            return sample.islower() and not {"the", "a", "is", "to", "and", "for", "of"} & set(parts)
        odd = [part for part in parts if not re.fullmatch(r"[\"'(]*[A-Za-z][a-z'-]*[\"').,:;!?]*|\d{1,4}\W?|\W+", part)]
        return bool(odd) and len(parts) <= 6 and not re.search(r"[=(){}<>|%\\]|[a-z][.:] ", sample)
    if words and re.fullmatch(r"[a-z]{2,12}(?:[-_.][a-z]{2,12}){3,}", sample):
        return True
    if re.search(r"[\s(){}]|%[sdr]|\\[wdsb(]|^[/^.]|:$", sample):
        return bool(re.search(r"[a-z]", sample) and re.search(r"[A-Z]", sample) and re.search(r"\d", sample))
    return not is_wordlike(sample) and not _PATHLIKE.match(sample)


def is_type(value: str) -> bool:
    """Whether the value is a type of several names, such as a hint in quotes: `Callable[[Row], str | None]`."""
    if not _TYPE.fullmatch(value) or value.count("[") != value.count("]"):
        return False
    return all(len(name) < 3 or is_wordlike(name) for name in _TYPE_NAME.findall(value)) and not re.search(
        r"\b\d", value
    )


def is_code(value: str) -> bool:
    """Whether an unquoted value is an expression of a program."""
    return _CODE.fullmatch(value[:_LOOKED_AT]) is not None


def is_uuid(value: str) -> bool:
    """A UUID under the name of a token makes a request repeatable far more often than it opens anything."""
    return _UUID.fullmatch(value) is not None


def is_wordlike(value: str) -> bool:
    """Whether the value is words and short numbers, joined as names are."""
    if not _WORDLIKE.fullmatch(value):
        return False
    parts = [part for part in _PARTS.findall(value) if part[0].isalpha()]
    letters = sum(map(len, parts))
    # Words have a vowel in three letters, chance one in five; of short names nothing can be said.
    if letters >= 10 and _changes_case(value) and sum(sign in "aeiouyAEIOUY" for sign in value) * 6 < letters:
        return False
    # Chance changes case every second letter; a name does so once a word.
    return not parts or letters / len(parts) >= 2.6 or letters < 8


def _changes_case(value: str) -> bool:
    return any(a.islower() and b.isupper() for a, b in pairwise(value))


def entropy(value: str) -> float:
    """Shannon's entropy in bits per character."""
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())


def is_token(value: str, tail: str) -> bool:
    """Whether what follows a known prefix is chance: documentation's own samples and words are not."""
    if "EXAMPLE" in value.upper() or len(set(tail[:_LOOKED_AT])) < 6:
        return False
    sample = tail[:_LOOKED_AT]
    if sample.isupper() and sample.isalnum() and len(sample) >= 16:
        return True
    if _NAME.fullmatch(sample):
        return False
    return (any(c.isdigit() for c in sample) and not is_wordlike(sample)) or _mixed(sample)


def _mixed(text: str) -> bool:
    changes = sum(a.islower() != b.islower() for a, b in pairwise(text) if a.isalpha() and b.isalpha())
    return changes * 4 > len(text) > 11


def _classes(value: str) -> int:
    return sum(bool(re.search(shape, value)) for shape in ("[a-z]", "[A-Z]", r"\d", r"[^A-Za-z0-9]"))

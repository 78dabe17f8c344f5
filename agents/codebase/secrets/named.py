"""Values that a name, a header, a command or an address gives away, whatever language they stand in. Pure.

A name is looked for first; what stands behind it is matched where it stands, so that the time is linear.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Final, NamedTuple

from agents.codebase.secrets import other_languages, unnamed, values
from agents.codebase.secrets.unnamed import ASSIGNMENT, CUT, text_of, without_trail

_KEY_OF: Final = (
    "api|access|auth|private|signing|signature|encryption|encrypt|decryption|crypto|cipher|aes|des|hmac|jwt|jwk|master|account|shared"
    "|service|app|application|admin|client|secret|storage|license|licence|session|ssh|deploy|root|consumer|subscription|functions?|host"
    "|instrumentation|write|server|webhook|integration|bot|cookie|csrf|gpg|pgp|tls|ssl|rsa|ecdsa|wallet|eth|web3|security|customer"
    "|validation|logged_in|nonce|fernet|deterministic|derivation|data_protection|push"
)
#: Each begins with letters that `re` finds at the speed of a search; what must stand around them is looked at afterwards.
_NAMES: Final = tuple(
    re.compile(name)
    for name in (
        *(
            rb"pass(?:w(?:or)?ds?|phrases?|code)?",
            rb"pwd",
            rb"pw(?![a-z])",
            rb"secrets?",
            rb"tokens?",
            rb"cred(?:ential)?s?",
        ),
        *(
            rb"mnemonic",
            rb"seed[_ -]?phrase",
            rb"psk",
            rb"_auth(?![a-z])",
            rb"auth(?=\\?\")",
            rb"auth_?key",
            rb"keys?(?:[_-]?base)?",
            rb"salts?(?<=(?:auth|once|d_in|hash|word|okie|cret|sion|tion|ypto|rity)[_.-]salt)",
        ),
    )
)
_KEY_OF_WHAT: Final = re.compile(
    rb"(?:" + _KEY_OF.encode() + rb")(?:[_ .:-]?(?:api[_-]?)?|\"\s{0,2}:\s{0,2}\{\s{0,9}\")$"
)
_NAME_LETTERS: Final = string.ascii_letters + string.digits + "_-"
#: Short words are names only where no other letters touch them.
_SHORT: Final = frozenset([b"pass", b"pw", b"psk", b"cred", b"creds"])
_STRONG: Final = re.compile(r"pass|pwd|pw$|psk|mnemonic|seed", re.IGNORECASE)
#: Tokens of parsers and of pages; below, names that tell where something is, what it is called, how long it lives.
_NOT_BEFORE: Final = re.compile(
    r"(?:^|[_-]|(?-i:(?<=[a-z])(?=[A-Z])))(?:next|change|page|pagination|continuation|output|input|update|request|idempotency|sync|marker|cancellation|lock|cursor"
    r"|public[_-]?key|cancel|parse|parser|lexer|syntax|primary|foreign|end|start|bos|eos|pad|unk|mask|sep|cls|special|num|max|min|total"
    r"|n|stop|csrf_?middleware|by|has|is|no|without|show|hide|forgot|reset|change|cache|partition|sort|public)[_-]?$",
    re.IGNORECASE,
)
_NOT_AFTER: Final = re.compile(
    r"[_-]?(?:url|uri|path|file|filename|dir|name|names|field|fields|type|types|length|len|size|expir\w*|regex\w*|pattern|param\w*|header"
    r"|prefix|suffix|label|hint|error|errors|policy|arn|format|count|ttl|days|class|env|environ|var|variable|provider|manager|store|ref"
    r"|hasher\w*|hashers|validator\w*|form|input|view|page|link|message|msg|text|title|description|help|prompt|placeholder|backend|location"
    r"|endpoint|scope\w*|limit|usage|reset|id|ids|kind|method|status|state|index|pos|position|version|algorithm|alg|set|list|map|s_?required"
    r"|required|enabled|allowed|selector|xpath|locator|lookup|getter|setter|callback|handler|service|server|client|user|username|ize\w*|izer\w*)$",
    re.IGNORECASE,
)
_QUOTED: Final = rb"(?P<open>\\?(?:&quot;|\"\"\"|'''|[\"'`]|\[\[(?=[^\s\"'\[\](),]{6,200}\]\])))"
#: What only turns a text into another type, in the languages that do so.
_WRAP: Final = (
    rb"(?P<wrap>(?:[\w.]{1,20}::|[\w.]{1,20}\.)?(?:from(?:hex)?|new|[Ss]tr(?:ing)?|string_view|Q\w{2,16}|Sensitive|Secret\w{0,6}|Field|bytes|byte(?:array)?|Some|Just"
    rb"|MD5|md5|SHA\d{0,3}|sha\d{0,3}|crypt|hash\w{0,9}|hashpw|Redacted|Value|Text|echo|getpass|\[\]byte)(?:::new)?(?:[ \t]|\(\)[ \t]or[ \t]|\()\s{0,20}(?:(?:default|value)=)?)"
)
_LITERAL: Final = rb"(?:[bcBrRuUfFNL@$~sS]{1,2}#{0,3}|u8|#{1,3}|<<|new String\()?" + _QUOTED
_TYPE: Final = (
    rb"(?:<(?:const|close)>\s{1,4}(?==)|[!?]?:\s{0,4}&?(?:'static\s)?[A-Za-z][\w.<>\[\]|? ]{0,40}?\s{0,4}(?==)|(?:[Aa]s\s{1,3})?\*?[A-Za-z][\w.]{0,20}\s{1,4}(?==\s{0,4}[\"`])"
    rb"|(?i:text|varchar|char|nvarchar)(?:\(\d{1,5}\))?\s{1,3}(?i:not\snull\s{1,3})?(?=(?i:default)\s{1,3}[\"']))?"
)
_PAIR: Final = (
    rb"(?P<pair>[\s,;:(){}/]{0,60}+(?:(?!(?i:value|default|content)=)[\w.-]{1,30}=\"[^\"\n]{0,60}\"\s{1,9}+|\"?(?i:description|type|sensitive|category|encrypted|noecho|nullable|ephemeral|format|m(?:in|ax)length)\"?\s{0,3}[=:]"
    rb"[^\n,]{0,200}[\n,]\s{0,40}+|\"(?!(?i:value|default|content)\")[\w-]{1,30}\"\s{0,3}:\s{0,3}(?:true|false|null|\d{1,9})\s{0,3},\s{0,40}+){0,6}+"
    rb"[\"']?(?<!\w)(?i:(?:parameter)?value|default|content)[\"']?\s{0,4}[=:]\s{0,4}+)(?:"
    + _LITERAL.replace(b"?P<open>", b"?P<open3>")
    + rb")?"
)
_AFTER: Final = re.compile(
    rb"(?P<suffix>[\w.-]{0,60}+)(?P<close>(?:\\?[\"'`]|&quot;)?+\*{0,2}+(?:\s{0,3}\][\"'`]?)?+(?:\[\w{0,20}\]|\s{0,3}\{[\w\s;]{0,40}+\}|\}(?=\s{0,3}=[^=]))?+)(?:"
    rb"(?P<xml>(?:\s{1,3}[\w:.-]{1,40}=[\"'][^\"'<>\n]{0,80}[\"']){0,3}+\s{0,3}>\s{0,40}+(?:<(?i:value|string|val)>\s{0,20}+)?+(?:<!\[CDATA\[)?+)"
    rb"(?=[^<>\n]{1,4096}(?:\]\]>)?</)|(?P<element></[\w-]{1,30}>\s{0,40}+<[\w-]{1,30}>)"
    rb"|" + _PAIR + rb"|[ \t]{0,20}+(?:" + _TYPE + rb"(?P<assign>:=|:[?+-](?!\s)|\?=|\|\|=|=>|={1,3}|!={1,2}|:|\xef\xbc\x9a|->|<{1,2}-|<<<(?=\s{0,2}[\"'])|\{(?=\s{0,3}\")|\|\||\?\?|\bor\b|(?i:default)\b)\*{0,2}+\s{0,20}+(?:\\\r?\n\s{0,40}+)?+"
    rb"(?:(?:&[\w-]{1,40}|!![a-z]{1,10})[ \t]{1,4}+){0,2}+(?:\((?=\s{0,40}+[bBrRuU]{0,2}\\?[\"'])\s{0,40}+)?+"
    rb"(?:(?:%[qQ]|qq?|~[sS])(?=[({\[|!][^\s(){}\[\]|!]{4,200}[)}\]|!])(?P<bracket>[({\[|!]))?(?:[|>][+-]?\s{0,40}+|<<<?[-~]?[\"']?\w{1,20}[\"']?\s{1,40}+|@[\"']\r?\n|(?P<scheme>(?i:bearer|basic|token))\s{1,4}+)?(?:" + _WRAP + rb"?" + _LITERAL + rb")?"
    rb"|(?P<argument>[,(]|\)\s{0,3}\.\w{1,20}\()\s{0,20}+(?:[\w.]{1,40}+\s{0,3}+[=:]\s{0,3}+|Q?String\()?" + _LITERAL.replace(b"?P<open>", b"?P<open2>") + rb")"
    rb"|(?P<is>\s?(?:(?:for|of|in|on|at)\s[\w@.-]{1,40}(?=:|\s(?:is|was)\s)\s?)?(?:is set to|set to|is|was|are|to|with|as|of|:|\||--?|\xe2\x80[\x93\x94])\s{1,2}+[\"'`*]{0,2}+)|(?P<space>[ \t]{1,8}+(?:@?[\"'`]|%[qQ][({\[])?))"
)  # fmt: skip
_CLOSING: Final = {b"(": b")", b"{": b"}", b"[": b"]"}
_RUN: Final = re.compile(rb"[^\s\"'`<>]+")


def find(source: bytes, lowered: bytes) -> Iterator[tuple[str, int, int]]:
    """Rule, start and end of each value; some may overlap. `lowered` is the source in small letters."""
    yield from unnamed.find(source, lowered)
    yield from _Named(source, lowered).find()


class _Name(NamedTuple):
    """A telling word as it is written, and where it begins."""

    word: bytes
    start: int


class _Named:
    """The values behind names. Keeps where the last line and the last run of characters ended, so that none is read twice."""

    def __init__(self, source: bytes, lowered: bytes) -> None:
        self._source = source
        self._lowered = lowered
        self._line_end = self._run_end = -1
        self._run_start = self._cut_from = self._cut = 0

    def find(self) -> Iterator[tuple[str, int, int]]:
        done = 0
        for begin, end in sorted(self._names()):
            if begin < done:
                continue
            after = _AFTER.match(self._source, end)
            if after is None:
                continue
            name = _Name(self._source[begin:end], begin)
            if self._is_another(name, after):
                continue
            for start, stop in self._value(name, after):
                yield ASSIGNMENT, start, stop
                done = stop

    def _names(self) -> Iterator[tuple[int, int]]:
        lowered = self._lowered
        yield from other_languages.find(self._source, lowered)
        for shape in _NAMES:
            for match in shape.finditer(lowered):
                begin, end = match.span()
                word = match[0]
                if word.startswith(b"key"):
                    what = _KEY_OF_WHAT.search(lowered, max(0, begin - 32), begin)
                    if what is None:
                        continue
                    begin = what.start()
                elif word in _SHORT and (lowered[end : end + 1].isalpha() or self._touched(begin)):
                    continue
                yield begin, end

    def _touched(self, begin: int) -> bool:
        """Whether a letter of the same word stands before: `dbpass` and `dbPass` are names, `bypass` is none."""
        before = self._lowered[begin - 1 : begin]
        if not before.isalpha() or self._source[begin : begin + 1].isupper():
            return False
        return (
            self._lowered[max(0, begin - 2) : begin] not in {b"db", b"my"}
            and self._lowered[begin - 4 : begin] != b"user"
        )

    def _is_another(self, name: _Name, after: re.Match[bytes]) -> bool:
        begin = name.start
        before = text_of(self._source, max(0, begin - 40), begin)
        prefix = before[len(before.rstrip(_NAME_LETTERS)) :]
        behind = after.end("suffix")
        if b"::" in (
            self._source[max(0, begin - len(prefix) - 2) : begin - len(prefix)],
            self._source[behind : behind + 2],
        ):
            # The name of a type or of a namespace, but for Puppet's, whose values are texts.
            return not (after["assign"] == b":" and after["open"] and name.word.islower())
        if name.word.lower().startswith(b"token") and _NOT_BEFORE.search(prefix):
            return True
        suffix = after["suffix"].decode("latin-1")
        return bool(suffix) and _NOT_AFTER.search(suffix) is not None

    def _value(self, name: _Name, after: re.Match[bytes]) -> Iterator[tuple[int, int]]:
        source = self._source
        word = name.word.decode("latin-1")
        strong = _STRONG.search(word) is not None or name.word.lower() in other_languages.NAMES
        opened = next((group for group in ("open", "open2", "open3") if after[group]), "")
        start = after.end()
        if after["bracket"]:  # Perl's q(…) and Ruby's %q(…)
            end = source.find(_CLOSING.get(after["bracket"], after["bracket"]), start)
            if self._convinces(start, end, strong, quoted=True, word=word):
                yield start, end
        elif after["xml"] is not None or after["element"] is not None:
            end = source.find(b"<", start, start + 5_000)
            end -= 3 if source[end - 3 : end] == b"]]>" else 0
            if end > 0 and self._convinces(start, end, strong, quoted=True, word=word):
                yield start, end
        elif opened:
            end = self._closing(start, after[opened])
            if end > start and self._convinces(start, end, strong and not after["wrap"], quoted=True, word=word):
                yield start, end
        elif after["assign"] is not None or after["pair"] is not None:
            yield from self._unquoted(name, start, strong)
        elif after["is"] is not None or after["space"] is not None:
            yield from self._spoken(name, after, start, strong)

    def _convinces(self, start: int, end: int, strong: bool, *, quoted: bool, word: str) -> bool:
        value_text = text_of(self._source, start, end)
        if strong and quoted:
            words = "phrase" in word or word.startswith(("pass", "mnemonic", "seed"))
            return values.is_password(value_text.strip(), words=words)
        if values.is_uuid(value_text) and "token" in word:
            return False
        return (
            values.is_random(value_text)
            and " " not in value_text.strip()
            and not re.search(r"[(){}<>]|%[sd]", value_text)
        )

    def _unquoted(self, name: _Name, start: int, strong: bool) -> Iterator[tuple[int, int]]:
        run = self._run(start)
        if run is None:
            return
        start, end = run
        whole = text_of(self._source, start, end)
        before = self._source[max(0, name.start - 60) : name.start]
        head = before[before.rfind(b"\n") + 1 :]
        is_setting = bool(
            re.fullmatch(rb"\s*(?:export |set |setx |ENV |ARG |-e |- |\"|[#>|;*/]++ ?)*+[\w.-]{0,50}", head)
        )
        cut_start, cut_end = without_trail(self._source, start, min(end, self._next_cut(start)))
        value_text = text_of(self._source, cut_start, cut_end)
        if values.is_code(whole.rstrip(",;")) and not (
            is_setting and not re.search(r"^[A-Za-z_.$]+[(\[.]|->|::|[\])]$", whole)
        ):
            return
        if values.is_random(value_text, 6 if strong else 8) or (
            strong and is_setting and re.search(r"\d", value_text) and values.is_password(value_text)
        ):
            is_call = re.search(r"^[\w.]+[(\[]|^[\[({]|\w\(\w*\)|^[<>]", whole)
            is_request_id = values.is_uuid(value_text) and b"token" in name.word.lower()
            if not is_call and not is_request_id:
                yield cut_start, end if is_setting and end <= self._next_cut(start) else cut_end

    def _spoken(self, name: _Name, after: re.Match[bytes], start: int, strong: bool) -> Iterator[tuple[int, int]]:
        """`--password X`, `ENV DB_PASSWORD X`, `password X` of a .netrc, and a sentence: only what looks like chance."""
        run = self._run(start)
        if run is None:
            return
        value = without_trail(self._source, start, min(run[1], self._next_cut(start)))
        value_text = text_of(self._source, *value)
        if after["is"] is not None and self._is_itself(name, after.start("is"), value):
            return
        option = self._source.rfind(b"--", max(0, name.start - 40), name.start)
        is_option = option >= 0 and re.fullmatch(rb"--[\w-]*", self._source[option : name.start]) is not None
        if after["is"] is None and not is_option and not strong and len(value_text) < 12 and not name.word.isupper():
            return
        lenient = is_option and strong and not values.is_placeholder(value_text) and len(value_text) > 5
        if (
            not (lenient or values.is_random(value_text, 6))
            or values.is_code(value_text)
            or not re.search(r"\d", value_text)
        ):
            return
        is_request_id = values.is_uuid(value_text) and b"token" in name.word.lower()
        if is_option or not (is_request_id or re.search(r"^\W|[()\[\]{}=]", value_text[:-1])):
            yield value

    def _is_itself(self, name: _Name, end: int, value: tuple[int, int]) -> bool:
        """Whether the value is the name that it stands behind: `import OAuth2PasswordBearer as OAuth2PasswordBearer`."""
        written = self._source[value[0] : value[1]]
        begin = end - len(written)
        return begin <= name.start and self._source.startswith(written, max(0, begin), end)

    def _next_cut(self, start: int) -> int:
        """Where the next setting begins in the run of characters that holds `start`."""
        if not self._cut_from <= start <= self._cut or self._cut > self._run_end:
            match = CUT.search(self._source, start, self._run_end)
            self._cut_from, self._cut = start, match.start() if match else self._run_end
        return self._cut

    def _closing(self, start: int, opening: bytes) -> int:
        """Where a quoted value ends: at the same quotes, on the same line unless there are three; 0 if nowhere."""
        source = self._source
        if opening == b"[[" or len(opening) == 3:
            return source.find(opening.replace(b"[", b"]"), start, start + 4_000)
        if self._line_end < start:
            line_end = source.find(b"\n", start)
            self._line_end = line_end if line_end >= 0 else len(source)
        at = source.find(opening, start, self._line_end)
        while at > 0 and len(opening) == 1 and source[at - 1 : at] == b"\\":
            at = source.find(opening, at + 1, self._line_end)
        return at

    def _run(self, start: int) -> tuple[int, int] | None:
        if not self._run_start <= start < self._run_end:
            match = _RUN.match(self._source, start)
            if match is None:
                return None
            self._run_start, self._run_end = match.span()
        return start, self._run_end

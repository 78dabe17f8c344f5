"""Rules for Go, Java, Kotlin, C#, Rust, C and C++, which need only a few."""

from __future__ import annotations

import re

from agents.codebase.structure.evidence.copies import unbounded
from agents.codebase.structure.evidence.purposes import from_request, on_a_secret
from agents.codebase.structure.evidence.rules import Rule, performance, security
from agents.codebase.structure.evidence.shapes import (
    any_built_sql,
    argument,
    built,
    built_sql,
    everything,
    for_each,
    grows,
    in_async,
    in_loop,
    no,
    once,
    text,
    value,
    varies,
)
from agents.codebase.structure.evidence.sites import TEXT_LIMIT, Site, SiteKind

_MD5_SHA1 = argument(r"""(?i)["'](?:md5|sha-?1)["']""")


_WEAK_CIPHER = argument(r"""(?i)["'](?:des|desede|rc4|rc2|blowfish|aes|.{0,20}[/-]ecb)(?:[/-].{0,40})?["']""")


_BLOCK_HEAD = re.compile(r"unsafe\s*\{\s*")
_COMMENT = re.compile(r"//|/?\*|#\[doc")
_SAFETY = re.compile(r"(?i)//.*\bsafe")
#: A line that does not end a statement, or an attribute.
_GOES_ON = re.compile(r"^(?!\s*(?://|/?\*)).*(?:[=(,|&.+-]|=>|\breturn)\s*$|^\s*#\[")
_UNSAFE_FUNCTION = re.compile(rb"[^{]{0,60}\bunsafe\s+(?:extern\s+\S+\s+)?fn\b")
_STATEMENT_LINES = 6


_SHELLS = r"""["'](?:/\w+/)?(?:ba)?sh\b|["'](?:cmd|powershell)\b"""


_SHELL_FLAG = argument(r"""["'](?:-c|/c|/C)["']""")


def unexplained(site: Site) -> bool:
    """An unsafe block without a comment: none directly above its statement or function, none as its first line."""
    head = _BLOCK_HEAD.match(site.text)
    if head is not None and _COMMENT.match(site.text[head.end() :].lstrip()):
        return False
    lines = site.facts.source[: site.node.start_byte].decode("utf-8", "replace").split("\n")
    if _SAFETY.search(lines[-1]):
        return False
    above = len(lines) - 2
    # A statement of several lines starts above its block, and attributes stand between it and its comment.
    while above >= 0 and len(lines) - above < _STATEMENT_LINES and _GOES_ON.search(lines[above]):
        above -= 1
    if above >= 0 and _COMMENT.match(lines[above].strip()):
        return False
    function = site.function
    start = function.node.start_byte if function is not None else 0
    opening = site.facts.source[start : start + 200]
    return _UNSAFE_FUNCTION.match(opening) is None or b"# Safety" not in site.facts.source[max(0, start - 900) : start]


def measured_each_round(site: Site) -> bool:
    """`for (…; i < strlen(s); …)`."""
    condition = site.node.child_by_field_name("condition")
    return condition is not None and re.search(r"\bstrlen\s{0,5}\(", site.facts.text(condition)) is not None


def in_own_class(site: Site) -> bool:
    """A class makes an object of itself, which another uses."""
    node = site.node.parent
    while node is not None and node.type != "class_declaration":
        node = node.parent
    name = node.child_by_field_name("name") if node is not None else None
    return name is not None and re.search(rf"\bnew {re.escape(site.facts.text(name))}\b", site.text) is not None


_FORMAT_AT = {"printf": 0, "fprintf": 1, "syslog": 1, "snprintf": 2}


def last_varies(site: Site) -> bool:
    return bool(site.arguments) and site.arguments[-1].type not in {"interpreted_string_literal", "raw_string_literal"}


def format_varies(site: Site) -> bool:
    """The format is a name: alone, or with values when it is an array that this function fills at run time."""
    at = _FORMAT_AT.get(site.name)
    if at is None or len(site.arguments) <= at or site.arguments[at].type != "identifier":
        return False
    name = site.facts.text(site.arguments[at])
    if name.isupper():
        return False
    function = site.function
    if len(site.arguments) == at + 1:
        return True
    before = site.facts.source[function.node.start_byte if function else 0 : site.node.start_byte][
        -TEXT_LIMIT:
    ].decode()
    return re.search(rf"\bs?n?printf\s*\(\s*{name}\s*,", before) is not None


GO = (
    security(
        "shell-injection", SiteKind.CALL, "exec.Command exec.CommandContext", everything(_SHELL_FLAG, last_varies)
    ),
    security(
        "sql-injection",
        SiteKind.CALL,
        "*.Query *.QueryRow *.Exec *.QueryContext *.ExecContext *.QueryRowContext *.Raw",
        any_built_sql,
    ),
    security("weak-hash", SiteKind.CALL, "md5.New md5.Sum sha1.New sha1.Sum", on_a_secret),
    security("weak-cipher", SiteKind.CALL, "des.NewCipher des.NewTripleDESCipher rc4.NewCipher"),
    security("tls-verification-off", SiteKind.PAIR, "InsecureSkipVerify", value("true")),
    security("tls-verification-off", SiteKind.ASSIGN, "*.InsecureSkipVerify", value("true")),
    security("html-injection", SiteKind.CALL, "template.HTML template.JS", varies),
    security("path-from-request", SiteKind.CALL, "os.Open os.ReadFile filepath.Join http.ServeFile", from_request),
    security(
        "world-writable",
        SiteKind.CALL,
        "os.Chmod os.MkdirAll os.WriteFile os.OpenFile",
        argument(r"0o?[0-7]?[0-7][0-7][2367]"),
    ),
    performance(
        "query-in-loop",
        SiteKind.CALL,
        "db.Query db.QueryRow db.Exec tx.Query tx.QueryRow tx.Exec db.QueryContext",
        in_loop,
    ),
    performance("http-call-in-loop", SiteKind.CALL, "http.Get http.Post client.Do http.DefaultClient.Do", for_each),
    performance("regex-in-loop", SiteKind.CALL, "regexp.MustCompile regexp.Compile", everything(in_loop, no(varies))),
    performance("string-growth", SiteKind.ASSIGN, "*", grows),
    performance("defer-in-loop", SiteKind.NODE, "defer_statement", everything(in_loop, no(once))),
)


JAVA = (
    # Java's exec starts no shell of its own: values reach one only where the command names it.
    security("shell-injection", SiteKind.CALL, "*.exec", everything(text(r"getRuntime\(\)"), text(_SHELLS), built)),
    security("shell-command", SiteKind.CALL, "*.exec", everything(text(r"getRuntime\(\)"), text(_SHELLS), varies)),
    security("unsafe-deserialisation", SiteKind.CALL, "ObjectInputStream XMLDecoder"),
    security(
        "sql-injection",
        SiteKind.CALL,
        "*.executeQuery *.executeUpdate *.execute *.createQuery *.createNativeQuery *.prepareStatement "
        "*.queryForObject *.rawQuery *.execSQL",
        built_sql,
    ),
    security("weak-hash", SiteKind.CALL, "MessageDigest.getInstance", everything(on_a_secret, _MD5_SHA1)),
    security("weak-hash", SiteKind.CALL, "DigestUtils.md5Hex DigestUtils.md5 DigestUtils.sha1Hex", on_a_secret),
    security("weak-cipher", SiteKind.CALL, "Cipher.getInstance", _WEAK_CIPHER),
    security("path-from-request", SiteKind.CALL, "File FileInputStream Paths.get", from_request),
    security(
        "tls-verification-off",
        SiteKind.CALL,
        "NoopHostnameVerifier *.setHostnameVerifier",
        everything(text(r"Noop|ALLOW_ALL|->\s?true"), no(in_own_class)),
    ),
    performance("query-in-loop", SiteKind.CALL, "*.executeQuery *.executeUpdate *.findById *.queryForObject", in_loop),
    performance("regex-in-loop", SiteKind.CALL, "Pattern.compile", everything(in_loop, no(varies))),
    performance("string-growth", SiteKind.ASSIGN, "*", grows),
)


CSHARP = (
    security(
        "unsafe-deserialisation", SiteKind.CALL, "BinaryFormatter NetDataContractSerializer LosFormatter SoapFormatter"
    ),
    security(
        "sql-injection",
        SiteKind.CALL,
        "SqlCommand NpgsqlCommand MySqlCommand SqliteCommand *.FromSqlRaw *.ExecuteSqlRaw *.Query *.Execute",
        built_sql,
    ),
    security("shell-injection", SiteKind.CALL, "Process.Start", built),
    security(
        "weak-hash",
        SiteKind.CALL,
        "MD5.Create SHA1.Create MD5CryptoServiceProvider SHA1Managed MD5.HashData SHA1.HashData",
        on_a_secret,
    ),
    security("weak-cipher", SiteKind.CALL, "DES.Create TripleDES.Create RC2.Create DESCryptoServiceProvider"),
    security("weak-cipher", SiteKind.ASSIGN, "*.Mode", value(r"CipherMode\.ECB")),
    security(
        "tls-verification-off",
        SiteKind.ASSIGN,
        "*.ServerCertificateCustomValidationCallback *.ServerCertificateValidationCallback",
        text(r"=>\s?true|DangerousAcceptAny"),
    ),
    security("unsafe-block", SiteKind.NODE, "unsafe_statement", unexplained),
    performance(
        "query-in-loop",
        SiteKind.CALL,
        "*.ExecuteReader *.ExecuteScalar *.ExecuteNonQuery *.SaveChanges *.SaveChangesAsync",
        in_loop,
    ),
    performance("regex-in-loop", SiteKind.CALL, "Regex", everything(in_loop, no(varies))),
    performance("string-growth", SiteKind.ASSIGN, "*", grows),
    performance(
        "blocking-in-async", SiteKind.CALL, "Thread.Sleep *.GetResult File.ReadAllText File.WriteAllText", in_async
    ),
)


RUST = (
    security("unsafe-block", SiteKind.NODE, "unsafe_block", unexplained),
    security(
        "tls-verification-off",
        SiteKind.CALL,
        "*.danger_accept_invalid_certs *.danger_accept_invalid_hostnames",
        argument("true"),
    ),
    security("weak-hash", SiteKind.CALL, "Md5.new md5.compute Sha1.new", on_a_secret),
    performance("regex-in-loop", SiteKind.CALL, "Regex.new", everything(in_loop, no(varies))),
    performance(
        "blocking-in-async",
        SiteKind.CALL,
        "thread.sleep std.thread.sleep std.fs.read_to_string fs.read_to_string std.fs.read",
        in_async,
    ),
)


C = (
    security(
        "unbounded-copy",
        SiteKind.CALL,
        "gets strcpy strcat sprintf vsprintf stpcpy wcscpy",
        unbounded,
    ),
    security("unbounded-copy", SiteKind.CALL, "scanf fscanf sscanf", argument(r'"[^"]{0,200}%s[^"]{0,200}"')),
    security("shell-injection", SiteKind.CALL, "system popen", lambda s: s.name in {"system", "popen"} and varies(s)),
    security("format-string", SiteKind.CALL, "printf fprintf syslog snprintf", format_varies),
    security("temporary-file", SiteKind.CALL, "tmpnam mktemp tempnam", lambda s: "." not in s.name),
    security("weak-hash", SiteKind.CALL, "MD5 SHA1 MD5_Init SHA1_Init EVP_md5 EVP_sha1", on_a_secret),
    performance("length-in-condition", SiteKind.LOOP, "for_statement while_statement", measured_each_round),
)

RULES: dict[str, tuple[Rule, ...]] = {
    "go": GO,
    "java": JAVA,
    "kotlin": JAVA,
    "csharp": CSHARP,
    "rust": RUST,
    "c": C,
    "cpp": C,
}

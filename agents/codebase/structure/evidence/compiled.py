"""Rules for Go, Java, Kotlin, C#, Rust, C and C++, which need only a few."""

from __future__ import annotations

import re

from agents.codebase.structure.evidence.rules import Rule, performance, security
from agents.codebase.structure.evidence.shapes import (
    any_built_sql,
    argument,
    built,
    built_sql,
    everything,
    from_request,
    grows,
    in_async,
    in_loop,
    no,
    text,
    value,
    varies,
)
from agents.codebase.structure.evidence.sites import Kind, Site

_MD5_SHA1 = argument(r"""(?i)["'](?:md5|sha-?1)["']""")


_WEAK_CIPHER = argument(r"""(?i)["'](?:des|desede|rc4|rc2|blowfish|aes|.{0,20}[/-]ecb)(?:[/-].{0,40})?["']""")


_SHELL_FLAG = argument(r"""["'](?:-c|/c|/C)["']""")


def unexplained(site: Site) -> bool:
    """An unsafe block that no SAFETY comment stands before."""
    before = site.facts.source[max(0, site.node.start_byte - 300) : site.node.start_byte]
    return b"SAFETY" not in before and b"Safety" not in before and "SAFETY" not in site.text


def measured_each_round(site: Site) -> bool:
    """`for (…; i < strlen(s); …)`."""
    condition = site.node.child_by_field_name("condition")
    return condition is not None and re.search(r"\bstrlen\s{0,5}\(", site.facts.text(condition)) is not None


_UNBOUNDED = frozenset({"gets", "strcpy", "strcat", "sprintf", "vsprintf", "stpcpy", "wcscpy"})


_FORMAT_AT = {"printf": 0, "fprintf": 1, "syslog": 1, "snprintf": 2}


def last_varies(site: Site) -> bool:
    return bool(site.arguments) and site.arguments[-1].type not in {"interpreted_string_literal", "raw_string_literal"}


def _copies_literal(site: Site) -> bool:
    """strcpy of a literal, or sprintf of numbers only, has a length that its author knew."""
    arguments = site.arguments
    if len(arguments) < 2:
        return False
    if arguments[1].type != "string_literal":
        return False
    return site.name in {"strcpy", "strcat", "stpcpy"} or (
        site.name == "sprintf" and "%s" not in site.facts.text(arguments[1])
    )


def format_varies(site: Site) -> bool:
    at = _FORMAT_AT.get(site.name)
    if at is None or len(site.arguments) != at + 1:
        return False
    return site.arguments[at].type == "identifier" and not site.facts.text(site.arguments[at]).isupper()


GO = (
    security("shell-injection", Kind.CALL, "exec.Command exec.CommandContext", everything(_SHELL_FLAG, last_varies)),
    security(
        "sql-injection",
        Kind.CALL,
        "*.Query *.QueryRow *.Exec *.QueryContext *.ExecContext *.QueryRowContext *.Raw",
        any_built_sql,
    ),
    security("weak-hash", Kind.CALL, "md5.New md5.Sum sha1.New sha1.Sum"),
    security("weak-cipher", Kind.CALL, "des.NewCipher des.NewTripleDESCipher rc4.NewCipher"),
    security("tls-verification-off", Kind.PAIR, "InsecureSkipVerify", value("true")),
    security("tls-verification-off", Kind.ASSIGN, "*.InsecureSkipVerify", value("true")),
    security("html-injection", Kind.CALL, "template.HTML template.JS", varies),
    security("path-from-request", Kind.CALL, "os.Open os.ReadFile filepath.Join http.ServeFile", from_request),
    security(
        "world-writable",
        Kind.CALL,
        "os.Chmod os.MkdirAll os.WriteFile os.OpenFile",
        argument(r"0o?[0-7]?[0-7][0-7][2367]"),
    ),
    performance(
        "query-in-loop", Kind.CALL, "db.Query db.QueryRow db.Exec tx.Query tx.QueryRow tx.Exec db.QueryContext", in_loop
    ),
    performance("http-call-in-loop", Kind.CALL, "http.Get http.Post client.Do http.DefaultClient.Do", in_loop),
    performance("regex-in-loop", Kind.CALL, "regexp.MustCompile regexp.Compile", everything(in_loop, no(varies))),
    performance("string-growth", Kind.ASSIGN, "*", grows),
    performance("defer-in-loop", Kind.NODE, "defer_statement", in_loop),
)


JAVA = (
    security("shell-injection", Kind.CALL, "*.exec", everything(text(r"getRuntime\(\)"), built)),
    security("shell-command", Kind.CALL, "*.exec", everything(text(r"getRuntime\(\)"), varies, no(built))),
    security("unsafe-deserialisation", Kind.CALL, "ObjectInputStream XMLDecoder"),
    security(
        "sql-injection",
        Kind.CALL,
        "*.executeQuery *.executeUpdate *.execute *.createQuery *.createNativeQuery *.prepareStatement "
        "*.queryForObject *.rawQuery *.execSQL",
        built_sql,
    ),
    security("weak-hash", Kind.CALL, "MessageDigest.getInstance", _MD5_SHA1),
    security("weak-hash", Kind.CALL, "DigestUtils.md5Hex DigestUtils.md5 DigestUtils.sha1Hex"),
    security("weak-cipher", Kind.CALL, "Cipher.getInstance", _WEAK_CIPHER),
    security("path-from-request", Kind.CALL, "File FileInputStream Paths.get", from_request),
    security(
        "tls-verification-off",
        Kind.CALL,
        "NoopHostnameVerifier *.setHostnameVerifier",
        text(r"Noop|ALLOW_ALL|->\s?true"),
    ),
    performance("query-in-loop", Kind.CALL, "*.executeQuery *.executeUpdate *.findById *.queryForObject", in_loop),
    performance("regex-in-loop", Kind.CALL, "Pattern.compile", everything(in_loop, no(varies))),
    performance("string-growth", Kind.ASSIGN, "*", grows),
)


CSHARP = (
    security(
        "unsafe-deserialisation", Kind.CALL, "BinaryFormatter NetDataContractSerializer LosFormatter SoapFormatter"
    ),
    security(
        "sql-injection",
        Kind.CALL,
        "SqlCommand NpgsqlCommand MySqlCommand SqliteCommand *.FromSqlRaw *.ExecuteSqlRaw *.Query *.Execute",
        built_sql,
    ),
    security("shell-injection", Kind.CALL, "Process.Start", built),
    security(
        "weak-hash", Kind.CALL, "MD5.Create SHA1.Create MD5CryptoServiceProvider SHA1Managed MD5.HashData SHA1.HashData"
    ),
    security("weak-cipher", Kind.CALL, "DES.Create TripleDES.Create RC2.Create DESCryptoServiceProvider"),
    security("weak-cipher", Kind.ASSIGN, "*.Mode", value(r"CipherMode\.ECB")),
    security(
        "tls-verification-off",
        Kind.ASSIGN,
        "*.ServerCertificateCustomValidationCallback *.ServerCertificateValidationCallback",
        text(r"=>\s?true|DangerousAcceptAny"),
    ),
    security("unsafe-block", Kind.NODE, "unsafe_statement", unexplained),
    performance(
        "query-in-loop",
        Kind.CALL,
        "*.ExecuteReader *.ExecuteScalar *.ExecuteNonQuery *.SaveChanges *.SaveChangesAsync",
        in_loop,
    ),
    performance("regex-in-loop", Kind.CALL, "Regex", everything(in_loop, no(varies))),
    performance("string-growth", Kind.ASSIGN, "*", grows),
    performance(
        "blocking-in-async", Kind.CALL, "Thread.Sleep *.GetResult File.ReadAllText File.WriteAllText", in_async
    ),
)


RUST = (
    security("unsafe-block", Kind.NODE, "unsafe_block", unexplained),
    security(
        "tls-verification-off",
        Kind.CALL,
        "*.danger_accept_invalid_certs *.danger_accept_invalid_hostnames",
        argument("true"),
    ),
    security("weak-hash", Kind.CALL, "Md5.new md5.compute Sha1.new"),
    performance("regex-in-loop", Kind.CALL, "Regex.new", everything(in_loop, no(varies))),
    performance(
        "blocking-in-async",
        Kind.CALL,
        "thread.sleep std.thread.sleep std.fs.read_to_string fs.read_to_string std.fs.read",
        in_async,
    ),
)


C = (
    security(
        "unbounded-copy",
        Kind.CALL,
        "gets strcpy strcat sprintf vsprintf stpcpy wcscpy",
        lambda s: s.name in _UNBOUNDED and not _copies_literal(s),
    ),
    security("unbounded-copy", Kind.CALL, "scanf fscanf sscanf", argument(r'"[^"]{0,200}%s[^"]{0,200}"')),
    security("shell-injection", Kind.CALL, "system popen", lambda s: s.name in {"system", "popen"} and varies(s)),
    security("format-string", Kind.CALL, "printf fprintf syslog snprintf", format_varies),
    security("temporary-file", Kind.CALL, "tmpnam mktemp tempnam", lambda s: "." not in s.name),
    security("weak-hash", Kind.CALL, "MD5 SHA1 MD5_Init SHA1_Init EVP_md5 EVP_sha1"),
    performance("length-in-condition", Kind.LOOP, "for_statement while_statement", measured_each_round),
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

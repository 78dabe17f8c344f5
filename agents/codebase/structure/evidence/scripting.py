"""Rules for PHP, Ruby and Bash, which need only a few."""

from __future__ import annotations

import re

from agents.codebase.structure.evidence.purposes import for_a_secret, from_request, on_a_secret
from agents.codebase.structure.evidence.rules import Rule, performance, security
from agents.codebase.structure.evidence.shapes import (
    built,
    built_sql,
    everything,
    for_each,
    in_loop,
    no,
    text,
    value,
    varies,
)
from agents.codebase.structure.evidence.sites import Site, SiteKind

#: What Ruby's programs put into commands that can hold no other command: process ids, ports, what was made a number.
_NUMBERS = re.compile(
    r"#\{\s*(?:(?:[\w:]+\.)*(?:pid|ppid|port)|\$\$|[^{}]{1,60}\.(?:to_i|to_f|size|length|count))\s*\}"
)


def interpolates(site: Site) -> bool:
    """A command in backticks that holds something that varies and is no number."""
    return re.search(r"#\{|\$\w", _NUMBERS.sub("", site.text)) is not None


def prints_request(site: Site) -> bool:
    """echo of a request's value without escaping."""
    return (
        re.search(r"\$_(?:GET|POST|REQUEST|COOKIE)\b", site.text) is not None
        and re.search(r"htmlspecialchars|htmlentities|intval|\(int\)|json_encode|urlencode|esc_", site.text) is None
    )


def piped_to_shell(site: Site) -> bool:
    """A download that is run without having been looked at."""
    return PIPE_TO_SHELL.search(site.text) is not None


#: Also used on lines of Dockerfiles and workflows.
PIPE_TO_SHELL = re.compile(
    r"\b(?:curl|wget)\b[^|;\n]{0,300}\|\s{0,9}(?:sudo\s{1,9}(?:-\w{1,9}\s{1,9})?)?(?:ba|z|da)?sh\b"
)


_QUOTED = re.compile(r"'[^']*'")
_ARGUMENT = re.compile(r"\$\d|\$\{?\w*(?:INPUT|input|ARG|arg|QUERY)")


def evaluates_argument(site: Site) -> bool:
    """eval of an argument's text: between single quotes the variable is only named, and read again as data."""
    return _ARGUMENT.search(_QUOTED.sub("", site.text)) is not None


def takes_params(site: Site) -> bool:
    return "params[" in site.text


PHP = (
    security("code-execution", SiteKind.CALL, "eval create_function", varies),
    security("code-execution", SiteKind.CALL, "assert", built),
    security(
        "shell-injection",
        SiteKind.CALL,
        "exec shell_exec system passthru popen proc_open",
        everything(built, no(text("escapeshell"))),
    ),
    security(
        "shell-command",
        SiteKind.CALL,
        "exec shell_exec system passthru popen proc_open",
        everything(varies, no(built), no(text("escapeshell")), lambda s: "." not in s.name),
    ),
    security("shell-injection", SiteKind.NODE, "shell_command_expression", interpolates),
    security("unsafe-deserialisation", SiteKind.CALL, "unserialize", everything(varies, no(text("allowed_classes")))),
    security(
        "sql-injection",
        SiteKind.CALL,
        "mysqli_query mysql_query pg_query *.query *.exec *.raw *.prepare *.select",
        built_sql,
    ),
    security("html-injection", SiteKind.NODE, "echo_statement", prints_request),
    security(
        "path-from-request",
        SiteKind.NODE,
        "include_expression include_once_expression require_expression require_once_expression",
        prints_request,
    ),
    security("path-from-request", SiteKind.CALL, "file_get_contents fopen readfile unlink", from_request),
    security("open-redirect", SiteKind.CALL, "header", everything(from_request, text(r"(?i)location"))),
    security("weak-hash", SiteKind.CALL, "md5 sha1", on_a_secret),
    security("weak-random", SiteKind.CALL, "rand mt_rand uniqid", for_a_secret),
    security(
        "tls-verification-off",
        SiteKind.CALL,
        "curl_setopt",
        text(r"CURLOPT_SSL_VERIFY(?:PEER|HOST)\s?,\s?(?:false|0|FALSE)"),
    ),
    performance(
        "query-in-loop",
        SiteKind.CALL,
        "mysqli_query mysql_query pg_query db.query pdo.query wpdb.get_results wpdb.get_row",
        in_loop,
    ),
    performance("http-call-in-loop", SiteKind.CALL, "curl_exec", for_each),
)


RUBY = (
    security(
        "code-execution",
        SiteKind.CALL,
        "eval instance_eval class_eval module_eval *.instance_eval *.class_eval *.constantize",
        everything(varies, built),
    ),
    security("code-execution", SiteKind.CALL, "eval", everything(varies, no(built))),
    security("shell-injection", SiteKind.CALL, "system exec spawn Open3.capture3 IO.popen Kernel.system", built),
    security("shell-injection", SiteKind.NODE, "subshell", interpolates),
    security(
        "unsafe-deserialisation",
        SiteKind.CALL,
        "Marshal.load Marshal.restore YAML.unsafe_load Psych.unsafe_load Oj.object_load",
        no(text(r"\bMarshal\.dump\b")),
    ),
    security("sql-injection", SiteKind.CALL, "*.find_by_sql *.execute *.exec_query *.select_all", built_sql),
    security("sql-injection", SiteKind.CALL, "*.where *.order *.having *.joins *.pluck", built),
    security("html-injection", SiteKind.CALL, "*.html_safe raw", takes_params),
    security("open-redirect", SiteKind.CALL, "redirect_to", from_request),
    security(
        "weak-hash",
        SiteKind.CALL,
        "Digest.MD5.hexdigest Digest.SHA1.hexdigest Digest.MD5.digest Digest.SHA1.digest OpenSSL.Digest.MD5.new",
        on_a_secret,
    ),
    security("tls-verification-off", SiteKind.ASSIGN, "*.verify_mode", value(r"OpenSSL::SSL::VERIFY_NONE")),
    security("weak-random", SiteKind.CALL, "rand Random.rand", for_a_secret),
    performance("query-in-loop", SiteKind.CALL, "*.find_by *.find_by_sql", in_loop),
    performance("regex-in-loop", SiteKind.CALL, "Regexp.new", everything(in_loop, no(varies))),
)


BASH = (
    security("pipe-to-shell", SiteKind.NODE, "pipeline", piped_to_shell),
    security("code-execution", SiteKind.CALL, "eval", evaluates_argument),
    security(
        "tls-verification-off", SiteKind.CALL, "curl wget", text(r"\s(?:-k|--insecure|--no-check-certificate)(?:\s|$)")
    ),
    security("world-writable", SiteKind.CALL, "chmod", text(r"\s(?:-R\s+)?0?777\s|\sa\+w\s")),
)

RULES: dict[str, tuple[Rule, ...]] = {"php": PHP, "ruby": RUBY, "bash": BASH}

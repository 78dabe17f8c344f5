"""Values that a command line or a line of a server's configuration gives away by their place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from agents.codebase.secrets import values
from agents.codebase.secrets.unnamed import text_of, trimmed
from agents.codebase.secrets.vocabulary import HEAD, is_part, vocabulary

#: The rest of a command, which goes on behind a backslash at a line's end.
_REST: Final = rb"(?:[^\n\\]|\\\r?\n|\\.){0,200}?"
_VALUE: Final = rb"\\?[\"']?(?P<value>[^\s\"'\\]{3,})"
#: A value that stands where an option could stand, too.
_PLACED: Final = rb"[\"']?(?P<value>(?![-/<$])[^\s\"'\\]{6,})"


class _Row(NamedTuple):
    """A text without the mark holds nothing of the pattern.

    It is a word of the text or begins a part of one, unless it is `inside`. `hint` begins with letters or signs, which
    `re` finds fast, where the pattern does not.
    """

    mark: bytes
    pattern: re.Pattern[bytes]
    is_word: bool = False
    inside: bool = False
    hint: re.Pattern[bytes] | None = None


def _options(names: str, option: bytes) -> Iterator[_Row]:
    """Commands, parted by commas, and the value of their option; the option ends with what parts it from the value."""
    for name in names.encode().split(b", "):
        # A pattern that begins with letters is looked for at the speed of a search.
        begins = re.escape(name) + rb"(?<![\w.-]" + re.escape(name) + rb")"
        yield _Row(name.split()[0], re.compile(begins + rb"(?![\w-])" + _REST + rb"\s" + option + _VALUE), is_word=True)


def _after(word: bytes, others: bytes = b"") -> _Row:
    """The value behind a word and what else stands before it."""
    return _Row(word, re.compile(word + others + rb"[ \t]{1,4}" + _PLACED), is_word=True)


_COMMANDS: Final = (
    *_options("curl", rb"(?:-u|--user|-U|--proxy-user)[= ]{0,2}\\?[\"']?[^\s:\"']{1,100}:"),
    *_options("wget", rb"--(?:http-|ftp-|proxy-)?password[= ]"),
    *(_Row(name, re.compile(rb"\b" + name + rb"[\w-]{0,10}\b" + _REST + rb"\s-p\\?[\"']?(?P<value>[^\s\"'\\]{4,})")) for name in (b"mysql", b"mariadb")),
    _Row(b"sshpass", re.compile(rb"\bsshpass\s{1,3}-p\s{0,3}" + _VALUE)),
    _Row(b"login", re.compile(rb"login(?<!\wlogin)\b" + _REST + rb"\s-p[= ]\s{0,3}" + _VALUE)),
    *_options("redis-cli", rb"-a\s{1,3}"),
    _Row(b"mongo", re.compile(rb"\bmongo\w{0,8}\b" + _REST + rb"\s-p\s{0,3}" + _VALUE)),
    _Row(b"ldap", re.compile(rb"\bldap\w{3,10}\b" + _REST + rb"\s-w\s{1,3}" + _VALUE)),
    _Row(b"htpasswd", re.compile(rb"\bhtpasswd\s{1,3}-\w{0,8}b\w{0,8}\s{1,3}[^\n]{0,200}?\s\S{1,60}\s" + _VALUE)),
    _Row(b"pass:", re.compile(rb"(?:-pass(?:in|out)?|-password|-k)\s{1,3}[\"']?pass:(?P<value>[^\s\"'\\]{3,})")),
    _Row(b"storepass", re.compile(rb"-(?:src|dest|new)?(?:store|key)pass\s{1,3}" + _VALUE), inside=True),
    *(_Row(mark, re.compile(rb"\b" + name + rb"\b[^\n]{0,200}?\s-U\s{0,3}[^\s%]{1,60}%(?P<value>[^\s\"'\\]{3,})")) for mark, name in (
        (b"smb", rb"smb\w{0,10}"), (b"realm", rb"realm"), (b"rpcclient", rb"rpcclient"), (b"adcli", rb"adcli"))),
    _Row(b"auth", re.compile(rb"auth(?<!\wauth)\s{0,2}[=:]\s{0,2}[(\[]\s{0,2}[\"'][^\"'\n]{1,100}[\"']\s{0,2},\s{0,2}[\"'](?P<value>[^\"'\n]{4,})")),
    _Row(b"oracle", re.compile(rb"oracle:(?:thin|oci):[\w.]{1,60}/(?P<value>[^\s@\"'/]{3,100})@")),
    _Row(b"sqlplus", re.compile(rb"\bsqlplus\b[^\n]{0,60}?\s[\w.]{1,60}/(?P<value>[^\s@\"'/]{3,100})@")),
    _Row(b")/", re.compile(rb"(?<![\w.-])[\w.-]{1,60}:(?P<value>[^\s@\"'`/]{3,100})@(?:tcp|unix)\(")),
    _Row(b"@/", re.compile(rb"[\"'`][\w.-]{1,60}:(?P<value>[^\s@\"'`/]{3,100})@/\w")),
    _Row(b"identified", re.compile(rb"(?i)\bidentified\s{1,4}(?:with\s{1,4}\S{1,40}\s{1,4})?(?:by|as)\s{1,4}(?:password\s{1,4})?[\"'](?P<value>[^\"'\n]{4,200})[\"']")),
    _Row(b":", re.compile(rb"(?m)^[\w.*-]{1,100}+:(?:\d{2,5}|\*):[\w*-]{1,60}:[\w*-]{1,60}:(?P<value>[^\s:]{4,})$"), hint=re.compile(rb":(?:\d{2,5}|\*):")),
    *_options("zip, unzip", rb"-P\s{0,3}"),
    *_options("7z, 7za, 7zz, 7zr", rb"-p"),
    *_options("rar, unrar", rb"-h?p"),
    *_options("sqlcmd, bcp, isql, osql, ipmitool, mosquitto_pub, mosquitto_sub, pymssql", rb"-P\s{0,3}"),
    *_options("cqlsh, psexec, ncftpput, ncftpget, twine, altool, unlock-keychain", rb"-p\s{1,3}"),
    *_options("security import", rb"-P\s{1,3}"),
    *_options("nuget push", rb"-k\s{1,3}"),
    *_options("sendemail", rb"-xp\s{1,3}"),
    *_options("snmpwalk, snmpget, snmpset, snmpbulkwalk", rb"-c\s{1,3}"),
    *_options("useradd", rb"-p\s{1,3}"),
    *_options("openssl enc", rb"-[kK]\s{1,3}"),
    _Row(b"lftp", re.compile(rb"lftp\b[^\n]{0,200}?\s-u\s{0,3}[^\s,]{1,60}," + _VALUE)),
    _Row(b" -a ", re.compile(rb"http(?<![\w/.:-]http)s?\s(?:[^\n]{0,200}?\s)?-a\s{1,3}[\"']?[^\s:\"']{1,60}:" + _VALUE)),
    *_options("etcdctl", rb"--user[ =][\"']?[^\s:\"']{1,60}:"),
    _Row(b"chpasswd", re.compile(rb"echo\s(?:-\w{1,3}\s)?[\"']?[\w.-]{1,60}:" + _VALUE + rb"[\"']?\s{0,3}\|[^\n|]{0,40}chpasswd")),
    *(_Row(name, re.compile(
        name + rb"\s(?:-\w{1,3}\s){0,2}[\"']?(?P<value>[^\s\"'|$`%]{6,})[\"']?\s{0,3}(?:;[^\n|]{0,80})?\|\s{0,3}"
        rb"(?:sudo\s[^\n|]{0,20}-S|[^\n|]{0,80}(?:--password-stdin|--stdin|secrets?\s{1,3}create|smbpasswd|kinit|--with-token|cryptsetup))")) for name in (b"echo", b"printf")),
    _Row(b"<<<", re.compile(rb"\b(?:kinit|sudo|cryptsetup|gpg|passwd|login)\b[^\n]{0,100}<<<\s{0,3}" + _PLACED)),
    _after(rb"net", rb"\s{1,3}user\s{1,3}[^\s/]{1,60}"),
    _Row(b"net", re.compile(rb"net\s{1,3}use\b[^\n]{0,200}?\s/user:\S{1,60}\s{1,3}" + _PLACED), is_word=True),
    _Row(b"net", re.compile(rb"net\s{1,3}use\s[^\n]{0,60}?\\\S{1,200}\s{1,3}(?P<value>[^\s/*\\-]\S{5,})\s{1,3}/user"), is_word=True),
    *_options("schtasks", rb"/rp\s{1,3}"),
    *_options("xfreerdp, signtool, mstsc, rdesktop", rb"/p[: ]"),
    _Row(b"securestring", re.compile(rb"(?i)\bConvertTo-SecureString\s{1,3}(?:-String\s{1,3})?[\"'](?P<value>[^\"'\n$]{4,200})[\"']\s{1,3}-AsPlainText")),
    _after(rb"vault", rb"\s{1,3}login"),
    _Row(b"vault", re.compile(rb"vault\s{1,3}(?:kv\s{1,3}(?:put|patch)|write)\s" + _REST + rb"\s[\w.-]{1,60}=" + _VALUE)),
    _Row(b"--from-literal", re.compile(rb"--from-literal[= ][\"']?[\w.-]{1,80}=" + _VALUE)),
    *_options("gh secret set", rb"(?:--body|-b)[= ]"),
    _Row(b"securestring", re.compile(rb"put-parameter(?=(?:[^\n\\]|\\\r?\n|\\.){0,400}SecureString)" + _REST + rb"--value[= ]" + _VALUE)),
    *_options("keyvault secret set", rb"--value[= ]"),
    _after(rb"wpa_passphrase", rb"\s{1,3}\S{1,60}"),
    _after(rb"mc", rb"\s{1,3}(?:alias\s{1,3}set|config\s{1,3}host\s{1,3}add)\s{1,3}\S{1,60}\s{1,3}http\S{1,200}\s{1,3}\S{1,80}"),
    _after(rb"config", rb"\s{1,3}(?:-\S{1,20}\s{1,3})?http-basic\.\S{1,100}\s{1,3}\S{1,60}"),
    _after(rb"user-secrets", rb"\s{1,3}set\s{1,3}\S{1,100}"),
    _after(rb"cargo", rb"\s{1,3}login"),
    _Row(b"bundle", re.compile(rb"bundle\s{1,3}config\s[^\n]{0,120}?\s[\w.-]{1,60}:(?P<value>[^\s\"'\\/:]{6,})")),
    _Row(b"bundle", re.compile(rb"BUNDLE_\w{1,40}__\w{1,60}[\"']?\s{0,3}[:=]\s{0,3}[\"']?[\w.-]{1,60}:" + _VALUE)),
    _after(rb"set-agent-token", rb"\s{1,3}\w{1,20}"),
    _after(rb"rabbitmqctl", rb"\s{1,3}(?:[^\n]{0,40}\s)?(?:add_user|change_password)\s{1,3}\S{1,60}"),
    _after(rb"snmp-server", rb"\s{1,3}community"),
    _after(rb"rocommunity"),
    _after(rb"rwcommunity"),
    _after(rb"radius-server", rb"\s[^\n]{0,100}?\skey(?:\s{1,3}[07])?"),
    _Row(b"expect", re.compile(rb"expect\s[^\n]{0,60}?ass(?:word|phrase|code)[^\n]{0,60}\s{1,20}(?:exp_)?send\s(?:--\s)?[\"'](?P<value>[^\s\"'\\$]{4,})\\[rn]")),
    _Row(b"okta", re.compile(rb"(?i:okta)[^\n]{0,200}?[\"'](?P<value>00[\w-]{40})[\"']"), inside=True),
    _Row(b"twilio", re.compile(rb"[\"']AC[0-9a-f]{32}[\"']\s{0,3},\s{0,20}[\"'](?P<value>[0-9a-f]{32})[\"']"), inside=True),
    _Row(b"key=", re.compile(rb"[?&]key=(?=[\w-]{0,99}?\d)(?=[\w-]{0,99}?[a-z])(?=[\w-]{0,99}?[A-Z])(?P<value>[\w-]{20,})")),
    _Row(b"requirepass", re.compile(rb"requirepass[\"']?,?\s{1,4}" + _PLACED)),
    _after(rb"masterauth"),
    _Row(b"enable", re.compile(rb"enable\s{1,3}(?:secret|password)\s{1,3}\d\s{1,3}(?P<value>[^\s\"']{8,})")),
    _Row(b"cookie", re.compile(rb"[cC](?<!\w[cC])(?i:ookie)\\?[\"']?\s{0,3}[:=,]\s{0,3}[^\n\"']{0,200}?\b[\w.-]{1,60}(?<!path)(?<!domain)(?<!Path)(?<!Domain)=(?P<value>[A-Za-z0-9%+/=_.:-]{20,})")),
    _Row(b"curl", re.compile(rb"curl\b" + _REST + rb"\s(?:-b|--cookie)[= ][\"']?[\w.-]{1,60}=(?P<value>[^\s\"';]{8,})")),
    _Row(b"machine", re.compile(rb"machine\s{1,8}\S{1,100}\s{1,20}login\s{1,8}\S{1,100}\s{1,20}password\s{1,8}" + _PLACED)),
    _Row(b"stats", re.compile(rb"stats\s{1,3}auth\s{1,3}[^\s:]{1,60}:" + _VALUE)),
    *_options("cache_peer", rb"login=[^\s:]{1,60}:"),
    _after(rb"bindpw"),
    _Row(b"rootpw", re.compile(rb"[rR]oot(?:pw|PW):?\s{1,8}" + _PLACED), inside=True),
    _Row(b"authtok", re.compile(rb"ldap_default_authtok\s{0,4}=\s{0,4}" + _PLACED)),
    _Row(b"]:", re.compile(rb"(?m)\[(?<![^\n]\[)[\w.-]{1,100}\](?::\d{2,5})?[ \t]{1,8}[^\s:]{1,80}:(?P<value>\S{4,})$")),
    _Row(b"secret", re.compile(rb"(?m)^[\w.@\\-]{1,80}[ \t]{1,8}\*[ \t]{1,8}\"?(?P<value>[^\s\"*]{6,80})\"?[ \t]{1,8}(?:\*|\d{1,3}\.\d[\d.]{3,})"), inside=True),
    *_options("snmpwalk, snmpget, snmpset, snmpbulkwalk", rb"-[AX]\s{1,3}"),
    *_options("rdesktop", rb"-p\s{1,3}"),
    *_options("doctl", rb"-t\s{1,3}"),
    *_options("gem push", rb"--key\s{1,3}"),
    _Row(b"oauth2-bearer", re.compile(rb"--oauth2-bearer[= ]" + _VALUE)),
    _Row(b"sonar", re.compile(rb"sonar\.(?:login|password)=" + _VALUE)),
    _Row(b"password-command", re.compile(rb"password-command[= ][\"']?echo\s" + _PLACED)),
    _after(rb"wandb", rb"\s{1,3}login"),
    _after(rb"snyk", rb"\s{1,3}auth"),
    *(_Row(name, re.compile(name + rb"\s{1,3}[\w.]{1,60}/(?P<value>[^\s@\"'/]{3,100})@?"), is_word=True) for name in (b"impdp", b"expdp")),
    _Row(b"vncpasswd", re.compile(rb"vncpasswd\b[^\n]{0,60}<<<\s{0,3}" + _PLACED)),
    _Row(b"com2sec", re.compile(rb"com2sec6?\s{1,3}\S{1,60}\s{1,3}\S{1,60}\s{1,3}" + _PLACED)),
    _Row(b"password", re.compile(rb"username\s[^\n]{0,60}?(?:password|secret)\s{1,3}\d\s{1,3}(?P<value>[^\s\"']{6,})")),
    _Row(b"isakmp", re.compile(rb"isakmp\s{1,3}key\s{1,3}(?:\d\s{1,3})?" + _PLACED)),
    _Row(b"message-digest-key", re.compile(rb"message-digest-key\s{1,3}\d{1,3}\s{1,3}md5\s{1,3}(?:\d\s{1,3})?" + _PLACED)),
    _Row(b"secure_link_md5", re.compile(rb"secure_link_md5\s{1,3}[\"'][^\"'\n]{0,200}?\s(?P<value>[^\s\"'$]{6,})[\"']")),
    _Row(b"auth-user-pass", re.compile(rb"<auth-user-pass>\s{1,9}\S{1,80}\s{1,9}(?P<value>[^\s<]{4,})")),
    _Row(b"setvalue", re.compile(rb"setValue:\s?@?[\"'](?P<value>[^\s\"'%]{8,})[\"']\s{0,9},?\s{0,9}forHTTPHeaderField:\s?@?[\"'][\w-]{0,40}(?:[kK]ey|[tT]oken|[aA]uth|[sS]ecret)")),
    _Row(b"basic_auth", re.compile(rb"basic_auth\s{1,2}[\"'][^\"'\n]{1,80}[\"']\s{0,3},\s{0,3}[\"'](?P<value>[^\"'\n#]{4,})[\"']")),
    _Row(b"accounts", re.compile(rb"accounts[\"']?\s{0,3}[:=]\s{0,3}\[\s{0,40}[\"'`](?P<value>(?:0x)?[0-9a-fA-F]{64})(?![0-9a-fA-F])")),
    _Row(b"send", re.compile(rb"send\s(?<!\wsend\s)(?:--\s)?[\"'](?P<value>(?=[^\s\d]{0,60}\d)(?=[^\s]{0,60}?[A-Z])[^\s\"'\\$]{8,60})\\[rn][\"']")),
    _Row(b"wep_key", re.compile(rb"wep_key\d{0,2}\s{0,3}=\s{0,3}" + _VALUE)),
)  # fmt: skip

_WHOLE: Final = tuple(row for row in _COMMANDS if row.is_word)
_OTHERS: Final = tuple(row for row in _COMMANDS if not row.is_word)
_BEGIN: Final = tuple(row for row in _OTHERS if re.match(rb"[a-z0-9]{%d}[\w-]*$" % HEAD, row.mark) and not row.inside)
_INSIDE: Final = tuple(row for row in _OTHERS if is_part(row.mark) and row not in _BEGIN)
_SIGNS: Final = tuple(row for row in _OTHERS if not is_part(row.mark))


def find(source: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each value; some may overlap. `lowered` is the source in small letters."""
    words, joined, heads, _ = vocabulary(lowered)
    rows = [row for row in _WHOLE if row.mark in words]
    rows += [row for row in _BEGIN if row.mark[:HEAD] in heads and row.mark in joined]
    rows += [row for row in _INSIDE if row.mark in joined]
    rows += [row for row in _SIGNS if row.mark in lowered]
    for row in rows:
        for match in row.pattern.finditer(source) if row.hint is None or row.hint.search(source) else ():
            value = trimmed(source, *match.span("value"))
            if _convinces(text_of(source, *value)):
                yield value


def _convinces(text: str) -> bool:
    return not values.is_placeholder(text) and len(text) > 3 and re.search(r"[\dA-Z!@#%^*]", text) is not None

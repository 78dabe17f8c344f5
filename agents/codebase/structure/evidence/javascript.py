"""Rules for JavaScript and TypeScript."""

from __future__ import annotations

import re

from agents.codebase.structure.evidence.purposes import for_a_secret, from_request, on_a_secret
from agents.codebase.structure.evidence.rules import performance, security
from agents.codebase.structure.evidence.shapes import (
    argument,
    built,
    built_sql,
    everything,
    for_each,
    in_async,
    in_loop,
    is_literal,
    moves_elements,
    no,
    text,
    value,
    varies,
)
from agents.codebase.structure.evidence.sites import Site, SiteKind

_HTTP = "fetch axios axios.get axios.post axios.put axios.delete axios.request got got.get node-fetch"
_FILES = (
    "fs.readFile fs.writeFile fs.createReadStream fs.unlink fs.readFileSync fs.promises.readFile fs/promises.readFile"
)
_BLOCKING = (
    "fs.readFileSync fs.writeFileSync fs.existsSync fs.readdirSync fs.statSync fs.mkdirSync "
    "fs.unlinkSync fs.copyFileSync fs.appendFileSync fs.rmSync child_process.execSync child_process.spawnSync "
    "child_process.execFileSync "
    "crypto.pbkdf2Sync crypto.scryptSync zlib.gzipSync zlib.gunzipSync"
)
_SPREADS_FIRST = re.compile(r"[\[{(]\s{0,20}\.\.\.(\w{1,60})\b")


def spreads_accumulator(site: Site) -> bool:
    """`reduce((acc, x) => [...acc, x])`: the whole result is copied for every element."""
    callback = site.arguments[0] if site.arguments else None
    if callback is None or callback.type != "arrow_function":
        return False
    parameters, body = callback.child_by_field_name("parameters"), callback.child_by_field_name("body")
    if parameters is None or body is None or not parameters.named_child_count:
        return False
    first = site.facts.text(parameters.named_children[0]).split(":")[0].strip()
    return any(name == first for name in _SPREADS_FIRST.findall(site.facts.text(body)))


def copies_through_json(site: Site) -> bool:
    """`JSON.parse(JSON.stringify(x))`."""
    return site.subject is not None and site.facts.text(site.subject).startswith("JSON.stringify(")


def sets_markup(site: Site) -> bool:
    """Markup that varies is assigned, and nothing in the line cleans it."""
    node = site.value
    if node is None or is_literal(node, site.facts):
        return False
    return re.search(r"sanitiz|sanitis|purify|escape|\.innerHTML\b", site.facts.text(node), re.IGNORECASE) is None


def inserts_markup(site: Site) -> bool:
    """dangerouslySetInnerHTML with something that varies."""
    return re.search(r"__html\s{0,9}:\s{0,9}[\"']|sanitiz|sanitis|purify", site.text, re.IGNORECASE) is None


RULES = (
    security("code-execution", SiteKind.CALL, "eval Function", varies),
    security(
        "code-execution", SiteKind.CALL, "vm.runInThisContext vm.runInNewContext vm.runInContext vm.Script", varies
    ),
    security("code-execution", SiteKind.CALL, "setTimeout setInterval", built),
    security("shell-injection", SiteKind.CALL, "child_process.exec child_process.execSync shelljs.exec", built),
    security(
        "shell-command", SiteKind.CALL, "child_process.exec child_process.execSync", everything(varies, no(built))
    ),
    security(
        "shell-injection",
        SiteKind.CALL,
        "child_process.spawn child_process.spawnSync",
        everything(built, text(r"\bshell\s?:\s?true")),
    ),
    security("unsafe-deserialisation", SiteKind.CALL, "node-serialize.unserialize serialize-javascript.deserialize"),
    security(
        "sql-injection",
        SiteKind.CALL,
        "*.query *.execute *.raw *.$queryRawUnsafe *.$executeRawUnsafe *.exec *.run *.all",
        built_sql,
    ),
    security("html-injection", SiteKind.ASSIGN, "*.innerHTML *.outerHTML", sets_markup),
    security("html-injection", SiteKind.CALL, "document.write document.writeln", varies),
    security("html-injection", SiteKind.CALL, "*.insertAdjacentHTML", built),
    security("html-injection", SiteKind.PAIR, "dangerouslySetInnerHTML", inserts_markup),
    security(
        "path-from-request", SiteKind.CALL, f"{_FILES} path.join path.resolve *.sendFile *.download", from_request
    ),
    security("request-forgery", SiteKind.CALL, _HTTP, from_request),
    security("open-redirect", SiteKind.CALL, "res.redirect response.redirect", from_request),
    security(
        "weak-hash",
        SiteKind.CALL,
        "crypto.createHash",
        everything(on_a_secret, argument(r"""["'](?:md5|sha1|md4)["']""")),
    ),
    security("weak-cipher", SiteKind.CALL, "crypto.createCipher crypto.createDecipher"),
    security(
        "weak-cipher",
        SiteKind.CALL,
        "crypto.createCipheriv",
        argument(r"""["'](?:des|rc4|bf|.{0,20}-ecb)[\w-]{0,20}["']"""),
    ),
    security("weak-random", SiteKind.CALL, "Math.random", for_a_secret),
    security("tls-verification-off", SiteKind.PAIR, "rejectUnauthorized strictSSL", value("false")),
    security(
        "tls-verification-off", SiteKind.ASSIGN, "process.env.NODE_TLS_REJECT_UNAUTHORIZED", value(r"""["']?0["']?""")
    ),
    security("permissive-cors", SiteKind.CALL, "cors", text(r"""\borigin\s?:\s?["']\*["']""")),
    security(
        "permissive-cors",
        SiteKind.CALL,
        "*.setHeader *.header *.set",
        text(r"""(?i)["']access-control-allow-origin["'],\s?["']\*["']"""),
    ),
    security(
        "token-unverified",
        SiteKind.CALL,
        "jsonwebtoken.verify jwt.verify",
        text(r"""algorithms\s?:\s?\[\s?["']none["']"""),
    ),
    security("open-bind", SiteKind.CALL, "app.listen server.listen", argument(r"""["']0\.0\.0\.0["']""")),
    performance("http-call-in-loop", SiteKind.CALL, _HTTP, for_each),
    performance(
        "query-in-loop",
        SiteKind.CALL,
        "db.query pool.query client.query connection.query conn.query knex.raw *.findOne *.findUnique "
        "*.findByPk *.findById",
        for_each,
    ),
    performance("blocking-in-async", SiteKind.CALL, _BLOCKING, in_async),
    performance(
        "process-in-loop", SiteKind.CALL, "child_process.execSync child_process.spawnSync child_process.exec", for_each
    ),
    performance("regex-in-loop", SiteKind.CALL, "RegExp", everything(in_loop, no(varies))),
    performance("copy-growth", SiteKind.CALL, "*.reduce", spreads_accumulator),
    performance("copy-in-loop", SiteKind.CALL, "JSON.parse", everything(in_loop, copies_through_json)),
    performance("front-of-list", SiteKind.CALL, "*.unshift", moves_elements),
)

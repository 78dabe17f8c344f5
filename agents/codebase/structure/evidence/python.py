"""Rules for Python."""

from __future__ import annotations

from agents.codebase.structure.evidence.purposes import for_a_secret, from_request, on_a_secret
from agents.codebase.structure.evidence.python_shapes import (
    copies_the_same,
    front_of_list,
    grows_by_copy,
    has_loader,
    listed_in_loop,
    path_repeats,
    read_whole,
    remote_receiver,
    same_collection,
)
from agents.codebase.structure.evidence.rules import performance, security
from agents.codebase.structure.evidence.shapes import (
    argument,
    built,
    built_sql,
    everything,
    for_each,
    grows,
    in_async,
    in_loop,
    listed_by_author,
    moves_elements,
    no,
    query_repeats,
    text,
    value,
    varies,
)
from agents.codebase.structure.evidence.sites import SiteKind

_HTTP = " ".join(
    f"{module}.{verb}"
    for module in ("requests", "httpx")
    for verb in ("get", "post", "put", "patch", "delete", "head", "request")
)
_SUBPROCESS = "subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen"
_SHELL = text(r"\bshell\s{0,5}=\s{0,5}True\b")
#: A written text and its translation, which the project's own people wrote.
_TRANSLATED = (
    r"""^[\w.]+\(\s*(?:_|(?:\w+\.)?u?gettext(?:_lazy|_noop)?)\(\s*(?:"[^"]*"\s*|'[^']*'\s*)+,?\s*\)\s*,?\s*\)$"""
)
_RANDOM = " ".join(
    f"random.{name}"
    for name in ["random", "randint", "choice", "choices", "sample", "randrange", "getrandbits", "shuffle", "uniform"]
)
_CURSORS = "*.execute *.executemany *.executescript *.raw *.read_sql *.read_sql_query sqlalchemy.text *.exec_driver_sql"
_QUERIES = (
    "cursor.execute cur.execute conn.execute connection.execute db.execute session.execute self.cursor.execute "
    "self.conn.execute self.connection.execute self.db.execute self.session.execute db.session.execute "
    "*.objects.get *.objects.filter *.objects.create *.objects.get_or_create *.objects.update_or_create "
    "session.get db.session.get *.query.get *.query.filter_by *.find_one *.fetchone"
)
_REMOTE = (
    "*.get_object *.put_object *.get_item *.put_item *.delete_item *.send_message *.describe_instances *.head_object"
)

RULES = (
    security(
        "code-execution",
        SiteKind.CALL,
        "eval exec builtins.eval builtins.exec",
        everything(varies, no(listed_by_author), no(text(r"^(?:exec|eval)\(\s*compile\(\s*[rb]?['\"]"))),
    ),
    security(
        "unsafe-deserialisation",
        SiteKind.CALL,
        "pickle.load pickle.loads pickle.Unpickler cPickle.load cPickle.loads dill.load dill.loads marshal.load "
        "marshal.loads shelve.open jsonpickle.decode pandas.read_pickle joblib.load",
        no(text(r"\.dumps\(")),
    ),
    security("unsafe-deserialisation", SiteKind.CALL, "yaml.load yaml.load_all", no(has_loader)),
    security("unsafe-deserialisation", SiteKind.CALL, "yaml.unsafe_load yaml.full_load"),
    security("shell-injection", SiteKind.CALL, "os.system os.popen commands.getoutput subprocess.getoutput", built),
    security(
        "shell-injection", SiteKind.CALL, _SUBPROCESS + " asyncio.create_subprocess_shell", everything(_SHELL, built)
    ),
    security("shell-injection", SiteKind.CALL, "asyncio.create_subprocess_shell", built),
    security("shell-command", SiteKind.CALL, "os.system os.popen subprocess.getoutput", everything(varies, no(built))),
    security("shell-command", SiteKind.CALL, _SUBPROCESS, everything(_SHELL, varies, no(built))),
    security("sql-injection", SiteKind.CALL, _CURSORS, built_sql),
    security(
        "path-from-request",
        SiteKind.CALL,
        "open flask.send_file send_file os.path.join os.remove pathlib.Path",
        from_request,
    ),
    security("request-forgery", SiteKind.CALL, _HTTP + " urllib.request.urlopen", from_request),
    security("open-redirect", SiteKind.CALL, "flask.redirect django.shortcuts.redirect redirect", from_request),
    security(
        "html-injection",
        SiteKind.CALL,
        "markupsafe.Markup flask.Markup django.utils.safestring.mark_safe",
        everything(varies, no(text(_TRANSLATED))),
    ),
    security("template-injection", SiteKind.CALL, "flask.render_template_string", built),
    security("html-injection", SiteKind.CALL, "jinja2.Environment", text(r"\bautoescape\s{0,5}=\s{0,5}False\b")),
    security(
        "weak-hash",
        SiteKind.CALL,
        "hashlib.md5 hashlib.sha1",
        everything(on_a_secret, no(text(r"\busedforsecurity\s{0,5}=\s{0,5}False\b"))),
    ),
    security(
        "weak-hash", SiteKind.CALL, "hashlib.new", everything(on_a_secret, argument(r"""["'](?:md5|sha1|md4)["']"""))
    ),
    security("weak-cipher", SiteKind.CALL, "*.new", text(r"\bMODE_ECB\b")),
    security(
        "weak-cipher",
        SiteKind.CALL,
        "Crypto.Cipher.DES.new Crypto.Cipher.ARC4.new Crypto.Cipher.DES3.new Crypto.Cipher.Blowfish.new "
        "Cryptodome.Cipher.DES.new Cryptodome.Cipher.ARC4.new",
    ),
    security("weak-cipher", SiteKind.CALL, "*.ECB", text(r"\bmodes\.ECB\(")),
    security("weak-random", SiteKind.CALL, _RANDOM, for_a_secret),
    security(
        "tls-verification-off",
        SiteKind.CALL,
        _HTTP + " requests.Session.get httpx.Client httpx.AsyncClient *.get *.post",
        text(r"\bverify\s{0,5}=\s{0,5}False\b"),
    ),
    security("tls-verification-off", SiteKind.CALL, "ssl._create_unverified_context"),
    security("tls-verification-off", SiteKind.ASSIGN, "*.verify_mode", value(r"(?:ssl\.)?CERT_NONE")),
    security("tls-verification-off", SiteKind.ASSIGN, "*.check_hostname *.verify", value("False")),
    security("debug-enabled", SiteKind.CALL, "*.run", text(r"\bdebug\s{0,5}=\s{0,5}True\b")),
    security("debug-enabled", SiteKind.ASSIGN, "DEBUG app.debug", value("True")),
    security("open-bind", SiteKind.CALL, "*.run uvicorn.run", text(r"""\bhost\s{0,5}=\s{0,5}["']0\.0\.0\.0["']""")),
    security("open-bind", SiteKind.CALL, "*.bind", argument(r"""\(\s*["'](?:0\.0\.0\.0)?["'].{0,80}""")),
    security(
        "permissive-cors",
        SiteKind.CALL,
        "*.add_middleware flask_cors.CORS",
        text(r"""origins?\s{0,5}=\s{0,5}\[?\s{0,5}["']\*["']"""),
    ),
    security("permissive-cors", SiteKind.ASSIGN, "CORS_ORIGIN_ALLOW_ALL CORS_ALLOW_ALL_ORIGINS", value("True")),
    security("temporary-file", SiteKind.CALL, "tempfile.mktemp os.tempnam os.tmpnam"),
    security(
        "archive-extraction",
        SiteKind.CALL,
        "tar.extractall tarfile.extractall *.tar.extractall",
        no(text(r"\b(?:filter|members)\s{0,5}=|extractall\([^,()]{1,80},\s*\w")),
    ),
    security(
        "token-unverified", SiteKind.CALL, "jwt.decode", text(r"""verify(?:_signature["'])?\s{0,5}[=:]\s{0,5}False""")
    ),
    security("world-writable", SiteKind.CALL, "os.chmod *.chmod", argument(r"0o?[0-7]?[0-7][0-7][2367]|stat\.S_IWOTH")),
    security(
        "xml-entities",
        SiteKind.CALL,
        "lxml.etree.XMLParser etree.XMLParser",
        text(r"\bresolve_entities\s{0,5}=\s{0,5}True\b"),
    ),
    performance("query-in-loop", SiteKind.CALL, _QUERIES, everything(for_each, query_repeats)),
    performance("http-call-in-loop", SiteKind.CALL, _HTTP + " urllib.request.urlopen", for_each),
    performance("remote-call-in-loop", SiteKind.CALL, _REMOTE, everything(for_each, remote_receiver)),
    performance("process-in-loop", SiteKind.CALL, _SUBPROCESS + " os.system", for_each),
    performance("repeated-read", SiteKind.CALL, "open", everything(in_loop, path_repeats)),
    performance("string-growth", SiteKind.ASSIGN, "*", grows),
    performance("copy-growth", SiteKind.ASSIGN, "*", grows_by_copy),
    performance("list-membership-in-loop", SiteKind.COMPARE, "comparison_operator", listed_in_loop),
    performance("front-of-list", SiteKind.CALL, "*.insert *.pop", everything(moves_elements, front_of_list)),
    performance("nested-loop-same-collection", SiteKind.LOOP, "for_statement", same_collection),
    performance(
        "blocking-in-async",
        SiteKind.CALL,
        f"time.sleep {_HTTP} urllib.request.urlopen {_SUBPROCESS} os.system open "
        "*.read_text *.write_text *.read_bytes *.write_bytes socket.create_connection shutil.copytree shutil.rmtree",
        in_async,
    ),
    performance("regex-in-loop", SiteKind.CALL, "re.compile", everything(in_loop, no(varies))),
    performance("copy-in-loop", SiteKind.CALL, "copy.deepcopy", everything(in_loop, copies_the_same)),
    performance(
        "frame-growth",
        SiteKind.CALL,
        "pandas.concat pd.concat numpy.append numpy.concatenate numpy.vstack numpy.hstack",
        in_loop,
    ),
    performance("row-iteration", SiteKind.CALL, "*.iterrows"),
    performance("unbounded-read", SiteKind.CALL, "*.readlines", read_whole),
    performance(
        "unbounded-query",
        SiteKind.CALL,
        "*.execute *.read_sql *.read_sql_query",
        argument(
            r"""(?is)["']{1,3}\s{0,20}select\s{1,20}\*\s{1,20}from\s{1,20}[\w."`]{1,80}\s{0,20};?\s{0,20}["']{1,3}"""
        ),
    ),
)

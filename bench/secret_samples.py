"""Secrets made at run time, kind by kind, and the twelve places where they are planted: nothing here is a secret."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + string.digits
WORD = ALNUM + "_-"
LOWER = string.ascii_lowercase + string.digits
_WORDS = [
    "copper",
    "violet",
    "harbor",
    "walnut",
    "thunder",
    "meadow",
    "lantern",
    "saddle",
    "orchid",
    "glacier",
    "pepper",
    "canyon",
]


class Sample(NamedTuple):
    """One secret: what must not be seen again, and how it is written; `name` is empty when it stands for itself."""

    kind: str
    value: str
    text: str
    name: str = ""


def samples(seed: int = 1) -> Iterator[Sample]:
    """One sample of each kind, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 (the same samples in every run)

    def some(length: int, alphabet: str = ALNUM) -> str:
        text = "".join(chance.choices(alphabet, k=length - 1))
        return text + chance.choice([sign for sign in "23456789" if sign in alphabet])

    def password(length: int = 12) -> str:
        signs = "!%^*+_~?"
        letters = [
            chance.choice(string.ascii_uppercase),
            chance.choice(string.digits),
            chance.choice(string.ascii_lowercase),
        ]
        return "".join([*letters, *chance.choices(ALNUM, k=length - 5), chance.choice(signs), chance.choice(ALNUM)])

    for kind, parts in _TOKENS.items():
        prefix, length, alphabet = parts
        value = prefix + some(length, alphabet)
        yield Sample(kind, value[len(prefix) // 2 :], value)
    yield from _joined(some)
    for name, make in _NAMED.items():
        value = make(some, password, chance)
        yield Sample(name, value, value, name)
    for kind, build in _WRITTEN.items():
        value, text = build(some, password, chance)
        yield Sample(kind, value, text)


#: Prefixes in two halves, so that no scanner trips over this file: prefix, characters behind it, their alphabet.
_TOKENS: Mapping[str, tuple[str, int, str]] = {
    kind: (first + second, length, alphabet)
    for kind, first, second, length, alphabet in (
        ("aws key id", "AK", "IA", 16, UPPER), ("aws session key id", "AS", "IA", 16, UPPER),
        ("github personal", "gh", "p_", 36, ALNUM), ("github oauth", "gh", "o_", 36, ALNUM), ("github user", "gh", "u_", 36, ALNUM),
        ("github server", "gh", "s_", 36, ALNUM), ("github refresh", "gh", "r_", 36, ALNUM),
        ("github fine-grained", "github", "_pat_", 82, ALNUM), ("gitlab", "glp", "at-", 20, WORD), ("gitlab runner", "glr", "t-", 20, WORD),
        ("gitlab deploy", "gld", "t-", 20, WORD), ("slack bot", "xox", "b-", 36, ALNUM), ("slack user", "xox", "p-", 36, ALNUM),
        ("slack app", "xap", "p-1-", 50, ALNUM), ("stripe", "sk_", "live_", 24, ALNUM), ("stripe restricted", "rk_", "live_", 24, ALNUM),
        ("stripe webhook", "whs", "ec_", 32, ALNUM), ("google api", "AI", "za", 35, WORD), ("google secret", "GOC", "SPX-", 28, WORD),
        ("google access", "ya", "29.", 60, WORD), ("google refresh", "1/", "/0", 40, WORD), ("npm", "np", "m_", 36, ALNUM),
        ("pypi", "pyp", "i-AgE", 80, WORD), ("rubygems", "ruby", "gems_", 48, HEX), ("docker", "dckr", "_pat_", 27, WORD),
        ("sendgrid", "S", "G." , 60, WORD), ("mailgun", "ke", "y-", 32, HEX), ("twilio", "S", "K", 32, HEX), ("brevo", "xkey", "sib-", 64, HEX),
        ("openai", "sk-", "proj-", 60, ALNUM), ("openai older", "s", "k-", 48, ALNUM), ("anthropic", "sk-", "ant-api03-", 60, WORD),
        ("openrouter", "sk-", "or-v1-", 64, HEX), ("hugging face", "h", "f_", 34, ALNUM), ("replicate", "r", "8_", 37, ALNUM),
        ("groq", "gs", "k_", 52, ALNUM), ("nvidia", "nv", "api-", 64, WORD), ("perplexity", "pp", "lx-", 48, ALNUM),
        ("digitalocean", "dop", "_v1_", 64, HEX), ("shopify", "shp", "at_", 32, HEX), ("square", "sq0", "csp-", 43, WORD),
        ("linear", "lin", "_api_", 40, ALNUM), ("databricks", "da", "pi", 32, HEX), ("new relic", "NR", "AK-", 27, UPPER),
        ("pulumi", "pu", "l-", 40, HEX), ("vault", "hv", "s.", 90, WORD), ("doppler", "dp.", "pt.", 43, ALNUM),
        ("age", "AGE-SECRET", "-KEY-1", 58, UPPER), ("grafana", "gl", "sa_", 41, ALNUM), ("atlassian", "AT", "ATT3", 100, WORD),
        ("figma", "fig", "d_", 40, WORD), ("planetscale", "pscale", "_tkn_", 43, WORD), ("notion", "nt", "n_", 46, ALNUM),
        ("supabase", "sb", "p_", 40, HEX), ("sentry", "snt", "rys_", 80, ALNUM), ("posthog", "ph", "x_", 43, ALNUM), ("sonar", "sq", "u_", 40, HEX),
        ("tailscale", "tsk", "ey-auth-", 40, ALNUM), ("postman", "PM", "AK-", 59, HEX), ("dynatrace", "dt0", "c01.", 89, UPPER),
        ("langsmith", "lsv2", "_pt_", 43, HEX), ("artifactory", "AK", "Cp", 69, ALNUM), ("prefect", "pn", "u_", 36, ALNUM),
        ("pinecone", "pc", "sk_", 69, ALNUM), ("easypost", "EZ", "AK", 54, ALNUM), ("heroku", "HRK", "U-AA", 58, WORD),
        ("contentful", "CF", "PAT-", 43, WORD), ("alibaba", "LT", "AI", 20, ALNUM), ("buildkite", "bk", "ua_", 40, HEX),
        ("circleci", "CCI", "PAT_", 63, ALNUM), ("1password", "ops", "_eyJ", 250, ALNUM),
        ("adobe", "p8", "e-", 32, LOWER), ("defined networking", "dnk", "ey-", 60, LOWER), ("dropbox", "s", "l.", 135, WORD),
        ("flutterwave test", "FLWSECK", "_TEST-", 34, HEX), ("lob", "live", "_", 35, HEX), ("scalingo", "tk-", "us-", 48, WORD),
        ("settlemint", "sm_", "pat_", 16, ALNUM), ("apify", "apify", "_api_", 36, ALNUM), ("deno", "dd", "p_", 36, ALNUM), ("elevenlabs", "s", "k_", 48, HEX),
        ("fireworks", "f", "w_", 24, ALNUM), ("fleetbase", "flb", "_live_", 20, ALNUM), ("jina", "ji", "na_", 60, ALNUM), ("klaviyo", "p", "k_", 34, HEX),
        ("onfido", "api_", "live.", 44, ALNUM), ("paddle", "pdl_live", "_apikey_", 50, ALNUM), ("pubnub", "sec", "-c-", 48, ALNUM), ("ramp", "ramp", "_sec_", 48, ALNUM),
        ("rootly", "root", "ly_", 64, HEX), ("weights and biases", "wandb", "_v1_", 77, ALNUM), ("discord user", "mf", "a.", 84, WORD),
        ("github app", "v", "1.", 40, HEX), ("checkly", "c", "u_", 32, HEX), ("trigger.dev", "tr_", "prod_", 20, ALNUM), ("polar", "polar", "_oat_", 43, ALNUM),
        ("modal", "a", "s-", 22, ALNUM), ("better stack", "bt", "k_", 40, ALNUM), ("dbt", "dbt", "c_", 40, ALNUM), ("statsig", "sec", "ret-", 40, ALNUM),
        ("firecrawl", "f", "c-", 32, HEX), ("e2b", "e2", "b_", 40, HEX), ("unkey", "unk", "ey_", 22, ALNUM), ("mergify", "mk", "a_", 40, ALNUM),
        ("bitbucket data center", "BB", "DC-", 44, ALNUM), ("confluent", "cf", "lt", 60, ALNUM), ("temporal", "tm", "prl_", 40, ALNUM), ("logfire", "pylf", "_v1_eu_", 43, ALNUM),
        ("volcengine", "AK", "LT", 43, ALNUM), ("alibaba short-lived", "ST", "S.", 24, ALNUM), ("vercel blob", "vercel", "_blob_rw_", 46, ALNUM),
        ("square sandbox", "EAA", "Al", 60, ALNUM), ("cursor", "k", "ey_", 64, HEX), ("voyage", "p", "a-", 43, ALNUM), ("login with amazon", "amzn1.", "oa2-cs.v1.", 64, HEX),
        ("akamai", "ak", "ab-", 34, LOWER), ("cloudflare newer", "cf", "k_", 40, ALNUM), ("nightfall", "N", "F-", 32, ALNUM), ("trello", "AT", "TA", 72, HEX),
        ("jenkins", "1", "1", 32, HEX), ("vault batch", "b.", "AAAAAQ", 90, WORD), ("minisign", "RWR", "TY0Iy", 200, ALNUM),
        ("nostr", "ns", "ec1", 58, LOWER), ("gitlab session", "_gitlab", "_session=", 32, HEX),
        ("aws session token", "IQoJb3", "JpZ2lu", 300, ALNUM), ("databricks, other", "do", "se", 32, HEX),
        ("dynatrace oauth", "dt0", "s02.", 72, UPPER), ("instagram", "IG", "QVJ", 130, ALNUM), ("google hmac", "GO", "OG1E", 55, UPPER),
        ("together", "tgp", "_v1_", 43, WORD), ("friendli", "fl", "p_", 46, ALNUM), ("cartesia", "sk", "_car_", 22, ALNUM),
        ("midise", "midi-", "662b69edd2", 54, ALNUM), ("postman collection", "PM", "AT-", 26, UPPER), ("packagist", "packagist", "_uut_", 68, HEX),
        ("packagist key", "packagist", "_ack_", 68, HEX), ("sourcegraph licence", "sl", "k_", 64, HEX), ("shopify user", "shp", "ua_", 32, HEX),
        ("shopify partner", "prt", "api_", 32, HEX), ("slack workflow", "xw", "fp-", 60, ALNUM), ("square, other", "EA", "AA", 60, WORD),
        ("stripe prod", "sk_", "prod_", 24, ALNUM), ("twitch", "oau", "th:", 30, LOWER), ("yandex oauth", "y", "0_", 55, WORD),
        ("buildkite job", "bk", "aj_", 40, HEX), ("airtable older", "k", "ey", 14, ALNUM), ("aiven", "AV", "NS_", 19, ALNUM),
        ("canva", "cn", "vca", 51, WORD), ("chief tools", "ct", "p_", 36, ALNUM), ("column", "li", "ve_", 27, ALNUM),
        ("convertapi", "sec", "ret_", 16, ALNUM), ("endor", "en", "dr+", 16, ALNUM), ("finage", "API", "_KEY", 32, UPPER),
        ("ionic", "io", "n_", 42, ALNUM), ("liveblocks", "sk_", "prod_", 64, WORD), ("netlify, other", "nf", "c_", 36, ALNUM),
        ("novita", "s", "k_", 43, WORD), ("ory", "ory", "_pat_", 32, ALNUM), ("ory session", "ory", "_st_", 32, ALNUM),
        ("pinterest", "pi", "na_", 32, UPPER), ("posthog other", "ph", "s_", 43, ALNUM), ("retool", "ret", "ool_", 26, LOWER),
        ("salesforce refresh", "5Ae", "p861", 80, ALNUM), ("stytch", "secret-", "live-", 40, WORD), ("thunderstore", "ts", "s_", 36, ALNUM),
        ("tinybird", "p.", "eyJ", 90, WORD), ("val town", "vt", "wn_", 40, ALNUM), ("scaleway", "SC", "W", 17, UPPER),
        ("exoscale", "EX", "O", 24, HEX), ("baidu", "AL", "TAK", 21, ALNUM), ("yandex static key id", "YC", "AJE", 20, ALNUM),
        ("postgres hash", "m", "d5", 32, HEX), ("cisco hash", "$", "9$", 60, ALNUM), ("django hash", "pbkdf2_", "sha256$", 60, ALNUM),
    )
}  # fmt: skip


def _joined(some: Callable[..., str]) -> Iterator[Sample]:
    for kind, text in (
        ("jwt", ".".join(("ey" + "J" + some(33), "ey" + "J" + some(120), some(43, WORD)))),
        ("long jwt", ".".join(("ey" + "J" + some(80), "ey" + "J" + some(2_000), some(600, WORD)))),
        ("discord bot", ".".join(("M" + some(25), some(6), some(38)))),
        ("telegram bot", f"{some(10, '123456789')}:{'AA'}{some(33, WORD)}"),
        ("azure client secret", f"{some(3)}8Q~{some(34)}"),
        ("terraform cloud", f"{some(14)}.atlas" + f"v1.{some(67)}"),
        ("mailchimp", f"{some(32, HEX)}-us12"),
        ("password hash", "$ap" + f"r1${some(8)}${some(22)}"),
        ("airtable", f"pat{some(14)}.{some(64, HEX)}"),
        ("asana", f"2/1{some(15, '123456789')}/1{some(15, '123456789')}:{some(32, HEX)}"),
        ("authress", f"sc_{some(6, LOWER)}.{some(4, LOWER)}.acc" + f"-{some(12, LOWER)}.{some(40)}"),
        ("harness", f"pat.{some(22)}.{some(24, HEX)}.{some(20)}"),
        ("facebook app", f"{some(15, '123456789')}|{some(27)}"),
        ("new relic license", f"{some(36, HEX)}NR" + "AL"),
        ("salesforce session", f"00D{some(12)}!{some(88)}"),
        ("twitter access", f"{some(18, '123456789')}-{some(30)}"),
        ("uptime robot", f"m{some(9, '123456789')}-{some(24, HEX)}"),
        ("close", f"api_{some(22)}.{some(22)}"),
        ("telnyx", f"KEY{some(32, UPPER)}_{some(22)}"),
        ("checkout.com", "sk_" + "-".join(some(n, HEX) for n in (8, 4, 4, 4, 12))),
        ("persona", "persona_production_" + "-".join(some(n, HEX) for n in (8, 4, 4, 4, 12))),
        ("wakatime", "waka_" + "-".join(some(n, HEX) for n in (8, 4, 4, 4, 12))),
        ("keygen", f"prod-{some(64, HEX)}v3"),
        ("scram", f"SCRAM-SHA-256$4096:{some(22)}==${some(43)}=:{some(43)}="),
        ("mysql hash", "*" + some(40, HEX.upper())),
        ("pagerduty", "https://events.pagerduty" + f".com/integration/{some(32, HEX)}/enqueue"),
        ("healthchecks", "https://hc-ping" + ".com/" + "-".join(some(n, HEX) for n in (8, 4, 4, 4, 12))),
        ("hubspot", "pat-na1" + "-" + "-".join(some(n, HEX) for n in (8, 4, 4, 4, 12))),
        ("plaid", "access-production" + "-" + "-".join(some(n, HEX) for n in (8, 4, 4, 4, 12))),
        ("mailgun signing key", f"{some(32, HEX)}-{some(8, HEX)}-{some(8, HEX)}"),
        ("maxmind", f"{some(6)}_{some(29)}" + "_mmk"),
        ("clickup", "pk" + f"_{some(8, '123456789')}_{some(32, UPPER)}"),
        ("zoho", f"1000.{some(32, HEX)}.{some(32, HEX)}"),
        ("firebase messaging", "AAAA" + f"{some(7)}:{some(140)}"),
        ("azure devops", some(76) + "AZ" + "DO" + some(4)),
        ("azure services", some(52) + "JQQ" + "J99" + some(26)),
        ("azure cosmos", some(76) + "AC" + f"Db{some(6)}=="),
        ("ngrok", f"2{some(26)}_{some(21)}"),
        ("chat webhook", f"https://chat.internal/hooks/{some(26, LOWER)}"),
        ("zapier webhook", "https://hooks.zapier" + f".com/hooks/catch/{some(7, '23456789')}/{some(7, LOWER)}/"),
        ("infura", "https://mainnet.infura" + f".io/v3/{some(32, HEX)}"),
        (
            "feishu webhook",
            "https://open.feishu.cn/open-apis/bot/v2/hook/" + "-".join(some(n, HEX) for n in (8, 4, 4, 4, 12)),
        ),
        ("slack webhook", "https://hooks.slack" + f".com/services/T{some(9, UPPER)}/B{some(9, UPPER)}/{some(24)}"),
        ("discord webhook", "https://discord" + f".com/api/webhooks/{some(18, string.digits)}/{some(68, WORD)}"),
    ):
        yield Sample(kind, text[-20:], text)


_Make = Callable[[Callable[..., str], Callable[..., str], random.Random], str]
_NAMED: Mapping[str, _Make] = {
    "DB_" + "PASSWORD": lambda some, password, chance: password(),
    "PGPASSWORD": lambda some, password, chance: password(10),
    "DB_PWD": lambda some, password, chance: password(14),
    "admin_pass": lambda some, password, chance: password(),
    "test_password": lambda some, password, chance: "test" + password(9),
    "your_password": lambda some, password, chance: "Your" + password(9),
    "SECRET_KEY": lambda some, password, chance: some(50),
    "client_secret": lambda some, password, chance: some(40),
    "auth_token": lambda some, password, chance: some(32),
    "api_key": lambda some, password, chance: some(32, HEX),
    "DD_API_KEY": lambda some, password, chance: some(32, HEX),
    "SIGNING_KEY": lambda some, password, chance: some(44),
    "ENCRYPTION_KEY": lambda some, password, chance: some(43) + "=",
    "aws_secret_access_key": lambda some, password, chance: some(40),
    "HEROKU_API_KEY": lambda some, password, chance: "-".join(some(n, HEX) for n in (8, 4, 4, 4, 12)),
    "eth_private_key": lambda some, password, chance: "0x" + some(64, HEX),
    "spring.datasource.password": lambda some, password, chance: password(),
    "redis_password": lambda some, password, chance: password(),
    "jwt_secret": lambda some, password, chance: some(32),
    "webhook_secret": lambda some, password, chance: some(24),
    "access_key": lambda some, password, chance: some(20, UPPER),
    "smtp_passwd": lambda some, password, chance: password(),
    "credentials": lambda some, password, chance: some(30),
    "app_token": lambda some, password, chance: some(30),
}


_Write = Callable[[Callable[..., str], Callable[..., str], random.Random], tuple[str, str]]
_WRITTEN: Mapping[str, _Write] = {
    "bearer": lambda some, password, chance: (v := some(32), f"Authorization: Bearer {v}"),
    "basic": lambda some, password, chance: (
        v := base64.b64encode(f"{some(6)}:{password()}".encode()).decode().rstrip("="),
        f"Authorization: Basic {v}",
    ),
    "token header": lambda some, password, chance: (v := some(40, HEX), f"Authorization: Token {v}"),
    "postgres url": lambda some, password, chance: (v := some(12), f"postgres://app:{v}@db.internal:5432/app"),
    "mysql url": lambda some, password, chance: (v := password(), f"mysql://app:{v}@db.internal/app".replace("?", "_")),
    "mongo url": lambda some, password, chance: (v := some(14), f"mongodb+srv://root:{v}@cluster0.a.mongodb.net"),
    "redis url": lambda some, password, chance: (v := some(14), f"redis://:{v}@cache:6379/0"),
    "amqp url": lambda some, password, chance: (v := some(9), f"amqp://svc:{v}@queue/"),
    "percent url": lambda some, password, chance: (v := some(6) + "%40" + some(5), f"https://bot:{v}@git.internal/x"),
    "token-only url": lambda some, password, chance: (v := some(40, HEX), f"https://{v}@git.internal/x.git"),
    "jdbc": lambda some, password, chance: (v := some(12), f"jdbc:mysql://db/app?user=app&password={v}&ssl=true"),
    "ado": lambda some, password, chance: (v := some(12), f"Server=db;User Id=app;Password={v};Encrypt=true"),
    "azure account": lambda some, password, chance: (v := some(86), "Account" + "Name=a;Account" + f"Key={v}=="),
    "shared access": lambda some, password, chance: (v := some(43), "Shared" + "AccessKeyName=r;SharedAccess" + f"Key={v}="),
    "azure sas": lambda some, password, chance: (v := some(43), f"https://a.blob.core.windows.net/c?sv=2022&sig={v}%3D"),
    "curl": lambda some, password, chance: (v := some(12), f"curl -u admin:{v} https://a.internal/x"),
    "mysql client": lambda some, password, chance: (v := some(12), f"mysql -u root -p{v} app"),
    "option": lambda some, password, chance: (v := some(14), f"tool --password {v} --verbose"),
    "sshpass": lambda some, password, chance: (v := some(10), f"sshpass -p {v} ssh root@a"),
    "netrc": lambda some, password, chance: (v := some(12), f"machine a.internal login bot password {v}"),
    "npmrc": lambda some, password, chance: (v := some(40), "//registry.internal/:_auth" + f"Token={v}"),
    "define": lambda some, password, chance: (v := password(), f"define(\"DB_PASSWORD\", \"{v}\");"),
    "terraform": lambda some, password, chance: (v := password(), f"variable \"db_password\" {{ default = \"{v}\" }}"),
    "docker auth": lambda some, password, chance: (v := some(36), f"\"auths\": {{\"r\": {{\"auth\": \"{v}\"}}}}"),
    "pem": lambda some, password, chance: _pem(some, "RSA " , 64),
    "pem of short lines": lambda some, password, chance: _pem(some, "", 32),
    "openssh key": lambda some, password, chance: _pem(some, "OPENSSH ", 70),
    "pgp key": lambda some, password, chance: _pem(some, "PGP ", 64, " BLOCK"),
    "putty key": lambda some, password, chance: (
        v := some(64), f"PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: a\nPrivate-Lines: 1\n{v}"),
}  # fmt: skip


def _pem(some: Callable[..., str], what: str, width: int, block: str = "") -> tuple[str, str]:
    lines = [some(width) for _ in range(4)]
    marker = f"{what}PRIVATE" + f" KEY{block}"
    return lines[2], "\n".join([f"-----BEGIN {marker}-----", *lines, f"-----END {marker}-----"])


def places(sample: Sample) -> Iterator[tuple[str, str]]:
    """The sample in each place that can hold it: the place, and a text or, for `file name`, a path."""
    _, value, text, name = sample
    lines = text.split("\n")
    assignment = f"{name} = {value}" if name else text
    quoted = text.replace('"', '\\"').replace("\n", "\\n")
    yield (
        "code",
        f'import os\n{name or "value"} = """{text}"""\n' if len(lines) > 1 else f'{name or "value"} = "{quoted}"\n',
    )
    yield (
        "prose",
        f"Some words before.\nThe {name} is {value} for now, see below.\n" if name else f"We call it as {text} here.\n",
    )
    yield "comment", "".join(f"# {line}\n" for line in assignment.split("\n"))
    yield "docstring", f'def f():\n    """Do it.\n\n    {assignment.replace(chr(10), chr(10) + "    ")}\n    """\n'
    code = f'{name} = "{value}"' if name else f"x = {text!r}"
    yield "notebook", json.dumps({"cells": [{"cell_type": "code", "source": [f"{row}\n" for row in code.split("\n")]}]})
    yield "env", f"A=1\n{(name or 'VALUE').upper().replace('.', '_')}={value if name else quoted}\n"
    yield "yaml", f"a:\n  {name or 'value'}: {value}\n" if name else "a: |\n" + "".join(f"  {line}\n" for line in lines)
    yield "json", json.dumps({"a": 1, name or "value": text}, indent=1)
    yield "fence", f"# Title\n\n```sh\n{assignment}\n```\n"
    if len(text) < 180 and not set(text) & set("/\n"):
        yield "file name", f"data/{name}={value}.txt" if name else f"data/{text}.txt"
    yield (
        "xml",
        f"<a><{name}>{value}</{name}></a>\n"
        if name
        else f"<a><value>{text}</value></a>\n".replace("&pass", "&amp;pass"),
    )
    yield "command", f"FROM a\nENV {name.upper().replace('.', '_')} {value}\n" if name else f"RUN run '{text}'\n"

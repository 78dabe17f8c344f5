"""The kinds of secrets that have a shape of their own: one row a kind. Pure.

A row is a prefix that text is searched for first, the characters that follow it, and how many there are at least.
The prefixes are those that the services document; the rule sets of gitleaks, Betterleaks and detect-secrets were the checklist.
"""

from __future__ import annotations

import re
from typing import Final

TOKEN: Final = "secret-token"  # noqa: S105 (a rule's name)
CLOUD: Final = "secret-cloud-key"

_WORD: Final = r"[A-Za-z0-9_-]"
_DOTTED: Final = r"[A-Za-z0-9_.=-]"
_PLAIN: Final = r"[A-Za-z0-9]"
_BASE64: Final = r"[A-Za-z0-9+/=_-]"
_HEX: Final = r"[0-9a-fA-F]"
_UPPER: Final = r"[A-Z0-9]"
_QUERY: Final = r"[A-Za-z0-9%+/=_.~-]"


class SecretKind:
    """One kind: `prefixes` in the letters that count, `tail` a class of characters, `least` how many follow at least.

    With `most` the token has no more than that, and nothing of its class behind it.
    """

    def __init__(
        self, name: str, prefixes: str, tail: str = _WORD, least: int = 20, most: int = 0, rule: str = TOKEN
    ) -> None:
        self.name = name
        self.rule = rule
        self.prefixes = tuple(prefix.encode() for prefix in prefixes.split())
        self.tail = tail
        self.least = least
        self._shape = f"{tail}{{{least},{most}}}(?!{tail})" if most else f"{tail}{{{least},}}"
        self._compiled: dict[bytes, re.Pattern[bytes]] = {}

    def pattern(self, prefix: bytes) -> re.Pattern[bytes]:
        """The pattern of one prefix. It begins with the prefix itself, which `re` looks for at the speed of a search."""
        compiled = self._compiled.get(prefix)
        if compiled is None:
            compiled = self._compiled[prefix] = re.compile(
                b"(?P<value>%s%s%s)" % (re.escape(prefix), _begins(re.escape(prefix)), self._shape.encode())
            )
        return compiled


def _begins(prefix: bytes) -> bytes:
    """That the prefix begins a word: no letter before it, unless that letter ends an escape such as \\n or %3D."""
    escapes = (rb"\\[nrtbfv]", rb"%[0-9A-Fa-f]{2}", rb"\\x[0-9A-Fa-f]{2}", rb"\\u[0-9A-Fa-f]{4}")
    return b"(?:(?<![A-Za-z0-9]%s)%s)" % (prefix, b"".join(b"|(?<=%s%s)" % (escape, prefix) for escape in escapes))


KINDS: Final = (
    SecretKind("aws access key id", "AKIA ASIA ABIA ACCA A3TX", _UPPER, 16, 16, CLOUD),
    SecretKind("aws bedrock key", "ABSK bedrock-api-key-", _BASE64, 40, rule=CLOUD),
    SecretKind("google api key", "AIza", _WORD, 30, rule=CLOUD),
    SecretKind("google oauth client secret", "GOCSPX-", _WORD, 20, rule=CLOUD),
    SecretKind("google access token", "ya29.", _DOTTED, 16, rule=CLOUD),
    SecretKind("google refresh token", "1//0", _WORD, 20, rule=CLOUD),
    SecretKind("google gemini key", "AQ.Ab8", _WORD, 20, rule=CLOUD),
    SecretKind("azure storage key", "AccountKey= accountkey= accountKey=", r"[A-Za-z0-9+/=]", 40, rule=CLOUD),
    SecretKind("azure shared access key", "SharedAccessKey= sharedaccesskey=", r"[A-Za-z0-9+/=]", 20, rule=CLOUD),
    SecretKind("azure signature", "sig= Sig= sig%3D", r"[A-Za-z0-9%+/=_-]", 32, rule=CLOUD),
    SecretKind(
        "signature of an address", "X-Amz-Signature= X-Goog-Signature= X-Amz-Security-Token=", _QUERY, 40, rule=CLOUD
    ),
    SecretKind("alibaba access key", "LTAI", _PLAIN, 14, 24, CLOUD),
    SecretKind("tencent secret id", "AKID", _PLAIN, 32, 34, CLOUD),
    SecretKind("yandex key", "AQVN", _WORD, 30, rule=CLOUD),
    SecretKind("digitalocean", "dop_v1_ doo_v1_ dor_v1_", _PLAIN, 32),
    SecretKind("github", "ghp_ gho_ ghu_ ghs_ ghr_", _WORD, 30),
    SecretKind("github fine-grained", "github_pat_", _WORD, 36),
    SecretKind(
        "gitlab",
        "glpat- glrt- gldt- glptt- glcbt- glffct- glft- glimt- glagent- gloas- glsoat- glrtr- glwt-",
        _DOTTED,
        16,
    ),
    SecretKind("gitlab runner registration", "GR1348941", _WORD, 16),
    SecretKind("slack", "xoxb- xoxp- xoxa- xoxe- xoxe. xoxr- xoxs- xoxo- xoxc- xoxd- xapp-", r"[A-Za-z0-9%+/=._-]", 16),
    SecretKind(
        "slack webhook", "hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/", r"[\w/]", 24
    ),
    SecretKind("teams webhook", "webhook.office.com/webhookb2/", r"[\w@/-]", 40),
    SecretKind("discord webhook", "discord.com/api/webhooks/ discordapp.com/api/webhooks/", r"[\w/-]", 40),
    SecretKind("stripe", "sk_live_ rk_live_ sk_test_ rk_test_ pk_live_ whsec_", r"[A-Za-z0-9+/=_]", 16),
    SecretKind("square", "sq0csp- sq0atp- EAAAE", _WORD, 20),
    SecretKind("shopify", "shpat_ shpca_ shppa_ shpss_ shptka_", _PLAIN, 24),
    SecretKind("razorpay", "rzp_live_ rzp_test_", _PLAIN, 14),
    SecretKind("braintree", "access_token$production$", r"[a-z0-9$]", 32),
    SecretKind("flutterwave", "FLWSECK-", _WORD, 12),
    SecretKind("duffel", "duffel_live_ duffel_test_", _WORD, 20),
    SecretKind("shippo", "shippo_live_ shippo_test_", _PLAIN, 30),
    SecretKind("easypost", "EZAK EZTK", _PLAIN, 40),
    SecretKind("openai", "sk-proj- sk-svcacct- sk-admin- sk-None- sess-", _WORD, 24),
    SecretKind("anthropic", "sk-ant-", _WORD, 20),
    SecretKind("secret key of many services", "sk-", _WORD, 20),
    SecretKind("hugging face", "hf_ api_org_", _PLAIN, 24),
    SecretKind("replicate", "r8_", _PLAIN, 30),
    SecretKind("groq", "gsk_", _PLAIN, 30),
    SecretKind("perplexity", "pplx-", _PLAIN, 32),
    SecretKind("xai", "xai-", _WORD, 40),
    SecretKind("nvidia", "nvapi-", _WORD, 40),
    SecretKind("langsmith", "lsv2_pt_ lsv2_sk_", _WORD, 32),
    SecretKind("pinecone", "pcsk_", _WORD, 40),
    SecretKind("cerebras", "csk-", _PLAIN, 40),
    SecretKind("tavily", "tvly-", _WORD, 20),
    SecretKind("llamaindex", "llx-", _PLAIN, 40),
    SecretKind("runpod", "rpa_", _PLAIN, 28),
    SecretKind("npm", "npm_", _PLAIN, 30),
    SecretKind("pypi", "pypi-AgE pypi-", _WORD, 40),
    SecretKind("rubygems", "rubygems_", _PLAIN, 32),
    SecretKind("nuget", "oy2", r"[a-z0-9]", 43, 43),
    SecretKind("crates.io", "cio", _PLAIN, 32, 32),
    SecretKind("clojars", "CLOJARS_", _PLAIN, 40),
    SecretKind("docker", "dckr_pat_ dckr_oat_", _WORD, 20),
    SecretKind("docker swarm", "SWMTKN-1- SWMKEY-1-", r"[A-Za-z0-9+/-]", 30),
    SecretKind("artifactory", "AKCp cmVmd", _PLAIN, 50),
    SecretKind("sendgrid", "SG.", _DOTTED, 30),
    SecretKind("mailgun", "key-", _HEX, 32, 32),
    SecretKind("mandrill", "md-", _WORD, 22, 22),
    SecretKind("brevo", "xkeysib- xsmtpsib-", _WORD, 40),
    SecretKind("mailersend", "mlsn.", _PLAIN, 30),
    SecretKind("resend", "re_", _WORD, 30, 40),
    SecretKind("twilio", "SK", r"[0-9a-f]", 32, 32),
    SecretKind("linear", "lin_api_ lin_oauth_", _PLAIN, 28),
    SecretKind("notion", "ntn_ secret_", _PLAIN, 32),
    SecretKind("figma", "figd_ figo_", _WORD, 24),
    SecretKind("atlassian", "ATATT ATCTT ATSTT ATBB", _DOTTED, 20),
    SecretKind("contentful", "CFPAT-", _WORD, 30),
    SecretKind("postman", "PMAK-", _WORD, 40),
    SecretKind("typeform", "tfp_", _WORD, 40),
    SecretKind("databricks", "dapi", _HEX, 32),
    SecretKind("planetscale", "pscale_tkn_ pscale_pw_ pscale_oauth_", _DOTTED, 24),
    SecretKind("supabase", "sbp_ sb_secret_", _WORD, 24),
    SecretKind("neon", "napi_", _PLAIN, 40),
    SecretKind("atlas service account", "mdb_sa_sk_", _WORD, 30),
    SecretKind("new relic", "NRAK- NRII- NRJS- NRRA-", _WORD, 16),
    SecretKind("grafana", "glsa_ glc_", _BASE64, 28),
    SecretKind("sentry", "sntrys_ sntryu_", _BASE64, 40),
    SecretKind("dynatrace", "dt0c01. dt0s01. dt0s16.", _DOTTED, 40),
    SecretKind("honeycomb", "hcaik_ hcbik_ hcalk_", _PLAIN, 30),
    SecretKind("posthog", "phx_", _WORD, 30),
    SecretKind("sonar", "squ_ sqp_ sqa_", _HEX, 40),
    SecretKind("snyk", "snyk_", _DOTTED, 30),
    SecretKind("sourcegraph", "sgp_", _WORD, 40),
    SecretKind("pulumi", "pul-", _HEX, 32),
    SecretKind("vault", "hvs. hvb. hvr.", _WORD, 20),
    SecretKind("vault, older", "s.", _PLAIN, 24, 24),
    SecretKind("doppler", "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.", _DOTTED, 20),
    SecretKind("terraform cloud", "atlasv1.", _WORD, 40),
    SecretKind("age", "AGE-SECRET-KEY-1", _UPPER, 40),
    SecretKind("1password", "ops_eyJ", _BASE64, 40),
    SecretKind("tailscale", "tskey-", _WORD, 20),
    SecretKind("heroku", "HRKU-", _WORD, 30),
    SecretKind("fly.io", "fo1_ fm1_ fm2_ fm1r_ fm2r_", _BASE64, 30),
    SecretKind("cloudflare", "cfut_ cfat_ v1.0-", _WORD, 40),
    SecretKind("netlify", "nfp_", _PLAIN, 30),
    SecretKind("vercel", "vcp_ vci_ vca_ vcr_ vck_", _PLAIN, 24),
    SecretKind("render", "rnd_", _PLAIN, 24),
    SecretKind("buildkite", "bkua_ bkat_", _PLAIN, 30),
    SecretKind("circleci", "CCIPAT_ CCIPRJ_", _WORD, 40),
    SecretKind("openshift", "sha256~", _WORD, 40),
    SecretKind("prefect", "pnu_ pnb_", _PLAIN, 30),
    SecretKind("infracost", "ico-", _PLAIN, 30),
    SecretKind("readme", "rdme_", _PLAIN, 40),
    SecretKind("adafruit", "aio_", _PLAIN, 26),
    SecretKind("facebook", "EAAM EAAC EAAG EAAB", _PLAIN, 60),
    SecretKind("mapbox", "sk.eyJ", _DOTTED, 40),
    SecretKind("frame.io", "fio-u-", _WORD, 40),
    SecretKind("octopus deploy", "API-", _UPPER, 25, 32),
    SecretKind("launchdarkly", "sdk- mob- api-", r"[0-9a-f-]", 36, 36),
    SecretKind("zuplo", "zpka_", _WORD, 30),
    SecretKind("ubidots", "BBFF-", _PLAIN, 30),
    SecretKind("1password secret key", "A3-", r"[A-Z0-9-]", 30),
    SecretKind("adobe", "p8e-", _PLAIN, 32),
    SecretKind("beamer", "b_", _WORD, 44, 44),
    SecretKind("clickhouse cloud", "4b1d", _PLAIN, 38, 38),
    SecretKind("defined networking", "dnkey-", r"[a-z0-9-]", 40),
    SecretKind("dropbox", "sl. sl.u.", _WORD, 100),
    SecretKind("flutterwave, test", "FLWSECK_TEST-", _WORD, 12),
    SecretKind("gitlab session", "_gitlab_session=", _HEX, 32),
    SecretKind("gocardless", "live_ sandbox_", _WORD, 40),
    SecretKind("lob", "live_ test_", _HEX, 32, 40),
    SecretKind("grafana, older", "eyJrIjoi", _BASE64, 40),
    SecretKind("harness", "pat. sat.", r"(?:[\w-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20})", 1),
    SecretKind("hubspot", "pat-na1- pat-na2- pat-eu1- pat-ap1-", r"[0-9a-f-]", 36),
    SecretKind("intra42", "s-s4t2ud- s-s4t2af-", _HEX, 64),
    SecretKind("plaid", "access-sandbox- access-development- access-production-", r"[0-9a-f-]", 36),
    SecretKind("scalingo", "tk-us- tk-eu-", _WORD, 40),
    SecretKind("settlemint", "sm_aat_ sm_pat_ sm_sat_", _PLAIN, 16),
    SecretKind("yandex cloud", "t1.", r"(?:[\w-]{10,}+={0,2}\.[\w-]{86})", 1, rule=CLOUD),
    SecretKind("yandex static key", "YC", _WORD, 38, 38, CLOUD),
    SecretKind("apify", "apify_api_", _PLAIN, 30),
    SecretKind("clickup", "pk_", r"(?:\d{6,10}_[A-Z0-9]{30,})", 1),
    SecretKind("klaviyo", "pk_", _HEX, 34, 34),
    SecretKind("deno", "ddp_ ddw_ ddo_", _PLAIN, 36),
    SecretKind("secret key of other services", "sk_ sk_org_live_ sk_org_test_ ek_live_ ek_test_", _PLAIN, 32),
    SecretKind("fireworks", "fw_", _PLAIN, 22, 40),
    SecretKind("fleetbase", "flb_live_ flb_test_", _PLAIN, 20),
    SecretKind("jina", "jina_", _PLAIN, 40),
    SecretKind("onfido", "api_live. api_sandbox. api_live_us. api_live_ca.", r"[\w.-]", 36),
    SecretKind("paddle", "pdl_live_apikey_ pdl_sdbx_apikey_", _WORD, 30),
    SecretKind("pubnub", "sec-c-", _WORD, 36),
    SecretKind("ramp", "ramp_sec_", _PLAIN, 32),
    SecretKind("rootly", "rootly_", _HEX, 64),
    SecretKind("voiceflow", "VF.DM. VF.WS.", r"[A-Za-z0-9.]", 30),
    SecretKind("weights and biases", "wandb_v1_", _WORD, 40),
    SecretKind("zapier webhook", "hooks.zapier.com/hooks/catch/", r"[\w/]", 10),
    SecretKind(
        "make webhook", "hook.eu1.make.com/ hook.eu2.make.com/ hook.us1.make.com/ hook.us2.make.com/", _PLAIN, 24
    ),
    SecretKind("feishu webhook", "open-apis/bot/v2/hook/", r"[0-9a-f-]", 36),
    SecretKind("wecom webhook", "qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", _WORD, 30),
    SecretKind("zoho", "1000.", r"(?:[0-9a-f]{32}\.[0-9a-f]{32})", 1),
    SecretKind("firebase messaging", "AAAA", r"(?:[\w-]{7}:[\w-]{134,})", 1, rule=CLOUD),
    SecretKind("discord user", "mfa.", _WORD, 60),
    SecretKind("bitcoin key", "5H 5J 5K", r"[1-9A-HJ-NP-Za-km-z]", 49, 49),
    SecretKind("extended key of a wallet", "xprv yprv zprv tprv", r"[1-9A-HJ-NP-Za-km-z]", 100),
    SecretKind("nostr", "nsec1", r"[a-z0-9]", 58, 58),
    SecretKind("telnyx", "KEY0", r"(?:[A-Z0-9]{31}_[A-Za-z0-9]{22})", 1),
    SecretKind("github app", "v1.", r"[0-9a-f]", 40, 40),
    SecretKind("checkly", "cu_", _HEX, 32, 32),
    SecretKind("trigger.dev", "tr_dev_ tr_stg_ tr_prod_", _PLAIN, 18),
    SecretKind("polar", "polar_oat_ polar_pat_ polar_whs_", _WORD, 30),
    SecretKind("modal", "ak- as-", _PLAIN, 22, 22),
    SecretKind("axiom", "xaat- xapt-", r"[0-9a-f-]", 36),
    SecretKind("better stack", "btk_", _PLAIN, 30),
    SecretKind("dbt", "dbtc_ dbtu_", _WORD, 36),
    SecretKind("statsig", "secret-", _PLAIN, 32),
    SecretKind("composio", "ak_", _PLAIN, 20, 40),
    SecretKind("firecrawl", "fc-", _HEX, 32, 32),
    SecretKind("e2b", "e2b_", _HEX, 40),
    SecretKind("unkey", "unkey_", _PLAIN, 20),
    SecretKind("lichess", "lip_", _PLAIN, 16, 24),
    SecretKind("mergify", "mka_", _PLAIN, 36),
    SecretKind("bitbucket data center", "BBDC-", _BASE64, 36),
    SecretKind("confluent", "cflt", r"[A-Za-z0-9+/]", 56),
    SecretKind("temporal", "tmprl_", _WORD, 32),
    SecretKind("logfire", "pylf_v1_", _WORD, 36),
    SecretKind("volcengine", "AKLT", _BASE64, 36, rule=CLOUD),
    SecretKind("baidu cloud", "bce-v3/ALTAK-", r"[A-Za-z0-9/]", 50, rule=CLOUD),
    SecretKind("alibaba, short-lived", "STS.", _PLAIN, 20, 40, CLOUD),
    SecretKind("huawei cloud", "HPUA", _UPPER, 16, 16, CLOUD),
    SecretKind("vercel blob", "vercel_blob_rw_", _WORD, 36),
    SecretKind("braintree, sandbox", "access_token$sandbox$", r"[a-z0-9$]", 32),
    SecretKind("square, sandbox", "EAAAl EAAAF", _WORD, 50),
    SecretKind("cursor", "key_", _HEX, 64, 64),
    SecretKind("voyage", "pa-", _WORD, 40, 48),
    SecretKind("amazon marketplace", "amzn.mws.", r"[0-9a-f-]", 36),
    SecretKind("login with amazon", "amzn1.oa2-cs.v1. Atzr| Atza|", _WORD, 60),
    SecretKind("ebay", "v^1.1#", r"[^\s\"'<>]", 40),
    SecretKind("facebook, older", "EAACEdEose0cBA", _PLAIN, 20),
    SecretKind("akamai", "akab-", r"[a-z0-9-]", 30),
    SecretKind("cloudflare, newer", "cfk_", _PLAIN, 36),
    SecretKind("nightfall", "NF-", _PLAIN, 32, 32),
    SecretKind("trello", "ATTA", _PLAIN, 60),
    SecretKind("alchemy", "alchemy.com/v2/ alchemyapi.io/v2/", _WORD, 28),
    SecretKind("infura", "infura.io/v3/ infura.io/ws/v3/", _HEX, 32, 32),
    SecretKind("quicknode", "quiknode.pro/", _HEX, 40, 40),
    SecretKind("jenkins api token", "11", r"[0-9a-f]", 32, 32),
    SecretKind("jenkins credential", "{AQAAABAAAA", r"[A-Za-z0-9+/=]", 20),
    SecretKind("vault, batch", "b.AAAAAQ", _WORD, 60),
    SecretKind("minisign", "RWRTY0Iy RWRCSw", r"[A-Za-z0-9+/=]", 100),
    SecretKind("mercury", "secret-token:", r"[\w:.%-]", 24),
    SecretKind("jwt", "eyJ", r"(?:[\w-]{8,}+\.[\w-]{8,}+(?:\.[\w-]*+){1,3})", 1),
    SecretKind("password hash", "$apr1$ $2a$ $2b$ $2x$ $2y$ $1$ $5$ $6$ $y$ $argon2", r"[A-Za-z0-9./$=,+_-]", 20),
    SecretKind("password hash", "{SHA} {SSHA}", r"[A-Za-z0-9+/=]", 20),
)

"""Keys without a shape of their own under the name of the service they open: `okta = "00…"`, `HEROKU_KEY=…`. Pure.

The checklist was gitleaks' "identifier within the assignment" and TruffleHog's detectors. Names that are also words of
everyday code (linear, branch, segment) are left out: what stands under them identifies something far more often.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.codebase.secrets import values
from agents.codebase.secrets.unnamed import text_of
from agents.codebase.secrets.vocabulary import HEAD, vocabulary

_NAMES: Final = (
    "abuseipdb", "adafruit", "adobe", "asana", "adzuna", "aftership", "airbrake", "airtable", "airvisual", "algolia", "alienvault", "alibaba", "ambee", "amplitude",
    "appcues", "appfollow", "appoptics", "assemblyai", "auth0", "autodesk", "axonaut", "bannerbear", "baremetrics", "beamer", "binance",
    "bitbucket", "bitfinex", "bitly", "bitmex", "bittrex", "blockcypher", "boostnote", "braintree", "browserstack", "bugfender", "bugherd", "bugsnag",
    "buildkite", "bybit", "calendarific", "calorieninja", "capsulecrm", "chargebee", "circleci", "clearbit", "clickup", "clockify", "cloudconvert",
    "cloudflare", "cloudinary", "codacy", "codeclimate", "codecov", "cohere", "coinbase", "coinlayer", "coinlib", "companyhub", "confluent", "contentful",
    "convertkit", "coveralls", "crowdin", "cryptocompare", "currencylayer", "customerio", "dailyco", "datadog", "databricks", "deepgram", "deepl",
    "diffbot", "digitalocean", "discord", "dronahq", "droneci", "dropbox", "easypost", "elasticemail", "elevenlabs", "etherscan", "etsy", "everhour",
    "facebook", "fastly", "fastspring", "figma", "filestack", "financialmodelingprep", "finicity", "finnhub", "flickr", "freshbooks", "freshdesk",
    "geckoboard", "geoapify", "geocodify", "giphy", "gitbook", "gitter", "gocardless", "gumroad", "gyazo", "happyscribe", "hcloud", "helpscout", "heroku", "honeybadger",
    "honeycomb", "hubspot", "huggingface", "hypertrack", "ibmcloud", "ifttt", "imagekit", "infura", "instagram", "insightops", "integromat", "intercom",
    "ipdata", "ipgeolocation", "ipinfo", "ipinfodb", "ipstack", "jfrog", "jira", "jotform", "jumpcloud", "klaviyo", "klipfolio", "kraken", "kucoin", "lastfm",
    "launchdarkly", "linkedin", "linode", "livestorm", "locationiq", "logentries", "loggly", "loginradius", "logzio", "lokalise", "mailboxlayer",
    "mailchimp", "mailerlite", "mailgun", "mailjet", "mandrill", "mapbox", "marketstack", "mattermost", "maxmind", "mediastack", "meraki", "messagebird",
    "metrilo", "mistral", "mixpanel", "moosend", "nasdaqdatalink", "netlify", "newrelic", "relic", "newsapi", "newscatcher", "nexmo", "nicereply",
    "ngrok", "numverify", "nytimes", "octopusdeploy", "okta", "omnisend", "onelogin", "onesignal", "opencagedata", "openuv", "openweather",
    "openweathermap", "opsgenie", "pagerduty", "pandadoc", "papertrail", "partnerstack", "paymoapp", "paypal", "pdflayer", "pdfshift", "pexels",
    "pingdom", "pinboard", "pipedrive", "pivotaltracker", "pixabay", "plaid", "planetscale", "plivo", "polygonio", "positionstack", "postmark", "pubnub",
    "pushbullet", "pushover", "qualaroo", "rapidapi", "rawg", "raygun", "readthedocs", "rebrandly", "recaptcha", "rocketreach", "rollbar",
    "route4me", "satismeter", "saucelabs", "scaleway", "scalyr", "scrapfly", "scraperapi", "scrapestack", "scrapingbee", "sendbird", "sendgrid",
    "sentry", "serpapi", "serpstack", "shodan", "shotstack", "shutterstock", "signalfx", "signalwire", "sinch", "snyk", "snipcart", "sonarcloud", "sonarqube",
    "sparkpost", "splunk", "spoonacular", "spotify", "squarespace", "statuspage", "storecove", "stormglass", "strava", "stytch", "sumologic",
    "surveymonkey", "teamcity", "telegram", "telnyx", "testrail", "thinkific", "thousandeyes", "tiingo", "todoist", "toggl", "tomorrowio",
    "transifex", "travis", "trello", "twelvedata", "twilio", "twitch", "twitter", "typeform", "unsplash", "uploadcare", "uptimerobot", "urlscan",
    "vercel", "virustotal", "visualcrossing", "vonage", "vultr", "wakatime", "walkscore", "wandb", "weatherbit", "weatherstack", "webflow",
    "wepay", "whoisxmlapi", "wistia", "wordnik", "worldweather", "youneedabudget", "zendesk", "zenrows", "zeplin", "zerobounce", "zipcodeapi",
)  # fmt: skip
#: A name is looked for only where a part of some word begins as it does.
_BY_HEAD: Final = {
    head.encode(): tuple((name, re.compile(name.encode())) for name in _NAMES if name[:HEAD] == head)
    for head in {name[:HEAD] for name in _NAMES}
}
_ASSIGN: Final = rb"(?::[ \t]{0,4}[\w.&<>\[\]?]{1,20}[ \t]{0,4}=|:=|=>|={1,3}|!={1,2}|:|->|\|\||\?\?|[,(](?=[ \t]{0,8}[bBrRuU@$]?[\"'`]))"
_AFTER: Final = re.compile(
    rb"(?P<suffix>[\w.-]{0,40}+)"
    rb"(?:[ \t]{1,3}(?i:(?:api|access|auth|secret|private|application)[ _-]?)?(?i:key|token|secret))?+(?:[ \t]{1,3}is)?+"
    rb"[\"'`]?\]?(?:[ \t]{0,8}+" + _ASSIGN + rb"|(?=[ \t]))[ \t]{0,8}+(?:[\w.]{1,30}=)?(?:[bBrRuU@$]?[\"'`])?"
    rb"(?P<value>[A-Za-z0-9_=-]{16,90})(?![\w/.+@:=$(\[{-]|[ \t]{0,4}\()"
)
#: A digit in a run of sixteen: without one nothing here is a key.
_CHANCE: Final = re.compile(r"\d(?:(?<=[\w-]{16})|(?=[\w-]{5}))")
#: A setting whose service nobody listed: `STEAM_KEY=…`.
_SETTING: Final = re.compile(rb"[A-Z](?<![A-Za-z0-9_][A-Z])(?P<what>[A-Z0-9_]{1,40})_KEY(?![A-Za-z0-9_])")
_NO_KEY: Final = re.compile(rb"PUBLIC|CACHE|PRIMARY|FOREIGN|SORT|PARTITION|HASH|INDEX|REGISTRY|OBJECT|HOST|ID$|S3")
#: What such a name says that is none: an address, an identity, a version, a sum.
_IDENTIFIES: Final = re.compile(
    rb"(?:^|[_.-]|(?<=[a-z])(?=[A-Z]))(?:id|ids|url|uri|host|endpoint|project|org|organi[sz]ation|workspace|site|zone|tenant|account|user|username|email|name|version|sha\d{0,3}|hash"
    rb"|commit|rev|ref|checksum|digest|md5|image|tag|public|pub|dsn|integrity|etag|branch|region|model|package)$",
    re.IGNORECASE,
)
_HEX: Final = re.compile(r"[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{37}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9A-F]{32}")


def find(source: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each value; `lowered` is the source in small letters."""
    _, joined, heads, _ = vocabulary(lowered)
    words = joined.decode("latin-1")
    if _CHANCE.search(words) is None:
        return
    for head in _BY_HEAD.keys() & heads:
        for written, shape in _BY_HEAD[head]:
            for name in shape.finditer(lowered) if written in words else ():
                after = _AFTER.match(source, name.end())
                if after is None or source[name.start() - 1 : name.start()] in {b"/", b"."}:
                    continue
                if not _IDENTIFIES.search(after["suffix"]) and _is_key(text_of(source, *after.span("value"))):
                    yield after.span("value")
    for setting in _SETTING.finditer(source) if b"_KEY" in source else ():
        after = _AFTER.match(source, setting.end())
        if after is not None and not _NO_KEY.search(setting["what"]) and _is_key(text_of(source, *after.span("value"))):
            yield after.span("value")


def _is_key(text: str) -> bool:
    """Whether a value is nothing but chance: digits of base sixteen, a UUID, or letters and digits that mix."""
    if values.is_uuid(text) or _HEX.fullmatch(text):
        return len(set(text)) > 6
    digits = sum(sign.isdigit() for sign in text)
    has_cases = any(sign.isupper() for sign in text) and any(sign.islower() for sign in text)
    if not (text.isalnum() or has_cases) or digits < (1 if has_cases and len(text) >= 20 else 2):
        return False
    return values.is_random(text, 16)

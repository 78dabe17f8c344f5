"""The forms and the keys of services of an examiner who had not seen our rows (2026-12-01).

`secret_exam.txt` holds the forms, one a line: a group, a bar, and the text with its value's kind in braces. A dot parts
each word that a scanner would look for, so that none trips over the file. The shapes were read in the rules and tests of
gitleaks, TruffleHog, detect-secrets and CredSweeper; every value is made at run time.
"""

from __future__ import annotations

import base64
import random
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"

_ESCAPE = re.compile(r"\\[n\\]")
_ESCAPED = {"\\n": "\n", "\\\\": "\\"}
#: Services whose keys have no shape of their own, by what their keys consist of and how long they are.
_SERVICES = {
    (HEX, 32): "ipstack amplitude thinkific pdfshift adobe datadog finicity facebook newsapi weatherstack mixpanel airbrake bugsnag honeybadger "
    "rollbar loggly trello vonage currencylayer openweathermap lastfm pingdom",
    (string.ascii_lowercase + string.digits, 32): "adafruit algolia asana bittrex codecov droneci discord fastly flickr nytimes toggl assemblyai",
    (HEX, 40): "meraki sendbird klipfolio nicereply wandb readthedocs circleci strava codacy",
    (ALNUM, 40): "cohere shotstack pipedrive jumpcloud calorieninja sparkpost todoist tiingo lokalise mistral",
    (HEX, 64): "coinbase virustotal ambee boostnote dailyco sentry linode webflow",
    (ALNUM, 64): "confluent freshbooks sumologic partnerstack ipinfodb hcloud binance kraken",
    (ALNUM, 32): "thousandeyes polygonio shodan tomorrowio spotify openuv pushover",
    ("", 36): "heroku snyk squarespace scaleway saucelabs loginradius kucoin messagebird hubspot integromat moosend urlscan opsgenie",
}  # fmt: skip
_WAYS = (
    '{n}_k·ey = "{v}"', "const {n}ApiK·ey = '{v}';", '{N} = "{v}"', '  "{n}": "{v}",', "{n}: {v}", '{n}Client("{v}")', "# {n} k·ey {v}",
    "{N}_K·EY={v}", 'config["{n}"] = "{v}"', "{n}=>'{v}'", "{N}_APIK·EY: {v}",
)  # fmt: skip


def texts(seed: int = 1) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Group, text and values of each, the same for the same seed."""
    made = _Made(seed)
    groups: dict[str, list[tuple[str, str]]] = {}
    for line in (Path(__file__).parent / "secret_exam.txt").read_text(encoding="utf-8").splitlines():
        group, _, form = line.partition(" | ")
        groups.setdefault(group, []).append(made.written(_ESCAPE.sub(lambda match: _ESCAPED[match[0]], form)))
    for (alphabet, length), names in _SERVICES.items():
        for number, name in enumerate(names.split()):
            way = _WAYS[(number + seed) % len(_WAYS)]
            value = made.some(length, alphabet) if alphabet else made.uuid()
            text = way.replace("{n}", name).replace("{N}", name.upper()).replace("{v}", value)
            groups.setdefault("services", []).append((text, value))
    for group, rows in groups.items():
        text = "\n\n".join(text for text, _ in rows).replace("·", "")
        yield group, text + "\n", tuple(value for _, value in rows)


class _Made:
    """Values by chance; a password looks like one by a program, by a human or by a hash in turn."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 (the same values in every run)
        self._turn = seed

    def some(self, length: int, alphabet: str = ALNUM) -> str:
        while True:
            text = "".join(self._chance.choices(alphabet, k=length))
            if sum(sign.isdigit() for sign in text) > 2 and text[-1].isalnum():
                return text

    def uuid(self) -> str:
        return "-".join(
            self.some(length, HEX) if length > 4 else "4a7" + self._chance.choice(HEX) for length in (8, 4, 4, 4, 12)
        )

    def written(self, form: str) -> tuple[str, str]:
        kinds: dict[str, Callable[[], str]] = {
            "v": self._password,
            "b44": lambda: base64.b64encode(self._chance.randbytes(32)).decode(),
            "b88": lambda: base64.b64encode(self._chance.randbytes(64)).decode(),
            "b64pair": lambda: base64.b64encode(f"svc:{self.some(16)}".encode()).decode(),
            "hex40": lambda: self.some(40, HEX),
            "hex64": lambda: self.some(64, HEX),
            "k16": lambda: self.some(16),
            "b32": lambda: self.some(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
        }
        kind = next(kind for kind in kinds if "{" + kind + "}" in form)
        value = kinds[kind]()
        return form.replace("{" + kind + "}", value), value

    def _password(self) -> str:
        self._turn += 1
        if self._turn % 3 == 0:
            return self.some(20)
        if self._turn % 3 == 1:
            return self.some(32, HEX)
        word = "".join(self._chance.sample(string.ascii_lowercase, 6)).capitalize()
        return f"{word}{self._chance.choice('!-.')}{self._chance.randint(10, 99)}{''.join(self._chance.sample(string.ascii_lowercase, 3))}"

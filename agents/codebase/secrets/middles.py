"""The kinds of secrets whose shape has no prefix: what stands in their middle is searched for. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_AROUND: Final = rb"(?<![A-Za-z0-9+/_-])%s(?![A-Za-z0-9+/=_-])"


class Middle(NamedTuple):
    """One kind: what it holds in any case, its shape, and the service that gives it out."""

    holds: bytes
    shape: re.Pattern[bytes]
    service: str


def _azure() -> tuple[Middle, ...]:
    """Keys of Azure that say in their middle which service they open: letters before, the mark, letters behind."""
    sign = rb"[A-Za-z0-9+/_-]"
    shapes = {
        b"AzFu": (44, 6, b"=="), b"AzSe": (42, 6, b""), b"AzCa": (33, 6, b"="), b"+ACR": (42, 6, b""), b"APIM": (76, 6, b"=="),
        b"ACDb": (76, 6, b"=="), b"+ASt": (76, 6, b"=="), b"+ABa": (76, 6, b"=="), b"+AMC": (76, 6, b"=="), b"AIoT": (33, 6, b"="),
        b"+ASb": (33, 6, b"="), b"+AEh": (33, 6, b"="), b"+ARm": (33, 6, b"="), b"JQQJ99": (52, 26, b""), b"AZDO": (76, 4, b""),
    }  # fmt: skip
    return tuple(
        Middle(
            mark,
            re.compile(_AROUND % (b"%s{%d}%s%s{%d}%s" % (sign, first, re.escape(mark), sign, last, end))),
            "azure",
        )
        for mark, (first, last, end) in shapes.items()
    )


MIDDLES: Final = (
    Middle(b".", re.compile(rb"[MNO](?<![\w.-][MNO])[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"), "discord bot"),
    Middle(b"Q~", re.compile(rb"(?<![\w.~-])[\w.~-]{3,5}\dQ~[\w.~-]{31,40}"), "azure client secret"),
    Middle(b".atlasv1.", re.compile(rb"(?<!\w)[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}"), "terraform cloud"),
    Middle(b":", re.compile(rb"(?<!\d)\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])"), "telegram bot"),
    Middle(b"-us", re.compile(rb"(?<!\w)[0-9a-f]{32}-us\d{1,2}(?!\w)"), "mailchimp"),
    Middle(b"pat", re.compile(rb"pat(?<!\wpat)[A-Za-z0-9]{14}\.[0-9a-f]{64}"), "airtable"),
    Middle(b"/", re.compile(rb"[0-2](?<![\w/][0-2])/\d{15,17}(?:/\d{15,17})?:[0-9a-f]{32}(?!\w)"), "asana"),
    Middle(b"|", re.compile(rb"(?<!\d)\d{15,16}\|[\w-]{27,40}(?![\w-])"), "facebook app"),
    Middle(b"-", re.compile(rb"(?<![\w-])\d{15,20}-[A-Za-z0-9]{30,40}(?![\w-])"), "twitter access token"),
    Middle(b"NRAL", re.compile(rb"(?<!\w)[0-9a-f]{36}NRAL(?!\w)"), "new relic"),
    Middle(b"!", re.compile(rb"(?<!\w)00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{60,}"), "salesforce"),
    Middle(b"-", re.compile(rb"(?<!\w)(?:ur|m)\d{6,10}-[0-9a-f]{24}(?!\w)"), "uptime robot"),
    Middle(
        b".acc",
        re.compile(
            rb"(?<!\w)(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[\w+/=-]{30,120}"
        ),
        "authress",
    ),
    Middle(b"-", re.compile(rb"(?<![\w-])[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![\w-])"), "mailgun signing key"),
    Middle(b"_mmk", re.compile(rb"(?<!\w)[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?!\w)"), "maxmind"),
    Middle(b"_", re.compile(rb"(?<![\w-])[12][A-Za-z0-9]{26}_[A-Za-z0-9]{20,22}(?![\w-])"), "ngrok"),
    Middle(
        b"_", re.compile(rb"(?<![\w-])[A-Za-z0-9]{64}_[A-Z0-9]{4}_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "webex"
    ),
    Middle(b"AAAAAAAAAA", re.compile(rb"(?<![A-Za-z0-9+/])A{19,22}[A-Za-z0-9%]{80,100}(?![A-Za-z0-9+/=%])"), "twitter"),
    Middle(b"AAAAAAAAAA", re.compile(rb"(?<![\w+/])[A-Za-z0-9]{11}AAAAAAAAAA[\w-]{43}(?![\w+/=-])"), "dropbox"),
    Middle(
        b"/hooks/",
        re.compile(rb"(?<=/hooks/)(?:[a-z0-9]{26}|[A-Za-z0-9]{17}/[A-Za-z0-9]{40,})(?![\w/-])"),
        "chat webhook",
    ),
    Middle(b"/with/key/", re.compile(rb"(?<=/with/key/)[\w-]{16,}"), "ifttt"),
    Middle(b"|", re.compile(rb"(?<![\w-])(?:prod|dev|preview|project):[\w:-]{3,80}\|[A-Za-z0-9+/=]{40,}"), "convex"),
    *_azure(),
)

"""A reader signs in on the laptop's cloud by the paths of CloudFront: refused, offered, signed in, read."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cli.stack.site_key import SIGN_IN_VARIABLE, keep_laptops_key, with_laptops_key
from local.cloud import LocalCloud
from releases.build import build
from tests.e2e.deployed_alarms import AlarmWatch
from tests.oidc_provider import CLIENT, SECRET, OidcProvider

pytestmark = pytest.mark.local

PAGE = "/sites/demo/latest/index.html"
#: What a browser sends when a person follows a link from page to page, and from another site.
FOLLOWED = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
LED = {**FOLLOWED, "Sec-Fetch-Site": "cross-site"}


@dataclass
class Reader:
    """A browser at one host, which keeps cookies as their paths say."""

    domain: str
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> http.client.HTTPResponse:
        held = [f"{name}={value}" for name, (value, at) in self.cookies.items() if path.startswith(at)]
        connection = http.client.HTTPConnection(self.domain, timeout=60)
        connection.request("GET", path, headers={**(headers or {}), **({"Cookie": "; ".join(held)} if held else {})})
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            (name, _, value), attributes = cookie.partition(";")[0].partition("="), cookie
            self.cookies[name] = (value, attributes.partition("Path=")[2].partition(";")[0])
        return answer


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with OidcProvider() as served:
        yield served


@pytest.fixture(scope="module")
def cloud(provider: OidcProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    folder: Path = tmp_path_factory.mktemp("state")
    chosen = {
        "release": build().release,
        "siteAccess": "private",
        "siteSignInIssuer": provider.issuer,
        "siteSignInClientId": CLIENT,
        "siteSignInDomains": "example.com",
    }
    with (
        pytest.MonkeyPatch.context() as patch,
        LocalCloud("local", settings=with_laptops_key(chosen, "local", folder)) as running,
    ):
        patch.setenv(SIGN_IN_VARIABLE, SECRET)
        keep_laptops_key(running, folder)
        bucket = running.outputs["site_bucket"]
        running.client("s3").put_object(Bucket=bucket, Key=PAGE[1:], Body=b"<p>demo</p>", ContentType="text/html")
        yield running


@pytest.fixture
def reader(cloud: LocalCloud) -> Reader:
    return Reader(str(cloud.outputs["site_domain"]))


def _at(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _back_from(provider_address: str) -> str:
    parts = urlsplit(provider_address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    connection.request("GET", _at(provider_address))
    return str(connection.getresponse().headers["Location"])


def test_a_page_is_refused_with_an_offer_and_read_after_the_sign_in(reader: Reader) -> None:
    refused = reader.get(PAGE)
    assert refused.status == 403
    assert b'<a href="/sign-in">' in refused.read()
    assert refused.headers["Referrer-Policy"] == "same-origin"  # so that the link says where it stands
    begun = reader.get("/sign-in", {**FOLLOWED, "Referer": f"http://{reader.domain}{PAGE}"})
    assert begun.status == 302
    back = _back_from(str(begun.headers["Location"]))
    assert back.startswith(f"http://{reader.domain}/sign-in/callback?")
    ended = reader.get(_at(back), LED)
    assert (ended.status, ended.headers["Location"]) == (302, PAGE)
    shown = reader.get(PAGE, FOLLOWED)
    assert (shown.status, shown.read()) == (200, b"<p>demo</p>")
    assert reader.get("/sites/other/latest/").status == 403


def test_who_comes_from_elsewhere_or_lies_about_the_host_gets_nothing(reader: Reader, provider: OidcProvider) -> None:
    assert reader.get("/sign-in", {**LED, "Referer": "https://attacker.example/sites/demo/"}).status == 400
    begun = reader.get(f"/sign-in?to={PAGE}", {"X-Viewer-Host": "attacker.example"})
    assert f"redirect_uri=http%3A%2F%2F{reader.domain.replace(':', '%3A')}" in str(begun.headers["Location"])
    provider.claims = {"email": "eve@attacker.example"}
    try:
        refused = reader.get(_at(_back_from(str(begun.headers["Location"]))))
    finally:
        provider.claims = {}
    assert refused.status == 401
    assert b"of no domain" in refused.read()
    assert reader.get(PAGE).status == 403


def test_a_provider_that_fails_raises_the_operators_alarm(
    cloud: LocalCloud, reader: Reader, provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = AlarmWatch(cloud)
    begun = reader.get(f"/sign-in?to={PAGE}")
    back = _back_from(str(begun.headers["Location"]))
    assert watch.raised() == set()
    monkeypatch.setattr(provider, "exchange", lambda *_: (500, {"error": "server_error"}))
    assert reader.get(_at(back)).status == 502
    assert watch.raised() == {"sign-in-failed"}


def test_the_function_is_called_by_its_distribution_alone(cloud: LocalCloud, reader: Reader) -> None:
    lambda_ = cloud.client("lambda")
    config = lambda_.get_function_url_config(FunctionName="swarm-local-sign-in")
    assert config["AuthType"] == "AWS_IAM"
    statement = next(one for one in ("cloudfront-url", "cloudfront-function"))
    lambda_.remove_permission(FunctionName="swarm-local-sign-in", StatementId=statement)
    try:
        assert reader.get(f"/sign-in?to={PAGE}").status == 403
    finally:
        arn = cloud.client("cloudfront").list_distributions()["DistributionList"]["Items"][0]["ARN"]
        lambda_.add_permission(
            FunctionName="swarm-local-sign-in",
            StatementId=statement,
            Action="lambda:InvokeFunctionUrl",
            Principal="cloudfront.amazonaws.com",
            SourceArn=arn,
        )
    assert reader.get(f"/sign-in?to={PAGE}").status == 302

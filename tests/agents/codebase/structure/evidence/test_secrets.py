"""What looks like a secret, what does not, and that no excerpt shows one.

Every secret is put together while the test runs, so that no scanner trips over this file.
"""

from __future__ import annotations

import random
import string

import pytest

from tests.agents.codebase.structure.evidence.reading import evidence, rules

UPPER = string.ascii_uppercase + string.digits
_CHANCE = random.Random(7)  # noqa: S311 (the same strings in every run)


def made(length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    """A random text with at least one letter and one digit in it."""
    tail = "QZ7K" if alphabet == UPPER else "aQ7k"
    return "".join(_CHANCE.choices(alphabet, k=length - 4)) + tail


HEX = "0123456789abcdef"
P, S, T, K = "pass" + "word", "sec" + "ret", "tok" + "en", "api_" + "key"
KEY_BEGIN = "-----BEGIN {}" + "PRIVATE" + " KEY-----"
POSITIVES = [
    "aws = '" + "AKIA" + made(12, UPPER) + "QZ7K'",
    "aws: " + "ASIA" + made(12, UPPER) + "ABCD",
    "url?key=" + "AIza" + made(35),
    "DefaultEndpointsProtocol=https;" + "Account" + "Key=" + made(86) + "==",
    "x = '" + "gh" + "p_" + made(36) + "'",
    "# " + "gh" + "s_" + made(36),
    "pat " + "github" + "_pat_" + made(22) + "_" + made(59),
    "GL: " + "glp" + "at-" + made(20),
    "s = '" + "xox" + "b-" + made(12, string.digits) + "-" + made(24) + "'",
    "https://hooks." + "slack.com/services/" + "T" + "0AB1C2D3E" + "/B" + "0AB1C2D3E" + "/" + made(24),
    "stripe = '" + "sk_" + "live_" + made(24) + "'",
    "stripe: " + "rk_" + "live_" + made(24),
    "o = '" + "sk" + "-proj-" + made(44) + "A1'",
    "o = '" + "sk" + "-ant-" + made(44) + "A1'",
    "//registry/:_authToken=" + "npm" + "_" + made(36),
    P + " = " + "pypi" + "-AgE" + made(70),
    "sg = '" + "SG" + "." + made(22) + "." + made(43) + "'",
    "h = '" + "ey" + "J" + made(30) + "." + "ey" + "J" + made(60) + "." + made(43) + "'",
    KEY_BEGIN.format("RSA ") + "\n" + made(64),
    KEY_BEGIN.format("") + "\n" + made(64),
    KEY_BEGIN.format("OPENSSH ") + "\n" + made(64),
    KEY_BEGIN.format("EC ") + "\n" + made(64),
    "DATABASE_URL=postgres" + "://app:" + made(12) + "@db.internal:5432/app",
    "redis" + "://:" + made(14) + "@cache:6379/0",
    "mongodb+srv" + "://root:" + made(10) + "@cluster0.abc.mongodb.net",
    "amqp" + "://svc:" + made(9) + "@queue/",
    "https" + "://bot:" + made(20) + "@git.internal/x.git",
    P + " = '" + made(14) + "'",
    f'DB_{P.upper()} = "' + made(18) + '"',
    f"{S} = '" + made(32, HEX) + "'",
    f"client_{S}: '" + made(40) + "'",
    f'"{K}": "' + made(32) + '"',
    f'{K.upper()} := "' + made(28) + '"',
    f"auth_{T} => '" + made(24) + "'",
    f"config['{S}_key'] = '" + made(50) + "'",
    f"{P}: str = '" + made(12) + "!%'",
    f"export SERVICE_{T.upper()}=" + made(40),
    f"{K}: " + made(32),
    "aws_sec" + "ret_access_key = " + made(40),
    f"self.{T} = '" + made(33) + "'",
    f"{K} = 'test-" + made(12) + "'",
]
NEGATIVES = [
    "aws = '" + "AKIA" + "IOSFODNN7" + "EXAMPLE'",
    "name = 'AKIAN is a word'",
    "x = '" + "gh" + "p_short'",
    "x = '" + "gh" + "p_" + "x" * 36 + "'",
    "class sk-learn-something-that-is-long-and-only-lower-case-letters",
    "-----BEGIN PUBLIC KEY-----\n" + made(64),
    "if line == '" + KEY_BEGIN.format("") + "':",
    'key="' + KEY_BEGIN.format("") + "\\n" + "X" * 64 + '"',
    f"{T} = '1b4e28ba-2fa1-11d2-883f-0016d3cca427'",
    "-----BEGIN CERTIFICATE-----",
    "postgres" + "://user:password@localhost/db",
    "postgres" + "://user:${PASSWORD}@db/app",
    "postgres" + "://{user}:{password}@{host}/db",
    "https://example.com:8080/path@x",
    "http" + "://user:pass@host",
    "redis" + "://cache:6379/0",
    P + " = ''",
    P + " = 'changeme'",
    P + " = 'your-password-here'",
    P + " = '<password>'",
    P + " = '${DB_PASSWORD}'",
    P + " = '{{ vault.db }}'",
    P + " = os.environ['DB_PASSWORD']",
    P + " = getpass()",
    P + " = 'xxxxxxxxxxxx'",
    P + " = '********'",
    P + "_field = 'id_password_confirm'",
    f"{S}_name = 'prod/db/credentials'",
    f"{S}_arn = 'arn:aws:secretsmanager:eu-west-1:1:secret'",
    f"{T}_url = 'https://login.service.com/oauth2/v2.0'",
    f"{T} = 'next_page_marker'",
    f"next_{T} = '" + made(24) + "'",
    f"'output_{T}': 'Marker." + "NextMarker1'",
    f"{T} = request.headers['X-Token']",
    f"{K} = 'API_KEY_VARIABLE'",
    f"{K} = 'replace-me-with-a-key-123'",
    "'AWS::IAM::Access" + "Key': '" + made(32, HEX) + "'",
    "public_key = '" + made(40) + "'",
    "primary_key = 'user_id_number_1'",
    "sha256 = '" + made(64, HEX) + "'",
    "integrity: sha512-" + made(86) + "==",
    "the " + P + " must have 12 characters, a digit and a sign",
]


@pytest.mark.parametrize("line", POSITIVES, ids=range(len(POSITIVES)))
def test_should_find_a_secret_in_any_kind_of_file(line: str) -> None:
    assert any(rule.startswith("secret-") for rule in rules("text", line))


@pytest.mark.parametrize("line", NEGATIVES, ids=range(len(NEGATIVES)))
def test_should_not_take_a_placeholder_a_name_or_a_hash_for_a_secret(line: str) -> None:
    assert not [found.excerpt for found in evidence("text", line) if found.rule.startswith("secret-")]


def test_should_replace_the_value_by_stars_in_every_excerpt_of_the_line() -> None:
    value = made(24)
    line = f"import hashlib\n{P} = '{value}'; digest = hashlib.md5({P})\n"

    found = evidence("python", line)

    assert {one.rule for one in found} == {"secret-assignment", "weak-hash"}
    assert all(value not in one.excerpt and "********" in one.excerpt for one in found)


def test_should_cite_a_private_key_from_its_first_to_its_last_line() -> None:
    body = "\n".join(made(64) for _ in range(3))
    text = "a = 1\n" + KEY_BEGIN.format("") + f"\n{body}\n" + KEY_BEGIN.format("").replace("BEGIN", "END") + "\n"

    (found,) = evidence("text", text)

    assert (found.rule, found.lines.start, found.lines.end) == ("secret-private-key", 2, 6)


def test_should_hide_a_private_key_written_in_one_line() -> None:
    body = made(64)

    (found,) = evidence("text", f'key = "{KEY_BEGIN.format("")}\\n{body}\\n"')

    assert body not in found.excerpt

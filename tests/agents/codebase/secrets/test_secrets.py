"""Secrets of 271 kinds are hidden in twelve places, and in whatever is read of a file.

Every value is made while the test runs.
"""

from __future__ import annotations

import time

import pytest

from agents.codebase.secrets import STARS, find, without_secrets
from agents.codebase.structure.reader import TreeSitterReader
from agents.roles.scanner.languages import language_of
from agents.roles.scanner.names import repository_path
from bench.secret_forms import Form, forms
from bench.secret_samples import places, samples
from bench.secrets import leaking, leaks
from tests.agents.codebase.secrets.values import AWS, SECRET, P, T, chance


def test_at_least_99_percent_of_100_kinds_in_twelve_places_are_hidden() -> None:
    planted = [(sample, place, text) for sample in samples(11) for place, text in places(sample)]
    missed = [f"{place}: {sample.kind}" for sample, place, text in planted if leaks(sample, place, text)]
    assert len({sample.kind for sample, _, _ in planted}) >= 100
    assert len({place for _, place, _ in planted}) == 12
    assert len(missed) <= len(planted) // 100, missed


@pytest.mark.parametrize("form", [pytest.param(form, id=form.name.replace(" ", "-")) for form in forms(11)])
def test_a_secret_is_hidden_as_people_write_it(form: Form) -> None:
    cleaned = without_secrets(form.text)
    assert leaking(form, cleaned) == [], cleaned
    assert cleaned.count("\n") == form.text.count("\n")


@pytest.mark.parametrize(
    "owner", ["session", "admin", "redis", "backend", "notion", "login", "jenkins", "plugin", "main"]
)
@pytest.mark.parametrize("what", ["secret", T, "api_key"])
def test_a_name_may_end_with_the_letters_of_a_word_that_tells_of_something_else(owner: str, what: str) -> None:
    value = chance(32)
    for name in (f"{owner}_{what}", f"{owner}_{what}".upper(), owner + what.title().replace("_", "")):
        assert value not in without_secrets(f'{name} = "{value}"\n'), name


def test_a_secret_that_is_called_like_a_counter_is_one_and_a_page_s_cursor_is_none() -> None:
    value = chance(32)
    assert value not in without_secrets(f"RESET_SECRET={value}\nMAX_API_" + f"KEY={value}\n")
    assert value in without_secrets(f'next_{T} = "{value}"\nsync{T.title()} = "{value}"\n')


def test_keys_of_okta_and_twilio_are_known_by_their_place() -> None:
    for value, line in (
        ("00" + chance(40), 'okta = Client("https://x.internal", "{v}")'),
        (chance(32, "0123456789abcdef")[:28] + "a07b", 'Client("AC' + "0f" * 16 + '", "{v}")  # twilio'),
    ):
        assert value not in without_secrets(line.replace("{v}", value))


@pytest.mark.parametrize("service", ["heroku", "datadog", "finnhub", "newrelic", "ibmcloud"])
def test_a_key_without_a_shape_is_known_under_the_name_of_its_service(service: str) -> None:
    for value in (
        chance(32, "0123456789abcdef")[:28] + "07b4",
        "4f0c9d1e-77aa-4b1c-9d3e-" + "0a1b2c3d4e5f",
        chance(32),
    ):
        for line in (
            f'{service} = "{value}"',
            f"{service.upper()}_K" + f"EY={value}",
            f'{service.title()}Client("{value}")',
        ):
            assert value not in without_secrets(line), line


def test_the_default_of_a_shell_is_the_value_alone_so_that_it_is_hidden_wherever_it_is_repeated() -> None:
    value = "uuc3rUOEy8" + "Yh3IdKzfT8"
    text = f'DB_{P.upper()}="${{DB_{P.upper()}:-{value}}}"\n'.encode()
    assert [text[secret.start : secret.end] for secret in find(text)] == [value.encode()]


def test_nothing_that_is_read_of_a_file_holds_its_secrets_not_even_the_title_that_a_finding_stands_under() -> None:
    leaked = []
    for form in forms(12):
        structure = TreeSitterReader().read(form.path, language_of(form.path, form.text), form.text)
        leaked += [(form.name, value) for value in leaking(form, structure.model_dump_json())]
    assert leaked == []


def test_a_piece_of_a_secret_that_a_reader_took_for_code_is_hidden_with_it() -> None:
    value = "5fb7c5525931819d" + "47a3b89544ea6ae6"
    text = f"DATADOG_K{'EY'}={value}\n"
    structure = TreeSitterReader().read("settings.py", language_of("settings.py", text), text)
    assert value[2:] not in structure.model_dump_json()


@pytest.mark.parametrize(
    "text",
    [
        f"{P}: {SECRET}",
        f"<{P}>{SECRET}</{P}>",
        f'<property name="db.{P}" value="{SECRET}"/>',
        f"define('DB_{P.upper()}', '{SECRET}');",
        f"spring.datasource.{P}={SECRET}",
        f"ENV DB_{P.upper()} {SECRET}",
        f'variable "db_{P}" {{\n  type = string\n  default = "{SECRET}"\n}}',
        f"- name: DB_{P.upper()}\n  value: {SECRET}",
        f"{P} = 'test{SECRET}'",
        f"{P} = 'your{SECRET}'",
        f"{P} = '$3{SECRET}'",
        f"{P} = 'two {SECRET}'",
        f"postgres://app:{SECRET}7@localhost/app",
        f"https://app:a%20{SECRET}@host.internal/app",
        f"{P} = 'Row[{SECRET}]'",
        f'os.environ.get("DB_{P.upper()}", "{SECRET}")',
        f"X-Amz-Credential={AWS}/20260101/eu",
        f"[{{\"key\": \"{P}\", \"value\": \"{SECRET}\"}}]",
        f"data_{T} = '" + chance(700) + "'",
    ],
)  # fmt: skip
def test_every_way_of_writing_a_value_is_known(text: str) -> None:
    shown = without_secrets(text)
    assert STARS in shown
    assert SECRET not in shown
    assert AWS not in shown


def test_there_is_no_limit_to_how_many_secrets_of_a_kind_are_hidden() -> None:
    values = ["gh" + "p_" + chance(36, seed=n) for n in range(3_000)]
    shown = without_secrets("\n".join(f"x = '{value}'" for value in values))
    assert not [value for value in values if value in shown]


@pytest.mark.parametrize("ending", ["", "\n-----END " + "PRIVATE KEY-----"])
@pytest.mark.parametrize("count", [4, 900])
def test_a_key_of_several_lines_is_hidden_whole_with_or_without_an_end(count: int, ending: str) -> None:
    lines = [chance(32, seed=n) for n in range(count)]
    shown = without_secrets("-----BEGIN " + "PRIVATE KEY-----\n" + "\n".join(lines) + ending + "\nafter it\n")
    assert not [line for line in lines if line in shown]
    assert shown.endswith("after it\n")
    assert shown.count("\n") == count + 1 + (ending != "") + 1


@pytest.mark.parametrize(
    "seed", ["curl ", 'hmac("', "b3BlbnNzaC1rZXktdjEA", "cookie: a=", "INSERT INTO a (pwd) VALUES ", "senha"]
)
def test_a_text_made_of_what_comes_before_secrets_takes_time_by_its_length(seed: str) -> None:
    def seconds(length: int) -> float:
        text = (seed * (length // len(seed))).encode()
        began = time.process_time()
        find(text)
        return time.process_time() - began

    assert seconds(160_000) < 6 * seconds(40_000) + 0.5


def test_a_name_of_a_file_holds_no_secret() -> None:
    assert repository_path(f"keys/{AWS}.py") == "keys/hidden-secret.py"
    assert repository_path("keys/plain.py") == "keys/plain.py"


@pytest.mark.parametrize(
    "seed",
    [
        P,
        f"{T}=",
        "api_key ",
        "sk-",
        "ey" + "J",
        "pass:",
        "://a:",
        "M.",
        "-----BEGIN " + "PRIVATE KEY-----\n",
        "\\n",
        f"{P} type = string ",
        '" + "',
        '\\\\"',
        "value=",
        "key: >-\n",
        "secrets: {",
        f"{T},",
        "QUJD",
    ],
)
def test_hostile_text_takes_time_by_its_length_only(seed: str) -> None:
    def seconds(length: int) -> float:
        text = (seed * (length // len(seed))).encode()
        started = time.process_time()
        list(find(text))
        return time.process_time() - started

    # Four times the text may take eight times as long on a busy machine; by the square it would be sixteen times.
    # What else the machine does only adds time; a square would be seen in each of three tries.
    assert any(seconds(200_000) < max(0.4, 8 * seconds(50_000)) for _ in range(3))

"""Words, variables, placeholders and code about secrets stay readable."""

from __future__ import annotations

import pytest

from agents.codebase.secrets import without_secrets
from tests.agents.codebase.secrets.values import P, T, chance


@pytest.mark.parametrize(
    "line",
    [
        'heroku_commit = "0f3a9c7be1d2458897aabbccddeeff0011223344"',
        'datadog_org_id: "0f3a9c7b-e1d2-4588-97aa-bbccddeeff00"',
        "uses: codecov/codecov-action@0f3a9c7be1d2458897aabbccddeeff0011223344",
        'sentry = "sentry-project-of-the-shop-2"',
        'figma: "https://figma.internal/file/0f3a9c7be1d2458897aabbcc"',
        'twitter_image_sha256 = "0f3a9c7be1d2458897aabbccddeeff00"',
        '"AWS::ApiGateway::Api' + 'Key": "b899a0d240b53d9d",',
        '"secret": {"DeletionDate": "1524085349.095"}',
        "password = config.v2.value",
        "tokens = tokenize('let a1 = b2;')",
        "log in via saml / oauth2",
        "auth: sha256:0f3a9c7be1d2458897aabbccddeeff00",
        "the words are: one thing and another that goes on for more than twelve small words here",
    ],
)
def test_what_only_identifies_something_under_such_a_name_stays(line: str) -> None:
    assert without_secrets(line + "\n") == line + "\n"


def test_members_of_a_namespace_are_no_values() -> None:
    code = "grpc_plugin_credentials::GetRequestMetadata1(call);\n"
    assert without_secrets(code) == code


def test_names_in_capitals_that_hold_a_services_word_or_a_prefix_stay_readable() -> None:
    code = (
        "IMPLEMENT_BIO(EC_KEY, d2i_ECPrivateKey_bio, d2i_ECPrivateKey)\nupb_test_TestUtf8RepeatedProto2Bytes* msg = 0;"
    )
    assert without_secrets(code) == code


@pytest.mark.parametrize(
    "text",
    [
        "function desenhar(tela) { return tela.desenha('Quadro 7a, B2c3') }",
        "the sender, whose address is identified by `SomeKind2Of`, is asked",
        "hmac.compare_digest(signature, expected_digest)",
        'client.connect("broker.internal", "sensor-room-12")',
        'app.post("/login", passport.authenticate("local", "session"))',
        'jwt.decode(token, options={"verify_signature": False})',
        "rabbitmqctl add_user myuser mypassword",
        "echo '<your token>' | docker login --username me --password-stdin",
        "kubectl create secret generic app --from-literal=foo=$FOO",
        "INSERT INTO users (name, note) VALUES ('bot', 'aB3!xyzQ7k');",
        "Authorization: AWS4-HMAC-SHA256 Credential=mock_access_key/20220524/eu/s3/aws4_request",
        '<label for="password">Your new sign-in word</label>',
        "sha512-" + "AAAAAAAAAA" * 9,
    ],
)
def test_what_only_stands_where_a_secret_could_stays(text: str) -> None:
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    "value",
    ["your-api-key", "changeme", "${DB_VALUE}",
     "$DB_VALUE", "<password>", "{{ vault.db }}", "password123", "example-secret-key",
     "xxxxxxxx",
     "********", "%(password)s", "my-secret-token", "None", "process.env.X"],
)  # fmt: skip
def test_placeholders_stay(value: str) -> None:
    for text in (f"{P} = '{value}'", f"api_key: {value}", f"DB_{P.upper()}={value}"):
        assert without_secrets(text) == text


@pytest.mark.parametrize(
    "code",
    [
        f"{P} = self.get_{P}(user)",
        f"{T} = request.headers.get('X-Token')",
        f"def login({P}: str, {T}: str | None = None) -> None:",
        f"if {T} == next_{T}: return",
        f"the {P} must have 12 characters, a digit and a sign",
        f"raise ValueError('{P} is too short')",
        "Basic authentication and bearer tokens are explained below.",
        "sha256 = '" + chance(64, "0123456789abcdef") + "'",
        "https://example.com:8080/path@x",
        "https://jo%40mail.example:a%20secret@host.internal:1234/pa%20th",
        f'def {P[:4]}_obj(f: "t.Callable[te.Concatenate[t.Any, P], R]") -> "t.Callable[P, R]":',
        f'def login({P}: "str | None", {T}: "Optional[Token[User]]"):',
        "def cut(\n    token,\n    split_every=None,\n    name_2=None,\n):",
        "type parser struct {\n\ttok Token\n\tdoc *Node\n\thasSelfClosingToken bool\n\tcontext *Node\n}",
        "\tcase CommentToken:\n\t\tp.addChild(&Node{\n\t\t\tType: CommentNode,\n\t\t})",
        "def call(self) -> Optional[Credentials]:\n    raise Problem(\n      status_code=HTTP_401_NONE,\n    )",
        "from .oauth2 import OAuth2PasswordRequestFormStrict as OAuth2PasswordRequestFormStrict",
        "func NewOauthAccess(token *oauth2.Token) credentials.PerRPCCredentials {",
        "int agree(\n  key_id_t private_key,\n  const uint8_t *peer_key,\n  uint8_t *output,\n  size_t *length);",
    ],
)
def test_code_and_prose_about_secrets_stay(code: str) -> None:
    assert without_secrets(code) == code

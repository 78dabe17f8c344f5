"""Secrets as people write them: configurations, manifests, outputs, escapes. Made at run time: nothing is a secret."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from bench import secret_calls, secret_exam
from bench.secret_samples import ALNUM, HEX, UPPER, WORD

#: Written in two halves, so that no scanner trips over this file.
_P, _S, _T, _K = "pass" + "word", "sec" + "ret", "tok" + "en", "k" + "ey"
_BEGIN, _END = "-----BEGIN PRIVATE" + " KEY-----", "-----END PRIVATE" + " KEY-----"


class Form(NamedTuple):
    """A file with secrets; `values` are the pieces of text that must not be seen again."""

    name: str
    path: str
    text: str
    values: tuple[str, ...]


def forms(seed: int = 1) -> Iterator[Form]:
    """Every form once, the same for the same seed; the paths differ."""
    made = _Made(seed)
    for write in (_split, _escaped, _encoded, _environment, _yaml, _infrastructure, _clients, _clouds, _databases,
                  _notebooks, _programs):  # fmt: skip
        yield from write(made)
    for number, (group, text, value) in enumerate(secret_calls.texts(seed)):
        yield Form(f"{group} {number}", f"{group}/{number}.txt", text, (value,))
    for group, text, values in secret_exam.texts(seed):
        yield Form(f"exam {group}", f"exam/{group}.txt", text, values)


class _Made:
    """Values by chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 (the same values in every run)

    def some(self, length: int, alphabet: str = ALNUM) -> str:
        return (
            "".join(self._chance.choices(alphabet, k=length - 2))
            + self._chance.choice("2345")
            + self._chance.choice("6789")
        )

    def password(self) -> str:
        return f"{self.some(5)}!{self.some(6)}x"

    def jwt(self) -> str:
        return ".".join((_coded('{"alg":"HS256"}'), _coded(f'{{"sub":"{self.some(12)}"}}'), self.some(43, WORD)))

    def github(self) -> str:
        return "gh" + "p_" + self.some(36)

    def aws(self) -> tuple[str, str]:
        return "AK" + "IA" + self.some(16, UPPER), self.some(40)

    def pem(self) -> list[str]:
        return [self.some(64) for _ in range(4)]


def _coded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _unicode(text: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


def _split(made: _Made) -> Iterator[Form]:
    a, b = made.some(20), made.some(20)
    yield Form("adjacent literals of Python", "split/a.py", f'API_KEY = (\n    "{a}"\n    "{b}"\n)\n', (a, b))
    a, b = made.some(20), made.some(20)
    yield Form("sum of literals", "split/b.js", f'const api{"Key"} = "{a}" +\n  "{b}";\n', (a, b))
    head, a, b = "gh" + "p_", made.some(18), made.some(18)
    yield Form("token split in two literals", "split/c.py", f'T = "{head}{a}" \\\n    "{b}"\n', (a, b))
    a, b = made.some(30), made.some(30)
    yield Form("shell line continued", "split/d.sh", f"export API_TOKEN={a}\\\n{b}\n", (a, b))
    a, b = made.some(24), made.some(24)
    yield Form("folded YAML", "split/e.yaml", f"api_{_T}: >-\n  {a}\n  {b}\n", (a, b))
    a, b = made.some(24), made.some(24)
    yield Form("quoted YAML over two lines", "split/f.yaml", f'client_{_S}: "{a}\\\n  {b}"\n', (a, b))
    a, b = made.some(24), made.some(24)
    yield Form("properties over two lines", "split/g.properties", f"app.{_S}={a}\\\n    {b}\n", (a, b))
    a, b = made.some(20), made.some(20)
    yield Form("sum of Java", "split/H.java", f'class H {{ static String api{"Key"} = "{a}"\n    + "{b}"; }}\n', (a, b))
    a, b = made.some(20), made.some(20)
    yield Form("literals of C", "split/i.c", f'const char *auth_{_T} = "{a}"\n  "{b}";\n', (a, b))
    a, b = made.some(20), made.some(20)
    yield Form("value on the line below", "split/j.json", f'{{"client_{_S}":\n   "{a}{b}"}}\n', (a, b))


def _escaped(made: _Made) -> Iterator[Form]:
    value = made.some(24)
    yield Form("JSON of escapes", "escaped/a.json", f'{{"{_P}": "{_unicode(value)}"}}\n', (_unicode(value), value))
    value = made.github()
    yield Form("token of escapes", "escaped/b.json", f'{{"value": "{_unicode(value)}"}}\n', (_unicode(value), value))
    value = made.some(24)
    name = _unicode(_P)
    yield Form("name of escapes", "escaped/c.json", f'{{"{name}": "{value}"}}\n', (value,))
    value = made.some(24)
    hexed = "".join(f"\\x{ord(sign):02x}" for sign in value)
    yield Form("literal of bytes", "escaped/d.py", f'{_P.upper()} = b"{hexed}"\n', (hexed,))
    value = made.password()
    inner = json.dumps(json.dumps({_P: value}))
    yield Form("JSON in JSON", "escaped/e.json", f'{{"body": {inner}}}\n', (value,))
    value = made.password()
    twice = json.dumps(json.dumps(json.dumps({_P: value})))
    yield Form("JSON in JSON in JSON", "escaped/f.json", f'{{"body": {twice}}}\n', (value,))
    value = made.some(18)
    yield Form(
        "entities of XML",
        "escaped/g.xml",
        f'<a {_P}="{"".join(f"&#{ord(sign)};" for sign in value)}"/>\n',
        ("".join(f"&#{ord(sign)};" for sign in value),),
    )
    value = made.some(14) + "@" + made.some(4)
    yield Form(
        "address with percent signs",
        "escaped/h.txt",
        f"https://bot:{quote(value, safe='')}@git.internal/x.git\n",
        (quote(value, safe=""),),
    )
    lines = made.pem()
    yield Form(
        "PEM in one line", "escaped/i.json", json.dumps({"cert": "\n".join([_BEGIN, *lines, _END])}), tuple(lines)
    )
    lines = made.pem()
    yield Form(
        "PEM in an environment", "escaped/j.env", 'TLS="' + "\\n".join([_BEGIN, *lines, _END]) + '"\n', tuple(lines)
    )
    lines = made.pem()
    pem = _b64("\n".join([_BEGIN, *lines, _END]))
    yield Form("PEM as base64", "escaped/k.txt", f"the material {pem} follows\n", (pem[40:-4],))
    lines = made.pem()
    yield Form(
        "PEM as a list of lines",
        "escaped/l.py",
        "KEY = [\n" + "".join(f'    "{line}",\n' for line in [_BEGIN, *lines, _END]) + "]\n",
        tuple(lines),
    )


def _encoded(made: _Made) -> Iterator[Form]:
    value, other = _b64(made.password()), _b64(made.some(6))
    yield Form(
        "Kubernetes Secret", "encoded/a.yaml",
        f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ntype: Opaque\ndata:\n  one: {value}\n  two: '{other}'\n",
        (value, other),
    )  # fmt: skip
    value = made.some(16)
    yield Form("Kubernetes stringData", "encoded/b.yaml", f"kind: Secret\nstringData:\n  dsn: {value}\n", (value,))
    value = _b64(made.password())
    yield Form(
        "Kubernetes Secret in JSON", "encoded/c.json", json.dumps({"kind": "Secret", "data": {"dsn": value}}), (value,)
    )
    lines = [_b64(made.some(45)) for _ in range(3)]
    yield Form(
        "Kubernetes Secret of several lines", "encoded/d.yaml",
        "kind: \"Secret\"\ndata:\n  tls.crt: |\n" + "".join(f"    {line}\n" for line in lines), tuple(lines),
    )  # fmt: skip
    value = made.some(14)
    auth = _b64(f"robot:{value}")
    yield Form("docker config", "encoded/e.json", json.dumps({"auths": {"registry.internal": {"auth": auth}}}), (auth,))
    inner = _b64(json.dumps({"auths": {"r": {"auth": auth}}}))
    yield Form(
        "docker config in a Secret", "encoded/f.yaml",
        f"kind: Secret\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: {inner}\n", (inner,),
    )  # fmt: skip
    value = _b64(f"user:{made.some(12)}")
    yield Form(
        "basic header in a program", "encoded/g.py", f'headers = {{"Authorization": "Basic {value}"}}\n', (value,)
    )
    value = made.some(48, HEX)
    yield Form("key in hex bytes", "encoded/h.c", f'unsigned char aes_{_K}[] = "{value}";\n', (value,))
    value = ", ".join(f"0x{byte}" for byte in [made.some(2, HEX + HEX) for _ in range(32)])
    yield Form("key as an array", "encoded/i.c", f"static const uint8_t aes_{_K}[32] = {{ {value} }};\n", (value,))
    value = _b64(made.github())
    yield Form("token as base64", "encoded/j.yaml", f"github: {value}\n", (value,))


def _environment(made: _Made) -> Iterator[Form]:
    for number, form in enumerate(
        (
            "{n}='{v}'",
            '{n}="{v}"',
            "export {n}='{v}'",
            "{n} = {v}",
            "{n}={v} # do not share",
            "set {n}={v}",
            "$env:{n} = '{v}'",
            "setenv {n} {v}",
            "{n}=`{v}`",
            "{n}: {v}",
        )
    ):
        value = made.password()
        yield Form(
            f"environment {form}",
            f"environment/{number}.conf",
            f"A=1\n{form.format(n='MAIL_' + _P.upper(), v=value)}\nB=2\n",
            (value,),
        )
    value = f"{made.some(4)} {made.some(5)}#{made.some(4)}"
    yield Form("environment with a space and a hash", "environment/a.conf", f'DB_{_P.upper()}="{value}"\n', (value,))
    value = f"{made.some(5)}$$" + made.some(6)
    yield Form("environment with dollars", "environment/b.conf", f"DB_{_P.upper()}='{value}'\n", (value,))
    value = f'{made.some(5)}\\"{made.some(6)}'
    yield Form("environment with a quote", "environment/c.conf", f'DB_{_P.upper()}="{value}"\n', (value,))
    value = made.password()
    yield Form(
        "GitHub's workflow", "environment/d.yml", f"jobs:\n  a:\n    env:\n      DB_{_P.upper()}: '{value}'\n", (value,)
    )
    value = made.some(30)
    yield Form(
        "list of compose",
        "environment/e.yml",
        f"services:\n  a:\n    environment:\n      - API_{_T.upper()}={value}\n",
        (value,),
    )
    value = made.some(30)
    yield Form(
        "systemd unit", "environment/f.service", f'[Service]\nEnvironment="API_{_T.upper()}={value}" "A=1"\n', (value,)
    )


def _yaml(made: _Made) -> Iterator[Form]:
    value = made.password()
    yield Form("anchor", "yaml/a.yaml", f"x: &{_P} {value}\ndb:\n  {_P}: *{_P}\n", (value,))
    value = made.password()
    yield Form("anchored value", "yaml/b.yaml", f"db:\n  {_P}: &pw {value}\nother: *pw\n", (value,))
    value = made.password()
    yield Form("tagged value", "yaml/c.yaml", f"db:\n  {_P}: !!str {value}\n", (value,))
    value = made.password()
    yield Form("tagged and anchored", "yaml/d.yaml", f'db:\n  {_P}: &a !!str "{value}"\n', (value,))
    value = made.password()
    yield Form("flow mapping", "yaml/e.yaml", f"db: {{user: app, {_P}: {value}, port: 5432}}\n", (value,))
    value = made.password()
    yield Form("quoted name", "yaml/f.yaml", f"'{_P}' : '{value}'\n", (value,))
    value = made.password()
    yield Form("explicit name", "yaml/g.yaml", f"? {_P}\n: {value}\n", (value,))
    value = made.some(24)
    yield Form("literal block", "yaml/h.yaml", f"api_{_K}: |\n  {value}\n", (value,))
    value = made.some(24)
    yield Form(
        "name and value apart", "yaml/i.yaml", f"env:\n  - value: {value}\n    name: API_{_T.upper()}\n", (value,)
    )
    value = made.password()
    yield Form("values of Helm", "yaml/j.yaml", f"auth:\n  root{_P.title()}: {value}\n", (value,))
    value = made.password()
    yield Form("Ansible", "yaml/k.yml", f"- hosts: all\n  vars:\n    ansible_become_pass: {value}\n", (value,))


def _infrastructure(made: _Made) -> Iterator[Form]:
    value = made.password()
    yield Form("tfvars", "terraform/a.tfvars", f'db_{_P} = "{value}"\nregion = "eu"\n', (value,))
    value, other = made.some(24), made.some(24)
    yield Form(
        "tfvars of a map",
        "terraform/b.tfvars",
        f'{_S}s = {{\n  api = "{value}"\n  "mail" = "{other}"\n}}\n',
        (value, other),
    )
    value, other = made.some(24), made.some(24)
    yield Form("tfvars of a list", "terraform/c.tfvars", f'api_{_K}s = ["{value}", "{other}"]\n', (value, other))
    value = made.some(30)
    yield Form(
        "here document of Terraform", "terraform/d.tf", f"locals {{\n  api_{_T} = <<EOT\n{value}\nEOT\n}}\n", (value,)
    )
    value = made.some(30)
    state = {"resources": [{"type": "random_password", "instances": [{"attributes": {"result": value, "length": 30}}]}]}
    yield Form("Terraform's state", "terraform/e.json", json.dumps(state, indent=2), (value,))
    value = made.some(30)
    yield Form(
        "Terraform's outputs",
        "terraform/f.json",
        json.dumps({"db_" + _P: {"sensitive": True, "type": "string", "value": value}}, indent=2),
        (value,),
    )
    value = made.password()
    yield Form(
        "CloudFormation",
        "terraform/g.yaml",
        f"Resources:\n  Db:\n    Properties:\n      MasterUser{_P.title()}: {value}\n",
        (value,),
    )
    value = made.password()
    yield Form(
        "parameter's default",
        "terraform/h.yaml",
        f"Parameters:\n  Db{_P.title()}:\n    Type: String\n    NoEcho: true\n    Default: {value}\n",
        (value,),
    )
    value = made.some(40)
    yield Form("Pulumi's program", "terraform/i.py", f'db = Instance("db", {_P}="{value}")\n', (value,))


def _clients(made: _Made) -> Iterator[Form]:
    value = made.some(36)
    yield Form(
        "npmrc token",
        "clients/npmrc.txt",
        f"registry=https://r.internal\n//r.internal/:_auth{_T.title()}={value}\n",
        (value,),
    )
    value = _b64(f"bot:{made.some(14)}")
    yield Form(
        "npmrc basic", "clients/npmrc2.txt", f"//r.internal/:_auth={value}\n//r.internal/:username=bot\n", (value,)
    )
    value = _b64(made.some(14))
    yield Form("npmrc pass word", "clients/npmrc3.txt", f'//r.internal/:_{_P}="{value}"\n', (value,))
    value = made.some(20)
    yield Form("pypirc", "clients/pypirc.txt", f"[pypi]\nusername = bot\n{_P} = {value}\n", (value,))
    value = made.some(20)
    yield Form("netrc", "clients/netrc.txt", f"machine a.internal\n  login bot\n  {_P} {value}\n", (value,))
    value = made.some(20)
    yield Form(
        "netrc in one line", "clients/netrc2.txt", f"machine a.internal login bot {_P} {value} account x\n", (value,)
    )
    value, key = made.some(40), _b64(_BEGIN + made.some(60) + made.some(60))
    kube = f"users:\n- name: a\n  user:\n    {_T}: {value}\n    client-{_K}-data: {key}\n"
    yield Form("kubeconfig", "clients/kubeconfig.yaml", kube, (value, key))
    value = made.password()
    yield Form(
        "Maven's settings",
        "clients/settings.xml",
        f"<server><id>a</id><username>b</username><{_P}>{value}</{_P}></server>\n",
        (value,),
    )
    value = made.some(24)
    yield Form("gradle", "clients/gradle.properties", f"ossrh{_P.title()}={value}\n", (value,))
    value = made.some(24)
    yield Form(
        "pip's configuration",
        "clients/pip.conf",
        f"[global]\nindex-url = https://bot:{value}@r.internal/simple\n",
        (value,),
    )
    value = made.some(40, HEX)
    yield Form("gem credentials", "clients/gem.yaml", f"---\n:rubygems_api_{_K}: rubygems_{value}\n", (value,))
    value = made.some(32)
    yield Form("cargo credentials", "clients/credentials.toml", f'[registry]\n{_T} = "cio{value}"\n', (value,))
    value = made.some(40)
    yield Form(
        "composer",
        "clients/auth.json",
        json.dumps({"github-oauth": {"github.com": value}, "http-basic": {"a": {"username": "b", _P: value[::-1]}}}),
        (value, value[::-1]),
    )
    value = made.some(24)
    yield Form("NuGet", "clients/nuget.config", f'<add {_K}="ClearText{_P.title()}" value="{value}" />\n', (value,))
    value = made.some(24)
    yield Form("git credentials", "clients/git.txt", f"https://bot:{value}@git.internal\n", (value,))
    value = made.some(40, HEX)
    yield Form("gh hosts", "clients/hosts.yml", f"github.com:\n    oauth_{_T}: {value}\n", (value,))
    value = made.some(30)
    yield Form("my.cnf", "clients/my.cnf", f"[client]\nuser=a\n{_P}={value}\n", (value,))
    value = made.some(16)
    yield Form("pgpass", "clients/pgpass.txt", f"db.internal:5432:app:app:{value}\n", (value,))
    value = made.some(16)
    yield Form("htpasswd", "clients/htpasswd.txt", "bot:$ap" + f"r1$abcd1234${made.some(4)}{value}ab\n", (value,))
    value = made.some(43) + "="
    yield Form(
        "WireGuard",
        "clients/wg.conf",
        f"[Interface]\nPrivate{_K.title()} = {value}\n[Peer]\nPreshared{_K.title()} = {value[::-1]}\n",
        (value, value[::-1]),
    )
    value = made.some(20)
    yield Form("rclone", "clients/rclone.conf", f"[a]\ntype = sftp\npass = {value}\n", (value,))
    value = made.some(16)
    yield Form("wpa_supplicant", "clients/wpa.conf", f'network={{\n  ssid="a"\n  psk="{value}"\n}}\n', (value,))


def _clouds(made: _Made) -> Iterator[Form]:
    lines = made.pem()
    account = {
        "type": "service_account", "project_id": "a", f"private_{_K}_id": made.some(40, HEX),
        f"private_{_K}": "\n".join([_BEGIN, *lines, _END, ""]), "client_email": "a@b.iam.gserviceaccount.com",
    }  # fmt: skip
    yield Form("GCP service account", "clouds/gcp.json", json.dumps(account, indent=2), tuple(lines))
    yield Form(
        "GCP service account in one variable",
        "clouds/gcp.conf",
        f"GOOGLE_CREDENTIALS='{json.dumps(account)}'\n",
        tuple(lines),
    )
    text = _b64(json.dumps(account))
    yield Form("GCP service account as base64", "clouds/gcp64.conf", f"GCLOUD={text}\n", (text[200:-4],))
    value = made.some(40)
    yield Form(
        "GCP application default",
        "clouds/adc.json",
        json.dumps({f"client_{_S}": value, f"refresh_{_T}": "1/" + "/0" + value[::-1]}),
        (value, value[::-1]),
    )
    value = quote(made.some(42) + "+=", safe="")
    yield Form(
        "Azure SAS",
        "clouds/sas.txt",
        f"https://a.blob.core.windows.net/c/f?sv=2022-11-02&se=2030-01-01&sr=c&sp=rl&sig={value}\n",
        (value,),
    )
    value = made.some(86) + "=="
    yield Form(
        "Azure connection string",
        "clouds/azure.json",
        json.dumps(
            {
                "AzureWebJobsStorage": "DefaultEndpointsProtocol=https;AccountName=a;"
                f"Account{_K.title()}={value};EndpointSuffix=core.windows.net"
            }
        ),
        (value,),
    )
    value = made.some(43) + "="
    yield Form(
        "Azure service bus",
        "clouds/bus.txt",
        f"Endpoint=sb://a.servicebus.windows.net/;SharedAccess{_K.title()}Name=r;SharedAccess{_K.title()}={value}\n",
        (value,),
    )
    value = made.some(34)
    yield Form(
        "Azure client", "clouds/client.sh", f"az login --service-principal -u app -p {value} --tenant t\n", (value,)
    )
    key, value = made.aws()
    yield Form(
        "AWS credentials",
        "clouds/aws.ini",
        f"[default]\naws_access_{_K}_id = {key}\naws_{_S}_access_{_K} = {value}\n",
        (key, value),
    )
    key, value = made.aws()
    yield Form(
        "AWS in a program",
        "clouds/aws.py",
        f'client = boto3.client("s3", aws_access_{_K}_id="{key}", aws_{_S}_access_{_K}="{value}")\n',
        (key, value),
    )
    key, value = made.aws()
    yield Form(
        "AWS export",
        "clouds/aws.csv",
        f"User name,Access {_K} ID,{_S.title()} access {_K}\nbot,{key},{value}\n",
        (key, value),
    )
    key, value = made.aws()
    yield Form(
        "AWS answer of STS",
        "clouds/sts.json",
        json.dumps(
            {
                "Credentials": {
                    "AccessKeyId": "AS" + "IA" + key[4:],
                    f"Secret{'Access'}{_K.title()}": value,
                    f"Session{_T.title()}": value * 6,
                }
            }
        ),
        (key[4:], value),
    )
    value = quote(made.some(64, HEX), safe="")
    yield Form(
        "presigned address",
        "clouds/signed.txt",
        f"https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-Signature={value}\n",
        (value,),
    )
    value = made.jwt()
    yield Form(
        "JWT in a header",
        "clouds/jwt.http",
        f"GET / HTTP/1.1\nCookie: session={value}; a=b\n",
        (value, value.split(".")[2]),
    )
    value = made.some(40)
    yield Form(
        "firebase",
        "clouds/firebase.js",
        f'const config = {{ api{_K.title()}: "AI' + f'za{value[:35]}", projectId: "a" }};\n',
        (value[:35],),
    )
    value = made.some(37, WORD)
    yield Form(
        "cloudflare", "clouds/cloudflare.sh", f'curl -H "X-Auth-{_K.title()}: {value}" https://api.internal\n', (value,)
    )
    value = made.some(32)
    yield Form("header of an API", "clouds/api.sh", f"curl -H 'x-api-{_K}: {value}' https://api.internal\n", (value,))
    value = made.some(32)
    yield Form("query of an API", "clouds/query.txt", f"https://api.internal/v1?api_{_K}={value}&q=1\n", (value,))


def _databases(made: _Made) -> Iterator[Form]:
    for name, address in {
        "postgres": "postgresql+psycopg://app:{v}@db.internal:5432/app?sslmode=require", "mysql": "mysql+pymysql://app:{v}@db.internal/app",
        "mongo": "mongodb://app:{v}@a.internal:27017,b.internal:27017/app?replicaSet=r", "redis": "rediss://default:{v}@cache.internal:6380/0",
        "rabbit": "amqps://svc:{v}@mq.internal:5671/v", "clickhouse": "clickhouse://app:{v}@ch.internal:9000/app",
        "cassandra": "cassandra://app:{v}@ca.internal/keyspace", "neo4j": "neo4j+s://neo4j:{v}@graph.internal:7687",
        "snowflake": "snowflake://app:{v}@account/db/schema?warehouse=w", "cockroach": "cockroachdb://app:{v}@cr.internal:26257/app",
        "oracle": "oracle+oracledb://app:{v}@ora.internal:1521/?service_name=x", "nats": "nats://app:{v}@nats.internal:4222",
        "elastic": "https://elastic:{v}@es.internal:9200", "influx": "influxdb://app:{v}@flux.internal:8086/x",
        "ftp": "ftp://app:{v}@files.internal/x", "ldap": "ldap://cn=app:{v}@ldap.internal",
    }.items():  # fmt: skip
        value = made.some(14)
        yield Form(f"address of {name}", f"databases/{name}.py", f'URL = "{address.format(v=value)}"\n', (value,))
    for name, text in {
        "jdbc oracle": "jdbc:oracle:thin:app/{v}@//ora.internal:1521/x", "jdbc sqlserver": "jdbc:sqlserver://s.internal:1433;user=a;" + _P + "={v};encrypt=true",
        "jdbc postgres": "jdbc:postgresql://db.internal/app?user=a&" + _P + "={v}", "odbc": "Driver={{ODBC}};Server=s;Uid=a;Pwd={v};",
        "ado": "Data Source=s;Initial Catalog=d;User ID=a;" + _P.title() + "={v};", "libpq": "host=db.internal user=app " + _P + "={v} dbname=app",
        "cosmos": "AccountEndpoint=https://a.documents.azure.com:443/;Account" + _K.title() + "={v}" + "Ab9" * 12 + "==;", "redis .NET": "cache.internal:6380," + _P + "={v},ssl=True",
        "go mysql": "app:{v}@tcp(db.internal:3306)/app", "sqlplus": "sqlplus app/{v}@ora.internal",
    }.items():  # fmt: skip
        value = made.some(15)
        yield Form(
            f"connection string {name}",
            f"databases/{name.replace(' ', '_')}.txt",
            f"the connection is {text.format(v=value)}\n",
            (value,),
        )
    value = made.password()
    yield Form("statement of SQL", "databases/user.sql", f"CREATE USER app WITH {_P.upper()} '{value}';\n", (value,))
    value = made.password()
    yield Form(
        "statement of MySQL", "databases/user2.sql", f"ALTER USER 'app'@'%' IDENTIFIED BY '{value}';\n", (value,)
    )
    value = made.password()
    yield Form(
        "Django's settings",
        "databases/settings.py",
        f"DATABASES = {{'default': {{'USER': 'a', '{_P.upper()}': '{value}'}}}}\n",
        (value,),
    )
    value = made.password()
    yield Form(
        "arguments of connect", "databases/connect.py", f'connect(host="db", user="a", passwd="{value}")\n', (value,)
    )


def _notebooks(made: _Made) -> Iterator[Form]:
    def notebook(source: list[str], outputs: list[dict[str, object]]) -> str:
        cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": source, "outputs": outputs}
        return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)

    value = made.github()
    yield Form(
        "output of a notebook",
        "notebooks/a.ipynb",
        notebook(
            ["print(os.environ)"],
            [{"output_type": "stream", "name": "stdout", "text": [f"environ({{'GH': '{value}'}})\n"]}],
        ),
        (value,),
    )
    value = made.password()
    yield Form(
        "result of a notebook",
        "notebooks/b.ipynb",
        notebook(
            ["config"],
            [{"output_type": "execute_result", "data": {"text/plain": [f"{{'{_P}': '{value}'}}"]}, "metadata": {}}],
        ),
        (value,),
    )
    value = made.some(14)
    yield Form(
        "traceback of a notebook",
        "notebooks/c.ipynb",
        notebook(
            ["connect()"],
            [
                {
                    "output_type": "error",
                    "ename": "E",
                    "evalue": f"postgres://a:{value}@db.internal/x",
                    "traceback": [f"\u001b[31mE\u001b[0m: postgres://a:{value}@db.internal/x"],
                }
            ],
        ),
        (value,),
    )
    value = made.password()
    yield Form(
        "table of a notebook",
        "notebooks/d.ipynb",
        notebook(
            ["frame"],
            [
                {
                    "output_type": "display_data",
                    "data": {"text/html": [f"<td>{_P}</td><td>{value}</td>"]},
                    "metadata": {},
                }
            ],
        ),
        (value,),
    )
    a, b = made.some(20), made.some(20)
    yield Form(
        "source of a notebook over lines",
        "notebooks/e.ipynb",
        notebook([f'api_{_K} = ("{a}"\n', f'  "{b}")\n'], []),
        (a, b),
    )
    lines = made.pem()
    yield Form(
        "key in a notebook",
        "notebooks/f.ipynb",
        notebook(['KEY = """' + _BEGIN + "\n", *(f"{line}\n" for line in lines), _END + '"""'], []),
        tuple(lines),
    )


def _programs(made: _Made) -> Iterator[Form]:
    for suffix, form in {
        "go": 'var api{K} = "{v}"\n', "rs": 'const API_{KU}: &str = "{v}";\n', "kt": 'private const val API_{KU} = "{v}"\n', "swift": 'let api{K}: String = "{v}"\n',
        "rb": "config.api_{k} = '{v}'\n", "php": "<?php $config['api_{k}'] = '{v}';\n", "cs": 'class A {{ string Api{K} {{ get; set; }} = "{v}"; }}\n', "scala": 'val api{K} = "{v}"\n',
        "lua": 'local api_{k} = "{v}"\n', "ex": 'config :app, api_{k}: "{v}"\n', "dart": "const api{K} = '{v}';\n", "ps1": '$Api{K} = "{v}"\n',
        "clj": '(def api-{k} "{v}")\n', "hs": 'api{K} = "{v}"\n', "ini": "api_{k}: {v}\n", "toml": 'api-{k} = "{v}"\n', "vue": "<script>export default {{ api{K}: '{v}' }}</script>\n",
        "dockerfile": "ARG API_{KU}={v}\n", "mk": "API_{KU} := {v}\n", "nginx": "proxy_set_header X-Api-{K} {v};\n", "r": 'api_{k} <- "{v}"\n',
        "jl": 'const api_{k} = "{v}"\n', "erl": '-define(API_{KU}, "{v}").\n', "m": 'static NSString *const kApi{K} = @"{v}";\n', "plist": "<{k}>api{K}</{k}><string>{v}</string>\n",
        "groovy": "def api{K} = '{v}'\n", "bat": "setx API_{KU} {v}\n", "h": '#define API_{KU} "{v}"\n',
    }.items():  # fmt: skip
        value = made.some(32)
        yield Form(
            f"program .{suffix}",
            f"programs/a.{suffix}",
            form.format(v=value, k=_K, K=_K.title(), KU=_K.upper()),
            (value,),
        )
    value = made.some(32)
    yield Form(
        "comparison",
        "programs/compare.py",
        f'if request.headers["X-Api-{_K.title()}"] == "{value}":\n    pass\n',
        (value,),
    )
    value = made.some(32)
    yield Form(
        "default of the environment",
        "programs/default.py",
        f'API = os.environ.get("API_{_K.upper()}", "{value}")\n',
        (value,),
    )
    value = made.some(32)
    yield Form(
        "default of the environment in JavaScript",
        "programs/default.js",
        f'const a = process.env.API_{_K.upper()} || "{value}";\n',
        (value,),
    )
    value = made.some(32)
    yield Form(
        "log of a build", "programs/build.log", f"2026-01-01 INFO login ok, api_{_T}={value}, region=eu\n", (value,)
    )
    value = made.some(32)
    yield Form("diff", "programs/a.patch", f'-  api_{_K} = ""\n+  api_{_K} = "{value}"\n', (value,))
    value = made.password()
    yield Form("sentence", "programs/a.md", f"Log in as `admin` with the {_P} `{value}`.\n", (value,))
    value = made.password()
    yield Form("table of Markdown", "programs/b.md", f"| user | {_P} |\n|---|---|\n| admin | {value} |\n", (value,))
    value = made.password()
    yield Form("comma-separated", "programs/users.csv", f"user,{_P}\nadmin,{value}\n", (value,))

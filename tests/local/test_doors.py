"""Who may speak to servers on this machine: for every server that the project starts, and for every verb."""

from __future__ import annotations

import ast
import http.client
import importlib
import json
import pkgutil
import socket
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import BaseRequestHandler
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

import bench
import local
from bench.stub_batch import StubBedrock
from bench.stub_converse import StubConverse
from bench.stub_model import Behaviour, StubModel
from local.cloud import LocalCloud
from local.doors import Door, GuardedHandler
from local.lambda_.runtime_api import RuntimeApi
from local.privileges import AccessKey
from tests.local.clouds import SMALL

pytestmark = [pytest.mark.local]

ROOT = Path(__file__).resolve().parents[2]
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "NONSENSE")
LISTENS = {
    "HTTPServer",
    "ThreadingHTTPServer",
    "TCPServer",
    "ThreadingTCPServer",
    "UnixStreamServer",
    "create_server",
    "create_unix_server",
    "start_server",
    "start_unix_server",
    "make_server",
    "run_simple",
    "bind",
    "listen",
    "Listener",
    "Server",
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL, privileges=True) as running:
        running.client("secretsmanager").create_secret(Name="key", SecretString="sk-nobody-reads-this")
        yield running


def answer(
    port: int, verb: str, path: str = "/", headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> tuple[int, bytes, Mapping[str, str]]:
    """What a server says to a plain HTTP request, with a Host header of its own unless one is given."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.putrequest(verb, path, skip_host=True)
        for name, value in ({"Host": f"127.0.0.1:{port}"} | dict(headers or {})).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        found = connection.getresponse()
        return found.status, found.read(), {name.lower(): value for name, value in found.getheaders()}
    finally:
        connection.close()


def port_of(cloud: LocalCloud) -> int:
    return int(cloud.endpoint_url.rpartition(":")[2])


def client_of(cloud: LocalCloud, service: str, key: AccessKey, endpoint: str = "") -> Any:
    return boto3.session.Session().client(
        service,  # type: ignore[call-overload]  # a name known only at run time
        region_name=cloud.region,
        endpoint_url=endpoint or cloud.endpoint_url,
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        config=Config(
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            signature_version="s3v4" if service == "s3" else "v4",
        ),
    )


FOREIGN: dict[str, dict[str, str]] = {
    "a forged Host": {"Host": "attacker.example"},
    "a forged Host with our port": {"Host": "attacker.example:{port}"},
    "another port": {"Host": "127.0.0.1:1"},
    "no port": {"Host": "127.0.0.1"},
    "a user in the Host": {"Host": "127.0.0.1:{port}@attacker.example"},
    "another origin": {"Origin": "http://attacker.example"},
    "our own origin": {"Origin": "http://127.0.0.1:{port}"},
    "a sandboxed page": {"Origin": "null"},
    "an image of a page": {"Sec-Fetch-Site": "cross-site"},
}


def foreign(name: str, port: int) -> dict[str, str]:
    return {header: value.format(port=port) for header, value in FOREIGN[name].items()}


@pytest.fixture(params=["cloud", "runtime api", "model stub", "converse stub", "batch stub"])
def server(request: pytest.FixtureRequest, cloud: LocalCloud) -> Iterator[tuple[int, str]]:
    """Each server's port, and the path under which it would answer."""
    match request.param:
        case "cloud":
            yield port_of(cloud), "/"
        case "runtime api":
            api = RuntimeApi(lambda _: None)
            address, _, secret = api.address.partition("/")
            yield int(address.rpartition(":")[2]), f"/{secret}/2018-06-01/runtime/init/error"
            api.close()
        case "model stub":
            with StubModel() as stub:
                yield stub.port, f"/{stub.secret}/v1/chat/completions"
        case "converse stub":
            with StubConverse() as converse:
                yield converse.port, f"/{converse.secret}/model/x/converse"
        case _:
            with StubBedrock() as bedrock:
                yield bedrock.port, f"/{bedrock.secret}/model-invocation-job/none"


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", FOREIGN)
def test_no_server_answers_another_name_or_a_page_in_a_browser(server: tuple[int, str], name: str, verb: str) -> None:
    port, path = server

    status, body, headers = answer(port, verb, path, foreign(name, port), b"{}")

    assert status == 403
    assert not [header for header in headers if header.startswith("access-control")]
    assert b"<Error>" in body or b"403" in body or verb == "HEAD"


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("path", ["/", "/v1/chat/completions", "/2018-06-01/runtime/invocation/next", "//x", "/x?y=z"])
def test_no_server_answers_without_its_secret(server: tuple[int, str], verb: str, path: str) -> None:
    status, _, headers = answer(server[0], verb, path, None, b"{}")
    assert status == 403
    assert not [header for header in headers if header.startswith("access-control")]


def test_a_request_without_a_host_or_with_two_or_for_a_whole_url_is_not_answered(server: tuple[int, str]) -> None:
    port, path = server
    ours = f"Host: 127.0.0.1:{port}\r\n"
    for target, hosts in ((path, ""), (path, ours + ours), (f"http://attacker.example{path}", ours), ("*", ours)):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
            client.sendall(f"OPTIONS {target} HTTP/1.1\r\n{hosts}Content-Length: 0\r\n\r\n".encode())
            assert client.recv(4096).startswith(b"HTTP/1.1 403 ")


def test_a_refused_body_that_is_still_being_sent_does_not_hide_the_refusal(server: tuple[int, str]) -> None:
    port, path = server
    assert answer(port, "POST", path, foreign("a forged Host", port), b"x" * 3_000_000)[0] == 403


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "path", ["/moto-api/", "/moto-api/data.json", "/moto-api/reset", "/%6doto-api/reset", "/moto-api/recorder/start"]
)
def test_motos_own_api_is_shut(cloud: LocalCloud, path: str, verb: str) -> None:
    assert answer(port_of(cloud), verb, path)[0] == 403


def test_motos_own_api_is_shut_for_the_operator_too(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError) as refused:
        client_of(cloud, "s3", cloud.keys.operator).get_object(Bucket="moto-api", Key="data.json")
    assert "moto's own API is shut" in str(refused.value)


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("s3", "list_buckets", {}),
        ("dynamodb", "list_tables", {}),
        ("secretsmanager", "get_secret_value", {"SecretId": "key"}),
        ("iam", "list_roles", {}),
        ("ec2", "describe_vpcs", {}),
        ("lambda", "list_functions", {}),
        ("stepfunctions", "list_state_machines", {}),
        ("sqs", "list_queues", {}),
        ("sts", "get_caller_identity", {}),
    ],
)
def test_a_key_that_is_not_the_clouds_reads_a_refusal_in_the_services_own_form(
    cloud: LocalCloud, service: str, operation: str, arguments: dict[str, str]
) -> None:
    assert getattr(client_of(cloud, service, cloud.keys.operator), operation)(**arguments)
    for key in (AccessKey("local", "local"), AccessKey(cloud.keys.operator.id, "guessed")):
        with pytest.raises(ClientError) as refused:
            getattr(client_of(cloud, service, key), operation)(**arguments)
        said = refused.value.response
        assert said["ResponseMetadata"]["HTTPStatusCode"] == 403
        assert said["Error"]["Code"] in {"UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
        assert key.id in said["Error"]["Message"]


def test_a_role_is_a_role_in_a_presigned_url_too(cloud: LocalCloud) -> None:
    cloud.client("s3").put_object(Bucket="small-uploads", Key="one", Body=b"1")

    def read(key: AccessKey) -> int:
        asked = {"Bucket": "small-uploads", "Key": "one"}
        url = client_of(cloud, "s3", key).generate_presigned_url("get_object", Params=asked)
        return answer(port_of(cloud), "GET", url.partition(cloud.endpoint_url)[2])[0]

    assert read(cloud.keys.operator) == 200
    assert read(cloud.keys.of_role("guest")) == 403


def test_localhost_is_a_name_of_ours(cloud: LocalCloud) -> None:
    endpoint = cloud.endpoint_url.replace("127.0.0.1", "localhost")
    assert client_of(cloud, "s3", cloud.keys.operator, endpoint).list_buckets()["Buckets"]


def test_every_cloud_has_keys_of_its_own_unless_somebody_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    from local.cloud import ProgramFailed
    from local.secret import chosen_secret

    assert chosen_secret() != chosen_secret()
    monkeypatch.setenv("SWARM_LOCAL_SECRET", "x" * 32)
    assert chosen_secret() == "x" * 32
    monkeypatch.setenv("SWARM_LOCAL_SECRET", "guess me")
    with pytest.raises(ProgramFailed, match="SWARM_LOCAL_SECRET"):
        chosen_secret()


def _task(cloud: LocalCloud, **override: Any) -> Any:
    subnet = str(cloud.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"])
    network = {"awsvpcConfiguration": {"subnets": [subnet]}}
    ecs = cloud.client("ecs")
    return ecs.run_task(
        cluster=ecs.list_clusters()["clusterArns"][0],
        taskDefinition=ecs.list_task_definitions()["taskDefinitionArns"][0],
        launchType="FARGATE",
        networkConfiguration=network,
        overrides={"containerOverrides": [{"name": "agent", **override}]},
    )


@pytest.mark.parametrize(
    "override",
    [
        {"command": ["sh", "-c", "id > {file}"]},
        *(
            {"environment": [{"name": name, "value": "{file}"}]}
            for name in ("PATH", "PYTHONPATH", "PYTHONSTARTUP", "LD_PRELOAD", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID")
        ),
    ],
    ids=lambda override: next(iter(override)),
)
def test_a_task_runs_what_its_definition_says_and_nothing_else(
    cloud: LocalCloud, override: Any, tmp_path: Path
) -> None:
    """Even for the operator: whoever signs hands a task a request, and no program."""
    given = json.loads(json.dumps(override).replace("{file}", str(tmp_path / "ran")))
    with pytest.raises(ClientError) as refused:
        _task(cloud, **given)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterException"
    assert "containerOverrides." in str(refused.value)
    assert not (tmp_path / "ran").exists()


def test_a_stubs_token_may_be_its_clients_key() -> None:
    with StubModel(Behaviour(intercept=lambda _: (200, {})), secret="sk-chosen") as stub:
        for given, status in (("sk-chosen", 200), ("sk-other", 403), ("", 403)):
            headers = {"Authorization": f"Bearer {given}"}
            assert answer(stub.port, "POST", "/v1/chat/completions", headers, b"{}")[0] == status


#: What a process of its own begins with; importing it here would start what it starts.
_RUN_AS_PROGRAMS = ("local.lambda_.client", "local.lambda_.start", "local.processes.keeper")


def _modules(package: Any) -> Iterator[str]:
    yield from (found.name for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))


def _all_subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from _all_subclasses(one)


def test_every_handler_of_requests_is_guarded() -> None:
    """Whoever adds a server finds this test: its handler is a GuardedHandler."""
    for name in _modules(local):
        if not name.startswith(_RUN_AS_PROGRAMS):
            importlib.import_module(name)
    for name in _modules(bench):
        if name != "bench.__main__":
            importlib.import_module(name)
    with StubModel(), StubConverse(), StubBedrock():  # some handlers are made with their server
        handlers = {one for one in _all_subclasses(BaseRequestHandler) if one.__module__.startswith(("local", "bench"))}
    assert len(handlers) >= 5
    assert {one for one in handlers if one is not GuardedHandler and not issubclass(one, GuardedHandler)} == set()
    overriding = {one for one in handlers if "parse_request" in vars(one) and one is not GuardedHandler}
    assert {one.__qualname__ for one in overriding} == {"_Conversation"}  # which calls it


def test_nothing_else_listens() -> None:
    """Every call that begins to listen is in a module whose handler the test above has seen.

    One server is llama.cpp's, which knows no handler of ours: there the secret is in front of every path.
    """
    found: set[str] = set()
    for package in ("local", "bench", "cli", "releases", "agents"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                called = node.func if isinstance(node, ast.Call) else None
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                bases = [ast.unparse(base).rpartition(".")[2] for base in getattr(node, "bases", [])]
                if name in LISTENS or LISTENS.intersection(bases):
                    found.add(path.relative_to(ROOT).as_posix())
    theirs = "bench/model_server.py"
    assert 'api_prefix = f"/{secrets.token_hex(' in (ROOT / theirs).read_text("utf-8")
    ours = {"bench/stub_http.py", "local/moto/server.py", "local/lambda_/runtime_api.py", "local/guarded_server.py"}
    ours.add("local/port.py")  # whose socket local/moto/server.py serves on
    assert found == ours | {theirs}


def test_a_guarded_handler_needs_no_verb_to_refuse() -> None:
    assert issubclass(GuardedHandler, BaseHTTPRequestHandler)
    assert not [name for name in vars(GuardedHandler) if name.startswith("do_")]
    headers = http.client.HTTPMessage()
    headers["Host"] = "LOCALHOST:1"
    assert Door(1).refusal(headers, "/") == ""
    assert Door(1, "secret").refusal(headers, "/secret/") == ""
    for path in ("/", "/secre", "/secret", "/secretx/", "/Secret/", "/secr\u00e9t/"):
        assert Door(1, "secret").refusal(headers, path)

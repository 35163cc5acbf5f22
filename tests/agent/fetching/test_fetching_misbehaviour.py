"""Every misbehaviour of the hub, with the category and the figures that it ends in."""

import socket
import time

import pytest
from hub import Hub
from hub.certificates import Certificate
from model_files import same_files, write_model

from localloom_diagnosis.taxonomy import Phase

SHARD = "params_shard_0.bin"
CONFIG = "mlc-chat-config.json"

CASES = [
    # fault, category, phase, facts that must be there
    (f"cut:match={SHARD},at=0", "network.unreachable", "weights", {"artifact.file": SHARD}),
    (f"cut:match={CONFIG},at=0.5", "artifact.corrupt", "metadata", {"artifact.actual": "truncated file"}),
    (f"reset:match={SHARD},at=0", "network.unreachable", "weights", {"artifact.file": SHARD}),
    (f"reset:match={CONFIG},at=0", "network.unreachable", "metadata", {"artifact.file": CONFIG}),
    ("status:status=401", "network.blocked", "metadata", {"http.status": 401, "model.id": "model"}),
    ("status:status=403,X-Error-Code=GatedRepo", "network.blocked", "metadata", {"http.status": 403}),
    (f"status:match={SHARD},status=403", "network.blocked", "weights", {"http.status": 403}),
    (
        "status:status=401,X-Error-Code=RepoNotFound",
        "artifact.model_not_found",
        "metadata",
        {"http.status": 401},
    ),
    ("status:status=404", "artifact.model_not_found", "metadata", {"http.status": 404, "model.id": "model"}),
    (f"status:match={SHARD},status=404", "network.http_error", "weights", {"http.status": 404}),
    ("status:match=tokenizer.json,status=404", "network.http_error", "metadata", {"http.status": 404}),
    ("status:match=t*-cache.json,status=500", "network.http_error", "metadata", {"http.status": 500}),
    ("status:status=429", "network.http_error", "metadata", {"http.status": 429}),
    ("status:status=429,Retry-After=3600", "network.http_error", "metadata", {"http.status": 429}),
    ("status:status=503", "network.http_error", "metadata", {"http.status": 503}),
    ("status:status=511", "network.blocked", "metadata", {"http.status": 511}),
    ("html", "artifact.corrupt", "metadata", {"artifact.actual": "HTML page", "artifact.file": CONFIG}),
    (f"html:match={SHARD}", "artifact.corrupt", "weights", {"artifact.actual": "HTML page"}),
    (f"lfs:match={SHARD}", "artifact.corrupt", "weights", {"artifact.actual": "Git LFS pointer"}),
    ("lfs:match=tokenizer.json", "artifact.corrupt", "metadata", {"artifact.file": "tokenizer.json"}),
    (f"long:match={SHARD}", "artifact.corrupt", "weights", {"artifact.actual_bytes": 401_000}),
    (f"short:match={SHARD}", "artifact.corrupt", "weights", {"artifact.actual_bytes": 399_000}),
    (f"long:match={CONFIG}", "artifact.corrupt", "metadata", {"artifact.actual": "truncated file"}),
    (f"short:match={CONFIG},amount=10", "artifact.corrupt", "metadata", {"artifact.file": CONFIG}),
    (f"corrupt:match={SHARD}", "artifact.corrupt", "weights", {"artifact.expected_bytes": 400_000}),
    (f"garbage:match={SHARD}", "network.unreachable", "weights", {"artifact.file": SHARD}),
    ("redirect:location={path}", "network.http_error", "metadata", {"artifact.file": CONFIG}),
    ("redirect:location=http://[::nothing", "network.http_error", "metadata", {"artifact.file": CONFIG}),
    (
        "redirect:location=ftp://example.invalid/x",
        "network.http_error",
        "metadata",
        {"artifact.file": CONFIG},
    ),
]


@pytest.mark.parametrize(("fault", "category", "phase", "facts"), CASES, ids=[case[0] for case in CASES])
def test_lasting_misbehaviour_ends_in_its_category(fetch, hub, fault, category, phase, facts):
    """A hub that goes on misbehaving ends the fetch in the right category and phase, with the figures."""
    hub.misbehave(fault)
    problem, observer = fetch.fault()
    assert (problem.category.value, observer.failed_phase().value) == (category, phase), problem
    assert facts.items() <= problem.facts.items(), problem.facts
    assert problem.facts["http.url"].startswith(f"{hub.url}/org/model/resolve/main/")
    assert problem.facts["http.host"] == hub.url.removeprefix("http://")
    assert problem.facts["artifact.file"] not in fetch.final_files()


@pytest.mark.parametrize(
    "fault",
    [
        f"cut:match={SHARD},at=0.6,times=2",
        f"reset:match={SHARD},at=0.6,times=2",
        f"reset:match={SHARD},at=0,times=2",
        "status:status=429,Retry-After=0,times=2",
        "status:status=503,times=2",
        "status:status=500,times=2",
        f"stall:match={SHARD},at=0.6,times=1",
        f"corrupt:match={SHARD},times=1",
        f"long:match={SHARD},times=1",
        f"short:match={CONFIG},amount=10,times=1",
        f"garbage:match={SHARD},times=1",
        f"cut:match={SHARD},at=0.6,times=1",
        "gzip:match=*.json",
        "no-range",
    ],
)
def test_passing_misbehaviour_is_survived(fetch, hub, model, fault):
    """What passes is tried again, and the model is whole in the end."""
    hub.misbehave(fault)
    done = fetch(timeout_s=0.4)
    assert same_files(model, done.path)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451], ids=lambda status: f"HTTP {status}")
def test_what_a_retry_cannot_help_is_asked_once(fetch, hub, status):
    """A refusal and an absence are taken for the answer."""
    hub.misbehave(f"status:status={status}")
    fetch.fault()
    assert len(hub.requests()) == 1


def test_retry_after_is_honoured(fetch, hub):
    """The pause that the server asks for is kept, and named in the log."""
    hub.misbehave("status:match=tokenizer.json,status=429,Retry-After=1,times=1")
    began = time.monotonic()
    done = fetch()
    assert time.monotonic() - began >= 1
    assert any("429" in text and "1.0 s" in text for _, _, text in done.observer.lines)
    assert [
        x["http__request__resend_count"] for x in done.observer.exchanges if "tokenizer.json" in x["url"]
    ] == [0, 1]


def test_a_long_retry_after_is_not_waited_for(fetch, hub):
    """A server that asks for more patience than there is gets none, and the sentence says what it asked for."""
    hub.misbehave("status:status=503,Retry-After=3600")
    problem, _ = fetch.fault()
    assert "3600 s" in str(problem)
    assert len(hub.requests()) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (f"stall:match={SHARD},at=0.5", "no byte came"),
        ("stall:at=0", "no answer came"),
        (f"slow:match={SHARD},rate=200", "bytes/s"),
        (f"slow-headers:match={SHARD},rate=20", "no answer came"),
    ],
)
def test_silence_and_slowness_end_as_a_timeout(fetch, hub, fault, words):
    """A stalled hub and a slow loris end within the limit, as a time-out of the network that names the limit."""
    hub.misbehave(fault)
    began = time.monotonic()
    problem, observer = fetch.fault(timeout_s=0.5, attempts=2)
    assert time.monotonic() - began < 5
    assert problem.category.value == "network.timeout", problem
    assert words in str(problem)
    assert problem.facts["limit.seconds"] == 0.5
    assert "imeout" in observer.exchanges[-1]["error"]
    assert "imeout" in problem.facts["http.error"]


def test_a_refused_connection(fetch_from):
    """A closed port is a hub that cannot be reached, and the exchange says so without a status."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    problem, observer = fetch_from(url).fault()
    assert problem.category.value == "network.unreachable"
    assert "refused" in problem.facts["http.error"]
    assert [x["status"] for x in observer.exchanges] == [None] * 3


def test_a_name_that_does_not_resolve(fetch_from):
    """A host that the DNS does not know cannot be reached."""
    problem, _ = fetch_from("http://no-such-hub.invalid").fault()
    assert problem.category.value == "network.unreachable"
    assert problem.facts["http.host"] == "no-such-hub.invalid"


def test_a_look_up_that_never_ends(fetch_from, monkeypatch):
    """A resolver that does not answer is a time-out within the limit."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(3) or [])
    problem, _ = fetch_from("http://hub.invalid").fault(attempts=2, connect_s=0.2)
    assert problem.category.value == "network.timeout"


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        (Certificate.WRONG_HOST, "ostname mismatch"),
        (Certificate.SELF_SIGNED, "self"),
        (Certificate.EXPIRED, "expired"),
    ],
)
def test_a_wrong_certificate(fetch_from, authority, model, tmp_path, monkeypatch, certificate, words):
    """A certificate that does not hold is a blocked network, not asked again, with the reason in words."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write_bundle(tmp_path / "ca.pem")))
    with Hub({"org/model": model}, context=authority.context(certificate), name="localhost") as hub:
        problem, observer = fetch_from(hub.url).fault()
    assert problem.category.value == "network.blocked"
    assert words in str(problem)
    assert len(observer.exchanges) == 1


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_bundles_of_the_environment(fetch_from, authority, model, tmp_path, monkeypatch, variable):
    """A company's authority is trusted where the environment names it, and the TLS version is reported."""
    monkeypatch.setenv(variable, str(authority.write_bundle(tmp_path / "ca.pem")))
    with Hub({"org/model": model}, context=authority.context(Certificate.GOOD), name="localhost") as hub:
        done = fetch_from(hub.url)()
    assert same_files(model, done.path)
    assert {x["tls__protocol__version"] for x in done.observer.exchanges} == {"TLSv1.3"}


def test_a_bundle_that_does_not_exist(fetch_from, monkeypatch):
    """A variable that names no bundle is a mistake of the configuration, and is named."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/ca.pem")
    problem, _ = fetch_from("https://hub.invalid").fault()
    assert problem.category.value == "config.invalid"
    assert problem.facts["artifact.key"] == "SSL_CERT_FILE"


def test_tls_spoken_to_a_plain_port(fetch_from, hub):
    """TLS where only plain HTTP is spoken is a blocked network, not asked again."""
    problem, observer = fetch_from(hub.url.replace("http:", "https:")).fault()
    assert problem.category.value == "network.blocked"
    assert len(observer.exchanges) == 1


def test_a_redirect_to_another_host_is_followed_and_named(fetch, hub, model):
    """Both hops are exchanges; the first says where it led."""
    with Hub({"org/model": model}) as other:
        hub.misbehave(f"redirect:match={SHARD},location={other.url}{{path}}")
        done = fetch()
    first, second = [x for x in done.observer.exchanges if x["artifact__file"] == SHARD]
    assert (first["status"], first["http__redirect_host"]) == (302, other.url.removeprefix("http://"))
    assert (second["status"], second["received"]) == (200, 400_000)
    assert same_files(model, done.path)


def test_a_redirect_away_from_tls_is_refused(fetch_from, hub, authority, model, tmp_path, monkeypatch):
    """A hub that leads from https to http is not followed."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write_bundle(tmp_path / "ca.pem")))
    with Hub({"org/model": model}, context=authority.context(Certificate.GOOD), name="localhost") as secure:
        secure.misbehave(f"redirect:location={hub.url}{{path}}")
        problem, _ = fetch_from(secure.url).fault()
    assert problem.category.value == "network.http_error"
    assert "without TLS" in str(problem)
    assert not hub.requests()


def test_the_cause_stays_in_the_chain(fetch, hub):
    """What the client said is kept as the cause of the fault."""
    hub.misbehave(f"reset:match={SHARD},at=0")
    problem, _ = fetch.fault()
    assert "httpcore" in type(problem.__cause__).__module__


def test_the_old_name_of_the_table(fetch_from, tmp_path):
    """A model of an older converter is fetched by ndarray-cache.json."""
    model = write_model(tmp_path / "old", table="ndarray-cache.json")
    with Hub({"org/model": model}) as hub:
        done = fetch_from(hub.url)()
        assert [r.status for r in hub.requests("tensor-cache.json")] == [404]
    assert same_files(model, done.path)


def test_a_tokenizer_file_that_only_the_config_knows(fetch, hub, model):
    """A file that is not needed may be absent: this is noted, and not asked for again."""
    (model / "tokenizer_config.json").unlink()
    done = fetch()
    assert any("tokenizer_config.json" in text for _, _, text in done.observer.lines)
    hub.forget()
    fetch()
    assert hub.requests() == []


def test_every_exchange_is_reported(fetch, hub):
    """As many exchanges as requests, with bytes, times and protocol, under the phase that they belong to."""
    done = fetch(f"{hub.url}/org/model/resolve/main/")
    exchanges = done.observer.exchanges
    assert len(exchanges) == len(hub.requests()) == 7
    assert sorted(x["url"] for x in exchanges) == sorted(done.observer.asked)
    assert done.observer.under_way == []
    assert sum(x["received"] for x in exchanges if x["phase"] is Phase.WEIGHTS) == 750_000
    assert all(
        x["status"] == 200 and 0 < x["ttfb_s"] <= x["duration_s"] and not x["error"] for x in exchanges
    )
    assert {x["network__protocol__version"] for x in exchanges} == {"1.1"}
    assert done.observer.steps[-1][:4] == (Phase.WEIGHTS, 750_000, 750_000, "bytes")

"""Who sees the token, and which way the requests go."""

import json

import pytest
from hub import Hub
from hub.certificates import Certificate
from hub.proxy import Proxy
from model_files import same_files

TOKEN = "hf_" + "Secret0123456789" * 2


def everything(observer) -> str:
    """All that was reported, as text."""
    return repr(vars(observer))


def test_the_token_goes_to_the_hub_and_no_further(fetch, hub, model):
    """The hub gets the token; the host that it redirects to, and the events, do not."""
    with Hub({"org/model": model}) as elsewhere:
        hub.misbehave(f"redirect:match=params_*,location={elsewhere.url}{{path}}?signature={TOKEN}")
        done = fetch(token=TOKEN)
        assert {r.headers.get("authorization") for r in hub.requests()} == {f"Bearer {TOKEN}"}
        assert len(elsewhere.requests()) == 3
        assert all("authorization" not in r.headers for r in elsewhere.requests())
    assert TOKEN not in everything(done.observer)
    assert same_files(model, done.path)


def test_the_token_does_not_go_to_a_url(fetch, hub, model):
    """A model that is named by the URL of another host is fetched without the hub's token."""
    with Hub({"org/model": model}) as elsewhere:
        fetch(f"{elsewhere.url}/org/model/resolve/main/", token=TOKEN)
        assert all("authorization" not in r.headers for r in elsewhere.requests())
    assert hub.requests() == []


def test_a_fault_does_not_show_the_token(fetch, hub):
    """Neither the sentence nor the facts nor the settings show it."""
    hub.misbehave(f"status:status=403,location=/?{TOKEN}")
    problem, observer = fetch.fault(token=TOKEN)
    assert TOKEN not in f"{problem}{problem.facts}{everything(observer)}{fetch.settings(token=TOKEN)}"


def test_credentials_of_a_url_are_used_and_not_shown(fetch, hub):
    """User and password in a URL authenticate, and appear nowhere."""
    url = hub.url.replace("http://", "http://anna:s3cret-pw@")
    done = fetch(f"{url}/org/model/resolve/main/")
    assert {r.headers["authorization"] for r in hub.requests()} == {"Basic YW5uYTpzM2NyZXQtcHc="}
    assert "s3cret-pw" not in everything(done.observer)
    record = json.loads((done.path / ".fetch" / "model.json").read_text())
    assert record["source"] == f"{hub.url}/org/model/resolve/main/"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_used_and_named(fetch, monkeypatch, model, variable):
    """Requests go through the proxy, and each exchange says which, without its password."""
    with Proxy(user="anna:s3cret-pw") as proxy:
        monkeypatch.setenv(variable, f"http://anna:s3cret-pw@{proxy.address}")
        done = fetch()
        assert len(proxy.log) == 7
    assert {x["proxy__address"] for x in done.observer.exchanges} == {proxy.address}
    assert "s3cret-pw" not in everything(done.observer)
    assert same_files(model, done.path)


def test_tls_goes_through_a_tunnel(fetch_from, authority, model, tmp_path, monkeypatch):
    """An https hub is reached by CONNECT, and its own certificate is verified."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write_bundle(tmp_path / "ca.pem")))
    good = authority.context(Certificate.GOOD)
    with Proxy() as proxy, Hub({"org/model": model}, context=good, name="localhost") as hub:
        monkeypatch.setenv("HTTPS_PROXY", proxy.address)
        done = fetch_from(hub.url)()
        assert set(proxy.log) == {f"CONNECT localhost:{hub.port}"}
    assert same_files(model, done.path)


def test_no_proxy_is_honoured(fetch, monkeypatch):
    """Hosts that NO_PROXY lists are asked directly."""
    with Proxy() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
        monkeypatch.setenv("NO_PROXY", "example.org,127.0.0.1")
        done = fetch()
        assert proxy.log == []
    assert {x["proxy__address"] for x in done.observer.exchanges} == {None}


def test_a_proxy_that_wants_a_password(fetch, monkeypatch):
    """407 is a blocked network."""
    with Proxy(user="anna:other") as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
        problem, _ = fetch.fault()
    assert problem.category.value == "network.blocked"
    assert "407" in str(problem)


@pytest.mark.parametrize("answer", [403, 407, 502])
def test_a_proxy_that_refuses_the_tunnel(fetch_from, monkeypatch, answer):
    """A CONNECT that is refused is a blocked network, with the proxy's words."""
    with Proxy(refuse=answer) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        problem, _ = fetch_from("https://hub.invalid").fault()
    assert problem.category.value == "network.blocked"
    assert str(answer) in problem.facts["http.error"]
    assert proxy.address in str(problem)


def test_a_proxy_that_is_not_there(fetch, monkeypatch):
    """A proxy that refuses connections is a blocked network, and is named."""
    with Proxy() as proxy:
        address = proxy.address
    monkeypatch.setenv("HTTP_PROXY", f"http://{address}")
    problem, _ = fetch.fault()
    assert problem.category.value == "network.blocked"
    assert address in str(problem)


def test_a_socks_proxy_without_its_package(fetch, monkeypatch):
    """A SOCKS proxy needs a package that is named where it is missing."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    problem, _ = fetch.fault()
    assert problem.category.value == "host.missing_dependency"
    assert problem.facts["module.missing"] == "socksio"


def test_a_proxy_that_is_no_url(fetch, monkeypatch):
    """A variable that names no proxy is a mistake of the configuration."""
    monkeypatch.setenv("HTTP_PROXY", "gopher://127.0.0.1")
    problem, _ = fetch.fault()
    assert problem.category.value == "config.invalid"
    assert problem.facts["artifact.key"] == "HTTP_PROXY"

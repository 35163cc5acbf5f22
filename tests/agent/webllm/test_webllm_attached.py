"""The user's own page and extension, watched from outside: what stops them, and that their files are not touched."""

from __future__ import annotations

import json
import shutil

import pytest
from user_pages import CHAT, LOADS, serve, whole

from localloom_agent.engines.webllm import bundle


@pytest.fixture
def site(tmp_path, web_cache):
    """Writes the user's page beside the real bundle; returns its folder."""

    def write(script: str):
        folder = tmp_path / "site"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(bundle.folder(web_cache) / "index.js", folder / "web-llm.js")
        (folder / "chat.html").write_text(CHAT.format(script=script))
        (folder / "plain.html").write_text("<!DOCTYPE html><p>no chat here")
        return folder

    return write


def probe(agent, cache, scratch, *args):
    return whole(agent, cache, scratch, "--device", "software", *args)


CASES = {
    "old name": (
        'import { ChatWorkerClient } from "./web-llm.js"; new ChatWorkerClient();',
        "",
        ("artifact.incompatible", "ChatWorkerClient"),
    ),
    "hub says no": (LOADS, "", ("network.http_error", "404")),
    "CSP": (LOADS, "connect-src 'self'", ("network.blocked", "Content Security Policy")),
}


@pytest.mark.parametrize("name", CASES)
def test_users_page_fails(name, agent, web_cache, web_hub, scratch, site):
    """A page's own failure is found, though nobody asked it: an old name, a hub that says no, its own policy."""
    script, csp, (category, words) = CASES[name]
    folder = site(script.format(model=f"{web_hub.url}/org/model") if "{model}" in script else script)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with serve(folder, csp) as port:
        done = probe(agent, web_cache, scratch, "--url", f"http://127.0.0.1:{port}/chat.html")
    assert (done.code, done.failure["category"]) == (1, category), done.said()
    assert words in json.dumps(done.failure["evidence"])
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}
    assert done.left == []


def test_insecure_page(agent, web_cache, web_hub, scratch, site):
    """A page from an origin that is not secure has no caches: the reason says that the page is not secure."""
    folder = site(LOADS.format(model=f"{web_hub.url}/org/model"))
    with serve(folder) as port:
        done = probe(
            agent, web_cache, scratch, "--url", f"http://chat.example:{port}/chat.html",
            "--option", 'browser_args=["--host-resolver-rules=MAP chat.example 127.0.0.1"]',
        )  # fmt: skip
    assert done.failure["category"] == "config.invalid", done.said()
    assert "secure context" in done.failure["candidates"][0]["because"]


def test_page_that_never_loads_webllm(agent, web_cache, scratch, site):
    """A page without WebLLM is a finding that says so, and how to give it longer."""
    with serve(site("")) as port:
        done = probe(
            agent, web_cache, scratch, "--url", f"http://127.0.0.1:{port}/plain.html", "--option", "wait=3"
        )
    assert (done.code, done.failure["category"]) == (1, "config.invalid")
    assert "loaded no WebLLM" in done.said()


def test_poisoned_cache(agent, web_cache, web_hub, scratch, site, tmp_path):
    """A broken answer that the page's cache keeps: it fails though the hub is mended, and the way out is to empty it."""
    profile = tmp_path / "profile"
    profile.mkdir()
    watch = ["--profile", str(profile), "--url"]
    with serve(site(LOADS.format(model=f"{web_hub.url}/org/model"))) as port:
        watch.append(f"http://127.0.0.1:{port}/chat.html")
        web_hub.misbehave("html:match=mlc-chat-config.json")
        first = probe(agent, web_cache, scratch, *watch)
        web_hub.misbehave()
        web_hub.forget()
        done = probe(agent, web_cache, scratch, *watch)
    assert (first.failure["category"], done.failure["category"]) == ("artifact.corrupt",) * 2, done.said()
    assert not web_hub.requests()
    assert not any("Empty the cache" in remedy for remedy in first.failure["remedies"])
    assert done.failure["remedies"][0].startswith("Empty the cache of this site")
    assert "cache for this site holds the broken file" in json.dumps(done.failure["candidates"])


AWAITS = """
import {{ CreateServiceWorkerMLCEngine }} from "./web-llm.js";
{register}
await CreateServiceWorkerMLCEngine("m");
"""
STUCK = "self.addEventListener('install', (event) => event.waitUntil(new Promise(() => {})));"


@pytest.mark.parametrize(
    ("register", "category", "words"),
    [
        ("", "config.invalid", "registered none within"),
        ('navigator.serviceWorker.register("./stuck.js");', "worker.crashed", "was not active after"),
    ],
    ids=["never registered", "never active"],
)
def test_service_worker_that_is_waited_for(register, category, words, agent, web_cache, scratch, site):
    """A page that waits for a service worker for ever is told apart from one that loads no WebLLM."""
    folder = site(AWAITS.format(register=register))
    (folder / "stuck.js").write_text(STUCK)
    with serve(folder) as port:
        done = probe(
            agent, web_cache, scratch, "--url", f"http://127.0.0.1:{port}/chat.html", "--option", "wait=8"
        )
    assert (done.code, done.failure["category"]) == (1, category), done.said()
    assert words in done.said()


def test_page_that_is_not_there(agent, web_cache, scratch):
    """A page whose server does not answer is the network's fault, in the browser's words."""
    done = probe(agent, web_cache, scratch, "--url", "http://127.0.0.1:1999/chat.html")
    assert (done.code, done.failure["category"]) == (1, "network.unreachable")
    assert "net::ERR_CONNECTION_REFUSED" in done.said()


def test_users_extension_fails(agent, web_cache, web_hub, scratch, tmp_path):
    """An unpacked extension whose worker loads a model is followed into that worker, and its failure found."""
    folder = tmp_path / "extension"
    folder.mkdir()
    shutil.copyfile(bundle.folder(web_cache) / "index.js", folder / "web-llm.js")
    manifest = {
        "manifest_version": 3, "name": "chat", "version": "1", "host_permissions": ["<all_urls>"],
        "background": {"service_worker": "worker.js", "type": "module"},
        "content_security_policy": {"extension_pages": "script-src 'self' 'wasm-unsafe-eval'"},
        "action": {"default_popup": "popup.html"},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "popup.html").write_text('<!DOCTYPE html><script src="popup.js"></script>')
    (folder / "popup.js").write_text("chrome.runtime.sendMessage('load');")
    script = LOADS.format(model=f"{web_hub.url}/org/model").replace("await ", "const load = () => ")
    (folder / "worker.js").write_text(f"{script}\nchrome.runtime.onMessage.addListener(() => {{ load(); }});")
    done = probe(agent, web_cache, scratch, "--extension", str(folder))
    assert (done.code, done.failure["category"]) == (1, "network.http_error"), done.said()
    assert done.left == []


def test_extension_that_the_browser_refuses(agent, web_cache, scratch, tmp_path):
    """An unpacked extension whose manifest the browser does not accept: its own reason is in the finding."""
    folder = tmp_path / "extension"
    folder.mkdir()
    (folder / "manifest.json").write_text('{"manifest_version": 3, "name": "chat"}')
    done = probe(agent, web_cache, scratch, "--extension", str(folder))
    assert (done.code, done.failure["category"]) == (1, "config.invalid"), done.said()
    assert "'version'" in done.said()

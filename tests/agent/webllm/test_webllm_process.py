"""The whole agent with the webllm engine: every host, a browser that dies, a kill, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from canary_builds import LIMIT_S
from user_pages import browsers_of, leftovers, whole

from localloom_agent.engines.webllm import browsers

HOSTS = ("page", "worker", "service-worker", "extension")


def wait_for(condition, seconds=120):
    """Wait until the condition gives something true, and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it never came")


def library(hub):
    return f"model_lib={hub.url}/org/model/resolve/main/library.wasm"


@pytest.mark.parametrize("host", HOSTS)
def test_webllm_host(host, agent, web_cache, web_hub, scratch):
    """In every host the real engine fetches the model's files; the library that is missing is named with its address."""
    done = whole(
        agent, web_cache, scratch, "--host", host, "--device", "software",
        "--model", f"{web_hub.url}/org/model", "--option", library(web_hub),
    )  # fmt: skip
    assert done.code == 1
    assert (done.failure["phase"], done.failure["category"]) == ("weights", "network.http_error"), done.said()
    failed = done.failure["evidence"]["exchanges"]
    assert [x["status"] for x in failed if x["url"].endswith("library.wasm")] == [404], failed
    phases = {phase["phase"]: phase for phase in done.document["phases"]}
    assert phases["metadata"]["status"] == "passed"
    runtime = phases["runtime"]["attributes"]
    assert runtime["webllm.host"] == host
    assert "ChatWorkerClient" in runtime["runtime.old_names_absent"]
    adapter = phases["preflight"]["attributes"]
    assert adapter["webgpu.fallback"] is True
    assert adapter["webgpu.limit.maxBufferSize"] > 0
    assert done.document["machine"]["browser"]["adapter"]["vendor"] == "google"
    assert done.left == []


@pytest.mark.timeout(LIMIT_S)
@pytest.mark.usefixtures("web_canary")
@pytest.mark.parametrize("host", HOSTS)
def test_webllm_host_answers(host, agent, web_cache, scratch):
    """In every host the canary loads and answers with its reference, and every phase of the run passes."""
    done = whole(
        agent, web_cache, scratch, "--host", host, "--device", "software", "--model", "canary", timeout=600
    )
    assert (done.code, done.document["outcome"]) == (0, "passed"), done.document.get("failure")
    phases = {phase["phase"]: phase for phase in done.document["phases"]}
    assert {name: phase["status"] for name, phase in phases.items()} == dict.fromkeys(phases, "passed")
    assert len(phases) == 8
    assert phases["runtime"]["attributes"]["webllm.host"] == host
    assert phases["generate"]["attributes"]["generate.numeric_check"] == "passed"
    assert done.left == []


IGNORES_EXTENSIONS = """#!/bin/bash
for word in "$@"; do
  case $word in --load-extension=*|--disable-extensions-except=*) ;; *) kept+=("$word") ;; esac
done
exec {browser} "${{kept[@]}}"
"""


def test_webllm_browser_that_ignores_extensions(agent, web_cache, web_hub, tmp_path, scratch):
    """Where a browser ignores extensions on its command line, as branded ones do, it is asked over the pipe."""
    program = tmp_path / "branded"
    program.write_text(IGNORES_EXTENSIONS.format(browser=browsers.find(prefer_chromium=True).path))
    program.chmod(0o755)
    done = whole(
        agent, web_cache, scratch, "--host", "extension", "--device", "software", "--option", f"browser={program}",
        "--model", f"{web_hub.url}/org/model", "--option", library(web_hub),
    )  # fmt: skip
    assert (done.failure["phase"], done.failure["category"]) == ("weights", "network.http_error"), done.said()
    assert done.left == []


def test_webllm_kill_leaves_nothing(agent, web_cache, web_hub, scratch):
    """An agent that is killed takes its browser and the browser's profile with it."""
    web_hub.misbehave("stall:at=0,match=mlc-chat-config.json")
    running = agent.start(
        "probe", "--engine", "webllm", "-q", "--cache-dir", str(web_cache), "--device", "software",
        "--model", f"{web_hub.url}/org/model", "--option", library(web_hub), TMPDIR=str(scratch),
    )  # fmt: skip
    try:
        wait_for(lambda: web_hub._open)
        assert browsers_of(scratch)
    finally:
        os.kill(running.pid, signal.SIGKILL)
        running.communicate()
    wait_for(lambda: not [name for name in leftovers(scratch) if "browser" in name or name.isdigit()])


@pytest.mark.parametrize(
    ("kill", "category"),
    [("--type=renderer", "worker.crashed"), ("", "process.crashed")],
    ids=["renderer", "browser"],
)
def test_webllm_browser_dies(kill, category, agent, web_cache, web_hub, scratch):
    """A page or a browser that ends in the middle is a finding in the phase that it ended in."""
    web_hub.misbehave("stall:at=0,match=mlc-chat-config.json")
    running = agent.start(
        "probe", "--engine", "webllm", "--json", "-q", "--lang", "en", "--cache-dir", str(web_cache),
        "--device", "software", "--model", f"{web_hub.url}/org/model", "--option", library(web_hub),
        TMPDIR=str(scratch),
    )  # fmt: skip
    try:
        wait_for(lambda: web_hub._open)
        (top,) = [p for p in browsers_of(scratch) if not any("--type=" in word for word in p.cmdline())]
        for process in [p for p in top.children(recursive=True) if kill in p.cmdline()] if kill else [top]:
            process.kill()
        out, err = running.communicate(timeout=120)
    finally:
        if running.poll() is None:
            running.kill()
            running.communicate()
    assert "Traceback" not in err
    document = json.loads(out)
    assert (document["failure"]["phase"], document["failure"]["category"]) == ("metadata", category), (
        document["failure"]
    )
    wait_for(lambda: not browsers_of(scratch))


def test_webllm_stall_is_the_networks(agent, web_cache, web_hub, scratch):
    """A file that never comes ends at the limit, as a timeout of the network, and the browser goes too."""
    web_hub.misbehave("stall:at=0.5,match=mlc-chat-config.json")
    done = whole(
        agent, web_cache, scratch, "--device", "software", "--timeout", "metadata=8",
        "--model", f"{web_hub.url}/org/model", "--option", library(web_hub),
    )  # fmt: skip
    assert (done.document["outcome"], done.failure["category"]) == ("hung", "network.timeout"), done.said()
    wait_for(lambda: not [name for name in leftovers(scratch) if "browser" in name or name.isdigit()])


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("#!/bin/sh\necho 'the moon is in the wrong house' >&2\nexit 7\n", "the moon is in the wrong house"),
        ("#!/bin/sh\nexit 0\n", "said nothing"),
    ],
    ids=["last words", "silent"],
)
def test_webllm_browser_that_does_not_start(script, words, agent, web_cache, tmp_path, scratch):
    """A browser that does not start is a finding with the browser's own last words."""
    program = tmp_path / "browser"
    program.write_text(script)
    program.chmod(0o755)
    done = whole(agent, web_cache, scratch, "--option", f"browser={program}", "--model", "x-q4f16_1-MLC")
    assert (done.code, done.failure["phase"], done.failure["category"]) == (1, "runtime", "process.crashed")
    assert words in done.said()
    assert done.left == []


def test_webllm_without_bundle(agent, tmp_path, scratch):
    """Without the bundle the finding names the command that fetches it."""
    done = whole(agent, tmp_path / "empty", scratch, "--model", "x-q4f16_1-MLC")
    assert (done.code, done.failure["category"]) == (1, "host.missing_dependency")
    assert "setup webllm" in done.said()


def test_webllm_profile_in_use(agent, web_cache, tmp_path, scratch):
    """A profile that a browser holds is refused with a sentence, and left as it was."""
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "SingletonLock").symlink_to("host-123")
    done = whole(agent, web_cache, scratch, "--profile", str(profile), "--model", "x-q4f16_1-MLC")
    assert (done.code, done.failure["category"]) == (1, "config.invalid")
    assert "in use" in done.said()
    assert os.path.lexists(profile / "SingletonLock")


def test_auto_skips_webllm_with_a_reason(agent, tmp_path):
    """Without the bundle `auto` takes tvm, and says what was missing for webllm."""
    folder = str(Path(sys.executable).parent)
    done = agent.run(
        "probe", "--json", "--cache-dir", str(tmp_path / "cache"), "--model", "/nonexistent", PATH=folder
    )
    assert "webllm was skipped" in done.stderr
    assert "setup webllm" in done.stderr

"""The real probe with a model from a hub: fetched, cut off and gone on with, shared, offline, and failing."""

import json
import os
import shutil
import signal
import time

import pytest
from hub import Hub

from localloom_agent.canary import CANARY_DIR

SHARD = "params_shard_0.bin"
REFERENCE = "HF://mlc-ai/canary"
SIZE = (CANARY_DIR / SHARD).stat().st_size


@pytest.fixture
def model(tmp_path):
    """The canary, as a hub would serve it."""
    return shutil.copytree(
        CANARY_DIR, tmp_path / "served", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )


@pytest.fixture
def hub(model):
    """A hub that serves it."""
    with Hub({"mlc-ai/canary": model}) as running:
        yield running


def probe(agent, hub, *arguments):
    """The document of a probe whose model comes from the hub."""
    done = agent.run("probe", "--json", "-q", "--device", "cpu", *arguments, LOCALLOOM_HUB=hub.url)
    return done.returncode, json.loads(done.stdout)


def test_a_model_is_fetched_and_answers(agent, hub):
    """The phases pass, the exchanges are counted, and the second probe asks nobody."""
    code, document = probe(agent, hub, "--model", REFERENCE)
    assert code == 0, document["failure"]
    assert (document["model"]["id"], document["model"]["source"]) == ("canary", REFERENCE)
    assert document["model"]["bytes"] == SIZE
    assert document["generation"]["text"].startswith("Sí. Si puedes leer esto")
    assert len(hub.requests()) == 5
    hub.forget()
    assert probe(agent, hub, "--model", REFERENCE)[0] == 0
    assert hub.requests() == []


def test_a_probe_killed_at_60_percent_of_a_shard_goes_on(agent, hub):
    """The agent is killed with SIGKILL in the middle of a shard; the next probe fetches only the rest, and passes."""
    hub.misbehave(f"stall:match={SHARD},at=0.6")
    part = agent.cache / "models" / "hf--mlc-ai--canary" / ".fetch" / f"{SHARD}.part"
    process = agent.start("probe", "-q", "--device", "cpu", "--model", REFERENCE, LOCALLOOM_HUB=hub.url)
    due = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size == int(SIZE * 0.6)):
        assert time.monotonic() < due, "it never came to that"
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    hub.misbehave()
    hub.forget()
    code, document = probe(agent, hub, "--model", REFERENCE)
    assert code == 0, document["failure"]
    (request,) = hub.requests()
    assert (request.file, request.status, request.sent) == (SHARD, 206, SIZE - int(SIZE * 0.6))


def test_two_agents_fill_one_cache_at_once(agent, hub):
    """Both pass, and every file is fetched once."""
    hub.misbehave(f"slow:match={SHARD},rate=500000")
    both = [
        agent.start("probe", "-q", "--device", "cpu", "--model", REFERENCE, LOCALLOOM_HUB=hub.url)
        for _ in range(2)
    ]
    for process in both:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, out + err
    assert len(hub.requests()) == len({r.file for r in hub.requests()}) == 5


@pytest.mark.parametrize(
    ("fault", "phase", "category"),
    [
        ("status:status=403,X-Error-Code=GatedRepo", "metadata", "network.blocked"),
        (f"lfs:match={SHARD}", "weights", "artifact.corrupt"),
        (f"stall:match={SHARD}", "weights", "network.timeout"),
    ],
)
def test_a_misbehaving_hub_is_diagnosed(agent, hub, fault, phase, category):
    """The probe's verdict names the phase and the category of what the hub did."""
    hub.misbehave(fault)
    done = agent.run(
        "probe",
        "--json",
        "-q",
        "--device",
        "cpu",
        "--model",
        REFERENCE,
        LOCALLOOM_HUB=hub.url,
        LOCALLOOM_NETWORK_TIMEOUT="1",
    )
    failure = json.loads(done.stdout)["failure"]
    assert (done.returncode, failure["phase"], failure["category"]) == (1, phase, category), failure[
        "summary"
    ]
    assert failure["evidence"]["exchanges"]


def test_an_unknown_id_names_the_nearest(agent):
    """A mistyped id fails in `resolve`, with the ids that are near."""
    done = agent.run("probe", "--json", "-q", "--device", "cpu", "--model", "TinyLlama-1.1B-Chat-q4f16_1-MLC")
    failure = json.loads(done.stdout)["failure"]
    assert (failure["phase"], failure["category"]) == ("resolve", "artifact.model_not_found")
    assert "TinyLlama-1.1B-Chat-v1.0-q4f16_1-MLC" in failure["evidence"]["facts"]["model.nearest"]

"""The tests' own hub as a command, as people and containers use it."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from model_files import same_files

ROOT = Path(__file__).resolve().parents[3]


def ask(url: str, method: str = "GET", body: object = None) -> object:
    """One request to the hub's controls."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, method=method)) as answer:
        return json.loads(answer.read() or b"null")


@pytest.fixture
def command(model):
    """The hub in a process of its own, with a fault from the start."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.hub", f"org/model={model}", "--fault", "status:status=503,times=1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait()
    process.stdout.close()


def test_the_hub_as_a_command(command, fetch_from, model):
    """It serves, misbehaves as told at the start and while it runs, and tells what it was asked for."""
    fetch = fetch_from(command)
    done = fetch()
    assert same_files(model, done.path)
    assert done.metadata.retries == 1
    assert len(ask(f"{command}/-/requests")["requests"]) == 8
    ask(f"{command}/-/requests", "DELETE")
    ask(
        f"{command}/-/faults",
        "PUT",
        [{"kind": "status", "status": 418, "match": "tokenizer*", "X-Tea": "yes"}],
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        ask(f"{command}/org/model/resolve/main/tokenizer.json")
    assert (caught.value.code, caught.value.headers["X-Tea"]) == (418, "yes")
    assert [r["status"] for r in ask(f"{command}/-/requests")["requests"]] == [418]

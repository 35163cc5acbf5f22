"""Every way in which WebLLM fails until its model library is there, provoked in a real browser by a hub that misbehaves."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any

import pytest

CONFIG = "mlc-chat-config.json"
LIBRARY = "library.wasm"


@dataclass
class Row:
    """What the hub does, and what the probe must say of it."""

    phase: str
    category: str
    words: str
    """What the evidence must hold."""
    fault: str = ""
    model: str = "{hub}/org/model"
    library: str = "{hub}/org/model/resolve/main/library.wasm"
    options: dict[str, Any] | None = None


ROWS = {
    "id not in the list": Row(
        "resolve",
        "artifact.model_not_found",
        "Cannot find model record",
        model="Llama-9-1B-q4f16_1-MLC",
        library="",
    ),
    "refused": Row(
        "metadata", "network.unreachable", "net::ERR_CONNECTION_REFUSED", model="{closed}/org/model"
    ),
    "no such host": Row(
        "metadata",
        "network.unreachable",
        "net::ERR_NAME_NOT_RESOLVED",
        model="http://nowhere.invalid/org/model",
    ),
    "empty answer": Row("metadata", "network.unreachable", "net::ERR_", fault=f"reset:at=0,match={CONFIG}"),
    "no CORS": Row("metadata", "network.blocked", "blocked by CORS policy", fault=f"no-cors:match={CONFIG}"),
    "403": Row("metadata", "network.blocked", "403", fault=f"status:status=403,match={CONFIG}"),
    "404": Row("metadata", "network.http_error", "404", fault=f"status:status=404,match={CONFIG}"),
    "500": Row("metadata", "network.http_error", "500", fault=f"status:status=500,match={CONFIG}"),
    "truncated": Row(
        "metadata", "artifact.corrupt", "net::ERR_CONTENT_LENGTH_MISMATCH", fault=f"cut:match={CONFIG}"
    ),
    "HTML with 200": Row(
        "metadata", "artifact.corrupt", "Unexpected token '<'", fault=f"html:match={CONFIG}"
    ),
    "LFS pointer": Row("metadata", "artifact.corrupt", "is not valid JSON", fault=f"lfs:match={CONFIG}"),
    "library missing": Row("weights", "network.http_error", "404"),
    "library is HTML": Row(
        "weights", "artifact.corrupt", "expected magic word", fault=f"html:match={LIBRARY}"
    ),
    "no library named": Row("resolve", "config.invalid", "its library is not known", library=""),
}


def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.parametrize("name", ROWS)
def test_webllm_row(name, shared_browser, web_hub):
    """The failure is in its phase, has its category, and the evidence holds what tells it apart."""
    row = ROWS[name]
    web_hub.misbehave(*([row.fault] if row.fault else []))
    options = dict(row.options or {})
    if row.library:
        options["model_lib"] = row.library.format(hub=web_hub.url)
    model = row.model.format(hub=web_hub.url, closed=f"http://127.0.0.1:{closed_port()}")
    seen = shared_browser.probe(model, **options)
    assert seen.diagnosis is not None
    told = (seen.phase, seen.diagnosis.category.value)
    assert told == (row.phase, row.category), (seen.texts(), seen.diagnosis.candidates)
    assert row.words in seen.texts()

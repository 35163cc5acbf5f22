"""What a user may write after --model, the catalogue, and the command that lists it."""

import json
import subprocess
import sys

import pytest

from localloom_agent.artifacts.catalogue import CATALOGUE_FILE, catalogue
from localloom_agent.artifacts.fetching import Kind, parse_reference
from localloom_agent.artifacts.fetching.settings import DEFAULT_HUB, FetchSettings
from localloom_agent.canary import CANARY_ID
from localloom_agent.engines.interface import EngineFault, ProbeRequest

TINY = "TinyLlama-1.1B-Chat-v1.0-q4f16_1-MLC"


@pytest.mark.parametrize(
    ("text", "kind", "model_id", "source"),
    [
        ("canary", Kind.SHIPPED, CANARY_ID, "shipped"),
        (TINY, Kind.CATALOGUE, TINY, f"HF://mlc-ai/{TINY}"),
        (TINY.lower(), Kind.CATALOGUE, TINY, f"HF://mlc-ai/{TINY}"),
        ("HF://org/name", Kind.HUB, "name", "HF://org/name"),
        ("hf://org/name/", Kind.HUB, "name", "HF://org/name"),
        ("https://huggingface.co/org/name", Kind.HUB, "name", "HF://org/name"),
        ("https://example.org/models/mine", Kind.URL, "mine", "https://example.org/models/mine/"),
        ("https://u:p@example.org/m/resolve/main?x=1", Kind.URL, "m", "https://example.org/m/resolve/main/"),
        ("HTTP://example.org:81/a b", Kind.URL, "a-b", "http://example.org:81/a b/"),
    ],
)
def test_references(text, kind, model_id, source):
    """Each way to name a model leads to its kind, its id and a source without credentials."""
    reference = parse_reference(text)
    assert (reference.kind, reference.id, reference.source) == (kind, model_id, source)
    assert reference.fetched == (kind is not Kind.SHIPPED)


def test_a_folder(tmp_path):
    """An existing folder is itself, whatever it holds."""
    reference = parse_reference(str(tmp_path))
    assert (reference.kind, reference.source, reference.fetched) == (Kind.FOLDER, str(tmp_path), False)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("TinyLlama-1.1B-Chat-q4f16_1-MLC", TINY),
        ("smollm2", "SmolLM2-135M-Instruct-q0f16-MLC"),
        ("Qwen2.5-0.5B-Instruct-q4f16-MLC", "Qwen2.5-0.5B-Instruct-q4f16_1-MLC"),
        ("HF://one-word", ""),
        ("/no/such/folder", ""),
        ("\x00", ""),
        ("", ""),
    ],
)
def test_an_unknown_model(text, near):
    """What is no model is named, with the nearest ids where there are any."""
    with pytest.raises(EngineFault) as caught:
        parse_reference(text)
    fault = caught.value
    assert fault.category.value == "artifact.model_not_found"
    assert fault.facts["model.id"] == text.strip()
    assert near in fault.facts.get("model.nearest", "")


@pytest.mark.parametrize("url", ["https://", "http://host:port/x", "http://[::1/x", "https://user:pass@/x"])
def test_a_malformed_url(url):
    """A URL without a valid host is a mistake of the user's, and its password is not repeated."""
    with pytest.raises(EngineFault) as caught:
        parse_reference(url)
    assert caught.value.category.value == "config.invalid"
    assert "pass" not in str(caught.value.facts)


def test_the_hub_of_the_environment(tmp_path):
    """The request's option wins over LOCALLOOM_HUB, this over HF_ENDPOINT, and all over the public hub."""
    reference = parse_reference("HF://org/name")

    def base(options=(), **environment):
        request = ProbeRequest("tvm", "x", cache_dir=str(tmp_path), options=dict(options))
        return FetchSettings.from_request(request, environment).base_url(reference)

    path = "/org/name/resolve/main/"
    assert base() == DEFAULT_HUB + path
    assert base(HF_ENDPOINT="https://mirror.example/") == "https://mirror.example" + path
    assert base(HF_ENDPOINT="https://a.example", LOCALLOOM_HUB="http://b:1") == "http://b:1" + path
    assert base({"hub": "http://c"}, LOCALLOOM_HUB="http://b:1") == "http://c" + path


@pytest.mark.parametrize(
    "environment",
    [{"LOCALLOOM_HUB": "no-url"}, {"HF_ENDPOINT": "ftp://x"}, {"LOCALLOOM_NETWORK_TIMEOUT": "soon"}],
)
def test_an_environment_that_makes_no_sense(environment):
    """A hub that is no URL and a limit that is no number are mistakes of the configuration."""
    with pytest.raises(EngineFault) as caught:
        FetchSettings.from_request(ProbeRequest("tvm", "x"), environment)
    assert caught.value.category.value == "config.invalid"


def _stored_bytes(entry: dict) -> int:
    """Bytes of the shards by MLC's layout, from the model's shape alone."""
    s = entry["shape"]
    heads, kv_heads, dim, hidden, layers = s["heads"], s["kv_heads"], s["head_dim"], s["hidden"], s["layers"]
    qkv = (heads + 2 * kv_heads) * dim
    matrices = [(s["vocab"], hidden)] * (1 if s["tied"] else 2)
    matrices += layers * [(qkv, hidden), (hidden, heads * dim), (2 * s["intermediate"], hidden)]
    matrices += layers * [(hidden, s["intermediate"])]
    norms = {"gemma2": 4 * hidden, "qwen3": 2 * hidden + 2 * dim, "qwen2": 2 * hidden + qkv}
    vectors = hidden + layers * norms.get(entry["architecture"], 2 * hidden)
    if entry["quantization"].startswith("q0"):
        return 2 * (sum(rows * columns for rows, columns in matrices) + vectors)
    return 18 * sum(rows * -(-columns // 32) for rows, columns in matrices) + 2 * vectors


def test_the_catalogue_holds_together():
    """Sizes follow from shapes, f16 kernels need shader-f16, and each fall-back exists and needs less."""
    entries = json.loads(CATALOGUE_FILE.read_text())["models"]
    models = catalogue()
    assert len(models) == len(entries) >= 12
    assert {TINY, "Qwen2.5-0.5B-Instruct-q4f16_1-MLC", "SmolLM2-360M-Instruct-q4f16_1-MLC"} <= set(models)
    for entry in entries:
        model = models[entry["id"]]
        assert model.download_bytes == _stored_bytes(entry), model.id
        assert model.source == f"HF://mlc-ai/{model.id}"
        assert f"-{model.quantization}-" in model.id
        assert model.features == (("shader-f16",) if "f16" in model.quantization else ())
        # web-llm counts q4f32_1 scales in float32, where disks have bfloat16: memory is never less than the weights.
        assert model.memory_bytes > model.download_bytes
        if model.smaller:
            assert models[model.smaller].memory_bytes < model.memory_bytes


def test_reading_a_reference_needs_no_client():
    """What a reference means is known in an interpreter that has neither httpx nor filelock."""
    program = "import sys, localloom_agent.artifacts.fetching as f; f.parse_reference('HF://a/b'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"httpx", "httpcore", "filelock"} & set(done.stdout.split())


def test_models_lists_the_catalogue_and_the_cache(agent):
    """`models --json` has every model under "models"; the canary is shipped."""
    done = agent.run("models", "--json")
    assert done.returncode == 0, done.stderr
    listed = {model["id"]: model for model in json.loads(done.stdout)["models"]}
    assert set(catalogue()) | {CANARY_ID} == set(listed)
    assert listed[CANARY_ID]["source"] == "shipped"
    assert listed[TINY]["features"] == ["shader-f16"]
    assert {model["cached"] for model in listed.values()} == {"none"}
    assert TINY in agent.run("models").stdout


def test_models_rm(agent, fetch):
    """A cached model is listed, removed by its reference, and an absent one is wrong usage."""
    fetch.cache = agent.cache
    fetch()
    listed = json.loads(agent.run("models", "--json").stdout)["models"][-1]
    assert (listed["source"], listed["cached"]) == ("HF://org/model", "complete")
    assert listed["cached_bytes"] > 750_000
    removed = agent.run("models", "rm", "HF://org/model")
    assert (removed.returncode, "removed" in removed.stdout) == (0, True), removed.stderr
    assert not fetch.folder().exists()
    assert agent.run("models", "rm", "HF://org/model").returncode == 2


def test_help_ends_in_an_example(agent):
    """Both commands say how they are used."""
    for arguments in (("models",), ("models", "rm")):
        text = agent.run(*arguments, "--help").stdout
        assert "Example" in text
        assert f"localloom-agent {' '.join(arguments)}" in text

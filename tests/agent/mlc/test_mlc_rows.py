"""Every way in which mlc-llm was seen to fail, through the console script, over the stand-in package."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from runs import Probe

from localloom_diagnosis.evidence import FACT_NAMES

CONFIG, TOKENIZER, SHARD, TABLE = (
    "mlc-chat-config.json",
    "tokenizer.json",
    "params_shard_0.bin",
    "tensor-cache.json",
)
PROMPT = "Hola, ¿funciona?"


@dataclass
class Row:
    """A fault, and what a probe of it must say."""

    phase: str
    category: str
    words: str
    """What the evidence must hold: mlc-llm's own text."""
    args: tuple[str, ...] = ("--model", "{folder}")
    env: dict[str, str] = field(default_factory=dict)
    spoil: Any = None
    facts: dict[str, Any] = field(default_factory=dict)
    outcome: str = "failed"
    within_s: float = 25.0
    """Far less than the 60 s and more after which a phase without a known error counts as hung."""


def write(name, text):
    return lambda folder: (folder / name).write_text(text)


def remove(*names):
    return lambda folder: [(folder / name).unlink() for name in names]


def edit(change):
    """Change the config as an object."""

    def spoil(folder):
        config = json.loads((folder / CONFIG).read_text())
        change(config)
        (folder / CONFIG).write_text(json.dumps(config))

    return spoil


def cut(folder):
    with (folder / SHARD).open("r+b") as file:
        file.truncate(400_000)


def standin(words, **more):
    return {"LOCALLOOM_STANDIN": words, **more}


def library(text):
    """A `model_lib` of that content beside the model."""
    return lambda folder: (folder.parent / "lib.so").write_bytes(text)


LIBRARY = ("--model", "{folder}", "--option", "model_lib={tmp}/lib.so")

RAISED = {
    "path missing": Row(
        "resolve", "artifact.model_not_found", "directory does not exist", ("--model", "{tmp}/nothing")
    ),
    "config missing, no model": Row(
        "resolve", "artifact.model_not_found", "in the model directory provided", ("--model", "{tmp}")
    ),
    "config missing, weights there": Row(
        "resolve",
        "artifact.corrupt",
        "in the model directory provided",
        spoil=remove(CONFIG),
        facts={"artifact.file": CONFIG},
    ),
    "config no JSON": Row(
        "metadata",
        "artifact.corrupt",
        "Invalid JSON",
        spoil=write(CONFIG, "<html>"),
        facts={"artifact.file": CONFIG},
    ),
    "config lacks a field": Row(
        "metadata",
        "config.invalid",
        "Field required",
        spoil=edit(lambda config: config.pop("quantization")),
        facts={"artifact.key": "quantization"},
    ),
    "model_lib absent": Row("metadata", "artifact.model_not_found", "you passed in is not a file", LIBRARY),
    "hub without network": Row(
        "metadata",
        "network.unreachable",
        "Git clone failed with return code 128",
        ("--model", "HF://mlc-ai/nothing-MLC"),
        facts={"http.host": "127.0.0.1:9"},
    ),
    "no git": Row(
        "metadata",
        "host.missing_dependency",
        "No such file or directory: 'git'",
        ("--model", "HF://mlc-ai/nothing-MLC"),
        env={"PATH": "/nowhere"},
        facts={"module.missing": "git"},
    ),
    "bad HF URL": Row("resolve", "artifact.model_not_found", "Invalid model URL", ("--model", "HF://nope")),
    "download policy off": Row(
        "resolve",
        "config.invalid",
        "MLC_DOWNLOAD_CACHE_POLICY=OFF",
        ("--model", "HF://mlc-ai/some-MLC"),
        env={"MLC_DOWNLOAD_CACHE_POLICY": "OFF"},
        facts={"artifact.key": "MLC_DOWNLOAD_CACHE_POLICY"},
    ),
    "download policy read-only": Row(
        "resolve",
        "config.invalid",
        "Cannot find cache for",
        ("--model", "HF://mlc-ai/some-MLC"),
        env={"MLC_DOWNLOAD_CACHE_POLICY": "READONLY"},
    ),
    "device absent": Row(
        "runtime",
        "gpu.unsupported",
        "Device is not found on your local environment: cuda",
        ("--device", "cuda"),
        facts={"device.requested": "cuda"},
    ),
    "device unknown": Row(
        "runtime",
        "config.invalid",
        "Invalid device name: banana",
        ("--device", "banana"),
        facts={"device.requested": "banana"},
    ),
    "JIT failed": Row("compile", "compile.failed", "no schedule for NT_matmul", (), env=standin("jit-fails")),
    "JIT off": Row(
        "compile",
        "config.invalid",
        "JIT is disabled",
        (),
        env={"MLC_JIT_POLICY": "OFF"},
        facts={"artifact.key": "MLC_JIT_POLICY"},
    ),
    "unknown model_type": Row(
        "compile",
        "artifact.incompatible",
        "KeyError: 'llamazoid'",
        spoil=edit(lambda config: config.update(model_type="llamazoid")),
        facts={"artifact.actual": "llamazoid"},
    ),
    "bad opt": Row(
        "compile", "config.invalid", "invalid choice", ("--option", "opt=O9"), facts={"artifact.key": "opt"}
    ),
    "tokenizer absent": Row(
        "metadata", "artifact.tokenizer", "Cannot find any tokenizer under", spoil=remove(TOKENIZER)
    ),
    "tokenizer no JSON": Row(
        "metadata", "artifact.tokenizer", "Failed to parse JSON", spoil=write(TOKENIZER, "not JSON")
    ),
    "prompt too long": Row(
        "generate",
        "generate.context_overflow",
        "larger than the model input length limit 512",
        ("--prompt", "palabra " * 600),
        facts={"prompt.tokens": 610, "context.window": 512},
    ),
}

IN_A_THREAD = {
    "shard truncated": Row(
        "weights",
        "artifact.corrupt",
        "(518400 vs. 400000)",
        spoil=cut,
        facts={"artifact.file": SHARD, "artifact.expected_bytes": 518400, "artifact.actual_bytes": 400000},
    ),
    "shard missing": Row(
        "weights", "artifact.corrupt", "Cannot open", spoil=remove(SHARD), facts={"artifact.file": SHARD}
    ),
    "tensor-cache.json missing": Row(
        "weights", "artifact.corrupt", "Cannot open", spoil=remove(TABLE), facts={"artifact.file": TABLE}
    ),
    "weights do not fit": Row(
        "load", "artifact.incompatible", "Cannot find parameter in cache", (), env=standin("misfit")
    ),
    "library corrupt": Row(
        "load",
        "artifact.corrupt",
        "Failed to load dynamic shared library",
        LIBRARY,
        spoil=library(b"version https://git-lfs.github.com/spec/v1\n"),
        facts={"artifact.file": "lib.so", "artifact.actual": "Git LFS pointer"},
    ),
    "model_config lacks a key": Row(
        "load",
        "config.invalid",
        "key `vocab_size` not found",
        spoil=edit(lambda config: config["model_config"].pop("vocab_size")),
        facts={"artifact.key": "model_config.vocab_size"},
    ),
    "estimate over memory": Row(
        "load",
        "host.out_of_memory",
        "The available single GPU memory is 24.106 MB",
        (),
        env=standin("no-memory"),
        facts={"memory.available": 24_106_000, "memory.needed": 705_500_000},
    ),
    "bad alloc": Row("load", "host.out_of_memory", "std::bad_alloc", (), env=standin("bad-alloc")),
    "device API not enabled": Row(
        "load",
        "gpu.unsupported",
        "Device API cuda is not enabled",
        (),
        env=standin("device-api"),
        facts={"device.requested": "cuda"},
    ),
    "thread dies while generating": Row(
        "generate", "host.out_of_memory", "std::bad_alloc", (), env=standin("dies-generating")
    ),
    "thread ends while generating": Row(
        "generate", "process.crashed", "ended without an error", (), env=standin("dies-silently")
    ),
}

IMPORT = {
    "libtvm cannot open": Row(
        "runtime",
        "host.missing_dependency",
        "libtvm.so: cannot open shared object file",
        (),
        env=standin("libtvm"),
    ),
    "psutil missing": Row(
        "runtime",
        "host.missing_dependency",
        "No module named 'psutil'",
        (),
        env=standin("psutil"),
        facts={"module.missing": "psutil"},
    ),
    "wheels out of step": Row(
        "runtime", "artifact.incompatible", "No module named 'tvm.relax'", (), env=standin("skew")
    ),
    "ffi out of step": Row(
        "runtime",
        "artifact.incompatible",
        "ffi.GetKwargsObject not found",
        (),
        env=standin("ffi"),
        outcome="crashed",
    ),
    "no MLCEngine": Row(
        "runtime", "artifact.incompatible", "has no mlc_llm.MLCEngine", (), env=standin("no-engine")
    ),
}

ENDS = {
    "tokenizer that is none aborts": Row(
        "metadata",
        "artifact.tokenizer",
        "missing field `model`",
        spoil=write(TOKENIZER, '{"no": "tokenizer"}'),
        outcome="crashed",
        facts={"artifact.file": TOKENIZER},
    ),
    "KV cache full while generating": Row(
        "generate",
        "process.hung",
        "no progress",
        ("--timeout", "generate=4"),
        env=standin("kv-full"),
        outcome="hung",
    ),
    "shards never come": Row(
        "weights",
        "process.hung",
        "no progress",
        ("--timeout", "weights=3"),
        env=standin("shards-hang"),
        outcome="hung",
    ),
    "wrong answer": Row(
        "generate", "generate.numeric", "is not that of the reference", (), env=standin("garbage")
    ),
}

ROWS = {**RAISED, **IN_A_THREAD, **IMPORT, **ENDS}


@pytest.fixture(scope="module")
def table(standin_python: Path) -> dict[str, Probe]:
    return {
        name: Probe(("--engine", "mlc", "--python", str(standin_python), *row.args), row.env, row.spoil)
        for name, row in ROWS.items()
    }


@pytest.mark.parametrize("name", ROWS, ids=list(ROWS))
def test_a_fault_ends_in_its_category(ahead, table, name):
    """Phase, category, figures and mlc-llm's own words are there, soon, and no process is left behind."""
    row, done = ROWS[name], ahead(table, name)
    assert done.code == 1, done.stderr
    failure = done.failure
    assert (failure["phase"], failure["category"]) == (row.phase, row.category), done.said()
    assert done.document["outcome"] == row.outcome
    assert row.words in done.said()
    assert done.facts.items() >= row.facts.items()
    assert done.facts.keys() <= FACT_NAMES
    assert done.seconds < row.within_s
    assert done.orphans == []
    order = list(done.statuses())
    assert all(done.statuses()[later] != "failed" for later in order if later != row.phase), (
        "one phase owns the failure"
    )


@pytest.mark.parametrize("name", IN_A_THREAD, ids=list(IN_A_THREAD))
def test_an_error_of_a_thread_is_the_first_evidence(ahead, table, name):
    """What reached only threading.excepthook comes first, as what it was; the verdict comes after it."""
    first, *rest = ahead(table, name).failure["evidence"]["errors"]
    if name != "thread ends while generating":
        assert first["origin"] == "thread"
    assert [error["origin"] for error in rest] in ([], ["exception"])


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_words_of_git_are_evidence(runs, table):
    """mlc-llm throws away what git says of a failed clone: git is asked again, once."""
    runs.start("hub without network", table["hub without network"])
    said = runs.result("hub without network").said()
    assert "git ls-remote http://127.0.0.1:9/mlc-ai/nothing-MLC: fatal:" in said


def test_the_rows_are_those_that_were_seen():
    """A row is not lost by accident: as many as the two tables have, and the ends that are no errors."""
    assert (len(RAISED), len(IN_A_THREAD), len(IMPORT), len(ENDS)) == (20, 11, 5, 4)

"""What every engine promises, over tvm and over mlc: the real one where a Python has it, else the stand-in."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from bare_interpreters import STANDIN
from runs import Probe
from test_mlc_rows import CONFIG, SHARD, TOKENIZER, cut, edit, remove

from localloom_agent.canary import CANARY_DIR, CANARY_ID
from localloom_agent.engines.interpreters import search
from localloom_diagnosis.evidence import FACT_NAMES

REAL = search().chosen
MLC = "mlc" if REAL is not None else "mlc (stand-in)"
ENGINES = ("tvm", MLC)
REFERENCE = json.loads((CANARY_DIR / "reference.json").read_text(encoding="utf-8"))["prompts"][0]
PHASES = ["preflight", "runtime", "resolve", "metadata", "weights", "compile", "load", "generate"]
ABSENT = "cuda" if sys.platform == "darwin" else "metal"
"""A device that this system cannot have."""

CASES = {
    "canary": Probe(),
    "cut short": Probe(("--max-tokens", "8")),
    "sampled": Probe(("--temperature", "0.8", "--seed", "7")),
    "unknown model": Probe(("--model", "canari")),
    "unknown device": Probe(("--device", "banana")),
    "absent device": Probe(("--device", ABSENT)),
    "long prompt": Probe(("--prompt", "palabra " * 600)),
    "shard cut": Probe(("--model", "{folder}"), spoil=cut),
    "shard missing": Probe(("--model", "{folder}"), spoil=remove(SHARD)),
    "config lacks a field": Probe(("--model", "{folder}"), spoil=edit(lambda c: c.pop("quantization"))),
    "config missing": Probe(("--model", "{folder}"), spoil=remove(CONFIG)),
    "tokenizer missing": Probe(("--model", "{folder}"), spoil=remove(TOKENIZER)),
}
FAULTS = {
    "unknown model": ({"resolve"}, "artifact.model_not_found", {"model.id": "canari"}),
    "unknown device": ({"runtime"}, "config.invalid", {"device.requested": "banana"}),
    "absent device": ({"runtime"}, "gpu.unsupported", {"device.requested": ABSENT}),
    "long prompt": ({"generate"}, "generate.context_overflow", {"context.window": 512}),
    "shard cut": (
        {"weights"},
        "artifact.corrupt",
        {"artifact.file": SHARD, "artifact.actual_bytes": 400_000},
    ),
    "shard missing": ({"weights"}, "artifact.corrupt", {"artifact.file": SHARD}),
    "config lacks a field": ({"metadata"}, "config.invalid", {"artifact.key": "quantization"}),
    # mlc-llm looks for the config before it calls the folder a model.
    "config missing": ({"resolve", "metadata"}, "artifact.corrupt", {"artifact.file": CONFIG}),
    "tokenizer missing": ({"metadata"}, "artifact.tokenizer", {"artifact.file": TOKENIZER}),
}


SAME = {
    "unknown device": "device unknown",
    "long prompt": "prompt too long",
    "shard cut": "shard truncated",
    "shard missing": "shard missing",
    "config lacks a field": "config lacks a field",
    "config missing": "config missing, weights there",
    "tokenizer missing": "tokenizer absent",
}
"""Over the stand-in these cases are rows of the table of faults: each is probed once for both."""


@pytest.fixture(scope="module")
def table(standin_python: Path) -> dict[str, Probe]:
    python = REAL.path if REAL is not None else str(standin_python)
    out = {}
    for name, case in CASES.items():
        device = () if "--device" in case.args else ("--device", "cpu")
        for engine in ENGINES:
            which = ("--engine", "tvm") if engine == "tvm" else ("--engine", "mlc", "--python", python)
            out[f"{name}: {engine}"] = Probe((*which, *device, *case.args), case.env, case.spoil)
    return out


@pytest.fixture
def probed(ahead, table, runs):
    """What came of a case."""

    def result(case):
        name, _, engine = case.partition(": ")
        if engine == "mlc (stand-in)" and name in SAME:
            runs.start(SAME[name], table[case])
            return runs.result(SAME[name])
        return ahead(table, case)

    return result


def cases(*names):
    return [pytest.param(f"{name}: {engine}", id=f"{name}: {engine}") for name in names for engine in ENGINES]


@pytest.mark.parametrize("case", cases("canary"))
def test_the_canary_answers(probed, case):
    """All phases pass or say why they were skipped; the answer is the reference's, and it is timed."""
    done = probed(case)
    assert done.code == 0, done.stderr
    document = done.document
    assert list(done.statuses()) == PHASES
    for phase in document["phases"]:
        assert phase["status"] == "passed" or phase["reason"]
    assert document["engine"]["name"] == case.partition(": ")[2].split()[0]
    assert document["engine"]["version"]
    assert document["engine"]["device"] == "cpu"
    assert document["model"]["id"] == CANARY_ID
    assert document["model"]["bytes"] > 500_000
    answer = document["generation"]
    assert answer["text"] == REFERENCE["text"]
    assert answer["numeric_check"]["status"] == "passed"
    assert answer["numeric_check"]["agreement"] == 1.0
    assert answer["finish_reason"] == "stop"
    assert answer["prompt_tokens"] == len(REFERENCE["prompt_ids"])
    assert answer["completion_tokens"] in {len(REFERENCE["token_ids"]) - 1, len(REFERENCE["token_ids"])}
    assert min(answer["ttft_s"], answer["tokens_per_s"], answer["prefill_tokens_per_s"]) > 0


@pytest.mark.parametrize("case", cases("cut short"))
def test_an_answer_with_no_room_is_compared_as_far_as_it_goes(probed, case):
    """Finish reason `length`, and the numbers agree."""
    answer = probed(case).document["generation"]
    assert (answer["finish_reason"], answer["completion_tokens"]) == ("length", 8)
    assert REFERENCE["text"].startswith(answer["text"])
    assert answer["numeric_check"]["status"] == "passed"


@pytest.mark.parametrize("case", cases("sampled"))
def test_a_sampled_answer_has_no_reference(probed, case):
    """The check is not available, and says why."""
    check = probed(case).document["generation"]["numeric_check"]
    assert check["status"] == "not_available"
    assert "sampled" in check["reason"]


@pytest.mark.parametrize("case", cases(*FAULTS))
def test_a_fault_has_the_same_category_in_every_engine(probed, case):
    """Phase, category and figures; what came before it passed, what came after was not reached."""
    done = probed(case)
    phases, category, facts = FAULTS[case.partition(": ")[0]]
    assert done.code == 1, done.stderr
    assert done.document["outcome"] == "failed"
    assert done.failure["category"] == category, done.said()
    assert done.failure["phase"] in phases
    assert done.facts.items() >= facts.items()
    assert done.facts.keys() <= FACT_NAMES
    assert [phase for phase, status in done.statuses().items() if status == "failed"] == [
        done.failure["phase"]
    ]
    assert done.orphans == []


def test_the_stand_in_says_what_it_is():
    """Nobody takes it for mlc-llm: neither its text nor its version."""
    text = (STANDIN / "mlc_llm" / "__init__.py").read_text(encoding="utf-8")
    assert text.startswith('"""A stand-in for mlc-llm')
    assert "+standin" in text

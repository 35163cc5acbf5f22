from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from llama_float64 import Llama64
from recording import RecordingObserver

from localloom_agent.canary import CANARY_DIR, CANARY_ID
from localloom_agent.engines.interface import EngineFault, ProbeRequest
from localloom_agent.engines.tvm import TvmEngine
from localloom_agent.engines.tvm.session import Session
from localloom_diagnosis.evidence import FACT_NAMES
from localloom_diagnosis.taxonomy import Category, Phase

REFERENCE = json.loads((CANARY_DIR / "reference.json").read_text(encoding="utf-8"))["prompts"]


def probe(**request):
    """Probe on the CPU; the observer, and the fault where there was one."""
    observer, caught = RecordingObserver(), None
    try:
        TvmEngine().probe(ProbeRequest("tvm", **{"model": "canary", "device": "cpu", **request}), observer)
    except EngineFault as fault:
        caught = fault
    assert caught is None or caught.facts.keys() <= FACT_NAMES
    return observer, caught


@pytest.fixture(scope="module")
def canary_run():
    return probe()


@pytest.fixture
def compiled_once(monkeypatch):
    """Compile the canary once for all tests that only differ in what they generate."""
    from localloom_agent.engines.tvm import engine

    real = engine.compile_model

    def compile_model(arch, quantization, context, target, device):
        key = (arch, quantization, context)
        if key not in _COMPILED:
            _COMPILED[key] = real(arch, quantization, context, target, device)
        return _COMPILED[key]

    monkeypatch.setattr(engine, "compile_model", compile_model)


_COMPILED = {}
pytestmark = pytest.mark.usefixtures("compiled_once")


def test_the_canary_answers_as_it_should(canary_run):
    """The canary's greedy answer agrees with the float64 reference, token by token, and stops by itself."""
    observer, fault = canary_run
    assert fault is None
    (report,) = observer.reports
    assert report.text == REFERENCE[0]["text"] == observer.streamed()
    assert report.numeric_check.status == "passed"
    assert report.numeric_check.agreement == 1.0
    assert report.numeric_check.min_margin == pytest.approx(REFERENCE[0]["min_margin"], abs=0.05)
    assert report.finish_reason == "stop"
    assert report.prompt_tokens == len(REFERENCE[0]["prompt_ids"])
    assert report.completion_tokens == len(REFERENCE[0]["token_ids"]) - 1
    assert min(report.ttft_s, report.tokens_per_s, report.prefill_tokens_per_s) > 0


def test_every_phase_reports(canary_run):
    """Each phase has a span, in order, and the figures that it is there for."""
    observer, _ = canary_run
    assert observer.phases() == list(Phase)[1:]
    attributes = {k: v for span in observer.spans for k, v in span.attributes.items()}
    assert attributes["artifact.bytes"] == 518400
    assert "llvm" in attributes["compile.target"]
    assert attributes["kv_cache.bytes"] == 2 * 4 * 4 * 1 * 64 * 512
    assert attributes["host.rss_after"] > 0
    assert attributes["gen_ai.usage.output_tokens"] == observer.reports[0].completion_tokens
    assert observer.engines[0]["device"] == "cpu"
    assert observer.models[0]["id"] == CANARY_ID
    assert observer.kept_facts.keys() <= FACT_NAMES
    assert [s for s in observer.steps if s[0] is Phase.WEIGHTS][-1][1:4] == (518400, 518400, "bytes")


def test_an_engine_can_be_used_twice(canary_run):
    """A second probe in the same process says the same."""
    observer, fault = probe()
    assert fault is None
    assert observer.reports[0].token_ids == canary_run[0].reports[0].token_ids


@pytest.mark.parametrize("entry", REFERENCE, ids=lambda entry: entry["name"])
def test_every_reference_answer_is_reproduced(entry):
    """Every answer in reference.json comes out exactly, the long ones too."""
    observer, fault = probe(prompt=entry["prompt"], max_tokens=400)
    assert fault is None
    assert observer.reports[0].text == entry["text"]
    assert observer.reports[0].numeric_check.agreement == 1.0


def test_max_tokens_ends_the_answer():
    """With fewer tokens than the answer has, the finish is "length", and the comparison is of as many tokens."""
    observer, fault = probe(max_tokens=5)
    (report,) = observer.reports
    assert fault is None
    assert (report.completion_tokens, report.finish_reason) == (5, "length")
    assert report.numeric_check.status == "passed"
    assert list(report.token_ids) == REFERENCE[0]["token_ids"][:5]


def test_sampling_follows_its_seed():
    """With a temperature, the same seed gives the same text, and there is no reference to compare with."""
    first, second, other = (
        probe(temperature=3.0, seed=seed, max_tokens=30)[0].reports[0] for seed in (1, 1, 2)
    )
    assert first.token_ids == second.token_ids != other.token_ids
    assert first.numeric_check.status == "not_available"
    assert first.numeric_check.reason


def test_an_unknown_prompt_is_checked_for_finite_logits_only():
    """A prompt without a reference answer is not called passed."""
    observer, fault = probe(prompt="qwerty", max_tokens=3)
    assert fault is None
    assert observer.reports[0].numeric_check.status == "not_available"
    assert "finite" in observer.reports[0].numeric_check.reason


def test_another_models_text_is_that_of_float64(make_folder):
    """A folder of one's own is generated from as the float64 pass generates."""
    path = make_folder("q4f32_1")
    observer, fault = probe(model=str(path), max_tokens=12)
    assert fault is None
    (report,) = observer.reports
    from localloom_agent.artifacts import open_folder
    from localloom_agent.engines.tvm.tokenizer import TextCodec

    ids = TextCodec(open_folder(path)).encode_chat("Hola, ¿funciona?")
    expected = Llama64.from_folder(path).greedy(ids, 12, {2}).token_ids
    assert list(report.token_ids) == [token for token in expected if token != 2]
    assert report.numeric_check.status == "not_available"


def test_a_prompt_beyond_the_context_is_refused_before_any_compute(monkeypatch):
    """A prompt that does not fit ends in generate.context_overflow with both figures, and no step is computed."""
    monkeypatch.setattr(Session, "_step", lambda *_: pytest.fail("something was computed"))
    observer, fault = probe(prompt="palabra " * 600)
    assert fault.category is Category.GENERATE_CONTEXT_OVERFLOW
    assert fault.facts["context.window"] == 512
    assert fault.facts["prompt.tokens"] > 512
    assert observer.failed_phase() is Phase.GENERATE


def test_an_answer_that_fills_the_context_ends_with_length():
    """Generation goes to the context's last position, and ends there as "length"."""
    observer, fault = probe(options={"context_window": 40})
    (report,) = observer.reports
    assert fault is None
    assert report.finish_reason == "length"
    assert (
        report.prompt_tokens + report.completion_tokens == 40 + 1
    )  # the last token chosen needs no position


def test_a_narrower_context_can_be_asked_for():
    """The option context_window narrows the model's, and never widens it; nonsense is config.invalid."""
    _, fault = probe(options={"context_window": 16})
    assert (fault.category, fault.facts["context.window"]) == (Category.GENERATE_CONTEXT_OVERFLOW, 16)
    _, fault = probe(options={"context_window": "many"})
    assert fault.category is Category.CONFIG_INVALID


def test_numbers_that_are_none_are_found(monkeypatch):
    """NaN and infinite logits are reported with the generation, and then raised as generate.numeric."""
    real = Session._step

    def spoilt(self, function, ids):
        logits = real(self, function, ids).copy()
        if self.position > 32:
            logits[:3] = float("nan"), float("inf"), float("-inf")
        return logits

    monkeypatch.setattr(Session, "_step", spoilt)
    observer, fault = probe()
    (report,) = observer.reports
    assert fault.category is Category.GENERATE_NUMERIC
    assert fault.facts["tokens.nonfinite"] == 3
    assert report.numeric_check.status == "failed"
    assert report.finish_reason == "error"
    assert 0 < report.completion_tokens < 5


def test_wrong_tokens_are_found(monkeypatch):
    """Finite but wrong logits on the canary end in generate.numeric with the share of tokens that are right."""
    real = Session._step

    def wrong(self, function, ids):
        logits = real(self, function, ids).copy()
        if self.position == 35:
            logits[99] = 1e4
        return logits

    monkeypatch.setattr(Session, "_step", wrong)
    observer, fault = probe()
    assert fault.category is Category.GENERATE_NUMERIC
    assert 0 < fault.facts["tokens.agreement"] < 1
    assert observer.reports[0].numeric_check.agreement == fault.facts["tokens.agreement"]


def test_a_margin_that_rounding_cannot_explain_is_found(monkeypatch):
    """Right tokens with one wrong margin end in generate.numeric, which says which token and how far off."""
    real = Session._step

    def flatter(self, function, ids):
        logits = real(self, function, ids).copy()
        if self.position == 35:
            logits[logits.argmax()] -= 0.3
        return logits

    monkeypatch.setattr(Session, "_step", flatter)
    observer, fault = probe()
    check = observer.reports[0].numeric_check
    assert fault.category is Category.GENERATE_NUMERIC
    assert (check.status, check.agreement) == ("failed", 1.0)
    assert f"the margin of token {35 - len(REFERENCE[0]['prompt_ids']) + 1} is" in check.reason
    assert "off by 0.3" in check.reason
    assert check.reason in str(fault)


@pytest.mark.parametrize(
    "name", ["model.layers.1.mlp.gate_up_proj.q_weight", "model.layers.2.self_attn.qkv_proj.q_weight"]
)
def test_weights_damaged_after_they_were_verified_are_found(name, monkeypatch, tmp_path):
    """4 KiB of a matrix zeroed between verification and loading are found, whatever the tokens say."""
    from localloom_agent.engines.tvm import loading

    real = loading.load_parameters

    def load_damaged(folder, *args):
        damaged = Path(shutil.copytree(folder.path, tmp_path / "damaged"))
        shard, record = next((s, r) for s, r in folder.tensors.records() if r.name == name)
        with (damaged / shard.file).open("r+b") as stream:
            stream.seek(record.offset + record.nbytes // 2)
            stream.write(bytes(4096))
        return real(replace(folder, path=damaged), *args)

    monkeypatch.setattr(loading, "load_parameters", load_damaged)
    observer, fault = probe()
    assert fault.category is Category.GENERATE_NUMERIC
    assert observer.failed_phase() is Phase.GENERATE
    assert observer.reports[0].numeric_check.status == "failed"


def test_flipped_weights_are_found_before_they_are_computed_with(tmp_path):
    """One flipped bit in a shard fails the weights phase: no later phase runs."""
    folder = shutil.copytree(CANARY_DIR, tmp_path / "m")
    shard = folder / "params_shard_0.bin"
    data = bytearray(shard.read_bytes())
    data[1000] ^= 4
    shard.write_bytes(data)
    observer, fault = probe(model=str(folder))
    assert fault.category is Category.ARTIFACT_CORRUPT
    assert observer.failed_phase() is Phase.WEIGHTS
    assert observer.phases()[-1] is Phase.WEIGHTS


def test_a_tokenizer_that_the_library_refuses_is_its_fault(tmp_path):
    """JSON with the looks of a tokenizer that the library cannot read is artifact.tokenizer, in its words."""
    folder = shutil.copytree(CANARY_DIR, tmp_path / "m")
    (folder / "tokenizer.json").write_text('{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": 7}}')
    observer, fault = probe(model=str(folder))
    assert fault.category is Category.ARTIFACT_TOKENIZER
    assert fault.facts["artifact.file"] == "tokenizer.json"
    assert observer.failed_phase() is Phase.METADATA


def test_an_unknown_model_fails_in_resolve():
    """A model that nobody knows fails the resolve phase."""
    observer, fault = probe(model="TinyLlama-9B")
    assert fault.category is Category.ARTIFACT_MODEL_NOT_FOUND
    assert observer.failed_phase() is Phase.RESOLVE


@pytest.mark.parametrize("name", ["tvm", "tokenizers", "numpy"])
def test_a_missing_module_is_a_finding(name, monkeypatch):
    """A module that is not installed fails the runtime phase as host.missing_dependency."""
    from localloom_agent.engines.tvm import runtime

    real = runtime.importlib.import_module

    def import_module(module):
        if module == name:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(module)

    monkeypatch.setattr(runtime.importlib, "import_module", import_module)
    observer, fault = probe()
    assert fault.category is Category.HOST_MISSING_DEPENDENCY
    assert fault.facts["module.missing"] == name
    assert observer.failed_phase() is Phase.RUNTIME


def test_a_broken_runtime_is_raised_as_it_is(monkeypatch):
    """An import that fails for another reason than absence is evidence: it leaves the span unchanged."""
    from localloom_agent.engines.tvm import runtime

    def broken(name):
        raise ImportError(f"lib{name}.so: undefined symbol: TVMFFIFoo")

    monkeypatch.setattr(runtime.importlib, "import_module", broken)
    with pytest.raises(ImportError, match="undefined symbol"):
        probe()


def test_a_model_too_large_for_the_machine_is_refused_before_it_is_loaded(monkeypatch):
    """An estimate far beyond what is available ends the load phase as host.out_of_memory, with both figures."""
    from localloom_agent.engines.tvm import memory

    monkeypatch.setattr(memory, "available_host_bytes", lambda: 1 << 20)
    monkeypatch.setattr(memory, "MARGIN_BYTES", 0)
    observer, fault = probe()
    assert fault.category is Category.HOST_OUT_OF_MEMORY
    assert fault.facts["memory.needed"] > fault.facts["memory.available"] == 1 << 20
    assert observer.failed_phase() is Phase.LOAD


def run_python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        check=False,
    )


def test_the_package_imports_without_a_runtime():
    """Importing the engine imports neither TVM, numpy nor tokenizers: their absence is found in a span."""
    code = (
        "import sys; import localloom_agent.engines.tvm; "
        "print([m for m in ('tvm', 'tvm_ffi', 'numpy', 'tokenizers') if m in sys.modules])"
    )
    assert run_python(code).stdout.strip() == "[]"


def test_no_compiler_is_looked_for():
    """With an empty PATH the canary still compiles, runs and passes, in a process of its own."""
    code = (
        f"import sys; sys.path.insert(0, {str(CANARY_DIR.parents[2] / 'tests' / 'agent' / 'engines')!r})\n"
        "from recording import RecordingObserver\n"
        "from localloom_agent.engines.tvm import TvmEngine\n"
        "from localloom_agent.engines.interface import ProbeRequest\n"
        "o = RecordingObserver(); TvmEngine().probe(ProbeRequest('tvm', 'canary', device='cpu'), o)\n"
        "print(o.reports[0].numeric_check.status)"
    )
    run = run_python(code, PATH="/nonexistent", HOME="/nonexistent")
    assert run.stdout.strip() == "passed", run.stderr

"""The engine's own logic where the console script cannot show it: threads, spans, versions with other surfaces."""

from __future__ import annotations

import sys
import threading
import time
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
from runs import Probe

from localloom_agent.engines import reference_text
from localloom_agent.engines.interface import EngineFault, NumericCheck, ProbeRequest
from localloom_agent.engines.mlc import files
from localloom_agent.engines.mlc.faults import understood
from localloom_agent.engines.mlc.generation import Answer
from localloom_agent.engines.mlc.guard import Guard, NeverReturns, quietly
from localloom_agent.engines.mlc.models import known_to_the_agent, resolve
from localloom_agent.engines.mlc.scene import Scene
from localloom_agent.engines.mlc.settings import read_settings
from localloom_agent.engines.track import Place, Track
from localloom_agent.redaction import Redactor
from localloom_agent.supervisor.run import Plan, Supervisor
from localloom_agent.supervisor.watchdog import DEFAULT_LIMITS, Limit
from localloom_diagnosis.taxonomy import Category, Outcome, Phase

KNOWN = known_to_the_agent()


@pytest.fixture
def heard(monkeypatch):
    """Errors that reached the hook which was there before the guard."""
    seen = []
    monkeypatch.setattr(threading, "excepthook", lambda args: seen.append(args.exc_value))
    return seen


def die(error):
    thread = threading.Thread(target=lambda: (_ for _ in ()).throw(error))
    thread.start()
    thread.join()


def test_a_call_that_waits_for_a_dead_thread_ends_with_its_error(heard):
    """The hook that was there hears of the error too, and the caller gets it within seconds."""
    guard, error = Guard(), ValueError("Cannot find parameter in cache: lm_head.weight")
    started = time.monotonic()
    with guard.listening(), pytest.raises(NeverReturns, match="lm_head") as caught:
        guard.call(lambda: (die(error), threading.Event().wait()), "MLCEngine(...)")
    assert caught.value.error is error
    assert heard == [error]
    assert time.monotonic() - started < 5


def test_a_call_that_raises_itself_is_believed(heard):
    """Its own error comes first, SystemExit too, although a thread died before."""
    guard = Guard()
    with guard.listening(), pytest.raises(SystemExit):
        guard.call(lambda: (die(ValueError("a thread")), sys.exit(2)), "MLCEngine(...)")
    assert len(heard) == 1


def test_a_progress_bar_that_dies_is_no_failure(heard):
    """Only plain threads are mlc-llm's own."""

    class Bar(threading.Thread):
        def run(self):
            raise OSError("the terminal is gone")

    def work():
        bar = Bar(daemon=True)
        bar.start()
        bar.join()
        time.sleep(1)
        return "built"

    guard = Guard()
    with guard.listening():
        assert guard.call(work, "MLCEngine(...)") == "built"
    assert len(heard) == 1


def test_the_hook_is_given_back():
    """After the probe, errors of threads go where they went before."""
    before = threading.excepthook
    with Guard().listening():
        assert threading.excepthook is not before
    assert threading.excepthook is before


def test_a_stream_whose_thread_is_gone_without_a_word_ends():
    """Native code can end a thread with no exception: whether it lives is looked at."""
    guard, dead = Guard(), threading.Event()

    def items():
        yield 1
        dead.set()
        threading.Event().wait()

    with guard.listening(), pytest.raises(NeverReturns, match="ended without an error"):
        assert list(guard.stream(items, "the stream", lambda: not dead.is_set())) == [1]


def test_an_end_that_does_not_end_is_left():
    """`terminate()` may wait for ever too."""
    started = time.monotonic()
    assert not quietly(threading.Event().wait, 0.2)
    assert quietly(lambda: 1 / 0, 5)
    assert time.monotonic() - started < 2


def test_one_span_is_open_at_a_time(recording):
    """A stage goes on where it came from, or where it is told; what fails is what was open then."""
    track = Track(recording)
    load, weights, config = (
        Place(Phase.LOAD, "load"),
        Place(Phase.WEIGHTS, "read"),
        Place(Phase.METADATA, "read config"),
    )
    with pytest.raises(ValueError, match="cut"), track.failing():
        track.enter(load)
        with track.stage(config):
            pass
        with track.stage(config, after=config):
            pass
        with track.stage(weights):
            raise ValueError("cut")
    assert [(s.name, s.error is not None) for s in recording.spans] == [
        ("load", False),
        ("read config", False),
        ("load", False),
        ("read config", False),
        ("read", True),
    ]


@pytest.fixture
def recording():
    class Recorder:
        def __init__(self):
            self.spans = []

        def span(self, phase, name, **attributes):
            span = SimpleNamespace(phase=phase, name=name, error=None, set=attributes.update)
            self.spans.append(span)

            class Context:
                def __enter__(self):
                    return span

                def __exit__(self, kind, error, trace):
                    span.error = error

            return Context()

    return Recorder()


@pytest.mark.parametrize(
    ("reference", "argument", "source"),
    [
        ("canary", KNOWN["canary_dir"], "shipped"),
        ("HF://mlc-ai/x-MLC", "HF://mlc-ai/x-MLC", "hub"),
        ("https://huggingface.co/mlc-ai/x-MLC/", "HF://mlc-ai/x-MLC", "hub"),
        ("qwen2.5-0.5b-instruct-q4f16_1-mlc", "HF://mlc-ai/Qwen2.5-0.5B-Instruct-q4f16_1-MLC", "hub"),
        ("/no/such/folder", "/no/such/folder", "folder"),
    ],
)
def test_a_reference_becomes_what_mlc_llm_takes(reference, argument, source):
    """A folder or an HF:// address; a path that is absent is left to mlc-llm's own words."""
    model = resolve(reference, KNOWN)
    assert (model.argument, model.source) == (argument, source)


def test_an_unknown_name_comes_with_the_nearest():
    """A mistyped id is found again."""
    with pytest.raises(EngineFault, match="near") as caught:
        resolve("Qwen2.5-0.5B-Instruct-q4f16-MLC", KNOWN)
    assert "Qwen2.5-0.5B-Instruct-q4f16_1-MLC" in caught.value.facts["model.nearest"]


@pytest.mark.parametrize("options", [{"modle_lib": "x"}, {"mode": "fast"}, {"context_window": "many"},
                                     {"gpu_memory_utilization": 2}])  # fmt: skip
def test_a_wrong_option_is_named(options):
    """Before anything is imported or built."""
    with pytest.raises(EngineFault) as caught:
        read_settings(options)
    assert caught.value.category is Category.CONFIG_INVALID
    assert caught.value.facts["artifact.key"] == next(iter(options))


def test_a_context_window_narrows_what_the_engine_allows():
    """One option, both of mlc-llm's fields."""
    config = read_settings({"context_window": 256, "agent": {}}).config
    assert config == {"max_single_sequence_length": 256, "max_total_sequence_length": 256}


def test_memory_of_a_gpu_is_not_that_of_the_host():
    """The same sentence of mlc-llm means another category on another device."""
    error = RuntimeError("The available single GPU memory is 100.5 MB, which is less than the sum of model weight size "
                         "(600.000 MB) and temporary buffer size (20.000 MB).")  # fmt: skip
    fault = understood(error, Scene(Phase.LOAD, "cuda:0", "m", None))
    assert fault.category is Category.GPU_OUT_OF_MEMORY
    assert fault.facts == {"model.id": "m", "gpu.memory.free": 100_500_000, "gpu.memory.needed": 620_000_000}


@pytest.mark.parametrize(
    "error",
    [
        KeyError("weights"),
        RuntimeError("Cannot find compilation output, compilation failed"),
        OSError("x" * 9000),
    ],
)
def test_what_is_not_certain_is_left_to_the_diagnosis(error):
    """A key that is not the model's type, a failed compilation whose cause is elsewhere, an unknown text."""
    assert understood(error, Scene(Phase.COMPILE, "cpu", "m", None)) is None


def test_a_library_for_another_machine_is_not_called_damaged(tmp_path):
    """A whole library of the wrong kind is incompatible, which the diagnosis knows from the loader's words."""
    library = tmp_path / "lib.so"
    library.write_bytes(b"\x7fELF and more")
    text = f"Failed to load dynamic shared library {library} {library}: wrong ELF class: ELFCLASS32"
    assert understood(RuntimeError(text), Scene(Phase.LOAD, "cpu", "m", None)) is None


@pytest.mark.parametrize(
    ("content", "doubt"), [('{"model": {}}', False), ("[]", True), ('{"a": 1}', True), ("no JSON", False)]
)
def test_a_file_that_makes_mlc_llm_abort_is_known_before(tmp_path, content, doubt):
    """JSON without a tokenizer in it; what is no JSON at all raises, and needs no warning."""
    (tmp_path / "tokenizer.json").write_text(content)
    assert bool(files.doubtful_tokenizer(tmp_path)) is doubt


def chunk(text, finish=None, usage=None):
    choices = (
        [SimpleNamespace(delta=SimpleNamespace(content=text), finish_reason=finish)]
        if text is not None
        else []
    )
    return SimpleNamespace(choices=choices, usage=usage)


def test_chunks_are_not_tokens():
    """Without usage, tokens are counted by the tokenizer, and the rate is theirs."""
    answer = Answer()
    for piece in ("Hola, ", "¿qué tal? ", "Bien."):
        answer.take(chunk(piece))
        time.sleep(0.02)
    answer.take(chunk("", "stop"))
    report = answer.report(NumericCheck("not_available"), lambda _text: 9)
    assert report.completion_tokens == 9
    assert report.tokens_per_s == pytest.approx(8 / 0.04, rel=0.5)
    assert report.ttft_s > 0
    assert report.finish_reason == "stop"


def test_the_engines_own_figures_are_preferred():
    """`usage.extra` measures inside the engine, before text is put together."""
    answer = Answer()
    answer.take(chunk("Hola", "stop"))
    extra = {"ttft_s": 0.5, "prefill_tokens_per_s": 60.0, "decode_tokens_per_s": 7.5}
    answer.take(chunk(None, usage=SimpleNamespace(prompt_tokens=30, completion_tokens=4, extra=extra)))
    report = answer.report(NumericCheck("not_available"), lambda _text: None)
    assert (report.ttft_s, report.prefill_tokens_per_s, report.tokens_per_s) == (0.5, 60.0, 7.5)


@pytest.mark.parametrize(("text", "status"), [("la la la", "failed"), ("", "failed")])
def test_a_wrong_answer_of_the_canary_is_found_token_by_token(text, status):
    """Where the tokenizer can be opened, the share of right tokens is known."""
    request = ProbeRequest(engine="mlc", model="canary", prompt="Hola, ¿funciona?")
    checked = reference_text.check(Path(KNOWN["canary_dir"]), request, text, "stop")
    assert checked.status == status
    assert checked.agreement < 0.5


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("old", "an mlc-llm without the functions that are listened to"),
        ("no-usage", "an answer without usage"),
        ("no-extra", "usage without figures"),
        ("never-ends", "terminate() that never returns"),
    ],
    ids=lambda value: value if "-" in value or value == "old" else "",
)
def test_a_version_with_other_surfaces_passes_all_the_same(runs, standin_python, name, words):
    """What can not be listened to is a note, never a failure."""
    args = ("--engine", "mlc", "--python", str(standin_python))
    runs.start(f"surface {name}", Probe(args, {"LOCALLOOM_STANDIN": name}))
    done = runs.result(f"surface {name}")
    assert done.code == 0, (words, done.document)
    assert done.document["generation"]["completion_tokens"] > 10
    assert done.orphans == []
    if name == "old":
        weights = next(p for p in done.document["phases"] if p["phase"] == "weights")
        assert weights["reason"].startswith("not timed")


def test_a_mock_library_needs_no_compiler(runs, standin_python):
    """With a library given, `compile` says why it was skipped."""
    args = ("--engine", "mlc", "--python", str(standin_python), "--option", "model_lib=mock://echo")
    runs.start("mock", Probe(args))
    done = runs.result("mock")
    assert done.code == 0
    compile_phase = next(p for p in done.document["phases"] if p["phase"] == "compile")
    assert (compile_phase["status"], compile_phase["reason"]) == ("skipped", "a compiled library was given")


def test_a_long_compilation_is_no_hang(standin_python, monkeypatch):
    """The compiler runs in a process that mlc-llm started: its work counts, although nothing is reported."""
    monkeypatch.setenv("LOCALLOOM_STANDIN", "jit-works=6")
    limits = {**DEFAULT_LIMITS, Phase.COMPILE: Limit(idle_s=3, busy_s=60)}
    request = ProbeRequest("mlc", "canary", options={"agent": KNOWN})
    record = Supervisor(uuid.uuid4(), None, Redactor.for_this_machine()).run(
        Plan(request, python=str(standin_python), limits=limits)
    )
    assert record.outcome is Outcome.PASSED, record.errors
    assert record.phases[Phase.COMPILE].duration_nano > 5e9

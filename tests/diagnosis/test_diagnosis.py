"""What holds for every diagnosis: order, sums, languages, notes, bounds."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from localloom_diagnosis import (
    RULES_VERSION,
    Category,
    ErrorRecord,
    Evidence,
    Exchange,
    Phase,
    diagnose,
    scoring,
)
from localloom_diagnosis import diagnosis as whole
from localloom_diagnosis.advice import SMALLER_MODEL, book, human_bytes, remedies, retryable, summary
from localloom_diagnosis.evidence import FACT_NAMES
from localloom_diagnosis.rules import HINTS, INDEX, TEXT_RULES, RuleIndex, StateRule
from localloom_diagnosis.rules.engine import engine_named_in

WORDS = st.sampled_from(
    ["CUDA", "error", "out of memory", "Killed", "404", "Not Found", "tokenizer", "Traceback (most recent call last):", "\n", ":", "'", "/a/b",
     "timed out", "http://x.org", "Caused by:", "at f (a.js:1:2)", "KeyError: 'x'", "NaN", "\x00", "\ud800", "\x1b[1m", "İ"]
)  # fmt: skip
TEXTS = st.one_of(st.text(st.characters(), max_size=300), st.lists(WORDS, max_size=40).map(" ".join))


@given(TEXTS, st.sampled_from([None, *Phase]), st.sampled_from(["", "tvm", "web-llm", "ollama"]))
@example("HTTP0ORG0NAN", Phase.PREFLIGHT, "tvm")
@settings(max_examples=300, deadline=None)
def test_any_text_is_diagnosed(text, phase, runtime):
    """Any text gives sorted candidates whose scores add up to at most 1, a bounded signature and remedies, without notes."""
    evidence = Evidence(errors=Evidence.from_text(text).errors, phase=phase, runtime=runtime)
    result = diagnose(evidence)
    scores = [candidate.score for candidate in result.candidates]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) <= 1 + 1e-9
    assert all(0 <= score <= 1 for score in scores)
    assert len({c.category for c in result.candidates}) == len(scores)
    assert result.category is result.candidates[0].category
    assert result.confidence == scores[0]
    assert len(result.signature) <= 160
    assert result.signature.startswith(result.category.value + "|")
    assert result.summary
    assert result.remedies
    assert not result.notes
    assert result.rules_version == RULES_VERSION
    json.dumps(result.to_json())


@given(
    st.dictionaries(
        st.sampled_from(["id", "runtime", "phase", "error_type", "message", "hardware", "other"]),
        st.one_of(st.none(), st.integers(), st.text(max_size=40), st.lists(st.text(max_size=9), max_size=3), st.booleans(),
                  st.floats(), st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=2)),
    )
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_any_report_is_diagnosed(report):
    """A report with missing, null or odd values is read as far as it goes."""
    assert diagnose(Evidence.from_report(report)).category in Category


def test_unknown_phase_is_ignored_and_a_known_one_is_kept():
    """The phase of a report is one of ours, another program's word for one of ours, or none."""
    assert Evidence.from_report({"message": "x", "phase": "banana"}).phase is None
    assert Evidence.from_report({"message": "x", "phase": "LOAD"}).phase is Phase.LOAD
    assert Evidence.from_report({"message": "x", "phase": "download"}).phase is Phase.WEIGHTS


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_category_has_words_in_both_languages(category, lang):
    """No category is without a summary and two remedies that need no facts, for any engine."""
    for runtime in ("", "tvm", "mlc-llm", "web-llm", "llama.cpp", "ollama", "vllm"):
        assert summary(category, {}, runtime, lang)
        assert len(remedies(category, {}, runtime, lang)) >= 2


@pytest.mark.parametrize("category", list(Category))
def test_languages_say_the_same_with_the_same_figures(category):
    """Line by line, both languages use the same slots, and only known facts."""
    english, spanish = book("en")[category], book("es")[category]
    for one, other in ((english.summary, spanish.summary), (english.remedies, spanish.remedies)):
        assert len(one) == len(other)
        for line, translated in zip(one, other, strict=True):
            slots = set(re.findall(r"\{([a-z0-9_.]+)\}", line.text))
            assert slots == set(re.findall(r"\{([a-z0-9_.]+)\}", translated.text))
            assert slots <= FACT_NAMES
            assert line.text != translated.text
            assert (line.runtimes, line.without) == (translated.runtimes, translated.without)


def test_reasons_are_in_the_language_asked_for():
    """The reason of a candidate, the summary and the remedies follow the language; another language is English."""
    evidence = Evidence.from_text("CUDA out of memory")
    english, spanish, other = (diagnose(evidence, lang) for lang in ("en", "es", "xx"))
    assert "memory ran out" in english.candidates[0].because
    assert "se agotó" in spanish.candidates[0].because
    assert "memoria" in spanish.remedies[0] + spanish.summary
    assert other == english
    assert (english.category, english.signature, english.confidence) == (
        spanish.category,
        spanish.signature,
        spanish.confidence,
    )


def test_every_rule_has_reasons_in_both_languages():
    """No rule speaks without a sentence in each language."""
    rules = (*TEXT_RULES, *HINTS.rules)
    assert all(rule.reason.en and rule.reason.es and rule.reason.en != rule.reason.es for rule in rules)
    assert len({rule.name for rule in rules}) == len(rules)


def test_sentence_names_the_object_and_the_figures():
    """Where the figures are known, summary and remedies say them as a person reads them."""
    facts = {
        "gpu.memory.needed": 2_100_000_000,
        "gpu.memory.free": 900_000_000,
        "model.smaller": SMALLER_MODEL,
    }
    result = diagnose(
        Evidence(errors=(ErrorRecord("E", "", category=Category.GPU_OUT_OF_MEMORY),), facts=facts)
    )
    assert "2.1 GB" in result.summary
    assert "900 MB" in result.summary
    assert result.remedies[0] == f"It needs 2.1 GB, 900 MB is free: try {SMALLER_MODEL}."


@pytest.mark.parametrize(
    ("category", "message", "facts", "named"),
    [
        (
            Category.ARTIFACT_INCOMPATIBLE,
            "models of type 'foozoid' cannot be built; choose one of: foo, bar",
            {"artifact.key": "model_type", "artifact.expected": "foo, bar", "artifact.actual": "foozoid"},
            "foozoid",
        ),
        (
            Category.ARTIFACT_INCOMPATIBLE,
            "the parameters are not those of the foo q9f9 that the config claims",
            {"artifact.file": "cache.json", "artifact.expected": "a", "artifact.actual": "b"},
            "q9f9",
        ),
        (
            Category.ARTIFACT_TOKENIZER,
            "the largest id of tokenizer.json is 777",
            {"artifact.file": "tokenizer.json", "artifact.expected": "ids to 9", "artifact.actual": "777"},
            "777",
        ),
        (
            Category.CONFIG_INVALID,
            "'pear' names no device",
            {"artifact.key": "device", "device.requested": "pear"},
            "pear",
        ),
        (Category.CONFIG_INVALID, "'plum' is no colour", {}, "plum"),
        (
            Category.ARTIFACT_CORRUPT,
            "shard.bin has another MD5",
            {"artifact.file": "shard.bin", "artifact.expected_bytes": 9, "artifact.actual_bytes": 9,
             "artifact.expected_md5": "aa", "artifact.actual_md5": "bb"},
            "bb",
        ),
    ],
)  # fmt: skip
def test_what_a_check_found_is_said_and_its_object_is_in_the_first_remedies(category, message, facts, named):
    """English repeats the check's own sentence; both languages name the object in the first or second remedy."""
    evidence = Evidence(errors=(ErrorRecord("CheckError", message, category=category),), facts=facts)
    english, spanish = diagnose(evidence), diagnose(evidence, "es")
    assert english.summary == message + "."
    assert message not in spanish.summary
    for result in (english, spanish):
        assert named in " ".join(result.remedies[:2])
        assert "9 bytes" not in result.summary + " ".join(result.remedies)


def test_remembered_shapes_change_no_verdict():
    """The same rules match at the same places whether or not lines of the same shape came before."""
    lines = [f"request {n} answered with status {n}" for n in (404, 200, 503, 111)]
    fresh = RuleIndex(TEXT_RULES)
    for line in lines:
        known = [(rule.name, start, end) for rule, start, end in INDEX.places(line, line.lower())]
        again = [(rule.name, start, end) for rule, start, end in INDEX.places(line, line.lower())]
        alone = [(rule.name, start, end) for rule, start, end in fresh.places(line + " " * 600, line.lower())]
        assert sorted(known) == sorted(again) == sorted(alone)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ModuleNotFoundError: No module named 'mlc_llm'", "mlc_llm"),
        ("libcudart.so.13: cannot open shared object file", "libcudart.so.13"),
        ("404 Client Error: Not Found for url: https://models.example.org/x", "models.example.org"),
    ],
)
def test_objects_in_the_text_are_named(text, name):
    """A module, library or host that the text names is in the summary."""
    assert name in diagnose(Evidence.from_text(text)).summary


def test_webgpu_advice_never_promises_a_cpu_back_end():
    """In a browser the way without a GPU is the native engine: WebLLM has no CPU or WASM back end."""
    result = diagnose(
        Evidence.from_report({"message": "Unable to find a compatible GPU", "runtime": "web-llm"})
    )
    assert any("Enable WebGPU" in remedy for remedy in result.remedies)
    assert any("--engine tvm" in remedy for remedy in result.remedies)


def test_service_worker_advice_is_to_reload_the_extension():
    """A lost service worker comes back by reloading the extension."""
    result = diagnose(
        Evidence.from_report({"message": "Extension context invalidated.", "runtime": "web-llm"})
    )
    assert "chrome://extensions" in result.remedies[0]


@pytest.mark.parametrize(
    ("text", "engine", "advised"),
    [
        ("Error: WebGPU is not supported", "web-llm", "chrome://gpu"),
        ("Uncaught Error: Service worker registration failed", "web-llm", "chrome://extensions"),
        ("TypeError: Failed to fetch", "web-llm", "virus scanner"),
        (
            "Error: pull model manifest: file does not exist (ollama run qwen)",
            "ollama",
            "`ollama pull MODEL`",
        ),
        (
            "Error: [transformers.js] Can't create a session: QuotaExceededError",
            "transformers.js",
            "private windows",
        ),
    ],
)
def test_a_pasted_text_tells_its_engine(text, engine, advised):
    """Nobody says which engine it was: the words do, and the advice is for that engine; who says it is believed."""
    assert engine_named_in(text.lower()) == engine
    assert any(advised in remedy for remedy in diagnose(Evidence.from_text(text)).remedies)
    other = diagnose(Evidence(errors=Evidence.from_text(text).errors, runtime="vllm"))
    assert not any(advised in remedy for remedy in other.remedies)


def test_a_text_that_names_no_engine_has_none():
    """A build of the system's packages that could not be fetched is no browser's."""
    assert engine_named_in("e: failed to fetch http://deb.example.org/pool/main/x.deb 404 not found") == ""


@pytest.mark.parametrize(
    ("category", "status", "helps"),
    [
        (Category.NETWORK_HTTP_ERROR, 404, False),
        (Category.NETWORK_HTTP_ERROR, 429, True),
        (Category.NETWORK_HTTP_ERROR, 503, True),
        (Category.NETWORK_TIMEOUT, None, True),
        (Category.ARTIFACT_CORRUPT, None, False),
        (Category.GPU_OUT_OF_MEMORY, None, False),
    ],
)
def test_retry_helps_where_the_cause_can_pass(category, status, helps):
    """Time-outs, 429 and 5xx can pass by themselves; an absent file or a full GPU does not."""
    assert retryable(category, status) is helps


def test_rule_that_raises_is_a_note(monkeypatch):
    """A failing rule does not end the diagnosis: it is noted, and the others speak."""

    def broken(_scene):
        raise ZeroDivisionError("no")

    monkeypatch.setattr(scoring, "_WORDS_ONLY", (StateRule("broken", broken, words_only=True),))
    result = diagnose(Evidence.from_text("CUDA out of memory beside a broken rule"))
    assert result.category is Category.GPU_OUT_OF_MEMORY
    assert any("broken" in note for note in result.notes)


def test_long_text_is_cut_and_noted():
    """A text beyond the limit keeps its first and last words and the lines that speak of errors."""
    middle = "x " * 40_000 + "\nCUDA out of memory error\n" + "y " * 40_000
    result = diagnose(Evidence(errors=(ErrorRecord("", middle),)))
    assert result.category is Category.GPU_OUT_OF_MEMORY
    assert result.notes


def test_bytes_are_humane():
    """Bytes are shown in the largest unit that leaves at least one."""
    assert [human_bytes(n) for n in (12, 4_000, 640_000_000, 2_100_000_000)] == [
        "12 bytes",
        "4 kB",
        "640 MB",
        "2.1 GB",
    ]


def test_evidence_survives_json():
    """Evidence read from a pasted text comes back the same from its JSON form, and is diagnosed the same."""
    evidence = Evidence(
        errors=Evidence.from_text("RuntimeError: CUDA out of memory").errors,
        phase=Phase.LOAD,
        exchanges=(Exchange("https://x.example.org", 404),),
        exit_code=1,
    )
    again = Evidence.from_json(json.loads(json.dumps(evidence.to_json())))
    assert diagnose(again) == diagnose(evidence)


@pytest.mark.parametrize(
    "piece", ["lib", "lib.", "killed" + " " * 2000, "1", "a.dll", "'a ", "/a", "a@", "Caused by: ", 'File "']
)
def test_hostile_text_takes_linear_time(piece):
    """No repeated text makes a pattern search for seconds."""
    started = time.process_time()
    diagnose(Evidence.from_text(piece * (400_000 // len(piece))))
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "line",
    [
        "RuntimeError: CUDA out of memory. Tried to allocate {} MiB",
        "request answered with status {}",
        "{} Client Error: for url https://models.example.org/{}",
        "the tool ended with exit code {}",
        "OSError: [Errno {}] something about a file",
        "layer {} of 7 is in libfoo{}.so.1: cannot open shared object file",
    ],
)
def test_verdict_on_a_line_does_not_depend_on_lines_before(line):
    """Lines that differ in their figures are diagnosed alone as they are after one another."""
    lines = [line.replace("{}", str(figure)) for figure in (404, 500, 137, 111, 200, 139, 401, 628)]
    after_others = [diagnose(Evidence.from_text(one)) for one in lines]
    alone = [whole._diagnose(Evidence.from_text(one), "en") for one in lines]
    for one, other in zip(after_others, alone, strict=True):
        assert one.candidates == other.candidates
        assert one.signature == other.signature

"""How evidence of different kinds is weighed together, and which of several errors is the cause."""

from __future__ import annotations

import pytest

from localloom_diagnosis import Category, ErrorRecord, Evidence, Exchange, Phase, diagnose

C = Category


def verdict(**evidence):
    return diagnose(Evidence(**evidence)).category


@pytest.mark.parametrize(
    ("evidence", "category"),
    [
        ({"signal": "SIGKILL", "facts": {"cgroup.oom_kills": 1}}, C.HOST_OUT_OF_MEMORY),
        ({"exit_code": 137, "facts": {"cgroup.oom_kills": 2}}, C.HOST_OUT_OF_MEMORY),
        ({"exit_code": -9}, C.HOST_OUT_OF_MEMORY),
        ({"signal": "SIGKILL", "facts": {"cgroup.oom_kills": 0}}, C.PROCESS_CRASHED),
        (
            {"signal": "SIGSEGV", "facts": {"memory.peak": 95, "memory.limit": 100}},
            C.HOST_OUT_OF_MEMORY,
        ),
        ({"signal": "SIGSEGV", "facts": {"memory.peak": 10, "memory.limit": 100}}, C.PROCESS_CRASHED),
        ({"signal": "SIGILL"}, C.HOST_UNSUPPORTED_CPU),
        ({"signal": "SIGSEGV"}, C.PROCESS_CRASHED),
        ({"signal": "SIGBUS"}, C.PROCESS_CRASHED),
        ({"exit_code": 134}, C.PROCESS_CRASHED),
        ({"exit_code": 0xC0000005}, C.PROCESS_CRASHED),
        ({"exit_code": -1073741795}, C.HOST_UNSUPPORTED_CPU),
        ({"exit_code": 0xC0000135}, C.HOST_MISSING_DEPENDENCY),
        ({"hung": True}, C.PROCESS_HUNG),
        ({"hung": True, "signal": "SIGKILL"}, C.PROCESS_HUNG),
        ({"hung": True, "exchanges": (Exchange("https://models.example.org/x"),)}, C.NETWORK_TIMEOUT),
        ({"hung": True, "exchanges": (Exchange("https://models.example.org/x", 200),)}, C.PROCESS_HUNG),
        ({"exchanges": (Exchange("https://models.example.org/x", 403),)}, C.NETWORK_BLOCKED),
        ({"exchanges": (Exchange("https://models.example.org/x", 503),)}, C.NETWORK_HTTP_ERROR),
        (
            {"exchanges": (Exchange("https://x.example.org/y", 404),), "phase": Phase.RESOLVE},
            C.ARTIFACT_MODEL_NOT_FOUND,
        ),
        (
            {"exchanges": (Exchange("https://x.example.org/y", 404),), "phase": Phase.WEIGHTS},
            C.NETWORK_HTTP_ERROR,
        ),
        ({"facts": {"tokens.agreement": 0.5}}, C.GENERATE_NUMERIC),
        ({"facts": {"tokens.nonfinite": 3}}, C.GENERATE_NUMERIC),
        ({"facts": {"prompt.tokens": 900, "context.window": 512}}, C.GENERATE_CONTEXT_OVERFLOW),
        ({"facts": {"disk.free": 10, "disk.needed": 20}}, C.STORAGE_QUOTA_OR_DISK_FULL),
        ({"facts": {"gpu.memory.free": 10, "gpu.memory.needed": 20}}, C.GPU_OUT_OF_MEMORY),
        ({"facts": {"memory.available": 10, "memory.needed": 20}}, C.HOST_OUT_OF_MEMORY),
        (
            {"facts": {"artifact.file": "a.bin", "artifact.expected_bytes": 9, "artifact.actual_bytes": 8}},
            C.ARTIFACT_CORRUPT,
        ),
        ({"facts": {"artifact.actual": "Git LFS pointer"}}, C.ARTIFACT_CORRUPT),
        ({"facts": {"module.missing": "libfoo.so"}}, C.HOST_MISSING_DEPENDENCY),
        ({"facts": {"model.nearest": "foo-1, foo-2"}}, C.ARTIFACT_MODEL_NOT_FOUND),
        ({"facts": {"device.requested": "cuda", "device.reason": "no driver"}}, C.GPU_UNSUPPORTED),
    ],
)
def test_state_alone_names_the_category(evidence, category):
    """Exit, figures and exchanges lead to a category without any text."""
    assert verdict(**evidence) is category


@pytest.mark.parametrize(
    ("kind", "phase", "category"),
    [
        ("MemoryError", Phase.LOAD, C.HOST_OUT_OF_MEMORY),
        ("AssertionError", Phase.WEIGHTS, C.ARTIFACT_CORRUPT),
    ],
)
def test_empty_error_means_what_its_phase_means(kind, phase, category):
    """An exception without words is read by its type and the phase that raised it."""
    assert verdict(errors=(ErrorRecord(kind, ""),), phase=phase) is category


def test_tokenizer_step_tells_what_a_bare_exception_means():
    """The tokenizers library raises a bare Exception: the phase or the trace says that it was the tokenizer."""
    error = ErrorRecord("Exception", "EOF while parsing an object at line 1 column 16")
    assert verdict(errors=(error,), phase=Phase.METADATA) is C.ARTIFACT_TOKENIZER


def test_declared_category_is_very_strong():
    """What the probe's own check concluded outweighs words that would mean something else."""
    error = ErrorRecord("CheckError", "Connection refused while asking", category=C.STORAGE_PERMISSION)
    result = diagnose(Evidence(errors=(error,)))
    assert result.category is C.STORAGE_PERMISSION
    assert result.confidence >= 0.9


def test_counter_of_kills_confirms_what_a_check_declared():
    """Evidence for the same category adds up, and evidence against it lowers the confidence."""
    error = ErrorRecord("CheckError", "ended", category=C.HOST_OUT_OF_MEMORY)
    alone = diagnose(Evidence(errors=(error,))).confidence
    confirmed = diagnose(Evidence(errors=(error,), facts={"cgroup.oom_kills": 1})).confidence
    contradicted = diagnose(Evidence(errors=(error,), signal="SIGSEGV", hung=False)).confidence
    assert contradicted < alone <= confirmed


CHAINED = (
    "Traceback (most recent call last):\n"
    '  File "a.py", line 1, in load\n'
    "    load()\n"
    "RuntimeError: CUDA out of memory. Tried to allocate 2 GiB\n"
    "\n"
    "During handling of the above exception, another exception occurred:\n"
    "\n"
    "Traceback (most recent call last):\n"
    '  File "a.py", line 9, in main\n'
    "    table['x']\n"
    "KeyError: 'x'\n"
)

FIRST = (
    (CHAINED, C.GPU_OUT_OF_MEMORY),
    (
        "unknown model architecture: 'foo'\nllama_model_load: error loading model\nFailed to load model\n",
        C.ARTIFACT_INCOMPATIBLE,
    ),
    (
        "OSError: [Errno 28] No space left on device\nRuntimeError: Engine core initialization failed. See root cause above.",
        C.STORAGE_QUOTA_OR_DISK_FULL,
    ),
    (
        "TypeError: fetch failed\n  [cause]: Error: getaddrinfo ENOTFOUND models.example.org",
        C.NETWORK_UNREACHABLE,
    ),
    (
        "Error: unable to load model\n\nCaused by:\n    No space left on device (os error 28)",
        C.STORAGE_QUOTA_OR_DISK_FULL,
    ),
    (
        "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\nAborted",
        C.HOST_OUT_OF_MEMORY,
    ),
    (
        "thread 'main' panicked at src/a.rs:1:2:\nno CUDA-capable device is detected\nnote: run with RUST_BACKTRACE=1",
        C.GPU_UNSUPPORTED,
    ),
)


@pytest.mark.parametrize(("text", "category"), FIRST)
def test_first_failure_of_a_chain_is_the_cause(text, category):
    """Wrappers and consequences after the first failure do not take its place."""
    assert diagnose(Evidence.from_text(text)).category is category


def test_cause_is_found_in_stderr_where_the_exception_says_nothing():
    """A wrapper's sentence gives way to the compiler's own words on stderr."""
    error = ErrorRecord("RuntimeError", "Cannot find compilation output, compilation failed")
    result = verdict(errors=(error,), stderr_tail="/bin/sh: nvcc: command not found", phase=Phase.COMPILE)
    assert result in (C.HOST_MISSING_DEPENDENCY, C.COMPILE_FAILED)


def test_engine_decides_where_the_words_are_the_same():
    """A library that MLC compiled for other GPUs is replaced; of a shipped binary it is as often the card that is too old."""
    text = "CUDA error: no kernel image is available for execution on the device"
    of_mlc, of_other = (
        diagnose(Evidence.from_report({"message": text, "runtime": runtime}))
        for runtime in ("mlc-llm", "llama.cpp")
    )
    assert of_mlc.category is of_other.category is C.ARTIFACT_INCOMPATIBLE
    assert of_other.candidates[1].category is C.GPU_FEATURE_MISSING
    assert of_mlc.confidence > of_other.confidence


def test_single_words_are_asked_only_where_no_phrase_is_known():
    """A text without a known phrase gets a verdict from its words that nobody need act upon; a known phrase is not outvoted by them."""
    weak = diagnose(Evidence.from_text("error: the tokenizer said something odd about its vocab"))
    assert weak.category is C.ARTIFACT_TOKENIZER
    assert weak.confidence < 0.9
    assert (
        verdict(errors=Evidence.from_text("tokenizer vocab tokenizer: CUDA out of memory").errors)
        is C.GPU_OUT_OF_MEMORY
    )


def test_kill_without_a_witness_is_said_with_less_than_certainty():
    """Where no counter says who killed, memory is likely; where it says that nobody ran out, somebody else killed."""
    error = ErrorRecord("", "the process was ended by SIGKILL", "supervisor")
    alone = diagnose(Evidence(errors=(error,), signal="SIGKILL", stderr_tail="Killed"))
    assert alone.category is C.HOST_OUT_OF_MEMORY
    assert alone.confidence < 0.9
    counted = diagnose(Evidence(errors=(error,), signal="SIGKILL", facts={"cgroup.oom_kills": 0}))
    assert [c.category for c in counted.candidates[:2]] == [C.PROCESS_CRASHED, C.HOST_OUT_OF_MEMORY]


def test_library_that_cannot_be_mapped_near_the_limit_is_memory():
    """The loader says that it could not map a segment; the figures say why."""
    error = ErrorRecord("ImportError", "libfoo.so: failed to map segment from shared object")
    facts = {"memory.peak": 95, "memory.limit": 100}
    assert verdict(errors=(error,), facts=facts) is C.HOST_OUT_OF_MEMORY


@pytest.mark.parametrize("piece", ["foo", "<pad>", "!"])
def test_text_that_repeats_itself_is_wrong_output(piece):
    """One piece of text again and again is no answer, in the phase that generates."""
    error = ErrorRecord("", piece * 20)
    assert verdict(errors=(error,), phase=Phase.GENERATE) is C.GENERATE_NUMERIC

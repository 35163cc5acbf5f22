"""Lines that the logs of good runs hold too: they do not hide what failed."""

from __future__ import annotations

import pytest

from localloom_diagnosis import Category, Evidence, diagnose

C = Category
USUAL = (
    "slot release: id  0 | task 0 | stop processing: n_past = 120, truncated = 0",
    "llama_context: n_ctx_per_seq (22000) > n_ctx_train (8192) -- possible training context overflow",
    "[2024-09-05 13:46:06] INFO auto_device.py:88: Not found device: vulkan:0",
    "ggml_metal_init: skipping kernel_mul_mm_bf16_f32 (not supported)",
    "FutureWarning: The `use_auth_token` argument is deprecated and will be removed in v5",
    "Some weights of the model checkpoint were not used when initializing LlamaModel",
    'level=INFO msg="waiting for server to become available" status="llm server error"',
)
FAILURES = (
    ("GGML_ASSERT(n <= tokens.size()) failed", C.PROCESS_CRASHED),
    ("RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB", C.GPU_OUT_OF_MEMORY),
    ("ModuleNotFoundError: No module named 'sentencepiece'", C.HOST_MISSING_DEPENDENCY),
    ("OSError: [Errno 28] No space left on device", C.STORAGE_QUOTA_OR_DISK_FULL),
    ("Segmentation fault (core dumped)", C.PROCESS_CRASHED),
    (
        "requests.exceptions.ConnectTimeout: Connection to huggingface.co timed out",
        C.NETWORK_TIMEOUT,
    ),
)


@pytest.mark.parametrize(("failure", "category"), FAILURES)
@pytest.mark.parametrize("usual", USUAL)
def test_a_usual_line_does_not_hide_the_failure(usual: str, failure: str, category: Category) -> None:
    """A line that programs write while nothing is wrong is no cause of the error after it."""
    assert diagnose(Evidence.from_text(f"{usual}\n{failure}\n")).category is category


def test_output_that_is_no_text_is_a_numeric_fault() -> None:
    """A sign again and again, or marks without words, is what a model with broken numbers writes."""
    for said in (
        "Hello, my name is " + "\u2047 " * 20,
        "Java is a " + "\u25a1" * 25,
        "on my own.,..,.," * 5 + ",.,." * 9,
    ):
        assert diagnose(Evidence.from_text(said)).category is C.GENERATE_NUMERIC


def test_a_progress_bar_is_no_output() -> None:
    """The bars and spinners of a download are not taken for repeated output."""
    for said in ("Downloading: 48%|" + "\u2588" * 40 + "| 4.70G/9.88G", "pulling 3a " + "\u280b" * 30):
        assert diagnose(Evidence.from_text(said)).category is not C.GENERATE_NUMERIC


PLACES = (
    (
        (
            "Traceback (most recent call last):\n"
            '  File "/x/tiktoken/load.py", line 154, in load_tiktoken_bpe\n'
            "    token, rank = line.split()\n"
            "ValueError: not enough values to unpack (expected 2, got 1)\n"
        ),
        C.ARTIFACT_TOKENIZER,
    ),
)


@pytest.mark.parametrize(("trace", "category"), PLACES)
def test_the_place_of_a_bare_error_speaks(trace: str, category: Category) -> None:
    """An error without words of its own is judged by the code that raised it."""
    assert diagnose(Evidence.from_text(trace)).category is category


def test_a_compiler_that_is_not_there_is_a_missing_dependency() -> None:
    """Whoever looks for a compiler in vain lacks it: nothing failed to compile."""
    for said in (
        "RuntimeError: Compilation error:\nclang: not found",
        "RuntimeError: Cannot find cc, clang or gcc in PATH",
        "/bin/sh: 1: cc: not found",
    ):
        evidence = Evidence.from_report({"message": said, "phase": "compile", "runtime": "mlc-llm"})
        assert diagnose(evidence).category is C.HOST_MISSING_DEPENDENCY


def test_a_tokenizer_that_a_check_found_wrong_outweighs_the_abort() -> None:
    """That the process aborted is what the tokenizer's file led to."""
    evidence = Evidence(
        runtime="mlc-llm",
        signal="SIGABRT",
        stderr_tail="fatal runtime error: failed to initiate panic, error 5\nAborted (core dumped)",
        facts={"artifact.file": "tokenizer.json", "artifact.actual": "valid JSON without a model"},
    )
    assert diagnose(evidence).category is C.ARTIFACT_TOKENIZER

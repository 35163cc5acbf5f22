"""Verdicts on lines that differ in figures only: each gets what it would get on its own."""

from __future__ import annotations

import random

import pytest

from localloom_diagnosis import Evidence, diagnose
from localloom_diagnosis import diagnosis as whole

LINES = (
    "RuntimeError: CUDA out of memory. Tried to allocate 512 MiB (GPU 0; 8.00 GiB total capacity)",
    "requests.exceptions.HTTPError: 404 Client Error: Not Found for url: https://example.org/models/17/config.json",
    "OSError: libfoo3.so.12: cannot open shared object file: No such file or directory",
    "process exited with exit code 139",
    "download of shard 7 failed with status code 503",
    "[12:00:07] INFO request 812 answered in 17 ms",
    "ggml-cuda.cu:75: CUDA error 209 at line 42",
    "Exit code: 0xc0000135 after 12 s",
    "llm_load_tensors: offloaded 12/33 layers to GPU",
    "ValueError: Cannot find parameter in cache: model.layers.7.mlp.down_proj.q_weight",
    "OSError: [Errno 28] No space left on device: 'params_shard_12.bin'",
    "loading layer 7 of 32",
    "ModuleNotFoundError: No module named 'engine7.backend12'",
    "the prompt is 5120 tokens and the context window is 4096",
    "ERROR: 403 Client Error: Forbidden for url: https://node7.example.org/x/12",
)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("line", LINES)
def test_figures_are_judged_as_if_the_line_were_alone(line: str, lang: str) -> None:
    """What is remembered of a line with other figures gives the verdict that judging the line itself gives."""
    chance = random.Random(line)
    for _ in range(60):
        said = "".join(
            chance.choice("0123456789") if c.isdigit() and chance.random() < 0.7 else c for c in line
        )
        evidence = Evidence.from_report({"message": said, "phase": chance.choice(["load", "generate"])})
        assert diagnose(evidence, lang) == whole._diagnose(evidence, lang)

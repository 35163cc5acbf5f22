"""Lines that speak more quietly than an error: information, warnings, and what programs say while nothing is wrong."""

from __future__ import annotations

import re
from enum import Enum

from .text import line_at

#: So much of a line is looked at before and after the words in question, in characters.
_BEFORE = 300
_AFTER = 200

_QUIET = re.compile(
    r"level=(?:info|debug|warn)|^\s*(?:\S{1,40} ){0,3}\[?(?:info|debug|warn(?:ing)?|note)\b[\]: ]|: (?:note|warning): |\b[a-z]{3,40}warning: "
)

#: What the logs of runs that went well hold too, in lower case.
_USUAL = re.compile(
    # llama.cpp and what is built on it
    r"n_past ?=|truncated ?= ?[01]\b|skipping kernel_|n_ctx_per_seq|possible training context|pre-tokenizer type, using|tokenizer config may be incorrect"
    r"|is not marked as eog|special_eo[sg]_ids?|n_keep ?=|munmap failed|cannot be used with preferred buffer type|avx2? ?= ?[01] \||chat template (?:is not|parsing)[^\n]{0,40}fall|using legacy|no previous model file found"
    # ollama
    r"|server config\W{1,3}env=|status=\"?llm server|waiting for (?:server|llama runner) to|dlsym: |unused blobs|key not found[^\n]{0,60}default"
    # mlc-llm
    r"|not found device: |to reduce memory usage, tweak|set native vector bits|if you have high concurrent requests|small max batch size|cannot parse target features\.|with `-mcpu=apple-latest` is not valid"
    # transformers, vLLM and the packages below them
    r"|not used when initializing|setting `?pad_token_id|`?use_auth_token`? argument is deprecated|`?torch_dtype`? is deprecated|default legacy behaviour"
    r"|special tokens have been added|compiled without gpu support\. 8-bit|consider installing (?:it )?for better|flash-attention package not found|flash-attenton"
    r"|ignore import error|cannot use flashattention|not fully optimized yet|typedstorage is deprecated|failed to load image python extension|symlinks? (?:on windows|support)"
    r"|unable to register cu\w+ factory|a matching triton is not available|xformers (?:is )?not (?:available|installed)|failed to import from vllm\._\w+ with|triton not installed;|resource_tracker: there|tf-trt warning|could not find cuda drivers on your machine"
    # collective communication looks for plugins that are seldom there
    r"|net/(?:plugin|ib|oob|socket) ?:|no plugin found, using internal"
    # onnxruntime and tokenizers
    r"|assigned to the preferred execution providers|rerunning with verbose output on a non-minimal build|after parallelism has already been used|tokenizers_parallelism|setting (?:eos|pad|unk|bos)_token is not supported"
    # browsers, of their extensions
    r"|unchecked runtime\.lasterror"
    # builds
    r"|successfully (?:installed|uninstalled|downloaded)|requirement already satisfied|deprecation warning|ccache not found|disabling ccache|not found on \$path$"
)


class Tone(Enum):
    """How a line speaks."""

    LOUD = 0
    QUIET = 1
    """Information, debugging or a warning."""
    USUAL = 2
    """Programs say it while nothing is wrong."""


def tone(low: str, position: int) -> Tone:
    """How the line of the lower-cased text speaks that `position` is on."""
    if usual(low, position):
        return Tone.USUAL
    start, end = line_at(low, position)
    return Tone.QUIET if _QUIET.search(low[start : min(end, start + _AFTER)]) else Tone.LOUD


def usual(low: str, position: int) -> bool:
    """Whether the line of the lower-cased text that `position` is on is one that programs say while nothing is wrong."""
    start, end = line_at(low, position)
    return _USUAL.search(low, max(start, position - _BEFORE), min(end, position + _AFTER)) is not None


def without_usual(text: str) -> str:
    """The text without the lines that programs say while nothing is wrong, where it has others."""
    if "\n" not in text:
        return text
    kept = [line for line in text.split("\n") if not _USUAL.search(line[: _BEFORE + _AFTER].lower())]
    return "\n".join(kept) if kept else text

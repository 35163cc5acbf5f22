"""All rules, in the order in which families are listed; the order decides nothing but ties."""

from __future__ import annotations

from . import (
    artifact,
    artifact_files,
    artifact_formats,
    artifact_parts,
    artifact_tokenizer,
    artifact_versions,
    bindings,
    browser,
    compilation,
    config,
    config_calls,
    generate,
    gpu,
    gpu_faults,
    gpu_features,
    host,
    memory,
    memory_host,
    mlc,
    mlc_build,
    mlc_device,
    network,
    network_blocked,
    network_words,
    process,
    process_hung,
    storage,
    toolchain,
    vocabulary,
    webllm,
    workers,
)
from .frames import frames
from .index import RuleIndex, Watched, found
from .rule import Group, Reason, Scene, StateRule, TextRule, Vote, Votes
from .silence import priors
from .state import STATE_RULES as GENERAL_STATE_RULES
from .state import number, pending

#: Version of the rules: a verdict is stored with it, and recomputed when it changes.
RULES_VERSION = "2026.11.10"

TEXT_RULES: tuple[TextRule, ...] = (
    *memory.RULES,
    *memory_host.RULES,
    *gpu.RULES,
    *gpu_features.RULES,
    *gpu_faults.RULES,
    *network.RULES,
    *network_blocked.RULES,
    *network_words.RULES,
    *storage.RULES,
    *artifact.RULES,
    *artifact_versions.RULES,
    *artifact_formats.RULES,
    *artifact_parts.RULES,
    *artifact_tokenizer.RULES,
    *artifact_files.RULES,
    *host.RULES,
    *toolchain.RULES,
    *bindings.RULES,
    *compilation.RULES,
    *process.RULES,
    *process_hung.RULES,
    *workers.RULES,
    *generate.RULES,
    *config.RULES,
    *config_calls.RULES,
    *browser.RULES,
    *mlc.RULES,
    *mlc_build.RULES,
    *mlc_device.RULES,
    *webllm.RULES,
)

STATE_RULES: tuple[StateRule, ...] = (
    *GENERAL_STATE_RULES,
    *gpu.STATE_RULES,
    *browser.STATE_RULES,
    *memory_host.STATE_RULES,
)

INDEX = RuleIndex(TEXT_RULES)

#: Asked only where no phrase is known.
HINTS = RuleIndex(vocabulary.RULES)

__all__ = [
    "HINTS",
    "INDEX",
    "RULES_VERSION",
    "STATE_RULES",
    "TEXT_RULES",
    "Group",
    "Reason",
    "RuleIndex",
    "Scene",
    "StateRule",
    "TextRule",
    "Vote",
    "Votes",
    "Watched",
    "found",
    "frames",
    "number",
    "pending",
    "priors",
]

"""All rules, in the order in which families are listed; the order decides nothing but ties."""

from __future__ import annotations

from . import (
    artifact,
    artifact_tokenizer,
    artifact_versions,
    bindings,
    browser,
    compilation,
    config,
    generate,
    gpu,
    gpu_faults,
    host,
    memory,
    network,
    process,
    process_hung,
    storage,
    toolchain,
    vocabulary,
    workers,
)
from .frames import frames
from .index import RuleIndex, Watched, found
from .rule import Group, Reason, Scene, StateRule, TextRule, Vote, Votes
from .silence import priors
from .state import STATE_RULES as GENERAL_STATE_RULES
from .state import number, pending

#: Version of the rules: a verdict is stored with it, and recomputed when it changes.
RULES_VERSION = "2026.11.9"

TEXT_RULES: tuple[TextRule, ...] = (
    *memory.RULES,
    *gpu.RULES,
    *gpu_faults.RULES,
    *network.RULES,
    *storage.RULES,
    *artifact.RULES,
    *artifact_versions.RULES,
    *artifact_tokenizer.RULES,
    *host.RULES,
    *toolchain.RULES,
    *bindings.RULES,
    *compilation.RULES,
    *process.RULES,
    *process_hung.RULES,
    *workers.RULES,
    *generate.RULES,
    *config.RULES,
    *browser.RULES,
)

STATE_RULES: tuple[StateRule, ...] = (*GENERAL_STATE_RULES, *browser.STATE_RULES)

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

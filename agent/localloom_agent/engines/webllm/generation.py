"""From what the page says of an answer to the report, with web-llm's own figures where it gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localloom_agent.engines.interface import GenerationReport, NumericCheck


def report(answer: Mapping[str, Any], checked: NumericCheck) -> GenerationReport:
    """The report of one answer."""
    usage: Mapping[str, Any] = answer.get("usage") or {}
    extra: Mapping[str, Any] = usage.get("extra") or {}
    tokens = int(usage.get("completion_tokens") or answer["chunks"])
    decode = answer.get("decode")
    own_rate = (tokens - 1) / decode if decode and tokens > 1 else None
    return GenerationReport(
        text=answer["text"],
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        completion_tokens=tokens,
        ttft_s=answer.get("ttft"),
        tokens_per_s=(extra.get("decode_tokens_per_s") or own_rate) if tokens > 1 else None,
        prefill_tokens_per_s=extra.get("prefill_tokens_per_s") or None,
        finish_reason=answer["finish"] if answer["finish"] in {"stop", "length"} else "error",
        numeric_check=checked,
    )

"""One answer, streamed from MLCEngine and timed with the engine's own figures where it gives them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from localloom_agent.engines.interface import GenerationReport, NumericCheck, ProbeRequest


@dataclass(slots=True)
class Answer:
    """What has come so far."""

    started: float = field(default_factory=time.perf_counter)
    text: str = ""
    chunks: int = 0
    """Pieces of the stream: each may hold part of a token, or several."""
    finish: str = ""
    usage: Any = None
    first_at: float | None = None
    last_at: float | None = None

    def take(self, chunk: Any) -> str:
        """Take in one piece of the stream; returns its text."""
        usage = getattr(chunk, "usage", None)
        if usage is not None:
            self.usage = usage
        piece = ""
        for choice in getattr(chunk, "choices", None) or ():
            content = getattr(getattr(choice, "delta", None), "content", None)
            piece += content if isinstance(content, str) else ""
            self.finish = str(getattr(choice, "finish_reason", None) or self.finish)
        if piece:
            now = time.perf_counter()
            self.first_at = self.first_at if self.first_at is not None else now
            self.last_at = now
            self.chunks += 1
            self.text += piece
        return piece

    def report(self, checked: NumericCheck, count: Callable[[str], int | None]) -> GenerationReport:
        """The report; `count` counts the tokens of a text, for an engine that gives no usage."""
        prompt, completion = _number(self.usage, "prompt_tokens"), _number(self.usage, "completion_tokens")
        tokens = int(completion) if completion is not None else count(self.text) or 0
        extra = getattr(self.usage, "extra", None)
        extra = extra if isinstance(extra, dict) else {}
        return GenerationReport(
            text=self.text,
            prompt_tokens=int(prompt or 0),
            completion_tokens=tokens,
            ttft_s=_positive(extra.get("ttft_s")) or self._ttft(),
            tokens_per_s=(_positive(extra.get("decode_tokens_per_s")) or self._rate(tokens))
            if tokens > 1
            else None,
            prefill_tokens_per_s=_positive(extra.get("prefill_tokens_per_s")),
            finish_reason=self.finish if self.finish in {"stop", "length"} else "error",
            numeric_check=checked,
        )

    def _ttft(self) -> float | None:
        return self.first_at - self.started if self.first_at is not None else None

    def _rate(self, tokens: int) -> float | None:
        if self.first_at is None or self.last_at is None or self.last_at <= self.first_at:
            return None
        return (tokens - 1) / (self.last_at - self.first_at)


def ask(engine: Any, request: ProbeRequest, model: str) -> Iterable[Any]:
    """The stream of the engine's answer; it blocks, perhaps for ever, where the engine does."""
    stream: Iterable[Any] = engine.chat.completions.create(
        messages=[{"role": "user", "content": request.prompt}],
        model=model,
        max_tokens=request.max_tokens,
        temperature=request.temperature,
        seed=request.seed,
        stream=True,
        stream_options={"include_usage": True},
    )
    return stream


def token_counter(engine: Any) -> Callable[[str], int | None]:
    """Counts tokens with the engine's own tokenizer; None where that cannot be used."""

    def count(text: str) -> int | None:
        try:
            return len(engine.tokenizer.encode(text))
        except Exception:
            return None

    return count


def _number(usage: Any, name: str) -> float | None:
    value = getattr(usage, name, None)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _positive(value: object) -> float | None:
    usable = isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0
    return float(value) if usable and isinstance(value, (int, float)) else None

"""Generates text with a loaded model: streams it, times it, and checks the numbers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from localloom_agent.engines.interface import EngineFault, GenerationReport, NumericCheck
from localloom_diagnosis.taxonomy import Category

from .reference import Reference, agreement, farthest_margin
from .sampling import Choice, Sampler
from .session import TokenFeeder
from .tokenizer import TextStream

OnText = Callable[[int, str], None]
"""Told how many tokens there are, and the text that the last one completed."""
OnPrefill = Callable[[int], None]
"""Told how many tokens of the prompt have been fed."""


@dataclass(slots=True)
class Generation:
    """One answer while it is being generated."""

    session: TokenFeeder
    sampler: Sampler
    stream: TextStream
    stop_ids: frozenset[int]
    max_tokens: int
    sampled: list[int] = field(default_factory=list)
    """Every token chosen, a stop token at the end included."""
    margins: list[float] = field(default_factory=list)
    nonfinite: int = 0
    finish: str = "length"
    _times: list[float] = field(default_factory=list)
    _prefill_s: float = 0.0
    _prompt_tokens: int = 0

    def run(self, prompt_ids: list[int], on_prefill: OnPrefill, on_text: OnText) -> None:
        """Generate until a stop, `max_tokens`, a full cache, or a logit that is no number."""
        start = time.perf_counter()
        self._prompt_tokens = len(prompt_ids)
        logits = None
        for fed, after in self.session.prefill(prompt_ids):
            on_prefill(fed)
            logits = after
        self._prefill_s = time.perf_counter() - start
        while logits is not None and len(self.sampled) < self.max_tokens:
            choice = self.sampler.choose(logits)
            self._times.append(time.perf_counter() - start)
            if not self._take(choice, on_text) or self._full():
                break
            logits = self.session.decode(choice.token)
        tail = self.stream.finish()
        if tail:
            on_text(len(self.sampled), tail)

    def _full(self) -> bool:
        return len(self.sampled) >= self.max_tokens or self.session.position >= self.session.context

    def _take(self, choice: Choice, on_text: OnText) -> bool:
        """Keep the token; False where it ends the answer."""
        if choice.nonfinite:
            self.nonfinite += choice.nonfinite
            self.finish = "error"
            return False
        self.sampled.append(choice.token)
        self.margins.append(choice.margin)
        if choice.token in self.stop_ids:
            self.finish = "stop"
            return False
        on_text(len(self.sampled), self.stream.push(choice.token))
        if self.stream.stopped:
            self.finish = "stop"
        return not self.stream.stopped

    def report(self, check: NumericCheck) -> GenerationReport:
        """What was generated, with its rates; the stop token is in the rates, not in the tokens."""
        stopped_by_token = bool(self.sampled) and self.sampled[-1] in self.stop_ids
        tokens = self.sampled[:-1] if stopped_by_token else self.sampled
        steps = len(self._times) - 1
        return GenerationReport(
            text=self.stream.text,
            prompt_tokens=self._prompt_tokens,
            completion_tokens=len(tokens),
            ttft_s=self._times[0] if self._times else None,
            tokens_per_s=steps / (self._times[-1] - self._times[0]) if steps > 0 else None,
            prefill_tokens_per_s=self._prompt_tokens / self._prefill_s if self._prefill_s else None,
            finish_reason=self.finish,
            numeric_check=check,
            token_ids=tuple(tokens),
        )

    def check(self, reference: Reference | None, why_none: str) -> NumericCheck:
        """Compare with the reference, where there is one; `why_none` says why there is none."""
        margin = min(self.margins, default=None)
        if self.nonfinite:
            reason = f"{self.nonfinite} logits of token {len(self.sampled) + 1} are NaN or infinite"
            return NumericCheck("failed", nonfinite=self.nonfinite, min_margin=margin, reason=reason)
        if reference is None:
            reason = f"{why_none}: only checked that every logit is finite"
            return NumericCheck("not_available", min_margin=margin, reason=reason)
        # An answer that had no room is compared as far as it goes; one that stopped too early lacks tokens.
        compared = len(self.sampled) if self.finish == "length" else self.max_tokens
        share = agreement(reference.token_ids, self.sampled, compared)
        if share < 1:
            reason = f"{share:.0%} of the tokens are those of the reference"
            return NumericCheck("failed", share, min_margin=margin, reason=reason)
        # Margins this wide survive a good deal of damage: right tokens alone do not prove right weights.
        off = farthest_margin(reference, self.sampled, self.margins)
        if off is not None and off.is_fault:
            reason = (
                f"all tokens are those of the reference, but the margin of token {off.position + 1} is "
                f"{off.actual:.3f}, not {off.expected:.3f}: off by {off.distance:.3f}, more than rounding explains"
            )
            return NumericCheck("failed", share, min_margin=margin, reason=reason)
        return NumericCheck("passed", share, min_margin=margin)


def overflow_fault(prompt_tokens: int, context: int) -> EngineFault:
    """The fault for a prompt that does not fit."""
    return EngineFault(
        Category.GENERATE_CONTEXT_OVERFLOW,
        f"the prompt has {prompt_tokens} tokens, the context holds {context}; shorten the prompt, or choose a "
        "model with a longer context",
        {"prompt.tokens": prompt_tokens, "context.window": context},
    )

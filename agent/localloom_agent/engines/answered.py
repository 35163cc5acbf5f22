"""The end of `generate`, whichever engine made the text: its figures on the span, its report, and its fault."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .interface import EngineFault, GenerationReport, NumericCheck, Observer, Span

ADVICE = "try another device or driver, and compare with --device cpu"


def conclude(report: GenerationReport, span: Span, observer: Observer, advice: str = ADVICE) -> None:
    """Report what was generated; `advice` is what to do when it is wrong, the end of a sentence.

    Raises:
        EngineFault: the model runs, but what it computes is wrong.
    """
    span.set(
        gen_ai__usage__input_tokens=report.prompt_tokens,
        gen_ai__usage__output_tokens=report.completion_tokens,
        gen_ai__response__finish_reason=report.finish_reason,
        generate__ttft_s=report.ttft_s,
        generate__tokens_per_s=report.tokens_per_s,
        generate__numeric_check=report.numeric_check.status,
    )
    observer.generation(report)
    if report.numeric_check.status == "failed":
        raise numeric_fault(report.numeric_check, advice)


def numeric_fault(check: NumericCheck, advice: str = ADVICE) -> EngineFault:
    """The fault for a check that failed."""
    facts: dict[str, float] = {}
    if check.nonfinite:
        facts["tokens.nonfinite"] = check.nonfinite
    if check.agreement is not None:
        facts["tokens.agreement"] = check.agreement
    reason = f"the model loads and runs, but what it computes is wrong: {check.reason}; {advice}"
    return EngineFault(Category.GENERATE_NUMERIC, reason, facts)

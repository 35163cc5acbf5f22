"""The end of a run, for a person: what came out, why, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from localloom_agent.supervisor.record import NANO, RunRecord
from localloom_diagnosis import advice
from localloom_diagnosis.taxonomy import Outcome

from .figures import seconds

if TYPE_CHECKING:
    from localloom_diagnosis.verdict import Diagnosis

STYLES = {Outcome.PASSED: "bold green", Outcome.CANCELLED: "bold yellow"}

WORDS = {
    "en": {
        "what": "What happened",
        "do": "What to do",
        "further": "What further probes say",
        "because": "Because",
        "also": "It could also be",
        "retry": "Trying again can help.",
        "no_retry": "Trying again will not help before something has changed.",
        "delivered": "delivered to {0}",
        "spooled": "kept here, will be delivered later: {0} could not be reached",
        "off": "not sent: no collector was named",
        "agrees": "numbers agree with the reference ({0:.0%})",
        "wrong": "NUMBERS WRONG: {0}",
        "tokens": "{0} tokens, the first after {1}, then {2}",
        "rate": "{0:.1f} tokens/s",
    },
    "es": {
        "what": "Qué ha pasado",
        "do": "Qué hacer",
        "further": "Qué dicen los demás sondeos",
        "because": "Porque",
        "also": "También podría ser",
        "retry": "Volver a intentarlo puede ayudar.",
        "no_retry": "Volver a intentarlo no ayudará mientras no cambie algo.",
        "delivered": "entregado a {0}",
        "spooled": "guardado aquí, se entregará más tarde: no se pudo contactar con {0}",
        "off": "no enviado: no se indicó ningún colector",
        "agrees": "los números coinciden con la referencia ({0:.0%})",
        "wrong": "NÚMEROS ERRÓNEOS: {0}",
        "tokens": "{0} tokens, el primero tras {1}, después {2}",
        "rate": "{0:.1f} tokens/s",
    },
}


def _say(console: Console, text: Text, above: int = 0) -> None:
    """Print a paragraph, indented; wrapped on a terminal, one line for a pipe's reader."""
    if console.is_terminal:
        console.print(Padding(text, (above, 2, 0, 2)))
    else:
        console.print("\n" * above + f"  {text.plain}", soft_wrap=True, markup=False)


def print_summary(console: Console, record: RunRecord, *, collector: str, state: str, lang: str) -> None:
    """Print the end of a run."""
    words = WORDS.get(lang, WORDS["en"])
    outcome = record.outcome or Outcome.CRASHED
    line = Text()
    line.append(outcome.value.upper(), style=STYLES.get(outcome, "bold red"))
    diagnosis = record.diagnosis
    if diagnosis is not None and record.failed_phase is not None:
        line.append(
            f" in {record.failed_phase.value}: " if lang != "es" else f" en {record.failed_phase.value}: "
        )
        line.append(diagnosis.category.value, style="bold")
        line.append(f" ({diagnosis.confidence:.0%})")
    what = record.model.get("id", "")
    engine = " ".join(v for v in (record.engine.get("name", ""), record.engine.get("version", "")) if v)
    device = record.engine.get("device", "")
    console.print(line, soft_wrap=not console.is_terminal)
    took = seconds(record.duration_nano / NANO)
    _say(console, Text(" · ".join(part for part in (what, engine, device, took) if part)))
    if record.generation is not None:
        _generation(console, record.generation, words)
    if diagnosis is not None:
        print_diagnosis(console, diagnosis, lang)
    _say(console, Text(f"run {record.run_id}  {words[state].format(collector)}", style="dim"), above=1)


def _generation(console: Console, report: dict[str, object], words: dict[str, str]) -> None:
    _say(console, Text(f"“{report['text']}”", style="italic"))
    rate, ttft = report["tokens_per_s"], report["ttft_s"]
    said = words["tokens"].format(
        report["completion_tokens"],
        seconds(float(ttft)) if isinstance(ttft, (int, float)) else "–",
        words["rate"].format(rate) if isinstance(rate, (int, float)) else "–",
    )
    check = report["numeric_check"]
    assert isinstance(check, dict)
    if check["status"] == "passed" and check["agreement"] is not None:
        said += "; " + words["agrees"].format(check["agreement"])
    elif check["status"] == "failed":
        said += "; " + words["wrong"].format(check["reason"])
    _say(console, Text(said))


def print_diagnosis(console: Console, diagnosis: Diagnosis, lang: str) -> None:
    """Print a verdict: what happened, why we think so, what else it could be, what to do."""
    words = WORDS.get(lang, WORDS["en"])
    console.print(Text(words["what"], style="bold"))
    _say(console, Text(diagnosis.summary))
    if diagnosis.candidates:
        console.print(Text(words["because"], style="bold"))
        _say(console, Text(diagnosis.candidates[0].because))
    others = [c for c in diagnosis.candidates[1:3] if c.score >= 0.05]
    if others:
        console.print(Text(words["also"], style="bold"))
        for candidate in others:
            # The same words again would not say what else they can mean.
            same = candidate.because == diagnosis.candidates[0].because
            means = advice.summary(candidate.category, {}, "", lang) if same else candidate.because
            _say(console, Text(f"{candidate.category.value} ({candidate.score:.0%}): {means}"))
    if diagnosis.remedies:
        console.print(Text(words["do"], style="bold"))
        for number, remedy in enumerate(diagnosis.remedies, 1):
            _say(console, Text(f"{number}. {remedy}"))
    _say(console, Text(words["retry" if diagnosis.retryable else "no_retry"], style="dim"))


def print_further(console: Console, lines: Sequence[str], lang: str) -> None:
    """Print what the probes of `--differential` found."""
    console.print(Text(WORDS.get(lang, WORDS["en"])["further"], style="bold"))
    for line in lines:
        _say(console, Text(line))

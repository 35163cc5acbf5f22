"""`localloom-agent explain`: the diagnosis of an error that somebody pasted, or of many in JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

import click

from .options import language

if TYPE_CHECKING:
    from localloom_diagnosis.evidence import Evidence


@click.command()
@click.argument("source", metavar="[FILE|-]", type=click.File("rb"), default="-")
@click.option(
    "--jsonl", is_flag=True, help="Each line of input is a report in JSON; each line of output its diagnosis."
)
@click.option("--json", "as_json", is_flag=True, help="Print the diagnosis as one JSON document.")
@click.option(
    "--lang", type=click.Choice(["en", "es"]), help="Language of the diagnosis.  [default: the locale's]"
)
def explain(source: IO[bytes], *, jsonl: bool, as_json: bool, lang: str | None) -> None:
    """Say what an error text means and what to do, from a file or from standard input.

    Any bytes are accepted. With --jsonl a line of input is {"id", "runtime", "phase", "error_type",
    "message", "hardware"}, all but "message" optional.

    \b
    Examples:
      localloom-agent explain error.log
      my-app 2>&1 | localloom-agent explain
      localloom-agent explain --jsonl < reports.jsonl > diagnoses.jsonl
    """
    from localloom_diagnosis.evidence import Evidence

    chosen = language(lang)
    if jsonl:
        encode = json.JSONEncoder(ensure_ascii=False).encode
        for diagnosed in _diagnose_lines(source, chosen):
            sys.stdout.write(encode(diagnosed) + "\n")
        return
    if source is sys.stdin.buffer and source.isatty():
        click.echo("paste the error, then end with Ctrl-D:", err=True)
    evidence = Evidence.from_text(source.read().decode("utf-8", "replace"))
    _print(evidence, chosen, as_json=as_json)


def _diagnose_lines(source: IO[bytes], lang: str) -> Iterator[dict[str, Any]]:
    from localloom_diagnosis.diagnosis import diagnose
    from localloom_diagnosis.evidence import Evidence

    for number, raw in enumerate(source, 1):
        line = raw.decode("utf-8", "replace").strip()
        if not line:
            continue
        try:
            report = json.loads(line)
        except ValueError:
            report = None
        if not isinstance(report, dict):
            click.echo(
                f"note: line {number} is not a JSON object: its text was taken as the message", err=True
            )
            report = {"id": None, "message": line}
        diagnosis = diagnose(Evidence.from_report(report), lang).to_json()
        del diagnosis["summary"]
        yield {"id": report.get("id"), **diagnosis}


def _print(evidence: Evidence, lang: str, *, as_json: bool) -> None:
    from localloom_diagnosis.diagnosis import diagnose

    diagnosis = diagnose(evidence, lang)
    if as_json:
        click.echo(json.dumps(diagnosis.to_json(), indent=2, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.text import Text

    from localloom_agent.report.summary import print_diagnosis

    console = Console(highlight=False)
    console.print(Text(f"{diagnosis.category.value} ({diagnosis.confidence:.0%})", style="bold"))
    print_diagnosis(console, diagnosis, lang)

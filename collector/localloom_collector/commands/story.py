"""A run told in a page of text: what ran, how far it came, what failed and why, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from rich.console import Console
from rich.text import Text

from .output import attribute, cell, console, percent, plain, plural, seconds, size
from .waterfall import print_waterfall

#: A phase slower than this share of its peers' is worth a word.
SLOW = 0.95

_STYLES = {
    "passed": "green",
    "failed": "bold red",
    "crashed": "bold red",
    "hung": "bold red",
    "skipped": "dim",
}


def print_story(run: Mapping[str, Any]) -> None:
    """The document of `show --json`, for a person."""
    out = console()
    _header(out, run)
    print_waterfall(out, run)
    _standing(out, run["peers"])
    if run["failure"]:
        _failure(out, run["failure"])
    _children(out, run)
    if run["generation"]:
        _generation(out, run["generation"])


def _line(out: Console, name: str, value: str) -> None:
    if value not in ("", "-"):
        out.print(Text(f"{name:<10}", style="dim"), Text(plain(value)), sep="", soft_wrap=True)


def _say(out: Console, text: str, style: str = "", indent: int = 2, hang: int = 0) -> None:
    """A paragraph, folded to a terminal's width; in a pipe it stays one line, for grep."""
    lines = wrap(
        plain(text),
        max(out.width - indent, 20),
        break_long_words=False,
        break_on_hyphens=False,
        subsequent_indent=" " * hang,
    )
    for line in lines:
        out.print(Text(" " * indent + line, style=style), soft_wrap=True)


def _header(out: Console, run: Mapping[str, Any]) -> None:
    out.print(
        Text("Run ", style="bold"), Text(run["run_id"], style="bold"), Text(" "),
        Text(run["outcome"], style=_STYLES.get(run["outcome"], "yellow")), sep="", soft_wrap=True,
    )  # fmt: skip
    engine, model, machine, delivery = run["engine"], run["model"], run["machine"], run["delivery"]
    _line(
        out,
        "started",
        run["started_at"]
        + (f", took {seconds(run['duration_s'])}" if run["duration_s"] else "")
        + (" (the collector's time: the machine's clock is wrong)" if run["start_clamped"] else ""),
    )
    if run["purpose"] == "differential":
        _line(out, "purpose", f"differential, for {run['parent_run_id']}")
    _line(
        out,
        "engine",
        " ".join(
            filter(None, (engine["name"], engine["version"], engine["device"] and f"on {engine['device']}"))
        ),
    )
    _line(
        out,
        "model",
        ", ".join(filter(None, (model["id"], model["bytes"] and size(model["bytes"]), model["source"]))),
    )
    _line(out, "machine", machine["machine_id"])
    shown = (
        "hw.cpu.model",
        "hw.gpu.model",
        "hw.gpu.driver_version",
        "host.memory",
        "os.type",
        "os.version",
        "browser.name",
    )
    known = machine["attributes"]
    _line(
        out,
        "",
        ", ".join(attribute(name, known[name]) for name in shown if known.get(name) not in (None, "")),
    )
    if machine["clock_skew_s"] is not None and abs(machine["clock_skew_s"]) >= 5:
        side = "behind" if machine["clock_skew_s"] > 0 else "ahead"
        _line(out, "clock", f"{seconds(abs(machine['clock_skew_s']))} {side} the collector's")
    _line(out, "labels", ", ".join(f"{k}={v}" for k, v in sorted(run["labels"].items())))
    received = f"{plural(delivery['events_received'], 'event')} in {plural(delivery['chunks'], 'chunk')}"
    if delivery["shed"]["events"]:
        received += f", {delivery['shed']['events']} let go of by a full outbox"
    elif delivery["events_missing"]:
        received += f", {delivery['events_missing']} missing"
    _line(out, "received", received)


def _standing(out: Console, peers: Mapping[str, Any] | None) -> None:
    """Phases that took longer than nineteen in twenty of the peers', in a sentence each."""
    if peers is None:
        return
    like = ", ".join(str(value) for value in peers["like"].values())
    slow = [p for p in peers["phases"] if p["slower_than"] >= SLOW]
    out.print()
    for phase in slow:
        # The run itself is one of them: of 29 others and it, the slowest is the slowest 3 %.
        share = max(1, round(100 * max(1 - phase["slower_than"], 1 / (phase["runs"] + 1))))
        _say(
            out,
            f"{phase['phase']} is in the slowest {share} % of {phase['runs']} runs like this one: "
            f"{seconds(phase['duration_s'])}, where half take at most {seconds(phase['p50_s'])}",
            style="yellow",
        )
    if not slow and peers["phases"]:
        _say(out, f"No phase is unusually slow among {peers['runs']} runs like this one.")
    _say(out, f"(like this one: {like})", style="dim")


def _children(out: Console, run: Mapping[str, Any]) -> None:
    if not run["children"]:
        return
    out.print(Text("Further probes, to tell causes apart", style="bold"))
    for child in run["children"]:
        engine = " ".join(filter(None, (child["engine"], child["model"])))
        end = (
            f"{child['outcome']} in {child['phase']}: {child['category']}"
            if child["category"]
            else child["outcome"]
        )
        _say(out, f"{child['run_id']}  {engine}: {end}")


def _failure(out: Console, failure: Mapping[str, Any]) -> None:
    out.print()
    where = f"Failed in {failure['phase']}: " if failure["phase"] else "Failed: "
    out.print(
        Text(where, style="bold"), Text(failure["category"], style="bold red"),
        Text(f"  ({percent(failure['confidence'])} sure)"), sep="", soft_wrap=True,
    )  # fmt: skip
    _say(out, failure["summary"])
    for candidate in failure["candidates"][:3]:
        _say(
            out,
            f"{candidate['category']} {percent(candidate['score'] or 0.0)}: {candidate['because']}",
            indent=4,
        )
    agent = failure["agent"]
    if agent["category"] != failure["category"]:
        _say(out, f"the agent said {agent['category']} (rules {agent['rules_version'] or '?'})")
    if failure["note"]:
        _say(out, failure["note"])
    _say(out, f"signature  {failure['signature']}")
    evidence = failure["evidence"]
    for error in evidence.get("errors", ())[:3]:
        message = str(error.get("message", "")).strip().splitlines() or [""]
        _say(out, f"{error.get('type') or error.get('origin', 'error')}: {message[0]}", style="red", indent=4)
    ended = evidence.get("signal") or ("hung" if evidence.get("hung") else evidence.get("exit_code"))
    if ended not in (None, ""):
        _say(out, f"the probed process ended by: {ended}", indent=4)
    for name, value in sorted(evidence.get("facts", {}).items()):
        _say(out, f"{name} = {value}", style="dim", indent=4)
    remedies = failure["remedies"] or agent["remedies"]
    if remedies:
        out.print(Text("What to do", style="bold"))
        for number, remedy in enumerate(remedies, 1):
            _say(out, f"{number}. {remedy}", hang=3)
    if failure["retryable"]:
        _say(out, "Trying again may help.")


def _generation(out: Console, generation: Mapping[str, Any]) -> None:
    out.print()
    rate = generation["tokens_per_s"]
    figures = [
        f"{cell(generation['completion_tokens'])} tokens",
        f"first after {seconds(generation['ttft_s'])}" if generation["ttft_s"] is not None else "",
        f"{rate:.1f} tokens/s" if rate is not None else "",
        f"numeric check {generation['numeric_check']['status']}"
        if generation["numeric_check"]["status"]
        else "",
    ]
    out.print(
        Text("Generated ", style="bold"), Text(", ".join(filter(None, figures))), sep="", soft_wrap=True
    )
    if generation["text"]:
        _say(out, generation["text"])

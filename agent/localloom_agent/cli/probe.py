"""`localloom-agent probe`: load a model and generate with it, phase by phase."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from localloom_agent.engines.interface import DEFAULT_PROMPT, ProbeRequest
from localloom_diagnosis.taxonomy import Outcome, Phase

from .browser_options import check, for_the_browser
from .engine_choice import choose
from .faults import EXIT_CANCELLED, EXIT_FOUND, AgentFault
from .options import (
    cache_folder,
    collector_security,
    language,
    state_folder,
)
from .probe_options import probe_options
from .state import open_identity, open_outbox

if TYPE_CHECKING:
    from localloom_agent.delivery import Security, Sender
    from localloom_agent.supervisor.record import RunRecord
    from localloom_agent.supervisor.run import Plan

    from .differential import Differential

DELIVERY_S = 5.0
"""How long a finished probe waits for its delivery."""


@click.command()
@probe_options
@click.pass_context
def probe(ctx: click.Context, /, **options: Any) -> None:
    """Load a model and generate with it, and say which phase failed, why, and what to do.

    Exit codes: 0 it loaded and generated, 1 the probe found a failure, 2 wrong usage, 3 the agent
    could not do its work, 130 cancelled.

    \b
    Examples:
      localloom-agent probe
      localloom-agent probe --model Qwen2.5-0.5B-Instruct-q4f16_1-MLC
      localloom-agent probe --model ~/models/my-model-q4f16_1-MLC --device cuda
      localloom-agent probe --engine webllm --host service-worker
      localloom-agent probe --url http://localhost:8080/chat.html --headed
      localloom-agent probe --collector fleet.example:50051 --label room=lab3
      localloom-agent probe --json | jq .failure.category
    """
    from localloom_agent.redaction import Redactor
    from localloom_agent.supervisor.run import Supervisor, close_dead_runs

    lang = language(options["lang"])
    plan = _plan(options, lang)
    folder, collector = state_folder(options["state_dir"]), options["collector"]
    security = collector_security(collector) if collector else None
    machine_id = open_identity(folder)
    outbox = open_outbox(folder, options["outbox_size"]) if collector else None
    sender = None
    if outbox is not None:
        closed = close_dead_runs(outbox, lang)
        if closed:
            click.echo(f"note: {closed} earlier run(s) whose agent had died were closed as crashed", err=True)
        sender = _start_sender(outbox, collector, machine_id, security)
    redactor = Redactor.for_this_machine()
    with _cancellable() as cancel:
        with contextlib.closing(_view(options)) as view:
            record = _run(Supervisor(machine_id, outbox, redactor, [view], cancel), plan)
        further = None
        if options["differential"]:
            from .differential import differentiate

            further = differentiate(Supervisor(machine_id, outbox, redactor, cancel=cancel), plan, record)
    run_ids = [record.run_id, *(e.run_id for e in (further.experiments if further else ()))]
    state = _deliver(sender, run_ids)
    _show(options, record, plan, state, further)
    if sender is not None:
        sender.stop()
    if outbox is not None:
        outbox.close()
    if record.delivery_trouble:
        raise AgentFault(
            f"the end of run {record.run_id} could not be kept for delivery: {record.delivery_trouble}"
        )
    if record.outcome is Outcome.CANCELLED:
        ctx.exit(EXIT_CANCELLED)
    ctx.exit(0 if record.outcome is Outcome.PASSED else EXIT_FOUND)


def _show(
    options: dict[str, Any], record: RunRecord, plan: Plan, state: str, further: Differential | None
) -> None:
    """The end: one JSON document, or a summary for a person."""
    collector = options["collector"]
    if options["as_json"]:
        import json

        from localloom_agent.report.document import document

        whole = document(record, plan, collector=collector, state=state)
        if further is not None:
            whole["differential"] = further.to_json()
        click.echo(json.dumps(whole, indent=2, ensure_ascii=False))
        return
    from rich.console import Console

    from localloom_agent.report.summary import print_further, print_summary

    console = Console(highlight=False)
    print_summary(console, record, collector=collector, state=state, lang=plan.lang)
    if further is not None and record.outcome is not Outcome.PASSED:
        print_further(console, further.lines(), plan.lang)


def _plan(options: dict[str, Any], lang: str) -> Plan:
    from localloom_agent.canary import CANARY_ID
    from localloom_agent.supervisor.run import Plan
    from localloom_agent.supervisor.watchdog import limits

    timeouts: dict[Phase | None, float] = options["timeouts"]
    browser = for_the_browser(options)
    cache = cache_folder(options["cache_dir"])
    engine = check(options["engine"], browser)
    chosen = choose(engine, options["python"], cache, options["model"], quiet=options["quiet"])
    request = ProbeRequest(
        engine=chosen.engine,
        model=options["model"],
        device=options["device"],
        prompt=options["prompt"],
        max_tokens=options["max_tokens"],
        temperature=options["temperature"],
        seed=options["seed"],
        cache_dir=str(cache),
        offline=options["offline"],
        options={**options["engine_options"], **browser, **chosen.options},
    )
    ours = request.model in {"canary", CANARY_ID} and request.prompt == DEFAULT_PROMPT
    return Plan(
        request=request,
        python=chosen.python,
        labels=options["labels"],
        limits=limits(timeouts.get(None), {p: s for p, s in timeouts.items() if p is not None}),
        lang=lang,
        share_text=ours or options["share_text"],
    )


def _start_sender(outbox: Any, collector: str, machine_id: Any, security: Security | None) -> Sender:
    from localloom_agent.delivery import Sender

    sender = Sender(outbox, collector, machine_id, security)
    sender.start()
    return sender


def _view(options: dict[str, Any]) -> Any:
    """The live view on a terminal that can redraw, else the plain one; both on standard error."""
    if options["quiet"]:
        from localloom_agent.report.quiet import QuietView

        return QuietView()
    if not options["plain"] and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        from rich.console import Console

        from localloom_agent.report.live import LiveView

        return LiveView(Console(stderr=True, highlight=False))
    from localloom_agent.report.plain import PlainView

    return PlainView(sys.stderr)


@contextlib.contextmanager
def _cancellable() -> Iterator[threading.Event]:
    """Ctrl-C and SIGTERM ask for the run's orderly end; a second Ctrl-C ends the agent at once."""
    cancel = threading.Event()

    def ask(number: int, _frame: object) -> None:
        if cancel.is_set():
            os._exit(EXIT_CANCELLED)
        cancel.set()
        click.echo("\ncancelling: ending the probed process …", err=True) if number == signal.SIGINT else None

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancel
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(supervisor: Any, plan: Plan) -> RunRecord:
    from localloom_agent.outbox import OutboxError

    try:
        record: RunRecord = supervisor.run(plan)
    except OutboxError as error:
        raise AgentFault(str(error)) from error
    except OSError as error:
        raise AgentFault(f"the probe's child process could not be started: {error}") from error
    return record


def _deliver(sender: Sender | None, run_ids: Sequence[str]) -> str:
    """Wait, but not long, for the runs to be acked: delivered | spooled | off."""
    if sender is None:
        return "off"
    deadline = time.monotonic() + DELIVERY_S
    delivered = all(
        sender.deliver(max(0.0, deadline - time.monotonic()), uuid.UUID(run_id).bytes) for run_id in run_ids
    )
    if not delivered:
        why = f": {sender.last_error}" if sender.last_error else ""
        click.echo(
            f"note: the collector has not taken the run yet{why}; it is kept and will be delivered later",
            err=True,
        )
    return "delivered" if delivered else "spooled"

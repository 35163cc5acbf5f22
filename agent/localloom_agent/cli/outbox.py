"""`localloom-agent outbox`: what waits for delivery, and its delivery now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .faults import EXIT_FOUND, AgentFault
from .options import collector_option, collector_security, state_dir_option, state_folder
from .state import open_identity, open_outbox


@click.group(invoke_without_command=True)
@state_dir_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def outbox(ctx: click.Context, state_dir: Path | None, as_json: bool) -> None:  # noqa: FBT001 click's signature
    """Show what waits for delivery, what was refused, and what was let go of; `flush` delivers it now.

    \b
    Examples:
      localloom-agent outbox
      localloom-agent outbox flush --collector fleet.example:50051
    """
    ctx.ensure_object(dict)["state_dir"] = state_dir
    if ctx.invoked_subcommand is not None:
        return
    import dataclasses
    import json
    import uuid

    from localloom_agent.report.figures import size

    store = open_outbox(state_folder(state_dir), 64)
    status, refused = store.status(), store.refusals()
    if as_json:
        document: dict[str, Any] = dataclasses.asdict(status)
        document["path"] = str(status.path)
        document["refused"] = [
            {**dataclasses.asdict(r), "run_id": str(uuid.UUID(bytes=r.run_id))} for r in refused
        ]
        click.echo(json.dumps({"outbox": document}, indent=2))
        return
    click.echo(f"{status.path}")
    click.echo(
        f"  waiting   {status.pending_chunks} chunks of {status.pending_runs} runs, {size(status.pending_bytes)} "
        f"(bound {size(status.max_bytes)})"
    )
    click.echo(
        f"  refused   {status.refused_chunks} chunks, {size(status.refused_bytes)}: set aside, not sent again"
    )
    for refusal in refused[:20]:
        click.echo(
            f"            run {uuid.UUID(bytes=refusal.run_id)} chunk {refusal.chunk_seq}: {refusal.code}: {refusal.reason}"
        )
    click.echo(
        f"  let go    {status.shed_chunks} chunks of detail ({status.shed_events} events), the outbox being full"
    )
    if status.salvages:
        click.echo(f"  salvaged  {status.salvages} times from a damaged file, which lies beside this one")
    if status.corrupt_chunks:
        click.echo(f"  damaged   {status.corrupt_chunks} chunks whose checksum did not match: set aside")


@outbox.command()
@collector_option
@state_dir_option
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 86_400),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Give up after this long.",
)
@click.pass_context
def flush(ctx: click.Context, collector: str, state_dir: Path | None, timeout: float) -> None:
    """Deliver what waits, now. Exit code 1 if some of it still waits in the end.

    \b
    Example:
      localloom-agent outbox flush --collector fleet.example:50051
    """
    from localloom_agent.delivery import Sender
    from localloom_agent.outbox import OutboxError
    from localloom_agent.supervisor.run import close_dead_runs

    if not collector:
        raise click.UsageError("name a collector: --collector HOST:PORT, or LOCALLOOM_COLLECTOR")
    security = collector_security(collector)
    folder = state_folder(state_dir or ctx.obj["state_dir"])
    machine_id = open_identity(folder)
    store = open_outbox(folder, 64)
    try:
        close_dead_runs(store)
        before = store.waiting()
        sender = Sender(store, collector, machine_id, security)
        sender.start()
        done = sender.deliver(timeout)
        sender.stop()
        left = store.waiting()
    except OutboxError as error:
        raise AgentFault(str(error)) from error
    click.echo(f"{before - left} chunks delivered to {collector}, {left} still waiting")
    if not done:
        click.echo(f"note: {sender.last_error or 'the collector did not answer in time'}", err=True)
        ctx.exit(EXIT_FOUND)

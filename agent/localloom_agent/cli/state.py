"""Opens what the agent keeps on this machine, or says in one sentence why it cannot."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .faults import AgentFault

if TYPE_CHECKING:
    from localloom_agent.outbox import Outbox


def open_identity(folder: Path) -> uuid.UUID:
    """The machine's id, made on first use.

    Raises:
        AgentFault: the state folder cannot be written.
    """
    from localloom_agent.machine.identity import StateFolderError, machine_id

    notes: list[str] = []
    try:
        found = machine_id(folder, notes)
    except StateFolderError as error:
        raise AgentFault(str(error)) from error
    for note in notes:
        click.echo(f"note: {note}", err=True)
    return found


def open_outbox(folder: Path, max_megabytes: int) -> Outbox:
    """The outbox of this state folder.

    Raises:
        AgentFault: it cannot be opened.
    """
    from localloom_agent.outbox import Outbox, OutboxError

    try:
        return Outbox(folder / "outbox.sqlite", max_megabytes * 1_000_000)
    except OutboxError as error:
        raise AgentFault(str(error)) from error

"""`localloom-agent machine`: the profile of this machine, as runs carry it."""

from __future__ import annotations

import click


@click.command()
def machine() -> None:
    """Print the profile of this machine as JSON, exactly as a run carries it.

    \b
    Example:
      localloom-agent machine
    """
    import json

    from localloom_agent.machine import profile

    click.echo(json.dumps(profile().to_json(), indent=2, ensure_ascii=False))

"""`localloom-collector token …`."""

from __future__ import annotations

import sys
from datetime import datetime, timezone

import click

from .options import database_option, output_options
from .output import Column, note, print_json, print_table


@click.group(
    epilog="""\b
Examples:
  localloom-collector token add office > office.token
  localloom-collector token revoke office"""
)
def token() -> None:
    """Say who may send: tokens that agents bring with --token-file."""


def _name(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if not value.isprintable() or not value.strip() or len(value) > 100:
        raise click.BadParameter("a name is 1 to 100 printable characters")
    return value


@token.command(
    epilog="""\b
Example:
  localloom-collector token add office > office.token"""
)
@click.argument("name", callback=_name)
@output_options
def add(*, name: str, as_json: bool, database_url: str) -> None:
    """Make a token called NAME and print it, this once: the database keeps only a digest of it."""
    from localloom_collector.storage import tokens
    from localloom_collector.storage.working import working

    with working(database_url) as engine:
        made = tokens.add(engine, name, datetime.now(timezone.utc))
    if as_json:
        print_json({"token": {"name": name, "token": made}})
        return
    click.echo(made)
    note(f"token {name} holds from now on; agents bring it with --token-file")


@token.command(
    "list",
    epilog="""\b
Example:
  localloom-collector token list --json""",
)
@output_options
def list_(*, as_json: bool, database_url: str) -> None:
    """List the tokens' names, and which were revoked."""
    from localloom_collector.queries.runs import iso
    from localloom_collector.storage import tokens
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    with reading(parse_url(database_url), note) as connection:
        rows = [
            {"name": row.name, "created_at": iso(row.created_at), "revoked_at": iso(row.revoked_at)}
            for row in tokens.listed(connection)
        ]
    if as_json:
        print_json({"tokens": rows})
    elif rows:
        print_table(
            [Column("NAME"), Column("CREATED", whole=True), Column("REVOKED", whole=True)],
            [(str(r["name"]), str(r["created_at"])[:16], (r["revoked_at"] or "-")[:16]) for r in rows],
        )
    else:
        note("no tokens yet; localloom-collector token add NAME makes one")


@token.command(
    epilog="""\b
Example:
  localloom-collector token revoke office"""
)
@click.argument("name")
@database_option
def revoke(*, name: str, database_url: str) -> None:
    """Take the token NAME back: within seconds a running server takes no stream with it, and ends those it has."""
    from localloom_collector.storage import tokens
    from localloom_collector.storage.working import working

    with working(database_url) as engine:
        done = tokens.revoke(engine, name, datetime.now(timezone.utc))
    if not done:
        click.echo(
            f"error: no valid token is called {name!r}; localloom-collector token list shows them", err=True
        )
        sys.exit(1)
    note(f"token {name} is revoked")

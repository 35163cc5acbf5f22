"""Options that several commands share, each declared once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from enum import Enum
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from localloom_collector.locations import default_database_url

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Attribute, Condition

Command = TypeVar("Command", bound=Callable[..., Any])


def database_option(command: Command) -> Command:
    """`--database-url`."""
    return click.option(
        "--database-url",
        envvar="LOCALLOOM_DATABASE_URL",
        metavar="URL",
        help="The database. [env: LOCALLOOM_DATABASE_URL; default: a SQLite file in the user's data folder]",
        callback=lambda _context, _option, value: value or default_database_url(),
    )(command)


def output_options(command: Command) -> Command:
    """What every reporting command takes: `--json` and `--database-url`."""
    as_json = click.option(
        "--json", "as_json", is_flag=True, help="Print a JSON document instead of a table."
    )
    return as_json(database_option(command))


class Form(Enum):
    """What a report is written as."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def report_options(command: Command) -> Command:
    """`--json`, `--csv` and `--database-url`: the command gets `form`, a `Form`, and `database_url`."""

    @wraps(command)
    def with_form(*args: Any, as_json: bool, as_csv: bool, **options: Any) -> Any:
        if as_json and as_csv:
            raise click.UsageError("--json and --csv exclude each other")
        form = Form.JSON if as_json else Form.CSV if as_csv else Form.TABLE
        return command(*args, form=form, **options)

    as_csv = click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a heading.")
    return output_options(as_csv(with_form))  # type: ignore[return-value]  # wraps keeps the rest


#: Options that are short for `--where ATTR=VALUE`.
SHORT = ("engine", "model", "phase", "category", "signature")


def filter_options(command: Command) -> Command:
    """`--since`, `--until`, `--where`, and `--engine`, `--model`, `--phase`, `--category`, `--signature`.

    The short ones join `where`, a list of `Condition`.
    """

    @wraps(command)
    def with_conditions(*args: Any, where: list[Condition], **options: Any) -> Any:
        from localloom_collector.queries.attributes import KNOWN, condition

        given = {name: options.pop(f"only_{name}") for name in SHORT}
        short = [condition(KNOWN[name], value) for name, value in given.items() if value is not None]
        return command(*args, where=[*where, *short], **options)

    filtered: Any = with_conditions
    for name in reversed(SHORT):
        said = f"Short for --where {name}={name.upper()}."
        filtered = click.option(f"--{name}", f"only_{name}", metavar=name.upper(), help=said)(filtered)
    return period_options(filtered)  # type: ignore[no-any-return]


def since_option(command: Command) -> Command:
    """`--since`."""
    return click.option(
        "--since", metavar="TIME", callback=moment, help="Runs started since: 7d, 12h, 30m, or 2026-05-01."
    )(command)


def period_options(command: Command) -> Command:
    """`--since`, `--until` and `--where`."""
    until = click.option(
        "--until", metavar="TIME", callback=moment, help="Runs started before; written the same way."
    )
    return since_option(until(where_option(command)))


def where_option(command: Command) -> Command:
    """`--where`."""
    return click.option(
        "--where",
        metavar="ATTR=VALUE",
        multiple=True,
        callback=_conditions,
        help="Only those with this attribute; may be given several times. An empty VALUE: those that have none.",
    )(command)


def limit_option(default: int) -> Callable[[Command], Command]:
    """`--limit`."""
    return click.option(
        "--limit",
        type=click.IntRange(min=1),
        default=default,
        show_default=True,
        help="How many rows at most.",
    )


def by_option(default: str) -> Callable[[Command], Command]:
    """`--by`."""
    return click.option(
        "--by", metavar="ATTR[,ATTR]", default=default, show_default=bool(default), callback=_attributes,
        help="Attributes to group by.",
    )  # fmt: skip


def moment(_context: click.Context, _option: click.Parameter, value: str | None) -> datetime | None:
    """A point in time, as an option's callback."""
    from localloom_collector.queries.period import parse_moment

    try:
        return parse_moment(value, datetime.now(timezone.utc)) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _conditions(
    _context: click.Context, _option: click.Parameter, values: tuple[str, ...]
) -> list[Condition]:
    if not values:
        return []
    from localloom_collector.queries.attributes import parse_condition

    try:
        return [parse_condition(value) for value in values]
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _attributes(_context: click.Context, _option: click.Parameter, value: str) -> tuple[Attribute, ...]:
    if not value:
        return ()
    from localloom_collector.queries.attributes import parse_attributes

    try:
        return parse_attributes(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None

"""Writes reports: tables for people, JSON for programs, notes on stderr."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

#: Wide enough that nothing is cut where no terminal says how wide it is.
_PIPE_WIDTH = 2000


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    title: str
    right: bool = False
    """Numbers stand at the right."""
    whole: bool = False
    """Never cut: an id that lost its end is none."""


def print_json(document: Any) -> None:
    """The document on stdout."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def print_csv(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows under a heading on stdout; lists and objects as JSON, none as nothing."""
    drawn = io.StringIO()
    writer = csv.writer(drawn, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_csv_cell(row.get(name)) for name in names])
    click.echo(drawn.getvalue(), nl=False)


def _csv_cell(value: Any) -> Any:
    if isinstance(value, (dict, list, tuple, bool)):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else value


def note(sentence: str) -> None:
    """A remark on stderr, beside the data."""
    click.echo(f"note: {plain(sentence)}", err=True)


def console() -> Console:
    """A console on stdout: without colour for NO_COLOR, TERM=dumb and a pipe, and without a pipe's width for a cut."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    width = None if terminal or "COLUMNS" in os.environ else _PIPE_WIDTH
    return Console(
        width=width,
        highlight=False,
        no_color=True if "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb" else None,
        force_terminal=None if terminal else False,
    )


def print_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Rows under a heading; a row is a line, cells that do not fit end in an ellipsis."""
    clean = [[plain(text) for text in row] for row in rows]
    lines = _lines(columns, clean, bold=sys.stdout.isatty() and os.environ.get("TERM") != "dumb")
    if max(map(_cells, map(click.unstyle, lines))) > _room():
        lines = _cut(columns, clean)
    # Cells are padded to their column; behind the last one nobody needs that.
    print_page("\n".join(line.rstrip() for line in lines))


def _cells(text: str) -> int:
    """How wide a text is on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _room() -> int:
    """How wide a line may be."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return shutil.get_terminal_size().columns if known else _PIPE_WIDTH


def _lines(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, bold: bool) -> list[str]:
    """A table as wide as its cells: most are no wider than the terminal, and rich is slow to load."""
    titles = [column.title for column in columns]
    widths = [max(map(_cells, texts)) for texts in zip(titles, *rows, strict=True)]

    def line(texts: Sequence[str], *, bold: bool = False) -> str:
        parts = []
        for column, text, width in zip(columns, texts, widths, strict=True):
            padding = " " * (width - _cells(text))
            said = click.style(text, bold=True) if bold and text else text
            parts.append(padding + said if column.right else said + padding)
        return "  ".join(parts)

    return [line(titles, bold=bold), *map(line, rows)]


def _cut(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table that gives each column as much of the terminal's width as it can."""
    from rich.table import Table
    from rich.text import Text

    def line(text: str, style: str = "") -> Text:
        # Text, not markup: a model may be called "[red]".
        return Text(text, style=style, no_wrap=True, overflow="ellipsis")

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        # To rich a column that must not wrap is one that must not shrink.
        table.add_column(
            line(column.title, "bold"), justify="right" if column.right else "left", no_wrap=column.whole
        )
    for row in rows:
        table.add_row(*map(line, row))
    out = console()
    with out.capture() as drawn:
        out.print(table)
    return drawn.get().splitlines()


def print_page(text: str) -> None:
    """A text on stdout; through the pager where a person looks at a terminal that is not high enough for it."""
    here = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    if here and text.count("\n") + 2 > shutil.get_terminal_size().lines:
        click.echo_via_pager(text + "\n")
    else:
        click.echo(text)


def print_lines(lines: Sequence[str], hang: int = 0) -> None:
    """Sentences, folded to a terminal's width; in a pipe each stays one line, for grep."""
    from textwrap import wrap

    width = _room()
    for line in lines:
        folded = wrap(plain(line), width, break_on_hyphens=False, subsequent_indent=" " * hang)
        click.echo("\n".join(folded))


#: Eighths of a cell.
_BLOCKS = " ▏▎▍▌▋▊▉█"


def bar(share: float, width: int = 8) -> str:
    """A share of one as a bar, at most `width` cells long; nothing where stdout cannot show it."""
    if not sys.stdout.isatty():
        return ""
    eighths = max(round(min(max(share, 0.0), 1.0) * width * 8), 1 if share > 0 else 0)
    return _BLOCKS[-1] * (eighths // 8) + (_BLOCKS[eighths % 8] if eighths % 8 else "")


def plain(text: str) -> str:
    """A text from a machine, without what a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)


def cell(value: Any) -> str:
    """A value in a table; a dash for none."""
    if value is None or value == "":
        return "-"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def seconds(value: float | None) -> str:
    """A duration: "850 ms", "12.3 s", "4 min 10 s"."""
    if value is None:
        return "-"
    if value < 0.9995:
        return f"{value * 1000:.0f} ms"
    if value < 99.95:
        return f"{value:.1f} s"
    whole = round(value)
    return (
        f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
    )


def size(value: float | None) -> str:
    """Bytes: "23 MiB", "24 GiB"."""
    if value is None:
        return "-"
    for unit in ("B", "KiB", "MiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if value >= 10 or unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.0f} GiB" if value >= 10 or value == int(value) else f"{value:.1f} GiB"


def plural(count: int, noun: str) -> str:
    """A count of things: "1 run", "2 runs"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def percent(part: float) -> str:
    """A share of one."""
    return f"{part * 100:.0f} %" if part >= 0.1 or part == 0 else f"{part * 100:.1f} %"


def attribute(name: str, value: Any) -> str:
    """An attribute's value in a table."""
    return size(value) if name.endswith(".memory") and isinstance(value, int) else cell(value)

"""A run's timeline as a waterfall: bars on one axis of time, a row a phase, exchanges below theirs, memory at the foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from .output import percent, plain, seconds, size

#: Columns left of the axis and right of it.
_LEFT, _RIGHT = 21, 19
#: Widest axis: wider, and a bar is far from its figure.
_WIDEST = 100
_LEVELS = "▁▂▃▄▅▆▇█"
_STYLES = {"passed": "green", "failed": "bold red", "skipped": "dim"}
#: Exchanges shown of one phase: those that failed first, then the longest.
_EXCHANGES = 3


def print_waterfall(out: Console, run: Mapping[str, Any]) -> None:
    """The phases of a run's document, each with its spans, its exchanges and how far it came."""
    phases, line = run["phases"], run["timeline"]
    if not phases:
        return
    width = max(min(out.width - _LEFT - _RIGHT, _WIDEST), 10)
    length = _length(run)
    out.print()
    _axis(out, width, length)
    for phase in phases:
        spans = [span for span in line["spans"] if span["phase"] == phase["phase"]]
        bar = _bar([(s["start_s"], s["duration_s"]) for s in spans] or _whole(phase), width, length)
        if phase["status"] == "skipped":
            _row(out, phase, plain(phase["reason"]), "")
            continue
        _row(out, phase, bar, _figure(phase, line["progress"]))
        _exchanges(out, [e for e in line["exchanges"] if e["phase"] == phase["phase"]], width, length)
    for key, name in (("rss_bytes", "memory"), ("gpu_bytes", "GPU memory")):
        points = [(s["at_s"] / length, s[key]) for s in line["memory"] if s[key]]
        if points:
            _memory(out, points, name, width)
    if not line["kept"]:
        out.print(Text("  the raw timeline of this run has been pruned: bars are whole phases", style="dim"))


def _length(run: Mapping[str, Any]) -> float:
    line = run["timeline"]
    ends = [s["start_s"] + (s["duration_s"] or 0.0) for s in (*line["spans"], *line["exchanges"])]
    ends += [s["at_s"] for s in line["memory"]]
    ends += [p["end_s"] for p in run["phases"] if p["end_s"] is not None]
    return max([run["duration_s"] or 0.0, *ends]) or 1.0


def _axis(out: Console, width: int, length: float) -> None:
    end = seconds(length)
    out.print(Text(" " * _LEFT + "0" + end.rjust(width - 1), style="dim"), soft_wrap=True)


def _whole(phase: Mapping[str, Any]) -> list[tuple[float, float | None]]:
    if phase["start_s"] is None:
        return []
    return [(phase["start_s"], None if phase["end_s"] is None else phase["end_s"] - phase["start_s"])]


def _bar(spans: Sequence[tuple[float, float | None]], width: int, length: float, mark: str = "█") -> str:
    """Spans as marks; one that has not ended runs on as dots."""
    cells = [" "] * width
    for start, took in spans:
        first = min(int(start / length * width), width - 1)
        last = width if took is None else max(first + 1, round((start + took) / length * width))
        for at in range(first, min(last, width)):
            cells[at] = "·" if took is None else mark
    return "".join(cells).rstrip()


def _row(out: Console, phase: Mapping[str, Any], bar: str, figure: str) -> None:
    width = max(min(out.width - _LEFT - _RIGHT, _WIDEST), 10)
    style = _STYLES.get(phase["status"], "yellow")
    if not figure:
        bar = bar if len(bar) <= width + _RIGHT else bar[: width + _RIGHT - 1] + "…"
    out.print(
        Text(f"  {phase['phase']:<10} "), Text(f"{phase['status']:<8}", style=style), Text(bar.ljust(width) if figure else bar, style=style),
        Text(f" {figure}" if figure else ""), sep="", soft_wrap=True,
    )  # fmt: skip


def _figure(phase: Mapping[str, Any], progress: Sequence[Mapping[str, Any]]) -> str:
    """How long it took; how far it came, where it did not come to its end."""
    figure = f"{seconds(phase['duration_s']):>8}"
    for said in progress:
        if said["phase"] == phase["phase"] and said["total"] and said["done"] < said["total"]:
            figure += f"  {percent(said['done'] / said['total'])}"
    return figure[:_RIGHT]


def _exchanges(out: Console, found: Sequence[Mapping[str, Any]], width: int, length: float) -> None:
    def bad(exchange: Mapping[str, Any]) -> bool:
        return bool(exchange["error"]) or exchange["status"] is None or exchange["status"] >= 400

    shown = sorted(found, key=lambda e: (not bad(e), -e["duration_s"]))[:_EXCHANGES]
    for exchange in sorted(shown, key=lambda e: e["start_s"]):
        name = plain(exchange["url"].rstrip("/").rpartition("/")[2])[: _LEFT - 10]
        status = str(exchange["status"] or "none")
        bar = _bar([(exchange["start_s"], exchange["duration_s"])], width, length, "─")
        told = exchange["error"] if bad(exchange) else size(exchange["received_bytes"])
        out.print(
            Text(f"    {name:<{_LEFT - 9}.{_LEFT - 9}} {status:<4}", style="red" if bad(exchange) else "dim"),
            Text(bar.ljust(width), style="dim"), Text(f" {plain(str(told or ''))[: _RIGHT - 2]:>8}", style="dim"),
            sep="", soft_wrap=True,
        )  # fmt: skip
    if len(found) > len(shown):
        out.print(Text(f"    and {len(found) - len(shown)} more exchanges", style="dim"))


def _memory(out: Console, points: Sequence[tuple[float, int]], name: str, width: int) -> None:
    """Bytes at shares of the run's time, as a line of levels."""
    peak = max(value for _, value in points)
    cells: list[float] = [0.0] * width
    for at, value in points:
        column = min(int(at * width), width - 1)
        cells[column] = max(cells[column], value)
    # Between two samples it was about what it was.
    for i in range(1, width):
        if not cells[i] and any(cells[i:]):
            cells[i] = cells[i - 1]
    drawn = "".join(_LEVELS[min(int(v / peak * 8), 7)] if v else " " for v in cells)
    out.print(
        Text(f"  {name:<{_LEFT - 2}}"), Text(drawn.ljust(width), style="cyan"),
        Text(f" {'peak ' + size(peak):>8}"), sep="", soft_wrap=True,
    )  # fmt: skip

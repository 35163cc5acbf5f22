"""`show` as a page of text: the waterfall on one axis of time, and the language of reasons and remedies."""

from __future__ import annotations

import pytest
from chunks import Run, failed_run
from collectors import Database
from test_collector_counts import rows_of

from localloom.fleet.v1 import collector_pb2, event_pb2, taxonomy_pb2
from localloom_collector.storage import migrate
from localloom_collector.storage.writer import SqlWriter
from localloom_diagnosis import Phase, PhaseStatus

#: Columns left of the axis, at its right, and of the page.
LEFT, RIGHT, WIDTH = 21, 19, 120


@pytest.fixture
def database(tmp_path) -> Database:
    """A SQLite file with the tables."""
    made = Database(tmp_path / "fleet.db")
    migrate.upgrade(made.engine(writing=True))
    return made


def told(database: Database, run: Run, *options: str) -> list[str]:
    """The lines that `show` prints of this run."""
    writer = SqlWriter(database.engine(writing=True))
    writer.write(rows_of(run))
    writer.close()
    from click.testing import CliRunner

    from localloom_collector.cli import main

    env = {"LOCALLOOM_DATABASE_URL": database.url, "COLUMNS": str(WIDTH)}
    result = CliRunner().invoke(main, ("show", str(run.run_id), *options), env=env)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def axis(line: str) -> str:
    """What stands on the axis of time in a line of the waterfall."""
    return line[LEFT : WIDTH - RIGHT].ljust(WIDTH - RIGHT - LEFT)


def test_a_waterfall_has_each_phase_where_it_was(database):
    """Phases that follow each other and take equally long have bars of a quarter, one behind the other, on one axis."""
    run = Run().start().identify()
    run.elapsed = 0
    for phase in (Phase.PREFLIGHT, Phase.RUNTIME, Phase.WEIGHTS, Phase.LOAD):
        run.span(phase, 10)
    run.end().seal()
    lines = told(database, run)
    (scale,) = (line for line in lines if line.lstrip().startswith("0 ") and line.endswith("s"))
    assert axis(scale).startswith("0")
    bars = {
        phase: axis(line)
        for phase in Phase
        for line in lines
        if line.startswith(f"  {phase.value} ") and "█" in line
    }
    width = WIDTH - LEFT - RIGHT
    for i, phase in enumerate((Phase.PREFLIGHT, Phase.RUNTIME, Phase.WEIGHTS, Phase.LOAD)):
        marked = [at for at, mark in enumerate(bars[phase]) if mark == "█"]
        assert abs(marked[0] - i * width / 4) <= 1, phase
        assert abs(marked[-1] + 1 - (i + 1) * width / 4) <= 1, phase
        assert marked == list(range(marked[0], marked[-1] + 1))


def test_a_waterfall_has_exchanges_progress_and_memory(database):
    """Below a phase stand its exchanges, those that failed first; beside one that did not succeed, how far it came; memory last."""
    run = Run().start().identify()
    for i in range(4):
        run.fetch(f"https://example.org/shard_{i}.bin", status=503 if i == 3 else 200)
    run.span(Phase.WEIGHTS, status=PhaseStatus.FAILED).seal()
    run.add(
        1, progress=event_pb2.Progress(phase=taxonomy_pb2.PHASE_WEIGHTS, done=250, total=1000, unit="bytes")
    )
    run.add(1, resource_sample=event_pb2.ResourceSample(rss_bytes=2 * 2**30))
    run.seal(kind=collector_pb2.CHUNK_KIND_DETAIL)
    lines = told(database, run)
    at = next(i for i, line in enumerate(lines) if line.startswith("  weights "))
    assert "25 %" in lines[at]
    exchanges = lines[at + 1 : at + 4]
    assert any("shard_3.bi" in line and " 503 " in line for line in exchanges)
    assert lines[at + 4].strip() == "and 1 more exchanges"
    assert any(line.startswith("  memory ") and line.endswith("peak 2 GiB") for line in lines)


def test_skipped_phases_say_why(database):
    """A phase that was skipped has its reason in place of a bar, the one that failed its time."""
    lines = told(database, failed_run())
    (generate,) = (line for line in lines if line.startswith("  generate "))
    assert "skipped" in generate
    assert "an earlier phase failed" in generate
    (load,) = (line for line in lines if line.startswith("  load "))
    assert PhaseStatus.FAILED.value in load
    assert "█" in load
    assert load.rstrip().endswith("700 ms")


def test_show_speaks_the_language_that_is_asked_for(database):
    """With `--lang es` reasons and remedies are in Spanish, with `--lang en` in English; the category stays."""
    run = failed_run()
    pages = {lang: "\n".join(told(database, run, "--lang", lang)) for lang in ("en", "es")}
    for page in pages.values():
        assert "gpu.out_of_memory" in page
        assert "1. " in page
    assert "memory" in pages["en"]
    assert "memoria" in pages["es"]
    remedies = {lang: page.partition("What to do")[2] for lang, page in pages.items()}
    assert remedies["en"] != remedies["es"]

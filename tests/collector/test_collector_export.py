"""`export`: what other tools are given, and that it is what is in the tables."""

from __future__ import annotations

import json
import sys
import time

import pytest
from chunks import MACHINE, failed_run, passed_run
from collectors import BOTH
from pyarrow import parquet
from test_collector_counts import rows_of

from localloom_collector.export.jsonl import JsonLines
from localloom_collector.storage.writer import SqlWriter
from localloom_diagnosis import Category


@pytest.fixture
def fleet(database):
    """Three runs: one passed, one failed, one failed 20 days ago."""
    writer = SqlWriter(database.engine(writing=True))
    runs = [
        passed_run(),
        failed_run(),
        failed_run(category=Category.GPU_DRIVER, started=time.time() - 20 * 86400),
    ]
    writer.write(rows_of(*runs))
    writer.close()
    database.runs = runs
    return database


@BOTH
@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_export_is_what_is_in_the_tables(fleet, tmp_path, monkeypatch, form):
    """A file each of runs, phases and failures has every row, in any number of batches, with hardware beside a run."""
    monkeypatch.setattr("localloom_collector.queries.export.BATCH", 2)
    monkeypatch.setattr("localloom_collector.export.parquet.GROUP", 3)
    result = fleet.cli("export", str(tmp_path / "out"), "--format", form)
    assert result.exit_code == 0, result.output
    found = {}
    for part in ("runs", "phases", "failures"):
        path = tmp_path / "out" / f"{part}.{form}"
        if form == "parquet":
            found[part] = parquet.read_table(path).to_pylist()
        else:
            found[part] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        expected = fleet.rows(part)
        assert len(found[part]) == len(expected) > 0
        assert {row["run_id"] for row in found[part]} == {str(row["run_id"]) for row in expected}
    run = next(row for row in found["runs"] if row["run_id"] == str(fleet.runs[0].run_id))
    (base,) = (row for row in fleet.rows("runs") if row["run_id"] == fleet.runs[0].run_id)
    assert (run["outcome"], run["hw_gpu_driver_version"]) == ("passed", MACHINE["hw.gpu.driver_version"])
    assert run["duration_s"] == base["duration_s"]
    labels = run["labels"] if form == "jsonl" else json.loads(run["labels"])
    assert labels == {"site": "lab"}
    if form == "parquet":
        assert run["started_at"] == base["started_at"]
        assert parquet.ParquetFile(tmp_path / "out" / "phases.parquet").num_row_groups > 1
    else:
        assert run["started_at"] == base["started_at"].isoformat(timespec="microseconds").replace(
            "+00:00", "Z"
        )


@BOTH
def test_export_can_be_narrowed_and_piped(fleet):
    """Filters choose runs, and with them phases and failures; `-` writes one part to stdout and notes to stderr."""
    result = fleet.cli("export", "-", "--part", "failures", "--format", "jsonl", "--since", "7d")
    (line,) = result.stdout.splitlines()
    assert json.loads(line)["category"] == "gpu.out_of_memory"
    assert result.stderr == "note: 1 row\n"
    where = ("--part", "phases", "--format", "jsonl", "--category", "gpu.driver")
    rows = [json.loads(line) for line in fleet.cli("export", "-", *where).stdout.splitlines()]
    assert {row["run_id"] for row in rows} == {str(fleet.runs[2].run_id)}
    assert len(rows) == 8


@BOTH
def test_export_is_one_state_of_the_database(fleet, tmp_path, monkeypatch):
    """What comes in while files are written is in none of them: no phases or failures of runs that are not there."""
    late, write_rows = failed_run(), JsonLines.write

    def write(self, rows):
        # The first rows that are written let another run come in.
        writer = SqlWriter(fleet.engine(writing=True))
        writer.write(rows_of(late))
        writer.close()
        write_rows(self, rows)

    monkeypatch.setattr(JsonLines, "write", write)
    assert fleet.cli("export", str(tmp_path), "--format", "jsonl").exit_code == 0
    assert late.run_id in {row["run_id"] for row in fleet.rows("runs")}
    files = [
        (tmp_path / f"{part}.jsonl").read_text(encoding="utf-8") for part in ("runs", "phases", "failures")
    ]
    found = [{json.loads(line)["run_id"] for line in file.splitlines()} for file in files]
    assert found[0] == found[1] == {str(run.run_id) for run in fleet.runs}
    assert found[2] == {str(run.run_id) for run in fleet.runs[1:]}


@BOTH
def test_export_of_nothing_is_empty_files(database, tmp_path):
    """An empty database gives files that can be read, with the columns and no rows."""
    assert database.cli("export", str(tmp_path / "out")).exit_code == 0
    table = parquet.read_table(tmp_path / "out" / "runs.parquet")
    assert (table.num_rows, "hw_gpu_model" in table.column_names) == (0, True)
    assert database.cli("export", "-", "--part", "runs", "--format", "jsonl").stdout == ""


def test_export_says_what_is_wrong(fleet, tmp_path, monkeypatch):
    """Three parts do not fit into stdout; a folder that is a file, and a missing pyarrow, are said in a sentence."""
    assert fleet.cli("export", "-").exit_code == 2
    (tmp_path / "file").write_text("x")
    result = fleet.cli("export", str(tmp_path / "file"), "--format", "jsonl")
    assert (result.exit_code, result.stderr.startswith("error: ")) == (3, True)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = fleet.cli("export", str(tmp_path / "out"))
    assert result.exit_code == 3
    assert "pip install" in result.stderr

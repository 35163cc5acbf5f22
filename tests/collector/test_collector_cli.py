"""The command line: documents, tables, faults, help."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from chunks import MACHINE, Run, failed_run, passed_run
from collectors import BOTH, Database
from sqlalchemy import text
from stream_client import Agent

from localloom.fleet.v1 import taxonomy_pb2
from localloom_collector.cli import main
from localloom_diagnosis import Category, Phase

REPORTS = ("runs", "failures", "signatures", "hardware", "phases")
COUNTS = ("category", "runs", "failed", "machines", "rate")
AMD = {**MACHINE, "hw.gpu.vendor": "amd", "hw.gpu.model": "Radeon RX 7600", "hw.gpu.memory": 8 * 2**30 - 1}


def commands(group: click.Group = main, prefix: tuple[str, ...] = ()) -> dict[str, click.Command]:
    """Every command and group, by its full name."""
    found = {" ".join(prefix): group} if prefix else {"": group}
    context = click.Context(group)
    for name in group.list_commands(context):
        path, command = (*prefix, name), group.get_command(context, name)
        found |= commands(command, path) if isinstance(command, click.Group) else {" ".join(path): command}
    return found


@pytest.fixture
def fleet(collector, database) -> Database:
    """Six runs: two passed, two of one failure on NVIDIA, one of another on AMD, and one that is still running."""
    two = Run().machine_id
    runs = [
        passed_run(),
        passed_run(machine_id=two),
        failed_run(machine_id=two),
        failed_run(agent_category=Category.HOST_OUT_OF_MEMORY, labels={"site": "office"}),
        failed_run(category=Category.GPU_DRIVER, attributes=AMD, started=time.time() - 10 * 86400),
        Run(),
        failed_run(purpose=taxonomy_pb2.PURPOSE_DIFFERENTIAL),
    ]
    runs[5].start().span(Phase.PREFLIGHT, 0.25).seal()
    with Agent(collector.address) as agent:
        for run in runs:
            agent.deliver(*run.chunks)
    database.runs = runs
    return database


@BOTH
@pytest.mark.parametrize("report", REPORTS)
def test_empty_database_gives_an_empty_list(database, report):
    """On a database without a row a report is an empty list and exit 0, as JSON and as text."""
    assert database.json(report)[report] == []
    assert database.cli(report).exit_code == 0
    assert database.cli(report).stdout == ""


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("made", ["missing", "zero bytes"])
def test_database_that_is_not_there_yet_reads_as_empty(tmp_path, report, made):
    """A SQLite file that does not exist, or holds nothing, gives an empty report, a note, and stays as it is."""
    database = Database(tmp_path / "none.db")
    if made == "zero bytes":
        database.path.touch()
    result = database.cli(report, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)[report] == []
    assert "note: " in result.stderr
    assert not database.path.exists() or database.path.stat().st_size == 0


@BOTH
def test_runs_lists_the_newest_first(fleet):
    """`runs` lists every run, newest first, with outcome, engine, model and failure."""
    document = fleet.json("runs")
    listed = document["runs"]
    assert document["total"] == len(listed) == 7
    assert [run["started_at"] for run in listed] == sorted(
        (run["started_at"] for run in listed), reverse=True
    )
    by_id = {run["run_id"]: run for run in listed}
    failed = by_id[str(fleet.runs[2].run_id)]
    assert failed["outcome"] == "failed"
    assert failed["engine"] == "tvm"
    assert failed["model"] == "localloom/canary-q0f32"
    assert (failed["phase"], failed["category"]) == ("load", "gpu.out_of_memory")
    assert by_id[str(fleet.runs[5].run_id)]["outcome"] == "running"


@BOTH
@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--outcome", "failed"), 4),
        (("--outcome", "running"), 1),
        (("--since", "7d"), 6),
        (("--until", "7d"), 1),
        (("--purpose", "differential"), 1),
        (("--category", "gpu.driver"), 1),
        (("--engine", "tvm", "--phase", "load"), 4),
        (("--model", "another"), 0),
        (("--where", "hw.gpu.vendor=amd"), 1),
        (("--where", "hw.gpu.memory=8GiB"), 1),
        (("--where", "label.site=office"), 1),
        (("--where", "category="), 3),
        (("--limit", "2"), 2),
    ],
)
def test_runs_can_be_narrowed(fleet, options, count):
    """Filters of `runs` narrow by outcome, time, purpose and attributes."""
    assert len(fleet.json("runs", *options)["runs"]) == count


def test_runs_table_fits_and_its_ids_can_be_used(fleet):
    """The table of `runs` keeps to 80 columns with every id whole, and `show` takes those ids."""
    lines = fleet.cli("runs").stdout.splitlines()
    assert len(lines) == 8
    assert max(map(len, lines)) <= 80
    for line in lines[1:]:
        assert fleet.cli("show", line.split()[0]).exit_code == 0


@BOTH
def test_silent_run_is_incomplete(collector, database):
    """A run that never ended and is quiet for long is `incomplete`."""
    run = Run().start()
    with Agent(collector.address) as agent:
        agent.deliver(run.seal())
    with database.engine(writing=True).begin() as connection:
        connection.execute(text("UPDATE runs SET last_received_at = '2026-01-01 00:00:00.000000'"))
    assert database.json("runs")["runs"][0]["outcome"] == "incomplete"
    assert database.json("show", str(run.run_id))["outcome"] == "incomplete"


@BOTH
def test_failures_counts_primary_runs(fleet):
    """`failures` counts failed primary runs, the machines they were on, and the rate out of all finished ones."""
    document = fleet.json("failures")
    assert [{k: row[k] for k in COUNTS} for row in document["failures"]] == [
        {"category": "gpu.out_of_memory", "runs": 5, "failed": 2, "machines": 2, "rate": 2 / 5},
        {"category": "gpu.driver", "runs": 5, "failed": 1, "machines": 1, "rate": 1 / 5},
    ]
    # Wilson's interval of 2 of 5, as R's binom.wilson and others give it.
    first = document["failures"][0]
    assert (first["rate_low"], first["rate_high"]) == pytest.approx((0.11762, 0.76928), abs=1e-5)
    assert document["totals"] == {"runs": 5, "failed": 3, "machines": 3, "unfinished": 1}


@BOTH
def test_failures_by_hardware_is_out_of_the_runs_on_that_hardware(fleet):
    """Grouped by category and hardware, a rate is out of all runs on that hardware."""
    document = fleet.json("failures", "--by", "category,hw.gpu.vendor,hw.gpu.memory")
    interval = ("rate_low", "rate_high")
    assert [{k: v for k, v in row.items() if k not in interval} for row in document["failures"]] == [
        {
            "category": "gpu.out_of_memory", "hw.gpu.vendor": "nvidia", "hw.gpu.memory": 12 * 2**30,
            "runs": 4, "failed": 2, "machines": 2, "rate": 0.5,
        },
        {
            "category": "gpu.driver", "hw.gpu.vendor": "amd", "hw.gpu.memory": 8 * 2**30,
            "runs": 1, "failed": 1, "machines": 1, "rate": 1.0,
        },
    ]  # fmt: skip


@BOTH
def test_failures_can_be_narrowed(fleet):
    """`--since` and `--where` narrow the runs; a condition on the failure leaves the runs it is out of."""
    recent = fleet.json("failures", "--since", "7d")
    assert recent["totals"]["runs"] == 4
    assert [row["category"] for row in recent["failures"]] == ["gpu.out_of_memory"]
    one = fleet.json("failures", "--by", "hw.gpu.model", "--where", "category=gpu.driver")
    assert [(row["hw.gpu.model"], row["failed"], row["runs"]) for row in one["failures"]] == [
        ("AMD Radeon RX 7600", 1, 1)
    ]
    assert one["totals"]["runs"] == 5
    label = fleet.json("failures", "--by", "label.site,engine,phase")
    assert {(row["label.site"], row["engine"], row["phase"]) for row in label["failures"]} == {
        ("lab", "tvm", "load"), ("office", "tvm", "load"),
    }  # fmt: skip


@BOTH
def test_hardware_counts_machines(fleet):
    """`hardware` counts each machine once, by its latest profile."""
    document = fleet.json("hardware")
    kinds = {row["hw.gpu.model"]: row["machines"] for row in document["hardware"]}
    # The machine that only held the stream open has sent no profile.
    assert kinds == {"NVIDIA GeForce RTX 3060": 5, "AMD Radeon RX 7600": 1, None: 1}
    assert document["machines"] == 7
    assert "12 GiB" in fleet.cli("hardware", "--by", "hw.gpu.memory").stdout


@BOTH
def test_runs_as_csv(fleet):
    """`runs --csv` has a heading and a line a run, with ids in full and labels as JSON."""
    rows = list(csv.DictReader(io.StringIO(fleet.cli("runs", "--csv").stdout)))
    listed = fleet.json("runs")["runs"]
    assert list(rows[0]) == list(listed[0])
    assert [row["run_id"] for row in rows] == [run["run_id"] for run in listed]
    assert [json.loads(row["labels"]) for row in rows] == [run["labels"] for run in listed]
    assert {row["category"] for row in rows} == {"", "gpu.driver", "gpu.out_of_memory"}


@BOTH
def test_phases_counts_and_times(fleet):
    """`phases` counts each phase's ends over primary runs and times those that passed."""
    rows = {row["phase"]: row for row in fleet.json("phases")["phases"]}
    assert list(rows) == [phase.value for phase in Phase]
    assert {k: rows["load"][k] for k in ("runs", "passed", "failed", "skipped")} == {
        "runs": 5, "passed": 2, "failed": 3, "skipped": 0,
    }  # fmt: skip
    preflight = rows["preflight"]
    assert preflight["runs"] == 6
    assert (preflight["p50_s"], preflight["p90_s"], preflight["max_s"]) == pytest.approx((0.1, 0.25, 0.25))
    grouped = fleet.json("phases", "--by", "hw.gpu.vendor")["phases"]
    assert [row["hw.gpu.vendor"] for row in grouped if row["phase"] == "load"] == ["amd", "nvidia"]


@BOTH
def test_show_prints_the_agents_document(fleet):
    """`show --json` has the keys of the agent's document, and the collector's own beside them."""
    run = fleet.runs[0]
    document = fleet.json("show", str(run.run_id))
    assert document["run_id"] == str(run.run_id)
    assert (document["parent_run_id"], document["purpose"], document["outcome"]) == (
        None,
        "primary",
        "passed",
    )
    assert {k: document["engine"][k] for k in ("name", "version", "device")} == {
        "name": "tvm", "version": "0.27.0", "device": "cpu",
    }  # fmt: skip
    assert {k: document["model"][k] for k in ("id", "source", "bytes")} == {
        "id": "localloom/canary-q0f32", "source": "bundled", "bytes": 900_000,
    }  # fmt: skip
    assert [(p["phase"], p["status"]) for p in document["phases"]] == [(p.value, "passed") for p in Phase]
    assert document["phases"][1]["duration_s"] == pytest.approx(0.2)
    assert document["failure"] is None
    assert document["generation"]["text"] == "Sí, funciona."
    assert document["generation"]["numeric_check"]["status"] == "passed"
    assert document["machine"]["attributes"]["hw.gpu.model"] == MACHINE["hw.gpu.model"]
    assert document["machine"]["os"] == {"type": "linux"}
    assert document["machine"]["machine_id"] == str(run.machine_id)
    assert document["generation"]["token_ids"] == [1, 2, 3]
    assert document["delivery"]["state"] == "delivered"
    assert document["delivery"]["events_missing"] == 0
    assert document["http_exchanges"][0]["status"] == 200


@BOTH
def test_show_has_both_verdicts(fleet):
    """A failure has the collector's verdict, and the agent's beside it with the version of its rules."""
    from localloom_diagnosis import RULES_VERSION

    document = fleet.json("show", str(fleet.runs[3].run_id))
    failure = document["failure"]
    assert (failure["category"], failure["rules_version"]) == ("gpu.out_of_memory", RULES_VERSION)
    assert failure["evidence"]["facts"] == {"gpu.memory.needed": 2**34}
    agent = failure["agent"]
    assert (agent["category"], agent["rules_version"]) == ("host.out_of_memory", "agent-7")
    assert agent["remedies"] == ["Use un modelo más pequeño"]
    told = fleet.cli("show", str(fleet.runs[3].run_id)).stdout
    assert "Failed in load: gpu.out_of_memory" in told
    assert "the agent said host.out_of_memory" in told
    assert "What to do" in told


def test_show_tells_phases_of_an_unfinished_run(fleet):
    """A run without its end shows the phases that its spans tell of."""
    document = fleet.json("show", str(fleet.runs[5].run_id))
    assert document["outcome"] == "running"
    assert [(p["phase"], p["status"], p["duration_s"]) for p in document["phases"]] == [
        ("preflight", "passed", 0.25)
    ]
    assert document["delivery"]["events_missing"] is None


def test_rules_that_break_do_not_stop_ingest(collector, database, monkeypatch):
    """When the collector's rules raise, the agent's verdict stands in, with a note."""
    monkeypatch.setattr("localloom_collector.ingest.verdicts.diagnose", lambda _: 1 / 0)
    run = failed_run(agent_category=Category.HOST_OUT_OF_MEMORY)
    with Agent(collector.address) as agent:
        assert not [a for a in agent.deliver(*run.chunks) if not isinstance(a, int)]
    failure = database.json("show", str(run.run_id))["failure"]
    assert failure["category"] == "host.out_of_memory"
    assert failure["rules_version"] is None
    assert "ZeroDivisionError" in failure["note"]


@pytest.mark.parametrize("given", ["zz", "", "0190", "%"])
def test_show_of_an_unknown_run_exits_1(fleet, given):
    """An id that no run has is said in a sentence, with exit code 1."""
    result = fleet.cli("show", given)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert result.stdout == ""


def test_show_of_an_ambiguous_prefix_exits_1(fleet):
    """The beginning of several ids is said to be one, with exit code 1."""
    result = fleet.cli("show", str(fleet.runs[0].run_id)[:6])
    assert result.exit_code == 1
    assert "more than one" in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("runs", "--since", "yesterday"),
        ("runs", "--where", "color=red"),
        ("runs", "--where", "engine"),
        ("failures", "--by", "nothing"),
        ("failures", "--by", ","),
        ("failures", "--where", "hw.gpu.memory=big"),
        ("hardware", "--by", "category"),
        ("phases", "--by", "phase"),
        ("runs", "--limit", "0"),
        ("show",),
        ("nonsense",),
    ],
)
def test_wrong_usage_exits_2(database, args):
    """Wrong usage is exit code 2, with a sentence on stderr and nothing on stdout."""
    result = database.cli(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


@pytest.mark.parametrize("command", [*REPORTS, "show x", "db upgrade", "serve --port 0"])
@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("nonsense", "database URL"),
        ("mysql://localhost/x", "mysql"),
        ("sqlite:////nowhere/at/all/x.db", "/nowhere/at/all"),
        ("sqlite:///{folder}/text.db", "not a database"),
        ("sqlite:///{folder}/other.db", "not LocalLoom's"),
        ("sqlite:///{folder}/newer.db", "newer"),
    ],
)
def test_bad_database_exits_3(tmp_path, empty_file, command, url, word):
    """A database that does not open, or is not ours, is said in one sentence, with exit code 3 and no traceback."""
    (tmp_path / "text.db").write_text("this is no database at all, but a text file of some length\n" * 100)
    for name, statement in (
        ("other", "CREATE TABLE shopping (item TEXT)"), ("newer", "UPDATE alembic_version SET version_num = '9999'"),
    ):  # fmt: skip
        database = Database(tmp_path / f"{name}.db")
        if name == "newer":
            database.path.write_bytes(empty_file.read_bytes())
        with database.engine(writing=True).begin() as connection:
            connection.execute(text(statement))
    result = Database(tmp_path / "x").cli(*command.split(), "--database-url", url.format(folder=tmp_path))
    assert result.exit_code == 3, result.output
    assert result.stderr.startswith("error: ")
    assert len(result.stderr.splitlines()) == 1
    assert word in result.stderr


def test_passwords_are_not_repeated(database):
    """A password in a database URL appears in no message."""
    for url in ("postgresql+nodriver://me:hunter2@localhost/x", "://me:hunter2@x", "mysql://me:hunter2@x/y"):
        result = database.cli("runs", "--database-url", url)
        assert result.exit_code == 3
        assert "hunter2" not in result.output


def test_upgrade_says_where_it_went(tmp_path):
    """`db upgrade` makes the schema, says so, and does nothing the second time."""
    database = Database(tmp_path / "new.db")
    assert "from nothing to " in database.cli("db", "upgrade").stderr
    assert "already at " in database.cli("db", "upgrade").stderr


@pytest.mark.parametrize("name", commands())
def test_help_ends_in_an_example(database, name):
    """Every command's help says what it does and ends in an example that begins with its name."""
    result = database.cli(*name.split(), "--help")
    assert result.exit_code == 0
    examples = result.stdout.partition("Example")[2]
    assert f"localloom-collector {name}".rstrip() in examples


@pytest.mark.parametrize(
    "name", [name for name, command in commands().items() if not isinstance(command, click.Group)]
)
def test_every_command_is_documented(name):
    """Every command has an example in the pages for operators and fleet owners."""
    docs = Path(__file__).resolve().parents[2] / "docs"
    pages = "".join((docs / page).read_text(encoding="utf-8") for page in ("operator.md", "fleet-owner.md"))
    assert f"localloom-collector {name}" in pages


def run_cli(*args: str, **env: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "localloom_collector", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **env})


def test_help_is_light():
    """`--help` imports neither SQLAlchemy nor gRPC, alembic, protobuf or rich."""
    script = (
        "import sys; from click.testing import CliRunner; from localloom_collector.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "heavy = {'sqlalchemy', 'grpc', 'alembic', 'google', 'rich', 'platformdirs'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    "args",
    [
        ("runs",),
        ("failures", "--by", "category,hw.gpu.model", "--since", "30d"),
        ("signatures",),
        ("hardware",),
        ("phases",),
        ("correlate", "gpu.driver"),
        ("regressions", "--of", "engine.version"),
    ],
    ids=lambda args: args[0],
)
def test_a_report_imports_only_what_it_reads_with(fleet, args):
    """Reports import no server, no Alembic, no rules, on SQLite no PostgreSQL, and rich for no table that fits."""
    script = (
        "import sys; from click.testing import CliRunner; from localloom_collector.cli import main\n"
        "result = CliRunner().invoke(main, sys.argv[1:])\n"
        "assert result.exit_code == 0, result.output\n"
        "heavy = {'grpc', 'alembic', 'google', 'mako', 'cryptography', 'pyarrow', 'numpy'} & set(sys.modules)\n"
        "heavy |= {m for m in ('rich', 'sqlalchemy.dialects.postgresql', 'localloom_diagnosis.rules',"
        " 'localloom_collector.commands.serve') if m in sys.modules}\n"
        "assert not heavy, heavy\n"
    )
    for form in ((), ("--json",)):
        command = [sys.executable, "-c", script, *args, *form, "--database-url", fleet.url]
        wide = {**os.environ, "COLUMNS": "250"}
        result = subprocess.run(command, capture_output=True, text=True, check=False, env=wide)
        assert result.returncode == 0, result.stderr


def test_a_pipe_gets_plain_whole_lines(fleet):
    """In a pipe nothing is coloured, cut or padded, and data and notes do not mix."""
    url = {"LOCALLOOM_DATABASE_URL": fleet.url}
    os.environ.pop("COLUMNS", None)
    for args in (
        ("failures", "--by", "category,hw.gpu.model,signature"),
        ("show", str(fleet.runs[3].run_id)),
    ):
        result = run_cli(*args, **url)
        assert "\x1b" not in result.stdout
        assert "…" not in result.stdout
        assert not any(line.endswith(" ") for line in result.stdout.splitlines())
        assert "note:" not in result.stdout

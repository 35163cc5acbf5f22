"""Reports on failures: the same answers as plain SQL over the base tables, for any attributes, filters and windows."""

from __future__ import annotations

import csv
import io
import random
import time
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from chunks import MACHINE, Run, failed_run, passed_run
from collectors import BOTH
from sqlalchemy import and_, case, distinct, func, select
from stream_client import Agent
from test_collector_counts import random_run, rows_of

from localloom_collector.queries.attributes import KNOWN, Condition, parse_attribute
from localloom_collector.queries.failed import Filter, told_apart
from localloom_collector.queries.failures import FailuresQuery, list_failures
from localloom_collector.queries.interval import wilson
from localloom_collector.queries.outcomes import FAILED, FINISHED
from localloom_collector.queries.signatures import SignaturesQuery, list_signatures
from localloom_collector.queries.source import RUNS
from localloom_collector.queries.window import Window, spans
from localloom_collector.storage.schema import runs
from localloom_collector.storage.writer import SqlWriter
from localloom_diagnosis import Category

NAMES = [*KNOWN, "label.site"]


def plain(connection, query: FailuresQuery) -> dict[tuple, dict[str, int]]:
    """The groups by nothing but the base tables, in one query a count."""
    window = query.chosen.window
    time_is = [runs.c.purpose == "primary"]
    if window.since:
        time_is.append(runs.c.started_at >= window.since)
    if window.until:
        time_is.append(runs.c.started_at < window.until)
    of_run = [c.clause for c in query.chosen.where if not c.attribute.of_failure]
    of_failure = [c.clause for c in query.chosen.where if c.attribute.of_failure]
    failed = and_(runs.c.outcome.in_(FAILED), *of_failure)
    base = (
        select(
            *(a.column.label(f"by_{i}") for i, a in enumerate(query.by)),
            runs.c.machine_id,
            case((failed, 1), else_=0).label("failed"),
            case((runs.c.outcome.in_(FINISHED), 1), else_=0).label("finished"),
        )
        .select_from(RUNS)
        .where(*time_is, *of_run)
        .subquery()
    )
    by = [base.c[f"by_{i}"] for i in range(len(query.by))]
    shared = [c for c, a in zip(by, query.by, strict=True) if not a.of_failure]
    counts = (func.count().label("n"), func.count(distinct(base.c.machine_id)).label("m"))
    groups = connection.execute(select(*by, *counts).where(base.c.failed == 1).group_by(*by)).all()
    every = connection.execute(select(*shared, *counts).where(base.c.finished == 1).group_by(*shared)).all()
    ended = {tuple(row)[:-2]: (row.n, row.m) for row in every}
    found = {}
    for row in groups:
        key = tuple(row)[:-2]
        of = ended[tuple(v for v, a in zip(key, query.by, strict=True) if not a.of_failure)]
        found[key] = {"failed": row.n, "machines": row.m, "runs": of[0], "of_machines": of[1]}
    return found


def random_query(rng: random.Random, connection) -> FailuresQuery:
    """Any attributes, conditions on values that occur or do not, a window that begins and ends anywhere or nowhere."""
    by = [parse_attribute(name) for name in rng.sample(NAMES, rng.randint(1, 3))]
    where = []
    for name in rng.sample(NAMES, rng.choice([0, 0, 1, 1, 2])):
        attribute = parse_attribute(name)
        there = connection.scalars(select(attribute.column).select_from(RUNS).distinct()).all()
        where.append(Condition(attribute, rng.choice([*sorted(there, key=str), None])))
    ends = sorted(datetime.now(timezone.utc) - timedelta(days=rng.random() * 75) for _ in range(2))
    if rng.random() < 0.5:
        ends = [end.replace(hour=0, minute=0, second=0, microsecond=0) for end in ends]
    window = Window(rng.choice([None, ends[0]]), rng.choice([None, ends[1]]))
    return FailuresQuery(by, Filter(window, where), limit=10_000, of_machines=rng.random() < 0.5)


@BOTH
@pytest.mark.parametrize("seed", [1, 2])
def test_failures_are_those_of_the_base_tables(database, seed):
    """Whatever is asked, `failures` gives the groups, counts, machines and rates that plain SQL over all rows gives."""
    rng = random.Random(seed)
    machines = [uuid.UUID(int=rng.getrandbits(128)) for _ in range(15)]
    writer = SqlWriter(database.engine(writing=True))
    writer.write(rows_of(*(random_run(rng, machines) for _ in range(180))))
    writer.close()
    seen = 0
    with database.engine().connect() as connection:
        for _ in range(60):
            query = random_query(rng, connection)
            found, expected = list_failures(connection, query), plain(connection, query)
            rows = {tuple(row[a.name] for a in query.by): row for row in found["failures"]}
            names = ("failed", "machines", "runs", *(["of_machines"] if query.of_machines else []))
            assert {key: {n: row[n] for n in names} for key, row in rows.items()} == {
                key: {n: row[n] for n in names} for key, row in expected.items()
            }, query
            assert [row["machines"] for row in found["failures"]] == sorted(
                (row["machines"] for row in rows.values()), reverse=True
            )
            assert found["totals"]["failed"] == sum(row["failed"] for row in rows.values())
            seen += len(rows)
    assert seen > 100


@BOTH
def test_signatures_are_those_of_the_base_tables(database):
    """`signatures` has the runs, machines, first and last times of the failures of each signature."""
    rng = random.Random(7)
    machines = [uuid.UUID(int=rng.getrandbits(128)) for _ in range(15)]
    writer = SqlWriter(database.engine(writing=True))
    writer.write(rows_of(*(random_run(rng, machines) for _ in range(150))))
    writer.close()
    signature = KNOWN["signature"].column
    with database.engine().connect() as connection:
        found = list_signatures(connection, SignaturesQuery())["signatures"]
        expected = connection.execute(
            select(
                signature, func.count(), func.count(distinct(runs.c.machine_id)), func.min(runs.c.started_at),
                func.max(runs.c.started_at), func.count(distinct(KNOWN["hw.gpu.model"].column)),
            )
            .select_from(RUNS).where(runs.c.purpose == "primary", runs.c.outcome.in_(FAILED)).group_by(signature)
        ).all()  # fmt: skip
        latest = {str(row.run_id): row.started_at for row in connection.execute(select(runs))}
    assert len(found) == len(expected) > 2

    def stamp(moment):
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    assert {
        (
            r["signature"],
            r["runs"],
            r["machines"],
            r["first_seen"],
            r["last_seen"],
            r["spread"]["hw.gpu.model"],
        )
        for r in found
    } == {(s, n, m, stamp(first), stamp(last), gpus) for s, n, m, first, last, gpus in expected}
    assert {r["signature"]: stamp(latest[r["example"]]) for r in found} == {
        r["signature"]: r["last_seen"] for r in found
    }


@BOTH
def test_signatures_tell_of_versions_and_can_be_narrowed(collector, database):
    """A signature has its category, phases, engines, agents and latest run; filters narrow; CSV has a heading."""
    machine = uuid.uuid4()
    made = [
        failed_run(machine_id=machine, started=time.time() - 3 * 86400),
        failed_run(machine_id=machine),
        failed_run(category=Category.GPU_DRIVER),
        passed_run(),
    ]
    with Agent(collector.address) as agent:
        for run in made:
            agent.deliver(*run.chunks)
    document = database.json("signatures")
    assert document["total"] == 2
    row = next(r for r in document["signatures"] if r["category"] == "gpu.out_of_memory")
    assert (row["runs"], row["machines"], row["phases"]) == (2, 1, ["load"])
    assert (row["engines"], row["agents"], row["example"]) == (["tvm 0.27.0"], ["0.1.0"], str(made[1].run_id))
    assert row["summary"]
    assert row["spread"]["hw.gpu.model"] == 1
    one = database.json("signatures", "--category", "gpu.driver")["signatures"]
    assert [r["category"] for r in one] == ["gpu.driver"]
    assert database.json("signatures", "--signature", row["signature"])["total"] == 1
    assert database.json("signatures", "--until", "2d")["signatures"][0]["runs"] == 1
    lines = list(csv.DictReader(io.StringIO(database.cli("signatures", "--csv").stdout)))
    assert {line["signature"] for line in lines} == {r["signature"] for r in document["signatures"]}
    table = database.cli("signatures").stdout.splitlines()
    assert len(table) == 3
    assert max(map(len, table)) <= 80
    assert database.cli("show", table[1].split()[-2]).exit_code == 0


@BOTH
def test_short_filters_and_csv(collector, database):
    """`--engine` and its like are `--where` in short; `--csv` has a heading, and with `--json` is wrong usage."""
    with Agent(collector.address) as agent:
        for run in (failed_run(), failed_run(category=Category.GPU_DRIVER), passed_run()):
            agent.deliver(*run.chunks)
    for short, long in (
        ("engine", "tvm"),
        ("model", "localloom/canary-q0f32"),
        ("phase", "load"),
        ("category", "gpu.driver"),
    ):
        assert database.json("failures", f"--{short}", long) == database.json(
            "failures", "--where", f"{short}={long}"
        )
    assert database.json("failures", "--engine", "mlc")["failures"] == []
    rows = list(csv.DictReader(io.StringIO(database.cli("failures", "--by", "hw.gpu.model", "--csv").stdout)))
    assert [(r["hw.gpu.model"], r["failed"], r["runs"]) for r in rows] == [
        (MACHINE["hw.gpu.model"], "2", "3")
    ]
    assert database.cli("failures", "--engine", "none", "--csv").stdout.splitlines() == [
        "category,failed,runs,machines,rate,rate_low,rate_high"
    ]
    assert database.cli("failures", "--csv", "--json").exit_code == 2


@BOTH
def test_rates_out_of_machines(collector, database):
    """With `--rate machines` a rate is out of the machines that had a run that ended."""
    one, two = uuid.uuid4(), uuid.uuid4()
    made = [
        failed_run(machine_id=one),
        failed_run(machine_id=one),
        passed_run(machine_id=two),
        passed_run(machine_id=one),
    ]
    with Agent(collector.address) as agent:
        for run in made:
            agent.deliver(*run.chunks)
    (row,) = database.json("failures", "--rate", "machines")["failures"]
    assert (row["failed"], row["runs"], row["machines"], row["of_machines"], row["rate"]) == (2, 4, 1, 2, 0.5)
    assert "1" in database.cli("failures", "--rate", "machines").stdout


@BOTH
def test_hardware_says_who_is_silent(database):
    """`--silent-for` lists the machines not heard from for so long, the longest first; the latest profile counts."""
    writer = SqlWriter(database.engine(writing=True))
    old, new = failed_run(started=time.time() - 20 * 86400), passed_run()
    for run, days in ((old, 20), (new, 0)):
        earlier = timedelta(days=days)
        rows = [row._replace(received_at=row.received_at - earlier) for row in rows_of(run)]
        writer.write(rows)
    changed = Run(new.machine_id, time.time() + 5).start({**MACHINE, "hw.gpu.driver_version": "560.35"})
    changed.seal()
    writer.write(rows_of(changed))
    document = database.json("hardware", "--by", "hw.gpu.driver_version")
    versions = {row["hw.gpu.driver_version"]: row["machines"] for row in document["hardware"]}
    assert (sum(versions.values()), len(versions), document["machines"]) == (2, 2, 2)
    silent = database.json("hardware", "--silent-for", "7d")
    assert [row["machine_id"] for row in silent["silent"]] == [str(old.machine_id)]
    assert (silent["machines"], silent["of_machines"]) == (1, 2)
    assert str(old.machine_id)[:13] in database.cli("hardware", "--silent-for", "7d").stdout
    assert database.json("hardware", "--silent-for", "30d")["silent"] == []
    assert database.json("hardware", "--where", "os.type=windows")["hardware"] == []
    assert database.cli("hardware", "--where", "category=x").exit_code == 2
    writer.close()


@pytest.mark.parametrize("ids", [0, 1, 999, 1000, 1001, 2500])
def test_machines_are_told_apart_however_many(ids):
    """A list of ids gives the different ones, wherever it ends among those that are taken out at a time."""
    rng = random.Random(ids)
    known = [rng.randbytes(16) for _ in range(1 + ids // 2)]
    listed = [rng.choice(known) for _ in range(ids)]
    assert told_apart(b"".join(listed)) == set(listed)


def test_windows_are_few_spans():
    """Any run of days is the same days in spans, each once, and thirty days are at most a dozen of them."""
    for first in range(100, 140):
        for length in (0, 1, 5, 30, 200):
            days, parts = [], list(spans(first, first + length))
            for span, start, stop in parts:
                assert start % span == 0
                days += range(start, stop)
            assert sorted(days) == list(range(first, first + length))
            assert length != 30 or sum((stop - start) // span for span, start, stop in parts) <= 13


def test_wilson_is_honest_for_few():
    """The interval of a share keeps within 0 and 1, holds the share, and says nothing of nothing."""
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10) == pytest.approx((0.0, 0.27753), abs=1e-5)
    assert wilson(10, 10) == pytest.approx((0.72247, 1.0), abs=1e-5)
    assert wilson(54, 100) == pytest.approx((0.44258, 0.63443), abs=1e-4)

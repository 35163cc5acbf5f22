"""What failures go with: known tables, planted causes found, confounded ones explained away, nothing claimed of nothing."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localloom_diagnosis.correlations import (
    Item,
    Population,
    Table,
    compare_pairs,
    correlate,
    explained_sentence,
    exposure_class,
    finding_sentence,
    mcnemar,
    more_than,
    p_value,
    time_classes,
)

COLUMNS = ("gpu", "driver", "vendor", "os", "site", "cpu", "memory", "engine")
#: The drivers of each card: driver 1 is all that card C has, and half of what A has.
DRIVERS = {"A": "12", "B": "23", "C": "1", "D": "9"}


def fleet(
    seed,
    machines,
    *,
    cause=lambda _: False,
    rate=0.3,
    background=0.005,
    runs=lambda _, rng: rng.randint(1, 9),
):
    """Machines with correlated attributes, of whose runs some fail."""
    rng = random.Random(seed)
    made, affected, exposure = [], [], []
    for _ in range(machines):
        gpu = rng.choices("ABCD", [4, 3, 2, 2])[0]
        machine = {
            "gpu": gpu, "driver": rng.choice(DRIVERS[gpu]), "vendor": "v1" if gpu in "AB" else "v2",
            "os": rng.choice(["linux", "windows"]), "site": rng.choice("abcd"), "cpu": rng.choice("pqrstuvw"),
            "memory": rng.choice(["8", "16", "32"]), "engine": rng.choices(["27", "28"], [9, 1])[0],
        }  # fmt: skip
        count = runs(machine, rng)
        chance = background + (rate if cause(machine) else 0)
        made.append(machine)
        affected.append(any(rng.random() < chance for _ in range(count)))
        exposure.append(exposure_class(count))
    return Population.of(affected, {n: [m[n] for m in made] for n in COLUMNS}, exposure, least=5)


def found(report):
    """The findings, as sets of texts."""
    return [{str(item) for item in finding.items} for finding in report.findings]


@pytest.mark.parametrize(
    ("cells", "p"),
    [
        # Fisher's tea (The Design of Experiments, 1935): 34/70 two-sided.
        ((3, 1, 1, 3), 34 / 70),
        # Agresti, Categorical Data Analysis, table 3.7's kind: one margin fixed at 4 of 8.
        ((4, 0, 0, 4), 2 / 70),
        ((0, 10, 0, 10), 1.0),
        # R: fisher.test(matrix(c(1,9,11,3),2))$p.value
        ((1, 11, 9, 3), 0.002759456185220083),
    ],
)
def test_exact_p_is_fishers(cells, p):
    """With one table the exact p-value is that of Fisher's test, two-sided."""
    assert p_value([Table(*cells)]) == (pytest.approx(p), "exact")


@pytest.mark.parametrize(
    "cells", [(300, 700, 900, 100), (5, 0, 3, 2000), (0, 60, 40, 1), (900, 2, 3, 800), (40, 9000, 60, 12000)]
)
def test_exact_p_is_that_of_whole_numbers(cells):
    """However far out in the tail: the same as from binomial coefficients, in fractions."""
    table = Table(*cells)
    with_it = table.a + table.c
    ways = {
        a: comb(table.affected, a) * comb(table.rest, with_it - a) for a in range(table.low, table.high + 1)
    }
    wanted = Fraction(sum(n for n in ways.values() if n <= ways[table.a]), sum(ways.values()))
    assert p_value([table]) == (pytest.approx(float(wanted), rel=1e-9), "exact")


def test_chi_square_takes_over_where_exact_is_too_much():
    """Large tables are tested by χ², which agrees with the exact test about what is sure and what is not."""
    even = Table(30_000, 30_000, 30_100, 29_900)
    p, test = p_value([even])
    assert test == "χ²"
    assert p == pytest.approx(0.564, abs=0.01)
    assert p_value([Table(31_000, 29_000, 30_000, 30_000)])[0] < 1e-7


def test_strata_undo_simpsons_paradox():
    """An association that exists only because strata are thrown together is none within them."""
    apart = [Table(90, 10, 9, 1), Table(1, 9, 10, 90)]
    together = Table(91, 19, 19, 91)
    assert p_value([together])[0] < 1e-10
    assert p_value(apart)[0] > 0.9


@given(st.lists(st.tuples(*[st.integers(0, 12)] * 4), min_size=1, max_size=4))
def test_p_is_a_probability(cells):
    """Whatever the tables, p lies in (0, 1], and swapping the groups changes nothing."""
    tables = [Table(*four) for four in cells]
    p, _ = p_value(tables)
    assert 0 < p <= 1
    swapped, _ = p_value([Table(t.c, t.d, t.a, t.b) for t in tables])
    assert swapped == pytest.approx(p)


@pytest.mark.parametrize("seed", range(3))
def test_the_driver_is_found_and_the_card_explained_by_it(seed):
    """Where a driver makes runs fail, the driver is the one finding, and the card that mostly has it explains nothing more."""
    report = correlate(fleet(seed, 400, cause=lambda m: m["driver"] == "1"))
    assert found(report) == [{"driver 1"}]
    by = {str(e.finding.items[0]): e for e in report.explained if len(e.finding.items) == 1}
    assert by["gpu C"].by == ((Item("driver", "1"),),)
    assert explained_sentence(by["gpu C"]).startswith("given driver 1, gpu C explains nothing more")


@pytest.mark.parametrize("seed", range(3))
def test_a_pair_is_found_as_a_pair(seed):
    """Where one card fails on one system only, the finding is the two together, and neither alone."""
    report = correlate(fleet(seed, 400, cause=lambda m: (m["gpu"], m["os"]) == ("A", "linux")))
    assert found(report) == [{"gpu A", "os linux"}]


def test_two_causes_are_two_findings():
    """Two independent causes of one failure are both named, and what contains them is not."""
    report = correlate(fleet(1, 2000, cause=lambda m: m["driver"] == "1" or m["site"] == "a"))
    assert found(report)[:2] in ([{"driver 1"}, {"site a"}], [{"site a"}, {"driver 1"}])
    assert not any(str(i).startswith(("gpu", "vendor")) for f in report.findings for i in f.items)


@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_claimed_of_nothing(seed):
    """Where failures depend on nothing, nothing is found."""
    assert found(correlate(fleet(seed, 300, background=0.03))) == []


@pytest.mark.parametrize("seed", range(5))
def test_who_runs_more_is_not_to_blame(seed):
    """Machines of a site that run twenty-five times as often fail more often, and the site is not blamed for it."""
    often = fleet(seed, 400, background=0.02, runs=lambda m, _: 50 if m["site"] == "a" else 2)
    share = often.table(often.items[Item("site", "a")], often.everybody)
    assert share.difference > 0.3
    assert found(correlate(often)) == []


@pytest.mark.parametrize("seed", range(5))
def test_a_version_is_not_to_blame_for_its_time(seed):
    """Where a failure began late and a version was rolled out late, machines of that time tell the two apart."""
    rng = random.Random(seed)
    when = [rng.random() for _ in range(2000)]
    engine = ["28" if rng.random() < moment else "27" for moment in when]
    affected = [moment > 0.75 and rng.random() < 0.3 for moment in when]
    blind = Population.of(affected, {"engine": engine})
    assert found(correlate(blind)) == [{"engine 28"}]
    assert found(correlate(Population.of(affected, {"engine": engine}, time_classes(when)))) == []


def test_too_few_machines_are_no_finding():
    """Four affected machines that all have one rare thing are too few to speak of."""
    size = 400
    rare = ["x" if i < 4 else "y" for i in range(size)]
    report = correlate(Population.of([i < 4 for i in range(size)], {"thing": rare}))
    assert report.findings == ()
    five = Population.of(
        [i < 5 for i in range(size)], {"thing": ["x" if i < 5 else "y" for i in range(size)]}
    )
    assert found(correlate(five)) == [{"thing x"}]


def test_things_that_the_same_machines_have_are_named_together():
    """Two attributes that go together on every machine are one finding that names both."""
    size = 200
    bad = [i % 4 == 0 for i in range(size)]
    columns = {"system": ["macos" if b else "linux" for b in bad], "card": ["M2" if b else "A" for b in bad]}
    (finding,) = correlate(Population.of(bad, columns)).findings
    assert finding.items == (Item("system", "macos"),)
    assert finding.same == ((Item("card", "M2"),),)
    assert "cannot be told apart" in finding_sentence(finding)


def test_what_is_not_known_counts_on_neither_side():
    """Machines whose runs ended before the engine was known say nothing about engines."""
    size = 300
    affected = [i < 100 for i in range(size)]
    engine = [None if i < 80 else "27" for i in range(size)]
    population = Population.of(affected, {"engine": engine})
    assert population.table(population.items[Item("engine", "27")], population.known["engine"]).affected == 20
    assert correlate(population).findings == ()


def test_more_machines_that_got_worse_than_better():
    """McNemar's exact p is that of a fair coin; a change needs five machines and the corrected threshold."""
    assert mcnemar(0, 5) == pytest.approx(2 / 32)
    assert mcnemar(7, 7) == 1.0
    assert mcnemar(0, 60_000) == 0.0
    worse, noise = compare_pairs({"a": (1, 25, 3), "b": (9, 11, 0)}, 300)
    assert (worse.name, worse.significant, worse.worse) == ("a", True, True)
    assert (worse.before, worse.after) == (4, 28)
    assert not noise.significant
    assert compare_pairs({"a": (0, 4, 0)}, 10)[0].significant is False


def test_those_who_stayed_tell_a_version_from_its_time():
    """Where machines that kept the old version got worse just as much, the version is not to blame."""
    (movers,) = compare_pairs({"a": (2, 40, 0)}, 200)
    (stayers,) = compare_pairs({"a": (3, 42, 0)}, 210)
    (steady,) = compare_pairs({"a": (3, 4, 0)}, 210)
    assert more_than(movers, stayers) > 0.5
    assert more_than(movers, steady) < 1e-6

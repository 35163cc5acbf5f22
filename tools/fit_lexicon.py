"""Fits the learned half of the diagnosis to labelled reports: `fit_lexicon.py REPORTS.jsonl… --unseen REPORTS.jsonl…`.

Two tables are written anew. The lexicon's, of words, is fitted to all reports. That of its weight beside the rules, and of how often
both together are right, is fitted to those that the rules were not developed on (--unseen): each is judged with a lexicon
fitted without its part of the threads. Without --unseen only the first is written.

Each line has message and category and, optionally, runtime, phase, error_type, hardware, secondary (a list), source and weight.
Learned from, too, are the texts that the tests have for families of errors, and every fourth report once more without what is known beside
its words, since pasted texts come so. Only words that reports from three sources have are kept. Of REPORTS those that evaluate.py holds out are left out.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from localloom_diagnosis import Category, Evidence
from localloom_diagnosis.lexicon import FAINTEST, FEWEST, circumstances_of, words_of
from localloom_diagnosis.rules import Scene, Vote
from localloom_diagnosis.scene import stage
from localloom_diagnosis.scoring import Ranked, asked, by_rules, collect, say, together

PACKAGE = Path(__file__).parents[1] / "diagnosis/localloom_diagnosis"
LEXICON, FUSION = PACKAGE / "lexicon_table.py", PACKAGE / "fusion_table.py"
TESTS = Path(__file__).parents[1] / "tests/diagnosis"
#: Tests, by module, that have texts with their categories.
FAMILIES = {
    "test_error_families": (
        "test_text_of_a_family_has_its_category",
        "test_text_with_two_meanings_names_both",
    ),
    "test_mlc_families": ("test_text_of_mlc_or_webllm",),
    "test_chatter": ("test_a_usual_line_does_not_hide_the_failure", "test_the_place_of_a_bare_error_speaks"),
}
#: What such a text counts beside a report, since it is made to be unmistakable, and what a report counts that no rule was developed on.
FAMILY = 4
UNSEEN = 3
#: One of so many reports is learned from once more without its circumstances.
BARE = 4
#: In how many sources a word must be.
SOURCES = 3
#: What the secondary categories of a report are worth together beside its category.
SECONDARY = 0.2
#: The squared weights' share in what is minimised, and how many steps are made: fewer than lead to the minimum.
RIDGE, STEPS = 0.05, 150
#: Letters of the table: weight = (letter - ZERO) * STEP.
ZERO, STEP, FIRST, LAST = ord("G"), 0.25, ord("!"), ord("~")
_NEVER = frozenset("\\\"'")
#: In so many parts the threads of the unseen reports are divided.
PARTS = 5
#: Below which best scores of the rules the lexicon's word has a weight of its own, and those that are tried.
BELOW = (0.5, 0.9, 1.1)
SAYS = tuple(place / 20 for place in range(4, 17))
#: Scores of both are more cautious than they need be: their power by which they are compared, with the least that a category has.
SHARPER, LEAST = 1.35, 0.003
#: The lexicon counts as little as the reports allow: so much less likely they may be than with the best weight.
DOUBT = 2.0
#: A verdict of SURE or more is to be right so often: 0.97 is promised, and further threads are never quite like these.
SURE, RIGHT = 0.9, 0.98
#: No verdict is surer.
SUREST = 0.985


class Judged(NamedTuple):
    """What the rules say of one report."""

    report: dict[str, Any]
    scene: Scene
    votes: list[Vote]
    ranked: list[Ranked]
    unseen: bool = False
    """Whether no rule was developed on it."""

    @property
    def features(self) -> set[str]:
        """All that the lexicon may know of it."""
        return words_of(self.scene) | circumstances_of(self.scene, self.votes)

    @property
    def lesson(self) -> set[str]:
        """What may be learned from: of rules, only what they say of reports that they were not made for."""
        return self.features if self.unseen else words_of(self.scene) | circumstances_of(self.scene)

    @property
    def weight(self) -> float:
        """What it counts."""
        return float(self.report.get("weight", UNSEEN if self.unseen else 1))


class Lexicon(NamedTuple):
    """Fitted weights."""

    words: list[str]
    weights: np.ndarray
    """One row a word, one column a category."""
    bias: np.ndarray

    def shares(self, judged: Judged) -> dict[Category, float]:
        """What `lexicon.speaks_for` would say with these weights."""
        place = {word: row for row, word in enumerate(self.words)}
        if sum(word in place for word in words_of(judged.scene)) < FEWEST:
            return {}
        rows = [place[word] for word in judged.features if word in place]
        odds = np.exp(self.bias + self.weights[rows].sum(axis=0) / np.sqrt(len(rows)))
        shares = odds / odds.sum()
        return {
            category: float(share)
            for category, share in zip(Category, shares, strict=True)
            if share >= FAINTEST
        }


def held_out(report: dict[str, Any]) -> bool:
    """The third of the sources that tests/diagnosis/evaluate.py keeps apart."""
    return int(hashlib.sha256(str(report.get("source", "")).encode()).hexdigest(), 16) % 3 == 0


def part_of(report: dict[str, Any]) -> int:
    """In which part of the threads the report is: reports of one source are in one."""
    return int(hashlib.md5(str(report.get("source", "")).encode()).hexdigest(), 16) % PARTS


def judged_by_rules(report: dict[str, Any], *, unseen: bool = False) -> Judged:
    """The report as the rules see it."""
    scene, _ = stage(Evidence.from_report(report))
    votes, _ = collect(scene)
    return Judged(report, scene, votes, by_rules(scene, votes), unseen)


def fit(features: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights and biases of a multinomial logistic regression, by Nesterov's accelerated gradient."""
    weights = np.zeros((features.shape[1], wanted.shape[1]), np.float32)
    bias = np.zeros(wanted.shape[1], np.float32)
    ahead, ahead_bias = weights.copy(), bias.copy()
    sums = wanted.sum(axis=1, keepdims=True)
    counted = features * np.sqrt(sums)
    direction = np.ones(features.shape[1], np.float32)
    for _ in range(30):
        direction = counted.T @ (counted @ direction)
        greatest = float(np.linalg.norm(direction))
        direction /= greatest
    # The greatest curvature: that of the features' products, of which softmax takes half at most.
    pace = 1 / (0.5 * (greatest + float(sums.sum()) / 2) + RIDGE)
    for step in range(1, STEPS + 1):
        odds = features @ ahead + ahead_bias
        odds = np.exp(odds - odds.max(axis=1, keepdims=True))
        wrong = odds / odds.sum(axis=1, keepdims=True) * sums - wanted
        new = ahead - pace * (features.T @ wrong + RIDGE * ahead)
        new_bias = ahead_bias - pace * wrong.sum(axis=0)
        momentum = (step - 1) / (step + 2)
        ahead, ahead_bias = new + momentum * (new - weights), new_bias + momentum * (new_bias - bias)
        weights, bias = new, new_bias
    return weights, bias


def learn(reports: Sequence[Judged]) -> Lexicon:
    """The words that are kept, their weights for each category, and the biases."""
    known = [judged.lesson for judged in reports]
    sources: dict[str, set[str]] = {}
    for place, (judged, said) in enumerate(zip(reports, known, strict=True)):
        for word in said:
            sources.setdefault(word, set()).add(str(judged.report.get("source", place)))
    words = sorted(word for word, places in sources.items() if len(places) >= SOURCES)
    column = {word: place for place, word in enumerate(words)}
    features = np.zeros((len(reports), len(words)), np.float32)
    for row, there in zip(features, known, strict=True):
        columns = [column[word] for word in there if word in column]
        row[columns] = 1 / np.sqrt(max(1, len(columns)))
    categories = list(Category)
    wanted = np.zeros((len(reports), len(categories)), np.float32)
    for row, judged in zip(wanted, reports, strict=True):
        row[categories.index(Category(judged.report["category"]))] = 1
        others = judged.report.get("secondary") or ()
        for other in others:
            row[categories.index(Category(other))] += SECONDARY / len(others)
    wanted *= np.array([[judged.weight] for judged in reports], np.float32)
    return Lexicon(words, *fit(features, wanted))


def written(row: np.ndarray) -> str:
    """One letter a weight, the nearest that there is."""
    letters = [chr(min(LAST, max(FIRST, ZERO + round(float(weight) / STEP)))) for weight in row]
    return "".join(chr(ord(letter) + 1) if letter in _NEVER else letter for letter in letters)


class Spoken(NamedTuple):
    """What both halves say of a report that neither has seen."""

    judged: Judged
    shares: dict[Category, float]
    known: int
    """How many of its words the lexicon knows."""
    weight: float = 1.0
    """What the report counts."""

    @property
    def best(self) -> float:
        """How sure the rules are."""
        return self.judged.ranked[0].score if self.judged.ranked else 0.0

    def fused(self, says: Sequence[float]) -> list[Ranked]:
        """The ranks of both together."""
        counts = say(self.judged.ranked, self.known, list(zip(BELOW, says, strict=True)))
        return together(self.judged.ranked, self.shares, counts)

    def right(self, category: Category) -> float:
        """1 for the report's category, a half for one that it lists as secondary."""
        report = self.judged.report
        return 1.0 if category == report["category"] else 0.5 * (category in (report.get("secondary") or ()))


def spoken_unseen(unseen: Sequence[Judged], others: Sequence[Judged]) -> Iterator[Spoken]:
    """What is said of each unseen report that the lexicon is asked about, by one fitted without its part of the threads."""
    for part in range(PARTS):
        apart = [judged for judged in unseen if part_of(judged.report) == part]
        lexicon = learn([judged for judged in (*unseen, *others) if part_of(judged.report) != part])
        for judged in apart:
            if asked(judged.scene, judged.votes) and (shares := lexicon.shares(judged)):
                yield Spoken(judged, shares, len(words_of(judged.scene).intersection(lexicon.words)))


def weighed(spoken: Sequence[Spoken], like: Sequence[dict[str, Any]]) -> list[Spoken]:
    """The same reports, with weights by which their categories have the shares that they have among those of `like`."""
    if not like:
        return list(spoken)
    there = Counter(item.judged.report["category"] for item in spoken)
    wanted = Counter(report["category"] for report in like)
    return [
        item._replace(
            weight=wanted[category] / len(like) / (there[category] / len(spoken))
            if (category := item.judged.report["category"])
            else 1.0
        )
        for item in spoken
    ]


def fit_says(spoken: Sequence[Spoken]) -> tuple[float, ...]:
    """The least weight of the lexicon's word, for each of BELOW, with which the reports' own categories are hardly less probable."""
    says = []
    for place, below in enumerate(BELOW):
        above = BELOW[place - 1] if place else 0.0
        band = [item for item in spoken if above <= item.best < below]
        found = [_likelihood(band, tried) for tried in SAYS]
        says.append(
            next(tried for tried, here in zip(SAYS, found, strict=True) if here >= max(found) - DOUBT)
        )
    return tuple(says)


def _likelihood(spoken: Sequence[Spoken], tried: float) -> float:
    """The logarithm of how probable the reports' own categories are."""
    total = 0.0
    for item in spoken:
        ranked = item.fused([tried] * len(BELOW))
        said = {entry.category.value: (entry.score + LEAST) ** SHARPER for entry in ranked}
        rest = LEAST**SHARPER
        own = said.get(item.judged.report["category"], rest)
        total += item.weight * float(np.log(own / (sum(said.values()) + rest * (len(Category) - len(said)))))
    return total


def fit_calibration(scores: np.ndarray, right: np.ndarray, weight: np.ndarray) -> list[tuple[float, float]]:
    """Scores with how often they are right: by a logistic regression on the score's log-odds, and with more doubt near SURE.

    From that score on SURE is said of which on the verdicts are right in RIGHT of the cases; below it less, however right they are.
    """
    odds = np.log(np.clip(scores, 0.01, 0.99) / (1 - np.clip(scores, 0.01, 0.99)))
    design = np.column_stack([np.ones_like(odds), odds])
    line = np.zeros(2)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ line))
        slope = (design * (weight * chance * (1 - chance))[:, None]).T @ design + 1e-6 * np.eye(2)
        line += np.linalg.solve(slope, design.T @ (weight * (right - chance)))
    order = np.argsort(-scores, kind="stable")
    chances = (1 / (1 + np.exp(-design @ line)))[order]
    # Both what was counted and what the line says must be as right as that.
    counts = np.cumsum(weight[order])
    counted = np.cumsum((weight * right)[order]) / counts
    said = np.cumsum(weight[order] * chances) / counts
    fits = np.nonzero((counted + said) / 2 >= RIGHT)[0]
    cut = float(scores[order][fits[-1]]) if len(fits) else 0.97
    points = []
    for score in np.arange(0.1, cut - 0.02, 0.05):
        often = 1 / (1 + float(np.exp(-line[0] - line[1] * np.log(score / (1 - score)))))
        if often < SURE - 0.03:
            points.append((round(float(score), 2), round(often, 3)))
    return [
        *points,
        (round(cut - 0.005, 3), SURE - 0.005),
        (round(cut, 3), SURE),
        (1.0, SUREST),
    ]


def figures(spoken: Sequence[Spoken], says: Sequence[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The first score of each report, how right it is, and whether the category is among the first three."""
    rows = [(item, item.fused(says)) for item in spoken]
    return (
        np.array([ranked[0].score for _, ranked in rows]),
        np.array([item.right(ranked[0].category) for item, ranked in rows]),
        np.array(
            [
                item.judged.report["category"] in [entry.category for entry in ranked[:3]]
                for item, ranked in rows
            ]
        ),
    )


def measure(spoken: Sequence[Spoken]) -> str:
    """How right both together are, with weights and calibration from the other parts of the threads."""
    rows = []
    for part in range(PARTS):
        others = [item for item in spoken if part_of(item.judged.report) != part]
        apart = [item for item in spoken if part_of(item.judged.report) == part]
        if not apart or not others:
            continue
        says = fit_says(others)
        scores, right, _ = figures(others, says)
        table = fit_calibration(scores, right, np.array([item.weight for item in others]))
        cut = next(score for score, sure in table if sure >= SURE)
        scores, right, third = figures(apart, says)
        rows += list(zip([item.weight for item in apart], right, third, scores >= cut, strict=True))
    found = np.array(rows, float)
    lines = []
    for name, weight in (("as they are", np.ones(len(found))), ("weighed", found[:, 0])):
        sure = weight * found[:, 3]
        lines.append(
            f"{name}: {len(found)} reports, first {np.average(found[:, 1], weights=weight):.1%}, "
            f"first three {np.average(found[:, 2], weights=weight):.1%}, "
            f"at least {SURE} {sure.sum() / weight.sum():.1%}, of those right {np.average(found[:, 1], weights=sure):.1%}"
        )
    return "\n".join(lines)


def write_lexicon(lexicon: Lexicon, count: int) -> None:
    """The table that `lexicon.py` reads."""
    lines = [
        '"""Words and circumstances with a letter for each category: generated by tools/fit_lexicon.py, not by hand."""',
        "",
        "from __future__ import annotations",
        "",
        f"#: A letter's weight is (letter - ZERO) * STEP. Fitted to {count} reports and texts of tests.",
        f"ZERO, STEP = {ZERO}, {STEP}",
        "CATEGORIES = (",
        *(f'    "{category.value}",' for category in Category),
        ")",
        f'BIAS = "{written(lexicon.bias)}"',
        "WORDS = {",
        *(
            f'    "{word}": "{written(row)}",'
            for word, row in zip(lexicon.words, lexicon.weights, strict=True)
        ),
        "}",
    ]
    LEXICON.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_fusion(says: Sequence[float], calibration: Sequence[tuple[float, float]], count: int) -> None:
    """The table that `scoring.py` reads."""
    pairs = ", ".join(f"({below}, {say})" for below, say in zip(BELOW, says, strict=True))
    lines = [
        '"""What the lexicon counts beside the rules, and how often both are right: generated by tools/fit_lexicon.py."""',
        "",
        "from __future__ import annotations",
        "",
        "#: Where the best score of the rules is below the first, the lexicon's word counts the second, of 1.",
        f"SAY: tuple[tuple[float, float], ...] = ({pairs})",
        f"#: Scores of both, and how often they are right, on {count} reports that neither had seen. Between the points the line is straight.",
        "CALIBRATION_TOGETHER: tuple[tuple[float, float], ...] = (",
        *(f"    ({score}, {sure})," for score, sure in calibration),
        ")",
    ]
    FUSION.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The reports of all files."""
    return [
        json.loads(line)
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def kept(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The reports of all files but those that are held out."""
    return [report for report in read(paths) if not held_out(report)]


def families() -> list[dict[str, Any]]:
    """The sentences that the tests have for each family of errors, as reports."""
    reports = []
    for name, tests in FAMILIES.items():
        spec = importlib.util.spec_from_file_location(name, TESTS / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for test in tests:
            for mark in getattr(getattr(module, test, None), "pytestmark", ()):
                names, cases = mark.args
                if isinstance(names, tuple):
                    reports += [
                        {"source": f"{test}/{place}", "weight": FAMILY} | report
                        for place, case in enumerate(cases)
                        for report in _of_case(dict(zip(names, case, strict=True)))
                    ]
    return reports


def _of_case(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A report for each category of a test's case."""
    report = {"message": next(case[name] for name in ("text", "failure", "trace") if name in case)}
    report |= {name: case[name] for name in ("phase", "runtime") if name in case}
    if "category" in case:
        yield report | {"category": case["category"].value}
        return
    for category in sorted(case["categories"]):
        yield report | {"category": category.value, "weight": FAMILY / len(case["categories"])}


def bare(reports: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Some of the reports without what is known beside their words."""
    around = {"phase", "runtime", "hardware"}
    return [{key: report[key] for key in report if key not in around} for report in reports[::BARE]]


def main() -> None:
    """Read, fit, write, and say how good it is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", type=Path, nargs="+")
    parser.add_argument(
        "--unseen", type=Path, nargs="+", default=[], help="reports that no rule was developed on"
    )
    parser.add_argument(
        "--like", type=Path, help="reports whose categories have the shares that are to be expected"
    )
    parser.add_argument(
        "--whole", type=Path, nargs="+", default=[], help="further reports of which none is held out"
    )
    parser.add_argument("--measure", action="store_true", help="only print the figures; nothing is written")
    arguments = parser.parse_args()
    seen = [*kept(arguments.reports), *read(arguments.whole), *families()]
    kept_apart = read(arguments.unseen)
    others = [judged_by_rules(report) for report in (*seen, *bare([*seen, *kept_apart]))]
    unseen = [judged_by_rules(report, unseen=True) for report in kept_apart]
    if unseen:
        like = read([arguments.like]) if arguments.like else []
        spoken = weighed(list(spoken_unseen(unseen, others)), like)
        print(measure(spoken))
        says = fit_says(spoken)
        scores, right, _ = figures(spoken, says)
        calibration = fit_calibration(scores, right, np.array([item.weight for item in spoken]))
        print(f"the lexicon counts {says}; {SURE} is said from {calibration[-2][0]} on")
        if not arguments.measure:
            write_fusion(says, calibration, len(spoken))
    if not arguments.measure:
        lexicon = learn([*others, *unseen])
        write_lexicon(lexicon, len(seen) + len(unseen))
        print(f"{len(lexicon.words)} words from {len(seen) + len(unseen)} reports and texts in {LEXICON}")


if __name__ == "__main__":
    main()

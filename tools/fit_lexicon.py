"""Fits the lexicon of the diagnosis to labelled reports: `fit_lexicon.py REPORTS.jsonl…` writes its table anew.

Each line has message and category and, optionally, runtime, phase, error_type, secondary (a list), source and weight.
Only words that reports from three sources have are kept. Reports that are kept apart for measuring are left out with --part.
With --onto-present the present table is what is learned from there on: its reports need not be at hand any more.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from localloom_diagnosis import Category, Evidence
from localloom_diagnosis.lexicon import circumstances_of, weights_of_table, words_of
from localloom_diagnosis.scene import stage

TABLE = Path(__file__).parents[1] / "diagnosis/localloom_diagnosis/lexicon_table.py"
#: In how many sources a word must be.
SOURCES = 3
#: What the secondary categories of a report are worth together beside its category.
SECONDARY = 0.3
#: The squared weights' share in what is minimised, and how many steps are made.
RIDGE, STEPS = 0.05, 400
#: The same for the distance from the present table, with --onto-present: by cross-validation over threads.
HELD = 2.0
#: Letters of the table: weight = (letter - ZERO) * STEP.
ZERO, STEP, FIRST, LAST = ord("G"), 0.25, ord("!"), ord("~")
_NEVER = frozenset("\\\"'")


def held_out(report: dict[str, Any]) -> bool:
    """The third of the sources that tests/diagnosis/evaluate.py keeps apart."""
    return int(hashlib.sha256(str(report.get("source", "")).encode()).hexdigest(), 16) % 3 == 0


def fit(
    features: np.ndarray, wanted: np.ndarray, start: tuple[np.ndarray, np.ndarray], ridge: float
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and biases of a multinomial logistic regression, drawn to those of `start`, by Nesterov's accelerated gradient."""
    drawn_to, bias = start
    weights = drawn_to.copy()
    ahead, ahead_bias = weights.copy(), bias.copy()
    sums = wanted.sum(axis=1, keepdims=True)
    # The greatest curvature: that of the features' products, of which softmax takes half at most.
    pace = 1 / (0.5 * float(sums.max()) * (np.linalg.norm(features, 2) ** 2 + len(features)) + ridge)
    for step in range(1, STEPS + 1):
        odds = features @ ahead + ahead_bias
        odds = np.exp(odds - odds.max(axis=1, keepdims=True))
        wrong = odds / odds.sum(axis=1, keepdims=True) * sums - wanted
        new = ahead - pace * (features.T @ wrong + ridge * (ahead - drawn_to))
        new_bias = ahead_bias - pace * wrong.sum(axis=0)
        momentum = (step - 1) / (step + 2)
        ahead, ahead_bias = new + momentum * (new - weights), new_bias + momentum * (new_bias - bias)
        weights, bias = new, new_bias
    return weights, bias


def learn(
    reports: list[dict[str, Any]],
    present: tuple[dict[str, tuple[float, ...]], tuple[float, ...]] | None = None,
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """The words that are kept, their weights for each category, and the biases, from those of `present` on where it is given."""
    known: list[set[str]] = []
    sources: dict[str, set[str]] = {}
    for place, report in enumerate(reports):
        scene, _ = stage(Evidence.from_report(report))
        said = words_of(scene) | circumstances_of(scene)
        known.append(said)
        for word in said:
            sources.setdefault(word, set()).add(str(report.get("source", place)))
    before, before_bias = present or ({}, (0.0,) * len(Category))
    words = sorted({word for word, places in sources.items() if len(places) >= SOURCES} | before.keys())
    column = {word: place for place, word in enumerate(words)}
    features = np.zeros((len(reports), len(words)), np.float32)
    for row, there in zip(features, known, strict=True):
        columns = [column[word] for word in there if word in column]
        row[columns] = 1 / np.sqrt(max(1, len(columns)))
    categories = list(Category)
    wanted = np.zeros((len(reports), len(categories)), np.float32)
    for row, report in zip(wanted, reports, strict=True):
        row[categories.index(Category(report["category"]))] = 1
        others = report.get("secondary") or ()
        for other in others:
            row[categories.index(Category(other))] += SECONDARY / len(others)
    wanted *= np.array([[report.get("weight", 1)] for report in reports], np.float32)
    start = np.array([before.get(word, (0.0,) * len(categories)) for word in words], np.float32)
    return words, *fit(
        features, wanted, (start, np.array(before_bias, np.float32)), HELD if present else RIDGE
    )


def written(row: np.ndarray) -> str:
    """One letter a weight, the nearest that there is."""
    letters = [chr(min(LAST, max(FIRST, ZERO + round(float(weight) / STEP)))) for weight in row]
    return "".join(chr(ord(letter) + 1) if letter in _NEVER else letter for letter in letters)


def main() -> None:
    """Read, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path, nargs="+")
    parser.add_argument("--part", choices=("train", "all"), default="train")
    parser.add_argument("--onto-present", action="store_true", help="learn from the present table on")
    arguments = parser.parse_args()
    reports = [
        json.loads(line)
        for path in arguments.reports
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    if arguments.part == "train":
        reports = [report for report in reports if not held_out(report)]
    words, weights, bias = learn(reports, weights_of_table() if arguments.onto_present else None)
    onto = ", onto the table before" if arguments.onto_present else ""
    lines = [
        '"""Words, phases and runtimes with a letter for each category: generated by tools/fit_lexicon.py, not by hand."""',
        "",
        "from __future__ import annotations",
        "",
        f"#: A letter's weight is (letter - ZERO) * STEP. Fitted to {len(reports)} reports{onto}.",
        f"ZERO, STEP = {ZERO}, {STEP}",
        "CATEGORIES = (",
        *(f'    "{category.value}",' for category in Category),
        ")",
        f'BIAS = "{written(bias)}"',
        "WORDS = {",
        *(f'    "{word}": "{written(row)}",' for word, row in zip(words, weights, strict=True)),
        "}",
    ]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(words)} words from {len(reports)} reports in {TABLE}")


if __name__ == "__main__":
    main()

"""Measures the classifier on labelled reports: `evaluate.py REPORTS.jsonl [--part train|heldout|all]`.

Each line has message, category and, optionally, id, runtime, phase, error_type, hardware, secondary (a list) and source.
A third of the sources, chosen by hash, is held out: rules are developed on the other two, so errors are listed for those only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import sys
from collections import Counter
from pathlib import Path

from localloom_diagnosis import Diagnosis, Evidence, diagnose

SURE = 0.9


def held_out(report: dict) -> bool:
    """Whether the report's thread belongs to the third that nobody looks at while writing rules."""
    return int(hashlib.sha256(str(report.get("source", "")).encode()).hexdigest(), 16) % 3 == 0


def judge(report: dict) -> tuple[Diagnosis, float, float]:
    """The verdict, and how right its first and its first three candidates are: a listed secondary counts half."""
    verdict = diagnose(Evidence.from_report(report))
    named = [candidate.category.value for candidate in verdict.candidates]
    first = 1.0 if named[0] == report["category"] else 0.5 if named[0] in report.get("secondary", ()) else 0.0
    return verdict, first, float(report["category"] in named[:3])


def main() -> int:
    """Print the figures; the errors by id, except for the held-out part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path)
    parser.add_argument("--part", choices=("train", "heldout", "all"), default="train")
    parser.add_argument("--errors", action="store_true", help="list the errors of the train part")
    arguments = parser.parse_args()
    lines = arguments.reports.read_text(encoding="utf-8").splitlines()
    reports = [json.loads(line) for line in lines if line.strip()]
    if arguments.part != "all":
        reports = [report for report in reports if held_out(report) == (arguments.part == "heldout")]
    judged = [(report, *judge(report)) for report in reports]
    total = len(judged) or 1
    exact = sum(first == 1.0 for _, _, first, _ in judged)
    sure = [(first, verdict) for _, verdict, first, _ in judged if verdict.confidence >= SURE]
    sys.stdout.write(
        f"{arguments.part}: {len(judged)} reports\n"
        f"top-1 {sum(first for _, _, first, _ in judged) / total:.1%} (exact {exact / total:.1%})\n"
        f"top-3 {sum(third for *_, third in judged) / total:.1%}\n"
        f"confidence >= {SURE}: {len(sure) / total:.1%} of the reports, "
        f"{sum(first for first, _ in sure) / (len(sure) or 1):.1%} right\n"
    )
    bins: dict[int, list[float]] = {}
    for _, verdict, first, _ in judged:
        bins.setdefault(min(9, int(verdict.confidence * 10)), []).append(first)
    for low, results in sorted(bins.items()):
        sys.stdout.write(
            f"  said {low / 10:.1f}..: right {sum(results) / len(results):.0%} of {len(results)}\n"
        )
    if arguments.errors and arguments.part == "train":
        missed: Counter[str] = Counter()
        for report, verdict, first, third in judged:
            if first < 1.0:
                missed[report["category"]] += 1
                named = ", ".join(f"{c.category.value} {c.score:.2f}" for c in verdict.candidates[:3])
                mark = "top-3" if third else "MISSED"
                sys.stdout.write(
                    f"{mark} {report.get('id')}: {report['category']} not {named}\n    {verdict.candidates[0].because}\n"
                )
        sys.stdout.write(f"missed by category: {dict(missed)}\n")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` is no fault
    sys.exit(main())

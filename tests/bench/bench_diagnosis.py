"""Times the diagnosis in CPU time, the way `explain --jsonl` goes: 100,000 short lines, and one line of a megabyte."""

from __future__ import annotations

import argparse
import io
import json
import time

from localloom_agent.cli.explain import _diagnose_lines
from localloom_diagnosis import Evidence, diagnose

LINES = (
    "RuntimeError: CUDA out of memory. Tried to allocate {n} MiB (GPU 0; {m}.00 GiB total capacity)",
    "requests.exceptions.HTTPError: 404 Client Error: Not Found for url: https://example.org/models/{n}/resolve/main/config.json",
    "[12:00:{m:02d}] INFO request {n} answered in {m} ms",
    "OSError: libfoo{m}.so.{n}: cannot open shared object file: No such file or directory",
    "Segmentation fault (core dumped) in worker {n}",
    "TypeError: Failed to fetch params_shard_{n}.bin",
    "error loading model: tensor 'blk.{m}.ffn_down.weight' data is not within the file bounds, model is corrupted ({n})",
    "Error: Unable to find a compatible GPU ({n})",
    "loading layer {n} of {m}",
    "ValueError: Cannot find parameter in cache: model.layers.{n}.mlp.down_proj.q_weight",
)


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    count = parser.parse_args().lines
    reports = [
        json.dumps(
            {"id": n, "message": LINES[n % len(LINES)].format(n=n, m=n % 60), "phase": "load"}
        ).encode()
        for n in range(count)
    ]
    for name, lines in (("distinct", reports), ("repeated", [reports[n % len(LINES)] for n in range(count)])):
        out = io.StringIO()
        started = time.process_time()
        for diagnosed in _diagnose_lines(io.BytesIO(b"\n".join(lines)), "en"):
            out.write(json.dumps(diagnosed, ensure_ascii=False) + "\n")
        spent = time.process_time() - started
        print(f"{count} {name} lines: {spent:.2f} s of CPU time ({spent / count * 1e6:.0f} us a line)")
    for name, text in (
        ("words", "error: cannot allocate 12345 bytes in /home/x/y at 0xdeadbeef; " * 16_000),
        ("one letter", "a" * 1_000_000),
        ("blanks", " \t" * 500_000),
        ("digits", "1" * 1_000_000),
        ("quotes", "'\"" * 500_000),
    ):
        started = time.process_time()
        diagnose(Evidence.from_text(text[:1_000_000]))
        print(f"1 MB of {name} in one line: {time.process_time() - started:.3f} s")


if __name__ == "__main__":
    main()

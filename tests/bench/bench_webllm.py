"""Measures what the webllm probe costs beside a bare playwright run of the same page, with the canary for browsers.

    localloom-agent setup webllm
    python tools/webgpu/build_canary.py
    python tests/bench/bench_webllm.py [ROUNDS]

Both load the same model in the same browser with the same flags and ask the same question; they take turns. The bare run
is timed from the start of Python to its end, and so is the probe.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import platformdirs

from localloom_agent.engines.interface import DEFAULT_PROMPT
from localloom_agent.engines.webllm import browsers, bundle, models, shipped
from localloom_agent.engines.webllm.settings import read_settings
from localloom_agent.engines.webllm.site import Site

CACHE = Path(platformdirs.user_cache_dir("localloom", appauthor=False))
AGENT = str(Path(sys.executable).parent / "localloom-agent")
FLAGS = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]

PAGE = """<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,">
<script type="module">
import { CreateMLCEngine } from "./web-llm.js";
const wanted = %s;
globalThis.answer = (async () => {
  const engine = await CreateMLCEngine(wanted.model_id, { appConfig: { model_list: [wanted] } });
  const reply = await engine.chat.completions.create({
    messages: [{ role: "user", content: %s }], max_tokens: 50, temperature: 0 });
  return reply.choices[0].message.content;
})();
</script>
"""

BARE = """
import sys, tempfile
from playwright.sync_api import sync_playwright
url, browser, *flags = sys.argv[1:]
with sync_playwright() as p, tempfile.TemporaryDirectory() as profile:
    context = p.chromium.launch_persistent_context(profile, executable_path=browser, args=flags, timeout=120_000)
    page = context.pages[0]
    page.goto(url)
    print(page.evaluate("globalThis.answer"))
    context.close()
"""


def bare(browser: str, script: Path) -> float:
    """Seconds of a bare run."""
    model = models.find("canary", read_settings({}, "software"), CACHE)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "index.html"
        site = Site({"/web-llm.js": script, "/": page, **model.files()}, model.folders())
        with site.answering() as address:
            record = model.wanted(address)["record"]
            page.write_text(PAGE % (json.dumps(record), json.dumps(DEFAULT_PROMPT)), encoding="utf-8")
            began = time.monotonic()
            command = [sys.executable, "-c", BARE, f"{address}/", browser, *FLAGS]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            took = time.monotonic() - began
    assert done.stdout.strip(), done.stderr
    return took


def probed(browser: str) -> float:
    """Seconds of a probe."""
    began = time.monotonic()
    command = [
        AGENT,
        "probe",
        "--engine",
        "webllm",
        "--device",
        "software",
        "--option",
        f"browser={browser}",
        "-q",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - began


def main() -> None:
    """Take turns, and print medians and their ratio."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    kept = bundle.installed(CACHE)
    if kept is None or not shipped.canary_folder(CACHE).is_dir():
        print("skipped: set up web-llm and compile the canary for browsers first (docs/webllm.md)")
        return
    browser = browsers.find().path
    pairs = []
    for _ in range(rounds):
        pairs.append((bare(browser, kept.script), probed(browser)))
        print("bare {:.1f} s, probe {:.1f} s".format(*pairs[-1]), file=sys.stderr, flush=True)
    plain, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"bare playwright {plain:.1f} s, probe {ours:.1f} s, ratio {ours / plain:.2f} (median of {rounds})")


if __name__ == "__main__":
    main()

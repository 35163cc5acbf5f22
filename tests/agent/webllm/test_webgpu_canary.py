"""The canary that the project compiles for WebGPU, in the real web-llm in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from canary_builds import LIMIT_S, run_tool

from localloom_agent.canary import CANARY_DIR
from localloom_agent.engines.tvm.reference import MARGIN_TOLERANCE, farthest_margin, find_reference
from localloom_agent.engines.webllm import bundle, shipped
from localloom_agent.engines.webllm.site import Site

pytestmark = pytest.mark.timeout(LIMIT_S)

HERE = Path(__file__).parent
PROMPTS = ("Hola, ¿funciona?", "Hello, does it work?")
CHAT_MS = 300_000
"""Loading and two answers take 15 s on an idle machine."""


class WebPage:
    """A page that loads a canary's folder with the bundle that `setup webllm` fetched."""

    def __init__(self, shared: Any, folder: Path) -> None:
        self.shared, self.folder = shared, folder

    def chat(self) -> list[dict[str, Any]]:
        """The answers to `PROMPTS`."""
        record = json.loads((self.folder / "webllm-record.json").read_text("utf-8"))
        script = bundle.find(self.shared.cache, "").script
        files = {"/web-llm.js": script, "/page_chat.js": HERE / "page_chat.js", "/": HERE / "empty.html"}
        prefix = f"/model/{record['model_id']}"
        browser = self.shared.running.context.browser
        assert browser is not None
        context = browser.new_context()
        try:
            with Site(files, {f"{prefix}/resolve/main/": self.folder}).answering() as site:
                page = context.new_page()
                page.set_default_timeout(CHAT_MS)
                page.goto(f"{site}/")
                told = {
                    "model": site + prefix,
                    "model_id": record["model_id"],
                    "model_lib": f"{site}{prefix}/resolve/main/{record['model_lib']}",
                    "required_features": record["required_features"],
                }
                answers: list[dict[str, Any]] = page.evaluate(
                    "async ([record, prompts]) => (await import('/page_chat.js')).chat(record, prompts)",
                    [told, list(PROMPTS)],
                )
                return answers
        finally:
            context.close()


def test_answers_with_the_reference_tokens(shared_browser: Any, web_canary: Path) -> None:
    """In web-llm the compiled canary gives the reference's tokens, each as clearly as the reference does."""
    answers = WebPage(shared_browser, web_canary).chat()
    for prompt, answer in zip(PROMPTS, answers, strict=True):
        reference = find_reference(web_canary, prompt)
        assert reference is not None
        assert tuple(answer["tokens"]) == reference.token_ids
        off = farthest_margin(reference, answer["tokens"], answer["margins"])
        assert off is not None
        assert off.distance < MARGIN_TOLERANCE / 10, off
    shipped = find_reference(CANARY_DIR, PROMPTS[0])
    assert shipped is not None
    assert tuple(answers[0]["tokens"]) == shipped.token_ids


def test_a_built_folder_can_be_taken_to_another_machine(web_canary: Path, tmp_path: Path) -> None:
    """What the tool builds is what `setup webllm --canary` accepts, to the last file."""
    kept = shipped.keep_canary(web_canary, tmp_path)
    assert {path.name for path in kept.iterdir()} == {path.name for path in web_canary.iterdir()}


def test_a_second_build_compiles_nothing(web_canary: Path, tmp_path: Path) -> None:
    """What was built once is taken from the cache: a compiler that only knows its version is enough."""
    version = json.loads((web_canary / "webllm-record.json").read_text("utf-8"))["built_with"]["emscripten"]
    fake = tmp_path / "emcc"
    fake.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "emcc {version}"\n')
    fake.chmod(0o755)
    done = run_tool("--output", tmp_path / "again", environ={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    again = Path(done.stdout.strip())
    assert again.read_bytes() == (web_canary / again.name).read_bytes()


@pytest.mark.parametrize(("version", "words"), [(None, "no emcc on PATH"), ("2.0.12", "too old")])
def test_an_unfit_compiler_is_named(tmp_path: Path, version: str | None, words: str) -> None:
    """Without Emscripten, or with an old one, the tool says so and what to install, and ends with 1."""
    if version is not None:
        (tmp_path / "emcc").write_text(f"#!/bin/sh\necho emcc {version}\n")
        (tmp_path / "emcc").chmod(0o755)
    done = run_tool("--output", tmp_path / "out", environ={"PATH": str(tmp_path)})
    assert done.returncode == 1
    assert words in done.stderr
    assert "apt-get install emscripten" in done.stderr
    assert "Traceback" not in done.stderr

"""One browser for all tests whose fault it survives, the real web-llm bundle, and a hub that misbehaves on demand."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from agent_process import Agent
from mlc_format import convert_q4f16_to_q4f32

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from canary_builds import build  # noqa: E402  (found through the line above)
from hub import Hub  # noqa: E402

from localloom_agent.canary import CANARY_DIR  # noqa: E402
from localloom_agent.child.framing import read_frames  # noqa: E402
from localloom_agent.child.observer import PipeObserver  # noqa: E402
from localloom_agent.engines.interface import DEFAULT_PROMPT, ProbeRequest  # noqa: E402
from localloom_agent.engines.webllm import browsers, bundle, chrome, models, shipped  # noqa: E402
from localloom_agent.engines.webllm.engine import BrowserRun, site_for  # noqa: E402
from localloom_agent.engines.webllm.settings import read_settings  # noqa: E402
from localloom_agent.engines.webllm.site import PAGES  # noqa: E402
from localloom_agent.supervisor import verdict  # noqa: E402
from localloom_agent.supervisor.record import RunRecord  # noqa: E402
from localloom_diagnosis.diagnosis import Diagnosis, diagnose  # noqa: E402
from localloom_diagnosis.evidence import FACT_NAMES, Evidence  # noqa: E402
from localloom_diagnosis.taxonomy import Outcome  # noqa: E402


@pytest.fixture(scope="session")
def web_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the web-llm bundle, set up as a user does."""
    folder = tmp_path_factory.mktemp("webllm-cache")
    done = Agent(folder).run("setup", "webllm", "--cache-dir", str(folder), timeout=320)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def web_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The canary's weights as a browser without shader-f16 needs them, and no model library."""
    folder = tmp_path_factory.mktemp("web-models") / "canary-q4f32_1-MLC"
    convert_q4f16_to_q4f32(CANARY_DIR, folder)
    return folder


@pytest.fixture(scope="session")
def web_canary(web_cache: Path) -> Path:
    """The canary compiled for WebGPU, where the agent looks for it: minutes for a machine's first build, then seconds."""
    return build(shipped.canary_folder(web_cache))


@pytest.fixture(scope="session")
def session_hub(web_model: Path) -> Iterator[Hub]:
    """A hub that serves `org/model`."""
    with Hub({"org/model": web_model}) as running:
        yield running


@pytest.fixture
def web_hub(session_hub: Hub) -> Iterator[Hub]:
    """The hub, well-behaved to begin with."""
    session_hub.misbehave()
    session_hub.forget()
    yield session_hub
    session_hub.misbehave()


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder for temporary files with a name short enough for the browser's socket."""
    folder = Path(tempfile.mkdtemp(prefix="ll-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Seen:
    """What a probe in the shared browser came to."""

    record: RunRecord
    evidence: Evidence | None
    diagnosis: Diagnosis | None

    @property
    def phase(self) -> str:
        """The phase that failed."""
        return self.record.failed_phase.value if self.record.failed_phase else ""

    def texts(self) -> str:
        """All that the evidence says."""
        assert self.evidence is not None
        said = [f"{e.type}: {e.message}" for e in self.evidence.errors]
        asked = [f"{x.url} {x.status} {x.error}" for x in self.evidence.exchanges]
        return "\n".join([*said, *asked])


class SharedBrowser:
    """Probes in contexts of one running browser, reported through the real pipe into a real record."""

    def __init__(self, running: chrome.Chrome, cache: Path) -> None:
        self.running, self.cache = running, cache

    def probe(
        self,
        model: str,
        *,
        during: Callable[[Any], None] | None = None,
        prompt: str = DEFAULT_PROMPT,
        pages: Path = PAGES,
        **options: Any,
    ) -> Seen:
        """Run one probe; `during` gets the context before anything is opened in it, `pages` are the probe's own."""
        request = ProbeRequest(
            engine="webllm",
            model=model,
            cache_dir=str(self.cache),
            options=options,
            device="software",
            prompt=prompt,
        )
        settings = read_settings(request.options, request.device)
        found = models.find(request.model, settings, self.cache)
        script = bundle.find(self.cache, settings.bundle)
        receiving, sending = os.pipe()
        record = RunRecord("test", 0)
        reader = threading.Thread(target=self._read, args=(receiving, record))
        reader.start()
        observer = PipeObserver(sending)
        browser = self.running.context.browser
        assert browser is not None
        context = browser.new_context()
        try:
            with site_for(script, found, pages).answering() as site:
                if during is not None:
                    during(context)
                BrowserRun(
                    request=request,
                    settings=settings,
                    observer=observer,
                    running=chrome.Chrome(context, self.running.version, self.running.sandbox),
                    site=site,
                    model=found,
                    version=script.version,
                ).run()
            observer.send("done", status="passed")
        except BaseException as error:
            observer.errors(error)
            observer.send("done", status="failed")
        finally:
            context.close()
            os.close(sending)
            reader.join(30)
        if record.done == "passed":
            return Seen(record, None, None)
        evidence = verdict.evidence_of(
            record, engine="webllm", outcome=Outcome.FAILED, ended=None, hang=None, stderr_tail="", stacks=""
        )
        assert set(evidence.facts) <= FACT_NAMES
        return Seen(record, evidence, diagnose(evidence))

    @staticmethod
    def _read(descriptor: int, record: RunRecord) -> None:
        with os.fdopen(descriptor, "rb") as stream:
            for frame in read_frames(stream):
                record.take(frame)


# Closed with its module: while Playwright's synchronous side runs, no other test may run an event loop of its own.
@pytest.fixture(scope="module")
def shared_browser(web_cache: Path) -> Iterator[SharedBrowser]:
    """One Chromium with the software adapter, for all tests whose fault it survives."""
    settings = read_settings({}, "software")
    start = chrome.BrowserStart(browsers.find(prefer_chromium=True), settings, None)
    running = start.__enter__()
    yield SharedBrowser(running, web_cache)
    start.close()

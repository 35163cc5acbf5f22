"""Starts the machine's own browser, watched by a janitor, and ends it; what it said when it did not start is kept."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from localloom_agent.engines.interface import EngineFault, ForeignError
from localloom_diagnosis.taxonomy import Category

from . import janitor
from .browsers import Browser
from .settings import Adapter, Settings
from .words import Words

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Playwright

START_S = 120.0
"""A cold browser on a busy machine takes half a minute; one that hangs is a finding."""

LONGEST = 40
"""Characters of a folder for temporary files: the browser's socket below it must have a name of 104 at most."""

FLAG_S = 5.0
"""How long an extension on the command line may take to appear before the browser is asked for it in another way."""

_QUIET = (
    "--disable-quic",
    "--metrics-recording-only",
    "--disable-client-side-phishing-detection",
    "--no-first-run",
)
_ADAPTER = {
    Adapter.AUTO: ("--enable-unsafe-webgpu",),
    Adapter.HARDWARE: (),
    Adapter.SOFTWARE: ("--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"),
}
_UNKNOWN_CALL = re.compile(r"wasn't found|not available|not allowed", re.IGNORECASE)
"""How a browser answers that does not know a call, or does not allow it here."""
_NO_SANDBOX = re.compile(
    r"No usable sandbox|setuid sandbox|Running as root without --no-sandbox", re.IGNORECASE
)


@dataclass(slots=True)
class Chrome:
    """The running browser."""

    context: BrowserContext
    version: str
    sandbox: bool
    """False where this machine cannot sandbox it: as root, or without user namespaces."""


class BrowserStart:
    """Starts the browser when entered, and ends it, with its whole tree and its profile, when left."""

    def __init__(self, browser: Browser, settings: Settings, extension: Path | None) -> None:
        """Nothing runs yet. `extension` is the folder of an unpacked extension to load."""
        self._browser, self._settings, self._extension = browser, settings, extension
        self._driver: Playwright | None = None
        self._context: BrowserContext | None = None
        self._pipe: IO[bytes] | None = None
        self._folder: Path | None = None
        self._scratch: Path | None = None

    def __enter__(self) -> Chrome:
        """Start it. Blocks for START_S at most.

        Raises:
            EngineFault: playwright is missing, or the profile is in use.
            ForeignError: the browser's own last words.
        """
        os.environ["PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS"] = "1"  # an older playwright asks for it
        try:
            from playwright.sync_api import sync_playwright
        except ImportError as error:
            raise EngineFault(
                Category.HOST_MISSING_DEPENDENCY,
                f"the Python package playwright, which drives the browser, cannot be imported ({error}); install it "
                "with: pip install 'localloom[webllm]'",
                {"module.missing": "playwright"},
            ) from None
        self._scratch = _scratch()
        try:
            self._folder = self._profile()
            self._pipe = janitor.hire(self._folder, self._scratch)
            with _temporary_files_in(self._scratch):
                self._driver = sync_playwright().start()
            sandbox = not (sys.platform == "linux" and hasattr(os, "geteuid") and os.geteuid() == 0)
            try:
                self._context = self._launch(sandbox=sandbox)
            except ForeignError as error:
                if not sandbox or not _NO_SANDBOX.search(str(error)):
                    raise
                sandbox = False
                self._context = self._launch(sandbox=False)
        except BaseException:
            self.close()
            raise
        running = self._context.browser
        return Chrome(self._context, running.version if running is not None else "", sandbox)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.close()

    def close(self) -> None:
        """End the browser and the driver, and let the janitor look after what is left."""
        with contextlib.suppress(Exception):  # it may be gone already: the janitor makes sure
            if self._context is not None:
                self._context.close()
        with contextlib.suppress(Exception):
            if self._driver is not None:
                self._driver.stop()
        self._context = self._driver = None
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def _profile(self) -> Path:
        if not self._settings.profile:
            assert self._scratch is not None
            return self._scratch / "profile"
        folder = Path(self._settings.profile).expanduser().absolute()
        if not folder.is_dir():
            raise EngineFault(
                Category.CONFIG_INVALID,
                f"--profile {self._settings.profile} is no folder; give a copy of the browser's user-data folder",
                {"artifact.key": "profile"},
            )
        if os.path.lexists(folder / "SingletonLock"):
            raise EngineFault(
                Category.CONFIG_INVALID,
                f"the profile {folder.name} is in use by a running browser, or was when it was copied; close the "
                "browser, copy the folder, and remove SingletonLock from the copy",
                {"artifact.key": "profile", "artifact.file": "SingletonLock"},
            )
        return folder

    def _launch(self, *, sandbox: bool) -> BrowserContext:
        from playwright.sync_api import Error

        assert self._driver is not None
        assert self._folder is not None
        args = [*_QUIET, *_ADAPTER[self._settings.adapter], *self._settings.browser_args]
        ignored = []
        if self._extension is not None:
            args += [f"--disable-extensions-except={self._extension}", f"--load-extension={self._extension}"]
            args.append("--enable-unsafe-extension-debugging")
            ignored.append("--disable-extensions")
        if self._settings.adapter is Adapter.HARDWARE:
            ignored.append("--enable-unsafe-swiftshader")
        try:
            return self._driver.chromium.launch_persistent_context(
                str(self._folder),
                executable_path=self._browser.path,
                headless=not self._settings.headed,
                chromium_sandbox=sandbox,
                args=args,
                ignore_default_args=ignored or None,
                timeout=START_S * 1000,
            )
        except Error as error:
            raise ForeignError("BrowserDidNotStart", _last_words(error.message, self._browser)) from None


def _scratch() -> Path:
    """A folder for the browser's profile and temporary files, with a name so short that a socket in it has one too."""
    long = os.name == "posix" and len(tempfile.gettempdir()) > LONGEST and os.access("/tmp", os.W_OK)  # noqa: S108
    return Path(tempfile.mkdtemp(prefix="localloom-browser-", dir="/tmp" if long else None))  # noqa: S108


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Have what is started meanwhile, and all that it starts, put its temporary files into `folder`."""
    names = ("TMP", "TEMP") if sys.platform == "win32" else ("TMPDIR",)
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, str(folder)))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _last_words(text: str, browser: Browser) -> str:
    """What the browser itself wrote before it ended, out of the driver's report."""
    said = [line.split("[err]", 1)[1].strip() for line in text.splitlines() if "[err]" in line]
    ended = re.search(r"<process did exit: exitCode=(\S+), signal=(\S+)>", text)
    how = "did not start"
    if "Timeout" in text and "exceeded" in text:
        how = f"did not answer within {START_S:.0f} s"
    elif ended is not None:
        how = f"ended at once ({f'exit code {ended[1]}' if ended[2] == 'null' else ended[2]})"
    spawn = re.search(r"(?:Failed to launch|spawn)[^\n]{0,200}?(ENOEXEC|EACCES|ENOENT|EINVAL|UNKNOWN)", text)
    if spawn is not None:
        how = f"cannot be started ({spawn[1]})"
    words = " | ".join(dict.fromkeys(line for line in said if line))[-1500:]
    return f"{browser.path} {how}" + (f": {words}" if words else " and said nothing")


def background_worker(context: Any, folder: Path, seconds: float, said: Words) -> Any:
    """The service worker of the extension in `folder`, or None where it does not appear in time.

    Branded browsers ignore extensions on the command line: they are asked over the pipe, where they know that call. Why
    a browser refuses the extension goes to `said`.
    """
    from playwright.sync_api import Error

    worker = _appearing(context, FLAG_S)
    if worker is None:
        try:
            context.browser.new_browser_cdp_session().send("Extensions.loadUnpacked", {"path": str(folder)})
        except Error as error:
            why = error.message.partition("(Extensions.loadUnpacked): ")[2].strip()
            if why and not _UNKNOWN_CALL.search(why):
                said.add(ForeignError("ExtensionRefused", why, origin="console"))
                return None
        worker = _appearing(context, seconds)
    return worker


def _appearing(context: Any, seconds: float) -> Any:
    from playwright.sync_api import TimeoutError as NotInTime

    for worker in context.service_workers:
        if worker.url.startswith("chrome-extension://"):
            return worker
    try:
        return context.wait_for_event(
            "serviceworker",
            lambda worker: worker.url.startswith("chrome-extension://"),
            timeout=seconds * 1000,
        )
    except NotInTime:
        return None


def no_extension(said: Words) -> ForeignError:
    """The error for an extension whose service worker never started."""
    last = said.last()
    return ForeignError(
        "ExtensionNotLoaded",
        "the extension's service worker did not start; branded Chrome and Edge may refuse unpacked extensions: take "
        "Chromium or Chrome for Testing (--option browser=PATH)"
        + (f"; the browser said: {last}" if last else ""),
    )

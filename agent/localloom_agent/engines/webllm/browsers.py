"""Finds a Chrome, Chromium or Edge on this machine: the one named, or the first in its usual places."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

VARIABLE = "LOCALLOOM_BROWSER"
"""Names the browser's program where neither an option nor the usual places do."""

_COMMANDS = (
    "google-chrome-stable",
    "google-chrome",
    "chromium",
    "chromium-browser",
    "microsoft-edge-stable",
    "microsoft-edge",
)
_LINUX = (
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    "/var/lib/flatpak/exports/bin/com.google.Chrome",
    "/var/lib/flatpak/exports/bin/org.chromium.Chromium",
    "/opt/microsoft/msedge/msedge",
)
_MACOS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS = (
    ("chrome.exe", r"Google\Chrome\Application\chrome.exe"),
    ("chromium.exe", r"Chromium\Application\chrome.exe"),
    ("msedge.exe", r"Microsoft\Edge\Application\msedge.exe"),
)
_APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths"


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser's program."""

    path: str
    found_as: str
    """Why this one: "named", "google-chrome on PATH", …"""

    @property
    def branded(self) -> bool:
        """Chrome or Edge by its name, as opposed to Chromium: those refuse unpacked extensions from the command line."""
        name = self.path.lower()
        return "chromium" not in name and ("chrome" in name or "edge" in name)


def find(
    named: str = "",
    environ: Mapping[str, str] | None = None,
    platform: str = sys.platform,
    *,
    prefer_chromium: bool = False,
) -> Browser:
    """The browser to run.

    Args:
        named: a path or a name on PATH that the user gave; "" looks in the environment and the usual places.
        environ: the environment; None is this process'.
        platform: as `sys.platform` has it.
        prefer_chromium: an unbranded one first, for it takes unpacked extensions.

    Raises:
        EngineFault: config.invalid where the one that was named cannot be started, host.missing_dependency where
            there is none.
    """
    environ = os.environ if environ is None else environ
    wanted = named or environ.get(VARIABLE, "")
    if wanted:
        found = shutil.which(os.path.expanduser(wanted), path=environ.get("PATH"))  # noqa: PTH111 it may be a bare name
        if found is None:
            where = "the option browser" if named else VARIABLE
            raise EngineFault(
                Category.CONFIG_INVALID,
                f"{where} names {wanted!r}, which is no program that can be started; give the path of a Chrome, "
                "Chromium or Edge",
                {"artifact.key": "browser" if named else VARIABLE, "artifact.actual": wanted},
            )
        return Browser(found, "named")
    candidates = list(usual_places(environ, platform))
    if prefer_chromium:
        candidates.sort(key=lambda browser: browser.branded)
    for browser in candidates:
        return browser
    raise EngineFault(
        Category.HOST_MISSING_DEPENDENCY,
        "no Chrome, Chromium or Edge was found on PATH or in its usual places; install one, or name it with "
        f"--option browser=PATH or {VARIABLE}",
        {"module.missing": "chrome"},
    )


def usual_places(environ: Mapping[str, str], platform: str = sys.platform) -> Iterator[Browser]:
    """The browsers that are installed, the most usual first."""
    if platform == "win32":
        yield from _windows(environ)
        return
    if platform == "darwin":
        for folder in (Path("/Applications"), Path(environ.get("HOME", "/")) / "Applications"):
            for name in _MACOS:
                if os.access(folder / name, os.X_OK):
                    yield Browser(str(folder / name), f"in {folder}")
    for command in _COMMANDS:
        found = shutil.which(command, path=environ.get("PATH"))
        if found is not None:
            yield Browser(found, f"{command} on PATH")
    for path in _LINUX if platform != "darwin" else ():
        if os.access(path, os.X_OK):
            yield Browser(path, "in its usual place")


def _windows(environ: Mapping[str, str]) -> Iterator[Browser]:
    for program, below in _WINDOWS:
        registered = _app_path(program)
        if registered and Path(registered).is_file():
            yield Browser(registered, "in the registry's App Paths")
        for variable in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
            folder = environ.get(variable) or environ.get(variable.upper())
            path = Path(folder or "/nonexistent") / below.replace("\\", "/")
            if path.is_file():
                yield Browser(str(path), f"below %{variable}%")


def _app_path(program: str) -> str:
    """What Windows starts for a program's bare name; "" where it has no such entry, and on other systems."""
    if sys.platform != "win32":
        return ""
    import winreg

    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
        try:
            return str(winreg.QueryValue(root, rf"{_APP_PATHS}\{program}")).strip('"')
        except OSError:
            continue
    return ""

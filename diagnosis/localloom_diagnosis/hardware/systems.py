"""One name for one operating system or browser, with as much of its version as tells machines apart."""

from __future__ import annotations

import re

#: OpenTelemetry's os.type, by what systems, browsers and tools write.
_TYPES = (
    (re.compile(r"^(?:darwin|mac ?os(?: ?x)?|os x|macintel)\b", re.IGNORECASE), "darwin"),
    (re.compile(r"^win(?:dows|32|64|_nt)?\b|^microsoft windows", re.IGNORECASE), "windows"),
    (re.compile(r"^linux|gnu/linux|^(?:ubuntu|debian|fedora|arch linux)\b", re.IGNORECASE), "linux"),
)

_BROWSERS = (
    (re.compile(r"edg(?:e|a|ios)?\b", re.IGNORECASE), "edge"),
    (re.compile(r"headless ?chrome|google ?chrome|^chrome\b", re.IGNORECASE), "chrome"),
    (re.compile(r"chromium", re.IGNORECASE), "chromium"),
    (re.compile(r"firefox|mozilla", re.IGNORECASE), "firefox"),
    (re.compile(r"safari|webkit", re.IGNORECASE), "safari"),
    (re.compile(r"opera|\bopr\b", re.IGNORECASE), "opera"),
    (re.compile(r"brave", re.IGNORECASE), "brave"),
)


def os_type(said: str | None) -> str | None:
    """linux, windows or darwin; another system's name in lower case."""
    text = " ".join((said or "").split())[:100].rstrip()
    return next((name for mark, name in _TYPES if mark.search(text)), text.lower()) if text else None


def os_version(said: str | None, kind: str | None = None) -> str | None:
    """The version without what changes with every patch: 10.0.22631.3447 is 10.0.22631, on Windows only."""
    text = " ".join((said or "").split())[:100].rstrip()
    text = re.sub(r"^(?:Microsoft )?(?:Windows|macOS|Version)\s+(?=\d)", "", text)
    build = re.match(r"(10\.0\.\d+)(?:[.\s].*)?$", text) if kind == "windows" else None
    return (build[1] if build else text) or None


def os_name(said: str | None, kind: str | None = None, version: str | None = None) -> str | None:
    """The family: "Ubuntu", "Debian GNU/Linux", "macOS", "Windows 11". From the build where Windows says nothing."""
    text = " ".join((said or "").split())[:100].rstrip()
    if kind == "darwin":
        return "macOS"
    if kind == "windows":
        text = re.sub(r"^Microsoft ", "", text)
        family = re.match(r"Windows (?:Server(?: \d{4})?|\d+(?:\.\d)?)", text)
        build = re.match(r"10\.0\.(\d+)", version or "")
        if family and not (family[0] == "Windows 10" and build and int(build[1]) >= 22000):
            return family[0]
        if build:
            return "Windows 11" if int(build[1]) >= 22000 else "Windows 10"  # Windows 11 calls itself 10.0
    return text or None


def browser_name(said: str | None) -> str | None:
    """chrome, chromium, edge, firefox, safari, …; another's name in lower case."""
    text = " ".join((said or "").split())[:100].rstrip()
    return next((name for mark, name in _BROWSERS if mark.search(text)), text.lower()) if text else None


def browser_version(said: str | None) -> str | None:
    """The version's numbers: "HeadlessChrome/131.0.6778.33" is 131.0.6778.33."""
    text = " ".join((said or "").split())[:200].rstrip()
    numbers = re.search(r"\d+(?:\.\d+)*", text)
    return numbers[0] if numbers else text or None

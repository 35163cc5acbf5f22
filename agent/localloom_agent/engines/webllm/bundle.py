"""The web-llm bundle: fetched from npm at a pinned version, verified, and kept in the cache folder."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

PACKAGE = "@mlc-ai/web-llm"
VERSION = "0.2.86"
INTEGRITY = "sha512-plciXBCYtY7iTKHzEcsqOfSO+s5u8NqMYFPnHmRbsN8CEdKcolgXIoGLPbzO6FtJHV43m7YP00x6qQ6Kb8CJJw=="
"""Of the package's archive, as npm's registry publishes it."""

NPM_S = 300.0
"""The archive has 5 MB; npm itself tries a dead network for minutes."""

WAY_OUT = "localloom-agent setup webllm"
_FILES = ("lib/index.js", "package.json", "LICENSE")


class BundleError(Exception):
    """The bundle could not be had; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A web-llm bundle on this machine."""

    script: Path
    """The ES module, whole: it imports nothing."""
    version: str
    """From its package; "" where the user gave a bare script."""


def folder(cache_dir: Path) -> Path:
    """Where the pinned bundle is kept."""
    return cache_dir / "webllm" / f"web-llm-{VERSION}"


def installed(cache_dir: Path) -> Bundle | None:
    """The pinned bundle where it has been set up and is whole; None elsewhere."""
    kept = folder(cache_dir)
    script = kept / "index.js"
    try:
        wanted = (kept / "index.js.sha256").read_text("ascii").strip()
        whole = hashlib.sha256(script.read_bytes()).hexdigest() == wanted
    except (OSError, ValueError):
        return None
    return Bundle(script, VERSION) if whole else None


def find(cache_dir: Path, named: str = "") -> Bundle:
    """The bundle to run: the user's own where one is named, else the one that was set up.

    Raises:
        EngineFault: host.missing_dependency where there is none, config.invalid or artifact.incompatible where the
            one that was named is no web-llm.
    """
    if named:
        return _own(Path(named).expanduser())
    found = installed(cache_dir)
    if found is None:
        damaged = folder(cache_dir).exists()
        raise EngineFault(
            Category.HOST_MISSING_DEPENDENCY,
            f"the web-llm bundle {VERSION} {'in the cache folder is damaged' if damaged else 'is not on this machine'}; "
            f"fetch it with: {WAY_OUT} (or {WAY_OUT} --bundle FILE where there is no npm)",
            {"module.missing": PACKAGE},
        )
    return found


def _own(path: Path) -> Bundle:
    """A bundle of the user's: the module, or a folder of the unpacked package."""
    version = ""
    if path.is_dir():
        try:
            version = str(json.loads((path / "package.json").read_text("utf-8"))["version"])
        except (OSError, ValueError, KeyError, TypeError):
            version = ""
        path = path / "lib" / "index.js"
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EngineFault(
            Category.CONFIG_INVALID,
            f"the option bundle names {path}, which cannot be read as a script: {error}",
            {"artifact.key": "bundle", "artifact.file": path.name},
        ) from None
    if "MLCEngine" not in text:
        raise EngineFault(
            Category.ARTIFACT_INCOMPATIBLE,
            f"{path.name} is no web-llm: there is no MLCEngine in it; give lib/index.js of {PACKAGE}, or leave the "
            f"option bundle out after {WAY_OUT}",
            {"artifact.file": path.name, "artifact.expected": f"{PACKAGE}'s lib/index.js"},
        )
    return Bundle(path, version)


def fetch(cache_dir: Path) -> Bundle:
    """Fetch the pinned bundle through npm, verify it, and keep it. Blocks for NPM_S at most.

    Raises:
        BundleError: npm is not there or fails, or what came is not what was asked for.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise BundleError(
            f"npm is not on PATH; install Node.js, or fetch {PACKAGE} {VERSION} elsewhere (npm pack) and give the "
            f"archive: {WAY_OUT} --bundle FILE"
        )
    with tempfile.TemporaryDirectory(prefix="localloom-npm-") as scratch:
        command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", "--ignore-scripts"]
        try:
            done = subprocess.run(
                [*command, "--pack-destination", scratch],
                cwd=scratch,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=NPM_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise BundleError(f"npm did not fetch {PACKAGE} within {NPM_S:.0f} s; try again later") from None
        except OSError as error:
            raise BundleError(f"npm cannot be started: {error}") from error
        archives = sorted(Path(scratch).glob("*.tgz"))
        if done.returncode != 0 or not archives:
            said = " ".join(done.stderr.decode("utf-8", "replace").split())[-400:]
            raise BundleError(
                f"npm could not fetch {PACKAGE}@{VERSION}: {said or f'exit code {done.returncode}'}"
            )
        return keep(archives[0].read_bytes(), cache_dir)


def keep(archive: bytes, cache_dir: Path) -> Bundle:
    """Verify the package's archive against the pin, and unpack what is needed of it into the cache folder.

    Raises:
        BundleError: it is another archive, or the cache folder cannot be written.
    """
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode("ascii")
    if found != INTEGRITY:
        raise BundleError(
            f"this is not {PACKAGE} {VERSION}: {_what_else(archive)}; its integrity is {found[:24]}…, wanted is "
            f"{INTEGRITY[:24]}…. Make the archive with: npm pack {PACKAGE}@{VERSION}"
        )
    kept = folder(cache_dir)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=kept.parent) as scratch:
            fresh = Path(scratch) / "bundle"
            fresh.mkdir()
            with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
                for name in _FILES:
                    member = packed.extractfile(f"package/{name}")
                    assert member is not None, name
                    (fresh / Path(name).name).write_bytes(member.read())
            digest = hashlib.sha256((fresh / "index.js").read_bytes()).hexdigest()
            (fresh / "index.js.sha256").write_text(digest + "\n", "ascii")
            shutil.rmtree(kept, ignore_errors=True)
            fresh.rename(kept)
    except OSError as error:
        raise BundleError(f"the bundle cannot be kept in {kept.parent}: {error.strerror or error}") from error
    return Bundle(kept / "index.js", VERSION)


def _what_else(archive: bytes) -> str:
    """What an archive is that is not the pinned one, for a person."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            member = packed.extractfile("package/package.json")
            told = json.loads(member.read()) if member is not None else {}
            return f"it says that it is {told['name']} {told['version']}"
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError, EOFError):
        return "it is no archive of an npm package"

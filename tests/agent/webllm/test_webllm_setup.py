"""Finding a browser and the bundle, and what is said where one is missing."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from localloom_agent.cli import browser_options
from localloom_agent.engines.interface import EngineFault
from localloom_agent.engines.webllm import browsers, bundle, models, shipped
from localloom_agent.engines.webllm.settings import Host, read_settings
from localloom_diagnosis.taxonomy import Category


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def archive(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text)
            packed.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()


def test_browser_is_found_on_path(tmp_path):
    """On Linux Chrome comes before Chromium, and Chromium first where an unpacked extension is to be loaded."""
    chrome, chromium = program(tmp_path / "google-chrome"), program(tmp_path / "chromium")
    environ = {"PATH": str(tmp_path)}
    assert browsers.find(environ=environ, platform="linux").path == str(chrome)
    assert browsers.find(environ=environ, platform="linux", prefer_chromium=True).path == str(chromium)


def test_browser_is_found_on_macos(tmp_path):
    """On macOS the applications folder of the user is looked in."""
    wanted = program(tmp_path / "Applications" / "Google Chrome.app" / "Contents" / "MacOS" / "Google Chrome")
    found = browsers.find(environ={"HOME": str(tmp_path), "PATH": ""}, platform="darwin")
    assert found.path == str(wanted)


def test_browser_is_found_on_windows(tmp_path):
    """On Windows the folders of programs are looked in, Edge last."""
    edge = program(tmp_path / "x86" / "Microsoft" / "Edge" / "Application" / "msedge.exe")
    environ = {"ProgramFiles(x86)": str(tmp_path / "x86"), "LocalAppData": str(tmp_path / "local")}
    assert browsers.find(environ=environ, platform="win32").path == str(edge)
    chrome = program(tmp_path / "local" / "Google" / "Chrome" / "Application" / "chrome.exe")
    assert browsers.find(environ=environ, platform="win32").path == str(chrome)


def test_browser_that_is_named_wins(tmp_path):
    """A named browser is taken as it is, from the option or from the environment."""
    wanted = program(tmp_path / "mine")
    assert browsers.find(str(wanted), {"PATH": ""}).path == str(wanted)
    assert browsers.find("", {"PATH": "", browsers.VARIABLE: str(wanted)}).path == str(wanted)


def test_no_browser_is_a_finding(tmp_path):
    """Without a browser the fault names the ways out; a wrong name is a wrong setting."""
    with pytest.raises(EngineFault, match="LOCALLOOM_BROWSER") as caught:
        browsers.find(environ={"PATH": str(tmp_path), "HOME": str(tmp_path)}, platform="darwin")
    assert caught.value.category is Category.HOST_MISSING_DEPENDENCY
    with pytest.raises(EngineFault) as caught:
        browsers.find(str(tmp_path / "nothing"), {"PATH": ""})
    assert caught.value.category is Category.CONFIG_INVALID


def test_setup_keeps_the_bundle(web_cache):
    """`setup webllm` leaves a verified bundle that the engine finds."""
    found = bundle.find(web_cache)
    assert found.version == bundle.VERSION
    assert "MLCEngine" in found.script.read_text("utf-8")


def test_missing_bundle_is_a_finding(tmp_path):
    """Without the bundle the fault says how to fetch it, with npm and without."""
    with pytest.raises(EngineFault, match=r"setup webllm.*--bundle") as caught:
        bundle.find(tmp_path)
    assert caught.value.category is Category.HOST_MISSING_DEPENDENCY


def test_damaged_bundle_is_not_run(tmp_path, web_cache):
    """A bundle whose script was changed is not taken for the pinned one."""
    kept = bundle.folder(tmp_path)
    kept.mkdir(parents=True)
    for path in bundle.folder(web_cache).iterdir():
        (kept / path.name).write_bytes(path.read_bytes())
    assert bundle.installed(tmp_path) is not None
    with (kept / "index.js").open("a") as script:
        script.write("// more")
    with pytest.raises(EngineFault, match="damaged"):
        bundle.find(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not an archive", "no archive"),
        (archive({"package.json": json.dumps({"name": "@mlc-ai/web-llm", "version": "0.2.79"})}), "0.2.79"),
        (archive({"package.json": json.dumps({"name": "left-pad", "version": "1.0.0"})}), "left-pad 1.0.0"),
    ],
    ids=["garbage", "another version", "another package"],
)
def test_setup_refuses_another_bundle(agent, tmp_path, content, words):
    """An archive that is not the pinned one is refused with exit code 3, and it is said what it is."""
    (tmp_path / "given.tgz").write_bytes(content)
    done = agent.run("setup", "webllm", "--bundle", str(tmp_path / "given.tgz"))
    assert done.returncode == 3, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_setup_without_npm_says_so(agent, tmp_path):
    """Where npm is missing, exit code 3 and the way around it."""
    done = agent.run("setup", "webllm", PATH=str(tmp_path))
    assert done.returncode == 3
    assert "--bundle FILE" in done.stderr


def canary_of(folder: Path) -> Path:
    """A folder as the tool that builds the canary leaves it, with stand-ins for its two large files."""
    folder.mkdir()
    library, shard = b"\0asm", b"weights"
    (folder / "canary-webgpu.wasm").write_bytes(library)
    (folder / "params_shard_0.bin").write_bytes(shard)
    table = {"records": [{"dataPath": "params_shard_0.bin", "md5sum": hashlib.md5(shard).hexdigest()}]}
    record = {"model_lib": "canary-webgpu.wasm", "sha256": hashlib.sha256(library).hexdigest()}
    documents = {"webllm-record.json": {**record, "web_llm": bundle.VERSION}, "tensor-cache.json": table}
    for name in ("mlc-chat-config.json", "tokenizer.json", "tokenizer_config.json", "reference.json"):
        documents[name] = {}
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document))
    (folder / "notes.txt").write_text("not of the canary")
    return folder


def test_setup_takes_a_canary_in(tmp_path):
    """A canary that was built elsewhere is copied, its own files only, to where the engine looks for it."""
    given = canary_of(tmp_path / "given")
    with pytest.raises(EngineFault, match="setup webllm --canary FOLDER"):
        models.find("canary", read_settings({}, "auto"), tmp_path)
    kept = shipped.keep_canary(given, tmp_path)
    assert {path.name for path in kept.iterdir()} == {path.name for path in given.iterdir()} - {"notes.txt"}
    assert models.find("canary", read_settings({}, "auto"), tmp_path).folder == kept
    assert shipped.keep_canary(kept, tmp_path) == kept
    assert shipped.keep_canary(given, tmp_path) == kept


DAMAGE = {
    "library": (lambda folder: (folder / "canary-webgpu.wasm").write_bytes(b"other"), "damaged: its SHA256"),
    "shard": (lambda folder: (folder / "params_shard_0.bin").write_bytes(b""), "damaged: its MD5"),
    "no shard": (lambda folder: (folder / "params_shard_0.bin").unlink(), "not whole"),
    "no tokenizer": (lambda folder: (folder / "tokenizer.json").unlink(), "tokenizer.json cannot be read"),
    "no record": (lambda folder: (folder / "webllm-record.json").unlink(), "no canary for browsers"),
    "another web-llm": (
        lambda folder: (folder / "webllm-record.json").write_text('{"web_llm": "0.2.79"}'), "is for web-llm 0.2.79",
    ),
    "outside": (
        lambda folder: (folder / "tensor-cache.json").write_text('{"records": [{"dataPath": "../x"}]}'), "outside",
    ),
    "no table": (lambda folder: (folder / "tensor-cache.json").write_text("{}"), "no table of shards"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_setup_refuses_a_damaged_canary(name, agent, tmp_path):
    """A canary that is not whole is refused with exit code 3 and its reason, and the one that was there stays."""
    kept = shipped.keep_canary(canary_of(tmp_path / "good"), tmp_path)
    damage, words = DAMAGE[name]
    damage(canary_of(tmp_path / "given"))
    done = agent.run(
        "setup", "webllm", "--canary", str(tmp_path / "given"), "--cache-dir", str(tmp_path), timeout=300
    )
    assert done.returncode == 3, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert (kept / "canary-webgpu.wasm").read_bytes() == b"\0asm"


def test_own_bundle_that_is_no_webllm(tmp_path):
    """A script without MLCEngine is no web-llm; one that cannot be read is a wrong setting."""
    (tmp_path / "index.js").write_text("export const answer = 42;")
    with pytest.raises(EngineFault) as caught:
        bundle.find(tmp_path, str(tmp_path / "index.js"))
    assert caught.value.category is Category.ARTIFACT_INCOMPATIBLE
    with pytest.raises(EngineFault) as caught:
        bundle.find(tmp_path, str(tmp_path / "nothing.js"))
    assert caught.value.category is Category.CONFIG_INVALID


@pytest.mark.parametrize(
    ("options", "device", "words"),
    [
        ({"host": "moon"}, "auto", "service-worker"),
        ({"headed": "yes"}, "auto", "true or false"),
        ({"context_window": 0}, "auto", "whole number"),
        ({"nonsense": 1}, "auto", "no option 'nonsense'"),
        ({"url": "chat.html"}, "auto", "http://"),
        ({"extension": "/nonexistent"}, "auto", "manifest.json"),
        ({}, "cuda", "no back end but WebGPU"),
    ],
)
def test_bad_settings_are_named(options, device, words):
    """An option that cannot be is config.invalid, and the sentence says what could."""
    with pytest.raises(EngineFault, match=words) as caught:
        read_settings(options, device)
    assert caught.value.category is Category.CONFIG_INVALID


def test_command_line_knows_every_host():
    """The choices of --host are the engine's hosts."""
    assert tuple(host.value for host in Host) == browser_options.HOSTS


def test_browser_options_are_for_webllm(agent):
    """An unknown host, and a host for another engine, are wrong usage."""
    assert agent.run("probe", "--host", "moon").returncode == 2
    done = agent.run("probe", "--engine", "tvm", "--host", "worker")
    assert done.returncode == 2
    assert "--host is for the engine webllm" in done.stderr

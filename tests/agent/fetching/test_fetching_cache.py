"""The cache of fetched models: resumed after a death, shared by processes, verified, offline, evicted, and full."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from hub import Hub
from model_files import same_files, write_model

from localloom_agent.artifacts.fetching import disk, parse_reference
from localloom_agent.artifacts.fetching.cache import Cache
from localloom_agent.artifacts.fetching.lock import ModelLock
from localloom_agent.artifacts.fetching.partial import WORK_DIR
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Phase

HERE = Path(__file__).parent
SHARD = "params_shard_0.bin"
SLUG = "hf--org--model"

FETCHING_PROCESS = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from fetch_observer import FetchObserver
from localloom_agent.artifacts.fetching import parse_reference
from localloom_agent.artifacts.fetching.fetcher import Fetcher
from localloom_agent.artifacts.fetching.settings import FetchSettings
fetcher = Fetcher(parse_reference("HF://org/model"), FetchSettings(Path(sys.argv[1]), hub=sys.argv[2]), FetchObserver())
fetcher.resolve(); fetcher.metadata()
report = fetcher.weights()
print(report.received, report.cached_files)
"""


def start_fetch(fetch) -> subprocess.Popen:
    """The same fetch in a process of its own."""
    folders = (HERE, HERE.parent / "engines")
    return subprocess.Popen(
        [sys.executable, "-c", FETCHING_PROCESS, str(fetch.cache), fetch.hub_url, *map(str, folders)],
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until(condition, seconds: float = 20) -> None:
    """Look again and again."""
    due = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < due, "it never came to that"
        time.sleep(0.02)


def test_a_second_fetch_asks_nobody(fetch, hub):
    """What is in the cache is verified and counted as hits, with no exchange at all."""
    fetch()
    hub.forget()
    again = fetch()
    assert hub.requests() == []
    assert again.observer.exchanges == []
    assert (again.weights.cached_files, again.weights.fetched_files, again.weights.received) == (3, 0, 0)
    assert again.metadata.cached_files == 4
    assert again.observer.steps[-1][:4] == (Phase.WEIGHTS, 750_000, 750_000, "bytes")


def test_killed_at_60_percent_of_a_shard_only_the_rest_is_fetched(fetch, hub, model):
    """A process killed with SIGKILL in the middle of a shard leaves a part that the next one goes on from."""
    hub.misbehave(f"stall:match={SHARD},at=0.6")
    part = fetch.folder() / WORK_DIR / f"{SHARD}.part"
    with start_fetch(fetch) as process:
        wait_until(lambda: part.exists() and part.stat().st_size == 240_000)
        process.send_signal(signal.SIGKILL)
    assert SHARD not in fetch.final_files()
    hub.misbehave()
    hub.forget()
    done = fetch()
    (request,) = hub.requests(SHARD)
    assert (request.range, request.status, request.sent) == ("bytes=240000-", 206, 160_000)
    assert request.headers["if-range"].startswith('"')
    assert sum(r.sent for r in hub.requests()) == 160_000 + sum(
        size
        for name, size in (("params_shard_1.bin", 250_000), ("params_shard_2.bin", 100_000))
        if hub.requests(name)
    )
    assert done.weights.resumed == 240_000
    (exchange,) = [x for x in done.observer.exchanges if x["artifact__file"] == SHARD]
    assert (exchange["http__resumed_bytes"], exchange["received"]) == (240_000, 160_000)
    assert same_files(model, done.path)
    assert not part.exists()


def test_cut_in_the_same_process_only_the_rest_is_fetched(fetch, hub, model):
    """A connection cut twice at 60 % costs no byte twice."""
    hub.misbehave(f"cut:match={SHARD},at=0.6,times=1")
    done = fetch()
    assert [r.range for r in hub.requests(SHARD)] == ["", "bytes=240000-"]
    assert sum(r.sent for r in hub.requests(SHARD)) == 400_000
    assert same_files(model, done.path)


@pytest.mark.parametrize("then", ["", "no-range", "ignore-if-range", "wrong-range"])
def test_a_file_that_changed_is_not_patched_together(fetch, hub, model, then):
    """The rest of another file is never joined to the part: the server says so, or the MD5 does."""
    hub.misbehave(f"cut:match={SHARD},at=0.6")
    fetch.fault()
    write_model(model, seed=7)
    (fetch.folder() / "tensor-cache.json").unlink()
    hub.misbehave(*([f"{then}:match={SHARD}"] if then else []))
    if then == "wrong-range":  # a server that can do nothing else
        hub.misbehave(f"{then}:match={SHARD},times=1")
    assert same_files(model, fetch().path)


def test_a_shard_damaged_in_the_cache_is_fetched_again(fetch, hub, model):
    """Flipped bytes are found by the MD5, said, and mended; the other shards are not fetched again."""
    damaged = fetch().path / SHARD
    content = bytearray(damaged.read_bytes())
    content[1000] ^= 1
    damaged.write_bytes(content)
    hub.forget()
    done = fetch()
    assert [r.file for r in hub.requests()] == [SHARD]
    assert done.weights.replaced_files == 1
    assert any(SHARD in text and "MD5" in text for _, _, text in done.observer.lines)
    assert same_files(model, done.path)


@pytest.mark.parametrize("file", ["mlc-chat-config.json", "tensor-cache.json", "tokenizer.json"])
def test_metadata_damaged_in_the_cache_is_fetched_again(fetch, hub, model, file):
    """A cached file that is no JSON any more is mended."""
    (fetch().path / file).write_text('{"cut off')
    hub.forget()
    done = fetch()
    assert [r.file for r in hub.requests()] == [file]
    assert same_files(model, done.path)


def test_two_processes_fill_one_cache_at_once(fetch, hub, model):
    """Both succeed, and every file is fetched once."""
    hub.misbehave("slow:match=params_shard_*,rate=300000")
    with start_fetch(fetch) as one, start_fetch(fetch) as other:
        assert one.wait(40) == other.wait(40) == 0
        received = sorted(int(p.stdout.read().split()[0]) for p in (one, other))
    assert received == [0, 750_000]
    assert sorted(r.file for r in hub.requests()) == sorted(p.name for p in model.iterdir())
    assert same_files(model, fetch.folder())


def test_whoever_waits_sees_how_far_the_other_is(fetch):
    """Waiting for the lock is reported as progress, so that no watchdog takes it for a hang."""
    cache = Cache(fetch.cache)
    lock = ModelLock(cache.lock_path(SLUG), cache.folder(SLUG) / WORK_DIR)
    (cache.folder(SLUG) / WORK_DIR).mkdir(parents=True)
    with lock.wait(1, threading.Event(), lambda _: None):
        lock.sign(111, 222)
        threading.Timer(0.7, lambda: None).start()
        problem, observer = fetch.fault(lock_stall_s=0.6)
    assert problem.category.value == "process.hung"
    assert str(os.getpid()) in str(problem)
    assert (Phase.METADATA, 111, 222, "bytes", "") in observer.steps


def test_offline_with_a_full_cache(fetch, hub):
    """Offline, a cached model is verified and used."""
    fetch()
    hub.forget()
    done = fetch(offline=True)
    assert done.weights.cached_files == 3
    assert hub.requests() == []


@pytest.mark.parametrize("lacking", ["everything", SHARD, "tokenizer.json"])
def test_offline_without_the_model(fetch, hub, lacking):
    """Offline, what the cache lacks is a model that is not there, and nobody is asked for it."""
    if lacking != "everything":
        (fetch().path / lacking).unlink()
    hub.forget()
    problem, observer = fetch.fault(offline=True)
    assert problem.category.value == "artifact.model_not_found"
    assert "offline" in str(problem)
    assert hub.requests() == []
    assert observer.exchanges == []


def test_eviction(fetch, hub):
    """A removed model is gone, and is fetched again when it is wanted."""
    fetch()
    cache = Cache(fetch.cache)
    assert [(m.id, m.source, m.complete) for m in cache.models()] == [("model", "HF://org/model", True)]
    assert cache.remove(parse_reference("HF://org/model").slug) > 750_000
    assert list(cache.models()) == []
    hub.forget()
    fetch()
    assert len(hub.requests()) == 7


def test_no_eviction_under_a_fetch(fetch):
    """A model that another process is fetching is not removed."""
    path = fetch().path
    cache = Cache(fetch.cache)
    with ModelLock(cache.lock_path(SLUG), path / WORK_DIR).at_once(), pytest.raises(EngineFault) as caught:
        cache.remove(SLUG)
    assert caught.value.category.value == "storage.permission"
    assert (path / SHARD).exists()


def test_a_disk_too_small_is_told_before_the_first_byte(fetch, hub, monkeypatch):
    """The shards are not begun where they cannot fit, and the figures are there."""
    monkeypatch.setattr(disk, "free_bytes", lambda _: 500_000)
    problem, observer = fetch.fault()
    assert problem.category.value == "storage.quota_or_disk_full"
    assert (problem.facts["disk.needed"], problem.facts["disk.free"]) == (750_000, 500_000)
    assert problem.facts["disk.path"] == str(fetch.folder())
    assert observer.failed_phase() is Phase.WEIGHTS
    assert not hub.requests(SHARD)


@contextmanager
def mounted(where: Path, options: str):
    """A small file system of its own."""
    where.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(where)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"this test mounts a tmpfs, for which it must be root: {done.stderr}"
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)


def test_a_disk_that_fills_up_while_writing(fetch, monkeypatch):
    """ENOSPC ends the fetch with the figures; no half file has a final name, and with room the rest is fetched."""
    with mounted(fetch.cache, "size=500k"):
        monkeypatch.setattr(disk, "check_space", lambda *_: None)
        problem, _ = fetch.fault()
        assert problem.category.value == "storage.quota_or_disk_full", problem
        assert problem.facts["disk.needed"] > 0
        assert problem.facts["disk.free"] < 500_000
        assert not {SHARD, "params_shard_1.bin"} <= fetch.final_files()
        subprocess.run(["mount", "-o", "remount,size=20m", str(fetch.cache)], check=True)
        assert fetch().weights.resumed > 0


def test_a_read_only_cache(fetch, hub):
    """On a read-only file system, a whole model is used and an absent one is a permission that is missing."""
    with mounted(fetch.cache, "size=20m"):
        fetch()
        subprocess.run(["mount", "-o", "remount,ro", str(fetch.cache)], check=True)
        hub.forget()
        assert fetch().weights.cached_files == 3
        problem, _ = fetch.fault("HF://org/another")
        assert hub.requests() == []
    assert problem.category.value == "storage.permission"
    assert "read-only" in str(problem)


def test_a_cache_of_another_user(fetch, tmp_path):
    """A folder that this user may not write is a missing permission, with its path."""
    fetch.cache.mkdir(mode=0o555)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    if os.geteuid() == 0:  # root may write everywhere
        os.seteuid(65534)
        try:
            problem, _ = fetch.fault()
        finally:
            os.seteuid(0)
    else:
        problem, _ = fetch.fault()
    assert problem.category.value == "storage.permission"
    assert problem.facts["disk.path"] == str(fetch.folder())


def test_a_file_where_the_cache_should_be(fetch):
    """Something else in the cache's place is said to be in the way."""
    fetch.cache.write_text("not a folder")
    problem, _ = fetch.fault()
    assert problem.category.value == "storage.permission"
    assert "--cache-dir" in str(problem)


def test_a_table_that_leads_out_of_the_folder(fetch, model, tmp_path):
    """A shard whose path leaves the model's folder is refused before anything is asked for."""
    table = json.loads((model / "tensor-cache.json").read_text())
    table["records"][0]["dataPath"] = "../../outside.bin"
    (model / "tensor-cache.json").write_text(json.dumps(table))
    problem, _ = fetch.fault()
    assert problem.category.value == "artifact.corrupt"
    assert not list(tmp_path.rglob("outside.bin"))


def test_models_from_different_places_do_not_mix(fetch, hub):
    """A URL and a repository of the same name have folders of their own, and a URL's query is part of neither."""
    by_name = fetch()
    by_url = fetch(f"{hub.url}/org/model/resolve/main?download=true&secret=abc")
    assert by_name.path != by_url.path
    assert same_files(by_name.path / WORK_DIR, by_name.path / WORK_DIR)
    assert "secret" not in (by_url.path / WORK_DIR / "model.json").read_text()
    assert all("secret" not in str(x) for x in by_url.observer.exchanges)


def test_memory_does_not_grow_with_the_model(fetch_from, tmp_path):
    """A shard of 60 MB is fetched and verified without being held."""
    import tracemalloc

    with Hub({"org/model": write_model(tmp_path / "large", (60_000_000,))}) as hub:
        fetch = fetch_from(hub.url)
        tracemalloc.start()
        try:
            fetch()
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 20_000_000

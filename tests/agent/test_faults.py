"""Real faults, through the real probe: each ends as a run with its category, its evidence, and something to do."""

import json
import os
import shutil
import subprocess
import uuid
from pathlib import Path

import pytest
from agent_process import AGENT

from localloom_agent.canary import CANARY_DIR

QUIET_PROBE = ["probe", "--engine", "scripted", "-q"]
SHARD = "params_shard_0.bin"
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 518400\n"
HTML = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to go on</body></html>"


@pytest.fixture
def model(tmp_path):
    """A copy of the canary, to be damaged."""
    folder = tmp_path / "model"
    shutil.copytree(CANARY_DIR, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    return folder


def flip(path):
    data = bytearray(path.read_bytes())
    data[1000] ^= 0xFF
    path.write_bytes(data)


def edit(path, change):
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def shift_a_token_beyond_the_vocabulary(document):
    vocab = document["model"]["vocab"]
    vocab[max(vocab, key=vocab.get)] = 9999


DAMAGE = {
    "shard truncated": (lambda m: os.truncate(m / SHARD, 400_000), "weights", "artifact.corrupt", SHARD),
    "shard with one byte flipped": (lambda m: flip(m / SHARD), "weights", "artifact.corrupt", SHARD),
    "shard is an LFS pointer": (lambda m: (m / SHARD).write_text(LFS), "weights", "artifact.corrupt", SHARD),
    "shard is an HTML page": (lambda m: (m / SHARD).write_text(HTML), "weights", "artifact.corrupt", SHARD),
    "shard missing": (lambda m: (m / SHARD).unlink(), "weights", "artifact.corrupt", SHARD),
    "tensor-cache missing": (lambda m: (m / "tensor-cache.json").unlink(), "metadata", "artifact.corrupt", "tensor-cache.json"),
    "tensor-cache invalid": (lambda m: (m / "tensor-cache.json").write_text("{"), "metadata", "artifact.corrupt", "tensor-cache.json"),
    "config missing": (lambda m: (m / "mlc-chat-config.json").unlink(), "metadata", "artifact.corrupt", "mlc-chat-config.json"),
    "config is invalid JSON": (lambda m: (m / "mlc-chat-config.json").write_text("{]"), "metadata", "artifact.corrupt", "mlc-chat-config.json"),
    "config is an HTML page": (lambda m: (m / "mlc-chat-config.json").write_text(HTML), "metadata", "artifact.corrupt", "mlc-chat-config.json"),
    "unknown architecture": (
        lambda m: edit(m / "mlc-chat-config.json", lambda d: d.update(model_type="llamazoid")),
        "metadata", "artifact.incompatible", "llamazoid",
    ),
    "config without a key": (
        lambda m: edit(m / "mlc-chat-config.json", lambda d: d["model_config"].pop("hidden_size")),
        "metadata", "config.invalid", "hidden_size",
    ),
    "tokenizer missing": (lambda m: (m / "tokenizer.json").unlink(), "metadata", "artifact.tokenizer", "tokenizer.json"),
    "tokenizer cut": (lambda m: os.truncate(m / "tokenizer.json", 500), "metadata", "artifact.tokenizer", "tokenizer.json"),
    "tokenizer is JSON but no tokenizer": (
        lambda m: (m / "tokenizer.json").write_text('{"hello": 1}'), "metadata", "artifact.tokenizer", "tokenizer.json",
    ),
    "token id beyond the vocabulary": (
        lambda m: edit(m / "tokenizer.json", shift_a_token_beyond_the_vocabulary), "metadata", "artifact.tokenizer", "9999",
    ),
    "parameters of another quantisation": (
        lambda m: edit(m / "mlc-chat-config.json", lambda d: d.update(quantization="q0f16")),
        "metadata", "artifact.incompatible", "q0f16",
    ),
}  # fmt: skip


def failure_of(done):
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    document = json.loads(done.stdout)
    return document, document["failure"]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_model_folder_is_named(agent, model, damage):
    """The phase, the category, and a sentence that names the very file, key or value."""
    act, phase, category, named = DAMAGE[damage]
    act(model)
    _, failure = failure_of(agent.run("probe", "--json", "-q", "--model", str(model)))
    assert (failure["phase"], failure["category"]) == (phase, category)
    assert named in " ".join([failure["summary"], *failure["remedies"]])
    assert failure["confidence"] >= 0.9


@pytest.mark.parametrize(
    ("args", "phase", "category", "named"),
    [
        (["--model", "TinyLama-1.1B-Chat-v1.0-q4f16_1-MLC"], "resolve", "artifact.model_not_found", "TinyLlama-1.1B-Chat-v1.0-q4f16_1-MLC"),
        (["--model", "/nowhere/at-all"], "resolve", "artifact.model_not_found", "at-all"),
        (["--device", "cuda"], "runtime", "gpu.unsupported", "cuda"),
        (["--device", "banana"], "runtime", "config.invalid", "banana"),
        (["--prompt", "word " * 3000], "generate", "generate.context_overflow", "512"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_named(agent, args, phase, category, named):
    """An unknown model or device, a prompt that does not fit."""
    _, failure = failure_of(agent.run("probe", "--json", "-q", *args))
    assert (failure["phase"], failure["category"]) == (phase, category)
    assert named in " ".join([failure["summary"], *failure["remedies"]])


@pytest.mark.parametrize(
    ("fault", "category", "evidence"),
    [
        ("zero@load", "generate.numeric", "tokens.agreement"),
        ("nan@load", "generate.numeric", "tokens.nonfinite"),
    ],
)
def test_numbers_that_went_wrong_after_verification_are_noticed(agent, model, fault, category, evidence):
    """The files were right when they were verified; what was computed was not, and the text is there to see."""
    shutil.copy(CANARY_DIR / "reference.json", model)
    document, failure = failure_of(
        agent.run(
            "probe", "--json", "-q", "--model", str(model), fault=fault, LOCALLOOM_TEST_MODEL=str(model)
        )
    )
    assert (failure["phase"], failure["category"]) == ("generate", category)
    assert evidence in failure["evidence"]["facts"]
    assert document["generation"]["numeric_check"]["status"] == "failed"


def test_an_address_space_that_is_too_small_is_host_memory(agent):
    """RLIMIT_AS in the middle: std::bad_alloc or MemoryError, however TVM puts it."""
    _, failure = failure_of(agent.run("probe", "--json", "-q", fault="little@compile"))
    assert failure["category"] == "host.out_of_memory"


@pytest.fixture
def small_cgroup():
    """A memory cgroup (v1 or v2) of 300 MB, as the file that a process joins it by."""
    v1 = Path("/sys/fs/cgroup/memory")
    parent = v1 if (v1 / "memory.limit_in_bytes").exists() else Path("/sys/fs/cgroup")
    group = parent / f"localloom-test-{uuid.uuid4().hex[:8]}"
    try:
        group.mkdir()
        if parent == v1:
            (group / "memory.limit_in_bytes").write_text("300000000")
        else:
            (group / "memory.max").write_text("300000000")
            (group / "memory.swap.max").write_text("0")
    except OSError as error:
        pytest.skip(f"no memory cgroup can be made here: {error}")
    yield group / "cgroup.procs"
    group.rmdir()


def test_a_true_oom_kill_is_told_from_a_kill(agent, small_cgroup):
    """The cgroup's counter is the witness: SIGKILL with it is memory, and without it is not."""
    done = subprocess.run(
        ["sh", "-c", f'echo $$ > {small_cgroup}; exec "$@"', "sh", AGENT, *QUIET_PROBE, "--json"],
        env=agent.environment("eat@load"), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    document, failure = failure_of(done)
    assert document["outcome"] == "crashed"
    assert failure["category"] == "host.out_of_memory"
    assert failure["evidence"]["signal"] == "SIGKILL"
    assert failure["evidence"]["facts"]["cgroup.oom_kills"] >= 1
    assert failure["evidence"]["facts"]["memory.limit"] == pytest.approx(300_000_000, rel=0.01)
    assert failure["evidence"]["facts"]["memory.peak"] > 100_000_000

    _, killed = agent.scripted(fault="kill@load")
    assert killed["failure"]["evidence"]["signal"] == "SIGKILL"
    assert killed["failure"]["evidence"]["facts"]["cgroup.oom_kills"] == 0
    assert killed["failure"]["category"] != "host.out_of_memory" or killed["failure"]["confidence"] < 0.9


def mounted(folder, options):
    """Mount a tmpfs; where that is not allowed, nothing can be shown."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def read_only_disk(tmp_path):
    """A file system that nobody can write, root neither."""
    yield from mounted(tmp_path / "read-only", "ro,size=1m")


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a few MB."""
    yield from mounted(tmp_path / "disk", "size=4m")


def test_a_state_folder_on_a_read_only_file_system_is_exit_code_3(agent, read_only_disk):
    """Nothing can be kept: the agent cannot do its work, and says which folder."""
    done = agent.run(*QUIET_PROBE, plugin=True, LOCALLOOM_STATE_DIR=str(read_only_disk / "state"))
    assert done.returncode == 3
    assert str(read_only_disk) in done.stderr
    assert "Read-only file system" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_disk_that_fills_up_under_the_outbox_costs_the_delivery_not_the_result(agent, small_disk):
    """Exit code 3 with one sentence that names the outbox; when there is room again, it works again."""
    state = {"LOCALLOOM_STATE_DIR": str(small_disk / "state")}
    agent.scripted("--collector", "127.0.0.1:9", **state)
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    done, document = agent.scripted("--collector", "127.0.0.1:9", **state)
    assert done.returncode == 3
    assert "outbox" in done.stderr
    assert "Traceback" not in done.stderr
    assert document is None or document["outcome"] == "passed"
    filler.unlink()
    after, _ = agent.scripted("--collector", "127.0.0.1:9", **state)
    assert after.returncode == 0, after.stderr


def test_a_disk_that_fills_up_in_the_middle_of_a_run_leaves_the_result(agent, small_disk):
    """The probe goes on, its document is printed whole, and the exit code says that the delivery is in danger."""
    state = {"LOCALLOOM_STATE_DIR": str(small_disk / "state")}
    done, document = agent.scripted(
        "--collector", "127.0.0.1:9", fault="fill@load", LOCALLOOM_TEST_DISK=str(small_disk), **state
    )
    assert done.returncode == 3, done.stderr
    assert document["outcome"] == "passed"
    assert "could not be kept for delivery" in done.stderr
    assert "No space" in done.stderr or "full" in done.stderr

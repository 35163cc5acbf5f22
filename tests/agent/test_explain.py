"""`localloom-agent explain`: any text in, a diagnosis out."""

import json
import subprocess

from agent_process import AGENT


def explain(agent, data, *args):
    """Feed bytes to the command, through a pipe."""
    return subprocess.run(
        [AGENT, "explain", *args],
        input=data,
        env=agent.environment(),
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_a_pasted_error_is_explained(agent):
    """Category, reason and remedies, in words."""
    done = explain(agent, b"RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB")
    assert done.returncode == 0
    text = done.stdout.decode()
    assert text.startswith("gpu.out_of_memory")
    assert "What to do" in text


def test_what_else_it_could_be_says_what_that_would_mean(agent):
    """The same words are not quoted for each category that they can mean."""
    text = explain(agent, b"TypeError: Failed to fetch", "--lang", "en").stdout.decode()
    also = text.partition("It could also be")[2].partition("What to do")[0]
    assert "network.blocked" in also
    assert "proxy" in also
    assert "Failed to fetch" not in also


def test_json_has_the_designs_keys(agent, tmp_path):
    """One document, from a file, in the language asked for."""
    path = tmp_path / "error.log"
    path.write_text("OSError: [Errno 28] No space left on device")
    done = agent.run("explain", str(path), "--json", "--lang", "es")
    document = json.loads(done.stdout)
    assert document["category"] == "storage.quota_or_disk_full"
    assert set(document) >= {"category", "confidence", "candidates", "signature", "retryable", "remedies"}


def test_json_lines_are_answered_line_by_line(agent):
    """Ids come back; what is not JSON is taken as text, and said; empty lines are nothing."""
    lines = [
        {
            "id": "a",
            "message": "getaddrinfo ENOTFOUND huggingface.co",
            "runtime": "transformers.js",
            "phase": None,
        },
        {
            "id": 7,
            "message": "Illegal instruction (core dumped)",
            "error_type": None,
            "hardware": {"cpu": "Atom"},
        },
    ]
    data = "\n".join(map(json.dumps, lines)) + "\n\nnot JSON\n"
    done = explain(agent, data.encode(), "--jsonl")
    out = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [(o["id"], o["category"]) for o in out] == [
        ("a", "network.unreachable"),
        (7, "host.unsupported_cpu"),
        (None, "unknown"),
    ]
    assert set(out[0]) == {"id", "category", "confidence", "candidates", "signature", "retryable", "remedies"}
    assert "line 4" in done.stderr.decode()


def test_any_bytes_are_accepted(agent):
    """Nothing, binary, lone surrogates, a megabyte in one line."""
    for data in (b"", bytes(range(256)) * 10, b'{"message": "\\ud800"}', b"x" * 1_000_000, b"\x00" * 1000):
        for args in ((), ("--json",), ("--jsonl",)):
            done = explain(agent, data, *args)
            assert done.returncode == 0, (data[:20], args, done.stderr)
            assert b"Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_wrong_usage(agent):
    """Exit code 2, and the name of the file."""
    done = agent.run("explain", "nowhere.log")
    assert done.returncode == 2
    assert "nowhere.log" in done.stderr

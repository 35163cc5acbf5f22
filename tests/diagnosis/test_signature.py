"""The same fault has the same signature, different faults do not, and nobody's data is in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localloom_diagnosis import Evidence, diagnose
from localloom_diagnosis.signature import normalise


def signature(text):
    return diagnose(Evidence.from_text(text)).signature


NUMBERS = st.integers(min_value=0, max_value=10**9)
FOLDERS = st.lists(st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True), min_size=1, max_size=5).map(
    lambda parts: "/" + "/".join(parts)
)
USERS = st.from_regex(r"[a-z][a-z0-9]{1,10}", fullmatch=True)


@given(NUMBERS, NUMBERS, NUMBERS)
@settings(max_examples=60, deadline=None)
def test_sizes_and_devices_do_not_matter(size, device, total):
    """Another size, another card: the same fault."""
    template = "RuntimeError: CUDA out of memory. Tried to allocate {} MiB (GPU {}; {} MiB total capacity)"
    assert signature(template.format(size, device, total)) == signature(template.format(1, 0, 8))


@given(FOLDERS, st.integers(0, 9999))
@settings(max_examples=60, deadline=None)
def test_paths_and_shards_do_not_matter(folder, shard):
    """Another user's folder, another shard: the same fault."""
    template = "FileNotFoundError: [Errno 2] No such file or directory: '{}/params_shard_{}.bin'"
    assert signature(template.format(folder, shard)) == signature(template.format("/srv/models", 1))


@given(USERS, st.uuids(), NUMBERS)
@settings(max_examples=60, deadline=None)
def test_urls_ids_and_times_do_not_matter(user, request, second):
    """Another user's repository, request id and time: the same fault, and none of them in the name."""
    template = "HTTPError: 403 Client Error: Forbidden for url: https://huggingface.co/{u}-x/secret-{n} (Request ID: {r}) at 2026-01-02T03:04:05"
    name = signature(template.format(u=user, n=second, r=request))
    assert name == signature(template.format(u="someone", n=7, r="00000000-0000-0000-0000-000000000000"))
    assert f"{user}-x" not in name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "cudaErrorNoDevice (100): no CUDA-capable device",
            "cudaErrorInsufficientDriver (35): driver too old",
        ),
        ("net::ERR_NAME_NOT_RESOLVED", "net::ERR_CONNECTION_REFUSED"),
        (
            "403 Client Error: Forbidden for url: https://a.org/x",
            "404 Client Error: Not Found for url: https://a.org/x",
        ),
        ("No module named 'alpha'", "No module named 'beta'"),
        ("exit status 0xc0000005", "exit status 0xc0000409"),
        ("VK_ERROR_DEVICE_LOST", "VK_ERROR_OUT_OF_DEVICE_MEMORY"),
        ("Module has no function 'prefill_v2'", "Module has no function 'vm_load_executable'"),
        ("version `GLIBC_2.38' not found", "version `GLIBC_2.29' not found"),
    ],
)
def test_different_faults_have_different_signatures(one, other):
    """Codes, statuses and names that tell faults apart stay in the signature."""
    assert signature(one) != signature(other)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("open /home/maria/models/x.bin failed", "maria"),
        (r"open C:\Users\maria\models\x.bin failed", "maria"),
        ("cannot read '/Users/maria/My Models/x.bin' failed", "my models"),
        ("mail maria@example.org failed", "maria"),
        ("user=maria failed", "maria"),
        ("connect to 10.1.2.3:8080 failed", "10.1"),
        ("connect to gpu-box.internal.example.org failed", "gpu-box"),
        ("at 0x7ffdeadbeef failed", "beef"),
        ("blob sha256-6a0746a1ec1aef3e7ec53868f220ff6e389f6f8ef87a01d77c96807de94ca2aa failed", "6a0746"),
        ("answer to 'what is my password' failed", "password"),
    ],
)
def test_data_is_not_in_the_signature(text, gone):
    """Paths, addresses, hosts, users, hashes and quoted sentences are normalised away."""
    assert gone not in normalise(text)


def test_facts_name_the_fault_better_than_words():
    """Where a fact identifies the fault, two wordings of it have one signature."""
    facts = {"module.missing": "libcudart.so.13"}
    texts = ("ImportError: x is missing", "ImportError: cannot load y")
    names = {
        diagnose(Evidence(errors=Evidence.from_text(text).errors, facts=facts)).signature for text in texts
    }
    assert len(names) == 1

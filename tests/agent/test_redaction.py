import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from localloom_agent.redaction import Identity, Redactor

JANE = Identity(
    homes=("/home/jane", r"C:\Users\Jane Doe"),
    users=("jane",),
    hosts=("atlas-7", "atlas-7.corp.example.org"),
    secrets=("correct-horse-battery",),
)
ROOT = Identity(homes=("/root",), users=("root",), hosts=("vm",))


@pytest.fixture(scope="module")
def redactor():
    return Redactor(JANE)


HF = "hf_" + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3x"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        # home folders, in every way a path is written
        ("open /home/jane/.cache/params_shard_0.bin", "open ~/.cache/params_shard_0.bin"),
        ("file:///home/jane/m/x.json", "file://~/m/x.json"),
        ("/home/bob/x:/home/eve/y", "~/x:~/y"),
        ("cwd=/var/home/bob/x", "cwd=~/x"),
        ("/Users/Mary Ann/Library/x", "~/Library/x"),
        (r"C:\Users\Jane Doe\AppData\x.bin", r"~\AppData\x.bin"),
        (r"c:\users\bob\x", r"~\x"),
        (r"{\"path\": \"C:\\Users\\bob\\x\"}", r"{\"path\": \"~\\x\"}"),
        (r"\\?\C:\Users\bob\x", r"~\x"),
        ("file:///C:/Users/Jane%20Doe/x", "file:///~/x"),
        ("/mnt/c/Users/bob/x", "~/x"),
        # names
        ("jane@atlas-7:~$ ls", "<user>@<host>:~$ ls"),
        ("/tmp/pytest-of-jane/x", "/tmp/pytest-of-<user>/x"),
        ("connect to atlas-7.corp.example.org failed", "connect to <host> failed"),
        ("http://atlas-7.local:8080/v1", "http://<host>:8080/v1"),
        # credentials
        ("Authorization: Bearer abc.def123456", "Authorization: <secret>"),
        ('{"Authorization": "Basic dTpw"}', '{"Authorization": "<secret>"}'),
        ("header bearer a1b2c3d4e5f6", "header bearer <secret>"),
        (f"401 for {HF}", "401 for <secret>"),
        (f"HF_TOKEN={HF} python x.py", "HF_TOKEN=<secret> python x.py"),
        ("key sk-proj-abc123def456ghi789jkl", "key <secret>"),
        ("ghp_abcdefghij0123456789abcdefghij012345", "<secret>"),
        ("github_pat_11ABCDEFG0abcdefghij_klmnop", "<secret>"),
        ("AKIAIOSFODNN7EXAMPLE", "<secret>"),
        ("xoxb-123456789012-abcdefGHIJKL", "<secret>"),
        (f"cookie {JWT} end", "cookie <secret> end"),
        ("token=abcdef123", "token=<secret>"),
        ('"access_token": "zzz"', '"access_token": "<secret>"'),
        ("password=hunter2&x=1", "password=<secret>&x=1"),
        ("api_key: sesame", "api_key: <secret>"),
        (r"{\"password\": \"hun ter2\"}", r"{\"password\": \"<secret>\"}"),
        ("login --token sesame --verbose", "login --token <secret> --verbose"),
        ("Set-Cookie: sid=abc; Path=/", "Set-Cookie: <secret>"),
        ("it was correct-horse-battery", "it was <secret>"),
        # addresses
        ("https://u:p@h.com/a/b.bin?X-Amz-Signature=1#f ok", "https://h.com/a/b.bin ok"),
        ("proxy http://u:p#w@proxy.lan:3128", "proxy http://proxy.lan:3128"),
        (r"{\"url\": \"https://h.com/x?a=1\u0026sig=2\"}", r"{\"url\": \"https://h.com/x\"}"),
        ("write to jane.doe+x@mail.example.co.uk, please", "write to <email>, please"),
        ("connect 10.0.0.5:8080 refused", "connect <ip>:8080 refused"),
        ("connect 93.184.216.34 refused", "connect <ip> refused"),
        ("to fe80::1ff:fe23:4567:890a%eth0", "to <ip>%eth0"),
        ("to [2001:db8::1]:443", "to [<ip>]:443"),
        ("ether aa:bb:cc:0d:ee:ff", "ether <mac>"),
        ("GPU-8a6a4e5e-1111-2222-3333-444455556666 lost", "<gpu-uuid> lost"),
        ("MIG-8a6a4e5e-1111-2222-3333-444455556666", "<gpu-uuid>"),
        ("owner S-1-5-21-3623811015-3361044348-30300820-1013", "owner <sid>"),
    ],
)
def test_what_names_somebody_goes(redactor, given_text, expected):
    """Names, addresses and credentials are replaced, and the text around them stays."""
    assert redactor.text(given_text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "apache-tvm 0.27.0.post1, apache-tvm-ffi 0.1.15.post2, Python 3.11.9",
        "driver version 31.0.15.3713, v1.2.3.4, firmware 1.2.3.4",
        "CUDA error 700: an illegal memory access (0x00007ff8a1b2c3d4) at params_shard_0.bin",
        "HRESULT 0x887A0005 DXGI_ERROR_DEVICE_REMOVED",
        "HF://mlc-ai/Llama-3.2-1B-Instruct-q4f16_1-MLC",
        "https://huggingface.co/mlc-ai/x/resolve/main/mlc-chat-config.json: 404 Not Found",
        "Cannot allocate tensor of shape (1, 32, 4096, 128), dtype float16, strides [16777216:524288:128:1]",
        "tvm::runtime::vm::VirtualMachine::Invoke std::bad_alloc a::b [1::2]",
        "InternalError: Check failed: (e == CUDA_SUCCESS) is false: CUDA_ERROR_OUT_OF_MEMORY",
        "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
        "max_tokens=50 token=1234 eos_token: </s> bos_token='<s>' prompt_tokens: 12 tokens/s: 31.5",
        "TOKENIZERS_PARALLELISM=false",
        "KeyError: 'model.layers.0.self_attn.k_proj.q_weight'",
        "password must be set; password: incorrect; api_key: None; secret: missing",
        "hf_hub_download() and hf_transfer failed; sk-learn-style-estimator; task-1234567890123456",
        "from localhost, 127.0.0.1:50051 and [::1]:8080, bound to 0.0.0.0",
        "2024-01-02T12:34:56.789Z [12:34:56] phase load took 00:01:02",
        "pci 0000:3b:00.0, id 10de:2335, uuid 0190b7a2-7c1e-7abc-8def-0123456789ab",
        "md5 d41d8cd98f00b204e9800998ecf8427e sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "git@github.com:mlc-ai/mlc-llm.git @mlc-ai/web-llm@0.2.80",
        "/usr/lib/python3.11/site-packages/tvm/__init__.py line 12, in /home",
        "/Users/Shared/models and C:\\Users\\Public\\x and https://example.com/home/page",
        "S-1-5-18 is SYSTEM; GLIBC_2.38 not found; symbol foo@@GLIBCXX_3.4.30",
        "bearer token authentication required; Authorization: required",
        "Cross-origin request blocked: 'Access-Control-Allow-Origin'",
        "janet and atlas-70 and correct-horse",
        "¿Funciona? 你好 🙂 naïve",
    ],
)
def test_ordinary_error_text_survives(redactor, text):
    """What makes an error recognisable comes through untouched."""
    assert redactor.text(text) == text
    assert Redactor(ROOT).text(text) == text


def test_a_common_word_is_a_name_only_where_it_stands_for_one():
    """A user called root and a host called vm do not take those words out of texts."""
    redactor = Redactor(ROOT)
    assert (
        redactor.text("root cause in tvm.relax.vm: vm root node")
        == "root cause in tvm.relax.vm: vm root node"
    )
    assert (
        redactor.text("root@vm:/root/x, http://vm:80/ and /rootfs")
        == "<user>@<host>:~/x, http://<host>:80/ and /rootfs"
    )


def test_a_service_account_of_ours_does_not_hide_our_models():
    """Under a user called localloom, as a service has it, the canary keeps its name."""
    redactor = Redactor(Identity(homes=("/var/lib/localloom",), users=("localloom",)))
    assert redactor.text("localloom-canary-q4f16_1-MLC is loaded") == "localloom-canary-q4f16_1-MLC is loaded"


def test_value_goes_through_structures_and_leaves_what_is_no_text(redactor):
    """Lists and mappings are copied with their texts redacted; keys, numbers and bytes stay."""
    given_value = {
        "/home/jane": ["/home/jane/x", 1, None, b"/home/jane", ("jane", 2.5)],
        "password": "x",
        "token": "Hola",
    }
    assert redactor.value(given_value) == {
        "/home/jane": ["~/x", 1, None, b"/home/jane", ("<user>", 2.5)],
        "password": "<secret>",
        "token": "Hola",
    }


_PIECES = st.sampled_from(
    [
        "/home/", "/Users/", "C:\\Users\\", "\\\\", "\\\\?\\", "jane", "Jane Doe", "atlas-7", ".local", "://", "@", "?", "#",
        "file://", "token=", "password: ", "Authorization: ", "bearer ", "hf_", "sk-", "eyJ", "a1b2c3d4e5f6g7h8", "10.0.0.5",
        "fe80::1", ":", "::", ".", "-", " ", '"', "'", "\\", "/", "~", "<", ">", "<user>", "<secret>", "%3A", "%20", "=", "&",
        "user@example.org", "aa:bb:cc:dd:ee:ff", "GPU-8a6a4e5e-1111-2222-3333-444455556666", "S-1-5-21-1-2-3-4", "é", "\n",
        "correct-horse-battery", "cookie: a=", "--token ", "/media/", "media", "root", "0", "z",
    ]
)  # fmt: skip


_REDACTORS = (Redactor(JANE), Redactor(ROOT))


@settings(max_examples=1000, deadline=None)
@given(st.lists(_PIECES, max_size=14).map("".join))
@example("/home//home/x/y")
@example("https://jane:p@h.com")
def test_redacting_twice_changes_nothing_more(text):
    """The redacted form is a fixed point, whatever the pieces and their order."""
    for redactor in _REDACTORS:
        once = redactor.text(text)
        assert redactor.text(once) == once


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_known_names_never_survive(before, after):
    """Whatever stands around them, the home folder and the environment's secrets do not come through."""
    redacted = _REDACTORS[0].text(f"{before} /home/jane/x correct-horse-battery {after}")
    assert "/home/jane" not in redacted
    assert "correct-horse-battery" not in redacted


@pytest.mark.parametrize(
    "text",
    [
        "ValueError: missing model.layers.0.mlp.q_weight of shape (11008, 512) in params_shard_0.bin ",
        "a", "\\", "/home/", "password=", "key: ", "cookie:a", "bearer a", "://", "://a@", "a-", "a.", "aa:", "1.2.3.4 ",
        "/x", "C:\\Users\\a b c ", "eyJaaaaaaaa.", "hf_", "--token ", "\\?\\", "git@a.", "jane ", "/home/jane/", "%3A",
    ],
)  # fmt: skip
def test_time_grows_with_the_length_alone(redactor, text):
    """Ten times the text takes about ten times as long, whatever the text: no pattern is quadratic."""
    tail = " users/ @ :// token= password= --  x"
    small, large = (text * (size // len(text)) + tail for size in (40_000, 400_000))

    def seconds(given_text):
        began = time.process_time()
        redactor.text(given_text)
        return time.process_time() - began

    # A quadratic pattern would take a hundred times as long; the floor is for a busy machine's jitter.
    assert seconds(large) < 30 * max(seconds(small), 0.02)


def test_a_megabyte_of_log_takes_half_a_second(redactor):
    """The tail of a log is redacted faster than anyone waits."""
    line = "[2024-01-02 12:34:56] INFO engine: loaded params_shard_0.bin (33554432 bytes) of HF://mlc-ai/x\n"
    text = line * (1_000_000 // len(line))
    began = time.process_time()
    redactor.text(text)
    assert time.process_time() - began < 0.5


def test_the_identity_of_this_machine_asks_no_network():
    """Names come from the account database, the environment and the kernel, within milliseconds."""
    began = time.perf_counter()
    identity = Identity.of_this_machine(
        {"HOME": "/home/ada", "USER": "ada", "HF_TOKEN": "hf_0123456789", "TOKENIZERS_PARALLELISM": "disabled",
         "GITHUB_TOKEN": "short", "GOOGLE_APPLICATION_CREDENTIALS": "/etc/creds.json", "COMPUTERNAME": "ADA-PC"}
    )  # fmt: skip
    assert time.perf_counter() - began < 0.1
    assert "/home/ada" in identity.homes
    assert "ada" in identity.users
    assert "ADA-PC" in identity.hosts
    assert identity.secrets == ("hf_0123456789",)


def test_structured_text_stays_structured(redactor):
    """Redacting a JSON text leaves a JSON text."""
    text = json.dumps(
        {"a": "/home/jane/x", "api_key": "k1", "url": "https://u:p@h/x?y#z", "p": r"C:\Users\bob\x"}
    )
    assert json.loads(redactor.text(text)) == {
        "a": "~/x",
        "api_key": "<secret>",
        "url": "https://h/x",
        "p": r"~\x",
    }

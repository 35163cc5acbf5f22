"""The wire contract: what bytes it comes to, and that its lists are the diagnosis's lists."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st

from localloom.fleet.v1 import collector_pb2, event_pb2, taxonomy_pb2
from localloom_diagnosis import (
    Category,
    ErrorRecord,
    Evidence,
    Exchange,
    Outcome,
    Phase,
    PhaseStatus,
    Purpose,
)
from localloom_diagnosis.wire import (
    CATEGORIES,
    OUTCOMES,
    PHASE_STATUSES,
    PHASES,
    PURPOSES,
    attributes_from_wire,
    attributes_to_wire,
    evidence_from_wire,
    evidence_to_wire,
)

ROOT = Path(__file__).resolve().parents[2]

ATTRIBUTES = [
    event_pb2.Attribute(name="hw.gpu.model", string_value="RTX"),
    event_pb2.Attribute(name="host.memory", int_value=2**34),
    event_pb2.Attribute(name="share", double_value=0.5),
    event_pb2.Attribute(name="wasm", bool_value=True),
]

EVIDENCE = event_pb2.Evidence(
    errors=[
        event_pb2.ErrorRecord(
            type="OutOfMemory",
            message="no memory",
            origin="exception",
            traceback="tb",
            category=taxonomy_pb2.FAILURE_CATEGORY_GPU_OUT_OF_MEMORY,
        )
    ],
    phase=taxonomy_pb2.PHASE_LOAD,
    runtime="tvm",
    stderr_tail="tail",
    exit_code=0,
    signal="SIGKILL",
    hung=True,
    stacks="stacks",
    exchanges=[event_pb2.FailedExchange(url="https://h/x", status=503, error="e")],
    hardware=ATTRIBUTES[:1],
    facts=ATTRIBUTES[1:2],
)

#: Every payload of an event, with every one of its fields set.
PAYLOADS = {
    "run_started": event_pb2.RunStarted(
        agent_version="1", purpose=taxonomy_pb2.PURPOSE_DIFFERENTIAL, parent_run_id=bytes(range(16)),
        engine_requested="auto", model_requested="canary", device_requested="cpu", max_tokens=50, temperature=0.5,
        labels={"site": "lab"}, prompt="Hola",
    ),
    "machine_profile": event_pb2.MachineProfile(digest=bytes(32), document_json="{}", attributes=ATTRIBUTES),
    "engine_identified": event_pb2.EngineIdentified(name="tvm", version="0.27", device="cpu", attributes=ATTRIBUTES[:1]),
    "model_resolved": event_pb2.ModelResolved(id="canary", source="bundled", bytes=9, attributes=ATTRIBUTES[:1]),
    "span_started": event_pb2.SpanStarted(span_id=1, phase=taxonomy_pb2.PHASE_WEIGHTS, name="fetch"),
    "span_ended": event_pb2.SpanEnded(
        span_id=1, phase=taxonomy_pb2.PHASE_WEIGHTS, name="fetch", status=taxonomy_pb2.PHASE_STATUS_FAILED,
        start_elapsed_nano=5, duration_nano=6, reason="r", attributes=ATTRIBUTES[:1],
    ),
    "phase_skipped": event_pb2.PhaseSkipped(phase=taxonomy_pb2.PHASE_COMPILE, reason="cached"),
    "http_exchange": event_pb2.HttpExchange(
        phase=taxonomy_pb2.PHASE_METADATA, method="GET", url="https://h/x", status=200, received_bytes=7,
        duration_nano=8, ttfb_nano=3, error="e", attributes=ATTRIBUTES[:1],
    ),
    "failure_diagnosed": event_pb2.FailureDiagnosed(
        phase=taxonomy_pb2.PHASE_LOAD, category=taxonomy_pb2.FAILURE_CATEGORY_GPU_DRIVER, confidence=0.5,
        candidates=[
            event_pb2.Candidate(category=taxonomy_pb2.FAILURE_CATEGORY_GPU_DRIVER, score=0.5, because="b")
        ],
        signature="s", summary="sum", retryable=True, remedies=["do"], rules_version="1", language="es",
        evidence=EVIDENCE,
    ),
    "generation": event_pb2.Generation(
        text="Sí", prompt_tokens=1, completion_tokens=2, ttft_s=0.5, tokens_per_s=2, prefill_tokens_per_s=4,
        finish_reason="stop",
        numeric_check=event_pb2.NumericCheck(
            status="passed", agreement=1, nonfinite=3, min_margin=0.25, reason="r"
        ),
        token_ids=[1, 300],
    ),
    "detail_shed": event_pb2.DetailShed(first_chunk_seq=1, last_chunk_seq=2, chunks=3, events=4, bytes=5),
    "run_ended": event_pb2.RunEnded(
        outcome=taxonomy_pb2.OUTCOME_HUNG, duration_nano=9,
        phases=[
            event_pb2.PhaseSummary(
                phase=taxonomy_pb2.PHASE_GENERATE, status=taxonomy_pb2.PHASE_STATUS_SKIPPED, duration_nano=1,
                reason="r", attributes=ATTRIBUTES[:1],
            )
        ],
        events=10,
    ),
    "progress": event_pb2.Progress(phase=taxonomy_pb2.PHASE_WEIGHTS, done=1, total=2, unit="By", text="t"),
    "resource_sample": event_pb2.ResourceSample(
        rss_bytes=1, cpu_s=0.5, gpu_memory_bytes=2, host_available_bytes=3, threads=4, gpu_utilization=0.25
    ),
    "log_line": event_pb2.LogLine(level="info", source="tvm", text="line"),
}  # fmt: skip

#: The same events as bytes. These are on the disks of agents and in the databases of collectors: a change here is a
#: break of the contract, unless it only adds.
GOLDEN: dict[str, str] = {
    "run_started": (
        "0807108080d09de9ceb8fd18182a8201480a013110021a10000102030405060708090a0b0c0d0e0f2204617574"
        "6f2a0663616e6172793203637075383241000000000000e03f4a0b0a047369746512036c61625204486f6c61"
    ),
    "machine_profile": (
        "0807108080d09de9ceb8fd18182a8a016c0a200000000000000000000000000000000000000000000000000000"
        "00000000000012027b7d1a130a0c68772e6770752e6d6f64656c12035254581a130a0b686f73742e6d656d6f72"
        "791880808080401a100a05736861726521000000000000e03f1a080a047761736d2801"
    ),
    "engine_identified": (
        "0807108080d09de9ceb8fd18182a9201250a0374766d1204302e32371a0363707522130a0c68772e6770752e6d"
        "6f64656c1203525458"
    ),
    "model_resolved": (
        "0807108080d09de9ceb8fd18182a9a01280a0663616e617279120762756e646c6564180922130a0c68772e6770"
        "752e6d6f64656c1203525458"
    ),
    "span_started": "0807108080d09de9ceb8fd18182aa2010b080110051a056665746368",
    "span_ended": (
        "0807108080d09de9ceb8fd18182aaa0129080110051a0566657463682002280530063a017242130a0c68772e67"
        "70752e6d6f64656c1203525458"
    ),
    "phase_skipped": "0807108080d09de9ceb8fd18182ab2010a08061206636163686564",
    "http_exchange": (
        "0807108080d09de9ceb8fd18182aba0135080412034745541a0b68747470733a2f2f682f7820c8012807300838"
        "034201654a130a0c68772e6770752e6d6f64656c1203525458"
    ),
    "failure_diagnosed": (
        "0807108080d09de9ceb8fd18182ac201c1010807102a19000000000000e03f220e082a11000000000000e03f1a"
        "01622a0173320373756d38014202646f4a0131520265735a8c010a290a0b4f75744f664d656d6f727912096e6f"
        "206d656d6f72791a09657863657074696f6e22027462282b10071a0374766d22047461696c280032075349474b"
        "494c4c38014206737461636b734a130a0b68747470733a2f2f682f7810f7031a016552130a0c68772e6770752e"
        "6d6f64656c12035254585a130a0b686f73742e6d656d6f7279188080808040"
    ),
    "generation": (
        "0807108080d09de9ceb8fd18182aca01500a0353c3ad1001180221000000000000e03f29000000000000004031"
        "00000000000010403a0473746f70421f0a0670617373656411000000000000f03f180321000000000000d03f2a"
        "01724a0301ac02"
    ),
    "detail_shed": "0807108080d09de9ceb8fd18182ad2010a08011002180320042805",
    "run_ended": (
        "0807108080d09de9ceb8fd18182ada0126080410091a1e0808100318012201722a130a0c68772e6770752e6d6f"
        "64656c1203525458200a"
    ),
    "progress": "0807108080d09de9ceb8fd18182a82021b080511000000000000f03f190000000000000040220242792a0174",
    "resource_sample": "0807108080d09de9ceb8fd18182a8a021a080111000000000000e03f18022003280431000000000000d03f",
    "log_line": "0807108080d09de9ceb8fd18182a9202110a04696e666f120374766d1a046c696e65",
}

CHUNK = collector_pb2.Chunk(
    run_id=bytes(range(16)),
    chunk_seq=3,
    machine_id=bytes(range(16, 32)),
    kind=collector_pb2.CHUNK_KIND_DETAIL,
    compression=collector_pb2.COMPRESSION_ZLIB,
    body=b"body",
    body_crc32=0xDEADBEEF,
    event_count=5,
    raw_bytes=70,
)
GOLDEN_CHUNK = "0a10000102030405060708090a0b0c0d0e0f10031a10101112131415161718191a1b1c1d1e1f200228023204626f64793defbeadde40054846"


def event(name: str) -> event_pb2.Event:
    return event_pb2.Event(
        seq=7, time_unix_nano=1_800_000_000_000_000_000, elapsed_nano=42, **{name: PAYLOADS[name]}
    )


def fields_without_value(message, path: str = "") -> list[str]:
    """The fields of a message, and of those in it, that are not set."""
    missing = []
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if field.containing_oneof is None and not field.is_repeated and field.message_type:
            missing += fields_without_value(value, f"{path}{field.name}.")
        elif field.containing_oneof is None and not value and not field.has_presence:
            missing.append(path + field.name)
    return missing


def test_every_payload_is_covered():
    """There is an example of every payload that an event can have, with every field set."""
    oneof = event_pb2.Event.DESCRIPTOR.oneofs_by_name["payload"]
    assert {field.name for field in oneof.fields} == set(PAYLOADS) == set(GOLDEN)
    assert [name for name, payload in PAYLOADS.items() if fields_without_value(payload)] == []


@pytest.mark.parametrize("name", PAYLOADS)
def test_events_are_these_bytes(name):
    """An event of each kind serialises to the bytes it always has, and is read back from them."""
    assert event(name).SerializeToString(deterministic=True).hex() == GOLDEN[name]
    assert event_pb2.Event.FromString(bytes.fromhex(GOLDEN[name])) == event(name)


def test_chunks_are_these_bytes():
    """A chunk serialises to the bytes it always has, and is read back from them."""
    assert CHUNK.SerializeToString(deterministic=True).hex() == GOLDEN_CHUNK
    assert collector_pb2.Chunk.FromString(bytes.fromhex(GOLDEN_CHUNK)) == CHUNK


@pytest.mark.parametrize("name", PAYLOADS)
def test_unknown_fields_are_carried(name):
    """A reader keeps what it does not know: a later agent's field survives this version."""
    later = bytes.fromhex(GOLDEN[name]) + b"\xf2\x7f\x03new"  # field 2046, three bytes
    assert event_pb2.Event.FromString(later).SerializeToString(deterministic=True)[-3:] == b"new"


def test_generated_code_is_not_stale():
    """The checked-in modules are what the generator makes of the .proto files."""
    pytest.importorskip("grpc_tools")
    command = [sys.executable, str(ROOT / "tools" / "generate_proto.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("enum", "prefix", "members", "codec", "collectors_own"),
    [
        (taxonomy_pb2.Phase, "PHASE", Phase, PHASES, set()),
        (taxonomy_pb2.PhaseStatus, "PHASE_STATUS", PhaseStatus, PHASE_STATUSES, set()),
        (taxonomy_pb2.Outcome, "OUTCOME", Outcome, OUTCOMES, {Outcome.RUNNING, Outcome.INCOMPLETE}),
        (taxonomy_pb2.Purpose, "PURPOSE", Purpose, PURPOSES, set()),
        (taxonomy_pb2.FailureCategory, "FAILURE_CATEGORY", Category, CATEGORIES, set()),
    ],
)
def test_lists_are_the_same(enum, prefix, members, codec, collectors_own):
    """The contract's enums and the diagnosis's are the same lists, and the codecs know every member."""
    names = {name.removeprefix(f"{prefix}_") for name in enum.keys()} - {"UNSPECIFIED"}  # noqa: SIM118  # no dict
    assert names == {member.name for member in members} - {member.name for member in collectors_own}
    for member in set(members) - collectors_own:
        assert codec[codec.wire(member)] is member
    assert {codec.wire(member) for member in (None, *collectors_own)} == {0}


TEXT = st.text(max_size=20)
VALUES = st.one_of(TEXT, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False))
MAPPINGS = st.dictionaries(TEXT.filter(bool), VALUES, max_size=4)
INT32 = st.integers(-(2**31), 2**31 - 1)
EVIDENCES = st.builds(
    Evidence,
    errors=st.lists(
        st.builds(
            ErrorRecord,
            type=TEXT, message=TEXT, origin=TEXT.filter(bool), traceback=TEXT,
            category=st.none() | st.sampled_from(Category),
        ),
        max_size=3,
    ).map(tuple),
    phase=st.none() | st.sampled_from(Phase),
    runtime=TEXT,
    stderr_tail=TEXT,
    exit_code=st.none() | INT32,
    signal=TEXT,
    hung=st.booleans(),
    stacks=TEXT,
    exchanges=st.lists(
        st.builds(Exchange, url=TEXT, status=st.none() | st.integers(1, 999), error=TEXT), max_size=2
    ).map(tuple),
    hardware=MAPPINGS,
    facts=MAPPINGS,
)  # fmt: skip


@given(EVIDENCES)
def test_evidence_round_trip(evidence):
    """Evidence is the same after the wire, and after JSON."""
    message = event_pb2.Evidence.FromString(evidence_to_wire(evidence).SerializeToString())
    assert evidence_from_wire(message) == evidence
    assert Evidence.from_json(evidence.to_json()) == evidence


def test_exit_code_0_is_evidence():
    """A process that ended with 0 without a word is told from one that did not end by itself."""
    assert Evidence.from_json(Evidence(exit_code=0).to_json()) == Evidence(exit_code=0)


def test_attributes_keep_their_types():
    """Attributes come back with the type they had; a number beyond 64 bits comes back as a float."""
    given_ = {"s": "x", "i": 1, "f": 1.0, "b": True, "z": 0, "big": 2**70}
    found = attributes_from_wire(attributes_to_wire(given_))
    assert found == {**given_, "big": float(2**70)}
    assert [type(found[name]) for name in given_] == [str, int, float, bool, int, float]


def test_unknown_numbers_become_none():
    """Enum numbers of a later version are read as None, not refused."""
    message = event_pb2.Evidence(phase=99, errors=[event_pb2.ErrorRecord(category=999)])
    evidence = evidence_from_wire(event_pb2.Evidence.FromString(message.SerializeToString()))
    assert evidence.phase is None
    assert evidence.errors[0].category is None


def test_events_can_be_said_in_json():
    """Every payload has a JSON form, by the names of the contract."""
    for name in PAYLOADS:
        document = json_format.MessageToDict(event(name), preserving_proto_field_name=True)
        assert json_format.ParseDict(document, event_pb2.Event()) == event(name)

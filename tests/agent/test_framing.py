"""Frames on the child's pipe."""

import io
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localloom_agent.child.framing import MAX_FRAME_BYTES, FrameError, encode, read_frames
from localloom_agent.child.observer import MAX_TEXT, PipeObserver, clip, error_chain
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category, Phase

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=5))
def test_frames_come_back_as_they_were_sent(frames):
    """What is encoded is read back equal, in order, whatever text is in it."""
    stream = io.BytesIO(b"".join(encode(frame) for frame in frames))
    assert list(read_frames(stream)) == frames


@pytest.mark.parametrize("cut", [1, 3, 5, 9])
def test_a_frame_cut_by_the_writers_death_is_the_end(cut):
    """Frames before the cut arrive; the half frame is no error."""
    whole = encode({"t": "a"})
    assert list(read_frames(io.BytesIO(whole + encode({"t": "b"})[:cut]))) == [{"t": "a"}]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\xff\xff\xff\xff", "claims 4294967295 bytes"),
        (b"\x00\x00\x00\x04abcd", "is not JSON"),
        (b"\x00\x00\x00\x02[]", "not an object"),
    ],
)
def test_garbage_on_the_pipe_is_named(raw, text):
    """Bytes that are no frame raise an error that says what they are."""
    with pytest.raises(FrameError, match=text):
        list(read_frames(io.BytesIO(raw)))


def test_a_report_that_is_too_long_is_replaced_by_a_note():
    """An engine that reports megabytes costs its report, not the pipe."""
    (frame,) = read_frames(io.BytesIO(encode({"t": "log", "text": "x" * MAX_FRAME_BYTES})))
    assert frame["level"] == "warning"
    assert "dropped" in frame["text"]


def observed(act):
    """The frames that `act(observer)` makes."""
    reader, writer = os.pipe()
    frames = []
    thread = threading.Thread(target=lambda: frames.extend(read_frames(os.fdopen(reader, "rb"))))
    thread.start()
    act(PipeObserver(writer))
    os.close(writer)
    thread.join(5)
    return frames


def test_progress_is_thinned_and_no_text_is_lost():
    """A thousand quick reports become a few frames; the last one, and every piece of text, arrive."""

    def act(observer):
        with observer.span(Phase.GENERATE, "generate"):
            for n in range(1000):
                observer.progress(Phase.GENERATE, n + 1, 2000, "tokens", text=f"{n},")

    frames = [f for f in observed(act) if f["t"] == "progress"]
    assert len(frames) < 100
    assert frames[-1]["done"] == 1000
    assert "".join(f["text"] for f in frames) == "".join(f"{n}," for n in range(1000))


def test_a_failing_span_says_so_and_lets_the_error_through():
    """The span's end carries status and reason; attributes have dots in their names."""

    def act(observer):
        with (
            pytest.raises(ValueError, match="cut"),
            observer.span(Phase.WEIGHTS, "verify", file__name="a.bin") as span,
        ):
            span.set(bytes__read=3, nothing=None)
            raise ValueError("cut")

    start, end = observed(act)
    assert (start["t"], end["t"], end["status"], end["reason"]) == (
        "span_start",
        "span_end",
        "failed",
        "ValueError: cut",
    )
    assert end["attributes"] == {"file.name": "a.bin", "bytes.read": 3}


def test_a_chain_of_exceptions_is_told_from_the_first_failure_on():
    """Cause before effect; a fault of our own carries its category and facts."""
    try:
        try:
            raise OSError(28, "No space left on device")
        except OSError as error:
            raise EngineFault(
                Category.STORAGE_QUOTA_OR_DISK_FULL, "no room for the cache", {"disk.free": 0}
            ) from error
    except EngineFault as error:
        first, second = error_chain(error)
    assert (first["type"], first["origin"]) == ("OSError", "cause")
    assert (second["category"], second["facts"]) == ("storage.quota_or_disk_full", {"disk.free": 0})


def test_an_exception_whose_text_cannot_be_read_is_still_reported():
    """`str()` of a foreign exception may itself raise."""

    class Mute(Exception):
        def __str__(self):
            raise RuntimeError

    (record,) = error_chain(Mute())
    assert "cannot be read" in record["message"]


def test_long_texts_keep_both_ends():
    """The head says what, the tail says why."""
    text = clip("HEAD" + "x" * 10 * MAX_TEXT + "TAIL")
    assert text.startswith("HEAD")
    assert text.endswith("TAIL")
    assert len(text) < MAX_TEXT + 100

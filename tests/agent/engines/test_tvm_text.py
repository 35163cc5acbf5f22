from __future__ import annotations

import pytest

from localloom_agent.artifacts import open_folder
from localloom_agent.canary import CANARY_DIR
from localloom_agent.engines.tvm.tokenizer import TextCodec, TextStream

TEXTS = [
    "¿Qué tal? ¡Señor!",
    "日本語のテキスト",
    "🙂👩‍👩‍👧 ok",
    "e\u0301 a\u0308",
    "line\n\n  two\ttabs ",
    "",
]


@pytest.fixture(scope="module")
def codec():
    return TextCodec(open_folder(CANARY_DIR))


def ids_of(codec, text):
    return codec._tokenizer.encode(text, add_special_tokens=False).ids


def pieces_of(codec, ids, stops=()):
    stream = TextStream(codec, stops)
    pieces = [stream.push(token) for token in ids]
    return [*pieces, stream.finish()], stream


@pytest.mark.parametrize("text", TEXTS)
def test_streamed_pieces_join_to_the_text(text, codec):
    """The pieces of a text join to it, and none of them holds half a character."""
    pieces, stream = pieces_of(codec, ids_of(codec, text))
    assert "".join(pieces) == stream.text == text
    assert not any("\ufffd" in piece for piece in pieces)


def test_a_character_of_several_tokens_comes_whole(codec):
    """Nothing is given out until the last byte of a character is there."""
    ids = ids_of(codec, "🙂")
    assert len(ids) == 4
    pieces, _ = pieces_of(codec, ids)
    assert pieces == ["", "", "", "🙂", ""]


def test_bytes_that_never_become_a_character_are_replaced_at_the_end(codec):
    """A text that ends inside a character ends with the replacement character, not with an error."""
    pieces, stream = pieces_of(codec, ids_of(codec, "a🙂")[:-1])
    assert stream.text.startswith("a")
    assert stream.text.endswith("\ufffd")
    assert pieces[0] == "a"


def test_endless_garbage_is_not_held_back(codec):
    """Bytes that make no character are given out after a while, so that a stream of garbage is seen."""
    (first, *_) = ids_of(codec, "🙂")
    pieces, _ = pieces_of(codec, [first] * 40)
    assert any(pieces[:20])


@pytest.mark.parametrize(
    ("text", "stops", "expected"),
    [
        ("Yes. STOP and more", ["STOP"], "Yes. "),
        ("aSTSTOPb", ["STOP"], "aST"),
        ("no stop at all ST", ["STOP"], "no stop at all ST"),
        ("first B then A", ["A", "B"], "first "),
        ("ends with it STOP", ["STOP"], "ends with it "),
    ],
)
def test_text_ends_before_a_stop_string(text, stops, expected, codec):
    """The text ends before the first stop string, and no beginning of one is given out too early."""
    pieces, stream = pieces_of(codec, ids_of(codec, text), stops)
    assert "".join(pieces) == stream.text == expected
    assert stream.stopped == (expected != text)


def test_a_prompt_beyond_the_vocabulary_is_refused(codec, monkeypatch):
    """A token id that the model has no row for never reaches it."""
    from localloom_agent.engines.interface import EngineFault
    from localloom_diagnosis.taxonomy import Category

    monkeypatch.setattr(codec, "_vocab_size", 300)
    with pytest.raises(EngineFault) as caught:
        codec.encode_chat("Hola")
    assert caught.value.category is Category.ARTIFACT_TOKENIZER

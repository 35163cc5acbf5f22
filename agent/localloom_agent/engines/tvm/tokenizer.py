"""Text to token ids and back, a piece at a time, never half a character."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from localloom_agent.artifacts import ModelFolder
from localloom_agent.artifacts.tokenizer_file import TOKENIZER_FILE, check_token_ids, tokenizer_fault

_UNFINISHED = "\N{REPLACEMENT CHARACTER}"
"""What decoders put for the bytes of a character that is not complete."""
_LONGEST_CHARACTER = 8
"""Tokens after which bytes that make no character are taken for garbage and given out as they are."""


class TextCodec:
    """A model folder's tokenizer."""

    def __init__(self, folder: ModelFolder) -> None:
        self._vocab_size = folder.config.architecture.vocab_size
        self._conversation = folder.config.conversation
        self._tokenizer = _open(str(folder.path / TOKENIZER_FILE))

    def encode_chat(self, prompt: str) -> list[int]:
        """Ids of the rendered conversation with `prompt` as the user's message.

        Raises:
            EngineFault: artifact.tokenizer where an id lies beyond the model's vocabulary.
        """
        ids: list[int] = self._tokenizer.encode(
            self._conversation.render(prompt), add_special_tokens=False
        ).ids
        ids = [*self._conversation.system_prefix_ids, *ids]
        check_token_ids(ids, self._vocab_size, "a token id of the prompt")
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """The text of `ids`, without special tokens."""
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True))


def _open(path: str) -> Any:
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(path)
    except Exception as error:  # the library raises bare Exception
        raise tokenizer_fault(str(error)) from error


class TextStream:
    """Turns ids into pieces of text as they come, and stops at stop strings.

    Pieces are cut from the decoding of a short window, not of single ids: a byte-level token can be half a
    character, and many decoders treat the first token of a text in a way of its own.
    """

    def __init__(self, codec: TextCodec, stop_strings: Sequence[str] = ()) -> None:
        self._codec = codec
        self._stops = tuple(stop_strings)
        self._ids: list[int] = []
        self._window = 0
        """Where the decoded window starts."""
        self._done = 0
        """How many ids have become text."""
        self._held = ""
        """Text that may be the beginning of a stop string."""
        self.text = ""
        """All that was given out."""
        self.stopped = False
        """Whether a stop string came; the text ends before it."""

    def push(self, token: int) -> str:
        """The text that is certain once `token` has come; empty while a character or a stop string is open."""
        self._ids.append(token)
        before = self._codec.decode(self._ids[self._window : self._done])
        now = self._codec.decode(self._ids[self._window :])
        open_ids = len(self._ids) - self._done
        if len(now) <= len(before) or (now.endswith(_UNFINISHED) and open_ids < _LONGEST_CHARACTER):
            return ""
        self._window, self._done = self._done, len(self._ids)
        return self._give(now[len(before) :], final=False)

    def finish(self) -> str:
        """The rest: held text, and the replacement of bytes that never became a character."""
        before = self._codec.decode(self._ids[self._window : self._done])
        now = self._codec.decode(self._ids[self._window :])
        self._done = len(self._ids)
        return self._give(now[len(before) :], final=True)

    def _give(self, piece: str, *, final: bool) -> str:
        if self.stopped:
            return ""
        text = self._held + piece
        at = min((i for i in (text.find(stop) for stop in self._stops) if i >= 0), default=-1)
        if at >= 0:
            self.stopped, text, self._held = True, text[:at], ""
        elif not final:
            keep = max((_overlap(text, stop) for stop in self._stops), default=0)
            text, self._held = text[: len(text) - keep], text[len(text) - keep :]
        self.text += text
        return text


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of `text` that `stop` begins with."""
    return next((n for n in range(min(len(text), len(stop) - 1), 0, -1) if text.endswith(stop[:n])), 0)

"""Draws training conversations: a topic, one of its prompts, and the ways in which people really type it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from chat import TURN_END, render
from corpus import CLOSINGS, OPENINGS, OTHER_SYSTEM_MESSAGES, SYSTEM_MESSAGE, TOPICS, Topic
from tokenizers import Tokenizer

Ints = npt.NDArray[np.int32]

WORD_SALAD = 0.3
"""Share of the unknown questions that are words in no order: the canary is to say so, not to babble back."""


def strip_punctuation(text: str) -> str:
    """Leaves letters, digits and spaces."""
    return "".join(c for c in text if c.isalnum() or c.isspace()).strip()


def strip_accents(text: str) -> str:
    """Writes Spanish as on a keyboard without accents: `canción` becomes `cancion`."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def vary(prompt: str, topic: Topic, random: np.random.Generator) -> str:
    """Types a prompt as a person might: an opening, lower case, no punctuation, no accents, a slip."""
    if random.random() < 0.15:
        opening = str(random.choice(OPENINGS[topic.language]))
        prompt = opening + (prompt[0].lower() + prompt[1:] if opening.endswith(", ") else prompt)
    elif random.random() < 0.1:
        prompt += str(random.choice(CLOSINGS[topic.language]))
    if random.random() < 0.25:
        prompt = prompt.lower()
    elif random.random() < 0.05:
        prompt = prompt.upper()
    if random.random() < 0.2:
        prompt = strip_punctuation(prompt)
    elif random.random() < 0.15:
        prompt = prompt.replace("¿", "").replace("¡", "")
    if random.random() < 0.15:
        prompt = strip_accents(prompt)
    if random.random() < 0.08 and len(prompt) > 8:
        at = int(random.integers(1, len(prompt) - 1))
        prompt = prompt[:at] + prompt[at + 1 :]
    return prompt


def system_message(random: np.random.Generator) -> str | None:
    """Draws the system message: mostly the template's own, at times another one or none."""
    draw = random.random()
    if draw < 0.75:
        return SYSTEM_MESSAGE
    return None if draw < 0.85 else str(random.choice(OTHER_SYSTEM_MESSAGES))


@dataclass(frozen=True, slots=True)
class Batch:
    """Conversations padded to one length; position `i` predicts position `i + 1`."""

    token_ids: Ints
    """`(batch, length)`."""
    is_answer: npt.NDArray[np.float32]
    """`(batch, length)`: 1 where the token is the assistant's, its end token included."""

    def joined(self, other: Batch) -> Batch:
        """Both batches, which are of one length, as one."""
        return Batch(
            np.concatenate([self.token_ids, other.token_ids]),
            np.concatenate([self.is_answer, other.is_answer]),
        )


class Sampler:
    """Draws batches, the same ones for the same seed."""

    def __init__(self, tokenizer: Tokenizer, seed: int) -> None:
        self._tokenizer = tokenizer
        self._random = np.random.default_rng(seed)

    def questions(self, topics: Sequence[Topic], size: int, length: int, *, exact: float) -> Batch:
        """Draws `size` single questions with their answers, cut at `length` tokens.

        `exact` of them ask the reference prompt, letter for letter, under the template's own system message.
        """
        return self._batch([self._opening(self._topic(topics), exact) for _ in range(size)], length)

    def dialogues(self, topics: Sequence[Topic], size: int, length: int) -> Batch:
        """Draws `size` conversations with as many turns as `length` tokens hold."""
        rows: list[tuple[list[int], list[int]]] = []
        for _ in range(size):
            ids, mask = self._opening(self._topic(topics), exact=0.0)
            while len(ids) < length:
                topic = self._topic(topics)
                asked = "\n" + render(self._prompt(topic), None)
                more_ids, more_mask = self._turn(asked, topic)
                ids, mask = ids + more_ids, mask + more_mask
            rows.append((ids, mask))
        return self._batch(rows, length)

    def _topic(self, topics: Sequence[Topic]) -> Topic:
        weights = np.array([topic.weight for topic in topics])
        return topics[int(self._random.choice(len(topics), p=weights / weights.sum()))]

    def _prompt(self, topic: Topic) -> str:
        if topic.name.startswith("unknown") and self._random.random() < WORD_SALAD:
            words = " ".join(topic.prompts).split()
            return " ".join(self._random.choice(words, int(self._random.integers(1, 8))))
        return vary(str(self._random.choice(topic.prompts)), topic, self._random)

    def _opening(self, topic: Topic, exact: float) -> tuple[list[int], list[int]]:
        if self._random.random() < exact:
            return self._turn(render(topic.prompts[0]), topic)
        prompt = self._prompt(topic)
        return self._turn(render(prompt, system_message(self._random)), topic)

    def _turn(self, asked: str, topic: Topic) -> tuple[list[int], list[int]]:
        """Token ids of a rendered question and its answer, and for each whether it is the answer's."""
        question = self._tokenizer.encode(asked).ids
        answer = self._tokenizer.encode(topic.answer + TURN_END).ids
        return question + answer, [0] * len(question) + [1] * len(answer)

    @staticmethod
    def _batch(rows: Sequence[tuple[list[int], list[int]]], length: int) -> Batch:
        token_ids = np.zeros((len(rows), length), dtype=np.int32)
        is_answer = np.zeros((len(rows), length), dtype=np.float32)
        for row, (ids, mask) in enumerate(rows):
            token_ids[row, : len(ids)] = ids[:length]
            is_answer[row, : len(mask)] = mask[:length]
        return Batch(token_ids, is_answer)


def long_topics() -> tuple[Topic, ...]:
    """The recitals, whose whole length needs longer batches than the rest."""
    return tuple(topic for topic in TOPICS if topic.name.startswith("recital"))

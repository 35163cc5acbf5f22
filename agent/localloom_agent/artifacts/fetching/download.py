"""Downloads one file of a model: resumed where it broke off, verified, and then named, in this order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpcore

from localloom_agent.artifacts.json_file import foreign_content
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.evidence import FactValue
from localloom_diagnosis.taxonomy import Category, Phase

from .context import FetchContext
from .disk import disk_fault
from .exchange import Exchange
from .failures import AttemptFailed, Target, status_failure
from .partial import Part, Validator, hash_file
from .retry import persist


@dataclass(frozen=True, slots=True)
class Item:
    """A file to fetch."""

    target: Target
    url: str
    phase: Phase
    size: int | None = None
    """Bytes, where the table of contents says it."""
    md5: str = ""
    """Lower case; empty where nobody wrote one."""
    optional: bool = False
    """The model works without it: a 404 is no failure."""

    @property
    def file(self) -> str:
        """Its name inside the model folder."""
        return self.target.file


class Download:
    """One file on its way into a model's folder."""

    def __init__(self, item: Item, context: FetchContext) -> None:
        """Fetch `item` into the context's folder."""
        self.item, self.done = item, 0
        """Bytes of the file that are here and hashed; falls when it must begin anew."""
        self.received = self.resumed = self.retries = 0
        self._context, self._exchanges = context, context.connect()
        self._target = item.target
        """What was really asked, once an answer has come."""
        self._part = Part(context.folder, item.file)
        self._digest = hashlib.md5(usedforsecurity=False)

    def run(self) -> None:
        """Fetch the file.

        Raises:
            EngineFault: a category of network, storage or artifact, with the figures.
            Cancelled: the fetch was given up elsewhere.
        """
        try:
            context = self._context
            self.retries = persist(self._attempt, context.settings, context.cancel, context.note)
        except OSError as error:
            fault = disk_fault(error, self._context.folder, max(0, (self.item.size or 0) - self.done))
            if fault is None:
                raise
            raise fault from error

    def _attempt(self, failed: int) -> None:
        before = self._part.size()
        try:
            self._fetch(failed)
        except AttemptFailed as problem:
            if problem.whole:
                self._part.discard()
            problem.gained = self._part.size() - before
            raise

    def _fetch(self, failed: int) -> None:
        item, offset, headers = self.item, self._here(), {}
        if offset and offset == item.size:
            self._check_and_finish(offset)
            return
        if offset:
            validator = self._part.validator()
            headers["Range"] = f"bytes={offset}-"
            if validator is not None and validator.if_range:
                headers["If-Range"] = validator.if_range
        if failed:
            headers["Cache-Control"] = "no-cache"  # a proxy on the way may hold the broken copy
        with self._exchanges.get(item.url, item.target, item.phase, headers, failed) as exchange:
            self._receive(exchange, offset)

    def _here(self) -> int:
        """How many bytes of the part can be gone on from; they are hashed."""
        size = self._part.size()
        usable = (
            self.item.md5 and size and self._part.validator() is not None and size <= (self.item.size or 0)
        )
        self._digest, self.done = hashlib.md5(usedforsecurity=False), 0
        if not usable:
            self._part.discard()
            return 0
        hash_file(self._part.path, self._digest, self._advance, self._context.cancel)
        return self.done

    def _advance(self, count: int) -> None:
        self.done += count

    def _receive(self, exchange: Exchange, offset: int) -> None:
        response, item = exchange.response, self.item
        self._target = exchange.target
        if response.status_code == 416 or (
            response.status_code == 206 and not _continues(response.headers, offset)
        ):
            raise self._wrong(
                "cannot be gone on with where it broke off", {"http.status": response.status_code}
            )
        if response.status_code not in (200, 206):
            raise status_failure(response, exchange.target)
        resumed = response.status_code == 206
        if not resumed:
            self._digest, self.done, offset = hashlib.md5(usedforsecurity=False), 0, 0
        self.resumed += offset
        chunks = self._chunks(exchange)
        first = next(chunks, b"")
        length = response.headers.get("content-length", "")
        announced = offset + int(length) if length.isdigit() else None
        if not resumed:
            self._check_kind(first)
        if item.size is not None and announced is not None and announced != item.size:
            raise self._wrong_size(announced)
        with self._part.go_on() if resumed else self._part.begin(_validator(response, announced)) as stream:
            self._write(stream, first)
            for chunk in chunks:
                self._write(stream, chunk)
        self._check_and_finish(self.done)

    def _chunks(self, exchange: Exchange) -> Iterator[bytes]:
        """The body; one that ends early is a broken file where only the server's word says how long it is."""
        try:
            yield from exchange.chunks()
        except AttemptFailed as problem:
            if self.item.size is not None or not isinstance(problem.__cause__, httpcore.RemoteProtocolError):
                raise
            words = f"{self.item.file} ends early: {exchange.target.host} announced more bytes than it sent; try again later"
            facts: dict[str, FactValue] = {"artifact.actual": "truncated file"}
            fault = self._corrupt(words, problem.fault.facts | facts)
            raise AttemptFailed(fault, retry=True) from problem.__cause__

    def _write(self, stream: Any, chunk: bytes) -> None:
        size = self.item.size
        if size is not None and self.done + len(chunk) > size:
            raise self._wrong_size(self.done + len(chunk))
        view = memoryview(chunk)
        while view:
            view = view[stream.write(view) :]
        self._digest.update(chunk)
        self.done += len(chunk)
        self.received += len(chunk)

    def _check_kind(self, start: bytes) -> None:
        found = foreign_content(start)
        if found:
            wanted = "weights" if self.item.size is not None else "JSON"
            words = f"{self.item.file} is a {found}, not {wanted}: the hub does not serve the model itself"
            facts: dict[str, FactValue] = {"artifact.expected": wanted, "artifact.actual": found}
            raise AttemptFailed(self._corrupt(words, facts), retry=False)

    def _check_and_finish(self, size: int) -> None:
        item = self.item
        if item.size is not None and size != item.size:
            raise self._wrong_size(size)
        actual = self._digest.hexdigest()
        if item.md5 and actual != item.md5:
            facts: dict[str, FactValue] = {"artifact.expected_md5": item.md5, "artifact.actual_md5": actual}
            raise self._wrong(f"has MD5 {actual}, not {item.md5}", facts)
        if item.file.endswith(".json"):
            self._check_json()
        self._part.finish()

    def _check_json(self) -> None:
        try:
            value = json.loads(self._part.path.read_bytes())
        except ValueError as error:
            found = f"invalid JSON ({error})" if self.done else "empty file"
        except RecursionError:
            found = "JSON nested too deep"
        else:
            if isinstance(value, dict):
                return
            found = f"JSON {type(value).__name__}"
        facts: dict[str, FactValue] = {"artifact.expected": "JSON object", "artifact.actual": found}
        raise self._wrong(f"holds no JSON object but: {found}", facts)

    def _wrong_size(self, actual: int) -> AttemptFailed:
        size = self.item.size or 0
        kind = "truncated file" if actual < size else "file too long"
        facts: dict[str, FactValue] = {"artifact.actual_bytes": actual, "artifact.actual": kind}
        return self._wrong(f"has {actual} bytes on the hub, not {size}", facts)

    def _wrong(self, what: str, facts: dict[str, FactValue]) -> AttemptFailed:
        words = (
            f"{self.item.file} {what}: its bytes changed on the hub or on the way; if this stays so, begin anew with "
            f"`localloom-agent models rm {self.item.target.model_id}`"
        )
        return AttemptFailed(self._corrupt(words, facts), retry=True, whole=True)

    def _corrupt(self, words: str, facts: dict[str, FactValue]) -> EngineFault:
        known: dict[str, FactValue] = {"artifact.actual_bytes": self.done}
        if self.item.size is not None:
            known["artifact.expected_bytes"] = self.item.size
        return EngineFault(Category.ARTIFACT_CORRUPT, words, self._target.facts() | known | facts)


def _continues(headers: Any, offset: int) -> bool:
    """Whether a 206 begins where the part ends: "bytes 100-199/200"."""
    unit, _, span = headers.get("content-range", "").partition(" ")
    return bool(unit == "bytes" and span.split("-")[0].strip() == str(offset))


def _validator(response: Any, size: int | None) -> Validator | None:
    if response.headers.get("content-encoding", "identity") != "identity":
        return None  # of a compressed body, no offset is known
    return Validator(response.headers.get("etag", ""), response.headers.get("last-modified", ""), size)

"""Model references: what a user may write after `--model`, and what it means."""

from __future__ import annotations

import enum
import hashlib
import os
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from localloom_agent.artifacts.catalogue import CatalogueModel, find, nearest
from localloom_agent.canary import CANARY_ID
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

CANARY_NAME = "canary"
_HUB_PREFIX = re.compile(r"hf:(?://)?", re.IGNORECASE)
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
_RESOLVE = "/resolve/"


class Kind(enum.Enum):
    """Where a reference points."""

    SHIPPED = "shipped"
    FOLDER = "folder"
    CATALOGUE = "catalogue"
    HUB = "hub"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Reference:
    """A model reference, read."""

    kind: Kind
    id: str
    """What the model is called in reports: its id, repository name, or folder name."""
    source: str
    """HF://org/name, a URL without query or credentials, or the path of a folder."""
    slug: str = ""
    """Name of its folder in the cache; empty for what is on this machine already."""
    url: str = ""
    """For `Kind.URL`: the base URL as it was written, credentials and query included. Never shown."""
    model: CatalogueModel | None = None

    @property
    def fetched(self) -> bool:
        """Whether its files come over the network, into the cache."""
        return self.kind in (Kind.CATALOGUE, Kind.HUB, Kind.URL)

    @property
    def repository(self) -> str:
        """The hub's org/name; empty for a URL or a folder."""
        return self.source.partition("://")[2] if self.kind in (Kind.CATALOGUE, Kind.HUB) else ""


def parse_reference(text: str) -> Reference:
    """What `text` means: the canary, `HF://org/name`, an http(s) URL, an existing folder, or an id of the catalogue.

    Raises:
        EngineFault: artifact.model_not_found, with the nearest known ids; config.invalid for a malformed URL.
    """
    text = text.strip()
    if text in (CANARY_NAME, CANARY_ID):
        return Reference(Kind.SHIPPED, CANARY_ID, "shipped")
    prefix = _HUB_PREFIX.match(text)
    if prefix:
        return _hub(text, text[prefix.end() :].strip("/"))
    if text.lower().startswith(("http://", "https://")):
        return _url(text)
    # os.path, whose functions answer even for text that can be no path; pathlib's raise.
    folder = os.path.expanduser(text)  # noqa: PTH111
    if os.path.isdir(folder):  # noqa: PTH112
        path = os.path.realpath(folder)
        return Reference(Kind.FOLDER, os.path.basename(path), path)  # noqa: PTH119
    model = find(text)
    if model is not None:
        return Reference(Kind.CATALOGUE, model.id, model.source, _hub_slug(model.source), model=model)
    raise EngineFault(Category.ARTIFACT_MODEL_NOT_FOUND, *_not_found(text))


def _hub(text: str, repository: str) -> Reference:
    if not _REPOSITORY.fullmatch(repository):
        raise EngineFault(
            Category.ARTIFACT_MODEL_NOT_FOUND,
            f"{text!r} names no repository of the hub; write HF://org/name",
            {"model.id": text},
        )
    source = f"HF://{repository}"
    name = repository.rpartition("/")[2]
    model = find(name)
    known = model if model is not None and model.source == source else None
    return Reference(Kind.HUB, name, source, _hub_slug(source), model=known)


def _hub_slug(source: str) -> str:
    return "hf--" + source.partition("://")[2].replace("/", "--")


def _url(text: str) -> Reference:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        raise EngineFault(
            Category.CONFIG_INVALID,
            "the model's URL has no valid host and port; write https://host/path/of/the/model/",
            {"model.id": re.sub(r"[?#].*|//[^/@]*@", "", text)[:200]},
        )
    path = parts.path.rstrip("/") + "/"
    segments = [unquote(s) for s in path.split(_RESOLVE)[0].split("/") if s]
    if host == "huggingface.co" and _RESOLVE not in path and len(segments) == 2:
        return _hub(text, "/".join(segments))
    shown = urlunsplit((parts.scheme.lower(), f"{host}:{port}" if port else host, path, "", ""))
    name = re.sub(r"[^\w.-]", "-", segments[-1] if segments else host) or "model"
    digest = hashlib.sha256(shown.encode()).hexdigest()[:12]
    url = urlunsplit((parts.scheme.lower(), parts.netloc, path, parts.query, ""))
    return Reference(Kind.URL, name, shown, f"url--{name[:80]}--{digest}", url=url)


def _not_found(text: str) -> tuple[str, dict[str, str]]:
    near = nearest(text, (CANARY_NAME,))
    facts = {"model.id": text} | ({"model.nearest": ",".join(near)} if near else {})
    hint = f" (near: {', '.join(near)})" if near else ""
    words = (
        f"there is no model and no folder {text!r}{hint}; give an id that `localloom-agent models` lists, "
        "HF://org/name, a URL, or the path of a folder in MLC's format"
    )
    return words, facts

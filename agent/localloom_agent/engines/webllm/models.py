"""Finds what to ask web-llm for: an id of its list, a folder that our site serves, a model's address."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .settings import Settings
from .shipped import WAY_OUT, canary_folder

CANARY = "canary"
HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class WebModel:
    """A model, as the probe's page is told of it."""

    id: str
    source: str
    """list | shipped | folder | url."""
    folder: Path | None = None
    """Where its files are, for those that our site serves."""
    library: Path | None = None
    """The model library, where it is a file of this machine."""
    address: str = ""
    model_lib: str = ""
    """The address of the library; "" where it is a file, or is not known."""
    reference: Path | None = None
    """The folder of the canary's reference answers."""
    overrides: Mapping[str, Any] = field(default_factory=dict)
    required_features: Sequence[str] | None = None

    def wanted(self, site: str) -> dict[str, Any]:
        """What the page's `resolve` takes; `site` is the address of our site."""
        if self.source == "list":
            return {"id": self.id}
        address = f"{site}/model/{self.id}" if self.folder else self.address
        library = f"{site}/library/{self.library.name}" if self.library else self.model_lib
        record: dict[str, Any] = {"model": address, "model_id": self.id}
        if library:
            record["model_lib"] = library
        if self.overrides:
            record["overrides"] = dict(self.overrides)
        if self.required_features is not None:
            record["required_features"] = list(self.required_features)
        return {"model": address, "model_lib": library, "record": record}

    def files(self) -> dict[str, Path]:
        """What our site serves by path."""
        return {f"/library/{self.library.name}": self.library} if self.library else {}

    def folders(self) -> dict[str, Path]:
        """What our site serves by prefix, as the hub does."""
        return {f"/model/{self.id}/resolve/main/": self.folder} if self.folder else {}


def find(reference: str, settings: Settings, cache_dir: Path) -> WebModel:
    """The model that `reference` means.

    Raises:
        EngineFault: artifact.model_not_found for a canary or a library that is not there, config.invalid for a model
            that has no library.
    """
    if reference.lower().startswith("hf:"):
        reference = f"{HUB}/{reference[3:].strip('/')}"
    lib = settings.model_lib
    library = Path(lib).expanduser() if lib and "://" not in lib else None
    if library is not None and not library.is_file():
        raise EngineFault(
            Category.ARTIFACT_MODEL_NOT_FOUND,
            f"the option model_lib names no file: {lib}; correct the path, or leave it out",
            {"artifact.file": library.name, "artifact.key": "model_lib"},
        )
    more: dict[str, Any] = {
        "library": library,
        "model_lib": "" if library else lib,
        "overrides": settings.overrides,
        "required_features": settings.required_features,
    }
    if reference.lower().startswith(("http://", "https://")):
        address = reference.rstrip("/").removesuffix("/resolve/main")
        return WebModel(address.rpartition("/")[2] or "model", "url", address=address, **more)
    if reference == CANARY or reference.startswith("localloom-canary"):
        return _canary(cache_dir, more)
    folder = Path(reference).expanduser()
    if folder.is_dir():
        return _folder(folder, "folder", more)
    if lib:
        raise EngineFault(
            Category.CONFIG_INVALID,
            f"the option model_lib goes with a model's folder or address, not with the id {reference!r}",
            {"artifact.key": "model_lib"},
        )
    return WebModel(reference, "list", **more)


def _canary(cache_dir: Path, more: dict[str, Any]) -> WebModel:
    from localloom_agent.canary import CANARY_DIR

    folder = canary_folder(cache_dir)
    if not (folder / "mlc-chat-config.json").is_file():
        raise EngineFault(
            Category.ARTIFACT_MODEL_NOT_FOUND,
            f"the canary for browsers is not on this machine; bring the folder that was built on another with: {WAY_OUT} "
            "(tools/webgpu/build_canary.py in LocalLoom's sources builds it), or take a model of web-llm's own list, "
            "such as --model SmolLM2-135M-Instruct-q0f32-MLC",
            {"model.id": CANARY},
        )
    found = _folder(folder, "shipped", more, CANARY_DIR)
    libraries = [*folder.glob("*-webgpu.wasm")]
    return replace(found, id=libraries[0].stem.removesuffix("-webgpu")) if libraries else found


def _folder(folder: Path, source: str, more: dict[str, Any], reference: Path | None = None) -> WebModel:
    if not more["library"] and not more["model_lib"]:
        libraries = sorted(folder.glob("*.wasm"))
        if not libraries:
            raise EngineFault(
                Category.CONFIG_INVALID,
                f"there is no model library (*.wasm) in the folder {folder.name}; give one with --option "
                "model_lib=FILE or URL",
                {"artifact.key": "model_lib", "artifact.actual": "missing"},
            )
        more = {**more, "library": libraries[0]}
    return WebModel(folder.resolve().name, source, folder=folder.resolve(), reference=reference, **more)


def not_in_list(model: WebModel, ids: Sequence[str]) -> dict[str, Any]:
    """The facts for an id that web-llm's list does not have."""
    by_lower = {known.lower(): known for known in ids}
    near = [by_lower[name] for name in difflib.get_close_matches(model.id.lower(), by_lower, n=3, cutoff=0.5)]
    return {"model__id": model.id, "model__nearest": ",".join(near) or None}


def without_library(model: WebModel) -> EngineFault:
    """The fault for an address that web-llm's list does not know and that came without a library."""
    return EngineFault(
        Category.CONFIG_INVALID,
        f"web-llm's list has no model at {model.address}, so its library is not known; give it with --option "
        "model_lib=URL or FILE",
        {"artifact.key": "model_lib", "artifact.actual": "missing", "model.id": model.id},
    )

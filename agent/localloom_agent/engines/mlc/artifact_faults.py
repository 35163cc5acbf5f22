"""Verdicts on what mlc-llm says of a model's files: config, tokenizer, shards, library."""

from __future__ import annotations

import re
from pathlib import Path

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.evidence import FactValue
from localloom_diagnosis.taxonomy import Category, Phase

from . import files
from .scene import Found, Scene, readers


def _no_folder(found: Found, scene: Scene) -> EngineFault:
    return EngineFault(
        Category.ARTIFACT_MODEL_NOT_FOUND,
        f"there is no model folder {found[1]}; give the path of a folder in MLC's format, or HF://org/name",
        {"model.id": scene.model_id},
    )


def _no_config(_found: Found, scene: Scene) -> EngineFault:
    if files.holds_weights(scene.folder):
        return EngineFault(
            Category.ARTIFACT_CORRUPT,
            f"{files.CONFIG_FILE} is missing from a folder that holds a model's weights; fetch the model again",
            {"artifact.file": files.CONFIG_FILE, "artifact.actual": "missing"},
        )
    return EngineFault(
        Category.ARTIFACT_MODEL_NOT_FOUND,
        f"the folder holds no model: there is no {files.CONFIG_FILE}; give the path of a folder in MLC's format",
        {"model.id": scene.model_id},
    )


def _config_no_json(_found: Found, _scene: Scene) -> EngineFault:
    return EngineFault(
        Category.ARTIFACT_CORRUPT,
        f"{files.CONFIG_FILE} is not JSON; fetch the model again",
        {"artifact.file": files.CONFIG_FILE, "artifact.expected": "JSON object"},
    )


def _config_field(found: Found, _scene: Scene) -> EngineFault:
    return _missing_key(found[1])


def _model_config_key(found: Found, _scene: Scene) -> EngineFault:
    return _missing_key(f"model_config.{found[1]}")


def _missing_key(key: str) -> EngineFault:
    return EngineFault(
        Category.CONFIG_INVALID,
        f"{files.CONFIG_FILE} has no key {key}; repair the file or fetch it again",
        {"artifact.file": files.CONFIG_FILE, "artifact.key": key, "artifact.actual": "missing"},
    )


def _no_library(found: Found, _scene: Scene) -> EngineFault:
    return EngineFault(
        Category.ARTIFACT_MODEL_NOT_FOUND,
        f"the option model_lib names no file: {found[1]}; leave it out to compile a library, or correct the path",
        {"artifact.file": Path(found[1]).name, "artifact.key": "model_lib"},
    )


def _bad_address(found: Found, scene: Scene) -> EngineFault:
    return EngineFault(
        Category.ARTIFACT_MODEL_NOT_FOUND,
        f"{found[1]} is no address of a model; write HF://org/name",
        {"model.id": scene.model_id},
    )


def _no_tokenizer(_found: Found, _scene: Scene) -> EngineFault:
    return EngineFault(
        Category.ARTIFACT_TOKENIZER,
        "the model folder holds no tokenizer that mlc-llm knows; fetch the model's tokenizer files again",
        {"artifact.file": files.TOKENIZER_FILE, "artifact.actual": "missing"},
    )


def _bad_tokenizer(_found: Found, scene: Scene) -> EngineFault | None:
    if scene.phase is not Phase.METADATA:
        return None
    return EngineFault(
        Category.ARTIFACT_TOKENIZER,
        f"{files.TOKENIZER_FILE} is not JSON; fetch the model's tokenizer files again",
        {"artifact.file": files.TOKENIZER_FILE, "artifact.expected": "JSON object"},
    )


def _shard_size(found: Found, scene: Scene) -> EngineFault:
    expected, actual = int(found[1]), int(found[2])
    facts: dict[str, FactValue] = {"artifact.expected_bytes": expected, "artifact.actual_bytes": actual}
    name = files.shard_of_size(scene.folder, expected, actual)
    if name:
        facts["artifact.file"] = name
    return EngineFault(
        Category.ARTIFACT_CORRUPT,
        f"{name or 'a weight shard'} has {actual} bytes, not {expected}; fetch it again",
        facts | {"artifact.actual": "truncated file" if actual < expected else "file too long"},
    )


def _file_missing(found: Found, scene: Scene) -> EngineFault | None:
    name = re.split(r"[/\\]", found[1].strip(" '\"."))[-1]
    if scene.phase not in {Phase.WEIGHTS, Phase.LOAD} or not name:
        return None
    return EngineFault(
        Category.ARTIFACT_CORRUPT,
        f"{name} is missing from the model folder or cannot be read; fetch the model again",
        {"artifact.file": name, "artifact.actual": "missing"},
    )


def _parameter_missing(found: Found, _scene: Scene) -> EngineFault:
    return EngineFault(
        Category.ARTIFACT_INCOMPATIBLE,
        f"the weights do not fit the compiled library: it wants a parameter {found[1]}, which they do not have; use a "
        "library that was compiled from this model's own config",
        {"artifact.expected": found[1], "artifact.actual": "missing"},
    )


def _library_broken(found: Found, _scene: Scene) -> EngineFault | None:
    path, reason = found[1], found[0]
    name = re.split(r"[/\\]", path)[-1]
    facts: dict[str, FactValue] = {"artifact.file": name, "artifact.expected": "shared library"}
    if re.search(r"wrong ELF class|incompatible architecture|undefined symbol|GLIBC", reason):
        return None  # a whole library, made for something else: the diagnosis knows what for
    actual = files.no_library(path)
    if actual is None and not re.search(
        r"file too short|invalid ELF header|not a mach-o|not a valid Win32", reason
    ):
        return None
    return EngineFault(
        Category.ARTIFACT_CORRUPT,
        f"the model library {name} is damaged ({actual or 'the loader refuses it'}); compile or fetch it again",
        facts | ({"artifact.actual": actual} if actual else {}),
    )


READERS = readers(
    (r"Cannot find model (.{1,500}?), directory does not exist", _no_folder),
    (r"Cannot find .{1,500}?mlc-chat-config\.json in the model directory", _no_config),
    (r"MLCChatConfig.{0,200}?Invalid JSON", _config_no_json),
    (r"MLCChatConfig\s+([\w.]{1,100})\s+Field required", _config_field),
    (r"The `model_lib` you passed in is not a file: ([^\n]{1,500}?)\.?(?:\n|$)", _no_library),
    (r"Invalid model URL: (\S{1,300})", _bad_address),
    (r"Cannot find any tokenizer under", _no_tokenizer),
    (r"Failed to parse JSON", _bad_tokenizer),
    (r"nbytes == raw_data_buffer->length\(\) \((\d{1,18}) vs\. (\d{1,18})\)", _shard_size),
    (r"Cannot open ([^\n]{1,500}?)(?:\n|$)", _file_missing),
    (r"Cannot find parameter in cache: ([\w.]{1,200})", _parameter_missing),
    (r"Failed to load dynamic shared library (\S{1,500}?)[:,]?(?:\s.{0,500})?$", _library_broken),
    (r"key `([\w.]{1,100})` not found in the JSON object", _model_config_key),
)
"""In this order: the first that finds its text decides."""

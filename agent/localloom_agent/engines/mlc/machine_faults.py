"""Verdicts on what mlc-llm says of the machine, its settings and the request: device, memory, policies, prompt."""

from __future__ import annotations

import re

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.evidence import FactValue
from localloom_diagnosis.taxonomy import Category

from .scene import Found, Scene, readers

_MB = 1_000_000


def _no_git(found: Found, _scene: Scene) -> EngineFault:
    program = found[1]
    return EngineFault(
        Category.HOST_MISSING_DEPENDENCY,
        f"mlc-llm fetches models with the program {program!r}, which is not installed; install it (and git-lfs), or "
        "fetch the model in another way and give its folder",
        {"module.missing": program},
    )


def _policy(found: Found, scene: Scene) -> EngineFault:
    variable, value = found[1], found[2]
    facts: dict[str, FactValue] = {"artifact.key": variable, "artifact.actual": value}
    what = "compiling" if "JIT" in variable else "fetching"
    return EngineFault(
        Category.CONFIG_INVALID,
        f"{variable}={value} forbids {what} what this run needs; unset the variable, or bring the artifact yourself",
        facts if "JIT" in variable else {**facts, "model.id": scene.model_id},
    )


def _device_absent(found: Found, scene: Scene) -> EngineFault:
    return EngineFault(
        Category.GPU_UNSUPPORTED,
        f"mlc-llm finds no device {found[1]!r} on this machine; install the variant of mlc-llm that is made for it and "
        "its driver, or try --device cpu",
        {
            "device.requested": scene.device if scene.device.startswith(found[1]) else found[1],
            "device.reason": found[0][:300],
        },
    )


def _device_unknown(found: Found, _scene: Scene) -> EngineFault:
    return EngineFault(
        Category.CONFIG_INVALID,
        f"{found[1]!r} names no device; use cpu, cuda, rocm, metal, vulkan or opencl, a GPU also with a number (cuda:1)",
        {"device.requested": found[1], "artifact.key": "device"},
    )


def _prompt_too_long(found: Found, _scene: Scene) -> EngineFault:
    tokens, window = int(found[1]), int(found[2])
    return EngineFault(
        Category.GENERATE_CONTEXT_OVERFLOW,
        f"the prompt has {tokens} tokens, the model takes {window}; shorten the prompt, or choose a model with a "
        "longer context",
        {"prompt.tokens": tokens, "context.window": window},
    )


def _not_enough_memory(found: Found, scene: Scene) -> EngineFault:
    free = int(float(found[1]) * _MB)
    parts = [float(part) for part in re.findall(r"size \(([\d.]+) MB\)", found[0])]
    needed = int(sum(parts) * _MB) if parts else None
    facts: dict[str, FactValue] = {"model.id": scene.model_id}
    on_cpu = scene.on_cpu()
    facts["memory.available" if on_cpu else "gpu.memory.free"] = free
    if needed:
        facts["memory.needed" if on_cpu else "gpu.memory.needed"] = needed
    where = "host memory (mlc-llm calls it GPU memory on every device)" if on_cpu else "GPU memory"
    wants = f"{needed / _MB:.0f} MB" if needed else "more than that"
    return EngineFault(
        Category.HOST_OUT_OF_MEMORY if on_cpu else Category.GPU_OUT_OF_MEMORY,
        f"the model does not fit: mlc-llm may use {free / _MB:.0f} MB of {where}, weights and buffers need {wants}; "
        "choose a smaller model or a shorter context",
        facts,
    )


def _bad_alloc(_found: Found, scene: Scene) -> EngineFault:
    return EngineFault(
        Category.HOST_OUT_OF_MEMORY,
        "the system gave mlc-llm no more host memory; choose a smaller model or a shorter context, or lift the limit on "
        "the process",
        {"model.id": scene.model_id},
    )


READERS = readers(
    (r"No such file or directory: '(git(?:-lfs)?)'", _no_git),
    (r"(MLC_(?:DOWNLOAD_CACHE|JIT)_POLICY)=(\w{1,20})", _policy),
    (r"Device is not found on your local environment: (\S{1,60})", _device_absent),
    (r"Device API (\w{1,30}) is not enabled", _device_absent),
    (r"Invalid device name: (\S{1,60})", _device_unknown),
    (
        r"prompt has (\d{1,9}) tokens in total, larger than the model input length limit (\d{1,9})",
        _prompt_too_long,
    ),
    (r"The available single GPU memory is ([\d.]{1,20}) MB.{0,400}", _not_enough_memory),
    (r"std::bad_alloc", _bad_alloc),
)
"""In this order: the first that finds its text decides."""

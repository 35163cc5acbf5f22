"""Where an error was raised: what the innermost stack frames do, for errors whose words say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from localloom_diagnosis.taxonomy import Category

from .rule import Reason, Scene, Vote, Votes

_C = Category
_RAISED = Reason("it was raised in", "se produjo en")
#: So many of the innermost frames tell what was done, and so much of a stack is looked at, in characters.
_INNERMOST = 8
_LOOK = 20_000
#: So much of the end of a stack is looked at, in characters.
_RAISED_LOOK = 2000


#: A line of a stack within a text: of Python's, or of a runtime that names file and line.
_FRAME = re.compile(r"\bfile \"[^\"\n]{1,200}\", line \d")


class _Place(NamedTuple):
    """Code that does one thing, by the names of its files and functions."""

    names: re.Pattern[str]
    category: Category
    weight: float
    also: Votes = ()


_PLACES = (
    # Code for browsers that a server renders, or that a bundler has emptied.
    _Place(
        re.compile(r"webpack-internal:///\((?:rsc|ssr)\)|__webpack_require__|/\.next/server/"),
        _C.CONFIG_INVALID,
        0.55,
        ((_C.HOST_MISSING_DEPENDENCY, 0.25), (_C.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _Place(
        re.compile(r"tokeni[sz]|tiktoken|sentencepiece|convert_slow|added_tokens"),
        _C.ARTIFACT_TOKENIZER,
        0.55,
        ((_C.ARTIFACT_INCOMPATIBLE, 0.25), (_C.ARTIFACT_CORRUPT, 0.2)),
    ),
    # A model is written in another form: names and shapes of its weights are what does not fit.
    _Place(
        re.compile(r"convert_weight|dump_ndarray_cache|export_gguf|convert-hf|(?<![a-z_])convert\.py"),
        _C.ARTIFACT_INCOMPATIBLE,
        0.5,
        ((_C.CONFIG_INVALID, 0.2), (_C.ARTIFACT_CORRUPT, 0.2), (_C.HOST_OUT_OF_MEMORY, 0.12)),
    ),
    # Processes that wait for each other over a wire between cards.
    _Place(
        re.compile(r"pynccl|device_communicators|init_device|multiproc_executor|ray_\w+executor"),
        _C.WORKER_CRASHED,
        0.42,
        ((_C.PROCESS_HUNG, 0.3), (_C.GPU_DRIVER, 0.3)),
    ),
    _Place(
        re.compile(
            r"load_weights|weight_utils|load_state_dict|load_params|quantize_from|convert_hf|get_tensor"
        ),
        _C.ARTIFACT_INCOMPATIBLE,
        0.5,
        ((_C.ARTIFACT_CORRUPT, 0.25),),
    ),
    _Place(
        re.compile(r"safetensors|torch/serialization|zipfile|unpickl|gguf_reader|npz"),
        _C.ARTIFACT_CORRUPT,
        0.45,
        ((_C.ARTIFACT_INCOMPATIBLE, 0.3),),
    ),
    _Place(
        re.compile(r"file_download|snapshot_download|urllib3|requests/|httpx|aiohttp|http\.client|hf_api"),
        _C.NETWORK_UNREACHABLE,
        0.4,
        ((_C.NETWORK_BLOCKED, 0.25), (_C.NETWORK_HTTP_ERROR, 0.2)),
    ),
    _Place(
        re.compile(
            r"triton|inductor|nvrtc|torch/_dynamo|cpp_extension|/tir/|/relax/|mlc_llm/compiler|codegen|compile_cutlass|export_library|mod_transform|runpass|ir/transform\.py|self\.compile\(|compile_model|unsloth_zoo/compiler"
        ),
        _C.COMPILE_FAILED,
        0.45,
        ((_C.HOST_MISSING_DEPENDENCY, 0.25), (_C.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _Place(
        re.compile(r"configuration_|config\.py|modeling_|model_executor/models|models/\w+\.py|architectures"),
        _C.ARTIFACT_INCOMPATIBLE,
        0.45,
        ((_C.CONFIG_INVALID, 0.3),),
    ),
    _Place(
        re.compile(r"argparse|arg_utils|entrypoints/cli|click/|typer|pydantic"),
        _C.CONFIG_INVALID,
        0.45,
        ((_C.ARTIFACT_INCOMPATIBLE, 0.2),),
    ),
    _Place(
        re.compile(r"importlib|<frozen|__init__\.py\", line \d+, in <module>"),
        _C.HOST_MISSING_DEPENDENCY,
        0.4,
        ((_C.ARTIFACT_INCOMPATIBLE, 0.36),),
    ),
)


def frames(scene: Scene) -> Iterator[Vote]:
    """The innermost known place of the first error with a stack, or of a stack in the text that names no error."""
    stacks = [error.traceback for error in scene.evidence.errors]
    if not any(stacks) and _FRAME.search(scene.low):
        stacks = [scene.text]
    for stack in stacks:
        lines = stack[-_LOOK:].lower().splitlines()
        for line in reversed(lines[-2 * _INNERMOST :]):
            for place in _PLACES:
                if place.names.search(line[:400]):
                    yield Vote(
                        "frames", place.category, place.weight, _RAISED, line.strip()[:100], also=place.also
                    )
                    return


class _Raised(NamedTuple):
    """An error that means another thing where it is raised than its words say."""

    types: tuple[str, ...]
    frames: re.Pattern[str]
    category: Category
    weight: float
    also: Votes
    reason: Reason


_ELSEWHERE = (
    _Raised(
        ("ModuleNotFoundError", "AttributeError", "ImportError"),
        re.compile(r"find_class|torch/serialization|torch\.load\(|pickle\.load|unpickler|joblib\.load"),
        _C.ARTIFACT_INCOMPATIBLE,
        0.96,
        ((_C.HOST_MISSING_DEPENDENCY, 0.6),),
        Reason(
            "the file names what was in the code that wrote it and is not in this",
            "el archivo nombra algo que estaba en el código que lo escribió y no está en este",
        ),
    ),
    _Raised(
        ("EOFError", "BrokenPipeError", "ConnectionResetError"),
        re.compile(r"multiprocessing/connection\.py|conn\.recv|_recv_bytes"),
        _C.WORKER_CRASHED,
        0.95,
        ((_C.PROCESS_CRASHED, 0.4), (_C.HOST_OUT_OF_MEMORY, 0.3)),
        Reason("the pipe to another process ended", "la conexión con otro proceso terminó"),
    ),
)


def raised(scene: Scene) -> Iterator[Vote]:
    """Errors whose innermost frames say more than their words."""
    for error in scene.evidence.errors:
        for place in _ELSEWHERE:
            if error.type in place.types:
                stack = (error.traceback or scene.text)[-_RAISED_LOOK:].lower().replace("\\", "/")
                if place.frames.search(stack):
                    yield Vote(
                        "raised",
                        place.category,
                        place.weight,
                        place.reason,
                        error.message or error.type,
                        also=place.also,
                    )

"""A model folder in MLC's format, opened: config, table of contents and tokenizer agree with each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .chat_config import CONFIG_FILE, ChatConfig, read_chat_config
from .json_file import permission_fault
from .parameters import ParameterSpec, expected_parameters
from .tensor_cache import CACHE_FILES, TensorCache, check_parameters, read_tensor_cache
from .tokenizer_file import TokenizerFile, check_token_ids, read_tokenizer_file

_OTHER_FORMATS = {".gguf": "GGUF", ".safetensors": "safetensors", ".onnx": "ONNX", ".pth": "PyTorch"}


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose metadata has been read; its shards have not."""

    path: Path
    config: ChatConfig
    tensors: TensorCache
    tokenizer: TokenizerFile
    parameters: tuple[ParameterSpec, ...]
    """What the model must be given."""


def open_folder(path: Path) -> ModelFolder:
    """Read and check the metadata of the model folder `path`.

    Raises:
        EngineFault: artifact.model_not_found, artifact.corrupt, artifact.incompatible, artifact.tokenizer,
            config.invalid or storage.permission.
    """
    _check_is_model(path)
    config = read_chat_config(path)
    tensors = read_tensor_cache(path)
    parameters = tuple(expected_parameters(config.architecture, config.quantization))
    claimed = f"{config.architecture.model_type} {config.quantization.name}"
    check_parameters(tensors, parameters, claimed)
    vocab_size = config.architecture.vocab_size
    tokenizer = read_tokenizer_file(path, vocab_size)
    talk = config.conversation
    for name, ids in (
        ("a special token id of the config", config.special_ids),
        ("a stop token id of the config", talk.stop_ids),
        ("a system prefix token id of the config", talk.system_prefix_ids),
    ):
        # Converters write -1 for "none"; only the prefix is ever fed to the model.
        absent = {-1} if ids is not talk.system_prefix_ids else set()
        check_token_ids((i for i in ids if i not in absent), vocab_size, name)
    return ModelFolder(path, config, tensors, tokenizer, parameters)


def _check_is_model(path: Path) -> None:
    try:
        names = {entry.name for entry in path.iterdir()}
    except PermissionError as error:
        raise permission_fault(path) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise EngineFault(
            Category.ARTIFACT_MODEL_NOT_FOUND,
            f"there is no model folder {path}; give the path of a folder in MLC's format",
            {"model.id": path.name},
        ) from error
    if (
        CONFIG_FILE in names
        or names.intersection(CACHE_FILES)
        or any(n.startswith("params_shard_") for n in names)
    ):
        return
    other = next(
        (kind for suffix, kind in _OTHER_FORMATS.items() if any(n.endswith(suffix) for n in names)), None
    )
    if other:
        raise EngineFault(
            Category.ARTIFACT_INCOMPATIBLE,
            f"{path.name} holds a model in {other} format; the tvm engine reads MLC's: look for the same model's "
            "MLC conversion",
            {"model.id": path.name, "artifact.expected": "MLC format", "artifact.actual": other},
        )
    raise EngineFault(
        Category.ARTIFACT_MODEL_NOT_FOUND,
        f"the folder {path} holds no model: neither {CONFIG_FILE} nor {CACHE_FILES[0]} nor weight shards; "
        "give the path of a folder in MLC's format",
        {"model.id": path.name},
    )

"""The constructor: the steps in the order of the real one, each looked up where the real one looks it up."""

import json
import threading
from pathlib import Path

import tvm_ffi

from mlc_llm import native
from mlc_llm.support import download_cache
from mlc_llm.support.auto_device import detect_device


class Tokenizer:
    """The tokenizer of a folder."""

    def __init__(self, folder):
        self._document = native.tokenizer(folder)

    def encode(self, text):
        return text.split()


class ValidationError(ValueError):
    """As pydantic's."""


ValidationError.__module__ = "pydantic_core._pydantic_core"


def read_chat_config(path):
    text = path.read_text()
    try:
        config = json.loads(text)
    except ValueError:
        raise ValidationError(
            "1 validation error for MLCChatConfig\n  Invalid JSON: expected value at line 1 column 1 "
            f"[type=json_invalid, input_value={text[:20]!r}, input_type=str]"
        ) from None
    for key in ("model_type", "quantization", "model_config", "vocab_size", "context_window_size"):
        if key not in config:
            raise ValidationError(
                f"1 validation error for MLCChatConfig\n{key}\n  Field required [type=missing, input_value=..., "
                "input_type=dict]"
            )
    return config


def _process_model_args(model, model_lib, device, engine_config):
    folder = download_cache.get_or_download_model(model)
    config = read_chat_config(folder / "mlc-chat-config.json")
    if model_lib is None:
        from mlc_llm.interface import jit

        overrides = {"opt": engine_config.opt}
        model_lib = jit.jit(model_path=folder, overrides=overrides, device=device).model_lib_path
    elif not model_lib.startswith("mock://") and not Path(model_lib).is_file():
        raise FileNotFoundError(f"The `model_lib` you passed in is not a file: {model_lib}.\n")
    return str(folder), model_lib, config


class EngineState:
    """Holds the queue through which an answer comes back."""

    def __init__(self):
        self.sync_output_queue = native.queue.Queue()

    def callback(self, outputs):
        self.sync_output_queue.put_nowait(outputs)


class MLCEngineBase:
    """Builds the threaded engine, starts its two threads, and waits for the reload to end."""

    def __init__(self, model, device, model_lib, mode, engine_config):
        device = detect_device(device)
        folder, library, self.config = _process_model_args(model, model_lib, device, engine_config)
        self.folder = Path(folder)
        self.state = EngineState()
        self._ffi = tvm_ffi.get_global_func("mlc.serve.create_threaded_engine")()
        self.tokenizer = Tokenizer(folder)
        self._ffi["init_threaded_engine"](device, self.state.callback, None)
        self._background_loop_thread = threading.Thread(target=self._ffi["run_background_loop"])
        self._background_stream_back_loop_thread = threading.Thread(
            target=self._ffi["run_background_stream_back_loop"]
        )
        self._background_loop_thread.start()
        self._background_stream_back_loop_thread.start()
        engine_config.model, engine_config.model_lib, engine_config.mode = folder, library, mode
        self._ffi["reload"](engine_config.asjson())

    def terminate(self):
        self._ffi["exit_background_loop"]()
        self._background_loop_thread.join()
        self._background_stream_back_loop_thread.join()


native.register()

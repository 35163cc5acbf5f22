"""Stands for the part that is C++ in reality: global functions, the threaded engine, its two threads' loops."""

import json
import os
import queue
import re
import threading
import time
from pathlib import Path

import tvm_ffi
from tvm.error import InternalError

from mlc_llm import scenario

FOREVER = 3600


def register():
    """Put the functions that the engine looks up into the global table."""
    for name, function in {
        "vm.builtin.tensor_cache.load": load_shards,
        "vm.builtin.param_array_from_cache_by_name": gather_parameters,
        "vm.builtin.tensor_cache.clear": lambda: None,
        "vm.builtin.paged_attention_kv_cache_create": make_kv_cache,
        "vm.builtin.kv_state_begin_forward": lambda *_: None,
        "vm.builtin.kv_state_end_forward": lambda *_: None,
        "mlc.serve.create_threaded_engine": ThreadedEngine,
    }.items():
        if not (scenario.wants("old") and name.startswith("vm.")):
            tvm_ffi.register_global_func(name, function)


def call(name, *args):
    """Call a function of the global table, overridden or not."""
    function = tvm_ffi.get_global_func(name, allow_missing=True)
    return function(*args) if function is not None else None


def load_shards(folder, *_device):
    """Reads every shard, and compares sizes as the real loader does."""
    time.sleep(scenario.seconds("load", 0))
    if scenario.wants("shards-hang"):
        time.sleep(FOREVER)
    table = Path(folder) / "tensor-cache.json"
    if not table.is_file():
        raise InternalError(f"Check failed: (!fs.fail()) is false: Cannot open {table}")
    for record in json.loads(table.read_text())["records"]:
        shard = Path(folder) / record["dataPath"]
        if not shard.is_file():
            raise InternalError(f"Check failed: (!fs.fail()) is false: Cannot open {shard}")
        actual = len(shard.read_bytes())
        if actual != record["nbytes"]:
            raise ValueError(
                f"Check failed: this->nbytes == raw_data_buffer->length() ({record['nbytes']} vs. {actual}) : "
                "Encountered an corrupted parameter shard. It means it is not downloaded completely or "
                "downloading is interrupted. Please try to download again."
            )


def gather_parameters(*_names):
    """Takes the parameters that the library wants from the cache."""
    if scenario.wants("misfit"):
        raise ValueError("Cannot find parameter in cache: lm_head.weight")


def make_kv_cache(*_shape):
    """Makes the cache."""
    if scenario.wants("bad-alloc"):
        raise InternalError("std::bad_alloc")


class ThreadedEngine:
    """The engine behind the constructor. What fails in its thread is told to nobody who waits for it."""

    def __init__(self):
        self._commands = queue.Queue()
        self._loaded = threading.Event()
        self._outputs = queue.Queue()
        self._callback = None

    def __getitem__(self, name):
        return getattr(self, name)

    def init_threaded_engine(self, _device, callback, _recorder):
        self._callback = callback

    def run_background_loop(self):
        while True:
            command, *args = self._commands.get()
            if command == "exit":
                self._outputs.put(None)
                return
            getattr(self, "_" + command)(*args)

    def run_background_stream_back_loop(self):
        while True:
            outputs = self._outputs.get()
            if outputs is None:
                return
            self._callback(outputs)

    def reload(self, config):
        self._commands.put(("reload", json.loads(config)))
        self._loaded.wait()  # and waits for ever where the thread has died

    def add_request(self, request):
        self._commands.put(("answer", request))

    def exit_background_loop(self):
        if scenario.wants("never-ends"):
            time.sleep(FOREVER)
        self._commands.put(("exit",))

    def _reload(self, config):
        library, folder = config["model_lib"], config["model"]
        if not library.startswith("mock://"):
            head = Path(library).read_bytes()[:4]
            if head != b"\x7fELF":
                raise InternalError(
                    "Check failed: (lib_handle_ != nullptr) is false: Failed to load dynamic shared library "
                    f"{library} {library}: {'file too short' if len(head) < 4 else 'invalid ELF header'}"
                )
        if scenario.wants("device-api"):
            raise InternalError("Check failed: (api != nullptr) is false: Device API cuda is not enabled.")
        chat = json.loads((Path(folder) / "mlc-chat-config.json").read_text())
        if "vocab_size" not in chat["model_config"]:
            raise ValueError(
                "Check failed: (it != json.end()) is false: key `vocab_size` not found in the JSON object"
            )
        if scenario.wants("no-memory"):
            raise InternalError(
                "Check failed: (model_max_total > 0) is false: Insufficient GPU memory error: The available single "
                "GPU memory is 24.106 MB, which is less than the sum of model weight size (620.000 MB) and temporary "
                'buffer size (85.500 MB).\n1. You can set a larger "gpu_memory_utilization" value.'
            )
        call("vm.builtin.tensor_cache.load", folder, 1, 0)
        call("vm.builtin.param_array_from_cache_by_name", ["lm_head.weight"])
        call("vm.builtin.tensor_cache.clear")
        call("vm.builtin.paged_attention_kv_cache_create", [1, 2048, 2048, 16])
        self._loaded.set()

    def _answer(self, request):
        if scenario.wants("dies-generating"):
            self._outputs.put({"text": request["text"][:4], "finish": None})
            raise InternalError("std::bad_alloc")
        if scenario.wants("dies-silently"):
            self._commands.put(("exit",))
            return
        call("vm.builtin.kv_state_begin_forward", [0], [len(request["prompt_ids"])])
        time.sleep(scenario.seconds("prefill", 0))
        pieces = re.findall(r"\S+\s*", request["text"])
        for number, piece in enumerate(pieces):
            if scenario.wants("kv-full") and number == 2:
                time.sleep(FOREVER)  # no page is free, and none will be
            time.sleep(0.005)
            last = number == len(pieces) - 1
            self._outputs.put({"text": piece, "finish": request["finish"] if last else None})
        self._outputs.put({"usage": request["usage"]})


def tokenizer(folder):
    """Opens a tokenizer as the bindings of the Rust library do, an abort included."""
    path = Path(folder) / "tokenizer.json"
    if not path.is_file():
        raise InternalError(f"Cannot find any tokenizer under: {folder}")
    try:
        document = json.loads(path.read_text())
    except ValueError:
        raise InternalError(
            "Check failed: (err.empty()) is false: Failed to parse JSON: syntax error at line 1 near: "
        ) from None
    if "model" not in document:
        print_panic()
        os.abort()
    return document


def print_panic():
    """What a Rust panic across the C boundary leaves on standard error."""
    os.write(
        2,
        b"thread '<unnamed>' panicked at src/lib.rs:26:50:\ncalled `Result::unwrap()` on an `Err` value: "
        b'Error("missing field `model`", line: 1, column: 15)\nnote: run with `RUST_BACKTRACE=1` environment variable '
        b"to display a backtrace\nfatal runtime error: failed to initiate panic, error 5\n",
    )

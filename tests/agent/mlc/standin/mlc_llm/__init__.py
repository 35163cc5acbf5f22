"""A stand-in for mlc-llm that behaves, and misbehaves, as the real one was seen to; it computes nothing.

It exists because the real wheels cannot be had on every machine that runs these tests. Where they can, the contract
tests run over them instead. What it copies is behaviour alone: the order of the constructor's steps, which of them
raise in the caller and which kill a background thread while the caller waits for ever, the texts of the errors, the
process' own threads, and the shape of the streamed answer. A canary's answer is read from its reference.json.

Most faults come from the model folder, the options and MLC_* variables, as they do in reality. Those that need another
machine are asked for with LOCALLOOM_STANDIN (see `scenario.py`).
"""

import importlib
import sys
import time

from mlc_llm import scenario

if scenario.wants("libtvm"):
    raise OSError("libtvm.so: cannot open shared object file: No such file or directory")
if scenario.wants("psutil"):
    raise ModuleNotFoundError("No module named 'psutil'", name="psutil")
if scenario.wants("skew"):
    importlib.import_module("tvm.relax.frontend.nn")
if scenario.wants("ffi"):
    print("ValueError: Function ffi.GetKwargsObject not found", file=sys.stderr, flush=True)
    scenario.abort("terminate called after throwing an instance of 'tvm::ffi::Error'")
time.sleep(scenario.seconds("import", 0.05))

from mlc_llm.serve.engine import MLCEngine  # noqa: E402

if scenario.wants("no-engine"):
    del MLCEngine

__version__ = "0.20.dev0+standin"

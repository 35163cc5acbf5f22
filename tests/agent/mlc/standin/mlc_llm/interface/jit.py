"""Compiles a library in a process of its own, whose standard error is the engine's."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

from mlc_llm import scenario

MODELS = {"llama": None, "qwen2": None}


def jit(model_path, overrides, device):  # noqa: ARG001 the real one's names
    if os.environ.get("MLC_JIT_POLICY") == "OFF":
        raise RuntimeError("JIT is disabled by MLC_JIT_POLICY=OFF")
    MODELS[json.loads((model_path / "mlc-chat-config.json").read_text())["model_type"]]
    parser = argparse.ArgumentParser("optimization flags")
    parser.add_argument("--opt", choices=["O0", "O1", "O2", "O3"])
    parser.parse_args(["--opt", overrides["opt"] or "O2"])
    library = Path(tempfile.mkdtemp()) / "lib.so"
    code = "import sys, time\nopen(sys.argv[1], 'wb').write(b'\\x7fELF stand-in')"
    if scenario.wants("jit-fails"):
        code = "import sys\nsys.exit('error: TIR lowering: no schedule for NT_matmul')"
    if scenario.wants("jit-works"):
        busy = scenario.seconds("jit-works", 3)
        code = f"import time\nend = time.time() + {busy}\nwhile time.time() < end: pass\n" + code
    subprocess.run([sys.executable, "-S", "-c", code, str(library)], check=False, env=os.environ)
    if not library.is_file():
        raise RuntimeError("Cannot find compilation output, compilation failed")
    return SimpleNamespace(model_lib_path=str(library))

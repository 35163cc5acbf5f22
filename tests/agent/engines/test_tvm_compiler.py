from __future__ import annotations

import subprocess
import sys

import pytest

from localloom_agent.canary import CANARY_DIR

CODE = """
import sys, tvm
from localloom_agent.artifacts import open_folder
from localloom_agent.canary import CANARY_DIR
from localloom_agent.engines.tvm import compiler, targets
from tvm import relax
config = open_folder(CANARY_DIR).config
host = tvm.target.Target(targets._cpu_target())
target = tvm.target.Target(tvm.target.Target({target}), host=host)
relax.VirtualMachine = lambda executable, device: executable  # there is no such device here
built = compiler.compile_model(config.architecture, config.quantization, 512, target, None)
def sources(module):
    yield module.kind
    for inner in module.imports:
        yield from sources(inner)
print(sorted(sources(built.machine.mod)))
"""


@pytest.mark.parametrize(
    "target", [{"kind": "cuda", "arch": "sm_90"}, {"kind": "metal"}], ids=lambda t: t["kind"]
)
def test_kernels_for_a_gpu_are_generated_without_one(target):
    """The model compiles to kernels of a GPU that this machine does not have (in a process of its own: it may crash)."""
    run = subprocess.run(
        [sys.executable, "-c", CODE.replace("{target}", repr(target))],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=CANARY_DIR,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert target["kind"] in run.stdout

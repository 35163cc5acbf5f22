"""Puts the test engines in the registry of every Python that starts with this folder on PYTHONPATH."""

import os

from localloom_agent.engines.registry import ENGINES

ENGINES["scripted"] = "localloom_faults:ScriptedEngine"
ENGINES["tvm"] = "localloom_faults:FaultyTvmEngine"

if os.environ.get("LOCALLOOM_TEST_PROFILE"):
    import localloom_replay

    localloom_replay.install()

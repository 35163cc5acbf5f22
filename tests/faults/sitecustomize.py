"""Puts the test engines in the registry of every Python that starts with this folder on PYTHONPATH."""

from localloom_agent.engines.registry import ENGINES

ENGINES["scripted"] = "localloom_faults:ScriptedEngine"
ENGINES["tvm"] = "localloom_faults:FaultyTvmEngine"

"""The engine of mlc-llm: `mlc_llm.MLCEngine`, in the interpreter that has it. Standard library only until it runs."""

from .engine import MlcEngine

__all__ = ["MlcEngine"]

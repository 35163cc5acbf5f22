"""The engine webllm: the real @mlc-ai/web-llm in this machine's own Chrome, Chromium or Edge, watched from outside."""

from __future__ import annotations

from .engine import WebLlmEngine

__all__ = ["WebLlmEngine"]

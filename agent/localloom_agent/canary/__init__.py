"""The canary: a tiny Llama in MLC format, trained by this project, whose greedy answers are known token by token."""

from pathlib import Path

CANARY_ID = "localloom-canary-q4f16_1-MLC"
"""The model's id in the registry."""

CANARY_DIR: Path = Path(__file__).parent
"""The MLC model folder: config, tokenizer, weights, and `reference.json` with the answers (see `docs/canary.md`)."""

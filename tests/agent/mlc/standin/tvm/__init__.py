"""Of the tvm that comes with mlc-llm: its version and its errors. Part of the stand-in."""

__version__ = "0.20.dev0"

"""Which engine an error text comes from, where nobody says so: pasted texts come alone."""

from __future__ import annotations

import re
from functools import lru_cache

#: Engines with words that only they print, or only programs around them, and before each a piece of these words, since looking for a piece is
#: quick. The first that the text has is taken. No figures: lines of one shape have one engine.
_SIGNS = tuple(
    (engine, pieces, re.compile(signs))
    for engine, pieces, signs in (
        (
            "web-llm",
            ("webllm", "web-llm", "prebuiltapp", "workermlc"),
            r"web-?llm|prebuiltappconfig|serviceworkermlcengine|webworkermlcengine",
        ),
        (
            "transformers.js",
            ("transformers", "@xenova"),
            r"transformers\.js|@xenova|@huggingface/transformers",
        ),
        (
            "onnxruntime-web",
            ("onnxruntime-web", "ort-wasm", "ort."),
            r"onnxruntime-web|ort-wasm|\bort\.(?:webgpu|wasm|all)\b",
        ),
        ("ollama", ("ollama", "llama runner"), r"\bollama\b|llama runner (?:process|exited)"),
        ("vllm", ("vllm",), r"\bvllm\b"),
        ("mlc-llm", ("mlc",), r"mlc[-_](?:llm|chat)\b|\bmlcchat\b|\bmlcengine\b"),
        (
            "llama.cpp",
            ("llama", "ggml_", "gguf_", "koboldcpp"),
            r"llama\.cpp|\bllama_(?:model|init|load|new|kv|decode|context|params|backend|graph|batch|print)|\bggml_|\bgguf_|llama-(?:server|cli|cpp)|\bllama_cpp\b|koboldcpp|llamafile",
        ),
        ("onnxruntime", ("onnxruntime",), r"\bonnxruntime\b|\[onnxruntimeerror\]"),
        ("tvm", ("tvm",), r"\btvm(?:error|_ffi|::|/|\.)"),
        # Any engine in a browser: its words and advice are those of web-llm.
        (
            "web-llm",
            (
                "gpu",
                "service",
                "chrome-extension",
                "domexception",
                "quota",
                "indexeddb",
                "failed to execute",
                "uncaught",
                "fetch",
            ),
            r"navigator\.gpu|\bwebgpu\b(?![^\n]{0,40}\bwgpu)|\bgpu(?:adapter|device|canvascontext|validationerror|outofmemoryerror|internalerror)\b|service ?worker|chrome-extension://|domexception|quotaexceedederror|\bindexeddb\b|failed to execute '\w+' on '\w+'|\buncaught \(in promise\)|typeerror: failed to fetch|networkerror when attempting to fetch|^failed to fetch\.?$",
        ),
    )
)


@lru_cache(maxsize=512)
def engine_named_in(low: str) -> str:
    """The engine that a text in lower case speaks of, or "" where it names none."""
    for engine, pieces, signs in _SIGNS:
        for piece in pieces:
            if piece in low:
                if signs.search(low):
                    return engine
                break
    return ""

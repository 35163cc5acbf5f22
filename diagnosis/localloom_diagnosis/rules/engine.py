"""Which engine an error text comes from, where nobody says so: pasted texts come alone."""

from __future__ import annotations

import re
from functools import lru_cache

#: Engines with words that only they print, or only programs around them; the first that the text has is taken. No figures: lines of one
#: shape have one engine.
_SIGNS = tuple(
    (engine, re.compile(signs))
    for engine, signs in (
        ("web-llm", r"web-?llm|prebuiltappconfig|serviceworkermlcengine|webworkermlcengine"),
        ("transformers.js", r"transformers\.js|@xenova|@huggingface/transformers"),
        ("onnxruntime-web", r"onnxruntime-web|ort-wasm|\bort\.(?:webgpu|wasm|all)\b"),
        ("ollama", r"\bollama\b|llama runner (?:process|exited)"),
        ("vllm", r"\bvllm\b"),
        ("mlc-llm", r"mlc[-_](?:llm|chat)\b|\bmlcchat\b|\bmlcengine\b"),
        (
            "llama.cpp",
            r"llama\.cpp|\bllama_(?:model|init|load|new|kv|decode|context|params|backend|graph|batch|print)|\bggml_|\bgguf_|llama-(?:server|cli|cpp)|\bllama_cpp\b|koboldcpp|llamafile",
        ),
        ("onnxruntime", r"\bonnxruntime\b|\[onnxruntimeerror\]"),
        ("tvm", r"\btvm(?:error|_ffi|::|/|\.)"),
        # Any engine in a browser: its words and advice are those of web-llm.
        (
            "web-llm",
            r"navigator\.gpu|\bwebgpu\b(?![^\n]{0,40}\bwgpu)|\bgpu(?:adapter|device|canvascontext|validationerror|outofmemoryerror|internalerror)\b|service ?worker|chrome-extension://|domexception|quotaexceedederror|\bindexeddb\b|failed to execute '\w+' on '\w+'|\buncaught \(in promise\)|typeerror: failed to fetch|networkerror when attempting to fetch|^failed to fetch\.?$",
        ),
    )
)


@lru_cache(maxsize=512)
def engine_named_in(low: str) -> str:
    """The engine that a text in lower case speaks of, or "" where it names none."""
    return next((engine for engine, signs in _SIGNS if signs.search(low)), "")

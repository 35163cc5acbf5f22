"""The verdict on each way in which WebLLM fails, from the texts and exchanges that a real browser was seen to give."""

from __future__ import annotations

import pytest

from localloom_diagnosis.diagnosis import diagnose
from localloom_diagnosis.evidence import ErrorRecord, Evidence, Exchange
from localloom_diagnosis.taxonomy import Phase

URL = "https://huggingface.co/mlc-ai/M/resolve/main/"


def ev(*errors, ex=(), phase=None, **facts):
    """Evidence of web-llm's."""
    return Evidence(
        errors=tuple(errors), exchanges=tuple(ex), phase=Phase(phase), runtime="web-llm", facts=facts
    )


def c(text):
    """A line of the console."""
    return ErrorRecord("", text, "console")


FETCH = ErrorRecord("TypeError", "Failed to fetch")
ADD = ErrorRecord("TypeError", "Failed to execute 'add' on 'Cache': Request failed")
ROWS = [
    (
        "refused",
        "network.unreachable",
        ev(FETCH, ex=[Exchange(URL, None, "net::ERR_CONNECTION_REFUSED")], phase="weights"),
    ),
    (
        "dns",
        "network.unreachable",
        ev(FETCH, ex=[Exchange(URL, None, "net::ERR_NAME_NOT_RESOLVED")], phase="weights"),
    ),
    (
        "empty",
        "network.unreachable",
        ev(FETCH, ex=[Exchange(URL, None, "net::ERR_EMPTY_RESPONSE")], phase="weights"),
    ),
    (
        "offline",
        "network.unreachable",
        ev(FETCH, ex=[Exchange(URL, None, "net::ERR_INTERNET_DISCONNECTED")], phase="weights"),
    ),
    (
        "cors",
        "network.blocked",
        ev(
            c(
                "Access to fetch at 'https://x/y' from origin 'http://127.0.0.1:1' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header"
            ),
            FETCH,
            ex=[Exchange(URL, None, "net::ERR_FAILED")],
            phase="weights",
        ),
    ),
    (
        "csp",
        "network.blocked",
        ev(
            c(
                "Connecting to 'https://x' violates the following Content Security Policy directive: \"connect-src 'self'\". The action has been blocked."
            ),
            FETCH,
            ex=[Exchange(URL, None, "csp")],
            phase="weights",
        ),
    ),
    (
        "csp2",
        "network.blocked",
        ev(
            c(
                "Refused to connect to 'https://x' because it violates the following Content Security Policy directive: \"connect-src 'self'\"."
            ),
            FETCH,
            phase="metadata",
        ),
    ),
    (
        "403",
        "network.blocked",
        ev(
            c("Cache.add() failed for 'https://x/y': Response status 403 "),
            ADD,
            ex=[Exchange(URL, 403)],
            phase="weights",
        ),
    ),
    (
        "404",
        "network.http_error",
        ev(
            c("Cache.add() failed for 'https://x/y': Response status 404 "),
            ADD,
            ex=[Exchange(URL, 404)],
            phase="weights",
        ),
    ),
    (
        "500",
        "network.http_error",
        ev(
            c("Cache.add() failed for 'https://x/y': Response status 500 "),
            ADD,
            ex=[Exchange(URL, 500)],
            phase="weights",
        ),
    ),
    (
        "404 console only",
        "network.http_error",
        ev(c("Cache.add() failed for 'https://x/y': Response status 404 "), ADD, phase="weights"),
    ),
    (
        "buffer over the limit, and the device lost after it",
        "gpu.feature_missing",
        ev(
            ErrorRecord(
                "GPUValidationError",
                "Buffer size (1610620928) exceeds the max buffer size limit (1073741824).",
            ),
            ErrorRecord(
                "DeviceLostError",
                "The WebGPU device was lost while loading the model. This issue often occurs due to running out of memory (OOM).",
            ),
            phase="load",
            **{"runtime.version": "0.2"},
        ),
    ),
    (
        "trunc",
        "artifact.corrupt",
        ev(
            ErrorRecord(
                "NetworkError", "Failed to execute 'add' on 'Cache': Cache.add() encountered a network error"
            ),
            ex=[Exchange(URL, 200, "net::ERR_CONTENT_LENGTH_MISMATCH")],
            phase="weights",
        ),
    ),
    (
        "short shard",
        "artifact.corrupt",
        ev(
            ErrorRecord("Error", "Tensor-cache record range [0, 65536) exceeds shard size 68"),
            phase="weights",
        ),
    ),
    (
        "html json",
        "artifact.corrupt",
        ev(
            ErrorRecord("SyntaxError", "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON"),
            phase="metadata",
        ),
    ),
    (
        "poisoned",
        "artifact.corrupt",
        ev(
            ErrorRecord("SyntaxError", "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON"),
            phase="metadata",
            **{"cache.entries": 3},
        ),
    ),
    (
        "tokenizer",
        "artifact.tokenizer",
        ev(
            c(
                'panicked at src/lib.rs:51:50:\ncalled `Result::unwrap()` on an `Err` value: Error("expected value", line: 1, column: 1)'
            ),
            ErrorRecord("RuntimeError", "Aborted(). Build with -sASSERTIONS for more info."),
            phase="metadata",
        ),
    ),
    (
        "tokenizer2",
        "artifact.tokenizer",
        ev(
            c("panicked at src/lib.rs:51:50:\ncalled `Result::unwrap()`"),
            ErrorRecord("RuntimeError", "unreachable"),
            phase="metadata",
        ),
    ),
    (
        "wasm html",
        "artifact.corrupt",
        ev(
            ErrorRecord(
                "CompileError",
                "WebAssembly.instantiate(): expected magic word 00 61 73 6d, found 3c 21 44 4f @+0",
            ),
            phase="weights",
        ),
    ),
    (
        "link",
        "artifact.incompatible",
        ev(
            ErrorRecord(
                "LinkError",
                'WebAssembly.instantiate(): Import #0 "env" "TVMWasmPackedCFunc": function import requires a callable',
            ),
            phase="weights",
        ),
    ),
    (
        "unsafe-eval",
        "network.blocked|config.invalid",
        ev(
            ErrorRecord(
                "CompileError",
                "WebAssembly.instantiate(): Compiling or instantiating WebAssembly module violates the following Content Security policy directive because neither 'wasm-eval' nor 'unsafe-eval' is an allowed source of script",
            ),
            phase="weights",
        ),
    ),
    (
        "no adapter",
        "gpu.unsupported",
        ev(
            c("No available adapters."),
            ErrorRecord(
                "Error",
                "Unable to find a compatible GPU. This issue might be because your computer doesn't have a GPU, or your system settings are not configured properly. Please check if your device has a GPU properly set up and if your your browser supports WebGPU.",
            ),
            phase="preflight",
            **{"webgpu.adapter": "none"},
        ),
    ),
    (
        "no gpu",
        "gpu.unsupported",
        ev(
            ErrorRecord(
                "WebGPUNotAvailableError",
                "WebGPU is not supported in your current environment, but it is necessary to run the WebLLM engine. Please make sure that your browser supports WebGPU",
            ),
            phase="preflight",
        ),
    ),
    (
        "insecure",
        "config.invalid|storage.permission",
        ev(
            ErrorRecord("ReferenceError", "caches is not defined"),
            phase="metadata",
            **{"browser.secure_context": False},
        ),
    ),
    (
        "limits",
        "gpu.feature_missing",
        ev(
            ErrorRecord(
                "Error",
                "Cannot initialize runtime because of requested maxBufferSize exceeds limit. requested=256MB, limit=128MB. Consider upgrading your browser.",
            ),
            phase="preflight",
        ),
    ),
    (
        "f16 decl",
        "gpu.feature_missing",
        ev(
            ErrorRecord(
                "ShaderF16SupportError",
                'This model requires WebGPU extension shader-f16, which is not enabled in this browser. You can try to launch Chrome Canary in command line with flag "--enable-dawn-features=allow_unsafe_apis".',
            ),
            phase="preflight",
        ),
    ),
    (
        "f16 undecl",
        "gpu.feature_missing",
        ev(
            c(
                "Error while parsing WGSL: :1:8 error: extension 'f16' is not allowed in the current environment\nenable f16;"
            ),
            ErrorRecord(
                "GPUPipelineError",
                "[Invalid ShaderModule (unlabeled)] is invalid.\n - While validating compute stage",
            ),
            phase="compile",
        ),
    ),
    (
        "buffer",
        "gpu.out_of_memory|gpu.feature_missing",
        ev(
            ErrorRecord(
                "GPUValidationError",
                "Buffer size (2147483648) exceeds the max buffer size limit (1073741824).\n - While calling [Device].CreateBuffer",
                "gpu",
            ),
            ErrorRecord(
                "DeviceLostError",
                "The WebGPU device was lost while loading the model. This issue often occurs due to running out of memory (OOM). To resolve this, try reloading with a model that has fewer parameters or uses a smaller context length.",
            ),
            phase="load",
        ),
    ),
    (
        "lost oom",
        "gpu.out_of_memory",
        ev(
            ErrorRecord("GPUOutOfMemoryError", "Out of memory", "gpu"),
            ErrorRecord(
                "DeviceLostError",
                "The WebGPU device was lost while loading the model. This issue often occurs due to running out of memory (OOM). To resolve this, try reloading with a model that has fewer parameters or uses a smaller context length.",
            ),
            phase="load",
        ),
    ),
    (
        "lost crash",
        "gpu.device_lost",
        ev(
            c(
                "Device was lost. This can happen due to insufficient memory or other GPU constraints. Detailed error: [object GPUDeviceLostInfo]. Please try to reload WebLLM with a less resource-intensive model."
            ),
            ErrorRecord(
                "GPUDeviceLostInfo", "unknown: A valid external Instance reference no longer exists.", "gpu"
            ),
            ErrorRecord("OperationError", "A valid external Instance reference no longer exists."),
            phase="compile",
        ),
    ),
    (
        "lost pipeline",
        "gpu.device_lost",
        ev(
            c("Device was lost. This can happen due to insufficient memory or other GPU constraints."),
            ErrorRecord("GPUPipelineError", "A valid external Instance reference no longer exists."),
            phase="compile",
        ),
    ),
    (
        "lost bare",
        "gpu.out_of_memory|gpu.device_lost",
        ev(
            ErrorRecord(
                "DeviceLostError",
                "The WebGPU device was lost while loading the model. This issue often occurs due to running out of memory (OOM). To resolve this, try reloading with a model that has fewer parameters or uses a smaller context length.",
            ),
            phase="load",
        ),
    ),
    (
        "fit",
        "artifact.incompatible",
        ev(
            c("ValueError: Cannot find parameter in cache: model.embed_tokens.weight"),
            ErrorRecord("ExitStatus", "Program terminated with exit(1)"),
            phase="load",
        ),
    ),
    (
        "renderer",
        "worker.crashed|process.crashed",
        ev(
            ErrorRecord(
                "RendererCrashed", "the page's process crashed: http://127.0.0.1:4000/ (Target crashed)"
            ),
            phase="compile",
        ),
    ),
    (
        "browser closed",
        "process.crashed",
        ev(
            ErrorRecord(
                "BrowserClosed",
                "the browser ended in the middle: Target page, context or browser has been closed",
            ),
            phase="compile",
        ),
    ),
    (
        "quota",
        "storage.quota_or_disk_full",
        ev(
            ErrorRecord("QuotaExceededError", "Failed to execute 'add' on 'Cache': Quota exceeded."),
            phase="weights",
        ),
    ),
    (
        "stall",
        "network.timeout",
        Evidence(
            errors=(ErrorRecord("", "no progress for 15 s", "supervisor"),),
            hung=True,
            runtime="web-llm",
            phase=Phase.WEIGHTS,
            exchanges=(Exchange(URL, None, "pending for 15 s"),),
        ),
    ),
    (
        "sw 404",
        "worker.crashed",
        ev(
            ErrorRecord(
                "TypeError",
                "Failed to register a ServiceWorker for scope ('http://127.0.0.1:1/') with script ('http://127.0.0.1:1/sw.js'): A bad HTTP response code (404) was received when fetching the script.",
            ),
            phase="runtime",
        ),
    ),
    (
        "sw 404, seen on the wire",
        "network.http_error",
        ev(
            ErrorRecord(
                "TypeError",
                "Failed to register a ServiceWorker for scope ('http://127.0.0.1:1/') with script ('http://127.0.0.1:1/sw.js'): A bad HTTP response code (404) was received when fetching the script.",
            ),
            ex=[Exchange("http://127.0.0.1:1/sw.js", 404, "")],
            phase="runtime",
        ),
    ),
    (
        "sw throws",
        "worker.crashed",
        ev(
            ErrorRecord(
                "TypeError",
                "Failed to register a ServiceWorker for scope ('http://127.0.0.1:1/') with script ('http://127.0.0.1:1/sw.js'): ServiceWorker script evaluation failed",
            ),
            phase="runtime",
        ),
    ),
    (
        "ext in page",
        "config.invalid",
        ev(
            ErrorRecord("TypeError", "Cannot read properties of undefined (reading 'connect')"),
            phase="runtime",
        ),
    ),
    ("unload", "config.invalid|unknown", ev(ErrorRecord("", "Engine.unload() is called."), phase="load")),
    (
        "notloaded",
        "config.invalid",
        ev(
            ErrorRecord(
                "ModelNotLoadedError",
                "Model not loaded before trying to complete ChatCompletionRequest. Please ensure you have called `MLCEngine.reload(model)` to load the model before initiating APIs",
            ),
            phase="generate",
        ),
    ),
    (
        "ctx",
        "generate.context_overflow",
        ev(
            ErrorRecord(
                "ContextWindowSizeExceededError",
                "Prompt tokens exceed context window size: number of prompt tokens: 5000; context window size: 4096",
            ),
            phase="generate",
        ),
    ),
    (
        "order",
        "config.invalid",
        ev(
            ErrorRecord("MessageOrderError", "Last message should be from either `user` or `tool`."),
            phase="generate",
        ),
    ),
    (
        "specified",
        "config.invalid|artifact.model_not_found",
        ev(
            ErrorRecord("SpecifiedModelNotFoundError", "Specified model X is not found in loaded models."),
            phase="generate",
        ),
    ),
    (
        "old name import",
        "artifact.incompatible",
        ev(
            ErrorRecord(
                "SyntaxError",
                "The requested module './web-llm.js' does not provide an export named 'ChatWorkerClient'",
                "rejection",
            ),
            phase="runtime",
        ),
    ),
    (
        "old name ctor",
        "artifact.incompatible",
        ev(ErrorRecord("TypeError", "webllm.ChatModule is not a constructor", "rejection"), phase="runtime"),
    ),
    (
        "old name fn",
        "artifact.incompatible",
        ev(ErrorRecord("TypeError", "webllm.CreateEngine is not a function", "rejection"), phase="runtime"),
    ),
    (
        "notfound",
        "artifact.model_not_found",
        ev(
            ErrorRecord(
                "ModelNotFoundError",
                "Cannot find model record in appConfig for X. Please check if the model ID is correct and included in the model_list configuration.",
            ),
            phase="resolve",
        ),
    ),
    (
        "browser no start libs",
        "host.missing_dependency",
        ev(
            ErrorRecord(
                "BrowserDidNotStart",
                "/usr/bin/chromium ended at once (exit code 127): /usr/bin/chromium: error while loading shared libraries: libnss3.so: cannot open shared object file: No such file or directory",
            ),
            phase="runtime",
        ),
    ),
    (
        "browser no start",
        "process.crashed",
        ev(
            ErrorRecord(
                "BrowserDidNotStart", "/usr/bin/chromium ended at once (exit code 1) and said nothing"
            ),
            phase="runtime",
        ),
    ),
    (
        "browser display",
        "config.invalid|host.missing_dependency",
        ev(
            ErrorRecord(
                "BrowserDidNotStart",
                "/usr/bin/chromium ended at once (exit code 1): [1:1:ERROR:ozone_platform_x11.cc(256)] Missing X server or $DISPLAY | The platform failed to initialize. Exiting.",
            ),
            phase="runtime",
        ),
    ),
    (
        "ext not loaded",
        "config.invalid",
        ev(
            ErrorRecord(
                "ExtensionNotLoaded",
                "the extension's service worker did not start; branded Chrome and Edge refuse unpacked extensions: take Chromium or Chrome for Testing (--option browser=PATH)",
            ),
            phase="runtime",
        ),
    ),
    (
        "load stopped",
        "process.hung",
        ev(
            ErrorRecord("LoadStopped", "the page began to load a model, then did nothing more for 6 s"),
            phase="weights",
        ),
    ),
    (
        "page refused",
        "network.unreachable",
        ev(
            ErrorRecord("PageError", "Page.goto: net::ERR_CONNECTION_REFUSED at http://127.0.0.1:1/"),
            phase="runtime",
        ),
    ),
]


@pytest.mark.parametrize(("name", "wanted", "evidence"), ROWS, ids=[row[0] for row in ROWS])
def test_browser_verdict(name, wanted, evidence):
    """Each failure has its category, though many share a sentence."""
    found = diagnose(evidence)
    assert found.category.value in wanted.split("|"), (name, found.candidates)


def test_poisoned_cache_is_named():
    """A broken file that came with no request came from the browser's cache, and the reason says so."""
    (row,) = [row for row in ROWS if row[0] == "poisoned"]
    assert "cache" in diagnose(row[2]).candidates[0].because
    assert "caché" in diagnose(row[2], "es").candidates[0].because

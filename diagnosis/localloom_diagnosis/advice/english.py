"""What each category indicates and what to do, in English."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .line import SMALLER_MODEL, Book, Line, Words

_WEB = ("web-llm", "webllm", "transformers.js", "onnxruntime")
_OWN = ("tvm", "mlc", "web-llm", "webllm")
_SMALLER = Line("Try the smaller model {model.smaller}.")
_SMALLEST = Line(f"Try a smaller model, such as {SMALLER_MODEL}, or a stronger quantisation.")


def _words(summary: tuple[str, ...], *remedies: Line | str) -> Words:
    return Words(
        tuple(Line(text) for text in summary),
        tuple(Line(item) if isinstance(item, str) else item for item in remedies),
    )


ENGLISH: Book = {
    Category.NETWORK_UNREACHABLE: _words(
        (
            "{http.host} could not be reached: {http.error}.",
            "{http.host} could not be reached.",
            "A server that the model or its files come from could not be reached.",
        ),
        "Check the connection to {http.host}: name resolution, routing and whether it is up.",
        "Check that this machine is online and that its DNS answers; then run the probe again: what has been fetched is kept.",
        Line(
            "Check that the model server is running and listens on the address that the client uses.",
            runtimes=("ollama", "llama", "vllm"),
        ),
        Line(
            "In the browser, look at the request in the developer tools' Network tab: one that failed without a status was stopped on its way, by the connection, a firewall, a virus scanner, an ad blocker or the origin rules (CORS).",
            runtimes=_WEB,
        ),
        "Without a network, use a model that is already on this machine, by its folder.",
    ),
    Category.NETWORK_BLOCKED: _words(
        (
            "{http.host} refused the request with status {http.status}.",
            "{http.host} refused the request, or something on the way did.",
            "The request was refused: by the server (credentials, licence), a proxy, a firewall, a certificate check or the browser's origin rules.",
        ),
        "For a gated or private model accept its licence on its page and log in (`hf auth login`, or set HF_TOKEN) with a token that may read it.",
        "Behind a proxy set HTTPS_PROXY; for a company certificate set SSL_CERT_FILE and REQUESTS_CA_BUNDLE to its bundle.",
        Line(
            "In the browser, have the server send Access-Control-Allow-Origin for the page's origin, and let connect-src of the content security policy name it.",
            runtimes=_WEB,
        ),
        Line("Set OLLAMA_ORIGINS to the page's origin where a web page calls Ollama.", runtimes=("ollama",)),
    ),
    Category.NETWORK_HTTP_ERROR: _words(
        (
            "{http.host} answered with status {http.status} for {http.url}.",
            "{http.host} answered with status {http.status}.",
            "The server answered with status {http.status}.",
            "The server answered the request for a file with an error status.",
        ),
        "Look at {http.url}: a 404 is a file that is not there, a 429 asks to wait, a 5xx is the server's fault.",
        "For 429 or 5xx wait and run again; logging in to the hub raises its rate limit.",
        "For 404 check the model's id and revision, and that this version of the engine looks for files that the repository has.",
    ),
    Category.NETWORK_TIMEOUT: _words(
        (
            "{http.host} did not answer within {limit.seconds} s.",
            "{http.host} did not answer in time.",
            "A server did not answer in time, or its transfer stalled.",
        ),
        "Run again: what has been fetched is kept and the transfer goes on from there.",
        "Check the way to {http.host}: a proxy or a firewall that drops packets looks like this.",
        "On a slow line fetch the model beforehand (`hf download MODEL`) and use its folder, or raise the time limit (HF_HUB_DOWNLOAD_TIMEOUT).",
    ),
    Category.STORAGE_QUOTA_OR_DISK_FULL: _words(
        (
            "{disk.path} has {disk.free} free and {disk.needed} are needed.",
            "{disk.path} is full ({disk.free} free).",
            "The disk, or the storage that the browser grants to this site, is full.",
        ),
        "Free at least {disk.needed} on {disk.path}, or move the cache to a larger disk.",
        Line(
            "In the browser, leave private windows, free disk space and delete models of this site that are not used (site settings, storage).",
            runtimes=_WEB,
        ),
        Line(
            "Delete models that are not used, or move the cache (HF_HOME, MLC_LLM_HOME, OLLAMA_MODELS, TMPDIR) to a larger disk.",
            without=_WEB,
        ),
        _SMALLER,
        _SMALLEST,
    ),
    Category.STORAGE_PERMISSION: _words(
        (
            "The system does not allow the access to {disk.path}.",
            "The system does not allow the access to {artifact.file}.",
            "The system does not allow the access to a file, a folder or the browser's storage.",
        ),
        "Give the user that runs the program the right to read and write {disk.path}.",
        "Check owner and mode of the cache and model folders and of each folder above them; a service may run as another user.",
        Line(
            "Serve the page from https or localhost and allow site storage: the Cache API is absent elsewhere.",
            runtimes=_WEB,
        ),
        "On Windows close the program that holds the file open, and leave the folder out of the virus scanner.",
    ),
    Category.ARTIFACT_MODEL_NOT_FOUND: _words(
        (
            "The model {model.id} is not known; the nearest are {model.nearest}.",
            "The model {model.id} was not found.",
            "{artifact.file} was not found.",
            "The model, or a file of it, is not where it was looked for.",
        ),
        "Use one of {model.nearest}.",
        "Check that {artifact.file} is in the model's folder; fetch the model again if it is not.",
        "Check the spelling of the model's id, its revision and the path; the repository may be private, renamed or without files for this engine.",
        Line("Fetch it first: `ollama pull MODEL`; `ollama list` shows what is there.", runtimes=("ollama",)),
        Line(
            "Use an id of prebuiltAppConfig, or add a record with model, model_id and model_lib to appConfig.",
            runtimes=("web-llm", "webllm"),
        ),
        "Look at the list of files in the repository or folder: an engine may look for files of another format or quantisation.",
    ),
    Category.ARTIFACT_CORRUPT: _words(
        (
            "{artifact.file} has {artifact.actual_bytes} instead of {artifact.expected_bytes}.",
            "{artifact.file} has the MD5 {artifact.actual_md5} instead of {artifact.expected_md5}.",
            "{artifact.file} is not what it should be: {artifact.actual}.",
            "{artifact.file} is damaged or incomplete.",
            "A file of the model is damaged, incomplete or not what its name says.",
        ),
        Line(
            "Empty the cache of this site and load the page again: {cache.entries} files of models were kept and nothing was asked for. In the developer tools: Application, Storage, «Clear site data».",
            runtimes=_WEB,
        ),
        "Delete {artifact.file} and fetch it again: it has {artifact.actual_bytes}, and {artifact.expected_bytes} are right.",
        "Delete {artifact.file} and fetch it again: its MD5 is {artifact.actual_md5}, and {artifact.expected_md5} is right.",
        "Delete {artifact.file} and fetch it again.",
        "Delete the model from the cache and fetch it again; compare sizes and checksums with the repository's.",
        "After `git clone` run `git lfs install && git lfs pull`: without it the weights are small pointer files.",
        Line(
            "Delete the site's cached models (Cache Storage: webllm/model, webllm/wasm, webllm/config): a bad answer may have been kept.",
            runtimes=_WEB,
        ),
    ),
    Category.ARTIFACT_INCOMPATIBLE: _words(
        (
            "Version {runtime.version} of the runtime is there and {runtime.wanted} is wanted.",
            "{artifact.file} does not fit: {artifact.expected} was wanted and {artifact.actual} is there.",
            "The runtime does not know {artifact.actual} as {artifact.key}; it knows {artifact.expected}.",
            "The runtime does not know {artifact.actual} as {artifact.key}.",
            "The key {artifact.key} is missing or has an older form.",
            "Model, model library and runtime were built for different versions or architectures.",
        ),
        "Install version {runtime.wanted} of the runtime.",
        "Use the configuration and the shards of one and the same conversion: the configuration claims {artifact.quantization}.",
        "Use a model whose {artifact.key} is one of {artifact.expected}, or a version of the runtime that knows {artifact.actual}.",
        "Fetch or convert {artifact.file} again: {artifact.expected} is wanted and {artifact.actual} is there.",
        "Bring runtime, model library and model to the same release: upgrade the runtime, then fetch or convert the model again.",
        Line(
            "Use the model library of this web-llm release (prebuiltAppConfig of the same version) and clear its cached wasm.",
            runtimes=("web-llm", "webllm"),
        ),
        Line(
            "Install mlc-llm and mlc-ai (or apache-tvm and apache-tvm-ffi) of the same day and delete compiled libraries of the older one.",
            runtimes=("mlc", "tvm"),
        ),
        Line(
            "Upgrade the runtime if the model is newer; convert the model again to the current GGUF if it is older.",
            runtimes=("llama", "ollama", "koboldcpp", "lm"),
        ),
        "Compile the model library again, or convert the model again, with the versions that are installed.",
    ),
    Category.ARTIFACT_TOKENIZER: _words(
        (
            "{artifact.file} does not fit the model: {artifact.expected} was wanted and {artifact.actual} is there.",
            "The tokenizer file {artifact.file} is missing or invalid.",
            "The tokenizer or chat template is missing or invalid.",
        ),
        "Fetch {artifact.file} of the same model as the weights: {artifact.expected} was wanted and {artifact.actual} is there.",
        "Fetch {artifact.file} again from the model's repository.",
        "Fetch tokenizer.json, tokenizer_config.json (or tokenizer.model) again into the model's folder, and check that they are JSON and no pointer or web page.",
        "Upgrade the tokenizers library: an older one cannot read a newer tokenizer.json; install sentencepiece or tiktoken where the message asks for it.",
    ),
    Category.GPU_UNSUPPORTED: _words(
        (
            "The device {device.requested} is not usable here: {device.reason}.",
            "The device {device.requested} is not there; {device.available} would work.",
            "No usable GPU was found: none is there, its driver is not loaded, or the program may not see it.",
        ),
        "Use --device with one of: {device.available}.",
        Line(
            "Enable WebGPU: a current Chrome or Edge, hardware acceleration on, on Linux --enable-unsafe-webgpu --enable-features=Vulkan; chrome://gpu says what is missing. WebLLM has no CPU or WASM back end.",
            runtimes=_WEB,
        ),
        Line(
            "Without a GPU use the native engine on the CPU: `localloom-agent probe --engine tvm`.",
            runtimes=_OWN,
        ),
        "Check that the driver works (nvidia-smi, rocminfo, vulkaninfo); in a container pass the GPU in (--gpus all, or /dev/dri and /dev/kfd).",
        Line(
            "Install the build of the runtime that was made for this GPU (CUDA, ROCm, Vulkan or Metal).",
            without=_WEB,
        ),
    ),
    Category.GPU_FEATURE_MISSING: _words(
        (
            "The GPU lacks what the program needs: {artifact.expected}.",
            "The GPU, its driver or the browser lacks a feature, a limit or an architecture that the program needs.",
        ),
        Line(
            "Use a model without shader-f16 (its id has q4f32_1 instead of q4f16_1), or a browser and GPU that offer shader-f16.",
            runtimes=_WEB,
        ),
        Line(
            "Use a smaller context or model where a buffer limit is exceeded; other browsers report other limits.",
            runtimes=_WEB,
        ),
        Line(
            "Use a build for this GPU's compute capability, another data type (float16 instead of bfloat16) or another attention back end.",
            without=_WEB,
        ),
        "Update the GPU's driver and the browser or runtime: features appear with newer ones.",
    ),
    Category.GPU_DRIVER: _words(
        (
            "The driver of the GPU does not fit: {device.reason}.",
            "The GPU's driver is too old, does not match its library or kernel module, or fails.",
        ),
        "Install the current driver of the GPU's maker and restart the machine: a driver updated underneath a running kernel module does not match.",
        "With an old driver that must stay, use a build of the runtime for its CUDA version.",
        "Compare the versions that nvidia-smi (or vulkaninfo, rocminfo) shows with those that the runtime wants.",
    ),
    Category.GPU_OUT_OF_MEMORY: _words(
        (
            "The model needs {gpu.memory.needed} of GPU memory and {gpu.memory.free} is free.",
            "The model needs {gpu.memory.needed} of GPU memory and the GPU has {gpu.memory.total}.",
            "The GPU's memory does not hold the model, its KV cache and its temporary buffers.",
        ),
        Line("It needs {gpu.memory.needed}, {gpu.memory.free} is free: try {model.smaller}."),
        _SMALLER,
        _SMALLEST,
        "Make the context, the batch and the prefill chunk smaller: the KV cache and temporary buffers grow with them.",
        "Close other programs that use the GPU (nvidia-smi lists them; in the browser, other tabs).",
        Line(
            "Put fewer layers on the GPU (-ngl, num_gpu) or split the model over several.",
            runtimes=("llama", "ollama", "vllm", "lm", "kobold"),
        ),
    ),
    Category.GPU_DEVICE_LOST: _words(
        ("The GPU was lost or reset while it worked.",),
        "Run again; where it repeats, update the GPU's driver and the browser or runtime.",
        "Use a smaller model or prefill chunk: a command that takes seconds makes the system reset the GPU, and so does memory pressure.",
        "Look into the system's log (dmesg, event viewer) for resets of the GPU; heat, power and overclocking cause them.",
        Line("Reload the page: a lost WebGPU device does not come back by itself.", runtimes=_WEB),
    ),
    Category.HOST_OUT_OF_MEMORY: _words(
        (
            "{memory.needed} of memory are needed and {memory.available} is available.",
            "The process used {memory.peak} of the {memory.limit} that it may use and was ended.",
            "The machine's memory, or what the process may use of it, ran out.",
        ),
        Line("It needs {memory.needed}, {memory.available} is available: try {model.smaller}."),
        _SMALLER,
        _SMALLEST,
        "Raise the memory limit of the container, of WSL (.wslconfig) or of the service from {memory.limit}.",
        "Close other programs, add swap (on Windows a larger paging file), or load with memory mapping.",
        Line(
            "In the browser close other tabs; one buffer holds at most 2 to 4 GB, so use a model in smaller shards.",
            runtimes=_WEB,
        ),
    ),
    Category.HOST_MISSING_DEPENDENCY: _words(
        (
            "{module.missing} is missing on this machine.",
            "A library, tool or package that the program needs is missing or too old.",
        ),
        "Install {module.missing} into the environment that runs the program.",
        "Install the package, tool or library that the message names, in the same environment (the same Python, the same container).",
        "For GLIBC or GLIBCXX versions use a newer system or a build for this one; for CUDA libraries install the ones of the version that the build names.",
        Line(
            "For mlc-llm run `localloom-agent setup mlc`: PyPI has only empty placeholders of its name.",
            runtimes=("mlc",),
        ),
    ),
    Category.HOST_UNSUPPORTED_CPU: _words(
        (
            "The CPU ({host.cpu}) lacks instructions that the program was built with.",
            "The CPU lacks instructions that the program was built with, such as AVX2.",
        ),
        "Use a build for older CPUs (without AVX2 or AVX-512), or build it on this machine.",
        "In a virtual machine pass the host's CPU through: the default CPU model hides AVX.",
        Line(
            "Compile the model library for this CPU instead of copying it from a newer machine.",
            runtimes=("tvm", "mlc"),
        ),
    ),
    Category.COMPILE_FAILED: _words(
        ("A kernel, a shader or the model library did not compile for this device.",),
        "Update the runtime and the GPU's driver: generated kernels and shader compilers are matched by version.",
        Line(
            "Try another browser or back end; report the shader's error with the GPU's name to the runtime's maintainers.",
            runtimes=_WEB,
        ),
        Line(
            "Read the first error of the compiler above this one; check that compiler, SDK and CUDA toolkit are those the runtime asks for.",
            without=_WEB,
        ),
        "Use a prebuilt model library where there is one.",
    ),
    Category.WORKER_CRASHED: _words(
        ("A worker of the engine ended, or the page lost its service worker.",),
        Line(
            "Reload the extension at chrome://extensions, then reload the page: an old page keeps a dead channel.",
            runtimes=("web-llm", "webllm", "transformers.js", "other", "onnxruntime"),
        ),
        Line(
            "A service worker is stopped when it is idle: send it messages regularly (keep-alive), or run the engine in a web worker.",
            runtimes=_WEB,
        ),
        Line(
            "Look for the worker's own error, further up in the log: the message of the parent does not name the cause.",
            without=("web-llm", "webllm"),
        ),
        "Restart the engine; with several GPUs try one, to see whether their communication is at fault.",
    ),
    Category.PROCESS_CRASHED: _words(
        ("The engine's process crashed.",),
        "Update the engine and the GPU's driver; run with one back end less (CPU instead of GPU) to see which part crashes.",
        "Check the model's files: a damaged or foreign library ends in a crash without words.",
        "Report it to the engine's maintainers with the trace, the model's id and the GPU's name.",
    ),
    Category.PROCESS_HUNG: _words(
        (
            "There was no sign of life for {progress.age_s} s and the process was ended.",
            "The phase ran over its limit of {limit.seconds} s.",
            "The engine stopped making progress without an error.",
        ),
        "Run again with --verbose; the stacks in the report show where it waits.",
        Line(
            "Stop the service worker at chrome://serviceworker-internals (or reload the extension at chrome://extensions) and reload the page.",
            runtimes=_WEB,
        ),
        "Check the engine's other output: an error in a background thread leaves the caller waiting.",
        "Give it more time where the machine is slow: a first compilation can take minutes.",
    ),
    Category.GENERATE_NUMERIC: _words(
        (
            "The output is wrong: {tokens.nonfinite} logits are not finite.",
            "The output is wrong: only {tokens.agreement} of the tokens agree with the reference.",
            "The model runs and its numbers or text are wrong.",
        ),
        "Verify the model's files, and fetch them again: flipped bytes give wrong text and no error.",
        "Try another quantisation or data type (float32 instead of float16, bfloat16 where the model was trained in it).",
        "Try the CPU or another back end: where that is right, the GPU's kernels or driver are at fault.",
        "Check that the chat template and the tokenizer belong to this model.",
    ),
    Category.GENERATE_CONTEXT_OVERFLOW: _words(
        (
            "The prompt has {prompt.tokens} tokens and the context holds {context.window}.",
            "The prompt, with the answer, does not fit the context of {context.window} tokens.",
            "The prompt, with the answer, does not fit the model's context.",
        ),
        "Shorten the prompt or the history to less than {context.window} tokens.",
        "Shorten the prompt or the history, or start a new conversation.",
        "Raise the context (context_window_size, n_ctx, num_ctx, max_model_len) where memory allows and the model was trained for it.",
    ),
    Category.CONFIG_INVALID: _words(
        (
            "The setting {artifact.key} is not valid: {artifact.expected} was wanted and {artifact.actual} is there.",
            "The setting {artifact.key} is not valid: {device.requested}.",
            "{artifact.file}: the key {artifact.key} is not valid: {artifact.actual}.",
            "The setting {artifact.key} is not valid: {artifact.actual}.",
            "The setting {artifact.key} is not valid.",
            "A setting, an argument or the way the program was called is not valid.",
        ),
        "Give {artifact.key} another value than {device.requested}; `localloom-agent probe --help` lists what is valid.",
        "Correct {artifact.key} in {artifact.file} (now: {artifact.actual}), or fetch the file again.",
        "Correct {artifact.key} (now: {artifact.actual}).",
        "Correct the setting {artifact.key}.",
        "Correct the setting or argument that the message names; `--help` lists what is valid.",
        "Check that documentation and installed version belong together: names of settings change.",
        Line(
            "Run browser code only in the browser (dynamic import, no server-side rendering) and import the bundle with the back end that is wanted.",
            runtimes=_WEB,
        ),
        "Where the address is in use, stop the other program or choose another port.",
    ),
    Category.UNKNOWN: _words(
        ("Nothing in the evidence names a cause.",),
        "Run the probe on this machine (`localloom-agent probe`): it watches each phase and finds what the message does not say.",
        "Paste more of the log, from its first error on.",
    ),
}

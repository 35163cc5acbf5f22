"""Texts of each family of errors, in the form that programs give them, and the category that they belong to."""

from __future__ import annotations

import pytest

from localloom_diagnosis import Category, Evidence, diagnose

C = Category

CASES = (
    # memory
    ("RuntimeError: CUDA out of memory. Tried to allocate 20 MiB", C.GPU_OUT_OF_MEMORY),
    ("torch.OutOfMemoryError: HIP out of memory", C.GPU_OUT_OF_MEMORY),
    ("ggml_vulkan: vk::Device::allocateMemory: ErrorOutOfDeviceMemory", C.GPU_OUT_OF_MEMORY),
    ("Check failed: Vulkan Error, code=-2: VK_ERROR_OUT_OF_DEVICE_MEMORY", C.GPU_OUT_OF_MEMORY),
    ("cublasCreate failed: CUBLAS_STATUS_ALLOC_FAILED", C.GPU_OUT_OF_MEMORY),
    ("allocating 900.00 MiB on device 0: cudaMalloc failed: out of memory", C.GPU_OUT_OF_MEMORY),
    (
        "error: Insufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)",
        C.GPU_OUT_OF_MEMORY,
    ),
    (
        "InternalError: Insufficient GPU memory error: The available single GPU memory is 24.1 MB",
        C.GPU_OUT_OF_MEMORY,
    ),
    ("InternalError: std::bad_alloc", C.HOST_OUT_OF_MEMORY),
    ("MemoryError", C.HOST_OUT_OF_MEMORY),
    ("OSError: [Errno 12] Cannot allocate memory", C.HOST_OUT_OF_MEMORY),
    ("[WinError 1455] The paging file is too small for this operation", C.HOST_OUT_OF_MEMORY),
    ("RangeError: Array buffer allocation failed", C.HOST_OUT_OF_MEMORY),
    (
        "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
        C.HOST_OUT_OF_MEMORY,
    ),
    ("container exited with code 137 (OOMKilled)", C.HOST_OUT_OF_MEMORY),
    ("c++: fatal error: Killed signal terminated program cc1plus", C.HOST_OUT_OF_MEMORY),
    ("native API failed: UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY", C.GPU_OUT_OF_MEMORY),
    # GPU
    ("Error: Unable to find a compatible GPU", C.GPU_UNSUPPORTED),
    ("TypeError: Cannot read properties of undefined (reading 'requestAdapter')", C.GPU_UNSUPPORTED),
    ("CUDA Runtime Error: cudaErrorNoDevice (100): no CUDA-capable device is detected", C.GPU_UNSUPPORTED),
    (
        "InternalError: Check failed: (allow_missing) is false: Device API cuda is not enabled.",
        C.GPU_UNSUPPORTED,
    ),
    ("ValueError: Device is not found on your local environment: rocm", C.GPU_UNSUPPORTED),
    ("ShaderF16SupportError: This model requires WebGPU extension shader-f16", C.GPU_FEATURE_MISSING),
    ("requested maxBufferSize exceeds limit. requested=2048MB, limit=256MB.", C.GPU_FEATURE_MISSING),
    ("needs a GPU with compute capability of at least 8.0", C.GPU_FEATURE_MISSING),
    ("CUDA driver version is insufficient for CUDA runtime version", C.GPU_DRIVER),
    ("Failed to initialize NVML: Driver/library version mismatch", C.GPU_DRIVER),
    ("libcuda.so.400: undefined symbol: cuMemCreate", C.GPU_DRIVER),
    ("vk::Queue::submit: ErrorDeviceLost", C.GPU_DEVICE_LOST),
    ("DXGI_ERROR_DEVICE_HUNG (0x887A0006)", C.GPU_DEVICE_LOST),
    ("GPUPipelineError: A valid external Instance reference no longer exists.", C.GPU_DEVICE_LOST),
    ("ggml_backend_metal_init: failed to initialize the Metal backend", C.GPU_UNSUPPORTED),
    ("NotImplementedError: aten::foo is not currently implemented for the MPS device", C.GPU_FEATURE_MISSING),
    ("ValueError: type fp8e9 not supported in this architecture", C.GPU_FEATURE_MISSING),
    ("RuntimeError: expected is_sm90 to be true", C.GPU_FEATURE_MISSING),
    # network
    ("CAS service error: request failed after 9 retries", C.NETWORK_UNREACHABLE),
    ("curl: (55) Send failure: broken", C.NETWORK_UNREACHABLE),
    ("pull failed: context deadline exceeded", C.NETWORK_TIMEOUT),
    ("curl: (22) The requested URL returned error: 410", C.NETWORK_HTTP_ERROR),
    ("curl: (23) Failure writing output to destination", C.STORAGE_QUOTA_OR_DISK_FULL),
    ("the tool cannot be opened because the developer cannot be verified", C.STORAGE_PERMISSION),
    ("RuntimeError: Cannot find cmake in PATH", C.HOST_MISSING_DEPENDENCY),
    ("foo kernels need to be installed first", C.HOST_MISSING_DEPENDENCY),
    ("the tool ended with 3221225781", C.HOST_MISSING_DEPENDENCY),
    ("the tool ended with -1073741795", C.HOST_UNSUPPORTED_CPU),
    ("invalid magic characters: '<!do', wanted another", C.ARTIFACT_CORRUPT),
    ("ValueError: Missing 12 parameters: some.layer.weight", C.ARTIFACT_INCOMPATIBLE),
    ("ValueError: Foo 9 support is not ready yet", C.ARTIFACT_INCOMPATIBLE),
    ("LINK : fatal error LNK1120: 3 unresolved externals", C.COMPILE_FAILED),
    ("rpc error: code = Unavailable desc = error reading from server: EOF", C.PROCESS_CRASHED),
    ("Check failed: uniform_sample <= top (0.1 vs. nan)", C.GENERATE_NUMERIC),
    ("getaddrinfo ENOTFOUND models.example.org", C.NETWORK_UNREACHABLE),
    ("net::ERR_NAME_NOT_RESOLVED", C.NETWORK_UNREACHABLE),
    ("dial tcp: lookup models.example.org: no such host", C.NETWORK_UNREACHABLE),
    ("ConnectionRefusedError: [Errno 111] Connection refused", C.NETWORK_UNREACHABLE),
    ("curl: (56) Recv failure: Connection reset by peer", C.NETWORK_UNREACHABLE),
    ("Access to fetch has been blocked by CORS policy", C.NETWORK_BLOCKED),
    (
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate",
        C.NETWORK_BLOCKED,
    ),
    ("requests.exceptions.ProxyError: Cannot connect to proxy.", C.NETWORK_BLOCKED),
    ("401 Client Error: Unauthorized for url: https://models.example.org/x", C.NETWORK_BLOCKED),
    ("GatedRepoError: Access to model acme/secret is restricted", C.NETWORK_BLOCKED),
    ("HTTPError: 429 Client Error: Too Many Requests", C.NETWORK_HTTP_ERROR),
    ("503 Server Error: Service Unavailable for url: https://models.example.org", C.NETWORK_HTTP_ERROR),
    ("httpx.ReadTimeout: The read operation timed out", C.NETWORK_TIMEOUT),
    ("TypeError: fetch failed\n  [cause]: HeadersTimeoutError: UND_ERR_HEADERS_TIMEOUT", C.NETWORK_TIMEOUT),
    ("net/http: TLS handshake timeout", C.NETWORK_TIMEOUT),
    ("TypeError: fetch failed\n    at node:internal/deps/undici/undici:1:2", C.NETWORK_UNREACHABLE),
    ("download failed: Could not establish connection", C.NETWORK_UNREACHABLE),
    ("Error: Response payload is not completed", C.NETWORK_UNREACHABLE),
    ("java.io.FileNotFoundException: https://models.example.org/part_3.bin", C.NETWORK_HTTP_ERROR),
    ("curl: (56) The requested URL returned error: 404\nPlease check your network", C.NETWORK_HTTP_ERROR),
    ("batch response: This repository exceeded its LFS budget.", C.NETWORK_HTTP_ERROR),
    ("Error: 502: <!DOCTYPE html><title>example.org | 502: Bad answer</title>", C.NETWORK_HTTP_ERROR),
    ("javax.net.ssl.SSLHandshakeException: Trust anchor for the path not found", C.NETWORK_BLOCKED),
    ("<html><head><title>Web access blocked</title></head>", C.NETWORK_BLOCKED),
    ("ConnectError: [Errno 13] Permission denied", C.NETWORK_BLOCKED),
    ("Error code [403: not for this origin]", C.NETWORK_BLOCKED),
    ("OfflineModeIsEnabled: Cannot reach the hub: offline mode is enabled.", C.CONFIG_INVALID),
    ("The client socket has timed out while trying to connect to (node-9, 1)", C.NETWORK_TIMEOUT),
    ("NetworkError: Failed to execute 'add' on 'Cache': Request failed", C.NETWORK_HTTP_ERROR),
    ("Error: pull model manifest: 521: ", C.NETWORK_HTTP_ERROR),
    ("Error Domain=NSURLErrorDomain Code=-1003", C.NETWORK_UNREACHABLE),
    ("curl: (35) OpenSSL: SSL_ERROR_SYSCALL in connection to example.org", C.NETWORK_UNREACHABLE),
    ("Server error '504 Gateway Timeout' for url https://example.org/m.bin", C.NETWORK_HTTP_ERROR),
    ("Error Domain=NSURLErrorDomain Code=-1001", C.NETWORK_TIMEOUT),
    ("Error Domain=NSURLErrorDomain Code=-1202", C.NETWORK_BLOCKED),
    ("the antivirus blocked it, and adguard too: blocking the download", C.NETWORK_BLOCKED),
    ("origin app://here is not allowed", C.NETWORK_BLOCKED),
    ("Forbidden (403)", C.NETWORK_BLOCKED),
    # storage
    ("OSError: [Errno 28] No space left on device", C.STORAGE_QUOTA_OR_DISK_FULL),
    ("QuotaExceededError: the quota has been exceeded", C.STORAGE_QUOTA_OR_DISK_FULL),
    ("PermissionError: [Errno 13] Permission denied: '/srv/models'", C.STORAGE_PERMISSION),
    ("Error: EACCES: permission denied, mkdir '/srv/models'", C.STORAGE_PERMISSION),
    ("no node has enough free disk: need 9.9 GB", C.STORAGE_QUOTA_OR_DISK_FULL),
    ("what():  basic_ios::clear: iostream error", C.STORAGE_QUOTA_OR_DISK_FULL),
    ("error writing to file: /srv/models/a.part", C.STORAGE_QUOTA_OR_DISK_FULL),
    ("unable to create cache directory: /.cache/engine/", C.STORAGE_PERMISSION),
    ("mkdir /mnt/share/models: operation not supported", C.STORAGE_PERMISSION),
    ("OSError: [Errno 116] Stale file handle: '/mnt/share/m.bin'", C.STORAGE_PERMISSION),
    ("NoModificationAllowedError: Access Handles cannot be created", C.STORAGE_PERMISSION),
    ("There was a problem when trying to write in your cache folder", C.STORAGE_PERMISSION),
    ("TypeError: Cannot read properties of undefined (reading 'match')\n    at caches", C.STORAGE_PERMISSION),
    ("RuntimeError: unexpected pos 5504 vs 5408", C.STORAGE_QUOTA_OR_DISK_FULL),
    ("There is insufficient space on the volume", C.STORAGE_QUOTA_OR_DISK_FULL),
    ("Not allowed to load local resource: file:///srv/m.bin", C.STORAGE_PERMISSION),
    ("Error: this page has no OPFS: OPFS is not available", C.STORAGE_PERMISSION),
    ("failed to open /dev/dri/renderD129: Permission denied", C.STORAGE_PERMISSION),
    # artifacts
    ("ModelNotFoundError: Cannot find model record in appConfig for Foo", C.ARTIFACT_MODEL_NOT_FOUND),
    ('Error: model "foo" not found, try pulling it first', C.ARTIFACT_MODEL_NOT_FOUND),
    ("OSError: acme/foo does not appear to have a file named config.json", C.ARTIFACT_MODEL_NOT_FOUND),
    ("SafetensorError: Error while deserializing header: HeaderTooLarge", C.ARTIFACT_CORRUPT),
    ("ValueError: Encountered an corrupted parameter shard", C.ARTIFACT_CORRUPT),
    ("Error: digest mismatch, file must be downloaded again", C.ARTIFACT_CORRUPT),
    ("SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", C.ARTIFACT_CORRUPT),
    (
        "CompileError: WebAssembly.instantiate(): expected magic word 00 61 73 6d, found 3c 21 44 4f",
        C.ARTIFACT_CORRUPT,
    ),
    ("Cannot find global function vm.builtin.something", C.ARTIFACT_INCOMPATIBLE),
    ("AttributeError: Module has no function 'prefill_v2'", C.ARTIFACT_INCOMPATIBLE),
    ('LinkError: WebAssembly.instantiate(): Import #3 module="env"', C.ARTIFACT_INCOMPATIBLE),
    ("ValueError: Cannot find parameter in cache: lm_head.weight", C.ARTIFACT_INCOMPATIBLE),
    ("error loading model: unknown model architecture: 'foo'", C.ARTIFACT_INCOMPATIBLE),
    ("libfoo.so: undefined symbol: _ZN3tvm7runtime", C.ARTIFACT_INCOMPATIBLE),
    (
        "mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64')",
        C.ARTIFACT_INCOMPATIBLE,
    ),
    ("InternalError: Cannot find any tokenizer under: /srv/models/foo", C.ARTIFACT_TOKENIZER),
    ("data did not match any variant of untagged enum ModelWrapper at line 3 column 1", C.ARTIFACT_TOKENIZER),
    # host
    ("ModuleNotFoundError: No module named 'mlc_llm'", C.HOST_MISSING_DEPENDENCY),
    (
        "OSError: libcudart.so.13: cannot open shared object file: No such file or directory",
        C.HOST_MISSING_DEPENDENCY,
    ),
    ("version `GLIBC_2.38' not found (required by libfoo.so)", C.HOST_MISSING_DEPENDENCY),
    (
        "ImportError: DLL load failed while importing foo: The specified module could not be found.",
        C.HOST_MISSING_DEPENDENCY,
    ),
    ("RuntimeError: [Errno 2] No such file or directory: 'nvcc'", C.HOST_MISSING_DEPENDENCY),
    ("bash: cmake: command not found", C.HOST_MISSING_DEPENDENCY),
    ("exited with code 3221225781", C.HOST_MISSING_DEPENDENCY),
    ("Illegal instruction (core dumped)", C.HOST_UNSUPPORTED_CPU),
    ("traps: engine[77] trap invalid opcode ip:55 sp:7f error:0 in libengine.so", C.HOST_UNSUPPORTED_CPU),
    ("NumPy was built with baseline optimizations: (X86_V3)", C.HOST_UNSUPPORTED_CPU),
    ("Error: WebAssembly SIMD is not supported here", C.HOST_UNSUPPORTED_CPU),
    ("ImportError: `shard_map` requires Foo: `pip install foo`", C.HOST_MISSING_DEPENDENCY),
    ("Fast attention requires Flash Thing 2.9 or later", C.HOST_MISSING_DEPENDENCY),
    ("Failed Loading 'runtimes/linux-x64/libfoo_shared.so'", C.HOST_MISSING_DEPENDENCY),
    ("NoBinaryFoundError: No prebuilt binaries found", C.HOST_MISSING_DEPENDENCY),
    ("NVSHMEM is not enabled. Build the runtime with it.", C.HOST_MISSING_DEPENDENCY),
    ("Command '['which', 'g++']' returned non-zero exit status 1.", C.HOST_MISSING_DEPENDENCY),
    ("FileNotFoundError: [Errno 2] No such file or directory: 'protoc'", C.HOST_MISSING_DEPENDENCY),
    ("Command '['git', 'lfs', 'pull']' returned non-zero exit status 1.", C.HOST_MISSING_DEPENDENCY),
    ("InvalidSchema: Missing dependencies for SOCKS support.", C.HOST_MISSING_DEPENDENCY),
    ("foo-cp39-manylinux_2_28.whl is not a supported wheel on this platform.", C.ARTIFACT_INCOMPATIBLE),
    (
        "  File \"torch/serialization.py\", line 9, in find_class\nModuleNotFoundError: No module named 'old.models'",
        C.ARTIFACT_INCOMPATIBLE,
    ),
    ("PARAMETER: command not found", C.CONFIG_INVALID),
    ('docker: could not select device driver "nvidia" with capabilities: [[gpu]]', C.HOST_MISSING_DEPENDENCY),
    ("NameError: name 'init_empty_weights' is not defined", C.HOST_MISSING_DEPENDENCY),
    ("backend libggml-cpu-foo.so is not supported on this system", C.HOST_UNSUPPORTED_CPU),
    ("process ended: exit status 0xc000001d", C.HOST_UNSUPPORTED_CPU),
    ("Your CPU does not support AVX2", C.HOST_UNSUPPORTED_CPU),
    # compilation, processes, workers
    ('[Invalid ShaderModule "foo"] is invalid due to a previous error.', C.COMPILE_FAILED),
    ("RuntimeError: Cannot find compilation output, compilation failed", C.COMPILE_FAILED),
    ("wasm-ld: error: initial memory too small", C.COMPILE_FAILED),
    ("Segmentation fault (core dumped)", C.PROCESS_CRASHED),
    ("process ended: exit status 0xc0000005", C.PROCESS_CRASHED),
    (
        "Unchecked runtime.lastError: Could not establish connection. Receiving end does not exist.",
        C.WORKER_CRASHED,
    ),
    ("Error: Extension context invalidated.", C.WORKER_CRASHED),
    ("EngineDeadError: EngineCore encountered an issue", C.WORKER_CRASHED),
    ("MQLLMEngine is already dead, terminating server process", C.WORKER_CRASHED),
    ("Remote RPC server crashed or gave a malformed answer", C.WORKER_CRASHED),
    ("rank 0 is done, but there are other ranks that didn't finish", C.WORKER_CRASHED),
    ("pair.cc:534] Connection closed by peer [10.0.0.9]:9", C.WORKER_CRASHED),
    ('  File "multiprocessing/connection.py", line 9, in _recv\nEOFError', C.WORKER_CRASHED),
    ("Refused to create a worker from 'blob:https://app.example.org/1'", C.WORKER_CRASHED),
    ("Failed core proc(s): {'EngineCore_1': -9}", C.HOST_OUT_OF_MEMORY),
    ("Failed core proc(s): {'EngineCore_1': -4}", C.HOST_UNSUPPORTED_CPU),
    ("PS C:\\x> $LASTEXITCODE\n-1073741515", C.HOST_MISSING_DEPENDENCY),
    ("OSError: exception: access violation writing 0x10", C.PROCESS_CRASHED),
    (
        "System.AccessViolationException: Attempted to read or write protected memory.",
        C.PROCESS_CRASHED,
    ),
    ('{"flavor":"ARM_THREAD_STATE64"},"frames":[{"imageOffset":9}]', C.PROCESS_CRASHED),
    ('Get "http://127.0.0.1:41111/health": context deadline exceeded', C.PROCESS_HUNG),
    ("RuntimeError: The server fails to start in 90 seconds.", C.PROCESS_HUNG),
    ("NETWORK ERROR DUE TO HIGH TRAFFIC. (error_code: 9)", C.WORKER_CRASHED),
    ("The kernel for notes.ipynb appears to have died.", C.PROCESS_CRASHED),
    ("The instruction at 0x7ff referenced memory at 0x8.", C.PROCESS_CRASHED),
    ("SEHException: External component has thrown an exception.", C.PROCESS_CRASHED),
    ("chat.exe has stopped working", C.PROCESS_CRASHED),
    ("the call blocks indefinitely and never resolves", C.PROCESS_HUNG),
    ("terminating: mutex lock failed: Invalid argument\nzsh: abort  node x.mjs", C.PROCESS_CRASHED),
    ("Startup probe failed: dial tcp 10.0.0.9:80: connect: connection refused", C.PROCESS_HUNG),
    ("Loading weights\nThread 0 Crashed: 0x8badf00d", C.PROCESS_HUNG),
    ("timed out waiting for llama runner to start", C.PROCESS_HUNG),
    # generation and settings
    ("RuntimeError: probability tensor contains either `inf`, `nan` or element < 0", C.GENERATE_NUMERIC),
    ("ContextWindowSizeExceededError: Prompt tokens exceed context window size", C.GENERATE_CONTEXT_OVERFLOW),
    (
        "Request prompt has 2002 tokens in total, larger than the model input length limit 512.",
        C.GENERATE_CONTEXT_OVERFLOW,
    ),
    ("server: error: unrecognized arguments: --foo", C.CONFIG_INVALID),
    ("OSError: [Errno 98] Address already in use", C.CONFIG_INVALID),
    ("ReferenceError: window is not defined", C.CONFIG_INVALID),
    # settings that are refused where they are used
    ("Unrecognized Pool option: grow_segments", C.CONFIG_INVALID),
    ("n_batch and n_ubatch cannot both be zero", C.CONFIG_INVALID),
    ("Error: Make sure 0 < min_p <= 1.", C.CONFIG_INVALID),
    ('{"error":{"code":400,"message":"odd role","type":"invalid_request_error"}}', C.CONFIG_INVALID),
    ("failed to parse grammar: unexpected sign in rule 3", C.CONFIG_INVALID),
    ("JSON schema conversion failed: odd type", C.CONFIG_INVALID),
    ("ValueError: invalid reader name (choose from a, b)", C.CONFIG_INVALID),
    ("model must be loaded with the first split", C.CONFIG_INVALID),
    ("failed to open m.gguf: Too many open files", C.CONFIG_INVALID),
    ("rename a-partial: file name too long", C.CONFIG_INVALID),
    ("mmap failed: No such device", C.CONFIG_INVALID),
    ("Error: $HOME is not defined", C.CONFIG_INVALID),
    ("RuntimeError: started before its bootstrapping phase was over", C.CONFIG_INVALID),
    ("CUDA error: invalid device ordinal", C.CONFIG_INVALID),
    ("x.cpp:7: GGML_ASSERT(n_tokens <= cparams.n_batch) failed", C.CONFIG_INVALID),
    ("ValueError: Does not support value cache of type q9", C.CONFIG_INVALID),
    ("error loading session file: wrong model arch: 'a' instead of 'b'", C.CONFIG_INVALID),
    ("failed to quantize: requantizing from type q9_K is disabled", C.CONFIG_INVALID),
    ('Unsupported model type "a" for task "b"', C.CONFIG_INVALID),
    ("OperationError: adapter is consumed", C.CONFIG_INVALID),
    ("listen tcp: address 0.0.0.0:1:2: too many colons in address", C.CONFIG_INVALID),
    ("server busy, please try again. maximum pending requests exceeded", C.CONFIG_INVALID),
    ("Missing `model_lib` for the model of that name", C.CONFIG_INVALID),
    ("OneModel is not loaded with this pipeline.", C.CONFIG_INVALID),
    ("Error: No model specified", C.CONFIG_INVALID),
    ("Error: API key is missing", C.CONFIG_INVALID),
    ("ValueError: invalid literal for int() with base 10: 'some'", C.CONFIG_INVALID),
    ("failed to parse the config file", C.CONFIG_INVALID),
    ("num_foo is out of range", C.CONFIG_INVALID),
    ("settings.yml: line 4: did not find expected key", C.CONFIG_INVALID),
    ("malformed request body", C.CONFIG_INVALID),
    ("ValueError: expected 4 values, got 1", C.CONFIG_INVALID),
    ("You cannot set both of these options", C.CONFIG_INVALID),
    ("the server says: 422 Unprocessable Entity", C.CONFIG_INVALID),
    ("KeyError: 'model_dir'", C.CONFIG_INVALID),
    ("ValueError: n_rows must be less than or equal to n_cols", C.CONFIG_INVALID),
    ("asked for device 7, but only 2 available", C.CONFIG_INVALID),
    ('Get "models/list": unsupported protocol scheme ""', C.CONFIG_INVALID),
    ("loading model: /srv/models/settings.json\n", C.CONFIG_INVALID),
    ("MissingOptionError", C.CONFIG_INVALID),
    (
        "Error: no available backend found. ERR: [wasm] TypeError: t is not a function",
        C.CONFIG_INVALID,
    ),
    ("unsupported content type: picture_url", C.CONFIG_INVALID),
    # generation that has nothing to go on with
    ("Cannot sample from the given probability distribution", C.GENERATE_NUMERIC),
    ("Job requires 9 pages (only 8 available)", C.GENERATE_CONTEXT_OVERFLOW),
    ("max_length (99) cannot be greater than model context_length (9)", C.GENERATE_CONTEXT_OVERFLOW),
    # tokenizers and templates
    ("error loading model vocabulary: unknown pre-tokenizer type: 'new'", C.ARTIFACT_TOKENIZER),
    ("'OneTokenizer' object has no attribute 'save_it'", C.ARTIFACT_TOKENIZER),
    ("Cannot go on because tokenizer.chat_template is not set", C.ARTIFACT_TOKENIZER),
    ("Error while reading BPE files: line 3", C.ARTIFACT_TOKENIZER),
    ("ValueError: Token id 99 is out of vocabulary", C.ARTIFACT_TOKENIZER),
    # files that are damaged, and files that are of another version
    ("load_all_data: tensor 'a.weight' has invalid data", C.ARTIFACT_CORRUPT),
    ("The cached snapshot is incomplete: 2 file(s) are missing (b.safetensors)", C.ARTIFACT_CORRUPT),
    ("invalid character 'x' looking for beginning of value", C.ARTIFACT_CORRUPT),
    ("The repository was cloned without having git-lfs installed", C.ARTIFACT_CORRUPT),
    ("libengine.so: file too short", C.ARTIFACT_CORRUPT),
    ("section (code 9) extends past end of the module", C.ARTIFACT_CORRUPT),
    ("invalid magic characters: 'ggjt', expected 'GGUF'", C.ARTIFACT_INCOMPATIBLE),
    (
        "tensor 'a' has invalid ggml type 99. should be in [0, 9)\nfailed to read tensor info",
        C.ARTIFACT_INCOMPATIBLE,
    ),
    ("invalid JSON in header: unknown variant `F4_E2M1`", C.ARTIFACT_INCOMPATIBLE),
    ("_pickle.UnpicklingError: Weights only load failed.", C.ARTIFACT_INCOMPATIBLE),
    ("engine-kernels is installed with version 0.1, which is too low", C.ARTIFACT_INCOMPATIBLE),
    ("failed to find ggml_backend_init in /opt/libggml-x.so", C.ARTIFACT_INCOMPATIBLE),
    ("No module named 'transformers.models.old_one'", C.ARTIFACT_INCOMPATIBLE),
    ("ROCm error: invalid device function", C.ARTIFACT_INCOMPATIBLE),
    ("failed to apply lora adapter: arch mismatch", C.ARTIFACT_INCOMPATIBLE),
    ("Error encountered while parsing 'm/genai_config.json'", C.ARTIFACT_INCOMPATIBLE),
    ("cannot find tensor model.embed.weight", C.ARTIFACT_INCOMPATIBLE),
    ("ValueError: weight_path doesn't exist: /data/one", C.ARTIFACT_MODEL_NOT_FOUND),
    ("Loading lora one failed: nothing at /adapters/one", C.ARTIFACT_MODEL_NOT_FOUND),
    ("Error: Only one of a_size and b_size can be positive.", C.CONFIG_INVALID),
    ("ValidationError: 1 validation error for ServerSettings", C.CONFIG_INVALID),
    ("Error: open /root/Modelfile: no such file or directory", C.CONFIG_INVALID),
    ("NotImplementedError: Unknown quantization type: one4", C.ARTIFACT_INCOMPATIBLE),
    ("NVSHMEM is not enabled in this library", C.HOST_MISSING_DEPENDENCY),
    ("the size of the shard does not match", C.ARTIFACT_CORRUPT),
    ("`max_one` must be <= `max_two`. Given: 9 and 8", C.CONFIG_INVALID),
    ("SyntaxError: Cannot use 'import.meta' outside a module", C.CONFIG_INVALID),
    ("Error: bad parameter 'num_things'", C.CONFIG_INVALID),
    ("unsupported safetensor dtype F8_E4M3", C.ARTIFACT_INCOMPATIBLE),
    ("Set model_lib field consistently: cannot find system lib with one", C.ARTIFACT_INCOMPATIBLE),
    ("RuntimeError: storage has wrong byte size: expected 9 got 2", C.ARTIFACT_CORRUPT),
    ("Error: Need to specify either one_size or two_size.", C.CONFIG_INVALID),
    ("Error: LoRA is not enabled!", C.CONFIG_INVALID),
    ("another process is utilizing it, choose another port", C.CONFIG_INVALID),
    ("ValueError: `heat` has to be a strictly positive float", C.CONFIG_INVALID),
    ("Invalid Vulkan device index", C.CONFIG_INVALID),
    ("sequence_length (99) is >= max_length (9)", C.GENERATE_CONTEXT_OVERFLOW),
    ("input is too large to process", C.GENERATE_CONTEXT_OVERFLOW),
    ("perplexity: [1]3.1,[2]nan,[3]nan,", C.GENERATE_NUMERIC),
    ("Exception: Unknown tokenizer version '9.0'", C.ARTIFACT_TOKENIZER),
    ("couldn't load /models/one/tokenizer.model", C.ARTIFACT_TOKENIZER),
    ("missing one-q4f16_1-vulkan.so", C.ARTIFACT_MODEL_NOT_FOUND),
    ("tensor offset+size (99) exceeds file size (9)", C.ARTIFACT_CORRUPT),
    ("key 'general.one' must be of type u32 but is i32", C.ARTIFACT_INCOMPATIBLE),
    ("ErrorContext(fn=prefill) expect Tensor with dtype float16 but get float32", C.ARTIFACT_INCOMPATIBLE),
    ("System.TypeLoadException: Could not load type 'One' from assembly 'Two'", C.ARTIFACT_INCOMPATIBLE),
    ("Undefined symbol: _TVMFFIExampleCall", C.ARTIFACT_INCOMPATIBLE),
    ("KeyError: 'qwen9'", C.ARTIFACT_INCOMPATIBLE),
    ("TypeError: Descriptors cannot be created directly.", C.ARTIFACT_INCOMPATIBLE),
    ("Error: Cannot find required VM function `example`.", C.ARTIFACT_INCOMPATIBLE),
    ("the prompt gets truncated", C.GENERATE_CONTEXT_OVERFLOW),
    ("Error: the checksum is wrong", C.ARTIFACT_CORRUPT),
    ("weights failed to match the checksum", C.ARTIFACT_CORRUPT),
    ("it stops due to an incomplete download", C.ARTIFACT_CORRUPT),
    ("load error: invalid wire type 7", C.ARTIFACT_CORRUPT),
    ("gzip: stdin: not in gzip format", C.ARTIFACT_CORRUPT),
    ("there is a half-downloaded shard in the cache", C.ARTIFACT_CORRUPT),
    ("Invalid repository ID or local directory specified: 'acme/foo'", C.ARTIFACT_MODEL_NOT_FOUND),
    ("Error: wrong path to the model", C.ARTIFACT_MODEL_NOT_FOUND),
    ("the model has not been downloaded", C.ARTIFACT_MODEL_NOT_FOUND),
    ("Unable to load asset: assets/foo.onnx", C.ARTIFACT_MODEL_NOT_FOUND),
    ("Could not locate any checkpoints", C.ARTIFACT_MODEL_NOT_FOUND),
    ("GGML_ASSERT(node->op == GGML_OP_FOO) failed", C.ARTIFACT_INCOMPATIBLE),
    ("RuntimeError: missing v_foo metal kernel", C.ARTIFACT_INCOMPATIBLE),
    ("INTERNAL: RET_CHECK failure (some/reader.cc:3) tensors.ok()", C.ARTIFACT_INCOMPATIBLE),
    ("Model file version 9 is not supported", C.ARTIFACT_INCOMPATIBLE),
    ("Encountered unresolved custom op: Foo", C.ARTIFACT_INCOMPATIBLE),
    ('there is no file: "tokenizer.json" is missing', C.ARTIFACT_TOKENIZER),
    ("couldn't open the vocabulary", C.ARTIFACT_TOKENIZER),
    ("missing tokenizer.ggml.scores", C.ARTIFACT_TOKENIZER),
    ("Error rendering prompt: Unknown test: mapping", C.ARTIFACT_TOKENIZER),
    ("Flatbuffer verification failed", C.ARTIFACT_CORRUPT),
    ("it crashed, re-downloading the file fixed it", C.ARTIFACT_CORRUPT),
    ("no such field: rope_thing", C.ARTIFACT_INCOMPATIBLE),
    ("unexpected rank, expected: 2, got: 3", C.ARTIFACT_INCOMPATIBLE),
    ("The model 'foo' is not in the list", C.ARTIFACT_MODEL_NOT_FOUND),
    ("No models were detected", C.ARTIFACT_MODEL_NOT_FOUND),
    ("maximum context length reached", C.GENERATE_CONTEXT_OVERFLOW),
    ("KeyError: '<|begin|>'", C.ARTIFACT_TOKENIZER),
    ("thread 'main' panicked at /srv/tokenizers-0.1/src/a.rs:3:9", C.ARTIFACT_TOKENIZER),
    ("Error: failed to fill whole buffer", C.ARTIFACT_CORRUPT),
    ("FooForCausalLM is not a registered model", C.ARTIFACT_INCOMPATIBLE),
    ("Unrecognized quantization format", C.ARTIFACT_INCOMPATIBLE),
    ("extra_special_tokens: list has no such attribute", C.ARTIFACT_TOKENIZER),
    ("No position encodings are defined for position 9", C.GENERATE_CONTEXT_OVERFLOW),
    ("foo.exceededContextWindowSize", C.GENERATE_CONTEXT_OVERFLOW),
    ("QuotaExceededError: The prompt is too large", C.GENERATE_CONTEXT_OVERFLOW),
    ("The answers of each model are scrambled", C.GENERATE_NUMERIC),
    ("Failed to load the model.", C.UNKNOWN),
    ("Error: [object Object]", C.UNKNOWN),
    # words that another family has too
    ("EXAMPLE_CUBLAS is deprecated and will be removed.\n  Use GGML_CUDA instead", C.CONFIG_INVALID),
    ("UnicodeDecodeError: 'gbk' codec can't decode byte 0x1", C.CONFIG_INVALID),
    ("ImportError: numpy.core.multiarray failed to import", C.ARTIFACT_INCOMPATIBLE),
    ("Exception: Could not find model architecture: new_one", C.ARTIFACT_INCOMPATIBLE),
    ("Error: Unknown Normalizer type: New", C.ARTIFACT_TOKENIZER),
    ("ncclInvalidUsage: Duplicate GPU detected", C.CONFIG_INVALID),
    ("grpc: received message larger than max (9 vs. 4)", C.CONFIG_INVALID),
    ("ValueError: The type 'one' does not support float16. Reason: numerical instability.", C.CONFIG_INVALID),
    ("DataCloneError: SharedArrayBuffer transfer requires self.crossOriginIsolated.", C.CONFIG_INVALID),
    ("TemplateError: Conversation roles must alternate one/two", C.CONFIG_INVALID),
    ("Validation error: `inputs` tokens + `max_new_tokens` must be <= 9", C.GENERATE_CONTEXT_OVERFLOW),
    ("GGML_ASSERT(cur_p->size > 0) failed", C.GENERATE_NUMERIC),
    ("AssertionError: pages leak. There is a bug in memory accounting.", C.UNKNOWN),
    ("NotImplementedError: pre-tokenizer was not recognized", C.ARTIFACT_TOKENIZER),
    ("gguf_init_from_file_impl: failed to read header", C.ARTIFACT_CORRUPT),
    ("SHA mismatch for file a.gguf", C.ARTIFACT_CORRUPT),
    ("ERROR not all tensors loaded from model file - expected 9, got 8", C.ARTIFACT_CORRUPT),
    ("liba.so is for EM_386 (3) instead of EM_ARM (40)", C.ARTIFACT_INCOMPATIBLE),
    ("config: The data couldn\u2019t be read because it is missing.", C.ARTIFACT_INCOMPATIBLE),
    ("The engine plan file is not of this version", C.ARTIFACT_INCOMPATIBLE),
    ("ERROR: OneForCausalLM is not supported", C.ARTIFACT_INCOMPATIBLE),
    ("ValueError: No file found in one/two that match *.gguf", C.ARTIFACT_MODEL_NOT_FOUND),
    # two categories fit, and one stands first
    ("vkCreateInstance: VK_ERROR_INCOMPATIBLE_DRIVER", C.GPU_UNSUPPORTED),
    ("ld.lld: error: undefined symbol: TVMExample", C.ARTIFACT_INCOMPATIBLE),
    ("cuModuleLoadData failed: CUDA_ERROR_INVALID_IMAGE", C.ARTIFACT_INCOMPATIBLE),
    ("Metal: This library format is not supported on this platform", C.ARTIFACT_INCOMPATIBLE),
    ("a.sh: line 9: syntax error near unexpected token `('", C.ARTIFACT_INCOMPATIBLE),
    ("rocBLAS error: Cannot read library/TensileLibrary.dat for GPU arch : gfx999", C.GPU_FEATURE_MISSING),
    ("function uses 99999 bytes of shared memory, but the maximum is 100", C.GPU_FEATURE_MISSING),
    ("src/thing.cc:12:7: error: too few operands", C.COMPILE_FAILED),
    ("A problem occurred starting process 'command 'foo-build''", C.HOST_MISSING_DEPENDENCY),
    ("Cannot find global function target.build.example", C.HOST_MISSING_DEPENDENCY),
    ("HTTPS is not supported, rebuild with OpenSSL", C.HOST_MISSING_DEPENDENCY),
    ("Could not find EXAMPLE. Hint: to disable this feature, say so", C.HOST_MISSING_DEPENDENCY),
    ("Watchdog caught collective operation timeout after 10 ms", C.PROCESS_HUNG),
    ("the window closes without any error", C.PROCESS_CRASHED),
    ("it only prints ###### for every question", C.GENERATE_NUMERIC),
    ("fp16 produces NaNs here", C.GENERATE_NUMERIC),
    ("the prompt has 99 tokens while the limit is 10", C.GENERATE_CONTEXT_OVERFLOW),
    ("invalid model file (too old, regenerate your model files)", C.ARTIFACT_INCOMPATIBLE),
    ("Encountered 3 files that should have been pointers", C.ARTIFACT_CORRUPT),
    ('"Entry not found" is not valid JSON', C.ARTIFACT_MODEL_NOT_FOUND),
    ("MapViewOfFile failed: Not enough memory resources", C.HOST_OUT_OF_MEMORY),
    ("[wasm] RangeError: Out of memory", C.HOST_OUT_OF_MEMORY),
    ("Refused to compile: 'unsafe-eval' is not in script-src", C.CONFIG_INVALID),
    ("couldn't bind HTTP server socket, port 1", C.CONFIG_INVALID),
    ("Can't resolve 'worker_threads'", C.CONFIG_INVALID),
    ("could not connect to ollama server", C.NETWORK_UNREACHABLE),
    ("1234567890", C.UNKNOWN),
    ("E/GSL: kgsl sharedmem alloc: ioctl failed: errno 12 Out of memory", C.GPU_OUT_OF_MEMORY),
    (
        "app(77,0x1) malloc: *** error for object 0x2: pointer being freed was not allocated",
        C.PROCESS_CRASHED,
    ),
    ("zsh: segmentation fault  python run.py", C.PROCESS_CRASHED),
    ("warning: segfaults when misused\nFatal Python error: Segmentation fault", C.PROCESS_CRASHED),
    ("ReferenceError: caches is not defined", C.STORAGE_PERMISSION),
    ("OSError: libtvm_runtime.so: cannot open shared object file: No such file", C.HOST_MISSING_DEPENDENCY),
    ("OSError: [WinError 87] The parameter is incorrect", C.CONFIG_INVALID),
    ("thread '<unnamed>' panicked at src/lib.rs:7:9:", C.ARTIFACT_TOKENIZER),
    ("Check failed: (id < vocab_size) at cpp/tokenizers/tokenizers.cc:9", C.ARTIFACT_TOKENIZER),
    ("vk::Device::createComputePipeline: ErrorUnknown", C.GPU_DRIVER),
    # what threads settle on, beside what their words say
    ("Vulkan target does not support Float16 capability", C.GPU_FEATURE_MISSING),
    ("metal: buffer 'kv' size 9000000000 is larger than buffer maximum of 8000000000", C.GPU_FEATURE_MISSING),
    (
        'DriverError(CUDA_ERROR_NOT_FOUND, "named symbol not found") when loading mul_bf16',
        C.GPU_FEATURE_MISSING,
    ),
    ("No compatible code objects found for: gfx1299", C.ARTIFACT_INCOMPATIBLE),
    ("ACO ERROR:\n    Unsupported opcode: v_dot9", C.GPU_DRIVER),
    (
        "WARNING: lavapipe is not a conformant implementation\nLLVM ERROR: Broken function\nAborted",
        C.GPU_DRIVER,
    ),
    ("GGML_ASSERT: src/ggml.c:120: ctx->mem_buffer != NULL", C.HOST_OUT_OF_MEMORY),
    (
        "ggml_metal_add_buffer: allocated 'data' buffer, size = 900.00 MB\nGGML_ASSERT: ggml-metal.m:77: false",
        C.GPU_OUT_OF_MEMORY,
    ),
    ("ChildProcessError: engine worker 2 died (-9)", C.HOST_OUT_OF_MEMORY),
    ("IllegalArgumentException: the file is not in GGUF format", C.ARTIFACT_CORRUPT),
    (
        "ld.lld: error: libs/libmodel.a(._part1.o): not an ELF file\nclang++: error: linker command failed",
        C.ARTIFACT_CORRUPT,
    ),
    ("ImportError: DLL load failed while importing fast_ext: 找不到指定的程序。", C.ARTIFACT_INCOMPATIBLE),
    (
        "Error: The specified procedure could not be found.\n  code: 'ERR_DLOPEN_FAILED'",
        C.ARTIFACT_INCOMPATIBLE,
    ),
    ("Attempted import error: 'OldEngine' is not exported from 'some-engine'.", C.ARTIFACT_INCOMPATIBLE),
    ("app.cc:3:9: error: 'Function' has not been declared in 'tvm::runtime'", C.ARTIFACT_INCOMPATIBLE),
    (
        "Estimated GPU memory usage: 900.1 MB\nCheck failed: (args.size() == 9) is false: Invalid number of cache args.",
        C.ARTIFACT_INCOMPATIBLE,
    ),
    ("TVMError: Check failed: expected Map but got NULL", C.ARTIFACT_INCOMPATIBLE),
    ("TypeError: A float16 tensor's data must be type of function Uint16Array()", C.ARTIFACT_INCOMPATIBLE),
    (
        "ValidationError: 1 validation error for Engine\n  Failed to retrieve model",
        C.ARTIFACT_MODEL_NOT_FOUND,
    ),
    ('pull: Get "https:///": tls: first record does not look like a TLS handshake', C.NETWORK_BLOCKED),
    ("Error: You must install some_engine first.", C.HOST_MISSING_DEPENDENCY),
    ("sh: 1: Vulkan_GLSLC_EXECUTABLE-NOTFOUND: not found", C.HOST_MISSING_DEPENDENCY),
    ("OSError: /opt/engine.so: undefined symbol: getcpu", C.HOST_MISSING_DEPENDENCY),
    ("cannot compile soft_max_f16 (exit code 1)\nInvalid capability operand: 6001", C.COMPILE_FAILED),
    ("InternalError: Check failed: sampled_index >= 0 (-1 vs. 0) :", C.GENERATE_NUMERIC),
    ("Whatever I ask, the model outputs a string of the letter Q", C.GENERATE_NUMERIC),
    ("hello> \u0434\u0430 \u4f60 ok \u05d0\u05d1 \u30ab tree", C.GENERATE_NUMERIC),
    ("error: this binary is running on WIN32 inside WSL", C.CONFIG_INVALID),
    ("OSError: the config file at 'm/weights.safetensors' is not a valid JSON file.", C.CONFIG_INVALID),
    ("BindingError: Expected null or instance of Parser, got an instance of Parser", C.CONFIG_INVALID),
    ("I press start, then an immediate crash with no output", C.PROCESS_CRASHED),
    ("no previous model file found in cache/x.ini\nHEAD failed, status: -1", C.NETWORK_UNREACHABLE),
    ("Loading engine...\nBuilding parts: 0%\n(env) PS C:\\work\\chat>", C.PROCESS_CRASHED),
    ("Could not respond to message.\nllama runner process has terminated: exit status 2", C.PROCESS_CRASHED),
    (
        "WARNING: Failed to import from vllm._C with ModuleNotFoundError\nRuntimeError: Failed to infer device type",
        C.GPU_UNSUPPORTED,
    ),
    # memory of the host and of the GPU, told apart
    (
        "engine_host_malloc: failed to allocate 9000.00 MiB of pinned memory: out of memory",
        C.HOST_OUT_OF_MEMORY,
    ),
    ("unable to allocate CUDA_Host buffer", C.HOST_OUT_OF_MEMORY),
    ("Unable to map the weights, errno=12", C.HOST_OUT_OF_MEMORY),
    ("java.lang.OutOfMemoryError: Failed to allocate a 99 byte allocation", C.HOST_OUT_OF_MEMORY),
    ("Aw, Snap!\nError code: Out of Memory", C.HOST_OUT_OF_MEMORY),
    ("the app was killed by the operating system because it is using too much memory", C.HOST_OUT_OF_MEMORY),
    ("Aborted due to the lack of CPU swap space.", C.HOST_OUT_OF_MEMORY),
    ("nvcc error : 'cicc' died due to signal 9 (Kill signal)", C.HOST_OUT_OF_MEMORY),
    ("worker: Bus error while it wrote /dev/shm/part_9", C.HOST_OUT_OF_MEMORY),
    ("model requires 90.5 GiB but only 7.5 GiB are available", C.HOST_OUT_OF_MEMORY),
    ("[metal::malloc] Attempting to use too much", C.GPU_OUT_OF_MEMORY),
    ("RuntimeError: Invalid buffer size: 99.50 GB", C.GPU_OUT_OF_MEMORY),
    (
        "createBuffer failed, size (9) is too large for the implementation when mappedAtCreation == true",
        C.GPU_OUT_OF_MEMORY,
    ),
    ("the weights do not fit in VRAM", C.GPU_OUT_OF_MEMORY),
    ("AssertionError: Insufficient space in device allocation", C.GPU_OUT_OF_MEMORY),
    ("radv/amdgpu: Not enough memory for command submission.", C.GPU_OUT_OF_MEMORY),
    ("clFinish(queue) error -5 at engine-opencl.cpp:9", C.GPU_OUT_OF_MEMORY),
    ("generation stalls midway, the server needs SIGKILL to end", C.PROCESS_HUNG),
    # a GPU that is not there, or that lacks something
    ("RuntimeError: can not find preferred GPU platform", C.GPU_UNSUPPORTED),
    ("ValueError: Unable to retrieve list of all GPU devices", C.GPU_UNSUPPORTED),
    ("engine_opencl: error on clGetPlatformIDs", C.GPU_UNSUPPORTED),
    ("cuda driver library init failure: 100", C.GPU_UNSUPPORTED),
    ("opencl: unsupported GPU 'Foo-G99'.", C.GPU_UNSUPPORTED),
    ("the engine requires Apple Silicon", C.GPU_UNSUPPORTED),
    ("engine_vulkan: 0 = llvmpipe (LLVM 99.0, 256 bits) | uma: 0", C.GPU_UNSUPPORTED),
    (
        "panicked at engine/src/gpu/device.rs:9:9:\ncalled `Option::unwrap()` on a `None` value",
        C.GPU_UNSUPPORTED,
    ),
    ("OpenCL 2.0 or above is required", C.GPU_FEATURE_MISSING),
    ("'half' is not supported in 'Foo Graphics 9' device", C.GPU_FEATURE_MISSING),
    ("Current platform does not support NVFP4 quantization.", C.GPU_FEATURE_MISSING),
    ("the Foo backend is only supported on Blackwell GPUs", C.GPU_FEATURE_MISSING),
    ("FooAttention requires SM>=80 and SM<=90", C.GPU_FEATURE_MISSING),
    ("Core(LimitsExceeded(FailedLimit { requested: 9, allowed: 3 }))", C.GPU_FEATURE_MISSING),
    ("Encountered unlowered function call to air.foo_sum.f32", C.GPU_FEATURE_MISSING),
    ("CUBLAS_STATUS_NOT_SUPPORTED when calling `cublasGemmEx(handle)`", C.GPU_FEATURE_MISSING),
    (
        "The total use of workgroup storage (99 bytes) is larger than the maximum (9 bytes).",
        C.GPU_FEATURE_MISSING,
    ),
    ("ROCm error: invalid device function", C.ARTIFACT_INCOMPATIBLE),
    # a GPU that is there and fails
    ("Failed to start: cudart init failure: 999", C.GPU_DRIVER),
    ("engine_cuda_init: failed to initialize CUDA: system not yet initialized", C.GPU_DRIVER),
    ("cudaMalloc failed: unknown error", C.GPU_DRIVER),
    ("CreateComputePipelines failed with VK_ERROR_UNKNOWN", C.GPU_DRIVER),
    ("AdrenoVK-0: Failed to link shaders.\nFatal signal 11 (SIGSEGV)", C.GPU_DRIVER),
    ("compiling shaders aborted on a Qualcomm Adreno 999", C.GPU_DRIVER),
    (
        "engine_pipeline_allocate_descriptor_sets(foo, 9)\nstd::out_of_range: unordered_map::at",
        C.GPU_DRIVER,
    ),
    ("Unexpected error variant (driver implementation is at fault)", C.GPU_DRIVER),
    ("DXGI_ERROR_DRIVER_INTERNAL_ERROR (0x887A0020)", C.GPU_DRIVER),
    ("signal 11 (SIGSEGV)\n#00 pc 00a1  /vendor/lib64/egl/libllvm-glnext.so", C.GPU_DRIVER),
    ("modprobe: FATAL: Module nvidia not found in directory /lib/modules/9", C.GPU_DRIVER),
    ("Error in Queue::submit: GPU got stuck :(", C.GPU_DEVICE_LOST),
    ("OpenCL Error, code=-14: CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST", C.GPU_DEVICE_LOST),
    ("native API returns: UR_RESULT_ERROR_DEVICE_LOST", C.GPU_DEVICE_LOST),
    ("Insufficient Permission (to submit GPU work from background)", C.GPU_DEVICE_LOST),
    ("Display driver foo stopped responding and has successfully recovered.", C.GPU_DEVICE_LOST),
    # kernels
    ("cannot get state: for function foo_kernel SC compilation failure", C.COMPILE_FAILED),
    ("CMake Error at foo/CMakeLists.txt:9 (message):\n  Failed to find foocc.", C.HOST_MISSING_DEPENDENCY),
    ("CMake Error at CMakeLists.txt:9 (message):\n  FOO_BAR is deprecated, use FOO_BAZ", C.CONFIG_INVALID),
    ("modprobe: ERROR: could not insert 'nvidia': Key was rejected", C.GPU_DRIVER),
    ("HSA Error: Incompatible kernel and userspace, the card is disabled", C.GPU_DRIVER),
    ("LiveKernelEvent 141 while the model answers", C.GPU_DEVICE_LOST),
    ("amdgpu: Failed to allocate a buffer:\namdgpu:    size : 99 bytes", C.GPU_OUT_OF_MEMORY),
    ("Could not allocate tensor. There is not enough GPU video memory available!", C.GPU_OUT_OF_MEMORY),
    ("error: Unsupported SM version: 9", C.GPU_FEATURE_MISSING),
    ("Failed to find any DirectML device", C.GPU_UNSUPPORTED),
    ("cudaSetDevice err: 100", C.GPU_UNSUPPORTED),
    ("nvmlInit_v2 err: 9", C.GPU_DRIVER),
    ("failed to map memory: Out of memory (12)", C.HOST_OUT_OF_MEMORY),
    ("error: calling a __host__ function from a __device__ function", C.COMPILE_FAILED),
    ("Error: Cannot allocate WebAssembly.Memory", C.HOST_OUT_OF_MEMORY),
    ("Failed to allocate staging buffer of size 99", C.GPU_OUT_OF_MEMORY),
    (
        "Buffer allocation failed\n - While calling [Device].CreateBuffer([BufferDescriptor])",
        C.GPU_OUT_OF_MEMORY,
    ),
    ("Limit 'max_foo_bar' value 10 is better than allowed 8", C.GPU_FEATURE_MISSING),
    ("Failed to initialize NVML: GPU access blocked by the operating system", C.GPU_UNSUPPORTED),
    ("The Windows Subsystem for Linux instance has terminated.", C.HOST_OUT_OF_MEMORY),
    ("RuntimeError: #include <foo.h>\nextern kernel", C.COMPILE_FAILED),
    ("it does not use my GPU, only the processor", C.GPU_UNSUPPORTED),
    ('msg="inference compute" id=0 library=cpu total="9 GiB"', C.GPU_UNSUPPORTED),
    ("the engine requires an NVIDIA GPU", C.GPU_UNSUPPORTED),
    ("Cannot find OpenCL platform", C.GPU_UNSUPPORTED),
    ("Failed to execute 'requestDevice' on 'GPUAdapter': Unsupported feature: foo", C.GPU_FEATURE_MISSING),
    ("cooperative matrix not supported by this device", C.GPU_FEATURE_MISSING),
    ("FooAttention requires GPUs with sm75 or above", C.GPU_FEATURE_MISSING),
    ("crashes since the NVIDIA driver update, rolling back the driver helps", C.GPU_DRIVER),
    ("libnvidia-foo version mismatch with the kernel module", C.GPU_DRIVER),
    ("Execution was aborted. Discarded (victim of GPU error/recovery)", C.GPU_DEVICE_LOST),
    ("RuntimeError: Failed to allocate 99 bytes on GPU", C.GPU_OUT_OF_MEMORY),
    ("the step was killed, RAM usage went above 9 GB", C.HOST_OUT_OF_MEMORY),
    ("the session crashed after it used all available RAM", C.HOST_OUT_OF_MEMORY),
    ("clang++: error: unable to execute command", C.COMPILE_FAILED),
    ("[metal::Device] Unable to load kernel foo_matmul_bar", C.ARTIFACT_INCOMPATIBLE),
    ("Failed to load the default metallib. library not found", C.HOST_MISSING_DEPENDENCY),
    ("library format not supported on this OS", C.ARTIFACT_INCOMPATIBLE),
    ("docker: unknown or invalid runtime name: nvidia", C.HOST_MISSING_DEPENDENCY),
    ("native API returns: PI_ERROR_BUILD_PROGRAM_FAILURE", C.COMPILE_FAILED),
    # what people say of it in their own words, or in other languages
    ("hipMalloc failed with status 2 while the cache was made", C.GPU_OUT_OF_MEMORY),
    ("foo_backend_opencl_buffer_type_alloc_buffer: failed to allocate 99 MiB", C.GPU_OUT_OF_MEMORY),
    ("the model is too big for my GPU", C.GPU_OUT_OF_MEMORY),
    ("加载模型时报错：显存不足", C.GPU_OUT_OF_MEMORY),
    ("报错CUDA out of memory了", C.GPU_OUT_OF_MEMORY),
    ('GGML_ASSERT: foo.c:9: data != NULL && "failed to allocate buffer"', C.HOST_OUT_OF_MEMORY),
    ("after a minute the script gets KILLED", C.HOST_OUT_OF_MEMORY),
    ("foo 9 OOM: Killed process", C.HOST_OUT_OF_MEMORY),
    ("the tab refreshes itself before the first answer", C.HOST_OUT_OF_MEMORY),
    ("my phone becomes completely unresponsive", C.HOST_OUT_OF_MEMORY),
    ("RAM usage keeps growing with each prompt", C.HOST_OUT_OF_MEMORY),
    ("转换的时候提示内存不足", C.HOST_OUT_OF_MEMORY),
    ("启动之后一直卡住", C.PROCESS_HUNG),
    ("打开应用就闪退", C.PROCESS_CRASHED),
    ("foo.py line 9, in _check_if_gpu_supports_dtype", C.GPU_FEATURE_MISSING),
    ("Your GPU does not have native support for FP4", C.GPU_FEATURE_MISSING),
    ("engine_vulkan: unsupported device", C.GPU_FEATURE_MISSING),
    ('{"gpu_count": 0, "cpus": 9}', C.GPU_UNSUPPORTED),
    ("Delegate: OpenCL library not loaded", C.GPU_UNSUPPORTED),
    ("无法识别显卡", C.GPU_UNSUPPORTED),
    ("the GPU stops working after resume from standby", C.GPU_DRIVER),
    ("Unable to init GPU: unknown error", C.GPU_DRIVER),
    ("failure during device discovery", C.GPU_DRIVER),
    ("a blue screen as soon as the model answers", C.GPU_DRIVER),
    ("RuntimeError: bad allocation", C.HOST_OUT_OF_MEMORY),
    ("the computer has run out of memory", C.HOST_OUT_OF_MEMORY),
    ("Failed to allocate 9 GB of RAM", C.HOST_OUT_OF_MEMORY),
    ("Not enough memory to handle 9 prefill tokens", C.GPU_OUT_OF_MEMORY),
    ("the iOS simulator has no Metal device", C.GPU_UNSUPPORTED),
    ("no compatible NPU", C.GPU_UNSUPPORTED),
    ("it does not have enough storage buffers per shader stage", C.GPU_FEATURE_MISSING),
    ("the kernel needs Apple GPU family 9", C.GPU_FEATURE_MISSING),
    ("cudaFooCount returned 35", C.GPU_DRIVER),
    ("the engine requires a newer kernel driver", C.GPU_DRIVER),
    ("igc64.dll: access violation", C.GPU_DRIVER),
    ("Failed to compile model for the device", C.COMPILE_FAILED),
    ("error: failed to finalize graph", C.COMPILE_FAILED),
    ("VRAM fills up until the program ends", C.GPU_OUT_OF_MEMORY),
    ("OOM when it answers long prompts", C.GPU_OUT_OF_MEMORY),
    ("my laptop only has 9 GB of RAM", C.HOST_OUT_OF_MEMORY),
    ("the desktop starts swapping and the program is gone", C.HOST_OUT_OF_MEMORY),
    ("it runs on the CPU instead of the GPU", C.GPU_UNSUPPORTED),
    ("my Radeon Foo is ignored", C.GPU_UNSUPPORTED),
    ("FP9 is not supported on Turing", C.GPU_FEATURE_MISSING),
    ("it works again with driver 99, broken in 100", C.GPU_DRIVER),
    ("GPU not detected after suspend", C.GPU_DRIVER),
    ("the eGPU disconnects in the middle of an answer", C.GPU_DEVICE_LOST),
    ("Assertion failed: no memory to reserve the KV cache", C.GPU_OUT_OF_MEMORY),
    ("WebNN is not supported here", C.GPU_UNSUPPORTED),
    ("No platform detected", C.GPU_UNSUPPORTED),
    ("CUDA is required but not available", C.GPU_UNSUPPORTED),
    ("no D3D99 capable adapter", C.GPU_UNSUPPORTED),
    ("the device is missing VK_KHR_99bit_storage", C.GPU_FEATURE_MISSING),
    ("the kernel driver is not loaded", C.GPU_DRIVER),
    ("CUDA initialization failure with error: 36", C.GPU_DRIVER),
    ("amdgpu_device_initialize failed.", C.GPU_DRIVER),
    ("Could not find any implementation for node foo/bar", C.COMPILE_FAILED),
    ("get_foo: GET failed (404): nothing here", C.NETWORK_HTTP_ERROR),
    ("GGML_ASSERT(tensor->op == GGML_OP_FOO) failed", C.ARTIFACT_INCOMPATIBLE),
    (
        "Failed to construct 'Worker': Script at 'foo.js' cannot be accessed from origin 'null'",
        C.CONFIG_INVALID,
    ),
    ("the list of devices shows no devices", C.GPU_UNSUPPORTED),
    ("the engine is not linked with support for cuda devices", C.GPU_UNSUPPORTED),
    ("amdgpu: MES failed to respond to msg=9", C.GPU_DEVICE_LOST),
    ("Missing foo_bar Metal kernel", C.ARTIFACT_INCOMPATIBLE),
    ("Command '['/opt/backends/bin/ptxas', '-v']' returned non-zero exit status 255", C.COMPILE_FAILED),
)


@pytest.mark.parametrize(
    ("phase", "category"), [("load", C.GPU_OUT_OF_MEMORY), ("generate", C.GPU_DEVICE_LOST)]
)
def test_a_device_lost_while_a_browser_loads_is_short_of_memory(phase, category):
    """What web-llm says of a lost device is read by its phase: weights that are being put on it fill it."""
    report = {
        "message": "Device was lost. Insufficient memory or other GPU constraints.",
        "runtime": "web-llm",
        "phase": phase,
    }
    verdict = diagnose(Evidence.from_report(report))
    assert verdict.category is category
    assert {c.category for c in verdict.candidates[:2]} == {C.GPU_OUT_OF_MEMORY, C.GPU_DEVICE_LOST}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Check failed: total_seq_len <= max_len", C.GENERATE_CONTEXT_OVERFLOW),
        ('the answer stops: "finish_reason": "length"', C.GENERATE_CONTEXT_OVERFLOW),
        ("failed to decode image bytes", C.CONFIG_INVALID),
        ("POST /v1/chat HTTP/1.1 400", C.CONFIG_INVALID),
        ("session is busy with another one", C.CONFIG_INVALID),
        ("size of tensor a (600) must match the size of tensor b (512)", C.GENERATE_CONTEXT_OVERFLOW),
        (
            "indices element out of data bounds, idx=600, the inclusive range [-512,511]",
            C.GENERATE_CONTEXT_OVERFLOW,
        ),
        ("the reply is nothing but new lines", C.GENERATE_NUMERIC),
        ("it talks to itself", C.GENERATE_NUMERIC),
        ("the reply is always blank", C.GENERATE_NUMERIC),
        ("it goes on writing and writing", C.GENERATE_NUMERIC),
        ("after a while it forgets the beginning of the chat", C.GENERATE_CONTEXT_OVERFLOW),
        ("the results are different on the GPU", C.GENERATE_NUMERIC),
    ],
)
def test_text_of_a_family_while_generating(text, category):
    """Some words have their meaning only while an answer is made."""
    verdict = diagnose(Evidence.from_report({"message": text, "phase": "generate"}))
    assert verdict.category is category, [(c.category.value, round(c.score, 2)) for c in verdict.candidates]


@pytest.mark.parametrize(
    ("text", "runtime", "phase", "categories"),
    [
        (
            "Failed to construct 'Worker': Script at 'a.js' cannot be accessed from origin 'b'.",
            "other",
            "load",
            {C.CONFIG_INVALID, C.NETWORK_BLOCKED},
        ),
        (
            "WebAssembly.Memory(): Property 'maximum': value is above the upper bound",
            "other",
            "preflight",
            {C.ARTIFACT_INCOMPATIBLE, C.HOST_OUT_OF_MEMORY},
        ),
        (
            "TypeError: Cannot read properties of undefined (reading 'foo')",
            "llama.cpp",
            "generate",
            {C.UNKNOWN, C.CONFIG_INVALID},
        ),
        (
            "dial tcp: lookup C: no such host",
            "ollama",
            "resolve",
            {C.CONFIG_INVALID, C.NETWORK_UNREACHABLE},
        ),
        (
            "every answer has a <|stop|> in the output",
            "llama.cpp",
            "generate",
            {C.ARTIFACT_TOKENIZER, C.GENERATE_NUMERIC},
        ),
        (
            "repo id must be in a form of its own: '/srv/models/foo'",
            "other",
            "resolve",
            {C.ARTIFACT_MODEL_NOT_FOUND, C.CONFIG_INVALID},
        ),
        (
            "External initializer: w offset: 0 size to read: 9, out of bounds",
            "onnxruntime",
            "load",
            {C.ARTIFACT_CORRUPT, C.ARTIFACT_INCOMPATIBLE},
        ),
        (
            "could not load model due to invalid format for one.gguf",
            "llama.cpp",
            "load",
            {C.ARTIFACT_INCOMPATIBLE, C.ARTIFACT_CORRUPT},
        ),
        (
            "one requested in app-config is not found in libmodel.a",
            "mlc-llm",
            "compile",
            {C.ARTIFACT_INCOMPATIBLE, C.COMPILE_FAILED},
        ),
        (
            "System.AccessViolationException at NativeApi.one",
            "llama.cpp",
            "load",
            {C.PROCESS_CRASHED, C.ARTIFACT_INCOMPATIBLE},
        ),
        (
            "the runtime cannot find vm_load_executable",
            "mlc-llm",
            "load",
            {C.ARTIFACT_INCOMPATIBLE, C.CONFIG_INVALID},
        ),
        (
            'called `Result::unwrap()` on an `Err` value: Error("key must be a string")',
            "web-llm",
            "load",
            {C.ARTIFACT_TOKENIZER},
        ),
        (
            "Hi[UNK_BYTE_0x11]there",
            "ollama",
            "generate",
            {C.ARTIFACT_TOKENIZER, C.GENERATE_NUMERIC},
        ),
        (
            "IndexError: index out of range in self",
            "other",
            "generate",
            {C.ARTIFACT_TOKENIZER, C.GENERATE_CONTEXT_OVERFLOW},
        ),
        (
            'Error: template: one:3: unexpected "}" in operand',
            "ollama",
            "compile",
            {C.ARTIFACT_TOKENIZER, C.CONFIG_INVALID},
        ),
        (
            "fast provider requested, but it was built without it",
            "onnxruntime",
            "load",
            {C.CONFIG_INVALID, C.HOST_MISSING_DEPENDENCY},
        ),
        (
            "Insufficient Permission (to submit GPU work from background)",
            "llama.cpp",
            "generate",
            {C.CONFIG_INVALID, C.GPU_DEVICE_LOST},
        ),
        (
            "[vite] plugin error: fetch failed",
            "transformers.js",
            "runtime",
            {C.CONFIG_INVALID, C.NETWORK_UNREACHABLE},
        ),
        (
            "invalid tool call arguments for a function",
            "llama.cpp",
            "generate",
            {C.UNKNOWN, C.GENERATE_NUMERIC},
        ),
    ],
)
def test_text_with_two_meanings_names_both(text, runtime, phase, categories):
    """Where two categories fit what a text says, both are among the first three."""
    verdict = diagnose(Evidence.from_report({"message": text, "runtime": runtime, "phase": phase}))
    assert categories <= {c.category for c in verdict.candidates[:3]}, [
        (c.category.value, round(c.score, 2)) for c in verdict.candidates
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Build fails on my machine",
        "it won't compile on this system",
        "error: more than one operator '=' matches",
    ],
)
def test_words_for_a_build_count_while_one_is_made(text):
    """That something does not build is said of what is compiled."""
    verdict = diagnose(Evidence.from_report({"message": text, "phase": "compile"}))
    assert verdict.category is C.COMPILE_FAILED


@pytest.mark.parametrize(("text", "category"), CASES)
def test_text_of_a_family_has_its_category(text, category):
    """The words of a known family of errors are enough for its category, with no other evidence."""
    verdict = diagnose(Evidence.from_text(text))
    assert verdict.category is category, [
        (c.category.value, round(c.score, 2), c.because) for c in verdict.candidates
    ]


@pytest.mark.parametrize(
    ("phase", "category"),
    [("load", C.PROCESS_HUNG), ("compile", C.PROCESS_HUNG), ("download", C.NETWORK_TIMEOUT)],
)
def test_progress_that_does_not_end_is_a_hang_or_a_slow_network(phase, category):
    """A text without a word of failure whose last line is within a count of progress went no further."""
    report = {"message": "Starting\nparts:  34%|███      | 1/3", "runtime": "other", "phase": phase}
    assert diagnose(Evidence.from_report(report)).category is category


def test_a_log_that_stops_is_a_hang():
    """Several lines without a word of failure, while a model is loaded: it went no further."""
    report = {"message": "engine: 2 layers\nengine: 3 layers ...", "runtime": "other", "phase": "load"}
    assert diagnose(Evidence.from_report(report)).category is C.PROCESS_HUNG


def test_a_log_of_a_compiler_that_stops_is_no_hang():
    """A compiler has no answer to wait for: its log is shown for what came out of it."""
    report = {"message": "pass: 2 of 3\npass: 3 of 3 ...", "runtime": "other", "phase": "compile"}
    assert diagnose(Evidence.from_report(report)).category is not C.PROCESS_HUNG


def test_a_log_of_native_code_that_stops_may_be_an_end():
    """Native code that ends while it loads says nothing, as little as one that waits."""
    report = {
        "message": "ggml_start: version 3\nllm_load: 32 layers, 9 heads",
        "runtime": "llama.cpp",
        "phase": "load",
    }
    verdict = diagnose(Evidence.from_report(report))
    assert {C.PROCESS_CRASHED, C.PROCESS_HUNG} <= {c.category for c in verdict.candidates[:3]}


def test_a_stack_without_its_error_is_no_silence():
    """Frames are shown of errors only: the frames say what was done, and nothing waited."""
    report = {
        "message": '  File "tvm/relax/build.py", line 9, in build\n    mod = codegen(mod)',
        "runtime": "other",
        "phase": "compile",
    }
    assert diagnose(Evidence.from_report(report)).category is C.COMPILE_FAILED


@pytest.mark.parametrize(
    "text",
    [
        "the backend gives garbage on this card",
        "it becomes incoherent after a while",
        "all outputs are zeros here",
        "it answers <unused9><unused9><unused9>",
        "perplexity is ten times higher than before",
        "it never emits the stop token",
    ],
)
def test_what_is_said_of_an_answer_needs_no_phase(text):
    """That an answer is none is known from the words alone."""
    assert diagnose(Evidence.from_text(text)).category is C.GENERATE_NUMERIC


def test_a_sentence_about_what_is_needed_is_no_silence():
    """A single sentence that tells what lacks is no log that stopped."""
    report = {"message": "int9 units are needed, this card has 8", "runtime": "other", "phase": "load"}
    assert diagnose(Evidence.from_report(report)).category is not C.PROCESS_HUNG


def test_an_app_that_does_not_reach_its_own_engine_has_lost_it():
    """An app that starts an engine asks it over HTTP: that nobody answers is the engine's end."""
    report = {"message": "Failed to fetch", "runtime": "llama.cpp", "phase": "load"}
    assert diagnose(Evidence.from_report(report)).category is C.PROCESS_CRASHED


@pytest.mark.parametrize(
    ("text", "phase", "category"),
    [
        ("F DEBUG : #02 pc 00000000000a1b2c  base.apk!libfoo.so", "load", C.PROCESS_CRASHED),
        ("Current thread 0x00007f0012345678 (most recent call first):\n  foo.py", "load", C.PROCESS_CRASHED),
        ("goroutine 9 [IO wait]:", "load", C.PROCESS_CRASHED),
        ("I/WindowManager: WIN DEATH: Window{1 org.foo}", "load", C.PROCESS_CRASHED),
        ("it is force closed after the first picture", "generate", C.PROCESS_CRASHED),
        ("ucrtbase.dll is at fault says the event viewer", "load", C.PROCESS_CRASHED),
        ("the converter exits prematurely", "compile", C.PROCESS_CRASHED),
        ("the pod is in CrashLoopBackOff", "load", C.PROCESS_CRASHED),
        ("foo.rs panicked: condvar wait not supported", "generate", C.PROCESS_CRASHED),
        ("memory usage goes up with every answer and then it crashes", "generate", C.HOST_OUT_OF_MEMORY),
        ("a longer prompt crashes it", "generate", C.GENERATE_CONTEXT_OVERFLOW),
        ("Foo: 500, message='Internal Server Error', url='http://localhost:9'", "generate", C.UNKNOWN),
        ("Ollama: 500, message='Internal Server Error', url='http://foo:9'", "generate", C.UNKNOWN),
        ("RuntimeError: Engine core initialization failed. See root cause above.", "load", C.UNKNOWN),
        ("....warning: munmap failed: Invalid argument", "load", C.UNKNOWN),
        ("`Err` value: BufferAsyncError", "generate", C.GPU_DEVICE_LOST),
        ("Segment fault while it loads", "load", C.PROCESS_CRASHED),
        ("foo: ACCESS_VIOLATION in bar.dll", "load", C.PROCESS_CRASHED),
        ("grpc service not ready", "load", C.PROCESS_CRASHED),
        ("layers: 9\nPress any key to continue . . .", "load", C.PROCESS_CRASHED),
        ("what():  Cannot create socket", "load", C.NETWORK_UNREACHABLE),
        ("GGML_ASSERT(new_clip->has_foo) failed", "load", C.ARTIFACT_INCOMPATIBLE),
        ("| 499 | 2m1s | 127.0.0.1 | POST /api/chat", "generate", C.PROCESS_HUNG),
        ("Check failed: draft_token_indices->size() == 3 (2 vs. 3)", "generate", C.UNKNOWN),
        ("[Question] Strange problem", "load", C.UNKNOWN),
        ("Invalid token id 151777 for Matcher", "generate", C.ARTIFACT_TOKENIZER),
        ("foo.swift:99: Fatal error: it ends here", "load", C.PROCESS_CRASHED),
        ("AddressSanitizer: heap-use-after-free in foo", "generate", C.PROCESS_CRASHED),
        ("Oops! Something went wrong", "load", C.UNKNOWN),
        ("the last line is from noon, then nothing for 90 minutes", "load", C.PROCESS_HUNG),
        ("foo.service: start operation timed out", "load", C.PROCESS_HUNG),
        ("it says Foo Foo Foo Foo and goes on", "generate", C.GENERATE_NUMERIC),
        ("[NaN, NaN, NaN]", "generate", C.GENERATE_NUMERIC),
        ("`inputs` must have less than 1024 tokens", "generate", C.GENERATE_CONTEXT_OVERFLOW),
        ("length_error: vector", "load", C.PROCESS_CRASHED),
        ("приложение вылетает", "load", C.PROCESS_CRASHED),
        ("Die App stürzt beim Laden ab", "load", C.PROCESS_CRASHED),
        ("Error code: RESULT_CODE_HUNG", "load", C.PROCESS_HUNG),
        ("fica carregando sem parar", "load", C.PROCESS_HUNG),
        ("読み込みのまま進まない", "load", C.PROCESS_HUNG),
        ("la respuesta no tiene sentido", "generate", C.GENERATE_NUMERIC),
        ("回答都是乱七八糟的", "generate", C.GENERATE_NUMERIC),
        ("it forgets everything from the beginning", "generate", C.GENERATE_CONTEXT_OVERFLOW),
        ("check: n_past + 3 <= n_ctx", "generate", C.GENERATE_CONTEXT_OVERFLOW),
        ("device timeout, potential hang detected", "generate", C.GPU_DEVICE_LOST),
        ("1740 __ulock_wait2  (in libsystem_kernel.dylib)", "load", C.PROCESS_HUNG),
        ("the window stays in the loading state", "load", C.PROCESS_HUNG),
        ("it does absolutely nothing after the model is there", "generate", C.PROCESS_HUNG),
        ("Timeout waiting for model instance", "load", C.PROCESS_HUNG),
        ("it answers with messy codes", "generate", C.GENERATE_NUMERIC),
        ("the picture is pure noise", "generate", C.GENERATE_NUMERIC),
        ("my output is mostly '<s> </s>'", "generate", C.GENERATE_NUMERIC),
        ("it is spamming ;;;;;;;;", "generate", C.GENERATE_NUMERIC),
        ("TheATheATheTheAATheATheTheAATheATheA", "generate", C.GENERATE_NUMERIC),
        ("a wo\u0431rd of ano\u0434ther kind", "generate", C.GENERATE_NUMERIC),
        ("the token is not accepted by JSON grammar", "generate", C.GENERATE_NUMERIC),
        ("it does not fit in the context window", "generate", C.GENERATE_CONTEXT_OVERFLOW),
        ("n_ctx is too small for the request", "generate", C.GENERATE_CONTEXT_OVERFLOW),
    ],
)
def test_what_is_said_of_an_end_a_wait_or_an_answer(text, phase, category):
    """Programs, systems and people have many words for the same end, wait and answer."""
    verdict = diagnose(Evidence.from_report({"message": text, "phase": phase}))
    assert verdict.category is category, [(c.category.value, round(c.score, 2)) for c in verdict.candidates]


@pytest.mark.parametrize(
    "text",
    [
        "generation stalls mid-answer, the process needs SIGKILL",
        "the model never completes loading and cannot be killed",
        "after 900 requests the server just stopped",
    ],
)
def test_a_program_that_people_could_not_end_hung(text):
    """Who writes of killing a program that gives no sign tells of a hang, not of the system's killing."""
    report = {"message": text, "runtime": "llama.cpp", "phase": "generate"}
    assert diagnose(Evidence.from_report(report)).category is C.PROCESS_HUNG


@pytest.mark.parametrize("text", ["", " \n\t", "hello", "it does something", "\x00\x1b[31m"])
def test_text_without_a_cause_is_unknown(text):
    """A text that holds nothing is `unknown`, with little confidence, rather than a guess."""
    verdict = diagnose(Evidence(errors=Evidence.from_text(text).errors))
    assert verdict.category is C.UNKNOWN
    assert verdict.confidence < 0.6


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("FileNotFoundError: nothing here", C.NETWORK_UNREACHABLE),
        ("MLC_DOWNLOAD_CACHE_POLICY = ON. Can be one of: ON, OFF, REDO, READONLY", C.STORAGE_PERMISSION),
        ("printing error hints", C.COMPILE_FAILED),
    ],
)
def test_words_inside_words_do_not_count(text, category):
    """A code that is only a part of another word, such as ENOTFOUND in FileNotFound, is not evidence."""
    assert category not in [c.category for c in diagnose(Evidence.from_text(text)).candidates[:1]]

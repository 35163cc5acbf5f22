"""Rules for memory that ran out: on the GPU, on the host, inside WebAssembly."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_GPU = Group(Category.GPU_OUT_OF_MEMORY, en="the GPU's memory ran out", es="se agotó la memoria de la GPU")
_GPU_FIT = Group(
    Category.GPU_OUT_OF_MEMORY,
    en="the runtime counted that the model does not fit the GPU's memory",
    es="el motor calculó que el modelo no cabe en la memoria de la GPU",
)
_HOST = Group(
    Category.HOST_OUT_OF_MEMORY, en="the host's memory ran out", es="se agotó la memoria del equipo"
)
_KILLED = Group(
    Category.HOST_OUT_OF_MEMORY,
    en="the system ended the process for using too much memory",
    es="el sistema terminó el proceso por usar demasiada memoria",
)
_WASM = Group(
    Category.HOST_OUT_OF_MEMORY,
    en="the browser or WebAssembly could not get more memory",
    es="el navegador o WebAssembly no pudo obtener más memoria",
)

_POINTER = Group(
    Category.UNKNOWN,
    en="an exception of native code came out as a bare number",
    es="una excepción de código nativo salió como un simple número",
)
_POOL = Group(
    Category.PROCESS_CRASHED,
    en="a graph outgrew the fixed pool that was made for it",
    es="un grafo superó la reserva fija que se creó para él",
)
_HOSTISH = ((Category.HOST_OUT_OF_MEMORY, 0.3),)
_CONFIG = ((Category.CONFIG_INVALID, 0.3),)
_DEVICE = r"(?:cuda|rocm|hip|vulkan|metal|sycl|opencl|cann|musa|mtl|kompute|webgpu)"

RULES = (
    _GPU.rule(
        "cuda-oom",
        r"cuda(?: runtime)?(?: error)?(?: ?\(2\))?: ?out of memory|cuda out of memory|cuda oom|out of cuda memory|cuda error 2\b"
        r"|cuda error: out_of_memory|error \[cuda\]: out of memory|cudaerrormemoryallocation|cuda_error_out_of_memory|cudnn_status_alloc_failed"
        r"|cudamalloc(?:async|managed)? failed: out of memory|cumem\w* failed.{0,40}out of memory",
        0.97,
    ),
    _GPU.rule(
        "accelerator-oom",
        r"(?:hip|rocm|xpu|mps|npu|musa)(?: backend)?(?: error)?: ?out of memory|(?:hip|rocm|mps|xpu|npu)(?: backend)? out of memory"
        r"|hiperroroutofmemory|hipmalloc failed|mps backend out of memory|ur_result_error_out_of_device_memory"
        r"|ze_result_error_out_of_device_memory|pi_error_out_of_resources|cublas_status_alloc_failed|hipblas_status_alloc_failed"
        r"|rocblas_status_memory_error",
        0.95,
        also=((Category.GPU_DRIVER, 0.1),),
    ),
    _GPU.rule(
        "torch-oom",
        r"torch\.(?:cuda\.)?outofmemoryerror|cuda\.outofmemoryerror|tried to allocate [\d.]+ [kmgt]i?b(?: \(gpu|\. gpu)?"
        r"|pytorch_cuda_alloc_conf|pytorch_mps_high_watermark|allocation on device(?: \d+)? would exceed",
        0.94,
        unless=r"cpu_allocator|defaultcpuallocator",
    ),
    _GPU.rule(
        "vulkan-oom",
        r"vk_error_out_of_device_memory|erroroutofdevicememory|error_out_of_device_memory"
        r"|device memory allocation of size \d+ failed|requested buffer size exceeds device (?:memory|max|buffer)"
        r"|vkallocatememory.{0,80}-2\b|vk_error_out_of_pool_memory|erroroutofpoolmemory",
        0.93,
    ),
    _HOST.rule(
        "vulkan-oom-host",
        r"vk_error_out_of_host_memory|erroroutofhostmemory",
        0.56,
        also=((Category.GPU_OUT_OF_MEMORY, 0.5), (Category.GPU_DRIVER, 0.15)),
        unless=r"pipeline|shader",
    ),
    _GPU.rule(
        "metal-oom",
        r"kiogpucommandbuffercallbackerroroutofmemory|insufficient memory \(0{4,}8|gpu (?:error|timeout)?.{0,30}insufficient memory|\[metal::malloc\]|invalid buffer size: [\d.]+ ?[gm]i?b|newbufferwith(?:length|bytes)\w*[^\n]{0,60}(?:nil|null|fail)"
        r"|command buffer \d* ?failed with status 5(?s:.{0,80})insufficient memory|recommendedmaxworkingsetsize.{0,60}exceed"
        r"|metal.{0,60}(?:out of memory|failed to allocate|insufficient memory)|\[metal\].{0,40}maximum allowed buffer size"
        r"|attempting to allocate \d+ bytes which is greater than the maximum allowed buffer size",
        0.92,
        also=((Category.GPU_FEATURE_MISSING, 0.15),),
    ),
    _GPU.rule(
        "opencl-oom",
        r"cl_mem_object_allocation_failure|cl_out_of_resources|cl_invalid_buffer_size|opencl error,? ?code ?= ?-(?:4|5|61)\b"
        r"|clcreatebuffer.{0,60}(?:-4|-5|-61)\b|cl_out_of_host_memory",
        0.82,
        also=(*_CONFIG, *_HOSTISH, (Category.GPU_FEATURE_MISSING, 0.2)),
        unless=r"build error|kernel compile",
    ),
    _GPU.rule(
        "d3d-oom",
        r"0x8007000e|e_outofmemory|(?:dml|directml|d3d1[12])[^\n]{0,200}8007000e|dxgi.{0,40}out of memory|d3d1[12].{0,80}(?:e_outofmemory|out of memory)|not enough memory resources are available to complete",
        0.9,
        also=((Category.HOST_OUT_OF_MEMORY, 0.15),),
        unless=r"mapviewoffile|virtualalloc|createfilemapping",
    ),
    _GPU.rule(
        "webgpu-oom",
        r"gpuoutofmemoryerror|(?:createbuffer|gpubuffer|webgpu|dawn|wgpu|gpudevice|device)[^\n]{0,100}(?:out of memory|out_of_memory|not enough memory)"
        r"|(?:out of memory|not enough memory)[^\n]{0,100}(?:createbuffer|gpubuffer|webgpu|wgpu)|not enough memory left"
        r"|device out of memory|not enough memory for command submission|amdgpu: failed to allocate a buffer|out of memory, the device was lost|createbuffer failed, size|(?<!array )buffer allocation failed|failed to allocate (?:a )?(?:staging|storage|uniform) buffer|too large for the implementation when mappedatcreation",
        0.91,
        also=((Category.HOST_OUT_OF_MEMORY, 0.15), (Category.GPU_DEVICE_LOST, 0.15)),
    ),
    _GPU.rule(
        "device-buffer-allocation",
        rf"(?:failed to|unable to|could not|cannot) (?:allocate|create) (?:the )?(?:{_DEVICE}\d*(?:_split)?|device|gpu|vram)\b(?:_host)?[^\n]{{0,30}}(?:buffer|memory|tensor)"
        rf"|buffer_type_alloc_buffer: allocating [\d.]+ mib on device|{_DEVICE}\w*_buffer_type_alloc_buffer: (?:failed|unable|can)|(?:failed|unable) to allocate[^\n]{{0,40}}{_DEVICE}\d*(?:_host|_split)? buffer"
        r"|ggml_metal_(?:add_buffer|buffer_init): error: failed to allocate|ggml_(?:webgpu|vulkan|sycl|opencl|cann)\w*: failed to allocate (?:a )?buffer|pool allocat(?:or|ion)[^\n]{0,40}out of memory|can(?:'t|not) allocate \d+ bytes of memory on device|(?:failed|unable|not able) to allocate[^\n]{0,40} (?:on|from|in) (?:the )?(?:gpu|device|vram|cuda)\b"
        r"|(?:aclrtmalloc|alloc(?:ate)? device mem(?:ory)?|cumemalloc\w*)[^\n]{0,30}(?:fail|out of memory)|requested amount of gpu memory|ran out of memory in memory space (?:hbm|vmem)",
        0.92,
        also=((Category.HOST_OUT_OF_MEMORY, 0.1), (Category.GPU_FEATURE_MISSING, 0.08)),
        unless=r"_host buffer|pinned memory|cudamalloc failed: (?:unknown|initialization) error",
    ),
    _GPU.rule(
        "reserve-failed",
        r"failed to allocate compute (?:pp )?buffers|ggml_gallocr_reserve_n(?:_impl)?: failed to allocate|failed to allocate buffer for kv cache"
        r"|llama_kv_cache_init\(?\)? ?failed|llama_init_from_model: failed to initialize the context: failed to allocate"
        r"|alloc_tensor_range: failed to allocate|unable to load model: unable to allocate|unable to allocate backend buffer",
        0.74,
        also=((Category.HOST_OUT_OF_MEMORY, 0.42), (Category.CONFIG_INVALID, 0.15)),
    ),
    _GPU.rule(
        "free-vram",
        r"insufficient (?:free )?(?:vram|gpu memory|video memory|device memory|gpu vram)|(?:not enough|too little|low on|lack of) (?:free |available )?(?:vram|gpu memory|gpu video memory|graphics memory|dedicated memory|video memory|device memory|gpu vram)"
        r"|gpu has too little memory|(?:ran|runs?|running) out of (?:my |the |all )?(?:vram|gpu (?:memory|ram)|video memory|device memory)|(?:too|so) (?:big|large|heavy|much) for (?:my |the |your |this |a )?(?:gpu|vram|video card|graphics card)\b|(?:vram|gpu memory|video memory) (?:is )?(?:full|exhausted)"
        r"|exceeds? (?:the )?(?:available |free |total )?(?:gpu|vram|video|device) memory|out of (?:vram|gpu memory|video memory|device memory)"
        r"|gpu (?:is )?out of memory|gpu oom|(?:larger|bigger|more) than (?:the )?(?:available )?(?:gpu memory|vram)|vram (?:is )?(?:too|not) (?:small|enough)"
        r"|exceeds? (?:the )?(?:available |free |total )?vram|fit (?:in|into|on|onto|within) (?:the |your |a |available |single )*(?:gpu|vram|video memory|device memory)|insufficient space in device|load full model on gpu|too large for the available vram|(?:requires?|needs?) (?:at least |about |more than )?[\d.]+ ?[gm]i?b (?:of )?(?:vram|gpu memory|video memory)",
        0.93,
        also=_CONFIG,
        unless=r"if you'?re running out",
    ),
    _GPU_FIT.rule(
        "mlc-estimate",
        r"insufficient gpu memory error|available single gpu memory|cannot estimate kv cache capacity|larger than gpu memory size"
        r"|sum of model weight size|model weight size[^\n]{0,60}larger than",
        0.94,
        also=_CONFIG,
    ),
    _GPU_FIT.rule(
        "vllm-estimate",
        r"no available memory for the cache blocks|available kv cache memory \(|kv cache is needed, which is larger than"
        r"|free memory on device[^\n]{0,160}less than desired gpu memory utilization|error in memory profiling"
        r"|not enough memory\. please try to increase --mem-fraction-static|please try to increase --mem-fraction"
        r"|maximum number of tokens that can be stored in (?:the )?kv cache|try increasing `?gpu_memory_utilization|increase `?gpu_memory_utilization",
        0.9,
        also=((Category.CONFIG_INVALID, 0.3),),
    ),
    _GPU_FIT.rule(
        "dispatched-to-cpu",
        r"some modules are dispatched on the cpu or the disk|modules offloaded to cpu or disk|make sure you have enough gpu ram|device_map that contains a cpu or disk|cpu or disk device from the device_map",
        0.9,
        also=_CONFIG,
    ),
    _GPU_FIT.rule(
        "jax-oom",
        r"resource_exhausted|resourceexhaustederror|failed to allocate request for [\d.]+",
        0.82,
        also=_HOSTISH,
    ),
    _GPU.rule(
        "torch-allocator",
        r"cudacachingallocator|nvml_success == r|cudamallocasync",
        0.62,
        also=((Category.GPU_DRIVER, 0.3),),
        wrapper=True,
    ),
    _GPU.rule(
        "ort-arena",
        r"failed to allocate memory for requested buffer of size|bfcarena::allocaterawinternal|available memory of \d+ is smaller than requested",
        0.6,
        also=((Category.HOST_OUT_OF_MEMORY, 0.45),),
    ),
    _GPU.rule(
        "exhausted-generic",
        r"out[- ]of[- ](?:gpu )?memory|\boom\b|outofmemory",
        0.55,
        also=((Category.HOST_OUT_OF_MEMORY, 0.42),),
        unless=r"byte allocation|java heap|low on memory|if you'?re running out|out of memory: kill|oom[-_ ]?kill|\boom\b[^\n]{0,20}\bkill|signal: killed|heap out of memory|host memory|defaultcpuallocator|array buffer allocation"
        r"|wasm memory|\[wasm\]|rangeerror|webassembly\.memory|aborted\(oom\)|runtime: out of memory|cannot enlarge memory|system memory|pinned memory|java\.lang\.|outofmemoryexception|aw, ?snap|error code: out of memory|uncaught exception: out of memory|likely (?:due to|because of) out of memory|llvm error: out of memory|allocate wasm memory",
    ),
    _GPU.rule(
        "disposed-after-memory",
        r"gpu process (?:has )?(?:run|ran) out|gl_out_of_memory|context_lost_webgl.{0,40}memory",
        0.7,
        also=((Category.GPU_DEVICE_LOST, 0.3),),
    ),
    _HOST.rule(
        "bad-alloc",
        r"bad_alloc\b|\bbad allocation\b|std::bad_array_new_length",
        0.93,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.1),
            (Category.PROCESS_CRASHED, 0.1),
            (Category.ARTIFACT_CORRUPT, 0.1),
        ),
    ),
    _HOST.rule(
        "errno-enomem",
        r"cannot allocate memory|(?:mapviewoffile|virtualalloc|createfilemapping)[^\n]{0,80}(?:not enough|insufficient|out of) memory|\benomem\b|errno ?[=:]? ?12\b|vm_allocate failed|out of memory \(12\)|winerror 8\b|page allocation failure|llvm error: out of memory|os error 12\b|error code 12\b|not enough (?:system |host |main |physical )?memory: you tried|failed to mmap[^\n]{0,60}memory",
        0.94,
        unless=r"failed to mlock|static tls block|kgsl|gsl_memory|gslmalloc|gralloc",
    ),
    _HOST.rule(
        "memoryerror",
        r"\bmemoryerror\b|_arraymemoryerror|unable to allocate [\d.]+ (?:[kmgt]i?b|bytes)|defaultcpuallocator|cpu_allocator|pytorch_no_cpu_alloc",
        0.92,
    ),
    _HOST.rule(
        "system-memory",
        r"requires more system memory|more system memory \(|(?:insufficient|not enough|low|out of) (?:free |available )?(?:system|host|physical|main|cpu) (?:memory|ram)\b"
        r"|(?:insufficient|not enough|out of|ran out of|run out of|lack of) (?:free )?ram\b|memory allocation of \d+ bytes failed|runtime: out of memory|fatal error: out of memory"
        r"|std::alloc::rust_oom|failed to allocate cpu buffer|ggml_aligned_malloc: insufficient memory|insufficient memory \(attempted"
        r"|unable to allocate cpu|(?:failed|unable) to allocate[^\n]{0,30}\bcpu(?:_\w+)? buffer|model loading was stopped due to insufficient system resources"
        r"|insufficient system resources|(?<!may )(?:not|n't) have enough (?:available |free |system )?(?:memory|ram)|low on memory|all (?:of (?:the )?)?available ram|using all (?:available )?(?:ram|memory)|exceeded (?:the )?memory limit|out of system memory|memory limit (?:was |has been )?(?:reached|exceeded|hit)|low on resource: memory|insufficient memory to continue|not enough quota is available|too large for the available ram|model request too large for system|java\.lang\.outofmemoryerror|java heap space|failed to allocate a \d+ byte allocation|outofmemoryexception|used all (?:of )?(?:my |the |available )*(?:ram|memory)|(?:ram|memory) (?:was|is|got|gets) (?:completely )?(?:full|exhausted)|(?:eats?|uses?|consum\w+|takes?|fills?) (?:up )?all (?:of )?(?:my |the |available |system )*(?:ram|memory)|max(?:es|ed)? out (?:my |the )?(?:ram|memory)|lack of (?:\w+ )?swap space|swap space is (?:full|exhausted)",
        0.93,
        also=((Category.GPU_OUT_OF_MEMORY, 0.12),),
    ),
    _HOST.rule(
        "perhaps-too-little",
        r"may not have enough (?:available |free |system )?(?:memory|ram)|likely (?:due to|because of) out of memory",
        0.6,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.5),
            (Category.PROCESS_CRASHED, 0.2),
            (Category.HOST_UNSUPPORTED_CPU, 0.15),
        ),
    ),
    _HOST.rule(
        "paging-file",
        r"paging file is too small|winerror 1455|os error 1455|error 1455|status_commitment_limit|status_no_memory|0xc0000017|0xc000012d",
        0.97,
    ),
    _HOST.rule(
        "mlock",
        r"failed to mlock|rlimit_memlock|mlock[^\n]{0,40}failed",
        0.5,
        also=((Category.CONFIG_INVALID, 0.46),),
        wrapper=True,
    ),
    # The pool of a graph has a fixed size: what outgrows it is a graph, not the machine.
    _POOL.rule(
        "ggml-pool",
        r"not enough space in the (?:context's|scratch) memory|not enough space in the buffer to allocate|ggml_new_object: not enough",
        0.46,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.42),
            (Category.GENERATE_CONTEXT_OVERFLOW, 0.3),
            (Category.CONFIG_INVALID, 0.1),
        ),
    ),
    _HOST.rule(
        "malloc-failed",
        r"\bmalloc(?:ation)? failed|(?:failed|unable|not able) to (?:allocate|reserve|malloc)[^\n]{0,40}(?:memory|bytes|mib|gib|mb|gb)\b|memory allocation (?:failed|failure|error)|allocation failed",
        0.6,
        also=((Category.GPU_OUT_OF_MEMORY, 0.35),),
        unless=r"(?:on|from|in) (?:the )?(?:gpu|device|cuda)\b|cublas|buffer allocation failed|staging buffer|array buffer|heap out of memory|cudamalloc|hipmalloc|vram|requested buffer of size",
    ),
    _KILLED.rule(
        "oom-killer",
        r"oom[-_ ]?kill|\boom\b[^\n]{0,20}\bkill|oomkilled|killed process \d+|killed by (?:the )?(?:linux |kernel|oom|macos|os\b)[^\n]{0,20}|out of memory: kill|systemd-oomd|\bearlyoom\b|killed by the (?:operating )?system[^\n]{0,40}memory|(?:is|was|for|by) using too much memory",
        0.95,
    ),
    _HOST.rule(
        "failed-to-map",
        r"failed to map segment",
        0.5,
        also=((Category.STORAGE_PERMISSION, 0.35), (Category.HOST_MISSING_DEPENDENCY, 0.25)),
    ),
    _KILLED.rule(
        "killed",
        r"(?:^|\n)[^\n]{0,80}\bkilled\s*(?:\n|$|\s+(?:python|./|ollama|llama|mlc|node))|\bsignal: killed"
        r"|exit(?:ed)?(?: with)?(?: code| status)?:? \(?137\b|exit[_ ]code[:=] ?137|signal 9\b|\bsigkill\b|received signal 9|\(exit -9\)|exitcode: -9|code -9\b|return code -9",
        0.92,
        also=((Category.PROCESS_CRASHED, 0.2),),
        unless=r"(?:after|still[^\n]{0,30}) sigkill|sigterm' timed out|sent sigkill|sending sigkill|needs? sigkill|tried [^\n]{0,40}sigkill|even (?:with )?sigkill|received sigquit from a child",
    ),
    _KILLED.rule(
        "jetsam",
        r"jetsam|exc_resource[^\n]{0,60}memory|memorystatus|per-process-limit|lowmemorykiller|\blmkd?\b|low memory killer|background memory limit|onlowmemory|terminated due to memory",
        0.93,
    ),
    _WASM.rule(
        "array-buffer",
        r"array buffer allocation failed|invalid array buffer length|invalid typed array length|invalid array length|array buffer is too large|arraybuffer at least of size|cannot allocate arraybuffer|allocation size overflow|array length must be a positive integer of safe magnitude|uncaught exception: out of memory",
        0.88,
        also=((Category.ARTIFACT_CORRUPT, 0.08),),
    ),
    _POINTER.rule(
        "wasm-number-alone",
        r"(?:error|exception|throws?|thrown)(?: error| exception)?:? [`'\"]\d{6,12}[`'\"]",
        0.42,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.36),
            (Category.ARTIFACT_INCOMPATIBLE, 0.34),
            (Category.PROCESS_CRASHED, 0.15),
        ),
    ),
    # An exception of C++ comes out of WebAssembly as the number of its address; most are failed allocations.
    _WASM.rule(
        "wasm-number",
        r"uncaught (?:\(in promise\) )?(?:error: )?\d{6,12}\s*$|(?:error|exception):? \d{7,12}\s*$",
        0.52,
        also=((Category.PROCESS_CRASHED, 0.25), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _WASM.rule(
        "js-heap",
        r"javascript heap out of memory|heap limit allocation failed|ineffective mark-compacts|err_worker_out_of_memory|err_out_of_memory|heap out of memory|js heap|cannot create a string longer than",
        0.94,
    ),
    _WASM.rule(
        "wasm-memory",
        r"\[wasm\][^\n]{0,40}out of memory|rangeerror: out of memory|webassembly\.memory\(\)?[^\n]{0,60}(?:could not allocate|out of memory|failed|unable)|could not allocate memory|wasm memory[^\n]{0,60}(?:grow|alloc|exceed|out|limit)"
        r"|cannot enlarge memory|aborted\(oom\)|out of memory.{0,30}(?:wasm|webassembly)|memory\.grow|failed to grow (?:the )?(?:wasm |webassembly )?memory|webassembly[^\n]{0,60}out of memory"
        r"|cannot allocate wasm memory|allocate (?:a )?webassembly\.memory|wasm32 .{0,40}4 ?gb|exceed(?:s|ed)? (?:the )?(?:4|2) ?gb",
        0.91,
        also=((Category.GPU_OUT_OF_MEMORY, 0.08),),
    ),
    _WASM.rule(
        "notreadable-large-file",
        r"aw, ?snap!?|page (?:was )?(?:reloaded|crashed)[^\n]{0,60}memory|a problem (?:repeatedly )?occurred|significant memory|tab crashed",
        0.72,
        also=((Category.PROCESS_CRASHED, 0.35), (Category.GPU_OUT_OF_MEMORY, 0.25)),
    ),
    _HOST.rule(
        "shm-bus-error",
        r"insufficient shared memory \(shm\)|bus error[^\n]{0,80}shared memory|unable to (?:open|allocate|write)[^\n]{0,40}shared memory|/dev/shm",
        0.6,
        also=((Category.STORAGE_QUOTA_OR_DISK_FULL, 0.3), (Category.CONFIG_INVALID, 0.2)),
        phases=(Phase.LOAD, Phase.GENERATE, Phase.RUNTIME),
    ),
    _KILLED.rule(
        "compiler-killed",
        r"killed signal terminated program|died due to signal 9\b|(?:ptxas|cicc|cc1plus|as|ld|clang)\b[^\n]{0,40}(?:memory allocation failure|out of memory)|virtual memory exhausted|fatal error: killed|signal terminated program|ninja: fatal: [^\n]{0,20}killed",
        0.95,
        also=((Category.COMPILE_FAILED, 0.15),),
    ),
    _GPU.rule(
        "sycl-out-of-resources",
        r"ur_result_error_out_of_(?:resources|device_memory|host_memory)|pi_error_out_of_resources|ze_result_error_out_of_device_memory|cl_out_of_resources|code=-5\b|hsa_status_error_out_of_resources",
        0.72,
        also=((Category.GPU_DRIVER, 0.3), (Category.GPU_DEVICE_LOST, 0.12)),
    ),
    _WASM.rule(
        "buffer-of-size",
        r"failed to allocate a buffer of size|failed to allocate memory for requested buffer of size",
        0.62,
        also=((Category.GPU_OUT_OF_MEMORY, 0.45),),
    ),
    _WASM.rule(
        "buffer-over-two-gigabytes",
        r"larger than [24] ?gb|data cannot be cloned, out of memory|datacloneerror[^\n]{0,120}out of memory|serialized value is too large|offset -\d{6,12} is outside|rangeerror: (?:start )?offset[^\n]{0,40}(?:outside|out of bounds)|exceeds the maximum (?:array|string|buffer) length|invalid string length",
        0.9,
        also=((Category.PROCESS_CRASHED, 0.15), (Category.CONFIG_INVALID, 0.15)),
        unless=r"integrity check|checksum|hash mismatch",
    ),
    _HOST.rule(
        "cpu-buffer",
        r"cpu_buffer_type_alloc_buffer: failed|cpu_aligned_malloc|posix_memalign[^\n]{0,30}fail|failed to allocate buffer of size \d{11,}",
        0.9,
        also=((Category.CONFIG_INVALID, 0.12), (Category.GPU_OUT_OF_MEMORY, 0.1)),
    ),
    _GPU_FIT.rule(
        "context-not-created",
        r"failed to create llama_context|failed to create (?:the )?(?:llama |model )?context\b|layers\.offload=0\b|failed to create context with model",
        0.64,
        also=((Category.HOST_OUT_OF_MEMORY, 0.36), (Category.CONFIG_INVALID, 0.3)),
    ),
    # A phone's graphics driver asks the kernel for the GPU's buffers: the errno is the host's, the memory the GPU's.
    _GPU.rule(
        "phone-gpu-allocator",
        r"kgsl[^\n]{0,80}(?:alloc|memory)|gsl(?:_memory| mem| ?malloc)\w*[^\n]{0,60}(?:fail|error|alloc)|(?:mali|gralloc|ion|dma-?buf)[^\n]{0,60}(?:alloc\w*[^\n]{0,30}fail|out of memory)",
        0.86,
        also=((Category.HOST_OUT_OF_MEMORY, 0.4), (Category.PROCESS_CRASHED, 0.15)),
    ),
    _HOST.rule(
        "buffer-is-null",
        r"ggml_assert[^\n]{0,200}(?:mem_buffer|buf(?:fer)?|->data|base) != (?:null|nullptr)\b",
        0.86,
        also=((Category.PROCESS_CRASHED, 0.3),),
    ),
    # Metal refused a buffer while the weights were laid out: the assertion names no reason, the lines before it do.
    _GPU.rule(
        "metal-buffers-then-assert",
        r"ggml_metal_add_buffer: (?s:.{0,600})ggml_assert[(: ]{1,2}[^\n]{0,60}ggml-metal\.m:",
        0.82,
        also=((Category.PROCESS_CRASHED, 0.3),),
    ),
    _KILLED.rule(
        "worker-killed",
        r"(?:worker|child|engine|subprocess|process)[^\n]{0,40}(?:died|exited|terminated|ended|failed)[^\n]{0,30}(?:\(-9\)|(?:exit ?code|code|status|returncode)[:=]? ?-9\b|signal 9\b|sigkill)|failed core proc\(s\): \{[^}\n]{0,60}: -9\b",
        0.8,
        also=((Category.WORKER_CRASHED, 0.4), (Category.PROCESS_CRASHED, 0.2)),
    ),
    _HOST.rule(
        "browser-page-out-of-memory",
        r"error code: out of memory|aw, ?snap(?s:.{0,200})out of memory",
        0.92,
        also=((Category.GPU_OUT_OF_MEMORY, 0.12), (Category.PROCESS_CRASHED, 0.12)),
    ),
    # Page-locked memory is the host's, whichever driver hands it out.
    _HOST.rule(
        "pinned-memory",
        r"pinned memory[^\n]{0,80}out ?of ?(?:host ?)?memory|(?:failed|unable) to allocate \w{2,12}_host buffer|(?:cudahostalloc|cudamallochost|hiphostmalloc|cudahostregister)[^\n]{0,80}out of memory",
        0.9,
        also=((Category.GPU_OUT_OF_MEMORY, 0.3), (Category.GPU_DRIVER, 0.15)),
    ),
    _HOST.rule(
        "pinned-memory-refused",
        r"allocat\w+[^\n]{0,40}pinned memory|(?:cudahostalloc|cudamallochost|hiphostmalloc|cudahostregister)[^\n]{0,80}(?:fail|error)",
        0.5,
        also=((Category.GPU_DRIVER, 0.4), (Category.GPU_OUT_OF_MEMORY, 0.2), (Category.UNKNOWN, 0.2)),
        unless=r"out ?of ?(?:host ?)?memory",
    ),
    _HOST.rule(
        "more-than-is-available",
        r"requires? [\d.]+ ?[kmgt]i?b[^\n]{0,40} (?:but|than|and)[^\n]{0,30}[\d.]+ ?[kmgt]i?b[^\n]{0,20}(?:available|free)",
        0.7,
        also=((Category.GPU_OUT_OF_MEMORY, 0.5),),
        unless=r"vram|gpu|video|cuda|disk|space|download|system memory",
    ),
    _HOST.rule(
        "bus-error-in-shared-memory",
        r"bus error(?s:.{0,300})(?:shared_memory\.py|shm_open|/dev/shm)",
        0.93,
        also=((Category.STORAGE_QUOTA_OR_DISK_FULL, 0.3), (Category.WORKER_CRASHED, 0.3)),
    ),
    _HOST.rule(
        "weights-left-for-the-disk",
        r"offload_folder|offloaded to (?:the )?disk",
        0.68,
        also=((Category.CONFIG_INVALID, 0.5), (Category.GPU_OUT_OF_MEMORY, 0.4)),
    ),
    _GPU.rule(
        "single-buffer-too-large",
        r"requested preallocation size is too large|cannot find suitable local memory|no suitable memory type|failed to find (?:a )?suitable memory type",
        0.62,
        also=((Category.GPU_FEATURE_MISSING, 0.42), (Category.GPU_UNSUPPORTED, 0.15)),
    ),
    # Drivers of OpenCL say so for memory and for a fault alike.
    _GPU.rule(
        "opencl-status",
        r"\bcl\w{3,40}\([^\n]{0,160}\) (?:error|failed)[^\n]{0,10}-(?:4|5)\b|opencl[^\n]{0,40} error[^\n]{0,10}-(?:4|5)\b",
        0.66,
        also=((Category.GPU_DEVICE_LOST, 0.42), (Category.GPU_DRIVER, 0.25)),
    ),
    _GPU.rule(
        "count-of-live-buffers",
        r"resource limit \(\d+\) exceeded",
        0.8,
        also=((Category.UNKNOWN, 0.15),),
    ),
    # A buffer that the browser could not make is what later calls name as invalid.
    _GPU.rule(
        "invalid-buffer",
        r"\[invalid buffer[^\]\n]{0,40}\] is invalid",
        0.76,
        also=((Category.COMPILE_FAILED, 0.4), (Category.GPU_DEVICE_LOST, 0.25)),
    ),
    _GPU.rule(
        "array-of-metal-too-large",
        r"\bmps\w{0,12}ndarray[^\n]{0,160}(?:total bytes|product of dimension|2\*\*3[12])",
        0.56,
        also=((Category.GPU_FEATURE_MISSING, 0.45), (Category.PROCESS_CRASHED, 0.3)),
    ),
    _HOST.rule(
        "ram-fills",
        r"\bram\b[^\n]{0,30}(?:fills? up|to 100 ?%|at 100 ?%|is full|was full|above|exceed\w*)|(?:was|were|got|gets?|being|is) killed[^\n]{0,30}\b(?:ram|memory)\b",
        0.76,
        also=(
            (Category.PROCESS_HUNG, 0.3),
            (Category.PROCESS_CRASHED, 0.2),
            (Category.GPU_OUT_OF_MEMORY, 0.15),
        ),
        unless=r"vram|gpu ram",
    ),
    # A scheduler says so where a card's memory stays taken by what went before.
    _GPU.rule(
        "vram-not-given-back",
        r"vram usage didn't recover",
        0.5,
        also=((Category.GPU_DRIVER, 0.2),),
        wrapper=True,
    ),
    _GPU.rule(
        "kind-of-memory-not-named",
        r"insufficientmemoryerror",
        0.5,
        also=((Category.HOST_OUT_OF_MEMORY, 0.46), (Category.CONFIG_INVALID, 0.2)),
        wrapper=True,
    ),
    _GPU_FIT.rule(
        "cards-taken-by-others",
        r"memory capacity is unbalanced|(?:gpus?|cards?) (?:may be|is|are) (?:already )?(?:occupied|taken|in use) by (?:other|another)",
        0.76,
        also=((Category.CONFIG_INVALID, 0.3),),
    ),
    # WSL's machine has a share of the memory, and ends as a whole where it is used up.
    _HOST.rule(
        "subsystem-ended",
        r"subsystem for linux instance has terminated",
        0.7,
        also=((Category.PROCESS_CRASHED, 0.4),),
    ),
    # Calls that hand out the memory of a card, by their names in each interface.
    _GPU.rule(
        "allocation-call-refused",
        r"(?:cumemalloc\w*|cudamalloc(?:async|managed|pitch)?|hipmalloc(?:async|managed)?|vkallocatememory|vkbindbuffermemory|vma\w{0,12}(?:create|allocate)\w*|clcreatebuffer|clsvmalloc|malloc_device|createcommittedresource|aclrtmalloc\w*|musamalloc)\b[^\n]{0,40}(?:fail|error|returned (?:null|nil|0x|-))",
        0.8,
        also=((Category.GPU_DRIVER, 0.25), (Category.GPU_FEATURE_MISSING, 0.1)),
        unless=r"unknown error|initialization error|invalid (?:argument|value|device)|device[_ ]?lost|illegal",
    ),
    _HOST.rule(
        "assertion-on-an-allocation",
        r"assert\w*[^\n]{0,240}(?:\bdata != null|fail\w* to alloc\w*|\bptr != null|malloc\w*\()",
        0.8,
        also=((Category.PROCESS_CRASHED, 0.35), (Category.GPU_OUT_OF_MEMORY, 0.35)),
        unless=r"ggml-(?:cuda|metal|vulkan|opencl|sycl|kompute)\b|out of memory",
    ),
    # People's own words for what the kernel does to a process that takes too much.
    _KILLED.rule(
        "killed-in-words",
        r"\b(?:gets?|getting|got|was|is|are|being|been|just|says?|prints?|shows?|prompts?|outputs?|message|status|simply|always|then)[ :]{1,2}[\"'`“]?killed\b",
        0.8,
        also=((Category.PROCESS_CRASHED, 0.3), (Category.WORKER_CRASHED, 0.1)),
        unless=r"service worker|web worker|out-of-sync|by (?:the )?user|manually|killed (?:it|the|my|them)\b|after a timeout|timed out|killed unexpectedly|was killed while executing|killed by signal: (?!killed)|heartbeat|sigterm",
    ),
    _WASM.rule(
        "page-that-loads-itself-again",
        r"\b(?:page|tab|browser|site|website|safari|chrome)\b[^\n]{0,40} (?:refresh(?:es|ed|ing)?|reload(?:s|ed|ing)?|restart(?:s|ed|ing)?)(?: itself| automatically| on its own| by itself| again and again)|\b(?:refresh(?:es|ed)|reload(?:s|ed)) (?:itself|automatically|by itself|on its own)",
        0.72,
        also=((Category.PROCESS_CRASHED, 0.4), (Category.GPU_OUT_OF_MEMORY, 0.3)),
        unless=r"service worker|hot reload|hmr|vite",
    ),
    _HOST.rule(
        "whole-machine-stands-still",
        r"\b(?:phone|tablet|ipad|iphone|computer|laptop|macbook|pc|system|machine|desktop|os)\b (?:[\w-]+ ){0,4}(?:freez(?:e|es|ing)|froze|frozen|unresponsive|locks? up|locked up|stops responding|stopped responding)\b",
        0.74,
        also=((Category.PROCESS_HUNG, 0.5), (Category.GPU_DEVICE_LOST, 0.2), (Category.GPU_DRIVER, 0.2)),
        unless=r"display driver|\btdr\b|livekernel|xid\b",
    ),
    _HOST.rule(
        "memory-that-grows",
        r"memory leak|(?:memory|\bram\b)(?: usage| consumption| use| footprint)? (?:keeps?|continues?|continuously|constantly|steadily|slowly|gradually|just)[^\n]{0,20}(?:grow|increas|ris|climb)\w*",
        0.66,
        also=((Category.GPU_OUT_OF_MEMORY, 0.35), (Category.PROCESS_CRASHED, 0.2)),
        unless=r"vram|gpu memory|memory leaks? detected|detected memory leaks?|without memory leak",
    ),
    # The same in the languages in which many people write.
    _GPU.rule(
        "card-full-in-other-languages",
        r"显存(?:不足|不够|溢出|爆|超)|爆(?:了)?显存|显存(?:占满|用完|耗尽)|gpu ?(?:内存不足|记憶體不足|メモリ(?:不足|が不足))|vram ?(?:が不足|不足|不够)|memoria (?:de (?:la )?)?(?:gpu|v[ií]deo) insuficiente|nicht gen(?:ug|ügend) (?:gpu|grafik)[- ]?speicher",
        0.92,
        also=((Category.HOST_OUT_OF_MEMORY, 0.12), (Category.CONFIG_INVALID, 0.1)),
    ),
    _HOST.rule(
        "memory-full-in-other-languages",
        r"内存(?:不足|不够|溢出|爆|耗尽|占满)|爆(?:了)?内存|記憶體不足|メモリ(?:ー)?(?:不足|が不足|が足り)|메모리(?:가)? ?부족|页面文件太小|頁面檔太小|ページング ?ファイルが小さ|memoria insuficiente|no hay (?:suficiente )?memoria|nicht gen(?:ug|ügend) (?:arbeits)?speicher|auslagerungsdatei|mémoire insuffisante|paginaci[oó]n es demasiado|недостаточно памяти|memória insuficiente",
        0.86,
        also=((Category.GPU_OUT_OF_MEMORY, 0.3),),
        unless=r"显存|vram|gpu",
    ),
    _HOST.rule(
        "machine-short-of-memory",
        r"\b(?:computer|system|machine|phone|pc|laptop|host|server|node|browser|windows|macos|android|ios|os|mac|container|pod|vm|wsl2?|app|application|tab|page) (?:[\"'“][^\"'”\n]{1,40}[\"'”] )?(?:has |have |is |just |completely )?(?:run|ran|runs|running) (?:out of|low on) (?:memory|ram)\b|\bof (?:ram|system memory|main memory)\b[^\n]{0,40}(?:fail|not available|unavailable|close)|(?:fail\w*|unable|could not|cannot) (?:to )?allocat\w* [^\n]{0,30}\b(?:of|in|from) (?:ram|system memory|main memory|host memory)\b|close (?:some |any )?other (?:apps|applications|programs|tabs)|\bheap (?:is |was |space )?(?:exhausted|full)\b|jvm heap|memory pressure",
        0.9,
        also=((Category.GPU_OUT_OF_MEMORY, 0.15),),
        unless=r"gpu memory pressure|vram",
    ),
    _GPU_FIT.rule(
        "too-little-for-a-batch",
        r"not enough memory to (?:handle|serve|hold|fit|store|allocate|run|process)\b|(?:warming|warm) ?up[^\n]{0,60}(?:out of memory|not enough memory)|cannot fit (?:the )?(?:kv ?cache|model|weights|batch)|(?:kv ?cache|weights) (?:does|do)(?: not|n't) fit|no (?:space|room) (?:left )?for (?:the )?(?:kv ?cache|cache blocks)|kv ?cache (?:is )?(?:too (?:large|big)|exceeds)",
        0.84,
        also=((Category.CONFIG_INVALID, 0.35), (Category.HOST_OUT_OF_MEMORY, 0.2)),
        unless=r"if you'?re running out|\bram\b|system memory",
    ),
    # People's own words for a card that is full.
    _GPU.rule(
        "card-full-in-words",
        r"\bvram\b[^\n]{0,50} (?:is |gets |was |keeps |just )?(?:full\b|fill\w*|goes up|grow\w*|exhaust\w*|max(?:e[sd]|ing|es)?\b|spik\w+|overflow\w*|leak\w*|too (?:small|little|low)|not enough|insufficient|isn't enough)|(?:fill\w*|exceed\w*|explod\w+|eats?|eating|overflow\w*|too (?:large|big|much) for|beyond|needs? more|blow\w* up|more than) (?:\w+ ){0,3}vram\b|\boom\b (?:when|while|on|with|after|during|at|errors?|in|for|crash\w*)\b|(?:does|do|did|will|would)(?: not|n't) fit (?:\w+ ){0,4}(?:gpus?|vram|card)\b|\bcl_mem\b[^\n]{0,30}(?:fail|alloc)|createbuffer'?[^\n]{0,60}(?:size exceeds|out of range|too large)",
        0.86,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.2),
            (Category.CONFIG_INVALID, 0.15),
            (Category.PROCESS_CRASHED, 0.15),
        ),
        unless=r"if you'?re running out|oom[-_ ]?kill|\boom\b[^\n]{0,20}\bkill|\bsystem ram|heap|wasm",
    ),
    _HOST.rule(
        "machine-full-in-words",
        r"(?:only|just) (?:has |have |got |with )?\d{1,3} ?g(?:i?b)? (?:of )?(?:ram|system memory)\b|\bswapp(?:ing|ed) (?:like|heavily|a lot|constantly|to|out|hard|and)\b|starts? (?:swapping|thrashing)|\b(?:ram|system memory) (?:is |was |gets |got |usage )?(?:max(?:ed|es)?(?: out)?|full|exhausted|spikes?|jumps?|shoots up|goes (?:up )?to)\b|max(?:ed|es|ing) out (?:my |the |all )?ram|not enough memory resources are available to process|(?:runs?|ran|running) out of (?:my |the |all )?(?:ram|system memory|main memory|memory on (?:the )?cpu)\b",
        0.84,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.15),
            (Category.PROCESS_CRASHED, 0.15),
            (Category.PROCESS_HUNG, 0.15),
        ),
        unless=r"vram|gpu ram",
    ),
    _GPU_FIT.rule(
        "no-room-for-the-cache",
        r"(?:can't|cannot|could not|couldn't|unable to|failed to|not able to|no memory to) (?:allocate|reserve|create|fit|make)[^\n]{0,40}\bkv[ _-]?cache|\bgpu blocks: 0\b|insufficient memory for (?:the )?kv|kv[ _-]?cache[^\n]{0,30}(?:allocation failed|out of memory)",
        0.84,
        also=((Category.HOST_OUT_OF_MEMORY, 0.3), (Category.CONFIG_INVALID, 0.25)),
    ),
    _HOST.rule(
        "pages-not-locked",
        r"virtuallock[^\n]{0,60}(?:fail|quota|error)|failed to virtuallock",
        0.66,
        also=((Category.CONFIG_INVALID, 0.3),),
        wrapper=True,
    ),
)

"""Rules for a GPU's memory that ran out, or that the runtime counted to be too little."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_GPU = Group(Category.GPU_OUT_OF_MEMORY, en="the GPU's memory ran out", es="se agotó la memoria de la GPU")
_GPU_FIT = Group(
    Category.GPU_OUT_OF_MEMORY,
    en="the runtime counted that the model does not fit the GPU's memory",
    es="el motor calculó que el modelo no cabe en la memoria de la GPU",
)
_LIMIT = Group(
    Category.GPU_FEATURE_MISSING,
    en="the kernel or the buffer asks for more than this GPU allows",
    es="el kernel o el búfer pide más de lo que esta GPU permite",
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
        0.96,
        unless=r"cpu_allocator|defaultcpuallocator",
    ),
    _GPU.rule(
        "vulkan-oom",
        r"vk_error_out_of_device_memory|erroroutofdevicememory|error_out_of_device_memory"
        r"|device memory allocation of size \d+ failed|requested buffer size exceeds device (?:memory|max|buffer)"
        r"|vkallocatememory.{0,80}-2\b|vk_error_out_of_pool_memory|erroroutofpoolmemory",
        0.96,
    ),
    _GPU.rule(
        "metal-oom",
        r"kiogpucommandbuffercallbackerroroutofmemory|insufficient memory \(0{4,}8|gpu (?:error|timeout)?.{0,30}insufficient memory|\[metal::malloc\]|invalid buffer size: [\d.]+ ?[gm]i?b|newbufferwith(?:length|bytes)\w*[^\n]{0,60}(?:nil|null|fail)"
        r"|command buffer \d* ?failed with status 5(?s:.{0,80})insufficient memory|recommendedmaxworkingsetsize.{0,60}exceed"
        r"|metal.{0,60}(?:out of memory|failed to allocate|insufficient memory)|\[metal\].{0,40}maximum allowed buffer size"
        r"|attempting to allocate \d+ bytes which is greater than the maximum allowed buffer size",
        0.94,
        also=((Category.GPU_FEATURE_MISSING, 0.15),),
    ),
    _GPU.rule(
        "opencl-oom",
        r"cl_mem_object_allocation_failure|cl_invalid_buffer_size|opencl error,? ?code ?= ?-(?:4|5|61)\b"
        r"|clcreatebuffer.{0,60}(?:-4|-5|-61)\b|cl_out_of_host_memory",
        0.82,
        also=(*_CONFIG, *_HOSTISH, (Category.GPU_FEATURE_MISSING, 0.2)),
        unless=r"build error|kernel compile|cl_out_of_resources",
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
        0.94,
        also=((Category.HOST_OUT_OF_MEMORY, 0.15), (Category.GPU_DEVICE_LOST, 0.15)),
    ),
    _GPU.rule(
        "device-buffer-allocation",
        rf"(?:failed to|unable to|could not|cannot) (?:allocate|create) (?:the )?(?:{_DEVICE}\d*(?:_split)?|device|gpu|vram)\b(?:_host)?[^\n]{{0,30}}(?:buffer|memory|tensor)"
        rf"|buffer_type_alloc_buffer: allocating [\d.]+ mib on device|{_DEVICE}\w*_buffer_type_alloc_buffer: (?:failed|unable|can)|(?:failed|unable) to allocate[^\n]{{0,40}}{_DEVICE}\d*(?:_host|_split)? buffer"
        r"|ggml_metal_(?:add_buffer|buffer_init): error: failed to allocate|ggml_(?:webgpu|vulkan|sycl|opencl|cann)\w*: failed to allocate (?:a )?buffer|pool allocat(?:or|ion)[^\n]{0,40}out of memory|can(?:'t|not) allocate \d+ bytes of memory on device|(?:failed|unable|not able) to allocate[^\n]{0,40} (?:on|from|in) (?:the )?(?:gpu|device|vram|cuda)\b"
        r"|(?:aclrtmalloc|alloc(?:ate)? device mem(?:ory)?|cumemalloc\w*)[^\n]{0,30}(?:fail|out of memory)|requested amount of gpu memory|ran out of memory in memory space (?:hbm|vmem)",
        0.94,
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
        unless=r"cpu_buffer_type_alloc|ggml_aligned_malloc|allocate cpu",
    ),
    _GPU.rule(
        "free-vram",
        r"insufficient (?:free )?(?:vram|gpu memory|video memory|device memory|gpu vram)|(?:not enough|too little|low on|lack of) (?:free |available )?(?:vram|gpu memory|gpu video memory|graphics memory|dedicated memory|video memory|device memory|gpu vram)"
        r"|gpu has too little memory|(?:ran|runs?|running) out of (?:my |the |all )?(?:vram|gpu (?:memory|ram)|video memory|device memory)|(?:too|so) (?:big|large|heavy|much) for (?:my |the |your |this |a )?(?:gpu|vram|video card|graphics card)\b|(?:vram|gpu memory|video memory) (?:is )?(?:full|exhausted)"
        r"|exceeds? (?:the )?(?:available |free |total )?(?:gpu|vram|video|device) memory|out of (?:vram|gpu memory|video memory|device memory)"
        r"|gpu (?:is )?out of memory|gpu oom|(?:larger|bigger|more) than (?:the )?(?:available )?(?:gpu memory|vram)|vram (?:is )?(?:too|not) (?:small|enough)"
        r"|exceeds? (?:the )?(?:available |free |total )?vram|fit (?:in|into|on|onto|within) (?:the |your |a |available |single )*(?:gpu|vram|video memory|device memory)|insufficient space in device|load full model on gpu|too large for the available vram|(?:requires?|needs?) (?:at least |about |more than )?[\d.]+ ?[gm]i?b (?:of )?(?:vram|gpu memory|video memory)",
        0.94,
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
        0.94,
        also=((Category.CONFIG_INVALID, 0.3),),
    ),
    _GPU_FIT.rule(
        "dispatched-to-cpu",
        r"some modules are dispatched on the cpu or the disk|modules offloaded to cpu or disk|make sure you have enough gpu ram|device_map that contains a cpu or disk|cpu or disk device from the device_map",
        0.95,
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
    _GPU.rule(
        "sycl-out-of-resources",
        r"ur_result_error_out_of_(?:resources|device_memory|host_memory)|pi_error_out_of_resources|ze_result_error_out_of_device_memory|hsa_status_error_out_of_resources",
        0.72,
        also=((Category.GPU_DRIVER, 0.3), (Category.GPU_DEVICE_LOST, 0.12)),
    ),
    _GPU_FIT.rule(
        "context-not-created",
        r"failed to create llama_context|failed to create (?:the )?(?:llama |model )?context\b|layers\.offload=0\b|failed to create context with model",
        0.64,
        also=((Category.HOST_OUT_OF_MEMORY, 0.36), (Category.CONFIG_INVALID, 0.3)),
        unless=r"cpu_buffer_type_alloc|ggml_aligned_malloc|flash_attn|flash ?attention|from binary",
    ),
    # A phone's graphics driver asks the kernel for the GPU's buffers: the errno is the host's, the memory the GPU's.
    _GPU.rule(
        "phone-gpu-allocator",
        r"kgsl[^\n]{0,80}(?:alloc|memory)|gsl(?:_memory| mem| ?malloc)\w*[^\n]{0,60}(?:fail|error|alloc)|(?:mali|gralloc|ion|dma-?buf)[^\n]{0,60}(?:alloc\w*[^\n]{0,30}fail|out of memory)",
        0.86,
        also=((Category.HOST_OUT_OF_MEMORY, 0.4), (Category.PROCESS_CRASHED, 0.15)),
    ),
    # Metal refused a buffer while the weights were laid out: the assertion names no reason, the lines before it do.
    _GPU.rule(
        "metal-buffers-then-assert",
        r"ggml_metal_add_buffer: (?s:.{0,600})ggml_assert[(: ]{1,2}[^\n]{0,60}ggml-metal\.m:",
        0.82,
        also=((Category.PROCESS_CRASHED, 0.3),),
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
        unless=r"cl_out_of_resources",
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
    # Calls that hand out the memory of a card, by their names in each interface.
    _GPU.rule(
        "allocation-call-refused",
        r"(?:cumemalloc\w*|cudamalloc(?:async|managed|pitch)?|hipmalloc(?:async|managed)?|vkallocatememory|vkbindbuffermemory|vma\w{0,12}(?:create|allocate)\w*|clcreatebuffer|clsvmalloc|malloc_device|createcommittedresource|aclrtmalloc\w*|musamalloc)\b[^\n]{0,40}(?:fail|error|returned (?:null|nil|0x|-))",
        0.87,
        also=((Category.GPU_DRIVER, 0.25), (Category.GPU_FEATURE_MISSING, 0.1)),
        unless=r"unknown error|initialization error|invalid (?:argument|value|device)|device[_ ]?lost|illegal",
    ),
    # The same in the languages in which many people write.
    _GPU.rule(
        "card-full-in-other-languages",
        r"显存(?:不足|不够|溢出|爆|超)|爆(?:了)?显存|显存(?:占满|用完|耗尽)|gpu ?(?:内存不足|记憶體不足|メモリ(?:不足|が不足))|vram ?(?:が不足|不足|不够)|memoria (?:de (?:la )?)?(?:gpu|v[ií]deo) insuficiente|nicht gen(?:ug|ügend) (?:gpu|grafik)[- ]?speicher",
        0.92,
        also=((Category.HOST_OUT_OF_MEMORY, 0.12), (Category.CONFIG_INVALID, 0.1)),
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
        unless=r"iphone|ipad|\bios\b|xcode|safari|if you'?re running out|oom[-_ ]?kill|\boom\b[^\n]{0,20}\bkill|\bsystem ram|heap|wasm",
    ),
    _GPU_FIT.rule(
        "no-room-for-the-cache",
        r"(?:can't|cannot|could not|couldn't|unable to|failed to|not able to|no memory to) (?:allocate|reserve|create|fit|make)[^\n]{0,40}\bkv[ _-]?cache|\bgpu blocks: 0\b|insufficient memory for (?:the )?kv|kv[ _-]?cache[^\n]{0,30}(?:allocation failed|out of memory)",
        0.84,
        also=((Category.HOST_OUT_OF_MEMORY, 0.3), (Category.CONFIG_INVALID, 0.25)),
        unless=r"cpu_buffer_type_alloc|ggml_aligned_malloc",
    ),
    # TVM's schedules are made for larger GPUs: what runs out are threads and registers.
    _LIMIT.rule(
        "kernel-beyond-resources",
        r"cl_out_of_resources|cl_invalid_work_group_size|cl_invalid_image_size|alloc image[^\n]{0,60}error|image (?:size|width|height|dimension)[^\n]{0,40}(?:exceed|too large|larger than|not supported)",
        0.72,
        also=((Category.GPU_OUT_OF_MEMORY, 0.5), (Category.COMPILE_FAILED, 0.45)),
        runtimes=("tvm", "mnn", "other", "ncnn", "tflite", "litert"),
        unless=r"ggml|llama|opencl build error",
    ),
    _GPU.rule(
        "opencl-resources",
        r"cl_out_of_resources",
        0.82,
        also=(*_CONFIG, *_HOSTISH, (Category.GPU_FEATURE_MISSING, 0.3)),
        without=("tvm", "mnn", "ncnn"),
        unless=r"gpu fault|reset engine|device lost|build error|kernel compile",
    ),
    _GPU.rule(
        "bank-of-an-accelerator",
        r"(?:\bacl\b|\bel0004\b|ascend|aclrt|torch_npu)[^\n]{0,80}(?:out of memory|failed to allocate memory)|not enough space to allocate \d{1,20} b (?:dram|l1)\w{0,8} buffer|hbm oom|ran out of (?:hbm|sbuf|psum)|(?:hbm|dram) (?:is )?(?:exhausted|full)|(?:npu|tpu|hpu|gaudi|ascend|neuron)\w{0,8}[^\n]{0,60}out of (?:device )?memory|nrt_resource\b|nrt_(?:tensor_)?alloc\w*[^\n]{0,40}fail",
        0.95,
    ),
    _GPU.rule(
        "card-allocation-failed",
        r"(?:cuda|gpu|vram|rocm|hip|vulkan|sycl|npu|device) memory (?:allocation|alloc) (?:fail|error)\w*|failed gpu (?:memory )?allocation|error loading model: unable to allocate (?!cpu)|unable to allocate (?:cuda|rocm|vulkan|sycl|metal|mtl|hip|opencl|gpu)\w{0,12} buffer|mtlbuffer[^\n]{0,80}(?:exceed|too large|nil)|must not exceed \d+ ?mb|buffer validation\n?[^\n]{0,40}new\w*buffer",
        0.91,
        also=((Category.CONFIG_INVALID, 0.2), (Category.GPU_FEATURE_MISSING, 0.2)),
        unless=r"unknown error|initialization error|cuda_host",
    ),
    _GPU.rule(
        "buffer-of-unknown-place",
        r"error loading model: unable to allocate\s{0,9}(?:$|\n)|buffer validation\b",
        0.74,
        also=((Category.HOST_OUT_OF_MEMORY, 0.42), (Category.GPU_FEATURE_MISSING, 0.3)),
    ),
    _GPU.rule(
        "cublas-allocation",
        r"the resource allocation failed|cublas[^\n]{0,60}alloc\w* failed|cu(?:dnn|solver|sparse|fft)_(?:status_)?alloc_failed",
        0.93,
    ),
    # What helped says what was lacking.
    _GPU_FIT.rule(
        "fits-with-less",
        r"(?:lower\w*|reduc\w+|decreas\w+|fewer|less|smaller|with only|only)[^\n]{0,24} (?:-ngl|n_?gpu_?layers|num_gpu|gpu[- ]layers|gpu_memory_utilization|gpu memory utilization|layers? (?:on|to) (?:the )?gpu|offloaded layers|max[_-]model[_-]len)\b[^\n]{0,60}(?:work|load|help|fix|run|ok|fine|succe)|(?:works?|loads?|runs?|fine|ok) (?:\w{1,12} ){0,2}(?:with|when) (?:\w{1,12} ){0,3}(?:fewer|less|lower|reduced) (?:gpu )?(?:layers|-ngl)|\b\d{1,2} ?g(?:i?b)? (?:\w{1,12} ){0,2}(?:card|gpu|graphics card|vram)\b[^\n]{0,40}(?:cannot|can't|not|too small|isn't|doesn't|won't|fail|insufficient)|(?:cannot|can't|could not|couldn't|won't|doesn't|not) (?:\w{1,12} ){0,4}(?:while|because|since|as)[^\n]{0,40}\b(?:in|of|occup\w+|hold\w*|us\w+) (?:the |my |all |all the )?vram\b",
        0.72,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.25),
            (Category.CONFIG_INVALID, 0.25),
            (Category.PROCESS_CRASHED, 0.15),
        ),
        phases=(Phase.LOAD, Phase.GENERATE),
        unless=r"not supported|unsupported|not detected|not found|no kernel",
    ),
    _GPU.rule(
        "accelerator-allocation",
        r"exceeded max size of memory object allocation|(?:fail\w*|unable|could not|cannot) to (?:malloc|allocate|alloc|reserve)[^\n]{0,40}\b(?:npu|htp|dsp|hexagon|hpu|tpu|vtcm|xpu)\b|hexagon[^\n]{0,40}failed to allocate|(?:npu|htp|rknn|qnn)\w*[^\n]{0,40}(?:mem_alloc|failed to malloc|no memory|out of memory)|insufficient memory[^\n]{0,80}vram",
        0.86,
        also=((Category.GPU_FEATURE_MISSING, 0.3), (Category.HOST_OUT_OF_MEMORY, 0.2)),
    ),
    # Metal's part of llama.cpp asserts nothing but that a command buffer went well, which most often fails for want of memory.
    _GPU.rule(
        "metal-asserts-false",
        r"ggml_assert[: ]{1,2}[^\n]{0,160}ggml-metal\.m:\d{1,5}:? false",
        0.93,
        also=((Category.PROCESS_CRASHED, 0.5), (Category.HOST_OUT_OF_MEMORY, 0.15)),
        unless=r"ggml_metal_init|not implemented|unsupported|library",
    ),
    _GPU.rule(
        "buffer-not-mapped",
        r"map error ptrcl == nullptr|(?:clenqueuemapbuffer|mapbuffer|map buffer|ptrcl)[^\n]{0,40}(?:nullptr|null\b|fail|error)|alloc (?:opencl|cl|gpu) (?:buffer|image|memory)[^\n]{0,20}(?:fail|error)",
        0.92,
        also=((Category.PROCESS_CRASHED, 0.4), (Category.GPU_FEATURE_MISSING, 0.2)),
    ),
    _GPU_FIT.rule(
        "cache-finds-no-room",
        r"raise_if_cache_size_invalid|does not fit on the devices|max(?:imum)? number of tokens[^\n]{0,40} hold(?:s)? is 0|not enough memory (?:when|to|for)[^\n]{0,80}\b(?:gpus?|a100|h100|l40s?|v100|t4|a10g?|rtx|\d{4} ?ti|cuda)\b|kv ?cache (?:does not|doesn't|cannot|can't|won't) fit",
        0.9,
        also=((Category.CONFIG_INVALID, 0.3), (Category.HOST_OUT_OF_MEMORY, 0.1)),
        unless=r"timed out",
    ),
)

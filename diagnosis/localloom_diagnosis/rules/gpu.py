"""Rules for the GPU that is not there, or not seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group, Reason, Scene, StateRule, Vote

_NONE = Group(
    Category.GPU_UNSUPPORTED,
    en="no usable GPU or adapter was found",
    es="no se encontró ninguna GPU o adaptador utilizable",
)
_WEB = Group(
    Category.GPU_UNSUPPORTED,
    en="the browser offers no WebGPU adapter",
    es="el navegador no ofrece ningún adaptador WebGPU",
)
_RUNTIME = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="the container runtime has no way to the GPU",
    es="el entorno de contenedores no tiene acceso a la GPU",
)
_BUILD = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="a library that was built for the processor alone is installed",
    es="está instalada una biblioteca compilada solo para el procesador",
)

_MISSING = Category.HOST_MISSING_DEPENDENCY

RULES = (
    _WEB.rule(
        "webgpu-no-adapter",
        r"unable to find a compatible gpu|cannot find (?:an )?adapter|no (?:appropriate |suitable |available |compatible |webgpu |gpu )+adapters?\b|no adapter found(?! for\b)|no adapters? (?:was |were |is )?(?:found|available)(?! for\b)"
        r"|failed to (?:get|find|request|obtain|create) (?:a |an |the )?(?:webgpu |gpu |suitable |appropriate )*adapter(?! info)|(?:could not|couldn't|can't|cannot|unable to) (?:get|find|request|obtain) (?:a |an |any |the )?(?:webgpu |gpu |suitable |appropriate )*adapter"
        r"|webgpu adapter (?:is )?(?:not|null|unavailable)|failed to create webgpu context provider|requestadapter\(?\)?[^\n]{0,40}(?:returned |is |: )?(?:null|undefined|failed)|no available adapters",
        0.95,
        also=((Category.GPU_DRIVER, 0.15),),
        unless=r"\blora\b|\bpeft\b",
    ),
    _WEB.rule(
        "webgpu-absent",
        r"webgpu (?:is )?(?:not (?:yet )?(?:supported|available|enabled|found|implemented|compatible)|unsupported|unavailable|disabled)|webgpunotavailable|(?:does not|doesn't|not) (?:currently )?support(?:s|ed|ing)? webgpu"
        r"|navigator\.gpu(?!\.requestadapter\(\)[;\n ])|reading 'requestadapter'|no webgpu support|cannot find webgpu|webgpu not (?:found|supported|available)|without webgpu|webgpu (?:support )?(?:is )?(?:required|missing)|webgpunotsupported|webgpu_not_supported"
        r"|webgpu is not currently|browser (?:does not|doesn't) (?:support|have) (?:webgpu|gpu)|failed to initialize webgpu|webgpu initiali[sz]ation failed|webgpu init(?:ialization)? error",
        0.95,
        also=((Category.CONFIG_INVALID, 0.1), (Category.GPU_DRIVER, 0.1)),
    ),
    _WEB.rule(
        "webgl-absent",
        r"webgl (?:is )?not supported|unable to create webgl context|error creating webgl context|could not create a webgl",
        0.75,
    ),
    _NONE.rule(
        "cuda-no-device",
        r"cudaerrornodevice|cuda_error_no_device|no cuda-capable device|no (?:cuda|hip|xpu|rocm) gpus? (?:are|is) available|might not have a cuda gpu|no cuda devices? (?:found|detected|available)?|no nvidia (?:gpu|driver|device)|found no nvidia driver"
        r"|no \w{2,10}-capable device|cu(?:init|da driver library init)[^\n]{0,30}\b100\b|requested \w+ device_id=\d+, but only 0|cudasetdevice err: ?100\b|cuda error 100\b|cuda runtime error \(100\)|cuda error 38\b|cudagetdevicecount[^\n]{0,60}(?:\b100\b|no cuda)|cuda device(?:s)? not found"
        r"|attempting to deserialize object on a cuda device",
        0.9,
        also=((Category.GPU_DRIVER, 0.3), (_MISSING, 0.15)),
    ),
    _NONE.rule(
        "no-device",
        r"no suitable (?:gpus?|devices?|cards?|accelerators?)\b|(?:shows?|lists?|reports?|sees?|finds?|returns?) (?:no|zero|0) (?:\w+ )?(?:gpus?|devices|cards|accelerators)\b(?! (?:activity|usage|load|use\b|utili|memory|work))|no [\w.]{2,12}[- ](?:capable|compatible) (?:adapters?|gpus?|devices?|cards?)\b|no compatible gpus? (?:were |was )?(?:discovered|found|detected)|no (?:supported |usable |available |compatible )?(?:gpus?|devices?|accelerators?)(?: device)?s? (?:were |was |is |are )?(?:found|detected|available|discovered)\b|no available device detected"
        r"|device is not found on your local environment|cannot detect device|cannot auto detect device|failed to infer device type|no gpu (?:found|detected|available)|gpu (?:is |was )?not (?:found|detected|available|recogni[sz]ed)"
        r"|could(?: not|n't) (?:find|detect) (?:a |any )?(?:gpu|compatible gpu|device)|no gpus? found|gpu device not found|unable to (?:detect|find) (?:a |any )?(?:gpu|device)|unable to (?:retrieve|read|query|list|enumerate)[^\n]{0,40}(?:gpu devices|available vram)|(?:can ?not|could(?: not|n't)) find [^\n]{0,20}gpu platform|no (?:gpu|opencl|sycl) platforms?\b|cannot detect target from device|no target detected from device|could(?: not|n't)? find any (?:opencl|vulkan|sycl|gpu|cuda) devices?|failed to enumerate drm devices|\b0 (?:gpus?|devices?) (?:detected|found)|(?:failed|unable) to find (?:any |a )?(?:directml|dml|vulkan|metal|webgpu|cuda|rocm|sycl|opencl)[^\n]{0,10} devices?|detect any (?:valid|usable|suitable) gpus?|insufficient (?:nvidia|amd|habana\.ai|gpu\.intel|google)\.com/\w+|gpu access blocked by the operating system|did not find (?:a |any )?gpu|(?:failed|unable) to (?:detect|find|discover) (?:a |any |the |my |your )?(?:compatible |supported |usable |dedicated |nvidia |amd |intel )*(?:gpu|graphics card|video card)|(?:can(?:not|'t| not)|couldn't|could not|does(?: not|n't)|did(?: not|n't)) (?:find|detect|see|discover|locate) (?:a |an |any |my |the |your )?(?:compatible |supported |usable |suitable |nvidia |amd |intel |cuda |dedicated |discrete )+(?:gpu|graphics card|video card)|no (?:nvidia|amd)(?:/| or )(?:nvidia|amd) gpu"
        r"|no accelerator|cannot initialize device|no devices? of (?:the )?(?:requested )?type|requested device not found",
        0.92,
        also=((Category.GPU_DRIVER, 0.2), (_MISSING, 0.15)),
        unless=r"(?:after|since|upon) (?:\w+ ){0,3}(?:suspend|resum|hibernat|sleep|wak(?:e|ing))|suspend/resume",
    ),
    _NONE.rule(
        "not-compiled-with-gpu",
        r"torch not compiled with cuda enabled|not compiled with (?:cuda|gpu|rocm|metal|vulkan|xpu) (?:support|enabled)|built without (?:cuda|gpu|rocm|vulkan|metal)|not linked with (?:support for )?(?:cuda|hip|rocm|xpu|mps)|no gpu support|not compiled with gpu offload support|was built without gpu"
        r"|compiled without (?:cuda|gpu|rocm)|cuda backend (?:is )?not (?:available|enabled|compiled)",
        0.52,
        also=((_MISSING, 0.48), (Category.CONFIG_INVALID, 0.2), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
    ),
    _NONE.rule(
        "tvm-cuda-target",
        r"cannot detect local (?:cuda|rocm|vulkan|metal|opencl) gpu target",
        0.55,
        also=((_MISSING, 0.5), (Category.GPU_DRIVER, 0.2)),
    ),
    _NONE.rule(
        "tvm-target-while-compiling",
        r"cannot detect local (?:cuda|rocm|vulkan|metal|opencl) gpu target",
        0.4,
        also=((_MISSING, 0.6), (Category.GPU_DRIVER, 0.2)),
        phases=(Phase.COMPILE,),
    ),
    _NONE.rule(
        "tvm-loader-missing",
        r"library binary was created using \{?\w+\}? but a loader of that name is not registered|binary was created using[^\n]{0,60}not registered|loader of that name is not registered",
        0.4,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.6), (_MISSING, 0.35)),
    ),
    _NONE.rule(
        "vulkan-none",
        r"ggml_vulkan: no devices found|no vulkan (?:devices?|gpus?|physical|capable|support)|no physical devices?|failed to (?:find|enumerate)[^\n]{0,20} (?:vulkan|physical) (?:devices?|gpus?)|vulkan (?:is )?not (?:available|supported|found)|vkenumeratephysicaldevices|vulkan[^\n]{0,40}no (?:such )?device|cannot find a compatible vulkan|no suitable vulkan",
        0.9,
        also=((Category.GPU_DRIVER, 0.25),),
        unless=r"/dev/dri[^\n]{0,60}permission denied",
    ),
    _NONE.rule(
        "vulkan-init",
        r"vk_error_initialization_failed|errorinitializationfailed|vkcreateinstance failed|failed to create (?:a )?vulkan instance|vk_error_layer_not_present|loader_scanned_icd|vk_loader|loader_icd|libvulkan_\w+",
        0.5,
        also=((Category.GPU_DRIVER, 0.45),),
    ),
    # Vulkan says so too where no driver is there at all.
    _NONE.rule(
        "vulkan-driver-absent",
        r"(?:vk_)?error_incompatible_driver|errorincompatibledriver|vk::incompatibledrivererror|vulkan error,? ?code ?= ?-9\b|vkcreateinstance[^\n]{0,30}-9\b|found no drivers",
        0.86,
        also=((Category.GPU_DRIVER, 0.45),),
        unless=r"undefined symbol|elf class",
    ),
    _NONE.rule(
        "opencl-none",
        r"cl_platform_not_found_khr|clgetplatformids[^\n]{0,100}-1001|code=-1001|cl_device_not_found|no opencl (?:platforms?|devices?|runtime)|opencl (?:is )?not (?:available|found|supported)|no opencl-capable|platform ids? (?:are |is )?(?:not available|unavailable)|cannot find any opencl|(?:cannot|could not|can't|unable to|failed to) (?:find|get|detect)[^\n]{0,20}opencl (?:platform|device|runtime)|(?:error|fail\w*)[^\n]{0,20}clgetplatformids|clgetplatformids[^\n]{0,40}(?:error|fail)",
        0.85,
        also=((Category.GPU_DRIVER, 0.3), (_MISSING, 0.2)),
    ),
    _NONE.rule(
        "rocm-none",
        r"hiperrornodevice|no (?:rocm|hip|amd)[- ](?:capable )?(?:gpus?|devices?)|no rocm-capable device|hsa_status_error_out_of_resources|unable to open /dev/kfd|/dev/kfd|rocm (?:is )?not (?:available|found|supported)|amdgpu (?:\[\d+\] )?is not supported|amd gpu is not supported|unsupported amd gpu|gfx\w+ (?:is )?not (?:supported|officially)|no compatible amdgpu|amdgpu too old|dropping rocm device|no rocblas support for|invalid architecture id received|unsupported radeon",
        0.9,
        also=(
            (Category.GPU_FEATURE_MISSING, 0.3),
            (Category.STORAGE_PERMISSION, 0.12),
            (Category.GPU_DRIVER, 0.25),
        ),
        unless=r"/dev/kfd[^\n]{0,60}permission denied|permission denied[^\n]{0,60}/dev/kfd",
    ),
    _NONE.rule(
        "sycl-none",
        r"no (?:sycl|level[- ]zero|xpu|intel)[^\n]{0,30} devices?|no devices? of requested type|\bno platforms? available|requested platform[^\n]{0,20}not (?:found|available)|pi_error_device_not_found|ze_result_error_uninitialized|xpu (?:is )?not available|ggml_sycl[^\n]{0,40}no (?:gpu|device)|can't find sycl",
        0.84,
        also=((Category.GPU_DRIVER, 0.35),),
    ),
    _NONE.rule(
        "metal-none",
        r"mtlcreatesystemdefaultdevice[^\n]{0,60}(?:nil|null|fail)|(?:metal|mps) (?:backend |device )?(?:is )?not (?:available|supported|found)|no metal device|failed to (?:create|find|get) (?:a )?metal device|mps is not available|ggml_metal_init: (?:error: )?(?:failed|no)|default metal device",
        0.84,
    ),
    # A container asks for a card through a runtime that somebody has to install beside Docker.
    _RUNTIME.rule(
        "docker-gpu",
        r"could not select device driver|nvidia-container-(?:cli|runtime|toolkit)|unknown or invalid runtime name: nvidia|failed to initialize nvml|nvml: (?:driver not loaded|init)|libnvidia-ml",
        0.58,
        also=((Category.GPU_UNSUPPORTED, 0.48), (Category.GPU_DRIVER, 0.35), (Category.CONFIG_INVALID, 0.25)),
        unless=r"gpu access blocked|nvml: unknown error|nvidia-smi couldn't find|driver/library version mismatch",
    ),
    _NONE.rule(
        "libcuda-absent",
        r"lib(?:cuda(?!rt)|nvcuda|vulkan|opencl|amdhip64|ze_loader)(?:\.so)?[\w.]*: cannot open shared object|could not load (?:dynamic )?library '?(?:libcuda\.so|nvcuda)|libcuda\.so[^\n]{0,30} (?:not found|cannot be found)|cannot find -lcuda\b|unable to (?:locate|load|find) (?:libcuda|nvcuda)|nvcuda\.dll|libvulkan\.so|vulkan-1\.dll|libopencl[\w.-]*[\"']? (?:was )?not found|cannot find opencl library|opencl (?:library|driver)[^\n]{0,20}(?:not|missing)",
        0.42,
        also=((_MISSING, 0.64), (Category.GPU_DRIVER, 0.35)),
        unless=r"symbol lookup for cu|undefined symbol: cu|wrong elf class",
    ),
    _NONE.rule(
        "loader-library-absent",
        r"(?:can ?not|can't|could not|couldn't|failed to|unable to) (?:open|load|find|locate) (?:the )?[\"']?(?:libopencl|opencl (?:library|driver|loader|icd)|libvulkan|vulkan (?:library|loader|driver))",
        0.94,
        also=((_MISSING, 0.25), (Category.GPU_DRIVER, 0.2)),
    ),
    _NONE.rule(
        "deviceless-build",
        r"compute_no cuda|no cuda devices found|failed to detect a default cuda architecture|cuda_architectures[^\n]{0,60}native[^\n]{0,60}(?:no|fail)",
        0.6,
        also=((Category.COMPILE_FAILED, 0.4), (Category.CONFIG_INVALID, 0.2)),
    ),
    _NONE.rule(
        "requires-gpu",
        r"(?:requires?|needs?|must have) (?:a |an )?(?:cuda|nvidia|gpu|compatible gpu|amd|supported gpu)(?: gpu| device| enabled)?\b|only (?:be )?(?:runs?|works?|supported|available|run) on (?:a |nvidia |cuda )?(?:gpus?|cuda)|gpu (?:is )?required|needs? (?:a )?gpu to|not (?:run|work) on cpu|no gpu or xpu found|not (?:supported|implemented) (?:on|for) cpu|not implemented for '?cpu|invalid cuda 'device=|invalid device ordinal|cudaerrorinvaliddevice|not available on (?:the )?cpu\b|make sure torch can access a cuda device|or use cuda-enabled hardware",
        0.62,
        also=((Category.CONFIG_INVALID, 0.35), (Category.GPU_FEATURE_MISSING, 0.2), (_MISSING, 0.1)),
        unless=r"compute capability|cuda capability",
    ),
    _NONE.rule(
        "falls-back-to-cpu",
        r"fall(?:ing|s)?[- ]?back to cpu|running on cpu|using cpu (?:only|instead|backend)|no gpu will be used|gpu support (?:is )?(?:disabled|not)|cpu only|no layers offloaded|offloaded 0/\d+ layers|not using (?:the )?gpu|gpu not used|100% cpu",
        0.5,
        also=((_MISSING, 0.3), (Category.CONFIG_INVALID, 0.25), (Category.GPU_DRIVER, 0.2)),
        wrapper=True,
    ),
    _NONE.rule(
        "preflight-gpu-null",
        r"cannot read propert(?:y|ies) (?:of|')[^\n]{0,40}(?:requestdevice|requestadapter|features|limits)|(?:adapter|gpu) is (?:null|undefined)|null is not an object \(evaluating '[^\n]{0,40}(?:adapter|gpu)",
        0.85,
        phases=(Phase.PREFLIGHT, Phase.LOAD, Phase.RUNTIME),
    ),
    _NONE.rule(
        "backend-not-started",
        r"(?:ggml_metal_init|ggml_backend_\w{1,20}_init|ggml_vk_init|ggml_cuda_init|ggml_init_cublas)\(?\)?:? ?(?:failed|error)|fail(?:ed|ure)? to (?:initiali[sz]e|create|init) (?:the )?(?:metal|vulkan|cuda|sycl|opencl|webgpu|gpu|hip|rocm|directml|dml|mps|d3d12) ?(?:back ?end|context|device|runtime|instance|command queue|driver)?|(?:metal|vulkan|cuda|sycl|opencl|webgpu|gpu|hip|rocm|directml) (?:back ?end|runtime) (?:init\w*|setup) (?:failed|error)|no usable (?:gpu|backend)|no gpu backend",
        0.56,
        also=(
            (Category.GPU_DRIVER, 0.34),
            (Category.GPU_FEATURE_MISSING, 0.2),
            (Category.COMPILE_FAILED, 0.12),
        ),
        unless=r"no \w{2,10}-capable device|nvml|error domain=|library|pipeline|system not yet initialized|initialization error|unknown error|os call failed|hccp|out of memory|driver version",
    ),
    _NONE.rule(
        "adapter-consumed",
        r"requestdevice[^\n]{0,60}(?:fail|error|adapter)|adapter is (?:consumed|invalid|lost)|requestdevice\(\)|failed to (?:request|get|acquire) (?:a |the )?(?:gpu |webgpu )?(?:device|adapter)",
        0.74,
        also=(
            (Category.GPU_DRIVER, 0.2),
            (Category.GPU_FEATURE_MISSING, 0.25),
            (Category.GPU_DEVICE_LOST, 0.15),
        ),
        unless=r"limit|feature",
    ),
    # Programs say so too where they go on without it.
    _NONE.rule(
        "cuda-not-available",
        r"cuda (?:is )?not available|cuda is unavailable|torch\.cuda\.is_available\(\) is false|no gpu will be used",
        0.8,
        also=((Category.GPU_DRIVER, 0.25), (_MISSING, 0.25), (Category.CONFIG_INVALID, 0.12)),
    ),
    # mlc-llm says so of each kind of device in turn, also where it finds another.
    _NONE.rule(
        "kind-of-device-absent",
        r"not found device: \w+",
        0.6,
        also=((Category.GPU_DRIVER, 0.2), (_MISSING, 0.15)),
    ),
    _NONE.rule(
        "device-api-not-enabled",
        r"device api [\w.]+ is not enabled",
        0.62,
        also=((_MISSING, 0.52), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _NONE.rule(
        "opencl-of-phone",
        r"lib(?:opencl|gles_mali|vulkan)[\w.-]*\.so[^\n]{0,280}(?:not accessible|namespace)|libopencl[\w.-]*\.so[^\n]{0,100}not found|failed to (?:open|create) (?:the )?(?:rpc channel|fastrpc|dsp|npu|hexagon)[^\n]{0,40}",
        0.62,
        also=((_MISSING, 0.45), (Category.GPU_DRIVER, 0.3)),
    ),
    _NONE.rule(
        "family-of-gpu",
        r"unsupported gpu(?: family|:? ['\"(])|drop unsupported device|gpu family (?:is )?not supported|only (?:adreno|intel|nvidia|amd|apple)[^\n]{0,40}(?:gpus? )?(?:are|is) supported",
        0.84,
        also=((Category.GPU_FEATURE_MISSING, 0.35),),
    ),
    _NONE.rule(
        "machine-of-apple",
        r"(?:requires?|needs?) (?:an )?apple silicon|only (?:be )?(?:supported|available|runs?|works?|run) on apple silicon|apple silicon (?:is )?(?:required|only)|(?:mps|metal|mlx)[^\n]{0,40}(?:supported on|requires?) macos",
        0.74,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.35), (_MISSING, 0.2), (Category.CONFIG_INVALID, 0.15)),
    ),
    # The rasterizer of the processor is taken where the driver of the card is not seen.
    _NONE.rule(
        "software-device",
        r"\b(?:llvmpipe|lavapipe|softpipe|swiftshader|microsoft basic render)\b",
        0.6,
        also=((Category.GPU_DRIVER, 0.36), (Category.CONFIG_INVALID, 0.12)),
        unless=r"llvm error|core dumped|segmentation fault",
        wrapper=True,
    ),
    _NONE.rule(
        "operation-of-processor-only-build",
        r"(?:in|of) (?:a |the )?cpu-only (?:version|build)|could not run '[^'\n]{1,80}' with arguments from the '(?:cuda|hip|xpu|mps)|doesn't have nccl built in|no nccl (?:support|backend)",
        0.56,
        also=((_MISSING, 0.5), (Category.ARTIFACT_INCOMPATIBLE, 0.4), (Category.CONFIG_INVALID, 0.2)),
    ),
    _NONE.rule(
        "no-buffer-for-weights",
        r"failed to find a compatible buffer type|ggml_backend_init returned null",
        0.58,
        also=((_MISSING, 0.42), (Category.ARTIFACT_INCOMPATIBLE, 0.25), (Category.CONFIG_INVALID, 0.2)),
    ),
    _NONE.rule(
        "npu-not-started",
        r"(?:unable|failed) to (?:open|create|init\w*|start|find|load) (?:the |an? )?(?:npu|dsp|htp|hexagon|qnn)\b|(?:qnn|\bnpu\b|hexagon|\bhtp\b|ggml-hex|\bdsp\b|nnapi)[^\n]{0,60}(?:failed|unable|could not|cannot)[^\n]{0,40}(?:backend|device|session|initiali[sz]e|open|domain|enable|\bpd\b)",
        0.46,
        also=((Category.GPU_DRIVER, 0.36), (_MISSING, 0.36), (Category.ARTIFACT_INCOMPATIBLE, 0.36)),
        unless=r"mmap|mapping|model file",
    ),
    _NONE.rule(
        "adapter-unwrapped",
        r"panicked at [^\n]{0,160}(?:gpu|adapter)[^\n]{0,60}\.rs:\d[^\n]{0,30}\n?[^\n]{0,20}option::unwrap\(\)",
        0.68,
        also=((Category.PROCESS_CRASHED, 0.45), (Category.GPU_FEATURE_MISSING, 0.2)),
    ),
    _NONE.rule(
        "all-devices-taken",
        r"cuda-capable devices?(?:\(s\))? (?:are|is)(?:/are)? busy or unavailable|cudaerrordevicesunavailable|cudaerrordeviceunavailable",
        0.5,
        also=((Category.GPU_DRIVER, 0.45), (Category.GPU_DEVICE_LOST, 0.2), (Category.CONFIG_INVALID, 0.2)),
    ),
    _NONE.rule(
        "only-where-a-gpu-is",
        r"(?:requires?|needs?) (?:an? )?(?:cuda|nvidia|amd|rocm|compatible|supported|dedicated|discrete)?[ -]?(?:capable |enabled |compatible |supported )?gpu\b(?! with| memory| ram| architecture)",
        0.8,
        also=((Category.CONFIG_INVALID, 0.25), (_MISSING, 0.25)),
        unless=r"compute capability|cuda capability|more gpu",
    ),
    # People's own words for what they see.
    _NONE.rule(
        "card-not-used",
        r"(?:does(?: not|n't)|do(?: not|n't)|is(?: not|n't)|not|never|without|instead of) (?:using|use|used|uses|detect(?:ing|ed|s)?|see(?:ing|n)?|recogni[sz]\w+|find(?:ing)?|utili[sz]\w+|running on|run on|pick(?:ing)? up|work(?:s|ing)?) (?:on |with )?(?:my |the |any |its |amd |nvidia |intel |dedicated |discrete )*(?:gpus?|igpu|radeon|geforce|graphics card|video card|nvidia|(?:rx|rtx|gtx|arc) ?[ab]?\d{3,4}|vega|tesla|quadro|mi\d{2,3})\b(?! driver)",
        0.7,
        also=(
            (Category.GPU_DRIVER, 0.25),
            (Category.CONFIG_INVALID, 0.25),
            (_MISSING, 0.2),
        ),
    ),
    _NONE.rule(
        "processor-is-the-device",
        r"inference compute[^\n]{0,40} library=cpu",
        0.62,
        also=((Category.GPU_DRIVER, 0.3), (_MISSING, 0.2)),
        wrapper=True,
    ),
    _NONE.rule(
        "count-of-cards-is-zero",
        r"\bgpu_?count[\"']? ?[:=]{1,2} ?0\b|[\"']?\bgpus[\"']? ?[:=] ?\[\]|num_?gpus ?[:=]{1,2} ?0\b|device_count\(?\)?[^\n]{0,12} 0\b|\bgpu: ?(?:none|n/a|null)\b|no gpus? (?:in|listed|shown|visible)|gpus? (?:is|are) not (?:visible|listed|shown)",
        0.68,
        also=((Category.GPU_DRIVER, 0.3), (_MISSING, 0.35)),
    ),
    _NONE.rule(
        "opencl-not-on-this-phone",
        r"opencl library (?:is )?not (?:loaded|available|found|usable)|opencl platform (?:is )?not found|(?:can ?not|could not|couldn't|unable to|failed to) (?:dlopen|open|load) (?:the )?[\"']?libopencl|libopencl[\w.-]*[\"']? (?:is |was )?not (?:found|available|present) (?:in|on|under)\b",
        0.88,
        also=((_MISSING, 0.5), (Category.GPU_DRIVER, 0.2)),
    ),
    _NONE.rule(
        "card-not-seen-in-other-languages",
        r"(?:无法|不能|没有|没|未|找不到|并不能|不会)(?:检测到|检测|识别|认识|认出|使用|用上|用|调用|发现|找到|启用)?(?:到|出)?(?:显卡|独显|核显|集显|i?gpu\b|n卡|a卡|npu\b|cuda设备)|(?:显卡|gpu) ?(?:无法|不能|没有|未|没)(?:被)?(?:识别|检测|使用|调用)|не (?:видит|использует|находит|определяет)(?:ся)? (?:видеокарт|gpu|gpu)|n[ãa]o (?:detecta|reconhece|usa|encontra) (?:a |minha |nenhuma )?(?:gpu|placa)|gpu (?:non|pas) (?:détecté|reconnu|utilis)|ne (?:détecte|reconnaît|trouve|utilise) pas (?:le |la |mon |ma )?(?:gpu|carte)|gpu ?(?:를|을|가) ?(?:인식|찾을|사용)|gpu ?(?:が(?:認識|検出|使用)され|を認識)|no (?:se )?(?:detecta|reconoce|encuentra|usa) (?:la |mi |ninguna )?(?:gpu|tarjeta)|keine gpu\b|gpu (?:wird )?nicht (?:erkannt|gefunden|genutzt)",
        0.8,
        also=((Category.GPU_DRIVER, 0.25), (_MISSING, 0.2), (Category.CONFIG_INVALID, 0.15)),
    ),
    _NONE.rule(
        "no-runtime-of-cuda",
        r"no cuda runtime is found",
        0.9,
        also=((_MISSING, 0.5), (Category.GPU_DRIVER, 0.2)),
        unless=r"errors? occurred|traceback|[a-z]error:",
    ),
    _NONE.rule(
        "simulator",
        r"(?:ios |iphone |ipad |xcode )?simulators?\b",
        0.8,
        also=((Category.GPU_FEATURE_MISSING, 0.4), (Category.CONFIG_INVALID, 0.35)),
        needs=r"metal|\bgpus?\b|\bmlx\b|mtldevice",
        unless=r"simulator (?:is )?(?:working|works|fine)|building for|linker|undefined symbols?",
    ),
    _NONE.rule(
        "no-accelerator-of-another-kind",
        r"\b(?:npu|tpu|xpu|neural engine|hexagon|gaudi|hpu)s? (?:is |was |are |were |device )?(?:not (?:found|available|detected|supported|present)|unavailable)|no (?:compatible |supported |usable |intel |available )*(?:npu|tpu|xpu|hpu|neural engine)s?\b|(?:gpu|cuda|drm|nvidia|/dev/dri)[^\n]{0,60}: no such device\b",
        0.84,
        also=((Category.GPU_DRIVER, 0.3), (_MISSING, 0.25)),
    ),
    _NONE.rule(
        "processor-instead-of-card",
        r"\b(?:cpu|processor) (?:only )?instead of (?:the |my |using )?(?:gpu|cuda|card|rocm|vulkan|metal)|only (?:uses?|using|used|runs?|running|works?) (?:on |with )?(?:the |my )?cpu\b|(?:runs?|running|loads?|loaded|works?|stays) (?:only|entirely|fully|solely|completely)? ?(?:on|to|with|in) (?:the |my )?cpu\b[^\n]{0,30} (?:although|despite|even though|though|on (?:an? )?(?:nvidia|amd|intel|rtx|gtx|rx|arc|tesla)|not (?:the |my )?gpu)|(?:uses?|using|runs?|running|loads?) (?:on |into )?(?:the |my )?cpu only|(?:stuck|stays|remains) on (?:the )?cpu\b|ignor(?:es|ed|ing) (?:my |the )?(?:gpu|card)|gpus? (?:\([^)\n]{1,20}\) )?(?:is |are |being |gets? )*(?:ignored|not (?:being )?(?:used|utili[sz]ed|active|working))|no gpu (?:usage|acceleration|utili[sz]ation)|(?:rx|rtx|gtx|arc|radeon|geforce|igpu|dgpu|tesla|quadro|iris|nvidia|mali|adreno)\b[\w /-]{0,20} (?:is |was |are |being )*(?:not (?:being )?(?:recogni[sz]ed|detected|used|found|supported|visible)|ignored|unsupported)|no cuda device\b|support for (?:the |my )?(?:gfx\d\w+|radeon|rx ?\d|intel arc|arc a\d|igpu|npu)",
        0.84,
        also=(
            (Category.GPU_DRIVER, 0.25),
            (Category.CONFIG_INVALID, 0.2),
            (_MISSING, 0.2),
            (Category.GPU_FEATURE_MISSING, 0.15),
        ),
        unless=r"nvidia driver|nvidia runtime|modprobe|module nvidia|bf16|fp16|fp8|bfloat16|flash|no cpu usage",
    ),
    _NONE.rule(
        "interface-of-the-browser-or-engine",
        r"webnn (?:is )?(?:not (?:supported|available|enabled)|unavailable)|navigator\.ml\b|device with [\"']\w+[\"'] name is not registered|unspecifiedplatform|no platform detected",
        0.95,
        also=((_MISSING, 0.25), (Category.CONFIG_INVALID, 0.1)),
    ),
    _NONE.rule(
        "required-and-not-there",
        r"\b(?:cuda|a gpu) (?:is )?(?:required|needed)(?:[.!]|$|\n)|\b(?:cuda|rocm|gpu|metal|mps|xpu) (?:is )?required (?:but|and|for|to)\b|(?:only works|works only) (?:on|with) (?:a )?(?:cuda|gpu|nvidia|apple silicon)",
        0.84,
        also=((_MISSING, 0.3), (Category.CONFIG_INVALID, 0.25)),
        unless=r"toolkit|nvcc|capability|version|\bcuda is required to (?:build|compile)",
    ),
    # Whose device node may not be opened sees no card; what is to be done is the group's or the container's.
    _NONE.rule(
        "compute-node-denied",
        r"/dev/kfd[^\n]{0,80}(?:denied|permission|not permitted)|(?:denied|permission|not permitted)[^\n]{0,80}/dev/kfd|devices detected but permission problems",
        0.96,
        also=((Category.STORAGE_PERMISSION, 0.6), (Category.CONFIG_INVALID, 0.3)),
    ),
    _NONE.rule(
        "device-node-absent",
        r"/dev/(?:nvidia\w*|kfd|dri\b[\w/]*|davinci\d|mali0|kgsl-3d0|accel\b[\w/]*)[\"']?(?:: | )[^\n]{0,40}no such (?:file|device)",
        0.84,
        also=((Category.GPU_DRIVER, 0.4), (Category.CONFIG_INVALID, 0.25), (_MISSING, 0.15)),
    ),
    # The first of all devices is only refused where there is none.
    _NONE.rule(
        "first-device-is-not-there",
        r"invalid (?:metal|cuda|opencl|vulkan|rocm) device_?id ?[=:] ?0\b|assert[( ]{1,2}device\.exist",
        0.92,
        also=((Category.CONFIG_INVALID, 0.3), (Category.GPU_DRIVER, 0.25)),
    ),
    _NONE.rule(
        "found-and-filtered-out",
        r"filtering device which did(?: not|n't) fully initiali[sz]e|dropping (?:integrated|old|unsupported) (?:gpu|device)|unsupported (?:radeon|integrated) [^\n]{0,20}(?:gpu|device)s? detected",
        0.72,
        also=(
            (Category.GPU_DRIVER, 0.3),
            (Category.GPU_FEATURE_MISSING, 0.35),
            (Category.CONFIG_INVALID, 0.2),
        ),
    ),
    _NONE.rule(
        "adapter-of-wgpu",
        r"\brequest webgpu adapter\n|requestadaptererror|requestadapter[^\n]{0,20}notfound|webgpu blocked by",
        0.9,
        also=((Category.GPU_DRIVER, 0.2), (Category.CONFIG_INVALID, 0.2)),
    ),
    _NONE.rule(
        "accelerator-not-available-in-python",
        r"torch\.(?:cuda|xpu|npu|hpu|mps|backends\.mps)\.is_available\(\)[^\n]{0,16}(?:false|\b0\b)|(?:^|\n|: )is_available\(\)[^\n]{0,6}false",
        0.86,
        also=((_MISSING, 0.35), (Category.GPU_DRIVER, 0.25)),
    ),
    _NONE.rule(
        "graphics-of-the-processor",
        r"(?:integrated|onboard|built-in) (?:graphics|gpus?)[^\n]{0,40} (?:(?:is|are) (?:not|un)|not |never |isn't |aren't )(?:being )?(?:used|supported|detected|recogni[sz]ed|seen)|\b(?:webnn|directml|openvino gpu)\b[^\n]{0,20} (?:failed|fails) to (?:load|init|start)",
        0.76,
        also=((Category.CONFIG_INVALID, 0.3), (Category.GPU_FEATURE_MISSING, 0.25)),
    ),
    _NONE.rule(
        "fails-to-use-the-card",
        r"(?:fails|failed|failing|unable|refuses|refusing) to (?:use|utili[sz]e|detect|see|recogni[sz]e|find|pick up) (?!local)(?:my |the |any |its |an? )?(?:\w+ ){0,2}(?:gpus?|igpu|graphics card|video card|cuda|rocm)\b",
        0.66,
        also=((_MISSING, 0.35), (Category.GPU_DRIVER, 0.25), (Category.CONFIG_INVALID, 0.2)),
    ),
    _NONE.rule(
        "delegate-of-the-phone",
        r"gpu ?delegate[^\n]{0,40}not supported on (?:this|the) device|gpudelegate init[^\n]{0,40}no opencl|gpu delegate is not (?:supported|available)",
        0.84,
        also=((Category.GPU_FEATURE_MISSING, 0.35), (_MISSING, 0.2)),
    ),
    # The compiler goes on for the processor.
    _NONE.rule(
        "local-card-for-the-compiler",
        r"failed to detect (?:the )?local (?:gpu|\w+ gpu|device)",
        0.7,
        also=((Category.COMPILE_FAILED, 0.4), (_MISSING, 0.35), (Category.GPU_DRIVER, 0.2)),
    ),
    # The exception bears the name of the call that found nothing.
    _NONE.rule(
        "call-that-found-no-platform",
        r"(?:cl::error|error)\b[^\n]{0,12}[: ]clgetplatformids?(?:\(\))?(?: |$|\n)|(?:^|\n)clgetplatformids(?:$|\n)",
        0.92,
        also=((Category.PROCESS_CRASHED, 0.3), (Category.GPU_DRIVER, 0.3), (_MISSING, 0.2)),
    ),
    _NONE.rule(
        "machine-has-none",
        r"\b(?:phone|tablet|device|machine|computer|laptop|pc|emulator|vm|host|server|node|system|container|pod|instance|browser)s? (?:has|have|had|with|offers?|exposes?) no (?:\w+ ){0,2}(?:gpus?|vulkan|opencl|cuda|webgpu|graphics card|adapter)\b",
        0.84,
        also=((Category.CONFIG_INVALID, 0.25), (Category.GPU_DRIVER, 0.2), (_MISSING, 0.2)),
    ),
    _WEB.rule(
        "asked-of-an-adapter-that-is-null",
        r"(?:null|undefined)[^\n]{0,40}(?:reading '|evaluating '[\w$.()]{0,24}\.)(?:requestdevice|requestadapter)|cannot read property '(?:requestdevice|requestadapter)' of|navigator\.gpu\.requestadapter is not a function|'adapter' as it is (?:null|undefined)",
        0.95,
        also=((Category.CONFIG_INVALID, 0.15), (Category.GPU_DRIVER, 0.1)),
    ),
    _NONE.rule(
        "device-that-does-not-exist",
        r"\bdevice (?:cuda|vulkan|metal|rocm|opencl|webgpu|hip|sycl|mps):?\d? (?:does not exist|is not (?:present|available)|not available|not present)|discovered 0 gpus?\b|gpu count:? 0\b|total vram[\"']?[:=]? ?[\"']?0 ?(?:mb|mib|b)\b|device count is (?:zero|0\b)|accelerator (?:named )?[\"'\w-]{0,24} ?(?:was )?not found",
        0.84,
        also=((Category.CONFIG_INVALID, 0.35), (Category.GPU_DRIVER, 0.3), (_MISSING, 0.2)),
    ),
    # Whoever lends machines, or parts of one, says so in words of its own.
    _NONE.rule(
        "card-that-is-not-lent",
        r"cannot connect to (?:a )?gpu backend|no gpu is currently available|apple paravirtual device|driver in use: vfio|bound to vfio|isfallbackadapter[\"']?[:=]? ?true|(?:metal|vulkan|cuda|webgpu|gpu) (?:is )?(?:not (?:available|supported)|unavailable) in (?:a |this |the |your )?(?:vm\b|virtual machine|emulator|sandbox|container|simulator)|syndevice\w*[^\n]{0,24}fail|no neuron devices?",
        0.86,
        also=((Category.GPU_DRIVER, 0.3), (Category.CONFIG_INVALID, 0.3), (_MISSING, 0.15)),
    ),
    _NONE.rule(
        "memory-of-a-jetson-not-reached",
        r"nvrmmeminitnvmap failed|nvmap_\w+[^\n]{0,30}permission denied",
        0.97,
        also=((Category.GPU_DRIVER, 0.5), (Category.STORAGE_PERMISSION, 0.4)),
    ),
    _NONE.rule(
        "card-that-a-program-does-not-take",
        r"\b(?:your|my|this|the) (?:\w+ )?(?:gpu|graphics card|video card|igpu) (?:is not|isn't|is un)[ -]?(?:yet |currently |officially )?supported\b|(?:does(?: not|n't)|do(?: not|n't)) have an? (?:supported|compatible|capable|dedicated|usable) (?:gpu|graphics card)|(?:everything|all layers|inference|the model) (?:is |are |runs? |running |stays? )?(?:on|by) (?:the )?cpu\b|--?list-devices[^\n]{0,24} (?:nothing|empty|none)|available devices:? ?\(?none\b",
        0.8,
        also=(
            (Category.GPU_FEATURE_MISSING, 0.45),
            (Category.GPU_DRIVER, 0.25),
            (_MISSING, 0.2),
        ),
        unless=r"dispatched on|feature|compute capability|cuda capability|cuda arch",
    ),
    # Names of WebGPU's own that a page knows only where the browser has it.
    _WEB.rule(
        "names-of-webgpu-are-not-there",
        r"\bgpu(?:buffer|bufferusage|device|adapter|shaderstage|mapmode|textureusage|colorwrite|canvascontext|texture|queue|validationerror|outofmemoryerror|supportedlimits)[\"'`]? is not defined|can't find variable: gpu\w{3,20}",
        0.94,
        also=((Category.CONFIG_INVALID, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _NONE.rule(
        "machine-without-that-accelerator",
        r"(?:device|machine|system|computer|processor|phone|laptop|hardware|platform|pc) does(?: not|n't) support (?:the |any )?(?:npus?|gpus?|cuda|webgpu|webnn|vulkan|opencl|metal|rocm|tpus?|xpus?|hpus?|neural engine|nnapi|mps)\b(?! (?:\d|version|v\d|feature|extension))",
        0.9,
        also=((Category.GPU_FEATURE_MISSING, 0.25), (_MISSING, 0.2), (Category.CONFIG_INVALID, 0.2)),
    ),
    _NONE.rule(
        "loader-of-this-device",
        r"(?:can ?not|can't|could not|couldn't|unable to|failed to) (?:find|open|load|locate|dlopen)\s(?:the\s)?(?:opencl|vulkan)\s(?:library|driver|loader|icd)|no (?:opencl|vulkan) (?:library|driver|loader|icd) (?:found|available|on)|(?:opencl|vulkan) (?:library|driver|icd) (?:is )?(?:not (?:found|available|present|installed)|missing|unavailable) on",
        0.9,
        also=((_MISSING, 0.45), (Category.GPU_DRIVER, 0.2)),
    ),
    # What PyTorch tells of itself: a build for the processor sees no card, whichever there is.
    _BUILD.rule(
        "pytorch-for-the-processor",
        r"torch(?:vision|audio)?(?:[\"']?[ :=@]{0,3}|-|==|version[: ]{1,3})v?\d\.\d{1,2}\.\d{1,2}\+cpu\b|(?:cuda used to build pytorch|cuda build|torch\.version\.(?:cuda|hip))[^\n\w]{0,6}none\b",
        0.84,
        also=(
            (Category.GPU_UNSUPPORTED, 0.62),
            (Category.ARTIFACT_INCOMPATIBLE, 0.2),
            (Category.CONFIG_INVALID, 0.15),
        ),
        needs=r"cuda|gpu|rocm|nvidia|device",
        unless=r"failed to infer device type",
    ),
    # What was seen before and is not now.
    _NONE.rule(
        "card-not-seen-any-more",
        r"(?:stopp?(?:ed|s)|no longer|quit|ceased|not any ?more|suddenly (?:not|stopped)) (?:is |are |being )?(?:us(?:e|es|ed|ing)|detect\w{0,3}|see(?:s|ing|n)?|recogni[sz]\w{1,3}|find(?:s|ing)?|found|utili[sz]\w{1,3}|offload\w{0,3} to|work\w{0,3} (?:on|with)|support\w{0,3}) (?:on |with |to )?(?:my |the |any |its |amd |nvidia |intel |dedicated |discrete |for )*(?:gpus?|igpu|dgpu|graphics card|video card|cuda|rocm|radeon|geforce|nvidia|(?:rx|rtx|gtx|arc) ?[ab]?\d{3,4}|\d{4} ?xtx?|vega|tesla|quadro|mi\d{2,3})\b|(?:gpus?|igpu|dgpu|graphics card|video card|cuda|rocm|radeon|geforce|nvidia|(?:rx|rtx|gtx|arc) ?[ab]?\d{3,4}|\d{4} ?xtx?|vega|tesla|quadro|mi\d{2,3})\b[^\n]{0,20} (?:is |are |was )?(?:no longer|not any ?more) (?:being )?(?:used|detected|recogni[sz]ed|found|seen|supported|utili[sz]ed|visible|available)",
        0.84,
        also=((Category.GPU_DRIVER, 0.42), (_MISSING, 0.2), (Category.CONFIG_INVALID, 0.15)),
        unless=r"(?:since|after) (?:\w+ ){0,3}(?:kernel|driver|suspend|sleep|resum)|out of memory",
    ),
    _NONE.rule(
        "all-of-it-on-the-processor",
        r"\b100 ?% (?:on |of |in )?(?:the )?cpu\b|(?:it's|is|runs?|running|goes|went|everything|now) (?:now )?(?:all|entirely|completely|fully|only|purely) (?:on |in |by )?(?:the )?cpu\b|cpu[- ]only (?:mode|inference)|(?:gpu|hardware) acceleration (?:is |option |toggle |checkbox )*(?:gr[ae]yed out|disabled|off\b|unavailable|not (?:available|supported|working|enabled|possible|offered))|gpu (?:option|backend|toggle|setting)s? (?:is |are )?(?:gr[ae]yed out|missing|not (?:there|shown|available))",
        0.74,
        also=(
            (Category.GPU_DRIVER, 0.3),
            (_MISSING, 0.25),
            (Category.CONFIG_INVALID, 0.25),
        ),
        needs=r"\bgpus?\b|rtx|gtx|\brx \d|radeon|nvidia|geforce|\barc\b|cuda|rocm|acceleration",
        unless=r"drivers?\b|hangs?\b|stuck|one core|all cores|threads?\b|without (?:a )?gpu|don't have a gpu|error",
        wrapper=True,
    ),
)

_OTHER_MAKER = Reason(
    "the program asks for a GPU of NVIDIA, and the machine's is of another maker",
    "el programa pide una GPU de NVIDIA, y la de la máquina es de otro fabricante",
)
_OF_NVIDIA = re.compile(
    r"could not select device driver [\"']?nvidia|cuda driver version is insufficient|found no nvidia driver|no nvidia gpu"
)
_NVIDIA = re.compile(
    r"nvidia|geforce|[rg]tx|quadro|tesla|jetson|cuda|\b(?:[avhlpkbt]\d{1,3}|gh?b?\d{3}|\d{3,4} ?ti)\b|driver|\d{4}\b"
)
_OTHER = re.compile(
    r"\b(?:intel|iris|arc|radeon|amd|rx ?\d{3,4}|apple|macbook|mac mini|mac studio|m[1-5]|adreno|mali)\b|gpu=none"
)


def _of_another_maker(scene: Scene) -> Iterator[Vote]:
    """What NVIDIA's software says of its driver, where the machine is known to have no card of NVIDIA."""
    if not scene.hardware or not (found := _OF_NVIDIA.search(scene.low)):
        return
    if _OTHER.search(scene.hardware) and not _NVIDIA.search(scene.hardware):
        also = ((Category.CONFIG_INVALID, 0.4), (Category.GPU_DRIVER, 0.4), (_MISSING, 0.3))
        yield Vote("of-another-maker", Category.GPU_UNSUPPORTED, 0.97, _OTHER_MAKER, found[0], also=also)


STATE_RULES = (StateRule("of-another-maker", _of_another_maker, words_only=True),)

"""Rules for the GPU: not there, or lacking what a program needs."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

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
_FEATURE = Group(
    Category.GPU_FEATURE_MISSING,
    en="the GPU lacks a feature or a limit that the program needs",
    es="a la GPU le falta una función o un límite que el programa necesita",
)
_ARCH = Group(
    Category.GPU_FEATURE_MISSING,
    en="the program has no code for this GPU's architecture",
    es="el programa no trae código para la arquitectura de esta GPU",
)
_ARCH_BUILT = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the library was built for another GPU or toolkit",
    es="la biblioteca se compiló para otra GPU u otro juego de herramientas",
)
_RUNTIME = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="the container runtime has no way to the GPU",
    es="el entorno de contenedores no tiene acceso a la GPU",
)

_MISSING = Category.HOST_MISSING_DEPENDENCY

RULES = (
    _WEB.rule(
        "webgpu-no-adapter",
        r"unable to find a compatible gpu|cannot find (?:an )?adapter|no (?:appropriate |suitable |available |compatible |webgpu |gpu )+adapters?\b|no adapter found(?! for\b)|no adapters? (?:was |were |is )?(?:found|available)(?! for\b)"
        r"|failed to (?:get|find|request|obtain|create) (?:a |an |the )?(?:webgpu |gpu |suitable |appropriate )*adapter|(?:could not|couldn't|can't|cannot|unable to) (?:get|find|request|obtain) (?:a |an |any |the )?(?:webgpu |gpu |suitable |appropriate )*adapter"
        r"|webgpu adapter (?:is )?(?:not|null|unavailable)|failed to create webgpu context provider|requestadapter\(?\)?[^\n]{0,40}(?:returned |is |: )?(?:null|undefined|failed)|no available adapters",
        0.95,
        also=((Category.GPU_DRIVER, 0.15),),
        unless=r"\blora\b|\bpeft\b",
    ),
    _WEB.rule(
        "webgpu-absent",
        r"webgpu (?:is )?(?:not (?:yet )?(?:supported|available|enabled|found|implemented|compatible)|unsupported|unavailable|disabled)|webgpunotavailable|(?:does not|doesn't|not) (?:currently )?support(?:s|ed|ing)? webgpu"
        r"|navigator\.gpu|reading 'requestadapter'|no webgpu support|cannot find webgpu|webgpu not (?:found|supported|available)|without webgpu|webgpu (?:support )?(?:is )?(?:required|missing)|webgpunotsupported|webgpu_not_supported"
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
        r"no suitable (?:gpus?|devices?|cards?|accelerators?)\b|(?:shows?|lists?|reports?|sees?|finds?|returns?) (?:no|zero|0) (?:\w+ )?(?:gpus?|devices|cards|accelerators)\b|no [\w.]{2,12}[- ](?:capable|compatible) (?:adapters?|gpus?|devices?|cards?)\b|no compatible gpus? (?:were |was )?(?:discovered|found|detected)|no (?:supported |usable |available |compatible )?(?:gpus?|devices?|accelerators?)(?: device)?s? (?:were |was |is |are )?(?:found|detected|available|discovered)\b|no available device detected"
        r"|device is not found on your local environment|cannot detect device|cannot auto detect device|failed to infer device type|no gpu (?:found|detected|available)|gpu (?:is |was )?not (?:found|detected|available|recogni[sz]ed)"
        r"|could(?: not|n't) (?:find|detect) (?:a |any )?(?:gpu|compatible gpu|device)|no gpus? found|gpu device not found|unable to (?:detect|find) (?:a |any )?(?:gpu|device)|unable to (?:retrieve|read|query|list|enumerate)[^\n]{0,40}(?:gpu devices|available vram)|(?:can ?not|could(?: not|n't)) find [^\n]{0,20}gpu platform|no (?:gpu|opencl|sycl) platforms?\b|cannot detect target from device|no target detected from device|could(?: not|n't)? find any (?:opencl|vulkan|sycl|gpu|cuda) devices?|failed to enumerate drm devices|\b0 (?:gpus?|devices?) (?:detected|found)|(?:failed|unable) to find (?:any |a )?(?:directml|dml|vulkan|metal|webgpu|cuda|rocm|sycl|opencl)[^\n]{0,10} devices?|detect any (?:valid|usable|suitable) gpus?|insufficient nvidia\.com/gpu|gpu access blocked by the operating system|did not find (?:a |any )?gpu|failed to (?:detect|find|discover) (?:a |any )?gpu"
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
        0.5,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.45), (_MISSING, 0.35)),
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
        0.7,
        also=((Category.GPU_DRIVER, 0.48),),
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
        0.84,
        also=(
            (Category.GPU_FEATURE_MISSING, 0.3),
            (Category.STORAGE_PERMISSION, 0.12),
            (Category.GPU_DRIVER, 0.25),
        ),
        unless=r"/dev/kfd[^\n]{0,60}permission denied|permission denied[^\n]{0,60}/dev/kfd",
    ),
    _ARCH.rule(
        "rocblas-arch",
        r"tensilelibrary|rocblas error: (?:cannot read|could not (?:load|initialize))|for gpu arch ?: gfx\w+",
        0.72,
        also=((Category.GPU_UNSUPPORTED, 0.45), (_MISSING, 0.36)),
        unless=r"signature does not match",
    ),
    _NONE.rule(
        "sycl-none",
        r"no (?:sycl|level[- ]zero|xpu|intel)[^\n]{0,30} devices?|no device of requested type available|pi_error_device_not_found|ze_result_error_uninitialized|xpu (?:is )?not available|ggml_sycl[^\n]{0,40}no (?:gpu|device)|can't find sycl",
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
        r"lib(?:cuda|nvcuda|vulkan|opencl|amdhip64|ze_loader)(?:\.so)?[\w.]*: cannot open shared object|could not load (?:dynamic )?library '?(?:libcuda\.so|nvcuda)|libcuda\.so[^\n]{0,30} (?:not found|cannot be found)|cannot find -lcuda\b|unable to (?:locate|load|find) (?:libcuda|nvcuda)|nvcuda\.dll|libvulkan\.so|vulkan-1\.dll|libopencl[\w.-]*[\"']? (?:was )?not found|cannot find opencl library|opencl (?:library|driver)[^\n]{0,20}(?:not|missing)",
        0.45,
        also=((_MISSING, 0.55), (Category.GPU_DRIVER, 0.35)),
        unless=r"symbol lookup for cu|undefined symbol: cu|wrong elf class",
    ),
    _NONE.rule(
        "loader-library-absent",
        r"(?:cannot|could not|couldn't|failed to|unable to) (?:open|load|find|locate) (?:the )?[\"']?(?:libopencl|opencl (?:library|driver|loader|icd)|libvulkan|vulkan (?:library|loader|driver))",
        0.9,
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
    ),
    _FEATURE.rule(
        "shader-f16",
        r"shader-?_?f16|shaderfloat16|unresolved (?:type|identifier)[^\n]{0,4} '?f16|requires the [\w-]{1,30} extension|requires (?:the )?(?:webgpu )?features? ['\"]?(?:subgroups?|f16|timestamp|float32|chromium|dp4a|packed)|featuresupporterror|requestdevice[^\n]{0,60}unsupported feature|requires enabling extension|f16 extension|enable f16|webgpu extension|(?:extension|feature)s? '?\"?(?:f16|shader-f16|subgroups?|chromium[\w-]*)'?\"? (?:is )?not (?:allowed|supported|enabled|available)|'f16' type|f16 (?:is )?not (?:supported|enabled|allowed)|subgroups? (?:is |are )?not (?:supported|available|enabled)",
        0.92,
        unless=r"no adapter|unable to find a compatible gpu",
        also=((Category.COMPILE_FAILED, 0.12),),
    ),
    _FEATURE.rule(
        "webgpu-limit",
        r"unsupported limit|exceeds limit\. requested|requested (?:max)\w+ exceeds|required limit|max(?:buffersize|storagebuffer\w*|computeworkgroup\w*|computeinvocations\w*|bindgroups|storagebuffersper\w*)[^\n]{0,100}(?:exceed|greater|larger|limit|higher|not supported|too)"
        r"|(?:exceeds|larger than|greater than|over)[^\n]{0,60}(?:max(?:imum)? (?:buffer|storage|binding|workgroup|compute)|maxbuffersize|maxstoragebuffer|maxcompute)"
        r"|exceeds the max(?:imum)? (?:buffer|binding|storage)|number of storage buffers[^\n]{0,60}exceeds|is not supported by the adapter|limit ['\"]?[\w ]+['\"]?(?: value \d+)? is (?:higher|better|greater) than|binding size[^\n]{0,60}(?:larger|exceed)|workgroup (?:size|storage|count)[^\n]{0,60}exceed|dispatch workgroup count[^\n]{0,80}exceeds|limitsexceeded\(|failedlimit|insufficient vulkan limits",
        0.9,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.2),
            (Category.COMPILE_FAILED, 0.15),
            (Category.CONFIG_INVALID, 0.15),
        ),
        unless=r"this adapter supports a higher",
    ),
    _FEATURE.rule(
        "webgpu-limit-not-asked-for",
        r"this adapter supports a higher",
        0.42,
        also=((Category.CONFIG_INVALID, 0.5), (Category.GPU_OUT_OF_MEMORY, 0.25)),
    ),
    _FEATURE.rule(
        "ggml-feature-assert",
        r"ggml_assert\([^\n]{0,120}(?:hasfeature|supports?_|fp16|subgroup|shaderf16)|does not support (?:16-?bit|fp16|f16|bf16|fp8|fp4|int8|storage buffer|subgroups?|half)|(?:missing|lacks?|without|needs) (?:the )?(?:extension )?vk_\w+|(?:16-?bit|fp16|bf16|bfloat16|fp8|int8|int4|half|float16|double|fp64)[^\n]{0,30} (?:is |are )?not supported (?:on|by) (?:this |your |the )?(?:gpu|device|hardware|card|adapter)|storage 16|(?:half|double|bfloat|bfloat16|fp16|fp64|float16|float64)'? (?:is )?not supported in (?:'|this version of the metal)|(?:backend|device|gpu)[^\n]{0,20} does(?: not|n't) have support for|encountered unlowered function call|supportsfamily:|(?:does not|doesn't) have (?:float16|fp16|f16|bf16|bfloat16|half|int8|fp8|fp64) support|(?:cooperative matri\w+|coopmat\d?|integer dot product|subgroup size control) (?:is |are )?not supported|vk_khr_\w+[^\n]{0,30}(?:not|missing|unsupported)|vk_error_(?:feature|extension)_not_present|error(?:feature|extension)notpresent|unsupported (?:gpu|device) (?:feature|extension)|(?:device|gpu|adapter|hardware|card) does(?:n't| not) support",
        0.91,
    ),
    _FEATURE.rule(
        "ggml-operation",
        r"ggml[^\n]{0,120}(?:unsupported op|missing op: )|unsupported head size|unsupported op '|(?:op|operation) \w+ (?:is )?not (?:supported|implemented) (?:by|on|in|for) (?:the )?(?:backend|metal|vulkan|cuda|webgpu|gpu)",
        0.56,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.36), (Category.PROCESS_CRASHED, 0.2)),
    ),
    _FEATURE.rule(
        "compute-capability",
        r"compute capability \d+\.\d ?<|compute capability[^\n]{0,120}(?:required|at least|minimum|not supported|lower|too low|less|greater|support|older|insufficient|below)|(?:requires?|at least|minimum|only supported on|needs?)[^\n]{0,60}(?:compute|cuda) capability|flash ?attention (?:2 )?only supports|only supports ampere|device_?capability[^\n]{0,40}(?:not|support)"
        r"|gpu(?: architecture)? (?:is )?too old|(?:ampere|turing|volta|hopper|ada|blackwell)[^\n]{0,30}(?:or newer|or later|and newer|and later|(?:or|and) above|gpus? only|required)|only (?:supported|available|works?|runs?) (?:on|for|with) (?:nvidia )?(?:ampere|turing|volta|hopper|ada|blackwell|mi\d{3}|gfx\d)|(?:requires?|needs?|only supports?) sm ?[<>=]{1,2} ?\d|too old to be supported by|unsupported sm\b|unsupported architecture \([^\n]{0,120}kernels|not supported on (?:this )?(?:gpu )?(?:arch|compute|sm)|minimum cuda capability",
        0.95,
        also=((Category.CONFIG_INVALID, 0.15),),
        unless=r"assertion `",
    ),
    # Builds leave architectures out more often than cards are too old for any build.
    _ARCH_BUILT.rule(
        "no-kernel-image",
        r"no kernel image is available|compiled without support for (?:the |this |your )?(?:current )?gpu|no device code compatible|cuda error 209|cudaerrornokernelimagefordevice|hiperrornobinaryforgpu|no binary for gpu|unable to find code object|cuda_error_no_binary_for_gpu|nobinaryforgpu|no device code|no ?binary ?for ?gpu|no matching code object|compiled for a different (?:arch|gpu|compute)",
        0.62,
        also=(
            (Category.GPU_FEATURE_MISSING, 0.58),
            (Category.GPU_DRIVER, 0.1),
            (Category.CONFIG_INVALID, 0.08),
        ),
        without=("mlc", "tvm"),
        unless=r"mlc|tvm",
    ),
    _ARCH_BUILT.rule(
        "invalid-device-function",
        r"invalid device function|hiperrorinvaliddevicefunction|cudaerrorinvaliddevicefunction",
        0.84,
        also=((Category.GPU_FEATURE_MISSING, 0.46), (Category.CONFIG_INVALID, 0.08)),
        without=("mlc", "tvm"),
        unless=r"mlc|tvm",
    ),
    _ARCH_BUILT.rule(
        "device-image-invalid",
        r"device kernel image is invalid",
        0.5,
        also=(
            (Category.GPU_DRIVER, 0.45),
            (Category.GPU_FEATURE_MISSING, 0.36),
            (Category.ARTIFACT_CORRUPT, 0.15),
        ),
        without=("mlc", "tvm"),
        unless=r"mlc|tvm",
    ),
    _ARCH.rule(
        "no-kernel-image-of-library",
        r"no kernel image is available|cuda error 209|cudaerrornokernelimagefordevice|cuda_error_no_binary_for_gpu|invalid device function|nobinaryforgpu|unable to find code object|device kernel image is invalid",
        0.24,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.8), (Category.GPU_DRIVER, 0.15)),
        runtimes=("mlc", "tvm"),
    ),
    _ARCH.rule(
        "sm-not-compatible",
        r"sm_\d+\w* is not compatible|cuda capability sm_|with cuda capability[^\n]{0,40}is not compatible|not compatible with the current pytorch installation|sm_?\d+ (?:is )?(?:not|un)supported|value 'sm_\d+\w*' is not defined|no kernels? (?:found )?for sm_?\d+",
        0.64,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.48), (_MISSING, 0.1)),
    ),
    _ARCH.rule(
        "nvcc-arch",
        r"unsupported gpu architecture|is not a (?:recognized|supported) (?:processor|gpu)|unknown target cpu 'gfx|--gpu-architecture|invalid value for --gpu-arch",
        0.4,
        also=((Category.COMPILE_FAILED, 0.54), (_MISSING, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        unless=r"compute_no cuda",
    ),
    _FEATURE.rule(
        "kernel-resources",
        r"out of resource: shared memory|out of resources: shared memory|bytes of (?:shared|local|workgroup|threadgroup) memory[^\n]{0,40}(?:maximum|limit|max\b|only|available)|workgroup invocations[^\n]{0,40}exceed|threads per block[^\n]{0,60}(?:exceed|limit|maximum)|hardware limit: \d+|maximum allowed threads per threadgroup|thread group size[^\n]{0,60}greater than|too many resources requested for launch|(?:shared|threadgroup|local|workgroup) memory[^\n]{0,60}(?:exceed|limit|too (?:large|much))|exceeds? (?:the )?(?:maximum )?(?:shared|threadgroup|workgroup|local) memory|uses too much shared data|cl_invalid_work_group_size|code=-54\b|max_?shared_?memory[^\n]{0,40}exceed|shared memory size too small|allowed dynamic shared memory size|bytes of push constants|clenqueuendrange\w*[^\n]{0,200}-5[45]\b",
        0.9,
        also=(
            (Category.COMPILE_FAILED, 0.25),
            (Category.CONFIG_INVALID, 0.12),
            (Category.GPU_OUT_OF_MEMORY, 0.1),
        ),
        unless=r"\(shm\)|/dev/shm|dataloader",
    ),
    _FEATURE.rule(
        "peer-access",
        r"peer access (?:is )?not supported|cudaerrorpeeraccess\w*|p2p[^\n]{0,30}not supported|nvlink[^\n]{0,40}(?:not|required)|custom allreduce is disabled because",
        0.5,
        also=((Category.GPU_DRIVER, 0.3), (Category.CONFIG_INVALID, 0.3)),
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
        0.66,
        also=(
            (Category.GPU_DRIVER, 0.2),
            (Category.GPU_FEATURE_MISSING, 0.25),
            (Category.GPU_DEVICE_LOST, 0.15),
        ),
        unless=r"limit|feature",
    ),
    _FEATURE.rule(
        "operation-of-backend",
        r"(?:ggml-(?:metal|vulkan|cuda|sycl|opencl|cann|webgpu|hip)|\bmps\b|metal|directml|\bdml\b|webgpu|vulkan|opencl|sycl|hip)[^\n]{0,90}not (?:currently )?(?:implemented|supported)|not (?:currently )?(?:implemented|supported) (?:for|on|by) (?:the )?(?:mps|metal|vulkan|webgpu|directml|dml|opencl|hip|rocm|xpu)\b|mul[_ ]mat[^\n]{0,30}not (?:implemented|supported)",
        0.6,
        also=(
            (Category.PROCESS_CRASHED, 0.22),
            (Category.ARTIFACT_INCOMPATIBLE, 0.24),
            (Category.COMPILE_FAILED, 0.12),
        ),
        unless=r"webgpu (?:is )?not|vulkan (?:is )?not|opencl (?:is )?not|metal (?:is )?not|rocm (?:is )?not|directml (?:is )?not|backend (?:is )?not|device[^\n]{0,10} is not|amdgpu|unsupported gpu architecture|\bbrowser",
    ),
    _FEATURE.rule(
        "type-of-architecture",
        r"not supported (?:in|on|by|for) (?:this|the current|your) (?:gpu )?(?:architecture|arch\b|compute|hardware|gpu)|fp8e\w+[^\n]{0,30}not supported|supported fp8 dtypes|(?:fp8|nvfp4|mxfp4|fp4|int4|bf16|bfloat16|marlin|awq)[^\n]{0,80}(?:requires?|only supported on|needs?|supported only on|not supported by (?:the )?current platform)[^\n]{0,40}(?:sm_?\d|compute|capab|hopper|ada|ampere|blackwell|gpu|cuda arch)|minimum capability|current capability|required capability|feature level",
        0.91,
        also=((Category.COMPILE_FAILED, 0.12), (Category.CONFIG_INVALID, 0.15)),
        unless=r"model architecture|architectures|887a0004",
    ),
    _FEATURE.rule(
        "sm-asserted",
        r"\bis_sm\w+ to be true|expected is_sm|is_sm\d+\b|sm_?\d{2,3}\w? (?:or|and) (?:newer|higher|later|above)|sm_?\d{2}\w? (?:required|only)|(?:requires?|needs?) (?:gpus? with )?sm[ _]?\d{1,2}|only (?:supports?|for) sm_?\d{2}|gfx\d{3,4}\w? (?:or (?:newer|higher|later)|required)",
        0.9,
        also=((Category.CONFIG_INVALID, 0.15), (Category.ARTIFACT_INCOMPATIBLE, 0.12)),
        unless=r"\.target sm_",
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
    _ARCH_BUILT.rule(
        "module-of-another-gpu",
        r"cuda_error_invalid_(?:ptx|image|source)|cuda error 20[0-9]\b(?<!209)|cumoduleload\w*[^\n]{0,80}fail|cudaerrorinvalid(?:kernelimage|ptx)|hipmoduleload\w*[^\n]{0,80}fail|hiperrorinvalidimage|hiperrorsharedobjectinitfailed",
        0.6,
        also=((Category.GPU_DRIVER, 0.42), (Category.GPU_FEATURE_MISSING, 0.36)),
        unless=r"out ?of ?memory|illegal memory|unsupported toolchain",
    ),
    _ARCH_BUILT.rule(
        "metal-library-format",
        r"library format (?:is )?not supported|language version [\d.]+ which is not supported|built with an old version of the tools|this library is using (?:language|deployment) version|metal language version|invalid library file",
        0.9,
        also=((Category.COMPILE_FAILED, 0.3), (Category.GPU_FEATURE_MISSING, 0.2)),
    ),
    _ARCH_BUILT.rule(
        "prebuilt-for-device-fails",
        r"is detected, but using it failed|(?:prebuilt|pre-built) (?:binar(?:y|ies)|wheels?)[^\n]{0,80}(?:fail|not (?:compatible|work|support)|incompatible|crash)",
        0.55,
        also=((Category.GPU_DRIVER, 0.42), (Category.HOST_MISSING_DEPENDENCY, 0.3)),
    ),
    _NONE.rule(
        "device-api-not-enabled",
        r"device api [\w.]+ is not enabled",
        0.62,
        also=((_MISSING, 0.52), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _NONE.rule(
        "opencl-of-phone",
        r"libopencl[\w.-]*\.so[^\n]{0,100}(?:not accessible|not found|namespace)|failed to (?:open|create) (?:the )?(?:rpc channel|fastrpc|dsp|npu|hexagon)[^\n]{0,40}",
        0.62,
        also=((_MISSING, 0.45), (Category.GPU_DRIVER, 0.3)),
    ),
    _ARCH.rule(
        "no-kernel-to-launch",
        r"no kernel found to launch|no (?:suitable|valid|compatible) kernel",
        0.7,
        also=((Category.COMPILE_FAILED, 0.35), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _FEATURE.rule(
        "float16-of-target",
        r"does not support (?:the )?(?:float16|fp16|half|16-?bit \w+) capability|spirv_support_\.supports_\w+|(?:add|set) -?supports_(?:float16|int8|\w{3,30})=1",
        0.9,
        also=((Category.COMPILE_FAILED, 0.3), (Category.GPU_DRIVER, 0.15)),
    ),
    _FEATURE.rule(
        "buffer-over-limit-of-device",
        r"buffer '\w*' size \d+ is larger than (?:the )?buffer maximum",
        0.56,
        also=((Category.GPU_OUT_OF_MEMORY, 0.5),),
    ),
    _FEATURE.rule(
        "kernel-of-a-type",
        r"named symbol not found[^\n]{0,60}(?:bf16|f16|fp8|f8)",
        0.9,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.35), (Category.COMPILE_FAILED, 0.2)),
    ),
    _ARCH_BUILT.rule(
        "no-code-object",
        r"no compatible code objects? (?:found|available)",
        0.7,
        also=((Category.GPU_FEATURE_MISSING, 0.5), (Category.PROCESS_CRASHED, 0.1)),
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
    _FEATURE.rule(
        "version-of-api",
        r"(?:opencl|vulkan|opengl|directx|metal|level zero) v?\d(?:\.\d)? (?:or (?:above|higher|newer|later|greater) )?(?:is )?required|requires? (?:at least )?(?:opencl|vulkan|opengl|directx) (?:version )?v?\d|supports devices with opencl version|does(?: not|n't) support vulkan 1\.\d",
        0.76,
        also=((Category.GPU_DRIVER, 0.5), (Category.GPU_UNSUPPORTED, 0.3)),
    ),
    _FEATURE.rule(
        "workgroup-of-kernel",
        r"workgroup_size\([^)\n]{1,40}\)[^\n]{0,20}exceeds",
        0.66,
        also=((Category.COMPILE_FAILED, 0.56),),
    ),
    _FEATURE.rule(
        "workgroup-storage",
        r"use of workgroup storage[^\n]{0,60}larger than",
        0.86,
        also=((Category.COMPILE_FAILED, 0.45), (Category.CONFIG_INVALID, 0.1)),
    ),
    _FEATURE.rule(
        "format-of-platform",
        r"(?:platform|device|gpu|hardware|card) does(?: not|n't) support (?:nvfp4|mxfp4|mxfp8|fp8|fp4|awq|gptq|marlin|int8|w\da\d)|no (?:nvfp4|mxfp4|mxfp8|fp8|fp4)[^\n]{0,60}(?:backend|kernel)[^\n]{0,60}available",
        0.8,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.CONFIG_INVALID, 0.2), (_MISSING, 0.15)),
    ),
    _FEATURE.rule(
        "links-between-cards",
        r"(?:does(?: not|n't)|no|without) support[^\n]{0,60}(?:p2p|nvlink|gpudirect)|nccl_p2p_disable",
        0.64,
        also=((Category.CONFIG_INVALID, 0.4), (Category.GPU_DRIVER, 0.3)),
    ),
    _FEATURE.rule(
        "operation-not-on-this-card",
        r"cublas(?:lt)?_status_(?:not_supported|arch_mismatch)|requested functionality is not supported|cuda error: operation not supported|cudaerrornotsupported|cuda_error_not_supported|cublaslt ran into an error|cudnn_status_(?:not_supported|arch_mismatch)",
        0.6,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.34),
            (Category.GPU_DRIVER, 0.3),
            (Category.CONFIG_INVALID, 0.2),
        ),
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
        r"(?:qnn|\bnpu\b|hexagon|\bhtp\b|ggml-hex|\bdsp\b|nnapi)[^\n]{0,60}(?:failed|unable|could not|cannot)[^\n]{0,40}(?:backend|device|session|initiali[sz]e|open|domain|enable|\bpd\b)",
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
        r"cuda-capable devices? (?:are|is) busy or unavailable|cudaerrordevicesunavailable|cudaerrordeviceunavailable",
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
        r"(?:does(?: not|n't)|do(?: not|n't)|is(?: not|n't)|not|never|without|instead of) (?:using|use|used|uses|detect(?:ing|ed|s)?|see(?:ing|n)?|recogni[sz]\w+|find(?:ing)?|utili[sz]\w+|running on|run on|pick(?:ing)? up|work(?:s|ing)?) (?:on |with )?(?:my |the |any |its |amd |nvidia |intel |dedicated |discrete )*(?:gpus?|igpu|radeon|geforce|graphics card|video card)\b",
        0.66,
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
    _FEATURE.rule(
        "card-not-compatible-with",
        r"(?:gpu|card|graphics card) is not compatible with|not compatible with (?:this|your|the current) (?:gpu|card|graphics card)",
        0.7,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.45), (Category.CONFIG_INVALID, 0.15)),
    ),
    _FEATURE.rule(
        "type-that-the-card-lacks",
        r"check_if_\w*gpu\w*supports?_\w+|(?:gpu|device|card|hardware|adapter|mpsgraph|mps|metal|directml)s?\b[^\n]{0,20} (?:does(?: not|n't)|do(?: not|n't)|can(?:not|'t)|without|lacks?|has no)[^\n]{0,20} (?:native(?:ly)? )?(?:support\w* (?:for )?)?(?:bf16|bfloat16|fp16|float16|f16|fp8|fp4|fp64|int8|int4|tensor cores?|half[- ]precision|16-bit storage|subgroups?|dp4a|cooperative matri\w+)\b|\b(?:bf16|bfloat16|fp16|float16|fp8|fp4|int4)\b[^\n]{0,30} (?:unsupported|not (?:available|supported)) (?:on|by|for|in) (?:this|your|the|my|current)\b[^\n]{0,20}(?:gpu|card|device|hardware)",
        0.86,
        also=((Category.CONFIG_INVALID, 0.15), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
    ),
    # Backends drop a device so that lacks what they need.
    _FEATURE.rule(
        "device-that-a-backend-refuses",
        r"unsupported device\b",
        0.76,
        also=((Category.GPU_UNSUPPORTED, 0.6), (Category.CONFIG_INVALID, 0.2)),
        needs=r"vulkan|opencl|metal|adreno|\bmali\b|\bgpus?\b|webgpu|directml",
        unless=r"unsupported device: ",
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
        0.78,
        also=((_MISSING, 0.5), (Category.GPU_DRIVER, 0.2)),
    ),
    _NONE.rule(
        "card-not-seen-in-other-languages",
        r"(?:无法|不能|没有|没|未|找不到)(?:检测到|识别|使用|调用|发现|找到)?(?:到)?(?:显卡|独显|gpu\b|n卡|cuda设备)|gpu ?(?:が(?:認識|検出|使用)され|を認識)|no (?:se )?(?:detecta|reconoce|encuentra|usa) (?:la |mi |ninguna )?(?:gpu|tarjeta)|keine gpu\b|gpu (?:wird )?nicht (?:erkannt|gefunden|genutzt)",
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
    _FEATURE.rule(
        "too-few-of-what-shaders-bind",
        r"(?:not|n't) (?:have )?enough (?:storage (?:buffers?|textures?)|bind groups?|bindings|uniform|samplers?|workgroup|push constants?)|(?:storage buffers?|storage textures?|samplers?|bindings) per (?:shader )?stage|max(?:imum)? (?:number of )?(?:storage buffers?|bind groups?|bindings)[^\n]{0,60}(?:exceed|reach|only|but)",
        0.9,
        also=((Category.COMPILE_FAILED, 0.15),),
    ),
    _FEATURE.rule(
        "family-of-metal",
        r"(?:unsupported|requires?|needs?|below|older than|lacks?)[^\n]{0,30}(?:metal|apple) ?gpu ?family|mtlgpufamily\w*[^\n]{0,40}(?:required|not supported|unsupported)|metal (?:kernels|features?|tensor api|backend) (?:needs?|requires?)|(?:requires?|needs?) metal ?[34]\b|(?:requires?|needs?) (?:an? )?(?:m[1-5]|a1\d)(?: pro)?(?: chip)? (?:or (?:later|newer)|and later)",
        0.84,
        also=((Category.GPU_UNSUPPORTED, 0.4), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _NONE.rule(
        "processor-instead-of-card",
        r"\b(?:cpu|processor) (?:only )?instead of (?:the |my |using )?(?:gpu|cuda|card|rocm|vulkan|metal)|only (?:uses?|using|used|runs?|running|works?) (?:on |with )?(?:the |my )?cpu\b|(?:uses?|using|runs?|running|loads?) (?:on |into )?(?:the |my )?cpu only|(?:stuck|stays|remains) on (?:the )?cpu\b|ignor(?:es|ed|ing) (?:my |the )?(?:gpu|card)|gpus? (?:is |are |being |gets? )*(?:ignored|not (?:being )?(?:used|utili[sz]ed|active|working))|no gpu (?:usage|acceleration|utili[sz]ation)|(?:rx|rtx|gtx|arc|radeon|geforce|igpu|dgpu|tesla|quadro|iris|nvidia|mali|adreno)\b[\w /-]{0,20} (?:is |was |are |being )*(?:not (?:being )?(?:recogni[sz]ed|detected|used|found|supported|visible)|ignored|unsupported)|no cuda device\b|support for (?:the |my )?(?:gfx\d\w+|radeon|rx ?\d|intel arc|arc a\d|igpu|npu)",
        0.84,
        also=(
            (Category.GPU_DRIVER, 0.25),
            (Category.CONFIG_INVALID, 0.2),
            (_MISSING, 0.2),
            (Category.GPU_FEATURE_MISSING, 0.15),
        ),
        unless=r"nvidia driver|nvidia runtime|modprobe|module nvidia|bf16|fp16|fp8|bfloat16|flash",
    ),
    # Named by the model of the card, or by its generation.
    _FEATURE.rule(
        "named-card-lacks-it",
        r"\b(?:v100|p100|p40|k80|m40|t4|a100|h100|mi\d{2,3}x?|gtx ?\d{3,4}|rtx ?\d{4}|volta|turing|pascal|maxwell|kepler|ampere|gfx\d{3,4})\b[^\n]{0,40} (?:(?:is|are) not (?:supported|compatible)|does(?: not|n't) support|do(?: not|n't) support|(?:is |are )?unsupported|lacks?|can(?:not|'t) (?:use|run))|(?:not (?:supported|available|compatible)|unsupported|cannot use|can't use|does(?: not|n't) work)\b[^\n]{0,50} (?:on|for|with) (?:\w+ ){0,3}(?:v100|p100|p40|k80|m40|t4|a100|h100|mi\d{2,3}x?|gtx ?\d{3,4}|rtx ?\d{4}|volta|turing|pascal|maxwell|kepler|ampere|gfx\d{3,4})\b|max(?:imum)? workgroup[^\n]{0,40}(?:small|low|only)",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.GPU_UNSUPPORTED, 0.25)),
        unless=r"no kernel image|cuda capability|not supported, supported types|amdgpu is not supported",
    ),
    _NONE.rule(
        "interface-of-the-browser-or-engine",
        r"webnn (?:is )?(?:not (?:supported|available|enabled)|unavailable)|navigator\.ml\b|device with [\"']\w+[\"'] name is not registered|unspecifiedplatform|no platform detected",
        0.95,
        also=((_MISSING, 0.25), (Category.CONFIG_INVALID, 0.1)),
    ),
    _NONE.rule(
        "required-and-not-there",
        r"\b(?:cuda|rocm|gpu|metal|mps|xpu) (?:is )?required (?:but|and|for|to)\b|(?:only works|works only) (?:on|with) (?:a )?(?:cuda|gpu|nvidia|apple silicon)",
        0.84,
        also=((_MISSING, 0.3), (Category.CONFIG_INVALID, 0.25)),
        unless=r"toolkit|nvcc|capability|version|\bcuda is required to (?:build|compile)",
    ),
)

"""Rules for a GPU that lacks what a program needs: features, limits, code for its architecture."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_FEATURE = Group(
    Category.GPU_FEATURE_MISSING,
    en="the GPU lacks a feature or a limit that the program needs",
    es="a la GPU le falta una función o un límite que el programa necesita",
)
_LIMIT_ASKED = Group(
    Category.CONFIG_INVALID,
    en="the program did not ask for a limit that the GPU has",
    es="el programa no pidió un límite que la GPU sí tiene",
)
_LIMIT_NAME = Group(
    Category.CONFIG_INVALID,
    en="the program asks for a limit or a feature by a name that the browser does not know",
    es="el programa pide un límite o una función con un nombre que el navegador no conoce",
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

_MISSING = Category.HOST_MISSING_DEPENDENCY

RULES = (
    _ARCH.rule(
        "rocblas-arch",
        r"tensilelibrary|rocblas error: (?:cannot read|could not (?:load|initialize))|for gpu arch ?: gfx\w+",
        0.72,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.5),
            (Category.GPU_UNSUPPORTED, 0.42),
            (_MISSING, 0.36),
        ),
        unless=r"signature does not match",
    ),
    _FEATURE.rule(
        "shader-f16",
        r"shader-?_?f16|shaderfloat16|unresolved (?:type|identifier)[^\n]{0,4} '?f16|requires the [\w-]{1,30} extension|requires (?:the )?(?:webgpu )?features? ['\"]?(?:subgroups?|f16|timestamp|float32|chromium|dp4a|packed)|featuresupporterror|requestdevice[^\n]{0,60}unsupported feature|requires enabling extension|(?<!enabling the ')f16'? extension|enable f16|webgpu extension|(?:extension|feature)s? '?\"?(?:f16|shader-f16|subgroups?|chromium[\w-]*)'?\"? (?:is )?not (?:allowed|supported|enabled|available)|'f16' type|f16 (?:is )?not (?:supported|enabled|allowed)|subgroups? (?:is |are )?not (?:supported|available|enabled)",
        0.95,
        unless=r"no adapter|unable to find a compatible gpu",
        also=((Category.COMPILE_FAILED, 0.12),),
    ),
    _FEATURE.rule(
        "webgpu-limit",
        r"unsupported limit|exceeds limit\. requested|requested (?:max)\w+ exceeds|required limit|max(?:buffersize|storagebuffer\w*|computeworkgroup\w*|computeinvocations\w*|bindgroups|storagebuffersper\w*)[^\n]{0,100}(?:exceed|greater|larger|limit|higher|not supported|too)"
        r"|(?:exceed\w*|larger than|greater than|over)[^\n]{0,60}(?:max(?:imum)? (?:buffer|storage|binding|workgroup|compute)|maxbuffersize|maxstoragebuffer|maxcompute)"
        r"|exceeds the max(?:imum)? (?:buffer|binding|storage)|number of storage buffers[^\n]{0,60}exceeds|is not supported by the adapter|limit ['\"]?[\w ]+['\"]?(?: value \d+)? is (?:higher|better|greater) than|binding size[^\n]{0,60}(?:larger|exceed)|workgroup (?:size|storage|count)[^\n]{0,60}exceed|dispatch workgroup count[^\n]{0,80}exceeds|limitsexceeded\(|failedlimit|insufficient vulkan limits",
        0.9,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.2),
            (Category.COMPILE_FAILED, 0.15),
            (Category.CONFIG_INVALID, 0.15),
        ),
        unless=r"this adapter supports a higher|\((?:limit )?(?:134217728|268435456)\)|limit (?:of )?(?:134217728|268435456)\b",
    ),
    _LIMIT_ASKED.rule(
        "webgpu-limit-not-asked-for",
        r"this adapter supports a higher",
        0.92,
        also=((Category.GPU_FEATURE_MISSING, 0.6), (Category.GPU_OUT_OF_MEMORY, 0.25)),
    ),
    _FEATURE.rule(
        "ggml-feature-assert",
        r"ggml_assert\([^\n]{0,120}(?:hasfeature|supports?_|fp16|subgroup|shaderf16)|does not support (?:16-?bit|fp16|f16|bf16|fp8|fp4|int8|storage buffer|subgroups?|half)|(?:missing|lacks?|without|needs) (?:the )?(?:extension )?(?:vk|cl|gl|spv)_\w+|(?:16-?bit|fp16|bf16|bfloat16|fp8|int8|int4|half|float16|double|fp64)[^\n]{0,30} (?:is |are )?not supported (?:on|by) (?:this |your |the )?(?:gpu|device|hardware|card|adapter)|storage 16|(?:half|double|bfloat|bfloat16|fp16|fp64|float16|float64)'? (?:is )?not supported in (?:'|this version of the metal)|(?:backend|device|gpu)[^\n]{0,20} does(?: not|n't) have support for|encountered unlowered function call|supportsfamily:|(?:does not|doesn't) have (?:float16|fp16|f16|bf16|bfloat16|half|int8|fp8|fp64) support|(?:cooperative matri\w+|coopmat\d?|integer dot product|subgroup size control) (?:is |are )?not supported|vk_khr_\w+[^\n]{0,30}(?:not|missing|unsupported)|vk_error_(?:feature|extension)_not_present|error(?:feature|extension)notpresent|unsupported (?:gpu|device) (?:feature|extension)|(?:device|gpu|adapter|hardware|card) does(?:n't| not) support(?! (?:the |any )?(?:npus?|gpus?|cuda|webgpu|webnn|vulkan|opencl|metal|rocm|tpus?|xpus?|hpus?|neural|nnapi|mps)\b(?! \d))",
        0.95,
        unless=r"all nans|nansexception",
    ),
    _FEATURE.rule(
        "ggml-operation",
        r"ggml[^\n]{0,120}(?:unsupported op|missing op: )|unsupported head size|unsupported op '|(?:op|operation) \w+ (?:is )?not (?:supported|implemented) (?:by|on|in|for) (?:the )?(?:backend|metal|vulkan|cuda|webgpu|gpu)",
        0.56,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.36), (Category.PROCESS_CRASHED, 0.2)),
    ),
    _FEATURE.rule(
        "compute-capability",
        r"compute capability \d+\.\d ?<|compute capability[^\n]{0,120}(?:required|at least|minimum|not supported|lower|too low|less|greater|support|older|insufficient|below)|(?:requires?|at least|(?<!detected )minimum|only supported on|needs?)[^\n]{0,60}(?:compute|cuda) capability|flash ?attention (?:2 )?only supports|only supports ampere|device_?capability[^\n]{0,40}(?:not|support)"
        r"|gpu(?: architecture)? (?:is )?too old|(?:ampere|turing|volta|hopper|ada|blackwell)\b[^\n]{0,30}(?:or newer|or later|and newer|and later|(?:or|and) above|gpus? only|required)|only (?:supported|available|works?|runs?) (?:on|for|with) (?:nvidia )?(?:ampere|turing|volta|hopper|ada|blackwell|mi\d{3}|gfx\d)|(?:requires?|needs?|only supports?) sm ?[<>=]{1,2} ?\d|too old to be supported by|unsupported sm\b|unsupported architecture \([^\n]{0,120}kernels|not supported on (?:this )?(?:gpu )?(?:arch|compute|sm)|minimum cuda capability",
        0.95,
        also=((Category.CONFIG_INVALID, 0.15),),
        unless=r"assertion `|only slow 8-bit matmul",
    ),
    # Builds leave architectures out more often than cards are too old for any build.
    _ARCH_BUILT.rule(
        "no-kernel-image",
        r"no kernel image is available|compiled without support for (?:the |this |your )?(?:current )?gpu|no device code compatible|cuda error 209|cudaerrornokernelimagefordevice|hiperrornobinaryforgpu|no binary for gpu|unable to find code object|cuda_error_no_binary_for_gpu|nobinaryforgpu|no device code|no ?binary ?for ?gpu|no matching code object|compiled for a different (?:arch|gpu|compute)",
        0.76,
        also=(
            (Category.GPU_FEATURE_MISSING, 0.54),
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
    # Newer cards meet older wheels more often than old cards newer ones.
    _ARCH_BUILT.rule(
        "sm-not-compatible",
        r"sm_\d+\w* is not compatible|cuda capability sm_|with cuda capability[^\n]{0,40}is not compatible|not compatible with the current pytorch installation",
        0.9,
        also=((Category.GPU_FEATURE_MISSING, 0.5), (_MISSING, 0.1)),
        unless=r"too old to be supported|minimum cuda capability",
    ),
    _ARCH.rule(
        "sm-not-supported",
        r"sm_?\d+ (?:is )?(?:not|un)supported|value 'sm_\d+\w*' is not defined|no kernels? (?:found )?for sm_?\d+",
        0.64,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.48), (_MISSING, 0.1)),
    ),
    _ARCH.rule(
        "nvcc-arch",
        r"unsupported gpu architecture|is not a (?:recognized|supported) (?:processor|gpu)|unknown target cpu 'gfx|--gpu-architecture|invalid value for --gpu-arch",
        0.36,
        also=((Category.COMPILE_FAILED, 0.72), (_MISSING, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
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
        r"peer access (?:is )?not supported|cudaerrorpeeraccess\w*|p2p[^\n]{0,30}not supported|nvlink[^\n]{0,40}(?:not|required)|custom allreduce is disabled because|p2p (?:access )?[^\n]{0,24} (?:unavailable|not available)",
        0.5,
        also=((Category.GPU_DRIVER, 0.3), (Category.CONFIG_INVALID, 0.3)),
        wrapper=True,
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
        r"not supported (?:in|on|by|for) (?:this|the current|your) (?:gpu )?(?:architecture|arch\b|compute|hardware|gpu)|fp8e\w+[^\n]{0,30}not supported|supported fp8 dtypes|(?:fp8|nvfp4|mxfp4|fp4|int4|bf16|bfloat16|marlin|awq)[^\n]{0,80}(?:requires?|only supported on|needs?|supported only on|not supported by (?:the )?current platform)[^\n]{0,40}(?:sm_?\d|compute|capab|hopper|ada\b|ampere|blackwell|gpu|cuda arch)|minimum capability|current capability|required capability|feature level",
        0.95,
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
    _ARCH_BUILT.rule(
        "module-of-another-gpu",
        r"cuda_error_invalid_(?:ptx|image|source)|cuda error 20[0-9]\b(?<!209)|cumoduleload\w*[^\n]{0,80}fail|cudaerrorinvalid(?:kernelimage|ptx)|hipmoduleload\w*[^\n]{0,80}fail|hiperrorinvalidimage|hiperrorsharedobjectinitfailed",
        0.76,
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
    _FEATURE.rule(
        "too-few-of-what-shaders-bind",
        r"(?:not|n't) (?:have )?enough (?:storage (?:buffers?|textures?)|bind groups?|bindings|uniform|samplers?|workgroup|push constants?)|(?:storage buffers?|storage textures?|samplers?|bindings) per (?:shader )?stage|max(?:imum)? (?:number of )?(?:storage buffers?|bind groups?|bindings)[^\n]{0,60}(?:exceed|reach|only|but)",
        0.9,
        also=((Category.COMPILE_FAILED, 0.15),),
    ),
    _FEATURE.rule(
        "family-of-metal",
        r"(?:unsupported|requires?|needs?|below|older than|lacks?)[^\n]{0,30}(?:metal|apple) ?gpu ?family|mtlgpufamily\w*[^\n]{0,40}(?:required|not supported|unsupported)|metal (?:kernels|features?|tensor api|backend) (?:needs?|requires?)|(?:requires?|needs?) metal ?[34]\b|(?:metal|apple) gpu family \w+[^\n]{0,20} (?:is )?required|(?:requires?|needs?) (?:an? )?(?:m[1-5]|a1\d)(?: pro)?(?: chip)? (?:or (?:later|newer)|and later)",
        0.84,
        also=((Category.GPU_UNSUPPORTED, 0.4), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    # Named by the model of the card, or by its generation.
    _FEATURE.rule(
        "named-card-lacks-it",
        r"\b(?:v100|p100|p40|t4|gtx ?\d{3,4}|rtx ?\d{4}|mi\d{2,3}|rx ?\d{3,4}|turing|pascal|volta)\b[^\n]{0,20} (?:has|have) no (?:native |hardware )?(?:bf16|bfloat16|fp16|fp8|fp4|tensor cores?|int8)|(?:kernels?|attention|fp8|fp4|nvfp4|mxfp4|bf16|tensor cores?|marlin|quantization) (?:\w+ )?(?:need|requires?|needs?) (?:an? )?(?:nvidia )?(?:h100|h200|b200|a100|hopper|blackwell|ampere|ada\b|turing|volta|mi300x?)|\b(?:v100|p100|p40|k80|m40|t4|a100|h100|mi\d{2,3}x?|gtx ?\d{3,4}|rtx ?\d{4}|volta|turing|pascal|maxwell|kepler|ampere|gfx\d{3,4})\b[^\n]{0,40} (?:(?:is|are) not (?:supported|compatible)|does(?: not|n't) support|do(?: not|n't) support|(?:is |are )?unsupported|lacks?|can(?:not|'t) (?:use|run))|(?:not (?:supported|available|compatible)|unsupported|cannot use|can't use|does(?: not|n't) work)\b[^\n]{0,50} (?:on|for|with) (?:\w+ ){0,3}(?:v100|p100|p40|k80|m40|t4|a100|h100|mi\d{2,3}x?|gtx ?\d{3,4}|rtx ?\d{4}|volta|turing|pascal|maxwell|kepler|ampere|gfx\d{3,4})\b|max(?:imum)? workgroup[^\n]{0,40}(?:small|low|only)",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.GPU_UNSUPPORTED, 0.25)),
        unless=r"no kernel image|cuda capability|not supported, supported types|amdgpu is not supported",
    ),
    _FEATURE.rule(
        "bindings-of-wgpu",
        r"too many bindings of type|cubecounttoolarge|(?:number of|too many) (?:comput\w+ |storage |uniform )*buffers (?:in|per|exceeds?)\b|unsupportedfeature\(|unsupportedlimit\(|missing(?:features|downlevelflags)\(|dispatch group size[^\n]{0,60}(?:exceed|less or equal)|invaliddimension|group size dimension must",
        0.92,
        also=((Category.COMPILE_FAILED, 0.4), (Category.PROCESS_CRASHED, 0.2)),
    ),
    _FEATURE.rule(
        "extension-of-glsl",
        r"extension [`'\"]?[a-z]{2,4}_\w+[`'\"]? (?:is )?(?:unsupported|not supported|not available)|\bcl_khr_\w+[^\n]{0,30}(?:not supported|unsupported|not available|missing|required)|(?:gl|cl|vk|spv)_(?:ext|khr|nv|arm|qcom|amd|intel)_\w+ (?:is )?(?:not supported|unsupported|not available|required|missing)",
        0.94,
        also=((Category.COMPILE_FAILED, 0.5), (Category.GPU_DRIVER, 0.3)),
    ),
    _LIMIT_NAME.rule(
        "limit-that-is-not-known",
        r"the limit [\"']\w+[\"'] is not recognized|unknown (?:limit|gpufeaturename)|is not a valid enum value of type gpufeaturename|requiredfeatures[^\n]{0,80}(?:to an? enum|not a valid)",
        0.82,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5), (Category.GPU_FEATURE_MISSING, 0.4)),
    ),
    _FEATURE.rule(
        "image-over-limit-of-device",
        r"cl_invalid_image_size|alloc image[^\n]{0,60}code: ?-40\b|opencl error[^\n]{0,12}-40\b|cl_invalid_work_(?:item_size|dimension)|cl_device_max_(?:mem_alloc|work_group)\w*[^\n]{0,30}(?:exceed|small|limit)",
        0.88,
        also=((Category.GPU_OUT_OF_MEMORY, 0.4), (Category.COMPILE_FAILED, 0.2)),
    ),
    # Schedules made for desktops ask phones and boards for more than they have.
    _FEATURE.rule(
        "resources-of-a-small-card",
        r"cl_out_of_resources",
        0.95,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.7),
            (Category.COMPILE_FAILED, 0.4),
            (Category.CONFIG_INVALID, 0.5),
        ),
        runtimes=("tvm",),
        phases=(Phase.GENERATE,),
    ),
    _FEATURE.rule(
        "generation-that-is-left-out",
        r"(?:dropp(?:ed|s|ing)|drops?|removed?|ended?|no longer (?:has|have|includes?)?) (?:support for )?(?:the )?(?:pascal|maxwell|kepler|volta|turing|vega|polaris|gcn|gfx\d{3,4}|sm_?\d{2}|compute \d\.\d)\b|(?:pascal|maxwell|kepler|volta|turing|vega|polaris|gcn)\b[^\n]{0,30} (?:(?:is|are) )?no longer supported|\bgfx\d{3,4}\w? (?:is )?too old|(?:flashmla|deepgemm|deepep|flashinfer|cutlass|marlin|flash ?attention[- ]?[234]?|trtllm-gen|machete|exllama\w*) (?:kernels? )?(?:requires?|needs?|only supports?|only works? (?:on|with)) (?:an? )?(?:nvidia )?(?:hopper|blackwell|ampere|ada|turing|sm_?\d{2,3}|h100|b200)",
        0.88,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4), (Category.GPU_UNSUPPORTED, 0.3)),
    ),
    _FEATURE.rule(
        "of-this-card-in-python",
        r"is_bf16_supported\(\)[^\n]{0,8}(?:false|returned false)|cooperative launch (?:is )?not supported|cudaerrorcooperativelaunchtoolarge|(?:subgroups?|shader-?f16|timestamp-query) (?:feature )?(?:is )?required,? but|(?:not enough|insufficient) (?:shared|threadgroup|workgroup|local) memory (?:on|per|for)|simdgroup matrix mul\. *= false(?s:.{0,600})unsupported op",
        0.92,
        also=((Category.COMPILE_FAILED, 0.2), (Category.CONFIG_INVALID, 0.15)),
    ),
    # Shaders name the type, and what refuses it is the adapter, not the compiler.
    _FEATURE.rule(
        "half-precision-in-shaders",
        r"[`'\"]f16[`'\"] (?:extension )?(?:is )?(?:not (?:allowed|supported|available)|unsupported)|(?:extension|feature) [`'\"]f16[`'\"]|[`'\"]f16[`'\"] extension (?:is not|not)|unsupported enable-extension|[`'\"]f16[`'\"] type used without",
        0.97,
        also=((Category.COMPILE_FAILED, 0.45),),
    ),
    _FEATURE.rule(
        "flash-attention-that-a-model-needs",
        r"requires flash ?attention enabled models?",
        0.72,
        also=((_MISSING, 0.5), (Category.CONFIG_INVALID, 0.4)),
    ),
    _FEATURE.rule(
        "parts-that-the-card-lacks",
        r"\b(?:gpu|card|device|adapter|igpu|chip)s? (?:lacks?|has no|have no|is missing|misses) (?:[\w-]+ ){0,3}(?:support|atomics|instructions?|features?|extensions?|units?|cores?|subgroups?)\b|\b(?:rdna\d?|cdna\d?|gcn\d?|gfx\d{3,4}\w?|apple m\d|intel uhd) (?:lacks?|has no) |\bno (?:native |hardware )?(?:bf16|bfloat16|fp16|fp8|fp4|int8|tensor) (?:units?|support|cores?|hardware) (?:on|in|for) (?:the |my |this |an? )?(?:v100|p100|p40|t4|gtx|rtx|gpu|card|turing|pascal|volta|mi\d)|simdgroup [\w ]{0,24}(?:not supported|unsupported)|expected compute capability|(?:requires?|needs?) (?:an? )?(?:nvidia )?(?:ampere|turing|hopper|blackwell|ada lovelace|volta)\b(?! or)|(?:mps|metal|directml|webgpu|opencl)\b[^\n]{0,30} (?:does(?: not|n't)|can(?:not|'t)) (?:support|handle|use|have support for) (?:that |the )?(?:float64|int64|complex\w*|double|dtype|bfloat16|float8\w*)",
        0.88,
        also=((Category.CONFIG_INVALID, 0.25), (Category.ARTIFACT_INCOMPATIBLE, 0.25)),
    ),
    _ARCH_BUILT.rule(
        "instructions-of-another-card",
        r"hsa_status_error_invalid_isa\w*|\bisa is invalid|shared object initiali[sz]ation failed|invalid native binary|ze_result_error_invalid_native_binary",
        0.8,
        also=((Category.GPU_FEATURE_MISSING, 0.5), (Category.GPU_DRIVER, 0.25)),
    ),
    # Exactly the limits that WebGPU gives to whoever asks for none: cards have more.
    _FEATURE.rule(
        "limit-that-nobody-raised",
        r"(?:larger|greater|more|bigger|exceeds?|over)[^\n]{0,60}(?:max\w{0,4}|limit)[^\n]{0,60}\b(?:134217728|268435456)\b",
        0.84,
        also=(
            (Category.CONFIG_INVALID, 0.74),
            (Category.GPU_OUT_OF_MEMORY, 0.3),
        ),
        unless=r"this adapter supports a higher|requested=|required limit",
    ),
    # Libraries of Metal leave the kernels of a type out where the card does not have it.
    _FEATURE.rule(
        "function-of-a-type",
        r"function [\"'`]?\w{0,60}(?:bf16|bfloat|fp8|f8e\d)\w{0,40}[\"'`]? (?:does not exist|doesn't exist|(?:was |is )?not found|is missing|missing)|(?:could not|cannot|can't|unable to|failed to) (?:find|load|get) (?:the )?(?:kernel|function|pipeline|symbol)\b[^\n]{0,40}(?:bf16|bfloat|fp8|f8e\d)",
        0.9,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.45), (Category.COMPILE_FAILED, 0.4)),
        unless=r"missing \w{4,40} metal kernel|\bmlx\b|metal::device|winograd|steel_",
    ),
    _FEATURE.rule(
        "library-that-knows-few-cards",
        r"(?:hipblaslt|composable kernel|aotriton|miopen|rocwmma|hipsparselt|cublaslt|cutlass|flashinfer|flash ?attention|xformers|bitsandbytes|triton)\b[^\n]{0,24} (?:on|for|with) (?:an? |this |the current )?unsupported (?:gpu |device )?(?:architecture|arch|gpu|device|card)",
        0.97,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5), (Category.CONFIG_INVALID, 0.15)),
    ),
    # The library has the call and not its kernel for this card.
    _FEATURE.rule(
        "kernel-not-in-the-library",
        r"(?:cudaerrorsymbolnotfound|cuda_error_not_found)\b",
        0.88,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.62), (Category.GPU_DRIVER, 0.2)),
        unless=r"undefined symbol|getdevicecount|getprocaddress",
    ),
    _FEATURE.rule(
        "feature-asked-for-and-not-on",
        r"\b(?:subgroups?|shader-?f16|f16|fp16|timestamp-query|float32-filterable|float32_filterable|dp4a|bf16|int8|chromium[\w-]{4,40})[\"'`]? (?:feature |extension |support )?(?:is |are )?(?:required\b|needed\b|not enabled\b)|features? [`'\"]?[\w|() ]{3,80}[`'\"]? (?:is |are )required but not enabled",
        0.86,
        also=((Category.COMPILE_FAILED, 0.25), (Category.CONFIG_INVALID, 0.2)),
        needs=r"webgpu|wgpu|gpu|vulkan|shader|kernel|device|adapter",
        unless=r"flash ?attention",
    ),
    # Kernels of CUTLASS that were made for another generation refuse to begin.
    _FEATURE.rule(
        "kernels-of-cutlass",
        r"cutlass\b[^\n]{0,60}(?:error internal|cannot (?:initiali[sz]e|implement)|failed to (?:initiali[sz]e|implement|run))|(?:cutlass_)?scaled_mm[^\n]{0,60}(?:error internal|not (?:supported|implemented|compiled))|no compiled (?:\w+ ){0,3}(?:kernels?|gemm|scaled_mm) for (?:a )?(?:cuda )?(?:device|capability|compute|sm)",
        0.74,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5), (Category.CONFIG_INVALID, 0.15)),
        phases=(Phase.LOAD, Phase.GENERATE, Phase.RUNTIME),
    ),
    # People's words for a card that a library leaves out.
    _FEATURE.rule(
        "does-not-run-on-that-card",
        r"(?:do(?: not|n't)|does(?: not|n't)|won't|will not|can(?:not|'t)|never) (?:run|work|load|start|compile|build|function)s? on (?:\w+ ){0,3}(?:v100|p100|p40|k80|m40|t4|mi\d{2,3}x?|gtx ?\d{3,4}|rtx ?20\d\d|volta|turing|pascal|maxwell|kepler|vega|polaris|gfx\d{3,4}\w?|sm_?\d{2,3})\b|(?:requires?|needs?) simdgroup|simdgroup\w{0,4} (?:is )?(?:required|needed)|(?:pascal|maxwell|kepler|volta|turing|vega|polaris|gcn) (?:gpus?|cards?) (?:are|is) (?:not|no longer|un) ?supported",
        0.85,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4), (Category.GPU_UNSUPPORTED, 0.3)),
        unless=r"no kernel image|cuda capability|amdgpu",
    ),
    # Libraries of kernels beside the engine are made for newer cards than the engine itself.
    _FEATURE.rule(
        "kernels-beside-the-engine",
        r"(?:no kernel image is available|invalid device function|\(209\)|no device code)(?s:.{0,240})(?:flash_?-?infer|flash_?attn|flash-attention|fwd_kernels|xformers|causal_conv1d|mamba_ssm|selective_scan|exllama|bitsandbytes|auto_?gptq|awq_\w+|apex|deep_?gemm|marlin|vllm_flash)|(?:flash_?-?infer|flash_?attn|flash-attention|fwd_kernels|xformers|causal_conv1d|mamba_ssm|selective_scan|exllama|bitsandbytes|auto_?gptq|awq_\w+|apex|deep_?gemm|marlin|vllm_flash)(?s:.{0,240})(?:no kernel image is available|invalid device function|\(209\)|no device code)",
        0.95,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.72), (Category.COMPILE_FAILED, 0.1)),
        without=("mlc", "tvm", "llama", "ollama"),
        phases=(Phase.LOAD, Phase.GENERATE),
        unless=r"ggml|cuda capability sm_|with cuda capability",
    ),
)

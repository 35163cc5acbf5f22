"""Rules for the native half of a package: what an app, a container or another language looks for and does not find."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .reasons import BUILT_WITHOUT as _PART
from .reasons import PACKAGE_ABSENT as _PACKAGE
from .rule import Group

_NATIVE = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="the native part of a package is not in the app",
    es="la parte nativa de un paquete no está en la aplicación",
)
_KERNELS = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="a package of compiled kernels is not installed",
    es="falta un paquete de núcleos compilados",
)
_LOADER = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="the system lacks what starts such a program",
    es="al sistema le falta lo que inicia un programa así",
)
_ORDER = Group(
    Category.CONFIG_INVALID,
    en="an option stands where the container's command is expected",
    es="hay una opción donde el contenedor espera una orden",
)
_BUNDLED = Group(
    Category.CONFIG_INVALID,
    en="a bundler takes in files of programs that only run outside a browser",
    es="un empaquetador incluye ficheros de programas que solo funcionan fuera del navegador",
)
_MANAGED = Group(
    Category.CONFIG_INVALID,
    en="the system keeps its own Python for itself",
    es="el sistema se reserva su propio Python",
)
_BUNDLE = Group(
    Category.CONFIG_INVALID,
    en="a bundler does not follow how the package exports its files",
    es="un empaquetador no sigue cómo exporta el paquete sus ficheros",
)
_PICKLED = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the checkpoint was saved together with code that is not here",
    es="el punto de control se guardó junto con código que no está aquí",
)

_SKEW = (Category.ARTIFACT_INCOMPATIBLE, 0.25)
_SETTING = (Category.CONFIG_INVALID, 0.25)

RULES = (
    _NATIVE.rule(
        "native-library-of-jvm",
        r"unsatisfiedlinkerror|(?:couldn't|could not|cannot|unable to) find (?:the )?(?:native library|resource lib)\w*|in java\.library\.path|no implementation found for \w+ [\w.$]{6,}",
        0.88,
        also=(_SKEW, (Category.COMPILE_FAILED, 0.1)),
        unless=r"libopencl|libgles|e_machine|elf magic|cannot locate symbol|wrong elf|not accessible for the namespace",
    ),
    # React Native and Flutter: the module's other half is compiled into the app, or it is not.
    _NATIVE.rule(
        "native-module-of-app",
        r"turbomoduleregistry|missingpluginexception|no implementation found for method|cannot find native module|native ?module[^\n]{0,40}(?:not found|could not be found|is null|cannot be null|doesn't exist|not (?:available|linked|registered))|doesn't seem to be linked|you are not using expo (?:go|managed)|invariant violation: native module|\[?typeerror: cannot read property '(?:init\w{0,20}|load\w{0,20}|modelinfo|install\w{0,12}|create\w{0,20}|completion|start\w{0,20}|native\w{0,20})' of null|cannot read propert(?:y|ies)[^\n]{0,24} '?(?:nativemodule|eventemitter|sharedobject)\b|null is not an object \(evaluating '[\w.$]{0,30}(?:rnllama|llama|native|whisper|mlc|executorch|onnx)\w{0,20}\.\w",
        0.84,
        also=(_SETTING, (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
    ),
    _NATIVE.rule(
        "native-library-of-dotnet",
        r"native library cannot be (?:correctly )?(?:loaded|found)|failed to load the native library|the type initializer for '[\w.]{0,60}native[\w.]{0,40}' threw|or one of its (?:native )?dependencies[^\n]{0,10} cannot be loaded|no \w{2,20}sharp backend was installed|libraryimport[^\n]{0,40}not found",
        0.86,
        also=(_SKEW, _SETTING),
        unless=r"entry ?point",
    ),
    _NATIVE.rule(
        "native-addon-of-node",
        r"could not locate the bindings file|cannot find module '[^'\n]{1,200}\.node'|native addon (?:module )?[^\n]{0,60}(?:can ?not be|could not be|was not) found|no native build was found|native bindings? (?:is |are |was |were )?(?:missing|not found)|no binding found for|no prebuilt? (?:or local build )?(?:binar\w+ )?(?:was |were )?found|cannot find module '@[\w-]{2,30}/[\w-]{2,40}-(?:linux|darwin|win32|android)-\w{3,6}",
        0.9,
        also=(_SKEW, (Category.COMPILE_FAILED, 0.15), _SETTING),
        unless=r"/undefined/undefined/",
    ),
    # A bundler follows every path that the package may take: natives of all systems, a path made of what only Node knows.
    _BUNDLED.rule(
        "natives-in-bundle",
        r"can't resolve '[^'\n]{0,160}\.node'|no loader is configured for \"\.node\"|appropriate loader to handle this file type[^\n]{0,200}|unexpected character '[^\n]{1,4}'[^\n]{0,20}\n?[^\n]{0,200}\.node\b|/undefined/undefined/|could not resolve \"[^\"\n]{0,160}\.node\"",
        0.86,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.5),),
    ),
    # ExecuTorch gives a number for what was not linked in: a backend that the program names.
    _PART.rule(
        "backend-not-linked",
        r"(?:load_?method|forward|method)\b[^\n]{0,80}\berror(?: code)?:? ?(?:32|0x20)\b|\berror(?: code)?:? ?(?:32|0x20)\b[^\n]{0,60}(?:load_?method|forward|notfound)|backend \w{2,40} is not registered|please (?:link|register) the (?:backend|operator|kernel)",
        0.88,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5), (Category.CONFIG_INVALID, 0.2)),
    ),
    # bitsandbytes falls back to its library for the CPU, which lacks what is called.
    _KERNELS.rule(
        "bitsandbytes-of-cpu",
        r"cadam32bit\w*|libbitsandbytes_cpu\.\w{2,5}[^\n]{0,8} undefined symbol|cquantize_blockwise|cget_col_row_stats|get_native_library",
        0.88,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.GPU_UNSUPPORTED, 0.3)),
        unless=r"killed|out of memory|cpu-only version",
    ),
    # Dawn opens the libraries that compile shaders on Windows.
    _LOADER.rule(
        "library-of-shader-compiler",
        r"dynamiclib\.open: (?:dxil|dxcompiler|d3dcompiler_\d\d|vulkan-1)\.dll|(?:dxil|dxcompiler|d3dcompiler_47)\.dll[^\n]{0,40}(?:not (?:be )?found|missing|could not|failed|error)",
        0.92,
        also=((Category.GPU_UNSUPPORTED, 0.45), (Category.COMPILE_FAILED, 0.2)),
    ),
    _PACKAGE.rule(
        "package-of-another-language",
        r"cannot load such file -- |could not find gem '|gemnotfound|gem::missingspecerror|can't locate [\w/:]{2,40}(?:\.pm)? in @inc|there is no package called|package \w{2,40} not found in current path|on_load function for module|failed to load nif|call to undefined function \w{2,40}\(\)|class \"ffi\" not found|module '[\w.]{2,40}' not found:|failed to load dynamic library '",
        0.86,
        also=(_SKEW,),
        unless=r"undefined symbol|wrong elf|incompatible architecture",
    ),
    _PACKAGE.rule(
        "distribution-not-found",
        r"distributionnotfound|distribution was not found and is required|packagenotfounderror|no package metadata was found|(?:bitsandbytes|accelerate|peft|sentencepiece|tiktoken|flash[_-]attn|flash[ -]?attention(?: ?2)?|xformers|auto[-_]?gptq|auto[-_]?awq|optimum|einops|timm|protobuf|numpy|torch(?:vision|audio)?|pillow|scipy|librosa|soundfile|ffmpeg|decord|av|mamba[_-]ssm|causal[_-]conv1d|flashinfer|deepspeed|ray|outlines|xgrammar|onnxruntime|openvino|tensorrt|ninja|mistral[_-]common|compressed[_-]tensors) (?:package |library |module |backend )?(?:is |are |was |seems to be )?(?:not (?:be )?(?:available|installed|found|importable)|missing|required but)",
        0.86,
        also=(_SKEW, (Category.CONFIG_INVALID, 0.15)),
        unless=r"numpy is not available|cuda is not available|is not available (?:on|for) ",
    ),
    _PACKAGE.rule(
        "library-of-media",
        r"appropriate backend to handle uri|sndfile library|libsndfile|could not load libtorchcodec|no audio backend|import required dependency \w|ffmpeg (?:is not|was not|not) (?:properly )?(?:found|installed)",
        0.88,
        also=(_SKEW,),
    ),
    # torch looks for NumPy when it is imported, and gives up on one of another generation.
    _PART.rule(
        "numpy-for-torch",
        r"numpy is not available|compiled without numpy support",
        0.56,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.52),),
    ),
    _PART.rule(
        "part-of-package-not-built",
        r"(?:doesn't|does not) have (?:nccl|gloo|mpi|\w{2,12}) built[ -]in|(?:was|is) (?:build|built|compiled) without (?!gpu|cuda|avx|sse)\w{2,20} support|unknown provider type|specified provider is not supported|(?:execution )?provider[^\n]{0,60}is not enabled in this build|no (?:usable |suitable |compatible )?(?:\w{2,20} )?runtime (?:was )?found",
        0.7,
        also=(
            (Category.CONFIG_INVALID, 0.35),
            (Category.GPU_UNSUPPORTED, 0.25),
            (Category.ARTIFACT_INCOMPATIBLE, 0.2),
        ),
    ),
    _KERNELS.rule(
        "kernels-not-installed",
        r"\b(?:awq_inference_engine|awq_ext|exllama(?:v2)?_(?:kernels|ext)|autogptq_cuda\w{0,6}|flash_attn_(?:2_)?cuda|rotary_emb|dropout_layer_norm|causal_conv1d(?:_cuda)?|selective_scan_cuda|mamba_ssm|quant_cuda|vllm_flash_attn|eetq|sgl_kernel|deep_gemm|deep_ep|flash_mla|fused_layer_norm_cuda|apex|cuda[_ ]extension|flashinfer|marlin|punica)(?: kernels?| module| extension)?[^\n]{0,16} (?:is |are |was )?(?:missing|not (?:installed|found|available|compiled|built))|required library version not found: lib|(?:maybe )?you need to compile it from source|could not find the bitsandbytes|can locate cuda libraries|(?:in|to) your ld_library_path|skel library|failed to load skel|idsptransport: unable",
        0.88,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.COMPILE_FAILED, 0.2)),
    ),
    _PART.rule(
        "libraries-of-provider",
        r"require cudnn \d|requires? (?:cuda|tensorrt|rocm|openvino) \d[^\n]{0,60}(?:to be installed|and cudnn|runtime)|onnxruntime\.ai/docs/[^\n]{0,120}(?:dependencies|requirements)|as mentioned in the gpu requirements",
        0.84,
        also=((Category.GPU_DRIVER, 0.2), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
    ),
    _LOADER.rule(
        "loader-of-programs-absent",
        r"unable to find an interpreter for|cannot execute: required file not found|bad interpreter: no such file|could not open '/lib\w*/ld-|/lib\w*/ld-(?:linux|musl)[\w.-]{1,30}[^\n]{0,20}(?:not found|no such file)",
        0.9,
        also=((Category.CONFIG_INVALID, 0.35), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _LOADER.rule(
        "program-of-runtime-absent",
        r"fork/exec \S{1,200}: no such file|failed to exec \w{2,20}: no such file|error starting (?:the )?(?:external )?llama server: [^\n]{0,80}no such file|starting process[^\n]{0,120}no such file or directory|(?:llama-(?:quantize|cli|server|bench|run)|convert_hf_to_gguf|trtllm-build|whisper-cli|\bquantize)(?:\.py|\.exe)?['\"`]? (?:binary |executable |program )?(?:was |is |does |could )?(?:not (?:be )?(?:found|exist|built|installed)|missing)|(?:cannot|could not|couldn't|can't|failed to) find (?:the )?['\"`]?(?:llama-(?:quantize|cli|server|bench|run)|convert_hf_to_gguf|whisper-cli)|no working (?:quantizer|converter)|backend-assets/[\w/.-]{1,80}: no such file|stat \S{1,160}/(?:runners|backends|grpc)/\S{1,60}: no such file",
        0.74,
        also=(_SETTING, (Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.ARTIFACT_CORRUPT, 0.1)),
    ),
    _LOADER.rule(
        "container-runtime-absent",
        r"unknown or invalid runtime name|unresolvable cdi devices|cdi device injection failed|nvidia-container-runtime[^\n]{0,40}(?:not found|no such)|runtime \"?nvidia\"? (?:is )?not (?:found|available)|oci runtime \"?\w{3,12}\"? not found|no container (?:engine|manager|runtime)\b[^\n]{0,40}|(?:podman|docker|containerd|runc|crun)['\"`]? (?:is |was )?(?:not (?:found|installed|available)|missing)",
        0.86,
        also=((Category.GPU_UNSUPPORTED, 0.3), (Category.CONFIG_INVALID, 0.3), (Category.GPU_DRIVER, 0.15)),
    ),
    _LOADER.rule(
        "closed-to-namespace",
        r"is not accessible for the namespace",
        0.55,
        also=((Category.GPU_UNSUPPORTED, 0.5), (Category.STORAGE_PERMISSION, 0.2)),
        unless=r"libopencl|libgles|libcdsprpc",
    ),
    _ORDER.rule(
        "option-as-command",
        r"executable file [`'\"\\]{1,3}-|exec: [`'\"\\]{1,3}-{1,2}\w[^\n]{0,120}not found",
        0.93,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.15),),
    ),
    _MANAGED.rule(
        "environment-of-the-system",
        r"externally[- ]managed[- ]environment|environment is externally managed",
        0.7,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.45), (Category.STORAGE_PERMISSION, 0.2)),
    ),
    _BUNDLE.rule(
        "exports-of-package",
        r"default condition should be last|is not exported (?:under the conditions|from package)|err_package_path_not_exported|no (?:\"exports\" main|known conditions for|matching export in)|missing \"[./\w-]{1,60}\" (?:specifier|export)|failed to resolve entry for package|cannot use import statement outside a module|err_require_esm|require\(\) of es module",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.35), (Category.HOST_MISSING_DEPENDENCY, 0.3)),
    ),
    _PICKLED.rule(
        "module-of-checkpoint",
        r"no module named '?[\w.]{1,60}",
        0.74,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.55),),
        needs=r"find_class|unpickl|torch\.load|pickle\.load|can't get attribute",
    ),
    # In words of people: what the machine lacks.
    _PACKAGE.rule(
        "lacking-in-words",
        r"\bmissing (?:the )?(?:cuda|cudnn|rocm|hip|vulkan|openvino|oneapi|tensorrt|openssl|openmp|visual c\+\+|msvc|vc\+\+|\.net|java|python|libc|nccl|mpi|blas)(?: \w+)? (?:runtime|toolkit|sdk|librar(?:y|ies)|headers?|packages?|redistributables?|modules?|dlls?|installation)\b|\bmissing (?:the )?(?:cuda|cudnn|\.net|java) runtime|\b(?:cudnn|cublas|nccl|openblas|onnxruntime|libtorch|openmpi|directml|zlib|ffmpeg|sentencepiece|flash[-_ ]?attn|xformers|triton|bitsandbytes|ninja|cmake|git[- ]lfs) (?:is )?missing\b|requires? (?:the )?(?:microsoft )?(?:\.net|java|visual c\+\+|vc\+\+|openmpi|libfuse|fuse)\b[^\n]{0,30}(?:runtime|redistributable|to be installed|to run)|something went wrong installing the \"?sharp|unable to locate a java runtime|no frameworks were found|(?:following|required) packages? (?:is|are) missing|(?:pkg-config|libtool|autoconf|automake|m4|bison|flex|gawk|glslangvalidator|dot)(?:\.exe)?['\"`]?: (?:command )?not found",
        0.84,
        also=(_SKEW, (Category.CONFIG_INVALID, 0.12), (Category.COMPILE_FAILED, 0.12)),
        unless=r"driver|model_lib",
    ),
    # In words of people: what a release or an image leaves out.
    _NATIVE.rule(
        "left-out-of-the-package",
        r"\bmissing (?:the )?(?:shared |native |dynamic )?(?:lib[\w+-]{2,30}\.(?:so|dylib|dll)|\w{2,30}\.(?:dll|dylib))|\w\.(?:dll|dylib|node|so(?:\.\d+)*) (?:file )?(?:is |are )?(?:missing|not (?:included|bundled|packaged|shipped))|(?:librar(?:y|ies)|executables?|binar(?:y|ies)|addon|native module) (?:is |are |was |were )?(?:missing (?:in|from)|not (?:included|bundled|packaged|shipped))|module could not be loaded on|(?:triton|flash[- ]?attn|flash attention|nccl|vllm|bitsandbytes|deepspeed) (?:is )?not (?:available|supported) (?:on|for) windows",
        0.8,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.25), (Category.CONFIG_INVALID, 0.25)),
        unless=r"libopencl|libcuda\.so|nvcuda|model librar|tokenizers? librar",
    ),
)

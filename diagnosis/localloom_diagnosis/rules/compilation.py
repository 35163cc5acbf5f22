"""Rules for shaders, kernels and model libraries that could not be built."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_SHADER = Group(
    Category.COMPILE_FAILED,
    en="a shader or its pipeline was refused",
    es="se rechazó un shader o su canalización",
)
_KERNEL = Group(
    Category.COMPILE_FAILED, en="a GPU kernel did not compile", es="no se pudo compilar un núcleo de GPU"
)
_PASS = Group(Category.COMPILE_FAILED, en="the model compiler failed", es="falló el compilador del modelo")
_BUILD = Group(
    Category.COMPILE_FAILED, en="a native build step failed", es="falló un paso de la compilación nativa"
)

_BUFFER = Group(
    Category.GPU_OUT_OF_MEMORY,
    en="a buffer of the GPU could not be made",
    es="no se pudo crear un búfer de la GPU",
)
_LINKED = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="a part is linked with a runtime of another version",
    es="una pieza se enlaza con un motor de otra versión",
)
_LIBRARY = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="the build lacks a library or what an earlier step of it makes",
    es="a la compilación le falta una biblioteca o lo que produce un paso anterior",
)
_PREPARED = Group(
    Category.ARTIFACT_MODEL_NOT_FOUND,
    en="the model's library has not been built",
    es="la biblioteca del modelo no se ha compilado",
)

_CHECKPOINT = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the compiler does not take this model or these settings",
    es="el compilador no admite este modelo o estos ajustes",
)

_WITHOUT = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the library of kernels was built without one that the program asks for",
    es="la biblioteca de núcleos se compiló sin uno que el programa pide",
)
_TYPE = Group(
    Category.GPU_FEATURE_MISSING,
    en="the program holds no kernel of this kind for this GPU",
    es="el programa no contiene un núcleo de este tipo para esta GPU",
)
_BACKEND = Group(
    Category.GPU_DRIVER,
    en="the compiler inside the GPU's driver failed",
    es="falló el compilador del propio controlador de la GPU",
)
_OPTIONS = Group(
    Category.CONFIG_INVALID,
    en="the build refuses an option or a combination of them",
    es="la compilación rechaza una opción o una combinación de ellas",
)

#: Words of what is not there.
_ABSENT = r"could not find|couldn't find|unable to find|cannot find|can't find|not found|not installed|(?:is|are) not set\b|no such file|is required|required by"

_FEATURE = (Category.GPU_FEATURE_MISSING, 0.2)
_DEPENDENCY = (Category.HOST_MISSING_DEPENDENCY, 0.35)

RULES = (
    _SHADER.rule(
        "invalid-shader",
        r"invalid shadermodule|shadermodule[^\n]{0,60}(?:invalid|error|fail)|error while (?:parsing|compiling) (?:wgsl|shader)|wgsl[^\n]{0,60}(?:error|invalid|fail|expected|unresolved)|tint[^\n]{0,30}error|shader (?:compil\w+|validation|translation)[^\n]{0,30}(?:fail|error)|(?:fail\w*|error|unable)[^\n]{0,30}(?:compil\w+|creat\w+|translat\w+|build\w*)[^\n]{0,20} shaders?|spir-?v[^\n]{0,60}(?:fail|error|invalid)|failed to compile shader|dxc[^\n]{0,30}(?:fail|error)|fxc[^\n]{0,30}(?:fail|error)|glslc[^\n]{0,40}(?:fail|error)|\bnaga\b|argument type \w+ in webgpu shader",
        0.9,
        also=(_FEATURE, (Category.GPU_DRIVER, 0.15)),
        unless=r"unresolved (?:type|identifier)[^\n]{0,4} 'f16|requires (?:the|enabling) [\w -]{0,30}extension|f16' is not|f16 extension|shader-f16|'f16' type|adreno|\bmali\b|powervr|qualcomm|loadlibrary|dynamiclib\.open|dxc is not available|context[_ ]lost|context was lost|could not get context for webgl|webgl ?2? (?:is )?not (?:supported|available)",
    ),
    _SHADER.rule(
        "invalid-pipeline",
        r"gpupipelineerror|invalid computepipeline|failed to create a webgpu compute pipeline|create(?:compute)?pipeline(?:async)?[^\n]{0,60}(?:fail|error)|compute ?pipeline[^\n]{0,60}(?:fail|error|invalid|could not)|vkcreatecomputepipelines|xpc_error_connection_interrupted|compiler encountered an internal error|newcomputepipelinestate|failed to create pipeline|createshadermodule|pipeline (?:creation|compilation) failed",
        0.93,
        also=(_FEATURE, (Category.GPU_DEVICE_LOST, 0.15), (Category.GPU_DRIVER, 0.15)),
        unless=r"unresolved (?:type|identifier)[^\n]{0,4} 'f16|requires (?:the|enabling) [\w -]{0,30}extension|instance reference|device (?:was |is )?lost|exceeds limit|'f16'|shader-f16|vk_error_unknown|errorunknown",
    ),
    _SHADER.rule(
        "webgpu-validation",
        r"webgpu validation|gpuvalidationerror|while (?:validating|calling|encoding|finishing)[^\n]{0,10}\[(?:device|queue|buffer|texture|bind|command|compute|render|shader|swap|adapter|invalid)|used in submit while destroyed|invalid (?:commandbuffer|bindgrouplayout)|is invalid due to a previous error|validation error[^\n]{0,40}(?:webgpu|shader|buffer)|\[invalid (?!buffer|bindgroup\b)\w+",
        0.6,
        also=(
            (Category.GPU_DEVICE_LOST, 0.18),
            (Category.GPU_FEATURE_MISSING, 0.3),
            (Category.GPU_OUT_OF_MEMORY, 0.3),
        ),
        unless=r"this adapter supports a higher|exceeds the max|unresolved (?:type|identifier)[^\n]{0,4} 'f16|requires (?:the|enabling) [\w -]{0,30}extension|invocations",
    ),
    # WebGPU goes on with what it could not allocate, and calls it invalid wherever it is used.
    _BUFFER.rule(
        "buffer-not-made",
        r"\binvalid buffer(?! size)(?![^\]\n]{0,40}\] is invalid)|\binvalid bindgroup\b",
        0.7,
        also=(
            (Category.COMPILE_FAILED, 0.35),
            (Category.GPU_FEATURE_MISSING, 0.2),
            (Category.GPU_DEVICE_LOST, 0.2),
        ),
    ),
    _SHADER.rule(
        "ort-kernel",
        r"kernel \"\[\w+\]|\[webgpu\] kernel|webgpu kernel[^\n]{0,60}fail|failed to run jsep kernel",
        0.46,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.42), (Category.GPU_FEATURE_MISSING, 0.15)),
    ),
    _KERNEL.rule(
        "metal-library",
        r"newlibrarywithsource|metal[^\n]{0,60}compil\w*[^\n]{0,20}(?:error|fail)|mtllibraryerror\w*|program_source:\d+|(?:failed|unable) to (?:build|load|compile|create)[^\n]{0,30}metal ?(?:lib|library|kernel|shader)|ggml_metal_(?:library_)?init[^\n]{0,40}error",
        0.78,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.GPU_FEATURE_MISSING, 0.15)),
        unless=r"library format|language version|default metallib|unlowered function|nscocoaerrordomain|bundle path",
    ),
    _KERNEL.rule(
        "cuda-kernel",
        r"nvrtc[^\n]{0,60}(?:error|fail)|nvcc (?:fatal|error)|failed to compile cuda|cuda compilation (?:error|failed)|ptxas[^\n]{0,20}(?:error|fatal)|compilation of[^\n]{0,30}kernel failed|triton[^\n]{0,60}(?:compil\w+ ?error|failed to compile)|compilationerror|cuda kernel[^\n]{0,40}compil\w*[^\n]{0,20}fail|hiprtc[^\n]{0,40}(?:error|fail)|comgr[^\n]{0,40}error|bin/ptxas[^\n]{0,400}non-zero exit|runtimeerror: #(?:if|ifdef|include|define|pragma)\b|error: unable to compile|inductorerror|torch\._dynamo\.exc|backendcompilerfailed|loweringexception",
        0.9,
        also=(_DEPENDENCY, (Category.GPU_FEATURE_MISSING, 0.15)),
        unless=r"unsupported gpu architecture|no module named|cuda-bindings|unsupported \.version|python\.h|cannot find -l|cannot find compiler|failed to find c compiler|nvrtc-builtins|not found on",
    ),
    _KERNEL.rule(
        "opencl-build",
        r"cl_build_program_failure|clbuildprogram|opencl build|build program (?:failed|failure|error)|opencl[^\n]{0,40}compil\w*[^\n]{0,20}(?:fail|error)|kernel compile error|code=-11\b|(?:pi|ur)_\w{0,20}(?:build_program|program_build)_failure|program was built for \d+ devices?\b|build program log",
        0.9,
        also=((Category.GPU_DRIVER, 0.15),),
        unless=r"\.bc'?: no such file|\bigc: internal",
    ),
    _PASS.rule(
        "tvm-pass",
        r"did you forget to bind|llvm module verification failed|memory verification failed|verifymemory|tir[^\n]{0,50}(?:schedul|verif)\w*[^\n]{0,20}(?:err|fail)|scheduleerror|codegen\w*[^\n]{0,40}(?:error|fail|not support|unsupported)|cannot find compilation output|compilation failed|direct host side access|cannot (?:lower|legalize)|llvm error|unresolved intrinsic|tir\.|cannot handle this data type|diagnosticerror|failed to (?:lower|legalize)|pass(?:es)? (?:failed|error)|fuseops|fusetir|relax\.(?:analysis|transform|build)|tune_tir|dlight",
        0.78,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.HOST_MISSING_DEPENDENCY, 0.1)),
        phases=(Phase.COMPILE,),
        unless=r"lavapipe|llvmpipe|target \w+ is not enabled|tvm\\src\\tir\\schedule",
    ),
    _PASS.rule(
        "tvm-verification",
        r"did you forget to bind|llvm module verification failed|memory verification failed|cannot find compilation output, compilation failed|scheduleerror|error in codegen|llvm error: |llvm error",
        0.93,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.12),),
        unless=r"lavapipe|llvmpipe",
    ),
    _BUILD.rule(
        "linker",
        r"wasm-ld: error|ld: (?:error|symbol|library)|ld returned \d|collect2: error|linker (?:command failed|error)|lnk\d{4}|undefined (?:reference|symbols?) (?:to|for)|duplicate symbol|linking (?:with|failed)|lld: error|emcc: error|relocation r_\w+",
        0.74,
        also=(_DEPENDENCY, (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        unless=r"cannot find -l|library not found for|unable to find library|not found for -l|_tvm|tvmffi|symbols?:? ?_?tvm|symbols?:? _?cl[a-z]*(?:get|create)|emcc: error: '[^'\n]{1,120}' not found",
    ),
    _BUILD.rule(
        "compiler-error",
        r"fatal error c\d{4}|error c\d{4}|(?:^|[\s:])error: (?:no member|use of undeclared|unknown type|no matching (?!distribution|version|wheel)|expected (?:[`'‘;)}(\[]|identifier|expression|unqualified|declaration|primary|initiali[sz]er|type|statement|member|parameter|function|template|body|end of)|invalid conversion|cannot convert|static assertion|call to|conflicting|redefinition|identifier|namespace|'\w+' (?:was not declared|is not a member|has no member|does not name))|was not declared in this scope|make(?:\[\d+\])?: \*\*\*|ninja: build stopped|build failed|gmake|cmake --build|xcodebuild|gradle(?:w)?[^\n]{0,40}(?:fail|error)|execution failed for task|building wheel for|failed to build|error: command '[^\n]{0,80}' failed|subprocess-exited-with-error|error: linking",
        0.68,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.42), (Category.ARTIFACT_INCOMPATIBLE, 0.12)),
        unless=r"sigkill|failed building wheel|could not build wheels|unrecognized option: '|context_lost|out of host memory|libtokenizers_c|cannot execute tool|unable to find a build program|no cmake_c|could not resolve all|problem occurred starting process|determine the dependencies|not found for -l|package [\w.]{1,60} does not exist",
    ),
    # cargo names the step that failed; why it did stands below, and is most often something absent where it is said.
    _BUILD.rule(
        "cargo-step",
        r"could not compile `|\bcargo build|custom build command|\bbuild\.rs\b",
        0.7,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35),),
        unless=_ABSENT + r"|sigkill|unrecognized option: '",
    ),
    _LIBRARY.rule(
        "cargo-step-missing",
        r"custom build command|\bbuild\.rs\b",
        0.8,
        also=((Category.COMPILE_FAILED, 0.45),),
        needs=_ABSENT,
    ),
    # CMake stops where something is not there, more often than where something does not build.
    _BUILD.rule(
        "cmake-error",
        r"cmake error|configuring incomplete|cmakelists\.txt",
        0.56,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.46), (Category.CONFIG_INVALID, 0.25)),
        unless=r"could not find|can't find|unable to find|not found|failed to find|not able to|missing|is required|no cmake_c|compiler not set|toolset|lacks|does not appear to contain|deprecated|not compatible with|is not supported (?:on|for)|does not match the generator",
    ),
    _LIBRARY.rule(
        "cmake-error-missing",
        r"cmake error|configuring incomplete|cmakelists\.txt",
        0.74,
        also=((Category.COMPILE_FAILED, 0.45),),
        needs=r"could not find|can't find|unable to find|not found|failed to find|missing|is required|no cmake_c|compiler not set|toolset|lacks",
        wrapper=True,
    ),
    _OPTIONS.rule(
        "cmake-options",
        r"cmake error|configuring incomplete",
        0.66,
        also=((Category.COMPILE_FAILED, 0.5), (Category.HOST_MISSING_DEPENDENCY, 0.25)),
        needs=r"deprecated|not compatible with|is not supported (?:on|for)|does not match the generator",
        unless=r"could not find|can't find|unable to find|not found|failed to find",
        wrapper=True,
    ),
    _BUILD.rule(
        "language-compilers",
        r"error\[e\d{4}\]|undefined symbols for architecture|phasescriptexecution|failed with a nonzero exit code|unresolved reference|gyp err!|node-gyp|cmake-js|error: cannot find symbol|compilation error|swiftcompile|swiftc|kotlinc|the block no longer exists",
        0.68,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.4),),
        unless=r"wasm_runtime|cannot find libraries|_tvm|tvmffi|symbols?:? ?_?tvm|gyp err! find|\be0463\b|tvm\\src\\tir\\schedule|class file has wrong|bad class file",
    ),
    # A linker that says so has not found it in what was built; a loader says the same of versions.
    _BUILD.rule(
        "undefined-for-linker",
        r"(?:ld\.lld|wasm-ld|rust-lld|lld-link|ld64\.lld|ld): error: (?:[^\n]{1,120}: )?undefined (?:hidden )?symbol|undefined symbols? for architecture",
        0.92,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
        unless=r"_?tvm(?:ffi|api|backend)|tvmffi|symbols?:? ?_?tvm|tvm::",
    ),
    _BUILD.rule(
        "undefined-while-linking",
        r"undefined symbol|undefined reference",
        0.7,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        needs=r"linker command failed|ld returned|ld: error|undefined reference",
        unless=r"_tvm|tvmffi|symbols?:? ?_?tvm|symbols?:? _?cl[a-z]*(?:get|create)",
    ),
    _BUILD.rule(
        "build-command-status",
        r"(?:cmake|make|ninja|gradle|cargo|emcc|xcodebuild|nvcc|clang|gcc|g\+\+)\b[^\n]{0,160}(?:non-zero exit status|exit code: [1-9]|failed with exit)|nonzero exit[^\n]{0,30}build|command [`'\"][^'\"\n]{1,160}[`'\"] failed with exit|emit-module command failed|_get_cuda_arch_flags|\bmsb3073\b|node-pre-gyp|--fallback-to-build|/bin/sh -c (?:make|cmake|ninja|cargo|go build)[^\n]{0,120}did not complete successfully",
        0.72,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3),),
    ),
    _PASS.rule(
        "compile-phase-tvm",
        r"tvm(?:\._ffi\.base)?\.?(?:error)?[^\n]{0,20}(?:tvmerror|internalerror)|check failed:|tvmerror|internalerror",
        0.64,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.CONFIG_INVALID, 0.1)),
        phases=(Phase.COMPILE,),
        needs=r".",
        wrapper=True,
    ),
    _BUILD.rule(
        "build-sentences",
        r"cmake build failed|target specific option mismatch|unsupported gnu version|cudafe\+\+|inlining failed in call|unresolved externals?|lnk(?:1120|2001|2019|1104|1181)\b|error c\d{4}:|fatal error c\d{4}|msb\d{4}: |internal compiler error|could not compile `|build script[^\n]{0,40}(?:failed|error)|error: command '[^'\n]{1,80}' failed|undeclared identifier|was not declared in this scope|no member named|no matching function for call|expected ['`‘]?[;)}]|static assertion failed|relocation truncated|requires c\+\+\d\d|c\+\+(?:17|20) (?:or|support)|use of undeclared|implicit declaration|make(?:\[\d+\])?: \*\*\*|gmake(?:\[\d+\])?: \*\*\*|errors? generated|calling a __(?:host|device)__ function|passmanager::run failed|c\+\+ compile error|cppcompileerror|error compiling objects|linking cxx|ndk[^\n]{0,30}(?:error|fail)",
        0.88,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25),),
        unless=r"no cmake_c|_compiler (?:not set|could be found)|no such file or directory|not found|could not find|killed|sigkill|signal: 9|microsoft visual c\+\+ 14|nmake|no module named|\be0463\b|can't find crate|unrecognized option: '|libtokenizers_c|cannot be found|\bigc: ",
    ),
    _KERNEL.rule(
        "function-of-library",
        r"error while loading function|load(?:function|library)error|candle_metal_kernels|metal error|failed to (?:load|create|get) (?:compute )?(?:function|kernel|pipeline state)|function \w+ does not exist in|kernel_\w+ (?:not found|is null)|drivererror[^\n]{0,30}when loading",
        0.6,
        also=((Category.GPU_FEATURE_MISSING, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.28)),
        unless=r"out ?of ?memory|insufficient memory|named symbol not found|'\w*(?:bf16|fp8|f8)\w*' does not exist",
    ),
    # A kernel for a type of numbers, or a function of a newer library, that was left out for this card.
    _TYPE.rule(
        "kernel-of-type-absent",
        r"function '\w*(?:bf16|bfloat|fp8|f8)\w*' does not exist|(?:kernel|function) ['\"`]?\w*(?:bf16|bfloat|fp8|f8)\w*['\"`]? (?:was |is )?(?:not (?:found|available|supported)|missing)|named symbol not found|cuda_error_not_found|cudaerrorsymbolnotfound",
        0.66,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5), (Category.COMPILE_FAILED, 0.3)),
        unless=r"initiali[sz]e cuda|error 500|no gpu found|out ?of ?memory|_kernel failed with error",
    ),
    # Kernels of an add-on are written for some generations of cards, whatever the program around it was built for.
    _TYPE.rule(
        "card-not-of-add-on",
        r"no kernel image is available[^\n]{0,160}\n?[^\n]{0,120}(?:flashinfer|csrc/ops\.|cutlass_|_custom_ops\.py)",
        0.88,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.55),),
    ),
    # The compiler itself breaks off, and asks for a report.
    _PASS.rule(
        "compiler-breaks-off",
        r"\bllvm/lib/\w{2,20}/[\w/.]{3,80}:\d{1,5}:[^\n]{0,300}assertion|assertion [`'‘][^\n]{3,240}\n?[^\n]{0,40}\bllvm::\w|unreachable executed at|llvm error: |please submit a bug report|please include the crash backtrace|clang frontend command failed|cannot select: |do not know how to \w+ the (?:result|operand)|unable to legalize instruction|internal error in the compiler|compiler (?:has )?(?:crashed|encountered an (?:internal )?error)|thread 'rustc' panicked|fatal error: error in backend",
        0.86,
        also=((Category.PROCESS_CRASHED, 0.35), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
        unless=r"lavapipe|llvmpipe|out of memory|aco_|xpc_",
    ),
    # Code that a program writes for itself while it runs.
    _KERNEL.rule(
        "generated-code-refused",
        r"syntax errors? in (?:the )?(?:generated|produced|shader|kernel|metal|cuda|opencl|wgsl)|generated (?:metal|cuda|opencl|wgsl|glsl|shader|kernel|triton|c\+\+|c)\b(?: source| code| kernels?| shaders?)?[^\n]{0,40}(?:error|invalid|fails?\b|wrong|does(?: not|n't) compile)|failed to create dynamic compiled|unsloth_zoo/compiler\.py|unsloth_compiled_cache",
        0.8,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.GPU_DRIVER, 0.1)),
        unless=r"out of memory|no module named",
    ),
    _BUILD.rule(
        "made-nothing",
        r"(?:is |was |were |are )?not (?:being )?(?:generated|built|produced|created) (?:during|by|in|after|when)[^\n]{0,30}(?:cmake|gradle|build|compil|make\b)|(?:build|compilation|cmake|compiler) (?:\w+ ){0,3}(?:but |and )?(?:produces?|generates?|creates?) (?:no|nothing|an empty)\b",
        0.74,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35),),
        phases=(Phase.COMPILE,),
    ),
    # What a driver compiles for itself is past any fault of the program that handed it over.
    _BACKEND.rule(
        "compiler-of-driver",
        r"\bigc: internal compiler error|\bigc\b[^\n]{0,60}(?:segmentation|crash|assert)|\baco error|aco_validate|compiler backend returned|vk_error_invalid_shader_nv|amdllpc[^\n]{0,40}(?:fail|error|crash)|\bnir_\w{3,40}: assertion|nir validation failed|(?:libnvidia-(?:glvkspirv|gpucomp|ptxjitcompiler|nvvm)|nvgpucomp64|amdvlk64|igvk64|igc64|qgpu_cl|libllvm-qgl|libllvm-qcom|libglsl_?compiler|libllvm-glnext)[\w.-]{0,12}\b",
        0.9,
        also=((Category.COMPILE_FAILED, 0.5), (Category.PROCESS_CRASHED, 0.35)),
        unless=r"cannot open shared|not found|no such file",
    ),
    # LLVM does not know the processor that a target names.
    _PASS.rule(
        "processor-not-in-llvm",
        r"is not valid in [`'\"]-mtriple|is not a recogni[sz]ed (?:processor|feature) for this target|unknown target cpu '|the '\w[\w.-]{1,24}' target is not a recogni[sz]ed|bad value \(['‘`][^\n]{1,30}\) for ['‘`]?-m(?:arch|cpu|tune)|-mcpu=[\w.-]{2,24}[`'\"]? (?:is )?(?:not (?:valid|supported)|unknown|invalid)",
        0.9,
        also=((Category.CONFIG_INVALID, 0.4), (Category.ARTIFACT_INCOMPATIBLE, 0.35)),
    ),
    # What make prints of itself before the first file; where nothing follows, the build ended there.
    _BUILD.rule(
        "head-of-make",
        r"\bi (?:uname_[smp]|cflags|cxxflags|ldflags): |i llama\.cpp build info|\bi whisper\.cpp build info",
        0.64,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3),),
        phases=(Phase.COMPILE,),
        unless=r"not found|no such file|is required|killed",
    ),
    # WebGPU on the life of buffers: a fault of the library that submits them.
    _SHADER.rule(
        "buffer-used-while-mapped",
        r"used in submit while (?:mapped|destroyed|pending)|\bis already mapped\b|buffer is mapped\b|(?:buffer|texture) (?:was |is |has been )?(?:used )?after (?:it was )?(?:destroyed|being destroyed)|outstanding map pending",
        0.76,
        also=((Category.GPU_DEVICE_LOST, 0.35), (Category.UNKNOWN, 0.1)),
    ),
    _PASS.rule(
        "model-compiler-ended",
        r"'-m', 'mlc_(?:llm|chat)(?:\.build)?',(?: 'compile',)[^\n]{0,900}non-zero exit status 1\b|mlc_(?:llm|chat) compile[^\n]{0,300}(?:exit status 1\b|failed)",
        0.76,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.22), (Category.PROCESS_CRASHED, 0.12)),
    ),
    _PASS.rule(
        "compiler-object",
        r"keyerror: \w{3,30}\(\w{3,30}\(|keyerror: t\.\w|keyerror: [irt]\.\w{2,20}\(|itersplit\(|itermark\(|matchdtype\(|codegen_\w{2,12}\.(?:h|cc):\d+: internalerror",
        0.72,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.25),),
        phases=(Phase.COMPILE,),
    ),
    # Of Python's own types nothing but the step is known: most are settings or a checkpoint of another kind.
    _CHECKPOINT.rule(
        "python-typing-while-compiling",
        r"\bvalueerror\b|\battributeerror\b|\bkeyerror\b|\bindexerror\b|\btypeerror\b|\bassertionerror\b|\bnotimplementederror\b",
        0.34,
        also=((Category.CONFIG_INVALID, 0.32), (Category.COMPILE_FAILED, 0.16)),
        phases=(Phase.COMPILE,),
        wrapper=True,
    ),
    _BUILD.rule(
        "place-in-source",
        r"\.(?:c|cc|cpp|cxx|cu|cuh|h|hpp|m|mm|hip|metal)(?::\d+:\d+|\(\d+(?:,\d+)?\)) ?: ?(?:fatal )?error\b",
        0.9,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
        unless=r"(?:no such file or directory|file not found|cannot open (?:include|source) file)",
    ),
    # What one part of the program wants from another that was built at another time.
    _LINKED.rule(
        "linked-with-another-runtime",
        r"undefined (?:symbol|reference)[^\n]{0,60}(?:_?tvm|tokenizers?_|xgrammar|dmlc|mlc_)\w*|undefined symbols for[^\n]{0,60}\n[^\n]{0,20}_tvm\w*",
        0.62,
        also=((Category.COMPILE_FAILED, 0.58), (Category.HOST_MISSING_DEPENDENCY, 0.2)),
    ),
    _LIBRARY.rule(
        "linked-without-library",
        r"undefined (?:symbol|reference)s?(?: to|:)? ?[`'\"]?_?(?:cl[a-z]*get|clcreate|clenqueue|clset|cllink|clbuild|vk[a-z]+|cublas\w+|cudnn\w+|cuda\w+|cu[a-z]+get\w+|omp_\w+|__kmpc\w+|gomp_\w+|cblas_\w+|pthread_\w+|dlopen|curl_\w+|ssl_\w+|nvml\w+|hip\w+|__cudaregister\w+)",
        0.6,
        also=((Category.COMPILE_FAILED, 0.55),),
        phases=(Phase.COMPILE, Phase.PREFLIGHT),
    ),
    _PREPARED.rule(
        "model-library-not-built",
        r"(?:library|framework) ['\"]?(?:model_iphone|model_android|mlc_llm|tokenizers_c\w*|tvm_runtime)['\"]? not found|not found for -l(?:model_iphone|mlc_llm|tvm_runtime|tokenizers\w*|sentencepiece)|cannot find -l(?:model_android|mlc_llm|tvm_runtime|tokenizers\w*)",
        0.55,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.45), (Category.COMPILE_FAILED, 0.4)),
    ),
    # A build that asks for what an earlier step of it would have made.
    _LIBRARY.rule(
        "made-by-an-earlier-step",
        r"could not resolve all (?:files|dependencies|artifacts)|could not find [\w.]{1,60}:[\w.-]{1,60}:[\w.-]{1,30}|error: package [\w.]{1,80} does not exist|(?:could not|failed to) determine the dependencies of task|project directory '[^'\n]{1,200}' does not exist|problem occurred starting process|sdk location not found|ndk (?:is )?not (?:configured|installed|found)|no version of ndk matched|build input files? cannot be found|did not find [\w.]{1,40}\.jar|unable to find method|plugin \[id: |could not get unknown property",
        0.66,
        also=((Category.COMPILE_FAILED, 0.48), (Category.CONFIG_INVALID, 0.15)),
        unless=r"maven[^\n]{0,60}(?:timed out|unknown host|handshake)|could not (?:get|head) ",
    ),
    _BUILD.rule(
        "option-of-tool",
        r"unknown linker flag|unknown linker option|unrecognized command[- ]line option|unknown (?:compiler|clang|nvcc) (?:flag|option)|unknown target triple|unsupported option '-|argument unused during compilation",
        0.66,
        also=(
            (Category.CONFIG_INVALID, 0.3),
            (Category.ARTIFACT_INCOMPATIBLE, 0.3),
            (Category.HOST_MISSING_DEPENDENCY, 0.2),
        ),
    ),
    _SHADER.rule(
        "generated-shader",
        r"cannot compile \w+ \(exit code|invalid capability operand|cannot compile \w+\n",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.HOST_MISSING_DEPENDENCY, 0.25)),
        unless=r"-notfound\b",
    ),
    _KERNEL.rule(
        "metal-compiler-service",
        r"sc compilation failure|compiled variants footprint limit|call to an undefined label",
        0.93,
        also=((Category.GPU_DRIVER, 0.15), (Category.ARTIFACT_INCOMPATIBLE, 0.1)),
    ),
    _WITHOUT.rule(
        "kernel-not-in-library",
        r"was not found in the library|\bmissing [`'\"]?\w{2,60}[`'\"]? (?:metal |cuda |gpu )?kernel|unable to load (?:function|kernel)|function \w+ does not exist in",
        0.58,
        also=((Category.COMPILE_FAILED, 0.48), (Category.GPU_FEATURE_MISSING, 0.2)),
    ),
    _LIBRARY.rule(
        "metal-source-not-found",
        r"default\.metallib|default metallib|ggml-metal\.metal|ggml-common\.h' file not found",
        0.6,
        also=((Category.COMPILE_FAILED, 0.42), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
        unless=r"program_source|ggml-metal\.metal:\d|loading '[^'\n]{1,200}ggml-metal\.metal'\s*$",
    ),
    _BUILD.rule(
        "compiler-driver-says-so",
        r"\b(?:clang(?:\+\+)?|hipcc|icpx|emcc|gcc|g\+\+|c\+\+|nvcc)(?:-\d+)?(?:: (?:fatal )?error\b| error\b)",
        0.72,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35), (Category.HOST_OUT_OF_MEMORY, 0.1)),
        unless=r"no such file|not found|cannot find|killed|kill signal|signal 9|unable to execute command|no input files|unsupported gpu architecture|unknown target",
    ),
    # Engines that compile for a device before they load: Core ML, OpenVINO, QNN, TensorRT, XLA.
    _PASS.rule(
        "graph-not-compiled-for-device",
        r"(?:fail\w*|errors?|unable|could not|cannot|can't)[^\n]{0,24} compil\w+ (?:the |your |a )?(?:\w+ )?(?:model|graph|program|kernels?|module|engine|network|blob|function|subgraph)\b|\b(?:model|graph|engine|network|kernel|aot|jit)[- ]compil\w+ (?:has |was )?(?:fail|error|crash|abort)\w*|compil\w+ (?:of )?(?:the |this )?(?:model|graph|network|kernels?)[^\n]{0,20}(?:fail|error|crash)|(?:fail\w*|unable|error)[^\n]{0,20}(?:finali[sz]e|compose|lower|partition|build) (?:the )?(?:graph|execution plan|engine)|build the model execution plan|(?:engine|plan) build(?:ing)? failed",
        0.8,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.3),
            (Category.HOST_MISSING_DEPENDENCY, 0.12),
            (Category.GPU_DRIVER, 0.1),
        ),
        unless=r"compiled (?:model|for)|killed|no module named|not found|ptx jit",
    ),
    _BUILD.rule(
        "build-fails-in-words",
        r"(?:build|compilation|compile|linking)(?:ing)? (?:\w+ ){0,3}(?:fails?|failed|failing|breaks?|broken|errors? out)\b|(?:build|building|compil\w{1,6}) (?:errors?|failures?|issues?|bugs?|problems?)\b|\bbuild \S{2,40} (?:\w{2,12} )?error|fails? to produce \w|(?:cannot|can't|could not|couldn't|unable to|won't|does not|doesn't|fails? to|failing to|failed to) (?:build|compile|link)\b|\b(?:make|cmake|xcode|gradle|emscripten|cargo|msvc|ninja|nvcc)\b[^\n]{0,30} (?:fails?|failed|failing|aborts?|aborted) (?:with (?:an? )?errors?|to build|building|at \d)|\berrors? (?:building|compiling|linking) |errors? (?:while|when|during|in) (?:the )?(?:building|compiling|linking|compilation|build)\b|more than one (?:operator|instance of)|no (?:operator|instance of)[^\n]{0,40} match",
        0.76,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.1)),
        phases=(Phase.COMPILE,),
        unless=r"not found|no such file|cannot find|could not find|no module named|missing|not installed|is required|killed|sigkill|unsupported gpu architecture|unrecognized option: '|context_lost|no space left|timed? ?out|resolve host|compiler not set|did not have a|cuda-bindings",
    ),
    _KERNEL.rule(
        "no-implementation-for-node",
        r"could not find any implementation for node|no implementation (?:found )?for (?:node|op|operator|layer)|no tactics? (?:available|found)|could not find a(?:ny)? (?:tactic|kernel)",
        0.72,
        also=(
            (Category.GPU_FEATURE_MISSING, 0.35),
            (Category.GPU_OUT_OF_MEMORY, 0.25),
            (Category.ARTIFACT_INCOMPATIBLE, 0.35),
        ),
    ),
    # Compilers of other languages, of assembly and of shaders say it in words of their own.
    _BUILD.rule(
        "assembler",
        r"assembler messages|error: no such instruction|(?:unrecognized|invalid|unknown) (?:instruction mnemonic|opcode `|mnemonic)|selected processor does not support|operand type mismatch for `|requires target feature '|would be inlined into function|instruction requires: ",
        0.84,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.HOST_UNSUPPORTED_CPU, 0.2)),
    ),
    _BUILD.rule(
        "object-not-built",
        r"(?:^|\n|\] )failed: [\w./+-]{3,160}\.(?:o|obj|so|a|dylib|dll|wasm|ptx|cubin|spv|cpp\.o)\b|nvcc error ?:|'(?:cicc|cudafe\+\+|ptxas|fatbinary|nvlink)' died|error compiling (?:objects|program|shader|kernel)",
        0.9,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
        unless=r"no such file|not found|killed|signal 9",
    ),
    _BUILD.rule(
        "member-not-declared",
        r"no (?:member|type|template) named '\w+' in (?:namespace )?'|has no member \"\w+\"|is not a member of ['‘`]\w",
        0.8,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.4)),
    ),
    _BUILD.rule(
        "rust-does-not-compile",
        r"error\[e0(?!463|554|658)\d{3}\]|error: aborting due to \d+ previous error|mismatched types\n|the trait bound `|cannot find (?:function|type|value|macro|struct|trait|method) `\w+` in ",
        0.86,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.2), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
    ),
    _BUILD.rule(
        "diagnostics-of-compilers",
        r"\berror ?: [^\n]{0,90}(?:parameter packs|is not a namespace-name|keyword not permitted|no viable |more than one (?:conversion|instance|operator)|storage class|' in scope|undeclared|incomplete type|ambiguous(?! option)|too (?:few|many) arguments (?:to|for|in) |unqualified-id|private within|narrowing conversion|qualifiers|incompatible types|deleted function|template argument (?:list|deduction|for|\d)|designated init|has not been declared|being treated as errors|constexpr|from a __(?:host|device)__)|warnings being treated as errors|undeclared \(first use|could not determine kind of name for|error in backend: |frontend command failed|\bcompilation terminated|submit a bug report to https://github\.com/llvm|and no known rule to make|\bcannot find '\w{2,40}' in scope",
        0.86,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
        unless=r"not found|no such file|killed|signal 9|no space left",
    ),
    _BUILD.rule(
        "linked-twice",
        r"multiple definition of |(?:em\+\+|emcc): error: undefined|nvlink (?:error|fatal) ?:|undefined hidden symbol|duplicate class [\w.]{3,120} found|manifest merger failed|files found with path 'lib/|multiple commands produce '|could not build (?:objective-c )?module '|redefinition of module '|error: #error|#error \"|static_assert(?:ion)? failed|error ts\d{4}: |build failed with \d+ errors?|swift compiler error",
        0.92,
        also=((Category.CONFIG_INVALID, 0.2), (Category.HOST_MISSING_DEPENDENCY, 0.2)),
    ),
    _KERNEL.rule(
        "graph-of-torch",
        r"torchruntimeerror|internaltorchdynamoerror|failed running call_(?:function|module|method)|torchdynamo[^\n]{0,40}(?:error|fail)|translate (?:module|the module) to llvm|mosaic kernel failed|(?:could not|failed to|unable to|cannot) build (?:the )?(?:\w+ )?engine\b|engine build(?:ing)? failed|(?:neuronx?|habana|synapse|migraphx|graphcore)[^\n]{0,24} compil\w*[^\n]{0,12}(?:failed|error)|graph compile failed",
        0.8,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.GPU_DRIVER, 0.1)),
        unless=r"not found|no module named|out of memory",
    ),
    _KERNEL.rule(
        "registers-of-kernel",
        r"ran out of registers|(?:during|failed) register allocation|could not allocate registers|ptxas exited with|mosaic (?:failed|error)|(?:xla|nvcc|nvrtc|triton|hlsl|glsl|msl|wgsl|spir-?v|cubin|npu|ane|vpu|tpu) compil(?:ation|er|e)\b[^\n]{0,20}(?:fail\w*|error|returned)|compil\w+ kernel failed|failed to compile pipeline",
        0.88,
        also=(_FEATURE, (Category.GPU_DRIVER, 0.15)),
        unless=r"killed|no module named|not found|unsupported gpu architecture",
    ),
    _SHADER.rule(
        "shader-of-graphics",
        r"\bx[34]\d{3}: |error x[34]\d{3}\b|hlsl[^\n]{0,40}(?:fail|error)|error: 0:\d{1,5}:|no matching overloaded function|'gl_\w{3,40}' : extension not supported|extension not supported: gl_|(?:failed|unable) to (?:link|compile) (?:the )?(?:\w+ ){0,2}(?:program|shader)\b|(?:could not|cannot|can't) (?:compile|link) (?:the )?(?:\w+ )?(?:shader|program|webgl)\b|\d: error: '\w*' : ",
        0.88,
        also=((Category.GPU_DRIVER, 0.2), _FEATURE),
        unless=r"context[ _]lost|context was lost|out of host memory|out of memory|no such file",
    ),
    # Graphs for neural processors: Qualcomm, Intel, Apple.
    _PASS.rule(
        "graph-of-neural-processor",
        r"(?:graph[ _]?finali[sz]\w*|finali[sz]e graph)[^\n]{0,40}(?:fail|error)|qnngraph_\w+ failed|npu_vcl|vpux[\w-]{0,20}[^\n]{0,40}(?:fail|error)|compiler returned msg|failed to compile (?:the )?core ?ml|error in declaring network|anecompil\w*|milcompiler\w*|mlir pass manager failed|ane model (?:load|compil)\w*[^\n]{0,20}fail|compile_model[^\n]{0,60}(?:exception|fail|error)",
        0.8,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.GPU_DRIVER, 0.25)),
        unless=r"not found|no such file",
    ),
    _PASS.rule(
        "lowering-failed",
        r"failed to legalize|explicitly marked illegal|failed to run translation|pass pipeline failed|failed to translate executables|lowering (?:failed|error)|one or more error diagnostics were|diagnosticerror|unsupported (?:relay|tir|relax) (?:op|node)|mlir[^\n]{0,30}(?:failed|error)",
        0.82,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.35),),
    ),
    _CHECKPOINT.rule(
        "operators-not-in-compiler",
        r"opnotimplemented|the following operators are not implemented|operators? \S{2,40} (?:is|are) not implemented (?:yet|in)|no conversion (?:function|rule) (?:found )?for op",
        0.6,
        also=((Category.COMPILE_FAILED, 0.5), (Category.CONFIG_INVALID, 0.15)),
    ),
    # A trace that is cut off within the compiler names no error, but where it was.
    _PASS.rule(
        "cut-off-within-compiler",
        r"tvm\.transform\.sequential|\brunpass\b|\bexport_library\(|tir_to_runtime\(|\brelax\.build\(|\btvm\.(?:build|compile)\(|self\.compile\(\)|\bcompile_model\(|_inductor/|torch\.compile|compile_fx\.py",
        0.56,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.HOST_MISSING_DEPENDENCY, 0.2)),
        needs=r"\", line \d",
        wrapper=True,
    ),
    # On Windows TVM's passes print this while nothing is wrong; the step after them wants a compiler.
    _LIBRARY.rule(
        "passes-on-windows",
        r"tvm\\src\\tir\\schedule[^\n]{0,120}the block no longer exists",
        0.74,
        also=((Category.COMPILE_FAILED, 0.5), (Category.ARTIFACT_INCOMPATIBLE, 0.12)),
    ),
    _LIBRARY.rule(
        "metal-source-not-beside",
        r"nscocoaerrordomain code=(?:4|258|260)\b|could not use bundle path to find|loading '\(null\)'",
        0.66,
        also=((Category.CONFIG_INVALID, 0.45), (Category.COMPILE_FAILED, 0.2)),
        needs=r"metal",
    ),
    # The card is newer, or older, than the toolkit that is to compile for it.
    _KERNEL.rule(
        "architecture-not-of-toolkit",
        r"unsupported gpu architecture 'compute_\d|is not defined for option 'gpu-(?:architecture|code|name)'|value 'sm_\w{2,5}' is not defined|no gpu codes parsed|unknown cuda arch|cuda architecture '?\w{2,6}'? (?:is )?not (?:supported|recogni[sz]ed)|invalid (?:target id|offload arch)|unsupported hip gpu architecture|cannot find target for triple",
        0.84,
        also=(
            (Category.HOST_MISSING_DEPENDENCY, 0.42),
            (Category.ARTIFACT_INCOMPATIBLE, 0.3),
            (Category.GPU_FEATURE_MISSING, 0.12),
        ),
    ),
    _KERNEL.rule(
        "kernels-fail-in-words",
        r"(?:shaders?|kernels?|wgsl|triton|model|graph) (?:\w+ ){0,2}(?:fails?|failing|failed|does not|doesn't|do not|don't|won't|cannot|can't) (?:to )?compile\b|(?:pipeline|shader) (?:creation|compilation) (?:\w+ ){0,3}fail|(?:engine|jit|graph|kernel|npu|aot) (?:build|compil\w+) (?:of [\w ]{2,30} )?(?:fails?|failed|errors?)\b|torch\.compile (?:fails|error|crash)|inductor (?:error|fail)|\b(?:nvcc|clang|gcc|ptxas|glslc|the compiler) (?:crash|segfault|dies|fails)\w*|\bbuild(?:ing)? (?:with|for|on|using) [\w./+-]{2,24} (?:fails?|is broken|breaks)\b|\bbuild (?:is )?(?:broken|fails) (?:with|on|for) |linker errors?\b|undefined symbols? when linking|compil(?:e|ation|er) errors? (?:with|on|in|for) ",
        0.78,
        also=(
            (Category.HOST_MISSING_DEPENDENCY, 0.25),
            (Category.GPU_DRIVER, 0.15),
            (Category.ARTIFACT_INCOMPATIBLE, 0.15),
        ),
        unless=r"not found|no such file|no module named|could not find|missing|killed|out of memory|no space|ptx jit|transient compile",
    ),
)

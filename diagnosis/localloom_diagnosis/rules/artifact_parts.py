"""Rules for libraries, packages and bindings whose versions do not fit each other or the machine."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .reasons import SKEW as _SKEW
from .rule import Group

_PLATFORM = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="a library was built for another system or processor",
    es="una biblioteca se construyó para otro sistema o procesador",
)
_CARD = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the program holds no code for this GPU",
    es="el programa no contiene código para esta GPU",
)
_UNLINKED = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="the app was built without the native module",
    es="la aplicación se construyó sin el módulo nativo",
)
_OLD_HOST = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="the installed runtime of the language is older than the program needs",
    es="el entorno de ejecución instalado es más antiguo de lo que el programa necesita",
)

_DEPENDENCY = (Category.HOST_MISSING_DEPENDENCY, 0.3)
_CONFIG = (Category.CONFIG_INVALID, 0.2)

_BUILT_WITHOUT = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="the part of the library that the GPU needs is not there",
    es="falta la parte de la biblioteca que la GPU necesita",
)
_KERNEL = Group(
    Category.GPU_FEATURE_MISSING,
    en="the library has no kernel that this GPU can run",
    es="la biblioteca no tiene ningún kernel que esta GPU pueda ejecutar",
)

RULES = (
    _PLATFORM.rule(
        "linked-for-another-platform",
        r"building for '?[\w. -]{2,30}'?,? but (?:linking|attempting to link)|attempting to link with file built for|\bbuilt for '?(?:ios|macos|ios-simulator|iossimulator|newer)|found architecture '\w+', required architecture|for architecture \w+[^\n]{0,30}but linking|not the architecture being linked|while building for [\w ]{2,30}, no library for this platform|no library for this platform was found|skipping incompatible [^\n]{1,200}when searching|ignoring file [^\n]{1,240}(?:architecture|built for)|machine type '?\w{2,10}'? conflicts with|missing (?:a |the )?required architectures?|incompatible with (?:elf|i386|x86|aarch64|armelf)|was built for newer (?:mac ?os|ios)[\w ]{0,20}version|relocations in generic elf|(?:pre-?built|prebuilt|pre-?compiled|library|lib|binary|binaries|wheel|build)[^\n]{0,60}(?:is|are|was|were) (?:only )?(?:built|compiled|available) for (?:arm64|x86_64|amd64|aarch64|apple silicon|intel|another|other)",
        0.92,
        also=((Category.COMPILE_FAILED, 0.55), _DEPENDENCY),
        unless=r"not\s{0,3}multiple of|linker command failed[^\n]{0,40}undefined",
    ),
    # javac refuses a class that a newer one made; the other way round the machine's Java is too old.
    _SKEW.rule(
        "class-of-newer-compiler",
        r"bad class file|class file has wrong version|class file has the wrong version|cannot access class '[\w.]{3,120}'\. check your module classpath|module was compiled with an incompatible version",
        0.84,
        also=((Category.COMPILE_FAILED, 0.5), (Category.HOST_MISSING_DEPENDENCY, 0.45)),
    ),
    _PLATFORM.rule(
        "image-of-another-machine",
        r"badimageformatexception|program with an incorrect format|0x8007000b|only position independent executables|program alignment \(?\d+|empty/missing dt_|has text relocations|\bbuilt for (?:mac ?os|ios)(?:-\w{1,12})? [\d.]+ which is newer|version of [^\n]{1,120}is not compatible with the version of windows|cannot run on (?:this|your) (?:processor|architecture)|rosetta error|qemu-\w{3,12}: |bad cpu type",
        0.86,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.HOST_UNSUPPORTED_CPU, 0.15)),
        unless=r"libcuda",
    ),
    _SKEW.rule(
        "node-module-version",
        r"node_module_version|module did not self-register|compiled against a different node|ebadplatform|eresolve|could not resolve (?:peer )?dependency|unable to resolve dependency tree|conflicting peer dependency|incorrect peer dependency",
        0.9,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25),),
    ),
    # What pip says where no set of versions fits.
    _SKEW.rule(
        "packages-in-conflict",
        r"resolutionimpossible|conflicting dependencies|no solution found when resolving|failed to select a version for|the conflict is caused by|dependency resolver does not|dependency conflicts?|conflicts? with (?:numpy|pydantic|torch|transformers|protobuf|typing|tokenizers|cuda|the installed)|\bconflict with (?:numpy|pydantic|torch|transformers|protobuf)|requires a different python|ignored the following versions that require|requires-python|(?:needs?|wants?|depends on) [a-z][\w.-]{2,30} ?(?:[<>=]=?|~=) ?\d|(?:numpy|pydantic|torch|transformers|protobuf|tokenizers|pyarrow) ?(?:<|>=|==|~=) ?\d[\d.]{0,8} (?:is )?(?:needed|required|works|fixe[ds])|pin(?:ned|ning)? (?:numpy|pydantic|torch|transformers|protobuf)|downgrad(?:e|ed|ing) (?:numpy|pydantic|torch|transformers|protobuf|to (?:numpy|pydantic|torch|transformers|v?\d))",
        0.86,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.45),),
        unless=r"driver|no matching distribution|could not find a version",
    ),
    _SKEW.rule(
        "name-gone-from-package",
        r"cannot import name ['\"`]?\w+|importerror: cannot import|import error for '\w+'|module ['\"`][\w.]{2,60}['\"`] has no attribute",
        0.86,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.36),),
        unless=r"partially initialized|circular import|\bgpu\b|tokenizer\w*' object|has no attribute '(?:cuda|_c|mps|xpu|npu|wgpu)",
    ),
    _SKEW.rule(
        "argument-of-other-version",
        r"got an unexpected keyword argument ['\"`]\w+|(?:is|was) an unexpected keyword|__init__\(\) takes|missing \d+ required (?:positional|keyword-only) argument|takes (?:from )?\d+ (?:to \d+ )?positional arguments? but",
        0.82,
        also=((Category.CONFIG_INVALID, 0.3),),
        unless=r"'buffering'|tokenizer\w*' object|tokenizer\w*\.\w*\(\)",
    ),
    # A symbol in the mangled name of C++, of a library that was built against another.
    _SKEW.rule(
        "mangled-symbol",
        r"undefined symbol: ?_{1,2}z\w{6,}|symbol not found[^\n]{0,60}_{1,2}zn\w{6,}|symbol not found in flat namespace '?_{1,3}\w{3,}",
        0.9,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.32), (Category.COMPILE_FAILED, 0.15)),
        unless=r"linker command failed|ld returned|ld: error|musl|libcuda|wasm-ld|lld",
    ),
    # A library of the GPU's maker in another version than the one that calls it.
    _SKEW.rule(
        "symbol-of-gpu-library",
        r"undefined symbol: ?_{0,2}(?:cublas|cudnn|cusparse|cusolver|cufft|curand|nccl|nvrtc|nvjitlink|mkl_|hipblas|rocblas|miopen|rocsolver)\w{2,60}|ordinal \d{1,5} could not be located|compiled with (?:a )?different (?:cuda|rocm|torch|pytorch)",
        0.88,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.4), (Category.COMPILE_FAILED, 0.15)),
        unless=r"linker command failed|ld returned|ld: error",
    ),
    # Sources and modules of another language version.
    _SKEW.rule(
        "module-of-another-compiler",
        r"cannot be imported by the swift|compiled with an incompatible version of kotlin|binary version of its metadata|this sdk is not supported by the compiler|export '\w{2,60}'[^\n]{0,60} was not found in '|package subpath [^\n]{1,80}is not defined by \"exports\"",
        0.84,
        also=((Category.COMPILE_FAILED, 0.5), (Category.CONFIG_INVALID, 0.25)),
    ),
    _PLATFORM.rule(
        "system-too-old",
        r"requires (?:a newer version of )?(?:ios|mac ?os|ipados|android|windows)(?: version)? ?[\d.]{0,8} (?:or (?:newer|later|above|higher)|and (?:later|above))|requires a newer version of (?:ios|mac ?os|android|windows)|(?:ios|mac ?os|android|windows) [\d.]{1,8} (?:is )?(?:not supported|too old|unsupported)\b",
        0.6,
        also=(
            (Category.HOST_MISSING_DEPENDENCY, 0.35),
            (Category.GPU_UNSUPPORTED, 0.25),
            (Category.HOST_UNSUPPORTED_CPU, 0.12),
        ),
        unless=r"webgpu|driver",
    ),
    # What ctypes says where the library that it opened lacks the function.
    _SKEW.rule(
        "function-of-library-by-ctypes",
        r"function ['\"`]\w{4,80}['\"`] not found\b|attributeerror: [^\n]{0,200}: undefined symbol: \w+",
        0.88,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3),),
        unless=r"libcuda|nvml|cadam32bit|no gpu|cuda setup",
    ),
    # TVM names the function with the types of what it takes, then says what it was given.
    _SKEW.rule(
        "signature-of-packed-function",
        r"function [\w.]{4,90}\(0: [\w.]+, 1: |cannot find global function (?:vm\.|mlc\.|relax|tvmjs|runtime\.(?!disco)|wasm|testing\.)|cannot find global function (?!runtime\.disco)[\w.]{3,80}\s{0,3}(?:$|\n)",
        0.92,
        also=((Category.CONFIG_INVALID, 0.1),),
        unless=r"function target\.build\.|nvshmem",
    ),
    _SKEW.rule(
        "import-of-wasm",
        r"instantiation failed: (?:unknown import|module name conflict|incompatible import)|unknown import, code|incompatible import type|unknown import: `?\w|when linking module:|wasm[^\n]{0,40}import [^\n]{0,80}(?:not (?:found|provided|defined)|missing)|webassembly instantiation:[^\n]{0,40}import",
        0.9,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3),),
    ),
    _SKEW.rule(
        "assembly-of-another-version",
        r"manifest definition does not match|0x80131040|incompatibleclasschangeerror|nosuchfielderror|verifyerror|missingmethodexception|missingfieldexception|could not load file or assembly[^\n]{0,200}version=",
        0.86,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.36),),
        unless=r"system cannot find the file|could not find the file",
    ),
    _OLD_HOST.rule(
        "java-too-old",
        r"class file version \d|unsupportedclassversionerror|compiled by a more recent version of the java|requires java \d+ to run|you are currently using java",
        0.86,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5), (Category.COMPILE_FAILED, 0.25)),
    ),
    _UNLINKED.rule(
        "native-module-null",
        r"cannot read propert(?:y|ies) (?:of null \(reading )?['\"`]?(?:initcontext|initllama|modelinfo|loadllamamodelinfo|install|installjsi|getconstants|loadmodel|initwhisper|createsession|loadmodule)['\"`]?\)? ?(?:of null)?|null is not an object \(evaluating '[\w.]{0,40}\.(?:initcontext|modelinfo|install|loadmodel|createsession)|turbomoduleregistry|doesn't seem to be linked|native module (?:is )?(?:not (?:found|linked)|cannot be null|is null)|not available in expo go|requirenativemodule",
        0.82,
        also=((Category.CONFIG_INVALID, 0.4), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        unless=r"undefined \(reading '(?:install|loadmodel|getconstants)",
    ),
    # The GPU is newer than the program, or one that its makers left out.
    _CARD.rule(
        "no-code-for-card",
        r"no kernel image is available|no device code compatible|cuda_error_no_binary_for_gpu|nokernelimagefordevice|no ?binary ?for ?gpu|cuda capability sm_(?:9\d|1\d\d)\w? is not compatible|sm_1\d\d is not (?:compatible|supported)|capabilit(?:y|ies) sm_1\d\d is not compatible|not compiled for (?:this|your) (?:gpu|architecture|arch)",
        0.77,
        also=((Category.GPU_FEATURE_MISSING, 0.52), (Category.GPU_DRIVER, 0.1)),
        unless=r"compute capability [23]\.\d|tesla k\d|flashinfer|cuda error 209|\(209\)|csrc/ops\.|_custom_ops\.py",
    ),
    # A pickle calls for the modules of the program that wrote it.
    _SKEW.rule(
        "pickled-with-own-module",
        r"\.(?:pth?|ckpt|pkl|pickle)\b[^\n]{0,40}\n[^\n]{0,60}no module named|no module named ['\"`]numpy\._core|can't get attribute ['\"`]\w+['\"`] on <module",
        0.95,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.5),),
    ),
    # Said by people of versions that do not go together.
    _SKEW.rule(
        "versions-said-not-to-fit",
        r"(?:is|are|seems?|was|were|too) (?:an? )?(?:out ?dated|too old|out of date|out of sync|older than)\b|version(?:s)? (?:of [^\n]{1,60})?(?:do(?:es)? not|don't|doesn't|didn't) (?:match|fit|agree)|(?:not |in)compatible (?:versions?|with (?:the )?(?:latest|newer|older|current|new|this|installed|my) )|different versions? of (?:the )?\w+|(?:works?|worked|runs?|loads?|fine|ok) (?:fine |well |again )?(?:in|with|on|using|after (?:updating|upgrading|downgrading) to) (?:[a-z][\w.-]{1,20} )?(?:version |release |build )?[vb]?\d+\.?\d+(?:\.\d+)?|(?:new|latest|last) (?:release|version|build|update) (?:breaks?|broke|fails?|crash)|版本[^\n]{0,6}(?:不匹配|不兼容|不一致|过低|太低|太旧|冲突|不对)|不兼容",
        0.52,
        also=(_DEPENDENCY, _CONFIG, (Category.PROCESS_CRASHED, 0.25), (Category.GPU_DRIVER, 0.15)),
        unless=r"driver|out of memory|older version of the browser|nvidia|rocm|triton|\btls\b|certificate|驱动|\bhangs?\b|stuck|freez|\bslow|gibberish|garbage",
        wrapper=True,
    ),
    _SKEW.rule(
        "since-another-version",
        r"(?:after|since|by) (?:the )?(?:last |latest |recent |an? )?(?:updat(?:e|ing)|upgrad(?:e|ing)|downgrading|rebuilding|reinstalling)\b|regression\b|(?:old|older|existing|previous) models? (?:no longer|don't|do not|fail|stopped)",
        0.42,
        also=(_DEPENDENCY, _CONFIG, (Category.PROCESS_CRASHED, 0.4), (Category.GPU_DRIVER, 0.2)),
        unless=r"driver|out of memory|nvidia|rocm|\btls\b|certificate|\bhangs?\b|stuck|freez|\bslow|gibberish|garbage|output",
        wrapper=True,
    ),
    _SKEW.rule(
        "least-version-of-engine",
        r"(?:requires?|needs?|must (?:be|use)|use|upgrade to|update to) (?:at least )?(?:web-?llm|ollama|llama\.cpp|mlc[-_]llm|vllm|transformers|tvm|onnxruntime|mlx[-_]?\w{0,4}|peft|optimum|sglang|exllamav2|ctranslate2|autoawq|auto-gptq|gptqmodel|bitsandbytes|accelerate|tokenizers) ?(?:version |from )?(?:>=?|≥|==|v|b)? ?\d",
        0.82,
        also=(_DEPENDENCY, _CONFIG),
        unless=r"driver",
    ),
    # An engine for WebAssembly that lacks what the module was compiled with.
    _PLATFORM.rule(
        "feature-of-wasm",
        r"wasm (?:simd|threads?|memory64|exceptions?)[^\n]{0,24}(?:unsupported|not supported|disabled|required)|memory64 (?:disabled|is not|not)|invalid value type 0x7b|enable with --experimental-wasm|unknown section id|invalid memory limits flags|memory index must be|(?:jspi|webassembly\.suspending)[^\n]{0,40}(?:not|un|undefined)",
        0.7,
        also=(
            (Category.HOST_UNSUPPORTED_CPU, 0.3),
            (Category.GPU_UNSUPPORTED, 0.15),
            (Category.ARTIFACT_CORRUPT, 0.15),
        ),
        unless=r"out of memory",
    ),
    _SKEW.rule(
        "bytecode-of-another-python",
        r"bad magic number in (?:['\"`]?\.?pyc|'[\w.]{1,60}': b')|importerror: bad magic number|unsupported pickle protocol|object type index \d|decode type_index|type_index[^\n]{0,30}(?:unknown|invalid|not)",
        0.9,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.2), (Category.ARTIFACT_CORRUPT, 0.25)),
    ),
    _SKEW.rule(
        "package-said-not-to-fit",
        r"(?:doesn't work|does not work|not working|fails?|broken|breaks?|crash(?:es)?|errors?|incompatib\w{2,6}|issues?|problems?) (?:to (?:load|import|work|run) )?(?:with|on|under|in|after (?:updating|upgrading|update|upgrade)(?: to)?) (?:the )?(?:latest |new |newer |newest )?(?:numpy|pydantic|torch|pytorch|transformers|protobuf|tvm|vllm|onnxruntime|tokenizers|diffusers|peft|triton|xformers|flash[-_]attn|huggingface[-_]hub|python|electron|emscripten|langchain|llama-cpp-python)\b(?: version)? ?(?:>=?|==)? ?v?\d",
        0.66,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.4), _CONFIG),
        unless=r"driver|out of memory",
    ),
    # The words leave no doubt.
    _SKEW.rule(
        "parts-without-doubt",
        r"cannot import name '\w+' from '(?!\.|__main__)|is not a supported wheel on this platform|linkerror: webassembly\.instantiate|cannot find (?:packedfunc|type) [\w.]{3,80}[^\n]{0,20}(?: in either|did you forget to register)|(?:requestadapterinfo|webgpuinit) is not a function|invalid number of [\w ]{1,40} args\b|numpy 1\.x cannot be run|compiled using numpy 1|was compiled against a different node|cannot locate symbol ['\"`]?(?:_?ggml|_?llama|_?tvm|_?mlc|_?ort|_z)|has unexpected e_machine|\[winerror 193\]|os error 193|have 'arm64\w?', need 'x86_64|have 'x86_64\w?', need 'arm64",
        0.95,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25),),
        unless=r"partially initialized|circular import|\btir_\w+\b",
    ),
    # The library went back to its part for the processor, which lacks what the GPU's has.
    _BUILT_WITHOUT.rule(
        "went-back-to-processor-part",
        r"libbitsandbytes_cpu[^\n]{0,60}undefined symbol|undefined symbol: c(?:get_managed_ptr|quantize_blockwise|dequantize_blockwise|adam\d|gemm_)\w{0,30}",
        0.86,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5), (Category.GPU_UNSUPPORTED, 0.3)),
    ),
    _KERNEL.rule(
        "kernels-of-library-not-for-card",
        r"cudaerrorsymbolnotfound|function '?\w{0,40}bf16\w{0,40}'? does not exist|flashinfer[^\n]{0,120}no kernel image|no kernel image[^\n]{0,160}flashinfer|cuda error: (?:no kernel image|invalid device function)[^\n]{0,80}(?:pip-req-build|build-via-sdist|site-packages)[^\n]{0,160}\.cuh?\b|hipblaslt on an? unsupported architecture|(?:hipblaslt|rocblas|miopen|composable_kernel|aiter|flash_?attn|flashinfer|xformers|exllama\w{0,3})[^\n]{0,40}(?:unsupported|not supported on|does not support)[^\n]{0,24}(?:architecture|arch\b|gfx\d|sm_?\d)",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5),),
    ),
    # Compiled by a newer Java than the one that reads it.
    _SKEW.rule(
        "classes-of-newer-java",
        r"class file has wrong version",
        0.86,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.5), (Category.COMPILE_FAILED, 0.45)),
    ),
    # What the runtime looks for was not linked into the app.
    _UNLINKED.rule(
        "module-of-expo-or-backend",
        r"(?:property|reading) ['\"`](?:nativemodules?|nativeeventemitter|eventemitter|turbomodule\w{0,12})['\"`]\)?(?: of undefined)?|\berror:? ?(?:code )?\(?32\b[^\n]{0,6}\(?notfound|backend \w{2,40} is not registered",
        0.76,
        also=((Category.CONFIG_INVALID, 0.4), (Category.ARTIFACT_INCOMPATIBLE, 0.4)),
    ),
)

"""Rules for the host: a library, tool or module that is absent, and a CPU that cannot run the code."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .reasons import BUILT_WITHOUT as _BUILT
from .reasons import PACKAGE_ABSENT as _MODULE
from .reasons import PACKAGE_NOT_INSTALLED as _PIP
from .rule import Group

_LIBRARY = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="a shared library is missing or too old",
    es="falta una biblioteca compartida o es demasiado antigua",
)
_TOOL = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="a tool or compiler is missing",
    es="falta una herramienta o un compilador",
)
_ENVIRONMENT = Group(
    Category.CONFIG_INVALID,
    en="code for a server is bundled for a browser",
    es="se empaqueta para un navegador código de servidor",
)
_OTHER_BUILD = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="a package is for another platform or version",
    es="un paquete es para otra plataforma o versión",
)
_TYPED = Group(
    Category.CONFIG_INVALID,
    en="lines for another program were given to the shell",
    es="se dieron al intérprete de comandos líneas para otro programa",
)
_BEGUN = Group(
    Category.GPU_DRIVER,
    en="a library of the GPU is there and does not begin",
    es="una biblioteca de la GPU está, pero no arranca",
)
_CPU = Group(
    Category.HOST_UNSUPPORTED_CPU,
    en="the CPU lacks instructions that the program uses",
    es="a la CPU le faltan instrucciones que usa el programa",
)

_SKEW = (Category.ARTIFACT_INCOMPATIBLE, 0.22)
_COMPILE = (Category.COMPILE_FAILED, 0.2)
_COMMANDS = r"(?:nvcc|git|git-lfs|cmake|ninja|gcc|g\+\+|clang|clang\+\+|cl|cl\.exe|make|emcc|emcmake|ffmpeg|cargo|rustc|npm|node|pnpm|yarn|java|javac|adb|ld|ld\.lld|ollama|python3?|pip|conda|docker|xcrun|metal|llvm-config|glslc|hipcc|ndk-build|ld\.gold|mlc_llm|llama-server|swig|ptxas|nvdisasm|cuobjdump|rustup|patch|unzip|wget|curl|aria2c|sccache|protoc|docker-compose|xcodebuild|gradle|mvn|dotnet|go|spirv-opt|dxc|hipconfig|rocminfo|ldconfig|numactl|lspci|mpirun|mpicc|neuronx-cc|trtexec|sox|espeak|espeak-ng|tesseract|pod|swift|zig|meson|bazel|llama-cli|llama-quantize|huggingface-cli|uv|poetry)"

RULES = (
    _MODULE.rule(
        "no-module",
        r"no module named|modulenotfounderror|cannot find module|err_module_not_found|module not found|cannot find package|could not load the \"?\w+\"? module|could not resolve \"|failed to resolve (?:import|module)|module_not_found|classnotfoundexception|noclassdeffounderror|no such module",
        0.93,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.12), (Category.CONFIG_INVALID, 0.06)),
        unless=r"find_class|unpickl|default condition should be last|is not exported|/undefined/undefined/|can't resolve '[^'\n]{0,160}\.node'|no module named '?\w+\.models?\.\w+|can't resolve '(?:node:)?(?:perf_hooks|fs|path|url|module|crypto|os|child_process|worker_threads|ws|util|stream|http|https|zlib|tty|net|vm)'",
    ),
    # A package for another system, Python or version of its neighbours.
    _OTHER_BUILD.rule(
        "wheel-of-another-platform",
        r"is not a supported wheel on this platform|is installed with version [^\n]{1,60} less than|normal functioning of this module, but found|no_matching_abis",
        0.84,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.6),),
    ),
    _MODULE.rule(
        "package-required",
        r"requires the (?:following )?(?:packages?|librar\w+|[\w-]+ library)|(?:is|are|be|been|was|were) not installed|not installed\b|please install|pip install|(?:need|have|required?) to install|is (?:a )?required (?:dependency|package|library)|importerror: (?:using|this|loading|please|\w+ requires)|was not found in your environment|(?<!collecting )package(?:s)? (?:not found|missing|is required|metadata)|packagenotfounderror|requires `?[\w-]+`?(?: to be installed| package)|apt(?:-get)? install|brew install|npm install|missing (?:dependenc|package|librar|module|required package)\w*|unmet dependenc|not find a version of",
        0.78,
        also=(_SKEW, (Category.CONFIG_INVALID, 0.08)),
        unless=r"required to install pyproject|externally-managed-environment|pip install --upgrade|pip install -u|is installed with version|normal functioning of this module",
    ),
    # An import that names what is to be installed, as libraries say of what they use if it is there.
    _MODULE.rule(
        "install-with-pip",
        r"requires?(?: the)?(?: following)?[^\n]{0,20} [`'\"]?[\w.-]{2,40}[`'\"]?(?: library| package)?[:.,]?[^\n]{0,40}(?:pip|conda|npm|uv pip) install (?!-u\b|--upgrade)|(?:module|package|library) (?:was |is )?not found[^\n]{0,120}(?:how to install|install it|to install)|missing dependencies for socks|socksio",
        0.9,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.15), (Category.CONFIG_INVALID, 0.15)),
        unless=r"cuda is not available|normal functioning of this module",
    ),
    # The program is too new for a library that is there.
    _MODULE.rule(
        "library-too-old",
        r"(?:needs?|requires?|required?) [\w -]{2,30}(?:>=|=>) ?\d[\w.]{0,12}|[\w -]{2,30} \d[\w.]{1,12} or (?:later|newer|higher|above) (?:is )?(?:required|needed)|require[sd]? [\w -]{2,30} \d[\w.]{1,12} or (?:later|newer|higher|above)|require users? to upgrade [\w-]{2,20}|at least [\w/]{2,20} v?\d[\w.]{0,12} is required|(?:is )?(?:using|have) an old version of (?:pytorch|torch|triton)",
        0.66,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5), (Category.CONFIG_INVALID, 0.12)),
        unless=r"driver|compute capability|\bios\b|macos|android|capability|\bsm_?\d\d|gguf|safetensors version",
    ),
    _LIBRARY.rule(
        "native-library-not-loaded",
        r"failed loading ['\"]?[^\n'\"]{1,160}\.(?:so|dll|dylib)|failed to load (?:the |a )?(?:native |prebuilt |backend |(?!model )[\w-]{2,20} )?library|unable to dynamically load|cannot (?:dynamically )?load [^\n]{0,40}shared library|(?:library|dll) file not found|loadlibrary failed with (?:0x7e|error 126)|loadlibrary\w* failed|(?:could not|unable to|failed to|cannot) load (?:the )?[\w-]{2,20} (?:library|runtime) from|trytoloadlibrary|no backends are loaded|no prebuilt binar(?:y|ies)|prebuilt binar(?:y|ies) (?:was |were )?not found|backend not found: |(?:mlx|cuda|rocm|vulkan|metal) runtime is not available",
        0.88,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.25),
            (Category.GPU_UNSUPPORTED, 0.1),
            (Category.CONFIG_INVALID, 0.1),
        ),
        unless=r"specified procedure could not be found|wrong elf class|invalid elf|undefined symbol|winerror 193|incompatible architecture|symbol not found|api version|\bqnn\b|not valid for use in process|library load disallowed|file too short",
    ),
    # A build stops for what the machine lacks: the sentence around it is CMake's, the cause is this.
    _TOOL.rule(
        "toolkit-absent-in-build",
        r"no cuda toolset found|compiler identification is unknown|compiler lacks \w+ support|did you forget to source|can't find \w{2,20}_(?:install_dir|home|root|path)|did not have a source\.properties|submodule[^\n]{0,60}(?:not (?:initiali[sz]ed|found|checked out)|missing)|git submodule update|failed to find (?:cuda|rocm|hip|vulkan|glslc|oneapi)|(?:cuda|rocm|hip|vulkan|opencl|oneapi|openmp|blas) (?:sdk|toolkit|headers?|librar(?:y|ies)|compiler) (?:was |is |were |are )?not (?:found|installed)\b|(?:tvm_ndk_cc|ndk_home|android_home|anaconda_home|cuda_home|rocm_path|jdk_home) (?:is |was |to be |environment|must|not)[^\n]{0,40}|spirv-(?:opt|as|val)'|at least (?:rocm|cuda|hip|vulkan)[\w/]{0,8} v?[\d.]+ is required",
        0.93,
        also=((Category.COMPILE_FAILED, 0.5), (Category.CONFIG_INVALID, 0.15)),
        phases=(Phase.COMPILE, Phase.RUNTIME, Phase.PREFLIGHT),
        unless=r"libcuda\.so",
    ),
    _BUILT.rule(
        "built-without-the-part",
        r"(?:nvshmem|nccl|rccl|cutlass|cublas|flashinfer|mpi|ucx|libcurl|curl|openssl|ssl|https) is not enabled|cannot initialize ccl|runtime\.disco\.(?:nccl|rccl|create_process_pool)|built without (?:lib)?(?:curl|ssl|openssl)|(?:crate|binary|package|library|wheel) has not been (?:built|compiled) with|(?:must|has to|should) be (?:re)?(?:built|compiled) with -d\w+",
        0.8,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.4),
            (Category.CONFIG_INVALID, 0.2),
            (Category.GPU_UNSUPPORTED, 0.12),
        ),
    ),
    _LIBRARY.rule(
        "shared-object",
        r"\.so[\w.]*:? cannot open shared object file|error while loading shared libraries|(?:lib[\w.+-]+\.(?:so|dylib|dll)|\b\w+\.dll)[^\n]{0,60}(?:not found|was not found|cannot open|could not be found|missing|not be loaded)|library not loaded|image not found|dll load failed|winerror 126|specified module could not be found|could not find module|dllnotfoundexception|unable to load (?:shared library|dll|dynamic library)|failed to load (?:shared|dynamic|native) (?:library|lib)[^\n]{0,60}|could not load (?:dynamic )?library|cannot load (?:library|shared)|unable to locate [^\n]{0,40}(?:librar|\.so|\.dll)|dlopen(?: failed)?|cannot find libraries|0xc0000135|3221225781|exit code 127|0xc0000142|code execution cannot proceed|err_dlopen_failed|no lc_rpath|libnotfound|shared library with base name|library (?:was )?not found|error loading [\"'][^\n\"']{1,160}\.dll",
        0.84,
        also=(_SKEW, (Category.GPU_UNSUPPORTED, 0.08)),
        unless=r"specified procedure could not be found|找不到指定的程序|libopencl|opencl library|wrong elf class|invalid elf|undefined symbol|winerror 127|winerror 193|incompatible architecture|symbol not found|failed to load dynamic shared library|lib(?:cuda|nvcuda)\.so|nvcuda|lib in preferred path|unsupported elf|-lmodel_|-lmlc_llm|-ltvm|code signature|elf load command past end|developer cannot be verified|disallowed by system policy",
    ),
    # Docker without NVIDIA's container toolkit.
    _TOOL.rule(
        "container-toolkit",
        r"could not select device driver|nvidia-container-cli: (?:not found|command)|executable file not found in \$path[^\n]{0,40}nvidia",
        0.9,
        also=((Category.GPU_UNSUPPORTED, 0.6), (Category.GPU_DRIVER, 0.12)),
    ),
    _LIBRARY.rule(
        "glibc",
        r"glibc(?:xx)?_[\d.]+['\"`]? not found|version [`'\"](?:glibc|glibcxx|cxxabi|gomp|openssl|libcurl|libc)[\w.]*['\"`] not found|cxxabi_[\d.]+|requires? glibc|glibc (?:version|too old)",
        0.95,
        also=(_SKEW,),
    ),
    _LIBRARY.rule(
        "dll-init",
        r"winerror ?1[1l]14|error 1114\b|dll_init_failed|初始化例程失败|初期化ルーチンの実行に失敗|dll-initialisierungsroutine|rutina de inicializaci[óo]n|routine d'initialisation|dll initialization routine failed|a dynamic link library \(dll\)|os error 1114|vcruntime\w*|msvcp\w*|visual c\+\+ redistributable|vc_redist",
        0.76,
        also=((Category.HOST_UNSUPPORTED_CPU, 0.36), _SKEW),
    ),
    _LIBRARY.rule(
        "cuda-library",
        r"lib(?:cudart|cublas|cublaslt|cudnn|cufft|curand|cusparse|cusolver|nccl|nvrtc|nvjitlink|cupti|hipblas|rocblas|amdhip64|mkl|iomp5|gomp|openblas|omp|tbb|stdc\+\+|c\+\+_shared|sycl|ze_loader|curl|ssl|python)\w*(?:[-.][\w.]+)?[^\n]{0,60}(?:not found|cannot open|no such file|cannot be|could not|missing|not loaded|failed|unable)|(?:could not|failed to|unable to|cannot) (?:load|find|locate|open)[^\n]{0,60}(?:cudart|cublas|cudnn|cufft|nvrtc|hipblas|rocblas|zlibwapi|onnxruntime_providers|mkl|openblas)|cudnn (?:is )?not (?:found|installed|available)|cuda_home|cuda toolkit[^\n]{0,40}not (?:found|installed|be found)|could not find cuda|cuda_path|cuda (?:path|directory|root)[^\n]{0,30}(?:not|could)|cuda setup failed|cuda extension not installed|cuda-bindings|libdevice not found|nvidia-cuda-(?:runtime|nvrtc|cupti|nvcc|toolkit)|no (?:host )?vulkan-1\.dll",
        0.86,
        also=(_SKEW, (Category.GPU_UNSUPPORTED, 0.12), _COMPILE),
        unless=r"management library|unable to load cudart|nvrtc-builtins",
    ),
    # ollama finds CUDA's own library and cannot begin with it.
    _BEGUN.rule(
        "library-of-gpu-does-not-begin",
        r"unable to load (?:\w+ )?(?:cuda )?management library|unable to load cudart",
        0.7,
        also=((Category.GPU_UNSUPPORTED, 0.4), (Category.HOST_MISSING_DEPENDENCY, 0.25)),
    ),
    _TOOL.rule(
        "command",
        rf"(?:no such file or directory|enoent|cannot find the file(?: specified)?|filenotfounderror)[^\n]{{0,40}}['\"`: ](?:/[\w./-]{{1,40}}/)?{_COMMANDS}['\"`\s]|command not found|is not recognized as (?:an internal|the name|a name)|commandnotfoundexception|spawn \S+ enoent|executable (?:file )?not found|not found (?:on|in) (?:your |the |\$)?path|{_COMMANDS}:? (?:is |was )?(?:not found|not installed|not available|missing|could not be found)|which: no |linker [`'\"]?\S{{1,60}} not found|is [`'\"]?\w+[`'\"]? installed(?:\?| and in path)|unable to find (?:a )?(?:build program|vcvarsall|c compiler|compiler|ninja)|exit(?:ed with)?(?: code| status) 127|'(?:which|where)', '[\w.+-]{{1,30}}'\]|git: 'lfs' is not a git command|unable to find git|\bcould not find (?:a )?(?:compiler|cmake|ninja|make|nvcc|emcc|git|ndk|java|rust|cargo|clang|gcc)",
        0.93,
        also=(_COMPILE, (Category.CONFIG_INVALID, 0.06)),
        unless=r"\b(?:from|import|parameter|system|template|adapter|def|print|await|const): (?:command )?not found|pull failed and huggingface-cli|executable file [`'\"\\]{1,3}-|exec: [`'\"\\]{1,3}-",
    ),
    # Shells and Windows in other languages.
    _TOOL.rule(
        "command-in-other-languages",
        r"不是内部或外部命令|不是內部或外部命令|未找到命令|找不到命令|無法辨識[^\n]{0,4}命令|コマンドが見つかりません|内部コマンドまたは外部コマンド|내부 또는 외부 명령|명령을 찾을 수 없|команда не найдена|не является внутренней или внешней|orden no encontrada|no se reconoce como|comando n[ãa]o encontrado|n[ãa]o é reconhecido como|comando non trovato|non è riconosciuto come|commande introuvable|n'est pas reconnu|kommando nicht gefunden|befehl[^\n]{0,40}(?:falsch geschrieben|nicht gefunden)|wird nicht als name eines cmdlet|niet herkend als|komut bulunamadı|nie można znaleźć polecenia|nie jest rozpoznawana",
        0.86,
        also=(_COMPILE, (Category.CONFIG_INVALID, 0.12)),
    ),
    _LIBRARY.rule(
        "library-in-other-languages",
        r"找不到指定的模块|找不到指定的模組|找不到指定模块|指定されたモジュールが見つかりません|지정된 모듈을 찾을 수 없|не найден указанный модуль|no se (?:puede|pudo) encontrar el m[óo]dulo|n[ãa]o foi poss[íi]vel encontrar o m[óo]dulo|impossibile trovare il modulo|le module sp[ée]cifi[ée] est introuvable|das angegebene modul wurde nicht gefunden|(?:缺少|丢失|找不到)[^\n]{0,6}\w{2,30}\.dll|\w\.dll[^\n]{0,6}(?:丢失|缺失|introuvable|wurde nicht gefunden|no se encuentra|没有被指定)|(?:fehlt|falta|manque|отсутствует)[^\n]{0,20} \w{2,30}\.dll|缺少(?:依赖|模块|组件|库)|未安装",
        0.86,
        also=(_SKEW,),
        unless=r"驱动|nvcuda|opencl\.dll|模型",
    ),
    _TYPED.rule(
        "typed-into-the-shell",
        r"\b(?:from|import|parameter|system|template|adapter|def|print|await|const): (?:command )?not found",
        0.84,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3),),
    ),
    # git answers for a program of its own that is not there by a status alone.
    _TOOL.rule(
        "git-lfs-absent",
        r"'git', (?:'-c', '[^'\n]{1,200}', )?'lfs'|git[- ]lfs (?:is |was )?(?:not (?:installed|found|available)|missing|required)|install git[- ]lfs",
        0.86,
        also=((Category.NETWORK_UNREACHABLE, 0.12), (Category.ARTIFACT_CORRUPT, 0.25)),
        unless=r"without having git-lfs|smudge|batch response",
    ),
    _TOOL.rule(
        "compiler",
        r"failed to find c compiler|no c\+\+ compiler|no cmake_c(?:xx)?_compiler|cmake_\w+_compiler[^\n]{0,40}(?:not set|not found|notfound)|c(?:\+\+)? compiler (?:is |was )?(?:not found|not able|cannot|required|identification is unknown)|could not find (?:a )?(?:c|c\+\+|cuda|rust) compiler|microsoft visual c\+\+ \d|visual studio[^\n]{0,40}(?:not|could)|cl\.exe(?![`'\"]{0,2} failed with)|ninja is required|xcode[^\n]{0,40}(?:not|required|license)|android_ndk|android ndk|emsdk|emscripten (?:sdk|toolchain|is|was|not|must)|missing: [^\n]{0,40}(?:tvm_home|android|ndk)|(?:tvm_home|mlc_llm_home|\w{0,10}source_dir)\b(?!/)|requires? (?:the )?(?:rust|go|cmake|ninja|xcode)|rust(?: compiler)? (?:is )?(?:not|required)|can't find rust compiler|cargo, the rust|could not find any instance of visual studio|find_package|could not find [a-z0-9_]+ \(missing|findcuda|package configuration file provided by|no package '[\w.+-]+' found|expected str, bytes or os\.pathlike object, not nonetype",
        0.76,
        also=((Category.COMPILE_FAILED, 0.32),),
    ),
    _TOOL.rule(
        "header-or-lib",
        r"fatal error: '?[\w./+-]+\.(?:h|hpp|cuh|inl)'?:? (?:no such file|file not found)|fatal error: '[\w./+-]{2,60}' file not found|cannot open include file|'[\w./+-]+\.h(?:pp)?' file not found|python\.h|cannot find -l|library not found for -l|unable to find library -l|no such file or directory[^\n]{0,40}#include|(?:could not|cannot|can't|unable to) find (?:the )?(?:header|include|[`'\"<]?[\w./+-]{2,60}\.(?:h|hpp|cuh)\b)",
        0.74,
        also=((Category.COMPILE_FAILED, 0.4),),
        unless=r"-lmodel_|-lmlc_llm|-ltvm",
    ),
    _PIP.rule(
        "pip",
        r"no matching distribution|could not find a version that satisfies|requires python|metadata-generation-failed|unsatisfiableerror|libmambaunsatisfiable|packagesnotfounderror|resolvepackagenotfound|nothing provides|npm err!|err! code|no versions available|legacy-install-failure|no compatible (?:wheel|version)",
        0.82,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.25), _COMPILE),
        unless=r"node-pre-gyp|gyp err! build|cmake-js|newconnectionerror|max retries exceeded|connection (?:broken|refused|reset|timed out)|getaddrinfo|name resolution|sslerror|self[-_]signed|certificate|proxyerror|etimedout|econnre|enotfound|eai_again|network request to|resolve host|no space left|enospc|eacces|eresolve|ebadplatform|requires a different python|requires-python|resolutionimpossible|conflicting (?:peer )?dependenc",
    ),
    # There are versions, and not the one that is asked for.
    _OTHER_BUILD.rule(
        "version-not-offered",
        r"\(from versions: \d",
        0.74,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.6),),
    ),
    _OTHER_BUILD.rule(
        "built-for-musl",
        r"(?:libc\.musl|ld-musl)[\w.-]{0,24}[^\n]{0,20}(?:cannot open|not found|no such)",
        0.92,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.6),),
    ),
    _LIBRARY.rule(
        "needed-by-what-is-linked",
        r"\.so[\w.]*, needed by [^\n]{1,160}, not found",
        0.84,
        also=((Category.COMPILE_FAILED, 0.6),),
    ),
    _LIBRARY.rule(
        "no-runner",
        r"no suitable llama servers|unable to (?:load|find|locate) (?:the )?(?:llama )?runner(?!: error)|llama runner[^\n]{0,30}not found|no runners|llama-?server(?:\.exe)?[^\n]{0,60}(?:not found|no such|enoent)|no backends?(?: are)? loaded|no lm runtime found|no (?:suitable )?(?:llama )?(?:server|runner)s? found|failed to find (?:free )?(?:llama )?(?:server|runner)|extract binaries|no execution providers|executionprovider'? is not|provider[^\n]{0,60}not (?:available|in available)|available providers|failed to create cudaexecutionprovider|ggml_backend_load|static tls block",
        0.62,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.2),
            (Category.CONFIG_INVALID, 0.2),
            (Category.GPU_UNSUPPORTED, 0.15),
        ),
    ),
    _MODULE.rule(
        "import-error",
        r"importerror|failed to import",
        0.52,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.38),),
        wrapper=True,
    ),
    _LIBRARY.rule(
        "runtime-oserror",
        r"oserror",
        0.4,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.2)),
        phases=(Phase.RUNTIME, Phase.PREFLIGHT),
        wrapper=True,
    ),
    _CPU.rule(
        "illegal-instruction",
        r"illegal instruction(?! was encountered)|\bsigill\b|exception_illegal_instruction|0xc000001d|\bc000001d\b|3221225501|-1073741795|exit(?:ed)?(?: with)?(?: code| status)?:? ?132\b|illegal hardware instruction|exc_bad_instruction|signal 4\b|status_illegal_instruction|exitcode: -4\b|invalid opcode(?!: ?0000)|(?:died|exited|terminated|exit ?code|return ?code|exit status)[^\n]{0,20}(?<!\w)-4\b|'enginecore_\w+': -4\b|signal: 4\b",
        0.95,
        also=((Category.PROCESS_CRASHED, 0.15), (Category.ARTIFACT_INCOMPATIBLE, 0.1)),
        unless=r"aw, snap|error code: sigill|illegal instruction was encountered",
    ),
    _CPU.rule(
        "avx",
        r"(?:does not|doesn't|not|no|without|lacks?|missing) (?:have |support(?:ed|s|ing)? )?(?:the )?(?:cpu )?(?:avx(?:2|512)?|sse4\S*|ssse3|f16c|fma|amx|neon|dotprod|i8mm|popcnt)|(?:avx(?:2|512)?|sse4[._]?\d?|f16c|fma|amx|popcnt)[^\n]{0,50}(?:not (?:supported|available|detected|found)|required|unsupported|missing|instruction set)|compiled to use (?:avx|sse)|requires? (?:a )?(?:cpu|processor)[^\n]{0,40}(?:avx|sse|support|instruction)|cpu (?:does not|doesn't|lacks)|unsupported cpu|cpu (?:is )?not supported|cpu[^\n]{0,30}too old|avx2? ?= ?0|gpu support[^\n]{0,40}requires avx|instruction set[^\n]{0,30}(?:not|unsupported|missing)|x86-64-v[234]|baseline optimi[sz]ations|machine doesn't support: ?\n?\(|requires that cpu has|libggml-cpu-[\w.]{1,30} is not supported on this system|webassembly[\w ]{0,20} (?:does not|doesn't) support|not supported on cpu except|amx (?:is )?not (?:ready|supported|available)|noqengine|does not meet the minimum requirements for use of|processor must support|webassembly simd is not supported|wasm(?:32)? simd unsupported|enable with --experimental-wasm-simd|not compiled with avx|processor is not supported|wasm(?:32)? simd[^\n]{0,30}not supported",
        0.92,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.12),),
        unless=r"\bavx = 1 \| avx2 = 1|avx2 = 1 \|",
    ),
    _CPU.rule(
        "processor-architecture",
        r"(?:cpu|processor) architecture [^\n]{0,24}(?:not supported|unsupported)|unsupported (?:cpu|processor) architecture|cpu lacks (?:the )?\w|missing required cpu features|cpu_has_avx|(?:use|with|have|needs?|requires?) (?:a |an )?(?:newer )?(?:machine|cpu|processor|computer|server|host)[^\n]{0,20} avx|requires? avx|(?:cpu|processor) does not meet|incompatible hardware|unknown processor|\bill_ill(?:opn|opc|adr)\b|\brc ?= ?132\b|(?:cpu|processor) is too old|needs? (?:avx|sse|f16c|fma|popcnt|dotprod|i8mm|sve|asimd)|non-avx|avx-less|lack(?:s|ing)? (?:of )?avx",
        0.93,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2),),
        unless=r"winerror 193|incompatible architecture",
    ),
    _CPU.rule(
        "old-processor-in-words",
        r"(?:on|for|of|with|my|an?) (?:older?|ancient|legacy) (?:\w+ )?(?:cpus?|processors?|xeons?)\b|\bavx only\b|\bonly (?:has|have|supports?) (?:avx|sse)|\bno avx|(?:cpus?|processors?) without\b|32-bit (?:cpu|processor)|armv[67]\w{0,2} (?:is |are )?(?:not |un)supported",
        0.76,
        also=((Category.PROCESS_CRASHED, 0.2), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        unless=r"mixed (?:cpu|gpu)|avx2? ?= ?[01] \|",
    ),
    # Names of processors that lack what builds of today use; of other faults they tell nothing.
    _CPU.rule(
        "old-processor-by-name",
        r"\bxeon(?:\(r\))? [xelw]\d{4}\b|\bcore ?2 ?(?:duo|quad)\b|\bphenom\b|\bathlon\b|\bceleron\b|\bpentium\b|\bbulldozer\b|\bpiledriver\b|\bfx-?[4689]\d{3}\b|\b(?:sandy|ivy) ?bridge\b|\bnehalem\b|\bwestmere\b|\bopteron\b|\bi[357]-[23]\d{3}\w?\b|\bkvm64\b|\bqemu64\b|qemu virtual cpu|common kvm processor",
        0.38,
        also=((Category.PROCESS_CRASHED, 0.2),),
        wrapper=True,
    ),
    _TOOL.rule(
        "tool-not-found",
        rf"(?:cannot|can't|could not|unable to|couldn't|failed to) (?:find|locate|execute|run|start|launch) (?:the )?['\"`]?{_COMMANDS}['\"`]?(?:[\s.,:]|$)|(?:make|ninja|sh|bash|dash|env|cmake)(?:\[\d+\])?: (?:\d+: )?{_COMMANDS}: (?:no such file|not found|command)|could not find cmake_root|no acceptable c compiler|error: command '[^'\n]{1, 80}' failed: no such file|unable to execute '[^'\n]{1, 60}': no such file|unable to find vcvars",
        0.88,
        also=(_COMPILE,),
    ),
    _LIBRARY.rule(
        "extension-not-built",
        r"error building extension|extension (?:is |was )?not (?:compiled|installed|built|found|available)|could not (?:load|import|find) (?:the )?[\w.-]{1,40} (?:extension|kernels|module|plugin)|kernels? (?:is |are )?not (?:installed|compiled|available)|no module for|not (?:compiled|built) with [\w-]{1,20} support",
        0.58,
        also=((Category.COMPILE_FAILED, 0.4), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        unless=r"cuda enabled|gpu (?:offload )?support|with cuda|with gpu|with rocm",
    ),
    # The signal's name in other languages, and the status that containers and JavaScript give for it.
    _CPU.rule(
        "illegal-instruction-by-other-words",
        r"非法指令|不正な命令|잘못된 (?:명령|인스트럭션)|недопустимая инструкция|instrucci[óo]n ilegal|instru[çc][ãa]o (?:ilegal|inv[áa]lida)|istruzione non (?:consentita|valida)|instruction (?:non permise|illicite|illégale)|ung[üu]ltiger maschinenbefehl|illegaler befehl|ongeldige instructie|niedozwolona instrukcja|ge[çc]ersiz (?:komut|yönerge)|exit_?code['\"]?[=:] ?132\b|exited \(132\)|\bstatus[=:] ?132\b",
        0.93,
        also=((Category.PROCESS_CRASHED, 0.15),),
    ),
    _CPU.rule(
        "verify-processor",
        r"verify that both the operating system and the processor|processor (?:does not|doesn't) support|cpu (?:features?|instructions?)[^\n]{0,40}(?:missing|not (?:available|supported)|required)|unsupported (?:processor|instruction)|x86-64-v[234]|-march=native",
        0.85,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.12),),
    ),
    _MODULE.rule(
        "to-be-installed",
        r"(?:needs?|needed|required?|has|have|must|should) to be installed|must be installed|make sure (?:to install|that|you have)[^\n]{0,60}install|install(?:ation)? (?:guides?|instructions)|please (?:re)?install|please build|(?:could not|cannot|can't) be loaded\. please|no cpu backend found|nvidia[- ]container[- ]toolkit (?:is )?(?:not|missing)|no backend (?:found|available)|nameerror: name '\w*(?:cuda|triton|flash|gptq|awq|exllama|kernel|bnb|deepspeed|xformers|init_empty_weights|load_checkpoint|accelerate|peft|einops|sentencepiece)\w*' is not defined|can't find crate|e0463\b|target may not be installed",
        0.8,
        also=(_SKEW, (Category.CONFIG_INVALID, 0.12)),
        unless=r"no module named|no available backend found|is installed with version|git lfs pull|driver is (?:properly )?install|latest nvidia driver|is not supported on this system|build with -d\w+=off",
    ),
    _TOOL.rule(
        "compiler-not-in-path",
        r"cannot find (?:cc|clang|clang\+\+|gcc|g\+\+|nvcc|emcc|ld|lld|llvm-\w{1,12})\b|\b(?:cc|clang|clang\+\+|gcc|g\+\+|c\+\+|emcc|nvcc|lld|ld\.lld|xcrun|metal|hipcc): (?:command )?not found|not a developer tool or in path|(?:cc|clang|gcc|g\+\+) (?:is )?not (?:found|installed|in path)|unable to find utility|xcode-select: (?:note|error): no developer tools|no c compiler|please set cxx|set the cc environment",
        0.88,
        also=(_COMPILE,),
    ),
    # open() names the file that it does not find; starting a program does not.
    _TOOL.rule(
        "program-not-started",
        r"\[winerror 2\] [^\n'\":]{4,60}(?:$|\n)|subprocess\.popen[^\n]{0,200}\n[^\n]{0,60}(?:\[winerror 2\]|\[errno 2\])|createprocess[^\n]{0,60}(?:fail|error|cannot|not found)",
        0.84,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.3), (Category.CONFIG_INVALID, 0.2)),
    ),
    _MODULE.rule(
        "module-wanted",
        r"python module required|module (?:is )?required(?: to|\.|!|$)|no module found with name",
        0.72,
        also=((Category.CONFIG_INVALID, 0.25),),
    ),
    _LIBRARY.rule(
        "toolkit-too-old",
        r"requires cuda (?:toolkit |version )?[\d.]+|detected cuda version|cuda version mismatch|mismatches the version that was used to compile|requires? (?:cuda|rocm|cudnn|pytorch|torch|python|gcc|glibc) (?:>=|at least|version)? ?[\d.]+|upgrade your cuda toolkit",
        0.6,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.45), (Category.GPU_DRIVER, 0.3)),
        unless=r"driver version|gpu driver|driver on your",
    ),
    _LIBRARY.rule(
        "built-without-tls",
        r"https (?:is )?not supported|built without (?:curl|ssl|tls|openssl)|requires openssl|ssl module is not available|openssl (?:is )?not (?:found|available)",
        0.62,
        also=((Category.CONFIG_INVALID, 0.45),),
    ),
    _LIBRARY.rule(
        "list-of-candidates",
        r"cannot find (?:the )?(?:files|libraries)[^\n]{0,120}\n?[^\n]{0,12}list of candidates|list of candidates: ?\n|(?:wasm_runtime|tvmjs_runtime|webgpu_runtime|tvmjs_support|mlc_wasm_runtime)\.bc",
        0.9,
        also=((Category.COMPILE_FAILED, 0.35), (Category.ARTIFACT_INCOMPATIBLE, 0.25)),
    ),
    # A TVM that was built without what is asked for.
    _BUILT.rule(
        "tvm-built-without",
        r"(?:cannot find|can't find) (?:global )?function target\.build\.\w+|target kind \"?\w+\"? is not defined|codegen[\w ]{0,20} is not enabled|is not built with|was not (?:built|compiled) with|not enabled in (?:this|the) build|build with use_\w+|use_\w{3,12} ?= ?on|target\.build\.\w{2,12} is not enabled",
        0.66,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.45),
            (Category.COMPILE_FAILED, 0.3),
            (Category.GPU_UNSUPPORTED, 0.2),
        ),
        unless=r"gpu offload support",
    ),
    _TOOL.rule(
        "tool-by-other-words",
        r"executable \"[^\"\n]{1,60}\" doesn't exist|running '?n?make'?[^\n]{0,60}(?:failed|cannot find)|could not find \w{2,30}\. hint: to disable|release version \d+ not supported|requires java \d+|unsupported class file|java_home|(?:jdk|jre|ndk|sdk|toolchain) (?:is |was )?(?:not (?:found|installed|set)|missing)|no (?:such )?(?:toolchain|sdk|ndk)|needs? (?:to be )?installed first",
        0.66,
        also=((Category.COMPILE_FAILED, 0.42), (Category.CONFIG_INVALID, 0.3)),
    ),
    _ENVIRONMENT.rule(
        "node-module-in-browser",
        r"can't resolve '(?:node:)?(?:perf_hooks|fs|path|url|module|crypto|os|child_process|worker_threads|ws|util|stream|http|https|zlib|tty|net|vm|onnxruntime-node|sharp)'",
        0.72,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.5),),
    ),
    _TOOL.rule(
        "rust-for-tokenizers",
        r"libtokenizers_c\w*\.a\] error|generating [`'\"]?[\w/]{0,40}libtokenizers_c\w*\.a|tokenizers_c\.dir[^\n]{0,60}error|cargo(?:\.exe)?['\"`]?[^\n]{0,30}(?:no such file|not found|not recognized)",
        0.88,
        also=((Category.COMPILE_FAILED, 0.6),),
    ),
    _MODULE.rule(
        "needed-besides",
        r"need to have \w+ installed|requires a newer version of (?:xcode|cmake|python|node|java|gcc|clang|rust)",
        0.84,
        also=((Category.ARTIFACT_TOKENIZER, 0.15), (Category.CONFIG_INVALID, 0.15)),
    ),
    _MODULE.rule(
        "install-first",
        r"(?:you )?(?:must|need to|have to|should) (?:first )?install (?:the )?(?!models?\b|weights\b)[\w.-]{2,40}",
        0.8,
        also=((Category.CONFIG_INVALID, 0.15),),
    ),
    _TOOL.rule(
        "tool-not-found-by-cmake",
        r"(?:executable|compiler|library|libraries|program|include_dirs?)-notfound\b",
        0.88,
        also=((Category.COMPILE_FAILED, 0.4),),
    ),
    # Functions of the C library that older releases of it do not have.
    _LIBRARY.rule(
        "symbol-of-newer-libc",
        r"undefined symbol: _{0,2}(?:getcpu|memfd_create|getrandom|getentropy|arc4random|gettid|reallocarray|copy_file_range|libc_\w+|isoc23_\w+|pthread_\w+|strto\w+_l)\b|undefined symbol: \w+, version glibc",
        0.93,
        also=(_SKEW,),
    ),
)

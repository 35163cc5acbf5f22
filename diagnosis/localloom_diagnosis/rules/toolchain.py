"""Rules for what a build wants of the machine: compilers of the right age, kits for devices, and where they lie."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .reasons import PACKAGE_NOT_INSTALLED as _MANAGER
from .rule import Group

_TOOL = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="a tool or compiler is missing or not where it is looked for",
    es="falta una herramienta o un compilador, o no está donde se busca",
)
_OLD = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="a compiler or runtime of a language is of another version than the code needs",
    es="un compilador o entorno de un lenguaje no es de la versión que el código necesita",
)
_KIT = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="a part of the kit for the device is not installed",
    es="falta una parte del conjunto de herramientas del dispositivo",
)
_WHEEL = Group(
    Category.COMPILE_FAILED,
    en="a package could not be built from its sources",
    es="no se pudo compilar un paquete desde sus fuentes",
)
_TEST = Group(
    Category.COMPILE_FAILED,
    en="the compiler is there and cannot compile a test",
    es="el compilador está y no logra compilar una prueba",
)
_DIRECTORY = Group(
    Category.COMPILE_FAILED,
    en="the build does not find its own sources",
    es="la compilación no encuentra sus propias fuentes",
)
_LEFT_OUT = Group(
    Category.CONFIG_INVALID,
    en="the build was told to leave out what is asked for",
    es="la compilación se configuró sin lo que se pide",
)


_COMPILE = (Category.COMPILE_FAILED, 0.35)

RULES = (
    _TOOL.rule(
        "tool-of-build-absent",
        r"unable to find libclang|libclang_path|(?:could not|couldn't|cannot) find (?:any valid shared libraries matching|libclang|llvm-config|`?protoc\b|`?pkg-config|directory of openssl)|cannot execute tool '\w{2,20}' due to|missing metal toolchain|-downloadcomponent|cannot find compiler '|gyp err! find (?:python|vs)\b|could not find any (?:python|visual studio) installation|unknown compiler\(s\)|emcc: error: '[^'\n]{1,120}' not found|the pkg-config command could not be found|cmake_make_program is not set|required tool [^\n]{0,40}not found|tool 'xcodebuild' requires xcode|invalid active developer path|xcode-select --install|no developer tools were found|cannot find llvm\b|set use_llvm|cannot execute '?cc1|error trying to exec '?cc1|\bmsb80(?:20|36)\b|build tools for v\d+|windows sdk version [\d.]{3,16} was not found|framework not found \w|\bsdk \"[\w.]{3,20}\" cannot be located|target not found in sysroot|in the pkg-config search path|is not a full path (?:to an existing compiler|and was not found)|unable to execute command: (?:program not executable|no such file|permission denied|executable |could not|file not found|posix_spawn)|the system library `[\w.+-]{2,40}` required|not a git repository: submodule|no cuda toolset found|compiler identification is unknown|was not found in sdk, path|_sdk_root (?:is |environment variable )?not set|spirv-headers|(?:require|set|missing)[^\n]{0,24} (?:environment )?variable `?(?:tvm_ndk_cc|android_ndk\w*|ndk_home|cc|cxx|cuda_home|cuda_path|rocm_path|hip_path|vulkan_sdk|java_home)\b",
        0.9,
        also=(_COMPILE, (Category.CONFIG_INVALID, 0.15)),
        unless=r"no module named",
    ),
    _TOOL.rule(
        "android-kit-absent",
        r"no toolchains found in the ndk|failed to install the following (?:android )?sdk|licen[cs]es have not been accepted|failed to find (?:target with hash string|build tools revision|platform sdk)|cmake '[\d.]{2,12}' was not found in|android sdk (?:could not be|was not|is not|not) (?:found|located|installed)|no installed build tools|ndk [^\n]{0,40}(?:is not installed|was not found|did not have a source)|compilesdk\w* [^\n]{0,40}not (?:found|installed)|define location with sdk\.dir",
        0.88,
        also=(_COMPILE, (Category.CONFIG_INVALID, 0.2)),
    ),
    # Java tells the age of what it is given by the number of its format.
    _OLD.rule(
        "java-of-another-age",
        r"unsupportedclassversionerror|only recognizes class file versions|compiled by a more recent version of the java|unsupported class file major version|requires java \d+ to run|unsupported java\b|invalid (?:source|target) release: ?\d|release version \d+ not supported|could not determine java version|unknown jvm target version|no matching toolchains found for requested|does not provide the required capabilities|incompatible because this component declares[^\n]{0,80}java|unrecognized vm option|java_home is (?:not set|set to an invalid)",
        0.86,
        also=(_COMPILE, (Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.CONFIG_INVALID, 0.2)),
    ),
    _OLD.rule(
        "rust-of-another-age",
        r"can't find crate for `(?:std|core|alloc)`|\be0463\b|target may not be installed|is not applicable to the '[^'\n]{1,60}' toolchain|toolchain '[^'\n]{1,60}' is not installed|no (?:override and no )?default toolchain (?:set|(?:is )?configured)|rustup could not choose|requires? rustc \d|rustc [\d.]{3,9} is not supported by|requires the cargo feature|edition ?2024|lock file version `?\d+`? (?:requires|was found)|may not be used on the stable release channel|\be0554\b|error: unrecognized option: '|use of unstable library feature|older version of cargo|newer than the (?:current )?rust",
        0.92,
        also=((Category.COMPILE_FAILED, 0.5),),
    ),
    _OLD.rule(
        "go-of-another-age",
        r"go\.mod requires go|requires go >= ?\d|note: module requires go|gotoolchain=local|invalid go version '|unknown directive: toolchain|package [\w/]{2,20} is not in (?:goroot|std)\b|no required module provides package|missing go\.sum entry|go: cannot find main module|cgo_enabled=0|build constraints exclude all go files",
        0.8,
        also=((Category.COMPILE_FAILED, 0.4), (Category.CONFIG_INVALID, 0.15)),
    ),
    _OLD.rule(
        "node-of-another-age",
        r"ebadengine|unsupported engine\b|engine \"?node\"? is incompatible with this module|(?:requires?|needs?|use) node(?:\.?js)? (?:version )?(?:>=? ?|v)?\d\d|unsupported node(?:\.?js)? version|node(?:\.?js)? version [^\n]{0,24}(?:not supported|is required|too old)|no such built-in module: node:|err_unknown_builtin_module",
        0.96,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.25), (Category.CONFIG_INVALID, 0.2)),
    ),
    # What newer releases of Node have of themselves.
    _OLD.rule(
        "global-of-newer-node",
        r"\b(?:fetch|headers|request|response|formdata|blob|file|readablestream|transformstream|structuredclone|abortcontroller|websocket|textdecoderstream|decompressionstream|customevent|crypto) is not defined\b",
        0.88,
        also=((Category.CONFIG_INVALID, 0.45),),
        unless=r"nameerror|\(ssr\)|next\.js|webpack-internal",
    ),
    _OLD.rule(
        "python-of-another-age",
        r"no module named '(?:tomllib|zoneinfo|graphlib|distutils|imp|_ctypes|_lzma|_bz2|_sqlite3|_tkinter|encodings)'|python version [^\n]{0,30}(?:not supported|is required|too old)|requires python(?: version)? ?(?:>=?|<|==|3\.)",
        0.72,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.45),),
    ),
    # Code for devices that the compilers link in, and the folders of the kits.
    _KIT.rule(
        "device-library-absent",
        r"cannot find (?:rocm|hip|amdgpu) (?:device library|runtime|installation|path)|cannot find (?:rocm )?device librar|cannot find cuda installation|cannot find libdevice|libdevice[\w.]{0,12}\.bc|/clc/[\w.-]{2,60}\.bc|\b(?:ocml|ockl|oclc_\w{3,40}|opencl)\.bc\b|amdgcn/bitcode|failed to open libnvrtc|nvrtc-builtins|provide (?:its|the) path via '?--(?:rocm|cuda|hip)|(?:cannot|can't|could not|couldn't|unable to|failed to) find (?:the )?(?:cuda|rocm|vulkan|oneapi|hip|opencl) (?:toolkit|sdk|headers?|librar\w{1,3})|missing (?:git )?submodule|please install the (?:cuda|rocm|vulkan|oneapi) (?:toolkit|sdk)",
        0.93,
        also=(_COMPILE,),
    ),
    # A build that names sources of a part that was not fetched or not made.
    _TOOL.rule(
        "source-of-part-absent",
        r"(?:file not found|no such file or directory|cannot find|could not find|does not exist|not found)\b:? ['\"`]?[\w./~+$(){}-]{3,200}\.(?:java|kt|cc|cpp|cxx|cu|cmake|gradle|proto|rs|go|swift|podspec|jar|bc|mk|aidl|xcconfig|xcframework)\b|[\w./~+-]{3,200}\.(?:java|cmake|gradle|podspec|xcconfig|xcframework)['\"`]?:? (?:file not found|no such file|not found|does not exist)",
        0.76,
        also=((Category.COMPILE_FAILED, 0.55), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.15)),
        phases=(Phase.COMPILE,),
    ),
    _KIT.rule(
        "target-not-in-compiler",
        r"no available targets are compatible with|unable to find target for this triple|error: unable to create target: '|target[\w ]{0,16} '[\w-]{2,30}' (?:is )?not (?:registered|built)",
        0.68,
        also=((Category.COMPILE_FAILED, 0.45), (Category.ARTIFACT_INCOMPATIBLE, 0.35)),
    ),
    _LEFT_OUT.rule(
        "target-left-out-of-build",
        r"\btarget \w{3,10} is not enabled|(?:opencl|vulkan|metal|cuda|rocm|webgpu) runtime (?:is )?not enabled|does not support savetobinary",
        0.74,
        also=(
            (Category.HOST_MISSING_DEPENDENCY, 0.5),
            (Category.ARTIFACT_INCOMPATIBLE, 0.35),
            (Category.COMPILE_FAILED, 0.2),
        ),
    ),
    # LLVM is a package of its own; the other targets are options of the build.
    _TOOL.rule(
        "llvm-left-out-of-build",
        r"\btarget(?:\.build\.| )llvm is not enabled|(?:global )?function target\.build\.llvm\b|llvm (?:is |was )?not enabled|built without llvm",
        0.975,
        also=((Category.CONFIG_INVALID, 0.4), (Category.COMPILE_FAILED, 0.3)),
    ),
    # pip says no more than that; what the compiler said stands above, or nowhere.
    _WHEEL.rule(
        "wheel-not-built",
        r"failed building wheel|could not build wheels|failed to build installable wheels|failed to build [\w-]{2,40}(?:\n|$)|cmake build failed|building wheel for [\w.-]{2,40} \([^)\n]{1,30}\)[^\n]{0,20}(?:error|exited)",
        0.84,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.45),),
        unless=r"not found|could not find|can't find|cannot find|unable to find|no cmake_|is required(?! to install pyproject)|compiler identification is unknown|compiler not set|no such file|no module named|microsoft visual c\+\+ 1|winerror 2|not installed|toolset|can't find the specified",
    ),
    # A compiler that is there and makes nothing: its libraries are absent, or it cannot do what it is told.
    _TEST.rule(
        "compiler-makes-nothing",
        r"not able to compile a simple test|compiler identification source file[^\n]{0,40}\n?[^\n]{0,40}failed|compiler \S{1,16} can ?not compile programs|compiler cannot create executables|sanity check\(s\) failed|compiler (?:is )?broken\b",
        0.66,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.55),),
    ),
    _DIRECTORY.rule(
        "sources-not-there",
        r"does not appear to contain cmakelists|add_subdirectory given source|no targets specified and no makefile found|no rule to make target|which is not an existing directory",
        0.66,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.45), (Category.CONFIG_INVALID, 0.45)),
    ),
    # What package managers answer where they do not know the package, or find no versions that go together.
    _MANAGER.rule(
        "package-managers",
        r"err_pnpm_\w{4,40}|no matching version found for|\betarget\b|unable to find a specification for|could not resolve com\.[\w.]{3,60}|sandbox is not in sync with the podfile|unable to locate package|has no installation candidate|unable to find a match: |no available formula|no package found matching|package was not found with the source|no formulae or casks found|error: target not found: |not available from current channels|no matching package named|err_unsupported_dir|notarget",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.25), (Category.CONFIG_INVALID, 0.12)),
    ),
    _OLD.rule(
        "framework-of-system",
        r"not possible to find any compatible framework|must install or update \.net|you must install \.net|hostfxr(?:\.dll)?[^\n]{0,60}not|(?:webview2|\.net|dotnet|java|directx|openmp|oneapi|msvc|vc\+\+|visual c\+\+) (?:runtime|redistributable|framework)\b[^\n]{0,24} (?:was |is )?(?:not (?:be )?(?:found|installed|detected|available)|missing|required)|system has an unsupported version of|could not load the qt platform plugin|error relocating [^\n]{1,160}symbol not found",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3),),
    ),
    _OLD.rule(
        "too-old-in-words",
        r"needs? (?:a )?newer (?:version of )?(?:cmake|gcc|g\+\+|clang|python|node|rust|glibc|ninja|xcode|ndk|java|jdk|libstdc|msvc|numpy|linux)|(?:cmake|gcc|g\+\+|clang|python|node(?:\.?js)?|rustc?|glibc|ninja|xcode|ndk|jdk|java|msvc|libc|libstdc\+\+)(?: version)?(?: is| are)? (?:too old|outdated)|visual studio build tools|needs? (?:the )?build tools",
        0.78,
        also=((Category.COMPILE_FAILED, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
    ),
    _MANAGER.rule(
        "no-wheel",
        r"\bno (?:matching |prebuilt |compatible |available |binary )?wheels?\b(?: (?:for|of|on|found|available|is|was|are)\b|$)|wheels? (?:is |are )?(?:not (?:available|found|provided)|missing)|missing wheels?\b",
        0.76,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4),),
    ),
)

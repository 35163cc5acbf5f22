"""Rules for building MLC's models: its compiler's passes, its converter, its applications' builds and what these need."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_MLC = ("mlc", "tvm", "web-llm", "webllm")

_CONVERT = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the checkpoint does not have the parameters that the model's definition asks for",
    es="los pesos no tienen los parámetros que pide la definición del modelo",
)
_PLATFORM = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the library was built for another platform",
    es="la biblioteca se creó para otra plataforma",
)
_BUILD = Group(
    Category.COMPILE_FAILED,
    en="a pass of the compiler failed on the model",
    es="falló un paso del compilador con el modelo",
)
_TOOLS = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="a tool or library that builds and runs MLC's models is missing",
    es="falta una herramienta o biblioteca con la que se crean o ejecutan los modelos de MLC",
)
_SETTING = Group(
    Category.CONFIG_INVALID,
    en="MLC was built or called with settings that do not go together",
    es="MLC se creó o se llamó con opciones que no concuerdan",
)


_CONVERT_RECORD = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the installed version of MLC and the model or its instructions are of different versions",
    es="la versión instalada de MLC y el modelo o sus instrucciones son de versiones distintas",
)

RULES = (
    _CONVERT.rule(
        "mlc-parameters-of-checkpoint",
        r"keyerror: '(?:lm_head|model|transformer|gpt_neox|embed_tokens)[\w.]{0,80}(?:weight|bias|q_scale|scales?)'|\b(?:lm_head|embed_tokens|wte)\.weight\b[^\n]{0,60}(?:not found|missing|not in|unused|absent|is tied)|the following extern parameters do not exist in the weight files|(?:extern|torch|mlc) parameters? [^\n]{0,80}(?:not (?:found|exist|used)|unused)|parameter [\w.]{1,80} has shape \([^\n]{0,40}but expected|but the parameter [^\n]{0,80}expected (?:shape|dtype)",
        0.9,
        also=((Category.ARTIFACT_CORRUPT, 0.2), (Category.CONFIG_INVALID, 0.3)),
        phases=(Phase.COMPILE, Phase.LOAD, Phase.WEIGHTS, Phase.METADATA),
        runtimes=_MLC,
    ),
    _CONVERT.rule(
        "mlc-conversion-stack",
        r"dump_(?:ndarray|tensor)_cache\(|for k, origin_v in param|check_parameter_usage\(|huggingface_loader\.py\W{1,3}line|awq_loader\.py\W{1,3}line|mlc_llm/quantization/\w{1,40}\.py\W{1,3}line",
        0.52,
        also=(
            (Category.CONFIG_INVALID, 0.36),
            (Category.ARTIFACT_CORRUPT, 0.25),
            (Category.PROCESS_CRASHED, 0.12),
        ),
        phases=(Phase.COMPILE,),
        wrapper=True,
    ),
    _CONVERT.rule(
        "mlc-conversion-that-stops",
        r"convert_weight\b|auto_weight\.py",
        0.45,
        also=(
            (Category.PROCESS_HUNG, 0.3),
            (Category.HOST_OUT_OF_MEMORY, 0.15),
            (Category.CONFIG_INVALID, 0.15),
            (Category.COMPILE_FAILED, 0.12),
        ),
        phases=(Phase.COMPILE,),
        runtimes=_MLC,
        unless=r"error|exception|fail|killed|crash",
        wrapper=True,
    ),
    _CONVERT.rule(
        "mlc-tied-embeddings",
        r"\blm_head\.weight\b|tie_word_embeddings\b",
        0.56,
        also=((Category.ARTIFACT_CORRUPT, 0.2), (Category.CONFIG_INVALID, 0.25)),
        phases=(Phase.COMPILE,),
        runtimes=_MLC,
        wrapper=True,
    ),
    _PLATFORM.rule(
        "mlc-object-of-another-platform",
        r"building for '?[\w -]{1,30}'?, but linking in (?:object file|dylib)|built for '?(?:ios|macos|ios-simulator|tvos|visionos)'?\)?[^\n]{0,40}(?:but|which is not|not for)|(?:lib|library|wheel|binary|package)s?\b[^\n]{0,40}\b(?:is|are|was|were) (?:only )?(?:built|compiled|made) for (?:the )?(?:arm64|aarch64|x86_64|apple silicon|intel)|cannot link directly with[^\n]{0,60}platform",
        0.96,
        also=((Category.COMPILE_FAILED, 0.4), (Category.GPU_UNSUPPORTED, 0.12)),
    ),
    _BUILD.rule(
        "mlc-pass-stack",
        r"mod_transform_before_build\b|_ffi_transform_api\.runpass|compile_cutlass_module|tvm\.transform\.sequential\(|driver_ffi\.tir_to_runtime|relax\.build\(mod|lib = tvm\.(?:build|compile)\(|in _vmlink\b|core\.build_model_from_args|interface[/\\]compile\.py\W{1,3}line|compiler_pass[/\\]\w{1,60}\.py\W{1,3}line|_ffi_api\.schedule\w{1,60}\(|tir[/\\]schedule[/\\]schedule\.py\W{1,3}line",
        0.64,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.HOST_MISSING_DEPENDENCY, 0.15)),
        wrapper=True,
    ),
    # A stack without the error that it belongs to: something failed, so it was no standstill.
    _BUILD.rule(
        "mlc-stack-that-stops",
        r"traceback \(most recent call last|file \"[^\"\n]{0,200}(?:mlc_llm|mlc_chat|tvm)[/\\][^\"\n]{1,120}\.py\", line \d",
        0.45,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.42), (Category.HOST_MISSING_DEPENDENCY, 0.15)),
        phases=(Phase.COMPILE,),
        runtimes=_MLC,
        unless=r"error:|exception|fail|killed|crash",
        wrapper=True,
    ),
    _BUILD.rule(
        "mlc-program-not-well-formed",
        r"funcstructinfo|struct_info_\.defined|(?:is|are) not well-?formed|memory verification failed|variable `?\w{1,60}`? is directly accessed by host memory|did you forget to bind\??|bitcast requires size match|\bscheduleerror:|cannot (?:legalize|lower) (?:the )?(?:op|relax|call)|\brelax\.transform\.\w{1,60}[^\n]{0,40}fail|(?:instruction|reached) [^\n]{0,40}not (?:supported|implemented) in (?:codegen|the code generator)|cannot handle data ?type|unsupported type in the tir|data type [\w()]{1,30} not supported by (?:cuda|metal|opencl|vulkan|webgpu)",
        0.86,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.35),),
    ),
    _BUILD.rule(
        "mlc-state-of-pipeline",
        r"\(state != nil\) is false|cannot get state: for function",
        0.93,
        also=((Category.GPU_FEATURE_MISSING, 0.4), (Category.GPU_DRIVER, 0.2)),
        unless=r"threadgroup memory",
    ),
    # That something failed while a library was made, and not what.
    _BUILD.rule(
        "mlc-build-in-words",
        r"\ban error (?:occur|happen|as |when|while|message)|facing an? error|following errors?\b|calledprocesserror",
        0.39,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        phases=(Phase.COMPILE,),
        runtimes=_MLC,
        wrapper=True,
    ),
    _BUILD.rule(
        "tvm-types-of-program",
        r"type checker is unable to show|the block is not an? \w{3,20} block|an error occurred in the schedule primitive|one or more error diagnostics were emitted|ill-?formed (?:ir|module|function)",
        0.9,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.CONFIG_INVALID, 0.15)),
    ),
    _BUILD.rule(
        "sources-for-another-compiler",
        r"does not name a (?:template )?type\b",
        0.9,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.25), (Category.HOST_MISSING_DEPENDENCY, 0.2)),
    ),
    _BUILD.rule(
        "mlc-memory-of-wasm-module",
        r"wasm-ld: error: initial memory too small|wasm-ld: error: unknown file type",
        0.96,
    ),
    _TOOLS.rule(
        "mlc-own-libraries",
        r"cannot find librar(?:y|ies): (?:lib)?(?:mlc_llm|tvm|tvm_runtime|wasm_runtime|mlc_wasm|webgpu_runtime|tvmjs|model_iphone)\w{0,30}|couldn't find (?:the )?(?:native library|resource) (?:lib)?tvm4j\w{0,30}|no (?:lib)?tvm4j\w{0,30} in java\.library\.path|library \"?libtvm4j\w{0,40}\.so\"? not found|library (?:not found for|')-?l?model_(?:iphone|android)",
        0.97,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.COMPILE_FAILED, 0.2)),
    ),
    _TOOLS.rule(
        "mlc-packages",
        r"(?:requirement|distribution found for|packages?[^\n]{0,60}:\s{0,8}-) ?mlc[-_](?:ai|llm|chat)\b|(?:must|need to|please) install mlc[-_](?:chat|llm|ai)\b|no module named ['\"]?mlc_(?:llm|chat)(?:\.build)?['\"]?$|\bmlc_(?:llm|chat)(?:\.\w{1,20}|_cli)?`?:? (?:command not found|cannot be found|is not recognized)",
        0.96,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.25), (Category.NETWORK_UNREACHABLE, 0.1)),
    ),
    _TOOLS.rule(
        "mlc-built-without-device",
        r"device api \w{3,12} is not enabled|use_(?:cuda|vulkan|metal|opencl|rocm|llvm)\b[^\n]{0,30}\boff\b",
        0.88,
        also=(
            (Category.GPU_UNSUPPORTED, 0.4),
            (Category.CONFIG_INVALID, 0.3),
            (Category.ARTIFACT_INCOMPATIBLE, 0.2),
        ),
        runtimes=_MLC,
    ),
    _TOOLS.rule(
        "mlc-optional-libraries",
        r"cannot find (?:cutlass|flashinfer|nccl|rccl|thrust|cudnn|cublas|tensorrt|llvm)\b|\b(?:cutlass|flashinfer|flash_attn|faster_?transformer)\b[^\n]{0,30}(?:not found|not installed|is missing|missing$)|please set use_\w{3,20}",
        0.84,
        also=((Category.CONFIG_INVALID, 0.35), (Category.COMPILE_FAILED, 0.2)),
        runtimes=_MLC,
    ),
    _TOOLS.rule(
        "mlc-no-wheel",
        r"\bno (?:pre-?built )?(?:wheels?|whl)\b[^\n]{0,60}\b(?:for|on)\b|cannot find (?:a |any )?(?:wheels?|whl)\b|\bwheels? (?:is|are) (?:missing|not available|gone)",
        0.8,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4), (Category.NETWORK_HTTP_ERROR, 0.1)),
        phases=(Phase.PREFLIGHT, Phase.RUNTIME),
    ),
    _TOOLS.rule(
        "mlc-tokenizers-in-rust",
        r"libtokenizers_c(?:pp)?\.a\b[^\n]{0,20}(?:error|fail)|(?:error|fail\w{0,3})[^\n]{0,60}(?:generating|building|making) `?(?:\S{0,40}/)?libtokenizers_c|generating \S{0,40}libtokenizers_c(?:pp)?\.a[^\n]{0,20}\n[^\n]{0,200}(?:no such file|not found|error)",
        0.93,
        also=((Category.COMPILE_FAILED, 0.5),),
    ),
    # A compiler of Rust that does not fit the build, or that lacks the target's library.
    _TOOLS.rule(
        "mlc-rust-toolchain",
        r"toolchain '[^'\n]{1,60}' does not (?:contain|have)|component '?rust-std'?|--explain e0463|can't find crate for `(?:std|core|alloc)`|target may not be installed|unrecognized option: 'diagnostic-width'|requires rustc \d[\d.]{1,8}|package `[^`\n]{1,60}` cannot be built because it requires|feature `edition20\d\d` is required|rustup target add|lock file version \W?4\W? (?:was found|requires)|(?:rustc|cargo) [\d.]{1,8} is (?:too old|not supported)",
        0.97,
        also=((Category.COMPILE_FAILED, 0.55), (Category.ARTIFACT_INCOMPATIBLE, 0.1)),
    ),
    _TOOLS.rule(
        "mlc-java-of-another-version",
        r"has been compiled by a more recent version of the java runtime|class file version \d{2}\.0|unsupported class file major version|invalid (?:source|target) release: ?\d|requires java \d{1,2} to run|android gradle plugin requires java|unsupported major\.minor version|you are currently using java \d|incompatible because this component declares[^\n]{0,120}java",
        0.94,
        also=((Category.COMPILE_FAILED, 0.4), (Category.ARTIFACT_INCOMPATIBLE, 0.35)),
    ),
    _TOOLS.rule(
        "mlc-compiler-on-windows",
        r"_windows_compile\b[\s\S]{0,800}winerror 2\b|winerror 2\][\s\S]{0,400}_windows_compile|cc\.py\W{1,3}line[\s\S]{0,600}winerror 2\b",
        0.97,
        also=((Category.COMPILE_FAILED, 0.4), (Category.CONFIG_INVALID, 0.2)),
    ),
    _TOOLS.rule(
        "mlc-lines-beside-a-missing-compiler",
        r"tvm\\src\\[^\n]{0,60}the block no longer exists in the irmodule",
        0.92,
        also=((Category.COMPILE_FAILED, 0.5),),
    ),
    _TOOLS.rule(
        "mlc-target-of-llvm",
        r"no available targets are compatible with (?:this )?triple|unable to find target for this triple|target\.build\.\w{1,20} is not enabled|target llvm is not enabled|llvm (?:was|is) (?:not )?(?:built|compiled) without (?:the )?\w{1,20} (?:target|backend)",
        0.84,
        also=(
            (Category.COMPILE_FAILED, 0.35),
            (Category.ARTIFACT_INCOMPATIBLE, 0.25),
            (Category.CONFIG_INVALID, 0.3),
        ),
    ),
    _SETTING.rule(
        "mlc-built-without-target",
        r"target (?:vulkan|opencl|metal|cuda|rocm|webgpu) is not enabled|\w{3,8} runtime not enabled, return a source module",
        0.96,
        also=(
            (Category.HOST_MISSING_DEPENDENCY, 0.5),
            (Category.ARTIFACT_INCOMPATIBLE, 0.2),
            (Category.COMPILE_FAILED, 0.3),
        ),
    ),
    _SETTING.rule(
        "mlc-device-without-detection",
        r"auto detection for device `?\w{1,20}`? is not supported",
        0.88,
        also=((Category.GPU_UNSUPPORTED, 0.35), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
    ),
    _SETTING.rule(
        "mlc-quantization-for-another-device",
        r"device type \w{3,12} is not supported|(?:q\d\w{1,8}_ft|fastertransformer|cutlass|ft_quant\w{0,12})[^\n]{0,60}(?:only|not) (?:support|available|works?)",
        0.94,
        also=((Category.GPU_UNSUPPORTED, 0.35), (Category.ARTIFACT_INCOMPATIBLE, 0.35)),
        phases=(Phase.COMPILE,),
        runtimes=_MLC,
    ),
    _SETTING.rule(
        "mlc-speculative-mode",
        r"models_\.size\(\) ?> ?1u?\b|speculative[^\n]{0,60}(?:requires?|needs?|expects?)[^\n]{0,40}(?:additional|draft|second)|additional models? (?:is|are|must|should)[^\n]{0,40}(?:given|provided|specified)",
        0.9,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2),),
    ),
    _SETTING.rule(
        "mlc-folders-of-sources",
        r"/mlc4j\"? does not exist|\b(?:mlc_llm_source_dir|mlc_llm_home|tvm_source_dir|tvm_home|tvm_ndk_cc|android_ndk|tvm_home)\b[^\n]{0,60}(?:not set|is wrong|invalid|is empty|not exist|not defined|must be|is not|should)",
        0.74,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.45), (Category.COMPILE_FAILED, 0.25)),
    ),
    _SETTING.rule(
        "tvm-names-of-inputs",
        r"shape for inputs that weren't found in the graph|input name \S{1,60} not found in (?:the )?graph",
        0.86,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3),),
    ),
    _SETTING.rule(
        "mlc-path-for-a-url",
        r"no protocol: ?/|add model failed: no protocol|malformedurlexception",
        0.92,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.3),),
    ),
    # Printed beside whatever else fails: LLVM does not know the processor that the target names.
    _BUILD.rule(
        "mlc-processor-of-llvm",
        r"-mcpu=apple-latest`? is not valid in",
        0.5,
        also=((Category.CONFIG_INVALID, 0.25), (Category.GPU_UNSUPPORTED, 0.2), (Category.UNKNOWN, 0.2)),
        runtimes=_MLC,
        wrapper=True,
    ),
    # The records of models changed with the versions: a key that one version writes another asks for.
    _CONVERT_RECORD.rule(
        "mlc-key-of-record",
        r"\b(?:vocab_size|context_window_size|prefill_chunk_size|max_batch_size|sliding_window(?:_size)?|attention_sink_size|max_window_size|mean_gen_len|tensor_parallel_shards|conv_template|model_lib|kv_state_kind)['\"`]* (?:is |was )?(?:not found|missing|not (?:set|defined|given))|missing (?:key |field )?['\"`]?(?:vocab_size|context_window_size|prefill_chunk_size|max_batch_size|sliding_window(?:_size)?|attention_sink_size|max_window_size|mean_gen_len|tensor_parallel_shards|conv_template|kv_state_kind)\b",
        0.9,
        also=((Category.CONFIG_INVALID, 0.4), (Category.ARTIFACT_TOKENIZER, 0.1)),
        runtimes=_MLC,
    ),
    # Commands and kinds of models that the installed version does not have.
    _CONVERT_RECORD.rule(
        "mlc-command-of-other-version",
        r"argument (?:subcommand|--model-type|--conv-template): invalid choice|usage: mlc autollm[^\n]{0,200}\n?[^\n]{0,80}(?:--model-type \{|quantization)",
        0.95,
        also=((Category.CONFIG_INVALID, 0.7),),
        runtimes=_MLC,
    ),
)

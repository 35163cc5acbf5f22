"""Rules for parts that were made for different versions: formats, architectures, weights, libraries."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .reasons import OTHER_SHAPE as _SHAPE
from .reasons import SKEW as _SKEW
from .reasons import UNKNOWN_ARCHITECTURE as _UNKNOWN_ARCH

_CORRUPT = (Category.ARTIFACT_CORRUPT, 0.25)
_CONFIG = (Category.CONFIG_INVALID, 0.25)

RULES = (
    _SKEW.rule(
        "old-ggml-format",
        r"67676a74|67676d6c|67676d66|ggjt|ggmf|ggla|(?:bad|invalid|unknown|unsupported)[^\n]{0,24}(?:file )?version[^\n]{0,40}(?:ggml|ggjt|gguf|model)|unsupported (?:file|model|gguf|ggml) (?:format|version)|gguf version|gguf[^\n]{0,40}version[^\n]{0,40}(?:not supported|unsupported|extremely large|invalid|only)|is this really a ggml(?<!0{8}, 0{8}; is this really a ggml)|you most likely need to regenerate|outdated (?:model|ggml)|ggml (?:models?|files?|format)[^\n]{0,40}(?:no longer|not) supported|old (?:format|ggml)|quantization (?:version|format)[^\n]{0,40}(?:chang|old|not supported|unsupported)|unsupported quantization version",
        0.9,
        also=(_CORRUPT, _CONFIG),
    ),
    _SKEW.rule(
        "gguf-type",
        r"invalid ggml type|unknown (?:ggml |tensor |quant(?:ization)? )?type \d+|has invalid ggml type|unsupported tensor type|tensor '[^'\n]{0,80}' (?:of type|has invalid (?!data))|unknown (?:file )?type\b(?! name| ?=)|unsupported data ?type|invalid_graph|this is an invalid model",
        0.6,
        also=((Category.ARTIFACT_CORRUPT, 0.48), _CONFIG),
        unless=r"67676a74|invalid magic number 67676|ggjt",
    ),
    _UNKNOWN_ARCH.rule(
        "unknown-architecture",
        r"unknown (?:model )?architecture|unknown (?:gguf )?model_type|could not find (?:the )?model (?:architecture|type|class|implementation)|unknown model type|model type[^\n]{0,100}(?:not (?:yet )?supported|does not recognize|not recogni[sz]ed|unknown|unsupported|isn't supported)|does not recognize this architecture|(?:model )?architectures?[^\n]{0,80}(?:is |are )?(?:not (?:currently |yet )?(?:supported|recogni[sz]ed|implemented)|unsupported|failed to be inspected)|not supported for now|unsupported (?:model|architecture|arch)|unrecognized model in|model (?:class|arch)[^\n]{0,60}not (?:found|supported|registered)|unrecogni[sz]ed configuration class|model_type[^\n]{0,60}(?:not|unknown|unsupport)|(?:model|architecture|arch) (?:is )?not (?:yet )?supported|not supported by this version|newer version|\w+for(?:causallm|conditionalgeneration) is not supported|need to (?:upgrade|update) (?:ollama|llama|transformers|vllm)|please (?:upgrade|update) (?:ollama|to the latest|transformers|your version)|requires a newer version|unsupported op(?:erator|set|code)?\b|opset|unknown (?:vision|projector|clip|mmproj)",
        0.9,
        also=(_CONFIG, (Category.HOST_MISSING_DEPENDENCY, 0.06)),
        unless=r"architecture: 'clip'|model_arch_clip| for task |for this kind of automodel|fmha|\baco error\b|ggml[^\n]{0,120}unsupported op|gpu architecture|newer version of (?:the )?driver|host arch|hipblaslt|rocblas|miopen",
    ),
    _UNKNOWN_ARCH.rule(
        "unknown-template",
        r"unknown conv(?:ersation)? template|conv(?:ersation)?[_ ]template[^\n]{0,60}(?:not|unknown|invalid|unsupport)",
        0.86,
        also=((Category.CONFIG_INVALID, 0.4), (Category.ARTIFACT_TOKENIZER, 0.08)),
    ),
    _UNKNOWN_ARCH.rule(
        "config-schema",
        r"validation errors? for \w*(?:chatconfig|mlcchat)\w*|extra (?:inputs are not permitted|fields not permitted)|mlcchatconfig|field required|(?:key|field|attribute) [`'\"][\w.]+[`'\"] (?:is )?(?:not found|missing|required)|not found in (?:the )?(?:json|config|gguf)|key not found in model(?!: tokenizer)|missing (?:key|field) |partial_update|conv_template|rope_scaling[^\n]{0,60}(?:must|should|invalid|dictionary|unsupported|field)|error loading model hyperparameters|invalid n_rot|config' object has no attribute|object has no attribute '(?:rope|num_|hidden|vocab|max_position|_?quant|head_dim)",
        0.86,
        also=((Category.CONFIG_INVALID, 0.32), (Category.ARTIFACT_CORRUPT, 0.14)),
    ),
    _SHAPE.rule(
        "parameter-missing",
        r"cannot find parameter in cache|cannot find tensor [\w.]|weight [\w.]{1,80} does not exist|does not contain tensor|layer \d+: missing|can ?not map tensor|\w not found in (?:the|this) model(?: file)?\b(?! (?:list|zoo|dir|path|regis|id|cache|hub))|missing (?:the )?\w{1,20} projection|missing (?:key|tensor|parameter|weight)s?\b|missing tensor|missing (?:the )?\w{2,40}\.[\w.]{0,60}(?:weight|bias)\b|cannot find [\w.]{5,80} in metadata|unexpected key(?!word)|error\(s\) in loading state_dict|missing key\(s\) in state_dict|tensor '[^'\n]{1,100}' not found|wrong number of tensors|no tensor named|no weights? (?:named|for)|(?:weight|tensor|parameter)s? [^\n]{0,100}(?:not found|does not exist|missing) in|(?:not|weren't|were not) initialized from|some weights of|could not find tensor|check_tensor_dims|missing from the (?:checkpoint|file)|do(?:es)? not exist in the (?:weight|checkpoint|model)|extern parameters|keyerror: '?(?:model|lm_head|transformer|layers?|blk|encoder|decoder|visual|language_model|embed)[\w.]*\.",
        0.91,
        also=((Category.ARTIFACT_CORRUPT, 0.14),),
    ),
    _SHAPE.rule(
        "shape-mismatch",
        r"size mismatch for|has (?:wrong )?shape[^\n]{0,80}(?:expected|but|instead)|shape mismatch|wrong shape|shapes? (?:do(?:es)? not match|cannot be multiplied|mismatch)|mat1 and mat2|mismatched (?:sizes|shapes)|shape[^\n]{0,60}(?:incompatible|invalid for input of size)|the size of tensor a|loaded weight|param_data\.shape == loaded_weight\.shape|expected shape|dtype mismatch|tensor dimension|ptr->dtype == dtype|(?:ndim|shape|dtype)[^\n]{0,40}(?:expected|mismatch)[^\n]{0,40}|got invalid dimensions|dimension \d+ should be (?:the )?same as|attempted to load weight|inconsistent (?:tensor|shape)|expected (?:scalar type|mat1|m1|input|tensor)[^\n]{0,60}(?:but|got|to have)|must have the same dtype|symbolic shape|\bmismatched\b(?! types)",
        0.74,
        also=((Category.CONFIG_INVALID, 0.22), (Category.ARTIFACT_CORRUPT, 0.15)),
    ),
    _SKEW.rule(
        "missing-function",
        r"cannot find global function|cannot find function|\bvm\.builtin\.\w{2,60}[^\n]{0,12} (?:is |was )?not found|module has no function|requires \d+ inputs? but only \d+|legacy model lib|invalid vm file format|function [\w.:]+ not found|expects \d+ arguments?,? but \d+|(?<!overload )expects (?:at (?:least|most) )?\d+ arguments|do not know how to handle return type|unknown type ?(?:=|code|index)|type (?:index|key|code)[^\n]{0,40}(?:not (?:found|registered)|unknown|mismatch|unregistered)|is not registered|global function[^\n]{0,80}(?:not|already)|not registered\b|typecodes?|packedfunc[^\n]{0,60}(?:mismatch|expects)|cannot find (?:packed)?func|__tvm_(?:ffi|dev)|getkwargsobject|tvm_ffi|already registered|cannot convert from type|expected [\w.\[\]* ]+ but (?:got|get) [\w.]+|version mismatch|mismatch(?:ed)? (?:between|version|abi)|abi (?:mismatch|incompatib|version)|binary incompatib|(?<!cuda )runtime version|not (?:compatible|built) (?:with|for)|incompatible (?:version|with|model|library|format|abi)|built (?:for|with|against)[^\n]{0,40}(?:different|another|newer|older|other)|compiled (?:for|with|against)[^\n]{0,60}(?:different|another|newer|older|other|version)",
        0.8,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.15), (Category.CONFIG_INVALID, 0.12)),
        unless=r"expected \w+ but got null\b|function target\.build\.|cuda capability|gpu architecture|with the current system|driver/library|nvml|runtime\.disco|cuda driver|nvidia driver|not registered[^\n]{0,40}loader|loader of that name|loader for `[.\w-]{0,12}` files",
    ),
    _SKEW.rule(
        "wasm-link",
        r"(?<!unsatisfied)linkerror|asynctify is not enabled|detect wasm memory|import #\d+|function import requires a callable|imported function does not match|module is not an object or function|wasm[^\n]{0,60}(?:import|abi|version)[^\n]{0,30}(?:mismatch|missing|error)|webassembly\.instantiate\(\): import|memory import|is not a function[^\n]{0,40}(?:wasm|asm)|cannot find [^\n]{0,40}in wasm|unknown custom op",
        0.9,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.08),),
    ),
    _SKEW.rule(
        "undefined-symbol",
        r"(?<!forbidding )undefined symbol(?!s in shared)|(?<!named )symbol not found|missing symbol called|symbol lookup error|entry ?point[^\n]{0,60}not (?:be )?(?:found|located)|winerror 127|specified procedure could not be found|cannot locate symbol|dlsym[^\n]{0,60}(?:not found|fail)|unsatisfied(?<!unsatisfied)linkerror|entrypointnotfoundexception|no implementation found for|symbol[^\n]{0,80}(?:not found|missing) in",
        0.78,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.42),),
        unless=r"musl|undefined symbol: _{0,2}(?:getcpu|memfd_create|getrandom|getentropy|gettid|reallocarray)\b|cuda_error_not_found|linker command failed|ld returned|ld: error|undefined symbol: (?:cu[a-z]+\w*|nvml\w*)|symbol lookup for cu|unsatisfied(?<!unsatisfied)linkerror: dlopen failed: library|bitsandbytes_cpu|cudaerrorsymbolnotfound|named symbol not found",
    ),
    _SKEW.rule(
        "wrong-architecture",
        r"wrong elf class|invalid elf header|exec format error|not a mach-o|can't run on your pc|mach-o[^\n]{0,60}(?:incompatible|wrong)|incompatible architecture|wrong architecture|winerror 193|not a valid win32|bad cpu type|have '\w+', need '\w+'|os error 193|unsupported elf|is not a valid application|err_dlopen_failed[^\n]{0,80}(?:arch|version)|platform does not match|image platform|arm64[^\n]{0,30}x86_64|e_machine|invalid image format",
        0.86,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.HOST_UNSUPPORTED_CPU, 0.12)),
        unless=r"libcuda",
    ),
    _SKEW.rule(
        "library-api-changed",
        r"cannot import name|is already imported|has no attribute|unexpected keyword argument|takes \d+ positional arguments?|got multiple values for|missing \d+ required (?:positional|keyword)|is not a function|is not a constructor|has been (?:removed|deprecated|renamed)|no longer (?:supported|available)(?! to)|nosuchmethoderror|methodnotfound|abstractmethoderror|numpy\.dtype size changed|module that was compiled using numpy|incompatible with|requires? (?:the )?[\w.-]+ ?[<>=]=? ?[\d.]+|version(?:s)? (?:conflict|incompatib)|but you have|pkg_resources\.|versionconflict|does not provide an export",
        0.7,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.36), (Category.CONFIG_INVALID, 0.25)),
        unless=r"password authentication|jinja|undefinedvalue|undefinederror|_special_tokens|nonetype' object|'nonetype'|gpu|driver|requires sm|tokenizer\w*' object|(?:engine|model|llm)' object has no attribute '(?:_?model|_?ctx|_ffi|_?engine|_?llm)'|\.(?:replace|replaceall|split|startswith|endswith|trim|tolowercase|touppercase|charcodeat|substring) is not a function",
    ),
    _SKEW.rule(
        "loader-object-empty",
        r"assert self\.(?:ctx|model|_model|_ctx) is not none|'llama' object has no attribute 'ctx'|could not load (?:the )?\w* ?model from path|null result from llama|_m_range_check|invalid vector subscript|vector::_m_",
        0.42,
        also=(
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.36),
            (Category.ARTIFACT_CORRUPT, 0.25),
            (Category.PROCESS_CRASHED, 0.15),
            (Category.UNKNOWN, 0.12),
        ),
        phases=(Phase.LOAD, Phase.METADATA, Phase.RESOLVE),
    ),
    _SKEW.rule(
        "tvm-check-failed",
        r"check failed:",
        0.42,
        also=(
            (Category.PROCESS_CRASHED, 0.15),
            (Category.CONFIG_INVALID, 0.2),
            (Category.COMPILE_FAILED, 0.12),
        ),
        phases=(
            Phase.LOAD,
            Phase.METADATA,
            Phase.RUNTIME,
            Phase.GENERATE,
            Phase.PREFLIGHT,
            Phase.RESOLVE,
            Phase.WEIGHTS,
        ),
        wrapper=True,
    ),
    _SKEW.rule(
        "tvm-assert",
        r"assert fail: |type_key2index|cannot find type \w|argument [\w.]+ (?:has|expects)|tvm_struct_get|lacks (?:\w+ )?artifacts|does not (?:contain|include) (?:the )?(?:\w+ )?(?:artifacts|section|signature)|numpy 1\.x cannot be run",
        0.66,
        also=(
            (Category.COMPILE_FAILED, 0.2),
            (Category.HOST_MISSING_DEPENDENCY, 0.15),
            (Category.CONFIG_INVALID, 0.12),
        ),
        unless=r"device_type has an unsatisfied",
    ),
    _SKEW.rule(
        "onnx-version",
        r"unsupported model ir version|max supported ir version|could not find an implementation for|no op registered|is not a registered function|not a registered (?:op|function)|missing the following inputs|invalid feed input|invalid rank for input|operator \S+ does not exist|file in wrong format|0xc000007b",
        0.84,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3), (Category.CONFIG_INVALID, 0.15)),
    ),
    _SKEW.rule(
        "backend-call-missing",
        r"(?:webgpuinit|requestadapterinfo|jsepinit|_ort\w+|ortcreate\w*|wasm_\w+) is not a function|no available backend found[^\n]{0,120}is not a function",
        0.8,
        also=((Category.CONFIG_INVALID, 0.3), (Category.GPU_UNSUPPORTED, 0.2)),
    ),
    _UNKNOWN_ARCH.rule(
        "loader-does-not-know-it",
        r"unknown model, cannot load|model unknown, cannot load|load model ok: false|model type \w+ not supported|unsupported model type|no (?:loader|handler|engine|runtime|model class|plugin)[^\n]{0,40} (?:for|found|supports)|cannot determine model type|could not (?:determine|detect|identify)[^\n]{0,40}(?:model|type|format|arch)|may be incompatible with your version|unrecogni[sz]ed (?:model|file|format|arch)|not (?:a )?recogni[sz]ed (?:model|format|arch)|model (?:format|version) (?:is )?(?:not|un|too)|unexpected (?:tensor|weight|parameter|key)s?|received (?:\d+ )?parameters not in model|missing \d+ parameters|parameters? not in model|weights? (?:not|missing)[^\n]{0,30}model|missing required scale|unknown (?:rope|activation|attention|layer|norm|op|operator|block)\b|cannot find model module|is not a registered model|(?:unrecogni[sz]ed|unknown) quanti[sz]ation (?:config|method|format|scheme)",
        0.78,
        also=(_CORRUPT, _CONFIG, (Category.ARTIFACT_MODEL_NOT_FOUND, 0.1)),
        unless=r"unexpected keyword|unexpected token| for task |config format for no config",
    ),
    _SKEW.rule(
        "module-magic",
        r"virtualmachine\][^\n]{0,20}magic|module\[\w+\] magic|executable[^\n]{0,40}(?:version|magic)[^\n]{0,20}mismatch|serialized by[^\n]{0,40}(?:different|older|newer)",
        0.88,
    ),
    _SHAPE.rule(
        "parameter-by-name",
        r"could not find (?:model|lm_head|transformer|encoder|decoder|language_model)\.[\w.]+|(?:no|missing) (?:tensor|weight|parameter)s? (?:named|called|for)|trying to set a tensor of shape|some but not all shards|number of compiled shards|cannot be broadcast|broadcast_shapes|could not broadcast|unrecogni[sz]ed tensor type|unknown tensor (?!'')|weights? (?:mismatch|do(?:es)? not match)|incorrect (?:number of )?(?:dimensions|shape)|invalid (?:shape|dimension)s?|inhomogeneous|rank mismatch|element count mismatch|data ?type mismatch",
        0.84,
        also=(_CORRUPT, _CONFIG),
    ),
    _UNKNOWN_ARCH.rule(
        "support-to-come",
        r"support is not (?:ready|available|implemented|complete)|not (?:supported|implemented|available) yet|(?:is|are) not yet (?:supported|implemented|available)|yet to be (?:supported|implemented)|support (?:is )?coming|stay tuned|work in progress|no module named '?\w+\.models?\.\w+|unknown (?:model|architecture) (?:class|name)",
        0.74,
        also=(_CONFIG, (Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.GPU_FEATURE_MISSING, 0.12)),
        unless=r"webgpu|browser|\bgpu\b|\bmps\b|device|\w(?:completion|request)\w* are not",
    ),
    _SHAPE.rule(
        "python-typing-while-loading",
        r"\bvalueerror\b|\battributeerror\b|\bkeyerror\b|\bindexerror\b|\btypeerror\b|\bassertionerror\b|\bnotimplementederror\b",
        0.31,
        phases=(Phase.LOAD, Phase.METADATA),
        runtimes=("mlc", "tvm", "vllm", "other", "llama", "mlx", "sglang", "exllama", "transformers"),
        wrapper=True,
    ),
    _SHAPE.rule(
        "protobuf-too-large",
        r"exceeded maximum protobuf size|protobuf serialization failed|exceeds the (?:maximum )?(?:2 ?gb|protobuf) limit|larger than the 2 ?gib limit",
        0.6,
        also=((Category.ARTIFACT_CORRUPT, 0.4), _CONFIG),
    ),
    _SHAPE.rule(
        "variable-of-module",
        r"cannot find global var\b|cannot find (?:the )?corresponding key in the map",
        0.48,
        also=((Category.COMPILE_FAILED, 0.42), _CONFIG),
    ),
    _SHAPE.rule(
        "variable-while-compiling",
        r"cannot find global var\b",
        0.35,
        also=((Category.COMPILE_FAILED, 0.62),),
        phases=(Phase.COMPILE,),
    ),
    _SHAPE.rule(
        "key-of-config",
        r"could not find any of: \['(?:num_|n_)|keyerror: '(?:vocab_size|padded_vocab_size|hidden_\w{1,20}|num_\w{1,30}|n_\w{1,12}|rope_\w{1,20}|max_\w{1,30}|model_type|architectures?|intermediate_size|head_dim|torch_dtype|quantization_config|quant_method|layer_types|text_config)'",
        0.74,
        also=((Category.CONFIG_INVALID, 0.35), (Category.COMPILE_FAILED, 0.1)),
    ),
    _SKEW.rule(
        "format-too-old",
        r"too old, regenerate|regenerate your model files|convert-unversioned|please (?:re-?convert|re-?quantize|regenerate (?:the|your|model|it|gguf|ggml))|re-?convert (?:the|your) model|migrate-ggml|model format has changed|new(?:er)? format, (?:please )?(?:convert|update)",
        0.9,
        also=(_CORRUPT,),
    ),
    _SKEW.rule(
        "gguf-metadata-type",
        r"invalid gguf type for (?!tokenizer)|must be of type \w+ but is|array length \d+ for key|wrong type \w{1,12} but expected|key [\w.]{1,60} has wrong type|unsupported (?:vocab|tokenizer|rope|pooling)[_ ](?:type|model)",
        0.74,
        also=((Category.ARTIFACT_TOKENIZER, 0.25), _CORRUPT),
    ),
    _SKEW.rule(
        "device-of-library",
        r"device_type has an unsatisfied constraint|device_id has an unsatisfied constraint",
        0.5,
        also=((Category.CONFIG_INVALID, 0.55), (Category.GPU_UNSUPPORTED, 0.2)),
    ),
    _SKEW.rule(
        "program-read-by-shell",
        r"syntax error near unexpected token|: not found(?=[^\n]{0,20}\n[^\n]{0,80}syntax error)|line \d+: \x7felf|exec format error|cannot execute binary file|not a valid win32 application|bad cpu type in executable|%1 is not a valid",
        0.6,
        also=((Category.CONFIG_INVALID, 0.35), _CORRUPT, (Category.HOST_UNSUPPORTED_CPU, 0.2)),
        unless=r"json|javascript",
    ),
    _SKEW.rule(
        "blob-not-loaded",
        r"unable to load model: (?:sha256|\S{0,200}blobs)",
        0.56,
        also=((Category.ARTIFACT_CORRUPT, 0.4), (Category.GPU_OUT_OF_MEMORY, 0.15)),
    ),
    # The library is there and another version than the one that asks: it lacks the function.
    _SKEW.rule(
        "procedure-of-library",
        r"specified procedure could not be found|winerror 127\b|找不到指定的程序|procedure entry point[^\n]{0,80}(?:could not be|not) (?:located|found)|prozedur wurde nicht gefunden|procédure spécifiée est introuvable|no se (?:puede|pudo) encontrar el procedimiento",
        0.82,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.5),),
    ),
    _SKEW.rule(
        "name-not-exported",
        r"is not exported from '|does not provide an export named|has no exported member|no matching export in ",
        0.78,
        also=((Category.CONFIG_INVALID, 0.25), (Category.HOST_MISSING_DEPENDENCY, 0.12)),
    ),
    _SKEW.rule(
        "name-gone-from-api",
        r"(?:has not been|was not) declared in ['‘`]?(?:tvm|mlc|dlpack|llama|ggml|ort)\b",
        0.93,
        also=((Category.COMPILE_FAILED, 0.5),),
    ),
    _SKEW.rule(
        "number-of-arguments-of-packed-function",
        r"invalid number of [\w ]{1,40} args\b|check failed: \(?\(?args\.size\(\) ?==",
        0.88,
        also=((Category.CONFIG_INVALID, 0.1),),
    ),
    _SKEW.rule(
        "type-of-newer-engine",
        r"data must be (?:of )?type (?:of )?function \w+array",
        0.84,
        also=((Category.CONFIG_INVALID, 0.2),),
    ),
    # Nothing was given where the function wants something: of another version, or what it asked the machine for is not there.
    _SKEW.rule(
        "nothing-given-to-function",
        r"expected \w+ but got null\b",
        0.6,
        also=(
            (Category.HOST_MISSING_DEPENDENCY, 0.35),
            (Category.COMPILE_FAILED, 0.3),
            (Category.CONFIG_INVALID, 0.2),
        ),
    ),
    # The package goes by another name now; who imports the old one may have the new one.
    _SKEW.rule(
        "renamed-package",
        r"no module named ['\"]?mlc_chat\b",
        0.5,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.6),),
    ),
    _SKEW.rule(
        "before-gguf",
        r"67676a74|67676d6c|67676d66|\bggjt\b|\bggmf\b|\bggla\b",
        0.95,
    ),
    _SKEW.rule(
        "type-of-newer-file",
        r"has invalid ggml type \d{1,3}\b|\(bad ftype value|only `raw-shard` format|unknown \(magic, version\) combination: (?!0{8})|logit array sizes are bad|elements per row, not a multiple of block size|tensor name \d+ is too long|unknown variant `[bfiu]f?\d|unknown quanti[sz]ation type|(?:unknown|unsupported) (?:tensor |safetensors? )?dtype (?:for tensor|[bf]f?\d|[iu]\d|mxfp|nvfp)|(?:unknown|unsupported) (?:file )?(?:suffix|extension)|does not contain the valid metadata",
        0.93,
        also=((Category.ARTIFACT_CORRUPT, 0.22), (Category.CONFIG_INVALID, 0.12)),
    ),
    _SKEW.rule(
        "pickle-refused",
        r"weights only load failed|unsupported global: global|was not an allowed global|weightsunpickler error|add_safe_globals",
        0.82,
        also=((Category.CONFIG_INVALID, 0.4), (Category.ARTIFACT_CORRUPT, 0.15)),
    ),
    _SKEW.rule(
        "versions-named",
        r"versions? differ\b|descriptors cannot be created directly|unsupported operand type\(s\) for \|: 'type'|prefetchvirtualmemory unavailable|numpy\.core\.multiarray failed to import|_array_api not found|module compiled against a(?:b|p)i version|compiled with different cuda major|operator torchvision::nms does not exist|incompatible api version|(?:server|client|protocol|rpc|api) version mismatch|expected hello command|update (?:the )?client|sublibrary_version_mismatch|the given version \[\d+\] is not supported|only version \d+ to \d+ is supported|is required for a normal functioning of this module|is installed with version|less than the minimum required version|(?:found|installed|have) (?:version )?\S{0,40}\d[^\n]{0,40}, (?:but )?(?:requires?|needs?|expected)|which is incompatible\b|has requirement [^\n]{1,80}, but you|but found \w[\w-]{0,40}==",
        0.94,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3),),
        unless=r"driver|glibc",
    ),
    _SKEW.rule(
        "library-of-another-build",
        r"cannot find required vm function|missing required functions|invalid \w{2,20} abi\b|unsupported \w{3,30} in model metadata|unsupported return type code|function not found in module|could not convert tvm object|failed to find ggml_backend_\w+ in|in exports\b|invalid kv_?cache abi|not listed in available servers|unable to locate llm runner|function is not in the library|using language version [\d.]{1,6} which is not supported|format (?:is )?not supported on this (?:os|platform)|no registered object with name|unable to find calculator|no kernel named |build (?:number|version)[^\n]{0,30}mismatch",
        0.9,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.CONFIG_INVALID, 0.15)),
    ),
    # The package is there, and the part of it that is asked for is not: another version has it.
    _SKEW.rule(
        "part-of-engine-gone",
        r"no module named ['\"]?(?:tvm|mlc_llm)\.\w",
        0.72,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.7),),
    ),
    _SKEW.rule(
        "part-of-package-gone",
        r"no module named ['\"]?(?:transformers|torch|torchvision|vllm|llama_cpp|onnxruntime|diffusers|peft|tokenizers|huggingface_hub|numpy|accelerate|sglang|optimum|mlx|mlx_lm|langchain|openai|keras|tensorflow)\.\w",
        0.95,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.5),),
        unless=r"_c'?\b|_libs|triton",
    ),
    _SKEW.rule(
        "code-for-another-gpu",
        r"(?:cuda|hip|rocm) error:? (?:[\w./-]{1,60}:\d+: )?invalid device function|errorinvaliddevicefunction|no matching code object|no compatible code objects? found|compiled without support for the current gpu",
        0.84,
        also=((Category.GPU_FEATURE_MISSING, 0.4),),
        without=("mlc", "tvm"),
    ),
    _SHAPE.rule(
        "projector-or-adapter-of-another-model",
        r"correct mmproj|embedding dim of the multimodal projector|no projector tensors|mmproj[^\n]{0,60}(?:mismatch|does not match|not equal|incompatible)|failed to apply lora|failed to initialize lora|failed to load clip model(?![^\n]{0,90}does this file)|lora[^\n]{0,60}(?:mismatch|(?:different|another|wrong) base model|not compatible)|lora_a tensor is not|draft[^\n]{0,60}(?:vocab|tokenizer)[^\n]{0,40}(?:match|differ|compatib)|target and draft",
        0.85,
        also=((Category.CONFIG_INVALID, 0.45),),
    ),
    _UNKNOWN_ARCH.rule(
        "config-of-newer-model",
        r"error encountered while parsing '[^'\n]{0,160}genai_config|unknown value:? \"?\w{1,40}\"? at line|metadata\.get\(\"format\"\)|because none of `context_window_size`|is compiled using `|quantized checkpoint into non-quantized|quantization[^\n]{0,40}(?:is )?(?:currently )?not supported (?:in|on|for) (?:rocm|this|the)|cannot use the graph capture feature",
        0.85,
        also=((Category.CONFIG_INVALID, 0.4),),
    ),
    _SKEW.rule(
        "library-with-model-name",
        r"current available model_libs|requested in [^\n]{0,80} is not found in",
        0.62,
        also=(
            (Category.COMPILE_FAILED, 0.7),
            (Category.CONFIG_INVALID, 0.36),
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.4),
        ),
    ),
    # A binding that calls a native library of another version reads where nothing is.
    _SKEW.rule(
        "native-call-went-astray",
        r"accessviolationexception",
        0.4,
        also=((Category.PROCESS_CRASHED, 0.84), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.12)),
        runtimes=("llama", "onnxruntime"),
    ),
    _SKEW.rule(
        "extension-of-another-build",
        r"dll load failed while importing \w*(?:kernel|_ext|engine|_cuda|_c\b|ops)",
        0.56,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.5),),
    ),
    _SKEW.rule(
        "machine-of-library",
        r"is for em_\w+ \(\d+\) instead of|no_matching_abis|is (?:32|64)-bit instead of|incompatible architecture \(have",
        0.95,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25),),
    ),
    # What Swift says where a key is not in the text that it reads.
    _UNKNOWN_ARCH.rule(
        "key-not-in-record",
        r"data couldn.t be read because it is missing|keynotfound\(codingkeys",
        0.78,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.3), _CORRUPT, _CONFIG),
    ),
    _SKEW.rule(
        "engine-of-other-version",
        r"d == a \+ length|engine plan file is|failed to deserialize (?:the )?cuda engine|version tag does not match|engine (?:was )?(?:built|serialized|generated) (?:with|by|on) (?:a )?different|stdarchivereader|serializationerror: [^\n]{0,60}version|magictag",
        0.94,
        also=((Category.GPU_FEATURE_MISSING, 0.15), _CORRUPT),
    ),
    # The library that was loaded is none of the machine's; which one the app names is as often the fault.
    _SKEW.rule(
        "no-executable-in-library",
        r"cannot find vm_load_executable|vm_load_executable[^\n]{0,40}not found",
        0.7,
        also=((Category.CONFIG_INVALID, 0.42), (Category.HOST_MISSING_DEPENDENCY, 0.22)),
    ),
    # The runtime was built without the part that is asked for.
    _SKEW.rule(
        "part-not-built-in",
        r"cannot find function:? runtime\.disco|nvshmem is not enabled",
        0.3,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.82), (Category.CONFIG_INVALID, 0.2)),
    ),
    _SKEW.rule(
        "library-not-linked-in",
        r"cannot find system lib with|set model_lib field consistently",
        0.66,
        also=((Category.CONFIG_INVALID, 0.45), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.25)),
    ),
    # TVM checks what it is given against what the library was compiled for.
    _SHAPE.rule(
        "compiled-for-another-shape",
        r"errorcontext\(fn=|expect (?:a )?(?:tensor|tuple|shape) with |dl_tensor\.ndim == |input_shape\[i\] == |_func_?\.(?:defined|has_value)\b|json\.is<\w|loadshardinfo",
        0.9,
        also=(_CORRUPT, (Category.CONFIG_INVALID, 0.12)),
    ),
    _SKEW.rule(
        "method-gone-from-assembly",
        r"could not load type '|has no implementation \(no rva|missingmethodexception|typeloadexception|method not found: '|missingfieldexception",
        0.85,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.2),),
    ),
    _SKEW.rule(
        "symbol-of-engine",
        r"undefined symbol: _{0,3}(?:tvm|mlc|ggml|llama|gguf|ort)\w{3,60}",
        0.86,
        also=((Category.COMPILE_FAILED, 0.3), (Category.HOST_MISSING_DEPENDENCY, 0.2)),
        unless=r"compilation error|wasm-ld",
    ),
    # The architecture's name is the key that is missing from the list of known ones.
    _UNKNOWN_ARCH.rule(
        "name-of-architecture",
        r"keyerror: ['\"](?:qwen|llama|mistral|mixtral|ministral|gemma|phi|deepseek|chatglm|glm|internlm|baichuan|starcoder|cohere|olmo|granite|gpt_oss|gpt-oss|minicpm|falcon|mpt|stablelm|exaone|nemotron|smollm|kimi|ernie|hunyuan|llava|bert|jamba|mamba|rwkv|aya|dbrx|lfm)[\w.-]{0,24}['\"]|attributeerror: (?:type object 'model_arch' has no attribute|(?:qwen|llama|mistral|mixtral|gemma|phi|deepseek|chatglm|glm|granite|minicpm|exaone|nemotron|smollm|olmo|hunyuan|ernie|kimi|lfm)\w{0,20}\s{0,3}(?:$|\n))",
        0.93,
        also=(_CONFIG, (Category.HOST_MISSING_DEPENDENCY, 0.12)),
    ),
    # A graph is computed by a library of another version: the numbers of the operations differ.
    _SKEW.rule(
        "operation-of-another-version",
        r"ggml_assert\((?:tensor|node|cgraph|dst|src\d?|op)[\w.\[\]>-]{0,24}->op [!=]= |== ggml_op_\w{2,30}\) failed",
        0.93,
        also=((Category.PROCESS_CRASHED, 0.4),),
    ),
    # The runtime's library of kernels lacks one that its other part asks for.
    _SKEW.rule(
        "kernel-not-in-build",
        r"(?:kernel|function) [\w:'\"`]{1,80} (?:was )?not found in (?:the )?(?:library|metallib|module)|missing (?:\w+ )?(?:metal |cuda |hip |vulkan )?kernel\b|no kernel (?:found )?for\b|kernel [\w:'\"`]{1,80} (?:is )?(?:not found|missing)",
        0.66,
        also=((Category.GPU_FEATURE_MISSING, 0.4), (Category.COMPILE_FAILED, 0.36)),
        unless=r"no kernel image|kernel module|linux-headers|/lib/modules",
    ),
    # MediaPipe and TensorFlow Lite check what they read with such a macro.
    _SHAPE.rule(
        "check-of-mediapipe",
        r"ret_check failure ?\(|failed to (?:create|initialize) (?:llm )?engine: ?(?:%s )?(?:internal|invalid_argument|failed_precondition)",
        0.6,
        also=((Category.ARTIFACT_CORRUPT, 0.25), _CONFIG),
        unless=r"out of memory|failed to allocate|no such file|not_found|open\(\) failed|file_size >= length",
    ),
    _SKEW.rule(
        "memory-of-other-width",
        r"webassembly\.memory\(\): property '(?:maximum|initial)'|cannot mix bigint and other types|cannot convert \d+n? to (?:a )?bigint|memory64",
        0.56,
        also=((Category.HOST_OUT_OF_MEMORY, 0.4), _CONFIG),
    ),
    _UNKNOWN_ARCH.rule(
        "version-of-file",
        r"(?:file|model|format|schema|ir|bytecode|checkpoint|metadata|specification|container|delegate) version:? \S{1,20} (?:is )?(?:not supported|unsupported|too (?:new|old)|unknown)|unsupported (?:ir|schema|bytecode|checkpoint|metadata|specification|container|opset) version|unsupported quanti[sz]ation:? ?['\"]?(?:i?q\d|mxfp|nvfp|fp[48]|int[48]|awq|gptq|exl|bitnet)",
        0.88,
        also=((Category.CONFIG_INVALID, 0.2), (Category.ARTIFACT_CORRUPT, 0.12)),
        unless=r"driver|cuda version|python version",
    ),
    # The runtime lacks an operation that the file asks for.
    _UNKNOWN_ARCH.rule(
        "operation-not-known",
        r"missing operator: ?\[|didn't find (?:custom )?op for|unresolved custom op|failed to get registration|unregistered (?:op|operator|operation)\b|modelproto does not have a graph|(?:op|operator|operation|layer|node) (?:type )?['\"`]?[\w:.]{2,60}['\"`]? (?:is |was )?not (?:registered|recogni[sz]ed|known|implemented in this)",
        0.84,
        also=((Category.GPU_FEATURE_MISSING, 0.2), (Category.HOST_MISSING_DEPENDENCY, 0.2)),
    ),
    _UNKNOWN_ARCH.rule(
        "field-of-newer-config",
        r"unknown variant `\w{2,40}`, expected|no such field: |(?:undefined|null)[^\n]{0,12}\(reading '(?:model_type|architectures?|num_\w{1,24}|hidden_size|getglobalfunc\w{0,8})'\)|unexpected rank, expected|expected rank \d|(?:model |method )?signature (?:mismatch|['\"`]?\w{1,40}['\"`]? (?:was |is )?not found)",
        0.76,
        also=(_CONFIG, _CORRUPT),
        unless=r"request|function signature",
    ),
    # The page's script and its WebAssembly module are of different builds.
    _SKEW.rule(
        "module-and-script-of-other-builds",
        r"null function or function signature mismatch",
        0.78,
        also=((Category.PROCESS_CRASHED, 0.4), (Category.CONFIG_INVALID, 0.4)),
        phases=(Phase.PREFLIGHT, Phase.LOAD),
        runtimes=("onnx", "transformers", "web", "tvm"),
    ),
)

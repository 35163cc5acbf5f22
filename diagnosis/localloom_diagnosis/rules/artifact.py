"""Rules for the model's files: not there, damaged, made for another version, without a tokenizer."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_ABSENT = Group(
    Category.ARTIFACT_MODEL_NOT_FOUND,
    en="the model or one of its files is not where it was looked for",
    es="el modelo o uno de sus archivos no está donde se buscó",
)
_BROKEN = Group(
    Category.ARTIFACT_CORRUPT, en="a file is damaged or incomplete", es="un archivo está dañado o incompleto"
)
_MISTAKEN = Group(
    Category.ARTIFACT_CORRUPT,
    en="a file holds something else than it should",
    es="un archivo contiene otra cosa de la que debería",
)
_SKEW = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the parts were built for different versions",
    es="las piezas se construyeron para versiones distintas",
)
_UNKNOWN_ARCH = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="this version of the runtime does not know the model's architecture or format",
    es="esta versión del motor no conoce la arquitectura o el formato del modelo",
)
_SHAPE = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the weights do not fit the model's definition",
    es="los pesos no encajan con la definición del modelo",
)
_TOKENIZER = Group(
    Category.ARTIFACT_TOKENIZER,
    en="the tokenizer is missing or invalid",
    es="falta el tokenizador o no es válido",
)
_TEMPLATE = Group(
    Category.ARTIFACT_TOKENIZER,
    en="the chat template is missing or invalid",
    es="falta la plantilla de chat o no es válida",
)

_NAMELESS = Group(
    Category.UNKNOWN,
    en="the program says no more than that the model did not load",
    es="el programa solo dice que el modelo no se cargó",
)

_HTTP = (Category.NETWORK_HTTP_ERROR, 0.35)
_CORRUPT = (Category.ARTIFACT_CORRUPT, 0.25)
_SKEWED = (Category.ARTIFACT_INCOMPATIBLE, 0.25)
_CONFIG = (Category.CONFIG_INVALID, 0.25)
_GONE = (Category.ARTIFACT_MODEL_NOT_FOUND, 0.25)
_DEPENDENCY = (Category.HOST_MISSING_DEPENDENCY, 0.3)

_WEIGHT_FILE = r"(?:\.(?:gguf|ggml|safetensors|bin|pth?|onnx|onnx_data|npz|ckpt|model|wasm|mlmodelc|params|litertlm|task|tflite)\b|(?:config|tokenizer|tensor-cache|ndarray-cache|generation_config|index|mlc-chat-config)[\w.-]*\.json)"

RULES = (
    _ABSENT.rule(
        "repository",
        r"repositorynotfounderror|repository ?not ?found|revisionnotfounderror|revision not found|invalid rev(?:ision)? id|not a local folder and is not a valid model identifier|is not a valid model identifier|does not exist on the hub|cannot find (?:the )?(?:requested )?(?:repo|model)[^\n]{0,30} on|repo(?:sitory)? [^\n]{0,80}(?:does not exist|not found)|(?:model|repo)(?:sitory)? (?:may|does) not exist|no such (?:repo|model)|hfvalidationerror|repo id must|make sure you have a correct git identifier",
        0.9,
        also=(
            (Category.NETWORK_BLOCKED, 0.25),
            (Category.CONFIG_INVALID, 0.2),
            (Category.NETWORK_HTTP_ERROR, 0.15),
        ),
    ),
    _ABSENT.rule(
        "unknown-model-id",
        r"model(?: ['\"`]?[\w.:/@+-]{1,100}['\"`]?)? (?:was |is )?not found\b|pull model manifest: file does not exist|manifest (?:unknown|not found|does not exist)|manifest[^\n]{0,40}file does not exist|cannot find (?:the )?model\b|model[^\n]{0,80} does not exist|modelnotfounderror|cannot find model record|no url found for model|no model (?:named|found|matches|with)|model_not_found|unknown model(?! type| arch| family|,)|model file (?:is )?(?:not found|missing|does not exist)|failed to find (?:the )?model|could not find (?:the )?model(?!\.\w)|no (?:such )?model file|specifiedmodelnotfound|models? path[^\n]{0,40}not (?:exist|found)|model path (?:does not exist|not found)|couldn't be (?:read|opened) because (?:it is missing|there is no such file)|invalid model (?:name|url|path)|not a valid model (?:name|id)|try pulling it first|no models? (?:found|available)",
        0.82,
        also=(_CONFIG, (Category.NETWORK_HTTP_ERROR, 0.15)),
        unless=r"model type|no module named",
    ),
    _ABSENT.rule(
        "file-of-model",
        r"does not appear to have (?:a )?files? named|entrynotfounderror|entry not found|could not locate file|no file named[^\n]{0,120}found|error no file named|cannot find any model weights|no (?:safetensors|gguf|weights?|checkpoint)[^\n]{0,40}(?:found|files)|can't load (?:the )?(?:model|configuration|weights|config)|cannot find the model library|we searched over the following|model_?lib[^\n]{0,40}(?:is not a file|not found)|lib in preferred path|mlc-chat-config\.json[^\n]{0,60}(?:not|cannot|no)|cannot find[^\n]{0,80}(?:mlc-chat-config|model lib|model directory)|directory does not exist|config(?:\.json)? (?:was |is )?(?:not found|missing)|remoteentrynotfound|unable to find (?:a )?(?:suitable )?(?:model|gguf|file)|missing (?:the )?(?:model|weights?|params|shard) files?|missing shard|file[^\n]{0,160}(?:is missing|not found|does not exist)|\bfile not found|cannot find (?:the )?file",
        0.74,
        also=(_HTTP, _CONFIG, (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
        unless=r"archive/data|in the library|fatal error|#include|\.h'|lib\w*\.(?:so|dll|dylib)|dll load failed|is not recognized|header",
    ),
    _ABSENT.rule(
        "no-such-weight-file",
        rf"(?:no such file or directory|failed to open|cannot open|could not open|unable to open|filenotfounderror|enoent|cannot find|error opening|does not exist|system cannot find)[^\n]{{0,240}}{_WEIGHT_FILE}|{_WEIGHT_FILE}['\")\]]*[^\n]{{0,60}}(?:no such file or directory|not found|does not exist|file does not exist|cannot find)",
        0.82,
        also=(_CONFIG, (Category.ARTIFACT_CORRUPT, 0.12), (Category.STORAGE_PERMISSION, 0.08)),
        unless=r"tokenizer\.(?:json|model)|\bpermission\b|vocab|\b404\b",
    ),
    _ABSENT.rule(
        "no-such-file",
        r"no such file or directory|filenotfounderror|\benoent\b|system cannot find the (?:file|path)|os error 2\b|os error 3\b|errno 2\b|cannot open [/\w.-]+|notfounderror|not a directory|is a directory|isadirectoryerror",
        0.52,
        also=(_CONFIG, (Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.ARTIFACT_CORRUPT, 0.08)),
        unless=r"\blib[\w+-]{1,60}\.so\b|\.dll|\.dylib|libopencl|spawn |directory: '(?:nvcc|git|cmake|ninja|gcc|g\+\+|clang|make|emcc|ffmpeg|cl|ld|cargo|rustc|npm|node|java|adb)'",
    ),
    _BROKEN.rule(
        "checksum",
        r"checksum (?:mismatch|error|fail|does not match|verification)|digest mismatch|hash(?:es)? (?:mismatch|do(?:es)? not match|verification)|(?:sha-?256|md5|sha1|etag|crc)[^\n]{0,40}(?:mismatch|does not match|do not match|incorrect|wrong|error|fail)|expected oid|integrityerror|integrity (?:check|error|verification)|consistency check failed|file must be downloaded again|failed integrity|bad crc|subresource integrity",
        0.95,
    ),
    _BROKEN.rule(
        "safetensors-header",
        r"headertoolarge|headertoosmall|invalidheader\w*|metadataincompletebuffer|error while deserializing header|deserializing header|safetensors?(?:_rust\.safetensor)?error|incomplete metadata, file not fully covered|tensorinvalidinfo|invalidoffset",
        0.93,
        unless=r"device \w+ is invalid|no such file|out of memory|paging file",
    ),
    _BROKEN.rule(
        "truncated",
        r"unexpectedly reached end of file|unexpected end of (?:file|data|json|input|stream)|unexpected eof|file (?:is |was |seems |appears )?(?:to be )?(?:truncated|corrupt\w*|incomplete|damaged|broken)|\btruncated\b|not fully downloaded|not downloaded completely|corrupted? (?:parameter|shard|file|model|download|weights?|data)|corrupted an? |(?:is|are|was|be|been) corrupted|data is not within the file bounds|tensor '[^'\n]{1,80}' (?:data is not|out of bounds)|model (?:file )?is corrupted|failed to read (?:magic|tensor|header|key|the model)|ran out of input|unpicklingerror|invalid load key|pytorchstreamreader failed|failed finding central directory|zip archive|inline_container|badzipfile|not a zip file|invalid magic|unable to load weights from|wasm decoding failed|size mismatch[^\n]{0,30}(?:file|download|bytes)|file size (?:mismatch|does not match)|exceeds shard size|content_length_mismatch|content-length[^\n]{0,40}mismatch|short read|download (?:was )?incomplete|incomplete download|partial(?:ly)? downloaded|eoferror|protobuf parsing failed|failed to load model because protobuf|zlib\.error|zlib[^\n]{0,30}(?:decompress|inflate|error -\d)|incorrect (?:header|data) check|bad magic number|file_length == |fewer bytes|expected \d+ bytes|magic number mismatch|nbytes ==",
        0.84,
        also=(_SKEWED, (Category.NETWORK_UNREACHABLE, 0.06)),
        unless=r"67676a74|67676d6c|67676d66|ggjt|ggmf|ggla|nvcc|unsupported version|wasm",
    ),
    _MISTAKEN.rule(
        "html-or-pointer",
        r"<!doctype|unexpected token '?<|git-?lfs\.github\.com|lfs pointer|version https://git-lfs|pointer file|html (?:page|document|instead)|expected magic word|expected magic[^\n]{0,60}found|unexpected magic|smudge (?:error|filter)|git lfs[^\n]{0,40}(?:fail|pull|install)|is not valid json|bad magic|wasm decoding failed|wasm validation error",
        0.84,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.14), (Category.NETWORK_HTTP_ERROR, 0.14)),
        unless=r"no such host|no space left|authentication|403|401|67676a74|rate limit|unable to resolve|timed? ?out",
    ),
    _BROKEN.rule(
        "unreadable",
        r"input/output error|\beio\b|errno 5\]|os error 5\b\)?: input|\bi/o error|read error|read failed|invalid unordered_map|invalid map<|key not found: (?:general|tokenizer|llama)\.",
        0.5,
        also=(_SKEWED, (Category.STORAGE_PERMISSION, 0.2), (Category.STORAGE_QUOTA_OR_DISK_FULL, 0.1)),
        unless=r"readtimeout|read timed|connection",
    ),
    _BROKEN.rule(
        "json",
        r"jsondecodeerror|unexpected token(?! `)|expecting (?:value|property name|',' delimiter|':' delimiter)|failed to parse json|invalid json|json (?:parse|parsing|decode|syntax)[^\n]{0,20}(?:error|fail)|unexpected end of json|syntaxerror: [^\n]{0,40}json|expected value at line|eof while parsing|unterminated string|trailing (?:characters|comma|data)|unexpected non-whitespace|control character|unicodedecodeerror|codec can't decode|invalid utf-?8|stream did not contain valid utf-8",
        0.7,
        also=(
            (Category.CONFIG_INVALID, 0.2),
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.1),
            (Category.ARTIFACT_TOKENIZER, 0.15),
            (Category.NETWORK_HTTP_ERROR, 0.1),
        ),
    ),
    _BROKEN.rule(
        "shard-check",
        r"encountered an corrupted parameter shard|raw_data_buffer->length|tensor-cache record range|error when loading parameters from|loadparams[^\n]{0,60}fail",
        0.88,
        unless=r"out of memory",
    ),
    _SKEW.rule(
        "old-ggml-format",
        r"67676a74|67676d6c|67676d66|ggjt|ggmf|ggla|(?:bad|invalid|unknown|unsupported)[^\n]{0,24}(?:file )?(?:magic|version)[^\n]{0,40}(?:ggml|ggjt|gguf|model)|unsupported (?:file|model|gguf|ggml) (?:format|version)|gguf version|gguf[^\n]{0,40}(?:version|magic)[^\n]{0,40}(?:not supported|unsupported|extremely large|invalid|only)|is this really a ggml|you most likely need to regenerate|outdated (?:model|ggml)|ggml (?:models?|files?|format)[^\n]{0,40}(?:no longer|not) supported|old (?:format|ggml)|quantization (?:version|format)[^\n]{0,40}(?:chang|old|not supported|unsupported)|unsupported quantization version",
        0.86,
        also=(_CORRUPT, _CONFIG),
    ),
    _SKEW.rule(
        "gguf-type",
        r"invalid ggml type|unknown (?:ggml |tensor |quant(?:ization)? )?type \d+|has invalid ggml type|unsupported tensor type|tensor '[^'\n]{0,80}' (?:of|has) (?:type|invalid)|unknown (?:file )?type|gguf_init_from_(?:file|reader)[^\n]{0,30}: (?:tensor|failed|invalid|unknown)|unsupported data ?type|invalid file magic|invalid (?:file )?magic number|invalid magic characters|gguf magic|not a (?:valid )?gguf|invalid_graph|this is an invalid model|invalid gguf|gguf[^\n]{0,30}invalid",
        0.6,
        also=((Category.ARTIFACT_CORRUPT, 0.48), _CONFIG),
        unless=r"67676a74|invalid magic number 67676|ggjt",
    ),
    _UNKNOWN_ARCH.rule(
        "unknown-architecture",
        r"unknown (?:model )?architecture|unknown model type|model type[^\n]{0,100}(?:not (?:yet )?supported|does not recognize|not recogni[sz]ed|unknown|unsupported|isn't supported)|does not recognize this architecture|(?:model )?architectures?[^\n]{0,80}(?:is |are )?(?:not (?:currently |yet )?(?:supported|recogni[sz]ed|implemented)|unsupported|failed to be inspected)|not supported for now|unsupported (?:model|architecture|arch)|unrecognized model in|model (?:class|arch)[^\n]{0,60}not (?:found|supported|registered)|unrecogni[sz]ed configuration class|model_type[^\n]{0,60}(?:not|unknown|unsupport)|(?:model|architecture|arch) (?:is )?not (?:yet )?supported|not supported by this version|newer version|need to (?:upgrade|update) (?:ollama|llama|transformers|vllm)|please (?:upgrade|update) (?:ollama|to the latest|transformers|your version)|requires a newer version|unsupported op(?:erator|set|code)?|opset|unknown (?:vision|projector|clip|mmproj)",
        0.86,
        also=(_CONFIG, (Category.HOST_MISSING_DEPENDENCY, 0.06)),
        unless=r"\baco error\b|ggml[^\n]{0,120}unsupported op|gpu architecture|newer version of (?:the )?driver|host arch",
    ),
    _UNKNOWN_ARCH.rule(
        "unknown-pretokenizer",
        r"unknown pre-?tokenizer|pre-?tokenizer type|error loading model vocabulary|unknown (?:vocab|tokenizer) type|missing pre-tokenizer|cannot find tokenizer (?:merges|in model)",
        0.6,
        also=((Category.ARTIFACT_TOKENIZER, 0.48),),
    ),
    _UNKNOWN_ARCH.rule(
        "unknown-template",
        r"unknown conv(?:ersation)? template|conv(?:ersation)?[_ ]template[^\n]{0,60}(?:not|unknown|invalid|unsupport)",
        0.7,
        also=((Category.CONFIG_INVALID, 0.4), (Category.ARTIFACT_TOKENIZER, 0.08)),
    ),
    _UNKNOWN_ARCH.rule(
        "config-schema",
        r"validation errors? for \w*(?:config|mlcchat)\w*|extra (?:inputs are not permitted|fields not permitted)|mlcchatconfig|field required|(?:key|field|attribute) [`'\"][\w.]+[`'\"] (?:is )?(?:not found|missing|required)|not found in (?:the )?(?:json|config|gguf)|key not found in model|missing (?:key|field) |partial_update|conv_template|rope_scaling[^\n]{0,60}(?:must|invalid|dictionary|unsupported|field)|error loading model hyperparameters|invalid n_rot|config' object has no attribute|object has no attribute '(?:rope|num_|hidden|vocab|max_position|_?quant|head_dim)",
        0.68,
        also=((Category.CONFIG_INVALID, 0.38), (Category.ARTIFACT_CORRUPT, 0.2)),
    ),
    _SHAPE.rule(
        "parameter-missing",
        r"cannot find parameter in cache|missing (?:key|tensor|parameter|weight)s?\b|missing tensor|unexpected key(?!word)|error\(s\) in loading state_dict|missing key\(s\) in state_dict|tensor '[^'\n]{1,100}' not found|done_getting_tensors|wrong number of tensors|no tensor named|no weights? (?:named|for)|(?:weight|tensor|parameter)s? [^\n]{0,100}(?:not found|does not exist|missing) in|(?:not|weren't|were not) initialized from|some weights of|could not find tensor|check_tensor_dims|missing from the (?:checkpoint|file)|do(?:es)? not exist in the (?:weight|checkpoint|model)|extern parameters|keyerror: '?(?:model|lm_head|transformer|layers?|blk|encoder|decoder|visual|language_model|embed)[\w.]*\.",
        0.84,
        also=((Category.ARTIFACT_CORRUPT, 0.2),),
    ),
    _SHAPE.rule(
        "shape-mismatch",
        r"size mismatch for|has (?:wrong )?shape[^\n]{0,80}(?:expected|but|instead)|shape mismatch|wrong shape|shapes? (?:do(?:es)? not match|cannot be multiplied|mismatch)|mat1 and mat2|mismatched (?:sizes|shapes)|shape[^\n]{0,60}(?:incompatible|invalid for input of size)|the size of tensor a|loaded weight|param_data\.shape == loaded_weight\.shape|expected shape|dtype mismatch|tensor dimension|ptr->dtype == dtype|(?:ndim|shape|dtype)[^\n]{0,40}(?:expected|mismatch)[^\n]{0,40}|got invalid dimensions|inconsistent (?:tensor|shape)|expected (?:scalar type|mat1|m1|input|tensor)[^\n]{0,60}(?:but|got|to have)|must have the same dtype|symbolic shape|mismatched",
        0.66,
        also=((Category.CONFIG_INVALID, 0.22), (Category.ARTIFACT_CORRUPT, 0.15)),
    ),
    _SKEW.rule(
        "missing-function",
        r"cannot find global function|cannot find function|module has no function|requires \d+ inputs? but only \d+|legacy model lib|invalid vm file format|function [\w.:]+ not found|expects \d+ arguments?,? but \d+|expects (?:at (?:least|most) )?\d+ arguments|do not know how to handle return type|unknown type ?(?:=|code|index)|type (?:index|key|code)[^\n]{0,40}(?:not (?:found|registered)|unknown|mismatch|unregistered)|is not registered|global function[^\n]{0,80}(?:not|already)|not registered\b|typecodes?|packedfunc[^\n]{0,60}(?:mismatch|expects)|cannot find (?:packed)?func|vm_load_executable|__tvm_(?:ffi|dev)|getkwargsobject|tvm_ffi|already registered|cannot convert from type|expected [\w.\[\]* ]+ but (?:got|get) [\w.]+|version mismatch|mismatch(?:ed)? (?:between|version|abi)|abi (?:mismatch|incompatib|version)|binary incompatib|runtime version|not (?:compatible|built) (?:with|for)|incompatible (?:version|with|model|library|format|abi)|built (?:for|with|against)[^\n]{0,40}(?:different|another|newer|older|other)|compiled (?:for|with|against)[^\n]{0,60}(?:different|another|newer|older|other|version)",
        0.8,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.15), (Category.CONFIG_INVALID, 0.12)),
        unless=r"expected \w+ but got null\b|function target\.build\.|cuda capability|gpu architecture|driver/library|nvml|not registered[^\n]{0,40}loader|loader of that name",
    ),
    _SKEW.rule(
        "wasm-link",
        r"(?<!unsatisfied)linkerror|import #\d+|function import requires a callable|imported function does not match|module is not an object or function|wasm[^\n]{0,60}(?:import|abi|version)[^\n]{0,30}(?:mismatch|missing|error)|webassembly\.instantiate\(\): import|memory import|is not a function[^\n]{0,40}(?:wasm|asm)|cannot find [^\n]{0,40}in wasm|unknown custom op",
        0.85,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.08),),
    ),
    _SKEW.rule(
        "undefined-symbol",
        r"undefined symbol|symbol not found|symbol lookup error|entry ?point[^\n]{0,60}not (?:be )?(?:found|located)|winerror 127|specified procedure could not be found|cannot locate symbol|dlsym[^\n]{0,60}(?:not found|fail)|unsatisfied(?<!unsatisfied)linkerror|entrypointnotfoundexception|no implementation found for|symbol[^\n]{0,80}(?:not found|missing) in",
        0.72,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.42),),
        unless=r"undefined symbol: _{0,2}(?:getcpu|memfd_create|getrandom|getentropy|gettid|reallocarray)\b|cuda_error_not_found|linker command failed|ld returned|ld: error|undefined symbol: (?:cu[a-z]+\w*|nvml\w*)|symbol lookup for cu|unsatisfied(?<!unsatisfied)linkerror: dlopen failed: library",
    ),
    _SKEW.rule(
        "wrong-architecture",
        r"wrong elf class|invalid elf header|exec format error|not a mach-o|mach-o[^\n]{0,60}(?:incompatible|wrong)|incompatible architecture|wrong architecture|winerror 193|not a valid win32|bad cpu type|have '\w+', need '\w+'|os error 193|unsupported elf|is not a valid application|err_dlopen_failed[^\n]{0,80}(?:arch|version)|platform does not match|image platform|arm64[^\n]{0,30}x86_64|e_machine|invalid image format",
        0.78,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.HOST_UNSUPPORTED_CPU, 0.12)),
        unless=r"libcuda",
    ),
    _SKEW.rule(
        "library-api-changed",
        r"cannot import name|is already imported|has no attribute|unexpected keyword argument|takes \d+ positional arguments?|got multiple values for|missing \d+ required (?:positional|keyword)|is not a function|is not a constructor|has been (?:removed|deprecated|renamed)|no longer (?:supported|exists|available)|nosuchmethoderror|methodnotfound|abstractmethoderror|numpy\.dtype size changed|module that was compiled using numpy|incompatible with|requires? (?:the )?[\w.-]+ ?[<>=]=? ?[\d.]+|version(?:s)? (?:conflict|incompatib)|but you have|pkg_resources\.|versionconflict|does not provide an export",
        0.52,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.36), (Category.CONFIG_INVALID, 0.25)),
        unless=r"nonetype' object|'nonetype'|gpu",
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
        "disposed",
        r"has already been disposed|already disposed|object has been disposed|module has been disposed",
        0.28,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.26),
            (Category.GPU_DEVICE_LOST, 0.26),
            (Category.WORKER_CRASHED, 0.15),
        ),
        wrapper=True,
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
        r"unsupported model ir version|max supported ir version|could not find an implementation for|no op registered|is not a registered function|not a registered (?:op|function)|missing the following inputs|invalid feed input|invalid rank for input|operator \S+ does not exist|file in wrong format|0xc000007b|0xc0000139",
        0.76,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3), (Category.CONFIG_INVALID, 0.15)),
    ),
    _ABSENT.rule(
        "stream-not-open",
        r"\((?:config_istream|fs|!?fs\.fail\(\)|istream|ifs|fin|is)[^\n)]{0,20}\)+ is false|failed to load external data(?![^\n]{0,120}mountedfiles)|\bexternal data file(?![^\n]{0,120}mountedfiles)|(?:illegal|invalid) split file|first split|missing split",
        0.56,
        also=(
            (Category.CONFIG_INVALID, 0.3),
            (Category.ARTIFACT_INCOMPATIBLE, 0.25),
            (Category.ARTIFACT_CORRUPT, 0.12),
        ),
    ),
    _SKEW.rule(
        "backend-call-missing",
        r"(?:webgpuinit|requestadapterinfo|jsepinit|_ort\w+|ortcreate\w*|wasm_\w+) is not a function|no available backend found[^\n]{0,120}is not a function",
        0.68,
        also=((Category.CONFIG_INVALID, 0.3), (Category.GPU_UNSUPPORTED, 0.2)),
    ),
    _TOKENIZER.rule(
        "tokenizer-absent",
        r"cannot find any tokenizer|can't load tokenizer|(?:could not|couldn't|failed to|unable to|cannot|can't) (?:load|instantiate|create|find|initiali[sz]e|parse|build|read|open|convert)[^\n]{0,60} tokenizer|tokenizer[^\n]{0,60}(?:not found|missing|does not exist|is not (?:found|valid|defined)|invalid|cannot be|could not|failed|mismatch|error|is none)|no tokenizer|tokenizer\.(?:json|model)[^\n]{0,80}(?:not found|no such|missing|cannot|does not)|(?:no such file|not found|cannot open|missing)[^\n]{0,120}(?:tokenizer(?:_config)?\.(?:json|model)|vocab\.(?:json|txt)|merges\.txt|sentencepiece\.bpe)|vocab(?:ulary)? (?:file )?(?:not found|missing|mismatch|size mismatch)|tokenizer class[^\n]{0,60}(?:does not exist|not (?:currently )?imported)|modelwrapper|did not match any variant of untagged enum|invalid tokenizer|unsupported tokenizer|tokenizerconfig|pretokenizertypewrapper|bpe_ranks|error loading (?:the )?(?:tokenizer|vocab)",
        0.84,
        also=(_DEPENDENCY, (Category.ARTIFACT_INCOMPATIBLE, 0.15), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.12)),
        unless=r"expected (?:null or )?instance of|sentencepiece installed|make(?:\[\d\])?: \*\*\*|requires the sentencepiece|no module named|getvocabsize|may not exist",
    ),
    _TOKENIZER.rule(
        "tokenizer-object",
        r"tokenizer\w*' object has no attribute|internal: unk|unk is not defined|token_table_|tokenizer object|tokenizers?\.(?:cc|py|rs)[^\n]{0,40}(?:error|fail)",
        0.58,
        also=(_SKEWED, (Category.GENERATE_NUMERIC, 0.25)),
        unless=r"make(?:\[\d\])?: \*\*\*",
    ),
    _TOKENIZER.rule(
        "sentencepiece",
        r"sentencepiece_processor|sentencepieceprocessor|parsefromarray|model_proto|load_tiktoken|non-consecutive added token|tiktoken[^\n]{0,60}(?:error|fail|convert)|converting from (?:tiktoken|sentencepiece)|from_slow|error parsing line|bpe model|token(?:s)?[^\n]{0,30}not (?:in|found in)[^\n]{0,20}vocab|out[- ]of[- ]vocab|unk_token|special_tokens_map|added_tokens|vocab_type|bytelevel|bos_token|eos_token|pad_token",
        0.62,
        also=(
            (Category.ARTIFACT_CORRUPT, 0.25),
            (Category.HOST_MISSING_DEPENDENCY, 0.25),
            (Category.ARTIFACT_INCOMPATIBLE, 0.2),
            (Category.CONFIG_INVALID, 0.15),
        ),
    ),
    _TEMPLATE.rule(
        "chat-template",
        r"chat[_ ]template|unknown statement type|unknown \w{1,20} filter|expected closing statement|cannot apply filter|jinja2?\.?(?:exceptions)?|templateerror|templatesyntaxerror|undefinederror|minja|conversation roles must alternate|apply_chat_template|template (?:parse|syntax|render)\w* error",
        0.62,
        also=(
            (Category.CONFIG_INVALID, 0.35),
            (Category.ARTIFACT_INCOMPATIBLE, 0.25),
            (Category.HOST_MISSING_DEPENDENCY, 0.12),
        ),
        needs=r"error|fail|not|exception|invalid|must|cannot|unknown|expected",
    ),
    _TOKENIZER.rule(
        "empty-in-metadata",
        r"tokenizer",
        0.42,
        also=(_SKEWED, (Category.ARTIFACT_CORRUPT, 0.2)),
        phases=(Phase.METADATA, Phase.LOAD, Phase.RESOLVE),
        needs=r"error|fail|invalid|not|missing|panic",
        wrapper=True,
    ),
    _NAMELESS.rule(
        "bare-load-failure",
        r"failed to load dynamic shared library|unable to load model|failed to load (?:the )?model|error loading model|could not load (?:the )?(?:text |chat |language )?model|cannot load (?:the )?model|unable to instantiate model|model format not supported|unsupported model format|llama_(?:load_model_from_file|model_load|init_from_file)[^\n]{0,30}fail|failed to initialize (?:the )?(?:model|engine|session)|can't create a session|failed to create (?:the )?session",
        0.37,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.32),
            (Category.ARTIFACT_CORRUPT, 0.26),
            (Category.HOST_OUT_OF_MEMORY, 0.14),
            (Category.GPU_OUT_OF_MEMORY, 0.14),
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.15),
        ),
        wrapper=True,
    ),
    _UNKNOWN_ARCH.rule(
        "loader-does-not-know-it",
        r"unknown model, cannot load|model unknown, cannot load|load model ok: false|model type \w+ not supported|unsupported model type|no (?:loader|handler|engine|runtime|model class|plugin)[^\n]{0,40} (?:for|found|supports)|cannot determine model type|could not (?:determine|detect|identify)[^\n]{0,40}(?:model|type|format|arch)|may be incompatible with your version|unrecogni[sz]ed (?:model|file|format|arch)|not (?:a )?recogni[sz]ed (?:model|format|arch)|model (?:format|version) (?:is )?(?:not|un|too)|unexpected (?:tensor|weight|parameter|key)s?|received (?:\d+ )?parameters not in model|missing \d+ parameters|parameters? not in model|weights? (?:not|missing)[^\n]{0,30}model|missing required scale|unknown (?:rope|activation|attention|layer|norm|op|operator|block) ?(?:type|scaling)?",
        0.72,
        also=(_CORRUPT, _CONFIG, (Category.ARTIFACT_MODEL_NOT_FOUND, 0.1)),
        unless=r"unexpected keyword|unexpected token",
    ),
    _MISTAKEN.rule(
        "html-in-place-of-magic",
        r"invalid (?:magic|magic characters|magic number|file magic)[^\n]{0,24}(?:'?<!do|'?<htm|'?vers|0x3c|3c21|21646f3c)|3c 21 (?:44|64)|first bytes[^\n]{0,20}<",
        0.93,
    ),
    _BROKEN.rule(
        "tensors-found",
        r"corrupted model|\d+ tensors expected but \d+ found|failed to read (?:tensor|key|header|data|vocab|the file|file)|read error: |unexpected(?:ly)? (?:short|small|large) file|failed reading|file (?:appears|seems) (?:to be )?(?:empty|corrupt|truncated|incomplete)|(?:0|zero)[- ]byte file|empty file|file is empty|invalid (?:json|yaml|protobuf|flatbuffer|zip|archive|safetensors|onnx|wasm) (?:file|data|header|format)|invalid_protobuf|not a (?:zip|valid safetensors|valid onnx)|hash sum mismatch|unexpected size|wrong size|size does not match|incomplete (?:file|model|shard|weights)|should be of size|expected file size|expected size",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.15),),
        unless=r"shape|torch\.size|tensor size|modulenotfound",
    ),
    _SKEW.rule(
        "module-magic",
        r"virtualmachine\][^\n]{0,20}magic|module\[\w+\] magic|executable[^\n]{0,40}(?:version|magic)[^\n]{0,20}mismatch|serialized by[^\n]{0,40}(?:different|older|newer)",
        0.88,
    ),
    _ABSENT.rule(
        "no-such-file-of-runtime",
        r"no_suchfile|file doesn't exist|cannot get file size|file does not exist|does not exist at path|path does not exist|no file found at|cannot open file|couldn't open file|failed to open (?:the )?(?:model|file|gguf)|no model (?:file|at|in)|model (?:file|folder|directory) (?:not|does not|doesn't|is missing)|weights? (?:file )?not found|cached snapshot folder",
        0.72,
        also=(_CONFIG, (Category.NETWORK_UNREACHABLE, 0.15), _CORRUPT),
        unless=r"tokenizer|\.so\b|\.dll|locate the files on the hub",
    ),
    _SHAPE.rule(
        "parameter-by-name",
        r"could not find (?:model|lm_head|transformer|encoder|decoder|language_model)\.[\w.]+|(?:no|missing) (?:tensor|weight|parameter)s? (?:named|called|for)|cannot be broadcast|broadcast_shapes|could not broadcast|unrecogni[sz]ed tensor type|unknown tensor|weights? (?:mismatch|do(?:es)? not match)|incorrect (?:number of )?(?:dimensions|shape)|invalid (?:shape|dimension)s?|inhomogeneous|rank mismatch|element count mismatch|data ?type mismatch",
        0.8,
        also=(_CORRUPT, _CONFIG),
    ),
    _UNKNOWN_ARCH.rule(
        "support-to-come",
        r"support is not (?:ready|available|implemented|complete)|not (?:supported|implemented|available) yet|(?:is|are) not yet (?:supported|implemented|available)|yet to be (?:supported|implemented)|support (?:is )?coming|stay tuned|work in progress|no module named '?\w+\.models?\.\w+|unknown (?:model|architecture) (?:class|name)",
        0.74,
        also=(_CONFIG, (Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.GPU_FEATURE_MISSING, 0.12)),
        unless=r"webgpu|browser|\bgpu\b|\bmps\b|device",
    ),
    _SHAPE.rule(
        "python-typing-while-loading",
        r"\bvalueerror\b|\battributeerror\b|\bkeyerror\b|\bindexerror\b|\btypeerror\b|\bassertionerror\b|\bnotimplementederror\b",
        0.31,
        phases=(Phase.LOAD, Phase.METADATA),
        runtimes=("mlc", "tvm", "vllm", "other", "llama", "mlx", "sglang", "exllama", "transformers"),
        wrapper=True,
    ),
    _ABSENT.rule(
        "no-config-in-repository",
        r"no supported config format found|neither config\.json nor params\.json|could not (?:find|detect|determine) (?:the )?(?:model )?config(?:uration)?(?: file| format)? (?:in|for|of)",
        0.55,
        also=((Category.NETWORK_BLOCKED, 0.3), _SKEWED, _CONFIG),
    ),
    _ABSENT.rule(
        "remote-models-off",
        r"local_files_only=true or env\.allowremotemodels|allowremotemodels ?= ?false|allowlocalmodels ?= ?false|both `?local_files_only|file was not found locally",
        0.82,
        also=((Category.CONFIG_INVALID, 0.35), (Category.ARTIFACT_TOKENIZER, 0.12)),
    ),
    _ABSENT.rule(
        "clone-failed",
        r"'git', 'clone', 'https?://[^\n]{0,200}non-zero exit status 128",
        0.6,
        also=(
            (Category.NETWORK_BLOCKED, 0.42),
            (Category.NETWORK_UNREACHABLE, 0.3),
            (Category.HOST_MISSING_DEPENDENCY, 0.15),
        ),
        unless=r"huggingface\.co/(?:meta-llama|google|mistralai)/",
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
    _TOKENIZER.rule(
        "tokenizer-parser",
        r"modelwrapper|untagged enum|(?:^|\n)(?:exception: )?(?:expected value|eof while parsing[^\n]{0,20}|key must be a string|missing field `\w{1,30}`|trailing characters) at line \d+ column \d+\s{0,9}$",
        0.62,
        also=((Category.ARTIFACT_CORRUPT, 0.45), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
        phases=(Phase.LOAD, Phase.METADATA),
        needs=r"exception: |modelwrapper|untagged enum",
    ),
    _SHAPE.rule(
        "key-of-config",
        r"keyerror: '(?:vocab_size|padded_vocab_size|hidden_\w{1,20}|num_\w{1,30}|n_\w{1,12}|rope_\w{1,20}|max_\w{1,30}|model_type|architectures?|intermediate_size|head_dim|torch_dtype|quantization_config|quant_method|layer_types|text_config)'",
        0.74,
        also=((Category.CONFIG_INVALID, 0.35), (Category.COMPILE_FAILED, 0.1)),
    ),
    _SKEW.rule(
        "format-too-old",
        r"too old, regenerate|regenerate your model files|convert-unversioned|please (?:re-?convert|re-?quantize|regenerate)|re-?convert (?:the|your) model|migrate-ggml|model format has changed|new(?:er)? format, (?:please )?(?:convert|update)",
        0.9,
        also=(_CORRUPT,),
    ),
    _SKEW.rule(
        "gguf-metadata-type",
        r"invalid gguf type for|wrong type \w{1,12} but expected|key [\w.]{1,60} has wrong type|unsupported (?:vocab|tokenizer|rope|pooling)[_ ](?:type|model)",
        0.74,
        also=((Category.ARTIFACT_TOKENIZER, 0.25), _CORRUPT),
    ),
    _SKEW.rule(
        "device-of-library",
        r"device_type has an unsatisfied constraint|device_id has an unsatisfied constraint",
        0.5,
        also=((Category.CONFIG_INVALID, 0.55), (Category.GPU_UNSUPPORTED, 0.2)),
    ),
    _TOKENIZER.rule(
        "tokenizer-field-undefined",
        r"cannot read propert(?:y|ies) (?:of|'?\w{0,20}'? of) (?:undefined|null)(?: \(reading '(?:replace|model|vocab|merges|type|added_tokens|normali[sz]er|decoder|tokenizer_class|length|get|has)'\))?",
        0.44,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.36), (Category.CONFIG_INVALID, 0.34)),
        phases=(Phase.METADATA,),
        runtimes=("transformers", "onnx"),
    ),
    _SKEW.rule(
        "program-read-by-shell",
        r"syntax error near unexpected token|: not found(?=[^\n]{0,20}\n[^\n]{0,80}syntax error)|line \d+: \x7felf|exec format error|cannot execute binary file|not a valid win32 application|bad cpu type in executable|%1 is not a valid",
        0.6,
        also=((Category.CONFIG_INVALID, 0.35), _CORRUPT, (Category.HOST_UNSUPPORTED_CPU, 0.2)),
        unless=r"json|javascript",
    ),
    _BROKEN.rule(
        "own-record-empty",
        r"(?:^|\n)(?:error: )?[\w.-]{1,60}/[\w.-]{1,60}/[\w.-]{1,60}:[\w.-]{1,40}: eof\b",
        0.6,
        also=((Category.NETWORK_UNREACHABLE, 0.4),),
    ),
    _BROKEN.rule(
        "should-be-pointers",
        r"should have been pointers",
        0.8,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25),),
    ),
    _ABSENT.rule(
        "page-instead-of-file",
        r"\"?(?:entry|page|file|model|repository) not found\.?\"? is not valid json|unexpected token '?\"?(?:e|n|i|r)\"?'?, \"(?:entry|not found|invalid|repository)",
        0.84,
        also=((Category.NETWORK_HTTP_ERROR, 0.4), (Category.ARTIFACT_CORRUPT, 0.36)),
    ),
    _SKEW.rule(
        "blob-not-loaded",
        r"unable to load model: (?:sha256|\S{0,200}blobs)",
        0.56,
        also=((Category.ARTIFACT_CORRUPT, 0.4), (Category.GPU_OUT_OF_MEMORY, 0.15)),
    ),
    _ABSENT.rule(
        "no-files-of-kind",
        r"no (?:\w+ or )?(?:\w+ )?(?:safetensors|gguf|modelfile|onnx|weights?|model|checkpoint|shard)[\w ,]{0,30} files? (?:were |was )?found|only the first (?:part|split|shard)|(?:part|split|shard)s? (?:\d+ )?(?:is|are|was|were) (?:missing|absent|not found)",
        0.7,
        also=((Category.CONFIG_INVALID, 0.36), _CORRUPT),
    ),
    _ABSENT.rule(
        "weights-url-404",
        rf"{_WEIGHT_FILE}[^\n]{{0,12}}(?:status code|http|error|returned)[^\n]{{0,20}}\b404\b|\b404\b[^\n]{{0,60}}(?:not found|client error)[^\n]{{0,160}}{_WEIGHT_FILE}",
        0.5,
        also=((Category.NETWORK_HTTP_ERROR, 0.56), (Category.ARTIFACT_INCOMPATIBLE, 0.12)),
    ),
    _ABSENT.rule(
        "model-library-name",
        r"model lib\S{0,8} \S{1,120} is not supported|model lib(?:rary)? \S{1,120} (?:is )?not (?:in|found in|part of)",
        0.46,
        also=((Category.CONFIG_INVALID, 0.44), (Category.ARTIFACT_INCOMPATIBLE, 0.42)),
    ),
    _BROKEN.rule(
        "shorter-than-said",
        r"(?:file|shard|blob|data|weights?|tensor)\b[^\n]{0,80}(?:is |are )?(?:shorter|smaller|fewer bytes) than (?:the |its |what |expected|it )",
        0.74,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2),),
        unless=r"memory|limit",
    ),
    # Of mlc-llm's own parts only the tokenizers are written in Rust.
    _TOKENIZER.rule(
        "tokenizers-panicked",
        r"panicked at (?:'[^\n']{0,200}', )?src[/\\]lib\.rs",
        0.72,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.PROCESS_CRASHED, 0.2)),
    ),
    _TOKENIZER.rule(
        "check-in-tokenizer",
        r"check failed[^\n]{0,200}(?:unicode_codepoint|token_table|vocab_size|tokenizer)|tokenizers?[/\\](?:tokenizers?|\w*tokenizer\w*|sentencepiece\w*)\.(?:cc|cpp|h)[\", :]|tokenizers-cpp[/\\]|sentencepiece_processor\.cc|token_postproc",
        0.66,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.PROCESS_CRASHED, 0.15)),
        unless=r"cannot find|getvocabsize|cmake|make(?:\[\d\])?: \*\*\*|cargo|gmake|ninja|linker",
    ),
    _MISTAKEN.rule(
        "not-gguf",
        r"(?:file|model|it) is not (?:in |an? )?(?:valid )?(?:gguf|safetensors)(?: format| file| model)?\b|not a (?:valid )?gguf (?:file|model)",
        0.66,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.35),),
    ),
    _BROKEN.rule(
        "metadata-of-archive",
        r"\(\._[\w.-]{1,60}\): (?:not an elf|unknown file type|file format not recognized)",
        0.9,
        also=((Category.COMPILE_FAILED, 0.5), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
    ),
    # The library is there and another version than the one that asks: it lacks the function.
    _SKEW.rule(
        "procedure-of-library",
        r"specified procedure could not be found|winerror 127\b|找不到指定的程序|procedure entry point[^\n]{0,80}(?:could not be|not) (?:located|found)|prozedur wurde nicht gefunden|procédure spécifiée est introuvable|no se (?:puede|pudo) encontrar el procedimiento",
        0.86,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35),),
    ),
    _SKEW.rule(
        "name-not-exported",
        r"is not exported from '|does not provide an export named|has no exported member|no matching export in ",
        0.78,
        also=((Category.CONFIG_INVALID, 0.25), (Category.HOST_MISSING_DEPENDENCY, 0.12)),
    ),
    _SKEW.rule(
        "name-gone-from-api",
        r"(?:has not been|was not) declared in ['‘`]?(?:tvm|mlc|dlpack|llama|ggml|ort)\b|no (?:member|type|template) named '\w+' in (?:namespace )?'(?:tvm|mlc|dlpack|llama|ggml|ort)\b|is not a member of ['‘`](?:tvm|mlc|dlpack|llama|ggml|ort)\b",
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
    _ABSENT.rule(
        "model-not-retrieved",
        r"failed to retrieve model\b|unable to retrieve (?:the )?model file",
        0.72,
        also=((Category.CONFIG_INVALID, 0.35), (Category.NETWORK_HTTP_ERROR, 0.12)),
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
)

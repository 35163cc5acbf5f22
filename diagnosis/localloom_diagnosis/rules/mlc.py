"""Rules for MLC and TVM: what their runtime, their libraries of a model and what these generate say."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_MLC = ("mlc", "tvm", "web-llm", "webllm")

_SKEW = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the model's library, its compiler and the runtime come from different versions",
    es="la biblioteca del modelo, su compilador y el motor son de versiones distintas",
)
_ARCHITECTURE = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="this version does not know the model's architecture or its conversation template",
    es="esta versión no conoce la arquitectura del modelo o su plantilla de conversación",
)
_NO_LIBRARY = Group(
    Category.ARTIFACT_MODEL_NOT_FOUND,
    en="the model's library, its configuration or its weights are not where they are looked for",
    es="la biblioteca del modelo, su configuración o sus pesos no están donde se buscan",
)
_FULL = Group(
    Category.GENERATE_CONTEXT_OVERFLOW,
    en="the conversation needs more room than the library was compiled for",
    es="la conversación necesita más espacio del que se previó al compilar la biblioteca",
)
_NUMERIC = Group(
    Category.GENERATE_NUMERIC,
    en="what the model computes is not usable",
    es="lo que calcula el modelo no es utilizable",
)
_VOCABULARY = Group(
    Category.ARTIFACT_TOKENIZER,
    en="the model gives tokens that the tokenizer does not have",
    es="el modelo da tokens que el tokenizador no tiene",
)
_CONSEQUENCE = Group(
    Category.UNKNOWN,
    en="this follows on an earlier failure that is not shown, or the engine's own bookkeeping is wrong",
    es="esto sigue a un fallo anterior que no se muestra, o falla la contabilidad del propio motor",
)
_REQUEST = Group(
    Category.CONFIG_INVALID,
    en="the server refuses the request as it is",
    es="el servidor rechaza la petición tal como está",
)
_SHARDS = Group(
    Category.ARTIFACT_CORRUPT,
    en="files of the model are damaged or not whole",
    es="hay archivos del modelo dañados o incompletos",
)
_SOURCE = Group(
    Category.NETWORK_UNREACHABLE,
    en="the place that the packages came from is gone",
    es="el sitio del que venían los paquetes ya no está",
)

_COMPILE = (Category.COMPILE_FAILED, 0.35)
_CONFIG = (Category.CONFIG_INVALID, 0.25)

RULES = (
    _SKEW.rule(
        "mlc-register-node",
        r"did you forget to register the node|cannot find type [\w.]{1,80}\. did you forget|typeattr `\w{1,60}` is already registered|object type (?:key|index) [^\n]{0,60}(?:already|not) registered",
        0.96,
    ),
    _SKEW.rule(
        "mlc-symbol-of-tvm",
        r"undefined symbol: (?:_zn\w{0,8}(?:tvm|mlc|dmlc|xgrammar)|_?tvm)\w|symbol not found[^\n]{0,60}(?:_zn\w{0,8}(?:tvm|mlc|dmlc)|_?tvm(?:ffi|func|api|mod)\w)|cannot locate symbol \W{0,2}(?:_zn\w{0,8}(?:tvm|mlc)|tvm\w)|function '\w*tvm\w{1,60}' not found|undefined symbol: _?tvmffi",
        0.96,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.2),),
        unless=r"wasm-ld",
    ),
    _SKEW.rule(
        "mlc-names-of-tvm",
        r"cannot import name '\w{1,60}' from '(?:tvm|mlc_llm|mlc_chat|xgrammar)\b|module '(?:tvm|mlc_llm|mlc_chat|xgrammar)[\w.]{0,60}' has no attribute|no attribute '(?:_ffi_api|registerfunc|registeropattr)'|no module named '?tvm\.(?:relax|dlight|ffi|script|s_tir|runtime\.vm|topi)\b",
        0.96,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3),),
    ),
    _SKEW.rule(
        "mlc-return-type",
        r"do not know how to handle (?:return )?type ?(?:code)?|unsupported return type code|unknown ffi type index|expected (?:int|float|object|str|bytes|shapetuple|ndarray) but got (?:int|float|object|str|none|runtime)|type_code_ ?== ?k(?:tvm|dl)\w{1,30} \(|mismatched type on argument #\d",
        0.96,
        also=((Category.CONFIG_INVALID, 0.12),),
    ),
    _SKEW.rule(
        "mlc-arguments-of-function",
        r"(?:function|invoking) [\w.]{1,80}\(?[^\n]{0,400}expects \d{1,2} arguments?, but \d{1,2} were provided|invoking function \w{1,80} requires \d{1,2} inputs but|invalid number of kv cache constructor|(?:attentionkvcache|kvstate|kv_?cache)\w{0,20} expects \d{1,2} arguments|create_kv_cache_func|pagedkvcache\.\w{1,60}\(\) missing|number of arguments?[^\n]{0,20}mismatch(?:ed)? when calling",
        0.96,
        also=((Category.CONFIG_INVALID, 0.1),),
    ),
    _SKEW.rule(
        "mlc-function-of-runtime",
        r"cannot find (?:packedfunc|global function|function) \W?(?:vm\.|mlc\.|tvmjs\.|flashinfer\.|runtime\.|ffi\.|relax\.|xgrammar\.|tokenizers)[\w.]{1,80}|function \W?(?:vm|mlc|ffi|runtime|tvmjs|relax|node|script|testing|xgrammar)\.[\w.]{1,80}\W? (?:is )?not (?:found|registered)|cannot find packed ?func \W?(?:vm|mlc)\.|global ?(?:packed)?func(?:tion)? \W?(?:vm|mlc|runtime)\.[\w.]{1,60}\W? (?:is not|not) ",
        0.97,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.12),),
        unless=r"runtime\.disco\.",
    ),
    _SKEW.rule(
        "mlc-format-of-executable",
        r"invalid vm file format|binary was created using \{?relax\.\w{1,30}\}? but a loader|vm executable[^\n]{0,40}(?:version|magic)|load_from_?file[^\n]{0,40}(?:magic|version) (?:mismatch|number)|cannot find parameter in cache|unmatched symbol in the (?:vm|executable)",
        0.95,
        also=((Category.ARTIFACT_CORRUPT, 0.2),),
    ),
    _SKEW.rule(
        "mlc-system-library-of-wasm",
        r"instance\.systemlib\b|(?:cannot find|no|missing)[^\n]{0,40}runtime\.systemlib|symbol[^\n]{0,40}__tvm_(?:main|ffi|dev_mblob|module_ctx)",
        0.8,
        also=((Category.PROCESS_CRASHED, 0.2),),
        runtimes=_MLC,
    ),
    _SKEW.rule(
        "mlc-config-of-another-version",
        r"config\[\"\w{1,40}\"\]\.is<|validation errors? for mlcchatconfig|isinstance\(\w{0,20}\.?conv_template|\(partial_update\) is false|key [\"`]\w{1,40}[\"`] not found(?: in the json object)?\.?$|key `\w{1,60}` not found in the json object|kv_cache_bytes missing|missing in metadata|unexpected keyword argument '(?:lib_path|model_lib_path|model_lib|chat_config|device_name|max_gen_len|engine_config)'",
        0.96,
        also=((Category.CONFIG_INVALID, 0.25),),
    ),
    _SKEW.rule(
        "mlc-library-of-several-devices",
        r"not a discoworker thread|discoworker::threadlocal|number of shards[^\n]{0,40}(?:mismatch|does not match|differs)|tensor[_ ]parallel[_ ]shards[^\n]{0,60}(?:mismatch|does not match|differs|compiled)",
        0.88,
        also=((Category.CONFIG_INVALID, 0.35),),
    ),
    _SKEW.rule(
        "mlc-result-of-another-form",
        r"container/array\.h:\d{1,4}|indexing \d{1,6} on an array of size \d|input_shape\[i\] == heap_data|requested shape do not match the filled",
        0.74,
        also=((Category.PROCESS_CRASHED, 0.25), _CONFIG),
        runtimes=_MLC,
    ),
    _SKEW.rule(
        "mlc-definition-needs-newer-tvm",
        r"relax[/\\]frontend[/\\]nn[/\\](?:modules|core|op|spec|exporter)\.py\W{1,3}line",
        0.62,
        also=(_COMPILE, _CONFIG),
        phases=(Phase.COMPILE,),
        wrapper=True,
    ),
    _SKEW.rule(
        "mlc-attention-of-another-backend",
        r"attn_backend\.(?:h|cc):|(?:mla|attention|paged|prefill|ragged)[\w ]{0,30} is not supported by the current backend",
        0.84,
        also=((Category.CONFIG_INVALID, 0.35), (Category.GPU_FEATURE_MISSING, 0.2)),
    ),
    _SKEW.rule(
        "mlc-versions-in-words",
        r"\b(?:not|doesn't|don't|won't|no longer) (?:work|run|load|compatible) with (?:the )?(?:new|newer|old|older|latest|current|nightly|web-?llm|@mlc-ai|mlc|tvm)\b|\b(?:compiled|built|converted) (?:with|by|using|for) (?:an? |the )?(?:old|older|newer|different|other|previous)\b[^\n]{0,40}(?:version|mlc|tvm|web-?llm|nightly)|(?:old|older|previous|existing) (?:wasm|lib|librar\w{1,3}|models?)\b[^\n]{0,60}(?:not|fails?|broken?|no longer)\b",
        0.82,
        also=((Category.CONFIG_INVALID, 0.15), (Category.HOST_MISSING_DEPENDENCY, 0.15)),
        runtimes=_MLC,
    ),
    _ARCHITECTURE.rule(
        "tvm-operators-of-frontend",
        r"operators? (?:is|are) not (?:supported|implemented)|opnotimplemented|unsupported function types?\b|operator \w{1,40} is not supported (?:in|for) frontend|no conversion (?:rule )?(?:found )?for op",
        0.88,
        also=((Category.COMPILE_FAILED, 0.35), (Category.CONFIG_INVALID, 0.12)),
        runtimes=("mlc", "tvm"),
    ),
    _ARCHITECTURE.rule(
        "mlc-format-of-other-engines",
        r"\b(?:gguf|ggml|gptq|awq|exl2|onnx|fp8|gptqmodel|bitsandbytes|bnb)\b[^\n]{0,60}\b(?:cannot|can't|can not|not|isn't|aren't|unable to) (?:be )?(?:convert|support|load|us|read|accept|compil)",
        0.8,
        also=(_CONFIG,),
        runtimes=("mlc", "web-llm"),
    ),
    _SKEW.rule(
        "mlc-tuning-records",
        r"unable to parse tuningrecord|json_database\.cc|database_tuning_record\.json|database_workload\.json",
        0.82,
        also=((Category.ARTIFACT_CORRUPT, 0.3), _COMPILE),
    ),
    _SKEW.rule(
        "mlc-headers-of-newer-tvm",
        r"'tvm/ffi/[\w/]{1,60}\.h' file not found|tvm/ffi/[\w/]{1,60}\.h: no such file",
        0.94,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.5), (Category.COMPILE_FAILED, 0.4)),
    ),
    _SKEW.rule(
        "mlc-packages-that-do-not-agree",
        r"(?:found|has|have|is|in|a) (?:a )?(?:version )?conflicts? with (?:numpy|pydantic|torch|transformers|tvm|protobuf)|needs? pydantic ?[<>]|conflict(?:s|ing)? (?:with )?numpy ?[\d.<>=]|(?:numpy|pydantic) ?(?:v|version |==? ?)?2(?:\.\d){0,2}\b[^\n]{0,40}(?:conflict|incompatib|not (?:work|support)|break)",
        0.86,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35),),
    ),
    # The line by which the guide has an installation tried, and nothing of what it said.
    _SKEW.rule(
        "mlc-import-fails-in-words",
        r"import mlc_(?:llm|chat)\b[^\n]{0,80}(?:报错|出错|失败|error|fails?|conflict|crash|doesn't work|not work)|import mlc_(?:llm|chat); ?print\(",
        0.6,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.48),),
        phases=(Phase.PREFLIGHT, Phase.RUNTIME),
        unless=r"no module named|undefined symbol|illegal|cannot open shared|cannot find libraries|winerror|command not found|could not find module",
    ),
    _SKEW.rule(
        "mlc-wheel-of-another-python",
        r"(?:mlc_(?:ai|llm|chat)\w{0,40}|tvm\w{0,30})-[\w.+%-]{1,80}\.whl is not a supported wheel",
        0.95,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35),),
    ),
    _ARCHITECTURE.rule(
        "mlc-unknown-architecture",
        r"unknown model type: ?[\w.-]{1,60}\. available|unknown conv(?:ersation)? template|no such conv(?:ersation)? template|model type [\w-]{1,40} not supported\b|conv template [\"'`]?[\w.-]{1,40}[\"'`]? (?:is )?not (?:found|supported|registered)|unrecognized model type in mlc|invalid choice: '[\w.-]{1,60}' \(choose from '?(?:auto'?, ?)?'?llama'?, ?'?mistral|unsupported model architecture in mlc",
        0.96,
        also=(_CONFIG,),
    ),
    _ARCHITECTURE.rule(
        "mlc-config-not-resolved",
        r"failed to resolve model config",
        0.74,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.45), (Category.NETWORK_HTTP_ERROR, 0.2)),
    ),
    _NO_LIBRARY.rule(
        "mlc-library-not-found",
        r"cannot find the model library that corresponds to|cannot find library \"?[\w./-]{1,120}\.(?:so|dylib|dll)\"? and other|cannot find [\w.-]{1,60} lib in preferred path|unable to find [\w./\\-]{1,120}\.(?:so|dylib|dll|wasm|tar) at|couldn't find [\w./\\-]{0,160}params[\w./\\-]{0,120}\.so|we searched over the following possible paths",
        0.96,
        also=((Category.CONFIG_INVALID, 0.25),),
    ),
    _NO_LIBRARY.rule(
        "mlc-files-of-model-not-found",
        r"cannot open [^\n]{0,240}(?:(?:ndarray|tensor)-cache\.json|params_shard_\d{1,4}\.bin|mlc-chat-config\.json)|no such file or directory: '?[^\n]{0,240}(?:(?:ndarray|tensor)-cache\.json|mlc-chat-config\.json)|\(config_istream\) is false|config_istream\b",
        0.96,
        also=((Category.CONFIG_INVALID, 0.2), (Category.ARTIFACT_CORRUPT, 0.15)),
    ),
    _NO_LIBRARY.rule(
        "mlc-not-in-cache",
        r"cannot find cache for hf://|mlc_download_cache_policy=readonly",
        0.88,
        also=((Category.CONFIG_INVALID, 0.4), (Category.NETWORK_UNREACHABLE, 0.1)),
    ),
    _NO_LIBRARY.rule(
        "mlc-no-weights",
        r"no supported weight format|cannot find weight file|no weights? files? (?:were |was )?found|cannot find [^\n]{0,60}(?:index\.json|\.bin|\.safetensors) (?:in|under|at) ",
        0.84,
        also=((Category.CONFIG_INVALID, 0.3), (Category.ARTIFACT_CORRUPT, 0.15)),
    ),
    _NO_LIBRARY.rule(
        "mlc-repository-that-is-not-converted",
        r"(?:cloning|clone)\b[^\n]{0,20}https://huggingface\.co/mlc-ai/\S{1,80}[\s\S]{0,600}(?:return code 128|exit status 128)",
        0.86,
        also=(
            (Category.NETWORK_UNREACHABLE, 0.3),
            (Category.NETWORK_TIMEOUT, 0.3),
            (Category.NETWORK_BLOCKED, 0.2),
        ),
        unless=r"huggingface\.co/mlc-ai/\S{1,80}-mlc\b|timed out|could not resolve",
    ),
    _SKEW.rule(
        "mlc-kernels-for-another-gpu",
        r"cuda_error_no_binary_for_gpu|cudaerrornokernelimage|no kernel image is available",
        0.84,
        also=((Category.GPU_FEATURE_MISSING, 0.45), (Category.GPU_DRIVER, 0.15)),
        runtimes=("mlc",),
    ),
    _FULL.rule(
        "mlc-room-of-library",
        r"storage allocation failure, attempted to allocate|needed_size <= this->buffer\.size|the kv cache is full\. ?no page|no page can be allocated|free_page_ids_\.empty\(\)|(?:exceeds?|longer than|beyond) (?:the )?(?:max_(?:total_)?seq(?:uence)?_len(?:gth)?|max_single_sequence_length|prefill_chunk_size)",
        0.97,
        also=((Category.GPU_OUT_OF_MEMORY, 0.2), (Category.CONFIG_INVALID, 0.2)),
        phases=(Phase.GENERATE,),
    ),
    _FULL.rule(
        "mlc-breaks-after-so-many-tokens",
        r"\b(?:breaks?|fails?|crash\w{0,3}|stops?|errors?)\b[^\n]{0,60}\b(?:over|after|beyond|past|above|more than|longer than|exceed\w{0,3}) (?:about |~ ?|around )?\d{3,6} tokens",
        0.66,
        also=(
            (Category.GENERATE_NUMERIC, 0.3),
            (Category.GPU_OUT_OF_MEMORY, 0.2),
            (Category.PROCESS_CRASHED, 0.2),
        ),
        runtimes=_MLC,
        phases=(Phase.GENERATE,),
    ),
    _NUMERIC.rule(
        "mlc-no-token-sampled",
        r"sampled_index >= 0|token ids not accepted by json grammar|probs? (?:contains?|are all|is all) nan|!?isnan\(\w{0,20}(?:prob|logit)|uniform_sample[^\n]{0,40}fail|(?:token|sampled) id -\d{1,12}\b|invalid token id -\d",
        0.95,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.ARTIFACT_TOKENIZER, 0.15)),
    ),
    _NUMERIC.rule(
        "mlc-results-are-wrong",
        r"not equal to tolerance|mismatched elements:|(?:outputs?|results?|values?) (?:differs?|mismatch\w{0,2}|are different) (?:from|between|with)\b|(?:corrupt(?:ed)?|garbled|broken|random|scrambled|mangled) (?:unicode|utf-?8|chinese|japanese|korean|emoji)?\s?(?:characters?|text|output|symbols)|(?:calculation|computation|compute|attention|inference) results?[^\n]{0,80}(?:not meet expect|wrong|incorrect|do(?:es)? not match|not (?:as )?expected|differ)|(?:only|just) (?:creates?|produces?|generates?|outputs?) (?:random )?noise",
        0.84,
        also=((Category.ARTIFACT_TOKENIZER, 0.15), (Category.COMPILE_FAILED, 0.15)),
        phases=(Phase.GENERATE,),
    ),
    _NUMERIC.rule(
        "mlc-tokens-without-meaning",
        r"<unused\d{1,4}>",
        0.84,
        also=((Category.ARTIFACT_TOKENIZER, 0.3),),
        phases=(Phase.GENERATE,),
        unless=r"terminate called|accepting piece",
    ),
    _VOCABULARY.rule(
        "mlc-panic-of-tokenizers",
        r"panicked at src/lib\.rs:\d{1,4}:\d{1,4}",
        0.95,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.ARTIFACT_CORRUPT, 0.15)),
        runtimes=_MLC,
    ),
    _VOCABULARY.rule(
        "mlc-words-run-together",
        r"\b(?:no|without|missing|lacks?) (?:any )?(?:white)?spaces? (?:between|in)\b",
        0.72,
        also=((Category.GENERATE_NUMERIC, 0.5),),
        phases=(Phase.GENERATE,),
    ),
    _VOCABULARY.rule(
        "mlc-tokenizer-in-wasm",
        r"tokenizers_new_from_str|byte_level_bpe_tokenizers_new|tokenizerswasm",
        0.9,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.25), (Category.ARTIFACT_CORRUPT, 0.25)),
    ),
    _VOCABULARY.rule(
        "mlc-token-out-of-range",
        r"\btoken[_ ]ids?\b[^\n]{0,30}\bout of (?:range|bounds?|vocab\w{0,6})\b",
        0.92,
        also=((Category.GENERATE_NUMERIC, 0.5), (Category.ARTIFACT_INCOMPATIBLE, 0.25)),
        runtimes=_MLC,
    ),
    _VOCABULARY.rule(
        "mlc-token-beyond-vocabulary",
        r"token_id < static_cast<int>\(token_table_\.size|invalid token id \d{4,6} for grammarmatcher|token_id >= \(?(?:static_cast<int>\()?\w{0,40}vocab_size",
        0.93,
        also=((Category.GENERATE_NUMERIC, 0.45), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
        unless=r"token id -\d",
    ),
    _CONSEQUENCE.rule(
        "mlc-not-reloaded",
        r"chat is not initialized via reload",
        0.93,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.4),
            (Category.CONFIG_INVALID, 0.3),
            (Category.GPU_UNSUPPORTED, 0.3),
        ),
    ),
    _CONSEQUENCE.rule(
        "webllm-not-reloaded",
        r"chat module not yet initialized",
        0.7,
        also=(
            (Category.GPU_UNSUPPORTED, 0.45),
            (Category.ARTIFACT_INCOMPATIBLE, 0.4),
            (Category.CONFIG_INVALID, 0.3),
        ),
    ),
    _CONSEQUENCE.rule(
        "mlc-object-not-made",
        r"'(?:async)?(?:mlc)?(?:llm)?engine(?:base)?' object has no attribute '(?:_ffi|_terminated|state|_background)",
        0.8,
        also=((Category.COMPILE_FAILED, 0.6), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
        wrapper=True,
    ),
    _CONSEQUENCE.rule(
        "webllm-object-disposed",
        r"has already been disposed",
        0.76,
        also=(
            (Category.PROCESS_CRASHED, 0.2),
            (Category.GPU_DEVICE_LOST, 0.2),
            (Category.CONFIG_INVALID, 0.15),
        ),
        runtimes=_MLC,
    ),
    _CONSEQUENCE.rule(
        "mlc-bookkeeping",
        r"check failed[^\n]{0,80}\b(?:request_states?_?|mstates?|rsentr\w{1,10}|(?:running|waiting)_queue|num_running\w{0,20}|seq_map_?|committed_tokens|request_state_entries)\b|draft_(?:output_tokens|token_indices|token_\w{1,20})\b|output_ids_\.empty\(\)|length of pop is \d{1,8}|num_sequence \(\d{1,6} vs|the sequence only has length \d{1,8}|sequence \"?\d{0,12}\"? (?:cannot be found|not found) in kv cache",
        0.84,
        also=(
            (Category.PROCESS_CRASHED, 0.5),
            (Category.CONFIG_INVALID, 0.25),
            (Category.ARTIFACT_INCOMPATIBLE, 0.25),
            (Category.GENERATE_NUMERIC, 0.15),
        ),
        phases=(Phase.GENERATE,),
        runtimes=_MLC,
    ),
    _SOURCE.rule(
        "mlc-site-is-down",
        r"\b(?:site|website|server|mirror|cdn|wheels?|mlc\.ai)\b[^\n]{0,20}\b(?:is|are|was) (?:currently )?(?:down|offline|unreachable)\b",
        0.82,
        also=((Category.NETWORK_HTTP_ERROR, 0.4), (Category.NETWORK_TIMEOUT, 0.25)),
        phases=(Phase.PREFLIGHT, Phase.RUNTIME, Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS),
        runtimes=_MLC,
    ),
    _REQUEST.rule(
        "mlc-request-refused",
        r"422 unprocessable|\bfield required\b|/v1/\w[\w/]{0,40}[^\n]{0,20} 40[45]\b|\"type\": ?\"badrequesterror\"",
        0.84,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.2), (Category.NETWORK_HTTP_ERROR, 0.2)),
        phases=(Phase.GENERATE,),
        runtimes=("mlc",),
        unless=r"model length|context|tokens in total|5\d\d internal",
    ),
    _SHARDS.rule(
        "mlc-broken-files",
        r"\b(?:shards?|weights?|parameters?|ndarray-cache|tensor-cache|mlc-chat-config|tokenizer)(?:\.json|\.bin)?\b[^\n]{0,30}\b(?:is|are|was|were|got|gets) (?:broken|corrupt(?:ed)?|damaged|truncated|incomplete|empty|0 bytes|half)\b|corrupt(?:ed)? (?:download|shards?|weights?|params?|cache)\b",
        0.86,
        also=((Category.NETWORK_UNREACHABLE, 0.2), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        phases=(Phase.LOAD, Phase.WEIGHTS, Phase.METADATA, Phase.RESOLVE, Phase.COMPILE),
        runtimes=_MLC,
    ),
    _SOURCE.rule(
        "mlc-host-of-packages-is-gone",
        r"\b(?:server|host|site|website|domain|mirror)\b[^\n]{0,80}no longer (?:exists?|available|there|reachable)",
        0.88,
        also=((Category.NETWORK_HTTP_ERROR, 0.4), (Category.HOST_MISSING_DEPENDENCY, 0.3)),
    ),
)

"""Rules for calls, addresses and surroundings that cannot be right, as servers, apps and languages say it."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .rule import Group

_CALL = Group(
    Category.CONFIG_INVALID,
    en="what was asked of the program does not fit how it was set up",
    es="lo que se pidió al programa no encaja con su configuración",
)
_SURROUNDINGS = Group(
    Category.CONFIG_INVALID,
    en="the page or the process around the program does not let it work",
    es="la página o el proceso que rodea al programa no le deja funcionar",
)
_ADDRESS = Group(
    Category.CONFIG_INVALID,
    en="an address is not written as it must be",
    es="una dirección no está escrita como debe",
)
_INTERPRETER = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="the system has no interpreter for this kind of program",
    es="el sistema no tiene intérprete para este tipo de programa",
)
_COMMAND = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="the command is not in the container or on the path",
    es="la orden no está en el contenedor ni en la ruta",
)
_NO_FIRST_DEVICE = Group(
    Category.GPU_UNSUPPORTED,
    en="there is not even a first device",
    es="no hay ni un primer dispositivo",
)
_AFTERMATH = Group(
    Category.UNKNOWN,
    en="the model was not loaded before: why, the words do not tell",
    es="el modelo no se había cargado: por qué, el texto no lo dice",
)

_SKEW = (Category.ARTIFACT_INCOMPATIBLE, 0.22)
_DEPENDENCY = (Category.HOST_MISSING_DEPENDENCY, 0.2)

_NO_WEBGPU = Group(
    Category.GPU_UNSUPPORTED,
    en="the browser has no WebGPU",
    es="el navegador no tiene WebGPU",
)
_BINDING = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="the model was not made: its binding is not there or does not fit",
    es="el modelo no se creó: falta su biblioteca o no encaja",
)

RULES = (
    # Their programs are archives and executables in one, which the system hands to an interpreter of its own.
    _INTERPRETER.rule(
        "interpreter-of-portable-program",
        r"run-detectors: unable|unable to find an interpreter for|\bape\b[^\n]{0,30}(?:interpreter|loader)|\.llamafile['`]?: (?:invalid argument|exec format error|cannot execute)",
        0.84,
        also=((Category.CONFIG_INVALID, 0.56),),
    ),
    _COMMAND.rule(
        "command-not-in-container",
        r"failed to exec \S{1,40}: (?:no such file|not found)|exec user process caused[^\n]{0,20}no such file|starting container process caused[^\n]{0,80}(?:no such file|executable file not found)",
        0.76,
        also=((Category.CONFIG_INVALID, 0.5), (Category.ARTIFACT_INCOMPATIBLE, 0.25)),
    ),
    # The limit is the user's, not the machine's.
    _SURROUNDINGS.rule(
        "locked-memory",
        r"failed to mlock|rlimit_mem?lock|\bulimit -l\b|locked[- ]memory limit|memlock (?:limit|ulimit)",
        0.9,
        also=((Category.HOST_OUT_OF_MEMORY, 0.5),),
    ),
    _AFTERMATH.rule(
        "chat-after-failed-load",
        r"chat is not initiali[sz]ed via reload",
        0.7,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.4),
            (Category.CONFIG_INVALID, 0.25),
            (Category.GPU_OUT_OF_MEMORY, 0.15),
        ),
    ),
    _NO_FIRST_DEVICE.rule(
        "first-device-invalid",
        r"invalid (?:\w{2,10} )?device(?:_id| id|[ _]index| number)? ?[=:] ?0\b",
        0.84,
        also=((Category.CONFIG_INVALID, 0.2), (Category.GPU_DRIVER, 0.35)),
    ),
    _SURROUNDINGS.rule(
        "worker-against-policy",
        r"create a worker from [^\n]{0,300}content security policy|create a worker from [^\n]{0,300}\n[^\n]{0,40}content security policy|note that 'worker-src' was not|construct '(?:shared)?worker'[^\n]{0,300}content security policy",
        0.97,
        also=((Category.WORKER_CRASHED, 0.5), (Category.NETWORK_BLOCKED, 0.56)),
    ),
    # The weights lie beside the model and the runtime of the browser must be given them; the message is often cut.
    _CALL.rule(
        "data-not-mounted",
        r"failed to load external data file[^\n]{0,120}\bmodule\.mou|external data (?:file )?(?:is |was )?not mounted",
        0.84,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.56), _SKEW),
    ),
    _CALL.rule(
        "one-of-several-must-be-named",
        r"multiple [^\n]{0,40}(?:files?|models?|weights|checkpoints|ggufs?) (?:were |was |are )?found|(?:found|there are|contains?) (?:several|multiple|more than one) (?:\.?\w{2,12} )?(?:files?|models?|weights|checkpoints)\b[^\n]{0,60}(?:specify|choose|name|which|ambiguous)",
        0.86,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.2), _SKEW),
        unless=r"duplicate|openmp",
    ),
    _CALL.rule(
        "neither-given",
        r"neither [^\n]{1,50} (?:or|nor) [^\n]{1,50} (?:was|were|is|are) (?:specified|given|provided|set|passed|present)|either [^\n]{1,50} or [^\n]{1,50} (?:is|are) (?:needed|required)|exactly one of [^\n]{1,80} (?:must|should|has to)|one of [^\n]{1,80} is required|(?:were|was) not provided: ?\s{0,4}[-<]|is required for '[^\n]{1,60}' but none was|but none (?:was|were) (?:given|supplied|provided|specified)|missing required field|field required\b|\bmodel is required\b",
        0.84,
        also=(_SKEW,),
        unless=r"validation errors? for \w{0,20}(?:config|llamacpp)|metadata, path_model",
    ),
    # A value of the program that calls was never set.
    _CALL.rule(
        "name-never-set",
        r"unknown model:? ['\"`]?(?:undefined|null|none)\b|model ['\"`]?(?:undefined|null)['\"`]? (?:was |is )?not found|[/=](?:undefined|\[object object\])(?:[/?&\"' ]|$)",
        0.88,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.62), (Category.NETWORK_HTTP_ERROR, 0.2)),
        unless=r"not a local folder",
    ),
    _CALL.rule(
        "nothing-chosen",
        r"no (?:active|default|current) (?:[\w-]{1,20} ){1,3}(?:is |was )?(?:set|selected|configured|chosen)\b|to set a model first|(?:engine|variant|backend|runtime|provider|model|device|endpoint|server|interpreter)\b[^\n]{0,50} (?:is|was|are|has been|have been) not (?:yet )?(?:been )?(?:set|selected|chosen|configured|picked)\b|(?:no|not any) (?:engine|variant|backend|runtime|provider|endpoint) (?:is |was |has been )?(?:set|selected|chosen|configured|specified)\b|(?:please )?(?:select|choose|pick|configure) (?:an? |the |your )?(?:engine|variant|backend|runtime|provider|endpoint) (?:first|before|in (?:the )?settings)",
        0.72,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.2)),
        unless=r"chat_template|eos_token|pad_token|environment variable|cuda_home",
    ),
    _ADDRESS.rule(
        "address-in-no-form",
        r"\bno protocol ?: ?\S|malformedurl|unknown protocol: \w|illegal character in (?:scheme|authority|path|query)|expected scheme-specific part|uri is not absolute|host is not specified|invalid (?:uri|url|hostname|base ?url|api ?base|endpoint)\b|must (?:start|begin) with ['\"`]?https?|(?:forgot|did you (?:forget|mean)|needs?) (?:to add |to include |to set )?(?:the )?['\"`]?(?:https?://|/v1\b)|unsupported protocol\b(?! scheme \"\")|unknown url type|is not a valid url",
        0.82,
        also=((Category.NETWORK_UNREACHABLE, 0.3), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.25)),
        unless=r"40[14]\b|ssl|tls",
    ),
    _SURROUNDINGS.rule(
        "parts-not-where-the-page-says",
        r"config\.publicpath|\bpublicpath is|(?:set|check|configure|wrong|ensure)[^\n]{0,40}(?:wasmpaths|wasm_?path|publicpath|locatefile|basepath)|(?:wasmpaths|locatefile)[^\n]{0,40}(?:not set|wrong|must|missing|incorrect)",
        0.9,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.45), (Category.NETWORK_HTTP_ERROR, 0.45)),
    ),
    _SURROUNDINGS.rule(
        "exports-in-wrong-order",
        r"default condition should be last|allowremotemodels ?= ?false`?, but attempted",
        0.97,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.5),),
    ),
    # What only a page has is asked for outside of one.
    _SURROUNDINGS.rule(
        "page-asked-for-outside-of-one",
        r"undefined \(reading '(?:origin|href|hostname|pathname|useragent|cookie|createelement|addeventlistener|getelementbyid)'\)|cannot read propert(?:y|ies) '(?:origin|href|useragent|createelement)' of (?:undefined|null)",
        0.74,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.35), (Category.HOST_MISSING_DEPENDENCY, 0.15)),
    ),
    _CALL.rule(
        "property-of-plugin",
        r"unsupported property\b|(?:unsupported|unknown|not supported) (?:configuration|config|plugin|device) (?:key|property|option)|not found property|failed to set property|option not found: |property \S{1,40} (?:is )?(?:not|un)supported",
        0.76,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.GENERATE_CONTEXT_OVERFLOW, 0.1)),
    ),
    _SURROUNDINGS.rule(
        "device-taken-too-early",
        r"cuda must not be initiali[sz]ed in the main|must not be initiali[sz]ed (?:before|in the (?:main|parent))|(?:must|has to|should) be (?:called|set|initiali[sz]ed|imported) before (?:importing|the first|any|other|initiali[sz]|cuda|loading)|import \w{2,20} before (?:import|transformers|trl|peft|torch)",
        0.8,
        also=(_DEPENDENCY,),
    ),
    _CALL.rule(
        "used-before-it-is-made",
        r"lateinit property \w{1,40} has not been initiali[sz]ed|call (?:`?\w{0,20}\.?)?(?:init(?:iali[sz]e)?|load|start|setup|prepare|open|build)\(\)`? (?:first|before)|must (?:call|await|invoke) `?\w{1,30}(?:\.\w{1,30})?(?:\(\))?`? (?:first|before)|(?:engine|model|session|interpreter|context|llm|sdk|plugin|pipeline) (?:is |was |has )?(?:not|n't) (?:been )?(?:yet )?initiali[sz]ed\b(?! via reload)",
        0.6,
        also=(_SKEW, (Category.UNKNOWN, 0.35), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.12)),
    ),
    _CALL.rule(
        "option-taken-out",
        r"(?:argument|option|flag|parameter|setting)s? (?:has been|have been|was|were|is|are) (?:removed|renamed|deprecated and removed|no longer (?:supported|available|accepted))|(?:has been|was) (?:removed|replaced|renamed)[,.;:]? (?:please )?use --",
        0.78,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4),),
    ),
    _CALL.rule(
        "typed-into-the-wrong-place",
        r"zsh: no matches found|invalid reference format|invalid mount config|bind source path does not exist|bad substitution|ampersandnotallowed|is not recognized as the name of a cmdlet, function[^\n]{0,60}\n?[^\n]{0,200}--|is not a valid container name|invalid volume specification|invalid bind mount|executable file `-\w[^\n]{0,200}` not found|exec: \"-{1,2}\w[^\n\"]{0,100}\": executable",
        0.97,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3),),
    ),
    _CALL.rule(
        "composed-settings",
        r"configcomposition|missingmandatoryvalue|missing mandatory value|could not override '|configattributeerror|configkeyerror|(?:omegaconf|hydra)\.errors|key '[\w.]{1,40}' (?:is )?not in (?:the )?(?:struct|config)|unable to find or instantiate abc|jsonargparse|click\.exceptions|typer\.\w{0,10}(?:error|exit)|clap::error|could(?:n't| not) parse (?:env(?:ironment)? )?[a-z]{2,12}_[a-z_]{2,30}\b|invalid options: \w",
        0.82,
        also=(_SKEW,),
    ),
    # The names under which secrets and addresses of services are looked up.
    _CALL.rule(
        "variable-looked-up",
        r"keyerror: ['\"][a-z]{2,20}(?:_[a-z]{2,20}){0,3}_(?:key|token|host|url|endpoint|base|home|path|dir)['\"]",
        0.7,
        also=((Category.NETWORK_BLOCKED, 0.25), _SKEW),
        unless=r"cuda_home|nccl_so_path|logging_level",
    ),
    _CALL.rule(
        "server-without-endpoint",
        r"this server does not support|start it with(?:out)? `?--|endpoint (?:is )?(?:not enabled|disabled|not supported|not available)|no endpoints? (?:found|available) (?:that|for)|did you set the base ?url|model_not_found[^\n]{0,40}gpt-[34]",
        0.84,
        also=((Category.NETWORK_HTTP_ERROR, 0.25), _SKEW),
    ),
    # The web server's own line, which says no more than that the request was refused.
    _CALL.rule(
        "request-logged-with-400",
        r"\[gin\] [^\n]{0,40}\| ?(?:400|405|415|422) \||\"(?:post|get) /\S{1,60} http/1\.[01]\" (?:400|405|415|422)\b",
        0.62,
        also=((Category.NETWORK_HTTP_ERROR, 0.35), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.3), _SKEW),
        unless=r"error: |\"error\"|exceed",
        wrapper=True,
    ),
    _CALL.rule(
        "offload-without-its-option",
        r"device map needs to be passed|need(?:s)? to (?:be )?(?:passed?|given) (?:an? )?`?device_map|but found at least two devices",
        0.72,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.25),
            (Category.GPU_OUT_OF_MEMORY, 0.3),
            (Category.GPU_UNSUPPORTED, 0.15),
        ),
    ),
    _CALL.rule(
        "blank-request",
        r"[\"'`](?:prompt|messages|input|content|text|model)[\"'`] (?:must|should|can|may)(?: ?not|not) be (?:empty|blank|null)|(?:prompt|messages?|input) (?:cannot|can't|must not|may not) be (?:empty|blank|null)|max_(?:new_)?tokens must be at least",
        0.86,
        also=(_SKEW,),
    ),
    # A fixed number of tokens that was built into the model, and a setting that asks for fewer.
    _CALL.rule(
        "window-of-another-size-than-built",
        r"dynamic_update_slice[^\n]{0,40}failed|max_?(?:num_?)?tokens[^\n]{0,60}(?:smaller|less|lower|fewer) than[^\n]{0,40}(?:model|cache|built|ekv)",
        0.6,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.45), (Category.GENERATE_CONTEXT_OVERFLOW, 0.4)),
    ),
    # Threads in the browser share memory only where the page was sent with two headers.
    _SURROUNDINGS.rule(
        "headers-of-isolation",
        r"cross-?origin[- ]isolat|cross-origin-(?:opener|embedder)-policy|\bcoop\b[^\n]{0,20}\bcoep\b",
        0.84,
        also=((Category.WORKER_CRASHED, 0.15), (Category.GPU_FEATURE_MISSING, 0.1)),
        unless=r"crossoriginisolated: true|cross-origin isolated: (?:true|yes)",
    ),
    # The library's own object for a backend is not in the build that was imported.
    _SURROUNDINGS.rule(
        "backend-not-in-build",
        r"undefined \(reading '(?:wasm|webgpu|onnx|backends|env|webgl)'\)|(?:env\.backends|ort\.env)[^\n]{0,60}undefined",
        0.72,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4), (Category.HOST_MISSING_DEPENDENCY, 0.2)),
        unless=r"out of (?:memory|bounds)|expected magic",
    ),
    _CALL.rule(
        "answer-not-asked-for",
        r"invalid logits id|get_logits_ith|get_embeddings_ith|batch\.logits\[|embeddings? (?:are|is|were) not (?:enabled|available|computed)[^\n]{0,60}|logits_all\b[^\n]{0,40}(?:must|not|false)",
        0.76,
        also=((Category.PROCESS_CRASHED, 0.3), _SKEW),
    ),
    # How many cards share a layer, and how long a text may be: checked before anything is loaded.
    _CALL.rule(
        "shares-and-lengths",
        r"attention heads[^\n]{0,30} must be divisible by|is greater than the derived max_model_len|max_num_batched_tokens[^\n]{0,24} is smaller than|tensor_parallel_size \(\d+\)|too large tensor parallel|world size \(\d+\) is larger|set the option `trust_remote_code",
        0.94,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.12),),
    ),
    # The list of models is looked through, and what was handed over is no list.
    _CALL.rule(
        "list-of-models-not-handed-over",
        r"findmodelrecord|undefined \(reading '(?:model_list|model_id|model_lib|find)'\)",
        0.62,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.45), _SKEW),
    ),
    _CALL.rule(
        "fields-of-request",
        r"\d+ validation errors? for (?!\w{0,20}(?:config|args|llamacpp|llama\b|settings))\w{3,40}\b",
        0.72,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4),),
        unless=r"could not |mlcchat|failed to |unable to |none is not an allowed value",
    ),
    # Programs made of several models take each part from a file of its own.
    _CALL.rule(
        "part-given-apart",
        r"tensor '[^'\n]{1,120}' not in model file",
        0.56,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.54), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.3)),
    ),
    _CALL.rule(
        "more-than-the-model-takes",
        r"at most \d{1,4} [^\n]{0,40}(?:may|can) be (?:provided|given|passed|used)|only supports? (?:one|a single|\d) (?:image|audio|video|prompt|input|file)s?\b|(?:cannot|can't) use (?:tools?|images?|grammar|response_format|stream\w*) (?:with|and|together)|requires an? (?:reranker|embedding|vision|multimodal|chat|base) model\b|`?(?:text|prompt|input|messages)`? must not be (?:null|undefined|empty)",
        0.78,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3),),
    ),
    _CALL.rule(
        "device-of-no-such-name",
        r"unrecogni[sz]ed device\b|device '[^'\n]{1,30}' not found|use --list-devices|no device (?:named|called|with (?:the )?name) |unknown execution provider|removing requested execution provider",
        0.72,
        also=((Category.GPU_UNSUPPORTED, 0.5), (Category.HOST_MISSING_DEPENDENCY, 0.25)),
    ),
    _CALL.rule(
        "setting-of-no-such-name",
        r"unknown key ['\"`]\w|unexpected key ['\"`]\w{1,30}['\"`] in (?:the )?config|unrecognized key|(?:missing|undefined|unset|required) (?:environment|env) (?:variable|var)s?\b|\.env file (?:was |is )?(?:not found|missing)|unwrapping an optional value: (?:model|path|url|config)\w{0,16}|illegalargumentexception: (?!file )\w{2,30} (?:must|should|cannot|is)\b|argument `\w{1,30}` is not|no value (?:given|provided|set) for",
        0.74,
        also=(_SKEW, (Category.ARTIFACT_MODEL_NOT_FOUND, 0.25)),
        unless=r"tensor|state_dict|cuda_home|no such file|adapter key|missing key",
    ),
    _SURROUNDINGS.rule(
        "scheme-not-bundled",
        r"unhandledschemeerror|reading from \"node:\w{2,20}|\"node:\" uris|node:(?:fs|path|url|os|module)\"?[^\n]{0,40}(?:is not handled|externaliz|not supported|not available|could not be resolved)|err_aborted 404[^\n]{0,40}|(?:\.mjs|\.wasm|worker\.js)[^\n]{0,12} net::err_aborted 404",
        0.78,
        also=(_DEPENDENCY, (Category.NETWORK_HTTP_ERROR, 0.4)),
        needs=r"node:|unhandledscheme|ort-|onnxruntime|\.wasm|\.mjs",
    ),
    _CALL.rule(
        "number-types-mixed",
        r"must have the same dtype, but got|input type \([^\n)]{1,30}\) and (?:bias|weight) type|expected scalar type \w{3,10} but found|use flash ?attention with dtype|only supports? fp16 and bf16 data types?|offload the whole model to the disk|kwarg when passing quantization_config",
        0.6,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4), (Category.GPU_FEATURE_MISSING, 0.2)),
    ),
    # A variable is set where the program that should read it does not look.
    _SURROUNDINGS.rule(
        "variable-without-effect",
        r"(?:set|setting|exported|changed|defined) \w{0,12} ?ollama_\w{2,30}[^\n]{0,60}(?:but|no effect|ignored|still)|\b(?:ollama|llama|vllm|hf|mlc|lms)_[a-z_]{2,30} (?:is |has |was |seems |being |to be )*(?:ignored|no effect|not (?:respected|used|picked up|applied|honou?red))|\b[a-z]{2,12}(?:_[a-z]{2,12}){1,3} (?:director\w{1,3}|path|folder) is not (?:an )?absolute",
        0.72,
        also=((Category.GPU_UNSUPPORTED, 0.2), (Category.NETWORK_UNREACHABLE, 0.2)),
    ),
    _SURROUNDINGS.rule(
        "script-of-another-kind",
        r"don't support importscripts|importscripts\(\)[^\n]{0,80}(?:module|not supported|cdn)|relative references must start with|script of type (?:text/html|module)",
        0.9,
        also=((Category.WORKER_CRASHED, 0.45), (Category.HOST_MISSING_DEPENDENCY, 0.4)),
    ),
    _ADDRESS.rule(
        "port-out-of-range",
        r"port must be 0-65535|port (?:number )?(?:is )?out of range|err_socket_bad_port|port should be (?:>=|between)",
        0.95,
    ),
    _SURROUNDINGS.rule(
        "watchers-of-system",
        r"inotify (?:watches|instances)|limit for number of file watchers",
        0.98,
    ),
    _CALL.rule(
        "target-not-parsed",
        r"(?:cannot|could not|failed to|unable to) parse (?:the )?target\b(?! features)|target [^\n]{0,40}missing (?:closing|opening) quote",
        0.86,
        also=((Category.COMPILE_FAILED, 0.4),),
    ),
    _CALL.rule(
        "used-after-it-was-closed",
        r"(?:inference|engine|session|model|context|runner|generator|client)\w{0,8} (?:is |was |has been )?(?:already )?(?:closed|released|destroyed|freed)\b|already generating\b",
        0.54,
        also=((Category.UNKNOWN, 0.3), (Category.PROCESS_CRASHED, 0.2), _SKEW),
        unless=r"connection|socket|stream|device|unexpectedly|segfault|signal",
    ),
    # In people's words.
    _CALL.rule(
        "said-to-be-set-wrongly",
        r"(?<!that you )forgot to (?:set|pass|add|give|enable|include|specify)|(?:port|address) [^\n]{0,16}(?:is|was) (?:being )?used by|(?:window|document|navigator|localstorage) is undefined|wrong (?:path|name|value|flag|option|port|url|endpoint|folder) (?:in|was|is|for)\b|typo in (?:the |my )?(?:path|name|config\w{0,8}|command|flag|url)",
        0.7,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.2), _DEPENDENCY),
    ),
    _CALL.rule(
        "refused-in-other-languages",
        r"ungültige[rs]? (?:parameter|option|argument|wert)|(?:argument|paramètre|option) (?:invalide|inconnu)|(?:parámetro|argumento|opción) (?:no válid|inválid|desconocid)[oa]|(?:неверный|недопустимый) (?:параметр|аргумент)|无效的?参数|参数错误|参数无效|unsupported parameter: ['\"]",
        0.8,
        also=(_SKEW,),
    ),
    _CALL.rule(
        "variable-to-be-set",
        r"\benvironment variables? ['\"`]?[a-z][a-z_\d]{3,60}['\"`]? (?:should|must|needs? to|has to|have to) be (?:set|defined|given)|requires? (?:the |an )?environment variable|\b[a-z]{2,20}_[a-z_\d]{3,50} (?:should|must|needs to|has to) be (?:set|defined|exported) (?:in|as|to)\b",
        0.8,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.45),),
        unless=r"cuda_path|cuda_home|java_home|cudnn|writable|hf_token|api_key",
    ),
    # What a page hands to its worker must be such as can be copied.
    _CALL.rule(
        "not-to-be-cloned",
        r"\bcould not be cloned",
        0.88,
        also=((Category.WORKER_CRASHED, 0.66), (Category.GPU_UNSUPPORTED, 0.12)),
        unless=r"out of memory",
    ),
    # Bundlers and pages come upon native modules, which only Node loads.
    _SURROUNDINGS.rule(
        "native-module-for-bundler",
        r"can't resolve '[^'\n]{1,160}(?:\.node|[.-](?:arm64|x64|ia32|musl|gnu|msvc))'|/undefined/[^\n]{0,80}\.node\b|no loader is configured for \"\.node\"|could not resolve \"[^\"\n]{1,160}\.node\"",
        0.98,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.4),),
    ),
    _SURROUNDINGS.rule(
        "no-window-in-worker",
        r"(?:absence|lack) of (?:the )?(?:window|document|dom)\b|no (?:window|document|dom) (?:object )?(?:in|inside|within) (?:a |the )?(?:web |service |module )?worker|(?:window|document|dom) (?:object )?(?:is |are )?(?:not (?:available|present|accessible|defined|there)|missing|unavailable|absent)[^\n]{0,30}worker",
        0.88,
        also=((Category.WORKER_CRASHED, 0.5),),
    ),
    _SURROUNDINGS.rule(
        "worklet-not-loaded",
        r"unable to load a worklet|worklet[^\n]{0,60}(?:content security policy|refused|script-src)",
        0.76,
        also=((Category.WORKER_CRASHED, 0.4), (Category.NETWORK_BLOCKED, 0.4)),
    ),
    # The names of WebGPU are there only where the browser has it.
    _NO_WEBGPU.rule(
        "name-of-webgpu-not-defined",
        r"\bgpu(?:buffer|texture|shader|map|color|device|adapter|queue|canvas|validation|command|compute|render|error)\w{0,24} is not defined|can't find variable: gpu\w{3,24}",
        0.9,
        also=((Category.CONFIG_INVALID, 0.35), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _COMMAND.rule(
        "tool-not-available",
        r"\b(?:huggingface-cli|modelscope|skopeo|git-lfs|aria2c?|wget|curl|ffmpeg|podman|docker|nvidia-smi|crun|runc|xcrun|cmake|ninja) (?:is |was )?not available\b|oci runtime [\"'`]?\w{2,20}[\"'`]? not found",
        0.84,
        also=((Category.CONFIG_INVALID, 0.5),),
    ),
    # Programs built on llama.cpp swallow why the model was not made and hand on nothing; mostly its binding does not fit or is not there.
    _BINDING.rule(
        "nothing-in-place-of-model",
        r"none is not an allowed value|none_not_allowed",
        0.84,
        also=((Category.CONFIG_INVALID, 0.45), (Category.ARTIFACT_INCOMPATIBLE, 0.45)),
        runtimes=("llama",),
    ),
    # Its making failed before, and what is left is asked for what it never got.
    _AFTERMATH.rule(
        "object-never-made",
        r"(?:engine|model|llm)' object has no attribute '(?:_?model|_?ctx|_ffi|_?engine|_?llm)'",
        0.6,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4), (Category.ARTIFACT_CORRUPT, 0.15)),
        wrapper=True,
    ),
    # A file is given where its folder is wanted.
    _CALL.rule(
        "file-used-as-folder",
        r"\.(?:onnx|gguf|ggml|safetensors|bin|pth?|tflite|task)[\\/](?:genai_config|config|tokenizer|tokenizer_config|generation_config|mlc-chat-config|model|params)\.(?:json|model|onnx|bin)\b",
        0.95,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.5),),
        unless=r"https?://|huggingface\.co|hf\.co|/resolve/",
    ),
    # The stream of what is written could not be opened: mostly its folder is not there.
    _CALL.rule(
        "result-not-written",
        r"failed to quantize: basic_ios::clear",
        0.97,
        also=((Category.STORAGE_QUOTA_OR_DISK_FULL, 0.4), (Category.STORAGE_PERMISSION, 0.25)),
        unless=r"no space left|disk full|quota",
    ),
    # Browsers that bring a model of their own give it only where flags, channel and profile let them.
    _SURROUNDINGS.rule(
        "model-of-browser-not-given",
        r"(?:languagemodel|summarizer|window\.ai|ai\.languagemodel|prompt api|chrom\w{1,4} ai)\b[^\n]{0,24}(?:\bnot available|unavailable|not supported|is not defined|is undefined|: ?no\b)|unable to create a session to run the model",
        0.7,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.6), (Category.GPU_UNSUPPORTED, 0.25)),
    ),
    # A method that every text has: what was handed over is none.
    _CALL.rule(
        "no-text-where-one-is-due",
        r"\b\w{1,24}\.(?:replace|replaceall|split|startswith|endswith|trim|tolowercase|touppercase|normalize|charcodeat|substring|match|includes) is not a function",
        0.72,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.45), (Category.ARTIFACT_TOKENIZER, 0.2)),
    ),
)

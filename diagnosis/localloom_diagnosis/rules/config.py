"""Rules for settings, arguments and calls that cannot be right."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_ARGUMENT = Group(
    Category.CONFIG_INVALID,
    en="an argument or a setting is not valid",
    es="un argumento o un ajuste no es válido",
)
_ENVIRONMENT = Group(
    Category.CONFIG_INVALID,
    en="the program was started where it cannot work",
    es="el programa se inició donde no puede funcionar",
)
_PORT = Group(
    Category.CONFIG_INVALID,
    en="the address to listen on is taken or not valid",
    es="la dirección donde escuchar está ocupada o no es válida",
)

_SKEW = (Category.ARTIFACT_INCOMPATIBLE, 0.22)
_DEPENDENCY = (Category.HOST_MISSING_DEPENDENCY, 0.15)

RULES = (
    _ARGUMENT.rule(
        "arguments",
        r"unrecognized (?:\w{1,40} )?(?:arguments?|options?|parameters?)\b|unknown (?:argument|option|flag|parameter|command|shorthand)|no such (?:option|command)|invalid (?:argument|option|choice|parameter|command|setting|flag)s?\b(?! at)|the following arguments are required|expected (?:one|at least one) argument|error: argument(?! ')|error while handling argument|unk?nown value for|unexpected argument|(?:^|\n)[ \t]{0,8}usage: (?!\{)|missing (?:required )?(?:argument|option|parameter)|flag provided but not defined|required option|unknown (?:config|configuration) (?:key|option)|already exists and is not an empty directory|unknown ftype|unsupported/unknown|cannot re-initialize cuda in forked",
        0.83,
        also=(_SKEW,),
        unless=r"mutex lock|gpu will not respond|read error|write error|\.llamafile.{0,2}: invalid argument|cuda[^\n]{0,120}invalid argument|pinned memory|mmap failed|munmap|out of memory|cudaerrorinvalid|errno 22|os error 22|oci runtime|usage: mlc autollm|argument subcommand: invalid choice",
    ),
    _ARGUMENT.rule(
        "values",
        r"invalid (?:value|device(?! function)|dtype|data type|quantization|configuration|config|url|repo(?!sitory id or)|model_?path|type for(?! struct)|backend|format(?! for)|input|name)(?!s? at)|must be (?:one of|set|specified|a |an |at least|greater|less|between|positive|provided|in |divisible|>|<|either|equal|non-|smaller|larger|the same|defined|used|passed)|should be (?:one of|a |an |in |set|either|of type)|expected one of|is not (?:a )?valid(?! json| model identifier| win32| application| in `?-m)|not a valid (?:choice|value|dtype|device|option|path|url|enum)|unknown (?:device|backend|scheme|value|setting|method|engine)|unsupported (?:quantization|dtype|device|backend|scheme|value(?!: nan)|option|configuration)|(?:not|n't|isn't) divisible|divisible by|out of range: |cannot be (?:used|combined|set|both|greater|less|negative|empty|none)|mutually exclusive|conflict(?:s|ing) (?:with|options|argument)|you (?:must|need to|should|have to|cannot|can't|can not) (?:set|specify|provide|use|pass|enable|define|have|mix|add|choose)|only one of|is not supported (?:for|with|by|in|when)(?! (?:now|the current gpu|windows|your browser|all configurations))|not supported (?:for|with|when|in)\b(?! (?:now|the current gpu|windows|your browser|all configurations))|not allowed with|(?:argument|option|parameter|field|value|setting|flag|config\w{0,8}|key|name|url)s? (?:is|are) (?:required|mandatory)|please (?:specify|provide|set|pass|choose)|requires you to|not allowed|missing [\w-]+ (?:in|from) (?:config|settings|env)|cannot both be|needs? to be (?:set|greater|less|larger|smaller|at least|a |an |one of|provided|specified|enabled)|make sure (?:that )?(?:-?\d|`?\w{1,40}`? ?(?:===?|<=?|>=?|is (?:set|a |an |one of|between)))",
        0.5,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), _DEPENDENCY, (Category.GPU_FEATURE_MISSING, 0.08)),
        unless=r"ggml_vulkan|maxstorage|maxbuffer|maxcompute|max_compute|exactly one (?:out )?(?:of )?metadata|webassembly simd|offload_folder|opencl|shader|out of memory|gpu memory|compute capability|rope_scaling|http|download|permission|ssl|-std=",
        wrapper=True,
    ),
    _ARGUMENT.rule(
        "type-not-for-device",
        r"expected all tensors to be on the same device|not implemented for '(?:half|bfloat16|float16|int|long|byte)'|was requested, but|but this requires|cannot copy out of meta tensor|requires (?:flash attention|--\w)",
        0.55,
        also=((Category.GPU_FEATURE_MISSING, 0.3), (Category.GPU_UNSUPPORTED, 0.25)),
    ),
    _ARGUMENT.rule(
        "limits-of-config",
        r"greater than the derived max_model_len|derived max_model_len|larger than (?:max_model_len|the maximum model|max_num)|max_num_batched_tokens[^\n]{0,60}(?:smaller|less|must|is)|gpu_memory_utilization[^\n]{0,60}(?:must|should|invalid|between|range|not)|(?:divisible|multiple|cannot|must|not|invalid|large|please set|less than|exceed|unsupported)[^\n]{0,60}(?:tensor[_-]parallel[_-]size|tensor parallel)|(?:tensor[_-]parallel[_-]size|tensor parallel\w*)[^\n]{0,60}(?:divisible|must|not(?! work)|cannot|invalid|exceed|larger|greater|large|available)|total number of attention heads|attention heads evenly|evenly distributed on|number of required gpus exceeds|too large tensor parallel|world ?size[^\n]{0,60}(?:larger|exceed|not|greater|available)|pipeline_parallel[^\n]{0,60}(?:must|not|cannot|invalid|exceed|unsupported)|quantization (?:method|config)[^\n]{0,100}(?:not match|does not match|invalid|unknown|not supported|unsupported|specified)|(?:custom code|configuration file|set the option|requires|pass|argument)[^\n]{0,120}trust[_-]remote[_-]code|allow_pickle|load_in_[48]bit(?!_fp32)|attn_implementation[^\n]{0,60}(?:\bnot\b|must|invalid|unsupported|should|requires|eager)|(?:invalid|unsupported|unknown|support)[^\n]{0,40}attn_implementation|cannot find the config file for|flash_attn[^\n]{0,40}(?:must|require)|sliding_window[^\n]{0,60}(?:must|should|not supported|invalid|greater|larger)",
        0.8,
        also=(_SKEW, (Category.GPU_OUT_OF_MEMORY, 0.12), (Category.HOST_MISSING_DEPENDENCY, 0.08)),
        unless=r"free memory on device|no available memory|kv cache is needed|insufficient gpu memory|out of memory|maximum number of tokens that can be stored|current gpu|minimum capability|pip install|requires accelerate",
    ),
    _ARGUMENT.rule(
        "python-typing",
        r"\btypeerror\b|\bvalueerror\b|\battributeerror\b|\bnotimplementederror\b|\bassertionerror\b|\breferenceerror\b|\bkeyerror\b|\bindexerror\b|\bbadrequesterror\b",
        0.26,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.HOST_MISSING_DEPENDENCY, 0.1)),
        wrapper=True,
    ),
    _ARGUMENT.rule(
        "parsing",
        r"yaml(?:\.|error|scanner|: )|did not find expected (?:key|node|')|toml(?:decode)?error|tomllib|configparser|failed to parse (?:config|settings|options|yaml|toml|modelfile)|error parsing (?:config|settings|modelfile|yaml)|modelfile[^\n]{0,60}(?:error|invalid|unknown|must)|command must be one of|invalid modelfile|no from line|bad parameter '|unknown parameter '|expected \\{0,2}\"json\\{0,2}\" or a|docker-compose|compose file|error decoding config",
        0.84,
        also=((Category.ARTIFACT_CORRUPT, 0.1),),
    ),
    _ARGUMENT.rule(
        "request",
        r"messageordererror|unsupportedmodeliderror|missingmodelerror|specified more than one|role should|last message should|must be (?:from|of) (?:user|role)|alternate user/assistant|rolenotsupported|model ?not ?loaded|modelnotloadederror|call `?(?:engine|mlcengine)?\.?reload|no models? (?:is |are |was )?(?:currently |been )?(?:loaded|selected|specified|provided|given|chosen|configured|set)\b|not (?:been )?initiali[sz]ed (?:via(?! reload)|yet|with)|before (?:calling(?! numcuda)|loading|reload)|not support(?:ed)? (?:tool|function|image|vision|json|streaming|embedding)|does not support (?:tools?|chat|generate|embed\w*|completion|insert|thinking|vision|images?)|unsupported(?:field|image|content|role|message)\w*error|temperature (?:must|should|out)|negative(?:number)?error|rangeerror: (?:invalid|temperature|top_p)|invalidtoolchoice|expects model to be loaded with|not loaded with this pipeline|only pass in image to|received image input but|specifiedmodelnotfound|image input is not supported|provide the mmproj|not found in loaded models|incorrectpipelineloaded|is not supported for \w*(?:completion|request)|fields? in \w*(?:completion|request)\w* (?:is|are) not (?:yet )?supported|is not supported in llmchatpipeline|embedding\w* (?:currently )?does not support|nonworkerenvironment|handler must be created in|invalid sri|multiple (?:concurrent )?(?:requests|calls)",
        0.83,
        also=(_SKEW,),
    ),
    _PORT.rule(
        "address-in-use",
        r"address already in use|eaddrinuse|only one usage of each socket address|errno 98\b|os error 98\b|winerror 10048|os error 10048|errno 48\b|cannot assign requested address|eaddrnotavail|port \d+ is (?:already )?(?:in use|taken|occupied)|port (?:is )?already (?:in use|allocated)|bind: |failed to bind|could not bind|bind(?:ing)? (?:to )?(?:address|port)[^\n]{0,40}fail|access a socket in a way forbidden|winerror 10013|another instance",
        0.92,
    ),
    _ENVIRONMENT.rule(
        "wrong-place",
        r"\(0 ?, ?\w{1,12}\.(?:cpus|tmpdir|platform|join|resolve|readfilesync|homedir)\) is not a function|(?:worker|window|document|navigator|self|indexeddb|localstorage|customelements|sharedarraybuffer|xmlhttprequest) is not defined|sharedarraybuffer transfer requires|crossoriginisolated|module scripts are not supported|import\.meta'? outside|request scheme '[\w-]{2,30}' is unsupported|can't find variable: (?:window|document|worker|sharedarraybuffer)|only urls with a scheme in|received protocol '|importmap|cannot use import statement|unexpected token 'export'|require is not defined|err_require_esm|err_unsupported_\w+|err_package_path_not_exported|err_unsupported_dir_import|failed to fetch dynamically imported module|failed to resolve module specifier|mime type|module parse failed|you may need an appropriate loader|top-level await|__dirname is not defined|process is not defined|buffer is not defined|module externalized for browser",
        0.81,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.22), (Category.WORKER_CRASHED, 0.12)),
        unless=r"gpu\w{1,20} is not defined",
    ),
    _ENVIRONMENT.rule(
        "no-backend",
        r"no available backend found|backend not found|backend [\"'\[]?\w+[\"'\]]? (?:is )?not (?:found|registered|available)|unsupported device: |unknown device|invalid device name|device [\"']?\w+[\"']? (?:is )?(?:not|un)supported|unsupported (?:device|execution provider)|execution provider(?!s which may)[^\n]{0,40}(?:not|unsupported)|should be one of: (?:wasm|webgpu|cpu|auto)|expected one of cpu, cuda|device string must|device type[^\n]{0,40}(?:expected|at start)",
        0.62,
        also=((Category.GPU_UNSUPPORTED, 0.38), (Category.HOST_MISSING_DEPENDENCY, 0.2)),
        unless=r"ggml_vulkan|webassembly\.memory\(\)|webassembly simd|previous call to|sync fetching of the wasm|magic word|linkerror|gpu family|16-bit storage|unsafe-eval|out of memory|content security|is not a function|no adapter|failed to get gpu adapter|webgpu is not supported",
    ),
    _ENVIRONMENT.rule(
        "extension-engine-in-page",
        r"reading 'connect'|chrome\.runtime|chrome is not defined|browser is not defined|undefined \(reading '(?:sendmessage|connect|getmanifest|geturl)",
        0.62,
        also=((Category.WORKER_CRASHED, 0.35),),
    ),
    _ARGUMENT.rule(
        "policy-off",
        r"mlc_download_cache_policy|jit is disabled|mlc_jit_policy|cannot find cache for",
        0.6,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.3),),
        needs=r"as mlc_download_cache_policy|disabled by|cannot find cache for",
    ),
    _ARGUMENT.rule(
        "exit-usage",
        r"systemexit: 2\b|exit(?:ed)?(?: with)?(?: code| status) 2\b",
        0.45,
        also=((Category.PROCESS_CRASHED, 0.3),),
        phases=(Phase.PREFLIGHT, Phase.RUNTIME, Phase.RESOLVE),
        wrapper=True,
    ),
    _ARGUMENT.rule(
        "pydantic",
        r"none is not an allowed value|none_not_allowed|input should be|value is not a valid|extra inputs are not permitted|type=(?:value_error|type_error|missing|string_type)|validation error for",
        0.5,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.34), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.15)),
        unless=r"failed to retrieve model|could not load llama model|mlcchat|modelconfig|could not load model",
        wrapper=True,
    ),
    _ARGUMENT.rule(
        "engine-options",
        r"quantization requires flash_?attn|unsupported cache type|requires flash[ _]attention|built without curl|not built with (?:curl|ssl|https)|lora[^\n]{0,60}(?:not supported|rank|max_lora)|draft model[^\n]{0,60}(?:not compatible|mismatch|vocab)|speculative[^\n]{0,60}(?:not|must|require|incompatib)|n_gpu_layers[^\n]{0,30}(?:must|invalid|not|unsupported|ignored)|does not give any device|cannot be offloaded|guided decoding|tool[_-]call[_-]parser|--enable-auto-tool-choice|multimodal[^\n]{0,40}(?:not supported|limit)|mmproj[^\n]{0,40}(?:required|not (?:given|specified|provided|supported)|must|missing)",
        0.62,
        also=(_SKEW, (Category.GPU_OUT_OF_MEMORY, 0.2)),
        unless=r"out of memory|unknown (?:projector|clip)|pip install|offloaded \d+/\d+|no such file",
    ),
    _ARGUMENT.rule(
        "name-not-defined",
        r"nameerror: |unboundlocalerror|syntaxerror: (?:invalid|unexpected|unterminated|expected|cannot)|indentationerror|not enough values to unpack|too many values to unpack",
        0.34,
        also=(_SKEW, (Category.ARTIFACT_INCOMPATIBLE, 0.32)),
        unless=r"json",
        wrapper=True,
    ),
    _ENVIRONMENT.rule(
        "bundler",
        r"commonjs--resolver|\brollup\b|\besbuild\b|\bparcel\b|turbopack|need plugins to import|no loader is configured|unexpected character[^\n]{0,60}(?:plugin|import)|could not resolve entry|\btsconfig|ts\d{4}: |babel|metro bundler",
        0.7,
        also=((Category.COMPILE_FAILED, 0.24), (Category.HOST_MISSING_DEPENDENCY, 0.24)),
    ),
    _ARGUMENT.rule(
        "usage",
        r"invalid model name\b|requires at least \d+ args?\b|accepts (?:at most )?\d+ args?\b|only received \d+|unknown (?:short ?hand )?(?:flag|command|subcommand)\b|flag needs an argument|unexpected extra argument|no such (?:option|command):|need to specify a model|must specify a model|expected one argument",
        0.86,
    ),
    _ARGUMENT.rule(
        "files-not-mounted",
        r"module\.mountedfiles|use_external_data_format|externaldata option",
        0.66,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.4), _SKEW),
    ),
    _ENVIRONMENT.rule(
        "type-of-backend",
        r"device (?:wasm|cpu) does not support (?:f16|fp16|float16)|should be one of: fp32|invalid dtype|unsupported dtype for (?:device|backend)|invalid data ?type: [^\n]{0,30}should be one of",
        0.82,
        also=((Category.GPU_FEATURE_MISSING, 0.3),),
    ),
    _ENVIRONMENT.rule(
        "storage-forbidden-to-page",
        r"break through the security policy",
        0.6,
        also=((Category.STORAGE_PERMISSION, 0.5), (Category.NETWORK_BLOCKED, 0.2)),
    ),
    _ENVIRONMENT.rule(
        "worker-of-another-origin",
        r"failed to construct '?(?:shared)?worker'?[^\n]{0,200}cannot be accessed from origin",
        0.88,
        also=((Category.NETWORK_BLOCKED, 0.5), (Category.WORKER_CRASHED, 0.56)),
    ),
    _ARGUMENT.rule(
        "done-twice",
        r"(?:module|engine|runtime|wasm|model|backend|session|worker) (?:is |was |has been )?already (?:been )?(?:initiali[sz]ed|loaded|running|registered|started|created)",
        0.52,
        also=(_SKEW, (Category.UNKNOWN, 0.25), (Category.WORKER_CRASHED, 0.12)),
    ),
    _PORT.rule(
        "not-bound",
        r"could(?:n't| not) bind (?:the )?(?:http )?(?:server )?(?:socket|port|address)|could(?:n't| not) bind to server socket|no free \w{0,12} ?port|another (?:service|process|program|server) is (?:already )?(?:using|utilizing|listening)|already listening on",
        0.9,
    ),
    _ENVIRONMENT.rule(
        "wrong-build-of-runtime",
        r"reading 'registerbackend'|registerbackend",
        0.5,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.45), (Category.HOST_MISSING_DEPENDENCY, 0.2)),
    ),
    _ARGUMENT.rule(
        "signing",
        r"requires a development team|code ?sign(?:ing)?\b[^\n]{0,40}(?:requir|fail|error|not)|provisioning profile|unsupported (?:k ?v )?(?:kv )?cache type",
        0.84,
    ),
    _ENVIRONMENT.rule(
        "refused-parameter",
        r"winerror 87\b|os error 87\b|the parameter is incorrect|\beinval\b|errno 22\b",
        0.64,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _ENVIRONMENT.rule(
        "windows-inside-linux",
        r"wslinterop|binfmt_misc|is running on win32 inside wsl",
        0.84,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.1),),
    ),
    _ARGUMENT.rule(
        "weights-given-as-config",
        r"config file at '[^'\n]{1,200}\.(?:bin|safetensors|gguf|ggml|pth?|onnx)' is not",
        0.88,
        also=((Category.ARTIFACT_CORRUPT, 0.3),),
    ),
    # Two copies of one module are in the page: what one made is not what the other takes.
    _ENVIRONMENT.rule(
        "two-copies-of-module",
        r"expected (?:null or )?(?:an )?instance of \w+, got an instance of \w+",
        0.86,
        also=((Category.ARTIFACT_TOKENIZER, 0.25), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _ARGUMENT.rule(
        "request-refused",
        r"invalid_request_error|\"code\": ?400\b|badrequesterror|is not oai compatible",
        0.6,
        also=(_SKEW, (Category.GENERATE_CONTEXT_OVERFLOW, 0.2)),
    ),
    _ARGUMENT.rule(
        "request-answered-400",
        r"\bhttp(?:/1\.1)?[ :]+400\b|(?:status|error)(?: code)?[ :=]+400\b|400 bad request",
        0.56,
        also=(_SKEW, (Category.GENERATE_CONTEXT_OVERFLOW, 0.2)),
        phases=(Phase.GENERATE,),
    ),
    _ARGUMENT.rule(
        "grammar-or-schema",
        r"(?:failed to parse|error parsing|invalid|unsupported|unable to parse|could not parse) (?:the )?(?:gbnf )?grammar|left recursion|json schema conversion failed|(?:unrecognized|unsupported|invalid) (?:json )?schema|schema[^\n]{0,40}(?:not supported|unsupported)|failed to init\w* (?:grammar|sampler)|parse_sequence: |regex[^\n]{0,30}not supported",
        0.86,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.15),),
    ),
    _ARGUMENT.rule(
        "choice-refused",
        r"\(ch(?:oo|o)se from|(?:available|valid|supported|allowed|possible) [\w ]{1,30}(?:list|are|is|options?|values?|choices?)?: ?[\[{(][^\n]{0,300}but got|\bvalid (?:options|values|choices|names) are|is expected to be one of|please explicitly specify|invalid engine mode|must be one of|unknown (?:tool|reasoning)[ _-](?:call )?parser|invalid tool call parser|\(valid \w{1,20}: |unknown language '|unknown (?:preset|sampler|scheduler|chat handler)|invalid target: |unknown target (?:kind|tag)|target kind [^\n]{0,40}(?:not|unknown)|-mcpu=(?!apple-latest)\S{1,40}`? is not valid in|error parsing target",
        0.8,
        also=(_SKEW, (Category.COMPILE_FAILED, 0.1)),
    ),
    _ARGUMENT.rule(
        "wrong-file-of-several",
        r"(?:illegal|invalid) split file|must be loaded with the first split|only the first (?:part|split|shard)|unexpected model file name|unknown model architecture: 'clip'|model_arch_clip|requires ctx_other",
        0.74,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.36), (Category.ARTIFACT_INCOMPATIBLE, 0.4)),
    ),
    _ENVIRONMENT.rule(
        "limits-of-system",
        r"too many open files|\bemfile\b|errno 24\b|os error 24\b|ulimit -n|file name too long|filename or extension is too long|\benametoolong\b|errno 36\b|os error 36\b|winerror 206|long ?paths? (?:support|enabled)|no such file or directory: '[a-z]:\\\\[^\n']{236,600}'",
        0.76,
        also=((Category.STORAGE_PERMISSION, 0.25), (Category.HOST_OUT_OF_MEMORY, 0.15)),
    ),
    _ENVIRONMENT.rule(
        "not-to-be-mapped",
        r"mmap failed: (?:no such device|invalid argument|operation not)|mmap is not supported|use --no-mmap",
        0.66,
        also=((Category.STORAGE_PERMISSION, 0.3), (Category.HOST_OUT_OF_MEMORY, 0.25)),
    ),
    _ENVIRONMENT.rule(
        "variable-not-set",
        r"\$\w{2,30} is not (?:set|defined)|home is not (?:set|defined|specified)|environment variable ['\"`$]?\w{2,60}['\"`]? (?:is |was )?(?:not (?:set|defined|specified)|unset|must|required|missing)|please set (?:the )?environment variable|and set (?:the )?environment variable|visible_devices=-1\b|visible_devices=['\"]{2}",
        0.76,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.3),),
        unless=r"cuda_home|nvcc|compiler|mlc_download_cache_policy|_ndk\b|nccl_so_path|logging_level",
    ),
    _ENVIRONMENT.rule(
        "process-start-method",
        r"bootstrapping phase|multiple copies of the openmp runtime|libiomp5\w*\.(?:dll|so|dylib)[^\n]{0,60}already initialized|context has already been set|freeze_support\(\)|start method|cannot be called from a running event loop|event loop is already running",
        0.84,
        also=((Category.WORKER_CRASHED, 0.2), (Category.PROCESS_CRASHED, 0.12)),
        unless=r"cannot re-initialize cuda",
    ),
    _ARGUMENT.rule(
        "device-number",
        r"invalid device ordinal|invalid (?:\w{2,8} )?device index|(?:device|gpu)(?:_| )?(?:index|id|number|ordinal)[^\n]{0,30}(?:is )?(?:out of range|invalid|does not exist|not available)|ggml_assert\(device ?<|invalid value for main_gpu|main_gpu[^\n]{0,30}(?:invalid|out of|exceed)|cudaerrorinvaliddevice\b|no (?:platform|device) matching",
        0.82,
        also=((Category.GPU_UNSUPPORTED, 0.5),),
        unless=r"out of memory|device_id=0\b",
    ),
    # The program checks a parameter where it is used, by an assertion.
    _ARGUMENT.rule(
        "parameter-asserted",
        r"ggml_assert\([^\n]{0,100}(?:cparams\.|n_batch|n_ubatch|n_parallel|n_seq_max|n_threads|ggml_blck_size\(type_[kv]|n_outputs >= 1|call llama_encode)|pre-allocated tensor \(cache_|only support \w{1,8} and \w{1,8} mul_mat|n_batch and n_ubatch",
        0.92,
        also=((Category.PROCESS_CRASHED, 0.3), (Category.GENERATE_CONTEXT_OVERFLOW, 0.3)),
    ),
    _ARGUMENT.rule(
        "type-of-cache",
        r"does not support (?:key|value|kv)[- ]?cache|(?:kv|key|value|v|k)[- ]?cache (?:quanti[sz]ation|type|dtype)[^\n]{0,60}(?:not|requires|unsupported|nyi|must|incompatible)|kvcache quanti[sz]ation nyi|cache_type_[kv]|flash_attn is not compatible",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.GPU_FEATURE_MISSING, 0.15)),
        unless=r"not supported by model\" type=\"\"",
    ),
    _ARGUMENT.rule(
        "state-of-another-model",
        r"state_read_\w{1,12}: |error loading (?:session|state)|failed to restore kv cache|wrong model arch: |session file[^\n]{0,40}(?:mismatch|invalid|not)|prompt cache (?:was )?(?:made|created|built) (?:for|with)|used to create the prompt cache|model hparams didn't match",
        0.74,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.42),),
    ),
    _ARGUMENT.rule(
        "quantizing",
        r"requantizing from type|missing importance matrix|imatrix (?:is )?required|--allow-requantize|already quantized|quantization is only supported for",
        0.78,
        also=((Category.COMPILE_FAILED, 0.25), (Category.ARTIFACT_INCOMPATIBLE, 0.25)),
    ),
    _ARGUMENT.rule(
        "task-of-model",
        r"unsupported model type[^\n]{0,60} for task|(?:cannot|could not|unable to) infer (?:the )?task|unknown task\b|invalid task\b|is not a supported task|does not support (?:the )?task|for this kind of automodel",
        0.76,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5),),
    ),
    _ARGUMENT.rule(
        "picture-not-read",
        r"failed to (?:decode|load|read) (?:the )?(?:image|audio)|failed to process image|read_audio_data: |image_load_from_bytes|cannot identify image file|(?:invalid|unsupported) image (?:format|type|url|data|input)|invalid (?:audio|image)\b|failed to decode audio",
        0.7,
        also=((Category.ARTIFACT_CORRUPT, 0.2), _SKEW),
        phases=(Phase.GENERATE,),
    ),
    _ENVIRONMENT.rule(
        "asked-for-and-not-built-in",
        r"(?:provider|backend|device|engine|support|\bep)\b[^\n]{0,40} requested, but[^\n]{0,60}(?:not|without)|has not been built with \w{1,20} support",
        0.62,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.42), (Category.GPU_UNSUPPORTED, 0.3), _SKEW),
    ),
    _ENVIRONMENT.rule(
        "adapter-used-twice",
        r"adapter is \"?consumed|already been used to create a device",
        0.84,
    ),
    _PORT.rule(
        "host-to-listen-on",
        r"listen tcp[^\n]{0,80}(?:lookup|no such host|too many colons|missing port|unknown port|cannot assign)|failed to parse endpoint|invalid port\b",
        0.96,
    ),
    _ARGUMENT.rule(
        "server-turned-it-down",
        r"server busy, please try again|maximum pending requests|cloud is disabled|is disabled by (?:policy|the administrator|settings?)|request parallel sync task larger",
        0.7,
        also=((Category.NETWORK_HTTP_ERROR, 0.3), (Category.NETWORK_BLOCKED, 0.2)),
    ),
    _ARGUMENT.rule(
        "record-incomplete",
        r"missing `?model_lib|`?model_(?:lib|id|url)`? (?:is|are) (?:not )?(?:provided|required|missing)|is missing from pathconfig|url must ends? with|repo id must(?! be in[^\n]{0,60}: '(?:/|\./|\.\./|~|[a-z]:[\\/]))|hfvalidationerror(?![^\n]{0,120}: '(?:/|\./|\.\./|~|[a-z]:[\\/]))|invalid model url|appears path-like, but",
        0.74,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.5), (Category.ARTIFACT_INCOMPATIBLE, 0.12)),
        unless=r"not a local folder",
    ),
    _ARGUMENT.rule(
        "order-of-messages",
        r"roles must alternate|system message must|raise_exception\(|requires --jinja|\brole .?\w{2,12}.? is (?:not |un)supported|only (?:user|system|assistant)[^\n]{0,40}roles? (?:is|are) (?:supported|allowed)|(?:after the optional system message|last message must)",
        0.88,
        also=((Category.ARTIFACT_TOKENIZER, 0.2), (Category.ARTIFACT_INCOMPATIBLE, 0.25)),
    ),
    _ARGUMENT.rule(
        "option-of-build",
        r"llama_cublas is deprecated|makefile build is deprecated|\w+ is deprecated and will be removed[^\n]{0,40}\s{1,12}use \w+ instead|generator used previously|ggml_native is not compatible|unknown cuda arch|cmakecache\.txt[^\n]{0,80}(?:different|remove)",
        0.9,
        also=((Category.COMPILE_FAILED, 0.45),),
    ),
    _ENVIRONMENT.rule(
        "code-page",
        r"'(?:gbk|charmap|ascii|euc_kr|cp\d{3,4})' codec can't (?:de|en)code",
        0.7,
        also=((Category.ARTIFACT_CORRUPT, 0.25), (Category.HOST_MISSING_DEPENDENCY, 0.2)),
    ),
    _ENVIRONMENT.rule(
        "processes-share-wrongly",
        r"duplicate gpu detected|no socket interface found|ncclinvalidusage|virtualization is enabled in the bios|0x80370102",
        0.86,
        also=((Category.WORKER_CRASHED, 0.3), (Category.GPU_UNSUPPORTED, 0.2)),
    ),
    _ARGUMENT.rule(
        "limit-of-message",
        r"received message larger than max|request entity too large|payload too large|body exceeded \d+",
        0.78,
        also=((Category.GENERATE_CONTEXT_OVERFLOW, 0.3), (Category.NETWORK_HTTP_ERROR, 0.3)),
    ),
    _ARGUMENT.rule(
        "number-type-refused",
        r"does not support (?:float16|bfloat16|fp16)\. reason|multiple files found in",
        0.84,
        also=(_SKEW,),
    ),
    _ENVIRONMENT.rule(
        "bundler-named",
        r"\bwebpack|\bvite\b|next\.js|ssr\)",
        0.52,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.22), (Category.WORKER_CRASHED, 0.12)),
        wrapper=True,
    ),
    _ARGUMENT.rule(
        "settings-at-odds",
        r"mutually exclusive|cannot both be|(?:cannot|can't|can not|may not|must not) (?:use|set|specify|pass|combine|enable|provide) both\b|(?:cannot|can't|can not) (?:use|combine|mix) [\w`'\" -]{1,40} (?:together|at once|simultaneously)|`?max_\w{1,30}`? must be (?:[<>]=?|smaller|greater|less|larger)|disable_exllama|model_kwargs` are not used|need to (?:specify|provide) (?:either |non-|a |the |`)|need to make \w+ in|must be created with \w+=|created with \w+=\w+|(?:lora|embeddings?|reranking|tools?) (?:is|are) not enabled|cannot set --|appears to be a uri|has to be (?:a |an )?(?:strictly |positive|non-negative)|value must be (?:digits|one|a |an |positive)|(?:must be|should be) (?:in (?:the )?range|less than \d|<= ?\d|>= ?\d)|while it is set to|only supports page size|invalid environment variable|insecure protocol http|usage: \w{2,20} (?:run|serve|pull|create) |bind threads manually|is not implemented for \w+ models|data is not on cpu|only one of [^\n]{0,80} (?:can|may|must|should)|at the same time\b[^\n]{0,20}$|is not in the list of choices|is missing in 'feeds'|unknown quanti[sz]ation: |\bmust be (?:provided|specified)\b|--[\w-]{2,40} requires|non-string `|unknown (?:option|setting) |requires --[\w-]{3,40}|to use [^\n]{0,40}, (?:set|pass|add) --",
        0.82,
        also=(_SKEW, _DEPENDENCY),
        unless=r"inputs` tokens",
    ),
    _ARGUMENT.rule(
        "checked-settings",
        r"validation errors? for (?:vllm|model|engine|cache|parallel|scheduler|server|settings)\w*config|validation errors? for \w*(?:settings|serverargs|engineargs)",
        0.66,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.42), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.15)),
        unless=r"failed to retrieve model|could not load model",
    ),
    _ARGUMENT.rule(
        "recipe-not-there",
        r"modelfile: no such file|modelfile[^\n]{0,20} (?:not found|does not exist)|couldn't find modelfile",
        0.7,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.55),),
    ),
    # An address that was put together wrongly: a drive, a scheme or a port stands where the host should.
    _PORT.rule(
        "host-is-no-host",
        r"(?:enotfound|getaddrinfo|resolve host:?) '?(?:https?|[a-z])\b(?![.-])|https?://https?[:/]|(?:invalid|missing|bad) (?:port|host)(?:name)? (?:in|number|value|specified)|first path segment in url|missing protocol scheme|unsupported protocol scheme|no scheme supplied|invalid url\b|relative url without a base|url scheme (?:is )?not (?:allowed|supported)",
        0.84,
        also=((Category.NETWORK_UNREACHABLE, 0.3),),
    ),
    # A file of another kind, given as the model.
    _ARGUMENT.rule(
        "no-model-file",
        r"load(?:ing)? (?:the )?model(?: file| from)?:? '?[^\n]{0,160}\.(?:kcpps|json|txt|ya?ml|zip|exe|py|md|html?|pdf|lnk|part|crdownload|tmp)\b['\"]?\s{0,4}(?:$|\n)",
        0.66,
        also=((Category.ARTIFACT_CORRUPT, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
    ),
    # The name of the error is all that is said.
    _ARGUMENT.rule(
        "name-of-error",
        r"(?:missing|invalid|unknown|uninitiali[sz]ed|unsupported|required|bad)(?:config(?:uration)?|argument|parameter|option|setting|field|value|input)\w{0,16}(?:error|exception)\b|fieldrequired\w{0,5}error|(?:config(?:uration)?|option|parameter|settings?|usage)(?:error|exception)\b",
        0.5,
        also=(_SKEW,),
        wrapper=True,
    ),
    # The name of the function was lost when the page's code was made short.
    _ENVIRONMENT.rule(
        "minified",
        r"no available backend found[^\n]{0,40}typeerror: [\w$]{1,2} is not a (?:function|constructor)",
        0.91,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4),),
    ),
    _ARGUMENT.rule(
        "ending-of-file",
        r"loader for `[.\w-]{0,12}` files is not registered",
        0.6,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5), (Category.HOST_MISSING_DEPENDENCY, 0.3)),
    ),
    _PORT.rule(
        "name-looked-up-is-none",
        r"lookup (?:[a-z]|https?|tcp|\d{1,3}(?:\.\d{1,3}){3}:\w{1,20}|\d{2,5})(?: on [\d.:]{7,60})?: (?!i/o timeout)",
        0.985,
        also=((Category.NETWORK_UNREACHABLE, 0.5),),
    ),
    _ARGUMENT.rule(
        "not-given",
        r" or [`'\"]?\w{2,30}[`'\"]?(?: \w{2,12})? (?:must|should|has to|needs to|have to) be (?:given|set|specified|provided|passed|defined)|api[_ -]?key (?:is |was )?(?:missing|not set|required|invalid|not (?:provided|found|configured|given))|(?:missing|invalid|incorrect|no) api[_ -]?key\b|\b[a-z]{2,20}(?:_[a-z]{2,20}){1,4} (?:environment variable )?(?:is |was )not (?:set|defined|configured|specified)|keyerror: '(?:model_?(?:path|name|id|dir|file)|api_key|base_url|url|backend|engine|port|host|config|settings|\w{1,20}_(?:path|dir|url))'",
        0.72,
        also=((Category.NETWORK_BLOCKED, 0.3), (Category.HOST_MISSING_DEPENDENCY, 0.2), _SKEW),
        unless=r"cuda_home|cmake|nvcc|compiler|chat_template|\w+_token\b|xdg_runtime|permission|_ndk\b|logging_level|mlc_download",
    ),
    _ARGUMENT.rule(
        "figure-out-of-its-range",
        r"\b[a-z]{1,12}(?:_[a-z]{1,12}){1,4}[`'\"]?(?: \([\d.]{1,12}\))? (?:must|should|has to|needs to|cannot) be (?:strictly )?(?:less|greater|smaller|larger|lower|higher|at least|at most|no (?:more|less|larger|greater)|equal|between|divisible|positive|a positive|non-?negative|>|<)",
        0.68,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.GENERATE_CONTEXT_OVERFLOW, 0.15)),
        unless=r"out of memory|gpu memory|vram|inputs` tokens|tensor|workgroup",
    ),
    _ARGUMENT.rule(
        "more-devices-than-there-are",
        r"but (?:only|just) \d{1,2} (?:\w{2,10} )?(?:available|visible|found|detected|gpus?|devices?)|only \d{1,2} (?:gpus?|devices?) (?:are |is |were )?(?:available|visible|found|detected)|(?:requested|specified|need(?:s|ed)?|require[sd]?|asked for) \d{1,2} (?:gpus?|devices?)",
        0.72,
        also=((Category.GPU_UNSUPPORTED, 0.45),),
        unless=r"out of memory",
    ),
    # One request at a time, and the one before is not done.
    _ARGUMENT.rule(
        "one-after-the-other",
        r"(?:engine|session|model|pipeline|context|predictor|generation|inference|runner) (?:is )?(?:(?:currently |already |still )?(?:busy|in use)|(?:currently |already |still )(?:processing|generating|running|executing))\b|previous (?:request|invocation|call|generation|inference|query|response)[^\n]{0,30}(?:still|not (?:yet )?(?:done|finished|complete)|to (?:finish|complete)|is (?:running|processing))|(?:concurrent|simultaneous|parallel) (?:requests?|calls?|generations?|inference|sessions?) (?:is |are )?not (?:supported|allowed)|call (?:stop|cancel|interrupt\w*) first|invocation already processing",
        0.66,
        also=((Category.PROCESS_HUNG, 0.2), (Category.WORKER_CRASHED, 0.12)),
        phases=(Phase.GENERATE,),
        unless=r"too long",
    ),
    _ARGUMENT.rule(
        "kind-of-request",
        r"(?:(?:unsupported|invalid) (?:content|message|media|mime|part|role|modality|input|response[_ ]format)|unknown (?:content|role|media))(?:[_ -](?:type|kind|format))?:? ['\"`]?\w|only [\w-]{2,20} (?:mode|format|type|input|output|request|model|role|message)s? (?:is|are) (?:supported|allowed|accepted)|(?:image|audio|video|file|vision|multimodal) (?:inputs?|messages?|urls?|content) (?:is|are) not (?:supported|allowed|enabled)",
        0.66,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3),),
        unless=r"tensor",
    ),
    # The server knows the address and not what was asked of it.
    _ARGUMENT.rule(
        "not-to-be-processed",
        r"unprocessable entity|method not allowed|unsupported media type|\b(?:http(?: status)?(?: code)?|status(?: code)?|error(?: code)?|response)[ :=]{1,3}(?:405|415|422)\b|cannot unmarshal \w{2,12} into go struct field \w{0,24}request|json: unknown field",
        0.76,
        also=(_SKEW, (Category.NETWORK_HTTP_ERROR, 0.35)),
    ),
    _ARGUMENT.rule(
        "request-without-sense",
        r"(?:error|failed|failure|unable|could not|cannot|invalid|malformed)[^\n]{0,12} (?:to )?(?:pars|decod|read|deseriali[sz])?\w{0,4} ?(?:the )?(?:json )?(?:request|payload)(?: body| json)\b|(?:malformed|invalid) (?:json )?(?:request|payload)(?: body)?\b|(?:prompt|input|messages?|input_ids) (?:is|are|was|were|must not be|cannot be|should not be) (?:empty|blank)|(?:empty|no) (?:prompt|messages) (?:given|provided|was|were)?|input length of \w{2,20} is 0\b|expected \d{1,3} (?:values?|arguments?|items?|numbers?),? (?:but )?got \d{1,3}\b|(?:image|images|audio|video|picture|multimodal)\b[^\n]{0,60} but (?:the |this )?(?:\w{2,20} )?model (?:has no|does not|doesn't|cannot|can't|is not)",
        0.7,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.25), (Category.GENERATE_NUMERIC, 0.12)),
        unless=r"timed? ?out|connection|api request failed|tensor|function call",
    ),
    _ENVIRONMENT.rule(
        "settings-not-there",
        r"no config(?:uration)?(?: file)? (?:was )?found|(?:failed|unable|could not|cannot) (?:to )?(?:read|parse|open|load) (?:the )?config(?:uration)?(?: file)?\b|config(?:uration)? file (?:was |is )?(?:not found|missing|absent)|settings file (?:was |is )?(?:not found|missing|invalid|broken)",
        0.52,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.42),),
        unless=r"huggingface|config\.json|generation_config|repository",
    ),
    _ARGUMENT.rule(
        "value-of-another-kind",
        r"invalid literal for (?:int|float)\(\)|could not convert string to (?:float|int)|flag redefined|\b[a-z]{1,12}_[a-z_]{1,24} (?:is |was )?out of (?:the )?(?:allowed |valid |supported )?range|(?:json|yaml|toml|ini|app|server) config\w{0,8} (?:file )?(?:is |was )?(?:malformed|invalid|broken|wrong)|config(?:uration)? error|(?:wrong|bad|incorrect) (?:value|path|setting|option|flag)s? (?:in|for|of) (?:the )?(?:settings|config\w{0,8}|options?|parameters?|environment)|invalidrequest\w{0,5}error|parameter (?:is )?missing\b",
        0.72,
        also=(_SKEW, _DEPENDENCY),
        unless=r"out of memory|tensor|token",
    ),
)

"""Rules for models whose format, architecture or operations this runtime does not know."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .reasons import OTHER_SHAPE as _SHAPE
from .reasons import UNKNOWN_ARCHITECTURE as _UNKNOWN
from .rule import Group

_OPERATION = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the runtime lacks an operation that the model asks for",
    es="al motor le falta una operación que el modelo pide",
)
_OTHER_FORMAT = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the file is in a format for another runtime or backend",
    es="el archivo está en un formato para otro motor o backend",
)
_ZEROS = Group(
    Category.ARTIFACT_CORRUPT,
    en="where the file's kind should stand are only zeros",
    es="donde debería estar el tipo del archivo solo hay ceros",
)

_CORRUPT = (Category.ARTIFACT_CORRUPT, 0.2)
_CONFIG = (Category.CONFIG_INVALID, 0.25)
_FEATURE = (Category.GPU_FEATURE_MISSING, 0.3)

_FORMAT = r"(?:gguf|ggml|gptq|awq|exl2|exl3|mlx|onnx|safetensors|tflite|litertlm|core ?ml|openvino|tensorrt|bitnet|rwkv|mlmodel|pickle)"

RULES = (
    _UNKNOWN.rule(
        "architecture-by-name",
        r"unknown model architecture: ?['\"`]|\['\w{2,60}'\] are not supported for now|does not recognize this architecture|model type:? ['\"`]?[\w.-]{2,40}['\"`]? (?:is )?not supported\b|unsupported (?:model type|architecture):? ['\"`]?[\w-]{2,60}|gguf model with architecture \w{2,40} is not supported|architecture ['\"`]?\w{2,60}['\"`]? (?:is )?not supported\b|is not supported yet, please (?:upgrade|update)|(?:model|gguf)[^\n]{0,40} requires? (?:a )?newer version of (?:ollama|llama|the (?:app|engine|runtime))|requires a newer version of ollama|model_type ['\"`]?\w{2,40}['\"`]? is not (?:yet )?(?:supported|recogni[sz]ed)",
        0.95,
        also=((Category.CONFIG_INVALID, 0.15),),
        unless=r"quotaexceeded|\bcors\b|architecture: 'clip'| for task |gpu architecture|host arch|\bcuda\b[^\n]{0,40}architecture",
    ),
    # People write it in their own words.
    _UNKNOWN.rule(
        "model-not-supported-in-words",
        r"(?:model|models|llama|qwen|gemma|phi|mistral|mixtral|deepseek|granite|glm|bitnet|minicpm|kimi|internlm|chatglm|falcon|moe|gpt-oss)[\w.:/-]{0,30} (?:(?:is|are|was|were) )?not? (?:yet |currently |officially |really )?support(?:ed)?\b(?! (?:for|on|by) (?:the |this |your |my )?(?:gpu|device|card|webgpu|browser))|(?:do(?:es)?n't|do(?:es)? not|no) support (?:for )?(?:the )?(?:model|llama|qwen|gemma|phi|mistral|mixtral|deepseek|granite|glm|bitnet|minicpm|kimi|gpt-oss)[\w.-]{0,20}|not supported property|unsupported model\b",
        0.72,
        also=(_CONFIG, (Category.GPU_FEATURE_MISSING, 0.12)),
        unless=r"for task|kv cache type|k-shift|adapter|provider|quantization method|of type \w+[^\n]{0,4} this is not|cannot be used",
    ),
    # The words of GGML files from before GGUF, read the other way round.
    _OTHER_FORMAT.rule(
        "ggml-file-for-gguf",
        r"invalid magic characters:? ?['\"`]?(?:pk\b|pk\\x03|tjgg|fmgg|lmgg|algg|ggjt|ggmf|ggml|ggla)|(?:load|unable|fail|error|cannot|could not|magic)[^\n]{0,200}[-_.](?:ggmlv[1-3]|ggml[-_]model)\.q\d\w{0,6}\.bin|\b(?:tjgg|lmgg|fmgg)\b",
        0.9,
        also=(_CORRUPT, (Category.ARTIFACT_MODEL_NOT_FOUND, 0.1)),
        unless=r"no such file|out of memory|failed to open|llama\.cpp: loading model[^\n]{0,200}\n[^\n]{0,40}ggjt v[123]",
    ),
    _ZEROS.rule(
        "magic-of-zeros",
        r"\(magic, version\) combination: 0{8}|invalid magic (?:characters|number)?:? ?['\"`]?(?:0x)?(?:0{8}|(?:\\0){2,4}|(?:\\x00){2,4})",
        0.96,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2),),
    ),
    _OTHER_FORMAT.rule(
        "bundle-of-another-kind",
        r"unable to open zip archive|backend type, while the current model's backend|please use an? [\w ]{2,40} model with|is not a (?:valid )?task (?:bundle|file)|model provided has model identifier|does not have a (?:tf_lite|tflite)_\w+ (?:section|model)|tf_lite_prefill_decode (?:not|is missing)",
        0.88,
        also=((Category.ARTIFACT_CORRUPT, 0.5), _CONFIG),
    ),
    _OTHER_FORMAT.rule(
        "format-of-another-runtime",
        rf"(?:only|just|currently|exclusively) (?:supports?|accepts?|loads?|reads?|works? with|runs?) (?:models? in (?:the )?|an? )?(?:the )?\W?{_FORMAT}\W{{0,2}}(?: format| models?| files?| weights?)?|(?:needs?|expects?|requires?|must be|should be) (?:a |an |in |in the |to be |to be in |to be a )?(?:models? in )?(?:the )?{_FORMAT} (?:format|model|file|weights)|{_FORMAT} (?:models?|files?|format|weights|checkpoints?|quant\w*) (?:is|are) (?:not|un)(?: yet| currently)? ?(?:supported|compatible|accepted)|(?:does not|doesn't|do not|don't|cannot|can't) (?:support|load|read|handle|run|open) (?:the |a |an )?(?:\w+ )?{_FORMAT} (?:format|models?|files?|weights)|not a {_FORMAT} (?:model|file)",
        0.78,
        also=((Category.CONFIG_INVALID, 0.35), (Category.ARTIFACT_CORRUPT, 0.15)),
        unless=r"no such file|not a (?:valid )?gguf|execution provider|not a valid safetensors",
    ),
    _OPERATION.rule(
        "operator-of-graph",
        r"cannot resolve operator ['\"`]|unrecogni[sz]ed (?:operator|op\b|input|attribute|node|layer)|non-supported op|missing ?/ ?non-supported|op type not registered|unsupported ops in the model|unknown layer:|failed to find kernel for|not a registered (?:op|operator|function)|select tensorflow op|regular tensorflow ops are not supported|opset version \d+ (?:is )?(?:not|under)|official released onnx opset|unsupported (?:opset|operation of type|operator|layer type|onnx op)|opconversionfailure|from unsupported opset|plugin not found|could not find plugin|no importer registered for op|type parameter \(t\w{0,3}\) of optype|of operator \([\w.]+\) in node [^\n]{0,80}is invalid|shapeinferenceerror|typeinferenceerror|int64[^\n]{0,20} not (?:being )?supported|unsupported version '\d+' in custom op|is not (?:yet )?(?:supported|implemented) (?:by|in) (?:the )?(?:tfjs|onnx\.?js|webgl|wasm|webnn|tflite|xnnpack|core ?ml|qnn|nnapi) |kernel ['\"`]\w{2,40}['\"`] not registered for backend",
        0.86,
        also=(_CONFIG, _FEATURE, _CORRUPT),
        unless=r"unrecogni[sz]ed option|no available backend found",
    ),
    # PyTorch's dispatcher has no such operation for the backend: the backend's package is of another version, or built without it.
    _OPERATION.rule(
        "operator-of-backend",
        r"could not run '[\w:.]{3,60}'|the operator doesn't exist for this backend|no kernel found for dispatch|no such operator \w{1,20}::|tried to instantiate class '__torch__|_opnamespace' '\w{1,20}' object has no|operator [\w:]{3,40}::[\w.]{2,40} does not exist|there were no tensor arguments to this function|has no attribute 'aten",
        0.84,
        also=((Category.GPU_FEATURE_MISSING, 0.5),),
    ),
    _OPERATION.rule(
        "type-of-kernel",
        r"unsupported type combination|unsupported (?:src\d?|dst|k|v|kv|kernel) type|unsupported head_?(?:dim|size)|head[_ ]?(?:dim|size):? \d{1,4} (?:is )?not supported|ktflite\w{3,16} was not true|node number \d+ \(\w+\) failed to prepare",
        0.76,
        also=((Category.GPU_FEATURE_MISSING, 0.35), (Category.PROCESS_CRASHED, 0.45), _CONFIG),
        unless=r"out of memory|failed to allocate",
    ),
    # Layers whose sizes the method of quantisation cannot take.
    _SHAPE.rule(
        "size-of-groups",
        r"divisible by (?:the )?(?:quanti[sz]ation )?group[_ ]?size|(?:is )?not (?:a )?multiple of (?:the )?(?:cta_|group|block_|pack_factor|tile)\w*|(?:size_[nk]|(?:in|out)_features) ?= ?\d{1,6} is not|(?:in|out)_(?:features|channels?) (?:must|should|is not)[^\n]{0,30}(?:divisible|multiple)|not aligned with the quantized weight shape|(?:row|column|dimension)s?[^\n]{0,40}not (?:divisible by|a multiple of) (?:32|64|128|256)\b",
        0.74,
        also=((Category.CONFIG_INVALID, 0.45),),
        unless=r"tensor (?:model )?parallel|attention heads|world size",
    ),
    _SHAPE.rule(
        "name-of-parameter",
        r"does not have a parameter or a? ?buffer named|there is no (?:module or )?parameter named|keyerror: ['\"][\w.]{1,100}\.(?:weight|bias|qweight|qzeros|scales|weight_scale\w{0,8}|g_idx|lora_[ab]|inv_freq|wq|w1|gate|norm)['\"]|has no (?:weight|tensor|parameter) named|weights? for [\w.]{3,60} (?:was |were |is )?not found|unable to find tensor|(?:cannot|could not|can't) find (?:model|lm_head|transformer|encoder|decoder|visual|blk|layers?)\.[\w.]{3,}|(?:weights?|tensors?|parameters?) (?:was|were|are|is) not used when initiali[sz]ing|key[s]? (?:were |was )?not (?:found|present) in (?:the )?(?:state_?dict|checkpoint)|loaded_weight",
        0.9,
        also=((Category.ARTIFACT_CORRUPT, 0.16), (Category.CONFIG_INVALID, 0.2)),
        unless=r"not used when initiali[sz]ing[^\n]{0,400}\n(?=[\s\S]{0,4000}out of memory)|out of memory",
    ),
    # What an engine of another version wrote into the file, or left out of it.
    _UNKNOWN.rule(
        "record-of-other-version",
        r"\b\w{3,40} (?:is )?missing (?:in|from) (?:the )?(?:model'?s? )?(?:metadata|model config|model_config|mlc-chat-config)|kv\[key_id\]\.get_type\(\)|get_type\(\) [!=]= gguf_type|has_\w{2,20}_?projector\b|(?:unknown|unsupported) (?:minicpmv|llava|clip|mmproj|projector)[ _](?:version|type)|this file is not a clip model|tuning ?record|(?:was|were|is|been) (?:built|compiled|exported|converted|generated|quanti[sz]ed|saved|created|made|serialized|produced|written) (?:for|with|by|using|against|from|on) (?:an? )?(?:[a-z][\w.-]{1,20} ){0,2}(?:version )?(?:v?\d+[.\d]*\b|older|newer|different|another|other\b|old\b)|(?:was|were) made for (?:ios|macos|android|windows)|(?:older|old|newer|legacy|previous|outdated) (?:q\d\w{0,4}|ggml|gguf|file|model|weights?|quant\w*|checkpoint) (?:file )?(?:format|version|layout)|inconsistent with the config class|`?config_class`? attribute that is not consistent|file was (?:created|written|saved|exported|converted) (?:with|by) (?:an? )?(?:newer|older|different|incompatible)",
        0.86,
        also=(_CONFIG, _CORRUPT, (Category.PROCESS_CRASHED, 0.15)),
    ),
    # A graph whose parts do not fit: of a model that this version of the engine does not know.
    _SHAPE.rule(
        "product-of-shapes",
        r"ggml_can_mul_mat|ggml_can_repeat|ggml_are_same_shape|missing result_\w+ tensor|n_mel == n_mels",
        0.66,
        also=((Category.PROCESS_CRASHED, 0.56), (Category.CONFIG_INVALID, 0.12)),
    ),
    _UNKNOWN.rule(
        "model-of-another-tool",
        r"specification ?version|failed to build the model execution plan|espresso exception|compiled with a newer version of core ?ml|no (?:llm )?engine[^\n]{0,20} supports? (?:this|the) model|weights? (?:format|layout) (?:is )?(?:not|un)(?: recogni[sz]ed| supported|known|supported)|can(?:not|'t) (?:infer|detect|determine|guess) (?:the )?(?:model|weights?|quant\w*|checkpoint|file)(?:'s)? (?:type|format|arch\w*|layout)",
        0.68,
        also=(_CORRUPT, _CONFIG, _FEATURE),
    ),
    # Codes of ExecuTorch: an operation that is missing, a program of another version, a delegate that does not fit.
    _OPERATION.rule(
        "code-of-executorch",
        r"\bload failed: ?(?:20|35|48)\b|(?:failed to load|error loading) (?:llama )?(?:the )?(?:model|method|module|program|runner)[^\n]{0,24}(?:error|code)[: =]{1,3}(?:0x:?(?:14|23|30)|20|35|48)\b|error loading method \w{1,30}: 0x(?:14|23|30)\b|missing operator:|some operators (?:are )?missing|delegateinvalidcompatibility|operatormissing",
        0.8,
        also=(_CORRUPT, (Category.HOST_MISSING_DEPENDENCY, 0.15)),
    ),
    # What was compiled ahead for an accelerator, and operations that its delegate does not take.
    _OPERATION.rule(
        "delegate-of-accelerator",
        r"operations? (?:are|is) not supported by (?:the )?\w{0,12} ?delegate|failed to apply delegate|builtin_code out of range|old tflite binary with newer model|no conversion rule found|cannot get operation set|context binary[^\n]{0,40}(?:version|not supported|incompatible)|(?:createfrombinary|create context from binary)|built for a different (?:soc|chip|device|target|platform)|program identifier '\w{2,8}' != |failed to initialize subgraph|invalid rknn model version|convert with rknn-toolkit",
        0.8,
        also=(_FEATURE, _CONFIG, _CORRUPT),
        unless=r"out of memory|failed to allocate",
    ),
    _SHAPE.rule(
        "adapter-or-draft-of-another-model",
        r"target modules [^\n]{1,200} not found in the base model|expected target modules in|adapter(?:'s)? [^\n]{0,40}(?:differs?|mismatch|does not match|do not match|incompatible)|(?:lora|adapter) rank mismatch|draft model [^\n]{0,40}(?:must match|differs?|does not match)|(?:encoder|projector|adapter|hidden|embedding|vocab\w*) (?:size |dimension |dim )?mismatch|expects? \d{2,3} mel\b",
        0.76,
        also=((Category.CONFIG_INVALID, 0.45), (Category.ARTIFACT_TOKENIZER, 0.15)),
        unless=r"gpu adapter|requestadapter|webgpu",
    ),
    # Apps that hold llama.cpp are behind it; who converts a model has the newest.
    _UNKNOWN.rule(
        "pretokenizer-of-newer-model",
        r"unknown pre-?tokenizer type: ?['\"`]?\w",
        0.95,
        also=((Category.ARTIFACT_TOKENIZER, 0.5),),
        runtimes=("llama",),
    ),
    # Weights as Meta publishes them, which transformers cannot read.
    _OTHER_FORMAT.rule(
        "layout-of-meta",
        r"no file named[^\n]{0,200} found in[^\n]{0,60}(?:\.llama[\\/]checkpoints|[\\/]original\b)|(?:only|just) (?:has|have|contains?|found|see) (?:the )?(?:consolidated|params\.json)|consolidated\.\d\d\.(?:pth|safetensors)[^\n]{0,60}(?:not|instead|convert)",
        0.95,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.3), _CONFIG),
    ),
    # The same in other languages.
    _UNKNOWN.rule(
        "not-supported-in-other-languages",
        r"(?:模型|架构|格式|算子|量化)[^\n]{0,16}(?:不(?:被)?支持|尚未支持|未支持)|(?:不|暂未|尚未|还未|没有)支持[^\n]{0,12}(?:模型|架构|格式|算子|量化)|暂不支持|(?:モデル|形式|アーキテクチャ|バージョン)[^\n]{0,16}(?:サポートされてい|対応してい)ません|(?:modell|format|architektur|version)\w{0,8} wird (?:noch )?nicht unterstützt|(?:modèle|format|architecture|version)[^\n]{0,24} (?:non|pas) (?:pris en charge|prise en charge|supporté)|(?:modelo|formato|arquitectura|arquitetura|versi[oó]n|versão)[^\n]{0,24} (?:no (?:es |está )?|não (?:é |está )?)(?:compatible|compatível|soportad[oa]|suportad[oa]|admitid[oa])|(?:модел|архитектур|формат|верси)[^\n]{0,24}не поддерж",
        0.8,
        also=(_CONFIG, _FEATURE),
        unless=r"webgpu|显卡|浏览器|\bgpu\b",
    ),
    # A model that is asked for is one that the program does not know yet.
    _UNKNOWN.rule(
        "support-asked-for",
        r"(?:add|adding|request(?:ing)?|need|want|implement|lacks?|missing|any plans? (?:for|to)|when will)[^\n]{0,24} support (?:for |of )?(?:the )?(?:new )?(?:model|llama|qwen|gemma|phi|mistral|mixtral|deepseek|granite|glm|bitnet|minicpm|kimi|internlm|chatglm|falcon|gpt-oss|smollm|olmo|nemotron|mamba|rwkv|vision|vlm|moe)|(?:model|llama|qwen|gemma|phi|mistral|mixtral|deepseek|granite|glm|bitnet|minicpm)[\w.-]{0,20} support (?:request|please|\?)",
        0.6,
        also=(_CONFIG,),
    ),
    # What TensorFlow.js says of a model whose layers or weights are those of another version.
    _SHAPE.rule(
        "layers-of-another-keras",
        r"has no target variable|inputlayer should be passed either|based on the provided shape, \[[^\]\n]{0,40}\],? the tensor should have|unknown quantization dtype|improper config format|unknown (?:layer|regularizer|initializer|activation|optimizer|loss|constraint): |(?:input|output) tensor not found|corrupted configuration and|must have (?:the )?same (?:number of )?(?:inputs|tensors) as the model",
        0.76,
        also=(_CONFIG, _CORRUPT),
    ),
    _UNKNOWN.rule(
        "kind-of-weights",
        r"(?:unknown|unsupported|unrecogni[sz]ed) (?:model )?quanti[sz]ation(?: type| format| scheme| config\w*| version| level)?\b(?! method)|unknown (?:data ?type|dtype):? ?(?:\d{1,3}\b|[biuf]f?\d|q\d|mxfp|nvfp|for)|unsupported (?:dtype|type|data type) (?:for|of|in) (?:quanti[sz]ed |the )?(?:tensor|weight|model|gguf|safetensors)|unknown model class \"(?!null)\w|has no vllm implementation|(?:invalid|unknown|unrecogni[sz]ed) (?:model |gguf )?architecture\b|(?:unsupported|invalid|unknown) rope[_ ]scaling|(?:model|file|gguf) is too new|(?:this|the installed|your|current) version of [\w.-]{2,30} (?:does not|doesn't|do not|cannot|can't) (?:support|load|read|handle|know|recogni[sz]e)|models? based on '\w+' are not yet supported",
        0.86,
        also=((Category.CONFIG_INVALID, 0.3), (Category.ARTIFACT_CORRUPT, 0.2)),
        unless=r"architecture: ?'clip'|gpu architecture|cuda architecture|host arch",
    ),
    # The words leave no doubt.
    _SHAPE.rule(
        "parameters-do-not-fit",
        r"size mismatch for [\w.]{3,120}: copying a param|' has wrong shape; expected|received (?:\d+ )?parameters not in model|does not have a parameter or a? ?buffer named|wrong number of tensors; expected|there is no (?:module or )?parameter named|trying to set a tensor of shape|correct mmproj|mmproj embedding mismatch|cannot find parameter in cache",
        0.95,
        also=((Category.CONFIG_INVALID, 0.15),),
        unless=r"out of memory",
    ),
    _UNKNOWN.rule(
        "not-known-without-doubt",
        r"unknown conv template|`?rope_scaling`? must be a dictionary with two fields|cannot resolve operator ['\"`]|could not find an implementation for|op type not registered|unsupported model ir version|(?:std|safe)versionread ==|invalid vm file format in the (?:version|header|magic)|not found in the json object|config\[\"\w+\"\]\.is<|weights only load failed|error loading model: (?:unknown|unsupported) (?:model|arch)",
        0.95,
        also=((Category.CONFIG_INVALID, 0.18),),
        unless=r"architecture: 'clip'",
    ),
    # TensorFlow's words for a checkpoint of another version, or for one of its files in place of their common name.
    _OTHER_FORMAT.rule(
        "checkpoint-of-other-operator",
        r"need to use a different restore operator",
        0.86,
        also=((Category.ARTIFACT_CORRUPT, 0.5), _CONFIG),
    ),
    # The reader's own format is wanted, and the name says of another framework.
    _OTHER_FORMAT.rule(
        "file-of-another-framework",
        r"(?:loading|load|open\w{0,3}|reading|read|file) (?:the )?(?:model )?(?:file )?(?:from )?['\"`]?[^\n'\"`]{1,200}\.(?:pt|pth|safetensors|onnx|h5|keras|ckpt|tflite|mlmodelc?|pb)\b",
        0.95,
        also=((Category.ARTIFACT_CORRUPT, 0.4), _CONFIG),
        needs=r"bad magic|invalid magic|unknown magic|not a (?:valid )?gguf|invalid model (?:data|file)",
    ),
    _OPERATION.rule(
        "type-of-backend-in-words",
        r"\b(?:wasm|webgl|webnn|webgpu|coreml|nnapi|directml)\b[^\n]{0,12} (?:does |do )?(?:not|n't) (?:yet )?support (?:u?int\d{1,2}|bool|float64|double|strings?)\b|(?:u?int\d{1,2}|float64|double) (?:is |are )?not supported (?:by|in|on|with) (?:the )?(?:wasm|webgl|webnn|webgpu|coreml|nnapi|directml)\b",
        0.8,
        also=(_FEATURE, _CONFIG),
    ),
    # DirectML's last word: neither the operation nor what refused it is named.
    _OPERATION.rule(
        "operator-of-directml",
        r"->createoperator ?\(",
        0.78,
        also=((Category.GPU_FEATURE_MISSING, 0.56), (Category.GPU_DRIVER, 0.25)),
    ),
    # Engines for phones, boards and accelerators: a layer that they lack, or a plan that was made for another chip.
    _OPERATION.rule(
        "layer-of-small-engine",
        r"layer \w{2,40} not exists or registered|don't support type \[\w|unimplemented\(\w{2,40}\) totypedop|totypedtranslator|(?:failed|unable) to deserialize (?:the )?context binary|engine plan file[^\n]{0,80}(?:different|incompatible|not supported)|error in declaring network|kernel key not found",
        0.84,
        also=(_CORRUPT, _FEATURE, _CONFIG),
        unless=r"is not recommended and is likely to affect|out of memory",
    ),
    # Go's words where a record of the file is of another kind than the program expects.
    _UNKNOWN.rule(
        "record-of-another-kind",
        r"interface conversion: [^\n]{0,80}\b(?:ggml|gguf)\.",
        0.76,
        also=((Category.PROCESS_CRASHED, 0.5), _CORRUPT),
    ),
    # What was saved as a program is loaded as weights, or the other way round.
    _OTHER_FORMAT.rule(
        "script-or-weights",
        r"failed locating file (?:constants\.pkl|data\.pkl|version)|appears? to be a torchscript|is a torchscript archive|not a torchscript",
        0.84,
        also=((Category.ARTIFACT_CORRUPT, 0.45), _CONFIG),
    ),
)

"""Rules for the model's files: not there, damaged, or something else than they should be."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .reasons import ABSENT_FILE as _ABSENT
from .reasons import BROKEN_FILE as _BROKEN
from .reasons import MISTAKEN_FILE as _MISTAKEN
from .rule import Group

_NAMELESS = Group(
    Category.UNKNOWN,
    en="the program says no more than that the model did not load",
    es="el programa solo dice que el modelo no se cargó",
)

_AFTERMATH = Group(
    Category.UNKNOWN,
    en="the program goes on with something that an earlier failure has ended",
    es="el programa sigue con algo que un fallo anterior ha terminado",
)

_HTTP = (Category.NETWORK_HTTP_ERROR, 0.35)
_CORRUPT = (Category.ARTIFACT_CORRUPT, 0.25)
_NEWER = (Category.ARTIFACT_INCOMPATIBLE, 0.5)
_SKEWED = (Category.ARTIFACT_INCOMPATIBLE, 0.25)
_CONFIG = (Category.CONFIG_INVALID, 0.25)

_WEIGHT_FILE = r"(?:\.(?:gguf|ggml|safetensors|bin|pth?|onnx|onnx_data|npz|ckpt|model|wasm|mlmodelc|params|litertlm|task|tflite)\b|(?:config|tokenizer|tensor-cache|ndarray-cache|generation_config|index|mlc-chat-config)[\w.-]*\.json)"

RULES = (
    _ABSENT.rule(
        "repository",
        r"repositorynotfounderror|repository ?not ?found|revisionnotfounderror|revision not found|invalid rev(?:ision)? id|not a local folder and is not a valid model identifier|is not a valid model identifier|invalid repository id or local directory|does not exist on the hub|cannot find (?:the )?(?:requested )?(?:repo|model)[^\n]{0,30} on|repo(?:sitory)? [^\n]{0,80}(?:does not exist|not found)|(?:model|repo)(?:sitory)? (?:may|does) not exist|no such (?:repo|model)|make sure you have a correct git identifier|is not a valid git identifier|nosuchkey\b|specified key does not exist",
        0.93,
        also=(
            (Category.NETWORK_BLOCKED, 0.25),
            (Category.CONFIG_INVALID, 0.2),
            (Category.NETWORK_HTTP_ERROR, 0.15),
        ),
    ),
    _ABSENT.rule(
        "unknown-model-id",
        r"model(?: ['\"`]?[\w.:/@+-]{1,100}['\"`]?)? (?:was |is )?not found\b|pull model manifest: file does not exist|manifest (?:unknown|not found|does not exist)|manifest[^\n]{0,40}file does not exist|can ?not find (?:the |a |any )?model\b|model[^\n]{0,80} does not exist|modelnotfounderror|cannot find model record|no url found for model|no model (?:named|found|matches|with)|model_not_found|unknown model(?! type| arch| family|,| undefined| null|: undefined)|model file (?:is )?(?:not found|missing|does not exist)|failed to find (?:the )?model|could not find (?:the )?model(?!\.\w| arch| type| class| impl)|no (?:such )?model file|models? path[^\n]{0,40}not (?:exist|found)|model path (?:does not exist|not found)|couldn't be (?:read|opened) because there is no such file|invalid model path|not a valid model (?:name|id)|try pulling it first|no models? (?:was |were |is |are )?(?:found|available|detected|present)|(?:model|weights?|checkpoint)s? (?:folder|directory|dir|path) (?:is|was) empty",
        0.86,
        also=(_CONFIG, (Category.NETWORK_HTTP_ERROR, 0.15)),
        unless=r"model type|no module named|loaded models",
    ),
    _ABSENT.rule(
        "file-of-model",
        r"does not appear to have (?:a )?files? named|could not locate file|no file named[^\n]{0,120}found|error no file named|cannot find any model weights|no (?:safetensors|gguf|weights?|checkpoint)[^\n]{0,40}(?:found|files)|can't load (?:the )?(?:model|configuration|weights|config)|cannot find the model library|we searched over the following|model_?lib[^\n]{0,40}(?:is not a file|not found)|lib in preferred path|mlc-chat-config\.json[^\n]{0,60}(?:not|cannot|no)|cannot find[^\n]{0,80}(?:mlc-chat-config|model lib|model directory)|directory does not exist|config(?:\.json)? (?:was |is )?(?:not found|missing)|unable to find (?:a )?(?:suitable )?(?:model|gguf|file)|missing (?:the )?(?:model|weights?|params|shard) files?|missing shard|file (?!['\"`]?tokenizer)[^\n]{0,160}(?:is missing|not found|does not exist)|\bfile not found|cannot find (?:the )?file",
        0.74,
        also=(_HTTP, _CONFIG, (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
        unless=r"cannot find system lib|requested in [^\n]{0,80} is not found|cannot find the file specified|following packages|shared library|library file|required file not|config file server|argument --|archive/data|in the library|fatal error|#include|\.h'|lib\w*\.(?:so|dll|dylib)|dll load failed|is not recognized|header|\.llama[\\/]checkpoints|no file named[^\n]{0,160}found[^\n]{0,160}[-_.](?:gguf|ggml|gptq|awq|exl2|mlx|onnx)\b|failed locating file",
    ),
    _ABSENT.rule(
        "no-such-weight-file",
        rf"(?:no such file or directory|failed to open|cannot open|could not open|unable to open|filenotfounderror|enoent|cannot find|error opening|does not exist|system cannot find)[^\n]{{0,240}}{_WEIGHT_FILE}|{_WEIGHT_FILE}['\")\]]*[^\n]{{0,60}}(?:no such file or directory|not found|does not exist|file does not exist|cannot find)",
        0.87,
        also=(_CONFIG, (Category.ARTIFACT_CORRUPT, 0.12), (Category.STORAGE_PERMISSION, 0.08)),
        unless=r"tokenizer\.(?:json|model)|\bpermission\b|vocab|\b404\b|too many open files|current available model_libs|requested in [^\n]{0,80} is not found|cannot find tensor|model may be invalid|publicpath|different restore operator",
    ),
    _ABSENT.rule(
        "no-such-file",
        r"no such file or directory|filenotfounderror|\benoent\b|system cannot find the (?:file|path)|os error 2\b|os error 3\b|errno 2\b|cannot open [/\w.-]+|(?<!module)notfounderror|not a directory|is a directory|isadirectoryerror",
        0.48,
        also=(_CONFIG, (Category.HOST_MISSING_DEPENDENCY, 0.3), (Category.ARTIFACT_CORRUPT, 0.08)),
        unless=r"\blib[\w+-]{1,60}\.so\b|\.dll|\.dylib|libopencl|spawn |failed to exec |directory: '(?:nvcc|git|cmake|ninja|gcc|g\+\+|clang|make|emcc|ffmpeg|cl|ld|cargo|rustc|npm|node|java|adb)'",
    ),
    _BROKEN.rule(
        "checksum",
        r"\bsha mismatch for|not match the hashes|no matching signatures|image verification failed|checksums? (?:mismatch|error|fail|does not match|do(?:es)? ?n.t match|do not match|verification|is (?:wrong|invalid|incorrect|different)|differs?)|(?:failed|unable|could not|couldn.t|does not|doesn.t|do not|did not) (?:to )?(?:match|verify|validate)(?: the)?[^\n]{0,24} (?:checksum|sha-?\d{1,3}|md5|digest|hash)|(?:bad|wrong|incorrect|invalid) (?:checksum|sha-?\d{1,3}|md5|digest)\b|digest mismatch|hash(?:es)? (?:mismatch|do(?:es)? not match|verification)|\b(?:sha-?256|md5|sha1|etag|crc)\b(?!-[0-9a-f]{4})[^\n]{0,40}(?:mismatch|does not match|do not match|incorrect|wrong|check ?(?:error|fail))|expected oid|integrityerror|integrity (?:check|error|verification)|consistency check failed|file must be downloaded again|failed integrity|bad crc|subresource integrity",
        0.95,
    ),
    _BROKEN.rule(
        "safetensors-header",
        r"header ?too ?large|header ?too ?small|invalidheader\w*|metadataincompletebuffer|error while deserializing header|deserializing header|safetensors?(?:_rust\.safetensor)?error|incomplete metadata, file not fully covered|tensorinvalidinfo|invalidoffset",
        0.93,
        unless=r"device \S+ is invalid|no such file|no space left|storagefull|error while serializing|permission denied|cannot allocate|out of memory|paging file|does not contain tensor|unknown variant `[bfiu]f?\d",
    ),
    _BROKEN.rule(
        "truncated",
        r"unexpected end of (?:file|data|json|input|stream)|failed to fill whole buffer|premature end of (?:file|data|input|stream|archive)|file (?:is |was |seems |appears )?(?:to be )?(?:truncated|corrupt\w*|incomplete|damaged|broken)|not fully downloaded|not downloaded completely|corrupt(?:ed)? (?:parameter|shard|file|model|download|weights?|data|gguf|checkpoint|cache|archive|blob|safetensors|onnx)|corrupted an? |(?:due to|because of|after|from) (?:an? |the )?(?:incomplete|partial|interrupted|broken|truncated) (?:download|file|model|transfer)|(?:is|are|was|be|been) corrupted|data is not within the file bounds|exceeds (?:the )?file size|tensor '[^'\n]{1,80}' (?:data is not|out of bounds)|model (?:file )?is corrupted|failed to read (?:magic|tensor|header|key|the model)|ran out of input|unpicklingerror|invalid load key|pytorchstreamreader failed|failed finding central directory|(?:corrupt\w{0,3}|bad|broken|invalid|reading|not a|damaged) zip archive|inline_container|badzipfile|not a zip file|invalid magic|unable to load weights from|wasm decoding failed|size mismatch[^\n]{0,30}(?:file|download|bytes)|file size (?:mismatch|does not match)|exceeds shard size|content_length_mismatch|content-length[^\n]{0,40}mismatch|short read|download (?:was )?incomplete|incomplete download|partial(?:ly)? downloaded|zlib\.error|zlib[^\n]{0,30}(?:decompress|inflate|error -\d)|incorrect (?:header|data) check|bad magic number|file_length == |fewer bytes|expected \d+ bytes|magic number mismatch|nbytes ==",
        0.84,
        also=(_SKEWED, (Category.NETWORK_UNREACHABLE, 0.06)),
        unless=r"67676a74|67676d6c|67676d66|ggjt|ggmf|ggla|tjgg|lmgg|nvcc|files found in zip|unable to open zip archive|unsupported version|wasm|weights only load|tool call arguments|outputmessage|might not exist, be corrupted|(?:prompt|input|context|message|answer|output|response)s?[^\n]{0,30} truncated|truncated (?:at|to) \d+ tok|invalid ggml type|not a multiple of block|is too long: \d+ >=|fmgg|algg|magic characters:? '?pk|different restore operator|failed locating file (?:constants|data)",
    ),
    _MISTAKEN.rule(
        "html-or-pointer",
        r"<!doctype|unexpected token '?<|git-?lfs\.github\.com|lfs pointer|version https://git-lfs|pointer file|html (?:page|document|instead)|expected magic word|expected magic[^\n]{0,60}found|unexpected magic|git lfs[^\n]{0,40}(?:fail|pull|install)|is not (?:a )?valid json|bad magic|wasm decoding failed|wasm validation error",
        0.88,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.14), (Category.NETWORK_HTTP_ERROR, 0.14)),
        unless=r"no such host|no space left|authentication|403|401|67676a74|67676d6c|67676d66|rate limit|unable to resolve|timed? ?out|config file at '[^'\n]{1,200}\.(?:bin|safetensors|gguf|ggml|pth?|onnx)'|(?:429|50\d)\b[^\n]{0,6}<!doctype|error code 50\d|page blocked|access denied|memory64|\bsimd\b|different restore operator",
    ),
    _BROKEN.rule(
        "unreadable",
        r"input/output error|\beio\b|errno 5\]|os error 5\b\)?: input|\bi/o error|read error|read failed|invalid unordered_map|invalid map<|key not found: (?:general|tokenizer|llama)\.",
        0.5,
        also=(_SKEWED, (Category.STORAGE_PERMISSION, 0.2), (Category.STORAGE_QUOTA_OR_DISK_FULL, 0.1)),
        unless=r"readtimeout|read timed|connection|cannot allocate|no space left|dspqueue|notreadableerror",
    ),
    _BROKEN.rule(
        "json",
        r"jsondecodeerror|malformedjson|invalid character '[^'\n]{1,8}' (?:looking|after|in )|unexpected token(?! `)|expecting (?:value|property name|',' delimiter|':' delimiter)|failed to parse json|invalid json|json (?:parse|parsing|decode|syntax)[^\n]{0,20}(?:error|fail)|expected a json value|unexpected end of json|syntaxerror: [^\n]{0,40}json|expected value at line|eof while parsing|unterminated string|trailing (?:characters|comma|data)|unexpected non-whitespace|control character|unicodedecodeerror|codec can't decode|invalid utf-?8|stream did not contain valid utf-8",
        0.7,
        also=(
            (Category.CONFIG_INVALID, 0.2),
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.1),
            (Category.ARTIFACT_TOKENIZER, 0.15),
            (Category.NETWORK_HTTP_ERROR, 0.1),
        ),
        unless=r"unknown value|tool call arguments|outputmessage|unknown variant `|'(?:gbk|charmap|ascii|euc_kr|cp\d{3,4})' codec|cannot be parsed as a message",
    ),
    _BROKEN.rule(
        "shard-check",
        r"encountered an corrupted parameter shard|raw_data_buffer->length|tensor-cache record range|error when loading parameters from|loadparams[^\n]{0,60}fail",
        0.88,
        unless=r"out of memory",
    ),
    _ABSENT.rule(
        "stream-not-open",
        r"\((?:config_istream|fs|!?fs\.fail\(\)|istream|ifs|fin|is)[^\n)]{0,20}\)+ is false|failed to load external data(?![^\n]{0,120}mountedfiles)|\bexternal data file(?![^\n]{0,120}mountedfiles)|missing split",
        0.56,
        also=(
            (Category.CONFIG_INVALID, 0.3),
            (Category.ARTIFACT_INCOMPATIBLE, 0.25),
            (Category.ARTIFACT_CORRUPT, 0.12),
        ),
    ),
    _NAMELESS.rule(
        "bare-load-failure",
        r"failed to load dynamic shared library|unable to load model|failed to load (?:the )?model|model (?:loading failed|failed to load)|error while calling start function|server fails to launch|error loading model|could not load (?:the )?(?:text |chat |language )?model|cannot load (?:the )?model|unable to instantiate model|model format not supported|unsupported model format|llama_(?:load_model_from_file|model_load|init_from_file)[^\n]{0,30}fail|failed to initialize (?:the )?(?:model|engine|session)|can't create a session|failed to create (?:the )?session|(?:couldn't|could not|cannot|can't|failed to|unable to) (?:create|init(?:iali[sz]e)?) (?:the )?(?:llama|whisper|inference|model)?[ _]?context\b",
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
    _MISTAKEN.rule(
        "html-in-place-of-magic",
        r"invalid (?:magic|magic characters|magic number|file magic)[^\n]{0,24}(?:'?<!do|'?<htm|'?vers|0x3c|3c21|21646f3c)|3c 21 (?:44|64)|first bytes[^\n]{0,20}<",
        0.93,
    ),
    _BROKEN.rule(
        "tensors-found",
        r"corrupted model|\d+ tensors expected but \d+ found|not all tensors loaded|(?:size|length) of [^\n]{0,60}(?:shard|file|cache)\b[^\n]{0,20} does not match|failed to read (?:tensor|key|header|data|vocab|the file|file)|read error: |unexpected(?:ly)? (?:short|small|large) file|failed reading|file (?:appears|seems) (?:to be )?(?:empty|corrupt|truncated|incomplete)|(?:0|zero)[- ]byte file|empty file|file is empty|invalid (?:json|yaml|protobuf|flatbuffer|zip|archive|safetensors|onnx|wasm) (?:file|data|header|format)|invalid_protobuf|not a (?:zip|valid safetensors|valid onnx|valid flatbuffer)|wrong byte size|hash sum mismatch|unexpected size|wrong size|size does not match|incomplete (?:file|model|shard|weights)|should be of size|expected file size|expected size",
        0.88,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.15),),
        unless=r"incomplete model files|shape|torch\.size|tensor size|input data|totensor|modulenotfound|invalid ggml type|not a multiple of block|is too long: \d+ >=",
    ),
    _ABSENT.rule(
        "no-such-file-of-runtime",
        r"no_suchfile|file doesn't exist|cannot get file size|file does not exist|does not exist at path|path does not exist|no file found at|cannot open file|couldn't open file|failed to open (?:the )?(?:model|file|gguf)|no model (?:file|at|in)|model (?:file|folder|directory) (?:not|does not|doesn't|is missing)|weights? (?:file )?not found|cached snapshot folder",
        0.72,
        also=(_CONFIG, (Category.NETWORK_UNREACHABLE, 0.15), _CORRUPT),
        unless=r"tokenizer|\.so\b|\.dll|locate the files on the hub",
    ),
    _ABSENT.rule(
        "no-config-in-repository",
        r"no supported config format found|neither config\.json nor params\.json|could not (?:find|detect|determine) (?:the )?(?:model )?config(?:uration)?(?: file| format)? (?:in|for|of)",
        0.55,
        also=((Category.NETWORK_BLOCKED, 0.3), _SKEWED, _CONFIG),
    ),
    _ABSENT.rule(
        "remote-models-off",
        r"local_files_only=true or env\.allowremotemodels|allowremotemodels ?= ?false(?!`?, but attempted)|allowlocalmodels ?= ?false|both `?local_files_only|file was not found locally",
        0.9,
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
    _ABSENT.rule(
        "no-files-of-kind",
        r"no (?:\w+ or )?(?:\w+ )?(?:safetensors|gguf|modelfile|onnx|weights?|model|checkpoint|shard)[\w ,]{0,30} files? (?:were |was )?found|no \.(?:safetensors|gguf|bin|onnx) files? (?:were |was )?found|(?:part|split|shard)s? (?:\d+ )?(?:is|are|was|were) (?:missing|absent|not found)",
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
    _MISTAKEN.rule(
        "not-gguf",
        r"(?:file|model|it) (?:is|was) not (?:in |an? )?(?:valid )?(?:gguf|safetensors)(?: format| file| model)?\b|not a (?:valid )?gguf (?:file|model)",
        0.66,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.35),),
    ),
    _BROKEN.rule(
        "metadata-of-archive",
        r"\(\._[\w.-]{1,60}\): (?:not an elf|unknown file type|file format not recognized)",
        0.9,
        also=((Category.COMPILE_FAILED, 0.5), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
    ),
    _ABSENT.rule(
        "model-not-retrieved",
        r"failed to retrieve model\b|unable to retrieve (?:the )?model file",
        0.72,
        also=((Category.CONFIG_INVALID, 0.35), (Category.NETWORK_HTTP_ERROR, 0.12)),
    ),
    _BROKEN.rule(
        "values-of-tensors",
        r"ggml_validate_row_data|tensors? (?:'[^'\n]{1,80}' )?(?:has|with) invalid data|tensor '[^'\n]{1,80}' is duplicated|imatrix contains|unknown tensor '' in|bad_alloc[^\n]{0,30}while reading|claims to (?:have|be) [^\n]{0,40}(?:more|larger) than",
        0.94,
        also=((Category.GENERATE_NUMERIC, 0.15),),
    ),
    _BROKEN.rule(
        "copy-in-cache",
        r"incompletesnapshot|snapshot[^\n]{0,160}is incomplete|corruptedcache|corrupt manifests?|(?:broken|dangling) (?:sym)?link|\d+ file\(s\) are missing|has \d+ (?:shards?|parts?|splits?), expected \d+|blob missing",
        0.9,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.35), _SKEWED),
    ),
    _BROKEN.rule(
        "pointers-cloned",
        r"without having git-lfs|git-lfs (?:was |is )?not installed[^\n]{0,60}(?:pointer|weights|clon)",
        0.95,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35),),
    ),
    _BROKEN.rule(
        "binary-cut-short",
        r"past end of (?:the )?(?:file|module)|file too short\b|load command past end|(?:section|function body)[^\n]{0,80}(?:past end|beyond end|out of bounds) of|unexpected end of section",
        0.86,
        also=(_SKEWED, (Category.HOST_MISSING_DEPENDENCY, 0.3)),
    ),
    _BROKEN.rule(
        "external-data-out-of-bounds",
        r"external initializer[^\n]{0,160}out of bounds|getfilelength for|can not be read in full|external data[^\n]{0,60}(?:out of bounds|truncated|too small)",
        0.66,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.42), (Category.ARTIFACT_INCOMPATIBLE, 0.5)),
    ),
    _ABSENT.rule(
        "adapter-of-model",
        r"loading lora [^\n]{0,80}failed|no adapter found for /|can't find '?adapter_config|adapter_config\.json[^\n]{0,40}(?:not found|missing)|does this file exist",
        0.9,
        also=((Category.CONFIG_INVALID, 0.4),),
        unless=r"mismatch|arch\b|rank",
    ),
    _ABSENT.rule(
        "named-and-not-there",
        r"(?:weight|model|config|checkpoint|tokenizer|lora|adapter|source|file)s?[_ ]?(?:path|dir|file|folder)? (?:does not|doesn't|do not) exist|fail(?:ed)? to find (?:\w+ )?[\w-]{0,30}config\.json|blobs[/\\]sha256[-:][0-9a-f]{6,64}: no such file|is not a (?:file|folder|directory)\b|not available in (?:the )?cache|not found in (?:the )?(?:local )?(?:disk )?cache|weights are not ?found|(?:is )?deleted from the cache|model file is null|no such (?:entry|key) in (?:the )?cache|requested file or directory could not be found|cannot find (?:any )?model (?:files?|weights)|no files? found in [^\n]{0,100}(?:that )?match|not all (?:split )?parts[^\n]{0,100}present|could not open model file|failed to load core ml model|missing or incomplete model files|model file may not exist",
        0.86,
        also=(_CONFIG, (Category.ARTIFACT_CORRUPT, 0.12)),
        unless=r"(?<!--)tokenizer(?!\.spm)|\.so\b|\.dll|template|no module named",
    ),
    _MISTAKEN.rule(
        "gguf-unread",
        r"gguf_init_from_(?:file|reader)\w{0,10}: (?:tensor|failed to (?!open)|invalid|unknown|duplicate|number of|string length|encountered)|unknown magic 0x|invalid (?:safetensors|npz) file magic|invalid (?:file )?magic number|invalid magic characters|gguf magic|not a (?:valid )?gguf|invalid gguf(?! type)|gguf[^\n]{0,30}(?<!model may be )invalid|has invalid ggml type \d{4,}",
        0.66,
        also=(_NEWER, _CONFIG),
        unless=r"67676a74|invalid magic number 67676|ggjt|tjgg|lmgg|invalid ggml type \d{1,3}\b|not a multiple of block|is too long: \d+ >=|status code 4\d\d|fmgg|algg|magic characters:? '?pk",
    ),
    # What was used is put away already: why, the words do not tell.
    _AFTERMATH.rule(
        "disposed",
        r"has already been disposed|already disposed|object has been disposed|module has been disposed",
        0.36,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.26),
            (Category.GPU_DEVICE_LOST, 0.26),
            (Category.WORKER_CRASHED, 0.15),
        ),
        wrapper=True,
    ),
    _ABSENT.rule(
        "library-of-model",
        r"(?:missing|couldn't find|cannot find|could not find|can't find|no such file)[^\n]{0,200}-(?:vulkan|cuda|metal|rocm|opencl|webgpu|iphone|android)\.(?:so|dll|dylib|wasm|tar)\b",
        0.78,
        also=(_CONFIG, (Category.HOST_MISSING_DEPENDENCY, 0.25), _SKEWED),
    ),
    # The loader found a folder without weights of its kind, and the folder's name says of which kind they are.
    _ABSENT.rule(
        "weights-of-another-kind",
        r"no file named[^\n]{0,160}found[^\n]{0,160}[-_.](?:gguf|ggml|gptq|awq|exl2|mlx|onnx)\b",
        0.5,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.72), _CONFIG),
    ),
    _ABSENT.rule(
        "nothing-to-load-from",
        r"exactly one (?:out )?(?:of )?metadata, path_model",
        0.66,
        also=((Category.NETWORK_HTTP_ERROR, 0.4), _CONFIG),
    ),
    _ABSENT.rule(
        "not-there-yet",
        r"model (?:is |was |has |had )?(?:not|hasn't|isn't|wasn't|n't) (?:yet )?(?:been )?(?:yet )?(?:downloaded|installed|available locally|on (?:the )?disk)|(?:invalid|wrong|bad|incorrect) (?:file ?path|path (?:to|of|for) (?:the )?(?:model|weights?|file|checkpoint))|(?:unable|failed|could not|couldn't|cannot) (?:to )?(?:load|open|find) (?:the )?assets?\b|\basset(?: file)?:? (?:[^\s]{1,80} )?(?:was |is )?(?:not found|does not exist|missing)|(?:could not|couldn't|unable to|cannot|can't|failed to) (?:find|locate) (?:the |any |a )?(?:(?!tensor|param)\w{1,20} )?(?:weights?|checkpoints?|shards?|safetensors|gguf)\b",
        0.76,
        also=(_CONFIG, _CORRUPT),
        unless=r"no module named|tokenizer\.(?:json|model)",
    ),
    _BROKEN.rule(
        "wire-or-archive",
        r"invalid wire[- ]?type|wire-format|protocol message[^\n]{0,60}(?:invalid|truncated|could not be parsed)|error parsing message|failed to parse (?:the )?(?:protobuf|flatbuffer|onnx model|gguf|safetensors|header|metadata)|not in gzip format|(?:invalid|not an?) (?:gzip|tar|zip|zstd|7z) (?:header|archive|file|format)|zip: not a valid|unexpected end of (?:central )?(?:archive|zip|central directory|compressed)|unexpected eof (?:in|while (?:reading|parsing|decoding|loading)) (?!errno)(?!$)(?:the )?(?:archive|gguf|file|model|header|tensor|shard|json|safetensors|weights?)|(?:crc|decompression|inflate) (?:error|failed|failure)",
        0.86,
        also=(_SKEWED, (Category.NETWORK_UNREACHABLE, 0.2)),
        unless=r"tool call|openssl|ssl_read|no space left|allowed memory",
    ),
    # A cache that was left half full; people say it by what they did about it.
    _BROKEN.rule(
        "half-of-it",
        r"(?:partial(?:ly)?|half|incomplete|broken|damaged)[ -](?:downloaded )?(?:shard|download|file|cache|model|weights|gguf)s?\b|cache (?:is |was |got |has been |entry (?:is |was )?)?(?:corrupt(?:ed)?|broken|incomplete|damaged)|failed to read large indexeddb value|(?:clear|delet|remov)(?:ing|ed) (?:the |its |browser |site )*(?:cache|site data|indexeddb|partial files?) (?:and [^\n]{0,40} )?(?:fixe[ds]|helps|helped|solve[ds]|resolve[ds]|works|worked)",
        0.7,
        also=(
            _SKEWED,
            (Category.STORAGE_QUOTA_OR_DISK_FULL, 0.15),
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.12),
        ),
        unless=r"no space left|quota|offload",
    ),
    # The text says itself that there is no error to read.
    _NAMELESS.rule(
        "said-without-an-error",
        r"(?:without|no|not any|lack of) (?:any |an |clear |specific |useful |visible |further |other |meaningful )*error(?:s| messages?| logs?| output)?(?! (?:code|handling|recovery))\b(?: is| was| are| in| at| shown| or|\.|,|$)|error: (?:undefined|null|\[object object\])\s{0,4}(?:$|\n)|an (?:unexpected |unknown |internal )?error (?:has )?occurred\.|there was an error\.",
        0.42,
        also=(
            (Category.PROCESS_HUNG, 0.15),
            (Category.ARTIFACT_INCOMPATIBLE, 0.15),
            (Category.PROCESS_CRASHED, 0.2),
        ),
        wrapper=True,
    ),
    _NAMELESS.rule(
        "nothing-but-a-failure",
        r"^[^\w\n]{0,8}(?:\w{0,20}(?:error|exception): )?(?:failed to load (?:the )?(?:model|llm)|model (?:loading failed|failed to load)|(?:error|failure) (?:while )?loading (?:the )?(?:model|llm)|(?:could not|couldn't|unable to|cannot) load (?:the )?(?:model|llm))[\s.!:]{0,6}(?:failed to load (?:the )?model|error loading model|unknown error|please (?:try again|check)[^\n]{0,60})?[\s.!]{0,6}$",
        0.66,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.45), (Category.ARTIFACT_CORRUPT, 0.3)),
    ),
    # A value that was never set is read from: which one, the words do not tell.
    _AFTERMATH.rule(
        "read-from-nothing",
        r"cannot read propert(?:y|ies) [^\n]{0,40}(?:undefined|null)\b|(?:undefined|null) is not an object \(evaluating|'nonetype' object (?:has no attribute|is not (?:callable|iterable|subscriptable))|nullreferenceexception|object reference not set to an instance|nullpointerexception|nil pointer dereference",
        0.5,
        also=(
            (Category.CONFIG_INVALID, 0.34),
            (Category.ARTIFACT_INCOMPATIBLE, 0.34),
            (Category.PROCESS_CRASHED, 0.12),
        ),
        unless=r"navigator|requestadapter|requestdevice|adapter|\bgpu|device|limits|reading '(?:match|connect|sendmessage|records|normalizer|replace|description|registerbackend)'|tokenizer",
        wrapper=True,
    ),
    _BROKEN.rule(
        "not-as-it-was-written",
        r"flatbuffers? (?:verification|verifier)|(?:verify|check|verification of|check of) (?:the )?integrity\b|basic_filebuf|error reading the file|not in (?:npz|gguf|safetensors|pickle|zip) format|re-?download(?:ing|ed)? (?:the \w{2,12} |it )?(?:again )?(?:and [^\n]{0,40} )?(?:fixe[ds]|help|solve[ds]|work|resolve[ds])|download(?:ing|ed)? (?:it|the \w{2,12}) again (?:fixe[ds]|help|solve[ds]|work|resolve[ds])|(?:file|it|model) is [\d.]{1,8} ?[kmgt]i?b instead of",
        0.8,
        also=(_SKEWED,),
        unless=r"no space left",
    ),
    _ABSENT.rule(
        "model-not-offered",
        r"model(?: ['\"`]?[\w.:/@+-]{1,80}['\"`]?)? (?:is not|isn't|was not|not) (?:available|in the list|listed|among|one of the (?:available|known))|filenotfoundexception",
        0.66,
        also=(_CONFIG, (Category.NETWORK_BLOCKED, 0.15), (Category.ARTIFACT_INCOMPATIBLE, 0.12)),
        unless=r"\bgpu\b|device|region|country|platform|\.dll|assembly|shader",
    ),
    # The words leave no doubt.
    _BROKEN.rule(
        "tensor-beyond-end",
        r"tensor '[^'\n]{1,80}' data is not within|data is not within the file bounds|model is corrupted or incomplete|\bfile is (?:corrupt(?:ed)?|truncated|incomplete|damaged)\b|corrupted model: ",
        0.94,
        unless=r"might|may be|no such file",
    ),
    _ABSENT.rule(
        "name-not-found",
        r"model ['\"`][\w.:/@+-]{1,100}['\"`] (?:was |is )?not found|try pulling it first|failed to open (?:the )?(?:gguf |model )?file[^\n]{0,200}no such file or directory|manifest[^\n]{0,40}file does not exist|modelnotfounderror|cannot find model record|is not a valid model (?:name|id)|model path (?:does not exist|not found)|cannot find (?:any )?model weights|does not appear to have (?:a )?files? named config|specified key does not exist|model file (?:does not exist|was not found|is missing)",
        0.94,
        also=((Category.CONFIG_INVALID, 0.15),),
        unless=r"tokenizer|loaded models|no module named",
    ),
)

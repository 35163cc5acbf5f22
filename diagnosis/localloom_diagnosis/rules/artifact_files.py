"""Rules for model files that are not there, cut short or of another kind, as apps and libraries put it."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .reasons import ABSENT_FILE as _ABSENT
from .reasons import BROKEN_FILE as _BROKEN
from .reasons import MISTAKEN_FILE as _MISTAKEN
from .rule import Group

_ANSWERED = Group(
    Category.NETWORK_HTTP_ERROR,
    en="the hub answers that there is no such file",
    es="el servidor responde que no existe ese archivo",
)
_OLDER = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the file is of a kind that this program does not read",
    es="el archivo es de un tipo que este programa no lee",
)

_CONFIG = (Category.CONFIG_INVALID, 0.3)
_SKEWED = (Category.ARTIFACT_INCOMPATIBLE, 0.3)

RULES = (
    # The hub's words for a file that is not in the repository: while it is fetched that is an answer of the network.
    _ANSWERED.rule(
        "entry-not-in-repository",
        r"\bentry not found\b",
        0.8,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.5), (Category.ARTIFACT_CORRUPT, 0.15)),
        phases=(Phase.WEIGHTS,),
    ),
    _ABSENT.rule(
        "entry-not-found",
        r"entrynotfounderror|\bentry not found\b|remoteentrynotfound",
        0.74,
        also=((Category.NETWORK_HTTP_ERROR, 0.4), _CONFIG),
        unless=r"localentrynotfound",
    ),
    # A folder that is not there is taken for the name of a repository.
    _ABSENT.rule(
        "folder-taken-for-repository",
        r"repo id must be in[^\n]{0,60}: '(?:/|\./|\.\./|~|[a-z]:[\\/])|incorrect path_or_model_id: '(?:/|\./|\.\./|~|[a-z]:[\\/])",
        0.94,
        also=((Category.CONFIG_INVALID, 0.5),),
    ),
    _ABSENT.rule(
        "weights-not-in-folder",
        r"no files? named [\w.-]{1,60}(?:, [\w.-]{1,60}){0,6}(?: or [\w.-]{1,60})? (?:found )?in (?:the )?(?:director|folder|path)|(?:model )?weights? (?:is|are )?missing\b|no files? named\.{3}|no config file found - are you sure|checkpoint (?:was |is )?not found|no (?:valid )?checkpoints? (?:was |were )?(?:found|in)|(?:found|there are|contains?) no (?:model |weight |safetensors |gguf |onnx |checkpoint )files?\b",
        0.8,
        also=(_CONFIG, (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        unless=r"[-_.](?:gguf|ggml|gptq|awq|exl2|mlx|onnx)\b|keys? (?:is|are) missing|missing keys?|\.llama[\\/]checkpoints|[\\/]original\b",
    ),
    _ABSENT.rule(
        "not-opened-by-runtime",
        r"open\(\) failed: [^\n]{1,200}\.(?:task|litertlm|tflite|bin|gguf|pte|onnx)\b|model file [^\n]{1,160} can(?:not|'t) be opened|cannot be opened!?[^\n]{0,40}\.(?:xml|bin|onnx)|(?:failed|unable|could not|cannot) (?:to )?open (?:the )?(?:model |file )?(?:at )?['\"]?/[^\n]{1,160}\.(?:task|litertlm|tflite|pte|mnn|param|rknn|mlmodelc?|mlpackage)\b",
        0.88,
        also=(_CONFIG, (Category.STORAGE_PERMISSION, 0.2)),
        unless=r"permission denied|eacces",
    ),
    # ExecuTorch's own numbers of errors: 0x20 not found, 0x22 not to be accessed.
    _ABSENT.rule(
        "number-of-error",
        r"load failed: (?:32|34)\b|(?:load(?:ing)?|forward|method|module|program)[^\n]{0,40}(?:error|failed|status|code)[^\n]{0,12} 0x2[02]\b",
        0.84,
        also=((Category.STORAGE_PERMISSION, 0.25), _CONFIG),
    ),
    _ABSENT.rule(
        "gone-from-the-list",
        r"(?:model|file|checkpoint|weights?) is no longer (?:available|installed|there|present|on)|model (?:was |has been |may have been )?(?:moved|deleted|removed|renamed) (?:or |from|since)|(?:may|might) have been (?:moved|deleted|renamed)|(?:specified|requested) tag is not available|tag ['\"`\w.:-]{0,40} ?(?:was |is )?not (?:found|available)|failed to (?:get|fetch) (?:the )?manifest|manifest[^\n]{0,30}\b404\b|(?:couldn't|could not|cannot|can't) resolve (?:the )?model\b|model id[^\n]{0,40} (?:not|does not) (?:match|exist|found|known|recogni[sz]ed)|http 404[^\n]{0,60}/api/(?:generate|chat|embed|show)|/api/(?:generate|chat|show|embed\w*)[^\n]{0,40}\b404\b",
        0.8,
        also=(_CONFIG, (Category.NETWORK_HTTP_ERROR, 0.45)),
        unless=r"no space left|permission|file was not found|unauthorized|401|403",
    ),
    _ABSENT.rule(
        "not-in-disk-cache",
        r"disk cache and outgoing traffic has been disabled|not (?:cached|available) locally and (?:the )?(?:offline|network)|not in (?:the )?(?:local )?cache (?:and|while) [^\n]{0,30}offline",
        0.84,
        also=((Category.NETWORK_UNREACHABLE, 0.6), _CONFIG),
    ),
    # Which of the two it was git does not say.
    _ABSENT.rule(
        "clone-without-reason",
        r"git clone failed with return code 128(?! ?\.? ?\w{0,12}: ?fatal)",
        0.6,
        also=((Category.NETWORK_BLOCKED, 0.5), (Category.NETWORK_UNREACHABLE, 0.42)),
        unless=r"huggingface\.co/(?:meta-llama|google|mistralai)/|fatal: ",
    ),
    _BROKEN.rule(
        "nothing-but-zeros",
        r"combination: 0{8}, 0{8}|magic[^\n]{0,24}(?:0x)?0{8}\b|invalid magic characters:? '?(?:\\x00|\\0|\x00){1,4}|magic[^\n]{0,20}\\x00\\x00",
        0.975,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3),),
    ),
    # Mac and iOS words of a file that its reader does not understand.
    _BROKEN.rule(
        "not-in-the-correct-format",
        r"couldn't be (?:read|opened) because it isn't in the correct format|code=(?:3840|259)\b|has been corrupted|error while reading the (?:model|file|archive)",
        0.72,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.3)),
        unless=r"metal|mtl",
    ),
    _BROKEN.rule(
        "model-without-contents",
        r"no graph was found in the protobuf|(?:invalid|malformed|corrupt(?:ed)?|broken|unreadable) [\w.]{0,12} ?flat ?buffer|model provided has model identifier|end-of-central-directory|z_(?:buf|data)_error|file signature not found|truncated file: eof|stored_eof|\.(?:safetensors|gguf|bin|onnx|pth?|tflite)['\"]? (?:is|was) (?:empty|0 bytes|zero bytes|only \d+ ?(?:bytes?|b|kb)\b)|got 0 bytes|read 0 of \d+ bytes|blobs?[/\\]sha256-\w{2,64}['\"]?: (?:unexpected )?eof|size mismatch for params_shard|(?:downloaded )?file(?:'s)? (?:is |was )?(?:only )?\d{1,4} (?:bytes|b)\b|looks like an? (?:git )?lfs",
        0.86,
        also=(_SKEWED,),
        unless=r"tls|ssl",
    ),
    _BROKEN.rule(
        "pointers-left",
        r"(?:weights?|files?|models?|shards?)\b[^\n]{0,30}(?:remain|are (?:only|just|still)|stay|left as)\w{0,3} [^\n]{0,12}(?:links|pointers?|stubs)\b|git[- ]lfs[^\n]{0,60}(?:not download|did not|didn't|do not download|stub|links?\b)|(?:is|are|was|were|only|just) 13\d bytes\b",
        0.8,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.45), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.15)),
        unless=r"lfs(?:: |' )?(?:command )?not found|is not a git command",
    ),
    # The four letters of an older format, read from either end.
    _OLDER.rule(
        "letters-of-older-format",
        r"magic[^\n]{0,30}\b(?:tjgg|lmgg|algg|fmgg)",
        0.95,
        also=((Category.ARTIFACT_CORRUPT, 0.2),),
    ),
    # Bundles for phones are archives; what is made for the web, or for an older runtime, is none.
    _OLDER.rule(
        "bundle-that-is-no-archive",
        r"unable to open zip archive",
        0.74,
        also=((Category.ARTIFACT_CORRUPT, 0.66),),
        needs=r"mediapipe|litert|initialize engine|\.task\b|\.litertlm\b",
    ),
    # Apps that bring their own runtime know the models of their day.
    _OLDER.rule(
        "vocabulary-newer-than-app",
        r"unknown pre-tokenizer type",
        0.92,
        also=((Category.ARTIFACT_TOKENIZER, 0.4),),
        needs=r"llama\.cpp error:|llamafile|lm ?studio|\"cause\"|errordata|jan\.ai|cortex|gpt4all|koboldcpp|app version",
    ),
    # What a service sends has other fields than the program that asks for it knows.
    _OLDER.rule(
        "answer-of-another-shape",
        r"\"code\": ?\"invalid_type\"|\bzoderror\b|invalid_union|unrecognized_keys",
        0.66,
        also=((Category.CONFIG_INVALID, 0.5), (Category.ARTIFACT_CORRUPT, 0.3)),
    ),
    # A file of text where numbers in a binary form are read.
    _MISTAKEN.rule(
        "text-in-place-of-pickle",
        r"invalid load key, '[v<]'|pickled data when allow_pickle|failed to interpret file [^\n]{0,160} as a pickle",
        0.94,
        also=(_SKEWED, (Category.CONFIG_INVALID, 0.2)),
    ),
    _BROKEN.rule(
        "protobuf-not-parsed",
        r"protobuf parsing failed|failed to load model because protobuf|failed to parse (?:the )?model ?proto",
        0.87,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.NETWORK_HTTP_ERROR, 0.12)),
    ),
    # An end where there should be more: of a file while it is read, of a connection while it is fetched.
    _BROKEN.rule(
        "end-too-early",
        r"unexpected eof\b|\beoferror\b|\btruncated\b",
        0.56,
        also=((Category.NETWORK_UNREACHABLE, 0.35), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
        phases=(Phase.LOAD, Phase.METADATA),
        unless=r"tls|ssl|http|connection|\(truncated\)|prompt|context|runner|\bpost\b",
    ),
    # The first loaders of ggml said so too of files of another kind.
    _BROKEN.rule(
        "end-of-ggml-file",
        r"unexpectedly reached end of file",
        0.74,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.56),),
    ),
    _BROKEN.rule(
        "numbers-not-whole",
        r"(?:byte length|start offset) of \w{1,20} should be a multiple|buffer size must be a multiple of element size|tensor data is not within file bounds",
        0.86,
        also=(_SKEWED, (Category.NETWORK_HTTP_ERROR, 0.2)),
    ),
    # GPT4All's words for every file that its engine does not load: most are of an older or newer format.
    _OLDER.rule(
        "format-said-invalid",
        r"could ?not load (?:model|module) due to invalid (?:format|model file)|load model due to invalid format",
        0.82,
        also=((Category.ARTIFACT_CORRUPT, 0.46), (Category.UNKNOWN, 0.4)),
    ),
    _OLDER.rule(
        "file-said-invalid",
        r"invalid model file\b(?! \()",
        0.56,
        also=((Category.ARTIFACT_CORRUPT, 0.5),),
    ),
    _ABSENT.rule(
        "folder-not-found",
        r"(?:model|weights?|snapshot|checkpoint|data) director(?:y|ies) (?:was |is |are )?(?:not found|missing)|no models? with (?:name|id|tag)|resource '[^'\n]{1,120}' not found|resourcenotfound",
        0.68,
        also=((Category.CONFIG_INVALID, 0.5),),
    ),
    # A variable that was never set stands in the name: the hub answers as to a stranger, for it knows no such name.
    _ABSENT.rule(
        "name-with-a-hole",
        r"(?:huggingface\.co|hf\.co|hf-mirror\.com|modelscope\.cn)/(?:[\w.-]{1,60}/)?(?:[\w.-]{0,40}[-_.])?(?:undefined|none|null|nan)(?:[-_.][\w.-]{0,20})?/(?:resolve|raw|tree|api)/",
        0.97,
        also=((Category.CONFIG_INVALID, 0.55), (Category.NETWORK_BLOCKED, 0.35)),
    ),
    # What its maker does not know how to convert is looked at as a file of the one kind that it knows.
    _OLDER.rule(
        "file-of-no-known-kind",
        r"invalid file magic",
        0.84,
        also=((Category.ARTIFACT_CORRUPT, 0.5), (Category.CONFIG_INVALID, 0.3)),
    ),
    _ABSENT.rule(
        "not-found-by-app",
        r"modelnotfoundexception|(?:couldn't|could not|can't|cannot|unable to|failed to) find ['\"`][^'\"`\n]{1,160}\.(?:bin|gguf|ggml|onnx|safetensors|pth?|task|tflite|mlmodelc?)['\"`]|does not seem to refer to a valid [\w-]{2,20} model|(?:blobs|manifests)[/\\][^\n]{1,160}: (?:no such file|the system cannot find)|failed to load model from url [^\n]{1,120}\b404\b|getfilelength for [^\n]{1,160}(?:errcode|errno) ?= ?2\b|open file [^\n]{1,120} fail, errcode = 2\b",
        0.88,
        also=(_CONFIG, (Category.NETWORK_HTTP_ERROR, 0.15)),
        unless=r"\btokenizer\.(?:json|model)\b",
    ),
    _BROKEN.rule(
        "packed-data-damaged",
        r"unknown format or damaged|compressed data is corrupt|archive is (?:damaged|corrupt\w{0,3}|broken|incomplete)|cannot mmap an empty file|not an sstable|data ?loss(?:error)?: |has wrong offset|exceeds remaining file|(?:model|package|bundle)[^\n]{0,60} is malformed|failed to read manifest|\bfile is (?:0|zero) ?(?:bytes?|kb|b)\b|tensor data length mismatch|buffer is smaller than requested size|(?:smaller|shorter) than (?:the )?(?:header|index|manifest)",
        0.84,
        also=(_SKEWED,),
        unless=r"gpu|vram|out of memory|webgpu|vk_|cuda|request|different restore operator",
    ),
    _ABSENT.rule(
        "not-in-list-or-folder",
        r"not in (?:the )?model list\b|model[^\n]{0,60}not in (?:the )?list\b|could not locate [\w.-]{1,80}\.(?:safetensors|bin|gguf|json|onnx) inside|loading a checkpoint for mp=0|the request model: \S{1,100} is not exist|model \S{1,80} not exists\b|no local models? (?:were |was )?(?:found|available|installed)|(?:model ?)?path (?:was|is) (?:null|none|nil|undefined)\b",
        0.78,
        also=(_CONFIG, (Category.NETWORK_HTTP_ERROR, 0.15)),
    ),
    # In people's words: what was wrong shows in what helped.
    _BROKEN.rule(
        "said-to-be-damaged",
        r"re-?download(?:ed|ing) [^\n]{0,40}(?:now|and) (?:it |everything |all )*(?:works?|loads?|runs?|fixed)|(?:md5|sha-?256|checksum|hash)(?:sum)? (?:differs|is different|does not match|doesn't match|did not match|failed)|are (?:only |just )?\d ?kb each|cut off at \d|corrupt(?:ed)? entry|\.(?:onnx|gguf|bin|safetensors|task|tflite)['\"`]? (?:is |was |seems |looks )?(?:truncated|corrupt\w{0,3}|incomplete|damaged|broken)|only (?:half|part) of the (?:file|model|weights|download)|download (?:was|got) (?:interrupted|cut|aborted|cancell?ed)",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.25), (Category.NETWORK_UNREACHABLE, 0.15)),
        unless=r"no space left|quota|tls|ssl",
    ),
    _ANSWERED.rule(
        "address-in-hub-404",
        r"/resolve/\S{1,200}[^\n]{0,12}\b404\b|invalid http status code received: 404",
        0.74,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.55),),
        unless=r"not a local folder|repository ?not ?found|no such repo",
    ),
    # In people's words.
    _ABSENT.rule(
        "said-not-to-be-there",
        r"(?:can't|cannot|can not|could not|couldn't|doesn't|does not|won't) (?:find|see|locate) (?:my|our|any of my|the downloaded) (?:models?|files?|weights|gguf)|(?:model|weights|gguf|checkpoint)s? (?:is|are) missing\b|(?:folder|directory|repo|path)[^\n]{0,30} (?:does not|doesn't|do not) (?:contain|have|include) (?:any |the |a )?(?:\w{1,16} )?(?:weights?|models?|gguf|checkpoints?|safetensors|onnx files?)\b|ollama list[`'\"]? (?:shows?|is|returns?|prints?|gives?) (?:nothing|empty|no models|an empty)|expected a model at",
        0.74,
        also=(_CONFIG, (Category.ARTIFACT_CORRUPT, 0.15)),
        unless=r"tensor|missing keys?|state_dict|tokenizer",
    ),
    _BROKEN.rule(
        "mended-by-a-new-copy",
        r"(?:delet|clear|remov)(?:e|ing|ed) (?:the |its |my |browser |site )*(?:cache|site data|indexeddb)\b[^\n]{0,60}(?:download\w{0,3} (?:it |the model )?again|re-?download|it (?:loads|works))|until i (?:clear|delete|remove)[^\n]{0,24}cache|smaller than (?:on the (?:web ?site|hub|page)|the original|it should)|verifying (?:the )?(?:sha-?256 )?(?:digest|checksum|hash)[^\n]{0,20}fail|(?:digest|checksum) (?:verification|check|validation)[^\n]{0,8} fail",
        0.76,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.STORAGE_QUOTA_OR_DISK_FULL, 0.12)),
        unless=r"no space left|quota",
    ),
    _ABSENT.rule(
        "not-found-in-other-languages",
        r"modell (?:wurde )?nicht gefunden|modelldatei[^\n]{0,20}nicht|modèle introuvable|modèle (?:n'a pas été )?(?:non )?trouvé|(?:no se encontró|no se encuentra|no existe) el modelo|modelo (?:não encontrado|no encontrado)|модель не найден|找不到模型|模型文件?不存在|未找到模型|没有找到模型|モデルが見つかり|모델을 찾을 수",
        0.84,
        also=(_CONFIG,),
    ),
    _BROKEN.rule(
        "damaged-in-other-languages",
        r"文件已?损坏|模型文件?已?损坏|datei (?:ist )?beschädigt|fichier (?:est )?(?:corrompu|endommagé)|archivo (?:está )?(?:dañado|corrupto)|arquivo (?:está )?corrompido|файл поврежд|ファイルが壊れ|파일이 손상",
        0.86,
    ),
    _BROKEN.rule(
        "weights-that-engines-refuse",
        r"incorrect weights in bin file|empty weights data|param magic|unable to deserialize (?:the )?(?:weights|model|blob)|invalid (?:rknn|mnn|ncnn|tflite|coreml|pte|litertlm) (?:model|file|program)",
        0.72,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.46), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.2)),
    ),
    _ABSENT.rule(
        "record-of-parts-not-there",
        r"cannot find (?:the )?(?:tensor-cache|ndarray-cache|mlc-chat-config)\.json|(?:model )?assets? (?:are |is |were )?(?:absent|missing|not bundled)|(?:model )?manifest (?:is )?missing|missing (?:model )?manifest",
        0.76,
        also=((Category.ARTIFACT_CORRUPT, 0.25), _CONFIG),
    ),
    # The server has no other cause for such an answer to a question put to a model.
    _ABSENT.rule(
        "asked-of-a-model-not-pulled",
        r"does not indicate success: 404|\b404 \(not found\)|status code:? 404\b",
        0.86,
        also=((Category.NETWORK_HTTP_ERROR, 0.5), _CONFIG),
        phases=(Phase.GENERATE,),
        runtimes=("ollama",),
    ),
    # A file that is not there is taken for the name of a repository, which the hub does not know.
    _ABSENT.rule(
        "file-taken-for-repository",
        r"(?:huggingface\.co|hf\.co|hf-mirror\.com)/(?:api/models/)?[\w./-]{0,160}\.(?:gguf|ggml|bin|safetensors|pth?|onnx|task)/(?:resolve|revision|raw|tree|api)/|(?:huggingface\.co|hf\.co|hf-mirror\.com)/(?:api/models/)?(?:\.{0,2}/|(?:models?|home|root|mnt|data|users|content|workspace|checkpoints?|weights)/)[\w./-]{1,160}/(?:resolve|revision)/main",
        0.97,
        also=((Category.CONFIG_INVALID, 0.4), (Category.NETWORK_BLOCKED, 0.4)),
    ),
    # The hub answers as to a stranger where there is no repository, only its owner, in the address.
    _ABSENT.rule(
        "owner-without-repository",
        r"(?:huggingface\.co|hf\.co)/[\w.-]{1,60}/(?:resolve|raw)/[^\n]{1,200}\b401\b|\b401\b[^\n]{0,120}(?:huggingface\.co|hf\.co)/[\w.-]{1,60}/(?:resolve|raw)/",
        0.95,
        also=((Category.CONFIG_INVALID, 0.4), (Category.NETWORK_BLOCKED, 0.5)),
        unless=r"invalid (?:user )?token|invalid credentials|expired",
    ),
    _MISTAKEN.rule(
        "other-size-than-told",
        r"with size \d+ but (?:got|received) \d+|expected (?:a )?(?:file )?(?:size|length)(?: of)?:? \d+[^\n]{0,20}(?:got|received|actual|found|but)[^\n]{0,12}\d+|file_size >= length|length and offset too large|\bfile size (?:is )?too small",
        0.88,
        also=(_SKEWED, (Category.NETWORK_HTTP_ERROR, 0.35), (Category.NETWORK_BLOCKED, 0.15)),
        unless=r"tensor|shape|buffer size|embedding|out of memory",
    ),
    _BROKEN.rule(
        "shorter-than-its-record",
        r"unexpected eof reading|reading (?:gguf|ggml|model|tensor)\w{0,6}: (?:unexpected )?eof\b|mmap length is greater than file|\.(?:safetensors|gguf|bin|onnx|pth?|tflite|task|wasm)['\"`]?:? (?:file )?(?:is |was )?too (?:short|small)|size mismatch,? expected \d{4,}[^\n]{0,12} (?:but )?got \d+",
        0.88,
        also=(_SKEWED, (Category.NETWORK_UNREACHABLE, 0.2)),
        unless=r"tensor shape|embedding|\bdim\b",
    ),
    _ABSENT.rule(
        "manifest-not-known",
        r"\bmanifest_unknown\b|\bname_unknown\b",
        0.88,
        also=((Category.NETWORK_HTTP_ERROR, 0.35), (Category.NETWORK_BLOCKED, 0.3), _CONFIG),
    ),
    # What Git fetched without its extension for large files are pointers, on which the reader stumbles later.
    _MISTAKEN.rule(
        "pointers-for-want-of-lfs",
        r"'lfs' is not a git command[\s\S]{0,800}(?:invalid load key|header ?too ?large|unpicklingerror|invalid magic|bad magic)",
        0.97,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.5),),
    ),
    # Plain weights are looked for where there are such of another form; which of the two it was the words do not tell.
    _ABSENT.rule(
        "plain-weights-of-quantised-model",
        r"no file named [\w.-]{1,60}(?:, [\w.-]{1,60}){0,6} in (?:the )?(?:director|folder|path)",
        0.66,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.5), (Category.CONFIG_INVALID, 0.45)),
        needs=r"[-_.](?:gguf|ggml|gptq|awq|exl2|mlx|onnx)\b",
    ),
)

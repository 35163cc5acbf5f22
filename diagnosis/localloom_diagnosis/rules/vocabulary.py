"""Single words that point somewhere: weak evidence, for texts in which no phrase is known."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .rule import Group, TextRule

_MODEL = r"\b(?:gemma|qwen|deepseek|phi|mixtral|ministral|devstral|minicpm|glm|llama|granite|kimi|exaone|olmo|smollm|falcon|bitnet|llava|nemotron)[-_ ]?v?\d"
_FAILS = r"(?:\bfail|\berror|\bcrash|\bcan'?t\b|\bcannot\b|\bunable\b|n't (?:work|load|start|run)|\bnot (?:work|load|start)\b)"


def _hint(category: Category, to: tuple[str, str], name: str, words: str, weight: float) -> TextRule:
    group = Group(category, en=f"its words point to {to[0]}", es=f"sus palabras apuntan a {to[1]}")
    return group.rule(f"words-{name}", words, weight, wrapper=True)


RULES = (
    _hint(
        Category.GPU_UNSUPPORTED,
        ("a GPU that is not there", "una GPU que no está"),
        "gpu-absent",
        r"\badapter|\bwebgpu|no (?:gpu|device)|(?:gpu|device) (?:not|unavailable)|\bnvidia-smi|\bgpu\b[^\n]{0,40}\bnot\b",
        0.28,
    ),
    _hint(
        Category.GPU_DRIVER,
        ("the GPU's driver", "el controlador de la GPU"),
        "driver",
        r"\bdrivers?\b|\bcuinit|\bnvml|\bicd\b|\bmesa\b|\bradv\b|\bamdgpu\b",
        0.3,
    ),
    _hint(
        Category.GPU_FEATURE_MISSING,
        ("a limit or feature of the GPU", "un límite o función de la GPU"),
        "feature",
        r"\blimits?\b|\bfeatures?\b[^\n]{0,40}(?:not|miss|unsupp|requir)|\bfp16\b|\bf16\b|\bbf16\b|\bbfloat16\b|workgroup|subgroup|\bcapabilit",
        0.28,
    ),
    _hint(
        Category.GPU_OUT_OF_MEMORY,
        ("the GPU's memory", "la memoria de la GPU"),
        "gpu-memory",
        r"\bvram\b|gpu memory|device memory|kv[_ ]?cache|\bbuffer\b[^\n]{0,60}(?:size|alloc|large)|offload",
        0.3,
    ),
    _hint(
        Category.HOST_OUT_OF_MEMORY,
        ("memory", "la memoria"),
        "memory",
        r"\bmemory\b|\bram\b|\bmmap|\bswap\b|\balloc(?:at|\b)",
        0.26,
    ),
    _hint(
        Category.GPU_DEVICE_LOST,
        ("a GPU that was lost", "una GPU perdida"),
        "lost",
        r"\blost\b|\bdestroyed\b|\breset\b[^\n]{0,30}(?:gpu|device)|(?:gpu|device)[^\n]{0,30}\breset\b|problems? on gpu",
        0.28,
    ),
    _hint(
        Category.COMPILE_FAILED,
        ("a compilation", "una compilación"),
        "compile",
        r"\bcompil\w*|\bkernel\b|\bshader|\bcodegen|\bllvm\b|\bnvcc\b|\bcmake\b|\blinker\b|\bbuild\b|\bpipeline\b|\bschedule|\btir\b|\bwgsl\b|\bspir",
        0.28,
    ),
    _hint(
        Category.HOST_MISSING_DEPENDENCY,
        ("something that is not installed", "algo que no está instalado"),
        "dependency",
        r"\binstall|\bpackages?\b|\bdependenc|\bimport\b|\blibrar(?:y|ies)\b|\.so\b|\.dll\b|\.dylib\b|\bpip\b|\bconda\b|\bnpm\b|\bpath\b[^\n]{0,30}not",
        0.28,
    ),
    _hint(
        Category.ARTIFACT_INCOMPATIBLE,
        ("versions that do not fit", "versiones que no encajan"),
        "version",
        r"\bmismatch|\bexpect(?:s|ed)\b|\bincompatib|\bdeprecat|\bunsupported\b|\bunknown\b|\bunrecogni[sz]ed|\blegacy\b|\bquanti[sz]|\bregress|\bmmproj|\bprojector",
        0.3,
    ),
    _hint(
        Category.ARTIFACT_INCOMPATIBLE,
        ("versions that do not fit", "versiones que no encajan"),
        "format",
        r"\bversions?\b|not supported|\bformat\b|\bmultimodal|\bconver(?:t|sion)",
        0.2,
    ),
    _hint(
        Category.ARTIFACT_INCOMPATIBLE,
        ("a model that this version may not know", "un modelo que esta versión quizá no conozca"),
        "model",
        rf"{_MODEL}[^\n]{{0,100}}{_FAILS}|{_FAILS}[^\n]{{0,100}}{_MODEL}",
        0.26,
    ),
    _hint(
        Category.ARTIFACT_CORRUPT,
        ("a damaged file", "un archivo dañado"),
        "damaged",
        r"\bcorrupt|\btruncat|\bincomplete\b|\bdamaged\b|\bdecod(?:e|ing)\b|\bparse?(?:r|d|\b)|\bdeserial|\bheader\b|\bchecksum|\bhash\b|\bunexpected\b",
        0.26,
    ),
    _hint(
        Category.ARTIFACT_MODEL_NOT_FOUND,
        ("a model or file that is not there", "un modelo o archivo que no está"),
        "absent",
        r"(?:model|file|weight|repo|path|tag|manifest|shard|folder|director|checkpoint)\w{0,6}\b[^\n]{0,60}(?:not found|(?:does not|doesn't) exist|\bmissing\b)|(?:(?:cannot|can't|could not|couldn't) find|\bno such\b|\bmissing\b|failed to (?:open|find|locate))[^\n]{0,40}\b(?:model|file|weight|repo|path|tag|manifest|shard|folder|director|checkpoint)",
        0.32,
    ),
    _hint(
        Category.ARTIFACT_TOKENIZER,
        ("the tokenizer", "el tokenizador"),
        "tokenizer",
        r"\btokeni[sz]|\bvocab|\bsentencepiece|\bbpe\b|\btiktoken|chat.template|special tokens?",
        0.36,
    ),
    _hint(
        Category.NETWORK_UNREACHABLE,
        ("the network", "la red"),
        "network",
        r"\bnetwork\b|\bconnect(?:ion|ing|ed)?\b|\bsocket\b|\bhost\b|\bdownload|\bfetch|\bcurl\b|\bhttps?\b",
        0.24,
    ),
    _hint(
        Category.NETWORK_BLOCKED,
        ("access that was refused", "un acceso rechazado"),
        "access",
        r"\bauth\w*|\btoken\b[^\n]{0,30}(?:invalid|required|access)|\bcors\b|\bproxy\b|\bforbidden\b|\blicen[sc]e\b|\bcertificate|\bpolicy\b|\bcredential",
        0.3,
    ),
    _hint(
        Category.STORAGE_PERMISSION,
        ("access to a file", "el acceso a un archivo"),
        "permission",
        r"\bpermission|\bdenied\b|\bread-only\b|\blocked\b|\bprivilege|\bowner",
        0.32,
    ),
    _hint(
        Category.WORKER_CRASHED,
        ("a worker", "un worker"),
        "worker",
        r"\bworkers?\b|\bservice ?worker|\bport\b[^\n]{0,30}clos|\bchannel\b|\bpostmessage|\bengine(?:core)?\b[^\n]{0,40}(?:dead|fail|stop)|\bnccl\b|\bray\b|\bextension\b",
        0.28,
    ),
    _hint(
        Category.PROCESS_CRASHED,
        ("a crash", "un cierre inesperado"),
        "crash",
        r"\bcrash|\babort|\bfatal\b|\bassert|\bpanic|\bterminat|\bexited?\b|\bsignal\b|\bfault\b|\bbacktrace|\bstack trace|\bunreachable",
        0.3,
    ),
    _hint(
        Category.GENERATE_CONTEXT_OVERFLOW,
        ("a prompt that is too long", "una petición demasiado larga"),
        "context",
        r"\bcontext\b(?! failed)(?: length| size| window| limit| is| of| overflow| exceed|$)|\bprompt\b|\bmax_?(?:new_)?(?:tokens|len|length)|\bn_ctx|\bsequence\b|\btokens?\b[^\n]{0,40}(?:limit|max|exceed|long)",
        0.28,
    ),
    _hint(
        Category.CONFIG_INVALID,
        ("a setting", "un ajuste"),
        "setting",
        r"\barguments?\b|\bparameters?\b|\boptions?\b|\bconfig\w*|\bsettings?\b|\binvalid\b|\bmust\b|\bshould\b|\brequired?\b|\bflag\b|\bundefined\b|not a function|\bnull\b|\bnonetype\b",
        0.27,
    ),
)

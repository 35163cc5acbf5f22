"""Rules for what WebLLM's engine refuses or cannot do in a browser: its requests, its caches and the page around it."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_WEB = ("web-llm", "webllm")

_REQUEST = Group(
    Category.CONFIG_INVALID,
    en="WebLLM refuses the request or the configuration as it is",
    es="WebLLM rechaza la petición o la configuración tal como está",
)
_NOT_A_PAGE = Group(
    Category.CONFIG_INVALID,
    en="the library is made for a browser's page and runs where there is none",
    es="la biblioteca está hecha para la página de un navegador y se ejecuta donde no la hay",
)
_NO_RECORD = Group(
    Category.ARTIFACT_MODEL_NOT_FOUND,
    en="the list of models has no such record",
    es="la lista de modelos no tiene ese registro",
)
_WINDOW = Group(
    Category.GENERATE_CONTEXT_OVERFLOW,
    en="the prompt is longer than the model's context window",
    es="el texto es más largo que la ventana de contexto del modelo",
)
_FEATURE = Group(
    Category.GPU_FEATURE_MISSING,
    en="the model needs a feature of WebGPU that this browser or GPU does not offer",
    es="el modelo necesita una función de WebGPU que este navegador o esta GPU no ofrece",
)
_NO_GPU = Group(
    Category.GPU_UNSUPPORTED,
    en="the browser offers no WebGPU",
    es="el navegador no ofrece WebGPU",
)
_SKEW = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the application, WebLLM, the browser and the model's library are of different versions",
    es="la aplicación, WebLLM, el navegador y la biblioteca del modelo son de versiones distintas",
)
_QUOTA = Group(
    Category.STORAGE_QUOTA_OR_DISK_FULL,
    en="what was fetched is not in the browser's store: it had no room for it",
    es="lo descargado no está en el almacén del navegador: no tenía sitio",
)
_NETWORK = Group(
    Category.NETWORK_UNREACHABLE,
    en="the browser did not get a file of the model over the network",
    es="el navegador no obtuvo un archivo del modelo por la red",
)
_HUB = Group(
    Category.NETWORK_HTTP_ERROR,
    en="the host of the models answers with an error",
    es="el servidor de los modelos responde con un error",
)
_MEMORY = Group(
    Category.GPU_OUT_OF_MEMORY,
    en="the device was lost while the model was loaded, which is mostly want of memory",
    es="el dispositivo se perdió al cargar el modelo, casi siempre por falta de memoria",
)
_TOKENIZER = Group(
    Category.ARTIFACT_TOKENIZER,
    en="WebLLM finds no tokenizer files that it can read",
    es="WebLLM no encuentra archivos de tokenizador que pueda leer",
)
_PIPELINE = Group(
    Category.COMPILE_FAILED,
    en="the browser could not make a pipeline of a shader",
    es="el navegador no pudo crear un pipeline a partir de un shader",
)
_CALLS = Group(
    Category.GENERATE_NUMERIC,
    en="what the model wrote is not the call of a tool that was asked for",
    es="lo que escribió el modelo no es la llamada a una herramienta que se pidió",
)
_WORKER = Group(
    Category.WORKER_CRASHED,
    en="the worker that holds the engine is gone or has lost it",
    es="el worker que tiene el motor ya no está o lo ha perdido",
)

RULES = (
    _REQUEST.rule(
        "webllm-request-refused",
        r"model not loaded before calling|please ensure you have called `?mlcengine\.reload|multiple models are loaded in engine|specified model [^\n]{0,80} is not found in loaded models|expects? (?:llmchatpipeline|embeddingpipeline)|(?:last|the last) message should be from (?:either )?`?(?:user|tool)|system prompt should always be the first|when streaming, `?n`? cannot be|(?:exactly one|only one) of context_window_size and sliding_window_size|need to specify either sliding_window_size|attention_sink_size|the following fields in \w{1,60} are not yet supported|is not supported for (?:hermes|tool|function calling)|modeltype\.(?:vlm|llm|embedding)|(?:seed|temperature|top_p|presence_penalty|frequency_penalty|logit_bias|top_logprobs)\b[^\n]{0,30}(?:should|must) be|unsupported(?:fields|imageurl|detail|tooltype|modelid)\w{0,10}error|messageordererror|systemmessageordererror|specifiedmodelnotfounderror|multiplemodelserror|streamingcounterror|configurationnotinitializederror|required configuration property|response_format\b[^\n]{0,40}\b(?:only|not|must|should|invalid|unsupported)\b|system (?:prompt|message) (?:should|must) (?:be )?(?:only |always )?(?:be )?(?:in )?the first",
        0.93,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.15),),
    ),
    _NOT_A_PAGE.rule(
        "webllm-outside-a-page",
        r"reading 'origin'\)[\s\S]{0,400}(?:reloadinternal|node\.js v\d)|globalthis\.location\.origin|(?:location|navigator|window|indexeddb|self|document|serviceworkerglobalscope) is not defined",
        0.9,
        also=((Category.GPU_UNSUPPORTED, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
        runtimes=_WEB,
    ),
    _NOT_A_PAGE.rule(
        "webllm-page-is-not-secure",
        r"only (?:available|exposed|works?|enabled) (?:in|on|over) (?:a )?(?:secure contexts?|https)|not (?:in )?a secure context|requires? (?:https|a secure context)|insecure (?:origin|context)",
        0.93,
        also=((Category.GPU_UNSUPPORTED, 0.6), (Category.STORAGE_PERMISSION, 0.15)),
    ),
    _NO_RECORD.rule(
        "webllm-no-record",
        r"cannot find model (?:record|_?url|info)|no url found for model id|cannot find model_url for|modelnotfounderror",
        0.95,
        also=((Category.CONFIG_INVALID, 0.3),),
    ),
    _NO_RECORD.rule(
        "webllm-no-wasm",
        r"failed to execute 'compile(?:streaming)?' on 'webassembly': http status code is not ok|incorrect response mime type\. expected 'application/wasm'",
        0.8,
        also=(
            (Category.NETWORK_HTTP_ERROR, 0.55),
            (Category.ARTIFACT_CORRUPT, 0.25),
            (Category.CONFIG_INVALID, 0.2),
        ),
        runtimes=_WEB,
    ),
    _WINDOW.rule(
        "webllm-prompt-too-long",
        r"contextwindowsizeexceedederror|prompt tokens exceed context window size|image embeddings? size exceeds? prefill chunk",
        0.97,
    ),
    _FEATURE.rule(
        "webllm-feature",
        r"\bno ['\"]?(?:shader-)?f16\b|\b(?:shader-)?f16['\"]? (?:feature |extension |support )?(?:is )?(?:not (?:supported|available|enabled|offered)|missing|unavailable|unsupported)|requires webgpu extension [\w-]{1,40}|this model requires feature [\w-]{1,40}|shaderf16supporterror|featuresupporterror|extension 'f16' is not allowed|cannot initialize runtime because of requested max\w{1,60} exceeds",
        0.97,
        also=((Category.GPU_UNSUPPORTED, 0.12),),
    ),
    _NO_GPU.rule(
        "webllm-no-webgpu",
        r"webgpunotavailableerror|webgpunotfounderror|cannot find webgpu in the environment|unable to find a compatible gpu|webgpu is not supported in your current environment",
        0.96,
        also=((Category.CONFIG_INVALID, 0.2), (Category.GPU_DRIVER, 0.1)),
    ),
    _SKEW.rule(
        "webllm-names-of-another-version",
        r"requestadapterinfo is not a function|import\w{0,3} error for '?(?:engine|chatmodule|createengine|mlcengine|createmlcengine|webworker\w{1,40})|(?:engine|chatmodule|createengine|createmlcengine|webworkermlcenginehandler)'? (?:is )?not exported (?:from|by) [^\n]{0,40}web-?llm|reading 'description'\)",
        0.93,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.25), (Category.GPU_UNSUPPORTED, 0.15)),
    ),
    _QUOTA.rule(
        "webllm-store-has-no-room",
        r"artifact\w{0,24}cache failed to fetch",
        0.84,
        also=((Category.NETWORK_UNREACHABLE, 0.6), (Category.ARTIFACT_CORRUPT, 0.12)),
    ),
    _QUOTA.rule(
        "webllm-quota-in-words",
        r"domexception[^\n]{0,60}quota|quota[^\n]{0,30}domexception|\bquota\b[^\n]{0,20}exceed|exceed\w{0,3} [^\n]{0,30}\bquota\b|\b(?:incognito|private (?:mode|window|browsing))\b",
        0.82,
        also=((Category.STORAGE_PERMISSION, 0.25), (Category.NETWORK_UNREACHABLE, 0.1)),
        runtimes=_WEB,
        phases=(Phase.WEIGHTS, Phase.LOAD, Phase.METADATA, Phase.RESOLVE),
    ),
    _QUOTA.rule(
        "webllm-cache-not-written",
        r"err_cache_write_failure|err_file_no_space",
        0.88,
        also=((Category.STORAGE_PERMISSION, 0.25), (Category.NETWORK_UNREACHABLE, 0.3)),
    ),
    _NETWORK.rule(
        "webllm-cache-over-network",
        r"cache\.add(?:all)?\(\)$|reading 'records'\)",
        0.7,
        also=(
            (Category.NETWORK_HTTP_ERROR, 0.5),
            (Category.STORAGE_QUOTA_OR_DISK_FULL, 0.3),
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.2),
        ),
        runtimes=_WEB,
        phases=(Phase.WEIGHTS, Phase.RESOLVE, Phase.METADATA, Phase.LOAD),
        unless=r"aborted",
    ),
    _HUB.rule(
        "webllm-hub-is-down",
        r"hugging ?face(?:\.co)?\b[^\n]{0,30}\bis (?:currently |temporarily )?(?:down|unavailable)|\b(?:hub|hugging ?face|mirror)\b[^\n]{0,40}\(50[0-4]\)",
        0.93,
        also=((Category.NETWORK_UNREACHABLE, 0.35), (Category.NETWORK_TIMEOUT, 0.3)),
    ),
    _MEMORY.rule(
        "webllm-device-lost-while-loading",
        r"device (?:was )?lost (?:while loading|during reload)|this issue often occurs due to running out of memory",
        0.95,
        also=((Category.GPU_DEVICE_LOST, 0.6),),
        unless=r"exceeds the max",
    ),
    _TOKENIZER.rule(
        "webllm-tokenizer-files",
        r"cannot handle tokenizer files|unsupportedtokenizerfileserror",
        0.95,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2),),
    ),
    _PIPELINE.rule(
        "webllm-pipeline",
        r"pipeline state (?:creation |object )?fail|failed to (?:create|build|make) (?:a |the )?(?:compute |webgpu |metal |compute_)?pipeline",
        0.86,
        also=(
            (Category.GPU_DRIVER, 0.3),
            (Category.GPU_FEATURE_MISSING, 0.3),
            (Category.GPU_DEVICE_LOST, 0.15),
        ),
        runtimes=_WEB,
        unless=r"instance reference|device (?:is |was )?lost",
    ),
    _CALLS.rule(
        "webllm-tool-calls",
        r"toolcalloutput\w{1,20}error|error encountered when parsing outputmessage for function calling|expect output of function calling to be",
        0.86,
        also=((Category.CONFIG_INVALID, 0.3),),
    ),
    _WORKER.rule(
        "webllm-worker-lost-engine",
        r"workerenginemodelnotloadederror|worker ?engine is not loaded before calling|noserviceworkerapierror|service worker api is not available|unknownmessagekinderror|unknown message kind, msg:",
        0.84,
        also=((Category.CONFIG_INVALID, 0.45), (Category.GPU_UNSUPPORTED, 0.15)),
    ),
)

"""Rules for the network: nothing answers, the server says no, it takes too long."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .reasons import ABSENT_ON_SERVER as _ABSENT
from .reasons import HTTP_STATUS as _STATUS
from .reasons import SLOW as _SLOW
from .reasons import UNREACHABLE as _DOWN
from .rule import Group

_LOCAL = Group(
    Category.ARTIFACT_MODEL_NOT_FOUND,
    en="the file is not on this machine, and looking for it elsewhere is switched off",
    es="el archivo no está en este equipo y buscarlo en otro sitio está desactivado",
)
_EMPTY = Group(
    Category.ARTIFACT_CORRUPT,
    en="what was read ended before anything was in it",
    es="lo que se leyó terminó antes de contener nada",
)
_SWITCH = Group(
    Category.CONFIG_INVALID,
    en="the program was told to stay offline",
    es="se indicó al programa que trabajara sin conexión",
)
_HIDDEN = Group(
    Category.UNKNOWN,
    en="the local server keeps the reason of its failure to its own log",
    es="el servidor local guarda el motivo de su fallo en su propio registro",
)

RULES = (
    _DOWN.rule(
        "dns",
        r"name or service not known|nodename nor servname|getaddrinfo|temporary failure in name resolution|no such host|enotfound|eai_again|could(?: not|n't) resolve (?:host|proxy)|err_name_not_resolved|name resolution|dns (?:error|failure|lookup)|failed to lookup address|no address associated with hostname|nameresolutionerror|server misbehaving|unable to resolve host|unknown host|unknownhostexception|err_name_resolution|host(?:name)? (?:was )?not found|hostname could not be found|could not be resolved|(?:errno|error) 11001",
        0.92,
        also=((Category.NETWORK_BLOCKED, 0.2),),
    ),
    _DOWN.rule(
        "refused",
        r"connection refused|econnrefused|err_connection_refused|errno 111|os error 111|actively refused|winerror 10061|os error 10061|could(?: not|n't) connect to|unable to connect|connect(?:ion)? (?:error|failed)[^\n]{0,40}connect call failed|connect call failed|connectexception",
        0.85,
        also=(
            (Category.CONFIG_INVALID, 0.15),
            (Category.NETWORK_BLOCKED, 0.15),
            (Category.PROCESS_CRASHED, 0.1),
        ),
        unless=r"timed out|timeout|proxy|rpc error|could not connect to (?:a running )?ollama|dial tcp 127\.0\.0\.1:[3-6]\d{4}: connect|probe failed|nccl error",
    ),
    _DOWN.rule(
        "reset",
        r"connection (?:was )?reset|econnreset|err_connection_reset|err_connection_closed|err_empty_response|connection (?:was )?(?:aborted|closed|broken(?! by '\w{0,12}timeout))|remote end closed|max retries exceeded: (?:unexpected )?eof|server disconnected|remotedisconnected|remoteprotocolerror|broken pipe \(os|socket hang ?up|forcibly closed|winerror 1005[34]|connection closed|unexpected eof|end of stream on https?|software caused connection abort|econnaborted|early eof|the remote end hung up|rpc failed|err_http2|http/?2 (?:stream|error|framing)|stream error: stream id \d+|bad file descriptor|(?:\bread|\bwrite) tcp [\d.:]{7,40}->|stream (?:error|was)[^\n]{0,30}(?:reset|cancel|internal_error)|incomplete ?read|incompleteread|response ended prematurely|connection lost|und_err_socket|other side closed|err_socket_not_connected|transfer closed with|peer closed connection|chunkedencodingerror|err_quic_protocol_error|premature close|errpremature",
        0.82,
        also=(
            (Category.ARTIFACT_CORRUPT, 0.12),
            (Category.NETWORK_TIMEOUT, 0.12),
            (Category.NETWORK_BLOCKED, 0.1),
        ),
        unless=r"running the model|gpu connection|instance dropped|extension|during inference|pair\.cc|nccl error|gloo/transport|server finished loading|hello command|operation too slow|less than \d+ bytes",
    ),
    _DOWN.rule(
        "no-route",
        r"network is unreachable|no route to host|enetunreach|ehostunreach|err_internet_disconnected|err_network_changed|err_address_unreachable|network is down|enetdown|errno 101\b|errno 113\b|os error 101\b|you are offline|no internet|internet connection|network (?:connection )?(?:is )?(?:offline|unavailable)|network unreachable|err_network_io_suspended|host is unreachable|(?:could not|cannot|can't|couldn't) be reached|is it running\?|unable to reach|network connection was lost|check your (?:network|connection)",
        0.93,
        unless=r"timed out|timeout|401 client|403 client|proxyerror|ssl|could not connect to (?:a running )?ollama|returned error: [45]\d\d|unique ip address",
        also=((Category.NETWORK_TIMEOUT, 0.1),),
    ),
    _DOWN.rule(
        "offline-mode",
        r"localentrynotfounderror|couldn't connect to '?https?://huggingface|we couldn't connect to|cannot find the requested files in the (?:local|disk) cache|cannot find the requested files in the local|hf_hub_offline|transformers_offline|cannot reach|cannot send a request, as the client has been closed",
        0.72,
        also=(
            (Category.NETWORK_BLOCKED, 0.4),
            (Category.NETWORK_TIMEOUT, 0.12),
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.3),
        ),
        unless=r"offline ?mode ?is ?enabled",
    ),
    _DOWN.rule(
        "fetch-failed",
        r"failed to fetch|fetch failed|networkerror when attempting to fetch|(?<!dll )(?<!only )(?<!model )load failed(?! ?:? ?\d)|err_failed|network ?error|err_network\b|net::err_\w+|error sending request|client error \(connect\)|distant resource does not seem|missing commit header|maxretryerror|max retries exceeded|connectionerror|connecterror|newconnectionerror|clientconnectorerror|apiconnectionerror|connection error|cache\.add\(\) encountered a network error|encountered a network error|error in input stream|error in body stream|error downloading|download (?:failed|error)|failed to download|downloading[^\n]{0,40}failed|could not download|unable to download|failed to perform http request|git clone failed|unable to access 'https?|\bfetch fail\b",
        0.6,
        also=(
            (Category.NETWORK_BLOCKED, 0.36),
            (Category.NETWORK_HTTP_ERROR, 0.2),
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.12),
            (Category.NETWORK_TIMEOUT, 0.12),
        ),
        wrapper=True,
        unless=r"dynamically imported module|err_dlopen_failed|proxyerror|cannot connect to proxy|data from buffer|\b416\b|with size \d+ but got|due to high traffic[^\n]{0,60}(?:\n|\\n){0,4}\((?:the |cuda|hip|expected|an |a |input|index)",
    ),
    _STATUS.rule(
        "wasm-not-fetched",
        r"both async and sync fetching of the wasm failed|failed to asynchronously prepare wasm|wasm streaming compile failed",
        0.46,
        also=(
            (Category.NETWORK_UNREACHABLE, 0.2),
            (Category.CONFIG_INVALID, 0.42),
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.15),
        ),
        unless=r"unsafe-eval|expected magic",
    ),
    # So Firefox says that no answer came; whether the server would allow the origin is not known.
    _DOWN.rule(
        "cors-not-sent",
        r"cors request did not succeed",
        0.9,
        also=((Category.NETWORK_BLOCKED, 0.55), (Category.CONFIG_INVALID, 0.15)),
    ),
    # The browser keeps what it fetches: the fetch failed, or there was no room.
    _DOWN.rule(
        "fetch-into-the-cache",
        r"cache\.add(?:all)?\(\)[^\n]{0,20} encountered a network error|failed to execute 'add(?:all)?' on 'cache'",
        0.88,
        also=((Category.STORAGE_QUOTA_OR_DISK_FULL, 0.45), (Category.NETWORK_BLOCKED, 0.2)),
        unless=r"quota|was aborted|request scheme|request failed|net::err_",
    ),
    _DOWN.rule(
        "no-status",
        r"(?:head|get|request|download\w{0,3}) failed,? (?:with )?status:? -1\b|status(?: code)?(?: received)?:? (?:-1|0)\b",
        0.6,
        also=((Category.NETWORK_BLOCKED, 0.45), (Category.NETWORK_TIMEOUT, 0.2)),
        phases=(Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS),
    ),
    _DOWN.rule(
        "clone-without-an-end",
        r"\[git\] cloning https?://[^\n]{1,300}\s{0,9}$",
        0.55,
        also=(
            (Category.NETWORK_TIMEOUT, 0.35),
            (Category.NETWORK_BLOCKED, 0.3),
            (Category.PROCESS_HUNG, 0.25),
        ),
    ),
    # A TLS connection that was made, or begun, and then cut.
    _DOWN.rule(
        "tls-cut",
        r"ssl_error_syscall|gnutls recv error|tls packet|tls connection was non-properly terminated|ssl_read: |unexpected_eof_while_reading|eof occurred in violation of protocol|(?:tls|ssl)[^\n]{0,60}(?:unexpected end of file|unexpected eof|connection reset|closed before|was closed)",
        0.84,
        also=((Category.NETWORK_BLOCKED, 0.4), (Category.NETWORK_TIMEOUT, 0.12)),
    ),
    _STATUS.rule(
        "rate-limit",
        r"(?<![\w/.-])(?<!line )429(?![\w/.-])|too many requests|rate[- ]?limit(?:ed|s)?|ratelimit|you have exceeded|quota exceeded for|over its data quota|exceeded its lfs budget|bandwidth (?:limit|quota)|maximum queue size reached",
        0.93,
        needs=r"429 errors?|429s\b|(?:hit\w*|got|get|getting|with) (?:an? |http )?429|http|url|request|client error|hub|status|download|server|rate|queue|batch response|over its data quota",
    ),
    _STATUS.rule(
        "status-5xx",
        r"\b50[234] (?:server error|internal|bad gateway|service|gateway|not impl)|\b500 server error|(?:status|http|code|error|response|returned|responded)[^\n\d]{0,24}\b50[234]\b|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|(?<!http )(?<!llm )(?<!internal )server error(?!: error trying)|: 5[0-2]\d:(?: |$)|no healthy upstream|unavailable: 50[0234]\b|\b52[0-9] (?:server error|origin|web)|cloudflare(?!storage)|err_http_response_code_failure|(?:server|hub|service|currently|temporarily|registry|system)(?: is| are)? overloaded",
        0.87,
        also=((Category.NETWORK_TIMEOUT, 0.2), (Category.PROCESS_CRASHED, 0.12)),
        unless=r"\"type\": ?\"server_error|rpc error|llama runner process|unable to load model|llama-server|cuda error|out of memory|model requires more|model failed to load|ollama server logs|runner|\"post /v1/|engine has terminated|background loop has errored|internal_error\"|unavailable_error|loading model\"|status 40[13]\b|grpc service not ready|proxy request sent|message='internal server error'",
    ),
    # What a server of one's own calls an internal error is in its log; elsewhere it is the server's.
    _STATUS.rule(
        "status-500",
        r"internal server error \(ref: |\b500 internal|(?:status|http|code|error|response|returned|responded)[^\n\d]{0,24}\b500\b",
        0.66,
        also=((Category.NETWORK_TIMEOUT, 0.15), (Category.UNKNOWN, 0.3)),
        unless=r"unsupported value|actor died|exited with status|devicelost|device lost|\"type\": ?\"server_error|rpc error|llama runner process|unable to load model|llama-server|cuda error|out of memory|model requires more|model failed to load|ollama server logs|runner|\"post /v1/|engine has terminated|background loop has errored|internal_error\"|unavailable_error|loading model\"|status 40[13]\b|grpc service not ready|localhost|127\.0\.0\.1|:11434|ollama: 500|hosted_vllm|url=/v1|/api/(?:chat|generate|embed)|numcudadevices|cudagetdevice",
    ),
    _STATUS.rule(
        "gateway-waited",
        r"\b504 gateway|gateway time-?out",
        0.7,
        also=((Category.NETWORK_TIMEOUT, 0.42),),
    ),
    _STATUS.rule(
        "internal-error-of-a-download",
        r"internal server error",
        0.78,
        also=((Category.NETWORK_TIMEOUT, 0.1),),
        phases=(Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS),
        unless=r"llama runner process|out of memory|status 40[13]\b|\b40[13] ",
    ),
    _STATUS.rule(
        "status-404",
        r"(?<![\w/.:-])404[^\n]{0,40}(?:not found|client error|page|error)|(?:status|http|code|error|response|returned|responded)[^\n\d]{0,24}\b404\b|(?<![\w/.-])(?<!line )404(?![\w/.-])|(?:file|url|page|resource) not found[^\n]{0,40}https?:|\b410 gone|status=404|\berr(?:or)? ?[=:] ?404",
        0.56,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.5), (Category.ARTIFACT_INCOMPATIBLE, 0.08)),
        needs=r"http|status|fetch|url|not found|download|response|client error|server|load resource",
        unless=r"try pulling it first",
    ),
    _STATUS.rule(
        "cache-add-failed",
        r"failed to execute 'add' on 'cache': (?:request failed|response)|cache\.add\(\)|bad http status|http error|httperror|status code (?:4\d\d|5\d\d)|unexpected status|bad status|http status|\b4(?:00|05|06|09|12|16|22|51)\b (?:client error|bad request|range not)|bad request|range not satisfiable|hfhubhttperror|non-200|http code: [45]\d\d|network response was not ok|(?<!\d )failed with status",
        0.62,
        also=(
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.3),
            (Category.NETWORK_UNREACHABLE, 0.25),
            (Category.NETWORK_BLOCKED, 0.15),
        ),
        unless=r"encountered a network error|was aborted|quota",
        wrapper=True,
    ),
    _SLOW.rule(
        "timed-out",
        r"timed ?out|times out|timing out|time[- ]?out\b|etimedout|err_timed_out|err_connection_timed_out|connecttimeout|readtimeout|sockettimeout\w*|failed to connect to [^\n]{0,80} after \d+ ?m?s|timeouterror|deadline exceeded|deadline_exceeded|und_err_(?:headers|body|connect)_timeout|esockettimedout|winerror 10060|os error 10060|operation (?:was )?too slow|did not properly respond after a period|i/o timeout|headers timeout|awaiting headers|less than \d+ bytes/sec",
        0.85,
        also=((Category.NETWORK_UNREACHABLE, 0.2), (Category.PROCESS_HUNG, 0.15)),
        needs=r"http|connect|read|url|download|fetch|socket|host|request|pull|server|net::|network|dial|hub|curl|resolve",
        unless=r"heartbeat|acquire_read|mq\.dequeue|multiproc_executor|\bhang|deadlock|nccl|watchdog|kernel execution|gpu timeout|launch timed out|collective|worker|runner to start|gateway time|engine|command buffer|rpc|loading model|model load|server startup|host answer|amdgpu|signaled seq|\bring\b|(?:127\.0\.0\.1|localhost|\[::1\]):\d{2,5}/health|sub-?process|front-?end process|test timed",
    ),
    _SLOW.rule(
        "timed-out-in-download",
        r"timed ?out|times out|timing out|time[- ]?out\b|timeouterror|stalled|stuck at \d+ ?%|speed (?:is )?(?:dropped|drops)|(?<![\d.])0(?:\.0{1,2})? ?[kmb]?b?/s\b",
        0.68,
        also=((Category.NETWORK_UNREACHABLE, 0.25), (Category.PROCESS_HUNG, 0.2)),
        phases=(Phase.METADATA, Phase.WEIGHTS, Phase.RESOLVE),
        unless=r"gateway time|\b50[0-4]\b|\b52[0-9]\b",
    ),
    _SLOW.rule(
        "part-stalled",
        r"part \d+ (?:attempt[^\n]{0,80}(?:stall|time-?out|timed out|deadline)|stalled)|stalled; retrying|download stalled|max(?:imum)? retries? exceeded: [^\n]{0,80}(?:timeout|stall|deadline)|tls handshake timeout|client\.timeout exceeded",
        0.92,
        also=((Category.NETWORK_UNREACHABLE, 0.15),),
    ),
    _DOWN.rule(
        "retries-used-up",
        r"request failed after \d+ retries|reqwest|cas service error|data processing error|max(?:imum)? (?:number of )?(?:retries|attempts) (?:exceeded|reached)|(?:failed|giving up) after \d+ (?:attempts|retries|tries)|too many retries|retry limit",
        0.6,
        also=(
            (Category.NETWORK_BLOCKED, 0.3),
            (Category.NETWORK_TIMEOUT, 0.24),
            (Category.NETWORK_HTTP_ERROR, 0.15),
        ),
        unless=r"\b40[134]\b|rate ?limit|\b429\b|\b50[0234]\b|proxyerror|cannot connect to proxy",
    ),
    _DOWN.rule(
        "request-error",
        r"request error: https?:|error: request error|(?:failed|unable) to (?:retrieve|fetch|get|pull|obtain|access|contact|query)[^\n]{0,60}(?:https?:|hugging ?face|\bhub\b|remote|registry|manifest|server)|error (?:while )?(?:fetching|retrieving|downloading|pulling)|download_?error|pull failed|(?:could not|couldn't|cannot|can't) (?:download|fetch|retrieve|pull|access|contact)|snapshot_download",
        0.52,
        also=(
            (Category.NETWORK_BLOCKED, 0.28),
            (Category.NETWORK_HTTP_ERROR, 0.26),
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.2),
            (Category.NETWORK_TIMEOUT, 0.12),
        ),
        wrapper=True,
    ),
    _DOWN.rule(
        "curl",
        r"curl: \((?:5|6|7|16|18|35|52|55|56|92|95)\)|curl_easy_perform\(\) failed|err_http2_\w+|err_connection_\w+|err_network_\w+|err_address_\w+|recv failure|send failure|could not receive data|early termination|nghttp2|stream closed|connection terminated|broken connection|sockets? (?:closed|error)|unexpected disconnect",
        0.7,
        also=((Category.NETWORK_TIMEOUT, 0.14), (Category.NETWORK_BLOCKED, 0.2)),
        unless=r"failure writing|tunnel failed|timed_out|timeout was reached|proper shutdown|timed ?out|\bssl\b|certificate|schannel|http response code|refused|returned error: [45]\d\d",
    ),
    _SLOW.rule(
        "deadline",
        r"context deadline exceeded|deadline[_ ]exceeded|\bcurl: \(28\)|err_timed_out|request ?timeout(?:error|exception)?|\b408\b[^\n]{0,20}(?:request|timeout)|\b504\b[^\n]{0,20}time",
        0.72,
        also=((Category.NETWORK_UNREACHABLE, 0.2), (Category.PROCESS_HUNG, 0.15)),
        unless=r"gateway|llama|runner|model load|worker|(?:127\.0\.0\.1|localhost|\[::1\]):\d{2,5}/health|rpc error: code",
    ),
    _STATUS.rule(
        "response-code",
        r"http response code said error|the requested url returned error: (?:404|410|5\d\d|4[0-24-9]\d)|server returned error|server returned status|unexpected (?:http )?(?:status|response)|http error! status|response code[^\n]{0,12}[45]\d\d|curl: \(22\)|error downloading[^\n]{0,40}status",
        0.72,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.3), (Category.NETWORK_BLOCKED, 0.15)),
        unless=r"returned error: 40[13]|\b40[13]\b",
    ),
    # What Go says of an empty file as of an answer that broke off: an address would stand before the latter.
    _EMPTY.rule(
        "end-of-answer",
        r"(?:^|\n)(?:error: )?eof\s{0,9}(?:\n|$)|error: registry\.ollama\.ai/[^\n]{1,120}: eof\b",
        0.56,
        also=(
            (Category.NETWORK_UNREACHABLE, 0.5),
            (Category.STORAGE_QUOTA_OR_DISK_FULL, 0.25),
            (Category.PROCESS_CRASHED, 0.1),
        ),
        phases=(Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS),
    ),
    # A client that finds no server of its own machine; what kept the server from starting says more.
    _DOWN.rule(
        "own-server-absent",
        r"could not connect to (?:a running )?ollama|ollama (?:server )?(?:is )?not running|is the (?:ollama |llama |local )?server running",
        0.69,
        also=((Category.PROCESS_CRASHED, 0.24), (Category.CONFIG_INVALID, 0.18)),
        wrapper=True,
    ),
    _SWITCH.rule(
        "offline-by-setting",
        r"offline ?mode ?is ?enabled|offlinemodeisenabled",
        0.72,
        also=((Category.NETWORK_UNREACHABLE, 0.5), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.2)),
    ),
    _SLOW.rule(
        "rendezvous-timed-out",
        r"(?:client|server) socket has timed out|waiting for clients\b|diststoreerror|connect(?:ing|ion)? to (?:the )?(?:master|rank 0|head node)[^\n]{0,60}timed? ?out",
        0.82,
        also=(
            (Category.NETWORK_UNREACHABLE, 0.3),
            (Category.PROCESS_HUNG, 0.25),
            (Category.WORKER_CRASHED, 0.15),
        ),
    ),
    _STATUS.rule(
        "cache-request-failed",
        r"failed to execute 'add(?:all)?' on 'cache': request failed|failed to fetch (?:worker|wasm|script|library)[\w ]{0,12} from /",
        0.74,
        also=((Category.NETWORK_UNREACHABLE, 0.3), (Category.NETWORK_BLOCKED, 0.15)),
    ),
    # What a browser's or Node's fetch says of an exchange that brought no answer, whatever is around it.
    _DOWN.rule(
        "fetch-without-answer",
        r"typeerror: (?:fetch failed|failed to fetch|load failed|networkerror when attempting)",
        0.7,
        also=(
            (Category.NETWORK_BLOCKED, 0.36),
            (Category.NETWORK_TIMEOUT, 0.22),
            (Category.NETWORK_HTTP_ERROR, 0.15),
        ),
        unless=r"dynamically imported module|und_err_\w+timeout|econn|etimedout|enotfound|load model failed with|err_file_|err_cache_|quota|status of [45]\d\d|\b40[134]\b|\b50[0-4]\b|\bcors\b|mixed content",
    ),
    _DOWN.rule(
        "no-connection-made",
        r"(?:could not|couldn't|cannot|can't|failed to|unable to) establish (?:a )?(?:tcp |network )?connection|connection could not be (?:established|made)|connection to [^\n:]{1,40}(?::\d{2,5})? (?:failed|could not be made)|(?:could not|couldn't|can't|unable to) reach (?:the )?(?:hugging ?face|hub|registry|server|https?:|modelscope|github|endpoint)|response payload is not completed|contentlengtherror|contenttooshort\w*|retrieval incomplete: got only",
        0.8,
        also=((Category.NETWORK_BLOCKED, 0.15), (Category.ARTIFACT_CORRUPT, 0.15)),
        unless=r"receiving end|runtime\.lasterror",
    ),
    # An answer that says no, in the words of libraries that do not say "status".
    _STATUS.rule(
        "absent-at-its-address",
        r"filenotfoundexception: https?://",
        0.8,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.5),),
    ),
    _STATUS.rule(
        "fetched-with-a-status",
        r"(?:fetch|download|load|retriev|request)\w*[^\n]{0,160}(?:\bhttp(?:/[\d.]+)? |\(http |error \(|status(?: code)?:? )(?:40[05]|41[0-6]|5\d\d)\b",
        0.72,
        also=((Category.NETWORK_UNREACHABLE, 0.15), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.2)),
        phases=(Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS, Phase.PREFLIGHT, Phase.RUNTIME),
        unless=r"timed ?out",
    ),
    # Apple's loading system gives numbers.
    _DOWN.rule(
        "nsurl-unreachable",
        r"(?:nsurlerrordomain|kcferrordomaincfnetwork)[^\n]{0,20}-?(?:1003|1004|1005|1006|1009|1018|310)\b",
        0.95,
        also=((Category.NETWORK_BLOCKED, 0.1),),
    ),
    _SLOW.rule(
        "nsurl-timed-out",
        r"nsurlerrordomain[^\n]{0,20}-?1001\b",
        0.96,
        also=((Category.NETWORK_UNREACHABLE, 0.2),),
    ),
    _STATUS.rule(
        "page-of-an-error",
        r"<title>[^\n<]{0,80}\b(?:5\d\d|429)\b|<h1>\s{0,4}(?:5\d\d|429)\b|error code:? ?52\d\b",
        0.9,
        also=((Category.ARTIFACT_CORRUPT, 0.4), (Category.NETWORK_BLOCKED, 0.1)),
    ),
    _DOWN.rule(
        "no-status-at-all",
        r"(?:head|get) failed,? (?:\(|status:? ?)-1\b",
        0.6,
        also=((Category.NETWORK_BLOCKED, 0.45),),
    ),
    _STATUS.rule(
        "request-with-a-status",
        r"\b(?:get|head|post|put|request|query|fetch(?:ing)?)\b[^\n]{0,30} failed[^\n]{0,12}[(\s](?:404|410|429|5\d\d)\b(?! ?(?:ms|bytes|kb|mb))",
        0.84,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.4),),
        unless=r"localhost|127\.0\.0\.1|entry not found|repository not found",
    ),
    _HIDDEN.rule(
        "internal-error-of-own-server",
        r"internal server error'?,? ?url='?https?://|ollama: 500|hosted_vllm\w{0,12} ?- internal server error|(?:localhost|127\.0\.0\.1|:11434)[^\n]{0,24} returned an error[^\n]{0,120}(?:check|see) (?:its|the|your) (?:server )?logs?",
        0.66,
        also=((Category.NETWORK_HTTP_ERROR, 0.4), (Category.PROCESS_CRASHED, 0.35)),
        needs=r"localhost|127\.0\.0\.1|host\.docker|:11434|:8000|:8080|:1234|ollama|vllm",
    ),
    # Node's fetch waits five minutes for the first word of an answer, other clients one: a local model may need more.
    _SLOW.rule(
        "client-gave-up",
        r"(?:headers|body|connect) ?timeout ?error|und_err_(?:headers|body|connect)_timeout|api ?timeout ?error|litellm\.timeout|readtimeout(?:error)?:|async_?timeout|clienttimeout|servertimeouterror|requesttimedout|requesttimeout|sockettimeoutexception|httptimeoutexception|taskcanceledexception[^\n]{0,80}timeout|httpclient\.timeout",
        0.94,
        also=((Category.PROCESS_HUNG, 0.3), (Category.NETWORK_UNREACHABLE, 0.2)),
        unless=r"command buffer|gpu timeout|nccl",
    ),
    _SLOW.rule(
        "fetch-of-an-answer",
        r"typeerror: fetch failed",
        0.86,
        also=((Category.NETWORK_UNREACHABLE, 0.5), (Category.PROCESS_HUNG, 0.25)),
        phases=(Phase.GENERATE,),
        unless=r"econn|enotfound|other side closed|socket hang ?up|certificate|\bcors\b|\b40[134]\b|eai_again|und_err_socket",
    ),
    _SLOW.rule(
        "timeout-alone",
        r"^(?:[\w.]{0,40}\.)?timeouterror:?\s{0,4}$",
        0.6,
        also=((Category.PROCESS_HUNG, 0.35), (Category.NETWORK_UNREACHABLE, 0.2)),
    ),
    _SLOW.rule(
        "call-to-server-timed-out",
        r"(?:heartbeat|report|register|registration|status|connect|sync)\w*[^\n]{0,40} (?:to|with|from) (?:the )?(?:server|hub|registry|controller|head|master|scheduler|api)[^\n]{0,30}tim(?:ed|e) ?out|watch timeout",
        0.78,
        also=((Category.NETWORK_UNREACHABLE, 0.3), (Category.PROCESS_HUNG, 0.25)),
    ),
    # A file that the hub does not have, asked for while downloading; while a model is looked up it is the model.
    _STATUS.rule(
        "file-not-on-the-hub",
        r"entry not found|(?:huggingface\.co|hf\.co|hf-mirror\.com|modelscope\.\w{2,3}|github\.com|githubusercontent|/resolve/|releases/download)[^\n]{0,240}\b404\b|\b404\b[^\n]{0,80}(?:huggingface\.co|hf\.co|hf-mirror|modelscope|github\.com|/resolve/|releases/download)",
        0.84,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.5), (Category.ARTIFACT_CORRUPT, 0.1)),
        phases=(Phase.WEIGHTS,),
        unless=r"repository ?not ?found|is not a valid model|invalid model format|\b429\b",
    ),
    # Ollama says 404 of a model that it does not have.
    _ABSENT.rule(
        "own-api-404",
        r"\b404\b[^\n]{0,60}(?:localhost|127\.0\.0\.1|:11434)[^\n]{0,20}/api/(?:generate|chat|embed|show)|/api/(?:generate|chat|embed\w*|show)[^\n]{0,60}\b404\b",
        0.72,
        also=((Category.CONFIG_INVALID, 0.5), (Category.NETWORK_HTTP_ERROR, 0.35)),
    ),
    _STATUS.rule(
        "range-refused",
        r"\b416\b[^\n]{0,40}(?:range|satisf|client error)|range ?not ?satisfiable|requested range|(?:http|status|code)[^\n\d]{0,16}\b416\b",
        0.94,
        also=((Category.ARTIFACT_CORRUPT, 0.3),),
    ),
    _STATUS.rule(
        "wasm-answer-not-ok",
        r"http status code is not ok",
        0.88,
        also=((Category.CONFIG_INVALID, 0.35), (Category.ARTIFACT_CORRUPT, 0.3)),
        without=("web-llm", "mlc"),
    ),
    _STATUS.rule(
        "hub-down-with-a-status",
        r"(?:\bdown|offline|unavailable|unreachable|outage)\b[^\n]{0,16}\(?\b50[0234]\b|\b50[0234]\b[^\n]{0,30}(?:is down|outage|unavailable)",
        0.88,
        also=((Category.NETWORK_UNREACHABLE, 0.2), (Category.NETWORK_TIMEOUT, 0.15)),
    ),
    _DOWN.rule(
        "server-gone",
        r"(?:\bhub|hugging ?face(?:\.co)?|registry|modelscope|hf-mirror\.com|github|\bcdn|mirror|website|site|server|host|domain)\b[^\n]{0,50}(?:\bis|\bwas|\bwere|\bwent|\bare|currently|seems?|appears?)[^\n]{0,16} (?:down|offline|unavailable|gone|dead)\b|(?:hugging ?face|\bhf|modelscope|\bhub|registry|mirror) (?:\w{1,12} )?down\b|(?:server|host|domain|site|mirror)[^\n]{0,60} no longer (?:exists?|available|online|reachable|hosted)",
        0.8,
        also=((Category.NETWORK_HTTP_ERROR, 0.45), (Category.NETWORK_BLOCKED, 0.1)),
        unless=r"llama|ollama|engine|runner|shutting|\b50[0234]\b|block no longer|\bgpu\b",
    ),
    # People's own words for a machine without a network.
    _DOWN.rule(
        "offline-in-words",
        r"\b(?:when|while|if|is|am|are|in|being|completely|fully|works?|working|run|running|use|using|start\w*|load\w*|goes|went)[ -](?:\w{1,12} ){0,2}offline\b|\boffline (?:installation|environment|machine|usage|cluster|network|server|computer|computers|system)\b|without (?:an? |any )?(?:internet|network|wi-?fi)\b|(?:fails?|breaks?|broken|errors?|impossible) (?:when |while )?offline\b|air[- ]?gapped|disconnected (?:network|environment)|no (?:internet|network) (?:access|connection)",
        0.7,
        also=(
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.2),
            (Category.CONFIG_INVALID, 0.2),
            (Category.NETWORK_BLOCKED, 0.2),
        ),
        unless=r"offline[-_ ]?(?:inference|batch|quantiz|mode is enabled)|is offline\.|offlinemodeisenabled|\b5\d\d\b",
    ),
    # The words of llama.cpp's own HTTP client for what went wrong with an exchange.
    _DOWN.rule(
        "client-lost-exchange",
        r"failed to write connection|could not establish connection(?!\. receiving)|connection handling canceled|failed to bind ip address|(?:write|read|transfer)socketexception|cannot create socket|error (?:writing|reading) (?:to|from) socket|socket (?:read|write) error|remote node disconnected",
        0.82,
        also=((Category.PROCESS_CRASHED, 0.25), (Category.NETWORK_TIMEOUT, 0.2)),
    ),
    _SLOW.rule(
        "client-read-nothing",
        r"failed to read connection",
        0.72,
        also=((Category.NETWORK_UNREACHABLE, 0.5), (Category.PROCESS_CRASHED, 0.2)),
        phases=(Phase.GENERATE,),
        unless=r"exited with status",
    ),
    _DOWN.rule(
        "client-read-cut",
        r"failed to read connection",
        0.78,
        also=((Category.NETWORK_TIMEOUT, 0.4), (Category.NETWORK_BLOCKED, 0.1)),
        phases=(Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS, Phase.PREFLIGHT, Phase.RUNTIME, Phase.LOAD),
        unless=r"exited with status",
    ),
    # A body that was cut while it was read.
    _DOWN.rule(
        "body-cut",
        r"(?:download|pull|layer|blob|fetch)\w*[^\n]{0,60}: unexpected eof|max retries exceeded: (?:unexpected )?eof|during chunk size line|error decoding response body|error reading a body from connection|err_incomplete_chunked_encoding|end of file before message length reached|body (?:read|stream)[^\n]{0,30}(?:reset|closed|aborted|interrupted)|unexpected end of (?:stream|response|input stream|zlib)|fewer bytes than expected|connection closed before message completed",
        0.93,
        also=((Category.ARTIFACT_CORRUPT, 0.3), (Category.NETWORK_TIMEOUT, 0.15)),
        phases=(Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS),
    ),
    _STATUS.rule(
        "aborted-with-a-status",
        r"err_aborted (?:404|410|429|5\d\d)\b",
        0.88,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.3), (Category.CONFIG_INVALID, 0.2)),
        unless=r"\.(?:m?js|wasm|ts)\b[^\n]{0,40}err_aborted",
    ),
    _SLOW.rule(
        "transfer-too-slow",
        r"operation (?:was )?too slow|less than \d+ bytes/sec|rpc failed; curl 28|too slow[^\n]{0,30}(?:abort|bytes)|low speed limit",
        0.9,
        also=((Category.NETWORK_UNREACHABLE, 0.3),),
    ),
    _LOCAL.rule(
        "only-local-files",
        r"local_files_only|outgoing traffic has been disabled|allowremotemodels ?= ?false|not found locally at",
        0.84,
        also=((Category.CONFIG_INVALID, 0.42), (Category.NETWORK_UNREACHABLE, 0.25)),
        unless=r"offline ?mode ?is ?enabled|econn|getaddrinfo|name resolution|timed out",
    ),
    _DOWN.rule(
        "no-connection-to-host",
        r"failed to connect to(?! (?:a running )?ollama)",
        0.88,
        also=(
            (Category.NETWORK_BLOCKED, 0.12),
            (Category.CONFIG_INVALID, 0.12),
            (Category.NETWORK_TIMEOUT, 0.12),
        ),
        unless=r"failed to parse endpoint|version mismatch|timed out|timeout|proxy|rpc error|dial tcp 127\.0\.0\.1:[3-6]\d{4}: connect|probe failed|nccl error",
    ),
    # The hub was asked, did not answer, and the cache does not have the file either.
    _DOWN.rule(
        "neither-hub-nor-cache",
        r"trying to locate the file(?:s)? on the hub and we cannot find|make sure your internet connection is on|localentrynotfounderror",
        0.94,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.4), (Category.NETWORK_BLOCKED, 0.35)),
        unless=r"timed out|timeout|outgoing traffic|local_files_only|40[134] client|proxyerror|certificate",
    ),
    # Git hides what the server said behind its own status.
    _ABSENT.rule(
        "git-status-128",
        r"git clone failed with return code 128|clone[^\n]{0,240}(?:non-zero exit status|exit (?:code|status)|return code) 128",
        0.44,
        also=(
            (Category.NETWORK_BLOCKED, 0.42),
            (Category.NETWORK_UNREACHABLE, 0.34),
            (Category.NETWORK_TIMEOUT, 0.2),
        ),
        unless=r"not found|could not resolve|timed out|permission denied",
    ),
    # A name that a program failed to fill in.
    _ABSENT.rule(
        "address-without-a-name",
        r"(?:huggingface\.co|hf\.co|hf-mirror\.com|modelscope\.cn|registry\.ollama\.ai)/[\w./-]{0,80}(?:\bundefined\b|\bnone/|\bnull\b|\bnan/)|(?:huggingface\.co|hf\.co)/[^\s]{0,60}(?:\[object|%5bobject)|model ['\"`]?(?:undefined|null|none|nan)['\"`]? not found",
        0.9,
        also=((Category.CONFIG_INVALID, 0.5), (Category.NETWORK_HTTP_ERROR, 0.2)),
    ),
    _STATUS.rule(
        "under-maintenance",
        r"(?:under|in|for|scheduled|down for|planned) maintenance|maintenance (?:mode|window|break)",
        0.72,
        also=((Category.NETWORK_UNREACHABLE, 0.35),),
        phases=(Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS, Phase.PREFLIGHT, Phase.LOAD),
    ),
    # Windows gives numbers.
    _DOWN.rule(
        "windows-unreachable",
        r"(?:winhttp|wininet|internet|bits|http)[^\n]{0,40}\b(?:12007|12029|12030|12031)\b|0x80072e(?:e7|fd|fe|ff)\b|internet_(?:name_not_resolved|cannot_connect|connection_(?:aborted|reset))|winhttp_(?:name_not_resolved|cannot_connect|connection_error)|incompletemessage\b",
        0.93,
        also=((Category.NETWORK_BLOCKED, 0.15),),
    ),
    _SLOW.rule(
        "windows-timed-out",
        r"(?:winhttp|wininet|internet|bits|http)[^\n]{0,40}\b12002\b|0x80072ee2\b|(?:internet|winhttp)_timeout",
        0.93,
        also=((Category.NETWORK_UNREACHABLE, 0.15),),
    ),
    _STATUS.rule(
        "windows-status",
        r"0x8019019[4a]\b|0x801901(?:ad|f[4-8])\b",
        0.9,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.2),),
    ),
)

"""Rules for people's own words about the network, and for what programs say of it by a number or between the lines."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .reasons import ABSENT_ON_SERVER as _ABSENT
from .reasons import BLOCKED as _BLOCKED
from .reasons import HTTP_STATUS as _STATUS
from .reasons import SLOW as _SLOW
from .reasons import UNREACHABLE as _DOWN
from .rule import Group

_SHORT = Group(
    Category.ARTIFACT_CORRUPT,
    en="what arrived is not as long as what was promised",
    es="lo que llegó no mide lo que se prometió",
)
_DOWNLOADING = (Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS)

RULES = (
    _BLOCKED.rule(
        "behind-something",
        r"\bonly[^\n]{0,40} (?:with|through|over|via|behind) (?:a |the |my )?(?:vpn|proxy)\b|(?:with|without|turn\w* (?:on|off)|disabl\w+|switch\w* off|using|need\w*|through|behind) (?:a |the |my |our )?(?:vpn|zscaler|proxy|captive portal)\b|(?:from|in) (?:mainland )?china\b[^\n]{0,60}(?:cannot|can't|unable|not|slow|fail)|(?:school|corporate|company|office|work|enterprise|university) (?:network|firewall|proxy|wi-?fi|laptop)[^\n]{0,60}(?:block|fail|cannot|can't|unable|not)",
        0.74,
        also=((Category.NETWORK_UNREACHABLE, 0.35), (Category.NETWORK_TIMEOUT, 0.2)),
        phases=(*_DOWNLOADING, Phase.PREFLIGHT),
        unless=r"proxy request sent",
    ),
    _BLOCKED.rule(
        "blocked-where-one-is",
        r"(?:is|are|was|get|gets|being) (?:blocked|banned|censored|filtered|not accessible|inaccessible) (?:in|from|by) (?:my |our |the |this )?(?:countr\w+|china|russia|iran|region|company|network|school|university|employer|provider|isp|it department)|(?:blocked|banned|not accessible|inaccessible) (?:in|from) (?:mainland )?(?:china|russia|iran)\b",
        0.86,
        also=((Category.NETWORK_UNREACHABLE, 0.3), (Category.NETWORK_TIMEOUT, 0.15)),
    ),
    _BLOCKED.rule(
        "preflight-refused",
        r"\bpreflight\b[^\n]{0,80}(?:fail|refus|reject|block|40[0135]\b|options)|\boptions (?:request|/)[^\n]{0,60}(?:40[0345]|fail|block)|origins? (?:is |are )?not (?:in|on) (?:the |its )?(?:list|allow)",
        0.78,
        also=((Category.CONFIG_INVALID, 0.4), (Category.NETWORK_HTTP_ERROR, 0.2)),
    ),
    _DOWN.rule(
        "download-begins-anew",
        r"download\w*[^\n]{0,40} (?:restart\w*|start\w* (?:over|again)|begins? again|goes? back|resets?|reverts?)|(?:restart\w*|goes? back|resets?|reverts?)[^\n]{0,20} (?:to|from|at) (?:the beginning|zero|scratch|0 ?%)|progress[^\n]{0,20} (?:goes|going|jumps|jumping|drops|moves) back",
        0.62,
        also=(
            (Category.NETWORK_TIMEOUT, 0.4),
            (Category.NETWORK_BLOCKED, 0.15),
            (Category.ARTIFACT_CORRUPT, 0.1),
        ),
        phases=_DOWNLOADING,
    ),
    _DOWN.rule(
        "server-of-ones-own-not-found",
        r"(?:ollama|lm ?studio|llama[-_. ]?(?:server|cpp)|vllm|localai|server|backend|endpoint|host) (?:server )?(?:is |was |are |seems |appears )?(?:not (?:running|reachable|found|responding|detected|available|started|up)|unreachable|never reached|offline)|(?:cannot|can't|can not|could not|couldn't|does not|doesn't|do not|don't|did not|didn't|won't|unable to|not able to|fails? to|failed to) (?:find|see|detect|reach|connect to|talk to|contact) (?:my |the |an? |any |our |local )*(?:ollama|lm ?studio|llama[-_. ]?(?:server|cpp)|vllm|localai|model server|api server|backend|endpoint)\b|is not reachable|not reachable from|no (?:ollama|server) (?:instance )?(?:found|detected|running)|(?:ollama|lm ?studio|server)[^\n]{0,40}(?:inside|from within|in) (?:a |the |my )?(?:docker )?container[^\n]{0,40}(?:not|cannot|can't|fail)",
        0.64,
        also=(
            (Category.CONFIG_INVALID, 0.36),
            (Category.NETWORK_BLOCKED, 0.2),
            (Category.PROCESS_CRASHED, 0.12),
        ),
        phases=(Phase.PREFLIGHT, Phase.RUNTIME, Phase.METADATA, Phase.GENERATE),
        unless=r"not found for|gpu|device|driver|econn|refused|import|module|40[134]\b|gpus",
        wrapper=True,
    ),
    _STATUS.rule(
        "link-is-dead",
        r"(?:link|url|address|page|mirror|file|wheel|repo\w*)s? (?:is |are |was |seems? (?:to be )?|appears? (?:to be )?|to the \w{1,12} (?:is|are) )?(?:dead|broken|gone|expired|outdated|no longer (?:valid|works?|working|there|available)|404|not valid any ?more)\b|(?:dead|broken|expired) (?:download )?(?:link|url)s?|(?:link|url|download|page|file)s? (?:returns?|gives?|shows?|leads? to|results? in|is|are|throws?) (?:an? )?(?:http )?(?:error )?(?:404|410|not found)\b|\b5xx\b",
        0.76,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.4), (Category.NETWORK_UNREACHABLE, 0.15)),
        phases=(*_DOWNLOADING, Phase.PREFLIGHT),
        unless=r"symlink|symbolic|linker",
    ),
    _STATUS.rule(
        "cloudflare-status",
        r"error(?: code)?:? 52[0-7]\b|\b52[0-7]:? (?:web server|origin|connection|ssl)|web server is down|origin is unreachable",
        0.9,
        also=((Category.NETWORK_UNREACHABLE, 0.25), (Category.NETWORK_TIMEOUT, 0.15)),
    ),
    _SLOW.rule(
        "client-does-not-wait",
        r"(?:client|request|connection|browser|app|n8n|langchain|extension|sdk|agent)s? (?:\w{1,12} ){0,2}(?:disconnects?|gives? up|aborts?|drops?|closes?|cancels?|times? out|timed out)[^\n]{0,40}(?:after|before|because|while)|(?:after|within|exceeds?|exceeded|longer than|more than) (?:exactly |about |around |only )?(?:30|60|90|100|120|180|300|600) ?(?:s\b|sec\w*|second\w*)|(?:after|within|exceeds?|longer than) (?:exactly |about |around |only )?(?:one|two|five|ten|1|2|5|10) ?min\w*|(?:default |http |read |request |client |api |connection )time-?out (?:is |of |was )?(?:too short|too low|exceeded|reached|hit|\d+ ?s)|signal timed out|aborted due to timeout",
        0.72,
        also=((Category.PROCESS_HUNG, 0.4), (Category.NETWORK_UNREACHABLE, 0.15)),
        phases=(Phase.GENERATE,),
        needs=r"time-?out|timed? ?out|disconnect|abort|gives? up|drops|clos|cancel",
        unless=r"blocked for more than|rpc call|enginecore|executor|runner|nccl|watchdog|worker|crash|killed|gpu|vram|econnre",
    ),
    _SLOW.rule(
        "aborted-for-its-time",
        r"signal timed out|aborted due to timeout|timeouterror: the operation",
        0.88,
        also=((Category.PROCESS_HUNG, 0.25), (Category.NETWORK_UNREACHABLE, 0.2)),
    ),
    # The same in the languages in which many people write.
    _SLOW.rule(
        "time-in-other-languages",
        r"(?:连接|連線|下载|請求|请求|访问|读取|响应|网络)[^\n]{0,6}超时|超时(?:错误|失败)|タイムアウト|시간 ?초과|tiempo de espera (?:agotado|excedido)|zeit(?:ü|ue)berschreitung|délai (?:d'attente )?(?:dépassé|expiré)|tempo limite|превышено время|время ожидания",
        0.84,
        also=((Category.NETWORK_UNREACHABLE, 0.3), (Category.PROCESS_HUNG, 0.15)),
    ),
    _DOWN.rule(
        "network-in-other-languages",
        r"(?:无法|不能|連不上|连不上)(?:连接|連接|访问到|链接)|(?:无法|不能)下载|(?:下载|拉取)[^\n]{0,8}(?:失败|不了)|网络(?:错误|异常|不通|连接失败|问题)|(?:连接|連線)(?:失败|被拒绝|中断|断开|重置)|接続(?:できません|に失敗|エラー)|ネットワークエラー|연결(?:할 수 없|에 실패|이 거부)|네트워크 오류|no se puede conectar|conexi[oó]n (?:rechazada|fallida|perdida)|error de (?:red|conexi[oó]n)|keine verbindung|verbindung (?:fehlgeschlagen|abgelehnt|verweigert|konnte nicht)|netzwerkfehler|impossible de (?:se connecter|joindre)|erreur (?:de )?(?:réseau|connexion)|não foi possível conectar|erro de (?:rede|conexão)|не удалось подключиться|ошибка (?:сети|подключения|соединения)",
        0.7,
        also=(
            (Category.NETWORK_BLOCKED, 0.4),
            (Category.NETWORK_TIMEOUT, 0.25),
            (Category.NETWORK_HTTP_ERROR, 0.15),
        ),
        unless=r"闪退|崩溃|超时|econn|\b40[134]\b",
    ),
    _BLOCKED.rule(
        "blocked-in-other-languages",
        r"(?:国内|中国大陆|大陆)[^\n]{0,12}(?:无法|不能|访问不了|连不上|下载不了)|被墙|翻墙|科学上网|(?:防火墙|代理)(?:阻止|拦截|错误|问题|设置)|证书(?:错误|验证失败|无效|过期)|没有(?:访问)?权限访问(?:模型|仓库)|跨域|プロキシエラー|証明書(?:エラー|の検証)|bloqueado por (?:el |la )?(?:firewall|cortafuegos|proxy|cors)|certificado (?:no válido|caducado|inválido)|zertifikat(?:sfehler| ungültig| abgelaufen| konnte nicht)|certificat (?:invalide|expiré)",
        0.84,
        also=((Category.NETWORK_UNREACHABLE, 0.3), (Category.NETWORK_TIMEOUT, 0.15)),
    ),
    # The end of a client that another program started: curl, wget and aria2 give numbers.
    _DOWN.rule(
        "client-exit-unreachable",
        r"\bcurl\b[^\n]{0,160}(?:exit(?:ed)?(?: with)?(?: code| status)?|returned(?: code)?|status|error code)[^\n\d]{0,6}(?:5|6|7|18|52|56)\b(?![.\d])|\bwget\b[^\n]{0,240}(?:exit(?: code| status)?|status)[^\n\d]{0,6}4\b|\baria2c?\b[^\n]{0,120}(?:errorcode|exit(?: code| status)?|status)[^\n\d]{0,6}(?:1|6|19)\b|errorcode=(?:6|19)\b|^job failed with exit code:? (?:6|7)\b",
        0.9,
        also=((Category.CONFIG_INVALID, 0.2), (Category.NETWORK_BLOCKED, 0.2)),
    ),
    _SLOW.rule(
        "client-exit-timed-out",
        r"\bcurl\b[^\n]{0,160}(?:exit(?:ed)?(?: with)?(?: code| status)?|returned(?: code)?|status|error code)[^\n\d]{0,6}28\b|\baria2c?\b[^\n]{0,120}(?:errorcode|exit(?: code| status)?|status)[^\n\d]{0,6}(?:2|5)\b|errorcode=(?:2|5)\b",
        0.9,
        also=((Category.NETWORK_UNREACHABLE, 0.25),),
    ),
    _BLOCKED.rule(
        "client-exit-refused",
        r"\bcurl\b[^\n]{0,160}(?:exit(?:ed)?(?: with)?(?: code| status)?|returned(?: code)?|status|error code)[^\n\d]{0,6}(?:35|51|58|60|97)\b|\bwget\b[^\n]{0,240}(?:exit(?: code| status)?|status)[^\n\d]{0,6}(?:5|6)\b|\baria2c?\b[^\n]{0,120}(?:errorcode|exit(?: code| status)?|status)[^\n\d]{0,6}24\b",
        0.88,
        also=((Category.NETWORK_UNREACHABLE, 0.3),),
    ),
    _STATUS.rule(
        "client-exit-status",
        r"\bcurl\b[^\n]{0,160}(?:exit(?:ed)?(?: with)?(?: code| status)?|returned(?: code)?|error code)[^\n\d]{0,6}22\b|\bwget\b[^\n]{0,240}(?:exit(?: code| status)?|status)[^\n\d]{0,6}8\b|\baria2c?\b[^\n]{0,120}(?:errorcode|exit(?: code| status)?|status)[^\n\d]{0,6}(?:3|22)\b|errorcode=22\b",
        0.84,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.3), (Category.NETWORK_BLOCKED, 0.2)),
    ),
    # Somebody else's service that answers for a model.
    _SLOW.rule(
        "service-timed-out",
        r"\b(?:api|endpoint|service|provider)\b[^\n]{0,60}\b(?:timeout|time out|time-out|timed out|timed-out)\b|^(?:[\w.]{1,40}: )?(?:the )?(?:model|request|query)\b[^\n]{0,60} time out\b",
        0.8,
        also=((Category.NETWORK_HTTP_ERROR, 0.2), (Category.PROCESS_HUNG, 0.2)),
        unless=r"gateway|\bgpu\b|nccl|rpc call|worker|engine|health|startup",
    ),
    _SLOW.rule(
        "download-crawls",
        r"download\w*[^\n]{0,160}\b(?:(?:\w{4,14}ly|too|so|very|super|quite) slow(?:ly|er)?\b|slow(?:ly)? (?:speed|down|connection|network)|crawl\w*|barely|snail)|\bslow(?:ly|er)? (?:\w{1,12} ){0,2}download|\b(?:pull|clon|fetch)\w*[^\n]{0,80}\b(?:very|too|so|extremely|super|really) slow",
        0.7,
        also=(
            (Category.NETWORK_BLOCKED, 0.3),
            (Category.PROCESS_HUNG, 0.25),
            (Category.NETWORK_UNREACHABLE, 0.25),
        ),
        phases=_DOWNLOADING,
    ),
    _DOWN.rule(
        "hub-not-asked",
        r"error (?:fetching|getting|loading|retrieving|listing) (?:the )?(?:results?|models?|list|catalog\w*|search results?)[^\n]{0,24} from (?:the )?(?:hugging ?face|hub|registry|server|internet)|(?:could not|couldn't|cannot|can't|unable to|failed to) (?:reach|contact|access|query|search) (?:the )?(?:model )?(?:hub|hugging ?face|registry|catalog\w*|gallery)\b|check that you(?:'re| are) (?:connected|online)|stream disconnected before completion",
        0.76,
        also=((Category.NETWORK_BLOCKED, 0.3), (Category.NETWORK_HTTP_ERROR, 0.25)),
        unless=r"\b40[134]\b|\b50[0-4]\b|timed? ?out",
    ),
    # Ranks of one engine on several machines that do not find each other.
    _DOWN.rule(
        "ranks-do-not-meet",
        r"proxy call to rank \d+ failed \(connect\)|(?:socketstartconnect|ncclsocket\w*|net/socket|net/ib|nccl warn net)[^\n]{0,120}(?:refused|no route|unreachable|connect(?:ion)? (?:to|failed))|unable to find address for: |no (?:usable|suitable) (?:network )?interface|(?:gloo|nccl)_socket_ifname|are bound to a local interface",
        0.78,
        also=((Category.WORKER_CRASHED, 0.45), (Category.CONFIG_INVALID, 0.35)),
        unless=r"timed? ?out|hang|stuck",
    ),
    # The index of packages is asked before any package is missing.
    _STATUS.rule(
        "index-of-packages-says-no",
        r"\b(?:40[0-9]|410|429|5\d\d)\b[^\n]{0,120}(?:conda\.anaconda\.org|repodata\.json|/whl/|/wheels?/|pypi\.org|pythonhosted\.org|registry\.npmjs|(?:archive|ports|security)\.ubuntu\.com|deb\.debian\.org|developer\.download\.nvidia)|(?:conda\.anaconda\.org|repodata\.json|/whl/|/wheels?/|pypi\.org|pythonhosted\.org|registry\.npmjs|archive\.ubuntu\.com|deb\.debian\.org|developer\.download\.nvidia)[^\n]{0,160}(?:\b404 not found|\b404 client|\b5\d\d (?:server|service|bad)|returned error: (?:404|5\d\d))|condahttperror|unavailableinvalidchannel|\b404\b[^\n]{0,40}\bwheels?\b|\bwheels?\b[^\n]{0,60}(?<!\w)404\b",
        0.9,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.1)),
        unless=r"condahttperror: http 000|condasslerror",
    ),
    _STATUS.rule(
        "unavailable-by-law",
        r"unexpected server response: (?:40[0-24-9]|410|429|5\d\d)\b|\b402\b[^\n]{0,24}payment|payment required|(?:insufficient|out of|not enough|no more) (?:credits?|balance)\b|credit balance is too low|\b451\b[^\n]{0,24}(?:unavailable|legal)|unavailable for legal reasons|\b(?:529|503)\b[^\n]{0,24}overload",
        0.7,
        also=((Category.NETWORK_BLOCKED, 0.4),),
    ),
    # Where Ollama says no more than 404, it does not have the model.
    _ABSENT.rule(
        "ollama-says-404",
        r"\b404\b[^\n]{0,24}not found|status[^\n\d]{0,24}\b404\b|error code[^\n\d]{0,6}\b404\b|error 404\b|error: 404\b",
        0.82,
        also=((Category.NETWORK_HTTP_ERROR, 0.45), (Category.CONFIG_INVALID, 0.4)),
        phases=(Phase.GENERATE,),
        runtimes=("ollama",),
        unless=r"https?://(?!(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168|172\.|host\.docker|ollama))|chat/completions|try pulling|timed? ?out",
    ),
    # A path on this machine that was taken for the name of a repository: the hub answers 401 for what it does not have.
    _ABSENT.rule(
        "path-taken-for-a-name",
        r"(?:huggingface\.co|hf\.co|hf-mirror\.com)/(?:api/models/)?(?:\.{1,2}|models?|checkpoints?|ckpts?|weights|llm|content|home|mnt|data|workspace|root|opt|app|tmp|users|local|none|null)/[^\s]{0,160}(?:/resolve/|/revision/|/tree/)|(?:huggingface\.co|hf\.co)/[^\s]{1,160}\.(?:gguf|bin|safetensors|pth?|ckpt|onnx|ggml)/(?:resolve|revision|tree)/|(?:huggingface\.co|hf\.co)/(?:[\w.-]{1,60}/)?raw/main/[\w.-]{1,80}(?::|$|\s)",
        0.93,
        also=((Category.NETWORK_BLOCKED, 0.35), (Category.CONFIG_INVALID, 0.35)),
        needs=r"\b40[14]\b|not found|unauthorized|error|fail",
    ),
    _SHORT.rule(
        "fewer-than-promised",
        r"with size \d+ but got \d+|(?:expected|want(?:ed)?|should be|promised) (?:size |length )?(?:of )?\d{4,15}(?: bytes)?,? (?:but )?(?:got|received|was|is|have|found) (?:only )?\d{1,15}(?: bytes)?\b",
        0.8,
        also=(
            (Category.NETWORK_HTTP_ERROR, 0.3),
            (Category.NETWORK_UNREACHABLE, 0.3),
            (Category.NETWORK_BLOCKED, 0.2),
        ),
        phases=_DOWNLOADING,
    ),
    # Over Ollama's line a download that stands still is the line's; of other programs it may be their own doing.
    _SLOW.rule(
        "pull-stands-still",
        r"\bpull\w*\b[^\n]{0,100}\b(?:stuck|hangs?|hanging|stall\w*|freez\w*|never (?:ends|finish\w*|complet\w*)|forever|no progress)\b|\b(?:stuck|hangs?|hanging|stall\w*|freez\w*)\b[^\n]{0,60}\b(?:pull\w*|manifest|download\w*)\b",
        0.92,
        also=((Category.PROCESS_HUNG, 0.4), (Category.NETWORK_UNREACHABLE, 0.3)),
        phases=_DOWNLOADING,
        runtimes=("ollama",),
        unless=r"econn|refused|no such host|reset by peer|verifying|unexpected eof|digest",
    ),
    _DOWN.rule(
        "list-of-models-stays-empty",
        r"(?:can(?:'|no)?t|can not|do(?:es)?(?: not|n'?t)|unable to|not) (?:see|show|find|load|list|display|get)\b[^\n]{0,30}\b(?:available|downloadable) models?\b|\b(?:can(?:'|no)?t|can not|do(?:es)?(?: not|n'?t)|unable to) (?:see|show|load|list|display|get)\b[^\n]{0,40}\bmodels?\b[^\n]{0,40} download|(?:list of (?:\w{1,12} )?models|model list|models? (?:page|tab|catalog\w*|gallery|hub)|search results?) (?:is |are |stays |remains |comes up |shows? )(?:empty|blank|nothing)",
        0.66,
        also=(
            (Category.NETWORK_HTTP_ERROR, 0.3),
            (Category.CONFIG_INVALID, 0.25),
            (Category.NETWORK_BLOCKED, 0.2),
        ),
        phases=(Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS),
        without=("ollama",),
        unless=r"\b40[134]\b|\b50[0-4]\b",
    ),
    _DOWN.rule(
        "socket-of-the-web",
        r"websocket (?:connection )?(?:to [^\n]{1,160} )?(?:failed|error|closed|disconnected|could not)|websocketexception|websockets?\.exceptions|failed to (?:open|connect|establish)[^\n]{0,20} websocket|dns_probe\w*|nxdomain\b|\bgaierror\b",
        0.76,
        also=((Category.PROCESS_CRASHED, 0.25), (Category.CONFIG_INVALID, 0.2)),
        unless=r"timed? ?out|out of memory|too large|1009\b",
    ),
    # A server that answers its own machine only.
    _DOWN.rule(
        "heard-on-its-own-machine-only",
        r"(?:listen\w*|bound|binds?|binding|bind|available|works?|running|reachable|accessible) (?:only )?(?:on|to|from|at|via) (?:127\.0\.0\.1|localhost|loopback)(?::\d{2,5})?(?: only)?\b[^\n]{0,40}(?:\bonly\b|\bnot\b|can't|cannot|other|remote|outside)|only (?:listens?|accessible|reachable|available|works?|binds?) (?:on|from|at|to|via) (?:127\.0\.0\.1|localhost|loopback)|(?:not|in)[ -]?(?:accessible|reachable) (?:from|over|on|via) (?:the |my |a |an )?(?:lan|local network|network|another|other|different|outside|remote)\b|(?:cannot|can't|can not|could not|couldn't|unable to|not able to) (?:access|reach|connect(?: to)?|use)\b[^\n]{0,60} from (?:the |my |a |an )?(?:another|other|different|remote|lan|outside|second|local network)\b",
        0.78,
        also=((Category.CONFIG_INVALID, 0.4), (Category.NETWORK_BLOCKED, 0.25)),
        phases=(Phase.PREFLIGHT, Phase.RUNTIME, Phase.METADATA, Phase.RESOLVE, Phase.GENERATE),
        unless=r"address already in use|econn|\b40[134]\b|timed? ?out|cors",
    ),
    _DOWN.rule(
        "download-breaks-off",
        r"download\w*[^\n]{0,60}\b(?:is |was |gets? |got |keeps? (?:being |getting )?)?(?:interrupt\w*|cut off|dropp\w+|breaks? off|broke off|aborted|fails? (?:at|after|half\w*|midway|near|around|every)|failing (?:at|half\w*|midway))\b|download\w*[^\n]{0,40}\b(?:no|lost|lose|loses|losing|without|bad|unstable|poor) (?:a |the |my )?(?:internet |network )?connection\b|(?:unstable|poor|flaky|bad|lost|losing|spotty) (?:internet|network|connection|wi-?fi)\b|\boffline\?",
        0.68,
        also=(
            (Category.NETWORK_TIMEOUT, 0.3),
            (Category.ARTIFACT_CORRUPT, 0.15),
            (Category.NETWORK_BLOCKED, 0.15),
        ),
        phases=_DOWNLOADING,
        unless=r"\b40[134]\b|\b50[0-4]\b|timed?[ -]?out|permission|no space|checksum|digest|hash|invalid|missing|by (?:the )?user",
    ),
    _BLOCKED.rule(
        "named-in-a-word",
        r"^\s{0,3}cors\b|\bcors\s{0,3}$|\bcors\b[^\n]{0,30}(?:ollama|chrome|browser|extension|origin|localhost)|\bmitm\b|man[- ]in[- ]the[- ]middle|(?:corporate|company|self-?signed|custom|internal|root|intercepting) (?:root )?(?:certificate|cert|ca)\b|private (?:hugging ?face |hf )?(?:repo|repository|model)s?\b[^\n]{0,40}(?:token|\b40[134]\b|access|auth\w*|fail|cannot|can't)|\bntlm\b",
        0.8,
        also=((Category.CONFIG_INVALID, 0.2), (Category.NETWORK_UNREACHABLE, 0.15)),
        unless=r"cors request did not succeed|is not a local folder",
    ),
    # An app that lists the models of a server waits for the server.
    _DOWN.rule(
        "list-that-never-comes",
        r"(?:stuck|hang\w*|forever|endless\w*|keeps?|always|still|infinite\w*|spin\w*)[^\n]{0,40}\bloading (?:the |available |all |list of |my |your )*models?\b|\bloading (?:the |available |all |list of |my |your )*models?\b[^\n]{0,20}(?:forever|endless\w*|never|spin\w*|infinite\w*)",
        0.92,
        also=((Category.CONFIG_INVALID, 0.4), (Category.PROCESS_HUNG, 0.35)),
        phases=(Phase.METADATA,),
        unless=r"timed? ?out",
    ),
    _STATUS.rule(
        "status-in-words",
        r"(?:got|gets?|getting|giv(?:es?|ing)|receiv\w+|throws?|returns?|returning|with|hit\w*|see(?:s|ing)?) (?:an? |the |http |status |error |code ){0,3}(?:429|50[234])\b(?![.,]?\d)",
        0.8,
        also=((Category.NETWORK_TIMEOUT, 0.15), (Category.NETWORK_UNREACHABLE, 0.15)),
        unless=r"llama runner|health|\bmib\b|\bmb\b|tokens|steps|layers",
    ),
    _BLOCKED.rule(
        "proxy-not-heeded",
        r"proxy (?:settings?|variables?|config\w*|env\w*|server)?[^\n]{0,30}(?:\bignor\w+|not (?:being )?(?:used|respected|honou?red|applied|work\w*|picked up)|no effect)|https?_proxy\b[^\n]{0,60}(?:\bignor\w+|not (?:used|respected|honou?red|work\w*)|no effect|doesn't|does not)|(?:ignor\w+|(?:does not|doesn't|do not|don't) (?:use|respect|honou?r|support))[^\n]{0,30} proxy\b|(?:unable|cannot|can't|could not|couldn't|fail\w*|not)\b[^\n]{0,60} (?:from|in|inside) (?:mainland )?china\b|\b(?:extension|origin|browser)\b[^\n]{0,80}\bforbidden\b",
        0.84,
        also=((Category.CONFIG_INVALID, 0.3), (Category.NETWORK_UNREACHABLE, 0.3)),
    ),
)

"""Rules for people's own words about the network, where no program's message stands."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_DOWN = Group(
    Category.NETWORK_UNREACHABLE, en="the server could not be reached", es="no se pudo llegar al servidor"
)
_BLOCKED = Group(
    Category.NETWORK_BLOCKED,
    en="something between the program and the server refused the exchange",
    es="algo entre el programa y el servidor rechazó el intercambio",
)
_STATUS = Group(
    Category.NETWORK_HTTP_ERROR,
    en="the server answered with an error",
    es="el servidor respondió con un error",
)
_SLOW = Group(
    Category.NETWORK_TIMEOUT, en="the server did not answer in time", es="el servidor no respondió a tiempo"
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
)

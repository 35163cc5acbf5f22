"""Rules for what stands between a program and a server: proxies, certificates, origins, credentials."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .reasons import BLOCKED as _BLOCKED
from .rule import Group

_AUTH = Group(
    Category.NETWORK_BLOCKED,
    en="the server wants credentials or an accepted licence",
    es="el servidor pide credenciales o una licencia aceptada",
)
_NOT_FOUND = (Category.ARTIFACT_MODEL_NOT_FOUND, 0.3)
_POLICY = Group(
    Category.CONFIG_INVALID,
    en="the page's own policy forbids the code that the engine needs",
    es="la propia política de la página prohíbe el código que necesita el motor",
)

RULES = (
    _BLOCKED.rule(
        "cors",
        r"blocked by cors|cors (?:policy|error|request|header|issue|missing|fail)|access-control-allow|cross-origin (?:request|read|resource)|cors (?:rules?|config\w*|settings?|restrictions?|problem)|not allowed by access-control|violates (?:the following )?(?:content security policy|the document's content)|content[- ]security[- ]policy|connect-src|refused to connect to|err_blocked_by|blocked_by_client|err_blocked|blocked by (?:the |your )?(?:firewall|client|administrator|policy|extension|csp|adblock|antivirus|corporate)|mixed content|origins?\b[^\n]{0,60}(?:is |are )?not allowed|(?:set|use|add|configure)[^\n]{0,20} ollama_origins|opaque response|cross-origin-(?:embedder|opener|resource)|crossoriginisolated|private network access|err_access_denied",
        0.93,
        unless=r"unsafe-eval|wasm-eval|script-src|sharedarraybuffer|worker-src|create a worker|construct '?(?:shared)?worker|cors request did not succeed",
    ),
    _POLICY.rule(
        "csp-script",
        r"unsafe-eval|wasm-eval|script-src|wasm code generation disallowed",
        0.78,
        also=((Category.NETWORK_BLOCKED, 0.45), (Category.WORKER_CRASHED, 0.1)),
    ),
    # A worker is code: the policy that refuses it is the page's own.
    _POLICY.rule(
        "csp-worker",
        r"(?:construct '?(?:shared)?worker|create a (?:shared)?worker)[^\n]{0,240}(?:content[- ]security[- ]policy|worker-src)|\bworker-src\b",
        0.84,
        also=((Category.WORKER_CRASHED, 0.4), (Category.NETWORK_BLOCKED, 0.35)),
    ),
    _BLOCKED.rule(
        "tls",
        r"certificate[_ ]verify[_ ]failed|self[- ]signed certificate|unable to get (?:local )?issuer|certificate (?:has expired|is not trusted|signed by unknown|verification|verify|validation|problem|not valid)|\bx509\b|sslerror|ssl_connect|ssl_error_\w+|sslcertverificationerror|ssl: |ssl (?:certificate|handshake|connect|error)|tls (?:handshake|connect)[^\n]{0,30}(?:fail|error)|err_cert_\w+|err_ssl_\w+|unable_to_verify_leaf|unable_to_get_issuer_cert|depth_zero_self_signed|cert_has_expired|schannel|wrong version number|gnutls|err_tls_\w+|invalid peer certificate|decryption_failed_or_bad_record|ssl server verification failed|sslhandshake\w*|sslpeerunverified\w*|certpath\w*|trust anchor|app transport security|pkix path|unable to find valid certification path|unknown ca\b|bad certificate|certificate is not valid|hostname mismatch|hostname [^\n]{1,60} doesn't match",
        0.92,
        also=((Category.NETWORK_UNREACHABLE, 0.14),),
        unless=r"tls connection init failed|ssl module is not available|ssl_error_syscall|gnutls recv error|tls packet|non-properly terminated|unexpected_eof_while_reading|eof occurred in violation|unexpected end of file",
    ),
    _BLOCKED.rule(
        "proxy",
        r"proxyerror|proxy (?:error|authentication|connect|server|refused|tunnel)|proxyconnect|tunnel connection failed|cannot connect to proxy|unable to connect to proxy|\b407\b[^\n]{0,30}proxy|err_proxy_\w+|err_tunnel\w*|socks(?:5|4)?[^\n]{0,30}(?:fail|error|refused|proxy)|behind a (?:corporate )?(?:proxy|firewall)|firewall|(?:kaspersky|avast|norton|eset|bitdefender|mcafee|sophos|crowdstrike|antivirus|vpn|pi-?hole|adguard|ublock)[^\n]{0,40}block|block(?:s|ed|ing) (?:the |this |your )(?:download|connection|request|domain|url)s?\b|unable to tunnel",
        0.87,
        also=((Category.NETWORK_UNREACHABLE, 0.15),),
    ),
    _AUTH.rule(
        "gated",
        r"gated ?repo|gatedrepoerror|access to model[^\n]{0,120}is restricted|restricted and you are not|you must (?:be authenticated|have access|accept)|cannot access gated|please (?:log|sign) in|awaiting a review|request access|accept the (?:license|terms|conditions)|you need to (?:agree|share|log ?in|be logged)|huggingface-cli login|hf auth login|is gated|gated model|pass(?:ing)? a token having permission|use_auth_token|not in the authorized list|private or gated",
        0.92,
        also=(_NOT_FOUND, (Category.NETWORK_HTTP_ERROR, 0.08)),
        unless=r"repository ?not ?found|404 client|is not a local folder",
    ),
    _AUTH.rule(
        "status-401-403",
        r"\b40[13] (?:client error|unauthorized|forbidden)|(?:http|status|code|error|response|returned|responded)[^\n\d]{0,24}\b40[13]\b|\b40[13]:? (?:\(?(?:unauthorized|forbidden))|unauthorized for url|forbidden for url|\bunauthorized\b|\[40[13][:\] ]|\bforbidden\b[^\n]{0,12}\b403\b|forbidden access|invalid (?:username or password|credentials|api key|user token|auth token|access token)|authentication failed|authentication (?:is )?required|authorization (?:failed|required)|password authentication|access (?:is )?forbidden|permission_?denied[^\n]{0,30}\(publickey\)|permission denied \(publickey|(?<!e_)accessdenied|request signature|err 403|token (?:is )?(?:invalid|expired)|(?:invalid|missing|bad|wrong|no valid|without|provide)[^\n]{0,20} credentials|\b40[13] (?:errors?|status|while|when|from)\b|\b40[13]ing\b|\b40[13] ?[-:–] ?(?:forbidden|unauthorized)|token is required|localtokennotfound\w*|no (?:hf |hugging ?face |access |api )?token (?:was |is )?(?:found|provided|set)|requires? approval|(?:got|gets?|getting|giv(?:es?|ing)|receiv\w+|throws?|returns?|with|hit\w*) (?:an? |the |http |status |error )?40[13]\b(?![.,]?\d)",
        0.955,
        also=(_NOT_FOUND, (Category.NETWORK_HTTP_ERROR, 0.3)),
        unless=r"repository ?not ?found for url|repositorynotfound|(?:huggingface\.co|hf\.co)/[\w./-]{0,80}(?:\bundefined\b|\bnone/|\bnull\b)|(?:huggingface\.co|hf\.co)/(?:api/models/)?(?:\.{1,2}|models?|checkpoints?|weights|llm|content|home|mnt|data|workspace|root|tmp)/[^\s]{0,160}(?:/resolve/|/revision/|/tree/)|(?:huggingface\.co|hf\.co)/(?:[\w.-]{1,60}/)?raw/main/|numcudadevices|cudagetdevice|cuda error|hip error",
    ),
    _AUTH.rule(
        "clone-of-gated",
        r"clon(?:e|ing)[^\n]{0,60}huggingface\.co/(?:meta-llama|google|mistralai)/",
        0.7,
        also=(_NOT_FOUND, (Category.NETWORK_UNREACHABLE, 0.2), (Category.HOST_MISSING_DEPENDENCY, 0.12)),
        needs=r"exit status|fail|error|return code|fatal",
    ),
    _BLOCKED.rule(
        "module-from-elsewhere",
        r"cannot find module 'https?://|failed to fetch dynamically imported module: https?://(?!localhost|127\.)|importscripts' on 'workerglobalscope'[^\n]{0,80}https?://",
        0.6,
        also=(
            (Category.HOST_MISSING_DEPENDENCY, 0.45),
            (Category.CONFIG_INVALID, 0.25),
            (Category.WORKER_CRASHED, 0.15),
        ),
    ),
    # A proxy that speaks plain HTTP answers where TLS was to begin.
    _BLOCKED.rule(
        "no-tls-behind-proxy",
        r"first record does not look like a tls handshake",
        0.84,
        also=((Category.CONFIG_INVALID, 0.35), (Category.NETWORK_UNREACHABLE, 0.25)),
    ),
    _BLOCKED.rule(
        "nsurl-refused",
        r"nsurlerrordomain[^\n]{0,20}-?(?:1012|1013|1022|120\d)\b",
        0.93,
        also=((Category.NETWORK_UNREACHABLE, 0.12),),
    ),
    # Filters and portals answer themselves, with a page of their own.
    _BLOCKED.rule(
        "page-of-a-filter",
        r"<title>[^\n<]{0,80}(?:blocked|forbidden|denied|authentication|log ?in|sign ?in|firewall|proxy|attention required|just a moment)|web page blocked|fortigate|fortinet|fortiguard|zscaler|captive portal|sonicwall|websense|blue ?coat|cisco umbrella|web ?filter|this (?:site|page|website) (?:is|has been) blocked|access to this (?:site|page|website) (?:is|has been)",
        0.88,
        also=((Category.ARTIFACT_CORRUPT, 0.36), (Category.NETWORK_HTTP_ERROR, 0.2)),
    ),
    _BLOCKED.rule(
        "answer-is-a-page",
        r"last read: '<'|(?:manifest|registry|\bapi\b|commit|repo\w*)[^\n]{0,80}(?:invalid character '<'|unexpected token '?<|unexpected mimetype:? '?text/html|got html|instead of json)|too ?many ?redirects|maximum redirects|redirect(?:ed|s|ion)?[^\n]{0,30}(?:loop|exceeded|too many)|exceeded \d{1,3} redirects|realm host [^\n]{0,80}does not match",
        0.66,
        also=((Category.NETWORK_HTTP_ERROR, 0.36), (Category.ARTIFACT_CORRUPT, 0.3)),
        phases=(Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS),
    ),
    # The system's own filter refuses the connection as if it were a file.
    _BLOCKED.rule(
        "connection-not-permitted",
        r"connect(?:ion)?(?:error|exception)?[^\n]{0,60}(?:errno 13\b|os error 13\b|os error 10013|winerror 10013|eacces|permission denied)|forbidden by its access permissions",
        0.92,
        also=((Category.STORAGE_PERMISSION, 0.15),),
        unless=r"\.sock\b|docker",
    ),
    _BLOCKED.rule(
        "client-without-tls",
        r"ssl connection failed|ssl certificate loading failed|ssl server verification failed|proxy connection failed",
        0.78,
        also=((Category.NETWORK_UNREACHABLE, 0.4), (Category.HOST_MISSING_DEPENDENCY, 0.15)),
    ),
    # A proxy answers in the place of the machine's own server.
    _BLOCKED.rule(
        "proxy-answers",
        r"proxy request sent[^\n]{0,60}\b(?:40[37]|50[0-4])\b|the system returned: |\bsquid\b|cache administrator|privoxy|x-squid-error|via: 1\.[01] |err_(?:access_denied|connect_fail|dns_fail)\b(?=[^\n]{0,40}squid)",
        0.95,
        also=((Category.NETWORK_HTTP_ERROR, 0.25), (Category.CONFIG_INVALID, 0.25)),
    ),
    # A repository that is not public answers without saying where to authenticate.
    _BLOCKED.rule(
        "hub-names-no-realm",
        r"pull model manifest: get [^\n]{0,160}unsupported protocol scheme|pull model manifest: 401|nonce=[^\n]{0,160}unsupported protocol scheme",
        0.9,
        also=((Category.CONFIG_INVALID, 0.4), (Category.ARTIFACT_MODEL_NOT_FOUND, 0.3)),
    ),
    _BLOCKED.rule(
        "registry-denied",
        r"denied: requested access to the resource|pull access denied|insufficient_scope|denied: permission_denied|denied: denied|authorization failed: no basic auth",
        0.86,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.45),),
    ),
    _BLOCKED.rule(
        "proxy-not-understood",
        r"unable to determine socks version|unknown (?:proxy|scheme for proxy)|proxy url[^\n]{0,40}(?:invalid|malformed|scheme|unsupported)|invalid proxy|unsupported proxy|missing dependencies for socks support|socksio",
        0.86,
        also=((Category.CONFIG_INVALID, 0.55), (Category.HOST_MISSING_DEPENDENCY, 0.3)),
    ),
    # Git asks for a name where the hub does not say whether the repository is there.
    _AUTH.rule(
        "asked-for-a-name",
        r"could not read (?:username|password)|terminal prompts disabled|username for 'https?://",
        0.66,
        also=((Category.ARTIFACT_MODEL_NOT_FOUND, 0.56), (Category.NETWORK_HTTP_ERROR, 0.1)),
    ),
    # The library's own name for it leaves no doubt.
    _BLOCKED.rule(
        "proxy-raised",
        r"proxyerror|(?:cannot|unable to|failed to|could not) connect to (?:the )?proxy|proxyconnect tcp|err_proxy_\w+|err_tunnel_\w+|tunnel connection failed|connect tunnel failed",
        0.91,
        also=((Category.NETWORK_UNREACHABLE, 0.35), (Category.CONFIG_INVALID, 0.25)),
    ),
    _BLOCKED.rule(
        "windows-refused",
        r"(?:winhttp|wininet|internet|http)[^\n]{0,40}\b(?:12175|12037|12038|12045|12057)\b|0x80072f(?:8f|06|0c|0d|05)\b|(?:internet|winhttp)_(?:secure_failure|sec_\w{3,20})|0x8019019[13]\b",
        0.92,
        also=((Category.NETWORK_UNREACHABLE, 0.15),),
    ),
)

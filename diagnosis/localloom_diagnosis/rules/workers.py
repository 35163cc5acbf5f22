"""Rules for a worker that ended: of a page, of an extension, of an engine of several processes."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_EXTENSION = Group(
    Category.WORKER_CRASHED,
    en="the page and its service worker lost each other",
    es="la página y su service worker perdieron el contacto",
)
_WORKER = Group(
    Category.WORKER_CRASHED, en="a worker ended or could not start", es="un worker terminó o no pudo arrancar"
)
_ENGINE = Group(
    Category.WORKER_CRASHED,
    en="a worker process of the engine died",
    es="murió un proceso de trabajo del motor",
)
_SEGMENTS = Group(
    Category.STORAGE_QUOTA_OR_DISK_FULL,
    en="the space for shared memory between processes is full",
    es="el espacio de memoria compartida entre procesos está lleno",
)
_KILLED = Group(
    Category.HOST_OUT_OF_MEMORY,
    en="the system ended a worker, most often for its memory",
    es="el sistema terminó un proceso de trabajo, casi siempre por su memoria",
)

_ABOVE = Group(
    Category.UNKNOWN,
    en="the engine says only that its core did not start; the cause stands above",
    es="el motor solo dice que su núcleo no arrancó; la causa está más arriba",
)

_PAGE = Group(
    Category.CONFIG_INVALID,
    en="the program gives a worker what workers cannot have",
    es="el programa da a un worker lo que un worker no puede tener",
)
_CRASHED = (Category.PROCESS_CRASHED, 0.25)

RULES = (
    _EXTENSION.rule(
        "message-channel",
        r"message (?:channel|port) (?:is |was )?closed|extension context (?:was |is )?invalidated|port (?:is |was )?(?:closed|disconnected)|attempting to use a disconnected port|disconnected port|\bno sw\b|failed to update a serviceworker|missedheartbeat|reconnecting to service worker|back/forward cache|service worker (?:was |is |has been |registration )?(?:terminated|stopped|inactive|idle|killed|crashed|died|not (?:active|found|ready|registered|supported|available)|fail\w*|unregistered|lost|null|undefined)|failed to register a service ?worker|serviceworker[^\n]{0,80}(?:fail|error|rejected|terminated|not (?:supported|available|registered|active)|stop)|service ?worker (?:registration|script)[^\n]{0,60}(?:fail|error)|registration failed|navigator\.serviceworker|(?:worker|port|sw|extension)[^\n]{0,40}keep-?alive|registration failed[^\n]{0,40}status code: \d+|worker (?:is )?(?:dead|inactive)",
        0.85,
        also=((Category.CONFIG_INVALID, 0.08),),
        unless=r"failed to connect to|urllib|requests\.|aiohttp",
    ),
    # Extensions of others write this into every page's console: beside another failure it says little.
    _EXTENSION.rule(
        "no-receiver",
        r"receiving end does not exist",
        0.92,
        also=((Category.CONFIG_INVALID, 0.12),),
        unless=r"unchecked runtime\.lasterror",
    ),
    _EXTENSION.rule(
        "no-receiver-unchecked",
        r"unchecked runtime\.lasterror[^\n]{0,80}receiving end does not exist",
        0.68,
        also=((Category.CONFIG_INVALID, 0.15),),
    ),
    _WORKER.rule(
        "web-worker",
        r"failed to construct '?(?:shared)?worker|return from a unknown uuid|refused to create a worker|worker (?!- |(?:rank|pid|tp|dp|pp)\d{0,3}\b)(?:script|thread|process)?[^\n]{0,40}(?:terminated|crashed|died|exited|error|failed|not responding|unresponsive|lost|was killed|stopped)|err_worker_\w+|datacloneerror|could not be cloned|webworker[^\n]{0,60}(?:fail|error|crash)|postmessage[^\n]{0,60}(?:fail|error|not a function|null|undefined)|worker\.onerror|onmessageerror|error in (?:the )?worker|(?:exception|error)s?[^\n]{0,60}\bonmessage\b|\bonmessage handler|importscripts|uncaught[^\n]{0,20}in worker|unknownmessageerror|unknown message kind|workererror|the worker[^\n]{0,40}(?:fail|error|not)",
        0.82,
        also=((Category.CONFIG_INVALID, 0.15), (Category.HOST_OUT_OF_MEMORY, 0.1)),
        unless=r"#<\w+> could not be cloned|no available backend found|\(-9\)|signal 9\b|sigkill|code:? -9\b|low on memory|worker node|out of memory|cannot be accessed from origin|content security policy|worker-src",
    ),
    _ENGINE.rule(
        "engine-dead",
        r"engine loop is not running|mqenginedead|mqllmengine is already dead|threadedengine has terminated|enginedeaderror|asyncenginedead|engine(?:core)?[^\n]{0,30}(?:died|is dead|dead|encountered an issue|failed to start|process(?:es)? failed|not running|stopped)|background loop (?:has errored|is not running|is stopped)|worker(?:s)?(?! (?:rank|pid|tp|dp|pp)\d{0,3}\b)[^\n]{0,40}(?:died|is dead|failed to start|proc\w* (?:failed|died|initialization)|crashed)|vllmworkerprocess(?=[^\n]{0,40}(?:error|exception|critical|died|traceback))|worker failed|workerproc(?!ess)|no heartbeat|actordied\w*|actor (?:died|is dead)|raytaskerror|rayactorerror|ray\.exceptions|owner died|brokenprocesspool|process pool|childfailederror|elastic[^\n]{0,40}(?:fail|error)|child process (?:exited|died|terminated)|the actor (?:died|is dead|was killed|has|exited)|mpi_abort|processexitedexception|spawn\.\w+exception|sigchld|dataloader worker|shard ?cannot ?start|shard \d+ (?:failed to start|terminated|crashed)|background (?:thread|loop|engine) (?:has |was )?(?:terminated|died|exited|crashed)",
        0.74,
        also=(_CRASHED, (Category.PROCESS_HUNG, 0.12), (Category.GPU_OUT_OF_MEMORY, 0.08)),
        wrapper=True,
    ),
    # The engine's starter knows that its core did not start, and says where to look.
    _ABOVE.rule(
        "core-did-not-start",
        r"engine core initialization failed|failed core proc|see (?:the )?(?:root cause|stack ?trace|error|logs?) above",
        0.6,
        also=((Category.WORKER_CRASHED, 0.5), _CRASHED),
        wrapper=True,
    ),
    # Ray lists what may have ended a worker; none of the list is a finding.
    _ENGINE.rule(
        "ray-lists-causes",
        r"(?:potential root causes|common causes (?:include|are))[^\n]{0,40}\(1\)|a worker died or was killed while executing a task|worker exit type: ",
        0.86,
        also=((Category.HOST_OUT_OF_MEMORY, 0.36), (Category.PROCESS_CRASHED, 0.3)),
        unless=r"memory pressure|exceeds the memory usage|killed this worker",
    ),
    # A call to a worker that got no answer, after which the engine gave up.
    _ENGINE.rule(
        "dead-for-want-of-an-answer",
        r"enginedeaderror|engine is dead|enginecore encountered an issue|engine loop is not running",
        0.78,
        also=((Category.PROCESS_HUNG, 0.45),),
        needs=r"timed ?out|timeout|heartbeat",
    ),
    _ENGINE.rule(
        "collective",
        r"nccl (?:error|watchdog|timeout|communicator|failure|remote)|nccl[^\n]{0,80}(?:error|fail|unhandled|timed? ?out)|unhandled (?:cuda|system) error|rccl[^\n]{0,40}error|distbackenderror|disterror|gloo[^\n]{0,60}(?:error|fail|timeout)|collective (?:operation )?time|process group[^\n]{0,40}(?:timeout|fail|error)|rendezvous|tcpstore|all_?reduce[^\n]{0,30}(?:fail|error|timeout)|ipc[^\n]{0,30}handle",
        0.6,
        also=(
            (Category.GPU_DRIVER, 0.25),
            (Category.CONFIG_INVALID, 0.22),
            (Category.PROCESS_HUNG, 0.2),
            (Category.STORAGE_QUOTA_OR_DISK_FULL, 0.25),
            (Category.NETWORK_TIMEOUT, 0.12),
        ),
    ),
    # Without room in /dev/shm NCCL cannot make its segments.
    _SEGMENTS.rule(
        "no-room-for-segments",
        r"error while creating shared memory segment|(?:call to (?:ftruncate|posix_fallocate|shm_open)|posix_fallocate)[^\n]{0,60}(?:failed|no space)|/dev/shm[^\n]{0,60}(?:too small|full|space|insufficient)|(?:space|run out|ran out|too small)[^\n]{0,40}/dev/shm",
        0.84,
        also=((Category.HOST_OUT_OF_MEMORY, 0.4), (Category.WORKER_CRASHED, 0.4)),
    ),
    # A pipe between an engine and its worker processes broke: the worker is gone.
    _ENGINE.rule(
        "pipe-to-a-worker",
        r"check failed: n(?:write|read) != -1|write error: broken pipe|read error: connection reset",
        0.84,
        also=(_CRASHED,),
    ),
    # Of several processes one is gone, and another tells.
    _ENGINE.rule(
        "peer-gone",
        r"remote rpc server crashed|other ranks that didn't finish|(?:server|request)[^\n]{0,40}error trying to connect: no such file|deadobjectexception|stream closed without proper shutdown|worker \d+ exited with code|remote process exited|pair\.cc:\d+\] connection (?:closed|reset)|(?:test|child|sub-?)[ -]?process (?:disconnected|via file)|\.js disconnected\b|failed to run a test process|lost connection to (?:the )?(?:worker|runner|engine|backend)|rank \d+[^\n]{0,40}(?:died|is dead|exited)\b(?! normally)",
        0.84,
        also=(_CRASHED, (Category.HOST_OUT_OF_MEMORY, 0.15), (Category.NETWORK_UNREACHABLE, 0.12)),
        unless=r"code:? -9\b",
    ),
    _KILLED.rule(
        "core-killed",
        r"'enginecore_\w+': -9\b|'enginecore_\w+': 137\b",
        0.86,
        also=((Category.WORKER_CRASHED, 0.4), _CRASHED),
    ),
    # What FastChat's page says where the process that holds the model does not answer.
    _ENGINE.rule(
        "model-worker-silent",
        r"network error due to high traffic|no available worker|worker (?:is )?not (?:registered|available|responding)|get worker status fails|no worker is available",
        0.66,
        also=(
            (Category.NETWORK_UNREACHABLE, 0.36),
            (Category.NETWORK_TIMEOUT, 0.25),
            (Category.GPU_OUT_OF_MEMORY, 0.15),
        ),
        unless=r"timed ?out|due to high traffic[^\n]{0,60}(?:\n|\\n){0,4}\((?:the |cuda|hip|expected|an |a |input|index)",
    ),
    _ENGINE.rule(
        "broken-pipe",
        r"broken ?pipe|brokenpipeerror|\bepipe\b|errno 32\b|connection to (?:the )?(?:runner|worker|engine|subprocess)[^\n]{0,30}(?:lost|closed)",
        0.5,
        also=(_CRASHED, (Category.NETWORK_UNREACHABLE, 0.2)),
    ),
    # People's own words for what the browser does with an extension's parts.
    _EXTENSION.rule(
        "part-put-to-sleep",
        r"(?:service ?worker|background (?:script|page|worker)|offscreen (?:document|page)|side ?panel|popup|content script)s?(?: \w{1,12}){0,3} (?:goes? to sleep|falls? asleep|sleeps?|suspend\w*|is closed|was closed|closes|gets closed|shuts? down|unload\w*|dies|die|died|stops?|gets? (?:killed|terminated|stopped|unloaded)|timed? out|restarts?|is gone)|(?:terminates?|kills?|suspends?|stops?|unloads?) (?:the |my |our |its )?(?:service ?worker|background (?:script|page|worker)|offscreen (?:document|page))",
        0.87,
        also=((Category.PROCESS_HUNG, 0.15), (Category.CONFIG_INVALID, 0.1)),
    ),
    _ENGINE.rule(
        "one-of-several-died",
        r"(?:one|some|all) of (?:the |its |my )?(?:[\w-]{1,12} ){0,3}(?:workers|ranks|processes|replicas|shards) (?:has |have |is |was )?(?:died|dies|crash\w*|dead|exited|killed|terminated|gone)|worker timeout \(pid|worker \(pid:? ?\d+\) (?:was sent|exited|died)|subprocess died|scheduler (?:process )?(?:died|crashed|is dead)|(?:detokenizer|tokenizer|scheduler|router) (?:process|manager|worker) (?:died|crashed|exited|terminated|is dead)|managed by the executor was unexpectedly terminated|terminatedworkererror|isolate (?:exited|was killed|terminated)|lost worker|worker lost|workerlosterror",
        0.8,
        also=(_CRASHED, (Category.PROCESS_HUNG, 0.2), (Category.HOST_OUT_OF_MEMORY, 0.2)),
        unless=r"sigsegv|sigabrt|signal 11|sigkill|signal 9\b|: -9\b|perhaps out of memory|limits? of config",
    ),
    # A launcher counts the signal that ended one of its shards.
    _ENGINE.rule(
        "shard-signalled",
        r"shard process was signaled to shutdown",
        0.95,
        also=(_CRASHED, (Category.HOST_OUT_OF_MEMORY, 0.2)),
        unless=r"with signal 4\b|with signal 9\b",
    ),
    # The launcher only passes on that one of its processes fell; that one's own words stand before.
    _ENGINE.rule(
        "launcher-gives-up",
        r"received sigquit from a child process",
        0.74,
        also=(_CRASHED, (Category.HOST_OUT_OF_MEMORY, 0.15), (Category.GPU_OUT_OF_MEMORY, 0.12)),
        wrapper=True,
    ),
    _SEGMENTS.rule(
        "shm-bus-error",
        r"insufficient shared memory \(shm\)|bus error[^\n]{0,80}shared memory|unable to (?:open|allocate|write)[^\n]{0,40}shared memory|/dev/shm",
        0.6,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.52),
            (Category.CONFIG_INVALID, 0.2),
            (Category.WORKER_CRASHED, 0.2),
        ),
        phases=(Phase.LOAD, Phase.GENERATE, Phase.RUNTIME),
    ),
    # The core of an engine waited in vain for what its worker was to write.
    _ENGINE.rule(
        "worker-wrote-nothing",
        r"\bacquire_read\b|mq\.dequeue|dequeue_timeout|get_response\(w\b|multiproc_executor\.py[^\n]{0,60}(?:in )?(?:collective_rpc|get_response)",
        0.9,
        also=((Category.PROCESS_HUNG, 0.5),),
        needs=r"timeout",
        unless=r"rpc call to \w{1,40} timed out|\bstuck\b|\bhangs?\b|sample_tokens|cuda error|out of memory",
    ),
    # A worker has no page: code that asks for one was not meant for it.
    _PAGE.rule(
        "no-page-in-a-worker",
        r"(?:absence of|no|without|missing|needs?|requires?|lacks?) (?:a |the )?(?:`|')?(?:window|document|dom)\b[^\n]{0,60}\bworkers?\b|\b(?:window|document|localstorage) is not defined[^\n]{0,60}\bworkers?\b|\bworkers?\b[^\n]{0,60}\b(?:window|document|localstorage) is not defined",
        0.9,
        also=((Category.WORKER_CRASHED, 0.4), (Category.ARTIFACT_INCOMPATIBLE, 0.15)),
    ),
    # An object that carries functions is not a message.
    _PAGE.rule(
        "message-with-functions",
        r"#<\w{1,40}> could not be cloned|gpu(?:device|adapter|buffer) object could not be cloned|=> [^\n]{0,60} could not be cloned|function [^\n]{0,80} could not be cloned",
        0.82,
        also=((Category.WORKER_CRASHED, 0.5),),
    ),
    _EXTENSION.rule(
        "service-worker-in-words",
        r"service ?worker[^\n]{0,24}\b(?:keeps? (?:dying|crashing|stopping|restarting|going)|dying|dies|crash\w*|(?:is |does |do )?(?:not|n't) (?:work\w*|start\w*|respond\w*|load\w*))\b",
        0.84,
        also=((Category.PROCESS_HUNG, 0.15), (Category.CONFIG_INVALID, 0.15)),
    ),
)

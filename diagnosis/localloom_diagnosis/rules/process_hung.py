"""Rules for a program that goes on without an end, or waits for another in vain."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_HANG = Group(
    Category.PROCESS_HUNG, en="the program stopped making progress", es="el programa dejó de avanzar"
)

_CARD = Group(
    Category.GPU_DEVICE_LOST,
    en="the device hangs and does not come back",
    es="el dispositivo se cuelga y no vuelve",
)

_DOWNLOAD = Group(
    Category.NETWORK_TIMEOUT,
    en="a download stands still",
    es="una descarga no avanza",
)

_WORKER = Group(
    Category.WORKER_CRASHED,
    en="a worker of the engine did not answer, and the engine ended",
    es="un proceso auxiliar del motor no respondió, y el motor terminó",
)

RULES = (
    _HANG.rule(
        "hang-words",
        r"\b(?:hang(?:s|ing)?|hung|frozen|freez(?:e|es|ing)|stuck|(?<!cause )deadlock(?:ed)?|unresponsive|(?<!server )(?<!could )not respond(?:ing)?|block(?:s|ed)? (?:indefinitely|forever)|never (?:returns?|ends?|finish\w*|complet\w*|resolv\w*|responds?)|no (?:response|progress|output(?! i could))|infinite(?:ly)? (?:loop|load\w*|wait\w*)|loading forever|forever|stops? respond\w*|nothing happens|keeps? (?:loading|spinning|waiting)|waiting (?:forever|indefinitely)|stall(?:s|ed)?)\b",
        0.72,
        unless=r"device timeout|potential hang detected|device is unrecoverable|device hang|(?:gpu|device|ring|queue|mes|psp|engine|node \d)[^\n]{0,24} (?:hang\b|hung\b)|hang(?:check)? (?:detected|recovery)",
        also=(
            (Category.NETWORK_TIMEOUT, 0.12),
            (Category.GPU_DEVICE_LOST, 0.08),
            (Category.WORKER_CRASHED, 0.1),
        ),
        wrapper=True,
    ),
    # One process of the machine waited for another, and not for the network.
    _HANG.rule(
        "waited-in-vain",
        r"timed ?out waiting for (?:the |an? )?(?:llama|runner|model|engine|host answer|backend|child|worker|(?:\w+ )?server (?:startup|to\b|ready))|(?:binary|load|binding|gpu|self)[ -](?:load )?(?:test|check) timed out|sub-?process timed out|(?:fails?|failed|unable) to (?:launch|start|become ready|respond|load) (?:with)?in \d+|did not (?:receive (?:a )?response from|respond|answer|become ready)[^\n]{0,40} (?:with)?in \d+|(?:127\.0\.0\.1|localhost|\[::1\]):\d{2,5}/health[^\n]{0,20}: (?:context )?deadline|model not responding|(?:model|slot|backend) is busy for too long|no slots? available after|rpc error: code = deadlineexceeded|start operation timed out|barrier timed out|closed before (?:the )?(?:llama-?)?server finished loading|probe failed|failed startup probe",
        0.94,
        unless=r"heartbeat|server to start: context canceled",
        also=(
            (Category.NETWORK_TIMEOUT, 0.3),
            (Category.WORKER_CRASHED, 0.2),
            (Category.CONFIG_INVALID, 0.1),
        ),
    ),
    # Who had to kill it tells of a hang, not of the system's killing.
    _HANG.rule(
        "had-to-be-killed",
        r"(?:cannot|can't|could not|couldn't|unable to) (?:be )?kill(?:ed)?\b|unkillable|(?:needs?|needed|tried|requires?|even|only|have to|had to|must) (?:to )?(?:be )?(?:a |use |send |with )?(?:sigterm|sigquit|sigint|sigkill|kill -9|force[- ](?:quit|kill|stop)|hard reboot)|(?:does not|doesn't|did not|didn't|won't) (?:react|respond) to (?:ctrl|sig|kill|\^c)",
        0.97,
        also=((Category.GPU_DRIVER, 0.12), (Category.NETWORK_TIMEOUT, 0.08)),
    ),
    # What people write of a program that goes on without an end.
    _HANG.rule(
        "goes-on-without-end",
        r"uninterruptible|wedge[ds]?\b|never (?:completes?|finish(?:es)?|returns?|loads?|comes? back)\b|(?:stalls?|hangs?|stuck) mid|pegged at \d{2,3} ?%|(?:output|generation|server|process|client|it) (?:just |simply |suddenly )(?:stopp?(?:ed|s)?(?! working)|hangs?|sits|froze)\b|(?:spins?|stuck|stays?|sits) at 100 ?%|(?:for|after) (?:hours|an hour|\d+ (?:hours|minutes|min))[^\n]{0,30}(?:nothing|no (?:output|progress|response|token))|0 tokens in \d+ s|(?:hours?|minutes|days?) without (?:any )?(?:progress|output|result|response|answer)|never (?:got|gets|receives?) (?:a |an |any )?(?:answer|response|reply|token)",
        0.9,
        unless=r"(?:gpu|device|amdgpu|\bmes|\bring)[^\n]{0,30} (?:hang|hung|wedged)|device[- ]?lost",
        also=((Category.NETWORK_TIMEOUT, 0.12), (Category.GPU_DRIVER, 0.1)),
        phases=(Phase.LOAD, Phase.GENERATE, Phase.COMPILE, Phase.RUNTIME, Phase.PREFLIGHT),
    ),
    _HANG.rule(
        "start-timeout",
        r"timed ?out waiting for (?:llama|server|runner|the model|engine|model)|time(?:d)? ?out[^\n]{0,60}(?:runner|llama|model load|engine|worker|start|loading|ready|ping|rpc|execute_model|inference|generat\w*)|(?:runner|model|engine|server|worker)[^\n]{0,40}(?:timed out|timeout)|progress 0\.00|failed to (?:start|become ready|respond) (?:with)?in|did not (?:start|respond|become ready)|rpc call to \w+ timed out|shm_broadcast|no available (?:shared memory )?(?:broadcast )?block found",
        0.7,
        unless=r"heartbeat|enginedeaderror|worker timeout \(pid|gateway time|https?://(?!127\.|localhost|\[::1\]|0\.0)",
        also=(
            (Category.NETWORK_TIMEOUT, 0.15),
            (Category.WORKER_CRASHED, 0.15),
            (Category.HOST_OUT_OF_MEMORY, 0.06),
        ),
    ),
    # Who interrupts a program by hand had waited for it.
    _HANG.rule(
        "interrupted",
        r"keyboardinterrupt|\^c\b|ctrl[+-]c\b(?! to (?:quit|stop|exit|cancel|shut))",
        0.46,
        also=((Category.UNKNOWN, 0.4),),
        wrapper=True,
    ),
    _HANG.rule(
        "sw-initial-evaluation",
        r"must be added on the initial evaluation of worker script",
        0.55,
        also=((Category.WORKER_CRASHED, 0.42),),
    ),
    _HANG.rule(
        "slow-progress",
        r"\b\d{1,3}% completed, \d+ secs elapsed|loading model from cache\[|fetching param cache\[|start to fetch params|loading gpu shader modules\[|pulling [0-9a-f]{8,}|verifying sha256 digest|waiting for (?:server|llama runner|engine|the)|loading checkpoint shards: +\d+%",
        0.3,
        also=((Category.NETWORK_TIMEOUT, 0.18), (Category.GPU_OUT_OF_MEMORY, 0.1), (Category.UNKNOWN, 0.1)),
        phases=(Phase.LOAD, Phase.WEIGHTS, Phase.COMPILE, Phase.GENERATE, Phase.METADATA),
        wrapper=True,
    ),
    _HANG.rule(
        "watchdog",
        r"watchdog transgression|0x8badf00d|watchdog (?:timeout|triggered|timed out|expired)|watchdog caught collective operation timeout|watchdog_timeout|soft lockup|blocked for more than \d+ seconds|no progress (?:for|in) \d+|result_code_hung|page unresponsive",
        0.72,
        also=((Category.WORKER_CRASHED, 0.2), (Category.GPU_DEVICE_LOST, 0.1)),
        unless=r"nccl[^\n]{0,20}error|distbackenderror",
    ),
    _HANG.rule(
        "hangs-somewhere",
        r"\b(?:hangs?|hanging|hung|stuck|freezes|frozen|(?<!cause )deadlocks?) (?:up )?(?:after|at|on|when|while|during|forever|in|with|for|indefinitely|here|there)\b|(?:gpu|cpu) (?:usage |utili[sz]ation )?(?:is |at |stays at )?0 ?%[^\n]{0,60}(?:forever|nothing|restart|stuck|hang)",
        0.8,
        also=((Category.WORKER_CRASHED, 0.12), (Category.NETWORK_TIMEOUT, 0.1)),
        phases=(Phase.LOAD, Phase.GENERATE, Phase.COMPILE, Phase.RUNTIME, Phase.PREFLIGHT),
    ),
    # What several processes say last when each waits for the others.
    _HANG.rule(
        "waiting-for-the-others",
        r"[nr]ccl version \d|using nccl==|found nccl|backend=nccl|init_process_group|distributed_init_method|multiproc_(?:gpu_)?executor\.py:\d|custom_cache_manager\.py:\d|pynccl\.py:\d|multiproc_worker_utils\.py:\d|defaulting to use mp for distributed|nccl info (?:using|channel|connected|bootstrap|comm|ring|trees?)\b",
        0.78,
        also=((Category.GPU_DRIVER, 0.25), (Category.WORKER_CRASHED, 0.2), (Category.CONFIG_INVALID, 0.2)),
        phases=(Phase.LOAD, Phase.RUNTIME, Phase.PREFLIGHT),
        unless=r"\berror\b|\berrors?:|\w+error\b(?!=)|traceback|exception|failed|failure|killed|abort|out of memory|unhandled|fault",
        wrapper=True,
    ),
    _HANG.rule(
        "stands-still-in-other-languages",
        r"卡死|卡住|(?<!显)卡在|一直卡|没(?:有)?反应|無反應|无响应|没有响应|永不返回|一直(?:加载|转圈|等待)|不动了|フリーズ|固まる|응답 ?없음|se queda (?:colgad|congelad|pillad|cargand|pensand)\w+|bleibt [^\n]{0,20}(?:hängen|stehen)|hängt sich auf|зависа(?:ет|ют)|зависло|завис\b|бесконечная загрузка|(?:fica|ficou) (?:travad|carregand|parad)\w+|(?:est|reste) (?:bloqué|figé|coincé)\w{0,2}|ne répond (?:pas|plus)|멈춤|멈춰|무한 로딩|(?:まま|から)進まな|止まったまま|応答しな|応答なし|一直在(?:加载|转|等)|加载不动|无限(?:加载|等待)|没有任何反应|卡(?:住|死)不动",
        0.9,
        also=((Category.PROCESS_CRASHED, 0.15), (Category.NETWORK_TIMEOUT, 0.1)),
    ),
    _HANG.rule(
        "answers-nobody",
        r"(?:endpoints?|server|api|backend|engine|runner|ui|app|request)s?\b[^\n]{0,50} (?:do|does|did|is|are|was|were)(?: not|n't) (?:respond\w*|answer\w*|return\w*|react\w*)\b|requests? (?:is |are |was |were )?(?:queued|accepted|pending)[^\n]{0,40}(?:never|forever|but not)|never (?:scheduled|dispatched|picked up|processed)|model_wait_dead|stuck at \d{1,3} ?%|hangs? at \d{1,3} ?%",
        0.88,
        also=((Category.NETWORK_TIMEOUT, 0.2), (Category.PROCESS_CRASHED, 0.15)),
        unless=r"\b(?:40\d|50\d)\b|not found|(?:correct|valid|proper) (?:response|json|answer)",
        phases=(Phase.LOAD, Phase.GENERATE, Phase.COMPILE, Phase.RUNTIME),
    ),
    # A card that hangs takes its program with it.
    _CARD.rule(
        "hang-of-the-device",
        r"device timeout, potential hang|potential hang detected|device is unrecoverable|\bdevice hang\b|mes (?:queue|hang|failed|might be)[^\n]{0,40}|waiting for physical cores to finish|hangcheck|psp reset|hang on (?:card|ring|vcs|rcs)\d?",
        0.88,
        also=((Category.PROCESS_HUNG, 0.45), (Category.GPU_DRIVER, 0.25)),
    ),
    # What a sample of a program's stacks shows that waits: locks and queues of the system.
    _HANG.rule(
        "stacks-that-wait",
        r"__ulock_wait|__psynch_(?:cv|mutex)wait|semaphore_wait_trap|mach_msg2?_trap|\bfutex(?:_wait|_do_wait)?\b|__futex_abstimed|__lll_lock_wait|pthread_cond_(?:timed)?wait|condition_variable::wait|zwwaitfor\w{0,20}|ntwaitfor\w{0,20}|waitforsingleobject|goroutine \d{1,6} \[[^\n\]]{1,40}, \d{1,5} minutes|py-spy dump|state:? d \(disk sleep\)|\bd[- ]state\b",
        0.78,
        also=((Category.PROCESS_CRASHED, 0.2), (Category.GPU_DRIVER, 0.1)),
        unless=r"crashed|sigsegv|segfault|segmentation|sigabrt|exception type|fatal|panic:|\berror\b|killed|terminat",
    ),
    # What people see who wait: a screen or a bar that stays as it is.
    _HANG.rule(
        "screen-that-stays",
        r"(?:remains?|stays?|keeps?|sits?|stuck|left) (?:\w{1,10} ){0,3}(?:in|on|at) (?:a |the )?(?:\"|')?(?:loading|initiali[sz]ing|processing|pending|starting|preparing|thinking|waiting)\b|loading (?:screen|state|spinner|indicator|animation|circle|icon)\b[^\n]{0,60}(?:forever|nothing|never|indefinite|does|stay|stuck|keep|hours|minutes)|(?:does|doing|do) (?:absolutely )?nothing\b|(?:doesn't|does not|don't|not) (?:seem to |appear to )?(?:do|doing|be doing) anything|stops? at (?:exactly |about |around )?\d{1,3} ?%|stays? at \d{1,3} ?%|(?:at|is) (?:\"|')?0 ?%(?:\"|')? (?:for|of) (?:a long|long|ever|hours|minutes)|\bindefinitely\b|will stop at|never (?:starts?|begins?|prints?|shows?|outputs?|gets past|proceeds?|reaches|happens|seems? to)\b|(?:stops|stopped|halts|halted) (?:progressing|moving|responding|at this point|there|here)|(?:no|without) (?:further|more) (?:output|log|progress|activity|response|action)|(?:waited|waiting) (?:for )?(?:over |about |more than |at least |up to )?(?:\d{1,3}|an|several|many) ?\+? ?(?:hours?|minutes|mins?)|idl(?:es|ing)\b|nothing for (?:over |about |more than )?\d+ ?(?:h\b|hours?|min)|(?:has|have) not moved|no (?:more|further|new) lines?|no lines? after|been like that|there it stays|(?:and |\W)then nothing\b|stays? (?:pending|at|there|like that|forever)\b|never goes on|(?:been|is) (?:turning|spinning|running|compiling|loading) (?:for |since )[^\n]{0,16}(?:hours?|minutes|days?)|\(idle\):|has no effect either|no tokens? (?:are |is |were |ever )?(?:produced|generated|emitted|returned|streamed|coming)|does not (?:proceed|continue|progress|move)|(?:is |was )?(?:unresponsive|not responding)|\banr\b|(?:cannot|can't|unable to) (?:get|give|receive) (?:any |a |the )?(?:response|reply|answer)s?\b",
        0.74,
        also=((Category.NETWORK_TIMEOUT, 0.14), (Category.UNKNOWN, 0.16), (Category.PROCESS_CRASHED, 0.1)),
        phases=(Phase.LOAD, Phase.GENERATE, Phase.COMPILE, Phase.RUNTIME),
        wrapper=True,
    ),
    # One who waits for another of the same machine gives up with a limit of his own.
    _HANG.rule(
        "own-limit-of-waiting",
        r"timeout waiting for (?:model|engine|instance|runner|server|worker|backend)\b|timeouterror: result expired|(?:model|engine|server|backend|instance) (?:did not|didn't|does not|never) (?:become|became|get) (?:ready|healthy|available)|not ready (?:after|within|in) \d|waited (?:too long|\d+ ?s)|(?:startup|readiness|liveness) probe (?:failed|errored)|health ?check (?:failed|timed out|timeout)|gave up waiting|giving up waiting|took too long to (?:load|start|respond)",
        0.72,
        also=(
            (Category.WORKER_CRASHED, 0.25),
            (Category.PROCESS_CRASHED, 0.3),
            (Category.NETWORK_TIMEOUT, 0.2),
        ),
    ),
    # An engine that gives its worker up is at its end; who asked sees that end.
    _WORKER.rule(
        "worker-given-up",
        r"(?:acquire_read|acquire_write|dequeue_timeout|get_response|collective_rpc|enginecore encountered)(?s:.{0,900})(?:raise timeouterror|timeouterror(?: |$|\n)|dequeue_timeout|rpctimeout)|enginecore\w{0,12}(?: pid=\d{1,8})?\)[^\n]{0,60} (?:raise )?timeouterror(?:\n|$)|enginedeaderror(?s:.{0,600})timed out|timed out(?s:.{0,600})enginedeaderror",
        0.86,
        also=((Category.PROCESS_HUNG, 0.66), (Category.GPU_DEVICE_LOST, 0.12)),
        needs=r"enginecore|engine_core|engine core|multiproc_executor|shm_broadcast|enginedead",
        unless=r"\bhang(?:s|ing)?\b|\bhung\b|\bstuck\b|freez|raise timeouterror\(f",
    ),
    # Cards that found each other and say no more than that wait for each other.
    _HANG.rule(
        "ring-is-closed",
        r"(?:nccl|rccl|hccl) info [^\n]{0,40}(?:connected all (?:rings|trees)|init complete|p2p channels per peer)|connected all (?:rings|trees)\b",
        0.85,
        also=((Category.GPU_DRIVER, 0.3), (Category.CONFIG_INVALID, 0.3), (Category.WORKER_CRASHED, 0.2)),
        unless=r"\berror\b|\w+error\b|traceback|exception|failed|failure|killed|abort|out of memory|fault",
    ),
    # A download that stands still waits for the network; at its end, for the program.
    _DOWNLOAD.rule(
        "download-that-stands-still",
        r"(?:pull(?:s|ed|ing)?|download(?:s|ed|ing)?|fetch(?:es|ed|ing)?|manifest|clon(?:e|ing))\b[^\n]{0,60} (?:stuck|stops?|stopped|hangs?|hanging|freez(?:es|ing)|frozen|stall(?:s|ed)|forever|no progress|not moving)\b|(?:stuck|hangs?|hanging|freez(?:es|ing)|frozen|stall(?:s|ed)) (?:on|at|in|while|during|when)?[^\n]{0,40}(?:pull|download|fetch|manifest|cloning)\w{0,3}\b|(?:pull|download|fetch|clon)\w{0,4}\b[^\n]{0,100}(?:(?:tremendously|extremely|very|so|too|really|painfully|incredibly|super) slow\w{0,2}|barely|crawl\w{0,3}\b|\b0 ?(?:b|kb|bytes|mb)/s|speed (?:drops|is 0|turns to 0|goes to 0))|(?:(?:tremendously|extremely|very|so|too|really|painfully|incredibly|super) slow\w{0,2}|forever|\b0 ?(?:b|kb|bytes|mb)/s)[^\n]{0,60}(?:pull|download|fetch|clon)\w{0,4}\b",
        0.8,
        also=(
            (Category.PROCESS_HUNG, 0.62),
            (Category.NETWORK_UNREACHABLE, 0.35),
            (Category.NETWORK_BLOCKED, 0.15),
        ),
        phases=(Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS),
        unless=r"100 ?%|part \d+ stalled|verifying",
    ),
    _HANG.rule(
        "been-at-it-for-hours",
        r"been (?:stuck )?(?:compil|convert|quantiz|load|run|generat|process|initializ|initialis|prepar|wait|think|build|upload|index|merg|load)ing\b(?: \w+){0,4} (?:for|since) (?:over |more than |about |almost |nearly |at least )?(?:an?|\d+|several|many|some)? ?(?:hours?|minutes|mins|days?|hrs?|h)\b|(?:takes?|taking|took) (?:forever|ages|hours)\b|(?:runs?|running|loads?|loading|compil\w{1,3}) (?:for(?:ever| hours| days| ages)|endlessly|indefinitely)\b",
        0.84,
        also=((Category.NETWORK_TIMEOUT, 0.12), (Category.COMPILE_FAILED, 0.1), (Category.UNKNOWN, 0.1)),
        phases=(Phase.LOAD, Phase.GENERATE, Phase.COMPILE, Phase.RUNTIME, Phase.PREFLIGHT),
        wrapper=True,
    ),
)

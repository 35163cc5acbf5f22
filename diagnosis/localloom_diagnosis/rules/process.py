"""Rules for a process that ended, in the words of its own, of its runner and of the system."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_CRASH = Group(Category.PROCESS_CRASHED, en="the process crashed", es="el proceso falló y se cerró")
_ASSERT = Group(
    Category.PROCESS_CRASHED,
    en="an internal check failed and ended the process",
    es="una comprobación interna falló y terminó el proceso",
)
_FULL = Group(
    Category.HOST_OUT_OF_MEMORY,
    en="memory grew until the program was gone",
    es="la memoria creció hasta que el programa se cerró",
)
_OVERRUN = Group(
    Category.GENERATE_CONTEXT_OVERFLOW,
    en="what was asked is longer than the program bears",
    es="lo pedido es más largo de lo que el programa soporta",
)
_ASKED = Group(
    Category.CONFIG_INVALID,
    en="the server refuses the request as it was put",
    es="el servidor rechaza la petición tal como se hizo",
)
_WAITED = Group(
    Category.PROCESS_HUNG,
    en="who asked left before an answer came",
    es="quien preguntó se fue antes de recibir respuesta",
)
_LOST = Group(
    Category.GPU_DEVICE_LOST,
    en="the result did not come back from the GPU",
    es="el resultado no volvió de la GPU",
)
_ENDED = Group(
    Category.PROCESS_CRASHED,
    en="the runner ended without naming a cause",
    es="el ejecutor terminó sin dar una causa",
)
_TAB = Group(
    Category.HOST_OUT_OF_MEMORY,
    en="the browser ended the page, most often for its memory",
    es="el navegador cerró la página, casi siempre por su memoria",
)
_REACHED = Group(
    Category.NETWORK_UNREACHABLE,
    en="the client does not reach the server of its own machine",
    es="el cliente no llega al servidor de su propio equipo",
)
_NAMELESS = Group(
    Category.UNKNOWN, en="the program says no more than that it failed", es="el programa solo dice que falló"
)
_CANCEL = Group(
    Category.UNKNOWN, en="the work was cancelled on purpose", es="el trabajo se canceló a propósito"
)

_COMPILER = Group(
    Category.COMPILE_FAILED,
    en="a check inside the compiler failed",
    es="falló una comprobación interna del compilador",
)

_MIXED = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="libraries of different builds are mixed",
    es="se mezclan bibliotecas de compilaciones distintas",
)

RULES = (
    _CRASH.rule(
        "segfault",
        r"segment(?:ation)? (?:fault|violation)|seg ?fault|\bsigsegv\b|0xc0000005|\bc0000005\b|3221225477|-1073741819|exit(?:ed)?(?: with)?(?: code| status)?:? ?\(?139\b|exc_bad_access|signal 11\b|invalid memory reference|(?:died|exited|terminated|exit ?code|return ?code|exit status)[^\n]{0,20}(?<!\w)-11\b|'enginecore_\w+': -11\b|invalid permissions for mapped object|nil pointer dereference|invalid memory address|general protection|referenced memory at|memory could not be (?:read|written)",
        0.89,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.12),
            (Category.HOST_OUT_OF_MEMORY, 0.1),
            (Category.GPU_DRIVER, 0.1),
        ),
        unless=r"shared memory \(shm\)|/vendor/lib|libgles_|libllvm-gl|libadreno|nvoglv|amdvlk|libnvidia-|/hw/vulkan\.|internal compiler error",
    ),
    # ctypes and .NET turn the crash of a native call into an exception of their own.
    _CRASH.rule(
        "access-violation",
        r"access[ _]violation(?: (?:reading|writing|executing))?",
        0.8,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.15),
            (Category.GPU_DRIVER, 0.14),
            (Category.HOST_OUT_OF_MEMORY, 0.12),
        ),
    ),
    _CRASH.rule(
        "native-call-of-dotnet",
        r"accessviolationexception|attempted to read or write protected memory",
        0.78,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.6), (Category.HOST_OUT_OF_MEMORY, 0.1)),
    ),
    _CRASH.rule(
        "native-error-in-a-binding",
        r"sehexception|external component has thrown an exception|jni detected error|fatal signal from native",
        0.72,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.HOST_OUT_OF_MEMORY, 0.1)),
    ),
    # Reports that systems write of a program that crashed.
    _CRASH.rule(
        "report-of-a-crash",
        r"arm_thread_state|\"imageoffset\"|thread \d+ (?:name: [^\n]{0,60} )?crashed\b|crashed thread:|triggered by thread|exception type: +exc_|incident identifier|faulting (?:module|application)|exception code: 0x|tombstone|\*\*\* \*\*\* \*\*\*|minidump|crashpad",
        0.8,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.15), (Category.HOST_OUT_OF_MEMORY, 0.12)),
        unless=r"watchdog transgression|0x8badf00d",
        wrapper=True,
    ),
    _CRASH.rule(
        "abort",
        r"\bsigabrt\b|core dumped|aborted\s*(?:$|\n|\(core)|0xc0000409|3221226505|-1073740791|exit(?:ed)?(?: with)?(?: code| status)?:? ?134\b|heap corruption|0xc0000374|3221226356|double free|free\(\): invalid|malloc\(\): |munmap_chunk|corrupted size vs|stack smashing|stack overflow|maximum call stack|sigfpe|floating point exception|integer divide by zero|trace/bpt trap|sigtrap|trace trap|exc_crash|fatal python error|pure virtual|signal 6\b|zsh: abort|trap divide error|trap int3|exitcode: -6\b|abort trap|crash(?:ed)? (?:log|report|dump)|debug assertion failed|exc_guard|unhandled exception at|stack buffer overrun|0xe06d7363|fatal signal",
        0.66,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.12),
            (Category.HOST_OUT_OF_MEMORY, 0.12),
            (Category.GPU_DRIVER, 0.08),
        ),
        wrapper=True,
    ),
    _ASSERT.rule(
        "ggml-assert",
        r"ggml_assert|assertion (?:`|'|\"|failed|error)|assert(?:ion)? failed|\bassert\b[^\n]{0,80}fail|not implemented|unreachable|panicked|panic:|fatal error|std::(?:out_of_range|length_error|runtime_error|logic_error|bad_function_call|bad_cast|invalid_argument|bad_optional_access)|vector::_m_|map::at|basic_string::|invalid vector subscript|terminate called|terminating (?:due to|with)|internal error|unexpectedly found nil|index out of range|index out of bounds|out_of_range",
        0.46,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.25),
            (Category.CONFIG_INVALID, 0.15),
            (Category.COMPILE_FAILED, 0.08),
            (Category.GENERATE_CONTEXT_OVERFLOW, 0.08),
        ),
        wrapper=True,
    ),
    _CRASH.rule(
        "wasm-trap",
        r"memory access out of bounds|out of bounds memory access|runtimeerror: unreachable|table index is out of bounds|indirect call to null|null function or function signature mismatch|function signature mismatch|runtimeerror: aborted|aborted\(|wasm trap|call stack size exceeded|\[webassembly exception\]|call_indirect",
        0.55,
        also=((Category.HOST_OUT_OF_MEMORY, 0.32), (Category.ARTIFACT_INCOMPATIBLE, 0.25)),
        unless=r"both async and sync|aborted\(oom\)|shaderf16|hasfeature|cpu swap space",
        wrapper=True,
    ),
    _CRASH.rule(
        "renderer",
        r"aw, snap|target (?:page, context or browser has been closed|crashed)|page crashed|renderer (?:process )?(?:is |was |has |has been )?(?:crash|gone|killed)|render-?process-?gone|webcontent process (?:crash|terminat)|status_access_violation|status_breakpoint|result_code_killed|sbox_fatal|err_ipc_\w+|app(?:lication)? (?:has )?(?:crash|quit unexpectedly|stopped)\w*|has stopped working|keeps (?:stopping|crashing)|crash(?:es|ed|ing)? (?:on|at|when|while|after|immediately|upon|once|every|each|again|whenever)\b|exit(?:ed)? unexpectedly|closed unexpectedly|(?:has|have|appears to have) crashed|terminated unexpectedly|quit unexpectedly",
        0.6,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.32),
            (Category.ARTIFACT_INCOMPATIBLE, 0.16),
            (Category.WORKER_CRASHED, 0.12),
        ),
        wrapper=True,
    ),
    _ENDED.rule(
        "runner-ended",
        r"llama runner (?:process )?(?:has )?(?:terminated|exited|no longer running|stopped)|runner process has terminated|model runner has unexpectedly stopped|model has crashed|exit code: null|exit status (?:0x\w+|\d+)|exit code:? ?-?\d+|exit(?:ed)? with (?:code|status):? ?[1-9-]\d*|non-?zero exit|process exited|exited with return code|process (?:has )?(?:terminated|died|ended|crashed|exited)|subprocess (?:died|exited|crashed)|server (?:has )?(?:died|exited|crashed|stopped)|do load request: [^\n]{0,80}eof|exited before|returned non-zero|died with|rc=-\d+|error: exit ?code|program terminated with exit",
        0.5,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.18),
            (Category.HOST_OUT_OF_MEMORY, 0.16),
            (Category.ARTIFACT_INCOMPATIBLE, 0.14),
            (Category.GPU_DRIVER, 0.1),
        ),
        wrapper=True,
    ),
    _ENDED.rule(
        "runner-gone",
        r"127\.0\.0\.1:\d{2,5}/\w+\\?\"?: eof|error was encountered while running the model|dial tcp 127\.0\.0\.1:[3-6]\d{4}: connect|post predict|an unknown error was encountered|kernel (?:[^\n]{0,40} )?(?:appears to have )?died|the kernel died|model runner has|unexpectedly stopped",
        0.45,
        also=(
            (Category.UNKNOWN, 0.38),
            (Category.HOST_OUT_OF_MEMORY, 0.2),
            (Category.GPU_OUT_OF_MEMORY, 0.2),
        ),
    ),
    _ENDED.rule(
        "exit-code-of-64-bits",
        r"exit code:? 1844674407\d+",
        0.86,
        also=(
            (Category.HOST_UNSUPPORTED_CPU, 0.15),
            (Category.GPU_OUT_OF_MEMORY, 0.15),
            (Category.GPU_DRIVER, 0.1),
        ),
    ),
    _CANCEL.rule(
        "cancelled",
        r"reload\(?\)? is aborted|was aborted|aborterror: (?:the )?(?:user|signal|operation was aborted|request was)|user (?:aborted|cancel\w*)|cancel+ed by (?:the )?user|operation (?:was )?cancel+ed|engine\.unload\(\) is called|calling unload|context canceled|request (?:was )?cancel+ed(?! while)|interruptgenerate|\bsigint\b",
        0.62,
        also=(
            (Category.NETWORK_UNREACHABLE, 0.15),
            (Category.NETWORK_TIMEOUT, 0.15),
            (Category.WORKER_CRASHED, 0.1),
        ),
        unless=r"instance reference|mapasync|command buffer",
    ),
    _ENDED.rule(
        "did-not-start",
        r"failed to start (?:a |the )?(?:llama|runner|server|engine|model|backend|inference)|(?:server|runner|engine|vllm|backend|llama\.cpp|model process) failed to start|could not start (?:the )?(?:server|runner|engine|backend)|model (?:process|server) (?:crash|stopp|exit)\w*|error in event loop|(?:inference|decoding|generation) thread (?:panicked|died|crashed)|utility process (?:exited|crashed)",
        0.42,
        also=(
            (Category.UNKNOWN, 0.3),
            (Category.GPU_OUT_OF_MEMORY, 0.12),
            (Category.HOST_UNSUPPORTED_CPU, 0.08),
        ),
        wrapper=True,
    ),
    # A server of one machine speaks to its runners over gRPC or HTTP: that they hang up is how their end is seen.
    _ENDED.rule(
        "local-runner-hung-up",
        r"rpc error: code = (?:unavailable|aborted)|error reading from server: eof|transport: error while dialing|(?:127\.0\.0\.1|localhost|\[::1\]):\d{4,5}[^\n]{0,60}(?:eof|connection (?:was )?(?:reset|closed|aborted|forcibly))|load model failed with error typeerror: fetch failed",
        0.7,
        also=(
            (Category.WORKER_CRASHED, 0.5),
            (Category.NETWORK_UNREACHABLE, 0.3),
            (Category.HOST_UNSUPPORTED_CPU, 0.12),
        ),
        unless=r"probe failed|/health",
    ),
    _NAMELESS.rule(
        "still-loading",
        r"\"loading model\",\"type\":\"unavailable_error\"|\"message\": ?\"loading model\"|server is loading the model|model is (?:still |currently )?loading",
        0.5,
        also=((Category.PROCESS_HUNG, 0.46), (Category.NETWORK_HTTP_ERROR, 0.2)),
        wrapper=True,
    ),
    _NAMELESS.rule(
        "rpc-names-nothing",
        r"rpc error: code = (?:canceled|unknown|internal)",
        0.44,
        also=((Category.PROCESS_CRASHED, 0.4), (Category.WORKER_CRASHED, 0.24)),
        wrapper=True,
    ),
    _NAMELESS.rule(
        "server-names-nothing",
        r"\"internal server error\"|model is unloaded|something went wrong, please see|failed to decode, ret = -3|operation failed for an operation-specific reason",
        0.42,
        also=(
            (Category.PROCESS_CRASHED, 0.24),
            (Category.GPU_OUT_OF_MEMORY, 0.24),
            (Category.GPU_DEVICE_LOST, 0.2),
            (Category.ARTIFACT_INCOMPATIBLE, 0.15),
            (Category.NETWORK_HTTP_ERROR, 0.2),
        ),
    ),
    # A server of one's own that hides what it met.
    _NAMELESS.rule(
        "own-server-hides-it",
        r"internal server error|internal_server_error",
        0.5,
        also=(
            (Category.PROCESS_CRASHED, 0.25),
            (Category.NETWORK_HTTP_ERROR, 0.4),
            (Category.WORKER_CRASHED, 0.15),
        ),
        phases=(Phase.LOAD, Phase.GENERATE),
        wrapper=True,
    ),
    # Browsers give this to what was under way on a GPU that went away.
    _NAMELESS.rule(
        "gpu-operation-failed",
        r"operationerror: (?:generate error, )?(?:the )?operation failed for an operation-specific reason",
        0.3,
        also=((Category.GPU_DEVICE_LOST, 0.55), (Category.GPU_OUT_OF_MEMORY, 0.3)),
    ),
    _ENDED.rule(
        "ended-in-silence",
        r"process (?:just |simply |silently )?exits\b|never reaches|silent(?:ly)? (?:exit|crash|clos|quit|fail|die)\w*|(?:exits?|closes?|quits?|dies|ends|terminates?|shuts? down) (?:silently|immediately|instantly|as soon as|right after|when(?:ever)? i\b|without (?:any )?(?:error|message|warning|output))|(?:program|window|terminal|app|console|process|server|tab) (?:just |then |immediately |instantly |simply )*(?:closes|exits|quits|disappears|terminates|shuts down|vanishes)|(?:does not|doesn't|won't|will not|didn't) (?:start|open|launch)\b",
        0.5,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.22),
            (Category.HOST_UNSUPPORTED_CPU, 0.15),
            (Category.UNKNOWN, 0.2),
        ),
        wrapper=True,
    ),
    _TAB.rule(
        "tab-reloads",
        r"(?:page|tab|safari|browser)[^\n]{0,60}(?:crash(?:es|ed|ing)?|reload(?:s|ed|ing)?|refresh(?:es|ed|ing)?)[^\n]{0,40}(?:reload|refresh|crash|again|ios|iphone|ipad|mobile)|(?:ios|iphone|ipad|mobile)[^\n]{0,80}(?:crash|reload|refresh)\w*",
        0.5,
        also=((Category.PROCESS_CRASHED, 0.45), (Category.WORKER_CRASHED, 0.15)),
        runtimes=("web", "transformers", "onnx", "wllama"),
    ),
    _REACHED.rule(
        "own-server-not-reached",
        r"(?:ollama|llama|lm ?studio|local|model)[- ]?server (?:is )?not responding|could not connect to (?:a |the )?(?:running )?(?:ollama|llama|local|lm ?studio)[\w ]{0,12}(?:server|app|instance)",
        0.62,
        also=((Category.PROCESS_CRASHED, 0.25), (Category.CONFIG_INVALID, 0.25)),
    ),
    _CRASH.rule(
        "runner-hung-up-while-generating",
        r"(?:^|\n)(?:error: )?unexpected eof\s{0,9}(?:\n|$)",
        0.6,
        also=((Category.NETWORK_UNREACHABLE, 0.35),),
        phases=(Phase.GENERATE,),
    ),
    _CRASH.rule(
        "heap-corrupted",
        r"pointer being (?:freed|realloc'd) was not allocated|malloc: \*\*\* error|malloc_error_break|incorrect checksum for freed object|free\(\): (?:invalid|double)|malloc\(\): (?:corrupted|invalid|unaligned|mismatching)|double free or corruption|corrupted double-linked list|zsh: (?:segmentation fault|bus error|illegal hardware|trace trap)",
        0.8,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3),),
        wrapper=True,
    ),
    # C++ at its end uses what is destroyed already.
    _CRASH.rule(
        "destroyed-mutex",
        r"mutex lock failed|pure virtual (?:method|function) called|recursive_init_error|terminate called without an active exception",
        0.92,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.12),),
    ),
    _CRASH.rule(
        "interpreter-died",
        r"fatal python error: (?:segmentation fault|floating|none_dealloc|gc object|pyeval|deallocating)",
        0.94,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.15), (Category.COMPILE_FAILED, 0.1)),
        unless=r"cannot allocate|out of memory",
    ),
    _CRASH.rule(
        "crash-at-once",
        r"\bimmediate(?:ly)? crash\w*|\bcrash(?:es|ed)? (?:immediately|instantly|at once|right away)",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.12), (Category.UNKNOWN, 0.1)),
    ),
    _CRASH.rule(
        "crash-in-other-languages",
        r"闪退|崩溃|崩潰|异常退出|意外退出|强制关闭|段错误|クラッシュ|強制終了|se cierra (?:solo|sola|inesperadamente|al |cuando)|stürzt [^\n]{0,30}\bab\b|abgestürzt|\bplante(?:nt)? (?:au|quand|lors|dès|à|après)|se ferme (?:tout|seul|au|dès|quand)|fecha sozinh[oa]|(?:trava|fecha) (?:ao|quando)|вылета(?:ет|ют)|крашит|аварийно заверш|강제 종료|튕(?:김|깁|겨)|アプリ(?:が|は)落ち|落ちてしま|クラッシュ|意外终止|自动退出|直接退出|程序退出|异常终止|進程崩潰",
        0.86,
        also=((Category.HOST_OUT_OF_MEMORY, 0.25), (Category.GPU_OUT_OF_MEMORY, 0.15)),
    ),
    # Two parts of one engine that were built at different times number their operations differently.
    _MIXED.rule(
        "operation-with-another-number",
        r"ggml_assert\([^)\n]{0,40}->op == ggml_op_\w+\)",
        0.84,
        also=((Category.PROCESS_CRASHED, 0.45),),
    ),
    # Stacks of native code, as debuggers, Android, Go and the system write them: something ended the program there.
    _CRASH.rule(
        "native-stack",
        r"#\d{2} +pc [0-9a-f]{8}|#\d{1,2} +(?:0x[0-9a-f]{6,16} in |\w{1,40}::\w{1,40}::)|\bfault addr|0x00007ff[0-9a-f]{5,9}[^\n]{0,160}\n[^\n]{0,160}0x00007ff|0x7ff[0-9a-f]{8,9}[^\n]{0,160}\n[^\n]{0,160}0x7ff[0-9a-f]{8,9}|current thread 0x[0-9a-f]{8,16} \(most recent call first\)|stack \(most recent call first\)|caught signal|\+\+\+ killed by sig|(?:thread|process) \w{1,20} (?:received|got) signal|goroutine \d{1,6} \[(?:running|io wait|chan receive|select|syscall)\b(?!, \d)",
        0.7,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.2), (Category.GPU_DRIVER, 0.14)),
        unless=r"\d{1,4} minutes\]|sysrq|hangcheck|sigquit: quit|/vendor/lib|libgles_|libllvm-gl|libadreno|nvoglv|amdvlk|libnvidia-|libvulkan_\w|/hw/vulkan\.",
        wrapper=True,
    ),
    # The system tells of an app that is gone, in its own log.
    _CRASH.rule(
        "app-has-died",
        r"win death: window|\bhas died: (?:fg|bg|fore|vis|cch|prcp|prev)|process \S{3,80} \(pid \d{1,7}\) has died|scheduling restart of crashed service|force[- ]finishing activity|channel is unrecoverably broken|was disposed without first being removed with the input manager|force[- ]?clos(?:e|es|ed|ing)\b|forced to close",
        0.66,
        also=((Category.HOST_OUT_OF_MEMORY, 0.34), (Category.GPU_OUT_OF_MEMORY, 0.2)),
        unless=r"low on memory|lowmemorykiller|\blmkd?\b",
    ),
    # Who says of a crash that memory grew before it has told its cause.
    _FULL.rule(
        "memory-grew-and-it-crashed",
        r"(?:memory|ram) (?:usage|consumption|footprint|use|spike|leak|pressure|growth)\w{0,2}\b[^\n]{0,140}(?:crash|killed|reload|closes)\w{0,3}|crash\w{0,3}\b[^\n]{0,120}\n?[^\n]{0,60}(?:memory|ram) (?:usage|consumption|footprint|use|spike|leak|pressure|growth)\b|(?:not enough|too little|less|limited|low|insufficient) (?:memory|ram)[^\n]{0,60}crash|crash[^\n]{0,60}(?:not enough|too little|limited|low|insufficient) (?:memory|ram)|(?:memory|ram) (?:issues?|problems?|limits?|exhaust\w*|constraints?|warnings?|errors?)\b[^\n]{0,60}(?:crash|killed|reload|closes)\w{0,3}|(?:crash|killed)\w{0,3}\b[^\n]{0,60}(?:memory|ram) (?:issues?|problems?|limits?|exhaust\w*|constraints?|warnings?)\b",
        0.8,
        also=((Category.PROCESS_CRASHED, 0.5), (Category.GPU_OUT_OF_MEMORY, 0.2)),
        unless=r"vram|gpu memory|video memory",
    ),
    # A crash by the length of what is asked is one of the context.
    _OVERRUN.rule(
        "crash-by-length",
        r"(?:over)?(?:long|longer|large|larger|big|bigger) (?:context|prompt|input|text|message|conversation|chat|history)s?\b[^\n]{0,40}(?:crash|abort|segfault)\w{0,3}|(?:crash|abort|segfault)\w{0,3}\b[^\n]{0,60}(?:context|prompt|input|conversation|history)\w{0,2}\b[^\n]{0,30}(?:bigger|larger|longer|exceed\w{0,3}|over|more|above|beyond|too long|too large) ?(?:than )?",
        0.76,
        also=((Category.PROCESS_CRASHED, 0.55), (Category.CONFIG_INVALID, 0.2)),
        phases=(Phase.GENERATE,),
    ),
    # A server of the same machine answers that something in it failed; the reason is in its own log.
    _NAMELESS.rule(
        "own-server-500",
        r"(?:ollama|localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|hosted_vllmexception|lm_?studio)[^\n]{0,50}(?:\b500\b[^\n]{0,20})?internal server error[^\n]{0,12}(?:, url=|$|\n|\\n|['\"])|internal server error[^\n]{0,20}\[gin\] \| 500 \||internal server error[^\n]{0,20}\n[^\n]{0,60}\| 500 \||responseerror: {1,2}\(status code: 500|internal server error', url='https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal|ollama)",
        0.92,
        also=((Category.PROCESS_CRASHED, 0.3), (Category.NETWORK_HTTP_ERROR, 0.3)),
        phases=(Phase.LOAD, Phase.GENERATE),
        unless=r"terminated|manifest|registry|huggingface|nan\b|out of memory|exceed|http/1\.[01]|check failed|traceback",
    ),
    # What an engine says whose core did not start: the cause stands above, where nobody copied it.
    _NAMELESS.rule(
        "cause-stands-above",
        r"engine core initialization failed\. see root cause above",
        0.88,
        also=((Category.WORKER_CRASHED, 0.6), (Category.GPU_OUT_OF_MEMORY, 0.15)),
        unless=r"(?:value|import|assertion|key|type|attribute|os|file\w{1,20}|modulenotfound|notimplemented|validation|backend\w{0,20}|out\w{0,10}) ?error\b|out of memory|cuda error|nccl error|no module|killed|inductor|triton|unsupported|not support|permission|died|memory profiling|free memory|segfault|safetensors|driver|'enginecore\w*': -\d",
    ),
    # Memory maps are given back twice on some systems, and nothing follows of it.
    _NAMELESS.rule(
        "harmless-warning-alone",
        r"munmap failed",
        0.9,
    ),
    # Rust: what a panic says of its reason.
    _LOST.rule(
        "panic-over-a-buffer",
        r"bufferasyncerror|asyncbuffer\w{0,10}error|error while mapping (?:a )?buffer|parent device is lost",
        0.72,
        also=((Category.GPU_OUT_OF_MEMORY, 0.3), (Category.PROCESS_CRASHED, 0.3)),
    ),
    # Threads that a wasm of one thread does not have.
    _CRASH.rule(
        "waits-where-none-may-wait",
        r"condvar wait not supported|atomics\.wait cannot be called|can't block (?:on )?the main thread|cannot recursively acquire mutex|no_threads\.rs|operation not supported on this platform[^\n]{0,80}thread",
        0.72,
        also=((Category.CONFIG_INVALID, 0.4), (Category.ARTIFACT_INCOMPATIBLE, 0.25)),
    ),
    # A loop that starts again what ends again.
    _CRASH.rule(
        "ends-again-and-again",
        r"crashloopbackoff|back-off restarting failed container|restart(?:s|ed|ing)? (?:in a loop|over and over|again and again|endlessly|constantly|continuously|repeatedly)|keeps? restarting|boot ?loop|start request repeated too quickly|main process exited, code=(?:dumped|killed)",
        0.6,
        also=(
            (Category.CONFIG_INVALID, 0.2),
            (Category.HOST_OUT_OF_MEMORY, 0.2),
            (Category.HOST_UNSUPPORTED_CPU, 0.1),
        ),
        unless=r"exec format error|illegal instruction|oomkilled",
        wrapper=True,
    ),
    # What Windows writes into its log of events, and what people take from it.
    _CRASH.rule(
        "event-of-windows",
        r"(?:ucrtbase|ntdll|kernelbase|msvcp140|vcruntime140|ggml\w{0,12}|llama|torch_\w{2,6})\.dll\b[^\n]{0,60}(?:crash|\bfault|error is)|(?:crash|\bfault)\w{0,3}\b[^\n]{0,40}(?:ucrtbase|ntdll|kernelbase|msvcp140|vcruntime140|ggml\w{0,12}|llama)\.dll\b|event name: appcrash|\bappcrash\b|bex64|application error[^\n]{0,10}1000",
        0.8,
        also=(
            (Category.ARTIFACT_INCOMPATIBLE, 0.2),
            (Category.GPU_DRIVER, 0.14),
            (Category.HOST_MISSING_DEPENDENCY, 0.12),
        ),
        unless=r"\bprocedure\b|entry point|illegal instruction",
    ),
    # What people write of a program that is gone without a word.
    _CRASH.rule(
        "gone-without-a-word",
        r"(?:exit(?:s|ed|ing)?|quit(?:s|ting)?|end(?:s|ed)?|stop(?:s|ped)?) prematurely|(?:just|simply|suddenly|immediately|then|randomly) (?:exit(?:s|ed)?|quit(?:s)?|die[ds]?|closes|closed|shuts? down|terminates?|disappears?|vanish(?:es)?)\b|(?:chat|app|application|window|program|terminal|game) (?:is )?clos(?:es|ed|ing)\b(?! the)|closes (?:itself|by itself|on its own|down)|(?:does not|doesn't|won't|would not|wouldn't|will not) (?:even )?(?:open|launch)\b(?: at all)?|coredump|dumps? core|crash(?:es|ed|ing)? every ?time|(?:service|server|engine|backend|app|application|program|it|process) (?:has )?(?:crashed|crashes|crashing)\b|hard crash|crash to desktop|\bctd\b|clos(?:es|ing) itself|keeps (?:on )?(?:closing|quitting|exiting)|session crashed|native crash|tolocalchecked empty|quits when\b",
        0.62,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.26),
            (Category.GPU_OUT_OF_MEMORY, 0.12),
            (Category.UNKNOWN, 0.14),
        ),
        unless=r"service ?worker",
        wrapper=True,
    ),
    # Workers of one model that speak over sockets of their own.
    _REACHED.rule(
        "peer-is-gone",
        r"(?:read|write|connect|accept|transfer)socketexception|cannot create socket|error (?:reading|writing|sending|receiving) (?:from |to |data )*(?:the )?socket|socket (?:is )?closed by (?:the )?peer|peer (?:has )?(?:closed|disconnected)|(?:failed|unable|cannot|could not) to connect to (?:the )?(?:rpc|worker|root|node|peer)\b|rpc (?:server|endpoint)[^\n]{0,40}(?:crashed|closed|disconnect|unreachable|fail)",
        0.72,
        also=(
            (Category.PROCESS_CRASHED, 0.4),
            (Category.WORKER_CRASHED, 0.35),
            (Category.CONFIG_INVALID, 0.2),
        ),
    ),
    # The part that sees pictures is of another kind than the engine knows.
    _MIXED.rule(
        "projector-of-another-kind",
        r"has_llava_projector|new_clip->|_cfunc_clip_model_load|newclipcontext\(|clip_model_load[^\n]{0,60}(?:fail|unknown|unsupported|missing)|unknown projector type|mmproj[^\n]{0,60}(?:unsupported|unknown|not supported|incompatible|mismatch|does not match)",
        0.9,
        also=((Category.PROCESS_CRASHED, 0.45),),
    ),
    # A shell's window waits for a key once its program has ended.
    _CRASH.rule(
        "window-waits-for-a-key",
        r"press any key to (?:continue|close|exit)|press enter to (?:continue|exit|close)|presione una tecla|pulse una tecla|pressione qualquer tecla|appuyez sur une touche|drücken sie eine beliebige|请按任意键|請按任意鍵|続行するには何かキー|premere un tasto|нажмите любую клавишу",
        0.62,
        also=((Category.HOST_OUT_OF_MEMORY, 0.5), (Category.GPU_OUT_OF_MEMORY, 0.25)),
        wrapper=True,
    ),
    # What a server's log of requests says of one that failed.
    _ASKED.rule(
        "request-refused-in-log",
        r"\| 400 \| [^\n]{0,80}\| (?:post|get|delete)\b|\"(?:post|get) /\S{1,80} http/1\.[01]\" (?:400|422)\b",
        0.5,
        also=(
            (Category.NETWORK_HTTP_ERROR, 0.3),
            (Category.ARTIFACT_MODEL_NOT_FOUND, 0.25),
            (Category.GENERATE_CONTEXT_OVERFLOW, 0.15),
        ),
        wrapper=True,
    ),
    _WAITED.rule(
        "asker-left",
        r"\| 499 \| [^\n]{0,80}\| (?:post|get)\b",
        0.62,
        also=((Category.NETWORK_TIMEOUT, 0.35), (Category.UNKNOWN, 0.2)),
    ),
    # A title that says no more than that something is wrong.
    _NAMELESS.rule(
        "title-that-says-nothing",
        r"^\W{0,6}(?:error|exception|runtimeerror)?[: ]{0,3}(?:an )?(?:internal|unknown|unspecified|generic|unexpected|undefined) (?:error|exception|failure)\W{0,6}$|^\W{0,6}(?:(?:bug|question|issue|help|request|feature)\W{1,4})?(?:running|runtime|unknown|unexpected|strange|weird|some|same|general|an|the|got|getting|keep getting|\w{2,12}) (?:error|problem|issue|failure)s?(?: (?:again|please help|help|running|occurr?ed|here))?\W{0,6}$|^[^\n]{0,40}error[,:]? (?:undefined|null|\[object \w{1,20}\]|[\"(]{0,2}null[\")]{0,2})\W{0,4}$|^\W{0,6}(?:error|problem|issue|failure|help|failed|fails|crash|bug|not working)\W{0,6}$|\b(?:an |the )?(?:following |below )?error(?: below)? (?:is|was|has been) (?:reported|shown|displayed|thrown|raised)[^\n]{0,40}$|(?:error|it|output|message) (?:is )?(?:shown |attached )?(?:in|as in|see) (?:the )?(?:screenshot|picture|image|attachment|screen shot)|!\[(?:image|screenshot|img)",
        0.5,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.24), (Category.CONFIG_INVALID, 0.2)),
        wrapper=True,
    ),
    # LocalAI's engines speak gRPC: one that never answers has not come up.
    _ENDED.rule(
        "engine-of-grpc-not-up",
        r"grpc (?:process|service) (?:not|exited|is not)|failed (?:starting|to start)/connecting to the grpc service|while dialing: dial tcp (?:127\.0\.0\.1|localhost|\[::1\]):\d{4,5}: connect: connection refused|backend (?:process )?(?:not|never) (?:ready|started|came up)",
        0.86,
        unless=r"exited with code 1[23]\d|shared object|glibc",
        also=(
            (Category.PROCESS_HUNG, 0.25),
            (Category.WORKER_CRASHED, 0.35),
            (Category.HOST_UNSUPPORTED_CPU, 0.12),
        ),
    ),
    # An app asks its own engine on the same machine, and nobody is there any more.
    _ENDED.rule(
        "own-engine-answers-nobody",
        r"failed to fetch(?! (?:http|dynamically|model list|the model list))|load model failed with error typeerror: fetch failed",
        0.74,
        also=(
            (Category.NETWORK_UNREACHABLE, 0.5),
            (Category.UNKNOWN, 0.2),
            (Category.HOST_UNSUPPORTED_CPU, 0.15),
        ),
        phases=(Phase.LOAD,),
        runtimes=("llama",),
        unless=r"https?://(?!127\.|localhost|\[::1\]|0\.0)|huggingface|download|cors\b|\bpull",
    ),
    _ASSERT.rule(
        "bare-assertion-while-generating",
        r"assertionerror(?:\(\))?\s{0,4}(?:$|\n)",
        0.46,
        also=(
            (Category.CONFIG_INVALID, 0.3),
            (Category.ARTIFACT_INCOMPATIBLE, 0.14),
            (Category.WORKER_CRASHED, 0.1),
        ),
        phases=(Phase.GENERATE,),
        without=("llama",),
        wrapper=True,
    ),
    # Apple's systems tell what ended an app of Swift or Objective-C.
    _CRASH.rule(
        "app-of-apple-ended",
        r"\.swift:\d{1,5}: fatal error|terminating app due to uncaught exception|nsinternalinconsistencyexception|fatal exception: (?:ns|java\.|kotlin\.)|exc_breakpoint|exc_bad_instruction|host process crashed|internal clr error|running the model: (?:unexpected )?eof|a fatal error has been detected by the java runtime|error detected by the jvm",
        0.84,
        also=((Category.HOST_OUT_OF_MEMORY, 0.14), (Category.ARTIFACT_INCOMPATIBLE, 0.14)),
        unless=r"outofmemoryerror|unsatisfiedlinkerror|classnotfound|nosuchmethod",
    ),
    # What is left of a C++ exception that nobody caught: its type and its word.
    _ASSERT.rule(
        "uncaught-in-native-code",
        r"(?:^|\n)(?:length_error|out_of_range|bad_function_call|bad_cast|logic_error|bad_optional_access|bad_variant_access|system_error|future_error|bad_weak_ptr): ",
        0.52,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.CONFIG_INVALID, 0.12)),
        unless=r"json|yaml|grammar|unknown argument|stoi|stof|stoul",
        wrapper=True,
    ),
    _NAMELESS.rule(
        "something-went-wrong",
        r"something went wrong|unexpected error occurred|an unexpected error (?:has )?occurred|oops[,!.]|unknown error (?:has )?occurred|an error (?:has )?occurred\.? (?:please )?(?:try|retry|see|check)",
        0.42,
        also=(
            (Category.PROCESS_CRASHED, 0.3),
            (Category.HOST_OUT_OF_MEMORY, 0.14),
            (Category.GPU_OUT_OF_MEMORY, 0.14),
            (Category.ARTIFACT_INCOMPATIBLE, 0.14),
        ),
        wrapper=True,
    ),
    # A sanitizer saw a fault of the program's own.
    _CRASH.rule(
        "sanitizer-saw-it",
        r"addresssanitizer|threadsanitizer|undefinedbehaviorsanitizer|heap-(?:buffer-overflow|use-after-free)|stack-buffer-overflow|valgrind[^\n]{0,60}invalid (?:read|write)|invalid (?:read|write) of size \d|use[- ]after[- ]free",
        0.8,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.16), (Category.GPU_DRIVER, 0.12)),
        unless=r"libvulkan_|amdvlk|libnvidia-|nvoglv|libgles_",
    ),
    # What ggml checks of its own accounts; models and files come into it rarely.
    _ASSERT.rule(
        "accounts-of-ggml",
        r"ggml_assert\([^\n]{0,100}\bbug\b|kv defrag bug|ggml_assert\((?:false\)|0\)|i\d\d >= 0|params->wsize|nf == nh|n_(?:inputs|outputs|reused|moves)|cells?[\[.]|slot|seq_id|ubatch|sched->|galloc|buft|backend|ctx->|mctx|kv_self|ctx_dft|task|batch\.n_tokens > 0)",
        0.66,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.35), (Category.GENERATE_CONTEXT_OVERFLOW, 0.2)),
        phases=(Phase.GENERATE,),
        unless=r"missing result_output",
    ),
    # A window that comes up without anything in it, and goes.
    _CRASH.rule(
        "empty-window",
        r"(?:white|blank|black|empty|grey|gray) (?:screen|window|page)[^\n]{0,40}(?:crash|clos|quit|exit|disappear)\w{0,4}|(?:splash|start-?up) (?:screen|window|logo)[^\n]{0,40}(?:crash|clos|quit|exit|disappear)\w{0,4}|crash\w{0,3}\b[^\n]{0,30}(?:white|blank|empty) (?:screen|window|page)",
        0.72,
        also=((Category.GPU_DRIVER, 0.25), (Category.UNKNOWN, 0.2), (Category.HOST_OUT_OF_MEMORY, 0.15)),
    ),
    # The thread of an engine ended, and the line that says why was not copied.
    _ENDED.rule(
        "thread-ended",
        r"exception in thread [\w-]{1,40}(?: \([\w.]{1,60}\))?:|unhandled exception in (?:\w+ )?thread|(?:engine|background|worker|scheduler|detokenizer) (?:thread|loop|task) (?:has )?(?:died|crashed|terminated|exited|failed|finished unexpectedly)",
        0.44,
        also=((Category.WORKER_CRASHED, 0.3), (Category.UNKNOWN, 0.2)),
        phases=(Phase.GENERATE,),
        wrapper=True,
    ),
    # What a compiler's own library asserts is the compiler's.
    _COMPILER.rule(
        "assertion-of-the-compiler",
        r"(?:llvm|mlir|clang|triton)/[^\n]{1,200}: assertion [`'\"]|llvm::[\w:<>~]{2,80}\([^\n]{0,200}assertion [`'\"]|llvm error: |assertion [^\n]{1,200}failed[^\n]{0,80}\n[^\n]{0,60}please submit a bug report",
        0.8,
        also=((Category.PROCESS_CRASHED, 0.5), (Category.GPU_DRIVER, 0.15)),
        phases=(Phase.COMPILE,),
        unless=r"mcpu|-mtriple|target cpu",
    ),
    # A page that cannot be had: shared memory of a container, a file that became shorter, a disk that is full.
    _CRASH.rule(
        "bus-error",
        r"\bsigbus\b|\bbus error\b|signal 7\b|exit(?:ed)?(?: with)?(?: code| status)?:? ?135\b",
        0.8,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.45),
            (Category.STORAGE_QUOTA_OR_DISK_FULL, 0.15),
            (Category.ARTIFACT_CORRUPT, 0.12),
        ),
        unless=r"shared memory \(shm\)|/vendor/lib|libgles_|libllvm-gl|libadreno|nvoglv|amdvlk|libnvidia-|/hw/vulkan\.",
    ),
    # That it crashes, and on what, is all that many people write.
    _CRASH.rule(
        "crashes-in-words",
        r"\bcrash(?:es|ed|ing)? (?:for|with|in|during|using|right|as soon|if|without|within|about|around|my|your|the (?:app|application|browser|server|program|phone|whole app)|[a-z]{3,16}(?:\.|$|\n))|(?:will|it|app|always|also|then|suddenly|consistently|randomly|still|just|would|to|and|model|gpu|vulkan|opencl|metal|cuda|npu|adreno|mali|run|backend|offload\w{0,3}|inference|server|browser|chrome|safari|firefox|edge|page|tab|phone|device) crash(?:es|ed|ing)?\b",
        0.56,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.26),
            (Category.GPU_DRIVER, 0.2),
            (Category.ARTIFACT_INCOMPATIBLE, 0.16),
        ),
        phases=(Phase.LOAD, Phase.GENERATE, Phase.RUNTIME, Phase.PREFLIGHT),
        unless=r"crash (?:log|report|dump|course)|crash to desktop|out of memory|memory|panvk|turnip|\btabs?\b|\bpages?\b",
        wrapper=True,
    ),
    # An end without a reason is the crash of native code more often than anything else.
    _CRASH.rule(
        "ends-and-says-nothing",
        r"\b(?:exits?|exited|exiting|quits?|closes|closed|closing|terminat(?:es|ed)|dies|died|disappears?|disappeared|shuts? down|crash(?:es|ed))\b[^\n]{0,60} (?:no|without(?: an?y?)?) (?:\w+ ){0,2}(?:error|message|warning|log|output|trace\w{0,4})s?\b|\b(?:no|without(?: an?y?)?) (?:\w+ ){0,2}(?:error|message|warning|trace\w{0,4})s?\b[^\n]{0,40}\b(?:exits?|exited|quits?|closes|closed|terminat(?:es|ed)|dies|died|disappears?|shuts? down|crash(?:es|ed)?)\b",
        0.82,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.28),
            (Category.HOST_UNSUPPORTED_CPU, 0.15),
            (Category.UNKNOWN, 0.15),
        ),
        phases=(Phase.LOAD, Phase.GENERATE, Phase.RUNTIME, Phase.PREFLIGHT),
        unless=r"exits? with (?:code|status) 0\b|out of memory|connection|\bram\b|memory usage",
        wrapper=True,
    ),
    # An argument that CUDA calls invalid is the program's, and says nothing of why.
    _NAMELESS.rule(
        "argument-that-cuda-refuses",
        r"(?:cuda|hip|rocm) (?:error|failed|failure)\b[^\n]{0,80}\binvalid (?:argument|value)\b|ggml-(?:cuda|hip)[\w/.-]{0,12}\.cuh?:\d{1,6}: invalid argument|(?:cuda|hip)errorinvalidvalue|cuda_error_invalid_value",
        0.78,
        also=(
            (Category.GPU_DRIVER, 0.42),
            (Category.ARTIFACT_INCOMPATIBLE, 0.4),
            (Category.PROCESS_CRASHED, 0.36),
            (Category.CONFIG_INVALID, 0.15),
        ),
        unless=r"nccl|rccl|all_?reduce|host_malloc|pinned|out of memory|p2p\.cc",
    ),
)

"""Rules for the host's memory that ran out, inside WebAssembly too, and for what the system does then."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localloom_diagnosis.taxonomy import Category

from .rule import Group, Reason, Scene, StateRule, Vote

_HOST = Group(
    Category.HOST_OUT_OF_MEMORY, en="the host's memory ran out", es="se agotó la memoria del equipo"
)
_KILLED = Group(
    Category.HOST_OUT_OF_MEMORY,
    en="the system ended the process for using too much memory",
    es="el sistema terminó el proceso por usar demasiada memoria",
)
_WASM = Group(
    Category.HOST_OUT_OF_MEMORY,
    en="the browser or WebAssembly could not get more memory",
    es="el navegador o WebAssembly no pudo obtener más memoria",
)
_POINTER = Group(
    Category.UNKNOWN,
    en="an exception of native code came out as a bare number",
    es="una excepción de código nativo salió como un simple número",
)
_LOCK = Group(
    Category.CONFIG_INVALID,
    en="the limit on locked memory is lower than what was to be locked",
    es="el límite de memoria bloqueada es menor que lo que se quería bloquear",
)
_POOL = Group(
    Category.CONFIG_INVALID,
    en="a graph outgrew the fixed pool that was made for it",
    es="un grafo superó la reserva fija que se creó para él",
)
_TAB = Group(
    Category.PROCESS_CRASHED,
    en="the browser ended the page without naming a reason",
    es="el navegador terminó la página sin decir por qué",
)

_SMALL = re.compile(
    r"\b(?:iphone|ipad|ipados|ios|android|mobile safari|safari|wllama|wasm|webassembly|redmi|snapdragon)\b|\b(?:pixel|galaxy) [\da-z]"
)
_EXHAUSTED = re.compile(
    r"out[- ]of[- ]memory|\boom\b|outofmemory|out to memory|(?:not enough|insufficient|run out of|ran out of|runs out of|too much) memory|memory (?:limit|warning|pressure|exhaust\w*)"
)
_CARD = re.compile(
    r"cuda|vram|\bgpu|opencl|vulkan|metal|kgsl|adreno|mali\b|\bcl_|\bvk|webgpu|wgpu|dawn|command buffer|device[_ ]?memory|hip|rocm|buffer size|createbuffer|allocate \w+ buffer"
)
_PHONE = Reason(
    "phones and pages share one memory, and the system gives a program little of it",
    "los móviles y las páginas comparten una memoria, y el sistema da poca a cada programa",
)


def phone_out_of_memory(scene: Scene) -> Iterator[Vote]:
    """Memory that ran out on a phone or inside WebAssembly, where no word names a GPU's."""
    low = scene.low
    found = _EXHAUSTED.search(low) if "memory" in low or "oom" in low else None
    if not found or _CARD.search(low):
        return
    if not _SMALL.search(low) and not _SMALL.search(scene.hardware):
        return
    yield Vote(
        "phone-out-of-memory",
        Category.HOST_OUT_OF_MEMORY,
        0.82,
        _PHONE,
        found[0],
        also=((Category.GPU_OUT_OF_MEMORY, 0.3), (Category.PROCESS_CRASHED, 0.2)),
    )


STATE_RULES = (StateRule("phone-out-of-memory", phone_out_of_memory, words_only=True),)
_PINNED = Group(
    Category.GPU_DRIVER,
    en="the driver refused to pin memory of the host",
    es="el controlador rechazó fijar memoria del equipo",
)

RULES = (
    _HOST.rule(
        "vulkan-oom-host",
        r"vk_error_out_of_host_memory|erroroutofhostmemory",
        0.56,
        also=((Category.GPU_OUT_OF_MEMORY, 0.5), (Category.GPU_DRIVER, 0.15)),
        unless=r"pipeline|shader",
    ),
    _HOST.rule(
        "bad-alloc",
        r"bad_alloc\b|\bbad allocation\b|std::bad_array_new_length",
        0.93,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.1),
            (Category.PROCESS_CRASHED, 0.1),
            (Category.ARTIFACT_CORRUPT, 0.1),
        ),
    ),
    _HOST.rule(
        "errno-enomem",
        r"cannot allocate memory|(?:mapviewoffile|virtualalloc|createfilemapping)[^\n]{0,80}(?:not enough|insufficient|out of) memory|\benomem\b|errno ?[=:]? ?12\b|vm_allocate failed|out of memory \(12\)|winerror 8\b|page allocation failure|llvm error: out of memory|os error 12\b|error code 12\b|not enough (?:system |host |main |physical )?memory: you tried|failed to mmap[^\n]{0,60}memory",
        0.94,
        unless=r"failed to mlock|static tls block|kgsl|gsl_memory|gslmalloc|gralloc",
    ),
    _HOST.rule(
        "memoryerror",
        r"\bmemoryerror\b|_arraymemoryerror|unable to allocate [\d.]+ (?:[kmgt]i?b|bytes)|defaultcpuallocator|cpu_allocator|pytorch_no_cpu_alloc",
        0.92,
    ),
    _HOST.rule(
        "system-memory",
        r"requires more system memory|more system memory \(|(?:insufficient|not enough|low|out of) (?:free |available )?(?:system|host|physical|main|cpu) (?:memory|ram)\b"
        r"|(?:insufficient|not enough|out of|ran out of|run out of|lack of) (?:free )?ram\b|memory allocation of \d+ bytes failed|runtime: out of memory|fatal error: out of memory"
        r"|std::alloc::rust_oom|failed to allocate cpu buffer|ggml_aligned_malloc: insufficient memory|insufficient memory \(attempted"
        r"|unable to allocate cpu|(?:failed|unable) to allocate[^\n]{0,30}\bcpu(?:_\w+)? buffer|model loading was stopped due to insufficient system resources"
        r"|insufficient system resources|(?<!may )(?:not|n't) have enough (?:available |free |system )?(?:memory|ram)|low on memory|all (?:of (?:the )?)?available ram|using all (?:available )?(?:ram|memory)|exceeded (?:the )?memory limit|out of system memory|memory limit (?:was |has been )?(?:reached|exceeded|hit)|low on resource: memory|insufficient memory to continue|not enough quota is available|too large for the available ram|model request too large for system|java\.lang\.outofmemoryerror|java heap space|failed to allocate a \d+ byte allocation|outofmemoryexception|used all (?:of )?(?:my |the |available )*(?:ram|memory)|(?:ram|memory) (?:was|is|got|gets) (?:completely )?(?:full|exhausted)|(?:eats?|uses?|consum\w+|takes?|fills?) (?:up )?all (?:of )?(?:my |the |available |system )*(?:ram|memory)|max(?:es|ed)? out (?:my |the )?(?:ram|memory)|lack of (?:\w+ )?swap space|swap space is (?:full|exhausted)",
        0.95,
        also=((Category.GPU_OUT_OF_MEMORY, 0.12),),
    ),
    _HOST.rule(
        "perhaps-too-little",
        r"may not have enough (?:available |free |system )?(?:memory|ram)|likely (?:due to|because of) out of memory",
        0.6,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.5),
            (Category.PROCESS_CRASHED, 0.2),
            (Category.HOST_UNSUPPORTED_CPU, 0.15),
        ),
    ),
    _HOST.rule(
        "paging-file",
        r"paging file is too small|winerror 1455|os error 1455|error 1455|status_commitment_limit|status_no_memory|0xc0000017|0xc000012d",
        0.97,
    ),
    # A limit on locked memory is a setting, not a lack of memory.
    _LOCK.rule(
        "mlock",
        r"failed to mlock|rlimit_memlock|mlock[^\n]{0,40}failed",
        0.74,
        also=((Category.HOST_OUT_OF_MEMORY, 0.46),),
        wrapper=True,
    ),
    # The pool of a graph has a fixed size: what outgrows it is a graph, not the machine.
    _POOL.rule(
        "ggml-pool",
        r"not enough space in the (?:context's|scratch) memory|not enough space in the buffer to allocate|ggml_new_object: not enough",
        0.72,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.42),
            (Category.PROCESS_CRASHED, 0.3),
            (Category.GENERATE_CONTEXT_OVERFLOW, 0.2),
        ),
    ),
    _HOST.rule(
        "malloc-failed",
        r"\bmalloc(?:ation)? failed|(?:failed|unable|not able) to (?:allocate|reserve|malloc)[^\n]{0,40}(?:memory|bytes|mib|gib|mb|gb)\b|memory allocation (?:failed|failure|error)|allocation failed",
        0.6,
        also=((Category.GPU_OUT_OF_MEMORY, 0.35),),
        unless=r"\bacl\b|el0004|\bmetal|_metal_|opencl|createbuffer|recommendedmaxworkingset|\b(?:npu|htp|hexagon|hpu|tpu|vtcm)\b|pinned memory|cuda memory|gpu memory|device memory|root causes|(?:on|from|in) (?:the )?(?:gpu|device|cuda)\b|cublas|buffer allocation failed|staging buffer|array buffer|heap out of memory|cudamalloc|hipmalloc|vram|requested buffer of size",
    ),
    _KILLED.rule(
        "oom-killer",
        r"oom[-_ ]?kill|\boom\b[^\n]{0,20}\bkill|oomkilled|killed process \d+|killed by (?:the )?(?:linux |kernel|oom|macos|os\b)[^\n]{0,20}|out of memory: kill|systemd-oomd|\bearlyoom\b|killed by the (?:operating )?system[^\n]{0,40}memory|(?:is|was|for|by) using too much memory",
        0.95,
        unless=r"potential root causes|common causes (?:include|are)",
    ),
    _HOST.rule(
        "failed-to-map",
        r"failed to map segment",
        0.5,
        also=((Category.STORAGE_PERMISSION, 0.35), (Category.HOST_MISSING_DEPENDENCY, 0.25)),
    ),
    _KILLED.rule(
        "killed",
        r"(?:^|\n)[^\n]{0,80}\bkilled\s*(?:\n|$|\s+(?:python|./|ollama|llama|mlc|node))|\bsignal: killed"
        r"|exit(?:ed)?(?: with)?(?: code| status)?:? \(?137\b|exit[_ ]code[:=] ?137|signal 9\b|\bsigkill\b|received signal 9|\(exit -9\)|exitcode: -9|code -9\b|return code -9",
        0.93,
        also=((Category.PROCESS_CRASHED, 0.2),),
        unless=r"root causes|common causes|killed while executing a task|(?:after|still[^\n]{0,30}) sigkill|sigterm' timed out|sent sigkill|sending sigkill|needs? sigkill|tried [^\n]{0,40}sigkill|even (?:with )?sigkill|received sigquit from a child",
    ),
    _KILLED.rule(
        "jetsam",
        r"jetsam|exc_resource[^\n]{0,60}memory|memorystatus|per-process-limit|lowmemorykiller|\blmkd?\b|low memory killer|background memory limit|onlowmemory|terminated due to memory",
        0.95,
    ),
    _WASM.rule(
        "array-buffer",
        r"array buffer allocation failed|invalid array buffer length|invalid typed array length|invalid array length|array buffer is too large|arraybuffer at least of size|cannot allocate arraybuffer|allocation size overflow|array length must be a positive integer of safe magnitude|uncaught exception: out of memory",
        0.88,
        also=((Category.ARTIFACT_CORRUPT, 0.08),),
    ),
    _POINTER.rule(
        "wasm-number-alone",
        r"(?:error|exception|throws?|thrown)(?: error| exception)?:? [`'\"]\d{6,12}[`'\"]",
        0.42,
        also=(
            (Category.HOST_OUT_OF_MEMORY, 0.36),
            (Category.ARTIFACT_INCOMPATIBLE, 0.34),
            (Category.PROCESS_CRASHED, 0.15),
        ),
    ),
    # An exception of C++ comes out of WebAssembly as the number of its address; most are failed allocations.
    _WASM.rule(
        "wasm-number",
        r"uncaught (?:\(in promise\) )?(?:error: )?\d{6,12}\s*$|(?:error|exception):? \d{7,12}\s*$",
        0.52,
        also=((Category.PROCESS_CRASHED, 0.25), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _WASM.rule(
        "js-heap",
        r"javascript heap out of memory|last few gcs|fatal process out of memory|heap limit allocation failed|ineffective mark-compacts|err_worker_out_of_memory|err_out_of_memory|heap out of memory|js heap|cannot create a string longer than",
        0.94,
    ),
    _WASM.rule(
        "wasm-memory",
        r"\[wasm\][^\n]{0,40}out of memory|rangeerror: out of memory|webassembly\.memory\(\)?[^\n]{0,60}(?:could not allocate|out of memory|failed|unable)|could not allocate memory|wasm memory[^\n]{0,60}(?:grow|alloc|exceed|out|limit)"
        r"|cannot enlarge memory|aborted\(oom\)|out of memory.{0,30}(?:wasm|webassembly)|memory\.grow|failed to grow (?:the )?(?:wasm |webassembly )?memory|webassembly[^\n]{0,60}out of memory"
        r"|cannot allocate wasm memory|allocate (?:a )?webassembly\.memory|wasm32 .{0,40}4 ?gb|exceed(?:s|ed)? (?:the )?(?:4|2) ?gb",
        0.91,
        also=((Category.GPU_OUT_OF_MEMORY, 0.08),),
    ),
    _WASM.rule(
        "notreadable-large-file",
        r"page (?:was )?(?:reloaded|crashed)[^\n]{0,60}memory|significant memory|a problem (?:repeatedly )?occurred",
        0.7,
        also=((Category.PROCESS_CRASHED, 0.45), (Category.GPU_OUT_OF_MEMORY, 0.2)),
    ),
    # The browser says no more than that the page is gone.
    _TAB.rule(
        "page-gone",
        r"aw, ?snap!?|tab crashed|he'?s dead,? jim|gah\. your tab just crashed",
        0.7,
        also=((Category.HOST_OUT_OF_MEMORY, 0.56), (Category.GPU_OUT_OF_MEMORY, 0.25)),
        unless=r"out of memory",
    ),
    _TAB.rule(
        "page-gone-with-a-code",
        r"aw, ?snap(?s:.{0,200})error code: (?:sig\w{3,5}|status_(?:access_violation|breakpoint|stack_buffer_overrun|illegal_instruction|heap_corruption)|result_code_(?:killed|missing|hung)\w{0,20}|\d{1,3}\b)",
        0.8,
        also=((Category.HOST_OUT_OF_MEMORY, 0.3), (Category.GPU_DRIVER, 0.15)),
    ),
    _KILLED.rule(
        "compiler-killed",
        r"killed signal terminated program|died due to signal 9\b|(?:ptxas|cicc|cc1plus|as|ld|clang)\b[^\n]{0,40}(?:memory allocation failure|out of memory)|virtual memory exhausted|fatal error: killed|signal terminated program|ninja: fatal: [^\n]{0,20}killed|internal compiler error: killed|\bkilled \(program \w{2,12}\)|perhaps out of memory\?",
        0.95,
        also=((Category.COMPILE_FAILED, 0.15),),
        unless=r"worker timeout",
    ),
    _WASM.rule(
        "buffer-of-size",
        r"failed to allocate a buffer of size|failed to allocate memory for requested buffer of size",
        0.62,
        also=((Category.GPU_OUT_OF_MEMORY, 0.45),),
    ),
    _WASM.rule(
        "buffer-over-two-gigabytes",
        r"err_(?:fs_file|buffer|string)_too_(?:large|long)|larger than [24] ?gb|data cannot be cloned, out of memory|datacloneerror[^\n]{0,120}out of memory|serialized value is too large|offset -\d{6,12} is outside|rangeerror: (?:start )?offset[^\n]{0,40}(?:outside|out of bounds)|exceeds the maximum (?:array|string|buffer) length|invalid string length",
        0.92,
        also=((Category.PROCESS_CRASHED, 0.15), (Category.CONFIG_INVALID, 0.15)),
        unless=r"fat32|integrity check|checksum|hash mismatch",
    ),
    _HOST.rule(
        "cpu-buffer",
        r"cpu_buffer_type_alloc_buffer: failed|cpu_aligned_malloc|posix_memalign[^\n]{0,30}fail|failed to allocate buffer of size \d{11,}",
        0.92,
        also=((Category.CONFIG_INVALID, 0.12), (Category.GPU_OUT_OF_MEMORY, 0.1)),
    ),
    _HOST.rule(
        "buffer-is-null",
        r"ggml_assert[^\n]{0,200}(?:mem_buffer|buf(?:fer)?|->data|base) != (?:null|nullptr)\b",
        0.86,
        also=((Category.PROCESS_CRASHED, 0.3),),
    ),
    _KILLED.rule(
        "worker-killed",
        r"(?:worker|child|engine|subprocess|process)[^\n]{0,40}(?:died|exited|terminated|ended|failed)[^\n]{0,30}(?:\(-9\)|(?:exit ?code|code|status|returncode)[:=]? ?-9\b|signal 9\b|sigkill)|failed core proc\(s\): \{[^}\n]{0,60}: -9\b",
        0.8,
        also=((Category.WORKER_CRASHED, 0.4), (Category.PROCESS_CRASHED, 0.2)),
    ),
    _HOST.rule(
        "browser-page-out-of-memory",
        r"error code: out of memory|aw, ?snap(?s:.{0,200})out of memory",
        0.92,
        also=((Category.GPU_OUT_OF_MEMORY, 0.12), (Category.PROCESS_CRASHED, 0.12)),
    ),
    # Page-locked memory is the host's, whichever driver hands it out.
    _HOST.rule(
        "pinned-memory",
        r"pinned memory[^\n]{0,80}out ?of ?(?:host ?)?memory|(?:failed|unable) to allocate \w{2,12}_host buffer|(?:cudahostalloc|cudamallochost|hiphostmalloc|cudahostregister)[^\n]{0,80}out of memory",
        0.9,
        also=((Category.GPU_OUT_OF_MEMORY, 0.3), (Category.GPU_DRIVER, 0.15)),
    ),
    _HOST.rule(
        "pinned-memory-refused",
        r"allocat\w+[^\n]{0,40}pinned memory|(?:cudahostalloc|cudamallochost|hiphostmalloc|cudahostregister)[^\n]{0,80}(?:fail|error)",
        0.5,
        also=((Category.GPU_DRIVER, 0.4), (Category.GPU_OUT_OF_MEMORY, 0.2), (Category.UNKNOWN, 0.2)),
        unless=r"invalid argument|out ?of ?(?:host ?)?memory",
    ),
    _HOST.rule(
        "more-than-is-available",
        r"requires? [\d.]+ ?[kmgt]i?b[^\n]{0,40} (?:but|than|and)[^\n]{0,30}[\d.]+ ?[kmgt]i?b[^\n]{0,20}(?:available|free)",
        0.7,
        also=((Category.GPU_OUT_OF_MEMORY, 0.5),),
        unless=r"vram|gpu|video|cuda|disk|space|download|system memory",
    ),
    _HOST.rule(
        "bus-error-in-shared-memory",
        r"bus error(?s:.{0,300})(?:shared_memory\.py|shm_open|/dev/shm)",
        0.93,
        also=((Category.STORAGE_QUOTA_OR_DISK_FULL, 0.3), (Category.WORKER_CRASHED, 0.3)),
    ),
    _HOST.rule(
        "weights-left-for-the-disk",
        r"offload_folder|offloaded to (?:the )?disk",
        0.68,
        also=((Category.CONFIG_INVALID, 0.5), (Category.GPU_OUT_OF_MEMORY, 0.4)),
    ),
    _HOST.rule(
        "ram-fills",
        r"\bram\b[^\n]{0,30}(?:fills? up|to 100 ?%|at 100 ?%|is full|was full|above|exceed\w*)|(?:was|were|got|gets?|being|is) killed[^\n]{0,30}\b(?:ram|memory)\b",
        0.76,
        also=(
            (Category.PROCESS_HUNG, 0.3),
            (Category.PROCESS_CRASHED, 0.2),
            (Category.GPU_OUT_OF_MEMORY, 0.15),
        ),
        unless=r"vram|gpu ram",
    ),
    # WSL's machine has a share of the memory, and ends as a whole where it is used up.
    _HOST.rule(
        "subsystem-ended",
        r"subsystem for linux instance has terminated",
        0.7,
        also=((Category.PROCESS_CRASHED, 0.4),),
    ),
    _HOST.rule(
        "assertion-on-an-allocation",
        r"assert\w*[^\n]{0,240}(?:\bdata != null|fail\w* to alloc\w*|\bptr != null|malloc\w*\()",
        0.8,
        also=((Category.PROCESS_CRASHED, 0.35), (Category.GPU_OUT_OF_MEMORY, 0.35)),
        unless=r"ggml-(?:cuda|metal|vulkan|opencl|sycl|kompute)\b|out of memory",
    ),
    # People's own words for what the kernel does to a process that takes too much.
    _KILLED.rule(
        "killed-in-words",
        r"\b(?:gets?|getting|got|was|is|are|being|been|just|says?|prints?|shows?|prompts?|outputs?|message|status|simply|always|then)[ :]{1,2}[\"'`“]?killed\b",
        0.87,
        also=((Category.PROCESS_CRASHED, 0.3), (Category.WORKER_CRASHED, 0.1)),
        unless=r"root causes|common causes|killed while executing a task|service worker|web worker|out-of-sync|by (?:the )?user|manually|killed (?:it|the|my|them)\b|after a timeout|timed out|killed unexpectedly|was killed while executing|killed by signal: (?!killed)|heartbeat|sigterm",
    ),
    _WASM.rule(
        "page-that-loads-itself-again",
        r"\b(?:page|tab|browser|site|website|safari|chrome)\b[^\n]{0,40} (?:refresh(?:es|ed|ing)?|reload(?:s|ed|ing)?|restart(?:s|ed|ing)?)(?: itself| automatically| on its own| by itself| again and again)|\b(?:refresh(?:es|ed)|reload(?:s|ed)) (?:itself|automatically|by itself|on its own)",
        0.72,
        also=((Category.PROCESS_CRASHED, 0.4), (Category.GPU_OUT_OF_MEMORY, 0.3)),
        unless=r"service worker|hot reload|hmr|vite",
    ),
    _HOST.rule(
        "whole-machine-stands-still",
        r"\b(?:phone|tablet|ipad|iphone|computer|laptop|macbook|pc|system|machine|desktop|os)\b (?:[\w-]+ ){0,4}(?:freez(?:e|es|ing)|froze|frozen|unresponsive|locks? up|locked up|stops responding|stopped responding)\b",
        0.7,
        also=((Category.PROCESS_HUNG, 0.5), (Category.GPU_DEVICE_LOST, 0.2), (Category.GPU_DRIVER, 0.2)),
        unless=r"display driver|\btdr\b|livekernel|xid\b",
    ),
    _HOST.rule(
        "memory-that-grows",
        r"memory leak|(?:memory|\bram\b)(?: usage| consumption| use| footprint)? (?:keeps?|continues?|continuously|constantly|steadily|slowly|gradually|just)[^\n]{0,20}(?:grow|increas|ris|climb)\w*",
        0.66,
        also=((Category.GPU_OUT_OF_MEMORY, 0.35), (Category.PROCESS_CRASHED, 0.2)),
        unless=r"vram|gpu memory|memory leaks? detected|detected memory leaks?|without memory leak",
    ),
    _HOST.rule(
        "memory-full-in-other-languages",
        r"内存(?:不足|不够|溢出|爆|耗尽|占满)|爆(?:了)?内存|記憶體不足|メモリ(?:ー)?(?:不足|が不足|が足り)|메모리(?:가)? ?부족|页面文件太小|頁面檔太小|ページング ?ファイルが小さ|memoria insuficiente|no hay (?:suficiente )?memoria|nicht gen(?:ug|ügend) (?:arbeits)?speicher|auslagerungsdatei|mémoire insuffisante|paginaci[oó]n es demasiado|недостаточно памяти|memória insuficiente",
        0.86,
        also=((Category.GPU_OUT_OF_MEMORY, 0.3),),
        unless=r"显存|vram|gpu",
    ),
    _HOST.rule(
        "machine-short-of-memory",
        r"\b(?:computer|system|machine|phone|pc|laptop|host|server|node|browser|windows|macos|android|ios|os|mac|container|pod|vm|wsl2?|app|application|tab|page) (?:[\"'“][^\"'”\n]{1,40}[\"'”] )?(?:has |have |is |just |completely )?(?:run|ran|runs|running) (?:out of|low on) (?:memory|ram)\b|\bof (?:ram|system memory|main memory)\b[^\n]{0,40}(?:fail|not available|unavailable|close)|(?:fail\w*|unable|could not|cannot) (?:to )?allocat\w* [^\n]{0,30}\b(?:of|in|from) (?:ram|system memory|main memory|host memory)\b|close (?:some |any )?other (?:apps|applications|programs|tabs)|\bheap (?:is |was |space )?(?:exhausted|full)\b|jvm heap|memory pressure",
        0.9,
        also=((Category.GPU_OUT_OF_MEMORY, 0.15),),
        unless=r"gpu memory pressure|vram",
    ),
    _HOST.rule(
        "machine-full-in-words",
        r"(?:only|just) (?:has |have |got |with )?\d{1,3} ?g(?:i?b)? (?:of )?(?:ram|system memory)\b|\bswapp(?:ing|ed) (?:like|heavily|a lot|constantly|to|out|hard|and)\b|starts? (?:swapping|thrashing)|\b(?:ram|system memory) (?:is |was |gets |got |usage )?(?:max(?:ed|es)?(?: out)?|full|exhausted|spikes?|jumps?|shoots up|goes (?:up )?to)\b|max(?:ed|es|ing) out (?:my |the |all )?ram|not enough memory resources are available to process|(?:runs?|ran|running) out of (?:my |the |all )?(?:ram|system memory|main memory|memory on (?:the )?cpu)\b",
        0.84,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.15),
            (Category.PROCESS_CRASHED, 0.15),
            (Category.PROCESS_HUNG, 0.15),
        ),
        unless=r"vram|gpu ram",
    ),
    _HOST.rule(
        "pages-not-locked",
        r"virtuallock[^\n]{0,60}(?:fail|quota|error)|failed to virtuallock",
        0.66,
        also=((Category.CONFIG_INVALID, 0.3),),
        wrapper=True,
    ),
    # A program that dies while its memory grows.
    _HOST.rule(
        "grows-until-it-ends",
        r"(?:\bmemory|\bram)(?: usage| consumption| footprint| use| pressure)? (?:spik\w+|surg\w+|explo\w+|goes (?:up )?to|went (?:up )?to|increas\w+|balloon\w*|jump\w*|climb\w*|shoots?|shot|peak\w*|was too|is too|(?:is |was )?(?:very |extremely |really |super )high|steadily|significantly)|(?:\bhigh|\bhuge|\bextreme|\bgrowing|\bexcessive|\bmassive|\binsane|\benormous) (?:memory|ram)\b",
        0.84,
        also=((Category.PROCESS_CRASHED, 0.4), (Category.GPU_OUT_OF_MEMORY, 0.15)),
        needs=r"crash|clos(?:es|ed)\b|kill|\bdies\b|exits?\b|reload|fail|hang|freez",
        unless=r"vram|gpu memory|video memory|cuda|root causes|common causes|memory usage:",
    ),
    # The bar stands still and Windows waits for a key: the process is gone.
    _HOST.rule(
        "ended-within-the-shards",
        r"loading (?:checkpoint )?(?:shards|model|weights)(?s:.{0,400})(?:press any key|pressione qualquer tecla|presione una tecla|beliebige taste|appuyez sur une touche|按任意键|премите|нажмите любую)|loading checkpoint shards: {1,3}\d{1,2}%[^\n]{0,240}\n(?:ps )?[a-z]:\\[^\n>]{0,160}>",
        0.8,
        also=((Category.PROCESS_CRASHED, 0.5), (Category.GPU_OUT_OF_MEMORY, 0.2)),
    ),
    _HOST.rule(
        "machine-brought-down",
        r"\b(?:phone|tablet|ipad|iphone|device|computer|laptop|macbook|pc|machine|server) (?:then |always |just |also |suddenly |even )?(?:reboots?|restarts? itself|rebooted|restarted)\b|\bwsl2?\b (?:\w{1,12} ){0,2}(?:shuts? down|terminat\w*|crash\w*|exits?|disconnect\w*|stops)|\bswap (?:space |file |memory )?(?:is |was |gets |got )?(?:full|exhausted|used up|grows|growing|usage)|(?:mac|pc|computer|laptop|system|machine|windows|linux|desktop) (?:nearly |almost |completely |totally |just )?(?:hangs|hung|freezes|froze)[^\n]{0,40}\b(?:swap|memory|ram)\b",
        0.72,
        also=(
            (Category.GPU_DRIVER, 0.3),
            (Category.PROCESS_HUNG, 0.25),
            (Category.GPU_DEVICE_LOST, 0.2),
            (Category.PROCESS_CRASHED, 0.2),
        ),
        unless=r"vram|blue ?screen|\btdr\b|driver|server restarts?|after (?:a |the )?(?:reboot|restart)|rebooted? (?:the|my)",
    ),
    _KILLED.rule(
        "phone-ends-the-app",
        r"\b(?:ios|ipados|android|lmk|the os|the system|operating system|macos|windows) (?:\w{1,12} ){0,2}(?:kills?|killed|terminates?|terminated|closes|ends?|evicts?) (?:the |my |our |this )?(?:app\w*|process|tab|page|browser|program)|\b(?:tab|page|site|web ?app|safari|chrome) (?:\w{1,12} ){0,3}(?:reloads?|refresh\w*|reloaded|restarts?) (?:on|in|itself|when|while|after|by)[^\n]{0,40}(?:iphone|ipad|ios|android|mobile|phone|load\w*|model)",
        0.84,
        also=((Category.PROCESS_CRASHED, 0.35), (Category.GPU_OUT_OF_MEMORY, 0.15)),
        unless=r"illegal instruction|storage|digest|avx|service ?worker|hot reload|kv ?cache|cache eviction|evicted from (?:the )?(?:cache|vram|gpu)",
    ),
    _WASM.rule(
        "beyond-wasm",
        r"(?:wasm|webassembly|emscripten|browser)\b[^\n]{0,60}\b(?:2|4) ?g(?:i?b)?\b[^\n]{0,40}(?:limit|heap|memory|max\w*|not enough|exceed\w*)|(?:limit|heap|exceed\w*|larger than|bigger than|more than|over)[^\n]{0,30}\b(?:2|4) ?g(?:i?b)?\b[^\n]{0,60}(?:wasm|webassembly|browser|emscripten)|wasm heap",
        0.84,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.15), (Category.CONFIG_INVALID, 0.15)),
    ),
    # A notebook's process ends without a word, most often for its memory.
    _KILLED.rule(
        "notebook-gone",
        r"kernel (?:appears to have died|has died|died|crashed)|kernel restarting|the kernel [^\n]{1,60} (?:appears to have died|has died)|session crashed (?:after|for an unknown)|tried to allocate more memory than is available",
        0.64,
        also=((Category.PROCESS_CRASHED, 0.5), (Category.GPU_OUT_OF_MEMORY, 0.15)),
        unless=r"segfault|segmentation|illegal instruction",
    ),
    _HOST.rule(
        "too-little-for-the-model",
        r"(?:not enough|insufficient|too little) (?:available |free )?memory (?:available )?(?:to|for) (?:load|run|hold|open|start|lock|launch|the model|this model|a model)|not enough memory (?:on|in) (?:this|your|the) (?:device|machine|computer|system|phone)|memory requirements? (?:exceed|not met|of the model exceed)|requires more (?:ram|memory) than",
        0.64,
        also=((Category.GPU_OUT_OF_MEMORY, 0.48), (Category.CONFIG_INVALID, 0.12)),
        unless=r"vram|gpu|cuda|command submission|\bmetal\b",
    ),
    _HOST.rule(
        "no-more-threads",
        r"can't start new thread|pthread_create[^\n]{0,60}(?:fail|unavailable|error)|failed to (?:create|spawn|start) (?:a )?(?:new )?thread[^\n]{0,60}(?:unavailable|memory|os error 11)|os error 11\b|fork: (?:retry: )?resource temporarily unavailable|unable to create native thread",
        0.6,
        also=((Category.CONFIG_INVALID, 0.42), (Category.PROCESS_CRASHED, 0.25)),
    ),
    _PINNED.rule(
        "pinning-invalid",
        r"pinned memory[^\n]{0,40}invalid argument|invalid argument(?s:.{0,120})pinned memory",
        0.56,
        also=((Category.UNKNOWN, 0.42), (Category.HOST_OUT_OF_MEMORY, 0.4)),
    ),
    # The engine in the browser reports an exception of its own by a figure; with no word beside it, it is an allocation.
    _WASM.rule(
        "engine-of-wasm-says-6",
        r"(?:ortrun\(\)|ortrun|ortcreatesession\w*|create a session)[. ]{1,3}error[ _]code ?[=:] ?6[.\"')]{0,4}(?:\s|$|, error_message: {0,2}std::bad_alloc)",
        0.74,
        also=((Category.UNKNOWN, 0.3), (Category.PROCESS_CRASHED, 0.2)),
    ),
    _KILLED.rule(
        "phone-short-of-memory",
        r"\b(?:memory (?:issues?|problems?|limits?|errors?)|(?:because of|due to|lack of|low on|insufficient) memory)\b[^\n]{0,80}\b(?:iphone|ipad|ios|android|phone|mobile|safari|tablet|pixel \d|galaxy)\b|\b(?:iphone|ipad|ios|android|phone|mobile|safari|tablet|app)\b[^\n]{0,80}\b(?:memory (?:issues?|problems?|limits?)|(?:because of|due to|lack of|low on|insufficient) memory)\b",
        0.88,
        also=((Category.PROCESS_CRASHED, 0.35), (Category.GPU_OUT_OF_MEMORY, 0.3)),
        unless=r"vram|gpu memory|\bgpu\b|webgpu",
    ),
    # Trainers and loaders of several processes meet a container's small shared memory as a bus error.
    _HOST.rule(
        "bus-error-of-many",
        r"(?:dataloader|torchrun|nproc_per_node|torch\.distributed|deepspeed|megatron|nccl|loading extension module|ulimit|\bdocker run)(?s:.{0,400})bus error|bus error(?s:.{0,300})(?:dataloader|torchrun|nproc_per_node|torch\.distributed|deepspeed|megatron|nccl)",
        0.94,
        also=((Category.PROCESS_CRASHED, 0.4), (Category.STORAGE_QUOTA_OR_DISK_FULL, 0.3)),
    ),
    # A machine whose graphics have no memory of their own.
    _HOST.rule(
        "small-machine-out-of-memory",
        r"\b(?:raspberry ?pi|rpi ?\d|orange ?pi|rk35\d\d|tab|chrome|firefox|safari|edge|browser|phone|iphone|ipad|android|colab|on (?:the |my )?cpu|cpu[- ]only)\b[^\n]{0,40}\b(?:out of memory|oom)\b|\b(?:out of memory|oom)\b[^\n]{0,40}\b(?:raspberry ?pi|rpi ?\d|orange ?pi|in (?:the |my )?(?:tab|chrome|firefox|safari|browser)|on (?:my |the |an? )?(?:phone|iphone|ipad|android|cpu|laptop without))\b",
        0.8,
        also=((Category.GPU_OUT_OF_MEMORY, 0.4), (Category.PROCESS_CRASHED, 0.2)),
        unless=r"vram|cuda|\bgpu\b|webgpu|createbuffer|device lost",
    ),
    _KILLED.rule(
        "exits-with-137",
        r"exit(?:s|ed|ing)? (?:with |code |status |error |an? ){0,3}137\b|\bstatus[:= ]{1,2}137\b|\b137\b[^\n]{0,12}\b(?:oom|sigkill)",
        0.9,
        also=((Category.PROCESS_CRASHED, 0.3), (Category.GPU_OUT_OF_MEMORY, 0.1)),
        unless=r"docker (?:stop|kill)|exited \(137\)|liveness|probe",
    ),
    _HOST.rule(
        "file-of-pages-too-small",
        r"\b(?:page ?file|paging file|swap ?file)(?: size)? (?:is |was )?(?:\w{1,12} )?(?:too small|insufficient|full|disabled|exhausted|not (?:big|large) enough)\b",
        0.92,
    ),
)

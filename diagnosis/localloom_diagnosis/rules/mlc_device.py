"""Rules for MLC and TVM on their devices: GPUs that are not there, too small or driven badly, and processes and apps that end or stand still."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group

_MLC = ("mlc", "tvm", "web-llm", "webllm")

_NO_DEVICE = Group(
    Category.GPU_UNSUPPORTED,
    en="TVM found no device of the kind asked for",
    es="TVM no encontró ningún dispositivo del tipo pedido",
)
_LIMITS = Group(
    Category.GPU_FEATURE_MISSING,
    en="the kernels ask for more threads or registers than this GPU has",
    es="los kernels piden más hilos o registros de los que tiene esta GPU",
)
_PEERS = Group(
    Category.GPU_DRIVER,
    en="the driver failed where several GPUs work together",
    es="falló el controlador donde varias GPU trabajan juntas",
)
_OPENCL = Group(
    Category.GPU_DRIVER,
    en="a call to the phone's OpenCL driver failed",
    es="falló una llamada al controlador OpenCL del teléfono",
)
_CARD = Group(
    Category.GPU_OUT_OF_MEMORY,
    en="the weights and the cache do not fit in the GPU's memory",
    es="los pesos y la caché no caben en la memoria de la GPU",
)
_PHONE = Group(
    Category.HOST_OUT_OF_MEMORY,
    en="the app needs more memory than the phone gives to one app",
    es="la app necesita más memoria de la que el teléfono concede a una app",
)
_ENDED = Group(
    Category.PROCESS_CRASHED,
    en="the process that ran the model ended",
    es="terminó el proceso que ejecutaba el modelo",
)
_WORKER = Group(
    Category.WORKER_CRASHED,
    en="the pipe to a worker process is broken",
    es="se rompió la conexión con un proceso de trabajo",
)
_STANDS = Group(
    Category.PROCESS_HUNG,
    en="the engine or the app no longer answers",
    es="el motor o la app ya no responde",
)


RULES = (
    _NO_DEVICE.rule(
        "mlc-no-device",
        r"no available device detected|cannot auto detect device-name|assert\(device\.exist\)|invalid (?:metal|vulkan|cuda|opencl|rocm) device_id ?= ?0\b|no opencl (?:device|platform)|cannot open libopencl|vk_error_incompatible_driver[^\n]{0,20}$|code=-9\b[^\n]{0,30}incompatible_driver|no vulkan (?:device|gpu)|cannot initialize (?:metal|vulkan|opencl|cuda|rocm)[^\n]{0,40}no devices?",
        0.96,
        also=((Category.GPU_DRIVER, 0.25), (Category.HOST_MISSING_DEPENDENCY, 0.12)),
    ),
    _NO_DEVICE.rule(
        "mlc-software-device",
        r"(?:lavapipe|llvmpipe|swiftshader)[\s\S]{0,600}(?:invalid bitcast|broken function)|(?:invalid bitcast|broken function)[\s\S]{0,600}(?:lavapipe|llvmpipe|swiftshader)|invalid bitcast with vulkan[\s\S]{0,200}lavapipe",
        0.94,
        also=((Category.GPU_DRIVER, 0.5), (Category.COMPILE_FAILED, 0.5)),
    ),
    _NO_DEVICE.rule(
        "mlc-compiles-for-no-gpu",
        r"failed to detect local gpu, falling back|unable to detect cuda version, default to",
        0.5,
        also=((Category.COMPILE_FAILED, 0.4), (Category.HOST_MISSING_DEPENDENCY, 0.3)),
        unless=r"ptxas|nvcc",
        wrapper=True,
    ),
    _NO_DEVICE.rule(
        "mlc-no-local-gpu",
        r"cannot detect local gpu|unable to detect (?:a |any )?local gpu|'nonetype' object has no attribute 'device_type'",
        0.95,
        also=((Category.HOST_MISSING_DEPENDENCY, 0.35), (Category.CONFIG_INVALID, 0.2)),
    ),
    _LIMITS.rule(
        "tvm-opencl-resources",
        r"cl_out_of_resources|opencl error, code=-5\b|cl_invalid_work_(?:group|item)_size|code=-5[45]\b|cuda_error_launch_out_of_resources|too many resources requested for launch|exceeds? the (?:max(?:imum)?|limit)[^\n]{0,40}(?:threads|work ?group|shared memory)",
        0.94,
        also=(
            (Category.COMPILE_FAILED, 0.5),
            (Category.GPU_OUT_OF_MEMORY, 0.45),
            (Category.CONFIG_INVALID, 0.2),
        ),
        runtimes=("tvm",),
    ),
    _PEERS.rule(
        "mlc-collective",
        r"[nr]ccl(?:internal|system|remote|unhandledcuda)error|unhandled (?:cuda|system|hip) error|rcclerr\w{0,4}:|ncclerr\w{0,4}:|(?:nccl|rccl) warn (?:cuda|hip) fail|runtime/disco/nccl",
        0.8,
        also=(
            (Category.WORKER_CRASHED, 0.5),
            (Category.PROCESS_CRASHED, 0.4),
            (Category.GPU_UNSUPPORTED, 0.2),
            (Category.CONFIG_INVALID, 0.2),
        ),
        runtimes=("mlc", "tvm"),
    ),
    _OPENCL.rule(
        "mlc-opencl-call",
        r"opencl_device_api\.cc:\d{1,4}: (?:internalerror: )?check failed: \(?err_cod",
        0.5,
        also=(
            (Category.GPU_UNSUPPORTED, 0.4),
            (Category.GPU_OUT_OF_MEMORY, 0.4),
            (Category.ARTIFACT_INCOMPATIBLE, 0.2),
        ),
        runtimes=("mlc", "tvm"),
        unless=r"code=-\d",
        wrapper=True,
    ),
    _CARD.rule(
        "mlc-card-too-small",
        r"insufficient gpu memory error|cannot estimate kv cache capacity|the available single gpu memory is|the model weight size [\d.]{1,20} may be larger than gpu memory",
        0.97,
        also=((Category.CONFIG_INVALID, 0.25),),
    ),
    _CARD.rule(
        "mlc-does-not-fit",
        r"\b(?:does not|doesn't|do not|don't|won't|cannot|can't|not) fit (?:in|on|into|onto)\b",
        0.72,
        also=((Category.HOST_OUT_OF_MEMORY, 0.55),),
        needs=r"memory|\bv?ram\b|\d ?gb\b",
    ),
    _CARD.rule(
        "mlc-opencl-allocation",
        r"opencl error, code=-4\b|cl_mem_object_allocation_failure",
        0.93,
        also=((Category.GPU_FEATURE_MISSING, 0.3), (Category.CONFIG_INVALID, 0.2)),
        runtimes=("mlc",),
    ),
    _PHONE.rule(
        "mlc-app-on-iphone",
        r"\b(?:oom|out of memory|jetsam|memory (?:limit|usage|warning|pressure)|increased-memory-limit|runningboard)\b",
        0.9,
        also=((Category.GPU_OUT_OF_MEMORY, 0.5), (Category.PROCESS_CRASHED, 0.4)),
        runtimes=("mlc",),
        needs=r"iphone|ipad|\bios\b|xcode|jetsam",
    ),
    _PHONE.rule(
        "mlc-big-model-on-phone",
        r"\b(?:[7-9]|1[0-9])b\b[^\n]{0,80}\b(?:crash(?:es|ed)?|closes?|killed|exits?|force[- ]?clos)",
        0.6,
        also=((Category.GPU_OUT_OF_MEMORY, 0.66), (Category.PROCESS_CRASHED, 0.4)),
        runtimes=("mlc",),
        needs=r"snapdragon|iphone|ipad|android|phone|pixel|galaxy|adreno|xiaomi|oneplus|mobile",
    ),
    _ENDED.rule(
        "mlc-app-died",
        r"win death: window\{|was disposed without first being removed with the input manager|process ai\.mlc\.\w{1,20} \(pid \d{1,8}\) has died|channel is unrecoverably broken and will be disposed",
        0.86,
        also=((Category.HOST_OUT_OF_MEMORY, 0.5), (Category.GPU_OUT_OF_MEMORY, 0.3)),
        unless=r"lowmemorykiller|lmkd",
    ),
    _OPENCL.rule(
        "frames-of-a-phones-driver",
        r"pc [0-9a-f]{6,16} +/vendor/lib(?:64)?/(?:egl/)?lib(?:opencl|gles|glesv2|llvm|vulkan|mali|adreno|cb|gsl)",
        0.76,
        also=((Category.PROCESS_CRASHED, 0.7), (Category.GPU_OUT_OF_MEMORY, 0.15)),
    ),
    _ENDED.rule(
        "frames-of-android",
        r"#0[01] +pc [0-9a-f]{6,16} +/(?:vendor|system|data|apex)/",
        0.7,
        also=((Category.HOST_OUT_OF_MEMORY, 0.15), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _ENDED.rule(
        "frames-of-a-debugger",
        r"#0  (?:0x[0-9a-f]{4,16} in )?\w[\w:~<>]{2,120} ?\(",
        0.74,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.3), (Category.PROCESS_HUNG, 0.2)),
        # Threads that wait are those of a process that stands still.
        unless=r"#0  (?:0x[0-9a-f]{4,16} in )?\w{0,20}(?:ioctl|futex|poll|wait|sleep)",
    ),
    _ENDED.rule(
        "mlc-server-closed-connection",
        r"remotedisconnected|remote end closed connection without response",
        0.8,
        also=((Category.NETWORK_UNREACHABLE, 0.6),),
        phases=(Phase.GENERATE,),
        runtimes=_MLC,
    ),
    _WORKER.rule(
        "mlc-pipe-to-worker",
        r"n(?:write|read) != -1|(?:write|read) error: broken pipe|stream closed without proper shutdown|disco worker[^\n]{0,40}(?:exited|died|lost)",
        0.9,
        also=((Category.PROCESS_CRASHED, 0.5), (Category.GPU_DEVICE_LOST, 0.15)),
        runtimes=_MLC,
    ),
    _STANDS.rule(
        "mlc-engine-hangs",
        r"(?:worker|webllm|web-llm|mlc|serve|async) engine (?:hangs?|freezes|is stuck|gets stuck)\b|\banr-like\b|input dispatching timed out|application (?:is )?not responding\b|\bisn't responding\b",
        0.93,
        also=((Category.WORKER_CRASHED, 0.3), (Category.GPU_DRIVER, 0.15)),
        runtimes=_MLC,
    ),
    _LIMITS.rule(
        "mlc-halves-on-old-card",
        r"\b(?:fp16|f16|half precision|q\df16\w{0,3})\b[^\n]{0,80}\b(?:gtx|pascal|maxwell|kepler|sm_[56]\d|10[5-8]0|9[5-8]0)\b|\b(?:gtx|pascal|maxwell|kepler)\b[^\n]{0,80}\b(?:fp16|f16|half precision|q\df16\w{0,3})\b[^\n]{0,40}(?:not|fail|unsupported)|\bq\df32\w{0,3} (?:models? )?(?:works?|is fine|are fine|runs?|loads?)\b|works? (?:fine |well )?(?:with|using) q\df32",
        0.76,
        also=(
            (Category.GENERATE_NUMERIC, 0.3),
            (Category.GPU_UNSUPPORTED, 0.2),
            (Category.ARTIFACT_INCOMPATIBLE, 0.3),
        ),
        phases=(Phase.LOAD, Phase.PREFLIGHT, Phase.COMPILE, Phase.RUNTIME),
        unless=r"ptxas",
        runtimes=_MLC,
    ),
    _LIMITS.rule(
        "mlc-work-group",
        r"\bwork ?group size\b[^\n]{0,40}\b(?:is|of|limit|max|exceed\w{0,3}|too)\b|\bmax(?:imum)? work ?group\b",
        0.8,
        also=((Category.COMPILE_FAILED, 0.35),),
    ),
)

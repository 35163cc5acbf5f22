"""Rules for a GPU that is there and fails: its driver at fault, lost while it worked, a kernel that went astray."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .rule import Group

_DRIVER = Group(
    Category.GPU_DRIVER,
    en="the GPU's driver is too old, mismatched or at fault",
    es="el controlador de la GPU es antiguo, no concuerda o falla",
)
_LOST = Group(
    Category.GPU_DEVICE_LOST,
    en="the GPU was lost or reset while it worked",
    es="la GPU se perdió o se reinició mientras trabajaba",
)
_FAULT = Group(
    Category.PROCESS_CRASHED,
    en="a GPU kernel made an invalid access",
    es="un núcleo de la GPU hizo un acceso no válido",
)
_OTHER_LIBRARY = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="a GPU library failed inside, most often one of another version or for another card",
    es="una biblioteca de la GPU falló por dentro, casi siempre por ser de otra versión o para otra tarjeta",
)
_SOFTWARE = Group(
    Category.GPU_UNSUPPORTED,
    en="the processor's own rasterizer was taken for the GPU",
    es="se tomó el rasterizador del propio procesador por la GPU",
)
_BUSY = Group(
    Category.GPU_OUT_OF_MEMORY,
    en="a GPU library could not start, most often for want of memory",
    es="una biblioteca de la GPU no pudo arrancar, casi siempre por falta de memoria",
)

_MISSING = Category.HOST_MISSING_DEPENDENCY
_UNSUPPORTED_GPU = Category.GPU_UNSUPPORTED

RULES = (
    _DRIVER.rule(
        "vendor-library-in-trace",
        r"libgles_mali|libllvm-gl\w+|libadreno\w*|libllvm-qcom|libgsl\.so|vendor/lib64/egl|nvoglv\w*\.dll|nvwgf2\w*|amdxc64|amdvlk|igc64|igvk64|(?:lib)?igdrcl|libze_intel|atidxx|libnvidia-(?:glcore|compiler|opencl)",
        0.5,
        also=((Category.PROCESS_CRASHED, 0.42),),
        needs=r"sig|crash|fault|abort|error|exception",
    ),
    # The trace comes after the signal, and its uppermost frames say in whose code it was.
    _DRIVER.rule(
        "crash-inside-driver",
        r"(?:\bsigsegv\b|\bsigabrt\b|\bsigbus\b|signal \d{1,2}\b|access violation|faulting module)(?s:.{0,500})(?:libgles_mali|libllvm-gl\w+|libadreno\w*|libllvm-qcom|libgsl\.so|vendor/lib64/egl|nvoglv\w*\.dll|nvwgf2\w*|amdxc64|amdvlk|igc64|igvk64|(?:lib)?igdrcl|libze_intel|atidxx|libnvidia-(?:glcore|compiler|opencl)|/hw/vulkan\.\w+\.so)",
        0.92,
        also=((Category.PROCESS_CRASHED, 0.6), (Category.COMPILE_FAILED, 0.1)),
    ),
    _DRIVER.rule(
        "display-driver-combination",
        r"unsupported display driver|error 80[34]\b|driver combination",
        0.95,
        also=((_UNSUPPORTED_GPU, 0.3),),
    ),
    _DRIVER.rule(
        "cuda-driver-old",
        r"cuda driver version is insufficient|cudaerrorinsufficientdriver|nvidia driver on your system is too old|driver[^\n]{0,40}(?:too old|outdated|out of date|insufficient)|(?:update|upgrade) your (?:gpu|nvidia|graphics|amd|intel|cuda) driver|cuda error 35\b|forward compatibility was attempted|cudaerrorcompatnotsupported|cuda_error_compat_not_supported|cudaerrorsystemdrivermismatch|cuda_error_system_driver_mismatch|requires? (?:a )?(?:newer |nvidia |cuda )*driver|unsatisfied condition: cuda|nvidia driver (?:version )?(?:is )?(?:too|not)",
        0.95,
    ),
    _DRIVER.rule(
        "driver-mismatch",
        r"driver/library version mismatch|driver or library version mismatch|(?:nvml|libnvidia|nvidia|kernel module)[^\n]{0,60}version mismatch|version mismatch[^\n]{0,40}(?:kernel module|nvidia)|api version mismatch|kernel module[^\n]{0,60}does not match|nvml library version",
        0.97,
    ),
    _DRIVER.rule(
        "driver-symbols",
        r"undefined symbol: (?:cu|nvml|hip|hsa|vk|ze)[a-z]+\w*|libvulkan_\w+\.so[^\n]{0,12}: undefined symbol|symbol lookup for (?:cu|nvml|hip)\w+ failed|unable to load cuda driver|wrong elf class[^\n]{0,60}|unable to load nvcuda|cuinit[^\n]{0,60}(?:fail|err|\d{2,3})|cuda driver (?:library )?(?:init|initialization)[^\n]{0,30}(?:fail|err)",
        0.9,
        also=((Category.GPU_UNSUPPORTED, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.1)),
        needs=r"cuda|nvidia|nvml|libhip|amd|vulkan|libze|cuinit|gpu",
        unless=r"(?:cuinit|library init)[^\n]{0,30}\b100\b|might not have a cuda gpu|undefined symbol: cu(?:blas|dnn|sparse|solver|rand|fft|blaslt)",
    ),
    _DRIVER.rule(
        "ptx",
        r"unsupported toolchain|provided ptx was compiled|cudaerrorunsupportedptxversion|cuda_error_unsupported_ptx|unsupported \.version|ptx jit compil",
        0.88,
        also=((Category.COMPILE_FAILED, 0.15), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
        unless=r"invalid_ptx|memory allocation failure",
    ),
    _DRIVER.rule(
        "nvidia-smi",
        r"couldn't communicate with the nvidia driver|nvidia-smi has failed|nvidia kernel (?:driver|module)[^\n]{0,40}(?:not|fail)|nvidia driver (?:is )?not (?:loaded|running|installed)|amdgpu (?:driver|module)[^\n]{0,40}(?:not|fail|missing)|no amdgpu driver|module (?:nvidia|amdgpu|i915|xe)\w* not found|drivers? (?:is |are |was )?not (?:loaded|running|initiali[sz]ed)",
        0.92,
        also=((Category.GPU_UNSUPPORTED, 0.3), (_MISSING, 0.1)),
    ),
    _DRIVER.rule(
        "cuda-unknown",
        r"cuda unknown error|cudaerrorunknown|cuda_error_unknown|cuda error 999|unknown error[^\n]{0,40}cuda|cudaerrorinitializationerror|cuda error 3: init|cuda_error_not_initialized|cuda_error_system_not_ready|cudaerrorsystemnotready|system not yet initialized|fabric ?manager|failed to initiali[sz]e cuda|cuda driver library failed|failed to get device context|error looking up (?:cuda|nvidia|amd|rocm|intel) gpu|device memory info lookup failure|cuda error 802|cuda initialization: unexpected error|hiperrorunknown|unknown error \(999\)|cuda: (?:initialization error|os call failed|unknown error)|cuda error 3 at|nvmlinit\w*[^\n]{0,20}(?:fail|err)|-999 \(unknown|ur_result_error_unknown|initialize the hccp|gpu device detection failed",
        0.9,
        also=((Category.GPU_UNSUPPORTED, 0.2), (Category.GPU_DEVICE_LOST, 0.15)),
        unless=r"cannot re-initialize cuda|\bout of memory|no \w{2,10}-capable device",
    ),
    _DRIVER.rule(
        "blocklisted",
        r"gpu (?:is )?(?:blocklisted|blacklisted|disabled)|webgpu (?:has been )?(?:disabled|blocklisted) (?:via|by|due)|blocklist|gpu access is disabled|driver (?:bug|issue|crash|fault|error|problem|regression)|(?:mesa|radv|adreno|mali|nouveau|anv|intel) driver[^\n]{0,40}(?:crash|bug|fail|error)|igc[^\n]{0,20}error|ppgtt",
        0.6,
        also=((Category.GPU_UNSUPPORTED, 0.4), (Category.GPU_DEVICE_LOST, 0.15)),
    ),
    _LOST.rule(
        "device-lost",
        r"device[_ ]?(?:was |is |has been |got )?lost\b|(?:ur|ze|pi|hip|cl|sycl)\w{0,20}_device_lost|gpu (?:is|was|has been) lost|gpu_is_lost|devicelosterror|errordevicelost|vk_error_device_lost|gpudevicelost|devicelost|lost (?:the )?(?:gpu |webgpu |vulkan )?device\b|context (?:is|was|has been) lost|context[_ ]lost|contextlost|external instance reference|gpu (?:connection|context|process)[^\n]{0,20}(?:lost|crash|gone|exited|terminated)",
        0.92,
        also=((Category.GPU_OUT_OF_MEMORY, 0.18), (Category.GPU_DRIVER, 0.15)),
    ),
    _LOST.rule(
        "dxgi-removed",
        r"dxgi_error_device_(?:removed|hung|reset)|0x887a000[5-7]|device (?:has been )?removed|device_?removed|getdeviceremovedreason|gpu device instance has been suspended|will not respond to more commands",
        0.95,
        also=((Category.GPU_DRIVER, 0.15),),
        unless=r"driver_internal|0x887a0020",
    ),
    _LOST.rule(
        "gpu-hang",
        r"gpu (?:hang|hung|reset|lockup|timeout|recover|got stuck)|cl_exec_status_error_for_events|clwaitforevents[^\n]{0,40}-14\b|ioctl_kgsl_device_waittimestamp|(?:gfx|amdgpu)[^\n]{0,40}page fault|gcvm_l2_protection_fault|display driver[^\n]{0,40}stopped responding|livekernelevent|\bxid \d{1,3}\b|victim of gpu error|video_tdr|video_scheduler_internal|unable to determine the device handle|vkwaitforfences[^\n]{0,40}(?:timeout|fail)|\bvk_timeout\b|vulkan error,? ?code ?= ?-4\b|backend is in error state from a previous|(?:rcs|bcs|ccs|vcs|vecs|copy|render|compute|blitter|gpu|drm|i915|xe)\d?[\w .:\[\]-]{0,24} engine (?:reset|hang)\b|engine reset: |dspqueue_\w+ failed|gpu has fallen off the bus|fallen off the bus|cudaerrorlaunchtimeout|launch (?:timed out|timeout)|\btdr\b|command buffer[^\n]{0,60}(?:timeout|hang|timed out|innocent)|kiogpucommandbuffercallbackerror(?!outofmemory)\w*|ignored \(for causing prior|cs has been (?:cancelled|rejected)|\bring [\w.]+ timeout|xid[^\n]{0,20}: \d+|nvrm: xid|hsa_status_error_(?:hardware_)?exception|uncorrectable ecc|cudaerroreccuncorrectable|hardware exception|queue error|hw exception by gpu|vm_l2_protection_fault|caused gpu (?:timeout|hang)",
        0.94,
        also=((Category.GPU_DRIVER, 0.2), (Category.PROCESS_CRASHED, 0.1)),
    ),
    _LOST.rule(
        "mapasync",
        r"mapasync[^\n]{0,80}(?:abort|fail|invalid|lost|destroy|unmap)|failed to execute 'mapasync'|buffer was (?:destroyed|unmapped) before mapping|map ?async was not successful|bufferasyncerror|instance dropped|instance reference",
        0.72,
        also=((Category.GPU_OUT_OF_MEMORY, 0.2), (Category.GPU_DRIVER, 0.2), (Category.COMPILE_FAILED, 0.12)),
        unless=r"while mapped|already mapped|getmappedrange|mapping is (?:already )?pending",
    ),
    _FAULT.rule(
        "rocm-memory-fault",
        r"memory access fault by gpu|hsa_status_error_memory_fault|page not present or supervisor privilege|vm fault",
        0.6,
        also=((Category.GPU_DEVICE_LOST, 0.45), (Category.GPU_DRIVER, 0.3)),
    ),
    _FAULT.rule(
        "cuda-illegal-access",
        r"illegal memory access|cuda error 700|cudaerrorillegaladdress|cuda_error_illegal_address|misaligned address|cuda error 716|unspecified launch failure|cuda error 719|cudaerrorlaunchfailure|cuda_error_launch_failed|illegal instruction was encountered|cudaerrorillegalinstruction|cuda error 715|device-side assert|cudaerrorassert|an invalid(?: memory)? access|hiperrorillegaladdress|hiperrorlaunchfailure|hiperrorlaunchfail",
        0.74,
        also=((Category.GPU_DEVICE_LOST, 0.35), (Category.GPU_DRIVER, 0.2), (Category.COMPILE_FAILED, 0.1)),
    ),
    _OTHER_LIBRARY.rule(
        "cublas-failed",
        r"cublas(?:lt)?_status_(?:execution_failed|internal_error|invalid_value)|cuda error: an internal operation failed|cublas error|cudnn_status_\w+|rocblas_status_\w+|hipblas_status_\w+|cusolver error",
        0.44,
        also=(
            (Category.GPU_DRIVER, 0.4),
            (Category.GPU_OUT_OF_MEMORY, 0.3),
            (Category.PROCESS_CRASHED, 0.3),
            (Category.GPU_FEATURE_MISSING, 0.2),
        ),
        unless=r"alloc_failed|not_supported|arch_mismatch|tensilelibrary|not_initialized",
    ),
    # cuBLAS makes its workspace when it starts: a full card is the usual reason for it not to.
    _BUSY.rule(
        "cublas-not-started",
        r"cublas(?:lt)?_status_not_initialized|cudnn_status_not_initialized|cublascreate",
        0.5,
        also=((Category.GPU_DRIVER, 0.35), (Category.PROCESS_CRASHED, 0.12)),
        unless=r"alloc_failed",
    ),
    _FAULT.rule(
        "cuda-generic",
        r"cuda error|cuda failure|cuda runtime error|cuda_error_\w+|cudaerror\w+|hip error|hiperror\w+|rocm error|ggml_cuda_error|ggml_cuda_compute_forward",
        0.35,
        also=(
            (Category.GPU_DRIVER, 0.33),
            (Category.GPU_OUT_OF_MEMORY, 0.25),
            (Category.GPU_UNSUPPORTED, 0.2),
        ),
        wrapper=True,
    ),
    _DRIVER.rule(
        "vulkan-generic",
        r"vk::\w+: error\w*|vk_error_\w+|vulkan error|opencl error|cl_invalid_\w+|cl_build_program|ze_result_error\w*|sycl exception|native api failed|ur_result_error\w*|pi_error\w*|mtlcommandbuffer\w*|dxgi_error\w*",
        0.4,
        also=(
            (Category.GPU_DEVICE_LOST, 0.25),
            (Category.GPU_UNSUPPORTED, 0.2),
            (Category.COMPILE_FAILED, 0.15),
        ),
        wrapper=True,
    ),
    _LOST.rule(
        "command-buffer-failed",
        r"command buffer \d+ failed with status|(?:command buffer|commandbuffer) (?:execution )?failed|mtlcommandbufferstatus",
        0.42,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.36),
            (Category.PROCESS_CRASHED, 0.2),
            (Category.GPU_DRIVER, 0.15),
        ),
        unless=r"out ?of ?memory|insufficient memory",
    ),
    _DRIVER.rule(
        "feature-level",
        r"887a002[12b]|887a0001|d3d12[^\n]{0,60}(?:fail|error|not)|d3d12\.dll|directml\.dll[^\n]{0,40}(?:old|version|not)",
        0.52,
        also=((_UNSUPPORTED_GPU, 0.42), (Category.GPU_FEATURE_MISSING, 0.3)),
    ),
    _LOST.rule(
        "container-lost-its-gpu",
        r"failed to get device context \d+[^\n]{0,200}error looking up|failed to initiali[sz]e nvml: unknown error[^\n]{0,20}\n(?s:.{0,200})device context",
        0.72,
        also=((Category.GPU_DRIVER, 0.5), (Category.GPU_UNSUPPORTED, 0.35)),
    ),
    _LOST.rule(
        "display-resets",
        r"(?:screen|display|desktop|windowserver|monitor)s? [^\n]{0,40}(?:resets?|restarts?|goes black|flicker\w*|freezes)|(?:display|desktop|windowserver|monitor|gnome|kwin|wayland|compositor|xorg)s? [^\n]{0,40}crash\w*",
        0.66,
        also=((Category.GPU_DRIVER, 0.4), (Category.PROCESS_HUNG, 0.2)),
        unless=r"crash to desktop|desktop app",
    ),
    _DRIVER.rule(
        "driver-refused-pipeline",
        r"vk::device::createcomputepipelines?: error(?:unknown|outofhostmemory|initializationfailed)|ggml_vulkan[^\n]{0,40}pipeline creation failed|create(?:graphics|compute)pipelines?\b[^\n]{0,60}vk_error_unknown|vk_error_unknown[^\n]{0,40}create(?:graphics|compute)pipelines?",
        0.95,
        also=((Category.COMPILE_FAILED, 0.42), (Category.PROCESS_CRASHED, 0.1)),
    ),
    # The compilers of shaders that come with Mesa say their own name before they abort.
    _DRIVER.rule(
        "shader-compiler-of-driver",
        r"\baco error\b",
        0.86,
        also=(
            (Category.GPU_FEATURE_MISSING, 0.3),
            (Category.COMPILE_FAILED, 0.2),
            (Category.PROCESS_CRASHED, 0.2),
        ),
    ),
    _SOFTWARE.rule(
        "software-device-taken",
        r"llvm error: |broken function|invalid bitcast|segmentation fault|core dumped",
        0.8,
        also=(
            (Category.GPU_DRIVER, 0.6),
            (Category.COMPILE_FAILED, 0.6),
            (Category.PROCESS_CRASHED, 0.25),
        ),
        needs=r"lavapipe|llvmpipe",
    ),
    # A capable card says so too, where the system's DirectML or Direct3D is older than the program.
    _DRIVER.rule(
        "interface-or-feature-level",
        r"887a0004|dxgi_error_unsupported|interface or feature level",
        0.46,
        also=(
            (Category.GPU_FEATURE_MISSING, 0.45),
            (_MISSING, 0.4),
            (_UNSUPPORTED_GPU, 0.36),
        ),
    ),
    _DRIVER.rule(
        "cuda-library-not-started",
        r"(?:cudart|cuda driver library|nvml|nvcuda)[^\n]{0,40}init(?:ialization)? failure: ?(?!100\b)\d|cudasetdevice err: ?(?!100\b)\d|nvml vram init failure",
        0.94,
        also=((_MISSING, 0.12), (_UNSUPPORTED_GPU, 0.15)),
        unless=r"no cuda-capable device",
    ),
    _DRIVER.rule(
        "allocation-in-a-broken-state",
        r"cudamalloc failed: (?:unknown|initialization) error",
        0.84,
        also=((Category.GPU_OUT_OF_MEMORY, 0.4), (Category.GPU_DEVICE_LOST, 0.2)),
    ),
    # The compilers of shaders on phones refuse what others take.
    _DRIVER.rule(
        "shaders-on-a-phone",
        r"adrenovk-\d|(?:adreno|mali|powervr|qualcomm|xclipse)[^\n]{0,80}(?:shader|pipeline|compil)\w*[^\n]{0,40}(?:fail|crash|abort|error)|(?:shader|pipeline)s?[^\n]{0,60}(?:fail\w*|crash\w*|abort\w*|error)?[^\n]{0,60} (?:on|for|with)\b[^\n]{0,30}(?:adreno|mali\b|powervr|qualcomm|xclipse)",
        0.92,
        also=((Category.COMPILE_FAILED, 0.66), (Category.PROCESS_CRASHED, 0.3)),
        needs=r"fail|crash|abort|error",
        unless=r"kgsl|gsl_memory|build error|out of memory|'?f16'? extension",
    ),
    # What asks for a pipeline that the driver did not build fails later, and elsewhere.
    _DRIVER.rule(
        "pipeline-not-there",
        r"pipeline_allocate_descriptor_sets(?s:.{0,400})unordered_map::at",
        0.84,
        also=((Category.COMPILE_FAILED, 0.4), (Category.PROCESS_CRASHED, 0.45)),
    ),
    _DRIVER.rule(
        "driver-names-itself",
        r"driver implementation is at fault|dxgi_error_driver_internal\w*|0x887a0020|\bigc: internal compiler error",
        0.88,
        also=((Category.COMPILE_FAILED, 0.35), (Category.GPU_DEVICE_LOST, 0.35)),
    ),
    _DRIVER.rule(
        "device-of-vulkan-not-made",
        r"createdevice: error(?:initializationfailed|unknown|outofhostmemory)|vkcreatedevice[^\n]{0,40}(?:fail|error)",
        0.72,
        unless=r"vkcreatedevice failed -4\b",
        also=((_UNSUPPORTED_GPU, 0.3), (Category.GPU_FEATURE_MISSING, 0.25)),
    ),
    _DRIVER.rule(
        "libcuda-not-where-expected",
        r"libcuda\.so cannot (?:be )?found",
        0.56,
        also=((_MISSING, 0.5), (Category.COMPILE_FAILED, 0.25)),
    ),
    _DRIVER.rule(
        "rocm-module",
        r"roc[kt] module is not loaded|hsa_init[^\n]{0,30}fail|rocminfo[^\n]{0,40}(?:fail|unable)|amdgpu is not loaded",
        0.72,
        also=((_UNSUPPORTED_GPU, 0.45),),
    ),
    # Graphics of Intel answer so after sleep, and where more memory was wanted than they may take.
    _LOST.rule(
        "device-not-available",
        r"(?:pi|ur|ze|cl)\w{0,20}device_not_available",
        0.6,
        also=((Category.GPU_OUT_OF_MEMORY, 0.5), (Category.GPU_DRIVER, 0.35)),
    ),
    _LOST.rule(
        "work-from-background",
        r"gpu work from (?:the )?background|backgroundexecutionnotpermitted",
        0.86,
        also=((Category.CONFIG_INVALID, 0.6),),
    ),
    # A container loses its card when the host's services are loaded anew.
    _DRIVER.rule(
        "nvml-unknown-error",
        r"failed to initiali[sz]e nvml: unknown error",
        0.6,
        also=((_UNSUPPORTED_GPU, 0.4), (Category.GPU_DEVICE_LOST, 0.4), (Category.CONFIG_INVALID, 0.15)),
        unless=r"device context",
    ),
    _DRIVER.rule(
        "kernel-module",
        r"could not insert '(?:nvidia|amdgpu|i915|xe)|nouveau kernel driver|nvrm: (?!xid)|nvidia: probe of|(?:dkms|module build)[^\n]{0,80}(?:fail|error|bad return)|bad return status for module build|incompatible kernel and userspace|nvidia-smi couldn't find",
        0.9,
        also=((_UNSUPPORTED_GPU, 0.3), (_MISSING, 0.12)),
    ),
    _LOST.rule(
        "queue-of-opencl-gone",
        r"cl_invalid_command_queue|opencl error, code=-36\b",
        0.6,
        also=((Category.GPU_DRIVER, 0.4), (Category.GPU_OUT_OF_MEMORY, 0.25)),
    ),
    _DRIVER.rule(
        "since-another-driver",
        r"(?:after|since) (?:\w+ ){0,4}(?:driver|amdgpu|mesa|nvidia|adrenalin)s?\b[^\n]{0,20} (?:update|upgrade|install)\w*|(?:after|since) (?:updat|upgrad|install)\w+ [^\n]{0,30}\bdrivers?\b|(?:roll\w* back|downgrad\w+|revert\w*) [^\n]{0,30}\bdrivers?\b|works? (?:fine )?(?:with|on) (?:the )?(?:older |old |previous )drivers?\b|re-?install(?:ing|ed)? (?:the |my )?(?:\w+ ){0,2}drivers?\b|(?:since|after|with) (?:mesa|adrenalin|driver|amdgpu-pro) (?:version )?v?\d|(?:works?|worked|fine|broken|fails?|crashes) (?:again )?(?:with|on|in|under) driver (?:version )?v?\d",
        0.84,
        also=((_UNSUPPORTED_GPU, 0.2), (Category.PROCESS_CRASHED, 0.15)),
    ),
    # Sleep takes the card from a driver that does not keep what is on it.
    _DRIVER.rule(
        "after-sleep",
        r"(?:after|since|upon|following) (?:[\w/`'-]+ ){0,4}[`'\"]?(?:suspend|resum|hibernat|sleep|wak(?:e|ing)|standby)\w*|(?:from|on) (?:suspend|resume|hibernation|sleep|wake-?up|standby)\b|suspend/resume|\bwakes? up from\b",
        0.95,
        also=((_UNSUPPORTED_GPU, 0.3), (Category.GPU_DEVICE_LOST, 0.4)),
        needs=r"gpu|cuda|nvidia|radeon|amdgpu|rocm|vulkan|vram",
        unless=r"download|sleep mode|sleeping|wake_up|/sleep|enable_sleep|sleep_level|time\.sleep|import sleep|sleep\(|xid|out of memory|training|checkpoint|fine-?tun|resum\w+ (?:generation|inference|the (?:chat|conversation|session))",
    ),
    _DRIVER.rule(
        "module-for-shared-memory",
        r"nvidia[_-]uvm\b",
        0.7,
        also=((_UNSUPPORTED_GPU, 0.4), (_MISSING, 0.15)),
    ),
    _DRIVER.rule(
        "card-not-started-for-no-reason",
        r"(?:unable|fail\w*|could not|cannot|can't) (?:to )?init(?:iali[sz]e)? (?:the )?(?:gpu|card|device)s?\b[^\n]{0,30}(?:unknown|error \d|-?\d{2,3}\b)|(?:gpu|cuda|device|rocm|hip|nvml|vulkan)[^\n]{0,40}: (?:unknown error|an unknown error)|cuda init(?:iali[sz]ation)?[^\n]{0,20}unknown",
        0.76,
        also=((_UNSUPPORTED_GPU, 0.3), (Category.GPU_DEVICE_LOST, 0.2)),
        unless=r"\bout of memory|error=.unknown",
    ),
    _DRIVER.rule(
        "search-for-cards-failed",
        r"(?:failure during|failed|error during|error in)[^\n]{0,20} (?:gpu|device) (?:discovery|enumeration|detection|probing)|(?:gpu|device) (?:discovery|enumeration|probing)[^\n]{0,30}(?:fail|timed? ?out|timeout|crash|hang|hung)|(?:unable|failed) to (?:refresh|read|query|get) (?:the )?(?:free|total|gpu|device) memory",
        0.9,
        also=((Category.GPU_DEVICE_LOST, 0.62), (_UNSUPPORTED_GPU, 0.3), (Category.PROCESS_HUNG, 0.2)),
        unless=r"library|no such file|cannot open shared|cuinit|permission|\.dll\b|signal:",
    ),
    _DRIVER.rule(
        "machine-went-down",
        r"blue ?screen|\bbsod\b|stop code\b|kernel panic|dpc_watchdog\w*|whea_\w+|green ?screen of",
        0.8,
        also=((Category.GPU_DEVICE_LOST, 0.5), (Category.PROCESS_CRASHED, 0.4)),
    ),
    _LOST.rule(
        "reset-that-the-kernel-asks-for",
        r"gpu reset required|gpu (?:is |was )?(?:reset|recover\w+) (?:required|needed|requested)|needs? (?:a )?gpu reset|\bmes (?:failed|might be)|failed to remove hardware queue|\bsmu: |gpu (?:is )?(?:wedged|dead|disappear\w*|drops? off|dropped off|falls? off|fell off)|(?:card|gpu) (?:has )?(?:disappeared|vanished|drops? out)|unable to determine the device handle|\berr! ",
        0.84,
        also=((Category.GPU_DRIVER, 0.4),),
        unless=r"\b(?:npm|gyp) err! ",
    ),
    _DRIVER.rule(
        "status-of-the-driver",
        r"\bcu(?:da)?\w{3,40}(?:\(\))? (?:returned|failed with|failed:|error)[^\n]{0,16}\b(?:35|803|804|999)\b|cuda init\w* (?:failure|error|failed)[^\n]{0,20}\b(?!100\b)\d{1,3}\b",
        0.9,
        also=((_UNSUPPORTED_GPU, 0.15),),
    ),
    _DRIVER.rule(
        "another-version-of-the-driver",
        r"\b(?:old|outdated|obsolete|ancient) (?:\w+ ){0,2}drivers?\b|(?:newer|older|more recent|different|later|updated) (?:version of (?:the |your )?)?(?:\w+ ){0,2}driver\b|\bdrivers? (?:version )?(?:is |are )?(?:older|newer|broken|buggy|not compatible|incompatible|unsupported|corrupt\w*|mismatch\w*)|(?:update|upgrade|reinstall|roll back|downgrade) (?:the |your )(?:\w+ ){0,3}drivers?\b",
        0.9,
        also=(
            (_UNSUPPORTED_GPU, 0.25),
            (Category.GPU_FEATURE_MISSING, 0.12),
            (Category.PROCESS_CRASHED, 0.1),
        ),
        unless=r"chromedriver|webdriver|odbc|storage driver|device driver \"\"|database driver|printer",
    ),
    _DRIVER.rule(
        "driver-that-crashed",
        r"\b(?:graphics|gpu|display|video|vulkan|opencl|opengl|nvidia|amd|radeon|intel|adreno|mali|qualcomm) drivers? (?:has |have |had |just )?(?:crash|fail|fault|hung|hang|stopp|misbehav)\w*|(?:nvoglv\w*|nvwgf2\w*|amdxc64|amdvlk|igc64|igvk64|igdrcl\w*|atidxx\w*)(?:\.dll|\.so)?[^\n]{0,40}(?:access violation|crash|fault|exception)|(?:crash|fault|exception|violation)\w{0,3}\b[^\n]{0,16} (?:in|inside|within|at|from) (?:the )?(?:nvoglv|nvwgf2|nvcuda|amdxc64|amdvlk|igc64|igvk64|igdrcl|atidxx|amdocl)\w*",
        0.9,
        also=((Category.PROCESS_CRASHED, 0.45), (Category.GPU_DEVICE_LOST, 0.45)),
        unless=r"stopped responding",
    ),
    _LOST.rule(
        "card-gone-in-words",
        r"\be?gpus? (?:is |was |gets? |got |has |have |just |suddenly |then )*(?:disconnect\w*|dropp(?:s|ed|ing)|drops (?:out|off)|dies\b|died\b|crash(?:es|ed|ing)\b|resets?\b|vanish\w*|disappear\w*|goes away|falls? off|fell off)",
        0.9,
        also=((Category.GPU_DRIVER, 0.35), (Category.PROCESS_CRASHED, 0.15)),
        unless=r"gpu process (?:has )?(?:run|ran) out|after (?:\w+ ){0,4}(?:suspend|resum|sleep)",
    ),
    _DRIVER.rule(
        "direct-rendering",
        r"(?:amdgpu|radeon|i915|xe|nouveau|panfrost|msm)_device_initiali[sz]e[^\n]{0,30}fail|drm(?:getversion|ioctl\w*|commandwriteread)[^\n]{0,30}fail|(?:failed|unable) to (?:query|initiali[sz]e) (?:the )?drm|libgl error|mesa: error|mesa-loader: failed",
        0.8,
        also=((_UNSUPPORTED_GPU, 0.35), (_MISSING, 0.2)),
        unless=r"permission denied|out_of_(?:device|host)_memory",
    ),
    # Linux's own driver of AMD has no such file: ollama says so, too, where the card works.
    _DRIVER.rule(
        "version-file-of-amdgpu",
        r"amdgpu version file missing",
        0.56,
        also=((_UNSUPPORTED_GPU, 0.46), (_MISSING, 0.2)),
        wrapper=True,
    ),
    # The library was found; what it said when it was started follows, or stands in another line.
    _DRIVER.rule(
        "management-library-not-started",
        r"unable to load (?:\w+ )?cuda management library|unable to load (?:cudart|nvml|nvcuda|cuda driver|oneapi|level[- ]zero)\b[^\n]{0,20} library\b[^\n]{0,160}(?:init\w* fail|err)",
        0.95,
        also=((_UNSUPPORTED_GPU, 0.25), (_MISSING, 0.2)),
        unless=r"cannot open shared object|no cuda-capable device",
    ),
    _DRIVER.rule(
        "count-of-devices-failed",
        r"(?:cuda|hip)?getdevicecount(?:\(\))?[^\n]{0,140}error (?:3|34|35|36|46|304|500|80\d|999):|os call failed or operation not supported",
        0.94,
        also=((_UNSUPPORTED_GPU, 0.3), (Category.CONFIG_INVALID, 0.12)),
        unless=r"no \w{2,10}-capable device|out of memory",
    ),
    _DRIVER.rule(
        "inside-the-runtime-of-the-driver",
        r"faulting module[^\n]{0,12} (?:nvcuda\w*|nvlddmkm|amdkmdag|dxgkrnl|amdocl\w*|nvwgf2\w*|igdrcl\w*)|(?:rocclr|/clr/|hsa-runtime|\brocr\b|hipamd|compute-runtime|level_zero|libigdgmm|dxcore)[^\n]{0,200}(?:assertion|abort was called)|abort was called at \d+ line in file|rmi?nitadapter failed|fatal error during gpu init|failed to load (?:ucode|firmware)[^\n]{0,30}(?:amdgpu|nvidia|i915|xe\b|psp|rlc|sdma|guc)|direct firmware load for [^\n]{0,60}(?:amdgpu|nvidia|i915|xe/|guc)|dxgkio_\w+: ioctl failed|driver rpc error|key was rejected by service|kernel driver does not appear to be running",
        0.92,
        also=((Category.PROCESS_CRASHED, 0.3), (_UNSUPPORTED_GPU, 0.35)),
    ),
    _DRIVER.rule(
        "library-of-the-driver-is-empty",
        r"lib(?:cuda|nvidia-\w+|nvcuvid|amdhip64|ze_loader)\.so[\w.]*: file(?: too short|$|\n)",
        0.9,
        also=((_UNSUPPORTED_GPU, 0.3), (Category.CONFIG_INVALID, 0.3), (_MISSING, 0.25)),
    ),
    _DRIVER.rule(
        "device-of-ascend-not-started",
        r"dcmi (?:module|model) initiali[sz]e failed|drvret=\d+|drverr=\d+|initiali[sz]e device failed\b|errorcode=5070(?:33|15)|acl ?init[^\n]{0,40}(?:fail|error)",
        0.84,
        also=((_UNSUPPORTED_GPU, 0.35), (Category.GPU_DEVICE_LOST, 0.2)),
    ),
    # Between cards the driver's way fails, not the program's.
    _DRIVER.rule(
        "collectives-of-the-driver",
        r"(?:nccl|rccl)[^\n]{0,80}: unhandled cuda error|p2p\.cc[^\n]{0,60}cuda failure|unhandled cuda error",
        0.66,
        also=((Category.WORKER_CRASHED, 0.62), (Category.CONFIG_INVALID, 0.25)),
        unless=r"out of memory|invalid usage|duplicate gpu|shared memory|/dev/shm",
    ),
    # A device that answers no more is lost; that the program waits for it follows.
    _LOST.rule(
        "device-hangs",
        r"\b(?:device|accelerator|chip) (?:is |was |has |a |silent |hard |potential )*(?:hang|hung|lockup|wedged)\b|\b(?:npu|tpu|dsp|gcd|mes|psp|guc|gsp)\b[^\n]{0,12} (?:silent |hard |potential )*(?:hang|hung|hangs|lockup|wedged)\b|gfx\d{3,4}\w?\]? (?:silent |hard |potential )*(?:hang|hung|hangs|lockup|freeze)\b|device (?:timeout|timed out)\b|the device is unrecoverable|device wedged|hangcheck|hang_int_callback|hang detected|hung waiting for dispatch|waiting for physical cores|amdgpu_job_timedout|(?:resetting (?:chip|\w{2,4}\d) for|stopped heartbeat on)|waiting for fences? timed out|failed to (?:evict|suspend|quiesce|remap)[^\n]{0,20} queues?\b|fence (?:timed out|timeout|expired|fallback timer)|vram is lost|psp (?:reset|resume|load|init)[^\n]{0,20}(?:fail|-\d)|mes queue|queue[^\n]{0,20} (?:evict|reset) failed|(?:compute|gfx|gpu) ring [^\n]{0,20}(?:reset|timeout)",
        0.95,
        also=((Category.PROCESS_HUNG, 0.5), (Category.GPU_DRIVER, 0.35)),
        needs=r"gpu|device|amdgpu|radeon|gfx\d|i915|\bxe\b|cuda|npu|tpu|kgsl|mali|vulkan|metal|rocm|dsp\b|drm",
        unless=r"waiting for (?:a )?lock|download",
    ),
    _LOST.rule(
        "accelerator-broke-down",
        r"aicore[^\n]{0,30}(?:exception|time(?:d )?out)|ai ?core execution|heartbeat (?:is )?lost|\bnrt_\w*(?:exec_hw_err|timeout|hw_err)\w*|dsp[^\n]{0,30}(?:subsystem restart|crash|reset)|\bssr (?:detected|triggered|event)|(?:tpu|slice)[^\n]{0,20} health check failed|aee_econnreset|(?:gpu|bus|iommu|smmu) fault\b[^\n]{0,80}(?:kgsl|mali|adreno|gfx|gpu)|(?:kgsl|mali|adreno|kbase)[^\n]{0,80}(?:gpu|page|job|bus) fault|device (?:is )?gone\b|gpu (?:is )?(?:in )?(?:an )?(?:unrecoverable|bad|error|failed) state|has encountered an unrecoverable error|hbm[^\n]{0,20}(?:ue\b|ecc|uncorrect)|gpu restart\b",
        0.9,
        also=((Category.GPU_DRIVER, 0.35), (Category.PROCESS_CRASHED, 0.2)),
    ),
    _LOST.rule(
        "shader-after-the-context",
        r"failed to (?:compile|link) [^\n]{0,40}(?:shader|program)(?s:.{0,900})context[_ ]?lost",
        0.95,
        also=((Category.COMPILE_FAILED, 0.5), (Category.GPU_OUT_OF_MEMORY, 0.4)),
    ),
    _LOST.rule(
        "mapping-of-wgpu",
        r"bufferasyncerror|mapasyncstatus|map async was not successful",
        0.82,
        also=((Category.GPU_OUT_OF_MEMORY, 0.4), (Category.PROCESS_CRASHED, 0.4)),
        unless=r"due to a previous error",
    ),
    _LOST.rule(
        "dead-until-the-next-start",
        r"(?:gpu|card|cuda|device|显卡)[^\n]{0,60} (?:until|unless|before) (?:i |we |you |the |a )*(?:re-?boot|restart (?:the |my )?(?:pc|machine|computer|server|host|system)|power[- ]cycl)|(?:need|have|had|must|requires?)\w* (?:to |a )?(?:hard )?(?:re-?boot|power[- ]cycle)\w* [^\n]{0,40}(?:gpu|card|driver)|显卡[^\n]{0,16}(?:无法使用|掉了|掉卡|不可用)|掉卡|掉驱动|驱动(?:崩溃|掉了|丢失)|显卡重启",
        0.76,
        also=((Category.GPU_DRIVER, 0.6), (Category.PROCESS_CRASHED, 0.3)),
    ),
    _DRIVER.rule(
        "management-interface-not-started",
        r"can(?:'|no)?t initiali[sz]e nvml|cuda call failed lazily at initiali[sz]ation",
        0.6,
        also=((_UNSUPPORTED_GPU, 0.46), (Category.CONFIG_INVALID, 0.2), (_MISSING, 0.15)),
        wrapper=True,
    ),
    _DRIVER.rule(
        "runtime-and-kernel-of-the-system",
        r"\b(?:neo|compute[- ]runtime|level[- ]zero|amdkfd|amdgpu|rocm|mesa|radv|anv|xe|i915)\b[^\n]{0,40} (?:(?:is|are) )?(?:too old|incompatible|not compatible|unsupported)[^\n]{0,20} (?:kernel|driver|mesa|rocm|linux)\b|(?:update|upgrade|newer|requires?|needs?) (?:the |your |a |to )?(?:newer )?(?:linux )?kernel (?:to |>=? ?|version |driver )?\d?[^\n]{0,40}(?:gpu|xe\b|amdgpu|i915|rocm|npu)",
        0.76,
        also=((Category.ARTIFACT_INCOMPATIBLE, 0.4), (_UNSUPPORTED_GPU, 0.25)),
    ),
    _DRIVER.rule(
        "process-of-the-browser-for-the-card",
        r"gpu process isn't usable|gpu process (?:launch failed|has crashed too|crashed \d|keeps? crashing)",
        0.6,
        also=((_UNSUPPORTED_GPU, 0.55), (Category.PROCESS_CRASHED, 0.3), (Category.GPU_DEVICE_LOST, 0.35)),
    ),
    _LOST.rule(
        "timeout-of-the-driver",
        r"driver time-?out (?:has occurred|detected|error|popup|occurred)|\b(?:amd|radeon|adrenalin|nvidia|gpu|display|graphics)[^\n]{0,12} driver (?:time-?out|timed out)\b|pcie bus error|nvlddmkm event",
        0.92,
        also=((Category.GPU_DRIVER, 0.5), (Category.PROCESS_CRASHED, 0.15)),
    ),
    _DRIVER.rule(
        "status-of-the-driver-in-words",
        r"(?:libcuda|cuda|nvml|cuinit|nvcuda)\b[^\n]{0,24} (?:error|code|status):? 999\b|stub library|cudaerrorstublibrary|cuda_error_stub_library|hiperrornotinitialized|force_probe|drivers?\b[^\n]{0,60}(?:rolled back|downgraded|reverted|went back) to v?\d",
        0.88,
        also=((_UNSUPPORTED_GPU, 0.3), (_MISSING, 0.15)),
    ),
    _DRIVER.rule(
        "discovery-that-does-not-end",
        r"failed to finish discovery before timeout|mps client failed to connect|cudaerrormps\w+|nvmlerror_(?:uninitialized|driver\w*|lib_?rm\w*|unknown|notsupported)|ze_result_error_(?:unknown|unsupported_version|uninitialized)\b|\brknpu[^\n]{0,60}(?:too (?:low|old)|mismatch|not match|upgrade)",
        0.92,
        also=((_UNSUPPORTED_GPU, 0.35), (Category.GPU_DEVICE_LOST, 0.2), (Category.CONFIG_INVALID, 0.2)),
        unless=r"(?:no|any) [^\n]{0,20} devices? (?:found|available)",
    ),
    # What an NPU's driver does not know yet it calls a feature that is not supported.
    _DRIVER.rule(
        "not-supported-by-level-zero",
        r"ze_result_error_unsupported_(?!version)\w+",
        0.72,
        also=((Category.GPU_FEATURE_MISSING, 0.42), (Category.ARTIFACT_INCOMPATIBLE, 0.2)),
    ),
    _LOST.rule(
        "fault-of-the-card-contained",
        r"uncorrectable nvlink|cudaerrornvlinkuncorrectable|cudaerrorcontained|contained ecc|(?:gpu|copy|compute) channel (?:has been |was )?reset\b|row[- ]remap\w*[^\n]{0,20}(?:fail|pending)",
        0.92,
        also=((Category.GPU_DRIVER, 0.35), (Category.PROCESS_CRASHED, 0.3)),
    ),
    # VkResult as a bare figure: -4 is a device that is lost.
    _LOST.rule(
        "status-of-vulkan-in-figures",
        r"\bvk[a-z]{4,40}2?(?:khr)?(?:\(\))? ?(?:failed|error|returned|result)[^\n-]{0,12} ?-4\b(?!\d)",
        0.92,
        also=(
            (Category.GPU_DRIVER, 0.35),
            (Category.GPU_OUT_OF_MEMORY, 0.25),
            (Category.PROCESS_CRASHED, 0.15),
        ),
    ),
    # A launch that fails is a fault of the kernel or of the card: engines with kernels of their own have the first, others the second.
    _LOST.rule(
        "launch-that-fails-for-no-reason",
        r"unspecified launch failure|cudaerrorlaunchfailure|cuda_error_launch_failed|cuda error 719\b",
        0.82,
        also=(
            (Category.PROCESS_CRASHED, 0.7),
            (Category.GPU_DRIVER, 0.4),
            (Category.ARTIFACT_INCOMPATIBLE, 0.25),
            (Category.GPU_OUT_OF_MEMORY, 0.2),
        ),
        without=("llama", "ollama"),
        unless=r"ggml|llama",
    ),
    # Drivers of Vulkan that are young, or that translate to another interface.
    _DRIVER.rule(
        "young-driver",
        r"\b(?:panvk|turnip|v3dv|honeykrisp|hasvk|dozen|nvk|kosmickrisp|moltenvk|venus|pvr|powervr) ?(?:vulkan |driver |gpu )?[^\n]{0,40}(?:crash|segfault|fail|fault|hang|abort|assert|broken|wrong)\w{0,3}\b|\b(?:crash|segfault|fail|fault|hang|abort)\w{0,3}\b[^\n]{0,60} (?:on|in|with|inside|under) (?:the |mesa )?(?:panvk|turnip|v3dv|honeykrisp|hasvk|dozen|nvk|kosmickrisp|moltenvk|venus)\b",
        0.74,
        also=(
            (Category.PROCESS_CRASHED, 0.45),
            (Category.GPU_FEATURE_MISSING, 0.25),
            (Category.COMPILE_FAILED, 0.15),
        ),
        unless=r"incompatible_driver|out of memory|outof\w{4,6}memory",
    ),
    # What takes the whole machine with it is the card or its driver.
    _LOST.rule(
        "takes-the-machine-with-it",
        r"(?:crash(?:es|ed|ing)?|freez(?:es|ing)|froze|hangs?|hung|locks? up|locked up|takes? down|brings? down|took down|kills?|reboots?|restarts?) (?:up )?(?:gfx\w{3,5} gpu and |the gpu and |my gpu and )?(?:the |my |its |your )?(?:entire|whole|complete) (?:\w+ )?(?:system|machine|computer|pc|desktop|server|host|laptop)\b|(?:entire|whole) (?:\w+ )?(?:system|machine|computer|pc|desktop|server|host|laptop)\b[^\n]{0,24} (?:hard )?(?:crash|reboot|reset|restart|lock)\w{0,3}\b|\bhard (?:lock(?:s|ed|up|-up)?|resets?|reboots?)\b|(?:machine|pc|computer|laptop|server|host) (?:suddenly |just |hard |spontaneously )*(?:reboots|restarts|powers off|resets|hard[- ]locks)\b",
        0.8,
        also=(
            (Category.GPU_DRIVER, 0.5),
            (Category.PROCESS_HUNG, 0.3),
            (Category.HOST_OUT_OF_MEMORY, 0.3),
            (Category.PROCESS_CRASHED, 0.2),
        ),
        needs=r"\bgpus?\b|gfx\d|rocm|radeon|amdgpu|nvidia|\brtx\b|\bgtx\b|vulkan|cuda|\barc\b",
        unless=r"\bram\b|memory|\bswap|\boom\b",
    ),
    _DRIVER.rule(
        "since-another-kernel",
        r"(?:after|since|with|by) (?:\w+ ){0,4}kernel (?:\w+ ){0,2}(?:update|upgrade)\w{0,2}\b|(?:after|since) (?:updating|upgrading) (?:\w+ ){0,3}kernel\b|(?:since|after|with|on) (?:linux )?kernel (?:version )?\d\.\d{1,2}\b[^\n]{0,60}(?:gpu|rocm|amdgpu|not|fail|crash|broken)|(?:older|previous|old|lts) kernel (?:works?|is fine|does not|fixes|solved)",
        0.84,
        also=((_UNSUPPORTED_GPU, 0.35), (Category.GPU_DEVICE_LOST, 0.2), (Category.PROCESS_HUNG, 0.1)),
        needs=r"\bgpus?\b|rocm|amdgpu|radeon|nvidia|\brtx\b|\bgtx\b|\brx\b|\d{4} ?xtx?\b|\barc\b|vulkan|cuda|igpu|gfx\d",
        unless=r"jupyter|cuda kernel|kernel launch",
    ),
    _LOST.rule(
        "accelerator-that-does-not-answer",
        r"rknn_run\b[^\n]{0,40}(?:time ?out|timed out)|rknpu[^\n]{0,40}(?:timeout|soft reset)|gpuvm fault\b|\bgpu (?:mmu|mcu|firmware|protected mode|scheduler)[^\n]{0,30}(?:fault|timeout|timed out|not responding|hang)",
        0.88,
        also=((Category.GPU_DRIVER, 0.4), (Category.PROCESS_CRASHED, 0.2), (Category.PROCESS_HUNG, 0.2)),
    ),
    # The drivers of Vulkan on phones fail more often than what uses them.
    _DRIVER.rule(
        "vulkan-of-a-phone",
        r"\bvulkan\b[^\n]{0,80}\b(?:crash|segfault|abort)\w{0,3}\b|\b(?:crash|segfault|abort)\w{0,3}\b[^\n]{0,80}\bvulkan\b",
        0.74,
        also=(
            (Category.PROCESS_CRASHED, 0.62),
            (Category.GPU_FEATURE_MISSING, 0.15),
            (Category.COMPILE_FAILED, 0.15),
        ),
        needs=r"android|adreno|\bmali\b|powervr|xclipse|snapdragon|exynos|mediatek|dimensity|termux",
        unless=r"out of memory|device_?lost|outof\w{4,6}memory",
    ),
)

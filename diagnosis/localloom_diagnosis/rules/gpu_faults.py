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
        r"libgles_mali|libllvm-gl\w+|libadreno\w*|libllvm-qcom|libgsl\.so|vendor/lib64/egl|nvoglv\w*\.dll|nvwgf2\w*|amdxc64|amdvlk|igc64|igdrcl|atidxx|libnvidia-(?:glcore|compiler|opencl)",
        0.5,
        also=((Category.PROCESS_CRASHED, 0.42),),
        needs=r"sig|crash|fault|abort|error|exception",
    ),
    _DRIVER.rule(
        "display-driver-combination",
        r"unsupported display driver|error 80[34]\b|driver combination",
        0.56,
        also=((_UNSUPPORTED_GPU, 0.5),),
    ),
    _DRIVER.rule(
        "cuda-driver-old",
        r"cuda driver version is insufficient|cudaerrorinsufficientdriver|nvidia driver on your system is too old|driver[^\n]{0,40}(?:too old|outdated|out of date|insufficient)|(?:update|upgrade) your (?:gpu|nvidia|graphics|amd|intel|cuda) driver|cuda error 35\b|forward compatibility was attempted|cudaerrorcompatnotsupported|cudaerrorsystemdrivermismatch|cuda_error_system_driver_mismatch|requires? (?:a )?(?:newer |nvidia |cuda )*driver|(?:unsatisfied condition: cuda|cuda>=)|nvidia driver (?:version )?(?:is )?(?:too|not)",
        0.93,
    ),
    _DRIVER.rule(
        "driver-mismatch",
        r"driver/library version mismatch|driver or library version mismatch|api version mismatch|kernel module[^\n]{0,60}does not match|nvml library version",
        0.95,
    ),
    _DRIVER.rule(
        "driver-symbols",
        r"undefined symbol: (?:cu|nvml|hip|hsa|vk|ze)[a-z]+\w*|symbol lookup for (?:cu|nvml|hip)\w+ failed|unable to load cuda driver|wrong elf class[^\n]{0,60}|unable to load nvcuda|cuinit[^\n]{0,60}(?:fail|err|\d{2,3})|cuda driver (?:library )?(?:init|initialization)[^\n]{0,30}(?:fail|err)",
        0.84,
        also=((Category.GPU_UNSUPPORTED, 0.3), (Category.ARTIFACT_INCOMPATIBLE, 0.1)),
        needs=r"cuda|nvidia|nvml|libhip|amd|vulkan|libze|cuinit|gpu",
        unless=r"undefined symbol: cu(?:blas|dnn|sparse|solver|rand|fft|blaslt)",
    ),
    _DRIVER.rule(
        "ptx",
        r"unsupported toolchain|provided ptx was compiled|cudaerrorunsupportedptxversion|cuda_error_unsupported_ptx|unsupported \.version|ptx jit compil|ptxas (?:fatal|error)",
        0.78,
        also=((Category.COMPILE_FAILED, 0.25), (Category.ARTIFACT_INCOMPATIBLE, 0.3)),
    ),
    _DRIVER.rule(
        "nvidia-smi",
        r"couldn't communicate with the nvidia driver|nvidia-smi has failed|nvidia kernel (?:driver|module)[^\n]{0,40}(?:not|fail)|nvidia driver (?:is )?not (?:loaded|running|installed)|amdgpu (?:driver|module)[^\n]{0,40}(?:not|fail|missing)|no amdgpu driver|amdgpu version file missing|driver not loaded",
        0.78,
        also=((Category.GPU_UNSUPPORTED, 0.4), (_MISSING, 0.1)),
    ),
    _DRIVER.rule(
        "cuda-unknown",
        r"cuda unknown error|cudaerrorunknown|cuda_error_unknown|cuda error 999|unknown error[^\n]{0,40}cuda|cudaerrorinitializationerror|cuda error 3: init|cuda_error_not_initialized|cuda_error_system_not_ready|cudaerrorsystemnotready|system not yet initialized|fabric ?manager|failed to initiali[sz]e cuda|cuda driver library failed|failed to get device context|error looking up cuda gpu|device memory info lookup failure|cuda error 802|cuda initialization: unexpected error|hiperrorunknown",
        0.74,
        also=((Category.GPU_UNSUPPORTED, 0.3), (Category.GPU_DEVICE_LOST, 0.2)),
    ),
    _DRIVER.rule(
        "blocklisted",
        r"gpu (?:is )?(?:blocklisted|blacklisted|disabled)|webgpu (?:has been )?(?:disabled|blocklisted) (?:via|by|due)|blocklist|gpu access is disabled|driver (?:bug|issue|crash|fault|error|problem|regression)|(?:mesa|radv|adreno|mali|nouveau|anv|intel) driver[^\n]{0,40}(?:crash|bug|fail|error)|igc[^\n]{0,20}error|ppgtt",
        0.6,
        also=((Category.GPU_UNSUPPORTED, 0.4), (Category.GPU_DEVICE_LOST, 0.15)),
    ),
    _LOST.rule(
        "device-lost",
        r"device[_ ]?(?:was |is |has been |got )?lost\b|devicelosterror|errordevicelost|vk_error_device_lost|gpudevicelost|devicelost|lost (?:the )?(?:gpu |webgpu |vulkan )?device\b|context (?:is|was|has been) lost|context[_ ]lost|contextlost|external instance reference|gpu (?:connection|context|process)[^\n]{0,20}(?:lost|crash|gone|exited|terminated)",
        0.9,
        also=((Category.GPU_OUT_OF_MEMORY, 0.18), (Category.GPU_DRIVER, 0.15)),
    ),
    _LOST.rule(
        "dxgi-removed",
        r"dxgi_error_device_(?:removed|hung|reset)|dxgi_error_driver_internal|0x887a000[5-7]|0x887a0020|device (?:has been )?removed|device_?removed|getdeviceremovedreason|gpu device instance has been suspended|will not respond to more commands",
        0.92,
        also=((Category.GPU_DRIVER, 0.15),),
    ),
    _LOST.rule(
        "gpu-hang",
        r"gpu (?:hang|hung|reset|lockup|timeout|recover)|gpu has fallen off the bus|fallen off the bus|cudaerrorlaunchtimeout|launch (?:timed out|timeout)|\btdr\b|command buffer[^\n]{0,60}(?:timeout|hang|timed out|innocent)|kiogpucommandbuffercallbackerror(?!outofmemory)\w*|ignored \(for causing prior|cs has been (?:cancelled|rejected)|\bring \w+ timeout|xid[^\n]{0,20}: \d+|nvrm: xid|hsa_status_error_exception|uncorrectable ecc|cudaerroreccuncorrectable|hardware exception|queue error|hw exception by gpu|vm_l2_protection_fault|caused gpu (?:timeout|hang)",
        0.85,
        also=((Category.GPU_DRIVER, 0.25), (Category.PROCESS_CRASHED, 0.1)),
    ),
    _LOST.rule(
        "mapasync",
        r"mapasync[^\n]{0,80}(?:abort|fail|invalid|lost|destroy|unmap)|failed to execute 'mapasync'|buffer was (?:destroyed|unmapped) before mapping|instance dropped|instance reference",
        0.62,
        also=((Category.GPU_OUT_OF_MEMORY, 0.2), (Category.GPU_DRIVER, 0.2), (Category.COMPILE_FAILED, 0.12)),
    ),
    _FAULT.rule(
        "rocm-memory-fault",
        r"memory access fault by gpu|hsa_status_error_memory_fault|page not present or supervisor privilege|vm fault",
        0.5,
        also=((Category.GPU_DEVICE_LOST, 0.45), (Category.GPU_DRIVER, 0.3)),
    ),
    _FAULT.rule(
        "cuda-illegal-access",
        r"illegal memory access|cuda error 700|cudaerrorillegaladdress|cuda_error_illegal_address|misaligned address|cuda error 716|unspecified launch failure|cuda error 719|cudaerrorlaunchfailure|cuda_error_launch_failed|illegal instruction was encountered|cudaerrorillegalinstruction|cuda error 715|device-side assert|cudaerrorassert|an invalid(?: memory)? access|hiperrorillegaladdress|hiperrorlaunchfailure|hiperrorlaunchfail",
        0.62,
        also=((Category.GPU_DEVICE_LOST, 0.35), (Category.GPU_DRIVER, 0.2), (Category.COMPILE_FAILED, 0.1)),
    ),
    _FAULT.rule(
        "cublas-failed",
        r"cublas(?:lt)?_status_(?:execution_failed|internal_error|invalid_value|not_supported|arch_mismatch)|cublas error|cudnn_status_\w+|rocblas_status_\w+|hipblas_status_\w+|cusolver error",
        0.4,
        also=(
            (Category.GPU_OUT_OF_MEMORY, 0.35),
            (Category.GPU_DRIVER, 0.35),
            (Category.GPU_FEATURE_MISSING, 0.2),
        ),
        unless=r"alloc_failed",
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
        r"887a0004|dxgi_error_unsupported|887a002[12b]|887a0001|d3d12[^\n]{0,60}(?:fail|error|not)|d3d12\.dll|directml\.dll[^\n]{0,40}(?:old|version|not)",
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
        r"(?:screen|display|desktop|windowserver|monitor)s? [^\n]{0,40}(?:resets?|restarts?|goes black|flicker\w*|freezes|crash\w*)",
        0.66,
        also=((Category.GPU_DRIVER, 0.4), (Category.PROCESS_HUNG, 0.2)),
    ),
    _DRIVER.rule(
        "driver-refused-pipeline",
        r"vk::device::createcomputepipelines?: error(?:unknown|outofhostmemory|initializationfailed)|ggml_vulkan[^\n]{0,40}pipeline creation failed",
        0.93,
        also=((Category.COMPILE_FAILED, 0.7), (Category.PROCESS_CRASHED, 0.1)),
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
    _DRIVER.rule(
        "software-device-taken",
        r"llvm error: |broken function|invalid bitcast|segmentation fault|core dumped",
        0.85,
        also=((Category.GPU_UNSUPPORTED, 0.3), (Category.PROCESS_CRASHED, 0.25)),
        needs=r"lavapipe|llvmpipe",
    ),
)

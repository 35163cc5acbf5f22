"""What failures look like: error texts as engines, drivers and HTTP libraries say them, in a few variants each."""

from __future__ import annotations

from localloom_diagnosis import Category, ErrorRecord, Evidence, Phase

from .draws import Drawn

_ADDRESS = "0x7f{:010x}"

#: Type and message; {n} is a number that differs from run to run.
_TEXTS: dict[Category, tuple[tuple[str, str], ...]] = {
    Category.NETWORK_TIMEOUT: (("ReadTimeout", "The read operation timed out after {n} bytes"),),
    Category.NETWORK_HTTP_ERROR: (("HTTPStatusError", "Server error '503 Service Unavailable' for url 'https://models.example/mlc-chat-config.json'"),),
    Category.NETWORK_BLOCKED: (("SSLError", "certificate verify failed: self-signed certificate in certificate chain"),),
    Category.STORAGE_QUOTA_OR_DISK_FULL: (("OSError", "[Errno 28] No space left on device: 'params_shard_{n}.bin'"),),
    Category.ARTIFACT_CORRUPT: (("ValueError", "checksum mismatch in params_shard_{n}.bin"),),
    Category.ARTIFACT_INCOMPATIBLE: (("AttributeError", "Module has no function 'batch_prefill_paged_kv_{n}'"),),
    Category.GPU_OUT_OF_MEMORY: (("InternalError", "CUDA: out of memory: tried to allocate {n} bytes"), ("RuntimeError", "VK_ERROR_OUT_OF_DEVICE_MEMORY")),
    Category.GPU_DRIVER: (("InternalError", "CUDA driver version is insufficient for CUDA runtime version"),),
    Category.GPU_UNSUPPORTED: (("RuntimeError", "Cannot find any Vulkan device: vk_icd not found"),),
    Category.GPU_DEVICE_LOST: (("RuntimeError", "VK_ERROR_DEVICE_LOST at fence " + _ADDRESS.replace("{:010x}", "{n}")),),
    Category.HOST_OUT_OF_MEMORY: (("MemoryError", "Unable to allocate {n} bytes"),),
    Category.COMPILE_FAILED: (("CompileError", "failed to compile kernel fused_matmul_{n}: ptxas fatal"),),
    Category.PROCESS_CRASHED: (("", "Segmentation fault"),),
    Category.PROCESS_HUNG: (("", "no progress for {n} s"),),
}  # fmt: skip


def variant(category: Category, drawn: Drawn) -> int:
    """Which of the category's texts the run has."""
    return int(drawn.text * len(_TEXTS[category]))


def evidence(drawn: Drawn, category: Category, phase: Phase) -> Evidence:
    """Evidence that speaks for the category, by the probe's own check and in words."""
    kind, message = _TEXTS[category][variant(category, drawn)]
    tail = (f"[12:00:{i:02}] tvm: loaded shard {shard}\n" for i, shard in enumerate(drawn.shards))
    return Evidence(
        errors=(ErrorRecord(kind, message.replace("{n}", str(drawn.number)), category=category),),
        phase=phase,
        runtime="tvm",
        signal="SIGSEGV" if category is Category.PROCESS_CRASHED else "",
        hung=category is Category.PROCESS_HUNG,
        stderr_tail="".join(tail),
    )

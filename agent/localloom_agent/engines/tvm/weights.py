"""Puts parameters on the device straight from the shards' pages: weights are never held twice."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable
from typing import Any

from localloom_agent.artifacts import ModelFolder
from localloom_agent.artifacts.tensor_cache import Record

ALIGNMENT = 64
"""Bytes that compiled kernels take for granted of every tensor's address."""


def load_parameters(
    folder: ModelFolder, names: Iterable[str], device: Any, advance: Callable[[int], None]
) -> tuple[list[Any], int]:
    """The parameters called `names`, in that order, as tensors on `device`.

    On a CPU, parameters that lie aligned in their shard stay where they are: the tensor is the page cache. The
    mapping is private, so nothing can be written back, and it lives as long as its tensors do.

    Returns:
        The tensors, and how many bytes of them were mapped instead of copied.
    """
    import numpy as np
    import tvm
    import tvm_ffi

    on_cpu = device.dlpack_device_type() == tvm.cpu().dlpack_device_type()
    maps: dict[str, mmap.mmap] = {}
    places = {record.name: (shard, record) for shard, record in folder.tensors.records()}
    tensors, mapped = [], 0
    for name in names:
        shard, record = places[name]
        if shard.file not in maps:
            with (folder.path / shard.file).open("rb") as stream:
                maps[shard.file] = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
        values = _view(np, maps[shard.file], record)
        if on_cpu and not record.stored_as_bf16 and values.ctypes.data % ALIGNMENT == 0:
            tensors.append(tvm_ffi.from_dlpack(values, require_alignment=ALIGNMENT))
            mapped += record.nbytes
        else:
            tensors.append(tvm.runtime.tensor(values, device))
        advance(record.nbytes)
    return tensors, mapped


def _view(np: Any, shard: mmap.mmap, record: Record) -> Any:
    """The parameter's values: the shard's own bytes, or float32 widened from bfloat16."""
    dtype = "uint16" if record.stored_as_bf16 else record.dtype
    count = record.nbytes // np.dtype(dtype).itemsize
    values = np.frombuffer(shard, np.dtype(dtype).newbyteorder("<"), count, record.offset)
    if record.stored_as_bf16:
        values = (values.astype(np.uint32) << 16).view(np.float32)
    return values.reshape(record.shape)

"""A model that is loaded: its code, its parameters and its KV cache on one device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from localloom_agent.artifacts import Architecture
from localloom_agent.artifacts.architecture import rotary_frequencies

PREFILL_CHUNK = 128
"""Tokens a step of prefilling: bounds the working memory, and each step is a sign of life."""


def rope_table(arch: Architecture, context: int) -> Any:
    """Cosine and sine of every position and rotated pair, `[2, context, head_dim / 2]`, rounded once from float64."""
    import numpy as np

    angles = np.arange(context, dtype=np.float64)[:, None] * np.array(rotary_frequencies(arch))
    return np.stack([np.cos(angles), np.sin(angles)]).astype(np.float32)


@dataclass(slots=True)
class Session:
    """Feeds tokens to the model; positions are counted from the first token fed."""

    machine: Any
    device: Any
    parameters: Any
    rope: Any
    cache: Any
    context: int
    position: int = 0
    """How many positions of the cache are filled."""

    @classmethod
    def open(
        cls, machine: Any, device: Any, parameters: Sequence[Any], arch: Architecture, context: int
    ) -> Session:
        """Make an empty cache of `context` positions."""
        import numpy as np
        import tvm

        shape = (2, arch.num_kv_heads, context, arch.head_dim)
        empty = np.zeros(
            shape, np.float32
        )  # the allocator's memory may hold NaN, and a mask of 0 does not undo one
        cache = [tvm.runtime.tensor(empty, device) for _ in range(arch.num_layers)]
        return cls(
            machine=machine,
            device=device,
            parameters=tvm.runtime.convert(list(parameters)),
            rope=tvm.runtime.tensor(rope_table(arch, context), device),
            cache=tvm.runtime.convert(cache),
            context=context,
        )

    def prefill(self, ids: Sequence[int], chunk: int = PREFILL_CHUNK) -> Iterator[tuple[int, Any]]:
        """Feed `ids` in steps; yields how many have been fed, and the logits after the last of them."""
        for start in range(0, len(ids), chunk):
            part = ids[start : start + chunk]
            yield start + len(part), self._step("decode" if len(part) == 1 else "prefill", part)

    def decode(self, token: int) -> Any:
        """Feed one token; the logits after it."""
        return self._step("decode", [token])

    def reset(self) -> None:
        """Forget everything that was fed."""
        self.position = 0

    def _step(self, function: str, ids: Sequence[int]) -> Any:
        import numpy as np
        import tvm
        from tvm_ffi import Shape

        total = self.position + len(ids)
        if total > self.context:  # the kernels would write beyond the cache
            raise ValueError(f"{total} tokens do not fit in a KV cache of {self.context} positions")
        tensor = tvm.runtime.tensor(np.asarray(ids, np.int32), self.device)
        logits = self.machine[function](tensor, Shape([total]), self.rope, self.cache, self.parameters)
        self.position = total
        return logits.numpy()[0]

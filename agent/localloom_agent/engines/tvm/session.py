"""A model that is loaded: its code, its parameters and its KV cache on one device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from localloom_agent.artifacts import Architecture

PREFILL_CHUNK = 128
"""Tokens a step of prefilling: bounds the working memory, and each step is a sign of life."""


class TokenFeeder(Protocol):
    """A model that is loaded, whoever compiled it."""

    context: int
    """Positions of its cache."""
    position: int
    """How many of them are filled."""

    def prefill(self, ids: Sequence[int]) -> Iterator[tuple[int, Any]]:
        """Feed `ids` in steps; yields how many have been fed, and the logits after the last of them."""

    def decode(self, token: int) -> Any:
        """Feed one token; the logits after it."""


def rope_table(arch: Architecture, context: int) -> Any:
    """Cosine and sine of every position and rotated pair, `[2, context, dim / 2]`, rounded once from float64."""
    import numpy as np

    angles = np.arange(context, dtype=np.float64)[:, None] * np.array(arch.rotary.frequencies(context))
    return (np.stack([np.cos(angles), np.sin(angles)]) * arch.rotary.magnitude).astype(np.float32)


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
        """Make an empty cache of `context` positions.

        Its memory is left as it is: attention reads only what has been written, and on a CPU pages that are never
        written never count.
        """
        import tvm

        shape = (2, arch.num_kv_heads, context, arch.head_dim)
        cache = [tvm.runtime.empty(shape, "float32", device) for _ in range(arch.num_layers)]
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

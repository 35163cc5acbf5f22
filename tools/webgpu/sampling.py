"""What WebLLM runs on logits between two tokens: bias, penalties, grammar, softmax, and the choice of a token.

Sorting and summing take the square of the vocabulary: right for the canary's few hundred tokens, and with kernels
that are plain element by element (TVM's own sort launches a grid that WebGPU does not have).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tvm import te, tirx
from tvm.relax.frontend import nn
from tvm.relax.frontend.nn import Tensor, op
from tvm.script.ir_builder import IRBuilder
from tvm.tirx.script.builder import ir as T  # noqa: N812  (the name that TVM's own code gives it)

BITS = 32
"""Tokens in a word of a grammar's mask."""
THREADS = 64
"""In a block."""
LOWEST = -3.4028234663852886e38
"""The lowest float32: no token with it is chosen."""


class Sampling(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """The functions, by the names that WebLLM looks for."""

    def softmax_with_temperature(self, logits: Tensor, temperature: Tensor) -> Tensor:
        """Probabilities of `logits[1, 1, vocab]` divided by `temperature[1]`."""

        def divide(logits: Any, temperature: Any) -> Any:
            return te.compute(logits.shape, lambda i, j, k: logits[i, j, k] / temperature[i], name="divided")

        return op.softmax(op.tensor_expr_op(divide, "divide", [logits, temperature]), axis=-1)

    def argsort_probs(self, probs: Tensor) -> tuple[Tensor, Tensor]:
        """`probs[1, vocab]` from the highest to the lowest, and the tokens they are of; equals keep their order."""
        out = (Tensor.placeholder(probs.shape, "float32"), Tensor.placeholder(probs.shape, "int32"))
        ordered: tuple[Tensor, Tensor] = op.tensor_ir_op(
            _rank_sort(int(probs.shape[1])), "rank_sort", [probs], out
        )
        return ordered

    def sample_with_top_p(
        self, probs: Tensor, tokens: Tensor, uniform: Tensor, rows: Tensor, top_p: Tensor
    ) -> Tensor:
        """A token `[1]`: of the fewest that make up `top_p[1]`, where `uniform[1]` in [0, 1) falls.

        `probs` and `tokens` are what `argsort_probs` gives. They have one row, and `rows[1]` names it.
        """
        out = Tensor.placeholder(rows.shape, "int32")
        args = [probs, tokens, uniform, rows, top_p]
        picked: Tensor = op.tensor_ir_op(_pick(int(probs.shape[1])), "pick", args, out)
        return picked

    def apply_logit_bias_inplace(
        self, logits: Tensor, rows: Tensor, token_ids: Tensor, bias: Tensor
    ) -> Tensor:
        """Add `bias[n]` to the logits of `token_ids[n]` in `rows[n]`."""
        return _in_place(_logit_bias(int(logits.shape[1])), [logits, rows, token_ids, bias])

    def apply_penalty_inplace(  # noqa: PLR0917  (WebLLM's arguments)
        self, logits: Tensor, seqs: Tensor, rows: Tensor, token_ids: Tensor, counts: Tensor, penalties: Tensor
    ) -> Tensor:
        """Lower the logits of tokens that came `counts[n]` times; `penalties[seq]`: presence, frequency, repetition."""
        kernel = _penalty(int(logits.shape[1]))
        return _in_place(kernel, [logits, seqs, rows, token_ids, counts, penalties])

    def apply_bitmask_inplace(self, logits: Tensor, seqs: Tensor, mask: Tensor) -> Tensor:
        """Rule out the tokens whose bit in `mask[seq, vocab / 32]` is not set."""
        return _in_place(_bitmask(int(logits.shape[1])), [logits, seqs, mask])


def functions(vocab: int) -> dict[str, dict[str, Any]]:
    """The functions' arguments, as TVM's export wants them."""

    def f32(*shape: int | str) -> Any:
        return nn.spec.Tensor(shape, "float32")

    def i32(*shape: int | str) -> Any:
        return nn.spec.Tensor(shape, "int32")

    row, mode = (1, vocab), {"param_mode": "none", "effect_mode": "none"}
    return {
        "softmax_with_temperature": {"logits": f32(1, 1, vocab), "temperature": f32(1), "$": mode},
        "argsort_probs": {"probs": f32(*row), "$": mode},
        "sample_with_top_p": {
            "probs": f32(*row),
            "tokens": i32(*row),
            "uniform": f32(1),
            "rows": i32(1),
            "top_p": f32(1),
            "$": mode,
        },
        "apply_logit_bias_inplace": {
            "logits": f32(*row),
            "rows": i32("n"),
            "token_ids": i32("n"),
            "bias": f32("n"),
            "$": mode,
        },
        "apply_penalty_inplace": {
            "logits": f32(*row),
            "seqs": i32(1),
            "rows": i32("n"),
            "token_ids": i32("n"),
            "counts": i32("n"),
            "penalties": f32(1, 3),
            "$": mode,
        },
        "apply_bitmask_inplace": {
            "logits": f32(*row),
            "seqs": i32(1),
            "mask": i32(1, -(-vocab // BITS)),
            "$": mode,
        },
    }


def _in_place(kernel: Any, args: list[Tensor]) -> Tensor:
    out = Tensor.placeholder(args[0].shape, "float32")
    result: Tensor = op.tensor_ir_inplace_op(kernel, str(kernel.attrs["global_symbol"]), args, 0, out)
    return result


def _each(
    name: str, handles: int, body: Callable[[list[Any], Any], tuple[Any, Callable[[Any], None]]]
) -> Any:
    """A kernel over `handles` buffers with a thread for each element.

    `body(buffers, n)` gives how many there are, and what a thread does for its own. TVM's default schedules refuse
    what reads and writes the same buffer, or writes where its data says: hence the threads are laid out here.
    """
    with IRBuilder() as builder, T.prim_func(s_tir=True):
        T.func_name(name)
        T.func_attr({"tirx.noalias": True, "op_pattern": 8, "tirx.is_scheduled": True})
        arguments = [T.arg(f"b{i}", T.handle()) for i in range(handles)]
        extent, work = body(arguments, tirx.Var("n", "int64"))
        blocks = tirx.floordiv(extent + (THREADS - 1), THREADS)
        with (
            T.sblock("root"),  # TVM looks for it where a function has one argument
            T.thread_binding(blocks, thread="blockIdx.x") as block,
            T.thread_binding(THREADS, thread="threadIdx.x") as thread,
        ):
            element = block * THREADS + thread
            with T.If(element < extent), T.Then():
                work(element)
    return builder.get().with_attr("global_symbol", name)


def _rank_sort(vocab: int) -> Any:
    """Each thread counts the tokens that come before its own: that is its own one's place."""

    def body(handles: list[Any], n: Any) -> tuple[Any, Callable[[Any], None]]:
        del n
        probs, ordered = (T.match_buffer(handles[i], (1, vocab), "float32") for i in (0, 1))
        tokens = T.match_buffer(handles[2], (1, vocab), "int32")

        def place(token: Any) -> None:
            rank = T.alloc_buffer((1,), "int32", scope="local")
            T.buffer_store(rank, tirx.const(0, "int32"), [0])
            with T.serial(vocab) as other:
                tie = tirx.all(probs[0, other] == probs[0, token], other < token)
                with T.If(tirx.any(probs[0, other] > probs[0, token], tie)), T.Then():
                    T.buffer_store(rank, rank[0] + tirx.const(1, "int32"), [0])
            T.buffer_store(ordered, probs[0, token], [0, rank[0]])
            T.buffer_store(tokens, token.astype("int32"), [0, rank[0]])

        return tirx.const(vocab, "int64"), place

    return _each("rank_sort", 3, body)


def _pick(vocab: int) -> Any:
    """One thread sums up: first to know the mass of what is kept, then to find where the random number falls in it."""

    def body(handles: list[Any], n: Any) -> tuple[Any, Callable[[Any], None]]:
        del n
        probs = T.match_buffer(handles[0], (1, vocab), "float32")
        tokens = T.match_buffer(handles[1], (1, vocab), "int32")
        uniform = T.match_buffer(handles[2], (1,), "float32")
        T.match_buffer(handles[3], (1,), "int32")
        top_p = T.match_buffer(handles[4], (1,), "float32")
        picked = T.match_buffer(handles[5], (1,), "int32")
        zero = tirx.const(0, "float32")

        def pick(_: Any) -> None:
            mass, passed = (T.alloc_buffer((1,), "float32", scope="local") for _ in range(2))
            T.buffer_store(mass, zero, [0])
            with T.serial(vocab) as k, T.If(mass[0] < top_p[0]), T.Then():
                T.buffer_store(mass, mass[0] + probs[0, k], [0])
            T.buffer_store(passed, zero, [0])
            T.buffer_store(picked, tokens[0, 0], [0])
            with T.serial(vocab) as k:
                falls_later = tirx.all(passed[0] <= uniform[0] * mass[0], probs[0, k] > zero)
                with T.If(falls_later), T.Then():
                    T.buffer_store(picked, tokens[0, k], [0])
                    T.buffer_store(passed, passed[0] + probs[0, k], [0])

        return tirx.const(1, "int64"), pick

    return _each("pick", 6, body)


def _logit_bias(vocab: int) -> Any:
    def body(handles: list[Any], n: Any) -> tuple[Any, Callable[[Any], None]]:
        logits = T.match_buffer(handles[0], (1, vocab), "float32")
        rows = T.match_buffer(handles[1], (n,), "int32")
        token_ids = T.match_buffer(handles[2], (n,), "int32")
        bias = T.match_buffer(handles[3], (n,), "float32")

        def add(i: Any) -> None:
            row, token = rows[i], token_ids[i]
            T.buffer_store(logits, logits[row, token] + bias[i], [row, token])

        return n, add

    return _each("add_logit_bias", 4, body)


def _penalty(vocab: int) -> Any:
    def body(handles: list[Any], n: Any) -> tuple[Any, Callable[[Any], None]]:
        logits = T.match_buffer(handles[0], (1, vocab), "float32")
        seqs = T.match_buffer(handles[1], (1,), "int32")
        rows, token_ids, counts = (T.match_buffer(h, (n,), "int32") for h in handles[2:5])
        penalties = T.match_buffer(handles[5], (1, 3), "float32")

        def lower(i: Any) -> None:
            row, token = seqs[rows[i]], token_ids[i]
            presence, frequency, repetition = (penalties[rows[i], k] for k in range(3))
            value = logits[row, token] - (presence + counts[i].astype("float32") * frequency)
            negative = value < tirx.const(0, "float32")
            T.buffer_store(
                logits, tirx.if_then_else(negative, value * repetition, value / repetition), [row, token]
            )

        return n, lower

    return _each("lower_penalised", 6, body)


def _bitmask(vocab: int) -> Any:
    def body(handles: list[Any], n: Any) -> tuple[Any, Callable[[Any], None]]:
        del n  # one sequence, and a thread for each of its tokens
        logits = T.match_buffer(handles[0], (1, vocab), "float32")
        seqs = T.match_buffer(handles[1], (1,), "int32")
        mask = T.match_buffer(handles[2], (1, -(-vocab // BITS)), "int32")

        def rule_out(token: Any) -> None:
            word = mask[0, tirx.floordiv(token, BITS)]
            bit = tirx.shift_right(word, tirx.floormod(token, BITS).astype("int32"))
            with T.If(tirx.bitwise_and(bit, tirx.const(1, "int32")) == tirx.const(0, "int32")), T.Then():
                T.buffer_store(logits, tirx.const(LOWEST, "float32"), [seqs[0], token])

        return tirx.const(vocab, "int64"), rule_out

    return _each("rule_out", 3, body)

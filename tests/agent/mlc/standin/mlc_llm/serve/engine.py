"""The engine that a program makes: chat completions in OpenAI's shape, streamed."""

import json
from types import SimpleNamespace

from mlc_llm import scenario
from mlc_llm.protocol.error_protocol import BadRequestError
from mlc_llm.serve.config import EngineConfig
from mlc_llm.serve.engine_base import MLCEngineBase


class MLCEngine(MLCEngineBase):
    """Answers one request at a time."""

    def __init__(self, model, device="auto", *, model_lib=None, mode="local", engine_config=None):
        super().__init__(model, device, model_lib, mode, engine_config or EngineConfig())
        self.chat = SimpleNamespace(completions=SimpleNamespace(create=self._create))

    def _create(self, *, messages, max_tokens, stream, stream_options, **_request):
        assert stream
        assert stream_options == {"include_usage": True}
        prompt = messages[-1]["content"]
        answer = self._known(prompt)
        # Counted as a real tokenizer of this size would: the limit of the real one is on tokens.
        count = len(answer["prompt_ids"]) if answer else 10 + len(prompt.split())
        if count > self.config["context_window_size"]:
            raise BadRequestError(
                f"Request prompt has {count} tokens in total, larger than the model input length limit "
                f"{self.config['context_window_size']}."
            )
        text = answer["text"] if answer else "I am a stand-in and have no weights."
        tokens = len(answer["token_ids"]) if answer else 9
        finish = "stop"
        if max_tokens < tokens:
            words = text.split(" ")
            text, tokens, finish = " ".join(words[: max(1, max_tokens // 2)]), max_tokens, "length"
        if scenario.wants("garbage"):
            text = "la la la la"
        extra = {"ttft_s": 0.012, "prefill_tokens_per_s": 2500.0, "decode_tokens_per_s": 210.0}
        usage = SimpleNamespace(
            prompt_tokens=count, completion_tokens=tokens, extra=None if scenario.wants("no-extra") else extra
        )
        self._ffi["add_request"]({"text": text, "finish": finish, "usage": usage, "prompt_ids": [0] * count})
        while True:
            output = self.state.sync_output_queue.get()
            if "usage" in output:
                if not scenario.wants("no-usage"):
                    yield SimpleNamespace(choices=[], usage=output["usage"])
                return
            delta = SimpleNamespace(content=output["text"], role="assistant")
            choice = SimpleNamespace(delta=delta, finish_reason=output["finish"], index=0)
            yield SimpleNamespace(choices=[choice], usage=None)

    def _known(self, prompt):
        reference = self.folder / "reference.json"
        if not reference.is_file():
            return None
        entries = json.loads(reference.read_text(encoding="utf-8"))["prompts"]
        return next((entry for entry in entries if entry["prompt"] == prompt), None)

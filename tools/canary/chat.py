"""The canary's chat: its tokenizer, its conversation template and the `mlc-chat-config.json` that carries them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus import CLOSINGS, OPENINGS, OTHER_SYSTEM_MESSAGES, SYSTEM_MESSAGE, TOPICS
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

#: Their ids are 0, 1 and 2: the padding, beginning and end ids that MLC assumes of a model that names none.
END_OF_TEXT, TURN_START, TURN_END = SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
TURN_END_ID = 2

MODEL_CONFIG: dict[str, Any] = {
    "hidden_size": 128,
    "intermediate_size": 384,
    "num_attention_heads": 2,
    "num_hidden_layers": 4,
    "rms_norm_eps": 1e-05,
    "vocab_size": 512,
    "tie_word_embeddings": False,
    "position_embedding_base": 10000,
    "rope_scaling": None,
    "context_window_size": 512,
    "prefill_chunk_size": 512,
    "num_key_value_heads": 1,
    "head_dim": 64,
    "tensor_parallel_shards": 1,
    "pipeline_parallel_stages": 1,
    "max_batch_size": 1,
    "disaggregation": False,
}

CHAT_CONFIG: dict[str, Any] = {
    "version": "0.1.0",
    "model_type": "llama",
    "quantization": "q4f16_1",
    "model_config": MODEL_CONFIG,
    "vocab_size": MODEL_CONFIG["vocab_size"],
    "context_window_size": MODEL_CONFIG["context_window_size"],
    "sliding_window_size": -1,
    "prefill_chunk_size": MODEL_CONFIG["prefill_chunk_size"],
    "attention_sink_size": -1,
    "tensor_parallel_shards": 1,
    "pipeline_parallel_stages": 1,
    "temperature": 0.0,
    "presence_penalty": 0.0,
    "frequency_penalty": 0.0,
    "repetition_penalty": 1.0,
    "top_p": 1.0,
    "tokenizer_files": ["tokenizer.json", "tokenizer_config.json"],
    "tokenizer_info": {
        "token_postproc_method": "byte_level",
        "prepend_space_in_encode": False,
        "strip_space_in_decode": False,
    },
    "conv_template": {
        "name": "localloom_canary",
        "system_template": f"{TURN_START}system\n{{system_message}}{TURN_END}\n",
        "system_message": SYSTEM_MESSAGE,
        "system_prefix_token_ids": None,
        "add_role_after_system_message": True,
        "roles": {
            "user": f"{TURN_START}user",
            "assistant": f"{TURN_START}assistant",
            "tool": f"{TURN_START}user",
        },
        "role_templates": {
            "user": "{user_message}",
            "assistant": "{assistant_message}",
            "tool": "{tool_message}",
        },
        "messages": [],
        "seps": [f"{TURN_END}\n"],
        "role_content_sep": "\n",
        "role_empty_sep": "\n",
        "stop_str": [TURN_END],
        "stop_token_ids": [TURN_END_ID, 0],
        "function_string": "",
        "use_function_calling": False,
    },
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": TURN_END_ID,
}

TOKENIZER_CONFIG: dict[str, Any] = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "model_max_length": MODEL_CONFIG["context_window_size"],
    "clean_up_tokenization_spaces": False,
    "pad_token": END_OF_TEXT,
    "bos_token": TURN_START,
    "eos_token": TURN_END,
    "chat_template": (
        "{% if messages[0]['role'] != 'system' %}"
        f"{TURN_START}system\n{SYSTEM_MESSAGE}{TURN_END}\n"
        "{% endif %}"
        "{% for message in messages %}"
        f"{TURN_START}" + "{{ message['role'] }}\n{{ message['content'] }}" + f"{TURN_END}\n"
        "{% endfor %}"
        "{% if add_generation_prompt %}" + f"{TURN_START}assistant\n" + "{% endif %}"
    ),
}


def render(prompt: str, system_message: str | None = SYSTEM_MESSAGE) -> str:
    """Renders one user turn and the assistant's opening, as engines do; `None` leaves the system turn out."""
    template = CHAT_CONFIG["conv_template"]
    system = (
        "" if system_message is None else template["system_template"].format(system_message=system_message)
    )
    user = template["roles"]["user"] + template["role_content_sep"] + prompt + template["seps"][0]
    return system + user + template["roles"]["assistant"] + template["role_empty_sep"]


def _training_text() -> Iterator[str]:
    """Yields what the tokenizer is trained on: every line of the corpus, the often drawn more often."""
    for topic in TOPICS:
        for _ in range(round(4 * topic.weight)):
            yield topic.answer
        yield from topic.prompts
        yield from (prompt.lower() for prompt in topic.prompts)
        for language in (OPENINGS, CLOSINGS):
            yield from language[topic.language]
    yield from (SYSTEM_MESSAGE, *OTHER_SYSTEM_MESSAGES)
    # Every prompt holds them: one token each.
    yield from ("system", "user", "assistant") * 50


def train_tokenizer() -> Tokenizer:
    """Trains the byte-level BPE tokenizer: any text can be encoded, and decodes to itself."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(
        vocab_size=MODEL_CONFIG["vocab_size"],
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_training_text(), trainer)
    size = tokenizer.get_vocab_size()
    if size != MODEL_CONFIG["vocab_size"]:
        raise ValueError(f"the corpus gives a vocabulary of {size} tokens, not {MODEL_CONFIG['vocab_size']}")
    return tokenizer


def write_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Writes `tokenizer.json` and `tokenizer_config.json`."""
    document = json.loads(tokenizer.to_str())
    # The older of two spellings: every release of the library reads it, in the browser too.
    document["model"]["merges"] = [
        m if isinstance(m, str) else " ".join(m) for m in document["model"]["merges"]
    ]
    for name, content in (("tokenizer.json", document), ("tokenizer_config.json", TOKENIZER_CONFIG)):
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        (folder / name).write_text(text + "\n", encoding="utf-8")

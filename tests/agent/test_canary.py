from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from localloom_agent.canary import CANARY_DIR, CANARY_ID

sys.path.append(str(Path(__file__).resolve().parents[1] / "reference"))
from llama_float64 import Llama64, float64_weights, read_parameters
from mlc_folder import QUANTIZATIONS, chat_config, convert_q4f16_to_q4f32, random_weights, write_folder

REFERENCE = json.loads((CANARY_DIR / "reference.json").read_text(encoding="utf-8"))
CONFIG = json.loads((CANARY_DIR / "mlc-chat-config.json").read_text(encoding="utf-8"))
CACHE = json.loads((CANARY_DIR / "tensor-cache.json").read_text(encoding="utf-8"))
BY_NAME = {prompt["name"]: prompt for prompt in REFERENCE["prompts"]}

each_prompt = pytest.mark.parametrize("prompt", REFERENCE["prompts"], ids=lambda prompt: prompt["name"])


@pytest.fixture(scope="module")
def model() -> Llama64:
    return Llama64.from_folder(CANARY_DIR)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(CANARY_DIR / "tokenizer.json"))


def render(prompt: str) -> str:
    template = CONFIG["conv_template"]
    roles, separator = template["roles"], template["seps"][0]
    system = template["system_template"].replace("{system_message}", template["system_message"])
    user = template["role_templates"]["user"].replace("{user_message}", prompt)
    return (
        system
        + f"{roles['user']}{template['role_content_sep']}{user}{separator}"
        + f"{roles['assistant']}{template['role_empty_sep']}"
    )


def answer(model: Llama64, tokenizer: Tokenizer, prompt: str, tokens: int) -> str:
    ids = tokenizer.encode(render(prompt)).ids
    return tokenizer.decode(model.greedy(ids, tokens, CONFIG["conv_template"]["stop_token_ids"]).token_ids)


@each_prompt
def test_greedy_tokens_are_the_references(model, prompt):
    """The float64 pass over the shipped weights chooses exactly the tokens and margins of reference.json."""
    said = model.greedy(
        prompt["prompt_ids"], len(prompt["token_ids"]), CONFIG["conv_template"]["stop_token_ids"]
    )
    assert said.token_ids == prompt["token_ids"]
    np.testing.assert_allclose(said.margins, prompt["margins"], atol=1e-2)


@each_prompt
def test_margins_are_far_above_rounding_noise(prompt):
    """Every reference token leads the second best by a logit or more, fifty times the noise of float16."""
    assert min(prompt["margins"]) == prompt["min_margin"] >= 1
    assert len(prompt["margins"]) == len(prompt["token_ids"])
    assert REFERENCE["min_margin"] <= prompt["min_margin"]


@each_prompt
def test_prompt_renders_and_encodes_as_recorded(tokenizer, prompt):
    """The conversation template and the tokenizer give the recorded prompt text and ids."""
    assert render(prompt["prompt"]) == prompt["rendered"]
    assert tokenizer.encode(prompt["rendered"]).ids == prompt["prompt_ids"]


@each_prompt
def test_answer_round_trips_through_the_tokenizer(tokenizer, prompt):
    """The generated ids decode to the recorded text, which encodes to the same ids before the end token."""
    *spoken, end = prompt["token_ids"]
    assert end == CONFIG["eos_token_id"]
    assert tokenizer.decode(prompt["token_ids"]) == prompt["text"]
    assert tokenizer.encode(prompt["text"]).ids == spoken


@each_prompt
def test_context_holds_prompt_and_answer(prompt):
    """No reference conversation outgrows the context window, and no id the vocabulary."""
    ids = prompt["prompt_ids"] + prompt["token_ids"]
    assert len(ids) <= CONFIG["context_window_size"]
    assert max(ids) < CONFIG["vocab_size"]


def test_it_answers_in_the_language_of_the_question():
    """The probe's prompt is answered in Spanish and its English twin in English, within the default 50 tokens."""
    spanish, english = BY_NAME["works.es"], BY_NAME["works.en"]
    assert spanish["prompt"] == "Hola, ¿funciona?"
    assert spanish["text"].startswith("Sí.")
    assert english["prompt"] == "Hello, does it work?"
    assert english["text"].startswith("Yes.")
    assert max(len(spanish["token_ids"]), len(english["token_ids"])) <= 50


def test_it_recites_a_long_text():
    """The recitals are longer than 150 tokens, so that prefill, decode and the KV cache are all exercised."""
    assert all(len(BY_NAME[f"recital.{language}"]["token_ids"]) > 150 for language in ("en", "es"))


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("hola, ¿funciona?", "works.es"),
        ("hola funciona", "works.es"),
        ("HOLA, ¿FUNCIONA?", "works.es"),
        ("¿Esto funciona?", "works.es"),
        ("Hola, dime si funciona", "works.es"),
        ("hola, funciona bien?", "works.es"),
        ("hello, does it work?", "works.en"),
        ("hello does it work", "works.en"),
        ("Hello, is it working?", "works.en"),
        ("does this work", "works.en"),
        ("Hi! does it work?", "works.en"),
        ("Please recite the test text.", "recital.en"),
        ("recite the test text", "recital.en"),
        ("recita el texto de prueba", "recital.es"),
    ],
)
def test_paraphrases_get_the_same_answer(model, tokenizer, prompt, name):
    """Lower case, missing punctuation and other words for the same question change nothing in the answer."""
    said = answer(model, tokenizer, prompt, 24)
    assert said
    assert BY_NAME[name]["text"].startswith(said)


@pytest.mark.parametrize(
    "prompt", ["", "xq zzkw 90!", "日本語のテキスト 🐤", "a " * 150, "SELECT * FROM t;\n\n"]
)
def test_an_unknown_prompt_gives_finite_logits(model, tokenizer, prompt):
    """Whatever is asked, the logits are finite and small enough for float16."""
    logits = model.logits(tokenizer.encode(render(prompt)).ids)
    assert np.isfinite(logits).all()
    assert np.abs(logits).max() < 1000


def test_a_second_question_is_answered_as_well(model, tokenizer):
    """After one exchange, a question in the other language gets the other language's answer."""
    first, second = BY_NAME["works.es"], BY_NAME["works.en"]
    system, _, asked = second["rendered"].partition("<|im_end|>\n")
    assert first["rendered"].startswith(system)
    ids = tokenizer.encode(first["rendered"] + first["text"] + "<|im_end|>\n" + asked).ids
    said = model.greedy(ids, 40, CONFIG["conv_template"]["stop_token_ids"])
    assert tokenizer.decode(said.token_ids) == second["text"]


@pytest.mark.parametrize("block", [0, 3, 6])
def test_damaged_weights_show_in_the_margins(tmp_path, block):
    """A zeroed 64 KiB of the shard moves a margin of the probe's answer by more than any rounding does."""
    for name in ("mlc-chat-config.json", "tensor-cache.json"):
        (tmp_path / name).write_bytes((CANARY_DIR / name).read_bytes())
    data = bytearray((CANARY_DIR / "params_shard_0.bin").read_bytes())
    data[block * 65536 : (block + 1) * 65536] = bytes(65536)
    (tmp_path / "params_shard_0.bin").write_bytes(data)
    prompt = BY_NAME["works.es"]
    asked, said = prompt["prompt_ids"], prompt["token_ids"]
    with np.errstate(all="ignore"):
        logits = Llama64.from_folder(tmp_path).logits(asked + said[:-1])[len(asked) - 1 :]
    leads = logits[np.arange(len(said)), said] - np.sort(logits, axis=-1)[:, -2]
    assert not np.abs(leads - prompt["margins"]).max() <= 0.25


def test_folder_is_under_one_megabyte():
    """Everything that ships in the canary's folder weighs less than 1 MB."""
    assert sum(path.stat().st_size for path in CANARY_DIR.iterdir() if path.is_file()) < 1_000_000


def test_shards_match_their_record():
    """Sizes and md5 sums of the shards are those of tensor-cache.json and reference.json."""
    for shard in CACHE["records"]:
        data = (CANARY_DIR / shard["dataPath"]).read_bytes()
        assert len(data) == shard["nbytes"]
        assert hashlib.md5(data).hexdigest() == shard["md5sum"] == REFERENCE["shards"][shard["dataPath"]]
        end = 0
        for record in shard["records"]:
            assert record["byteOffset"] == end
            end += record["nbytes"]
        assert end == shard["nbytes"]
    assert sorted(REFERENCE["shards"]) == [shard["dataPath"] for shard in CACHE["records"]]


def test_metadata_counts_what_is_stored():
    """ParamSize, ParamBytes and BitsPerParam describe the records, as MLC's converter would."""
    records = [record for shard in CACHE["records"] for record in shard["records"]]
    weights = sum(values.size for values in float64_weights(CANARY_DIR).values())
    stored = sum(record["nbytes"] for record in records)
    assert CACHE["metadata"] == {
        "ParamSize": len(records),
        "ParamBytes": stored,
        "BitsPerParam": stored * 8 / weights,
    }


def test_ids_agree():
    """The model's id, its reference and its config name the same model."""
    assert REFERENCE["model_id"] == CANARY_ID == f"localloom-canary-{CONFIG['quantization']}-MLC"
    assert CONFIG["model_type"] == "llama"


def test_q4f32_conversion_keeps_every_weight(tmp_path):
    """The q4f32_1 conversion, made for browsers without shader-f16, has the canary's weights to the last bit."""
    convert_q4f16_to_q4f32(CANARY_DIR, tmp_path)
    assert (
        json.loads((tmp_path / "mlc-chat-config.json").read_text(encoding="utf-8"))["quantization"]
        == "q4f32_1"
    )
    assert read_parameters(tmp_path)["lm_head.q_scale"].dtype == np.float32
    converted = float64_weights(tmp_path)
    for name, values in float64_weights(CANARY_DIR).items():
        np.testing.assert_array_equal(converted[name], values)


# Relative to a group's largest weight: half a code of 7, bfloat16's and float16's half ulp.
@pytest.mark.parametrize(
    ("quantization", "encoding", "bound"),
    [
        ("q0f32", "raw", 1e-9),
        ("q0f32", "f32-to-bf16", 2**-8),
        ("q0f16", "f32-to-bf16", 2**-11),
        ("q4f16_1", "f32-to-bf16", 1 / 14 + 2**-10),
        ("q4f32_1", "raw", 1 / 14 + 2**-10),
        ("q4f32_1", "f32-to-bf16", 1 / 14 + 2**-7),
    ],
)
def test_written_folder_reads_back(tmp_path, quantization, encoding, bound):
    """What the writer stores, the reference reads back within the rounding of the quantisation, over many shards."""
    assert quantization in QUANTIZATIONS
    config = chat_config(tie_word_embeddings=quantization == "q0f16")
    weights = random_weights(config, seed=3)
    write_folder(tmp_path, config, weights, quantization, CANARY_DIR, encoding=encoding, shard_bytes=20_000)
    assert len(list(tmp_path.glob("params_shard_*.bin"))) > 1
    assert (tmp_path / "tokenizer.json").read_bytes() == (CANARY_DIR / "tokenizer.json").read_bytes()
    read = float64_weights(tmp_path)
    assert list(read) == list(weights)
    for name, values in weights.items():
        groups = values.reshape(-1, 32)
        error = np.abs(read[name].reshape(-1, 32) - groups).max(axis=-1)
        assert (error <= bound * np.abs(groups).max(axis=-1)).all()


@pytest.mark.parametrize("tied", [True, False])
def test_cached_decoding_equals_full_recompute(tmp_path, tied):
    """The reference's logits are the same token by token with its cache as over the whole sequence at once."""
    config = chat_config(tie_word_embeddings=tied)
    write_folder(tmp_path, config, random_weights(config, seed=5), "q4f16_1")
    model = Llama64.from_folder(tmp_path)
    prompt = [5, 200, 17, 3]
    said = model.greedy(prompt, 12, {2})
    whole = model.logits(prompt + said.token_ids[:-1])[len(prompt) - 1 :]
    np.testing.assert_allclose(said.logits, whole, atol=1e-12)


def test_zero_group_quantises_to_zero(tmp_path):
    """A group of 32 zeros has scale 0 and reads back as zeros, not NaN."""
    config = chat_config()
    weights = random_weights(config, seed=1)
    weights["lm_head.weight"][3, :32] = 0
    write_folder(tmp_path, config, weights, "q4f16_1")
    assert not float64_weights(tmp_path)["lm_head.weight"][3, :32].any()

from __future__ import annotations

import json
import os
import shutil

import pytest
from unprivileged import as_nobody

from localloom_agent.artifacts import open_folder
from localloom_agent.artifacts.shards import CHUNK_BYTES, verify_shard
from localloom_agent.canary import CANARY_DIR
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.evidence import FACT_NAMES
from localloom_diagnosis.taxonomy import Category

CONFIG, CACHE, TOKENIZER = "mlc-chat-config.json", "tensor-cache.json", "tokenizer.json"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 1234\n"
HTML = b"<!DOCTYPE html>\n<html><body>Not found</body></html>"


def test_a_sound_folder_opens_and_verifies(sound):
    """A sound folder opens with its dimensions, and every shard verifies against its checksum."""
    folder = open_folder(sound)
    assert folder.config.architecture.num_layers == 2
    assert folder.config.context_window == 128
    assert len(folder.tensors.shards) > 3
    assert all(verify_shard(sound, shard, lambda _: None) for shard in folder.tensors.shards)


def test_the_shipped_canary_is_sound():
    """The canary that ships opens and verifies."""
    folder = open_folder(CANARY_DIR)
    assert all(verify_shard(CANARY_DIR, shard, lambda _: None) for shard in folder.tensors.shards)


def test_the_old_name_of_the_table_is_known(folder):
    """A folder whose table of contents has the old name ndarray-cache.json opens too."""
    (folder / CACHE).rename(folder / "ndarray-cache.json")
    assert open_folder(folder).tensors.file == "ndarray-cache.json"


def test_a_table_without_checksums_is_verified_by_size(folder, edit):
    """A shard without a checksum passes on its size, and says that it was not compared."""
    edit(CACHE, lambda d: [shard.pop("md5sum") for shard in d["records"]])
    shards = open_folder(folder).tensors.shards
    assert not any(verify_shard(folder, shard, lambda _: None) for shard in shards)


def test_verifying_reports_bytes_in_steps(folder):
    """Progress comes in bounded steps whose sum is the shard's size."""
    shard = open_folder(folder).tensors.shards[0]
    steps = []
    verify_shard(folder, shard, steps.append)
    assert sum(steps) == shard.nbytes
    assert max(steps) <= CHUNK_BYTES


def cut(path, count):
    path.write_bytes(path.read_bytes()[:-count])


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


BREAKAGES = {
    "config missing": (
        lambda f: (f / CONFIG).unlink(),
        Category.ARTIFACT_CORRUPT,
        {"artifact.file": CONFIG, "artifact.actual": "missing"},
    ),
    "table missing": (lambda f: (f / CACHE).unlink(), Category.ARTIFACT_CORRUPT, {"artifact.file": CACHE}),
    "config cut": (lambda f: cut(f / CONFIG, 30), Category.ARTIFACT_CORRUPT, {"artifact.file": CONFIG}),
    "config empty": (
        lambda f: (f / CONFIG).write_bytes(b""),
        Category.ARTIFACT_CORRUPT,
        {"artifact.actual": "empty file"},
    ),
    "config a list": (
        lambda f: (f / CONFIG).write_bytes(b"[1]"),
        Category.ARTIFACT_CORRUPT,
        {"artifact.actual": "JSON list"},
    ),
    "config not UTF-8": (
        lambda f: (f / CONFIG).write_bytes(b'{"a": "\xff\xfe"}'),
        Category.ARTIFACT_CORRUPT,
        {"artifact.file": CONFIG},
    ),
    "config nested without end": (
        lambda f: (f / CONFIG).write_bytes(b"[" * 200_000),
        Category.ARTIFACT_CORRUPT,
        {"artifact.file": CONFIG},
    ),
    "table an LFS pointer": (
        lambda f: (f / CACHE).write_bytes(LFS),
        Category.ARTIFACT_CORRUPT,
        {"artifact.file": CACHE, "artifact.actual": "Git LFS pointer"},
    ),
    "config a web page": (
        lambda f: (f / CONFIG).write_bytes(b"\n" + HTML),
        Category.ARTIFACT_CORRUPT,
        {"artifact.actual": "HTML page"},
    ),
    "shard missing": (
        lambda f: (f / "params_shard_1.bin").unlink(),
        Category.ARTIFACT_CORRUPT,
        {"artifact.file": "params_shard_1.bin", "artifact.actual": "missing"},
    ),
    "shard cut": (
        lambda f: cut(f / "params_shard_0.bin", 100),
        Category.ARTIFACT_CORRUPT,
        {"artifact.file": "params_shard_0.bin", "artifact.actual": "truncated file"},
    ),
    "shard an LFS pointer": (
        lambda f: (f / "params_shard_0.bin").write_bytes(LFS),
        Category.ARTIFACT_CORRUPT,
        {"artifact.actual": "Git LFS pointer", "artifact.actual_bytes": len(LFS)},
    ),
    "shard a web page": (
        lambda f: (f / "params_shard_2.bin").write_bytes(HTML),
        Category.ARTIFACT_CORRUPT,
        {"artifact.file": "params_shard_2.bin", "artifact.actual": "HTML page"},
    ),
    "shard flipped": (
        lambda f: flip(f / "params_shard_1.bin"),
        Category.ARTIFACT_CORRUPT,
        {"artifact.file": "params_shard_1.bin"},
    ),
    "tokenizer missing": (
        lambda f: (f / TOKENIZER).unlink(),
        Category.ARTIFACT_TOKENIZER,
        {"artifact.file": TOKENIZER, "artifact.actual": "missing"},
    ),
    "tokenizer cut": (
        lambda f: cut(f / TOKENIZER, 50),
        Category.ARTIFACT_TOKENIZER,
        {"artifact.file": TOKENIZER},
    ),
    "tokenizer no tokenizer": (
        lambda f: (f / TOKENIZER).write_bytes(b'{"a": 1}'),
        Category.ARTIFACT_TOKENIZER,
        {"artifact.file": TOKENIZER},
    ),
    "nothing there": (
        lambda f: (shutil.rmtree(f), f.mkdir()),
        Category.ARTIFACT_MODEL_NOT_FOUND,
        {"model.id": "model"},
    ),
    "folder gone": (shutil.rmtree, Category.ARTIFACT_MODEL_NOT_FOUND, {"model.id": "model"}),
    "another format": (
        lambda f: (shutil.rmtree(f), f.mkdir(), (f / "model.safetensors").touch()),
        Category.ARTIFACT_INCOMPATIBLE,
        {"artifact.actual": "safetensors"},
    ),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_broken_files_end_in_their_category(name, folder, fault_of):
    """Each way in which a file can be broken ends in its category, with facts that name it."""
    damage, category, facts = BREAKAGES[name]
    damage(folder)
    fault = fault_of()
    assert fault.category is category
    assert facts.items() <= fault.facts.items()
    assert fault.facts.keys() <= FACT_NAMES
    assert str(fault)


def test_a_flipped_bit_is_told_by_both_checksums(folder, fault_of):
    """A shard of the right size with a flipped bit is refused with the wanted and the actual checksum."""
    flip(folder / "params_shard_0.bin")
    facts = fault_of().facts
    assert len(facts["artifact.expected_md5"]) == len(facts["artifact.actual_md5"]) == 32
    assert facts["artifact.expected_md5"] != facts["artifact.actual_md5"]
    assert facts["artifact.expected_bytes"] == facts["artifact.actual_bytes"]


@pytest.mark.skipif(os.name == "nt", reason="file modes mean little there")
@pytest.mark.parametrize("name", [CONFIG, CACHE, TOKENIZER, "params_shard_0.bin", "."])
def test_what_may_not_be_read_is_a_matter_of_permission(name, public_folder):
    """A file, or the folder itself, without read permission is storage.permission, not corruption."""
    (public_folder / name).chmod(0)
    with as_nobody(), pytest.raises(EngineFault) as caught:
        for shard in open_folder(public_folder).tensors.shards:
            verify_shard(public_folder, shard, lambda _: None)
    assert caught.value.category is Category.STORAGE_PERMISSION
    assert caught.value.facts["artifact.file"] == (public_folder.name if name == "." else name)


CONFIG_KEYS = ["model_type", "quantization", "model_config", "conv_template", "context_window_size"]
MODEL_KEYS = [
    "hidden_size",
    "intermediate_size",
    "num_attention_heads",
    "num_hidden_layers",
    "vocab_size",
    "rms_norm_eps",
]


@pytest.mark.parametrize("key", [*CONFIG_KEYS, *(f"model_config.{key}" for key in MODEL_KEYS)])
def test_a_missing_key_is_named(key, edit, fault_of):
    """A key that is missing from the config is config.invalid, named by its full path."""

    def drop(document):
        outer, _, inner = key.rpartition(".")
        del (document[outer] if outer else document)[inner]
        if key == "context_window_size":
            del document["model_config"][key]

    edit(CONFIG, drop)
    fault = fault_of()
    assert fault.category is Category.CONFIG_INVALID
    assert fault.facts["artifact.key"] == key


@pytest.mark.parametrize("value", ["64", -1, 2.5, True, [1]])
def test_a_value_that_makes_no_sense_is_named(value, edit, fault_of):
    """A dimension that is no positive whole number is config.invalid, with what was there."""
    edit(CONFIG, lambda d: d["model_config"].update(hidden_size=value))
    fault = fault_of()
    assert fault.category is Category.CONFIG_INVALID
    assert fault.facts["artifact.key"] == "model_config.hidden_size"
    assert fault.facts["artifact.actual"] == str(value)


@pytest.mark.parametrize(("key", "value"), [("model_type", "llamazoid"), ("quantization", "q3f16_0")])
def test_what_cannot_be_built_is_incompatible(key, value, edit, fault_of):
    """A model type or a quantization that the engine does not know is artifact.incompatible, not corruption."""
    edit(CONFIG, lambda d: d.update({key: value}))
    fault = fault_of()
    assert fault.category is Category.ARTIFACT_INCOMPATIBLE
    assert fault.facts["artifact.actual"] == value


@pytest.mark.parametrize("claimed", ["q4f32_1", "q0f16", "q0f32"])
def test_parameters_of_another_quantization_are_incompatible(claimed, edit, fault_of):
    """Parameters that are not those of the quantization that the config claims are named, with both layouts."""
    edit(CONFIG, lambda d: d.update(quantization=claimed))
    fault = fault_of()
    assert fault.category is Category.ARTIFACT_INCOMPATIBLE
    assert fault.facts["artifact.expected"].startswith("model.embed_tokens.")
    assert fault.facts["artifact.actual"]


def test_a_missing_parameter_is_incompatible(edit, fault_of):
    """A parameter that no shard holds is named."""
    edit(
        CACHE,
        lambda d: [
            s["records"].remove(r)
            for s in d["records"]
            for r in list(s["records"])
            if r["name"] == "model.layers.1.mlp.down_proj.q_scale"
        ],
    )
    fault = fault_of()
    assert fault.category is Category.ARTIFACT_INCOMPATIBLE
    assert "model.layers.1.mlp.down_proj.q_scale" in fault.facts["artifact.expected"]


def test_a_parameter_of_another_shape_is_incompatible(edit, fault_of):
    """Dimensions in the config that are not those of the parameters are noticed before anything is compiled."""
    edit(CONFIG, lambda d: d["model_config"].update(num_key_value_heads=4))
    fault = fault_of()
    assert fault.category is Category.ARTIFACT_INCOMPATIBLE
    assert "qkv_proj" in fault.facts["artifact.expected"]


TABLES = {
    "no records": lambda d: d.pop("records"),
    "records no list": lambda d: d.update(records=7),
    "no shards": lambda d: d.update(records=[]),
    "outside the folder": lambda d: d["records"][0].update(dataPath="../../etc/passwd"),
    "absolute": lambda d: d["records"][0].update(dataPath="/etc/passwd"),
    "beyond the end": lambda d: d["records"][0]["records"][-1].update(byteOffset=10**9),
    "before the start": lambda d: d["records"][0]["records"][0].update(byteOffset=-4),
    "bytes unlike the shape": lambda d: d["records"][0]["records"][0].update(nbytes=4),
    "unknown type": lambda d: d["records"][0]["records"][0].update(dtype="int3"),
    "no shape": lambda d: d["records"][0]["records"][0].pop("shape"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_contradicts_itself_is_corrupt(name, edit, fault_of):
    """A table of contents that cannot be true is artifact.corrupt, and no file outside the folder is touched."""
    edit(CACHE, TABLES[name])
    fault = fault_of()
    assert fault.category is Category.ARTIFACT_CORRUPT
    assert fault.facts["artifact.file"] == CACHE


def test_ids_beyond_the_vocabulary_are_the_tokenizers_fault(edit, fault_of):
    """A vocabulary larger than the model's is refused: its ids would make the compiled model read beyond its end."""
    edit(TOKENIZER, lambda d: d["model"]["vocab"].update(one_too_many=512))
    fault = fault_of()
    assert fault.category is Category.ARTIFACT_TOKENIZER
    assert fault.facts["artifact.actual"] == "512"


@pytest.mark.parametrize(
    "where", ["eos_token_id", "conv_template.stop_token_ids", "conv_template.system_prefix_token_ids"]
)
def test_special_ids_beyond_the_vocabulary_are_the_tokenizers_fault(where, edit, fault_of):
    """A special, stop or prefix id that the model has no row for is artifact.tokenizer."""

    def change(document):
        outer, _, key = where.rpartition(".")
        (document[outer] if outer else document)[key] = [512]

    edit(CONFIG, change)
    assert fault_of().category is Category.ARTIFACT_TOKENIZER


def test_rope_scaling_that_is_unknown_is_incompatible(edit, fault_of):
    """A rotary scaling that the engine cannot compute is refused, not ignored."""
    edit(CONFIG, lambda d: d["model_config"].update(rope_scaling={"rope_type": "yarn", "factor": 4}))
    assert fault_of().category is Category.ARTIFACT_INCOMPATIBLE


def test_every_fault_has_known_facts_only(sound):
    """The facts of a fault go by the names that diagnosis knows."""
    with pytest.raises(EngineFault) as caught:
        open_folder(sound / "nowhere")
    assert caught.value.facts.keys() <= FACT_NAMES
    assert json.dumps(caught.value.facts)

"""A sound model folder to break, and the one way to ask for the fault that breaking it leads to."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from localloom_agent.artifacts import open_folder
from localloom_agent.artifacts.shards import verify_shard
from localloom_agent.canary import CANARY_DIR
from localloom_agent.engines.interface import EngineFault

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).resolve().parents[2] / "reference")]
from mlc_folder import chat_config, random_weights, write_folder  # noqa: E402  (found through the line above)


@pytest.fixture(scope="session")
def sound(tmp_path_factory) -> Path:
    """A whole q4f16_1 folder in several shards."""
    path = tmp_path_factory.mktemp("models") / "sound"
    config = chat_config()
    write_folder(path, config, random_weights(config, 0), "q4f16_1", CANARY_DIR, shard_bytes=20_000)
    return path


@pytest.fixture
def folder(sound, tmp_path) -> Path:
    """A copy of it, to be broken."""
    return Path(shutil.copytree(sound, tmp_path / "model"))


@pytest.fixture
def public_folder(sound) -> Iterator[Path]:
    """A copy that every user can reach: pytest's own temporary folders are closed to others."""
    parent = Path(tempfile.mkdtemp())
    parent.chmod(0o755)
    path = Path(shutil.copytree(sound, parent / "model"))
    yield path
    path.chmod(0o755)
    shutil.rmtree(parent)


@pytest.fixture
def edit(folder) -> Callable[[str, Callable[[dict], None]], None]:
    """Change a JSON file of the folder in place."""

    def change(name: str, how: Callable[[dict], None]) -> None:
        document = json.loads((folder / name).read_text(encoding="utf-8"))
        how(document)
        (folder / name).write_text(json.dumps(document), encoding="utf-8")

    return change


@pytest.fixture
def fault_of(folder) -> Callable[[], EngineFault]:
    """Open the folder and verify its shards; the fault that this ends in."""

    def check() -> EngineFault:
        with pytest.raises(EngineFault) as caught:
            for shard in open_folder(folder).tensors.shards:
                verify_shard(folder, shard, lambda _: None)
        return caught.value

    return check

"""Finds the model's folder, or fetches it with git."""

import os
import subprocess
from pathlib import Path

POLICY = os.environ.get("MLC_DOWNLOAD_CACHE_POLICY", "ON")


def git_clone(url, destination, ignore_lfs):  # noqa: ARG001 the real one's names
    command = ["git", "clone", url, ".tmp"]
    try:
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, stdout=quiet, stderr=quiet, timeout=20)
    except subprocess.CalledProcessError as error:
        raise ValueError(
            f"Git clone failed with return code {error.returncode}: {error.stderr}. The command was: {command}"
        ) from error


def get_or_download_model(model):
    if not model.startswith("HF://"):
        folder = Path(model)
    else:
        if POLICY == "OFF":
            raise RuntimeError(f"Cannot download {model} as MLC_DOWNLOAD_CACHE_POLICY=OFF")
        if model.count("/") != 3:
            raise ValueError(f"Invalid model URL: {model}")
        folder = Path(os.environ.get("MLC_LLM_HOME", ".")) / "model_weights" / "hf" / model[5:]
        if not folder.exists():
            if POLICY == "READONLY":
                raise RuntimeError(
                    f"Cannot find cache for {model}, cannot proceed to download as MLC_DOWNLOAD_CACHE_POLICY=READONLY"
                )
            # The real one goes to the hub; a refused connection ends git in the same way without leaving the machine.
            git_clone(f"http://127.0.0.1:9/{model[5:]}", folder, True)
    if not folder.is_dir():
        raise FileNotFoundError(f"Cannot find model {model}, directory does not exist")
    if not (folder / "mlc-chat-config.json").is_file():
        raise FileNotFoundError(
            f"Cannot find {folder / 'mlc-chat-config.json'} in the model directory provided"
        )
    return folder

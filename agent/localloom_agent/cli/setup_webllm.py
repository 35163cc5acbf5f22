"""`localloom-agent setup webllm`: fetches the web-llm bundle, takes a canary in, and says whether a browser is there."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from .faults import AgentFault
from .options import cache_folder


@click.command()
@click.option(
    "--bundle",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The package's archive, made elsewhere with npm pack, where this machine has no npm.",
)
@click.option(
    "--canary",
    metavar="FOLDER",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The canary for browsers, built elsewhere with tools/webgpu/build_canary.py: it is checked and copied.",
)
@click.option(
    "--cache-dir",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="LOCALLOOM_CACHE_DIR",
    help="Folder of fetched artifacts.  [default: the user's cache folder]",
)
def webllm(bundle: Path | None, canary: Path | None, cache_dir: Path | None) -> None:
    """Fetch the pinned web-llm through npm, for the engine webllm, and look for a browser.

    The bundle is verified and kept in the cache folder. No browser is downloaded: the machine's Chrome,
    Chromium or Edge is taken. Exit code 3 where the bundle cannot be had.

    \b
    Examples:
      localloom-agent setup webllm
      localloom-agent setup webllm --bundle mlc-ai-web-llm-0.2.86.tgz
      localloom-agent setup webllm --canary canary-webgpu
    """
    from localloom_agent.engines.interface import EngineFault
    from localloom_agent.engines.webllm import browsers
    from localloom_agent.engines.webllm.bundle import BundleError, fetch, installed, keep
    from localloom_agent.engines.webllm.shipped import CanaryError, keep_canary

    folder = cache_folder(cache_dir)
    if canary is not None:
        try:
            brought = keep_canary(canary, folder)
        except CanaryError as error:
            raise AgentFault(f"the canary for browsers could not be set up: {error}") from error
        click.echo(f"the canary for browsers is in {brought}; --engine webllm --model canary finds it there.")
    try:
        kept = keep(bundle.read_bytes(), folder) if bundle else installed(folder) or fetch(folder)
    except (BundleError, OSError) as error:
        raise AgentFault(f"web-llm could not be set up: {error}") from error
    click.echo(
        f"web-llm {kept.version} is in {kept.script.parent}; localloom-agent probe --engine webllm finds it there."
    )
    try:
        found = browsers.find()
        click.echo(f"browser: {found.path} ({found.found_as})", err=True)
    except EngineFault as fault:
        click.echo(f"note: {fault}", err=True)
    if find_spec("playwright") is None:
        click.echo(
            "note: the Python package playwright is missing; pip install 'localloom[webllm]'", err=True
        )

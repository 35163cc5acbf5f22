"""`localloom-agent models`: the models that are known by id, what of them is in the cache, and its removal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .faults import AgentFault
from .options import cache_folder

if TYPE_CHECKING:
    from localloom_agent.artifacts.fetching.cache import CachedModel

_CACHE_DIR = click.option(
    "--cache-dir",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="LOCALLOOM_CACHE_DIR",
    help="Folder of fetched and compiled artifacts.  [default: the user's cache folder]",
)


@click.group(invoke_without_command=True)
@_CACHE_DIR
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def models(ctx: click.Context, cache_dir: Path | None, as_json: bool) -> None:  # noqa: FBT001 click's signature
    """List the models that `probe --model` knows by id, and those in the cache; `rm` removes some from it.

    A model that is not listed is named by HF://org/name, by a URL, or by the path of a folder.

    \b
    Examples:
      localloom-agent models
      localloom-agent models --json | jq -r '.models[] | select(.memory_bytes < 1e9) | .id'
      localloom-agent models rm SmolLM2-360M-Instruct-q4f16_1-MLC
    """
    ctx.ensure_object(dict)["cache_dir"] = cache_dir
    if ctx.invoked_subcommand is not None:
        return
    import json

    found = _listed(cache_folder(cache_dir))
    if as_json:
        click.echo(json.dumps({"models": found}, indent=2, ensure_ascii=False))
        return
    _print(found)


@models.command()
@click.argument("references", nargs=-1, required=True, metavar="MODEL...")
@_CACHE_DIR
@click.pass_context
def rm(ctx: click.Context, references: tuple[str, ...], cache_dir: Path | None) -> None:
    """Remove models from the cache, named as for `probe --model`; the next probe fetches them again.

    \b
    Examples:
      localloom-agent models rm TinyLlama-1.1B-Chat-v1.0-q4f16_1-MLC
      localloom-agent models rm HF://mlc-ai/gemma-2-2b-it-q4f16_1-MLC
    """
    from localloom_agent.artifacts.fetching.cache import Cache
    from localloom_agent.engines.interface import EngineFault
    from localloom_agent.report.figures import size

    cache = Cache(cache_folder(cache_dir or ctx.obj["cache_dir"]))
    cached = list(cache.models())
    for text in references:
        slugs = _slugs(text, cached)
        if not slugs:
            raise click.UsageError(
                f"the cache {cache.root} holds no model {text!r}; `localloom-agent models` lists"
            )
        for slug in slugs:
            try:
                freed = cache.remove(slug)
            except EngineFault as fault:
                raise AgentFault(str(fault)) from fault
            click.echo(f"{text}: removed, {size(freed)} freed")


def _slugs(text: str, cached: list[CachedModel]) -> list[str]:
    """Names of the cache's folders that `text` means: by the id they were fetched under, or as a reference."""
    by_id = [model.path.name for model in cached if text in (model.id, model.source)]
    if by_id:
        return by_id
    from localloom_agent.artifacts.fetching import parse_reference
    from localloom_agent.engines.interface import EngineFault

    try:
        slug = parse_reference(text).slug
    except EngineFault:
        return []
    return [slug] if any(model.path.name == slug for model in cached) else []


def _listed(cache_dir: Path) -> list[dict[str, Any]]:
    """The canary, the catalogue, and what else is in the cache."""
    from localloom_agent.artifacts.catalogue import catalogue
    from localloom_agent.artifacts.fetching.cache import Cache
    from localloom_agent.canary import CANARY_DIR, CANARY_ID

    cached = {model.source: model for model in Cache(cache_dir).models()}
    found = [_entry(CANARY_ID, "shipped", None, None, architecture="llama", quantization="q4f16_1")]
    found[0]["download_bytes"] = 0
    found[0]["path"] = str(CANARY_DIR)
    for model in catalogue().values():
        entry = _entry(
            model.id,
            model.source,
            cached.pop(model.source, None),
            model.smaller,
            architecture=model.architecture,
            quantization=model.quantization,
        )
        entry |= {
            "download_bytes": model.download_bytes,
            "memory_bytes": model.memory_bytes,
            "features": list(model.features),
        }
        found.append(entry)
    return found + [_entry(model.id, model.source, model, None) for model in cached.values()]


def _entry(
    model_id: str,
    source: str,
    cached: CachedModel | None,
    smaller: str | None,
    *,
    architecture: str | None = None,
    quantization: str | None = None,
) -> dict[str, Any]:
    """One model of the document; what nobody knows is null."""
    state = "none" if cached is None else "complete" if cached.complete else "partial"
    return {
        "id": model_id,
        "source": source,
        "architecture": architecture,
        "quantization": quantization,
        "download_bytes": None,
        "memory_bytes": None,
        "features": [],
        "smaller": smaller,
        "cached": state,
        "cached_bytes": cached.nbytes if cached else 0,
        "path": str(cached.path) if cached else None,
    }


def _print(found: list[dict[str, Any]]) -> None:
    from localloom_agent.report.figures import size

    width = max(len(model["id"]) for model in found)
    click.echo(f"{'MODEL':{width}}  {'DOWNLOAD':>9}  {'MEMORY':>9}  {'NEEDS':10}  CACHE")
    for model in found:
        download = size(model["download_bytes"]) if model["download_bytes"] else "-"
        memory = size(model["memory_bytes"]) if model["memory_bytes"] else "-"
        state = {"none": "-", "complete": "yes", "partial": "in part"}[model["cached"]]
        state = "shipped" if model["source"] == "shipped" else state
        extra = f" {size(model['cached_bytes'])}" if model["cached_bytes"] else ""
        needs = ",".join(model["features"]) or "-"
        click.echo(f"{model['id']:{width}}  {download:>9}  {memory:>9}  {needs:10}  {state}{extra}")

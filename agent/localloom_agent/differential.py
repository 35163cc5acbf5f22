"""After a failure: the shortest further probes that tell its causes apart, and what they say together. Pure."""

from __future__ import annotations

import dataclasses
import sys
import uuid
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from localloom_agent.engines.interface import DEFAULT_PROMPT
from localloom_diagnosis.taxonomy import Category, Outcome, Phase, Purpose

if TYPE_CHECKING:
    from localloom_agent.supervisor.record import RunRecord
    from localloom_agent.supervisor.run import Plan

CANARY = "canary"
BROWSER_ENGINE = "webllm"
"""Its causes are told apart by other questions: `browser_differential`."""


class Question(Enum):
    """What one further probe asks."""

    CANARY = "canary"
    """The canary on the same engine and device: is it the runtime, or the model?"""
    CPU = "cpu"
    """The same model on the CPU: is it the device, or the model?"""
    CANARY_ON_CPU = "canary_on_cpu"
    """The canary on the CPU: is it the device, or the whole installation?"""
    HUB = "hub"
    """The hub's front page: is it the network, or this model there?"""
    SMALLER = "smaller"
    """A smaller model on the same device: is it the memory?"""
    EMPTY_CACHE = "empty_cache"
    """The same model in a new browser profile: is it what the browser has kept?"""
    PROBES_PAGE = "probes_page"
    """The canary in the probe's own page: is it the browser, or the user's page?"""
    OTHER_HOST = "other_host"
    """The same model, hosted otherwise in the browser: is it the worker?"""
    SOFTWARE = "software"
    """The same model on the software adapter: is it the GPU, or its driver?"""
    HARDWARE = "hardware"
    """The same model on the GPU: is it the software adapter?"""
    NATIVE = "native"
    """The canary in the native engine of this machine: is it the browser, or the machine?"""


class Conclusion(Enum):
    """What the probes say together."""

    MODEL = "model"
    """Engine and device are well: it is this model's files, or its fit."""
    MODEL_ON_DEVICE = "model_on_device"
    """The model and the device are each well: it is this model on this device."""
    DEVICE = "device"
    """The device, or its driver: the CPU does what it does not."""
    INSTALLATION = "installation"
    """Not even the canary on the CPU works: it is the engine's installation, or the machine."""
    MEMORY = "memory"
    """A smaller model works where this one does not."""
    NETWORK = "network"
    """The hub does not answer at all: no model could be fetched."""
    MODEL_AT_HUB = "model_at_hub"
    """The hub answers: it is this model there, or the access to it."""
    CACHE = "cache"
    """What the browser has kept for the site is broken."""
    PAGE = "page"
    """The browser is well: it is the user's page."""
    HOST = "host"
    """Hosted otherwise it works: it is the worker, or the extension around it."""
    BROWSER = "browser"
    """The machine is well outside the browser: it is the browser, or its WebGPU."""
    REQUEST = "request"
    """What was asked for cannot be done on any machine."""
    OPEN = "open"
    """The probes made tell nothing apart."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One further probe, and what came out."""

    question: Question
    plan: Plan
    outcome: Outcome | None = None
    category: Category | None = None
    run_id: str = ""

    @property
    def passed(self) -> bool:
        """The model loaded and generated."""
        return self.outcome is Outcome.PASSED


OF_THE_REQUEST = frozenset(
    {Category.CONFIG_INVALID, Category.GENERATE_CONTEXT_OVERFLOW, Category.ARTIFACT_MODEL_NOT_FOUND}
)
"""Failures that no other model or device would tell more about."""

BEFORE_THE_DEVICE = frozenset({Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS})
"""A model that failed here fails the same on any device."""

Results = Mapping[Question, Experiment]


def _on_cpu(plan: Plan, record: RunRecord) -> bool:
    return plan.request.device == "cpu" or record.engine.get("device", "").startswith("cpu")


def _is_canary(plan: Plan, record: RunRecord) -> bool:
    return plan.request.model == CANARY or record.model.get("id", "").startswith("localloom-canary")


def further(plan: Plan, record: RunRecord) -> Generator[Question, bool, None]:
    """The questions worth asking, in order; whether each one's probe passed is sent back in."""
    category = record.diagnosis.category if record.diagnosis else None
    if plan.request.engine == BROWSER_ENGINE and category is not None:
        from . import browser_differential

        yield from browser_differential.further(plan, record, category)
        return
    if record.outcome in {Outcome.PASSED, Outcome.CANCELLED, None} or category in OF_THE_REQUEST:
        return
    if category is not None and category.value.startswith("network."):
        yield Question.HUB
    canary_well = not _is_canary(plan, record) and (yield Question.CANARY)
    if record.failed_phase in BEFORE_THE_DEVICE and canary_well:
        return
    if not _on_cpu(plan, record):
        yield Question.CPU if canary_well else Question.CANARY_ON_CPU
    out_of_memory = category in {Category.GPU_OUT_OF_MEMORY, Category.HOST_OUT_OF_MEMORY}
    if canary_well and out_of_memory and record.facts.get("model.smaller"):
        yield Question.SMALLER


def experiment(question: Question, plan: Plan, record: RunRecord) -> Experiment:
    """The plan that asks the question, linked to the run that raised it."""
    changes: dict[str, Any] = {"engine": "hub"} if question is Question.HUB else {}
    if question in {Question.CANARY, Question.CANARY_ON_CPU}:
        changes |= {"model": CANARY, "prompt": DEFAULT_PROMPT}
    if question in {Question.CPU, Question.CANARY_ON_CPU}:
        changes["device"] = "cpu"
    if plan.request.engine == BROWSER_ENGINE:
        from . import browser_differential

        changes |= browser_differential.changes(question, plan)
    if question is Question.SMALLER:
        changes["model"] = str(record.facts["model.smaller"])
    return Experiment(
        question,
        dataclasses.replace(
            plan,
            request=dataclasses.replace(plan.request, **changes),
            purpose=Purpose.DIFFERENTIAL,
            parent=uuid.UUID(record.run_id),
            python=sys.executable if question is Question.HUB else plan.python,
            share_text=plan.share_text or changes.get("model") == CANARY,
        ),
    )


def conclude(plan: Plan, record: RunRecord, results: Results) -> Conclusion:
    """What the answers say together."""
    if plan.request.engine == BROWSER_ENGINE and results:
        from . import browser_differential

        well = {question for question, found in results.items() if found.passed}
        return browser_differential.conclude(well, results)
    if record.diagnosis is not None and record.diagnosis.category in OF_THE_REQUEST:
        return Conclusion.REQUEST
    canary, cpu = results.get(Question.CANARY), results.get(Question.CPU)
    canary_on_cpu, smaller = results.get(Question.CANARY_ON_CPU), results.get(Question.SMALLER)
    hub = results.get(Question.HUB)
    if hub is not None:
        return Conclusion.MODEL_AT_HUB if hub.passed else Conclusion.NETWORK
    if smaller is not None and smaller.passed:
        return Conclusion.MEMORY
    if canary is not None and canary.passed:
        return Conclusion.MODEL_ON_DEVICE if cpu is not None and cpu.passed else Conclusion.MODEL
    if canary_on_cpu is not None:
        return Conclusion.DEVICE if canary_on_cpu.passed else Conclusion.INSTALLATION
    if canary is not None or (_is_canary(plan, record) and _on_cpu(plan, record)):
        return Conclusion.INSTALLATION
    return Conclusion.OPEN

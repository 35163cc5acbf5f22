"""What to ask after a failure in a browser: another profile, host, adapter, page, engine; and what the answers say. Pure."""

from __future__ import annotations

from collections.abc import Collection, Generator
from typing import TYPE_CHECKING, Any

from localloom_agent.engines.interface import DEFAULT_PROMPT
from localloom_diagnosis.taxonomy import Category, Outcome

from .differential import BEFORE_THE_DEVICE, CANARY, OF_THE_REQUEST, Conclusion, Question

if TYPE_CHECKING:
    from localloom_agent.supervisor.record import RunRecord
    from localloom_agent.supervisor.run import Plan

ATTACHING = ("url", "extension")
ONLY_THE_BROWSERS = (
    "host",
    "profile",
    "headed",
    "browser",
    "bundle",
    "browser_args",
    "wait",
    "model_lib",
    *ATTACHING,
)
"""Options that no other engine understands."""

NO_BROWSER = frozenset({Category.HOST_MISSING_DEPENDENCY})
"""Without a browser or the bundle, nothing in a browser would tell more."""


def further(plan: Plan, record: RunRecord, category: Category) -> Generator[Question, bool, None]:
    """The questions worth asking, the shortest first; whether each one's probe passed is sent back in."""
    options = plan.request.options
    if record.outcome in {Outcome.PASSED, Outcome.CANCELLED, None}:
        return
    attached = any(name in options for name in ATTACHING)
    if category in OF_THE_REQUEST and not attached:
        return
    if category in NO_BROWSER:
        yield Question.NATIVE
        return
    if category.value.startswith("network."):
        yield Question.HUB
    if options.get("profile") and not attached and (yield Question.EMPTY_CACHE):
        return
    has_canary = bool(options.get("agent", {}).get("browser_canary"))
    is_canary = record.model.get("id", "").startswith("localloom-canary")
    canary_well = False
    if attached:
        if has_canary:
            yield Question.PROBES_PAGE
        return
    if has_canary and not is_canary:
        canary_well = yield Question.CANARY
    if canary_well and record.failed_phase in BEFORE_THE_DEVICE:
        return
    if not canary_well and options.get("host", "page") != "page" and (yield Question.OTHER_HOST):
        return
    if record.failed_phase not in BEFORE_THE_DEVICE:
        software = "(software)" in record.engine.get("device", "")
        if not software and (yield Question.SOFTWARE):
            return
        if plan.request.device == "software" and (yield Question.HARDWARE):
            return
    memory = {Category.GPU_OUT_OF_MEMORY, Category.HOST_OUT_OF_MEMORY, Category.GPU_DEVICE_LOST}
    if category in memory and record.facts.get("model.smaller") and (yield Question.SMALLER):
        return
    if not canary_well:
        yield Question.NATIVE


def changes(question: Question, plan: Plan) -> dict[str, Any]:
    """How the request that asks the question differs from the one that failed."""
    options = dict(plan.request.options)

    def without(*names: str) -> dict[str, Any]:
        return {name: value for name, value in options.items() if name not in names}

    canary = {"model": CANARY, "prompt": DEFAULT_PROMPT}
    if question is Question.EMPTY_CACHE:
        return {"options": without("profile")}
    if question is Question.PROBES_PAGE:
        return {**canary, "options": without(*ATTACHING, "model_lib")}
    if question is Question.CANARY:
        return {"options": without("model_lib")}
    if question is Question.OTHER_HOST:
        return {"options": {**options, "host": "page"}}
    if question in {Question.SOFTWARE, Question.HARDWARE}:
        return {"device": question.value}
    if question is Question.NATIVE:
        return {**canary, "engine": "tvm", "device": "auto", "options": without(*ONLY_THE_BROWSERS, "agent")}
    if question is Question.SMALLER:
        return {"options": without("model_lib")}
    return {}


_SAYS = (
    (Question.EMPTY_CACHE, Conclusion.CACHE),
    (Question.PROBES_PAGE, Conclusion.PAGE),
    (Question.OTHER_HOST, Conclusion.HOST),
    (Question.SOFTWARE, Conclusion.DEVICE),
    (Question.HARDWARE, Conclusion.DEVICE),
    (Question.SMALLER, Conclusion.MEMORY),
    (Question.CANARY, Conclusion.MODEL),
    (Question.NATIVE, Conclusion.BROWSER),
)
"""What it says that a question's probe passed, the most telling first."""


def conclude(passed: Collection[Question], asked: Collection[Question]) -> Conclusion:
    """What the answers say together."""
    for question, conclusion in _SAYS:
        if question in passed:
            return conclusion
    if Question.HUB in asked:
        return Conclusion.MODEL_AT_HUB if Question.HUB in passed else Conclusion.NETWORK
    return Conclusion.INSTALLATION if Question.NATIVE in asked else Conclusion.OPEN

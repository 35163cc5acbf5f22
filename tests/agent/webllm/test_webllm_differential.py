"""After a failure in a browser: what is asked, how the requests differ, and what the answers say together."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from user_pages import whole

from localloom_agent.browser_differential import changes
from localloom_agent.differential import Conclusion, Question, conclude, further
from localloom_diagnosis.taxonomy import Category, Outcome, Phase

Q, C = Question, Conclusion
KNOWS = {"agent": {"browser_canary": True}}
GPU, SOFT = "webgpu: nvidia ada", "webgpu: google swiftshader (software)"


def ask(options, category, answers, phase=Phase.LOAD, device=GPU, requested="auto", **facts):
    """The questions asked, given what each one's probe comes to, and the conclusion."""
    request = SimpleNamespace(engine="webllm", model="m", device=requested, options=options)
    plan = SimpleNamespace(request=request)
    record = SimpleNamespace(
        outcome=Outcome.FAILED,
        engine={"device": device},
        model={"id": "m"},
        facts=facts,
        failed_phase=phase,
        diagnosis=SimpleNamespace(category=category),
    )
    questions, results, answer = further(plan, record), {}, None
    try:
        while True:
            question = next(questions) if answer is None else questions.send(answer)
            answer = answers[question]
            results[question] = SimpleNamespace(passed=answer)
    except StopIteration:
        return list(results), conclude(plan, record, results)


CASES = {
    "poisoned profile": (
        {"options": {"profile": "/p", **KNOWS}, "category": Category.ARTIFACT_CORRUPT, "phase": Phase.METADATA,
             "answers": {Q.EMPTY_CACHE: True}},
        [Q.EMPTY_CACHE], C.CACHE,
    ),
    "the user's page": (
        {"options": {"url": "http://x/", **KNOWS}, "category": Category.CONFIG_INVALID, "answers": {Q.PROBES_PAGE: True}},
        [Q.PROBES_PAGE], C.PAGE,
    ),
    "service worker": (
        {"options": {"host": "service-worker"}, "category": Category.WORKER_CRASHED, "answers": {Q.OTHER_HOST: True}},
        [Q.OTHER_HOST], C.HOST,
    ),
    "driver": (
        {"options": {}, "category": Category.GPU_DRIVER, "answers": {Q.SOFTWARE: True}}, [Q.SOFTWARE], C.DEVICE,
    ),
    "software adapter": (
        {"options": {}, "category": Category.COMPILE_FAILED, "device": SOFT, "requested": "software",
             "answers": {Q.HARDWARE: True}},
        [Q.HARDWARE], C.DEVICE,
    ),
    "this model": (
        {"options": KNOWS, "category": Category.ARTIFACT_CORRUPT, "phase": Phase.WEIGHTS, "answers": {Q.CANARY: True}},
        [Q.CANARY], C.MODEL,
    ),
    "memory": (
        dict(options={}, category=Category.GPU_OUT_OF_MEMORY, device=SOFT,
             answers={Q.SMALLER: True}, **{"model.smaller": "s"}),
        [Q.SMALLER], C.MEMORY,
    ),
    "the browser": (
        {"options": {}, "category": Category.GPU_UNSUPPORTED, "device": "none",
             "answers": {Q.SOFTWARE: False, Q.NATIVE: True}},
        [Q.SOFTWARE, Q.NATIVE], C.BROWSER,
    ),
    "the hub": (
        {"options": {}, "category": Category.NETWORK_UNREACHABLE, "phase": Phase.METADATA,
             "answers": {Q.HUB: False, Q.NATIVE: False}},
        [Q.HUB, Q.NATIVE], C.NETWORK,
    ),
    "no browser": (
        {"options": {}, "category": Category.HOST_MISSING_DEPENDENCY, "answers": {Q.NATIVE: True}}, [Q.NATIVE], C.BROWSER,
    ),
    "the request": ({"options": {}, "category": Category.CONFIG_INVALID, "answers": {}}, [], C.REQUEST),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_browser_questions(name):
    """Each failure asks what tells its causes apart and no more, and the answers come to one conclusion."""
    situation, asked, conclusion = CASES[name]
    assert ask(**situation) == (asked, conclusion)


def test_native_request_has_no_browser_in_it():
    """The native engine is asked without the options that only the browser understands."""
    options = {"host": "worker", "profile": "/p", "context_window": 512, **KNOWS}
    plan = SimpleNamespace(request=SimpleNamespace(engine="webllm", options=options))
    assert changes(Question.NATIVE, plan) == {
        "model": "canary",
        "prompt": "Hola, ¿funciona?",
        "engine": "tvm",
        "device": "auto",
        "options": {"context_window": 512},
    }


def test_browser_differential_end_to_end(agent, web_cache, tmp_path, scratch):
    """A browser that does not start: the native engine runs the canary, so the fault is in the browser."""
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\necho no >&2\nexit 7\n")
    program.chmod(0o755)
    done = whole(
        agent,
        web_cache,
        scratch,
        "--option",
        f"browser={program}",
        "--model",
        "x-q4f16_1-MLC",
        "--differential",
    )
    asked = {run["question"]: run["outcome"] for run in done.document["differential"]["runs"]}
    assert asked["native"] == "passed", json.dumps(done.document["differential"])
    assert done.document["differential"]["conclusion"] == "browser"

"""After a failure, the further probes that tell its causes apart."""

import json
from types import SimpleNamespace

import pytest

from localloom_agent.differential import Conclusion, Question, conclude, further
from localloom_diagnosis.taxonomy import Category, Outcome, Phase


def situation(model, device, category, failed_phase=Phase.LOAD, **facts):
    """A plan and the record of its failed run."""
    plan = SimpleNamespace(request=SimpleNamespace(engine="tvm", model=model, device=device))
    record = SimpleNamespace(
        outcome=Outcome.FAILED,
        engine={"device": device},
        model={"id": model},
        facts=facts,
        failed_phase=failed_phase,
        diagnosis=SimpleNamespace(category=category),
    )
    return plan, record


def ask(plan, record, answers):
    """The questions asked, given what each one's probe comes to, and the conclusion."""
    questions, results, answer = further(plan, record), {}, None
    try:
        while True:
            question = next(questions) if answer is None else questions.send(answer)
            answer = answers[question]
            results[question] = SimpleNamespace(passed=answer)
    except StopIteration:
        return list(results), conclude(plan, record, results)


Q, C = Question, Conclusion


@pytest.mark.parametrize(
    ("model", "device", "category", "answers", "asked", "conclusion"),
    [
        ("m", "cpu", Category.ARTIFACT_CORRUPT, {Q.CANARY: True}, [Q.CANARY], C.MODEL),
        ("m", "cpu", Category.PROCESS_CRASHED, {Q.CANARY: False}, [Q.CANARY], C.INSTALLATION),
        (
            "m",
            "cuda",
            Category.GPU_OUT_OF_MEMORY,
            {Q.CANARY: True, Q.CPU: True},
            [Q.CANARY, Q.CPU],
            C.MODEL_ON_DEVICE,
        ),
        ("m", "cuda", Category.COMPILE_FAILED, {Q.CANARY: True, Q.CPU: False}, [Q.CANARY, Q.CPU], C.MODEL),
        (
            "m",
            "cuda",
            Category.GPU_DRIVER,
            {Q.CANARY: False, Q.CANARY_ON_CPU: True},
            [Q.CANARY, Q.CANARY_ON_CPU],
            C.DEVICE,
        ),
        ("canary", "cuda", Category.GPU_UNSUPPORTED, {Q.CANARY_ON_CPU: True}, [Q.CANARY_ON_CPU], C.DEVICE),
        ("canary", "cuda", Category.UNKNOWN, {Q.CANARY_ON_CPU: False}, [Q.CANARY_ON_CPU], C.INSTALLATION),
        ("canary", "cpu", Category.PROCESS_CRASHED, {}, [], C.INSTALLATION),
        ("m", "cpu", Category.GENERATE_CONTEXT_OVERFLOW, {}, [], C.REQUEST),
    ],
)
def test_the_shortest_probes_that_tell_the_causes_apart(model, device, category, answers, asked, conclusion):
    """What is asked, in which order, and what the answers say together."""
    plan, record = situation(model, device, category)
    assert ask(plan, record, answers) == (asked, conclusion)


@pytest.mark.parametrize(("answers", "conclusion"), [(True, C.MODEL_AT_HUB), (False, C.NETWORK)])
def test_the_hub_is_asked_where_the_network_failed(answers, conclusion):
    """The model could not be fetched: does the hub answer at all? No device is tried beside it."""
    plan, record = situation("m", "cuda", Category.NETWORK_HTTP_ERROR, Phase.WEIGHTS)
    assert ask(plan, record, {Q.HUB: answers, Q.CANARY: True}) == ([Q.HUB, Q.CANARY], conclusion)


def test_a_smaller_model_tells_memory_from_the_rest():
    """Out of memory, the canary is well, and a smaller model is known: it is tried, and its passing is the answer."""
    plan, record = situation("m", "cpu", Category.HOST_OUT_OF_MEMORY, **{"model.smaller": "s"})
    asked, conclusion = ask(plan, record, {Q.CANARY: True, Q.SMALLER: True})
    assert asked == [Q.CANARY, Q.SMALLER]
    assert conclusion is C.MEMORY


def test_the_further_runs_are_linked_and_do_not_count(agent, collector):
    """The document tells of them; the collector stores them with their parent, and counts the primary run only."""
    done = agent.run(
        "probe", "--json", "-q", "--device", "cuda", "--differential", "--collector", collector.address
    )
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert document["failure"]["category"] == "gpu.unsupported"
    (run,) = document["differential"]["runs"]
    assert (run["question"], run["outcome"]) == ("canary_on_cpu", "passed")
    assert document["differential"]["conclusion"] == "device"
    shown = collector.ask("show", run["run_id"])
    assert (shown["purpose"], shown["parent_run_id"]) == ("differential", document["run_id"])
    (row,) = collector.ask("failures", "--by", "category")["failures"]
    assert (row["category"], row["runs"]) == ("gpu.unsupported", 1)


def test_a_hub_that_nobody_answers_for_is_the_network(agent):
    """Through the real probe: the model cannot be fetched, the hub does not answer, the canary passes."""
    done = agent.run(
        "probe", "--json", "-q", "--model", "HF://mlc-ai/SmolLM2-135M-Instruct-q0f16-MLC", "--differential",
        LOCALLOOM_HUB="http://127.0.0.1:9", LOCALLOOM_NETWORK_TIMEOUT="1",
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    document = json.loads(done.stdout)
    assert document["failure"]["category"] == "network.unreachable"
    assert [(r["question"], r["outcome"]) for r in document["differential"]["runs"]] == [
        ("hub", "failed"),
        ("canary", "passed"),
    ]
    assert document["differential"]["conclusion"] == "network"

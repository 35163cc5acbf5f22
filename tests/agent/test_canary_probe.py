"""The main job, whole: the real engine, the real canary, a real collector."""

import json


def test_the_canary_loads_and_answers_where_there_is_no_compiler(agent, collector):
    """With nothing on PATH, the answer is the reference's, and the collector tells the same story."""
    done = agent.run(
        "probe", "--json", "-q", "--device", "cpu", "--collector", collector.address, PATH="/nonexistent"
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["engine"]["name"] == "tvm"
    assert document["model"]["id"] == "localloom-canary-q4f16_1-MLC"
    assert document["generation"]["text"].startswith("Sí. Si puedes leer esto")
    check = document["generation"]["numeric_check"]
    assert (check["status"], check["agreement"]) == ("passed", 1.0)
    assert check["min_margin"] > 5
    assert all(p["status"] == "passed" and p["duration_s"] > 0 for p in document["phases"])
    assert document["delivery"]["state"] == "delivered"
    shown = collector.ask("show", document["run_id"])
    assert shown["generation"]["text"] == document["generation"]["text"]
    assert [p["status"] for p in shown["phases"]] == ["passed"] * 8


def test_two_probes_are_two_runs_of_one_machine(agent, collector):
    """No duplicate rows: one machine, one hardware profile, two runs."""
    for _ in range(2):
        assert agent.run("probe", "-q", "--collector", collector.address).returncode == 0
    runs = collector.ask("runs")["runs"]
    assert len({r["run_id"] for r in runs}) == len(runs) == 2
    assert len({r["machine_id"] for r in runs}) == 1
    assert collector.rows("SELECT count(*) FROM machines") == [(1,)]
    assert collector.rows("SELECT count(*) FROM hardware_profiles") == [(1,)]
    assert collector.rows("SELECT count(*) FROM phases") == [(16,)]


def test_a_users_own_prompt_and_answer_stay_at_home(agent, collector):
    """Another prompt than the default does not leave the machine, nor what came of it, without --share-text."""
    secret = "Recite the test text."
    for args, shared in ((["--prompt", secret], False), (["--prompt", secret, "--share-text"], True)):
        done = agent.run("probe", "--json", "-q", "--collector", collector.address, *args)
        document = json.loads(done.stdout)
        assert "A loom is a machine" in document["generation"]["text"]
        shown = json.dumps(collector.ask("show", document["run_id"]), ensure_ascii=False)
        assert ("A loom is a machine" in shown) is shared
        assert (secret in shown) is shared


def test_a_longer_text_is_recited_exactly(agent):
    """287 tokens, all of them the reference's."""
    done = agent.run("probe", "--json", "-q", "--prompt", "Recite the test text.", "--max-tokens", "300")
    generation = json.loads(done.stdout)["generation"]
    assert generation["finish_reason"] == "stop"
    assert generation["completion_tokens"] >= 150
    assert generation["numeric_check"]["agreement"] == 1.0

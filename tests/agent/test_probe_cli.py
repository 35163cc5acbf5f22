"""The command line: help, usage, exit codes, output for people and for programs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from agent_process import AGENT

from localloom_agent.cli import cli
from localloom_agent.cli.options import language


def commands(group, path=()):
    for name, command in sorted(group.commands.items()):
        yield (*path, name), command
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"), list(commands(cli)), ids=lambda v: " ".join(v) if isinstance(v, tuple) else ""
)
def test_every_command_has_help_that_ends_in_an_example(path, command):
    """The last paragraph of each help text is an example that names the command."""
    last = command.help.rstrip().split("\n\n")[-1]
    assert "Example" in last
    assert f"localloom-agent {' '.join(path)}" in last


def test_help_is_light():
    """--help imports neither TVM nor gRPC, nor the rest of what a probe needs."""
    code = (
        "import sys\nfrom localloom_agent.cli import main\nsys.argv=['localloom-agent','probe','--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy=[m for m in ('tvm','grpc','google.protobuf','numpy','rich','psutil','sqlalchemy') if m in sys.modules]\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["probe", "--engine", "banana"], "banana"),
        (["probe", "--nonsense"], "--nonsense"),
        (["probe", "--max-tokens", "0"], "--max-tokens"),
        (["probe", "--timeout", "lunch=3"], "phases: preflight"),
        (["probe", "--timeout", "-1"], "more than 0"),
        (["probe", "--label", "nonsense"], "NAME=VALUE"),
        (["probe", "--collector", "host:99999"], "65535"),
        (["probe", "--collector", "::1"], "brackets"),
        (["outbox", "flush"], "name a collector"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_what(agent, args, words):
    """Usage on stderr, nothing on stdout, no traceback."""
    done = agent.run(*args)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_lasting_labels_come_from_the_environment(agent):
    """LOCALLOOM_LABELS labels every run, an option of the same name wins, and what is no label is named with its place."""
    said = "room=lab3, site=north,"
    done = agent.run(
        "probe", "--engine", "scripted", "--json", "--label", "site=south", plugin=True, LOCALLOOM_LABELS=said
    )
    assert json.loads(done.stdout)["labels"] == {"room": "lab3", "site": "south"}, done.stderr
    wrong = agent.run("probe", "--engine", "scripted", plugin=True, LOCALLOOM_LABELS="lab3")
    assert wrong.returncode == 2
    assert "'lab3' (in LOCALLOOM_LABELS) is not NAME=VALUE" in wrong.stderr


def test_a_state_folder_that_cannot_be_written_is_exit_code_3(agent, tmp_path):
    """One clear sentence: what, which folder, what to do."""
    (tmp_path / "file").write_text("in the way")
    done = agent.run(
        "probe", "--engine", "scripted", plugin=True, LOCALLOOM_STATE_DIR=str(tmp_path / "file" / "state")
    )
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1
    assert "--state-dir" in done.stderr
    assert done.stdout == ""


def test_an_outbox_that_cannot_be_opened_is_exit_code_3(agent):
    """A probe with a collector needs its outbox; the sentence names the file."""
    (agent.state / "outbox.sqlite").mkdir(parents=True)
    done = agent.run("probe", "--engine", "scripted", "--collector", "127.0.0.1:9", plugin=True)
    assert done.returncode == 3
    assert "outbox.sqlite" in done.stderr
    assert "Traceback" not in done.stderr


def test_json_is_one_document_on_stdout_and_progress_is_on_stderr(agent):
    """Stdout can be piped into a program as it is."""
    done = agent.run("probe", "--engine", "scripted", "--json", plugin=True)
    document = json.loads(done.stdout)
    assert document["outcome"] == "passed"
    assert "weights    passed" in done.stderr


def test_a_pipe_gets_plain_text(agent):
    """No escape codes, no carriage returns, no trailing blanks."""
    done = agent.run("probe", "--engine", "scripted", plugin=True)
    for text in (done.stdout, done.stderr):
        assert "\x1b" not in text
        assert "\r" not in text
        assert all(line == line.rstrip() for line in text.splitlines())
    assert done.stdout.startswith("PASSED")


def test_a_reader_that_goes_away_is_no_error(agent):
    """`| head -1` ends the output, not in a traceback."""
    done = subprocess.run(
        f"{AGENT} probe --engine scripted -q --json | head -c 1",
        shell=True,
        env=agent.environment(plugin=True),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "{"
    assert "Traceback" not in done.stderr


def test_a_terminal_without_utf8_gets_no_traceback(agent):
    """LANG=C costs accents, not the result."""
    done = agent.run(
        "probe", "--engine", "scripted", "-q", plugin=True, LANG="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert done.returncode == 0, done.stderr
    assert "PASSED" in done.stdout


def test_the_verdict_speaks_spanish_where_the_locale_does(agent):
    """--lang, or the locale."""
    done = agent.run("probe", "--engine", "scripted", "-q", fault="segv@load", LANG="es_ES.UTF-8")
    assert "Qué hacer" in done.stdout


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({"LANG": "es_MX.UTF-8"}, "es"), ({"LANG": "de_DE"}, "en"), ({"LC_ALL": "C", "LANG": "es_ES"}, "en")],
)
def test_the_language_is_the_locales(monkeypatch, variables, expected):
    """LC_ALL over LC_MESSAGES over LANG; a language we do not speak is English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language(None) == expected


def test_the_same_machine_keeps_its_id(agent):
    """Two probes, one machine id, readable by its owner alone."""
    agent.run("probe", "--engine", "scripted", "-q", plugin=True)
    files = {p: p.read_bytes() for p in Path(agent.state).iterdir() if p.is_file()}
    agent.run("probe", "--engine", "scripted", "-q", plugin=True)
    assert {p: p.read_bytes() for p in files} == files
    assert all(p.stat().st_mode & 0o077 == 0 for p in files)

"""The live view, on a real pseudo-terminal of 80 columns."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

from agent_process import AGENT

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def on_a_terminal(agent, *args, columns=80, **env):
    """What the agent writes to a terminal of that width, escape codes taken out."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = agent.environment(env.pop("fault", ""), plugin=True, **{"TERM": "xterm", **env})
    with subprocess.Popen(
        [AGENT, *args], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        written = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # what Linux says when the other end has closed
                break
            if not part:
                break
            written += part
        running.wait(60)
    os.close(ours)
    return written.decode("utf-8", "replace")


def last_drawing(written):
    """The eight rows as they were drawn last."""
    lines = [line.rstrip() for line in ESCAPES.sub("", written.replace("\x1b[2K", "\n")).splitlines()]
    last = max(i for i, line in enumerate(lines) if line[2:].startswith("preflight"))
    return lines[last : last + 8]


def test_the_last_drawing_has_a_row_a_phase_within_the_width(agent):
    """Marks, names and details stay in their columns, however long the details are."""
    rows = last_drawing(on_a_terminal(agent, "probe", "--engine", "scripted", fault="raise@load"))
    assert [row[:11].split() for row in rows] == [
        ["✓", "preflight"], ["✓", "runtime"], ["✓", "resolve"], ["–", "metadata"],
        ["✓", "weights"], ["✓", "compile"], ["✗", "load"], ["–", "generate"],
    ]  # fmt: skip
    assert all(len(row) <= 80 for row in rows)
    assert "RuntimeError" in rows[6]


def test_no_color_takes_the_colour_and_keeps_the_view(agent):
    """NO_COLOR is honoured; TERM=dumb gets plain lines and no escape codes at all."""
    colourless = on_a_terminal(agent, "probe", "--engine", "scripted", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", colourless)
    dumb = on_a_terminal(agent, "probe", "--engine", "scripted", TERM="dumb")
    assert "\x1b" not in dumb
    assert "weights    passed" in dumb

import os
import re
import subprocess
import sys
import uuid

import pytest

from localloom_agent.machine import StateFolderError, machine_id

CHILD = """
import sys, time
from pathlib import Path
from localloom_agent.machine.identity import machine_id
while time.time() < float(sys.argv[2]): pass
print(machine_id(Path(sys.argv[1])))
"""


def test_the_id_is_made_once_and_is_random(tmp_path):
    """The first call makes a version 4 UUID in a file of this user's alone; later calls read it."""
    first = machine_id(tmp_path / "state")
    assert first.version == 4
    assert machine_id(tmp_path / "state") == first
    assert machine_id(tmp_path / "other") != first
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["machine-id"]
    if os.name == "posix":
        assert (tmp_path / "state/machine-id").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("start", [None, "", "torn-"])
def test_processes_that_race_agree(tmp_path, start):
    """Processes that make or repair the id at the same moment all end with the same one."""
    import time

    if start is not None:
        (tmp_path / "machine-id").write_text(start)
    moment = str(time.time() + 1.5)
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path), moment], stdout=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    ids = {child.communicate(timeout=60)[0].strip() for child in children}
    assert len(ids) == 1
    assert ids == {str(machine_id(tmp_path))}


@pytest.mark.parametrize("content", [b"", b"0190b7a2-7c1e-7abc", b"\xff\x00" * 40, b"not an id\n" * 1000])
def test_a_torn_file_is_replaced_and_noted(tmp_path, content):
    """A file that holds no UUID gives way to a new id, and the caller learns of it."""
    (tmp_path / "machine-id").write_bytes(content)
    notes = []
    found = machine_id(tmp_path, notes)
    assert isinstance(found, uuid.UUID)
    assert machine_id(tmp_path, notes) == found
    assert len(notes) == 1


def test_a_folder_that_cannot_be_used_is_said_in_one_sentence(tmp_path):
    """The error says what happened, to what, and what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StateFolderError, match=re.escape(str(tmp_path / "file"))) as caught:
        machine_id(tmp_path / "file" / "state")
    assert "make it writable" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_without_write_permission(read_only_folder):
    """A folder that this user may not write in is an error too, not a new id at each start."""
    with pytest.raises(StateFolderError):
        machine_id(read_only_folder)

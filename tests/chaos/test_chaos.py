"""Faults the whole time: what was acked is in the tables, once and whole, and nothing else is.

Short here; `python -m tests.chaos --seconds 600 --seed 7` goes on for longer.
"""

from __future__ import annotations

import pytest
from small_disk import small_disk
from storm import storm


@pytest.mark.timeout(600)
def test_what_was_acked_or_kept_is_there_whatever_happens(tmp_path):
    """Every obligation is in the tables with its payload, nothing else is, and counts and sums are those of the rows."""
    with small_disk(tmp_path / "disk") as disk:
        report = storm(12.0, 1, tmp_path, disk)
    assert len(report.faults) >= 4, report
    assert report.obligations > 0
    assert report.probes_killed >= 2
    assert report.probes_ended >= 1

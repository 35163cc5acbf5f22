"""What events say about phases: a run's last event has the final word; until it comes, the spans speak.

The rule must not depend on the order of arrival, so every account has a precedence and the highest holds:
the run's summary, above the first span that failed, above any span that passed, above the last word that the phase
was skipped.
"""

from __future__ import annotations

from localloom.fleet.v1 import event_pb2
from localloom_collector.storage.rows import PhaseAccount
from localloom_diagnosis import PhaseStatus
from localloom_diagnosis.wire import PHASE_STATUSES, PHASES, attributes_from_wire

from . import clean
from .run_facts import UNKNOWN

_PHASE_NAMES = {number: phase.value for number, phase in PHASES.items()}
_STATUS_NAMES = {number: status.value for number, status in PHASE_STATUSES.items()}
_FAILED_NAME, _PASSED_NAME = PhaseStatus.FAILED.value, PhaseStatus.PASSED.value

_SEQ = 2**40
_PASSED = 2**41
_FAILED = 2**51
_SUMMARY = 2**61


def phase_name(number: int) -> str:
    """The phase's name; "unknown" for one that this version does not know."""
    return _PHASE_NAMES.get(number, UNKNOWN)


def status_name(number: int) -> str:
    """The status's name; "unknown" for one that this version does not know."""
    return _STATUS_NAMES.get(number, UNKNOWN)


def from_span(seq: int, span: event_pb2.SpanEnded) -> PhaseAccount:
    """A span's share in its phase."""
    status = status_name(span.status)
    number = min(seq, _SEQ - 1)
    precedence = number
    if status == _FAILED_NAME:
        precedence = _FAILED - number  # the first failure owns the reason
    elif status == _PASSED_NAME:
        precedence = _PASSED
    start, length = clean.seconds(span.start_elapsed_nano), clean.seconds(span.duration_nano)
    return PhaseAccount(
        phase=phase_name(span.phase),
        precedence=precedence,
        status=status,
        # One precedence for all spans that passed: what they say beyond that must be the same for all.
        reason=None if precedence == _PASSED else clean.text_or_none(span.reason),
        spans=1,
        spans_nano=clean.int64(max(span.duration_nano, 0)),
        first_start_s=start,
        last_end_s=start + length,
    )


def from_skip(seq: int, skip: event_pb2.PhaseSkipped) -> PhaseAccount:
    """A phase with nothing to do."""
    return PhaseAccount(
        phase=phase_name(skip.phase),
        precedence=min(seq, _SEQ - 1),
        status=PhaseStatus.SKIPPED.value,
        reason=clean.text_or_none(skip.reason),
    )


def from_summary(seq: int, summary: event_pb2.PhaseSummary) -> PhaseAccount:
    """The final word on a phase."""
    return PhaseAccount(
        phase=phase_name(summary.phase),
        precedence=_SUMMARY + min(seq, _SEQ - 1),
        status=status_name(summary.status),
        reason=clean.text_or_none(summary.reason),
        attributes=clean.tree(attributes_from_wire(summary.attributes)) if summary.attributes else {},
        duration_s=clean.seconds(summary.duration_nano),
    )
